//! The outbox: messages on their way to customers, and what became of each.
//!
//! A row is committed as `sending` before its message is handed to the vendor and settled after. Every change names the
//! states it may start from, so that of two that race one wins.

use frontdesk_domain::compliance::Verdict;
use frontdesk_domain::context::Scope;
use frontdesk_domain::conversation::Channel;
use frontdesk_domain::id::{ConnectionId, ContactId, ConversationId, MessageId, UserId};
use frontdesk_domain::outbox::{OutboxMessage, Status};
use frontdesk_domain::page::{Page, PageRequest};
use frontdesk_domain::time::Timestamp;
use sea_orm::sea_query::{CaseStatement, Expr, ExprTrait};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Set, Statement, UpdateMany,
};
use uuid::Uuid;

use crate::column::{from_json, from_word, to_json, to_word};
use crate::contact::named;
use crate::entity::outbox::{ActiveModel, Column, Entity, Model};
use crate::tx::Db;
use crate::{Result, StoreError, dialect};

const TABLE: &str = "outbox";

/// A message with what the dispatcher keeps beside it.
#[derive(Debug, Clone, PartialEq)]
pub struct Stored {
    /// The message.
    pub message: OutboxMessage,
    /// What it is about, as JSON: looked at again before it leaves.
    pub about: Option<String>,
    /// When it was last handed to the vendor.
    pub tried_at: Option<Timestamp>,
}

fn read(row: Model) -> Result<Stored> {
    let at = |millis: Option<i64>| millis.map(Timestamp::from_millis);
    Ok(Stored {
        about: row.about,
        tried_at: at(row.tried_at),
        message: OutboxMessage {
            id: MessageId::from_uuid(row.id),
            channel: from_word(TABLE, &row.channel)?,
            connection_id: row.connection_id.map(ConnectionId::from_uuid),
            conversation_id: row.conversation_id.map(ConversationId::from_uuid),
            contact_id: row.contact_id.map(ContactId::from_uuid),
            contact_name: row.contact_name,
            from: row.sender,
            to: row.recipient,
            purpose: from_word(TABLE, &row.purpose)?,
            content: from_json(TABLE, &row.content)?,
            status: from_word(TABLE, &row.status)?,
            reason: row.reason,
            code: row.code,
            verdict: row.verdict.as_deref().map(|text| from_json(TABLE, text)).transpose()?,
            attempts: row.attempts.unsigned_abs(),
            vendor_id: row.vendor_id,
            segments: row.segments.map(i32::unsigned_abs),
            created_by: row.created_by.map(UserId::from_uuid),
            created_at: Timestamp::from_millis(row.created_at),
            send_at: Timestamp::from_millis(row.send_at),
            sent_at: at(row.sent_at),
            delivered_at: at(row.delivered_at),
            read_at: at(row.read_at),
            updated_at: Timestamp::from_millis(row.updated_at),
        },
    })
}

/// Stores a new message.
pub async fn insert(db: &impl Db, scope: Scope, stored: &Stored) -> Result<()> {
    let message = &stored.message;
    let millis = |at: Option<Timestamp>| Set(at.map(Timestamp::as_millis));
    let row = ActiveModel {
        id: Set(message.id.uuid()),
        workspace_id: Set(scope.workspace().uuid()),
        channel: Set(message.channel.as_str().to_owned()),
        connection_id: Set(message.connection_id.map(ConnectionId::uuid)),
        conversation_id: Set(message.conversation_id.map(ConversationId::uuid)),
        contact_id: Set(message.contact_id.map(ContactId::uuid)),
        contact_name: Set(message.contact_name.clone()),
        sender: Set(message.from.clone()),
        recipient: Set(message.to.clone()),
        purpose: Set(to_word(TABLE, &message.purpose)?),
        content: Set(to_json(TABLE, &message.content)?),
        about: Set(stored.about.clone()),
        status: Set(message.status.as_str().to_owned()),
        reason: Set(message.reason.clone()),
        code: Set(message.code.clone()),
        verdict: Set(message.verdict.as_ref().map(|verdict| to_json(TABLE, verdict)).transpose()?),
        attempts: Set(message.attempts as i32),
        tried_at: millis(stored.tried_at),
        vendor_id: Set(message.vendor_id.clone()),
        segments: Set(message.segments.map(|parts| parts as i32)),
        created_by: Set(message.created_by.map(UserId::uuid)),
        created_at: Set(message.created_at.as_millis()),
        send_at: Set(message.send_at.as_millis()),
        sent_at: millis(message.sent_at),
        delivered_at: millis(message.delivered_at),
        read_at: millis(message.read_at),
        updated_at: Set(message.updated_at.as_millis()),
        template: Set(message.content.template.as_ref().map(|template| template.name.clone())),
    };
    Entity::insert(row).exec_without_returning(db).await?;
    Ok(())
}

