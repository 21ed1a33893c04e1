//! A practice whose agent is thought for by a scripted model: a line of the customer, the tools the model calls, what
//! came of each.

use std::sync::Arc;
use std::time::Duration;

use frontdesk_agent::booking::Availability;
use frontdesk_app::App;
use frontdesk_app::conversation::turn::Answered;
use frontdesk_app::conversation::{receive, turn};
use frontdesk_app::schedule::{kind, things};
use frontdesk_domain::booking::Booking;
use frontdesk_domain::booking_type::BookingType;
use frontdesk_domain::context::Context;
use frontdesk_domain::id::{AgentId, ConversationId};
use frontdesk_domain::message::{Author, Message, ToolCallRecord, TurnRecord};
use frontdesk_domain::schedule::Staff;
use frontdesk_http::{HttpClient, HttpSettings};
use frontdesk_sim::model::{ModelSim, Step};
use frontdesk_sim::{Running, openai};
use frontdesk_store::{booking as bookings, conversation, message};
use frontdesk_testkit::{START, TestApp};
use serde_json::{Value, json};

pub const DAY: Duration = Duration::from_hours(24);

/// A business with an agent, staff and something to book.
pub struct Practice {
    pub test: TestApp,
    /// The same application, which may also call simulators.
    pub app: Arc<App>,
    pub ctx: Context,
    pub model: ModelSim,
    pub agent: AgentId,
    pub staff: Vec<Staff>,
    _sim: Running,
}

impl Practice {
    /// Maria and Tom work all week from nine to five.
    pub async fn open() -> Self {
        let test = TestApp::open().await;
        let simulators =
            HttpSettings { allow_private_hosts: vec!["127.0.0.1".to_owned()], ..HttpSettings::default() };
        let (clock, random) = (Arc::clone(&test.app.clock), Arc::clone(&test.app.random));
        let http = HttpClient::new(simulators, clock, random).unwrap();
        let app = Arc::new(App { http, ..App::clone(&test.app) });
        let owner = test.signed_up("ana").await;
        let ctx = test.system(owner.workspace_id().await);
        let model = ModelSim::default();
        let sim = frontdesk_sim::spawn(openai::router(model.clone())).await.unwrap();
        let connection = json!({ "vendor": "openai", "name": "Model", "enabled": true,
            "settings": { "model": "sim", "base_url": format!("{}/v1", sim.url) } });
        let connection = owner.post("/connections", connection).await.json();
        let agents = owner.get("/agents").await.json();
        let path = format!("/agents/{}", agents[0]["id"].as_str().unwrap());
        let mut draft = agents[0]["draft"].clone();
        draft["brain"]["models"] = json!([connection["id"]]);
        owner.patch(&path, json!({ "draft": draft })).await;
        owner.post(&format!("{path}/publish"), json!({ "note": "a model speaks" })).await;
        owner.patch("/workspace", json!({ "zone": "Europe/Berlin" })).await;
        let days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
        let weekly: Vec<Value> =
            days.iter().map(|day| json!({ "day": day, "hours": { "from": 540, "to": 1020 } })).collect();
        let mut staff = Vec::new();
        for name in ["Maria", "Tom"] {
            let settings = json!({ "name": name, "active": true, "schedule": { "weekly": weekly } });
            let settings = serde_json::from_value(settings).unwrap();
            staff.push(things::create_staff(&app, &ctx, settings).await.unwrap());
        }
        let agent = agents[0]["id"].as_str().unwrap().parse().unwrap();
        // What a new workspace begins with.
        for kind in kind::list(&app, &ctx).await.unwrap() {
            kind::delete(&app, &ctx, kind.id).await.unwrap();
        }
        drop(owner);
        Self { test, app, ctx, model, agent, staff, _sim: sim }
    }

    /// A type of these settings that all the staff do.
    pub async fn offers(&self, name: &str, mut settings: Value) -> BookingType {
        let members: Vec<Value> =
            self.staff.iter().map(|member| json!({ "staff_id": member.id, "weight": 1 })).collect();
        settings["name"] = json!(name);
        if settings["staff"].is_null() {
            settings["staff"] = json!({ "mode": "choose", "members": members });
        }
        let new = serde_json::from_value(settings).unwrap();
        kind::create(&self.app, &self.ctx, &new).await.unwrap()
    }

