//! Leads: at most one open one per contact, by a unique index.

use frontdesk_domain::context::Scope;
use frontdesk_domain::id::{ContactId, ConversationId, LeadId, UserId};
use frontdesk_domain::lead::{Lead, LeadStatus};
use frontdesk_domain::page::Page;
use frontdesk_domain::time::Timestamp;
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter,
    QueryOrder, QuerySelect,
};
use uuid::Uuid;

use crate::column::{from_json, from_word, to_json, to_word};
use crate::contact::{named, search_pattern, searchable};
use crate::entity::lead::{ActiveModel, Column, Entity, Model};
use crate::tx::Db;
use crate::{Result, StoreError, dialect};

const TABLE: &str = "lead";
/// The condition of the unique index, in its very words.
const OPEN: &str = "status IN ('new', 'contacted', 'qualified')";

fn read(row: Model) -> Result<Lead> {
    Ok(Lead {
        id: LeadId::from_uuid(row.id),
        contact_id: ContactId::from_uuid(row.contact_id),
        name: row.name,
        email: row.email,
        phone: row.phone,
        need: row.need,
        status: from_word(TABLE, &row.status)?,
        score: u8::try_from(row.score).map_err(|error| StoreError::damaged(TABLE, error))?,
        score_reasons: from_json(TABLE, &row.score_reasons)?,
        conversation_id: row.conversation_id.map(ConversationId::from_uuid),
        assignee: row.assignee.map(UserId::from_uuid),
        consent_text: row.consent_text,
        consent_at: row.consent_at.map(Timestamp::from_millis),
        created_at: Timestamp::from_millis(row.created_at),
        updated_at: Timestamp::from_millis(row.updated_at),
    })
}

fn row(scope: Scope, lead: &Lead) -> Result<Model> {
    let parts = [Some(&lead.name), lead.email.as_ref(), lead.phone.as_ref(), Some(&lead.need)];
    Ok(Model {
        id: lead.id.uuid(),
        workspace_id: scope.workspace().uuid(),
        contact_id: lead.contact_id.uuid(),
        name: lead.name.clone(),
        email: lead.email.clone(),
        phone: lead.phone.clone(),
        need: lead.need.clone(),
        status: to_word(TABLE, &lead.status)?,
        score: i32::from(lead.score),
        score_reasons: to_json(TABLE, &lead.score_reasons)?,
        conversation_id: lead.conversation_id.map(ConversationId::uuid),
        assignee: lead.assignee.map(UserId::uuid),
        consent_text: lead.consent_text.clone(),
        consent_at: lead.consent_at.map(Timestamp::as_millis),
        search: searchable(&parts),
        created_at: lead.created_at.as_millis(),
        updated_at: lead.updated_at.as_millis(),
    })
}

fn in_scope(scope: Scope) -> sea_orm::Select<Entity> {
    Entity::find().filter(Column::WorkspaceId.eq(scope.workspace().uuid()))
}

/// The lead, if it is in the workspace.
pub async fn find(db: &impl Db, scope: Scope, id: LeadId) -> Result<Option<Lead>> {
    in_scope(scope).filter(Column::Id.eq(id.uuid())).one(db).await?.map(read).transpose()
}

/// The lead, which must be in the workspace.
pub async fn get(db: &impl Db, scope: Scope, id: LeadId) -> Result<Lead> {
    find(db, scope, id).await?.ok_or(StoreError::NotFound(TABLE))
}

/// The lead as [`get`], held against other units of work until this one ends.
pub async fn get_for_update(db: &impl Db, scope: Scope, id: LeadId) -> Result<Lead> {
    let row = in_scope(scope).filter(Column::Id.eq(id.uuid())).lock_exclusive().one(db).await?;
    row.map(read).transpose()?.ok_or(StoreError::NotFound(TABLE))
}

/// The contact's open lead.
pub async fn find_open(db: &impl Db, scope: Scope, contact: ContactId) -> Result<Option<Lead>> {
    in_scope(scope)
        .filter(Column::ContactId.eq(contact.uuid()))
        .filter(Expr::cust(OPEN))
        .one(db)
        .await?
        .map(read)
        .transpose()
}

/// A contact's leads, newest first.
pub async fn list_of_contact(db: &impl Db, scope: Scope, contact: ContactId) -> Result<Vec<Lead>> {
    let rows = in_scope(scope)
        .filter(Column::ContactId.eq(contact.uuid()))
        .order_by_desc(Column::CreatedAt)
        .order_by_desc(Column::Id)
        .limit(200)
        .all(db)
        .await?;
    rows.into_iter().map(read).collect()
}

