//! The index of one workspace, in memory: BM25F over an inverted index, vectors by brute force, both fused.
//!
//! The application owns the truth (chunks and vectors in its database) and feeds changes; the index is rebuilt from
//! there at any time. Searchers read a snapshot: a change of a source is seen whole or not at all, and searching never
//! waits for indexing. Segments are immutable and merged as they grow, so that a small change stays cheap. All calls
//! are synchronous and may be made from any thread.
//!
//! Why not a search library: per workspace a writer with its own heap and threads is a poor fit for thousands of small
//! indexes, and ranking whole documents, mixing languages in one index and calibrated confidence need the statistics.

mod fuse;
mod postings;
mod query;
mod search;
mod segment;
mod vectors;

pub use query::{Query, QueryTerm};
pub use search::{DocumentHit, Found, Hit};

use crate::chunk::Chunk;
use crate::language::Language;
use postings::{Averages, Lengths, WEIGHTS};
use segment::Segment;
use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use uuid::Uuid;

/// The embedding model whose vectors an index holds; vectors of another length are ignored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EmbedderInfo {
    /// The model's stable name.
    pub name: String,
    /// Length of its vectors.
    pub dimensions: usize,
}

/// A source of knowledge, as hits name it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceRef {
    /// The source's id.
    pub id: Uuid,
    /// The title shown in citations.
    pub title: String,
    /// The language its text is stemmed in.
    pub language: Language,
}

/// A chunk to index.
#[derive(Debug, Clone)]
pub struct IndexedChunk {
    /// The chunk's id; hits carry it.
    pub id: Uuid,
    /// The passage.
    pub chunk: Chunk,
    /// Its embedding, when there is a model.
    pub vector: Option<Vec<f32>>,
}

/// A change of one source.
#[derive(Debug, Clone)]
pub enum Change {
    /// The source now consists of exactly these chunks.
    Upsert {
        /// The source.
        source: SourceRef,
        /// All of its chunks, in order.
        chunks: Vec<IndexedChunk>,
    },
    /// The source is gone.
    Remove {
        /// Its id.
        source: Uuid,
    },
}

/// How much the index holds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct IndexSize {
    /// Sources.
    pub sources: usize,
    /// Chunks.
    pub chunks: usize,
    /// Segments; a handful at most.
    pub segments: usize,
}

/// The searchable knowledge of one workspace.
#[derive(Debug)]
pub struct Index {
    embedder: Option<EmbedderInfo>,
    snapshot: RwLock<Arc<Snapshot>>,
    /// Held while a change is prepared, so that changes come one after the other.
    changing: Mutex<()>,
}

/// What searchers see.
#[derive(Debug, Default)]
struct Snapshot {
    views: Vec<View>,
    /// Where each source is: position in `views` and slot in its segment.
    homes: HashMap<Uuid, (usize, u32)>,
    chunks: usize,
    averages: Option<Averages>,
    languages: u8,
}

/// A segment and which of its sources are out of date.
#[derive(Debug, Clone)]
struct View {
    segment: Arc<Segment>,
    dead: HashSet<u32>,
    dead_chunks: usize,
    /// Length normalisation of each chunk's body under the snapshot's averages.
    body_norms: Arc<[f32]>,
}

impl View {
    fn new(segment: Segment) -> Self {
        Self { segment: Arc::new(segment), dead: HashSet::new(), dead_chunks: 0, body_norms: Arc::default() }
    }

    fn live_chunks(&self) -> usize {
        self.segment.chunks.len() - self.dead_chunks
    }

    fn bury(&mut self, slot: u32) {
        if let Some(entry) = self.segment.sources.get(slot as usize)
            && self.dead.insert(slot)
        {
            self.dead_chunks += entry.chunks.len();
        }
    }

    /// Worth rewriting: a quarter of it is out of date.
    fn is_stale(&self) -> bool {
        self.dead_chunks * 4 > self.segment.chunks.len() || (!self.dead.is_empty() && self.live_chunks() == 0)
    }
}

impl Index {
    /// An empty index; with `embedder`, chunks and queries may carry its vectors.
    pub fn new(embedder: Option<EmbedderInfo>) -> Self {
        Self { embedder, snapshot: RwLock::new(Arc::default()), changing: Mutex::new(()) }
    }

    /// The embedding model whose vectors it holds.
    pub fn embedder(&self) -> Option<&EmbedderInfo> {
        self.embedder.as_ref()
    }

