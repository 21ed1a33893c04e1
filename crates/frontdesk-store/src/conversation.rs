//! Conversations: floor, state, lists. The messages in them are in `message.rs`.

use frontdesk_domain::context::Scope;
use frontdesk_domain::conversation::{Channel, Conversation, ConversationState, Floor};
use frontdesk_domain::id::{AgentId, ContactId, ConversationId, UserId};
use frontdesk_domain::page::{Page, PageRequest};
use frontdesk_domain::time::Timestamp;
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Set, Statement,
};
use uuid::Uuid;

use crate::column::{from_word, to_word};
use crate::contact::named;
use crate::entity::conversation::{ActiveModel, Column, Entity, Model};
use crate::tx::Db;
use crate::{Result, StoreError, dialect};

const TABLE: &str = "conversation";

pub(crate) fn read(row: Model) -> Result<Conversation> {
    Ok(Conversation {
        id: ConversationId::from_uuid(row.id),
        channel: from_word(TABLE, &row.channel)?,
        contact_id: row.contact_id.map(ContactId::from_uuid),
        contact_name: row.contact_name,
        agent_id: row.agent_id.map(AgentId::from_uuid),
        state: from_word(TABLE, &row.state)?,
        floor: read_floor(&row.floor, row.floor_user)?,
        epoch: row.epoch.unsigned_abs(),
        handoff_reason: row.handoff_reason,
        waiting_since: row.waiting_since.map(Timestamp::from_millis),
        assignee: row.assignee.map(UserId::from_uuid),
        language: from_word(TABLE, &row.language)?,
        page_url: row.page_url,
        preview: row.preview,
        unread: row.unread.unsigned_abs(),
        rating: row.rating.and_then(|rating| u8::try_from(rating).ok()),
        rating_comment: row.rating_comment,
        summary: row.summary,
        cost_micros: row.cost_micros.unsigned_abs(),
        created_at: Timestamp::from_millis(row.created_at),
        last_message_at: Timestamp::from_millis(row.last_message_at),
        closed_at: row.closed_at.map(Timestamp::from_millis),
    })
}

pub(crate) fn read_floor(holder: &str, user: Option<Uuid>) -> Result<Floor> {
    match (holder, user) {
        ("ai", _) => Ok(Floor::Ai),
        ("nobody", _) => Ok(Floor::Nobody),
        ("person", Some(user)) => Ok(Floor::Person { user_id: UserId::from_uuid(user) }),
        (other, _) => Err(StoreError::damaged(TABLE, format!("floor `{other}`"))),
    }
}

const fn floor_user(floor: Floor) -> Option<Uuid> {
    match floor {
        Floor::Person { user_id } => Some(user_id.uuid()),
        Floor::Ai | Floor::Nobody => None,
    }
}

/// What the agent carries from turn to turn, as stored.
#[derive(Debug, Clone, PartialEq)]
pub struct Thread {
    /// The conversation.
    pub conversation: Conversation,
    /// The number of the newest message.
    pub message_seq: u64,
    /// The number of the customer's newest message.
    pub customer_seq: u64,
    /// The newest customer message that was answered.
    pub answered_seq: u64,
    /// The dialogue state, JSON.
    pub dialogue: String,
    /// The receipts, JSON.
    pub receipts: String,
    /// The customer typed details of a contact that was known before. Nothing proves that they are that person, so what
    /// is remembered of the contact must not reach the conversation, nor what they type the contact.
    pub claimed: bool,
}

fn in_scope(scope: Scope) -> sea_orm::Select<Entity> {
    Entity::find().filter(Column::WorkspaceId.eq(scope.workspace().uuid()))
}

/// The conversation, if it is in the workspace.
pub async fn find(db: &impl Db, scope: Scope, id: ConversationId) -> Result<Option<Conversation>> {
    in_scope(scope).filter(Column::Id.eq(id.uuid())).one(db).await?.map(read).transpose()
}

/// The conversation, which must be in the workspace.
pub async fn get(db: &impl Db, scope: Scope, id: ConversationId) -> Result<Conversation> {
    find(db, scope, id).await?.ok_or(StoreError::NotFound("conversation"))
}

