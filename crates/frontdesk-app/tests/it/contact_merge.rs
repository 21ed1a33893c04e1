//! Two contacts made one, and one made two again.

use frontdesk_testkit::{Browser, TestApp, on_both};
use serde_json::{Value, json};

async fn person(owner: &Browser<'_>, new: Value) -> Value {
    let made = owner.post("/contacts", new).await;
    assert!(made.status.is_success(), "{}", made.text);
    made.json()
}

fn path(contact: &Value) -> String {
    format!("/contacts/{}", contact["id"].as_str().unwrap())
}

/// Ana, who is older, and A. Diaz, who is merged into her.
async fn two(app: &TestApp) -> (Browser<'_>, Value, Value) {
    let owner = app.signed_up("ana").await;
    let ana = person(
        &owner,
        json!({ "name": "Ana", "email": "ana@example.com", "tags": [{ "name": "vip", "color": "red" }] }),
    )
    .await;
    app.clock.advance(std::time::Duration::from_mins(1));
    let diaz = person(
        &owner,
        json!({ "name": "A. Diaz", "email": "diaz@example.com", "phone": "+14155552671",
        "company": "Acme", "tags": [{ "name": "trade", "color": "green" }] }),
    )
    .await;
    for (of, text) in [(&ana, "Of Ana"), (&diaz, "Of Diaz")] {
        let noted = owner.post(&format!("{}/notes", path(of)), json!({ "text": text })).await;
        assert!(noted.status.is_success(), "{}", noted.text);
    }
    (owner, ana, diaz)
}

async fn merged(owner: &Browser<'_>, ana: &Value, diaz: &Value) -> Value {
    let one = owner.post(&format!("{}/merge", path(ana)), json!({ "other_id": diaz["id"] })).await;
    assert!(one.status.is_success(), "{}", one.text);
    one.json()
}

async fn notes(owner: &Browser<'_>, of: &Value) -> Vec<String> {
    let all = owner.get(&format!("{}/notes", path(of))).await.json();
    let all = all["items"].as_array().unwrap_or_else(|| all.as_array().unwrap()).clone();
    all.iter().map(|note| note["text"].as_str().unwrap().to_owned()).collect()
}

on_both! {
    async fn a_merge_is_noted_and_taken_back_and_each_has_again_what_it_had(t: TestStore) {
        let app = TestApp::on(t);
        let (owner, ana, diaz) = two(&app).await;
        let one = merged(&owner, &ana, &diaz).await;
        assert_eq!((&one["id"], &one["phone"], &one["company"]), (&ana["id"], &json!("+14155552671"), &json!("Acme")));
        assert_eq!(owner.get(&path(&diaz)).await.json()["id"], ana["id"]);
        // Something new since, which stays with who stayed.
        let changed = owner.patch(&path(&ana), json!({ "name": "Ana Diaz" })).await;
        assert!(changed.status.is_success(), "{}", changed.text);
        owner.post(&format!("{}/notes", path(&ana)), json!({ "text": "Since" })).await;

        let merges = owner.get(&format!("{}/merges", path(&ana))).await.json();
        assert_eq!((&merges[0]["name"], &merges[0]["blocked_because"]), (&json!("A. Diaz"), &Value::Null), "{merges}");
        let undo = format!("{}/merges/{}/undo", path(&ana), merges[0]["id"].as_str().unwrap());
        let parted = owner.post(&undo, json!({})).await;
        assert!(parted.status.is_success(), "{}", parted.text);

        let (kept, back) = (owner.get(&path(&ana)).await.json(), owner.get(&path(&diaz)).await.json());
        assert_eq!((&kept["name"], &kept["email"]), (&json!("Ana Diaz"), &json!("ana@example.com")));
        assert_eq!((&kept["phone"], &kept["company"], &kept["fields"]), (&Value::Null, &Value::Null, &json!({})), "{kept}");
        assert_eq!(kept["tags"].as_array().unwrap().len(), 1);
        assert_eq!((&back["id"], &back["email"], &back["phone"]), (&diaz["id"], &json!("diaz@example.com"), &json!("+14155552671")));
        let mut of_ana = notes(&owner, &ana).await;
        of_ana.sort();
        assert_eq!((of_ana, notes(&owner, &diaz).await), (vec!["Of Ana".to_owned(), "Since".to_owned()], vec!["Of Diaz".to_owned()]));
        assert_eq!(owner.post(&undo, json!({})).await.status, 409);
        assert_eq!(owner.get("/contacts").await.json()["total"], 2);
        let audit = owner.get("/audit").await.text;
        assert!(audit.contains("contact.unmerge"), "{audit}");
    }

    async fn what_speaks_against_it_since_is_told_and_nothing_changes(t: TestStore) {
        let app = TestApp::on(t);
        let (owner, ana, diaz) = two(&app).await;
        merged(&owner, &ana, &diaz).await;
        // Their e-mail address was given to somebody else: it stood as a second one with Ana.
        person(&owner, json!({ "name": "Eve", "email": "diaz@example.com" })).await;
        let merges = owner.get(&format!("{}/merges", path(&ana))).await.json();
        let why = merges[0]["blocked_because"].as_str().unwrap();
        assert!(why.contains("diaz@example.com") && why.contains("Eve"), "{why}");
        let undo = format!("{}/merges/{}/undo", path(&ana), merges[0]["id"].as_str().unwrap());
        assert_eq!(owner.post(&undo, json!({})).await.status, 409);
        assert_eq!(owner.get(&path(&diaz)).await.json()["id"], ana["id"]);
    }

    async fn merges_are_taken_back_from_the_newest_on(t: TestStore) {
        let app = TestApp::on(t);
        let (owner, ana, diaz) = two(&app).await;
        app.clock.advance(std::time::Duration::from_mins(1));
        let third = person(&owner, json!({ "name": "Third", "email": "third@example.com" })).await;
        merged(&owner, &ana, &diaz).await;
        app.clock.advance(std::time::Duration::from_mins(1));
        merged(&owner, &ana, &third).await;
        let merges = owner.get(&format!("{}/merges", path(&ana))).await.json();
        assert_eq!((&merges[0]["name"], &merges[1]["name"]), (&json!("Third"), &json!("A. Diaz")));
        let undo = |at: usize| format!("{}/merges/{}/undo", path(&ana), merges[at]["id"].as_str().unwrap());
        assert_eq!(owner.post(&undo(1), json!({})).await.status, 409);
        assert!(owner.post(&undo(0), json!({})).await.status.is_success());
        assert!(owner.post(&undo(1), json!({})).await.status.is_success());
        assert_eq!(owner.get("/contacts").await.json()["total"], 3);
    }

    async fn erasing_a_contact_erases_the_record_of_its_merges(t: TestStore) {
        let app = TestApp::on(t);
        let (owner, ana, diaz) = two(&app).await;
        merged(&owner, &ana, &diaz).await;
        let gone = owner.delete(&path(&ana)).await;
        assert!(gone.status.is_success(), "{}", gone.text);
        let ctx = app.system(owner.workspace_id().await);
        let kept = ana["id"].as_str().unwrap().parse().unwrap();
        let left = frontdesk_store::contact_join::list(app.app.store.reader(), ctx.scope(), kept).await.unwrap();
        assert!(left.is_empty());
    }
}
