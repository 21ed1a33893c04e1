//! What people see of messages and do with them: lists, counts, cancel, edit and try again, decide a doubtful one.

use frontdesk_channel::whatsapp::is_user_id;
use frontdesk_domain::access::Permission;
use frontdesk_domain::context::Context;
use frontdesk_domain::conversation::Channel;
use frontdesk_domain::id::{ContactId, ConversationId, MessageId};
use frontdesk_domain::outbox::{OutboxMessage, Status};
use frontdesk_domain::page::{Page, PageRequest};
use frontdesk_domain::time::Timestamp;
use frontdesk_domain::{phone, text};
use frontdesk_store::outbox::{Change, Filter};
use frontdesk_store::{Tx, job, outbox};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use super::queue::{announce, dispatch_at, key, segments};
use super::{JOB, about, longest};
use crate::validate::check_query;
use crate::{App, AppError, Result};

/// What the list of messages asks for.
#[derive(Debug, Clone, Default)]
pub struct Ask {
    /// In one of these states; any when empty.
    pub statuses: Vec<Status>,
    /// Through this channel.
    pub channel: Option<Channel>,
    /// To this contact.
    pub contact: Option<ContactId>,
    /// In this conversation.
    pub conversation: Option<ConversationId>,
    /// Part of a name, an address or the words.
    pub q: Option<String>,
}

/// How many messages are in each state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct MessageCounts {
    /// By state; states without messages are there with 0.
    pub by_status: Vec<StatusCount>,
    /// In all.
    pub total: u64,
}

/// One state's count.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct StatusCount {
    /// The state.
    pub status: Status,
    /// How many.
    pub count: u64,
}

/// A message tried again, as it is or with other words.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Retry {
    /// Other words; those of before when absent.
    #[schema(max_length = 4000)]
    pub text: Option<String>,
    /// Another address; the one of before when absent.
    #[schema(max_length = 254)]
    pub to: Option<String>,
}

/// What a person knows of a message in doubt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Decision {
    /// It arrived. If not, it is sent again.
    pub arrived: bool,
}

/// When a message is to leave.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Reschedule {
    /// Not before this instant; at once when it has passed.
    pub send_at: Timestamp,
}

/// Addresses and names as the caller may see them.
fn shown(ctx: &Context, mut message: OutboxMessage) -> OutboxMessage {
    if ctx.grants.allows(Permission::ContactsRead) {
        return message;
    }
    message.to = match message.channel {
        Channel::Sms | Channel::Whatsapp => phone::mask(&message.to),
        _ => text::mask_email(&message.to),
    };
    message.contact_name = text::mask_name(&message.contact_name);
    message
}

/// A page of messages, newest first.
pub async fn list(app: &App, ctx: &Context, ask: &Ask, page: &PageRequest) -> Result<Page<OutboxMessage>> {
    ctx.require(Permission::MessagesRead)?;
    check_query("/q", ask.q.as_deref())?;
    let filter = Filter {
        statuses: ask.statuses.clone(),
        channel: ask.channel,
        contact: ask.contact,
        conversation: ask.conversation,
        text: ask.q.clone(),
        names_only: crate::contact::finds_names_only(ctx),
    };
    let found = outbox::list(app.store.reader(), ctx.scope(), &filter, page).await?;
    Ok(Page { items: found.items.into_iter().map(|each| shown(ctx, each)).collect(), ..found })
}

/// How many messages are in each state.
pub async fn counts(app: &App, ctx: &Context) -> Result<MessageCounts> {
    ctx.require(Permission::MessagesRead)?;
    let known = outbox::count_by_status(app.store.reader(), ctx.scope()).await?;
    let count = |status| known.iter().find(|(known, _)| *known == status).map_or(0, |(_, count)| *count);
    let by_status = Status::ALL.map(|status| StatusCount { status, count: count(status) }).to_vec();
    Ok(MessageCounts { total: by_status.iter().map(|each| each.count).sum(), by_status })
}

/// One message.
pub async fn get(app: &App, ctx: &Context, id: MessageId) -> Result<OutboxMessage> {
    ctx.require(Permission::MessagesRead)?;
    Ok(shown(ctx, outbox::get(app.store.reader(), ctx.scope(), id).await?.message))
}

/// Calls a message off that has not left.
///
/// # Errors
/// [`AppError::Conflict`] when it is on its way already.
pub async fn cancel(app: &App, ctx: &Context, id: MessageId) -> Result<OutboxMessage> {
    ctx.require(Permission::MessagesWrite)?;
    let tx = app.store.begin(ctx).await?;
    let known = outbox::get_for_update(&tx, tx.scope(), id).await?.message;
    let change = Change::of(tx.scope(), id, tx.now()).from(&[Status::Queued]).status(Status::Cancelled);
    if !change.reason(None, None).apply(&tx).await? {
        return Err(AppError::Conflict(format!("{}, so it cannot be called off", stands(known.status))));
    }
    job::complete_unique(&tx, tx.scope(), JOB, &key(id)).await?;
    finish(app, ctx, tx, &known, (Status::Cancelled, "message.cancel")).await
}

