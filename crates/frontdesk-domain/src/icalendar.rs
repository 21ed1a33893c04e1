//! Invitations as iCalendar text (RFC 5545) with scheduling methods (RFC 5546): what mail programs put in calendars.
//!
//! One event per file. Times are UTC instants, so no zone has to be described and no reader can misread one. The UID
//! stays for good and SEQUENCE rises, by which a reader knows that a later file changes the earlier event. Reading
//! calendars is not here.

use std::fmt::Write as _;

use crate::time::Timestamp;

/// Longest line in octets, without its end (RFC 5545 §3.1).
const LINE: usize = 75;

/// What the file asks of its reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// Put it into the calendar, or move it.
    Request,
    /// Take it out.
    Cancel,
    /// Shown for adding by hand; nobody is asked to answer.
    Publish,
}

impl Method {
    /// The text form, as in `METHOD:REQUEST`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Request => "REQUEST",
            Self::Cancel => "CANCEL",
            Self::Publish => "PUBLISH",
        }
    }
}

/// Somebody with an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Party<'a> {
    /// Their name.
    pub name: &'a str,
    /// Their e-mail address.
    pub email: &'a str,
}

/// One event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Invitation<'a> {
    /// What the file asks.
    pub method: Method,
    /// Names the event for good.
    pub uid: &'a str,
    /// Rises with each change.
    pub sequence: u32,
    /// When this file was written.
    pub stamp: Timestamp,
    /// When the event starts.
    pub start: Timestamp,
    /// When it ends, exclusive.
    pub end: Timestamp,
    /// Whether it is still to be confirmed.
    pub tentative: bool,
    /// Its title.
    pub summary: &'a str,
    /// More about it.
    pub description: &'a str,
    /// Where; left out when empty.
    pub location: &'a str,
    /// A page about it; left out when empty.
    pub url: &'a str,
    /// Who invites; required for [`Method::Request`] and [`Method::Cancel`] by RFC 5546.
    pub organizer: Option<Party<'a>>,
    /// Who is invited.
    pub attendee: Option<Party<'a>>,
}

impl Invitation<'_> {
    /// The file's text, lines ended by CRLF.
    pub fn to_text(&self) -> String {
        let mut file = File::default();
        file.line("BEGIN:VCALENDAR");
        file.line("VERSION:2.0");
        file.line("PRODID:-//Frontdesk//Booking//EN");
        file.line("CALSCALE:GREGORIAN");
        file.line(&format!("METHOD:{}", self.method.as_str()));
        file.line("BEGIN:VEVENT");
        file.line(&format!("UID:{}", escape(self.uid)));
        file.line(&format!("SEQUENCE:{}", self.sequence));
        file.line(&format!("DTSTAMP:{}", instant(self.stamp)));
        file.line(&format!("DTSTART:{}", instant(self.start)));
        file.line(&format!("DTEND:{}", instant(self.end)));
        file.line(&format!("SUMMARY:{}", escape(self.summary)));
        if !self.description.is_empty() {
            file.line(&format!("DESCRIPTION:{}", escape(self.description)));
        }
        if !self.location.is_empty() {
            file.line(&format!("LOCATION:{}", escape(self.location)));
        }
        if is_plain(self.url) {
            file.line(&format!("URL:{}", self.url));
        }
        if let Some(organizer) = self.organizer.filter(|party| is_plain(party.email)) {
            file.line(&format!("ORGANIZER;CN={}:mailto:{}", parameter(organizer.name), organizer.email));
        }
        if let Some(attendee) = self.attendee.filter(|party| is_plain(party.email)) {
            // The customer asked for it: there is nothing to answer.
            file.line(&format!(
                "ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT=ACCEPTED;RSVP=FALSE;CN={}:mailto:{}",
                parameter(attendee.name),
                attendee.email
            ));
        }
        file.line(match (self.method, self.tentative) {
            (Method::Cancel, _) => "STATUS:CANCELLED",
            (_, true) => "STATUS:TENTATIVE",
            (_, false) => "STATUS:CONFIRMED",
        });
        file.line("TRANSP:OPAQUE");
        file.line("END:VEVENT");
        file.line("END:VCALENDAR");
        file.0
    }
}

