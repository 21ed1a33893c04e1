//! Against a real server: Radicale.

use frontdesk_app::AppError;
use frontdesk_app::booking::{self, Cancel, Move};
use frontdesk_app::calendar::{self, CalendarPatch, NewCalDav};
use frontdesk_domain::booking::{BookingSource, BookingStatus, CancelledBy};
use frontdesk_domain::calendar::CalendarStatus;
use frontdesk_testkit::TestApp;
use frontdesk_testkit::radicale::Radicale;
use serde_json::json;

use super::practice::{Practice, at};

/// The day after the tests begin, a Thursday.
const DAY: &str = "2026-03-19";

async fn test_app() -> TestApp {
    TestApp::with_calendars(std::collections::BTreeMap::new()).await
}

#[tokio::test]
async fn what_is_busy_in_a_connected_calendar_is_offered_to_nobody() {
    let (test, radicale) = (test_app().await, Radicale::start().await);
    let practice = Practice::open(&test).await;
    radicale.put("a.ics", &Radicale::event("a", "Dentist", "20260319T100000Z", "20260319T113000Z")).await;
    assert!(practice.free(DAY).await.contains(&"10:00".to_owned()));
    let made = practice.connect(&radicale).await.unwrap();
    assert_eq!(made.len(), 1);
    assert!(made[0].blocks && made[0].writes && made[0].status == CalendarStatus::Waiting);

    let free = practice.free(DAY).await;
    assert!(free.contains(&"09:00".to_owned()) && free.contains(&"12:00".to_owned()), "{free:?}");
    assert!(!free.iter().any(|start| ("09:01".."11:30").contains(&start.as_str())), "{free:?}");
    let read = &practice.calendars().await[0];
    assert_eq!((read.status, read.stale), (CalendarStatus::Ok, false));
    assert!(matches!(
        practice.book("2026-03-19T10:00:00Z", BookingSource::Page).await,
        Err(AppError::Taken(_))
    ));
    let view =
        booking::calendar(&test.app, &practice.ctx, at("2026-03-19T00:00:00Z"), at("2026-03-20T00:00:00Z"));
    let view = view.await.unwrap();
    assert_eq!(view.busy.len(), 1);
    assert_eq!(view.busy[0].title.as_deref(), Some("Dentist"));
    assert_eq!((view.busy[0].staff_id, view.busy[0].from), (practice.maria.id, at("2026-03-19T10:00:00Z")));

    // It moves, and the server forgets where the last listing ended.
    radicale.put("a.ics", &Radicale::event("a", "Dentist", "20260319T130000Z", "20260319T140000Z")).await;
    radicale.forget();
    practice.later(7).await;
    let free = practice.free(DAY).await;
    assert!(free.contains(&"10:00".to_owned()) && !free.contains(&"13:00".to_owned()), "{free:?}");

    // No longer in the way, by choice.
    let patch = CalendarPatch { blocks: Some(false), ..CalendarPatch::default() };
    calendar::update(&test.app, &practice.ctx, made[0].id, patch).await.unwrap();
    assert!(practice.free(DAY).await.contains(&"13:00".to_owned()));
}

