//! Holidays people name, and the day each falls on in a year.
//!
//! Feasts of other calendars are in [`lunar`](super::lunar). Sources: the Gregorian
//! computus (Meeus/Jones/Butcher), the Julian computus for Orthodox Easter, national laws for the rest. To add one: a
//! variant, a line in [`Holiday::day`], its names in `words/`.

use jiff::ToSpan as _;
use jiff::civil::{Date, Weekday};

use super::lunar;
use super::words::locale::Locale;
use crate::locale::Language;

/// A named day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Holiday {
    /// The same date each year.
    Fixed(i8, i8),
    /// So many days from Easter Sunday.
    Easter(i16),
    /// So many days from Orthodox Easter Sunday.
    OrthodoxEaster(i16),
    /// The nth weekday (1 = Monday) of a month, and so many days on; negative n counts from the end.
    Nth {
        n: i8,
        weekday: i8,
        month: i8,
        plus: i8,
    },
    /// The last such weekday before, or on, a date.
    OnOrBefore {
        weekday: i8,
        month: i8,
        day: i8,
    },
    /// So many days from the first Sunday of Advent.
    Advent(i8),
    /// So many days from Rosh Hashanah.
    RoshHashanah(i16),
    /// So many days from Passover.
    Passover(i16),
    /// So many days from the first of Hanukkah.
    Hanukkah(i16),
    /// A month and day of the Islamic calendar.
    Islamic(i8, i8),
    LunarNewYear,
    Diwali(i8),
    MothersDay,
    FathersDay,
    ThanksgivingDay,
    MemorialDay,
    LabourDay,
    NationalDay,
    /// A fixed date, or the nearest working day.
    NearestWorkday(i8, i8),
}

impl Holiday {
    /// The day in that year, where the locale is at home.
    pub fn day(self, year: i16, locale: &Locale) -> Option<Date> {
        match self {
            Self::Fixed(month, day) => Date::new(year, month, day).ok(),
            Self::Easter(days) => shift(easter(year)?, days),
            Self::OrthodoxEaster(days) => shift(orthodox_easter(year)?, days),
            Self::Nth { n, weekday, month, plus } => shift(nth(year, month, n, weekday)?, i16::from(plus)),
            Self::OnOrBefore { weekday, month, day } => {
                on_or_before(Date::new(year, month, day).ok()?, weekday)
            }
            Self::Advent(days) => {
                shift(on_or_before(Date::new(year, 12, 24).ok()?, 7)?, i16::from(days) - 21)
            }
            Self::RoshHashanah(days) => lunar::rosh_hashanah(year, i64::from(days)),
            Self::Passover(days) => lunar::passover(year, i64::from(days)),
            Self::Hanukkah(days) => lunar::hanukkah(year, i64::from(days)),
            Self::Islamic(month, day) => lunar::islamic(year, month, day),
            Self::LunarNewYear => lunar::lunar_new_year(year),
            Self::Diwali(days) => shift(lunar::diwali(year)?, i16::from(days)),
            Self::MothersDay => mothers_day(year, locale),
            Self::FathersDay => fathers_day(year, locale),
            Self::ThanksgivingDay if locale.region("CA") => nth(year, 10, 2, 1),
            Self::ThanksgivingDay => nth(year, 11, 4, 4),
            Self::MemorialDay => nth(year, 5, -1, 1),
            Self::LabourDay if locale.region("US") || locale.region("CA") => nth(year, 9, 1, 1),
            Self::LabourDay if locale.language == Language::En && locale.region("GB") => nth(year, 5, 1, 1),
            Self::LabourDay if locale.language == Language::En => nth(year, 9, 1, 1),
            Self::LabourDay => Date::new(year, 5, 1).ok(),
            Self::NationalDay => {
                let (month, day) = match locale.language {
                    Language::En => (7, 4),
                    Language::Es => (10, 12),
                    Language::De => (10, 3),
                    Language::Fr => (7, 14),
                };
                Date::new(year, month, day).ok()
            }
            Self::NearestWorkday(month, day) => {
                let date = Date::new(year, month, day).ok()?;
                shift(
                    date,
                    match date.weekday() {
                        Weekday::Saturday => -1,
                        Weekday::Sunday => 1,
                        _ => 0,
                    },
                )
            }
        }
    }
}

