//! Everything the compliance gate asks about an address before a message leaves, in one statement: each trip to the
//! database costs more than what it looks up by key.
//!
//! Not a table of its own: lists, consents, bounces, the conversation and the latest sends are kept in theirs. To ask for
//! one more thing: a part of [`of`].

use frontdesk_domain::compliance::Purpose;
use frontdesk_domain::context::Scope;
use frontdesk_domain::conversation::Channel;
use frontdesk_domain::id::{ConnectionId, ContactId, MessageId};
use frontdesk_domain::outbox::Status;
use frontdesk_domain::time::Timestamp;
use sea_orm::Statement;
use serde::de::DeserializeOwned;
use uuid::Uuid;

use crate::column::{from_json, from_word};
use crate::tx::Db;
use crate::{Result, StoreError, dialect, mail_bounce};

const TABLE: &str = "standing";

/// About whom it is asked.
#[derive(Debug, Clone, Copy)]
pub struct About<'a> {
    /// The channel.
    pub channel: Channel,
    /// The address on it.
    pub address: &'a str,
    /// The connection the conversation is over, when that is known.
    pub connection: Option<ConnectionId>,
    /// The contact, when that is known.
    pub contact: Option<ContactId>,
    /// Sends since then count.
    pub since: Timestamp,
}

/// What is known.
#[derive(Debug, Clone, PartialEq)]
pub struct Standing {
    /// The lists the address is on, and since when.
    pub lists: Vec<(String, Timestamp)>,
    /// Since when mail to it comes back.
    pub bounced_at: Option<Timestamp>,
    /// When its reader reported mail as unwanted.
    pub complained_at: Option<Timestamp>,
    /// When it last wrote over the connection.
    pub heard_at: Option<Timestamp>,
    /// Consents, newest first, at most 50.
    pub consents: Vec<Agreed>,
    /// What left or is leaving to it, newest first, at most 200.
    pub sends: Vec<Sent>,
    /// The contact.
    pub person: Option<Person>,
    /// What the workspace's rules are made from.
    pub rules: RuleTexts,
}

/// A consent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agreed {
    /// Whose, when known.
    pub contact_id: Option<ContactId>,
    /// For what.
    pub purpose: Purpose,
    /// The words they agreed to.
    pub shown: String,
    /// What proves it.
    pub evidence: Option<String>,
    /// When.
    pub given_at: Timestamp,
    /// When it was taken back.
    pub revoked_at: Option<Timestamp>,
}

/// A message that left or is leaving.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sent {
    /// Which.
    pub id: MessageId,
    /// Through this channel.
    pub channel: Channel,
    /// For this.
    pub purpose: Purpose,
    /// When it left, or was written when it has not.
    pub at: Timestamp,
}

/// As much of a contact as the rules look at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// They want nothing.
    pub opted_out: bool,
    /// Their IANA zone, when stated.
    pub zone: Option<String>,
    /// Their country.
    pub country: Option<String>,
    /// Their state or province.
    pub region: Option<String>,
    /// Their postal code.
    pub postal_code: Option<String>,
    /// Their phone number.
    pub phone: Option<String>,
}

/// The texts a workspace's rules are made from, as stored: the same texts are the same rules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleTexts {
    /// The workspace's country.
    pub country: String,
    /// Its zone.
    pub zone: String,
    /// Its hours, JSON.
    pub hours: String,
    /// Its compliance settings, JSON, when somebody changed them.
    pub compliance: Option<String>,
    /// Its booking settings, JSON, when somebody changed them: holidays are there.
    pub booking: Option<String>,
}

type PersonRow = (i64, Option<String>, Option<String>, Option<String>, Option<String>, Option<String>);
type AgreedRow = (Option<Uuid>, String, String, Option<String>, i64, Option<i64>);

