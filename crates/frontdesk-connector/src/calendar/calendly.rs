//! Calendly, API v2: taking over what a business set up there. Reading only, and no calendar of its own.
//!
//! Source: developer.calendly.com. Only the tests' answers, written from those pages, have exercised it.

use frontdesk_domain::time::Timestamp;
use frontdesk_http::{Method, Url};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::wire::{base_url, below, instant, rfc3339, same_origin};
use super::{Access, BuildError, CalendarError, Window};
use crate::manifest::{AuthKind, Category, Manifest};

/// Its id.
pub const ID: &str = "calendly";
/// What it says about itself.
pub const MANIFEST: Manifest = Manifest {
    id: ID,
    name: "Calendly (import)",
    category: Category::Import,
    settings_schema: schema,
    auth: AuthKind::OAuth2,
    docs: "https://developer.calendly.com/api-docs",
};

const BASE_URL: &str = "https://api.calendly.com";
/// Most kinds of appointment, hours, and guests of one appointment that are read.
const MOST: usize = 500;

fn schema() -> Value {
    json!({
        "type": "object",
        "additionalProperties": false,
        "required": ["client_id"],
        "properties": {
            "client_id": {"type": "string", "minLength": 1, "title": "Client id"},
            "base_url": {"type": "string", "format": "uri", "default": BASE_URL, "title": "API address"},
            "auth_url": {"type": "string", "format": "uri", "title": "Consent page"},
            "token_url": {"type": "string", "format": "uri", "title": "Token address"},
            "revoke_url": {"type": "string", "format": "uri", "title": "Revocation address"},
        },
    })
}

/// A kind of appointment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportedType {
    /// Calendly's id; import again by it.
    pub uri: String,
    /// Its name.
    pub name: String,
    /// The last part of its address.
    pub slug: String,
    /// Plain text.
    pub description: String,
    /// How long, in minutes.
    pub minutes: u32,
    /// Whether it can be booked.
    pub active: bool,
    /// Whether it is shown on the person's page; otherwise only who has its address can book it.
    pub listed: bool,
    /// Its colour as `#rrggbb`.
    pub color: Option<String>,
}

/// Hours in which appointments are taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportedHours {
    /// Their name.
    pub name: String,
    /// Whether new kinds of appointment use them.
    pub default: bool,
    /// IANA zone.
    pub zone: String,
    /// When.
    pub rules: Vec<ImportedRule>,
}

/// Hours of a day of the week, or of one date; without intervals, a day off.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportedRule {
    /// `monday` to `sunday`, or a date `2026-03-02`.
    pub day: String,
    /// From and to, `HH:MM` on the wall.
    pub intervals: Vec<(String, String)>,
}

/// An appointment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportedBooking {
    /// Calendly's id; import again by it.
    pub uri: String,
    /// What it is called.
    pub name: String,
    /// [`ImportedType::uri`].
    pub kind: Option<String>,
    /// Start.
    pub start: Timestamp,
    /// End, excluded.
    pub end: Timestamp,
}

/// Somebody who booked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportedInvitee {
    /// Name.
    pub name: String,
    /// E-mail address.
    pub email: String,
    /// IANA zone.
    pub zone: Option<String>,
}

#[derive(Default, Deserialize)]
struct Settings {
    base_url: Option<String>,
}

/// The client.
pub struct Calendly {
    base: Url,
    access: Access,
}

impl Calendly {
    /// A client with these settings.
    pub fn new(settings: &Value, access: Access) -> Result<Self, BuildError> {
        let settings: Settings = super::wire::read(ID, settings)?;
        Ok(Self { base: base_url(ID, settings.base_url.as_deref().unwrap_or(BASE_URL))?, access })
    }

    /// Whose account it is: Calendly's id of the person, needed by every other question.
    pub async fn me(&self) -> Result<String, CalendarError> {
        let call = self.access.call(Method::GET, &below(&self.base, &["users", "me"])).label("calendly.me");
        let me: One<User> = self.access.ask(call).await?.json()?;
        Ok(me.resource.uri)
    }

    /// The person's kinds of appointment.
    pub async fn types(&self, me: &str) -> Result<Vec<ImportedType>, CalendarError> {
        let found: Vec<EventType> = self.list(&["event_types"], &[("user", me)], MOST).await?;
        Ok(found.into_iter().map(EventType::imported).collect())
    }

    /// The person's hours.
    pub async fn hours(&self, me: &str) -> Result<Vec<ImportedHours>, CalendarError> {
        let found: Vec<Schedule> = self.list(&["user_availability_schedules"], &[("user", me)], MOST).await?;
        Ok(found.into_iter().map(Schedule::imported).collect())
    }

