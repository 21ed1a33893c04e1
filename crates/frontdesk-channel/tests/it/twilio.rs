//! Twilio against its simulator: what every channel does, and what this vendor does alone.

use std::sync::Arc;
use std::time::Duration;

use frontdesk_channel::media::MediaError;
use frontdesk_channel::twilio::{
    NumberHooks, NumberSearch, Signed, TwilioChannel, TwilioKind, TwilioSettings, TwilioTemplates, hook,
};
use frontdesk_channel::{Channel, ChannelError, Inbound, Outbound};
use frontdesk_domain::id::MessageId;
use frontdesk_domain::outbox::{ApprovedTemplate, Choice, Content, Media, Status};
use frontdesk_domain::random::SeededRandom;
use frontdesk_domain::time::FixedClock;
use frontdesk_http::Target;
use frontdesk_sim::Running;
use frontdesk_sim::twilio::{
    Conduct, Fault, OptOut, Texted, TextedFile, TwilioAccount, TwilioSim, sign, spawn,
};
use secrecy::SecretString;
use tokio::net::TcpListener;

use super::contract::{NOW, Trouble, Vendor, behaves, http, outbound, permit};
use super::ear::Ear;

pub(super) const TOKEN: &str = "0f1e2d3c4b5a69788796a5b4c3d2e1f0";
const DESK: &str = "+15551230001";
const DESK_2: &str = "+15551230002";
const ANA: &str = "+15557770101";
const BO: &str = "+15557770102";

pub(super) struct Bench {
    pub sim: TwilioSim,
    running: Running,
    clock: Arc<FixedClock>,
}

pub(super) async fn bench() -> Bench {
    let clock = Arc::new(FixedClock::new(NOW));
    let account = TwilioAccount { token: TOKEN.to_owned(), ..TwilioAccount::default() };
    let sim = TwilioSim::new(account, http(&clock));
    sim.add_number(DESK, "Desk", "");
    sim.add_number(DESK_2, "Desk 2", "");
    let running = spawn(sim.clone()).await.unwrap();
    Bench { sim, running, clock }
}

impl Bench {
    pub fn templates(&self) -> TwilioTemplates {
        let token = SecretString::from(TOKEN);
        TwilioTemplates::new(&self.settings(), token, http(&self.clock), Target::Trusted).unwrap()
    }

    pub fn url(&self) -> &str {
        &self.running.url
    }

    pub fn whatsapp(&self) -> TwilioChannel {
        self.channel(TwilioKind::Whatsapp, &self.settings())
    }

    fn settings(&self) -> TwilioSettings {
        let url = self.running.url.clone();
        let account = TwilioAccount::default();
        TwilioSettings { base_url: url.clone(), lookup_url: url, ..TwilioSettings::of(&account.sid, DESK) }
    }

    fn channel(&self, kind: TwilioKind, settings: &TwilioSettings) -> TwilioChannel {
        let token = SecretString::from(TOKEN);
        TwilioChannel::new(kind, settings, token, http(&self.clock), Target::Trusted).unwrap()
    }

    pub fn sms(&self) -> TwilioChannel {
        self.channel(TwilioKind::Sms, &self.settings())
    }
}

async fn send(channel: &TwilioChannel, message: &Outbound) -> Result<Option<String>, ChannelError> {
    channel.send(permit(channel, message, NOW), message, NOW).await.map(|sent| sent.vendor_id)
}

fn fault_of(trouble: Trouble) -> Fault {
    match trouble {
        Trouble::Refused => {
            let message = format!("{} {TOKEN} ", "no ".repeat(40)).repeat(100);
            Fault::Error { status: 400, code: 29_999, message, retry_after: None }
        }
        Trouble::Busy => {
            let message = "Too Many Requests".to_owned();
            Fault::Error { status: 429, code: 20_429, message, retry_after: Some(2) }
        }
        Trouble::Down => Fault::Down,
        Trouble::Silent => Fault::LostStall,
        Trouble::Lost => Fault::Lost,
    }
}

async fn nobody_listens() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    format!("http://{}", listener.local_addr().unwrap())
}

