//! What mail systems report of our mails: that one did not arrive (RFC 3464), that its reader reported it (RFC 5965).
//!
//! Anybody can write such a mail. One is believed only about a message that it names by its Message-ID, which nobody knows
//! but who got it, and it says that an address is dead only of the address that message went to.

use frontdesk_channel::Report;
use frontdesk_channel::mail::hook::MailFate;
use frontdesk_channel::mail_in::{Automatic, IncomingMail, sent_ids};
use frontdesk_domain::id::MessageId;
use frontdesk_domain::outbox::Status;
use frontdesk_store::outbox::Stored;
use frontdesk_store::{Tx, outbox};

use crate::{Result, message};

/// Does what a report asks for. False when it is none, or about no mail of ours.
pub(crate) async fn hear(tx: &Tx, mail: &IncomingMail) -> Result<bool> {
    let (named, recipient, fate) = match &mail.automatic {
        Some(Automatic::Bounce(bounce)) => {
            let code = bounce.status.as_deref().filter(|code| !bounce.reason.contains(*code));
            let words: Vec<&str> =
                code.into_iter().chain([bounce.reason.as_str()]).filter(|it| !it.is_empty()).collect();
            let fate = MailFate::Bounced { permanent: bounce.permanent, reason: words.join(" ") };
            (&bounce.original_message_id, &bounce.recipient, fate)
        }
        Some(Automatic::Complaint(complaint)) => {
            (&complaint.original_message_id, &complaint.recipient, MailFate::Complained)
        }
        _ => return Ok(false),
    };
    let first = named.as_deref().and_then(message_of);
    for id in first.into_iter().chain(sent_ids(mail).into_iter().filter_map(|it| it.message)) {
        if let Some(known) = outbox::find(tx, tx.scope(), id).await? {
            message::about::hold(tx, known.about.as_deref()).await?;
            let known = outbox::get_for_update(tx, tx.scope(), known.message.id).await?;
            settle(tx, &known, recipient.as_deref(), &fate).await?;
            return Ok(true);
        }
    }
    Ok(false)
}

/// The message of ours that a Message-ID names.
fn message_of(mail_id: &str) -> Option<MessageId> {
    mail_id.split('@').next()?.to_ascii_lowercase().parse().ok()
}

/// Settles a message of the outbox.
async fn settle(tx: &Tx, known: &Stored, recipient: Option<&str>, fate: &MailFate) -> Result<()> {
    let to = &known.message.to;
    // Mail that was passed on may come back from where it was passed on to.
    let is_theirs = recipient.is_none_or(|address| address.eq_ignore_ascii_case(to));
    match fate {
        MailFate::Bounced { permanent, reason } => {
            let reason = reason.replace(to.as_str(), "the customer's address");
            let reason =
                if reason.is_empty() { "it came back".to_owned() } else { format!("it came back: {reason}") };
            if !permanent {
                let still = format!("not yet delivered; the mail server goes on trying ({reason})");
                return message::report::delayed(tx, known, &still).await;
            }
            let report = Report {
                reason: Some(reason),
                dead_address: is_theirs,
                ..Report::of(Some(known.message.id), Status::Undelivered)
            };
            message::report::settle(tx, known, &report).await
        }
        MailFate::Complained => message::report::complained(tx, known, tx.now()).await,
        MailFate::Delivered | MailFate::Delayed => Ok(()),
    }
}
