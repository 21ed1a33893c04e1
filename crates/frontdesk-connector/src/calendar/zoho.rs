//! Zoho Calendar, API v1.
//!
//! Source: zoho.com/calendar/help/api. There is no sync token and no push: every listing is a whole one, in pieces of at
//! most 31 days. Zoho chooses the ids, so an event of ours carries our id in its description; before making one, the day
//! around it is searched for it. Only the simulator, written from the same pages, has exercised this client.

use std::collections::BTreeMap;

use async_trait::async_trait;
use frontdesk_http::{Call, Method, Response, Url};
use jiff::civil;
use jiff::tz::TimeZone;
use serde::Deserialize;
use serde_json::{Value, json};

use super::cursor::Covered;
use super::wire::set;
use super::wire::{base_url, basic, below, local, unreadable, words, zone};
use super::{
    Access, BuildError, CalendarAccount, CalendarError, ChangePage, ChangesQuery, ClientId, MOST_CHANGES,
    OutgoingEvent, PushChannel, RemoteCalendar, RemoteChange, RemoteEvent, RemoteRef, Window,
};
use crate::manifest::{AuthKind, Category, Manifest};
use frontdesk_domain::time::Timestamp;

/// Its id.
pub const ID: &str = "zoho_calendar";
/// What it says about itself.
pub const MANIFEST: Manifest = Manifest {
    id: ID,
    name: "Zoho Calendar",
    category: Category::Calendar,
    settings_schema: schema,
    auth: AuthKind::OAuth2,
    docs: "https://www.zoho.com/calendar/help/api/introduction.html",
};

/// Zoho refuses a longer range; a day is kept for zones.
const PIECE: std::time::Duration = std::time::Duration::from_hours(30 * 24);
const DAY: std::time::Duration = std::time::Duration::from_hours(24);
/// Before our id in the description.
const MARK: &str = "Ref: frontdesk-";

fn schema() -> Value {
    json!({
        "type": "object",
        "additionalProperties": false,
        "required": ["client_id"],
        "properties": {
            "client_id": {"type": "string", "minLength": 1, "title": "Client id"},
            "data_center": {
                "type": "string", "default": "com", "title": "Data centre",
                "enum": ["com", "eu", "in", "com.au", "jp", "ca", "sa", "uk"],
            },
            "base_url": {"type": "string", "format": "uri", "title": "API address"},
            "auth_url": {"type": "string", "format": "uri", "title": "Consent page"},
            "token_url": {"type": "string", "format": "uri", "title": "Token address"},
            "revoke_url": {"type": "string", "format": "uri", "title": "Revocation address"},
        },
    })
}

/// Settings of a connection.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct Settings {
    base_url: Option<String>,
    data_center: Option<String>,
}

/// The client.
pub struct Zoho {
    base: Url,
    access: Access,
}

impl Zoho {
    /// A client for one account.
    pub fn new(settings: Settings, access: Access) -> Result<Self, BuildError> {
        let center = settings.data_center.as_deref().unwrap_or("com");
        let base = settings.base_url.unwrap_or_else(|| format!("https://calendar.zoho.{center}/api/v1"));
        Ok(Self { base: base_url(ID, &base)?, access })
    }

    fn call(&self, method: Method, segments: &[&str], label: &'static str) -> Call {
        self.access.call_as("Zoho-oauthtoken", method, &below(&self.base, segments)).label(label)
    }

    /// The answer if it is a success. Zoho counts calls per minute and says so with 400 as well as 429.
    async fn ask(&self, call: Call) -> Result<Response, CalendarError> {
        let response = self.access.send(call).await?;
        if response.status.as_u16() == 400 {
            let text = words(&response);
            return Err(match text.to_ascii_uppercase() {
                upper if upper.contains("INVALID_OAUTHTOKEN") || upper.contains("INVALID_TICKET") => {
                    CalendarError::Unauthorized
                }
                upper if upper.contains("THROTTLE") || upper.contains("URL_ROLLING") => {
                    CalendarError::RateLimited { retry_after: self.access.wait(&response) }
                }
                upper if upper.contains("ETAG") => CalendarError::Conflict,
                _ => CalendarError::Rejected { text },
            });
        }
        self.access.judge(response)
    }

