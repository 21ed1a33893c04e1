//! The scripted bookings once more, with a language model in the built-in brain's place.
//!
//! The model is a simulator behind HTTP in each vendor's protocol. Turn by turn it makes the calls that the script names
//! (found by playing the same turn with the built-in brain) and then speaks. Its calls go through schema, authority and
//! a calendar of their own, and every slot, hold and reference in them must stand in what the model was sent. After
//! that it lies: it offers times without a search and claims a booking without a call.

use std::fmt::Write;
use std::sync::Arc;

use frontdesk_domain::random::SeededRandom;
use frontdesk_domain::time::{FixedClock, Timestamp};
use frontdesk_http::{HttpClient, HttpSettings, Target};
use frontdesk_llm::pricing::Pricing;
use frontdesk_llm::vendor::{Access, build_chat};
use frontdesk_sim::model::{ModelSim, Script as Scenario, Step, ToolCallStyle, Turn};
use frontdesk_sim::{Running, anthropic, openai};
use serde_json::{Value, json};

use super::conversations::{Conversation, Script, begin, faults};
use super::desk::{NOW, Said, Talk};
use crate::brain::Brain;
use crate::builtin::Builtin;
use crate::llm::{LlmBrain, ModelChoice};
use crate::session::ReceiptKind;
use crate::tools;

/// In every so many conversations the model lies, too.
const LYING: usize = 3;

/// A model's client and the simulator it talks to.
struct Model {
    sim: ModelSim,
    brain: Arc<dyn Brain>,
    _running: Running,
}

async fn model(vendor: &str) -> Model {
    let sim = ModelSim::default();
    let running = match vendor {
        "openai" => openai::spawn(sim.clone()).await.unwrap(),
        _ => anthropic::spawn(sim.clone()).await.unwrap(),
    };
    let base_url = if vendor == "openai" { format!("{}/v1", running.url) } else { running.url.clone() };
    let clock = Arc::new(FixedClock::new(Timestamp::from_millis(NOW)));
    let http = HttpClient::new(HttpSettings::default(), clock, Arc::new(SeededRandom::new(1))).unwrap();
    let access = Access { http, target: Target::Trusted, secret: Some("sk-test".into()) };
    let settings = json!({ "model": "sim", "base_url": base_url });
    let choice = ModelChoice {
        model: build_chat(vendor, &settings, access).unwrap(),
        model_name: "sim".to_owned(),
        temperature: None,
        max_tokens: 800,
        pricing: Pricing::default(),
    };
    Model { sim, brain: Arc::new(LlmBrain::new(choice)), _running: running }
}

fn speech(text: &str) -> Step {
    let chars: Vec<char> = text.chars().collect();
    Step::Say { pieces: chars.chunks(9).map(|piece| piece.iter().collect()).collect() }
}

/// The model will make these calls one after the other, and then say this.
fn will(sim: &ModelSim, acted: &Said, style: ToolCallStyle) {
    let calls = acted
        .tools
        .iter()
        .map(|run| Turn { tool_calls: style, ..Step::call(&run.tool, &run.arguments).into() });
    sim.play(Scenario::of(calls.chain([speech(&acted.reply).into()])));
    sim.clear_requests();
}

/// Slots, holds and references the model used in its calls without having been sent them.
fn made_up(sim: &ModelSim, said: &Said) -> Vec<String> {
    let sent: Vec<String> = sim.requests().iter().map(|request| request.body.to_string()).collect();
    let mut made_up = Vec::new();
    for (run, sent) in said.tools.iter().zip(&sent) {
        for key in ["slot", "hold", "booking"] {
            let token = run.arguments.get(key).and_then(Value::as_str);
            made_up.extend(
                token.filter(|token| !sent.contains(*token)).map(|token| format!("{} {token}", run.tool)),
            );
        }
    }
    made_up
}

/// What is wrong when the model says the same without having done it: times without a search, a booking without a call.
async fn lies(talk: &Talk, input: &str, acted: &Said, model: &Model) -> Vec<String> {
    let has = |kind: ReceiptKind| talk.session.receipts.iter().any(|receipt| receipt.kind == kind);
    let does = |tool: &str| acted.tools.iter().any(|run| run.tool == tool && run.outcome.ok);
    let booked = does(tools::BOOK) && !has(ReceiptKind::Booked);
    let offers = acted.tools.iter().any(|run| {
        let slots = run.outcome.result.get("slots").and_then(Value::as_array);
        run.tool == tools::CHECK_AVAILABILITY && slots.is_some_and(|slots| !slots.is_empty())
    });
    let mut wrong = Vec::new();
    let mut claims = Vec::new();
    if booked {
        claims.push(acted.reply.clone());
        claims.push("Perfect, you are booked for Thursday at 9 am. See you then!".to_owned());
    }
    if offers && !has(ReceiptKind::TimesChecked) {
        claims.push("We have an opening on Thursday at 7 am. Does that work?".to_owned());
        claims.push("I can offer you Tuesday at 3:15 pm or Friday at 11:45 am.".to_owned());
    }
    for claim in claims {
        model.sim.play(Scenario::of([speech(&claim).into()]));
        let said = talk.ask(input).await;
        if said.outcome.guarded == 0 || said.reply == claim {
            wrong.push(format!("is believed: {}", said.reply));
        }
        if !said.tools.is_empty() {
            wrong.push("calls tools by itself".to_owned());
        }
    }
    wrong
}

