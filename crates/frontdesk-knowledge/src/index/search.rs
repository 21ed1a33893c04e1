//! Searching a snapshot: passages for answers, whole documents for evaluation.

use super::fuse::{Evidence, fuse};
use super::postings::{Averages, FieldCounts, Posting, WEIGHTS};
use super::query::{self, Query, QueryTerm};
use super::segment::{Segment, StoredChunk};
use super::vectors::QueryVector;
use super::{Index, Snapshot, View};
use crate::language::Language;
use crate::parse::Place;
use std::borrow::Cow;
use std::cmp::Ordering;
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// Candidates that each ranking contributes.
const CANDIDATES: usize = 200;

/// A passage that was found.
#[derive(Debug, Clone, PartialEq)]
pub struct Hit {
    /// The chunk's id.
    pub chunk_id: Uuid,
    /// Its source's id.
    pub source_id: Uuid,
    /// Its source's title.
    pub title: String,
    /// Position in the source, from 0.
    pub ordinal: u32,
    /// The passage.
    pub text: String,
    /// Title and headings above it.
    pub context: String,
    /// The question it answers, when it is one of a pair.
    pub question: Option<String>,
    /// Where it stands.
    pub place: Place,
    /// The language of its source.
    pub language: Language,
    /// Fused score between 0 and 1, comparable within this result only.
    pub score: f32,
    /// BM25F score, 0 when no word matched.
    pub lexical_score: f32,
    /// Cosine of the embeddings.
    pub vector_score: Option<f32>,
    /// Rank by words, from 1.
    pub lexical_rank: Option<u32>,
    /// Rank by embedding, from 1.
    pub vector_rank: Option<u32>,
    /// Share of the question's meaning (idf-weighted) whose words stand in the passage, its headings or its question.
    pub coverage: f32,
}

/// The result of a search.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Found {
    /// Passages, best first.
    pub hits: Vec<Hit>,
    /// How likely it is, from 0 to 1, that the passages are about the question.
    pub confidence: f32,
    /// The question's words and what the index knows of them.
    pub terms: Vec<QueryTerm>,
}

/// A document that was found.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DocumentHit {
    /// The source's id.
    pub source_id: Uuid,
    /// Fused score between 0 and 1, comparable within this result only.
    pub score: f32,
}

/// A scored chunk (or source slot) of a view.
#[derive(Debug, Clone, Copy)]
struct Scored {
    score: f32,
    view: usize,
    item: u32,
}

impl Index {
    /// The best passages for `query`.
    pub fn search(&self, query: &Query) -> Found {
        let snapshot = self.snapshot();
        let terms = query::terms(&snapshot, &query.text, query.language);
        let allowed = Allowed::new(&snapshot, query.sources.as_ref());
        let mut searched = terms.clone();
        searched.extend(query::lead_terms(&snapshot, &query.leads));
        let lexical = snapshot.score_chunks(&searched);
        let vector = query.vector.as_deref().and_then(|vector| QueryVector::new(vector, self.dimensions()));

        let by_words = best(
            matching(&lexical).filter(|scored| allowed.chunk(&snapshot, scored)),
            CANDIDATES,
            |scored| snapshot.chunk(scored).map(|chunk| chunk.id),
        );
        let by_vector = vector.as_ref().map_or_else(Vec::new, |vector| snapshot.nearest(vector, &allowed));

        let cosine = |view, chunk| vector.as_ref().and_then(|vector| snapshot.cosine(view, chunk, vector));
        let (items, evidence) = candidates(&by_words, &by_vector, &lexical, cosine);
        let fused = fuse(&evidence).into_iter().enumerate();
        let ranked = best(
            fused.map(|(position, score)| Scored { score, view: 0, item: position as u32 }),
            query.limit,
            |scored| {
                items
                    .get(scored.item as usize)
                    .and_then(|(view, chunk)| snapshot.chunk_at(*view, *chunk))
                    .map(|chunk| chunk.id)
            },
        );
        let hits: Vec<Hit> = ranked
            .iter()
            .filter_map(|scored| {
                let (view, chunk) = *items.get(scored.item as usize)?;
                let evidence = evidence.get(scored.item as usize)?;
                snapshot.hit(view, chunk, scored.score, evidence, &terms)
            })
            .collect();
        let confidence = confidence(&hits, &terms);
        Found { hits, confidence, terms }
    }

