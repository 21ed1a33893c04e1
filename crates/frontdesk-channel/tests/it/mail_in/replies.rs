//! The new words of replies, over mail programs and languages: every case of the corpus is right.

use frontdesk_channel::mail_in::{Limits, parse};

const CORPUS: &str = include_str!("../../corpus/replies.txt");
/// Right cases of all: all of them. A case that cannot be made right is taken out of the corpus and named in the docs.
const FLOOR: f64 = 1.0;

struct Case {
    name: String,
    subject: String,
    html: bool,
    mail: String,
    new: String,
}

fn cases() -> Vec<Case> {
    let corpus = CORPUS.replace('␠', " ");
    corpus
        .split("\n=== ")
        .skip(1)
        .map(|piece| {
            let (head, rest) = piece.split_once("\n--- mail\n").unwrap();
            let (mail, new) = rest.split_once("\n--- new").unwrap();
            let mut head = head.lines();
            let name = head.next().unwrap().to_owned();
            let (mut subject, mut html) = ("Re: Your appointment".to_owned(), false);
            for line in head {
                match line.strip_prefix("subject: ") {
                    Some(words) => words.clone_into(&mut subject),
                    None => html = line == "html",
                }
            }
            Case { name, subject, html, mail: mail.to_owned(), new: new.trim().to_owned() }
        })
        .collect()
}

#[test]
fn the_new_words_of_a_reply_are_found() {
    let cases = cases();
    assert!(cases.len() >= 60, "{}", cases.len());
    let mut wrong = Vec::new();
    for case in &cases {
        let kind = if case.html { "html" } else { "plain" };
        let raw = format!(
            "From: Ana <ana@example.com>\r\nSubject: {}\r\nContent-Type: text/{kind}; charset=utf-8\r\n\r\n{}",
            case.subject, case.mail
        );
        let mail = parse(raw.as_bytes(), &Limits::default()).unwrap();
        if mail.text != case.new {
            wrong.push(format!(
                "=== {}\n{}\n--- instead of\n{}\n--- quoted\n{}",
                case.name, mail.text, case.new, mail.quoted
            ));
        }
    }
    let right = 1.0 - wrong.len() as f64 / cases.len() as f64;
    assert!(right >= FLOOR, "{} of {} wrong:\n{}", wrong.len(), cases.len(), wrong.join("\n"));
}

/// Every word of a mail is either new or quoted.
#[test]
fn no_word_of_a_reply_is_lost() {
    for case in cases().iter().filter(|case| !case.html) {
        let raw = format!(
            "Subject: {}\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{}",
            case.subject, case.mail
        );
        let mail = parse(raw.as_bytes(), &Limits::default()).unwrap();
        let words = |text: &str| {
            let mut words: Vec<String> = text
                .split_whitespace()
                .map(|it| it.trim_matches('>').to_owned())
                .filter(|it| !it.is_empty())
                .collect();
            words.sort();
            words
        };
        assert_eq!(words(&format!("{} {}", mail.text, mail.quoted)), words(&case.mail), "{}", case.name);
    }
}
