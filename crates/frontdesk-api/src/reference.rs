//! The API reference at `/docs`: one page made from the OpenAPI document, readable without scripts.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_json::Value;
use utoipa::openapi::OpenApi;

const STYLE: &str = "body{font:15px/1.55 system-ui,sans-serif;margin:0 auto;max-width:60rem;padding:2rem 1rem;\
color:#101828;background:#fff}h1{font-size:1.75rem}h2{margin-top:3rem;border-bottom:1px solid #e4e7ec;\
text-transform:capitalize}details{border:1px solid #e4e7ec;border-radius:8px;margin:.5rem 0}\
summary{cursor:pointer;padding:.6rem .8rem}details>div{padding:0 .8rem .8rem}code{font:13px ui-monospace,monospace}\
.m{display:inline-block;min-width:4rem;font-weight:650;color:#3730a3}table{border-collapse:collapse;width:100%}\
td,th{border-bottom:1px solid #e4e7ec;padding:.3rem .5rem;text-align:left;vertical-align:top}\
nav a{margin-right:.8rem;color:#3730a3}pre{background:#f7f8fa;padding:.8rem;overflow:auto;border-radius:8px}\
@media(prefers-color-scheme:dark){body{color:#e6e8ee;background:#0c0f14}details,h2,td,th{border-color:#2a3140}\
.m,nav a{color:#a5b4fc}pre{background:#1c212d}}";

/// The page.
pub fn render(document: &OpenApi) -> String {
    let document = serde_json::to_value(document).unwrap_or_default();
    let text = |value: &Value| escape(value.as_str().unwrap_or_default());
    let mut by_tag: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (path, operations) in at(&document, "/paths").as_object().into_iter().flatten() {
        for (method, operation) in operations.as_object().into_iter().flatten() {
            let tag = at(operation, "/tags/0").as_str().unwrap_or("other").to_owned();
            by_tag.entry(tag).or_default().push(describe(&document, path, method, operation));
        }
    }
    let mut page = format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" \
         content=\"width=device-width\"><title>{title} API</title><style>{STYLE}</style></head><body><main>\
         <h1>{title} API</h1><p>{about} Machines read <a href=\"/openapi.json\">/openapi.json</a>.</p><nav>",
        title = text(at(&document, "/info/title")),
        about = text(at(&document, "/info/description")),
    );
    for tag in by_tag.keys() {
        let _ = write!(page, "<a href=\"#{0}\">{0}</a>", escape(tag));
    }
    page.push_str("</nav>");
    for (tag, operations) in by_tag {
        let _ = write!(page, "<h2 id=\"{0}\">{0}</h2>{1}", escape(&tag), operations.concat());
    }
    page.push_str("<h2 id=\"schemas\">schemas</h2>");
    for (name, schema) in at(&document, "/components/schemas").as_object().into_iter().flatten() {
        let pretty = serde_json::to_string_pretty(schema).unwrap_or_default();
        let _ = write!(
            page,
            "<details id=\"schema-{0}\"><summary><code>{0}</code></summary><div><pre>{1}</pre></div></details>",
            escape(name),
            escape(&pretty)
        );
    }
    page.push_str("</main></body></html>");
    page
}

fn describe(document: &Value, path: &str, method: &str, operation: &Value) -> String {
    let mut html = format!(
        "<details><summary><span class=\"m\">{}</span> <code>{}</code> — {}</summary><div>",
        escape(&method.to_uppercase()),
        escape(path),
        escape(
            at(operation, "/summary")
                .as_str()
                .or_else(|| at(operation, "/description").as_str())
                .unwrap_or_default()
        ),
    );
    if let Some(parameters) = at(operation, "/parameters").as_array().filter(|list| !list.is_empty()) {
        html.push_str("<table><tr><th>Parameter</th><th>In</th><th>What it is</th></tr>");
        for parameter in parameters {
            let _ = write!(
                html,
                "<tr><td><code>{}</code></td><td>{}</td><td>{}</td></tr>",
                escape(at(parameter, "/name").as_str().unwrap_or_default()),
                escape(at(parameter, "/in").as_str().unwrap_or_default()),
                escape(at(parameter, "/description").as_str().unwrap_or_default()),
            );
        }
        html.push_str("</table>");
    }
    let body = schema_link(at(operation, "/requestBody/content/application~1json/schema"));
    if !body.is_empty() {
        let _ = write!(html, "<p>Send: {body}</p>");
    }
    html.push_str("<table><tr><th>Status</th><th>Answer</th></tr>");
    for (status, response) in at(operation, "/responses").as_object().into_iter().flatten() {
        // Failures are shared responses, referred to by name.
        let response = at(response, "/$ref")
            .as_str()
            .map_or(response, |shared| at(document, shared.trim_start_matches('#')));
        let schema = at(response, "/content")
            .as_object()
            .and_then(|content| content.values().next())
            .map(|content| schema_link(at(content, "/schema")))
            .unwrap_or_default();
        let _ = write!(
            html,
            "<tr><td>{}</td><td>{} {schema}</td></tr>",
            escape(status),
            escape(at(response, "/description").as_str().unwrap_or_default()),
        );
    }
    html.push_str("</table></div></details>");
    html
}

/// The name of a schema, linked to where it is shown.
fn schema_link(schema: &Value) -> String {
    let named = |reference: &str| {
        let name = escape(reference.rsplit('/').next().unwrap_or_default());
        format!("<a href=\"#schema-{name}\"><code>{name}</code></a>")
    };
    match (at(schema, "/$ref").as_str(), at(schema, "/items/$ref").as_str()) {
        (Some(reference), _) => named(reference),
        (None, Some(reference)) => format!("list of {}", named(reference)),
        (None, None) => String::new(),
    }
}

/// The value at a JSON pointer (RFC 6901), null when there is none.
fn at<'a>(value: &'a Value, pointer: &str) -> &'a Value {
    value.pointer(pointer).unwrap_or(&Value::Null)
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_operation_is_in_the_reference() {
        let document = crate::document();
        let page = super::render(&document);
        for path in document.paths.paths.keys() {
            assert!(page.contains(&format!("<code>{path}</code>")), "{path}");
        }
        assert!(!page.contains("<script"));
    }
}
