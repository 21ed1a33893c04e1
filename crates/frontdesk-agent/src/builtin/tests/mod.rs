//! Tests of the brain as a whole: held-out understanding, scripted conversations, properties.

mod calendar;
mod conversations;
mod desk;
mod properties;
mod simulated;
mod understanding;