#[tokio::test]
async fn it_behaves_as_every_channel_does() {
    let bench = bench().await;
    let away = TwilioSettings { base_url: nobody_listens().await, ..bench.settings() };
    for kind in [TwilioKind::Sms, TwilioKind::Whatsapp] {
        // Each kind has its own customers, so the other's messages are not in their lists.
        let [address, other_address] = match kind {
            TwilioKind::Sms => [ANA, BO],
            TwilioKind::Whatsapp => ["+15557770103", "+15557770104"],
        };
        bench.clock.set(NOW);
        let channel = bench.channel(kind, &bench.settings());
        let nowhere = bench.channel(kind, &away);
        let vendor = Vendor {
            channel: &channel,
            nowhere: &nowhere,
            clock: bench.clock.clone(),
            address,
            other_address,
            secret: TOKEN,
            next: &|trouble| bench.sim.fail_next([fault_of(trouble)]),
            requests: &|| bench.sim.requests().len(),
            taken: &|| bench.sim.taken().into_iter().map(|message| message.sid).collect(),
        };
        behaves(&vendor).await;
    }
}

#[tokio::test]
async fn a_message_leaves_with_all_it_holds() {
    let bench = bench().await;
    let channel = bench.sms();
    let content = Content {
        text: "Which one?".into(),
        media: vec![Media {
            url: "https://desk.example/map.png".into(),
            media_type: "image/png".into(),
            name: None,
        }],
        choices: vec![
            Choice { id: "a".into(), title: "9:00".into() },
            Choice { id: "b".into(), title: "10:00".into() },
        ],
        ..Content::default()
    };
    let message = Outbound { from: Some(DESK_2.into()), ..outbound(1, ANA, content) };
    let sid = send(&channel, &message).await.unwrap().unwrap();
    let taken = bench.sim.thread(ANA).pop().unwrap();
    assert_eq!((taken.sid.as_str(), taken.business.as_str()), (sid.as_str(), DESK_2));
    assert_eq!(taken.text, "Which one?\n- 9:00\n- 10:00");
    assert_eq!(taken.media, ["https://desk.example/map.png"]);
    let empty = send(&channel, &outbound(2, ANA, Content::words(" "))).await;
    assert!(matches!(empty, Err(ChannelError::Refused { .. })), "{empty:?}");
    assert_eq!(bench.sim.requests().len(), 1);
}

#[tokio::test]
async fn a_customer_always_hears_from_the_same_number() {
    let bench = bench().await;
    let settings = TwilioSettings { numbers: vec![DESK.into(), DESK_2.into()], ..bench.settings() };
    let customers: Vec<String> = (0..20).map(|at| format!("+155577702{at:02}")).collect();
    for (at, customer) in customers.iter().chain(&customers).enumerate() {
        let channel = bench.channel(TwilioKind::Sms, &settings);
        send(&channel, &outbound(at as u64, customer, Content::words("Hello"))).await.unwrap();
    }
    let mut used = std::collections::BTreeSet::new();
    for customer in &customers {
        let [first, second] = &bench.sim.thread(customer)[..] else { panic!("{customer}") };
        assert_eq!(first.business, second.business);
        used.insert(first.business.clone());
    }
    assert_eq!(used.len(), 2, "both numbers are used");
    // A messaging service chooses itself.
    let service = TwilioAccount::default().messaging_service_sid;
    let settings = TwilioSettings { messaging_service_sid: Some(service), ..settings };
    let channel = bench.channel(TwilioKind::Sms, &settings);
    send(&channel, &outbound(99, BO, Content::words("Hello"))).await.unwrap();
    assert!(bench.sim.thread(BO)[0].by_service);
}

