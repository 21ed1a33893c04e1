//! Chat completions: OpenAI itself and the many servers that speak its protocol (Ollama, vLLM, llama.cpp, OpenRouter,
//! Groq, Mistral, Gemini's compatible endpoint).
//!
//! Servers differ in small ways that this client absorbs: usage missing, tool calls in fragments, whole, or all under
//! index 0, arguments as an object, ids missing, `stop` after tool calls, no `[DONE]`, one JSON document instead of a
//! stream, reasoning between `<think>` marks. Requests were checked against OpenAI's published API description.

use async_trait::async_trait;
use frontdesk_domain::connection::ConnectionCategory;
use secrecy::ExposeSecret;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::wire::{self, Decoder, Opened};
use super::{Access, BuildError, base_url, check_numbers, prompt};
use crate::chat::{ChatDelta, ChatError, ChatMessage, ChatModel, ChatRequest, ChatStream, ToolCall, Usage};
use crate::manifest::{AuthKind, Manifest};
use crate::pricing::Pricing;
use crate::think::ThinkFilter;

/// The vendor's id.
pub(super) const ID: &str = "openai";

/// Most tool calls of one answer.
const MAX_CALLS: usize = 64;

/// What the vendor says about itself.
pub(super) const MANIFEST: Manifest = Manifest {
    id: ID,
    name: "OpenAI or compatible (Ollama, vLLM, OpenRouter, ...)",
    category: ConnectionCategory::Model,
    settings_schema,
    auth: AuthKind::OptionalApiKey,
    docs: "https://platform.openai.com/docs/api-reference/chat",
};

/// Settings of a connection.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Settings {
    model: String,
    #[serde(default = "default_base_url")]
    base_url: String,
    #[serde(default)]
    temperature: Option<f32>,
    #[serde(default)]
    max_tokens: Option<u32>,
    #[serde(default)]
    token_limit: TokenLimit,
    #[serde(default = "yes")]
    stream_usage: bool,
    #[serde(default)]
    pricing: Pricing,
}

/// Which field carries the limit of the answer's length.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum TokenLimit {
    /// The new field for OpenAI itself, the old one for everyone else.
    #[default]
    Auto,
    MaxTokens,
    MaxCompletionTokens,
}

fn default_base_url() -> String {
    "https://api.openai.com/v1".into()
}

fn yes() -> bool {
    true
}

fn settings_schema() -> Value {
    json!({
        "type": "object", "additionalProperties": false, "required": ["model"],
        "properties": {
            "model": {"type": "string", "minLength": 1, "maxLength": 200, "title": "Model", "examples": ["gpt-5-mini", "qwen3:8b"]},
            "base_url": {"type": "string", "format": "uri", "title": "Address of the API", "default": default_base_url(),
                "examples": ["http://127.0.0.1:11434/v1"]},
            "temperature": {"type": ["number", "null"], "minimum": 0, "maximum": 2, "title": "Temperature",
                "description": "Lower is more predictable. Left to the model when empty."},
            "max_tokens": {"type": ["integer", "null"], "minimum": 1, "maximum": 200_000, "title": "Longest answer, in tokens"},
            "token_limit": {"enum": ["auto", "max_tokens", "max_completion_tokens"], "default": "auto",
                "title": "Name of the length limit", "description": "Change only when the server refuses requests because of it."},
            "stream_usage": {"type": "boolean", "default": true, "title": "Ask for token counts",
                "description": "Turn off for servers that refuse stream_options."},
            "pricing": pricing_schema(),
        },
    })
}

/// The schema of [`Pricing`], shared by the chat vendors.
pub(super) fn pricing_schema() -> Value {
    let price = |title: &str| json!({"type": "integer", "minimum": 0, "default": 0, "title": title});
    json!({
        "type": "object", "additionalProperties": false, "title": "Prices",
        "description": "Millionths of a US dollar per million tokens; 1.25 USD is 1250000. Used to show what turns cost.",
        "properties": {
            "input": price("A million tokens read"), "cached": price("A million tokens read from cache"),
            "output": price("A million tokens written"),
        },
    })
}

/// The client.
pub(super) struct OpenAi {
    settings: Settings,
    name: String,
    url: String,
    access: Access,
}

impl OpenAi {
    pub(super) fn new(settings: Settings, access: Access) -> Result<Self, BuildError> {
        check_numbers(ID, settings.temperature, settings.max_tokens)?;
        let base = base_url(ID, &settings.base_url)?;
        let name = format!("{ID}:{}", settings.model);
        Ok(Self { name, url: format!("{base}/chat/completions"), settings, access })
    }

