//! Opening hours in words: what was asked, and what is true at an instant in the business's zone.
//!
//! Weekly hours only; public holidays are not known, and a question on one is answered with that said.

use frontdesk_domain::locale::Language;
use frontdesk_domain::time::Timestamp;
use frontdesk_domain::workspace::{Stretch, Weekday, WeeklyHours};
use frontdesk_domain::written;
use jiff::Zoned;
use jiff::tz::TimeZone;

/// Which day a question is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Day {
    /// So many days from today.
    In(i8),
    /// A weekday.
    On(Weekday),
    /// Saturday and Sunday.
    Weekend,
}

/// What is asked about opening hours.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct HoursQuestion {
    /// The day.
    pub day: Option<Day>,
    /// The time of day, minutes after midnight.
    pub minute: Option<u16>,
    /// "now".
    pub now: bool,
    /// A public holiday is meant.
    pub holiday: bool,
}

/// The answer, as a phrase key with its values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HoursAnswer {
    /// Key in the phrase files.
    pub key: &'static str,
    /// Values of its places.
    pub values: Vec<(&'static str, String)>,
}

/// Reads a question on hours from normalised words.
pub fn question(words: &[&str]) -> HoursQuestion {
    let mut asked = HoursQuestion::default();
    for (at, word) in words.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|i| words.get(i)).copied().unwrap_or_default();
        match *word {
            "today" | "tonight" | "hoy" | "heute" | "aujourdhui" | "todays" => asked.day = Some(Day::In(0)),
            "tomorrow" | "demain" => asked.day = Some(Day::In(1)),
            // "mañana" is tomorrow, "por la mañana" and "am Morgen" are mornings.
            "manana" | "morgen" if !matches!(before, "la" | "am" | "guten" | "buena") => {
                asked.day = Some(Day::In(1));
            }
            "weekend" | "weekends" | "wochenende" => asked.day = Some(Day::Weekend),
            "semana" if words.contains(&"fin") || words.contains(&"fines") => asked.day = Some(Day::Weekend),
            "now" | "currently" | "ahora" | "jetzt" | "maintenant" | "still" | "right" | "ahorita" => {
                asked.now = true;
            }
            "holiday" | "holidays" | "christmas" | "thanksgiving" | "easter" | "navidad" | "festivo"
            | "festivos" | "feiertag" | "feiertags" | "weihnachten" | "noel" | "halloween"
            | "independence" | "memorial" | "labor" | "years" | "bank" => asked.holiday = true,
            "noon" | "mediodia" | "midi" => asked.minute = Some(12 * 60),
            "midnight" | "medianoche" => asked.minute = Some(0),
            _ => {
                if let Some(day) = weekday(word) {
                    asked.day = Some(Day::On(day));
                } else if let Some(minute) = time(words, at) {
                    asked.minute = Some(minute);
                }
            }
        }
    }
    asked
}

/// The weekday a word names, also in the plural and short.
pub fn weekday(word: &str) -> Option<Weekday> {
    Some(match word {
        "monday" | "mondays" | "mon" | "lunes" | "montag" | "montags" | "lundi" => Weekday::Mon,
        "tuesday" | "tuesdays" | "tue" | "tues" | "martes" | "dienstag" | "dienstags" | "mardi" => {
            Weekday::Tue
        }
        "wednesday" | "wednesdays" | "wed" | "wensday" | "miercoles" | "mittwoch" | "mittwochs"
        | "mercredi" => Weekday::Wed,
        "thursday" | "thursdays" | "thu" | "thurs" | "jueves" | "donnerstag" | "donnerstags" | "jeudi" => {
            Weekday::Thu
        }
        "friday" | "fridays" | "fri" | "viernes" | "freitag" | "freitags" | "vendredi" => Weekday::Fri,
        "saturday" | "saturdays" | "sat" | "saterday" | "sabado" | "sabados" | "samstag" | "samstags"
        | "samedi" => Weekday::Sat,
        "sunday" | "sundays" | "domingo" | "domingos" | "sonntag" | "sonntags" | "dimanche" => Weekday::Sun,
        _ => return None,
    })
}

