//! What customers see and do without signing in: the booking page, and the link in their confirmation.
//!
//! A customer acts under [`frontdesk_domain::context::Actor::System`], by what they hold: a hold's token or the link of
//! one booking. They never learn more of a business than its page shows, nor of a contact than they typed themselves.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use frontdesk_domain::availability::Slot;
use frontdesk_domain::booking::{Booking, BookingStatus, CancelledBy};
use frontdesk_domain::booking_type::{BookingType, Location, Price, Question, StaffMode};
use frontdesk_domain::context::{Context, Scope};
use frontdesk_domain::id::{BookingId, BookingTypeId, StaffId};
use frontdesk_domain::locale::Language;
use frontdesk_domain::schedule::{Place, Staff};
use frontdesk_domain::time::Timestamp;
use frontdesk_domain::workspace::{Theme, Workspace};
use frontdesk_store::booking::Stored;
use frontdesk_store::{booking, booking_settings, booking_type, place, staff, workspace};
use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq;
use utoipa::{IntoParams, ToSchema};

use super::change::{Cancel, Move, cancel, reschedule};
use super::look::{Ask, Found, slots, slots_but};
use crate::{App, AppError, Result};

/// What a link's token starts with.
const PREFIX: &str = "bm_";

/// A business as its booking page shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct PublicBusiness {
    /// Its name.
    pub name: String,
    /// Its short name in addresses.
    pub slug: String,
    /// Its IANA zone.
    pub zone: String,
    /// Its language.
    pub language: Language,
    /// How its pages look.
    pub theme: Theme,
    /// Its address.
    pub address: String,
    /// Its phone number.
    pub phone: String,
}

/// A business with what can be booked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct PublicBusinessPage {
    /// The business.
    #[serde(flatten)]
    pub business: PublicBusiness,
    /// Its listed booking types.
    pub types: Vec<PublicType>,
}

/// A booking type as customers see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct PublicType {
    /// Its id.
    pub id: BookingTypeId,
    /// Its short name in addresses.
    pub slug: String,
    /// Its name.
    pub name: String,
    /// What it is.
    pub description: String,
    /// Durations on offer in minutes, the usual one first.
    pub durations: Vec<u32>,
    /// Seats in one session.
    pub capacity: u32,
    /// What it costs.
    pub price: Option<Price>,
    /// Where, in words; empty for a video call, whose link is told in the confirmation.
    pub location_text: String,
    /// `business`, `place`, `address`, `phone`, `video` or `customer`.
    pub location_kind: String,
    /// What is asked.
    pub questions: Vec<Question>,
    /// How staff are found.
    pub staff_mode: StaffMode,
    /// A person confirms each booking.
    pub confirmation_required: bool,
    /// Minutes before the start until which the customer may move or cancel.
    pub change_notice: u32,
    /// Its colour.
    pub color: String,
}

/// Somebody who takes bookings, as customers see them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct PublicStaff {
    /// Their id.
    pub id: StaffId,
    /// Their name.
    pub name: String,
    /// What they do.
    pub title: String,
}

/// The page of a booking type with its first slots.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct PublicBookingPage {
    /// The business.
    pub business: PublicBusiness,
    /// The type.
    #[serde(rename = "type")]
    pub kind: PublicType,
    /// Who does it, where the customer may choose.
    pub staff: Vec<PublicStaff>,
    /// The slots, by start.
    pub slots: Vec<Slot>,
    /// When there is none: the first one after the range.
    pub next: Option<Timestamp>,
    /// What the slots cover.
    pub from: Timestamp,
    /// To, exclusive.
    pub to: Timestamp,
    /// Minutes a slot is held.
    pub hold_minutes: u32,
    /// Whether there is a waiting list.
    pub waiting_list: bool,
}

/// Where a booking can be put into the customer's own calendar.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct CalendarLinks {
    /// Google Calendar.
    pub google: String,
    /// Outlook on the web.
    pub outlook: String,
    /// An iCalendar file.
    pub ics: String,
}

