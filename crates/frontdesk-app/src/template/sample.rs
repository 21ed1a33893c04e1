//! A booking that never was, for looking at a text: its times in the zone of the business, said in the message's language.
//! What it is called, and who comes, are the samples of `variables.rs`.

use frontdesk_domain::locale::Language;
use frontdesk_domain::template::TemplateKind;
use frontdesk_domain::time::Timestamp;
use frontdesk_domain::workspace::BusinessFacts;
use frontdesk_domain::written;
use jiff::civil::date;

use super::render::{self, Values};

/// How long it takes.
const MINUTES: u32 = 45;
/// How long a code works.
const CODE_MINUTES: u32 = 10;

/// The values of every variable of a kind of message.
pub fn of(
    kind: TemplateKind,
    (name, zone): (&str, &str),
    facts: &BusinessFacts,
    language: Language,
) -> Values {
    let mut values = render::samples(kind);
    let wall = |day: i8, hour: i8, minute: i8| {
        let at = date(2026, 11, day).at(hour, minute, 0, 0);
        at.in_tz(zone).map_or(Timestamp::from_millis(0), |zoned| zoned.timestamp().into())
    };
    let (start, before, until) = (wall(24, 15, 30), wall(23, 9, 0), wall(23, 17, 0));
    let end = start.plus(std::time::Duration::from_secs(u64::from(MINUTES) * 60));
    let own = [
        ("business_name", name.to_owned()),
        ("business_phone", facts.phone.clone()),
        ("business_email", facts.email.clone()),
        ("business_address", facts.address.clone()),
        ("location", facts.address.clone()),
        ("when", written::moment(start, zone, language)),
        ("date", written::date(start, zone, language)),
        ("time", written::time(start, zone, language)),
        ("end_time", written::time(end, zone, language)),
        ("zone", written::zone(start, zone)),
        ("duration", written::duration(MINUTES, language)),
        ("previous_when", written::moment(before, zone, language)),
        ("expires", written::moment(until, zone, language)),
        ("minutes", written::duration(CODE_MINUTES, language)),
    ];
    for (name, value) in own {
        // What the business did not say of itself stays a sample.
        if let Some(sample) = values.get_mut(name).filter(|_| !value.is_empty()) {
            *sample = value;
        }
    }
    values
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_preview_in_spanish_has_spanish_dates_in_the_zone_of_the_business() {
        let house = ("Clínica Sol", "Europe/Madrid");
        let facts = BusinessFacts::default();
        let values = of(TemplateKind::BookingConfirmed, house, &facts, Language::Es);
        assert_eq!(values["business_name"], "Clínica Sol");
        assert_eq!(values["date"], "martes, 24 de noviembre de 2026");
        assert_eq!(values["time"], "15:30");
        assert_eq!(values["duration"], "45 minutos");
        assert_eq!(values["customer_name"], "Ana Gómez");
    }
}
