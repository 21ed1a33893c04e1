//! Asking the documents: an answer with citations, or passages alone.

use frontdesk_domain::access::Permission;
use frontdesk_domain::context::Context;
use frontdesk_domain::id::SourceId;
use frontdesk_domain::knowledge::{KnowledgeAnswer, Passage};
use frontdesk_domain::text;
use serde::{Deserialize, Serialize};
use tokio::time::Instant;
use utoipa::ToSchema;

use super::library::{Asked, MAX_PASSAGES, MAX_QUESTION};
use crate::validate::Validator;
use crate::{App, Result};

/// Passages given when nothing else is asked for.
const DEFAULT_PASSAGES: usize = 5;
/// Most sources a question can be limited to.
const MAX_NAMED: usize = 100;

/// A question to the documents.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Question {
    /// The question.
    #[schema(min_length = 1, max_length = 2000)]
    pub question: String,
    /// Most passages wanted; 5 when absent.
    #[schema(minimum = 1, maximum = 50)]
    pub limit: Option<u32>,
    /// Only these sources may answer; all when absent.
    #[schema(max_items = 100)]
    pub sources: Option<Vec<SourceId>>,
}

/// The answer to a question, and what it was found in.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct QuestionAnswer {
    /// The answer, or the honest lack of one.
    pub answer: KnowledgeAnswer,
    /// The best passages, best first.
    pub passages: Vec<Passage>,
    /// How long it took, in milliseconds.
    pub took_ms: f64,
}

/// Passages alone, for a model to read.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct ContextPassages {
    /// The best passages, best first.
    pub passages: Vec<Passage>,
}

/// Answers a question from the workspace's documents.
pub async fn query(app: &App, ctx: &Context, question: Question) -> Result<QuestionAnswer> {
    ctx.require(Permission::KnowledgeRead)?;
    let (text, limit) = check(&question)?;
    let began = Instant::now();
    let asked = Asked { question: &text, language: None, sources: question.sources.as_deref(), limit };
    let (answer, passages) = app.library.ask(&app.store, ctx.scope(), asked).await?;
    let took_ms = (began.elapsed().as_secs_f64() * 1e6).round() / 1e3;
    Ok(QuestionAnswer { answer, passages, took_ms })
}

/// The best passages for a question.
pub async fn context(app: &App, ctx: &Context, question: Question) -> Result<ContextPassages> {
    ctx.require(Permission::KnowledgeRead)?;
    let (text, limit) = check(&question)?;
    let sources = question.sources.as_deref();
    let passages = app.library.passages(&app.store, ctx.scope(), &text, None, sources, limit).await?;
    Ok(ContextPassages { passages })
}

fn check(question: &Question) -> Result<(String, usize)> {
    let mut check = Validator::new();
    let asked = check.take("/question", text::lines(&question.question, MAX_QUESTION));
    check.ensure("/question", !asked.is_empty(), "must not be empty");
    let limit = question.limit.map_or(DEFAULT_PASSAGES, |limit| limit as usize);
    check.ensure("/limit", (1..=MAX_PASSAGES).contains(&limit), "must be 1 to 50");
    let named = question.sources.as_ref().map_or(0, Vec::len);
    check.ensure("/sources", named <= MAX_NAMED, "are too many: at most 100");
    check.finish()?;
    Ok((asked, limit))
}
