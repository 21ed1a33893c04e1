//! A practice with a simulated phone line, and the phones of its customers.

use std::time::Duration;

use frontdesk_domain::context::Context;
use frontdesk_domain::outbox::{OutboxMessage, Status};
use frontdesk_domain::page::PageRequest;
use frontdesk_http::{HttpClient, HttpSettings};
use frontdesk_sim::twilio::{TwilioAccount, TwilioSim};
use frontdesk_sim::{Running, twilio};
use frontdesk_store::outbox::{self, Filter};
use frontdesk_testkit::{Browser, TestApp, TestStore};
use serde_json::{Value, json};

/// The practice's number.
pub const OURS: &str = "+14155550100";
/// A customer's.
pub const ANA: &str = "+14155552671";

/// A business that is reached by text message.
pub struct Line {
    pub app: TestApp,
    pub ctx: Context,
    pub twilio: TwilioSim,
    pub connection: String,
    _sim: Running,
}

impl Line {
    pub async fn on(store: TestStore) -> Self {
        let app = TestApp::listening(store).await;
        let http = HttpClient::new(
            HttpSettings { allow_private_hosts: vec!["127.0.0.1".to_owned()], ..HttpSettings::default() },
            std::sync::Arc::clone(&app.app.clock),
            std::sync::Arc::clone(&app.app.random),
        )
        .unwrap();
        let account = TwilioAccount::default();
        let twilio = TwilioSim::new(account.clone(), http);
        let sim = twilio::spawn(twilio.clone()).await.unwrap();
        let owner = app.signed_up("ana").await;
        let settings = json!({ "account_sid": account.sid, "numbers": [OURS], "base_url": sim.url, "lookup_url": sim.url });
        let made =
            json!({ "vendor": "twilio", "name": "Line", "settings": settings, "secret": account.token });
        let connection = owner.post("/connections", made).await.json();
        let connection = connection["id"].as_str().unwrap().to_owned();
        let hook = format!("{}/webhooks/twilio/{connection}", app.app.settings.public_url);
        twilio.add_number(OURS, "Practice", &hook);
        let ctx = app.system(owner.workspace_id().await);
        drop(owner);
        Self { app, ctx, twilio, connection, _sim: sim }
    }

    /// The owner's browser.
    pub async fn owner(&self) -> Browser<'_> {
        let browser = self.app.browser();
        let body = json!({ "email": "ana@example.com", "password": frontdesk_testkit::app::PASSWORD });
        browser.post("/auth/login", body).await;
        browser
    }

    /// A customer texts; what follows is done and heard.
    pub async fn text(&self, from: &str, words: &str) {
        self.twilio.text(from, OURS, words).unwrap();
        self.settle().await;
    }

    /// Everything under way is done: calls heard, jobs run, news of messages heard.
    pub async fn settle(&self) {
        loop {
            self.twilio.settled().await;
            if self.app.run_jobs().await == 0 {
                return;
            }
        }
    }

    /// The vendor's address is one where nobody listens; gives the settings it had.
    pub async fn points_nowhere(&self) -> Value {
        let path = format!("/connections/{}", self.connection);
        let owner = self.owner().await;
        let settings = owner.get(&path).await.json()["settings"].clone();
        let mut nowhere = settings.clone();
        // A port that was free a moment ago.
        let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        nowhere["base_url"] = json!(format!("http://127.0.0.1:{port}"));
        let answer = owner.patch(&path, json!({ "settings": nowhere })).await;
        assert!(answer.status.is_success(), "{}", answer.text);
        settings
    }

    /// The vendor is where it was.
    pub async fn points_back(&self, settings: Value) {
        let path = format!("/connections/{}", self.connection);
        let answer = self.owner().await.patch(&path, json!({ "settings": settings })).await;
        assert!(answer.status.is_success(), "{}", answer.text);
    }

    /// Moves the clock on and does what is due then.
    pub async fn later(&self, by: Duration) {
        self.app.clock.advance(by);
        self.settle().await;
    }

    /// What arrived at a phone, oldest first.
    pub fn phone(&self, number: &str) -> Vec<String> {
        self.twilio.received(number).into_iter().map(|message| message.text).collect()
    }

    /// Every message of the outbox, oldest first.
    pub async fn outbox(&self) -> Vec<OutboxMessage> {
        let db = self.app.app.store.reader();
        let all = outbox::list(db, self.ctx.scope(), &Filter::default(), &PageRequest::default()).await;
        let mut all = all.unwrap().items;
        all.reverse();
        all
    }

    /// The states of the outbox's messages, oldest first.
    pub async fn states(&self) -> Vec<Status> {
        self.outbox().await.into_iter().map(|message| message.status).collect()
    }

    /// An appointment of a customer who has written; the ids of both.
    pub async fn booked(&self, number: &str) -> (String, String) {
        let owner = self.owner().await;
        let contacts = owner.get("/contacts").await.json();
        let theirs =
            contacts["items"].as_array().unwrap().iter().find(|each| each["phone"] == number).unwrap();
        let kind = owner.post("/booking-types", json!({ "name": "Cleaning" })).await.json();
        let booking = json!({
            "type_id": kind["id"], "start": "2030-01-07T10:00:00.000Z", "name": "Ana", "phone": number,
            "contact_id": theirs["id"], "outside_hours": true,
        });
        let answer = owner.post("/bookings", booking).await;
        assert!(answer.status.is_success(), "{}", answer.text);
        self.settle().await;
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        (text(&theirs["id"]), text(&answer.json()["id"]))
    }

    /// Writes to somebody first.
    pub async fn write(&self, to: &str, words: &str) -> Value {
        let body = json!({ "channel": "sms", "to": to, "text": words, "client_id": words.len().to_string() });
        let answer = self.owner().await.post("/messages", body).await;
        assert!(answer.status.is_success(), "{}", answer.text);
        answer.json()
    }
}
