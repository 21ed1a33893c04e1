//! A workspace's team.

use frontdesk_domain::access::Role;
use frontdesk_domain::context::Scope;
use frontdesk_domain::id::{MemberId, UserId, WorkspaceId};
use frontdesk_domain::page::Page;
use frontdesk_domain::time::Timestamp;
use frontdesk_domain::workspace::Member;
use sea_orm::sea_query::LockType;
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Set};

use crate::column::{from_word, to_word};
use crate::entity::member::{ActiveModel, Column, Entity, Model};
use crate::entity::user;
use crate::tx::Db;
use crate::{Result, StoreError};

const TABLE: &str = "member";

async fn read(db: &impl Db, rows: Vec<Model>) -> Result<Vec<Member>> {
    let ids = rows.iter().map(|row| row.user_id);
    let people = user::Entity::find().filter(user::Column::Id.is_in(ids)).all(db).await?;
    rows.into_iter()
        .map(|row| {
            let person = people
                .iter()
                .find(|person| person.id == row.user_id)
                .ok_or_else(|| StoreError::damaged(TABLE, "its user is gone"))?;
            Ok(Member {
                id: MemberId::from_uuid(row.id),
                user_id: UserId::from_uuid(row.user_id),
                name: person.name.clone(),
                email: person.email.clone(),
                role: from_word(TABLE, &row.role)?,
                created_at: Timestamp::from_millis(row.created_at),
            })
        })
        .collect()
}

/// The member with this id.
pub async fn find(db: &impl Db, scope: Scope, id: MemberId) -> Result<Option<Member>> {
    let rows = Entity::find_by_id(id.uuid())
        .filter(Column::WorkspaceId.eq(scope.workspace().uuid()))
        .all(db)
        .await?;
    Ok(read(db, rows).await?.pop())
}

/// The member with this id, who must exist.
pub async fn get(db: &impl Db, scope: Scope, id: MemberId) -> Result<Member> {
    find(db, scope, id).await?.ok_or(StoreError::NotFound("member"))
}

/// The person's place in the workspace.
pub async fn find_by_user(db: &impl Db, scope: Scope, user: UserId) -> Result<Option<Member>> {
    let rows = Entity::find()
        .filter(Column::WorkspaceId.eq(scope.workspace().uuid()))
        .filter(Column::UserId.eq(user.uuid()))
        .all(db)
        .await?;
    Ok(read(db, rows).await?.pop())
}

/// What the person is in the workspace. Asked on every request, so it is one indexed read.
pub async fn role_of(db: &impl Db, scope: Scope, user: UserId) -> Result<Option<Role>> {
    let row = Entity::find()
        .filter(Column::WorkspaceId.eq(scope.workspace().uuid()))
        .filter(Column::UserId.eq(user.uuid()))
        .one(db)
        .await?;
    row.map(|row| from_word(TABLE, &row.role)).transpose()
}

/// The person's oldest place in a workspace.
pub async fn first_everywhere(db: &impl Db, user: UserId) -> Result<Option<(WorkspaceId, Role)>> {
    let row = Entity::find().filter(Column::UserId.eq(user.uuid())).order_by_asc(Column::Id).one(db).await?;
    row.map(|row| Ok((WorkspaceId::from_uuid(row.workspace_id), from_word(TABLE, &row.role)?))).transpose()
}

/// The team, oldest member first.
pub async fn list(db: &impl Db, scope: Scope, after: Option<MemberId>, size: u32) -> Result<Page<Member>> {
    let of_workspace = Entity::find().filter(Column::WorkspaceId.eq(scope.workspace().uuid()));
    let total = of_workspace.clone().count(db).await?;
    let mut query = of_workspace;
    if let Some(after) = after {
        query = query.filter(Column::Id.gt(after.uuid()));
    }
    let rows = query.order_by_asc(Column::Id).limit(u64::from(size) + 1).all(db).await?;
    let members = read(db, rows).await?;
    Ok(Page::cut(members, size, |member| member.id.to_string()).with_total(total))
}

/// How many owners the workspace has; their rows stay locked until the unit of work ends.
pub async fn lock_owners(db: &impl Db, scope: Scope) -> Result<usize> {
    let query = Entity::find()
        .filter(Column::WorkspaceId.eq(scope.workspace().uuid()))
        .filter(Column::Role.eq(Role::Owner.as_str()))
        .order_by_asc(Column::Id);
    let query = match db.get_database_backend() {
        sea_orm::DbBackend::Postgres => query.lock(LockType::Update),
        _ => query,
    };
    Ok(query.all(db).await?.len())
}

/// Adds a person to the team.
///
/// # Errors
/// [`StoreError::Duplicate`] when they belong to it already.
pub async fn insert(
    db: &impl Db,
    scope: Scope,
    id: MemberId,
    user: UserId,
    role: Role,
    now: Timestamp,
) -> Result<()> {
    let row = ActiveModel {
        id: Set(id.uuid()),
        workspace_id: Set(scope.workspace().uuid()),
        user_id: Set(user.uuid()),
        role: Set(to_word(TABLE, &role)?),
        created_at: Set(now.as_millis()),
    };
    Entity::insert(row).exec_without_returning(db).await?;
    Ok(())
}

/// Changes a member's role.
pub async fn set_role(db: &impl Db, scope: Scope, id: MemberId, role: Role) -> Result<()> {
    let done = Entity::update_many()
        .set(ActiveModel { role: Set(to_word(TABLE, &role)?), ..Default::default() })
        .filter(Column::Id.eq(id.uuid()))
        .filter(Column::WorkspaceId.eq(scope.workspace().uuid()))
        .exec(db)
        .await?;
    if done.rows_affected == 0 { Err(StoreError::NotFound("member")) } else { Ok(()) }
}

/// Removes a member.
pub async fn delete(db: &impl Db, scope: Scope, id: MemberId) -> Result<()> {
    let done = Entity::delete_many()
        .filter(Column::Id.eq(id.uuid()))
        .filter(Column::WorkspaceId.eq(scope.workspace().uuid()))
        .exec(db)
        .await?;
    if done.rows_affected == 0 { Err(StoreError::NotFound("member")) } else { Ok(()) }
}
