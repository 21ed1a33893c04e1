//! Public holidays by country, and the days on which a business does not work.
//!
//! National public holidays only, as fixed by law at the time of writing (2026); regional ones are a business's own days
//! off. A rule is a fixed date, a weekday of a month, or a distance from Easter; some move from a weekend to a working
//! day. To add a country, add it to [`COUNTRIES`].

use std::collections::BTreeMap;

use jiff::civil::{Date, Weekday, date};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::availability::zone::{date_of, day_number};
use crate::schedule::HolidaySettings;

/// A public holiday in a year.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Holiday {
    /// Its key, the same every year.
    pub key: String,
    /// The day off, `YYYY-MM-DD`.
    #[schema(value_type = String, format = Date)]
    pub date: Date,
    /// Its name in English.
    pub name: String,
}

/// A country whose public holidays are known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct HolidayCountry {
    /// ISO 3166-1 alpha-2 code.
    pub code: &'static str,
    /// Its name in English.
    pub name: &'static str,
}

/// When a holiday is.
#[derive(Debug, Clone, Copy)]
enum Rule {
    /// Month and day.
    On(i8, i8),
    /// The same, kept on Monday when it falls on a Sunday and on Friday when on a Saturday (US).
    Near(i8, i8),
    /// The same, kept on the next working day that is not a holiday when it falls on a weekend (GB, IE, AU, NZ, CA).
    Next(i8, i8),
    /// The n-th weekday of a month; -1 is the last.
    Nth(i8, i8, Weekday),
    /// The Monday on or before a day of a month (Victoria Day).
    Before(i8, i8, Weekday),
    /// Days after Easter Sunday (Gregorian).
    Easter(i32),
    /// The Saturday between 20 and 26 June and the like: the first weekday on or after a day.
    From(i8, i8, Weekday),
}

type Days = &'static [(&'static str, &'static str, Rule)];

use Rule::{Before, Easter, From, Near, Next, Nth, On};
use Weekday::{Monday, Saturday, Thursday};

const NEW_YEAR: (&str, &str, Rule) = ("new_year", "New Year's Day", On(1, 1));
const EPIPHANY: (&str, &str, Rule) = ("epiphany", "Epiphany", On(1, 6));
const GOOD_FRIDAY: (&str, &str, Rule) = ("good_friday", "Good Friday", Easter(-2));
const EASTER_MONDAY: (&str, &str, Rule) = ("easter_monday", "Easter Monday", Easter(1));
const LABOUR_DAY: (&str, &str, Rule) = ("labour_day", "Labour Day", On(5, 1));
const ASCENSION: (&str, &str, Rule) = ("ascension", "Ascension Day", Easter(39));
const WHIT_MONDAY: (&str, &str, Rule) = ("whit_monday", "Whit Monday", Easter(50));
const CORPUS_CHRISTI: (&str, &str, Rule) = ("corpus_christi", "Corpus Christi", Easter(60));
const ASSUMPTION: (&str, &str, Rule) = ("assumption", "Assumption Day", On(8, 15));
const ALL_SAINTS: (&str, &str, Rule) = ("all_saints", "All Saints' Day", On(11, 1));
const IMMACULATE: (&str, &str, Rule) = ("immaculate_conception", "Immaculate Conception", On(12, 8));
const CHRISTMAS: (&str, &str, Rule) = ("christmas", "Christmas Day", On(12, 25));
const SECOND_CHRISTMAS: (&str, &str, Rule) = ("second_christmas", "Second Day of Christmas", On(12, 26));

