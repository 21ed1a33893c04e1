//! Finding an account's calendars from a server's address (RFC 6764 §6, RFC 4791 §6.2.1).

use frontdesk_http::Url;

use super::xml::{Found, Multistatus};
use super::{CalDav, CalendarError, RemoteCalendar};

/// Redirects followed from the well-known address.
const REDIRECTS: usize = 5;

const WHO: &str = r#"<?xml version="1.0" encoding="utf-8"?><D:propfind xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav"><D:prop><D:current-user-principal/><D:resourcetype/><C:calendar-home-set/></D:prop></D:propfind>"#;
const WHAT: &str = r#"<?xml version="1.0" encoding="utf-8"?><D:propfind xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav" xmlns:A="http://apple.com/ns/ical/"><D:prop><D:resourcetype/><D:displayname/><D:current-user-privilege-set/><C:supported-calendar-component-set/><C:calendar-timezone/><A:calendar-color/></D:prop></D:propfind>"#;

impl CalDav {
    /// The calendars: of the address itself when it is one, else of the account behind it.
    pub(super) async fn discover(&self) -> Result<Vec<RemoteCalendar>, CalendarError> {
        let (at, answer) = self.who().await?;
        if answer.found.iter().any(|found| found.has("resourcetype", "calendar")) {
            return self.listed(&at, "0").await;
        }
        let homes = match links(&answer.found, "calendar-home-set") {
            homes if !homes.is_empty() => homes,
            _ => {
                let principal = links(&answer.found, "current-user-principal").into_iter().next();
                let principal = principal.ok_or_else(|| CalendarError::Rejected {
                    text: "the server does not say where the account is; give the calendar's own address"
                        .to_owned(),
                })?;
                let answer =
                    self.question("PROPFIND", &self.resolve(&principal)?, "0", WHO.to_owned()).await?;
                links(&answer.found, "calendar-home-set")
            }
        };
        let mut calendars: Vec<RemoteCalendar> = Vec::new();
        for home in homes.iter().take(5) {
            calendars.extend(self.listed(&self.resolve(home)?, "1").await?);
        }
        // CalDAV knows no main calendar; the first writable one is taken for it.
        if let Some(first) = calendars.iter_mut().find(|calendar| calendar.writable) {
            first.primary = true;
        }
        Ok(calendars)
    }

    /// What the address says of the account; servers that say nothing there do so at the well-known one.
    async fn who(&self) -> Result<(Url, Multistatus), CalendarError> {
        let says = |answer: &Multistatus| {
            !links(&answer.found, "current-user-principal").is_empty()
                || answer.found.iter().any(|found| found.has("resourcetype", "calendar"))
        };
        let direct = self.question("PROPFIND", &self.base, "0", WHO.to_owned()).await;
        match direct {
            Ok(answer) if says(&answer) => return Ok((self.base.clone(), answer)),
            // A wrong password is wrong everywhere; an overloaded server is not asked twice.
            Err(
                error @ (CalendarError::Unauthorized
                | CalendarError::RateLimited { .. }
                | CalendarError::Unavailable { .. }),
            ) => return Err(error),
            _ => {}
        }
        let well_known = self.resolve("/.well-known/caldav")?;
        let call = self
            .call("PROPFIND", &well_known, "caldav.discover")
            .redirects(REDIRECTS)
            .header("depth", "0")
            .body("application/xml; charset=utf-8", WHO);
        let response = self.access.ask(call).await?;
        let at = self.resolve(response.url.as_str())?;
        let answer = Multistatus::read(&response.text())
            .ok_or_else(|| CalendarError::Unavailable { text: "the answer is not WebDAV".to_owned() })?;
        Ok((at, answer))
    }

    async fn listed(&self, home: &Url, depth: &str) -> Result<Vec<RemoteCalendar>, CalendarError> {
        let answer = self.question("PROPFIND", home, depth, WHAT.to_owned()).await?;
        let calendars =
            answer.found.iter().filter(|found| found.has("resourcetype", "calendar") && holds_events(found));
        calendars.map(|found| self.calendar(found)).collect()
    }

    fn calendar(&self, found: &Found) -> Result<RemoteCalendar, CalendarError> {
        let id = self.id_of(&self.resolve(&found.href)?);
        let name = found.text("displayname").filter(|name| !name.is_empty());
        let writable = ["write", "write-content", "all"]
            .iter()
            .any(|right| found.any("current-user-privilege-set", |node| node.name == *right));
        Ok(RemoteCalendar {
            name: name.unwrap_or_else(|| {
                id.trim_end_matches('/').rsplit('/').next().unwrap_or_default().to_owned()
            }),
            primary: false,
            // A server that says nothing of rights is asked by writing.
            writable: writable || !found.knows("current-user-privilege-set"),
            zone: found.text("calendar-timezone").as_deref().and_then(zone_of),
            // Some write the opacity, too.
            color: found
                .text("calendar-color")
                .and_then(|color| color.get(..7).map(str::to_ascii_lowercase))
                .filter(|color| color.starts_with('#')),
            id,
        })
    }
}

/// Whether a calendar holds events; some hold tasks only. One that does not say may hold all.
fn holds_events(found: &Found) -> bool {
    !found.knows("supported-calendar-component-set")
        || found.any("supported-calendar-component-set", |node| node.attribute.as_deref() == Some("VEVENT"))
}

fn links(found: &[Found], property: &str) -> Vec<String> {
    found.iter().flat_map(|found| found.texts_in(property, "href")).collect()
}

/// The zone a VTIMEZONE names, when it is one of the database.
fn zone_of(file: &str) -> Option<String> {
    let name = file.lines().find_map(|line| line.trim().strip_prefix("TZID:"))?.trim();
    jiff::tz::TimeZone::get(name).is_ok().then(|| name.to_owned())
}
