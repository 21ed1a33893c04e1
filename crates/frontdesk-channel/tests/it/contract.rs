//! What every channel does, whatever vendor is behind it. A vendor's tests build a [`Vendor`] around their simulator and
//! call [`behaves`].

use std::sync::Arc;
use std::time::Duration;

use frontdesk_channel::{Channel, ChannelError, Once, Outbound};
use frontdesk_domain::id::{DecisionId, MessageId};
use frontdesk_domain::outbox::Content;
use frontdesk_domain::permit::{PERMIT_LIFETIME, Permit};
use frontdesk_domain::random::SeededRandom;
use frontdesk_domain::time::{Clock as _, FixedClock, Timestamp};
use frontdesk_http::{HttpClient, HttpSettings};

/// When the tests take place.
pub const NOW: Timestamp = Timestamp::from_millis(1_774_000_000_000);

/// What goes wrong with the next request to the vendor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    /// The vendor refuses for good, with endless words that hold the secret.
    Refused,
    /// Too many requests.
    Busy,
    /// The vendor's front is down; nothing is done.
    Down,
    /// The request is carried out, and no answer comes.
    Silent,
    /// The request is carried out, and its answer is lost on the way.
    Lost,
}

/// A vendor's channel and its simulator.
pub struct Vendor<'a> {
    /// The channel, with a short patience.
    pub channel: &'a dyn Channel,
    /// The same, where nobody listens.
    pub nowhere: &'a dyn Channel,
    /// The clock of both.
    pub clock: Arc<FixedClock>,
    /// An address that takes messages.
    pub address: &'a str,
    /// Another.
    pub other_address: &'a str,
    /// What must be in no error and no log.
    pub secret: &'a str,
    /// Makes the next request go wrong.
    pub next: &'a dyn Fn(Trouble),
    /// How many requests have come to the vendor.
    pub requests: &'a dyn Fn() -> usize,
    /// The vendor's ids of the messages it took, oldest first.
    pub taken: &'a dyn Fn() -> Vec<String>,
}

/// A client for the tests: a clock that stands still and little patience.
pub fn http(clock: &Arc<FixedClock>) -> HttpClient {
    let mut settings =
        HttpSettings { attempt_timeout: Duration::from_millis(400), ..HttpSettings::default() };
    settings.retry.first_wait = Duration::from_millis(1);
    // Failing is what is tested; a breaker would answer instead of the vendor.
    settings.breaker.failures = u32::MAX;
    HttpClient::new(settings, clock.clone(), Arc::new(SeededRandom::new(3))).unwrap()
}

/// The `number`-th message, to this address.
pub fn outbound(number: u64, address: &str, content: Content) -> Outbound {
    let message = MessageId::new(NOW, &SeededRandom::new(number));
    Outbound { message, from: None, address: address.to_owned(), content, template_id: None, callback: None }
}

/// A permit for exactly this message.
pub fn permit(channel: &dyn Channel, outbound: &Outbound, now: Timestamp) -> Permit {
    let decision = DecisionId::new(now, &SeededRandom::new(2));
    Permit::mint(decision, channel.name(), outbound.address.clone(), outbound.message, now)
}

/// The whole suite.
pub async fn behaves(vendor: &Vendor<'_>) {
    sends_what_is_permitted_and_nothing_else(vendor).await;
    tells_apart_why_a_message_did_not_leave(vendor).await;
    finds_exactly_the_message_that_was_lost(vendor).await;
    let said = format!("{:?} {}", vendor.channel, vendor.channel.check().await.unwrap());
    assert!(!said.contains(vendor.secret), "{said}");
}

