//! What the inbox shows: views, counts, threads, transcripts.

use std::fmt::Write as _;

use frontdesk_domain::access::Permission;
use frontdesk_domain::context::{Actor, Context};
use frontdesk_domain::conversation::{Channel, Conversation, ConversationState, Floor};
use frontdesk_domain::id::{AgentId, ContactId, ConversationId};
use frontdesk_domain::message::{Author, Message, TurnRecord};
use frontdesk_domain::outbox::OutboxMessage;
use frontdesk_domain::page::{Page, PageRequest};
use frontdesk_store::conversation::{self, Filter};
use frontdesk_store::{message, message_file, outbox, turn, user, workspace};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use crate::{App, AppError, Result};

/// A view of the inbox.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum View {
    /// Every conversation.
    #[default]
    All,
    /// Those that wait for a person.
    Waiting,
    /// Those assigned to me or that I hold.
    Mine,
    /// Those assigned to nobody.
    Unassigned,
}

/// What the inbox asks for.
#[derive(Debug, Clone, Default)]
pub struct Ask {
    /// The view.
    pub view: View,
    /// The state; any when absent.
    pub state: Option<ConversationState>,
    /// The channel; any but the sandbox when absent.
    pub channel: Option<Channel>,
    /// The agent.
    pub agent: Option<AgentId>,
    /// The contact.
    pub contact: Option<ContactId>,
    /// Words to look for in names and messages.
    pub q: Option<String>,
}

/// How many conversations each view holds; open ones only.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ViewCounts {
    /// Every open conversation.
    pub all: u64,
    /// Those that wait for a person.
    pub waiting: u64,
    /// Mine.
    pub mine: u64,
    /// Assigned to nobody.
    pub unassigned: u64,
}

fn filter(ctx: &Context, ask: &Ask) -> Filter {
    let nobody =
        frontdesk_domain::id::UserId::from_uuid(frontdesk_domain::id::WorkspaceId::INSTALLATION.uuid());
    Filter {
        state: ask.state,
        channel: ask.channel,
        waiting: ask.view == View::Waiting,
        mine: (ask.view == View::Mine).then(|| ctx.user().unwrap_or(nobody)),
        unassigned: ask.view == View::Unassigned,
        agent: ask.agent,
        contact: ask.contact,
        text: ask.q.clone(),
        names_only: crate::contact::finds_names_only(ctx),
    }
}

/// A page of the inbox, newest message first.
pub async fn list(app: &App, ctx: &Context, ask: &Ask, page: &PageRequest) -> Result<Page<Conversation>> {
    ctx.require(Permission::ConversationsRead)?;
    if ask.q.as_deref().is_some_and(|q| q.chars().count() > 200) {
        return Err(AppError::invalid("/q", "is too long: at most 200 characters"));
    }
    Ok(conversation::list(app.store.reader(), ctx.scope(), &filter(ctx, ask), page).await?)
}

/// How many open conversations each view holds.
pub async fn counts(app: &App, ctx: &Context) -> Result<ViewCounts> {
    ctx.require(Permission::ConversationsRead)?;
    let count = async |view| {
        let ask = Ask { view, state: Some(ConversationState::Open), ..Ask::default() };
        conversation::count(app.store.reader(), ctx.scope(), &filter(ctx, &ask)).await
    };
    Ok(ViewCounts {
        all: count(View::All).await?,
        waiting: count(View::Waiting).await?,
        mine: count(View::Mine).await?,
        unassigned: count(View::Unassigned).await?,
    })
}

/// One conversation.
pub async fn get(app: &App, ctx: &Context, id: ConversationId) -> Result<Conversation> {
    ctx.require(Permission::ConversationsRead)?;
    Ok(conversation::get(app.store.reader(), ctx.scope(), id).await?)
}

/// A page of a conversation's messages going back from the newest; each page is oldest first.
pub async fn messages(
    app: &App,
    ctx: &Context,
    id: ConversationId,
    page: &PageRequest,
) -> Result<Page<Message>> {
    get(app, ctx, id).await?;
    let mut found = message::page_back(app.store.reader(), ctx.scope(), id, page).await?;
    add_delivery(app, ctx, &mut found.items).await?;
    Ok(found)
}

/// Messages after a number, oldest first, at most 250; how a client catches up.
pub async fn messages_after(
    app: &App,
    ctx: &Context,
    id: ConversationId,
    after: u64,
) -> Result<Vec<Message>> {
    get(app, ctx, id).await?;
    let mut found = message::list_after(app.store.reader(), ctx.scope(), id, after, 250).await?;
    add_delivery(app, ctx, &mut found).await?;
    Ok(found)
}

