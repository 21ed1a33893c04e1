//! Power cuts at random moments under load: what was acknowledged is there exactly once, in order, and answered exactly
//! once.
//!
//! Moments are drawn from a fixed seed; what the machine does meanwhile differs from run to run, as it should.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use frontdesk_domain::context::Scope;
use frontdesk_domain::conversation::Floor;
use frontdesk_domain::event::Event;
use frontdesk_domain::id::{ConversationId, WorkspaceId};
use frontdesk_domain::message::{Author, Message};
use frontdesk_domain::random::{Random, SeededRandom};
use frontdesk_store::{Store, StoreSettings, conversation, event, job, message, turn};
use frontdesk_testkit::postgres::TestDatabase;
use tokio::task::JoinSet;
use tokio::time::{Instant, interval, sleep, timeout};

use crate::server::{Owner, Server};
use crate::visitor::{Load, QUESTIONS, Story, Visitor};

/// Visitors of each kind.
const PATIENT: u64 = 6;
const IMPATIENT: u64 = 5;
/// The most messages acknowledged between a start and the next cut.
const BETWEEN_CUTS: u64 = 25;
/// A cut comes at most this long after the message that was waited for.
const AFTERMATH_MS: u64 = 60;
/// The answer of a turn whose process died is due after 20 s, or when its lease of a minute has lapsed.
const SETTLED_WITHIN: Duration = Duration::from_secs(110);

#[tokio::test(flavor = "multi_thread")]
async fn fifty_power_cuts_lose_nothing_and_double_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let store = StoreSettings::sqlite(&folder.path().join("frontdesk.db"));
    let server = Server::on(folder.path(), None);
    survive(server, &store, 50).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn ten_power_cuts_on_postgres_lose_nothing_and_double_nothing() {
    let database = TestDatabase::create().await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let store = StoreSettings { url: database.url(), connections: 4 };
    let server = Server::on(folder.path(), Some(database.url()));
    survive(server, &store, 10).await;
}

async fn survive(mut server: Server, database: &StoreSettings, cuts: u64) {
    server.start().await;
    let owner = Owner::sign_up(&server).await;
    owner.teach(&server, QUESTIONS).await;
    let key = owner.widget_key(&server).await;

    let load = Arc::new(Load::new());
    let mut visitors = JoinSet::new();
    for number in 0..PATIENT + IMPATIENT {
        let (load, url, key) = (Arc::clone(&load), server.url.clone(), key.clone());
        visitors.spawn(async move {
            let visitor = Visitor::arrive(&url, &key, number).await;
            if number < PATIENT { visitor.converse(&load).await } else { visitor.chatter(&load).await }
        });
    }
    let moments = SeededRandom::new(4711);
    let mut acknowledged = load.acknowledged.subscribe();
    for cut in 1..=cuts {
        let enough = *acknowledged.borrow() + 1 + moments.next_u64() % BETWEEN_CUTS;
        // What is borrowed holds up the visitors, so it is given back at once.
        let heard =
            timeout(Duration::from_secs(30), acknowledged.wait_for(|count| *count >= enough)).await.is_ok();
        assert!(heard, "nothing was acknowledged after start {cut}:\n{}", server.log());
        sleep(Duration::from_millis(moments.next_u64() % AFTERMATH_MS)).await;
        server.kill();
        server.start().await;
    }
    load.over.send_replace(true);
    let stories = timeout(SETTLED_WITHIN, visitors.join_all()).await;
    let stories = stories.unwrap_or_else(|_| panic!("a visitor was never answered:\n{}", server.log()));

    let store = Store::connect(database).await.unwrap();
    let workspace: WorkspaceId = owner.workspace.parse().unwrap();
    let after_the_storm = after_the_storm(&store, workspace, &stories).await;
    assert!(
        after_the_storm,
        "the queue did not become empty: {:?}",
        job::counts_everywhere(store.reader()).await
    );
    let mut told: BTreeMap<String, u64> = BTreeMap::new();
    for story in &stories {
        check_conversation(&store, workspace, story, &mut told).await;
    }
    check_events(&store, workspace, &told).await;
    store.close().await;
}

