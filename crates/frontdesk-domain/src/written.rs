//! Dates, times, durations and amounts as people write them, in each language. For messages to customers; pages format
//! by themselves.

use jiff::Zoned;
use jiff::tz::TimeZone;

use crate::booking_type::Price;
use crate::locale::Language;
use crate::time::Timestamp;

/// Monday first.
const DAYS: [[&str; 7]; 4] = [
    ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"],
    ["lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"],
    ["Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"],
    ["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"],
];

const MONTHS: [[&str; 12]; 4] = [
    [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
    [
        "enero",
        "febrero",
        "marzo",
        "abril",
        "mayo",
        "junio",
        "julio",
        "agosto",
        "septiembre",
        "octubre",
        "noviembre",
        "diciembre",
    ],
    [
        "Januar",
        "Februar",
        "März",
        "April",
        "Mai",
        "Juni",
        "Juli",
        "August",
        "September",
        "Oktober",
        "November",
        "Dezember",
    ],
    [
        "janvier",
        "février",
        "mars",
        "avril",
        "mai",
        "juin",
        "juillet",
        "août",
        "septembre",
        "octobre",
        "novembre",
        "décembre",
    ],
];

/// Currencies without a smaller unit (ISO 4217).
const WHOLE: [&str; 12] =
    ["BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "VND"];

const fn row(language: Language) -> usize {
    match language {
        Language::En => 0,
        Language::Es => 1,
        Language::De => 2,
        Language::Fr => 3,
    }
}

fn local(at: Timestamp, zone: &str) -> Zoned {
    at.to_jiff().in_tz(zone).unwrap_or_else(|_| at.to_jiff().to_zoned(TimeZone::UTC))
}

fn word<const N: usize>(table: &[[&'static str; N]; 4], language: Language, index: usize) -> &'static str {
    table.get(row(language)).and_then(|words| words.get(index)).copied().unwrap_or_default()
}

/// The weekday's name; `day` counts from Monday, 0.
pub fn weekday(day: usize, language: Language) -> &'static str {
    word(&DAYS, language, day)
}

/// The month's name; `month` is 1 to 12.
pub fn month(month: i8, language: Language) -> &'static str {
    word(&MONTHS, language, usize::from(month.unsigned_abs().saturating_sub(1)))
}

/// The day with its weekday and year, such as `Tuesday, November 24, 2026`. Unknown zones count as UTC.
pub fn date(at: Timestamp, zone: &str, language: Language) -> String {
    let at = local(at, zone);
    let weekday = weekday(usize::from(at.weekday().to_monday_zero_offset().unsigned_abs()), language);
    let month = month(at.month(), language);
    let (day, year) = (at.day(), at.year());
    match language {
        Language::En => format!("{weekday}, {month} {day}, {year}"),
        Language::Es => format!("{weekday}, {day} de {month} de {year}"),
        Language::De => format!("{weekday}, {day}. {month} {year}"),
        Language::Fr if day == 1 => format!("{weekday} 1er {month} {year}"),
        Language::Fr => format!("{weekday} {day} {month} {year}"),
    }
}

/// The time of day, such as `3:30 PM` or `15:30 Uhr`.
pub fn time(at: Timestamp, zone: &str, language: Language) -> String {
    let at = local(at, zone);
    let (hour, minute) = (at.hour(), at.minute());
    match language {
        Language::En => {
            let half = if hour < 12 { "AM" } else { "PM" };
            let twelve = if hour % 12 == 0 { 12 } else { hour % 12 };
            format!("{twelve}:{minute:02} {half}")
        }
        Language::Es => format!("{hour}:{minute:02}"),
        Language::De => format!("{hour}:{minute:02} Uhr"),
        Language::Fr => format!("{hour} h {minute:02}"),
    }
}

/// Day and time in one, such as `Tuesday, November 24, 2026 at 3:30 PM`.
pub fn moment(at: Timestamp, zone: &str, language: Language) -> String {
    let (day, hour) = (date(at, zone, language), time(at, zone, language));
    match language {
        Language::En => format!("{day} at {hour}"),
        Language::Es if hour.starts_with("1:") => format!("{day} a la {hour}"),
        Language::Es => format!("{day} a las {hour}"),
        Language::De => format!("{day} um {hour}"),
        Language::Fr => format!("{day} à {hour}"),
    }
}

/// The zone as people know it at that instant: `CET`, `PDT`; where it has no letters, `UTC-03`.
pub fn zone(at: Timestamp, zone: &str) -> String {
    let name = local(at, zone).strftime("%Z").to_string();
    if name.starts_with(['+', '-']) { format!("UTC{name}") } else { name }
}

/// Minutes in words, such as `1 hour 30 minutes`.
pub fn duration(minutes: u32, language: Language) -> String {
    let (hours, rest) = (minutes / 60, minutes % 60);
    let (hour, hours_word, minute, minutes_word) = match language {
        Language::En => ("hour", "hours", "minute", "minutes"),
        Language::Es => ("hora", "horas", "minuto", "minutos"),
        Language::De => ("Stunde", "Stunden", "Minute", "Minuten"),
        Language::Fr => ("heure", "heures", "minute", "minutes"),
    };
    let count = |n: u32, one: &str, many: &str| format!("{n} {}", if n == 1 { one } else { many });
    match (hours, rest) {
        (0, rest) => count(rest, minute, minutes_word),
        (hours, 0) => count(hours, hour, hours_word),
        (hours, rest) => {
            format!("{} {}", count(hours, hour, hours_word), count(rest, minute, minutes_word))
        }
    }
}

/// An amount with its currency's code, such as `60.00 EUR`.
pub fn price(price: &Price, language: Language) -> String {
    if WHOLE.contains(&price.currency.as_str()) {
        return format!("{} {}", price.minor, price.currency);
    }
    let mark = if language == Language::En { '.' } else { ',' };
    format!("{}{mark}{:02} {}", price.minor / 100, price.minor % 100, price.currency)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Tuesday 2026-12-01, 14:05 UTC.
    const AT: Timestamp = Timestamp::from_millis(1_796_133_900_000);

    #[test]
    fn a_moment_is_written_in_each_language_and_the_reader_s_zone() {
        let written: Vec<String> =
            Language::ALL.iter().map(|language| moment(AT, "Europe/Berlin", *language)).collect();
        assert_eq!(
            written,
            [
                "Tuesday, December 1, 2026 at 3:05 PM",
                "martes, 1 de diciembre de 2026 a las 15:05",
                "Dienstag, 1. Dezember 2026 um 15:05 Uhr",
                "mardi 1er décembre 2026 à 15 h 05",
            ]
        );
        assert_eq!(moment(AT, "America/Los_Angeles", Language::En), "Tuesday, December 1, 2026 at 6:05 AM");
        assert_eq!(zone(AT, "Europe/Berlin"), "CET");
        assert_eq!(zone(AT, "America/Sao_Paulo"), "UTC-03");
    }

    #[test]
    fn midnight_and_noon_are_twelve() {
        let midnight = Timestamp::from_millis(1_796_083_200_000);
        assert_eq!(time(midnight, "UTC", Language::En), "12:00 AM");
        assert_eq!(time(midnight, "Etc/GMT-12", Language::En), "12:00 PM");
    }

    #[test]
    fn durations_and_prices() {
        assert_eq!(duration(90, Language::En), "1 hour 30 minutes");
        assert_eq!(duration(60, Language::De), "1 Stunde");
        assert_eq!(duration(1, Language::Es), "1 minuto");
        assert_eq!(price(&Price { minor: 6050, currency: "EUR".to_owned() }, Language::Fr), "60,50 EUR");
        assert_eq!(price(&Price { minor: 500, currency: "JPY".to_owned() }, Language::En), "500 JPY");
    }
}
