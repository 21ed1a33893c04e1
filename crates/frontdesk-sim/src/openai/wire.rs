//! The chat completions format: reading requests, writing chunks.

use axum::Json;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::{Beat, said_results, texts_of};
use crate::model::{Dialogue, ModelSim, OfferedTool, Said, ScriptedCall, Step, ToolCallStyle, Turn};

/// `created` of every answer; simulators read no clock.
pub(super) const CREATED: u64 = 1_767_225_600;

/// Reads a request, refusing what the real API refuses.
pub(super) fn read_dialogue(body: &Value) -> Result<Dialogue, String> {
    if body.get("model").and_then(Value::as_str).is_none_or(str::is_empty) {
        return Err("you must provide a model parameter".into());
    }
    let messages = body.get("messages").and_then(Value::as_array).ok_or("messages must be an array")?;
    if messages.is_empty() {
        return Err("messages must not be empty".into());
    }
    if body.get("max_tokens").is_some() && body.get("max_completion_tokens").is_some() {
        return Err("max_tokens and max_completion_tokens cannot both be set".into());
    }
    if body.get("temperature").and_then(Value::as_f64).is_some_and(|value| !(0.0..=2.0).contains(&value)) {
        return Err("temperature must be between 0 and 2".into());
    }
    let mut dialogue = Dialogue::default();
    let mut open_calls: Vec<String> = Vec::new();
    for (index, message) in messages.iter().enumerate() {
        let role = message.get("role").and_then(Value::as_str).unwrap_or_default();
        if role != "tool" && !open_calls.is_empty() {
            return Err(format!("messages[{index}]: tool calls {open_calls:?} have no result"));
        }
        match role {
            "system" | "developer" => dialogue.system.push_str(&text_of(message)),
            "user" => dialogue.said.push(Said::User(text_of(message))),
            "assistant" => {
                let calls = read_calls(message).map_err(|reason| format!("messages[{index}]: {reason}"))?;
                let text = text_of(message);
                if text.is_empty() && calls.is_empty() {
                    return Err(format!("messages[{index}]: content or tool_calls is required"));
                }
                open_calls = calls.iter().map(|(id, _)| id.clone()).collect();
                dialogue.said.push(Said::Assistant { text, calls });
            }
            "tool" => {
                let call_id =
                    message.get("tool_call_id").and_then(Value::as_str).unwrap_or_default().to_owned();
                let Some(at) = open_calls.iter().position(|id| *id == call_id) else {
                    return Err(format!("messages[{index}]: no open tool call {call_id:?}"));
                };
                open_calls.remove(at);
                dialogue.said.push(Said::ToolResult { call_id, text: text_of(message) });
            }
            other => return Err(format!("messages[{index}]: unknown role {other:?}")),
        }
    }
    if !open_calls.is_empty() {
        return Err(format!("tool calls {open_calls:?} have no result"));
    }
    for (index, tool) in body.get("tools").and_then(Value::as_array).into_iter().flatten().enumerate() {
        let function = tool.get("function").ok_or_else(|| format!("tools[{index}]: function is required"))?;
        let name = function.get("name").and_then(Value::as_str).unwrap_or_default();
        if name.is_empty()
            || name.len() > 64
            || !name.chars().all(|c| c.is_ascii_alphanumeric() || "_-".contains(c))
        {
            return Err(format!("tools[{index}]: bad name {name:?}"));
        }
        let parameters = function.get("parameters").cloned().unwrap_or_else(|| json!({"type": "object"}));
        dialogue.tools.push(OfferedTool { name: name.to_owned(), parameters });
    }
    Ok(dialogue)
}

fn text_of(message: &Value) -> String {
    match message.get("content") {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Array(parts)) => parts
            .iter()
            .filter_map(|part| part.get("text").and_then(Value::as_str))
            .collect::<Vec<_>>()
            .join("\n"),
        _ => String::new(),
    }
}