/// Says of each message what became of it, as far as vendors carry them, and which files go along.
async fn add_delivery(app: &App, ctx: &Context, messages: &mut [Message]) -> Result<()> {
    let may_have = |message: &&Message| !matches!(message.author, Author::Ai | Author::Note);
    let along: Vec<_> = messages.iter().filter(may_have).map(|message| message.id).collect();
    let files = message_file::list_of(app.store.reader(), ctx.scope(), &along).await?;
    for (id, file) in files {
        messages
            .iter_mut()
            .filter(|message| message.id == id)
            .for_each(|message| message.files.push(file.clone()));
    }
    let ids: Vec<_> = messages.iter().filter(|message| ours(message)).map(|message| message.id).collect();
    let known = outbox::list_of(app.store.reader(), ctx.scope(), &ids).await?;
    for message in messages {
        message.delivery = known.iter().find(|known| known.id == message.id).map(OutboxMessage::delivery);
    }
    Ok(())
}

/// Whether the business said it, so that it may have left through a vendor.
const fn ours(message: &Message) -> bool {
    matches!(message.author, Author::Ai | Author::Person | Author::System)
}

/// The records of a conversation's newest turns.
pub async fn turns(app: &App, ctx: &Context, id: ConversationId) -> Result<Vec<TurnRecord>> {
    get(app, ctx, id).await?;
    Ok(turn::list(app.store.reader(), ctx.scope(), id, 200).await?)
}

/// The conversation as plain text, notes left out. An export, so it is audited.
pub async fn transcript(app: &App, ctx: &Context, id: ConversationId) -> Result<String> {
    ctx.require(Permission::ContactsExport)?;
    let reader = app.store.reader();
    let conversation = conversation::get(reader, ctx.scope(), id).await?;
    let business = workspace::get(reader, ctx.scope()).await?;
    let mut text = format!(
        "{} with {}\nStarted {}\n\n",
        business.name, conversation.contact_name, conversation.created_at
    );
    let mut after = 0;
    loop {
        let messages = message::list_after(reader, ctx.scope(), id, after, 500).await?;
        let Some(last) = messages.last() else { break };
        after = last.seq;
        for message in messages.iter().filter(|message| message.author.is_public()) {
            let who = match message.author {
                Author::Customer => conversation.contact_name.as_str(),
                Author::Ai => "Assistant",
                Author::Person | Author::Note => message.author_name.as_deref().unwrap_or("Team"),
                Author::System => "—",
            };
            let _ = writeln!(text, "[{}] {who}: {}", message.created_at, message.text);
        }
    }
    let tx = app.store.begin(ctx).await?;
    tx.audit("conversation.export", Some(id.to_string()), json!({ "format": "text" }));
    tx.commit().await?;
    Ok(text)
}

/// Where a conversation stands, as its customer may know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// Whether it goes on.
    pub state: ConversationState,
    /// Who speaks for the business.
    pub floor: Floor,
    /// The team member's name, when one does.
    pub person: Option<String>,
    /// The number of the newest message.
    pub seq: u64,
}

/// Where the visitor's own conversation stands.
pub async fn standing(app: &App, ctx: &Context, id: ConversationId) -> Result<Standing> {
    own(ctx, id)?;
    let thread = conversation::get_thread(app.store.reader(), ctx.scope(), id).await?;
    let person = match thread.conversation.floor {
        Floor::Person { user_id } => user::names_everywhere(app.store.reader(), &[user_id])
            .await?
            .into_iter()
            .next()
            .map(|(_, name)| name),
        Floor::Ai | Floor::Nobody => None,
    };
    Ok(Standing {
        state: thread.conversation.state,
        floor: thread.conversation.floor,
        person,
        seq: thread.message_seq,
    })
}

/// What a visitor has not seen yet.
#[derive(Debug, Clone, PartialEq)]
pub struct News {
    /// Messages the customer may see, oldest first.
    pub messages: Vec<Message>,
    /// Everything up to this number was looked at, notes included.
    pub through: u64,
    /// There may be more beyond.
    pub more: bool,
}

/// Messages of the visitor's own conversation after a number, notes left out.
pub async fn public_after(app: &App, ctx: &Context, id: ConversationId, after: u64) -> Result<News> {
    const BATCH: u64 = 100;
    own(ctx, id)?;
    let messages = message::list_after(app.store.reader(), ctx.scope(), id, after, BATCH).await?;
    Ok(News {
        through: messages.last().map_or(after, |last| last.seq),
        more: messages.len() as u64 == BATCH,
        messages: messages
            .into_iter()
            .filter(|message| message.author.is_public())
            // Team members' ids are the team's business.
            .map(|message| Message { user_id: None, ..message })
            .collect(),
    })
}

/// A visitor sees their own conversation alone.
fn own(ctx: &Context, id: ConversationId) -> Result<()> {
    match ctx.actor {
        Actor::Visitor(own, _) if own == id => Ok(()),
        _ => Err(AppError::NotFound("conversation")),
    }
}
