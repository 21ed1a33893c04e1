//! Google Calendar, API v3.
//!
//! Source of every fact here: the discovery document of `calendar/v3` and the guides on synchronisation and push
//! (developers.google.com/workspace/calendar/api). Google expands series itself (`singleEvents`), so each instance is an
//! event with an id of its own.

use async_trait::async_trait;
use frontdesk_http::header::HeaderMap;
use frontdesk_http::{Method, Response, Url};
use serde::Deserialize;
use serde_json::{Value, json};

use super::cursor::{Covered, wide};
use super::wire::set;
use super::wire::{base_url, below, instant, midnight, rfc3339, words, zone};
use super::{
    Access, BuildError, CalendarAccount, CalendarError, ChangePage, ChangesQuery, ClientId, MOST_CHANGES,
    OutgoingEvent, Push, PushChannel, PushState, RemoteCalendar, RemoteChange, RemoteEvent, RemoteRef,
};
use crate::manifest::{AuthKind, Category, Manifest};
use frontdesk_domain::time::Timestamp;

/// Its id.
pub const ID: &str = "google_calendar";
/// What it says about itself.
pub const MANIFEST: Manifest = Manifest {
    id: ID,
    name: "Google Calendar",
    category: Category::Calendar,
    settings_schema: schema,
    auth: AuthKind::OAuth2,
    docs: "https://developers.google.com/workspace/calendar/api/guides/overview",
};

const BASE_URL: &str = "https://www.googleapis.com/calendar/v3";
/// Under which private property an event of ours carries our id.
const MARK: &str = "frontdesk";
/// Events per page; Google allows 2500.
const PAGE: &str = "1000";
/// How long a channel is asked to live, in seconds.
const CHANNEL_LIFE: u64 = 7 * 24 * 3600;

