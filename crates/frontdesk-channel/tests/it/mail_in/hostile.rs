//! Mails made to hurt: nothing panics, nothing grows without bound, nothing is opened.

use std::fmt::Write as _;

use frontdesk_channel::mail_in::{IncomingMail, Limits, ParseError, parse};
use proptest::prelude::*;

fn read(raw: &str) -> IncomingMail {
    let mail = parse(raw.as_bytes(), &Limits::default()).unwrap();
    is_bounded(&mail, raw.len());
    mail
}

/// What holds of every mail that was read.
fn is_bounded(mail: &IncomingMail, size: usize) {
    let limits = Limits::default();
    assert!(mail.to.len() <= limits.recipients && mail.cc.len() <= limits.recipients);
    assert!(mail.delivered_to.len() <= limits.recipients);
    assert!(mail.references.len() <= limits.references);
    assert!(
        mail.references.iter().chain(&mail.message_id).chain(&mail.in_reply_to).all(|id| id.len() <= 250)
    );
    assert!(mail.subject.chars().count() <= 500 && !mail.subject.contains(['\n', '\r', '\0']));
    assert!(mail.text.chars().count() + mail.quoted.chars().count() <= limits.text * 2 + 2);
    assert!(mail.attachments.len() <= limits.attachments);
    let all: usize = mail.attachments.iter().map(|file| file.bytes.len()).sum();
    assert!(all <= limits.attachment_bytes && all <= size);
    for file in &mail.attachments {
        assert!(!file.name.is_empty() && file.name.chars().count() <= 130, "{}", file.name);
        assert!(
            !file.name.contains(['/', '\\', '\0', '\n', '\r']) && !file.name.starts_with('.'),
            "{}",
            file.name
        );
        assert!(file.media_type.is_ascii() && !file.media_type.contains(['\r', '\n']));
    }
    assert!(mail.skipped.len() <= 21);
    assert!(
        mail.from.iter().chain(&mail.reply_to).all(|it| it.address.len() <= 400 && it.address.contains('@'))
    );
}

#[test]
fn ten_thousand_nested_parts_are_left_at_a_depth() {
    let mut raw = "From: a@example.com\r\nContent-Type: multipart/mixed; boundary=b0\r\n\r\n".to_owned();
    for depth in 0..10_000 {
        write!(raw, "--b{depth}\r\nContent-Type: multipart/mixed; boundary=b{}\r\n\r\n", depth + 1).unwrap();
    }
    let mail = read(&raw);
    assert_eq!(mail.skipped.len(), 1, "{:?}", mail.skipped);
}

#[test]
fn messages_in_messages_are_not_opened() {
    let raw =
        format!("From: a@example.com\r\n{}\r\nHello", "Content-Type: message/rfc822\r\n\r\n".repeat(500_000));
    let mail = read(&raw);
    assert_eq!(mail.attachments.len(), 1);
    assert_eq!(mail.attachments[0].name, "message.eml");
}

#[test]
fn a_hundred_thousand_parts_are_cut_off() {
    let part = "--b\r\nContent-Disposition: attachment; filename=a.txt\r\n\r\nx\r\n".repeat(100_000);
    let mail = read(&format!(
        "From: a@example.com\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n{part}--b--\r\n"
    ));
    assert_eq!(mail.attachments.len(), Limits::default().attachments);
    assert!(mail.skipped.iter().any(|it| it.why.contains("too many parts")), "{:?}", mail.skipped);
}

#[test]
fn boundaries_that_never_come_cost_one_pass() {
    let mut part = String::new();
    for at in 0..20_000 {
        write!(part, "--b\r\nContent-Type: multipart/mixed; boundary=never{at}\r\n\r\n").unwrap();
    }
    read(&format!("From: a@example.com\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n{part}"));
}

#[test]
fn a_hundred_thousand_recipients_are_a_hundred() {
    let mut all = String::new();
    for at in 0..100_000 {
        write!(all, "Person {at} <p{at}@example.com>,\r\n ").unwrap();
    }
    let mail = read(&format!("From: a@example.com\r\nTo: {all}\r\nMessage-ID: <x@y>\r\n\r\nHi"));
    assert_eq!(mail.to.len(), Limits::default().recipients);
    assert_eq!(mail.message_id.as_deref(), Some("x@y"));
    assert_eq!(mail.text, "Hi");
}

#[test]
fn header_bombs_are_passed_over() {
    let many = "X-Spam: yes\r\n".repeat(200_000);
    let long = format!("Subject: {}\r\n", "a ".repeat(1_000_000));
    let folded = format!("References: {}\r\n", "\r\n <a@b>".repeat(200_000));
    let same = "Received: from a by b\r\nFrom: a@example.com\r\n".repeat(50_000);
    let words = "=?utf-8?q?a?= ".repeat(100_000);
    let broken = "=?utf-8?b?".repeat(100_000);
    let encoded = format!("X-Loop: {words}\r\nSubject: {broken}\r\n");
    let mail = read(&format!("{many}{long}{folded}{same}{encoded}Message-ID: <x@y>\r\n\r\nHi"));
    assert_eq!((mail.message_id.as_deref(), mail.text.as_str()), (Some("x@y"), "Hi"));
}

