//! Knowledge sources and their chunks.
//!
//! A source's searchable chunks carry its revision. Ingestion stores the chunks of the next revision beside the old
//! ones and then [`publish`]es it in one unit of work: readers see the old chunks or the new ones, never a mixture.
//! What people ask for (a change, a refresh) counts up the source's version; what ingestion reports or publishes counts
//! only while the version it began with still holds, so a change made meanwhile is never overwritten or forgotten.

mod chunk;

use frontdesk_domain::context::Scope;
use frontdesk_domain::id::{SourceId, WorkspaceId};
use frontdesk_domain::knowledge::{Source, SourceKind, SourceStatus};
use frontdesk_domain::locale::Language;
use frontdesk_domain::page::{Page, PageRequest};
use frontdesk_domain::time::Timestamp;
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{
    ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Set, Statement,
    UpdateMany,
};

use crate::column::{from_word, to_word};
use crate::entity::{source, source_content};
use crate::tx::Db;
use crate::{Result, StoreError, dialect};

pub use chunk::{
    StoredChunk, drop_revisions, embedded, insert_chunks, list_chunks, list_chunks_of, put_vectors,
};

const TABLE: &str = "source";

fn read(row: source::Model) -> Result<Source> {
    Ok(Source {
        id: SourceId::from_uuid(row.id),
        kind: from_word(TABLE, &row.kind)?,
        title: row.title,
        url: row.url,
        file_name: row.file_name,
        bytes: row.bytes.unsigned_abs(),
        status: from_word(TABLE, &row.status)?,
        progress: u8::try_from(row.progress).unwrap_or(100),
        stage: row.stage,
        error: row.error,
        chunks: row.chunks.unsigned_abs(),
        pages: row.pages.unsigned_abs(),
        language: row.language.as_deref().and_then(Language::of_tag),
        created_at: Timestamp::from_millis(row.created_at),
        synced_at: row.synced_at.map(Timestamp::from_millis),
    })
}

fn in_scope(scope: Scope) -> sea_orm::Select<source::Entity> {
    source::Entity::find().filter(source::Column::WorkspaceId.eq(scope.workspace().uuid()))
}

/// Which sources are wanted.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// In this status.
    pub status: Option<SourceStatus>,
    /// Of this kind.
    pub kind: Option<SourceKind>,
    /// Whose title, address or file name contains this.
    pub text: Option<String>,
}

/// A page of sources, newest first, with the total.
pub async fn list(db: &impl Db, scope: Scope, filter: &Filter, page: &PageRequest) -> Result<Page<Source>> {
    let mut query = in_scope(scope);
    if let Some(status) = filter.status {
        query = query.filter(source::Column::Status.eq(to_word(TABLE, &status)?));
    }
    if let Some(kind) = filter.kind {
        query = query.filter(source::Column::Kind.eq(to_word(TABLE, &kind)?));
    }
    if let Some(text) = filter.text.as_deref().filter(|text| !text.trim().is_empty()) {
        let backend = db.get_database_backend();
        let like = dialect::ilike(backend);
        let sql = format!(
            "(title {like} ? ESCAPE '\\' OR url {like} ? ESCAPE '\\' OR file_name {like} ? ESCAPE '\\')"
        );
        let pattern = dialect::contains(text.trim());
        let values = [pattern.clone(), pattern.clone(), pattern];
        query = query.filter(Expr::cust_with_values(dialect::sql(backend, &sql), values));
    }
    let total = query.clone().count(db).await?;
    if let Some(before) = page.cursor.as_deref().and_then(|cursor| cursor.parse::<SourceId>().ok()) {
        query = query.filter(source::Column::Id.lt(before.uuid()));
    }
    let rows = query.order_by_desc(source::Column::Id).limit(u64::from(page.size()) + 1).all(db).await?;
    let rows = rows.into_iter().map(read).collect::<Result<Vec<_>>>()?;
    Ok(Page::cut(rows, page.size(), |row| row.id.to_string()).with_total(total))
}

/// The source, if it is in the workspace.
pub async fn find(db: &impl Db, scope: Scope, id: SourceId) -> Result<Option<Source>> {
    in_scope(scope).filter(source::Column::Id.eq(id.uuid())).one(db).await?.map(read).transpose()
}

