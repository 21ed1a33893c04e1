//! Mail about bookings, from the event to the letter.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use frontdesk_app::booking::{self, Cancel, Door, Move, NewBooking};
use frontdesk_app::template::{Place, TemplateText, put};
use frontdesk_app::{App, AppError, jobs, notice, subscribers};
use frontdesk_channel::{
    ChannelError, Letter, Mail, MailError, Mailer, Post, SentMessage, SmtpMailer, SmtpSecurity, SmtpSettings,
};
use frontdesk_domain::booking::{BookingChangeKind, BookingSource, CancelledBy};
use frontdesk_domain::context::Context;
use frontdesk_domain::icalendar::Method;
use frontdesk_domain::id::BookingId;
use frontdesk_domain::locale::Language;
use frontdesk_domain::outbox::Status;
use frontdesk_domain::page::PageRequest;
use frontdesk_domain::permit::Permit;
use frontdesk_domain::template::{TemplateChannel, TemplateKind};
use frontdesk_domain::time::Timestamp;
use frontdesk_queue::{Runner, RunnerSettings};
use frontdesk_sim::mail::{MailFaults, MailSim, spawn};
use frontdesk_store::outbox::Filter;
use frontdesk_store::{booking as bookings, booking_type, outbox};
use frontdesk_testkit::{START, TestApp};
use tokio::sync::Notify;

const HOUR: Duration = Duration::from_hours(1);
const DAY: Duration = Duration::from_hours(24);

struct Desk<'a> {
    app: &'a TestApp,
    ctx: Context,
}

impl<'a> Desk<'a> {
    async fn open(app: &'a TestApp) -> Self {
        let ana = app.signed_up("Ana").await;
        let workspace = ana.workspace_id().await;
        app.mails().await;
        Self { app, ctx: app.system(workspace) }
    }

    /// Books three days ahead at noon, whatever the hours.
    async fn book(&self, language: Language) -> BookingId {
        self.book_at(START.plus(DAY * 3), language).await
    }

    async fn book_at(&self, start: Timestamp, language: Language) -> BookingId {
        let db = self.app.app.store.reader();
        let kind = booking_type::list(db, self.ctx.scope()).await.unwrap()[0].id;
        let new = NewBooking {
            type_id: Some(kind),
            start: Some(start),
            name: Some("Bo Berg".to_owned()),
            email: Some("bo@example.com".to_owned()),
            zone: Some("Europe/Berlin".to_owned()),
            language: Some(language),
            outside_hours: true,
            ..NewBooking::default()
        };
        booking::create(&self.app.app, &self.ctx, &new, BookingSource::Page, &Door::default())
            .await
            .unwrap()
            .booking
            .id
    }

    async fn move_to(&self, id: BookingId, start: Timestamp) {
        let to = Move { start: Some(start), outside_hours: true, ..Move::default() };
        booking::reschedule(&self.app.app, &self.ctx, id, &to).await.unwrap();
    }

    async fn cancel(&self, id: BookingId, reason: &str) {
        let why = Cancel { reason: reason.to_owned(), notify: None };
        booking::cancel(&self.app.app, &self.ctx, id, &why, CancelledBy::Business).await.unwrap();
    }

    async fn history(&self, id: BookingId) -> Vec<BookingChangeKind> {
        let db = self.app.app.store.reader();
        let changes = bookings::list_changes(db, self.ctx.scope(), id).await.unwrap();
        changes.into_iter().map(|change| change.what).collect()
    }

    /// A copy of the application whose letters leave through this.
    fn through(&self, mailer: Arc<dyn Mailer>) -> Arc<App> {
        Arc::new(App { mailer, ..(*self.app.app).clone() })
    }
}

/// Handles events and runs what is due once.
pub(crate) async fn work(app: &Arc<App>) {
    subscribers::catch_up(app).await.unwrap();
    let runner = Runner::new(
        app.store.clone(),
        Arc::clone(&app.clock),
        Arc::clone(&app.random),
        jobs::registry(app).unwrap(),
        RunnerSettings::default(),
    );
    runner.run_due().await.unwrap();
}

/// Where messages of the outbox are, oldest first.
pub(crate) async fn states(app: &App, ctx: &Context) -> Vec<Status> {
    let page = PageRequest::default();
    let mut all =
        outbox::list(app.store.reader(), ctx.scope(), &Filter::default(), &page).await.unwrap().items;
    all.reverse();
    all.iter().map(|each| each.status).collect()
}

