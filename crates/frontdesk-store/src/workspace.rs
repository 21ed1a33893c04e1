//! Businesses on the installation.

use frontdesk_domain::context::Scope;
use frontdesk_domain::id::{UserId, WorkspaceId};
use frontdesk_domain::time::Timestamp;
use frontdesk_domain::workspace::{Workspace, WorkspaceMembership};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Set, Statement};

use crate::column::{from_json, from_word, to_json, to_word};
use crate::entity::member;
use crate::entity::workspace::{ActiveModel, Column, Entity, Model};
use crate::tx::Db;
use crate::{Result, StoreError, dialect};

const TABLE: &str = "workspace";

fn read(row: &Model) -> Result<Workspace> {
    Ok(Workspace {
        id: WorkspaceId::from_uuid(row.id),
        name: row.name.clone(),
        slug: row.slug.clone(),
        zone: row.zone.clone(),
        country: row.country.clone(),
        language: from_word(TABLE, &row.language)?,
        facts: from_json(TABLE, &row.facts)?,
        hours: from_json(TABLE, &row.hours)?,
        theme: from_json(TABLE, &row.theme)?,
        onboarding: from_json(TABLE, &row.onboarding)?,
        created_at: Timestamp::from_millis(row.created_at),
    })
}

/// The scope's workspace.
pub async fn find(db: &impl Db, scope: Scope) -> Result<Option<Workspace>> {
    let row =
        Entity::find_by_id(scope.workspace().uuid()).filter(Column::DeletedAt.is_null()).one(db).await?;
    row.as_ref().map(read).transpose()
}

/// The scope's workspace, which must exist.
pub async fn get(db: &impl Db, scope: Scope) -> Result<Workspace> {
    find(db, scope).await?.ok_or(StoreError::NotFound("workspace"))
}

/// The workspace with this short name.
pub async fn find_by_slug_everywhere(db: &impl Db, slug: &str) -> Result<Option<Workspace>> {
    let row =
        Entity::find().filter(Column::Slug.eq(slug)).filter(Column::DeletedAt.is_null()).one(db).await?;
    row.as_ref().map(read).transpose()
}

/// Whether a short name was ever given out.
pub async fn slug_taken_everywhere(db: &impl Db, slug: &str) -> Result<bool> {
    Ok(Entity::find().filter(Column::Slug.eq(slug)).one(db).await?.is_some())
}

/// Ids of all workspaces after the given one, in order, at most `limit`. System work.
pub async fn list_ids_everywhere(
    db: &impl Db,
    after: Option<WorkspaceId>,
    limit: u64,
) -> Result<Vec<WorkspaceId>> {
    let mut query = Entity::find().select_only().column(Column::Id).filter(Column::DeletedAt.is_null());
    if let Some(after) = after {
        query = query.filter(Column::Id.gt(after.uuid()));
    }
    let ids: Vec<uuid::Uuid> = query.order_by_asc(Column::Id).limit(limit).into_tuple().all(db).await?;
    Ok(ids.into_iter().map(WorkspaceId::from_uuid).collect())
}

/// Where a person belongs, oldest membership first.
pub async fn memberships_everywhere(db: &impl Db, user: UserId) -> Result<Vec<WorkspaceMembership>> {
    let places = member::Entity::find()
        .filter(member::Column::UserId.eq(user.uuid()))
        .order_by_asc(member::Column::Id)
        .all(db)
        .await?;
    let ids = places.iter().map(|place| place.workspace_id);
    let rows =
        Entity::find().filter(Column::Id.is_in(ids)).filter(Column::DeletedAt.is_null()).all(db).await?;
    places
        .iter()
        .filter_map(|place| Some((place, rows.iter().find(|row| row.id == place.workspace_id)?)))
        .map(|(place, row)| {
            Ok(WorkspaceMembership {
                id: WorkspaceId::from_uuid(row.id),
                name: row.name.clone(),
                slug: row.slug.clone(),
                role: from_word("member", &place.role)?,
            })
        })
        .collect()
}

