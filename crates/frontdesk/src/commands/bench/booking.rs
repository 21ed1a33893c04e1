//! How fast slots are found, for a month of a small business and a quarter of a big one; how fast phrases are read; and how
//! long a customer waits for free times, for a hold and for the booking, alone and in a crowd.

use std::hint::black_box;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use frontdesk_app::booking::public::{self, PageAsk};
use frontdesk_app::booking::{self, Ask, Door, NewBooking, NewHold};
use frontdesk_app::conversation::start;
use frontdesk_app::schedule::{kind, things};
use frontdesk_app::{App, AppError};
use frontdesk_domain::availability::scenario::Scenario;
use frontdesk_domain::availability::{Slot, obstacles, slots};
use frontdesk_domain::booking::BookingSource;
use frontdesk_domain::booking_type::BookingType;
use frontdesk_domain::context::Context;
use frontdesk_domain::natural_time::{Locale, Request, read};
use frontdesk_store::workspace;
use serde_json::{Value, json};

use super::{Bench, Figure, percentile};

/// Bookings made one after the other.
const ALONE: usize = 500;
/// Bookings wanted at once, in how many at a time.
const CROWD: usize = 600;
const AT_ONCE: usize = 32;
/// Wishes for each time.
const AFTER: usize = 20;
/// Goal of a hold and the booking of it together, in milliseconds.
const BOOK_GOAL: f64 = 10.0;
/// Phrases as customers say them.
const PHRASES: &[&str] = &[
    "tomorrow at 3",
    "next Tuesday afternoon",
    "in two hours",
    "the 3rd at half four",
    "Friday week",
    "between 2 and 4 on Monday",
    "any evening after the 12th",
    "first thing Thursday",
    "noon",
    "15:30",
    "3/4",
    "every other Monday",
    "an hour later",
    "same time Thursday",
    "could I maybe come in some time next week, ideally Wednesday or Thursday after 5pm?",
    "my tooth hurts and I have no idea what to do",
];

/// Measures the engine alone; takes a few seconds.
pub fn engine() -> Vec<Figure> {
    let mut figures = vec![phrases()];
    for (name, staff, busy, days, rounds, goal) in
        [("month", 10, 1_000, 30, 2_000, 1.0), ("quarter", 100, 10_000, 90, 200, 20.0)]
    {
        let scenario = Scenario::new(staff, busy, days);
        let (question, ranges) = (scenario.question(), [scenario.range()]);
        let found = slots(&question, &ranges).len();
        let note = format!("{days} days, {staff} staff, {busy} busy intervals: {found} slots");
        let sorted = timed(rounds, || slots(&question, &ranges).len());
        for (label, share) in [("p50", 0.5), ("p99", 0.99)] {
            let value = percentile(&sorted, share);
            figures.push((
                format!("availability.{name}.{label}"),
                value,
                "ms",
                Some(goal),
                "lower",
                note.clone(),
            ));
        }
        // Half past twelve on the fourth day, when everybody is at lunch.
        let lunch = scenario.range().0.plus(Duration::from_mins((3 * 24 + 12) * 60 + 30));
        let sorted = timed(rounds, || obstacles(&question, lunch).len());
        let note = format!("why not at a time, for each of {staff} staff");
        let value = percentile(&sorted, 0.99);
        figures.push((format!("availability.{name}.obstacles.p99"), value, "ms", Some(goal), "lower", note));
    }
    figures
}

/// Per phrase, with its clauses found in the text.
fn phrases() -> Figure {
    let (now, zone) =
        (jiff::Timestamp::UNIX_EPOCH + jiff::SignedDuration::from_hours(490_000), jiff::tz::TimeZone::UTC);
    let locale = Locale::parse("en-US");
    let rounds = 2_000;
    let mut samples = Vec::with_capacity(rounds * PHRASES.len());
    for _ in 0..rounds {
        for text in PHRASES {
            let request = Request {
                text,
                now,
                zone: &zone,
                locale: locale.clone(),
                business_hours: None,
                previous: Some(now),
            };
            let started = Instant::now();
            black_box(read(&request).len());
            samples.push(started.elapsed());
        }
    }
    samples.sort_unstable();
    let note = format!("{} phrases of a few words, one after the other", samples.len());
    ("time.phrase.p99".to_owned(), percentile(&samples, 0.99) * 1000.0, "µs", Some(100.0), "lower", note)
}

/// Measures booking with its database.
pub async fn measure() -> anyhow::Result<Vec<Figure>> {
    let bench = Bench::start().await?;
    let figures = desk(&bench.app).await;
    bench.stop().await;
    figures
}