/// Waits until every conversation that the agent holds is answered and nothing waits in the queue.
async fn after_the_storm(store: &Store, workspace: WorkspaceId, stories: &[Story]) -> bool {
    let scope = Scope::system(workspace);
    let mut look = interval(Duration::from_millis(100));
    let deadline = Instant::now() + SETTLED_WITHIN;
    while Instant::now() < deadline {
        look.tick().await;
        let mut settled = job::counts_everywhere(store.reader()).await.unwrap().is_empty();
        for story in stories {
            let id: ConversationId = story.conversation.parse().unwrap();
            let thread = conversation::get_thread(store.reader(), scope, id).await.unwrap();
            settled &= thread.conversation.floor != Floor::Ai || thread.answered_seq >= thread.customer_seq;
        }
        if settled {
            return true;
        }
    }
    false
}

async fn check_conversation(
    store: &Store,
    workspace: WorkspaceId,
    story: &Story,
    told: &mut BTreeMap<String, u64>,
) {
    let (reader, scope) = (store.reader(), Scope::system(workspace));
    let id: ConversationId = story.conversation.parse().unwrap();
    let thread = conversation::get_thread(reader, scope, id).await.unwrap();
    let messages = message::list_after(reader, scope, id, 0, 1_000_000).await.unwrap();

    let numbers: Vec<u64> = messages.iter().map(|message| message.seq).collect();
    assert_eq!(numbers, (1..=thread.message_seq).collect::<Vec<_>>(), "{id}: numbers without gaps");

    let said: Vec<&Message> = messages.iter().filter(|message| message.author == Author::Customer).collect();
    let stored: Vec<(&str, u64, &str)> =
        said.iter().map(|m| (m.client_id.as_deref().unwrap(), m.seq, m.text.as_str())).collect();
    let acknowledged: Vec<(&str, u64, &str)> =
        story.acknowledged.iter().map(|a| (a.client_id.as_str(), a.seq, a.text.as_str())).collect();
    assert_eq!(stored, acknowledged, "{id}: each message once, in order, under the acknowledged number");

    assert_eq!(thread.conversation.floor, Floor::Ai, "{id}: nothing called for a person");
    assert_eq!(thread.answered_seq, thread.customer_seq, "{id}: everything is answered");
    let replies: Vec<&Message> = messages.iter().filter(|message| message.author == Author::Ai).collect();
    let (mut asked, mut answered) = (0_u64, 0_u64);
    for message in &messages {
        match message.author {
            Author::Customer => asked += 1,
            Author::Ai => {
                answered += 1;
                assert!(answered <= asked, "{id}: message {} answers nothing", message.seq);
                assert!(!message.cut && !message.text.is_empty(), "{id}: {message:?}");
            }
            _ => panic!("{id}: {message:?}"),
        }
        assert!(!story.patient || asked - answered <= 1, "{id}: message {} came out of turn", message.seq);
    }
    if story.patient {
        assert_eq!(replies.len(), said.len(), "{id}: one answer each");
    } else {
        // Messages that came in quick succession may have been answered together.
        assert!(replies.len() <= said.len() && !replies.is_empty(), "{id}: at most one answer each");
    }
    let turns: HashSet<_> = replies.iter().map(|reply| reply.turn_id.unwrap()).collect();
    assert_eq!(turns.len(), replies.len(), "{id}: a turn writes one reply");
    let records = turn::list(reader, scope, id, 1_000_000).await.unwrap();
    assert_eq!(records.len(), replies.len(), "{id}: every turn is on record once");
    for message in &messages {
        told.insert(message.id.to_string(), message.seq);
    }
}

/// The log has no gap and tells of every message exactly once.
async fn check_events(store: &Store, workspace: WorkspaceId, told: &BTreeMap<String, u64>) {
    let (reader, scope) = (store.reader(), Scope::system(workspace));
    let events = event::list_after(reader, scope, 0, 10_000_000).await.unwrap();
    let numbers: Vec<u64> = events.iter().map(|logged| logged.seq).collect();
    let last = event::last_seq(reader, scope).await.unwrap();
    assert_eq!(numbers, (1..=last).collect::<Vec<_>>(), "the event log has no gaps");
    let mut announced = BTreeMap::new();
    for logged in &events {
        if let Event::MessageCreated { message_id, seq, .. } = &logged.event {
            assert_eq!(announced.insert(message_id.to_string(), *seq), None, "announced twice: {message_id}");
        }
    }
    assert_eq!(&announced, told, "every message is announced once");
}
