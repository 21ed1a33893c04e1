//! Power cuts at random moments while people book, move and cancel: every acknowledged appointment is there as it was
//! acknowledged, repeated requests are one appointment, and nobody is put where somebody else is.
//!
//! A request that a cut left without an answer is sent again until there is one, as a program with an idempotency key
//! does. So in the end everybody knows what they have, and the database must agree.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use frontdesk_domain::availability::Unit;
use frontdesk_domain::booking::{Booking, BookingStatus};
use frontdesk_domain::context::Scope;
use frontdesk_domain::id::WorkspaceId;
use frontdesk_domain::random::{Random, SeededRandom};
use frontdesk_domain::time::Timestamp;
use frontdesk_store::{Store, StoreSettings, booking, booking_session};
use frontdesk_testkit::postgres::TestDatabase;
use reqwest::{Client, StatusCode};
use serde_json::{Value, json};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, timeout};

use crate::server::{Owner, Server, client};

/// People who book at once.
const PEOPLE: u64 = 8;
/// Times they are after; with three members of staff, so few that they meet all the time.
const TIMES: usize = 14;
/// The most answers between a start and the next cut.
const BETWEEN_CUTS: u64 = 20;
/// How long one answer may take, restarts included.
const ANSWERED_WITHIN: Duration = Duration::from_mins(2);

