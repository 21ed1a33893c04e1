//! The records of turns and their tool calls.

use frontdesk_domain::context::Scope;
use frontdesk_domain::id::{ConversationId, ToolCallId, TurnId};
use frontdesk_domain::message::{ToolCallRecord, TurnRecord};
use frontdesk_domain::time::Timestamp;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Set};

use crate::Result;
use crate::column::from_json;
use crate::entity::{tool_call, turn};
use crate::tx::Db;

/// Stores the record of a turn with its tool calls, and the question it could not answer.
pub async fn insert(db: &impl Db, scope: Scope, record: &TurnRecord, unanswered: Option<&str>) -> Result<()> {
    let workspace = scope.workspace().uuid();
    let row = turn::ActiveModel {
        id: Set(record.id.uuid()),
        workspace_id: Set(workspace),
        conversation_id: Set(record.conversation_id.uuid()),
        brain: Set(record.brain.clone()),
        intent: Set(record.intent.clone()),
        confidence: Set(record.confidence.map(f64::from)),
        input_tokens: Set(record.input_tokens as i64),
        output_tokens: Set(record.output_tokens as i64),
        cost_micros: Set(record.cost_micros as i64),
        first_word_ms: Set(record.first_word_ms.map(|ms| ms as i32)),
        total_ms: Set(record.total_ms as i32),
        guarded: Set(record.guarded as i32),
        fallback_reason: Set(record.fallback_reason.clone()),
        unanswered: Set(unanswered.map(str::to_owned)),
        created_at: Set(record.created_at.as_millis()),
    };
    turn::Entity::insert(row).exec_without_returning(db).await?;
    if record.tool_calls.is_empty() {
        return Ok(());
    }
    let calls = record.tool_calls.iter().map(|call| tool_call::ActiveModel {
        id: Set(call.id.uuid()),
        workspace_id: Set(workspace),
        conversation_id: Set(record.conversation_id.uuid()),
        turn_id: Set(record.id.uuid()),
        tool: Set(call.tool.clone()),
        arguments: Set(call.arguments.to_string()),
        ok: Set(call.ok),
        result: Set(call.result.to_string()),
        receipt: Set(call.receipt.clone()),
        latency_ms: Set(call.latency_ms as i32),
        created_at: Set(call.created_at.as_millis()),
    });
    tool_call::Entity::insert_many(calls).exec_without_returning(db).await?;
    Ok(())
}

/// A conversation's newest turns with their tool calls, oldest first.
pub async fn list(db: &impl Db, scope: Scope, id: ConversationId, limit: u64) -> Result<Vec<TurnRecord>> {
    let mut rows = turn::Entity::find()
        .filter(turn::Column::WorkspaceId.eq(scope.workspace().uuid()))
        .filter(turn::Column::ConversationId.eq(id.uuid()))
        .order_by_desc(turn::Column::Id)
        .limit(limit)
        .all(db)
        .await?;
    rows.reverse();
    let calls = tool_call::Entity::find()
        .filter(tool_call::Column::WorkspaceId.eq(scope.workspace().uuid()))
        .filter(tool_call::Column::TurnId.is_in(rows.iter().map(|row| row.id)))
        .order_by_asc(tool_call::Column::Id)
        .all(db)
        .await?
        .into_iter()
        .map(read_call)
        .collect::<Result<Vec<_>>>()?;
    Ok(rows.into_iter().map(|row| read(row, &calls)).collect())
}

fn read(row: turn::Model, calls: &[ToolCallRecord]) -> TurnRecord {
    let id = TurnId::from_uuid(row.id);
    TurnRecord {
        id,
        conversation_id: ConversationId::from_uuid(row.conversation_id),
        brain: row.brain,
        intent: row.intent,
        confidence: row.confidence.map(|confidence| confidence as f32),
        input_tokens: row.input_tokens.unsigned_abs(),
        output_tokens: row.output_tokens.unsigned_abs(),
        cost_micros: row.cost_micros.unsigned_abs(),
        first_word_ms: row.first_word_ms.map(i32::unsigned_abs),
        total_ms: row.total_ms.unsigned_abs(),
        guarded: row.guarded.unsigned_abs(),
        fallback_reason: row.fallback_reason,
        tool_calls: calls.iter().filter(|call| call.turn_id == id).cloned().collect(),
        created_at: Timestamp::from_millis(row.created_at),
    }
}

fn read_call(row: tool_call::Model) -> Result<ToolCallRecord> {
    Ok(ToolCallRecord {
        id: ToolCallId::from_uuid(row.id),
        turn_id: TurnId::from_uuid(row.turn_id),
        tool: row.tool,
        arguments: from_json("tool_call", &row.arguments)?,
        ok: row.ok,
        result: from_json("tool_call", &row.result)?,
        receipt: row.receipt,
        latency_ms: row.latency_ms.unsigned_abs(),
        created_at: Timestamp::from_millis(row.created_at),
    })
}

/// A question the documents could not answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unanswered {
    /// The question, in the customer's words.
    pub question: String,
    /// When it was asked.
    pub asked_at: Timestamp,
    /// Where.
    pub conversation_id: ConversationId,
}

/// The newest questions the documents could not answer, newest first.
pub async fn list_unanswered(db: &impl Db, scope: Scope, limit: u64) -> Result<Vec<Unanswered>> {
    let rows = turn::Entity::find()
        .filter(turn::Column::WorkspaceId.eq(scope.workspace().uuid()))
        .filter(turn::Column::Unanswered.is_not_null())
        .order_by_desc(turn::Column::Id)
        .limit(limit)
        .all(db)
        .await?;
    Ok(rows
        .into_iter()
        .filter_map(|row| {
            Some(Unanswered {
                question: row.unanswered?,
                asked_at: Timestamp::from_millis(row.created_at),
                conversation_id: ConversationId::from_uuid(row.conversation_id),
            })
        })
        .collect())
}
