//! By consent, against the vendors' simulators, which can be told what to get wrong.

use std::time::Duration;

use frontdesk_app::AppError;
use frontdesk_app::calendar::{self, Heard, NewConsent, Registration, Returned};
use frontdesk_domain::booking::{BookingSource, BookingStatus};
use frontdesk_domain::calendar::CalendarStatus;
use frontdesk_domain::context::{Actor, Context};
use frontdesk_domain::id::ConnectionId;
use frontdesk_sim::Running;
use frontdesk_sim::calendar::{CalendarSim, Event, Fault, google, graph};
use frontdesk_testkit::TestApp;
use secrecy::ExposeSecret;
use serde_json::json;

use super::practice::{Practice, at};

/// The day after the tests begin, a Thursday.
const DAY: &str = "2026-03-19";

/// An installation whose operator registered with a simulated vendor.
struct World {
    test: TestApp,
    sim: CalendarSim,
    vendor: &'static str,
    _running: Running,
}

impl World {
    async fn new(vendor: &'static str) -> Self {
        let sim = CalendarSim::default();
        let (running, path) = match vendor {
            "google_calendar" => (google::spawn(sim.clone()).await.unwrap(), "/calendar/v3"),
            _ => (graph::spawn(sim.clone()).await.unwrap(), "/v1.0"),
        };
        let url = &running.url;
        let settings = json!({ "client_id": "client-1", "base_url": format!("{url}{path}"),
            "auth_url": format!("{url}/auth"), "token_url": format!("{url}/token"),
            "revoke_url": format!("{url}/revoke") });
        let registration = Registration { settings, client_secret: "secret-1".into() };
        let test = TestApp::with_calendars([(vendor.to_owned(), registration)].into()).await;
        Self { test, sim, vendor, _running: running }
    }

    /// Away to the vendor's page and back; says the state the browser kept.
    async fn ask(&self, practice: &Practice<'_>) -> (Returned, String) {
        let new = NewConsent { vendor: self.vendor.to_owned(), staff_id: practice.maria.id };
        let asked = calendar::ask(&self.test.app, &self.person(practice).await, &new).await.unwrap();
        let state = asked.state.clone();
        assert!(asked.authorize_url.contains("code_challenge_method=S256"), "{}", asked.authorize_url);
        // The simulator takes the verifier itself as the code; only the sealed consent holds it.
        let verifier = self.verifier(practice, &state).await;
        let returned =
            Returned { code: Some(format!("code:{verifier}")), state: Some(state.clone()), error: None };
        (returned, state)
    }

    async fn person(&self, practice: &Practice<'_>) -> Context {
        let members =
            frontdesk_store::member::list(self.test.app.store.reader(), practice.ctx.scope(), None, 10);
        let owner = members.await.unwrap().items[0].user_id;
        Context { actor: Actor::User(owner), ..practice.ctx.clone() }
    }

    async fn verifier(&self, practice: &Practice<'_>, state: &str) -> String {
        let (app, hash) = (&self.test.app, frontdesk_app::token::hash(state));
        let tx = app.store.begin(&practice.ctx).await.unwrap();
        let kept =
            frontdesk_store::calendar_consent::take_everywhere(&tx, &hash, tx.now()).await.unwrap().unwrap();
        // Only looked at: nothing is committed.
        drop(tx);
        let column = frontdesk_app::secret::Column::ConsentVerifier;
        let verifier = app.vault.unseal(kept.workspace, column, &kept.verifier).unwrap();
        verifier.expose_secret().to_owned()
    }

    async fn connect(&self, practice: &Practice<'_>) -> ConnectionId {
        let (returned, state) = self.ask(practice).await;
        let id = calendar::finish(&self.test.app, &returned, Some(&state)).await.unwrap();
        self.test.run_jobs().await;
        id
    }

    fn add(&self, id: &str, start: &str, end: &str) {
        let event = Event {
            id: id.to_owned(),
            summary: id.to_owned(),
            start: start.to_owned(),
            end: end.to_owned(),
            ..Event::default()
        };
        self.sim.add(CalendarSim::PRIMARY, event);
    }

