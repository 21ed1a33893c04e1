//! What every chat vendor must do, run against each one's simulator.

use std::sync::Arc;

use frontdesk_http::Target;
use frontdesk_llm::chat::{
    ChatDelta, ChatError, ChatMessage, ChatModel, ChatRequest, EndReason, ToolCall, ToolSpec, Usage,
};
use frontdesk_llm::vendor::{BuildError, MANIFESTS, build_chat};
use frontdesk_sim::model::{ModelSim, Script, ScriptedCall, ScriptedUsage, Step, ToolCallStyle, Turn};
use frontdesk_sim::{Running, anthropic, openai};
use futures_util::StreamExt;
use serde_json::{Value, json};

use crate::access;

const KEY: &str = "sk-test-key";

/// A vendor's client and its simulator.
pub struct Bench {
    pub vendor: &'static str,
    pub sim: ModelSim,
    pub model: Arc<dyn ChatModel>,
    pub running: Running,
}

/// A client of this vendor's simulator.
pub async fn bench(vendor: &'static str) -> Bench {
    let sim = ModelSim::with_key(KEY);
    let running = match vendor {
        "openai" => openai::spawn(sim.clone()).await.unwrap(),
        "anthropic" => anthropic::spawn(sim.clone()).await.unwrap(),
        other => panic!("give {other} a simulator"),
    };
    let model = build_chat(vendor, &settings(vendor, &running.url), access(Some(KEY))).unwrap();
    Bench { vendor, sim, model, running }
}

fn settings(vendor: &str, url: &str) -> Value {
    let base_url = if vendor == "openai" { format!("{url}/v1") } else { url.to_owned() };
    json!({"model": "m-1", "base_url": base_url, "pricing": {"input": 1_000_000, "cached": 100_000, "output": 4_000_000}})
}

/// Every vendor of chat models.
async fn all() -> Vec<Bench> {
    let mut benches = Vec::new();
    for manifest in MANIFESTS {
        if manifest.category == frontdesk_domain::connection::ConnectionCategory::Model {
            benches.push(bench(manifest.id).await);
        }
    }
    assert!(benches.len() >= 2);
    benches
}

pub fn request(text: &str) -> ChatRequest {
    let parameters =
        json!({"type": "object", "properties": {"query": {"type": "string"}}, "required": ["query"]});
    ChatRequest {
        model: String::new(),
        system: "You are the front desk.".into(),
        messages: vec![ChatMessage::User { text: text.into() }],
        tools: vec![ToolSpec {
            name: "search_knowledge".into(),
            description: "Searches.".into(),
            parameters,
        }],
        temperature: Some(0.3),
        max_tokens: 400,
    }
}

/// What came before the first error, and the error.
async fn read(model: &dyn ChatModel, request: ChatRequest) -> (Vec<ChatDelta>, Option<ChatError>) {
    let mut stream = match model.stream(request).await {
        Ok(stream) => stream,
        Err(error) => return (Vec::new(), Some(error)),
    };
    let (mut deltas, mut failure) = (Vec::new(), None);
    while let Some(next) = stream.next().await {
        assert!(failure.is_none(), "something came after an error");
        match next {
            Ok(delta) => deltas.push(delta),
            Err(error) => failure = Some(error),
        }
    }
    (deltas, failure)
}

pub fn text_of(deltas: &[ChatDelta]) -> String {
    deltas
        .iter()
        .filter_map(|delta| if let ChatDelta::Text(text) = delta { Some(text.as_str()) } else { None })
        .collect()
}

fn calls_of(deltas: &[ChatDelta]) -> Vec<&ToolCall> {
    deltas
        .iter()
        .filter_map(|delta| if let ChatDelta::ToolCall(call) = delta { Some(call) } else { None })
        .collect()
}

fn usage_of(deltas: &[ChatDelta]) -> Option<Usage> {
    deltas
        .iter()
        .rev()
        .find_map(|delta| if let ChatDelta::Usage(usage) = delta { Some(*usage) } else { None })
}

