//! Connected calendars: busy times block, appointments are written once, changes come back.

mod caldav;
mod calendly;
mod consent;
mod practice;