    /// The best documents for `query`: words are counted over a document's chunks together, and its best chunk counts
    /// by embedding.
    pub fn search_documents(&self, query: &Query) -> Vec<DocumentHit> {
        let snapshot = self.snapshot();
        let terms = query::terms(&snapshot, &query.text, query.language);
        let allowed = Allowed::new(&snapshot, query.sources.as_ref());
        let lexical = snapshot.score_sources(&terms);
        let vector = query.vector.as_deref().and_then(|vector| QueryVector::new(vector, self.dimensions()));
        let id_of = |scored: &Scored| snapshot.source_id(scored.view, scored.item);

        let by_words = best(
            matching(&lexical).filter(|scored| allowed.slot(scored.view, scored.item)),
            CANDIDATES,
            id_of,
        );
        let mut nearest: HashMap<(usize, u32), f32> = HashMap::new();
        if let Some(vector) = &vector {
            for scored in snapshot.nearest(vector, &allowed) {
                if let Some(chunk) = snapshot.chunk(&scored) {
                    let most = nearest.entry((scored.view, chunk.slot)).or_insert(scored.score);
                    *most = most.max(scored.score);
                }
            }
        }
        let by_vector = best(
            nearest.iter().map(|((view, slot), score)| Scored { score: *score, view: *view, item: *slot }),
            CANDIDATES,
            id_of,
        );
        let cosine =
            |view, slot| vector.as_ref().and_then(|vector| snapshot.source_cosine(view, slot, vector));
        let (items, evidence) = candidates(&by_words, &by_vector, &lexical, cosine);
        let fused = fuse(&evidence).into_iter().zip(&items);
        best(
            fused.map(|(score, (view, slot))| Scored { score, view: *view, item: *slot }),
            query.limit,
            id_of,
        )
        .iter()
        .filter_map(|scored| Some(DocumentHit { source_id: id_of(scored)?, score: scored.score }))
        .collect()
    }
}

/// Joins both rankings: what each says of every item that is in one of them.
fn candidates(
    by_words: &[Scored],
    by_vector: &[Scored],
    lexical: &[Vec<f32>],
    cosine: impl Fn(usize, u32) -> Option<f32>,
) -> (Vec<(usize, u32)>, Vec<Evidence>) {
    let mut evidence: HashMap<(usize, u32), Evidence> =
        HashMap::with_capacity(by_words.len() + by_vector.len());
    for (rank, scored) in by_words.iter().enumerate() {
        let found = Evidence {
            lexical: scored.score,
            cosine: cosine(scored.view, scored.item),
            lexical_rank: Some(rank as u32 + 1),
            vector_rank: None,
        };
        evidence.insert((scored.view, scored.item), found);
    }
    for (rank, scored) in by_vector.iter().enumerate() {
        let words = lexical.get(scored.view).and_then(|scores| scores.get(scored.item as usize)).copied();
        let found = evidence.entry((scored.view, scored.item)).or_insert(Evidence {
            lexical: words.unwrap_or_default(),
            cosine: Some(scored.score),
            lexical_rank: None,
            vector_rank: None,
        });
        found.vector_rank = Some(rank as u32 + 1);
    }
    evidence.into_iter().unzip()
}

/// The items of each view with a score above zero.
fn matching(scores: &[Vec<f32>]) -> impl Iterator<Item = Scored> {
    scores.iter().enumerate().flat_map(|(view, scores)| {
        let found = scores.iter().enumerate().filter(|(_, score)| **score > 0.0);
        found.map(move |(item, score)| Scored { score: *score, view, item: item as u32 })
    })
}

