//! What happened with a contact, over all channels, in plain words.

use frontdesk_domain::access::Permission;
use frontdesk_domain::contact::TimelineEntry;
use frontdesk_domain::context::Context;
use frontdesk_domain::id::{ContactId, UserId};
use frontdesk_domain::page::{Page, PageRequest};
use frontdesk_store::timeline::Entry;
use frontdesk_store::{contact, timeline, user};

use crate::{App, Result};

/// A contact's timeline, newest first.
pub async fn list(
    app: &App,
    ctx: &Context,
    id: ContactId,
    page: &PageRequest,
) -> Result<Page<TimelineEntry>> {
    ctx.require(Permission::ContactsRead)?;
    let db = app.store.reader();
    let known = contact::get(db, ctx.scope(), id).await?;
    let found = timeline::list(db, ctx.scope(), known.id, page.cursor.as_deref(), page.size()).await?;
    let mut people: Vec<UserId> = found.items.iter().filter_map(|entry| entry.user).collect();
    people.sort_unstable();
    people.dedup();
    let names = if people.is_empty() { Vec::new() } else { user::names_everywhere(db, &people).await? };
    Ok(found.map(|entry| {
        let name = names.iter().find(|(id, _)| Some(*id) == entry.user).map(|(_, name)| name.as_str());
        TimelineEntry {
            at: entry.at,
            text: words(&entry, name),
            conversation_id: entry.conversation_id,
            kind: entry.kind,
        }
    }))
}

fn words(entry: &Entry, name: Option<&str>) -> String {
    let detail = entry.detail.as_str();
    match (entry.kind.as_str(), detail) {
        ("contact.created", "manual") => "Added by the team".to_owned(),
        ("contact.created", source) => format!("First seen on {}", channel(source)),
        ("contact.merged", _) => "Another contact was merged into this one".to_owned(),
        ("contact.note", text) => match name {
            Some(name) => format!("{name} noted: {text}"),
            None => format!("Note: {text}"),
        },
        ("lead.created", "") => "Left their details".to_owned(),
        ("lead.created", need) => format!("Left their details: {need}"),
        ("lead.updated", status) => format!("Lead is now: {}", status.replace('_', " ")),
        ("conversation.started", source) => format!("Started a conversation on {}", channel(source)),
        ("human_handoff.requested", "") => "Waits for a person".to_owned(),
        ("human_handoff.requested", reason) => format!("Waits for a person: {reason}"),
        ("conversation.closed", "resolved") => match name {
            Some(name) => format!("{name}'s conversation was resolved"),
            None => "Conversation was resolved".to_owned(),
        },
        ("conversation.closed", _) => "Conversation ended".to_owned(),
        (kind, _) => kind.replace(['.', '_'], " "),
    }
}

fn channel(word: &str) -> &str {
    match word {
        "web" => "the web chat",
        other => other,
    }
}
