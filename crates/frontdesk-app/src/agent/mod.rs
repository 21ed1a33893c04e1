//! Agents: drafts, versions, publishing, rolling back.
//!
//! An agent's draft is edited freely; publishing freezes it, with the persona's words of that moment, into a numbered
//! version, and only versions answer customers. Rolling back publishes an old version again under a new number, so the
//! numbers tell what customers saw when.

mod diff;
pub mod persona;

pub use diff::{Side, diff};

use frontdesk_agent::tools;
use frontdesk_domain::access::Permission;
use frontdesk_domain::agent::{Agent, AgentSettings, AgentState, AgentVersion};
use frontdesk_domain::connection::ConnectionCategory;
use frontdesk_domain::context::{Context, Scope};
use frontdesk_domain::event::Event;
use frontdesk_domain::id::{AgentId, AgentVersionId, UserId};
use frontdesk_domain::page::{Page, PageRequest};
use frontdesk_domain::text;
use frontdesk_store::{Tx, agent, connection, knowledge, persona as personas};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use crate::validate::Validator;
use crate::{App, AppError, Result};

/// An agent to make.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewAgent {
    /// Its name, as customers see it.
    #[schema(min_length = 1, max_length = 80)]
    pub name: String,
    /// The draft of its settings; defaults when absent.
    pub settings: Option<AgentSettings>,
}

/// What to change of an agent.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct AgentChange {
    /// Its name.
    #[schema(min_length = 1, max_length = 80)]
    pub name: Option<String>,
    /// Whether it answers.
    pub state: Option<AgentState>,
    /// `true` makes it the one that answers where none is named.
    pub is_default: Option<bool>,
    /// The whole draft.
    pub draft: Option<AgentSettings>,
    /// When the draft was read, as `updated_at` said; refused when somebody changed it since.
    pub if_updated_at: Option<frontdesk_domain::time::Timestamp>,
}

/// What is said with a new version.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Publication {
    /// What changed, in the publisher's words.
    #[schema(max_length = 500)]
    pub note: String,
}

/// A tool an agent may be given.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ToolInfo {
    /// Its name.
    pub name: String,
    /// What it does.
    pub description: String,
    /// JSON Schema of its arguments.
    #[schema(value_type = Object)]
    pub parameters: serde_json::Value,
}

/// Every tool an agent may be given.
pub fn list_tools(ctx: &Context) -> Result<Vec<ToolInfo>> {
    ctx.require(Permission::AgentsRead)?;
    Ok(tools::specs()
        .into_iter()
        .map(|spec| ToolInfo {
            name: spec.name.to_owned(),
            description: spec.description.to_owned(),
            parameters: spec.parameters,
        })
        .collect())
}

