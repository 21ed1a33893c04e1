//! One workspace's index, and what of it is out of date.
//!
//! Readers share the index; whoever finds it out of date brings it up to date while others that ask wait for the same
//! work. What was marked is forgotten only once it was read again, so a failure or a caller that goes away loses nothing.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, RwLock};

use frontdesk_domain::context::Scope;
use frontdesk_domain::event::Event;
use frontdesk_domain::id::{ChunkId, SourceId};
use frontdesk_knowledge::chunk::Chunk;
use frontdesk_knowledge::index::{Change, EmbedderInfo, Index, IndexedChunk, SourceRef};
use frontdesk_knowledge::language::Language;
use frontdesk_llm::embed::Embedder;
use frontdesk_store::knowledge::{self, Published, StoredChunk};
use frontdesk_store::{Store, event};
use tokio::time::Instant;

use super::{Library, lock, to_index_language};
use crate::{AppError, Result};

/// Chunks read from the database at once.
const READ_AT_ONCE: u32 = 4_000;
/// Events of another node that are looked through; more of them mean reading all sources again.
const EVENTS_AT_ONCE: u64 = 64;

/// What must be read again before the next answer.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Stale {
    /// All sources.
    pub all: bool,
    /// The event log: another node committed something.
    pub log: bool,
    /// Which embedder the workspace uses.
    pub embedder: bool,
    /// These sources.
    pub sources: HashSet<SourceId>,
}

impl Stale {
    pub(super) fn everything() -> Self {
        Self { all: true, log: false, embedder: true, sources: HashSet::new() }
    }

    /// What an event makes out of date, if anything.
    pub(super) fn of(event: &Event) -> Option<Self> {
        match event {
            Event::KnowledgeUpdated { source_id } | Event::KnowledgeDeleted { source_id } => {
                Some(Self { sources: HashSet::from([*source_id]), ..Self::default() })
            }
            Event::WorkspaceUpdated => Some(Self { embedder: true, ..Self::default() }),
            _ => None,
        }
    }

    fn add(&mut self, other: Self) {
        self.all |= other.all;
        self.log |= other.log;
        self.embedder |= other.embedder;
        self.sources.extend(other.sources);
    }
}

/// What answers rest on.
#[derive(Clone)]
pub(super) struct Books {
    pub index: Arc<Index>,
    pub embedder: Option<Arc<dyn Embedder>>,
    /// Events up to here are in the index, as far as the log was read.
    seen: u64,
}

/// A source as the index holds it.
struct Known {
    revision: u64,
    title: String,
    urls: HashMap<ChunkId, Arc<str>>,
}

/// One workspace's index.
pub(super) struct Shelf {
    books: RwLock<Option<Books>>,
    known: RwLock<HashMap<SourceId, Known>>,
    stale: Mutex<Stale>,
    updating: tokio::sync::Mutex<()>,
    used: Mutex<Instant>,
}

impl Default for Shelf {
    fn default() -> Self {
        Self {
            books: RwLock::default(),
            known: RwLock::default(),
            stale: Mutex::new(Stale::everything()),
            updating: tokio::sync::Mutex::default(),
            used: Mutex::new(Instant::now()),
        }
    }
}

/// Gives marks back unless the update was completed.
struct Taken<'a> {
    shelf: &'a Shelf,
    marks: Option<Stale>,
}

impl Drop for Taken<'_> {
    fn drop(&mut self) {
        if let Some(marks) = self.marks.take() {
            self.shelf.mark(marks);
        }
    }
}

impl Shelf {
    pub(super) fn touch(&self) {
        *lock(&self.used) = Instant::now();
    }

    pub(super) fn used(&self) -> Instant {
        *lock(&self.used)
    }

    pub(super) fn mark(&self, stale: Stale) {
        lock(&self.stale).add(stale);
    }

    /// Chunks in memory.
    pub(super) fn chunks(&self) -> usize {
        self.current().map_or(0, |books| books.index.size().chunks)
    }

