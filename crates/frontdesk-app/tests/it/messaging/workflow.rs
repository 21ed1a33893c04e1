//! Workflows: who enters, what they get, and that it stops when it should.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::body::Bytes;
use axum::http::{HeaderMap, StatusCode};
use frontdesk_app::{subscribers, workflow};
use frontdesk_channel::mail::hook::{HookSignature, verify};
use frontdesk_domain::outbox::Status;
use frontdesk_domain::time::Timestamp;
use frontdesk_testkit::on_both;
use serde_json::{Value, json};

use super::kit::{ANA, Line};

const MINUTE: Duration = Duration::from_mins(1);
const DAY: Duration = Duration::from_hours(24);
const BEN: &str = "+14155552672";

fn send(id: &str, text: &str) -> Value {
    json!({ "id": id, "action": { "do": "send", "message": { "channel": "sms", "words": { "by": "text", "text": text } } } })
}

fn wait(id: &str, minutes: u32) -> Value {
    json!({ "id": id, "action": { "do": "wait", "minutes": minutes } })
}

fn follow_up(id: &str, times: u32) -> Value {
    json!({ "id": id, "action": { "do": "follow_up", "times": times, "every_minutes": 1440,
        "message": { "channel": "sms", "words": { "by": "text", "text": "Still there, {{ first_name }}?" } } } })
}

fn flow(trigger: Value, steps: Vec<Value>) -> Value {
    let mut all = serde_json::Map::new();
    all.insert("name".to_owned(), json!("Test"));
    all.insert("purpose".to_owned(), json!("transactional"));
    all.insert("trigger".to_owned(), trigger);
    all.insert("steps".to_owned(), Value::Array(steps));
    Value::Object(all)
}

/// Settings with some of them changed.
fn with(mut settings: Value, changes: Value) -> Value {
    let (Value::Object(all), Value::Object(changes)) = (&mut settings, changes) else { panic!("objects") };
    all.extend(changes);
    settings
}

impl Line {
    async fn started(&self, settings: Value) -> String {
        let owner = self.owner().await;
        let made = owner.post("/workflows", settings).await;
        assert!(made.status.is_success(), "{}", made.text);
        let id = made.json()["id"].as_str().unwrap().to_owned();
        self.switch(&id, "active").await;
        id
    }

    async fn switch(&self, id: &str, state: &str) {
        let body = json!({ "ids": [id], "state": state });
        let answer = self.owner().await.post("/workflows/state", body).await;
        assert!(answer.status.is_success(), "{}", answer.text);
    }

    async fn contact(&self, name: &str, phone: &str) -> String {
        let made = self.owner().await.post("/contacts", json!({ "name": name, "phone": phone })).await;
        assert!(made.status.is_success(), "{}", made.text);
        made.json()["id"].as_str().unwrap().to_owned()
    }

    /// What the schedule does every minute, and all that follows.
    async fn tick(&self) {
        subscribers::catch_up(&self.app.app).await.unwrap();
        // Who enters in one round is written to in the next.
        for _ in 0..3 {
            workflow::tick(&self.app.app).await.unwrap();
            self.settle().await;
        }
    }

    async fn pass(&self, by: Duration) {
        self.app.clock.advance(by);
        self.tick().await;
    }

    async fn people(&self, id: &str) -> Vec<Value> {
        let page = self.owner().await.get(&format!("/workflows/{id}/enrolments")).await.json();
        page["items"].as_array().unwrap().clone()
    }

    async fn status(&self, contact: &str) -> String {
        let found = self.owner().await.get(&format!("/contacts/{contact}")).await.json();
        found["status"].as_str().unwrap().to_owned()
    }

    /// Noon where everybody lives, so that no hours of quiet get in the way.
    fn at_noon(&self) {
        let noon = "2030-01-08T20:00:00Z".parse::<jiff::Timestamp>().unwrap();
        self.app.clock.set(noon.into());
    }
}

