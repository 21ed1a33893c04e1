//! Calendars on CalDAV servers (RFC 4791): Radicale, Nextcloud, iCloud, Fastmail and others.
//!
//! Changes come by sync token where the server has one (RFC 6578), else by comparing versions (ETags). The server hands
//! out files; series are expanded here ([`super::ical`]). There is no push.

mod discovery;
mod xml;

use std::collections::BTreeMap;

use async_trait::async_trait;
use frontdesk_http::{Call, Method, Response, Url, header};
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::cursor::{Covered, wide};
use super::wire::{base_url, basic, zone};
use super::{
    Access, BuildError, CalendarAccount, CalendarError, ChangePage, ChangesQuery, MOST_CHANGES,
    OutgoingEvent, PushChannel, RemoteCalendar, RemoteChange, RemoteEvent, RemoteRef, Window, ical,
};
use crate::manifest::{AuthKind, Category, Manifest};
use xml::{Found, Multistatus, escape};

/// Its id.
pub const ID: &str = "caldav";
/// What it says about itself.
pub const MANIFEST: Manifest = Manifest {
    id: ID,
    name: "CalDAV",
    category: Category::Calendar,
    settings_schema: schema,
    auth: AuthKind::Basic,
    docs: "https://www.rfc-editor.org/rfc/rfc4791",
};

/// Files asked for in one request.
const BATCH: usize = 50;
/// Most rounds of a listing that the server cuts into pieces.
const MOST_ROUNDS: usize = 100;

fn schema() -> Value {
    json!({
        "type": "object",
        "additionalProperties": false,
        "required": ["url", "username"],
        "properties": {
            "url": {"type": "string", "format": "uri", "title": "Server address"},
            "username": {"type": "string", "minLength": 1, "title": "User name"},
            "email": {"type": "string", "format": "email", "title": "Your address in invitations"},
        },
    })
}

/// Settings of a connection.
#[derive(Debug, Clone, Deserialize)]
pub struct Settings {
    url: String,
    #[serde(default)]
    username: String,
    email: Option<String>,
}

/// The client.
pub struct CalDav {
    base: Url,
    access: Access,
    /// By these addresses invitations know our user.
    me: Vec<String>,
}

/// Where a listing ended.
#[derive(Serialize, Deserialize)]
struct Token {
    /// The server's, where it has them.
    sync: Option<String>,
    /// Else the version of each file.
    #[serde(default)]
    etags: BTreeMap<String, String>,
}

impl CalDav {
    /// A client for one account.
    pub fn new(settings: Settings, access: Access) -> Result<Self, BuildError> {
        let me =
            settings.email.into_iter().chain([settings.username]).filter(|address| address.contains('@'));
        Ok(Self { base: base_url(ID, &settings.url)?, me: me.collect(), access })
    }

    /// An address the server named. The password goes to the server it was given for, or (iCloud moves accounts to
    /// hosts of their own) to one of the same domain, encrypted.
    fn resolve(&self, href: &str) -> Result<Url, CalendarError> {
        let url = self.base.join(href).map_err(|_| super::wire::unreadable("address", href))?;
        let domain = |url: &Url| {
            let host = url.host_str().unwrap_or_default();
            let labels: Vec<&str> = host.rsplit('.').take(2).collect();
            (labels.len() == 2 && host.parse::<std::net::IpAddr>().is_err()).then(|| labels.join("."))
        };
        let sibling = self.base.scheme() == "https"
            && url.scheme() == "https"
            && domain(&url).is_some()
            && domain(&url) == domain(&self.base);
        if url.origin() == self.base.origin() || sibling {
            Ok(url)
        } else {
            Err(CalendarError::Rejected { text: "the server names another server".to_owned() })
        }
    }

    /// How an address is kept: the path, or the whole where the host differs.
    fn id_of(&self, url: &Url) -> String {
        if url.origin() == self.base.origin() { url.path().to_owned() } else { url.as_str().to_owned() }
    }

    fn call(&self, method: &'static str, url: &Url, label: &'static str) -> Call {
        let method = Method::from_bytes(method.as_bytes()).unwrap_or(Method::GET);
        self.access.call(method, url.as_str()).label(label).idempotent()
    }

