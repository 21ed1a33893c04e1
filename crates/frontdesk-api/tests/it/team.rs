//! Roles, invitations, ownership.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::support::{Browser, Desk, PASSWORD, email};

/// What each role may do, strongest first: owner, admin, manager, agent, viewer.
const TABLE: &[(Method, &str, &str, [bool; 5])] = &[
    (Method::GET, "/workspace", "", [true, true, true, true, true]),
    (Method::PATCH, "/workspace", "{}", [true, true, false, false, false]),
    (Method::DELETE, "/workspace", r#"{"name":"wrong"}"#, [true, false, false, false, false]),
    (Method::GET, "/team/members", "", [true, true, true, true, true]),
    (Method::GET, "/team/invitations", "", [true, true, true, true, true]),
    (Method::POST, "/team/invitations", r#"{"email":"?","role":"agent"}"#, [true, true, false, false, false]),
    (Method::GET, "/keys", "", [true, true, false, false, false]),
    (Method::POST, "/keys", r#"{"name":"","scopes":[]}"#, [true, true, false, false, false]),
    (Method::GET, "/widget-keys", "", [true, true, false, false, false]),
    (Method::POST, "/widget-keys", r#"{"name":"","origins":[]}"#, [true, true, false, false, false]),
    (Method::GET, "/connections", "", [true, true, false, false, false]),
    (Method::GET, "/connections/vendors", "", [true, true, false, false, false]),
    (
        Method::POST,
        "/connections",
        r#"{"vendor":"?","name":"","settings":{}}"#,
        [true, true, false, false, false],
    ),
    (Method::GET, "/audit", "", [true, true, false, false, false]),
    (Method::GET, "/audit/export", "", [true, true, false, false, false]),
];

#[tokio::test]
async fn each_role_may_do_what_the_table_says() {
    let desk = Desk::open().await;
    let owner = desk.signed_up("Olga").await;
    let admin = desk.joined(&owner, "Adam", "admin").await;
    let manager = desk.joined(&owner, "Mia", "manager").await;
    let agent = desk.joined(&owner, "Abe", "agent").await;
    let viewer = desk.joined(&owner, "Vera", "viewer").await;
    for (method, path, body, expected) in TABLE {
        let body: Option<Value> = (!body.is_empty()).then(|| serde_json::from_str(body).unwrap());
        for (who, allowed) in [&owner, &admin, &manager, &agent, &viewer].into_iter().zip(expected) {
            let answer = who.call(method.clone(), path, body.clone()).await;
            let was_allowed = answer.status != StatusCode::FORBIDDEN;
            assert_eq!(was_allowed, *allowed, "{method} {path}: {}", answer.text);
            assert_ne!(answer.status, StatusCode::UNAUTHORIZED);
        }
    }
}

#[tokio::test]
async fn nobody_is_let_in_without_credentials() {
    let desk = Desk::open().await;
    for (method, path, body, _) in TABLE {
        let body = (!body.is_empty()).then(|| serde_json::from_str(body).unwrap());
        let answer = desk.browser().call(method.clone(), path, body).await;
        assert_eq!(answer.refusal(), "401", "{method} {path}");
        assert_eq!(answer.header("www-authenticate"), "Bearer");
    }
}

#[tokio::test]
async fn somebody_new_joins_by_invitation() {
    let desk = Desk::open().await;
    let owner = desk.signed_up("Olga").await;
    let invited =
        owner.post("/team/invitations", json!({ "email": "Nia@Example.com", "role": "agent" })).await;
    assert_eq!(invited.status, StatusCode::CREATED);
    assert!(!invited.text.contains("token") && !invited.text.contains("fd_in_"), "{}", invited.text);
    let mails = desk.mails().await;
    assert_eq!(
        (mails[0].to.as_str(), mails[0].subject.as_str()),
        ("nia@example.com", "Olga invites you to Olga Ltd")
    );
    let token =
        mails[0].text.split("/invitation/").nth(1).unwrap().split_whitespace().next().unwrap().to_owned();

    let browser = desk.browser();
    let preview = browser.get(&format!("/invitations/{token}")).await.json();
    let expected =
        json!({ "workspace": "Olga Ltd", "email": "nia@example.com", "role": "agent", "has_account": false });
    assert_eq!(preview, expected);
    let accept = format!("/invitations/{token}/accept");
    assert_eq!(browser.post(&accept, json!({})).await.refusal(), "422 /name /password");
    let joined = browser.post(&accept, json!({ "name": "Nia", "password": PASSWORD })).await;
    assert_eq!(joined.json()["workspaces"][0]["role"], "agent");
    assert_eq!(browser.get("/workspace").await.json()["name"], "Olga Ltd", "signed in by accepting");
    assert_eq!(desk.browser().get(&format!("/invitations/{token}")).await.refusal(), "404", "works once");
    assert_eq!(owner.get("/team/invitations").await.json()["items"], json!([]));
}

#[tokio::test]
async fn somebody_known_joins_signed_in_or_with_their_password() {
    let desk = Desk::open().await;
    let owner = desk.signed_up("Olga").await;
    let known = desk.signed_up("Kim").await;
    owner.post("/team/invitations", json!({ "email": email("Kim"), "role": "manager" })).await;
    let token = desk.mailed_token().await;
    let accept = format!("/invitations/{token}/accept");

    let other = desk.signed_up("Eve").await;
    assert_eq!(other.post(&accept, json!({})).await.refusal(), "403", "an invitation is for one person");
    let stranger = desk.browser();
    let wrong = stranger.post(&accept, json!({ "name": "Kim", "password": "wrong password" })).await;
    assert_eq!(wrong.refusal(), "422 /password");
    let me = known.post(&accept, json!({})).await.json();
    assert_eq!(me["workspaces"].as_array().unwrap().len(), 2);

    let again = owner.post("/team/invitations", json!({ "email": email("Kim"), "role": "agent" })).await;
    assert_eq!(again.refusal(), "409", "in the team already");
}

#[tokio::test]
async fn an_invitation_can_be_sent_again_taken_back_and_lapses() {
    let desk = Desk::open().await;
    let owner = desk.signed_up("Olga").await;
    let invite = || owner.post("/team/invitations", json!({ "email": "nia@example.com", "role": "agent" }));
    let invitation = invite().await.json();
    let path = format!("/team/invitations/{}", invitation["id"].as_str().unwrap());
    let first = desk.mailed_token().await;
    assert_eq!(invite().await.refusal(), "409");
    assert_eq!(owner.post_empty(&format!("{path}/resend")).await.status, StatusCode::OK);
    let second = desk.mailed_token().await;
    let preview = |token: String| {
        let browser = desk.browser();
        async move { browser.get(&format!("/invitations/{token}")).await.status }
    };
    assert_eq!(preview(first).await, StatusCode::NOT_FOUND);
    assert_eq!(preview(second.clone()).await, StatusCode::OK);
    desk.clock.advance(std::time::Duration::from_hours(7 * 24));
    assert_eq!(preview(second).await, StatusCode::NOT_FOUND);
    owner.post_empty("/auth/refresh").await;
    assert_eq!(invite().await.status, StatusCode::CREATED, "a lapsed one gives way");
    let third = desk.mailed_token().await;
    let id = owner.get("/team/invitations").await.json()["items"][0]["id"].as_str().unwrap().to_owned();
    assert_eq!(owner.delete(&format!("/team/invitations/{id}")).await.status, StatusCode::NO_CONTENT);
    assert_eq!(preview(third).await, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_workspace_always_has_an_owner_and_only_owners_touch_owners() {
    let desk = Desk::open().await;
    let owner = desk.signed_up("Olga").await;
    let admin = desk.joined(&owner, "Adam", "admin").await;
    let member = |id: &str| format!("/team/members/{id}");
    let (olga, adam) = (owner.member_id("Olga").await, owner.member_id("Adam").await);

    assert_eq!(owner.delete(&member(&olga)).await.refusal(), "409", "the last owner cannot leave");
    assert_eq!(owner.patch(&member(&olga), json!({ "role": "admin" })).await.refusal(), "409");
    assert_eq!(admin.delete(&member(&olga)).await.refusal(), "403");
    assert_eq!(admin.patch(&member(&olga), json!({ "role": "viewer" })).await.refusal(), "403");
    assert_eq!(admin.patch(&member(&adam), json!({ "role": "owner" })).await.refusal(), "403");
    let owner_by_mail = json!({ "email": "x@example.com", "role": "owner" });
    assert_eq!(owner.post("/team/invitations", owner_by_mail).await.refusal(), "422 /role");
    assert_eq!(admin.post_empty(&format!("{}/transfer-ownership", member(&olga))).await.refusal(), "403");

    let given = owner.post_empty(&format!("{}/transfer-ownership", member(&adam))).await;
    assert_eq!(given.json()["role"], "owner");
    assert_eq!(owner.get("/auth/me").await.json()["workspaces"][0]["role"], "admin");
    assert_eq!(owner.delete(&member(&adam)).await.refusal(), "403");
    assert_eq!(admin.delete(&member(&olga)).await.status, StatusCode::NO_CONTENT);
    assert_eq!(owner.get("/team/members").await.status, StatusCode::FORBIDDEN, "out at once");
}

#[tokio::test]
async fn two_owners_cannot_leave_at_the_same_moment() {
    let desk = Desk::open().await;
    let olga = desk.signed_up("Olga").await;
    let otto = desk.joined(&olga, "Otto", "admin").await;
    let (a, b) = (olga.member_id("Olga").await, olga.member_id("Otto").await);
    let promoted = olga.patch(&format!("/team/members/{b}"), json!({ "role": "owner" })).await;
    assert_eq!(promoted.status, StatusCode::OK);
    let (path_a, path_b) = (format!("/team/members/{a}"), format!("/team/members/{b}"));
    let (one, two) = tokio::join!(olga.delete(&path_a), otto.delete(&path_b));
    let mut statuses = [one.status, two.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [StatusCode::NO_CONTENT, StatusCode::CONFLICT]);
}

#[tokio::test]
async fn anybody_may_leave() {
    let desk = Desk::open().await;
    let owner = desk.signed_up("Olga").await;
    let viewer: Browser<'_> = desk.joined(&owner, "Vera", "viewer").await;
    let vera = owner.member_id("Vera").await;
    assert_eq!(viewer.delete(&format!("/team/members/{vera}")).await.status, StatusCode::NO_CONTENT);
    assert_eq!(viewer.get("/auth/me").await.json()["workspaces"], json!([]));
}