/// The source, which must be in the workspace.
pub async fn get(db: &impl Db, scope: Scope, id: SourceId) -> Result<Source> {
    find(db, scope, id).await?.ok_or(StoreError::NotFound("knowledge source"))
}

/// A source as ingestion needs it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Work {
    /// The source.
    pub source: Source,
    /// The most pages a site's crawl may read.
    pub max_pages: u32,
    /// What people asked for last.
    pub version: u64,
    /// The revision of its searchable chunks; 0 before the first.
    pub revision: u64,
}

/// The source with what ingestion needs, if it is still there.
pub async fn find_work(db: &impl Db, scope: Scope, id: SourceId) -> Result<Option<Work>> {
    let row = in_scope(scope).filter(source::Column::Id.eq(id.uuid())).one(db).await?;
    row.map(|row| {
        Ok(Work {
            max_pages: row.max_pages.unsigned_abs(),
            version: row.version.unsigned_abs(),
            revision: row.revision.unsigned_abs(),
            source: read(row)?,
        })
    })
    .transpose()
}

/// How many sources there are, the bytes they were made from, and their searchable chunks.
pub async fn totals(db: &impl Db, scope: Scope) -> Result<(u64, u64, u64)> {
    let backend = db.get_database_backend();
    let sql = dialect::sql(
        backend,
        "SELECT COUNT(*), CAST(COALESCE(SUM(bytes), 0) AS BIGINT), CAST(COALESCE(SUM(chunks), 0) AS BIGINT) \
         FROM source WHERE workspace_id = ?",
    );
    let row = db
        .query_one_raw(Statement::from_sql_and_values(backend, sql, [scope.workspace().uuid().into()]))
        .await?;
    let Some(row) = row else { return Ok((0, 0, 0)) };
    let number = |index| row.try_get_by_index::<i64>(index).map(i64::unsigned_abs);
    Ok((number(0)?, number(1)?, number(2)?))
}

/// What a source was made from: text, pairs as JSON, or a file's bytes; absent for pages and sites.
pub async fn content(db: &impl Db, scope: Scope, id: SourceId) -> Result<Option<Vec<u8>>> {
    let row = source_content::Entity::find_by_id(id.uuid())
        .filter(source_content::Column::WorkspaceId.eq(scope.workspace().uuid()))
        .one(db)
        .await?;
    Ok(row.map(|row| row.bytes))
}

/// Stores a new source and what it is made from.
pub async fn insert(
    db: &impl Db,
    scope: Scope,
    new: &Source,
    max_pages: u32,
    content: Option<&[u8]>,
) -> Result<()> {
    let row = source::ActiveModel {
        id: Set(new.id.uuid()),
        workspace_id: Set(scope.workspace().uuid()),
        kind: Set(to_word(TABLE, &new.kind)?),
        title: Set(new.title.clone()),
        url: Set(new.url.clone()),
        file_name: Set(new.file_name.clone()),
        bytes: Set(new.bytes as i64),
        status: Set(to_word(TABLE, &new.status)?),
        progress: Set(i32::from(new.progress)),
        stage: Set(new.stage.clone()),
        error: Set(new.error.clone()),
        chunks: Set(new.chunks as i32),
        pages: Set(new.pages as i32),
        language: Set(new.language.map(|language| language.code().to_owned())),
        max_pages: Set(max_pages as i32),
        revision: Set(0),
        version: Set(1),
        embedder: Set(None),
        created_at: Set(new.created_at.as_millis()),
        synced_at: Set(new.synced_at.map(Timestamp::as_millis)),
    };
    source::Entity::insert(row).exec_without_returning(db).await?;
    if let Some(bytes) = content {
        put_content(db, scope, new.id, bytes).await?;
    }
    Ok(())
}

/// Replaces what a source is made from.
pub async fn put_content(db: &impl Db, scope: Scope, id: SourceId, bytes: &[u8]) -> Result<()> {
    source_content::Entity::delete_many()
        .filter(source_content::Column::SourceId.eq(id.uuid()))
        .filter(source_content::Column::WorkspaceId.eq(scope.workspace().uuid()))
        .exec(db)
        .await?;
    let row = source_content::ActiveModel {
        source_id: Set(id.uuid()),
        workspace_id: Set(scope.workspace().uuid()),
        bytes: Set(bytes.to_vec()),
    };
    source_content::Entity::insert(row).exec_without_returning(db).await?;
    Ok(())
}

