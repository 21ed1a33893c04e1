//! What the simulated vendor holds: the account, its numbers, messages, phones, files, faults to come.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use frontdesk_domain::random::SeededRandom;
use frontdesk_domain::time::Timestamp;
use frontdesk_http::HttpClient;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tokio::sync::{Semaphore, watch};

/// How long after a customer's last WhatsApp message free words are delivered.
const WINDOW: Duration = Duration::from_hours(24);
/// Most messages, files and lines of a log that are kept.
const MAX_MESSAGES: usize = 100_000;
const MAX_FILES: usize = 200;
const MAX_LOG: usize = 20_000;
/// Calls to the product under way at once.
const MAX_CALLS: usize = 64;

/// The business's account.
#[derive(Debug, Clone)]
pub struct TwilioAccount {
    /// `AC` and 32 hexadecimal digits.
    pub sid: String,
    /// The auth token.
    pub token: String,
    /// Its name.
    pub name: String,
    /// `active`, `suspended` or `closed`.
    pub status: String,
    /// Its messaging service, which sends from all its numbers.
    pub messaging_service_sid: String,
}

impl Default for TwilioAccount {
    fn default() -> Self {
        Self {
            sid: format!("AC{:032x}", 1),
            token: "simulated-auth-token".to_owned(),
            name: "Riverside Dental".to_owned(),
            status: "active".to_owned(),
            messaging_service_sid: format!("MG{:032x}", 1),
        }
    }
}

/// What the vendor itself does about STOP and START.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OptOut {
    /// Nothing: it is switched off, and the business does it all.
    #[default]
    Off,
    /// It answers and blocks, and the business is not told that it did.
    Default,
    /// It answers and blocks, and says so (`OptOutType`).
    Advanced,
}

/// How the vendor behaves.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Conduct {
    /// Milliseconds before each piece of news of a message: queued, sent, delivered.
    pub delay_ms: u64,
    /// Of a hundred calls, so many come twice.
    pub duplicates: u8,
    /// Of a hundred messages, the news of so many comes in the wrong order.
    pub reordered: u8,
    /// Of a hundred pieces of news, so many are never told. Customers' messages are never lost so.
    pub lost: u8,
    /// Of a hundred messages of the business, so many are refused because there were too many, for a second.
    pub limited: u8,
    /// Of a hundred messages of the business, so many are taken and the answer is lost.
    pub unanswered: u8,
    /// Whether every request is answered by a page of the vendor's front, and nothing done.
    pub down: bool,
    /// How often a customer's message is brought again when the product answers with 5xx or not at all. The vendor does
    /// that where the webhook's address asks for it (`#rc=`, `#rp=`), otherwise it goes to the fallback address.
    pub retries: u8,
    /// Milliseconds before it is brought again.
    pub retry_ms: u64,
    /// What the vendor itself does about STOP and START.
    pub opt_out: OptOut,
    /// Where the product is reached, when that is not where its addresses say: `http://127.0.0.1:8080`. The signature
    /// stays that of the address.
    pub reach: Option<String>,
}

impl Default for Conduct {
    fn default() -> Self {
        Self {
            delay_ms: 0,
            duplicates: 0,
            reordered: 0,
            lost: 0,
            limited: 0,
            unanswered: 0,
            down: false,
            retries: 3,
            retry_ms: 50,
            opt_out: OptOut::Off,
            reach: None,
        }
    }
}

/// What goes wrong with the next request to the API.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Fault {
    /// An error of the vendor's.
    Error {
        /// The HTTP status.
        status: u16,
        /// The vendor's code.
        code: u32,
        /// The vendor's words.
        #[serde(default)]
        message: String,
        /// `Retry-After`, in seconds.
        #[serde(default)]
        retry_after: Option<u32>,
    },
    /// A page of the vendor's front (503), and nothing was done.
    Down,
    /// The request is carried out, and its answer is lost on the way (502).
    Lost,
    /// 200 with something unreadable; nothing was done.
    Garbage,
    /// No answer, ever; nothing was done.
    Stall,
    /// The request is carried out, and no answer comes, ever.
    LostStall,
    /// The message is taken, and fails afterwards with this code.
    Fails {
        /// The vendor's code.
        code: u32,
    },
}

