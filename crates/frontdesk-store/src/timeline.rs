//! A contact's timeline: what happened with one person, over all channels, newest first.

use frontdesk_domain::context::Scope;
use frontdesk_domain::id::{ContactId, ConversationId, UserId};
use frontdesk_domain::page::Page;
use frontdesk_domain::time::Timestamp;
use sea_orm::{QueryResult, Statement, Value};
use uuid::Uuid;

use crate::tx::Db;
use crate::{Result, dialect};

/// One thing that happened; wording it is the caller's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// When.
    pub at: Timestamp,
    /// The kind, such as `conversation.started`.
    pub kind: String,
    /// What it happened to.
    pub id: Uuid,
    /// What there is to say: a channel, a state, a need, a note's text.
    pub detail: String,
    /// Who did it, when a team member did.
    pub user: Option<UserId>,
    /// The conversation it belongs to.
    pub conversation_id: Option<ConversationId>,
}

/// What happens to a booking and is shown: the kind of its change, and of the entry, whose detail is the reference.
const BOOKED: [(&str, &str); 5] = [
    ("created", "booking.created"),
    ("moved", "booking.rescheduled"),
    ("cancelled", "booking.cancelled"),
    ("completed", "booking.completed"),
    ("no_show", "booking.no_show"),
];

/// A page of the timeline; an unreadable cursor starts from the beginning.
pub async fn list(
    db: &impl Db,
    scope: Scope,
    contact: ContactId,
    cursor: Option<&str>,
    size: u32,
) -> Result<Page<Entry>> {
    let backend = db.get_database_backend();
    let nobody = dialect::no_uuid(backend);
    let of_contact = "workspace_id = ? AND contact_id = ?";
    let after = cursor.and_then(parse_cursor);
    let place = if after.is_some() {
        "WHERE (at < ? OR (at = ? AND (kind < ? OR (kind = ? AND id < ?))))"
    } else {
        ""
    };
    // A change's kind is the first word of what is stored of it.
    let of_kind = |kind: &str| format!("c.what LIKE '{{\"kind\":\"{kind}\"%'");
    let kinds: Vec<String> =
        BOOKED.iter().map(|(kind, shown)| format!("WHEN {} THEN '{shown}'", of_kind(kind))).collect();
    let kinds = kinds.join(" ");
    let happened = BOOKED.iter().map(|(kind, _)| of_kind(kind)).collect::<Vec<_>>().join(" OR ");
    let sql = format!(
        "SELECT * FROM (\
           SELECT 'contact.created' AS kind, created_at AS at, id, source AS detail, {nobody} AS person, \
             {nobody} AS conversation FROM contact WHERE workspace_id = ? AND id = ? \
           UNION ALL SELECT 'contact.merged', merged_at, merged_id, '', {nobody}, {nobody} FROM contact_merge \
             WHERE {of_contact} \
           UNION ALL SELECT 'contact.note', created_at, id, text, author, {nobody} FROM contact_note \
             WHERE {of_contact} \
           UNION ALL SELECT 'lead.created', created_at, id, need, {nobody}, conversation_id FROM lead \
             WHERE {of_contact} \
           UNION ALL SELECT 'lead.updated', updated_at, id, status, {nobody}, conversation_id FROM lead \
             WHERE {of_contact} AND updated_at > created_at \
           UNION ALL SELECT 'conversation.started', created_at, id, channel, {nobody}, id FROM conversation \
             WHERE {of_contact} AND channel <> 'sandbox' \
           UNION ALL SELECT 'human_handoff.requested', waiting_since, id, COALESCE(handoff_reason, ''), {nobody}, id \
             FROM conversation WHERE {of_contact} AND channel <> 'sandbox' AND waiting_since IS NOT NULL \
           UNION ALL SELECT 'conversation.closed', closed_at, id, state, assignee, id FROM conversation \
             WHERE {of_contact} AND channel <> 'sandbox' AND closed_at IS NOT NULL \
           UNION ALL SELECT CASE {kinds} END, c.at, c.id, b.reference, {nobody}, {nobody} FROM booking b \
             JOIN booking_change c ON c.booking_id = b.id \
             WHERE b.workspace_id = ? AND b.contact_id = ? AND ({happened})\
         ) entry {place} ORDER BY at DESC, kind DESC, id DESC LIMIT ?"
    );
    let mut values: Vec<Value> = Vec::new();
    for _ in 0..9 {
        values.extend([scope.workspace().uuid().into(), contact.uuid().into()]);
    }
    if let Some((at, kind, id)) = after {
        values.extend([at.into(), at.into(), kind.into(), kind.into(), id.into()]);
    }
    values.push((i64::from(size) + 1).into());
    let statement = Statement::from_sql_and_values(backend, dialect::sql(backend, &sql), values);
    let rows = db.query_all_raw(statement).await?;
    let entries = rows.iter().map(read).collect::<Result<Vec<_>>>()?;
    Ok(Page::cut(entries, size, |entry| {
        format!("{}:{}:{}", entry.at.as_millis(), entry.kind, entry.id.simple())
    }))
}

fn read(row: &QueryResult) -> Result<Entry> {
    Ok(Entry {
        kind: row.try_get_by_index(0)?,
        at: Timestamp::from_millis(row.try_get_by_index(1)?),
        id: row.try_get_by_index(2)?,
        detail: row.try_get_by_index(3)?,
        user: row.try_get_by_index::<Option<Uuid>>(4)?.map(UserId::from_uuid),
        conversation_id: row.try_get_by_index::<Option<Uuid>>(5)?.map(ConversationId::from_uuid),
    })
}

fn parse_cursor(cursor: &str) -> Option<(i64, &str, Uuid)> {
    let mut parts = cursor.split(':');
    let place = (parts.next()?.parse().ok()?, parts.next()?, Uuid::try_parse(parts.next()?).ok()?);
    parts.next().is_none().then_some(place)
}
