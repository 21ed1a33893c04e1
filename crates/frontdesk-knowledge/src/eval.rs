//! Measures retrieval on a test set: how good the ranking of documents is, and how fast.
//!
//! A corpus is JSON lines of `{"id", "title", "text"}`, the questions are JSON lines of `{"question", "relevant": [ids]}`.
//! Documents are cut into chunks and indexed as any source is, and ranked as whole documents
//! ([`Index::search_documents`]). The measures are those of BEIR with binary relevance: normalised discounted cumulative
//! gain and recall, both at rank 10, averaged over the questions that have a relevant document.

use crate::chunk::{self, chunk};
use crate::index::{Change, EmbedderInfo, Index, IndexedChunk, Query, SourceRef};
use crate::language::Language;
use crate::parse::{Block, BlockKind, Document, Place};
use crate::text::squeeze;
use frontdesk_llm::embed::{EmbedError, EmbedPurpose, Embedder};
use serde::{Deserialize, Serialize};
use std::collections::{HashMap, HashSet};
use std::io::BufRead;
use std::sync::Arc;
use std::time::{Duration, Instant};
use uuid::Uuid;

/// The rank the measures look down to.
const DEPTH: usize = 10;
/// Passages embedded at once.
const BATCH: usize = 32;

/// What was measured.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// Normalised discounted cumulative gain at rank 10, 0 to 1.
    pub ndcg_at_10: f64,
    /// Share of the relevant documents among the first ten, 0 to 1.
    pub recall_at_10: f64,
    /// Median time of a search, in milliseconds; embedding the question not counted.
    pub p50_ms: f64,
    /// 99th percentile of the time of a search, in milliseconds.
    pub p99_ms: f64,
    /// Median time to embed a question, in milliseconds; absent without a model.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub embed_p50_ms: Option<f64>,
    /// Documents in the corpus.
    pub documents: usize,
    /// Chunks they were cut into.
    pub chunks: usize,
    /// Questions measured.
    pub questions: usize,
    /// Questions left out because the corpus holds none of their relevant documents.
    pub skipped: usize,
    /// Seconds to cut and index the corpus; embedding included.
    pub index_seconds: f64,
    /// The embedding model, when there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub embedder: Option<String>,
}

