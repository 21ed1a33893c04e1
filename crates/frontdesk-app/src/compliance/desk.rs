//! What people see and change of compliance: lists of addresses not to be written to, consents, the rules, what the gate
//! would say, and everything that is on record about one contact.

use std::collections::BTreeSet;

use frontdesk_domain::access::Permission;
use frontdesk_domain::compliance::rules::{Pack, packs};
use frontdesk_domain::compliance::settings::RuleSettings;
use frontdesk_domain::compliance::{Finding, Purpose, Verdict, explain, judge};
use frontdesk_domain::context::Context;
use frontdesk_domain::conversation::Channel;
use frontdesk_domain::event::Event;
use frontdesk_domain::id::{ContactId, DecisionId, MessageId};
use frontdesk_domain::outbox::OutboxMessage;
use frontdesk_domain::page::{Page, PageRequest};
use frontdesk_domain::time::Timestamp;
use frontdesk_domain::{phone, text};
use frontdesk_store::consent::{self, Consent};
use frontdesk_store::outbox::{self, Filter};
use frontdesk_store::suppression::{self, INTERNAL, OPT_OUT, Suppression};
use frontdesk_store::{
    channel_thread, compliance_decision, compliance_settings, contact, standing, workspace,
};
use secrecy::ExposeSecret;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use super::rulebooks;
use crate::secret::Column;
use crate::validate::Validator;
use crate::{App, AppError, Result};

/// Most addresses put on a list at a time; more come as a file.
const MAX_ADDRESSES: usize = 1_000;
/// Longest name of a list.
const MAX_LIST: usize = 60;

/// An address that must not be written to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct SuppressedAddress {
    /// The address: E.164, or an e-mail address in lower case.
    pub address: String,
    /// The list: `opt-out`, `opt-out-sms` and the like, `internal`, or the name of an imported one.
    pub list: String,
    /// Why, in plain words.
    pub reason: Option<String>,
    /// Since when.
    pub created_at: Timestamp,
}

impl From<Suppression> for SuppressedAddress {
    fn from(row: Suppression) -> Self {
        Self { address: row.address, list: row.list, reason: row.reason, created_at: row.created_at }
    }
}

/// Addresses to put on a list.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewSuppressions {
    /// E-mail addresses and phone numbers.
    #[schema(min_items = 1, max_items = 1000)]
    pub addresses: Vec<String>,
    /// The list; the business's own when absent. Names that begin with `registry` are public registries, others imported
    /// lists.
    #[schema(max_length = 60)]
    pub list: Option<String>,
    /// Why.
    #[schema(max_length = 300)]
    pub reason: Option<String>,
}

/// How many addresses are new on the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct Suppressed {
    /// So many.
    pub added: u64,
}

/// An address to take off a list.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Unsuppress {
    /// The address.
    #[schema(max_length = 254)]
    pub address: String,
    /// The list.
    #[schema(max_length = 60)]
    pub list: String,
    /// Why, for the record.
    #[schema(min_length = 3, max_length = 300)]
    pub reason: String,
}

/// A consent as the ledger keeps it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ConsentEntry {
    /// To be reached through this channel.
    pub channel: Channel,
    /// At this address.
    pub address: String,
    /// For this.
    pub purpose: Purpose,
    /// Where it was given.
    pub source: String,
    /// The words they agreed to.
    pub shown: String,
    /// What proves it.
    pub evidence: Option<String>,
    /// When.
    pub given_at: Timestamp,
    /// When it was taken back.
    pub revoked_at: Option<Timestamp>,
    /// How it was taken back.
    pub revoked_by: Option<String>,
}

impl From<Consent> for ConsentEntry {
    fn from(row: Consent) -> Self {
        Self {
            channel: row.channel,
            address: row.address,
            purpose: row.purpose,
            source: row.source,
            shown: row.shown,
            evidence: row.evidence,
            given_at: row.given_at,
            revoked_at: row.revoked_at,
            revoked_by: row.revoked_by,
        }
    }
}

/// A consent to write down.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewConsent {
    /// To be reached through this channel.
    pub channel: Channel,
    /// For this.
    pub purpose: Purpose,
    /// Where it was given, such as `paper form`.
    #[schema(min_length = 1, max_length = 120)]
    pub source: String,
    /// The words they agreed to, as shown.
    #[schema(min_length = 1, max_length = 2000)]
    pub shown: String,
    /// What proves it, such as where the form is kept.
    #[schema(max_length = 1000)]
    pub evidence: Option<String>,
    /// When it was given; now when absent.
    pub given_at: Option<Timestamp>,
}

