//! Telegram against its simulator: what leaves and how it looks, and what comes back.

use std::sync::Arc;
use std::time::Duration;

use frontdesk_channel::media::MediaError;
use frontdesk_channel::telegram::hook::{read, read_block, verify};
use frontdesk_channel::{
    Channel, ChannelError, HookError, Inbound, InboundMessage, Once, TelegramChannel, TelegramSettings,
};
use frontdesk_domain::outbox::{Choice, Content, Media};
use frontdesk_domain::time::FixedClock;
use frontdesk_http::{HttpClient, Target};
use frontdesk_sim::Running;
use frontdesk_sim::telegram::{TelegramFault, TelegramSim, spawn};
use proptest::prelude::*;
use secrecy::SecretString;
use serde_json::{Value, json};

use crate::contract::{self, NOW, Trouble, Vendor};

const TOKEN: &str = "110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw";
const ANA: i64 = 1_111_111;

struct World {
    sim: TelegramSim,
    running: Running,
    channel: TelegramChannel,
    clock: Arc<FixedClock>,
    http: HttpClient,
}

fn channel(url: &str, token: &str, http: &HttpClient) -> Result<TelegramChannel, ChannelError> {
    let settings = TelegramSettings { base_url: format!("{url}/") };
    TelegramChannel::new(&settings, SecretString::from(token), http.clone(), Target::Trusted)
}

impl World {
    async fn new() -> Self {
        let clock = Arc::new(FixedClock::new(NOW));
        let http = contract::http(&clock);
        let sim = TelegramSim::new(TOKEN, http.clone());
        let running = spawn(sim.clone()).await.unwrap();
        let channel = channel(&running.url, TOKEN, &http).unwrap();
        Self { sim, running, channel, clock, http }
    }

    async fn send(&self, chat: i64, content: Content) -> Result<String, ChannelError> {
        let outbound = contract::outbound(1, &chat.to_string(), content);
        let permit = contract::permit(&self.channel, &outbound, NOW);
        Ok(self.channel.send(permit, &outbound, NOW).await?.vendor_id.unwrap())
    }

    fn wire(&self) -> (String, Value) {
        self.sim.requests().pop().unwrap()
    }

    fn heard(&self) -> Vec<InboundMessage> {
        let calls = self.sim.calls();
        let read = calls.iter().flat_map(|(body, _)| read(body.as_bytes(), "riverside_bot").unwrap());
        let messages = read.map(|said| match said {
            Inbound::Message(message) => *message,
            Inbound::Report(report) => panic!("{report:?}"),
        });
        messages.collect()
    }
}

#[tokio::test]
async fn it_does_what_every_channel_does() {
    let world = World::new().await;
    world.sim.text(ANA, "Hi");
    let nowhere = channel("http://127.0.0.1:1", TOKEN, &world.http).unwrap();
    let next = |trouble| {
        let fault = match trouble {
            Trouble::Refused => {
                TelegramFault::Error(400, format!("Bad Request: {TOKEN} {}", "x".repeat(5_000)), None)
            }
            Trouble::Busy => {
                TelegramFault::Error(429, "Too Many Requests: retry after 5".to_owned(), Some(5))
            }
            Trouble::Down => TelegramFault::Garbage,
            Trouble::Silent => TelegramFault::Silent,
            Trouble::Lost => TelegramFault::Lost,
        };
        world.sim.fail_next([fault]);
    };
    let taken = || {
        let sent = world.sim.chat(ANA).into_iter().filter(|message| message["from"]["is_bot"] == true);
        sent.map(|message| format!("{ANA}:{}", message["message_id"])).collect()
    };
    contract::behaves(&Vendor {
        channel: &world.channel,
        nowhere: &nowhere,
        clock: world.clock.clone(),
        address: &ANA.to_string(),
        other_address: "2222222",
        secret: TOKEN,
        next: &next,
        requests: &|| world.sim.asked(),
        taken: &taken,
    })
    .await;
    assert_eq!(world.channel.once(), Once::Never);
}

