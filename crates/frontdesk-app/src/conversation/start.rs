//! The widget's side: what it may show, and a visitor's session.
//!
//! A publishable key names workspace and agent and works on its origins only. A visitor is a browser with a random
//! token; its hash is stored, and the token alone opens its newest conversation again.

use std::sync::Arc;

use frontdesk_domain::access::Grants;
use frontdesk_domain::agent::AgentVersion;
use frontdesk_domain::apikey::WidgetKey;
use frontdesk_domain::context::{Actor, Context, Scope};
use frontdesk_domain::conversation::{Channel, Conversation, ConversationState, Floor};
use frontdesk_domain::event::Event;
use frontdesk_domain::id::{ConversationId, WorkspaceId, uuid_v7};
use frontdesk_domain::locale::Language;
use frontdesk_domain::widget::{WidgetConfig, WidgetSession};
use frontdesk_domain::workspace::Workspace;
use frontdesk_store::visitor::{self, Visitor};
use frontdesk_store::{agent, conversation, message, widget_key, workspace};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::{App, AppError, Result, token};

/// The prefix of visitors' tokens.
const VISITOR: &str = "fd_vt_";
/// Messages a session opens with.
const HISTORY: u64 = 100;

/// What a widget asks for to open a session.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewSession {
    /// The publishable key.
    #[schema(max_length = 100)]
    pub key: String,
    /// The token of an earlier session, to go on with it.
    #[schema(max_length = 100)]
    pub token: Option<String>,
    /// The visitor's language, BCP 47.
    #[schema(max_length = 35)]
    pub locale: Option<String>,
    /// The page the widget is on.
    #[schema(max_length = 2000)]
    pub page_url: Option<String>,
    /// Start a new conversation although the last one is still open.
    #[serde(default)]
    pub fresh: bool,
}

/// A usable key with its workspace.
#[derive(Debug, Clone)]
pub struct Door {
    /// The workspace.
    pub workspace: WorkspaceId,
    /// The key.
    pub key: WidgetKey,
}

/// Finds a publishable key and checks the page's origin against it. `None` as origin (a program, not a browser) passes.
pub async fn open_door(app: &App, key: &str, origin: Option<&str>) -> Result<Door> {
    let (workspace, key) = widget_key::find_usable_everywhere(app.store.reader(), key)
        .await?
        .ok_or(AppError::NotFound("widget key"))?;
    check_origin(app, &key, origin)?;
    Ok(Door { workspace, key })
}

/// Our own pages (the preview in Settings) may use every key.
fn check_origin(app: &App, key: &WidgetKey, origin: Option<&str>) -> Result<()> {
    match origin {
        Some(origin)
            if !origin.eq_ignore_ascii_case(&app.settings.public_url)
                && !crate::key::allowed_origin(&key.origins, origin) =>
        {
            Err(AppError::Refused(format!(
                "this widget key does not work on {origin}; add the address to the key's origins in Settings"
            )))
        }
        _ => Ok(()),
    }
}

/// The visitor behind a session token, if the page may use the key the session was opened with.
pub async fn attach(app: &App, session_token: &str, origin: Option<&str>) -> Result<Visitor> {
    let visitor = authenticate(app, session_token).await?;
    let key =
        widget_key::get(app.store.reader(), Scope::system(visitor.workspace), visitor.widget_key).await?;
    if key.revoked_at.is_some() {
        return Err(unknown_session());
    }
    check_origin(app, &key, origin)?;
    Ok(visitor)
}

/// What the widget shows before it is opened.
pub async fn config(app: &App, door: &Door, locale: Option<&str>) -> Result<WidgetConfig> {
    let scope = Scope::system(door.workspace);
    let business = workspace::get(app.store.reader(), scope).await?;
    let version = answering(app, scope, &door.key).await?;
    let language = locale
        .and_then(Language::of_tag)
        .unwrap_or_else(|| version.as_ref().map_or(business.language, |version| version.settings.language));
    Ok(WidgetConfig {
        open_now: business.hours.is_open(app.clock.now(), &business.zone),
        greeting: version.as_ref().map(|version| version.settings.greeting.clone()).unwrap_or_default(),
        agent: version.map_or_else(|| business.name.clone(), |version| version.name),
        business: business.name,
        theme: business.theme,
        language,
    })
}

/// The version of the agent that answers behind a key.
async fn answering(app: &App, scope: Scope, key: &WidgetKey) -> Result<Option<AgentVersion>> {
    let reader = app.store.reader();
    let id = match key.agent_id {
        Some(id) => Some(id),
        None => agent::find_default(reader, scope).await?.map(|agent| agent.id),
    };
    match id {
        Some(id) => Ok(agent::find_answering(reader, scope, id).await?),
        None => Ok(None),
    }
}