    /// PROPFIND or REPORT: a question in XML, answered with 207.
    async fn question(
        &self,
        method: &'static str,
        url: &Url,
        depth: &str,
        body: String,
    ) -> Result<Multistatus, CalendarError> {
        let call = self
            .call(method, url, "caldav.ask")
            .header("depth", depth)
            .body("application/xml; charset=utf-8", body);
        let response = self.access.send(call).await?;
        if is_cursor_gone(&response) {
            return Err(CalendarError::CursorGone);
        }
        let response = self.access.judge(response)?;
        Multistatus::read(&response.text())
            .ok_or_else(|| CalendarError::Unavailable { text: "the answer is not WebDAV".to_owned() })
    }

    /// Every file with something in the window.
    async fn query(&self, collection: &Url, window: Window) -> Result<Multistatus, CalendarError> {
        let body = format!(
            r#"<?xml version="1.0" encoding="utf-8"?><C:calendar-query xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav"><D:prop><D:getetag/><C:calendar-data/></D:prop><C:filter><C:comp-filter name="VCALENDAR"><C:comp-filter name="VEVENT"><C:time-range start="{}" end="{}"/></C:comp-filter></C:comp-filter></C:filter></C:calendar-query>"#,
            basic(window.from),
            basic(window.to)
        );
        self.question("REPORT", collection, "1", body).await
    }

    /// Files by their addresses.
    async fn files(&self, collection: &Url, hrefs: &[String]) -> Result<Vec<Found>, CalendarError> {
        let mut found = Vec::new();
        for batch in hrefs.chunks(BATCH) {
            let list: String = batch
                .iter()
                .flat_map(|href| ["<D:href>".to_owned(), escape(href), "</D:href>".to_owned()])
                .collect();
            let body = format!(
                r#"<?xml version="1.0" encoding="utf-8"?><C:calendar-multiget xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav"><D:prop><D:getetag/><C:calendar-data/></D:prop>{list}</C:calendar-multiget>"#
            );
            found.extend(self.question("REPORT", collection, "1", body).await?.found);
        }
        Ok(found)
    }

    /// The sync token of the collection, where it has one.
    async fn sync_token(&self, collection: &Url) -> Result<Option<String>, CalendarError> {
        let body = r#"<?xml version="1.0" encoding="utf-8"?><D:propfind xmlns:D="DAV:"><D:prop><D:sync-token/></D:prop></D:propfind>"#;
        let answer = self.question("PROPFIND", collection, "0", body.to_owned()).await?;
        Ok(answer.found.into_iter().find_map(|found| found.text("sync-token")))
    }

    /// Addresses and versions of all files.
    async fn etags(&self, collection: &Url) -> Result<BTreeMap<String, String>, CalendarError> {
        let body = r#"<?xml version="1.0" encoding="utf-8"?><D:propfind xmlns:D="DAV:"><D:prop><D:getetag/><D:resourcetype/></D:prop></D:propfind>"#;
        let answer = self.question("PROPFIND", collection, "1", body.to_owned()).await?;
        let files = answer.found.into_iter().filter(|found| !found.has("resourcetype", "collection"));
        Ok(files.filter_map(|found| Some((found.href.clone(), found.text("getetag")?))).collect())
    }

    /// Changed and removed files since the token, and the next token.
    async fn since(
        &self,
        collection: &Url,
        token: &str,
    ) -> Result<(Vec<String>, Vec<String>, String), CalendarError> {
        let (mut changed, mut removed, mut token) = (Vec::new(), Vec::new(), token.to_owned());
        for _ in 0..MOST_ROUNDS {
            let body = format!(
                r#"<?xml version="1.0" encoding="utf-8"?><D:sync-collection xmlns:D="DAV:"><D:sync-token>{}</D:sync-token><D:sync-level>1</D:sync-level><D:prop><D:getetag/></D:prop></D:sync-collection>"#,
                escape(&token)
            );
            let answer = self.question("REPORT", collection, "0", body).await?;
            token = answer.sync_token.ok_or(CalendarError::CursorGone)?;
            // RFC 6578 §3.6: 507 for the collection itself means that there is more.
            let mut cut = false;
            for found in answer.found {
                match found.status {
                    Some(507) => cut = true,
                    Some(404 | 410) => removed.push(found.href),
                    _ if self.is_at(collection, &found.href) => {}
                    _ => changed.push(found.href),
                }
            }
            if !cut {
                return Ok((changed, removed, token));
            }
        }
        Err(CalendarError::CursorGone)
    }