    fn count(&self, what: &str) -> usize {
        self.sim.requests().iter().filter(|request| request.starts_with(what)).count()
    }
}

fn status(status: u16, retry_after: Option<u32>) -> Fault {
    Fault::Status { status, retry_after, body: "{}".to_owned() }
}

#[tokio::test]
async fn a_consent_connects_once_and_only_in_the_browser_that_asked() {
    let world = World::new("google_calendar").await;
    let practice = Practice::open(&world.test).await;
    let program = NewConsent { vendor: world.vendor.to_owned(), staff_id: practice.maria.id };
    assert!(matches!(
        calendar::ask(&world.test.app, &practice.ctx, &program).await,
        Err(AppError::Refused(_))
    ));
    let (returned, state) = world.ask(&practice).await;
    for kept in [None, Some("another")] {
        assert!(matches!(
            calendar::finish(&world.test.app, &returned, kept).await,
            Err(AppError::Refused(_))
        ));
    }
    calendar::finish(&world.test.app, &returned, Some(&state)).await.unwrap();
    let again = calendar::finish(&world.test.app, &returned, Some(&state)).await;
    assert!(matches!(again, Err(AppError::Refused(_))), "a consent is used once");
    let (late, state) = world.ask(&practice).await;
    world.test.clock.advance(Duration::from_mins(21));
    assert!(matches!(
        calendar::finish(&world.test.app, &late, Some(&state)).await,
        Err(AppError::Refused(_))
    ));

    world.test.run_jobs().await;
    let seen = practice.calendars().await;
    let main: Vec<_> = seen.iter().filter(|it| it.blocks).collect();
    assert_eq!((seen.len(), main.len()), (2, 1), "{seen:?}");
    assert_eq!(
        (main[0].status, main[0].writes, main[0].account.as_str()),
        (CalendarStatus::Ok, true, CalendarSim::PRIMARY)
    );
}

#[tokio::test]
async fn tokens_are_renewed_ahead_of_time_and_in_a_storm_of_refusals_once() {
    for vendor in ["google_calendar", "microsoft_calendar"] {
        let world = World::new(vendor).await;
        world.sim.rotate_refresh_tokens();
        let practice = Practice::open(&world.test).await;
        world.connect(&practice).await;
        let asked = world.count("POST /token");
        // Ten minutes before the token's hour is over.
        practice.later(51).await;
        assert_eq!(world.count("POST /token"), asked + 1, "{vendor}");
        practice.later(19).await;
        assert_eq!(world.count("POST /token"), asked + 1, "{vendor}");
        // The vendor refuses it early, and many are asking at once.
        world.sim.expire_token();
        world.add("dentist", "2026-03-19T10:00:00Z", "2026-03-19T11:00:00Z");
        for hour in [12, 13, 14, 15] {
            let start = at(&format!("2026-03-19T{hour}:00:00Z"));
            let new = frontdesk_app::booking::NewBooking {
                type_id: Some(practice.visit.id),
                start: Some(start),
                name: Some("Bea".to_owned()),
                email: Some(format!("bea{hour}@example.com")),
                ..Default::default()
            };
            let door = frontdesk_app::booking::Door::default();
            frontdesk_app::booking::create(&world.test.app, &practice.ctx, &new, BookingSource::Page, &door)
                .await
                .unwrap();
        }
        practice.later(19).await;
        practice.later(1).await;
        assert_eq!(world.count("POST /token"), asked + 2, "{vendor}");
        assert!(!practice.free(DAY).await.contains(&"10:00".to_owned()), "{vendor}");
        assert_eq!(world.sim.events(CalendarSim::PRIMARY).len(), 5, "{vendor}");
        world.sim.withdraw();
        practice.later(19).await;
        let seen = practice.calendars().await.into_iter().find(|it| it.blocks).unwrap();
        assert_eq!(seen.status, CalendarStatus::Disconnected, "{vendor}");
        assert!(!practice.free(DAY).await.contains(&"10:00".to_owned()), "{vendor}: what was known stays");
        // Connected again, it goes on with what was chosen.
        world.connect(&practice).await;
        let seen = practice.calendars().await;
        assert_eq!(
            (seen.len(), seen.iter().filter(|it| it.blocks && it.status == CalendarStatus::Ok).count()),
            (2, 1)
        );
    }
}