fn one(scope: Scope, id: SourceId) -> UpdateMany<source::Entity> {
    source::Entity::update_many()
        .filter(source::Column::Id.eq(id.uuid()))
        .filter(source::Column::WorkspaceId.eq(scope.workspace().uuid()))
}

/// Changes the title.
pub async fn rename(db: &impl Db, scope: Scope, id: SourceId, title: &str) -> Result<()> {
    let done = one(scope, id).col_expr(source::Column::Title, Expr::value(title)).exec(db).await?;
    if done.rows_affected == 0 { Err(StoreError::NotFound("knowledge source")) } else { Ok(()) }
}

/// Gives a source that still has its first title a better one.
pub async fn retitle(db: &impl Db, scope: Scope, id: SourceId, first: &str, better: &str) -> Result<()> {
    one(scope, id)
        .col_expr(source::Column::Title, Expr::value(better))
        .filter(source::Column::Title.eq(first))
        .exec(db)
        .await?;
    Ok(())
}

/// Notes that the source is to be ingested (again), from content of this size.
pub async fn request(db: &impl Db, scope: Scope, id: SourceId, bytes: u64, stage: &str) -> Result<()> {
    let done = one(scope, id)
        .col_expr(source::Column::Version, Expr::col(source::Column::Version).add(1))
        .col_expr(source::Column::Bytes, Expr::value(bytes as i64))
        .col_expr(source::Column::Status, Expr::value(to_word(TABLE, &SourceStatus::Queued)?))
        .col_expr(source::Column::Progress, Expr::value(0))
        .col_expr(source::Column::Stage, Expr::value(stage))
        .col_expr(source::Column::Error, Expr::value(Option::<String>::None))
        .exec(db)
        .await?;
    if done.rows_affected == 0 { Err(StoreError::NotFound("knowledge source")) } else { Ok(()) }
}

/// Notes how far ingestion is. False when the source was changed or deleted meanwhile.
pub async fn progress(
    db: &impl Db,
    scope: Scope,
    id: SourceId,
    version: u64,
    percent: u8,
    stage: &str,
) -> Result<bool> {
    let done = one(scope, id)
        .col_expr(source::Column::Status, Expr::value(to_word(TABLE, &SourceStatus::Processing)?))
        .col_expr(source::Column::Progress, Expr::value(i32::from(percent)))
        .col_expr(source::Column::Stage, Expr::value(stage))
        .filter(source::Column::Version.eq(version as i64))
        .exec(db)
        .await?;
    Ok(done.rows_affected > 0)
}

/// Notes why ingestion failed; what was searchable still is. False when the source was changed or deleted meanwhile.
pub async fn fail(db: &impl Db, scope: Scope, id: SourceId, version: u64, error: &str) -> Result<bool> {
    let done = one(scope, id)
        .col_expr(source::Column::Status, Expr::value(to_word(TABLE, &SourceStatus::Failed)?))
        .col_expr(source::Column::Stage, Expr::value(""))
        .col_expr(source::Column::Error, Expr::value(error))
        .filter(source::Column::Version.eq(version as i64))
        .exec(db)
        .await?;
    Ok(done.rows_affected > 0)
}

/// What ingestion made of a source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ingested {
    /// The version it was made from.
    pub version: u64,
    /// The revision that was searchable when it began.
    pub before: u64,
    /// The revision its chunks were stored under.
    pub revision: u64,
    /// How many chunks there are.
    pub chunks: u32,
    /// How many pages were read.
    pub pages: u32,
    /// Size of what was read, in bytes.
    pub bytes: u64,
    /// Its language, when it is one Frontdesk speaks.
    pub language: Option<Language>,
    /// The embedding model of its chunks.
    pub embedder: Option<String>,
}