/// The conversation with what the agent needs to go on.
pub async fn get_thread(db: &impl Db, scope: Scope, id: ConversationId) -> Result<Thread> {
    let row = in_scope(scope)
        .filter(Column::Id.eq(id.uuid()))
        .one(db)
        .await?
        .ok_or(StoreError::NotFound("conversation"))?;
    Ok(Thread {
        message_seq: row.message_seq.unsigned_abs(),
        customer_seq: row.customer_seq.unsigned_abs(),
        answered_seq: row.answered_seq.unsigned_abs(),
        dialogue: row.dialogue.clone(),
        receipts: row.receipts.clone(),
        claimed: row.contact_claimed,
        conversation: read(row)?,
    })
}

/// Stores a new conversation.
pub async fn insert(db: &impl Db, scope: Scope, conversation: &Conversation) -> Result<()> {
    insert_all(db, scope, std::slice::from_ref(conversation)).await
}

/// Stores new conversations, at least one.
pub async fn insert_all(db: &impl Db, scope: Scope, conversations: &[Conversation]) -> Result<()> {
    let rows = conversations.iter().map(|conversation| row(scope, conversation));
    Entity::insert_many(rows.collect::<Result<Vec<_>>>()?).exec_without_returning(db).await?;
    Ok(())
}

fn row(scope: Scope, conversation: &Conversation) -> Result<ActiveModel> {
    Ok(ActiveModel {
        id: Set(conversation.id.uuid()),
        workspace_id: Set(scope.workspace().uuid()),
        channel: Set(conversation.channel.as_str().to_owned()),
        contact_id: Set(conversation.contact_id.map(ContactId::uuid)),
        contact_claimed: Set(false),
        contact_name: Set(conversation.contact_name.clone()),
        agent_id: Set(conversation.agent_id.map(AgentId::uuid)),
        state: Set(to_word(TABLE, &conversation.state)?),
        floor: Set(conversation.floor.holder().to_owned()),
        floor_user: Set(floor_user(conversation.floor)),
        epoch: Set(conversation.epoch as i64),
        handoff_reason: Set(conversation.handoff_reason.clone()),
        waiting_since: Set(conversation.waiting_since.map(Timestamp::as_millis)),
        assignee: Set(conversation.assignee.map(UserId::uuid)),
        language: Set(conversation.language.code().to_owned()),
        page_url: Set(conversation.page_url.clone()),
        preview: Set(conversation.preview.clone()),
        unread: Set(conversation.unread as i32),
        rating: Set(conversation.rating.map(i32::from)),
        rating_comment: Set(conversation.rating_comment.clone()),
        summary: Set(conversation.summary.clone()),
        cost_micros: Set(conversation.cost_micros as i64),
        message_seq: Set(0),
        customer_seq: Set(0),
        answered_seq: Set(0),
        dialogue: Set("{}".to_owned()),
        receipts: Set("[]".to_owned()),
        created_at: Set(conversation.created_at.as_millis()),
        last_message_at: Set(conversation.last_message_at.as_millis()),
        closed_at: Set(conversation.closed_at.map(Timestamp::as_millis)),
    })
}

/// A change of one conversation's columns; build it up, then [`Change::apply`].
#[derive(Debug, Clone)]
pub struct Change(sea_orm::UpdateMany<Entity>);

impl Change {
    /// No change yet.
    pub fn of(scope: Scope, id: ConversationId) -> Self {
        Self(
            Entity::update_many()
                .filter(Column::Id.eq(id.uuid()))
                .filter(Column::WorkspaceId.eq(scope.workspace().uuid())),
        )
    }

    fn set(self, column: Column, value: impl Into<sea_orm::Value>) -> Self {
        Self(self.0.col_expr(column, Expr::value(value)))
    }

    /// Gives the floor to somebody, under a new epoch.
    pub fn floor(self, floor: Floor) -> Self {
        let next = self.set(Column::Floor, floor.holder()).set(Column::FloorUser, floor_user(floor));
        Self(next.0.col_expr(Column::Epoch, Expr::col(Column::Epoch).add(1)))
    }

    /// Only while this epoch holds.
    pub fn if_epoch(self, epoch: u64) -> Self {
        Self(self.0.filter(Column::Epoch.eq(epoch as i64)))
    }

    /// Starts or ends the wait for a person.
    pub fn waiting(self, since: Option<Timestamp>, reason: Option<&str>) -> Self {
        self.set(Column::WaitingSince, since.map(Timestamp::as_millis))
            .set(Column::HandoffReason, reason.map(str::to_owned))
    }

    /// Opens, resolves or ends it.
    pub fn state(self, state: ConversationState, closed_at: Option<Timestamp>) -> Self {
        let word = match state {
            ConversationState::Open => "open",
            ConversationState::Resolved => "resolved",
            ConversationState::Ended => "ended",
        };
        self.set(Column::State, word).set(Column::ClosedAt, closed_at.map(Timestamp::as_millis))
    }

