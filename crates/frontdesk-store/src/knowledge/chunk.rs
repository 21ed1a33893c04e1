//! Chunks: the pieces of a source, by revision. Only the source's own revision is searchable.

use frontdesk_domain::context::Scope;
use frontdesk_domain::id::{ChunkId, SourceId};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Set};

use crate::entity::{chunk, source};
use crate::tx::Db;
use crate::{Result, dialect};

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

fn read(row: chunk::Model) -> StoredChunk {
    StoredChunk {
        id: ChunkId::from_uuid(row.id),
        ordinal: row.ordinal.unsigned_abs(),
        body: row.body,
        url: row.url,
        vector: row.embedder.zip(row.vector.as_deref().map(read_vector)),
    }
}

fn read_vector(bytes: &[u8]) -> Vec<f32> {
    bytes.as_chunks::<4>().0.iter().map(|quad| f32::from_le_bytes(*quad)).collect()
}

fn write_vector(vector: &[f32]) -> Vec<u8> {
    vector.iter().flat_map(|value| value.to_le_bytes()).collect()
}

fn of_source(scope: Scope, id: SourceId) -> sea_orm::Condition {
    sea_orm::Condition::all()
        .add(chunk::Column::SourceId.eq(id.uuid()))
        .add(chunk::Column::WorkspaceId.eq(scope.workspace().uuid()))
}

/// Searchable chunks of a source in order, from place `from` on, at most `limit`.
pub async fn list_chunks(
    db: &impl Db,
    scope: Scope,
    id: SourceId,
    from: u32,
    limit: u64,
) -> Result<Vec<StoredChunk>> {
    let rows = chunk::Entity::find()
        .filter(of_source(scope, id))
        .filter(Expr::cust(SEARCHABLE))
        .filter(chunk::Column::Ordinal.gte(from as i32))
        .order_by_asc(chunk::Column::Ordinal)
        .limit(limit)
        .all(db)
        .await?;
    Ok(rows.into_iter().map(read).collect())
}

const SEARCHABLE: &str = "revision = (SELECT s.revision FROM source s WHERE s.id = chunk.source_id)";

/// Searchable chunks of several sources, source by source and in order within each.
pub async fn list_chunks_of(
    db: &impl Db,
    scope: Scope,
    ids: &[SourceId],
) -> Result<Vec<(SourceId, Vec<StoredChunk>)>> {
    let rows = chunk::Entity::find()
        .filter(chunk::Column::SourceId.is_in(ids.iter().map(|id| id.uuid())))
        .filter(chunk::Column::WorkspaceId.eq(scope.workspace().uuid()))
        .filter(Expr::cust(SEARCHABLE))
        .order_by_asc(chunk::Column::SourceId)
        .order_by_asc(chunk::Column::Ordinal)
        .all(db)
        .await?;
    let mut grouped: Vec<(SourceId, Vec<StoredChunk>)> = Vec::new();
    for row in rows {
        let source = SourceId::from_uuid(row.source_id);
        match grouped.last_mut() {
            Some((last, chunks)) if *last == source => chunks.push(read(row)),
            _ => grouped.push((source, vec![read(row)])),
        }
    }
    Ok(grouped)
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
        vector: Set(stored.vector.as_ref().map(|(_, vector)| write_vector(vector))),
    };
    for rows in dialect::batches(chunks.iter().map(row)) {
        chunk::Entity::insert_many(rows).exec_without_returning(db).await?;
    }
    Ok(())
}

/// How many chunks of a revision are stored.
pub(super) async fn count(db: &impl Db, scope: Scope, id: SourceId, revision: u64) -> Result<u64> {
    let query = chunk::Entity::find()
        .filter(of_source(scope, id))
        .filter(chunk::Column::Revision.eq(revision as i64));
    Ok(query.count(db).await?)
}

/// Deletes all chunks of a source but those of one revision.
pub async fn drop_revisions(db: &impl Db, scope: Scope, id: SourceId, keep: u64) -> Result<()> {
    chunk::Entity::delete_many()
        .filter(of_source(scope, id))
        .filter(chunk::Column::Revision.ne(keep as i64))
        .exec(db)
        .await?;
    Ok(())
}

/// Replaces vectors of chunks, which stay searchable by their words meanwhile.
pub async fn put_vectors(
    db: &impl Db,
    scope: Scope,
    embedder: &str,
    vectors: &[(ChunkId, Vec<f32>)],
) -> Result<()> {
    for (id, vector) in vectors {
        chunk::Entity::update_many()
            .col_expr(chunk::Column::Embedder, Expr::value(embedder))
            .col_expr(chunk::Column::Vector, Expr::value(write_vector(vector)))
            .filter(chunk::Column::Id.eq(id.uuid()))
            .filter(chunk::Column::WorkspaceId.eq(scope.workspace().uuid()))
            .exec(db)
            .await?;
    }
    Ok(())
}

/// Notes that all searchable chunks of a source now carry this model's vectors (or are searched by words alone), as a
/// new revision, so that indexes read them again. False when the source changed meanwhile.
pub async fn embedded(
    db: &impl Db,
    scope: Scope,
    id: SourceId,
    revision: u64,
    embedder: Option<&str>,
) -> Result<bool> {
    let next = revision + 1;
    let done = source::Entity::update_many()
        .col_expr(source::Column::Revision, Expr::value(next as i64))
        .col_expr(source::Column::Embedder, Expr::value(embedder.map(str::to_owned)))
        .filter(source::Column::Id.eq(id.uuid()))
        .filter(source::Column::WorkspaceId.eq(scope.workspace().uuid()))
        .filter(source::Column::Revision.eq(revision as i64))
        .exec(db)
        .await?;
    if done.rows_affected == 0 {
        return Ok(false);
    }
    // Chunks that a running ingestion stored for the next revision are its own to store again.
    chunk::Entity::delete_many()
        .filter(of_source(scope, id))
        .filter(chunk::Column::Revision.ne(revision as i64))
        .exec(db)
        .await?;
    chunk::Entity::update_many()
        .col_expr(chunk::Column::Revision, Expr::value(next as i64))
        .filter(of_source(scope, id))
        .exec(db)
        .await?;
    Ok(true)
}

/// Deletes all chunks of a source.
pub(super) async fn delete_all(db: &impl Db, scope: Scope, id: SourceId) -> Result<()> {
    chunk::Entity::delete_many().filter(of_source(scope, id)).exec(db).await?;
    Ok(())
}