#[tokio::test]
async fn forgotten_cursors_errors_and_slow_downs_never_blank_what_is_known() {
    for vendor in ["google_calendar", "microsoft_calendar"] {
        let world = World::new(vendor).await;
        let practice = Practice::open(&world.test).await;
        world.add("dentist", "2026-03-19T10:00:00Z", "2026-03-19T11:00:00Z");
        world.connect(&practice).await;
        let is_kept = async |what: &str| {
            assert!(!practice.free(DAY).await.contains(&"10:00".to_owned()), "{vendor}: {what}");
        };
        is_kept("read").await;
        world.sim.forget_cursors();
        world.sim.fail_next([status(500, None), status(500, None), status(500, None), status(500, None)]);
        practice.later(20).await;
        is_kept("forgotten, and out of order").await;
        world.add("lunch", "2026-03-19T12:00:00Z", "2026-03-19T13:00:00Z");
        practice.later(20).await;
        is_kept("listed anew").await;
        assert!(!practice.free(DAY).await.contains(&"12:00".to_owned()), "{vendor}");

        // Asked to slow down, it waits as long as it was asked to.
        world.sim.fail_next([
            status(429, Some(1_800)),
            status(429, Some(1_800)),
            status(429, Some(1_800)),
            status(429, Some(1_800)),
        ]);
        practice.later(20).await;
        world.sim.fail_next([]);
        let asked = world.sim.requests().len();
        practice.later(15).await;
        assert_eq!(world.sim.requests().len(), asked, "{vendor}: asked too early");
        is_kept("slowed down").await;
        let seen = practice.calendars().await.into_iter().find(|it| it.blocks).unwrap();
        assert_eq!(seen.status, CalendarStatus::Ok, "{vendor}: its age tells");
    }
}

#[tokio::test]
async fn an_appointment_is_in_the_calendar_once_whatever_answers_get_lost() {
    for vendor in ["google_calendar", "microsoft_calendar"] {
        let world = World::new(vendor).await;
        let practice = Practice::open(&world.test).await;
        world.connect(&practice).await;
        world.sim.fail_next([Fault::Lost, Fault::Lost, Fault::Lost, Fault::Lost, Fault::Lost]);
        let made = practice.book("2026-03-19T14:00:00Z", BookingSource::Page).await.unwrap();
        for _ in 0..4 {
            practice.later(10).await;
        }
        let events = world.sim.events(CalendarSim::PRIMARY);
        assert_eq!(events.len(), 1, "{vendor}: {events:?}");

        // The process dies between writing and noting it: the note is gone, the event is there.
        let app = &world.test.app;
        let tx = app.store.begin(&practice.ctx).await.unwrap();
        let copy = frontdesk_store::calendar_event::list_of_booking(&tx, practice.ctx.scope(), made.id)
            .await
            .unwrap();
        assert_eq!(copy.len(), 1);
        frontdesk_store::calendar_event::delete(&tx, practice.ctx.scope(), made.id, copy[0].calendar_id)
            .await
            .unwrap();
        tx.emit(frontdesk_domain::event::Event::BookingUpdated { booking_id: made.id });
        tx.commit().await.unwrap();
        practice.later(10).await;
        let events = world.sim.events(CalendarSim::PRIMARY);
        assert_eq!(events.len(), 1, "{vendor}: {events:?}");
        let seen = practice.look(made.id).await;
        assert_eq!((seen.start, seen.moves, seen.flagged), (at("2026-03-19T14:00:00Z"), 0, None), "{vendor}");

        // Moved and deleted by its owner.
        let id = events[0].id.clone();
        assert!(world.sim.change(CalendarSim::PRIMARY, &id, |event| {
            (event.start, event.end) = ("2026-03-20T09:00:00Z".into(), "2026-03-20T10:00:00Z".into());
        }));
        practice.later(20).await;
        let seen = practice.look(made.id).await;
        assert_eq!(
            (seen.status, seen.start),
            (BookingStatus::Rescheduled, at("2026-03-20T09:00:00Z")),
            "{vendor}"
        );
        assert!(world.sim.change(CalendarSim::PRIMARY, &id, |event| event.deleted = true));
        practice.later(20).await;
        assert!(practice.look(made.id).await.flagged.is_some(), "{vendor}");
    }
}

