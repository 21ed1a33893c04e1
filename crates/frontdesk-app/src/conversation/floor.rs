//! The floor: who speaks for the business, passed on atomically under a rising epoch.
//!
//! A reply written under an older epoch is not sent (see `turn.rs`), and a turn being written is cut as soon as the
//! change is known on its node.

use frontdesk_domain::access::Permission;
use frontdesk_domain::context::Context;
use frontdesk_domain::conversation::{Conversation, ConversationState, Floor};
use frontdesk_domain::event::Event;
use frontdesk_domain::id::{ConversationId, UserId};
use frontdesk_domain::text;
use frontdesk_store::conversation::{self, Change};
use frontdesk_store::{Tx, member, message, user};
use serde_json::json;

use super::line::note_happening;
use crate::{App, AppError, Result};

/// Gives the floor away and tells everyone; returns the new epoch.
pub(super) async fn pass(tx: &Tx, before: &Conversation, to: Floor) -> Result<u64> {
    Change::of(tx.scope(), before.id).floor(to).apply(tx).await?;
    let epoch = conversation::get(tx, tx.scope(), before.id).await?.epoch;
    tx.emit(Event::FloorChanged { conversation_id: before.id, floor: to, epoch });
    Ok(epoch)
}

async fn name_of(app: &App, user: UserId) -> Result<String> {
    let names = user::names_everywhere(app.store.reader(), &[user]).await?;
    Ok(names.into_iter().next().map_or_else(|| "A team member".to_owned(), |(_, name)| name))
}

fn acting_user(ctx: &Context) -> Result<UserId> {
    ctx.user().ok_or_else(|| {
        AppError::Refused("only a signed-in person can hold the floor, not an API key".to_owned())
    })
}

/// Takes the floor within a unit of work, if the person does not hold it already.
pub(super) async fn take(tx: &Tx, before: &Conversation, by: UserId, name: &str) -> Result<()> {
    let floor = Floor::Person { user_id: by };
    if before.floor == floor {
        return Ok(());
    }
    pass(tx, before, floor).await?;
    let mut change = Change::of(tx.scope(), before.id).waiting(None, None);
    if before.assignee.is_none() {
        change = change.assignee(Some(by));
    }
    if before.state != ConversationState::Open {
        change = change.state(ConversationState::Open, None);
        tx.emit(Event::ConversationStateChanged {
            conversation_id: before.id,
            state: ConversationState::Open,
        });
    }
    change.apply(tx).await?;
    note_happening(tx, before.id, format!("{name} joined the conversation")).await
}

/// A team member takes over: from now on only they speak.
pub async fn take_over(app: &App, ctx: &Context, id: ConversationId) -> Result<Conversation> {
    ctx.require(Permission::ConversationsWrite)?;
    let by = acting_user(ctx)?;
    let name = name_of(app, by).await?;
    let tx = app.store.begin(ctx).await?;
    let before = conversation::get(&tx, tx.scope(), id).await?;
    take(&tx, &before, by, &name).await?;
    tx.audit("conversation.take_over", Some(id.to_string()), json!({ "from": before.floor.holder() }));
    tx.commit().await?;
    Ok(conversation::get(app.store.reader(), ctx.scope(), id).await?)
}

/// A team member gives the floor back to the agent. The wait for a person and old handoff talk end with it.
pub async fn hand_back(app: &App, ctx: &Context, id: ConversationId) -> Result<Conversation> {
    ctx.require(Permission::ConversationsWrite)?;
    let tx = app.store.begin(ctx).await?;
    let before = conversation::get_thread(&tx, tx.scope(), id).await?;
    if before.conversation.agent_id.is_none() {
        return Err(AppError::Conflict("no agent answers this conversation; choose one first".to_owned()));
    }
    if before.conversation.floor != Floor::Ai {
        pass(&tx, &before.conversation, Floor::Ai).await?;
        // What was said up to here is the past: the agent answers from the next message on, with a clean agenda.
        Change::of(tx.scope(), id).waiting(None, None).thread("{}", &before.receipts).apply(&tx).await?;
        Change::of(tx.scope(), id).answered(before.customer_seq).apply(&tx).await?;
        note_happening(&tx, id, "The assistant is back".to_owned()).await?;
        tx.audit("conversation.hand_back", Some(id.to_string()), json!({}));
    }
    tx.commit().await?;
    Ok(conversation::get(app.store.reader(), ctx.scope(), id).await?)
}

/// Asks for a person. While the team is in, the agent falls silent until one comes; while it is away, the agent goes on
/// and the conversation waits in the inbox. `about_to_hold` hears the new epoch before anyone else can, so that the turn
/// that asks may still say goodbye.
pub async fn request_person(
    app: &App,
    ctx: &Context,
    id: ConversationId,
    reason: &str,
    team_is_in: bool,
    about_to_hold: impl Fn(u64),
) -> Result<()> {
    let tx = app.store.begin(ctx).await?;
    let before = conversation::get(&tx, tx.scope(), id).await?;
    if matches!(before.floor, Floor::Person { .. }) {
        return Ok(());
    }
    let reason: String = reason.chars().take(300).collect();
    if team_is_in && before.floor == Floor::Ai {
        about_to_hold(pass(&tx, &before, Floor::Nobody).await?);
    }
    if before.waiting_since.is_none() {
        Change::of(tx.scope(), id).waiting(Some(tx.now()), Some(&reason)).apply(&tx).await?;
        tx.emit(Event::HandoffRequested { conversation_id: id, reason: reason.clone() });
        tx.audit("conversation.handoff", Some(id.to_string()), json!({ "reason": reason }));
    }
    tx.commit().await?;
    Ok(())
}

