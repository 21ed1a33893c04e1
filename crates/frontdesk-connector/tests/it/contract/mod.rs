//! What every calendar must do.

mod etags;
pub mod radicale;

use std::time::Duration;

use frontdesk_connector::calendar::{Attendee, CalendarError, ChangesQuery, ClientId, OutgoingEvent};
use frontdesk_sim::calendar::{Blocks, Fault};

use crate::cache::{Cache, at, window};
use crate::world::{Made, all};

fn ours() -> OutgoingEvent {
    OutgoingEvent {
        id: ClientId::new("0192f0c1a2b37cde8f00112233445566").unwrap(),
        summary: "Haircut: Ann, \"the\" <short> one".into(),
        description: "Line one\nLine two; with, signs".into(),
        location: "Main St 1".into(),
        start: at("2026-03-10T09:00:00Z"),
        end: at("2026-03-10T09:45:00Z"),
        zone: "Europe/Berlin".into(),
        attendees: vec![Attendee { name: "Ann".into(), email: "ann@example.com".into() }],
        sequence: 0,
        updated_at: at("2026-03-01T10:00:00Z"),
    }
}

fn theirs(name: &'static str, start: &'static str, end: &'static str) -> Made {
    Made { name, start, end, all_day: false, blocks: Blocks::Busy }
}

#[tokio::test]
async fn an_account_shows_its_calendars_and_which_may_be_written() {
    for (vendor, world) in all().await {
        let calendars = world.account().calendars().await.unwrap();
        let main =
            calendars.iter().find(|calendar| calendar.primary).unwrap_or_else(|| panic!("{vendor}: no main"));
        assert_eq!(main.id, world.calendar(), "{vendor}");
        assert!(main.writable && !main.name.is_empty(), "{vendor}");
    }
}

#[tokio::test]
async fn an_appointment_written_twice_is_one_and_comes_back_as_ours() {
    for (vendor, world) in all().await {
        let (account, calendar) = (world.account(), world.calendar());
        let mut cache = Cache::default();
        cache.sync(&*account, &calendar).await.unwrap();
        let first = account.put(&calendar, &ours(), None).await.unwrap();
        let again = account.put(&calendar, &ours(), None).await.unwrap();
        assert_eq!(first.id, again.id, "{vendor}");
        assert_eq!(world.count().await, 1, "{vendor}");
        cache.sync(&*account, &calendar).await.unwrap();
        let events = cache.all();
        assert_eq!(events.len(), 1, "{vendor}");
        assert_eq!(events[0].ours, Some(ours().id), "{vendor}");
        assert_eq!(events[0].summary, ours().summary, "{vendor}");
        assert_eq!((events[0].start, events[0].end), (ours().start, ours().end), "{vendor}");
        assert!(events[0].busy && !events[0].all_day, "{vendor}");
        assert!(cache.events.contains_key(&first.id), "{vendor}: the key is what put returned");
    }
}

#[tokio::test]
async fn a_moved_appointment_moves_and_a_removed_one_goes_even_twice() {
    for (vendor, world) in all().await {
        let (account, calendar) = (world.account(), world.calendar());
        let first = account.put(&calendar, &ours(), None).await.unwrap();
        let mut cache = Cache::default();
        cache.sync(&*account, &calendar).await.unwrap();
        let moved = OutgoingEvent {
            start: at("2026-03-11T13:00:00Z"),
            end: at("2026-03-11T13:45:00Z"),
            sequence: 1,
            updated_at: at("2026-03-02T10:00:00Z"),
            ..ours()
        };
        let second = account.put(&calendar, &moved, Some(&first)).await.unwrap();
        assert_eq!(second.id, first.id, "{vendor}");
        // The answer was lost and the caller still holds the old version.
        let third = account.put(&calendar, &moved, Some(&first)).await.unwrap();
        assert_eq!(third.id, first.id, "{vendor}");
        cache.sync(&*account, &calendar).await.unwrap();
        assert_eq!(cache.all().len(), 1, "{vendor}");
        assert_eq!(cache.all()[0].start, moved.start, "{vendor}");
        account.remove(&calendar, &third).await.unwrap();
        account.remove(&calendar, &third).await.unwrap();
        cache.sync(&*account, &calendar).await.unwrap();
        assert!(cache.all().is_empty(), "{vendor}");
        assert_eq!(world.count().await, 0, "{vendor}");
        // Booked again under the same id.
        account.put(&calendar, &moved, Some(&third)).await.unwrap();
        cache.sync(&*account, &calendar).await.unwrap();
        assert_eq!((cache.all().len(), world.count().await), (1, 1), "{vendor}");
    }
}