fn check(name: &str, settings: &AgentSettings, errors: &mut Validator, base: &str) -> String {
    let name = errors.take("/name", text::line(name, 80));
    let at = |field: &str| format!("{base}{field}");
    errors.take(&at("/greeting"), text::lines(&settings.greeting, 1_000));
    errors.take(&at("/instructions"), text::lines(&settings.instructions, 20_000));
    errors.take(&at("/handoff/closed_message"), text::lines(&settings.handoff.closed_message, 1_000));
    errors.ensure(
        &at("/handoff/after_misses"),
        (1..=10).contains(&settings.handoff.after_misses),
        "must be 1 to 10",
    );
    errors.ensure(
        &at("/brain/temperature"),
        settings.brain.temperature.is_none_or(|temperature| (0.0..=2.0).contains(&temperature)),
        "must be 0 to 2",
    );
    errors.ensure(
        &at("/brain/max_tokens"),
        (64..=8192).contains(&settings.brain.max_tokens),
        "must be 64 to 8192",
    );
    errors.ensure(
        &at("/brain/cost_ceiling_micros"),
        settings.brain.cost_ceiling_micros.is_none_or(|ceiling| ceiling <= 1_000_000_000_000),
        "must be at most 1,000,000,000,000 (a million dollars)",
    );
    errors.ensure(&at("/brain/models"), settings.brain.models.len() <= 4, "may name at most 4 models");
    errors.ensure(&at("/off_topics"), settings.off_topics.len() <= 50, "may hold at most 50 subjects");
    for (index, topic) in settings.off_topics.iter().enumerate().take(50) {
        errors.take(&at(&format!("/off_topics/{index}")), text::line(topic, 200));
    }
    errors.ensure(
        &at("/hours"),
        settings.hours.as_ref().is_none_or(frontdesk_domain::workspace::WeeklyHours::is_valid),
        "each day's hours must follow one another within the day",
    );
    errors.ensure(&at("/persona"), settings.persona.is_none(), "is filled in when the agent is published");
    errors.ensure(
        &at("/sources"),
        settings.sources.as_ref().is_none_or(|sources| sources.len() <= 2_000),
        "may name at most 2000 sources",
    );
    let known = tools::specs();
    errors.ensure(&at("/tools"), settings.tools.len() <= 50, "may name at most 50 tools");
    for (index, tool) in settings.tools.iter().enumerate().take(50) {
        let exists = known.iter().any(|spec| spec.name == tool);
        errors.ensure(&at(&format!("/tools/{index}")), exists, "is not a tool");
    }
    name
}

/// What the settings name must be in the workspace.
async fn check_references(tx: &Tx, settings: &AgentSettings, base: &str) -> Result<()> {
    let mut errors = Validator::new();
    if let Some(id) = settings.persona_id {
        let found = personas::find(tx, tx.scope(), id).await?.is_some();
        errors.ensure(&format!("{base}/persona_id"), found, "is not a persona of this workspace");
    }
    for (index, id) in settings.brain.models.iter().enumerate() {
        let found = connection::find(tx, tx.scope(), *id).await?;
        let model = found.is_some_and(|sealed| sealed.connection.category == ConnectionCategory::Model);
        errors.ensure(
            &format!("{base}/brain/models/{index}"),
            model,
            "is not a language model connected to this workspace",
        );
    }
    for (index, id) in settings.sources.iter().flatten().enumerate() {
        let found = knowledge::find(tx, tx.scope(), *id).await?.is_some();
        errors.ensure(
            &format!("{base}/sources/{index}"),
            found,
            "is not a knowledge source of this workspace",
        );
    }
    errors.finish()
}

/// The workspace's agents, oldest first.
pub async fn list(app: &App, ctx: &Context, archived: bool) -> Result<Vec<Agent>> {
    ctx.require(Permission::AgentsRead)?;
    Ok(agent::list(app.store.reader(), ctx.scope(), archived).await?)
}

/// One agent.
pub async fn get(app: &App, ctx: &Context, id: AgentId) -> Result<Agent> {
    ctx.require(Permission::AgentsRead)?;
    Ok(agent::get(app.store.reader(), ctx.scope(), id).await?)
}

/// Makes an agent. The first one of a workspace is the one that answers where none is named.
pub async fn create(app: &App, ctx: &Context, new: NewAgent) -> Result<Agent> {
    ctx.require(Permission::AgentsWrite)?;
    let settings = new.settings.unwrap_or_default();
    let mut errors = Validator::new();
    let name = check(&new.name, &settings, &mut errors, "/settings");
    errors.finish()?;
    let tx = app.store.begin(ctx).await?;
    check_references(&tx, &settings, "/settings").await?;
    let created = insert(&tx, name, settings).await?;
    tx.commit().await?;
    Ok(created)
}