/// A decision of the gate, as recorded.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct RecordedDecision {
    /// Its id.
    pub id: DecisionId,
    /// When.
    pub at: Timestamp,
    /// About which message.
    pub message_id: Option<MessageId>,
    /// On which channel.
    pub channel: String,
    /// Why it was to be sent.
    pub purpose: Purpose,
    /// The answer.
    pub verdict: Verdict,
}

/// Everything on record about whether and why one contact was written to.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Evidence {
    /// The contact.
    pub contact_id: ContactId,
    /// Whether they opted out.
    pub opted_out: bool,
    /// Lists their addresses are on.
    pub suppressions: Vec<SuppressedAddress>,
    /// Their consents.
    pub consents: Vec<ConsentEntry>,
    /// What the gate decided, newest first, at most 1,000.
    pub decisions: Vec<RecordedDecision>,
    /// What was sent, newest first, at most 250.
    pub messages: Vec<OutboxMessage>,
    /// When this was put together.
    pub made_at: Timestamp,
}

/// A message to judge without sending it.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Check {
    /// Through this channel.
    pub channel: Channel,
    /// Why.
    pub purpose: Purpose,
    /// At this instant; now when absent.
    pub at: Option<Timestamp>,
}

/// What the gate would say, and every rule it looked at.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Checked {
    /// The answer.
    pub verdict: Verdict,
    /// Every rule that was looked at, in order.
    pub findings: Vec<Finding>,
}

/// The rules in use, and what the business changed about them.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct RulesInUse {
    /// Every pack as shipped.
    pub packs: Vec<Pack>,
    /// The business's changes.
    pub settings: RuleSettings,
}

/// Addresses of a list (of all when absent), in their order.
pub async fn suppressions(
    app: &App,
    ctx: &Context,
    (list, q): (Option<&str>, Option<&str>),
    page: &PageRequest,
) -> Result<Page<SuppressedAddress>> {
    ctx.require(Permission::ComplianceRead)?;
    let masked = crate::contact::finds_names_only(ctx);
    if masked && q.is_some_and(|q| !q.trim().is_empty()) {
        return Err(AppError::invalid("/q", "cannot be looked for: you see numbers and addresses masked"));
    }
    // The mark of a page holds an address: who does not see it gets the mark sealed.
    let cursor = match page.cursor.as_deref() {
        Some(sealed) if masked => {
            let opened = app.vault.unseal(ctx.workspace, Column::Cursor, sealed);
            let opened = opened.map_err(|_| AppError::invalid("/cursor", "is not a cursor of this list"))?;
            Some(opened.expose_secret().to_owned())
        }
        plain => plain.map(str::to_owned),
    };
    let after = cursor.as_deref().and_then(|cursor| cursor.split_once(' '));
    let size = page.size();
    let prefix = q.map(|q| q.trim().to_lowercase()).filter(|q| !q.is_empty() && q.len() <= 254);
    let db = app.store.reader();
    let rows =
        suppression::list(db, ctx.scope(), (list, prefix.as_deref()), after, u64::from(size) + 1).await?;
    let rows = rows.into_iter().map(SuppressedAddress::from).collect();
    let mut found = Page::cut(rows, size, |row: &SuppressedAddress| format!("{} {}", row.address, row.list));
    if let Some(cursor) = found.next_cursor.take() {
        found.next_cursor = Some(if masked {
            app.vault.seal(ctx.workspace, Column::Cursor, &cursor, app.random.as_ref())?
        } else {
            cursor
        });
    }
    Ok(found)
}

