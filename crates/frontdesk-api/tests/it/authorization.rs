//! Every operation of the OpenAPI document, called as nobody, as every role and program that lacks its permission, and
//! from another workspace with real ids.
//!
//! [`table`] says who may call what; an operation without a row fails the tests, so a new endpoint declares itself here.
//! An operation on a new kind of thing also needs one of it in [`furnish`].

mod furnish;

use std::collections::BTreeMap;

use axum::body::Body;
use axum::http::{Method, Request, StatusCode, header};
use frontdesk_domain::access::{Permission, Role};
use frontdesk_testkit::{Answer, Browser, TestApp};
use serde_json::{Value, json};

use self::furnish::{Ids, connection, furnish};

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

/// Who may call an operation.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Who {
    /// Anybody, because ...
    Public(&'static str),
    /// A visitor with the token of a widget session.
    Visitor,
    /// A signed-in person, in whatever workspace, because ...
    Person(&'static str),
    /// Whoever has this permission in the workspace.
    Has(Permission),
    /// Every member; the answer leaves out what they may not see.
    Member,
}

/// An operation: its id, who may call it, and a body that it accepts.
type Row = (&'static str, Who, Value);

#[expect(clippy::too_many_lines, reason = "one line per operation")]
fn table(ids: &Ids) -> Vec<Row> {
    use Permission as P;
    use Who::{Has, Member, Person, Public, Visitor};
    let none = || Value::Null;
    let text = || json!({ "text": "Hello" });
    vec![
        ("login", Public("signs in"), none()),
        ("logout", Public("ends whatever sign-in there is"), none()),
        ("refresh", Public("the refresh token is the credential"), none()),
        ("signup", Public("makes an account"), none()),
        ("forgot", Public("for those who cannot sign in"), none()),
        ("reset", Public("the mailed token is the credential"), none()),
        ("preview_invitation", Public("the mailed token is the credential"), none()),
        ("accept_invitation", Public("the mailed token is the credential"), none()),
        ("get_widget_config", Public("the publishable key is the credential"), none()),
        ("open_widget_session", Public("the publishable key is the credential"), none()),
        ("list_widget_messages", Visitor, none()),
        ("send_widget_message", Visitor, json!({ "client_id": "1", "text": "Hello" })),
        ("rate_conversation", Visitor, json!({ "score": 5 })),
        ("end_conversation", Visitor, none()),
        ("get_me", Person("about the caller alone"), none()),
        ("update_me", Person("about the caller alone"), json!({})),
        ("list_workspaces", Person("the caller's own"), none()),
        (
            "create_workspace",
            Person("a new workspace is its maker's"),
            json!({ "name": "Another", "zone": "UTC" }),
        ),
        ("get_workspace", Has(P::WorkspaceRead), none()),
        ("update_workspace", Has(P::WorkspaceWrite), json!({})),
        ("delete_workspace", Has(P::WorkspaceOwn), json!({ "name": "not its name" })),
        ("list_members", Has(P::TeamRead), none()),
        ("set_member_role", Has(P::TeamWrite), json!({ "role": "viewer" })),
        ("remove_member", Has(P::TeamWrite), none()),
        ("transfer_ownership", Has(P::WorkspaceOwn), none()),
        ("list_invitations", Has(P::TeamRead), none()),
        ("create_invitation", Has(P::TeamWrite), json!({ "email": "new@example.com", "role": "viewer" })),
        ("revoke_invitation", Has(P::TeamWrite), none()),
        ("resend_invitation", Has(P::TeamWrite), none()),
        ("list_keys", Has(P::KeysRead), none()),
        ("create_key", Has(P::KeysWrite), json!({ "name": "Key", "scopes": ["leads:read"] })),
        ("revoke_key", Has(P::KeysWrite), none()),
        ("list_widget_keys", Has(P::KeysRead), none()),
        ("create_widget_key", Has(P::KeysWrite), json!({ "name": "Key", "origins": ["*"] })),
        ("update_widget_key", Has(P::KeysWrite), json!({})),
        ("revoke_widget_key", Has(P::KeysWrite), none()),
        ("list_vendors", Has(P::ConnectionsRead), none()),
        ("list_connections", Has(P::ConnectionsRead), none()),
        ("create_connection", Has(P::ConnectionsWrite), connection("Model")),
        ("get_connection", Has(P::ConnectionsRead), none()),
        ("update_connection", Has(P::ConnectionsWrite), json!({})),
        ("delete_connection", Has(P::ConnectionsWrite), none()),
        ("test_connection", Has(P::ConnectionsWrite), none()),
        ("list_audit", Has(P::AuditRead), none()),
        ("export_audit", Has(P::AuditRead), none()),
        ("list_agents", Has(P::AgentsRead), none()),
        ("list_tools", Has(P::AgentsRead), none()),
        ("create_agent", Has(P::AgentsWrite), json!({ "name": "Agent" })),
        ("get_agent", Has(P::AgentsRead), none()),
        ("update_agent", Has(P::AgentsWrite), json!({})),
        ("delete_agent", Has(P::AgentsWrite), none()),
        ("clone_agent", Has(P::AgentsWrite), none()),
        ("publish_agent", Has(P::AgentsWrite), json!({ "note": "" })),
        ("list_agent_versions", Has(P::AgentsRead), none()),
        ("get_agent_version", Has(P::AgentsRead), none()),
        ("diff_agent", Has(P::AgentsRead), none()),
        ("roll_back_agent", Has(P::AgentsWrite), json!({ "number": 1 })),
        ("open_sandbox", Has(P::AgentsWrite), none()),
        ("say_in_sandbox", Has(P::AgentsWrite), text()),
        ("close_sandbox", Has(P::AgentsWrite), none()),
        ("list_templates", Has(P::TemplatesRead), none()),
        ("get_template", Has(P::TemplatesRead), none()),
        (
            "put_template",
            Has(P::TemplatesWrite),
            json!({ "subject": "Hello {{ first_name }}", "body": "See you on {{ when }}." }),
        ),
        ("reset_template", Has(P::TemplatesWrite), none()),
        ("list_template_versions", Has(P::TemplatesRead), none()),
        (
            "preview_template",
            Has(P::TemplatesRead),
            json!({ "kind": "booking_confirmed", "channel": "email", "language": "en" }),
        ),
        (
            "test_template",
            Has(P::TemplatesWrite),
            json!({ "kind": "booking_confirmed", "channel": "email", "language": "en" }),
        ),
        ("list_template_variables", Has(P::TemplatesRead), none()),
        ("preview_booking_notice", Has(P::BookingsRead), none()),
        ("get_booking_calendar_file", Has(P::BookingsRead), none()),
        ("list_personas", Has(P::AgentsRead), none()),
        ("create_persona", Has(P::AgentsWrite), json!({ "name": "Persona", "voice": ids.voice })),
        ("get_persona", Has(P::AgentsRead), none()),
        ("update_persona", Has(P::AgentsWrite), json!({ "name": "Persona", "voice": ids.voice })),
        ("delete_persona", Has(P::AgentsWrite), none()),
        ("list_sources", Has(P::KnowledgeRead), none()),
        (
            "create_source",
            Has(P::KnowledgeWrite),
            json!({ "kind": "text", "title": "Text", "text": "Words" }),
        ),
        ("upload_source", Has(P::KnowledgeWrite), none()),
        ("get_source", Has(P::KnowledgeRead), none()),
        ("get_source_content", Has(P::KnowledgeRead), none()),
        ("list_source_chunks", Has(P::KnowledgeRead), none()),
        ("update_source", Has(P::KnowledgeWrite), json!({})),
        ("delete_source", Has(P::KnowledgeWrite), none()),
        ("sync_source", Has(P::KnowledgeWrite), none()),
        ("query_knowledge", Has(P::KnowledgeRead), json!({ "question": "When?" })),
        ("knowledge_context", Has(P::KnowledgeRead), json!({ "question": "When?" })),
        ("list_conversations", Has(P::ConversationsRead), none()),
        ("count_conversations", Has(P::ConversationsRead), none()),
        ("get_conversation", Has(P::ConversationsRead), none()),
        ("list_messages", Has(P::ConversationsRead), none()),
        ("send_reply", Has(P::ConversationsWrite), json!({ "client_id": "1", "text": "Hello" })),
        ("list_turns", Has(P::ConversationsRead), none()),
        ("add_note", Has(P::ConversationsWrite), text()),
        ("take_over", Has(P::ConversationsWrite), none()),
        ("hand_back", Has(P::ConversationsWrite), none()),
        ("resolve", Has(P::ConversationsWrite), none()),
        ("reopen", Has(P::ConversationsWrite), none()),
        ("assign", Has(P::ConversationsWrite), json!({ "user_id": null })),
        ("mark_read", Has(P::ConversationsRead), none()),
        ("show_typing", Has(P::ConversationsWrite), none()),
        ("export_transcript", Has(P::ContactsExport), none()),
        ("list_canned_replies", Has(P::ConversationsRead), none()),
        ("create_canned_reply", Has(P::ConversationsWrite), json!({ "shortcut": "hi", "text": "Hello" })),
        ("update_canned_reply", Has(P::ConversationsWrite), json!({ "shortcut": "ho", "text": "Hello" })),
        ("delete_canned_reply", Has(P::ConversationsWrite), none()),
        ("list_contacts", Has(P::ContactsRead), none()),
        ("create_contact", Has(P::ContactsWrite), json!({ "name": "Bea" })),
        ("get_contact", Has(P::ContactsRead), none()),
        ("update_contact", Has(P::ContactsWrite), json!({})),
        ("delete_contact", Has(P::ContactsWrite), none()),
        ("merge_contacts", Has(P::ContactsWrite), json!({ "other_id": ids.at("contacts.other") })),
        ("list_contact_conversations", Has(P::ContactsRead), none()),
        ("get_contact_timeline", Has(P::ContactsRead), none()),
        ("list_contact_notes", Has(P::ContactsRead), none()),
        ("create_contact_note", Has(P::ContactsWrite), text()),
        ("delete_contact_note", Has(P::ContactsWrite), none()),
        ("get_contact_memory", Has(P::ContactsRead), none()),
        ("put_contact_fact", Has(P::ContactsWrite), json!({ "key": "shoe size", "value": "42" })),
        ("delete_contact_fact", Has(P::ContactsWrite), none()),
        ("erase_contact_memory", Has(P::ContactsWrite), none()),
        ("list_leads", Has(P::LeadsRead), none()),
        ("get_lead", Has(P::LeadsRead), none()),
        ("update_lead", Has(P::LeadsWrite), json!({})),
        ("list_booking_types", Has(P::BookingsRead), none()),
        ("create_booking_type", Has(P::SchedulesWrite), json!({ "name": "Type" })),
        ("get_booking_type", Has(P::BookingsRead), none()),
        ("update_booking_type", Has(P::SchedulesWrite), json!({})),
        ("delete_booking_type", Has(P::SchedulesWrite), none()),
        ("clone_booking_type", Has(P::SchedulesWrite), none()),
        ("list_staff", Has(P::BookingsRead), none()),
        ("create_staff", Has(P::SchedulesWrite), json!({ "name": "Maria", "active": true })),
        ("get_staff", Has(P::BookingsRead), none()),
        ("update_staff", Has(P::SchedulesWrite), json!({ "name": "Maria", "active": true })),
        ("delete_staff", Has(P::SchedulesWrite), none()),
        ("list_resources", Has(P::BookingsRead), none()),
        ("create_resource", Has(P::SchedulesWrite), json!({ "name": "Chair", "units": 1, "active": true })),
        ("get_resource", Has(P::BookingsRead), none()),
        ("update_resource", Has(P::SchedulesWrite), json!({ "name": "Chair", "units": 2, "active": true })),
        ("delete_resource", Has(P::SchedulesWrite), none()),
        ("list_places", Has(P::BookingsRead), none()),
        ("create_place", Has(P::SchedulesWrite), json!({ "name": "Annex" })),
        ("get_place", Has(P::BookingsRead), none()),
        ("update_place", Has(P::SchedulesWrite), json!({ "name": "Annex" })),
        ("delete_place", Has(P::SchedulesWrite), none()),
        ("get_booking_settings", Has(P::BookingsRead), none()),
        ("put_booking_settings", Has(P::SchedulesWrite), json!({})),
        ("list_holidays", Has(P::BookingsRead), none()),
        ("list_holiday_countries", Has(P::BookingsRead), none()),
        ("list_slots", Has(P::BookingsRead), none()),
        (
            "query_availability",
            Has(P::BookingsRead),
            json!({ "queries": [{ "type": ids.at("booking-types.id"), "from": FROM, "to": TO }] }),
        ),
        ("list_obstacles", Has(P::BookingsRead), none()),
        ("get_calendar", Has(P::BookingsRead), none()),
        ("list_bookings", Has(P::BookingsRead), none()),
        (
            "create_booking",
            Has(P::BookingsWrite),
            json!({ "type_id": ids.at("booking-types.id"), "start": TO, "name": "Bea", "email": "bea@example.com",
                "outside_hours": true }),
        ),
        ("edit_booking", Has(P::BookingsWrite), json!({ "message": "Bring the papers." })),
        ("list_booking_views", Has(P::BookingsRead), none()),
        ("save_booking_view", Has(P::BookingsRead), json!({ "name": "Mine", "query": "" })),
        ("delete_booking_view", Has(P::BookingsRead), none()),
        ("list_waiting", Has(P::BookingsRead), none()),
        (
            "join_waiting_list",
            Has(P::BookingsWrite),
            json!({ "type_id": ids.at("booking-types.id"), "name": "Bea", "email": "bea@example.com", "from": NEXT, "to": SOON }),
        ),
        ("leave_waiting_list", Has(P::BookingsWrite), none()),
        ("offer_slot", Has(P::BookingsWrite), json!({ "slot": "x" })),
        ("get_booking", Has(P::BookingsRead), none()),
        ("reschedule_booking", Has(P::BookingsWrite), json!({ "start": LATER, "outside_hours": true })),
        ("cancel_booking", Has(P::BookingsWrite), json!({ "reason": "" })),
        ("confirm_booking", Has(P::BookingsWrite), none()),
        ("complete_booking", Has(P::BookingsWrite), none()),
        ("no_show_booking", Has(P::BookingsWrite), none()),
        ("reopen_booking", Has(P::BookingsWrite), none()),
        ("list_booking_history", Has(P::BookingsRead), none()),
        ("list_booking_notes", Has(P::BookingsRead), none()),
        ("create_booking_note", Has(P::BookingsWrite), text()),
        ("delete_booking_note", Has(P::BookingsWrite), none()),
        ("get_booking_links", Has(P::BookingsWrite), none()),
        ("list_calendars", Has(P::BookingsRead), none()),
        ("list_calendar_vendors", Has(P::BookingsRead), none()),
        (
            "connect_calendar",
            Has(P::CalendarsWrite),
            json!({ "vendor": "google_calendar", "staff_id": ids.at("staff.id") }),
        ),
        (
            "connect_caldav",
            Has(P::CalendarsWrite),
            json!({ "url": "http://127.0.0.1:9", "username": "owner", "password": "secret",
                "staff_id": ids.at("staff.id") }),
        ),
        (
            "preview_calendly",
            Has(P::CalendarsWrite),
            json!({ "token": "no token", "staff_id": ids.at("staff.id") }),
        ),
        (
            "import_calendly",
            Has(P::CalendarsWrite),
            json!({ "token": "no token", "staff_id": ids.at("staff.id") }),
        ),
        ("update_calendar", Has(P::CalendarsWrite), json!({})),
        ("sync_calendar", Has(P::CalendarsWrite), none()),
        ("disconnect_calendar", Has(P::CalendarsWrite), none()),
        ("get_public_business", Public("the booking page"), none()),
        ("get_public_booking_type", Public("the booking page"), none()),
        ("hold_slot", Public("the booking page"), none()),
        ("book_publicly", Public("the hold's token is the credential"), none()),
        ("extend_hold", Public("the hold's token is the credential"), none()),
        ("release_hold", Public("the hold's token is the credential"), none()),
        ("get_public_booking", Public("the link's token is the credential"), none()),
        ("get_public_calendar_file", Public("the link's token is the credential"), none()),
        ("list_slots_to_move", Public("the link's token is the credential"), none()),
        ("reschedule_by_link", Public("the link's token is the credential"), none()),
        ("cancel_by_link", Public("the link's token is the credential"), none()),
        ("wait_publicly", Public("the booking page"), none()),
        ("get_public_offer", Public("the link's token is the credential"), none()),
        ("accept_offer", Public("the link's token is the credential"), none()),
        ("decline_offer", Public("the link's token is the credential"), none()),
        ("get_home", Has(P::ConversationsRead), none()),
        ("search", Member, none()),
    ]
}

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
            "get_calendar" => format!("{path}?from={FROM}&to={TO}"),
            _ => path,
        }
    }

    /// It names something of the workspace in its query or body rather than in its path.
    fn names_a_thing(&self) -> bool {
        matches!(self.id.as_str(), "list_slots" | "query_availability" | "list_obstacles" | "create_booking")
    }

    async fn call(&self, who: &Browser<'_>, path: &str, body: &Value) -> Answer {
        if self.id == "upload_source" {
            return upload(who, path).await;
        }
        who.call(self.method.clone(), path, Some(body).filter(|body| !body.is_null()).cloned()).await
    }
}

async fn upload(who: &Browser<'_>, path: &str) -> Answer {
    let body = format!(
        "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.md\"\r\n\
         Content-Type: text/markdown\r\n\r\n# Words\n\r\n--{BOUNDARY}--\r\n"
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

/// Everything the owner can read, but for what reading itself writes.
async fn snapshot(owner: &Browser<'_>, ids: &Ids) -> BTreeMap<String, String> {
    let mut seen = BTreeMap::new();
    for (operation, who, body) in declared(ids) {
        let reads = operation.method == Method::GET && !operation.id.ends_with("_audit");
        if !reads || !matches!(who, Who::Has(_) | Who::Member) {
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