/// Every country with its days.
const COUNTRIES: &[(HolidayCountry, Days)] = &[
    (
        HolidayCountry { code: "AT", name: "Austria" },
        &[
            NEW_YEAR,
            EPIPHANY,
            EASTER_MONDAY,
            LABOUR_DAY,
            ASCENSION,
            WHIT_MONDAY,
            CORPUS_CHRISTI,
            ASSUMPTION,
            ("national_day", "National Day", On(10, 26)),
            ALL_SAINTS,
            IMMACULATE,
            CHRISTMAS,
            SECOND_CHRISTMAS,
        ],
    ),
    (
        HolidayCountry { code: "AU", name: "Australia" },
        &[
            ("new_year", "New Year's Day", Next(1, 1)),
            ("australia_day", "Australia Day", Next(1, 26)),
            GOOD_FRIDAY,
            EASTER_MONDAY,
            ("anzac_day", "Anzac Day", On(4, 25)),
            ("christmas", "Christmas Day", Next(12, 25)),
            ("boxing_day", "Boxing Day", Next(12, 26)),
        ],
    ),
    (
        HolidayCountry { code: "BE", name: "Belgium" },
        &[
            NEW_YEAR,
            EASTER_MONDAY,
            LABOUR_DAY,
            ASCENSION,
            WHIT_MONDAY,
            ("national_day", "Belgian National Day", On(7, 21)),
            ASSUMPTION,
            ALL_SAINTS,
            ("armistice", "Armistice Day", On(11, 11)),
            CHRISTMAS,
        ],
    ),
    (
        HolidayCountry { code: "BR", name: "Brazil" },
        &[
            NEW_YEAR,
            GOOD_FRIDAY,
            ("tiradentes", "Tiradentes", On(4, 21)),
            LABOUR_DAY,
            ("independence_day", "Independence Day", On(9, 7)),
            ("aparecida", "Our Lady of Aparecida", On(10, 12)),
            ("all_souls", "All Souls' Day", On(11, 2)),
            ("republic_day", "Republic Day", On(11, 15)),
            ("black_awareness", "Black Awareness Day", On(11, 20)),
            CHRISTMAS,
        ],
    ),
    (
        HolidayCountry { code: "CA", name: "Canada" },
        &[
            ("new_year", "New Year's Day", Next(1, 1)),
            GOOD_FRIDAY,
            ("victoria_day", "Victoria Day", Before(5, 24, Monday)),
            ("canada_day", "Canada Day", Next(7, 1)),
            ("labour_day", "Labour Day", Nth(9, 1, Monday)),
            ("truth_reconciliation", "National Day for Truth and Reconciliation", Next(9, 30)),
            ("thanksgiving", "Thanksgiving", Nth(10, 2, Monday)),
            ("remembrance_day", "Remembrance Day", Next(11, 11)),
            ("christmas", "Christmas Day", Next(12, 25)),
            ("boxing_day", "Boxing Day", Next(12, 26)),
        ],
    ),
    (
        HolidayCountry { code: "CH", name: "Switzerland" },
        &[NEW_YEAR, ASCENSION, ("national_day", "Swiss National Day", On(8, 1)), CHRISTMAS],
    ),
    (
        HolidayCountry { code: "DE", name: "Germany" },
        &[
            NEW_YEAR,
            GOOD_FRIDAY,
            EASTER_MONDAY,
            LABOUR_DAY,
            ASCENSION,
            WHIT_MONDAY,
            ("unity_day", "German Unity Day", On(10, 3)),
            CHRISTMAS,
            SECOND_CHRISTMAS,
        ],
    ),
    (
        HolidayCountry { code: "ES", name: "Spain" },
        &[
            NEW_YEAR,
            EPIPHANY,
            GOOD_FRIDAY,
            LABOUR_DAY,
            ASSUMPTION,
            ("national_day", "National Day of Spain", On(10, 12)),
            ALL_SAINTS,
            ("constitution_day", "Constitution Day", On(12, 6)),
            IMMACULATE,
            CHRISTMAS,
        ],
    ),
    (
        HolidayCountry { code: "FR", name: "France" },
        &[
            NEW_YEAR,
            EASTER_MONDAY,
            LABOUR_DAY,
            ("victory_day", "Victory in Europe Day", On(5, 8)),
            ASCENSION,
            WHIT_MONDAY,
            ("bastille_day", "Bastille Day", On(7, 14)),
            ASSUMPTION,
            ALL_SAINTS,
            ("armistice", "Armistice Day", On(11, 11)),
            CHRISTMAS,
        ],
    ),
    (
        HolidayCountry { code: "GB", name: "United Kingdom (England)" },
        &[
            ("new_year", "New Year's Day", Next(1, 1)),
            GOOD_FRIDAY,
            EASTER_MONDAY,
            ("early_may", "Early May Bank Holiday", Nth(5, 1, Monday)),
            ("spring", "Spring Bank Holiday", Nth(5, -1, Monday)),
            ("summer", "Summer Bank Holiday", Nth(8, -1, Monday)),
            ("christmas", "Christmas Day", Next(12, 25)),
            ("boxing_day", "Boxing Day", Next(12, 26)),
        ],
    ),
    (
        HolidayCountry { code: "IE", name: "Ireland" },
        &[
            NEW_YEAR,
            ("saint_brigid", "Saint Brigid's Day", Nth(2, 1, Monday)),
            ("saint_patrick", "Saint Patrick's Day", On(3, 17)),
            EASTER_MONDAY,
            ("may_day", "May Day", Nth(5, 1, Monday)),
            ("june", "June Bank Holiday", Nth(6, 1, Monday)),
            ("august", "August Bank Holiday", Nth(8, 1, Monday)),
            ("october", "October Bank Holiday", Nth(10, -1, Monday)),
            CHRISTMAS,
            ("saint_stephen", "Saint Stephen's Day", On(12, 26)),
        ],
    ),
    (
        HolidayCountry { code: "IT", name: "Italy" },
        &[
            NEW_YEAR,
            EPIPHANY,
            EASTER_MONDAY,
            ("liberation_day", "Liberation Day", On(4, 25)),
            LABOUR_DAY,
            ("republic_day", "Republic Day", On(6, 2)),
            ASSUMPTION,
            ALL_SAINTS,
            IMMACULATE,
            CHRISTMAS,
            ("saint_stephen", "Saint Stephen's Day", On(12, 26)),
        ],
    ),
    (
        HolidayCountry { code: "MX", name: "Mexico" },
        &[
            NEW_YEAR,
            ("constitution_day", "Constitution Day", Nth(2, 1, Monday)),
            ("juarez", "Benito Juárez's Birthday", Nth(3, 3, Monday)),
            LABOUR_DAY,
            ("independence_day", "Independence Day", On(9, 16)),
            ("revolution_day", "Revolution Day", Nth(11, 3, Monday)),
            CHRISTMAS,
        ],
    ),
    (
        HolidayCountry { code: "NL", name: "Netherlands" },
        &[
            NEW_YEAR,
            EASTER_MONDAY,
            ("kings_day", "King's Day", On(4, 27)),
            ASCENSION,
            WHIT_MONDAY,
            CHRISTMAS,
            SECOND_CHRISTMAS,
        ],
    ),
    (
        HolidayCountry { code: "NZ", name: "New Zealand" },
        &[
            ("new_year", "New Year's Day", Next(1, 1)),
            ("new_year_2", "Day after New Year's Day", Next(1, 2)),
            ("waitangi_day", "Waitangi Day", Next(2, 6)),
            GOOD_FRIDAY,
            EASTER_MONDAY,
            ("anzac_day", "Anzac Day", Next(4, 25)),
            ("kings_birthday", "King's Birthday", Nth(6, 1, Monday)),
            ("labour_day", "Labour Day", Nth(10, 4, Monday)),
            ("christmas", "Christmas Day", Next(12, 25)),
            ("boxing_day", "Boxing Day", Next(12, 26)),
        ],
    ),
    (
        HolidayCountry { code: "PL", name: "Poland" },
        &[
            NEW_YEAR,
            EPIPHANY,
            EASTER_MONDAY,
            LABOUR_DAY,
            ("constitution_day", "Constitution Day", On(5, 3)),
            CORPUS_CHRISTI,
            ASSUMPTION,
            ALL_SAINTS,
            ("independence_day", "Independence Day", On(11, 11)),
            ("christmas_eve", "Christmas Eve", On(12, 24)),
            CHRISTMAS,
            SECOND_CHRISTMAS,
        ],
    ),
    (
        HolidayCountry { code: "PT", name: "Portugal" },
        &[
            NEW_YEAR,
            GOOD_FRIDAY,
            ("freedom_day", "Freedom Day", On(4, 25)),
            LABOUR_DAY,
            CORPUS_CHRISTI,
            ("portugal_day", "Portugal Day", On(6, 10)),
            ASSUMPTION,
            ("republic_day", "Republic Day", On(10, 5)),
            ALL_SAINTS,
            ("independence", "Restoration of Independence", On(12, 1)),
            IMMACULATE,
            CHRISTMAS,
        ],
    ),
    (
        HolidayCountry { code: "SE", name: "Sweden" },
        &[
            NEW_YEAR,
            EPIPHANY,
            GOOD_FRIDAY,
            EASTER_MONDAY,
            LABOUR_DAY,
            ASCENSION,
            ("national_day", "National Day", On(6, 6)),
            ("midsummer", "Midsummer Day", From(6, 20, Saturday)),
            ("all_saints", "All Saints' Day", From(10, 31, Saturday)),
            CHRISTMAS,
            SECOND_CHRISTMAS,
        ],
    ),
    (
        HolidayCountry { code: "US", name: "United States" },
        &[
            ("new_year", "New Year's Day", Near(1, 1)),
            ("martin_luther_king", "Martin Luther King Jr. Day", Nth(1, 3, Monday)),
            ("presidents_day", "Washington's Birthday", Nth(2, 3, Monday)),
            ("memorial_day", "Memorial Day", Nth(5, -1, Monday)),
            ("juneteenth", "Juneteenth", Near(6, 19)),
            ("independence_day", "Independence Day", Near(7, 4)),
            ("labor_day", "Labor Day", Nth(9, 1, Monday)),
            ("columbus_day", "Columbus Day", Nth(10, 2, Monday)),
            ("veterans_day", "Veterans Day", Near(11, 11)),
            ("thanksgiving", "Thanksgiving", Nth(11, 4, Thursday)),
            ("christmas", "Christmas Day", Near(12, 25)),
        ],
    ),
];

