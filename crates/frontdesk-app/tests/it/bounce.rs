//! Mail that comes back: what the vendor tells or the mail server says, and what the team and the customer notice.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::http::{Request, StatusCode};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use frontdesk_app::booking::{self, BookingPatch, Door, NewBooking};
use frontdesk_app::connection::{self, ConnectionPatch, NewConnection};
use frontdesk_app::{App, AppError, contact as contacts};
use frontdesk_channel::{Mailer, SmtpMailer, SmtpSecurity, SmtpSettings};
use frontdesk_domain::booking::{Booking, BookingChangeKind, BookingSource, CancelledBy};
use frontdesk_domain::context::Context;
use frontdesk_domain::id::{BookingId, ConnectionId};
use frontdesk_domain::outbox::Status;
use frontdesk_domain::time::Timestamp;
use frontdesk_sim::Running;
use frontdesk_sim::mail::{MailFaults, MailSim};
use frontdesk_sim::resend::{ResendSim, sign, spawn};
use frontdesk_store::{booking as bookings, booking_type, mail_bounce};
use frontdesk_testkit::{START, TestApp, TestStore, on_both};
use serde_json::{Value, json};

use crate::notice::{states, work};

const DAY: Duration = Duration::from_hours(24);
const KEY: &[u8] = b"a key of thirty-two bytes or so!";
const BO: &str = "bo@example.com";

/// A business whose mail leaves through Resend.
struct Desk {
    app: TestApp,
    ctx: Context,
    sim: ResendSim,
    connection: ConnectionId,
    _running: Running,
}

impl Desk {
    async fn open(t: TestStore) -> Self {
        let app = TestApp::on(t);
        let workspace = app.signed_up("Ana").await.workspace_id().await;
        app.mails().await;
        let ctx = app.system(workspace);
        let sim = ResendSim::new("re_1");
        let running = spawn(sim.clone()).await.unwrap();
        let new = NewConnection {
            vendor: "resend".to_owned(),
            name: "Mail".to_owned(),
            settings: json!({ "from": "Desk <desk@example.com>", "base_url": running.url }),
            secret: Some("re_1".to_owned()),
            hook_secret: Some(format!("whsec_{}", STANDARD.encode(KEY))),
            enabled: true,
        };
        let connection = connection::create(&app.app, &ctx, new).await.unwrap().id;
        Self { app, ctx, sim, connection, _running: running }
    }

    async fn book(&self) -> BookingId {
        book(&self.app.app, &self.ctx, START.plus(DAY * 3)).await
    }

    async fn booking(&self, id: BookingId) -> Booking {
        bookings::get(self.app.app.store.reader(), self.ctx.scope(), id).await.unwrap().booking
    }

    /// The vendor calls about the letter sent as `number`-th.
    async fn tell(&self, number: usize, event: &str, more: &Value) -> StatusCode {
        let body = self.sim.webhook(number, event, &self.app.clock_text(), more).unwrap().to_string();
        self.call(&self.connection.to_string(), KEY, self.now(), &body).await
    }

    fn now(&self) -> i64 {
        self.app.app.clock.now().as_millis() / 1_000
    }

    async fn call(&self, connection: &str, key: &[u8], seconds: i64, body: &str) -> StatusCode {
        let mut request = Request::post(format!("/api/v1/hooks/mail/resend/{connection}"))
            .header("host", "desk.example")
            .header("content-type", "application/json");
        for (name, value) in sign(key, "msg_1", seconds, body) {
            request = request.header(name, value);
        }
        self.app.send(request.body(Body::from(body.to_owned())).unwrap()).await.status
    }

    async fn history(&self, id: BookingId) -> Vec<BookingChangeKind> {
        history(&self.app.app, &self.ctx, id).await
    }

    async fn states(&self) -> Vec<Status> {
        states(&self.app.app, &self.ctx).await
    }
}

