//! What a vendor's call tells beside messages and reports: what became of templates, who stopped marketing, and which
//! ids are one person.

use std::time::Duration;

use frontdesk_channel::whatsapp::{self, WhatsappSettings, hook};
use frontdesk_domain::connection::Connection;
use frontdesk_domain::event::Event;
use frontdesk_domain::id::WorkspaceId;
use frontdesk_store::channel_thread::{self, ChannelThread};
use frontdesk_store::suppression::{self, Suppression};
use serde_json::json;

use crate::{App, AppError, Result, carrier, channel_template};

/// The list of those who told WhatsApp to stop this business's marketing; other messages still go.
pub(crate) const STOPPED_MARKETING: &str = "whatsapp-marketing-stopped";

/// Takes in what a verified call of this connection's tells.
pub(super) async fn hear(
    app: &App,
    workspace: WorkspaceId,
    connection: &Connection,
    body: &[u8],
) -> Result<()> {
    if connection.vendor != whatsapp::VENDOR || body.is_empty() {
        return Ok(());
    }
    let settings: WhatsappSettings = carrier::settings(connection).map_err(AppError::Internal)?;
    let bad = |error: frontdesk_channel::HookError| AppError::invalid("", error.to_string());
    let updates = hook::read_template_updates(body, &settings.business_account_id).map_err(bad)?;
    channel_template::sync::hear(app, workspace, connection.id, updates).await?;
    let choices = hook::read_marketing_choices(body, &settings.phone_number_id).map_err(bad)?;
    marketing(app, workspace, choices).await?;
    people(app, workspace, connection, hook::read_people(body, &settings.phone_number_id).map_err(bad)?).await
}

async fn marketing(app: &App, workspace: WorkspaceId, choices: Vec<hook::MarketingChoice>) -> Result<()> {
    if choices.is_empty() {
        return Ok(());
    }
    let tx = app.store.begin(&app.system(workspace, "webhook")).await?;
    for choice in choices {
        if choice.stopped {
            stopped_marketing(&tx, &choice.from).await?;
        } else {
            suppression::delete(&tx, tx.scope(), &choice.from, STOPPED_MARKETING).await?;
            tx.audit("compliance.marketing_resumed", None, json!({ "by": "the customer, in WhatsApp" }));
        }
    }
    tx.emit(Event::ComplianceUpdated);
    tx.commit().await?;
    Ok(())
}

/// Notes that an address gets no more marketing.
pub(crate) async fn stopped_marketing(tx: &frontdesk_store::Tx, address: &str) -> Result<()> {
    let row = Suppression {
        address: address.to_owned(),
        list: STOPPED_MARKETING.to_owned(),
        reason: Some("the customer stopped marketing messages of this business in WhatsApp".to_owned()),
        created_at: tx.now(),
    };
    suppression::insert_all(tx, tx.scope(), &[row]).await?;
    tx.emit(Event::ComplianceUpdated);
    tx.audit("compliance.marketing_stopped", None, json!({ "by": "the customer, in WhatsApp" }));
    Ok(())
}

/// Who takes a username goes on under the vendor's id of them alone. While a call tells both, the id is tied to the
/// conversation of the number, so that it is one conversation still.
async fn people(
    app: &App,
    workspace: WorkspaceId,
    connection: &Connection,
    people: Vec<hook::Person>,
) -> Result<()> {
    let db = app.store.reader();
    let scope = frontdesk_domain::context::Scope::system(workspace);
    for person in people {
        let (Some(number), Some(user_id)) = (person.number, person.user_id) else { continue };
        if number == user_id || channel_thread::find(db, scope, connection.id, &user_id).await?.is_some() {
            continue;
        }
        let Some(known) = channel_thread::find(db, scope, connection.id, &number).await? else { continue };
        // Never the one last heard: answers go to the number while it is known.
        let Some(heard_at) = known.heard_at else { continue };
        let heard_at = Some(heard_at.minus(Duration::from_millis(1)));
        let tx = app.store.begin(&app.system(workspace, "webhook")).await?;
        let same = ChannelThread { peer: user_id, heard_at, asked_about: None, ..known };
        channel_thread::put(&tx, tx.scope(), &same).await?;
        tx.commit().await?;
    }
    Ok(())
}
