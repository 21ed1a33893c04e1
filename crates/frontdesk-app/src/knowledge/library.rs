//! The library: every workspace's searchable knowledge, in memory while it is used.
//!
//! A workspace's [`Shelf`] is read from the database when it is first asked and thrown away when memory runs short or
//! nobody has asked for a while; the database is the truth. Each question first hears what was committed since the last
//! one, so an answer never rests on sources that were changed or deleted before it was asked. Nothing here writes.

mod shelf;

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use frontdesk_domain::connection::ConnectionCategory;
use frontdesk_domain::context::Scope;
use frontdesk_domain::id::{ChunkId, SourceId, WorkspaceId};
use frontdesk_domain::knowledge::{Citation, KnowledgeAnswer, Passage};
use frontdesk_domain::locale::Language;
use frontdesk_http::{HttpClient, Target};
use frontdesk_knowledge::answer;
use frontdesk_knowledge::index::{Found, Hit, Query};
use frontdesk_knowledge::worker::ParseWorker;
use frontdesk_llm::embed::{EmbedPurpose, Embedder};
use frontdesk_llm::vendor::{Access, build_embedder};
use frontdesk_store::{Committed, Store, connection};
use tokio::sync::broadcast::{self, error::TryRecvError};
use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::Instant;

use crate::secret::{Column, Vault};
use crate::{AppError, Result};
use shelf::{Shelf, Stale};

/// Longest question that is read, in characters.
pub const MAX_QUESTION: usize = 2_000;
/// Most passages of one answer.
pub const MAX_PASSAGES: usize = 50;
/// Larger indexes are searched on a thread of their own, so that a search never holds up other requests.
const SEARCH_INLINE: usize = 4_000;
/// Longest wait for the embedding of a question; then words alone decide.
const EMBED_LIMIT: Duration = Duration::from_secs(3);
/// Files read, and uploads held in memory, at once.
const FILES_AT_ONCE: usize = 2;
const UPLOADS_AT_ONCE: usize = 8;

/// How the library works and what it may use.
#[derive(Clone)]
pub struct LibrarySettings {
    /// Embeds for workspaces without an embedding connection of their own; words alone decide when absent.
    pub embedder: Option<Arc<dyn Embedder>>,
    /// Reads files.
    pub parser: ParseWorker,
    /// Reaches workspaces' embedding connections.
    pub http: HttpClient,
    /// Opens the secrets of those.
    pub vault: Vault,
    /// Largest file, in bytes.
    pub max_file_bytes: usize,
    /// Most chunks of one workspace.
    pub max_chunks: u64,
    /// Most chunks in memory; the workspace asked longest ago is forgotten first.
    pub max_chunks_in_memory: usize,
    /// A workspace that nobody asks for this long is forgotten.
    pub idle: Duration,
    /// The pause between two pages of a site, unless it asks for a longer one.
    pub crawl_pause: Duration,
}

impl LibrarySettings {
    /// The shipped bounds: files of 20 MB, 200,000 chunks in a workspace, 400,000 in memory, half an hour idle.
    pub const fn new(parser: ParseWorker, http: HttpClient, vault: Vault) -> Self {
        Self {
            embedder: None,
            parser,
            http,
            vault,
            max_file_bytes: 20 * 1024 * 1024,
            max_chunks: 200_000,
            max_chunks_in_memory: 400_000,
            idle: Duration::from_mins(30),
            crawl_pause: Duration::from_millis(500),
        }
    }

    /// With an embedder for every workspace that has none of its own.
    pub fn with_embedder(mut self, embedder: Option<Arc<dyn Embedder>>) -> Self {
        self.embedder = embedder;
        self
    }
}

/// Every workspace's searchable knowledge. Cheap to clone.
#[derive(Clone)]
pub struct Library {
    inner: Arc<Inner>,
}

struct Inner {
    settings: LibrarySettings,
    shelves: Mutex<HashMap<WorkspaceId, Arc<Shelf>>>,
    /// What was committed and not heard yet.
    committed: Mutex<Option<broadcast::Receiver<Arc<Committed>>>>,
    files: Semaphore,
    uploads: Semaphore,
}

impl fmt::Debug for Library {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Library")
            .field("workspaces", &lock(&self.inner.shelves).len())
            .finish_non_exhaustive()
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The question, with how it is to be answered.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    /// The question.
    pub question: &'a str,
    /// The language it is asked in, when known.
    pub language: Option<Language>,
    /// Only these sources may answer.
    pub sources: Option<&'a [SourceId]>,
    /// Most passages wanted.
    pub limit: usize,
}

impl Library {
    /// An empty library; workspaces are read when they are asked.
    pub fn new(settings: LibrarySettings) -> Self {
        Self {
            inner: Arc::new(Inner {
                settings,
                shelves: Mutex::default(),
                committed: Mutex::default(),
                files: Semaphore::new(FILES_AT_ONCE),
                uploads: Semaphore::new(UPLOADS_AT_ONCE),
            }),
        }
    }

