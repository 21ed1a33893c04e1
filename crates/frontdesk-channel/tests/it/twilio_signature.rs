//! Twilio's signatures, with its own Python package as a second opinion: what it signs is believed here, what it does not
//! believe is not, and it believes the simulator.

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use frontdesk_channel::twilio::{Signed, hook};
use frontdesk_domain::random::{Random as _, SeededRandom};
use frontdesk_sim::twilio::sign;
use secrecy::SecretString;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::ear::Ear;
use super::twilio::bench;

const TOKEN: &str = "0f1e2d3c4b5a69788796a5b4c3d2e1f0";
const URLS: [&str; 8] = [
    "https://desk.example/webhooks/twilio/con_1",
    "https://desk.example:443/webhooks/twilio/con_1?message=msg_1&x=%20a+b",
    "https://desk.example:8443/webhooks/twilio/con_1",
    "http://desk.example/?a=1#part",
    "http://desk.example:80",
    "https://desk.example/gr%C3%BC%C3%9Fe/ü?q=ß",
    "http://127.0.0.1:9000/in?message=",
    "https://user:pass@desk.example/in",
];

type Fields = Vec<(String, String)>;

fn forms() -> Vec<Fields> {
    let form = |pairs: &[(&str, &str)]| -> Fields {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    };
    vec![
        form(&[]),
        form(&[("To", "+15551230001"), ("From", "+15557770101"), ("Body", "Hi"), ("NumMedia", "0")]),
        form(&[("Body", ""), ("FromCity", ""), ("a", "b"), ("A", "b")]),
        form(&[("Body", "Olá & ürgent = 5% \u{1f600}\r\nline"), ("Größe", "ß"), ("z", "\u{fffd}")]),
        form(&[("MediaUrl", "b"), ("MediaUrl", "a"), ("MediaUrl", "b"), ("Empty", ""), ("Empty", "")]),
    ]
}

