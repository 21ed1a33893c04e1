//! Leads: captured from conversations, worked by the team, mailed to the business.

use axum::http::StatusCode;
use frontdesk_app::conversation::person::Details;
use frontdesk_app::lead::{Capture, capture as take};
use frontdesk_domain::id::{ConversationId, WorkspaceId};
use frontdesk_domain::lead::Lead;
use frontdesk_testkit::TestApp;
use serde_json::json;

const CONSENT: &str = "We will use this to get back to you.";

fn input(conversation_id: ConversationId, email: &str, need: &str) -> Capture {
    let details =
        Details { name: Some("Bea".to_owned()), email: Some(email.to_owned()), ..Details::default() };
    Capture { conversation_id, details, need: need.to_owned(), consent_text: CONSENT.to_owned() }
}

/// A lead left in a new conversation.
pub async fn capture(app: &TestApp, workspace: WorkspaceId, email: &str, need: &str) -> Lead {
    let conversation = app.conversation(workspace).await;
    take(&app.app, &app.system(workspace), input(conversation.id, email, need)).await.unwrap()
}

#[tokio::test]
async fn what_a_customer_leaves_becomes_a_contact_with_one_open_lead() {
    let app = TestApp::open().await;
    let ana = app.signed_up("Ana").await;
    let workspace = ana.workspace_id().await;
    let ctx = app.system(workspace);
    let conversation = app.conversation(workspace).await;
    let wanted = input(conversation.id, "Bea@Example.com", "a crown, urgent");
    let first = take(&app.app, &ctx, wanted.clone()).await.unwrap();
    assert_eq!((first.email.as_deref(), first.score), (Some("bea@example.com"), 65));
    assert_eq!((first.consent_text.as_str(), first.consent_at.is_some()), (CONSENT, true));

    let events = ana.get("/leads").await.json()["total"].clone();
    app.clock.advance(std::time::Duration::from_mins(5));
    assert_eq!(take(&app.app, &ctx, wanted).await.unwrap(), first, "twice is once");
    assert_eq!(ana.get("/leads").await.json()["total"], events);

    let mut more = input(conversation.id, "bea@example.com", "and whitening");
    more.details.phone = Some("+1 415 555 2671".to_owned());
    let second = take(&app.app, &ctx, more).await.unwrap();
    assert_eq!(second.id, first.id);
    assert_eq!((second.need.as_str(), second.score), ("a crown, urgent\nand whitening", 90));

    let contacts = ana.get("/contacts").await.json();
    assert_eq!((&contacts["total"], &contacts["items"][0]["name"]), (&json!(1), &json!("Bea")));
    let shown = ana.get(&format!("/conversations/{}", conversation.id)).await.json();
    assert_eq!((&shown["contact_name"], &shown["contact_id"]), (&json!("Bea"), &contacts["items"][0]["id"]));
}

#[tokio::test]
async fn a_lead_that_nobody_could_answer_is_refused_and_leaves_nothing() {
    let app = TestApp::open().await;
    let ana = app.signed_up("Ana").await;
    let workspace = ana.workspace_id().await;
    let conversation = app.conversation(workspace).await;
    let mut nameless = input(conversation.id, "x@example.com", "a crown");
    nameless.details.email = None;
    let refused = take(&app.app, &app.system(workspace), nameless).await.unwrap_err();
    assert!(refused.to_string().contains("phone number"), "{refused}");
    assert_eq!(ana.get("/contacts").await.json()["total"], 0);
    assert_eq!(ana.get("/leads").await.json()["total"], 0);
}

#[tokio::test]
async fn a_stranger_who_names_a_known_address_replaces_nothing() {
    let app = TestApp::open().await;
    let ana = app.signed_up("Ana").await;
    let workspace = ana.workspace_id().await;
    let first = capture(&app, workspace, "bea@example.com", "a crown").await;
    let conversation = app.conversation(workspace).await;
    let mut claim = input(conversation.id, "bea@example.com", "cancel everything");
    claim.details.name = Some("Mallory".to_owned());
    let second = take(&app.app, &app.system(workspace), claim).await.unwrap();
    assert_eq!((second.id, second.name.as_str()), (first.id, "Bea"));
    assert_eq!(second.need, "a crown\ncancel everything");
    let contact = ana.get(&format!("/contacts/{}", first.contact_id)).await.json();
    assert_eq!(contact["name"], "Bea");
}

#[tokio::test]
async fn the_team_works_a_lead() {
    let app = TestApp::open().await;
    let ana = app.signed_up("Ana").await;
    let lead = capture(&app, ana.workspace_id().await, "bea@example.com", "a crown").await;
    let path = format!("/leads/{}", lead.id);
    let me = ana.get("/auth/me").await.json()["user"]["id"].clone();
    let patch =
        json!({ "status": "contacted", "assignee": me, "need": "two crowns please, today if you can" });
    let changed = ana.patch(&path, patch).await.expect_status(StatusCode::OK).json();
    assert_eq!((&changed["status"], &changed["assignee"]), (&json!("contacted"), &me));
    assert_eq!(changed["score"], 75);
    let nobody = ana.patch(&path, json!({ "assignee": null })).await.json();
    assert_eq!(nobody["assignee"], json!(null));
    let stranger = "user_0198c0de7e1f7a3c8d5e6f708192a3b4";
    assert_eq!(ana.patch(&path, json!({ "assignee": stranger })).await.refusal(), "422 /assignee");
    assert_eq!(ana.patch(&path, json!({ "status": "maybe" })).await.refusal(), "422 /status");
    for (query, total) in
        [("status=contacted", 1), ("status=new", 0), ("q=CROWN", 1), ("q=bea@", 1), ("q=zzz", 0)]
    {
        assert_eq!(ana.get(&format!("/leads?{query}")).await.json()["total"], total, "{query}");
    }
}