fn subjects(letters: &[Letter]) -> Vec<&str> {
    letters.iter().map(|letter| letter.mail.subject.as_str()).collect()
}

#[tokio::test]
async fn a_confirmation_speaks_the_customer_s_language_and_time_and_carries_an_invitation() {
    let app = TestApp::open().await;
    let desk = Desk::open(&app).await;
    desk.book(Language::De).await;
    let letters = app.letters().await;
    assert_eq!(letters.len(), 1, "{letters:?}");
    let letter = &letters[0];
    assert_eq!(letter.mail.to, "bo@example.com");
    assert_eq!(letter.from_name, "Ana Ltd");
    // 13:30 UTC on 2026-03-21 is 14:30 in Berlin.
    assert_eq!(letter.mail.subject, "Appointment am Samstag, 21. März 2026: bestätigt");
    assert!(letter.mail.text.contains("Guten Tag Bo"), "{}", letter.mail.text);
    assert!(letter.mail.text.contains("Samstag, 21. März 2026 um 14:30 Uhr (CET)"), "{}", letter.mail.text);
    assert!(letter.mail.text.contains("https://desk.example/book/manage/"), "{}", letter.mail.text);
    let calendar = letter.calendar.as_ref().unwrap();
    assert_eq!(calendar.method, Method::Request);
    assert!(calendar.text.contains("DTSTART:20260321T133000Z\r\n"), "{}", calendar.text);
    assert!(calendar.text.contains("SEQUENCE:0\r\n"), "{}", calendar.text);
    assert_eq!(states(&app.app, &desk.ctx).await, [Status::Sent]);
    // Nothing is said twice, whatever is run again.
    app.clock.advance(Duration::from_mins(5));
    assert_eq!(app.letters().await, []);
}

#[tokio::test]
async fn a_move_raises_the_sequence_of_the_same_event_and_a_cancellation_takes_it_out() {
    let app = TestApp::open().await;
    let desk = Desk::open(&app).await;
    let id = desk.book(Language::En).await;
    let first = app.letters().await.remove(0);
    desk.move_to(id, START.plus(DAY * 4)).await;
    let moved = app.letters().await;
    assert_eq!(subjects(&moved), ["New time: Appointment on Sunday, March 22, 2026"]);
    assert!(
        moved[0].mail.text.contains("Before: Saturday, March 21, 2026 at 2:30 PM"),
        "{}",
        moved[0].mail.text
    );
    desk.cancel(id, "Our dentist is ill").await;
    let cancelled = app.letters().await;
    assert_eq!(subjects(&cancelled), ["Cancelled: Appointment on Sunday, March 22, 2026"]);
    assert!(cancelled[0].mail.text.contains("Reason: Our dentist is ill"), "{}", cancelled[0].mail.text);
    let line = |letter: &Letter, name: &str| {
        let text = &letter.calendar.as_ref().unwrap().text;
        text.lines().find(|line| line.starts_with(name)).unwrap().to_owned()
    };
    let all = [&first, &moved[0], &cancelled[0]];
    assert_eq!(all.map(|it| line(it, "SEQUENCE")), ["SEQUENCE:0", "SEQUENCE:1", "SEQUENCE:2"]);
    assert_eq!(all.map(|it| line(it, "METHOD")), ["METHOD:REQUEST", "METHOD:REQUEST", "METHOD:CANCEL"]);
    assert_eq!(line(&first, "UID"), line(&cancelled[0], "UID"));
}

#[tokio::test]
async fn reminders_move_with_the_booking_and_never_come_for_a_cancelled_one() {
    let app = TestApp::open().await;
    let desk = Desk::open(&app).await;
    let id = desk.book(Language::En).await;
    app.letters().await;
    desk.move_to(id, START.plus(DAY * 5)).await;
    app.letters().await;
    // A day and an hour before the old time: silence.
    app.clock.set(START.plus(DAY * 2));
    assert_eq!(app.letters().await, []);
    app.clock.set(START.plus(DAY * 3).minus(HOUR));
    assert_eq!(app.letters().await, []);
    // A day before the new one.
    app.clock.set(START.plus(DAY * 4).minus(Duration::from_secs(1)));
    assert_eq!(app.letters().await, []);
    app.clock.set(START.plus(DAY * 4));
    let reminded = app.letters().await;
    assert_eq!(subjects(&reminded), ["Reminder: Appointment on Monday, March 23, 2026 at 2:30 PM"]);
    assert_eq!(reminded[0].calendar, None);
    desk.cancel(id, "").await;
    assert_eq!(app.letters().await.len(), 1);
    app.clock.set(START.plus(DAY * 5).minus(HOUR));
    assert_eq!(app.letters().await, []);
}

