//! One of each thing in a workspace, so that every path has a real id to name. To cover a new thing: make it in `furnish`.

use std::collections::BTreeMap;

use axum::http::StatusCode;
use frontdesk_app::contact::import::Upload;
use frontdesk_app::conversation::person::Details;
use frontdesk_app::lead::{Capture, capture};
use frontdesk_domain::calendar::{CalendarStatus, ConnectedCalendar};
use frontdesk_domain::channel_template::{
    ApprovalStatus, ChannelTemplate, ChannelTemplateText, TemplateCategory,
};
use frontdesk_domain::compliance::Purpose;
use frontdesk_domain::context::Actor;
use frontdesk_domain::conversation::Channel;
use frontdesk_domain::id::{
    CalendarId, ChannelTemplateId, ConnectionId, ConversationId, FileId, MessageId, WorkspaceId,
};
use frontdesk_domain::message::MessageFile;
use frontdesk_domain::outbox::{Content, OutboxMessage, Status};
use frontdesk_store::calendar::Stored;
use frontdesk_store::message_file;
use frontdesk_testkit::{Browser, TestApp};
use serde_json::{Value, json};

use super::{FROM, NEXT, SOON};

pub(super) fn connection(name: &str) -> Value {
    json!({ "vendor": "anthropic", "name": name, "settings": { "model": "claude-x" }, "secret": "sk-0123456789" })
}

/// Real ids in a workspace, by the segment of the path before them and the parameter's name.
#[derive(Debug, Default)]
pub(super) struct Ids {
    known: BTreeMap<String, String>,
    pub(super) voice: Value,
}

impl Ids {
    pub(super) fn at(&self, key: &str) -> &str {
        self.known.get(key).unwrap_or_else(|| panic!("furnish() makes nothing for `{key}`"))
    }

    /// Another thing stands for its kind.
    pub(super) fn put(&mut self, key: &str, id: &str) {
        self.known.insert(key.to_owned(), id.to_owned());
    }

    fn keep(&mut self, key: &str, made: &Value) {
        let id = made.as_str().map(str::to_owned).or_else(|| made.as_u64().map(|number| number.to_string()));
        self.known.insert(key.to_owned(), id.unwrap_or_else(|| panic!("`{key}` has no id: {made}")));
    }
}

