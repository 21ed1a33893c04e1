//! The unscripted behaviour: a rule-based stand-in for a model, good enough for a demo and for tests that need no
//! particular words. It searches the documents, quotes them, captures a lead when given an address, and hands over
//! when asked for a person.

use serde_json::{Map, Value, json};

use super::script::{Step, Turn};
use super::{Dialogue, OfferedTool, ScriptedCall};

/// Longest quotation in an answer, in characters.
const MAX_QUOTE: usize = 320;

/// What the stand-in does next.
pub(crate) fn answer(dialogue: &Dialogue) -> Turn {
    let results = dialogue.last_tool_results();
    if results.is_empty() {
        return open(dialogue).into();
    }
    let sentences: Vec<String> = results.iter().map(|(tool, text)| say_result(tool, text)).collect();
    speak(&sentences.join(" ")).into()
}

/// The first step after something the customer said.
fn open(dialogue: &Dialogue) -> Step {
    let text = unmarked(dialogue.last_user_text());
    let lower = text.to_lowercase();
    let has = |words: &[&str]| words.iter().any(|word| contains_word(&lower, word));
    let (email, phone) = (find_email(text), find_phone(text));
    let wants_person = has(&["human", "agent", "person", "representative", "someone", "mensch", "persona"]);
    if wants_person && let Some(tool) = dialogue.tool("handoff") {
        return call(tool, text, None, None);
    }
    if (email.is_some() || phone.is_some())
        && let Some(tool) = dialogue.tool("capture_lead")
    {
        return call(tool, text, email.as_deref(), phone.as_deref());
    }
    if has(&["stop", "unsubscribe"])
        && let Some(tool) = dialogue.tool("opt_out")
    {
        return call(tool, text, None, None);
    }
    if has(&["bye", "goodbye", "adios", "tschüss"])
        && let Some(tool) = dialogue.tool("end_conversation")
    {
        return call(tool, text, None, None);
    }
    let is_greeting = has(&["hi", "hello", "hey", "hola", "hallo"]) && text.split_whitespace().count() <= 3;
    if is_greeting || text.trim().is_empty() {
        return speak("Hello! How can I help you today?");
    }
    if has(&["thanks", "thank"]) && text.split_whitespace().count() <= 4 {
        return speak("You are welcome. Is there anything else?");
    }
    match dialogue.tool("search_knowledge") {
        Some(tool) => call(tool, text, None, None),
        None => speak("I do not know that. Would you like me to pass your question on to a colleague?"),
    }
}

/// Calls a tool with what is known, put into the arguments its schema names.
fn call(tool: &OfferedTool, text: &str, email: Option<&str>, phone: Option<&str>) -> Step {
    let mut arguments = Map::new();
    let properties = tool.parameters.get("properties").and_then(Value::as_object);
    let required: Vec<&str> = tool
        .parameters
        .get("required")
        .and_then(Value::as_array)
        .map(|names| names.iter().filter_map(Value::as_str).collect())
        .unwrap_or_default();
    for (name, schema) in properties.into_iter().flatten() {
        let value = match name.as_str() {
            "email" | "e_mail" => email.map(Value::from),
            "phone" | "phone_number" => phone.map(Value::from),
            "name" | "full_name" => find_name(text).map(Value::String),
            "query" | "question" | "reason" | "summary" | "note" | "notes" | "message" | "interest"
            | "need" => Some(Value::String(fitting(schema, text))),
            _ => None,
        };
        let value = value.or_else(|| required.contains(&name.as_str()).then(|| placeholder(schema, text)));
        if let Some(value) = value {
            arguments.insert(name.clone(), value);
        }
    }
    Step::Call {
        tools: vec![ScriptedCall {
            name: tool.name.clone(),
            arguments: Value::Object(arguments).to_string(),
        }],
    }
}

/// A value that satisfies a required property the rules know nothing about.
fn placeholder(schema: &Value, text: &str) -> Value {
    if let Some(first) = schema.get("enum").and_then(Value::as_array).and_then(|values| values.first()) {
        return first.clone();
    }
    match schema.get("type").and_then(Value::as_str) {
        Some("integer" | "number") => schema.get("minimum").cloned().unwrap_or_else(|| json!(1)),
        Some("boolean") => json!(false),
        Some("array") => json!([]),
        Some("object") => json!({}),
        _ => json!(fitting(schema, text)),
    }
}

