//! Actions on many contacts at once: as jobs that tell how far they have come, can be stopped, and, where nothing is lost
//! by it, taken back.
//!
//! A job goes through the contacts by id, batch by batch, each batch one unit of work with the place it came to. What a
//! contact was before is kept with the action. To add an action, add it to [`BulkAction`] and to `change`.

use std::path::PathBuf;
use std::sync::Arc;

use frontdesk_domain::access::Permission;
use frontdesk_domain::contact::{Contact, ContactStatus, Tag};
use frontdesk_domain::contact_import::{Bulk, BulkAction, BulkSelection, BulkState};
use frontdesk_domain::contact_list::TotalKind;
use frontdesk_domain::context::{Actor, Context};
use frontdesk_domain::event::Event;
use frontdesk_domain::id::{BulkId, ContactId};
use frontdesk_queue::{ClaimedJob, Failure};
use frontdesk_store::contact::bulk::{self, Stored};
use frontdesk_store::contact::{self, Filter};
use frontdesk_store::{JobRequest, Tx, erasure};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use super::{MAX_TAGS, check_tags, export, list};
use crate::validate::Validator;
use crate::{App, AppError, Result, jobs, workflow};

/// The job's constant name.
pub const BULK_JOB: &str = "contact.bulk";
/// Tries of the job, which goes on where it stopped.
const ATTEMPTS: u16 = 50;
/// Contacts of a batch.
const BATCH: u32 = 500;
/// Most contacts that are named one by one.
const MAX_IDS: usize = 1_000;

/// Something to do to many contacts.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewBulk {
    /// What.
    pub action: BulkAction,
    /// To whom.
    pub selection: BulkSelection,
}

#[derive(Deserialize)]
struct Payload {
    bulk: BulkId,
}

/// What a contact was before.
#[derive(Serialize, Deserialize)]
struct Before {
    tags: Vec<Tag>,
    status: ContactStatus,
}

/// Where an export's file is.
fn path_of(app: &App, ctx: &Context, id: BulkId) -> PathBuf {
    app.settings.data_dir.join("exports").join(ctx.workspace.to_string()).join(format!("{id}.csv"))
}

/// The newest actions.
pub async fn list_all(app: &App, ctx: &Context) -> Result<Vec<Bulk>> {
    ctx.require(Permission::ContactsRead)?;
    let newest = bulk::newest(app.store.reader(), ctx.scope()).await?;
    Ok(newest.into_iter().map(|stored| stored.bulk).collect())
}

/// An action, as far as it has come.
pub async fn get(app: &App, ctx: &Context, id: BulkId) -> Result<Bulk> {
    ctx.require(Permission::ContactsRead)?;
    Ok(bulk::get(app.store.reader(), ctx.scope(), id).await?.bulk)
}

/// Begins an action.
pub async fn start(app: &App, ctx: &Context, input: NewBulk) -> Result<Bulk> {
    ctx.require(Permission::ContactsWrite)?;
    let mut check = Validator::new();
    let action = match input.action {
        BulkAction::Tag { tags } => {
            check.ensure("/action/tags", !tags.is_empty(), "names no tag");
            BulkAction::Tag { tags: check_tags(&mut check, tags) }
        }
        BulkAction::Untag { names } => {
            check.ensure("/action/names", (1..=10).contains(&names.len()), "must name 1 to 10 tags");
            BulkAction::Untag { names: names.iter().map(|name| name.trim().to_lowercase()).collect() }
        }
        BulkAction::Enrol { workflow_id } => {
            workflow::desk::may_put_in(app, ctx, workflow_id).await?;
            BulkAction::Enrol { workflow_id }
        }
        other => other,
    };
    let total = match &input.selection {
        BulkSelection::Ids { ids } => {
            check.ensure(
                "/selection/ids",
                (1..=MAX_IDS).contains(&ids.len()),
                "must name 1 to 1,000 contacts",
            );
            Some(ids.len() as u64)
        }
        BulkSelection::Filter { filter } => {
            let counted = list::count(app, ctx, filter).await?;
            (counted.kind == TotalKind::Exact).then_some(counted.total)
        }
    };
    check.finish()?;
    let tx = app.store.begin(ctx).await?;
    let owner = match ctx.actor {
        Actor::User(user) => Some(user),
        _ => None,
    };
    let new = Bulk {
        id: BulkId::new(tx.now(), tx.random()),
        action,
        selection: input.selection,
        state: BulkState::Running,
        total,
        done: 0,
        changed: 0,
        error: None,
        owner,
        created_at: tx.now(),
        finished_at: None,
    };
    let id = new.id;
    bulk::put(&tx, ctx.scope(), &Stored { bulk: new.clone(), next_after: None, file_bytes: 0 }).await?;
    tx.enqueue(JobRequest::new(BULK_JOB, json!({ "bulk": id })).unique(id.to_string()).attempts(ATTEMPTS));
    tx.emit(Event::ContactsChanged { import_id: None, bulk_id: Some(id) });
    tx.audit("contact_bulk.start", Some(id.to_string()), json!({ "action": new.action }));
    tx.commit().await?;
    Ok(new)
}

