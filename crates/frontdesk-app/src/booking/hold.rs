//! Holds: a slot kept for minutes while the customer types.

use std::time::Duration;

use frontdesk_domain::access::Permission;
use frontdesk_domain::availability::SlotKey;
use frontdesk_domain::booking::{BookingChangeKind, BookingStatus, Cancellation, CancelledBy, Hold};
use frontdesk_domain::context::{Actor, Context, Scope};
use frontdesk_domain::event::Event;
use frontdesk_domain::id::{BookingTypeId, ConversationId, uuid_v7};
use frontdesk_domain::time::Timestamp;
use frontdesk_store::booking_session::{self, StoredHold};
use frontdesk_store::{Tx, booking, booking_settings, booking_type};
use serde::Deserialize;
use utoipa::ToSchema;

use super::note;
use super::reserve::{Refused, Tries, Wanted, reserve};
use crate::{App, AppError, Result, token};

/// What a hold's token starts with.
const PREFIX: &str = "fd_hold_";
/// The longest a slot is held, however often it is extended.
const LONGEST: Duration = Duration::from_hours(1);
/// Live holds one visitor may keep.
const MOST: u64 = 5;

/// A slot to hold.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewHold {
    /// As availability gave it.
    #[schema(max_length = 64)]
    pub slot: String,
    /// For so many; one when absent.
    #[schema(minimum = 1, maximum = 500)]
    pub seats: Option<u32>,
}

/// Whose holds those of a conversation are.
pub fn holder_of(conversation: ConversationId) -> String {
    format!("conversation:{conversation}")
}

/// Lets go of what the agent of a conversation holds for its customer, who now books, moves or wants another time. In the
/// unit of work that does so: when it does not come about, the holds stay.
pub(super) async fn release_own(tx: &Tx, ctx: &Context) -> Result<()> {
    let Actor::Agent(conversation) = ctx.actor else { return Ok(()) };
    let holder = holder_of(conversation);
    for kept in booking_session::holds_of(tx, tx.scope(), &holder, tx.now()).await? {
        booking_session::delete_hold(tx, tx.scope(), kept.id).await?;
        booking_session::release(tx, tx.scope(), kept.session, kept.id).await?;
    }
    Ok(())
}

/// Keeps a slot for a few minutes. An agent keeps one for its customer at a time. `holder` says whose it is, such as a network address, so that one visitor cannot block
/// the calendar.
pub async fn hold(
    app: &App,
    ctx: &Context,
    new: &NewHold,
    kind: BookingTypeId,
    holder: &str,
) -> Result<Hold> {
    ctx.require(Permission::BookingsRead)?;
    let Some(key) = SlotKey::from_text(&new.slot).filter(|key| key.type_id == kind) else {
        return Err(AppError::invalid("/slot", "is not a slot; ask for the free times again"));
    };
    let seats = new.seats.unwrap_or(1);
    if !(1..=500).contains(&seats) {
        return Err(AppError::invalid("/seats", "must be 1 to 500"));
    }
    let kind = booking_type::get(app.store.reader(), ctx.scope(), key.type_id).await?;
    let wanted = Wanted {
        kind,
        start: key.start,
        minutes: key.minutes,
        seats,
        staff_id: key.staff_id,
        by_hand: false,
        rather: None,
    };
    let mut tries = Tries::default();
    loop {
        match hold_once(app, ctx, &wanted, holder).await {
            Ok(made) => return Ok(made),
            Err(why) => tries.again(app, ctx, why).await?,
        }
    }
}

async fn hold_once(app: &App, ctx: &Context, wanted: &Wanted, holder: &str) -> Result<Hold, Refused> {
    let tx = app.store.begin(ctx).await?;
    booking_session::take_turns(&tx).await?;
    booking_session::sweep(&tx, tx.scope(), tx.now()).await?;
    release_own(&tx, ctx).await?;
    if booking_session::count_holds(&tx, tx.scope(), holder, tx.now()).await? >= MOST {
        return Err(AppError::Conflict(
            "you keep five times already; book one of them or wait a few minutes".to_owned(),
        )
        .into());
    }
    let id = uuid_v7(tx.now(), tx.random());
    let session = reserve(&tx, wanted, id).await?;
    let minutes = booking_settings::get(&tx, tx.scope()).await?.hold_minutes;
    let kept = StoredHold {
        id,
        session: session.id,
        type_id: session.type_id,
        seats: wanted.seats,
        created_at: tx.now(),
        expires_at: tx.now().plus(Duration::from_secs(u64::from(minutes) * 60)),
    };
    let secret = token::generate(PREFIX, tx.random());
    booking_session::insert_hold(&tx, tx.scope(), &kept, &token::hash(&secret), holder).await?;
    booking_session::settle(&tx, tx.scope(), session.id).await?;
    tx.commit().await?;
    Ok(Hold {
        token: secret,
        type_id: session.type_id,
        start: session.start,
        end: session.end,
        staff: session.staff,
        seats: wanted.seats,
        expires_at: kept.expires_at,
    })
}