/// The text, as long as the schema allows.
fn fitting(schema: &Value, text: &str) -> String {
    let most = schema.get("maxLength").and_then(Value::as_u64).unwrap_or(1000);
    text.chars().take(most as usize).collect()
}

/// The text inside the last of the marks that may surround untrusted text, such as `<documents note="..">`.
fn unmarked(text: &str) -> &str {
    let text = text.trim();
    let inside = text.strip_suffix('>').and_then(|rest| {
        let (rest, name) = rest.rsplit_once("</")?;
        let (_, marked) = rest.rsplit_once(&format!("<{name}"))?;
        marked.split_once('>').map(|(_, inside)| inside)
    });
    inside.map_or(text, str::trim)
}

fn say_result(tool: &str, result: &str) -> String {
    match tool {
        "search_knowledge" => match quote_of(result) {
            Some(quote) => format!("Here is what our documents say: {quote}"),
            None => {
                "I could not find that in our documents. Would you like me to pass your question on to a colleague?"
                    .into()
            }
        },
        "capture_lead" | "update_contact" => "Thank you, I have noted your details.".into(),
        "handoff" => "I am passing you on to a colleague.".into(),
        "end_conversation" => "Thank you for contacting us. Goodbye!".into(),
        _ => format!("Here is what I found: {}", clip(result)),
    }
}

