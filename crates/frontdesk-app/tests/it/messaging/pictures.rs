//! Pictures by text message (MMS), both ways.

use std::time::Duration;

use axum::http::StatusCode;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use frontdesk_domain::outbox::Status;
use frontdesk_http::{HttpClient, HttpSettings, Target};
use frontdesk_sim::twilio::{Texted, TextedFile};
use frontdesk_testkit::on_both;
use serde_json::{Value, json};

use super::kit::{ANA, Line, OURS};

const GIF: &[u8] = b"GIF89a of a tooth";
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n of a tooth";

fn picture(name: &str, bytes: &[u8]) -> Value {
    json!({ "name": name, "media_type": "image/png", "data": STANDARD.encode(bytes) })
}

impl Line {
    /// The path of the only conversation.
    async fn talk(&self) -> String {
        let talks = self.owner().await.get("/conversations?channel=sms").await.json();
        format!("/conversations/{}", talks["items"][0]["id"].as_str().unwrap())
    }

    /// What a vendor gets at an address, without signing in.
    async fn fetch(&self, url: &str) -> (u16, String, Vec<u8>) {
        let settings =
            HttpSettings { allow_private_hosts: vec!["127.0.0.1".to_owned()], ..HttpSettings::default() };
        let (clock, random) = (self.app.app.clock.clone(), self.app.app.random.clone());
        let http = HttpClient::new(settings, clock, random).unwrap();
        let answer = http.get(Target::Public, url).send().await.unwrap();
        (answer.status.as_u16(), answer.content_type(), answer.body.to_vec())
    }
}

on_both! {
    async fn a_picture_a_customer_sends_stands_in_the_conversation_and_can_be_saved(t: TestStore) {
        let line = Line::on(t).await;
        let file = |media_type: &str, bytes: &[u8]| TextedFile { media_type: media_type.to_owned(), data: STANDARD.encode(bytes) };
        let texted = Texted {
            to: OURS.to_owned(),
            body: "This one hurts".to_owned(),
            // What a browser would run is not kept.
            media: vec![file("image/gif", GIF), file("text/html", b"<script>")],
            ..Texted::default()
        };
        line.twilio.send_from(ANA, &texted).unwrap();
        line.settle().await;
        let talk = line.talk().await;
        let owner = line.owner().await;
        let said = owner.get(&format!("{talk}/messages")).await.json()["items"][0].clone();
        assert_eq!(said["text"], "This one hurts\n[image/gif]\n[text/html]");
        let files = said["files"].as_array().unwrap();
        assert_eq!((files.len(), &files[0]["media_type"], &files[0]["size"]), (1, &json!("image/gif"), &json!(GIF.len())));
        let saved = owner.get(&format!("{talk}/files/{}", files[0]["id"].as_str().unwrap())).await;
        assert_eq!(saved.status, StatusCode::OK);
        assert!(saved.text.contains("of a tooth"), "{}", saved.text);
    }

    async fn a_picture_of_ours_arrives_with_its_words_by_a_link_that_lapses(t: TestStore) {
        let line = Line::on(t).await;
        line.text(ANA, "Where are you?").await;
        let talk = line.talk().await;
        let reply = json!({ "text": "Here is the way", "client_id": "r1", "files": [picture("way.png", PNG)] });
        let answer = line.owner().await.post(&format!("{talk}/messages"), reply.clone()).await;
        assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text);
        // Twice is once.
        line.owner().await.post(&format!("{talk}/messages"), reply).await;
        line.settle().await;
        let sent = line.twilio.taken().into_iter().filter(|message| !message.media.is_empty()).collect::<Vec<_>>();
        assert_eq!(sent.len(), 1);
        assert_eq!((sent[0].text.as_str(), sent[0].media.len()), ("Here is the way", 1));
        let url = &sent[0].media[0];
        assert_eq!(line.fetch(url).await, (200, "image/png".to_owned(), PNG.to_vec()));
        let forged = format!("{}A", &url[..url.len() - 1]);
        let other = if forged == *url { format!("{}B", &url[..url.len() - 1]) } else { forged };
        assert_eq!(line.fetch(&other).await.0, 404);
        // The team sees it; the link stands nowhere.
        let said = line.owner().await.get(&format!("{talk}/messages")).await;
        let ours = said.json()["items"].as_array().unwrap().last().unwrap().clone();
        assert_eq!(ours["files"][0]["name"], "way.png", "{}", said.text);
        assert_eq!(line.states().await.last(), Some(&Status::Delivered));
        assert!(!said.text.contains("/files/A"), "{}", said.text);
        line.app.clock.advance(Duration::from_hours(73));
        assert_eq!(line.fetch(url).await.0, 404);
    }

    async fn who_is_written_to_first_gets_a_picture_without_words(t: TestStore) {
        let line = Line::on(t).await;
        let body = json!({ "channel": "sms", "to": ANA, "client_id": "1", "files": [picture("tooth.png", PNG), picture("other.png", PNG)] });
        let answer = line.owner().await.post("/messages", body).await;
        assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text);
        line.settle().await;
        let sent = line.twilio.received(ANA);
        assert_eq!((sent[0].text.as_str(), sent[0].media.len()), ("", 2));
        let talk = line.talk().await;
        let said = line.owner().await.get(&format!("{talk}/messages")).await.json();
        assert_eq!(said["items"][0]["text"], "[tooth.png]\n[other.png]");
    }

    async fn what_is_too_much_for_a_picture_message_is_said_and_nothing_is_sent(t: TestStore) {
        let line = Line::on(t).await;
        line.text(ANA, "Hello").await;
        let talk = line.talk().await;
        let before = line.twilio.taken().len();
        let mut large = PNG.to_vec();
        large.resize(2_700_000, 0);
        let cases = [
            (vec![picture("a.png", PNG); 11], "at most 10"),
            (vec![picture("a.png", &large); 2], "are too large"),
            (vec![json!({ "name": "a.html", "media_type": "text/html", "data": "PGI+" })], "no kind of file"),
            (vec![json!({ "name": "a.png", "media_type": "image/png", "data": "PGI+" })], "not of the kind"),
        ];
        for (files, said) in cases {
            let reply = json!({ "text": "Look", "client_id": said, "files": files });
            let refused = line.owner().await.post(&format!("{talk}/messages"), reply).await;
            assert!(refused.status.is_client_error(), "{said}: {}", refused.text);
            assert!(refused.text.contains(said), "{said}: {}", refused.text);
        }
        line.settle().await;
        assert_eq!(line.twilio.taken().len(), before);
    }
}
