//! Vendors that tell of changes: their channels, made before the old ones end, and their calls.
//!
//! A call says that something changed, never what: the calendar is read. It is believed when it carries its channel's secret.
//! It may come twice or not at all, so calendars are read from time to time in any case.

use std::sync::Arc;
use std::time::Duration;

use frontdesk_connector::calendar::{Push, PushChannel, PushState, google, graph};
use frontdesk_domain::context::Scope;
use frontdesk_domain::id::ConnectionId;
use frontdesk_http::header::HeaderMap;
use frontdesk_queue::{ClaimedJob, Failure};
use frontdesk_store::calendar::{self, Channel, Stored};
use frontdesk_store::{JobRequest, StoreError};
use serde_json::json;
use subtle::ConstantTimeEq;

use super::account::with;
use super::connect::ask_for;
use super::sync::calendar_of;
use crate::jobs::failure;
use crate::{App, AppError, Result, token};

/// The job that renews one calendar's channel.
pub const CHANNEL_JOB: &str = "calendar.channel";
/// The job that finds channels that end soon.
pub const CHANNELS_JOB: &str = "calendar.channels";

/// Vendors that call.
const VENDORS: &[&str] = &[google::ID, graph::ID];
/// Channels that end sooner are made anew.
const AHEAD: Duration = Duration::from_hours(24);
const BATCH: u64 = 500;
/// Where vendors call, under the installation's address.
const HOOKS: &str = "/api/v1/hooks/calendar";
/// Most calls that one request may carry.
const MOST: usize = 100;

/// Has channels renewed that are missing or end soon.
pub async fn plan_channels(app: &App) -> Result<usize> {
    if !is_reachable(app) {
        return Ok(0);
    }
    let before = app.clock.now().plus(AHEAD);
    let found = calendar::unwatched_everywhere(app.store.reader(), VENDORS, before, BATCH).await?;
    let count = found.len();
    for (workspace, id) in found {
        let tx = app.store.begin(&app.system(workspace, "calendar-channels")).await?;
        let job = JobRequest::new(CHANNEL_JOB, json!({ "calendar": id }));
        tx.enqueue(job.unique(id.to_string()).attempts(20));
        tx.commit().await?;
    }
    Ok(count)
}

/// Vendors call `https` alone.
fn is_reachable(app: &App) -> bool {
    app.settings.public_url.starts_with("https://")
}

/// Makes a calendar a new channel and ends the old one.
pub async fn renew(app: &Arc<App>, work: &ClaimedJob) -> Result<(), Failure> {
    let id = calendar_of(&work.payload)?;
    let scope = Scope::system(work.workspace);
    let stored = match calendar::get(app.store.reader(), scope, id).await {
        Ok(stored) => stored,
        Err(StoreError::NotFound(_)) => return Ok(()),
        Err(error) => return Err(failure(&error.into())),
    };
    let lasts = stored.channel.as_ref().is_some_and(|it| it.expires_at > app.clock.now().plus(AHEAD));
    let vendor = stored.calendar.vendor.clone();
    if !is_reachable(app) || !stored.is_used() || lasts || !VENDORS.contains(&vendor.as_str()) {
        return Ok(());
    }
    let secret = token::generate("", app.random.as_ref());
    let name = uuid::Uuid::from_u64_pair(app.random.next_u64(), app.random.next_u64()).to_string();
    let callback = format!("{}{HOOKS}/{vendor}", app.settings.public_url);
    let made = with(app, scope, stored.calendar.connection_id, |client| {
        let (calendar, name) = (stored.remote_id.clone(), name.clone());
        let (callback, secret) = (callback.clone(), secret.clone());
        async move { client.watch(&calendar, &name, &callback, &secret).await }
    });
    let Some(made) = made.await.map_err(|trouble| trouble.failure(app.clock.now()))? else { return Ok(()) };
    let keep = async {
        let tx = app.store.begin(&app.system(work.workspace, "calendar-channel")).await?;
        let mut changed = calendar::get_for_update(&tx, scope, id).await?;
        let old = changed.channel.replace(Channel {
            id: made.id.clone(),
            resource: made.resource.clone(),
            token_hash: token::hash(&secret),
            expires_at: made.expires_at,
        });
        calendar::update(&tx, scope, &changed).await?;
        // What happened before the channel was open was told to nobody.
        ask_for(&tx, id).await?;
        tx.commit().await?;
        Ok::<_, AppError>(old)
    };
    match keep.await {
        Ok(Some(old)) => end(app, scope, &stored, old).await,
        Ok(None) => {}
        Err(error) => return Err(failure(&error)),
    }
    Ok(())
}