#[tokio::test]
async fn each_refusal_is_told_for_what_it_is() {
    let bench = bench().await;
    let channel = bench.sms();
    let mut number = 0;
    let mut to = async |address: &str| {
        number += 1;
        send(&channel, &outbound(number, address, Content::words("Hello"))).await.unwrap_err()
    };
    for dead in ["+15005550001", "+15005550009", "+1555"] {
        let error = to(dead).await;
        assert!(matches!(error, ChannelError::Bounced { .. }), "{dead} {error:?}");
    }
    for (refused, code) in [("+15005550002", "21612"), ("+15005550003", "21408")] {
        let error = to(refused).await;
        assert!(
            matches!(&error, ChannelError::Refused { code: Some(told), .. } if told == code),
            "{error:?}"
        );
    }
    assert_eq!(to("+15005550004").await, ChannelError::OptedOut { vendor: "twilio" });
    bench.sim.refuse(BO, 21611);
    assert_eq!(to(BO).await, ChannelError::Limited { vendor: "twilio", after: None });
    bench.sim.fail_next([fault_of(Trouble::Busy)]);
    let after = Some(Duration::from_secs(2));
    assert_eq!(to(ANA).await, ChannelError::Limited { vendor: "twilio", after });

    let foreign =
        Outbound { from: Some("+15559990000".into()), ..outbound(70, ANA, Content::words("Hello")) };
    let error = send(&channel, &foreign).await.unwrap_err();
    assert!(error.to_string().contains("not one of the account's"), "{error}");
    let token = SecretString::from("0123456789");
    let stranger =
        TwilioChannel::new(TwilioKind::Sms, &bench.settings(), token, http(&bench.clock), Target::Trusted)
            .unwrap();
    let error = send(&stranger, &outbound(71, ANA, Content::words("Hello"))).await.unwrap_err();
    assert!(error.to_string().contains("copy both again"), "{error}");
    assert!(stranger.check().await.is_err());
    assert!(bench.sim.taken().is_empty());
}

#[tokio::test]
async fn the_check_names_the_account_and_what_is_missing() {
    let bench = bench().await;
    let said = bench.sms().check().await.unwrap();
    assert_eq!(said, "the Twilio account \"Riverside Dental\" is active; its number is there");
    let settings = TwilioSettings { numbers: vec![DESK.into(), "+15559990000".into()], ..bench.settings() };
    let error = bench.channel(TwilioKind::Sms, &settings).check().await.unwrap_err().to_string();
    assert!(error.contains("does not have these numbers: +15559990000"), "{error}");
    bench.sim.set_status("suspended");
    let error = bench.sms().check().await.unwrap_err().to_string();
    assert!(error.contains("is suspended"), "{error}");
}

#[tokio::test]
async fn a_lost_message_is_found_on_a_later_page_and_never_called_unsent_unseen() {
    let bench = bench().await;
    let channel = bench.sms();
    let lost = outbound(1, ANA, Content::words("The first"));
    bench.sim.fail_next([Fault::Lost]);
    send(&channel, &lost).await.unwrap_err();
    let first = bench.sim.taken()[0].sid.clone();
    for number in 2..=150 {
        let sim = &bench.sim;
        sim.text(ANA, DESK, "Are you there?").unwrap();
        send(&channel, &outbound(number, ANA, Content::words(format!("Number {number}")))).await.unwrap();
    }
    let found = channel.find(&lost, NOW).await.unwrap().unwrap();
    assert_eq!(found.vendor_id.as_deref(), Some(first.as_str()));
    assert!(bench.sim.requests().last().unwrap().contains("PageToken"));
    // Away is not "not sent".
    bench.sim.fail_next([Fault::Down, Fault::Down, Fault::Down, Fault::Down]);
    let away = channel.find(&lost, NOW).await;
    assert!(matches!(away, Err(ChannelError::Unavailable { .. })), "{away:?}");
}

#[tokio::test]
async fn numbers_are_found_bought_set_up_and_given_back() {
    let bench = bench().await;
    let numbers = bench.sms().numbers();
    let wanted = NumberSearch {
        country: "us".into(),
        area_code: Some(212),
        limit: 5,
        sms: true,
        mms: true,
        ..Default::default()
    };
    let offered = numbers.search(&wanted).await.unwrap();
    assert_eq!(offered.len(), 5);
    assert!(offered.iter().all(|one| one.number.starts_with("+1212") && one.capabilities.mms));
    let hooks =
        NumberHooks { sms_url: "https://desk.example/webhooks/twilio/con_1".into(), ..Default::default() };
    let bought = numbers.buy(&offered[0].number, &hooks).await.unwrap();
    assert_eq!(bought.sms_url.as_deref(), Some(hooks.sms_url.as_str()));
    let taken = numbers.buy(&offered[0].number, &hooks).await.unwrap_err();
    assert!(matches!(taken, ChannelError::Refused { .. }), "{taken:?}");
    let moved = NumberHooks { sms_url: "https://desk.example/elsewhere".into(), ..hooks };
    // Setting a number up may be repeated, so a lost answer does no harm.
    bench.sim.fail_next([Fault::Lost]);
    assert_eq!(numbers.configure(&bought.sid, &moved).await.unwrap().sms_url.unwrap(), moved.sms_url);
    assert_eq!(numbers.owned(None).await.unwrap().len(), 3);
    numbers.release(&bought.sid).await.unwrap();
    assert!(numbers.owned(Some(&bought.number)).await.unwrap().is_empty());
    assert!(numbers.release(&bought.sid).await.is_err());
    assert!(numbers.release("../Messages").await.is_err());
    assert!(numbers.search(&NumberSearch { country: "USA".into(), ..wanted }).await.is_err());
}

