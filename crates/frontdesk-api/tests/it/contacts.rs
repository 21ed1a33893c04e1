//! Contacts, notes, memory, merging and erasing, as the dashboard uses them.

use axum::http::{Method, StatusCode};
use frontdesk_domain::id::{ContactId, FactId, NoteId};
use frontdesk_testkit::{Browser, START, TestApp};
use serde_json::{Value, json};

async fn add(who: &Browser<'_>, body: Value) -> Value {
    who.post("/contacts", body).await.expect_status(StatusCode::CREATED).json()
}

fn id(of: &Value) -> &str {
    of["id"].as_str().unwrap()
}

#[tokio::test]
async fn a_contact_is_added_changed_and_found() {
    let app = TestApp::open().await;
    let ana = app.signed_up("Ana").await;
    ana.patch("/workspace", json!({ "country": "US" })).await.expect_status(StatusCode::OK);
    let body = json!({
        "name": " Bea Díaz ", "email": "Bea@Example.com", "phone": "(415) 555-2671", "company": "Acme",
        "tags": [{ "name": "VIP", "color": "violet" }, { "name": "vip", "color": "red" }],
        "fields": { "size": 42, "insured": true, "notes": "likes mornings", "gone": null }
    });
    let bea = add(&ana, body).await;
    assert_eq!((&bea["name"], &bea["email"]), (&json!("Bea Díaz"), &json!("bea@example.com")));
    assert_eq!(bea["phone"], "+14155552671");
    assert_eq!(bea["tags"], json!([{ "name": "VIP", "color": "violet" }]));
    assert_eq!(bea["fields"], json!({ "size": 42, "insured": true, "notes": "likes mornings" }));

    let path = format!("/contacts/{}", id(&bea));
    let patch = json!({ "company": null, "fields": { "size": null, "color": "blue" }, "opted_out": true });
    let changed = ana.patch(&path, patch).await.expect_status(StatusCode::OK).json();
    assert_eq!(changed["company"], Value::Null);
    assert_eq!(changed["fields"], json!({ "insured": true, "notes": "likes mornings", "color": "blue" }));
    assert_eq!((&changed["opted_out"], &changed["email"]), (&json!(true), &bea["email"]));
    assert_eq!(ana.get(&path).await.json(), changed);

    for query in ["q=555-26", "q=D%C3%8DAZ", "tag=Vip", "q=bea@", "sort=name", "sort=last_seen_at"] {
        let page = ana.get(&format!("/contacts?{query}")).await.expect_status(StatusCode::OK).json();
        assert_eq!((&page["total"], &page["items"][0]["id"]), (&json!(1), &bea["id"]), "{query}");
    }
    assert_eq!(ana.get("/contacts?q=nobody").await.json()["total"], 0);
}

#[tokio::test]
async fn every_refused_field_is_named() {
    let app = TestApp::open().await;
    let ana = app.signed_up("Ana").await;
    let long = "x".repeat(2_000);
    let body = json!({
        "name": " ", "email": "nope", "phone": "12", "company": long, "language": "not a tag",
        "tags": [{ "name": "", "color": "red" }], "fields": { "a/b": [1], "c": long }
    });
    let refused = ana.post("/contacts", body).await.refusal();
    assert_eq!(refused, "422 /name /email /phone /company /language /tags/0/name /fields/a~1b /fields/c");
    let unknown = ana.post("/contacts", json!({ "name": "Bea", "shoe": 1 })).await.refusal();
    assert_eq!(unknown, "422 /shoe");
    let many: serde_json::Map<String, Value> = (0..51).map(|n| (format!("f{n}"), json!(n))).collect();
    assert_eq!(
        ana.post("/contacts", json!({ "name": "Bea", "fields": many })).await.refusal(),
        "422 /fields"
    );
    for query in ["limit=0", "limit=251"] {
        assert_eq!(ana.get(&format!("/contacts?{query}")).await.refusal(), "422 /limit");
    }
    assert_eq!(ana.get("/contacts?sort=shoe").await.refusal(), "422 /sort");
    assert_eq!(ana.get(&format!("/contacts?q={}", "x".repeat(201))).await.refusal(), "422 /q");
}

