//! Files of contacts that are read in: how far each has come, and its contacts, stored many at a time.

use std::collections::HashSet;

use frontdesk_domain::compliance::Purpose;
use frontdesk_domain::contact::Contact;
use frontdesk_domain::contact_import::{ColumnUse, Import, ImportConsent, ImportState};
use frontdesk_domain::context::Scope;
use frontdesk_domain::conversation::Channel;
use frontdesk_domain::id::{ContactId, ImportId, UserId};
use frontdesk_domain::time::Timestamp;
use sea_orm::{QueryResult, Statement, Value};
use uuid::Uuid;

use super::field::{insert_values, rows, run, value_rows};
use super::{add_to_count, list, row};
use crate::column::{from_json, from_word, to_json, to_word};
use crate::tx::Db;
use crate::{Result, StoreError, dialect};

const TABLE: &str = "contact_import";
const COLUMNS: &str = "id, file_name, bytes, state, columns, encoding, delimiter, plan, counts, next_byte, next_line, \
                       reject_bytes, text_bytes, error, owner, created_at, finished_at";

/// An import with what only its job needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    /// The import.
    pub import: Import,
    /// The byte of the text at which reading goes on.
    pub next_byte: u64,
    /// The line there, from 1.
    pub next_line: u64,
    /// How long the file of refused rows was then.
    pub reject_bytes: u64,
    /// How long the text to be read is.
    pub text_bytes: u64,
}

fn read(row: &QueryResult) -> Result<Stored> {
    let number = |n: usize| -> Result<u64> { Ok(row.try_get_by_index::<i64>(n)?.unsigned_abs()) };
    let (next_byte, text_bytes) = (number(9)?, number(12)?);
    let state = from_word(TABLE, &row.try_get_by_index::<String>(3)?)?;
    let percent = match state {
        ImportState::Done | ImportState::Undone => 100,
        _ => (next_byte * 100).checked_div(text_bytes).unwrap_or(0).min(100) as u8,
    };
    let import = Import {
        id: ImportId::from_uuid(row.try_get_by_index(0)?),
        file_name: row.try_get_by_index(1)?,
        bytes: number(2)?,
        state,
        columns: from_json(TABLE, &row.try_get_by_index::<String>(4)?)?,
        encoding: row.try_get_by_index(5)?,
        delimiter: row.try_get_by_index(6)?,
        plan: row.try_get_by_index::<Option<String>>(7)?.map(|plan| from_json(TABLE, &plan)).transpose()?,
        counts: from_json(TABLE, &row.try_get_by_index::<String>(8)?)?,
        percent,
        error: row.try_get_by_index(13)?,
        owner: row.try_get_by_index::<Option<Uuid>>(14)?.map(UserId::from_uuid),
        created_at: Timestamp::from_millis(row.try_get_by_index(15)?),
        finished_at: row.try_get_by_index::<Option<i64>>(16)?.map(Timestamp::from_millis),
    };
    Ok(Stored { import, next_byte, next_line: number(10)?, reject_bytes: number(11)?, text_bytes })
}

/// The newest imports, at most 50.
pub async fn newest(db: &impl Db, scope: Scope) -> Result<Vec<Stored>> {
    let sql =
        format!("SELECT {COLUMNS} FROM contact_import WHERE workspace_id = ? ORDER BY id DESC LIMIT 50");
    rows(db, &sql, [scope.workspace().uuid().into()]).await?.iter().map(read).collect()
}

/// The import, which must be in the workspace.
pub async fn get(db: &impl Db, scope: Scope, id: ImportId) -> Result<Stored> {
    let sql = format!("SELECT {COLUMNS} FROM contact_import WHERE workspace_id = ? AND id = ?");
    let found = rows(db, &sql, [scope.workspace().uuid().into(), id.uuid().into()]).await?;
    found.first().map(read).transpose()?.ok_or(StoreError::NotFound("import"))
}

