//! The queue as admins see it: what failed and why, tried again or thrown away, on the record.

use std::time::Duration;

use axum::http::StatusCode;
use frontdesk_domain::id::WorkspaceId;
use frontdesk_store::{JobRequest, job};
use frontdesk_testkit::TestApp;
use serde_json::json;

/// Enqueues jobs of which the first is given up, for this reason.
async fn fill(app: &TestApp, workspace: WorkspaceId, reason: &str) -> String {
    let tx = app.app.store.begin(&app.system(workspace)).await.unwrap();
    let id = tx.enqueue(JobRequest::new("message.dispatch", json!({ "message": "nonsense", "to": "Jane" })));
    let now = tx.now();
    tx.enqueue(JobRequest::new("booking.notice", json!({})).at(now.plus(Duration::from_hours(24))));
    tx.commit().await.unwrap();
    let tx = app.app.store.begin(&app.system(workspace)).await.unwrap();
    let lease = tx.now().plus(Duration::from_mins(1));
    for claimed in job::claim(&tx, tx.scope(), tx.now(), lease, 1_000).await.unwrap() {
        if claimed.id == id {
            job::bury(&tx, &claimed, reason).await.unwrap();
        } else {
            job::complete(&tx, tx.scope(), claimed.id).await.unwrap();
        }
    }
    tx.commit().await.unwrap();
    id.to_string()
}

#[tokio::test]
async fn a_job_that_was_given_up_says_why_and_is_tried_again_or_thrown_away() {
    let app = TestApp::open().await;
    let ana = app.signed_up("Ana").await;
    let workspace = ana.workspace_id().await;
    let id = fill(&app, workspace, "the vendor said no to +14155552671").await;

    let counts = ana.get("/jobs/counts").await.expect_status(StatusCode::OK).json();
    assert_eq!((&counts["dead"], &counts["waiting"], &counts["retrying"]), (&json!(1), &json!(1), &json!(0)));
    let listed = ana.get("/jobs").await.expect_status(StatusCode::OK).json();
    let dead = &listed["items"][0];
    assert_eq!((dead["id"].as_str(), dead["kind"].as_str()), (Some(id.as_str()), Some("message.dispatch")));
    assert_eq!((dead["title"].as_str(), dead["tries"].as_u64()), (Some("Send a message"), Some(1)));
    assert_eq!(dead["last_error"], "the vendor said no to +1415*****71");
    assert!(dead["next_at"].is_null() && dead["about"] == json!({}), "{dead}");
    let waiting = ana.get("/jobs?state=waiting&kind=booking.notice").await.json();
    assert!(waiting["items"][0]["next_at"].is_string(), "{waiting}");
    assert_eq!(ana.get("/jobs?state=running").await.json()["items"], json!([]));

    let again = ana.post(&format!("/jobs/{id}/retry"), json!({})).await.expect_status(StatusCode::OK).json();
    assert_eq!((again["state"].as_str(), again["tries"].as_u64()), (Some("waiting"), Some(0)));
    assert_eq!(ana.post(&format!("/jobs/{id}/retry"), json!({})).await.refusal(), "409");
    assert_eq!(ana.delete(&format!("/jobs/{id}")).await.refusal(), "409");

    let other = fill(&app, workspace, "no").await;
    ana.delete(&format!("/jobs/{other}")).await.expect_status(StatusCode::NO_CONTENT);
    assert_eq!(ana.get(&format!("/jobs/{other}")).await.refusal(), "404");
    let audit = ana.get("/audit").await.json();
    let done: Vec<&str> =
        audit["items"].as_array().unwrap().iter().filter_map(|it| it["action"].as_str()).collect();
    assert!(done.contains(&"queue.retry") && done.contains(&"queue.discard"), "{done:?}");
}
