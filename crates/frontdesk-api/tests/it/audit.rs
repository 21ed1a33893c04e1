//! The audit log.

use std::time::Duration;

use axum::http::StatusCode;
use serde_json::json;

use crate::support::Desk;

#[tokio::test]
async fn what_was_done_is_listed_with_who_and_from_where() {
    let desk = Desk::open().await;
    let ana = desk.signed_up("Ana").await;
    // Entries of one millisecond have no order among them.
    desk.clock.advance(Duration::from_millis(1));
    ana.patch("/workspace", json!({ "name": "New" })).await;
    let log = ana.get("/audit").await.json();
    let newest = &log["items"][0];
    assert_eq!(newest["action"], "workspace.update");
    assert_eq!((&newest["actor_name"], &newest["ip"]), (&json!("Ana"), &json!("192.0.2.1")));
    assert_eq!(newest["detail"], json!({ "fields": ["name"] }));
    assert!(newest["request_id"].as_str().unwrap().starts_with("req_"));
    let filtered = ana.get("/audit?action=workspace.create&limit=1").await.json();
    assert_eq!(filtered["items"].as_array().unwrap().len(), 1);
    let future = ana.get("/audit?from=2030-01-01T00:00:00Z").await.json();
    assert_eq!(future["items"], json!([]));
    assert_eq!(ana.get("/audit?limit=9999").await.refusal(), "422 /limit");
    assert_eq!(ana.get("/audit?nope=1").await.refusal(), "422 /nope");
}

#[tokio::test]
async fn pages_follow_each_other_without_gap_or_overlap() {
    let desk = Desk::open().await;
    let ana = desk.signed_up("Ana").await;
    for name in ["a", "b", "c", "d", "e"] {
        ana.patch("/workspace", json!({ "name": name })).await;
    }
    let whole: Vec<String> = ids(&ana.get("/audit").await.json());
    let mut walked = Vec::new();
    let mut path = "/audit?limit=2".to_owned();
    loop {
        let page = ana.get(&path).await.json();
        walked.extend(ids(&page));
        match page["next_cursor"].as_str() {
            Some(cursor) => path = format!("/audit?limit=2&cursor={cursor}"),
            None => break,
        }
    }
    assert_eq!(walked, whole);
}

fn ids(page: &serde_json::Value) -> Vec<String> {
    page["items"].as_array().unwrap().iter().map(|entry| entry["id"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn an_export_is_whole_inert_and_recorded() {
    let desk = Desk::open().await;
    let ana = desk.signed_up("Ana").await;
    for number in 0..300 {
        let answer = ana.patch("/workspace", json!({ "name": format!("n{number}") })).await;
        assert_eq!(answer.status, StatusCode::OK);
    }
    ana.patch("/auth/me", json!({ "name": "=cmd()" })).await;
    desk.clock.advance(Duration::from_millis(1));
    let export = ana.get("/audit/export").await;
    assert_eq!(export.header("content-type"), "text/csv; charset=utf-8");
    let lines: Vec<&str> = export.text.lines().collect();
    assert!(lines[0].starts_with("id,at,actor_kind,"));
    assert_eq!(lines.iter().filter(|line| line.contains("workspace.update")).count(), 300);
    assert!(export.text.contains(",'=cmd(),") && !export.text.contains(",=cmd(),"));
    assert!(lines[1].contains("audit.export"), "the export itself comes first: {}", lines[1]);
}
