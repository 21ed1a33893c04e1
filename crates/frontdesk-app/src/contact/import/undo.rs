//! Taking an import back: the contacts it made that nobody touched since are deleted, the others stay.

use std::sync::Arc;

use frontdesk_domain::access::Permission;
use frontdesk_domain::contact_import::{Import, ImportState};
use frontdesk_domain::context::Context;
use frontdesk_domain::event::Event;
use frontdesk_domain::id::ImportId;
use frontdesk_queue::{ClaimedJob, Failure};
use frontdesk_store::JobRequest;
use frontdesk_store::contact::import;
use serde::Deserialize;
use serde_json::json;

use super::ATTEMPTS;
use super::run::Payload;
use crate::{App, AppError, Result, jobs};

/// The job's constant name.
pub const UNDO_JOB: &str = "contact.import_undo";
/// Contacts looked at in one unit of work.
const BATCH: u64 = 2_000;

/// Begins to take an import back.
///
/// # Errors
/// A conflict while it runs, and when it was taken back before.
pub async fn undo(app: &App, ctx: &Context, id: ImportId) -> Result<Import> {
    ctx.require(Permission::ContactsWrite)?;
    let tx = app.store.begin(ctx).await?;
    let mut stored = import::get(&tx, ctx.scope(), id).await?;
    if !matches!(stored.import.state, ImportState::Done | ImportState::Cancelled | ImportState::Failed) {
        return Err(AppError::Conflict(
            "only an import that is over can be taken back; stop it first".to_owned(),
        ));
    }
    stored.import.state = ImportState::Undoing;
    import::put(&tx, ctx.scope(), &stored).await?;
    tx.enqueue(JobRequest::new(UNDO_JOB, json!({ "import": id })).unique(id.to_string()).attempts(ATTEMPTS));
    tx.emit(Event::ContactsChanged { import_id: Some(id), bulk_id: None });
    tx.audit("contact_import.undo", Some(id.to_string()), json!({}));
    tx.commit().await?;
    Ok(stored.import)
}

/// The job.
pub async fn undo_job(app: &Arc<App>, job: &ClaimedJob) -> std::result::Result<(), Failure> {
    let payload = Payload::deserialize(&job.payload)
        .map_err(|error| Failure::Permanent(format!("{UNDO_JOB} cannot be read: {error}")))?;
    let ctx = app.system(job.workspace, UNDO_JOB);
    take_back(app, &ctx, payload.import).await.map_err(|error| jobs::failure(&error))
}

async fn take_back(app: &App, ctx: &Context, id: ImportId) -> Result<()> {
    let (mut after, mut kept) = (None, 0);
    loop {
        let tx = app.store.begin(ctx).await?;
        let mut stored = import::get(&tx, ctx.scope(), id).await?;
        if stored.import.state != ImportState::Undoing {
            return Ok(());
        }
        let (untouched, looked_at, last) = import::untouched(&tx, ctx.scope(), id, after, BATCH).await?;
        import::delete_contacts(&tx, ctx.scope(), &untouched).await?;
        kept += looked_at - untouched.len() as u64;
        stored.import.counts.undone += untouched.len() as u64;
        let over = looked_at < BATCH;
        if over {
            stored.import.state = ImportState::Undone;
            stored.import.counts.kept = kept;
            stored.import.finished_at = Some(tx.now());
        }
        import::put(&tx, ctx.scope(), &stored).await?;
        tx.emit(Event::ContactsChanged { import_id: Some(id), bulk_id: None });
        tx.commit().await?;
        if over {
            return Ok(());
        }
        after = last;
    }
}
