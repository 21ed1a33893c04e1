//! Twilio on a bad day: answers that are lost, a vendor that is down, calls that nobody should make.

use std::collections::{BTreeMap, VecDeque};

use frontdesk_channel::twilio::{Signed, TwilioKind, hook};
use frontdesk_channel::{Channel as _, ChannelError};
use frontdesk_domain::outbox::{Content, Status};
use frontdesk_domain::random::{Random as _, SeededRandom};
use frontdesk_sim::twilio::{Conduct, Fault};
use proptest::prelude::*;
use secrecy::SecretString;

use super::contract::{NOW, outbound, permit};
use super::ear::Ear;
use super::twilio::bench;

/// Every message is sent again only when the vendor's list shows that it was not taken, and the news of all, twice and in
/// the wrong order, ends in "delivered".
#[tokio::test]
async fn on_a_bad_day_everybody_hears_once() {
    const MESSAGES: usize = 300;
    const CUSTOMERS: usize = 20;
    let bench = bench().await;
    let channel = bench.sms();
    let ear = Ear::open().await;
    bench.sim.set_conduct(Conduct { duplicates: 5, reordered: 20, ..Conduct::default() });
    let random = SeededRandom::new(5);
    let mut waiting: VecDeque<usize> = (0..MESSAGES).collect();
    let mut tries = 0;
    while let Some(number) = waiting.pop_front() {
        tries += 1;
        let customer = format!("+155577703{:02}", number % CUSTOMERS);
        let mut message =
            outbound(number as u64, &customer, Content::words(format!("This is message {number}.")));
        message.callback = Some(ear.url(&format!("/news?message={}", message.message)));
        match random.next_u64() % 10 {
            0 | 1 => bench.sim.fail_next([Fault::Lost]),
            2 => bench.sim.fail_next([Fault::Down]),
            3 => bench.sim.fail_next([Fault::Garbage]),
            4 => {
                let message = String::new();
                bench.sim.fail_next([Fault::Error { status: 429, code: 20_429, message, retry_after: None }]);
            }
            _ => {}
        }
        match channel.send(permit(&channel, &message, NOW), &message, NOW).await {
            Ok(_) => {}
            Err(ChannelError::Limited { .. }) => waiting.push_back(number),
            Err(ChannelError::Uncertain { .. }) => {
                if channel.find(&message, NOW).await.unwrap().is_none() {
                    waiting.push_back(number);
                }
            }
            Err(other) => panic!("{other:?}"),
        }
    }
    bench.sim.settled().await;
    assert!(tries > MESSAGES, "the day was bad");
    let mut heard: BTreeMap<String, usize> = BTreeMap::new();
    for customer in 0..CUSTOMERS {
        for message in bench.sim.received(&format!("+155577703{customer:02}")) {
            *heard.entry(message.text).or_default() += 1;
        }
    }
    assert_eq!(heard.len(), MESSAGES);
    assert!(heard.values().all(|times| *times == 1), "{heard:?}");

    let mut states: BTreeMap<String, Status> = BTreeMap::new();
    for call in ear.heard() {
        let fields = hook::fields(&call.body).unwrap();
        for inbound in hook::read(&fields, None).unwrap() {
            let frontdesk_channel::Inbound::Report(report) = inbound else { panic!("{inbound:?}") };
            let state = states.entry(report.vendor_id).or_insert(Status::Sending);
            if report.status.may_follow(*state) {
                *state = report.status;
            }
        }
    }
    assert_eq!(states.len(), MESSAGES);
    assert!(states.values().all(|state| *state == Status::Delivered));
}

/// Names a call may have, so that chance finds more than unknown ones.
fn name() -> impl Strategy<Value = String> {
    const KNOWN: [&str; 18] = [
        "MessageSid",
        "SmsSid",
        "SmsStatus",
        "MessageStatus",
        "ErrorCode",
        "From",
        "To",
        "Body",
        "NumMedia",
        "MediaUrl0",
        "MediaContentType0",
        "Latitude",
        "Longitude",
        "Label",
        "ButtonPayload",
        "ButtonText",
        "OptOutType",
        "ProfileName",
    ];
    prop_oneof![3 => prop::sample::select(KNOWN.as_slice()).prop_map(str::to_owned), 1 => ".{0,12}"]
}

fn value() -> impl Strategy<Value = String> {
    let sid = "SM[0-9a-f]{32}";
    prop_oneof![sid, "whatsapp:\\+1555[0-9]{7}", "[0-9]{0,30}", "failed|read|received|delivered", ".{0,40}"]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn no_call_makes_the_reader_fall(fields in prop::collection::vec((name(), value()), 0..24)) {
        let _ = hook::kind(&fields);
        for inbound in hook::read(&fields, None).unwrap_or_default() {
            let size = format!("{inbound:?}").len();
            prop_assert!(size < 100_000, "{size}");
        }
    }

    #[test]
    fn no_address_or_signature_makes_the_check_fall(
        url in "(https?://)?.{0,40}", signature in ".{0,60}", settings in prop::option::of(".{0,30}"),
        body in prop::collection::vec(any::<u8>(), 0..200),
    ) {
        let token = SecretString::from("token");
        let signed = Signed { url: &url, signature: &signature, settings: settings.as_deref() };
        let fields = hook::fields(&body).unwrap();
        prop_assert!(hook::verify(&token, signed, &fields).is_err());
        prop_assert!(hook::verify_body(&token, signed, &body).is_err());
    }

    #[test]
    fn an_address_loses_its_prefix_and_gets_it_back(number in "\\+[1-9][0-9]{7,14}") {
        let written = TwilioKind::Whatsapp.vendor_form(&number);
        prop_assert_eq!(TwilioKind::bare(&written), (TwilioKind::Whatsapp, number.as_str()));
        prop_assert_eq!(TwilioKind::bare(&number), (TwilioKind::Sms, number.as_str()));
    }
}