/// Records what a conversation is about, for the person who takes over.
pub(super) async fn summarize(app: &App, ctx: &Context, id: ConversationId, summary: &str) -> Result<()> {
    let tx = app.store.begin(ctx).await?;
    let summary: String = summary.chars().take(2_000).collect();
    Change::of(tx.scope(), id).summary(&summary).apply(&tx).await?;
    tx.emit(Event::ConversationUpdated { conversation_id: id });
    tx.commit().await?;
    Ok(())
}

/// Marks a conversation done. A new message of the customer opens it again, and the agent answers it.
pub async fn resolve(app: &App, ctx: &Context, id: ConversationId) -> Result<Conversation> {
    ctx.require(Permission::ConversationsWrite)?;
    close(app, ctx, id, ConversationState::Resolved, "conversation.resolve").await
}

/// The customer or idleness ends a conversation.
pub async fn end(app: &App, ctx: &Context, id: ConversationId) -> Result<Conversation> {
    close(app, ctx, id, ConversationState::Ended, "conversation.end").await
}

async fn close(
    app: &App,
    ctx: &Context,
    id: ConversationId,
    state: ConversationState,
    action: &'static str,
) -> Result<Conversation> {
    let tx = app.store.begin(ctx).await?;
    let thread = conversation::get_thread(&tx, tx.scope(), id).await?;
    let before = &thread.conversation;
    if before.state == ConversationState::Open {
        if before.floor != Floor::Ai {
            pass(&tx, before, Floor::Ai).await?;
        }
        let lines = message::list_newest(&tx, tx.scope(), id, None, true, 100).await?;
        let mut change = Change::of(tx.scope(), id).state(state, Some(tx.now())).waiting(None, None).read();
        if let Some(summary) = super::turn::summarize(&thread, &lines) {
            change = change.summary(&summary);
        }
        change.apply(&tx).await?;
        tx.emit(Event::ConversationStateChanged { conversation_id: id, state });
        tx.audit(action, Some(id.to_string()), json!({}));
    }
    tx.commit().await?;
    Ok(conversation::get(app.store.reader(), ctx.scope(), id).await?)
}

/// Opens a closed conversation again.
pub async fn reopen(app: &App, ctx: &Context, id: ConversationId) -> Result<Conversation> {
    ctx.require(Permission::ConversationsWrite)?;
    let tx = app.store.begin(ctx).await?;
    let before = conversation::get(&tx, tx.scope(), id).await?;
    if before.state != ConversationState::Open {
        Change::of(tx.scope(), id).state(ConversationState::Open, None).apply(&tx).await?;
        tx.emit(Event::ConversationStateChanged { conversation_id: id, state: ConversationState::Open });
        tx.audit("conversation.reopen", Some(id.to_string()), json!({}));
    }
    tx.commit().await?;
    Ok(conversation::get(app.store.reader(), ctx.scope(), id).await?)
}

/// Assigns a conversation to a member of the team, or to nobody.
pub async fn assign(
    app: &App,
    ctx: &Context,
    id: ConversationId,
    to: Option<UserId>,
) -> Result<Conversation> {
    ctx.require(Permission::ConversationsWrite)?;
    let tx = app.store.begin(ctx).await?;
    conversation::get(&tx, tx.scope(), id).await?;
    if let Some(user) = to
        && member::role_of(&tx, tx.scope(), user).await?.is_none()
    {
        return Err(AppError::invalid("/user_id", "is not a member of this workspace"));
    }
    Change::of(tx.scope(), id).assignee(to).apply(&tx).await?;
    tx.emit(Event::ConversationUpdated { conversation_id: id });
    tx.audit("conversation.assign", Some(id.to_string()), json!({ "to": to }));
    tx.commit().await?;
    Ok(conversation::get(app.store.reader(), ctx.scope(), id).await?)
}

/// A team member has seen everything so far.
pub async fn mark_read(app: &App, ctx: &Context, id: ConversationId) -> Result<()> {
    ctx.require(Permission::ConversationsRead)?;
    let before = conversation::get(app.store.reader(), ctx.scope(), id).await?;
    if before.unread == 0 {
        return Ok(());
    }
    let tx = app.store.begin(ctx).await?;
    Change::of(tx.scope(), id).read().apply(&tx).await?;
    crate::message::receipt::plan(&tx, &before);
    tx.emit(Event::ConversationUpdated { conversation_id: id });
    tx.commit().await?;
    Ok(())
}

/// The customer rates the conversation.
pub async fn rate(app: &App, ctx: &Context, id: ConversationId, score: u8, comment: &str) -> Result<()> {
    let mut errors = crate::validate::Validator::new();
    errors.ensure("/score", (1..=5).contains(&score), "must be 1 to 5");
    let comment = errors.take("/comment", text::lines(comment, 1_000));
    errors.finish()?;
    let tx = app.store.begin(ctx).await?;
    let comment = Some(comment.as_str()).filter(|comment| !comment.is_empty());
    if !Change::of(tx.scope(), id).rating(score, comment).apply(&tx).await? {
        return Err(AppError::NotFound("conversation"));
    }
    tx.emit(Event::ConversationUpdated { conversation_id: id });
    tx.audit("conversation.rate", Some(id.to_string()), json!({ "score": score }));
    tx.commit().await?;
    Ok(())
}
