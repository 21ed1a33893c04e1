//! Templates over HTTP: read, written, refused, put back, looked at, tried out.

use axum::http::StatusCode;
use frontdesk_testkit::TestApp;
use serde_json::{Value, json};

const PATH: &str = "/templates/booking_confirmed/email/en";

#[tokio::test]
async fn a_text_is_written_in_versions_and_put_back() {
    let app = TestApp::open().await;
    let ana = app.signed_up("Ana").await;
    let all = ana.get("/templates").await.expect_status(StatusCode::OK).json();
    assert_eq!(all.as_array().unwrap().len(), (14 + 9) * 4);
    let shipped = ana.get(PATH).await.json();
    assert_eq!((&shipped["customised"], &shipped["version"]), (&json!(false), &json!(0)));
    for number in 1..=2 {
        let text = json!({ "subject": format!("Subject {number}"), "body": "See you, {{ first_name }}." });
        let saved = ana.put(PATH, text).await.expect_status(StatusCode::OK).json();
        assert_eq!((&saved["customised"], &saved["version"]), (&json!(true), &json!(number)));
    }
    let versions = ana.get(&format!("{PATH}/versions")).await.json();
    let numbers: Vec<&Value> = versions.as_array().unwrap().iter().map(|it| &it["number"]).collect();
    assert_eq!(numbers, [2, 1]);
    assert_eq!(versions[0]["author_name"], "Ana");
    let back = ana.delete(PATH).await.expect_status(StatusCode::OK).json();
    assert_eq!(back["subject"], shipped["subject"]);
    assert_eq!((&back["customised"], &back["version"]), (&json!(false), &json!(2)));
    // The count goes on: a version is never written over.
    let again = ana.put(PATH, json!({ "subject": "S", "body": "B" })).await.json();
    assert_eq!(again["version"], 3);
    // Another language is another text.
    let german = ana.get("/templates/booking_confirmed/email/de").await.json();
    assert_eq!(german["customised"], false);
    ana.get("/templates/booking_confirmed/pigeon/de").await.expect_status(StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_flaw_is_refused_with_its_line_and_keeps_what_is_in_use() {
    let app = TestApp::open().await;
    let ana = app.signed_up("Ana").await;
    let text = json!({ "subject": "{{ first_nam }}", "body": "Hello\n\n{% for x in y %}{% endfor %}" });
    let answer = ana.put(PATH, text).await;
    assert_eq!(answer.refusal(), "422 /subject /body");
    let errors = answer.json()["errors"].clone();
    assert!(errors[0]["message"].as_str().unwrap().contains("did you mean `first_name`?"), "{errors}");
    assert!(errors[1]["message"].as_str().unwrap().starts_with("line 3: "), "{errors}");
    for (subject, body) in [("", "x"), ("x", " "), ("a\nb", "x"), ("x", "{{ price }}"), ("x", "{{ code }}")] {
        let answer = ana.put(PATH, json!({ "subject": subject, "body": body })).await;
        assert!(answer.refusal().starts_with("422 /"), "{subject:?} {body:?}");
    }
    assert_eq!(
        ana.put(PATH, json!({ "subject": "x".repeat(301), "body": "x" })).await.refusal(),
        "422 /subject"
    );
    assert_eq!(ana.get(PATH).await.json()["version"], 0);
}

#[tokio::test]
async fn a_preview_shows_both_forms_and_a_test_goes_to_who_asks() {
    let app = TestApp::open().await;
    let ana = app.signed_up("Ana").await;
    app.mails().await;
    let variables = ana.get("/templates/variables?kind=booking_confirmed").await.json();
    assert!(
        variables.as_array().unwrap().iter().any(|it| it["name"] == "manage_url" && it["optional"] == true)
    );
    let draft = json!({
        "kind": "booking_confirmed", "channel": "email", "language": "en",
        "subject": "For {{ customer_name }}", "body": "**{{ service }}**\n\n[Change]({{ manage_url }})",
    });
    // What may be absent has to be asked for first, here too.
    assert_eq!(ana.post("/templates/preview", draft.clone()).await.refusal(), "422 /body");
    let mut draft = draft;
    draft["body"] = json!("**{{ service }}**\n\n{% if manage_url %}[Change]({{ manage_url }}){% endif %}");
    let shown = ana.post("/templates/preview", draft.clone()).await.expect_status(StatusCode::OK).json();
    assert_eq!(shown["subject"], "For Ana Gómez");
    assert!(shown["html"].as_str().unwrap().contains("<strong>Cleaning</strong>"), "{shown}");
    assert_eq!(shown["text"], "Cleaning\n\nChange:\nhttps://desk.example.com/book/manage/abc");
    let test = ana.post("/templates/test", draft.clone()).await.expect_status(StatusCode::OK).json();
    assert_eq!(test["to"], "ana@example.com");
    let mails = app.mails().await;
    assert_eq!(mails.iter().map(|mail| mail.subject.as_str()).collect::<Vec<_>>(), ["For Ana Gómez"]);
    let program = app.program(&ana, &["templates:write", "templates:read"]).await;
    program.post("/templates/test", draft).await.expect_status(StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn what_would_be_said_about_a_booking_is_shown_before_it_is_said() {
    let app = TestApp::open().await;
    let ana = app.signed_up("Ana").await;
    let kind = ana.get("/booking-types").await.json()[0]["id"].clone();
    let body = json!({
        "type_id": kind, "start": "2026-03-21T13:30:00Z", "name": "Bo Berg", "email": "bo@example.com",
        "zone": "Europe/Berlin", "language": "en", "outside_hours": true,
    });
    let made = ana.post("/bookings", body).await.expect_status(StatusCode::CREATED).json();
    let path = format!("/bookings/{}", made["id"].as_str().unwrap());
    let shown = ana.get(&format!("{path}/notice?kind=booking_cancelled&reason=We%20moved")).await;
    let shown = shown.expect_status(StatusCode::OK).json();
    assert_eq!(shown["to"], "bo@example.com");
    assert!(shown["text"].as_str().unwrap().contains("Reason: We moved"), "{shown}");
    for kind in ["booking_confirmed", "no_show_follow_up", "staff_new_booking"] {
        ana.get(&format!("{path}/notice?kind={kind}")).await.expect_status(StatusCode::OK);
    }
    let file = ana.get(&format!("{path}/calendar.ics")).await.expect_status(StatusCode::OK);
    assert!(file.header("content-type").starts_with("text/calendar"));
    assert!(file.text.contains("METHOD:PUBLISH\r\n"), "{}", file.text);
    let draft = json!({
        "kind": "booking_rescheduled", "channel": "email", "language": "es", "booking_id": made["id"],
    });
    let shown = ana.post("/templates/preview", draft).await.expect_status(StatusCode::OK).json();
    assert!(shown["text"].as_str().unwrap().contains("sábado, 21 de marzo de 2026 a las 14:30"), "{shown}");
}
