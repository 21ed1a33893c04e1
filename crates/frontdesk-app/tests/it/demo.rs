//! The demo business: whole, made once, nobody's mail, and no other workspace touched.

use axum::http::StatusCode;
use frontdesk_app::demo;
use frontdesk_testkit::{Browser, TestApp};
use serde_json::{Value, json};

async fn items(browser: &Browser<'_>, path: &str) -> Vec<Value> {
    let answer = browser.get(path).await.expect_status(StatusCode::OK).json();
    let list = answer.get("items").unwrap_or(&answer);
    list.as_array().unwrap_or_else(|| panic!("{path} is no list: {answer}")).clone()
}

async fn everything(browser: &Browser<'_>) -> Vec<(&'static str, usize)> {
    let mut counts = Vec::new();
    for path in [
        "/conversations?state=open&limit=250",
        "/conversations?limit=250",
        "/contacts?limit=250",
        "/leads?limit=250",
        "/agents",
        "/personas",
        "/knowledge/sources",
        "/team/members",
        "/canned-replies",
        "/widget-keys",
        "/staff",
        "/booking-types",
        "/bookings?limit=250",
        "/waiting-list",
    ] {
        counts.push((path, items(browser, path).await.len()));
    }
    counts
}

#[tokio::test]
async fn the_demo_is_made_once_and_every_page_has_something_to_show() {
    let t = TestApp::open().await;
    let other = t.signed_up("ana").await;
    let before = everything(&other).await;

    let opened = demo::open(&t.app).await.unwrap();
    assert_eq!(opened.business, "Brightsmile Dental");
    assert!(t.mails().await.is_empty(), "the past is nobody's news");

    let browser = t.browser();
    let credentials = json!({ "email": opened.email, "password": opened.password });
    browser.post("/auth/login", credentials).await.expect_status(StatusCode::OK);
    for source in items(&browser, "/knowledge/sources").await {
        assert_eq!(source["status"], "ready", "{source}");
    }
    let first = everything(&browser).await;
    let lengths: Vec<usize> = first.iter().map(|(_, count)| *count).collect();
    assert_eq!(lengths, [4, 32, 40, 9, 2, 1, 5, 4, 6, 1, 5, 7, 78, 2]);
    let home = browser.get("/home").await.expect_status(StatusCode::OK).json();
    assert_eq!(home["counts"]["waiting"], 1);
    for list in ["needs_you", "recent_leads", "activity", "unanswered"] {
        assert!(!home[list].as_array().unwrap().is_empty(), "{list} of {home}");
    }

    assert_eq!(demo::open(&t.app).await.unwrap(), opened);
    assert_eq!(everything(&browser).await, first);
    assert_eq!(everything(&other).await, before);
}

#[tokio::test]
async fn the_demo_answers_what_its_page_suggests_to_ask() {
    let t = TestApp::open().await;
    let opened = demo::open(&t.app).await.unwrap();
    t.run_jobs().await;
    let browser = t.browser();
    let credentials = json!({ "email": opened.email, "password": opened.password });
    browser.post("/auth/login", credentials).await.expect_status(StatusCode::OK);
    for (question, wanted) in [
        ("How much is a whitening?", "$399"),
        ("Do you take Delta Dental?", "Delta Dental PPO"),
        ("What happens if I cancel at the last minute?", "$50"),
        ("How long does an implant take?", "four to six months"),
        ("What is the Bright Plan?", "$29"),
        ("¿Cuánto cuesta una limpieza?", "$120"),
    ] {
        let asked = browser.post("/knowledge/query", json!({ "question": question })).await;
        let answer = asked.expect_status(StatusCode::OK).json();
        assert_eq!(answer["answer"]["answered"], true, "{question}: {answer}");
        let text = answer["answer"]["text"].as_str().unwrap();
        assert!(text.contains(wanted), "{question}: {text}");
    }
    let silent = browser.post("/knowledge/query", json!({ "question": "Do you sell gift cards?" })).await;
    assert_eq!(silent.json()["answer"]["answered"], false);
}

#[tokio::test]
async fn the_demo_page_works_where_the_server_listens_today() {
    let t = TestApp::open().await;
    demo::open(&t.app).await.unwrap();
    let mut moved = t.app.as_ref().clone();
    moved.settings.public_url = "http://127.0.0.1:9999".to_owned();
    demo::open(&std::sync::Arc::new(moved)).await.unwrap();
    let opened = demo::open(&t.app).await.unwrap();
    let browser = t.browser();
    let credentials = json!({ "email": opened.email, "password": opened.password });
    browser.post("/auth/login", credentials).await.expect_status(StatusCode::OK);
    let keys = items(&browser, "/widget-keys").await;
    let origins = keys[0]["origins"].as_array().unwrap();
    assert!(origins.contains(&json!("http://127.0.0.1:9999")), "{origins:?}");
    assert!(origins.contains(&json!("http://localhost:9999")), "{origins:?}");
}