    /// How it works.
    pub fn settings(&self) -> &LibrarySettings {
        &self.inner.settings
    }

    /// The best passages for a question, best first.
    pub async fn passages(
        &self,
        store: &Store,
        scope: Scope,
        question: &str,
        language: Option<Language>,
        sources: Option<&[SourceId]>,
        limit: usize,
    ) -> Result<Vec<Passage>> {
        Ok(self.ask(store, scope, Asked { question, language, sources, limit }).await?.1)
    }

    /// The answer to a question with citations, or an honest lack of one in the language asked.
    pub async fn answer(
        &self,
        store: &Store,
        scope: Scope,
        question: &str,
        language: Option<Language>,
        sources: Option<&[SourceId]>,
    ) -> Result<KnowledgeAnswer> {
        Ok(self.ask(store, scope, Asked { question, language, sources, limit: 1 }).await?.0)
    }

    /// The answer and the best passages.
    pub async fn ask(
        &self,
        store: &Store,
        scope: Scope,
        asked: Asked<'_>,
    ) -> Result<(KnowledgeAnswer, Vec<Passage>)> {
        let text: String = asked.question.chars().take(MAX_QUESTION).collect();
        let limit = asked.limit.clamp(1, MAX_PASSAGES);
        let shelf = self.shelf(store, scope);
        let books = shelf.read(self, store, scope).await?;
        self.make_room(scope.workspace());
        let query = Query {
            vector: embed_question(books.embedder.as_deref(), &text).await,
            limit,
            sources: asked.sources.map(|ids| ids.iter().map(|id| id.uuid()).collect()),
            language: asked.language.map(to_index_language),
            ..Query::new(text.clone())
        };
        let index = Arc::clone(&books.index);
        let look = move || {
            let (text, language) = (query.text.clone(), query.language);
            let (found, answer) = answer::ask(&index, query);
            let doubt = if answer.is_none() { answer::best_answer(&text, language, &found) } else { None };
            (found, answer, doubt.map_or(0.0, |poor| poor.confidence))
        };
        let (found, answered, doubt) = if books.index.size().chunks <= SEARCH_INLINE {
            look()
        } else {
            let failed = |error| AppError::Internal(format!("searching knowledge: {error}"));
            tokio::task::spawn_blocking(look).await.map_err(failed)?
        };
        let url_of = |source, chunk| shelf.url_of(source, chunk);
        let passages = passages_of(found, limit, url_of);
        let answer = answered.map_or_else(
            || {
                let language = asked.language.or_else(|| language_of_text(&text)).unwrap_or_default();
                silence(language, doubt)
            },
            |answer| answer_of(answer, url_of),
        );
        Ok((answer, passages))
    }

    /// The right to read one file; files wait for each other, since each may take a gigabyte.
    pub(super) async fn file_permit(&self) -> Result<SemaphorePermit<'_>> {
        let closed = |error| AppError::Internal(format!("waiting to read a file: {error}"));
        self.inner.files.acquire().await.map_err(closed)
    }

    /// The right to hold one upload in memory.
    pub(super) async fn upload_permit(&self) -> Result<SemaphorePermit<'_>> {
        let closed = |error| AppError::Internal(format!("waiting to receive a file: {error}"));
        self.inner.uploads.acquire().await.map_err(closed)
    }

    /// The embedder of a workspace: its own connection's, else the installation's, else none.
    pub(super) async fn embedder(&self, store: &Store, scope: Scope) -> Result<Option<Arc<dyn Embedder>>> {
        let settings = &self.inner.settings;
        for sealed in connection::list_enabled(store.reader(), scope, ConnectionCategory::Embedding).await? {
            let id = sealed.connection.id;
            let secret = sealed
                .secret
                .as_deref()
                .map(|secret| settings.vault.unseal(scope.workspace(), Column::ConnectionSecret, secret))
                .transpose();
            let secret = match secret {
                Ok(secret) => secret,
                Err(error) => {
                    tracing::error!(%error, connection = %id, "an embedding connection is unusable");
                    continue;
                }
            };
            let access = Access { http: settings.http.clone(), target: Target::Public, secret };
            match build_embedder(&sealed.connection.vendor, &sealed.connection.settings, access) {
                Ok(embedder) => return Ok(Some(embedder)),
                Err(error) => {
                    tracing::error!(%error, connection = %id, "an embedding connection is unusable");
                }
            }
        }
        Ok(settings.embedder.clone())
    }

    /// The workspace's shelf, with everything committed until now marked on it.
    fn shelf(&self, store: &Store, scope: Scope) -> Arc<Shelf> {
        self.hear(store);
        let shelf = Arc::clone(lock(&self.inner.shelves).entry(scope.workspace()).or_default());
        shelf.touch();
        shelf
    }

    /// Marks what was committed since the last question on the shelves it concerns.
    fn hear(&self, store: &Store) {
        let mut committed = lock(&self.inner.committed);
        let receiver = committed.get_or_insert_with(|| store.committed());
        loop {
            match receiver.try_recv() {
                Ok(batch) => self.concern(&batch),
                Err(TryRecvError::Lagged(_)) => {
                    for shelf in lock(&self.inner.shelves).values() {
                        shelf.mark(Stale::everything());
                    }
                }
                Err(TryRecvError::Empty | TryRecvError::Closed) => return,
            }
        }
    }

    fn concern(&self, batch: &Committed) {
        let Some(shelf) = lock(&self.inner.shelves).get(&batch.workspace).map(Arc::clone) else { return };
        if batch.events.is_empty() {
            // Another node's; the log tells what it was.
            shelf.mark(Stale { log: true, ..Stale::default() });
            return;
        }
        for logged in &batch.events {
            if let Some(stale) = Stale::of(&logged.event) {
                shelf.mark(stale);
            }
        }
    }

    /// Forgets workspaces nobody asks, and those asked longest ago while too much is in memory.
    fn make_room(&self, asking: WorkspaceId) {
        let settings = &self.inner.settings;
        let now = Instant::now();
        let mut shelves = lock(&self.inner.shelves);
        shelves.retain(|id, shelf| *id == asking || now.duration_since(shelf.used()) < settings.idle);
        let mut total: usize = shelves.values().map(|shelf| shelf.chunks()).sum();
        while total > settings.max_chunks_in_memory {
            let others = shelves.iter().filter(|(id, shelf)| **id != asking && shelf.chunks() > 0);
            let Some(oldest) = others.min_by_key(|(_, shelf)| shelf.used()).map(|(id, _)| *id) else {
                return;
            };
            total -= shelves.remove(&oldest).map_or(0, |shelf| shelf.chunks());
        }
    }
}