/// Makes an agent in a unit of work; its settings were checked.
pub(crate) async fn insert(tx: &Tx, name: String, draft: AgentSettings) -> Result<Agent> {
    if agent::list(tx, tx.scope(), true).await?.len() as u64 >= agent::MAX {
        return Err(AppError::Conflict("500 agents are the most; delete one first".to_owned()));
    }
    let created = Agent {
        id: AgentId::new(tx.now(), tx.random()),
        name,
        state: AgentState::Active,
        is_default: agent::find_default(tx, tx.scope()).await?.is_none(),
        draft,
        published_version: None,
        published_number: None,
        has_changes: true,
        created_at: tx.now(),
        updated_at: tx.now(),
    };
    agent::insert(tx, tx.scope(), &created).await?;
    tx.emit(Event::AgentUpdated { agent_id: created.id });
    tx.audit("agent.create", Some(created.id.to_string()), json!({ "name": created.name }));
    Ok(created)
}

/// Changes an agent's name, state or draft. Customers see nothing of a draft until it is published.
pub async fn update(app: &App, ctx: &Context, id: AgentId, change: AgentChange) -> Result<Agent> {
    ctx.require(Permission::AgentsWrite)?;
    let tx = app.store.begin(ctx).await?;
    let mut changed = agent::get(&tx, tx.scope(), id).await?;
    if change.if_updated_at.is_some_and(|read_at| read_at != changed.updated_at) {
        return Err(AppError::Conflict(
            "somebody else changed this agent since you opened it; reload it to see their changes".to_owned(),
        ));
    }
    let mut fields = Vec::new();
    if let Some(name) = change.name {
        changed.name = name;
        fields.push("name");
    }
    if let Some(state) = change.state {
        if changed.is_default && state == AgentState::Archived {
            return Err(AppError::Conflict(
                "this agent answers where none is named; make another one the default first".to_owned(),
            ));
        }
        changed.state = state;
        fields.push("state");
    }
    if let Some(draft) = change.draft {
        changed.draft = draft;
        fields.push("draft");
    }
    let mut errors = Validator::new();
    changed.name = check(&changed.name, &changed.draft, &mut errors, "/draft");
    errors.finish()?;
    check_references(&tx, &changed.draft, "/draft").await?;
    changed.updated_at = tx.now();
    agent::update(&tx, tx.scope(), &changed).await?;
    match change.is_default {
        Some(true) if !changed.is_default => {
            agent::set_default(&tx, tx.scope(), id).await?;
            fields.push("is_default");
        }
        Some(false) if changed.is_default => {
            return Err(AppError::Conflict(
                "one agent must answer where none is named; make another one the default instead".to_owned(),
            ));
        }
        _ => {}
    }
    tx.emit(Event::AgentUpdated { agent_id: id });
    tx.audit("agent.update", Some(id.to_string()), json!({ "fields": fields }));
    tx.commit().await?;
    Ok(agent::get(app.store.reader(), ctx.scope(), id).await?)
}

/// Deletes an agent with its versions. The default one cannot be deleted while others exist.
pub async fn delete(app: &App, ctx: &Context, id: AgentId) -> Result<()> {
    ctx.require(Permission::AgentsWrite)?;
    let tx = app.store.begin(ctx).await?;
    let doomed = agent::get(&tx, tx.scope(), id).await?;
    if doomed.is_default && agent::list(&tx, tx.scope(), true).await?.len() > 1 {
        return Err(AppError::Conflict(
            "this agent answers where none is named; make another one the default first".to_owned(),
        ));
    }
    agent::delete(&tx, tx.scope(), id).await?;
    tx.emit(Event::AgentUpdated { agent_id: id });
    tx.audit("agent.delete", Some(id.to_string()), json!({ "name": doomed.name }));
    tx.commit().await?;
    Ok(())
}

/// Makes an unpublished copy.
pub async fn clone(app: &App, ctx: &Context, id: AgentId) -> Result<Agent> {
    ctx.require(Permission::AgentsWrite)?;
    let tx = app.store.begin(ctx).await?;
    let original = agent::get(&tx, tx.scope(), id).await?;
    let name: String = format!("{} (copy)", original.name).chars().take(80).collect();
    let copy = insert(&tx, name, original.draft).await?;
    tx.commit().await?;
    Ok(copy)
}

