//! Whole mails as programs and servers send them, with what is to be seen in each. Made up, byte by byte.

use std::path::Path;

use frontdesk_channel::mail_in::{Automatic, Desk, IncomingMail, Limits, loop_token, may_answer, parse};
use serde_json::Value;

fn folder() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus")
}

/// The mails by name.
pub(super) fn mails() -> Vec<(String, Vec<u8>)> {
    let mut found: Vec<(String, Vec<u8>)> = std::fs::read_dir(folder().join("mails"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|path| (path.file_stem().unwrap().to_str().unwrap().to_owned(), std::fs::read(&path).unwrap()))
        .collect();
    found.sort();
    found
}

fn kind(automatic: &Automatic) -> &'static str {
    match automatic {
        Automatic::Bounce(_) => "bounce",
        Automatic::Complaint(_) => "complaint",
        Automatic::Receipt => "receipt",
        Automatic::Reply => "reply",
        Automatic::Generated => "generated",
        Automatic::Bulk => "bulk",
        Automatic::Desk => "desk",
        Automatic::Calendar => "calendar",
    }
}

/// What the mail says where the corpus says something.
fn seen(mail: &IncomingMail, wanted: &str) -> Value {
    let address = |it: &Option<frontdesk_channel::mail_in::MailAddress>| {
        it.as_ref().map_or(Value::Null, |it| it.address.clone().into())
    };
    match wanted {
        "text" => mail.text.clone().into(),
        "subject" => mail.subject.clone().into(),
        "from" => address(&mail.from),
        "name" => mail.from.as_ref().and_then(|from| from.name.clone()).into(),
        "to" => mail.to.iter().map(|to| to.address.clone()).collect::<Vec<_>>().into(),
        "delivered_to" => mail.delivered_to.first().map(|to| to.address.clone()).into(),
        "answer_to" => address(&mail.answer_to().cloned()),
        "message_id" => mail.message_id.clone().into(),
        "vendor_prefix" => mail.vendor_id().chars().take(7).collect::<String>().into(),
        "in_reply_to" => mail.in_reply_to.clone().into(),
        "references" => mail.references.len().into(),
        "date" => mail.date.map(frontdesk_domain::time::Timestamp::as_millis).into(),
        "attachments" => mail
            .attachments
            .iter()
            .map(|file| serde_json::json!([file.name, file.media_type, file.bytes.len(), file.content_id]))
            .collect::<Vec<_>>()
            .into(),
        "skipped" => mail.skipped.len().into(),
        "encrypted" => mail.encrypted.into(),
        "list" => mail.list.into(),
        "automatic" => mail.automatic.as_ref().map(kind).into(),
        "bounce" => match &mail.automatic {
            Some(Automatic::Bounce(it)) => {
                serde_json::json!([it.recipient, it.permanent, it.status, it.original_message_id])
            }
            _ => Value::Null,
        },
        "complaint" => match &mail.automatic {
            Some(Automatic::Complaint(it)) => {
                serde_json::json!([it.recipient, it.kind, it.original_message_id])
            }
            _ => Value::Null,
        },
        "answer" => {
            let own = ["desk@riverside.example".to_owned()];
            may_answer(mail, &Desk { loop_token: &loop_token(b"key"), own: &own }).is_ok().into()
        }
        other => panic!("the corpus asks for `{other}`"),
    }
}

#[test]
fn mails_are_read_as_the_corpus_says() {
    let expected: serde_json::Map<String, Value> =
        serde_json::from_str(&std::fs::read_to_string(folder().join("mails.json")).unwrap()).unwrap();
    let mails = mails();
    assert!(mails.len() >= 40, "{}", mails.len());
    let mut wrong = Vec::new();
    for (name, bytes) in &mails {
        let mail = parse(bytes, &Limits::default()).unwrap();
        let fields =
            expected.get(name).unwrap_or_else(|| panic!("nothing is said of {name}")).as_object().unwrap();
        // Unless the corpus says otherwise, a person wrote it.
        let mut fields = fields.clone();
        fields.entry("automatic").or_insert(Value::Null);
        for (field, wanted) in &mut fields {
            let mut seen = seen(&mail, field);
            // A length of null is any.
            if let (Some(seen), Some(wanted)) = (seen.as_array_mut(), wanted.as_array()) {
                for (seen, wanted) in seen.iter_mut().zip(wanted) {
                    if wanted.get(2).is_some_and(Value::is_null) {
                        seen[2] = Value::Null;
                    }
                }
            }
            if seen != *wanted {
                wrong.push(format!("{name}.{field}: {seen} instead of {wanted}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}
