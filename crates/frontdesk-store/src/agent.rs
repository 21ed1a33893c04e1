//! Agents and their versions.

use frontdesk_domain::agent::{Agent, AgentSettings, AgentState, AgentVersion};
use frontdesk_domain::context::Scope;
use frontdesk_domain::id::{AgentId, AgentVersionId, UserId};
use frontdesk_domain::time::Timestamp;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Set};

use crate::column::{from_json, from_word, to_json, to_word};
use crate::entity::{agent, agent_version};
use crate::tx::Db;
use crate::{Result, StoreError};

const TABLE: &str = "agent";
/// The most agents a workspace may keep, archived ones included.
pub const MAX: u64 = 500;

/// Draft settings that lack a field or hold one of a newer version read as far as they can be understood; the rest
/// takes defaults, so that an upgrade never locks an agent out.
fn read_settings(text: &str) -> Result<AgentSettings> {
    from_json(TABLE, text)
}

fn read(row: agent::Model, published: Option<&agent_version::Model>) -> Result<Agent> {
    let draft = read_settings(&row.draft)?;
    let has_changes = match published {
        Some(version) => {
            let mut frozen = read_settings(&version.settings)?;
            // The persona's words are frozen into a version only.
            frozen.persona = None;
            frozen != draft || version.name != row.name
        }
        None => true,
    };
    Ok(Agent {
        id: AgentId::from_uuid(row.id),
        name: row.name,
        state: from_word(TABLE, &row.state)?,
        is_default: row.is_default,
        draft,
        published_version: row.published_version.map(AgentVersionId::from_uuid),
        published_number: published.map(|version| version.number.unsigned_abs()),
        has_changes,
        created_at: Timestamp::from_millis(row.created_at),
        updated_at: Timestamp::from_millis(row.updated_at),
    })
}

async fn with_published(db: &impl Db, rows: Vec<agent::Model>) -> Result<Vec<Agent>> {
    let ids: Vec<_> = rows.iter().filter_map(|row| row.published_version).collect();
    let versions = agent_version::Entity::find().filter(agent_version::Column::Id.is_in(ids)).all(db).await?;
    rows.into_iter()
        .map(|row| {
            let published = versions.iter().find(|version| Some(version.id) == row.published_version);
            read(row, published)
        })
        .collect()
}

/// A workspace's agents, oldest first; archived ones only when asked for.
pub async fn list(db: &impl Db, scope: Scope, archived: bool) -> Result<Vec<Agent>> {
    let mut query = agent::Entity::find().filter(agent::Column::WorkspaceId.eq(scope.workspace().uuid()));
    if !archived {
        query = query.filter(agent::Column::State.ne("archived"));
    }
    let rows = query.order_by_asc(agent::Column::Id).limit(MAX).all(db).await?;
    with_published(db, rows).await
}

/// The agent, if it is in the workspace.
pub async fn find(db: &impl Db, scope: Scope, id: AgentId) -> Result<Option<Agent>> {
    let row = agent::Entity::find_by_id(id.uuid())
        .filter(agent::Column::WorkspaceId.eq(scope.workspace().uuid()))
        .one(db)
        .await?;
    Ok(with_published(db, row.into_iter().collect()).await?.pop())
}

/// The agent, which must be in the workspace.
pub async fn get(db: &impl Db, scope: Scope, id: AgentId) -> Result<Agent> {
    find(db, scope, id).await?.ok_or(StoreError::NotFound("agent"))
}

/// The agent that answers where none is named.
pub async fn find_default(db: &impl Db, scope: Scope) -> Result<Option<Agent>> {
    let row = agent::Entity::find()
        .filter(agent::Column::WorkspaceId.eq(scope.workspace().uuid()))
        .filter(agent::Column::IsDefault.eq(true))
        .one(db)
        .await?;
    Ok(with_published(db, row.into_iter().collect()).await?.pop())
}

/// Stores a new agent.
pub async fn insert(db: &impl Db, scope: Scope, new: &Agent) -> Result<()> {
    let row = agent::ActiveModel {
        id: Set(new.id.uuid()),
        workspace_id: Set(scope.workspace().uuid()),
        name: Set(new.name.clone()),
        state: Set(to_word(TABLE, &new.state)?),
        is_default: Set(new.is_default),
        draft: Set(to_json(TABLE, &new.draft)?),
        published_version: Set(new.published_version.map(AgentVersionId::uuid)),
        created_at: Set(new.created_at.as_millis()),
        updated_at: Set(new.updated_at.as_millis()),
    };
    agent::Entity::insert(row).exec_without_returning(db).await?;
    Ok(())
}

