//! Bringing a business over from Calendly, against its simulator.

use frontdesk_app::booking::{self, BookingQuery, Cancel};
use frontdesk_app::calendar::{
    self, CalendlyAccess, CalendlyHoursDone, CalendlyImport, CalendlyReport, CalendlyState, Registration,
};
use frontdesk_app::schedule::{kind, things};
use frontdesk_app::{AppError, contact};
use frontdesk_domain::booking::{Booking, BookingSource, BookingStatus, CancelledBy};
use frontdesk_domain::booking_type::BookingType;
use frontdesk_domain::schedule::Staff;
use frontdesk_sim::Running;
use frontdesk_sim::calendar::calendly;
use frontdesk_testkit::TestApp;
use serde_json::json;

use super::practice::{Practice, at};

const TOKEN: &str = "token-1";

/// An installation that reaches the simulator.
async fn world() -> (TestApp, Running) {
    let running = calendly::spawn(TOKEN).await.unwrap();
    let settings = json!({ "client_id": "c", "base_url": running.url });
    let registration = Registration { settings, client_secret: "s".into() };
    (TestApp::with_calendars([("calendly".to_owned(), registration)].into()).await, running)
}

/// Somebody without hours of their own.
async fn newcomer(practice: &Practice<'_>) -> Staff {
    let settings = json!({ "name": "Nora", "email": "nora@example.com", "active": true });
    things::create_staff(&practice.app, &practice.ctx, serde_json::from_value(settings).unwrap())
        .await
        .unwrap()
}

fn access(token: &str, staff: &Staff) -> CalendlyAccess {
    CalendlyAccess { token: token.to_owned(), staff_id: staff.id }
}

fn everything(staff: &Staff) -> CalendlyImport {
    CalendlyImport { token: TOKEN.to_owned(), staff_id: staff.id, types: None, hours: None, after: None }
}

async fn import(practice: &Practice<'_>, ask: &CalendlyImport) -> CalendlyReport {
    let report = calendar::import_calendly(&practice.app, &practice.ctx, ask).await.unwrap();
    practice.test.run_jobs().await;
    assert_eq!(report.next, None);
    report
}

async fn bookings(practice: &Practice<'_>) -> Vec<Booking> {
    let query = BookingQuery::default();
    let mut found = booking::list(&practice.app, &practice.ctx, &query).await.unwrap().items;
    found.sort_by_key(|booking| booking.start);
    found
}

async fn named(practice: &Practice<'_>, name: &str) -> Option<BookingType> {
    let all = kind::list(&practice.app, &practice.ctx).await.unwrap();
    all.into_iter().find(|kind| kind.settings.name == name)
}

