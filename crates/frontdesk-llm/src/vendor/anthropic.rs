//! Anthropic messages, API version 2023-06-01.
//!
//! There is no published machine-readable description of this API: only our simulator, written from the public
//! documentation, has exercised this client.

use async_trait::async_trait;
use frontdesk_domain::connection::ConnectionCategory;
use secrecy::ExposeSecret;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::openai::{pricing_schema, shortest};
use super::wire::{self, Decoder, Opened};
use super::{Access, BuildError, base_url, check_numbers, prompt};
use crate::chat::{ChatDelta, ChatError, ChatMessage, ChatModel, ChatRequest, ChatStream, ToolCall, Usage};
use crate::manifest::{AuthKind, Manifest};
use crate::pricing::Pricing;

/// The vendor's id.
pub(super) const ID: &str = "anthropic";

/// Stands for the customer when a dialogue begins with the assistant's greeting; the API wants the user first.
const OPENING: &str = "(The customer opened the conversation.)";

/// What the vendor says about itself.
pub(super) const MANIFEST: Manifest = Manifest {
    id: ID,
    name: "Anthropic",
    category: ConnectionCategory::Model,
    settings_schema,
    auth: AuthKind::ApiKey,
    docs: "https://docs.anthropic.com/en/api/messages",
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
    #[serde(default = "yes")]
    cache_prompt: bool,
    #[serde(default)]
    pricing: Pricing,
}

fn default_base_url() -> String {
    "https://api.anthropic.com".into()
}

fn yes() -> bool {
    true
}

fn settings_schema() -> Value {
    json!({
        "type": "object", "additionalProperties": false, "required": ["model"],
        "properties": {
            "model": {"type": "string", "minLength": 1, "maxLength": 200, "title": "Model"},
            "base_url": {"type": "string", "format": "uri", "title": "Address of the API", "default": default_base_url()},
            "temperature": {"type": ["number", "null"], "minimum": 0, "maximum": 1, "title": "Temperature",
                "description": "Lower is more predictable. Left to the model when empty."},
            "max_tokens": {"type": ["integer", "null"], "minimum": 1, "maximum": 200_000, "title": "Longest answer, in tokens"},
            "cache_prompt": {"type": "boolean", "default": true, "title": "Let the vendor cache the instructions",
                "description": "Instructions and tools that do not change between turns cost less."},
            "pricing": pricing_schema(),
        },
    })
}

/// The client.
pub(super) struct Anthropic {
    settings: Settings,
    name: String,
    url: String,
    access: Access,
}

impl Anthropic {
    pub(super) fn new(settings: Settings, access: Access) -> Result<Self, BuildError> {
        check_numbers(ID, settings.temperature, settings.max_tokens)?;
        if access.secret.is_none() {
            return Err(BuildError::MissingSecret(MANIFEST.name));
        }
        let base = base_url(ID, &settings.base_url)?;
        let name = format!("{ID}:{}", settings.model);
        Ok(Self { name, url: format!("{base}/v1/messages"), settings, access })
    }

    fn body(&self, request: &ChatRequest) -> Value {
        let model = if request.model.is_empty() { &self.settings.model } else { &request.model };
        let limit =
            self.settings.max_tokens.map_or(request.max_tokens, |most| most.min(request.max_tokens)).max(1);
        let mut body =
            json!({"model": model, "max_tokens": limit, "stream": true, "messages": messages(request)});
        let Some(fields) = body.as_object_mut() else { return body };
        if !request.system.trim().is_empty() {
            let mut block = json!({"type": "text", "text": request.system});
            // Marks the end of the prefix worth keeping: tools come before the system prompt.
            if let (true, Some(block)) = (self.settings.cache_prompt, block.as_object_mut()) {
                block.insert("cache_control".into(), json!({"type": "ephemeral"}));
            }
            fields.insert("system".into(), json!([block]));
        }
        if let Some(temperature) = request.temperature.or(self.settings.temperature) {
            fields.insert("temperature".into(), shortest(temperature.clamp(0.0, 1.0)));
        }
        if !request.tools.is_empty() {
            let tools = request.tools.iter().map(|tool| {
                json!({"name": tool.name, "description": tool.description, "input_schema": tool.parameters})
            });
            fields.insert("tools".into(), tools.collect());
        }
        body
    }
}