    /// The web address a chunk came from.
    pub(super) fn url_of(&self, source: SourceId, chunk: ChunkId) -> Option<String> {
        let known = self.known.read().unwrap_or_else(std::sync::PoisonError::into_inner);
        known.get(&source)?.urls.get(&chunk).map(ToString::to_string)
    }

    fn current(&self) -> Option<Books> {
        self.books.read().unwrap_or_else(std::sync::PoisonError::into_inner).clone()
    }

    fn is_fresh(&self) -> bool {
        *lock(&self.stale) == Stale::default()
    }

    /// The books, up to date with everything marked until now.
    pub(super) async fn read(&self, library: &Library, store: &Store, scope: Scope) -> Result<Books> {
        loop {
            if self.is_fresh()
                && let Some(books) = self.current()
            {
                return Ok(books);
            }
            let _updating = self.updating.lock().await;
            if self.is_fresh() && self.current().is_some() {
                continue;
            }
            let marks = std::mem::take(&mut *lock(&self.stale));
            let mut taken = Taken { shelf: self, marks: Some(marks.clone()) };
            self.update(library, store, scope, marks).await?;
            taken.marks = None;
            // What was marked while reading is for the next question: this one was asked before.
            if let Some(books) = self.current() {
                return Ok(books);
            }
        }
    }

    async fn update(&self, library: &Library, store: &Store, scope: Scope, mut marks: Stale) -> Result<()> {
        let current = self.current();
        if marks.log
            && let Some(books) = &current
        {
            marks.add(committed_elsewhere(store, scope, books.seen).await?);
        }
        let embedder = match &current {
            Some(books) if !marks.embedder => books.embedder.clone(),
            _ => library.embedder(store, scope).await?,
        };
        let info = embedder
            .as_ref()
            .map(|model| EmbedderInfo { name: model.name().to_owned(), dimensions: model.dimensions() });
        // Read before the sources: what is committed in between is read twice rather than never.
        let seen = event::last_seq(store.reader(), scope).await?;
        let same = current.filter(|books| books.index.embedder() == info.as_ref());
        let (index, fresh) = match same {
            Some(books) => (books.index, false),
            None => (Arc::new(Index::new(info)), true),
        };
        let all = fresh || marks.all;
        if all || !marks.sources.is_empty() {
            let ids: Vec<SourceId> = marks.sources.iter().copied().collect();
            let wanted = if all { None } else { Some(ids.as_slice()) };
            self.update_sources(store, scope, &index, fresh, wanted).await?;
        }
        let books = Books { index, embedder, seen };
        *self.books.write().unwrap_or_else(std::sync::PoisonError::into_inner) = Some(books);
        Ok(())
    }

    /// Reads sources that are new or changed, and drops those that are gone; all of them, or those among `wanted`.
    async fn update_sources(
        &self,
        store: &Store,
        scope: Scope,
        index: &Arc<Index>,
        fresh: bool,
        wanted: Option<&[SourceId]>,
    ) -> Result<()> {
        let published = knowledge::list_published(store.reader(), scope, wanted).await?;
        let present: HashSet<SourceId> = published.iter().map(|source| source.id).collect();
        let (changed, gone) = {
            let known = self.known.read().unwrap_or_else(std::sync::PoisonError::into_inner);
            let is_same = |source: &Published| {
                let held = known.get(&source.id);
                held.is_some_and(|held| held.revision == source.revision && held.title == source.title)
            };
            let changed: Vec<Published> =
                published.into_iter().filter(|source| fresh || !is_same(source)).collect();
            let gone: Vec<SourceId> = match wanted {
                Some(ids) => ids.iter().filter(|id| !present.contains(id)).copied().collect(),
                None => known.keys().filter(|id| !present.contains(id)).copied().collect(),
            };
            (changed, gone)
        };
        let mut changes: Vec<Change> = gone.iter().map(|id| Change::Remove { source: id.uuid() }).collect();
        let mut updated: Vec<(SourceId, Known)> = Vec::new();
        for group in groups(changed) {
            let ids: Vec<SourceId> = group.iter().map(|source| source.id).collect();
            let chunks = knowledge::list_chunks_of(store.reader(), scope, &ids).await?;
            let embedder = index.embedder().map(|info| info.name.clone());
            let read = tokio::task::spawn_blocking(move || read_group(group, chunks, embedder.as_deref()));
            for (change, id, known) in read.await.map_err(|error| stopped(&error))?? {
                changes.push(change);
                updated.push((id, known));
            }
        }
        {
            let mut known = self.known.write().unwrap_or_else(std::sync::PoisonError::into_inner);
            known.extend(updated);
            known.retain(|id, _| !gone.contains(id));
        }
        let index = Arc::clone(index);
        tokio::task::spawn_blocking(move || index.apply(changes)).await.map_err(|error| stopped(&error))
    }
}