fn two_calls() -> Step {
    let call = |name: &str, arguments: &str| ScriptedCall { name: name.into(), arguments: arguments.into() };
    Step::Call {
        tools: vec![
            call("search_knowledge", r#"{"query": "öffnungszeiten, \"Sa\""}"#),
            call("end_conversation", "{}"),
        ],
    }
}

#[tokio::test]
async fn text_streams_in_pieces_and_ends() {
    for Bench { vendor, sim, model, .. } in all().await {
        sim.then(Step::pieces(["We open ", "at nine — ", "ja, 9 Uhr."]));
        let (deltas, failure) = read(&*model, request("When?")).await;
        assert!(failure.is_none(), "{vendor}: {failure:?}");
        assert_eq!(text_of(&deltas), "We open at nine — ja, 9 Uhr.");
        let pieces =
            deltas.iter().filter(|delta| matches!(delta, ChatDelta::Text(text) if !text.is_empty())).count();
        assert!(pieces >= 3, "{vendor} streamed {pieces} pieces");
        assert_eq!(deltas.last(), Some(&ChatDelta::End(EndReason::Stop)), "{vendor}");
        assert_eq!(model.name(), format!("{vendor}:m-1"));
    }
}

#[tokio::test]
async fn parallel_tool_calls_arrive_whole_and_their_results_are_understood() {
    for Bench { vendor, sim, model, .. } in all().await {
        sim.then(vec![Step::say("Let me look. "), two_calls()]);
        let (deltas, failure) = read(&*model, request("Sa?")).await;
        assert!(failure.is_none(), "{vendor}: {failure:?}");
        let calls = calls_of(&deltas);
        let [first, second] = calls.as_slice() else { panic!("{vendor}: {calls:?}") };
        let arguments: Value = serde_json::from_str(&first.arguments).unwrap();
        assert_eq!(
            (first.name.as_str(), arguments),
            ("search_knowledge", json!({"query": "öffnungszeiten, \"Sa\""}))
        );
        assert_eq!((second.name.as_str(), second.arguments.as_str()), ("end_conversation", "{}"));
        assert_ne!(first.id, second.id);
        assert_eq!(deltas.last(), Some(&ChatDelta::End(EndReason::ToolCalls)), "{vendor}");

        // The second result is missing and a stray one is there: the client must send a dialogue the vendor accepts.
        let mut next = request("Sa?");
        let tool_calls = vec![(*first).clone(), (*second).clone()];
        next.messages.push(ChatMessage::Assistant { text: text_of(&deltas), tool_calls });
        next.messages.push(ChatMessage::Tool { call_id: first.id.clone(), content: "9 to 5".into() });
        next.messages.push(ChatMessage::Tool { call_id: "stray".into(), content: "?".into() });
        sim.then(Step::SayToolResults { before: "Found: ".into() });
        let (deltas, failure) = read(&*model, next).await;
        assert!(failure.is_none(), "{vendor}: {failure:?}");
        assert!(text_of(&deltas).starts_with("Found: 9 to 5"), "{vendor}: {}", text_of(&deltas));
    }
}

#[tokio::test]
async fn usage_and_cost_are_reported_with_cached_tokens() {
    for Bench { vendor, sim, model, .. } in all().await {
        let usage = Some(ScriptedUsage { input: 1000, cached: 600, output: 50 });
        sim.then(Turn { steps: vec![Step::say("Hi")], usage, ..Turn::default() });
        let (deltas, _) = read(&*model, request("Hi")).await;
        let usage = usage_of(&deltas).unwrap();
        assert_eq!(usage, Usage { input_tokens: 1000, cached_tokens: 600, output_tokens: 50 }, "{vendor}");
        assert_eq!(model.pricing().cost_micros(usage), 400 + 60 + 200, "{vendor}");
    }
}

#[tokio::test]
async fn a_rate_limit_says_how_long_to_wait() {
    for Bench { vendor, sim, model, .. } in all().await {
        sim.then(Step::rate_limited(7));
        let (_, failure) = read(&*model, request("Hi")).await;
        assert!(
            matches!(failure, Some(ChatError::RateLimited { retry_after_ms: Some(7000) })),
            "{vendor}: {failure:?}"
        );
    }
}

#[tokio::test]
async fn server_errors_are_unavailable_and_own_mistakes_are_rejected() {
    for Bench { vendor, sim, model, running } in all().await {
        for status in [500, 503, 529] {
            sim.then(Step::status(status));
            let (_, failure) = read(&*model, request("Hi")).await;
            assert!(matches!(failure, Some(ChatError::Unavailable(_))), "{vendor} {status}: {failure:?}");
        }
        sim.then(Step::status(404));
        let (_, failure) = read(&*model, request("Hi")).await;
        assert!(matches!(failure, Some(ChatError::Rejected(_))), "{vendor}: {failure:?}");
        let wrong = build_chat(vendor, &settings(vendor, &running.url), access(Some("sk-wrong"))).unwrap();
        let (_, failure) = read(&*wrong, request("Hi")).await;
        let Some(ChatError::Rejected(reason)) = failure else { panic!("{vendor}: {failure:?}") };
        assert!(reason.contains("401") && !reason.contains("sk-wrong"), "{reason}");
        drop(running);
        let (_, failure) = read(&*model, request("Hi")).await;
        assert!(matches!(failure, Some(ChatError::Unavailable(_))), "{vendor}: {failure:?}");
    }
}

#[tokio::test]
async fn an_answer_that_breaks_off_ends_in_an_error_after_what_was_said() {
    for Bench { vendor, sim, model, .. } in all().await {
        let faults = [
            (Step::Close, "unavailable"),
            (Step::Garbage, "garbage"),
            (Step::ErrorEvent { message: "overloaded".into() }, "unavailable"),
        ];
        for (fault, expected) in faults {
            sim.then(vec![Step::pieces(["We ", "open "]), fault.clone()]);
            let (deltas, failure) = read(&*model, request("Hi")).await;
            assert_eq!(text_of(&deltas), "We open ", "{vendor} {fault:?}");
            let failure = failure.unwrap_or_else(|| panic!("{vendor} {fault:?}: no error"));
            let kind = match failure {
                ChatError::Unavailable(_) => "unavailable",
                ChatError::Garbage(_) => "garbage",
                _ => "other",
            };
            assert_eq!(kind, expected, "{vendor} {fault:?}: {failure}");
        }
    }
}

#[tokio::test]
async fn a_stall_yields_nothing_and_dropping_the_stream_lets_the_vendor_go() {
    for Bench { vendor, sim, model, .. } in all().await {
        sim.then(vec![Step::say("We "), Step::Stall]);
        let mut stream = model.stream(request("Hi")).await.unwrap();
        let mut said = String::new();
        while said != "We " {
            if let ChatDelta::Text(text) = stream.next().await.unwrap().unwrap() {
                said.push_str(&text);
            }
        }
        let more = tokio::time::timeout(std::time::Duration::from_millis(30), async {
            while let Some(next) = stream.next().await {
                assert!(!matches!(next, Ok(ChatDelta::Text(text)) if !text.is_empty()), "{vendor} went on");
            }
        });
        assert!(more.await.is_err(), "{vendor}: the stream ended");
    }
}

#[tokio::test]
async fn empty_refused_and_cut_off_answers_are_told_apart() {
    for Bench { vendor, sim, model, .. } in all().await {
        sim.then(Turn::default());
        let (deltas, failure) = read(&*model, request("Hi")).await;
        assert!(failure.is_none() && text_of(&deltas).is_empty(), "{vendor}");
        assert_eq!(deltas.last(), Some(&ChatDelta::End(EndReason::Stop)), "{vendor}");
        sim.then(Step::Refuse { text: String::new() });
        let (deltas, _) = read(&*model, request("Hi")).await;
        assert_eq!(deltas.last(), Some(&ChatDelta::End(EndReason::Refused)), "{vendor}");
        sim.then(vec![Step::say("Once upon"), Step::CutOff]);
        let (deltas, _) = read(&*model, request("Hi")).await;
        assert_eq!(deltas.last(), Some(&ChatDelta::End(EndReason::Length)), "{vendor}");
    }
}

#[tokio::test]
async fn a_model_without_a_script_searches_and_quotes() {
    for Bench { vendor, model, .. } in all().await {
        let (deltas, _) = read(&*model, request("What does parking cost?")).await;
        let calls = calls_of(&deltas);
        let [call] = calls.as_slice() else { panic!("{vendor}: {deltas:?}") };
        assert_eq!(call.name, "search_knowledge");
        let mut next = request("What does parking cost?");
        next.messages.push(ChatMessage::Assistant { text: String::new(), tool_calls: vec![(*call).clone()] });
        let content = r#"{"passages":[{"text":"Parking is free."}]}"#.to_owned();
        next.messages.push(ChatMessage::Tool { call_id: call.id.clone(), content });
        let (deltas, _) = read(&*model, next).await;
        assert!(text_of(&deltas).ends_with("Parking is free."), "{vendor}: {}", text_of(&deltas));
    }
}

#[tokio::test]
async fn a_user_chosen_address_cannot_reach_this_machine() {
    for Bench { vendor, sim, running, .. } in all().await {
        let access = frontdesk_llm::vendor::Access { target: Target::Public, ..access(Some(KEY)) };
        let model = build_chat(vendor, &settings(vendor, &running.url), access).unwrap();
        let (_, failure) = read(&*model, request("Hi")).await;
        assert!(matches!(failure, Some(ChatError::Rejected(_))), "{vendor}: {failure:?}");
        assert!(sim.requests().is_empty());
    }
}

#[tokio::test]
async fn wrong_settings_are_named() {
    let build = |vendor: &str, settings: Value, secret| build_chat(vendor, &settings, access(secret)).err();
    assert!(matches!(build("nobody", json!({}), None), Some(BuildError::UnknownVendor(_))));
    for vendor in ["openai", "anthropic"] {
        for (settings, word) in [
            (json!({}), "model"),
            (json!({"model": "m", "tempurature": 1}), "tempurature"),
            (json!({"model": "m", "base_url": "ftp://x"}), "base_url"),
            (json!({"model": "m", "temperature": 3}), "temperature"),
            (json!({"model": "m", "max_tokens": 0}), "max_tokens"),
        ] {
            let error = build(vendor, settings, Some(KEY)).unwrap();
            assert!(error.to_string().contains(word), "{vendor}: {error}");
        }
    }
    assert!(matches!(build("anthropic", json!({"model": "m"}), None), Some(BuildError::MissingSecret(_))));
    assert!(build("openai", json!({"model": "m"}), None).is_none(), "own servers need no key");
}

#[tokio::test]
async fn compatible_servers_may_cut_tool_calls_as_they_like_and_leave_usage_out() {
    let Bench { sim, model, running: _running, .. } = bench("openai").await;
    for style in [ToolCallStyle::Split, ToolCallStyle::Whole, ToolCallStyle::SameIndex] {
        sim.then(Turn {
            steps: vec![two_calls()],
            tool_calls: style,
            without_usage: true,
            ..Turn::default()
        });
        let (deltas, failure) = read(&*model, request("Hi")).await;
        assert!(failure.is_none(), "{style:?}: {failure:?}");
        let names: Vec<&str> = calls_of(&deltas).iter().map(|call| call.name.as_str()).collect();
        assert_eq!(names, ["search_knowledge", "end_conversation"], "{style:?}");
        assert_eq!(deltas.last(), Some(&ChatDelta::End(EndReason::ToolCalls)), "{style:?}");
        assert_eq!(usage_of(&deltas), None);
    }
    sim.then(Step::pieces(["<thi", "nk>Hm, hours", "</think>\n", "\nNine."]));
    let (deltas, _) = read(&*model, request("Hi")).await;
    assert_eq!(text_of(&deltas), "Nine.");
}

#[tokio::test]
async fn the_length_limit_goes_into_the_field_the_server_knows() {
    let Bench { sim, running, .. } = bench("openai").await;
    for (choice, field) in [("auto", "max_tokens"), ("max_completion_tokens", "max_completion_tokens")] {
        let mut settings = settings("openai", &running.url);
        settings["token_limit"] = json!(choice);
        settings["max_tokens"] = json!(100);
        let model = build_chat("openai", &settings, access(Some(KEY))).unwrap();
        sim.then(Step::say("Hi"));
        read(&*model, request("Hi")).await;
        let body = sim.requests().pop().unwrap().body;
        assert_eq!(body.get(field), Some(&json!(100)), "{body}");
        assert_eq!(body.get("temperature"), Some(&json!(0.3)));
        assert_eq!(body.pointer("/stream_options/include_usage"), Some(&json!(true)));
    }
}

#[tokio::test]
async fn a_script_can_be_set_over_http() {
    let sim = ModelSim::default();
    sim.play(Script::of([Turn::from(Step::Call {
        tools: vec![ScriptedCall { name: "search_knowledge".into(), arguments: "{}".into() }],
    })]));
    let running = openai::spawn(sim.clone()).await.unwrap();
    let http = access(None).http;
    let script = json!({"turns": [{"steps": [{"do": "say", "pieces": ["Scripted."]}, {"do": "cut_off"}]}]});
    let url = format!("{}/__sim/script", running.url);
    let answer = http.post(Target::Trusted, &url).json(&script).send().await.unwrap();
    assert_eq!(answer.status.as_u16(), 204);
    let model = build_chat("openai", &settings("openai", &running.url), access(None)).unwrap();
    let (deltas, _) = read(&*model, request("Hi")).await;
    assert_eq!(text_of(&deltas), "Scripted.");
    let url = format!("{}/__sim/requests", running.url);
    let requests: Value = http.get(Target::Trusted, &url).send().await.unwrap().json().unwrap();
    assert_eq!(requests.pointer("/0/path"), Some(&json!("/v1/chat/completions")));
    assert_eq!(requests.pointer("/0/authorized"), Some(&json!(false)));
}
