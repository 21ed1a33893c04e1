//! What differs between two versions, or a version and the draft.

use std::str::FromStr;

use frontdesk_domain::access::Permission;
use frontdesk_domain::agent::{AgentSettings, SettingChange};
use frontdesk_domain::context::Context;
use frontdesk_domain::id::AgentId;
use frontdesk_store::agent;
use serde_json::Value;

use crate::{App, AppError, Result};

/// One side of a comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// The version with this number.
    Version(u32),
    /// The draft.
    Draft,
}

impl FromStr for Side {
    type Err = AppError;

    fn from_str(text: &str) -> Result<Self> {
        if text == "draft" {
            return Ok(Self::Draft);
        }
        text.parse()
            .map(Self::Version)
            .map_err(|_| AppError::invalid("/from", "must be a version's number or `draft`"))
    }
}

/// Every setting that differs, by its path.
pub async fn diff(app: &App, ctx: &Context, id: AgentId, from: Side, to: Side) -> Result<Vec<SettingChange>> {
    ctx.require(Permission::AgentsRead)?;
    let before = side(app, ctx, id, from).await?;
    let after = side(app, ctx, id, to).await?;
    let mut changes = Vec::new();
    compare("", &before, &after, &mut changes);
    Ok(changes)
}

async fn side(app: &App, ctx: &Context, id: AgentId, side: Side) -> Result<Value> {
    let (reader, scope) = (app.store.reader(), ctx.scope());
    let (name, settings): (String, AgentSettings) = match side {
        Side::Draft => {
            let found = agent::get(reader, scope, id).await?;
            (found.name, super::freeze(reader, scope, found.draft).await?)
        }
        Side::Version(number) => {
            let version = agent::get_version(reader, scope, id, number).await?;
            (version.name, version.settings)
        }
    };
    let mut value = serde_json::to_value(settings)
        .map_err(|error| AppError::Internal(format!("settings as JSON: {error}")))?;
    if let Value::Object(fields) = &mut value {
        fields.insert("name".to_owned(), Value::String(name));
    }
    Ok(value)
}

fn compare(path: &str, before: &Value, after: &Value, changes: &mut Vec<SettingChange>) {
    match (before, after) {
        (Value::Object(old), Value::Object(new)) => {
            let mut keys: Vec<&String> = old.keys().chain(new.keys()).collect();
            keys.sort();
            keys.dedup();
            for key in keys {
                let path = format!("{path}/{key}");
                let null = Value::Null;
                compare(&path, old.get(key).unwrap_or(&null), new.get(key).unwrap_or(&null), changes);
            }
        }
        _ if before == after => {}
        _ => changes.push(SettingChange {
            path: path.to_owned(),
            before: Some(before.clone()).filter(|value| !value.is_null()),
            after: Some(after.clone()).filter(|value| !value.is_null()),
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_diff_names_only_what_differs() {
        let mut changes = Vec::new();
        compare(
            "",
            &json!({ "a": 1, "b": { "c": [1], "d": null } }),
            &json!({ "a": 1, "b": { "c": [2], "d": "x" } }),
            &mut changes,
        );
        let paths: Vec<_> = changes.iter().map(|change| change.path.as_str()).collect();
        assert_eq!(paths, ["/b/c", "/b/d"]);
        assert_eq!(changes[1].before, None);
    }
}
