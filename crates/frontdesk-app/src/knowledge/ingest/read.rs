//! From what was given to passages: text, pairs and files are parsed, pages and sites are fetched first.

use std::collections::HashMap;

use frontdesk_domain::knowledge::{FaqPair, SourceKind};
use frontdesk_domain::locale::Language;
use frontdesk_knowledge::chunk::{self, Size};
use frontdesk_knowledge::language::Language as Known;
use frontdesk_knowledge::parse::{Document, Format, Limits, ParseError};
use frontdesk_knowledge::worker::Request;
use frontdesk_store::knowledge;

use super::{Piece, Run, Stop, crawl, to_language};
use crate::AppError;

/// What was read of a source.
pub(super) struct Reading {
    pub pieces: Vec<Piece>,
    /// PDF pages or web pages.
    pub pages: u32,
    /// Bytes read.
    pub bytes: u64,
    pub language: Option<Language>,
    /// The document's own title.
    pub title: Option<String>,
}

/// Reads the source.
pub(super) async fn read(run: &Run<'_>) -> Result<Reading, Stop> {
    match run.work.source.kind {
        SourceKind::Text => text(run).await,
        SourceKind::Faq => faq(run).await,
        SourceKind::File => file(run).await,
        SourceKind::Page => crawl::page(run).await,
        SourceKind::Site => crawl::site(run).await,
    }
}

async fn content(run: &Run<'_>) -> Result<Vec<u8>, Stop> {
    let found = knowledge::content(run.app.store.reader(), run.ctx.scope(), run.work.source.id).await?;
    // Deleted since the source was read.
    found.ok_or(Stop::Changed)
}

async fn text(run: &Run<'_>) -> Result<Reading, Stop> {
    let bytes = content(run).await?;
    let size = bytes.len() as u64;
    let mut document = parse(run, Format::Text, None, bytes).await?;
    // The title that the person gave, not what the first line looks like.
    document.title = Some(run.work.source.title.clone());
    cut(vec![Page { document, url: None }], size).await
}

async fn faq(run: &Run<'_>) -> Result<Reading, Stop> {
    let bytes = content(run).await?;
    let damaged = |error| AppError::Internal(format!("stored pairs: {error}"));
    let pairs: Vec<FaqPair> = serde_json::from_slice(&bytes).map_err(damaged)?;
    let pairs: Vec<(String, String)> = pairs.into_iter().map(|pair| (pair.question, pair.answer)).collect();
    let document = Document::from_faq(&run.work.source.title, &pairs);
    cut(vec![Page { document, url: None }], bytes.len() as u64).await
}

async fn file(run: &Run<'_>) -> Result<Reading, Stop> {
    let bytes = content(run).await?;
    let (size, name) = (bytes.len() as u64, run.work.source.file_name.as_deref());
    let Some(format) = Format::detect(name, None, &bytes) else {
        return Err(Stop::Refused(ParseError::Unsupported.to_string()));
    };
    let document = parse(run, format, name, bytes).await?;
    cut(vec![Page { document, url: None }], size).await
}

/// Parses in a process of its own.
pub(super) async fn parse(
    run: &Run<'_>,
    format: Format,
    file_name: Option<&str>,
    bytes: Vec<u8>,
) -> Result<Document, Stop> {
    let settings = run.app.library.settings();
    let limits = Limits { bytes: settings.max_file_bytes, ..Limits::default() };
    let request = Request { format, file_name: file_name.map(str::to_owned), limits };
    let _permit = run.app.library.file_permit().await?;
    settings.parser.parse(&request, bytes).await.map_err(|error| {
        if error.is_temporary() { Stop::Later(error.to_string()) } else { Stop::Refused(error.to_string()) }
    })
}

/// A document and the web address it came from.
pub(super) struct Page {
    pub document: Document,
    pub url: Option<String>,
}

/// Cuts documents into passages, on a thread of its own: a large file takes a while.
pub(super) async fn cut(pages: Vec<Page>, bytes: u64) -> Result<Reading, Stop> {
    let work = tokio::task::spawn_blocking(move || cut_pages(pages, bytes)).await;
    work.map_err(|error| AppError::Internal(format!("cutting a document: {error}")).into())
}

fn cut_pages(pages: Vec<Page>, bytes: u64) -> Reading {
    let title = pages.first().and_then(|page| page.document.title.clone());
    let web = pages.iter().filter(|page| page.url.is_some()).count() as u32;
    let mut printed = 0;
    let mut written: HashMap<Known, usize> = HashMap::new();
    let mut pieces: Vec<Piece> = Vec::new();
    for page in pages {
        *written.entry(page.document.language).or_default() += page.document.text_chars();
        printed = page.document.blocks.iter().filter_map(|block| block.place.page).fold(printed, u32::max);
        for mut chunk in chunk::chunk(&page.document, Size::default()) {
            chunk.ordinal = pieces.len() as u32;
            if page.url.is_some() && chunk.place.heading_path.is_empty() {
                // A citation of a site names the page.
                chunk.place.heading_path.extend(page.document.title.clone());
            }
            pieces.push(Piece { chunk, url: page.url.clone() });
        }
    }
    let language = written.into_iter().max_by_key(|(language, chars)| (*chars, *language));
    Reading {
        pieces,
        pages: web.max(printed).max(1),
        bytes,
        language: language.and_then(|(language, _)| to_language(language)),
        title,
    }
}
