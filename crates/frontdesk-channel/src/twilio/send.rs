//! Sending: one request, and looking for it when its answer was lost.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use frontdesk_domain::outbox::{Content, Status};
use frontdesk_domain::permit::Permit;
use frontdesk_domain::time::Timestamp;
use frontdesk_http::{HttpClient, Target};
use secrecy::SecretString;
use serde::Deserialize;
use serde_json::Value;

use super::VENDOR;
use super::client::{TwilioClient, instant};
use super::error::{Fate, explain, status};
use super::lookup::{LookedUp, LookupMemory, OwnMemory};
use super::numbers::TwilioNumbers;
use super::settings::{TwilioKind, TwilioSettings, is_sid};
use crate::channel::{Channel, ChannelError, Once, Outbound, SentMessage};

/// Most files of a message.
const MAX_MEDIA: usize = 10;
/// Messages asked for at a time when one is looked for, and how often at most.
const PAGE: usize = 100;
const MAX_PAGES: usize = 10;
/// How much earlier than the attempt a listed message may be: the vendor's times are whole seconds.
const ROUNDING: Duration = Duration::from_secs(2);
/// The same, where the vendor's answer does not say what its clock shows.
const UNKNOWN_SKEW: Duration = Duration::from_secs(30);

/// The client of one connection.
#[derive(Debug)]
pub struct TwilioChannel {
    kind: TwilioKind,
    client: TwilioClient,
    messaging_service_sid: Option<String>,
    numbers: Vec<String>,
    /// What the vendor said of numbers, when it is asked.
    known: Option<Arc<dyn LookupMemory>>,
}

impl TwilioChannel {
    /// A client with this auth token. Does not connect yet.
    ///
    /// # Errors
    /// Which setting is wrong and what it should be.
    pub fn new(
        kind: TwilioKind,
        settings: &TwilioSettings,
        token: SecretString,
        http: HttpClient,
        target: Target,
    ) -> Result<Self, ChannelError> {
        settings.check()?;
        Ok(Self {
            kind,
            client: TwilioClient::new(settings, token, http, target)?,
            messaging_service_sid: settings.messaging_service_sid.clone(),
            numbers: settings.numbers.clone(),
            known: settings.lookup.then(|| Arc::new(OwnMemory::default()) as Arc<dyn LookupMemory>),
        })
    }

    /// The account's numbers.
    pub fn numbers(&self) -> TwilioNumbers {
        TwilioNumbers::of(self.client.clone())
    }

    pub(super) fn client(&self) -> &TwilioClient {
        &self.client
    }

    /// The number that speaks to this customer when nobody chose: always the same, spread over all.
    fn own_number(&self, address: &str) -> Option<&str> {
        // FNV-1a: stable over restarts, unlike the standard library's hashes.
        let hash = address.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
        let at = hash.checked_rem(self.numbers.len() as u64)?;
        self.numbers.get(usize::try_from(at).ok()?).map(String::as_str)
    }

    /// Has what the vendor says of numbers remembered there, for as long as that remembers.
    #[must_use]
    pub fn remembering(mut self, memory: Arc<dyn LookupMemory>) -> Self {
        self.known = self.known.map(|_| memory);
        self
    }

    /// Asks the vendor whether the number exists, once. When the vendor cannot say, the message goes out.
    async fn look_up(&self, address: &str) -> Result<(), ChannelError> {
        let Some(known) = &self.known else { return Ok(()) };
        let (_, number) = TwilioKind::bare(address);
        let said = match known.recall(number).await {
            Some(said) => said,
            None => match self.numbers().lookup(number).await {
                Ok(found) => {
                    let reason = (!found.valid).then(|| found.reason());
                    let said = LookedUp { valid: found.valid, reason };
                    known.remember(number, &said).await;
                    said
                }
                Err(error) => {
                    tracing::warn!(%error, "a number could not be looked up; the message goes out");
                    return Ok(());
                }
            },
        };
        if said.valid {
            return Ok(());
        }
        let why = said.reason.unwrap_or_else(|| "nobody can have it".to_owned());
        Err(ChannelError::Bounced { vendor: VENDOR, reason: format!("the number does not exist: {why}") })
    }

