//! How far each mailbox is read, and when it is looked at next.

use frontdesk_domain::connection::ConnectionCategory;
use frontdesk_domain::context::Scope;
use frontdesk_domain::id::{ConnectionId, WorkspaceId};
use frontdesk_domain::time::Timestamp;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, Set, Statement};
use uuid::Uuid;

use crate::column::to_word;
use crate::entity::mail_inbox::{ActiveModel, Column, Entity};
use crate::tx::Db;
use crate::{Result, dialect};

const TABLE: &str = "mail_inbox";

/// A mailbox as it was last read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inbox {
    /// The connection that leads to it.
    pub connection_id: ConnectionId,
    /// The server's numbering and the last number that was taken; absent before the first look.
    pub cursor: Option<(u32, u32)>,
    /// Since when it is read; what came before is left alone.
    pub began_at: Timestamp,
    /// When everything in it had been taken, last.
    pub looked_at: Option<Timestamp>,
    /// Not before this instant.
    pub next_at: Timestamp,
    /// Looks that failed in a row.
    pub failures: u32,
    /// Why the last look failed, in plain words.
    pub trouble: Option<String>,
}

/// The mailbox of a connection, once it was looked at.
pub async fn find(db: &impl Db, scope: Scope, id: ConnectionId) -> Result<Option<Inbox>> {
    let row = Entity::find_by_id(id.uuid())
        .filter(Column::WorkspaceId.eq(scope.workspace().uuid()))
        .one(db)
        .await?;
    Ok(row.map(|row| Inbox {
        connection_id: id,
        cursor: row
            .uid_validity
            .zip(row.last_uid)
            .and_then(|(validity, uid)| Some((u32::try_from(validity).ok()?, u32::try_from(uid).ok()?))),
        began_at: Timestamp::from_millis(row.began_at),
        looked_at: row.looked_at.map(Timestamp::from_millis),
        next_at: Timestamp::from_millis(row.next_at),
        failures: row.failures.unsigned_abs(),
        trouble: row.trouble,
    }))
}

/// Writes down how far a mailbox was read.
pub async fn put(db: &impl Db, scope: Scope, inbox: &Inbox) -> Result<()> {
    let row = ActiveModel {
        connection_id: Set(inbox.connection_id.uuid()),
        workspace_id: Set(scope.workspace().uuid()),
        uid_validity: Set(inbox.cursor.map(|(validity, _)| i64::from(validity))),
        last_uid: Set(inbox.cursor.map(|(_, uid)| i64::from(uid))),
        began_at: Set(inbox.began_at.as_millis()),
        looked_at: Set(inbox.looked_at.map(Timestamp::as_millis)),
        next_at: Set(inbox.next_at.as_millis()),
        failures: Set(i32::try_from(inbox.failures).unwrap_or(i32::MAX)),
        trouble: Set(inbox.trouble.clone()),
    };
    let changed = [
        Column::UidValidity,
        Column::LastUid,
        Column::LookedAt,
        Column::NextAt,
        Column::Failures,
        Column::Trouble,
    ];
    Entity::insert(row)
        .on_conflict(OnConflict::column(Column::ConnectionId).update_columns(changed).to_owned())
        .exec_without_returning(db)
        .await?;
    Ok(())
}

/// Forgets how far a mailbox was read, since it is another one now or none.
pub async fn forget(db: &impl Db, scope: Scope, id: ConnectionId) -> Result<()> {
    Entity::delete_many()
        .filter(Column::ConnectionId.eq(id.uuid()))
        .filter(Column::WorkspaceId.eq(scope.workspace().uuid()))
        .exec(db)
        .await?;
    Ok(())
}

/// Connected mailboxes that are to be looked at now. System work.
pub async fn due_everywhere(
    db: &impl Db,
    now: Timestamp,
    limit: u64,
) -> Result<Vec<(WorkspaceId, ConnectionId)>> {
    let backend = db.get_database_backend();
    let sql = dialect::sql(
        backend,
        "SELECT connection.workspace_id, connection.id FROM connection \
         LEFT JOIN mail_inbox ON mail_inbox.connection_id = connection.id \
         WHERE connection.category = ? AND connection.enabled = ? \
         AND (mail_inbox.next_at IS NULL OR mail_inbox.next_at <= ?) \
         ORDER BY mail_inbox.next_at LIMIT ?",
    );
    let values = [
        to_word(TABLE, &ConnectionCategory::MailInbox)?.into(),
        true.into(),
        now.as_millis().into(),
        (limit as i64).into(),
    ];
    let rows = db.query_all_raw(Statement::from_sql_and_values(backend, sql, values)).await?;
    rows.into_iter()
        .map(|row| {
            let (workspace, id): (Uuid, Uuid) = (row.try_get_by_index(0)?, row.try_get_by_index(1)?);
            Ok((WorkspaceId::from_uuid(workspace), ConnectionId::from_uuid(id)))
        })
        .collect()
}