    fn is_at(&self, collection: &Url, href: &str) -> bool {
        let path = |url: &Url| url.path().trim_end_matches('/').to_owned();
        self.resolve(href).is_ok_and(|url| path(&url) == path(collection))
    }

    /// A file as the caller keeps it. One that cannot be read blocks nothing and stops nothing.
    fn change(&self, found: &Found, window: Window, home: &TimeZone) -> Result<RemoteChange, CalendarError> {
        let key = self.id_of(&self.resolve(&found.href)?);
        let etag = found.text("getetag");
        let text = found.text("calendar-data").unwrap_or_default();
        let instances = ical::instances(&text, window, home, &self.me).unwrap_or_else(|error| {
            tracing::warn!(%error, "a file of a calendar cannot be read and is passed over");
            Vec::new()
        });
        let events = instances
            .into_iter()
            .map(|instance| RemoteEvent {
                id: instance.slot.map_or_else(|| key.clone(), |slot| format!("{key}#{}", basic(slot))),
                start: instance.start,
                end: instance.end,
                all_day: instance.all_day,
                busy: instance.busy,
                summary: instance.summary,
                ours: instance.ours,
                etag: etag.clone(),
            })
            .collect();
        Ok(RemoteChange { key, events })
    }

    async fn write(&self, url: &Url, text: &str, condition: (&str, &str)) -> Result<Response, CalendarError> {
        let mut call =
            self.call("PUT", url, "caldav.write").body("text/calendar; charset=utf-8", text.to_owned());
        if !condition.1.is_empty() {
            call = call.header(condition.0, condition.1);
        }
        self.access.ask(call).await
    }

    /// The version after a write; servers that change what they store (RFC 4791 §5.3.4) do not say it.
    async fn written(&self, url: &Url, response: &Response) -> Result<RemoteRef, CalendarError> {
        let etag = match etag_of(response) {
            Some(etag) => Some(etag),
            None => self.get(url).await?.and_then(|response| etag_of(&response)),
        };
        Ok(RemoteRef { id: self.id_of(url), etag })
    }

    async fn get(&self, url: &Url) -> Result<Option<Response>, CalendarError> {
        match self.access.ask(self.call("GET", url, "caldav.read")).await {
            Ok(response) => Ok(Some(response)),
            Err(CalendarError::NotFound) => Ok(None),
            Err(error) => Err(error),
        }
    }
}

#[async_trait]
impl CalendarAccount for CalDav {
    async fn calendars(&self) -> Result<Vec<RemoteCalendar>, CalendarError> {
        self.discover().await
    }

    async fn changes(&self, query: &ChangesQuery<'_>) -> Result<ChangePage, CalendarError> {
        let collection = self.resolve(query.calendar)?;
        let home = zone(query.zone);
        let covered = Covered::<Token>::read(query.cursor, query.window)?;
        let Some(covered) = covered else {
            // The token first: what changes while the files are read is then named again, not missed.
            let window = wide(query.window);
            let sync = self.sync_token(&collection).await?;
            let etags = if sync.is_some() { BTreeMap::new() } else { self.etags(&collection).await? };
            let files = self.query(&collection, window).await?.found;
            let changes: Result<Vec<_>, _> = files
                .iter()
                .filter(|found| found.is_ok())
                .map(|found| self.change(found, window, &home))
                .collect();
            let next = Covered::new(window, Token { sync, etags }).cursor();
            return Ok(ChangePage { changes: bounded(changes?)?, next, full: true });
        };
        let window = covered.window();
        let (changed, removed, token) = if let Some(sync) = &covered.token.sync {
            let (changed, removed, sync) = self.since(&collection, sync).await?;
            (changed, removed, Token { sync: Some(sync), etags: BTreeMap::new() })
        } else {
            let etags = self.etags(&collection).await?;
            let before = &covered.token.etags;
            let changed = etags.iter().filter(|(href, etag)| before.get(*href) != Some(etag));
            let changed = changed.map(|(href, _)| href.clone()).collect();
            let removed = before.keys().filter(|href| !etags.contains_key(*href)).cloned().collect();
            (changed, removed, Token { sync: None, etags })
        };
        let mut changes = Vec::new();
        for href in &removed {
            changes.push(RemoteChange { key: self.id_of(&self.resolve(href)?), events: Vec::new() });
        }
        for found in self.files(&collection, &changed).await? {
            // Gone since the listing: no content, so nothing is known under its key.
            changes.push(self.change(&found, window, &home)?);
        }
        Ok(ChangePage { changes: bounded(changes)?, next: Covered::new(window, token).cursor(), full: false })
    }