    /// Every event of a stretch of time, instances of series one by one.
    async fn list(&self, calendar: &str, window: Window) -> Result<Vec<Item>, CalendarError> {
        let mut found = Vec::new();
        let mut from = window.from;
        while from < window.to {
            let to = from.plus(PIECE).min(window.to);
            let range = json!({"start": basic(from), "end": basic(to)}).to_string();
            let call = self
                .call(Method::GET, &["calendars", calendar, "events"], "zoho_calendar.changes")
                // Without this the description, and our mark in it, is left out.
                .header("accept", "application/json+large")
                .query("range", &range)
                .query("byinstance", "true");
            let response = self.ask(call).await?;
            // "204 No Content" is what an empty range gets.
            if !response.body.is_empty() {
                let events = response.json::<Events>()?.events;
                // An empty range may also get one entry with a message and no event.
                for event in events.into_iter().filter(|event| event.get("uid").is_some()) {
                    let text = event.get("uid").map(Value::to_string).unwrap_or_default();
                    found.push(serde_json::from_value(event).map_err(|_| unreadable("event", &text))?);
                }
            }
            if found.len() > MOST_CHANGES {
                let text = format!("more than {MOST_CHANGES} events in the window");
                return Err(CalendarError::Rejected { text });
            }
            from = to;
        }
        Ok(found)
    }

    async fn get(&self, calendar: &str, uid: &str) -> Result<RemoteRef, CalendarError> {
        let call = self.call(Method::GET, &["calendars", calendar, "events", uid], "zoho_calendar.get");
        written(&self.ask(call).await?)
    }

    /// Writes over the event; Zoho wants its newest version named.
    async fn update(
        &self,
        calendar: &str,
        uid: &str,
        event: &OutgoingEvent,
    ) -> Result<RemoteRef, CalendarError> {
        let newest = self.get(calendar, uid).await?;
        let mut data = data(event);
        set(&mut data, "uid", json!(uid));
        set(&mut data, "etag", etag(&newest));
        let call = self
            .call(Method::PUT, &["calendars", calendar, "events", uid], "zoho_calendar.update")
            .query("eventdata", &data.to_string());
        written(&self.ask(call).await?)
    }
}

#[async_trait]
impl CalendarAccount for Zoho {
    async fn calendars(&self) -> Result<Vec<RemoteCalendar>, CalendarError> {
        let call = self.call(Method::GET, &["calendars"], "zoho_calendar.calendars");
        let list: Calendars = self.ask(call).await?.json()?;
        Ok(list.calendars.into_iter().map(RemoteCalendar::from).collect())
    }

    async fn changes(&self, query: &ChangesQuery<'_>) -> Result<ChangePage, CalendarError> {
        let items = self.list(query.calendar, query.window).await?;
        let home = zone(query.zone);
        let mut keys: BTreeMap<String, Vec<RemoteEvent>> = BTreeMap::new();
        for item in items {
            let key = item.uid.clone();
            let event = item.event(&home)?;
            let events = keys.entry(key).or_default();
            // An event across two pieces comes twice.
            if query.window.meets(event.start, event.end) && !events.iter().any(|known| known.id == event.id)
            {
                events.push(event);
            }
        }
        let changes = keys.into_iter().map(|(key, events)| RemoteChange { key, events }).collect();
        Ok(ChangePage { changes, next: Covered::new(query.window, ()).cursor(), full: true })
    }