    /// The person's appointments in a window that were not cancelled, earliest first. With `most` or more of them, at
    /// least the first `most`.
    pub async fn bookings(
        &self,
        me: &str,
        window: Window,
        most: usize,
    ) -> Result<Vec<ImportedBooking>, CalendarError> {
        let (from, to) = (rfc3339(window.from), rfc3339(window.to));
        let fields = [
            ("user", me),
            ("status", "active"),
            ("sort", "start_time:asc"),
            ("min_start_time", &from),
            ("max_start_time", &to),
        ];
        let events: Vec<Scheduled> = self.list(&["scheduled_events"], &fields, most).await?;
        events
            .into_iter()
            .map(|event| {
                Ok(ImportedBooking {
                    uri: event.uri,
                    name: event.name,
                    kind: event.event_type,
                    start: instant(&event.start_time)?,
                    end: instant(&event.end_time)?,
                })
            })
            .collect()
    }

    /// Who comes to an appointment, without those who called off.
    pub async fn invitees(&self, booking: &ImportedBooking) -> Result<Vec<ImportedInvitee>, CalendarError> {
        let id = booking.uri.rsplit('/').next().unwrap_or_default();
        let path = ["scheduled_events", id, "invitees"];
        let found: Vec<Invitee> = self.list(&path, &[("status", "active")], MOST).await?;
        let imported = |it: Invitee| ImportedInvitee { name: it.name, email: it.email, zone: it.timezone };
        Ok(found.into_iter().map(imported).collect())
    }

    async fn list<T: DeserializeOwned>(
        &self,
        path: &[&str],
        fields: &[(&str, &str)],
        most: usize,
    ) -> Result<Vec<T>, CalendarError> {
        let mut call = self.access.call(Method::GET, &below(&self.base, path)).query("count", "100");
        for (name, value) in fields {
            call = call.query(name, value);
        }
        let mut found = Vec::new();
        loop {
            let page: Page<T> = self.access.ask(call.label("calendly.list")).await?.json()?;
            found.extend(page.collection);
            match page.pagination.next_page {
                Some(next) if found.len() < most => {
                    call = self.access.call(Method::GET, &same_origin(&self.base, &next)?);
                }
                _ => return Ok(found),
            }
        }
    }
}

#[derive(Deserialize)]
struct One<T> {
    resource: T,
}

#[derive(Deserialize)]
struct Page<T> {
    collection: Vec<T>,
    pagination: Pagination,
}

#[derive(Deserialize)]
struct Pagination {
    next_page: Option<String>,
}

#[derive(Deserialize)]
struct User {
    uri: String,
}

#[derive(Deserialize)]
struct EventType {
    uri: String,
    name: String,
    slug: Option<String>,
    description_plain: Option<String>,
    duration: u32,
    active: bool,
    #[serde(default)]
    secret: bool,
    color: Option<String>,
}

impl EventType {
    fn imported(self) -> ImportedType {
        ImportedType {
            uri: self.uri,
            name: self.name,
            slug: self.slug.unwrap_or_default(),
            description: self.description_plain.unwrap_or_default(),
            minutes: self.duration,
            active: self.active,
            listed: !self.secret,
            color: self.color,
        }
    }
}

#[derive(Deserialize)]
struct Schedule {
    name: String,
    #[serde(default)]
    default: bool,
    timezone: String,
    rules: Vec<Rule>,
}

#[derive(Deserialize)]
struct Rule {
    wday: Option<String>,
    date: Option<String>,
    #[serde(default)]
    intervals: Vec<Interval>,
}

#[derive(Deserialize)]
struct Interval {
    from: String,
    to: String,
}

impl Schedule {
    fn imported(self) -> ImportedHours {
        let rule = |rule: Rule| {
            let day = rule.date.or(rule.wday)?;
            let intervals = rule.intervals.into_iter().map(|interval| (interval.from, interval.to)).collect();
            Some(ImportedRule { day, intervals })
        };
        ImportedHours {
            name: self.name,
            default: self.default,
            zone: self.timezone,
            rules: self.rules.into_iter().filter_map(rule).collect(),
        }
    }
}

#[derive(Deserialize)]
struct Scheduled {
    uri: String,
    name: String,
    event_type: Option<String>,
    start_time: String,
    end_time: String,
}

#[derive(Deserialize)]
struct Invitee {
    name: String,
    email: String,
    timezone: Option<String>,
}
