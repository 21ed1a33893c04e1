//! What became of messages that left through vendors, counted by channel and template over a time.
//!
//! The time is that in which they were queued; it is found by the messages' ids, which are in the order of time.

use frontdesk_domain::context::Scope;
use frontdesk_domain::id::MessageId;
use serde::Deserialize;

use crate::Result;
use crate::column::rows_at_once;
use crate::tx::Db;

/// How messages of one channel and template fared.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Counted {
    /// The channel's name.
    pub channel: String,
    /// The template's name.
    pub template: Option<String>,
    /// Queued in all.
    pub queued: u64,
    /// Taken by the vendor.
    pub sent: u64,
    /// Known to have arrived.
    pub delivered: u64,
    /// Known to have been opened.
    pub read: u64,
    /// Did not leave, or could not be brought.
    pub failed: u64,
    /// After which the customer wrote within seven days, before the next message of ours.
    pub replied: u64,
    /// Clicks of people on short links in them.
    pub clicks: u64,
}

/// Counts messages whose ids lie from one to before another.
pub async fn count(db: &impl Db, scope: Scope, from: MessageId, to: MessageId) -> Result<Vec<Counted>> {
    let columns = "channel, template, queued, sent, delivered, read, failed, replied, clicks";
    let query = "SELECT o.channel AS channel, o.template AS template, COUNT(*) AS queued, \
        SUM(CASE WHEN o.sent_at IS NOT NULL THEN 1 ELSE 0 END) AS sent, \
        SUM(CASE WHEN o.delivered_at IS NOT NULL OR o.read_at IS NOT NULL THEN 1 ELSE 0 END) AS delivered, \
        SUM(CASE WHEN o.read_at IS NOT NULL THEN 1 ELSE 0 END) AS read, \
        SUM(CASE WHEN o.status IN ('failed', 'undelivered') THEN 1 ELSE 0 END) AS failed, \
        SUM(CASE WHEN o.sent_at IS NOT NULL AND (SELECT next.author FROM message next \
            WHERE next.conversation_id = o.conversation_id AND next.author IN ('customer', 'ai', 'person') \
            AND next.seq > (SELECT own.seq FROM message own WHERE own.id = o.id) \
            AND next.created_at < o.sent_at + 604800000 ORDER BY next.seq LIMIT 1) = 'customer' \
            THEN 1 ELSE 0 END) AS replied, \
        COALESCE(SUM((SELECT SUM(l.clicks) FROM short_link l \
            WHERE l.workspace_id = o.workspace_id AND l.message_id = o.id)), 0) AS clicks \
        FROM outbox o WHERE o.workspace_id = ? AND o.id >= ? AND o.id < ? \
        GROUP BY o.channel, o.template ORDER BY o.channel, o.template LIMIT 1000";
    let values = [scope.workspace().uuid().into(), from.uuid().into(), to.uuid().into()];
    rows_at_once(db, "outbox", columns, query, values).await
}