#[async_trait]
impl ChatModel for Anthropic {
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
            .label("anthropic.messages")
            .header("anthropic-version", "2023-06-01")
            .json(&self.body(&request));
        if let Some(secret) = &self.access.secret {
            call = call.secret_header("x-api-key", secret.expose_secret());
        }
        match wire::open(call, &self.access).await? {
            Opened::Events(events) => Ok(wire::decode(events, Events::default())),
            Opened::Whole(_) => Err(ChatError::Garbage("a document instead of a stream".into())),
        }
    }
}

/// The dialogue with alternating roles, the user first; results of tools open the user's message.
fn messages(request: &ChatRequest) -> Vec<Value> {
    let mut turns: Vec<(&'static str, Vec<Value>)> = Vec::new();
    let mut add = |role: &'static str, block: Value| match turns.last_mut() {
        Some((last, blocks)) if *last == role => blocks.push(block),
        _ => turns.push((role, vec![block])),
    };
    for (number, message) in prompt::tidy(&request.messages).into_iter().enumerate() {
        if number == 0 && !matches!(message, ChatMessage::User { .. }) {
            add("user", json!({"type": "text", "text": OPENING}));
        }
        match message {
            ChatMessage::User { text } => add("user", json!({"type": "text", "text": text})),
            ChatMessage::Assistant { text, tool_calls } => {
                if !text.trim().is_empty() {
                    // The API refuses white space at the end of the assistant's last message.
                    add("assistant", json!({"type": "text", "text": text.trim_end()}));
                }
                for call in tool_calls {
                    let input: Map<String, Value> = serde_json::from_str(&call.arguments).unwrap_or_default();
                    add(
                        "assistant",
                        json!({"type": "tool_use", "id": call.id, "name": call.name, "input": input}),
                    );
                }
            }
            ChatMessage::Tool { call_id, content } => {
                add("user", json!({"type": "tool_result", "tool_use_id": call_id, "content": content}));
            }
        }
    }
    turns.into_iter().map(|(role, content)| json!({"role": role, "content": content})).collect()
}

/// A decoder at the start of an answer.
#[cfg(test)]
pub(super) fn decoder() -> impl Decoder {
    Events::default()
}

/// Reads events.
#[derive(Default)]
struct Events {
    usage: Usage,
    /// The tool call being written, with its block's index.
    call: Option<(u64, ToolCall)>,
    called: bool,
    stop: String,
    recognised: bool,
}