/// Countries whose public holidays are known, by code.
pub fn countries() -> impl Iterator<Item = HolidayCountry> {
    COUNTRIES.iter().map(|(country, _)| *country)
}

/// The public holidays of a country in a year, in order; `None` for a country that is not known.
pub fn for_year(code: &str, year: i16) -> Option<Vec<Holiday>> {
    let (_, days) = COUNTRIES.iter().find(|(country, _)| country.code == code)?;
    let mut found: Vec<Holiday> = Vec::with_capacity(days.len());
    // Those that stay where they are, first: others give way to them.
    let (moving, fixed): (Vec<_>, Vec<_>) =
        days.iter().copied().partition(|(_, _, rule)| matches!(rule, Next(..)));
    for (key, name, rule) in fixed.into_iter().chain(moving) {
        if let Some(mut day) = day_of(rule, year) {
            if matches!(rule, Next(..)) {
                while is_weekend(day) || found.iter().any(|other| other.date == day) {
                    day = day.tomorrow().ok()?;
                }
            }
            found.push(Holiday { key: key.to_owned(), date: day, name: name.to_owned() });
        }
    }
    found.sort_by_key(|holiday| holiday.date);
    Some(found)
}

fn is_weekend(day: Date) -> bool {
    matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday)
}

fn day_of(rule: Rule, year: i16) -> Option<Date> {
    match rule {
        On(month, day) | Next(month, day) => Date::new(year, month, day).ok(),
        Near(month, day) => {
            let day = Date::new(year, month, day).ok()?;
            match day.weekday() {
                Saturday => day.yesterday().ok(),
                Weekday::Sunday => day.tomorrow().ok(),
                _ => Some(day),
            }
        }
        Nth(month, nth, weekday) => Date::new(year, month, 1).ok()?.nth_weekday_of_month(nth, weekday).ok(),
        Before(month, day, weekday) => {
            let day = Date::new(year, month, day).ok()?;
            if day.weekday() == weekday { Some(day) } else { day.nth_weekday(-1, weekday).ok() }
        }
        From(month, day, weekday) => {
            let day = Date::new(year, month, day).ok()?;
            if day.weekday() == weekday { Some(day) } else { day.nth_weekday(1, weekday).ok() }
        }
        Easter(days) => Some(date_of(day_number(easter(year)?) + i64::from(days))),
    }
}