/// Changes name, state, draft and what is published.
pub async fn update(db: &impl Db, scope: Scope, changed: &Agent) -> Result<()> {
    let done = agent::Entity::update_many()
        .col_expr(agent::Column::Name, Expr::value(changed.name.as_str()))
        .col_expr(agent::Column::State, Expr::value(to_word(TABLE, &changed.state)?))
        .col_expr(agent::Column::Draft, Expr::value(to_json(TABLE, &changed.draft)?))
        .col_expr(
            agent::Column::PublishedVersion,
            Expr::value(changed.published_version.map(AgentVersionId::uuid)),
        )
        .col_expr(agent::Column::UpdatedAt, Expr::value(changed.updated_at.as_millis()))
        .filter(agent::Column::Id.eq(changed.id.uuid()))
        .filter(agent::Column::WorkspaceId.eq(scope.workspace().uuid()))
        .exec(db)
        .await?;
    if done.rows_affected == 0 { Err(StoreError::NotFound("agent")) } else { Ok(()) }
}

/// Makes this the agent that answers where none is named.
pub async fn set_default(db: &impl Db, scope: Scope, id: AgentId) -> Result<()> {
    let of_workspace =
        || agent::Entity::update_many().filter(agent::Column::WorkspaceId.eq(scope.workspace().uuid()));
    of_workspace()
        .col_expr(agent::Column::IsDefault, Expr::value(false))
        .filter(agent::Column::IsDefault.eq(true))
        .exec(db)
        .await?;
    let done = of_workspace()
        .col_expr(agent::Column::IsDefault, Expr::value(true))
        .filter(agent::Column::Id.eq(id.uuid()))
        .exec(db)
        .await?;
    if done.rows_affected == 0 { Err(StoreError::NotFound("agent")) } else { Ok(()) }
}

/// Deletes an agent with its versions. Conversations keep their text.
pub async fn delete(db: &impl Db, scope: Scope, id: AgentId) -> Result<()> {
    let done = agent::Entity::delete_many()
        .filter(agent::Column::Id.eq(id.uuid()))
        .filter(agent::Column::WorkspaceId.eq(scope.workspace().uuid()))
        .exec(db)
        .await?;
    if done.rows_affected == 0 {
        return Err(StoreError::NotFound("agent"));
    }
    agent_version::Entity::delete_many()
        .filter(agent_version::Column::AgentId.eq(id.uuid()))
        .filter(agent_version::Column::WorkspaceId.eq(scope.workspace().uuid()))
        .exec(db)
        .await?;
    Ok(())
}

fn read_version(row: agent_version::Model) -> Result<AgentVersion> {
    Ok(AgentVersion {
        id: AgentVersionId::from_uuid(row.id),
        agent_id: AgentId::from_uuid(row.agent_id),
        number: row.number.unsigned_abs(),
        name: row.name,
        settings: read_settings(&row.settings)?,
        note: row.note,
        published_by: row.published_by.map(UserId::from_uuid),
        created_at: Timestamp::from_millis(row.created_at),
    })
}

fn versions(scope: Scope, agent: AgentId) -> sea_orm::Select<agent_version::Entity> {
    agent_version::Entity::find()
        .filter(agent_version::Column::WorkspaceId.eq(scope.workspace().uuid()))
        .filter(agent_version::Column::AgentId.eq(agent.uuid()))
}

/// Versions of an agent, newest first, below `before` when given.
pub async fn list_versions(
    db: &impl Db,
    scope: Scope,
    agent: AgentId,
    before: Option<u32>,
    limit: u64,
) -> Result<Vec<AgentVersion>> {
    let mut query = versions(scope, agent);
    if let Some(before) = before {
        query = query.filter(agent_version::Column::Number.lt(before as i32));
    }
    let rows = query.order_by_desc(agent_version::Column::Number).limit(limit).all(db).await?;
    rows.into_iter().map(read_version).collect()
}

/// A version by its number, which must exist.
pub async fn get_version(db: &impl Db, scope: Scope, agent: AgentId, number: u32) -> Result<AgentVersion> {
    let row = versions(scope, agent)
        .filter(agent_version::Column::Number.eq(i32::try_from(number).unwrap_or(i32::MAX)))
        .one(db)
        .await?;
    row.map(read_version).transpose()?.ok_or(StoreError::NotFound("agent version"))
}

/// The version that answers for an agent; absent while it is inactive or unpublished.
pub async fn find_answering(db: &impl Db, scope: Scope, agent: AgentId) -> Result<Option<AgentVersion>> {
    let Some(found) = find(db, scope, agent).await? else { return Ok(None) };
    let (AgentState::Active, Some(version)) = (found.state, found.published_version) else { return Ok(None) };
    let row = versions(scope, agent).filter(agent_version::Column::Id.eq(version.uuid())).one(db).await?;
    row.map(read_version).transpose()
}

/// Stores a new version.
pub async fn insert_version(db: &impl Db, scope: Scope, version: &AgentVersion) -> Result<()> {
    let row = agent_version::ActiveModel {
        id: Set(version.id.uuid()),
        workspace_id: Set(scope.workspace().uuid()),
        agent_id: Set(version.agent_id.uuid()),
        number: Set(version.number as i32),
        name: Set(version.name.clone()),
        settings: Set(to_json(TABLE, &version.settings)?),
        note: Set(version.note.clone()),
        published_by: Set(version.published_by.map(UserId::uuid)),
        created_at: Set(version.created_at.as_millis()),
    };
    agent_version::Entity::insert(row).exec_without_returning(db).await?;
    Ok(())
}
