//! Letters to customers: one suite for everything that carries them, and what Resend does alone.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use frontdesk_channel::mail_in::{Automatic, Desk, Limits, WhyNot, may_answer, parse, sent_ids};
use frontdesk_channel::{
    AutoSubmitted, CalendarPart, Channel, ChannelError, FileMailer, Letter, LetterExtra, LetterFile, Mail,
    MailChannel, MailDress, Once, Outbound, Post, ResendPost, ResendSettings, Unsubscribe,
};
use frontdesk_domain::icalendar::Method;
use frontdesk_domain::id::{DecisionId, MessageId};
use frontdesk_domain::outbox::{Choice, Content, Media};
use frontdesk_domain::permit::Permit;
use frontdesk_domain::random::SeededRandom;
use frontdesk_domain::time::{FixedClock, Timestamp};
use frontdesk_http::{HttpClient, HttpSettings, Target};
use frontdesk_sim::mail::{MailFaults, MailSim, spawn as spawn_mail};
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
        extra: LetterExtra::default(),
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
    let settings = ResendSettings {
        from: "Desk <desk@example.com>".to_owned(),
        base_url: url.to_owned(),
        inbound: None,
    };
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
        let is_told = match status {
            429 => matches!(answer, Err(ChannelError::Limited { .. })),
            _ => matches!(answer, Err(ChannelError::Unavailable { .. })),
        };
        assert!(is_told, "{status} {answer:?}");
    }
    let stranger = resend(&running.url, "re_wrong");
    let answer = stranger.post(permit(&sent), &sent, NOW).await;
    let Err(ChannelError::Refused { reason, .. }) = answer else { panic!("{answer:?}") };
    assert!(reason.contains("401") && !reason.contains("re_wrong"), "{reason}");
    assert!(stranger.check().await.is_err());
    post.check().await.unwrap();
}

fn dress() -> MailDress {
    MailDress {
        from_name: "Riverside".to_owned(),
        subject: Some("Re: Your appointment".to_owned()),
        date: Some(NOW),
        reply_to: Some("reply+abc@in.riverside.example".to_owned()),
        references: vec!["first@example.com".to_owned()],
        unsubscribe: Some(Unsubscribe {
            url: "https://desk.example/u/1".to_owned(),
            mailto: Some("stop@in.riverside.example".to_owned()),
        }),
        automatic: Some(AutoSubmitted::Replied),
        html: None,
        calendar: None,
        picture: None,
        loop_token: Some("00112233445566778899".to_owned()),
        footer: Some("Riverside, Main Street 1".to_owned()),
    }
}

fn outbound(to: &str) -> Outbound {
    Outbound {
        message: MessageId::new(NOW, &SeededRandom::new(1)),
        from: None,
        address: to.to_owned(),
        template_id: None,
        content: Content {
            text: "Hello Ana,\nwhich one?".to_owned(),
            choices: vec![Choice { id: "a".to_owned(), title: "Thursday".to_owned() }],
            media: vec![Media {
                url: "https://desk.example/f/1".to_owned(),
                media_type: "image/png".to_owned(),
                name: Some("map.png".to_owned()),
            }],
            reply_to: Some("second@example.com".to_owned()),
            ..Content::default()
        },
        callback: None,
    }
}

fn channel_permit(outbound: &Outbound) -> Permit {
    let decision = DecisionId::new(NOW, &SeededRandom::new(2));
    Permit::mint(decision, "email", outbound.address.clone(), outbound.message, NOW)
}