/// Notes which template a message was made from, for figures.
pub async fn label(db: &impl Db, scope: Scope, id: MessageId, template: &str) -> Result<()> {
    Entity::update_many()
        .col_expr(Column::Template, Expr::value(template))
        .filter(Column::Id.eq(id.uuid()))
        .filter(Column::WorkspaceId.eq(scope.workspace().uuid()))
        .exec(db)
        .await?;
    Ok(())
}

fn in_scope(scope: Scope) -> sea_orm::Select<Entity> {
    Entity::find().filter(Column::WorkspaceId.eq(scope.workspace().uuid()))
}

/// The message with this id.
pub async fn find(db: &impl Db, scope: Scope, id: MessageId) -> Result<Option<Stored>> {
    in_scope(scope).filter(Column::Id.eq(id.uuid())).one(db).await?.map(read).transpose()
}

/// The message with this id, which must be in the workspace.
pub async fn get(db: &impl Db, scope: Scope, id: MessageId) -> Result<Stored> {
    find(db, scope, id).await?.ok_or(StoreError::NotFound("message"))
}

/// As [`get`], held against other units of work until this one ends.
pub async fn get_for_update(db: &impl Db, scope: Scope, id: MessageId) -> Result<Stored> {
    let row = in_scope(scope).filter(Column::Id.eq(id.uuid())).lock_exclusive().one(db).await?;
    row.map(read).transpose()?.ok_or(StoreError::NotFound("message"))
}

/// The message that the vendor of a connection knows by this id, held until the unit of work ends.
pub async fn find_by_vendor(
    db: &impl Db,
    scope: Scope,
    connection: ConnectionId,
    vendor_id: &str,
) -> Result<Option<Stored>> {
    let row = in_scope(scope)
        .filter(Column::VendorId.eq(vendor_id))
        .filter(Column::ConnectionId.eq(connection.uuid()))
        .lock_exclusive()
        .one(db)
        .await?;
    row.map(read).transpose()
}

/// What became of the messages of a conversation, as far as they left through a vendor: those with these ids.
pub async fn list_of(db: &impl Db, scope: Scope, ids: &[MessageId]) -> Result<Vec<OutboxMessage>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let rows = in_scope(scope).filter(Column::Id.is_in(ids.iter().map(|id| id.uuid()))).all(db).await?;
    rows.into_iter().map(|row| Ok(read(row)?.message)).collect()
}

/// A change of one message; build it up, then [`Change::apply`].
#[derive(Debug, Clone)]
pub struct Change(UpdateMany<Entity>);

impl Change {
    /// No change yet. Every change makes `updated_at` later, so that it tells one state of a row from every other.
    pub fn of(scope: Scope, id: MessageId, now: Timestamp) -> Self {
        let known = || Expr::col((Entity, Column::UpdatedAt));
        let later =
            CaseStatement::new().case(known().lt(now.as_millis()), now.as_millis()).finally(known().add(1));
        Self(
            Entity::update_many()
                .filter(Column::Id.eq(id.uuid()))
                .filter(Column::WorkspaceId.eq(scope.workspace().uuid()))
                .col_expr(Column::UpdatedAt, later.into()),
        )
    }

    fn set(self, column: Column, value: impl Into<sea_orm::Value>) -> Self {
        Self(self.0.col_expr(column, Expr::value(value)))
    }

    /// Only from one of these states.
    pub fn from(self, states: &[Status]) -> Self {
        Self(self.0.filter(Column::Status.is_in(states.iter().map(|status| status.as_str()))))
    }

    /// Only if nobody has changed it since it was read.
    pub fn unchanged(self, read: &OutboxMessage) -> Self {
        Self(self.0.filter(Column::UpdatedAt.eq(read.updated_at.as_millis())))
    }