/// Makes a revision the searchable one and deletes all others. False, with nothing changed, when the source was
/// changed, published by another worker or deleted meanwhile, or when not all of its chunks are stored.
pub async fn publish(
    db: &impl Db,
    scope: Scope,
    id: SourceId,
    ingested: &Ingested,
    now: Timestamp,
) -> Result<bool> {
    if chunk::count(db, scope, id, ingested.revision).await? != u64::from(ingested.chunks) {
        return Ok(false);
    }
    let language = ingested.language.map(|language| language.code().to_owned());
    let done = one(scope, id)
        .col_expr(source::Column::Revision, Expr::value(ingested.revision as i64))
        .col_expr(source::Column::Status, Expr::value(to_word(TABLE, &SourceStatus::Ready)?))
        .col_expr(source::Column::Progress, Expr::value(100))
        .col_expr(source::Column::Stage, Expr::value(""))
        .col_expr(source::Column::Error, Expr::value(Option::<String>::None))
        .col_expr(source::Column::Chunks, Expr::value(ingested.chunks as i32))
        .col_expr(source::Column::Pages, Expr::value(ingested.pages as i32))
        .col_expr(source::Column::Bytes, Expr::value(ingested.bytes as i64))
        .col_expr(source::Column::Language, Expr::value(language))
        .col_expr(source::Column::Embedder, Expr::value(ingested.embedder.clone()))
        .col_expr(source::Column::SyncedAt, Expr::value(now.as_millis()))
        .filter(source::Column::Version.eq(ingested.version as i64))
        .filter(source::Column::Revision.eq(ingested.before as i64))
        .exec(db)
        .await?;
    if done.rows_affected == 0 {
        return Ok(false);
    }
    drop_revisions(db, scope, id, ingested.revision).await?;
    Ok(true)
}

/// A source whose chunks are searchable, as an index needs it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Published {
    /// The source.
    pub id: SourceId,
    /// Its title.
    pub title: String,
    /// Its language, when it is one Frontdesk speaks.
    pub language: Option<Language>,
    /// The revision of its chunks.
    pub revision: u64,
    /// How many chunks it has.
    pub chunks: u32,
    /// The embedding model of its chunks.
    pub embedder: Option<String>,
}

/// Sources that have searchable chunks; all of them, or those among `ids`.
pub async fn list_published(db: &impl Db, scope: Scope, ids: Option<&[SourceId]>) -> Result<Vec<Published>> {
    let mut query = in_scope(scope).filter(source::Column::Revision.gt(0));
    if let Some(ids) = ids {
        query = query.filter(source::Column::Id.is_in(ids.iter().map(|id| id.uuid())));
    }
    let rows = query.order_by_asc(source::Column::Id).all(db).await?;
    Ok(rows
        .into_iter()
        .map(|row| Published {
            id: SourceId::from_uuid(row.id),
            title: row.title,
            language: row.language.as_deref().and_then(Language::of_tag),
            revision: row.revision.unsigned_abs(),
            chunks: row.chunks.unsigned_abs(),
            embedder: row.embedder,
        })
        .collect())
}

/// Workspaces with searchable sources whose vectors are not of this model. System work.
pub async fn workspaces_embedded_otherwise_everywhere(
    db: &impl Db,
    embedder: Option<&str>,
) -> Result<Vec<WorkspaceId>> {
    let differs = match embedder {
        Some(name) => source::Column::Embedder.ne(name).or(source::Column::Embedder.is_null()),
        None => source::Column::Embedder.is_not_null(),
    };
    let found: Vec<uuid::Uuid> = source::Entity::find()
        .select_only()
        .column(source::Column::WorkspaceId)
        .distinct()
        .filter(source::Column::Revision.gt(0))
        .filter(differs)
        .into_tuple()
        .all(db)
        .await?;
    Ok(found.into_iter().map(WorkspaceId::from_uuid).collect())
}

/// Deletes a source with everything of it.
pub async fn delete(db: &impl Db, scope: Scope, id: SourceId) -> Result<()> {
    let done = source::Entity::delete_many()
        .filter(source::Column::Id.eq(id.uuid()))
        .filter(source::Column::WorkspaceId.eq(scope.workspace().uuid()))
        .exec(db)
        .await?;
    if done.rows_affected == 0 {
        return Err(StoreError::NotFound("knowledge source"));
    }
    source_content::Entity::delete_by_id(id.uuid()).exec(db).await?;
    chunk::delete_all(db, scope, id).await
}
