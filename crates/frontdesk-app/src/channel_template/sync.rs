//! Keeping templates in step with their vendor: by a job every few hours and when asked, and by the vendor's calls. A
//! vendor that does not call is asked again every few minutes while it reviews one.

use std::time::Duration;

use frontdesk_channel::whatsapp::hook::{TemplateChange, TemplateUpdate};
use frontdesk_domain::channel_template::{ApprovalStatus, TemplateSync};
use frontdesk_domain::event::Event;
use frontdesk_domain::id::{ChannelTemplateId, ConnectionId, WorkspaceId};
use frontdesk_queue::{ClaimedJob, Failure};
use frontdesk_store::{JobRequest, Tx, channel_template};
use serde_json::json;

use super::vendor;
use crate::jobs::failure;
use crate::{App, AppError, Result};

/// Brings one connection's templates up to date.
pub const JOB: &str = "channel_template.sync";
/// Plans that for every connection.
pub const SYNC_ALL_JOB: &str = "channel_template.sync_all";
/// Between two questions about a template that is under review.
const ASK_AGAIN: Duration = Duration::from_mins(10);

/// Has a connection's templates brought up to date soon.
pub(crate) fn plan(tx: &Tx, connection: ConnectionId) {
    let job = JobRequest::new(JOB, json!({ "connection": connection })).attempts(3);
    tx.enqueue(job.unique(connection.uuid().simple().to_string()));
}

/// Has a vendor that tells nothing by itself asked again, when it has something under review.
pub(super) fn ask_again(tx: &Tx, client: &vendor::Templates, status: ApprovalStatus) {
    if client.tells() || status != ApprovalStatus::Pending {
        return;
    }
    let at = tx.now().plus(ASK_AGAIN);
    let job = JobRequest::new(JOB, json!({ "connection": client.connection })).attempts(3).at(at);
    // Each look plans the next one while it runs, so the key names the time as well.
    let times = at.as_millis() / i64::try_from(ASK_AGAIN.as_millis()).unwrap_or(i64::MAX);
    tx.enqueue(job.unique(format!("{}:{times}", client.connection.uuid().simple())));
}

/// The job of one connection.
pub async fn run(app: &App, job: &ClaimedJob) -> Result<(), Failure> {
    let id = job.payload.get("connection").and_then(|id| id.as_str()).unwrap_or_default();
    let id: ConnectionId = id.parse().map_err(|error| Failure::Permanent(format!("{error}")))?;
    sync(app, job.workspace, id).await.map_err(|error| failure(&error))
}

/// Plans the job of every connection that has templates.
pub async fn plan_all(app: &App) -> Result<()> {
    let all = channel_template::connections_everywhere(app.store.reader(), &vendor::VENDORS).await?;
    for (workspace, connection) in all {
        let tx = app.store.begin(&app.system(workspace, SYNC_ALL_JOB)).await?;
        plan(&tx, connection);
        tx.commit().await?;
    }
    Ok(())
}

/// Brings a connection's templates up to date. A vendor that does not answer is noted and no error.
pub async fn sync(app: &App, workspace: WorkspaceId, connection: ConnectionId) -> Result<()> {
    let ctx = app.system(workspace, JOB);
    let client = match vendor::client(app, ctx.scope(), Some(connection)).await {
        Ok(client) => client,
        // Removed or switched off meanwhile.
        Err(AppError::Conflict(_)) => return Ok(()),
        Err(error) => return Err(error),
    };
    let seen = client.list().await;
    let tx = app.store.begin(&ctx).await?;
    let (scope, now) = (tx.scope(), tx.now());
    let seen = match seen {
        Ok(seen) => seen,
        Err(why) => {
            let noted = TemplateSync { synced_at: None, error: Some(why.chars().take(500).collect()) };
            channel_template::note_sync(&tx, scope, connection, &noted).await?;
            tx.emit(Event::ChannelTemplatesUpdated);
            tx.commit().await?;
            return Ok(());
        }
    };
    let known = channel_template::list(&tx, scope, Some(connection)).await?;
    let mut there = std::collections::BTreeSet::new();
    for template in seen.into_iter().take(usize::try_from(channel_template::MAX).unwrap_or(usize::MAX)) {
        let same = known.iter().find(|row| row.name == template.name && row.language == template.language);
        let row = match same {
            Some(same) => vendor::adopted(template, same, now),
            None => vendor::fresh(template, (connection, ChannelTemplateId::new(now, tx.random())), now),
        };
        there.insert(row.id);
        ask_again(&tx, &client, row.status);
        channel_template::put(&tx, scope, &row).await?;
    }
    for row in &known {
        if !there.contains(&row.id) && row.status != ApprovalStatus::Draft {
            channel_template::delete(&tx, scope, row.id).await?;
        }
    }
    let noted = TemplateSync { synced_at: Some(now), error: None };
    channel_template::note_sync(&tx, scope, connection, &noted).await?;
    tx.emit(Event::ChannelTemplatesUpdated);
    tx.commit().await?;
    Ok(())
}

/// Takes in what the vendor tells of a connection's templates. One that is not known here is looked up.
pub(crate) async fn hear(
    app: &App,
    workspace: WorkspaceId,
    connection: ConnectionId,
    updates: Vec<TemplateUpdate>,
) -> Result<()> {
    if updates.is_empty() {
        return Ok(());
    }
    let tx = app.store.begin(&app.system(workspace, "webhook")).await?;
    let scope = tx.scope();
    for update in updates {
        let named = (update.name.as_str(), update.language.as_str());
        let Some(mut row) = channel_template::find_for_update(&tx, scope, connection, named).await? else {
            plan(&tx, connection);
            continue;
        };
        match update.change {
            TemplateChange::Status { status, reason } => {
                row.status = vendor::status(&status);
                let reason = reason.map(|word| vendor::reason(&word)).filter(|words| !words.is_empty());
                row.rejected_reason = reason.filter(|_| row.status != ApprovalStatus::Approved);
            }
            TemplateChange::Quality(word) => row.quality = vendor::quality(word.as_deref()),
            TemplateChange::Category(word) => row.category = vendor::category(&word),
        }
        row.vendor_id = row.vendor_id.or(Some(update.id)).filter(|id| !id.is_empty());
        row.synced_at = Some(tx.now());
        row.updated_at = tx.now();
        channel_template::put(&tx, scope, &row).await?;
    }
    tx.emit(Event::ChannelTemplatesUpdated);
    tx.commit().await?;
    Ok(())
}
