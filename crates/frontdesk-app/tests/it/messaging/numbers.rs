//! Numbers of the account: found, bought once, pointed here, given back, and what that does to messages.

use std::time::Duration;

use axum::http::StatusCode;
use frontdesk_sim::twilio::Fault;
use frontdesk_testkit::{Answer, on_both};
use serde_json::{Value, json};

use super::kit::{ANA, Line, OURS};

const NEW: &str = "+12125550107";

impl Line {
    fn numbers_path(&self, rest: &str) -> String {
        format!("/connections/{}/numbers{rest}", self.connection)
    }

    async fn numbers(&self) -> Value {
        let answer = self.owner().await.get(&self.numbers_path("")).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
        answer.json()
    }

    async fn number(&self, number: &str) -> Value {
        let all = self.numbers().await;
        let found = all["items"].as_array().unwrap().iter().find(|each| each["number"] == number).cloned();
        found.unwrap_or_else(|| panic!("{number} is not among {all}"))
    }

    async fn buy(&self, number: &str) -> Answer {
        self.owner().await.post(&self.numbers_path(""), json!({ "number": number })).await
    }

    /// Which numbers the connection sends from.
    async fn pool(&self) -> Value {
        let path = format!("/connections/{}", self.connection);
        self.owner().await.get(&path).await.json()["settings"]["numbers"].clone()
    }

    async fn set(&self, name: &str, value: Value) {
        let path = format!("/connections/{}", self.connection);
        let owner = self.owner().await;
        let mut settings = owner.get(&path).await.json()["settings"].clone();
        settings[name] = value;
        let answer = owner.patch(&path, json!({ "settings": settings })).await;
        assert!(answer.status.is_success(), "{}", answer.text);
    }

    fn hook(&self) -> String {
        format!("{}/webhooks/twilio/{}", self.app.app.settings.public_url, self.connection)
    }

    fn asked(&self, what: &str) -> usize {
        self.twilio.requests().iter().filter(|request| request.contains(what)).count()
    }
}