/// Sends a message again that did not arrive, as it is or with other words.
///
/// # Errors
/// [`AppError::Conflict`] when it is waiting, on its way or has arrived.
pub async fn retry(app: &App, ctx: &Context, id: MessageId, how: Retry) -> Result<OutboxMessage> {
    ctx.require(Permission::MessagesWrite)?;
    let tx = app.store.begin(ctx).await?;
    let known = outbox::get_for_update(&tx, tx.scope(), id).await?.message;
    let mut content = known.content.clone();
    if let Some(words) = how.text {
        content.text = check_words(known.channel, &words)?;
        // Other words are no longer the vendor's template.
        content.template = None;
    }
    let mut change = Change::of(tx.scope(), id, tx.now())
        .from(&[Status::Failed, Status::Undelivered, Status::Cancelled])
        .status(Status::Queued)
        .reason(None, None)
        .untried()
        .send_at(tx.now());
    if let Some(to) = how.to {
        change = change.recipient(&check_address(known.channel, &to)?);
    }
    let parts = segments(known.channel, &content);
    if !change.content(&content, parts)?.apply(&tx).await? {
        return Err(AppError::Conflict(format!("{}, so it is not sent again", stands(known.status))));
    }
    dispatch_at(&tx, id, tx.now());
    finish(app, ctx, tx, &known, (Status::Queued, "message.retry")).await
}

/// Settles a message of which nobody could tell whether it arrived.
///
/// # Errors
/// [`AppError::Conflict`] when it is not in doubt.
pub async fn decide(app: &App, ctx: &Context, id: MessageId, decision: Decision) -> Result<OutboxMessage> {
    ctx.require(Permission::MessagesWrite)?;
    let tx = app.store.begin(ctx).await?;
    let stored = outbox::get_for_update(&tx, tx.scope(), id).await?;
    let known = &stored.message;
    let status = if decision.arrived { Status::Sent } else { Status::Queued };
    let mut change = Change::of(tx.scope(), id, tx.now()).from(&[Status::InDoubt]).status(status);
    change = change.reason(None, None);
    change = if decision.arrived {
        change.reached(Status::Sent, tx.now())
    } else {
        change.untried().send_at(tx.now())
    };
    if !change.apply(&tx).await? {
        return Err(AppError::Conflict(format!("{}; there is nothing to decide", stands(known.status))));
    }
    if decision.arrived {
        about::moved(&tx, &stored, (status, None), false).await?;
    } else {
        dispatch_at(&tx, id, tx.now());
    }
    finish(app, ctx, tx, known, (status, "message.decide")).await
}

/// Has a waiting message leave at another time.
///
/// # Errors
/// [`AppError::Conflict`] when it has left.
pub async fn reschedule(app: &App, ctx: &Context, id: MessageId, to: Reschedule) -> Result<OutboxMessage> {
    ctx.require(Permission::MessagesWrite)?;
    check_time(app, to.send_at)?;
    let tx = app.store.begin(ctx).await?;
    let known = outbox::get_for_update(&tx, tx.scope(), id).await?.message;
    let change = Change::of(tx.scope(), id, tx.now()).from(&[Status::Queued]).send_at(to.send_at);
    if !change.apply(&tx).await? {
        return Err(AppError::Conflict(format!("{}, so its time cannot change", stands(known.status))));
    }
    job::complete_unique(&tx, tx.scope(), JOB, &key(id)).await?;
    dispatch_at(&tx, id, to.send_at);
    finish(app, ctx, tx, &known, (Status::Queued, "message.reschedule")).await
}

/// At most a year ahead: further away nobody remembers why.
pub(super) fn check_time(app: &App, at: Timestamp) -> Result<()> {
    const FAR: std::time::Duration = std::time::Duration::from_hours(366 * 24);
    if at > app.clock.now().plus(FAR) {
        return Err(AppError::invalid("/send_at", "is more than a year away"));
    }
    Ok(())
}

pub(super) fn check_words(channel: Channel, words: &str) -> Result<String> {
    let most = longest(channel);
    let words = text::lines(words, most).map_err(|error| AppError::invalid("/text", error.to_string()))?;
    if words.trim().is_empty() {
        return Err(AppError::invalid("/text", "must not be empty"));
    }
    Ok(words)
}

/// An address in the channel's own form.
pub(super) fn check_address(channel: Channel, address: &str) -> Result<String> {
    match channel {
        // Who hides their number on WhatsApp is reached by the vendor's id of them.
        Channel::Whatsapp if is_user_id(address.trim()) => Ok(address.trim().to_owned()),
        Channel::Sms | Channel::Whatsapp => phone::to_e164(address, "ZZ")
            .ok_or_else(|| AppError::invalid("/to", "is not a phone number with + and its country code")),
        Channel::Email => text::email(address).map_err(|error| AppError::invalid("/to", error.to_string())),
        Channel::Telegram if address.trim_start_matches('-').bytes().all(|b| b.is_ascii_digit()) => {
            Ok(address.to_owned())
        }
        _ => Err(AppError::invalid("/to", "is no address on this channel")),
    }
}

/// Where a message stands, as the beginning of a sentence.
const fn stands(status: Status) -> &'static str {
    match status {
        Status::Queued => "this message is still waiting to leave",
        Status::Sending => "this message is being sent this moment",
        Status::Sent => "this message has left",
        Status::Delivered => "this message has arrived",
        Status::Read => "this message was read",
        Status::Failed => "this message did not leave",
        Status::Undelivered => "this message could not be delivered",
        Status::Cancelled => "this message was called off",
        Status::InDoubt => "nobody knows yet whether this message arrived; say so first",
    }
}

async fn finish(
    app: &App,
    ctx: &Context,
    tx: Tx,
    known: &OutboxMessage,
    (status, action): (Status, &'static str),
) -> Result<OutboxMessage> {
    announce(&tx, known, status);
    tx.audit(action, Some(known.id.to_string()), json!({ "channel": known.channel.as_str() }));
    tx.commit().await?;
    Ok(shown(ctx, outbox::get(app.store.reader(), ctx.scope(), known.id).await?.message))
}