    /// The fields of the request.
    fn fields(&self, outbound: &Outbound) -> Result<Vec<(&'static str, String)>, ChannelError> {
        let refuse = |reason: &str| {
            Err(ChannelError::Refused { vendor: VENDOR, code: None, reason: reason.to_owned() })
        };
        let content = &outbound.content;
        if content.media.len() > MAX_MEDIA {
            return refuse("the message has too many files: at most 10");
        }
        let mut fields = vec![("To", self.kind.vendor_form(&outbound.address))];
        let from = outbound.from.as_deref();
        if let Some(service) = &self.messaging_service_sid {
            fields.push(("MessagingServiceSid", service.clone()));
        }
        // With a service and nobody's choice the service chooses, and keeps to it.
        let from = from.or_else(|| {
            if self.messaging_service_sid.is_some() { None } else { self.own_number(&outbound.address) }
        });
        if let Some(from) = from {
            fields.push(("From", self.kind.vendor_form(from)));
        }
        if let Some(template) = &content.template {
            let id = outbound.template_id.as_deref().unwrap_or(&template.name);
            if !is_sid(id, "HX") {
                return refuse(
                    "Twilio is not known to have the template; bring the templates up to date under Templates",
                );
            }
            fields.push(("ContentSid", id.to_owned()));
            if !template.variables.is_empty() {
                fields.push(("ContentVariables", variables(&template.variables).to_string()));
            }
        } else {
            let words = words(content);
            if words.is_empty() && content.media.is_empty() {
                return refuse("the message is empty");
            }
            if !words.is_empty() {
                fields.push(("Body", words));
            }
            fields.extend(content.media.iter().map(|media| ("MediaUrl", media.url.clone())));
        }
        if let Some(callback) = &outbound.callback {
            fields.push(("StatusCallback", callback.clone()));
        }
        Ok(fields)
    }

    /// Whether a listed message is this one.
    fn is_it(&self, listed: &Listed, outbound: &Outbound, earliest: i64) -> bool {
        let text = |field: &Option<String>| field.clone().unwrap_or_default();
        let to = self.kind.vendor_form(&outbound.address);
        let from = outbound.from.as_deref().map(|from| self.kind.vendor_form(from));
        let is_same_sender = from.is_none_or(|from| text(&listed.from) == from);
        let is_recent = listed.created().is_none_or(|at| at.as_millis() >= earliest);
        // What a template becomes at the vendor need not be letter by letter what is kept here.
        let is_same_text = outbound.content.template.is_some()
            || is_same_text(&text(&listed.body), &words(&outbound.content));
        text(&listed.direction).starts_with("outbound")
            && text(&listed.to) == to
            && is_same_sender
            && is_recent
            && is_same_text
    }

    /// The words about the account's numbers for [`Channel::check`].
    async fn check_numbers(&self) -> Result<String, ChannelError> {
        let mut missing = Vec::new();
        let phones: Vec<&String> =
            self.numbers.iter().filter(|number| super::settings::is_e164(number)).take(50).collect();
        for number in &phones {
            if self.numbers().owned(Some(number)).await?.iter().all(|owned| &owned.number != *number) {
                missing.push(number.as_str());
            }
        }
        if !missing.is_empty() {
            let reason = format!(
                "the account does not have these numbers: {}; buy them in Twilio's console or take them out",
                missing.join(", ")
            );
            return Err(ChannelError::Refused { vendor: VENDOR, code: None, reason });
        }
        Ok(match phones.len() {
            0 => "its messaging service chooses the number".to_owned(),
            1 => "its number is there".to_owned(),
            count => format!("its {count} numbers are there"),
        })
    }
}

/// From which instant of the vendor's on a listed message can be the one whose sending began at `since`, in milliseconds.
/// A clock of the vendor's that is behind ours moves it back; nothing moves it forward, for a date that something on the
/// way wrote must not hide a message: sending it again is worse than taking its twin for it.
fn earliest(since: Timestamp, skew: Option<i64>) -> i64 {
    match skew {
        Some(skew) => since.minus(ROUNDING).as_millis().saturating_add(skew.min(0)),
        None => since.minus(UNKNOWN_SKEW).as_millis(),
    }
}