/// Freezes the draft into the next version, which answers from now on.
pub async fn publish(
    app: &App,
    ctx: &Context,
    id: AgentId,
    publication: Publication,
) -> Result<AgentVersion> {
    ctx.require(Permission::AgentsWrite)?;
    let mut errors = Validator::new();
    let note = errors.take("/note", text::lines(&publication.note, 500));
    errors.finish()?;
    let tx = app.store.begin(ctx).await?;
    let current = agent::get(&tx, tx.scope(), id).await?;
    let settings = freeze(&tx, tx.scope(), current.draft.clone()).await?;
    let version = publish_in(&tx, current, settings, note, ctx.user()).await?;
    tx.commit().await?;
    Ok(version)
}

/// The draft with the persona's words of this moment.
pub(crate) async fn freeze(
    db: &impl frontdesk_store::Db,
    scope: Scope,
    mut draft: AgentSettings,
) -> Result<AgentSettings> {
    draft.persona = match draft.persona_id {
        Some(id) => personas::find(db, scope, id).await?.map(|persona| persona.voice),
        None => None,
    };
    Ok(draft)
}

/// Stores a version under the next number and makes it the one that answers.
pub(crate) async fn publish_in(
    tx: &Tx,
    mut current: Agent,
    settings: AgentSettings,
    note: String,
    published_by: Option<UserId>,
) -> Result<AgentVersion> {
    let newest = agent::list_versions(tx, tx.scope(), current.id, None, 1).await?;
    let version = AgentVersion {
        id: AgentVersionId::new(tx.now(), tx.random()),
        agent_id: current.id,
        number: newest.first().map_or(0, |version| version.number) + 1,
        name: current.name.clone(),
        settings,
        note,
        published_by,
        created_at: tx.now(),
    };
    agent::insert_version(tx, tx.scope(), &version).await?;
    current.published_version = Some(version.id);
    agent::update(tx, tx.scope(), &current).await?;
    tx.emit(Event::AgentUpdated { agent_id: current.id });
    tx.audit("agent.publish", Some(current.id.to_string()), json!({ "version": version.number }));
    Ok(version)
}

/// Which version to go back to.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Rollback {
    /// Its number.
    #[schema(minimum = 1)]
    pub number: u32,
}

/// Publishes an old version again, under a new number; the draft becomes the same.
pub async fn roll_back(app: &App, ctx: &Context, id: AgentId, to: Rollback) -> Result<AgentVersion> {
    ctx.require(Permission::AgentsWrite)?;
    let tx = app.store.begin(ctx).await?;
    let mut current = agent::get(&tx, tx.scope(), id).await?;
    let old = agent::get_version(&tx, tx.scope(), id, to.number).await?;
    current.name.clone_from(&old.name);
    current.draft = AgentSettings { persona: None, ..old.settings.clone() };
    current.updated_at = tx.now();
    let note = format!("Back to version {}", old.number);
    let version = publish_in(&tx, current, old.settings, note, ctx.user()).await?;
    tx.commit().await?;
    Ok(version)
}

/// A page of an agent's versions, newest first.
pub async fn versions(
    app: &App,
    ctx: &Context,
    id: AgentId,
    page: &PageRequest,
) -> Result<Page<AgentVersion>> {
    ctx.require(Permission::AgentsRead)?;
    agent::get(app.store.reader(), ctx.scope(), id).await?;
    let before = page.cursor.as_deref().and_then(|cursor| cursor.parse().ok());
    let rows =
        agent::list_versions(app.store.reader(), ctx.scope(), id, before, u64::from(page.size()) + 1).await?;
    Ok(Page::cut(rows, page.size(), |version| version.number.to_string()))
}

/// One version.
pub async fn version(app: &App, ctx: &Context, id: AgentId, number: u32) -> Result<AgentVersion> {
    ctx.require(Permission::AgentsRead)?;
    Ok(agent::get_version(app.store.reader(), ctx.scope(), id, number).await?)
}
