//! Mail that Resend received, against its simulator.

use std::sync::Arc;

use frontdesk_channel::mail::hook::{HookSignature, verify};
use frontdesk_channel::mail_in::{Automatic, Limits, ResendInbox, received};
use frontdesk_channel::{ChannelError, ResendSettings};
use frontdesk_domain::random::SeededRandom;
use frontdesk_domain::time::{FixedClock, Timestamp};
use frontdesk_http::{HttpClient, HttpSettings, Target};
use frontdesk_sim::resend::receiving::ReceivedMail;
use frontdesk_sim::resend::{ResendSim, sign, spawn};
use secrecy::SecretString;

const AT: &str = "2026-03-16T09:02:11.000Z";
const NOW: Timestamp = Timestamp::from_millis(1_773_651_731_000);

fn inbox(url: &str, key: &str, files: Target) -> ResendInbox {
    let mut settings = HttpSettings::default();
    settings.retry.retries = 0;
    let http =
        HttpClient::new(settings, Arc::new(FixedClock::new(NOW)), Arc::new(SeededRandom::new(3))).unwrap();
    let settings =
        ResendSettings { from: "desk@example.com".to_owned(), base_url: url.to_owned(), inbound: None };
    ResendInbox::new(&settings, SecretString::from(key), http, Target::Trusted, files)
}

fn taken_apart() -> ReceivedMail {
    ReceivedMail {
        from: "Ana López <ana@example.com>".to_owned(),
        to: vec!["reply+x@in.riverside.example".to_owned()],
        subject: "Re: Grüße".to_owned(),
        message_id: "<m1@example.com>".to_owned(),
        headers: vec![
            ("in-reply-to".to_owned(), "<msg_0198c0de7e1f7a3c8d5e6f708192a3b4@riverside.example>".to_owned()),
            ("Content-Type".to_owned(), "multipart/alternative; boundary=theirs".to_owned()),
            ("X-Evil\r\nBcc".to_owned(), "x".to_owned()),
            ("Precedence".to_owned(), "first\r\nAuto-Submitted: auto-replied".to_owned()),
        ],
        text: Some(
            "Yes, Thursday.\n\nOn Mon, Mar 16, 2026 Desk <d@riverside.example> wrote:\n> Hello".to_owned(),
        ),
        html: Some("<p>Yes</p>".to_owned()),
        files: vec![("Überweisung März.pdf".to_owned(), "application/pdf".to_owned(), b"%PDF".to_vec())],
        raw: None,
    }
}

#[tokio::test]
async fn a_call_names_a_mail_that_is_fetched_and_read() {
    let sim = ResendSim::new("re_1");
    let running = spawn(sim.clone()).await.unwrap();
    let (id, call) = sim.receive(taken_apart(), AT);
    let body = call.to_string();
    let key = *b"0123456789abcdef0123";
    let headers = sign(&key, "msg_1", NOW.as_millis() / 1_000, &body);
    let secret = SecretString::from("whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM=");
    let [id_header, at, signatures] = headers.each_ref().map(|(_, value)| value.as_str());
    verify(&secret, HookSignature { id: id_header, timestamp: at, signatures }, body.as_bytes(), NOW)
        .unwrap();
    let told = received(body.as_bytes()).unwrap().unwrap();
    assert_eq!(
        (told.id.to_string(), told.to.as_slice()),
        (id, ["reply+x@in.riverside.example".to_owned()].as_slice())
    );

    let inbox = inbox(&running.url, "re_1", Target::Trusted);
    let mail = inbox.fetch(told.id, &Limits::default()).await.unwrap();
    assert_eq!(mail.text, "Yes, Thursday.");
    assert_eq!(mail.subject, "Re: Grüße");
    assert_eq!(mail.vendor_id(), "m1@example.com");
    let from = mail.from.as_ref().unwrap();
    assert_eq!((from.name.as_deref(), from.address.as_str()), (Some("Ana López"), "ana@example.com"));
    assert!(mail.in_reply_to.as_ref().unwrap().starts_with("msg_0198"));
    assert_eq!(mail.attachments[0].name, "Überweisung März.pdf");
    assert_eq!(mail.attachments[0].bytes, b"%PDF");
    // No header's value begins another header.
    assert_eq!(mail.automatic, None);
    assert_eq!(inbox.fetch(told.id, &Limits::default()).await.unwrap(), mail);
}

