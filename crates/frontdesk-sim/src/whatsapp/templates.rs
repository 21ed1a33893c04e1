//! Templates of the account: listed in pages, handed in, reviewed, deleted.

use std::collections::HashMap;

use axum::Json;
use axum::extract::{Path, Query, State};
use serde_json::{Value, json};

use super::graph::GraphError;
use super::state::{Template, WhatsappSim};

type At = Path<(String, String)>;
type Found = Result<Json<Value>, GraphError>;

/// The words of a template.
pub(super) fn body_of(template: &Template) -> String {
    part(template, "BODY").and_then(|part| part.get("text")?.as_str()).unwrap_or_default().to_owned()
}

/// The answers that can be tapped on it: what comes back, and what stands on it.
pub(super) fn answers_of(template: &Template) -> Vec<(String, String)> {
    let buttons = part(template, "BUTTONS").and_then(|part| part.get("buttons")?.as_array());
    let answers = buttons.into_iter().flatten().filter(|button| text(button, "type") == "QUICK_REPLY");
    answers.map(|button| (text(button, "text").to_owned(), text(button, "text").to_owned())).collect()
}

fn part<'a>(template: &'a Template, kind: &str) -> Option<&'a Value> {
    template.components.iter().find(|part| text(part, "type").eq_ignore_ascii_case(kind))
}

fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value.get(name).and_then(Value::as_str).unwrap_or_default()
}

/// How many places a text has: the highest number in double braces.
pub(super) fn places(text: &str) -> usize {
    let numbers = text.split("{{").skip(1).filter_map(|rest| rest.split_once("}}")?.0.parse().ok());
    numbers.max().unwrap_or(0)
}

fn check_account(sim: &WhatsappSim, id: &str) -> Result<(), GraphError> {
    if sim.lock().account.business_account_id == id { Ok(()) } else { Err(GraphError::no_such_object(id)) }
}

pub(super) async fn list(
    State(sim): State<WhatsappSim>,
    Path((_, id)): At,
    Query(query): Query<HashMap<String, String>>,
) -> Found {
    check_account(&sim, &id)?;
    let number = |name: &str| query.get(name).and_then(|value| value.parse::<usize>().ok());
    let (limit, skip) = (number("limit").unwrap_or(25).clamp(1, 1000), number("after").unwrap_or(0));
    let named = query.get("name");
    let templates = sim.templates();
    let found: Vec<&Template> =
        templates.iter().filter(|template| named.is_none_or(|name| template.name.contains(name))).collect();
    let data: Vec<Value> = found
        .iter()
        .skip(skip)
        .take(limit)
        .map(|template| {
            json!({
                "id": template.id, "name": template.name, "language": template.language, "status": template.status,
                "category": template.category, "components": template.components,
                "quality_score": {"score": template.quality}, "rejected_reason": template.rejected_reason,
            })
        })
        .collect();
    let mut paging =
        json!({"cursors": {"before": skip.to_string(), "after": (skip + data.len()).to_string()}});
    if let (true, Some(fields)) = (skip + limit < found.len(), paging.as_object_mut()) {
        fields.insert("next".to_owned(), json!("https://graph.facebook.com/next"));
    }
    Ok(Json(json!({"data": data, "paging": paging})))
}