fn read_calls(message: &Value) -> Result<Vec<(String, String)>, String> {
    let calls = message.get("tool_calls").and_then(Value::as_array).into_iter().flatten();
    calls
        .map(|call| {
            let id = call
                .get("id")
                .and_then(Value::as_str)
                .filter(|id| !id.is_empty())
                .ok_or("tool call without id")?;
            let function = call.get("function").ok_or("tool call without function")?;
            let name = function.get("name").and_then(Value::as_str).ok_or("tool call without name")?;
            function
                .get("arguments")
                .and_then(Value::as_str)
                .ok_or("tool call arguments must be a string")?;
            Ok((id.to_owned(), name.to_owned()))
        })
        .collect()
}

/// One answer being written.
pub(super) struct Answer {
    id: String,
    model: String,
    dialogue: Dialogue,
}

impl Answer {
    pub(super) fn new(sim: &ModelSim, body: &Value, dialogue: Dialogue) -> Self {
        let model = body.get("model").and_then(Value::as_str).unwrap_or_default().to_owned();
        Self { id: format!("chatcmpl-sim{}", sim.answer_number()), model, dialogue }
    }

    /// The streamed answer.
    pub(super) fn events(&self, turn: Turn, body: &Value) -> Vec<Beat> {
        let wants_usage =
            body.pointer("/stream_options/include_usage").and_then(Value::as_bool) == Some(true);
        let usage = (wants_usage && !turn.without_usage).then(|| self.usage(&turn));
        let mut beats = vec![self.delta(&json!({"role": "assistant", "content": ""}))];
        let mut finish = "stop";
        let mut calls = 0;
        for step in turn.steps {
            match step {
                Step::Say { pieces } => {
                    beats.extend(pieces.iter().map(|piece| self.delta(&json!({"content": piece}))));
                }
                Step::SayToolResults { before } => {
                    let texts = said_results(&before, &self.dialogue);
                    beats.extend(texts.iter().map(|text| self.delta(&json!({"content": text}))));
                }
                Step::Call { tools } => {
                    finish = if turn.tool_calls == ToolCallStyle::SameIndex { "stop" } else { "tool_calls" };
                    beats.extend(self.calls(&tools, turn.tool_calls, &mut calls));
                }
                Step::Slow { ms } => beats.push(Beat::Wait(ms)),
                Step::Stall => beats.push(Beat::Stall),
                Step::Close => beats.push(Beat::Close),
                Step::Garbage => {
                    beats.push(Beat::Raw("data: {\"choices\": [<html>502 Bad Gateway\n\n"));
                    return beats;
                }
                Step::Refuse { text } => {
                    finish = "content_filter";
                    if !text.is_empty() {
                        beats.push(self.delta(&json!({"refusal": text})));
                    }
                }
                Step::CutOff => finish = "length",
                Step::ErrorEvent { message } => {
                    let error = json!({"error": {"message": message, "type": "server_error", "code": null}});
                    beats.push(Beat::Event("", error.to_string()));
                    return beats;
                }
                Step::Status { .. } => {}
            }
        }
        beats.push(self.chunk(&json!([{"index": 0, "delta": {}, "finish_reason": finish}]), None));
        if let Some(usage) = usage {
            beats.push(self.chunk(&json!([]), Some(&usage)));
        }
        beats.push(Beat::Event("", "[DONE]".into()));
        beats
    }