/// Easter Sunday of the Gregorian calendar (the anonymous algorithm, as published in Nature, 1876).
#[expect(clippy::many_single_char_names, reason = "the letters of the published algorithm")]
fn easter(year: i16) -> Option<Date> {
    let y = i32::from(year);
    let (a, b, c) = (y % 19, y / 100, y % 100);
    let h = (19 * a + b - b / 4 - (b - (b + 8) / 25 + 1) / 3 + 15) % 30;
    let l = (32 + 2 * (b % 4) + 2 * (c / 4) - h - c % 4) % 7;
    let m = (a + 11 * h + 22 * l) / 451;
    let n = h + l - 7 * m + 114;
    Date::new(year, (n / 31) as i8, (n % 31 + 1) as i8).ok()
}

/// The local days between two (inclusive, as day numbers) on which the business does not work, with their names.
pub fn days_off(settings: &HolidaySettings, (first, last): (i64, i64)) -> BTreeMap<i64, String> {
    let mut days = BTreeMap::new();
    let years = date_of(first).year()..=date_of(last).year();
    for year in years.clone() {
        let public =
            settings.country.as_deref().and_then(|country| for_year(country, year)).unwrap_or_default();
        for holiday in public.into_iter().filter(|holiday| !settings.working.contains(&holiday.key)) {
            days.insert(day_number(holiday.date), holiday.name);
        }
    }
    for own in &settings.own {
        if own.yearly {
            let yearly = years.clone().filter_map(|year| {
                date(year, 1, 1).with().month(own.date.month()).day(own.date.day()).build().ok()
            });
            days.extend(yearly.map(|day| (day_number(day), own.name.clone())));
        } else {
            days.insert(day_number(own.date), own.name.clone());
        }
    }
    days.retain(|day, _| (first..=last).contains(day));
    days
}