#[tokio::test]
async fn a_number_that_cannot_be_is_found_out_before_the_first_message() {
    let bench = bench().await;
    let channel = bench.channel(TwilioKind::Sms, &TwilioSettings { lookup: true, ..bench.settings() });
    let error = send(&channel, &outbound(1, "+155577701", Content::words("Hello"))).await.unwrap_err();
    assert!(
        matches!(&error, ChannelError::Bounced { reason, .. } if reason.contains("wrong number of digits")),
        "{error:?}"
    );
    for number in 2..5 {
        send(&channel, &outbound(number, ANA, Content::words("Hello"))).await.unwrap();
    }
    let looked_up = bench.sim.requests().iter().filter(|line| line.contains("/v2/PhoneNumbers/")).count();
    assert_eq!(looked_up, 2, "each number is looked up once");
    // The message does not wait for a lookup that does not answer.
    bench.sim.fail_next([Fault::Down]);
    send(&channel, &outbound(9, BO, Content::words("Hello"))).await.unwrap();
}

#[tokio::test]
async fn whatsapp_keeps_to_its_window_and_its_templates() {
    let bench = bench().await;
    let channel = bench.channel(TwilioKind::Whatsapp, &bench.settings());
    let ear = Ear::open().await;
    let callback = Some(ear.url("/news"));
    let free = Outbound { callback: callback.clone(), ..outbound(1, ANA, Content::words("Hello")) };
    send(&channel, &free).await.unwrap();
    bench.sim.settled().await;
    let report = reports(&ear, None).pop().unwrap();
    assert_eq!((report.status, report.code.as_deref()), (Status::Failed, Some("63016")));
    assert!(report.reason.unwrap().contains("approved template"));

    let sid = format!("HX{:032x}", 7);
    bench.sim.add_template(&sid, "Hello {{1}}, see you at {{2}}");
    let template = ApprovedTemplate {
        name: sid,
        language: "en_US".into(),
        variables: vec!["Ana".into(), "9:00".into()],
    };
    let text = "Hello Ana, see you at 9:00".to_owned();
    let content = Content { text: text.clone(), template: Some(template), ..Content::default() };
    send(&channel, &outbound(2, ANA, content.clone())).await.unwrap();
    bench.sim.settled().await;
    assert_eq!(bench.sim.received(ANA)[0].text, text);
    let mut foreign = content;
    foreign.template.as_mut().unwrap().name = "appointment_reminder".into();
    let error = send(&channel, &outbound(3, ANA, foreign)).await.unwrap_err();
    assert!(error.to_string().contains("up to date under Templates"), "{error}");

    let texted = Texted { to: DESK.into(), body: "Hi".into(), whatsapp: true, ..Texted::default() };
    bench.sim.send_from(ANA, &texted).unwrap();
    send(&channel, &outbound(4, ANA, Content::words("Good morning"))).await.unwrap();
    bench.sim.settled().await;
    assert_eq!(bench.sim.received(ANA).last().unwrap().status, "read");
}

/// The reports an ear has heard, verified and read.
fn reports(ear: &Ear, message: Option<MessageId>) -> Vec<frontdesk_channel::Report> {
    ear.heard()
        .iter()
        .flat_map(|call| {
            let fields = hook::fields(&call.body).unwrap();
            let signed = Signed { url: &call.url, signature: &call.signature, settings: None };
            hook::verify(&SecretString::from(TOKEN), signed, &fields).unwrap();
            hook::read(&fields, message).unwrap()
        })
        .filter_map(|inbound| match inbound {
            Inbound::Report(report) => Some(report),
            Inbound::Message(_) => None,
        })
        .collect()
}

