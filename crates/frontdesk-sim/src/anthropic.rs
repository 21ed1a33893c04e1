//! An Anthropic messages server: `/v1/messages`, streamed or whole.
//!
//! Written from the public documentation of API version 2023-06-01. It refuses what the real API refuses where a client
//! could get it wrong: missing headers and fields, roles that do not alternate, tool results without their use.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Json, Router};
use serde_json::{Value, json};

use crate::model::{Dialogue, ModelSim, OfferedTool, Said, ScriptedCall, Step, Turn, control_routes};
use crate::openai::wire::fragments;
use crate::openai::{Beat, event_stream, said_results, scripted_status, texts_of};
use crate::{Running, spawn as spawn_router};

/// Largest request body, in bytes.
const MAX_BODY: usize = 16 * 1024 * 1024;

/// The simulator's routes.
pub fn router(sim: ModelSim) -> Router {
    Router::new()
        .route("/v1/messages", post(messages))
        .merge(control_routes())
        .layer(axum::extract::DefaultBodyLimit::max(MAX_BODY))
        .with_state(sim)
}

/// Serves it on a free local port; the API's base URL is `{url}`.
pub async fn spawn(sim: ModelSim) -> std::io::Result<Running> {
    spawn_router(router(sim)).await
}

async fn messages(State(sim): State<ModelSim>, headers: HeaderMap, Json(body): Json<Value>) -> Response {
    let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    sim.record("/v1/messages", &body, header("x-api-key"));
    if !sim.accepts_key(header("x-api-key")) {
        return error(StatusCode::UNAUTHORIZED, "authentication_error", "invalid x-api-key");
    }
    if header("anthropic-version") != Some("2023-06-01") {
        return error(
            StatusCode::BAD_REQUEST,
            "invalid_request_error",
            "anthropic-version: header is required",
        );
    }
    let dialogue = match read_dialogue(&body) {
        Ok(dialogue) => dialogue,
        Err(reason) => return error(StatusCode::BAD_REQUEST, "invalid_request_error", &reason),
    };
    let turn = sim.next_turn(&dialogue);
    if let Some(response) = scripted_status(&turn, error).await {
        return response;
    }
    let model = body.get("model").and_then(Value::as_str).unwrap_or_default().to_owned();
    let answer = Answer { id: format!("msg_sim{}", sim.answer_number()), model, dialogue };
    if body.get("stream").and_then(Value::as_bool) == Some(true) {
        return event_stream(answer.events(turn));
    }
    answer.whole(&turn)
}

fn error(status: StatusCode, code: &str, message: &str) -> Response {
    let kind = match status.as_u16() {
        429 => "rate_limit_error",
        529 => "overloaded_error",
        500.. => "api_error",
        _ => code,
    };
    (status, Json(json!({"type": "error", "error": {"type": kind, "message": message}}))).into_response()
}

fn read_dialogue(body: &Value) -> Result<Dialogue, String> {
    if body.get("model").and_then(Value::as_str).is_none_or(str::is_empty) {
        return Err("model: field required".into());
    }
    if body.get("max_tokens").and_then(Value::as_u64).is_none_or(|number| number == 0) {
        return Err("max_tokens: field required, at least 1".into());
    }
    if body.get("temperature").and_then(Value::as_f64).is_some_and(|value| !(0.0..=1.0).contains(&value)) {
        return Err("temperature: range: 0..1".into());
    }
    let messages = body.get("messages").and_then(Value::as_array).ok_or("messages: field required")?;
    let system = match body.get("system") {
        None => String::new(),
        Some(Value::String(text)) => text.clone(),
        Some(blocks) => joined_text(blocks),
    };
    let mut dialogue = Dialogue { system, ..Dialogue::default() };
    let mut open: Vec<String> = Vec::new();
    for (index, message) in messages.iter().enumerate() {
        let wanted = if index % 2 == 0 { "user" } else { "assistant" };
        if message.get("role").and_then(Value::as_str) != Some(wanted) {
            return Err(format!("messages.{index}: roles must alternate, expected {wanted}"));
        }
        let blocks = blocks_of(message).map_err(|reason| format!("messages.{index}: {reason}"))?;
        let read = if wanted == "user" { read_user } else { read_assistant };
        read(&blocks, &mut open, &mut dialogue).map_err(|reason| format!("messages.{index}: {reason}"))?;
    }
    if messages.len() % 2 == 0 {
        return Err("messages: the last message must be the user's".into());
    }
    for (index, tool) in body.get("tools").and_then(Value::as_array).into_iter().flatten().enumerate() {
        let name = tool
            .get("name")
            .and_then(Value::as_str)
            .ok_or_else(|| format!("tools.{index}.name: required"))?;
        let schema = tool.get("input_schema").filter(|schema| schema.get("type") == Some(&json!("object")));
        let schema = schema.ok_or_else(|| format!("tools.{index}.input_schema.type: must be object"))?;
        dialogue.tools.push(OfferedTool { name: name.to_owned(), parameters: schema.clone() });
    }
    Ok(dialogue)
}

