//! Which conversation a mail comes to, and who is answered.

use frontdesk_testkit::on_both;
use serde_json::Value;

use super::kit::{ANA, House, mail};

fn header<'a>(sent: &'a Value, name: &str) -> &'a str {
    sent["headers"][name].as_str().unwrap_or_default()
}

on_both! {
    async fn a_mail_is_answered_in_its_thread_and_answers_come_back_to_the_conversation(t: TestStore) {
        let house = House::open(t).await;
        house.comes(&mail("Ana <ana@example.com>", "1", "Whitening", "", "Hello, when are you open?")).await;
        let answer = house.last();
        assert_eq!(answer["to"][0], ANA);
        assert_eq!(answer["subject"], "Re: Whitening");
        assert_eq!(header(&answer, "In-Reply-To"), "<1@example.com>");
        assert_eq!(header(&answer, "References"), "<1@example.com>");
        assert_eq!(header(&answer, "Auto-Submitted"), "auto-replied");
        assert_eq!(header(&answer, "List-Unsubscribe"), "");
        let signed = answer["reply_to"].as_str().unwrap().to_owned();
        assert!(signed.starts_with("reply+") && signed.ends_with("@in.example.com"), "{signed}");
        let talks = house.talks().await;
        let said = house.said(&talks[0]).await;
        assert_eq!(said[0]["text"], "Whitening\n\nHello, when are you open?");
        assert_eq!(said[1]["delivery"]["status"], "sent");

        // By the address, whatever else the mail says.
        let to = format!("X-Original-To: {signed}\r\n");
        house.comes(&mail("Ana <ana@example.com>", "2", "Something else", &to, "And on Sundays?")).await;
        // By the id of our own mail.
        let ours = format!("In-Reply-To: <{}@example.org>\r\n", house.outbox().await[0].id);
        house.comes(&mail("Ana <ana@example.com>", "3", "Re: Whitening", &ours, "And where?")).await;
        // By a mail of hers.
        let hers = "References: <gone@example.com> <2@example.com>\r\n";
        house.comes(&mail("Ana <ana@example.com>", "4", "More", hers, "And how long?")).await;
        assert_eq!(house.talks().await.len(), 1);
        let said = house.said(&talks[0]).await;
        let hers: Vec<&Value> = said.iter().filter(|it| it["author"] == "customer").collect();
        assert_eq!(hers.len(), 4);
        assert_eq!(hers[3]["text"], "And how long?");
        assert_eq!(house.last()["subject"], "Re: Whitening");
        // Never by the subject alone.
        house.comes(&mail("Ana <ana@example.com>", "5", "Re: Whitening", "", "Hello again")).await;
        assert_eq!(house.talks().await.len(), 2);
        // One person, one timeline.
        let contacts = house.owner().await.get("/contacts").await.json();
        assert_eq!(contacts["items"].as_array().unwrap().len(), 1, "{contacts}");
        assert_eq!(contacts["items"][0]["email"], ANA);
    }

    async fn the_same_mail_twice_is_one_message(t: TestStore) {
        let house = House::open(t).await;
        for _ in 0..2 {
            house.comes(&mail(ANA, "1", "Whitening", "", "When are you open?")).await;
        }
        let talks = house.talks().await;
        assert_eq!((talks.len(), house.said(&talks[0]).await.len()), (1, 2));
        assert_eq!(house.sent().len(), 1);
    }

    async fn what_no_person_wrote_is_shown_and_never_answered(t: TestStore) {
        let house = House::open(t).await;
        house.comes(&mail(ANA, "1", "Whitening", "", "When are you open?")).await;
        let asked = house.talks().await;
        let ours = format!("In-Reply-To: <{}@example.org>\r\n", house.outbox().await[0].id);
        let away = format!("{ours}Auto-Submitted: auto-replied\r\n");
        house.comes(&mail(ANA, "2", "Automatic reply: Whitening", &away, "I am away until May.")).await;
        let letter = "List-Id: <news.example.net>\r\nPrecedence: bulk\r\n";
        house.comes(&mail("news@example.net", "3", "Our offers", letter, "Buy two.")).await;
        house.comes(&mail("noreply@portal.example", "4", "A new request", "", "Somebody asks for you.")).await;
        house.comes(&mail(ANA, "5", "Hello", "X-Frontdesk-Loop: another\r\n", "Hello, how can I help?")).await;
        assert_eq!(house.sent().len(), 1);
        let said = house.said(&asked[0]).await;
        assert_eq!(said[2]["author"], "system");
        assert!(said[2]["text"].as_str().unwrap().contains("I am away until May."), "{said:?}");
        let talks = house.talks().await;
        let of = |name: &str| talks.iter().find(|talk| talk["contact_name"] == name).unwrap();
        assert_eq!(of("news@example.net")["state"], "resolved");
        let request = of("noreply@portal.example");
        assert_eq!((&request["state"], request["unread"].as_u64()), (&"open".into(), Some(1)));
        // Machines are no contacts.
        let contacts = house.owner().await.get("/contacts").await.json();
        assert_eq!(contacts["items"].as_array().unwrap().len(), 1, "{contacts}");
    }

    async fn our_own_mail_that_comes_back_is_left_out(t: TestStore) {
        let house = House::open(t).await;
        house.comes(&mail(ANA, "1", "Whitening", "", "When are you open?")).await;
        let token = house.last()["headers"]["X-Frontdesk-Loop"].as_str().unwrap().to_owned();
        let ours = format!("X-Frontdesk-Loop: {token}\r\n");
        house.comes(&mail("desk@example.org", "9", "Re: Whitening", &ours, "We are open.")).await;
        assert_eq!(house.talks().await.len(), 1);
        assert_eq!(house.said(&house.talks().await[0]).await.len(), 2);
        // A colleague who writes from the business's own address is shown and not answered.
        house.comes(&mail("desk@example.org", "10", "Note to self", "", "Buy paper.")).await;
        assert_eq!((house.talks().await.len(), house.sent().len()), (2, 1));
    }

    async fn an_address_that_writes_without_end_is_not_answered_without_end(t: TestStore) {
        let house = House::open(t).await;
        for number in 0..12 {
            house.comes(&mail(ANA, &number.to_string(), &format!("Question {number}"), "", "When are you open?")).await;
        }
        assert_eq!(house.sent().len(), 10);
        let talks = house.talks().await;
        let waiting: Vec<&Value> = talks.iter().filter(|talk| talk["floor"]["holder"] == "nobody").collect();
        assert_eq!(waiting.len(), 2);
        assert!(waiting[0]["handoff_reason"].as_str().unwrap().contains("within an hour"), "{waiting:?}");
        // An hour later it is answered again.
        house.app.clock.advance(std::time::Duration::from_mins(61));
        house.comes(&mail(ANA, "later", "Once more", "", "When are you open?")).await;
        assert_eq!(house.sent().len(), 11);
    }

    async fn somebody_else_who_answers_into_a_conversation_hears_nothing_of_it(t: TestStore) {
        let house = House::open(t).await;
        house.comes(&mail(ANA, "1", "Whitening", "", "When are you open?")).await;
        let ours = format!("In-Reply-To: <{}@example.org>\r\n", house.outbox().await[0].id);
        house.comes(&mail("eve@example.net", "2", "Re: Whitening", &ours, "And what did she ask?")).await;
        assert_eq!(house.sent().len(), 1);
        let talks = house.talks().await;
        assert_eq!(talks.len(), 1);
        assert!(talks[0]["handoff_reason"].as_str().unwrap().starts_with("eve@example.net answered"), "{talks:?}");
        let said = house.said(&talks[0]).await;
        assert_eq!(said[2]["author_name"], "eve@example.net");
        // Who knows no more than the id of her mail begins a conversation of their own.
        let hers = "References: <1@example.com>\r\n";
        house.comes(&mail("eve@example.net", "3", "Re: Whitening", hers, "When are you open?")).await;
        assert_eq!(house.talks().await.len(), 2);
        assert_eq!(house.last()["to"][0], "eve@example.net");
    }

    async fn a_mail_in_the_name_of_a_contact_is_a_claim_until_they_answer_ours(t: TestStore) {
        let house = House::open(t).await;
        let ana = serde_json::json!({ "name": "Ana Diaz", "email": ANA });
        house.owner().await.post("/contacts", ana).await;
        house.comes(&mail("Somebody <ana@example.com>", "1", "Hello", "", "When are you open?")).await;
        let id = house.talks().await[0]["id"].as_str().unwrap().parse().unwrap();
        let claimed = async || {
            let db = house.app.app.store.reader();
            let thread = frontdesk_store::conversation::get_thread(db, house.ctx.scope(), id).await.unwrap();
            assert_eq!(thread.conversation.contact_name, "Ana Diaz");
            thread.claimed
        };
        assert!(claimed().await);
        let to = format!("Delivered-To: {}\r\n", house.last()["reply_to"].as_str().unwrap());
        house.comes(&mail(ANA, "2", "Re: Hello", &to, "Thanks. And on Sundays?")).await;
        assert!(!claimed().await);
    }
}
