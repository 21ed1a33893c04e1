//! One turn: what a brain speaks and acts through.
//!
//! A brain never touches the customer or a tool directly. It calls [`Turn::say`] or [`Turn::stream`], which send every
//! sentence past the guard, and [`Turn::call_tool`], which checks authority and schema, keeps the receipt and records
//! what happened. So guard, authority and record hold for every brain, and a brain that fails can be replaced in the
//! middle of a turn without anything being done twice.
//!
//! [`turn`] (in `turn/stream.rs`) runs the brains in order and yields the events. This file knows no model and no
//! phrase. A new ability of brains is a method here.

mod stream;

use std::time::Duration;

use frontdesk_domain::knowledge::{Citation, KnowledgeAnswer, Passage};
use frontdesk_domain::locale::Language;
use frontdesk_domain::message::MAX_MESSAGE;
use futures_util::future::join_all;
use serde_json::{Value, json};
use tokio::sync::mpsc::UnboundedSender;
use tokio::time::{Instant, timeout};

pub use self::stream::{Brains, TurnStream, turn};
use crate::authority::Authority;
use crate::event::{ToolRun, TurnEvent};
use crate::guard::Guard;
use crate::guard::times::{Evidence, Reader};
use crate::port::{Knowledge, ToolOutcome, ToolSpec, Tools};
use crate::session::{Receipt, Session};
use crate::shelf::Shelf;
use crate::tools;

/// Bounds of one turn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Time for all models together; the built-in brain then still has `builtin`.
    pub models: Duration,
    /// Time for the built-in brain.
    pub builtin: Duration,
    /// Time for one tool call or one search.
    pub tool: Duration,
    /// Most tool calls of one turn, refused ones included.
    pub tool_calls: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            models: Duration::from_secs(30),
            builtin: Duration::from_secs(12),
            tool: Duration::from_secs(10),
            tool_calls: 16,
        }
    }
}

/// Tokens and money of model requests.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Spent {
    /// Tokens read.
    pub input_tokens: u64,
    /// Tokens written.
    pub output_tokens: u64,
    /// Micro-dollars.
    pub cost_micros: u64,
}

/// A tool call a brain asks for.
#[derive(Debug, Clone, PartialEq)]
pub struct ToolRequest {
    /// The tool.
    pub name: String,
    /// Its arguments; not yet checked.
    pub arguments: Value,
}

/// A tool that acted in this turn.
#[derive(Debug, Clone)]
struct Act {
    /// Which of the turn's brains called it, counted from 0.
    brain: usize,
    request: ToolRequest,
    outcome: ToolOutcome,
}

/// A turn in progress.
pub struct Turn<'a> {
    session: &'a Session,
    input: &'a str,
    tools: &'a dyn Tools,
    knowledge: &'a dyn Knowledge,
    authority: Authority,
    limits: Limits,
    events: UnboundedSender<TurnEvent>,
    guard: Guard,
    reply: String,
    /// Length of `reply` when the last tool ran.
    reply_at_tool: usize,
    full: bool,
    receipts: Vec<Receipt>,
    acts: Vec<Act>,
    calls: usize,
    brain: usize,
    citations: Vec<Citation>,
    shelf: Shelf,
    spent: Spent,
}

impl<'a> Turn<'a> {
    fn new(
        session: &'a Session,
        input: &'a str,
        tools: &'a dyn Tools,
        knowledge: &'a dyn Knowledge,
        limits: Limits,
        events: UnboundedSender<TurnEvent>,
    ) -> Self {
        let language = session.state.language.unwrap_or(session.settings.language);
        Self {
            session,
            input,
            tools,
            knowledge,
            authority: Authority::of(session, tools.specs()),
            limits,
            events,
            guard: Guard::new(language).with_reader(Reader::of(session, input)),
            reply: String::new(),
            reply_at_tool: 0,
            full: false,
            receipts: session.receipts.clone(),
            acts: Vec::new(),
            calls: 0,
            brain: 0,
            citations: Vec::new(),
            shelf: session.state.shelf.clone(),
            spent: Spent::default(),
        }
    }