/// Puts addresses on a list.
pub async fn suppress(app: &App, ctx: &Context, new: NewSuppressions) -> Result<Suppressed> {
    ctx.require(Permission::ComplianceWrite)?;
    let country = workspace::get(app.store.reader(), ctx.scope()).await?.country;
    let mut errors = Validator::new();
    let list = errors.take("/list", text::line(new.list.as_deref().unwrap_or(INTERNAL), MAX_LIST));
    errors.ensure("/list", !list.starts_with(OPT_OUT) || list == OPT_OUT, "is kept by Frontdesk itself");
    let reason = errors.take_some("/reason", new.reason, |reason| text::line(&reason, 300));
    let count = new.addresses.len();
    errors.ensure("/addresses", (1..=MAX_ADDRESSES).contains(&count), "must hold 1 to 1000 addresses");
    let mut addresses = BTreeSet::new();
    for (n, address) in new.addresses.iter().take(MAX_ADDRESSES).enumerate() {
        let found = text::email(address).ok().or_else(|| phone::to_e164(address, &country));
        let place = format!("/addresses/{n}");
        let found = errors.take(&place, found.ok_or("is neither an e-mail address nor a phone number"));
        addresses.insert(found);
    }
    errors.finish()?;
    let tx = app.store.begin(ctx).await?;
    let (now, row_list) = (tx.now(), list.clone());
    let rows: Vec<Suppression> = addresses
        .into_iter()
        .map(|address| Suppression {
            address,
            list: row_list.clone(),
            reason: reason.clone(),
            created_at: now,
        })
        .collect();
    let added = suppression::insert_all(&tx, tx.scope(), &rows).await?;
    tx.emit(Event::ComplianceUpdated);
    tx.audit("compliance.suppress", None, json!({ "list": list, "added": added }));
    tx.commit().await?;
    Ok(Suppressed { added })
}

/// Takes an address off a list.
///
/// # Errors
/// [`AppError::Conflict`] when it is not on it.
pub async fn unsuppress(app: &App, ctx: &Context, gone: &Unsuppress) -> Result<()> {
    ctx.require(Permission::ComplianceWrite)?;
    let reason =
        text::line(&gone.reason, 300).map_err(|error| AppError::invalid("/reason", error.to_string()))?;
    let tx = app.store.begin(ctx).await?;
    if !suppression::delete(&tx, tx.scope(), gone.address.trim(), &gone.list).await? {
        return Err(AppError::Conflict("this address is not on this list".to_owned()));
    }
    tx.emit(Event::ComplianceUpdated);
    tx.audit("compliance.unsuppress", None, json!({ "list": gone.list, "reason": reason }));
    tx.commit().await?;
    Ok(())
}

/// The consents of a contact, newest first.
pub async fn consents(app: &App, ctx: &Context, id: ContactId) -> Result<Vec<ConsentEntry>> {
    ctx.require(Permission::ComplianceRead)?;
    let id = contact::get(app.store.reader(), ctx.scope(), id).await?.id;
    let rows = consent::list_of_contact(app.store.reader(), ctx.scope(), id).await?;
    Ok(rows.into_iter().map(ConsentEntry::from).collect())
}

/// Writes a consent of a contact down.
pub async fn add_consent(app: &App, ctx: &Context, id: ContactId, new: NewConsent) -> Result<ConsentEntry> {
    ctx.require(Permission::ComplianceWrite)?;
    let mut errors = Validator::new();
    let source = errors.take("/source", text::line(&new.source, 120));
    let shown = errors.take("/shown", text::lines(&new.shown, 2_000));
    errors.ensure("/shown", !shown.is_empty(), "must not be empty: it is what they agreed to");
    let evidence = errors.take_some("/evidence", new.evidence, |it| text::lines(&it, 1_000));
    let given_at = new.given_at.unwrap_or_else(|| ctx.now());
    errors.ensure("/given_at", given_at <= ctx.now(), "lies in the future");
    errors.ensure("/channel", new.channel.is_carried(), "must be sms, whatsapp, email or telegram");
    errors.finish()?;
    let tx = app.store.begin(ctx).await?;
    let person = contact::get(&tx, tx.scope(), id).await?;
    let address = match new.channel {
        Channel::Email => person.email,
        _ => person.phone,
    };
    let address = address
        .ok_or_else(|| AppError::invalid("/channel", "is one on which this contact has no address"))?;
    let row = Consent {
        id: frontdesk_domain::id::uuid_v7(tx.now(), tx.random()),
        contact_id: Some(person.id),
        channel: new.channel,
        address,
        purpose: new.purpose,
        source,
        shown,
        evidence,
        given_at,
        revoked_at: None,
        revoked_by: None,
    };
    consent::insert(&tx, tx.scope(), &row).await?;
    tx.emit(Event::ComplianceUpdated);
    tx.audit("compliance.consent", Some(person.id.to_string()), json!({ "channel": row.channel.as_str() }));
    tx.commit().await?;
    Ok(row.into())
}