    async fn put(
        &self,
        calendar: &str,
        event: &OutgoingEvent,
        known: Option<&RemoteRef>,
    ) -> Result<RemoteRef, CalendarError> {
        let text = ical::write(event);
        let url = if let Some(known) = known {
            self.resolve(&known.id)?
        } else {
            let folder = format!("{}/", self.resolve(calendar)?.as_str().trim_end_matches('/'));
            self.resolve(&format!("{folder}{}.ics", event.id.as_str()))?
        };
        let first = match known {
            Some(known) => ("if-match", known.etag.clone().unwrap_or_default()),
            None => ("if-none-match", "*".to_owned()),
        };
        match self.write(&url, &text, (first.0, &first.1)).await {
            Ok(response) => return self.written(&url, &response).await,
            Err(CalendarError::Conflict) => {}
            Err(error) => return Err(error),
        }
        let Some(there) = self.get(&url).await? else {
            // It was deleted in the calendar and is wanted again.
            let response = self.write(&url, &text, ("if-none-match", "*")).await?;
            return self.written(&url, &response).await;
        };
        let etag = etag_of(&there).unwrap_or_default();
        if is_this_version(&there.text(), event) {
            return Ok(RemoteRef { id: self.id_of(&url), etag: Some(etag).filter(|etag| !etag.is_empty()) });
        }
        if known.is_some() {
            return Err(CalendarError::Conflict);
        }
        // An earlier version of ours whose answer was lost.
        let response = self.write(&url, &text, ("if-match", &etag)).await?;
        self.written(&url, &response).await
    }

    async fn remove(&self, _calendar: &str, event: &RemoteRef) -> Result<(), CalendarError> {
        let url = self.resolve(&event.id)?;
        match self.access.ask(self.call("DELETE", &url, "caldav.remove")).await {
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

fn bounded(changes: Vec<RemoteChange>) -> Result<Vec<RemoteChange>, CalendarError> {
    if changes.iter().map(|change| change.events.len()).sum::<usize>() > MOST_CHANGES {
        return Err(CalendarError::Rejected {
            text: format!("more than {MOST_CHANGES} events in the window"),
        });
    }
    Ok(changes)
}

/// RFC 6578 §3.2: a token that is no good is the precondition `valid-sync-token`, with 403 or (older servers) 409.
fn is_cursor_gone(response: &Response) -> bool {
    matches!(response.status.as_u16(), 403 | 409 | 410 | 412) && response.text().contains("valid-sync-token")
}

fn etag_of(response: &Response) -> Option<String> {
    response.headers.get(header::ETAG)?.to_str().ok().map(str::to_owned)
}

/// Whether the file is what we are about to write: the answer to an earlier attempt was lost.
fn is_this_version(text: &str, event: &OutgoingEvent) -> bool {
    let has = |line: String| text.lines().any(|found| found.trim_end() == line);
    has(format!("UID:{}", event.id.uid()))
        && has(format!("SEQUENCE:{}", event.sequence))
        && has(format!("DTSTAMP:{}", basic(event.updated_at)))
        && has(format!("DTSTART:{}", basic(event.start)))
        && has(format!("DTEND:{}", basic(event.end)))
}
