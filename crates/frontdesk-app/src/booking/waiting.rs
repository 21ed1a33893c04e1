//! The waiting list: joining, looking at it, leaving. Who is offered what is the business of `offer.rs`.

use std::time::Duration;

use frontdesk_domain::access::Permission;
use frontdesk_domain::booking::{WaitingEntry, WaitingStatus};
use frontdesk_domain::context::Context;
use frontdesk_domain::event::Event;
use frontdesk_domain::id::{BookingTypeId, ContactId, StaffId, WaitingId};
use frontdesk_domain::locale::Language;
use frontdesk_domain::page::{Page, PageRequest};
use frontdesk_domain::time::Timestamp;
use frontdesk_store::waiting::{self, Filter};
use frontdesk_store::{booking_session, booking_type, workspace};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::{IntoParams, ToSchema};

use super::details::{Given, contact_of, person};
use super::list::each;
use super::offer;
use crate::validate::Validator;
use crate::{App, AppError, Result};

/// The most who may wait in one workspace.
const MOST: u64 = 5_000;
/// The longest anybody waits.
const LONGEST: Duration = Duration::from_hours(24 * 366);

/// Somebody who wants to wait.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewWaiting {
    /// For what.
    pub type_id: BookingTypeId,
    /// Their times.
    #[serde(flatten)]
    pub wish: WaitingWish,
}

/// Who waits, and for which times.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct WaitingWish {
    /// A contact who is known.
    #[serde(default)]
    pub contact_id: Option<ContactId>,
    /// Or their name,
    #[serde(default)]
    #[schema(max_length = 120)]
    pub name: Option<String>,
    /// e-mail address, where offers go,
    #[serde(default)]
    #[schema(max_length = 254)]
    pub email: Option<String>,
    /// and phone number.
    #[serde(default)]
    #[schema(max_length = 64)]
    pub phone: Option<String>,
    /// They can come from here
    pub from: Timestamp,
    /// to here, exclusive; at most 366 days from now.
    pub to: Timestamp,
    /// Only with this staff member.
    #[serde(default)]
    pub staff_id: Option<StaffId>,
    /// Their IANA zone; the business's when absent.
    #[serde(default)]
    #[schema(max_length = 64)]
    pub zone: Option<String>,
    /// Their language; the business's when absent.
    #[serde(default)]
    pub language: Option<Language>,
}

/// Which entries.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct WaitingQuery {
    /// Of these statuses, separated by commas: `waiting`, `offered`, `booked`, `closed`.
    #[param(max_length = 100)]
    pub status: Option<String>,
    /// For this type.
    #[serde(rename = "type")]
    pub kind: Option<BookingTypeId>,
    /// Where the previous page ended.
    #[param(max_length = 400)]
    pub cursor: Option<String>,
    /// How many, 1 to 250.
    #[param(minimum = 1, maximum = 250)]
    pub limit: Option<u32>,
}

/// What somebody who joined is told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Joined {
    /// They are offered times from here
    pub from: Timestamp,
    /// to here, exclusive.
    pub to: Timestamp,
}