/// A number of the account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Number {
    pub sid: String,
    pub e164: String,
    pub name: String,
    pub sms_url: String,
    pub fallback_url: String,
    pub status_callback: String,
    pub voice_url: String,
    pub application: String,
}

/// A message, either way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Message {
    /// The vendor's id.
    #[serde(rename = "id")]
    pub sid: String,
    /// From the business to the customer, or the other way.
    pub direction: Direction,
    /// The customer's number.
    #[serde(skip)]
    pub phone: String,
    /// The business's number.
    pub business: String,
    /// `sms` or `whatsapp`.
    pub channel: &'static str,
    /// The words.
    pub text: String,
    /// Addresses of files.
    pub media: Vec<String>,
    /// Where it is, in the vendor's word.
    pub status: &'static str,
    /// The vendor's code, of a failure.
    pub code: Option<u32>,
    /// When it came to the vendor.
    pub at: Timestamp,
    /// Where news of it is told.
    #[serde(skip)]
    pub callback: Option<String>,
    /// Whether it was sent through the messaging service.
    #[serde(skip)]
    pub by_service: bool,
}

/// Which way a message goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Direction {
    /// From the business.
    Out,
    /// From the customer.
    In,
}

/// Content that messages are made from.
#[derive(Debug, Clone)]
pub(super) struct StoredContent {
    pub name: String,
    pub language: String,
    pub variables: Value,
    pub types: Value,
    /// What became of it with WhatsApp, once it was handed in.
    pub approval: Option<Approval>,
    pub at: Timestamp,
}

#[derive(Debug, Clone)]
pub(super) struct Approval {
    pub name: String,
    pub category: String,
    pub status: String,
    pub reason: String,
}

#[derive(Debug, Clone)]
pub(super) struct StoredFile {
    pub media_type: String,
    pub content: Bytes,
}

/// A call that was made to the product.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallMade {
    /// The address.
    pub url: String,
    /// The fields.
    pub fields: Vec<(String, String)>,
    /// The signature.
    pub signature: String,
    /// The answer's status; 0 when there was none.
    pub status: u16,
}

#[derive(Debug, Default)]
pub(super) struct State {
    pub account: TwilioAccount,
    pub base_url: String,
    pub conduct: Conduct,
    pub numbers: Vec<Number>,
    pub messages: BTreeMap<String, Message>,
    /// Ids of messages, oldest first.
    pub order: VecDeque<String>,
    /// Ids of a phone's messages, oldest first.
    pub phones: BTreeMap<String, VecDeque<String>>,
    pub files: VecDeque<(String, StoredFile)>,
    /// Customer and business number of whom the vendor blocks.
    pub opted_out: BTreeSet<(String, String)>,
    /// When a customer last wrote to a WhatsApp sender.
    pub last_wrote: BTreeMap<(String, String), Timestamp>,
    /// Content templates by id.
    pub contents: BTreeMap<String, StoredContent>,
    /// Numbers every message to which is refused, or taken and not delivered, with a code.
    pub refuse: BTreeMap<String, u32>,
    pub undeliver: BTreeMap<String, u32>,
    pub faults: VecDeque<Fault>,
    /// What goes wrong with the next purchase and the next release of a number.
    pub purchase_fault: Option<Fault>,
    pub release_fault: Option<Fault>,
    pub requests: VecDeque<String>,
    pub calls: VecDeque<CallMade>,
    pub alerts: VecDeque<String>,
    /// When it was started: its ids differ from those of the run before.
    pub started: Timestamp,
    pub made: u64,
}

/// A simulated Twilio with one account. Clones share it.
#[derive(Debug, Clone)]
pub struct TwilioSim {
    state: Arc<Mutex<State>>,
    pub(super) http: HttpClient,
    pub(super) chance: Arc<SeededRandom>,
    pub(super) slots: Arc<Semaphore>,
    /// How many calls are under way or due.
    pub(super) due: Arc<watch::Sender<usize>>,
}

