//! Adding, changing, refreshing and removing sources. What they say is read by the ingestion job.

use frontdesk_domain::access::Permission;
use frontdesk_domain::context::Context;
use frontdesk_domain::event::Event;
use frontdesk_domain::id::{ChunkId, SourceId};
use frontdesk_domain::knowledge::{FaqPair, Source, SourceKind, SourceStatus};
use frontdesk_domain::page::{Page, PageRequest};
use frontdesk_domain::text;
use frontdesk_http::{HttpError, Url};
use frontdesk_knowledge::chunk::Chunk;
use frontdesk_store::{JobRequest, Tx, knowledge};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use super::ingest::{ATTEMPTS, INGEST_JOB};
use crate::validate::{Validator, cursor};
use crate::{App, AppError, Result};

/// Most sources of a workspace.
pub const MAX_SOURCES: u64 = 2_000;
/// Most bytes that all sources of a workspace are made from.
const MAX_TOTAL_BYTES: u64 = 2 * 1024 * 1024 * 1024;
/// Longest text, in bytes.
const MAX_TEXT: usize = 1024 * 1024;
/// Most pairs of a source.
const MAX_PAIRS: usize = 1_000;
/// Longest title, in characters.
const MAX_TITLE: usize = 200;
/// Longest web address, in bytes.
const MAX_URL: usize = 2_000;
/// Pages of a site that are read when nothing else is asked for.
const DEFAULT_PAGES: u32 = 50;
/// Most pages of a site.
const MAX_PAGES: u32 = 500;

/// What a source says while it waits.
pub(super) const WAITING: &str = "Waiting to be read";

/// A source to be.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum NewSource {
    /// Text typed in.
    Text {
        /// Its title, shown in citations.
        #[schema(min_length = 1, max_length = 200)]
        title: String,
        /// The text.
        #[schema(min_length = 1, max_length = 1_048_576)]
        text: String,
    },
    /// Question and answer pairs.
    Faq {
        /// Its title, shown in citations.
        #[schema(min_length = 1, max_length = 200)]
        title: String,
        /// The pairs.
        #[schema(min_items = 1, max_items = 1000)]
        pairs: Vec<FaqPair>,
    },
    /// One web page.
    Page {
        /// Its address, http or https.
        #[schema(min_length = 1, max_length = 2000, format = "uri")]
        url: String,
    },
    /// A small web site.
    Site {
        /// The address reading begins at; only pages of the same site are read.
        #[schema(min_length = 1, max_length = 2000, format = "uri")]
        url: String,
        /// Most pages to read; 50 when absent.
        #[schema(minimum = 1, maximum = 500)]
        max_pages: Option<u32>,
    },
}

/// What may be changed; absent fields stay.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SourcePatch {
    /// A new title.
    #[schema(min_length = 1, max_length = 200)]
    pub title: Option<String>,
    /// A new text, for sources of that kind.
    #[schema(min_length = 1, max_length = 1_048_576)]
    pub text: Option<String>,
    /// New pairs, for sources of that kind; they replace the old ones.
    #[schema(min_items = 1, max_items = 1000)]
    pub pairs: Option<Vec<FaqPair>>,
}

/// Which sources are wanted.
#[derive(Debug, Clone, Default)]
pub struct SourceFilter {
    /// In this status.
    pub status: Option<SourceStatus>,
    /// Of this kind.
    pub kind: Option<SourceKind>,
    /// Whose title, address or file name contains this.
    pub text: Option<String>,
}

/// A searchable piece of a source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct SourceChunk {
    /// Its id.
    pub id: ChunkId,
    /// Its place in the source, from 0.
    pub ordinal: u32,
    /// Where it stands: page, heading, row.
    pub place: String,
    /// Title and headings above it.
    pub context: String,
    /// The question it answers, when it is one of a pair.
    pub question: Option<String>,
    /// The text.
    pub text: String,
    /// The web address it came from.
    pub url: Option<String>,
}

/// Sources, newest first, with their number.
pub async fn list(
    app: &App,
    ctx: &Context,
    filter: SourceFilter,
    page: &PageRequest,
) -> Result<Page<Source>> {
    ctx.require(Permission::KnowledgeRead)?;
    cursor::<SourceId>(page)?;
    let filter = knowledge::Filter { status: filter.status, kind: filter.kind, text: filter.text };
    Ok(knowledge::list(app.store.reader(), ctx.scope(), &filter, page).await?)
}

