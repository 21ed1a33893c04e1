//! Power cuts while messages go both ways through vendors that are slow, down, forgetful and repeat themselves: in the end
//! the ledger adds up, nothing that was acknowledged is lost, and nobody got the same message twice.
//!
//! The vendors' record is the truth. Both processes go by a clock that is faster than the machine's, so that an hour is a
//! minute or so. The small storm runs with all tests, the one of ten thousand messages with `make fault`.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use frontdesk_domain::context::Scope;
use frontdesk_domain::conversation::Floor;
use frontdesk_domain::id::WorkspaceId;
use frontdesk_domain::message::Author;
use frontdesk_domain::outbox::{OutboxMessage, Status};
use frontdesk_domain::page::PageRequest;
use frontdesk_domain::random::{Random, SeededRandom};
use frontdesk_store::{Store, StoreSettings, conversation, job, message, outbox};
use frontdesk_testkit::postgres::TestDatabase;
use reqwest::{Client, StatusCode};
use serde_json::{Value, json};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::{Instant, interval, sleep};

use crate::server::{Owner, Server, client};
use crate::vendors::{Taken, Vendors};
use crate::visitor::QUESTIONS;

/// Messages written through the API at once.
const WRITERS: usize = 8;
/// How long one call may take, restarts included.
const ANSWERED_WITHIN: Duration = Duration::from_mins(2);
/// How long what was begun may take to end, on a busy machine.
const SETTLED_WITHIN: Duration = Duration::from_mins(10);

/// How large a storm is.
#[derive(Debug, Clone, Copy)]
struct Storm {
    /// Messages that customers send or that are written to them; answers come on top.
    messages: usize,
    /// How many times faster than the machine's the clock goes.
    speed: i64,
    /// The fewest power cuts.
    cuts: u64,
    /// Between two of them, in milliseconds of the machine's clock, and as much again by chance.
    between: u64,
    /// How long the vendors are down, by the fast clock.
    outage: Duration,
}

#[tokio::test(flavor = "multi_thread")]
async fn three_hundred_messages_survive_power_cuts_and_vendors_that_fail() {
    let folder = tempfile::tempdir().unwrap();
    let store = StoreSettings::sqlite(&folder.path().join("frontdesk.db"));
    let storm = Storm { messages: 300, speed: 60, cuts: 4, between: 1_000, outage: Duration::from_mins(4) };
    survive(storm, folder.path(), None, &store).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "takes minutes: make fault"]
async fn ten_thousand_messages_survive_power_cuts_and_an_hour_without_vendors() {
    let folder = tempfile::tempdir().unwrap();
    let store = StoreSettings::sqlite(&folder.path().join("frontdesk.db"));
    let storm =
        Storm { messages: 10_000, speed: 40, cuts: 30, between: 2_500, outage: Duration::from_hours(1) };
    survive(storm, folder.path(), None, &store).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "takes minutes: make fault"]
async fn a_thousand_messages_survive_the_same_on_postgres() {
    let database = TestDatabase::create().await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let store = StoreSettings { url: database.url(), connections: 4 };
    let storm =
        Storm { messages: 1_000, speed: 40, cuts: 8, between: 2_000, outage: Duration::from_mins(20) };
    survive(storm, folder.path(), Some(database.url()), &store).await;
}

/// A clock that shows a weekday's morning in California when it is begun.
fn clock(speed: i64) -> String {
    let now = jiff_now();
    // The fast clock shows `since + (now - since) * speed`; nothing here depends on the day.
    let shown = 1_795_539_600_000_i64;
    let since = (now * speed - shown) / (speed - 1);
    format!("{speed}@{}", frontdesk_domain::time::Timestamp::from_millis(since).to_jiff())
}

#[expect(
    clippy::disallowed_methods,
    reason = "the processes under test go by a clock derived from the machine's"
)]
fn jiff_now() -> i64 {
    let passed = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    i64::try_from(passed.as_millis()).unwrap()
}

