//! Knowledge sources and what is found in them.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::id::{ChunkId, SourceId};
use crate::locale::Language;
use crate::time::Timestamp;

/// What a source is made from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SourceKind {
    /// Text typed into the dashboard.
    Text,
    /// Question and answer pairs.
    Faq,
    /// An uploaded file.
    File,
    /// One web page.
    Page,
    /// A small web site, crawled from one address.
    Site,
}

/// Where a source is on its way to being searchable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SourceStatus {
    /// Waiting for its turn.
    Queued,
    /// Being fetched, parsed, chunked or embedded.
    Processing,
    /// Searchable.
    Ready,
    /// It could not be read; `error` says why. What was searchable before still is.
    Failed,
}

/// A knowledge source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Source {
    /// Its id.
    pub id: SourceId,
    /// What it is made from.
    pub kind: SourceKind,
    /// Its title, as shown in citations.
    pub title: String,
    /// The address of a page or site.
    pub url: Option<String>,
    /// The name of an uploaded file.
    pub file_name: Option<String>,
    /// Size of what was given, in bytes.
    pub bytes: u64,
    /// Where it is.
    pub status: SourceStatus,
    /// Progress of processing, 0 to 100.
    pub progress: u8,
    /// What is happening now, in plain words.
    pub stage: String,
    /// Why it failed and what to do, in plain words.
    pub error: Option<String>,
    /// How many chunks are searchable.
    pub chunks: u32,
    /// How many pages were read (PDF pages or web pages).
    pub pages: u32,
    /// The language found.
    pub language: Option<Language>,
    /// When it was added.
    pub created_at: Timestamp,
    /// When it last became searchable.
    pub synced_at: Option<Timestamp>,
}

/// A question and its answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FaqPair {
    /// The question.
    #[schema(min_length = 1, max_length = 500)]
    pub question: String,
    /// The answer.
    #[schema(min_length = 1, max_length = 5000)]
    pub answer: String,
}

/// A passage that was found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Passage {
    /// The chunk.
    pub chunk_id: ChunkId,
    /// The source.
    pub source_id: SourceId,
    /// The source's title.
    pub title: String,
    /// Where in the source: page, headings.
    pub place: String,
    /// The text.
    pub text: String,
    /// How well it fits, higher is better; comparable within one answer only.
    pub score: f32,
    /// The web address it came from, when it has one.
    pub url: Option<String>,
}

/// A sentence an answer rests on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Citation {
    /// The chunk.
    pub chunk_id: ChunkId,
    /// The source.
    pub source_id: SourceId,
    /// The source's title.
    pub title: String,
    /// Where in the source.
    pub place: String,
    /// The words quoted.
    pub quote: String,
    /// The web address it came from, when it has one.
    pub url: Option<String>,
}

/// The answer to a question, or the honest lack of one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct KnowledgeAnswer {
    /// Whether the documents answer it.
    pub answered: bool,
    /// The answer; says that the documents are silent when they are.
    pub text: String,
    /// What it rests on.
    pub citations: Vec<Citation>,
    /// How sure, 0 to 1.
    pub confidence: f32,
}
