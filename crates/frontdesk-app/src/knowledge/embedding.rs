//! Embedding passages, and embedding them anew when the model changes.

use std::sync::Arc;

use frontdesk_domain::connection::ConnectionCategory;
use frontdesk_domain::context::Context;
use frontdesk_domain::event::Event;
use frontdesk_knowledge::chunk::Chunk;
use frontdesk_llm::embed::{EmbedError, EmbedPurpose, Embedder};
use frontdesk_queue::{ClaimedJob, Failure};
use frontdesk_store::knowledge::{self, Published};
use frontdesk_store::{JobRequest, Tx, job};
use serde_json::json;

use crate::{App, AppError, Result};

/// The job that embeds a workspace's passages with its present model.
pub const REEMBED_JOB: &str = "knowledge.reembed";
/// One of these waits or runs per workspace.
const KEY: &str = "workspace";
/// Passages embedded, and stored, at once.
pub(super) const BATCH: usize = 64;

/// Has the workspace's passages embedded anew when a connection of this category was made, changed or removed.
pub fn embedder_changed(tx: &Tx, category: ConnectionCategory) {
    if category == ConnectionCategory::Embedding {
        tx.enqueue(JobRequest::new(REEMBED_JOB, json!({})).unique(KEY));
    }
}

/// Has every workspace embedded anew whose vectors may be of another model than today's. For start-up: the model of
/// the installation is configuration.
pub async fn plan_reembedding(app: &App) -> Result<()> {
    let name = app.library.settings().embedder.as_ref().map(|model| model.name().to_owned());
    let reader = app.store.reader();
    for workspace in knowledge::workspaces_embedded_otherwise_everywhere(reader, name.as_deref()).await? {
        let ctx = app.system(workspace, "knowledge.plan_reembedding");
        let tx = app.store.begin(&ctx).await?;
        embedder_changed(&tx, ConnectionCategory::Embedding);
        tx.commit().await?;
    }
    Ok(())
}

/// One vector per passage.
pub(super) async fn embed(model: &dyn Embedder, chunks: &[Chunk]) -> Result<Vec<Vec<f32>>, EmbedError> {
    let texts: Vec<String> = chunks.iter().map(Chunk::embedding_text).collect();
    let vectors = model.embed(&texts, EmbedPurpose::Passage).await?;
    if vectors.len() == texts.len() {
        return Ok(vectors);
    }
    let reason = format!("{} vectors came back for {} texts", vectors.len(), texts.len());
    Err(EmbedError::Unusable { model: model.name().to_owned(), reason })
}

/// The job: embeds source after source until all carry vectors of the present model. Passages stay searchable by their
/// words meanwhile.
pub async fn reembed(app: &App, job: &ClaimedJob) -> Result<(), Failure> {
    let ctx = app.system(job.workspace, REEMBED_JOB);
    let retry = |error: AppError| Failure::Retry(error.to_string());
    loop {
        let embedder = app.library.embedder(&app.store, ctx.scope()).await.map_err(retry)?;
        let name = embedder.as_ref().map(|model| model.name().to_owned());
        let tx = app.store.begin(&ctx).await.map_err(AppError::from).map_err(retry)?;
        let published = knowledge::list_published(&tx, ctx.scope(), None).await;
        let published = published.map_err(AppError::from).map_err(retry)?;
        let Some(next) = published.into_iter().find(|source| source.embedder != name) else {
            // Done in the same unit of work that saw it: a connection changed from now on makes a new job.
            let done = job::complete(&tx, ctx.scope(), job.id).await;
            done.map_err(AppError::from).map_err(retry)?;
            return tx.commit().await.map_err(AppError::from).map_err(retry);
        };
        drop(tx);
        match reembed_source(app, &ctx, &next, embedder.as_ref()).await {
            Ok(()) => {}
            Err(Stopped::Model(error @ EmbedError::Unusable { .. })) => {
                return Err(Failure::Permanent(format!("embedding \"{}\": {error}", next.title)));
            }
            Err(Stopped::Model(error)) => return Err(Failure::Retry(error.to_string())),
            Err(Stopped::App(error)) => return Err(retry(error)),
        }
    }
}

enum Stopped {
    Model(EmbedError),
    App(AppError),
}

impl<E: Into<AppError>> From<E> for Stopped {
    fn from(error: E) -> Self {
        Self::App(error.into())
    }
}

async fn reembed_source(
    app: &App,
    ctx: &Context,
    source: &Published,
    embedder: Option<&Arc<dyn Embedder>>,
) -> Result<(), Stopped> {
    let scope = ctx.scope();
    if let Some(model) = embedder {
        let mut from = 0;
        loop {
            let stored =
                knowledge::list_chunks(app.store.reader(), scope, source.id, from, BATCH as u64).await?;
            let Some(last) = stored.last() else { break };
            from = last.ordinal.saturating_add(1);
            let old: Vec<_> = stored
                .into_iter()
                .filter(|chunk| chunk.vector.as_ref().is_none_or(|(name, _)| name != model.name()))
                .collect();
            if old.is_empty() {
                continue;
            }
            let damaged = |error| AppError::Internal(format!("stored chunk: {error}"));
            let chunks =
                old.iter().map(|stored| serde_json::from_str::<Chunk>(&stored.body).map_err(damaged));
            let chunks = chunks.collect::<Result<Vec<_>>>()?;
            let vectors = embed(model.as_ref(), &chunks).await.map_err(Stopped::Model)?;
            let vectors: Vec<_> = old.iter().map(|stored| stored.id).zip(vectors).collect();
            let tx = app.store.begin(ctx).await?;
            knowledge::put_vectors(&tx, scope, model.name(), &vectors).await?;
            tx.commit().await?;
        }
    }
    let tx = app.store.begin(ctx).await?;
    let name = embedder.map(|model| model.name());
    if knowledge::embedded(&tx, scope, source.id, source.revision, name).await? {
        tx.emit(Event::KnowledgeUpdated { source_id: source.id });
        tx.commit().await?;
    }
    Ok(())
}
