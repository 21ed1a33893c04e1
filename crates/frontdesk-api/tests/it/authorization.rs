//! Every operation of the OpenAPI document, called as nobody, as every role and program that lacks its permission, and
//! from another workspace with real ids.
//!
//! [`table`] says who may call what; an operation without a row fails the tests, so a new endpoint declares itself here.
//! An operation on a new kind of thing also needs one of it in [`furnish`].

mod furnish;
mod sight;
mod table;

use std::collections::BTreeMap;

use axum::body::Body;
use axum::http::{Method, Request, StatusCode, header};
use frontdesk_domain::access::{Permission, Role};
use frontdesk_testkit::{Answer, Browser, TestApp};
use serde_json::{Value, json};

use self::furnish::{Ids, furnish};
use self::table::{Who, table};

/// Part of the name of everything in the first workspace; nobody outside may ever read it.
const MARK: &str = "Zanzibar";
const BOUNDARY: &str = "authorization";
/// Instants long after whatever time it is in the tests.
const FROM: &str = "2030-01-07T10:00:00.000Z";
const TO: &str = "2030-01-14T10:00:00.000Z";
const LATER: &str = "2030-01-21T10:00:00.000Z";

/// Instants soon after it.
const SOON: &str = "2026-06-01T10:00:00.000Z";
const NEXT: &str = "2026-06-08T10:00:00.000Z";

/// Parameters that are words rather than ids.
const WORDS: [(&str, &str); 3] =
    [("{kind}", "booking_confirmed"), ("{channel}", "email"), ("{language}", "en")];

/// One operation of the document.
#[derive(Debug)]
struct Operation {
    id: String,
    method: Method,
    /// Under `/api/v1`, with parameters in braces.
    path: String,
    security: Value,
}

fn operations() -> Vec<Operation> {
    let document = serde_json::to_value(frontdesk_api::document()).unwrap();
    let mut all = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            all.push(Operation {
                id: operation["operationId"].as_str().unwrap().to_owned(),
                method: method.to_uppercase().parse().unwrap(),
                path: path.strip_prefix("/api/v1").unwrap().to_owned(),
                security: operation["security"].clone(),
            });
        }
    }
    all
}

impl Operation {
    /// The keys of its path parameters.
    fn parameters(&self) -> Vec<String> {
        let segments: Vec<&str> = self.path.split('/').collect();
        let is_word = |segment: &str| WORDS.iter().any(|(parameter, _)| *parameter == segment);
        let parameters = segments.windows(2).filter(|pair| pair[1].starts_with('{') && !is_word(pair[1]));
        parameters.map(|pair| format!("{}.{}", pair[0], pair[1].trim_matches(['{', '}']))).collect()
    }

    /// Its path, each parameter filled in by key, and the query it cannot do without.
    fn fill<'a>(&self, id_of: impl Fn(usize, &str) -> &'a str) -> String {
        let mut parameters = self.parameters().into_iter().enumerate();
        let fill = |segment: &str| {
            if let Some((_, word)) = WORDS.iter().find(|(parameter, _)| *parameter == segment) {
                (*word).to_owned()
            } else if segment.starts_with('{') {
                let (index, key) = parameters.next().unwrap();
                id_of(index, &key).to_owned()
            } else {
                segment.to_owned()
            }
        };
        let path = self.path.split('/').map(fill).collect::<Vec<_>>().join("/");
        let kind = id_of(0, "booking-types.id");
        match self.id.as_str() {
            "diff_agent" => format!("{path}?from=1&to=draft"),
            "search" => format!("{path}?q={MARK}"),
            "list_holidays" => format!("{path}?country=DE&year=2027"),
            "list_slots" => format!("{path}?type={kind}&from={FROM}&to={TO}"),
            "list_obstacles" => format!("{path}?type={kind}&start={FROM}"),
            "list_template_variables" | "preview_booking_notice" => format!("{path}?kind=booking_confirmed"),
            "get_calendar" | "get_message_figures" => format!("{path}?from={FROM}&to={TO}"),
            _ => path,
        }
    }

    /// It names something of the workspace in its query or body rather than in its path.
    fn names_a_thing(&self) -> bool {
        matches!(self.id.as_str(), "list_slots" | "query_availability" | "list_obstacles" | "create_booking")
    }

    async fn call(&self, who: &Browser<'_>, path: &str, body: &Value) -> Answer {
        if ["upload_source", "upload_contact_import"].contains(&self.id.as_str()) {
            return upload(who, path).await;
        }
        who.call(self.method.clone(), path, Some(body).filter(|body| !body.is_null()).cloned()).await
    }
}

