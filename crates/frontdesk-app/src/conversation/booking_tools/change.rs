//! The customer's bookings: found, moved, called off. Only those made in this conversation, or shown to be theirs.

use frontdesk_agent::booking::{BookingDone, BookingView, CancelBooking, MoveBooking, MyBookings, Refusal};
use frontdesk_agent::session::{Receipt, ReceiptKind};
use frontdesk_domain::availability::SlotKey;
use frontdesk_domain::booking::{BookingStatus, CancelledBy};
use frontdesk_domain::context::Scope;
use frontdesk_domain::id::{BookingId, ConversationId};
use frontdesk_domain::time::Timestamp;
use frontdesk_store::booking as bookings;
use frontdesk_store::booking::Stored;
use frontdesk_store::identity::{self, Proof};

use super::{Answer, BookingTools, NO_SLOT, REHEARSAL, receipt, refusal};
use crate::booking::{self, Cancel, Move};
use crate::{App, Result};

/// Most bookings that are listed.
const MOST: usize = 20;

/// What the customer may see and change.
pub(super) struct Mine {
    /// They showed that an e-mail address is theirs.
    pub(super) verified: bool,
    /// By start, whatever their status.
    pub(super) bookings: Vec<Stored>,
}

/// The bookings a conversation has shown to be its customer's.
pub(super) async fn mine(
    app: &App,
    scope: Scope,
    conversation: ConversationId,
    now: Timestamp,
) -> Result<Mine> {
    let db = app.store.reader();
    let (mut ids, mut emails) = (Vec::new(), Vec::new());
    for proof in identity::proofs(db, scope, conversation, now).await? {
        match proof {
            Proof::Made(id) | Proof::Link(id) => ids.push(id),
            Proof::Email(email) => emails.push(email),
        }
    }
    let mut found = bookings::list_by_id(db, scope, &ids).await?;
    for email in &emails {
        found.extend(bookings::coming_of_email(db, scope, email, now, MOST as u64).await?);
    }
    found.sort_by_key(|stored| (stored.booking.start, stored.booking.id));
    found.dedup_by_key(|stored| stored.booking.id);
    Ok(Mine { verified: !emails.is_empty(), bookings: found })
}

/// Appointments to come that the conversation has shown to be its customer's, the next first.
pub(in crate::conversation) async fn coming(
    app: &App,
    scope: Scope,
    conversation: ConversationId,
    now: Timestamp,
) -> Result<Vec<BookingId>> {
    let all = mine(app, scope, conversation, now).await?.bookings;
    let coming = all.into_iter().map(|stored| stored.booking);
    Ok(coming.filter(|it| it.status.is_open() && it.end > now).map(|it| it.id).collect())
}

impl BookingTools {
    pub(super) async fn find(&self) -> Answer<MyBookings> {
        let mine = self.all_mine().await.map_err(|error| self.store_failed(&error))?;
        let now = self.ctx.now();
        let mut coming = mine.bookings;
        coming.retain(|stored| stored.booking.status.is_open() && stored.booking.end > now);
        coming.truncate(MOST);
        Ok(MyBookings { verified: mine.verified, bookings: self.views(&coming).await? })
    }

    async fn all_mine(&self) -> Result<Mine> {
        mine(&self.app, self.ctx.scope(), self.conversation, self.ctx.now()).await
    }

    /// The customer's booking of this reference. Whether another has it is not told.
    pub(super) async fn mine(&self, reference: &str) -> Answer<Stored> {
        let mine = self.all_mine().await.map_err(|error| self.store_failed(&error))?;
        let wanted: String =
            reference.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_uppercase();
        let mut same: Vec<Stored> =
            mine.bookings.into_iter().filter(|stored| stored.booking.reference == wanted).collect();
        match same.pop() {
            Some(stored) => Ok(stored),
            None if mine.verified => Err(refusal(
                Refusal::Unknown,
                "there is no such booking of this customer; `find_my_bookings` lists those there are",
            )),
            None => Err(refusal(
                Refusal::Unverified,
                "first the customer has to show that the booking is theirs: ask for the e-mail address it was made \
                 with, call `send_code`, and `enter_code` with the code they read from the mail",
            )),
        }
    }