    fn body(&self, request: &ChatRequest) -> Value {
        let model = if request.model.is_empty() { &self.settings.model } else { &request.model };
        let mut body = json!({"model": model, "messages": messages(request), "stream": true});
        let Some(fields) = body.as_object_mut() else { return body };
        let limit =
            self.settings.max_tokens.map_or(request.max_tokens, |most| most.min(request.max_tokens)).max(1);
        fields.insert(self.limit_field().into(), json!(limit));
        let temperature = request.temperature.or(self.settings.temperature);
        if let Some(temperature) = temperature.filter(|_| accepts_temperature(model)) {
            fields.insert("temperature".into(), shortest(temperature));
        }
        if self.settings.stream_usage {
            fields.insert("stream_options".into(), json!({"include_usage": true}));
        }
        if !request.tools.is_empty() {
            let tools = request.tools.iter().map(|tool| {
                let function = json!({"name": tool.name, "description": tool.description, "parameters": tool.parameters});
                json!({"type": "function", "function": function})
            });
            fields.insert("tools".into(), tools.collect());
        }
        body
    }

    fn limit_field(&self) -> &'static str {
        match self.settings.token_limit {
            TokenLimit::MaxCompletionTokens => "max_completion_tokens",
            TokenLimit::Auto if self.url.starts_with("https://api.openai.com/") => "max_completion_tokens",
            TokenLimit::Auto | TokenLimit::MaxTokens => "max_tokens",
        }
    }
}

#[async_trait]
impl ChatModel for OpenAi {
    fn name(&self) -> &str {
        &self.name
    }

    fn pricing(&self) -> Pricing {
        self.settings.pricing
    }

    async fn stream(&self, request: ChatRequest) -> Result<ChatStream, ChatError> {
        let mut call = self
            .access
            .http
            .post(self.access.target, &self.url)
            .label("openai.chat")
            .json(&self.body(&request));
        if let Some(secret) = &self.access.secret {
            call = call.bearer(secret.expose_secret());
        }
        let mut decoder = Chunks::default();
        match wire::open(call, &self.access).await? {
            Opened::Events(events) => Ok(wire::decode(events, decoder)),
            Opened::Whole(document) => {
                let mut deltas = decoder.chunk(&document)?;
                deltas.extend(decoder.close()?);
                Ok(wire::ready(deltas))
            }
        }
    }
}

/// OpenAI's reasoning models refuse any temperature but their own.
fn accepts_temperature(model: &str) -> bool {
    let model = model.rsplit('/').next().unwrap_or(model);
    !["o1", "o3", "o4", "gpt-5"].iter().any(|family| model.starts_with(family))
}

/// The number as a person wrote it: 0.3, not 0.30000001192092896.
pub(super) fn shortest(number: f32) -> Value {
    number.to_string().parse::<f64>().map_or(Value::Null, |number| json!(number))
}

fn messages(request: &ChatRequest) -> Vec<Value> {
    let mut messages = Vec::with_capacity(request.messages.len() + 1);
    if !request.system.is_empty() {
        messages.push(json!({"role": "system", "content": request.system}));
    }
    for message in prompt::tidy(&request.messages) {
        messages.push(match message {
            ChatMessage::User { text } => json!({"role": "user", "content": text}),
            ChatMessage::Assistant { text, tool_calls } if tool_calls.is_empty() => {
                json!({"role": "assistant", "content": text})
            }
            ChatMessage::Assistant { text, tool_calls } => {
                let content = if text.is_empty() { Value::Null } else { Value::String(text) };
                let calls = tool_calls.iter().map(|call| {
                    let function = json!({"name": call.name, "arguments": call.arguments});
                    json!({"id": call.id, "type": "function", "function": function})
                });
                json!({"role": "assistant", "content": content, "tool_calls": calls.collect::<Vec<_>>()})
            }
            ChatMessage::Tool { call_id, content } => {
                json!({"role": "tool", "tool_call_id": call_id, "content": content})
            }
        });
    }
    messages
}

/// A decoder at the start of an answer.
#[cfg(test)]
pub(super) fn decoder() -> impl Decoder {
    Chunks::default()
}

/// Reads chunks.
#[derive(Default)]
struct Chunks {
    think: ThinkFilter,
    calls: Vec<PartialCall>,
    finish: Option<String>,
    refused: bool,
    recognised: bool,
}

#[derive(Default)]
struct PartialCall {
    index: u64,
    id: String,
    name: String,
    arguments: String,
}