#[tokio::test]
async fn words_answers_and_files_go_and_taps_come_back() {
    let world = World::new().await;
    world.sim.text(ANA, "Grüße 🌷");
    let asked = world.heard().remove(0);
    assert_eq!((asked.text.as_str(), asked.from.as_str()), ("Grüße 🌷", "1111111"));
    assert_eq!(
        (asked.to.as_str(), asked.name.as_deref(), asked.at),
        ("riverside_bot", Some("Sim Customer"), Some(NOW))
    );
    let offer = |id: &str, title: &str| Choice { id: id.to_owned(), title: title.to_owned() };
    let choices = vec![offer("c0", "Today"), offer("c1", "Tomorrow")];
    let reply_to = Some(asked.vendor_id.clone());
    let sent =
        world.send(ANA, Content { choices, reply_to, ..Content::words("<b>When?</b>") }).await.unwrap();
    let (method, wire) = world.wire();
    assert_eq!(
        (method.as_str(), &wire["text"], &wire["parse_mode"]),
        ("sendMessage", &json!("<b>When?</b>"), &Value::Null)
    );
    assert_eq!(format!("{ANA}:{}", wire["reply_parameters"]["message_id"]), asked.vendor_id);
    let number: i64 = sent.split_once(':').unwrap().1.parse().unwrap();
    assert!(world.sim.tap(ANA, number, "c1") && !world.sim.tap(ANA, number, "c9"));
    let tap = world.heard().pop().unwrap();
    assert_eq!(
        (tap.text.as_str(), tap.choice.as_deref(), tap.reply_to),
        ("Tomorrow", Some("c1"), Some(sent))
    );
    world.channel.acknowledge(&tap.vendor_id).await.unwrap();
    assert_eq!(world.wire().0, "answerCallbackQuery");
    world.channel.acknowledge(&asked.vendor_id).await.unwrap();
    assert_eq!(world.wire().1["action"], "typing");
    let long = vec![offer(&"x".repeat(65), "Today")];
    world.send(ANA, Content { choices: long, ..Content::words("When?") }).await.unwrap();
    assert_eq!(world.wire().1["text"], "When?\n• Today");
    for (media_type, text, wanted) in [
        ("image/png", "Look", ("sendPhoto", "photo")),
        ("application/pdf", "", ("sendDocument", "document")),
        ("text/csv", "Here", ("sendMessage", "text")),
    ] {
        let url = "https://desk.example/f/1".to_owned();
        let media = vec![Media { url, media_type: media_type.to_owned(), name: None }];
        world.send(ANA, Content { media, ..Content::words(text) }).await.unwrap();
        let (method, wire) = world.wire();
        assert_eq!(method, wanted.0);
        assert!(wire[wanted.1].as_str().unwrap().ends_with("https://desk.example/f/1"));
    }
    for content in [Content::words(""), Content::words("x".repeat(4097))] {
        assert!(matches!(world.send(ANA, content).await, Err(ChannelError::Refused { .. })));
    }
}

#[tokio::test]
async fn who_blocked_the_bot_opted_out() {
    let world = World::new().await;
    world.sim.text(ANA, "Hi");
    world.sim.block(ANA, true);
    let failed = world.send(ANA, Content::words("Hello")).await.unwrap_err();
    assert!(matches!(failed, ChannelError::OptedOut { .. }), "{failed}");
    let body = world.sim.calls().pop().unwrap().0;
    let change = read_block(body.as_bytes()).unwrap().unwrap();
    assert_eq!((change.from.as_str(), change.blocked, change.at), ("1111111", true, Some(NOW)));
    assert_eq!(read(body.as_bytes(), "").unwrap(), []);
    let unknown = world.send(42, Content::words("Hello")).await.unwrap_err();
    assert!(matches!(unknown, ChannelError::Bounced { .. }), "{unknown}");
    let wait = TelegramFault::Error(429, "Too Many Requests".to_owned(), Some(35));
    world.sim.fail_next([wait]);
    let limited = world.send(42, Content::words("Hello")).await.unwrap_err();
    assert_eq!(limited, ChannelError::Limited { vendor: "telegram", after: Some(Duration::from_secs(35)) });
}

