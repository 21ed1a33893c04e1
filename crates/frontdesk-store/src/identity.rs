//! Who the customer of a conversation has shown to be: one-time codes and what they prove.

use frontdesk_domain::context::Scope;
use frontdesk_domain::id::{BookingId, ConversationId};
use frontdesk_domain::time::Timestamp;
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Set, Statement};
use uuid::Uuid;

use crate::entity::{identity_code, identity_proof};
use crate::tx::Db;
use crate::{Result, StoreError, dialect};

/// Most proofs of one conversation that are read.
const MAX_PROOFS: u64 = 100;

/// A one-time code; the code itself is not kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Code {
    /// Its id.
    pub id: Uuid,
    /// The conversation it was asked for in.
    pub conversation_id: ConversationId,
    /// The address it goes to.
    pub email: String,
    /// A hash of the code.
    pub hash: String,
    /// When it was asked for.
    pub created_at: Timestamp,
    /// Until when it counts.
    pub expires_at: Timestamp,
}

/// What a conversation has shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Proof {
    /// This booking was made in it.
    Made(BookingId),
    /// The customer showed this booking's link.
    Link(BookingId),
    /// The customer read a code sent to this address.
    Email(String),
}

impl Proof {
    const fn kind(&self) -> &'static str {
        match self {
            Self::Made(_) => "made",
            Self::Link(_) => "link",
            Self::Email(_) => "email",
        }
    }

    fn subject(&self) -> String {
        match self {
            Self::Made(id) | Self::Link(id) => id.uuid().simple().to_string(),
            Self::Email(email) => email.clone(),
        }
    }
}

/// Keeps a code; those of the conversation before it count no longer.
pub async fn put_code(db: &impl Db, scope: Scope, code: &Code) -> Result<()> {
    identity_code::Entity::delete_many()
        .filter(identity_code::Column::ConversationId.eq(code.conversation_id.uuid()))
        .filter(identity_code::Column::WorkspaceId.eq(scope.workspace().uuid()))
        .exec(db)
        .await?;
    let row = identity_code::ActiveModel {
        id: Set(code.id),
        workspace_id: Set(scope.workspace().uuid()),
        conversation_id: Set(code.conversation_id.uuid()),
        email: Set(code.email.clone()),
        code_hash: Set(code.hash.clone()),
        tries: Set(0),
        created_at: Set(code.created_at.as_millis()),
        expires_at: Set(code.expires_at.as_millis()),
    };
    identity_code::Entity::insert(row).exec_without_returning(db).await?;
    Ok(())
}

/// A code by its id, lapsed or not.
pub async fn find_code(db: &impl Db, scope: Scope, id: Uuid) -> Result<Option<Code>> {
    let row = identity_code::Entity::find_by_id(id)
        .filter(identity_code::Column::WorkspaceId.eq(scope.workspace().uuid()))
        .one(db)
        .await?;
    Ok(row.map(|row| Code {
        id: row.id,
        conversation_id: ConversationId::from_uuid(row.conversation_id),
        email: row.email,
        hash: row.code_hash,
        created_at: Timestamp::from_millis(row.created_at),
        expires_at: Timestamp::from_millis(row.expires_at),
    }))
}

/// Counts one more try at the conversation's live code and gives it back; `None` when there is none, or too many tries
/// were made at it.
pub async fn try_code(
    db: &impl Db,
    scope: Scope,
    conversation: ConversationId,
    most: u32,
    now: Timestamp,
) -> Result<Option<Code>> {
    let backend = db.get_database_backend();
    let sql = "UPDATE identity_code SET tries = tries + 1 \
               WHERE conversation_id = ? AND workspace_id = ? AND expires_at > ? AND tries < ? \
               RETURNING id, email, code_hash, created_at, expires_at";
    let values = [
        conversation.uuid().into(),
        scope.workspace().uuid().into(),
        now.as_millis().into(),
        i64::from(most).into(),
    ];
    let row =
        db.query_one_raw(Statement::from_sql_and_values(backend, dialect::sql(backend, sql), values)).await?;
    row.map(|row| {
        Ok(Code {
            id: row.try_get_by_index(0)?,
            conversation_id: conversation,
            email: row.try_get_by_index(1)?,
            hash: row.try_get_by_index(2)?,
            created_at: Timestamp::from_millis(row.try_get_by_index(3)?),
            expires_at: Timestamp::from_millis(row.try_get_by_index(4)?),
        })
    })
    .transpose()
}

/// Removes a code that was used.
pub async fn delete_code(db: &impl Db, scope: Scope, id: Uuid) -> Result<()> {
    identity_code::Entity::delete_many()
        .filter(identity_code::Column::Id.eq(id))
        .filter(identity_code::Column::WorkspaceId.eq(scope.workspace().uuid()))
        .exec(db)
        .await?;
    Ok(())
}

/// Notes what a conversation has shown; shown again, it counts until the new end.
pub async fn put_proof(
    db: &impl Db,
    scope: Scope,
    (id, conversation): (Uuid, ConversationId),
    proof: &Proof,
    now: Timestamp,
    until: Option<Timestamp>,
) -> Result<()> {
    let backend = db.get_database_backend();
    let sql = "INSERT INTO identity_proof (id, workspace_id, conversation_id, kind, subject, created_at, expires_at) \
               VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (conversation_id, kind, subject) \
               DO UPDATE SET expires_at = excluded.expires_at";
    let values = [
        id.into(),
        scope.workspace().uuid().into(),
        conversation.uuid().into(),
        proof.kind().into(),
        proof.subject().into(),
        now.as_millis().into(),
        until.map(Timestamp::as_millis).into(),
    ];
    db.execute_raw(Statement::from_sql_and_values(backend, dialect::sql(backend, sql), values)).await?;
    Ok(())
}

/// What a conversation has shown and still counts, the newest first.
pub async fn proofs(
    db: &impl Db,
    scope: Scope,
    conversation: ConversationId,
    now: Timestamp,
) -> Result<Vec<Proof>> {
    use identity_proof::Column;
    let rows = identity_proof::Entity::find()
        .filter(Column::ConversationId.eq(conversation.uuid()))
        .filter(Column::WorkspaceId.eq(scope.workspace().uuid()))
        .filter(Condition::any().add(Column::ExpiresAt.is_null()).add(Column::ExpiresAt.gt(now.as_millis())))
        .order_by_desc(Column::CreatedAt)
        .order_by_desc(Column::Id)
        .limit(MAX_PROOFS)
        .all(db)
        .await?;
    rows.into_iter()
        .map(|row| {
            let id = || {
                let id = Uuid::try_parse(&row.subject);
                id.map(BookingId::from_uuid).map_err(|error| StoreError::damaged("identity_proof", error))
            };
            match row.kind.as_str() {
                "made" => Ok(Proof::Made(id()?)),
                "link" => Ok(Proof::Link(id()?)),
                "email" => Ok(Proof::Email(row.subject)),
                other => Err(StoreError::damaged("identity_proof", format!("kind `{other}`"))),
            }
        })
        .collect()
}

/// Forgets codes and proofs that have lapsed.
pub async fn forget_lapsed_everywhere(db: &impl Db, now: Timestamp) -> Result<()> {
    identity_code::Entity::delete_many()
        .filter(identity_code::Column::ExpiresAt.lte(now.as_millis()))
        .exec(db)
        .await?;
    identity_proof::Entity::delete_many()
        .filter(identity_proof::Column::ExpiresAt.lte(now.as_millis()))
        .exec(db)
        .await?;
    Ok(())
}
