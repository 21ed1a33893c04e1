//! What the simulated vendor holds: the account, phones, templates, files, faults to come.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use frontdesk_domain::random::{Random as _, SeededRandom};
use frontdesk_domain::time::Timestamp;
use frontdesk_http::HttpClient;
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::sync::watch;

/// How long after a customer's last message free words are delivered.
const WINDOW: Duration = Duration::from_hours(24);
/// Most messages that are kept of one phone.
const MAX_THREAD: usize = 1000;
/// Most requests and calls that are kept for tests to look at.
const MAX_LOG: usize = 10_000;

/// The business's account.
#[derive(Debug, Clone)]
pub struct WhatsappAccount {
    /// The id of its number.
    pub phone_number_id: String,
    /// The id of the account.
    pub business_account_id: String,
    /// The number, digits only.
    pub number: String,
    /// The name customers see.
    pub name: String,
    /// The access token that is good.
    pub token: String,
    /// What signs the calls.
    pub app_secret: String,
    /// Where it calls.
    pub webhook: Option<String>,
}

impl Default for WhatsappAccount {
    fn default() -> Self {
        Self {
            phone_number_id: "106540352242922".to_owned(),
            business_account_id: "102290129340398".to_owned(),
            number: "15550783881".to_owned(),
            name: "Riverside Dental".to_owned(),
            token: "EAAsimulated".to_owned(),
            app_secret: "simulated-app-secret".to_owned(),
            webhook: None,
        }
    }
}

/// How the vendor behaves towards the product.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Conduct {
    /// Milliseconds before each of sent, delivered and read.
    pub delay_ms: u64,
    /// How often each call is made.
    pub times: usize,
    /// Whether the reports of a message come in the wrong order: read, delivered, sent.
    pub reverse: bool,
    /// Whether customers open what arrives.
    pub opens: bool,
    /// Whether templates are approved as soon as they are handed in.
    pub approves: bool,
    /// How often a call that the product did not take is made again.
    pub retries: usize,
    /// Milliseconds before a call is made again.
    pub retry_ms: u64,
    /// Of a hundred calls, so many are made once more.
    pub duplicates: u8,
    /// Of a hundred messages, the news of so many comes in the wrong order.
    pub reordered: u8,
    /// Of a hundred messages of the business, so many are refused because there were too many.
    pub limited: u8,
    /// Of a hundred messages of the business, so many are taken and the answer is lost.
    pub unanswered: u8,
    /// Whether every request is answered by a page of the vendor's front, and nothing done.
    pub down: bool,
    /// Where the product is reached, when that is not where its address says.
    pub reach: Option<String>,
}

impl Default for Conduct {
    fn default() -> Self {
        Self {
            delay_ms: 0,
            times: 1,
            reverse: false,
            opens: false,
            approves: false,
            retries: 5,
            retry_ms: 50,
            duplicates: 0,
            reordered: 0,
            limited: 0,
            unanswered: 0,
            down: false,
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
        code: i64,
        /// The vendor's words.
        #[serde(default)]
        message: String,
    },
    /// The request is carried out, and its answer is lost on the way (502).
    Lost,
    /// A page instead of an answer, and nothing was done.
    Garbage,
    /// The request is carried out, and no answer comes, ever.
    Silent,
    /// The message is taken and fails afterwards with this code.
    Fails {
        /// The vendor's code.
        code: i64,
    },
}

/// A template.
#[derive(Debug, Clone, PartialEq)]
pub struct Template {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its language.
    pub language: String,
    /// What it is for.
    pub category: String,
    /// `PENDING`, `APPROVED`, `REJECTED`, `PAUSED` or `DISABLED`.
    pub status: String,
    /// Its parts, as they were handed in.
    pub components: Vec<Value>,
    /// How customers like it.
    pub quality: String,
    /// Why it was rejected.
    pub rejected_reason: String,
}

/// A customer's phone.
#[derive(Debug, Default)]
pub(super) struct Phone {
    pub name: String,
    pub last_wrote: Option<Timestamp>,
    pub messages: VecDeque<Entry>,
    /// Is not on WhatsApp.
    pub absent: bool,
    /// Blocked the business: nothing arrives and nobody is told.
    pub blocks: bool,
    pub stopped_marketing: bool,
    /// Has a username, so their number is not told.
    pub username: Option<String>,
}

/// A message on a phone.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    pub id: String,
    /// From the business.
    pub out: bool,
    pub text: String,
    pub media: Vec<Value>,
    pub choices: Vec<(String, String)>,
    /// `button`, `list` or `template`: how its choices are tapped.
    pub kind: &'static str,
    pub reply_to: Option<String>,
    pub opaque: Option<String>,
    pub status: &'static str,
    pub at: Timestamp,
}

