//! What happened with a contact, over all channels, in plain words.

use frontdesk_domain::access::Permission;
use frontdesk_domain::booking::Booking;
use frontdesk_domain::contact::TimelineEntry;
use frontdesk_domain::context::Context;
use frontdesk_domain::id::{ContactId, UserId};
use frontdesk_domain::locale::Language;
use frontdesk_domain::page::{Page, PageRequest};
use frontdesk_domain::workspace::Workspace;
use frontdesk_domain::written;
use frontdesk_store::timeline::Entry;
use frontdesk_store::{booking, contact, timeline, user, workspace};

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
    let references: Vec<&str> = found
        .items
        .iter()
        .filter(|entry| entry.kind.starts_with("booking."))
        .map(|entry| entry.detail.as_str())
        .collect();
    let booked = booking::list_by_reference(db, ctx.scope(), &references).await?;
    let home = if booked.is_empty() { None } else { workspace::find(db, ctx.scope()).await? };
    Ok(found.map(|entry| {
        if let Some(of) = booked.iter().find(|it| it.reference == entry.detail) {
            return TimelineEntry {
                at: entry.at,
                text: of_booking(&entry.kind, of, home.as_ref()),
                conversation_id: of.conversation_id,
                kind: entry.kind,
            };
        }
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

/// What happened to a booking, with the time it has now.
fn of_booking(kind: &str, booked: &Booking, home: Option<&Workspace>) -> String {
    let zone = home.map_or(booked.zone.as_str(), |home| home.zone.as_str());
    let when = written::moment(booked.start, zone, Language::En);
    let what = &booked.type_name;
    match kind {
        "booking.created" => format!("Booked {what} for {when} ({})", booked.reference),
        "booking.rescheduled" => format!("Moved {what}, now {when} ({})", booked.reference),
        "booking.cancelled" => format!("Cancelled {what} of {when} ({})", booked.reference),
        "booking.completed" => format!("Came to {what} on {when} ({})", booked.reference),
        _ => format!("Did not come to {what} on {when} ({})", booked.reference),
    }
}

fn channel(word: &str) -> &str {
    match word {
        "web" => "the web chat",
        "sms" => "the phone, by text message",
        "whatsapp" => "WhatsApp",
        "telegram" => "Telegram",
        "email" => "e-mail",
        other => other,
    }
}