fn blocks_of(message: &Value) -> Result<Vec<Value>, String> {
    match message.get("content") {
        Some(Value::String(text)) if !text.is_empty() => Ok(vec![json!({"type": "text", "text": text})]),
        Some(Value::Array(blocks)) if !blocks.is_empty() => Ok(blocks.clone()),
        _ => Err("content must not be empty".into()),
    }
}

fn read_user(blocks: &[Value], open: &mut Vec<String>, dialogue: &mut Dialogue) -> Result<(), String> {
    let mut text_seen = false;
    for block in blocks {
        match block.get("type").and_then(Value::as_str) {
            Some("text") => {
                text_seen = true;
                let text = text_in(block)?;
                dialogue.said.push(Said::User(text));
            }
            Some("tool_result") => {
                if text_seen {
                    return Err("tool_result blocks must come first".into());
                }
                let id = block.get("tool_use_id").and_then(Value::as_str).unwrap_or_default().to_owned();
                let at = open
                    .iter()
                    .position(|known| *known == id)
                    .ok_or(format!("unexpected tool_use_id {id:?}"))?;
                open.remove(at);
                let text = match block.get("content") {
                    Some(Value::String(text)) => text.clone(),
                    Some(blocks) => joined_text(blocks),
                    None => String::new(),
                };
                dialogue.said.push(Said::ToolResult { call_id: id, text });
            }
            other => return Err(format!("unknown block type {other:?}")),
        }
    }
    if open.is_empty() { Ok(()) } else { Err(format!("tool_use ids {open:?} without tool_result")) }
}

fn read_assistant(blocks: &[Value], open: &mut Vec<String>, dialogue: &mut Dialogue) -> Result<(), String> {
    let (mut text, mut calls) = (String::new(), Vec::new());
    for block in blocks {
        match block.get("type").and_then(Value::as_str) {
            Some("text") => text.push_str(&text_in(block)?),
            Some("tool_use") => {
                let field =
                    |name: &str| block.get(name).and_then(Value::as_str).filter(|value| !value.is_empty());
                let (id, name) = (
                    field("id").ok_or("tool_use.id: required")?,
                    field("name").ok_or("tool_use.name: required")?,
                );
                if !block.get("input").is_some_and(Value::is_object) {
                    return Err("tool_use.input: should be an object".into());
                }
                open.push(id.to_owned());
                calls.push((id.to_owned(), name.to_owned()));
            }
            other => return Err(format!("unknown block type {other:?}")),
        }
    }
    dialogue.said.push(Said::Assistant { text, calls });
    Ok(())
}

fn text_in(block: &Value) -> Result<String, String> {
    let text = block.get("text").and_then(Value::as_str).unwrap_or_default();
    if text.trim().is_empty() {
        Err("text content blocks must be non-empty".into())
    } else {
        Ok(text.to_owned())
    }
}

fn joined_text(blocks: &Value) -> String {
    let blocks = blocks.as_array().into_iter().flatten();
    blocks.filter_map(|block| block.get("text").and_then(Value::as_str)).collect::<Vec<_>>().join("\n")
}

/// One answer being written.
struct Answer {
    id: String,
    model: String,
    dialogue: Dialogue,
}

impl Answer {
    fn events(&self, turn: Turn) -> Vec<Beat> {
        let (input, cached, output) = self.usage(&turn);
        let message = json!({
            "id": self.id, "type": "message", "role": "assistant", "model": self.model, "content": [],
            "stop_reason": null, "stop_sequence": null,
            "usage": {"input_tokens": input - cached, "cache_read_input_tokens": cached,
                "cache_creation_input_tokens": 0, "output_tokens": 1},
        });
        let mut beats = vec![event("message_start", &json!({"message": message})), event("ping", &json!({}))];
        let mut stop = "end_turn";
        let mut block = 0;
        for step in turn.steps {
            match step {
                Step::Say { pieces } => beats.extend(text_block(&mut block, &pieces)),
                Step::SayToolResults { before } => {
                    beats.extend(text_block(&mut block, &said_results(&before, &self.dialogue)));
                }
                Step::Call { tools } => {
                    stop = "tool_use";
                    beats.extend(tools.iter().flat_map(|call| self.tool_block(&mut block, call)));
                }
                // Pings while the model is slow, as the real server sends them.
                Step::Slow { ms } => beats.extend([event("ping", &json!({})), Beat::Wait(ms)]),
                Step::Stall => beats.extend([event("ping", &json!({})), Beat::Stall]),
                Step::Close => beats.push(Beat::Close),
                Step::Garbage => {
                    beats.push(Beat::Raw("event: content_block_delta\ndata: {\"type\": <html>\n\n"));
                    return beats;
                }
                Step::Refuse { text } => {
                    stop = "refusal";
                    if !text.is_empty() {
                        beats.extend(text_block(&mut block, &[text]));
                    }
                }
                Step::CutOff => stop = "max_tokens",
                Step::ErrorEvent { message } => {
                    beats.push(event(
                        "error",
                        &json!({"error": {"type": "overloaded_error", "message": message}}),
                    ));
                    return beats;
                }
                Step::Status { .. } => {}
            }
        }
        // An event type of the future, which clients must ignore.
        beats.push(event("content_note", &json!({"note": "unknown events are to be ignored"})));
        let end = json!({"delta": {"stop_reason": stop, "stop_sequence": null}, "usage": {"output_tokens": output}});
        beats.extend([event("message_delta", &end), event("message_stop", &json!({}))]);
        beats
    }

