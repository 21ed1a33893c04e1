//! What vendors tell of messages that left. News comes late, twice and out of order, and may overtake the answer to the
//! request that sent the message.

use frontdesk_channel::{Report, Stopped};
use frontdesk_domain::id::ConnectionId;
use frontdesk_domain::outbox::Status;
use frontdesk_domain::time::Timestamp;
use frontdesk_store::outbox::{Change, Stored};
use frontdesk_store::{Tx, mail_bounce, outbox};

use super::about;
use super::queue::announce;
use crate::{Result, compliance};

/// Takes in what a vendor tells of a message. About one that is none of ours it changes nothing: the account may send
/// others.
pub(crate) async fn hear(tx: &Tx, connection: ConnectionId, report: &Report) -> Result<()> {
    match find(tx, connection, report).await? {
        Some(known) => settle(tx, &known, report).await,
        None => Ok(()),
    }
}

/// Does what news of a message, which is held until the unit of work ends, asks for.
pub(crate) async fn settle(tx: &Tx, known: &Stored, report: &Report) -> Result<()> {
    let scope = tx.scope();
    let message = &known.message;
    let at = report.at.unwrap_or(tx.now());
    let mut change = Change::of(scope, message.id, tx.now());
    if message.vendor_id.is_none() && !report.vendor_id.is_empty() {
        change = change.vendor_id(Some(&report.vendor_id));
    }
    // Even news that comes too late to move it says when something happened.
    let late = match report.status {
        Status::Sent => message.sent_at.is_none(),
        Status::Delivered => message.delivered_at.is_none(),
        _ => false,
    };
    // A try whose answer spoke for its not having been taken, and was wrong: the vendor has it.
    let was_tried = message.status == Status::Queued && message.attempts > 0;
    let before = if was_tried { Status::Sending } else { message.status };
    let moves = report.status.may_follow(before);
    // What a vendor says may repeat the address; the record does not keep it twice.
    let reason = report.reason.as_deref().map(|it| it.replace(&message.to, "the customer's address"));
    if !moves && !late && message.vendor_id.is_some() {
        return Ok(());
    }
    if moves || late {
        change = change.reached(report.status, at);
    }
    if moves {
        let failed = matches!(report.status, Status::Failed | Status::Undelivered);
        let (reason, code) = (reason.as_deref(), report.code.as_deref());
        change = change.status(report.status);
        change = if failed { change.reason(reason, code) } else { change.reason(None, None) };
    }
    change.apply(tx).await?;
    if moves {
        match report.stopped {
            Some(Stopped::Everything) => {
                let by = "the vendor reports that they opted out";
                compliance::opt_out_channel(tx, &message.to, message.channel, by).await?;
            }
            Some(Stopped::Marketing) => {
                crate::webhook::account::stopped_marketing(tx, &message.to).await?;
            }
            None => {}
        }
        if report.dead_address {
            mail_bounce::bounced(tx, scope, &message.to, at).await?;
        } else if matches!(report.status, Status::Delivered | Status::Read) {
            mail_bounce::arrives(tx, scope, &message.to, at).await?;
        }
        let came_back = report.status == Status::Undelivered;
        about::moved(tx, known, (report.status, reason.as_deref()), came_back).await?;
        announce(tx, message, report.status);
    }
    Ok(())
}

/// The customer reported a letter as unwanted.
pub(crate) async fn complained(tx: &Tx, known: &Stored, at: Timestamp) -> Result<()> {
    let to = &known.message.to;
    if mail_bounce::find(tx, tx.scope(), to).await?.complained_at.is_some() {
        return Ok(());
    }
    mail_bounce::complained(tx, tx.scope(), to, at).await?;
    about::complained(tx, known).await
}

/// A letter that left is not there yet, and is still being brought.
pub(crate) async fn delayed(tx: &Tx, known: &Stored, why: &str) -> Result<()> {
    let change = Change::of(tx.scope(), known.message.id, tx.now()).from(&[Status::Sent]);
    if change.reason(Some(why), None).apply(tx).await? {
        announce(tx, &known.message, Status::Sent);
    }
    Ok(())
}

/// By our own id when it went along, otherwise by the vendor's; only what left through this connection.
pub(super) async fn find(tx: &Tx, connection: ConnectionId, report: &Report) -> Result<Option<Stored>> {
    if let Some(id) = report.message
        && let Some(seen) = outbox::find(tx, tx.scope(), id).await?
    {
        about::hold(tx, seen.about.as_deref()).await?;
        let known = outbox::get_for_update(tx, tx.scope(), id).await?;
        return Ok(Some(known).filter(|known| known.message.connection_id == Some(connection)));
    }
    Ok(outbox::find_by_vendor(tx, tx.scope(), connection, &report.vendor_id).await?)
}
