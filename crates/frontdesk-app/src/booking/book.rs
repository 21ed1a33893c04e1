//! Booking: a hold or a free slot becomes an appointment.

use std::collections::BTreeMap;

use frontdesk_domain::access::Permission;
use frontdesk_domain::availability::SlotKey;
use frontdesk_domain::booking::{Booking, BookingChangeKind, BookingSource, BookingStatus};
use frontdesk_domain::booking_type::BookingType;
use frontdesk_domain::context::Context;
use frontdesk_domain::event::Event;
use frontdesk_domain::id::{BookingId, BookingTypeId, ContactId, ConversationId, StaffId};
use frontdesk_domain::locale::Language;
use frontdesk_domain::random::Random;
use frontdesk_domain::template::TemplateKind;
use frontdesk_domain::text;
use frontdesk_domain::time::Timestamp;
use frontdesk_store::booking::{RequestKey, Stored};
use frontdesk_store::booking_session::{self, StoredHold};
use frontdesk_store::{booking, booking_type, workspace};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use super::details::{Given, Person, answers, contact_of, person};
use super::hold::release_own;
use super::line::{self, Happening};
use super::note;
use super::reserve::{Refused, Tries, Wanted, reserve};
use crate::calendar::is_stale;
use crate::validate::Validator;
use crate::{App, AppError, Result, notice, token};

/// An appointment to make: of a hold, of a slot, or of a type at a start.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct NewBooking {
    /// The token of a hold.
    #[schema(max_length = 100)]
    pub hold: Option<String>,
    /// A slot as availability gave it.
    #[schema(max_length = 64)]
    pub slot: Option<String>,
    /// The type, with `start`.
    pub type_id: Option<BookingTypeId>,
    /// When it starts.
    pub start: Option<Timestamp>,
    /// Minutes; the type's usual duration when absent.
    #[schema(minimum = 5, maximum = 1440)]
    pub duration: Option<u32>,
    /// With whom.
    pub staff_id: Option<StaffId>,
    /// For so many; one when absent.
    #[schema(minimum = 1, maximum = 500)]
    pub seats: Option<u32>,
    /// For a contact who is known.
    pub contact_id: Option<ContactId>,
    /// Or their name,
    #[schema(max_length = 120)]
    pub name: Option<String>,
    /// e-mail address
    #[schema(max_length = 254)]
    pub email: Option<String>,
    /// and phone number.
    #[schema(max_length = 64)]
    pub phone: Option<String>,
    /// Their IANA zone; the business's when absent.
    #[schema(max_length = 64)]
    pub zone: Option<String>,
    /// The language to write to them in; the business's when absent.
    pub language: Option<Language>,
    /// Answers to the type's questions, by key; choices of `multi_select` one a line.
    pub answers: BTreeMap<String, String>,
    /// What they add.
    #[schema(max_length = 2000)]
    pub message: String,
    /// Book outside of hours, notice and limits, as a person may; never over somebody.
    pub outside_hours: bool,
    /// Whether the customer gets a message about it; they do when absent.
    pub notify: Option<bool>,
}

/// The door a booking comes through, with what it brings along.
#[derive(Debug, Clone, Default)]
pub struct Door {
    /// The conversation it is made in.
    pub conversation_id: Option<ConversationId>,
    /// A key under which the same request may be repeated.
    pub request_key: Option<String>,
}

/// Letters and digits that are not mistaken for each other when read out.
const REFERENCE: &[u8] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";

pub(super) fn reference(random: &dyn Random) -> String {
    let mut bytes = [0_u8; 6];
    random.fill(&mut bytes);
    bytes
        .iter()
        .filter_map(|byte| REFERENCE.get(usize::from(*byte) % REFERENCE.len()))
        .map(|c| char::from(*c))
        .collect()
}

/// Makes an appointment. The same request key with the same input gives the first one back.
pub async fn create(
    app: &App,
    ctx: &Context,
    input: &NewBooking,
    source: BookingSource,
    door: &Door,
) -> Result<Stored> {
    ctx.require(Permission::BookingsWrite)?;
    let request = request_key(input, door)?;
    let mut tries = Tries::default();
    loop {
        // Of before, or of just now: the same request may have come twice at the same time.
        if let Some(request) = &request
            && let Some(earlier) = made_before(app, ctx, request).await?
        {
            return Ok(earlier);
        }
        match create_once(app, ctx, input, source, door, request.as_ref()).await {
            Ok(made) => return Ok(made),
            Err(why) => tries.again(app, ctx, why).await?,
        }
    }
}