/// A booking as its customer sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct PublicBooking {
    /// A short code for talking about it.
    pub reference: String,
    /// How it stands.
    pub status: BookingStatus,
    /// What was booked.
    #[serde(rename = "type")]
    pub kind: PublicType,
    /// When it starts.
    pub start: Timestamp,
    /// When it ends.
    pub end: Timestamp,
    /// The customer's zone.
    pub zone: String,
    /// Who does it.
    pub staff: Vec<PublicStaff>,
    /// Where, in words, with the link of a video call.
    pub location_text: String,
    /// What it costs.
    pub price: Option<Price>,
    /// For whom.
    pub name: String,
    /// Seats taken.
    pub seats: u32,
    /// By whom.
    pub business: PublicBusiness,
    /// Whether the customer may still move or cancel it.
    pub may_change: bool,
    /// Until when.
    pub may_change_until: Option<Timestamp>,
    /// The business still has to say that it holds.
    pub tentative: bool,
    /// For their own calendar.
    pub calendar_links: CalendarLinks,
    /// What opens it again.
    pub manage_token: String,
}

/// What is asked of a type's page.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PageAsk {
    /// From; now when absent.
    pub from: Option<Timestamp>,
    /// To, exclusive; a fortnight later when absent.
    pub to: Option<Timestamp>,
    /// The customer's zone; only for links.
    #[param(max_length = 64)]
    pub zone: Option<String>,
    /// Minutes.
    #[param(minimum = 1, maximum = 1440)]
    pub duration: Option<u32>,
    /// With whom.
    pub staff: Option<StaffId>,
    /// For so many.
    #[param(minimum = 1, maximum = 500)]
    pub seats: Option<u32>,
}

/// The business with this short name, and the context its customers act in.
pub async fn enter(app: &App, slug: &str) -> Result<(Context, Workspace)> {
    let short: String = slug.chars().take(80).collect();
    let found = workspace::find_by_slug_everywhere(app.store.reader(), &short).await?;
    let business = found.ok_or(AppError::NotFound("business"))?;
    Ok((app.system(business.id, "booking-page"), business))
}

pub(super) fn business_of(workspace: &Workspace) -> PublicBusiness {
    PublicBusiness {
        name: workspace.name.clone(),
        slug: workspace.slug.clone(),
        zone: workspace.zone.clone(),
        language: workspace.language,
        theme: workspace.theme.clone(),
        address: workspace.facts.address.clone(),
        phone: workspace.facts.phone.clone(),
    }
}

pub(crate) fn location_text(location: &Location, business: &Workspace, places: &[Place]) -> String {
    match location {
        Location::Business => business.facts.address.clone(),
        Location::Place { place_id } => places
            .iter()
            .find(|place| place.id == *place_id)
            .map(|place| [place.settings.name.as_str(), &place.settings.address].join(", "))
            .unwrap_or_default(),
        Location::Address { address } => address.clone(),
        Location::Phone | Location::Video { .. } | Location::Customer => String::new(),
    }
}

pub(super) fn type_of(kind: &BookingType, business: &Workspace, places: &[Place]) -> PublicType {
    let settings = &kind.settings;
    let location_kind = match settings.location {
        Location::Business => "business",
        Location::Place { .. } => "place",
        Location::Address { .. } => "address",
        Location::Phone => "phone",
        Location::Video { .. } => "video",
        Location::Customer => "customer",
    };
    PublicType {
        id: kind.id,
        slug: kind.slug.clone(),
        name: settings.name.clone(),
        description: settings.description.clone(),
        durations: settings.durations.clone(),
        capacity: settings.capacity,
        price: settings.price.clone(),
        location_text: location_text(&settings.location, business, places),
        location_kind: location_kind.to_owned(),
        questions: settings.questions.clone(),
        staff_mode: settings.staff.mode,
        confirmation_required: settings.confirmation_required,
        change_notice: settings.change_notice,
        color: settings.color.clone(),
    }
}

pub(super) fn people(staff: &[Staff], ids: impl Fn(StaffId) -> bool) -> Vec<PublicStaff> {
    staff
        .iter()
        .filter(|member| member.settings.active && ids(member.id))
        .map(|member| PublicStaff {
            id: member.id,
            name: member.settings.name.clone(),
            title: member.settings.title.clone(),
        })
        .collect()
}

/// A business and what can be booked there.
pub async fn business(app: &App, slug: &str) -> Result<PublicBusinessPage> {
    let (ctx, business) = enter(app, slug).await?;
    let (db, scope) = (app.store.reader(), ctx.scope());
    let places = place::list(db, scope).await?;
    let kinds = booking_type::list(db, scope).await?;
    let listed = kinds.iter().filter(|kind| kind.settings.active && kind.settings.listed);
    let types = listed.map(|kind| type_of(kind, &business, &places)).collect();
    Ok(PublicBusinessPage { business: business_of(&business), types })
}

