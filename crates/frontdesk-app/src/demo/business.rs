//! The business itself: workspace, team, agents, canned replies.

use frontdesk_domain::access::Role;
use frontdesk_domain::agent::{Agent, AgentSettings, AgentState};
use frontdesk_domain::contact::Tag;
use frontdesk_domain::conversation::CannedReply;
use frontdesk_domain::event::Event;
use frontdesk_domain::id::{CannedReplyId, MemberId, PersonaId, UserId};
use frontdesk_domain::locale::Language;
use frontdesk_domain::persona::{Persona, PersonaVoice};
use frontdesk_domain::time::Timestamp;
use frontdesk_domain::user::User;
use frontdesk_domain::workspace::{BusinessFacts, ColorScheme, Onboarding, Theme, WeeklyHours};
use frontdesk_store::{Tx, agent as agents, canned_reply, member, persona, user, workspace};
use serde::Deserialize;

use super::moment::moment;
use super::{EMAIL, read};
use crate::workspace::NewWorkspace;
use crate::{AppError, Result, agent};

/// Password hashes of the team.
pub struct Hashes {
    /// Of who signs in.
    pub owner: String,
    /// Of everybody else.
    pub others: String,
}

/// The business as the rest of the demo needs it.
pub struct Made {
    pub name: String,
    pub zone: String,
    pub owner: UserId,
    /// Team members by their key in the data.
    pub team: Vec<(String, User)>,
}

impl Made {
    /// The team member with this key.
    pub fn person(&self, key: &str) -> Result<&User> {
        let found = self.team.iter().find(|(known, _)| known == key);
        found
            .map(|(_, user)| user)
            .ok_or_else(|| AppError::Internal(format!("the demo's team has no `{key}`")))
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct BusinessData {
    name: String,
    zone: String,
    country: String,
    since: String,
    facts: BusinessFacts,
    hours: WeeklyHours,
    theme: Theme,
    team: Vec<TeamData>,
    canned: Vec<CannedData>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TeamData {
    key: String,
    name: String,
    email: String,
    role: Role,
    since: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CannedData {
    shortcut: String,
    text: String,
}

/// Writes down workspace, team and canned replies; the unit of work goes on inside the workspace.
pub async fn write(tx: &mut Tx, now: Timestamp, hashes: &Hashes) -> Result<Made> {
    let data: BusinessData = read("business.toml", include_str!("data/business.toml"))?;
    tx.at(moment(&data.since, now, &data.zone)?);
    let mut team = Vec::with_capacity(data.team.len());
    for person in &data.team {
        let hash = if person.email == EMAIL { &hashes.owner } else { &hashes.others };
        team.push((person.key.clone(), find_or_add(tx, person, hash).await?));
    }
    let owner = team
        .iter()
        .find(|(_, user)| user.email == EMAIL)
        .map(|(_, user)| user.id)
        .ok_or_else(|| AppError::Internal(format!("the demo's team lacks {EMAIL}")))?;
    let new = NewWorkspace {
        name: data.name,
        zone: Some(data.zone),
        country: Some(data.country),
        language: Some(Language::En),
    };
    let mut made = crate::workspace::insert_bare(tx, new, owner).await?;
    made.facts = data.facts;
    made.hours = data.hours;
    made.theme = data.theme;
    made.onboarding =
        Onboarding { business: true, knowledge: true, agent: true, widget: true, dismissed: true };
    workspace::update(tx, &made).await?;
    for (person, (_, user)) in data.team.iter().zip(&team).filter(|(_, (_, user))| user.id != owner) {
        tx.at(moment(&person.since, now, &made.zone)?);
        let id = MemberId::new(tx.now(), tx.random());
        member::insert(tx, tx.scope(), id, user.id, person.role, tx.now()).await?;
        tx.emit(Event::TeamUpdated { user_id: user.id });
    }
    for canned in data.canned {
        let id = CannedReplyId::new(tx.now(), tx.random());
        let reply = CannedReply { id, shortcut: canned.shortcut, text: canned.text, updated_at: tx.now() };
        canned_reply::insert(tx, tx.scope(), &reply).await?;
    }
    Ok(Made { name: made.name, zone: made.zone, owner, team })
}

/// A person of an earlier demo, whose workspace was deleted since, is taken on again.
async fn find_or_add(tx: &Tx, person: &TeamData, hash: &str) -> Result<User> {
    if let Some(known) = user::find_by_email_everywhere(tx, &person.email).await? {
        return Ok(known.user);
    }
    let new = User {
        id: UserId::new(tx.now(), tx.random()),
        email: person.email.clone(),
        name: person.name.clone(),
        language: Language::En,
        scheme: ColorScheme::Auto,
        created_at: tx.now(),
    };
    user::insert_everywhere(tx, &new, hash).await?;
    Ok(new)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AgentsData {
    persona: PersonaData,
    agent: Vec<AgentData>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PersonaData {
    name: String,
    voice: PersonaVoice,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AgentData {
    name: String,
    state: AgentState,
    since: String,
    #[serde(default)]
    version: Vec<VersionData>,
    draft: AgentSettings,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct VersionData {
    when: String,
    note: String,
    /// What differed from today's draft.
    greeting: Option<String>,
    instructions: Option<String>,
}

/// Writes down the persona and the agents with their versions; gives the one that answers.
pub async fn write_agents(tx: &mut Tx, now: Timestamp, owner: UserId) -> Result<Agent> {
    let data: AgentsData = read("agents.toml", include_str!("data/agents.toml"))?;
    let zone = workspace::get(tx, tx.scope()).await?.zone;
    let spoken = Persona {
        id: PersonaId::new(tx.now(), tx.random()),
        name: data.persona.name,
        voice: data.persona.voice,
        created_at: tx.now(),
        updated_at: tx.now(),
    };
    persona::insert(tx, tx.scope(), &spoken).await?;
    for written in data.agent {
        tx.at(moment(&written.since, now, &zone)?);
        let draft = AgentSettings { persona_id: Some(spoken.id), ..written.draft };
        let mut current = agent::insert(tx, written.name, draft.clone()).await?;
        for version in written.version {
            tx.at(moment(&version.when, now, &zone)?);
            let mut then = draft.clone();
            then.greeting = version.greeting.unwrap_or(then.greeting);
            then.instructions = version.instructions.unwrap_or(then.instructions);
            let frozen = agent::freeze(tx, tx.scope(), then).await?;
            agent::publish_in(tx, current.clone(), frozen, version.note, Some(owner)).await?;
            current = agents::get(tx, tx.scope(), current.id).await?;
        }
        current.state = written.state;
        agents::update(tx, tx.scope(), &current).await?;
    }
    let answering = agents::find_default(tx, tx.scope()).await?;
    answering.ok_or_else(|| AppError::Internal("the demo has no agent that answers".to_owned()))
}

/// Tags of contacts, `name:colour`.
pub fn tag(text: &str) -> Result<Tag> {
    let (name, color) = text.split_once(':').unwrap_or((text, "gray"));
    let color = serde_json::from_value(serde_json::Value::from(color))
        .map_err(|error| AppError::Internal(format!("the demo's tag `{text}`: {error}")))?;
    Ok(Tag { name: name.to_owned(), color })
}
