//! Reading calendars: what is busy in them, and what their owners did with our events.
//!
//! A listing is fetched first and put in the place of what was known in one unit of work, so that a time is never offered
//! because a calendar could not be read. When the vendor forgot where the last listing ended, everything is listed anew.
//! The cursor moves only once everything the listing tells has been dealt with.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use frontdesk_connector::calendar::{
    CalendarError, ChangePage, ChangesQuery, RemoteEvent, SyncCursor, Window,
};
use frontdesk_domain::calendar::CalendarStatus;
use frontdesk_domain::context::Scope;
use frontdesk_domain::event::Event;
use frontdesk_domain::id::{CalendarId, WorkspaceId};
use frontdesk_domain::time::Timestamp;
use frontdesk_queue::{ClaimedJob, Failure};
use frontdesk_store::calendar::{self, BusyTime, Stored};
use frontdesk_store::{JobRequest, StoreError, booking_type, workspace};
use serde_json::{Value, json};

use super::account::{Trouble, with};
use super::back::{self, Ours};
use crate::jobs::failure;
use crate::{App, AppError, Result};

/// The job that reads one calendar.
pub const SYNC_JOB: &str = "calendar.sync";
/// The job that finds calendars that are due.
pub const POLL_JOB: &str = "calendar.poll";

/// Between two readings.
const EVERY: Duration = Duration::from_mins(5);
/// The same where the vendor tells of changes; such news gets lost at times.
const EVERY_WATCHED: Duration = Duration::from_mins(15);
/// The longest between two tries of a calendar that fails.
const LONGEST_WAIT: Duration = Duration::from_hours(1);
/// How much of the past is read along.
const PAST: Duration = Duration::from_hours(24);
const DAY: Duration = Duration::from_hours(24);
/// Calendars found due in one go.
const BATCH: u64 = 500;
/// Most characters of a title that are kept.
const TITLE: usize = 200;

/// Has every calendar read whose time has come.
pub async fn poll(app: &App) -> Result<usize> {
    let due = calendar::due_everywhere(app.store.reader(), app.clock.now(), BATCH).await?;
    let mut of_workspace: BTreeMap<WorkspaceId, Vec<CalendarId>> = BTreeMap::new();
    for (workspace, id) in due {
        of_workspace.entry(workspace).or_default().push(id);
    }
    let mut count = 0;
    for (workspace, ids) in of_workspace {
        let tx = app.store.begin(&app.system(workspace, "calendar-poll")).await?;
        for id in ids {
            let job = JobRequest::new(SYNC_JOB, json!({ "calendar": id }));
            tx.enqueue(job.unique(id.to_string()).attempts(20));
            count += 1;
        }
        tx.commit().await?;
    }
    Ok(count)
}

pub(super) fn calendar_of(payload: &Value) -> Result<CalendarId, Failure> {
    let id = payload.get("calendar").and_then(Value::as_str).unwrap_or_default();
    id.parse().map_err(|error| Failure::Permanent(format!("{error}")))
}

/// Reads a calendar. What goes wrong at the vendor's is noted there and tried again in its time; it fails no job.
pub async fn run(app: &Arc<App>, job: &ClaimedJob) -> Result<(), Failure> {
    let id = calendar_of(&job.payload)?;
    let scope = Scope::system(job.workspace);
    // A push may come while the calendar is being read.
    for _ in 0..3 {
        let stored = match calendar::get(app.store.reader(), scope, id).await {
            Ok(stored) if stored.is_used() => stored,
            Ok(_) | Err(StoreError::NotFound(_)) => return Ok(()),
            Err(error) => return Err(failure(&error.into())),
        };
        match once(app, scope, &stored).await {
            Ok(false) => return Ok(()),
            Ok(true) => {}
            Err(Trouble::Vendor(error)) => {
                return note(app, scope, id, &error).await.map_err(|error| failure(&error));
            }
            Err(trouble) => return Err(trouble.failure(app.clock.now())),
        }
    }
    Ok(())
}

/// How far ahead matters: as far as anything can be booked.
async fn window(app: &App, scope: Scope, now: Timestamp) -> Result<Window> {
    let kinds = booking_type::list(app.store.reader(), scope).await?;
    let days = kinds.iter().map(|kind| kind.settings.horizon_days).max().unwrap_or(0).clamp(62, 730);
    Ok(Window { from: now.minus(PAST), to: now.plus(DAY * (days + 2)) })
}

/// Reads once; says whether it has to be read again at once.
async fn once(app: &App, scope: Scope, stored: &Stored) -> Result<bool, Trouble> {
    let began = app.clock.now();
    let window = window(app, scope, began).await?;
    let zone = match &stored.zone {
        Some(zone) => zone.clone(),
        None => workspace::get(app.store.reader(), scope).await?.zone,
    };
    let page = match changes(app, scope, stored, (window, &zone), stored.cursor.as_deref()).await {
        Err(Trouble::Vendor(CalendarError::CursorGone)) => {
            changes(app, scope, stored, (window, &zone), None).await?
        }
        other => other?,
    };
    let listing = Listing { page, began, window };
    let settled = back::come(app, scope, stored, &listing).await?;
    let again = apply(app, scope, stored, &listing, &settled).await?;
    if let (Some(owner), true) = (stored.calendar.staff_id, stored.calendar.blocks) {
        back::settle_tentative(app, scope, owner).await?;
    }
    Ok(again)
}

