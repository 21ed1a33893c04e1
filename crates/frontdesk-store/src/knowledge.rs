//! Knowledge sources and their chunks.
//!
//! A source's searchable chunks carry its revision. Ingestion stores the chunks of the next revision beside the old
//! ones and then [`publish`]es it in one unit of work: readers see the old chunks or the new ones, never a mixture.

use frontdesk_domain::context::Scope;
use frontdesk_domain::id::{ChunkId, SourceId};
use frontdesk_domain::knowledge::{Source, SourceKind, SourceStatus};
use frontdesk_domain::locale::Language;
use frontdesk_domain::page::{Page, PageRequest};
use frontdesk_domain::time::Timestamp;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Set};

use crate::column::{from_word, to_word};
use crate::entity::{chunk, source, source_content};
use crate::tx::Db;
use crate::{Result, StoreError, dialect};

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

/// The most pages a site's crawl may read.
pub async fn max_pages(db: &impl Db, scope: Scope, id: SourceId) -> Result<u32> {
    let row = in_scope(scope).filter(source::Column::Id.eq(id.uuid())).one(db).await?;
    Ok(row.ok_or(StoreError::NotFound("knowledge source"))?.max_pages.unsigned_abs())
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

/// Changes title, status, progress and error; chunks and revision change through [`publish`].
pub async fn update(db: &impl Db, scope: Scope, changed: &Source) -> Result<()> {
    let done = source::Entity::update_many()
        .col_expr(source::Column::Title, Expr::value(changed.title.as_str()))
        .col_expr(source::Column::Url, Expr::value(changed.url.clone()))
        .col_expr(source::Column::Bytes, Expr::value(changed.bytes as i64))
        .col_expr(source::Column::Status, Expr::value(to_word(TABLE, &changed.status)?))
        .col_expr(source::Column::Progress, Expr::value(i32::from(changed.progress)))
        .col_expr(source::Column::Stage, Expr::value(changed.stage.as_str()))
        .col_expr(source::Column::Error, Expr::value(changed.error.clone()))
        .col_expr(source::Column::Pages, Expr::value(changed.pages as i32))
        .filter(source::Column::Id.eq(changed.id.uuid()))
        .filter(source::Column::WorkspaceId.eq(scope.workspace().uuid()))
        .exec(db)
        .await?;
    if done.rows_affected == 0 { Err(StoreError::NotFound("knowledge source")) } else { Ok(()) }
}

/// A chunk as stored; `body` is JSON of the knowledge crate's chunk.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredChunk {
    /// Its id.
    pub id: ChunkId,
    /// Its place in the source, from 0.
    pub ordinal: u32,
    /// The chunk, JSON.
    pub body: String,
    /// The web address it came from.
    pub url: Option<String>,
    /// The embedding model and the vector.
    pub vector: Option<(String, Vec<f32>)>,
}

/// A source whose chunks are searchable, as an index needs it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Published {
    /// The source.
    pub id: SourceId,
    /// Its title.
    pub title: String,
    /// Its language.
    pub language: Language,
    /// The revision of its chunks.
    pub revision: u64,
}

/// Sources that have searchable chunks.
pub async fn list_published(db: &impl Db, scope: Scope) -> Result<Vec<Published>> {
    let rows = in_scope(scope).filter(source::Column::Revision.gt(0)).all(db).await?;
    Ok(rows
        .into_iter()
        .map(|row| Published {
            id: SourceId::from_uuid(row.id),
            title: row.title,
            language: row.language.as_deref().and_then(Language::of_tag).unwrap_or_default(),
            revision: row.revision.unsigned_abs(),
        })
        .collect())
}

/// The revision of a source's searchable chunks.
pub async fn revision(db: &impl Db, scope: Scope, id: SourceId) -> Result<u64> {
    let row = in_scope(scope).filter(source::Column::Id.eq(id.uuid())).one(db).await?;
    Ok(row.ok_or(StoreError::NotFound("knowledge source"))?.revision.unsigned_abs())
}

