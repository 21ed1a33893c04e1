//! A real mailbox: connected by form, read by its job, answered through a mail server.

use std::time::Duration;

use frontdesk_app::mailbox;
use frontdesk_domain::context::Context;
use frontdesk_domain::id::ConnectionId;
use frontdesk_sim::mail::{MailSim, ReceivedMail};
use frontdesk_store::{job, mail_inbox};
use frontdesk_testkit::dovecot::{Dovecot, PASSWORD};
use frontdesk_testkit::{Browser, TestApp, TestStore, on_both};
use serde_json::{Value, json};

use super::kit::{ANA, mail};

/// A business with a mailbox of a real server, whose mail leaves over SMTP.
struct Desk {
    app: TestApp,
    ctx: Context,
    dovecot: Dovecot,
    smtp: MailSim,
    inbox: ConnectionId,
    _running: frontdesk_sim::mail::RunningMail,
}

impl Desk {
    async fn open(t: TestStore) -> Self {
        let app = TestApp::on(t);
        let owner = app.signed_up("boss").await;
        let workspace = owner.workspace_id().await;
        app.mails().await;
        let ctx = app.system(workspace);
        let (dovecot, smtp) = (Dovecot::start().await, MailSim::default());
        let running = frontdesk_sim::mail::spawn(smtp.clone()).await.unwrap();
        let address = running.smtp.address;
        let sends = json!({ "vendor": "smtp", "name": "Out", "settings": {
            "host": address.ip().to_string(), "port": address.port(), "security": "none",
            "from": "Desk <desk@example.org>",
        }});
        let made = owner.post("/connections", sends).await;
        assert!(made.status.is_success(), "{}", made.text);
        let reads = json!({ "vendor": "imap", "name": "In", "secret": PASSWORD, "settings": {
            "host": "127.0.0.1", "port": dovecot.port, "security": "none", "username": "desk",
            "address": "desk@example.org",
        }});
        let made = owner.post("/connections", reads).await;
        assert!(made.status.is_success(), "{}", made.text);
        let inbox = made.json()["id"].as_str().unwrap().parse().unwrap();
        drop(owner);
        Self { app, ctx, dovecot, smtp, inbox, _running: running }
    }

    async fn owner(&self) -> Browser<'_> {
        let browser = self.app.browser();
        let body = json!({ "email": "boss@example.com", "password": frontdesk_testkit::app::PASSWORD });
        browser.post("/auth/login", body).await;
        browser
    }

    /// The next look at the mailbox, and what follows.
    async fn look(&self) {
        self.app.clock.advance(Duration::from_mins(1));
        mailbox::poll(&self.app.app).await.unwrap();
        self.app.run_jobs().await;
    }

    async fn talks(&self) -> Vec<Value> {
        let talks = self.owner().await.get("/conversations?channel=email").await.json();
        talks["items"].as_array().unwrap().clone()
    }

    async fn health(&self) -> Value {
        self.owner().await.get(&format!("/connections/{}", self.inbox)).await.json()["last_test"].clone()
    }

    fn sent(&self) -> Vec<ReceivedMail> {
        self.smtp.messages()
    }
}

fn header(mail: &ReceivedMail, name: &str) -> String {
    mail.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone()).unwrap_or_default()
}