    /// Only while the try that began then is the newest: what an older one came to tells nothing about this one.
    pub fn of_try(self, at: Option<Timestamp>) -> Self {
        let condition = match at {
            Some(at) => Column::TriedAt.eq(at.as_millis()),
            None => Column::TriedAt.is_null(),
        };
        Self(self.0.filter(condition))
    }

    /// Where it is now.
    pub fn status(self, status: Status) -> Self {
        self.set(Column::Status, status.as_str())
    }

    /// What speaks for it not having arrived, with the vendor's code.
    pub fn reason(self, reason: Option<&str>, code: Option<&str>) -> Self {
        self.set(Column::Reason, reason.map(str::to_owned)).set(Column::Code, code.map(str::to_owned))
    }

    /// It is handed to the vendor once more, through this connection.
    pub fn tried(self, connection: Option<ConnectionId>, from: Option<&str>, at: Timestamp) -> Self {
        let next = self
            .set(Column::ConnectionId, connection.map(ConnectionId::uuid))
            .set(Column::Sender, from.map(str::to_owned))
            .set(Column::TriedAt, at.as_millis());
        Self(next.0.col_expr(Column::Attempts, Expr::col(Column::Attempts).add(1)))
    }

    /// The gate's newest verdict.
    ///
    /// # Errors
    /// When it cannot be written as JSON.
    pub fn verdict(self, verdict: &Verdict) -> Result<Self> {
        Ok(self.set(Column::Verdict, to_json(TABLE, verdict)?))
    }

    /// The vendor's id of it.
    pub fn vendor_id(self, id: Option<&str>) -> Self {
        match id {
            Some(id) => self.set(Column::VendorId, id),
            None => self,
        }
    }

    /// Not before this instant.
    pub fn send_at(self, at: Timestamp) -> Self {
        self.set(Column::SendAt, at.as_millis())
    }

    /// The newest try counts for none.
    pub fn retracted(self) -> Self {
        Self(self.0.col_expr(Column::Attempts, Expr::col(Column::Attempts).sub(1)))
    }

    /// Where it goes.
    pub fn recipient(self, to: &str) -> Self {
        self.set(Column::Recipient, to)
    }

    /// All its tries again.
    pub fn untried(self) -> Self {
        self.set(Column::Attempts, 0)
    }

    /// What it says, and in how many parts.
    ///
    /// # Errors
    /// When it cannot be written as JSON.
    pub fn content(self, content: &frontdesk_domain::outbox::Content, segments: Option<u32>) -> Result<Self> {
        Ok(self
            .set(Column::Content, to_json(TABLE, content)?)
            .set(Column::Segments, segments.map(|parts| parts as i32)))
    }

    /// When it reached this state, for those that keep it.
    pub fn reached(self, status: Status, at: Timestamp) -> Self {
        match status {
            Status::Sent => self.set(Column::SentAt, at.as_millis()),
            Status::Delivered => self.set(Column::DeliveredAt, at.as_millis()),
            Status::Read => self.set(Column::ReadAt, at.as_millis()),
            _ => self,
        }
    }

    /// Makes the change; says whether a row matched.
    pub async fn apply(self, db: &impl Db) -> Result<bool> {
        Ok(self.0.exec(db).await?.rows_affected > 0)
    }
}

/// Which messages are wanted.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// In one of these states; any when empty.
    pub statuses: Vec<Status>,
    /// Through this channel.
    pub channel: Option<Channel>,
    /// To this contact.
    pub contact: Option<ContactId>,
    /// In this conversation.
    pub conversation: Option<ConversationId>,
    /// To an address, a name or with words that contain this.
    pub text: Option<String>,
    /// The text counts in names alone.
    pub names_only: bool,
}