/// Stores an import, or how it stands now.
pub async fn put(db: &impl Db, scope: Scope, stored: &Stored) -> Result<()> {
    let it = &stored.import;
    let number = |n: u64| Value::from(n.cast_signed());
    let values: [Value; 18] = [
        it.id.uuid().into(),
        scope.workspace().uuid().into(),
        it.file_name.clone().into(),
        number(it.bytes),
        to_word(TABLE, &it.state)?.into(),
        to_json(TABLE, &it.columns)?.into(),
        it.encoding.clone().into(),
        it.delimiter.clone().into(),
        it.plan.as_ref().map(|plan| to_json(TABLE, plan)).transpose()?.into(),
        to_json(TABLE, &it.counts)?.into(),
        number(stored.next_byte),
        number(stored.next_line),
        number(stored.reject_bytes),
        number(stored.text_bytes),
        it.error.clone().into(),
        it.owner.map(UserId::uuid).into(),
        it.created_at.as_millis().into(),
        it.finished_at.map(Timestamp::as_millis).into(),
    ];
    let sql = "INSERT INTO contact_import (id, workspace_id, file_name, bytes, state, columns, encoding, delimiter, plan, counts, \
                 next_byte, next_line, reject_bytes, text_bytes, error, owner, created_at, finished_at) \
               VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) \
               ON CONFLICT (id) DO UPDATE SET state = excluded.state, columns = excluded.columns, plan = excluded.plan, \
                 counts = excluded.counts, next_byte = excluded.next_byte, next_line = excluded.next_line, \
                 reject_bytes = excluded.reject_bytes, text_bytes = excluded.text_bytes, error = excluded.error, \
                 finished_at = excluded.finished_at";
    run(db, sql, values).await.map(drop)
}

/// Deletes an import's row; its contacts stay.
pub async fn delete(db: &impl Db, scope: Scope, id: ImportId) -> Result<()> {
    let sql = "DELETE FROM contact_import WHERE workspace_id = ? AND id = ?";
    let gone = run(db, sql, [scope.workspace().uuid().into(), id.uuid().into()]).await?;
    if gone == 0 { Err(StoreError::NotFound("import")) } else { Ok(()) }
}

/// How the columns of these headers were mapped the last time. `headers_key` is at most 64 bytes.
pub async fn remembered(db: &impl Db, scope: Scope, headers_key: &str) -> Result<Option<Vec<ColumnUse>>> {
    let sql = "SELECT columns FROM contact_import_mapping WHERE workspace_id = ? AND headers_key = ?";
    let found = rows(db, sql, [scope.workspace().uuid().into(), headers_key.into()]).await?;
    found.first().map(|row| from_json(TABLE, &row.try_get_by_index::<String>(0)?)).transpose()
}

/// Remembers how the columns of these headers are mapped.
pub async fn remember(
    db: &impl Db,
    scope: Scope,
    headers_key: &str,
    columns: &[ColumnUse],
    now: Timestamp,
) -> Result<()> {
    let sql = "INSERT INTO contact_import_mapping (workspace_id, headers_key, columns, used_at) VALUES (?, ?, ?, ?) \
               ON CONFLICT (workspace_id, headers_key) DO UPDATE SET columns = excluded.columns, used_at = excluded.used_at";
    let values: [Value; 4] = [
        scope.workspace().uuid().into(),
        headers_key.into(),
        to_json(TABLE, &columns)?.into(),
        now.as_millis().into(),
    ];
    run(db, sql, values).await.map(drop)
}

const CONTACT: &str = "INSERT INTO contact (id, workspace_id, name, email, phone, company, language, tags, fields, opted_out, source, \
     name_key, search, seen_key, created_at, updated_at, status, external_id, zone, region, postal_code, country, follow_ups, \
     contacted_key, surname_key, import_id) VALUES ";