async fn changes(
    app: &App,
    scope: Scope,
    stored: &Stored,
    (window, zone): (Window, &str),
    cursor: Option<&str>,
) -> Result<ChangePage, Trouble> {
    // A cursor is stored as its text.
    let cursor: Option<SyncCursor> = cursor
        .map(|text| serde_json::from_value(Value::String(text.to_owned())))
        .transpose()
        .map_err(|error| AppError::Internal(format!("a stored cursor: {error}")))?;
    let (calendar, cursor, zone) = (stored.remote_id.clone(), cursor, zone.to_owned());
    with(app, scope, stored.calendar.connection_id, |client| {
        let (calendar, cursor, zone) = (calendar.clone(), cursor.clone(), zone.clone());
        async move {
            let query = ChangesQuery { calendar: &calendar, cursor: cursor.as_ref(), window, zone: &zone };
            client.changes(&query).await
        }
    })
    .await
}

/// What a calendar said.
pub(super) struct Listing {
    pub page: ChangePage,
    /// When it was asked.
    pub began: Timestamp,
    /// What was asked for; the listing may cover more.
    pub window: Window,
}

impl Listing {
    /// What is now known under each key.
    pub fn by_key(&self) -> BTreeMap<&str, &[RemoteEvent]> {
        self.page.changes.iter().map(|change| (change.key.as_str(), change.events.as_slice())).collect()
    }
}

/// Puts what was read in the place of what was known.
async fn apply(app: &App, scope: Scope, before: &Stored, listing: &Listing, ours: &Ours) -> Result<bool> {
    let by_key = listing.by_key();
    let mut times = Vec::new();
    for (key, events) in &by_key {
        for event in *events {
            let is_ours = event.ours.as_ref().is_some_and(|id| ours.ids.contains(id.as_str()));
            if event.busy && !is_ours && event.end > event.start {
                times.push(BusyTime {
                    key: (*key).to_owned(),
                    title: event.summary.chars().filter(|c| !c.is_control()).take(TITLE).collect(),
                    from: event.start,
                    to: event.end,
                });
            }
        }
    }
    let id = before.calendar.id;
    let tx = app.store.begin(&app.system(scope.workspace(), "calendar-sync")).await?;
    let mut stored = match calendar::get_for_update(&tx, scope, id).await {
        Err(StoreError::NotFound(_)) => return Ok(false),
        other => other?,
    };
    if stored.cursor != before.cursor {
        // Another listing was put in place meanwhile; this one does not follow it.
        return Ok(true);
    }
    let keys: BTreeSet<String> = by_key.keys().map(|key| (*key).to_owned()).collect();
    if listing.page.full || !keys.is_empty() {
        let some = (!listing.page.full).then_some(&keys);
        calendar::put_busy(&tx, scope, id, some, &times).await?;
    }
    let shown = &mut stored.calendar;
    let is_news = !keys.is_empty() || shown.status != CalendarStatus::Ok || shown.synced_at.is_none();
    (shown.status, shown.error, stored.failures) = (CalendarStatus::Ok, None, 0);
    shown.synced_at = Some(listing.began);
    if !ours.unsettled {
        stored.cursor =
            serde_json::to_value(&listing.page.next).ok().and_then(|it| it.as_str().map(str::to_owned));
    }
    let again = stored.requested_at.is_some_and(|asked| asked > listing.began);
    let every = if stored.channel.is_some() { EVERY_WATCHED } else { EVERY };
    let wait = if again {
        Duration::ZERO
    } else if ours.unsettled {
        Duration::from_secs(30)
    } else {
        with_jitter(app, every)
    };
    stored.next_sync_at = tx.now().plus(wait);
    calendar::update(&tx, scope, &stored).await?;
    if is_news {
        tx.emit(Event::CalendarUpdated { calendar_id: id });
    }
    tx.commit().await?;
    Ok(again)
}

/// Up to a fifth more, so that calendars connected together do not stay together.
fn with_jitter(app: &App, span: Duration) -> Duration {
    span + span.mul_f64((app.random.next_u64() % 1_000) as f64 / 5_000.0)
}

/// Notes what went wrong; what is known stays.
pub(super) async fn note(app: &App, scope: Scope, id: CalendarId, error: &CalendarError) -> Result<()> {
    let tx = app.store.begin(&app.system(scope.workspace(), "calendar-sync")).await?;
    let mut stored = match calendar::get_for_update(&tx, scope, id).await {
        Err(StoreError::NotFound(_)) => return Ok(()),
        other => other?,
    };
    let status = match error {
        CalendarError::Unauthorized => CalendarStatus::Disconnected,
        _ => CalendarStatus::Failing,
    };
    let told = match error {
        CalendarError::Unauthorized => {
            "access was withdrawn or has expired; connect the account again".to_owned()
        }
        CalendarError::NotFound => "the calendar does not exist any more; disconnect it".to_owned(),
        other => other.to_string(),
    };
    let is_news = stored.calendar.status != status || stored.calendar.error.as_ref() != Some(&told);
    stored.failures = stored.failures.saturating_add(1);
    let wait = match error {
        CalendarError::RateLimited { retry_after } => (*retry_after).min(LONGEST_WAIT * 24),
        CalendarError::Unauthorized => LONGEST_WAIT,
        _ => Duration::from_mins(1) * 2_u32.pow(stored.failures.min(6) - 1),
    };
    stored.next_sync_at = tx.now().plus(with_jitter(app, wait));
    // A vendor that asks to slow down is no fault of the calendar's; its age tells.
    if !matches!(error, CalendarError::RateLimited { .. }) {
        (stored.calendar.status, stored.calendar.error) = (status, Some(told));
        if is_news {
            tx.emit(Event::CalendarUpdated { calendar_id: id });
        }
    }
    calendar::update(&tx, scope, &stored).await?;
    Ok(tx.commit().await?)
}