    async fn put(
        &self,
        calendar: &str,
        event: &OutgoingEvent,
        known: Option<&RemoteRef>,
    ) -> Result<RemoteRef, CalendarError> {
        let uid = if let Some(known) = known {
            Some(known.id.clone())
        } else {
            let around = Window { from: event.start.minus(DAY), to: event.end.plus(DAY) };
            let items = self.list(calendar, around).await?;
            items.into_iter().find(|item| item.mark().as_ref() == Some(&event.id)).map(|item| item.uid)
        };
        if let Some(uid) = uid {
            match self.update(calendar, &uid, event).await {
                Err(CalendarError::NotFound) => {}
                done => return done,
            }
        }
        let call = self
            .call(Method::POST, &["calendars", calendar, "events"], "zoho_calendar.create")
            .query("eventdata", &data(event).to_string());
        written(&self.ask(call).await?)
    }

    async fn remove(&self, calendar: &str, event: &RemoteRef) -> Result<(), CalendarError> {
        let newest = match self.get(calendar, &event.id).await {
            Ok(newest) => newest,
            Err(CalendarError::NotFound) => return Ok(()),
            Err(error) => return Err(error),
        };
        let call = self
            .call(Method::DELETE, &["calendars", calendar, "events", &event.id], "zoho_calendar.remove")
            .header("etag", newest.etag.as_deref().unwrap_or_default());
        match self.ask(call).await {
            Ok(_) | Err(CalendarError::NotFound) => Ok(()),
            Err(error) => Err(error),
        }
    }

    async fn watch(
        &self,
        _calendar: &str,
        _id: &str,
        _callback: &str,
        _token: &str,
    ) -> Result<Option<PushChannel>, CalendarError> {
        Ok(None)
    }

    async fn unwatch(&self, _channel: &PushChannel) -> Result<(), CalendarError> {
        Ok(())
    }
}

fn data(event: &OutgoingEvent) -> Value {
    let attendees: Vec<Value> =
        event.attendees.iter().map(|attendee| json!({"email": attendee.email})).collect();
    json!({
        "title": event.summary,
        "description": format!("{}\n\n{MARK}{}", event.description, event.id.as_str()).trim(),
        "location": event.location,
        "dateandtime": {"timezone": event.zone, "start": basic(event.start), "end": basic(event.end)},
        "isallday": false,
        "attendees": attendees,
        // Our own mail tells people.
        "notify_attendee": 0,
    })
}

/// Zoho's versions are numbers.
fn etag(event: &RemoteRef) -> Value {
    let text = event.etag.as_deref().unwrap_or_default();
    text.parse::<i64>().map_or_else(|_| json!(text), |number| json!(number))
}

fn written(response: &Response) -> Result<RemoteRef, CalendarError> {
    let events: Written = response.json()?;
    let first = events.events.into_iter().next().ok_or(CalendarError::NotFound)?;
    Ok(RemoteRef { id: first.uid, etag: text_of(first.etag) })
}

