//! Mail both ways: the use cases, the real webhook of a simulated vendor, a real mailbox.

mod ending;
mod kit;
mod mailbox;
mod report;
mod thread;
