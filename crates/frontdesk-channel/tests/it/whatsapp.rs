//! WhatsApp against its simulator: what leaves and how it looks, and what comes back.

use std::sync::Arc;
use std::time::Duration;

use frontdesk_channel::whatsapp::hook::{challenge, read, read_marketing_choices, read_people, verify};
use frontdesk_channel::whatsapp::is_user_id;
use frontdesk_channel::{
    Channel, ChannelError, Inbound, InboundMessage, Once, Outbound, Report, Stopped, WhatsappChannel,
    WhatsappSettings,
};
use frontdesk_domain::id::{DecisionId, MessageId};
use frontdesk_domain::outbox::{ApprovedTemplate, Choice, Content, Media, Status};
use frontdesk_domain::permit::Permit;
use frontdesk_domain::random::SeededRandom;
use frontdesk_domain::time::{Clock as _, FixedClock};
use frontdesk_http::{HttpClient, HttpSettings, Target};
use frontdesk_sim::Running;
use frontdesk_sim::whatsapp::{Conduct, Fault, Template, WhatsappAccount, WhatsappSim, sign, spawn};
use secrecy::SecretString;
use serde_json::{Value, json};

use crate::contract::{self, NOW, Trouble, Vendor};

pub const ANA: &str = "+16505551234";

/// A business, its customers, and a clock.
pub struct World {
    pub sim: WhatsappSim,
    pub running: Running,
    pub account: WhatsappAccount,
    pub clock: Arc<FixedClock>,
    pub http: HttpClient,
    random: SeededRandom,
}

impl World {
    pub async fn new() -> Self {
        let clock = Arc::new(FixedClock::new(NOW));
        let random = Arc::new(SeededRandom::new(7));
        let http = HttpClient::new(HttpSettings::default(), clock.clone(), random).unwrap();
        let account = WhatsappAccount::default();
        let sim = WhatsappSim::new(account.clone(), http.clone());
        let running = spawn(sim.clone()).await.unwrap();
        Self { sim, running, account, clock, http, random: SeededRandom::new(3) }
    }

    pub fn settings(&self) -> WhatsappSettings {
        serde_json::from_value(json!({
            "phone_number_id": self.account.phone_number_id, "business_account_id": self.account.business_account_id,
            "verify_token": "made up by the owner", "base_url": format!("{}/", self.running.url),
        }))
        .unwrap()
    }

    pub fn channel(&self) -> WhatsappChannel {
        self.channel_with(&self.account.token)
    }

    fn channel_with(&self, token: &str) -> WhatsappChannel {
        WhatsappChannel::new(&self.settings(), SecretString::from(token), self.http.clone(), Target::Trusted)
            .unwrap()
    }

    fn outbound(&self, content: Content) -> Outbound {
        let message = MessageId::new(NOW, &self.random);
        Outbound { message, from: None, address: ANA.to_owned(), content, template_id: None, callback: None }
    }

    async fn send(&self, content: Content) -> Result<String, ChannelError> {
        self.deliver(&self.outbound(content)).await
    }

    /// Sends words with answers to tap.
    pub async fn say(&self, text: &str, titles: &[&str]) -> Outbound {
        let outbound = self.outbound(Content { choices: choices(titles), ..Content::words(text) });
        self.deliver(&outbound).await.unwrap();
        outbound
    }

    async fn deliver(&self, outbound: &Outbound) -> Result<String, ChannelError> {
        let now = self.clock.now();
        let decision = DecisionId::new(now, &self.random);
        let permit = Permit::mint(decision, "whatsapp", &outbound.address, outbound.message, now);
        let sent = self.channel().send(permit, outbound, now).await?;
        Ok(sent.vendor_id.unwrap())
    }

    /// What the newest message taken looked like on the wire.
    fn wire(&self) -> Value {
        self.sim.requests().pop().unwrap()
    }

    /// Everything the vendor's calls said so far, after checking who made them.
    async fn heard(&self) -> Vec<Inbound> {
        self.sim.settled().await;
        let secret = SecretString::from(self.account.app_secret.as_str());
        let calls = self.sim.calls();
        let read = calls.iter().flat_map(|(body, signature)| {
            verify(&secret, body.as_bytes(), signature).unwrap();
            read(body.as_bytes(), &self.account.phone_number_id).unwrap()
        });
        read.collect()
    }