/// One source.
pub async fn get(app: &App, ctx: &Context, id: SourceId) -> Result<Source> {
    ctx.require(Permission::KnowledgeRead)?;
    Ok(knowledge::get(app.store.reader(), ctx.scope(), id).await?)
}

/// The searchable pieces of a source, in order; the cursor is the place to go on from.
pub async fn chunks(app: &App, ctx: &Context, id: SourceId, page: &PageRequest) -> Result<Page<SourceChunk>> {
    ctx.require(Permission::KnowledgeRead)?;
    let source = knowledge::get(app.store.reader(), ctx.scope(), id).await?;
    let from = cursor::<u32>(page)?.map_or(0, |last| last.saturating_add(1)).min(i32::MAX as u32);
    let limit = u64::from(page.size()) + 1;
    let stored = knowledge::list_chunks(app.store.reader(), ctx.scope(), id, from, limit).await?;
    let shown = stored.into_iter().map(|stored| {
        let chunk: Chunk = serde_json::from_str(&stored.body)
            .map_err(|error| AppError::Internal(format!("stored chunk {}: {error}", stored.id)))?;
        Ok(SourceChunk {
            id: stored.id,
            ordinal: stored.ordinal,
            place: chunk.place.describe(),
            context: chunk.context,
            question: chunk.question,
            text: chunk.text,
            url: stored.url,
        })
    });
    let shown = shown.collect::<Result<Vec<_>>>()?;
    Ok(Page::cut(shown, page.size(), |chunk| chunk.ordinal.to_string()).with_total(u64::from(source.chunks)))
}

/// What was typed in.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct SourceContent {
    /// The text, of a source of that kind.
    pub text: Option<String>,
    /// The pairs, of a source of that kind.
    pub pairs: Option<Vec<FaqPair>>,
}

/// The text or pairs that were typed in, to be changed.
pub async fn content(app: &App, ctx: &Context, id: SourceId) -> Result<SourceContent> {
    ctx.require(Permission::KnowledgeRead)?;
    let reader = app.store.reader();
    let source = knowledge::get(reader, ctx.scope(), id).await?;
    let mut content = SourceContent::default();
    if !matches!(source.kind, SourceKind::Text | SourceKind::Faq) {
        return Ok(content);
    }
    let bytes = knowledge::content(reader, ctx.scope(), id).await?.unwrap_or_default();
    if source.kind == SourceKind::Faq {
        let damaged = |error| AppError::Internal(format!("stored pairs: {error}"));
        content.pairs = Some(serde_json::from_slice(&bytes).map_err(damaged)?);
    } else {
        content.text = Some(String::from_utf8_lossy(&bytes).into_owned());
    }
    Ok(content)
}

/// What a source is made from, before it is stored.
pub(super) struct Draft {
    pub kind: SourceKind,
    pub title: String,
    pub url: Option<String>,
    pub file_name: Option<String>,
    pub max_pages: u32,
    pub content: Option<Vec<u8>>,
}

/// Adds a source; a job reads it.
pub async fn create(app: &App, ctx: &Context, input: NewSource) -> Result<Source> {
    ctx.require(Permission::KnowledgeWrite)?;
    let mut check = Validator::new();
    let draft = match input {
        NewSource::Text { title, text } => Draft {
            kind: SourceKind::Text,
            title: check.take("/title", text::line(&title, MAX_TITLE)),
            url: None,
            file_name: None,
            max_pages: 1,
            content: Some(check_text(&mut check, &text)),
        },
        NewSource::Faq { title, pairs } => Draft {
            kind: SourceKind::Faq,
            title: check.take("/title", text::line(&title, MAX_TITLE)),
            url: None,
            file_name: None,
            max_pages: 1,
            content: Some(check_pairs(&mut check, pairs)?),
        },
        NewSource::Page { url } => web(&mut check, app, SourceKind::Page, &url, 1),
        NewSource::Site { url, max_pages } => {
            let pages = max_pages.unwrap_or(DEFAULT_PAGES);
            check.ensure("/max_pages", (1..=MAX_PAGES).contains(&pages), "must be 1 to 500");
            web(&mut check, app, SourceKind::Site, &url, pages)
        }
    };
    check.finish()?;
    add(app, ctx, draft).await
}

