//! Many people after the same time: winners equal the places there are, through whatever door they come.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use frontdesk_app::booking::{self, Ask, Cancel, Door, Move, NewBooking, NewHold};
use frontdesk_app::schedule::{kind, things};
use frontdesk_app::{App, AppError};
use frontdesk_domain::booking::{Booking, BookingSource, BookingStatus, CancelledBy};
use frontdesk_domain::booking_type::BookingType;
use frontdesk_domain::context::Context;
use frontdesk_domain::schedule::Staff;
use frontdesk_domain::time::Timestamp;
use frontdesk_store::{booking as bookings, booking_session};
use frontdesk_testkit::{START, TestApp, on_both};
use futures_util::future::join_all;
use serde_json::{Value, json};

const DAY: Duration = Duration::from_hours(24);

/// A business whose staff work all week from nine to five.
pub struct Practice {
    pub app: Arc<App>,
    pub ctx: Context,
    staff: Vec<Staff>,
}

impl Practice {
    pub async fn open(app: &TestApp, names: &[&str]) -> Self {
        let ctx = app.system(app.signed_up("ana").await.workspace_id().await);
        let days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
        let weekly: Vec<Value> =
            days.iter().map(|day| json!({ "day": day, "hours": { "from": 540, "to": 1020 } })).collect();
        let mut staff = Vec::new();
        for name in names {
            let settings = json!({ "name": name, "active": true, "schedule": { "weekly": weekly } });
            let settings = serde_json::from_value(settings).unwrap();
            staff.push(things::create_staff(&app.app, &ctx, settings).await.unwrap());
        }
        Self { app: Arc::clone(&app.app), ctx, staff }
    }

    /// A type of these settings that all the staff do.
    pub async fn offers(&self, mode: &str, mut settings: Value) -> BookingType {
        let members: Vec<Value> =
            self.staff.iter().map(|member| json!({ "staff_id": member.id, "weight": 1 })).collect();
        settings["name"] = json!(format!("Visit {mode}"));
        settings["staff"] = json!({ "mode": mode, "members": members });
        let new = serde_json::from_value(settings).unwrap();
        kind::create(&self.app, &self.ctx, &new).await.unwrap()
    }

    /// Starts of the free times of a day, counted from the day the tests begin on.
    pub async fn free(&self, kind: &BookingType, day: u32) -> Vec<(Timestamp, String)> {
        let from = START.plus(DAY * day);
        let ask =
            Ask { type_id: kind.id, from, to: from.plus(DAY), duration: None, staff: None, seats: None };
        let found = booking::slots(&self.app, &self.ctx, &ask).await.unwrap();
        found.slots.into_iter().map(|slot| (slot.start, slot.slot)).collect()
    }

    /// Books; whoever hears that the desk is too busy asks again, as any program would.
    pub async fn book(&self, input: &NewBooking, source: BookingSource) -> Result<Booking, AppError> {
        loop {
            match booking::create(&self.app, &self.ctx, input, source, &Door::default()).await {
                Err(AppError::Unavailable(_)) => {}
                outcome => return outcome.map(|made| made.booking),
            }
        }
    }

    /// Holds, as patiently.
    async fn hold(&self, kind: &BookingType, slot: &str, holder: &str) -> Result<String, AppError> {
        let new = NewHold { slot: slot.to_owned(), seats: None };
        loop {
            match booking::hold(&self.app, &self.ctx, &new, kind.id, holder).await {
                Err(AppError::Unavailable(_)) => {}
                outcome => return outcome.map(|held| held.token),
            }
        }
    }

    /// Comes through a door that depends on the number: a hold first, a slot, or by hand outside of the rules.
    async fn contend(
        &self,
        kind: &BookingType,
        slot: &(Timestamp, String),
        number: usize,
    ) -> Result<Booking, AppError> {
        let mut input = guest(number);
        match number % 3 {
            0 => {
                input.hold = Some(self.hold(kind, &slot.1, &format!("visitor {number}")).await?);
                self.book(&input, BookingSource::Page).await
            }
            1 => {
                input.slot = Some(slot.1.clone());
                self.book(&input, BookingSource::Agent).await
            }
            _ => {
                (input.type_id, input.start) = (Some(kind.id), Some(slot.0));
                self.book(&input, BookingSource::Dashboard).await
            }
        }
    }