/// The context of a visitor in a conversation; they may do nothing but talk.
pub fn visitor_context(
    app: &App,
    workspace: WorkspaceId,
    conversation: ConversationId,
    request_id: &str,
) -> Context {
    Context {
        workspace,
        actor: Actor::Visitor(conversation, None),
        grants: Grants::Scopes(Vec::new()),
        clock: Arc::clone(&app.clock),
        random: Arc::clone(&app.random),
        request_id: request_id.to_owned(),
        ip: None,
    }
}

/// The visitor behind a session token.
pub async fn authenticate(app: &App, session_token: &str) -> Result<Visitor> {
    if session_token.len() > 100 || !session_token.starts_with(VISITOR) {
        return Err(unknown_session());
    }
    visitor::find_by_token_everywhere(app.store.reader(), &token::hash(session_token))
        .await?
        .ok_or_else(unknown_session)
}

fn unknown_session() -> AppError {
    AppError::Unauthenticated("this chat session is not known; open the chat again".to_owned())
}

/// Opens a session: goes on with the visitor's conversation while it is open, else starts a new one.
pub async fn open_session(
    app: &App,
    door: &Door,
    new: NewSession,
    request_id: &str,
) -> Result<WidgetSession> {
    if new.page_url.as_deref().is_some_and(|url| url.len() > 2_000) {
        return Err(AppError::invalid("/page_url", "is too long: at most 2000 characters"));
    }
    let known = match new.token.as_deref() {
        Some(token) => {
            authenticate(app, token).await.ok().filter(|visitor| visitor.workspace == door.workspace)
        }
        None => None,
    };
    let scope = Scope::system(door.workspace);
    if let (Some(visitor), Some(token)) = (&known, &new.token) {
        let last = conversation::find(app.store.reader(), scope, visitor.conversation).await?;
        if let Some(last) = last.filter(|last| last.state == ConversationState::Open && !new.fresh) {
            return session(app, scope, token.clone(), last).await;
        }
    }
    let business = workspace::get(app.store.reader(), scope).await?;
    let version = answering(app, scope, &door.key).await?;
    let id = ConversationId::new(app.clock.now(), app.random.as_ref());
    let ctx = visitor_context(app, door.workspace, id, request_id);
    let contact = match &known {
        Some(visitor) => conversation::find(app.store.reader(), scope, visitor.conversation)
            .await?
            .and_then(|last| Some((last.contact_id?, last.contact_name))),
        None => None,
    };
    let mut started = blank(app, id, &business, version.as_ref(), Channel::Web);
    started.page_url = new.page_url.filter(|url| url.starts_with("https://") || url.starts_with("http://"));
    if let Some(language) = new.locale.as_deref().and_then(Language::of_tag) {
        started.language = language;
    }
    if let Some((contact_id, name)) = contact {
        started.contact_id = Some(contact_id);
        started.contact_name = name;
    }
    let tx = app.store.begin(&ctx).await?;
    conversation::insert(&tx, scope, &started).await?;
    let session_token = if let (Some(visitor), Some(token)) = (known, new.token) {
        visitor::set_conversation(&tx, scope, visitor.id, id).await?;
        token
    } else {
        let token = token::generate(VISITOR, app.random.as_ref());
        let visitor = Visitor {
            id: uuid_v7(tx.now(), app.random.as_ref()),
            workspace: door.workspace,
            widget_key: door.key.id,
            conversation: id,
        };
        visitor::insert(&tx, scope, &visitor, &token::hash(&token), tx.now()).await?;
        token
    };
    tx.emit(Event::ConversationStarted { conversation_id: id });
    tx.commit().await?;
    session(app, scope, session_token, started).await
}

/// A conversation before anything was said.
pub(super) fn blank(
    app: &App,
    id: ConversationId,
    business: &Workspace,
    version: Option<&AgentVersion>,
    channel: Channel,
) -> Conversation {
    let now = app.clock.now();
    let number: String = id.uuid().simple().to_string().chars().rev().take(4).collect();
    Conversation {
        id,
        channel,
        contact_id: None,
        contact_name: format!("Visitor {}", number.to_uppercase()),
        agent_id: version.map(|version| version.agent_id),
        state: ConversationState::Open,
        // Without an agent that answers, the conversation waits for people from its first message on.
        floor: if version.is_some() { Floor::Ai } else { Floor::Nobody },
        epoch: 1,
        handoff_reason: version.is_none().then(|| "no agent is published".to_owned()),
        waiting_since: version.is_none().then_some(now),
        assignee: None,
        language: version.map_or(business.language, |version| version.settings.language),
        page_url: None,
        preview: String::new(),
        unread: 0,
        rating: None,
        rating_comment: None,
        summary: None,
        cost_micros: 0,
        created_at: now,
        last_message_at: now,
        closed_at: None,
    }
}

async fn session(
    app: &App,
    scope: Scope,
    token: String,
    conversation: Conversation,
) -> Result<WidgetSession> {
    let messages =
        message::list_newest(app.store.reader(), scope, conversation.id, None, true, HISTORY).await?;
    Ok(WidgetSession {
        token,
        conversation_id: conversation.id,
        state: conversation.state,
        floor: conversation.floor,
        messages,
    })
}