async fn book(app: &App, ctx: &Context, start: Timestamp) -> BookingId {
    let kind = booking_type::list(app.store.reader(), ctx.scope()).await.unwrap()[0].id;
    let new = NewBooking {
        type_id: Some(kind),
        start: Some(start),
        name: Some("Bo Berg".to_owned()),
        email: Some(BO.to_owned()),
        outside_hours: true,
        ..NewBooking::default()
    };
    booking::create(app, ctx, &new, BookingSource::Page, &Door::default()).await.unwrap().booking.id
}

async fn history(app: &App, ctx: &Context, id: BookingId) -> Vec<BookingChangeKind> {
    let changes = bookings::list_changes(app.store.reader(), ctx.scope(), id).await.unwrap();
    changes.into_iter().map(|change| change.what).collect()
}

/// Why notices did not reach the customer, oldest first.
fn failures(history: &[BookingChangeKind]) -> Vec<&str> {
    let mut found: Vec<&str> = history
        .iter()
        .filter_map(|it| match it {
            BookingChangeKind::NotNotified { reason, .. } => Some(reason.as_str()),
            _ => None,
        })
        .collect();
    found.sort_unstable();
    found
}

fn gone() -> Value {
    json!({ "bounce": { "type": "Permanent", "subType": "General", "message": format!("550 5.1.1 <{BO}> unknown") } })
}