impl Filter {
    fn condition(&self, scope: Scope, backend: sea_orm::DbBackend) -> Condition {
        let mut all = Condition::all().add(Column::WorkspaceId.eq(scope.workspace().uuid()));
        if !self.statuses.is_empty() {
            all = all.add(Column::Status.is_in(self.statuses.iter().map(|status| status.as_str())));
        }
        if let Some(channel) = self.channel {
            all = all.add(Column::Channel.eq(channel.as_str()));
        }
        if let Some(contact) = self.contact {
            all = all.add(Column::ContactId.eq(contact.uuid()));
        }
        if let Some(conversation) = self.conversation {
            all = all.add(Column::ConversationId.eq(conversation.uuid()));
        }
        if let Some(text) = self.text.as_deref().filter(|text| !text.trim().is_empty()) {
            if self.names_only {
                return all.add(named(backend, "contact_name", text));
            }
            let pattern = dialect::contains(text.trim());
            let like = dialect::ilike(backend);
            let sql = format!(
                "(contact_name {like} ? ESCAPE '\\' OR recipient {like} ? ESCAPE '\\' OR content {like} ? ESCAPE '\\')"
            );
            let values = [pattern.clone(), pattern.clone(), pattern];
            all = all.add(Expr::cust_with_values(dialect::sql(backend, &sql), values));
        }
        all
    }
}

/// A page of messages, newest first.
pub async fn list(
    db: &impl Db,
    scope: Scope,
    filter: &Filter,
    page: &PageRequest,
) -> Result<Page<OutboxMessage>> {
    let mut query = Entity::find().filter(filter.condition(scope, db.get_database_backend()));
    if let Some(before) = page.cursor.as_deref().and_then(|cursor| Uuid::try_parse(cursor).ok()) {
        query = query.filter(Column::Id.lt(before));
    }
    let rows = query.order_by_desc(Column::Id).limit(u64::from(page.size()) + 1).all(db).await?;
    let rows = rows.into_iter().map(|row| Ok(read(row)?.message)).collect::<Result<Vec<_>>>()?;
    Ok(Page::cut(rows, page.size(), |row| row.id.uuid().simple().to_string()))
}

/// How many messages are in each state.
pub async fn count_by_status(db: &impl Db, scope: Scope) -> Result<Vec<(Status, u64)>> {
    let backend = db.get_database_backend();
    let sql =
        dialect::sql(backend, "SELECT status, count(*) FROM outbox WHERE workspace_id = ? GROUP BY status");
    let values = [scope.workspace().uuid().into()];
    let rows = db.query_all_raw(Statement::from_sql_and_values(backend, sql, values)).await?;
    rows.into_iter()
        .map(|row| {
            let status: String = row.try_get_by_index(0)?;
            Ok((from_word(TABLE, &status)?, row.try_get_by_index::<i64>(1)?.unsigned_abs()))
        })
        .collect()
}

/// Messages that came into one of these states at an instant or later, oldest first, at most `limit`.
pub async fn list_changed(
    db: &impl Db,
    scope: Scope,
    statuses: &[Status],
    since: Timestamp,
    limit: u64,
) -> Result<Vec<OutboxMessage>> {
    let rows = in_scope(scope)
        .filter(Column::Status.is_in(statuses.iter().map(|status| status.as_str())))
        .filter(Column::UpdatedAt.gte(since.as_millis()))
        .order_by_asc(Column::Id)
        .limit(limit)
        .all(db)
        .await?;
    rows.into_iter().map(|row| Ok(read(row)?.message)).collect()
}

/// When messages left or are leaving to an address since an instant, by purpose, newest first, at most 200.
pub async fn list_recent(
    db: &impl Db,
    scope: Scope,
    recipient: &str,
    since: Timestamp,
) -> Result<Vec<OutboxMessage>> {
    let rows = in_scope(scope)
        .filter(Column::Recipient.eq(recipient))
        .filter(Column::CreatedAt.gte(since.as_millis()))
        .filter(Column::Status.is_not_in([Status::Cancelled.as_str(), Status::Failed.as_str()]))
        .order_by_desc(Column::CreatedAt)
        .limit(200)
        .all(db)
        .await?;
    rows.into_iter().map(|row| Ok(read(row)?.message)).collect()
}

/// Lets go of one of the business's numbers: what waits to leave from it gets another one.
pub async fn forget_sender(db: &impl Db, scope: Scope, connection: ConnectionId, sender: &str) -> Result<()> {
    Entity::update_many()
        .col_expr(Column::Sender, Expr::value(None::<String>))
        .filter(Column::WorkspaceId.eq(scope.workspace().uuid()))
        .filter(Column::ConnectionId.eq(connection.uuid()))
        .filter(Column::Sender.eq(sender))
        .filter(Column::Status.eq(Status::Queued.as_str()))
        .exec(db)
        .await?;
    Ok(())
}
