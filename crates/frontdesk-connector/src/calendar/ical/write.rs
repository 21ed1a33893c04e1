//! Our appointments as calendar files.

use super::super::OutgoingEvent;
use super::super::wire::basic;

/// The file of one appointment. Times are in UTC, so that no reader needs to know our zones.
pub fn write(event: &OutgoingEvent) -> String {
    let mut lines = vec![
        "BEGIN:VCALENDAR".to_owned(),
        "VERSION:2.0".to_owned(),
        "PRODID:-//Frontdesk//Booking//EN".to_owned(),
        "BEGIN:VEVENT".to_owned(),
        format!("UID:{}", event.id.uid()),
        format!("DTSTAMP:{}", basic(event.updated_at)),
        format!("SEQUENCE:{}", event.sequence),
        format!("DTSTART:{}", basic(event.start)),
        format!("DTEND:{}", basic(event.end)),
        format!("SUMMARY:{}", escaped(&event.summary)),
        "STATUS:CONFIRMED".to_owned(),
        "TRANSP:OPAQUE".to_owned(),
    ];
    for (name, text) in [("DESCRIPTION", &event.description), ("LOCATION", &event.location)] {
        if !text.is_empty() {
            lines.push(format!("{name}:{}", escaped(text)));
        }
    }
    // Attendees would make a scheduling server (RFC 6638) send invitations of its own; our mail does that.
    for attendee in &event.attendees {
        lines.push(format!("CONTACT:{}", escaped(&format!("{} <{}>", attendee.name, attendee.email))));
    }
    lines.push("END:VEVENT".to_owned());
    lines.push("END:VCALENDAR".to_owned());
    lines.iter().map(|line| folded(line)).collect()
}

/// RFC 5545 §3.3.11. Line ends become one form; other control characters are not allowed at all.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.replace("\r\n", "\n").chars() {
        match character {
            '\\' | ';' | ',' => out.extend(['\\', character]),
            '\n' | '\r' => out.push_str("\\n"),
            control if control.is_control() && control != '\t' => {}
            other => out.push(other),
        }
    }
    out
}

/// RFC 5545 §3.1: lines of at most 75 bytes, never cut inside a character.
fn folded(line: &str) -> String {
    let mut out = String::with_capacity(line.len() + 8);
    let mut width = 0;
    for character in line.chars() {
        if width + character.len_utf8() > 75 {
            out.push_str("\r\n ");
            width = 1;
        }
        out.push(character);
        width += character.len_utf8();
    }
    out.push_str("\r\n");
    out
}