/// What the package answers to each line.
fn package(lines: &[Value]) -> Vec<(String, bool)> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut python = Command::new(here.join("../../.venv/bin/python"))
        .arg(here.join("tests/it/twilio_by_package.py"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap_or_else(|error| panic!("the Python tools cannot be run ({error}); run scripts/bootstrap"));
    let mut input = python.stdin.take().unwrap();
    // Both sides may fill their pipes, so one writes while the other is read.
    let text = lines.iter().map(Value::to_string).collect::<Vec<_>>().join("\n");
    let writer = std::thread::spawn(move || input.write_all(text.as_bytes()));
    let output = python.wait_with_output().unwrap();
    assert!(output.status.success(), "the twilio package is not installed; run scripts/bootstrap");
    writer.join().unwrap().unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    let said: Vec<(String, bool)> = said
        .lines()
        .map(|line| serde_json::from_str::<Said>(line).unwrap())
        .map(|said| (said.signature, said.valid))
        .collect();
    assert_eq!(said.len(), lines.len());
    said
}

fn call(token: &str, url: &str, fields: &Fields, signature: Option<&str>) -> Value {
    match signature {
        Some(signature) => json!({"token": token, "url": url, "fields": fields, "signature": signature}),
        None => json!({"token": token, "url": url, "fields": fields}),
    }
}

fn believes(token: &str, url: &str, fields: &Fields, signature: &str) -> bool {
    let signed = Signed { url, signature, settings: None };
    hook::verify(&SecretString::from(token), signed, fields).is_ok()
}

/// What the package says of one call.
#[derive(Debug, serde::Deserialize)]
struct Said {
    signature: String,
    valid: bool,
}

#[test]
fn what_the_package_signs_is_believed_and_nothing_near_it() {
    let cases: Vec<(&str, Fields)> =
        URLS.iter().flat_map(|url| forms().into_iter().map(move |form| (*url, form))).collect();
    let lines: Vec<Value> = cases.iter().map(|(url, form)| call(TOKEN, url, form, None)).collect();
    for ((url, form), (signature, _)) in cases.iter().zip(package(&lines)) {
        assert!(believes(TOKEN, url, form, &signature), "{url} {form:?}");
        let mut more = form.clone();
        more.push(("Body".into(), "and more".into()));
        assert!(!believes(TOKEN, url, &more, &signature), "{url} {form:?}");
        assert!(!believes(
            TOKEN,
            &url.replacen("desk", "disk", 1).replace("127.0.0.1", "127.0.0.2"),
            form,
            &signature
        ));
        assert!(!believes("another token", url, form, &signature));
        assert!(!believes(TOKEN, url, form, &signature.to_lowercase()));
        if let Some(first) = form.first() {
            let mut less = form.clone();
            less.retain(|pair| pair != first);
            assert!(!believes(TOKEN, url, &less, &signature), "{url} {form:?}");
        }
    }
}

#[test]
fn the_package_and_we_are_of_one_mind() {
    let random = SeededRandom::new(11);
    let pick = |count: usize| usize::try_from(random.next_u64() % count as u64).unwrap();
    let forms = forms();
    // Signed for one of these, called at one of these: with the port that goes without saying, without it, with another.
    let urls = [
        "https://desk.example/in",
        "https://desk.example:443/in",
        "https://desk.example:8443/in",
        "https://desk.example/in/",
        "http://desk.example/in",
        "http://desk.example:80/in",
        "https://desk.example?a=1",
        "https://desk.example:443?a=1",
    ];
    let cases: Vec<(&str, &Fields, String)> = (0..300)
        .map(|_| {
            let signature = sign(TOKEN, urls[pick(urls.len())], &forms[pick(2)]);
            (urls[pick(urls.len())], &forms[pick(2)], signature)
        })
        .collect();
    let lines: Vec<Value> =
        cases.iter().map(|(url, form, signature)| call(TOKEN, url, form, Some(signature))).collect();
    let mut believed = 0;
    for ((url, form, signature), (_, theirs)) in cases.iter().zip(package(&lines)) {
        assert_eq!(believes(TOKEN, url, form, signature), theirs, "{url} {form:?}");
        believed += usize::from(theirs);
    }
    assert!((20..280).contains(&believed), "{believed}");
}

#[test]
fn other_ways_of_signing_are_known() {
    let token = SecretString::from(TOKEN);
    let form = &forms()[1];
    let sha256 = json!({"token": TOKEN, "url": URLS[0], "fields": form, "algorithm": "HMAC_SHA256"});
    let body = "{\"hello\": \"ü\"}";
    let hash = |text: &str| {
        Sha256::digest(text).iter().fold(String::new(), |hash, byte| format!("{hash}{byte:02x}"))
    };
    let url = format!("{}?a=b&bodySHA256={}", URLS[0], hash(body));
    let other = format!("{}?a=b&bodySHA256={}", URLS[0], hash("{}"));
    let said = package(&[
        sha256,
        json!({"token": TOKEN, "url": url, "body": body, "signature": sign(TOKEN, &url, &[])}),
        json!({"token": TOKEN, "url": other, "body": body, "signature": sign(TOKEN, &other, &[])}),
    ]);
    let settings = Some("key=webhooks_sharedkey_1,algorithm=HMAC_SHA256");
    let signed = Signed { url: URLS[0], signature: &said[0].0, settings };
    assert_eq!(hook::verify(&token, signed, form), Ok(()));
    assert!(hook::verify(&token, Signed { settings: None, ..signed }, form).is_err());
    // Of a body that is no form the address holds the hash; one address is signed and holds another body's.
    for ((url, is_ours), (signature, is_valid)) in [(&url, true), (&other, false)].into_iter().zip(&said[1..])
    {
        let signed = Signed { url, signature, settings: None };
        assert_eq!(hook::verify_body(&token, signed, body.as_bytes()).is_ok(), is_ours);
        assert_eq!(*is_valid, is_ours);
    }
}

#[tokio::test]
async fn the_package_believes_the_simulator() {
    let bench = bench().await;
    let ear = Ear::open().await;
    bench.sim.add_number("+15551230001", "Desk", &ear.url("/webhooks/twilio/con_1?a=b"));
    for body in ["Hello", "", "Grüße 🌷 & more = 100 %", "two\nlines"] {
        bench.sim.text("+15557770101", "+15551230001", body).unwrap();
    }
    bench.sim.settled().await;
    let heard = ear.heard();
    assert_eq!(heard.len(), 4);
    let lines: Vec<Value> = heard
        .iter()
        .map(|heard| call(TOKEN, &heard.url, &hook::fields(&heard.body).unwrap(), Some(&heard.signature)))
        .collect();
    for (signature, is_valid) in package(&lines) {
        assert!(is_valid && heard.iter().any(|heard| heard.signature == signature));
    }
}
