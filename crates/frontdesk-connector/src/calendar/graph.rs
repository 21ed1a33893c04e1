//! Outlook calendars through Microsoft Graph v1.0.
//!
//! Source: learn.microsoft.com/graph, pages on `event`, `calendarView: delta`, `subscription` and change notifications.
//! A listing is a round of pages ending in a delta link. In it an occurrence of a series carries only its times; what it
//! is called and how it counts stands in the series' master, which the round names when it changed.

use std::collections::HashMap;

use async_trait::async_trait;
use frontdesk_http::{Call, Method, Response, Url};
use jiff::civil;
use jiff::tz::TimeZone;
use serde::Deserialize;
use serde_json::{Value, json};

use super::cursor::{Covered, wide};
use super::wire::set;
use super::wire::{base_url, below, local, rfc3339, same_origin, unreadable, zone};
use super::{
    Access, BuildError, CalendarAccount, CalendarError, ChangePage, ChangesQuery, ClientId, MOST_CHANGES,
    OutgoingEvent, Push, PushChannel, PushState, RemoteCalendar, RemoteChange, RemoteEvent, RemoteRef,
    Window,
};
use crate::manifest::{AuthKind, Category, Manifest};
use frontdesk_domain::time::Timestamp;

/// Its id.
pub const ID: &str = "microsoft_calendar";
/// What it says about itself.
pub const MANIFEST: Manifest = Manifest {
    id: ID,
    name: "Microsoft Outlook",
    category: Category::Calendar,
    settings_schema: schema,
    auth: AuthKind::OAuth2,
    docs: "https://learn.microsoft.com/graph/api/resources/calendar",
};

const BASE_URL: &str = "https://graph.microsoft.com/v1.0";
/// Times in UTC, ids that survive a move between calendars.
const PREFER: &str = "outlook.timezone=\"UTC\", IdType=\"ImmutableId\"";
/// The named property an event of ours carries our id in; any GUID of one's own will do.
const MARK: &str = "String {8c1f2b1e-6d0a-4f0e-9a59-6d1d6f3a7c11} Name FrontdeskId";
/// Microsoft lets a subscription to events live for 4,230 minutes in its older and 10,080 in its newer tables.
const CHANNEL_LIFE: std::time::Duration = std::time::Duration::from_hours(70);
/// Most round trips for masters in one listing.
const MOST_MASTERS: usize = 200;

fn schema() -> Value {
    json!({
        "type": "object",
        "additionalProperties": false,
        "required": ["client_id"],
        "properties": {
            "client_id": {"type": "string", "minLength": 1, "title": "Application (client) id"},
            "tenant": {"type": "string", "default": "common", "pattern": "^[A-Za-z0-9.-]+$", "title": "Tenant"},
            "base_url": {"type": "string", "format": "uri", "default": BASE_URL, "title": "API address"},
            "auth_url": {"type": "string", "format": "uri", "title": "Consent page"},
            "token_url": {"type": "string", "format": "uri", "title": "Token address"},
        },
    })
}

/// Settings of a connection.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct Settings {
    base_url: Option<String>,
}

/// The client.
pub struct Graph {
    base: Url,
    access: Access,
}

impl Graph {
    /// A client for one account.
    pub fn new(settings: &Settings, access: Access) -> Result<Self, BuildError> {
        Ok(Self { base: base_url(ID, settings.base_url.as_deref().unwrap_or(BASE_URL))?, access })
    }

    fn call(&self, method: Method, segments: &[&str], label: &'static str) -> Call {
        self.call_at(method, &below(&self.base, segments), label)
    }

    fn call_at(&self, method: Method, url: &str, label: &'static str) -> Call {
        self.access.call(method, url).label(label).header("prefer", PREFER)
    }

    /// Our event by the id we gave it.
    async fn find(&self, calendar: &str, id: &ClientId) -> Result<Option<RemoteRef>, CalendarError> {
        let filter = format!(
            "singleValueExtendedProperties/Any(ep: ep/id eq '{MARK}' and ep/value eq '{}')",
            id.as_str()
        );
        let call = self
            .call(Method::GET, &["me", "calendars", calendar, "events"], "microsoft_calendar.find")
            .query("$filter", &filter)
            .query("$select", "id")
            .query("$top", "1");
        let found: Page<Written> = self.access.ask(call).await?.json()?;
        Ok(found.value.into_iter().next().map(RemoteRef::from))
    }

