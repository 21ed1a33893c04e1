//! What a phrase says of something that recurs, before it is known when "now" is.

use super::ast::{Length, Moment, Unit};
use super::holiday::Holiday;

/// What recurs.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Recurring {
    pub unit: Unit,
    pub interval: u32,
    /// Days of the week, 1 = Monday, with which one of the month (0 = each).
    pub weekdays: Vec<(i8, i8)>,
    /// Days of the month; negative counts from its end.
    pub month_days: Vec<i8>,
    pub months: Vec<i8>,
    pub holiday: Option<Holiday>,
    /// Only the nth of the days named in a month; negative counts from its end.
    pub position: Option<i8>,
    /// How many times.
    pub count: Option<u32>,
    pub from: Option<Box<Moment>>,
    pub until: Option<Box<Moment>>,
    /// For how long, instead of until when.
    pub lasting: Option<Length>,
    /// Only its time of day is used.
    pub time: Moment,
}

impl Recurring {
    /// Every so many units, and nothing more.
    pub fn every(unit: Unit, interval: u32) -> Self {
        let (unit, interval) = match unit {
            Unit::Quarter => (Unit::Month, interval.saturating_mul(3)),
            Unit::Decade => (Unit::Year, interval.saturating_mul(10)),
            Unit::Century => (Unit::Year, interval.saturating_mul(100)),
            unit => (unit, interval),
        };
        Self {
            unit,
            interval,
            weekdays: Vec::new(),
            month_days: Vec::new(),
            months: Vec::new(),
            holiday: None,
            position: None,
            count: None,
            from: None,
            until: None,
            lasting: None,
            time: Moment::default(),
        }
    }

    /// On these days of the week (1 = Monday), every so many weeks.
    pub fn on(days: &[i8], interval: u32) -> Self {
        Self { weekdays: days.iter().map(|&day| (day, 0)).collect(), ..Self::every(Unit::Week, interval) }
    }

    /// Which days are not left to the unit alone.
    pub const fn names_days(&self) -> bool {
        !self.weekdays.is_empty() || !self.month_days.is_empty() || self.holiday.is_some()
    }
}