fn text_of(etag: Option<Value>) -> Option<String> {
    match etag? {
        Value::String(text) => Some(text),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

#[derive(Deserialize)]
struct Calendars {
    #[serde(default)]
    calendars: Vec<CalendarEntry>,
}

#[derive(Deserialize)]
struct CalendarEntry {
    uid: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    isdefault: bool,
    #[serde(default)]
    privilege: String,
    timezone: Option<String>,
    color: Option<String>,
}

impl From<CalendarEntry> for RemoteCalendar {
    fn from(entry: CalendarEntry) -> Self {
        Self {
            id: entry.uid,
            name: entry.name,
            primary: entry.isdefault,
            writable: !matches!(entry.privilege.as_str(), "view" | "freebusy"),
            zone: entry.timezone,
            color: entry.color,
        }
    }
}

#[derive(Deserialize)]
struct Events {
    #[serde(default)]
    events: Vec<Value>,
}

#[derive(Deserialize)]
struct Written {
    #[serde(default)]
    events: Vec<WrittenEvent>,
}

#[derive(Deserialize)]
struct WrittenEvent {
    uid: String,
    etag: Option<Value>,
}

#[derive(Deserialize)]
struct Item {
    uid: String,
    etag: Option<Value>,
    #[serde(default)]
    title: String,
    #[serde(default)]
    description: String,
    #[serde(default)]
    isallday: bool,
    recurrenceid: Option<String>,
    /// 0 is busy, 1 is free.
    transparency: Option<Value>,
    #[serde(default)]
    role: String,
    #[serde(default)]
    attendees: Vec<Guest>,
    dateandtime: Option<Times>,
    start: Option<String>,
    end: Option<String>,
}

#[derive(Deserialize)]
struct Times {
    start: Option<String>,
    end: Option<String>,
    timezone: Option<String>,
}

#[derive(Deserialize)]
struct Guest {
    #[serde(default)]
    status: String,
}

impl Item {
    fn mark(&self) -> Option<ClientId> {
        let (_, after) = self.description.rsplit_once(MARK)?;
        let id: String = after.chars().take_while(char::is_ascii_alphanumeric).collect();
        ClientId::new(id)
    }

    fn event(self, home: &TimeZone) -> Result<RemoteEvent, CalendarError> {
        let times = self.dateandtime.as_ref();
        let own = times.and_then(|times| times.timezone.as_deref()).and_then(|name| TimeZone::get(name).ok());
        let zone = if self.isallday { home.clone() } else { own.unwrap_or_else(|| home.clone()) };
        let field =
            |inner: Option<&String>, outer: Option<&String>| inner.or(outer).cloned().unwrap_or_default();
        let start = field(times.and_then(|times| times.start.as_ref()), self.start.as_ref());
        let end = field(times.and_then(|times| times.end.as_ref()), self.end.as_ref());
        let start_at = point(&start, &zone)?;
        // Zoho's listing gives the last day of an all-day event, not the one after it, when both are the same.
        let end_at = match point(&end, &zone)? {
            end_at if self.isallday && end_at <= start_at => start_at.plus(DAY),
            end_at => end_at,
        };
        let free = matches!(&self.transparency, Some(value) if *value == json!(1) || *value == json!("1"));
        // A participant's listing shows the participant's own answer.
        let declined =
            self.role == "participant" && self.attendees.iter().any(|guest| guest.status == "DECLINED");
        Ok(RemoteEvent {
            id: self
                .recurrenceid
                .as_ref()
                .map_or_else(|| self.uid.clone(), |at| format!("{}#{at}", self.uid)),
            start: start_at,
            end: end_at,
            all_day: self.isallday,
            busy: !free && !declined,
            ours: self.mark(),
            summary: self.title,
            etag: text_of(self.etag),
        })
    }
}

/// `20260302T180000Z`, `20260302T190000` in the event's zone, `20260302T190000+0100` or `20260302`.
fn point(text: &str, zone: &TimeZone) -> Result<Timestamp, CalendarError> {
    let bad = || unreadable("time", text);
    if let Some(utc) = text.strip_suffix('Z') {
        let at = civil::DateTime::strptime("%Y%m%dT%H%M%S", utc).map_err(|_| bad())?;
        return Ok(local(at, &TimeZone::UTC));
    }
    if let Ok(at) = jiff::Timestamp::strptime("%Y%m%dT%H%M%S%z", text) {
        return Ok(at.into());
    }
    if let Ok(at) = civil::DateTime::strptime("%Y%m%dT%H%M%S", text) {
        return Ok(local(at, zone));
    }
    let date = civil::Date::strptime("%Y%m%d", text).map_err(|_| bad())?;
    Ok(local(date.at(0, 0, 0, 0), zone))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_in_every_form_zoho_writes() {
        let berlin = zone("Europe/Berlin");
        let read = |text: &str| point(text, &berlin).unwrap().to_string();
        assert_eq!(read("20260302T180000Z"), "2026-03-02T18:00:00.000Z");
        assert_eq!(read("20260302T190000"), "2026-03-02T18:00:00.000Z");
        assert_eq!(read("20260302T200000+0200"), "2026-03-02T18:00:00.000Z");
        assert_eq!(read("20260302"), "2026-03-01T23:00:00.000Z");
        assert!(point("tomorrow", &berlin).is_err());
    }
}
