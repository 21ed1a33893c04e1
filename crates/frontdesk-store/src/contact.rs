//! Contacts: rows, and merging two into one. Lists are in `contact/list.rs`, what custom fields hold in
//! `contact/field.rs`, imports, segments and actions on many in the files beside them. Notes are in `note.rs`, what is
//! remembered in `fact.rs`.

pub mod bulk;
pub mod field;
pub mod import;
pub mod list;
mod order;
pub mod segment;
mod term;

use frontdesk_domain::contact::Contact;
use frontdesk_domain::context::Scope;
use frontdesk_domain::id::ContactId;
use frontdesk_domain::time::Timestamp;
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, NotSet, QueryFilter, QueryOrder,
    QuerySelect, Set, Statement,
};

pub use crate::fact::memory;
pub use list::{Counted, FieldTerm, Filter, Listed, Order, Place, Sort, Span, count, list};

use crate::column::{from_json, from_word, to_json};
use crate::entity::contact::{ActiveModel, Column, Entity, Model};
use crate::entity::{contact_fact, contact_merge, contact_note, contact_tag};
use crate::tx::Db;
use crate::{Result, StoreError, conversation, dialect, lead};

const TABLE: &str = "contact";

fn read(row: Model) -> Result<Contact> {
    Ok(Contact {
        id: ContactId::from_uuid(row.id),
        name: row.name,
        email: row.email,
        phone: row.phone,
        company: row.company,
        language: row.language,
        tags: from_json(TABLE, &row.tags)?,
        fields: from_json(TABLE, &row.fields)?,
        opted_out: row.opted_out,
        source: row.source,
        status: from_word(TABLE, &row.status)?,
        external_id: row.external_id,
        zone: row.zone,
        region: row.region,
        postal_code: row.postal_code,
        country: row.country,
        follow_ups: row.follow_ups.unsigned_abs(),
        last_contacted_at: (row.contacted_key > 0).then(|| Timestamp::from_millis(row.contacted_key)),
        created_at: Timestamp::from_millis(row.created_at),
        updated_at: Timestamp::from_millis(row.updated_at),
        last_seen_at: (row.seen_key > 0).then(|| Timestamp::from_millis(row.seen_key)),
    })
}

fn row(scope: Scope, contact: &Contact) -> Result<Model> {
    let parts =
        [Some(&contact.name), contact.email.as_ref(), contact.phone.as_ref(), contact.company.as_ref()];
    Ok(Model {
        id: contact.id.uuid(),
        workspace_id: scope.workspace().uuid(),
        name: contact.name.clone(),
        email: contact.email.clone(),
        phone: contact.phone.clone(),
        company: contact.company.clone(),
        language: contact.language.clone(),
        tags: to_json(TABLE, &contact.tags)?,
        fields: to_json(TABLE, &contact.fields)?,
        opted_out: contact.opted_out,
        source: contact.source.clone(),
        status: contact.status.word().to_owned(),
        external_id: contact.external_id.clone(),
        zone: contact.zone.clone(),
        region: contact.region.clone(),
        postal_code: contact.postal_code.clone(),
        country: contact.country.clone(),
        follow_ups: i32::try_from(contact.follow_ups).unwrap_or(i32::MAX),
        contacted_key: contact.last_contacted_at.map_or(0, Timestamp::as_millis),
        surname_key: surname_key(&contact.name),
        import_id: None,
        name_key: contact.name.to_lowercase(),
        search: searchable(&parts),
        seen_key: contact.last_seen_at.map_or(0, Timestamp::as_millis),
        created_at: contact.created_at.as_millis(),
        updated_at: contact.updated_at.as_millis(),
    })
}

/// The last word of a name of several, lower case.
fn surname_key(name: &str) -> String {
    name.trim().rsplit_once(char::is_whitespace).map_or_else(String::new, |(_, last)| last.to_lowercase())
}

/// Known parts in lower case, one per line, so that no search text can span two of them.
pub(crate) fn searchable(parts: &[Option<&String>]) -> String {
    let known: Vec<String> = parts.iter().flatten().map(|part| part.to_lowercase()).collect();
    known.join("\n")
}

/// The pattern that finds `text` in a `search` column. A text that looks like the digits of a phone number loses its
/// punctuation, because numbers are stored as E.164.
pub(crate) fn search_pattern(text: &str) -> String {
    let text = text.trim().to_lowercase();
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let is_number = digits.len() >= 3 && text.chars().all(|c| c.is_ascii_digit() || " +-().".contains(c));
    dialect::contains(if is_number { digits.trim_start_matches('0') } else { &text })
}

