//! What mail systems report, and files that come along.

use std::time::Duration;

use frontdesk_domain::outbox::Status;
use frontdesk_store::mail_bounce;
use frontdesk_testkit::on_both;
use serde_json::json;

use super::kit::{ANA, House, mail};

fn bounced(recipient: &str, original: &str) -> String {
    format!(
        "From: MAILER-DAEMON@mx.example\r\nTo: reply@in.example.com\r\nSubject: Undelivered Mail Returned to Sender\r\n\
         Message-ID: <d1@mx.example>\r\nMIME-Version: 1.0\r\n\
         Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n\
         --b\r\nContent-Type: text/plain\r\n\r\nIt did not arrive.\r\n\
         --b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\n\
         Final-Recipient: rfc822; {recipient}\r\nAction: failed\r\nStatus: 5.1.1\r\n\
         Diagnostic-Code: smtp; 550 5.1.1 <{recipient}> no such user\r\n\r\n\
         --b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: <{original}>\r\nTo: {recipient}\r\n\r\n--b--\r\n"
    )
}

fn complained(original: &str) -> String {
    format!(
        "From: fbl@mail.example\r\nTo: reply@in.example.com\r\nSubject: Complaint\r\nMessage-ID: <c1@mail.example>\r\n\
         MIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=feedback-report; boundary=b\r\n\r\n\
         --b\r\nContent-Type: text/plain\r\n\r\nA complaint.\r\n\
         --b\r\nContent-Type: message/feedback-report\r\n\r\nFeedback-Type: abuse\r\nVersion: 1\r\n\r\n\
         --b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: <{original}>\r\n\r\n--b--\r\n"
    )
}

on_both! {
    async fn mail_that_did_not_arrive_says_why_and_its_address_gets_no_more(t: TestStore) {
        let house = House::open(t).await;
        house.comes(&mail(ANA, "1", "Whitening", "", "When are you open?")).await;
        let id = house.outbox().await[0].id;
        let (db, scope) = (house.app.app.store.reader(), house.ctx.scope());
        // About a mail that is none of ours nothing is believed.
        house.comes(&bounced(ANA, "somebody-elses@example.org")).await;
        assert_eq!(mail_bounce::find(db, scope, ANA).await.unwrap().bounced_at, None);
        assert_eq!(house.outbox().await[0].status, Status::Sent);
        let report = bounced(ANA, &format!("{id}@example.org")).replace("<d1@", "<d2@");
        for _ in 0..2 {
            house.comes(&report).await;
        }
        let known = &house.outbox().await[0];
        assert_eq!(known.status, Status::Undelivered);
        let reason = known.reason.as_deref().unwrap();
        assert!(reason.contains("no such user") && !reason.contains(ANA), "{reason}");
        assert!(mail_bounce::find(db, scope, ANA).await.unwrap().bounced_at.is_some());
        house.app.clock.advance(Duration::from_hours(25));
        let body = json!({ "channel": "email", "to": ANA, "subject": "News", "text": "Hello", "client_id": "1" });
        let refused = house.owner().await.post("/messages", body).await;
        assert!(refused.text.contains("came back"), "{}", refused.text);
        // Who writes from it reads there.
        house.comes(&mail(ANA, "2", "I am back", "", "My mailbox was closed for a day.")).await;
        assert_eq!(mail_bounce::find(db, scope, ANA).await.unwrap().bounced_at, None);
    }

    async fn who_reports_our_mail_gets_no_more_marketing(t: TestStore) {
        let house = House::open(t).await;
        house.comes(&mail(ANA, "1", "Whitening", "", "When are you open?")).await;
        let id = house.outbox().await[0].id;
        house.comes(&complained(&format!("{id}@example.org"))).await;
        let known = mail_bounce::find(house.app.app.store.reader(), house.ctx.scope(), ANA).await.unwrap();
        assert!(known.complained_at.is_some());
        // A report is no conversation.
        assert_eq!(house.talks().await.len(), 1);
    }

    async fn files_are_listed_with_their_message_and_given_to_members_as_downloads(t: TestStore) {
        let house = House::open(t).await;
        let raw = "From: ana@example.com\r\nTo: reply@in.example.com\r\nMessage-ID: <1@example.com>\r\n\
            Subject: My papers\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n\
            --b\r\nContent-Type: text/plain\r\n\r\nHere they are.\r\n\
            --b\r\nContent-Type: text/html\r\nContent-Disposition: attachment; filename=\"../x-ray \\\"1\\\".html\"\r\n\r\n\
            <script>alert(1)</script>\r\n--b--\r\n";
        house.comes(raw).await;
        let talk = &house.talks().await[0];
        let said = house.said(talk).await;
        let file = &said[0]["files"][0];
        assert_eq!((&file["media_type"], file["size"].as_u64()), (&json!("text/html"), Some(25)), "{said:?}");
        assert!(said[0]["text"].as_str().unwrap().contains("[x-ray"), "{said:?}");
        let path = format!("/conversations/{}/files/{}", talk["id"].as_str().unwrap(), file["id"].as_str().unwrap());
        let given = house.owner().await.get(&path).await;
        assert_eq!(given.text, "<script>alert(1)</script>");
        let header = |name: &str| given.headers.get(name).unwrap().to_str().unwrap().to_owned();
        assert!(header("content-disposition").starts_with("attachment; filename=\"x-ray"), "{:?}", given.headers);
        assert_eq!(header("content-type"), "application/octet-stream");
        assert_eq!(house.app.browser().get(&path).await.status, 401);
        let stranger = house.app.signed_up("eve").await;
        assert_eq!(stranger.get(&path).await.status, 404);
    }

    async fn erasing_a_person_takes_their_files_and_their_thread_along(t: TestStore) {
        let house = House::open(t).await;
        let long = "A sentence that says something.\r\n".repeat(300);
        house.comes(&mail(ANA, "1", "Long", "", &long)).await;
        let talk = &house.talks().await[0];
        let file = house.said(talk).await[0]["files"][0].clone();
        let path = format!("/conversations/{}/files/{}", talk["id"].as_str().unwrap(), file["id"].as_str().unwrap());
        let owner = house.owner().await;
        assert!(owner.get(&path).await.status.is_success());
        let contact = format!("/contacts/{}", talk["contact_id"].as_str().unwrap());
        assert!(owner.delete(&contact).await.status.is_success());
        assert_eq!(owner.get(&path).await.status, 404);
        let (db, scope) = (house.app.app.store.reader(), house.ctx.scope());
        let id = talk["id"].as_str().unwrap().parse().unwrap();
        assert_eq!(frontdesk_store::mail_thread::find(db, scope, id).await.unwrap(), None);
        // A mail that refers to what was erased begins anew.
        house.comes(&mail(ANA, "2", "Re: Long", "References: <1@example.com>\r\n", "When are you open?")).await;
        assert_eq!(house.talks().await.len(), 2);
    }

    async fn a_mail_longer_than_a_message_is_kept_whole(t: TestStore) {
        let house = House::open(t).await;
        let long = "A sentence that says something.\r\n".repeat(300);
        house.comes(&mail(ANA, "1", "Long", "", &format!("{long}The very end."))).await;
        let talk = &house.talks().await[0];
        let said = house.said(talk).await;
        assert!(said[0]["text"].as_str().unwrap().chars().count() <= 4_000);
        let file = &said[0]["files"][0];
        let path = format!("/conversations/{}/files/{}", talk["id"].as_str().unwrap(), file["id"].as_str().unwrap());
        assert!(house.owner().await.get(&path).await.text.contains("The very end."));
    }
}