async fn upload(who: &Browser<'_>, path: &str) -> Answer {
    let body = format!(
        "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.md\"\r\n\
         Content-Type: text/markdown\r\n\r\n# Words\nMore words\n\r\n--{BOUNDARY}--\r\n"
    );
    let mut request = Request::post(format!("/api/v1{path}"))
        .header("host", "desk.example")
        .header("origin", frontdesk_testkit::app::URL)
        .header("x-frontdesk-request", "1")
        .header(header::CONTENT_TYPE, format!("multipart/form-data; boundary={BOUNDARY}"));
    if let Some(token) = &who.bearer {
        request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
    }
    if let Some(workspace) = &who.workspace {
        request = request.header("x-workspace", workspace);
    }
    let cookies: Vec<String> =
        who.cookies.lock().unwrap().iter().map(|(name, value)| format!("{name}={value}")).collect();
    request = request.header(header::COOKIE, cookies.join("; "));
    who.app.send(request.body(Body::from(body)).unwrap()).await
}

/// Every operation with its row; fails when one of them has none, or a row has no operation.
fn declared(ids: &Ids) -> Vec<(Operation, Who, Value)> {
    let mut rows = table(ids);
    let mut all = Vec::new();
    for operation in operations() {
        let at = rows.iter().position(|(id, ..)| *id == operation.id);
        let at = at.unwrap_or_else(|| panic!("`{}` is not in the table of who may call what", operation.id));
        let (_, who, body) = rows.swap_remove(at);
        let open = json!([{}]);
        let visitors = json!([{ "visitor": [] }]);
        match who {
            Who::Public(_) => assert_eq!(operation.security, open, "{}", operation.id),
            Who::Visitor => assert_eq!(operation.security, visitors, "{}", operation.id),
            _ => assert!(operation.security.is_null(), "{}: whoever signs in", operation.id),
        }
        all.push((operation, who, body));
    }
    assert!(rows.is_empty(), "no such operations: {rows:?}");
    all
}

fn assert_problem(answer: &Answer, status: u16, what: &str) {
    assert_eq!(answer.status.as_u16(), status, "{what}: {}", answer.text);
    assert_eq!(answer.header("content-type"), "application/problem+json", "{what}");
    assert!(!answer.text.contains(MARK), "{what}: {}", answer.text);
}

#[tokio::test]
async fn nobody_is_let_in_without_credentials() {
    let app = TestApp::open().await;
    let ana = app.signed_up("Ana").await;
    let ids = furnish(&app, &ana, MARK).await;
    let nobody = app.browser();
    let bearer = |token: &str| Browser { bearer: Some(token.to_owned()), ..app.browser() };
    let impostors = [
        bearer("fd_sk_0000000000000000000000000000000000000000000"),
        bearer("fd_at_0"),
        bearer("fd_vt_0"),
        bearer(""),
    ];
    for (operation, who, body) in declared(&ids) {
        if matches!(who, Who::Public(_)) {
            continue;
        }
        let path = operation.fill(|_, key| ids.at(key));
        assert_problem(&operation.call(&nobody, &path, &body).await, 401, &operation.id);
        for impostor in &impostors {
            let what = format!("{} with {:?}", operation.id, impostor.bearer);
            assert_problem(&operation.call(impostor, &path, &body).await, 401, &what);
        }
        if who == Who::Visitor {
            let what = format!("{} as a team member", operation.id);
            assert_problem(&operation.call(&ana, &path, &body).await, 401, &what);
        }
    }
}