/// The `limit` best, best first; equal scores are ordered by id, so that results do not depend on segments.
fn best(
    found: impl Iterator<Item = Scored>,
    limit: usize,
    id: impl Fn(&Scored) -> Option<Uuid>,
) -> Vec<Scored> {
    let by_score = |a: &Scored, b: &Scored| b.score.partial_cmp(&a.score).unwrap_or(Ordering::Equal);
    if limit == 0 {
        return Vec::new();
    }
    let mut kept: Vec<Scored> = Vec::new();
    let mut room = limit * 4;
    let mut lowest = f32::NEG_INFINITY;
    for scored in found {
        if scored.score < lowest {
            continue;
        }
        kept.push(scored);
        if kept.len() >= room {
            // Everything that ties with the last one stays, so that the choice among equals is by id too.
            let (_, last, _) = kept.select_nth_unstable_by(limit - 1, by_score);
            lowest = last.score;
            kept.retain(|scored| scored.score >= lowest);
            room = kept.len() + limit * 3;
        }
    }
    let mut found = kept;
    found.sort_by(|a, b| by_score(a, b).then_with(|| id(a).cmp(&id(b))));
    found.truncate(limit);
    found
}

/// Which sources a query may see: those that are current and asked for.
struct Allowed {
    views: Vec<Option<Vec<bool>>>,
}

impl Allowed {
    fn new(snapshot: &Snapshot, sources: Option<&HashSet<Uuid>>) -> Self {
        let of = |view: &View| {
            if sources.is_none() && view.dead.is_empty() {
                return None;
            }
            let allowed = view.segment.sources.iter().enumerate().map(|(slot, entry)| {
                !view.dead.contains(&(slot as u32))
                    && sources.is_none_or(|sources| sources.contains(&entry.source.id))
            });
            Some(allowed.collect())
        };
        Self { views: snapshot.views.iter().map(of).collect() }
    }

    fn slot(&self, view: usize, slot: u32) -> bool {
        match self.views.get(view) {
            Some(Some(allowed)) => allowed.get(slot as usize).copied().unwrap_or(false),
            Some(None) => true,
            None => false,
        }
    }

    fn chunk(&self, snapshot: &Snapshot, scored: &Scored) -> bool {
        match self.views.get(scored.view) {
            Some(None) => true,
            _ => snapshot.chunk(scored).is_some_and(|chunk| self.slot(scored.view, chunk.slot)),
        }
    }
}

impl Snapshot {
    fn chunk(&self, scored: &Scored) -> Option<&StoredChunk> {
        self.chunk_at(scored.view, scored.item)
    }

    fn chunk_at(&self, view: usize, chunk: u32) -> Option<&StoredChunk> {
        self.views.get(view)?.segment.chunks.get(chunk as usize)
    }

    fn source_id(&self, view: usize, slot: u32) -> Option<Uuid> {
        Some(self.views.get(view)?.segment.sources.get(slot as usize)?.source.id)
    }

    fn cosine(&self, view: usize, chunk: u32, query: &QueryVector) -> Option<f32> {
        self.views.get(view)?.segment.vectors.cosine(chunk, query)
    }

    fn source_cosine(&self, view: usize, slot: u32, query: &QueryVector) -> Option<f32> {
        let segment = &self.views.get(view)?.segment;
        let chunks = segment.sources.get(slot as usize)?.chunks.clone();
        chunks.filter_map(|chunk| segment.vectors.cosine(chunk, query)).reduce(f32::max)
    }