#[tokio::test]
async fn connecting_sets_the_webhook_which_says_the_secret() {
    let world = World::new().await;
    assert!(world.channel.check().await.unwrap().contains("it calls nobody yet"));
    let came: Arc<std::sync::Mutex<Vec<String>>> = Arc::default();
    let kept = came.clone();
    let hear = move |headers: axum::http::HeaderMap, body: String| {
        let secret = headers["x-telegram-bot-api-secret-token"].to_str().unwrap().to_owned();
        assert_eq!(verify(&SecretString::from("hook_secret-1"), &secret), Ok(()));
        kept.lock().unwrap().push(body);
        std::future::ready(())
    };
    let product =
        frontdesk_sim::spawn(axum::Router::new().route("/hook", axum::routing::post(hear))).await.unwrap();
    let url = format!("{}/hook", product.url);
    world.channel.set_webhook(&url, &SecretString::from("hook_secret-1")).await.unwrap();
    assert!(world.channel.set_webhook(&url, &SecretString::from("not allowed!")).await.is_err());
    let seen = world.channel.check().await.unwrap();
    assert_eq!(seen, "@riverside_bot (Riverside Dental); it calls this installation.");
    world.sim.text(ANA, "Hi");
    world.sim.settled().await;
    assert_eq!(came.lock().unwrap().len(), 1);
    world.channel.remove_webhook().await.unwrap();
    world.sim.text(ANA, "Hi");
    world.sim.settled().await;
    assert_eq!(came.lock().unwrap().len(), 1);
    let stranger = channel(&world.running.url, "1:other", &world.http).unwrap().check().await.unwrap_err();
    assert!(stranger.to_string().contains("BotFather"), "{stranger}");
    for wrong in ["", "110201543", "a:b", "1:b/../x", "1:"] {
        assert!(channel(&world.running.url, wrong, &world.http).is_err(), "{wrong}");
    }
    for (ours, given) in [("a", "b"), ("", ""), ("a", ""), ("a", "aa")] {
        assert_eq!(verify(&SecretString::from(ours), given), Err(HookError::Signature));
    }
}

#[tokio::test]
async fn a_file_is_fetched_within_its_limits() {
    let world = World::new().await;
    world.sim.send_file(ANA, "x-ray.pdf", "application/pdf", vec![7_u8; 3000], "My tooth");
    let heard = world.heard().remove(0);
    let file = &heard.media[0];
    assert_eq!((heard.text.as_str(), file.name.as_deref()), ("My tooth", Some("x-ray.pdf")));
    let got = world.channel.media(&file.url, &file.media_type, 3000).await.unwrap();
    assert_eq!((got.media_type.as_str(), got.content.len()), ("application/pdf", 3000));
    let small = world.channel.media(&file.url, &file.media_type, 2999).await.unwrap_err();
    assert_eq!(small, MediaError::TooLarge { limit: 2999 });
    for address in ["https://evil.example", "telegram-file:", "telegram-file:../x"] {
        let failed = world.channel.media(address, "x/y", 10).await;
        assert!(matches!(failed, Err(MediaError::Address(_))), "{address}");
    }
    for path in ["../../bot1/getMe", "//evil.example/x", "", "a/%2e%2e/b"] {
        let answer = json!({"ok": true, "result": {"file_path": path}});
        let app = axum::Router::new().fallback(move || async move { axum::Json(answer) });
        let running = frontdesk_sim::spawn(app).await.unwrap();
        let channel = channel(&running.url, TOKEN, &world.http).unwrap();
        let failed = channel.media("telegram-file:abc", "x/y", 10).await;
        assert!(matches!(failed, Err(MediaError::Elsewhere(_))), "{path}: {failed:?}");
    }
}

