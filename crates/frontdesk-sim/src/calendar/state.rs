//! What a simulated account holds: calendars, events, changes in their order, tokens, channels, faults to come.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// How an event counts, as each vendor words it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Blocks {
    /// The owner is busy.
    #[default]
    Busy,
    /// Marked as free.
    Free,
    /// An invitation the owner declined.
    Declined,
}

/// An event, or one instance of a series. Times are RFC 3339 in UTC; of all-day events only the date counts.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Event {
    /// The vendor's id.
    pub id: String,
    /// Title.
    pub summary: String,
    /// Text.
    pub description: String,
    /// Where.
    pub location: String,
    /// Start, such as `2026-03-02T18:00:00Z`.
    pub start: String,
    /// End, excluded.
    pub end: String,
    /// Whether it is given in whole days.
    pub all_day: bool,
    /// How it counts.
    pub blocks: Blocks,
    /// The series it is an instance of.
    pub series: Option<String>,
    /// What the client marked it with.
    pub mark: Option<String>,
    /// Whether it was deleted.
    pub deleted: bool,
    /// The number of its last change; also its version.
    pub version: u64,
}

/// Several instances to add at once: id, and start and end of each.
#[derive(Debug, Clone, Default)]
pub struct Series {
    /// The series' id.
    pub id: String,
    /// Title of each.
    pub summary: String,
    /// Start and end of each.
    pub times: Vec<(String, String)>,
}

/// What goes wrong with the next call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// An error status.
    Status {
        /// The status.
        status: u16,
        /// `Retry-After`, in seconds.
        retry_after: Option<u32>,
        /// The body.
        body: String,
    },
    /// No answer, ever.
    Stall,
    /// 200 with something unreadable.
    Garbage,
    /// The call is carried out, and its answer is lost on the way (502).
    Lost,
}

/// A simulated account. Clones share it.
#[derive(Debug, Clone, Default)]
pub struct CalendarSim(Arc<Mutex<State>>);

#[derive(Debug)]
pub(super) struct State {
    pub events: BTreeMap<(String, String), Event>,
    pub calendars: Vec<String>,
    pub changes: u64,
    /// Cursors made before this change are forgotten.
    pub forgotten: u64,
    pub page: usize,
    pub tokens: super::token::Tokens,
    pub channels: BTreeMap<String, Channel>,
    pub faults: VecDeque<Fault>,
    pub requests: Vec<String>,
    pub made: u64,
}

/// A push channel.
#[derive(Debug, Clone)]
pub(super) struct Channel {
    pub resource: String,
    pub calendar: String,
    pub token: String,
}

impl Default for State {
    fn default() -> Self {
        Self {
            events: BTreeMap::new(),
            calendars: vec!["owner@example.com".into(), "holidays".into()],
            // Not 0: a cursor made before the first change must be older than it.
            changes: 1,
            forgotten: 0,
            page: 2,
            tokens: super::token::Tokens::default(),
            channels: BTreeMap::new(),
            faults: VecDeque::new(),
            requests: Vec::new(),
            made: 0,
        }
    }
}

impl CalendarSim {
    /// The calendar that may be written; the account's main one.
    pub const PRIMARY: &str = "owner@example.com";
    /// The access token that is good at first.
    pub const TOKEN: &str = "access-0";
    /// The refresh token that is good at first.
    pub const REFRESH: &str = "refresh-0";

    pub(super) fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The owner adds an event, or changes the one with this id.
    pub fn add(&self, calendar: &str, event: Event) {
        self.lock().write(calendar, event);
    }

    /// The owner adds a series; instance ids are `{series}_{number}`.
    pub fn add_series(&self, calendar: &str, series: &Series) {
        let mut state = self.lock();
        for (number, (start, end)) in series.times.iter().enumerate() {
            let event = Event {
                id: format!("{}_{number}", series.id),
                summary: series.summary.clone(),
                start: start.clone(),
                end: end.clone(),
                series: Some(series.id.clone()),
                ..Event::default()
            };
            state.write(calendar, event);
        }
    }

    /// The owner changes an event; false when there is none.
    pub fn change(&self, calendar: &str, id: &str, change: impl FnOnce(&mut Event)) -> bool {
        let mut state = self.lock();
        let Some(mut event) = state.events.get(&(calendar.to_owned(), id.to_owned())).cloned() else {
            return false;
        };
        change(&mut event);
        state.write(calendar, event);
        true
    }

    /// The events that are not deleted.
    pub fn events(&self, calendar: &str) -> Vec<Event> {
        let state = self.lock();
        let of = |key: &(String, String)| key.0 == calendar;
        state
            .events
            .iter()
            .filter(|(key, event)| of(key) && !event.deleted)
            .map(|(_, event)| event.clone())
            .collect()
    }

    /// The next calls fail so, one after the other.
    pub fn fail_next(&self, faults: impl IntoIterator<Item = Fault>) {
        self.lock().faults.extend(faults);
    }

    /// Every cursor given so far is forgotten.
    pub fn forget_cursors(&self) {
        let mut state = self.lock();
        state.changes += 1;
        state.forgotten = state.changes;
    }

    /// The access token ends now; the refresh token still works.
    pub fn expire_token(&self) {
        self.lock().tokens.expire();
    }

    /// The person withdraws consent: no token works any more.
    pub fn withdraw(&self) {
        self.lock().tokens.withdraw();
    }

    /// Method, path and query of every call so far.
    pub fn requests(&self) -> Vec<String> {
        self.lock().requests.clone()
    }

    /// The open push channels: id, token, calendar.
    pub fn channels(&self) -> Vec<(String, String, String)> {
        let state = self.lock();
        let shown = |(id, channel): (&String, &Channel)| {
            (id.clone(), channel.token.clone(), channel.calendar.clone())
        };
        state.channels.iter().map(shown).collect()
    }

    pub(super) fn next_fault(&self) -> Option<Fault> {
        self.lock().faults.pop_front()
    }

    pub(super) fn accepts(&self, token: &str) -> bool {
        self.lock().tokens.accepts(token)
    }

    pub(super) fn record(&self, method: &str, uri: &str) {
        self.lock().requests.push(format!("{method} {uri}"));
    }
}

impl State {
    /// Stores it as the newest change.
    pub fn write(&mut self, calendar: &str, mut event: Event) -> Event {
        self.changes += 1;
        event.version = self.changes;
        self.events.insert((calendar.to_owned(), event.id.clone()), event.clone());
        event
    }

    pub fn get(&self, calendar: &str, id: &str) -> Option<&Event> {
        self.events.get(&(calendar.to_owned(), id.to_owned()))
    }

    /// Events of a calendar in the order they changed.
    pub fn in_order(&self, calendar: &str) -> Vec<Event> {
        let mut found: Vec<Event> =
            self.events.iter().filter(|(key, _)| key.0 == calendar).map(|(_, event)| event.clone()).collect();
        found.sort_by_key(|event| event.version);
        found
    }

    pub fn knows_calendar(&self, calendar: &str) -> bool {
        self.calendars.iter().any(|known| known == calendar)
    }

    pub fn new_id(&mut self) -> String {
        self.made += 1;
        format!("sim{}", self.made)
    }
}
