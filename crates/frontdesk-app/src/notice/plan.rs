//! From events to notices: what is to be said because something happened to a booking, and when.

use std::time::Duration;

use frontdesk_domain::booking::{BookingChangeKind, BookingSource, BookingStatus};
use frontdesk_domain::event::{Event, LoggedEvent};
use frontdesk_domain::id::BookingId;
use frontdesk_domain::template::TemplateKind;
use frontdesk_domain::time::Timestamp;
use frontdesk_store::booking::Stored;
use frontdesk_store::{StoreError, Tx, booking, booking_settings, booking_type, job};

use super::staff::StaffNotice;
use super::{BookingNotice, JOB};
use crate::Result;

/// The subscriber's constant name.
pub const SUBSCRIBER_NAME: &str = "booking_mail";

/// News older than this is no news: a history that is written down, or a server that stood still for a day.
const STALE: Duration = Duration::from_hours(24);

/// Plans what is to be said because of one event.
pub async fn plan(tx: &Tx, logged: &LoggedEvent) -> Result<()> {
    let (id, from) = match &logged.event {
        Event::BookingCreated { booking_id }
        | Event::BookingConfirmed { booking_id }
        | Event::BookingCancelled { booking_id }
        | Event::BookingNoShow { booking_id } => (*booking_id, None),
        Event::BookingRescheduled { booking_id, from } => (*booking_id, Some(*from)),
        _ => return Ok(()),
    };
    let stored = match booking::get(tx, tx.scope(), id).await {
        Ok(stored) => stored,
        Err(StoreError::NotFound(_)) => return Ok(()),
        Err(error) => return Err(error.into()),
    };
    let (status, source) = (stored.booking.status, stored.booking.source);
    let is_stale = logged.at.plus(STALE) < tx.now();
    let is_over = stored.booking.start <= tx.now();
    let now = Planned { tx, stored: &stored, from };
    match logged.event {
        Event::BookingCreated { .. } if source != BookingSource::Import && !is_stale && !is_over => {
            let first = if status == BookingStatus::Pending {
                TemplateKind::BookingPending
            } else {
                TemplateKind::BookingConfirmed
            };
            now.tell(first)?;
            now.tell_staff(TemplateKind::StaffNewBooking)?;
            now.remind().await
        }
        // Whoever imports bookings has told their customers already.
        Event::BookingCreated { .. } => now.remind().await,
        Event::BookingConfirmed { .. } if !is_stale && !is_over => {
            now.tell(TemplateKind::BookingConfirmed)?;
            now.remind().await
        }
        Event::BookingRescheduled { .. } => {
            now.forget_reminders(from).await?;
            if !is_stale && !is_over {
                now.tell(TemplateKind::BookingRescheduled)?;
                now.tell_staff(TemplateKind::StaffMovedBooking)?;
            }
            now.remind().await
        }
        Event::BookingCancelled { .. } => {
            now.forget_reminders(Some(stored.booking.start)).await?;
            if is_stale || is_over {
                return Ok(());
            }
            let held = was_ever_confirmed(tx, id).await?;
            now.tell(if held { TemplateKind::BookingCancelled } else { TemplateKind::BookingDeclined })?;
            now.tell_staff(TemplateKind::StaffCancelledBooking)
        }
        Event::BookingNoShow { .. } if !is_stale => now.follow_up().await,
        _ => Ok(()),
    }
}

/// Whether the customer was ever told that the appointment holds.
async fn was_ever_confirmed(tx: &Tx, id: BookingId) -> Result<bool> {
    let changes = booking::list_changes(tx, tx.scope(), id).await?;
    Ok(changes.iter().any(|change| {
        matches!(
            change.what,
            BookingChangeKind::Confirmed | BookingChangeKind::Created { status: BookingStatus::Confirmed }
        )
    }))
}

struct Planned<'a> {
    tx: &'a Tx,
    stored: &'a Stored,
    from: Option<Timestamp>,
}

impl Planned<'_> {
    fn notice(&self, template: TemplateKind) -> BookingNotice {
        BookingNotice {
            booking_id: self.stored.booking.id,
            template,
            sequence: self.stored.booking.sequence,
            from: self.from,
            before: None,
        }
    }

    fn tell(&self, template: TemplateKind) -> Result<()> {
        self.tx.enqueue(self.notice(template).job()?);
        Ok(())
    }

    fn tell_staff(&self, template: TemplateKind) -> Result<()> {
        let booking = &self.stored.booking;
        for staff_id in &booking.staff {
            let notice = StaffNotice {
                booking_id: booking.id,
                template,
                sequence: booking.sequence,
                from: self.from,
                staff_id: *staff_id,
            };
            self.tx.enqueue(notice.job()?);
        }
        Ok(())
    }

    async fn minutes(&self) -> Result<Vec<u32>> {
        let (tx, booking) = (self.tx, &self.stored.booking);
        let own = match booking_type::get(tx, tx.scope(), booking.type_id).await {
            Ok(kind) => kind.settings.reminders,
            Err(StoreError::NotFound(_)) => None,
            Err(error) => return Err(error.into()),
        };
        Ok(match own {
            Some(own) => own,
            None => booking_settings::get(tx, tx.scope()).await?.reminders,
        })
    }

    /// Plans the reminders whose time is still to come; a pending booking has none yet.
    async fn remind(&self) -> Result<()> {
        let booking = &self.stored.booking;
        if !matches!(booking.status, BookingStatus::Confirmed | BookingStatus::Rescheduled) {
            return Ok(());
        }
        for minutes in self.minutes().await? {
            let at = Timestamp::from_millis(booking.start.as_millis() - i64::from(minutes) * 60_000);
            if at <= self.tx.now() {
                continue;
            }
            let mut notice = self.notice(TemplateKind::BookingReminder);
            notice.from = None;
            notice.before = Some((minutes, booking.start));
            self.tx.enqueue(notice.job()?.at(at));
        }
        Ok(())
    }

    /// Takes the reminders of a start back that no longer holds. One that is missed here is silent anyway.
    async fn forget_reminders(&self, start: Option<Timestamp>) -> Result<()> {
        let Some(start) = start else { return Ok(()) };
        for minutes in self.minutes().await? {
            let mut notice = self.notice(TemplateKind::BookingReminder);
            notice.before = Some((minutes, start));
            job::complete_unique(self.tx, self.tx.scope(), JOB, &notice.key()).await?;
        }
        Ok(())
    }

    /// Offers a new time some hours after a missed appointment.
    async fn follow_up(&self) -> Result<()> {
        let Some(hours) = booking_settings::get(self.tx, self.tx.scope()).await?.no_show_follow_up else {
            return Ok(());
        };
        let at = self.tx.now().plus(Duration::from_hours(u64::from(hours)));
        self.tx.enqueue(self.notice(TemplateKind::NoShowFollowUp).job()?.at(at));
        Ok(())
    }
}