fn said(message: &Value) -> Option<InboundMessage> {
    let mut whole = json!({"message_id": 7, "date": 1_774_000_000, "chat": {"id": 5, "type": "private"},
        "from": {"id": 5, "is_bot": false, "first_name": "Ana"}});
    whole.as_object_mut().unwrap().extend(message.as_object().unwrap().clone());
    let body = json!({"update_id": 1, "message": whole}).to_string();
    read(body.as_bytes(), "bot").unwrap().into_iter().find_map(|said| match said {
        Inbound::Message(message) => Some(*message),
        Inbound::Report(_) => None,
    })
}

#[test]
fn every_kind_of_message_is_words_or_a_file() {
    let sizes =
        json!([{"file_id": "small", "width": 1, "height": 1}, {"file_id": "large", "width": 9, "height": 9}]);
    let photo =
        said(&json!({"photo": sizes, "caption": "Look", "reply_to_message": {"message_id": 6}})).unwrap();
    assert_eq!((photo.text.as_str(), photo.media[0].url.as_str()), ("Look", "telegram-file:large"));
    assert_eq!((photo.vendor_id.as_str(), photo.reply_to.as_deref()), ("5:7", Some("5:6")));
    let voice = said(&json!({"voice": {"file_id": "v", "duration": 3}})).unwrap();
    assert_eq!((voice.text.as_str(), voice.media[0].media_type.as_str()), ("", "audio/ogg"));
    for (message, wanted) in [
        (json!({"location": {"latitude": 52.5, "longitude": 13.4}}), "[location: 52.5, 13.4]"),
        (
            json!({"venue": {"location": {"latitude": 1.5, "longitude": 2.0}, "title": "Café", "address": "Main St"},
                "location": {"latitude": 1.5, "longitude": 2.0}}),
            "Café Main St [location: 1.5, 2]",
        ),
        (json!({"contact": {"phone_number": "+1650", "first_name": "Bo"}}), "[contact: Bo, +1650]"),
        (json!({"poll": {"id": "1"}}), "[sent something that cannot be shown here: poll]"),
    ] {
        assert_eq!(said(&message).unwrap().text, wanted);
    }
    for nothing in [
        json!({"text": "in a group", "chat": {"id": -100, "type": "supergroup"}}),
        json!({"text": "from a bot", "from": {"id": 1, "is_bot": true}}),
        json!({"pinned_message": {}}),
        json!({}),
    ] {
        assert_eq!(said(&nothing), None, "{nothing}");
    }
    let edited = json!({"update_id": 1, "edited_message": {"text": "x"}}).to_string();
    assert_eq!(read(edited.as_bytes(), "").unwrap(), []);
    for wrong in ["", "{}", "[1]", "{\"update_id\":\"1\"}"] {
        assert!(read(wrong.as_bytes(), "").is_err(), "{wrong}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn no_call_makes_the_reader_fall(
        words in ".{0,30}", number in any::<i64>(), real in any::<f64>(), kind in 0_usize..8, depth in 0_usize..4,
    ) {
        let mut odd = [json!(words), json!(number), json!(real), json!([words]), json!({words.clone(): number}),
            json!([[{"callback_data": words}]]), Value::Null, json!({"inline_keyboard": [number, [words]]})][kind].clone();
        for _ in 0..depth {
            odd = json!({"chat": odd, "id": odd, "file_id": odd, "inline_keyboard": odd, "type": "private"});
        }
        let chat = json!({"id": number, "type": "private"});
        for message in [
            json!({"message_id": number, "date": number, "chat": chat, "text": odd, "photo": odd, "venue": odd}),
            json!({"message_id": odd, "date": odd, "chat": odd, "from": odd}),
            json!({"message_id": 1, "chat": chat, "document": odd, "contact": odd, "reply_to_message": odd}),
        ] {
            let tap = json!({"id": words, "data": words, "from": odd, "message": message});
            for update in [
                json!({"update_id": 1, "message": message}),
                json!({"update_id": 1, "callback_query": tap}),
                json!({"update_id": 1, "my_chat_member": odd}),
                odd.clone(),
            ] {
                let body = update.to_string();
                let _ = read(body.as_bytes(), "");
                let _ = read_block(body.as_bytes());
            }
        }
    }
}