/// Puts somebody on the waiting list. Whoever waits for the type already gets the new times instead of the old.
pub async fn join(
    app: &App,
    ctx: &Context,
    type_id: BookingTypeId,
    wish: &WaitingWish,
    source: &str,
) -> Result<WaitingEntry> {
    ctx.require(Permission::BookingsWrite)?;
    let home = workspace::get(app.store.reader(), ctx.scope()).await?;
    let mut errors = Validator::new();
    let given = Given {
        contact_id: wish.contact_id,
        name: wish.name.as_deref(),
        email: wish.email.as_deref(),
        phone: wish.phone.as_deref(),
    };
    let person = person(&mut errors, &given, &home.country);
    if wish.contact_id.is_none() {
        errors.ensure("/email", person.email.is_some(), "is needed: offers go there");
    }
    errors.ensure("/to", wish.to > wish.from.max(ctx.now()), "must be after `from`, and still to come");
    errors.ensure("/to", wish.to <= ctx.now().plus(LONGEST), "may be at most 366 days away");
    let zone = wish.zone.clone().unwrap_or_else(|| home.zone.clone());
    errors.ensure(
        "/zone",
        jiff::tz::TimeZone::get(&zone).is_ok(),
        "is no IANA time zone, such as Europe/Berlin",
    );
    errors.finish()?;
    let tx = app.store.begin(ctx).await?;
    booking_session::take_turns(&tx).await?;
    let scope = tx.scope();
    let kind = booking_type::get(&tx, scope, type_id).await?;
    let serves = |id: StaffId| kind.settings.staff.members.iter().any(|member| member.staff_id == id);
    if wish.staff_id.is_some_and(|id| !serves(id)) {
        return Err(AppError::invalid("/staff_id", "does not do this"));
    }
    let language = wish.language.unwrap_or(home.language);
    let contact = contact_of(&tx, &person, language, source).await?;
    let email = person.email.or_else(|| contact.email.clone().filter(|_| wish.contact_id.is_some()));
    if email.is_none() {
        return Err(AppError::invalid("/contact_id", "has no e-mail address, where offers go"));
    }
    if let Some(mut known) = waiting::find_active(&tx, scope, contact.id, type_id).await? {
        (known.from, known.to, known.staff_id) = (wish.from.max(tx.now()), wish.to, wish.staff_id);
        waiting::set_range(&tx, scope, &known).await?;
        tx.emit(Event::WaitingListUpdated { waiting_id: known.id });
        tx.commit().await?;
        return Ok(known);
    }
    if waiting::count_active(&tx, scope).await? >= MOST {
        return Err(AppError::Conflict("the waiting list is full; please call us".to_owned()));
    }
    let entry = WaitingEntry {
        id: WaitingId::new(tx.now(), tx.random()),
        type_id,
        contact_id: contact.id,
        name: if person.name.is_empty() { contact.name } else { person.name },
        email,
        phone: person.phone.or_else(|| contact.phone.filter(|_| wish.contact_id.is_some())),
        staff_id: wish.staff_id,
        from: wish.from.max(tx.now()),
        to: wish.to,
        zone,
        language,
        status: WaitingStatus::Waiting,
        offer: None,
        created_at: tx.now(),
    };
    waiting::insert(&tx, scope, &entry).await?;
    tx.emit(Event::WaitingListUpdated { waiting_id: entry.id });
    tx.audit("waiting_list.join", Some(entry.id.to_string()), json!({ "type": type_id, "source": source }));
    tx.commit().await?;
    Ok(entry)
}

/// A page of the waiting list, who came first first.
pub async fn list(app: &App, ctx: &Context, query: &WaitingQuery) -> Result<Page<WaitingEntry>> {
    ctx.require(Permission::BookingsRead)?;
    let status = each::<String>("/status", query.status.as_deref())?
        .iter()
        .map(|word| {
            serde_json::from_value(json!(word))
                .map_err(|_| AppError::invalid("/status", "must be some of waiting, offered, booked, closed"))
        })
        .collect::<Result<Vec<WaitingStatus>>>()?;
    let filter = Filter { status, kind: query.kind };
    let page = PageRequest { cursor: query.cursor.clone(), limit: query.limit };
    let offset = page.cursor.as_deref().unwrap_or("0").parse::<u32>();
    let offset = offset.map_err(|_| AppError::invalid("/cursor", "is not a cursor of this list"))?;
    Ok(waiting::list(app.store.reader(), ctx.scope(), &filter, u64::from(offset), page.size()).await?)
}

/// Takes somebody off the list; a time on offer to them goes to the next.
pub async fn leave(app: &App, ctx: &Context, id: WaitingId) -> Result<()> {
    ctx.require(Permission::BookingsWrite)?;
    let tx = app.store.begin(ctx).await?;
    booking_session::take_turns(&tx).await?;
    let entry = waiting::get(&tx, tx.scope(), id).await?;
    if matches!(entry.status, WaitingStatus::Booked | WaitingStatus::Closed) {
        return Ok(());
    }
    if let Some(open) = waiting::open_offer(&tx, tx.scope(), id).await? {
        offer::end(&tx, &open, waiting::OfferState::Declined).await?;
    }
    waiting::set_status(&tx, tx.scope(), id, WaitingStatus::Closed).await?;
    tx.emit(Event::WaitingListUpdated { waiting_id: id });
    tx.audit("waiting_list.leave", Some(id.to_string()), json!({}));
    tx.commit().await?;
    Ok(())
}