    async fn reports(&self) -> Vec<Report> {
        let reports = self.heard().await.into_iter().filter_map(|said| match said {
            Inbound::Report(report) => Some(report),
            Inbound::Message(_) => None,
        });
        reports.collect()
    }

    pub async fn messages(&self) -> Vec<InboundMessage> {
        let messages = self.heard().await.into_iter().filter_map(|said| match said {
            Inbound::Message(message) => Some(*message),
            Inbound::Report(_) => None,
        });
        messages.collect()
    }
}

fn choices(titles: &[&str]) -> Vec<Choice> {
    let one = |(index, title): (usize, &&str)| Choice { id: format!("c{index}"), title: (*title).to_owned() };
    titles.iter().enumerate().map(one).collect()
}

fn offering(titles: &[&str]) -> Content {
    Content { choices: choices(titles), ..Content::words("When?") }
}

fn with_file(media_type: &str, text: &str) -> Content {
    let media = Media {
        url: "https://desk.example/f/1".to_owned(),
        media_type: media_type.to_owned(),
        name: Some("Plan.pdf".to_owned()),
    };
    Content { media: vec![media], ..Content::words(text) }
}

pub fn template(name: &str, status: &str) -> Template {
    Template {
        id: "920070352646140".to_owned(),
        name: name.to_owned(),
        language: "en_US".to_owned(),
        category: "MARKETING".to_owned(),
        status: status.to_owned(),
        components: vec![
            json!({"type": "HEADER", "format": "TEXT", "text": "Riverside Dental"}),
            json!({"type": "BODY", "text": "Hi {{1}}, see you {{2}}!", "example": {"body_text": [["Ana", "today"]]}}),
            json!({"type": "BUTTONS", "buttons": [{"type": "QUICK_REPLY", "text": "Stop"}]}),
        ],
        quality: "GREEN".to_owned(),
        rejected_reason: "NONE".to_owned(),
    }
}

fn approved(variables: &[&str]) -> Content {
    let variables = variables.iter().map(|&words| words.to_owned()).collect();
    let template = ApprovedTemplate { name: "see_you".to_owned(), language: "en_US".to_owned(), variables };
    Content { template: Some(template), ..Content::words("Hi Ana") }
}

#[tokio::test]
async fn it_does_what_every_channel_does() {
    let clock = Arc::new(FixedClock::new(NOW));
    let http = contract::http(&clock);
    let account = WhatsappAccount::default();
    let sim = WhatsappSim::new(account.clone(), http.clone());
    let running = spawn(sim.clone()).await.unwrap();
    let channel = |base_url: &str| {
        let settings = json!({"phone_number_id": account.phone_number_id, "verify_token": "made up by the owner",
            "business_account_id": account.business_account_id, "base_url": base_url});
        let settings = serde_json::from_value(settings).unwrap();
        let token = SecretString::from(account.token.as_str());
        WhatsappChannel::new(&settings, token, http.clone(), Target::Trusted).unwrap()
    };
    let (here, nowhere) = (channel(&running.url), channel("http://127.0.0.1:1"));
    let next = |trouble| {
        let fault = match trouble {
            Trouble::Refused => {
                let message = format!("{} {}", account.token, "x".repeat(5_000));
                Fault::Error { status: 400, code: 131_009, message }
            }
            Trouble::Busy => Fault::Error { status: 429, code: 130_429, message: String::new() },
            Trouble::Down => Fault::Garbage,
            Trouble::Silent => Fault::Silent,
            Trouble::Lost => Fault::Lost,
        };
        sim.fail_next([fault]);
    };
    let taken = || {
        let messages = sim.thread(ANA)["messages"].clone();
        let ids =
            messages.as_array().unwrap().iter().map(|message| message["id"].as_str().unwrap().to_owned());
        ids.collect()
    };
    contract::behaves(&Vendor {
        channel: &here,
        nowhere: &nowhere,
        clock,
        address: ANA,
        other_address: "+16505550000",
        secret: &account.token,
        next: &next,
        requests: &|| sim.asked(),
        taken: &taken,
    })
    .await;
}