impl Entry {
    pub fn shown(&self, business: &str) -> Value {
        let choices: Vec<Value> =
            self.choices.iter().map(|(id, title)| json!({"id": id, "title": title})).collect();
        json!({
            "id": self.id, "direction": if self.out { "out" } else { "in" }, "business": business,
            "text": self.text, "media": self.media, "choices": choices, "reply_to": self.reply_to,
            "status": self.status, "at": self.at,
        })
    }
}

#[derive(Debug, Clone)]
pub(super) struct StoredFile {
    pub bytes: Bytes,
    pub media_type: String,
}

#[derive(Debug, Default)]
pub(super) struct State {
    pub account: WhatsappAccount,
    pub conduct: Conduct,
    pub phones: BTreeMap<String, Phone>,
    pub templates: Vec<Template>,
    pub files: BTreeMap<String, StoredFile>,
    pub faults: VecDeque<Fault>,
    pub requests: VecDeque<Value>,
    pub calls: VecDeque<(String, String)>,
    pub made: u64,
    pub asked: usize,
}

/// A simulated WhatsApp with one business number. Clones share it.
#[derive(Debug, Clone)]
pub struct WhatsappSim {
    state: Arc<Mutex<State>>,
    pub(super) http: HttpClient,
    pub(super) chance: Arc<SeededRandom>,
    /// How many calls are under way or due.
    pub(super) due: Arc<watch::Sender<usize>>,
}

impl WhatsappSim {
    /// A vendor with this account; it calls the product through `http` and goes by its clock.
    pub fn new(account: WhatsappAccount, http: HttpClient) -> Self {
        let state = State { account, ..State::default() };
        Self {
            state: Arc::new(Mutex::new(state)),
            http,
            chance: Arc::new(SeededRandom::new(2)),
            due: Arc::new(watch::Sender::new(0)),
        }
    }

    /// Sets where it calls.
    pub fn set_webhook(&self, url: impl Into<String>) {
        self.lock().account.webhook = Some(url.into());
    }

    /// Sets how it behaves.
    pub fn set_conduct(&self, conduct: Conduct) {
        self.lock().conduct = conduct;
    }

    /// The next requests to the API fail so, one after the other.
    pub fn fail_next(&self, faults: impl IntoIterator<Item = Fault>) {
        self.lock().faults.extend(faults);
    }

    /// This number is not on WhatsApp.
    pub fn set_absent(&self, number: &str, absent: bool) {
        self.lock().phone(number).absent = absent;
    }

    /// This customer blocked the business.
    pub fn set_blocks(&self, number: &str, blocks: bool) {
        self.lock().phone(number).blocks = blocks;
    }

    /// This customer takes a username: from now on the business hears their id and not their number.
    pub fn set_username(&self, number: &str, username: &str) {
        self.lock().phone(number).username = Some(username.to_owned());
    }

    /// Adds a template, or puts it in place of the one of this name and language.
    pub fn set_template(&self, template: Template) {
        let mut state = self.lock();
        state.templates.retain(|known| known.name != template.name || known.language != template.language);
        state.templates.push(template);
    }

    /// The templates.
    pub fn templates(&self) -> Vec<Template> {
        self.lock().templates.clone()
    }

