//! What WhatsApp says, in its own words: shapes of its calls, whatever else may come, and `pywa` as a second opinion.

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use frontdesk_channel::whatsapp::hook::{
    read, read_marketing_choices, read_people, read_template_updates, verify,
};
use frontdesk_channel::{Inbound, InboundMessage};
use frontdesk_domain::outbox::Status;
use frontdesk_domain::time::Timestamp;
use frontdesk_sim::whatsapp::Conduct;
use proptest::prelude::*;
use secrecy::SecretString;
use serde_json::{Value, json};

use crate::whatsapp::World;

const NUMBER: &str = "106540352242922";
const ACCOUNT: &str = "102290129340398";

fn call(values: &[Value]) -> Vec<u8> {
    let change = |value: &Value| {
        let mut value = value.clone();
        let metadata = json!({"display_phone_number": "15550783881", "phone_number_id": NUMBER});
        value.as_object_mut().unwrap().entry("metadata").or_insert(metadata);
        json!({"field": "messages", "value": value})
    };
    let entry = |value: &Value| json!({"id": ACCOUNT, "changes": [change(value)]});
    let entries: Vec<Value> = values.iter().map(entry).collect();
    serde_json::to_vec(&json!({"object": "whatsapp_business_account", "entry": entries})).unwrap()
}

fn said(message: &Value) -> Option<InboundMessage> {
    let mut whole = json!({"from": "16505551234", "id": "wamid.A", "timestamp": "1749416383"});
    whole.as_object_mut().unwrap().extend(message.as_object().unwrap().clone());
    let contacts = json!([{"profile": {"name": "Sheena Nelson"}, "wa_id": "16505551234"}]);
    let found = read(&call(&[json!({"contacts": contacts, "messages": [whole]})]), NUMBER).unwrap();
    found.into_iter().find_map(|said| match said {
        Inbound::Message(message) => Some(*message),
        Inbound::Report(_) => None,
    })
}

#[test]
fn every_kind_of_message_is_words_a_tap_or_a_file() {
    let image = said(&json!({"type": "image", "image": {"caption": "Taj", "mime_type": "image/jpeg",
        "sha256": "SfInY0gGKTsJlUWbwxC1k+FAD0FZHvzwfpvO0zX0GUI=", "id": "1003383421387256"}}))
    .unwrap();
    assert_eq!(
        (image.text.as_str(), image.media[0].url.as_str()),
        ("Taj", "whatsapp-media:1003383421387256")
    );
    let voice = said(
        &json!({"type": "audio", "audio": {"mime_type": "audio/ogg; codecs=opus", "id": "1", "voice": true}}),
    );
    assert_eq!(voice.unwrap().media[0].media_type, "audio/ogg");
    let document = json!({"type": "document", "document": {"filename": "x-ray.pdf", "mime_type": "application/pdf", "id": "2"}});
    assert_eq!(said(&document).unwrap().media[0].name.as_deref(), Some("x-ray.pdf"));
    for (message, wanted) in [
        (
            json!({"type": "text", "text": {"body": "Does it come in another color?"}}),
            "Does it come in another color?",
        ),
        (
            json!({"type": "location", "location": {"address": "101 Forest Ave", "latitude": 37.5, "longitude": -122.1,
                "name": "Philz Coffee", "url": "https://philz.example/"}}),
            "Philz Coffee, 101 Forest Ave [location: 37.5, -122.1]",
        ),
        (
            json!({"type": "contacts", "contacts": [{"name": {"formatted_name": "Lucía Gómez"},
                "phones": [{"phone": "+1 (983) 555-2319", "wa_id": "19835552319"}]}]}),
            "[contact: Lucía Gómez, +1 (983) 555-2319]",
        ),
        (
            json!({"type": "order", "order": {"catalog_id": "1", "text": "",
                "product_items": [{"product_retailer_id": "di9", "quantity": 2, "item_price": 30, "currency": "USD"}]}}),
            "[order: 2 × di9]",
        ),
        (
            json!({"type": "unsupported", "errors": [{"code": 131_051, "title": "Message type unknown"}]}),
            "[sent something of a kind that WhatsApp does not pass on]",
        ),
        (json!({"type": "hologram", "hologram": {}}), "[sent something that cannot be shown here: hologram]"),
        (json!({"type": "image", "image": {"id": "../../me"}}), "[sent a file that did not arrive: image]"),
    ] {
        let message = said(&message).unwrap();
        assert_eq!((message.text.as_str(), message.choice, message.media.len()), (wanted, None, 0));
        assert_eq!(message.at, Some(Timestamp::from_millis(1_749_416_383_000)));
        assert_eq!(message.name.as_deref(), Some("Sheena Nelson"));
    }
    let tap = said(&json!({"type": "button", "button": {"payload": "stop", "text": "Unsubscribe"},
        "context": {"from": "15550783881", "id": "wamid.B"}}))
    .unwrap();
    assert_eq!(
        (tap.text.as_str(), tap.choice.as_deref(), tap.reply_to.as_deref()),
        ("Unsubscribe", Some("stop"), Some("wamid.B"))
    );
    let row = said(&json!({"type": "interactive", "interactive": {"type": "list_reply",
        "list_reply": {"id": "r1", "title": "Thursday 26 March…", "description": "Thursday 26 March at half past two"}}}));
    assert_eq!(row.unwrap().text, "Thursday 26 March at half past two");
    for nothing in [
        json!({"type": "reaction", "reaction": {"message_id": "wamid.B", "emoji": "👍"}}),
        json!({"type": "system", "system": {"body": "User changed", "wa_id": "1", "type": "user_changed_number"}}),
        json!({"type": "text", "text": {"body": "in a group"}, "group_id": "G1"}),
        json!({"type": "text", "text": {"body": "from nobody"}, "from": ""}),
        json!({"type": "text", "text": {"body": "without an id"}, "id": ""}),
        json!({}),
    ] {
        assert_eq!(said(&nothing), None, "{nothing}");
    }
}

