//! The sandbox: a rehearsal with an agent's draft. Same turn, same knowledge; nothing leaves it.

use std::sync::Arc;

use frontdesk_domain::access::Permission;
use frontdesk_domain::agent::AgentVersion;
use frontdesk_domain::context::Context;
use frontdesk_domain::conversation::Channel;
use frontdesk_domain::id::{AgentId, AgentVersionId, ConversationId};
use frontdesk_domain::knowledge::Passage;
use frontdesk_domain::message::{Message, TurnRecord};
use frontdesk_store::{agent, conversation, message, workspace};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{receive, start, turn};
use crate::{App, AppError, Result};

/// A rehearsal that was opened.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Sandbox {
    /// Its conversation.
    pub conversation_id: ConversationId,
}

/// What the rehearsing person says.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SandboxMessage {
    /// The text.
    #[schema(min_length = 1, max_length = 4000)]
    pub text: String,
}

/// What the draft answered, and how it came to it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SandboxReply {
    /// Messages since the person spoke, theirs included.
    pub messages: Vec<Message>,
    /// The turn's record; absent when the draft no longer has the floor.
    pub turn: Option<TurnRecord>,
    /// What the documents hold on it.
    pub passages: Vec<Passage>,
}

/// The draft as a version that answers.
pub(super) async fn draft_version(app: &App, ctx: &Context, id: AgentId) -> Result<AgentVersion> {
    let found = agent::get(app.store.reader(), ctx.scope(), id).await?;
    let settings = crate::agent::freeze(app.store.reader(), ctx.scope(), found.draft).await?;
    Ok(AgentVersion {
        id: AgentVersionId::from_uuid(id.uuid()),
        agent_id: id,
        number: 0,
        name: found.name,
        settings,
        note: String::new(),
        published_by: None,
        created_at: found.updated_at,
    })
}

/// Opens a rehearsal with an agent's draft.
pub async fn open(app: &App, ctx: &Context, agent: AgentId) -> Result<Sandbox> {
    ctx.require(Permission::AgentsWrite)?;
    let version = draft_version(app, ctx, agent).await?;
    let business = workspace::get(app.store.reader(), ctx.scope()).await?;
    let id = ConversationId::new(app.clock.now(), app.random.as_ref());
    let blank = start::blank(app, id, &business, Some(&version), Channel::Sandbox);
    let tx = app.store.begin(ctx).await?;
    conversation::insert(&tx, tx.scope(), &blank).await?;
    tx.commit().await?;
    Ok(Sandbox { conversation_id: id })
}

async fn check(app: &App, ctx: &Context, agent: AgentId, id: ConversationId) -> Result<()> {
    ctx.require(Permission::AgentsWrite)?;
    let found = conversation::get(app.store.reader(), ctx.scope(), id).await?;
    if found.channel == Channel::Sandbox && found.agent_id == Some(agent) {
        Ok(())
    } else {
        Err(AppError::NotFound("sandbox"))
    }
}

/// Says something to the draft and waits for its answer.
pub async fn say(
    app: &Arc<App>,
    ctx: &Context,
    agent: AgentId,
    id: ConversationId,
    said: SandboxMessage,
) -> Result<SandboxReply> {
    check(app, ctx, agent, id).await?;
    let client_id = format!("{:016x}", app.random.next_u64());
    let received = receive::receive(app, ctx, id, &client_id, &said.text).await?;
    let turn = match turn::answer(app, ctx.workspace, id).await? {
        turn::Answered::Replied(_, record) => Some(*record),
        turn::Answered::NotDue | turn::Answered::Cut => None,
    };
    let version = draft_version(app, ctx, agent).await?;
    let sources = version.settings.sources.as_deref();
    let passages = app.library.passages(&app.store, ctx.scope(), &said.text, None, sources, 5).await?;
    let messages =
        message::list_after(app.store.reader(), ctx.scope(), id, received.message.seq - 1, 50).await?;
    Ok(SandboxReply { messages, turn, passages })
}

/// Throws a rehearsal away.
pub async fn close(app: &App, ctx: &Context, agent: AgentId, id: ConversationId) -> Result<()> {
    check(app, ctx, agent, id).await?;
    let tx = app.store.begin(ctx).await?;
    conversation::delete_sandbox(&tx, tx.scope(), id).await?;
    tx.commit().await?;
    Ok(())
}
