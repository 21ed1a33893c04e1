//! The ingestion job: reads a source, cuts it, embeds it, stores it beside the old, swaps it in.
//!
//! Nothing is searchable before all of it is stored: chunks are stored under a new revision and published in one unit
//! of work. A job that dies in between leaves only chunks nobody sees, which the next try deletes. A source that was
//! changed meanwhile is read again; one that was deleted is forgotten. A failure is told on the source in plain words,
//! and what was searchable before still is.

mod crawl;
mod read;

use frontdesk_domain::context::Context;
use frontdesk_domain::event::Event;
use frontdesk_domain::id::{ChunkId, SourceId};
use frontdesk_domain::knowledge::{SourceKind, SourceStatus};
use frontdesk_domain::locale::Language;
use frontdesk_knowledge::chunk::Chunk;
use frontdesk_llm::embed::{EmbedError, Embedder};
use frontdesk_queue::{ClaimedJob, Failure};
use frontdesk_store::knowledge::{self, Ingested, StoredChunk, Work};
use frontdesk_store::{StoreError, Tx, job};
use serde::Deserialize;

use super::embedding::{BATCH, embed};
use super::source::title_of;
use crate::{App, AppError};
use read::Reading;

/// The job's constant name.
pub const INGEST_JOB: &str = "knowledge.ingest";
/// Tries, the last of which only tells that the others never came to an end.
pub(super) const ATTEMPTS: u16 = 6;
/// How often a source may change while it is read before the job makes way for others.
const RESTARTS: usize = 5;

#[derive(Deserialize)]
struct Payload {
    source: SourceId,
}

/// Why reading a source stopped.
#[derive(Debug, thiserror::Error)]
enum Stop {
    /// The source was changed or deleted meanwhile.
    #[error("the source changed while it was read")]
    Changed,
    /// It cannot be read; the text is for the person who added it.
    #[error("{0}")]
    Refused(String),
    /// Trying again may help; the text is for the person who added it.
    #[error("{0}")]
    Later(String),
    /// Our fault.
    #[error(transparent)]
    App(#[from] AppError),
}

impl From<StoreError> for Stop {
    fn from(error: StoreError) -> Self {
        Self::App(error.into())
    }
}

/// A passage with the web address it came from.
#[derive(Debug, Clone, PartialEq)]
struct Piece {
    chunk: Chunk,
    url: Option<String>,
}

/// The job.
pub async fn ingest(app: &App, job: &ClaimedJob) -> Result<(), Failure> {
    let payload = Payload::deserialize(&job.payload);
    let id =
        payload.map_err(|error| Failure::Permanent(format!("{INGEST_JOB} cannot be read: {error}")))?.source;
    let ctx = app.system(job.workspace, INGEST_JOB);
    for _ in 0..RESTARTS {
        let found = knowledge::find_work(app.store.reader(), ctx.scope(), id).await;
        let Some(work) = found.map_err(|error| Failure::Retry(error.to_string()))? else { return Ok(()) };
        if work.source.status == SourceStatus::Ready {
            // Published by a worker that died before it could say so.
            return Ok(());
        }
        let run = Run { app, ctx: &ctx, work, job };
        let stop = match run.perform().await {
            Ok(()) => return Ok(()),
            Err(stop) => stop,
        };
        let last_chance = job.attempt.saturating_add(1) >= job.max_attempts;
        let told = match stop {
            Stop::Changed => continue,
            Stop::Refused(reason) => run.fail(&reason).await,
            Stop::Later(reason) if last_chance => run.fail(&reason).await,
            Stop::Later(reason) => {
                let stage = format!("Will be tried again soon. {reason}");
                return match run.report(run.work.source.progress, &stage).await {
                    Ok(()) => Err(Failure::Retry(reason)),
                    Err(Stop::Changed) => continue,
                    Err(other) => Err(Failure::Retry(other.to_string())),
                };
            }
            Stop::App(error) if last_chance => {
                tracing::error!(%error, source = %id, "reading a knowledge source");
                run.fail("Something went wrong on our side. Try again; if it keeps happening, tell your administrator.")
                    .await
            }
            Stop::App(error) => return Err(Failure::Retry(error.to_string())),
        };
        match told {
            Ok(()) => return Ok(()),
            Err(Stop::Changed) => {}
            Err(other) => return Err(Failure::Retry(other.to_string())),
        }
    }
    Err(Failure::Retry(Stop::Changed.to_string()))
}

/// One try at one version of a source.
struct Run<'a> {
    app: &'a App,
    ctx: &'a Context,
    work: Work,
    job: &'a ClaimedJob,
}