#[tokio::test]
async fn what_the_owner_makes_moves_and_deletes_is_seen() {
    for (vendor, world) in all().await {
        let (account, calendar) = (world.account(), world.calendar());
        let mut cache = Cache::default();
        world.make(&theirs("Dentist", "2026-03-10T09:00:00Z", "2026-03-10T10:00:00Z")).await;
        world.make(&theirs("School", "2026-03-11T09:00:00Z", "2026-03-11T10:00:00Z")).await;
        world.make(&theirs("Long-ago", "2025-03-11T09:00:00Z", "2025-03-11T10:00:00Z")).await;
        cache.sync(&*account, &calendar).await.unwrap();
        assert_eq!(cache.all().len(), 2, "{vendor}");
        assert!(cache.all().iter().all(|event| event.ours.is_none() && event.busy), "{vendor}");
        world.make(&theirs("Dentist", "2026-03-12T09:00:00Z", "2026-03-12T10:00:00Z")).await;
        world.make(&theirs("Garage", "2026-03-13T09:00:00Z", "2026-03-13T10:00:00Z")).await;
        cache.sync(&*account, &calendar).await.unwrap();
        assert_eq!(cache.titled("Dentist")[0].start, at("2026-03-12T09:00:00Z"), "{vendor}");
        assert_eq!(cache.all().len(), 3, "{vendor}");
        world.delete("School").await;
        cache.sync(&*account, &calendar).await.unwrap();
        assert_eq!(cache.all().len(), 2, "{vendor}");
        assert!(cache.titled("School").is_empty(), "{vendor}");
        // Nothing happened.
        cache.sync(&*account, &calendar).await.unwrap();
        assert_eq!(cache.all().len(), 2, "{vendor}");
    }
}

#[tokio::test]
async fn an_appointment_of_ours_that_the_owner_deletes_is_gone_under_its_key() {
    for (vendor, world) in all().await {
        let (account, calendar) = (world.account(), world.calendar());
        let mut cache = Cache::default();
        let made = account.put(&calendar, &ours(), None).await.unwrap();
        cache.sync(&*account, &calendar).await.unwrap();
        assert!(cache.events.contains_key(&made.id), "{vendor}");
        world.delete(&ours().summary).await;
        cache.sync(&*account, &calendar).await.unwrap();
        assert!(!cache.events.contains_key(&made.id), "{vendor}");
    }
}

#[tokio::test]
async fn a_series_is_its_instances_without_the_deleted_and_with_the_moved() {
    for (vendor, world) in all().await {
        let (account, calendar) = (world.account(), world.calendar());
        let mut cache = Cache::default();
        world.make_series("Jour-fixe").await;
        cache.sync(&*account, &calendar).await.unwrap();
        let starts: Vec<String> =
            cache.titled("Jour-fixe").iter().map(|event| event.start.to_string()).collect();
        assert_eq!(
            starts,
            ["2026-03-02T08:00:00.000Z", "2026-03-16T13:00:00.000Z", "2026-03-30T07:00:00.000Z"],
            "{vendor}"
        );
        assert!(cache.all().iter().all(|event| event.busy), "{vendor}");
        let mut ids: Vec<&str> = cache.all().iter().map(|event| event.id.as_str()).collect();
        ids.dedup();
        assert_eq!(ids.len(), 3, "{vendor}");
    }
}

#[tokio::test]
async fn whole_days_are_the_owners_days_and_free_or_declined_blocks_nothing() {
    for (vendor, world) in all().await {
        let (account, calendar) = (world.account(), world.calendar());
        let mut cache = Cache::default();
        let day = Made { all_day: true, ..theirs("Holiday", "2026-03-20T00:00:00Z", "2026-03-22T00:00:00Z") };
        world.make(&day).await;
        let free =
            Made { blocks: Blocks::Free, ..theirs("Free", "2026-03-23T09:00:00Z", "2026-03-23T10:00:00Z") };
        world.make(&free).await;
        let declined = Made {
            blocks: Blocks::Declined,
            ..theirs("Declined", "2026-03-24T09:00:00Z", "2026-03-24T10:00:00Z")
        };
        world.make(&declined).await;
        cache.sync(&*account, &calendar).await.unwrap();
        let holiday = cache.titled("Holiday")[0];
        assert!(holiday.all_day && holiday.busy, "{vendor}");
        assert_eq!(holiday.start, at("2026-03-19T23:00:00Z"), "{vendor}");
        assert_eq!(holiday.end, at("2026-03-21T23:00:00Z"), "{vendor}");
        assert!(cache.titled("Free").iter().all(|event| !event.busy), "{vendor}");
        assert!(cache.titled("Declined").iter().all(|event| !event.busy), "{vendor}");
        assert_eq!(cache.all().iter().filter(|event| event.busy).count(), 1, "{vendor}");
    }
}

