//! A front desk in memory: documents, tools that keep receipts, and a conversation that goes through the real turn.

use std::sync::Mutex;

use async_trait::async_trait;
use frontdesk_domain::agent::AgentSettings;
use frontdesk_domain::contact::Memory;
use frontdesk_domain::conversation::Channel;
use frontdesk_domain::id::{ChunkId, ConversationId, SourceId, TurnId};
use frontdesk_domain::knowledge::{Citation, KnowledgeAnswer, Passage};
use frontdesk_domain::locale::Language;
use frontdesk_domain::message::Author;
use frontdesk_domain::random::SeededRandom;
use frontdesk_domain::time::Timestamp;
use frontdesk_domain::workspace::{BusinessFacts, Stretch, Weekday, WeeklyHours};
use futures_util::StreamExt;
use jiff::civil::DateTime;
use serde_json::{Value, json};
use std::sync::Arc;

use super::calendar::{Calendar, Existing};
use crate::brain::Brain;
use crate::builtin::{Builtin, text};
use crate::event::{ToolRun, TurnEvent, TurnOutcome};
use crate::port::{Knowledge, ToolOutcome, ToolSpec, Tools};
use crate::session::{Business, Customer, DialogueState, Line, Receipt, ReceiptKind, Session};
use crate::tools;
use crate::turn::{Brains, Limits, turn};

/// Wednesday 2026-03-18, 09:30 in New York.
pub const NOW: i64 = 1_773_840_600_000;

/// Documents: question words that must all occur, and the answer.
const DOCUMENTS: &[(&[&str], &str)] = &[
    (&["cleaning"], "A professional cleaning costs $120 and takes about 45 minutes."),
    (&["whitening"], "Teeth whitening costs $350. The result lasts one to two years."),
    (&["insurance"], "We accept Delta Dental, Cigna and MetLife."),
    (&["parking"], "Free parking is available behind the building."),
    (&["park"], "Free parking is available behind the building."),
    (&["children"], "We treat children from the age of three."),
    (&["kids"], "We treat children from the age of three."),
    (&["cancellation"], "Appointments can be cancelled free of charge up to 24 hours before."),
    (&["root", "canal"], "A root canal costs between $700 and $1,100, depending on the tooth."),
    (&["limpieza"], "Una limpieza dental cuesta 120 dólares."),
    (&["seguro"], "Aceptamos Delta Dental, Cigna y MetLife."),
    (
        &["tooth", "hurts"],
        "For a toothache, take a painkiller and avoid hot drinks; we keep time free every day.",
    ),
    (
        &["terrified"],
        "Many of our patients are nervous. We offer sedation and take breaks whenever you like.",
    ),
    (&["pool", "open"], "The hydrotherapy pool is open from Tuesday to Thursday."),
    (&["reinigung"], "Eine Zahnreinigung kostet 120 Dollar."),
];

/// What the fakes do.
#[derive(Debug, Clone, Default)]
pub struct Setup {
    /// Tools that fail.
    pub failing: Vec<&'static str>,
    /// Nobody of the team is there.
    pub away: bool,
    /// Whether appointments can be booked, and which types; all when empty.
    pub bookable: Option<Vec<String>>,
    /// Times that somebody else takes meanwhile.
    pub snatched: Vec<DateTime>,
    /// Bookings there are.
    pub bookings: Vec<Existing>,
}

/// Tools that keep receipts.
#[derive(Debug, Default)]
struct FakeTools {
    failing: Vec<&'static str>,
    next: Mutex<u32>,
    calendar: Option<Mutex<Calendar>>,
}

#[async_trait]
impl Tools for FakeTools {
    fn specs(&self) -> Vec<ToolSpec> {
        tools::specs()
    }

    async fn call(&self, name: &str, arguments: Value) -> ToolOutcome {
        if self.failing.contains(&name) {
            return ToolOutcome {
                ok: false,
                result: json!({ "error": "the service is down" }),
                receipt: None,
                citations: Vec::new(),
            };
        }
        if let Some(calendar) = self.calendar.as_ref().filter(|_| tools::is_booking(name)) {
            return calendar.lock().unwrap().call(name, arguments);
        }
        let kind = match name {
            tools::CAPTURE_LEAD => ReceiptKind::LeadCaptured,
            tools::UPDATE_CONTACT => ReceiptKind::ContactUpdated,
            tools::HANDOFF => ReceiptKind::HandedOff,
            tools::END_CONVERSATION => ReceiptKind::ConversationEnded,
            tools::OPT_OUT => ReceiptKind::OptedOut,
            _ => {
                return ToolOutcome {
                    ok: false,
                    result: json!({ "error": "no such tool" }),
                    receipt: None,
                    citations: Vec::new(),
                };
            }
        };
        let mut next = self.next.lock().unwrap();
        *next += 1;
        ToolOutcome {
            ok: true,
            result: json!({ "done": "ok" }),
            receipt: Some(Receipt { kind, id: format!("r{next}") }),
            citations: Vec::new(),
        }
    }
}

/// Documents that answer when all of an entry's words are asked for.
#[derive(Debug, Default)]
struct FakeKnowledge;

#[async_trait]
impl Knowledge for FakeKnowledge {
    async fn passages(&self, _: &str, _: Language, _: usize) -> Vec<Passage> {
        Vec::new()
    }