#[tokio::test]
async fn an_appointment_is_written_moved_and_removed_and_blocks_nothing_twice() {
    let (test, radicale) = (test_app().await, Radicale::start().await);
    let practice = Practice::open(&test).await;
    // Made before the calendar was connected: it is written, too.
    let early = practice.book("2026-03-20T09:00:00Z", BookingSource::Page).await.unwrap();
    practice.connect(&radicale).await.unwrap();
    let made = practice.book("2026-03-19T14:00:00Z", BookingSource::Page).await.unwrap();
    assert_eq!((made.status, made.tentative), (BookingStatus::Confirmed, false));
    let files = radicale.files();
    assert_eq!(files.len(), 2, "{files:?}");
    let name = format!("{}.ics", made.id.uuid().simple());
    let text = |name: &str| {
        let files = radicale.files();
        files.into_iter().find(|(known, _)| known == name).map(|(_, text)| text).unwrap_or_default()
    };
    assert!(text(&name).contains("SUMMARY:Bea Guest: Visit"), "{}", text(&name));
    assert!(text(&name).contains("DTSTART:20260319T140000Z"), "{}", text(&name));

    // Its own copy does not keep it from moving half an hour.
    practice.later(7).await;
    let to = Move { start: Some(at("2026-03-19T14:30:00Z")), outside_hours: false, ..Move::default() };
    let to = Move { outside_hours: true, ..to };
    booking::reschedule(&test.app, &practice.ctx, made.id, &to).await.unwrap();
    test.run_jobs().await;
    assert!(text(&name).contains("DTSTART:20260319T143000Z"), "{}", text(&name));
    practice.later(7).await;
    let seen = practice.look(made.id).await;
    assert_eq!((seen.start, seen.moves), (at("2026-03-19T14:30:00Z"), 1), "its own copy moved it");
    assert!(practice.free(DAY).await.contains(&"13:30".to_owned()));

    booking::cancel(&test.app, &practice.ctx, made.id, &Cancel::default(), CancelledBy::Business)
        .await
        .unwrap();
    test.run_jobs().await;
    practice.later(7).await;
    let left = radicale.files();
    assert_eq!(left.len(), 1, "{left:?}");
    assert!(left[0].0.starts_with(&early.id.uuid().simple().to_string()));
    assert_eq!(practice.look(made.id).await.flagged, None);

    // Taken out of use for writing, it is emptied of ours.
    let id = practice.calendars().await[0].id;
    let patch = CalendarPatch { writes: Some(false), ..CalendarPatch::default() };
    calendar::update(&test.app, &practice.ctx, id, patch).await.unwrap();
    test.run_jobs().await;
    assert_eq!(radicale.files(), []);
}

#[tokio::test]
async fn what_the_owner_does_in_the_calendar_comes_back() {
    let (test, radicale) = (test_app().await, Radicale::start().await);
    let practice = Practice::open(&test).await;
    practice.connect(&radicale).await.unwrap();
    let made = practice.book("2026-03-19T14:00:00Z", BookingSource::Page).await.unwrap();
    let other = practice.book("2026-03-19T11:00:00Z", BookingSource::Page).await.unwrap();
    practice.later(7).await;
    let name = format!("{}.ics", made.id.uuid().simple());
    let move_to = async |from: &str, to: &str| {
        let (_, text) = radicale.files().into_iter().find(|(known, _)| *known == name).unwrap();
        let text = text.replace(&format!("DTSTART:{from}"), &format!("DTSTART:{to}"));
        let end = |start: &str| {
            format!("DTEND:{}{:02}{}", &start[..9], start[9..11].parse::<u8>().unwrap() + 1, &start[11..])
        };
        assert!(text.contains(&end(from)), "{text}");
        radicale.put(&name, &text.replace(&end(from), &end(to))).await;
    };

    // Moved.
    move_to("20260319T140000Z", "20260320T100000Z").await;
    practice.later(7).await;
    let seen = practice.look(made.id).await;
    assert_eq!((seen.status, seen.start), (BookingStatus::Rescheduled, at("2026-03-20T10:00:00Z")));
    assert_eq!(seen.end, at("2026-03-20T11:00:00Z"));
    let letters = test.letters().await;
    assert!(practice.free(DAY).await.contains(&"14:00".to_owned()), "{letters:?}");
    practice.later(7).await;
    practice.later(7).await;
    assert_eq!(practice.look(made.id).await.moves, 1, "once");

    // Moved onto somebody else's time: it stays, and a person is asked.
    move_to("20260320T100000Z", "20260319T110000Z").await;
    practice.later(7).await;
    let seen = practice.look(made.id).await;
    assert_eq!(seen.start, at("2026-03-20T10:00:00Z"));
    assert!(seen.flagged.as_deref().is_some_and(|text| text.contains("somebody else")), "{:?}", seen.flagged);
    let history = booking::history(&test.app, &practice.ctx, made.id).await.unwrap().len();
    practice.later(7).await;
    assert_eq!(
        booking::history(&test.app, &practice.ctx, made.id).await.unwrap().len(),
        history,
        "flagged once"
    );

    // Deleted: not called off, a person is asked.
    radicale.delete(&format!("{}.ics", other.id.uuid().simple())).await;
    practice.later(7).await;
    let seen = practice.look(other.id).await;
    assert_eq!(seen.status, BookingStatus::Confirmed);
    assert!(seen.flagged.as_deref().is_some_and(|text| text.contains("deleted")), "{:?}", seen.flagged);
    practice.later(7).await;
    assert_eq!(radicale.files().len(), 1, "not written again by itself");
    // Whoever moves it wants it in the calendar again.
    let to = Move { start: Some(at("2026-03-19T12:00:00Z")), ..Move::default() };
    booking::reschedule(&test.app, &practice.ctx, other.id, &to).await.unwrap();
    test.run_jobs().await;
    assert_eq!(radicale.files().len(), 2);
    assert_eq!(practice.look(other.id).await.flagged, None);
}