async fn sends_what_is_permitted_and_nothing_else(vendor: &Vendor<'_>) {
    let Vendor { channel, .. } = vendor;
    let good = outbound(10, vendor.address, Content::words("See you at 9"));
    let before = (vendor.requests)();
    let sent = channel.send(permit(*channel, &good, NOW), &good, NOW).await.unwrap();
    assert_eq!((vendor.requests)() - before, 1, "one message is one request");
    assert_eq!(sent.vendor_id, (vendor.taken)().pop());

    let before = (vendor.requests)();
    let decision = DecisionId::new(NOW, &SeededRandom::new(2));
    let elsewhere = outbound(10, vendor.other_address, Content::words("See you at 9"));
    let another = outbound(11, vendor.address, Content::words("See you at 9"));
    let late = NOW.plus(PERMIT_LIFETIME);
    for (permit, now) in [
        (permit(*channel, &elsewhere, NOW), NOW),
        (permit(*channel, &another, NOW), NOW),
        (Permit::mint(decision, "pigeon", good.address.clone(), good.message, NOW), NOW),
        (permit(*channel, &good, NOW), late),
    ] {
        let refused = channel.send(permit, &good, now).await;
        assert!(matches!(refused, Err(ChannelError::Permit(_))), "{refused:?}");
    }
    assert_eq!((vendor.requests)(), before, "without a permit nobody is asked");
}

async fn tells_apart_why_a_message_did_not_leave(vendor: &Vendor<'_>) {
    let Vendor { channel, .. } = vendor;
    let one = outbound(20, vendor.address, Content::words("Is Friday fine?"));
    let is_keyed = channel.once() == Once::Keyed;
    for trouble in [Trouble::Refused, Trouble::Busy, Trouble::Down, Trouble::Silent, Trouble::Lost] {
        let before = (vendor.requests)();
        (vendor.next)(trouble);
        let sent = channel.send(permit(*channel, &one, NOW), &one, NOW).await;
        if is_keyed && matches!(trouble, Trouble::Down | Trouble::Silent | Trouble::Lost) {
            assert!(matches!(sent, Ok(_) | Err(ChannelError::Unavailable { .. })), "{trouble:?} {sent:?}");
            continue;
        }
        let error = sent.unwrap_err();
        let is_told = match trouble {
            Trouble::Refused => {
                matches!(error, ChannelError::Refused { .. } | ChannelError::Bounced { .. })
            }
            Trouble::Busy => matches!(error, ChannelError::Limited { .. }),
            Trouble::Down | Trouble::Silent | Trouble::Lost => {
                matches!(error, ChannelError::Uncertain { .. })
            }
        };
        assert!(is_told, "{trouble:?} {error:?}");
        assert_eq!(
            (vendor.requests)() - before,
            1,
            "{trouble:?}: what may have been taken is not sent again"
        );
        for said in [error.to_string(), format!("{error:?}")] {
            assert!(said.len() < 1_000, "{} bytes", said.len());
            assert!(!said.contains(vendor.secret), "{said}");
        }
    }
    let away = vendor.nowhere.send(permit(vendor.nowhere, &one, NOW), &one, NOW).await;
    assert!(matches!(away, Err(ChannelError::Unavailable { .. })), "{away:?}");
}

async fn finds_exactly_the_message_that_was_lost(vendor: &Vendor<'_>) {
    let Vendor { channel, .. } = vendor;
    if channel.once() != Once::Listed {
        return;
    }
    // Long after what came before.
    vendor.clock.advance(Duration::from_mins(30));
    let since = vendor.clock.now();
    let words = Content::words("Your appointment is on Friday \u{2013} \u{201c}9:00\u{201d}");
    let lost = outbound(30, vendor.address, words.clone());
    assert_eq!(channel.find(&lost, since).await.unwrap(), None);
    (vendor.next)(Trouble::Lost);
    let error = channel.send(permit(*channel, &lost, since), &lost, since).await.unwrap_err();
    assert!(matches!(error, ChannelError::Uncertain { .. }), "{error:?}");
    vendor.clock.advance(Duration::from_secs(40));
    let found = channel.find(&lost, since).await.unwrap().unwrap();
    assert_eq!(found.vendor_id, (vendor.taken)().pop());
    let others = [
        outbound(31, vendor.other_address, words),
        outbound(32, vendor.address, Content::words("Your appointment is on Friday")),
    ];
    for other in others {
        assert_eq!(channel.find(&other, since).await.unwrap(), None);
    }
    assert_eq!(channel.find(&lost, vendor.clock.now()).await.unwrap(), None, "it was sent before");
}
