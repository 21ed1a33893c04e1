//! What a caller keeps of a calendar: the port's changes applied as its documentation says.

use std::collections::BTreeMap;

use frontdesk_connector::calendar::{
    CalendarAccount, CalendarError, ChangesQuery, RemoteEvent, SyncCursor, Window,
};

/// A busy cache.
#[derive(Default)]
pub struct Cache {
    pub events: BTreeMap<String, Vec<RemoteEvent>>,
    pub cursor: Option<SyncCursor>,
}

impl Cache {
    /// Asks for changes and applies them.
    pub async fn sync(&mut self, account: &dyn CalendarAccount, calendar: &str) -> Result<(), CalendarError> {
        let window = window();
        let query = ChangesQuery { calendar, cursor: self.cursor.as_ref(), window, zone: "Europe/Berlin" };
        let page = account.changes(&query).await?;
        if page.full {
            self.events.clear();
        }
        for change in page.changes {
            if change.events.is_empty() {
                self.events.remove(&change.key);
            } else {
                self.events.insert(change.key, change.events);
            }
        }
        self.cursor = Some(page.next);
        Ok(())
    }

    /// All events, by start.
    pub fn all(&self) -> Vec<&RemoteEvent> {
        let mut found: Vec<&RemoteEvent> = self.events.values().flatten().collect();
        found.sort_by_key(|event| event.start);
        found
    }

    /// Events of this title.
    pub fn titled(&self, summary: &str) -> Vec<&RemoteEvent> {
        self.all().into_iter().filter(|event| event.summary == summary).collect()
    }
}

/// March 2026.
pub fn window() -> Window {
    Window { from: at("2026-03-01T00:00:00Z"), to: at("2026-04-01T00:00:00Z") }
}

pub fn at(text: &str) -> frontdesk_domain::time::Timestamp {
    text.parse::<jiff::Timestamp>().unwrap().into()
}