fn stopped(error: &tokio::task::JoinError) -> AppError {
    AppError::Internal(format!("reading knowledge into memory: {error}"))
}

/// What other nodes committed after `seen`.
async fn committed_elsewhere(store: &Store, scope: Scope, seen: u64) -> Result<Stale> {
    let kinds = ["knowledge.updated", "knowledge.deleted", "workspace.updated"];
    let events = event::list_newest(store.reader(), scope, &kinds, EVENTS_AT_ONCE).await?;
    let fresh: Vec<_> = events.iter().filter(|logged| logged.seq > seen).collect();
    if fresh.len() as u64 >= EVENTS_AT_ONCE {
        return Ok(Stale::everything());
    }
    let mut stale = Stale::default();
    for logged in fresh {
        if let Some(more) = Stale::of(&logged.event) {
            stale.add(more);
        }
    }
    Ok(stale)
}

/// Sources in groups that are read at once.
fn groups(sources: Vec<Published>) -> Vec<Vec<Published>> {
    let mut groups: Vec<Vec<Published>> = Vec::new();
    let mut filled = u32::MAX;
    for source in sources {
        let size = source.chunks.max(1);
        match groups.last_mut() {
            Some(group) if filled.saturating_add(size) <= READ_AT_ONCE && group.len() < 500 => {
                filled += size;
                group.push(source);
            }
            _ => {
                filled = size;
                groups.push(vec![source]);
            }
        }
    }
    groups
}

type Read = Vec<(Change, SourceId, Known)>;

fn read_group(
    sources: Vec<Published>,
    chunks: Vec<(SourceId, Vec<StoredChunk>)>,
    embedder: Option<&str>,
) -> Result<Read> {
    let mut chunks: HashMap<SourceId, Vec<StoredChunk>> = chunks.into_iter().collect();
    let read = |source: Published| {
        let stored = chunks.remove(&source.id).unwrap_or_default();
        let urls =
            stored.iter().filter_map(|chunk| Some((chunk.id, Arc::from(chunk.url.as_deref()?)))).collect();
        let chunks = stored.into_iter().map(|chunk| indexed(chunk, embedder)).collect::<Result<Vec<_>>>()?;
        let reference = SourceRef {
            id: source.id.uuid(),
            title: source.title.clone(),
            language: source.language.map_or(Language::Other, to_index_language),
        };
        let known = Known { revision: source.revision, title: source.title, urls };
        Ok((Change::Upsert { source: reference, chunks }, source.id, known))
    };
    sources.into_iter().map(read).collect()
}

/// A chunk for the index. A vector of another model is left out: the chunk is found by its words until it is embedded
/// anew.
fn indexed(stored: StoredChunk, embedder: Option<&str>) -> Result<IndexedChunk> {
    let chunk: Chunk = serde_json::from_str(&stored.body)
        .map_err(|error| AppError::Internal(format!("stored chunk {}: {error}", stored.id)))?;
    let vector = stored.vector.filter(|(name, _)| Some(name.as_str()) == embedder).map(|(_, vector)| vector);
    Ok(IndexedChunk { id: stored.id.uuid(), chunk: Chunk { ordinal: stored.ordinal, ..chunk }, vector })
}
