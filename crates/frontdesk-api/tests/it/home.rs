//! Home and search.

use axum::http::StatusCode;
use frontdesk_testkit::TestApp;
use serde_json::json;

#[tokio::test]
async fn home_counts_what_happened_in_the_business_day() {
    let app = TestApp::open().await;
    let ana = app.signed_up("Ana").await;
    ana.patch("/workspace", json!({ "zone": "America/New_York" })).await.expect_status(StatusCode::OK);
    let workspace = ana.workspace_id().await;
    let empty = ana.get("/home").await.expect_status(StatusCode::OK).json();
    assert_eq!(empty["counts"]["answered_by_ai_percent"], 0);
    assert_eq!(empty["week"].as_array().unwrap().len(), 7);
    assert_eq!(empty["week"][6]["day"], "2026-03-18");

    app.conversation(workspace).await;
    crate::leads::capture(&app, workspace, "bea@example.com", "a crown").await;
    // 13:30 UTC on the 18th; twelve hours later it is the 18th still in New York, and a day later it is not.
    app.clock.advance(std::time::Duration::from_hours(12));
    ana.sign_in("Ana").await;
    let home = ana.get("/home").await.expect_status(StatusCode::OK).json();
    assert_eq!(home["counts"]["conversations_today"], 2);
    assert_eq!(home["week"][6], json!({ "day": "2026-03-18", "conversations": 2, "leads": 1 }));
    app.clock.advance(std::time::Duration::from_hours(12));
    ana.sign_in("Ana").await;
    let home = ana.get("/home").await.expect_status(StatusCode::OK).json();
    assert_eq!(home["counts"]["conversations_today"], 0);
    assert_eq!(home["counts"]["leads_this_week"], 1);
    assert_eq!(home["week"][5], json!({ "day": "2026-03-18", "conversations": 2, "leads": 1 }));
    assert_eq!(home["recent_leads"][0]["name"], "Bea");
    let lines: Vec<&str> =
        home["activity"].as_array().unwrap().iter().map(|line| line["text"].as_str().unwrap()).collect();
    let expected =
        ["Bea left their details: a crown", "Bea started a conversation", "Visitor 1 started a conversation"];
    assert_eq!(lines, expected);
}

#[tokio::test]
async fn home_shows_leads_only_to_those_who_may_see_them() {
    let app = TestApp::open().await;
    let ana = app.signed_up("Ana").await;
    crate::leads::capture(&app, ana.workspace_id().await, "bea@example.com", "a crown").await;
    let program = app.program(&ana, &["conversations:read"]).await;
    let home = program.get("/home").await.expect_status(StatusCode::OK);
    assert_eq!(home.json()["recent_leads"], json!([]));
    assert_eq!(home.json()["counts"]["leads_this_week"], 0);
    assert!(!home.text.contains("bea@example.com") && !home.text.contains("crown"), "{}", home.text);
}

#[tokio::test]
async fn search_finds_each_kind_the_caller_may_see() {
    let app = TestApp::open().await;
    let ana = app.signed_up("Ana").await;
    crate::leads::capture(&app, ana.workspace_id().await, "bea@example.com", "a crown").await;
    let found = ana.get("/search?q=bea").await.expect_status(StatusCode::OK).json();
    assert_eq!(found["contacts"][0]["email"], "bea@example.com");
    assert_eq!(found["conversations"][0]["contact_name"], "Bea");
    let program = app.program(&ana, &["conversations:read"]).await;
    let found = program.get("/search?q=bea").await.expect_status(StatusCode::OK).json();
    assert_eq!(found["contacts"], json!([]));
    assert_eq!(found["conversations"].as_array().unwrap().len(), 1);
    let blind = app.program(&ana, &["keys:read"]).await;
    assert_eq!(blind.get("/search?q=bea").await.refusal(), "403");
    for query in ["", "?q=", "?q=%20", "?q=a&x=1"] {
        assert_eq!(
            ana.get(&format!("/search{query}")).await.status,
            StatusCode::UNPROCESSABLE_ENTITY,
            "{query}"
        );
    }
}
