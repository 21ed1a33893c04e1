//! Letters to customers: one suite for everything that carries them, and what Resend does alone.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use frontdesk_channel::{
    CalendarPart, ChannelError, FileMailer, Letter, Mail, Post, ResendPost, ResendSettings,
};
use frontdesk_domain::icalendar::Method;
use frontdesk_domain::id::{DecisionId, MessageId};
use frontdesk_domain::permit::Permit;
use frontdesk_domain::random::SeededRandom;
use frontdesk_domain::time::{FixedClock, Timestamp};
use frontdesk_http::{HttpClient, HttpSettings, Target};
use frontdesk_sim::mail::{MailSim, spawn as spawn_mail};
use frontdesk_sim::resend::{ResendSim, spawn as spawn_resend};
use secrecy::SecretString;

const NOW: Timestamp = Timestamp::from_millis(1_774_000_000_000);
const KEY: &str = "re_123";

fn letter(to: &str) -> Letter {
    Letter {
        message: MessageId::new(NOW, &SeededRandom::new(1)),
        mail: Mail {
            id: "letter1".to_owned(),
            date: NOW,
            to: to.to_owned(),
            subject: "Grüße".to_owned(),
            text: "Hello Ana".to_owned(),
            html: "<p>Hello Ana</p>".to_owned(),
        },
        from_name: "Riverside, \"Dental\"".to_owned(),
        reply_to: Some("desk@riverside.example".to_owned()),
        calendar: Some(CalendarPart {
            method: Method::Cancel,
            text: "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n".to_owned(),
        }),
    }
}

fn permit(letter: &Letter) -> Permit {
    let decision = DecisionId::new(NOW, &SeededRandom::new(2));
    Permit::mint(decision, "email", letter.mail.to.clone(), letter.message, NOW)
}

fn resend(url: &str, key: &str) -> ResendPost {
    let http = HttpClient::new(
        HttpSettings::default(),
        Arc::new(FixedClock::new(NOW)),
        Arc::new(SeededRandom::new(3)),
    );
    let settings = ResendSettings { from: "Desk <desk@example.com>".to_owned(), base_url: url.to_owned() };
    ResendPost::new(&settings, SecretString::from(key), http.unwrap(), Target::Trusted).unwrap()
}

/// What everything that carries letters does.
async fn behaves(post: &dyn Post) {
    let good = letter("ana@example.com");
    post.post(permit(&good), &good, NOW).await.unwrap();
    let foreign = permit(&letter("bo@example.com"));
    assert!(matches!(post.post(foreign, &good, NOW).await, Err(ChannelError::Permit(_))));
    let late = NOW.plus(frontdesk_domain::permit::PERMIT_LIFETIME);
    assert!(matches!(post.post(permit(&good), &good, late).await, Err(ChannelError::Permit(_))));
    let wrong = letter("not an address");
    assert!(matches!(post.post(permit(&wrong), &wrong, NOW).await, Err(ChannelError::Refused { .. })));
}

#[tokio::test]
async fn each_carrier_behaves() {
    let folder = tempfile::tempdir().unwrap();
    behaves(&FileMailer::new(folder.path().to_owned(), "desk@example.com").unwrap()).await;
    let running = spawn_mail(MailSim::default()).await.unwrap();
    behaves(&super::smtp(&running, None)).await;
    let running = spawn_resend(ResendSim::new(KEY)).await.unwrap();
    behaves(&resend(&running.url, KEY)).await;
}

#[tokio::test]
async fn a_letter_arrives_with_its_sender_its_answer_address_and_its_file() {
    let sim = MailSim::default();
    let running = spawn_mail(sim.clone()).await.unwrap();
    let sent = letter("ana@example.com");
    super::smtp(&running, None).post(permit(&sent), &sent, NOW).await.unwrap();
    let arrived = sim.wait_for("ana@example.com").await;
    let header = |name: &str| arrived.headers.iter().find(|(known, _)| known == name).unwrap().1.clone();
    assert!(header("from").contains("Riverside") && header("from").ends_with("<desk@example.com>"));
    assert!(header("reply-to").contains("desk@riverside.example"));
    assert_eq!(header("message-id"), "<letter1@example.com>");
    assert_eq!(arrived.html.trim(), "<p>Hello Ana</p>");
    assert!(arrived.raw.contains("method=CANCEL") && arrived.raw.contains("filename=\"invite.ics\""));
}

#[tokio::test]
async fn resend_gets_the_letter_once_whatever_its_answer() {
    let sim = ResendSim::new(KEY);
    let running = spawn_resend(sim.clone()).await.unwrap();
    let post = resend(&running.url, KEY);
    assert!(post.sends_once());
    let sent = letter("ana@example.com");
    // Taken, but the answer says otherwise; the client's own second try finds it done.
    sim.fail_next(&[0]);
    let done = post.post(permit(&sent), &sent, NOW).await.unwrap();
    assert!(done.vendor_id.is_some());
    assert_eq!(post.post(permit(&sent), &sent, NOW).await.unwrap(), done);
    let [body] = &sim.sent()[..] else { panic!("{:?}", sim.sent()) };
    assert_eq!(body["to"][0], "ana@example.com");
    assert_eq!(body["reply_to"], "desk@riverside.example");
    assert_eq!(body["attachments"][0]["content_type"], "text/calendar; method=CANCEL; charset=utf-8");
    let file = STANDARD.decode(body["attachments"][0]["content"].as_str().unwrap()).unwrap();
    assert_eq!(file, b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n");
    // Busy and broken are tried later, a wrong key is not.
    for status in [429, 503] {
        sim.fail_next(&[status, status]);
        let next =
            Letter { mail: Mail { id: format!("other{status}"), ..sent.mail.clone() }, ..sent.clone() };
        let answer = post.post(permit(&next), &next, NOW).await;
        assert!(matches!(answer, Err(ChannelError::Unavailable { .. })), "{status} {answer:?}");
    }
    let stranger = resend(&running.url, "re_wrong");
    let answer = stranger.post(permit(&sent), &sent, NOW).await;
    let Err(ChannelError::Refused { reason, .. }) = answer else { panic!("{answer:?}") };
    assert!(reason.contains("401") && !reason.contains("re_wrong"), "{reason}");
    assert!(stranger.check().await.is_err());
    post.check().await.unwrap();
}