#[tokio::test]
async fn an_address_that_is_taken_names_whose_it_is() {
    let app = TestApp::open().await;
    let ana = app.signed_up("Ana").await;
    let bea = add(&ana, json!({ "name": "Bea", "email": "bea@example.com" })).await;
    let refused = ana.post("/contacts", json!({ "name": "B.", "email": "BEA@example.com" })).await;
    assert_eq!(refused.refusal(), "409");
    let detail = refused.json()["detail"].as_str().unwrap().to_owned();
    assert!(detail.contains("Bea") && detail.contains(id(&bea)), "{detail}");
    let cid = add(&ana, json!({ "name": "Cid", "phone": "+14155552671" })).await;
    let taken = json!({ "email": "bea@example.com" });
    assert_eq!(ana.patch(&format!("/contacts/{}", id(&cid)), taken).await.refusal(), "409");
    let own = json!({ "email": "bea@example.com", "name": "Beatriz" });
    ana.patch(&format!("/contacts/{}", id(&bea)), own).await.expect_status(StatusCode::OK);
}

#[tokio::test]
async fn a_list_is_paged_to_its_end() {
    let app = TestApp::open().await;
    let ana = app.signed_up("Ana").await;
    for n in 0..7 {
        add(&ana, json!({ "name": format!("Contact {n}. é") })).await;
    }
    let mut names = Vec::new();
    let mut path = "/contacts?sort=name&limit=3".to_owned();
    loop {
        let page = ana.get(&path).await.expect_status(StatusCode::OK).json();
        assert_eq!(page["total"], 7);
        names.extend(page["items"].as_array().unwrap().iter().map(|contact| contact["name"].clone()));
        let Some(cursor) = page["next_cursor"].as_str() else { break };
        let cursor: String = form_urlencoded::byte_serialize(cursor.as_bytes()).collect();
        path = format!("/contacts?sort=name&limit=3&cursor={cursor}");
    }
    assert_eq!(names, (0..7).map(|n| json!(format!("Contact {n}. é"))).collect::<Vec<_>>());
}

#[tokio::test]
async fn notes_and_memory_are_written_read_and_forgotten() {
    let app = TestApp::open().await;
    let ana = app.signed_up("Ana").await;
    let bea = add(&ana, json!({ "name": "Bea" })).await;
    let path = format!("/contacts/{}", id(&bea));
    let note = ana.post(&format!("{path}/notes"), json!({ "text": "Call back\nMonday" })).await;
    let note = note.expect_status(StatusCode::CREATED).json();
    assert_eq!((&note["text"], &note["author_name"]), (&json!("Call back\nMonday"), &json!("Ana")));
    assert_eq!(ana.post(&format!("{path}/notes"), json!({ "text": " " })).await.refusal(), "422 /text");
    assert_eq!(ana.get(&format!("{path}/notes")).await.json()["items"], json!([note]));

    let facts = format!("{path}/memory/facts");
    let first =
        ana.put(&facts, json!({ "key": "Pet", "value": "a cat" })).await.expect_status(StatusCode::OK);
    let corrected = ana.put(&facts, json!({ "key": "pet", "value": "a dog" })).await.json();
    assert_eq!((&corrected["id"], &corrected["value"]), (&first.json()["id"], &json!("a dog")));
    let memory = ana.get(&format!("{path}/memory")).await.expect_status(StatusCode::OK).json();
    assert_eq!(memory["facts"].as_array().unwrap().len(), 1);
    assert_eq!(ana.put(&facts, json!({ "key": "", "value": "" })).await.refusal(), "422 /key /value");

    let fact = format!("{facts}/{}", id(&corrected));
    ana.delete(&fact).await.expect_status(StatusCode::NO_CONTENT);
    assert_eq!(ana.delete(&fact).await.refusal(), "404");
    ana.put(&facts, json!({ "key": "pet", "value": "a fish" })).await.expect_status(StatusCode::OK);
    ana.delete(&format!("{path}/memory")).await.expect_status(StatusCode::NO_CONTENT);
    assert_eq!(ana.get(&format!("{path}/memory")).await.json()["facts"], json!([]));

    let note_path = format!("{path}/notes/{}", id(&note));
    ana.delete(&note_path).await.expect_status(StatusCode::NO_CONTENT);
    assert_eq!(ana.delete(&note_path).await.refusal(), "404");
}

