//! At most once to the customer, whatever happens between us and the vendor.

use std::time::Duration;

use frontdesk_domain::outbox::Status;
use frontdesk_sim::twilio::{Conduct, Fault};
use frontdesk_testkit::on_both;

use super::kit::{ANA, Line};

on_both! {
    async fn an_answer_that_is_lost_is_looked_for_and_nothing_is_sent_twice(t: TestStore) {
        let line = Line::on(t).await;
        // Neither the answer nor the news of it comes through.
        line.twilio.set_conduct(Conduct { lost: 100, ..Conduct::default() });
        line.twilio.fail_next([Fault::Lost]);
        line.write(ANA, "Your order is ready").await;
        line.settle().await;
        assert_eq!(line.states().await, [Status::Sending]);
        line.later(Duration::from_secs(90)).await;
        assert_eq!(line.states().await, [Status::Sent]);
        assert_eq!(line.phone(ANA), ["Your order is ready"]);
    }

    async fn news_that_overtakes_the_lost_answer_settles_it(t: TestStore) {
        let line = Line::on(t).await;
        line.twilio.fail_next([Fault::Lost]);
        line.write(ANA, "Your order is ready").await;
        line.settle().await;
        assert_eq!(line.states().await, [Status::Delivered]);
        line.later(Duration::from_mins(5)).await;
        assert_eq!(line.phone(ANA).len(), 1);
    }

    async fn a_request_that_was_never_carried_out_is_made_again(t: TestStore) {
        let line = Line::on(t).await;
        line.twilio.fail_next([Fault::Garbage]);
        line.write(ANA, "Your order is ready").await;
        line.settle().await;
        for _ in 0..4 {
            line.later(Duration::from_secs(61)).await;
        }
        assert_eq!(line.phone(ANA), ["Your order is ready"]);
        assert_eq!(line.states().await, [Status::Delivered]);
    }

    async fn a_vendor_that_is_down_is_tried_again_after_a_minute_and_then_given_up(t: TestStore) {
        let line = Line::on(t).await;
        let down = || Fault::Error { status: 429, code: 20429, message: "slow down".to_owned(), retry_after: Some(7) };
        line.twilio.fail_next([down(), down()]);
        line.write(ANA, "Your order is ready").await;
        line.settle().await;
        assert_eq!(line.states().await, [Status::Queued]);
        line.later(Duration::from_secs(8)).await;
        line.later(Duration::from_secs(8)).await;
        assert_eq!(line.states().await, [Status::Delivered]);
        // Waiting as asked was no try.
        assert_eq!(line.outbox().await[0].attempts, 1);
    }

    async fn an_hour_without_the_vendor_loses_a_message_of_who_tries_thrice_and_none_of_who_tries_for_a_day(t: TestStore) {
        let line = Line::on(t).await;
        let nobody = line.points_nowhere().await;
        line.write(ANA, "Fixed").await;
        for _ in 0..6 {
            line.later(Duration::from_secs(61)).await;
        }
        let given_up = line.outbox().await[0].clone();
        assert_eq!((given_up.status, given_up.attempts), (Status::Failed, 4));
        assert!(given_up.reason.as_deref().unwrap().contains("tried 4 times"), "{given_up:?}");

        let exponential = serde_json::json!({ "retry": "exponential" });
        let owner = line.owner().await;
        assert!(owner.put("/message-settings", exponential).await.status.is_success());
        assert_eq!(owner.get("/message-settings").await.json()["retry"], "exponential");
        line.write(ANA, "Exponential").await;
        line.settle().await;
        for minute in 0..60 {
            line.later(Duration::from_mins(1)).await;
            assert_eq!(line.outbox().await[1].status, Status::Queued, "after {minute} minutes");
        }
        // At once, then after 1, 3, 7, 15 and 31 minutes.
        assert_eq!(line.outbox().await[1].attempts, 6);
        line.points_back(nobody).await;
        line.later(Duration::from_mins(4)).await;
        assert_eq!(line.phone(ANA), ["Exponential"]);
        assert_eq!(line.outbox().await[1].status, Status::Delivered);
    }

    async fn a_vendor_that_answers_with_errors_for_an_hour_loses_nothing_either(t: TestStore) {
        let line = Line::on(t).await;
        let exponential = serde_json::json!({ "retry": "exponential" });
        assert!(line.owner().await.put("/message-settings", exponential).await.status.is_success());
        let down = Conduct { down: true, ..Conduct::default() };
        line.twilio.set_conduct(down);
        line.write(ANA, "Your order is ready").await;
        for _ in 0..70 {
            line.later(Duration::from_mins(1)).await;
        }
        assert!(matches!(line.states().await[..], [Status::Sending | Status::Queued]), "{:?}", line.outbox().await);
        line.twilio.set_conduct(Conduct::default());
        for _ in 0..70 {
            line.later(Duration::from_mins(1)).await;
        }
        assert_eq!(line.phone(ANA), ["Your order is ready"]);
        assert_eq!(line.states().await, [Status::Delivered]);
    }

    async fn a_number_that_cannot_be_reached_says_so_in_plain_words_and_may_be_corrected(t: TestStore) {
        let line = Line::on(t).await;
        line.twilio.refuse(ANA, 21211);
        let made = line.write(ANA, "Your order is ready").await;
        line.settle().await;
        let failed = &line.outbox().await[0];
        assert_eq!(failed.status, Status::Failed);
        assert!(!failed.reason.as_deref().unwrap().is_empty());
        let path = format!("/messages/{}/retry", made["id"].as_str().unwrap());
        let other = "+14155552672";
        let answer = line.owner().await.post(&path, serde_json::json!({ "to": other })).await;
        assert!(answer.status.is_success(), "{}", answer.text);
        line.settle().await;
        assert_eq!(line.phone(other), ["Your order is ready"]);
    }

    async fn late_and_repeated_news_never_overwrites_newer_news(t: TestStore) {
        let line = Line::on(t).await;
        line.twilio.set_conduct(Conduct { duplicates: 100, reordered: 100, ..Conduct::default() });
        line.write(ANA, "Your order is ready").await;
        line.settle().await;
        assert_eq!(line.states().await, [Status::Delivered]);
    }
}
