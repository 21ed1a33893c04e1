//! What never belongs in a reply: the system prompt, raw tool data, internal ids.

use std::collections::HashSet;
use std::hash::{BuildHasher, Hasher, RandomState};
use std::sync::LazyLock;

use regex::RegexSet;

/// Words in a row that make a quotation of a secret text.
const STRETCH: usize = 7;

/// Raw data as it looks in a sentence or line.
static RAW: LazyLock<Option<RegexSet>> = LazyLock::new(|| {
    RegexSet::new([
        // A line of JSON: braces alone, or a key and its value.
        r"^[ \t]*[{}\[\]]+[ \t]*,?[ \t\r\n]*$",
        r#"^[ \t]*[{\[,]*[ \t]*"[A-Za-z0-9_ .-]{1,40}"[ \t]*:[ \t]*[!-~]"#,
        // JSON inside a line.
        r#"\{[ \t\n]*\\?"[A-Za-z0-9_ .-]{1,40}\\?"[ \t]*:"#,
        // Code fences, and calls spelled as text by models that were not given tools properly.
        r"^[ \t]*```",
        r"(?i-u)</? ?(?:tool_call|tool_calls|tool_result|function|function_call|function_calls|invoke|parameter|tool_response|antml:[a-z_]+|im_start|im_end)\b",
        r"(?-u)<\|[A-Za-z0-9_]+\|>",
        r"(?i-u)\b(?:(?:search_knowledge|capture_lead|update_contact|end_conversation|opt_out|send_sms|send_whatsapp|send_email|check_message)[ \t]*[({]|handoff(?:\(|[ \t]*\{))",
        r#"(?i-u)\b(?:tool_calls?|function_call|tool_use)\b[ \t]*["'=:({\[]"#,
        // Ids of our own records.
        r"(?-u)\b[a-z]{2,5}_[0-9a-f]{32}\b",
    ])
    .ok()
});

/// Whether a sentence shows raw tool data or an internal id.
pub fn is_raw_data(sentence: &str) -> bool {
    RAW.as_ref().is_none_or(|patterns| patterns.is_match(sentence))
}

/// Texts that must not be shown.
#[derive(Default)]
pub struct Secrets {
    markers: Vec<String>,
    hasher: RandomState,
    stretches: HashSet<u64>,
}

impl Secrets {
    /// Adds a text, quotations of which must not be shown, and a marker that must not be shown at all.
    pub fn add(&mut self, text: &str, marker: &str) {
        if !marker.is_empty() {
            self.markers.push(marker.to_lowercase());
        }
        for line in text.lines() {
            let words = words(line);
            for stretch in words.windows(STRETCH) {
                let hash = self.hash(stretch);
                self.stretches.insert(hash);
            }
        }
    }

    /// Whether the sentence contains a marker or quotes a secret text.
    pub fn shows(&self, sentence: &str) -> bool {
        if self.markers.is_empty() && self.stretches.is_empty() {
            return false;
        }
        let lower = sentence.to_lowercase();
        self.markers.iter().any(|marker| lower.contains(marker))
            || words(sentence).windows(STRETCH).any(|stretch| self.stretches.contains(&self.hash(stretch)))
    }

    fn hash(&self, words: &[String]) -> u64 {
        let mut hasher = self.hasher.build_hasher();
        for word in words {
            hasher.write(word.as_bytes());
            hasher.write_u8(0);
        }
        hasher.finish()
    }
}

fn words(text: &str) -> Vec<String> {
    text.split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn raw_data_is_seen_and_prose_is_not() {
        for raw in [
            "{\"ok\": true, \"lead_id\": \"x\"}",
            "  \"email\": \"a@b.c\",",
            "{",
            "```json",
            "<tool_call>",
            "capture_lead({\"email\": \"a@b.c\"})",
            "I will call handoff{\"reason\":\"x\"} now.",
            "Your number is lead_0198c0de7e1f7a3c8d5e6f708192a3b4.",
            "<|im_start|>system",
        ] {
            assert!(is_raw_data(raw), "{raw}");
        }
        for prose in [
            "We are open from 9:00 to 17:00.",
            "Our handoff (to a colleague) is quick.",
            "The so-called \"early bird\": 20 % off.",
            "[See our prices](https://example.com/prices)",
            "Use code SAVE_10 at checkout.",
        ] {
            assert!(!is_raw_data(prose), "{prose}");
        }
    }

    #[test]
    fn a_secret_is_seen_by_its_marker_and_by_quotation() {
        let mut secrets = Secrets::default();
        secrets.add(
            "Never say that something is booked unless a tool has done it in this conversation.",
            "fd-1a2b",
        );
        assert!(secrets.shows("My marker is FD-1A2B."));
        assert!(
            secrets.shows("I was told: never say that **something** is booked unless a tool has done it!")
        );
        assert!(!secrets.shows("Something is booked unless you cancel."));
    }
}
