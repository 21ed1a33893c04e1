//! API keys and widget keys.

use std::time::Duration;

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::support::{Browser, Desk};

fn program<'a>(desk: &'a Desk, created: &Value) -> Browser<'a> {
    Browser { bearer: created["secret"].as_str().map(str::to_owned), ..desk.browser() }
}

#[tokio::test]
async fn a_program_may_do_what_its_key_says_and_no_more() {
    let desk = Desk::open().await;
    let ana = desk.signed_up("Ana").await;
    let body = json!({ "name": "Sync", "scopes": ["team:read", "workspace:read"] });
    let created = ana.post("/keys", body).await.json();
    assert!(created["secret"].as_str().unwrap().starts_with("fd_sk_"));
    let program = program(&desk, &created);
    assert_eq!(program.get("/workspace").await.json()["name"], "Ana Ltd");
    assert_eq!(program.get("/team/members").await.status, StatusCode::OK);
    assert_eq!(program.patch("/workspace", json!({ "name": "x" })).await.refusal(), "403");
    assert_eq!(program.get("/keys").await.refusal(), "403");
    assert_eq!(program.get("/auth/me").await.refusal(), "403", "a program is no person");

    let listed = ana.get("/keys").await;
    assert_eq!(listed.json()["items"][0]["last_used_at"], "2026-03-18T13:30:00.000Z");
    assert!(!listed.text.contains(created["secret"].as_str().unwrap()), "the secret is shown once");
}

#[tokio::test]
async fn a_key_stops_when_revoked_or_past_its_day() {
    let desk = Desk::open().await;
    let ana = desk.signed_up("Ana").await;
    let scopes = json!(["workspace:read"]);
    let created = ana.post("/keys", json!({ "name": "a", "scopes": scopes })).await.json();
    let first = program(&desk, &created);
    let id = created["key"]["id"].as_str().unwrap();
    assert_eq!(ana.delete(&format!("/keys/{id}")).await.status, StatusCode::NO_CONTENT);
    assert_eq!(first.get("/workspace").await.refusal(), "401");

    let until = json!({ "name": "b", "scopes": scopes, "expires_at": "2026-03-18T13:40:00Z" });
    let second = program(&desk, &ana.post("/keys", until).await.json());
    assert_eq!(second.get("/workspace").await.status, StatusCode::OK);
    desk.clock.advance(Duration::from_mins(10));
    assert_eq!(second.get("/workspace").await.refusal(), "401");
}

#[tokio::test]
async fn a_key_is_no_way_to_more_than_its_maker_may() {
    let desk = Desk::open().await;
    let ana = desk.signed_up("Ana").await;
    let own = ana.post("/keys", json!({ "name": "k", "scopes": ["workspace:own"] })).await;
    assert_eq!(own.refusal(), "422 /scopes");
    let unknown = ana.post("/keys", json!({ "name": "k", "scopes": ["everything"] })).await;
    assert_eq!(unknown.refusal(), "422 /scopes/0");
    let maker = ana.post("/keys", json!({ "name": "k", "scopes": ["keys:write"] })).await.json();
    let maker = program(&desk, &maker);
    let more = maker.post("/keys", json!({ "name": "k2", "scopes": ["audit:read"] })).await;
    assert_eq!(more.refusal(), "422 /scopes/0");
}

#[tokio::test]
async fn a_widget_key_is_public_and_bound_to_origins() {
    let desk = Desk::open().await;
    let ana = desk.signed_up("Ana").await;
    let body = json!({ "name": "Site", "origins": ["https://Example.com/shop", "https://*.example.org"] });
    let made = ana.post("/widget-keys", body).await.json();
    assert!(made["key"].as_str().unwrap().starts_with("pk_"));
    assert_eq!(made["origins"], json!(["https://example.com", "https://*.example.org"]));
    let path = format!("/widget-keys/{}", made["id"].as_str().unwrap());
    let bad = ana.patch(&path, json!({ "origins": ["https://ok.example", "nope"] })).await;
    assert_eq!(bad.refusal(), "422 /origins/1");
    let no_agent = json!({ "agent_id": "agent_0198c0de7e1f7a3c8d5e6f708192a3b4" });
    assert_eq!(ana.patch(&path, no_agent).await.refusal(), "422 /agent_id");
    let renamed = ana.patch(&path, json!({ "name": "Shop", "agent_id": null })).await.json();
    assert_eq!((&renamed["name"], &renamed["key"]), (&json!("Shop"), &made["key"]));

    let key = made["key"].as_str().unwrap();
    assert!(frontdesk_app::key::find_widget(&desk.app, key).await.unwrap().is_some());
    assert_eq!(ana.delete(&path).await.status, StatusCode::NO_CONTENT);
    assert!(frontdesk_app::key::find_widget(&desk.app, key).await.unwrap().is_none());
    assert_eq!(ana.patch(&path, json!({ "name": "x" })).await.refusal(), "409");
}
