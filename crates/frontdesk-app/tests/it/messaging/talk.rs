//! Talking by text message: answered in one conversation, stopped at once.

use frontdesk_domain::outbox::Status;
use frontdesk_store::suppression;
use frontdesk_testkit::on_both;
use serde_json::json;

use super::kit::{ANA, Line, OURS};

on_both! {
    async fn a_text_is_answered_and_its_fate_is_known(t: TestStore) {
        let line = Line::on(t).await;
        line.text(ANA, "Hi, do you have time on Friday?").await;
        let heard = line.phone(ANA);
        assert_eq!(heard.len(), 1, "{heard:?}");
        assert_eq!(line.states().await, [Status::Delivered]);
        let sent = &line.outbox().await[0];
        assert_eq!((sent.from.as_deref(), sent.to.as_str(), sent.attempts), (Some(OURS), ANA, 1));

        let owner = line.owner().await;
        let talks = owner.get("/conversations?channel=sms").await.json();
        assert_eq!(talks["items"].as_array().unwrap().len(), 1);
        let path = format!("/conversations/{}/messages", talks["items"][0]["id"].as_str().unwrap());
        let said = owner.get(&path).await.json();
        assert_eq!(said["items"][0]["author"], "customer");
        assert_eq!(said["items"][1]["delivery"]["status"], "delivered");
        // One person, one timeline.
        let contacts = owner.get("/contacts").await.json();
        assert_eq!(contacts["items"][0]["phone"], ANA);
    }

    async fn the_same_inbound_event_twice_is_one_message(t: TestStore) {
        let line = Line::on(t).await;
        let twice = frontdesk_sim::twilio::Conduct { duplicates: 100, ..Default::default() };
        line.twilio.set_conduct(twice);
        line.text(ANA, "Hello there").await;
        let owner = line.owner().await;
        let talks = owner.get("/conversations?channel=sms").await.json();
        let path = format!("/conversations/{}/messages", talks["items"][0]["id"].as_str().unwrap());
        assert_eq!(owner.get(&path).await.json()["items"].as_array().unwrap().len(), 2);
        assert_eq!(line.phone(ANA).len(), 1);
    }

    async fn a_stop_holds_at_once_is_confirmed_once_and_follows_the_person(t: TestStore) {
        let line = Line::on(t).await;
        line.text(ANA, "Hello").await;
        let before = line.phone(ANA).len();
        line.text(ANA, "STOP").await;
        line.text(ANA, "stop!").await;
        let heard = line.phone(ANA);
        assert!(heard[before].contains("unsubscribed"), "{heard:?}");
        // A second stop is confirmed no more.
        assert_eq!(heard.len(), before + 1, "{heard:?}");
        let owner = line.owner().await;
        let contact = owner.get("/contacts").await.json()["items"][0].clone();
        assert_eq!(contact["opted_out"], true);
        let body = json!({ "channel": "sms", "to": ANA, "text": "Come back", "client_id": "1", "purpose": "marketing" });
        let refused = owner.post("/messages", body).await;
        assert_eq!(refused.status, 409, "{}", refused.text);
        assert!(refused.text.contains("asked not to be contacted"), "{}", refused.text);
        let lists = suppression::find(line.app.app.store.reader(), line.ctx.scope(), ANA).await.unwrap();
        assert_eq!(lists[0].list, suppression::OPT_OUT);
        line.text(ANA, "START").await;
        assert!(line.phone(ANA).last().unwrap().contains("again"));
        let contact = owner.get("/contacts").await.json()["items"][0].clone();
        assert_eq!(contact["opted_out"], false);
    }

    async fn an_answer_written_before_a_stop_does_not_follow_it(t: TestStore) {
        let line = Line::on(t).await;
        line.text(ANA, "Hello").await;
        let before = line.phone(ANA).len();
        let reply = json!({ "text": "A moment, please", "client_id": "r1" });
        let owner = line.owner().await;
        let talks = owner.get("/conversations?channel=sms").await.json();
        let path = format!("/conversations/{}/messages", talks["items"][0]["id"].as_str().unwrap());
        assert!(owner.post(&path, reply).await.status.is_success());
        // The reply waits in the outbox; the stop overtakes it.
        line.app.clock.advance(std::time::Duration::from_secs(1));
        line.twilio.text(ANA, OURS, "STOP").unwrap();
        line.twilio.settled().await;
        line.settle().await;
        let heard = line.phone(ANA);
        assert!(!heard[before..].iter().any(|text| text == "A moment, please"), "{heard:?}");
        let states = line.outbox().await;
        let reply = states.iter().find(|message| message.content.text == "A moment, please").unwrap();
        assert_eq!(reply.status, Status::Failed);
        assert!(reply.reason.as_deref().unwrap().contains("asked not to be contacted"));
    }

    async fn cancel_opts_out_at_once_flags_the_appointment_and_asks_which_was_meant(t: TestStore) {
        let line = Line::on(t).await;
        line.text(ANA, "Hello").await;
        let owner = line.owner().await;
        let (contact, booking) = line.booked(ANA).await;
        let before = line.phone(ANA).len();
        line.text(ANA, "CANCEL").await;
        let heard = line.phone(ANA);
        assert_eq!(heard.len(), before + 1, "{heard:?}");
        assert!(heard[before].contains("YES to cancel"), "{heard:?}");
        let path = format!("/bookings/{booking}");
        assert!(owner.get(&path).await.json()["flagged"].as_str().unwrap().contains("CANCEL"));
        assert_eq!(owner.get(&format!("/contacts/{contact}")).await.json()["opted_out"], true);
        // Cancelling an appointment is not a yes to messages.
        line.text(ANA, "yes please").await;
        assert_eq!(owner.get(&path).await.json()["status"], "cancelled");
        assert!(line.phone(ANA).last().unwrap().contains("cancelled"), "{:?}", line.phone(ANA));
        assert_eq!(owner.get(&format!("/contacts/{contact}")).await.json()["opted_out"], true);
        line.text(ANA, "START").await;
        assert_eq!(owner.get(&format!("/contacts/{contact}")).await.json()["opted_out"], false);
    }

    async fn a_forged_call_is_refused(t: TestStore) {
        let line = Line::on(t).await;
        let url = format!("/webhooks/twilio/{}", line.connection);
        let request = axum::http::Request::post(url)
            .header("content-type", "application/x-www-form-urlencoded")
            .header("x-twilio-signature", "bm90IGl0")
            .body("MessageSid=SM00000000000000000000000000000001&From=%2B14155552671&To=%2B14155550100&Body=hi".into())
            .unwrap();
        let answer = line.app.send(request).await;
        assert_eq!(answer.status, 404, "{}", answer.text);
        line.settle().await;
        assert_eq!(line.owner().await.get("/conversations?channel=sms").await.json()["items"], json!([]));
    }
}
