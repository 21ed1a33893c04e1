//! Who can be booked for what at the demo business, the appointments there are, and who waits.

use std::collections::BTreeMap;
use std::time::Duration;

use frontdesk_domain::booking::{BookingSource, BookingStatus, WaitingEntry, WaitingStatus};
use frontdesk_domain::booking_type::{
    BookingType, BookingTypeSettings, PoolMember, Price, Question, StaffMode, StaffPool,
};
use frontdesk_domain::id::{StaffId, WaitingId};
use frontdesk_domain::locale::Language;
use frontdesk_domain::schedule::{Staff, StaffSettings};
use frontdesk_domain::time::Timestamp;
use frontdesk_store::{Tx, booking_type, staff, waiting};
use jiff::ToSpan;
use jiff::tz::TimeZone;
use serde::Deserialize;
use serde_json::json;

use super::business::Made;
use super::history::People;
use super::read;
use crate::booking::record::{Recorded, record, starts};
use crate::schedule::kind;
use crate::{AppError, Result};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ScheduleData {
    bookings: Vec<BookingData>,
    staff: Vec<StaffData>,
    kind: Vec<KindData>,
    waiting: Vec<WaitingData>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct StaffData {
    key: String,
    name: String,
    title: String,
    color: String,
    days: Vec<String>,
    from: u32,
    to: u32,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct KindData {
    slug: String,
    name: String,
    description: String,
    minutes: Vec<u32>,
    #[serde(default)]
    buffer_after: u32,
    step: u32,
    #[serde(default = "two_hours")]
    notice: u32,
    /// In cents; 0 is free.
    price: u32,
    color: String,
    #[serde(default)]
    confirmation_required: bool,
    mode: StaffMode,
    staff: Vec<String>,
    #[serde(default)]
    questions: Vec<Question>,
}

const fn two_hours() -> u32 {
    120
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct BookingData {
    day: i64,
    at: jiff::civil::Time,
    kind: String,
    who: String,
    source: BookingSource,
    /// Days before it that it was made.
    made: u32,
    status: Option<BookingStatus>,
    #[serde(default)]
    answers: BTreeMap<String, String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WaitingData {
    kind: String,
    who: String,
    days: u32,
}

const DAY: Duration = Duration::from_hours(24);

/// Writes everything down.
pub async fn write(tx: &mut Tx, now: Timestamp, made: &Made, people: &People) -> Result<()> {
    let data: ScheduleData = read("schedule.toml", include_str!("data/schedule.toml"))?;
    // What every workspace begins with makes room.
    for usual in booking_type::list(tx, tx.scope()).await? {
        booking_type::delete(tx, tx.scope(), usual.id).await?;
    }
    let mut members = Vec::new();
    for one in &data.staff {
        members.push((one.key.as_str(), write_staff(tx, one).await?));
    }
    let mut kinds = Vec::new();
    for one in &data.kind {
        kinds.push(write_kind(tx, one, &members).await?);
    }
    let kind_of = |slug: &str| {
        let found = kinds.iter().find(|kind: &&BookingType| kind.slug == slug);
        found.cloned().ok_or_else(|| AppError::Internal(format!("the demo has no booking type `{slug}`")))
    };
    for (number, one) in data.bookings.iter().enumerate() {
        let kind = kind_of(&one.kind)?;
        let day = day_of(now, one.day, &made.zone)?;
        let asked = now.min(day).minus(DAY * one.made);
        let found = starts(tx, &kind, (day, day.plus(DAY * 4)), asked).await?;
        let wish = wish_of(day, one.at, &made.zone)?;
        // What lies ahead stays ahead, and what is past, past.
        let found = found.into_iter().filter(|start| (*start > now) == (one.day >= 0));
        let nearest = found.min_by_key(|start| start.as_millis().abs_diff(wish.as_millis()));
        let Some(start) = nearest else { continue };
        // A second apart, so that they are told in one order.
        tx.at(asked.plus(Duration::from_secs(number as u64)).min(now));
        let usual = if start < now { BookingStatus::Completed } else { open_status(&kind) };
        let new = Recorded {
            kind,
            start,
            contact: people.get(&one.who)?.clone(),
            language: Language::En,
            zone: made.zone.clone(),
            status: one.status.unwrap_or(usual),
            source: one.source,
            answers: one.answers.clone(),
        };
        match record(tx, new).await {
            Ok(_) | Err(AppError::Taken(_)) => {}
            Err(error) => return Err(error),
        }
    }
    tx.at(now);
    for one in &data.waiting {
        let contact = people.get(&one.who)?;
        let entry = WaitingEntry {
            id: WaitingId::new(tx.now(), tx.random()),
            type_id: kind_of(&one.kind)?.id,
            contact_id: contact.id,
            name: contact.name.clone(),
            email: contact.email.clone(),
            phone: contact.phone.clone(),
            staff_id: None,
            from: now,
            to: now.plus(DAY * one.days),
            zone: made.zone.clone(),
            language: Language::En,
            status: WaitingStatus::Waiting,
            offer: None,
            created_at: now,
        };
        waiting::insert(tx, tx.scope(), &entry).await?;
    }
    Ok(())
}

fn open_status(kind: &BookingType) -> BookingStatus {
    if kind.settings.confirmation_required { BookingStatus::Pending } else { BookingStatus::Confirmed }
}

/// Midnight of the day so many days from today, in the business's zone.
fn day_of(now: Timestamp, days: i64, zone: &str) -> Result<Timestamp> {
    let zone = TimeZone::get(zone).unwrap_or(TimeZone::UTC);
    let today = now.to_jiff().to_zoned(zone.clone()).date();
    let day = today.checked_add(days.days()).and_then(|day| day.to_zoned(zone));
    let day = day.map_err(|error| AppError::Internal(format!("the demo's day: {error}")))?;
    Ok(Timestamp::from(day.timestamp()))
}

fn wish_of(day: Timestamp, at: jiff::civil::Time, zone: &str) -> Result<Timestamp> {
    let zone = TimeZone::get(zone).unwrap_or(TimeZone::UTC);
    let date = day.to_jiff().to_zoned(zone.clone()).date();
    let wish = date.to_datetime(at).to_zoned(zone);
    let wish = wish.map_err(|error| AppError::Internal(format!("the demo's time: {error}")))?;
    Ok(Timestamp::from(wish.timestamp()))
}

async fn write_staff(tx: &Tx, one: &StaffData) -> Result<StaffId> {
    let hours = json!({ "from": one.from, "to": one.to });
    let weekly: Vec<_> = one.days.iter().map(|day| json!({ "day": day, "hours": hours })).collect();
    let settings = json!({ "name": one.name, "title": one.title, "color": one.color, "active": true,
        "schedule": { "weekly": weekly } });
    let settings: StaffSettings = serde_json::from_value(settings)
        .map_err(|error| AppError::Internal(format!("the demo's staff: {error}")))?;
    let id = StaffId::new(tx.now(), tx.random());
    let member = Staff { id, settings, created_at: tx.now(), updated_at: tx.now() };
    staff::insert(tx, tx.scope(), &member).await?;
    Ok(id)
}

async fn write_kind(tx: &Tx, one: &KindData, members: &[(&str, StaffId)]) -> Result<BookingType> {
    let pool = members.iter().filter(|(key, _)| one.staff.iter().any(|known| known == key));
    let pool = pool.map(|(_, staff_id)| PoolMember { staff_id: *staff_id, weight: 1 }).collect();
    let settings = BookingTypeSettings {
        name: one.name.clone(),
        description: one.description.clone(),
        color: one.color.clone(),
        durations: one.minutes.clone(),
        buffer_after: one.buffer_after,
        minimum_notice: one.notice,
        slot_step: one.step,
        price: Some(Price { minor: one.price, currency: "USD".to_owned() }),
        questions: one.questions.clone(),
        confirmation_required: one.confirmation_required,
        staff: StaffPool { mode: one.mode, members: pool },
        change_notice: 24 * 60,
        ..BookingTypeSettings::default()
    };
    kind::insert(tx, settings, Some(one.slug.clone())).await
}
