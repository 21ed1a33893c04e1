//! The brain with a language model behind it.
//!
//! [`LlmBrain`] asks one model: prompt ([`prompt`]), dialogue ([`history`]), stream, tools, results, until the model
//! has answered. Several models are several brains in a row; the turn goes on with the next one when this one gives up.
//! No vendor is known here, and no rule is trusted to the model alone: what it says goes through the guard, what it
//! calls through the authority.

pub mod history;
pub mod prompt;
#[cfg(test)]
mod tests;

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use frontdesk_domain::knowledge::Citation;
use frontdesk_llm::chat::{
    ChatDelta, ChatMessage, ChatModel, ChatRequest, EndReason, ToolCall, ToolSpec, Usage,
};
use frontdesk_llm::pricing::Pricing;
use futures_util::StreamExt;
use serde_json::Value;
use tokio::time::timeout;

use crate::brain::{Brain, BrainError, Thought};
use crate::port::ToolOutcome;
use crate::session::{DialogueState, ReceiptKind};
use crate::tools;
use crate::turn::{Spent, ToolRequest, Turn};

/// A model and how to ask it.
#[derive(Clone)]
pub struct ModelChoice {
    /// The vendor's client, or a chain of them.
    pub model: Arc<dyn ChatModel>,
    /// The model's name at the vendor.
    pub model_name: String,
    /// Sampling temperature, 0 to 2; the vendor's default when absent.
    pub temperature: Option<f32>,
    /// Most tokens of one answer.
    pub max_tokens: u32,
    /// What its tokens cost.
    pub pricing: Pricing,
}

/// Bounds of one model's turn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LlmLimits {
    /// Time until the model says anything.
    pub first_token: Duration,
    /// Time between two pieces after that.
    pub between_tokens: Duration,
    /// Most requests of one turn; the last one offers no tools.
    pub rounds: usize,
    /// Most rounds in which every tool call was refused.
    pub repairs: usize,
    /// Most characters of dialogue in the prompt.
    pub history: usize,
    /// Micro-dollars the turn may still cost, when the conversation has a ceiling.
    pub budget_micros: Option<u64>,
}

impl Default for LlmLimits {
    fn default() -> Self {
        Self {
            first_token: Duration::from_secs(10),
            between_tokens: Duration::from_secs(8),
            rounds: 6,
            repairs: 2,
            history: 24_000,
            budget_micros: None,
        }
    }
}

/// Most characters a model may write in one answer, and most tool calls it may ask for at once.
const MAX_ANSWER: usize = 16_000;
const MAX_CALLS: usize = 8;

/// The brain with one model behind it.
pub struct LlmBrain {
    choice: ModelChoice,
    limits: LlmLimits,
}

/// One brain per model, in the same order.
pub fn brains(choices: Vec<ModelChoice>, limits: LlmLimits) -> Vec<Arc<dyn Brain>> {
    choices
        .into_iter()
        .map(|choice| Arc::new(LlmBrain::with_limits(choice, limits)) as Arc<dyn Brain>)
        .collect()
}

impl LlmBrain {
    /// The brain with the usual bounds.
    pub fn new(choice: ModelChoice) -> Self {
        Self::with_limits(choice, LlmLimits::default())
    }

    /// The brain with these bounds.
    pub fn with_limits(choice: ModelChoice, limits: LlmLimits) -> Self {
        Self { choice, limits }
    }
}

/// One answer of the model.
#[derive(Default)]
struct Answer {
    text: String,
    calls: Vec<ToolCall>,
    end: Option<EndReason>,
}

#[async_trait]
impl Brain for LlmBrain {
    fn name(&self) -> &str {
        self.choice.model.name()
    }

    async fn think(&self, turn: &mut Turn<'_>) -> Result<Thought, BrainError> {
        self.converse(turn).await.map_err(|reason| BrainError { brain: self.name().to_owned(), reason })
    }
}

impl LlmBrain {
    async fn converse(&self, turn: &mut Turn<'_>) -> Result<Thought, String> {
        let session = turn.session();
        let prompt =
            prompt::system(session, turn.receipts(), turn.reply()).map_err(|fault| fault.to_string())?;
        turn.keep_secret(&prompt.rules, &prompt.marker);
        let mut messages = history::messages(&session.history, turn.input(), self.limits.history);
        let offered: Vec<ToolSpec> = turn
            .tools()
            .iter()
            .map(|spec| ToolSpec {
                name: spec.name.to_owned(),
                description: spec.description.to_owned(),
                parameters: spec.parameters.clone(),
            })
            .collect();
        let mut search = Search::default();
        let mut spoken = String::new();
        let mut fruitless = 0;
        for round in 1..=self.limits.rounds {
            if self.limits.budget_micros.is_some_and(|budget| turn.spent().cost_micros >= budget) {
                return Err("the conversation's cost ceiling is reached".to_owned());
            }
            let last = round == self.limits.rounds || fruitless > self.limits.repairs;
            let request = ChatRequest {
                model: self.choice.model_name.clone(),
                system: prompt.system.clone(),
                messages: messages.clone(),
                tools: if last { Vec::new() } else { offered.clone() },
                temperature: self.choice.temperature,
                max_tokens: self.choice.max_tokens,
            };
            let mut answer = self.listen(turn, request).await?;
            spoken.push_str(&answer.text);
            answer.calls.truncate(MAX_CALLS);
            if answer.calls.is_empty() || last {
                if !spoken.chars().any(char::is_alphanumeric) {
                    let why = if answer.end == Some(EndReason::Refused) {
                        "it refused to answer"
                    } else {
                        "it answered nothing"
                    };
                    return Err(why.to_owned());
                }
                turn.settle();
                return Ok(Self::thought(turn, &search));
            }
            let requests: Vec<ToolRequest> = answer.calls.iter().map(request_of).collect();
            let asked = requests.clone();
            let outcomes = turn.call_tools(requests).await;
            fruitless = if outcomes.iter().any(|outcome| outcome.ok) { 0 } else { fruitless + 1 };
            messages.push(ChatMessage::Assistant { text: answer.text, tool_calls: answer.calls.clone() });
            for ((call, request), outcome) in answer.calls.iter().zip(&asked).zip(&outcomes) {
                search.learn(request, outcome);
                messages.push(ChatMessage::Tool {
                    call_id: call.id.clone(),
                    content: history::tool_result(&call.name, &outcome.result),
                });
            }
        }
        Err("it never came to an answer".to_owned())
    }