async fn made_before(app: &App, ctx: &Context, request: &RequestKey) -> Result<Option<Stored>> {
    match booking::find_by_request(app.store.reader(), ctx.scope(), &request.key).await? {
        Some((_, hash)) if hash != request.hash => Err(AppError::Conflict(
            "this Idempotency-Key was used for another booking; use a new one".to_owned(),
        )),
        found => Ok(found.map(|(earlier, _)| earlier)),
    }
}

fn request_key(input: &NewBooking, door: &Door) -> Result<Option<RequestKey>> {
    let Some(key) = &door.request_key else { return Ok(None) };
    let fits = (1..=200).contains(&key.len()) && key.bytes().all(|byte| byte.is_ascii_graphic());
    if !fits {
        return Err(AppError::invalid(
            "/idempotency-key",
            "must be 1 to 200 printable ASCII characters without spaces",
        ));
    }
    // A hold lapses and is taken anew; the person and the time make the request.
    let mut same = input.clone();
    same.hold = None;
    let text = serde_json::to_string(&same).map_err(|error| AppError::Internal(error.to_string()))?;
    Ok(Some(RequestKey { key: key.clone(), hash: token::hash(&text) }))
}

/// What is booked, and how it is got.
enum Way {
    Hold(StoredHold),
    Slot(Box<Wanted>),
}

/// Who books, checked.
struct Checked {
    person: Person,
    answers: BTreeMap<String, String>,
    message: String,
    zone: String,
    language: Language,
}

async fn create_once(
    app: &App,
    ctx: &Context,
    input: &NewBooking,
    source: BookingSource,
    door: &Door,
    request: Option<&RequestKey>,
) -> Result<Stored, Refused> {
    let business = workspace::get(app.store.reader(), ctx.scope()).await?;
    let tx = app.store.begin(ctx).await?;
    booking_session::take_turns(&tx).await?;
    let (way, kind) = way(&tx, input).await?;
    let checked = check(input, &kind, source, &business)?;
    booking_session::sweep(&tx, tx.scope(), tx.now()).await?;
    let id = BookingId::new(tx.now(), tx.random());
    let (session, seats) = match way {
        Way::Hold(kept) => {
            let session = booking_session::get(&tx, tx.scope(), kept.session).await?;
            booking_session::pass_seats(&tx, tx.scope(), kept.id, id.uuid()).await?;
            booking_session::delete_hold(&tx, tx.scope(), kept.id).await?;
            (session, kept.seats)
        }
        Way::Slot(wanted) => {
            release_own(&tx, ctx).await?;
            (reserve(&tx, &wanted, id.uuid()).await?, wanted.seats)
        }
    };
    booking_session::settle(&tx, tx.scope(), session.id).await?;
    let door_name =
        serde_json::to_value(source).ok().and_then(|it| it.as_str().map(str::to_owned)).unwrap_or_default();
    let contact = contact_of(&tx, &checked.person, checked.language, &door_name).await?;
    let settings = kind.settings;
    // A person at the desk knows, and what is imported was agreed before; everybody else is told that it will be confirmed.
    let is_settled = matches!(source, BookingSource::Dashboard | BookingSource::Import);
    let tentative = !is_settled && is_stale(&tx, tx.scope(), &session.staff, tx.now()).await?;
    let to_confirm = settings.confirmation_required && !is_settled;
    let status = if to_confirm || tentative { BookingStatus::Pending } else { BookingStatus::Confirmed };
    let own = |typed: Option<String>, known: Option<String>| typed.or(known);
    let by_team = checked.person.contact_id.is_some();
    let stored = Stored {
        booking: Booking {
            id,
            reference: reference(tx.random()),
            type_id: session.type_id,
            type_name: settings.name,
            status,
            start: session.start,
            end: session.end,
            zone: checked.zone,
            language: checked.language,
            contact_id: contact.id,
            name: if checked.person.name.is_empty() { contact.name } else { checked.person.name },
            // What is known of a contact goes into a booking only when the team, or the contact itself, books.
            email: own(checked.person.email, contact.email.filter(|_| by_team)),
            phone: own(checked.person.phone, contact.phone.filter(|_| by_team)),
            seats,
            staff: session.staff.clone(),
            resources: session.resources.clone(),
            location: settings.location,
            price: settings.price,
            answers: checked.answers,
            message: checked.message,
            source,
            conversation_id: door.conversation_id,
            tentative,
            flagged: None,
            cancellation: None,
            moves: 0,
            sequence: 0,
            created_at: tx.now(),
            updated_at: tx.now(),
        },
        session: Some(session.id),
        secret: token::generate("", tx.random()),
    };
    booking::insert(&tx, tx.scope(), &stored, request).await?;
    note(&tx, ctx, id, BookingChangeKind::Created { status }).await?;
    if input.notify == Some(false) {
        let told = if status == BookingStatus::Pending {
            TemplateKind::BookingPending
        } else {
            TemplateKind::BookingConfirmed
        };
        notice::withhold(&tx, &stored.booking, told).await?;
    }
    if let Some(conversation) = door.conversation_id {
        line::own(&tx, conversation, id).await?;
        line::tell(&tx, ctx, &stored.booking, Happening::Made).await?;
    }
    tx.emit(Event::BookingCreated { booking_id: id });
    let detail =
        json!({ "type": stored.booking.type_id, "start": stored.booking.start, "source": door_name });
    tx.audit("booking.create", Some(id.to_string()), detail);
    tx.commit().await?;
    Ok(stored)
}

