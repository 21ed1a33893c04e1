//! What a sentence holds that can answer a kind of question: amounts, times, places, numbers, names.

use super::question::Kind;

/// Weekday names and their short forms, Monday first, in the four languages.
const WEEKDAYS: [&[&str]; 7] = [
    &["monday", "mondays", "mon", "lunes", "montag", "montags", "lundi", "lundis"],
    &["tuesday", "tuesdays", "tue", "tues", "martes", "dienstag", "dienstags", "mardi", "mardis"],
    &["wednesday", "wednesdays", "wed", "miércoles", "mittwoch", "mittwochs", "mercredi", "mercredis"],
    &[
        "thursday",
        "thursdays",
        "thu",
        "thur",
        "thurs",
        "jueves",
        "donnerstag",
        "donnerstags",
        "jeudi",
        "jeudis",
    ],
    &["friday", "fridays", "fri", "viernes", "freitag", "freitags", "vendredi", "vendredis"],
    &["saturday", "saturdays", "sat", "sábado", "sábados", "samstag", "samstags", "samedi", "samedis"],
    &["sunday", "sundays", "sun", "domingo", "domingos", "sonntag", "sonntags", "dimanche", "dimanches"],
];

const MONEY: [&str; 22] = [
    "free",
    "usd",
    "eur",
    "gbp",
    "chf",
    "dollar",
    "dollars",
    "euro",
    "euros",
    "pound",
    "pounds",
    "pence",
    "cents",
    "complimentary",
    "included",
    "gratis",
    "kostenlos",
    "kostenfrei",
    "inklusive",
    "incluido",
    "gratuit",
    "gratuite",
];
const CLOCK: [&str; 24] = [
    "am",
    "pm",
    "noon",
    "midnight",
    "clock",
    "uhr",
    "mittag",
    "midi",
    "mediodía",
    "daily",
    "täglich",
    "closed",
    "cerrado",
    "cerrados",
    "geschlossen",
    "fermé",
    "fermés",
    "weekday",
    "weekdays",
    "weekend",
    "weekends",
    "wochenende",
    "hours",
    "h",
];
const SPANS: [&str; 40] = [
    "minute", "minutes", "min", "mins", "hour", "hours", "day", "days", "week", "weeks", "month", "months",
    "year", "years", "minuto", "minutos", "hora", "horas", "día", "días", "semana", "semanas", "mes",
    "meses", "año", "años", "minuten", "stunde", "stunden", "tag", "tage", "tagen", "woche", "wochen",
    "monat", "monate", "heure", "heures", "jours", "semaines",
];
const STREETS: [&str; 40] = [
    "street",
    "st",
    "avenue",
    "ave",
    "road",
    "rd",
    "lane",
    "boulevard",
    "blvd",
    "drive",
    "way",
    "square",
    "floor",
    "suite",
    "unit",
    "place",
    "court",
    "terrace",
    "highway",
    "plaza",
    "calle",
    "avenida",
    "paseo",
    "plazas",
    "straße",
    "strasse",
    "platz",
    "weg",
    "allee",
    "gasse",
    "rue",
    "chemin",
    "quai",
    "behind",
    "opposite",
    "mills",
    "corner",
    "building",
    "station",
    "garage",
];
const AGES: [&str; 22] = [
    "age", "aged", "ages", "year", "years", "old", "older", "over", "under", "young", "younger", "least",
    "jahre", "jahren", "alter", "ab", "años", "edad", "mayores", "ans", "âge", "partir",
];
const NUMBERS: [&str; 13] = [
    "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "twelve", "twenty",
    "forty",
];

/// The weekday a word names, 0 for Monday.
pub(super) fn weekday(word: &str) -> Option<usize> {
    WEEKDAYS.iter().position(|names| names.contains(&word))
}

/// True when `words` name this weekday, alone or in a range ("Monday to Friday", "weekdays", "daily").
pub(super) fn covers_weekday(words: &[String], day: usize) -> bool {
    let mut last: Option<(usize, usize)> = None;
    for (position, word) in words.iter().enumerate() {
        let whole = match word.as_str() {
            "daily" | "täglich" | "everyday" => Some(0..=6),
            "weekday" | "weekdays" => Some(0..=4),
            "weekend" | "weekends" | "wochenende" | "wochenenden" => Some(5..=6),
            _ => None,
        };
        if whole.is_some_and(|days| days.contains(&day)) {
            return true;
        }
        if let Some(named) = weekday(word) {
            if named == day {
                return true;
            }
            if let Some((from, at)) = last {
                let between: Vec<&str> =
                    words.get(at + 1..position).unwrap_or_default().iter().map(String::as_str).collect();
                let range = matches!(
                    between.as_slice(),
                    ["to" | "through" | "thru" | "until" | "a" | "bis" | "au" | "à" | "al" | "hasta"]
                ) || (between.is_empty() && position == at + 1);
                // "Sunday and Monday" has a word between; "Mon Fri" comes from "Mon–Fri".
                let inside =
                    if from <= named { (from..=named).contains(&day) } else { day >= from || day <= named };
                if range && inside {
                    return true;
                }
            }
            last = Some((named, position));
        }
    }
    false
}