    async fn answer(&self, question: &str, _: Language) -> KnowledgeAnswer {
        let words = text::words(question);
        let found =
            DOCUMENTS.iter().find(|(keys, _)| keys.iter().all(|key| words.iter().any(|word| word == key)));
        match found {
            Some((_, answer)) => KnowledgeAnswer {
                answered: true,
                text: (*answer).to_owned(),
                citations: vec![Citation {
                    chunk_id: ChunkId::new(Timestamp::from_millis(1), &SeededRandom::new(1)),
                    source_id: SourceId::new(Timestamp::from_millis(1), &SeededRandom::new(2)),
                    title: "FAQ".to_owned(),
                    place: String::new(),
                    quote: (*answer).to_owned(),
                    url: None,
                }],
                confidence: 0.9,
            },
            None => KnowledgeAnswer {
                answered: false,
                text: "The documents do not say.".to_owned(),
                citations: Vec::new(),
                confidence: 0.0,
            },
        }
    }
}

/// The session of a dental practice.
pub fn session() -> Session {
    let day = vec![Stretch { from: 9 * 60, to: 17 * 60 }];
    let mut hours = WeeklyHours::default();
    for weekday in [Weekday::Mon, Weekday::Tue, Weekday::Wed, Weekday::Thu, Weekday::Fri] {
        hours.0.insert(weekday, day.clone());
    }
    let now = Timestamp::from_millis(NOW);
    let random = SeededRandom::new(7);
    Session {
        conversation_id: ConversationId::new(now, &random),
        turn_id: TurnId::new(now, &random),
        channel: Channel::Web,
        business: Business {
            name: "Bright Smile Dental".to_owned(),
            zone: "America/New_York".to_owned(),
            country: "US".to_owned(),
            facts: BusinessFacts {
                description: "A family dental practice in Brooklyn.".to_owned(),
                address: "12 Elm Street, Brooklyn".to_owned(),
                phone: "+1 718 555 0100".to_owned(),
                email: "hello@brightsmile.example".to_owned(),
                website: "https://brightsmile.example".to_owned(),
            },
            hours,
        },
        agent_name: "Mia".to_owned(),
        settings: AgentSettings::default(),
        customer: Customer::default(),
        memory: Memory::default(),
        history: Vec::new(),
        state: DialogueState::default(),
        now,
        seed: 42,
        receipts: Vec::new(),
        team_available: true,
        bookable: Vec::new(),
    }
}

/// A conversation that goes on turn by turn.
pub struct Talk {
    pub session: Session,
    brains: Brains,
    tools: Arc<FakeTools>,
}

/// What one turn brought.
#[derive(Debug, Clone)]
pub struct Said {
    pub reply: String,
    pub tools: Vec<ToolRun>,
    pub outcome: TurnOutcome,
}

impl Talk {
    pub fn new(brain: &Builtin, session: Session, setup: Setup) -> Self {
        let calendar = setup
            .bookable
            .map(|only| Calendar::new(session.now.to_jiff(), &only, &setup.snatched, &setup.bookings));
        let bookable = calendar.as_ref().map_or_else(|| session.bookable.clone(), Calendar::types);
        let session = Session { team_available: !setup.away, bookable, ..session };
        let tools = Arc::new(FakeTools {
            failing: setup.failing,
            next: Mutex::new(0),
            calendar: calendar.map(Mutex::new),
        });
        let brains =
            Brains { models: Vec::new(), builtin: Arc::new(brain.clone()), limits: Limits::default() };
        Self { session, brains, tools }
    }

    /// The same with a model that thinks first.
    pub fn with_model(self, model: Arc<dyn Brain>) -> Self {
        Self { brains: Brains { models: vec![model], ..self.brains }, ..self }
    }

    /// What would be answered; the conversation does not go on by it, though a tool that runs has run.
    pub async fn ask(&self, input: &str) -> Said {
        let mut stream = turn(
            self.session.clone(),
            input.to_owned(),
            self.brains.clone(),
            self.tools.clone(),
            Arc::new(FakeKnowledge),
        );
        let mut runs = Vec::new();
        let mut shown = String::new();
        let mut done = None;
        while let Some(event) = stream.next().await {
            match event {
                TurnEvent::Text(text) => shown.push_str(&text),
                TurnEvent::Tool(run) => runs.push(run),
                TurnEvent::Done(outcome) => done = Some(*outcome),
            }
        }
        let outcome = done.unwrap();
        assert_eq!(shown.trim_end(), outcome.reply);
        Said { reply: outcome.reply.clone(), tools: runs, outcome }
    }

    /// The customer says something.
    pub async fn hear(&mut self, input: &str) -> Said {
        let said = self.ask(input).await;
        let (runs, outcome) = (&said.tools, &said.outcome);
        self.session.history.push(Line { author: Author::Customer, text: input.to_owned() });
        self.session.history.push(Line { author: Author::Ai, text: outcome.reply.clone() });
        self.session.state = outcome.state.clone();
        self.session.seed = self.session.seed.wrapping_add(1);
        self.session.receipts.extend(runs.iter().filter_map(|run| run.outcome.receipt.clone()));
        // App keeps what the tools were told with the contact.
        for run in runs.iter().filter(|run| run.outcome.ok) {
            let told = |key: &str| run.arguments.get(key).and_then(Value::as_str).map(str::to_owned);
            let customer = &mut self.session.customer;
            customer.name = told("name").or(customer.name.take());
            customer.email = told("email").or(customer.email.take());
            customer.phone = told("phone").or(customer.phone.take());
            customer.opted_out |= run.tool == tools::OPT_OUT;
        }
        said
    }
}