/// A booking type's page with its first slots.
pub async fn page(app: &App, slug: &str, kind: &str, ask: &PageAsk) -> Result<PublicBookingPage> {
    let (ctx, business) = enter(app, slug).await?;
    let (db, scope) = (app.store.reader(), ctx.scope());
    let kind = kind_of(app, scope, kind).await?;
    let from = ask.from.unwrap_or_else(|| ctx.now()).max(ctx.now().minus(Duration::from_hours(24)));
    let to = ask.to.unwrap_or_else(|| from.plus(Duration::from_hours(24 * 14)));
    let chooses = kind.settings.staff.mode == StaffMode::Choose;
    let wanted = Ask {
        type_id: kind.id,
        from,
        to: if to > from { to } else { from.plus(Duration::from_hours(24)) },
        duration: ask.duration,
        staff: ask.staff.filter(|_| chooses),
        seats: ask.seats,
    };
    let Found { slots, next } = slots(app, &ctx, &wanted).await?;
    let members = &kind.settings.staff.members;
    let staff = staff::list(db, scope).await?;
    Ok(PublicBookingPage {
        business: business_of(&business),
        staff: people(&staff, |id| chooses && members.iter().any(|member| member.staff_id == id)),
        kind: type_of(&kind, &business, &place::list(db, scope).await?),
        slots,
        next,
        from: wanted.from,
        to: wanted.to,
        hold_minutes: booking_settings::get(db, scope).await?.hold_minutes,
        waiting_list: true,
    })
}

/// The active type with this short name.
pub async fn kind_of(app: &App, scope: Scope, slug: &str) -> Result<BookingType> {
    let short: String = slug.chars().take(120).collect();
    let found = booking_type::find_by_slug(app.store.reader(), scope, &short).await?;
    found.filter(|kind| kind.settings.active).ok_or(AppError::NotFound("booking type"))
}

/// What opens a booking: its id and its secret.
pub fn manage_token(stored: &Stored) -> String {
    let mut bytes = stored.booking.id.uuid().as_bytes().to_vec();
    bytes.extend_from_slice(stored.secret.as_bytes());
    format!("{PREFIX}{}", URL_SAFE_NO_PAD.encode(bytes))
}

/// The address at which a customer sees, moves and cancels a booking.
pub fn manage_url(app: &App, stored: &Stored) -> String {
    format!("{}/book/manage/{}", app.settings.public_url, manage_token(stored))
}

/// The booking a link opens, and the context its customer acts in.
pub async fn open(app: &App, token: &str) -> Result<(Context, Stored)> {
    let lost = || AppError::NotFound("booking");
    let encoded = token.strip_prefix(PREFIX).filter(|text| text.len() <= 200).ok_or_else(lost)?;
    let bytes = URL_SAFE_NO_PAD.decode(encoded).map_err(|_| lost())?;
    let (id, secret) = bytes.split_first_chunk::<16>().ok_or_else(lost)?;
    let id = BookingId::from_uuid(uuid::Uuid::from_bytes(*id));
    let (workspace, stored) = booking::find_everywhere(app.store.reader(), id).await?.ok_or_else(lost)?;
    if !bool::from(stored.secret.as_bytes().ct_eq(secret)) {
        return Err(lost());
    }
    Ok((app.system(workspace, "booking-link"), stored))
}

/// A booking as its customer sees it.
pub async fn describe(app: &App, ctx: &Context, stored: &Stored) -> Result<PublicBooking> {
    let (db, scope) = (app.store.reader(), ctx.scope());
    let business = workspace::get(db, scope).await?;
    let places = place::list(db, scope).await?;
    let kind = booking_type::get(db, scope, stored.booking.type_id).await?;
    let staff = staff::list(db, scope).await?;
    let booked = &stored.booking;
    let until = booked.start.minus(Duration::from_secs(u64::from(kind.settings.change_notice) * 60));
    let location_text = match &booked.location {
        Location::Video { url } => url.clone(),
        other => location_text(other, &business, &places),
    };
    let token = manage_token(stored);
    Ok(PublicBooking {
        reference: booked.reference.clone(),
        status: booked.status,
        start: booked.start,
        end: booked.end,
        zone: booked.zone.clone(),
        staff: people(&staff, |id| booked.staff.contains(&id)),
        price: booked.price.clone(),
        name: booked.name.clone(),
        seats: booked.seats,
        may_change: booked.status.is_open() && ctx.now() < until,
        may_change_until: booked.status.is_open().then_some(until),
        tentative: booked.tentative,
        calendar_links: links(app, &business, booked, &location_text, &token),
        business: business_of(&business),
        kind: type_of(&kind, &business, &places),
        location_text,
        manage_token: token,
    })
}

