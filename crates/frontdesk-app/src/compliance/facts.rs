//! What is known when a message is judged: opt-outs, lists, what came back, who wrote last.

use std::sync::Arc;
use std::time::Duration;

use frontdesk_domain::compliance::consent::{
    ConsentLevel, ConsentRecord, ConsentSource, ConsentStatus, RevocationSource,
};
use frontdesk_domain::compliance::{DncHit, DncList, Facts, Home, Purpose, Rulebook, Sent};
use frontdesk_domain::contact::{Contact, ContactStatus};
use frontdesk_domain::context::Scope;
use frontdesk_domain::conversation::Channel;
use frontdesk_domain::event::Event;
use frontdesk_domain::id::{ContactId, MessageId};
use frontdesk_domain::outbox::{Content, OutboxMessage, Status};
use frontdesk_domain::time::Timestamp;
use frontdesk_domain::workspace::Workspace;
use frontdesk_store::consent::{self, Consent};
use frontdesk_store::suppression::{self, INTERNAL, OPT_OUT, Suppression};
use frontdesk_store::{
    Db, Tx, booking_settings, channel_thread, compliance_settings, contact, mail_bounce, outbox, workspace,
};
use serde_json::json;

use crate::{AppError, Result};

/// How long after a customer's message the conversation counts as one they have open.
const OPEN_TALK: Duration = Duration::from_hours(24);

/// The list of those who opted out of one channel alone.
pub(crate) fn opt_out_of(channel: Channel) -> String {
    format!("{OPT_OUT}-{}", channel.as_str())
}

/// How far back sends count: as far as the longest cap.
const CAPS: Duration = Duration::from_hours(31 * 24);
/// How long the consent of who wrote first is taken for granted: six months, as CASL has it for an inquiry.
const INQUIRY: Duration = Duration::from_hours(183 * 24);

/// The facts for a message that is about to leave.
pub(crate) async fn facts_of(db: &impl Db, scope: Scope, message: &OutboxMessage) -> Result<Facts> {
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
    let of_channel = opt_out_of(message.channel);
    let out = lists.iter().find(|on| on.list == OPT_OUT || on.list == of_channel);
    // An answer that was written before the customer opted out is no answer any more.
    let late = out.is_some_and(|out| out.created_at > message.created_at);
    let heard_at = thread.and_then(|thread| thread.heard_at);
    let in_talk = heard_at.is_some_and(|at| at.plus(OPEN_TALK) > message.created_at);
    let home = workspace::get(db, scope).await?;
    let now = message.send_at.max(message.updated_at);
    let consents = consent::list_of_address(db, scope, message.channel, &message.to).await?;
    let recent = outbox::list_recent(db, scope, &message.to, now.minus(CAPS)).await?;
    let number = match message.channel {
        Channel::Sms | Channel::Whatsapp => Some(message.to.clone()),
        _ => contact.as_ref().and_then(|contact| contact.phone.clone()),
    };
    let is_mail = message.channel == Channel::Email;
    Ok(Facts {
        channel: Some(message.channel),
        now: Some(now),
        opted_out: contact.as_ref().is_some_and(|contact| contact.opted_out)
            || lists.iter().any(|on| on.list == OPT_OUT),
        channel_opted_out: lists.iter().any(|on| on.list == of_channel),
        dnc: lists.iter().find_map(listed),
        consent: agreed(&consents, heard_at, message, now),
        customer_initiated: in_talk && !late,
        last_customer_message: heard_at,
        approved_template: message.content.template.is_some(),
        came_back: standing.bounced_at,
        complained: standing.complained_at.is_some(),
        stated_zone: contact.as_ref().and_then(|contact| contact.zone.clone()),
        country: contact.as_ref().and_then(|contact| contact.country.clone()),
        region: contact.as_ref().and_then(|contact| contact.region.clone()),
        postal: contact.as_ref().and_then(|contact| contact.postal_code.clone()),
        number,
        sends: recent
            .iter()
            .filter(|sent| sent.id != message.id)
            .map(|sent| Sent {
                at: sent.sent_at.unwrap_or(sent.created_at),
                channel: sent.channel,
                purpose: sent.purpose,
            })
            .collect(),
        // What a letter says about itself is the letter's to carry; a short message is stopped by a word.
        unsubscribe: !is_mail,
        postal_address: !is_mail,
        rules: Some(Arc::new(rules(db, scope, &home).await?)),
    })
}

