//! What servers send is not trusted: whatever it is, decoders answer or refuse, and never panic.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::wire::Decoder;
use super::{anthropic, openai};
use crate::chat::ChatDelta;

/// Any JSON, made of the words that the decoders look for.
fn any_json() -> impl Strategy<Value = Value> {
    let word = prop::sample::select(vec![
        "choices",
        "delta",
        "message",
        "content",
        "tool_calls",
        "function",
        "name",
        "arguments",
        "index",
        "id",
        "usage",
        "finish_reason",
        "error",
        "type",
        "content_block",
        "content_block_start",
        "content_block_delta",
        "tool_use",
        "input_json_delta",
        "text_delta",
        "partial_json",
        "message_start",
        "message_stop",
        "message_delta",
        "text",
        "stop",
    ]);
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        Just(Value::from(u64::MAX)),
        word.clone().prop_map(Value::from),
        "\\PC{0,8}".prop_map(Value::from),
    ];
    leaf.prop_recursive(5, 40, 5, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec((word.clone(), inner), 0..5)
                .prop_map(|fields| fields.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()),
        ]
    })
}

/// Feeds the events; the deltas until the first refusal. `End` must be the last.
fn feed(mut decoder: impl Decoder, events: &[Value]) {
    for event in events {
        let Ok(deltas) = decoder.event("message", &event.to_string()) else { return };
        if let Some(end) = deltas.iter().position(|delta| matches!(delta, ChatDelta::End(_))) {
            assert_eq!(end + 1, deltas.len(), "something follows the end");
            return;
        }
    }
    if let Ok(deltas) = decoder.close() {
        assert!(matches!(deltas.last(), Some(ChatDelta::End(_))), "the answer has no end");
    }
}

proptest! {
    #[test]
    fn any_events_are_decoded_or_refused(events in prop::collection::vec(any_json(), 0..6)) {
        feed(openai::decoder(), &events);
        feed(anthropic::decoder(), &events);
        let choices: Vec<Value> = events.iter().map(|event| json!({"choices": [{"delta": event}]})).collect();
        feed(openai::decoder(), &choices);
        let starts: Vec<Value> =
            events.iter().map(|event| json!({"type": "message_start", "message": {"usage": event}})).collect();
        feed(anthropic::decoder(), &starts);
        let calls: Vec<Value> =
            events.iter().map(|event| json!({"choices": [{"delta": {"tool_calls": [event]}, "finish_reason": "length"}]})).collect();
        feed(openai::decoder(), &calls);
    }
}
