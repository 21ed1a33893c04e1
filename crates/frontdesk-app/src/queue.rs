//! The queue as people see it: what Frontdesk has to do for a workspace, what failed and why, and what to do about it.
//!
//! Not the queue itself (`frontdesk-queue`), and not its jobs (`jobs.rs`). A new job gets its words in [`title`].

use frontdesk_domain::access::Permission;
use frontdesk_domain::context::Context;
use frontdesk_domain::id::JobId;
use frontdesk_domain::mask;
use frontdesk_domain::page::{Page, PageRequest};
use frontdesk_domain::time::Timestamp;
use frontdesk_store::job::{self, JobRow, Shown};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use crate::{App, AppError, Result};

/// Counts go no further.
const MOST: u64 = 10_000;

/// Where a job is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum JobState {
    /// To be run, now or at its time.
    Waiting,
    /// Being run.
    Running,
    /// Failed, and to be tried again.
    Retrying,
    /// Given up: a person retries or discards it.
    Dead,
}

impl From<JobState> for Shown {
    fn from(state: JobState) -> Self {
        match state {
            JobState::Waiting => Self::Waiting,
            JobState::Running => Self::Running,
            JobState::Retrying => Self::Retrying,
            JobState::Dead => Self::Dead,
        }
    }
}

/// A job.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct QueueJob {
    /// Its id.
    pub id: JobId,
    /// Its constant name, such as `message.dispatch`.
    pub kind: String,
    /// What it does, in plain words.
    pub title: String,
    /// Where it is.
    pub state: JobState,
    /// How often it was tried.
    pub tries: u32,
    /// How often it is tried at most; absent when it is tried until it succeeds.
    pub most_tries: Option<u32>,
    /// Why the last try failed, in plain words; numbers and addresses of customers are masked.
    pub last_error: Option<String>,
    /// When it is tried next; absent for what runs or was given up.
    pub next_at: Option<Timestamp>,
    /// When it was asked for.
    pub created_at: Timestamp,
    /// What it is about: ids of a message, a conversation, a booking and so on, by what they are.
    #[schema(value_type = Object)]
    pub about: serde_json::Value,
}

/// How many jobs are in each state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct JobCounts {
    /// To be run.
    pub waiting: u64,
    /// Being run.
    pub running: u64,
    /// To be tried again.
    pub retrying: u64,
    /// Given up.
    pub dead: u64,
    /// Counts stop here: a count that is this large means as many or more.
    pub most: u64,
}

/// What a kind of job does.
fn title(kind: &str) -> &'static str {
    match kind {
        "account.mail" | "team.mail" => "Send mail to the team",
        "identity.code" => "Send a code",
        "message.dispatch" => "Send a message",
        "conversation.turn" => "Answer a customer",
        "compliance.cancel_booking" => "Cancel an appointment by message",
        "booking.notice" | "booking.staff_notice" => "Tell of an appointment",
        "knowledge.ingest" => "Read a document",
        "knowledge.reembed" => "Prepare documents for search",
        "contact.import" => "Read in contacts",
        "contact.bulk" => "Change many contacts",
        kind if kind.starts_with("calendar.") => "Keep calendars in step",
        kind if kind.starts_with("booking.") => "Look after appointments",
        kind if kind.starts_with("contact.") => "Look after contacts",
        kind if kind.starts_with("workflow.") => "Run a workflow",
        kind if kind.starts_with("mail.") => "Look after mail",
        kind if kind.starts_with("account.") => "Look after accounts",
        kind if kind.starts_with("workspace.") => "Look after the workspace",
        _ => "Work in the background",
    }
}

fn shown(row: JobRow) -> QueueJob {
    let state = match (row.state.as_str(), row.attempts) {
        ("running", _) => JobState::Running,
        ("dead", _) => JobState::Dead,
        (_, 0) => JobState::Waiting,
        _ => JobState::Retrying,
    };
    let waits = matches!(state, JobState::Waiting | JobState::Retrying);
    QueueJob {
        id: row.id,
        title: title(&row.name).to_owned(),
        kind: row.name,
        state,
        tries: row.attempts,
        most_tries: Some(row.max_attempts).filter(|most| *most < u32::from(u16::MAX)),
        last_error: row.last_error.as_deref().map(mask::personal),
        next_at: waits.then_some(row.run_at),
        created_at: row.created_at,
        about: ids(&row.payload),
    }
}

