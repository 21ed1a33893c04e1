//! A practice that is reached by WhatsApp, and the phones of its customers.

use std::time::Duration;

use frontdesk_domain::context::Context;
use frontdesk_domain::outbox::OutboxMessage;
use frontdesk_domain::page::PageRequest;
use frontdesk_http::{HttpClient, HttpSettings};
use frontdesk_sim::whatsapp::{WhatsappAccount, WhatsappSim};
use frontdesk_sim::{Running, whatsapp};
use frontdesk_store::outbox::{self, Filter};
use frontdesk_testkit::{Browser, TestApp, TestStore};
use serde_json::{Value, json};

/// A business on WhatsApp.
pub struct Chat {
    pub app: TestApp,
    pub ctx: Context,
    pub vendor: WhatsappSim,
    pub connection: String,
    _sim: Running,
}

impl Chat {
    pub async fn on(store: TestStore) -> Self {
        let app = TestApp::listening(store).await;
        let http = HttpClient::new(
            HttpSettings { allow_private_hosts: vec!["127.0.0.1".to_owned()], ..HttpSettings::default() },
            std::sync::Arc::clone(&app.app.clock),
            std::sync::Arc::clone(&app.app.random),
        )
        .unwrap();
        let account = WhatsappAccount::default();
        let vendor = WhatsappSim::new(account.clone(), http);
        let sim = whatsapp::spawn(vendor.clone()).await.unwrap();
        let owner = app.signed_up("ana").await;
        let settings = json!({ "phone_number_id": account.phone_number_id, "verify_token": "riverside words",
            "business_account_id": account.business_account_id, "base_url": sim.url });
        let made = json!({ "vendor": "whatsapp", "name": "Chat", "settings": settings, "secret": account.token,
            "hook_secret": account.app_secret });
        let made = owner.post("/connections", made).await;
        assert!(made.status.is_success(), "{}", made.text);
        let connection = made.json()["id"].as_str().unwrap().to_owned();
        let ctx = app.system(owner.workspace_id().await);
        drop(owner);
        let chat = Self { app, ctx, vendor, connection, _sim: sim };
        chat.settle().await;
        chat
    }

    /// The owner's browser.
    pub async fn owner(&self) -> Browser<'_> {
        let browser = self.app.browser();
        let body = json!({ "email": "ana@example.com", "password": frontdesk_testkit::app::PASSWORD });
        browser.post("/auth/login", body).await;
        browser
    }

    /// A customer writes; what follows is done and heard.
    pub async fn text(&self, from: &str, words: &str) -> String {
        let id = self.vendor.text(from, words);
        self.settle().await;
        id
    }

    /// Everything under way is done: calls heard, jobs run, news of messages heard.
    pub async fn settle(&self) {
        loop {
            self.vendor.settled().await;
            if self.app.run_jobs().await == 0 {
                return;
            }
        }
    }

    /// Moves the clock on and does what is due then.
    pub async fn later(&self, by: Duration) {
        self.app.clock.advance(by);
        self.settle().await;
    }

    /// What a phone shows, oldest first.
    pub fn phone(&self, number: &str) -> Vec<Value> {
        self.vendor.thread(number)["messages"].as_array().unwrap().clone()
    }

    /// Every message of the outbox, oldest first.
    pub async fn outbox(&self) -> Vec<OutboxMessage> {
        let db = self.app.app.store.reader();
        let all = outbox::list(db, self.ctx.scope(), &Filter::default(), &PageRequest::default()).await;
        let mut all = all.unwrap().items;
        all.reverse();
        all
    }

    /// Writes a template, which the vendor approves; its id.
    pub async fn approved(&self, name: &str, category: &str, body: &str, examples: Value) -> String {
        let owner = self.owner().await;
        let new = json!({ "name": name, "language": "en_US", "category": category, "body": body,
            "examples": examples, "submit": true });
        let made = owner.post("/channel-templates", new).await;
        assert!(made.status.is_success(), "{}", made.text);
        assert!(self.vendor.review(name, "en_US", "APPROVED", "NONE"));
        self.settle().await;
        made.json()["id"].as_str().unwrap().to_owned()
    }

    /// The path of the one conversation there is.
    pub async fn talk(&self) -> String {
        let talks = self.owner().await.get("/conversations?channel=whatsapp").await.json();
        assert_eq!(talks["items"].as_array().unwrap().len(), 1, "{talks}");
        format!("/conversations/{}", talks["items"][0]["id"].as_str().unwrap())
    }
}