/// What is known about an address.
///
/// # Errors
/// [`StoreError::NotFound`] when the workspace is gone.
pub async fn of(db: &impl Db, scope: Scope, about: About<'_>) -> Result<Standing> {
    let backend = db.get_database_backend();
    let (rows, one) = (
        |columns: &str| dialect::json_rows(backend, columns),
        |columns: &str| dialect::json_row(backend, columns),
    );
    let id = |column: &str| dialect::uuid_text(backend, column);
    let parts = [
        format!(
            "SELECT {} FROM suppression WHERE workspace_id = ? AND address = ?",
            rows("list, created_at")
        ),
        format!(
            "SELECT {} FROM mail_bounce WHERE workspace_id = ? AND address = ?",
            one("bounced_at, complained_at")
        ),
        format!(
            "SELECT {} FROM channel_thread WHERE workspace_id = ? AND connection_id = ? AND peer = ?",
            one("heard_at")
        ),
        format!(
            "SELECT {} FROM (SELECT * FROM consent WHERE workspace_id = ? AND address = ? AND channel = ? \
             ORDER BY given_at DESC LIMIT 50) AS newest",
            rows(&format!("{}, purpose, shown, evidence, given_at, revoked_at", id("contact_id")))
        ),
        format!(
            "SELECT {} FROM (SELECT id, channel, purpose, COALESCE(sent_at, created_at) AS at FROM outbox \
             WHERE workspace_id = ? AND recipient = ? AND created_at >= ? AND status NOT IN ('{}', '{}') \
             ORDER BY created_at DESC LIMIT 200) AS newest",
            rows(&format!("{}, channel, purpose, at", id("id"))),
            Status::Cancelled.as_str(),
            Status::Failed.as_str(),
        ),
        format!(
            "SELECT {} FROM contact WHERE id = ? AND workspace_id = ?",
            one("CASE WHEN opted_out THEN 1 ELSE 0 END, zone, country, region, postal_code, phone")
        ),
    ];
    let parts = parts.map(|part| format!("CAST(({part}) AS text)")).join(", ");
    let text = format!(
        "SELECT country, zone, hours, (SELECT settings FROM compliance_settings s WHERE s.workspace_id = workspace.id), \
         (SELECT settings FROM booking_settings s WHERE s.workspace_id = workspace.id), {parts} \
         FROM workspace WHERE id = ? AND deleted_at IS NULL"
    );
    let home: sea_orm::Value = scope.workspace().uuid().into();
    let address: sea_orm::Value = about.address.into();
    let nobody = Uuid::nil();
    let values = [
        home.clone(),
        address.clone(),
        home.clone(),
        mail_bounce::key(about.address).into(),
        home.clone(),
        about.connection.map_or(nobody, ConnectionId::uuid).into(),
        address.clone(),
        home.clone(),
        address.clone(),
        about.channel.as_str().into(),
        home.clone(),
        address,
        about.since.as_millis().into(),
        about.contact.map_or(nobody, ContactId::uuid).into(),
        home.clone(),
        home,
    ];
    let statement = Statement::from_sql_and_values(backend, dialect::sql(backend, &text), values);
    let row = db.query_one_raw(statement).await?.ok_or(StoreError::NotFound("workspace"))?;
    let part = |at: usize| -> Result<Option<String>> { Ok(row.try_get_by_index(at)?) };
    let lists: Vec<(String, i64)> = listed(part(5)?)?;
    let (bounced_at, complained_at): (Option<i64>, Option<i64>) = single(part(6)?)?.unwrap_or_default();
    let heard: Option<(Option<i64>,)> = single(part(7)?)?;
    let consents: Vec<AgreedRow> = listed(part(8)?)?;
    let sends: Vec<(Uuid, String, String, i64)> = listed(part(9)?)?;
    let person: Option<PersonRow> = single(part(10)?)?;
    Ok(Standing {
        lists: lists.into_iter().map(|(list, at)| (list, Timestamp::from_millis(at))).collect(),
        bounced_at: bounced_at.map(Timestamp::from_millis),
        complained_at: complained_at.map(Timestamp::from_millis),
        heard_at: heard.and_then(|(at,)| at).map(Timestamp::from_millis),
        consents: consents.into_iter().map(agreed).collect::<Result<_>>()?,
        sends: sends.into_iter().map(sent).collect::<Result<_>>()?,
        person: person.map(|(opted_out, zone, country, region, postal_code, phone)| Person {
            opted_out: opted_out != 0,
            zone,
            country,
            region,
            postal_code,
            phone,
        }),
        rules: RuleTexts {
            country: row.try_get_by_index(0)?,
            zone: row.try_get_by_index(1)?,
            hours: row.try_get_by_index(2)?,
            compliance: part(3)?,
            booking: part(4)?,
        },
    })
}

/// What the workspace's rules are made from.
pub async fn rules(db: &impl Db, scope: Scope) -> Result<RuleTexts> {
    let never = Timestamp::from_millis(i64::MAX);
    let nobody = About { channel: Channel::Sms, address: "", connection: None, contact: None, since: never };
    Ok(of(db, scope, nobody).await?.rules)
}

fn listed<T: DeserializeOwned>(text: Option<String>) -> Result<Vec<T>> {
    text.map_or_else(|| Ok(Vec::new()), |text| from_json(TABLE, &text))
}

fn single<T: DeserializeOwned>(text: Option<String>) -> Result<Option<T>> {
    text.map(|text| from_json(TABLE, &text)).transpose()
}

fn agreed(row: AgreedRow) -> Result<Agreed> {
    let (contact, purpose, shown, evidence, given_at, revoked_at) = row;
    Ok(Agreed {
        contact_id: contact.map(ContactId::from_uuid),
        purpose: from_word(TABLE, &purpose)?,
        shown,
        evidence,
        given_at: Timestamp::from_millis(given_at),
        revoked_at: revoked_at.map(Timestamp::from_millis),
    })
}

fn sent((id, channel, purpose, at): (Uuid, String, String, i64)) -> Result<Sent> {
    Ok(Sent {
        id: MessageId::from_uuid(id),
        channel: from_word(TABLE, &channel)?,
        purpose: from_word(TABLE, &purpose)?,
        at: Timestamp::from_millis(at),
    })
}
