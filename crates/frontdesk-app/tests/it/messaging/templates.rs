//! WhatsApp's templates: approved, kept in step, sent outside the window; who hides their number, who stops marketing.

use std::time::Duration;

use frontdesk_domain::outbox::Status;
use frontdesk_testkit::on_both;
use serde_json::json;

use super::chat::Chat;
use super::kit::{ANA, Line};

on_both! {
    async fn a_connection_is_tried_and_tells_the_vendor_where_to_call(t: TestStore) {
        let chat = Chat::on(t).await;
        let made = chat.owner().await.get(&format!("/connections/{}", chat.connection)).await.json();
        assert_eq!(made["last_test"]["ok"], true, "{made}");
        // Nobody set the webhook by hand, and the vendor proved it.
        chat.text(ANA, "Hello").await;
        assert!(chat.phone(ANA).len() >= 2, "{:?}", chat.phone(ANA));
    }

    async fn a_template_is_written_reviewed_and_its_fate_is_told_in_plain_words(t: TestStore) {
        let chat = Chat::on(t).await;
        let owner = chat.owner().await;
        let new = |name: &str| json!({ "name": name, "language": "en_US", "category": "utility",
            "body": "Hi {{1}}, your appointment is {{2}}.", "examples": ["Ana", "on Friday at 10"] });
        let made = owner.post("/channel-templates", new("visit")).await.json();
        assert_eq!((made["status"].as_str(), made["places"].as_u64()), (Some("draft"), Some(2)), "{made}");
        assert!(chat.vendor.templates().is_empty());
        let path = format!("/channel-templates/{}", made["id"].as_str().unwrap());
        // A draft is worded anew, under another name, too.
        let mut other = new("visit_soon");
        other["body"] = json!("Hello {{1}}, we see you {{2}}!");
        let worded = owner.put(&path, other).await.json();
        assert_eq!((&worded["id"], &worded["name"], &worded["created_at"]), (&made["id"], &json!("visit_soon"), &made["created_at"]), "{worded}");
        assert_eq!(owner.get("/channel-templates").await.json()["items"].as_array().unwrap().len(), 1);
        assert_eq!(owner.put(&path, json!({ "name": "visit", "language": "en_US", "category": "utility", "body": "{{1}}" })).await.status, 422);
        let worded = owner.put(&path, new("visit")).await.json();
        assert_eq!((&worded["body"], &worded["status"]), (&json!("Hi {{1}}, your appointment is {{2}}."), &json!("draft")));
        let pending = owner.post(&format!("{path}/submit"), json!({})).await.json();
        assert_eq!(pending["status"], "pending", "{pending}");
        assert_eq!(pending["examples"], json!(["Ana", "on Friday at 10"]));
        assert!(pending["unusable_because"].as_str().unwrap().contains("reviewed"));
        assert_eq!(owner.post(&format!("{path}/submit"), json!({})).await.status, 409);
        assert_eq!(owner.post("/channel-templates", new("visit")).await.status, 409);
        let refused = owner.put(&path, new("visit")).await;
        assert!(refused.status == 409 && refused.text.contains("handed in already"), "{}", refused.text);

        chat.vendor.review("visit", "en_US", "REJECTED", "INVALID_FORMAT");
        chat.settle().await;
        let seen = owner.get(&path).await.json();
        assert_eq!(seen["status"], "rejected");
        assert!(seen["rejected_reason"].as_str().unwrap().contains("places"), "{seen}");
        chat.vendor.review("visit", "en_US", "APPROVED", "NONE");
        chat.vendor.rate("visit", "en_US", "YELLOW");
        chat.settle().await;
        let seen = owner.get(&path).await.json();
        assert_eq!((&seen["status"], &seen["quality"]), (&json!("approved"), &json!("medium")), "{seen}");
        assert!(seen["rejected_reason"].is_null() && seen["unusable_because"].is_null(), "{seen}");

        assert!(owner.delete(&path).await.status.is_success());
        assert!(chat.vendor.templates().is_empty());
        assert_eq!(owner.get(&path).await.status, 404);
    }

    async fn what_breaks_a_known_rule_is_refused_at_its_field_before_the_vendor_hears_of_it(t: TestStore) {
        let chat = Chat::on(t).await;
        let owner = chat.owner().await;
        let asked = chat.vendor.asked();
        for (field, new) in [
            ("/name", json!({ "name": "Visit!", "language": "en_US", "category": "utility", "body": "Hi" })),
            ("/language", json!({ "name": "v", "language": "English please", "category": "utility", "body": "Hi" })),
            ("/body", json!({ "name": "v", "language": "en_US", "category": "utility", "body": "{{1}} hi" , "examples": ["A"] })),
            ("/examples", json!({ "name": "v", "language": "en_US", "category": "utility", "body": "Hi {{1}}!" })),
        ] {
            let refused = owner.post("/channel-templates", new).await;
            assert_eq!(refused.status, 422, "{}", refused.text);
            assert!(refused.text.contains(field), "{field}: {}", refused.text);
        }
        assert_eq!(chat.vendor.asked(), asked);
    }

    async fn templates_made_elsewhere_appear_and_gone_ones_disappear_when_brought_up_to_date(t: TestStore) {
        let chat = Chat::on(t).await;
        let owner = chat.owner().await;
        chat.approved("first", "utility", "Your table is ready now.", json!([])).await;
        chat.vendor.set_template(frontdesk_sim::whatsapp::Template {
            id: "77".to_owned(), name: "elsewhere".to_owned(), language: "es".to_owned(),
            category: "MARKETING".to_owned(), status: "APPROVED".to_owned(),
            components: vec![json!({ "type": "BODY", "text": "Hola {{1}}, vuelva pronto." })],
            quality: "GREEN".to_owned(), rejected_reason: "NONE".to_owned(),
        });
        let seen = owner.post("/channel-templates/sync", json!({})).await.json();
        let names: Vec<&str> = seen["items"].as_array().unwrap().iter().map(|it| it["name"].as_str().unwrap()).collect();
        assert_eq!(names, ["elsewhere", "first"]);
        assert!(seen["connections"][0]["synced_at"].is_string() && seen["connections"][0]["error"].is_null());
        // One that the vendor tells of and nobody knows here is looked up.
        chat.vendor.set_template(frontdesk_sim::whatsapp::Template {
            id: "78".to_owned(), name: "later".to_owned(), language: "es".to_owned(),
            category: "UTILITY".to_owned(), status: "PENDING".to_owned(),
            components: vec![json!({ "type": "BODY", "text": "Hola." })],
            quality: "UNKNOWN".to_owned(), rejected_reason: "NONE".to_owned(),
        });
        chat.vendor.review("later", "es", "APPROVED", "NONE");
        chat.settle().await;
        let seen = owner.get("/channel-templates").await.json();
        assert!(seen["items"].as_array().unwrap().iter().any(|it| it["name"] == "later" && it["status"] == "approved"));
        // The vendor does not answer: what is known stays, and why is told.
        chat.vendor.fail_next([frontdesk_sim::whatsapp::Fault::Error { status: 401, code: 190, message: "expired".to_owned() }]);
        let seen = owner.post("/channel-templates/sync", json!({})).await.json();
        assert_eq!(seen["items"].as_array().unwrap().len(), 3);
        assert!(seen["connections"][0]["error"].as_str().unwrap().contains("token"), "{seen}");
    }

    async fn outside_the_window_a_template_goes_into_the_same_conversation_and_free_words_do_not(t: TestStore) {
        let chat = Chat::on(t).await;
        chat.approved("visit", "utility", "Hi {{1}}, your appointment is {{2}}.", json!(["Ana", "now"])).await;
        chat.text(ANA, "Hello").await;
        chat.later(Duration::from_hours(25)).await;
        let (owner, talk) = (chat.owner().await, chat.talk().await);
        let to = json!({ "channel": "whatsapp", "to": ANA, "text": "Are you coming?", "client_id": "1" });
        let shown = owner.post("/messages/preview", to.clone()).await.json();
        assert_eq!((&shown["verdict"]["verdict"], &shown["needs_template"]), (&json!("deny"), &json!(true)), "{shown}");
        assert_eq!(owner.post("/messages", to).await.status, 409);

        let with = |variables: serde_json::Value| json!({ "client_id": "2",
            "template": { "name": "visit", "language": "en_US", "variables": variables } });
        let path = format!("{talk}/messages");
        for (variables, says) in [
            (json!(["Ana"]), "must be 2, one for each place; there are 1"),
            (json!(["Ana", " "]), "must not be empty"),
            (json!(["Ana", "{{ nickname }}"]), "first_name, name, company"),
        ] {
            let refused = owner.post(&path, with(variables)).await;
            assert_eq!(refused.status, 422, "{}", refused.text);
            assert!(refused.text.contains(says), "{says}: {}", refused.text);
        }
        let before = chat.phone(ANA).len();
        let sent = owner.post(&path, with(json!(["{{ business_name }}", "on\nFriday"]))).await;
        assert!(sent.status.is_success(), "{}", sent.text);
        let words = sent.json()["text"].as_str().unwrap().to_owned();
        assert!(words.ends_with("your appointment is on Friday.") && words.starts_with("Hi "), "{words}");
        chat.settle().await;
        let phone = chat.phone(ANA);
        assert_eq!(phone.len(), before + 1, "{phone:?}");
        assert_eq!(phone[before]["text"], words.as_str());
        assert_eq!(chat.outbox().await.last().unwrap().status, Status::Delivered);
        assert_eq!(chat.talk().await, talk);
    }

    async fn a_template_for_marketing_is_judged_as_marketing_whatever_it_is_sent_as(t: TestStore) {
        let chat = Chat::on(t).await;
        chat.approved("offer", "marketing", "Whitening costs half this week.", json!([])).await;
        let owner = chat.owner().await;
        let to = json!({ "channel": "whatsapp", "to": ANA, "client_id": "1",
            "template": { "name": "offer", "language": "en_US", "variables": [] } });
        let shown = owner.post("/messages/preview", to).await.json();
        assert_eq!((&shown["purpose"], &shown["needs_template"]), (&json!("marketing"), &json!(false)), "{shown}");
        assert_eq!(shown["text"], "Whitening costs half this week.");
        let none = json!({ "channel": "whatsapp", "to": ANA, "client_id": "1",
            "template": { "name": "nobody_knows", "language": "en_US", "variables": [] } });
        let refused = owner.post("/messages", none).await;
        assert!(refused.status == 422 && refused.text.contains("is not known"), "{}", refused.text);
    }

    async fn who_stops_marketing_in_whatsapp_gets_no_marketing_and_everything_else(t: TestStore) {
        let chat = Chat::on(t).await;
        chat.text(ANA, "Hello").await;
        let owner = chat.owner().await;
        let ask = |purpose: &str| json!({ "channel": "whatsapp", "to": ANA, "text": "News", "client_id": "1", "purpose": purpose });
        chat.vendor.stop_marketing(ANA, true);
        chat.settle().await;
        let shown = owner.post("/messages/preview", ask("marketing")).await.json();
        assert_eq!(shown["verdict"]["verdict"], "deny", "{shown}");
        assert!(shown["verdict"]["reason"].as_str().unwrap().contains("marketing-stopped"), "{shown}");
        let shown = owner.post("/messages/preview", ask("transactional")).await.json();
        assert_eq!(shown["verdict"]["verdict"], "allow", "{shown}");
        chat.vendor.stop_marketing(ANA, false);
        chat.settle().await;
        let shown = owner.post("/messages/preview", ask("marketing")).await.json();
        assert!(!shown["verdict"]["reason"].as_str().unwrap_or_default().contains("stopped"), "{shown}");
    }

    async fn what_a_customer_wrote_is_marked_as_read_when_answered_unless_that_is_off(t: TestStore) {
        let chat = Chat::on(t).await;
        let marked = |id: &str| chat.vendor.requests().iter().any(|body| body["status"] == "read" && body["message_id"] == id);
        let first = chat.text(ANA, "Hello").await;
        assert!(marked(&first), "{:?}", chat.vendor.requests());
        let off = json!({ "read_receipts": false, "short_links": false, "short_link_days": 90 });
        assert!(chat.owner().await.put("/message-settings", off).await.status.is_success());
        let second = chat.text(ANA, "And one more question").await;
        assert!(chat.phone(ANA).len() >= 4);
        assert!(!marked(&second));
    }

    async fn who_hides_their_number_is_answered_in_the_same_conversation_and_can_be_written_to(t: TestStore) {
        let chat = Chat::on(t).await;
        chat.text(ANA, "Hello").await;
        chat.vendor.set_username(ANA, "ana.d");
        let before = chat.phone(ANA).len();
        chat.text(ANA, "It is me, without a number").await;
        assert!(chat.phone(ANA).len() >= before + 2, "{:?}", chat.phone(ANA));
        let talk = chat.talk().await;

        // Somebody who never showed their number.
        let hidden = "+14155552699";
        chat.vendor.set_username(hidden, "nobody");
        chat.text(hidden, "Hi there").await;
        let owner = chat.owner().await;
        let talks = owner.get("/conversations?channel=whatsapp").await.json();
        let other = talks["items"].as_array().unwrap().iter().find(|it| !talk.ends_with(it["id"].as_str().unwrap())).unwrap();
        let before = chat.phone(hidden).len();
        let by_id = json!({ "channel": "whatsapp", "to": "US.714155552699", "text": "We open at nine", "client_id": "1" });
        let made = owner.post("/messages", by_id).await;
        assert!(made.status.is_success(), "{}", made.text);
        chat.settle().await;
        let by_contact = json!({ "channel": "whatsapp", "contact_id": other["contact_id"], "text": "And close at five", "client_id": "2" });
        let made = owner.post("/messages", by_contact).await;
        assert!(made.status.is_success(), "{}", made.text);
        chat.settle().await;
        let heard: Vec<String> = chat.phone(hidden)[before..].iter().map(|it| it["text"].as_str().unwrap().to_owned()).collect();
        assert_eq!(heard, ["We open at nine", "And close at five"]);
    }

    async fn a_vendor_that_will_not_call_us_is_told_in_plain_words(t: TestStore) {
        let chat = Chat::on(t).await;
        let owner = chat.owner().await;
        let path = format!("/connections/{}", chat.connection);
        chat.vendor.fail_next([frontdesk_sim::whatsapp::Fault::Error { status: 400, code: 2200, message: "Callback verification failed".to_owned() }]);
        let test = owner.post(&format!("{path}/test"), json!({})).await.json();
        assert_eq!(test["ok"], false);
        let said = test["message"].as_str().unwrap();
        assert!(said.contains("messages will not arrive") && said.contains("reachable"), "{said}");
        let patch = json!({ "hook_secret": null });
        assert!(owner.patch(&path, patch).await.status.is_success());
        let test = owner.post(&format!("{path}/test"), json!({})).await.json();
        assert!(test["message"].as_str().unwrap().contains("app secret is missing"), "{test}");
    }
}