    async fn patch(&self, id: &str, body: &Value) -> Result<RemoteRef, CalendarError> {
        let call = self
            .call(Method::PATCH, &["me", "events", id], "microsoft_calendar.update")
            .idempotent()
            .json(body);
        Ok(self.access.ask(call).await?.json::<Written>()?.into())
    }

    /// The whole round from the first page or a delta link: its items and the next delta link.
    async fn round(&self, first: Call, known: bool) -> Result<(Vec<Item>, String), CalendarError> {
        let mut items: Vec<Item> = Vec::new();
        let mut call = first;
        loop {
            let response = self.access.send(call).await?;
            if known && is_cursor_gone(&response) {
                return Err(CalendarError::CursorGone);
            }
            let page: Page<Item> = self.access.judge(response)?.json()?;
            items.extend(page.value);
            if items.len() > MOST_CHANGES {
                let text = format!("more than {MOST_CHANGES} events in the window");
                return Err(CalendarError::Rejected { text });
            }
            match (page.next_link, page.delta_link) {
                (Some(next), _) => {
                    let next = same_origin(&self.base, &next)?;
                    call = self.call_at(Method::GET, &next, "microsoft_calendar.changes");
                }
                (None, Some(delta)) => return Ok((items, same_origin(&self.base, &delta)?)),
                (None, None) => {
                    let text = "the listing ended without a delta link".to_owned();
                    return Err(CalendarError::Unavailable { text });
                }
            }
        }
    }