    /// Sends so many after one time; gives the winners back. Whoever loses hears that it was just taken.
    async fn rush(&self, kind: &BookingType, slot: &(Timestamp, String), count: usize) -> Vec<Booking> {
        let outcomes = join_all((0..count).map(|number| self.contend(kind, slot, number))).await;
        winners(outcomes)
    }

    /// All bookings; fails when any two that hold have one staff member at one time and are not of one session.
    async fn all(&self) -> Vec<Booking> {
        let filter = bookings::Filter::default();
        let page = bookings::list(
            self.app.store.reader(),
            self.ctx.scope(),
            &filter,
            bookings::Order::Start,
            0,
            10_000,
        )
        .await
        .unwrap();
        let open: Vec<&Booking> = page.items.iter().filter(|it| it.status.is_open()).collect();
        for (at, one) in open.iter().enumerate() {
            for other in &open[at + 1..] {
                let together = one.type_id == other.type_id && one.start == other.start;
                let overlap = one.start < other.end && other.start < one.end;
                let shared = one.staff.iter().any(|staff| other.staff.contains(staff));
                assert!(!overlap || !shared || together, "{one:?} is over {other:?}");
            }
        }
        page.items
    }
}

fn at(text: &str) -> Timestamp {
    text.parse::<jiff::Timestamp>().unwrap().into()
}

pub fn guest(number: usize) -> NewBooking {
    NewBooking {
        name: Some(format!("Guest {number}")),
        email: Some(format!("guest{number}@example.com")),
        ..NewBooking::default()
    }
}

fn winners(outcomes: Vec<Result<Booking, AppError>>) -> Vec<Booking> {
    let mut won = Vec::new();
    for outcome in outcomes {
        match outcome {
            Ok(booking) => won.push(booking),
            Err(AppError::Taken(_)) => {}
            Err(other) => panic!("a loser heard {other:?}"),
        }
    }
    won
}