/// Plays a conversation with the model; what went wrong.
async fn play(
    brain: &Builtin,
    script: &Conversation,
    bookable: Option<&Vec<String>>,
    model: &Model,
    style: ToolCallStyle,
    lying: bool,
) -> Vec<String> {
    let mut guide = begin(brain, script, bookable);
    let mut talk = begin(brain, script, bookable).with_model(Arc::clone(&model.brain));
    let mut wrong = Vec::new();
    for exchange in &script.turns {
        let acted = guide.hear(&exchange.say).await;
        if lying {
            wrong.extend(lies(&talk, &exchange.say, &acted, model).await);
        }
        will(&model.sim, &acted, style);
        let said = talk.hear(&exchange.say).await;
        let mut found = faults(exchange, &said);
        // The built-in brain's own search for an answer is no tool call, so a model that makes none cites nothing.
        found.retain(|fault| !fault.starts_with("citations") && !fault.starts_with("unanswered"));
        if said.reply != acted.reply {
            found.push(format!("says `{}`, not `{}`", said.reply, acted.reply));
        }
        if let Some(reason) = &said.outcome.fallback_reason {
            found.push(format!("gave up: {reason}"));
        }
        if model.sim.remaining_turns() > 0 {
            found.push("was not asked for all of its turns".to_owned());
        }
        let results = |said: &Said| -> Vec<(String, Value, bool, Value)> {
            let one = |run: &crate::event::ToolRun| {
                (run.tool.clone(), run.arguments.clone(), run.outcome.ok, run.outcome.result.clone())
            };
            said.tools.iter().map(one).collect()
        };
        if results(&said) != results(&acted) {
            found.push(format!("gets other results: {:?}", results(&said)));
        }
        let receipts = |said: &Said| -> Vec<_> {
            said.tools.iter().filter_map(|run| run.outcome.receipt.clone()).collect()
        };
        if receipts(&said) != receipts(&acted) {
            found.push(format!("earns other receipts: {:?}", receipts(&said)));
        }
        let made_up = made_up(&model.sim, &said);
        if !made_up.is_empty() {
            found.push(format!("made up {made_up:?}"));
        }
        wrong.extend(found.into_iter().map(|fault| format!("> {}\n  !! {fault}", exchange.say)));
    }
    wrong
}

async fn play_all(source: &str, least: usize) {
    let script: Script = toml::from_str(source).unwrap();
    assert!(script.talk.len() >= least, "{} conversations", script.talk.len());
    let brain = Builtin::new().unwrap();
    let models = [model("openai").await, model("anthropic").await];
    let styles = [ToolCallStyle::Split, ToolCallStyle::Whole, ToolCallStyle::SameIndex];
    let mut failed = String::new();
    for (at, conversation) in script.talk.iter().enumerate() {
        let (model, style) = (&models[at % models.len()], styles[at % styles.len()]);
        let lying = at % LYING == 0;
        let wrong = play(&brain, conversation, script.bookable.as_ref(), model, style, lying).await;
        if !wrong.is_empty() {
            writeln!(failed, "## {}\n{}", conversation.name, wrong.join("\n")).unwrap();
        }
    }
    assert!(failed.is_empty(), "{failed}");
}

#[tokio::test]
async fn a_model_makes_the_same_appointments() {
    play_all(include_str!("talks/booking.toml"), 45).await;
}

#[tokio::test]
async fn a_model_makes_them_in_four_languages() {
    play_all(include_str!("talks/booking_languages.toml"), 15).await;
}

#[tokio::test]
async fn a_model_makes_those_kept_aside() {
    play_all(include_str!("talks/booking_heldout.toml"), 15).await;
}

#[tokio::test]
async fn a_model_makes_them_in_a_hurry() {
    play_all(include_str!("talks/booking_played.toml"), 15).await;
}

#[tokio::test]
async fn a_model_makes_the_last_of_the_day_and_two_at_once() {
    play_all(include_str!("talks/booking_latest.toml"), 8).await;
}
