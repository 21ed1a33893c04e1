//! How a workspace wants its messages handled.

use frontdesk_domain::access::Permission;
use frontdesk_domain::context::Context;
use frontdesk_domain::event::Event;
use frontdesk_domain::message_settings::{LINK_DAYS, MessageSettings};
use frontdesk_store::message_settings;
use serde_json::json;

use crate::{App, AppError, Result};

/// The workspace's.
pub async fn get(app: &App, ctx: &Context) -> Result<MessageSettings> {
    ctx.require(Permission::MessagesRead)?;
    Ok(message_settings::get(app.store.reader(), ctx.scope()).await?)
}

/// Replaces them.
pub async fn put(app: &App, ctx: &Context, settings: MessageSettings) -> Result<MessageSettings> {
    ctx.require(Permission::WorkspaceWrite)?;
    let (least, most) = LINK_DAYS;
    if !(least..=most).contains(&settings.short_link_days) {
        return Err(AppError::invalid("/short_link_days", format!("must be {least} to {most}")));
    }
    let tx = app.store.begin(ctx).await?;
    message_settings::put(&tx, tx.scope(), &settings).await?;
    tx.emit(Event::WorkspaceUpdated);
    tx.audit("message_settings.update", None, json!(settings));
    tx.commit().await?;
    Ok(settings)
}
