//! A mail vendor's calls: news of letters that left, and mail that came in.
//!
//! A call is believed when it is signed with its connection's secret. It may come late, twice, out of order or about a
//! letter that is none of ours; what is known already changes nothing.

use frontdesk_channel::Report;
use frontdesk_channel::mail::hook::{self, HookSignature, MailFate, MailReport};
use frontdesk_channel::mail_in;
use frontdesk_domain::id::ConnectionId;
use frontdesk_domain::outbox::Status;
use frontdesk_http::header::HeaderMap;
use frontdesk_store::{Tx, connection, mail_bounce};

use super::report;
use crate::secret::Column;
use crate::{App, AppError, Result, mailbox};

/// The vendor that calls.
const RESEND: &str = "resend";

/// Hears a mail vendor's call.
///
/// # Errors
/// [`AppError::NotFound`] when nobody calls here: an unknown vendor or connection, one without a secret, a wrong or old
/// signature. [`AppError::Invalid`] when a signed call cannot be read.
pub async fn hear(app: &App, vendor: &str, id: &str, headers: &HeaderMap, body: &[u8]) -> Result<()> {
    let unknown = || AppError::NotFound("mail hook");
    if vendor != RESEND {
        return Err(unknown());
    }
    let id: ConnectionId = id.parse().map_err(|_| unknown())?;
    let found = connection::find_everywhere(app.store.reader(), id).await?;
    let Some((workspace, sealed)) = found.filter(|(_, sealed)| sealed.connection.vendor == vendor) else {
        return Err(unknown());
    };
    let Some(secret) = sealed.hook_secret.as_ref() else { return Err(unknown()) };
    let secret = app.vault.unseal(workspace, Column::HookSecret, secret)?;
    let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let signed = HookSignature {
        id: header("svix-id"),
        timestamp: header("svix-timestamp"),
        signatures: header("svix-signature"),
    };
    hook::verify(&secret, signed, body, app.clock.now()).map_err(|_| unknown())?;
    let unread = |error: hook::HookError| AppError::invalid("", error.to_string());
    if let Some(received) = mail_in::received(body).map_err(unread)? {
        return mailbox::announce(app, workspace, &sealed.connection, &received).await;
    }
    let report = hook::read(body).map_err(unread)?;
    let Some(report) = report else { return Ok(()) };
    let tx = app.store.begin(&app.system(workspace, "mail-hook")).await?;
    take(&tx, id, &report).await?;
    Ok(tx.commit().await?)
}

/// Does what a report asks for. One about a letter that is not ours asks for nothing: the account may send others.
async fn take(tx: &Tx, connection: ConnectionId, told: &MailReport) -> Result<()> {
    let news = Report {
        vendor_id: told.vendor_id.clone(),
        at: Some(told.at),
        ..Report::of(told.message, Status::Delivered)
    };
    match &told.fate {
        MailFate::Delivered => report::hear(tx, connection, &news).await,
        MailFate::Bounced { permanent, reason } => {
            let how = if *permanent { "it came back" } else { "it came back for now" };
            let reason = if reason.is_empty() { how.to_owned() } else { format!("{how}: {reason}") };
            let news = Report {
                status: Status::Undelivered,
                reason: Some(reason),
                dead_address: *permanent,
                ..news
            };
            report::hear(tx, connection, &news).await
        }
        MailFate::Complained => {
            if let Some(known) = report::find(tx, connection, &news).await? {
                return report::complained(tx, &known, told.at).await;
            }
            for address in told.to.iter().take(1) {
                mail_bounce::complained(tx, tx.scope(), address, told.at).await?;
            }
            Ok(())
        }
        MailFate::Delayed => match report::find(tx, connection, &news).await? {
            Some(known) => {
                report::delayed(tx, &known, "the receiving server asks to wait; the vendor goes on trying")
                    .await
            }
            None => Ok(()),
        },
    }
}
