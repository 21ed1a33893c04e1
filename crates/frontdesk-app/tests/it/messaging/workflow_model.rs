//! Steps whose words a model writes: the whole way from the trigger over the model and the guard to the customer's phone.

use std::time::Duration;

use frontdesk_app::{subscribers, workflow};
use frontdesk_sim::Running;
use frontdesk_sim::model::{ModelSim, Step};
use frontdesk_sim::{anthropic, openai};
use frontdesk_testkit::on_both;
use serde_json::{Value, json};

use super::kit::{ANA, Line};

const MINUTE: Duration = Duration::from_mins(1);
const FALLBACK: &str = "Hello Ana, shall we find a time?";

/// A practice whose agent's model is a simulated vendor's, and a workflow that has it write.
struct Written {
    line: Line,
    model: ModelSim,
    workflow: String,
    _running: Running,
}

impl Written {
    async fn on(line: Line, vendor: &str) -> Self {
        let model = ModelSim::default();
        let running = if vendor == "anthropic" {
            anthropic::spawn(model.clone()).await.unwrap()
        } else {
            openai::spawn(model.clone()).await.unwrap()
        };
        let owner = line.owner().await;
        let base = if vendor == "anthropic" { running.url.clone() } else { format!("{}/v1", running.url) };
        let made = json!({ "vendor": vendor, "name": "Model", "secret": "sk-sim",
            "settings": { "model": "sim", "base_url": base } });
        let made = owner.post("/connections", made).await;
        assert!(made.status.is_success(), "{}", made.text);
        let agents = owner.get("/agents").await.json();
        let path = format!("/agents/{}", agents[0]["id"].as_str().unwrap());
        let mut draft = agents[0]["draft"].clone();
        draft["brain"]["models"] = json!([made.json()["id"]]);
        let changed = owner.patch(&path, json!({ "draft": draft })).await;
        assert!(changed.status.is_success(), "{}", changed.text);
        let published = owner.post(&format!("{path}/publish"), json!({ "note": "a model writes" })).await;
        assert!(published.status.is_success(), "{}", published.text);
        // Noon where everybody lives, so that no hours of quiet get in the way.
        line.app.clock.set("2030-01-08T20:00:00Z".parse::<jiff::Timestamp>().unwrap().into());
        let owner = line.owner().await;
        let words = json!({ "by": "ai", "instruction": "Ask whether they still want a cleaning",
            "fallback": "Hello {{ first_name }}, shall we find a time?" });
        let flow = json!({ "name": "Ask", "purpose": "transactional", "trigger": { "on": "contact_added" },
            "steps": [{ "id": "ask", "action": { "do": "send", "message": { "channel": "sms", "words": words } } }] });
        let made = owner.post("/workflows", flow).await;
        assert!(made.status.is_success(), "{}", made.text);
        let workflow = made.json()["id"].as_str().unwrap().to_owned();
        let on = owner.post("/workflows/state", json!({ "ids": [workflow], "state": "active" })).await;
        assert!(on.status.is_success(), "{}", on.text);
        drop(owner);
        line.app.clock.advance(MINUTE);
        model.clear_requests();
        Self { line, model, workflow, _running: running }
    }

    /// Somebody enters, and the model answers so; what their phone shows.
    async fn enters(&self, said: &str) -> Vec<String> {
        self.model.then(Step::say(said));
        let ana = json!({ "name": "Ana Diaz", "phone": ANA });
        let made = self.line.owner().await.post("/contacts", ana).await;
        assert!(made.status.is_success(), "{}", made.text);
        self.line.app.clock.advance(MINUTE);
        subscribers::catch_up(&self.line.app.app).await.unwrap();
        for _ in 0..3 {
            workflow::tick(&self.line.app.app).await.unwrap();
            self.line.settle().await;
        }
        self.line.phone(ANA)
    }

    async fn state(&self) -> Value {
        let page =
            self.line.owner().await.get(&format!("/workflows/{}/enrolments", self.workflow)).await.json();
        page["items"][0]["state"].clone()
    }
}

on_both! {
    async fn what_a_model_writes_passes_the_guard_and_reaches_the_phone(t: TestStore) {
        let flow = Written::on(Line::on(t).await, "openai").await;
        let said = "Hi Ana, still thinking about the cleaning? Just write back.";
        assert_eq!(flow.enters(said).await, [said]);
        assert_eq!(flow.state().await, "finished");
        let asked = flow.model.requests();
        assert_eq!(asked.len(), 1);
        let asked = asked[0].body.to_string();
        assert!(asked.contains("Ask whether they still want a cleaning") && asked.contains("Ana Diaz"), "{asked}");
        // The vendor of the model learns no number.
        assert!(!asked.contains(ANA) && !asked.contains("4155552671"), "{asked}");
    }

    async fn what_the_guard_holds_back_never_leaves_and_the_steps_own_words_do(t: TestStore) {
        let flow = Written::on(Line::on(t).await, "anthropic").await;
        let claim = "Hi Ana, I have booked you for Monday at 3 pm.";
        assert_eq!(flow.enters(claim).await, [FALLBACK]);
        assert_eq!(flow.model.requests().len(), 1, "the model was asked");
        assert_eq!(flow.state().await, "finished");
        let sent = serde_json::to_string(&flow.line.twilio.taken().iter().map(|it| it.text.clone()).collect::<Vec<_>>()).unwrap();
        assert!(!sent.contains("booked you"), "{sent}");
    }

    async fn a_link_to_elsewhere_and_a_model_that_fails_send_the_steps_own_words(t: TestStore) {
        let flow = Written::on(Line::on(t).await, "openai").await;
        assert_eq!(flow.enters("Look here, Ana: https://elsewhere.example/x").await, [FALLBACK]);
    }
}
