//! Two nodes on one PostgreSQL: what happens on one is known on the other, and nothing is done twice.

use std::collections::BTreeMap;

use frontdesk_sim::model::{ModelSim, Script, Step, Turn};
use frontdesk_sim::openai;
use frontdesk_testkit::postgres::TestDatabase;
use reqwest::Method;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::time::{Duration, Instant, interval};

use crate::server::{Owner, Server, client};
use crate::visitor::{Socket, Visitor};

/// How long two nodes get for what they do by themselves.
const PATIENCE: Duration = Duration::from_mins(1);

/// Two running servers that share database, key ring and files.
async fn two_nodes(database: &TestDatabase, folder: &TempDir) -> (Server, Server) {
    let mut one = Server::on(folder.path(), Some(database.url()));
    let mut two = Server::on(folder.path(), Some(database.url()));
    one.start().await;
    two.start().await;
    (one, two)
}

/// Lets a model speak for the business's agent.
async fn let_model_speak(owner: &Owner, server: &Server, base_url: &str) {
    let connection = json!({ "vendor": "openai", "name": "Model", "enabled": true,
        "settings": { "model": "sim", "base_url": format!("{base_url}/v1") } });
    let connection = owner.post(server, "/connections", connection).await;
    let agents = owner.get(server, "/agents").await;
    let path = format!("/agents/{}", agents[0]["id"].as_str().unwrap());
    let mut draft = agents[0]["draft"].clone();
    draft["brain"]["models"] = json!([connection["id"]]);
    owner.call(server, Method::PATCH, &path, Some(json!({ "draft": draft }))).await;
    owner.post(server, &format!("{path}/publish"), json!({ "note": "a model speaks" })).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_take_over_on_one_node_silences_the_agent_on_the_other() {
    let database = TestDatabase::create().await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let (one, two) = two_nodes(&database, &folder).await;
    let owner = Owner::sign_up(&one).await;
    // It says this much and is still at it when the person comes.
    let model = ModelSim::default();
    let mut steps =
        vec![Step::pieces(["Our team has been here for thirty years. ", "There is a lot to tell. "])];
    for _ in 0..120 {
        steps.extend([Step::Slow { ms: 500 }, Step::say("And there is more. ")]);
    }
    model.play(Script::always(Turn::from(steps)));
    let sim = frontdesk_sim::spawn(openai::router(model.clone())).await.unwrap();
    let_model_speak(&owner, &one, &sim.url).await;

    let visitor = Visitor::arrive(&two.url, &owner.widget_key(&one).await, 1).await;
    let mut widget = Socket::open(&two.url, &visitor.token, 0).await.unwrap();
    let mut watching = Socket::live(&one, owner.token(), None).await.unwrap();
    watching.until("the log's end", |event| event["type"] == "ready").await;
    widget.say("c1", "Tell me about your team").await;

    // The words being written on one node are seen on the other.
    let delta = |event: &Value| event["type"] == "delta";
    let shown = widget.until("the first words", delta).await;
    let seen = watching.until("the first words on the other node", delta).await;
    assert_eq!(
        (&shown["turn_id"], &seen["conversation_id"]),
        (&seen["turn_id"], &json!(visitor.conversation))
    );

    let path = format!("/conversations/{}", visitor.conversation);
    owner.post(&one, &format!("{path}/take-over"), json!({})).await;
    let reply = json!({ "client_id": "p1", "text": "Hello, Ada here." });
    owner.post(&one, &format!("{path}/messages"), reply).await;
    widget.say("c2", "And your prices?").await;

    // Everything the visitor hears until the person's words and their own second message are there.
    let mut heard: BTreeMap<u64, Value> = BTreeMap::new();
    let mut floor = Value::Null;
    let complete = |heard: &BTreeMap<u64, Value>| {
        heard.values().any(|m| m["author"] == "person") && heard.values().any(|m| m["client_id"] == "c2")
    };
    while !complete(&heard) || floor["holder"] != "person" {
        let event = widget.next().await.expect("the socket stays open");
        match event["type"].as_str().unwrap() {
            "message" => {
                let message = event["message"].clone();
                heard.insert(message["seq"].as_u64().unwrap(), message);
            }
            "floor" => floor = event["floor"].clone(),
            _ => {}
        }
    }
    let by = |author: &str| heard.values().filter(|m| m["author"] == author).collect::<Vec<_>>();
    assert!(by("ai").iter().all(|m| m["cut"] == true), "{heard:?}");
    assert!(by("system")[0]["text"].as_str().unwrap().contains("Ada joined"), "{heard:?}");

    // And it stays that way: the cut words are kept once, and nobody but the person speaks.
    let mut look = interval(Duration::from_millis(100));
    let deadline = Instant::now() + PATIENCE;
    let stored = loop {
        look.tick().await;
        let stored = owner.get(&two, &format!("{path}/messages")).await["items"].as_array().unwrap().clone();
        if stored.iter().any(|m| m["author"] == "ai") {
            break stored;
        }
        assert!(Instant::now() < deadline, "what the visitor saw was not kept: {stored:?}");
    };
    let authors: Vec<&str> = stored.iter().map(|m| m["author"].as_str().unwrap()).collect();
    assert_eq!(authors.iter().filter(|author| **author == "ai").count(), 1, "{stored:?}");
    let cut = stored.iter().find(|m| m["author"] == "ai").unwrap();
    assert_eq!(cut["cut"], true);
    assert!(cut["text"].as_str().unwrap().starts_with(shown["text"].as_str().unwrap()), "{cut}");
    let conversation = owner.get(&two, &path).await;
    assert_eq!(conversation["floor"]["holder"], "person");
    assert_eq!(model.requests().len(), 1, "the model was not asked about what the person answers");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_happens_on_one_node_is_seen_live_on_the_other_in_order() {
    let database = TestDatabase::create().await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let (one, two) = two_nodes(&database, &folder).await;
    let owner = Owner::sign_up(&one).await;
    let mut watching = Socket::live(&two, owner.token(), Some(0)).await.unwrap();
    let nodes = [&one, &two];
    for number in 0..10 {
        let body = json!({ "name": format!("Contact {number}") });
        owner.post(nodes[number % 2], "/contacts", body).await;
    }
    let (mut seen, mut contacts) = (0, 0);
    while contacts < 10 {
        let event = watching.until("all contacts", |event| event["type"] == "event").await;
        assert_eq!(event["seq"], seen + 1, "{event}");
        seen += 1;
        contacts += u32::from(event["kind"] == "contact.updated");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_runs_once() {
    const JOBS: u64 = 30;
    let database = TestDatabase::create().await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let (one, two) = two_nodes(&database, &folder).await;
    let owner = Owner::sign_up(&one).await;
    let nodes = [&one, &two];
    for number in 0..JOBS {
        let body = json!({ "email": format!("colleague{number}@example.com"), "role": "agent" });
        owner.post(nodes[(number % 2) as usize], "/team/invitations", body).await;
    }
    let mut look = interval(Duration::from_millis(100));
    let deadline = Instant::now() + PATIENCE;
    loop {
        look.tick().await;
        let done = jobs_done(&one, "account.mail").await + jobs_done(&two, "account.mail").await;
        assert!(done <= JOBS, "{done} runs of {JOBS} jobs");
        if done == JOBS {
            break;
        }
        assert!(Instant::now() < deadline, "only {done} jobs ran:\n{}\n{}", one.log(), two.log());
    }
    let mails = std::fs::read_dir(folder.path().join("outbox")).unwrap();
    let mails: Vec<String> =
        mails.map(|entry| std::fs::read_to_string(entry.unwrap().path()).unwrap()).collect();
    for number in 0..JOBS {
        let address = format!("colleague{number}@example.com");
        let found = mails.iter().filter(|mail| mail.contains(&address)).count();
        assert_eq!(found, 1, "mails to {address}");
    }
}

/// How many jobs of this name a node has done.
async fn jobs_done(server: &Server, name: &str) -> u64 {
    let metrics = client().get(format!("{}/metrics", server.url)).send().await.unwrap().text().await.unwrap();
    let wanted = |line: &&str| {
        line.starts_with("frontdesk_jobs_total{") && line.contains(name) && line.contains("done")
    };
    let count =
        metrics.lines().filter(wanted).filter_map(|line| line.rsplit(' ').next()?.parse::<u64>().ok());
    count.sum()
}