    /// Bodies of the messages that were taken or refused so far, oldest first.
    pub fn requests(&self) -> Vec<Value> {
        self.lock().requests.iter().cloned().collect()
    }

    /// How many requests came to the API.
    pub fn asked(&self) -> usize {
        self.lock().asked
    }

    /// Bodies and signatures of the calls made so far, oldest first.
    pub fn calls(&self) -> Vec<(String, String)> {
        self.lock().calls.iter().cloned().collect()
    }

    /// The messages on a phone, oldest first, as the Handset page shows them.
    pub fn thread(&self, number: &str) -> Value {
        let mut state = self.lock();
        let business = format!("+{}", state.account.number);
        let digits = digits(number);
        let shown: Vec<Value> =
            state.phone(&digits).messages.iter().map(|entry| entry.shown(&business)).collect();
        json!({"phone": format!("+{digits}"), "messages": shown})
    }

    /// Every message of the business that was taken, phone by phone, oldest first.
    pub fn taken(&self) -> Value {
        let state = self.lock();
        let all = state.phones.iter().flat_map(|(number, phone)| {
            phone.messages.iter().filter(|entry| entry.out).map(move |entry| {
                json!({"id": entry.id, "phone": format!("+{number}"), "text": entry.text, "status": entry.status,
                    "about": entry.opaque})
            })
        });
        json!({"messages": all.collect::<Vec<Value>>()})
    }

    /// Whether something of which so many in a hundred happen happens now.
    pub(super) fn happens(&self, percent: u8) -> bool {
        percent > 0 && self.chance.next_u64() % 100 < u64::from(percent)
    }

    pub(super) fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn now(&self) -> Timestamp {
        self.http.clock().now()
    }
}

impl State {
    pub fn phone(&mut self, number: &str) -> &mut Phone {
        self.phones.entry(digits(number)).or_default()
    }

    /// Whether free words to this customer are delivered.
    pub fn window_is_open(&mut self, number: &str, now: Timestamp) -> bool {
        self.phone(number).last_wrote.is_some_and(|last| now < last.plus(WINDOW))
    }

    pub fn add(&mut self, number: &str, entry: Entry) {
        let messages = &mut self.phone(number).messages;
        if messages.len() >= MAX_THREAD {
            messages.pop_front();
        }
        messages.push_back(entry);
    }

    pub fn entry(&mut self, id: &str) -> Option<&mut Entry> {
        self.phones.values_mut().flat_map(|phone| phone.messages.iter_mut()).find(|entry| entry.id == id)
    }

    /// An id like the vendor's.
    pub fn wamid(&mut self) -> String {
        self.made += 1;
        format!("wamid.{}", STANDARD.encode(format!("simulated{:012}", self.made)))
    }

    pub fn new_id(&mut self) -> String {
        self.made += 1;
        format!("9{:015}", self.made)
    }

    /// Keeps a file; gives its id.
    pub fn store(&mut self, file: StoredFile) -> String {
        let id = self.new_id();
        self.files.insert(id.clone(), file);
        id
    }

    pub fn log_request(&mut self, body: &Value) {
        if self.requests.len() >= MAX_LOG {
            self.requests.pop_front();
        }
        self.requests.push_back(body.clone());
    }

    pub fn log_call(&mut self, body: &str, signature: &str) {
        if self.calls.len() >= MAX_LOG {
            self.calls.pop_front();
        }
        self.calls.push_back((body.to_owned(), signature.to_owned()));
    }
}

/// The vendor's id of a customer for this business.
pub(super) fn user_id(number: &str) -> String {
    format!("US.7{}", digits(number))
}

/// The customer who has this id.
pub(super) fn number_of(user_id: &str) -> Option<&str> {
    user_id.strip_prefix("US.7").filter(|number| number.bytes().all(|byte| byte.is_ascii_digit()))
}

/// A number's digits: what the vendor calls a customer.
pub(super) fn digits(number: &str) -> String {
    number.chars().filter(char::is_ascii_digit).collect()
}