/// Stores a new lead.
///
/// # Errors
/// [`StoreError::Duplicate`] when the contact has an open one.
pub async fn insert(db: &impl Db, scope: Scope, lead: &Lead) -> Result<()> {
    Entity::insert(row(scope, lead)?.into_active_model()).exec_without_returning(db).await?;
    Ok(())
}

/// Replaces a lead's row.
///
/// # Errors
/// As [`insert`], when a closed lead is opened again; [`StoreError::NotFound`] when it is gone.
pub async fn update(db: &impl Db, scope: Scope, lead: &Lead) -> Result<()> {
    let changed: ActiveModel = row(scope, lead)?.into_active_model().reset_all();
    let done = Entity::update_many()
        .set(changed)
        .filter(Column::Id.eq(lead.id.uuid()))
        .filter(Column::WorkspaceId.eq(scope.workspace().uuid()))
        .exec(db)
        .await?;
    if done.rows_affected == 0 { Err(StoreError::NotFound(TABLE)) } else { Ok(()) }
}

/// Deletes a contact's leads (erasure); says which.
pub async fn delete_of_contact(db: &impl Db, scope: Scope, contact: ContactId) -> Result<u64> {
    let done = Entity::delete_many()
        .filter(Column::ContactId.eq(contact.uuid()))
        .filter(Column::WorkspaceId.eq(scope.workspace().uuid()))
        .exec(db)
        .await?;
    Ok(done.rows_affected)
}

/// Gives one contact's leads to another (merge). Where both have an open one, the kept contact's goes on and the other
/// is closed as lost: one person is one opportunity.
pub(crate) async fn repoint_contact(
    db: &impl Db,
    scope: Scope,
    from: ContactId,
    to: ContactId,
) -> Result<()> {
    if find_open(db, scope, to).await?.is_some() {
        Entity::update_many()
            .col_expr(Column::Status, Expr::value("lost"))
            .filter(Column::WorkspaceId.eq(scope.workspace().uuid()))
            .filter(Column::ContactId.eq(from.uuid()))
            .filter(Expr::cust(OPEN))
            .exec(db)
            .await?;
    }
    Entity::update_many()
        .col_expr(Column::ContactId, Expr::value(to.uuid()))
        .filter(Column::WorkspaceId.eq(scope.workspace().uuid()))
        .filter(Column::ContactId.eq(from.uuid()))
        .exec(db)
        .await?;
    Ok(())
}

/// Which leads are wanted.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// With this status.
    pub status: Option<LeadStatus>,
    /// Whose name, address, number or need contains this.
    pub text: Option<String>,
    /// The text counts in names alone.
    pub names_only: bool,
}

impl Filter {
    fn condition(&self, scope: Scope, backend: sea_orm::DbBackend) -> Result<Condition> {
        let mut all = Condition::all().add(Column::WorkspaceId.eq(scope.workspace().uuid()));
        if let Some(status) = &self.status {
            all = all.add(Column::Status.eq(to_word(TABLE, status)?));
        }
        if let Some(text) = self.text.as_deref().filter(|text| !text.trim().is_empty()) {
            let sql = dialect::sql(backend, "lead.search LIKE ? ESCAPE '\\'");
            all = all.add(Expr::cust_with_values(sql, [search_pattern(text)]));
            if self.names_only {
                all = all.add(named(backend, "lead.name", text));
            }
        }
        Ok(all)
    }
}

/// A page of leads, newest first.
pub async fn list(
    db: &impl Db,
    scope: Scope,
    filter: &Filter,
    cursor: Option<&str>,
    size: u32,
) -> Result<Page<Lead>> {
    let mut query = Entity::find().filter(filter.condition(scope, db.get_database_backend())?);
    if let Some((at, id)) = cursor.and_then(parse_cursor) {
        query = query.filter(
            Condition::any()
                .add(Column::CreatedAt.lt(at))
                .add(Condition::all().add(Column::CreatedAt.eq(at)).add(Column::Id.lt(id))),
        );
    }
    let rows = query
        .order_by_desc(Column::CreatedAt)
        .order_by_desc(Column::Id)
        .limit(u64::from(size) + 1)
        .all(db)
        .await?;
    let rows = rows.into_iter().map(read).collect::<Result<Vec<_>>>()?;
    Ok(Page::cut(rows, size, |lead| format!("{}.{}", lead.created_at.as_millis(), lead.id.uuid().simple())))
}

fn parse_cursor(cursor: &str) -> Option<(i64, Uuid)> {
    let (at, id) = cursor.split_once('.')?;
    Some((at.parse().ok()?, Uuid::try_parse(id).ok()?))
}

/// How many leads match.
pub async fn count(db: &impl Db, scope: Scope, filter: &Filter) -> Result<u64> {
    Ok(Entity::find().filter(filter.condition(scope, db.get_database_backend())?).count(db).await?)
}