#[tokio::test]
async fn a_stale_calendar_makes_bookings_tentative_until_it_is_read_again() {
    let (test, radicale) = (test_app().await, Radicale::start().await);
    let practice = Practice::open(&test).await;
    practice.connect(&radicale).await.unwrap();
    test.clock.advance(std::time::Duration::from_mins(61));
    assert!(practice.calendars().await[0].stale);
    let free = practice.book("2026-03-19T14:00:00Z", BookingSource::Agent).await.unwrap();
    assert_eq!((free.status, free.tentative), (BookingStatus::Pending, true));
    let taken = practice.book("2026-03-19T10:00:00Z", BookingSource::Page).await.unwrap();
    assert!(taken.tentative);
    radicale.put("a.ics", &Radicale::event("a", "Dentist", "20260319T100000Z", "20260319T113000Z")).await;
    practice.later(1).await;
    let seen = practice.look(free.id).await;
    assert_eq!((seen.status, seen.tentative), (BookingStatus::Confirmed, false));
    let seen = practice.look(taken.id).await;
    assert_eq!((seen.status, seen.tentative), (BookingStatus::Pending, true));
    assert!(seen.flagged.is_some());
    // Nobody waits for a calendar that is no longer asked.
    test.clock.advance(std::time::Duration::from_mins(61));
    let waiting = practice.book("2026-03-20T15:00:00Z", BookingSource::Agent).await.unwrap();
    assert!(waiting.tentative);
    let id = practice.calendars().await[0].id;
    let patch = CalendarPatch { blocks: Some(false), ..CalendarPatch::default() };
    calendar::update(&test.app, &practice.ctx, id, patch).await.unwrap();
    assert_eq!(practice.look(waiting.id).await.status, BookingStatus::Confirmed);
    let sure = practice.book("2026-03-19T15:00:00Z", BookingSource::Agent).await.unwrap();
    assert_eq!((sure.status, sure.tentative), (BookingStatus::Confirmed, false));
}

#[tokio::test]
async fn a_wrong_password_is_told_and_a_withdrawn_one_keeps_what_was_known() {
    let (test, radicale) = (test_app().await, Radicale::start().await);
    let practice = Practice::open(&test).await;
    let new = json!({ "url": radicale.url, "username": "owner", "password": "wrong", "staff_id": practice.maria.id });
    let new: NewCalDav = serde_json::from_value(new).unwrap();
    let refused = calendar::connect_caldav(&test.app, &practice.ctx, new).await.unwrap_err();
    assert!(refused.to_string().contains("/password"), "{refused}");
    assert!(practice.calendars().await.is_empty());

    radicale.put("a.ics", &Radicale::event("a", "Dentist", "20260319T100000Z", "20260319T113000Z")).await;
    let made = practice.connect(&radicale).await.unwrap();
    radicale.lock_out();
    practice.later(7).await;
    let seen = &practice.calendars().await[0];
    assert_eq!(seen.status, CalendarStatus::Disconnected);
    assert!(seen.stale && seen.error.as_deref().is_some_and(|text| text.contains("connect")), "{seen:?}");
    assert!(!practice.free(DAY).await.contains(&"10:00".to_owned()), "what is known stays");

    calendar::delete(&test.app, &practice.ctx, made[0].id).await.unwrap();
    assert!(practice.calendars().await.is_empty());
    assert!(practice.free(DAY).await.contains(&"10:00".to_owned()));
    let later = practice.book("2026-03-19T10:00:00Z", BookingSource::Page).await.unwrap();
    assert!(!later.tentative);
}