#[cfg(test)]
mod tests {
    use super::*;

    fn on(country: &str, year: i16, key: &str) -> String {
        for_year(country, year)
            .unwrap()
            .into_iter()
            .find(|holiday| holiday.key == key)
            .unwrap()
            .date
            .to_string()
    }

    #[test]
    fn holidays_fall_where_the_calendars_have_them() {
        assert_eq!(on("DE", 2026, "easter_monday"), "2026-04-06");
        assert_eq!(on("DE", 2027, "ascension"), "2027-05-06");
        assert_eq!(on("US", 2026, "thanksgiving"), "2026-11-26");
        assert_eq!(on("US", 2026, "independence_day"), "2026-07-03");
        assert_eq!(on("GB", 2027, "christmas"), "2027-12-27");
        assert_eq!(on("GB", 2027, "boxing_day"), "2027-12-28");
        assert_eq!(on("GB", 2026, "spring"), "2026-05-25");
        assert_eq!(on("CA", 2026, "victoria_day"), "2026-05-18");
        assert_eq!(on("SE", 2026, "midsummer"), "2026-06-20");
        assert_eq!(on("NZ", 2028, "new_year"), "2028-01-03");
        assert_eq!(on("FR", 2025, "whit_monday"), "2025-06-09");
    }

    #[test]
    fn every_country_has_every_day_once_each_year() {
        for country in countries() {
            for year in 2024..2040 {
                let days = for_year(country.code, year).unwrap();
                assert!(days.len() >= 4, "{country:?} {year}");
                let mut keys: Vec<&str> = days.iter().map(|day| day.key.as_str()).collect();
                keys.sort_unstable();
                keys.dedup();
                assert_eq!(keys.len(), days.len(), "{country:?} {year}");
            }
        }
    }

    #[test]
    fn a_business_keeps_some_holidays_and_adds_its_own() {
        let settings = HolidaySettings {
            country: Some("DE".to_owned()),
            working: vec!["unity_day".to_owned()],
            own: vec![crate::schedule::OwnHoliday {
                date: date(2020, 12, 24),
                yearly: true,
                name: "Christmas Eve".to_owned(),
            }],
        };
        let days = days_off(&settings, (day_number(date(2026, 10, 1)), day_number(date(2026, 12, 31))));
        let names: Vec<&str> = days.values().map(String::as_str).collect();
        assert_eq!(names, ["Christmas Eve", "Christmas Day", "Second Day of Christmas"]);
    }
}
