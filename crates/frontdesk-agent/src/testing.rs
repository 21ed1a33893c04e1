//! In-memory stand-ins for the ports, for the tests of this crate.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use frontdesk_domain::agent::AgentSettings;
use frontdesk_domain::contact::Memory;
use frontdesk_domain::conversation::Channel;
use frontdesk_domain::id::{ChunkId, ConversationId, SourceId, TurnId};
use frontdesk_domain::knowledge::{Citation, KnowledgeAnswer, Passage};
use frontdesk_domain::locale::Language;
use frontdesk_domain::random::SeededRandom;
use frontdesk_domain::time::Timestamp;
use frontdesk_domain::workspace::{BusinessFacts, Stretch, Weekday, WeeklyHours};
use frontdesk_llm::chat::{
    ChatDelta, ChatError, ChatModel, ChatRequest, ChatStream, EndReason, ToolCall, Usage,
};
use frontdesk_llm::pricing::Pricing;
use futures_util::StreamExt;
use serde_json::{Value, json};

use crate::brain::{Brain, BrainError, Thought};
use crate::event::{ToolRun, TurnEvent, TurnOutcome};
use crate::llm::{LlmBrain, LlmLimits, ModelChoice};
use crate::port::{Knowledge, ToolOutcome, ToolSpec, Tools};
use crate::session::{Business, Customer, DialogueState, Receipt, ReceiptKind, Session};
use crate::tools;
use crate::turn::{Brains, Turn, TurnStream, turn};

/// Friday, 20 March 2026, 09:46 UTC.
pub const NOW: Timestamp = Timestamp::from_millis(1_774_000_000_000);

/// A session of a small dental practice.
pub fn session() -> Session {
    let random = SeededRandom::new(7);
    let day = vec![Stretch { from: 540, to: 1020 }];
    let weekdays = [Weekday::Mon, Weekday::Tue, Weekday::Wed, Weekday::Thu, Weekday::Fri];
    Session {
        conversation_id: ConversationId::new(NOW, &random),
        turn_id: TurnId::new(NOW, &random),
        channel: Channel::Web,
        business: Business {
            name: "Bright Smile Dental".to_owned(),
            zone: "America/New_York".to_owned(),
            country: "US".to_owned(),
            facts: BusinessFacts {
                description: "A family dental practice.".to_owned(),
                address: "12 Main Street, Springfield".to_owned(),
                phone: "+1 555 0100".to_owned(),
                email: "hello@brightsmile.example".to_owned(),
                website: "https://brightsmile.example".to_owned(),
            },
            hours: WeeklyHours(weekdays.into_iter().map(|weekday| (weekday, day.clone())).collect()),
        },
        agent_name: "Mia".to_owned(),
        settings: AgentSettings::default(),
        customer: Customer::default(),
        memory: Memory::default(),
        history: Vec::new(),
        state: DialogueState::default(),
        now: NOW,
        seed: 42,
        receipts: Vec::new(),
        team_available: true,
        bookable: Vec::new(),
    }
}

/// Tools that note every call and answer as app would.
#[derive(Default)]
pub struct RecordingTools {
    pub calls: Mutex<Vec<(String, Value)>>,
    /// What `search_knowledge` finds.
    pub documents: Vec<String>,
    /// Tools that never answer.
    pub stuck: Vec<&'static str>,
}

impl RecordingTools {
    pub fn names(&self) -> Vec<String> {
        self.calls.lock().unwrap().iter().map(|(name, _)| name.clone()).collect()
    }
}

#[async_trait]
impl Tools for RecordingTools {
    fn specs(&self) -> Vec<ToolSpec> {
        tools::specs()
    }