async fn survive(storm: Storm, folder: &std::path::Path, database: Option<String>, settings: &StoreSettings) {
    let clock = clock(storm.speed);
    let mut server = Server::on(folder, database).with("FRONTDESK_CLOCK", &clock);
    server.start().await;
    let owner = Owner::sign_up(&server).await;
    let owner = owner
        .with_key(
            &server,
            &[
                "connections:read",
                "connections:write",
                "knowledge:read",
                "knowledge:write",
                "messages:read",
                "messages:write",
            ],
        )
        .await;
    owner.teach(&server, QUESTIONS).await;
    let vendors = Arc::new(Vendors::start(folder, &clock).await);
    vendors.connect(&owner, &server).await;
    vendors.cannot_reach(numbers(storm.messages, 97, 21211), numbers(storm.messages, 31, 30003)).await;
    let bad = json!({ "delay_ms": 20, "duplicates": 5, "reordered": 5, "limited": 5, "unanswered": 5 });
    vendors.behave(bad.clone()).await;

    let work = Arc::new(Work {
        next: AtomicUsize::new(0),
        done: watch::Sender::new(0),
        all: storm.messages,
        client: client(),
        url: format!("{}/api/v1", server.url),
        token: owner.token().to_owned(),
        vendors: Arc::clone(&vendors),
    });
    let mut writers = JoinSet::new();
    for _ in 0..WRITERS {
        let work = Arc::clone(&work);
        writers.spawn(async move { work.go().await });
    }
    let outage = tokio::spawn({
        let (vendors, mut done) = (Arc::clone(&vendors), work.done.subscribe());
        let third = storm.messages / 3;
        async move {
            done.wait_for(|done| *done >= third).await.unwrap();
            let mut down = bad.clone();
            down["down"] = json!(true);
            vendors.behave(down).await;
            sleep(storm.outage / u32::try_from(storm.speed).unwrap()).await;
            vendors.behave(bad).await;
        }
    });
    let moments = SeededRandom::new(99);
    let mut cuts = 0;
    while cuts < storm.cuts || !outage.is_finished() || *work.done.borrow() < storm.messages {
        sleep(Duration::from_millis(storm.between + moments.next_u64() % storm.between)).await;
        server.kill();
        server.start().await;
        cuts += 1;
    }
    outage.await.unwrap();
    let mut acknowledged = BTreeSet::new();
    for told in writers.join_all().await {
        acknowledged.extend(told);
    }
    let calm = json!({ "delay_ms": 20, "duplicates": 5, "reordered": 5 });
    vendors.behave(calm).await;
    let store = Store::connect(settings).await.unwrap();
    let scope = Scope::system(owner.workspace.parse::<WorkspaceId>().unwrap());
    settled(&store, scope, storm.messages, &server).await;
    check(&store, scope, &acknowledged, &vendors.taken().await, storm.messages, cuts).await;
    store.close().await;
}

/// Every so-manieth number that is written to, with a code.
fn numbers(all: usize, every: usize, code: u32) -> Value {
    let some = (0..all).filter(|number| number % every == 7 && kind(*number) == Kind::Written);
    Value::Object(some.map(|number| (phone(number), json!(code))).collect())
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Written by the business through the API.
    Written,
    /// The same, for later, and called off at once.
    CalledOff,
    /// A customer texts.
    Texted,
    /// A customer writes over WhatsApp.
    Chatted,
}

const fn kind(number: usize) -> Kind {
    match number % 20 {
        0..=9 => Kind::Written,
        10 => Kind::CalledOff,
        11..=16 => Kind::Texted,
        _ => Kind::Chatted,
    }
}

/// Everybody has a number of their own.
fn phone(number: usize) -> String {
    format!("+1415{:07}", 2_000_000 + number)
}

struct Work {
    next: AtomicUsize,
    done: watch::Sender<usize>,
    all: usize,
    client: Client,
    url: String,
    token: String,
    vendors: Arc<Vendors>,
}