/// Stops an action after the batch it is at; what was done stays.
pub async fn cancel(app: &App, ctx: &Context, id: BulkId) -> Result<Bulk> {
    turn(app, ctx, id, BulkState::Cancelled).await
}

/// Begins to take an action back.
///
/// # Errors
/// A conflict when it cannot be, or is not over.
pub async fn undo(app: &App, ctx: &Context, id: BulkId) -> Result<Bulk> {
    turn(app, ctx, id, BulkState::Undoing).await
}

async fn turn(app: &App, ctx: &Context, id: BulkId, to: BulkState) -> Result<Bulk> {
    ctx.require(Permission::ContactsWrite)?;
    let tx = app.store.begin(ctx).await?;
    let mut stored = bulk::get(&tx, ctx.scope(), id).await?;
    let over = matches!(stored.bulk.state, BulkState::Done | BulkState::Cancelled | BulkState::Failed);
    match to {
        BulkState::Undoing if !stored.bulk.action.reversible() => {
            return Err(AppError::Conflict("this cannot be taken back".to_owned()));
        }
        BulkState::Undoing if !over => {
            return Err(AppError::Conflict("stop it before taking it back".to_owned()));
        }
        BulkState::Cancelled if stored.bulk.state != BulkState::Running => {
            return Err(AppError::Conflict("this is over; there is nothing to stop".to_owned()));
        }
        _ => {}
    }
    stored.bulk.state = to;
    bulk::put(&tx, ctx.scope(), &stored).await?;
    if to == BulkState::Undoing {
        tx.enqueue(
            JobRequest::new(BULK_JOB, json!({ "bulk": id })).unique(id.to_string()).attempts(ATTEMPTS),
        );
    }
    tx.emit(Event::ContactsChanged { import_id: None, bulk_id: Some(id) });
    tx.audit("contact_bulk.turn", Some(id.to_string()), json!({ "to": to }));
    tx.commit().await?;
    Ok(stored.bulk)
}

/// The file of an export that is done.
pub async fn file(app: &App, ctx: &Context, id: BulkId) -> Result<PathBuf> {
    ctx.require(Permission::ContactsRead)?;
    let stored = bulk::get(app.store.reader(), ctx.scope(), id).await?;
    if stored.bulk.action != BulkAction::Export || stored.bulk.state != BulkState::Done {
        return Err(AppError::Conflict("there is no file yet; wait until the export is done".to_owned()));
    }
    Ok(path_of(app, ctx, id))
}

/// The job.
pub async fn run(app: &Arc<App>, job: &ClaimedJob) -> std::result::Result<(), Failure> {
    let payload = Payload::deserialize(&job.payload)
        .map_err(|error| Failure::Permanent(format!("{BULK_JOB} cannot be read: {error}")))?;
    let ctx = app.system(job.workspace, BULK_JOB);
    let stored = bulk::get(app.store.reader(), ctx.scope(), payload.bulk).await;
    let done = match stored {
        Ok(stored) if stored.bulk.state == BulkState::Undoing => take_back(app, &ctx, payload.bulk).await,
        Ok(stored) => go_through(app, &ctx, stored.bulk).await,
        Err(error) => Err(error.into()),
    };
    done.map_err(|error| jobs::failure(&error))
}

