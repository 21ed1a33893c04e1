//! Puts a dialogue into the order vendors insist on: every tool call followed by its results, no empty message.

use crate::chat::ChatMessage;

/// The result sent for a call that has none, because the turn was cut short.
const NOT_RUN: &str = r#"{"error":"the call was not carried out"}"#;

/// The dialogue with missing results filled in, stray results and empty messages left out.
pub(super) fn tidy(messages: &[ChatMessage]) -> Vec<ChatMessage> {
    let mut tidied = Vec::with_capacity(messages.len());
    let mut rest = messages.iter().peekable();
    while let Some(message) = rest.next() {
        match message {
            ChatMessage::User { text } if text.trim().is_empty() => {}
            ChatMessage::User { .. } => tidied.push(message.clone()),
            ChatMessage::Assistant { text, tool_calls } => {
                if text.trim().is_empty() && tool_calls.is_empty() {
                    continue;
                }
                tidied.push(message.clone());
                let mut results: Vec<&ChatMessage> = Vec::new();
                while let Some(result) = rest.next_if(|next| matches!(next, ChatMessage::Tool { .. })) {
                    results.push(result);
                }
                for call in tool_calls {
                    let found = results.iter().find(
                        |result| matches!(result, ChatMessage::Tool { call_id, .. } if *call_id == call.id),
                    );
                    tidied.push(found.map_or_else(
                        || ChatMessage::Tool { call_id: call.id.clone(), content: NOT_RUN.into() },
                        |result| (*result).clone(),
                    ));
                }
            }
            // A result that follows no call.
            ChatMessage::Tool { .. } => {}
        }
    }
    tidied
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chat::ToolCall;

    fn user(text: &str) -> ChatMessage {
        ChatMessage::User { text: text.into() }
    }

    fn result(id: &str, content: &str) -> ChatMessage {
        ChatMessage::Tool { call_id: id.into(), content: content.into() }
    }

    fn calls(ids: &[&str]) -> ChatMessage {
        let call = |id: &&str| ToolCall { id: (*id).into(), name: "t".into(), arguments: "{}".into() };
        ChatMessage::Assistant { text: String::new(), tool_calls: ids.iter().map(call).collect() }
    }

    #[test]
    fn every_call_has_exactly_one_result_in_order() {
        let messy = [
            result("z", "stray"),
            user("hi"),
            calls(&["a", "b"]),
            result("b", "1"),
            result("q", "stray"),
            user(" "),
        ];
        let tidied = tidy(&messy);
        assert_eq!(tidied, [user("hi"), calls(&["a", "b"]), result("a", NOT_RUN), result("b", "1")]);
    }
}