/// A time of day at a word: `7pm`, `7 pm`, `19h`, `19 30` after "at". An hour without "am" or "pm" up to 7 is read as
/// afternoon, because nobody asks about the middle of the night.
fn time(words: &[&str], at: usize) -> Option<u16> {
    let word = words.get(at)?;
    let digits: String = word.chars().take_while(char::is_ascii_digit).collect();
    let hour: u16 = digits.parse().ok().filter(|hour| *hour <= 24)?;
    let suffix = word.get(digits.len()..).unwrap_or_default();
    let next = words.get(at + 1).copied().unwrap_or_default();
    let before = at.checked_sub(1).and_then(|i| words.get(i)).copied().unwrap_or_default();
    let minutes: u16 = next.parse().ok().filter(|m| *m < 60 && next.len() == 2).unwrap_or(0);
    let after_minutes =
        if minutes > 0 || next == "00" { words.get(at + 2).copied().unwrap_or_default() } else { next };
    let mark = if suffix.is_empty() { after_minutes } else { suffix };
    let hour = match mark {
        "pm" | "p" => hour % 12 + 12,
        "am" | "a" => hour % 12,
        "h" | "uhr" | "heures" | "horas" => hour,
        _ if suffix.is_empty()
            && matches!(
                before,
                "at" | "until" | "till" | "after" | "before" | "las" | "la" | "um" | "past" | "by"
            ) =>
        {
            if (1..=7).contains(&hour) {
                hour + 12
            } else {
                hour
            }
        }
        _ => return None,
    };
    Some((hour * 60 + minutes).min(1440))
}

/// Hours of one business at one instant.
pub struct Opening<'a> {
    hours: &'a WeeklyHours,
    local: Zoned,
    language: Language,
    twelve: bool,
}

impl<'a> Opening<'a> {
    /// Reads the instant in the zone (UTC when the zone is unknown). Countries that use it get a 12-hour clock.
    pub fn new(
        hours: &'a WeeklyHours,
        zone: &str,
        country: &str,
        now: Timestamp,
        language: Language,
    ) -> Self {
        let at = now.to_jiff();
        let local = at.in_tz(zone).unwrap_or_else(|_| at.to_zoned(TimeZone::UTC));
        let twelve = language == Language::En
            && matches!(
                country.to_uppercase().as_str(),
                "US" | "CA" | "AU" | "NZ" | "IN" | "PH" | "PK" | "GB" | "IE" | "ZA" | ""
            );
        Self { hours, local, language, twelve }
    }

    /// Whether any hours are known.
    pub fn is_known(&self) -> bool {
        self.hours.0.values().any(|stretches| !stretches.is_empty())
    }

    fn today(&self) -> Weekday {
        Weekday::of(self.local.weekday())
    }

    fn minute(&self) -> u16 {
        u16::from(self.local.hour().unsigned_abs()) * 60 + u16::from(self.local.minute().unsigned_abs())
    }

    fn on(&self, day: Weekday) -> &[Stretch] {
        self.hours.0.get(&day).map_or(&[], Vec::as_slice)
    }

    fn ahead(&self, days: usize) -> Weekday {
        let today = Weekday::ALL.iter().position(|day| *day == self.today()).unwrap_or(0);
        Weekday::ALL.get((today + days) % 7).copied().unwrap_or(Weekday::Mon)
    }

    /// Answers a question.
    pub fn answer(&self, asked: HoursQuestion) -> HoursAnswer {
        let plain = |key, values| HoursAnswer { key, values };
        if asked.holiday {
            return plain("hours.holiday", vec![("hours", self.week())]);
        }
        if asked.now && asked.day.is_none() && asked.minute.is_none() {
            return self.now();
        }
        let day = match (asked.day, asked.minute) {
            (Some(Day::Weekend), _) => {
                let text = self.days(&[Weekday::Sat, Weekday::Sun]);
                let open = [Weekday::Sat, Weekday::Sun].iter().any(|day| !self.on(*day).is_empty());
                return if open {
                    plain("hours.weekend", vec![("hours", text)])
                } else {
                    plain("hours.weekend_closed", vec![("hours", self.week())])
                };
            }
            (Some(Day::In(days)), _) => (self.ahead(days.unsigned_abs().into()), i32::from(days)),
            (Some(Day::On(day)), _) => (day, 7),
            (None, Some(_)) => (self.today(), 0),
            (None, None) => return plain("hours.week", vec![("hours", self.week())]),
        };
        let (day, offset) = day;
        let name = match offset {
            0 => word(self.language, "today").to_owned(),
            1 => format!("{} ({})", word(self.language, "tomorrow"), day_name(self.language, day)),
            _ => on_day(self.language, day),
        };
        let stretches = self.on(day);
        if stretches.is_empty() {
            let next = self.next_open_after(offset, day);
            return match next {
                Some(next) => plain("hours.day_closed", vec![("day", name), ("next", next)]),
                None => plain("hours.day_closed", vec![("day", name)]),
            };
        }
        let hours = self.stretches(stretches);
        match asked.minute {
            Some(minute) if stretches.iter().any(|s| s.from <= minute && minute < s.to) => {
                plain("hours.time_open", vec![("day", name), ("time", self.clock(minute)), ("hours", hours)])
            }
            Some(minute) => plain(
                "hours.time_closed",
                vec![("day", name), ("time", self.clock(minute)), ("hours", hours)],
            ),
            None if offset == 0 => {
                let minute = self.minute();
                if stretches.last().is_some_and(|last| last.to <= minute) {
                    match self.next_open() {
                        Some(next) => plain("hours.today_over", vec![("hours", hours), ("next", next)]),
                        None => plain("hours.day_open", vec![("day", name), ("hours", hours)]),
                    }
                } else {
                    plain("hours.day_open", vec![("day", name), ("hours", hours)])
                }
            }
            None => plain("hours.day_open", vec![("day", name), ("hours", hours)]),
        }
    }