/// The ids in a job's data: nothing else of it is for people.
fn ids(payload: &serde_json::Value) -> serde_json::Value {
    let is_id = |value: &serde_json::Value| {
        value.as_str().is_some_and(|text| {
            text.split_once('_').is_some_and(|(kind, id)| {
                kind.len() <= 8 && id.len() == 32 && id.bytes().all(|byte| byte.is_ascii_hexdigit())
            })
        })
    };
    let fields = payload.as_object().into_iter().flatten().filter(|(_, value)| is_id(value));
    fields.map(|(name, value)| (name.clone(), value.clone())).collect::<serde_json::Map<_, _>>().into()
}

/// Jobs in a state: those that are due first, the dead newest first.
pub async fn list(
    app: &App,
    ctx: &Context,
    state: JobState,
    kind: Option<&str>,
    page: &PageRequest,
) -> Result<Page<QueueJob>> {
    ctx.require(Permission::QueueRead)?;
    let found = job::list(app.store.reader(), ctx.scope(), state.into(), kind, page).await?;
    Ok(Page {
        items: found.items.into_iter().map(shown).collect(),
        next_cursor: found.next_cursor,
        total: found.total,
    })
}

/// How many jobs are in each state.
pub async fn counts(app: &App, ctx: &Context) -> Result<JobCounts> {
    ctx.require(Permission::QueueRead)?;
    let (db, scope) = (app.store.reader(), ctx.scope());
    let (waiting, running, retrying, dead) = tokio::try_join!(
        job::count(db, scope, Shown::Waiting, MOST),
        job::count(db, scope, Shown::Running, MOST),
        job::count(db, scope, Shown::Retrying, MOST),
        job::count(db, scope, Shown::Dead, MOST),
    )?;
    Ok(JobCounts { waiting, running, retrying, dead, most: MOST })
}

/// One job.
pub async fn get(app: &App, ctx: &Context, id: JobId) -> Result<QueueJob> {
    ctx.require(Permission::QueueRead)?;
    let found = job::find(app.store.reader(), ctx.scope(), id).await?;
    found.map(shown).ok_or(AppError::NotFound("job"))
}

/// Gives a job that was given up all its tries again, from now on.
///
/// # Errors
/// [`AppError::Conflict`] when it was not given up, or the same work waits already.
pub async fn retry(app: &App, ctx: &Context, id: JobId) -> Result<QueueJob> {
    ctx.require(Permission::QueueWrite)?;
    let tx = app.store.begin(ctx).await?;
    let known = dead(&tx, ctx, id).await?;
    job::revive(&tx, tx.scope(), id, tx.now(), None).await.map_err(|error| match error {
        frontdesk_store::StoreError::Duplicate(_) => AppError::Conflict(
            "the same work waits in the queue already; discard this job instead".to_owned(),
        ),
        other => other.into(),
    })?;
    tx.audit("queue.retry", Some(id.to_string()), json!({ "kind": known.name }));
    let now = job::find(&tx, tx.scope(), id).await?.map(shown).ok_or(AppError::NotFound("job"))?;
    tx.commit().await?;
    app.store.jobs_ready().notify_one();
    Ok(now)
}

/// Throws a job away that was given up. What it was to do is not done.
///
/// # Errors
/// [`AppError::Conflict`] when it was not given up.
pub async fn discard(app: &App, ctx: &Context, id: JobId) -> Result<()> {
    ctx.require(Permission::QueueWrite)?;
    let tx = app.store.begin(ctx).await?;
    let known = dead(&tx, ctx, id).await?;
    job::discard(&tx, tx.scope(), id).await?;
    let detail = json!({ "kind": known.name, "last_error": known.last_error.as_deref().map(mask::personal) });
    tx.audit("queue.discard", Some(id.to_string()), detail);
    Ok(tx.commit().await?)
}

async fn dead(tx: &frontdesk_store::Tx, ctx: &Context, id: JobId) -> Result<JobRow> {
    let known = job::find(tx, ctx.scope(), id).await?.ok_or(AppError::NotFound("job"))?;
    if known.state != "dead" {
        return Err(AppError::Conflict(
            "this job was not given up: Frontdesk still takes care of it by itself".to_owned(),
        ));
    }
    Ok(known)
}
