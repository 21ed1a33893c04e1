//! What a session's tools may be called with.
//!
//! A call is allowed when the agent's settings name the tool, the port offers it and the arguments fit its JSON Schema
//! (JSON Schema 2020-12, unknown keys refused by the schemas themselves) and the bounds below. Identity is not here:
//! the port knows contact and conversation, and no schema has a field for either.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use jsonschema::Validator;
use serde_json::Value;

use crate::port::ToolSpec;
use crate::session::Session;
use crate::tools;
use crate::turn::ToolRequest;

/// Most bytes of arguments as JSON.
pub const MAX_ARGUMENTS: usize = 16 * 1024;
/// Deepest nesting of arguments.
const MAX_DEPTH: usize = 8;
/// Most characters of refused arguments that are kept in the record.
const MAX_RECORDED: usize = 2_000;
/// Most compiled schemas that are kept.
const MAX_COMPILED: usize = 256;

/// Why a call was refused; worded for the model that asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// No such tool, or not for this session.
    #[error("there is no tool named `{0}`; use only the tools that were offered")]
    Unknown(String),
    /// Too large or too deep.
    #[error("the arguments are too large; at most {MAX_ARGUMENTS} bytes and {MAX_DEPTH} levels")]
    TooLarge,
    /// They do not fit the schema.
    #[error("the arguments do not fit the tool's schema: {0}")]
    Schema(String),
}

/// The tools of one session.
pub struct Authority {
    specs: Vec<ToolSpec>,
}

impl Authority {
    /// The offered tools that the session's agent may use. Opting out is a right, so no setting takes it away.
    pub fn of(session: &Session, offered: Vec<ToolSpec>) -> Self {
        let allowed = |spec: &ToolSpec| {
            spec.name == tools::OPT_OUT || session.settings.tools.iter().any(|name| name == spec.name)
        };
        Self { specs: offered.into_iter().filter(allowed).collect() }
    }

    /// The tools, in the port's order.
    pub fn specs(&self) -> &[ToolSpec] {
        &self.specs
    }

    /// Whether the session may use the tool.
    pub fn allows(&self, name: &str) -> bool {
        self.specs.iter().any(|spec| spec.name == name)
    }

    /// Whether the session may call the tool with these arguments.
    pub fn check(&self, name: &str, arguments: &Value) -> Result<(), Refusal> {
        let Some(spec) = self.specs.iter().find(|spec| spec.name == name) else {
            return Err(Refusal::Unknown(name.chars().take(64).collect()));
        };
        if depth(arguments) > MAX_DEPTH || arguments.to_string().len() > MAX_ARGUMENTS {
            return Err(Refusal::TooLarge);
        }
        let validator = compiled(spec)?;
        let faults: Vec<String> = validator
            .iter_errors(arguments)
            .take(4)
            .map(|fault| {
                let place = fault.instance_path().to_string();
                let text: String = fault.masked().to_string().chars().take(200).collect();
                if place.is_empty() { text } else { format!("{place}: {text}") }
            })
            .collect();
        if faults.is_empty() { Ok(()) } else { Err(Refusal::Schema(faults.join("; "))) }
    }

    /// The arguments as they go into the record: as they are when they passed the check, else as bounded text.
    pub fn recorded(&self, request: &ToolRequest) -> Value {
        if self.check(&request.name, &request.arguments).is_ok() {
            return request.arguments.clone();
        }
        let text = match &request.arguments {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        Value::String(text.chars().take(MAX_RECORDED).collect())
    }
}

/// The compiled schema of a tool; compiled once per schema text and process.
fn compiled(spec: &ToolSpec) -> Result<Arc<Validator>, Refusal> {
    static COMPILED: Mutex<BTreeMap<String, Arc<Validator>>> = Mutex::new(BTreeMap::new());
    let key = spec.parameters.to_string();
    let mut cache = COMPILED.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(validator) = cache.get(&key) {
        return Ok(Arc::clone(validator));
    }
    let validator = jsonschema::validator_for(&spec.parameters)
        .map_err(|fault| Refusal::Schema(format!("the tool's own schema is broken: {fault}")))?;
    let validator = Arc::new(validator);
    if cache.len() >= MAX_COMPILED {
        cache.clear();
    }
    cache.insert(key, Arc::clone(&validator));
    Ok(validator)
}

/// How deep a value nests; counts no deeper than needed to refuse it.
fn depth(value: &Value) -> usize {
    fn below(value: &Value, left: usize) -> usize {
        if left == 0 {
            return 1;
        }
        match value {
            Value::Array(items) => 1 + items.iter().map(|item| below(item, left - 1)).max().unwrap_or(0),
            Value::Object(fields) => 1 + fields.values().map(|item| below(item, left - 1)).max().unwrap_or(0),
            _ => 0,
        }
    }
    below(value, MAX_DEPTH + 1)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::testing::session;

    fn authority() -> Authority {
        Authority::of(&session(), tools::specs())
    }

    #[test]
    fn every_tool_has_a_sound_schema_that_refuses_unknown_keys_and_names_nobody() {
        for spec in tools::specs() {
            let validator = jsonschema::validator_for(&spec.parameters).unwrap();
            assert!(!validator.is_valid(&json!({ "contact_id": "cont_1" })), "{}", spec.name);
            assert!(!validator.is_valid(&json!([])), "{}", spec.name);
            let text = spec.parameters.to_string();
            for identity in ["contact_id", "conversation_id", "workspace"] {
                assert!(!text.contains(identity), "{} names {identity}", spec.name);
            }
        }
    }

    #[test]
    fn a_lead_needs_a_way_to_be_reached() {
        let check = |arguments| authority().check(tools::CAPTURE_LEAD, &arguments);
        assert!(check(json!({ "name": "Ann" })).is_err());
        assert!(check(json!({ "email": "not an address" })).is_err());
        assert!(check(json!({ "email": "ann@example.com" })).is_ok());
        assert!(check(json!({ "phone": "+1 (555) 010-0123", "need": "Whitening" })).is_ok());
        assert!(authority().check(tools::UPDATE_CONTACT, &json!({})).is_err());
        let remember = json!({ "remember": [{ "key": "pet", "value": "Rex" }] });
        assert!(authority().check(tools::UPDATE_CONTACT, &remember).is_ok());
    }

    #[test]
    fn settings_take_tools_away_but_not_the_right_to_opt_out() {
        let mut quiet = session();
        quiet.settings.tools.clear();
        let authority = Authority::of(&quiet, tools::specs());
        assert_eq!(authority.specs().iter().map(|spec| spec.name).collect::<Vec<_>>(), [tools::OPT_OUT]);
        let refusal = authority.check(tools::HANDOFF, &json!({ "reason": "x" })).unwrap_err();
        assert_eq!(refusal, Refusal::Unknown("handoff".to_owned()));
    }

    #[test]
    fn arguments_are_bounded_in_size_and_depth() {
        let large = json!({ "reason": "x", "summary": "y".repeat(MAX_ARGUMENTS) });
        assert_eq!(authority().check(tools::HANDOFF, &large), Err(Refusal::TooLarge));
        let mut deep = json!(1);
        for _ in 0..100 {
            deep = json!([deep]);
        }
        assert_eq!(authority().check(tools::HANDOFF, &json!({ "reason": deep })), Err(Refusal::TooLarge));
    }
}