#[tokio::test]
async fn the_whole_mail_is_read_where_it_is_offered() {
    let sim = ResendSim::new("re_1");
    let running = spawn(sim.clone()).await.unwrap();
    let raw = b"From: bo@example.com\r\nMessage-ID: <raw@example.com>\r\nAuto-Submitted: auto-replied\r\n\r\nAway\r\n";
    let (_, call) = sim.receive(ReceivedMail { raw: Some(raw.to_vec()), ..taken_apart() }, AT);
    let told = received(call.to_string().as_bytes()).unwrap().unwrap();
    let client = inbox(&running.url, "re_1", Target::Trusted);
    let mail = client.fetch(told.id, &Limits::default()).await.unwrap();
    assert_eq!((mail.vendor_id().as_str(), mail.text.as_str()), ("raw@example.com", "Away"));
    assert_eq!(mail.automatic, Some(Automatic::Reply));
    // An address that lapsed is asked for anew.
    sim.let_files_lapse();
    assert_eq!(client.fetch(told.id, &Limits::default()).await.unwrap(), mail);
    let small = Limits { bytes: 20, ..Limits::default() };
    assert!(matches!(client.fetch(told.id, &small).await, Err(ChannelError::Refused { .. })));
    // Files may not lead to addresses inside the house.
    let careful = inbox(&running.url, "re_1", Target::Public);
    assert!(matches!(
        careful.fetch(told.id, &Limits::default()).await,
        Err(ChannelError::Unavailable { .. })
    ));
}

#[tokio::test]
async fn reports_that_were_taken_apart_stay_reports() {
    let sim = ResendSim::new("re_1");
    let running = spawn(sim.clone()).await.unwrap();
    let status = "Reporting-MTA: dns; mx\r\n\r\nFinal-Recipient: rfc822; gone@example.com\r\nAction: failed\r\nStatus: 5.1.1\r\n";
    let report = ReceivedMail {
        from: "MAILER-DAEMON@mx.example".to_owned(),
        headers: vec![(
            "content-type".to_owned(),
            "multipart/report; report-type=delivery-status; boundary=x".to_owned(),
        )],
        text: Some("It was not delivered.".to_owned()),
        html: None,
        files: vec![(String::new(), "message/delivery-status".to_owned(), status.as_bytes().to_vec())],
        ..taken_apart()
    };
    let (_, call) = sim.receive(report, AT);
    let told = received(call.to_string().as_bytes()).unwrap().unwrap();
    let mail = inbox(&running.url, "re_1", Target::Trusted).fetch(told.id, &Limits::default()).await.unwrap();
    let Some(Automatic::Bounce(bounce)) = &mail.automatic else { panic!("{:?}", mail.automatic) };
    assert_eq!((bounce.recipient.as_deref(), bounce.permanent), (Some("gone@example.com"), true));
}

#[tokio::test]
async fn what_may_pass_is_told_from_what_will_not() {
    let sim = ResendSim::new("re_1");
    let running = spawn(sim.clone()).await.unwrap();
    let (_, call) = sim.receive(taken_apart(), AT);
    let told = received(call.to_string().as_bytes()).unwrap().unwrap();
    let client = inbox(&running.url, "re_1", Target::Trusted);
    for status in [429, 500] {
        sim.fail_next(&[status]);
        let answer = client.fetch(told.id, &Limits::default()).await;
        assert!(matches!(answer, Err(ChannelError::Unavailable { .. })), "{status}: {answer:?}");
    }
    let stranger = inbox(&running.url, "re_wrong", Target::Trusted).fetch(told.id, &Limits::default()).await;
    let Err(ChannelError::Refused { reason, .. }) = stranger else { panic!("{stranger:?}") };
    assert!(!reason.contains("re_wrong"), "{reason}");
    assert!(matches!(
        client.fetch(uuid::Uuid::nil(), &Limits::default()).await,
        Err(ChannelError::Refused { .. })
    ));
    assert_eq!(received(br#"{"type":"email.sent","created_at":"2026-03-16T09:02:11Z","data":{}}"#), Ok(None));
    assert!(received(b"{}").is_err());
    assert!(received(br#"{"type":"email.received","created_at":"2026-03-16T09:02:11Z","data":{"email_id":"../domains"}}"#).is_err());
}