/// The last id there can have been when the action was started: ids are ordered by time.
fn last_of(bulk: &Bulk) -> ContactId {
    let millis = u128::from(bulk.created_at.as_millis().max(0).unsigned_abs()) + 1;
    ContactId::from_uuid(uuid::Uuid::from_u128((millis << 80) - 1))
}

async fn go_through(app: &App, ctx: &Context, started: Bulk) -> Result<()> {
    let filter = match &started.selection {
        BulkSelection::Filter { filter } => list::check(app, ctx, filter).await?,
        BulkSelection::Ids { .. } => Filter::default(),
    };
    let fields: Vec<String> = if started.action == BulkAction::Export {
        let known = contact::field::list(app.store.reader(), ctx.scope()).await?;
        known.into_iter().map(|field| field.key).collect()
    } else {
        Vec::new()
    };
    loop {
        let tx = app.store.begin(ctx).await?;
        let mut stored = bulk::get(&tx, ctx.scope(), started.id).await?;
        if stored.bulk.state != BulkState::Running {
            return Ok(());
        }
        let (contacts, next, over) = next_batch(&tx, &stored, &filter).await?;
        match &started.action {
            BulkAction::Export => {
                let path = path_of(app, ctx, started.id);
                stored.file_bytes = append(path, stored.file_bytes, &contacts, &fields).await?;
                stored.bulk.changed += contacts.len() as u64;
            }
            BulkAction::Delete => {
                for gone in &contacts {
                    erasure::erase_contact(&tx, ctx.scope(), gone.id).await?;
                    tx.emit(Event::ContactDeleted { contact_id: gone.id });
                }
                stored.bulk.changed += contacts.len() as u64;
            }
            BulkAction::Enrol { workflow_id } => {
                stored.bulk.changed += workflow::desk::put_in(&tx, *workflow_id, &contacts).await?;
            }
            action => stored.bulk.changed += change(&tx, started.id, action, &contacts).await?,
        }
        stored.bulk.done += contacts.len() as u64;
        stored.next_after = next;
        if over {
            stored.bulk.state = BulkState::Done;
            stored.bulk.total = Some(stored.bulk.done);
            stored.bulk.finished_at = Some(tx.now());
            tx.audit(
                "contact_bulk.finish",
                Some(started.id.to_string()),
                json!({ "changed": stored.bulk.changed }),
            );
        }
        bulk::put(&tx, ctx.scope(), &stored).await?;
        tx.emit(Event::ContactsChanged { import_id: None, bulk_id: Some(started.id) });
        tx.commit().await?;
        if over {
            return Ok(());
        }
    }
}

/// The next contacts, where to go on after them, and whether they are the last.
async fn next_batch(
    tx: &Tx,
    stored: &Stored,
    filter: &Filter,
) -> Result<(Vec<Contact>, Option<ContactId>, bool)> {
    match &stored.bulk.selection {
        BulkSelection::Ids { ids } => {
            let ids: Vec<uuid::Uuid> = ids.iter().map(|id| id.uuid()).collect();
            Ok((contact::list::load(tx, tx.scope(), &ids).await?, None, true))
        }
        BulkSelection::Filter { .. } => {
            let until = last_of(&stored.bulk);
            let found = contact::list::walk(tx, tx.scope(), filter, stored.next_after, until, BATCH).await?;
            let next = found.last().map(|last| last.id).or(stored.next_after);
            let over = found.len() < BATCH as usize;
            Ok((found, next, over))
        }
    }
}

/// Changes contacts and keeps what they were; says how many it changed.
async fn change(tx: &Tx, id: BulkId, action: &BulkAction, contacts: &[Contact]) -> Result<u64> {
    let mut before = Vec::new();
    for was in contacts {
        let mut now = was.clone();
        match action {
            BulkAction::Tag { tags } => {
                for tag in tags {
                    let known = now.tags.iter().any(|it| it.name.to_lowercase() == tag.name.to_lowercase());
                    if !known && now.tags.len() < MAX_TAGS {
                        now.tags.push(tag.clone());
                    }
                }
            }
            BulkAction::Untag { names } => now.tags.retain(|tag| !names.contains(&tag.name.to_lowercase())),
            BulkAction::SetStatus { status } => now.status = *status,
            BulkAction::Enrol { .. } | BulkAction::Delete | BulkAction::Export => {}
        }
        if now == *was {
            continue;
        }
        now.updated_at = tx.now();
        contact::update(tx, tx.scope(), &now).await?;
        let kept = serde_json::to_string(&Before { tags: was.tags.clone(), status: was.status });
        before.push((was.id, kept.map_err(|error| AppError::Internal(error.to_string()))?));
    }
    bulk::keep(tx, tx.scope(), id, &before).await?;
    Ok(before.len() as u64)
}

