//! The documents the demo's agent answers from. They are only stored here; the same job as for everybody's reads them.
//!
//! `scripts/demo-documents` makes the files of `files/`.

use frontdesk_domain::event::Event;
use frontdesk_domain::id::SourceId;
use frontdesk_domain::knowledge::{FaqPair, Source, SourceKind, SourceStatus};
use frontdesk_domain::time::Timestamp;
use frontdesk_store::{JobRequest, Tx, knowledge};
use serde::Deserialize;
use serde_json::json;

use super::read;
use crate::knowledge::INGEST_JOB;
use crate::{AppError, Result};

/// Documents by their key in the data.
pub struct Sources(Vec<(&'static str, Source)>);

impl Sources {
    /// The document with this key.
    pub fn get(&self, key: &str) -> Result<&Source> {
        let found = self.0.iter().find(|(known, _)| *known == key);
        found
            .map(|(_, source)| source)
            .ok_or_else(|| AppError::Internal(format!("the demo has no document `{key}`")))
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FaqData {
    pair: Vec<FaqPair>,
}

struct Document {
    key: &'static str,
    kind: SourceKind,
    title: &'static str,
    file_name: Option<&'static str>,
    content: Vec<u8>,
}

fn all() -> Result<Vec<Document>> {
    let faq: FaqData = read("faq.toml", include_str!("data/faq.toml"))?;
    let pairs = serde_json::to_vec(&faq.pair)
        .map_err(|error| AppError::Internal(format!("the demo's FAQ: {error}")))?;
    Ok(vec![
        Document {
            key: "guide",
            kind: SourceKind::File,
            title: "Price list and patient guide",
            file_name: Some("price-list-and-patient-guide.pdf"),
            content: include_bytes!("files/price-list-and-patient-guide.pdf").to_vec(),
        },
        Document {
            key: "policies",
            kind: SourceKind::File,
            title: "Office policies",
            file_name: Some("office-policies.docx"),
            content: include_bytes!("files/office-policies.docx").to_vec(),
        },
        Document {
            key: "website",
            kind: SourceKind::File,
            title: "Our web site",
            file_name: Some("brightsmile-dental.html"),
            content: include_bytes!("../../../frontdesk-api/src/demo/index.html").to_vec(),
        },
        Document {
            key: "team",
            kind: SourceKind::Text,
            title: "Our team and services",
            file_name: None,
            content: include_bytes!("data/team.md").to_vec(),
        },
        Document {
            key: "faq",
            kind: SourceKind::Faq,
            title: "Frequently asked questions",
            file_name: None,
            content: pairs,
        },
    ])
}

/// Stores the documents and has them read.
pub async fn write(tx: &mut Tx, now: Timestamp) -> Result<Sources> {
    let mut sources = Vec::new();
    for (place, document) in all()?.into_iter().enumerate() {
        // A minute apart, so that lists keep their order.
        tx.at(Timestamp::from_millis(tx.now().as_millis() + 60_000 * (place as i64 + 1)).min(now));
        let source = Source {
            id: SourceId::new(tx.now(), tx.random()),
            kind: document.kind,
            title: document.title.to_owned(),
            url: None,
            file_name: document.file_name.map(str::to_owned),
            bytes: document.content.len() as u64,
            status: SourceStatus::Queued,
            progress: 0,
            stage: "Waiting to be read".to_owned(),
            error: None,
            chunks: 0,
            pages: 0,
            language: None,
            created_at: tx.now(),
            synced_at: None,
        };
        knowledge::insert(tx, tx.scope(), &source, 1, Some(&document.content)).await?;
        let key = source.id.uuid().simple().to_string();
        tx.enqueue(JobRequest::new(INGEST_JOB, json!({ "source": source.id })).unique(key).attempts(6));
        tx.emit(Event::KnowledgeUpdated { source_id: source.id });
        sources.push((document.key, source));
    }
    Ok(Sources(sources))
}