/// Chunks of a revision in order, from `from` on, at most `limit`.
pub async fn list_chunks(
    db: &impl Db,
    scope: Scope,
    id: SourceId,
    revision: u64,
    from: u32,
    limit: u64,
) -> Result<Vec<StoredChunk>> {
    let rows = chunk::Entity::find()
        .filter(chunk::Column::SourceId.eq(id.uuid()))
        .filter(chunk::Column::WorkspaceId.eq(scope.workspace().uuid()))
        .filter(chunk::Column::Revision.eq(revision as i64))
        .filter(chunk::Column::Ordinal.gte(from as i32))
        .order_by_asc(chunk::Column::Ordinal)
        .limit(limit)
        .all(db)
        .await?;
    Ok(rows
        .into_iter()
        .map(|row| StoredChunk {
            id: ChunkId::from_uuid(row.id),
            ordinal: row.ordinal.unsigned_abs(),
            body: row.body,
            url: row.url,
            vector: row.embedder.zip(row.vector.as_deref().map(read_vector)),
        })
        .collect())
}

fn read_vector(bytes: &[u8]) -> Vec<f32> {
    bytes.as_chunks::<4>().0.iter().map(|quad| f32::from_le_bytes(*quad)).collect()
}

/// Stores chunks of a revision that is not searchable yet.
pub async fn insert_chunks(
    db: &impl Db,
    scope: Scope,
    id: SourceId,
    revision: u64,
    chunks: &[StoredChunk],
) -> Result<()> {
    let row = |stored: &StoredChunk| chunk::ActiveModel {
        id: Set(stored.id.uuid()),
        workspace_id: Set(scope.workspace().uuid()),
        source_id: Set(id.uuid()),
        revision: Set(revision as i64),
        ordinal: Set(stored.ordinal as i32),
        body: Set(stored.body.clone()),
        url: Set(stored.url.clone()),
        embedder: Set(stored.vector.as_ref().map(|(embedder, _)| embedder.clone())),
        vector: Set(stored
            .vector
            .as_ref()
            .map(|(_, vector)| vector.iter().flat_map(|value| value.to_le_bytes()).collect())),
    };
    for rows in dialect::batches(chunks.iter().map(row)) {
        chunk::Entity::insert_many(rows).exec_without_returning(db).await?;
    }
    Ok(())
}

/// Makes a revision the searchable one and deletes all others.
pub async fn publish(
    db: &impl Db,
    scope: Scope,
    id: SourceId,
    revision: u64,
    (chunks, pages): (u32, u32),
    language: Language,
    now: Timestamp,
) -> Result<()> {
    let done = source::Entity::update_many()
        .col_expr(source::Column::Revision, Expr::value(revision as i64))
        .col_expr(source::Column::Status, Expr::value("ready"))
        .col_expr(source::Column::Progress, Expr::value(100))
        .col_expr(source::Column::Stage, Expr::value(""))
        .col_expr(source::Column::Error, Expr::value(Option::<String>::None))
        .col_expr(source::Column::Chunks, Expr::value(chunks as i32))
        .col_expr(source::Column::Pages, Expr::value(pages as i32))
        .col_expr(source::Column::Language, Expr::value(language.code()))
        .col_expr(source::Column::SyncedAt, Expr::value(now.as_millis()))
        .filter(source::Column::Id.eq(id.uuid()))
        .filter(source::Column::WorkspaceId.eq(scope.workspace().uuid()))
        .exec(db)
        .await?;
    if done.rows_affected == 0 {
        return Err(StoreError::NotFound("knowledge source"));
    }
    drop_revisions(db, scope, id, revision).await
}

/// Deletes all chunks of a source but those of one revision.
pub async fn drop_revisions(db: &impl Db, scope: Scope, id: SourceId, keep: u64) -> Result<()> {
    chunk::Entity::delete_many()
        .filter(chunk::Column::SourceId.eq(id.uuid()))
        .filter(chunk::Column::WorkspaceId.eq(scope.workspace().uuid()))
        .filter(chunk::Column::Revision.ne(keep as i64))
        .exec(db)
        .await?;
    Ok(())
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
    chunk::Entity::delete_many()
        .filter(chunk::Column::SourceId.eq(id.uuid()))
        .filter(chunk::Column::WorkspaceId.eq(scope.workspace().uuid()))
        .exec(db)
        .await?;
    Ok(())
}