    /// Masters of occurrences that do not say how they count: from the round, else asked for.
    async fn masters(&self, items: &[Item]) -> Result<HashMap<String, Item>, CalendarError> {
        let mut masters: HashMap<String, Item> = items
            .iter()
            .filter(|item| item.kind.as_deref() == Some("seriesMaster"))
            .map(|item| (item.id.clone(), item.clone()))
            .collect();
        for item in items.iter().filter(|item| item.show_as.is_none() && item.removed.is_none()) {
            let Some(master) = item.series_master_id.as_deref() else { continue };
            if masters.contains_key(master) || masters.len() >= MOST_MASTERS {
                continue;
            }
            let call = self.call(Method::GET, &["me", "events", master], "microsoft_calendar.series");
            match self.access.ask(call).await {
                Ok(response) => {
                    masters.insert(master.to_owned(), response.json()?);
                }
                // Deleted since: the next round says so.
                Err(CalendarError::NotFound) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(masters)
    }
}

#[async_trait]
impl CalendarAccount for Graph {
    async fn calendars(&self) -> Result<Vec<RemoteCalendar>, CalendarError> {
        let mut found = Vec::new();
        let mut call =
            self.call(Method::GET, &["me", "calendars"], "microsoft_calendar.calendars").query("$top", "100");
        loop {
            let page: Page<CalendarEntry> = self.access.ask(call).await?.json()?;
            found.extend(page.value.into_iter().map(RemoteCalendar::from));
            match page.next_link {
                Some(next) if found.len() < 1_000 => {
                    let next = same_origin(&self.base, &next)?;
                    call = self.call_at(Method::GET, &next, "microsoft_calendar.calendars");
                }
                _ => return Ok(found),
            }
        }
    }

    async fn changes(&self, query: &ChangesQuery<'_>) -> Result<ChangePage, CalendarError> {
        let covered = Covered::<String>::read(query.cursor, query.window)?;
        let window = covered.as_ref().map_or_else(|| wide(query.window), Covered::window);
        let first = if let Some(covered) = &covered {
            let link = same_origin(&self.base, &covered.token).map_err(|_| CalendarError::CursorGone)?;
            self.call_at(Method::GET, &link, "microsoft_calendar.changes")
        } else {
            let path = ["me", "calendars", query.calendar, "calendarView", "delta"];
            self.call(Method::GET, &path, "microsoft_calendar.changes")
                .query("startDateTime", &rfc3339(window.from))
                .query("endDateTime", &rfc3339(window.to))
        };
        let (items, delta) = self.round(first, covered.is_some()).await?;
        let masters = self.masters(&items).await?;
        let home = zone(query.zone);
        let mut changes = Vec::with_capacity(items.len());
        for item in items {
            // A master is no event of the view; its occurrences are.
            if item.kind.as_deref() == Some("seriesMaster") && item.removed.is_none() {
                continue;
            }
            let master = item.series_master_id.as_ref().and_then(|id| masters.get(id));
            changes.push(item.change(master, &home, window)?);
        }
        let next = Covered::new(window, delta).cursor();
        Ok(ChangePage { changes, next, full: covered.is_none() })
    }

    async fn put(
        &self,
        calendar: &str,
        event: &OutgoingEvent,
        known: Option<&RemoteRef>,
    ) -> Result<RemoteRef, CalendarError> {
        let mut fields = body(event);
        if let Some(known) = known {
            match self.patch(&known.id, &fields).await {
                Err(CalendarError::NotFound) => {}
                done => return done,
            }
        }
        if let Some(found) = self.find(calendar, &event.id).await? {
            return self.patch(&found.id, &fields).await;
        }
        set(&mut fields, "transactionId", json!(transaction(&event.id, known)));
        set(&mut fields, "singleValueExtendedProperties", json!([{"id": MARK, "value": event.id.as_str()}]));
        let call = self
            .call(Method::POST, &["me", "calendars", calendar, "events"], "microsoft_calendar.create")
            // The transaction id makes a repetition harmless.
            .idempotent()
            .json(&fields);
        match self.access.ask(call).await {
            Ok(response) => Ok(response.json::<Written>()?.into()),
            // A repetition that came too late for the search above.
            Err(CalendarError::Conflict) => match self.find(calendar, &event.id).await? {
                Some(found) => self.patch(&found.id, &body(event)).await,
                None => Err(CalendarError::Conflict),
            },
            Err(error) => Err(error),
        }
    }

    async fn remove(&self, _calendar: &str, event: &RemoteRef) -> Result<(), CalendarError> {
        let call = self.call(Method::DELETE, &["me", "events", &event.id], "microsoft_calendar.remove");
        match self.access.ask(call).await {
            Ok(_) | Err(CalendarError::NotFound) => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// Microsoft first calls the callback with a `validationToken` that must be sent back as plain text within ten
    /// seconds; see [`push`]. The channel's id is Microsoft's, not ours.
    async fn watch(
        &self,
        calendar: &str,
        _id: &str,
        callback: &str,
        token: &str,
    ) -> Result<Option<PushChannel>, CalendarError> {
        let expires_at = self.access.http.clock().now().plus(CHANNEL_LIFE);
        let body = json!({
            "changeType": "created,updated,deleted",
            "notificationUrl": callback,
            "lifecycleNotificationUrl": callback,
            "resource": format!("me/calendars/{calendar}/events"),
            "expirationDateTime": rfc3339(expires_at),
            "clientState": token,
        });
        let call = self.call(Method::POST, &["subscriptions"], "microsoft_calendar.watch").json(&body);
        let made: Subscription = self.access.ask(call).await?.json()?;
        let expires_at = super::wire::instant(&made.expiration_date_time)?;
        Ok(Some(PushChannel { id: made.id, resource: made.resource, expires_at }))
    }

    async fn unwatch(&self, channel: &PushChannel) -> Result<(), CalendarError> {
        let call = self.call(Method::DELETE, &["subscriptions", &channel.id], "microsoft_calendar.unwatch");
        match self.access.ask(call).await {
            Ok(_) | Err(CalendarError::NotFound) => Ok(()),
            Err(error) => Err(error),
        }
    }
}

/// What a call to our callback says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum GraphPush {
    /// The handshake: answer 200 with this as `text/plain`, nothing else.
    Validation(String),
    /// Pushes; answer 202.
    Pushes(Vec<Push>),
}

/// Reads a call: `validation` is the query parameter `validationToken`, decoded. None when it is not Microsoft's.
pub fn push(validation: Option<&str>, body: &[u8]) -> Option<GraphPush> {
    if let Some(token) = validation {
        // Sent back as it is: bounded, and no markup a browser could run.
        let harmless = token.len() <= 4_096 && !token.contains(['<', '>']);
        return harmless.then(|| GraphPush::Validation(token.to_owned()));
    }
    let notes: Page<Note> = serde_json::from_slice(body).ok()?;
    let pushes = notes.value.into_iter().take(1_000).map(|note| Push {
        state: match note.lifecycle_event.as_deref() {
            None | Some("missed") => PushState::Changed,
            // "subscriptionRemoved", "reauthorizationRequired"
            Some(_) => PushState::Ended,
        },
        channel: note.subscription_id,
        resource: note.resource.unwrap_or_default(),
        token: note.client_state.unwrap_or_default(),
    });
    Some(GraphPush::Pushes(pushes.collect()))
}

/// Microsoft remembers transaction ids of deleted events: one that has to be made anew needs another.
fn transaction(id: &ClientId, lost: Option<&RemoteRef>) -> String {
    match lost {
        None => format!("frontdesk-{}", id.as_str()),
        Some(lost) => {
            let tail: String = lost.id.chars().rev().filter(char::is_ascii_alphanumeric).take(12).collect();
            format!("frontdesk-{}-{tail}", id.as_str())
        }
    }
}

fn is_cursor_gone(response: &Response) -> bool {
    const GONE: &[&str] =
        &["syncStateNotFound", "SyncStateNotFound", "resyncRequired", "syncStateInvalid", "SyncStateInvalid"];
    let body: Value = serde_json::from_slice(&response.body).unwrap_or_default();
    let code = body.pointer("/error/code").and_then(Value::as_str).unwrap_or_default();
    response.status.as_u16() == 410 || (response.status.as_u16() == 400 && GONE.contains(&code))
}

fn body(event: &OutgoingEvent) -> Value {
    let at = |instant: Timestamp| {
        let text = instant.to_jiff().strftime("%Y-%m-%dT%H:%M:%S").to_string();
        json!({"dateTime": text, "timeZone": "UTC"})
    };
    let mut text = event.description.clone();
    for attendee in &event.attendees {
        text.extend(["\n", &attendee.name, " <", &attendee.email, ">"]);
    }
    json!({
        "subject": event.summary,
        "body": {"contentType": "text", "content": text.trim()},
        "location": {"displayName": event.location},
        "start": at(event.start),
        "end": at(event.end),
        "showAs": "busy",
        "isAllDay": false,
    })
}

#[derive(Deserialize)]
struct Page<T> {
    #[serde(default = "Vec::new")]
    value: Vec<T>,
    #[serde(rename = "@odata.nextLink")]
    next_link: Option<String>,
    #[serde(rename = "@odata.deltaLink")]
    delta_link: Option<String>,
}

#[derive(Deserialize)]
struct Written {
    id: String,
    #[serde(rename = "@odata.etag")]
    etag: Option<String>,
}

impl From<Written> for RemoteRef {
    fn from(written: Written) -> Self {
        Self { id: written.id, etag: written.etag }
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct CalendarEntry {
    id: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    is_default_calendar: bool,
    #[serde(default)]
    can_edit: bool,
    #[serde(default)]
    hex_color: String,
}

impl From<CalendarEntry> for RemoteCalendar {
    fn from(entry: CalendarEntry) -> Self {
        Self {
            id: entry.id,
            name: entry.name,
            primary: entry.is_default_calendar,
            writable: entry.can_edit,
            // The mailbox has one, its calendars do not; reading it takes a further permission.
            zone: None,
            color: Some(entry.hex_color).filter(|color| color.starts_with('#')),
        }
    }
}

#[derive(Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Item {
    id: String,
    #[serde(rename = "@odata.etag")]
    etag: Option<String>,
    #[serde(rename = "@removed")]
    removed: Option<Value>,
    #[serde(rename = "type")]
    kind: Option<String>,
    series_master_id: Option<String>,
    subject: Option<String>,
    start: Option<At>,
    end: Option<At>,
    is_all_day: Option<bool>,
    is_cancelled: Option<bool>,
    show_as: Option<String>,
    response_status: Option<Answered>,
    transaction_id: Option<String>,
}

#[derive(Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
struct At {
    date_time: String,
    #[serde(default)]
    time_zone: String,
}

#[derive(Clone, Deserialize)]
struct Answered {
    response: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Subscription {
    id: String,
    resource: String,
    expiration_date_time: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Note {
    subscription_id: String,
    client_state: Option<String>,
    resource: Option<String>,
    lifecycle_event: Option<String>,
}

impl At {
    /// `2026-03-02T18:00:00.0000000`, in UTC as we prefer; an all-day event's date is its owner's, not UTC's.
    fn instant(&self, all_day: bool, home: &TimeZone) -> Result<Timestamp, CalendarError> {
        let at: civil::DateTime =
            self.date_time.trim_end_matches('Z').parse().map_err(|_| unreadable("time", &self.date_time))?;
        if all_day {
            return Ok(local(at.date().at(0, 0, 0, 0), home));
        }
        let zone = TimeZone::get(&self.time_zone).unwrap_or(TimeZone::UTC);
        Ok(local(at, &zone))
    }
}

impl Item {
    fn change(
        self,
        master: Option<&Item>,
        home: &TimeZone,
        window: Window,
    ) -> Result<RemoteChange, CalendarError> {
        let gone = self.removed.is_some() || self.is_cancelled == Some(true);
        let (Some(start), Some(end), false) = (&self.start, &self.end, gone) else {
            return Ok(RemoteChange { key: self.id, events: Vec::new() });
        };
        let all_day = self.is_all_day.or(master.and_then(|master| master.is_all_day)).unwrap_or(false);
        let (start, end) = (start.instant(all_day, home)?, end.instant(all_day, home)?);
        if !window.meets(start, end) {
            return Ok(RemoteChange { key: self.id, events: Vec::new() });
        }
        let show_as = self.show_as.as_deref().or_else(|| master?.show_as.as_deref());
        let answer = self.response_status.as_ref().or_else(|| master?.response_status.as_ref());
        let declined = answer.and_then(|answer| answer.response.as_deref()) == Some("declined");
        // "free" is free; so is "workingElsewhere", which says where, not whether. What is unknown blocks.
        let busy = !matches!(show_as, Some("free" | "workingElsewhere")) && !declined;
        let transaction = self.transaction_id.as_deref().and_then(|id| id.strip_prefix("frontdesk-"));
        let event = RemoteEvent {
            id: self.id.clone(),
            start,
            end,
            all_day,
            busy,
            summary: self.subject.or_else(|| master?.subject.clone()).unwrap_or_default(),
            ours: transaction.and_then(|id| ClientId::new(id.split('-').next().unwrap_or_default())),
            etag: self.etag,
        };
        Ok(RemoteChange { key: self.id, events: vec![event] })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_handshake_is_answered_and_markup_is_not() {
        assert_eq!(push(Some("Validation: abc"), b""), Some(GraphPush::Validation("Validation: abc".into())));
        assert_eq!(push(Some("<script>"), b""), None);
        assert_eq!(push(None, b"not json"), None);
    }

    #[test]
    fn changes_and_ends_of_a_subscription_are_told_apart() {
        let body = br#"{"value":[
            {"subscriptionId":"s1","clientState":"t","changeType":"updated","resource":"Users/1/Events/2"},
            {"subscriptionId":"s1","clientState":"t","lifecycleEvent":"missed"},
            {"subscriptionId":"s2","clientState":"t","lifecycleEvent":"subscriptionRemoved"}]}"#;
        let Some(GraphPush::Pushes(pushes)) = push(None, body) else { panic!("no pushes") };
        let states: Vec<PushState> = pushes.iter().map(|push| push.state).collect();
        assert_eq!(states, [PushState::Changed, PushState::Changed, PushState::Ended]);
        assert_eq!(pushes[0].token, "t");
    }
}