/// Makes one of each thing in the browser's workspace.
pub(super) async fn furnish(app: &TestApp, owner: &Browser<'_>, name: &str) -> Ids {
    let mut ids = Ids::default();
    let make = async |path: &str, body: Value| {
        let answer = owner.post(path, body).await;
        assert!(answer.status.is_success(), "{path}: {} {}", answer.status, answer.text);
        answer.json()
    };
    let contact = make("/contacts", json!({ "name": format!("{name} contact"), "company": name })).await;
    let path = format!("/contacts/{}", contact["id"].as_str().unwrap());
    ids.keep("contacts.id", &contact["id"]);
    ids.keep("contacts.other", &make("/contacts", json!({ "name": format!("{name} other") })).await["id"]);
    let twin = make("/contacts", json!({ "name": format!("{name} twin") })).await;
    make(&format!("{path}/merge"), json!({ "other_id": twin["id"] })).await;
    let merges = owner.get(&format!("{path}/merges")).await.json();
    ids.keep("merges.merge", &merges[0]["id"]);
    ids.keep("notes.note", &make(&format!("{path}/notes"), json!({ "text": name })).await["id"]);
    let fact = json!({ "key": "allergy", "value": name });
    let fact = owner.put(&format!("{path}/memory/facts"), fact).await.expect_status(StatusCode::OK).json();
    ids.keep("facts.fact", &fact["id"]);
    let field = make("/contact-fields", json!({ "label": format!("{name} field") })).await;
    ids.keep("contact-fields.id", &field["id"]);
    let segment = json!({ "name": format!("{name} segment"), "filter": {}, "shared": true });
    ids.keep("segments.id", &make("/segments", segment).await["id"]);
    let ctx = app.system(owner.workspace_id().await);
    let mut upload = Upload::begin(&app.app, &ctx, &format!("{name}.csv")).await.unwrap();
    upload.write(format!("Name\n{name} Row\n").as_bytes()).await.unwrap();
    ids.keep("contact-imports.id", &json!(upload.finish().await.unwrap().id));
    let bulk =
        json!({ "action": { "kind": "export" }, "selection": { "of": "filter", "filter": { "q": name } } });
    ids.keep("contact-bulks.id", &make("/contact-bulks", bulk).await["id"]);

    let agent = make("/agents", json!({ "name": format!("{name} agent") })).await;
    let path = format!("/agents/{}", agent["id"].as_str().unwrap());
    ids.keep("agents.id", &agent["id"]);
    ids.keep("versions.number", &make(&format!("{path}/publish"), json!({ "note": name })).await["number"]);
    let sandbox = make(&format!("{path}/sandbox"), json!({})).await;
    ids.keep("sandbox.conversation", &sandbox["conversation_id"]);
    let voice = json!({ "tone": "friendly", "style": name, "dos": [], "donts": [], "examples": [] });
    let persona = make("/personas", json!({ "name": format!("{name} persona"), "voice": voice })).await;
    ids.keep("personas.id", &persona["id"]);
    ids.voice = persona["voice"].clone();

    let source =
        json!({ "kind": "text", "title": format!("{name} text"), "text": format!("{name} opens at nine.") });
    ids.keep("sources.id", &make("/knowledge/sources", source).await["id"]);
    let canned = json!({ "shortcut": "greet", "text": format!("Greetings from {name}") });
    ids.keep("canned-replies.id", &make("/canned-replies", canned).await["id"]);
    let key = make("/keys", json!({ "name": format!("{name} key"), "scopes": ["leads:read"] })).await;
    ids.keep("keys.id", &key["key"]["id"]);
    let widget = make("/widget-keys", json!({ "name": format!("{name} site"), "origins": ["*"] })).await;
    ids.keep("widget-keys.id", &widget["id"]);
    ids.keep("connections.id", &make("/connections", connection(&format!("{name} model"))).await["id"]);
    // The vendor's id: found nowhere but at the vendor.
    ids.keep("numbers.number", &json!("PN0123456789abcdef0123456789abcdef"));
    let address = format!("{}@example.com", name.to_lowercase());
    let invitation = make("/team/invitations", json!({ "email": address, "role": "viewer" })).await;
    ids.keep("invitations.id", &invitation["id"]);
    let members = owner.get("/team/members").await.json();
    // Not anybody: people may leave by themselves.
    let owning = members["items"].as_array().unwrap().iter().find(|it| it["role"] == "owner").unwrap();
    ids.keep("members.id", &owning["id"]);
    ids.keep("users.id", &owning["user_id"]);

    let workspace = owner.workspace_id().await;
    let conversation = app.conversation(workspace).await;
    ids.keep("conversations.id", &json!(conversation.id));
    ids.keep("files.file", &json!(attached(app, workspace, conversation.id).await));
    let visitor = frontdesk_domain::context::Context {
        actor: Actor::Visitor(conversation.id, None),
        ..app.system(workspace)
    };
    let said =
        frontdesk_app::conversation::receive::receive(&app.app, &visitor, conversation.id, "1", name).await;
    said.unwrap();
    let left = Capture {
        conversation_id: conversation.id,
        details: Details { name: Some(name.to_owned()), email: Some(address), ..Details::default() },
        need: format!("{name} need"),
        consent_text: "We will use this to get back to you.".to_owned(),
    };
    let lead = capture(&app.app, &app.system(workspace), left).await.unwrap();
    ids.keep("leads.id", &json!(lead.id));
    furnish_bookings(&mut ids, owner, name).await;
    ids.keep("calendars.id", &json!(connected(app, workspace, name).await));
    ids.keep("jobs.id", &json!(given_up(app, workspace).await));
    ids.keep("messages.id", &json!(queued(app, workspace, name).await));
    ids.keep("channel-templates.id", &json!(templated(app, workspace, name).await));
    furnish_workflows(app, &mut ids, owner, name).await;
    app.run_jobs().await;
    ids
}

/// A file that came along.
async fn attached(app: &TestApp, workspace: WorkspaceId, conversation: ConversationId) -> FileId {
    let tx = app.app.store.begin(&app.system(workspace)).await.unwrap();
    let (id, message) = (FileId::new(tx.now(), tx.random()), MessageId::new(tx.now(), tx.random()));
    let file = MessageFile { id, name: "a.txt".to_owned(), media_type: "text/plain".to_owned(), size: 1 };
    let at = (conversation, message, 0);
    message_file::insert(&tx, tx.scope(), at, &file, b"a".to_vec()).await.unwrap();
    tx.commit().await.unwrap();
    id
}

