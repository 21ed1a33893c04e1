//! Merges of contacts as they were done, and taking one back.
//!
//! What belongs to a contact is found by its table: see [`TABLES`]. To let one more kind of thing follow a contact through
//! merge and undoing, add its table there and let `contact::merge` move it.

use std::collections::BTreeMap;

use frontdesk_domain::contact::{Contact, Fact};
use frontdesk_domain::context::Scope;
use frontdesk_domain::id::{ContactId, MergeId, UserId};
use frontdesk_domain::time::Timestamp;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Set, Statement};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::column::{from_json, to_json};
use crate::entity::contact_join::{ActiveModel, Column, Entity, Model};
use crate::entity::contact_merge;
use crate::tx::Db;
use crate::{Result, StoreError, dialect};

const TABLE: &str = "contact_join";
/// Things of one kind that are noted; a contact with more cannot be taken apart again.
pub const MAX_MOVED: usize = 5_000;
/// Tables whose rows follow a contact, each with its key.
pub const TABLES: [(&str, &str); 8] = [
    ("conversation", "id"),
    ("lead", "id"),
    ("booking", "id"),
    ("waiting_entry", "id"),
    ("contact_note", "id"),
    ("enrolment", "id"),
    ("task", "id"),
    ("contact_merge", "merged_id"),
];

/// What a merge found and did.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Record {
    /// The contact that stayed, as it was before.
    pub kept: Contact,
    /// The contact that went, as it was before.
    pub gone: Contact,
    /// The contact that stayed, as it was after.
    pub after: Contact,
    /// What was remembered of the one that stayed.
    pub kept_facts: Vec<Fact>,
    /// What was remembered of the one that went.
    pub gone_facts: Vec<Fact>,
    /// What moved, by table.
    pub moved: BTreeMap<String, Vec<Uuid>>,
    /// The lead of the one that went that was closed because the other had an open one: its id and state before.
    pub closed_lead: Option<(Uuid, String)>,
    /// There was more than is noted, so it cannot be taken back.
    pub too_much: bool,
}

/// A merge.
#[derive(Debug, Clone, PartialEq)]
pub struct Join {
    /// Its id.
    pub id: MergeId,
    /// The contact that stayed.
    pub kept_id: ContactId,
    /// The contact that went.
    pub gone_id: ContactId,
    /// What it found and did.
    pub record: Record,
    /// Who did it.
    pub merged_by: Option<UserId>,
    /// When.
    pub merged_at: Timestamp,
    /// When it was taken back.
    pub undone_at: Option<Timestamp>,
}

fn read(row: &Model) -> Result<Join> {
    Ok(Join {
        id: MergeId::from_uuid(row.id),
        kept_id: ContactId::from_uuid(row.kept_id),
        gone_id: ContactId::from_uuid(row.gone_id),
        record: from_json(TABLE, &row.record)?,
        merged_by: row.merged_by.map(UserId::from_uuid),
        merged_at: Timestamp::from_millis(row.merged_at),
        undone_at: row.undone_at.map(Timestamp::from_millis),
    })
}

/// Notes a merge.
pub async fn insert(db: &impl Db, scope: Scope, join: &Join) -> Result<()> {
    let row = ActiveModel {
        id: Set(join.id.uuid()),
        workspace_id: Set(scope.workspace().uuid()),
        kept_id: Set(join.kept_id.uuid()),
        gone_id: Set(join.gone_id.uuid()),
        record: Set(to_json(TABLE, &join.record)?),
        merged_by: Set(join.merged_by.map(UserId::uuid)),
        merged_at: Set(join.merged_at.as_millis()),
        undone_at: Set(join.undone_at.map(Timestamp::as_millis)),
    };
    Entity::insert(row).exec_without_returning(db).await?;
    Ok(())
}

/// Merges into a contact that were not taken back, newest first, at most 100.
pub async fn list(db: &impl Db, scope: Scope, kept: ContactId) -> Result<Vec<Join>> {
    let rows = Entity::find()
        .filter(Column::WorkspaceId.eq(scope.workspace().uuid()))
        .filter(Column::KeptId.eq(kept.uuid()))
        .filter(Column::UndoneAt.is_null())
        .order_by_desc(Column::Id)
        .limit(100)
        .all(db)
        .await?;
    rows.iter().map(read).collect()
}