    /// Asks once and passes on what the model says while it says it.
    async fn listen(&self, turn: &mut Turn<'_>, request: ChatRequest) -> Result<Answer, String> {
        let mut usage = Usage::default();
        let result = self.receive(turn, request, &mut usage).await;
        turn.add_usage(Spent {
            input_tokens: usage.input_tokens,
            output_tokens: usage.output_tokens,
            cost_micros: self.choice.pricing.cost_micros(usage),
        });
        result
    }

    async fn receive(
        &self,
        turn: &mut Turn<'_>,
        request: ChatRequest,
        usage: &mut Usage,
    ) -> Result<Answer, String> {
        let mut bound = self.limits.first_token;
        let silent = |bound: Duration| format!("it said nothing for {} ms", bound.as_millis());
        let started = timeout(bound, self.choice.model.stream(request)).await;
        let mut deltas = started.map_err(|_| silent(bound))?.map_err(|error| error.to_string())?;
        let mut answer = Answer::default();
        loop {
            let delta = timeout(bound, deltas.next()).await.map_err(|_| silent(bound))?;
            match delta.ok_or("it broke off")?.map_err(|error| error.to_string())? {
                ChatDelta::Text(piece) => {
                    if piece.is_empty() {
                        continue;
                    }
                    if answer.text.is_empty() {
                        turn.separate(&piece);
                    }
                    answer.text.push_str(&piece);
                    if answer.text.len() > MAX_ANSWER {
                        return Err("it would not stop".to_owned());
                    }
                    turn.stream(&piece).await;
                }
                ChatDelta::ToolCall(call) if answer.calls.len() < MAX_CALLS => answer.calls.push(call),
                ChatDelta::ToolCall(_) => {}
                ChatDelta::Usage(tokens) => {
                    *usage = tokens;
                    continue;
                }
                ChatDelta::End(reason) => {
                    answer.end = Some(reason);
                    return Ok(answer);
                }
            }
            bound = self.limits.between_tokens;
        }
    }

    /// What to remember of the turn.
    fn thought(turn: &Turn<'_>, search: &Search) -> Thought {
        let session = turn.session();
        let settled = turn
            .new_receipts()
            .iter()
            .any(|receipt| matches!(receipt.kind, ReceiptKind::LeadCaptured | ReceiptKind::HandedOff));
        let misses = if search.missed.is_some() { session.state.misses.saturating_add(1) } else { 0 };
        Thought {
            state: DialogueState {
                agenda: if settled { Vec::new() } else { session.state.agenda.clone() },
                misses: if settled { 0 } else { misses },
                pending: None,
                topic: Some(turn.input().chars().take(200).collect()),
                ..session.state.clone()
            },
            citations: cited(turn.citations(), turn.reply()),
            unanswered: search.missed.clone(),
            ..Thought::default()
        }
    }
}

/// A call as the turn takes it; arguments that are not JSON stay text, which no schema accepts.
fn request_of(call: &ToolCall) -> ToolRequest {
    let text = call.arguments.trim();
    let arguments = if text.is_empty() {
        Value::Object(serde_json::Map::new())
    } else {
        serde_json::from_str(text).unwrap_or_else(|_| Value::String(text.to_owned()))
    };
    ToolRequest { name: call.name.clone(), arguments }
}

/// What the searches of a turn came to.
#[derive(Default)]
struct Search {
    missed: Option<String>,
    found: bool,
}

impl Search {
    fn learn(&mut self, request: &ToolRequest, outcome: &ToolOutcome) {
        if request.name != tools::SEARCH_KNOWLEDGE || !outcome.ok {
            return;
        }
        self.found |= outcome.result.get("found").and_then(Value::as_bool).unwrap_or(true);
        let question = request.arguments.get("question").and_then(Value::as_str).unwrap_or_default();
        self.missed = (!self.found).then(|| question.to_owned());
    }
}

/// The sources the reply seems to rest on: those that share a fair part of their words with it, at most four.
fn cited(citations: &[Citation], reply: &str) -> Vec<Citation> {
    let words = |text: &str| -> std::collections::BTreeSet<String> {
        text.split(|c: char| !c.is_alphanumeric())
            .filter(|word| word.chars().count() > 3 || word.chars().any(|c| c.is_ascii_digit()))
            .map(str::to_lowercase)
            .collect()
    };
    let said = words(reply);
    let rests = |citation: &&Citation| {
        let quoted = words(&citation.quote);
        let shared = quoted.intersection(&said).count();
        shared >= 3 || (shared > 0 && shared * 2 >= quoted.len())
    };
    citations.iter().filter(rests).take(4).cloned().collect()
}