    /// What the turn started with.
    pub fn session(&self) -> &'a Session {
        self.session
    }

    /// What the customer said.
    pub fn input(&self) -> &'a str {
        self.input
    }

    /// The tools this session may use.
    pub fn tools(&self) -> &[ToolSpec] {
        self.authority.specs()
    }

    /// Whether this session may use the tool.
    pub fn may_use(&self, tool: &str) -> bool {
        self.authority.allows(tool)
    }

    /// Receipts of the conversation, those of this turn last.
    pub fn receipts(&self) -> &[Receipt] {
        &self.receipts
    }

    /// Receipts this turn earned; a brain that takes over in mid-turn learns from them what is done already.
    pub fn new_receipts(&self) -> &[Receipt] {
        self.receipts.get(self.session.receipts.len()..).unwrap_or_default()
    }

    /// What the customer has been shown in this turn.
    pub fn reply(&self) -> &str {
        &self.reply
    }

    /// Sources that tools named in this turn.
    pub fn citations(&self) -> &[Citation] {
        &self.citations
    }

    /// What this turn has cost so far.
    pub fn spent(&self) -> Spent {
        self.spent
    }

    /// Says one or more whole sentences. They are guarded and shown at once; a space is put between two utterances.
    pub async fn say(&mut self, text: &str) {
        self.separate(text);
        let shown = self.guard.push(text, Evidence::new(&self.receipts, &self.shelf));
        self.show(&shown);
        self.settle();
        // Whoever reads the stream gets what was said before the brain goes on.
        tokio::task::yield_now().await;
    }

    /// Streams a piece of text as a model writes it. A sentence is shown once it is complete and past the guard; one
    /// that claims what is not proven yet is kept until [`Turn::settle`] or the end of the turn, so that a tool called
    /// right after it can still prove it.
    pub async fn stream(&mut self, piece: &str) {
        let shown = self.guard.push(piece, Evidence::new(&self.receipts, &self.shelf));
        if !shown.is_empty() {
            self.show(&shown);
            tokio::task::yield_now().await;
        }
    }

    /// Ends an utterance: what was kept back is judged for good.
    pub fn settle(&mut self) {
        let shown = self.guard.settle(Evidence::new(&self.receipts, &self.shelf));
        self.show(&shown);
    }

    /// Starts a new utterance after an earlier one: puts a space between them when there is none.
    pub fn separate(&mut self, next: &str) {
        let joined = self.guard.pending().chars().next_back().or_else(|| self.reply.chars().next_back());
        let starts_apart = next.chars().next().is_none_or(char::is_whitespace);
        if !starts_apart && joined.is_some_and(|last| !last.is_whitespace()) {
            let shown = self.guard.push(" ", Evidence::new(&self.receipts, &self.shelf));
            self.show(&shown);
        }
    }

    /// Text that must never reach the customer, such as the fixed part of a system prompt.
    pub fn keep_secret(&mut self, text: &str, marker: &str) {
        self.guard.keep_secret(text, marker);
    }

    /// Calls one tool and waits for what comes of it. A refusal is an outcome too: `ok` is false and the result says
    /// why in words a model can act on.
    pub async fn call_tool(&mut self, name: &str, arguments: Value) -> ToolOutcome {
        let request = ToolRequest { name: name.to_owned(), arguments };
        let mut outcomes = self.call_tools(vec![request]).await;
        outcomes.pop().unwrap_or_else(|| refused("the call was lost"))
    }

    /// Calls several tools; neighbours that only read run together, those that act run one after the other in order.
    /// The outcomes come in the order of the requests.
    pub async fn call_tools(&mut self, requests: Vec<ToolRequest>) -> Vec<ToolOutcome> {
        let shown = self.guard.pause(Evidence::new(&self.receipts, &self.shelf));
        self.show(&shown);
        let mut outcomes = Vec::with_capacity(requests.len());
        let mut requests = requests.into_iter().peekable();
        while let Some(first) = requests.next() {
            let mut batch = vec![first];
            while batch.last().is_some_and(|last| tools::only_reads(&last.name))
                && requests.peek().is_some_and(|next| tools::only_reads(&next.name))
            {
                batch.extend(requests.next());
            }
            outcomes.extend(self.run_batch(batch).await);
        }
        self.reply_at_tool = self.reply.len();
        self.settle();
        outcomes
    }

    /// The best passages for a question; none when the search takes too long.
    pub async fn passages(&mut self, question: &str, language: Language, limit: usize) -> Vec<Passage> {
        let search = self.knowledge.passages(question, language, limit);
        timeout(self.limits.tool, search).await.unwrap_or_default()
    }

    /// The documents' answer to a question; "not answered" when the search takes too long.
    pub async fn answer(&mut self, question: &str, language: Language) -> KnowledgeAnswer {
        let search = self.knowledge.answer(question, language);
        timeout(self.limits.tool, search).await.unwrap_or_else(|_| KnowledgeAnswer {
            answered: false,
            text: String::new(),
            citations: Vec::new(),
            confidence: 0.0,
        })
    }

    /// Counts a model request's tokens and micro-dollars.
    pub fn add_usage(&mut self, spent: Spent) {
        self.spent.input_tokens = self.spent.input_tokens.saturating_add(spent.input_tokens);
        self.spent.output_tokens = self.spent.output_tokens.saturating_add(spent.output_tokens);
        self.spent.cost_micros = self.spent.cost_micros.saturating_add(spent.cost_micros);
    }

    /// Runs calls that may run together.
    async fn run_batch(&mut self, batch: Vec<ToolRequest>) -> Vec<ToolOutcome> {
        let mut plans = Vec::with_capacity(batch.len());
        for request in batch {
            self.calls += 1;
            let plan = if self.calls > self.limits.tool_calls {
                Plan::Known(refused("too many tool calls in this turn; answer the customer now"), false)
            } else if let Err(refusal) = self.authority.check(&request.name, &request.arguments) {
                Plan::Known(refused(&refusal.to_string()), false)
            } else if let Some(earlier) = self.already_done(&request) {
                Plan::Known(earlier.clone(), true)
            } else {
                Plan::Run
            };
            plans.push((request, plan));
        }
        let (tool_port, bound) = (self.tools, self.limits.tool);
        let runs = plans.iter().map(|(request, plan)| async move {
            let started = Instant::now();
            let outcome = match plan {
                Plan::Known(outcome, _) => outcome.clone(),
                Plan::Run => timeout(bound, tool_port.call(&request.name, request.arguments.clone()))
                    .await
                    .unwrap_or_else(|_| refused("the tool took too long; whether it worked is not known")),
            };
            (outcome, started.elapsed())
        });
        let done = join_all(runs).await;
        let mut outcomes = Vec::with_capacity(done.len());
        for ((request, plan), (outcome, took)) in plans.into_iter().zip(done) {
            let repeated = matches!(plan, Plan::Known(_, true));
            if !repeated {
                self.record(request, &outcome, took);
            }
            outcomes.push(outcome);
        }
        outcomes
    }

    /// Keeps what a tool left behind and tells the outside.
    fn record(&mut self, request: ToolRequest, outcome: &ToolOutcome, took: Duration) {
        if let Some(receipt) = &outcome.receipt {
            self.receipts.push(receipt.clone());
        }
        self.shelf.learn(&request.name, outcome);
        for citation in &outcome.citations {
            if !self.citations.contains(citation) {
                self.citations.push(citation.clone());
            }
        }
        let event = ToolRun {
            tool: request.name.chars().take(64).collect(),
            arguments: self.authority.recorded(&request),
            outcome: outcome.clone(),
            latency_ms: u32::try_from(took.as_millis()).unwrap_or(u32::MAX),
        };
        if outcome.ok && !tools::only_reads(&request.name) {
            self.acts.push(Act { brain: self.brain, request, outcome: outcome.clone() });
        }
        // The receiver lives in the same stream; it is only gone when the turn itself is.
        let _ = self.events.send(TurnEvent::Tool(event));
    }

    /// What came of an acting tool that this turn ran already: the same call again, or, for a brain that took over, any
    /// call of a tool that another brain has used.
    fn already_done(&self, request: &ToolRequest) -> Option<&ToolOutcome> {
        let same = |act: &&Act| {
            act.request.name == request.name
                && (act.brain != self.brain || act.request.arguments == request.arguments)
        };
        self.acts.iter().rev().find(same).map(|act| &act.outcome)
    }

    /// Shows text that is past the guard, within the length of a message.
    fn show(&mut self, text: &str) {
        let text = if self.reply.is_empty() { text.trim_start() } else { text };
        if text.is_empty() || self.full {
            return;
        }
        let room = MAX_MESSAGE.saturating_sub(self.reply.chars().count());
        let fitting: String = text.chars().take(room).collect();
        self.full = fitting.len() < text.len();
        self.reply.push_str(&fitting);
        if !fitting.is_empty() {
            let _ = self.events.send(TurnEvent::Text(fitting));
        }
    }

    /// Forgets what was streamed and not shown, before another brain takes over.
    fn drop_unshown(&mut self) {
        self.guard.discard();
    }

    /// Whether the customer has seen more than a few words of lead-in ("Let me check that.") since the last tool ran.
    fn is_mid_answer(&self) -> bool {
        const LEAD_IN: usize = 80;
        self.reply.get(self.reply_at_tool..).unwrap_or_default().trim().chars().count() > LEAD_IN
    }
}

/// What is to happen with a call: run it, or take an outcome known beforehand (and whether it was recorded before).
enum Plan {
    Run,
    Known(ToolOutcome, bool),
}

fn refused(why: &str) -> ToolOutcome {
    ToolOutcome { ok: false, result: json!({ "error": why }), receipt: None, citations: Vec::new() }
}

#[cfg(test)]
mod tests;