#[tokio::test]
async fn words_arrive_and_each_report_names_our_message() {
    let world = World::new().await;
    world.sim.set_conduct(Conduct { opens: true, ..Conduct::default() });
    let asked = world.sim.text(ANA, "Grüße 🌷");
    let answer = Content { reply_to: Some(asked), ..Content::words("Hello Ana\nSee https://desk.example") };
    let outbound = world.outbound(answer);
    let id = world.deliver(&outbound).await.unwrap();
    let reports = world.reports().await;
    let fates: Vec<Status> = reports.iter().map(|report| report.status).collect();
    assert_eq!(fates, [Status::Sent, Status::Delivered, Status::Read]);
    for report in &reports {
        assert_eq!((report.vendor_id.as_str(), report.message), (id.as_str(), Some(outbound.message)));
        assert_eq!((report.at, report.dead_address, &report.reason), (Some(NOW), false, &None));
    }
    assert_eq!(world.channel().once(), Once::Reported);
    let thread = world.sim.thread(ANA);
    assert_eq!(thread["phone"], ANA);
    let shown = &thread["messages"][1];
    assert_eq!((&shown["direction"], &shown["status"]), (&json!("out"), &json!("read")));
    assert_eq!(shown["business"], "+15550783881");
    let heard = world.messages().await;
    assert_eq!((heard[0].text.as_str(), heard[0].from.as_str()), ("Grüße 🌷", ANA));
    assert_eq!((heard[0].to.as_str(), heard[0].name.as_deref()), ("+15550783881", Some("Sim Customer")));
}

#[tokio::test]
async fn who_hides_their_number_is_answered_all_the_same() {
    let world = World::new().await;
    world.sim.text(ANA, "Hi");
    world.sim.set_username(ANA, "ana.q");
    world.sim.text(ANA, "It is still me");
    let heard = world.messages().await;
    let address = heard[1].from.clone();
    assert!(is_user_id(&address) && heard[0].from == ANA, "{address}");
    assert_eq!(heard[1].name.as_deref(), Some("Sim Customer"));
    let outbound = Outbound { address: address.clone(), ..world.outbound(Content::words("Hello")) };
    world.deliver(&outbound).await.unwrap();
    assert_eq!((&world.wire()["recipient"], &world.wire()["to"]), (&json!(address), &Value::Null));
    assert_eq!(world.reports().await.last().unwrap().status, Status::Delivered);
    // The first call told both, so the two are known to be one person.
    let first = &world.sim.calls()[0].0;
    let people = read_people(first.as_bytes(), &world.account.phone_number_id).unwrap();
    assert_eq!(
        (people[0].number.as_deref(), people[0].user_id.as_deref()),
        (Some(ANA), Some(address.as_str()))
    );
    for (text, wanted) in [
        ("US.13491208655302741918", true),
        ("US.ENT.1a", true),
        ("us.1", false),
        ("+1650", false),
        ("US.", false),
    ] {
        assert_eq!(is_user_id(text), wanted, "{text}");
    }
}