#[tokio::test]
async fn what_becomes_of_a_message_is_told_signed() {
    let bench = bench().await;
    let channel = bench.sms();
    let ear = Ear::open().await;
    let id = MessageId::new(NOW, &SeededRandom::new(8));
    let callback = Some(ear.url(&format!("/webhooks/twilio/con_1?message={id}")));
    send(&channel, &Outbound { callback, ..outbound(1, ANA, Content::words("Hello")) }).await.unwrap();
    bench.sim.settled().await;
    let told: Vec<Status> = reports(&ear, Some(id)).into_iter().map(|report| report.status).collect();
    assert_eq!(told, [Status::Sent, Status::Sent, Status::Delivered]);
    assert!(reports(&ear, Some(id)).iter().all(|report| report.message == Some(id)));
    // A forger knows all but the token.
    let call = &ear.heard()[0];
    let fields = hook::fields(&call.body).unwrap();
    let forged = sign("another token", &call.url, &fields);
    let signed = Signed { url: &call.url, signature: &forged, settings: None };
    assert!(hook::verify(&SecretString::from(TOKEN), signed, &fields).is_err());

    bench.sim.undeliver(BO, 30005);
    let callback = Some(ear.url("/news"));
    send(&channel, &Outbound { callback, ..outbound(2, BO, Content::words("Hello")) }).await.unwrap();
    bench.sim.settled().await;
    let report = reports(&ear, None).pop().unwrap();
    assert_eq!((report.status, report.dead_address), (Status::Undelivered, true));
    assert!(bench.sim.received(BO).is_empty());
}

#[tokio::test]
async fn news_may_come_twice_late_and_in_the_wrong_order() {
    let bench = bench().await;
    bench.sim.set_conduct(Conduct { duplicates: 100, reordered: 100, delay_ms: 1, ..Conduct::default() });
    let ear = Ear::open().await;
    let callback = Some(ear.url("/news"));
    send(&bench.sms(), &Outbound { callback, ..outbound(1, ANA, Content::words("Hello")) }).await.unwrap();
    bench.sim.settled().await;
    let mut now = Status::Sending;
    let told = reports(&ear, None);
    assert_eq!(told.len(), 6);
    assert_eq!(told[0].status, Status::Delivered);
    for report in told {
        if report.status.may_follow(now) {
            now = report.status;
        }
    }
    assert_eq!(now, Status::Delivered);
    assert_eq!(bench.sim.received(ANA).len(), 1);
}

#[tokio::test]
async fn a_customer_s_message_is_brought_until_it_is_taken() {
    let bench = bench().await;
    let ear = Ear::open().await;
    bench.sim.add_number(DESK, "Desk", &ear.url("/webhooks/twilio/con_1"));
    ear.answer_next([503, 500]);
    bench.sim.set_conduct(Conduct { retry_ms: 1, ..Conduct::default() });
    let picture = TextedFile { media_type: "image/png".into(), data: "iVBORw0KGgo=".into() };
    let page = TextedFile { media_type: "text/html".into(), data: "PGI+".into() };
    let body = "Olá, às 9? \u{1f600} + & %".to_owned();
    let texted =
        Texted { to: DESK.into(), body: body.clone(), media: vec![picture, page], ..Texted::default() };
    let sid = bench.sim.send_from(ANA, &texted).unwrap();
    bench.sim.settled().await;
    let heard = ear.heard();
    assert_eq!(heard.len(), 3);
    let call = heard.last().unwrap();
    let fields = hook::fields(&call.body).unwrap();
    let signed = Signed { url: &call.url, signature: &call.signature, settings: None };
    hook::verify(&SecretString::from(TOKEN), signed, &fields).unwrap();
    let read = hook::read(&fields, None).unwrap();
    let [Inbound::Message(message)] = &read[..] else { panic!("{read:?}") };
    assert_eq!((&message.vendor_id, message.from.as_str(), message.to.as_str()), (&sid, ANA, DESK));
    assert_eq!(message.text, body);
    assert!(bench.sim.alerts().is_empty(), "{:?}", bench.sim.alerts());

    let channel = bench.sms();
    let file = channel.media(&message.media[0].url, 1_000).await.unwrap();
    assert_eq!((file.media_type.as_str(), &file.content[..4]), ("image/png", &b"\x89PNG"[..]));
    let refused = channel.media(&message.media[1].url, 1_000).await.unwrap_err();
    assert_eq!(refused, MediaError::Type("text/html".into()));
    let large = channel.media(&message.media[0].url, 4).await.unwrap_err();
    assert_eq!(large, MediaError::TooLarge { limit: 4 });
    for foreign in
        [ear.url("/2010-04-01/Accounts/x"), message.media[0].url.replace("Messages", "../AC2/Messages")]
    {
        let refused = channel.media(&foreign, 1_000).await;
        assert!(matches!(refused, Err(MediaError::Address(_))), "{refused:?}");
    }
    assert_eq!(ear.heard().len(), 3, "the token goes nowhere else");
}