#[tokio::test(flavor = "multi_thread")]
async fn twenty_power_cuts_lose_no_appointment_and_double_none() {
    let folder = tempfile::tempdir().unwrap();
    let store = StoreSettings::sqlite(&folder.path().join("frontdesk.db"));
    storm(vec![Server::on(folder.path(), None)], &store, 20).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn six_power_cuts_of_two_nodes_on_postgres_lose_no_appointment_and_double_none() {
    let database = TestDatabase::create().await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let store = StoreSettings { url: database.url(), connections: 4 };
    let nodes = (0..2).map(|_| Server::on(folder.path(), Some(database.url()))).collect();
    storm(nodes, &store, 6).await;
}

/// What somebody was told they have.
type Acknowledged = BTreeMap<String, (bool, Timestamp)>;

async fn storm(mut nodes: Vec<Server>, database: &StoreSettings, cuts: u64) {
    for node in &mut nodes {
        node.start().await;
    }
    let owner = Owner::sign_up(&nodes[0]).await;
    let (kind, times) = practice(&owner, &nodes[0]).await;

    let (answers, mut heard) = watch::channel(0_u64);
    let (over, ends) = watch::channel(false);
    let mut people = JoinSet::new();
    for number in 0..PEOPLE {
        let node = &nodes[number as usize % nodes.len()];
        let person = Person {
            number,
            client: client(),
            url: format!("{}/api/v1", node.url),
            token: owner.token().to_owned(),
            workspace: owner.workspace.clone(),
            kind: kind.clone(),
            times: times.clone(),
            answers: answers.clone(),
        };
        let ends = ends.clone();
        people.spawn(async move { person.live(ends).await });
    }
    let moments = SeededRandom::new(815);
    for cut in 0..cuts {
        let enough = *heard.borrow() + 3 + moments.next_u64() % BETWEEN_CUTS;
        let came = timeout(Duration::from_mins(1), heard.wait_for(|count| *count >= enough)).await.is_ok();
        let node = cut as usize % nodes.len();
        assert!(came, "nothing was answered before cut {cut}:\n{}", nodes[node].log());
        sleep(Duration::from_millis(moments.next_u64() % 40)).await;
        nodes[node].kill();
        nodes[node].start().await;
    }
    over.send_replace(true);
    let stories = timeout(ANSWERED_WITHIN, people.join_all()).await.expect("everybody is answered");
    let mut told = Acknowledged::new();
    let mut asked = 0;
    for (story, count) in stories {
        told.extend(story);
        asked += count;
    }
    for node in &mut nodes {
        node.kill();
    }
    let store = Store::connect(database).await.unwrap();
    check(&store, owner.workspace.parse().unwrap(), &told).await;
    assert!(asked > cuts, "{asked} answers");
    store.close().await;
}

/// Three members of staff who share the customers; the type and the first times of the day after tomorrow.
async fn practice(owner: &Owner, server: &Server) -> (String, Vec<String>) {
    let days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
    let weekly: Vec<Value> =
        days.iter().map(|day| json!({ "day": day, "hours": { "from": 0, "to": 1440 } })).collect();
    let mut members = Vec::new();
    for name in ["Maria", "Tom", "Ida"] {
        let staff = json!({ "name": name, "active": true,
            "schedule": { "weekly": weekly, "works_holidays": true } });
        let staff = owner.post(server, "/staff", staff).await;
        members.push(json!({ "staff_id": staff["id"], "weight": 1 }));
    }
    let kind = json!({ "name": "Check-up", "buffer_after": 5,
        "staff": { "mode": "round_robin", "members": members } });
    let kind = owner.post(server, "/booking-types", kind).await["id"].as_str().unwrap().to_owned();
    // The public page tells the times; the server's clock is the real one.
    let slug = owner.get(server, "/workspace").await["slug"].as_str().unwrap().to_owned();
    let types = owner.get(server, &format!("/public/booking/{slug}")).await;
    let types = types["types"].as_array().unwrap();
    let path = types.iter().find(|it| it["id"] == kind.as_str()).unwrap()["slug"].as_str().unwrap();
    let page = owner.get(server, &format!("/public/booking/{slug}/{path}")).await;
    let slots = page["slots"].as_array().unwrap();
    let times = slots.iter().skip(96).take(TIMES);
    (kind, times.map(|slot| slot["start"].as_str().unwrap().to_owned()).collect())
}

struct Person {
    number: u64,
    client: Client,
    url: String,
    token: String,
    workspace: String,
    kind: String,
    times: Vec<String>,
    answers: watch::Sender<u64>,
}

impl Person {
    /// Books, moves and cancels until it is over; gives back what they were told they have, and how often.
    async fn live(self, ends: watch::Receiver<bool>) -> (Acknowledged, u64) {
        let dice = SeededRandom::new(1_000 + self.number);
        let mut mine = Acknowledged::new();
        let mut count = 0;
        while !*ends.borrow() {
            count += 1;
            let time = &self.times[dice.next_u64() as usize % self.times.len()];
            let open: Vec<String> =
                mine.iter().filter(|(_, (open, _))| *open).map(|(id, _)| id.clone()).collect();
            let chosen = (!open.is_empty()).then(|| open[dice.next_u64() as usize % open.len()].clone());
            let (path, body) = match (dice.next_u64() % 10, &chosen) {
                (0..=3, _) | (_, None) => {
                    let guest = json!({ "type_id": self.kind, "start": time, "name": format!("Guest {count}"),
                        "email": format!("guest{count}.{}@example.com", self.number) });
                    ("/bookings".to_owned(), guest)
                }
                (4..=6, Some(id)) => (format!("/bookings/{id}/reschedule"), json!({ "start": time })),
                (_, Some(id)) => (format!("/bookings/{id}/cancel"), json!({ "reason": "changed my mind" })),
            };
            let key = format!("{}-{count}", self.number);
            if let Some(made) = self.ask(&path, &body, &key).await {
                let booking: Booking = serde_json::from_value(made).unwrap();
                let now = (booking.status.is_open(), booking.start);
                mine.insert(booking.id.to_string(), now);
            }
            self.answers.send_modify(|answers| *answers += 1);
        }
        (mine, count)
    }

    /// Sends it until there is an answer; `None` when the time was taken.
    async fn ask(&self, path: &str, body: &Value, key: &str) -> Option<Value> {
        let deadline = Instant::now() + ANSWERED_WITHIN;
        loop {
            let sent = self
                .client
                .post(format!("{}{path}", self.url))
                .bearer_auth(&self.token)
                .header("x-workspace", &self.workspace)
                .header("idempotency-key", key)
                .json(body)
                .send()
                .await;
            if let Ok(answer) = sent {
                let status = answer.status();
                if let Ok(text) = answer.text().await {
                    match status {
                        StatusCode::OK | StatusCode::CREATED => {
                            return Some(serde_json::from_str(&text).unwrap());
                        }
                        StatusCode::CONFLICT => {
                            assert!(text.contains("slot-taken"), "{path}: {text}");
                            return None;
                        }
                        StatusCode::SERVICE_UNAVAILABLE => {}
                        _ => panic!("{path}: {status} {text}"),
                    }
                }
            }
            assert!(Instant::now() < deadline, "{path} was never answered");
            sleep(Duration::from_millis(20)).await;
        }
    }
}

/// The database holds what was acknowledged, and claims exactly that.
async fn check(store: &Store, workspace: WorkspaceId, told: &Acknowledged) {
    let (reader, scope) = (store.reader(), Scope::system(workspace));
    let filter = booking::Filter::default();
    let stored =
        booking::list(reader, scope, &filter, booking::Order::Start, 0, 100_000).await.unwrap().items;
    let kept: Acknowledged = stored
        .iter()
        .map(|booking| (booking.id.to_string(), (booking.status.is_open(), booking.start)))
        .collect();
    assert_eq!(&kept, told, "what was acknowledged is what there is");
    let open: Vec<&Booking> = stored.iter().filter(|it| it.status.is_open()).collect();
    assert!(!open.is_empty() && stored.iter().any(|it| it.status == BookingStatus::Cancelled));
    for (at, one) in open.iter().enumerate() {
        for other in &open[at + 1..] {
            let overlap = one.start < other.end && other.start < one.end;
            assert!(!overlap || one.staff != other.staff, "{one:?} is over {other:?}");
        }
    }
    let expected: BTreeSet<(Unit, Timestamp)> =
        open.iter().map(|it| (Unit::Staff(it.staff[0]), it.start)).collect();
    let (first, last) = (open[0].start, open[open.len() - 1].end);
    let day = Duration::from_hours(24);
    let busy = booking_session::busy(reader, scope, (first.minus(day), last.plus(day)), first).await.unwrap();
    let claimed: BTreeSet<(Unit, Timestamp)> = busy.iter().map(|it| (it.unit, it.from)).collect();
    assert_eq!(claimed.len(), busy.len(), "each claim is there once");
    assert_eq!(claimed, expected, "claims are those of the appointments that hold");
}
