//! What vendors tell of messages that left. News comes late, twice and out of order, and may overtake the answer to the
//! request that sent the message.

use frontdesk_channel::Report;
use frontdesk_domain::id::ConnectionId;
use frontdesk_domain::outbox::Status;
use frontdesk_store::outbox::{Change, Stored};
use frontdesk_store::{Tx, mail_bounce, outbox};

use super::queue::announce;
use crate::{Result, compliance};

/// Codes that say that the customer told the vendor to stop: Twilio 21610 and 63014, WhatsApp 131050.
const STOPPED: [&str; 3] = ["21610", "63014", "131050"];

/// Takes in what a vendor tells of a message. About one that is none of ours it changes nothing: the account may send
/// others.
pub(crate) async fn hear(tx: &Tx, connection: ConnectionId, report: &Report) -> Result<()> {
    let scope = tx.scope();
    let Some(known) = find(tx, connection, report).await? else { return Ok(()) };
    let message = &known.message;
    let at = report.at.unwrap_or(tx.now());
    let mut change = Change::of(scope, message.id, tx.now());
    if message.vendor_id.is_none() {
        change = change.vendor_id(Some(&report.vendor_id));
    }
    // Even news that comes too late to move it says when something happened.
    let late = match report.status {
        Status::Sent => message.sent_at.is_none(),
        Status::Delivered => message.delivered_at.is_none(),
        _ => false,
    };
    let moves = report.status.may_follow(message.status);
    if !moves && !late && message.vendor_id.is_some() {
        return Ok(());
    }
    if moves || late {
        change = change.reached(report.status, at);
    }
    if moves {
        let failed = matches!(report.status, Status::Failed | Status::Undelivered);
        let (reason, code) = (report.reason.as_deref(), report.code.as_deref());
        change = change.status(report.status);
        change = if failed { change.reason(reason, code) } else { change.reason(None, None) };
    }
    change.apply(tx).await?;
    if moves {
        if report.code.as_deref().is_some_and(|code| STOPPED.contains(&code)) {
            let by = "the vendor reports that they opted out";
            compliance::opt_out_channel(tx, &message.to, message.channel, by).await?;
        }
        if report.dead_address {
            mail_bounce::bounced(tx, scope, &message.to, at).await?;
        } else if matches!(report.status, Status::Delivered | Status::Read) {
            mail_bounce::arrives(tx, scope, &message.to, at).await?;
        }
        announce(tx, message, report.status);
    }
    Ok(())
}

/// By our own id when it went along, otherwise by the vendor's; only what left through this connection.
async fn find(tx: &Tx, connection: ConnectionId, report: &Report) -> Result<Option<Stored>> {
    if let Some(id) = report.message
        && outbox::find(tx, tx.scope(), id).await?.is_some()
    {
        let known = outbox::get_for_update(tx, tx.scope(), id).await?;
        return Ok(Some(known).filter(|known| known.message.connection_id == Some(connection)));
    }
    Ok(outbox::find_by_vendor(tx, tx.scope(), connection, &report.vendor_id).await?)
}
