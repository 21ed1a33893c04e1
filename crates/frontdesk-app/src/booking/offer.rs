//! Offers of freed times to those who wait, one after the other, each for a limited time.
//!
//! A freed time becomes a job. It goes through the waiting list in the order people joined, finds each a slot that touches
//! the freed time, and keeps it for them with a hold of its own: what is on offer is nobody else's. Taking the offer books
//! that hold; declining, or not answering in time, frees it again and the next person is asked. Nobody is offered the same
//! start twice.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use frontdesk_domain::access::Permission;
use frontdesk_domain::availability::{self, SlotKey};
use frontdesk_domain::booking::{BookingSource, WaitingEntry, WaitingOffer, WaitingStatus};
use frontdesk_domain::context::{Context, Scope};
use frontdesk_domain::event::{Event, LoggedEvent};
use frontdesk_domain::id::{WaitingId, WorkspaceId, uuid_v7};
use frontdesk_domain::time::Timestamp;
use frontdesk_queue::{ClaimedJob, Failure};
use frontdesk_store::booking_session::{self, StoredHold};
use frontdesk_store::waiting::{self, Offer, OfferState};
use frontdesk_store::{
    JobRequest, StoreError, Tx, booking, booking_settings, booking_type, place, staff, workspace,
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use subtle::ConstantTimeEq;
use utoipa::ToSchema;

use super::facts::Facts;
use super::public::{
    PublicBooking, PublicBusiness, PublicStaff, PublicType, business_of, describe, people, type_of,
};
use super::reserve::{Refused, Tries, Wanted, reserve};
use super::{Door, NewBooking, create};
use crate::jobs::failure;
use crate::{App, AppError, Result, notice, token};

/// The job that offers a freed time.
pub const JOB: &str = "booking.offer";
/// What an offer's token starts with.
const PREFIX: &str = "bo_";
/// The most who are looked at for one freed time.
const MOST: u64 = 200;

/// A freed time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Freed {
    from: Timestamp,
    to: Timestamp,
}

impl Freed {
    fn job(self) -> Result<JobRequest> {
        let payload = serde_json::to_value(self).map_err(|error| AppError::Internal(error.to_string()))?;
        Ok(JobRequest::new(JOB, payload))
    }
}

/// Turns a freed time into its job: a booking that was called off, or moved away.
pub async fn plan(tx: &Tx, logged: &LoggedEvent) -> Result<()> {
    let (id, from) = match &logged.event {
        Event::BookingCancelled { booking_id } => (*booking_id, None),
        Event::BookingRescheduled { booking_id, from } => (*booking_id, Some(*from)),
        _ => return Ok(()),
    };
    let booked = match booking::get(tx, tx.scope(), id).await {
        Ok(stored) => stored.booking,
        Err(StoreError::NotFound(_)) => return Ok(()),
        Err(error) => return Err(error.into()),
    };
    let start = from.unwrap_or(booked.start);
    let freed = Freed { from: start, to: start.plus(booked.end.since(booked.start)) };
    if freed.to > tx.now() && waiting::count_active(tx, tx.scope()).await? > 0 {
        tx.enqueue(freed.job()?);
    }
    Ok(())
}

/// Offers a freed time to those who wait for it.
pub async fn run(app: &App, job: &ClaimedJob) -> Result<(), Failure> {
    let freed = Freed::deserialize(&job.payload)
        .map_err(|error| Failure::Permanent(format!("{JOB} cannot be read: {error}")))?;
    let ctx = app.system(job.workspace, JOB);
    let waits = waiting::in_turn(app.store.reader(), ctx.scope(), (freed.from, freed.to), MOST).await;
    for entry in waits.map_err(|error| Failure::Retry(error.to_string()))? {
        match offer_one(app, &ctx, entry.id, Some(freed), None).await.map_err(Refused::plainly) {
            Ok(_) | Err(AppError::Taken(_) | AppError::Raced | AppError::NotFound(_)) => {}
            Err(error) => return Err(failure(&error)),
        }
    }
    Ok(())
}