/// The rules of a workspace.
pub(crate) async fn rules(db: &impl Db, scope: Scope, home: &Workspace) -> Result<Rulebook> {
    let settings = compliance_settings::get(db, scope).await?;
    let home = Home {
        country: home.country.clone(),
        zone: home.zone.clone(),
        hours: home.hours.clone(),
        holidays: booking_settings::get(db, scope).await?.holidays,
    };
    Rulebook::new(&settings, &home).map_err(|errors| {
        let why = errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ");
        AppError::Internal(format!("the compliance settings cannot be used: {why}"))
    })
}

fn listed(on: &Suppression) -> Option<DncHit> {
    if on.list.starts_with(OPT_OUT) {
        return None;
    }
    let list = match on.list.as_str() {
        INTERNAL => DncList::Internal,
        name if name.starts_with("registry") => DncList::Registry,
        _ => DncList::Imported,
    };
    Some(DncHit { list, name: on.list.clone() })
}

/// What the ledger's consents and an inquiry of the customer's own amount to.
fn agreed(
    consents: &[Consent],
    heard_at: Option<Timestamp>,
    message: &OutboxMessage,
    now: Timestamp,
) -> ConsentStatus {
    let nobody = ContactId::from_uuid(uuid::Uuid::nil());
    let record = |given: &Consent| ConsentRecord {
        contact_id: given.contact_id.unwrap_or(nobody),
        channel: Some(given.channel),
        purpose: given.purpose,
        level: match given.purpose {
            Purpose::Marketing => ConsentLevel::ExpressWritten,
            Purpose::Reply | Purpose::Transactional => ConsentLevel::Express,
        },
        source: ConsentSource::Team,
        text_shown: given.shown.clone(),
        evidence: given.evidence.clone().unwrap_or_default(),
        given_at: given.given_at,
        expires_at: None,
        revoked_at: given.revoked_at,
        revoked_by: given.revoked_at.map(|_| RevocationSource::Team),
    };
    let mut records: Vec<ConsentRecord> = consents.iter().map(record).collect();
    records.extend(heard_at.map(|at| ConsentRecord {
        contact_id: nobody,
        channel: Some(message.channel),
        purpose: Purpose::Marketing,
        level: ConsentLevel::Implied,
        source: ConsentSource::Conversation,
        text_shown: String::new(),
        evidence: String::new(),
        given_at: at,
        expires_at: Some(at.plus(INQUIRY)),
        revoked_at: None,
        revoked_by: None,
    }));
    ConsentStatus::of(&records, message.channel, message.purpose, now)
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
            person.status = ContactStatus::OptedOut;
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
            if person.status == ContactStatus::OptedOut {
                person.status = ContactStatus::InConversation;
            }
            person.updated_at = tx.now();
            contact::update(tx, scope, &person).await?;
            tx.emit(Event::ContactUpdated { contact_id: person.id });
        }
    }
    tx.emit(Event::ComplianceUpdated);
    tx.audit("compliance.opt_in", contact_id.map(|id| id.to_string()), json!({ "by": by }));
    Ok(())
}

/// A message that is not written, to be judged all the same.
pub(super) fn imagined(
    person: &Contact,
    channel: Channel,
    address: &str,
    purpose: Purpose,
    at: Timestamp,
) -> OutboxMessage {
    OutboxMessage {
        id: MessageId::from_uuid(uuid::Uuid::nil()),
        channel,
        connection_id: None,
        conversation_id: None,
        contact_id: Some(person.id),
        contact_name: person.name.clone(),
        from: None,
        to: address.to_owned(),
        purpose,
        content: Content::default(),
        status: Status::Queued,
        reason: None,
        code: None,
        verdict: None,
        attempts: 0,
        vendor_id: None,
        segments: None,
        created_by: None,
        created_at: at,
        send_at: at,
        sent_at: None,
        delivered_at: None,
        read_at: None,
        updated_at: at,
    }
}