on_both! {
    async fn a_mail_comes_in_is_answered_and_the_answer_to_that_comes_to_the_same_conversation(t: TestStore) {
        let desk = Desk::open(t).await;
        let test = desk.owner().await.post(&format!("/connections/{}/test", desk.inbox), json!({})).await.json();
        assert_eq!(test["ok"], true, "{test}");
        // What was there before it was connected is left alone.
        desk.dovecot.deliver("old", &mail(ANA, "0", "Old", "", "Hello?"));
        desk.look().await;
        assert_eq!(desk.talks().await.len(), 0);
        desk.dovecot.deliver("a1", &mail("Ana <ana@example.com>", "1", "Whitening", "", "When are you open?"));
        desk.look().await;
        let answer = desk.sent().pop().unwrap();
        assert_eq!(answer.to, [ANA]);
        assert_eq!((answer.subject.as_str(), header(&answer, "in-reply-to").as_str()), ("Re: Whitening", "<1@example.com>"));
        assert!(header(&answer, "reply-to").contains("desk+"), "{answer:?}");
        assert!(desk.dovecot.mails().iter().any(|(name, seen)| name == "a1" && *seen));
        // Her mail program answers as they do.
        let id = header(&answer, "message-id");
        let headers = format!("In-Reply-To: {id}\r\nReferences: <1@example.com> {id}\r\n");
        let quoted = "Thank you, and on Sundays?\r\n\r\nOn Mon, Mar 16, 2026 at 9:00 AM Desk <desk@example.org> wrote:\r\n> We are open.";
        desk.dovecot.deliver("a2", &mail("Ana <ana@example.com>", "2", "Re: Whitening", &headers, quoted));
        desk.look().await;
        let talks = desk.talks().await;
        assert_eq!(talks.len(), 1);
        let path = format!("/conversations/{}/messages", talks[0]["id"].as_str().unwrap());
        let said = desk.owner().await.get(&path).await.json();
        let words: Vec<&str> = said["items"].as_array().unwrap().iter().filter_map(|it| it["author"].as_str()).collect();
        assert_eq!(words, ["customer", "ai", "customer", "ai"]);
        assert_eq!(said["items"][2]["text"], "Thank you, and on Sundays?");
        let second = desk.sent().pop().unwrap();
        assert_eq!(header(&second, "references"), format!("<1@example.com> {id} <2@example.com>"));
        assert_eq!(desk.health().await["ok"], true);
    }

    async fn a_server_that_numbers_anew_loses_and_doubles_nothing(t: TestStore) {
        let desk = Desk::open(t).await;
        desk.look().await;
        for number in 1..=25 {
            desk.dovecot.deliver(&format!("b{number:02}"), &mail(&format!("p{number}@example.com"), &number.to_string(), "Hi", "", "When are you open?"));
        }
        desk.look().await;
        assert_eq!(desk.talks().await.len(), 25);
        desk.dovecot.deliver("c1", &mail(ANA, "26", "Late", "", "When are you open?"));
        desk.dovecot.renumber();
        desk.look().await;
        desk.look().await;
        assert_eq!(desk.talks().await.len(), 26);
        assert_eq!(desk.sent().len(), 26);
        let known = mail_inbox::find(desk.app.app.store.reader(), desk.ctx.scope(), desk.inbox).await.unwrap();
        assert_eq!(known.unwrap().cursor.unwrap().0, 2_000_000_000);
    }

    async fn a_mailbox_that_cannot_be_read_says_so_and_is_tried_less_and_less_often(t: TestStore) {
        let desk = Desk::open(t).await;
        let path = format!("/connections/{}", desk.inbox);
        desk.owner().await.patch(&path, json!({ "secret": "wrong" })).await;
        let test = desk.owner().await.post(&format!("{path}/test"), json!({})).await.json();
        assert_eq!(test["ok"], false, "{test}");
        for _ in 0..4 {
            desk.look().await;
        }
        let known = mail_inbox::find(desk.app.app.store.reader(), desk.ctx.scope(), desk.inbox).await.unwrap().unwrap();
        // At the first minute, a minute later, and two minutes after that.
        assert_eq!(known.failures, 3);
        let health = desk.health().await;
        assert_eq!(health["ok"], false);
        assert!(health["message"].as_str().unwrap().contains("user name or password"), "{health}");
        // Nothing is buried in the queue.
        assert_eq!(job::list_dead(desk.app.app.store.reader(), desk.ctx.scope(), 10).await.unwrap().len(), 0);
        desk.owner().await.patch(&path, json!({ "secret": PASSWORD })).await;
        desk.app.clock.advance(Duration::from_mins(10));
        desk.look().await;
        assert_eq!(desk.health().await["ok"], true);
        desk.dovecot.deliver("a1", &mail(ANA, "1", "Whitening", "", "When are you open?"));
        desk.look().await;
        assert_eq!(desk.sent().len(), 1);
    }
}