/// Everything on record about one contact. An export, so it is audited.
pub async fn evidence(app: &App, ctx: &Context, id: ContactId) -> Result<Evidence> {
    ctx.require(Permission::ComplianceRead)?;
    ctx.require(Permission::ContactsRead)?;
    let (db, scope) = (app.store.reader(), ctx.scope());
    let person = contact::get(db, scope, id).await?;
    let mut suppressions = Vec::new();
    for address in person.email.iter().chain(&person.phone) {
        suppressions.extend(suppression::find(db, scope, address).await?);
    }
    let decisions = compliance_decision::list_of_contact(db, scope, person.id, 1_000).await?;
    let filter = Filter { contact: Some(person.id), ..Filter::default() };
    let page = PageRequest { cursor: None, limit: Some(250) };
    let messages = outbox::list(db, scope, &filter, &page).await?.items;
    let consents = consent::list_of_contact(db, scope, person.id).await?;
    let tx = app.store.begin(ctx).await?;
    tx.audit("compliance.evidence", Some(person.id.to_string()), json!({}));
    tx.commit().await?;
    Ok(Evidence {
        contact_id: person.id,
        opted_out: person.opted_out,
        suppressions: suppressions.into_iter().map(SuppressedAddress::from).collect(),
        consents: consents.into_iter().map(ConsentEntry::from).collect(),
        decisions: decisions
            .into_iter()
            .map(|row| RecordedDecision {
                id: row.id,
                at: row.at,
                message_id: row.message_id,
                channel: row.channel,
                purpose: row.purpose,
                verdict: row.verdict,
            })
            .collect(),
        messages,
        made_at: ctx.now(),
    })
}

/// The rules in use.
pub async fn rules_in_use(app: &App, ctx: &Context) -> Result<RulesInUse> {
    ctx.require(Permission::ComplianceRead)?;
    let packs = packs().map_err(|error| AppError::Internal(error.to_string()))?;
    let settings = compliance_settings::get(app.store.reader(), ctx.scope()).await?;
    Ok(RulesInUse { packs: packs.to_vec(), settings })
}

/// Changes the rules of the business. Tightening is free; loosening law needs a reason.
pub async fn put_settings(app: &App, ctx: &Context, settings: RuleSettings) -> Result<RuleSettings> {
    ctx.require(Permission::ComplianceWrite)?;
    let packs = packs().map_err(|error| AppError::Internal(error.to_string()))?;
    if let Err(errors) = settings.validate(packs) {
        let mut check = Validator::new();
        for error in errors.iter().take(20) {
            check.refuse("/changes", error.to_string());
        }
        check.finish()?;
    }
    text::lines(&settings.postal_address, 300)
        .map_err(|error| AppError::invalid("/postal_address", error.to_string()))?;
    let tx = app.store.begin(ctx).await?;
    compliance_settings::put(&tx, tx.scope(), &settings).await?;
    // As a whole, so that a rulebook that cannot be made is refused here and not when something is sent.
    rulebooks::make(&standing::rules(&tx, tx.scope()).await?)?;
    tx.emit(Event::ComplianceUpdated);
    tx.audit("compliance.settings", None, json!({ "settings": settings }));
    tx.commit().await?;
    Ok(settings)
}

/// What the gate would say about a message to a contact, and every rule it looked at.
pub async fn check(app: &App, ctx: &Context, id: ContactId, wanted: &Check) -> Result<Checked> {
    ctx.require(Permission::ComplianceRead)?;
    let (db, scope) = (app.store.reader(), ctx.scope());
    let person = contact::get(db, scope, id).await?;
    let thread = channel_thread::find_of_contact(db, scope, person.id, wanted.channel).await?;
    let wrote_from = thread.as_ref().map(|thread| thread.peer.clone());
    let address = match wanted.channel {
        Channel::Email => person.email.clone(),
        Channel::Telegram => wrote_from,
        // Who hides their number on WhatsApp is reached where they wrote from.
        Channel::Whatsapp => person.phone.clone().or(wrote_from),
        _ => person.phone.clone(),
    };
    let address = address
        .ok_or_else(|| AppError::invalid("/channel", "is one on which this contact has no address"))?;
    let at = wanted.at.unwrap_or_else(|| ctx.now());
    let mut message = super::facts::imagined(&person, wanted.channel, &address, wanted.purpose, at);
    message.connection_id = thread.filter(|thread| thread.peer == address).map(|thread| thread.connection_id);
    let mut facts = super::facts_of(app, db, scope, &message).await?;
    facts.now = Some(at);
    Ok(Checked { verdict: judge(wanted.purpose, &facts), findings: explain(wanted.purpose, &facts) })
}