#[tokio::test]
async fn a_message_of_the_outbox_leaves_as_a_letter_that_can_be_answered() {
    let sim = MailSim::default();
    let running = spawn_mail(sim.clone()).await.unwrap();
    let channel = MailChannel::new(Arc::new(super::smtp(&running, None)), dress());
    let sent = outbound("ana@example.com");
    assert_eq!((channel.name(), channel.once()), ("email", Once::Never));
    channel.check().await.unwrap();
    let done = channel.send(channel_permit(&sent), &sent, NOW).await.unwrap();
    assert_eq!(done.vendor_id, Some(sent.message.to_string()));
    let foreign = channel_permit(&outbound("bo@example.com"));
    assert!(matches!(channel.send(foreign, &sent, NOW).await, Err(ChannelError::Permit(_))));
    let arrived = sim.wait_for("ana@example.com").await;
    let header = |name: &str| arrived.headers.iter().find(|(known, _)| known == name).unwrap().1.clone();
    assert_eq!(header("subject"), "Re: Your appointment");
    assert_eq!(header("in-reply-to"), "<second@example.com>");
    assert_eq!(header("references"), "<first@example.com> <second@example.com>");
    assert_eq!(header("list-unsubscribe"), "<https://desk.example/u/1>, <mailto:stop@in.riverside.example>");
    assert_eq!(header("list-unsubscribe-post"), "List-Unsubscribe=One-Click");
    assert_eq!(header("auto-submitted"), "auto-replied");
    assert!(header("reply-to").contains("reply+abc@in.riverside.example"));
    assert!(
        arrived.text.contains("- Thursday") && arrived.text.contains("map.png: https://desk.example/f/1")
    );

    assert!(arrived.text.trim_end().ends_with("\n\nRiverside, Main Street 1"), "{}", arrived.text);

    // The same mail coming back is known as ours and not answered; one that answers it names the message.
    let back = parse(arrived.raw.as_bytes(), &Limits::default()).unwrap();
    let own = [];
    let desk = Desk { loop_token: "00112233445566778899", own: &own };
    assert_eq!(may_answer(&back, &desk), Err(WhyNot::Ours));
    assert_eq!(may_answer(&back, &Desk { loop_token: "another", own: &own }), Err(WhyNot::Desk));
    assert_eq!(back.automatic, Some(Automatic::Desk));
    let answer = format!("From: ana@example.com\r\nIn-Reply-To: <{}>\r\n\r\nYes", back.message_id.unwrap());
    let answer = parse(answer.as_bytes(), &Limits::default()).unwrap();
    assert_eq!(sent_ids(&answer)[0].message, Some(sent.message));
    assert_eq!(may_answer(&answer, &desk), Ok(()));
}

#[tokio::test]
async fn resend_gets_the_same_headers_and_knows_a_repeated_message() {
    let sim = ResendSim::new(KEY);
    let running = spawn_resend(sim.clone()).await.unwrap();
    let channel = MailChannel::new(Arc::new(resend(&running.url, KEY)), dress());
    let sent = outbound("ana@example.com");
    assert_eq!(channel.once(), Once::Keyed);
    let done = channel.send(channel_permit(&sent), &sent, NOW).await.unwrap();
    assert_eq!(channel.send(channel_permit(&sent), &sent, NOW).await.unwrap(), done);
    let [body] = &sim.sent()[..] else { panic!("{:?}", sim.sent()) };
    assert_eq!(body["headers"]["In-Reply-To"], "<second@example.com>");
    assert_eq!(body["headers"]["List-Unsubscribe-Post"], "List-Unsubscribe=One-Click");
    assert_eq!(body["reply_to"], "reply+abc@in.riverside.example");
}

#[tokio::test]
async fn files_go_along_however_letters_travel() {
    let file = LetterFile {
        name: "Preisliste März.pdf".to_owned(),
        media_type: "application/pdf".to_owned(),
        bytes: b"%PDF".to_vec(),
    };
    let letter = Letter {
        calendar: None,
        extra: LetterExtra { files: vec![file], ..LetterExtra::default() },
        ..letter("ana@example.com")
    };
    let sim = MailSim::default();
    let running = spawn_mail(sim.clone()).await.unwrap();
    super::smtp(&running, None).post(permit(&letter), &letter, NOW).await.unwrap();
    let arrived = parse(sim.wait_for("ana@example.com").await.raw.as_bytes(), &Limits::default()).unwrap();
    assert_eq!(arrived.attachments[0].name, "Preisliste März.pdf");
    assert_eq!(arrived.attachments[0].bytes, b"%PDF");
    assert_eq!(arrived.text, "Hello Ana");
    let sim = ResendSim::new(KEY);
    let running = spawn_resend(sim.clone()).await.unwrap();
    resend(&running.url, KEY).post(permit(&letter), &letter, NOW).await.unwrap();
    assert_eq!(sim.sent()[0]["attachments"][0]["content"], STANDARD.encode(b"%PDF"));
}

/// A server that breaks off after it was given the letter may have it.
#[tokio::test]
async fn a_connection_that_breaks_after_the_words_leaves_a_doubt() {
    let sim = MailSim::default();
    let running = spawn_mail(sim.clone()).await.unwrap();
    sim.set_faults(MailFaults { drop_after_data: 1, ..MailFaults::default() });
    let letter = letter("ana@example.com");
    let post = super::smtp(&running, None);
    let answer = post.post(permit(&letter), &letter, NOW).await;
    assert!(matches!(answer, Err(ChannelError::Uncertain { .. })), "{answer:?}");
    let post = super::smtp(&running, None);
    drop(running);
    // The listener goes with the task that holds it.
    tokio::task::yield_now().await;
    let answer = post.post(permit(&letter), &letter, NOW).await;
    assert!(matches!(answer, Err(ChannelError::Unavailable { .. })), "{answer:?}");
}