fn web(check: &mut Validator, app: &App, kind: SourceKind, url: &str, max_pages: u32) -> Draft {
    let url = check.take("/url", check_url(app, url));
    Draft { kind, title: title_of(&url), url: Some(url), file_name: None, max_pages, content: None }
}

/// The first title of a web source: its address without the scheme. The page's own title takes its place.
pub(super) fn title_of(url: &str) -> String {
    let bare = url.split_once("://").map_or(url, |(_, rest)| rest).trim_end_matches('/');
    bare.chars().take(MAX_TITLE).collect()
}

fn check_url(app: &App, url: &str) -> Result<String, String> {
    let url = url.trim();
    if url.len() > MAX_URL {
        return Err(format!("is too long: at most {MAX_URL} characters"));
    }
    let wrong = "is not a web address; write it like https://example.com/prices";
    let mut parsed = Url::parse(url).map_err(|_| wrong.to_owned())?;
    parsed.set_fragment(None);
    if !matches!(parsed.scheme(), "http" | "https") {
        return Err(wrong.to_owned());
    }
    match app.http.check_public(parsed.as_str()) {
        Ok(()) => Ok(parsed.to_string()),
        Err(HttpError::Blocked { reason, .. }) => Err(format!("cannot be read: {reason}")),
        Err(error) => Err(error.to_string()),
    }
}

fn check_text(check: &mut Validator, given: &str) -> Vec<u8> {
    check.ensure("/text", given.len() <= MAX_TEXT, "is too long: at most 1 MB; add it as a file instead");
    let text = check.take("/text", text::lines(given, MAX_TEXT));
    check.ensure("/text", !text.is_empty(), "must not be empty");
    text.into_bytes()
}

fn check_pairs(check: &mut Validator, pairs: Vec<FaqPair>) -> Result<Vec<u8>> {
    check.ensure("/pairs", !pairs.is_empty(), "must not be empty");
    check.ensure(
        "/pairs",
        pairs.len() <= MAX_PAIRS,
        "are too many: at most 1000; split them into two sources",
    );
    let mut kept = Vec::new();
    for (at, pair) in pairs.into_iter().take(MAX_PAIRS).enumerate() {
        let question = check.take(&format!("/pairs/{at}/question"), text::line(&pair.question, 500));
        let field = format!("/pairs/{at}/answer");
        let answer = check.take(&field, text::lines(&pair.answer, 5_000));
        check.ensure(&field, !answer.is_empty(), "must not be empty");
        kept.push(FaqPair { question, answer });
    }
    serde_json::to_vec(&kept).map_err(|error| AppError::Internal(format!("storing pairs: {error}")))
}

/// Stores a source and has it read.
pub(super) async fn add(app: &App, ctx: &Context, draft: Draft) -> Result<Source> {
    let tx = app.store.begin(ctx).await?;
    let (count, bytes, _) = knowledge::totals(&tx, ctx.scope()).await?;
    let size = draft.content.as_ref().map_or(0, Vec::len) as u64;
    if count >= MAX_SOURCES {
        return Err(AppError::Conflict(format!(
            "there are {MAX_SOURCES} sources already; remove some first"
        )));
    }
    check_total(bytes, size)?;
    let source = Source {
        id: SourceId::new(tx.now(), tx.random()),
        kind: draft.kind,
        title: draft.title,
        url: draft.url,
        file_name: draft.file_name,
        bytes: size,
        status: SourceStatus::Queued,
        progress: 0,
        stage: WAITING.to_owned(),
        error: None,
        chunks: 0,
        pages: 0,
        language: None,
        created_at: tx.now(),
        synced_at: None,
    };
    knowledge::insert(&tx, ctx.scope(), &source, draft.max_pages, draft.content.as_deref()).await?;
    enqueue(&tx, source.id);
    let detail = json!({ "kind": source.kind, "title": source.title });
    tx.audit("knowledge.create", Some(source.id.to_string()), detail);
    tx.emit(Event::KnowledgeUpdated { source_id: source.id });
    tx.commit().await?;
    Ok(source)
}