on_both! {
    async fn a_picture_that_a_customer_sends_is_fetched_once_and_stands_with_their_message(t: TestStore) {
        let chat = Chat::on(t).await;
        chat.vendor.set_conduct(frontdesk_sim::whatsapp::Conduct { times: 2, ..Default::default() });
        chat.vendor.send_file(ANA, "image/png", vec![1_u8, 2, 3, 4], "My tooth");
        chat.settle().await;
        let (owner, talk) = (chat.owner().await, chat.talk().await);
        let said = owner.get(&format!("{talk}/messages")).await.json();
        let files = said["items"][0]["files"].as_array().unwrap().clone();
        assert_eq!(files.len(), 1, "{said}");
        assert_eq!((&files[0]["media_type"], &files[0]["size"]), (&json!("image/png"), &json!(4)), "{said}");
        let file = owner.get(&format!("{talk}/files/{}", files[0]["id"].as_str().unwrap())).await;
        assert!(file.status.is_success(), "{}", file.text);
    }
}

on_both! {
    async fn whatsapp_through_twilio_has_templates_too_and_a_review_is_asked_about(t: TestStore) {
        let line = Line::on(t).await;
        let owner = line.owner().await;
        let settings = owner.get(&format!("/connections/{}", line.connection)).await.json()["settings"].clone();
        let made = json!({ "vendor": "twilio_whatsapp", "name": "WhatsApp", "settings": settings,
            "secret": frontdesk_sim::twilio::TwilioAccount::default().token });
        let made = owner.post("/connections", made).await;
        assert!(made.status.is_success(), "{}", made.text);
        line.settle().await;

        let new = json!({ "name": "visit", "language": "en_US", "category": "utility", "submit": true,
            "body": "Hi {{1}}, your appointment is {{2}}.", "examples": ["Ana", "on Friday at 10"] });
        let pending = owner.post("/channel-templates", new.clone()).await.json();
        assert_eq!(pending["status"], "pending", "{pending}");
        assert_eq!(owner.post("/channel-templates", new).await.status, 409);
        let ask = json!({ "channel": "whatsapp", "to": ANA, "client_id": "1",
            "template": { "name": "visit", "language": "en_US", "variables": ["Ana", "on Friday"] } });
        let early = owner.post("/messages", ask.clone()).await;
        assert!(early.status == 422 && early.text.contains("still being reviewed"), "{}", early.text);

        // The vendor does not call about it; it is asked again by itself.
        line.later(Duration::from_mins(11)).await;
        line.twilio.review("visit", "approved", "");
        line.later(Duration::from_mins(11)).await;
        let owner = line.owner().await;
        let path = format!("/channel-templates/{}", pending["id"].as_str().unwrap());
        let approved = owner.get(&path).await.json();
        assert_eq!((&approved["status"], &approved["examples"][0]), (&json!("approved"), &json!("Ana")), "{approved}");
        let sent = owner.post("/messages", ask).await;
        assert!(sent.status.is_success(), "{}", sent.text);
        line.settle().await;
        assert_eq!(line.phone(ANA), ["Hi Ana, your appointment is on Friday."]);
        let asked = line.twilio.requests().iter().filter(|path| path.contains("ContentAndApprovals")).count();
        line.later(Duration::from_mins(30)).await;
        let later = line.twilio.requests().iter().filter(|path| path.contains("ContentAndApprovals")).count();
        assert_eq!(asked, later, "nothing is under review");

        let owner = line.owner().await;
        assert!(owner.delete(&path).await.status.is_success());
        assert_eq!(owner.get(&path).await.status, 404);
    }
}
