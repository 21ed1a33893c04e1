//! Messages, in the order everyone sees.

use std::collections::HashMap;

use frontdesk_domain::context::Scope;
use frontdesk_domain::conversation::{Conversation, Floor};
use frontdesk_domain::id::{ConversationId, MessageId, TurnId, UserId};
use frontdesk_domain::message::{Author, Message};
use frontdesk_domain::page::{Page, PageRequest};
use frontdesk_domain::time::Timestamp;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Set, Value};

use crate::column::{from_json, from_word, to_json};
use crate::entity::message::{ActiveModel, Column, Entity, Model};
use crate::tx::Db;
use crate::{Result, StoreError, column, conversation, dialect, entity};

const TABLE: &str = "message";
/// Characters of a message shown in lists.
const PREVIEW: usize = 140;

fn read(row: Model) -> Result<Message> {
    Ok(Message {
        id: MessageId::from_uuid(row.id),
        conversation_id: ConversationId::from_uuid(row.conversation_id),
        seq: row.seq.unsigned_abs(),
        author: from_word(TABLE, &row.author)?,
        user_id: row.user_id.map(UserId::from_uuid),
        author_name: row.author_name,
        text: row.text,
        citations: from_json(TABLE, &row.citations)?,
        cut: row.cut,
        turn_id: row.turn_id.map(TurnId::from_uuid),
        client_id: row.client_id,
        actions: row.actions.as_deref().map_or_else(|| Ok(Vec::new()), |text| from_json(TABLE, text))?,
        // Kept in the outbox and in `message_file`.
        delivery: None,
        files: Vec::new(),
        created_at: Timestamp::from_millis(row.created_at),
    })
}

/// Where a new message found its conversation.
#[derive(Debug, Clone, PartialEq)]
pub struct Placed {
    /// The message's number.
    pub seq: u64,
    /// Who speaks for the business.
    pub floor: Floor,
    /// Under which epoch.
    pub epoch: u64,
    /// The number of the customer's newest message.
    pub customer_seq: u64,
    /// Whether the message opened a closed conversation again.
    pub reopened: bool,
    /// The conversation, with the message in it.
    pub conversation: Conversation,
}

/// Gives each line the next number of its conversation and brings the conversations' rows up to date for messages of this
/// author; answers in the order of the lines. A customer's message opens a closed conversation again.
pub async fn place(
    db: &impl Db,
    scope: Scope,
    author: Author,
    lines: &[(ConversationId, &str)],
    now: Timestamp,
) -> Result<Vec<Placed>> {
    let talks = by_conversation(lines);
    let case = dialect::repeat("WHEN ? THEN ?", " ", talks.len());
    let more = format!("CASE id {case} END");
    let shown = format!(", preview = CASE id {case} END, last_message_at = ?");
    let changes = match author {
        // What was changed is read afterwards, so a closing instant of -1 says that the message reopened it.
        Author::Customer => {
            let unread = format!(", unread = unread + {more}, customer_seq = message_seq + {more}");
            shown + &unread + ", closed_at = CASE WHEN state = 'open' THEN NULL ELSE -1 END, state = 'open'"
        }
        Author::Ai => shown,
        Author::Person => shown + ", unread = 0",
        // Notes and lines about what happened do not move a conversation in the list.
        Author::Note | Author::System => String::new(),
    };
    let mut counts: Vec<Value> = Vec::with_capacity(talks.len() * 2);
    counts.extend(talks.iter().flat_map(|talk| [talk.id.uuid().into(), talk.lines.into()]));
    let mut values = counts.clone();
    if !changes.is_empty() {
        values.extend(talks.iter().flat_map(|talk| [talk.id.uuid().into(), preview(talk.last).into()]));
        values.push(now.as_millis().into());
    }
    if author == Author::Customer {
        values.extend(counts.iter().chain(&counts).cloned());
    }
    let set = format!("message_seq = message_seq + {more}{changes}");
    let which = format!("id IN ({}) AND workspace_id = ?", dialect::repeat("?", ", ", talks.len()));
    let mut ids: Vec<Value> = talks.iter().map(|talk| talk.id.uuid().into()).collect();
    ids.push(scope.workspace().uuid().into());
    let rows = column::change_rows::<entity::conversation::Entity>(db, (&set, values), (&which, ids)).await?;
    let mut found = HashMap::with_capacity(talks.len());
    for row in rows {
        let id = ConversationId::from_uuid(row.id);
        let lines = talks.iter().find(|talk| talk.id == id).map_or(0, |talk| talk.lines.unsigned_abs());
        let mut first = read_placed(db, scope, author, row).await?;
        first.seq -= lines.saturating_sub(1);
        found.insert(id, first);
    }
    let mut placed = Vec::with_capacity(lines.len());
    for (id, _) in lines {
        let next = found.get_mut(id).ok_or(StoreError::NotFound("conversation"))?;
        placed.push(next.clone());
        next.seq += 1;
        next.reopened = false;
    }
    Ok(placed)
}

/// What is said in one conversation.
struct Talk<'a> {
    id: ConversationId,
    lines: i64,
    last: &'a str,
}

fn by_conversation<'a>(lines: &[(ConversationId, &'a str)]) -> Vec<Talk<'a>> {
    let mut talks: Vec<Talk<'a>> = Vec::with_capacity(lines.len());
    for (id, text) in lines {
        match talks.iter_mut().find(|talk| talk.id == *id) {
            Some(talk) => (talk.lines, talk.last) = (talk.lines + 1, text),
            None => talks.push(Talk { id: *id, lines: 1, last: text }),
        }
    }
    talks
}