#[tokio::test]
async fn choices_are_buttons_or_a_list_or_lines_and_come_back() {
    let world = World::new().await;
    world.sim.text(ANA, "Hi");
    world.send(offering(&["Today", "Tomorrow"])).await.unwrap();
    assert_eq!(world.wire()["interactive"]["type"], "button");
    world.sim.tap_newest(ANA, "c1").unwrap();
    let long = "Thursday 26 March at half past two";
    let id = world.send(offering(&["Today", long])).await.unwrap();
    let sections = &world.wire()["interactive"]["action"]["sections"];
    assert_eq!(sections[0]["rows"][1]["description"], long);
    assert!(sections[0]["rows"][1]["title"].as_str().unwrap().chars().count() <= 24);
    world.sim.tap(ANA, &id, "c0").unwrap();
    world.send(offering(&["a", "b", "c", "d"])).await.unwrap();
    assert_eq!(world.wire()["interactive"]["type"], "list");
    let many: Vec<String> = (0..11).map(|number| format!("Time {number}")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    world.send(offering(&many)).await.unwrap();
    assert_eq!(world.wire()["type"], "text");
    assert!(world.wire()["text"]["body"].as_str().unwrap().ends_with("\n• Time 10"));
    let heard = world.messages().await;
    let taps: Vec<(&str, Option<&str>)> =
        heard.iter().map(|said| (said.text.as_str(), said.choice.as_deref())).collect();
    assert!(taps.contains(&("Tomorrow", Some("c1"))) && taps.contains(&("Today", Some("c0"))), "{taps:?}");
    let list = heard.iter().find(|said| said.choice.as_deref() == Some("c0")).unwrap();
    assert_eq!(list.reply_to.as_deref(), Some(id.as_str()));
}

#[tokio::test]
async fn files_go_as_what_they_are_or_as_a_link() {
    let world = World::new().await;
    world.sim.text(ANA, "Hi");
    for (media_type, text, kind) in [
        ("image/png", "The way to us", "image"),
        ("video/mp4", "", "video"),
        ("audio/ogg; codecs=opus", "", "audio"),
        ("application/pdf", "Your plan", "document"),
        // No caption goes with sound, and no such picture is taken: a link loses nothing.
        ("audio/mpeg", "Listen", "text"),
        ("image/gif", "Look", "text"),
    ] {
        world.send(with_file(media_type, text)).await.unwrap();
        let wire = world.wire();
        assert_eq!(wire["type"], kind, "{media_type}");
        if kind == "text" {
            assert_eq!(wire["text"]["body"], format!("{text}\nhttps://desk.example/f/1"));
        } else {
            assert_eq!(wire[kind]["link"], "https://desk.example/f/1");
        }
    }
    let pictured = Content { choices: choices(&["Yes", "No"]), ..with_file("image/jpeg", "This one?") };
    world.send(pictured).await.unwrap();
    assert_eq!(world.wire()["interactive"]["header"]["type"], "image");
    let mut two = with_file("image/png", "Both");
    two.media.push(two.media[0].clone());
    let before = world.sim.requests().len();
    for content in [two, Content::words(" "), Content::words("x".repeat(4097))] {
        let refused = world.send(content).await.unwrap_err();
        assert!(matches!(refused, ChannelError::Refused { .. }), "{refused}");
    }
    assert_eq!(world.sim.requests().len(), before);
}

#[tokio::test]
async fn outside_the_window_words_fail_afterwards_and_templates_arrive() {
    let world = World::new().await;
    world.sim.text(ANA, "Hi");
    world.clock.advance(Duration::from_hours(24));
    world.sim.set_template(template("see_you", "APPROVED"));
    world.send(Content::words("Still there?")).await.unwrap();
    let reports = world.reports().await;
    let failed = reports.last().unwrap();
    assert_eq!((failed.status, failed.code.as_deref()), (Status::Failed, Some("131047")));
    assert!(failed.reason.as_ref().unwrap().contains("only an approved template"), "{failed:?}");
    assert!(!failed.dead_address);
    world.send(approved(&["Ana", "on\n Monday"])).await.unwrap();
    assert_eq!(world.reports().await.last().unwrap().status, Status::Delivered);
    assert_eq!(world.sim.thread(ANA)["messages"][2]["text"], "Hi Ana, see you on Monday!");
    // A tap on a template opens the window.
    world.sim.tap_newest(ANA, "Stop").unwrap();
    let heard = world.messages().await;
    assert_eq!(heard.last().unwrap().choice.as_deref(), Some("Stop"));
    world.send(Content::words("As you wish")).await.unwrap();
    assert_eq!(world.reports().await.last().unwrap().status, Status::Delivered);
}

#[tokio::test]
async fn templates_that_cannot_be_sent_say_why() {
    let world = World::new().await;
    world.sim.set_template(template("see_you", "APPROVED"));
    let refused = |result: Result<String, ChannelError>| match result.unwrap_err() {
        ChannelError::Refused { code, reason, .. } => (code.unwrap_or_default(), reason),
        other => panic!("{other}"),
    };
    let (code, reason) = refused(world.send(approved(&["Ana"])).await);
    assert_eq!(code, "132000");
    assert!(reason.contains("number of places") && reason.contains("(1)"), "{reason}");
    assert_eq!(refused(world.send(approved(&["Ana", " "])).await).0, "");
    for (status, wanted) in [("PENDING", "132001"), ("PAUSED", "132015"), ("DISABLED", "132016")] {
        world.sim.set_template(template("see_you", status));
        assert_eq!(refused(world.send(approved(&["Ana", "today"])).await).0, wanted);
    }
}

#[tokio::test]
async fn each_failure_has_its_meaning() {
    let world = World::new().await;
    world.sim.text(ANA, "Hi");
    let error = |status: u16, code: i64| Fault::Error { status, code, message: "words of theirs".to_owned() };
    let mut seen = Vec::new();
    for fault in [
        error(400, 131_026),
        error(400, 131_050),
        error(400, 131_056),
        error(429, 130_429),
        error(503, 131_016),
        error(500, 131_000),
        error(400, 131_031),
        error(400, 999),
        error(500, 999),
        Fault::Garbage,
        Fault::Lost,
    ] {
        world.sim.fail_next([fault]);
        let failed = world.send(Content::words("Hello")).await.unwrap_err();
        seen.push(match failed {
            ChannelError::Bounced { .. } => "dead",
            ChannelError::OptedOut { .. } => "opted out",
            ChannelError::Limited { after: Some(_), .. } => "wait so long",
            ChannelError::Limited { after: None, .. } => "wait",
            ChannelError::Unavailable { .. } => "later",
            ChannelError::Uncertain { .. } => "uncertain",
            ChannelError::Refused { .. } => "refused",
            ChannelError::Permit(_) => "permit",
        });
    }
    assert_eq!(
        seen,
        [
            "dead",
            "opted out",
            "wait so long",
            "wait",
            "later",
            "uncertain",
            "refused",
            "refused",
            "uncertain",
            "uncertain",
            "uncertain"
        ]
    );
    // The one whose answer was lost was sent once, and its report says so.
    assert_eq!(world.sim.thread(ANA)["messages"].as_array().unwrap().len(), 2);
    assert!(world.reports().await.iter().any(|report| report.message.is_some()));
    let away = world.channel();
    let outbound = world.outbound(Content::words("Hello"));
    let permit = Permit::mint(DecisionId::new(NOW, &world.random), "whatsapp", ANA, outbound.message, NOW);
    drop(world.running);
    tokio::task::yield_now().await;
    let failed = away.send(permit, &outbound, NOW).await.unwrap_err();
    assert!(matches!(failed, ChannelError::Unavailable { .. }), "{failed}");
}

#[tokio::test]
async fn what_fails_afterwards_is_told_apart() {
    let world = World::new().await;
    world.sim.text(ANA, "Hi");
    world.sim.set_absent(ANA, true);
    world.send(Content::words("Hello")).await.unwrap();
    let reports = world.reports().await;
    let dead = reports.last().unwrap();
    assert_eq!((dead.status, dead.dead_address), (Status::Undelivered, true));
    world.sim.set_absent(ANA, false);
    world.sim.stop_marketing(ANA, true);
    world.sim.set_template(template("see_you", "APPROVED"));
    world.send(approved(&["Ana", "today"])).await.unwrap();
    let stopped = world.reports().await.pop().unwrap();
    assert_eq!((stopped.code.as_deref(), stopped.dead_address), (Some("131050"), false));
    assert_eq!((stopped.stopped, dead.stopped), (Some(Stopped::Marketing), None));
    let calls = world.sim.calls();
    let wishes = calls.iter().flat_map(|(body, _)| {
        read_marketing_choices(body.as_bytes(), &world.account.phone_number_id).unwrap()
    });
    let wishes: Vec<(String, bool)> = wishes.map(|wish| (wish.from, wish.stopped)).collect();
    assert_eq!(wishes, [(ANA.to_owned(), true)]);
    world.sim.set_blocks(ANA, true);
    world.send(Content::words("Hello")).await.unwrap();
    assert_eq!(world.reports().await.last().unwrap().status, Status::Sent);
}

#[tokio::test]
async fn a_message_is_marked_as_read_and_an_answer_announced() {
    let world = World::new().await;
    let id = world.sim.text(ANA, "Hi");
    world.channel().mark_read(&id, true).await.unwrap();
    assert_eq!(world.wire()["typing_indicator"]["type"], "text");
    assert_eq!(world.sim.thread(ANA)["messages"][0]["status"], "read");
    assert!(world.channel().mark_read("wamid.none", false).await.is_err());
}

#[tokio::test]
async fn the_check_says_what_was_seen() {
    let world = World::new().await;
    let seen = world.channel().check().await.unwrap();
    assert!(seen.starts_with("+15550783881 (Riverside Dental); its quality is high. No app"), "{seen}");
    world.sim.set_webhook("http://127.0.0.1:1/hook");
    let seen = world.channel().check().await.unwrap();
    assert_eq!(seen, "+15550783881 (Riverside Dental); its quality is high.");
    let refused = world.channel_with("old").check().await.unwrap_err().to_string();
    assert!(refused.contains("access token") && !refused.contains("old"), "{refused}");
    let wrong = WhatsappSettings { phone_number_id: "1".to_owned(), ..world.settings() };
    let secret = SecretString::from(world.account.token.as_str());
    let channel = WhatsappChannel::new(&wrong, secret.clone(), world.http.clone(), Target::Trusted).unwrap();
    assert!(channel.check().await.unwrap_err().to_string().contains("check the IDs"));
    let path = WhatsappSettings { phone_number_id: "../me".to_owned(), ..world.settings() };
    assert!(WhatsappChannel::new(&path, secret, world.http.clone(), Target::Trusted).is_err());
}

#[tokio::test]
async fn a_page_with_a_phone_on_it_writes_taps_and_sends() {
    let world = World::new().await;
    let url = |path: &str| format!("{}/__sim{path}", world.running.url);
    let say = async |said: Value| {
        let call = world.http.post(Target::Trusted, url("/phones/+16505551234/messages")).retries(0);
        call.header("origin", "http://localhost:5173").json(&said).send().await.unwrap()
    };
    let made = say(json!({"text": "Hi", "name": "Ana"})).await;
    assert_eq!(made.status.as_u16(), 201);
    assert_eq!(made.headers["access-control-allow-origin"], "http://localhost:5173");
    world.say("When?", &["Today", "Tomorrow"]).await;
    assert_eq!(say(json!({"choice": "c1"})).await.status.as_u16(), 201);
    let picture = json!({"media_type": "image/png", "data": "aGk="});
    assert_eq!(say(json!({"body": "Look", "media": [picture]})).await.status.as_u16(), 201);
    for wrong in
        [json!({}), json!({"choice": "c9"}), json!({"media": [{"media_type": "image/png", "data": "?"}]})]
    {
        assert_eq!(say(wrong).await.status.as_u16(), 400);
    }
    world.sim.settled().await;
    let thread = world.http.get(Target::Trusted, url("/phones/+16505551234?open=true")).send().await.unwrap();
    let thread: Value = thread.json().unwrap();
    let texts: Vec<&str> =
        thread["messages"].as_array().unwrap().iter().map(|said| said["text"].as_str().unwrap()).collect();
    assert_eq!(texts, ["Hi", "When?", "Tomorrow", "Look"]);
    let file = thread["messages"][3]["media"][0]["url"].as_str().unwrap();
    assert_eq!(world.http.get(Target::Trusted, file).send().await.unwrap().text(), "hi");
    assert_eq!(world.reports().await.last().unwrap().status, Status::Read);
    let heard = world.messages().await;
    assert!(heard.iter().any(|said| said.name.as_deref() == Some("Ana") && said.text == "Hi"));
}

#[tokio::test]
async fn the_vendor_calls_until_it_is_heard_twice_and_in_any_order() {
    let world = World::new().await;
    let came: Arc<std::sync::Mutex<Vec<String>>> = Arc::default();
    let (kept, token) = (came.clone(), "made up by the owner");
    let prove = async |axum::extract::RawQuery(query): axum::extract::RawQuery| {
        challenge(&query.unwrap_or_default(), "made up by the owner").ok_or(axum::http::StatusCode::FORBIDDEN)
    };
    let hear = move |headers: axum::http::HeaderMap, body: String| {
        let signature = headers["x-hub-signature-256"].to_str().unwrap().to_owned();
        let secret = SecretString::from(WhatsappAccount::default().app_secret);
        verify(&secret, body.as_bytes(), &signature).unwrap();
        let mut kept = kept.lock().unwrap();
        kept.push(body);
        // The first time it is not taken.
        let status = if kept.len() == 1 { 503 } else { 200 };
        std::future::ready(axum::http::StatusCode::from_u16(status).unwrap())
    };
    let app = axum::Router::new().route("/hook", axum::routing::get(prove).post(hear));
    let product = frontdesk_sim::spawn(app).await.unwrap();
    let hook = format!("{}/hook", product.url);
    assert!(world.sim.verify_webhook(&hook, "another").await.is_err());
    world.sim.verify_webhook(&hook, token).await.unwrap();
    world.channel().subscribe(Some(&hook)).await.unwrap();
    let conduct = Conduct { times: 2, reverse: true, retry_ms: 1, opens: true, ..Conduct::default() };
    world.sim.set_conduct(conduct);
    world.sim.text(ANA, "Hi");
    world.sim.settled().await;
    assert_eq!(came.lock().unwrap().len(), 3);
    world.say("When?", &["Today"]).await;
    world.sim.settled().await;
    let bodies = came.lock().unwrap().split_off(3);
    let fates: Vec<Status> = bodies
        .iter()
        .flat_map(|body| read(body.as_bytes(), &world.account.phone_number_id).unwrap())
        .map(|said| match said {
            Inbound::Report(report) => report.status,
            Inbound::Message(message) => panic!("{message:?}"),
        })
        .collect();
    let (sent, delivered, read) = (Status::Sent, Status::Delivered, Status::Read);
    assert_eq!(fates, [read, read, delivered, delivered, sent, sent]);
    assert_eq!(world.sim.thread(ANA)["messages"][1]["status"], "read");
}

#[test]
fn the_webhook_is_proved_by_the_verify_token() {
    let token = "made up by the owner";
    let query = "hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token=made+up%20by+the+owner";
    assert_eq!(challenge(query, token).as_deref(), Some("1158201444"));
    assert_eq!(challenge(query, "another"), None);
    assert_eq!(challenge(query, ""), None);
    for wrong in [
        "",
        "hub.mode=unsubscribe&hub.challenge=1&hub.verify_token=made+up+by+the+owner",
        "hub.mode=subscribe&hub.challenge=%3Cscript%3E&hub.verify_token=made+up+by+the+owner",
        "hub.mode=subscribe&hub.verify_token=made+up+by+the+owner",
        "hub.mode=subscribe&hub.challenge=1&hub.verify_token=",
    ] {
        assert_eq!(challenge(wrong, token), None, "{wrong}");
    }
}

#[test]
fn only_calls_signed_with_the_app_s_secret_are_believed() {
    let secret = SecretString::from("app secret");
    let body = br#"{"object":"x"}"#;
    let good = sign("app secret", r#"{"object":"x"}"#);
    assert_eq!(verify(&secret, body, &good), Ok(()));
    assert_eq!(verify(&secret, body, &good.to_uppercase().replace("SHA256", "sha256")), Ok(()));
    assert!(verify(&secret, br#"{"object":"y"}"#, &good).is_err());
    assert!(verify(&SecretString::from("other"), body, &good).is_err());
    assert!(verify(&SecretString::from(""), body, &sign("", r#"{"object":"x"}"#)).is_err());
    for wrong in ["", "sha256=", "sha1=abc", &good[7..], &good[..70], "sha256=zz"] {
        assert!(verify(&secret, body, wrong).is_err(), "{wrong}");
    }
}