    /// Assigns it.
    pub fn assignee(self, assignee: Option<UserId>) -> Self {
        self.set(Column::Assignee, assignee.map(UserId::uuid))
    }

    /// Ties it to a contact; `claimed` when the customer only typed the contact's details.
    pub fn contact(self, contact: ContactId, name: &str, claimed: bool) -> Self {
        self.set(Column::ContactId, contact.uuid())
            .set(Column::ContactName, name)
            .set(Column::ContactClaimed, claimed)
    }

    /// Marks everything read.
    pub fn read(self) -> Self {
        self.set(Column::Unread, 0)
    }

    /// Records the customer's rating.
    pub fn rating(self, score: u8, comment: Option<&str>) -> Self {
        self.set(Column::Rating, i32::from(score)).set(Column::RatingComment, comment.map(str::to_owned))
    }

    /// Records what it was about.
    pub fn summary(self, summary: &str) -> Self {
        self.set(Column::Summary, summary)
    }

    /// Records the language in use.
    pub fn language(self, language: frontdesk_domain::locale::Language) -> Self {
        self.set(Column::Language, language.code())
    }

    /// Records what the agent carries to its next turn.
    pub fn thread(self, dialogue: &str, receipts: &str) -> Self {
        self.set(Column::Dialogue, dialogue).set(Column::Receipts, receipts)
    }

    /// Everything up to this customer message is answered.
    pub fn answered(self, seq: u64) -> Self {
        Self(self.set(Column::AnsweredSeq, seq as i64).0.filter(Column::AnsweredSeq.lt(seq as i64)))
    }

    /// Adds to what models cost.
    pub fn add_cost(self, micros: u64) -> Self {
        Self(self.0.col_expr(Column::CostMicros, Expr::col(Column::CostMicros).add(micros as i64)))
    }

    /// Makes the change; says whether a row matched.
    pub async fn apply(self, db: &impl Db) -> Result<bool> {
        Ok(self.0.exec(db).await?.rows_affected > 0)
    }
}

/// Which conversations are wanted.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// In this state; any when absent.
    pub state: Option<ConversationState>,
    /// On this channel; any but the sandbox when absent.
    pub channel: Option<Channel>,
    /// Waiting for a person.
    pub waiting: bool,
    /// Assigned to, or spoken for by, this person.
    pub mine: Option<UserId>,
    /// Assigned to nobody.
    pub unassigned: bool,
    /// Answered by this agent.
    pub agent: Option<AgentId>,
    /// With this contact.
    pub contact: Option<ContactId>,
    /// Whose name, preview or messages contain this.
    pub text: Option<String>,
    /// The text counts in names alone.
    pub names_only: bool,
}

impl Filter {
    fn condition(&self, scope: Scope, backend: sea_orm::DbBackend) -> Condition {
        let mut all = Condition::all().add(Column::WorkspaceId.eq(scope.workspace().uuid()));
        if let Some(state) = self.state {
            all = all.add(Column::State.eq(match state {
                ConversationState::Open => "open",
                ConversationState::Resolved => "resolved",
                ConversationState::Ended => "ended",
            }));
        }
        all = match self.channel {
            Some(channel) => all.add(Column::Channel.eq(channel.as_str())),
            None => all.add(Column::Channel.ne(Channel::Sandbox.as_str())),
        };
        if self.waiting {
            all = all.add(Column::WaitingSince.is_not_null());
        }
        if let Some(user) = self.mine {
            all = all.add(
                Condition::any().add(Column::Assignee.eq(user.uuid())).add(Column::FloorUser.eq(user.uuid())),
            );
        }
        if self.unassigned {
            all = all.add(Column::Assignee.is_null());
        }
        if let Some(agent) = self.agent {
            all = all.add(Column::AgentId.eq(agent.uuid()));
        }
        if let Some(contact) = self.contact {
            all = all.add(Column::ContactId.eq(contact.uuid()));
        }
        if let Some(text) = self.text.as_deref().filter(|text| !text.trim().is_empty()) {
            if self.names_only {
                return all.add(named(backend, "conversation.contact_name", text));
            }
            let pattern = dialect::contains(text.trim());
            let like = dialect::ilike(backend);
            let sql = format!(
                "(conversation.contact_name {like} ? ESCAPE '\\' OR EXISTS (SELECT 1 FROM message m \
                 WHERE m.conversation_id = conversation.id AND m.text {like} ? ESCAPE '\\'))"
            );
            all = all.add(Expr::cust_with_values(dialect::sql(backend, &sql), [pattern.clone(), pattern]));
        }
        all
    }
}