/// Ends a channel; one that cannot be ended ends by itself.
async fn end(app: &App, scope: Scope, stored: &Stored, channel: Channel) {
    let channel = PushChannel { id: channel.id, resource: channel.resource, expires_at: channel.expires_at };
    let done = with(app, scope, stored.calendar.connection_id, |client| {
        let channel = channel.clone();
        async move { client.unwatch(&channel).await }
    });
    if let Err(error) = done.await {
        tracing::info!(%error, calendar = %stored.calendar.id, "a push channel could not be ended");
    }
}

/// Ends all channels of an account.
pub(super) async fn stop(app: &App, scope: Scope, account: ConnectionId) {
    let Ok(all) = calendar::list_of_connection(app.store.reader(), scope, account).await else { return };
    for stored in all {
        if let Some(channel) = stored.channel.clone() {
            end(app, scope, &stored, channel).await;
        }
    }
}

/// What to answer a vendor's call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Heard {
    /// This, as plain text: the vendor asks whether anybody is there.
    Echo(String),
    /// That it was heard.
    Thanks,
}

/// Hears a vendor's call.
///
/// # Errors
/// [`AppError::NotFound`] when nobody calls here, or nothing in it is known.
pub async fn hear(
    app: &App,
    vendor: &str,
    headers: &HeaderMap,
    validation: Option<&str>,
    body: &[u8],
) -> Result<Heard> {
    let unknown = || AppError::NotFound("calendar channel");
    let pushes: Vec<Push> = match vendor {
        google::ID => google::push(headers).into_iter().collect(),
        graph::ID => match graph::push(validation, body) {
            Some(graph::GraphPush::Validation(text)) => return Ok(Heard::Echo(text)),
            Some(graph::GraphPush::Pushes(pushes)) => pushes,
            None => Vec::new(),
        },
        _ => return Err(unknown()),
    };
    let mut known = false;
    for push in pushes.into_iter().take(MOST) {
        known |= take(app, vendor, &push).await?;
    }
    if known { Ok(Heard::Thanks) } else { Err(unknown()) }
}

/// Believes a call that carries its channel's secret.
async fn take(app: &App, vendor: &str, push: &Push) -> Result<bool> {
    let found = calendar::find_by_channel_everywhere(app.store.reader(), vendor, &push.channel).await?;
    let Some((workspace, stored)) = found else { return Ok(false) };
    let Some(channel) = &stored.channel else { return Ok(false) };
    let sent = token::hash(&push.token);
    if !bool::from(sent.as_bytes().ct_eq(channel.token_hash.as_bytes())) {
        return Ok(false);
    }
    if push.state == PushState::Opened {
        return Ok(true);
    }
    let tx = app.store.begin(&app.system(workspace, "calendar-push")).await?;
    if push.state == PushState::Ended {
        let mut changed = calendar::get_for_update(&tx, tx.scope(), stored.calendar.id).await?;
        changed.channel = None;
        calendar::update(&tx, tx.scope(), &changed).await?;
        let job = JobRequest::new(CHANNEL_JOB, json!({ "calendar": stored.calendar.id }));
        tx.enqueue(job.unique(stored.calendar.id.to_string()).attempts(20));
    }
    ask_for(&tx, stored.calendar.id).await?;
    tx.commit().await?;
    Ok(true)
}
