//! Knowledge over HTTP: uploads are read field by field, large texts pass, questions answer.

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use frontdesk_testkit::{Answer, TestApp};
use serde_json::json;

const BOUNDARY: &str = "----frontdesk-test";

/// Fields of a form: name, file name, content.
fn form(fields: &[(&str, Option<&str>, &[u8])]) -> Vec<u8> {
    let mut body = Vec::new();
    for (name, file_name, content) in fields {
        let file = file_name.map(|file| format!("; filename=\"{file}\"")).unwrap_or_default();
        let head = format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"{file}\r\n\r\n");
        body.extend_from_slice(head.as_bytes());
        body.extend_from_slice(content);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(format!("--{BOUNDARY}--\r\n").as_bytes());
    body
}

async fn upload(app: &TestApp, token: &str, body: Vec<u8>) -> Answer {
    let request = Request::post("/api/v1/knowledge/files")
        .header("host", "desk.example")
        .header(header::AUTHORIZATION, format!("Bearer {token}"))
        .header(header::CONTENT_TYPE, format!("multipart/form-data; boundary={BOUNDARY}"));
    app.send(request.body(Body::from(body)).unwrap()).await
}

#[tokio::test]
async fn a_file_is_uploaded_read_and_asked() {
    let app = TestApp::open().await;
    let ana = app.signed_up("Ana").await;
    let program = app.program(&ana, &["knowledge:read", "knowledge:write"]).await;
    let token = program.bearer.clone().unwrap();
    let file = form(&[
        ("title", None, b"Opening hours"),
        ("file", Some("hours.md"), b"# Hours\n\nWe close at two on Saturdays."),
    ]);
    let made = upload(&app, &token, file).await.expect_status(StatusCode::CREATED).json();
    assert_eq!((&made["title"], &made["status"]), (&json!("Opening hours"), &json!("queued")));
    app.run_jobs().await;
    let path = format!("/knowledge/sources/{}", made["id"].as_str().unwrap());
    assert_eq!(ana.get(&path).await.json()["status"], "ready");
    let chunks = ana.get(&format!("{path}/chunks")).await.expect_status(StatusCode::OK).json();
    assert_eq!(chunks["total"], 1);
    let asked = json!({ "question": "When do you close on Saturdays?" });
    let answer = ana.post("/knowledge/query", asked.clone()).await.expect_status(StatusCode::OK).json();
    assert_eq!(answer["answer"]["answered"], true, "{answer}");
    assert_eq!(answer["answer"]["citations"][0]["source_id"], made["id"]);
    let context = ana.post("/knowledge/context", asked).await.expect_status(StatusCode::OK).json();
    assert_eq!(context["passages"][0]["source_id"], made["id"]);
    ana.delete(&path).await.expect_status(StatusCode::NO_CONTENT);
    assert_eq!(ana.get(&path).await.refusal(), "404");
}

#[tokio::test]
async fn a_form_that_does_not_fit_is_refused_by_field() {
    let app = TestApp::open().await;
    let ana = app.signed_up("Ana").await;
    let program = app.program(&ana, &["knowledge:write"]).await;
    let token = program.bearer.clone().unwrap();
    let file = ("file", Some("a.txt"), &b"text"[..]);
    assert_eq!(upload(&app, &token, form(&[])).await.refusal(), "422 /file");
    assert_eq!(upload(&app, &token, form(&[file, file])).await.refusal(), "422 /file");
    assert_eq!(upload(&app, &token, form(&[file, ("colour", None, b"red")])).await.refusal(), "422 /colour");
    assert_eq!(upload(&app, &token, b"nonsense".to_vec()).await.refusal(), "400");
    let large = vec![b'x'; app.app.library.settings().max_file_bytes + 1];
    assert_eq!(upload(&app, &token, form(&[("file", Some("a.txt"), &large)])).await.refusal(), "413");
    let reader = app.program(&ana, &["knowledge:read"]).await;
    let refused = upload(&app, &reader.bearer.clone().unwrap(), form(&[file])).await;
    assert_eq!(refused.refusal(), "403");
}

#[tokio::test]
async fn sources_are_checked_and_a_long_text_passes() {
    let app = TestApp::open().await;
    let ana = app.signed_up("Ana").await;
    let long = "Parking is free. ".repeat(50_000);
    let text = json!({ "kind": "text", "title": "Parking", "text": long });
    ana.post("/knowledge/sources", text).await.expect_status(StatusCode::CREATED);
    for (body, refusal) in [
        (json!({ "kind": "text", "title": "", "text": "" }), "422 /title /text"),
        (json!({ "kind": "text", "title": "a", "text": "b", "x": 1 }), "422 /x"),
        (json!({ "kind": "page", "url": "http://127.0.0.1/" }), "422 /url"),
        (json!({ "kind": "site", "url": "https://example.com/", "max_pages": 501 }), "422 /max_pages"),
        (json!({ "kind": "faq", "title": "a", "pairs": [] }), "422 /pairs"),
    ] {
        assert_eq!(ana.post("/knowledge/sources", body.clone()).await.refusal(), refusal, "{body}");
    }
    assert_eq!(ana.get("/knowledge/sources?status=ready&q=park").await.json()["total"], 0);
    assert_eq!(ana.get("/knowledge/sources?kind=text&q=park").await.json()["total"], 1);
    assert_eq!(ana.post("/knowledge/query", json!({ "question": " " })).await.refusal(), "422 /question");
}