fn links(app: &App, business: &Workspace, booked: &Booking, place: &str, token: &str) -> CalendarLinks {
    let title = format!("{} – {}", booked.type_name, business.name);
    let compact = |at: Timestamp| at.to_jiff().strftime("%Y%m%dT%H%M%SZ").to_string();
    let dates = format!("{}/{}", compact(booked.start), compact(booked.end));
    let encode =
        |pairs: &[(&str, &str)]| form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
    let google = encode(&[("action", "TEMPLATE"), ("text", &title), ("dates", &dates), ("location", place)]);
    let (start, end) = (booked.start.to_string(), booked.end.to_string());
    let outlook = encode(&[
        ("rru", "addevent"),
        ("subject", &title),
        ("startdt", &start),
        ("enddt", &end),
        ("location", place),
    ]);
    CalendarLinks {
        google: format!("https://calendar.google.com/calendar/render?{google}"),
        outlook: format!("https://outlook.live.com/calendar/0/deeplink/compose?{outlook}"),
        ics: format!("{}/api/v1/public/booking/manage/{token}/calendar.ics", app.settings.public_url),
    }
}

/// Free times for moving a booking: its own time counts as free, so that it can move by half its length, but is not one
/// of them.
pub async fn slots_to_move(app: &App, token: &str, ask: &PageAsk) -> Result<Found> {
    let (ctx, stored) = open(app, token).await?;
    let from = ask.from.unwrap_or_else(|| ctx.now());
    let minutes = (stored.booking.end.as_millis() - stored.booking.start.as_millis()) / 60_000;
    let wanted = Ask {
        type_id: stored.booking.type_id,
        from,
        to: ask.to.unwrap_or_else(|| from.plus(Duration::from_hours(24 * 14))),
        duration: u32::try_from(minutes).ok(),
        staff: ask.staff,
        seats: Some(stored.booking.seats),
    };
    let own = stored.session.map(|session| (session, stored.booking.seats));
    let mut found = slots_but(app, &ctx, &wanted, own).await?;
    let stays = wanted.staff.is_none_or(|staff| stored.booking.staff == [staff]);
    found.slots.retain(|slot| !(stays && slot.start == stored.booking.start));
    if found.slots.is_empty() && found.next.is_none() {
        return slots(app, &ctx, &wanted).await;
    }
    Ok(found)
}

async fn changeable(app: &App, token: &str) -> Result<(Context, Stored)> {
    let (ctx, stored) = open(app, token).await?;
    if describe(app, &ctx, &stored).await?.may_change {
        return Ok((ctx, stored));
    }
    let why = if stored.booking.status.is_open() {
        "it is too late to change this appointment here; please call us"
    } else {
        "this appointment cannot be changed any more"
    };
    Err(AppError::Conflict(why.to_owned()))
}

/// The customer moves their booking.
pub async fn move_by_link(app: &App, token: &str, slot: &str) -> Result<PublicBooking> {
    let (ctx, stored) = changeable(app, token).await?;
    let to = Move { slot: Some(slot.to_owned()), ..Move::default() };
    reschedule(app, &ctx, stored.booking.id, &to).await?;
    let stored = booking::get(app.store.reader(), ctx.scope(), stored.booking.id).await?;
    describe(app, &ctx, &stored).await
}

/// The customer calls their booking off.
pub async fn cancel_by_link(app: &App, token: &str, why: &Cancel) -> Result<PublicBooking> {
    let (ctx, stored) = open(app, token).await?;
    if stored.booking.status != BookingStatus::Cancelled {
        changeable(app, token).await?;
        // Whoever calls off is told so: the message is their proof.
        let why = Cancel { notify: None, ..why.clone() };
        cancel(app, &ctx, stored.booking.id, &why, CancelledBy::Customer).await?;
    }
    let stored = booking::get(app.store.reader(), ctx.scope(), stored.booking.id).await?;
    describe(app, &ctx, &stored).await
}