/// Stores new contacts, except those whose e-mail address, phone number or external id another contact has. Says, for each,
/// whether it was stored.
pub async fn insert(
    db: &impl Db,
    scope: Scope,
    import: Option<ImportId>,
    contacts: &[Contact],
) -> Result<Vec<bool>> {
    let mut values = Vec::with_capacity(contacts.len());
    for contact in contacts {
        let it = row(scope, contact)?;
        values.push([
            it.id.into(),
            it.workspace_id.into(),
            it.name.into(),
            it.email.into(),
            it.phone.into(),
            it.company.into(),
            it.language.into(),
            it.tags.into(),
            it.fields.into(),
            it.opted_out.into(),
            it.source.into(),
            it.name_key.into(),
            it.search.into(),
            it.seen_key.into(),
            it.created_at.into(),
            it.updated_at.into(),
            it.status.into(),
            it.external_id.into(),
            it.zone.into(),
            it.region.into(),
            it.postal_code.into(),
            it.country.into(),
            it.follow_ups.into(),
            it.contacted_key.into(),
            it.surname_key.into(),
            import.map(ImportId::uuid).into(),
        ]);
    }
    let stored = count_rows(db, CONTACT, " ON CONFLICT DO NOTHING", &values).await?;
    let is_new = if stored == contacts.len() as u64 {
        vec![true; contacts.len()]
    } else {
        let ids: Vec<Uuid> = contacts.iter().map(|contact| contact.id.uuid()).collect();
        let there = existing(db, scope, &ids).await?;
        ids.iter().map(|id| there.contains(id)).collect()
    };
    let workspace: Value = scope.workspace().uuid().into();
    let (mut tags, mut fields) = (Vec::new(), Vec::new());
    for (contact, _) in contacts.iter().zip(&is_new).filter(|(_, is_new)| **is_new) {
        let mut keys: Vec<String> = contact.tags.iter().map(|tag| tag.name.to_lowercase()).collect();
        keys.sort_unstable();
        keys.dedup();
        tags.extend(keys.into_iter().map(|key| [contact.id.uuid().into(), key.into(), workspace.clone()]));
        fields.extend(value_rows(scope, contact.id, &contact.fields));
    }
    insert_rows(db, "INSERT INTO contact_tag (contact_id, name_key, workspace_id) VALUES ", "", &tags)
        .await?;
    insert_values(db, &fields).await?;
    if stored > 0 {
        add_to_count(db, scope, stored.cast_signed()).await?;
    }
    Ok(is_new)
}

async fn existing(db: &impl Db, scope: Scope, ids: &[Uuid]) -> Result<HashSet<Uuid>> {
    let mut there = HashSet::with_capacity(ids.len());
    for some in ids.chunks(500) {
        let marks = vec!["?"; some.len()].join(", ");
        let sql = format!("SELECT id FROM contact WHERE workspace_id = ? AND id IN ({marks})");
        let values = std::iter::once(scope.workspace().uuid()).chain(some.iter().copied()).map(Value::from);
        for row in rows(db, &sql, values).await? {
            there.insert(row.try_get_by_index(0)?);
        }
    }
    Ok(there)
}

/// The contact that has this external id, e-mail address or phone number, in that order.
pub async fn known(db: &impl Db, scope: Scope, of: &Contact) -> Result<Option<Contact>> {
    let keys = [("external_id", &of.external_id), ("email", &of.email), ("phone", &of.phone)];
    for (column, value) in keys {
        let Some(value) = value else { continue };
        let sql = format!("SELECT id FROM contact WHERE workspace_id = ? AND {column} = ?");
        let found = rows(db, &sql, [scope.workspace().uuid().into(), value.clone().into()]).await?;
        if let Some(row) = found.first() {
            return Ok(list::load(db, scope, &[row.try_get_by_index(0)?]).await?.pop());
        }
    }
    Ok(None)
}

/// The contacts of an import that nobody touched since it made them, at most `limit`, after `after` by id; and how many
/// were looked at, with the last one's id.
pub async fn untouched(
    db: &impl Db,
    scope: Scope,
    import: ImportId,
    after: Option<ContactId>,
    limit: u64,
) -> Result<(Vec<ContactId>, u64, Option<ContactId>)> {
    let sql = "SELECT id, updated_at = created_at AND seen_key = 0 AND contacted_key = 0 AND follow_ups = 0 \
                 AND NOT EXISTS (SELECT 1 FROM contact_note n WHERE n.contact_id = c.id) \
                 AND NOT EXISTS (SELECT 1 FROM booking b WHERE b.contact_id = c.id) \
                 AND NOT EXISTS (SELECT 1 FROM conversation v WHERE v.workspace_id = c.workspace_id AND v.contact_id = c.id) \
               FROM contact c WHERE c.import_id = ? AND c.workspace_id = ? AND c.id > ? ORDER BY c.id LIMIT ?";
    let values: [Value; 4] = [
        import.uuid().into(),
        scope.workspace().uuid().into(),
        after.map_or(Uuid::nil(), ContactId::uuid).into(),
        limit.cast_signed().into(),
    ];
    let found = rows(db, sql, values).await?;
    let mut ids = Vec::new();
    for row in &found {
        if row.try_get_by_index::<bool>(1)? {
            ids.push(ContactId::from_uuid(row.try_get_by_index(0)?));
        }
    }
    let last = found.last().map(|row| row.try_get_by_index(0)).transpose()?.map(ContactId::from_uuid);
    Ok((ids, found.len() as u64, last))
}