#[tokio::test]
async fn types_hours_and_appointments_come_over_and_nobody_gets_a_mail() {
    let (test, _running) = world().await;
    let practice = Practice::open(&test).await;
    let nora = newcomer(&practice).await;
    let letters = test.letters().await.len();

    let seen = calendar::preview_calendly(&practice.app, &practice.ctx, &access(TOKEN, &nora)).await.unwrap();
    let types: Vec<_> = seen.types.iter().map(|it| (it.name.as_str(), it.state)).collect();
    let new = CalendlyState::New;
    assert_eq!(types, [("Intro", new), ("Long", new), ("Old", new), ("Retreat", CalendlyState::Refused)]);
    assert!(seen.types[3].why.as_deref().is_some_and(|why| why.contains("24 hours")));
    let hours = seen.hours.unwrap();
    assert!(!hours.has_own && hours.schedule.is_some_and(|it| it.zone == "Europe/Berlin"));
    // The past one and the cancelled one are not among them; one is of a team.
    let shown: Vec<_> = seen.bookings.iter().map(|it| (it.start, it.state)).collect();
    let expected = [
        (at("2026-03-19T09:00:00Z"), new),
        (at("2026-03-20T13:00:00Z"), new),
        (at("2026-03-23T09:00:00Z"), CalendlyState::Refused),
        (at("2026-03-24T10:00:00Z"), new),
    ];
    assert_eq!(shown, expected);
    assert!(bookings(&practice).await.is_empty() && named(&practice, "Intro").await.is_none(), "only looked");

    let report = import(&practice, &everything(&nora)).await;
    assert_eq!((report.types.made, report.types.kept), (3, 0));
    assert_eq!(report.types.refused[0].name, "Retreat");
    assert_eq!(report.hours, CalendlyHoursDone::Set);
    assert_eq!((report.bookings.made, report.bookings.kept), (3, 0));
    let left = &report.bookings.refused;
    assert_eq!((left.len(), left[0].start), (1, Some(at("2026-03-23T09:00:00Z"))));
    assert!(left[0].why.contains("team"), "{left:?}");

    let intro = named(&practice, "Intro").await.unwrap();
    assert_eq!((intro.slug.as_str(), intro.settings.durations.as_slice()), ("intro", [30].as_slice()));
    assert_eq!(intro.settings.color, "#0088ff");
    assert_eq!(intro.settings.staff.members[0].staff_id, nora.id);
    assert!(intro.settings.active && intro.settings.listed);
    assert!(!named(&practice, "Long").await.unwrap().settings.listed);
    assert!(!named(&practice, "Old").await.unwrap().settings.active);
    let nora = things::get_staff(&practice.app, &practice.ctx, nora.id).await.unwrap();
    let schedule = nora.settings.schedule.unwrap();
    assert_eq!((schedule.zone.as_str(), schedule.weekly.len()), ("Europe/Berlin", 1));
    assert_eq!((schedule.weekly[0].hours.from, schedule.weekly[0].hours.to), (540, 1020));
    assert_eq!(schedule.overrides[0].date.to_string(), "2026-12-24");

    let made = bookings(&practice).await;
    let first = &made[0];
    assert_eq!((first.start, first.end), (at("2026-03-19T09:00:00Z"), at("2026-03-19T09:30:00Z")));
    assert_eq!((first.status, first.source), (BookingStatus::Confirmed, BookingSource::Import));
    assert_eq!((first.email.as_deref(), first.zone.as_str()), (Some("ann@example.com"), "America/New_York"));
    assert_eq!(first.staff, [nora.id]);
    assert_eq!((made[1].seats, made[1].name.as_str()), (2, "Cleo"));
    assert_eq!(made[1].message, "Also coming: Dan (dan@example.com)");
    let ann = contact::get(&practice.app, &practice.ctx, first.contact_id).await.unwrap();
    assert_eq!(ann.email.as_deref(), Some("ann@example.com"));
    assert_eq!(test.letters().await.len(), letters, "neither customers nor staff are written to");
}

#[tokio::test]
async fn twice_makes_nothing_twice_and_undoes_nothing() {
    let (test, _running) = world().await;
    let practice = Practice::open(&test).await;
    let nora = newcomer(&practice).await;
    import(&practice, &everything(&nora)).await;
    // What happened here since stays.
    let first = bookings(&practice).await.remove(0);
    booking::cancel(&practice.app, &practice.ctx, first.id, &Cancel::default(), CancelledBy::Business)
        .await
        .unwrap();
    let intro = named(&practice, "Intro").await.unwrap();
    let patch = serde_json::from_value(json!({ "name": "First talk" })).unwrap();
    kind::update(&practice.app, &practice.ctx, intro.id, &patch).await.unwrap();

    let seen = calendar::preview_calendly(&practice.app, &practice.ctx, &access(TOKEN, &nora)).await.unwrap();
    assert!(seen.types.iter().all(|it| it.state != CalendlyState::New), "{:?}", seen.types);
    assert!(seen.bookings.iter().all(|it| it.state != CalendlyState::New), "{:?}", seen.bookings);
    assert!(seen.hours.unwrap().has_own);
    let again = import(&practice, &everything(&nora)).await;
    assert_eq!((again.types.made, again.types.kept), (0, 3));
    assert_eq!((again.bookings.made, again.bookings.kept), (0, 3));
    assert_eq!(again.hours, CalendlyHoursDone::Kept);
    assert_eq!(bookings(&practice).await.len(), 3);
    assert_eq!(practice.look(first.id).await.status, BookingStatus::Cancelled);
    assert!(named(&practice, "Intro").await.is_none());

    // From where it stopped, it goes on: nothing after the last one.
    let mark = format!("{}.", at("2026-03-24T11:00:00Z").as_millis());
    let rest = import(&practice, &CalendlyImport { after: Some(mark), ..everything(&nora) }).await;
    assert_eq!((rest.types.kept, rest.bookings.kept), (0, 0));
    let lost = CalendlyImport { after: Some("somewhere".to_owned()), ..everything(&nora) };
    let refused = calendar::import_calendly(&practice.app, &practice.ctx, &lost).await.unwrap_err();
    assert!(refused.to_string().contains("/after"), "{refused}");
}