/// A template that its vendor rejected.
async fn templated(app: &TestApp, workspace: WorkspaceId, name: &str) -> ChannelTemplateId {
    let ctx = app.system(workspace);
    let tx = app.app.store.begin(&ctx).await.unwrap();
    let template = ChannelTemplate {
        id: ChannelTemplateId::new(tx.now(), tx.random()),
        connection_id: ConnectionId::new(tx.now(), tx.random()),
        vendor_id: None,
        name: format!("{name}_greeting"),
        language: "en_US".to_owned(),
        category: TemplateCategory::Utility,
        status: ApprovalStatus::Rejected,
        quality: None,
        text: ChannelTemplateText {
            header: None,
            body: format!("{name} says hello"),
            footer: None,
            buttons: Vec::new(),
            examples: Vec::new(),
        },
        places: 0,
        rejected_reason: Some(format!("{name} reason")),
        has_other_places: false,
        unusable_because: None,
        synced_at: None,
        created_at: tx.now(),
        updated_at: tx.now(),
    };
    frontdesk_store::channel_template::put(&tx, ctx.scope(), &template).await.unwrap();
    tx.commit().await.unwrap();
    template.id
}

/// A job that was given up.
async fn given_up(app: &TestApp, workspace: WorkspaceId) -> String {
    let tx = app.app.store.begin(&app.system(workspace)).await.unwrap();
    let id = tx.enqueue(frontdesk_store::JobRequest::new("message.dispatch", json!({})));
    tx.commit().await.unwrap();
    let tx = app.app.store.begin(&app.system(workspace)).await.unwrap();
    let (now, lease) = (tx.now(), tx.now().plus(std::time::Duration::from_mins(1)));
    let claimed = frontdesk_store::job::claim(&tx, tx.scope(), now, lease, 1_000).await.unwrap();
    for job in claimed {
        if job.id == id {
            frontdesk_store::job::bury(&tx, &job, "it cannot be read").await.unwrap();
        } else {
            frontdesk_store::job::release(&tx, tx.scope(), job.id, now).await.unwrap();
        }
    }
    tx.commit().await.unwrap();
    id.to_string()
}

/// A workflow with a contact in it that has left a task.
async fn furnish_workflows(app: &TestApp, ids: &mut Ids, owner: &Browser<'_>, name: &str) {
    let settings = json!({
        "name": format!("{name} workflow"), "trigger": { "on": "manual" },
        "steps": [
            { "id": "call", "action": { "do": "task", "title": format!("Call {name}") } },
            { "id": "wait", "action": { "do": "wait", "minutes": 1_000 } },
        ],
    });
    let made = owner.post("/workflows", settings).await.expect_status(StatusCode::CREATED).json();
    let id = made["id"].as_str().unwrap().to_owned();
    ids.keep("workflows.id", &made["id"]);
    let started = owner.post("/workflows/state", json!({ "ids": [id], "state": "active" })).await;
    assert!(started.status.is_success(), "{}", started.text);
    let body = json!({ "contact_ids": [ids.at("contacts.other")] });
    let entered = owner.post(&format!("/workflows/{id}/enrolments"), body).await;
    assert!(entered.status.is_success(), "{}", entered.text);
    frontdesk_app::workflow::advance::due(&app.app, owner.workspace_id().await).await.unwrap();
    let people = owner.get(&format!("/workflows/{id}/enrolments")).await.json();
    ids.keep("enrolments.id", &people["items"][0]["id"]);
    ids.keep("tasks.id", &owner.get("/tasks").await.json()["items"][0]["id"]);
}

/// A message that never left.
async fn queued(app: &TestApp, workspace: WorkspaceId, name: &str) -> MessageId {
    let to = (&*format!("{name} customer"), "+14155552671");
    queued_to(app, workspace, to, &format!("{name} says hello")).await
}