/// Stores a new workspace.
///
/// # Errors
/// [`StoreError::Duplicate`] when the short name is taken.
pub async fn insert(db: &impl Db, workspace: &Workspace) -> Result<()> {
    let row = ActiveModel {
        id: Set(workspace.id.uuid()),
        slug: Set(workspace.slug.clone()),
        created_at: Set(workspace.created_at.as_millis()),
        deleted_at: Set(None),
        ..changes(workspace)?
    };
    Entity::insert(row).exec_without_returning(db).await?;
    Ok(())
}

/// Stores a workspace's changed settings.
pub async fn update(db: &impl Db, workspace: &Workspace) -> Result<()> {
    let done = Entity::update_many()
        .set(changes(workspace)?)
        .filter(Column::Id.eq(workspace.id.uuid()))
        .filter(Column::DeletedAt.is_null())
        .exec(db)
        .await?;
    if done.rows_affected == 0 { Err(StoreError::NotFound("workspace")) } else { Ok(()) }
}

fn changes(workspace: &Workspace) -> Result<ActiveModel> {
    Ok(ActiveModel {
        name: Set(workspace.name.clone()),
        zone: Set(workspace.zone.clone()),
        country: Set(workspace.country.clone()),
        language: Set(to_word(TABLE, &workspace.language)?),
        facts: Set(to_json(TABLE, &workspace.facts)?),
        hours: Set(to_json(TABLE, &workspace.hours)?),
        theme: Set(to_json(TABLE, &workspace.theme)?),
        onboarding: Set(to_json(TABLE, &workspace.onboarding)?),
        ..Default::default()
    })
}

/// Marks the workspace deleted: from now on nothing finds it. Its rows are removed with [`purge`].
pub async fn delete(db: &impl Db, scope: Scope, now: Timestamp) -> Result<()> {
    let done = Entity::update_many()
        .set(ActiveModel { deleted_at: Set(Some(now.as_millis())), ..Default::default() })
        .filter(Column::Id.eq(scope.workspace().uuid()))
        .filter(Column::DeletedAt.is_null())
        .exec(db)
        .await?;
    if done.rows_affected == 0 { Err(StoreError::NotFound("workspace")) } else { Ok(()) }
}

/// Whether the scope's workspace was marked deleted.
pub async fn is_deleted(db: &impl Db, scope: Scope) -> Result<bool> {
    let row = Entity::find_by_id(scope.workspace().uuid()).one(db).await?;
    Ok(row.is_some_and(|row| row.deleted_at.is_some()))
}

/// Names of the tables that hold rows of workspaces.
pub async fn tables_everywhere(db: &impl Db) -> Result<Vec<String>> {
    let backend = db.get_database_backend();
    let rows =
        db.query_all_raw(Statement::from_string(backend, dialect::tables_of_workspaces(backend))).await?;
    rows.into_iter().map(|row| Ok(row.try_get_by_index::<String>(0)?)).collect()
}

/// Removes the workspace's rows of one table that [`tables_everywhere`] named; gives their number.
///
/// # Errors
/// [`StoreError::NotFound`] while the workspace is not marked deleted: nothing alive is ever purged.
pub async fn purge(db: &impl Db, scope: Scope, table: &str) -> Result<u64> {
    if !is_deleted(db, scope).await? || !table.chars().all(|c| c.is_ascii_lowercase() || c == '_') {
        return Err(StoreError::NotFound("deleted workspace"));
    }
    let backend = db.get_database_backend();
    let sql = dialect::sql(backend, &format!("DELETE FROM \"{table}\" WHERE workspace_id = ?"));
    let values = [scope.workspace().uuid().into()];
    Ok(db.execute_raw(Statement::from_sql_and_values(backend, sql, values)).await?.rows_affected())
}