/// Offers a slot by hand.
pub async fn offer_slot(app: &App, ctx: &Context, id: WaitingId, slot: &str) -> Result<WaitingEntry> {
    ctx.require(Permission::BookingsWrite)?;
    let entry = waiting::get(app.store.reader(), ctx.scope(), id).await?;
    let key = SlotKey::from_text(slot).filter(|key| key.type_id == entry.type_id);
    let key = key.ok_or_else(|| {
        AppError::invalid("/slot", "is not a slot of what they wait for; ask for the free times again")
    })?;
    let mut tries = Tries::default();
    let offered = loop {
        match offer_one(app, ctx, id, None, Some(key)).await {
            Ok(offered) => break offered,
            Err(why) => tries.again(app, ctx, why).await?,
        }
    };
    if !offered {
        return Err(AppError::Conflict("they do not wait any more, or have an offer already".to_owned()));
    }
    Ok(waiting::get(app.store.reader(), ctx.scope(), id).await?)
}

/// Offers one person a time: a given slot, or the first that touches a freed time. False when there is none for them.
async fn offer_one(
    app: &App,
    ctx: &Context,
    id: WaitingId,
    freed: Option<Freed>,
    key: Option<SlotKey>,
) -> Result<bool, Refused> {
    let tx = app.store.begin(ctx).await?;
    let scope = tx.scope();
    booking_session::take_turns(&tx).await?;
    booking_session::sweep(&tx, scope, tx.now()).await?;
    let entry = waiting::get(&tx, scope, id).await?;
    if entry.status != WaitingStatus::Waiting {
        return Ok(false);
    }
    let kind = booking_type::get(&tx, scope, entry.type_id).await?;
    let minutes = kind.settings.usual_duration();
    let key = match (key, freed) {
        (Some(key), _) => key,
        (None, Some(freed)) => {
            let long = Duration::from_secs(u64::from(minutes) * 60);
            let range = (entry.from.max(freed.from.minus(long)), entry.to.min(freed.to));
            if range.0 >= range.1 {
                return Ok(false);
            }
            let passed = waiting::starts_offered(&tx, scope, id).await?;
            let facts = Facts::load(&tx, scope, kind.clone(), range, tx.now()).await?;
            let found = availability::slots(&facts.question(minutes, 1, entry.staff_id), &[range]);
            let fits = found.iter().find(|slot| {
                slot.end > freed.from
                    && slot.start < freed.to
                    && slot.end <= entry.to
                    && !passed.contains(&slot.start)
            });
            let Some(fits) = fits else { return Ok(false) };
            SlotKey { type_id: kind.id, start: fits.start, minutes, staff_id: entry.staff_id }
        }
        (None, None) => return Ok(false),
    };
    let wanted = Wanted {
        kind,
        start: key.start,
        minutes: key.minutes,
        seats: 1,
        staff_id: key.staff_id,
        rather: None,
        by_hand: false,
    };
    let hold = uuid_v7(tx.now(), tx.random());
    let session = reserve(&tx, &wanted, hold).await?;
    let keep = booking_settings::get(&tx, scope).await?.offer_minutes;
    let expires_at = tx.now().plus(Duration::from_secs(u64::from(keep) * 60)).min(session.start);
    let offer = Offer {
        id: uuid_v7(tx.now(), tx.random()),
        waiting_id: id,
        hold,
        state: OfferState::Open,
        offer: WaitingOffer {
            start: session.start,
            end: session.end,
            staff: session.staff.clone(),
            expires_at,
        },
        secret: token::generate("", tx.random()),
    };
    let kept = StoredHold {
        id: hold,
        session: session.id,
        type_id: session.type_id,
        seats: 1,
        created_at: tx.now(),
        expires_at,
    };
    booking_session::insert_hold(&tx, scope, &kept, &token::hash(&offer_token(&offer)), "waiting-list")
        .await?;
    booking_session::settle(&tx, scope, session.id).await?;
    waiting::insert_offer(&tx, scope, &offer).await?;
    waiting::set_status(&tx, scope, id, WaitingStatus::Offered).await?;
    tx.enqueue(notice::offer_job(offer.id)?);
    tx.emit(Event::WaitingListUpdated { waiting_id: id });
    tx.audit("waiting_list.offer", Some(id.to_string()), json!({ "start": offer.offer.start }));
    tx.commit().await?;
    Ok(true)
}

