//! Several nodes on one PostgreSQL: limits and lock-outs hold across them.

use axum::http::StatusCode;
use frontdesk_api::LimitSettings;
use frontdesk_testkit::TestStore;
use serde_json::json;

use crate::support::{Desk, email};

#[tokio::test(flavor = "multi_thread")]
async fn a_limit_is_shared() {
    let store = TestStore::postgres().await;
    let limits = LimitSettings { dashboard: 5, ..LimitSettings::OFF };
    let nodes = [Desk::node(&store, limits).await, Desk::node(&store, limits).await];
    let ana = nodes[0].signed_up("Ana").await;
    let mut allowed = 0;
    for turn in 0..10 {
        let mut elsewhere = nodes[turn % 2].browser();
        elsewhere.cookies = std::sync::Mutex::new(ana.cookies.lock().unwrap().clone());
        let answer = elsewhere.get("/workspace").await;
        if answer.status == StatusCode::OK {
            allowed += 1;
        } else {
            assert_eq!(answer.refusal(), "429");
        }
    }
    assert_eq!(allowed, 5);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lock_out_is_shared() {
    let store = TestStore::postgres().await;
    let nodes = [Desk::node(&store, LimitSettings::OFF).await, Desk::node(&store, LimitSettings::OFF).await];
    nodes[0].signed_up("Ana").await;
    let mut statuses = Vec::new();
    for turn in 0..6 {
        let body = json!({ "email": email("Ana"), "password": "wrong" });
        statuses.push(nodes[turn % 2].browser().post("/auth/login", body).await.status);
    }
    assert_eq!(statuses[..5], [StatusCode::UNAUTHORIZED; 5]);
    assert_eq!(statuses[5], StatusCode::TOO_MANY_REQUESTS);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_tabs_on_two_nodes_may_refresh_at_the_same_moment_and_two_owners_cannot_leave() {
    let store = TestStore::postgres().await;
    let nodes = [Desk::node(&store, LimitSettings::OFF).await, Desk::node(&store, LimitSettings::OFF).await];
    let olga = nodes[0].signed_up("Olga").await;
    let mut tab = nodes[1].browser();
    tab.cookies = std::sync::Mutex::new(olga.cookies.lock().unwrap().clone());
    let (one, two) = tokio::join!(olga.post_empty("/auth/refresh"), tab.post_empty("/auth/refresh"));
    assert_eq!((one.status, two.status), (StatusCode::NO_CONTENT, StatusCode::NO_CONTENT));
    assert_eq!(tab.get("/auth/me").await.status, StatusCode::OK);

    let otto = nodes[0].joined(&olga, "Otto", "admin").await;
    let (a, b) = (olga.member_id("Olga").await, olga.member_id("Otto").await);
    olga.patch(&format!("/team/members/{b}"), json!({ "role": "owner" })).await;
    let mut otto_elsewhere = nodes[1].browser();
    otto_elsewhere.cookies = std::sync::Mutex::new(otto.cookies.lock().unwrap().clone());
    let (path_a, path_b) = (format!("/team/members/{a}"), format!("/team/members/{b}"));
    let (one, two) = tokio::join!(olga.delete(&path_a), otto_elsewhere.delete(&path_b));
    let mut statuses = [one.status, two.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [StatusCode::NO_CONTENT, StatusCode::CONFLICT]);
}