async fn desk(app: &Arc<App>) -> anyhow::Result<Vec<Figure>> {
    let door = start::open_door(app, frontdesk_app::demo::WIDGET_KEY, None).await?;
    let ctx = app.system(door.workspace, "bench");
    let kind = opened(app, &ctx).await?;
    let slug = workspace::get(app.store.reader(), ctx.scope()).await?.slug;
    let free = free(app, &ctx, &kind).await?;
    let mut page = Vec::new();
    for _ in 0..200 {
        let started = Instant::now();
        public::page(app, &slug, &kind.slug, &PageAsk::default()).await?;
        page.push(started.elapsed());
    }
    page.sort_unstable();
    let mut alone = Vec::with_capacity(ALONE);
    for (number, slot) in free.iter().enumerate().take(ALONE) {
        let started = Instant::now();
        let new = NewHold { slot: slot.slot.clone(), seats: None };
        let held = booking::hold(app, &ctx, &new, kind.id, &format!("visitor {number}")).await?;
        let input = NewBooking { hold: Some(held.token), ..guest(number) };
        booking::create(app, &ctx, &input, BookingSource::Page, &Door::default()).await?;
        alone.push(started.elapsed());
    }
    alone.sort_unstable();
    let rest: Vec<Slot> = free.into_iter().skip(ALONE).take(CROWD / AFTER).collect();
    let started = Instant::now();
    let made = crowd(app, &ctx, &rest).await?;
    let per_second = made as f64 / started.elapsed().as_secs_f64();
    let note = format!("{} bookings one after the other, SQLite, durably", alone.len());
    let crowded = format!(
        "{made} of {CROWD} wanted, {AT_ONCE} at a time, {AFTER} after each time, which has ten places, SQLite"
    );
    let first = "free times of two weeks with 10 staff, as the booking page asks for them".to_owned();
    Ok(vec![
        ("booking.first_slots.p99".to_owned(), percentile(&page, 0.99), "ms", None, "lower", first),
        (
            "booking.hold_and_confirm.p50".to_owned(),
            percentile(&alone, 0.5),
            "ms",
            None,
            "lower",
            note.clone(),
        ),
        (
            "booking.hold_and_confirm.p99".to_owned(),
            percentile(&alone, 0.99),
            "ms",
            Some(BOOK_GOAL),
            "lower",
            note,
        ),
        ("booking.contended".to_owned(), per_second, "1/s", None, "higher", crowded),
    ])
}

/// A type that ten members of staff do, all day and all week.
async fn opened(app: &App, ctx: &Context) -> anyhow::Result<BookingType> {
    let days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
    let weekly: Vec<Value> =
        days.iter().map(|day| json!({ "day": day, "hours": { "from": 0, "to": 1440 } })).collect();
    let mut members = Vec::new();
    for number in 0..10 {
        let settings =
            json!({ "name": format!("Staff {number}"), "active": true, "schedule": { "weekly": weekly } });
        let made = things::create_staff(app, ctx, serde_json::from_value(settings)?).await?;
        members.push(json!({ "staff_id": made.id, "weight": 1 }));
    }
    let settings = json!({ "name": "Measured visit", "slot_step": 30,
        "staff": { "mode": "round_robin", "members": members } });
    Ok(kind::create(app, ctx, &serde_json::from_value(settings)?).await?)
}

async fn free(app: &App, ctx: &Context, kind: &BookingType) -> anyhow::Result<Vec<Slot>> {
    let from = ctx.now();
    let to = from.plus(Duration::from_hours(24 * 40));
    let ask = Ask { type_id: kind.id, from, to, duration: None, staff: None, seats: None };
    let found = booking::slots(app, ctx, &ask).await?.slots;
    anyhow::ensure!(found.len() > ALONE + CROWD, "only {} free times", found.len());
    Ok(found)
}

/// More after each time than it has places, many at once; how many got one.
async fn crowd(app: &Arc<App>, ctx: &Context, slots: &[Slot]) -> anyhow::Result<usize> {
    let wishes: Vec<NewBooking> = (0..CROWD)
        .filter_map(|number| {
            let slot = slots.get(number / AFTER)?;
            Some(NewBooking { slot: Some(slot.slot.clone()), ..guest(10_000 + number) })
        })
        .collect();
    let mut made = 0;
    let mut wishes = wishes.into_iter();
    while wishes.len() > 0 {
        let mut running = tokio::task::JoinSet::new();
        for wish in wishes.by_ref().take(AT_ONCE) {
            let (app, ctx) = (Arc::clone(app), ctx.clone());
            running.spawn(async move {
                booking::create(&app, &ctx, &wish, BookingSource::Api, &Door::default()).await
            });
        }
        while let Some(done) = running.join_next().await {
            match done.context("a booking died")? {
                Ok(_) => made += 1,
                Err(AppError::Taken(_) | AppError::Raced | AppError::Unavailable(_)) => {}
                Err(error) => return Err(error.into()),
            }
        }
    }
    Ok(made)
}

fn guest(number: usize) -> NewBooking {
    NewBooking {
        name: Some(format!("Guest {number}")),
        email: Some(format!("guest{number}@example.com")),
        ..NewBooking::default()
    }
}

fn timed(rounds: usize, work: impl Fn() -> usize) -> Vec<Duration> {
    let mut samples: Vec<Duration> = (0..rounds)
        .map(|_| {
            let started = Instant::now();
            black_box(work());
            started.elapsed()
        })
        .collect();
    samples.sort_unstable();
    samples
}