/// One merge, held until the unit of work ends.
pub async fn get_for_update(db: &impl Db, scope: Scope, id: MergeId) -> Result<Join> {
    let row = Entity::find_by_id(id.uuid())
        .filter(Column::WorkspaceId.eq(scope.workspace().uuid()))
        .lock_exclusive()
        .one(db)
        .await?;
    row.as_ref().map(read).transpose()?.ok_or(StoreError::NotFound("merge"))
}

/// What belongs to a contact, by table, and whether that is all.
pub async fn belongings(
    db: &impl Db,
    scope: Scope,
    contact: ContactId,
) -> Result<(BTreeMap<String, Vec<Uuid>>, bool)> {
    let backend = db.get_database_backend();
    let (mut found, mut all) = (BTreeMap::new(), true);
    for (table, key) in TABLES {
        let sql = format!(
            "SELECT {key} FROM {table} WHERE workspace_id = ? AND contact_id = ? LIMIT {}",
            MAX_MOVED + 1
        );
        let values = [scope.workspace().uuid().into(), contact.uuid().into()];
        let statement = Statement::from_sql_and_values(backend, dialect::sql(backend, &sql), values);
        let rows = db.query_all_raw(statement).await?;
        let mut ids = Vec::with_capacity(rows.len());
        for row in &rows {
            ids.push(row.try_get_by_index::<Uuid>(0)?);
        }
        all &= ids.len() <= MAX_MOVED;
        ids.truncate(MAX_MOVED);
        found.insert(table.to_owned(), ids);
    }
    Ok((found, all))
}

/// Gives things back to the contact that had them, as far as they still belong to the one that got them. The contact
/// that went must be there again.
pub async fn give_back(db: &impl Db, scope: Scope, join: &Join, name: &str) -> Result<()> {
    let backend = db.get_database_backend();
    for (table, key) in TABLES {
        let ids = join.record.moved.get(table).map(Vec::as_slice).unwrap_or_default();
        for ids in ids.chunks(500) {
            let places = vec!["?"; ids.len()].join(", ");
            let named = if table == "conversation" { ", contact_name = ?" } else { "" };
            let sql = format!(
                "UPDATE {table} SET contact_id = ?{named} \
                 WHERE workspace_id = ? AND contact_id = ? AND {key} IN ({places})"
            );
            let mut values: Vec<sea_orm::Value> = vec![join.gone_id.uuid().into()];
            if !named.is_empty() {
                values.push(name.into());
            }
            values.extend([scope.workspace().uuid().into(), join.kept_id.uuid().into()]);
            values.extend(ids.iter().map(|id| sea_orm::Value::from(*id)));
            let statement = Statement::from_sql_and_values(backend, dialect::sql(backend, &sql), values);
            db.execute_raw(statement).await?;
        }
    }
    if let Some((lead, status)) = &join.record.closed_lead {
        let sql = "UPDATE lead SET status = ? WHERE workspace_id = ? AND contact_id = ? AND id = ? AND status = 'lost'";
        let values = [
            status.clone().into(),
            scope.workspace().uuid().into(),
            join.gone_id.uuid().into(),
            (*lead).into(),
        ];
        db.execute_raw(Statement::from_sql_and_values(backend, dialect::sql(backend, sql), values)).await?;
    }
    Ok(())
}

/// The id of a contact that was merged away leads nowhere any more; notes when its merge was taken back.
pub async fn undone(db: &impl Db, scope: Scope, join: &Join, now: Timestamp) -> Result<()> {
    contact_merge::Entity::delete_many()
        .filter(contact_merge::Column::MergedId.eq(join.gone_id.uuid()))
        .filter(contact_merge::Column::WorkspaceId.eq(scope.workspace().uuid()))
        .exec(db)
        .await?;
    Entity::update_many()
        .col_expr(Column::UndoneAt, Expr::value(now.as_millis()))
        .filter(Column::Id.eq(join.id.uuid()))
        .filter(Column::WorkspaceId.eq(scope.workspace().uuid()))
        .exec(db)
        .await?;
    Ok(())
}
