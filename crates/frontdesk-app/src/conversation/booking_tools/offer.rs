//! Free times: asked for, offered, kept for a while.

use std::time::Duration;

use frontdesk_agent::booking::{
    Availability, AvailabilityQuestion, BookableType, HeldSlot, HoldSlot, OfferedSlot, Refusal,
};
use frontdesk_agent::session::{Receipt, ReceiptKind};
use frontdesk_domain::availability::{Slot, SlotKey};
use frontdesk_domain::booking_type::BookingType;
use frontdesk_domain::id::{SessionId, StaffId};
use frontdesk_domain::time::Timestamp;
use frontdesk_store::booking_settings;

use super::{Answer, BookingTools, detail, minutes_between, receipt, refusal, words};
use crate::booking::{self, Look, Looked, NewHold};

/// Slots given when no number is asked for.
const USUAL: usize = 12;
/// The most that are given.
const MOST: usize = 200;
/// The range when no end is given.
const FORTNIGHT: Duration = Duration::from_hours(24 * 14);
/// The longest range.
const LONGEST: Duration = Duration::from_hours(24 * 62);

/// What is asked for, read.
struct Asked {
    kind: BookingType,
    minutes: u32,
    seats: u32,
    staff: Option<StaffId>,
    moving: Option<(SessionId, u32)>,
    /// Who has the booking now: named first, since a move stays with them.
    rather: Option<StaffId>,
}

impl BookingTools {
    pub(super) async fn check(&self, question: AvailabilityQuestion) -> Answer<(Availability, Receipt)> {
        let now = self.ctx.now();
        let from = instant("from", question.from.as_deref())?.unwrap_or(now).max(now.minus(FORTNIGHT));
        let to = instant("to", question.to.as_deref())?.unwrap_or_else(|| from.plus(FORTNIGHT));
        if to <= from && to > now {
            return Err(detail("to", "must be after `from`"));
        }
        let to = to.min(from.plus(LONGEST));
        let asked = self.asked(&question).await?;
        let look = Look {
            kind: asked.kind,
            from,
            to,
            minutes: asked.minutes,
            seats: asked.seats,
            staff: asked.staff,
            moving: asked.moving,
        };
        let found = match booking::look(&self.app, &self.ctx, &look).await {
            Ok(found) => found,
            Err(error) => return Err(self.refused(error).await),
        };
        let limit = question.limit.unwrap_or(USUAL).clamp(1, MOST);
        let offer = |slot: &Slot| self.offer_to(slot, &found, asked.rather);
        let given = Availability {
            zone: self.zone.clone(),
            slots: spread(&found.slots, limit).into_iter().map(offer).collect(),
            more: found.slots.len() > limit,
            later: found.later.iter().map(offer).collect(),
            why: if found.slots.is_empty() {
                words::why(&found.obstacles, &self.zone, self.language)
            } else {
                Vec::new()
            },
            tentative: false,
        };
        Ok((given, receipt(ReceiptKind::TimesChecked, look.kind.id)))
    }

    fn offer_to(&self, slot: &Slot, found: &Looked, rather: Option<StaffId>) -> OfferedSlot {
        let mut slot = slot.clone();
        slot.staff.sort_by_key(|id| Some(*id) != rather);
        self.offer(&slot, &found.staff)
    }

    async fn asked(&self, question: &AvailabilityQuestion) -> Answer<Asked> {
        let staff_named = question.staff.as_deref();
        if let Some(reference) = &question.booking {
            let stored = self.mine(reference).await?;
            let booked = &stored.booking;
            let id = booked.type_id;
            let read =
                frontdesk_store::booking_type::get(self.app.store.reader(), self.ctx.scope(), id).await;
            let kind = match read {
                Ok(kind) => kind,
                Err(error) => return Err(self.refused(error.into()).await),
            };
            let listed = self.bookable.iter().find(|it| it.id == id.to_string());
            return Ok(Asked {
                minutes: question.minutes.unwrap_or_else(|| minutes_between(booked.start, booked.end)),
                seats: booked.seats,
                staff: staff_named.map(|named| choice(listed, named)).transpose()?,
                moving: stored.session.map(|session| (session, booked.seats)),
                rather: booked.staff.first().copied().filter(|_| booked.staff.len() == 1),
                kind,
            });
        }
        let Some(named) = &question.type_id else { return Err(detail("type", "is needed")) };
        let listed = self.bookable(named)?;
        let kind = self.kind(listed).await?;
        Ok(Asked {
            minutes: question.minutes.unwrap_or_else(|| kind.settings.usual_duration()),
            seats: seats(listed, question.seats)?,
            staff: staff_named.map(|named| choice(Some(listed), named)).transpose()?,
            moving: None,
            rather: None,
            kind,
        })
    }

