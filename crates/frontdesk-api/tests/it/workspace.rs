//! Workspaces, and the walls between them.

use std::time::Duration;

use axum::http::{Method, StatusCode};
use serde_json::json;

use crate::support::{Browser, Desk};

#[tokio::test]
async fn an_owner_changes_their_workspace() {
    let desk = Desk::open().await;
    let ana = desk.signed_up("Ana").await;
    let patch = json!({
        "name": "Riverside Dental", "zone": "europe/madrid", "country": "ES",
        "facts": { "phone": "+34 600 000 000" }, "hours": { "mon": [{ "from": 540, "to": 1020 }] },
        "theme": { "accent": "#0088ff", "launcher_text": "Chat" }, "onboarding": { "business": true }
    });
    let changed = ana.patch("/workspace", patch).await;
    assert_eq!(changed.status, StatusCode::OK, "{}", changed.text);
    let read = ana.get("/workspace").await.json();
    assert_eq!(read, changed.json());
    assert_eq!((&read["zone"], &read["country"]), (&json!("Europe/Madrid"), &json!("ES")));
    assert_eq!(read["hours"]["mon"][0]["to"], 1020);
}

#[tokio::test]
async fn each_refused_setting_is_named() {
    let desk = Desk::open().await;
    let ana = desk.signed_up("Ana").await;
    let patch = json!({
        "name": "", "zone": "Mars/Base", "country": "Spain", "facts": { "email": "nope" },
        "hours": { "mon": [{ "from": 600, "to": 500 }] }, "theme": { "accent": "red" }
    });
    let refused = ana.patch("/workspace", patch).await.refusal();
    assert_eq!(refused, "422 /name /zone /country /facts/email /hours /theme/accent");
    let unknown = ana.patch("/workspace", json!({ "facts": { "fax": "1" } })).await;
    assert_eq!(unknown.refusal(), "422 /facts/fax");
    let read_only = ana.patch("/workspace", json!({ "slug": "mine" })).await;
    assert_eq!(read_only.refusal(), "422 /slug");
}

#[tokio::test]
async fn a_person_works_in_the_workspace_they_name() {
    let desk = Desk::open().await;
    let ana = desk.signed_up("Ana").await;
    // Memberships of one millisecond have no order among them.
    desk.clock.advance(Duration::from_millis(1));
    let made = ana.post("/workspaces", json!({ "name": "Ana Ltd", "zone": "UTC" })).await;
    assert_eq!(made.status, StatusCode::CREATED);
    let second = made.json();
    assert_ne!(second["slug"], "ana-ltd", "short names differ");
    assert_eq!(ana.get("/workspaces").await.json().as_array().unwrap().len(), 2);
    let in_second = Browser { workspace: second["id"].as_str().map(str::to_owned), ..desk.browser() };
    *in_second.cookies.lock().unwrap() = ana.cookies.lock().unwrap().clone();
    assert_eq!(in_second.get("/workspace").await.json()["id"], second["id"]);
    assert_eq!(ana.get("/workspace").await.json()["slug"], "ana-ltd", "the first one without a header");
}

#[tokio::test]
async fn another_workspace_does_not_exist() {
    let desk = Desk::open().await;
    let ana = desk.signed_up("Ana").await;
    let mut bob = desk.signed_up("Bob").await;
    let of = |answer: crate::support::Answer| answer.json()["id"].as_str().unwrap().to_owned();
    let member = ana.member_id("Ana").await;
    let invitation =
        of(ana.post("/team/invitations", json!({ "email": "x@example.com", "role": "agent" })).await);
    let key = ana.post("/keys", json!({ "name": "k", "scopes": ["leads:read"] })).await.json();
    let widget = of(ana.post("/widget-keys", json!({ "name": "w", "origins": ["*"] })).await);
    let settings = json!({ "vendor": "smtp", "name": "Mail", "settings": { "host": "mail.example", "from": "a@b.example" } });
    let connection = of(ana.post("/connections", settings).await);
    let targets = [
        (Method::PATCH, format!("/team/members/{member}"), Some(json!({ "role": "viewer" }))),
        (Method::DELETE, format!("/team/members/{member}"), None),
        (Method::POST, format!("/team/members/{member}/transfer-ownership"), None),
        (Method::DELETE, format!("/team/invitations/{invitation}"), None),
        (Method::POST, format!("/team/invitations/{invitation}/resend"), None),
        (Method::DELETE, format!("/keys/{}", key["key"]["id"].as_str().unwrap()), None),
        (Method::PATCH, format!("/widget-keys/{widget}"), Some(json!({ "name": "mine" }))),
        (Method::DELETE, format!("/widget-keys/{widget}"), None),
        (Method::GET, format!("/connections/{connection}"), None),
        (Method::PATCH, format!("/connections/{connection}"), Some(json!({ "name": "mine" }))),
        (Method::POST, format!("/connections/{connection}/test"), None),
        (Method::DELETE, format!("/connections/{connection}"), None),
    ];
    for (method, path, body) in targets {
        let answer = bob.call(method.clone(), &path, body).await;
        assert_eq!(answer.refusal(), "404", "{method} {path}");
    }
    bob.workspace = Some(ana.workspace_id().await);
    for path in ["/workspace", "/team/members", "/keys", "/audit", "/auth/me"] {
        assert_eq!(bob.get(path).await.refusal(), "404", "{path}");
    }
    bob.workspace = Some("nonsense".to_owned());
    assert_eq!(bob.get("/workspace").await.refusal(), "404");
}

#[tokio::test]
async fn a_deleted_workspace_is_gone_for_everyone_with_its_keys() {
    let desk = Desk::open().await;
    let ana = desk.signed_up("Ana").await;
    let key = ana.post("/keys", json!({ "name": "k", "scopes": ["workspace:read"] })).await.json();
    let program = Browser { bearer: key["secret"].as_str().map(str::to_owned), ..desk.browser() };
    assert_eq!(program.get("/workspace").await.status, StatusCode::OK);
    let slip = ana.call(Method::DELETE, "/workspace", Some(json!({ "name": "Other" }))).await;
    assert_eq!(slip.refusal(), "422 /name");
    let gone = ana.call(Method::DELETE, "/workspace", Some(json!({ "name": "Ana Ltd" }))).await;
    assert_eq!(gone.status, StatusCode::NO_CONTENT);
    assert_eq!(program.get("/workspace").await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(ana.get("/auth/me").await.json()["workspaces"], json!([]));
    assert_eq!(ana.get("/workspace").await.status, StatusCode::FORBIDDEN);
}
