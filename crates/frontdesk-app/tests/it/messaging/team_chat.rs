//! News in a chat of the team's: what is told, to whom, without telling who the customer is, and what happens when the
//! vendor does not take it.

use std::time::Duration;

use frontdesk_app::conversation::person::Details;
use frontdesk_app::lead::{Capture, capture};
use frontdesk_http::{HttpClient, HttpSettings};
use frontdesk_sim::Running;
use frontdesk_sim::discord::{self, DiscordSim};
use frontdesk_sim::telegram::{self, TelegramSim};
use frontdesk_sim::twilio::Conduct;
use frontdesk_testkit::on_both;
use serde_json::{Value, json};

use super::kit::{ANA, Line};

const TOKEN: &str = "s3cr3t-Token_1";
const MAIL: &str = "grace.hopper@example.com";

/// A Discord channel the practice is connected to.
struct Chat {
    sim: DiscordSim,
    connection: String,
    _running: Running,
}

impl Chat {
    async fn on(line: &Line, notices: Value) -> Self {
        let sim = DiscordSim::new("123", TOKEN);
        let running = discord::spawn(sim.clone()).await.unwrap();
        let settings = json!({ "base_url": running.url, "notices": notices });
        let secret = format!("{}/api/webhooks/123/{TOKEN}", running.url);
        let made = json!({ "vendor": "discord", "name": "Team", "settings": settings, "secret": secret });
        let made = line.owner().await.post("/connections", made).await;
        assert!(made.status.is_success(), "{}", made.text);
        let connection = made.json()["id"].as_str().unwrap().to_owned();
        Self { sim, connection, _running: running }
    }

    /// The titles of what was posted, oldest first.
    fn titles(&self) -> Vec<String> {
        self.sim.posts().iter().map(|post| post["content"].as_str().unwrap().to_owned()).collect()
    }

    async fn last_test(&self, line: &Line) -> Value {
        line.owner().await.get(&format!("/connections/{}", self.connection)).await.json()["last_test"].clone()
    }
}

/// Somebody leaves their details in the chat.
async fn lead(line: &Line) {
    let talk = line.app.conversation(line.ctx.workspace).await;
    let details = Details {
        name: Some("Grace Hopper".to_owned()),
        email: Some(MAIL.to_owned()),
        phone: Some("+1 415 555 2671".to_owned()),
        ..Details::default()
    };
    let input = Capture {
        conversation_id: talk.id,
        details,
        need: "my secret toothache".to_owned(),
        consent_text: "We will use this to get back to you.".to_owned(),
    };
    capture(&line.app.app, &line.ctx, input).await.unwrap();
}