#[tokio::test]
async fn a_role_or_program_that_lacks_the_permission_is_refused_and_one_that_has_it_is_not() {
    let app = TestApp::open().await;
    let ana = app.signed_up("Ana").await;
    let bob = app.signed_up("Bob").await;
    let mut roles = Vec::new();
    for (name, role) in
        [("Adam", Role::Admin), ("Mary", Role::Manager), ("Gus", Role::Agent), ("Vera", Role::Viewer)]
    {
        roles.push((role, app.joined(&ana, name, role.as_str()).await));
    }
    let programs = [
        (Permission::ContactsRead, app.program(&ana, &["contacts:read"]).await),
        (Permission::LeadsRead, app.program(&ana, &["leads:read"]).await),
    ];
    let ids = furnish(&app, &ana, MARK).await;
    let elsewhere = furnish(&app, &bob, "Elsewhere").await;
    for (_, program) in &programs {
        // Keys remember when they were used last.
        program.get("/workspace").await;
    }
    let before = snapshot(&ana, &ids).await;
    for (operation, who, body) in declared(&ids) {
        let Who::Has(permission) = who else { continue };
        let path = operation.fill(|_, key| ids.at(key));
        for (role, browser) in roles.iter().filter(|(role, _)| !role.allows(permission)) {
            let what = format!("{} as {role:?}", operation.id);
            assert_problem(&operation.call(browser, &path, &body).await, 403, &what);
        }
        for (scope, program) in programs.iter().filter(|(scope, _)| *scope != permission) {
            let what = format!("{} with {scope:?}", operation.id);
            assert_problem(&operation.call(program, &path, &body).await, 403, &what);
        }
    }
    assert_unchanged(&before, &snapshot(&ana, &ids).await);

    // The weakest role that has the permission gets past it: with ids of things that are not here, to a 404.
    roles.insert(0, (Role::Owner, ana));
    for (operation, who, body) in declared(&elsewhere) {
        let Who::Has(permission) = who else { continue };
        let (role, browser) = roles.iter().rfind(|(role, _)| role.allows(permission)).unwrap();
        let path = operation.fill(|_, key| elsewhere.at(key));
        let answer = operation.call(browser, &path, &body).await;
        let what = format!("{} as {role:?}: {}", operation.id, answer.text);
        if operation.names_a_thing() {
            assert_eq!(answer.status, StatusCode::NOT_FOUND, "{what}");
        } else if operation.parameters().is_empty() {
            let refused = matches!(answer.status.as_u16(), 401 | 403 | 404 | 405 | 500..);
            assert!(!refused, "{what}");
        } else {
            assert_eq!(answer.status, StatusCode::NOT_FOUND, "{what}");
        }
    }
}

#[tokio::test]
async fn another_workspace_finds_nothing_under_real_ids_and_changes_nothing() {
    let app = TestApp::open().await;
    let ana = app.signed_up("Ana").await;
    let bob = app.signed_up("Bob").await;
    let ids = furnish(&app, &ana, MARK).await;
    let own = furnish(&app, &bob, "Elsewhere").await;
    let before = snapshot(&ana, &ids).await;
    let intruder = Browser {
        workspace: Some(ana.workspace_id().await.to_string()),
        cookies: std::sync::Mutex::new(bob.cookies.lock().unwrap().clone()),
        ..app.browser()
    };
    for (operation, who, body) in declared(&own) {
        if !matches!(who, Who::Has(_) | Who::Member) {
            continue;
        }
        // Into a workspace one is no member of.
        let path = operation.fill(|_, key| ids.at(key));
        let what = format!("{} in a workspace of others", operation.id);
        assert_problem(&operation.call(&intruder, &path, &body).await, 404, &what);

        let parameters = operation.parameters();
        if operation.names_a_thing() && operation.method == Method::GET {
            assert_problem(&operation.call(&bob, &path, &body).await, 404, &operation.id);
            continue;
        }
        if parameters.is_empty() {
            if operation.method == Method::GET {
                let answer = operation.call(&bob, &path, &body).await;
                assert!(answer.status.is_success(), "{}: {}", operation.id, answer.text);
                // The question itself comes back from nowhere but the search.
                assert!(!answer.text.contains(MARK), "{}: {}", operation.id, answer.text);
            }
            continue;
        }
        let what = format!("{} with ids of others", operation.id);
        assert_problem(&operation.call(&bob, &path, &body).await, 404, &what);
        // A thing of one's own, and below it a thing of others.
        let last = parameters.len() - 1;
        if last > 0 && !parameters[last].ends_with(".number") {
            let path = operation.fill(|index, key| if index < last { own.at(key) } else { ids.at(key) });
            let what = format!("{} with one id of others", operation.id);
            assert_problem(&operation.call(&bob, &path, &body).await, 404, &what);
        }
    }
    assert_unchanged(&before, &snapshot(&ana, &ids).await);
}

