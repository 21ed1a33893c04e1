//! Showing customers that their messages were read, where the channel can: when a person opens the conversation or
//! answers, or the agent answers. A workspace can switch it off.

use std::time::Duration;

use frontdesk_channel::ChannelError;
use frontdesk_channel::whatsapp;
use frontdesk_domain::context::Scope;
use frontdesk_domain::conversation::{Channel, Conversation};
use frontdesk_domain::id::ConversationId;
use frontdesk_queue::{ClaimedJob, Failure};
use frontdesk_store::{JobRequest, Tx, connection, inbound_message, message_settings};
use serde_json::json;

use crate::channel_template::client_of;
use crate::jobs::failure;
use crate::{App, AppError, Result};

/// The job's constant name.
pub const JOB: &str = "message.mark_read";
/// The vendor marks nothing older.
const OLDEST: Duration = Duration::from_hours(30 * 24);

/// Has what the customer wrote marked as read soon.
pub(crate) fn plan(tx: &Tx, conversation: &Conversation) {
    if conversation.channel != Channel::Whatsapp {
        return;
    }
    let job = JobRequest::new(JOB, json!({ "conversation": conversation.id })).attempts(3);
    tx.enqueue(job.unique(conversation.id.uuid().simple().to_string()));
}

/// Marks the customer's newest message as read, and with it those before it.
pub async fn run(app: &App, job: &ClaimedJob) -> Result<(), Failure> {
    let id = job.payload.get("conversation").and_then(|id| id.as_str()).unwrap_or_default();
    let id: ConversationId = id.parse().map_err(|error| Failure::Permanent(format!("{error}")))?;
    mark(app, Scope::system(job.workspace), id).await.map_err(|error| failure(&error))
}

async fn mark(app: &App, scope: Scope, id: ConversationId) -> Result<()> {
    let db = app.store.reader();
    if !message_settings::get(db, scope).await?.read_receipts {
        return Ok(());
    }
    let Some(newest) = inbound_message::newest_of(db, scope, id).await? else { return Ok(()) };
    if app.clock.now().since(newest.heard_at) > OLDEST {
        return Ok(());
    }
    let sealed = connection::find(db, scope, newest.connection_id).await?;
    let Some(sealed) = sealed.filter(|it| it.connection.vendor == whatsapp::VENDOR && it.connection.enabled)
    else {
        return Ok(());
    };
    let usable = crate::connection::open(app, scope, sealed)?;
    let client = client_of(app, &usable).map_err(AppError::Conflict)?;
    match client.mark_read(&newest.vendor_id, false).await {
        Ok(()) => Ok(()),
        // Nothing hangs on it, and asking again would change nothing.
        Err(ChannelError::Refused { reason, .. }) => {
            tracing::info!(reason, "a message was not marked as read");
            Ok(())
        }
        Err(error) => Err(AppError::Unavailable(error.to_string())),
    }
}
