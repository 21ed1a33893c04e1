//! Contacts: rows, lists, and merging two into one. Notes are in `note.rs`, what is remembered in `fact.rs`.

use frontdesk_domain::contact::Contact;
use frontdesk_domain::context::Scope;
use frontdesk_domain::id::ContactId;
use frontdesk_domain::page::Page;
use frontdesk_domain::time::Timestamp;
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter,
    QueryOrder, QuerySelect, Set,
};
use uuid::Uuid;

pub use crate::fact::memory;

use crate::column::{from_json, to_json};
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
        name_key: contact.name.to_lowercase(),
        search: searchable(&parts),
        seen_key: contact.last_seen_at.map_or(0, Timestamp::as_millis),
        created_at: contact.created_at.as_millis(),
        updated_at: contact.updated_at.as_millis(),
    })
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

/// Stores a new contact.
///
/// # Errors
/// [`StoreError::Duplicate`] when another contact has its e-mail address or phone number.
pub async fn insert(db: &impl Db, scope: Scope, contact: &Contact) -> Result<()> {
    Entity::insert(row(scope, contact)?.into_active_model()).exec_without_returning(db).await?;
    put_tags(db, scope, contact).await
}

/// Replaces a contact's row.
///
/// # Errors
/// As [`insert`]; [`StoreError::NotFound`] when it is gone.
pub async fn update(db: &impl Db, scope: Scope, contact: &Contact) -> Result<()> {
    let changed: ActiveModel = row(scope, contact)?.into_active_model().reset_all();
    let done = Entity::update_many()
        .set(changed)
        .filter(Column::Id.eq(contact.id.uuid()))
        .filter(Column::WorkspaceId.eq(scope.workspace().uuid()))
        .exec(db)
        .await?;
    if done.rows_affected == 0 {
        return Err(StoreError::NotFound(TABLE));
    }
    put_tags(db, scope, contact).await
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

/// What a list of contacts is sorted by.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Order {
    /// Name, A to Z.
    Name,
    /// First seen, newest first.
    #[default]
    Created,
    /// Last seen, newest first; those never seen come last.
    Seen,
}

/// Which contacts are wanted.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Whose name, e-mail address, phone number or company contains this.
    pub text: Option<String>,
    /// With this tag, whatever its case.
    pub tag: Option<String>,
}

impl Filter {
    fn condition(&self, scope: Scope, backend: sea_orm::DbBackend) -> Condition {
        let workspace = scope.workspace().uuid();
        let mut all = Condition::all().add(Column::WorkspaceId.eq(workspace));
        if let Some(text) = self.text.as_deref().filter(|text| !text.trim().is_empty()) {
            let sql = dialect::sql(backend, "contact.search LIKE ? ESCAPE '\\'");
            all = all.add(Expr::cust_with_values(sql, [search_pattern(text)]));
        }
        if let Some(tag) = &self.tag {
            let sql =
                "contact.id IN (SELECT contact_id FROM contact_tag WHERE workspace_id = ? AND name_key = ?)";
            let values: [sea_orm::Value; 2] = [workspace.into(), tag.trim().to_lowercase().into()];
            all = all.add(Expr::cust_with_values(dialect::sql(backend, sql), values));
        }
        all
    }
}

/// A page of contacts. `cursor` is where the page before ended, as its `next_cursor` said; one of another order or
/// none at all starts from the beginning.
pub async fn list(
    db: &impl Db,
    scope: Scope,
    filter: &Filter,
    order: Order,
    cursor: Option<&str>,
    size: u32,
) -> Result<Page<Contact>> {
    let mut query = Entity::find().filter(filter.condition(scope, db.get_database_backend()));
    query = match (order, cursor.and_then(|cursor| Cursor::parse(order, cursor))) {
        (Order::Name, Some(Cursor { name, id, .. })) => query.filter(
            Condition::any()
                .add(Column::NameKey.gt(name.as_str()))
                .add(Condition::all().add(Column::NameKey.eq(name.as_str())).add(Column::Id.gt(id))),
        ),
        (_, Some(Cursor { at, id, .. })) => {
            let column = if order == Order::Seen { Column::SeenKey } else { Column::CreatedAt };
            query.filter(
                Condition::any()
                    .add(column.lt(at))
                    .add(Condition::all().add(column.eq(at)).add(Column::Id.lt(id))),
            )
        }
        (_, None) => query,
    };
    query = match order {
        Order::Name => query.order_by_asc(Column::NameKey).order_by_asc(Column::Id),
        Order::Created => query.order_by_desc(Column::CreatedAt).order_by_desc(Column::Id),
        Order::Seen => query.order_by_desc(Column::SeenKey).order_by_desc(Column::Id),
    };
    let rows = query.limit(u64::from(size) + 1).all(db).await?;
    let rows = rows.into_iter().map(read).collect::<Result<Vec<_>>>()?;
    Ok(Page::cut(rows, size, |contact| Cursor::of(order, contact)))
}

/// How many contacts match.
pub async fn count(db: &impl Db, scope: Scope, filter: &Filter) -> Result<u64> {
    Ok(Entity::find().filter(filter.condition(scope, db.get_database_backend())).count(db).await?)
}

/// Where a page ended: `n.ID.NAME`, `c.ID.MILLIS` or `s.ID.MILLIS`.
struct Cursor {
    id: Uuid,
    at: i64,
    name: String,
}

impl Cursor {
    fn of(order: Order, contact: &Contact) -> String {
        let id = contact.id.uuid().simple();
        match order {
            Order::Name => format!("n.{id}.{}", contact.name.to_lowercase()),
            Order::Created => format!("c.{id}.{}", contact.created_at.as_millis()),
            Order::Seen => format!("s.{id}.{}", contact.last_seen_at.map_or(0, Timestamp::as_millis)),
        }
    }

    fn parse(order: Order, text: &str) -> Option<Self> {
        let (kind, rest) = text.split_once('.')?;
        let (id, key) = rest.split_once('.')?;
        let id = Uuid::try_parse(id).ok()?;
        match (order, kind) {
            (Order::Name, "n") => Some(Self { id, at: 0, name: key.to_owned() }),
            (Order::Created, "c") | (Order::Seen, "s") => {
                Some(Self { id, at: key.parse().ok()?, name: String::new() })
            }
            _ => None,
        }
    }
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

    #[test]
    fn a_cursor_of_another_order_is_not_followed() {
        let text = format!("n.{}.ana", Uuid::nil().simple());
        assert!(Cursor::parse(Order::Name, &text).is_some());
        assert!(Cursor::parse(Order::Created, &text).is_none());
        assert!(Cursor::parse(Order::Name, "nonsense").is_none());
    }
}