pub(super) async fn create(
    State(sim): State<WhatsappSim>,
    Path((_, id)): At,
    Json(body): Json<Value>,
) -> Found {
    check_account(&sim, &id)?;
    let name = text(&body, "name");
    let is_name =
        !name.is_empty() && name.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_'));
    if !is_name || name.len() > 512 {
        return Err(GraphError::parameter("name may have lower-case letters, digits and underscores"));
    }
    if !matches!(text(&body, "category"), "MARKETING" | "UTILITY" | "AUTHENTICATION") {
        return Err(GraphError::parameter("category"));
    }
    let components = body.get("components").and_then(Value::as_array).cloned().unwrap_or_default();
    let mut state = sim.lock();
    let language = text(&body, "language").to_owned();
    if language.is_empty() {
        return Err(GraphError::parameter("language"));
    }
    if state.templates.iter().any(|known| known.name == name && known.language == language) {
        return Err(GraphError::parameter("There is already content in this language for this template"));
    }
    let status = if state.conduct.approves { "APPROVED" } else { "PENDING" };
    let template = Template {
        id: state.new_id(),
        name: name.to_owned(),
        language,
        category: text(&body, "category").to_owned(),
        status: status.to_owned(),
        components,
        quality: "UNKNOWN".to_owned(),
        rejected_reason: "NONE".to_owned(),
    };
    check(&template)?;
    let answer = json!({"id": template.id, "status": template.status, "category": template.category});
    state.templates.push(template);
    Ok(Json(answer))
}

fn check(template: &Template) -> Result<(), GraphError> {
    let body = body_of(template);
    if body.is_empty() || body.chars().count() > 1024 {
        return Err(GraphError::parameter("a template needs a body of at most 1024 characters"));
    }
    if body.starts_with("{{") || body.ends_with("}}") {
        return Err(GraphError::parameter("Variables can't be at the start or end of the template"));
    }
    let examples = part(template, "BODY").and_then(|part| part.pointer("/example/body_text/0")?.as_array());
    if examples.map_or(0, Vec::len) != places(&body) {
        return Err(GraphError::parameter("The examples do not match the variables of the body"));
    }
    for (kind, most) in [("HEADER", 60), ("FOOTER", 60)] {
        if part(template, kind).is_some_and(|part| text(part, "text").chars().count() > most) {
            return Err(GraphError::parameter(format!("{kind} is too long")));
        }
    }
    Ok(())
}

pub(super) async fn remove(
    State(sim): State<WhatsappSim>,
    Path((_, id)): At,
    Query(query): Query<HashMap<String, String>>,
) -> Found {
    check_account(&sim, &id)?;
    let name = query.get("name").ok_or_else(|| GraphError::parameter("name"))?;
    let wanted = query.get("hsm_id");
    let mut state = sim.lock();
    let before = state.templates.len();
    state.templates.retain(|known| known.name != *name || wanted.is_some_and(|wanted| *wanted != known.id));
    if state.templates.len() == before {
        return Err(GraphError::parameter("The template does not exist"));
    }
    Ok(Json(json!({"success": true})))
}

impl WhatsappSim {
    /// The vendor's reviewers decide: `APPROVED`, `REJECTED` and why, or later `PAUSED`, `DISABLED`. The product is told.
    /// False when there is no such template.
    pub fn review(&self, name: &str, language: &str, status: &str, reason: &str) -> bool {
        let value = {
            let mut state = self.lock();
            let found =
                state.templates.iter_mut().find(|known| known.name == name && known.language == language);
            let Some(template) = found else { return false };
            status.clone_into(&mut template.status);
            reason.clone_into(&mut template.rejected_reason);
            json!({
                "event": status, "message_template_id": template.id.parse::<u64>().unwrap_or_default(),
                "message_template_name": name, "message_template_language": language, "reason": reason,
                "message_template_category": template.category,
            })
        };
        self.call(&json!({"field": "message_template_status_update", "value": value}));
        true
    }

    /// Customers like a template less or more: `GREEN`, `YELLOW`, `RED`. The product is told. False when there is no such
    /// template.
    pub fn rate(&self, name: &str, language: &str, quality: &str) -> bool {
        let value = {
            let mut state = self.lock();
            let found =
                state.templates.iter_mut().find(|known| known.name == name && known.language == language);
            let Some(template) = found else { return false };
            let before = std::mem::replace(&mut template.quality, quality.to_owned());
            json!({
                "previous_quality_score": before, "new_quality_score": quality,
                "message_template_id": template.id.parse::<u64>().unwrap_or_default(),
                "message_template_name": name, "message_template_language": language,
            })
        };
        self.call(&json!({"field": "message_template_quality_update", "value": value}));
        true
    }
}