impl Work {
    /// Writes messages until all are written; gives the ids of those that were acknowledged.
    async fn go(&self) -> Vec<String> {
        let mut told = Vec::new();
        loop {
            let number = self.next.fetch_add(1, Ordering::SeqCst);
            if number >= self.all {
                return told;
            }
            let to = phone(number);
            let question = QUESTIONS[number % QUESTIONS.len()].0;
            match kind(number) {
                Kind::Texted => self.vendors.text(&to, question).await,
                Kind::Chatted => self.vendors.chat(&to, question).await,
                Kind::Written => told.push(self.write(number, &to, None).await),
                Kind::CalledOff => {
                    let id = self.write(number, &to, Some("2026-12-24T20:00:00Z")).await;
                    let cancelled = self.ask(&format!("/messages/{id}/cancel"), &json!({})).await;
                    assert_eq!(cancelled["status"], "cancelled", "{cancelled}");
                    told.push(id);
                }
            }
            self.done.send_modify(|done| *done += 1);
        }
    }

    async fn write(&self, number: usize, to: &str, at: Option<&str>) -> String {
        let new = json!({ "to": to, "channel": "sms", "text": format!("Order {number} is ready."),
            "purpose": "transactional", "send_at": at, "client_id": format!("storm-{number}") });
        self.ask("/messages", &new).await["id"].as_str().unwrap().to_owned()
    }

    /// Sends it until there is an answer.
    async fn ask(&self, path: &str, body: &Value) -> Value {
        let deadline = Instant::now() + ANSWERED_WITHIN;
        loop {
            let request = self.client.post(format!("{}{path}", self.url)).bearer_auth(&self.token);
            if let Ok(answer) = request.json(body).send().await {
                let status = answer.status();
                if let Ok(text) = answer.text().await {
                    match status {
                        StatusCode::OK | StatusCode::CREATED => return serde_json::from_str(&text).unwrap(),
                        // Called off already, by a request whose answer was lost.
                        StatusCode::CONFLICT if path.ends_with("/cancel") => {
                            return json!({ "status": "cancelled" });
                        }
                        StatusCode::SERVICE_UNAVAILABLE => {}
                        _ => panic!("{path}: {status} {text}"),
                    }
                }
            }
            assert!(Instant::now() < deadline, "{path} was never answered");
            sleep(Duration::from_millis(50)).await;
        }
    }
}

/// Waits until every customer is heard and answered, and nothing is on its way.
async fn settled(store: &Store, scope: Scope, all: usize, server: &Server) {
    let deadline = Instant::now() + SETTLED_WITHIN;
    let mut look = interval(Duration::from_millis(500));
    loop {
        look.tick().await;
        let reader = store.reader();
        let counts = outbox::count_by_status(reader, scope).await.unwrap();
        let open: u64 = counts
            .iter()
            .filter(|(status, _)| matches!(status, Status::Queued | Status::Sending))
            .map(|(_, count)| *count)
            .sum();
        let jobs = job::counts_everywhere(reader).await.unwrap();
        let waiting: u64 = jobs.iter().filter(|(state, _)| state != "dead").map(|(_, count)| *count).sum();
        let total: u64 = counts.iter().map(|(_, count)| *count).sum();
        // Each customer's message is answered by one, so there are as many as there were.
        if open == 0 && waiting == 0 && total >= all as u64 {
            return;
        }
        assert!(
            Instant::now() < deadline,
            "{open} messages are still open: {counts:?}; jobs {jobs:?}, wanted {all}\n{}",
            server.log()
        );
    }
}

