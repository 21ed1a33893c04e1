//! A business whose mail comes and goes through a simulated vendor.

use axum::body::Body;
use axum::http::{Request, StatusCode};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use frontdesk_app::connection::{self, NewConnection};
use frontdesk_domain::context::Context;
use frontdesk_domain::id::ConnectionId;
use frontdesk_domain::outbox::OutboxMessage;
use frontdesk_domain::page::PageRequest;
use frontdesk_sim::Running;
use frontdesk_sim::resend::receiving::ReceivedMail;
use frontdesk_sim::resend::{ResendSim, sign, spawn};
use frontdesk_store::outbox::{self, Filter};
use frontdesk_testkit::{Browser, TestApp, TestStore};
use serde_json::{Value, json};

const KEY: &[u8] = b"a key of thirty-two bytes or so!";
/// A customer.
pub const ANA: &str = "ana@example.com";

pub struct House {
    pub app: TestApp,
    pub ctx: Context,
    pub sim: ResendSim,
    connection: ConnectionId,
    _running: Running,
}

/// A mail as it travels; `headers` end with a line break each.
pub fn mail(from: &str, id: &str, subject: &str, headers: &str, words: &str) -> String {
    format!(
        "From: {from}\r\nTo: reply@in.example.com\r\nMessage-ID: <{id}@example.com>\r\nSubject: {subject}\r\n\
         {headers}\r\n{words}\r\n"
    )
}

impl House {
    pub async fn open(t: TestStore) -> Self {
        let app = TestApp::on(t);
        let workspace = app.signed_up("boss").await.workspace_id().await;
        app.mails().await;
        let ctx = app.system(workspace);
        let sim = ResendSim::new("re_1");
        let running = spawn(sim.clone()).await.unwrap();
        let settings = json!({
            "from": "Desk <desk@example.org>", "base_url": running.url, "inbound": "reply@in.example.com",
        });
        let new = NewConnection {
            vendor: "resend".to_owned(),
            name: "Mail".to_owned(),
            settings,
            secret: Some("re_1".to_owned()),
            hook_secret: Some(format!("whsec_{}", STANDARD.encode(KEY))),
            enabled: true,
        };
        let connection = connection::create(&app.app, &ctx, new).await.unwrap().id;
        Self { app, ctx, sim, connection, _running: running }
    }

    /// The owner's browser.
    pub async fn owner(&self) -> Browser<'_> {
        let browser = self.app.browser();
        let body = json!({ "email": "boss@example.com", "password": frontdesk_testkit::app::PASSWORD });
        browser.post("/auth/login", body).await;
        browser
    }

    /// A mail comes; what follows is done.
    pub async fn comes(&self, raw: &str) {
        let mail = ReceivedMail { raw: Some(raw.as_bytes().to_vec()), ..ReceivedMail::default() };
        let (_, call) = self.sim.receive(mail, &self.app.clock_text());
        let (body, now) = (call.to_string(), self.app.app.clock.now().as_millis() / 1_000);
        let mut request = Request::post(format!("/api/v1/hooks/mail/resend/{}", self.connection))
            .header("host", "desk.example")
            .header("content-type", "application/json");
        for (name, value) in sign(KEY, "msg_1", now, &body) {
            request = request.header(name, value);
        }
        let answer = self.app.send(request.body(Body::from(body)).unwrap()).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
        self.app.run_jobs().await;
    }

    /// What went out, oldest first.
    pub fn sent(&self) -> Vec<Value> {
        self.sim.sent()
    }

    /// The one that went out last.
    pub fn last(&self) -> Value {
        self.sent().pop().unwrap()
    }

    /// Conversations by mail, newest message first.
    pub async fn talks(&self) -> Vec<Value> {
        let talks = self.owner().await.get("/conversations?channel=email").await.json();
        talks["items"].as_array().unwrap().clone()
    }

    /// The messages of a conversation, oldest first.
    pub async fn said(&self, talk: &Value) -> Vec<Value> {
        let path = format!("/conversations/{}/messages", talk["id"].as_str().unwrap());
        self.owner().await.get(&path).await.json()["items"].as_array().unwrap().clone()
    }

    /// Every message of the outbox, oldest first.
    pub async fn outbox(&self) -> Vec<OutboxMessage> {
        let db = self.app.app.store.reader();
        let all = outbox::list(db, self.ctx.scope(), &Filter::default(), &PageRequest::default()).await;
        let mut all = all.unwrap().items;
        all.reverse();
        all
    }
}
