//! Against a real server: Dovecot.

use std::time::Duration;

use frontdesk_channel::mail_in::{
    ImapCursor, ImapError, ImapInbox, ImapSecurity, ImapSettings, Limits, parse,
};
use secrecy::SecretString;

use frontdesk_testkit::dovecot::{Dovecot, PASSWORD};

fn settings(port: u16, security: ImapSecurity) -> ImapSettings {
    ImapSettings {
        host: "localhost".to_owned(),
        port: Some(port),
        security,
        username: "desk".to_owned(),
        folder: "INBOX".to_owned(),
        poll_seconds: 60,
        address: None,
        plus_addresses: true,
    }
}

async fn open(dovecot: &Dovecot) -> ImapInbox {
    let password = SecretString::from(PASSWORD);
    let here = Some("127.0.0.1".parse().unwrap());
    ImapInbox::open(&settings(dovecot.port, ImapSecurity::None), Some(&password), here, &[]).await.unwrap()
}

fn mail(number: usize) -> String {
    format!(
        "From: ana@example.com\r\nMessage-ID: <{number}@example.com>\r\nSubject: Number {number}\r\n\r\nHello {number}\r\n"
    )
}

#[tokio::test]
async fn mail_is_taken_once_in_order_and_stays_where_it_is() {
    let dovecot = Dovecot::start().await;
    dovecot.deliver("a0", &mail(0));
    let limits = Limits::default();
    let mut inbox = open(&dovecot).await;
    assert!(inbox.has_idle());
    // What is there already is left alone.
    let begun = inbox.fetch(None, dovecot.started_at(), &limits).await.unwrap();
    assert_eq!((begun.mails.len(), begun.more), (0, false));
    assert_eq!(inbox.fetch(Some(begun.cursor), dovecot.started_at(), &limits).await.unwrap(), begun);
    for number in 1..=25 {
        dovecot.deliver(&format!("b{number:02}"), &mail(number));
    }
    let first = inbox.fetch(Some(begun.cursor), dovecot.started_at(), &limits).await.unwrap();
    assert_eq!((first.mails.len(), first.more), (20, true));
    let second = inbox.fetch(Some(first.cursor), dovecot.started_at(), &limits).await.unwrap();
    assert_eq!((second.mails.len(), second.more), (5, false));
    let mut ids: Vec<String> = first
        .mails
        .iter()
        .chain(&second.mails)
        .map(|mail| parse(&mail.bytes, &limits).unwrap().vendor_id())
        .collect();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 25);
    assert!(first.mails.iter().zip(first.mails.iter().skip(1)).all(|(one, next)| one.uid < next.uid));
    assert!(first.mails[0].received_at.is_some());
    // Unseen until they are stored; a process that dies in between hears them again.
    assert!(dovecot.mails().iter().all(|(_, seen)| !seen));
    let again = open(&dovecot).await.fetch(Some(begun.cursor), dovecot.started_at(), &limits).await.unwrap();
    assert_eq!(again, first);
    let stored: Vec<u32> = first.mails.iter().map(|mail| mail.uid).collect();
    inbox.mark_seen(&stored).await.unwrap();
    let after = dovecot.mails();
    assert_eq!((after.len(), after.iter().filter(|(_, seen)| *seen).count()), (26, 20));
    let nothing = inbox.fetch(Some(second.cursor), dovecot.started_at(), &limits).await.unwrap();
    assert_eq!((nothing.mails.len(), nothing.cursor), (0, second.cursor));
    assert!(inbox.check().await.unwrap().contains("26 mails"));
    inbox.close().await;
}

#[tokio::test]
async fn a_mail_that_is_too_large_is_named_and_the_next_is_taken() {
    let dovecot = Dovecot::start().await;
    let limits = Limits { bytes: 1_000, ..Limits::default() };
    let mut inbox = open(&dovecot).await;
    let begun = inbox.fetch(None, dovecot.started_at(), &limits).await.unwrap();
    dovecot.deliver("a1", &format!("{}{}", mail(1), "x".repeat(2_000)));
    dovecot.deliver("a2", &mail(2));
    let batch = inbox.fetch(Some(begun.cursor), dovecot.started_at(), &limits).await.unwrap();
    assert_eq!((batch.mails.len(), batch.too_large.len()), (1, 1));
    assert!(batch.too_large[0].1 > 2_000);
    assert_eq!(inbox.fetch(Some(batch.cursor), dovecot.started_at(), &limits).await.unwrap().mails.len(), 0);
}