/// A message to somebody of this name and number that failed.
pub(super) async fn queued_to(
    app: &TestApp,
    workspace: WorkspaceId,
    (name, number): (&str, &str),
    words: &str,
) -> MessageId {
    let ctx = app.system(workspace);
    let tx = app.app.store.begin(&ctx).await.unwrap();
    let message = OutboxMessage {
        id: MessageId::new(tx.now(), tx.random()),
        channel: Channel::Sms,
        connection_id: None,
        conversation_id: None,
        contact_id: None,
        contact_name: name.to_owned(),
        from: None,
        to: number.to_owned(),
        purpose: Purpose::Transactional,
        content: Content::words(words),
        status: Status::Failed,
        reason: Some(format!("{name} reason")),
        code: None,
        verdict: None,
        attempts: 1,
        vendor_id: None,
        segments: Some(1),
        created_by: None,
        created_at: tx.now(),
        send_at: tx.now(),
        sent_at: None,
        delivered_at: None,
        read_at: None,
        updated_at: tx.now(),
    };
    let id = message.id;
    let stored = frontdesk_store::outbox::Stored { message, about: None, tried_at: None };
    frontdesk_store::outbox::insert(&tx, ctx.scope(), &stored).await.unwrap();
    tx.commit().await.unwrap();
    id
}

/// A connected calendar that is not in use, so that nobody is asked.
async fn connected(app: &TestApp, workspace: WorkspaceId, name: &str) -> CalendarId {
    let ctx = app.system(workspace);
    let tx = app.app.store.begin(&ctx).await.unwrap();
    let (random, now) = (tx.random(), tx.now());
    let made = Stored {
        calendar: ConnectedCalendar {
            id: CalendarId::new(now, random),
            connection_id: ConnectionId::new(now, random),
            vendor: "caldav".to_owned(),
            account: format!("{name} account"),
            staff_id: None,
            name: format!("{name} calendar"),
            color: None,
            blocks: false,
            writes: false,
            writable: true,
            status: CalendarStatus::Waiting,
            synced_at: None,
            stale: false,
            error: None,
        },
        remote_id: "/owner/cal/".to_owned(),
        zone: None,
        cursor: None,
        failures: 0,
        next_sync_at: now,
        requested_at: None,
        channel: None,
        created_at: now,
    };
    frontdesk_store::calendar::insert(&tx, ctx.scope(), &made).await.unwrap();
    tx.commit().await.unwrap();
    made.calendar.id
}

/// One of each thing that has to do with booking.
async fn furnish_bookings(ids: &mut Ids, owner: &Browser<'_>, name: &str) {
    let make = async |path: &str, body: Value| {
        let answer = owner.post(path, body).await;
        assert!(answer.status.is_success(), "{path}: {} {}", answer.status, answer.text);
        answer.json()
    };
    let staff = make("/staff", json!({ "name": format!("{name} staff"), "active": true })).await;
    ids.keep("staff.id", &staff["id"]);
    let chair = json!({ "name": format!("{name} chair"), "units": 1, "active": true });
    ids.keep("resources.id", &make("/resources", chair).await["id"]);
    ids.keep("places.id", &make("/places", json!({ "name": format!("{name} annex") })).await["id"]);
    let kind = make("/booking-types", json!({ "name": format!("{name} visit") })).await;
    ids.keep("booking-types.id", &kind["id"]);
    ids.keep("{workspace}.type", &kind["slug"]);
    ids.keep("booking.workspace", &owner.get("/workspace").await.json()["slug"]);
    let view = json!({ "name": name, "query": "" });
    ids.keep("booking-views.id", &make("/booking-views", view).await["id"]);
    let wish =
        json!({ "type_id": kind["id"], "name": name, "email": "wait@example.com", "from": SOON, "to": NEXT });
    ids.keep("waiting-list.id", &make("/waiting-list", wish).await["id"]);
    ids.keep("offers.token", &json!("bo_none"));
    let booking = json!({
        "type_id": kind["id"], "start": FROM, "name": name, "email": "guest@example.com", "outside_hours": true,
    });
    let booking = make("/bookings", booking).await;
    ids.keep("bookings.id", &booking["id"]);
    let path = format!("/bookings/{}", booking["id"].as_str().unwrap());
    ids.keep("notes.booking_note", &make(&format!("{path}/notes"), json!({ "text": name })).await["id"]);
    let link = owner.get(&format!("{path}/links")).await.json();
    let token = link["manage_url"].as_str().unwrap().rsplit('/').next().unwrap();
    ids.keep("manage.token", &json!(token));
    ids.keep("holds.token", &json!("fd_hold_none"));
}