/// Ends an open offer: its time is free again and goes to the next who waits. False when it was not open any more.
pub(super) async fn end(tx: &Tx, offer: &Offer, state: OfferState) -> Result<bool> {
    if !waiting::end_offer(tx, tx.scope(), offer.id, state).await? {
        return Ok(false);
    }
    let hash = token::hash(&offer_token(offer));
    // The hold may have been swept already; either way the time is free now.
    if let Some(kept) = booking_session::find_hold(tx, tx.scope(), &hash, Timestamp::from_millis(0)).await? {
        booking_session::delete_hold(tx, tx.scope(), kept.id).await?;
        booking_session::release(tx, tx.scope(), kept.session, kept.id).await?;
    }
    if offer.offer.start > tx.now() {
        tx.enqueue(Freed { from: offer.offer.start, to: offer.offer.end }.job()?);
    }
    Ok(true)
}

/// Ends the offers nobody answered in time, and closes what is over. Says how many.
pub(super) async fn sweep(app: &App) -> Result<usize> {
    let now = app.clock.now();
    let lapsed = waiting::lapsed_everywhere(app.store.reader(), now).await?;
    for (workspace, offer) in &lapsed {
        let ctx = app.system(*workspace, "booking-sweep");
        // Taken, and the process died before it was noted.
        if accepted(app, ctx.scope(), offer).await? {
            note_accepted(app, &ctx, offer).await?;
            continue;
        }
        let tx = app.store.begin(&ctx).await?;
        booking_session::take_turns(&tx).await?;
        if end(&tx, offer, OfferState::Expired).await? {
            back_to_waiting(&tx, offer.waiting_id).await?;
        }
        tx.commit().await?;
    }
    let over = waiting::past_everywhere(app.store.reader(), now).await?;
    for (workspace, id) in &over {
        let tx = app.store.begin(&app.system(*workspace, "booking-sweep")).await?;
        waiting::set_status(&tx, tx.scope(), *id, WaitingStatus::Closed).await?;
        tx.emit(Event::WaitingListUpdated { waiting_id: *id });
        tx.commit().await?;
    }
    Ok(lapsed.len() + over.len())
}

async fn back_to_waiting(tx: &Tx, id: WaitingId) -> Result<()> {
    waiting::set_status(tx, tx.scope(), id, WaitingStatus::Waiting).await?;
    tx.emit(Event::WaitingListUpdated { waiting_id: id });
    Ok(())
}

async fn accepted(app: &App, scope: Scope, offer: &Offer) -> Result<bool> {
    Ok(booking::find_by_request(app.store.reader(), scope, &request_key(offer)).await?.is_some())
}

fn request_key(offer: &Offer) -> String {
    format!("offer-{}", offer.id.simple())
}

/// What opens an offer: its id and its secret.
pub fn offer_token(offer: &Offer) -> String {
    let mut bytes = offer.id.as_bytes().to_vec();
    bytes.extend_from_slice(offer.secret.as_bytes());
    format!("{PREFIX}{}", URL_SAFE_NO_PAD.encode(bytes))
}

/// The offer a link opens.
async fn open(app: &App, token: &str) -> Result<(WorkspaceId, Offer)> {
    let lost = || AppError::NotFound("offer");
    let encoded = token.strip_prefix(PREFIX).filter(|text| text.len() <= 200).ok_or_else(lost)?;
    let bytes = URL_SAFE_NO_PAD.decode(encoded).map_err(|_| lost())?;
    let (id, secret) = bytes.split_first_chunk::<16>().ok_or_else(lost)?;
    let found = waiting::find_offer_everywhere(app.store.reader(), uuid::Uuid::from_bytes(*id)).await?;
    let (workspace, offer) = found.ok_or_else(lost)?;
    if !bool::from(offer.secret.as_bytes().ct_eq(secret)) {
        return Err(lost());
    }
    Ok((workspace, offer))
}

/// How an offer stands for the person who got it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PublicOfferState {
    /// It can be taken.
    Open,
    /// It was.
    Accepted,
    /// They did not want it.
    Declined,
    /// It lapsed.
    Expired,
}