    /// The answer in one piece. Faults that need a stream break it as a whole.
    pub(super) fn whole(&self, turn: &Turn) -> Response {
        if turn.steps.iter().any(|step| matches!(step, Step::Garbage)) {
            return "<html>502 Bad Gateway</html>".into_response();
        }
        if turn.steps.iter().any(|step| matches!(step, Step::Stall | Step::Close)) {
            return super::event_stream(vec![Beat::Close]);
        }
        let calls: Vec<Value> = turn
            .steps
            .iter()
            .filter_map(|step| if let Step::Call { tools } = step { Some(tools) } else { None })
            .flatten()
            .enumerate()
            .map(|(index, call)| self.call(index, call))
            .collect();
        let has = |wanted: fn(&Step) -> bool| turn.steps.iter().any(wanted);
        let finish = if has(|step| matches!(step, Step::Refuse { .. })) {
            "content_filter"
        } else if has(|step| matches!(step, Step::CutOff)) {
            "length"
        } else if calls.is_empty() {
            "stop"
        } else {
            "tool_calls"
        };
        let mut message =
            json!({"role": "assistant", "content": texts_of(turn, &self.dialogue).concat(), "refusal": null});
        if let (false, Some(fields)) = (calls.is_empty(), message.as_object_mut()) {
            fields.insert("tool_calls".into(), Value::Array(calls));
        }
        Json(json!({
            "id": self.id, "object": "chat.completion", "created": CREATED, "model": self.model,
            "choices": [{"index": 0, "message": message, "finish_reason": finish, "logprobs": null}],
            "usage": self.usage(turn),
        }))
        .into_response()
    }

    fn calls(&self, tools: &[ScriptedCall], style: ToolCallStyle, calls: &mut usize) -> Vec<Beat> {
        let first = *calls;
        *calls += tools.len();
        let numbered = || tools.iter().enumerate().map(move |(offset, call)| (first + offset, call));
        match style {
            ToolCallStyle::SameIndex => {
                let whole: Vec<Value> = numbered()
                    .map(|(index, call)| {
                        let mut whole = self.call(index, call);
                        if let Some(fields) = whole.as_object_mut() {
                            fields.insert("index".into(), json!(0));
                        }
                        whole
                    })
                    .collect();
                vec![self.delta(&json!({"tool_calls": whole}))]
            }
            ToolCallStyle::Whole => numbered()
                .map(|(index, call)| self.delta(&json!({"tool_calls": [self.call(index, call)]})))
                .collect(),
            ToolCallStyle::Split => numbered()
                .flat_map(|(index, call)| {
                    let mut head = self.call(index, call);
                    if let Some(arguments) = head.pointer_mut("/function/arguments") {
                        *arguments = json!("");
                    }
                    let fragments = fragments(&call.arguments);
                    let rest = fragments.into_iter().map(move |text| {
                        self.delta(
                            &json!({"tool_calls": [{"index": index, "function": {"arguments": text}}]}),
                        )
                    });
                    std::iter::once(self.delta(&json!({"tool_calls": [head]}))).chain(rest)
                })
                .collect(),
        }
    }

    fn call(&self, index: usize, call: &ScriptedCall) -> Value {
        json!({
            "index": index, "id": format!("call_{}_{index}", self.id.trim_start_matches("chatcmpl-")),
            "type": "function", "function": {"name": call.name, "arguments": call.arguments},
        })
    }

    fn usage(&self, turn: &Turn) -> Value {
        let written: usize = texts_of(turn, &self.dialogue).iter().map(String::len).sum();
        let (input, cached, output) = match turn.usage {
            Some(usage) => (usage.input, usage.cached, usage.output),
            None => (self.dialogue.rough_tokens(), 0, written.div_ceil(4).max(1) as u64),
        };
        json!({
            "prompt_tokens": input, "completion_tokens": output, "total_tokens": input + output,
            "prompt_tokens_details": {"cached_tokens": cached},
        })
    }

    fn delta(&self, delta: &Value) -> Beat {
        self.chunk(&json!([{"index": 0, "delta": delta, "finish_reason": null}]), None)
    }

    fn chunk(&self, choices: &Value, usage: Option<&Value>) -> Beat {
        let chunk = json!({
            "id": self.id, "object": "chat.completion.chunk", "created": CREATED, "model": self.model,
            "choices": choices, "usage": usage,
        });
        Beat::Event("", chunk.to_string())
    }
}

/// A text in pieces of a few characters.
pub(crate) fn fragments(text: &str) -> Vec<String> {
    let characters: Vec<char> = text.chars().collect();
    characters.chunks(7).map(|piece| piece.iter().collect()).collect()
}