impl Decoder for Chunks {
    fn event(&mut self, _name: &str, data: &str) -> Result<Vec<ChatDelta>, ChatError> {
        if data.trim() == "[DONE]" {
            return self.end();
        }
        let chunk: Value =
            serde_json::from_str(data).map_err(|error| ChatError::Garbage(format!("chunk: {error}")))?;
        self.chunk(&chunk)
    }

    fn close(&mut self) -> Result<Vec<ChatDelta>, ChatError> {
        match (&self.finish, self.recognised) {
            (Some(_), _) => self.end(),
            (None, true) => {
                Err(ChatError::Unavailable("the connection closed in the middle of the answer".into()))
            }
            (None, false) => Err(ChatError::Garbage("no chunk of an answer".into())),
        }
    }
}

impl Chunks {
    fn chunk(&mut self, chunk: &Value) -> Result<Vec<ChatDelta>, ChatError> {
        if let Some(error) = chunk.get("error").filter(|error| !error.is_null()) {
            return Err(wire::error_event(error));
        }
        let mut deltas = Vec::new();
        if let Some(usage) = chunk.get("usage").and_then(Value::as_object) {
            self.recognised = true;
            deltas.push(ChatDelta::Usage(read_usage(usage)));
        }
        let Some(choice) = chunk.pointer("/choices/0") else { return Ok(deltas) };
        self.recognised = true;
        let delta = choice.get("delta").or_else(|| choice.get("message")).unwrap_or(&Value::Null);
        if let Some(text) = delta.get("content").and_then(Value::as_str) {
            let shown = self.think.push(text);
            if !shown.is_empty() {
                deltas.push(ChatDelta::Text(shown));
            }
        }
        self.refused |= delta.get("refusal").and_then(Value::as_str).is_some_and(|text| !text.is_empty());
        if let Some(calls) =
            delta.get("tool_calls").and_then(Value::as_array).filter(|calls| !calls.is_empty())
        {
            for call in calls {
                self.call(call)?;
            }
            deltas.push(ChatDelta::Text(String::new()));
        }
        if let Some(reason) = choice.get("finish_reason").and_then(Value::as_str) {
            self.finish = Some(reason.to_owned());
        }
        Ok(deltas)
    }

    /// Adds a fragment to the call it belongs to, or begins a call.
    fn call(&mut self, fragment: &Value) -> Result<(), ChatError> {
        let text = |pointer: &str| fragment.pointer(pointer).and_then(Value::as_str).unwrap_or_default();
        let (id, name) = (text("/id"), text("/function/name"));
        let arguments = fragment.pointer("/function/arguments").map(wire::arguments_text).unwrap_or_default();
        let index = fragment.get("index").and_then(Value::as_u64);
        let known = match index {
            Some(index) => self.calls.iter().rposition(|call| call.index == index),
            None if name.is_empty() => self.calls.len().checked_sub(1),
            None => None,
        };
        let continues = known.and_then(|at| self.calls.get_mut(at)).filter(|call| {
            // A second call under the same index has its own id, or a name although the first already has one.
            let other_id = !id.is_empty() && !call.id.is_empty() && call.id != id;
            let other_name = id.is_empty() && !name.is_empty() && !call.name.is_empty();
            !other_id && !other_name
        });
        if let Some(call) = continues {
            call.arguments.push_str(&arguments);
            if call.id.is_empty() {
                id.clone_into(&mut call.id);
            }
            if call.name.is_empty() {
                name.clone_into(&mut call.name);
            }
            return Ok(());
        }
        if self.calls.len() >= MAX_CALLS {
            return Err(ChatError::Garbage(format!("more than {MAX_CALLS} tool calls in one answer")));
        }
        let index = index.unwrap_or(self.calls.len() as u64);
        self.calls.push(PartialCall { index, id: id.to_owned(), name: name.to_owned(), arguments });
        Ok(())
    }