    pub(super) async fn hold(&self, wanted: HoldSlot) -> Answer<(HeldSlot, Receipt)> {
        let (key, listed) = self.slot_key(&wanted.slot)?;
        let seats = seats(listed, wanted.seats)?;
        let text = key.to_text();
        let staff = self.staff().await?;
        if self.sandbox {
            let free = self.free(key, listed, seats).await?;
            let read = booking_settings::get(self.app.store.reader(), self.ctx.scope()).await;
            let settings = read.map_err(|error| self.store_failed(&error.into()))?;
            let until = self.ctx.now().plus(Duration::from_secs(u64::from(settings.hold_minutes) * 60));
            let held =
                HeldSlot { hold: text, expires_at: self.instant(until), held: self.offer(&free, &staff) };
            return Ok((held, receipt(ReceiptKind::Held, "sandbox")));
        }
        let new = NewHold { slot: text.clone(), seats: Some(seats) };
        let holder = booking::holder_of(self.conversation);
        let kept = match booking::hold(&self.app, &self.ctx, &new, key.type_id, &holder).await {
            Ok(kept) => kept,
            Err(error) => return Err(self.refused(error).await),
        };
        let slot = Slot {
            start: kept.start,
            end: kept.end,
            staff: kept.staff,
            seats: kept.seats,
            slot: text.clone(),
        };
        // The conversation holds it, not who knows a token: the slot itself books what is held.
        let held = HeldSlot {
            hold: text,
            expires_at: self.instant(kept.expires_at),
            held: self.offer(&slot, &staff),
        };
        let id = held.hold.clone();
        Ok((held, receipt(ReceiptKind::Held, id)))
    }

    /// The slot, if it is free now; for rehearsals, which keep nothing.
    pub(super) async fn free(&self, key: SlotKey, listed: &BookableType, seats: u32) -> Answer<Slot> {
        let kind = self.kind(listed).await?;
        let look = Look {
            kind,
            from: key.start,
            to: key.start.plus(Duration::from_millis(1)),
            minutes: key.minutes,
            seats,
            staff: key.staff_id,
            moving: None,
        };
        match booking::look(&self.app, &self.ctx, &look).await {
            Ok(found) => match found.slots.into_iter().next() {
                Some(slot) => Ok(slot),
                None => Err(self.refused(crate::AppError::Taken(found.later)).await),
            },
            Err(error) => Err(self.refused(error).await),
        }
    }
}

pub(super) fn instant(field: &str, text: Option<&str>) -> Answer<Option<Timestamp>> {
    let read = |text: &str| text.parse::<jiff::Timestamp>().map(Timestamp::from);
    text.map(read).transpose().map_err(|_| detail(field, "is no instant such as 2026-03-18T09:30:00+01:00"))
}

pub(super) fn seats(listed: &BookableType, wanted: Option<u32>) -> Answer<u32> {
    match wanted.unwrap_or(1) {
        0 => Err(detail("seats", "must be 1 or more")),
        seats if seats > listed.seats => {
            Err(detail("seats", &format!("may be {} at most for one booking", listed.seats)))
        }
        seats => Ok(seats),
    }
}

/// Whom the customer asks for, by id; a model that gives the name instead is understood.
pub(super) fn choice(listed: Option<&BookableType>, named: &str) -> Answer<StaffId> {
    let people = listed.map(|kind| kind.staff.as_slice()).unwrap_or_default();
    if people.is_empty() {
        return Err(refusal(Refusal::Unknown, "nobody in particular can be chosen for this booking type"));
    }
    let named = named.trim();
    people
        .iter()
        .find(|one| one.id == named)
        .or_else(|| people.iter().find(|one| one.name.to_lowercase() == named.to_lowercase()))
        .and_then(|one| one.id.parse().ok())
        .ok_or_else(|| {
            let names: Vec<&str> = people.iter().map(|one| one.name.as_str()).collect();
            refusal(Refusal::Unknown, &format!("nobody of that id does this; there are {}", names.join(", ")))
        })
}

/// So many of them, evenly over the range.
fn spread(slots: &[Slot], limit: usize) -> Vec<&Slot> {
    if slots.len() <= limit {
        return slots.iter().collect();
    }
    let last = limit.saturating_sub(1).max(1);
    (0..limit).filter_map(|at| slots.get(at * (slots.len() - 1) / last)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_over_full_range_is_spread_from_its_first_to_its_last_slot() {
        let slots: Vec<Slot> = (0..100)
            .map(|at| Slot {
                start: Timestamp::from_millis(at),
                end: Timestamp::from_millis(at + 1),
                staff: Vec::new(),
                seats: 1,
                slot: at.to_string(),
            })
            .collect();
        let starts =
            |limit| -> Vec<i64> { spread(&slots, limit).iter().map(|slot| slot.start.as_millis()).collect() };
        assert_eq!(starts(4), [0, 33, 66, 99]);
        assert_eq!(starts(1), [0]);
        assert_eq!(starts(100).len(), 100);
        assert_eq!(starts(500).len(), 100);
    }
}