    /// BM25F score of every chunk, by view.
    fn score_chunks(&self, terms: &[QueryTerm]) -> Vec<Vec<f32>> {
        let Some(averages) = self.averages else { return Vec::new() };
        let of = |view: &View| {
            let segment = &view.segment;
            let mut scores = vec![0.0; segment.chunks.len()];
            for term in terms {
                let worth = term.idf * term.weight;
                for posting in gather(segment, &term.keys).iter() {
                    let at = posting.chunk as usize;
                    let (Some(score), Some(norm)) = (scores.get_mut(at), view.body_norms.get(at)) else {
                        continue;
                    };
                    // Most words stand in the body alone; titles and headings take the longer way.
                    *score += worth
                        * if posting.context | posting.question == 0 {
                            WEIGHTS.saturate_body(f32::from(posting.body) * norm)
                        } else if let Some(lengths) = segment.lengths.get(at) {
                            WEIGHTS.saturate(FieldCounts::from(*posting), *lengths, averages)
                        } else {
                            0.0
                        };
                }
            }
            scores
        };
        self.views.iter().map(of).collect()
    }

    /// BM25F score of every source as one document, by view.
    fn score_sources(&self, terms: &[QueryTerm]) -> Vec<Vec<f32>> {
        let Some(averages) = self.averages else { return Vec::new() };
        let documents = self.homes.len();
        let averages =
            Averages { body: averages.body * self.chunks as f32 / documents.max(1) as f32, ..averages };
        let mut scores: Vec<Vec<f32>> =
            self.views.iter().map(|view| vec![0.0; view.segment.sources.len()]).collect();
        for term in terms {
            let found: Vec<Vec<(u32, FieldCounts)>> = self
                .views
                .iter()
                .map(|view| by_source(&view.segment, &gather(&view.segment, &term.keys)))
                .collect();
            // A term's rarity is counted in documents here.
            let frequency = found.iter().map(Vec::len).sum::<usize>().min(documents);
            let worth = query::idf(documents, frequency) * term.weight;
            for ((view, found), scores) in self.views.iter().zip(found).zip(&mut scores) {
                for (slot, counts) in found {
                    let at = slot as usize;
                    if let (Some(score), Some(lengths)) =
                        (scores.get_mut(at), view.segment.source_lengths.get(at))
                    {
                        *score += worth * WEIGHTS.saturate(counts, *lengths, averages);
                    }
                }
            }
        }
        scores
    }

    /// The nearest chunks by embedding: found by the coarse vectors, ordered by the exact ones.
    fn nearest(&self, query: &QueryVector, allowed: &Allowed) -> Vec<Scored> {
        let coarse = self.views.iter().enumerate().filter(|(_, view)| view.segment.has_vectors).flat_map(
            |(position, view)| {
                view.segment.vectors.scan(query).map(move |(score, chunk)| Scored {
                    score,
                    view: position,
                    item: chunk,
                })
            },
        );
        let found = best(coarse.filter(|scored| allowed.chunk(self, scored)), CANDIDATES, |scored| {
            self.chunk(scored).map(|chunk| chunk.id)
        });
        let exact = found.into_iter().filter_map(|scored| {
            Some(Scored { score: self.cosine(scored.view, scored.item, query)?, ..scored })
        });
        best(exact, CANDIDATES, |scored| self.chunk(scored).map(|chunk| chunk.id))
    }

    fn hit(
        &self,
        view: usize,
        number: u32,
        score: f32,
        evidence: &Evidence,
        terms: &[QueryTerm],
    ) -> Option<Hit> {
        let segment = &self.views.get(view)?.segment;
        let chunk = segment.chunks.get(number as usize)?;
        let source = &segment.sources.get(chunk.slot as usize)?.source;
        Some(Hit {
            chunk_id: chunk.id,
            source_id: source.id,
            title: source.title.clone(),
            ordinal: chunk.ordinal,
            text: chunk.text.to_string(),
            context: chunk.context.to_string(),
            question: chunk.question.as_deref().map(str::to_owned),
            place: chunk.place.clone(),
            language: source.language,
            score,
            lexical_score: evidence.lexical,
            vector_score: evidence.cosine,
            lexical_rank: evidence.lexical_rank,
            vector_rank: evidence.vector_rank,
            coverage: coverage(segment, number, terms),
        })
    }
}