    fn end(&mut self) -> Result<Vec<ChatDelta>, ChatError> {
        if !self.recognised {
            return Err(ChatError::Garbage("no chunk of an answer".into()));
        }
        let finish = self.finish.take().unwrap_or_default();
        let mut deltas = Vec::new();
        let held = self.think.finish();
        if !held.is_empty() {
            deltas.push(ChatDelta::Text(held));
        }
        let calls = std::mem::take(&mut self.calls);
        let mut called = false;
        for (number, call) in calls.into_iter().enumerate() {
            if call.name.is_empty() {
                return Err(ChatError::Garbage("a tool call without a name".into()));
            }
            let arguments = if call.arguments.trim().is_empty() { "{}".to_owned() } else { call.arguments };
            // A call cut off by the length limit cannot be carried out.
            if finish == "length" && serde_json::from_str::<Map<String, Value>>(&arguments).is_err() {
                continue;
            }
            let id = if call.id.is_empty() { format!("call_{number}") } else { call.id };
            called = true;
            deltas.push(ChatDelta::ToolCall(ToolCall { id, name: call.name, arguments }));
        }
        let reason = if self.refused { "refusal" } else { finish.as_str() };
        deltas.push(ChatDelta::End(wire::end_reason(reason, called)));
        Ok(deltas)
    }
}

fn read_usage(usage: &Map<String, Value>) -> Usage {
    let number = |key: &str| usage.get(key).and_then(Value::as_u64).unwrap_or(0);
    let cached = usage.get("prompt_tokens_details").and_then(|details| details.get("cached_tokens"));
    Usage {
        input_tokens: number("prompt_tokens"),
        cached_tokens: cached.and_then(Value::as_u64).unwrap_or(0),
        output_tokens: number("completion_tokens"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chat::EndReason;

    fn decode(chunks: &[Value]) -> Result<Vec<ChatDelta>, ChatError> {
        let mut decoder = Chunks::default();
        let mut deltas = Vec::new();
        for chunk in chunks {
            deltas.extend(decoder.event("message", &chunk.to_string())?);
        }
        deltas.extend(decoder.close()?);
        deltas.retain(|delta| *delta != ChatDelta::Text(String::new()));
        Ok(deltas)
    }

    fn called(delta: &ChatDelta) -> (&str, &str, &str) {
        match delta {
            ChatDelta::ToolCall(call) => (&call.id, &call.name, &call.arguments),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn calls_without_id_or_index_and_with_object_arguments_are_understood() {
        let deltas = decode(&[
            json!({"choices": [{"delta": {"tool_calls": [{"function": {"name": "a", "arguments": {"x": 1}}}]}}]}),
            json!({"choices": [{"delta": {"tool_calls": [{"function": {"name": "b", "arguments": ""}}]}}]}),
            json!({"choices": [{"delta": {"tool_calls": [{"function": {"arguments": "{\"y\":2}"}}]}, "finish_reason": "stop"}]}),
        ])
        .unwrap();
        assert_eq!(called(&deltas[0]), ("call_0", "a", "{\"x\":1}"));
        assert_eq!(called(&deltas[1]), ("call_1", "b", "{\"y\":2}"));
        assert_eq!(deltas[2], ChatDelta::End(EndReason::ToolCalls));
    }

    #[test]
    fn a_call_cut_off_by_the_length_limit_is_not_handed_out() {
        let deltas = decode(&[
            json!({"choices": [{"delta": {"tool_calls": [{"index": 0, "id": "c", "function": {"name": "a", "arguments": "{\"x\":"}}]}}]}),
            json!({"choices": [{"delta": {}, "finish_reason": "length"}]}),
        ]);
        assert_eq!(deltas.unwrap(), [ChatDelta::End(EndReason::Length)]);
    }

    #[test]
    fn a_server_that_does_not_stream_is_understood() {
        let deltas = decode(&[json!({
            "object": "chat.completion",
            "choices": [{"message": {"role": "assistant", "content": "Nine."}, "finish_reason": "stop"}],
            "usage": {"prompt_tokens": 7, "completion_tokens": 2},
        })]);
        let usage = Usage { input_tokens: 7, cached_tokens: 0, output_tokens: 2 };
        let expected =
            [ChatDelta::Usage(usage), ChatDelta::Text("Nine.".into()), ChatDelta::End(EndReason::Stop)];
        assert_eq!(deltas.unwrap(), expected);
    }

    #[test]
    fn a_refusal_is_told_from_an_answer() {
        let deltas =
            decode(&[json!({"choices": [{"delta": {"refusal": "I cannot"}, "finish_reason": "stop"}]})]);
        assert_eq!(deltas.unwrap(), [ChatDelta::End(EndReason::Refused)]);
    }

    #[test]
    fn temperature_is_not_sent_to_models_that_refuse_it() {
        assert!(accepts_temperature("gpt-4.1") && accepts_temperature("qwen3:8b"));
        assert!(!accepts_temperature("gpt-5-mini") && !accepts_temperature("openai/o3"));
        assert_eq!(shortest(0.3).to_string(), "0.3");
    }
}