#[tokio::test]
async fn an_id_of_another_workspace_inside_a_body_or_query_is_unknown_there() {
    let app = TestApp::open().await;
    let ana = app.signed_up("Ana").await;
    let bob = app.signed_up("Bob").await;
    let ids = furnish(&app, &ana, MARK).await;
    let own = furnish(&app, &bob, "Elsewhere").await;
    let before = snapshot(&ana, &ids).await;
    let path =
        |resource: &str, rest: &str| format!("/{resource}/{}{rest}", own.at(&format!("{resource}.id")));
    let draft = bob.get(&path("agents", "")).await.json()["draft"].clone();
    let with = |at: &str, value: Value| {
        let mut draft = draft.clone();
        *draft.pointer_mut(at).unwrap() = value;
        json!({ "draft": draft })
    };
    let calls = [
        (Method::POST, path("contacts", "/merge"), json!({ "other_id": ids.at("contacts.id") })),
        (Method::PUT, path("conversations", "/assignee"), json!({ "user_id": ids.at("users.id") })),
        (Method::PATCH, path("leads", ""), json!({ "assignee": ids.at("users.id") })),
        (Method::PATCH, path("widget-keys", ""), json!({ "agent_id": ids.at("agents.id") })),
        (
            Method::POST,
            "/widget-keys".to_owned(),
            json!({ "name": "x", "origins": ["*"], "agent_id": ids.at("agents.id") }),
        ),
        (Method::PATCH, path("agents", ""), with("/persona_id", json!(ids.at("personas.id")))),
        (Method::PATCH, path("agents", ""), with("/sources", json!([ids.at("sources.id")]))),
        (Method::PATCH, path("agents", ""), with("/brain/models", json!([ids.at("connections.id")]))),
    ];
    for (method, path, body) in calls {
        let answer = bob.call(method, &path, Some(body.clone())).await;
        assert!(
            matches!(answer.status.as_u16(), 404 | 422),
            "{path} {body}: {} {}",
            answer.status,
            answer.text
        );
        assert!(!answer.text.contains(MARK), "{}", answer.text);
    }
    let question =
        json!({ "question": format!("When does {MARK} open?"), "sources": [ids.at("sources.id")] });
    for path in ["/knowledge/query", "/knowledge/context"] {
        let answer = bob.post(path, question.clone()).await;
        assert!(answer.status != StatusCode::OK || answer.json()["passages"] == json!([]), "{}", answer.text);
    }
    for (parameter, key) in [("agent", "agents.id"), ("contact", "contacts.id")] {
        let page = bob.get(&format!("/conversations?{parameter}={}", ids.at(key))).await;
        assert_eq!(page.expect_status(StatusCode::OK).json()["items"], json!([]), "{parameter}");
    }
    assert_unchanged(&before, &snapshot(&ana, &ids).await);
}

/// Everything the owner can read here, but for what reading itself writes.
async fn snapshot(owner: &Browser<'_>, ids: &Ids) -> BTreeMap<String, String> {
    let mut seen = BTreeMap::new();
    for (operation, who, body) in declared(ids) {
        let reads = operation.method == Method::GET && !operation.id.ends_with("_audit");
        // A vendor would be asked, and this one has none.
        let asks_a_vendor = operation.id.ends_with("_phone_numbers");
        if !reads || asks_a_vendor || !matches!(who, Who::Has(_) | Who::Member) {
            continue;
        }
        let answer = operation.call(owner, &operation.fill(|_, key| ids.at(key)), &body).await;
        assert!(answer.status.is_success(), "{}: {}", operation.id, answer.text);
        seen.insert(operation.id, answer.text);
    }
    assert!(seen["search"].contains(MARK) && seen["list_contacts"].contains(MARK));
    seen
}

#[track_caller]
fn assert_unchanged(before: &BTreeMap<String, String>, after: &BTreeMap<String, String>) {
    for (operation, seen) in before {
        assert_eq!(&after[operation], seen, "{operation}: refused calls changed something");
    }
}
