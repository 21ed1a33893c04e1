//! Recorded decisions of the compliance gate: what was allowed to be sent to whom, and by which rule.

use frontdesk_domain::compliance::{Purpose, Verdict};
use frontdesk_domain::context::Scope;
use frontdesk_domain::id::{ContactId, DecisionId, MessageId};
use frontdesk_domain::time::Timestamp;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Set};

use crate::Result;
use crate::column::{from_json, from_word, to_json, to_word};
use crate::entity::compliance_decision::{ActiveModel, Column, Entity, Model};
use crate::tx::Db;

const TABLE: &str = "compliance_decision";

/// A decision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// Its id.
    pub id: DecisionId,
    /// When it was made.
    pub at: Timestamp,
    /// Who was to receive the message, when known.
    pub contact_id: Option<ContactId>,
    /// The message.
    pub message_id: Option<MessageId>,
    /// The channel's name.
    pub channel: String,
    /// Why it was to be sent.
    pub purpose: Purpose,
    /// The answer.
    pub verdict: Verdict,
}

fn read(row: Model) -> Result<Decision> {
    Ok(Decision {
        id: DecisionId::from_uuid(row.id),
        at: Timestamp::from_millis(row.at),
        contact_id: row.contact_id.map(ContactId::from_uuid),
        message_id: row.message_id.map(MessageId::from_uuid),
        channel: row.channel,
        purpose: from_word(TABLE, &row.purpose)?,
        verdict: from_json(TABLE, &row.detail)?,
    })
}

/// Stores a decision.
pub async fn insert(db: &impl Db, scope: Scope, decision: &Decision) -> Result<()> {
    let (verdict, rule) = match &decision.verdict {
        Verdict::Allow => ("allow", None),
        Verdict::Defer { rule, .. } => ("defer", Some(rule.clone())),
        Verdict::Deny { rule, .. } => ("deny", Some(rule.clone())),
    };
    let row = ActiveModel {
        id: Set(decision.id.uuid()),
        workspace_id: Set(scope.workspace().uuid()),
        at: Set(decision.at.as_millis()),
        contact_id: Set(decision.contact_id.map(ContactId::uuid)),
        message_id: Set(decision.message_id.map(MessageId::uuid)),
        channel: Set(decision.channel.clone()),
        purpose: Set(to_word(TABLE, &decision.purpose)?),
        verdict: Set(verdict.to_owned()),
        rule: Set(rule),
        detail: Set(to_json(TABLE, &decision.verdict)?),
    };
    Entity::insert(row).exec_without_returning(db).await?;
    Ok(())
}

/// The newest decisions about one contact, newest first, at most `limit`.
pub async fn list_of_contact(
    db: &impl Db,
    scope: Scope,
    contact: ContactId,
    limit: u64,
) -> Result<Vec<Decision>> {
    Entity::find()
        .filter(Column::WorkspaceId.eq(scope.workspace().uuid()))
        .filter(Column::ContactId.eq(contact.uuid()))
        .order_by_desc(Column::Id)
        .limit(limit)
        .all(db)
        .await?
        .into_iter()
        .map(read)
        .collect()
}

/// The newest decisions, newest first, at most `limit`.
pub async fn list_newest(db: &impl Db, scope: Scope, limit: u64) -> Result<Vec<Decision>> {
    Entity::find()
        .filter(Column::WorkspaceId.eq(scope.workspace().uuid()))
        .order_by_desc(Column::Id)
        .limit(limit)
        .all(db)
        .await?
        .into_iter()
        .map(read)
        .collect()
}