#[test]
fn a_mexican_number_is_read_as_it_is_dialled() {
    let message =
        |from: &str| said(&json!({"from": from, "type": "text", "text": {"body": "Hola"}})).unwrap().from;
    assert_eq!(message("5215512345678"), "+525512345678");
    assert_eq!(message("525512345678"), "+525512345678");
    assert_eq!(message("5491112345678"), "+5491112345678");
}

#[test]
fn one_call_may_tell_of_many_and_of_others() {
    let text = |id: &str| json!({"from": "16505551234", "id": id, "timestamp": "1", "type": "text", "text": {"body": "x"}});
    let status =
        |id: &str, status: &str| json!({"id": id, "status": status, "timestamp": "2", "recipient_id": "1"});
    let other = json!({"display_phone_number": "1", "phone_number_id": "999"});
    let body = call(&[
        json!({"messages": [text("a"), text("b"), "nonsense", null]}),
        json!({"messages": [text("c")], "metadata": other}),
        json!({"statuses": [status("d", "played"), status("e", "deleted"), status("f", "failed"), 7]}),
    ]);
    let found = read(&body, NUMBER).unwrap();
    let ids: Vec<String> = found
        .iter()
        .map(|said| match said {
            Inbound::Message(message) => message.vendor_id.clone(),
            Inbound::Report(report) => format!("{} {}", report.vendor_id, report.status.as_str()),
        })
        .collect();
    assert_eq!(ids, ["a", "b", "d read", "f failed"]);
    assert!(
        matches!(&found[3], Inbound::Report(report) if report.status == Status::Failed && report.reason.is_some())
    );
    for wrong in [&b"{"[..], b"[]", b"null", b"{\"object\":\"page\",\"entry\":[]}"] {
        assert!(read(wrong, NUMBER).is_err());
    }
    assert_eq!(read_template_updates(&body, ACCOUNT).unwrap(), []);
}