on_both! {
    async fn of_a_thousand_after_one_time_one_gets_it(store: TestStore) {
        let app = TestApp::node(&store).await;
        let practice = Practice::open(&app, &["Maria"]).await;
        let kind = practice.offers("choose", json!({ "buffer_after": 15 })).await;
        let slot = practice.free(&kind, 1).await.remove(0);
        assert_eq!(practice.rush(&kind, &slot, 1_000).await.len(), 1);
        assert_eq!(practice.all().await.len(), 1);
        // Also not within the buffer, and not by hand.
        let mut close = guest(1_001);
        (close.type_id, close.start) = (Some(kind.id), Some(slot.0.plus(Duration::from_mins(30))));
        close.outside_hours = true;
        let refused = practice.book(&close, BookingSource::Dashboard).await;
        assert!(matches!(refused, Err(AppError::Taken(_))), "{refused:?}");
    }

    async fn twelve_seats_have_twelve_winners(store: TestStore) {
        let app = TestApp::node(&store).await;
        let practice = Practice::open(&app, &["Maria"]).await;
        let kind = practice.offers("choose", json!({ "capacity": 12 })).await;
        let slot = practice.free(&kind, 1).await.remove(0);
        let won = practice.rush(&kind, &slot, 120).await;
        assert_eq!(won.len(), 12);
        // One who leaves makes room for exactly one.
        let why = Cancel::default();
        booking::cancel(&practice.app, &practice.ctx, won[0].id, &why, CancelledBy::Business).await.unwrap();
        assert_eq!(practice.rush(&kind, &slot, 12).await.len(), 1);
        practice.all().await;
    }

    async fn three_in_turn_have_three_winners_each_with_another(store: TestStore) {
        let app = TestApp::node(&store).await;
        let practice = Practice::open(&app, &["Maria", "Tom", "Ida"]).await;
        let kind = practice.offers("round_robin", json!({})).await;
        let slot = practice.free(&kind, 1).await.remove(0);
        let won = practice.rush(&kind, &slot, 90).await;
        let staff: BTreeSet<_> = won.iter().flat_map(|it| &it.staff).collect();
        assert_eq!((won.len(), staff.len()), (3, 3));
        practice.all().await;
    }

    async fn all_together_are_one_place_and_nobody_of_them_is_free(store: TestStore) {
        let app = TestApp::node(&store).await;
        let practice = Practice::open(&app, &["Maria", "Tom"]).await;
        let together = practice.offers("collective", json!({})).await;
        let alone = practice.offers("round_robin", json!({})).await;
        let slot = practice.free(&together, 1).await.remove(0);
        let single = practice.free(&alone, 1).await.remove(0);
        assert_eq!(slot.0, single.0);
        let (both, one) =
            tokio::join!(practice.rush(&together, &slot, 45), practice.rush(&alone, &single, 45));
        // Either both have gone to one customer, or each to their own.
        assert!(matches!((both.len(), one.len()), (1, 0) | (0, 2)), "{} and {}", both.len(), one.len());
        practice.all().await;
    }

    async fn two_rooms_have_two_winners_whoever_is_free(store: TestStore) {
        let app = TestApp::node(&store).await;
        let practice = Practice::open(&app, &["Maria", "Tom", "Ida", "Per"]).await;
        let room = json!({ "name": "Room", "units": 2, "active": true });
        let room = serde_json::from_value(room).unwrap();
        let room = things::create_resource(&practice.app, &practice.ctx, room).await.unwrap();
        let needs = json!({ "resources": [{ "resource_id": room.id, "units": 1 }] });
        let kind = practice.offers("round_robin", needs).await;
        let slot = practice.free(&kind, 1).await.remove(0);
        assert_eq!(practice.rush(&kind, &slot, 60).await.len(), 2);
        practice.all().await;
    }

    async fn a_day_s_limit_holds_over_many_times(store: TestStore) {
        let app = TestApp::node(&store).await;
        let practice = Practice::open(&app, &["Maria", "Tom"]).await;
        let kind = practice.offers("round_robin", json!({ "limits": { "per_day": 3 } })).await;
        let mut slots = practice.free(&kind, 2).await;
        // Of one day of the business.
        let day = |at: Timestamp| at.as_millis() / 86_400_000;
        let first = day(slots[0].0);
        slots.retain(|slot| day(slot.0) == first);
        let tries = slots.iter().cycle().take(60).enumerate();
        let outcomes = join_all(tries.map(|(number, slot)| practice.contend(&kind, slot, number))).await;
        assert_eq!(winners(outcomes).len(), 3);
        practice.all().await;
    }

    async fn on_nights_when_clocks_change_no_hour_is_sold_twice_and_none_that_is_skipped(store: TestStore) {
        let app = TestApp::node(&store).await;
        let mut practice = Practice::open(&app, &[]).await;
        let nora = json!({ "name": "Nora", "active": true, "schedule": { "zone": "Europe/Berlin",
            "weekly": [{ "day": "sun", "hours": { "from": 60, "to": 240 } }] } });
        let nora = serde_json::from_value(nora).unwrap();
        practice.staff.push(things::create_staff(&practice.app, &practice.ctx, nora).await.unwrap());
        let hourly = json!({ "durations": [60], "slot_step": 60, "horizon_days": 365 });
        let kind = practice.offers("round_robin", hourly).await;
        // From one to four: two hours in the night of spring, four in that of autumn, when two o'clock comes twice.
        let nights: [(&str, &[&str]); 2] = [
            ("2026-03-28T23:00:00Z", &["2026-03-29T00:00:00Z", "2026-03-29T01:00:00Z"]),
            (
                "2026-10-24T22:00:00Z",
                &["2026-10-24T23:00:00Z", "2026-10-25T00:00:00Z", "2026-10-25T01:00:00Z", "2026-10-25T02:00:00Z"],
            ),
        ];
        for (from, hours) in nights {
            let from = at(from);
            let ask = Ask { type_id: kind.id, from, to: from.plus(DAY), duration: None, staff: None, seats: None };
            let found = booking::slots(&practice.app, &practice.ctx, &ask).await.unwrap().slots;
            let starts: Vec<Timestamp> = found.iter().map(|slot| slot.start).collect();
            let hours: Vec<Timestamp> = hours.iter().map(|hour| at(hour)).collect();
            assert_eq!(starts, hours);
            for slot in found {
                assert_eq!(practice.rush(&kind, &(slot.start, slot.slot), 9).await.len(), 1);
            }
        }
        assert_eq!(practice.all().await.len(), 6);
    }

    async fn those_who_move_and_those_who_wait_for_a_yes_take_part_in_the_race(store: TestStore) {
        let app = TestApp::node(&store).await;
        let practice = Practice::open(&app, &["Maria"]).await;
        let kind = practice.offers("choose", json!({ "confirmation_required": true, "slot_step": 30 })).await;
        let slots = practice.free(&kind, 1).await;
        let mut movers = Vec::new();
        for (number, slot) in slots.iter().skip(1).take(6).enumerate() {
            let mut input = guest(number);
            input.slot = Some(slot.1.clone());
            movers.push(practice.book(&input, BookingSource::Page).await.unwrap());
        }
        let to = Move { slot: Some(slots[0].1.clone()), ..Move::default() };
        let moves = join_all(
            movers.iter().map(|mover| booking::reschedule(&practice.app, &practice.ctx, mover.id, &to)),
        );
        let (moved, booked) = tokio::join!(moves, practice.rush(&kind, &slots[0], 30));
        let moved = winners(moved);
        assert_eq!(moved.len() + booked.len(), 1);
        // Who lost the race keeps the time they had.
        let all = practice.all().await;
        for mover in movers.iter().filter(|mover| !moved.iter().any(|it| it.id == mover.id)) {
            let now = all.iter().find(|it| it.id == mover.id).unwrap();
            assert_eq!((now.start, now.status), (mover.start, BookingStatus::Pending));
        }
        // Nobody says yes: they lapse when their time comes, and claim nothing any more.
        app.clock.advance(DAY * 3);
        booking::sweep(&practice.app).await.unwrap();
        let all = practice.all().await;
        let pending = all.iter().filter(|it| it.status == BookingStatus::Pending).count();
        assert_eq!(pending, 0);
        let range = (START, START.plus(DAY * 3));
        let busy = booking_session::busy(practice.app.store.reader(), practice.ctx.scope(), range, START);
        let open = all.iter().filter(|it| it.status.is_open()).count();
        assert_eq!(busy.await.unwrap().len(), open);
    }

    async fn a_move_goes_to_somebody_else_when_the_same_person_has_no_time_at_all(store: TestStore) {
        let app = TestApp::node(&store).await;
        let practice = Practice::open(&app, &["Maria", "Tom"]).await;
        let kind = practice.offers("choose", json!({})).await;
        let slots = practice.free(&kind, 1).await;
        let maria = &practice.staff[0];
        let mut input = guest(1);
        (input.type_id, input.start, input.staff_id) = (Some(kind.id), Some(slots[0].0), Some(maria.id));
        let booked = practice.book(&input, BookingSource::Dashboard).await.unwrap();
        assert_eq!(booked.staff, [maria.id]);
        // She stays with her customer as long as she can.
        let to = Move { start: Some(slots[4].0), ..Move::default() };
        let moved = booking::reschedule(&practice.app, &practice.ctx, booked.id, &to).await.unwrap();
        assert_eq!((moved.start, moved.staff), (slots[4].0, vec![maria.id]));
        let mut gone = maria.settings.clone();
        gone.active = false;
        things::update_staff(&practice.app, &practice.ctx, maria.id, gone).await.unwrap();
        let to = Move { start: Some(slots[8].0), ..Move::default() };
        let moved = booking::reschedule(&practice.app, &practice.ctx, booked.id, &to).await.unwrap();
        assert_eq!((moved.start, moved.staff), (slots[8].0, vec![practice.staff[1].id]));
        practice.all().await;
    }
}