/// The first passage text in a tool's result, whatever the result's exact shape.
fn quote_of(result: &str) -> Option<String> {
    let result = unmarked(result);
    match serde_json::from_str::<Value>(result) {
        Ok(value) => first_text(&value).map(|text| clip(&text)),
        // JSON that was cut off: the first text in it, as far as it goes.
        Err(_) if result.starts_with('{') => {
            let (_, rest) = result.split_once(r#""text":""#)?;
            Some(clip(rest.split('"').next().unwrap_or_default()))
        }
        Err(_) => (!result.is_empty()).then(|| clip(result)),
    }
}

fn first_text(value: &Value) -> Option<String> {
    match value {
        Value::Array(items) => items.iter().find_map(first_text),
        Value::Object(fields) => {
            let own = ["text", "quote", "content", "passage", "answer", "snippet"]
                .iter()
                .find_map(|key| fields.get(*key).and_then(Value::as_str));
            match own.map(str::trim).filter(|text| !text.is_empty()) {
                Some(text) => Some(text.to_owned()),
                None => {
                    fields.values().filter(|value| value.is_array() || value.is_object()).find_map(first_text)
                }
            }
        }
        _ => None,
    }
}

/// Whole sentences up to the limit.
fn clip(text: &str) -> String {
    let flat = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if flat.chars().count() <= MAX_QUOTE {
        return flat;
    }
    let cut: String = flat.chars().take(MAX_QUOTE).collect();
    match cut.rfind(['.', '!', '?']) {
        Some(end) => cut.get(..=end).unwrap_or(&cut).to_owned(),
        None => format!("{cut}…"),
    }
}

/// A text as a model would stream it: word by word.
fn speak(text: &str) -> Step {
    Step::Say { pieces: text.split_inclusive(' ').map(str::to_owned).collect() }
}

fn contains_word(text: &str, word: &str) -> bool {
    text.split(|c: char| !c.is_alphanumeric()).any(|found| found == word)
}

fn find_email(text: &str) -> Option<String> {
    let edges = |c: char| !c.is_alphanumeric();
    text.split_whitespace().map(|word| word.trim_matches(edges)).find_map(|word| {
        let (local, domain) = word.split_once('@')?;
        let plausible = !local.is_empty() && domain.contains('.') && !domain.contains('@');
        plausible.then(|| word.to_owned())
    })
}

fn find_phone(text: &str) -> Option<String> {
    let is_phone = |c: char| c.is_ascii_digit() || matches!(c, '+' | '-' | ' ' | '(' | ')' | '.' | '/');
    text.split(|c: char| !is_phone(c)).map(str::trim).find_map(|run| {
        let digits: String = run.chars().filter(char::is_ascii_digit).collect();
        let plausible = (7..=15).contains(&digits.len());
        plausible.then(|| if run.starts_with('+') { format!("+{digits}") } else { digits })
    })
}

fn find_name(text: &str) -> Option<String> {
    let lower = text.to_lowercase();
    let start = ["my name is ", "i am ", "i'm ", "this is "]
        .iter()
        .find_map(|phrase| lower.find(phrase).map(|at| at + phrase.len()))?;
    let words: Vec<&str> = text
        .get(start..)?
        .split_whitespace()
        .take_while(|word| word.chars().next().is_some_and(char::is_uppercase))
        .map(|word| word.trim_end_matches([',', '.', ';', '!']))
        .take(3)
        .collect();
    (!words.is_empty()).then(|| words.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Said;

    fn tool(name: &str, parameters: Value) -> OfferedTool {
        OfferedTool { name: name.into(), parameters }
    }

    fn dialogue(text: &str) -> Dialogue {
        let text_argument = |name: &str| json!({"type": "object", "properties": {name: {"type": "string"}}, "required": [name]});
        Dialogue {
            said: vec![Said::User(text.into())],
            tools: vec![
                tool("search_knowledge", text_argument("query")),
                tool("handoff", text_argument("reason")),
                tool(
                    "capture_lead",
                    json!({"type": "object", "properties": {
                        "name": {"type": "string"}, "email": {"type": "string"}, "phone": {"type": "string"},
                        "urgency": {"enum": ["low", "high"]},
                    }, "required": ["urgency"]}),
                ),
            ],
            ..Dialogue::default()
        }
    }

    fn first_call(text: &str) -> Option<(String, Value)> {
        match answer(&dialogue(text)).steps.remove(0) {
            Step::Call { mut tools } => {
                let call = tools.remove(0);
                Some((call.name, serde_json::from_str(&call.arguments).unwrap()))
            }
            _ => None,
        }
    }

    #[test]
    fn it_searches_captures_hands_over_and_greets() {
        assert_eq!(
            first_call("When do you open?"),
            Some(("search_knowledge".into(), json!({"query": "When do you open?"})))
        );
        let lead = first_call("I am Ada Lovelace, ada@example.com, call +1 (212) 555-0100.").unwrap();
        assert_eq!(lead.0, "capture_lead");
        assert_eq!(
            lead.1,
            json!({"name": "Ada Lovelace", "email": "ada@example.com", "phone": "+12125550100", "urgency": "low"})
        );
        assert_eq!(
            first_call("<said>\nHi\n</said>\n<said>\nPrices?\n</said>").unwrap().1,
            json!({"query": "Prices?"})
        );
        assert_eq!(first_call("Can I talk to a person?").unwrap().0, "handoff");
        assert_eq!(first_call("Hello"), None);
    }

    #[test]
    fn it_quotes_what_the_search_found_or_says_so() {
        let mut asked = dialogue("When do you open?");
        asked.said.push(Said::Assistant {
            text: String::new(),
            calls: vec![("c1".into(), "search_knowledge".into())],
        });
        let with = |text: &str| {
            let mut dialogue = asked.clone();
            dialogue.said.push(Said::ToolResult { call_id: "c1".into(), text: text.into() });
            match answer(&dialogue).steps.remove(0) {
                Step::Say { pieces } => pieces.concat(),
                other => panic!("{other:?}"),
            }
        };
        assert!(
            with(r#"{"passages": [{"title": "x", "text": "We open at nine."}]}"#)
                .ends_with("We open at nine.")
        );
        let marked =
            "<documents note=\"x\">\n{\"found\":true,\"passages\":[{\"text\":\"Nine.\"}]}\n</documents>";
        assert!(with(marked).ends_with(": Nine."));
        assert!(with(r#"{"passages":[{"text":"We open at nine. And th"#).ends_with("And th"));
        assert!(with(r#"{"passages": []}"#).contains("could not find"));
    }
}