fn shift(date: Date, days: i16) -> Option<Date> {
    date.checked_add(i64::from(days).days()).ok()
}

fn on_or_before(date: Date, weekday: i8) -> Option<Date> {
    shift(date, -i16::from((date.weekday().to_monday_one_offset() - weekday).rem_euclid(7)))
}

/// The nth weekday (1 = Monday) of a month; negative counts from the end.
pub(super) fn nth(year: i16, month: i8, n: i8, weekday: i8) -> Option<Date> {
    let weekday = Weekday::from_monday_one_offset(weekday).ok()?;
    Date::new(year, month, 1).ok()?.nth_weekday_of_month(n, weekday).ok()
}

fn mothers_day(year: i16, locale: &Locale) -> Option<Date> {
    match locale.language {
        Language::En if locale.region("GB") || locale.region("IE") => Holiday::Easter(-21).day(year, locale),
        Language::En | Language::De => nth(year, 5, 2, 7),
        Language::Es if locale.region("MX") => Date::new(year, 5, 10).ok(),
        Language::Es => nth(year, 5, 1, 7),
        Language::Fr => {
            let last = nth(year, 5, -1, 7)?;
            if Some(last) == Holiday::Easter(49).day(year, locale) { nth(year, 6, 1, 7) } else { Some(last) }
        }
    }
}

fn fathers_day(year: i16, locale: &Locale) -> Option<Date> {
    match locale.language {
        Language::En | Language::Fr => nth(year, 6, 3, 7),
        Language::Es => Date::new(year, 3, 19).ok(),
        Language::De => Holiday::Easter(39).day(year, locale),
    }
}

/// Easter Sunday of the Gregorian calendar.
pub(super) fn easter(year: i16) -> Option<Date> {
    let y = i32::from(year);
    let (golden, century, rest) = (y % 19, y / 100, y % 100);
    let skipped = (century - (century + 8) / 25 + 1) / 3;
    let moon = (19 * golden + century - century / 4 - skipped + 15) % 30;
    let sunday = (32 + 2 * (century % 4) + 2 * (rest / 4) - moon - rest % 4) % 7;
    let late = (golden + 11 * moon + 22 * sunday) / 451;
    let sum = moon + sunday - 7 * late + 114;
    Date::new(year, (sum / 31) as i8, (sum % 31 + 1) as i8).ok()
}

/// Easter Sunday of the Julian calendar, as a Gregorian date.
fn orthodox_easter(year: i16) -> Option<Date> {
    let y = i32::from(year);
    let moon = (19 * (y % 19) + 15) % 30;
    let sunday = (2 * (y % 4) + 4 * (y % 7) - moon + 34) % 7;
    let sum = moon + sunday + 114;
    let julian = Date::new(year, (sum / 31) as i8, (sum % 31 + 1) as i8).ok()?;
    shift(julian, (y / 100 - y / 400 - 2) as i16)
}

/// First and last month and day of a season of the northern hemisphere, as calendars print them.
pub(super) const fn season(index: u8) -> ((i8, i8), (i8, i8)) {
    match index {
        0 => ((3, 20), (6, 21)),
        1 => ((6, 21), (9, 24)),
        2 => ((9, 23), (12, 21)),
        _ => ((12, 21), (3, 21)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn moving_feasts_fall_on_the_days_calendars_print() {
        assert_eq!(easter(2024), Some(date(2024, 3, 31)));
        assert_eq!(easter(2027), Some(date(2027, 3, 28)));
        assert_eq!(orthodox_easter(2024), Some(date(2024, 5, 5)));
        let us = Locale::parse("en-US");
        assert_eq!(Holiday::ThanksgivingDay.day(2026, &us), Some(date(2026, 11, 26)));
        assert_eq!(Holiday::Advent(0).day(2026, &us), Some(date(2026, 11, 29)));
        assert_eq!(Holiday::MothersDay.day(2026, &Locale::parse("en-GB")), Some(date(2026, 3, 15)));
        assert_eq!(Holiday::MothersDay.day(2026, &Locale::parse("fr-FR")), Some(date(2026, 5, 31)));
    }
}
