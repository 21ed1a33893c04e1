//! What is known when a message is judged: opt-outs, lists, what came back, who wrote last.

use std::time::Duration;

use frontdesk_domain::compliance::consent::{
    ConsentLevel, ConsentRecord, ConsentSource, ConsentStatus, RevocationSource,
};
use frontdesk_domain::compliance::settings::RuleSettings;
use frontdesk_domain::compliance::{DncHit, DncList, Facts, Purpose, Sent};
use frontdesk_domain::contact::{Contact, ContactStatus};
use frontdesk_domain::context::Scope;
use frontdesk_domain::conversation::Channel;
use frontdesk_domain::event::Event;
use frontdesk_domain::id::{ContactId, MessageId};
use frontdesk_domain::outbox::{Content, OutboxMessage, Status};
use frontdesk_domain::time::Timestamp;
use frontdesk_domain::workspace::Workspace;
use frontdesk_store::standing::{self, About, Agreed, Person, Standing};
use frontdesk_store::suppression::{self, INTERNAL, OPT_OUT, Suppression};
use frontdesk_store::{Db, Tx, compliance_settings, consent, contact, mail_thread, workspace};
use serde_json::json;

use crate::mailbox::unsubscribe;
use crate::{App, Result};

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

/// Whether being on a list ends a channel.
pub(crate) fn ends(list: &str, channel: Channel) -> bool {
    list == OPT_OUT || list == opt_out_of(channel)
}

/// The business's postal address: what was entered for mailings, otherwise where it is.
pub(crate) fn postal_address<'a>(settings: &'a RuleSettings, home: &'a Workspace) -> Option<&'a str> {
    let given = [settings.postal_address.as_str(), home.facts.address.as_str()];
    given.into_iter().map(str::trim).find(|it| !it.is_empty())
}

/// The facts for a message that is about to leave.
pub(crate) async fn facts_of(
    app: &App,
    db: &impl Db,
    scope: Scope,
    message: &OutboxMessage,
) -> Result<Facts> {
    let now = message.send_at.max(message.updated_at);
    let about = About {
        channel: message.channel,
        address: &message.to,
        connection: message.connection_id,
        contact: message.contact_id,
        since: now.minus(CAPS),
    };
    let mut known = standing::of(db, scope, about).await?;
    if message.channel == Channel::Email {
        // Somebody may have several conversations by mail.
        known.heard_at = mail_thread::heard_at(db, scope, &message.to).await?;
    }
    let lists = &known.lists;
    let of_channel = opt_out_of(message.channel);
    let out = lists.iter().find(|(list, _)| list == OPT_OUT || *list == of_channel);
    // An answer that was written before the customer opted out is no answer any more.
    let late = out.is_some_and(|(_, since)| *since > message.created_at);
    let in_talk = known.heard_at.is_some_and(|at| at.plus(OPEN_TALK) > message.created_at);
    let is_mail = message.channel == Channel::Email;
    let consent = agreed(&known, message, now);
    let rules = app.rulebooks.of(scope.workspace(), &known.rules)?;
    let dnc = lists.iter().find_map(|(list, _)| listed(list));
    let (opted_out, channel_opted_out) =
        (lists.iter().any(|(list, _)| list == OPT_OUT), lists.iter().any(|(list, _)| *list == of_channel));
    let person = known.person.unwrap_or(Person {
        opted_out: false,
        zone: None,
        country: None,
        region: None,
        postal_code: None,
        phone: None,
    });
    Ok(Facts {
        channel: Some(message.channel),
        now: Some(now),
        opted_out: person.opted_out || opted_out,
        channel_opted_out,
        dnc,
        consent,
        customer_initiated: in_talk && !late,
        last_customer_message: known.heard_at,
        approved_template: message.content.template.is_some(),
        came_back: known.bounced_at,
        complained: known.complained_at.is_some(),
        stated_zone: person.zone,
        country: person.country,
        region: person.region,
        postal: person.postal_code,
        number: match message.channel {
            Channel::Sms | Channel::Whatsapp => Some(message.to.clone()),
            _ => person.phone,
        },
        sends: known
            .sends
            .iter()
            .filter(|sent| sent.id != message.id)
            .map(|sent| Sent { at: sent.at, channel: sent.channel, purpose: sent.purpose })
            .collect(),
        // A short message is stopped by a word; every mailing carries its link and its address (`mailbox::dress`).
        unsubscribe: !is_mail || unsubscribe::reaches_us(app),
        postal_address: !is_mail || has_postal_address(db, scope).await?,
        rules: Some(rules),
    })
}

async fn has_postal_address(db: &impl Db, scope: Scope) -> Result<bool> {
    let home = workspace::get(db, scope).await?;
    Ok(postal_address(&compliance_settings::get(db, scope).await?, &home).is_some())
}

fn listed(name: &str) -> Option<DncHit> {
    if name.starts_with(OPT_OUT) {
        return None;
    }
    let list = match name {
        INTERNAL => DncList::Internal,
        name if name.starts_with("registry") => DncList::Registry,
        _ => DncList::Imported,
    };
    Some(DncHit { list, name: name.to_owned() })
}

/// What the ledger's consents and an inquiry of the customer's own amount to.
fn agreed(known: &Standing, message: &OutboxMessage, now: Timestamp) -> ConsentStatus {
    let nobody = ContactId::from_uuid(uuid::Uuid::nil());
    let record = |given: &Agreed| ConsentRecord {
        contact_id: given.contact_id.unwrap_or(nobody),
        channel: Some(message.channel),
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
    let mut records: Vec<ConsentRecord> = known.consents.iter().map(record).collect();
    records.extend(known.heard_at.map(|at| ConsentRecord {
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