/// JSON of any shape, with the names that are looked for.
fn anything() -> impl Strategy<Value = Value> {
    let name = prop::sample::select(vec![
        "object",
        "entry",
        "changes",
        "field",
        "value",
        "metadata",
        "phone_number_id",
        "messages",
        "statuses",
        "contacts",
        "id",
        "from",
        "type",
        "text",
        "body",
        "image",
        "interactive",
        "button_reply",
        "timestamp",
        "status",
        "errors",
        "code",
        "biz_opaque_callback_data",
        "profile",
        "context",
        "location",
        "latitude",
        "order",
        "product_items",
        "user_preferences",
        "other_info",
        "mime_type",
        "error_data",
    ]);
    let words = prop::sample::select(vec![
        "messages",
        "text",
        "image",
        "interactive",
        "button_reply",
        "location",
        "contacts",
        "order",
        "failed",
        "read",
        "user_preferences",
        "message_template_status_update",
        NUMBER,
        ACCOUNT,
        "99999999999999999999",
        "-1",
        "",
    ]);
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        words.prop_map(Value::from),
        ".{0,12}".prop_map(Value::from),
    ];
    leaf.prop_recursive(6, 80, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec((name.clone(), inner), 0..7)
                .prop_map(|pairs| pairs.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn no_call_makes_the_reader_fall(value in anything(), inner in anything(), kind in "[a-z_]{0,12}") {
        let message = json!({"from": "1", "id": "x", "timestamp": inner, "type": kind, "text": value, "image": value,
            "interactive": value, "location": value, "contacts": value, "order": value, "context": inner});
        let metadata = json!({"display_phone_number": "1", "phone_number_id": NUMBER});
        let change = json!({"metadata": metadata, "messages": [message, inner], "statuses": [value], "contacts": inner,
            "user_preferences": value});
        let fields = ["messages", "user_preferences", "message_template_status_update", "message_template_quality_update"];
        let changes: Vec<Value> =
            fields.iter().map(|field| json!({"field": field, "value": change})).chain([value.clone()]).collect();
        for call in [
            value.clone(),
            json!({"object": "whatsapp_business_account", "entry": value}),
            json!({"object": "whatsapp_business_account", "entry": [{"id": ACCOUNT, "changes": changes}]}),
        ] {
            let body = serde_json::to_vec(&call).unwrap();
            let _ = read(&body, NUMBER);
            let _ = read_template_updates(&body, ACCOUNT);
            let _ = read_marketing_choices(&body, NUMBER);
            let _ = read_people(&body, NUMBER);
        }
    }

    #[test]
    fn no_bytes_make_the_reader_fall(body in prop::collection::vec(any::<u8>(), 0..200), signature in ".{0,80}") {
        prop_assert!(read(&body, NUMBER).is_err());
        prop_assert!(verify(&SecretString::from("s"), &body, &signature).is_err());
    }
}

/// What `pywa` answers to each line.
fn pywa(lines: &[Value]) -> Vec<Value> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut python = Command::new(here.join("../../.venv/bin/python"))
        .arg(here.join("tests/it/whatsapp_by_pywa.py"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap_or_else(|error| panic!("the Python tools cannot be run ({error}); run scripts/bootstrap"));
    let mut input = python.stdin.take().unwrap();
    let text: Vec<String> = lines.iter().map(Value::to_string).collect();
    // Both sides may fill their pipes, so one writes while the other is read.
    let writer = std::thread::spawn(move || input.write_all(text.join("\n").as_bytes()));
    let output = python.wait_with_output().unwrap();
    assert!(output.status.success(), "pywa is not installed or cannot read this; run scripts/bootstrap");
    writer.join().unwrap().unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    said.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[tokio::test]
async fn pywa_believes_and_understands_the_simulated_vendor() {
    let world = World::new().await;
    world.sim.set_conduct(Conduct { opens: true, ..Conduct::default() });
    let ana = "+16505551234";
    world.sim.text(ana, "Grüße 🌷");
    world.sim.send_file(ana, "image/jpeg", vec![1_u8], "My tooth");
    world.sim.settled().await;
    let outbound = world.say("When?", &["Today", "Tomorrow"]).await;
    world.sim.settled().await;
    world.sim.tap_newest(ana, "c1").unwrap();
    world.sim.settled().await;
    world.say("When?", &["a", "b", "c", "d"]).await;
    world.sim.settled().await;
    world.sim.tap_newest(ana, "c3").unwrap();
    world.sim.settled().await;
    let secret = &world.account.app_secret;
    let calls = world.sim.calls();
    let lines: Vec<Value> = calls
        .iter()
        .map(|(body, signature)| json!({"secret": secret, "body": body, "signature": signature}))
        .collect();
    let opinions = pywa(&lines);
    assert_eq!(opinions.len(), lines.len());
    assert!(opinions.iter().all(|said| said["valid"] == true && said["read"].as_array().unwrap().len() == 1));
    let mut seen: Vec<&Value> = opinions.iter().map(|said| &said["read"][0]).collect();
    seen.sort_by_key(|said| said[0].as_str().unwrap().to_owned());
    let of = |kind: &str| seen.iter().filter(|said| said[0] == kind).copied().collect::<Vec<_>>();
    let texts: Vec<&Value> = of("message").iter().map(|said| &said[3]).collect();
    assert!(texts.contains(&&json!("Grüße 🌷")) && texts.contains(&&json!("My tooth")), "{texts:?}");
    assert_eq!(
        (of("button").len(), &of("button")[0][3], &of("button")[0][4]),
        (1, &json!("c1"), &json!("Tomorrow"))
    );
    assert_eq!((of("row").len(), &of("row")[0][3]), (1, &json!("c3")));
    let own = json!(outbound.message.uuid().to_string());
    let fates: Vec<&Value> =
        of("status").into_iter().filter(|said| said[4] == own).map(|said| &said[3]).collect();
    assert_eq!(fates, [&json!("sent"), &json!("delivered"), &json!("read")]);
}

#[test]
fn what_pywa_signs_is_believed_and_what_is_tampered_with_is_not() {
    let bodies = [r#"{"object":"x"}"#, r#"{"text":"Gr\u00fc\u00dfe \ud83c\udf37"}"#, "Grüße 🌷", ""];
    for secret in ["a", "simulated-app-secret", "ключ"] {
        let lines: Vec<Value> = bodies.iter().map(|body| json!({"secret": secret, "body": body})).collect();
        let key = SecretString::from(secret);
        for (body, signed) in bodies.iter().zip(pywa(&lines)) {
            let signature = signed["signature"].as_str().unwrap();
            assert_eq!(verify(&key, body.as_bytes(), signature), Ok(()));
            assert!(verify(&key, format!("{body} ").as_bytes(), signature).is_err());
            assert!(verify(&SecretString::from("b"), body.as_bytes(), signature).is_err());
            let flipped = if signature.ends_with('0') { "1" } else { "0" };
            let forged = format!("{}{flipped}", &signature[..signature.len() - 1]);
            assert!(verify(&key, body.as_bytes(), &forged).is_err());
        }
    }
}