/// A freed time as the person sees it who was offered it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct PublicOffer {
    /// How it stands.
    pub state: PublicOfferState,
    /// The business.
    pub business: PublicBusiness,
    /// What is offered.
    #[serde(rename = "type")]
    pub kind: PublicType,
    /// When it starts.
    pub start: Timestamp,
    /// When it ends.
    pub end: Timestamp,
    /// With whom.
    pub staff: Vec<PublicStaff>,
    /// Who waits.
    pub name: String,
    /// Their zone.
    pub zone: String,
    /// Until when it is kept.
    pub expires_at: Timestamp,
    /// What was booked, when they took it.
    pub booking: Option<PublicBooking>,
}

/// The offer a link opens, as its customer sees it.
pub async fn public_offer(app: &App, token: &str) -> Result<PublicOffer> {
    let (workspace_id, offer) = open(app, token).await?;
    let ctx = app.system(workspace_id, "booking-offer");
    let (db, scope) = (app.store.reader(), ctx.scope());
    let entry = waiting::get(db, scope, offer.waiting_id).await?;
    let home = workspace::get(db, scope).await?;
    let kind = booking_type::get(db, scope, entry.type_id).await?;
    let made = booking::find_by_request(db, scope, &request_key(&offer)).await?;
    let state = match offer.state {
        _ if made.is_some() => PublicOfferState::Accepted,
        OfferState::Open if offer.offer.expires_at > ctx.now() => PublicOfferState::Open,
        OfferState::Open | OfferState::Expired => PublicOfferState::Expired,
        OfferState::Declined => PublicOfferState::Declined,
        OfferState::Accepted => PublicOfferState::Accepted,
    };
    let booked = match &made {
        Some((stored, _)) => Some(describe(app, &ctx, stored).await?),
        None => None,
    };
    Ok(PublicOffer {
        state,
        business: business_of(&home),
        kind: type_of(&kind, &home, &place::list(db, scope).await?),
        start: offer.offer.start,
        end: offer.offer.end,
        staff: people(&staff::list(db, scope).await?, |id| offer.offer.staff.contains(&id)),
        name: entry.name,
        zone: entry.zone,
        expires_at: offer.offer.expires_at,
        booking: booked,
    })
}

/// Takes an offer. Taking it twice gives the same booking.
pub async fn accept(app: &App, token: &str) -> Result<PublicBooking> {
    let (workspace, offer) = open(app, token).await?;
    let ctx = app.system(workspace, "booking-offer");
    let entry = waiting::get(app.store.reader(), ctx.scope(), offer.waiting_id).await?;
    let is_over = offer.state != OfferState::Open || offer.offer.expires_at <= ctx.now();
    if is_over && !accepted(app, ctx.scope(), &offer).await? {
        return Err(AppError::Conflict(
            "this offer is over; you stay on the waiting list for other times".to_owned(),
        ));
    }
    let input = NewBooking {
        hold: Some(token.to_owned()),
        name: Some(entry.name),
        email: entry.email,
        phone: entry.phone,
        zone: Some(entry.zone),
        language: Some(entry.language),
        ..NewBooking::default()
    };
    let door = Door { request_key: Some(request_key(&offer)), ..Door::default() };
    let made = create(app, &ctx, &input, BookingSource::WaitingList, &door).await?;
    note_accepted(app, &ctx, &offer).await?;
    describe(app, &ctx, &made).await
}

async fn note_accepted(app: &App, ctx: &Context, offer: &Offer) -> Result<()> {
    let tx = app.store.begin(ctx).await?;
    if waiting::end_offer(&tx, tx.scope(), offer.id, OfferState::Accepted).await? {
        waiting::set_status(&tx, tx.scope(), offer.waiting_id, WaitingStatus::Booked).await?;
        tx.emit(Event::WaitingListUpdated { waiting_id: offer.waiting_id });
    }
    tx.commit().await?;
    Ok(())
}

/// Declines an offer; they go on waiting for other times.
pub async fn decline(app: &App, token: &str) -> Result<()> {
    let (workspace, offer) = open(app, token).await?;
    let ctx = app.system(workspace, "booking-offer");
    if accepted(app, ctx.scope(), &offer).await? {
        return Err(AppError::Conflict(
            "you took this time already; call it off with the link in your confirmation".to_owned(),
        ));
    }
    let tx = app.store.begin(&ctx).await?;
    booking_session::take_turns(&tx).await?;
    if end(&tx, &offer, OfferState::Declined).await? {
        back_to_waiting(&tx, offer.waiting_id).await?;
    }
    tx.commit().await?;
    Ok(())
}
