//! Deleting a workspace: it is gone at once, its rows are removed by a job.

use frontdesk_domain::access::Permission;
use frontdesk_domain::context::{Context, Scope};
use frontdesk_domain::id::WorkspaceId;
use frontdesk_queue::Failure;
use frontdesk_store::{JobRequest, StoreError, workspace};
use serde::Deserialize;
use serde_json::{Value, json};
use utoipa::ToSchema;

use crate::{App, AppError, Result};

/// The job that removes what is left.
pub const PURGE_JOB: &str = "workspace.purge";

/// Tables whose rows go at once: nobody gets in any more, no key and no sealed secret is left.
const AT_ONCE: &[&str] = &["member", "invitation", "api_key", "widget_key", "connection"];

/// Asked so that nobody deletes a business by a slip of the hand.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DeleteInput {
    /// The workspace's name, typed again.
    #[schema(max_length = 120)]
    pub name: String,
}

/// Deletes the context's workspace with everything in it.
pub async fn delete(app: &App, ctx: &Context, input: &DeleteInput) -> Result<()> {
    ctx.require(Permission::WorkspaceOwn)?;
    let mut tx = app.store.begin(ctx).await?;
    let doomed = workspace::get(&tx, ctx.scope()).await?;
    if doomed.name != input.name.trim() {
        return Err(AppError::invalid("/name", "is not the name of this workspace"));
    }
    workspace::delete(&tx, ctx.scope(), tx.now()).await?;
    for table in AT_ONCE {
        workspace::purge(&tx, ctx.scope(), table).await?;
    }
    // Kept by the installation: the workspace's own log goes with it.
    tx.enter(WorkspaceId::INSTALLATION);
    tx.audit("workspace.delete", Some(doomed.id.to_string()), json!({ "name": doomed.name }));
    tx.enqueue(
        JobRequest::new(PURGE_JOB, json!({ "workspace_id": doomed.id })).unique(doomed.id.to_string()),
    );
    tx.commit().await?;
    Ok(())
}

#[derive(Deserialize)]
struct Purge {
    workspace_id: WorkspaceId,
}

/// Removes the rows of a deleted workspace from every table that has rows of workspaces, one unit of work per table.
pub async fn purge(app: &App, payload: &Value) -> std::result::Result<(), Failure> {
    let Purge { workspace_id } = Purge::deserialize(payload)
        .map_err(|error| Failure::Permanent(format!("{PURGE_JOB} cannot be read: {error}")))?;
    let retry = |error: StoreError| Failure::Retry(error.to_string());
    let ctx = app.system(workspace_id, PURGE_JOB);
    let scope = Scope::system(workspace_id);
    let mut held = None;
    for table in workspace::tables_everywhere(app.store.reader()).await.map_err(retry)? {
        let tx = app.store.begin(&ctx).await.map_err(retry)?;
        match workspace::purge(&tx, scope, &table).await {
            Ok(rows) => {
                tx.commit().await.map_err(retry)?;
                tracing::debug!(table, rows, workspace = %workspace_id, "purged");
            }
            // Rows of another table may still point here; the next try finds them gone.
            Err(error) => held = Some(error),
        }
    }
    held.map_or(Ok(()), |error| Err(retry(error)))
}