fn schema() -> Value {
    json!({
        "type": "object",
        "additionalProperties": false,
        "required": ["client_id"],
        "properties": {
            "client_id": {"type": "string", "minLength": 1, "title": "OAuth client id"},
            "base_url": {"type": "string", "format": "uri", "default": BASE_URL, "title": "API address"},
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
}

/// The client.
pub struct Google {
    base: Url,
    access: Access,
}

impl Google {
    /// A client for one account.
    pub fn new(settings: &Settings, access: Access) -> Result<Self, BuildError> {
        Ok(Self { base: base_url(ID, settings.base_url.as_deref().unwrap_or(BASE_URL))?, access })
    }

    fn url(&self, segments: &[&str]) -> String {
        below(&self.base, segments)
    }

    /// The answer if it is a success. Google says "slow down" and "sign in again" with 403, too.
    fn judge(&self, response: Response) -> Result<Response, CalendarError> {
        if response.status.as_u16() != 403 {
            return self.access.judge(response);
        }
        let reason = reason(&response);
        match reason.as_deref() {
            Some("rateLimitExceeded" | "userRateLimitExceeded" | "quotaExceeded") => {
                Err(CalendarError::RateLimited { retry_after: self.access.wait(&response) })
            }
            Some("insufficientPermissions" | "authError") => Err(CalendarError::Unauthorized),
            _ => Err(CalendarError::Rejected { text: words(&response) }),
        }
    }

    async fn ask(&self, call: frontdesk_http::Call) -> Result<Response, CalendarError> {
        self.judge(self.access.send(call).await?)
    }

    async fn patch(&self, calendar: &str, id: &str, body: &Value) -> Result<RemoteRef, CalendarError> {
        let call = self
            .access
            .call(Method::PATCH, &self.url(&["calendars", calendar, "events", id]))
            .label("google_calendar.update")
            .idempotent()
            .query("sendUpdates", "none")
            .json(body);
        Ok(self.ask(call).await?.json::<Written>()?.into())
    }

    async fn insert(&self, calendar: &str, body: &Value) -> Result<RemoteRef, CalendarError> {
        let call = self
            .access
            .call(Method::POST, &self.url(&["calendars", calendar, "events"]))
            .label("google_calendar.create")
            // The id is ours: a repetition answers 409.
            .idempotent()
            .query("sendUpdates", "none")
            .json(body);
        Ok(self.ask(call).await?.json::<Written>()?.into())
    }
}

#[async_trait]
impl CalendarAccount for Google {
    async fn calendars(&self) -> Result<Vec<RemoteCalendar>, CalendarError> {
        let mut found = Vec::new();
        let mut page: Option<String> = None;
        loop {
            let mut call = self
                .access
                .call(Method::GET, &self.url(&["users", "me", "calendarList"]))
                .label("google_calendar.calendars")
                .query("maxResults", "250");
            if let Some(page) = &page {
                call = call.query("pageToken", page);
            }
            let list: CalendarList = self.ask(call).await?.json()?;
            found.extend(list.items.into_iter().filter(|entry| !entry.deleted).map(RemoteCalendar::from));
            page = list.next_page_token;
            if page.is_none() || found.len() > MOST_CHANGES {
                return Ok(found);
            }
        }
    }

    async fn changes(&self, query: &ChangesQuery<'_>) -> Result<ChangePage, CalendarError> {
        let covered = Covered::<String>::read(query.cursor, query.window)?;
        let window = covered.as_ref().map_or_else(|| wide(query.window), Covered::window);
        let mut changes = Vec::new();
        let mut page: Option<String> = None;
        loop {
            let mut call = self
                .access
                .call(Method::GET, &self.url(&["calendars", query.calendar, "events"]))
                .label("google_calendar.changes")
                .query("singleEvents", "true")
                .query("maxResults", PAGE);
            // With a token Google refuses a window; it keeps the first one's.
            call = match &covered {
                Some(covered) => call.query("syncToken", &covered.token),
                None => call.query("timeMin", &rfc3339(window.from)).query("timeMax", &rfc3339(window.to)),
            };
            if let Some(page) = &page {
                call = call.query("pageToken", page);
            }
            let response = self.access.send(call).await?;
            if covered.is_some() && is_cursor_gone(&response) {
                return Err(CalendarError::CursorGone);
            }
            let list: Events = self.judge(response)?.json()?;
            let home = zone(list.time_zone.as_deref().unwrap_or(query.zone));
            for item in list.items {
                changes.push(item.change(&home)?);
            }
            if changes.len() > MOST_CHANGES {
                return Err(CalendarError::Rejected {
                    text: format!("more than {MOST_CHANGES} events in the window"),
                });
            }
            page = list.next_page_token;
            if page.is_none() {
                // Without a token the next listing is a whole one again.
                let token = list.next_sync_token.ok_or_else(|| CalendarError::Unavailable {
                    text: "the listing ended without a sync token".to_owned(),
                })?;
                let next = Covered::new(window, token).cursor();
                return Ok(ChangePage { changes, next, full: covered.is_none() });
            }
        }
    }

    async fn put(
        &self,
        calendar: &str,
        event: &OutgoingEvent,
        known: Option<&RemoteRef>,
    ) -> Result<RemoteRef, CalendarError> {
        // The sequence is left to Google: it refuses one below its own, which counts other people's edits.
        let mut body = body(event);
        if let Some(known) = known {
            match self.patch(calendar, &known.id, &body).await {
                Err(CalendarError::NotFound) => {}
                done => return done,
            }
        }
        set(&mut body, "id", json!(event.id.as_str()));
        match self.insert(calendar, &body).await {
            // It exists already, perhaps deleted; a deleted one comes back.
            Err(CalendarError::Conflict) => {
                if let Some(fields) = body.as_object_mut() {
                    fields.remove("id");
                }
                self.patch(calendar, event.id.as_str(), &body).await
            }
            done => done,
        }
    }

    async fn remove(&self, calendar: &str, event: &RemoteRef) -> Result<(), CalendarError> {
        let call = self
            .access
            .call(Method::DELETE, &self.url(&["calendars", calendar, "events", &event.id]))
            .label("google_calendar.remove")
            .query("sendUpdates", "none");
        match self.ask(call).await {
            // 410 is "deleted", 404 "never was".
            Ok(_) | Err(CalendarError::NotFound) => Ok(()),
            Err(error) => Err(error),
        }
    }

    async fn watch(
        &self,
        calendar: &str,
        id: &str,
        callback: &str,
        token: &str,
    ) -> Result<Option<PushChannel>, CalendarError> {
        let body = json!({
            "id": id, "type": "web_hook", "address": callback, "token": token,
            "params": {"ttl": CHANNEL_LIFE.to_string()},
        });
        let call = self
            .access
            .call(Method::POST, &self.url(&["calendars", calendar, "events", "watch"]))
            .label("google_calendar.watch")
            .json(&body);
        let channel: Channel = self.ask(call).await?.json()?;
        let expires_at = channel
            .expiration
            .and_then(|text| text.parse().ok())
            .map_or_else(|| self.access.http.clock().now(), Timestamp::from_millis);
        Ok(Some(PushChannel { id: channel.id, resource: channel.resource_id, expires_at }))
    }

    async fn unwatch(&self, channel: &PushChannel) -> Result<(), CalendarError> {
        let call = self
            .access
            .call(Method::POST, &self.url(&["channels", "stop"]))
            .label("google_calendar.unwatch")
            .idempotent()
            .json(&json!({"id": channel.id, "resourceId": channel.resource}));
        match self.ask(call).await {
            Ok(_) | Err(CalendarError::NotFound) => Ok(()),
            Err(error) => Err(error),
        }
    }
}

/// What a call to our callback says; none when it is not Google's.
pub fn push(headers: &HeaderMap) -> Option<Push> {
    let text = |name: &str| headers.get(name)?.to_str().ok().map(str::to_owned);
    let state = match text("x-goog-resource-state")?.as_str() {
        "sync" => PushState::Opened,
        "exists" | "not_exists" => PushState::Changed,
        _ => return None,
    };
    Some(Push {
        channel: text("x-goog-channel-id")?,
        resource: text("x-goog-resource-id")?,
        token: text("x-goog-channel-token").unwrap_or_default(),
        state,
    })
}

fn reason(response: &Response) -> Option<String> {
    let body: Value = serde_json::from_slice(&response.body).ok()?;
    body.pointer("/error/errors/0/reason")?.as_str().map(str::to_owned)
}

/// 410 is documented; 400 with this reason is what a malformed token gets.
fn is_cursor_gone(response: &Response) -> bool {
    match response.status.as_u16() {
        410 => true,
        400 => matches!(
            reason(response).as_deref(),
            Some("fullSyncRequired" | "updatedMinTooLongAgo" | "invalidSyncToken")
        ),
        _ => false,
    }
}

fn body(event: &OutgoingEvent) -> Value {
    let at = |instant: Timestamp| json!({"dateTime": rfc3339(instant), "timeZone": event.zone});
    let attendees: Vec<Value> = event
        .attendees
        .iter()
        .map(|attendee| json!({"email": attendee.email, "displayName": attendee.name, "responseStatus": "accepted"}))
        .collect();
    json!({
        "status": "confirmed",
        "summary": event.summary,
        "description": event.description,
        "location": event.location,
        "start": at(event.start),
        "end": at(event.end),
        "transparency": "opaque",
        "attendees": attendees,
        "extendedProperties": {"private": {MARK: event.id.as_str()}},
    })
}

#[derive(Deserialize)]
struct Written {
    id: String,
    etag: Option<String>,
}

impl From<Written> for RemoteRef {
    fn from(written: Written) -> Self {
        Self { id: written.id, etag: written.etag }
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct CalendarList {
    #[serde(default)]
    items: Vec<CalendarEntry>,
    next_page_token: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct CalendarEntry {
    id: String,
    #[serde(default)]
    summary: String,
    summary_override: Option<String>,
    #[serde(default)]
    primary: bool,
    #[serde(default)]
    deleted: bool,
    #[serde(default)]
    access_role: String,
    time_zone: Option<String>,
    background_color: Option<String>,
}

impl From<CalendarEntry> for RemoteCalendar {
    fn from(entry: CalendarEntry) -> Self {
        Self {
            name: entry.summary_override.unwrap_or(entry.summary),
            primary: entry.primary,
            writable: matches!(entry.access_role.as_str(), "owner" | "writer"),
            zone: entry.time_zone,
            color: entry.background_color,
            id: entry.id,
        }
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Events {
    #[serde(default)]
    items: Vec<Item>,
    time_zone: Option<String>,
    next_page_token: Option<String>,
    next_sync_token: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Item {
    id: String,
    etag: Option<String>,
    #[serde(default)]
    status: String,
    #[serde(default)]
    summary: String,
    start: Option<At>,
    end: Option<At>,
    transparency: Option<String>,
    event_type: Option<String>,
    #[serde(default)]
    attendees: Vec<Guest>,
    #[serde(default)]
    extended_properties: Properties,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct At {
    date: Option<String>,
    date_time: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Guest {
    #[serde(default, rename = "self")]
    is_self: bool,
    #[serde(default)]
    response_status: String,
}

#[derive(Default, Deserialize)]
struct Properties {
    #[serde(default)]
    private: std::collections::HashMap<String, String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Channel {
    id: String,
    resource_id: String,
    expiration: Option<String>,
}

impl At {
    fn instant(&self, home: &jiff::tz::TimeZone) -> Result<Timestamp, CalendarError> {
        match (&self.date_time, &self.date) {
            (Some(at), _) => instant(at),
            (None, Some(date)) => midnight(date, home),
            (None, None) => Err(super::wire::unreadable("event", "a start or end without a time")),
        }
    }
}

impl Item {
    fn change(self, home: &jiff::tz::TimeZone) -> Result<RemoteChange, CalendarError> {
        // A deleted event has nothing but its id; one without times is nothing that can be busy.
        let (Some(start), Some(end)) = (&self.start, &self.end) else {
            return Ok(RemoteChange { key: self.id, events: Vec::new() });
        };
        if self.status == "cancelled" {
            return Ok(RemoteChange { key: self.id, events: Vec::new() });
        }
        let declined =
            self.attendees.iter().any(|guest| guest.is_self && guest.response_status == "declined");
        let free = self.transparency.as_deref() == Some("transparent")
            || matches!(self.event_type.as_deref(), Some("workingLocation" | "birthday"));
        let event = RemoteEvent {
            id: self.id.clone(),
            start: start.instant(home)?,
            end: end.instant(home)?,
            all_day: start.date.is_some(),
            busy: !free && !declined,
            summary: self.summary,
            ours: self.extended_properties.private.get(MARK).and_then(|id| ClientId::new(id.as_str())),
            etag: self.etag,
        };
        Ok(RemoteChange { key: self.id, events: vec![event] })
    }
}