    /// How much it holds.
    pub fn size(&self) -> IndexSize {
        let snapshot = self.snapshot();
        IndexSize { sources: snapshot.homes.len(), chunks: snapshot.chunks, segments: snapshot.views.len() }
    }

    /// True when it holds this source.
    pub fn contains(&self, source: Uuid) -> bool {
        self.snapshot().homes.contains_key(&source)
    }

    /// Makes all `changes` visible at once. Of several changes to one source the last one counts.
    pub fn apply(&self, changes: Vec<Change>) {
        let _changing = self.changing.lock().unwrap_or_else(PoisonError::into_inner);
        let current = self.snapshot();
        let mut views = current.views.clone();
        let mut added: HashMap<Uuid, (Arc<SourceRef>, Vec<IndexedChunk>)> = HashMap::new();
        let mut order = Vec::new();
        for change in changes {
            let id = match &change {
                Change::Upsert { source, .. } => source.id,
                Change::Remove { source } => *source,
            };
            if let Some((view, slot)) = current.homes.get(&id)
                && let Some(view) = views.get_mut(*view)
            {
                view.bury(*slot);
            }
            match change {
                Change::Upsert { source, chunks } => {
                    order.push(id);
                    added.insert(id, (Arc::new(source), chunks));
                }
                Change::Remove { .. } => {
                    added.remove(&id);
                }
            }
        }
        let added: Vec<_> = order.iter().filter_map(|id| added.remove(id)).collect();
        if !added.is_empty() {
            views.push(View::new(Segment::build(added, self.dimensions())));
        }
        let next = Arc::new(Snapshot::of(self.compact(views)));
        *self.snapshot.write().unwrap_or_else(PoisonError::into_inner) = next;
    }

    /// Rewrites stale segments, and merges the newest with its elders until each is at least twice as large as all
    /// that are younger: a logarithmic number of segments at a logarithmic cost per chunk.
    fn compact(&self, views: Vec<View>) -> Vec<View> {
        let mut kept: Vec<View> = Vec::with_capacity(views.len());
        for view in views {
            if view.is_stale() {
                let rewritten = Segment::merge(&[(&view.segment, &view.dead)], self.dimensions());
                if !rewritten.sources.is_empty() {
                    kept.push(View::new(rewritten));
                }
            } else {
                kept.push(view);
            }
        }
        let mut from = kept.len();
        let mut younger = 0;
        for (position, view) in kept.iter().enumerate().rev() {
            if position + 1 < kept.len() && view.live_chunks() >= younger * 2 {
                break;
            }
            younger += view.live_chunks();
            from = position;
        }
        if kept.len() - from > 1 {
            let young = kept.split_off(from);
            let parts: Vec<(&Segment, &HashSet<u32>)> =
                young.iter().map(|view| (&*view.segment, &view.dead)).collect();
            kept.push(View::new(Segment::merge(&parts, self.dimensions())));
        }
        kept
    }

    fn dimensions(&self) -> usize {
        self.embedder.as_ref().map_or(0, |embedder| embedder.dimensions)
    }

    fn snapshot(&self) -> Arc<Snapshot> {
        Arc::clone(&self.snapshot.read().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Snapshot {
    fn of(mut views: Vec<View>) -> Self {
        let mut homes = HashMap::new();
        let mut total = Lengths::default();
        let mut with_question = 0_usize;
        let mut chunks = 0;
        let mut languages = 0;
        for (position, view) in views.iter().enumerate() {
            languages |= view.segment.languages;
            for (slot, entry) in view.segment.sources.iter().enumerate() {
                if view.dead.contains(&(slot as u32)) {
                    continue;
                }
                homes.insert(entry.source.id, (position, slot as u32));
                chunks += entry.chunks.len();
                let range = entry.chunks.start as usize..entry.chunks.end as usize;
                for length in view.segment.lengths.get(range).unwrap_or_default() {
                    total.add(*length);
                    with_question += usize::from(length.question > 0);
                }
            }
        }
        let average = |sum: u32, count: usize| (sum as f32 / count.max(1) as f32).max(1.0);
        let averages = (chunks > 0).then(|| Averages {
            body: average(total.body, chunks),
            context: average(total.context, chunks),
            question: average(total.question, with_question),
        });
        if let Some(averages) = averages {
            for view in &mut views {
                view.body_norms = view
                    .segment
                    .lengths
                    .iter()
                    .map(|length| WEIGHTS.body_norm(length.body, averages))
                    .collect();
            }
        }
        Self { views, homes, chunks, averages, languages }
    }
}

#[cfg(test)]
mod tests;