/// Whether a sentence can answer a question of this kind.
pub(super) fn answers_kind(kind: Kind, sentence: &str, words: &[String]) -> bool {
    let any = |list: &[&str]| words.iter().any(|word| list.contains(&word.as_str()));
    let digits = words.iter().any(|word| word.starts_with(|c: char| c.is_ascii_digit()));
    let number = digits || any(&NUMBERS);
    match kind {
        Kind::Price => {
            sentence.contains(['$', '€', '£', '¥', '₹']) || any(&MONEY) || (digits && sentence.contains('%'))
        }
        Kind::Hours => {
            any(&CLOCK)
                || has_clock(sentence)
                || words.iter().any(|word| weekday(word).is_some() || ends_in_half_day(word))
        }
        Kind::Duration => number && any(&SPANS) || any(&["until", "bis", "hasta", "jusqu"]),
        Kind::Where => {
            (any(&STREETS) && (digits || any(&["behind", "opposite", "corner", "next"])))
                || words
                    .iter()
                    .any(|word| word.len() > 5 && (word.ends_with("straße") || word.ends_with("strasse")))
        }
        Kind::Phone => longest_digit_run(sentence) >= 7,
        Kind::Email => sentence.contains('@'),
        Kind::Who => has_name(sentence),
        Kind::Count => number,
        // "16 years old", "children under 10", but not "since 1987".
        Kind::Age => {
            any(&AGES)
                && (any(&NUMBERS) || words.iter().any(|word| word.len() <= 2 && word.parse::<u8>().is_ok()))
        }
        Kind::Often => any(&["every", "daily", "weekly", "monthly", "once", "twice", "times", "per", "each"]),
    }
}

/// "9am", "10pm".
fn ends_in_half_day(word: &str) -> bool {
    word.starts_with(|c: char| c.is_ascii_digit())
        && (word.ends_with("am") || word.ends_with("pm") || word.ends_with('h'))
}

/// "9:30", "7.30" with two digits of minutes.
fn has_clock(sentence: &str) -> bool {
    let bytes = sentence.as_bytes();
    bytes.windows(4).any(|window| {
        matches!(window, [hour, b':' | b'.', tens, ones] if hour.is_ascii_digit() && (b'0'..=b'5').contains(tens) && ones.is_ascii_digit())
    }) && !sentence.contains(['$', '€', '£'])
}

/// Digits in a row, with the marks people put into telephone numbers between them.
fn longest_digit_run(sentence: &str) -> usize {
    let (mut longest, mut run) = (0, 0);
    for c in sentence.chars() {
        if c.is_ascii_digit() {
            run += 1;
            longest = longest.max(run);
        } else if !matches!(c, ' ' | '-' | '.' | '(' | ')' | '/' | '+') {
            run = 0;
        }
    }
    longest
}

/// A capitalised word that does not begin the sentence.
fn has_name(sentence: &str) -> bool {
    let mut words = sentence.split_whitespace();
    let first_is_name = sentence.split_whitespace().take(2).filter(|word| starts_upper(word)).count() == 2;
    words.next();
    first_is_name || words.any(starts_upper)
}

fn starts_upper(word: &str) -> bool {
    word.trim_start_matches(|c: char| !c.is_alphanumeric()).chars().next().is_some_and(char::is_uppercase)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<String> {
        crate::text::words(text).into_iter().map(|word| word.text).collect()
    }

    #[test]
    fn ranges_of_weekdays_cover_the_days_between() {
        assert!(covers_weekday(&words("Monday to Friday 9 to 5"), 3));
        assert!(covers_weekday(&words("Mon–Fri 9–5"), 2));
        assert!(!covers_weekday(&words("Monday and Friday"), 2));
        assert!(covers_weekday(&words("Friday to Monday"), 6));
        assert!(!covers_weekday(&words("Tuesday to Friday, Saturday"), 0));
        assert!(covers_weekday(&words("Montag bis Donnerstag"), 1));
        assert!(covers_weekday(&words("open at weekends"), 6));
    }

    #[test]
    fn kinds_are_told_by_what_a_sentence_holds() {
        let holds = |kind, text: &str| answers_kind(kind, text, &words(text));
        assert!(holds(Kind::Price, "It is £12 an hour."));
        assert!(!holds(Kind::Price, "We have 12 rooms."));
        assert!(holds(Kind::Hours, "From 7.30 to 10."));
        assert!(holds(Kind::Phone, "Call 503-555-0142."));
        assert!(!holds(Kind::Phone, "In 2009 we had 4 chairs."));
        assert!(holds(Kind::Where, "Our practice is at 214 Alder Street."));
        assert!(holds(Kind::Duration, "It takes 40 minutes."));
        assert!(holds(Kind::Who, "Marcus Bell teaches it."));
        assert!(!holds(Kind::Who, "We are happy to help."));
    }
}