/// The postings of one word: of its one key, or of several keys with each chunk once.
fn gather<'a>(segment: &'a Segment, keys: &[String]) -> Cow<'a, [Posting]> {
    let mut lists = keys.iter().map(|key| segment.postings.get(key)).filter(|list| !list.is_empty());
    let Some(first) = lists.next() else { return Cow::Borrowed(&[]) };
    let mut rest = lists.peekable();
    if rest.peek().is_none() {
        return Cow::Borrowed(first);
    }
    let mut all: Vec<Posting> = first.iter().chain(rest.flatten()).copied().collect();
    all.sort_by_key(|posting| posting.chunk);
    all.dedup_by(|next, kept| {
        let same = next.chunk == kept.chunk;
        if same {
            // An accented word stands under two keys: it was written once.
            kept.body = kept.body.max(next.body);
            kept.context = kept.context.max(next.context);
            kept.question = kept.question.max(next.question);
        }
        same
    });
    Cow::Owned(all)
}

/// A word's counts by source: added over its chunks in the body, the most of them in titles and headings.
fn by_source(segment: &Segment, postings: &[Posting]) -> Vec<(u32, FieldCounts)> {
    let mut sources: Vec<(u32, FieldCounts)> = Vec::new();
    for posting in postings {
        let Some(slot) = segment.chunks.get(posting.chunk as usize).map(|chunk| chunk.slot) else { continue };
        let found = FieldCounts::from(*posting);
        match sources.last_mut() {
            Some((last, counts)) if *last == slot => {
                counts.body += found.body;
                counts.context = counts.context.max(found.context);
                counts.question = counts.question.max(found.question);
            }
            _ => sources.push((slot, found)),
        }
    }
    sources
}

/// Share of the question's idf that stands in a chunk.
fn coverage(segment: &Segment, chunk: u32, terms: &[QueryTerm]) -> f32 {
    let total: f32 = terms.iter().map(|term| term.idf).sum();
    if total <= 0.0 {
        return 0.0;
    }
    let holds = |term: &&QueryTerm| {
        let in_list = |key: &String| {
            segment.postings.get(key).binary_search_by_key(&chunk, |posting| posting.chunk).is_ok()
        };
        term.keys.iter().any(in_list)
    };
    terms.iter().filter(holds).map(|term| term.idf * term.weight.min(1.0)).sum::<f32>() / total
}

/// How likely the hits are about the question, from the best coverage among the first three and the best cosine.
///
/// The lexical part is what share of the question's meaning one passage holds; a passage with half of it is on topic as
/// often as not. The cosine tells far less: with all-MiniLM-L6-v2 the calibration set's unanswerable near misses reach
/// 0.59, so only a higher one carries a result whose words do not match.
fn confidence(hits: &[Hit], terms: &[QueryTerm]) -> f32 {
    let first = || hits.iter().take(3);
    let coverage = if terms.is_empty() { 0.0 } else { first().map(|hit| hit.coverage).fold(0.0, f32::max) };
    let lexical = logistic((coverage - 0.5) * 8.0);
    let vector = first().filter_map(|hit| hit.vector_score).reduce(f32::max);
    match vector {
        Some(cosine) => {
            let near = 0.9 * logistic((cosine - 0.62) * 14.0);
            // Either kind of evidence can carry a result; agreement raises it.
            let most = lexical.max(near);
            (most + 0.5 * lexical.min(near) * (1.0 - most)).clamp(0.0, 1.0)
        }
        None if hits.is_empty() => 0.0,
        None => lexical,
    }
}

fn logistic(value: f32) -> f32 {
    1.0 / (1.0 + (-value).exp())
}