/// That this column, a name, has the text.
pub(crate) fn named(backend: sea_orm::DbBackend, column: &str, text: &str) -> sea_orm::sea_query::SimpleExpr {
    let like = dialect::ilike(backend);
    let sql = dialect::sql(backend, &format!("{column} {like} ? ESCAPE '\\'"));
    Expr::cust_with_values(sql, [dialect::contains(text.trim())])
}

fn in_scope(scope: Scope) -> sea_orm::Select<Entity> {
    Entity::find().filter(Column::WorkspaceId.eq(scope.workspace().uuid()))
}

/// The contact, if it is in the workspace; the surviving one for the id of one that was merged away.
pub async fn find(db: &impl Db, scope: Scope, id: ContactId) -> Result<Option<Contact>> {
    if let Some(row) = in_scope(scope).filter(Column::Id.eq(id.uuid())).one(db).await? {
        return read(row).map(Some);
    }
    let merged = contact_merge::Entity::find_by_id(id.uuid())
        .filter(contact_merge::Column::WorkspaceId.eq(scope.workspace().uuid()))
        .one(db)
        .await?;
    let Some(merged) = merged else { return Ok(None) };
    in_scope(scope).filter(Column::Id.eq(merged.contact_id)).one(db).await?.map(read).transpose()
}

/// The contact, which must be in the workspace; the surviving one for the id of one that was merged away.
pub async fn get(db: &impl Db, scope: Scope, id: ContactId) -> Result<Contact> {
    find(db, scope, id).await?.ok_or(StoreError::NotFound("contact"))
}

/// The contact as [`get`], held against other units of work until this one ends.
pub async fn get_for_update(db: &impl Db, scope: Scope, id: ContactId) -> Result<Contact> {
    let id = get(db, scope, id).await?.id;
    let row = in_scope(scope).filter(Column::Id.eq(id.uuid())).lock_exclusive().one(db).await?;
    row.map(read).transpose()?.ok_or(StoreError::NotFound(TABLE))
}

/// The contact with this e-mail address or, failing that, this phone number.
pub async fn find_by_address(
    db: &impl Db,
    scope: Scope,
    email: Option<&str>,
    phone: Option<&str>,
) -> Result<Option<Contact>> {
    for (column, value) in [(Column::Email, email), (Column::Phone, phone)] {
        let Some(value) = value else { continue };
        if let Some(row) = in_scope(scope).filter(column.eq(value)).one(db).await? {
            return read(row).map(Some);
        }
    }
    Ok(None)
}

/// The contacts with any of these e-mail addresses or phone numbers.
pub async fn list_by_address(
    db: &impl Db,
    scope: Scope,
    emails: &[&str],
    phones: &[&str],
) -> Result<Vec<Contact>> {
    let mut found = Vec::new();
    for (column, values) in [(Column::Email, emails), (Column::Phone, phones)] {
        if !values.is_empty() {
            let of_these = column.is_in(values.iter().copied());
            found.extend(in_scope(scope).filter(of_these).all(db).await?);
        }
    }
    found.into_iter().map(read).collect()
}

/// Stores a new contact.
///
/// # Errors
/// [`StoreError::Duplicate`] when another contact has its e-mail address or phone number.
pub async fn insert(db: &impl Db, scope: Scope, contact: &Contact) -> Result<()> {
    insert_all(db, scope, std::slice::from_ref(contact)).await
}

/// Stores new contacts, at least one.
///
/// # Errors
/// As [`insert`].
pub async fn insert_all(db: &impl Db, scope: Scope, contacts: &[Contact]) -> Result<()> {
    let rows = contacts.iter().map(|contact| Ok(row(scope, contact)?.into_active_model()));
    Entity::insert_many(rows.collect::<Result<Vec<_>>>()?).exec_without_returning(db).await?;
    add_to_count(db, scope, contacts.len() as i64).await?;
    for contact in contacts {
        if !contact.tags.is_empty() {
            put_tags(db, scope, contact).await?;
        }
        if !contact.fields.is_empty() {
            field::put_values(db, scope, contact).await?;
        }
    }
    Ok(())
}

