//! What holds for every route: error bodies, headers, limits, the OpenAPI document.

use std::time::Duration;

use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use frontdesk_api::LimitSettings;
use serde_json::{Value, json};

use crate::support::{Browser, Desk, PASSWORD};

#[tokio::test]
async fn an_error_is_a_problem_that_names_the_request() {
    let desk = Desk::open().await;
    let ana = desk.signed_up("Ana").await;
    let answer = ana.post("/team/invitations", json!({ "email": "x", "role": "agent", "admin": true })).await;
    let body = answer.json();
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(body["type"], "https://frontdesk.dev/problems/validation");
    assert_eq!(
        body["errors"],
        json!([{ "field": "/admin", "message": "is not a field that is known here" }])
    );
    assert_eq!(body["request_id"], answer.header("x-request-id"));
    assert_eq!(ana.post("/team/invitations", json!({ "email": "x" })).await.refusal(), "422 /role");
    assert_eq!(ana.post("/team/invitations", json!([])).await.refusal(), "422 /");
    assert_eq!(ana.get("/team/members/nonsense").await.refusal(), "405");
    assert_eq!(ana.delete("/team/members/nonsense").await.refusal(), "404");
    assert_eq!(ana.get("/nothing").await.refusal(), "404");
    assert_eq!(ana.get("/team/members?cursor=zzz").await.refusal(), "422 /cursor");

    let mut broken = ana.request(Method::POST, "/team/invitations", Some(json!({})));
    *broken.body_mut() = Body::from("{\"email\":");
    assert_eq!(desk.send(broken).await.refusal(), "400");
    let mut huge = ana.request(Method::POST, "/team/invitations", Some(json!({})));
    *huge.body_mut() = Body::from(format!("\"{}\"", "x".repeat(600 * 1024)));
    assert_eq!(desk.send(huge).await.refusal(), "413");
}

#[tokio::test]
async fn a_request_id_from_a_proxy_is_kept_when_it_is_plain() {
    let desk = Desk::open().await;
    let with_id =
        |id: &str| Request::get("/api/v1/workspace").header("x-request-id", id).body(Body::empty()).unwrap();
    assert_eq!(desk.send(with_id("abcdef-123456")).await.header("x-request-id"), "abcdef-123456");
    assert!(desk.send(with_id("<script>alert(1)</script>")).await.header("x-request-id").starts_with("req_"));
}

#[tokio::test]
async fn every_answer_carries_security_headers_and_no_cors() {
    let desk = Desk::open().await;
    let mut request = desk.browser().request(Method::GET, "/workspace", None);
    request.headers_mut().insert("origin", "https://evil.example".parse().unwrap());
    let answer = desk.send(request).await;
    let csp = answer.header("content-security-policy");
    assert!(csp.contains("script-src 'self';") && csp.contains("frame-ancestors 'none'"), "{csp}");
    assert!(!csp.contains("script-src 'self' 'unsafe-inline'"));
    assert_eq!(answer.header("x-content-type-options"), "nosniff");
    assert_eq!(answer.header("cache-control"), "no-store");
    assert!(answer.header("strict-transport-security").starts_with("max-age="));
    assert_eq!(answer.header("access-control-allow-origin"), "");
}

#[tokio::test]
async fn a_widget_on_another_site_may_ask_without_credentials() {
    let desk = Desk::open().await;
    let preflight = Request::options("/api/v1/widget/sessions")
        .header("origin", "https://shop.example")
        .header("access-control-request-method", "POST")
        .body(Body::empty())
        .unwrap();
    let answer = desk.send(preflight).await;
    assert_eq!(answer.status, StatusCode::NO_CONTENT);
    assert_eq!(answer.header("access-control-allow-origin"), "https://shop.example");
    assert_eq!(answer.header("access-control-allow-credentials"), "");
    let preflight = Request::options("/api/v1/workspace")
        .header("origin", "https://shop.example")
        .header("access-control-request-method", "PATCH")
        .body(Body::empty())
        .unwrap();
    assert_eq!(desk.send(preflight).await.header("access-control-allow-origin"), "");
}

#[tokio::test]
async fn a_caller_who_asks_too_often_is_told_when_to_come_back() {
    let limits = LimitSettings { dashboard: 3, mutation: 2, ..LimitSettings::default() };
    let desk = Desk::with(limits, true).await;
    let ana = desk.signed_up("Ana").await;
    let bob = desk.signed_up("Bob").await;
    for left in ["2", "1", "0"] {
        let answer = ana.get("/workspace").await;
        assert_eq!((answer.status, answer.header("ratelimit-remaining")), (StatusCode::OK, left));
        assert_eq!(answer.header("ratelimit-limit"), "3");
    }
    desk.clock.advance(Duration::from_secs(20));
    let refused = ana.get("/workspace").await;
    assert_eq!(refused.refusal(), "429");
    assert_eq!((refused.header("retry-after"), refused.header("ratelimit-reset")), ("40", "40"));
    assert_eq!(bob.get("/workspace").await.status, StatusCode::OK, "each caller is counted alone");
    assert_eq!(ana.patch("/workspace", json!({})).await.status, StatusCode::OK, "each kind is counted alone");
    desk.clock.advance(Duration::from_secs(40));
    assert_eq!(ana.get("/workspace").await.status, StatusCode::OK);
}

