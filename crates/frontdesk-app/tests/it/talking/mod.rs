//! Booking by talking: the real turn, with a model that is told what to do, over the real use cases.

mod kit;

mod change;
mod conversation;
mod identity;
mod make;