/// Keeps the number of the workspace's contacts.
async fn add_to_count(db: &impl Db, scope: Scope, more: i64) -> Result<()> {
    let backend = db.get_database_backend();
    let sql = dialect::sql(
        backend,
        "INSERT INTO contact_count (workspace_id, contacts) VALUES (?, ?) \
         ON CONFLICT (workspace_id) DO UPDATE SET contacts = contact_count.contacts + excluded.contacts",
    );
    let values = [scope.workspace().uuid().into(), more.into()];
    db.execute_raw(Statement::from_sql_and_values(backend, sql, values)).await?;
    Ok(())
}

/// They wrote: whoever was only waited for is talked with now, and follow-ups begin anew. Gives back those for whom that
/// changed anything.
pub async fn set_heard(
    db: &impl Db,
    scope: Scope,
    ids: &[ContactId],
    now: Timestamp,
) -> Result<Vec<ContactId>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let backend = db.get_database_backend();
    let sql = format!(
        "UPDATE contact SET follow_ups = 0, updated_at = ?, status = CASE WHEN status IN \
         ('pending', 'contacted', 'unresponsive') THEN 'in_conversation' ELSE status END \
         WHERE id IN ({}) AND workspace_id = ? \
         AND (follow_ups <> 0 OR status IN ('pending', 'contacted', 'unresponsive')) RETURNING id",
        dialect::repeat("?", ", ", ids.len()),
    );
    let mut values: Vec<sea_orm::Value> = vec![now.as_millis().into()];
    values.extend(ids.iter().map(|id| sea_orm::Value::from(id.uuid())));
    values.push(scope.workspace().uuid().into());
    let statement = Statement::from_sql_and_values(backend, dialect::sql(backend, &sql), values);
    let rows = db.query_all_raw(statement).await?;
    rows.iter().map(|row| Ok(ContactId::from_uuid(row.try_get_by_index(0)?))).collect()
}

/// They were written to. Says whether they are there.
pub async fn set_written_to(db: &impl Db, scope: Scope, id: ContactId, now: Timestamp) -> Result<bool> {
    let backend = db.get_database_backend();
    let sql = dialect::sql(
        backend,
        "UPDATE contact SET contacted_key = ?, updated_at = ?, \
         status = CASE WHEN status = 'pending' THEN 'contacted' ELSE status END \
         WHERE id = ? AND workspace_id = ?",
    );
    let values =
        [now.as_millis().into(), now.as_millis().into(), id.uuid().into(), scope.workspace().uuid().into()];
    Ok(db.execute_raw(Statement::from_sql_and_values(backend, sql, values)).await?.rows_affected() > 0)
}

/// Replaces a contact's row.
///
/// # Errors
/// As [`insert`]; [`StoreError::NotFound`] when it is gone.
pub async fn update(db: &impl Db, scope: Scope, contact: &Contact) -> Result<()> {
    let mut changed: ActiveModel = row(scope, contact)?.into_active_model().reset_all();
    changed.import_id = NotSet;
    let done = Entity::update_many()
        .set(changed)
        .filter(Column::Id.eq(contact.id.uuid()))
        .filter(Column::WorkspaceId.eq(scope.workspace().uuid()))
        .exec(db)
        .await?;
    if done.rows_affected == 0 {
        return Err(StoreError::NotFound(TABLE));
    }
    put_tags(db, scope, contact).await?;
    field::put_values(db, scope, contact).await
}

async fn put_tags(db: &impl Db, scope: Scope, contact: &Contact) -> Result<()> {
    contact_tag::Entity::delete_many()
        .filter(contact_tag::Column::ContactId.eq(contact.id.uuid()))
        .exec(db)
        .await?;
    if contact.tags.is_empty() {
        return Ok(());
    }
    let mut keys: Vec<String> = contact.tags.iter().map(|tag| tag.name.to_lowercase()).collect();
    keys.sort();
    keys.dedup();
    let rows = keys.into_iter().map(|name_key| contact_tag::ActiveModel {
        contact_id: Set(contact.id.uuid()),
        name_key: Set(name_key),
        workspace_id: Set(scope.workspace().uuid()),
    });
    contact_tag::Entity::insert_many(rows).exec_without_returning(db).await?;
    Ok(())
}

/// Notes that the contact was just seen; never moves back.
pub async fn touch(db: &impl Db, scope: Scope, id: ContactId, now: Timestamp) -> Result<()> {
    Entity::update_many()
        .col_expr(Column::SeenKey, Expr::value(now.as_millis()))
        .filter(Column::Id.eq(id.uuid()))
        .filter(Column::WorkspaceId.eq(scope.workspace().uuid()))
        .filter(Column::SeenKey.lt(now.as_millis()))
        .exec(db)
        .await?;
    Ok(())
}