/// Why a test set could not be measured.
#[derive(Debug, thiserror::Error)]
pub enum EvalError {
    /// A line of a file is not what it should be.
    #[error("{file} line {line}: {reason}")]
    Line {
        /// `corpus` or `questions`.
        file: &'static str,
        /// The line, from 1.
        line: usize,
        /// What is wrong.
        reason: String,
    },
    /// A file has nothing in it.
    #[error("the {0} file holds nothing to measure")]
    Nothing(&'static str),
    /// The embedding model failed.
    #[error(transparent)]
    Embed(#[from] EmbedError),
}

#[derive(Deserialize)]
struct CorpusLine {
    #[serde(alias = "_id")]
    id: Name,
    #[serde(default)]
    title: Option<String>,
    #[serde(default)]
    text: String,
}

#[derive(Deserialize)]
struct QuestionLine {
    #[serde(alias = "text")]
    question: String,
    relevant: Vec<Name>,
}

/// An id as sets write it: text or number.
#[derive(Deserialize)]
#[serde(untagged)]
enum Name {
    Text(String),
    Number(i64),
}

impl Name {
    fn into_text(self) -> String {
        match self {
            Self::Text(text) => text,
            Self::Number(number) => number.to_string(),
        }
    }
}

/// Indexes `corpus`, asks every question, and reports. `embedder` adds vectors to the words.
pub async fn run(
    corpus: impl BufRead,
    questions: impl BufRead,
    embedder: Option<Arc<dyn Embedder>>,
) -> Result<Report, EvalError> {
    let documents: Vec<CorpusLine> = read_lines(corpus, "corpus")?;
    let questions: Vec<QuestionLine> = read_lines(questions, "questions")?;
    let started = Instant::now();
    let info = embedder
        .as_ref()
        .map(|model| EmbedderInfo { name: model.name().to_owned(), dimensions: model.dimensions() });
    let index = Index::new(info.clone());
    let mut numbers: HashMap<String, Uuid> = HashMap::new();
    let mut changes = to_changes(documents, &mut numbers);
    if let Some(model) = &embedder {
        embed_all(&mut changes, model.as_ref()).await?;
    }
    index.apply(changes);
    let index_seconds = started.elapsed().as_secs_f64();

    let (mut gain, mut recall, mut skipped) = (0.0, 0.0, 0);
    let (mut search_times, mut embed_times) = (Vec::new(), Vec::new());
    for line in questions {
        let relevant: HashSet<Uuid> =
            line.relevant.into_iter().filter_map(|name| numbers.get(&name.into_text()).copied()).collect();
        if relevant.is_empty() {
            skipped += 1;
            continue;
        }
        let mut query = Query { limit: DEPTH, ..Query::new(line.question) };
        if let Some(model) = &embedder {
            let before = Instant::now();
            query.vector = model.embed(std::slice::from_ref(&query.text), EmbedPurpose::Query).await?.pop();
            embed_times.push(before.elapsed());
        }
        let before = Instant::now();
        let ranked: Vec<Uuid> = index.search_documents(&query).into_iter().map(|hit| hit.source_id).collect();
        search_times.push(before.elapsed());
        gain += ndcg(&ranked, &relevant);
        recall += ranked.iter().filter(|id| relevant.contains(id)).count() as f64 / relevant.len() as f64;
    }
    let count = search_times.len();
    if count == 0 {
        return Err(EvalError::Nothing("questions"));
    }
    Ok(Report {
        ndcg_at_10: gain / count as f64,
        recall_at_10: recall / count as f64,
        p50_ms: percentile(&mut search_times, 50),
        p99_ms: percentile(&mut search_times, 99),
        embed_p50_ms: embedder.is_some().then(|| percentile(&mut embed_times, 50)),
        documents: numbers.len(),
        chunks: index.size().chunks,
        questions: count,
        skipped,
        index_seconds,
        embedder: info.map(|info| info.name),
    })
}

fn read_lines<T: for<'de> Deserialize<'de>>(
    reader: impl BufRead,
    file: &'static str,
) -> Result<Vec<T>, EvalError> {
    let mut found = Vec::new();
    for (number, line) in reader.lines().enumerate() {
        let wrong = |reason: String| EvalError::Line { file, line: number + 1, reason };
        let line = line.map_err(|error| wrong(error.to_string()))?;
        let line = line.trim_start_matches('\u{feff}').trim();
        if !line.is_empty() {
            found.push(serde_json::from_str(line).map_err(|error| wrong(error.to_string()))?);
        }
    }
    if found.is_empty() { Err(EvalError::Nothing(file)) } else { Ok(found) }
}

fn to_changes(documents: Vec<CorpusLine>, numbers: &mut HashMap<String, Uuid>) -> Vec<Change> {
    let main = main_language(&documents);
    let mut changes = Vec::with_capacity(documents.len());
    for (position, line) in documents.into_iter().enumerate() {
        let id = Uuid::from_u128((position as u128 + 1) << 64);
        numbers.insert(line.id.into_text(), id);
        let title = line.title.map(|title| squeeze(&title)).filter(|title| !title.is_empty());
        let language = main.or_else(|| Language::detect(&line.text)).unwrap_or_default();
        let paragraphs = line.text.split("\n\n").map(squeeze).filter(|text| !text.is_empty());
        let blocks = paragraphs
            .map(|text| Block { kind: BlockKind::Paragraph, text, place: Place::default() })
            .collect();
        let document = Document { title, language, blocks };
        let mut chunks = chunk(&document, chunk::Size::default());
        if chunks.is_empty() {
            chunks.push(chunk::Chunk {
                ordinal: 0,
                text: String::new(),
                context: document.title.clone().unwrap_or_default(),
                place: Place::default(),
                question: None,
            });
        }
        let chunks = chunks.into_iter().map(|chunk| IndexedChunk {
            id: Uuid::from_u128(id.as_u128() + u128::from(chunk.ordinal) + 1),
            chunk,
            vector: None,
        });
        let source = SourceRef { id, title: document.title.unwrap_or_default(), language };
        changes.push(Change::Upsert { source, chunks: chunks.collect() });
    }
    changes
}

/// The language of the corpus, when nine of ten documents whose language is told agree.
fn main_language(documents: &[CorpusLine]) -> Option<Language> {
    let mut counts: HashMap<Language, usize> = HashMap::new();
    let step = (documents.len() / 500).max(1);
    for line in documents.iter().step_by(step) {
        if let Some(language) = Language::detect(&line.text) {
            *counts.entry(language).or_default() += 1;
        }
    }
    let total: usize = counts.values().sum();
    counts.into_iter().find(|(_, count)| count * 10 >= total * 9).map(|(language, _)| language)
}

async fn embed_all(changes: &mut [Change], model: &dyn Embedder) -> Result<(), EmbedError> {
    let mut chunks: Vec<&mut IndexedChunk> = changes
        .iter_mut()
        .flat_map(|change| match change {
            Change::Upsert { chunks, .. } => chunks.iter_mut(),
            Change::Remove { .. } => [].iter_mut(),
        })
        .collect();
    // Texts of similar length together: a batch costs as much as its longest text.
    chunks.sort_by_key(|chunk| chunk.chunk.text.len());
    for batch in chunks.chunks_mut(BATCH) {
        let texts: Vec<String> = batch.iter().map(|chunk| chunk.chunk.embedding_text()).collect();
        let vectors = model.embed(&texts, EmbedPurpose::Passage).await?;
        for (chunk, vector) in batch.iter_mut().zip(vectors) {
            chunk.vector = Some(vector);
        }
    }
    Ok(())
}

/// Binary nDCG at [`DEPTH`]: gain 1 / log2(rank + 1), divided by that of the ideal ranking.
fn ndcg(ranked: &[Uuid], relevant: &HashSet<Uuid>) -> f64 {
    let discount = |position: usize| 1.0 / (position as f64 + 2.0).log2();
    let found: f64 = ranked
        .iter()
        .take(DEPTH)
        .enumerate()
        .filter(|(_, id)| relevant.contains(id))
        .map(|(at, _)| discount(at))
        .sum();
    let ideal: f64 = (0..relevant.len().min(DEPTH)).map(discount).sum();
    found / ideal
}

/// The nearest-rank percentile, in milliseconds.
fn percentile(times: &mut [Duration], percent: usize) -> f64 {
    times.sort_unstable();
    let rank = (times.len() * percent).div_ceil(100).max(1);
    times.get(rank - 1).map_or(0.0, |time| time.as_secs_f64() * 1e3)
}

#[cfg(test)]
mod tests {
    use super::*;

    const CORPUS: &str = r#"{"id": "a", "title": "Opening hours", "text": "We open at nine every weekday."}
{"id": "b", "title": "", "text": "Parking is free for guests of the hotel."}
{"_id": 3, "text": "The sauna costs ten euros per person."}
"#;

    #[tokio::test]
    async fn measures_a_small_set() {
        let questions = r#"{"question": "when do you open", "relevant": ["a"]}
{"question": "is parking free", "relevant": ["b", "missing"]}
{"question": "price of the sauna", "relevant": [3]}
{"question": "nobody knows", "relevant": ["missing"]}
"#;
        let report = run(CORPUS.as_bytes(), questions.as_bytes(), None).await.unwrap();
        assert_eq!((report.documents, report.questions, report.skipped), (3, 3, 1));
        assert!((report.ndcg_at_10 - 1.0).abs() < 1e-9, "{report:?}");
        assert!((report.recall_at_10 - 1.0).abs() < 1e-9);
        assert!(report.p99_ms >= report.p50_ms);
    }

    #[tokio::test]
    async fn a_broken_line_is_named() {
        let error = run(CORPUS.as_bytes(), "{\"question\": 1}\n".as_bytes(), None).await.unwrap_err();
        assert!(error.to_string().starts_with("questions line 1: "), "{error}");
        let error = run("\n".as_bytes(), "".as_bytes(), None).await.unwrap_err();
        assert!(matches!(error, EvalError::Nothing("corpus")));
    }

    #[test]
    fn ndcg_follows_its_definition() {
        let ids: Vec<Uuid> = (1..=4).map(Uuid::from_u128).collect();
        let relevant = HashSet::from([ids[1], ids[3]]);
        let expected = (1.0 / 3_f64.log2() + 1.0 / 5_f64.log2()) / (1.0 + 1.0 / 3_f64.log2());
        assert!((ndcg(&ids, &relevant) - expected).abs() < 1e-12);
    }
}
