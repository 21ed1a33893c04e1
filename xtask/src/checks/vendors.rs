//! The agent and the API know no vendor: they speak to ports, and only app and the binary choose who is behind them.

use super::Finding;
use crate::repository::{Repository, crate_of};
use crate::rust_source::RustSource;

/// Crates that must not name a vendor.
const BLIND: &[&str] =
    &["frontdesk-agent", "frontdesk-api", "frontdesk-knowledge", "frontdesk-queue", "frontdesk-domain"];

/// Module paths of vendors, as code would write them.
const VENDOR_PATHS: &[&str] = &[
    "::openai",
    "::anthropic",
    "::ollama",
    "::twilio",
    "::telnyx",
    "::vonage",
    "::whatsapp",
    "::telegram",
    "::resend",
    "::mailgun",
    "::deepgram",
    "::elevenlabs",
    "::cartesia",
    "::google_calendar",
    "::hubspot",
    "::salesforce",
    "::stripe",
    "::slack",
    "frontdesk_llm::vendor",
];

/// Finds a vendor's module named in a crate that must stay blind to vendors.
pub fn check(repository: &Repository) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in repository.product_sources().filter(|file| BLIND.contains(&crate_of(&file.path))) {
        let source = RustSource::new(&file.text);
        for (line, code) in source.lines() {
            if let Some(vendor) = VENDOR_PATHS.iter().find(|vendor| names(code, vendor)) {
                let text = format!("names a vendor ({vendor}); take the port and let the binary choose");
                findings.push(Finding::at(&file.path, line, text));
            }
        }
    }
    findings
}

/// Is `path` in `code` as a module, not as the start of a longer word?
fn names(code: &str, path: &str) -> bool {
    code.match_indices(path).any(|(at, _)| {
        let next = code.get(at + path.len()..).and_then(|rest| rest.chars().next());
        next.is_none_or(|next| !next.is_alphanumeric() && next != '_') || path.ends_with("vendor")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_vendor_in_the_agent_is_found_and_in_the_app_is_not() {
        let text = "use frontdesk_llm::openai::OpenAi;\n// frontdesk_llm::openai in words\nuse frontdesk_llm::ChatModel;";
        let repository = Repository::of(&[
            ("crates/frontdesk-agent/src/turn.rs", text),
            ("crates/frontdesk-app/src/a.rs", text),
        ]);
        let findings = check(&repository);
        assert_eq!(findings.len(), 1);
        assert_eq!(findings.first().map(|finding| finding.line), Some(1));
    }

    #[test]
    fn a_longer_word_is_not_a_vendor() {
        let text = "let x = shape::slack_time();\nuse frontdesk_llm::vendors::Openai;";
        let findings = check(&Repository::of(&[("crates/frontdesk-agent/src/a.rs", text)]));
        assert_eq!(findings.iter().map(|finding| finding.line).collect::<Vec<_>>(), [2]);
    }
}