/// A page of conversations, newest message first.
pub async fn list(
    db: &impl Db,
    scope: Scope,
    filter: &Filter,
    page: &PageRequest,
) -> Result<Page<Conversation>> {
    let mut query = Entity::find().filter(filter.condition(scope, db.get_database_backend()));
    if let Some((at, id)) = page.cursor.as_deref().and_then(parse_cursor) {
        query = query.filter(
            Condition::any()
                .add(Column::LastMessageAt.lt(at))
                .add(Condition::all().add(Column::LastMessageAt.eq(at)).add(Column::Id.lt(id))),
        );
    }
    let rows = query
        .order_by_desc(Column::LastMessageAt)
        .order_by_desc(Column::Id)
        .limit(u64::from(page.size()) + 1)
        .all(db)
        .await?;
    let rows = rows.into_iter().map(read).collect::<Result<Vec<_>>>()?;
    Ok(Page::cut(rows, page.size(), |row| {
        format!("{}.{}", row.last_message_at.as_millis(), row.id.uuid().simple())
    }))
}

fn parse_cursor(cursor: &str) -> Option<(i64, Uuid)> {
    let (at, id) = cursor.split_once('.')?;
    Some((at.parse().ok()?, Uuid::try_parse(id).ok()?))
}

/// How many conversations match.
pub async fn count(db: &impl Db, scope: Scope, filter: &Filter) -> Result<u64> {
    Ok(Entity::find().filter(filter.condition(scope, db.get_database_backend())).count(db).await?)
}

/// Open conversations nobody has written in since `before`, of every workspace. System work.
pub async fn list_idle_everywhere(
    db: &impl Db,
    before: Timestamp,
    limit: u64,
) -> Result<Vec<(frontdesk_domain::id::WorkspaceId, ConversationId)>> {
    let backend = db.get_database_backend();
    let sql = dialect::sql(
        backend,
        "SELECT workspace_id, id FROM conversation WHERE state = 'open' AND floor = 'ai' \
         AND waiting_since IS NULL AND last_message_at < ? ORDER BY last_message_at LIMIT ?",
    );
    let values = [before.as_millis().into(), (limit as i64).into()];
    let rows = db.query_all_raw(Statement::from_sql_and_values(backend, sql, values)).await?;
    rows.into_iter()
        .map(|row| {
            Ok((
                frontdesk_domain::id::WorkspaceId::from_uuid(row.try_get_by_index(0)?),
                ConversationId::from_uuid(row.try_get_by_index(1)?),
            ))
        })
        .collect()
}

/// Gives the conversations of one contact to another (merge).
pub async fn repoint_contact(
    db: &impl Db,
    scope: Scope,
    from: ContactId,
    to: ContactId,
    name: &str,
) -> Result<u64> {
    let done = Entity::update_many()
        .col_expr(Column::ContactId, Expr::value(to.uuid()))
        .col_expr(Column::ContactName, Expr::value(name))
        .filter(Column::WorkspaceId.eq(scope.workspace().uuid()))
        .filter(Column::ContactId.eq(from.uuid()))
        .exec(db)
        .await?;
    Ok(done.rows_affected)
}

/// Writes the contact's new name on their conversations.
pub async fn rename_contact(db: &impl Db, scope: Scope, contact: ContactId, name: &str) -> Result<()> {
    repoint_contact(db, scope, contact, contact, name).await.map(drop)
}

/// Deletes a sandbox conversation with everything in it; others are kept.
pub async fn delete_sandbox(db: &impl Db, scope: Scope, id: ConversationId) -> Result<()> {
    let done = Entity::delete_many()
        .filter(Column::Id.eq(id.uuid()))
        .filter(Column::WorkspaceId.eq(scope.workspace().uuid()))
        .filter(Column::Channel.eq(Channel::Sandbox.as_str()))
        .exec(db)
        .await?;
    if done.rows_affected == 0 {
        return Err(StoreError::NotFound("sandbox"));
    }
    let backend = db.get_database_backend();
    for table in ["message", "turn", "tool_call", "identity_code", "identity_proof"] {
        let sql = dialect::sql(backend, &format!("DELETE FROM {table} WHERE conversation_id = ?"));
        db.execute_raw(Statement::from_sql_and_values(backend, sql, [id.uuid().into()])).await?;
    }
    Ok(())
}