#[tokio::test]
async fn who_books_late_is_not_reminded_of_what_they_just_did() {
    let app = TestApp::open().await;
    let desk = Desk::open(&app).await;
    desk.book_at(START.plus(HOUR * 2), Language::En).await;
    assert_eq!(app.letters().await.len(), 1);
    app.clock.set(START.plus(HOUR));
    assert_eq!(app.letters().await.len(), 1);
    app.clock.set(START.plus(HOUR * 3));
    assert_eq!(app.letters().await, []);
}

/// Is told to send and never comes back.
#[derive(Debug, Default)]
struct Stuck {
    begun: Notify,
    letters: Mutex<u32>,
}

#[async_trait]
impl Post for Stuck {
    async fn post(&self, _: Permit, _: &Letter, _: Timestamp) -> Result<SentMessage, ChannelError> {
        *self.letters.lock().unwrap() += 1;
        self.begun.notify_one();
        std::future::pending().await
    }
}

#[async_trait]
impl Mailer for Stuck {
    fn destination(&self) -> String {
        "nowhere".to_owned()
    }

    async fn send(&self, _: &Mail) -> Result<(), MailError> {
        Ok(())
    }

    async fn check(&self) -> Result<(), MailError> {
        Ok(())
    }
}

#[tokio::test]
async fn a_server_that_dies_while_sending_sends_nothing_twice_and_says_so() {
    let app = TestApp::open().await;
    let desk = Desk::open(&app).await;
    let id = desk.book(Language::En).await;
    let stuck = Arc::new(Stuck::default());
    let dying = desk.through(Arc::clone(&stuck) as Arc<dyn Mailer>);
    tokio::select! {
        () = work(&dying) => panic!("sending came back"),
        () = stuck.begun.notified() => {}
    }
    assert_eq!(*stuck.letters.lock().unwrap(), 1);
    // Its lease lapses and another worker takes the job.
    app.clock.advance(Duration::from_mins(10));
    assert_eq!(app.letters().await, []);
    assert_eq!(states(&app.app, &desk.ctx).await, [Status::InDoubt]);
    let history = desk.history(id).await;
    assert!(
        history.iter().any(|it| matches!(it, BookingChangeKind::NotNotified { template, .. } if template == "booking_confirmed")),
        "{history:?}"
    );
}

#[tokio::test]
async fn a_real_mail_server_gets_both_forms_and_a_file_that_icalendar_reads() {
    let app = TestApp::open().await;
    let desk = Desk::open(&app).await;
    let sim = MailSim::default();
    let running = spawn(sim.clone()).await.unwrap();
    let settings = SmtpSettings {
        host: running.smtp.address.ip().to_string(),
        port: Some(running.smtp.address.port()),
        security: SmtpSecurity::None,
        username: None,
        from: "Front desk <desk@example.com>".to_owned(),
    };
    let through = desk.through(Arc::new(SmtpMailer::new(&settings, None).unwrap()));
    // First it is busy, then it is there: one letter.
    sim.set_faults(MailFaults { defer: vec!["bo@example.com".to_owned()], ..MailFaults::default() });
    let id = desk.book(Language::Fr).await;
    work(&through).await;
    assert_eq!(sim.messages().len(), 0);
    sim.set_faults(MailFaults::default());
    app.clock.advance(HOUR);
    work(&through).await;
    assert_eq!(sim.messages().len(), 1);
    let arrived = sim.wait_for("bo@example.com").await;
    assert_eq!(arrived.from, "\"Ana Ltd\" <desk@example.com>");
    assert_eq!(arrived.subject, "Appointment, samedi 21 mars 2026 : confirmé");
    assert!(arrived.html.contains("color-scheme") && arrived.html.contains("Bonjour Bo"), "{}", arrived.html);
    assert!(arrived.raw.contains("text/calendar; method=REQUEST"), "{}", arrived.raw);
    assert!(arrived.raw.contains("invite.ics"), "{}", arrived.raw);
    let history = desk.history(id).await;
    assert!(
        history.contains(&BookingChangeKind::Notified { template: "booking_confirmed".to_owned() }),
        "{history:?}"
    );
    // Refused for good: noted, not tried for ever.
    sim.set_faults(MailFaults { reject: vec!["bo@example.com".to_owned()], ..MailFaults::default() });
    desk.cancel(id, "x").await;
    work(&through).await;
    let history = desk.history(id).await;
    let refused = history.iter().find_map(|it| match it {
        BookingChangeKind::NotNotified { template, reason } => Some((template.as_str(), reason.as_str())),
        _ => None,
    });
    let (template, reason) = refused.unwrap();
    assert_eq!(template, "booking_cancelled");
    assert!(reason.contains("550") && !reason.contains("bo@example.com"), "{reason}");
}

