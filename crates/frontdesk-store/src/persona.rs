//! Personas.

use frontdesk_domain::context::Scope;
use frontdesk_domain::id::PersonaId;
use frontdesk_domain::persona::Persona;
use frontdesk_domain::time::Timestamp;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Set};

use crate::column::{from_json, to_json};
use crate::entity::persona::{ActiveModel, Column, Entity, Model};
use crate::tx::Db;
use crate::{Result, StoreError};

const TABLE: &str = "persona";
/// The most personas a workspace may keep.
pub const MAX: u64 = 200;

fn read(row: Model) -> Result<Persona> {
    Ok(Persona {
        id: PersonaId::from_uuid(row.id),
        name: row.name,
        voice: from_json(TABLE, &row.voice)?,
        created_at: Timestamp::from_millis(row.created_at),
        updated_at: Timestamp::from_millis(row.updated_at),
    })
}

/// A workspace's personas, oldest first.
pub async fn list(db: &impl Db, scope: Scope) -> Result<Vec<Persona>> {
    let rows = Entity::find()
        .filter(Column::WorkspaceId.eq(scope.workspace().uuid()))
        .order_by_asc(Column::Id)
        .limit(MAX)
        .all(db)
        .await?;
    rows.into_iter().map(read).collect()
}

/// The persona, if it is in the workspace.
pub async fn find(db: &impl Db, scope: Scope, id: PersonaId) -> Result<Option<Persona>> {
    let row = Entity::find_by_id(id.uuid())
        .filter(Column::WorkspaceId.eq(scope.workspace().uuid()))
        .one(db)
        .await?;
    row.map(read).transpose()
}

/// The persona, which must be in the workspace.
pub async fn get(db: &impl Db, scope: Scope, id: PersonaId) -> Result<Persona> {
    find(db, scope, id).await?.ok_or(StoreError::NotFound("persona"))
}

/// Stores a new persona.
pub async fn insert(db: &impl Db, scope: Scope, persona: &Persona) -> Result<()> {
    let row = ActiveModel {
        id: Set(persona.id.uuid()),
        workspace_id: Set(scope.workspace().uuid()),
        name: Set(persona.name.clone()),
        voice: Set(to_json(TABLE, &persona.voice)?),
        created_at: Set(persona.created_at.as_millis()),
        updated_at: Set(persona.updated_at.as_millis()),
    };
    Entity::insert(row).exec_without_returning(db).await?;
    Ok(())
}

/// Changes a persona.
pub async fn update(db: &impl Db, scope: Scope, persona: &Persona) -> Result<()> {
    let done = Entity::update_many()
        .col_expr(Column::Name, Expr::value(persona.name.as_str()))
        .col_expr(Column::Voice, Expr::value(to_json(TABLE, &persona.voice)?))
        .col_expr(Column::UpdatedAt, Expr::value(persona.updated_at.as_millis()))
        .filter(Column::Id.eq(persona.id.uuid()))
        .filter(Column::WorkspaceId.eq(scope.workspace().uuid()))
        .exec(db)
        .await?;
    if done.rows_affected == 0 { Err(StoreError::NotFound("persona")) } else { Ok(()) }
}

/// Deletes a persona.
pub async fn delete(db: &impl Db, scope: Scope, id: PersonaId) -> Result<()> {
    let done = Entity::delete_many()
        .filter(Column::Id.eq(id.uuid()))
        .filter(Column::WorkspaceId.eq(scope.workspace().uuid()))
        .exec(db)
        .await?;
    if done.rows_affected == 0 { Err(StoreError::NotFound("persona")) } else { Ok(()) }
}