#[tokio::test]
async fn a_forgotten_cursor_is_said_and_a_whole_listing_follows() {
    for (vendor, world) in all().await {
        let (account, calendar) = (world.account(), world.calendar());
        let mut cache = Cache::default();
        world.make(&theirs("Dentist", "2026-03-10T09:00:00Z", "2026-03-10T10:00:00Z")).await;
        cache.sync(&*account, &calendar).await.unwrap();
        let has_cursors = world.forget_cursors().await;
        let outcome = cache.sync(&*account, &calendar).await;
        if has_cursors {
            assert_eq!(outcome, Err(CalendarError::CursorGone), "{vendor}");
        }
        assert_eq!(cache.all().len(), 1, "{vendor}: the cache was not blanked");
        cache.cursor = None;
        cache.sync(&*account, &calendar).await.unwrap();
        assert_eq!(cache.all().len(), 1, "{vendor}");
    }
}

#[tokio::test]
async fn a_cursor_that_the_window_has_left_is_gone() {
    for (vendor, world) in all().await {
        let (account, calendar) = (world.account(), world.calendar());
        let mut cache = Cache::default();
        cache.sync(&*account, &calendar).await.unwrap();
        let mut later = window();
        later.to = later.to.plus(Duration::from_hours(24 * 60));
        let query = ChangesQuery {
            calendar: &calendar,
            cursor: cache.cursor.as_ref(),
            window: later,
            zone: "Europe/Berlin",
        };
        match account.changes(&query).await {
            Err(CalendarError::CursorGone) => {}
            Ok(page) => assert!(page.full, "{vendor}"),
            Err(error) => panic!("{vendor}: {error}"),
        }
    }
}

#[tokio::test]
async fn access_that_ended_is_said_so_by_every_call() {
    for (vendor, world) in all().await {
        let (account, calendar) = (world.account(), world.calendar());
        let made = account.put(&calendar, &ours(), None).await.unwrap();
        world.lock_out().await;
        assert_eq!(account.calendars().await, Err(CalendarError::Unauthorized), "{vendor}");
        assert_eq!(
            Cache::default().sync(&*account, &calendar).await,
            Err(CalendarError::Unauthorized),
            "{vendor}"
        );
        assert_eq!(account.put(&calendar, &ours(), None).await, Err(CalendarError::Unauthorized), "{vendor}");
        assert_eq!(account.remove(&calendar, &made).await, Err(CalendarError::Unauthorized), "{vendor}");
    }
}

#[tokio::test]
async fn a_missing_calendar_is_not_an_empty_one() {
    for (vendor, world) in all().await {
        let account = world.account();
        let outcome = Cache::default().sync(&*account, "/owner/nowhere/").await;
        assert_eq!(outcome, Err(CalendarError::NotFound), "{vendor}");
    }
}

#[tokio::test]
async fn slow_down_is_passed_on_with_its_time() {
    for (vendor, world) in all().await {
        let slow = Fault::Status { status: 429, retry_after: Some(30), body: "{}".into() };
        if !world.fail(vec![slow]) {
            continue;
        }
        let outcome = world.account().calendars().await;
        let wait = Duration::from_secs(30);
        assert_eq!(outcome, Err(CalendarError::RateLimited { retry_after: wait }), "{vendor}");
        assert!(world.account().calendars().await.is_ok(), "{vendor}");
    }
}

#[tokio::test]
async fn silence_nonsense_and_errors_end_in_a_bounded_time_as_unavailable() {
    for (vendor, world) in all().await {
        let down = || Fault::Status { status: 503, retry_after: None, body: "<html>down</html>".into() };
        // Each of the attempts a call may make.
        for fault in [Fault::Stall, down(), Fault::Garbage] {
            if !world.fail(vec![fault.clone(), fault.clone(), fault.clone()]) {
                continue;
            }
            let account = world.account();
            let mut outcome = account.calendars().await;
            assert!(
                matches!(outcome, Err(CalendarError::Unavailable { .. })),
                "{vendor} {fault:?}: {outcome:?}"
            );
            // What was not used up.
            for _ in 0..3 {
                outcome = account.calendars().await;
            }
            assert!(outcome.is_ok(), "{vendor} {fault:?}: {outcome:?}");
        }
    }
}

#[tokio::test]
async fn a_repeated_write_after_a_lost_answer_makes_no_second_event() {
    for (vendor, world) in all().await {
        let calendar = world.calendar();
        // The second call is the one that creates where the first one looks.
        for lost in
            [vec![Fault::Lost], vec![Fault::Lost, Fault::Lost], vec![Fault::Lost; 3], vec![Fault::Lost; 5]]
        {
            if !world.fail(lost) {
                continue;
            }
            let mut attempts = 0;
            // A new client each time: its breaker knows nothing of what failed before.
            while let Err(error) = world.account().put(&calendar, &ours(), None).await {
                assert!(matches!(error, CalendarError::Unavailable { .. }), "{vendor}: {error}");
                attempts += 1;
                assert!(attempts < 10, "{vendor}");
            }
            assert_eq!(world.count().await, 1, "{vendor}");
        }
    }
}