    /// The same, if they may still change it.
    async fn changeable(&self, reference: &str) -> Answer<(Stored, BookingView)> {
        let stored = self.mine(reference).await?;
        let view = self.view_of(&stored).await?;
        if view.may_change {
            return Ok((stored, view));
        }
        let why = match stored.booking.status {
            BookingStatus::Cancelled => "the booking was cancelled before",
            status if status.is_open() => {
                "it is too late for the customer to change this booking here; offer a person"
            }
            _ => "the booking is over and cannot be changed any more",
        };
        Err(refusal(Refusal::TooLate, why))
    }

    pub(super) async fn reschedule(&self, wanted: MoveBooking) -> Answer<(BookingDone, Receipt)> {
        if self.sandbox && wanted.booking == REHEARSAL {
            let (key, listed) = self.slot_key(&wanted.slot)?;
            let free = self.free(key, listed, 1).await?;
            let offered = self.offer(&free, &self.staff().await?);
            let booking = BookingView {
                reference: REHEARSAL.to_owned(),
                type_id: listed.id.clone(),
                type_name: listed.name.clone(),
                start: offered.start,
                words: offered.words,
                minutes: offered.minutes,
                staff: offered.staff.into_iter().take(1).collect(),
                status: BookingStatus::Confirmed.as_str().to_owned(),
                tentative: false,
                may_change: true,
            };
            let done = "rehearsal: the appointment would be moved".to_owned();
            return Ok((BookingDone { done, booking }, receipt(ReceiptKind::Rescheduled, "sandbox")));
        }
        let (stored, _) = self.changeable(&wanted.booking).await?;
        let key = SlotKey::from_text(wanted.slot.trim())
            .filter(|key| key.type_id == stored.booking.type_id)
            .ok_or_else(|| refusal(Refusal::Unknown, NO_SLOT))?;
        let same_staff = key.staff_id.is_none_or(|staff| stored.booking.staff == [staff]);
        let id = stored.booking.id;
        if stored.booking.start == key.start && same_staff {
            return self.done("the appointment is at that time", &stored, ReceiptKind::Rescheduled).await;
        }
        let to = Move { slot: Some(key.to_text()), ..Move::default() };
        match booking::reschedule(&self.app, &self.ctx, id, &to).await {
            Ok(booking) => {
                let moved = Stored { booking, ..stored };
                self.done("the appointment was moved", &moved, ReceiptKind::Rescheduled).await
            }
            Err(error) => Err(self.refused(error).await),
        }
    }

    pub(super) async fn cancel(&self, wanted: CancelBooking) -> Answer<(BookingDone, Receipt)> {
        if self.sandbox && wanted.booking == REHEARSAL {
            let booking = BookingView {
                reference: REHEARSAL.to_owned(),
                status: BookingStatus::Cancelled.as_str().to_owned(),
                ..BookingView::default()
            };
            let done = "rehearsal: the appointment would be cancelled".to_owned();
            return Ok((BookingDone { done, booking }, receipt(ReceiptKind::Cancelled, "sandbox")));
        }
        let stored = self.mine(&wanted.booking).await?;
        if stored.booking.status == BookingStatus::Cancelled {
            return self.done("the appointment was cancelled before", &stored, ReceiptKind::Cancelled).await;
        }
        let (stored, _) = self.changeable(&wanted.booking).await?;
        let why = Cancel { reason: wanted.reason.unwrap_or_default(), ..Cancel::default() };
        let id = stored.booking.id;
        match booking::cancel(&self.app, &self.ctx, id, &why, CancelledBy::Customer).await {
            Ok(booking) => {
                let cancelled = Stored { booking, ..stored };
                self.done("the appointment was cancelled", &cancelled, ReceiptKind::Cancelled).await
            }
            Err(error) => Err(self.refused(error).await),
        }
    }
}