impl TwilioSim {
    /// A vendor with this account; it calls the product through `http` and goes by its clock.
    pub fn new(account: TwilioAccount, http: HttpClient) -> Self {
        Self {
            state: Arc::new(Mutex::new(State { account, started: http.clock().now(), ..State::default() })),
            http,
            chance: Arc::new(SeededRandom::new(1)),
            slots: Arc::new(Semaphore::new(MAX_CALLS)),
            due: Arc::new(watch::Sender::new(0)),
        }
    }

    /// Gives the account a number; messages to it are brought to `sms_url`, unless that is empty.
    pub fn add_number(&self, number: &str, name: &str, sms_url: &str) {
        let mut state = self.lock();
        state.numbers.retain(|known| known.e164 != number);
        let sid = state.new_sid("PN");
        state.numbers.push(Number {
            sid,
            e164: number.to_owned(),
            name: name.to_owned(),
            sms_url: sms_url.to_owned(),
            fallback_url: String::new(),
            status_callback: String::new(),
            voice_url: String::new(),
            application: String::new(),
        });
    }

    /// Has an application take a number's messages, as somebody did in the vendor's console.
    pub fn give_to_application(&self, number: &str, application: &str) {
        if let Some(number) = self.lock().numbers.iter_mut().find(|known| known.e164 == number) {
            application.clone_into(&mut number.application);
        }
    }

    /// The account's numbers, and where the messages of each are brought.
    pub fn numbers(&self) -> Vec<(String, String)> {
        let state = self.lock();
        state.numbers.iter().map(|number| (number.e164.clone(), number.sms_url.clone())).collect()
    }

    /// Adds a content template (`HX...`) that WhatsApp has approved; its words have places `{{1}}`, `{{2}}`, ...
    pub fn add_template(&self, sid: &str, words: &str) {
        let approval = Approval {
            name: format!("template_{}", sid.trim_start_matches("HX").trim_start_matches('0')),
            category: "UTILITY".to_owned(),
            status: "approved".to_owned(),
            reason: String::new(),
        };
        let content = StoredContent {
            name: approval.name.clone(),
            language: "en".to_owned(),
            variables: json!({}),
            types: json!({ "twilio/text": { "body": words } }),
            approval: Some(approval),
            at: self.now(),
        };
        self.lock().contents.insert(sid.to_owned(), content);
    }

    /// WhatsApp judges a template: `approved`, `rejected` with a reason, `paused`, `disabled`. False when it was never
    /// handed in. The product is not told: it has to ask.
    pub fn review(&self, name: &str, status: &str, reason: &str) -> bool {
        let mut state = self.lock();
        let mut handed_in = state.contents.values_mut().filter_map(|content| content.approval.as_mut());
        let Some(approval) = handed_in.find(|approval| approval.name == name) else { return false };
        status.clone_into(&mut approval.status);
        reason.clone_into(&mut approval.reason);
        true
    }

    /// Sets how it behaves.
    pub fn set_conduct(&self, conduct: Conduct) {
        self.lock().conduct = conduct;
    }

    /// Sets the state of the account: `active`, `suspended` or `closed`.
    pub fn set_status(&self, status: &str) {
        status.clone_into(&mut self.lock().account.status);
    }

    /// Where it is reached itself; files of customers' messages are there.
    pub fn set_base_url(&self, url: &str) {
        url.trim_end_matches('/').clone_into(&mut self.lock().base_url);
    }

    /// The next requests to the API fail so, one after the other.
    pub fn fail_next(&self, faults: impl IntoIterator<Item = Fault>) {
        self.lock().faults.extend(faults);
    }

    /// The next purchase of a number fails so.
    pub fn fail_purchase(&self, fault: Fault) {
        self.lock().purchase_fault = Some(fault);
    }

    /// The next release of a number fails so.
    pub fn fail_release(&self, fault: Fault) {
        self.lock().release_fault = Some(fault);
    }

    /// Every message to this number is refused with this code.
    pub fn refuse(&self, number: &str, code: u32) {
        self.lock().refuse.insert(number.to_owned(), code);
    }