/// The context in which a token's holder acts; `None` when nobody holds it.
pub(super) async fn context_of(app: &App, secret: &str) -> Result<Option<Context>> {
    let hash = token::hash(secret);
    let found = booking_session::workspace_of_hold_everywhere(app.store.reader(), &hash).await?;
    Ok(found.map(|workspace| app.system(workspace, "booking-hold")))
}

/// Keeps a hold for another while, an hour in all at most.
pub async fn extend(app: &App, secret: &str) -> Result<Hold> {
    let Some(ctx) = context_of(app, secret).await? else { return Err(AppError::NotFound("hold")) };
    let tx = app.store.begin(&ctx).await?;
    booking_session::take_turns(&tx).await?;
    let found = booking_session::find_hold(&tx, tx.scope(), &token::hash(secret), tx.now()).await?;
    let Some(mut kept) = found else { return Err(AppError::NotFound("hold")) };
    let minutes = booking_settings::get(&tx, tx.scope()).await?.hold_minutes;
    let wanted = tx.now().plus(Duration::from_secs(u64::from(minutes) * 60));
    kept.expires_at = wanted.min(kept.created_at.plus(LONGEST)).max(kept.expires_at);
    booking_session::extend_hold(&tx, tx.scope(), &kept, kept.expires_at).await?;
    let session = booking_session::get(&tx, tx.scope(), kept.session).await?;
    tx.commit().await?;
    Ok(Hold {
        token: secret.to_owned(),
        type_id: kept.type_id,
        start: session.start,
        end: session.end,
        staff: session.staff,
        seats: kept.seats,
        expires_at: kept.expires_at,
    })
}

/// Gives a hold back. One that is gone already is fine.
pub async fn release(app: &App, secret: &str) -> Result<()> {
    let Some(ctx) = context_of(app, secret).await? else { return Ok(()) };
    let tx = app.store.begin(&ctx).await?;
    booking_session::take_turns(&tx).await?;
    if let Some(kept) = booking_session::find_hold(&tx, tx.scope(), &token::hash(secret), tx.now()).await? {
        booking_session::delete_hold(&tx, tx.scope(), kept.id).await?;
        booking_session::release(&tx, tx.scope(), kept.session, kept.id).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// Sweeps lapsed holds everywhere, and calls pending bookings off whose time has come. Says how many.
pub async fn sweep(app: &App) -> Result<usize> {
    let now: Timestamp = app.clock.now();
    let mut count = 0;
    for workspace in booking_session::lapsed_everywhere(app.store.reader(), now).await? {
        let ctx = app.system(workspace, "booking-sweep");
        let tx = app.store.begin(&ctx).await?;
        booking_session::take_turns(&tx).await?;
        count += booking_session::sweep(&tx, tx.scope(), now).await?;
        tx.commit().await?;
    }
    count += super::offer::sweep(app).await?;
    for (workspace, id) in booking::pending_past_everywhere(app.store.reader(), now).await? {
        let ctx = app.system(workspace, "booking-sweep");
        let tx = app.store.begin(&ctx).await?;
        let mut stored = booking::get_for_update(&tx, Scope::system(workspace), id).await?;
        if stored.booking.status != BookingStatus::Pending {
            continue;
        }
        let reason = "it was not confirmed in time".to_owned();
        stored.booking.status = BookingStatus::Cancelled;
        stored.booking.cancellation =
            Some(Cancellation { by: CancelledBy::System, reason: reason.clone(), at: now });
        stored.booking.sequence += 1;
        stored.booking.updated_at = now;
        if let Some(session) = stored.session.take() {
            booking_session::release(&tx, tx.scope(), session, id.uuid()).await?;
        }
        booking::update(&tx, tx.scope(), &stored).await?;
        note(&tx, &ctx, id, BookingChangeKind::Cancelled { reason }).await?;
        tx.emit(Event::BookingCancelled { booking_id: id });
        tx.commit().await?;
        count += 1;
    }
    Ok(count)
}
