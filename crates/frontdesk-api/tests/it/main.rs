//! The front door, called in process.

mod account;
mod audit;
mod connection;
mod door;
mod key;
mod support;
mod team;
mod workspace;
