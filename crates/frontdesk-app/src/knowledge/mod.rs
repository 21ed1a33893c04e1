//! Knowledge: sources that people add, their ingestion, and the library that is searched.
//!
//! A source is stored at once and read by a job ([`ingest`]): fetched when it is a web address, parsed in a process of
//! its own, cut into chunks, embedded, stored beside what was searchable before and swapped in. The [`Library`] holds
//! what is searchable. To add a kind of source, add it to [`NewSource`] and to `ingest/read.rs`.

mod embedding;
mod ingest;
pub mod library;
mod question;
mod source;
mod upload;

pub use embedding::{REEMBED_JOB, embedder_changed, plan_reembedding, reembed};
pub use ingest::{INGEST_JOB, ingest};
pub use library::{Library, LibrarySettings};
pub use question::{ContextPassages, Question, QuestionAnswer, context, query};
pub use source::{
    NewSource, SourceChunk, SourceContent, SourceFilter, SourcePatch, chunks, content, create, delete, get,
    list, sync, update,
};
pub use upload::{Upload, too_large, upload, upload_permit};
