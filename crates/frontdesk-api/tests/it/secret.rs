//! Sealed secrets and the rotation of their key; purging what a deleted workspace leaves.

use axum::http::{Method, StatusCode};
use frontdesk_app::{secret, workspace};
use frontdesk_domain::connection::ConnectionCategory;
use frontdesk_domain::context::Scope;
use frontdesk_domain::id::WorkspaceId;
use frontdesk_store::connection::{SecretKind, secrets_everywhere};
use secrecy::ExposeSecret;
use serde_json::json;

use crate::support::{Browser, Desk};

async fn connect(browser: &Browser<'_>, count: usize) {
    for number in 0..count {
        let body = json!({ "vendor": "openai", "name": format!("c{number}"), "settings": { "model": "m" },
            "secret": format!("sk-{number}") });
        assert_eq!(browser.post("/connections", body).await.status, StatusCode::CREATED);
    }
}

async fn secrets(desk: &Desk, browser: &Browser<'_>) -> Vec<String> {
    let scope = Scope::system(browser.workspace_id().await.parse().unwrap());
    let usable =
        frontdesk_app::connection::usable(&desk.app, scope, ConnectionCategory::Model).await.unwrap();
    let mut secrets: Vec<String> =
        usable.iter().map(|one| one.secret.as_ref().unwrap().expose_secret().to_owned()).collect();
    secrets.sort();
    secrets
}

#[tokio::test]
async fn a_rotation_reseals_every_secret_of_every_workspace() {
    let desk = Desk::open().await;
    let (ana, bob) = (desk.signed_up("Ana").await, desk.signed_up("Bob").await);
    connect(&ana, 3).await;
    connect(&bob, 2).await;
    let before = desk.app.vault.current_prefix().unwrap();

    let rotation = secret::rotate(&desk.app).await.unwrap();
    assert_eq!((rotation.resealed, rotation.unreadable), (5, 0));
    let after = desk.app.vault.current_prefix().unwrap();
    assert_ne!(before, after);
    let behind =
        secrets_everywhere(desk.app.store.reader(), SecretKind::Own, &after, None, 10).await.unwrap();
    assert!(behind.is_empty(), "{behind:?}");
    assert_eq!(secrets(&desk, &ana).await, ["sk-0", "sk-1", "sk-2"]);
    assert_eq!(secrets(&desk, &bob).await, ["sk-0", "sk-1"]);
}

#[tokio::test]
async fn an_interrupted_rotation_goes_on_with_the_key_it_had() {
    let desk = Desk::open().await;
    let ana = desk.signed_up("Ana").await;
    connect(&ana, 2).await;
    // As if the process had died between adding the key and resealing.
    desk.app.vault.add_key(desk.app.random.as_ref()).unwrap();
    let interrupted = desk.app.vault.current_prefix().unwrap();
    assert_eq!(secret::rotate(&desk.app).await.unwrap().resealed, 2);
    assert_eq!(desk.app.vault.current_prefix().unwrap(), interrupted);
    assert_eq!(secrets(&desk, &ana).await, ["sk-0", "sk-1"]);
}

#[tokio::test]
async fn what_a_deleted_workspace_leaves_is_purged_and_nothing_alive_is() {
    let desk = Desk::open().await;
    let (ana, bob) = (desk.signed_up("Ana").await, desk.signed_up("Bob").await);
    let id: WorkspaceId = ana.workspace_id().await.parse().unwrap();
    let kept: WorkspaceId = bob.workspace_id().await.parse().unwrap();
    ana.call(Method::DELETE, "/workspace", Some(json!({ "name": "Ana Ltd" }))).await;
    workspace::purge(&desk.app, &json!({ "workspace_id": id })).await.unwrap();
    assert!(workspace::purge(&desk.app, &json!({ "workspace_id": kept })).await.is_err());

    let db = desk.app.store.reader();
    let filter = frontdesk_store::event::AuditFilter::default();
    let left = frontdesk_store::event::list_audit(db, Scope::system(id), &filter, 10).await.unwrap();
    assert_eq!(left, []);
    assert!(!bob.get("/audit").await.json()["items"].as_array().unwrap().is_empty());
}