async fn check(
    store: &Store,
    scope: Scope,
    acknowledged: &BTreeSet<String>,
    taken: &[Taken],
    all: usize,
    cuts: u64,
) {
    let ledger = ledger(store, scope).await;
    let mut by_status: BTreeMap<&str, u64> = BTreeMap::new();
    for message in &ledger {
        *by_status.entry(message.status.as_str()).or_default() += 1;
    }
    let known: BTreeSet<String> = ledger.iter().map(|message| message.id.to_string()).collect();
    assert_eq!(known.len(), ledger.len(), "every message is in the ledger once");
    assert_eq!(acknowledged.difference(&known).count(), 0, "what was acknowledged is in the ledger");

    let mut copies: HashMap<String, Vec<&Taken>> = HashMap::new();
    for one in taken {
        let about = one.about.as_deref().expect("every message says what it is");
        let id = about.rsplit_once("message=").map_or(about, |(_, id)| id);
        copies.entry(id.to_owned()).or_default().push(one);
    }
    let of = |message: &OutboxMessage| {
        let plain = copies.get(&message.id.uuid().to_string());
        plain.or_else(|| copies.get(&message.id.to_string())).map_or(&[][..], Vec::as_slice)
    };
    let mut doubted = 0;
    for message in &ledger {
        let there = of(message);
        assert!(there.len() <= 1, "sent twice: {message:?} is {there:?}");
        let arrived = there.first().is_some_and(|one| one.status != "failed");
        match message.status {
            Status::Sent | Status::Delivered | Status::Read | Status::Undelivered => {
                assert!(arrived, "the vendor does not know of {message:?}");
            }
            Status::Failed | Status::Cancelled => {
                assert!(!arrived, "{message:?} left all the same: {there:?}");
            }
            Status::InDoubt => doubted += u64::from(arrived),
            Status::Queued | Status::Sending => panic!("{message:?} is still open"),
        }
    }
    let mut texts = BTreeSet::new();
    for one in taken {
        assert!(texts.insert((&one.phone, &one.text)), "{} got {:?} twice", one.phone, one.text);
    }
    let found: usize = ledger.iter().map(|message| of(message).len()).sum();
    assert_eq!(found, taken.len(), "nothing left that is not in the ledger");

    let customers = (0..all).filter(|number| matches!(kind(*number), Kind::Texted | Kind::Chatted));
    let (mut heard, mut answered) = (0, 0);
    let mut page = PageRequest { cursor: None, limit: Some(250) };
    let filter = conversation::Filter::default();
    loop {
        let found = conversation::list(store.reader(), scope, &filter, &page).await.unwrap();
        for talk in &found.items {
            let thread = conversation::get_thread(store.reader(), scope, talk.id).await.unwrap();
            assert_eq!(talk.floor, Floor::Ai, "nothing called for a person: {talk:?}");
            assert_eq!(thread.answered_seq, thread.customer_seq, "everybody is answered");
            let said = message::list_after(store.reader(), scope, talk.id, 0, 100).await.unwrap();
            let questions = said.iter().filter(|one| one.author == Author::Customer).count();
            let answers = said.iter().filter(|one| one.author == Author::Ai).count();
            assert!(questions <= 1, "heard twice: {said:?}");
            assert_eq!(answers, questions, "one answer each: {said:?}");
            heard += questions;
            answered += answers;
        }
        page.cursor = found.next_cursor;
        if page.cursor.is_none() {
            break;
        }
    }
    assert_eq!(heard, customers.count(), "every customer was heard once");
    let dead = job::list_dead(store.reader(), scope, 10).await.unwrap();
    assert!(dead.is_empty(), "{dead:?}");

    println!("\nmessages of the storm      {all:>7}\npower cuts                 {cuts:>7}");
    println!("written by the business    {:>7}", acknowledged.len());
    println!("heard from customers       {heard:>7}\nanswered                   {answered:>7}");
    println!("in the ledger              {:>7}", ledger.len());
    for (status, count) in &by_status {
        println!("  {status:<24} {count:>7}");
    }
    println!("  of those in doubt there  {doubted:>7}");
    println!(
        "taken by the vendors       {:>7}\ntwice                            0\nlost                             0",
        taken.len()
    );
    assert_eq!(by_status.values().sum::<u64>(), ledger.len() as u64);
    assert_eq!(ledger.len(), acknowledged.len() + answered, "nothing appeared from nowhere");
}

async fn ledger(store: &Store, scope: Scope) -> Vec<OutboxMessage> {
    let mut all = Vec::new();
    let mut page = PageRequest { cursor: None, limit: Some(250) };
    loop {
        let found = outbox::list(store.reader(), scope, &outbox::Filter::default(), &page).await.unwrap();
        all.extend(found.items);
        page.cursor = found.next_cursor;
        if page.cursor.is_none() {
            return all;
        }
    }
}
