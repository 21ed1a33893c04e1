//! Mail that came back, and other news of letters that left: heard from the vendor's calls, or said by a mail server
//! while it refuses the recipient.
//!
//! A call is believed when it is signed with its connection's secret. It may come late, twice, out of order or about a
//! letter that is none of ours; what is known already changes nothing.

use frontdesk_channel::Report;
use frontdesk_channel::mail::hook::{self, HookSignature, MailFate, MailReport};
use frontdesk_domain::booking::BookingChangeKind;
use frontdesk_domain::compliance::SendFacts;
use frontdesk_domain::contact::Contact;
use frontdesk_domain::context::Scope;
use frontdesk_domain::event::Event;
use frontdesk_domain::id::{BookingId, ConnectionId};
use frontdesk_domain::outbox::Status;
use frontdesk_domain::time::Timestamp;
use frontdesk_http::header::HeaderMap;
use frontdesk_store::booking_notice::{self, Notice, NoticeState};
use frontdesk_store::{StoreError, Tx, booking, connection, mail_bounce};

use super::note;
use crate::secret::Column;
use crate::{App, AppError, Result, message};

/// What the team reads on a booking whose customer mail does not reach.
pub(crate) const FLAG: &str = "Mail to the customer came back, so they may not know what was arranged. Call them, or correct \
    their e-mail address here.";
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
    let Some(secret) = sealed.hook_secret else { return Err(unknown()) };
    let secret = app.vault.unseal(workspace, Column::HookSecret, &secret)?;
    let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let signed = HookSignature {
        id: header("svix-id"),
        timestamp: header("svix-timestamp"),
        signatures: header("svix-signature"),
    };
    hook::verify(&secret, signed, body, app.clock.now()).map_err(|_| unknown())?;
    let report = hook::read(body).map_err(|error| AppError::invalid("", error.to_string()))?;
    let Some(report) = report else { return Ok(()) };
    let tx = app.store.begin(&app.system(workspace, "mail-hook")).await?;
    take(&tx, id, &report).await?;
    Ok(tx.commit().await?)
}

/// Does what a report asks for. One about a letter that is not ours asks for nothing: the account may send others.
async fn take(tx: &Tx, connection: ConnectionId, report: &MailReport) -> Result<()> {
    let scope = tx.scope();
    let Some(notice) = notice_of(tx, scope, report).await? else {
        return tell_outbox(tx, connection, report).await;
    };
    // A letter goes to one.
    let Some(address) = report.to.first() else { return Ok(()) };
    match &report.fate {
        MailFate::Bounced { permanent, reason } => {
            let how = if *permanent { "it came back" } else { "it came back for now" };
            let reason = if reason.is_empty() { how.to_owned() } else { format!("{how}: {reason}") };
            let bounce = Bounce { address, reason, permanent: *permanent, at: report.at };
            bounce.record(tx, &notice).await?;
        }
        MailFate::Complained => {
            if mail_bounce::find(tx, scope, address).await?.complained_at.is_none() {
                mail_bounce::complained(tx, scope, address, report.at).await?;
                if let Some(id) = notice.booking_id {
                    let text = "The customer reported our mail as unwanted. From now on they get nothing but mail about \
                        their bookings.";
                    note(tx, id, BookingChangeKind::Flagged { text: text.to_owned() }).await?;
                }
            }
        }
        MailFate::Delivered => {
            mail_bounce::arrives(tx, scope, address, report.at).await?;
            tell_on(tx, &notice, None).await?;
        }
        MailFate::Delayed => {
            let why = "the receiving server asks to wait; the vendor goes on trying";
            tell_on(tx, &notice, Some(why.to_owned())).await?;
        }
    }
    Ok(())
}

/// The same of a letter that left through the outbox.
async fn tell_outbox(tx: &Tx, connection: ConnectionId, report: &MailReport) -> Result<()> {
    let (status, reason, dead_address) = match &report.fate {
        MailFate::Delivered => (Status::Delivered, None, false),
        MailFate::Bounced { permanent, reason } => (Status::Undelivered, Some(reason.clone()), *permanent),
        MailFate::Complained => {
            for address in report.to.iter().take(1) {
                mail_bounce::complained(tx, tx.scope(), address, report.at).await?;
            }
            return Ok(());
        }
        MailFate::Delayed => return Ok(()),
    };
    let told = Report {
        vendor_id: report.vendor_id.clone(),
        message: report.message,
        status,
        code: None,
        reason,
        dead_address,
        at: Some(report.at),
    };
    message::report::hear(tx, connection, &told).await
}