#[tokio::test]
async fn a_renumbered_mailbox_loses_nothing() {
    let dovecot = Dovecot::start().await;
    let limits = Limits::default();
    let mut inbox = open(&dovecot).await;
    let begun = inbox.fetch(None, dovecot.started_at(), &limits).await.unwrap();
    dovecot.deliver("a1", &mail(1));
    let batch = inbox.fetch(Some(begun.cursor), dovecot.started_at(), &limits).await.unwrap();
    inbox.mark_seen(&[batch.mails[0].uid]).await.unwrap();
    inbox.close().await;
    dovecot.deliver("a2", &mail(2));
    dovecot.renumber();
    let mut inbox = open(&dovecot).await;
    let batch = inbox.fetch(Some(batch.cursor), dovecot.started_at(), &limits).await.unwrap();
    assert_eq!(batch.cursor.uid_validity, 2_000_000_000);
    let ids: Vec<String> =
        batch.mails.iter().map(|mail| parse(&mail.bytes, &limits).unwrap().vendor_id()).collect();
    // What was taken before is known by its Message-ID.
    assert_eq!(ids, ["1@example.com", "2@example.com"]);
    assert!(batch.renumbered);
    assert_eq!(inbox.fetch(Some(batch.cursor), dovecot.started_at(), &limits).await.unwrap().mails.len(), 0);
}

#[tokio::test]
async fn new_mail_ends_the_waiting() {
    let dovecot = Dovecot::start().await;
    let limits = Limits::default();
    let mut inbox = open(&dovecot).await;
    let begun = inbox.fetch(None, dovecot.started_at(), &limits).await.unwrap();
    assert!(!inbox.wait(Duration::from_millis(20)).await.unwrap());
    let waiting = async { inbox.wait(Duration::from_mins(2)).await };
    let coming = async { dovecot.deliver("a1", &mail(1)) };
    let (woken, ()) = tokio::join!(waiting, coming);
    assert!(woken.unwrap());
    assert_eq!(inbox.fetch(Some(begun.cursor), dovecot.started_at(), &limits).await.unwrap().mails.len(), 1);
}

#[tokio::test]
async fn a_certificate_must_prove_the_name() {
    let dovecot = Dovecot::start().await;
    let password = SecretString::from(PASSWORD);
    let here = Some("127.0.0.1".parse().unwrap());
    let roots = [dovecot.root.clone()];
    for (port, security) in [(dovecot.tls_port, ImapSecurity::Tls), (dovecot.port, ImapSecurity::Starttls)] {
        let good = settings(port, security);
        let mut inbox = ImapInbox::open(&good, Some(&password), here, &roots).await.unwrap();
        inbox.check().await.unwrap();
        let untrusted = ImapInbox::open(&good, Some(&password), here, &[]).await;
        assert!(matches!(untrusted, Err(ImapError::Unavailable(_))), "{security:?}");
        let other = ImapSettings { host: "mail.example.com".to_owned(), ..good };
        let misnamed = ImapInbox::open(&other, Some(&password), here, &roots).await;
        assert!(matches!(misnamed, Err(ImapError::Unavailable(_))), "{security:?}");
    }
}

#[tokio::test]
async fn what_may_pass_is_told_from_what_will_not() {
    let dovecot = Dovecot::start().await;
    let here = Some("127.0.0.1".parse().unwrap());
    let plain = settings(dovecot.port, ImapSecurity::None);
    let wrong = SecretString::from("hunter2");
    let Err(ImapError::Refused(words)) = ImapInbox::open(&plain, Some(&wrong), here, &[]).await else {
        panic!("signed in with a wrong password")
    };
    assert!(words.contains("password") && !words.contains("hunter2"), "{words}");
    assert!(matches!(ImapInbox::open(&plain, None, here, &[]).await, Err(ImapError::Refused(_))));
    let password = SecretString::from(PASSWORD);
    let missing = ImapSettings { folder: "No such".to_owned(), ..plain.clone() };
    let mut inbox = ImapInbox::open(&missing, Some(&password), here, &[]).await.unwrap();
    assert!(matches!(inbox.check().await, Err(ImapError::Refused(_))));
    let cursor = ImapCursor { uid_validity: 1, last_uid: 0 };
    assert!(matches!(
        inbox.fetch(Some(cursor), dovecot.started_at(), &Limits::default()).await,
        Err(ImapError::Refused(_))
    ));
    drop(dovecot);
    assert!(matches!(
        ImapInbox::open(&plain, Some(&password), here, &[]).await,
        Err(ImapError::Unavailable(_))
    ));
}

/// A server that never stops talking is cut off.
#[tokio::test]
async fn an_endless_server_is_cut_off() {
    use tokio::io::AsyncWriteExt as _;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let talking = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut sent = 0_usize;
        while stream.write_all(&[b'x'; 8_192]).await.is_ok() {
            sent += 8_192;
        }
        sent
    });
    let here = Some("127.0.0.1".parse().unwrap());
    let password = SecretString::from(PASSWORD);
    let answer = ImapInbox::open(&settings(port, ImapSecurity::None), Some(&password), here, &[]).await;
    assert!(matches!(answer, Err(ImapError::Unavailable(_))), "{:?}", answer.err());
    // What the kernel holds between the two comes on top.
    assert!(talking.await.unwrap() < 50_000_000);
}
