//! What is known when a message is judged: opt-outs, lists, what came back, who wrote last.

use std::time::Duration;

use frontdesk_domain::compliance::SendFacts;
use frontdesk_domain::context::Scope;
use frontdesk_domain::conversation::Channel;
use frontdesk_domain::id::ContactId;
use frontdesk_domain::outbox::OutboxMessage;
use frontdesk_store::suppression::{self, OPT_OUT, Suppression};
use frontdesk_store::{Db, Tx, channel_thread, consent, contact, mail_bounce};
use serde_json::json;

use frontdesk_domain::event::Event;

use crate::Result;

/// How long after a customer's message the conversation counts as one they have open.
const OPEN_TALK: Duration = Duration::from_hours(24);

/// The list of those who opted out of one channel alone.
pub(crate) fn opt_out_of(channel: Channel) -> String {
    format!("{OPT_OUT}-{}", channel.as_str())
}

/// The facts for a message that is about to leave.
pub(crate) async fn facts_of(db: &impl Db, scope: Scope, message: &OutboxMessage) -> Result<SendFacts> {
    let contact = match message.contact_id {
        Some(id) => contact::find(db, scope, id).await?,
        None => None,
    };
    let lists = suppression::find(db, scope, &message.to).await?;
    let standing = mail_bounce::find(db, scope, &message.to).await?;
    let thread = match message.connection_id {
        Some(id) => channel_thread::find(db, scope, id, &message.to).await?,
        None => None,
    };
    let out = lists.iter().find(|on| on.list == OPT_OUT || on.list == opt_out_of(message.channel));
    // An answer that was written before the customer opted out is no answer any more.
    let late = out.is_some_and(|out| out.created_at > message.created_at);
    let heard_at = thread.and_then(|thread| thread.heard_at);
    let in_talk = heard_at.is_some_and(|at| at.plus(OPEN_TALK) > message.created_at);
    Ok(SendFacts {
        opted_out: contact.is_some_and(|contact| contact.opted_out) || out.is_some(),
        customer_initiated: in_talk && !late,
        came_back: standing.bounced_at,
        complained: standing.complained_at.is_some(),
        ..SendFacts::default()
    })
}

/// Notes that an address must not be written to any more: the person behind it opts out, on every channel. False when
/// they had before.
pub(crate) async fn opt_out_address(
    tx: &Tx,
    address: &str,
    contact_id: Option<ContactId>,
    by: &str,
) -> Result<bool> {
    let scope = tx.scope();
    let mut addresses = vec![address.to_owned()];
    let person = match contact_id {
        Some(id) => contact::find(tx, scope, id).await?,
        None => contact::find_by_address(tx, scope, Some(address), Some(address)).await?,
    };
    if let Some(person) = person {
        let mut person = contact::get_for_update(tx, scope, person.id).await?;
        addresses.extend(person.email.iter().chain(&person.phone).cloned());
        if !person.opted_out {
            person.opted_out = true;
            person.updated_at = tx.now();
            contact::update(tx, scope, &person).await?;
            tx.emit(Event::ContactUpdated { contact_id: person.id });
        }
        tx.emit(Event::ContactOptedOut { contact_id: person.id });
    }
    addresses.sort();
    addresses.dedup();
    let now = tx.now();
    let rows: Vec<Suppression> = addresses
        .iter()
        .map(|address| Suppression {
            address: address.clone(),
            list: OPT_OUT.to_owned(),
            reason: Some(by.to_owned()),
            created_at: now,
        })
        .collect();
    let is_new = suppression::insert_all(tx, scope, &rows).await? > 0;
    for address in &addresses {
        consent::revoke(tx, scope, address, by, now).await?;
    }
    tx.emit(Event::ComplianceUpdated);
    tx.audit("compliance.opt_out", contact_id.map(|id| id.to_string()), json!({ "by": by }));
    Ok(is_new)
}

/// Notes that one channel must not be used any more towards an address.
pub(crate) async fn opt_out_channel(tx: &Tx, address: &str, channel: Channel, by: &str) -> Result<bool> {
    let row = Suppression {
        address: address.to_owned(),
        list: opt_out_of(channel),
        reason: Some(by.to_owned()),
        created_at: tx.now(),
    };
    let is_new = suppression::insert_all(tx, tx.scope(), &[row]).await? > 0;
    tx.emit(Event::ComplianceUpdated);
    tx.audit("compliance.opt_out", None, json!({ "by": by, "channel": channel.as_str() }));
    Ok(is_new)
}

/// Takes an opt-out back, because the customer asked to be written to again.
pub(crate) async fn opt_in_address(
    tx: &Tx,
    address: &str,
    channel: Channel,
    contact_id: Option<ContactId>,
    by: &str,
) -> Result<()> {
    let scope = tx.scope();
    suppression::delete(tx, scope, address, OPT_OUT).await?;
    suppression::delete(tx, scope, address, &opt_out_of(channel)).await?;
    if let Some(id) = contact_id
        && contact::find(tx, scope, id).await?.is_some()
    {
        let mut person = contact::get_for_update(tx, scope, id).await?;
        for address in person.email.iter().chain(&person.phone) {
            suppression::delete(tx, scope, address, OPT_OUT).await?;
        }
        if person.opted_out {
            person.opted_out = false;
            person.updated_at = tx.now();
            contact::update(tx, scope, &person).await?;
            tx.emit(Event::ContactUpdated { contact_id: person.id });
        }
    }
    tx.emit(Event::ComplianceUpdated);
    tx.audit("compliance.opt_in", contact_id.map(|id| id.to_string()), json!({ "by": by }));
    Ok(())
}