/// The words as they go out. A text message has no buttons: what stood on them follows the words.
fn words(content: &Content) -> String {
    content
        .choices
        .iter()
        .fold(content.text.trim().to_owned(), |text, choice| format!("{text}\n- {}", choice.title))
}

/// What fills the places of a template, as the vendor wants it: `{"1": ..., "2": ...}`.
pub(super) fn variables(values: &[String]) -> Value {
    values.iter().enumerate().map(|(at, value)| ((at + 1).to_string(), Value::from(value.as_str()))).collect()
}

/// Whether two texts are the same but for what the vendor does on the way: it writes typographic marks plainly ("smart
/// encoding") and puts a notice before the messages of trial accounts.
fn is_same_text(listed: &str, ours: &str) -> bool {
    let listed = plain(listed);
    let ours = plain(ours);
    listed == ours || (listed.starts_with("Sent from your Twilio trial account") && listed.ends_with(&ours))
}

fn plain(text: &str) -> String {
    let replaced: String = text
        .chars()
        .map(|letter| match letter {
            '\u{2018}' | '\u{2019}' | '\u{201a}' | '\u{2032}' => '\'',
            '\u{201c}' | '\u{201d}' | '\u{201e}' | '\u{2033}' | '\u{ab}' | '\u{bb}' => '"',
            '\u{2010}'..='\u{2015}' | '\u{2212}' => '-',
            other => other,
        })
        .collect();
    replaced.replace('\u{2026}', "...").split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A message as the vendor lists it.
#[derive(Debug, Deserialize)]
struct Listed {
    sid: Option<String>,
    #[serde(default)]
    body: Option<String>,
    #[serde(default)]
    from: Option<String>,
    #[serde(default)]
    to: Option<String>,
    #[serde(default)]
    direction: Option<String>,
    #[serde(default)]
    date_created: Option<String>,
    #[serde(default)]
    status: Option<String>,
    #[serde(default)]
    error_code: Option<u32>,
}

impl Listed {
    fn created(&self) -> Option<Timestamp> {
        self.date_created.as_deref().and_then(instant)
    }
}

#[derive(Debug, Deserialize)]
struct Page {
    messages: Vec<Listed>,
    #[serde(default)]
    next_page_uri: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Account {
    #[serde(default)]
    friendly_name: Option<String>,
    #[serde(default)]
    status: Option<String>,
    #[serde(default, rename = "type")]
    kind: Option<String>,
}

#[async_trait]
impl Channel for TwilioChannel {
    fn name(&self) -> &'static str {
        self.kind.channel()
    }

    fn once(&self) -> Once {
        Once::Listed
    }

    async fn send(
        &self,
        permit: Permit,
        outbound: &Outbound,
        now: Timestamp,
    ) -> Result<SentMessage, ChannelError> {
        permit.redeem(self.name(), &outbound.address, outbound.message, now)?;
        let fields = self.fields(outbound)?;
        self.look_up(&outbound.address).await?;
        let borrowed: Vec<(&str, &str)> =
            fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let call = self.client.post("twilio.send", self.client.url("Messages.json")).form(&borrowed);
        let response = self.client.answer_once(call).await?;
        let taken: Listed = TwilioClient::read(&response, true)?;
        // Taken and given up at once: the answer already says so.
        if let (Some(Status::Failed | Status::Undelivered), Some(code)) =
            (taken.status.as_deref().and_then(status), taken.error_code)
        {
            let (fate, reason) = explain(code, "");
            return Err(match fate {
                Fate::OptedOut => ChannelError::OptedOut { vendor: VENDOR },
                Fate::Dead => ChannelError::Bounced { vendor: VENDOR, reason },
                Fate::Limited => ChannelError::Limited { vendor: VENDOR, after: None },
                Fate::Retry => ChannelError::Unavailable { vendor: VENDOR, reason },
                Fate::Refused => {
                    ChannelError::Refused { vendor: VENDOR, code: Some(code.to_string()), reason }
                }
            });
        }
        Ok(SentMessage { vendor_id: taken.sid })
    }

    /// The vendor keeps no id of ours with a message, so it is known by addressee, sender, words and time. Its list cannot
    /// be narrowed by time without losing messages that still wait at the vendor (they have no `DateSent`), so it is read
    /// from the newest back to the attempt. The other witness is the callback, whose address names the message.
    async fn find(&self, outbound: &Outbound, since: Timestamp) -> Result<Option<SentMessage>, ChannelError> {
        let to = self.kind.vendor_form(&outbound.address);
        let mut call = self
            .client
            .get("twilio.find", self.client.url("Messages.json"))
            .query("To", &to)
            .query("PageSize", &PAGE.to_string());
        if let Some(from) = &outbound.from {
            call = call.query("From", &self.kind.vendor_form(from));
        }
        let mut oldest = None;
        for _ in 0..MAX_PAGES {
            let response = self.client.answer(call).await?;
            let earliest = earliest(since, self.client.skew(&response));
            let page: Page = TwilioClient::read(&response, false)?;
            let is_past = page
                .messages
                .iter()
                .any(|listed| listed.created().is_some_and(|at| at.as_millis() < earliest));
            for listed in page.messages {
                if self.is_it(&listed, outbound, earliest) && listed.sid.is_some() {
                    oldest = listed.sid;
                }
            }
            let next = page.next_page_uri.as_deref().and_then(|path| self.client.page_url(path));
            let Some(next) = next.filter(|_| !is_past) else {
                return Ok(oldest.map(|sid| SentMessage { vendor_id: Some(sid) }));
            };
            call = self.client.get("twilio.find", next);
        }
        match oldest {
            Some(sid) => Ok(Some(SentMessage { vendor_id: Some(sid) })),
            // "Not among the first thousand" is not "not sent".
            None => Err(ChannelError::Unavailable {
                vendor: VENDOR,
                reason: "the list of messages is too long to look through".to_owned(),
            }),
        }
    }

    async fn check(&self) -> Result<String, ChannelError> {
        let response = self.client.answer(self.client.get("twilio.check", self.client.account_url())).await?;
        let account: Account = TwilioClient::read(&response, false)?;
        let name = self.client.words(account.friendly_name.as_deref().unwrap_or("without a name"));
        let state = account.status.as_deref().unwrap_or("unknown");
        if state != "active" {
            let reason = format!(
                "the Twilio account {name:?} is {}; look at it in Twilio's console",
                self.client.words(state)
            );
            return Err(ChannelError::Refused { vendor: VENDOR, code: None, reason });
        }
        let trial = if account.kind.as_deref() == Some("Trial") {
            ", a trial that only reaches verified numbers"
        } else {
            ""
        };
        let numbers = match self.kind {
            TwilioKind::Sms => format!("; {}", self.check_numbers().await?),
            // WhatsApp senders are not among the account's numbers.
            TwilioKind::Whatsapp => String::new(),
        };
        Ok(format!("the Twilio account {name:?} is active{trial}{numbers}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_vendor_s_own_changes_do_not_hide_a_message() {
        assert!(is_same_text("It's \"soon\" - 5...", "It\u{2019}s \u{201c}soon\u{201d} \u{2013} 5\u{2026}"));
        assert!(is_same_text("Sent from your Twilio trial account - Hello", "Hello"));
        assert!(!is_same_text("Hello there", "Hello"));
        assert!(!is_same_text("Oh, Hello", "Hello"));
    }

    #[test]
    fn a_message_is_looked_for_by_the_vendor_s_clock_and_never_too_late() {
        let since = Timestamp::from_millis(1_000_000);
        assert_eq!(earliest(since, Some(0)), 998_000);
        assert_eq!(earliest(since, Some(-60_000)), 938_000);
        assert_eq!(earliest(since, Some(9_999_999)), 998_000);
        assert_eq!(earliest(since, None), 970_000);
    }

    #[test]
    fn places_of_a_template_are_numbered_from_one() {
        assert_eq!(variables(&["Ana".into(), "9:00".into()]).to_string(), r#"{"1":"Ana","2":"9:00"}"#);
    }
}