/// Puts back what the action changed, as far as it is still as the action left it.
async fn take_back(app: &App, ctx: &Context, id: BulkId) -> Result<()> {
    loop {
        let tx = app.store.begin(ctx).await?;
        let mut stored = bulk::get(&tx, ctx.scope(), id).await?;
        if stored.bulk.state != BulkState::Undoing {
            return Ok(());
        }
        let taken = bulk::take(&tx, ctx.scope(), id, u64::from(BATCH)).await?;
        let over = taken.len() < BATCH as usize;
        for (contact_id, before) in taken {
            let Some(mut known) = contact::find(&tx, ctx.scope(), contact_id).await? else { continue };
            let was: Before =
                serde_json::from_str(&before).map_err(|error| AppError::Internal(error.to_string()))?;
            put_back(&stored.bulk.action, &mut known, &was);
            known.updated_at = tx.now();
            contact::update(&tx, ctx.scope(), &known).await?;
        }
        if over {
            stored.bulk.state = BulkState::Undone;
            stored.bulk.finished_at = Some(tx.now());
        }
        bulk::put(&tx, ctx.scope(), &stored).await?;
        tx.emit(Event::ContactsChanged { import_id: None, bulk_id: Some(id) });
        tx.commit().await?;
        if over {
            return Ok(());
        }
    }
}

fn put_back(action: &BulkAction, known: &mut Contact, was: &Before) {
    let had = |name: &str| was.tags.iter().any(|tag| tag.name.to_lowercase() == name.to_lowercase());
    match action {
        BulkAction::Tag { tags } => known.tags.retain(|tag| {
            had(&tag.name) || !tags.iter().any(|added| added.name.to_lowercase() == tag.name.to_lowercase())
        }),
        BulkAction::Untag { names } => {
            for tag in &was.tags {
                let gone = names.contains(&tag.name.to_lowercase());
                let back = known.tags.iter().any(|it| it.name.to_lowercase() == tag.name.to_lowercase());
                if gone && !back && known.tags.len() < MAX_TAGS {
                    known.tags.push(tag.clone());
                }
            }
        }
        // Somebody gave them another status since: that is theirs to decide.
        BulkAction::SetStatus { status } if known.status == *status => known.status = was.status,
        BulkAction::SetStatus { .. } | BulkAction::Enrol { .. } | BulkAction::Delete | BulkAction::Export => {
        }
    }
}

/// Writes contacts to the export's file, which was `bytes` long when the last batch was stored; says how long it is now.
async fn append(path: PathBuf, bytes: u64, contacts: &[Contact], fields: &[String]) -> Result<u64> {
    use std::io::{Seek, SeekFrom, Write};
    let mut out = csv::Writer::from_writer(Vec::new());
    let failed = |error: &dyn std::fmt::Display| AppError::Internal(format!("writing an export: {error}"));
    if bytes == 0 {
        out.write_record(export::headers(fields)).map_err(|error| failed(&error))?;
    }
    for contact in contacts {
        out.write_record(export::line(contact, fields)).map_err(|error| failed(&error))?;
    }
    let text = out.into_inner().map_err(|error| failed(&error))?;
    let written = tokio::task::spawn_blocking(move || -> std::io::Result<u64> {
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)?;
        }
        let mut file = std::fs::OpenOptions::new().create(true).truncate(false).write(true).open(path)?;
        file.set_len(bytes)?;
        file.seek(SeekFrom::Start(bytes))?;
        file.write_all(&text)?;
        file.sync_data()?;
        Ok(bytes + text.len() as u64)
    });
    written.await.map_err(|error| failed(&error))?.map_err(|error| failed(&error))
}
