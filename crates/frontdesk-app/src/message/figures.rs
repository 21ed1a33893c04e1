//! How messages fared over a time, by channel and template.

use std::time::Duration;

use frontdesk_domain::access::Permission;
use frontdesk_domain::context::Context;
use frontdesk_domain::id::MessageId;
use frontdesk_domain::time::Timestamp;
use frontdesk_store::message_figures::{self, Counted};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{App, AppError, Result};

/// The longest time that is counted at once: three months and some days.
const LONGEST: Duration = Duration::from_hours(100 * 24);

/// How messages fared over a time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct MessageFigures {
    /// Queued from this instant on.
    pub from: Timestamp,
    /// And before this one.
    pub to: Timestamp,
    /// By channel and template, in that order.
    pub items: Vec<MessageFigure>,
}

/// How messages of one channel and template fared.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct MessageFigure {
    /// The channel.
    pub channel: String,
    /// The template they were made from: a vendor's name of it, or the kind of a text of the business.
    pub template: Option<String>,
    /// Messages in all.
    pub queued: u64,
    /// Taken by the vendor.
    pub sent: u64,
    /// Known to have arrived. Not every channel tells.
    pub delivered: u64,
    /// Known to have been opened. Few channels tell.
    pub read: u64,
    /// Did not leave, or could not be brought.
    pub failed: u64,
    /// After which the customer wrote next in the conversation, within seven days.
    pub replied: u64,
    /// Clicks of people on short links in them.
    pub clicks: u64,
}

impl From<Counted> for MessageFigure {
    fn from(counted: Counted) -> Self {
        let Counted { channel, template, queued, sent, delivered, read, failed, replied, clicks } = counted;
        Self { channel, template, queued, sent, delivered, read, failed, replied, clicks }
    }
}

/// How messages queued in a time fared.
///
/// # Errors
/// [`AppError::Invalid`] for a time that ends before it begins, or is longer than 100 days.
pub async fn figures(app: &App, ctx: &Context, from: Timestamp, to: Timestamp) -> Result<MessageFigures> {
    ctx.require(Permission::MessagesRead)?;
    if to <= from {
        return Err(AppError::invalid("/to", "must be after from"));
    }
    if to.since(from) > LONGEST {
        return Err(AppError::invalid("/to", "is more than 100 days after from"));
    }
    let counted =
        message_figures::count(app.store.reader(), ctx.scope(), first_of(from), first_of(to)).await?;
    Ok(MessageFigures { from, to, items: counted.into_iter().map(Into::into).collect() })
}

/// The lowest id that a message queued at an instant can have.
fn first_of(at: Timestamp) -> MessageId {
    let millis = at.as_millis().max(0).unsigned_abs();
    MessageId::from_uuid(Uuid::from_u128(u128::from(millis) << 80))
}