on_both! {
    async fn the_team_is_told_without_being_told_who_the_customer_is(t: TestStore) {
        let line = Line::on(t).await;
        let chat = Chat::on(&line, json!({})).await;
        lead(&line).await;
        line.text(ANA, "I want to talk to a real person please").await;
        let (_, booking) = line.booked(ANA).await;
        let cancelled = line.owner().await.post(&format!("/bookings/{booking}/cancel"), json!({})).await;
        assert!(cancelled.status.is_success(), "{}", cancelled.text);
        line.settle().await;
        let titles = chat.titles();
        assert_eq!(titles[0], "New lead: G. H.", "{titles:?}");
        assert!(titles[1].ends_with("asks for a person"), "{titles:?}");
        assert_eq!(titles[2..], ["New appointment: Cleaning", "Called off: Cleaning"]);
        let posts = chat.sim.posts();
        let all = json!(posts).to_string();
        for hidden in [ANA, "4155552671", "555-2671", MAIL, "Hopper", "toothache"] {
            assert!(!all.contains(hidden), "{hidden}: {all}");
        }
        // Told apart by whoever looks for one, and led to where everything stands.
        assert!(all.contains("2671") && all.contains("g•••@example.com"), "{all}");
        let url = &line.app.app.settings.public_url;
        let link = |post: &Value| post["embeds"][0]["url"].as_str().unwrap().to_owned();
        assert!(link(&posts[1]).starts_with(&format!("{url}/inbox/")), "{all}");
        assert_eq!(link(&posts[2]), format!("{url}/bookings/{booking}"));
        line.settle().await;
        assert_eq!(chat.sim.posts().len(), 4);
    }

    async fn a_place_hears_of_what_it_wants_and_not_once_it_is_switched_off(t: TestStore) {
        let line = Line::on(t).await;
        let chat = Chat::on(&line, json!({ "leads": false, "handoffs": false })).await;
        lead(&line).await;
        line.text(ANA, "I want to talk to a real person please").await;
        assert!(chat.titles().is_empty(), "{:?}", chat.titles());
        line.booked(ANA).await;
        assert_eq!(chat.titles(), ["New appointment: Cleaning"]);
        let path = format!("/connections/{}", chat.connection);
        line.owner().await.patch(&path, json!({ "enabled": false })).await;
        line.booked(ANA).await;
        assert_eq!(chat.titles().len(), 1);
    }

    async fn messages_that_fail_in_a_bad_hour_are_one_post_a_minute(t: TestStore) {
        let line = Line::on(t).await;
        let chat = Chat::on(&line, json!({})).await;
        for (number, words) in [(ANA, "One"), ("+14155552673", "Three"), ("+14155552674", "Fifteen")] {
            line.twilio.refuse(number, 21211);
            line.write(number, words).await;
        }
        line.settle().await;
        assert!(chat.titles().is_empty());
        line.later(Duration::from_mins(1)).await;
        assert_eq!(chat.titles(), ["3 messages need a look"]);
        let all = json!(chat.sim.posts()).to_string();
        assert!(all.contains("3 did not arrive") && all.contains("/messages?status=failed"), "{all}");
        assert!(!all.contains(ANA) && !all.contains("Fifteen"), "{all}");
        // One in doubt is told of alone, and links to it.
        line.twilio.set_conduct(Conduct { down: true, ..Conduct::default() });
        let other = line.write("+14155552672", "In doubt").await;
        for _ in 0..75 {
            line.later(Duration::from_mins(1)).await;
        }
        assert_eq!(chat.titles()[1..], ["A message needs a look"], "{:?}", line.outbox().await);
        let post = chat.sim.posts()[1].clone();
        let link = post["embeds"][0]["url"].as_str().unwrap().to_owned();
        assert!(link.ends_with(&format!("/messages/{}", other["id"].as_str().unwrap())), "{post}");
        assert!(post.to_string().contains("1 in doubt"), "{post}");
    }

    async fn what_the_vendor_cannot_take_is_told_again_and_a_webhook_that_is_gone_is_shown(t: TestStore) {
        let line = Line::on(t).await;
        let chat = Chat::on(&line, json!({})).await;
        let limited = json!({ "message": "You are being rate limited.", "retry_after": 30.0, "global": false });
        chat.sim.fail_next(429, limited);
        lead(&line).await;
        line.settle().await;
        assert!(chat.titles().is_empty());
        chat.sim.fail_next(503, json!({}));
        line.later(Duration::from_secs(31)).await;
        assert!(chat.titles().is_empty());
        for _ in 0..10 {
            line.later(Duration::from_mins(1)).await;
        }
        assert_eq!(chat.titles(), ["New lead: G. H."]);
        assert_eq!(chat.last_test(&line).await, Value::Null);
        chat.sim.fail_next(404, json!({ "message": "Unknown Webhook", "code": 10015 }));
        line.text(ANA, "Hello").await;
        line.booked(ANA).await;
        let test = chat.last_test(&line).await;
        assert_eq!(test["ok"], false, "{test}");
        assert!(test["message"].as_str().unwrap().contains("make a new one"), "{test}");
        assert!(!test.to_string().contains(TOKEN), "{test}");
    }

    async fn the_connections_test_sends_a_test_notice(t: TestStore) {
        let line = Line::on(t).await;
        let chat = Chat::on(&line, json!({})).await;
        let path = format!("/connections/{}/test", chat.connection);
        let tested = line.owner().await.post(&path, json!({})).await.json();
        assert_eq!(tested["ok"], true, "{tested}");
        assert!(chat.titles()[0].starts_with("A test notice from "), "{:?}", chat.titles());
        chat.sim.fail_next(404, json!({ "message": "Unknown Webhook", "code": 10015 }));
        let tested = line.owner().await.post(&path, json!({})).await.json();
        assert_eq!(tested["ok"], false, "{tested}");
    }

    async fn a_telegram_chat_of_the_team_is_told_the_same(t: TestStore) {
        let line = Line::on(t).await;
        let http = HttpClient::new(
            HttpSettings { allow_private_hosts: vec!["127.0.0.1".to_owned()], ..HttpSettings::default() },
            std::sync::Arc::clone(&line.app.app.clock),
            std::sync::Arc::clone(&line.app.app.random),
        )
        .unwrap();
        let sim = TelegramSim::new("123456:ABC-DEF", http);
        let running = telegram::spawn(sim.clone()).await.unwrap();
        // Somebody of the team opened the chat with the bot.
        sim.text(77, "/start");
        let settings = json!({ "chat_id": "77", "base_url": running.url });
        let made = json!({ "vendor": "telegram_team", "name": "Team", "settings": settings, "secret": "123456:ABC-DEF" });
        let made = line.owner().await.post("/connections", made).await;
        assert!(made.status.is_success(), "{}", made.text);
        let test = format!("/connections/{}/test", made.json()["id"].as_str().unwrap());
        let tested = line.owner().await.post(&test, json!({})).await.json();
        assert_eq!(tested["ok"], true, "{tested}");
        lead(&line).await;
        line.settle().await;
        let said = json!(sim.chat(77)).to_string();
        assert!(said.contains("New lead: G. H.") && said.contains("/inbox/"), "{said}");
        assert!(!said.contains(MAIL) && !said.contains("4155552671"), "{said}");
    }
}
