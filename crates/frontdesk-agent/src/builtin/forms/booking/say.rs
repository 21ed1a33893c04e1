//! Days, times and lists in words, in the language of the conversation. Times come in as the tools gave them.

use frontdesk_domain::locale::Language;
use frontdesk_domain::written;
use jiff::Zoned;
use jiff::tz::TimeZone;

use super::form::Offer;

/// How instants are said.
#[derive(Debug, Clone)]
pub struct Clock {
    /// The zone of the business.
    pub zone: TimeZone,
    /// Now.
    pub now: Zoned,
    /// The language.
    pub language: Language,
}

impl Clock {
    /// Reads an instant of a tool into the zone.
    pub fn at(&self, instant: &str) -> Option<Zoned> {
        let at: jiff::Timestamp = instant.parse().ok()?;
        Some(at.to_zoned(self.zone.clone()))
    }

    /// "Tuesday, March 24"
    pub fn date(&self, at: &Zoned) -> String {
        let weekday = usize::from(at.weekday().to_monday_zero_offset().unsigned_abs());
        let day = written::weekday(weekday, self.language);
        let month = written::month(at.month(), self.language);
        let number = at.day();
        let year = if at.year() == self.now.year() { String::new() } else { format!(" {}", at.year()) };
        match self.language {
            Language::En if year.is_empty() => format!("{day}, {month} {number}"),
            Language::En => format!("{day}, {month} {number},{year}"),
            Language::Es if year.is_empty() => format!("{day} {number} de {month}"),
            Language::Es => format!("{day} {number} de {month} de{year}"),
            Language::De => format!("{day}, {number}. {month}{year}"),
            Language::Fr if number == 1 => format!("{day} 1er {month}{year}"),
            Language::Fr => format!("{day} {number} {month}{year}"),
        }
    }

    /// "tomorrow", "Tuesday, March 24": shorter for near days.
    fn near_date(&self, at: &Zoned) -> String {
        let today = self.now.date();
        let word = if at.date() == today {
            ["today", "hoy", "heute", "aujourd'hui"]
        } else if today.tomorrow().is_ok_and(|tomorrow| tomorrow == at.date()) {
            ["tomorrow", "mañana", "morgen", "demain"]
        } else {
            return match self.language {
                Language::En | Language::De | Language::Fr => self.date(at),
                Language::Es => format!("el {}", self.date(at)),
            };
        };
        let [en, es, de, fr] = word;
        match self.language {
            Language::En => format!("{en} ({})", self.date(at)),
            Language::Es => format!("{es} ({})", self.date(at)),
            Language::De => format!("{de} ({})", self.date(at)),
            Language::Fr => format!("{fr} ({})", self.date(at)),
        }
    }

    /// "2:30 pm"
    pub fn time(&self, at: &Zoned) -> String {
        let (hour, minute) = (at.hour(), at.minute());
        match self.language {
            Language::En => {
                let half = if hour < 12 { "am" } else { "pm" };
                let hour = if hour % 12 == 0 { 12 } else { hour % 12 };
                if minute == 0 { format!("{hour} {half}") } else { format!("{hour}:{minute:02} {half}") }
            }
            Language::Fr if minute == 0 => format!("{hour} h"),
            Language::Fr => format!("{hour} h {minute:02}"),
            Language::Es | Language::De => format!("{hour}:{minute:02}"),
        }
    }

    /// "Tuesday, March 24 at 2:30 pm"
    pub fn moment(&self, at: &Zoned) -> String {
        let (date, time) = (self.date(at), self.time(at));
        match self.language {
            Language::En => format!("{date} at {time}"),
            Language::Es => format!("{date} a {} {time}", article(at)),
            Language::De => format!("{date} um {time} Uhr"),
            Language::Fr => format!("{date} à {time}"),
        }
    }

    /// Offers by day: "Tuesday, March 24 at 9 am or 2 pm, or Wednesday, March 25 at 10 am".
    pub fn offers(&self, offers: &[Offer]) -> String {
        let at: Vec<Zoned> = offers.iter().filter_map(|offer| self.at(&offer.start)).collect();
        let days: Vec<String> = at
            .chunk_by(|a, b| a.date() == b.date())
            .filter_map(|day| {
                let first = day.first()?;
                let times: Vec<String> = day.iter().map(|at| self.time(at)).collect();
                let times = self.either(&times);
                let date = self.near_date(first);
                Some(match self.language {
                    Language::En => format!("{date} at {times}"),
                    Language::Es => format!("{date} a {} {times}", article(first)),
                    Language::De => format!("{date} um {times} Uhr"),
                    Language::Fr => format!("{date} à {times}"),
                })
            })
            .collect();
        let or = self.or();
        match days.split_last() {
            Some((last, before)) if !before.is_empty() => format!("{}, {or} {last}", before.join(", ")),
            Some((last, _)) => last.clone(),
            None => String::new(),
        }
    }

    /// "a, b or c"
    pub fn either(&self, items: &[String]) -> String {
        let or = self.or();
        match items.split_last() {
            Some((last, before)) if !before.is_empty() => format!("{} {or} {last}", before.join(", ")),
            Some((last, _)) => last.clone(),
            None => String::new(),
        }
    }

    fn or(&self) -> &'static str {
        match self.language {
            Language::En => "or",
            Language::Es => "o",
            Language::De => "oder",
            Language::Fr => "ou",
        }
    }

    /// "with Maria"
    pub fn with(&self, name: &str) -> String {
        let with = match self.language {
            Language::En => "with",
            Language::Es => "con",
            Language::De => "bei",
            Language::Fr => "avec",
        };
        format!("{with} {name}")
    }

    /// "for 2 people"
    pub fn people(&self, seats: u32) -> String {
        match self.language {
            Language::En => format!("for {seats} people"),
            Language::Es => format!("para {seats} personas"),
            Language::De => format!("für {seats} Personen"),
            Language::Fr => format!("pour {seats} personnes"),
        }
    }

    /// "60 minutes"
    pub fn minutes(&self, minutes: u32) -> String {
        match self.language {
            Language::En | Language::Fr => format!("{minutes} minutes"),
            Language::Es => format!("{minutes} minutos"),
            Language::De => format!("{minutes} Minuten"),
        }
    }

    /// Under a name: "under Anna Smith".
    pub fn under(&self, name: &str) -> String {
        match self.language {
            Language::En => format!("for {name}"),
            Language::Es => format!("a nombre de {name}"),
            Language::De => format!("auf den Namen {name}"),
            Language::Fr => format!("au nom de {name}"),
        }
    }
}

/// "a la 1:00", "a las 2:00"
fn article(at: &Zoned) -> &'static str {
    if at.hour() == 1 { "la" } else { "las" }
}