    /// A customer who just opened the chat.
    pub async fn visitor(&self) -> Talk<'_> {
        let mut begun = self.test.conversation(self.ctx.workspace).await;
        let tx = self.app.store.begin(&self.ctx).await.unwrap();
        begun.id = ConversationId::new(tx.now(), tx.random());
        begun.agent_id = Some(self.agent);
        conversation::insert(&tx, tx.scope(), &begun).await.unwrap();
        tx.commit().await.unwrap();
        Talk { practice: self, id: begun.id }
    }

    /// Every booking there is.
    pub async fn bookings(&self) -> Vec<Booking> {
        let filter = bookings::Filter::default();
        let (reader, scope) = (self.app.store.reader(), self.ctx.scope());
        bookings::list(reader, scope, &filter, bookings::Order::Start, 0, 1_000).await.unwrap().items
    }
}

/// One conversation.
pub struct Talk<'a> {
    pub practice: &'a Practice,
    pub id: ConversationId,
}

impl Talk<'_> {
    /// The customer says something; the model calls these tools one after the other and then says `reply`.
    pub async fn say(&self, line: &str, calls: &[(&str, Value)], reply: &str) -> (Message, TurnRecord) {
        for (tool, arguments) in calls {
            self.practice.model.then(Step::call(tool, arguments));
        }
        self.practice.model.then(Step::say(reply));
        let client_id = format!("c{:016x}", self.practice.app.random.next_u64());
        let app = &self.practice.app;
        receive::receive(app, &self.practice.ctx, self.id, &client_id, line).await.unwrap();
        match turn::answer(app, self.practice.ctx.workspace, self.id).await.unwrap() {
            Answered::Replied(message, record) => {
                assert_eq!(record.fallback_reason, None, "{record:?}");
                (*message, *record)
            }
            other => panic!("no reply: {other:?}"),
        }
    }

    /// The model calls one tool; what came of it.
    pub async fn call(&self, tool: &str, arguments: Value) -> ToolCallRecord {
        let (_, record) = self.say("Please.", &[(tool, arguments)], "One moment.").await;
        record.tool_calls.into_iter().next().unwrap()
    }

    /// The same, which must be done.
    pub async fn done(&self, tool: &str, arguments: Value) -> Value {
        let call = self.call(tool, arguments).await;
        assert!(call.ok, "{tool}: {}", call.result);
        call.result
    }

    /// The same, which must be refused.
    pub async fn refused(&self, tool: &str, arguments: Value) -> Value {
        let call = self.call(tool, arguments).await;
        assert!(!call.ok && call.receipt.is_none(), "{tool}: {call:?}");
        call.result
    }

    /// Free times of a day, counted from the day the tests begin on.
    pub async fn free(&self, kind: &BookingType, day: u32) -> Availability {
        let from = START.plus(DAY * day);
        let question = json!({ "type": kind.id, "from": from, "to": from.plus(DAY), "limit": 200 });
        serde_json::from_value(self.done("check_availability", question).await).unwrap()
    }

    /// Books the first free time of a day.
    pub async fn book(&self, kind: &BookingType, day: u32, name: &str) -> Value {
        let slot = self.free(kind, day).await.slots.remove(0).slot;
        self.done("book", guest(name, &slot)).await["booking"].clone()
    }

    /// Lines about what happened.
    pub async fn lines(&self) -> Vec<String> {
        let (reader, scope) = (self.practice.app.store.reader(), self.practice.ctx.scope());
        let all = message::list_after(reader, scope, self.id, 0, 500).await.unwrap();
        all.into_iter().filter(|it| it.author == Author::System).map(|it| it.text).collect()
    }
}

/// What `book` takes for somebody.
pub fn guest(name: &str, slot: &str) -> Value {
    json!({ "slot": slot, "name": name, "email": frontdesk_testkit::app::email(name) })
}