async fn embed_question(embedder: Option<&dyn Embedder>, text: &str) -> Option<Vec<f32>> {
    let embedder = embedder.filter(|_| !text.trim().is_empty())?;
    let texts = [text.to_owned()];
    match tokio::time::timeout(EMBED_LIMIT, embedder.embed(&texts, EmbedPurpose::Query)).await {
        Ok(Ok(vectors)) => vectors.into_iter().next(),
        Ok(Err(error)) => {
            tracing::warn!(%error, "a question is searched by its words alone");
            None
        }
        Err(_) => {
            tracing::warn!("embedding a question took too long; it is searched by its words alone");
            None
        }
    }
}

/// The index's name for a language.
pub(super) const fn to_index_language(language: Language) -> frontdesk_knowledge::language::Language {
    use frontdesk_knowledge::language::Language as Known;
    match language {
        Language::En => Known::English,
        Language::Es => Known::Spanish,
        Language::De => Known::German,
        Language::Fr => Known::French,
    }
}

fn language_of_text(text: &str) -> Option<Language> {
    frontdesk_knowledge::language::Language::detect(text).and_then(|found| Language::of_tag(found.tag()))
}

fn passages_of(
    found: Found,
    limit: usize,
    url_of: impl Fn(SourceId, ChunkId) -> Option<String>,
) -> Vec<Passage> {
    let passage = |hit: Hit| {
        let (source_id, chunk_id) = (SourceId::from_uuid(hit.source_id), ChunkId::from_uuid(hit.chunk_id));
        Passage {
            chunk_id,
            source_id,
            title: hit.title,
            place: hit.place.describe(),
            text: match hit.question {
                Some(question) => format!("{question}\n{}", hit.text),
                None => hit.text,
            },
            score: hit.score,
            url: url_of(source_id, chunk_id),
        }
    };
    found.hits.into_iter().take(limit).map(passage).collect()
}

fn answer_of(
    answer: answer::Answer,
    url_of: impl Fn(SourceId, ChunkId) -> Option<String>,
) -> KnowledgeAnswer {
    let citation = |cited: answer::Citation| {
        let (source_id, chunk_id) =
            (SourceId::from_uuid(cited.source_id), ChunkId::from_uuid(cited.chunk_id));
        Citation {
            chunk_id,
            source_id,
            title: cited.title,
            place: cited.place.describe(),
            quote: cited.quote,
            url: url_of(source_id, chunk_id),
        }
    };
    KnowledgeAnswer {
        answered: true,
        text: answer.text,
        citations: answer.citations.into_iter().map(citation).collect(),
        confidence: answer.confidence,
    }
}

/// The honest lack of an answer; `confidence` is that of the best that was found.
fn silence(language: Language, confidence: f32) -> KnowledgeAnswer {
    let text = match language {
        Language::En => "The documents do not say.",
        Language::Es => "Los documentos no lo dicen.",
        Language::De => "Die Unterlagen sagen dazu nichts.",
        Language::Fr => "Les documents ne le disent pas.",
    };
    KnowledgeAnswer { answered: false, text: text.to_owned(), citations: Vec::new(), confidence }
}
