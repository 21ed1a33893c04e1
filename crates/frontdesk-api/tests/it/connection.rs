//! Connections: secrets go in and never come out.

use axum::http::StatusCode;
use frontdesk_domain::connection::ConnectionCategory;
use frontdesk_domain::context::Scope;
use secrecy::ExposeSecret;
use serde_json::json;

use crate::support::Desk;

const SECRET: &str = "sk-very-secret-0123456789";

#[tokio::test]
async fn a_secret_is_in_no_answer_and_not_in_the_database() {
    let desk = Desk::open().await;
    let ana = desk.signed_up("Ana").await;
    let body = json!({ "vendor": "anthropic", "name": "Claude", "settings": { "model": "claude-x" }, "secret": SECRET });
    let made = ana.post("/connections", body).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.text);
    assert_eq!(made.json()["has_secret"], true);
    let path = format!("/connections/{}", made.json()["id"].as_str().unwrap());
    let answers = [
        made,
        ana.get(&path).await,
        ana.get("/connections").await,
        ana.patch(&path, json!({ "name": "Other" })).await,
        ana.get("/audit").await,
        ana.get("/audit/export").await,
    ];
    for answer in &answers {
        assert!(answer.status.is_success());
        assert!(!answer.text.contains(SECRET), "{}", answer.text);
    }
    let bytes = desk.database_bytes();
    assert!(!bytes.windows(SECRET.len()).any(|window| window == SECRET.as_bytes()));

    let scope = Scope::system(ana.workspace_id().await.parse().unwrap());
    let usable =
        frontdesk_app::connection::usable(&desk.app, scope, ConnectionCategory::Model).await.unwrap();
    assert_eq!(usable[0].secret.as_ref().unwrap().expose_secret(), SECRET);
}

#[tokio::test]
async fn settings_are_checked_by_the_vendors_schema() {
    let desk = Desk::open().await;
    let ana = desk.signed_up("Ana").await;
    let create = |body| ana.post("/connections", body);
    let unknown = create(json!({ "vendor": "acme", "name": "x", "settings": {} })).await;
    assert_eq!(unknown.refusal(), "422 /vendor");
    let wrong = json!({ "vendor": "openai", "name": "x", "settings": { "model": "m", "temperature": 9, "sk": SECRET } });
    let wrong = create(wrong).await;
    assert_eq!(wrong.refusal(), "422 /settings/temperature /settings");
    assert!(!wrong.text.contains(SECRET), "a misplaced key is not repeated: {}", wrong.text);
    let no_key = create(json!({ "vendor": "anthropic", "name": "x", "settings": { "model": "m" } })).await;
    assert_eq!(no_key.refusal(), "422 /secret");
}

#[tokio::test]
async fn a_test_that_fails_is_an_answer_and_private_addresses_are_not_reached() {
    let desk = Desk::open().await;
    let ana = desk.signed_up("Ana").await;
    let settings = json!({ "model": "m", "base_url": "http://127.0.0.1:9/v1" });
    let body = json!({ "vendor": "openai", "name": "Local", "settings": settings, "secret": SECRET });
    let made = ana.post("/connections", body).await.json();
    let path = format!("/connections/{}", made["id"].as_str().unwrap());
    let tested = ana.post_empty(&format!("{path}/test")).await;
    assert_eq!(tested.status, StatusCode::OK, "{}", tested.text);
    assert_eq!(tested.json()["ok"], false);
    assert!(!tested.text.contains(SECRET));
    assert_eq!(ana.get(&path).await.json()["last_test"], tested.json());

    let mail = json!({ "vendor": "smtp", "name": "Mail",
        "settings": { "host": "127.0.0.1", "port": 9, "security": "none", "from": "a@b.example" } });
    let made = ana.post("/connections", mail).await.json();
    let tested = ana.post_empty(&format!("/connections/{}/test", made["id"].as_str().unwrap())).await.json();
    assert!(tested["message"].as_str().unwrap().contains("not on the public internet"), "{tested}");
}

#[tokio::test]
async fn a_connection_changes_and_goes() {
    let desk = Desk::open().await;
    let ana = desk.signed_up("Ana").await;
    let body = json!({ "vendor": "openai", "name": "A", "settings": { "model": "m" }, "secret": SECRET });
    let made = ana.post("/connections", body).await.json();
    let path = format!("/connections/{}", made["id"].as_str().unwrap());
    let kept = ana.patch(&path, json!({ "settings": { "model": "n" }, "enabled": false })).await.json();
    assert_eq!((&kept["has_secret"], &kept["enabled"]), (&json!(true), &json!(false)));
    let cleared = ana.patch(&path, json!({ "secret": null })).await.json();
    assert_eq!(cleared["has_secret"], false);
    assert_eq!(ana.delete(&path).await.status, StatusCode::NO_CONTENT);
    assert_eq!(ana.get(&path).await.refusal(), "404");
}
