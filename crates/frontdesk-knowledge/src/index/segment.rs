//! A segment: the chunks of some sources with their postings and vectors. It never changes once built.

use super::postings::{Lengths, Postings};
use super::vectors::Vectors;
use super::{IndexedChunk, SourceRef};
use crate::language::Language;
use crate::parse::Place;
use std::collections::HashSet;
use std::ops::Range;
use std::sync::Arc;
use uuid::Uuid;

/// A chunk as the index keeps it.
#[derive(Debug, Clone)]
pub(super) struct StoredChunk {
    pub(super) id: Uuid,
    pub(super) ordinal: u32,
    pub(super) text: Box<str>,
    pub(super) context: Box<str>,
    pub(super) question: Option<Box<str>>,
    pub(super) place: Place,
    /// Which of the segment's sources it belongs to.
    pub(super) slot: u32,
}

/// A source and the chunks it has in its segment.
#[derive(Debug, Clone)]
pub(super) struct SourceEntry {
    pub(super) source: Arc<SourceRef>,
    pub(super) chunks: Range<u32>,
}

/// Chunks, postings and vectors of some sources.
#[derive(Debug)]
pub(super) struct Segment {
    pub(super) sources: Vec<SourceEntry>,
    pub(super) chunks: Vec<StoredChunk>,
    pub(super) lengths: Vec<Lengths>,
    pub(super) postings: Postings,
    pub(super) vectors: Vectors,
    pub(super) has_vectors: bool,
    /// Lengths of whole sources, by slot.
    pub(super) source_lengths: Vec<Lengths>,
    /// Languages of its sources, as bits.
    pub(super) languages: u8,
}

impl Segment {
    /// Indexes sources.
    pub(super) fn build(added: Vec<(Arc<SourceRef>, Vec<IndexedChunk>)>, dimensions: usize) -> Self {
        let mut sources = Vec::with_capacity(added.len());
        let mut chunks = Vec::new();
        let mut vectors = Vectors::new(dimensions);
        for (slot, (source, new)) in added.into_iter().enumerate() {
            let start = chunks.len() as u32;
            for IndexedChunk { id, chunk, vector } in new {
                vectors.push(vector.as_deref());
                chunks.push(StoredChunk {
                    id,
                    ordinal: chunk.ordinal,
                    text: chunk.text.into(),
                    context: chunk.context.into(),
                    question: chunk.question.map(Into::into),
                    place: chunk.place,
                    slot: slot as u32,
                });
            }
            sources.push(SourceEntry { source, chunks: start..chunks.len() as u32 });
        }
        let languages: Vec<Language> = sources.iter().map(|entry| entry.source.language).collect();
        let language = |chunk: &StoredChunk| languages.get(chunk.slot as usize).copied().unwrap_or_default();
        let (postings, lengths) = Postings::build(chunks.iter().map(|chunk| (chunk, language(chunk))));
        Self::assemble(sources, chunks, lengths, postings, vectors)
    }

    /// Joins segments, leaving out the sources in each one's set of dead slots.
    pub(super) fn merge(parts: &[(&Self, &HashSet<u32>)], dimensions: usize) -> Self {
        let mut sources = Vec::new();
        let mut chunks: Vec<StoredChunk> = Vec::new();
        let mut lengths = Vec::new();
        let mut vectors = Vectors::new(dimensions);
        let mut numbered = Vec::with_capacity(parts.len());
        for (segment, dead) in parts {
            let mut numbers = vec![None; segment.chunks.len()];
            for (slot, entry) in segment.sources.iter().enumerate() {
                if dead.contains(&(slot as u32)) {
                    continue;
                }
                let start = chunks.len() as u32;
                for old in entry.chunks.clone() {
                    let at = old as usize;
                    let (Some(chunk), Some(length)) = (segment.chunks.get(at), segment.lengths.get(at))
                    else {
                        continue;
                    };
                    if let Some(number) = numbers.get_mut(at) {
                        *number = Some(chunks.len() as u32);
                    }
                    chunks.push(StoredChunk { slot: sources.len() as u32, ..chunk.clone() });
                    lengths.push(*length);
                    vectors.push_from(&segment.vectors, at);
                }
                sources.push(SourceEntry {
                    source: Arc::clone(&entry.source),
                    chunks: start..chunks.len() as u32,
                });
            }
            numbered.push((&segment.postings, numbers));
        }
        let postings = Postings::merge(&numbered);
        Self::assemble(sources, chunks, lengths, postings, vectors)
    }

    fn assemble(
        sources: Vec<SourceEntry>,
        chunks: Vec<StoredChunk>,
        lengths: Vec<Lengths>,
        postings: Postings,
        vectors: Vectors,
    ) -> Self {
        let languages = sources.iter().fold(0, |bits, entry| bits | entry.source.language.bit());
        let has_vectors = !vectors.is_empty();
        let source_lengths = sources.iter().map(|entry| source_lengths(&entry.chunks, &lengths)).collect();
        Self { sources, chunks, lengths, postings, vectors, has_vectors, source_lengths, languages }
    }
}

/// Lengths of one source: its bodies together, the longest of its titles and headings.
fn source_lengths(chunks: &Range<u32>, lengths: &[Lengths]) -> Lengths {
    let mut total = Lengths::default();
    for length in lengths.get(chunks.start as usize..chunks.end as usize).unwrap_or_default() {
        total.body += length.body;
        total.context = total.context.max(length.context);
        total.question = total.question.max(length.question);
    }
    total
}