/// A conversation after its row was changed; the number is that of its newest message.
async fn read_placed(
    db: &impl Db,
    scope: Scope,
    author: Author,
    mut row: entity::conversation::Model,
) -> Result<Placed> {
    let reopened = author == Author::Customer && row.closed_at == Some(-1);
    if reopened {
        row.closed_at = None;
        conversation::Change::of(scope, ConversationId::from_uuid(row.id))
            .state(frontdesk_domain::conversation::ConversationState::Open, None)
            .apply(db)
            .await?;
    }
    Ok(Placed {
        seq: row.message_seq.unsigned_abs(),
        floor: conversation::read_floor(&row.floor, row.floor_user)?,
        epoch: row.epoch.unsigned_abs(),
        customer_seq: row.customer_seq.unsigned_abs(),
        reopened,
        conversation: conversation::read(row)?,
    })
}

fn preview(text: &str) -> String {
    let mut line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if let Some((end, _)) = line.char_indices().nth(PREVIEW) {
        line.truncate(end);
        line.push('…');
    }
    line
}

/// Stores messages under the numbers [`place`] gave. A `client_id` that is already there is [`StoreError::Duplicate`].
pub async fn insert(db: &impl Db, scope: Scope, messages: &[Message]) -> Result<()> {
    let rows = messages.iter().map(|message| row(scope, message)).collect::<Result<Vec<_>>>()?;
    Entity::insert_many(rows).exec_without_returning(db).await?;
    Ok(())
}

fn row(scope: Scope, message: &Message) -> Result<ActiveModel> {
    let offers = Some(&message.actions).filter(|actions| !actions.is_empty());
    Ok(ActiveModel {
        id: Set(message.id.uuid()),
        workspace_id: Set(scope.workspace().uuid()),
        conversation_id: Set(message.conversation_id.uuid()),
        seq: Set(message.seq as i64),
        author: Set(message.author.as_str().to_owned()),
        user_id: Set(message.user_id.map(UserId::uuid)),
        author_name: Set(message.author_name.clone()),
        text: Set(message.text.clone()),
        citations: Set(to_json(TABLE, &message.citations)?),
        cut: Set(message.cut),
        turn_id: Set(message.turn_id.map(TurnId::uuid)),
        client_id: Set(message.client_id.clone()),
        created_at: Set(message.created_at.as_millis()),
        actions: Set(offers.map(|actions| to_json(TABLE, actions)).transpose()?),
    })
}

fn of(scope: Scope, id: ConversationId) -> sea_orm::Select<Entity> {
    Entity::find()
        .filter(Column::WorkspaceId.eq(scope.workspace().uuid()))
        .filter(Column::ConversationId.eq(id.uuid()))
}

/// The message a client has sent before under this id.
pub async fn find_by_client_id(
    db: &impl Db,
    scope: Scope,
    id: ConversationId,
    client_id: &str,
) -> Result<Option<Message>> {
    of(scope, id).filter(Column::ClientId.eq(client_id)).one(db).await?.map(read).transpose()
}

/// One message of a conversation, by its number.
pub async fn find_by_seq(
    db: &impl Db,
    scope: Scope,
    id: ConversationId,
    seq: u64,
) -> Result<Option<Message>> {
    of(scope, id).filter(Column::Seq.eq(seq as i64)).one(db).await?.map(read).transpose()
}

/// Messages after `seq`, oldest first.
pub async fn list_after(
    db: &impl Db,
    scope: Scope,
    id: ConversationId,
    seq: u64,
    limit: u64,
) -> Result<Vec<Message>> {
    let rows = of(scope, id)
        .filter(Column::Seq.gt(seq as i64))
        .order_by_asc(Column::Seq)
        .limit(limit)
        .all(db)
        .await?;
    rows.into_iter().map(read).collect()
}

/// The newest `limit` messages before `seq` (or of all), oldest first; without notes when the customer reads them.
pub async fn list_newest(
    db: &impl Db,
    scope: Scope,
    id: ConversationId,
    before: Option<u64>,
    public_only: bool,
    limit: u64,
) -> Result<Vec<Message>> {
    let mut query = of(scope, id);
    if let Some(before) = before {
        query = query.filter(Column::Seq.lt(before as i64));
    }
    if public_only {
        query = query.filter(Column::Author.ne(Author::Note.as_str()));
    }
    let rows = query.order_by_desc(Column::Seq).limit(limit).all(db).await?;
    let mut messages = rows.into_iter().map(read).collect::<Result<Vec<_>>>()?;
    messages.reverse();
    Ok(messages)
}

/// A page of a conversation's messages going back from the newest; each page is oldest first, its cursor continues
/// further back.
pub async fn page_back(
    db: &impl Db,
    scope: Scope,
    id: ConversationId,
    page: &PageRequest,
) -> Result<Page<Message>> {
    let before = page.cursor.as_deref().and_then(|cursor| cursor.parse().ok());
    let mut messages = list_newest(db, scope, id, before, false, u64::from(page.size()) + 1).await?;
    let more = messages.len() > page.size() as usize;
    if more {
        messages.remove(0);
    }
    let next_cursor = messages.first().filter(|_| more).map(|first| first.seq.to_string());
    Ok(Page { items: messages, next_cursor, total: None })
}