#[tokio::test]
async fn the_file_is_read_by_the_icalendar_package() {
    let app = TestApp::open().await;
    let desk = Desk::open(&app).await;
    let id = desk.book(Language::En).await;
    let folder = tempfile::tempdir().unwrap();
    let mut paths = Vec::new();
    for method in [Method::Request, Method::Cancel, Method::Publish] {
        let text = notice::calendar_file(&app.app, desk.ctx.scope(), id, method).await.unwrap();
        let path = folder.path().join(format!("{}.ics", method.as_str()));
        std::fs::write(&path, text).unwrap();
        paths.push(path);
    }
    let python = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../.venv/bin/python");
    let script = "import sys, icalendar\n\
        for path in sys.argv[1:]:\n\
        \tcalendar = icalendar.Calendar.from_ical(open(path, 'rb').read())\n\
        \tassert not calendar.errors, calendar.errors\n\
        \t[event] = calendar.walk('VEVENT')\n\
        \tassert not event.errors, event.errors\n\
        \tprint(calendar['METHOD'], event.decoded('DTSTART').isoformat(), event['SEQUENCE'], event['ATTENDEE'])\n";
    let probe = std::process::Command::new(&python).args(["-c", "import icalendar"]).output();
    if !probe.is_ok_and(|output| output.status.success()) {
        assert!(
            std::env::var_os("CI").is_none(),
            "scripts/bootstrap installs the icalendar package into .venv"
        );
        return;
    }
    let output = std::process::Command::new(python).arg("-c").arg(script).args(&paths).output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(
        said,
        "REQUEST 2026-03-21T13:30:00+00:00 0 mailto:bo@example.com\n\
         CANCEL 2026-03-21T13:30:00+00:00 0 mailto:bo@example.com\n\
         PUBLISH 2026-03-21T13:30:00+00:00 0 mailto:bo@example.com\n"
    );
}

#[tokio::test]
async fn an_own_text_is_used_and_an_unknown_variable_never_gets_that_far() {
    let app = TestApp::open().await;
    let desk = Desk::open(&app).await;
    let place = Place {
        kind: TemplateKind::BookingConfirmed,
        channel: TemplateChannel::Email,
        language: Language::En,
    };
    let text =
        |body: &str| TemplateText { subject: "See you, {{ first_name }}".to_owned(), body: body.to_owned() };
    let refused = put(&app.app, &desk.ctx, place, text("Hello\n{{ nobody }}")).await;
    let Err(AppError::Invalid(fields)) = refused else { panic!("{refused:?}") };
    assert_eq!(fields[0].field, "/body");
    assert!(fields[0].message.starts_with("line 2: `nobody`"), "{fields:?}");
    let saved = put(&app.app, &desk.ctx, place, text("On {{ date }}.")).await.unwrap();
    assert_eq!((saved.version, saved.customised), (1, true));
    desk.book(Language::En).await;
    let letters = app.letters().await;
    assert_eq!(subjects(&letters), ["See you, Bo"]);
    assert_eq!(letters[0].mail.text, "On Saturday, March 21, 2026.");
}

#[tokio::test]
async fn who_asked_not_to_be_contacted_is_not() {
    let app = TestApp::open().await;
    let desk = Desk::open(&app).await;
    let id = desk.book(Language::En).await;
    let tx = app.app.store.begin(&desk.ctx).await.unwrap();
    let stored = bookings::get(&tx, tx.scope(), id).await.unwrap();
    let mut contact =
        frontdesk_store::contact::get(&tx, tx.scope(), stored.booking.contact_id).await.unwrap();
    contact.opted_out = true;
    frontdesk_store::contact::update(&tx, tx.scope(), &contact).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(app.letters().await, []);
    let history = desk.history(id).await;
    assert!(history.iter().any(|it| matches!(it, BookingChangeKind::NotNotified { .. })), "{history:?}");
    let decisions =
        frontdesk_store::compliance_decision::list_newest(app.app.store.reader(), desk.ctx.scope(), 5).await;
    assert_eq!(decisions.unwrap().len(), 1);
}
