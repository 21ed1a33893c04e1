//! Days of the Hebrew, Islamic, Chinese and Hindu calendars, as Gregorian dates.
//!
//! Hebrew days follow the fixed arithmetic calendar and are exact. Islamic days follow the tabular (civil) calendar; a
//! country's announcement may differ by a day. Lunar New Year and Diwali are listed for the years people speak of,
//! since they follow observation and proclamation; other years give nothing.

use jiff::ToSpan as _;
use jiff::civil::{Date, date};

/// Day 0 of the counts below is 0000-12-31 of the proleptic Gregorian calendar.
fn of_day_number(days: i64) -> Option<Date> {
    date(1, 1, 1).checked_add((days - 1).days()).ok()
}

/// Days before Tishri 1 of a Hebrew year (Dershowitz and Reingold, "Calendrical Calculations").
fn hebrew_new_year(year: i64) -> i64 {
    let elapsed = |year: i64| {
        let months = (235 * year - 234).div_euclid(19);
        let parts = 12_084 + 13_753 * months;
        let day = 29 * months + parts.div_euclid(25_920);
        if (3 * (day + 1)).rem_euclid(7) < 3 { day + 1 } else { day }
    };
    let (before, this, after) = (elapsed(year - 1), elapsed(year), elapsed(year + 1));
    let delay = match (after - this, this - before) {
        (356, _) => 2,
        (_, 382) => 1,
        _ => 0,
    };
    -1_373_427 + this + delay
}

/// So many days from the Rosh Hashanah that falls in a Gregorian year.
pub(super) fn rosh_hashanah(year: i16, plus: i64) -> Option<Date> {
    of_day_number(hebrew_new_year(i64::from(year) + 3761) + plus)
}

/// So many days from the Passover (Nisan 15) that falls in a Gregorian year: 163 days before the next year begins.
pub(super) fn passover(year: i16, plus: i64) -> Option<Date> {
    of_day_number(hebrew_new_year(i64::from(year) + 3761) - 163 + plus)
}

/// So many days from the first day of Hanukkah (Kislev 25) in a Gregorian year.
pub(super) fn hanukkah(year: i16, plus: i64) -> Option<Date> {
    let new_year = hebrew_new_year(i64::from(year) + 3761);
    let length = hebrew_new_year(i64::from(year) + 3762) - new_year;
    // Tishri has 30 days, Heshvan 30 in long years and else 29.
    let heshvan = if length % 10 == 5 { 30 } else { 29 };
    of_day_number(new_year + 30 + heshvan + 24 + plus)
}

/// The first such day of the Islamic tabular calendar in a Gregorian year.
pub(super) fn islamic(year: i16, month: i8, day: i8) -> Option<Date> {
    let about = (i64::from(year) - 622) * 33 / 32;
    (about - 1..=about + 2).find_map(|hijri| {
        let month = i64::from(month);
        let days = i64::from(day)
            + (59 * (month - 1) + 1).div_euclid(2)
            + (hijri - 1) * 354
            + (3 + 11 * hijri).div_euclid(30);
        of_day_number(227_014 + days).filter(|found| found.year() == year)
    })
}

/// Lunar (Chinese) New Year.
pub(super) fn lunar_new_year(year: i16) -> Option<Date> {
    listed(2010, LUNAR_NEW_YEAR, year)
}

/// The main day of Diwali in India.
pub(super) fn diwali(year: i16) -> Option<Date> {
    listed(2010, DIWALI, year)
}

fn listed(first: i16, days: &[(i8, i8)], year: i16) -> Option<Date> {
    let &(month, day) = days.get(usize::try_from(year - first).ok()?)?;
    Date::new(year, month, day).ok()
}

const LUNAR_NEW_YEAR: &[(i8, i8)] = &[
    (2, 14),
    (2, 3),
    (1, 23),
    (2, 10),
    (1, 31),
    (2, 19),
    (2, 8),
    (1, 28),
    (2, 16),
    (2, 5),
    (1, 25),
    (2, 12),
    (2, 1),
    (1, 22),
    (2, 10),
    (1, 29),
    (2, 17),
    (2, 6),
    (1, 26),
    (2, 13),
    (2, 3),
    (1, 23),
    (2, 11),
    (1, 31),
    (2, 19),
    (2, 8),
];

const DIWALI: &[(i8, i8)] = &[
    (11, 5),
    (10, 26),
    (11, 13),
    (11, 3),
    (10, 23),
    (11, 11),
    (10, 30),
    (10, 19),
    (11, 7),
    (10, 27),
    (11, 14),
    (11, 4),
    (10, 24),
    (11, 12),
    (10, 31),
    (10, 20),
    (11, 8),
    (10, 29),
    (10, 17),
    (11, 5),
    (10, 26),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_fall_where_calendars_print_them() {
        assert_eq!(rosh_hashanah(2024, 0), Some(date(2024, 10, 3)));
        assert_eq!(rosh_hashanah(2018, 9), Some(date(2018, 9, 19)), "Yom Kippur");
        assert_eq!(passover(2024, 0), Some(date(2024, 4, 23)));
        assert_eq!(passover(2027, 0), Some(date(2027, 4, 22)));
        assert_eq!(hanukkah(2024, 0), Some(date(2024, 12, 26)));
        assert_eq!(hanukkah(2023, 0), Some(date(2023, 12, 8)));
        assert_eq!(islamic(2024, 9, 1), Some(date(2024, 3, 11)));
        assert_eq!(islamic(2018, 10, 1), Some(date(2018, 6, 15)));
        assert_eq!(lunar_new_year(2025), Some(date(2025, 1, 29)));
        assert_eq!(diwali(2026), Some(date(2026, 11, 8)));
    }
}