    fn now(&self) -> HoursAnswer {
        let minute = self.minute();
        if let Some(current) = self.on(self.today()).iter().find(|s| s.from <= minute && minute < s.to) {
            return HoursAnswer { key: "hours.open_now", values: vec![("time", self.clock(current.to))] };
        }
        HoursAnswer {
            key: "hours.closed_now",
            values: self.next_open().map(|next| ("next", next)).into_iter().collect(),
        }
    }

    /// When it next opens, in words, if ever.
    pub fn next_open(&self) -> Option<String> {
        let minute = self.minute();
        (0..=7).find_map(|days| {
            let day = self.ahead(days);
            let stretch = self.on(day).iter().find(|s| days > 0 || s.from > minute)?;
            Some(self.day_and_time(days, day, stretch.from))
        })
    }

    fn next_open_after(&self, offset: i32, day: Weekday) -> Option<String> {
        let from = (0..7).find(|days| self.ahead(*days) == day)?;
        let from = if offset < 7 { usize::try_from(offset).unwrap_or(from) } else { from };
        (from + 1..=from + 7).find_map(|days| {
            let next = self.ahead(days);
            let stretch = self.on(next).first()?;
            Some(self.day_and_time(if offset == 7 { 7 } else { days }, next, stretch.from))
        })
    }

    fn day_and_time(&self, days: usize, day: Weekday, minute: u16) -> String {
        let when = match days {
            0 => word(self.language, "today").to_owned(),
            1 => word(self.language, "tomorrow").to_owned(),
            _ => on_day(self.language, day),
        };
        format!("{when} {} {}", word(self.language, "at"), self.clock(minute))
    }

    /// The week in words, days with the same hours together.
    pub fn week(&self) -> String {
        self.days(Weekday::ALL.as_slice())
    }

    fn days(&self, days: &[Weekday]) -> String {
        let groups: Vec<String> = days
            .chunk_by(|a, b| self.on(*a) == self.on(*b))
            .filter_map(|group| {
                let (first, last) = (group.first()?, group.last()?);
                let names = match group.len() {
                    1 => day_name(self.language, *first).to_owned(),
                    2 => format!(
                        "{} {} {}",
                        day_name(self.language, *first),
                        word(self.language, "and"),
                        day_name(self.language, *last)
                    ),
                    _ => format!(
                        "{} {} {}",
                        day_name(self.language, *first),
                        word(self.language, "to"),
                        day_name(self.language, *last)
                    ),
                };
                let stretches = self.on(*first);
                let hours = if stretches.is_empty() {
                    word(self.language, "closed").to_owned()
                } else {
                    self.stretches(stretches)
                };
                Some(format!("{names} {hours}"))
            })
            .collect();
        groups.join("; ")
    }

    fn stretches(&self, stretches: &[Stretch]) -> String {
        let each: Vec<String> = stretches
            .iter()
            .map(|s| {
                if s.from == 0 && s.to == 1440 {
                    word(self.language, "all day").to_owned()
                } else {
                    format!("{}–{}", self.clock(s.from), self.clock(s.to))
                }
            })
            .collect();
        each.join(&format!(" {} ", word(self.language, "and")))
    }

    fn clock(&self, minute: u16) -> String {
        let (hour, rest) = (minute / 60 % 24, minute % 60);
        if !self.twelve {
            return format!("{hour}:{rest:02}");
        }
        let half = if (12..24).contains(&(minute / 60)) { "pm" } else { "am" };
        let hour = if hour % 12 == 0 { 12 } else { hour % 12 };
        if rest == 0 { format!("{hour} {half}") } else { format!("{hour}:{rest:02} {half}") }
    }
}