on_both! {
    async fn a_contact_that_is_added_is_written_to_within_five_minutes_and_nobody_from_before_is(t: TestStore) {
        let line = Line::on(t).await;
        line.at_noon();
        line.contact("Early Bird", BEN).await;
        line.app.clock.advance(MINUTE);
        let id = line.started(flow(json!({ "on": "contact_added" }), vec![send("hello", "Hi {{ first_name }}!")])).await;
        line.app.clock.advance(MINUTE);
        let ana = line.contact("Ana Diaz", ANA).await;
        line.pass(MINUTE).await;
        assert_eq!(line.phone(ANA), ["Hi Ana!"]);
        assert_eq!(line.phone(BEN), [""; 0]);
        assert_eq!(line.status(&ana).await, "contacted");
        // Looking again, however late, writes to nobody twice.
        line.pass(MINUTE).await;
        line.pass(DAY).await;
        assert_eq!(line.phone(ANA).len(), 1);
        let people = line.people(&id).await;
        assert_eq!((people.len(), &people[0]["state"]), (1, &json!("finished")));
    }

    async fn follow_ups_stop_when_the_customer_answers_also_the_one_that_waits(t: TestStore) {
        let line = Line::on(t).await;
        line.at_noon();
        let steps = vec![send("hello", "Hello!"), wait("day", 1440), follow_up("again", 3)];
        let id = line.started(with(flow(json!({ "on": "contact_added" }), steps), json!({ "goal": "reply" }))).await;
        line.app.clock.advance(MINUTE);
        let ana = line.contact("Ana", ANA).await;
        line.pass(MINUTE).await;
        line.pass(DAY).await;
        assert_eq!(line.phone(ANA), ["Hello!", "Still there, Ana?"]);
        // The second follow-up is written and still here when they answer.
        line.app.clock.advance(DAY);
        workflow::advance::due(&line.app.app, line.ctx.workspace).await.unwrap();
        line.text(ANA, "Yes, sorry! What do you offer?").await;
        line.tick().await;
        line.pass(DAY * 5).await;
        let heard = line.phone(ANA);
        assert_eq!(heard.iter().filter(|text| text.starts_with("Still there")).count(), 1, "{heard:?}");
        let people = line.people(&id).await;
        assert_eq!((&people[0]["state"], &people[0]["reason"]), (&json!("won"), &json!("replied")));
        assert_eq!(line.status(&ana).await, "in_conversation");
        let called_off = line.outbox().await;
        let called_off = called_off.iter().filter(|message| message.status == Status::Cancelled).count();
        assert_eq!(called_off, 1);
    }

    async fn who_answers_no_follow_up_is_marked_unresponsive(t: TestStore) {
        let line = Line::on(t).await;
        line.at_noon();
        let id = line.started(flow(json!({ "on": "contact_added" }), vec![follow_up("ask", 2)])).await;
        line.app.clock.advance(MINUTE);
        let ana = line.contact("Ana", ANA).await;
        for _ in 0..4 {
            line.pass(DAY).await;
        }
        assert_eq!(line.phone(ANA).len(), 2);
        assert_eq!(line.status(&ana).await, "unresponsive");
        assert_eq!(line.people(&id).await[0]["reason"], "unresponsive");
        let found = line.owner().await.get(&format!("/contacts/{ana}")).await.json();
        assert_eq!(found["follow_ups"], 2);
    }

    async fn a_talk_that_ends_without_a_booking_is_nurtured_until_they_book(t: TestStore) {
        let line = Line::on(t).await;
        line.at_noon();
        let steps = vec![wait("one", 1440), send("ask", "Any questions left?"), wait("four", 4320), send("offer", "Whenever it suits you.")];
        let id = line.started(flow(json!({ "on": "conversation_ended" }), steps)).await;
        line.text(ANA, "Hi, what does a cleaning cost?").await;
        let answered = line.phone(ANA).len();
        // Nobody writes for a day: it ends by itself.
        line.app.clock.advance(DAY + MINUTE);
        frontdesk_app::conversation::idle::end_idle(&line.app.app).await.unwrap();
        line.tick().await;
        assert_eq!(line.people(&id).await.len(), 1);
        line.pass(DAY).await;
        assert_eq!(line.phone(ANA)[answered..], ["Any questions left?"]);
        line.booked(ANA).await;
        line.tick().await;
        line.pass(DAY * 4).await;
        assert!(!line.phone(ANA).iter().any(|text| text.starts_with("Whenever")), "{:?}", line.phone(ANA));
        let people = line.people(&id).await;
        assert_eq!((&people[0]["state"], &people[0]["reason"]), (&json!("won"), &json!("booked")));
    }

    async fn an_opt_out_ends_every_workflow(t: TestStore) {
        let line = Line::on(t).await;
        line.at_noon();
        let first = line.started(flow(json!({ "on": "contact_added" }), vec![send("a", "One"), wait("w", 60), send("b", "Two")])).await;
        let second = line.started(flow(json!({ "on": "contact_added" }), vec![wait("w", 120), send("c", "Three")])).await;
        line.app.clock.advance(MINUTE);
        line.contact("Ana", ANA).await;
        line.pass(MINUTE).await;
        line.text(ANA, "STOP").await;
        line.pass(DAY).await;
        let heard = line.phone(ANA);
        assert!(!heard.iter().any(|text| text == "Two" || text == "Three"), "{heard:?}");
        for id in [first, second] {
            assert_eq!(line.people(&id).await[0]["state"], "stopped");
        }
    }

    async fn an_edit_changes_what_is_to_come_and_nobody_loses_their_place(t: TestStore) {
        let line = Line::on(t).await;
        line.at_noon();
        let trigger = json!({ "on": "contact_added" });
        let id = line.started(flow(trigger.clone(), vec![send("a", "One"), wait("w", 1440), send("b", "Old words")])).await;
        line.app.clock.advance(MINUTE);
        line.contact("Ana", ANA).await;
        line.pass(MINUTE).await;
        let owner = line.owner().await;
        let edited = flow(trigger, vec![send("x", "Put in before"), send("a", "One"), wait("w", 10), send("b", "New words")]);
        let path = format!("/workflows/{id}");
        let saved = owner.put(&path, json!({ "settings": edited, "version": 1 })).await;
        assert!(saved.status.is_success(), "{}", saved.text);
        let late = owner.put(&path, json!({ "settings": edited, "version": 1 })).await;
        assert_eq!(late.status, 409, "{}", late.text);
        line.pass(MINUTE * 20).await;
        assert_eq!(line.phone(ANA), ["One"], "the wait they are in stays as it was");
        line.pass(DAY).await;
        assert_eq!(line.phone(ANA), ["One", "New words"]);
    }

    async fn a_pause_calls_off_what_waits_and_going_on_sends_it_once(t: TestStore) {
        let line = Line::on(t).await;
        line.at_noon();
        let id = line.started(flow(json!({ "on": "contact_added" }), vec![send("a", "One"), wait("w", 60), send("b", "Two")])).await;
        line.app.clock.advance(MINUTE);
        line.contact("Ana", ANA).await;
        line.pass(MINUTE).await;
        line.app.clock.advance(Duration::from_hours(1));
        workflow::advance::due(&line.app.app, line.ctx.workspace).await.unwrap();
        let owner = line.owner().await;
        let pending = owner.get(&format!("/workflows/{id}/pending")).await.json();
        assert_eq!(pending["waiting_messages"], 1, "{pending}");
        line.switch(&id, "paused").await;
        line.pass(DAY).await;
        assert_eq!(line.phone(ANA), ["One"]);
        assert_eq!(line.people(&id).await[0]["step"], "b");
        line.switch(&id, "active").await;
        line.tick().await;
        line.pass(DAY).await;
        assert_eq!(line.phone(ANA), ["One", "Two"]);
    }

    async fn a_merge_that_is_taken_back_gives_place_and_task_back(t: TestStore) {
        let line = Line::on(t).await;
        line.at_noon();
        let call = json!({ "id": "call", "action": { "do": "task", "title": "Call them", "due_in_days": 2 } });
        let id = line.started(flow(json!({ "on": "manual" }), vec![call, wait("w", 1440), send("a", "Hello")])).await;
        let ana = line.contact("Ana", ANA).await;
        // Of two the older one stays.
        line.app.clock.advance(MINUTE);
        let ben = line.contact("Ben", BEN).await;
        let owner = line.owner().await;
        owner.post(&format!("/workflows/{id}/enrolments"), json!({ "contact_ids": [ben] })).await;
        line.tick().await;
        let merged = owner.post(&format!("/contacts/{ana}/merge"), json!({ "other_id": ben })).await;
        assert!(merged.status.is_success(), "{}", merged.text);
        let of = async || {
            let task = owner.get("/tasks").await.json()["items"][0]["contact_id"].clone();
            (line.people(&id).await[0]["contact_id"].clone(), task)
        };
        assert_eq!(of().await, (json!(ana), json!(ana)));
        let merges = owner.get(&format!("/contacts/{ana}/merges")).await.json();
        let merge = merges[0]["id"].as_str().unwrap();
        let undone = owner.post(&format!("/contacts/{ana}/merges/{merge}/undo"), json!({})).await;
        assert!(undone.status.is_success(), "{}", undone.text);
        assert_eq!(of().await, (json!(ben), json!(ben)));
        line.pass(DAY + MINUTE).await;
        assert_eq!((line.phone(ANA).len(), line.phone(BEN)), (0, vec!["Hello".to_owned()]));
    }

    async fn of_two_nodes_one_does_a_step(t: TestStore) {
        let line = Line::on(t).await;
        line.at_noon();
        let id = line.started(flow(json!({ "on": "manual" }), vec![send("a", "Once")])).await;
        let mut ids = Vec::new();
        for n in 0..10 {
            ids.push(line.contact(&format!("Ana {n}"), &format!("+1415555{:04}", 3000 + n)).await);
        }
        let owner = line.owner().await;
        let entered = owner.post(&format!("/workflows/{id}/enrolments"), json!({ "contact_ids": ids })).await.json();
        assert_eq!((&entered["entered"], &entered["left_out"]), (&json!(10), &json!(0)));
        let again = owner.post(&format!("/workflows/{id}/enrolments"), json!({ "contact_ids": ids })).await.json();
        assert_eq!((&again["entered"], &again["left_out"]), (&json!(0), &json!(10)));
        let due = || workflow::advance::due(&line.app.app, line.ctx.workspace);
        let (one, two) = tokio::join!(Box::pin(due()), Box::pin(due()));
        one.unwrap();
        two.unwrap();
        line.tick().await;
        assert_eq!(line.outbox().await.len(), 10);
        let funnel = owner.get(&format!("/workflows/{id}/funnel")).await.json();
        assert_eq!((&funnel["entered"], &funnel["steps"][0]["done"]), (&json!(10), &json!(10)), "{funnel}");
        assert_eq!(funnel["messages"], json!([{ "status": "delivered", "count": 10 }]));
    }

    async fn what_the_gate_forbids_is_left_out_with_the_reason_and_the_way_goes_on(t: TestStore) {
        let line = Line::on(t).await;
        line.at_noon();
        let steps = vec![send("sell", "Buy now"), json!({ "id": "call", "action": { "do": "task", "title": "Call {{ name }}", "due_in_days": 2 } })];
        let id = line.started(with(flow(json!({ "on": "contact_added" }), steps), json!({ "purpose": "marketing" }))).await;
        line.app.clock.advance(MINUTE);
        line.contact("Ana Diaz", ANA).await;
        line.pass(MINUTE).await;
        assert_eq!(line.phone(ANA), [""; 0]);
        let owner = line.owner().await;
        let people = line.people(&id).await;
        let history = owner.get(&format!("/enrolments/{}", people[0]["id"].as_str().unwrap())).await.json();
        assert_eq!(history["log"][0]["outcome"], "skipped", "{history}");
        assert!(history["log"][0]["text"].as_str().unwrap().contains("consent"), "{history}");
        let tasks = owner.get("/tasks").await.json();
        assert_eq!(tasks["items"][0]["title"], "Call Ana Diaz");
        let task = tasks["items"][0]["id"].as_str().unwrap();
        owner.post(&format!("/tasks/{task}/done"), json!({ "done": true })).await;
        assert_eq!(owner.get("/tasks").await.json()["items"], json!([]));
        assert_eq!(owner.get("/tasks?done=true").await.json()["items"][0]["id"], task);
    }

    async fn a_contact_that_fits_is_told_so_with_reasons(t: TestStore) {
        let line = Line::on(t).await;
        line.at_noon();
        let criteria = json!([
            { "id": "owner", "text": "owns the place", "words": ["own", "my house"] },
            { "id": "soon", "text": "wants it soon", "words": ["this week"], "required": false },
        ]);
        let settings = with(
            flow(json!({ "on": "contact_added" }), vec![send("ask", "Do you rent or own?"), wait("w", 9000)]),
            json!({ "goal": "qualified", "criteria": criteria }),
        );
        let id = line.started(settings).await;
        line.app.clock.advance(MINUTE);
        let ana = line.contact("Ana", ANA).await;
        line.pass(MINUTE).await;
        line.text(ANA, "We own it").await;
        line.tick().await;
        line.pass(MINUTE * 2).await;
        let people = line.people(&id).await;
        assert_eq!(people[0]["qualification"]["qualified"], true, "{people:?}");
        assert_eq!(people[0]["qualification"]["judgements"][0]["reason"], "they wrote: We own it");
        assert_eq!(people[0]["qualification"]["judgements"][1]["met"], Value::Null);
        assert_eq!((&people[0]["state"], &people[0]["reason"]), (&json!("won"), &json!("qualified")));
        assert_eq!(line.status(&ana).await, "qualified");
    }

    async fn nobody_is_written_to_by_itself_while_a_team_member_talks_with_them(t: TestStore) {
        let line = Line::on(t).await;
        line.at_noon();
        line.text(ANA, "Can I talk to somebody?").await;
        let owner = line.owner().await;
        let talk = owner.get("/conversations?channel=sms").await.json()["items"][0]["id"].clone();
        let taken = owner.post(&format!("/conversations/{}/take-over", talk.as_str().unwrap()), json!({})).await;
        assert!(taken.status.is_success(), "{}", taken.text);
        let heard = line.phone(ANA).len();
        let id = line.started(flow(json!({ "on": "manual" }), vec![send("a", "Buy now")])).await;
        let ana = owner.get("/contacts").await.json()["items"][0]["id"].clone();
        line.app.clock.advance(MINUTE);
        let entered = owner.post(&format!("/workflows/{id}/enrolments"), json!({ "contact_ids": [ana] })).await;
        assert!(entered.status.is_success(), "{}", entered.text);
        line.tick().await;
        assert_eq!(line.phone(ANA).len(), heard);
        let people = line.people(&id).await;
        let history = owner.get(&format!("/enrolments/{}", people[0]["id"].as_str().unwrap())).await.json();
        assert!(history["log"][0]["text"].as_str().unwrap().contains("a team member is talking"), "{history}");
    }

    async fn conditions_tags_and_dates_lead_the_way(t: TestStore) {
        let line = Line::on(t).await;
        line.at_noon();
        let steps = vec![
            json!({ "id": "tag", "action": { "do": "tag", "add": [{ "name": "VIP", "color": "teal" }], "remove": ["cold"] } }),
            json!({ "id": "if", "action": { "do": "condition", "test": { "if": "has_tag", "name": "vip" }, "otherwise": "end" } }),
            send("renew", "Your contract ends soon, {{ first_name }}."),
            json!({ "id": "end", "action": { "do": "end" } }),
        ];
        let trigger = json!({ "on": "date", "field": "Renewal", "days": -30, "at": "09:00" });
        let id = line.started(flow(trigger, steps)).await;
        let owner = line.owner().await;
        let today = "2030-02-07";
        for (name, phone, date) in [("Ana Diaz", ANA, today), ("Ben Roy", BEN, "2030-03-01")] {
            let new = json!({ "name": name, "phone": phone, "fields": { "Renewal": date } });
            assert!(owner.post("/contacts", new).await.status.is_success());
        }
        line.pass(MINUTE).await;
        assert_eq!(line.phone(ANA), ["Your contract ends soon, Ana."]);
        assert_eq!(line.phone(BEN), [""; 0]);
        line.pass(MINUTE).await;
        assert_eq!(line.people(&id).await.len(), 1);
    }

    async fn the_preview_shows_what_the_next_contacts_would_get_and_sends_nothing(t: TestStore) {
        let line = Line::on(t).await;
        line.at_noon();
        line.contact("Ana Diaz", ANA).await;
        line.contact("Nobody", "+14155552699").await;
        let ai = json!({ "by": "ai", "instruction": "Say hello", "fallback": "Hello {{ first_name }}" });
        let steps = vec![wait("w", 60), json!({ "id": "a", "action": { "do": "send", "message": { "channel": "sms", "words": ai } } })];
        let settings = with(flow(json!({ "on": "contact_added" }), steps), json!({ "filter": { "q": "ana" } }));
        let owner = line.owner().await;
        let shown = owner.post("/workflows/preview", json!({ "settings": settings })).await;
        assert!(shown.status.is_success(), "{}", shown.text);
        let shown = shown.json();
        assert_eq!(shown["items"].as_array().unwrap().len(), 1, "{shown}");
        assert_eq!((&shown["items"][0]["text"], &shown["items"][0]["written_by"]), (&json!("Hello Ana"), &json!("fallback")));
        assert_eq!(shown["items"][0]["verdict"]["verdict"], "allow", "{shown}");
        let bad = json!({ "settings": with(settings, json!({ "steps": [send("a", "Hi {{ nickname }}")] })) });
        let refused = owner.post("/workflows/preview", bad).await;
        assert_eq!(refused.status, 422, "{}", refused.text);
        assert!(refused.text.contains("/settings/steps/0/action/message/words/text"), "{}", refused.text);
        line.tick().await;
        assert_eq!(line.outbox().await.len(), 0);
    }

    async fn another_system_knows_that_a_workflow_s_call_is_ours_on_every_try(t: TestStore) {
        let line = Line::on(t).await;
        line.at_noon();
        let heard = Arc::new(Mutex::new(Vec::<(HeaderMap, Bytes)>::new()));
        let ear = {
            let heard = Arc::clone(&heard);
            let hear = move |headers: HeaderMap, body: Bytes| {
                let mut all = heard.lock().unwrap();
                all.push((headers, body));
                // Away at first: the call comes again.
                std::future::ready(if all.len() == 1 { StatusCode::BAD_GATEWAY } else { StatusCode::OK })
            };
            frontdesk_sim::spawn(axum::Router::new().route("/in", axum::routing::post(hear))).await.unwrap()
        };
        let step = json!({ "id": "tell", "action": { "do": "webhook", "url": format!("{}/in", ear.url) } });
        line.started(flow(json!({ "on": "contact_added" }), vec![step])).await;
        line.app.clock.advance(MINUTE);
        line.contact("Ana Diaz", ANA).await;
        line.pass(MINUTE).await;
        line.pass(DAY).await;
        let owner = line.owner().await;
        let secret = owner.get("/workflows/webhook-secret").await.json()["secret"].as_str().unwrap().to_owned();
        assert_eq!(owner.get("/workflows/webhook-secret").await.json()["secret"], secret);
        let calls = heard.lock().unwrap().clone();
        assert_eq!(calls.len(), 2);
        let said = |headers: &HeaderMap, name: &str| headers.get(name).unwrap().to_str().unwrap().to_owned();
        assert_eq!(said(&calls[0].0, "webhook-id"), said(&calls[1].0, "webhook-id"));
        for (headers, body) in &calls {
            let (id, timestamp) = (said(headers, "webhook-id"), said(headers, "webhook-timestamp"));
            let signatures = said(headers, "webhook-signature");
            let signed = HookSignature { id: &id, timestamp: &timestamp, signatures: &signatures };
            let at = Timestamp::from_millis(timestamp.parse::<i64>().unwrap() * 1_000);
            assert_eq!(verify(&secret.clone().into(), signed, body, at), Ok(()));
            let read: Value = serde_json::from_slice(body).unwrap();
            assert_eq!((&read["contact"]["name"], &read["id"]), (&json!("Ana Diaz"), &json!(id)));
        }
        let renewed = owner.post("/workflows/webhook-secret/renew", json!({})).await.json();
        assert_ne!(renewed["secret"], secret);
        assert_eq!(owner.get("/workflows/webhook-secret").await.json(), renewed);
    }
}