    async fn call(&self, name: &str, arguments: Value) -> ToolOutcome {
        self.calls.lock().unwrap().push((name.to_owned(), arguments));
        if self.stuck.contains(&name) {
            std::future::pending::<()>().await;
        }
        if name == tools::SEARCH_KNOWLEDGE {
            let passages: Vec<Value> = self
                .documents
                .iter()
                .map(|text| json!({ "title": "Prices", "place": "", "text": text }))
                .collect();
            let random = SeededRandom::new(1);
            let citation = |text: &String| Citation {
                chunk_id: ChunkId::new(NOW, &random),
                source_id: SourceId::new(NOW, &random),
                title: "Prices".to_owned(),
                place: String::new(),
                quote: text.clone(),
                url: None,
            };
            return ToolOutcome {
                ok: true,
                result: json!({ "found": !passages.is_empty(), "passages": passages }),
                receipt: None,
                citations: self.documents.iter().map(citation).collect(),
            };
        }
        let kind = match name {
            tools::CAPTURE_LEAD => ReceiptKind::LeadCaptured,
            tools::UPDATE_CONTACT => ReceiptKind::ContactUpdated,
            tools::HANDOFF => ReceiptKind::HandedOff,
            tools::SEND_SMS | tools::SEND_WHATSAPP | tools::SEND_EMAIL => ReceiptKind::MessageSent,
            tools::END_CONVERSATION => ReceiptKind::ConversationEnded,
            _ => ReceiptKind::OptedOut,
        };
        let receipt = Receipt { kind, id: format!("{name}-1") };
        ToolOutcome {
            ok: true,
            result: json!({ "done": name }),
            receipt: Some(receipt),
            citations: Vec::new(),
        }
    }
}

/// Knowledge that is always silent.
pub struct SilentKnowledge;

#[async_trait]
impl Knowledge for SilentKnowledge {
    async fn passages(&self, _: &str, _: Language, _: usize) -> Vec<Passage> {
        Vec::new()
    }

    async fn answer(&self, _: &str, _: Language) -> KnowledgeAnswer {
        KnowledgeAnswer { answered: false, text: String::new(), citations: Vec::new(), confidence: 0.0 }
    }
}

/// A built-in brain that says one sentence and lists what was done before it.
pub struct PlainBrain;

#[async_trait]
impl Brain for PlainBrain {
    fn name(&self) -> &'static str {
        "builtin"
    }

    async fn think(&self, turn: &mut Turn<'_>) -> Result<Thought, BrainError> {
        if turn.input().contains("person") {
            turn.call_tool(tools::HANDOFF, json!({ "reason": "asked" })).await;
        }
        turn.say("How can I help?").await;
        Ok(Thought { intent: Some("plain".to_owned()), ..Thought::default() })
    }
}