fn word(language: Language, key: &str) -> &'static str {
    use Language::{De, Es, Fr};
    match (key, language) {
        ("today", Es) => "hoy",
        ("today", De) => "heute",
        ("today", Fr) => "aujourd'hui",
        ("today", _) => "today",
        ("tomorrow", Es) => "mañana",
        ("tomorrow", De) => "morgen",
        ("tomorrow", Fr) => "demain",
        ("tomorrow", _) => "tomorrow",
        ("at", Es) => "a las",
        ("at", De) => "um",
        ("at" | "to", Fr) => "à",
        ("at", _) => "at",
        ("and", Es) => "y",
        ("and", De) => "und",
        ("and", Fr) => "et",
        ("and", _) => "and",
        ("to", Es) => "a",
        ("to", De) => "bis",
        ("to", _) => "to",
        ("closed", Es) => "cerrado",
        ("closed", De) => "geschlossen",
        ("closed", Fr) => "fermé",
        ("closed", _) => "closed",
        (_, Es) => "todo el día",
        (_, De) => "ganztägig",
        (_, Fr) => "toute la journée",
        _ => "all day",
    }
}

/// The day's name.
pub fn day_name(language: Language, day: Weekday) -> &'static str {
    let place = Weekday::ALL.iter().position(|one| *one == day);
    place.map_or("", |place| written::weekday(place, language))
}

fn on_day(language: Language, day: Weekday) -> String {
    let name = day_name(language, day);
    match language {
        Language::En => format!("on {name}"),
        Language::Es => format!("el {name}"),
        Language::De => format!("am {name}"),
        Language::Fr => format!("le {name}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::builtin::text;

    fn hours() -> WeeklyHours {
        let day = vec![Stretch { from: 9 * 60, to: 17 * 60 }];
        let mut hours = WeeklyHours::default();
        for weekday in [Weekday::Mon, Weekday::Tue, Weekday::Wed, Weekday::Thu, Weekday::Fri] {
            hours.0.insert(weekday, day.clone());
        }
        hours.0.insert(Weekday::Sat, vec![Stretch { from: 10 * 60, to: 14 * 60 }]);
        hours
    }

    // Wednesday 2026-03-18, 13:30 UTC is 09:30 in New York.
    const WEDNESDAY: i64 = 1_773_840_600_000;

    fn answer(message: &str) -> HoursAnswer {
        let hours = hours();
        let words = text::words(message);
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        Opening::new(&hours, "America/New_York", "US", Timestamp::from_millis(WEDNESDAY), Language::En)
            .answer(question(&words))
    }

    #[test]
    fn hours_are_told_for_the_day_that_was_meant() {
        assert_eq!(answer("are you open now").key, "hours.open_now");
        assert_eq!(answer("are you open now").values, [("time", "5 pm".to_owned())]);
        assert_eq!(answer("open on sunday?").key, "hours.day_closed");
        assert_eq!(
            answer("open on sunday?").values,
            [("day", "on Sunday".to_owned()), ("next", "on Monday at 9 am".to_owned())]
        );
        assert_eq!(answer("open tomorrow?").values.first().unwrap().1, "tomorrow (Thursday)");
        assert_eq!(answer("are you open at 7pm on saturday").key, "hours.time_closed");
        assert_eq!(answer("open at 10:30 am today").key, "hours.time_open");
        assert_eq!(answer("open at 4 on friday").key, "hours.time_open");
        assert_eq!(
            answer("when are you open").values,
            [("hours", "Monday to Friday 9 am–5 pm; Saturday 10 am–2 pm; Sunday closed".to_owned())]
        );
        assert_eq!(answer("open on christmas day?").key, "hours.holiday");
        assert_eq!(
            answer("open on the weekend").values,
            [("hours", "Saturday 10 am–2 pm; Sunday closed".to_owned())]
        );
    }

    #[test]
    fn the_next_opening_crosses_the_week_and_the_clock_is_local() {
        let hours = hours();
        // Saturday 20:00 in New York is Sunday in UTC.
        let at = Timestamp::from_millis(WEDNESDAY + (3 * 24 + 10) * 3_600_000 + 1_800_000);
        let opening = Opening::new(&hours, "America/New_York", "US", at, Language::En);
        assert_eq!(opening.next_open().as_deref(), Some("on Monday at 9 am"));
        let spanish =
            Opening::new(&hours, "Europe/Madrid", "ES", Timestamp::from_millis(WEDNESDAY), Language::Es);
        assert_eq!(spanish.next_open().as_deref(), Some("mañana a las 9:00"));
        let never = WeeklyHours::default();
        assert_eq!(Opening::new(&never, "UTC", "US", at, Language::En).next_open(), None);
    }
}