#[tokio::test]
async fn a_closed_lead_cannot_be_opened_beside_another() {
    let app = TestApp::open().await;
    let ana = app.signed_up("Ana").await;
    let workspace = ana.workspace_id().await;
    let first = capture(&app, workspace, "bea@example.com", "a crown").await;
    let path = format!("/leads/{}", first.id);
    ana.patch(&path, json!({ "status": "won" })).await.expect_status(StatusCode::OK);
    let second = capture(&app, workspace, "bea@example.com", "a check-up").await;
    assert_ne!(second.id, first.id);
    assert_eq!(ana.patch(&path, json!({ "status": "qualified" })).await.refusal(), "409");
}

#[tokio::test]
async fn a_captured_lead_is_mailed_once_to_those_who_lead_the_team() {
    let app = TestApp::open().await;
    let owner = app.signed_up("Olga").await;
    app.joined(&owner, "Mia", "manager").await;
    app.joined(&owner, "Abe", "agent").await;
    let workspace = owner.workspace_id().await;
    capture(&app, workspace, "bea@example.com", "a <b>crown</b>").await;
    let mut mails = app.mails().await;
    mails.sort_by(|a, b| a.to.cmp(&b.to));
    let to: Vec<&str> = mails.iter().map(|mail| mail.to.as_str()).collect();
    assert_eq!(to, ["mia@example.com", "olga@example.com"]);
    assert_eq!(mails[0].subject, "New lead for Olga Ltd: Bea");
    assert!(mails[0].text.contains("a <b>crown</b>") && mails[0].text.contains("bea@example.com"));
    assert!(mails[0].html.contains("a &lt;b&gt;crown") && !mails[0].html.contains("<b>crown"));
    assert_ne!(mails[0].id, mails[1].id);
    assert!(app.mails().await.is_empty(), "once");
    capture(&app, workspace, "bea@example.com", "more").await;
    assert!(app.mails().await.is_empty(), "an update is no new lead");
}

#[tokio::test]
async fn a_lead_erased_before_its_mail_left_is_not_mailed() {
    let app = TestApp::open().await;
    let owner = app.signed_up("Olga").await;
    let workspace = owner.workspace_id().await;
    let lead = capture(&app, workspace, "bea@example.com", "a crown").await;
    owner.delete(&format!("/contacts/{}", lead.contact_id)).await.expect_status(StatusCode::NO_CONTENT);
    assert!(app.mails().await.is_empty());
}

#[tokio::test]
async fn a_person_who_is_asked_for_is_called_by_mail() {
    let app = TestApp::open().await;
    let owner = app.signed_up("Olga").await;
    app.joined(&owner, "Abe", "agent").await;
    app.joined(&owner, "Vera", "viewer").await;
    let workspace = owner.workspace_id().await;
    let conversation = app.conversation(workspace).await;
    let ctx = app.system(workspace);
    let tx = app.app.store.begin(&ctx).await.unwrap();
    frontdesk_store::conversation::Change::of(ctx.scope(), conversation.id)
        .waiting(Some(tx.now()), Some("wants to complain"))
        .apply(&tx)
        .await
        .unwrap();
    let reason = "wants to complain".to_owned();
    tx.emit(frontdesk_domain::event::Event::HandoffRequested { conversation_id: conversation.id, reason });
    tx.commit().await.unwrap();
    let mut to: Vec<String> = app.mails().await.into_iter().map(|mail| mail.to).collect();
    to.sort();
    assert_eq!(to, ["abe@example.com", "olga@example.com"]);
}

#[test]
fn nodes_that_look_at_one_event_together_mail_once() {
    frontdesk_testkit::block_on(async {
        let shared = frontdesk_testkit::TestStore::postgres().await;
        let (one, two) = (TestApp::node(&shared).await, TestApp::node(&shared).await);
        let owner = one.signed_up("Olga").await;
        let workspace = owner.workspace_id().await;
        for n in 0..5 {
            capture(&one, workspace, &format!("bea{n}@example.com"), "a crown").await;
        }
        let (first, second) = tokio::join!(one.mails(), two.mails());
        let third = one.mails().await;
        assert_eq!(first.len() + second.len() + third.len(), 5);
        one.app.store.close().await;
        two.app.store.close().await;
    });
}

#[test]
fn two_conversations_that_name_one_new_address_at_once_make_one_person() {
    frontdesk_testkit::block_on(async {
        let shared = frontdesk_testkit::TestStore::postgres().await;
        let app = TestApp::node(&shared).await;
        let owner = app.signed_up("Olga").await;
        let workspace = owner.workspace_id().await;
        let ctx = app.system(workspace);
        for round in 0..5 {
            let email = format!("bea{round}@example.com");
            let (one, two) = (app.conversation(workspace).await, app.conversation(workspace).await);
            let (first, second) = tokio::join!(
                take(&app.app, &ctx, input(one.id, &email, "a crown")),
                take(&app.app, &ctx, input(two.id, &email, "whitening")),
            );
            assert_eq!(first.unwrap().id, second.unwrap().id);
        }
        assert_eq!(owner.get("/leads").await.json()["total"], 5);
        assert_eq!(owner.get("/contacts").await.json()["total"], 5);
        app.app.store.close().await;
    });
}
