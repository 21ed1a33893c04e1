//! What callers see of customers who may not see numbers and addresses in full. A new place where a customer's number may
//! stand is planted in [`plant`].

use axum::http::{Method, StatusCode};
use frontdesk_app::conversation::person::Details;
use frontdesk_app::conversation::receive::receive;
use frontdesk_app::lead::{Capture, capture};
use frontdesk_domain::context::{Actor, Context};
use frontdesk_testkit::{Browser, TestApp};
use serde_json::{Value, json};

use super::furnish::{Ids, furnish, queued_to};
use super::table::Who;
use super::{MARK, declared};

/// A customer's, as nobody but the business may know them.
const NUMBER: &str = "+14155552671";
const ADDRESS: &str = "jane.roe-zz@example.com";

/// Every answer a viewer may read, with a customer's number and address planted wherever there is a place for them.
#[tokio::test]
async fn a_viewer_reads_no_number_and_no_address_of_a_customer() {
    let app = TestApp::open().await;
    let ana = app.signed_up("Ana").await;
    let vera = app.joined(&ana, "Vera", "viewer").await;
    let gus = app.joined(&ana, "Gus", "agent").await;
    let mut ids = furnish(&app, &ana, MARK).await;
    plant(&app, &ana, &mut ids).await;
    let gives_away = |text: &str| {
        let digits: String = text.chars().filter(char::is_ascii_digit).collect();
        text.contains(ADDRESS) || digits.contains("4155552671")
    };
    let mut planted = 0;
    for (operation, who, body) in declared(&ids) {
        if operation.method != Method::GET || matches!(who, Who::Public(_) | Who::Visitor) {
            continue;
        }
        let path = operation.fill(|_, key| ids.at(key));
        let seen = operation.call(&vera, &path, &body).await;
        assert!(!gives_away(&seen.text), "{}: {}", operation.id, seen.text);
        let whole = operation.call(&gus, &path, &body).await;
        if gives_away(&whole.text) && seen.status.is_success() {
            planted += 1;
            // Told apart still.
            assert!(
                seen.text.contains("2671") || seen.text.contains("j•••@example.com"),
                "{}: {}",
                operation.id,
                seen.text
            );
        }
    }
    // Contacts, leads, bookings, conversations, messages, the waiting list, compliance, search and more.
    assert!(planted >= 12, "only {planted} answers hold what is to be hidden");
}

/// What is masked cannot be found out by searching for it.
#[tokio::test]
async fn a_search_confirms_no_more_than_a_viewer_sees() {
    let app = TestApp::open().await;
    let ana = app.signed_up("Ana").await;
    let vera = app.joined(&ana, "Vera", "viewer").await;
    let gus = app.joined(&ana, "Gus", "agent").await;
    let mut ids = furnish(&app, &ana, MARK).await;
    plant(&app, &ana, &mut ids).await;
    for list in ["contacts", "leads", "bookings", "conversations", "messages"] {
        let found = async |who: &Browser<'_>, q: &str| {
            let page = who.get(&format!("/{list}?q={q}")).await.json();
            page["items"].as_array().unwrap_or_else(|| panic!("{list}: {page}")).len()
        };
        for q in ["%2B14155552671", "4155552671", "415555", "jane.roe-zz%40example.com", "roe-zz"] {
            assert_eq!(found(&vera, q).await, 0, "{list} by {q}");
        }
        assert!(found(&vera, "Plantagenet").await > 0, "{list} by a name");
        if list != "conversations" {
            assert!(found(&gus, "4155552671").await > 0, "{list} by a number, for an agent");
        }
    }
    let everything = vera.get("/search?q=4155552671").await.json();
    assert_eq!(everything["contacts"], json!([]));
    assert_eq!(vera.get("/compliance/suppressions?q=%2B1415").await.status, StatusCode::UNPROCESSABLE_ENTITY);
}

/// Programs see what their scopes say.
#[tokio::test]
async fn a_key_sees_whole_numbers_with_a_scope_of_its_own() {
    let app = TestApp::open().await;
    let ana = app.signed_up("Ana").await;
    ana.post("/contacts", json!({ "name": "Jane", "phone": NUMBER, "email": ADDRESS })).await;
    let shown = async |scopes: &[&str]| {
        let made = ana.post("/keys", json!({ "name": "key", "scopes": scopes })).await.json();
        let key = Browser { bearer: made["secret"].as_str().map(str::to_owned), ..app.browser() };
        key.get("/contacts").await.json()["items"][0].clone()
    };
    let masked = shown(&["contacts:read"]).await;
    assert_eq!((&masked["phone"], &masked["email"]), (&json!("+•••••••2671"), &json!("j•••@example.com")));
    let whole = shown(&["contacts:read", "contacts:identify"]).await;
    assert_eq!((&whole["phone"], &whole["email"]), (&json!(NUMBER), &json!(ADDRESS)));
}

/// Puts the number and the address wherever customers' may stand.
async fn plant(app: &TestApp, owner: &Browser<'_>, ids: &mut Ids) {
    let words = format!("Call me at (415) 555-2671 or {ADDRESS}");
    let change = |path: String, body: Value| async move {
        let answer = owner.patch(&path, body).await;
        assert!(answer.status.is_success(), "{path}: {}", answer.text);
    };
    let contact = ids.at("contacts.id").to_owned();
    let reach = json!({ "name": "Jane Plantagenet", "phone": NUMBER, "email": ADDRESS });
    change(format!("/contacts/{contact}"), reach).await;
    let make = async |path: &str, body: Value| {
        let answer = owner.post(path, body).await;
        assert!(answer.status.is_success(), "{path}: {}", answer.text);
        answer.json()
    };
    make(&format!("/contacts/{contact}/notes"), json!({ "text": words })).await;
    let fact = json!({ "key": "reach", "value": words });
    owner.put(&format!("/contacts/{contact}/memory/facts"), fact).await.expect_status(StatusCode::OK);
    make("/compliance/suppressions", json!({ "addresses": [NUMBER, ADDRESS] })).await;
    let workspace = owner.workspace_id().await;
    let ctx = app.system(workspace);
    let conversation = ids.at("conversations.id").parse().unwrap();
    let visitor = Context { actor: Actor::Visitor(conversation, None), ..app.system(workspace) };
    receive(&app.app, &visitor, conversation, "planted", &words).await.unwrap();
    let details = Details {
        name: Some("Jane Plantagenet".to_owned()),
        email: Some(ADDRESS.to_owned()),
        phone: Some(NUMBER.to_owned()),
        ..Details::default()
    };
    let left = Capture {
        conversation_id: conversation,
        details,
        need: words.clone(),
        consent_text: "We will use this to get back to you.".to_owned(),
    };
    let lead = capture(&app.app, &ctx, left).await.unwrap();
    ids.put("leads.id", &lead.id.to_string());
    let kind = ids.at("booking-types.id").to_owned();
    let booking = json!({
        "type_id": kind, "start": "2030-02-04T10:00:00.000Z", "name": "Jane Plantagenet", "phone": NUMBER,
        "email": ADDRESS, "message": words, "outside_hours": true,
    });
    let booking = make("/bookings", booking).await;
    ids.put("bookings.id", booking["id"].as_str().unwrap());
    let message = queued_to(app, workspace, ("Jane Plantagenet", NUMBER), &words).await;
    ids.put("messages.id", &message.to_string());
    app.run_jobs().await;
}