#[derive(Default)]
struct File(String);

impl File {
    /// Adds a content line, folded between characters.
    fn line(&mut self, line: &str) {
        let mut length = 0;
        for c in line.chars() {
            if length + c.len_utf8() > LINE {
                self.0.push_str("\r\n ");
                length = 1;
            }
            self.0.push(c);
            length += c.len_utf8();
        }
        self.0.push_str("\r\n");
    }
}

/// `YYYYMMDDTHHMMSSZ` (RFC 5545 §3.3.5, form 2).
fn instant(at: Timestamp) -> String {
    let civil = at.to_jiff().to_zoned(jiff::tz::TimeZone::UTC);
    let mut text = String::with_capacity(16);
    // Writing to a string cannot fail.
    let _ = write!(
        text,
        "{:04}{:02}{:02}T{:02}{:02}{:02}Z",
        civil.year(),
        civil.month(),
        civil.day(),
        civil.hour(),
        civil.minute(),
        civil.second()
    );
    text
}

/// A value of type TEXT (RFC 5545 §3.3.11).
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.replace("\r\n", "\n").chars() {
        match c {
            '\\' | ';' | ',' => {
                out.push('\\');
                out.push(c);
            }
            '\n' => out.push_str("\\n"),
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    out
}

/// A quoted parameter value; what may not stand in one is left out (RFC 5545 §3.2).
fn parameter(text: &str) -> String {
    let kept: String = text.chars().filter(|c| !c.is_control() && *c != '"').collect();
    format!("\"{kept}\"")
}

/// Whether it can stand as it is: an address without spaces and control characters.
fn is_plain(text: &str) -> bool {
    !text.is_empty() && !text.chars().any(|c| c.is_control() || c.is_whitespace() || c == '"')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn invitation<'a>() -> Invitation<'a> {
        Invitation {
            method: Method::Request,
            uid: "book_1@desk.example",
            sequence: 2,
            stamp: Timestamp::from_millis(1_774_000_000_000),
            start: Timestamp::from_millis(1_774_003_600_000),
            end: Timestamp::from_millis(1_774_005_400_000),
            tentative: false,
            summary: "Cleaning, check; and \\ more",
            description: "Line one\nLine two",
            location: "1 High Street",
            url: "https://desk.example/book/manage/x",
            organizer: Some(Party { name: "Riverside \"Dental\"", email: "desk@example.com" }),
            attendee: Some(Party { name: "Ana\r\nSUMMARY:evil", email: "ana@example.com" }),
        }
    }

    #[test]
    fn text_is_escaped_and_nothing_smuggles_a_line() {
        let text = invitation().to_text();
        assert!(text.contains("SUMMARY:Cleaning\\, check\\; and \\\\ more\r\n"), "{text}");
        assert!(text.contains("DESCRIPTION:Line one\\nLine two\r\n"), "{text}");
        assert!(text.contains("CN=\"Riverside Dental\""), "{text}");
        assert_eq!(text.matches("\r\nSUMMARY").count(), 1, "{text}");
        assert!(text.contains("DTSTART:20260320T104640Z"), "{text}");
    }

    #[test]
    fn lines_are_folded_between_characters_and_unfold_to_what_they_were() {
        let long = "Grüße über die Brücke ".repeat(20);
        let text = Invitation { summary: &long, ..invitation() }.to_text();
        assert!(text.split("\r\n").all(|line| line.len() <= LINE), "{text}");
        assert!(text.replace("\r\n ", "").contains(&format!("SUMMARY:{long}")), "{text}");
        assert!(!text.replace("\r\n", "").contains('\n'));
    }

    #[test]
    fn a_cancellation_says_so_twice() {
        let text = Invitation { method: Method::Cancel, ..invitation() }.to_text();
        assert!(text.contains("METHOD:CANCEL\r\n") && text.contains("STATUS:CANCELLED\r\n"), "{text}");
    }
}