#[tokio::test]
async fn sign_ins_are_limited_by_address_and_what_callers_claim_about_it_counts_for_nothing() {
    let limits = LimitSettings { sign_in: 2, ..LimitSettings::default() };
    let desk = Desk::with(limits, true).await;
    let mut browser = desk.browser();
    let body = json!({ "email": "ana@example.com", "password": PASSWORD });
    for claim in ["203.0.113.1", "203.0.113.2"] {
        browser.ip = format!("{claim}, 192.0.2.1");
        assert_eq!(browser.post("/auth/login", body.clone()).await.status, StatusCode::UNAUTHORIZED);
    }
    browser.ip = "203.0.113.3, 192.0.2.1".to_owned();
    assert_eq!(browser.post("/auth/login", body.clone()).await.refusal(), "429");
    browser.ip = "192.0.2.2".to_owned();
    assert_eq!(browser.post("/auth/login", body).await.status, StatusCode::UNAUTHORIZED);
}

#[test]
fn the_document_is_complete() {
    let document: Value = serde_json::to_value(frontdesk_api::document()).unwrap();
    assert!(document["openapi"].as_str().unwrap().starts_with("3.1"));
    let mut ids = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        assert!(path.starts_with("/api/v1/"), "{path}");
        for (method, operation) in item.as_object().unwrap() {
            let responses = operation["responses"].as_object().unwrap();
            for status in ["401", "403", "404", "422", "429"] {
                let shared = responses[status]["$ref"].as_str().unwrap_or_default();
                let name = shared.strip_prefix("#/components/responses/").unwrap_or_default();
                let response = &document["components"]["responses"][name];
                let schema = &response["content"]["application/problem+json"]["schema"]["$ref"];
                assert_eq!(schema, "#/components/schemas/Problem", "{method} {path} {status}");
            }
            assert!(responses.keys().any(|status| status.starts_with('2')), "{method} {path}");
            assert!(operation["summary"].is_string() && operation["tags"].is_array(), "{method} {path}");
            ids.push(operation["operationId"].as_str().unwrap().to_owned());
        }
    }
    let count = ids.len();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), count, "operation ids differ");
    let text = document.to_string();
    let schemas = document["components"]["schemas"].as_object().unwrap();
    for reference in text.split("#/components/schemas/").skip(1) {
        let name = reference.split('"').next().unwrap();
        assert!(schemas.contains_key(name), "{name} is referred to and missing");
    }
}

/// Method, path with ids that exist nowhere, and whether it is a read without required parameters.
fn operations(document: &Value) -> Vec<(Method, String, bool)> {
    let mut operations = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            // Widgets show a session's token, which opens nothing else and is tested with them.
            if operation["security"] == json!([{}]) || path.starts_with("/api/v1/widget/") {
                continue;
            }
            let parameters = operation["parameters"].as_array().cloned().unwrap_or_default();
            let mut path = path.strip_prefix("/api/v1").unwrap().to_owned();
            for parameter in parameters.iter().filter(|parameter| parameter["in"] == "path") {
                let schema = match parameter["schema"]["$ref"].as_str() {
                    Some(reference) => {
                        &document["components"]["schemas"][reference.rsplit('/').next().unwrap()]
                    }
                    None => &parameter["schema"],
                };
                let example = schema["examples"][0].as_str().or_else(|| schema["enum"][0].as_str());
                let example = example.map_or_else(|| "1".to_owned(), str::to_owned);
                path = path.replace(&format!("{{{}}}", parameter["name"].as_str().unwrap()), &example);
            }
            let asks = parameters.iter().any(|one| one["in"] == "query" && one["required"] == true);
            operations.push((method.to_uppercase().parse().unwrap(), path, method == "get" && !asks));
        }
    }
    operations
}

#[tokio::test]
async fn every_operation_that_is_not_public_refuses_nobody_and_a_token_that_does_not_hold() {
    let desk = Desk::open().await;
    let document = serde_json::to_value(frontdesk_api::document()).unwrap();
    let operations = operations(&document);
    assert!(operations.len() > 20);
    for token in [None, Some("fd_at_nonsense".to_owned()), Some("fd_sk_nonsense".to_owned())] {
        let caller = Browser { bearer: token, ..desk.browser() };
        for (method, path, _) in &operations {
            let answer = caller.call(method.clone(), path, Some(json!({}))).await;
            assert_eq!(answer.refusal(), "401", "{method} {path}");
        }
    }
}

#[tokio::test]
async fn every_read_refuses_a_program_without_the_scope() {
    let desk = Desk::open().await;
    let ana = desk.signed_up("Ana").await;
    let made = ana.post("/keys", json!({ "name": "k", "scopes": ["workspace:write"] })).await.json();
    let program = Browser { bearer: made["secret"].as_str().map(str::to_owned), ..desk.browser() };
    let document = serde_json::to_value(frontdesk_api::document()).unwrap();
    for (method, path, _) in operations(&document).into_iter().filter(|(_, _, plain_read)| *plain_read) {
        let answer = program.call(method.clone(), &path, None).await;
        assert_eq!(answer.refusal(), "403", "{method} {path}");
    }
}