/// One step of a scripted answer.
#[derive(Debug, Clone)]
pub enum Step {
    Say(&'static str),
    Own(String),
    Call(&'static str, Value),
    /// A call with arguments that are no JSON.
    Raw(&'static str, &'static str),
    Tokens(u64, u64),
    /// Nothing more, ever.
    Stall,
    Fail,
    /// The stream ends without an end.
    Break,
}

/// A model that plays its answers in order, the last one again and again, and keeps what it was asked.
pub struct ScriptedModel {
    answers: Mutex<VecDeque<Vec<Step>>>,
    pub requests: Mutex<Vec<ChatRequest>>,
}

impl ScriptedModel {
    pub fn new(answers: Vec<Vec<Step>>) -> Arc<Self> {
        Arc::new(Self { answers: Mutex::new(answers.into()), requests: Mutex::default() })
    }
}

#[async_trait]
impl ChatModel for ScriptedModel {
    fn name(&self) -> &'static str {
        "scripted:model"
    }

    async fn stream(&self, request: ChatRequest) -> Result<ChatStream, ChatError> {
        let offered = !request.tools.is_empty();
        self.requests.lock().unwrap().push(request);
        let steps = {
            let mut answers = self.answers.lock().unwrap();
            if answers.len() > 1 { answers.pop_front() } else { answers.front().cloned() }.unwrap_or_default()
        };
        let mut deltas: Vec<Result<ChatDelta, ChatError>> = Vec::new();
        let (mut stalls, mut breaks, mut called) = (false, false, false);
        for (index, step) in steps.into_iter().enumerate() {
            let call = |name: &str, arguments: String| {
                Ok(ChatDelta::ToolCall(ToolCall {
                    id: format!("call{index}"),
                    name: name.to_owned(),
                    arguments,
                }))
            };
            match step {
                // In pieces, as a vendor would.
                Step::Say(text) => deltas.extend(pieces(text)),
                Step::Own(text) => deltas.extend(pieces(&text)),
                Step::Call(name, arguments) if offered => {
                    called = true;
                    deltas.push(call(name, arguments.to_string()));
                }
                Step::Raw(name, arguments) if offered => {
                    called = true;
                    deltas.push(call(name, arguments.to_owned()));
                }
                Step::Call(..) | Step::Raw(..) => {}
                Step::Tokens(input_tokens, output_tokens) => {
                    deltas.push(Ok(ChatDelta::Usage(Usage {
                        input_tokens,
                        cached_tokens: 0,
                        output_tokens,
                    })));
                }
                Step::Stall => stalls = true,
                Step::Fail => {
                    deltas.push(Err(ChatError::Unavailable("503".to_owned())));
                    breaks = true;
                }
                Step::Break => breaks = true,
            }
        }
        let head = futures_util::stream::iter(deltas);
        if stalls {
            return Ok(head.chain(futures_util::stream::pending()).boxed());
        }
        let end = if called { EndReason::ToolCalls } else { EndReason::Stop };
        let tail = if breaks { vec![] } else { vec![Ok(ChatDelta::End(end))] };
        Ok(head.chain(futures_util::stream::iter(tail)).boxed())
    }
}

fn pieces(text: &str) -> Vec<Result<ChatDelta, ChatError>> {
    let chars: Vec<char> = text.chars().collect();
    chars.chunks(5).map(|piece| Ok(ChatDelta::Text(piece.iter().collect()))).collect()
}

/// The model as a brain.
pub fn brain(model: &Arc<ScriptedModel>) -> Arc<dyn Brain> {
    let limits = LlmLimits { first_token: Duration::from_secs(2), ..LlmLimits::default() };
    brain_within(model, limits)
}

pub fn brain_within(model: &Arc<ScriptedModel>, limits: LlmLimits) -> Arc<dyn Brain> {
    let model: Arc<dyn ChatModel> = Arc::<ScriptedModel>::clone(model);
    let pricing = Pricing { input: 1_000_000, cached: 0, output: 2_000_000 };
    let choice =
        ModelChoice { model, model_name: "m".to_owned(), temperature: None, max_tokens: 500, pricing };
    Arc::new(LlmBrain::with_limits(choice, limits))
}

/// What a turn yielded.
pub struct Played {
    pub runs: Vec<ToolRun>,
    pub outcome: TurnOutcome,
}

pub fn start(
    session: Session,
    input: &str,
    models: Vec<Arc<dyn Brain>>,
    tools: &Arc<RecordingTools>,
) -> TurnStream {
    let tools: Arc<dyn Tools> = Arc::<RecordingTools>::clone(tools);
    turn(
        session,
        input.to_owned(),
        Brains::with_models(models, Arc::new(PlainBrain)),
        tools,
        Arc::new(SilentKnowledge),
    )
}

pub async fn finish(mut stream: TurnStream) -> Played {
    let (mut texts, mut runs) = (Vec::new(), Vec::new());
    let mut outcome = None;
    while let Some(event) = stream.next().await {
        assert!(outcome.is_none(), "nothing comes after the end");
        match event {
            TurnEvent::Text(text) => texts.push(text),
            TurnEvent::Tool(run) => runs.push(run),
            TurnEvent::Done(done) => outcome = Some(*done),
        }
    }
    let outcome = outcome.expect("a turn ends with its outcome");
    assert_eq!(texts.concat().trim_end(), outcome.reply, "the reply is what was streamed");
    Played { runs, outcome }
}

/// Plays one turn against a scripted model.
pub async fn play(input: &str, answers: Vec<Vec<Step>>) -> (Played, Arc<RecordingTools>) {
    let tools = Arc::new(RecordingTools::default());
    let model = ScriptedModel::new(answers);
    let played = finish(start(session(), input, vec![brain(&model)], &tools)).await;
    (played, tools)
}