#[tokio::test]
async fn a_taken_time_is_told_and_not_doubled() {
    let (test, _running) = world().await;
    let practice = Practice::open(&test).await;
    let there = practice.book("2026-03-24T10:00:00Z", BookingSource::Page).await.unwrap();
    let seen = calendar::preview_calendly(&practice.app, &practice.ctx, &access(TOKEN, &practice.maria))
        .await
        .unwrap();
    let last = seen.bookings.last().unwrap();
    assert_eq!(last.state, CalendlyState::Refused);
    assert!(last.why.as_deref().is_some_and(|why| why.contains("taken")), "{last:?}");

    let report = import(&practice, &everything(&practice.maria)).await;
    let left = report.bookings.refused.last().unwrap();
    assert_eq!((left.name.as_str(), left.start), ("Intro", Some(there.start)));
    assert!(left.why.contains("taken"), "{left:?}");
    assert_eq!(report.bookings.made, 2);
    assert_eq!(report.hours, CalendlyHoursDone::Kept, "Maria has hours of her own");
    let then: Vec<_> = bookings(&practice).await.into_iter().filter(|it| it.start == there.start).collect();
    assert_eq!(then.iter().map(|it| it.id).collect::<Vec<_>>(), [there.id]);

    // Given up here, it comes over with the next import.
    booking::cancel(&practice.app, &practice.ctx, there.id, &Cancel::default(), CancelledBy::Business)
        .await
        .unwrap();
    let again = import(&practice, &everything(&practice.maria)).await;
    assert_eq!((again.bookings.made, again.bookings.kept), (1, 2));
}

#[tokio::test]
async fn only_what_was_chosen_comes_over_and_hours_are_replaced_when_asked() {
    let (test, _running) = world().await;
    let practice = Practice::open(&test).await;
    let long = "https://api.calendly.com/event_types/Long".to_owned();
    let ask = CalendlyImport { types: Some(vec![long]), hours: Some(true), ..everything(&practice.maria) };
    let report = import(&practice, &ask).await;
    assert_eq!((report.types.made, report.bookings.made), (1, 1));
    assert!(named(&practice, "Intro").await.is_none());
    assert!(report.bookings.refused.iter().all(|it| it.why.contains("not chosen")), "{report:?}");
    assert_eq!(report.hours, CalendlyHoursDone::Set);
    let maria = things::get_staff(&practice.app, &practice.ctx, practice.maria.id).await.unwrap();
    assert_eq!(maria.settings.schedule.unwrap().zone, "Europe/Berlin");
    assert_eq!(import(&practice, &ask).await.hours, CalendlyHoursDone::Kept, "they are the same");
}

#[tokio::test]
async fn a_wrong_token_is_told_in_plain_words_and_nothing_is_made() {
    let (test, _running) = world().await;
    let practice = Practice::open(&test).await;
    for token in ["token-2", "", "two words"] {
        let access = access(token, &practice.maria);
        let refused = calendar::preview_calendly(&practice.app, &practice.ctx, &access).await.unwrap_err();
        assert!(
            matches!(&refused, AppError::Invalid(fields) if fields[0].field == "/token"),
            "{token:?}: {refused}"
        );
        let ask = CalendlyImport { token: token.to_owned(), ..everything(&practice.maria) };
        assert!(calendar::import_calendly(&practice.app, &practice.ctx, &ask).await.is_err());
    }
    let access = access("token-2", &practice.maria);
    let refused = calendar::preview_calendly(&practice.app, &practice.ctx, &access).await.unwrap_err();
    assert!(refused.to_string().contains("refused by Calendly"), "{refused}");
    assert!(bookings(&practice).await.is_empty());
    assert_eq!(kind::list(&practice.app, &practice.ctx).await.unwrap().len(), 2, "those from before");
}