    fn whole(&self, turn: &Turn) -> Response {
        if turn.steps.iter().any(|step| matches!(step, Step::Garbage)) {
            return "<html>502 Bad Gateway</html>".into_response();
        }
        if turn.steps.iter().any(|step| matches!(step, Step::Stall | Step::Close)) {
            return event_stream(vec![Beat::Close]);
        }
        let text = texts_of(turn, &self.dialogue).concat();
        let mut content = Vec::new();
        if !text.is_empty() {
            content.push(json!({"type": "text", "text": text}));
        }
        let mut stop = "end_turn";
        for step in &turn.steps {
            match step {
                Step::Call { tools } => {
                    stop = "tool_use";
                    for call in tools {
                        let input = serde_json::from_str(&call.arguments).unwrap_or_else(|_| json!({}));
                        let id = format!("toolu_{}_{}", self.id, content.len());
                        content
                            .push(json!({"type": "tool_use", "id": id, "name": call.name, "input": input}));
                    }
                }
                Step::Refuse { .. } => stop = "refusal",
                Step::CutOff => stop = "max_tokens",
                _ => {}
            }
        }
        let (input, cached, output) = self.usage(turn);
        Json(json!({
            "id": self.id, "type": "message", "role": "assistant", "model": self.model, "content": content,
            "stop_reason": stop, "stop_sequence": null,
            "usage": {"input_tokens": input - cached, "cache_read_input_tokens": cached,
                "cache_creation_input_tokens": 0, "output_tokens": output},
        }))
        .into_response()
    }

    fn tool_block(&self, block: &mut usize, call: &ScriptedCall) -> Vec<Beat> {
        let index = *block;
        *block += 1;
        let id = format!("toolu_{}_{index}", self.id);
        let start = json!({"type": "tool_use", "id": id, "name": call.name, "input": {}});
        let mut beats = vec![event("content_block_start", &json!({"index": index, "content_block": start}))];
        // A call without arguments has no delta at all.
        let fragments = if call.arguments == "{}" { Vec::new() } else { fragments(&call.arguments) };
        beats.extend(fragments.iter().map(|text| {
            let delta = json!({"type": "input_json_delta", "partial_json": text});
            event("content_block_delta", &json!({"index": index, "delta": delta}))
        }));
        beats.push(event("content_block_stop", &json!({"index": index})));
        beats
    }

    /// Tokens read (cached ones included), cached and written.
    fn usage(&self, turn: &Turn) -> (u64, u64, u64) {
        let written: usize = texts_of(turn, &self.dialogue).iter().map(String::len).sum();
        match turn.usage {
            Some(usage) => (usage.input, usage.cached.min(usage.input), usage.output),
            None => (self.dialogue.rough_tokens(), 0, written.div_ceil(4).max(1) as u64),
        }
    }
}

fn text_block(block: &mut usize, pieces: &[String]) -> Vec<Beat> {
    let index = *block;
    *block += 1;
    let start = json!({"index": index, "content_block": {"type": "text", "text": ""}});
    let mut beats = vec![event("content_block_start", &start)];
    beats.extend(pieces.iter().map(|piece| {
        let delta = json!({"type": "text_delta", "text": piece});
        event("content_block_delta", &json!({"index": index, "delta": delta}))
    }));
    beats.push(event("content_block_stop", &json!({"index": index})));
    beats
}

fn event(name: &'static str, fields: &Value) -> Beat {
    let mut data = json!({"type": name});
    if let (Some(data), Some(fields)) = (data.as_object_mut(), fields.as_object()) {
        data.extend(fields.clone());
    }
    Beat::Event(name, data.to_string())
}