on_both! {
    async fn a_bought_number_is_heard_at_once_and_answers_from_itself(t: TestStore) {
        let line = Line::on(t).await;
        let path = line.numbers_path("/available?country=us&area_code=212&contains=0107&mms=true");
        let offers = line.owner().await.get(&path).await.json();
        assert_eq!(offers["price"], json!({ "amount": "1.15", "currency": "USD" }));
        let offered = &offers["items"][0];
        assert_eq!((&offered["number"], &offered["mms"], &offered["needs_address"]), (&json!(NEW), &json!(true), &json!(false)));
        let bought = line.buy(NEW).await;
        assert_eq!(bought.status, StatusCode::CREATED, "{}", bought.text);
        assert_eq!((&bought.json()["hook"], &bought.json()["sends"]), (&json!("here"), &json!(true)));
        assert_eq!(line.pool().await, json!([OURS, NEW]));
        line.twilio.text(ANA, NEW, "Hi, are you open on Friday?").unwrap();
        line.settle().await;
        assert_eq!(line.outbox().await[0].from.as_deref(), Some(NEW));
        assert_eq!(line.phone(ANA).len(), 1);
        let audit = line.owner().await.get("/audit?action=number.buy").await.json();
        assert_eq!(audit["items"][0]["detail"]["number"], NEW, "{audit}");
    }

    async fn a_double_click_or_a_lost_answer_buys_one_number_not_two(t: TestStore) {
        let line = Line::on(t).await;
        let (first, second) = tokio::join!(line.buy(NEW), line.buy(NEW));
        assert_eq!((first.status, second.status), (StatusCode::CREATED, StatusCode::CREATED), "{} {}", first.text, second.text);
        assert_eq!(first.json()["id"], second.json()["id"]);
        let other = "+12125550108";
        // The list answers, the purchase is carried out and its answer is lost.
        line.twilio.fail_purchase(Fault::Lost);
        let bought = line.buy(other).await;
        assert_eq!(bought.status, StatusCode::CREATED, "{}", bought.text);
        assert_eq!(line.buy(other).await.json()["id"], bought.json()["id"]);
        let owned: Vec<String> = line.twilio.numbers().into_iter().map(|(number, _)| number).collect();
        assert_eq!(owned, [OURS, NEW, other]);
        assert_eq!(line.pool().await, json!([OURS, NEW, other]));
    }

    async fn a_refusal_says_what_to_do_and_leaves_the_connection_as_it_was(t: TestStore) {
        let line = Line::on(t).await;
        for (number, said) in [
            (NEW, ""),
            ("+447700900105", "regulatory bundle"),
            ("+442079460005", "add one in Twilio's console"),
        ] {
            let answer = line.buy(number).await;
            if !said.is_empty() {
                assert_eq!(answer.status, StatusCode::CONFLICT, "{}", answer.text);
                assert!(answer.text.contains(said), "{}", answer.text);
            }
        }
        let taken = "+12125550109";
        line.twilio.fail_purchase(Fault::Error { status: 400, code: 21422, message: String::new(), retry_after: None });
        let answer = line.buy(taken).await;
        assert_eq!(answer.status, StatusCode::CONFLICT);
        assert!(answer.text.contains("choose another one"), "{}", answer.text);
        line.twilio.fail_purchase(Fault::Down);
        assert_eq!(line.buy(taken).await.status, StatusCode::SERVICE_UNAVAILABLE);
        line.twilio.set_status("suspended");
        let answer = line.buy(taken).await;
        assert!(answer.text.contains("balance"), "{}", answer.text);
        assert_eq!(line.pool().await, json!([OURS, NEW]));
        line.twilio.set_status("active");
        let odd = line.buy("415 555 0100").await;
        assert_eq!(odd.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", odd.text);
    }

    async fn a_country_without_such_numbers_is_an_empty_list_and_nonsense_is_named(t: TestStore) {
        let line = Line::on(t).await;
        let owner = line.owner().await;
        let none = owner.get(&line.numbers_path("/available?country=FR&kind=mobile")).await;
        assert_eq!((none.status, &none.json()["items"]), (StatusCode::OK, &json!([])), "{}", none.text);
        let free = owner.get(&line.numbers_path("/available?country=US&kind=toll_free&limit=3")).await.json();
        assert_eq!((free["items"].as_array().unwrap().len(), &free["price"]["amount"]), (3, &json!("2.15")));
        // The workspace's own country.
        let own = owner.get(&line.numbers_path("/available")).await;
        assert_eq!(own.status, StatusCode::OK, "{}", own.text);
        for (query, field) in [("country=Germany", "/country"), ("country=US&area_code=4155", "/area_code"), ("country=US&limit=51", "/limit")] {
            let refused = owner.get(&line.numbers_path(&format!("/available?{query}"))).await;
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{query}: {}", refused.text);
            assert_eq!(refused.json()["errors"][0]["field"], field);
        }
    }

    async fn a_number_whose_messages_go_elsewhere_is_shown_and_brought_here(t: TestStore) {
        let line = Line::on(t).await;
        let lost = "+14155550141";
        let elsewhere = "+14155550142";
        line.twilio.add_number(lost, "Spare", "");
        line.twilio.add_number(elsewhere, "Old", "https://user:secret@old.example/in?key=1");
        line.twilio.give_to_application(elsewhere, "AP0123456789abcdef0123456789abcdef");
        let ours = line.number(OURS).await;
        assert_eq!((&ours["hook"], &ours["sends"]), (&json!("here"), &json!(true)));
        assert_eq!(line.number(lost).await["hook"], "nowhere");
        let there = line.number(elsewhere).await;
        assert_eq!((&there["hook"], &there["hook_host"], &there["sends"]), (&json!("elsewhere"), &json!("old.example"), &json!(false)));
        for number in [lost, elsewhere] {
            let id = line.number(number).await["id"].as_str().unwrap().to_owned();
            let path = line.numbers_path(&format!("/{id}/configure"));
            let answer = line.owner().await.post(&path, json!({})).await;
            assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
            let now = line.number(number).await;
            assert_eq!((&now["hook"], &now["sends"]), (&json!("here"), &json!(true)));
        }
        assert!(line.twilio.numbers().iter().all(|(_, url)| *url == line.hook()));
        let gone = line.numbers_path("/PN00000000000000000000000000000000/configure");
        assert_eq!(line.owner().await.post(&gone, json!({})).await.status, StatusCode::NOT_FOUND);
    }

    async fn the_only_number_is_not_released_by_accident(t: TestStore) {
        let line = Line::on(t).await;
        let id = line.number(OURS).await["id"].as_str().unwrap().to_owned();
        let path = line.numbers_path(&format!("/{id}"));
        let refused = line.owner().await.delete(&path).await;
        assert_eq!(refused.status, StatusCode::CONFLICT);
        assert!(refused.text.contains("only number"), "{}", refused.text);
        assert_eq!(line.pool().await, json!([OURS]));
        let forced = line.owner().await.delete(&format!("{path}?force=true")).await;
        assert_eq!(forced.status, StatusCode::NO_CONTENT, "{}", forced.text);
        assert!(line.twilio.numbers().is_empty());
        // Without a number the list still opens, and the next one can be bought.
        assert_eq!(line.numbers().await["items"], json!([]));
        assert_eq!(line.buy(NEW).await.status, StatusCode::CREATED);
        assert_eq!(line.pool().await, json!([NEW]));
    }

    async fn who_was_written_to_from_a_released_number_hears_from_another_one(t: TestStore) {
        let line = Line::on(t).await;
        assert_eq!(line.buy(NEW).await.status, StatusCode::CREATED);
        line.text(ANA, "Hello").await;
        assert_eq!(line.outbox().await[0].from.as_deref(), Some(OURS));
        // This one waits to leave from the number that is released.
        let body = json!({ "channel": "sms", "to": ANA, "text": "See you tomorrow", "client_id": "later",
            "send_at": line.app.app.clock.now().plus(Duration::from_hours(1)) });
        let waiting = line.owner().await.post("/messages", body).await;
        assert!(waiting.status.is_success(), "{}", waiting.text);
        let id = line.number(OURS).await["id"].as_str().unwrap().to_owned();
        let released = line.owner().await.delete(&line.numbers_path(&format!("/{id}"))).await;
        assert_eq!(released.status, StatusCode::NO_CONTENT, "{}", released.text);
        assert_eq!(line.pool().await, json!([NEW]));
        line.write(ANA, "A word from us").await;
        line.later(Duration::from_hours(2)).await;
        let sent = line.outbox().await;
        for words in ["A word from us", "See you tomorrow"] {
            let message = sent.iter().find(|message| message.content.text == words).unwrap();
            assert_eq!(message.from.as_deref(), Some(NEW), "{words}");
        }
        assert!(line.phone(ANA).contains(&"See you tomorrow".to_owned()), "{:?}", line.phone(ANA));
    }

    async fn a_number_the_vendor_would_not_take_back_goes_on_sending(t: TestStore) {
        let line = Line::on(t).await;
        assert_eq!(line.buy(NEW).await.status, StatusCode::CREATED);
        let id = line.number(NEW).await["id"].as_str().unwrap().to_owned();
        line.twilio.fail_release(Fault::Error { status: 400, code: 20006, message: "no".to_owned(), retry_after: None });
        let refused = line.owner().await.delete(&line.numbers_path(&format!("/{id}"))).await;
        assert_eq!(refused.status, StatusCode::CONFLICT, "{}", refused.text);
        assert_eq!(line.pool().await, json!([OURS, NEW]));
        assert_eq!(line.number(NEW).await["sends"], true);
    }

    async fn a_number_is_looked_up_and_paid_for_once_in_ninety_days(t: TestStore) {
        let line = Line::on(t).await;
        line.set("lookup", json!(true)).await;
        line.write(ANA, "Your order is ready").await;
        line.settle().await;
        assert_eq!(line.asked("/v2/PhoneNumbers/"), 1);
        // Another client, as after a restart: it remembers nothing by itself.
        let path = format!("/connections/{}", line.connection);
        line.owner().await.patch(&path, json!({ "name": "Renamed" })).await;
        line.write(ANA, "It still waits here for you").await;
        line.settle().await;
        assert_eq!(line.phone(ANA).len(), 2);
        assert_eq!(line.asked("/v2/PhoneNumbers/"), 1, "the second message asks nothing");
        line.app.clock.advance(Duration::from_hours(91 * 24));
        line.write(ANA, "After three months").await;
        line.settle().await;
        assert_eq!(line.asked("/v2/PhoneNumbers/"), 2);
    }
}