#[tokio::test]
async fn no_more_is_remembered_than_is_bounded() {
    let app = TestApp::open().await;
    let ana = app.signed_up("Ana").await;
    let bea = add(&ana, json!({ "name": "Bea" })).await;
    let facts = format!("/contacts/{}/memory/facts", id(&bea));
    for n in 0..100 {
        let body = json!({ "key": format!("key {n}"), "value": "known" });
        ana.put(&facts, body).await.expect_status(StatusCode::OK);
    }
    assert_eq!(ana.put(&facts, json!({ "key": "one more", "value": "known" })).await.refusal(), "409");
    ana.put(&facts, json!({ "key": "key 7", "value": "corrected" })).await.expect_status(StatusCode::OK);
}

#[tokio::test]
async fn merging_makes_one_person_with_one_timeline() {
    let app = TestApp::open().await;
    let ana = app.signed_up("Ana").await;
    let old = add(
        &ana,
        json!({ "name": "Bea", "email": "bea@example.com", "tags": [{ "name": "VIP", "color": "red" }] }),
    );
    let old = old.await;
    app.clock.advance(std::time::Duration::from_mins(1));
    let new = json!({ "name": "Beatriz", "email": "b@work.example", "phone": "+14155552671", "fields": { "size": 1 } });
    let new = add(&ana, new).await;
    let note = json!({ "text": "met at the fair" });
    ana.post(&format!("/contacts/{}/notes", id(&new)), note).await.expect_status(StatusCode::CREATED);
    ana.patch(&format!("/contacts/{}", id(&new)), json!({ "opted_out": true }))
        .await
        .expect_status(StatusCode::OK);

    // The newer one is named, so it is believed; the older id stays.
    let merge = format!("/contacts/{}/merge", id(&new));
    let one = ana.post(&merge, json!({ "other_id": old["id"] })).await.expect_status(StatusCode::OK).json();
    assert_eq!(one["id"], old["id"]);
    assert_eq!((&one["name"], &one["email"]), (&json!("Beatriz"), &json!("b@work.example")));
    assert_eq!(one["fields"], json!({ "size": 1, "email_2": "bea@example.com" }));
    assert_eq!((&one["phone"], &one["opted_out"]), (&json!("+14155552671"), &json!(true)));
    assert_eq!((&one["created_at"], &one["tags"][0]["name"]), (&json!(START.to_string()), &json!("VIP")));
    assert_eq!(ana.get(&format!("/contacts/{}", id(&new))).await.json(), one, "the old link still works");
    assert_eq!(ana.get("/contacts").await.json()["total"], 1);

    let timeline =
        ana.get(&format!("/contacts/{}/timeline", id(&old))).await.expect_status(StatusCode::OK).json();
    let kinds: Vec<&str> =
        timeline["items"].as_array().unwrap().iter().map(|line| line["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["contact.note", "contact.merged", "contact.created"]);
    assert_eq!(timeline["items"][0]["text"], "Ana noted: met at the fair");
    assert_eq!(ana.post(&merge, json!({ "other_id": old["id"] })).await.refusal(), "409");
}

#[tokio::test]
async fn an_erased_contact_leaves_nothing_behind() {
    let app = TestApp::open().await;
    let ana = app.signed_up("Ana").await;
    let bea = add(&ana, json!({ "name": "Bea Unforgettable", "email": "unforgettable@example.com" })).await;
    let path = format!("/contacts/{}", id(&bea));
    ana.put(&format!("{path}/memory/facts"), json!({ "key": "pet", "value": "Unforgettable" })).await;
    ana.delete(&path).await.expect_status(StatusCode::NO_CONTENT);
    for gone in [path.clone(), format!("{path}/memory"), format!("{path}/notes"), format!("{path}/timeline")]
    {
        assert_eq!(ana.get(&gone).await.refusal(), "404", "{gone}");
    }
    let audit = ana.get("/audit").await.expect_status(StatusCode::OK);
    assert!(audit.text.contains("contact.erase") && !audit.text.contains("Unforgettable"), "{}", audit.text);
    add(&ana, json!({ "name": "Bea again", "email": "unforgettable@example.com" })).await;
}

/// Every route of contacts, leads, home and search: method, path, body, and the weakest role that may use it.
fn routes(
    contact: &str,
    note: &str,
    fact: &str,
    lead: &str,
) -> Vec<(Method, String, Option<Value>, &'static str)> {
    let path = format!("/contacts/{contact}");
    vec![
        (Method::GET, "/contacts".to_owned(), None, "viewer"),
        (Method::POST, "/contacts".to_owned(), Some(json!({ "name": "X" })), "agent"),
        (Method::GET, path.clone(), None, "viewer"),
        (Method::PATCH, path.clone(), Some(json!({ "name": "X" })), "agent"),
        (Method::GET, format!("{path}/timeline"), None, "viewer"),
        (Method::GET, format!("{path}/notes"), None, "viewer"),
        (Method::POST, format!("{path}/notes"), Some(json!({ "text": "X" })), "agent"),
        (Method::DELETE, format!("{path}/notes/{note}"), None, "agent"),
        (Method::GET, format!("{path}/memory"), None, "viewer"),
        (Method::PUT, format!("{path}/memory/facts"), Some(json!({ "key": "k", "value": "v" })), "agent"),
        (Method::DELETE, format!("{path}/memory/facts/{fact}"), None, "agent"),
        (Method::DELETE, format!("{path}/memory"), None, "agent"),
        (Method::GET, format!("{path}/conversations"), None, "viewer"),
        (Method::POST, format!("{path}/merge"), Some(json!({ "other_id": contact })), "agent"),
        (Method::GET, "/leads".to_owned(), None, "viewer"),
        (Method::GET, format!("/leads/{lead}"), None, "viewer"),
        (Method::PATCH, format!("/leads/{lead}"), Some(json!({ "status": "won" })), "agent"),
        (Method::GET, "/home".to_owned(), None, "viewer"),
        (Method::GET, "/search?q=x".to_owned(), None, "viewer"),
        (Method::DELETE, path, None, "agent"),
    ]
}

#[tokio::test]
async fn nobody_the_wrong_role_and_another_workspace_are_refused() {
    let app = TestApp::open().await;
    let owner = app.signed_up("Olga").await;
    let viewer = app.joined(&owner, "Vera", "viewer").await;
    let stranger = app.signed_up("Sam").await;
    let scoped = app.program(&owner, &["agents:read"]).await;

    let bea = add(&owner, json!({ "name": "Bea", "email": "bea@example.com" })).await;
    let path = format!("/contacts/{}", id(&bea));
    let note = owner.post(&format!("{path}/notes"), json!({ "text": "real" })).await.json();
    let fact =
        owner.put(&format!("{path}/memory/facts"), json!({ "key": "real", "value": "real" })).await.json();
    let workspace = owner.workspace_id().await;
    let lead = crate::leads::capture(&app, workspace, "bea@example.com", "a crown").await;

    let before = owner.get(&path).await.text;
    for (method, path, body, weakest) in routes(id(&bea), id(&note), id(&fact), &lead.id.to_string()) {
        let nobody = app.browser().call(method.clone(), &path, body.clone()).await;
        assert_eq!(nobody.refusal(), "401", "{method} {path}");
        let other_scope = scoped.call(method.clone(), &path, body.clone()).await;
        // Search answers whoever may see any of its kinds.
        if !path.starts_with("/search") {
            assert_eq!(other_scope.refusal(), "403", "{method} {path}");
        }
        let seen = viewer.call(method.clone(), &path, body.clone()).await;
        if weakest == "agent" {
            assert_eq!(seen.refusal(), "403", "{method} {path}");
        } else {
            assert_eq!(seen.status, StatusCode::OK, "{method} {path}: {}", seen.text);
        }
        // With a real id of the first workspace: as if it were not there.
        let elsewhere = stranger.call(method.clone(), &path, body).await;
        if path.matches('/').count() > 1 {
            assert_eq!(elsewhere.refusal(), "404", "{method} {path}");
        } else {
            assert!(!elsewhere.text.contains("bea@example.com"), "{method} {path}: {}", elsewhere.text);
        }
    }
    assert_eq!(owner.get(&path).await.text, before, "nothing of it changed");
}

#[tokio::test]
async fn what_is_no_id_is_not_found() {
    let app = TestApp::open().await;
    let ana = app.signed_up("Ana").await;
    let random = frontdesk_domain::random::SeededRandom::new(99);
    let contact = ContactId::new(START, &random);
    let (note, fact) = (NoteId::new(START, &random), FactId::new(START, &random));
    for path in [
        "/contacts/nonsense".to_owned(),
        format!("/contacts/{note}"),
        format!("/contacts/{contact}"),
        format!("/contacts/{contact}/memory"),
        format!("/leads/{contact}"),
    ] {
        assert_eq!(ana.get(&path).await.refusal(), "404", "{path}");
    }
    assert_eq!(ana.delete(&format!("/contacts/{contact}/memory/facts/{fact}")).await.refusal(), "404");
}
