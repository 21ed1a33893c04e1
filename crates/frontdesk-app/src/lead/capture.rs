//! Capturing a lead from a conversation.

use frontdesk_domain::context::Context;
use frontdesk_domain::event::Event;
use frontdesk_domain::id::{ConversationId, LeadId};
use frontdesk_domain::lead::{Lead, LeadStatus};
use frontdesk_domain::text;
use frontdesk_store::{Tx, contact, lead, workspace};
use serde_json::json;

use super::{MAX_NEED, rate};
use crate::conversation::person::{self, Details, Known};
use crate::validate::Validator;
use crate::{App, AppError, Result};

/// How often a capture is tried that another one got in the way of.
const TRIES: u32 = 3;

/// What a customer left in a conversation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Capture {
    /// The conversation.
    pub conversation_id: ConversationId,
    /// Who they are and how to reach them.
    pub details: Details,
    /// What they need, in their words.
    pub need: String,
    /// What they were told when they left their details.
    pub consent_text: String,
}

/// Takes the lead of a conversation's customer. The customer becomes a contact when they are not one yet; their open
/// lead, if there is one, learns what is new. Capturing the same twice changes nothing.
///
/// The session's authority is the conversation itself: the caller is its agent or its visitor, so no permission of a
/// person is asked for.
///
/// # Errors
/// [`AppError::Invalid`] for details that cannot be, and when there is no way to reach the customer.
pub async fn capture(app: &App, ctx: &Context, input: Capture) -> Result<Lead> {
    let country = workspace::get(app.store.reader(), ctx.scope()).await?.country;
    let input = checked(input, &country)?;
    let mut tries = 1;
    loop {
        let tx = app.store.begin(ctx).await?;
        match capture_in(&tx, &input).await {
            Ok(captured) => {
                tx.commit().await?;
                return Ok(captured);
            }
            // The same person said the same in two places at once; the second time they are known.
            Err(AppError::Conflict(_)) if tries < TRIES => tries += 1,
            Err(error) => return Err(error),
        }
    }
}

fn checked(input: Capture, country: &str) -> Result<Capture> {
    let details = input.details.checked(country)?;
    let mut check = Validator::new();
    let need = check.take("/need", text::lines(&input.need, MAX_NEED));
    let consent_text = check.take("/consent_text", text::lines(&input.consent_text, 1_000));
    check.finish()?;
    Ok(Capture { details, need, consent_text, ..input })
}

/// As [`capture()`], in a unit of work, with checked details.
pub async fn capture_in(tx: &Tx, input: &Capture) -> Result<Lead> {
    let known = person::learn_in(tx, input.conversation_id, &input.details).await?;
    // Held, so that two captures of one person cannot both find no open lead.
    let holder = contact::get_for_update(tx, tx.scope(), known.contact.id).await?;
    match lead::find_open(tx, tx.scope(), holder.id).await? {
        Some(open) => tell_more(tx, open, input, &known).await,
        None => create(tx, input, &known).await,
    }
}

async fn create(tx: &Tx, input: &Capture, known: &Known) -> Result<Lead> {
    let said = &input.details;
    // What is known of a contact is not told to somebody who only claims to be it, but the team may use it: the lead is
    // theirs to see, not the customer's.
    let contact = &known.contact;
    let mut new = Lead {
        id: LeadId::new(tx.now(), tx.random()),
        contact_id: contact.id,
        name: said.name.clone().unwrap_or_else(|| contact.name.clone()),
        email: said.email.clone().or_else(|| contact.email.clone()),
        phone: said.phone.clone().or_else(|| contact.phone.clone()),
        need: input.need.clone(),
        status: LeadStatus::New,
        score: 0,
        score_reasons: Vec::new(),
        conversation_id: Some(input.conversation_id),
        assignee: None,
        consent_text: input.consent_text.clone(),
        consent_at: Some(tx.now()),
        created_at: tx.now(),
        updated_at: tx.now(),
    };
    if new.email.is_none() && new.phone.is_none() {
        return Err(AppError::invalid(
            "/email",
            "or a phone number is needed: without one nobody can get in touch",
        ));
    }
    rate(&mut new);
    lead::insert(tx, tx.scope(), &new).await?;
    tx.emit(Event::LeadCreated { lead_id: new.id });
    let detail =
        json!({ "contact": new.contact_id, "conversation": input.conversation_id, "score": new.score });
    tx.audit("lead.create", Some(new.id.to_string()), detail);
    Ok(new)
}

async fn tell_more(tx: &Tx, open: Lead, input: &Capture, known: &Known) -> Result<Lead> {
    let said = &input.details;
    let mut changed = open.clone();
    // Somebody who only claims to be the contact may add, never replace.
    let replaces = !known.claimed;
    if let Some(name) = said.name.as_ref().filter(|_| replaces || open.name.is_empty()) {
        changed.name.clone_from(name);
    }
    if said.email.is_some() && (replaces || open.email.is_none()) {
        changed.email.clone_from(&said.email);
    }
    if said.phone.is_some() && (replaces || open.phone.is_none()) {
        changed.phone.clone_from(&said.phone);
    }
    changed.need = join_need(&open.need, &input.need);
    rate(&mut changed);
    if changed == open {
        return Ok(open);
    }
    changed.consent_text.clone_from(&input.consent_text);
    changed.consent_at = Some(tx.now());
    changed.updated_at = tx.now();
    lead::update(tx, tx.scope(), &changed).await?;
    tx.emit(Event::LeadUpdated { lead_id: changed.id });
    let detail = json!({ "conversation": input.conversation_id, "score": changed.score });
    tx.audit("lead.tell_more", Some(changed.id.to_string()), detail);
    Ok(changed)
}

/// What they said before and what they say now; nothing said before is lost for it, and nothing is said twice.
fn join_need(before: &str, now: &str) -> String {
    let said = |line: &str| before.lines().any(|known| known.trim().eq_ignore_ascii_case(line.trim()));
    let new: Vec<&str> = now.lines().filter(|line| !line.trim().is_empty() && !said(line)).collect();
    let joined =
        [before, &new.join("\n")].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("\n");
    if joined.chars().count() > MAX_NEED { before.to_owned() } else { joined }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn needs_add_up_without_repeating_themselves() {
        assert_eq!(join_need("", "a crown"), "a crown");
        assert_eq!(join_need("a crown", "A crown "), "a crown");
        assert_eq!(join_need("a crown", "and whitening"), "a crown\nand whitening");
        let full = "x".repeat(MAX_NEED);
        assert_eq!(join_need(&full, "more"), full);
    }
}