impl Decoder for Events {
    fn event(&mut self, _name: &str, data: &str) -> Result<Vec<ChatDelta>, ChatError> {
        let event: Value =
            serde_json::from_str(data).map_err(|error| ChatError::Garbage(format!("event: {error}")))?;
        let text = |pointer: &str| event.pointer(pointer).and_then(Value::as_str).unwrap_or_default();
        let index = event.get("index").and_then(Value::as_u64).unwrap_or(0);
        let mut deltas = Vec::new();
        match text("/type") {
            "message_start" => {
                self.recognised = true;
                self.count(event.pointer("/message/usage"));
                deltas.push(ChatDelta::Usage(self.usage));
            }
            "content_block_start" if text("/content_block/type") == "tool_use" => {
                let input = event.pointer("/content_block/input").and_then(Value::as_object);
                let arguments = input
                    .filter(|input| !input.is_empty())
                    .map(|input| Value::Object(input.clone()).to_string());
                let (id, name) =
                    (text("/content_block/id").to_owned(), text("/content_block/name").to_owned());
                if id.is_empty() || name.is_empty() {
                    return Err(ChatError::Garbage("a tool call without id or name".into()));
                }
                self.call = Some((index, ToolCall { id, name, arguments: arguments.unwrap_or_default() }));
                deltas.push(ChatDelta::Text(String::new()));
            }
            "content_block_start" => {
                let begun = text("/content_block/text");
                if text("/content_block/type") == "text" && !begun.is_empty() {
                    deltas.push(ChatDelta::Text(begun.to_owned()));
                }
            }
            "content_block_delta" => match text("/delta/type") {
                "text_delta" => deltas.push(ChatDelta::Text(text("/delta/text").to_owned())),
                "input_json_delta" => {
                    if let Some((_, call)) = self.call.as_mut().filter(|(block, _)| *block == index) {
                        call.arguments.push_str(text("/delta/partial_json"));
                    }
                    deltas.push(ChatDelta::Text(String::new()));
                }
                _ => {}
            },
            "content_block_stop" => {
                if let Some((_, mut call)) = self.call.take_if(|(block, _)| *block == index) {
                    if call.arguments.trim().is_empty() {
                        call.arguments = "{}".into();
                    }
                    self.called = true;
                    deltas.push(ChatDelta::ToolCall(call));
                }
            }
            "message_delta" => {
                text("/delta/stop_reason").clone_into(&mut self.stop);
                self.count(event.get("usage"));
                deltas.push(ChatDelta::Usage(self.usage));
            }
            "message_stop" => deltas.push(ChatDelta::End(wire::end_reason(&self.stop, self.called))),
            "error" => return Err(wire::error_event(event.get("error").unwrap_or(&Value::Null))),
            // Pings, and event types of the future.
            _ => {}
        }
        Ok(deltas)
    }

    fn close(&mut self) -> Result<Vec<ChatDelta>, ChatError> {
        Err(if self.recognised {
            ChatError::Unavailable("the connection closed in the middle of the answer".into())
        } else {
            ChatError::Garbage("no event of an answer".into())
        })
    }
}

impl Events {
    /// Takes over counts; the vendor counts cached tokens apart from those read, and written ones so far.
    fn count(&mut self, usage: Option<&Value>) {
        let number = |key: &str| usage.and_then(|usage| usage.get(key)).and_then(Value::as_u64);
        if let Some(fresh) = number("input_tokens") {
            let cached = number("cache_read_input_tokens").unwrap_or(self.usage.cached_tokens);
            self.usage.cached_tokens = cached;
            let written_to_cache = number("cache_creation_input_tokens").unwrap_or(0);
            self.usage.input_tokens = fresh.saturating_add(cached).saturating_add(written_to_cache);
        }
        self.usage.output_tokens = number("output_tokens").unwrap_or(self.usage.output_tokens);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roles_alternate_and_begin_with_the_user() {
        let call = |id: &str| ToolCall { id: id.into(), name: "t".into(), arguments: "not json".into() };
        let request = ChatRequest {
            model: String::new(),
            system: String::new(),
            messages: vec![
                ChatMessage::Assistant { text: "Welcome! ".into(), tool_calls: vec![] },
                ChatMessage::User { text: "a".into() },
                ChatMessage::User { text: "b".into() },
                ChatMessage::Assistant { text: String::new(), tool_calls: vec![call("1"), call("2")] },
                ChatMessage::Tool { call_id: "1".into(), content: "x".into() },
                ChatMessage::User { text: "c".into() },
            ],
            tools: vec![],
            temperature: None,
            max_tokens: 10,
        };
        let shape: Vec<(String, Vec<String>)> = messages(&request)
            .iter()
            .map(|message| {
                let kinds = message["content"].as_array().unwrap().iter();
                let kinds = kinds.map(|block| block["type"].as_str().unwrap().to_owned()).collect();
                (message["role"].as_str().unwrap().to_owned(), kinds)
            })
            .collect();
        let expected = [
            ("user", vec!["text"]),
            ("assistant", vec!["text"]),
            ("user", vec!["text", "text"]),
            ("assistant", vec!["tool_use", "tool_use"]),
            ("user", vec!["tool_result", "tool_result", "text"]),
        ];
        let expected = expected
            .map(|(role, kinds)| (role.to_owned(), kinds.into_iter().map(str::to_owned).collect::<Vec<_>>()));
        assert_eq!(shape, expected);
    }
}