    /// Every message to this number is taken and not delivered, with this code.
    pub fn undeliver(&self, number: &str, code: u32) {
        self.lock().undeliver.insert(number.to_owned(), code);
    }

    /// What was taken for a phone, whatever became of it, and what it sent, oldest first.
    pub fn thread(&self, phone: &str) -> Vec<Message> {
        let state = self.lock();
        let ids = state.phones.get(phone).into_iter().flatten();
        ids.filter_map(|sid| state.messages.get(sid)).cloned().collect()
    }

    /// What arrived at a phone, oldest first.
    pub fn received(&self, phone: &str) -> Vec<Message> {
        let arrived = |message: &Message| {
            message.direction == Direction::Out && matches!(message.status, "delivered" | "read")
        };
        self.thread(phone).into_iter().filter(arrived).collect()
    }

    /// Every message of the business that was taken, oldest first.
    pub fn taken(&self) -> Vec<Message> {
        let state = self.lock();
        let all = state.order.iter().filter_map(|sid| state.messages.get(sid));
        all.filter(|message| message.direction == Direction::Out).cloned().collect()
    }

    /// Method and path of every request to the API, oldest first.
    pub fn requests(&self) -> Vec<String> {
        self.lock().requests.iter().cloned().collect()
    }

    /// The calls made to the product, oldest first.
    pub fn calls(&self) -> Vec<CallMade> {
        self.lock().calls.iter().cloned().collect()
    }

    /// What the vendor's debugger would show: answers of the product that are not what it should answer.
    pub fn alerts(&self) -> Vec<String> {
        self.lock().alerts.iter().cloned().collect()
    }

    pub(super) fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn now(&self) -> Timestamp {
        self.http.clock().now()
    }
}

/// Adds at the end of a list of which the oldest go.
pub(super) fn push<T>(list: &mut VecDeque<T>, one: T, most: usize) {
    if list.len() >= most {
        list.pop_front();
    }
    list.push_back(one);
}

impl State {
    /// A new id of a kind, such as `SM`.
    pub fn new_sid(&mut self, prefix: &str) -> String {
        self.made += 1;
        format!("{prefix}{:016x}{:016x}", self.started.as_millis(), self.made)
    }

    pub fn number(&self, number: &str) -> Option<&Number> {
        self.numbers.iter().find(|known| known.e164 == number)
    }

    /// Keeps a message, and lets the oldest go when there are too many.
    pub fn keep(&mut self, message: Message) {
        let ids = self.phones.entry(message.phone.clone()).or_default();
        ids.push_back(message.sid.clone());
        self.order.push_back(message.sid.clone());
        self.messages.insert(message.sid.clone(), message);
        if self.order.len() <= MAX_MESSAGES {
            return;
        }
        let gone = self.order.pop_front().and_then(|sid| self.messages.remove(&sid));
        let Some(gone) = gone else { return };
        if let Some(ids) = self.phones.get_mut(&gone.phone) {
            ids.retain(|sid| *sid != gone.sid);
            if ids.is_empty() {
                self.phones.remove(&gone.phone);
            }
        }
    }

    /// Keeps a file; gives its id.
    pub fn keep_file(&mut self, file: StoredFile) -> String {
        let sid = self.new_sid("ME");
        push(&mut self.files, (sid.clone(), file), MAX_FILES);
        sid
    }

    pub fn log_request(&mut self, line: String) {
        push(&mut self.requests, line, MAX_LOG);
    }

    pub fn log_call(&mut self, call: CallMade) {
        push(&mut self.calls, call, MAX_LOG);
    }

    pub fn alert(&mut self, line: String) {
        push(&mut self.alerts, line, MAX_LOG);
    }

    /// Whether free words over WhatsApp to this customer are delivered.
    pub fn window_is_open(&self, phone: &str, business: &str, now: Timestamp) -> bool {
        let key = (phone.to_owned(), business.to_owned());
        self.last_wrote.get(&key).is_some_and(|last| now < last.plus(WINDOW))
    }
}