#[tokio::test]
async fn a_stop_that_the_vendor_acts_on_stops() {
    let bench = bench().await;
    let ear = Ear::open().await;
    let channel = bench.sms();
    bench.sim.add_number(DESK, "Desk", &ear.url("/in"));
    bench.sim.set_conduct(Conduct { opt_out: OptOut::Advanced, ..Conduct::default() });
    bench.sim.text(ANA, DESK, "Stop").unwrap();
    bench.sim.settled().await;
    let fields = hook::fields(&ear.heard()[0].body).unwrap();
    let read = hook::read(&fields, None).unwrap();
    assert!(matches!(&read[..], [Inbound::Message(message)] if message.vendor_handled_opt_out));
    let hello = outbound(1, ANA, Content::words("Hello"));
    assert_eq!(send(&channel, &hello).await.unwrap_err(), ChannelError::OptedOut { vendor: "twilio" });
    bench.sim.text(ANA, DESK, "START").unwrap();
    send(&channel, &hello).await.unwrap();
    bench.sim.settled().await;
    assert_eq!(bench.sim.received(ANA).len(), 3);
}

#[tokio::test]
async fn a_page_can_hold_the_phone() {
    let bench = bench().await;
    let ear = Ear::open().await;
    bench.sim.add_number(DESK, "Desk", &ear.url("/in"));
    let http = http(&bench.clock);
    let url = |path: &str| format!("{}/__sim/{path}", bench.running.url);
    let text = serde_json::json!({"to": DESK, "body": "Can I come on Friday?"});
    let call = http.post(Target::Trusted, url("phones/+15557770101/messages"));
    let answer = call.header("origin", "http://localhost:5173").json(&text).send().await.unwrap();
    assert_eq!(answer.status.as_u16(), 201);
    assert_eq!(answer.headers["access-control-allow-origin"], "http://localhost:5173");
    bench.sim.settled().await;
    assert_eq!(ear.heard().len(), 1);
    let plan = serde_json::json!({
        "next": [{"kind": "fails", "code": 30007}], "conduct": {"delay_ms": 0, "opt_out": "default"},
    });
    let answer = http.post(Target::Trusted, url("faults")).json(&plan).send().await.unwrap();
    assert_eq!(answer.status.as_u16(), 204, "{}", answer.text());
    for number in 1..3 {
        send(&bench.sms(), &outbound(number, ANA, Content::words(format!("Answer {number}")))).await.unwrap();
    }
    bench.sim.settled().await;
    let call = http.get(Target::Trusted, url("phones/+15557770101")).header("origin", "https://evil.example");
    let answer = call.send().await.unwrap();
    assert!(answer.headers.get("access-control-allow-origin").is_none());
    let thread: serde_json::Value = answer.json().unwrap();
    let shown: Vec<(&str, &str)> = thread["messages"]
        .as_array()
        .unwrap()
        .iter()
        .map(|message| (message["direction"].as_str().unwrap(), message["status"].as_str().unwrap()))
        .collect();
    assert_eq!(shown, [("in", "received"), ("out", "undelivered"), ("out", "delivered")]);
    let numbers: serde_json::Value =
        http.get(Target::Trusted, url("numbers")).send().await.unwrap().json().unwrap();
    assert_eq!(numbers["numbers"].as_array().unwrap().len(), 2);
}