/// Deletes contacts that nothing hangs on but tags, values, facts and consents.
pub async fn delete_contacts(db: &impl Db, scope: Scope, ids: &[ContactId]) -> Result<()> {
    for some in ids.chunks(500) {
        let marks = vec!["?"; some.len()].join(", ");
        for table in ["contact_tag", "contact_field_value", "contact_fact", "consent"] {
            let sql = format!("DELETE FROM {table} WHERE contact_id IN ({marks})");
            run(db, &sql, some.iter().map(|id| Value::from(id.uuid()))).await?;
        }
        let sql = format!("DELETE FROM contact WHERE workspace_id = ? AND id IN ({marks})");
        let values = std::iter::once(scope.workspace().uuid()).chain(some.iter().map(|id| id.uuid()));
        let gone = run(db, &sql, values.map(Value::from)).await?;
        add_to_count(db, scope, -gone.cast_signed()).await?;
    }
    Ok(())
}

/// A consent that came with an import.
#[derive(Debug, Clone)]
pub struct Given {
    /// Its id.
    pub id: Uuid,
    /// Whose.
    pub contact: ContactId,
    /// To be reached through this channel.
    pub channel: Channel,
    /// At this address.
    pub address: String,
    /// Where it was given, and with which words.
    pub consent: ImportConsent,
}

/// Adds consents to marketing to the ledger; what proves them is the import.
pub async fn insert_consents(
    db: &impl Db,
    scope: Scope,
    import: ImportId,
    consents: &[Given],
    now: Timestamp,
) -> Result<()> {
    let mut rows: Vec<[Value; 10]> = Vec::with_capacity(consents.len());
    for given in consents {
        rows.push([
            given.id.into(),
            scope.workspace().uuid().into(),
            given.contact.uuid().into(),
            given.channel.as_str().into(),
            given.address.clone().into(),
            to_word("consent", &Purpose::Marketing)?.into(),
            given.consent.source.clone().into(),
            given.consent.text.clone().into(),
            import.to_string().into(),
            now.as_millis().into(),
        ]);
    }
    let start = "INSERT INTO consent (id, workspace_id, contact_id, channel, address, purpose, source, shown, evidence, given_at) VALUES ";
    insert_rows(db, start, "", &rows).await
}

/// Which of these addresses are on a list of those that must not be written to.
pub async fn suppressed(db: &impl Db, scope: Scope, addresses: &[&str]) -> Result<HashSet<String>> {
    let mut found = HashSet::new();
    let workspace: Value = scope.workspace().uuid().into();
    let any = "SELECT address FROM suppression WHERE workspace_id = ? LIMIT 1";
    if rows(db, any, [workspace.clone()]).await?.is_empty() {
        return Ok(found);
    }
    for some in addresses.chunks(500) {
        let marks = vec!["?"; some.len()].join(", ");
        let sql = format!(
            "SELECT DISTINCT address FROM suppression WHERE workspace_id = ? AND address IN ({marks})"
        );
        let values =
            std::iter::once(workspace.clone()).chain(some.iter().map(|address| Value::from(*address)));
        for row in rows(db, &sql, values).await? {
            found.insert(row.try_get_by_index(0)?);
        }
    }
    Ok(found)
}

/// Inserts rows, as many per statement as the databases take.
pub(crate) async fn insert_rows<const N: usize>(
    db: &impl Db,
    start: &str,
    end: &str,
    rows: &[[Value; N]],
) -> Result<()> {
    count_rows(db, start, end, rows).await.map(drop)
}

async fn count_rows<const N: usize>(
    db: &impl Db,
    start: &str,
    end: &str,
    rows: &[[Value; N]],
) -> Result<u64> {
    // SQLite takes 32,766 values in a statement. Few sizes: a statement of a size seen before needs no planning.
    let most = (30_000 / N.max(1)).min(500);
    let backend = db.get_database_backend();
    let mut stored = 0;
    for some in rows.chunks(most) {
        let mark = format!("({})", vec!["?"; N].join(", "));
        let sql = format!("{start}{}{end}", vec![mark; some.len()].join(", "));
        let values: Vec<Value> = some.iter().flatten().cloned().collect();
        let statement = Statement::from_sql_and_values(backend, dialect::sql(backend, &sql), values);
        stored += db.execute_raw(statement).await?.rows_affected();
    }
    Ok(stored)
}