impl Run<'_> {
    async fn perform(&self) -> Result<(), Stop> {
        if self.job.attempt >= self.job.max_attempts {
            let text = "Reading this stopped several times before it was done. It may be too large or damaged: split it or save it anew, then try again.";
            return Err(Stop::Refused(text.to_owned()));
        }
        self.clear().await?;
        let reading = read::read(self).await?;
        if reading.pieces.is_empty() {
            return Err(Stop::Refused(
                "There is no text in it. Check that you chose the right one.".to_owned(),
            ));
        }
        self.check_room(reading.pieces.len() as u64).await?;
        let (revision, embedder) = self.stage(&reading).await?;
        self.publish(reading, revision, embedder).await
    }

    /// Deletes what an earlier try left behind.
    async fn clear(&self) -> Result<(), Stop> {
        let tx = self.app.store.begin(self.ctx).await?;
        knowledge::drop_revisions(&tx, tx.scope(), self.work.source.id, self.work.revision).await?;
        let stage = match self.work.source.kind {
            SourceKind::Page | SourceKind::Site => "Fetching",
            SourceKind::Text | SourceKind::Faq | SourceKind::File => "Reading",
        };
        self.progress(&tx, 2, stage).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Tells people how far it is.
    async fn report(&self, percent: u8, stage: &str) -> Result<(), Stop> {
        let tx = self.app.store.begin(self.ctx).await?;
        self.progress(&tx, percent, stage).await?;
        tx.commit().await?;
        Ok(())
    }

    async fn progress(&self, tx: &Tx, percent: u8, stage: &str) -> Result<(), Stop> {
        let (id, version) = (self.work.source.id, self.work.version);
        if !knowledge::progress(tx, tx.scope(), id, version, percent, stage).await? {
            return Err(Stop::Changed);
        }
        tx.emit(Event::KnowledgeUpdated { source_id: id });
        Ok(())
    }

    async fn check_room(&self, pieces: u64) -> Result<(), Stop> {
        let (_, _, chunks) = knowledge::totals(self.app.store.reader(), self.ctx.scope()).await?;
        let most = self.app.library.settings().max_chunks;
        if chunks.saturating_sub(u64::from(self.work.source.chunks)).saturating_add(pieces) <= most {
            return Ok(());
        }
        Err(Stop::Refused(format!(
            "This has {pieces} passages, and your sources may hold {most} together. Remove sources you no longer need, then try again."
        )))
    }

    /// Stores the passages with their vectors, not searchable yet.
    async fn stage(&self, reading: &Reading) -> Result<(u64, Option<String>), Stop> {
        let (app, ctx) = (self.app, self.ctx);
        let mut embedder = app.library.embedder(&app.store, ctx.scope()).await?;
        // Apart from any other worker's, should two ever work on the same source.
        let revision = self.work.revision + 1 + app.random.next_u64() % (1 << 20);
        let total = reading.pieces.len();
        let mut shown = 0;
        for (at, batch) in reading.pieces.chunks(BATCH).enumerate() {
            let vectors = match self.vectors(embedder.as_deref(), batch).await {
                Ok(vectors) => vectors,
                Err(stop @ (Stop::Changed | Stop::App(_) | Stop::Later(_))) => return Err(stop),
                Err(Stop::Refused(reason)) => {
                    // Found by words is better than not found at all; embedded later when the model works again.
                    tracing::warn!(reason, source = %self.work.source.id, "a source is stored without embeddings");
                    embedder = None;
                    Vec::new()
                }
            };
            let mut vectors = vectors.into_iter();
            let name = embedder.as_ref().map(|model| model.name().to_owned());
            let tx = app.store.begin(ctx).await?;
            let stored = batch.iter().enumerate().map(|(offset, piece)| {
                Ok(StoredChunk {
                    id: ChunkId::new(tx.now(), tx.random()),
                    ordinal: (at * BATCH + offset) as u32,
                    body: serde_json::to_string(&piece.chunk)
                        .map_err(|error| AppError::Internal(format!("storing a chunk: {error}")))?,
                    url: piece.url.clone(),
                    vector: name.clone().zip(vectors.next()),
                })
            });
            let stored = stored.collect::<Result<Vec<_>, AppError>>()?;
            knowledge::insert_chunks(&tx, tx.scope(), self.work.source.id, revision, &stored).await?;
            let done = at * BATCH + batch.len();
            let percent = 50 + (done * 45 / total) as u8;
            if percent >= shown + 10 {
                shown = percent;
                self.progress(&tx, percent, &format!("Preparing passage {done} of {total} for search"))
                    .await?;
            }
            tx.commit().await?;
        }
        Ok((revision, embedder.map(|model| model.name().to_owned())))
    }

    /// Vectors of a batch; refused when the model can do nothing with it, or did not answer until the last try.
    async fn vectors(&self, embedder: Option<&dyn Embedder>, batch: &[Piece]) -> Result<Vec<Vec<f32>>, Stop> {
        let Some(model) = embedder else { return Ok(Vec::new()) };
        let chunks: Vec<Chunk> = batch.iter().map(|piece| piece.chunk.clone()).collect();
        embed(model, &chunks).await.map_err(|error| match error {
            EmbedError::Unavailable(_) if self.job.attempt.saturating_add(1) < self.job.max_attempts => {
                Stop::Later("The embedding model does not answer.".to_owned())
            }
            other => Stop::Refused(other.to_string()),
        })
    }

    /// Swaps the new passages in and ends the job, together.
    async fn publish(&self, reading: Reading, revision: u64, embedder: Option<String>) -> Result<(), Stop> {
        let source = &self.work.source;
        let ingested = Ingested {
            version: self.work.version,
            before: self.work.revision,
            revision,
            chunks: reading.pieces.len() as u32,
            pages: reading.pages,
            bytes: reading.bytes,
            language: reading.language,
            embedder,
        };
        let tx = self.app.store.begin(self.ctx).await?;
        if !knowledge::publish(&tx, tx.scope(), source.id, &ingested, tx.now()).await? {
            return Err(Stop::Changed);
        }
        if let (Some(title), Some(url)) = (&reading.title, &source.url) {
            knowledge::retitle(&tx, tx.scope(), source.id, &title_of(url), title).await?;
        }
        self.end(&tx).await?;
        tx.commit().await?;
        metrics::counter!("frontdesk_knowledge_ingested_total", "outcome" => "ready").increment(1);
        Ok(())
    }

    /// Tells people that and why it failed, and ends the job: trying again is theirs to ask for.
    async fn fail(&self, reason: &str) -> Result<(), Stop> {
        let (id, version) = (self.work.source.id, self.work.version);
        let tx = self.app.store.begin(self.ctx).await?;
        knowledge::drop_revisions(&tx, tx.scope(), id, self.work.revision).await?;
        if !knowledge::fail(&tx, tx.scope(), id, version, reason).await? {
            return Err(Stop::Changed);
        }
        self.end(&tx).await?;
        tx.commit().await?;
        metrics::counter!("frontdesk_knowledge_ingested_total", "outcome" => "failed").increment(1);
        Ok(())
    }

    /// In the same unit of work as the outcome, so that a change asked for from now on gets a job of its own.
    async fn end(&self, tx: &Tx) -> Result<(), Stop> {
        job::complete(tx, tx.scope(), self.job.id).await?;
        tx.emit(Event::KnowledgeUpdated { source_id: self.work.source.id });
        Ok(())
    }
}

/// The domain's name for a language of the index, when it has one.
fn to_language(language: frontdesk_knowledge::language::Language) -> Option<Language> {
    Language::of_tag(language.tag())
}