#[test]
fn an_archive_is_a_file_and_stays_closed() {
    // The beginning of an archive that would be very large.
    let raw = "From: a@example.com\r\nContent-Type: application/zip; name=bomb.zip\r\nContent-Transfer-Encoding: base64\r\n\r\n\
               UEsDBBQAAAAIAAAAAACAgICA/////w==\r\n";
    let mail = read(raw);
    assert_eq!(mail.attachments[0].bytes.len(), 22);
    assert_eq!(mail.text, "");
}

#[test]
fn attachments_beyond_the_limit_are_named_and_left() {
    let limits = Limits { attachment_bytes: 10, attachments: 2, ..Limits::default() };
    let part = |name: &str, words: &str| {
        format!("--b\r\nContent-Disposition: attachment; filename={name}\r\n\r\n{words}\r\n")
    };
    let parts =
        [part("large", "more than ten bytes"), part("one", "1"), part("two", "2"), part("three", "3")]
            .concat();
    let raw = format!("From: a@example.com\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n{parts}--b--");
    let mail = parse(raw.as_bytes(), &limits).unwrap();
    assert_eq!(mail.attachments.iter().map(|it| it.name.as_str()).collect::<Vec<_>>(), ["one", "two"]);
    assert_eq!(mail.skipped.iter().map(|it| it.name.as_str()).collect::<Vec<_>>(), ["large", "three"]);
}

#[test]
fn large_and_empty_mails_are_refused() {
    let limits = Limits { bytes: 100, ..Limits::default() };
    assert_eq!(parse(&[b'a'; 101], &limits), Err(ParseError::TooLarge { size: 101, limit: 100 }));
    assert_eq!(parse(b" \r\n\r\n", &limits), Err(ParseError::Empty));
}

#[test]
fn long_words_are_cut_and_said_so() {
    let mail = read(&format!("From: a@example.com\r\n\r\n{}", "word ".repeat(200_000)));
    assert_eq!(mail.skipped[0].why, "the text is too long");
    let lines =
        read(&format!("From: a@example.com\r\n\r\n{}", "On 1 a@b.example wrote\r\n--\r\n".repeat(100_000)));
    assert!(!lines.text.is_empty());
}

/// A mail of the corpus with some of its bytes changed.
fn mutated() -> impl Strategy<Value = Vec<u8>> {
    let mails = super::corpus::mails();
    let change = (any::<prop::sample::Index>(), 0_usize..40, prop::collection::vec(any::<u8>(), 0..12));
    (0..mails.len(), prop::collection::vec(change, 1..6)).prop_map(move |(which, changes)| {
        let mut bytes = mails.get(which).map(|(_, bytes)| bytes.clone()).unwrap_or_default();
        for (at, removed, added) in changes {
            let at = at.index(bytes.len() + 1);
            let end = (at + removed).min(bytes.len());
            bytes.splice(at..end, added);
        }
        bytes
    })
}

/// Pieces that mean something, in any order.
fn pieces() -> impl Strategy<Value = Vec<u8>> {
    const PIECES: &[&str] = &[
        "From: ",
        "a@b.example",
        "\r\n",
        "\n",
        " ",
        "\t",
        "Content-Type: ",
        "multipart/mixed; boundary=b",
        "--b",
        "--b--",
        "text/html",
        "text/plain; charset=",
        "utf-8",
        "iso-2022-jp",
        "Content-Transfer-Encoding: base64",
        "=?utf-8?b?",
        "?=",
        "<div>",
        "<blockquote type=cite>",
        "</",
        "&amp",
        "&#x110000;",
        "> ",
        "On 12.3.2026 a@b.example wrote:",
        "-- ",
        "\"",
        "(",
        "=",
        "Subject: ",
        "message/rfc822",
        "multipart/report; boundary=b",
        "message/delivery-status",
        "Action: failed",
        "Content-Disposition: attachment; filename*0*=utf-8''%",
        ";",
        "\u{202e}",
        "é",
        "References: <",
        ">",
        "Date: Mon, 99 Foo",
        "X-Failed-Recipients: ",
        "##- x -##",
        "-----Original Message-----",
        "Von: a\r\nGesendet: b\r\nAn: c",
    ];
    prop::collection::vec(prop::sample::select(PIECES), 0..120)
        .prop_map(|pieces| pieces.concat().into_bytes())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1500))]

    #[test]
    fn any_bytes_are_read_within_bounds(bytes in prop_oneof![prop::collection::vec(any::<u8>(), 0..3_000), pieces(), mutated()]) {
        if let Ok(mail) = parse(&bytes, &Limits::default()) {
            is_bounded(&mail, bytes.len());
            let again = parse(&bytes, &Limits::default()).unwrap();
            prop_assert_eq!(mail, again);
        }
    }
}