on_both! {
    async fn a_confirmation_that_came_back_is_shown_to_the_team_and_no_reminder_follows_it(t: TestStore) {
        let desk = Desk::open(t).await;
        let id = desk.book().await;
        desk.app.run_jobs().await;
        assert_eq!(desk.sim.sent().len(), 1);
        assert_eq!(desk.booking(id).await.flagged, None);
        // The vendor tells it twice.
        for _ in 0..2 {
            assert_eq!(desk.tell(0, "email.bounced", &gone()).await, StatusCode::OK);
        }
        assert_eq!(desk.states().await, [Status::Undelivered]);
        let history = desk.history(id).await;
        assert_eq!(failures(&history), ["it came back: 550 5.1.1 <the customer's address> unknown"]);
        let flag = desk.booking(id).await.flagged.unwrap();
        assert!(flag.contains("came back"), "{flag}");
        // The reminder of the day before stays here, and says why.
        desk.app.clock.set(START.plus(DAY * 2));
        desk.app.run_jobs().await;
        assert_eq!(desk.sim.sent().len(), 1);
        let history = desk.history(id).await;
        assert!(failures(&history)[1].starts_with("mail to this address came back on "), "{history:?}");
    }

    async fn a_corrected_address_gets_mail_again_and_the_flag_goes(t: TestStore) {
        let desk = Desk::open(t).await;
        let id = desk.book().await;
        desk.app.run_jobs().await;
        desk.tell(0, "email.bounced", &gone()).await;
        let patch = BookingPatch { email: Some("bo.berg@example.com".to_owned()), ..BookingPatch::default() };
        let corrected = booking::edit(&desk.app.app, &desk.ctx, id, &patch).await.unwrap();
        assert_eq!(corrected.flagged, None);
        desk.app.clock.set(START.plus(DAY * 2));
        desk.app.run_jobs().await;
        let sent = desk.sim.sent();
        assert_eq!(sent.len(), 2);
        assert_eq!(sent[1]["to"], json!(["bo.berg@example.com"]));
        // The first address again, by the hand of somebody who knows better.
        let patch = BookingPatch { email: Some(BO.to_owned()), ..BookingPatch::default() };
        booking::edit(&desk.app.app, &desk.ctx, id, &patch).await.unwrap();
        desk.app.clock.set(START.plus(DAY * 3).minus(Duration::from_hours(1)));
        desk.app.run_jobs().await;
        assert_eq!(desk.sim.sent().len(), 3);
    }

    async fn a_full_mailbox_does_not_silence_the_reminders(t: TestStore) {
        let desk = Desk::open(t).await;
        let id = desk.book().await;
        desk.app.run_jobs().await;
        let full = json!({ "bounce": { "type": "Transient", "subType": "MailboxFull", "message": "full" } });
        assert_eq!(desk.tell(0, "email.bounced", &full).await, StatusCode::OK);
        assert_eq!(failures(&desk.history(id).await), ["it came back for now: full"]);
        assert!(desk.booking(id).await.flagged.is_some());
        desk.app.clock.set(START.plus(DAY * 2));
        desk.app.run_jobs().await;
        assert_eq!(desk.sim.sent().len(), 2);
    }

    async fn nobody_without_the_secret_can_silence_a_customer_s_mail(t: TestStore) {
        let desk = Desk::open(t).await;
        let id = desk.book().await;
        desk.app.run_jobs().await;
        let body = desk.sim.webhook(0, "email.bounced", &desk.app.clock_text(), &gone()).unwrap().to_string();
        let (right, now) = (desk.connection.to_string(), desk.now());
        let elsewhere = ConnectionId::new(START, desk.app.app.random.as_ref()).to_string();
        for (connection, key, at) in [
            (right.as_str(), b"another key of thirty-two bytes!".as_slice(), now),
            (right.as_str(), KEY, now - 301),
            (elsewhere.as_str(), KEY, now),
            ("nonsense", KEY, now),
        ] {
            assert_eq!(desk.call(connection, key, at, &body).await, StatusCode::NOT_FOUND, "{connection} {at}");
        }
        let much = format!("{body}{}", " ".repeat(70_000));
        assert_eq!(desk.call(&right, KEY, now, &much).await, StatusCode::PAYLOAD_TOO_LARGE);
        assert_eq!(desk.states().await, [Status::Sent]);
        assert_eq!(failures(&desk.history(id).await), Vec::<&str>::new());
        // Without its secret the connection hears nobody.
        let patch: ConnectionPatch = serde_json::from_value(json!({ "hook_secret": null })).unwrap();
        let changed = connection::update(&desk.app.app, &desk.ctx, desk.connection, patch).await.unwrap();
        assert!(changed.has_secret && !changed.has_hook_secret);
        assert_eq!(desk.call(&right, KEY, now, &body).await, StatusCode::NOT_FOUND);
    }

    async fn a_bounce_heard_before_the_answer_to_the_sending_is_not_lost(t: TestStore) {
        let desk = Desk::open(t).await;
        // The vendor takes the letter and its answer is lost, this time and when it is tried once more.
        desk.sim.fail_next(&[0, 500]);
        let id = desk.book().await;
        work(&desk.app.app).await;
        assert_eq!(desk.sim.sent().len(), 1);
        assert_eq!(desk.tell(0, "email.bounced", &gone()).await, StatusCode::OK);
        assert_eq!(desk.states().await, [Status::Undelivered]);
        desk.app.clock.advance(Duration::from_hours(1));
        desk.app.run_jobs().await;
        assert_eq!(desk.states().await, [Status::Undelivered]);
        assert_eq!(desk.sim.sent().len(), 1);
        let history = desk.history(id).await;
        assert_eq!(failures(&history).len(), 1, "{history:?}");
        assert!(!history.iter().any(|it| matches!(it, BookingChangeKind::Notified { .. })), "{history:?}");
    }

    async fn who_reports_spam_hears_of_bookings_alone_and_erasing_them_forgets_it(t: TestStore) {
        let desk = Desk::open(t).await;
        let id = desk.book().await;
        desk.app.run_jobs().await;
        for _ in 0..2 {
            assert_eq!(desk.tell(0, "email.complained", &json!({})).await, StatusCode::OK);
        }
        let told = desk.history(id).await;
        let told = told.iter().filter(|it| matches!(it, BookingChangeKind::Flagged { .. })).count();
        assert_eq!(told, 1);
        assert_eq!(desk.booking(id).await.flagged, None);
        desk.tell(0, "email.bounced", &gone()).await;
        let (db, scope) = (desk.app.app.store.reader(), desk.ctx.scope());
        let standing = mail_bounce::find(db, scope, BO).await.unwrap();
        assert!(standing.bounced_at.is_some() && standing.complained_at.is_some());
        // A letter that arrives later clears the one, not the other.
        desk.app.clock.advance(Duration::from_mins(1));
        assert_eq!(desk.tell(0, "email.delivered", &json!({})).await, StatusCode::OK);
        let standing = mail_bounce::find(db, scope, BO).await.unwrap();
        assert!(standing.bounced_at.is_none() && standing.complained_at.is_some());
        desk.app.run_jobs().await;
        booking::cancel(&desk.app.app, &desk.ctx, id, &booking::Cancel::default(), CancelledBy::Business)
            .await
            .unwrap();
        desk.app.run_jobs().await;
        assert_eq!(desk.sim.sent().len(), 2);
        contacts::delete(&desk.app.app, &desk.ctx, desk.booking(id).await.contact_id).await.unwrap();
        assert_eq!(mail_bounce::find(db, scope, BO).await.unwrap(), mail_bounce::Standing::default());
    }

    async fn a_mail_server_that_knows_no_such_mailbox_is_believed_and_one_that_dislikes_us_is_not(t: TestStore) {
        let app = TestApp::on(t);
        let workspace = app.signed_up("Ana").await.workspace_id().await;
        app.mails().await;
        let ctx = app.system(workspace);
        let sim = MailSim::default();
        let running = frontdesk_sim::mail::spawn(sim.clone()).await.unwrap();
        let settings = SmtpSettings {
            host: running.smtp.address.ip().to_string(),
            port: Some(running.smtp.address.port()),
            security: SmtpSecurity::None,
            username: None,
            from: "Front desk <desk@example.com>".to_owned(),
        };
        let mailer: Arc<dyn Mailer> = Arc::new(SmtpMailer::new(&settings, None).unwrap());
        let through = Arc::new(App { mailer, ..(*app.app).clone() });
        sim.set_faults(MailFaults { reject: vec![BO.to_owned()], ..MailFaults::default() });
        let id = book(&app.app, &ctx, START.plus(DAY * 3)).await;
        work(&through).await;
        let told = history(&app.app, &ctx, id).await;
        assert!(failures(&told)[0].contains("550") && !failures(&told)[0].contains(BO), "{told:?}");
        let db = app.app.store.reader();
        let booked = bookings::get(db, ctx.scope(), id).await.unwrap().booking;
        assert!(booked.flagged.is_some());
        assert!(mail_bounce::find(db, ctx.scope(), BO).await.unwrap().bounced_at.is_some());
        // It would take mail again; nobody tries.
        sim.set_faults(MailFaults::default());
        app.clock.set(START.plus(DAY * 2));
        work(&through).await;
        assert_eq!(sim.messages().len(), 0);
    }

    async fn a_key_of_the_api_in_the_place_of_the_signing_secret_is_refused_when_it_is_saved(t: TestStore) {
        let desk = Desk::open(t).await;
        let patch: ConnectionPatch = serde_json::from_value(json!({ "hook_secret": "re_1" })).unwrap();
        let refused = connection::update(&desk.app.app, &desk.ctx, desk.connection, patch).await;
        let Err(AppError::Invalid(fields)) = refused else { panic!("{refused:?}") };
        assert_eq!(fields[0].field, "/hook_secret");
        // What was there stays.
        desk.book().await;
        desk.app.run_jobs().await;
        assert_eq!(desk.tell(0, "email.delivery_delayed", &json!({})).await, StatusCode::OK);
    }

    async fn a_new_key_ring_still_knows_who_calls(t: TestStore) {
        let desk = Desk::open(t).await;
        let rotation = frontdesk_app::secret::rotate(&desk.app.app).await.unwrap();
        assert_eq!((rotation.resealed, rotation.unreadable), (2, 0));
        desk.book().await;
        desk.app.run_jobs().await;
        assert_eq!(desk.tell(0, "email.delivered", &json!({})).await, StatusCode::OK);
    }
}