#[tokio::test]
async fn pushes_are_believed_by_their_secret_may_come_twice_and_may_be_lost() {
    let world = World::new("google_calendar").await;
    let practice = Practice::open(&world.test).await;
    world.connect(&practice).await;
    assert_eq!(world.sim.channels().len(), 1);
    world.test.clock.advance(Duration::from_secs(30));
    world.add("dentist", "2026-03-19T10:00:00Z", "2026-03-19T11:00:00Z");
    let app = &world.test.app;
    let push = google::pushes(&world.sim, "exists").remove(0);
    let mut forged = push.clone();
    forged.insert("x-goog-channel-token", "guess".parse().unwrap());
    let hear = async |headers| calendar::hear(app, "google_calendar", headers, None, b"").await;
    assert!(matches!(hear(&forged).await, Err(AppError::NotFound(_))));
    assert_eq!(world.test.run_jobs().await, 0);
    for _ in 0..2 {
        assert_eq!(hear(&push).await.unwrap(), Heard::Thanks);
    }
    assert_eq!(world.test.run_jobs().await, 1, "two pushes are one reading");
    assert!(!practice.free(DAY).await.contains(&"10:00".to_owned()));
    // Nobody tells of this one.
    world.add("lunch", "2026-03-19T12:00:00Z", "2026-03-19T13:00:00Z");
    practice.later(19).await;
    assert!(!practice.free(DAY).await.contains(&"12:00".to_owned()));
    // Channels are made anew before they end, and the old one is given up.
    let old = world.sim.channels()[0].0.clone();
    world.test.clock.advance(Duration::from_hours(8 * 24 + 1));
    calendar::plan_channels(app).await.unwrap();
    world.test.run_jobs().await;
    let channels = world.sim.channels();
    assert_eq!(channels.len(), 1);
    assert_ne!(channels[0].0, old);
    // Disconnected, nothing is left at the vendor.
    let id = practice.calendars().await[0].id;
    calendar::delete(app, &practice.ctx, id).await.unwrap();
    assert!(world.sim.channels().is_empty());
    assert_eq!(world.count("POST /revoke"), 1);
    assert!(practice.calendars().await.is_empty());
}

#[tokio::test]
async fn microsoft_is_answered_and_believed_by_its_secret() {
    let world = World::new("microsoft_calendar").await;
    let practice = Practice::open(&world.test).await;
    let app = &world.test.app;
    let none = frontdesk_http::header::HeaderMap::default();
    let echo = calendar::hear(app, world.vendor, &none, Some("abc 1"), b"").await.unwrap();
    assert_eq!(echo, Heard::Echo("abc 1".to_owned()));
    world.connect(&practice).await;
    world.test.clock.advance(Duration::from_secs(30));
    world.add("dentist", "2026-03-19T10:00:00Z", "2026-03-19T11:00:00Z");
    let body = graph::push(&world.sim);
    let secret = world.sim.channels()[0].1.clone();
    let forged = body.replace(&secret, "guess");
    assert!(calendar::hear(app, world.vendor, &none, None, forged.as_bytes()).await.is_err());
    assert_eq!(calendar::hear(app, world.vendor, &none, None, body.as_bytes()).await.unwrap(), Heard::Thanks);
    world.test.run_jobs().await;
    assert!(!practice.free(DAY).await.contains(&"10:00".to_owned()));
}