/// Deletes the contact with notes, facts, tags and merged ids. Leads and conversations are left to the caller.
///
/// # Errors
/// [`StoreError::NotFound`] when it is not in the workspace.
pub async fn delete(db: &impl Db, scope: Scope, id: ContactId) -> Result<()> {
    let done = Entity::delete_many()
        .filter(Column::Id.eq(id.uuid()))
        .filter(Column::WorkspaceId.eq(scope.workspace().uuid()))
        .exec(db)
        .await?;
    if done.rows_affected == 0 {
        return Err(StoreError::NotFound(TABLE));
    }
    add_to_count(db, scope, -1).await?;
    field::delete_values(db, id).await?;
    contact_tag::Entity::delete_many().filter(contact_tag::Column::ContactId.eq(id.uuid())).exec(db).await?;
    contact_note::Entity::delete_many()
        .filter(contact_note::Column::ContactId.eq(id.uuid()))
        .exec(db)
        .await?;
    contact_fact::Entity::delete_many()
        .filter(contact_fact::Column::ContactId.eq(id.uuid()))
        .exec(db)
        .await?;
    contact_merge::Entity::delete_many()
        .filter(contact_merge::Column::ContactId.eq(id.uuid()))
        .exec(db)
        .await?;
    Ok(())
}

/// Makes `gone` part of `kept`: its conversations, leads, notes, facts and earlier merged ids now belong to `kept`, its
/// row disappears and its id leads to `kept` from now on. `kept` is the surviving row as it shall be stored. Where both
/// know a fact, the one learned last stays.
pub async fn merge(
    db: &impl Db,
    scope: Scope,
    kept: &Contact,
    gone: ContactId,
    now: Timestamp,
) -> Result<()> {
    let (to, from) = (kept.id.uuid(), gone.uuid());
    conversation::repoint_contact(db, scope, gone, kept.id, &kept.name).await?;
    lead::repoint_contact(db, scope, gone, kept.id).await?;
    crate::booking::repoint_contact(db, scope, gone, kept.id).await?;
    crate::waiting::repoint_contact(db, scope, gone, kept.id).await?;
    crate::workflow::enrolment::repoint_contact(db, scope, gone, kept.id).await?;
    contact_note::Entity::update_many()
        .col_expr(contact_note::Column::ContactId, Expr::value(to))
        .filter(contact_note::Column::ContactId.eq(from))
        .filter(contact_note::Column::WorkspaceId.eq(scope.workspace().uuid()))
        .exec(db)
        .await?;
    crate::fact::repoint_contact(db, scope, gone, kept.id).await?;
    contact_merge::Entity::update_many()
        .col_expr(contact_merge::Column::ContactId, Expr::value(to))
        .filter(contact_merge::Column::ContactId.eq(from))
        .exec(db)
        .await?;
    // The old row first: the kept one may take over its address.
    delete(db, scope, gone).await?;
    update(db, scope, kept).await?;
    let merged = contact_merge::ActiveModel {
        merged_id: Set(from),
        workspace_id: Set(scope.workspace().uuid()),
        contact_id: Set(to),
        merged_at: Set(now.as_millis()),
    };
    contact_merge::Entity::insert(merged).exec_without_returning(db).await?;
    Ok(())
}

/// The ids that were merged into this contact.
pub async fn merged_ids(db: &impl Db, scope: Scope, id: ContactId) -> Result<Vec<ContactId>> {
    let rows = contact_merge::Entity::find()
        .filter(contact_merge::Column::ContactId.eq(id.uuid()))
        .filter(contact_merge::Column::WorkspaceId.eq(scope.workspace().uuid()))
        .order_by_asc(contact_merge::Column::MergedId)
        .all(db)
        .await?;
    Ok(rows.into_iter().map(|row| ContactId::from_uuid(row.merged_id)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_searched_by_its_digits_and_a_name_by_its_letters() {
        assert_eq!(search_pattern("(415) 555-26"), "%41555526%");
        assert_eq!(search_pattern("0151 555"), "%151555%");
        assert_eq!(search_pattern(" Ana DÍAZ "), "%ana díaz%");
        assert_eq!(search_pattern("50%"), "%50\\%%");
    }
}