fn check_total(before: u64, more: u64) -> Result<()> {
    if before.saturating_add(more) > MAX_TOTAL_BYTES {
        return Err(AppError::TooLarge("your sources hold 2 GB already; remove some first".to_owned()));
    }
    Ok(())
}

pub(super) fn unique_key(id: SourceId) -> String {
    id.uuid().simple().to_string()
}

fn enqueue(tx: &Tx, id: SourceId) {
    let job = JobRequest::new(INGEST_JOB, json!({ "source": id })).unique(unique_key(id)).attempts(ATTEMPTS);
    tx.enqueue(job);
}

/// Changes a source. A changed text is read anew; until then the old one answers.
pub async fn update(app: &App, ctx: &Context, id: SourceId, patch: SourcePatch) -> Result<Source> {
    ctx.require(Permission::KnowledgeWrite)?;
    let tx = app.store.begin(ctx).await?;
    let source = knowledge::get(&tx, ctx.scope(), id).await?;
    let mut check = Validator::new();
    let title = check.take_some("/title", patch.title, |title| text::line(&title, MAX_TITLE));
    let mut fields: Vec<&str> = title.iter().map(|_| "title").collect();
    let mut content = None;
    if let Some(text) = patch.text {
        check.ensure(
            "/text",
            source.kind == SourceKind::Text,
            "can be changed only where a text was typed in",
        );
        content = Some(check_text(&mut check, &text));
        fields.push("text");
    }
    if let Some(pairs) = patch.pairs {
        check.ensure(
            "/pairs",
            source.kind == SourceKind::Faq,
            "can be changed only where pairs were typed in",
        );
        content = Some(check_pairs(&mut check, pairs)?);
        fields.push("pairs");
    }
    check.finish()?;
    if fields.is_empty() {
        return Ok(source);
    }
    if let Some(title) = &title {
        knowledge::rename(&tx, ctx.scope(), id, title).await?;
    }
    // The title stands above each passage of what was typed in, so it is read anew with it.
    let typed = matches!(source.kind, SourceKind::Text | SourceKind::Faq);
    if content.is_some() || (typed && title.is_some()) {
        let mut size = source.bytes;
        if let Some(content) = &content {
            let (_, bytes, _) = knowledge::totals(&tx, ctx.scope()).await?;
            size = content.len() as u64;
            check_total(bytes.saturating_sub(source.bytes), size)?;
            knowledge::put_content(&tx, ctx.scope(), id, content).await?;
        }
        knowledge::request(&tx, ctx.scope(), id, size, WAITING).await?;
        enqueue(&tx, id);
    }
    let changed = knowledge::get(&tx, ctx.scope(), id).await?;
    tx.audit("knowledge.update", Some(id.to_string()), json!({ "fields": fields }));
    tx.emit(Event::KnowledgeUpdated { source_id: id });
    tx.commit().await?;
    Ok(changed)
}

/// Reads a source anew: a page or site is fetched again, everything else is read again from what was given.
pub async fn sync(app: &App, ctx: &Context, id: SourceId) -> Result<Source> {
    ctx.require(Permission::KnowledgeWrite)?;
    let tx = app.store.begin(ctx).await?;
    let source = knowledge::get(&tx, ctx.scope(), id).await?;
    knowledge::request(&tx, ctx.scope(), id, source.bytes, WAITING).await?;
    enqueue(&tx, id);
    let changed = knowledge::get(&tx, ctx.scope(), id).await?;
    tx.audit("knowledge.sync", Some(id.to_string()), json!({ "title": source.title }));
    tx.emit(Event::KnowledgeUpdated { source_id: id });
    tx.commit().await?;
    Ok(changed)
}

/// Removes a source: from now on nothing is answered from it.
pub async fn delete(app: &App, ctx: &Context, id: SourceId) -> Result<()> {
    ctx.require(Permission::KnowledgeWrite)?;
    let tx = app.store.begin(ctx).await?;
    let gone = knowledge::get(&tx, ctx.scope(), id).await?;
    knowledge::delete(&tx, ctx.scope(), id).await?;
    tx.audit("knowledge.delete", Some(id.to_string()), json!({ "kind": gone.kind, "title": gone.title }));
    tx.emit(Event::KnowledgeDeleted { source_id: id });
    tx.commit().await?;
    Ok(())
}