/// By the id that went along: the vendor's own is known only after its answer, which a call may overtake.
async fn notice_of(tx: &Tx, scope: Scope, report: &MailReport) -> Result<Option<Notice>> {
    if let Some(message) = report.message
        && let Some(notice) = booking_notice::find_by_id(tx, scope, message).await?
    {
        return Ok(Some(notice));
    }
    Ok(booking_notice::find_by_vendor(tx, scope, &report.vendor_id).await?)
}

/// Writes down how a letter that was sent fares.
async fn tell_on(tx: &Tx, notice: &Notice, why: Option<String>) -> Result<()> {
    if notice.state == NoticeState::Sent && notice.error != why {
        let outcome = (why, notice.vendor_id.clone());
        booking_notice::settle(tx, tx.scope(), notice.id, NoticeState::Sent, outcome, tx.now()).await?;
    }
    Ok(())
}

/// Mail that came back.
#[derive(Debug)]
pub(super) struct Bounce<'a> {
    /// From where.
    pub address: &'a str,
    /// Why, in plain words.
    pub reason: String,
    /// Whether all mail to the address will.
    pub permanent: bool,
    /// When.
    pub at: Timestamp,
}

impl Bounce<'_> {
    /// Notes it with the notice, its booking and the address; once.
    pub(super) async fn record(self, tx: &Tx, notice: &Notice) -> Result<()> {
        // First the booking, then its notice: the order in which sending takes them.
        let booked = match notice.booking_id {
            Some(id) => Some((id, booking::get_for_update(tx, tx.scope(), id).await?)),
            None => None,
        };
        // Read anew, now that no other call is about it.
        let known = booking_notice::find_by_id(tx, tx.scope(), notice.id).await?;
        if known.is_none_or(|known| known.state == NoticeState::Bounced) {
            return Ok(());
        }
        // What a server says may repeat the address; the record does not keep it.
        let reason = self.reason.replace(self.address, "the customer's address");
        if let Some((id, stored)) = booked {
            let change =
                BookingChangeKind::NotNotified { template: notice.template.clone(), reason: reason.clone() };
            note(tx, id, change).await?;
            let is_theirs =
                stored.booking.email.as_deref().is_some_and(|it| it.eq_ignore_ascii_case(self.address));
            if is_theirs {
                flag(tx, id, stored).await?;
            }
        }
        let outcome = (Some(reason), notice.vendor_id.clone());
        booking_notice::settle(tx, tx.scope(), notice.id, NoticeState::Bounced, outcome, tx.now()).await?;
        if self.permanent {
            mail_bounce::bounced(tx, tx.scope(), self.address, self.at).await?;
        }
        Ok(())
    }
}

/// Shows the team a booking that is still to come; what flags it already stays.
async fn flag(tx: &Tx, id: BookingId, mut stored: frontdesk_store::booking::Stored) -> Result<()> {
    let booking = &mut stored.booking;
    if booking.flagged.is_some() || !booking.status.is_open() || booking.start <= tx.now() {
        return Ok(());
    }
    booking.flagged = Some(FLAG.to_owned());
    booking.updated_at = tx.now();
    booking::update(tx, tx.scope(), &stored).await?;
    tx.emit(Event::BookingUpdated { booking_id: id });
    Ok(())
}

/// What speaks against a letter that nobody is waiting for.
pub(super) async fn send_facts(
    tx: &Tx,
    contact: Option<&Contact>,
    address: &str,
) -> Result<SendFacts, StoreError> {
    let standing = mail_bounce::find(tx, tx.scope(), address).await?;
    Ok(SendFacts {
        opted_out: contact.is_some_and(|contact| contact.opted_out),
        customer_initiated: false,
        came_back: standing.bounced_at,
        complained: standing.complained_at.is_some(),
        ..SendFacts::default()
    })
}