async fn way(tx: &frontdesk_store::Tx, input: &NewBooking) -> Result<(Way, BookingType)> {
    if let Some(secret) = &input.hold {
        let found = booking_session::find_hold(tx, tx.scope(), &token::hash(secret), tx.now()).await?;
        let Some(kept) = found else {
            return Err(AppError::invalid("/hold", "has lapsed; choose the time again"));
        };
        let kind = booking_type::get(tx, tx.scope(), kept.type_id).await?;
        return Ok((Way::Hold(kept), kind));
    }
    let key = match (&input.slot, input.type_id, input.start) {
        (Some(text), ..) => SlotKey::from_text(text)
            .ok_or_else(|| AppError::invalid("/slot", "is not a slot; ask for the free times again"))?,
        (None, Some(type_id), Some(start)) => {
            let minutes = input.duration.unwrap_or(0);
            SlotKey { type_id, start, minutes, staff_id: input.staff_id }
        }
        _ => return Err(AppError::invalid("/slot", "is needed, or `hold`, or `type_id` and `start`")),
    };
    let kind = booking_type::get(tx, tx.scope(), key.type_id).await?;
    let minutes = if key.minutes == 0 { kind.settings.usual_duration() } else { key.minutes };
    let wanted = Wanted {
        kind: kind.clone(),
        start: key.start,
        minutes,
        seats: input.seats.unwrap_or(1),
        staff_id: key.staff_id.or(input.staff_id),
        by_hand: input.outside_hours,
        rather: None,
    };
    Ok((Way::Slot(Box::new(wanted)), kind))
}

fn check(
    input: &NewBooking,
    kind: &BookingType,
    source: BookingSource,
    business: &frontdesk_domain::workspace::Workspace,
) -> Result<Checked> {
    let mut errors = Validator::new();
    let given = Given {
        contact_id: input.contact_id,
        name: input.name.as_deref(),
        email: input.email.as_deref(),
        phone: input.phone.as_deref(),
    };
    let person = person(&mut errors, &given, &business.country);
    let strict = matches!(source, BookingSource::Page | BookingSource::Widget | BookingSource::Agent);
    let answers = answers(&mut errors, &kind.settings, &input.answers, &business.country, strict);
    let message = errors.take("/message", text::lines(&input.message, 2_000));
    let zone = input.zone.clone().unwrap_or_else(|| business.zone.clone());
    errors.ensure(
        "/zone",
        jiff::tz::TimeZone::get(&zone).is_ok(),
        "is no IANA time zone, such as Europe/Berlin",
    );
    errors.ensure("/seats", input.seats.is_none_or(|it| (1..=500).contains(&it)), "must be 1 to 500");
    errors.ensure(
        "/duration",
        input.duration.is_none_or(|it| (5..=1440).contains(&it)),
        "must be 5 to 1440 minutes",
    );
    errors.finish()?;
    Ok(Checked { person, answers, message, zone, language: input.language.unwrap_or(business.language) })
}
