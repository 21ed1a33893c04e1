//! The job table: what is to be done, when, and how it went.
//!
//! A job row exists while the job waits, runs or is dead; finished jobs are deleted. What a job means, retry and
//! fairness live in `frontdesk-queue`.

use frontdesk_domain::id::{JobId, WorkspaceId};
use frontdesk_domain::time::Timestamp;
use sea_orm::{EntityTrait, Set, sea_query::OnConflict};

use crate::tx::{Db, JobRequest};
use crate::{Result, entity};

/// Stores new jobs; one whose unique key is taken is left out.
pub(crate) async fn insert_all(
    db: &impl Db,
    now: Timestamp,
    jobs: &[(WorkspaceId, JobId, JobRequest)],
) -> Result<()> {
    if jobs.is_empty() {
        return Ok(());
    }
    let rows = jobs.iter().map(|(workspace, id, job)| entity::job::ActiveModel {
        id: Set(id.uuid()),
        workspace_id: Set(workspace.uuid()),
        name: Set(job.name.to_owned()),
        payload: Set(job.payload.to_string()),
        state: Set("ready".to_owned()),
        run_at: Set(job.run_at.unwrap_or(now).as_millis()),
        attempts: Set(0),
        max_attempts: Set(i32::from(job.max_attempts)),
        unique_key: Set(job.unique_key.clone()),
        lease_until: Set(None),
        last_error: Set(None),
        created_at: Set(now.as_millis()),
    });
    entity::job::Entity::insert_many(rows)
        .on_conflict(OnConflict::new().do_nothing().to_owned())
        .exec_without_returning(db)
        .await?;
    Ok(())
}
