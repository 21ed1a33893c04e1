//! The stream of a turn: brains in order, deadlines, a graceful end.

use std::panic::AssertUnwindSafe;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use frontdesk_domain::locale::Language;
use frontdesk_domain::message::MAX_MESSAGE;
use futures_util::future::BoxFuture;
use futures_util::{FutureExt, Stream};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::time::{Instant, timeout};

use super::{Limits, Turn};
use crate::brain::{Brain, Thought};
use crate::event::{TurnEvent, TurnOutcome};
use crate::guard::wording;
use crate::port::{Knowledge, Tools};
use crate::session::{DialogueState, Session};

/// The brains of a turn in the order they are asked.
#[derive(Clone)]
pub struct Brains {
    /// Model brains, the preferred one first; may be empty.
    pub models: Vec<Arc<dyn Brain>>,
    /// The built-in brain, always last.
    pub builtin: Arc<dyn Brain>,
    /// Bounds of a turn.
    pub limits: Limits,
}

impl Brains {
    /// Only the built-in brain.
    pub fn builtin(builtin: Arc<dyn Brain>) -> Self {
        Self { models: Vec::new(), builtin, limits: Limits::default() }
    }

    /// Models first, then the built-in brain.
    pub fn with_models(models: Vec<Arc<dyn Brain>>, builtin: Arc<dyn Brain>) -> Self {
        Self { models, builtin, limits: Limits::default() }
    }
}

/// A running turn. It runs only while it is polled; dropping it ends everything it started.
pub struct TurnStream {
    run: Option<BoxFuture<'static, TurnOutcome>>,
    events: UnboundedReceiver<TurnEvent>,
    outcome: Option<TurnOutcome>,
}

/// Answers the customer's input: tries the brains in order and yields what happens. It never fails; the last event is
/// always [`TurnEvent::Done`]. Input beyond the length of a message is cut.
pub fn turn(
    session: Session,
    input: String,
    brains: Brains,
    tools: Arc<dyn Tools>,
    knowledge: Arc<dyn Knowledge>,
) -> TurnStream {
    let (sender, events) = unbounded_channel();
    let run = async move { run(&session, &input, &brains, &*tools, &*knowledge, sender).await }.boxed();
    TurnStream { run: Some(run), events, outcome: None }
}

impl Stream for TurnStream {
    type Item = TurnEvent;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<TurnEvent>> {
        if let Ok(event) = self.events.try_recv() {
            return Poll::Ready(Some(event));
        }
        if let Some(run) = &mut self.run
            && let Poll::Ready(outcome) = run.as_mut().poll(cx)
        {
            self.run = None;
            self.outcome = Some(outcome);
        }
        if let Ok(event) = self.events.try_recv() {
            return Poll::Ready(Some(event));
        }
        match (self.outcome.take(), &self.run) {
            (Some(outcome), _) => Poll::Ready(Some(TurnEvent::Done(Box::new(outcome)))),
            (None, Some(_)) => Poll::Pending,
            (None, None) => Poll::Ready(None),
        }
    }
}

async fn run(
    session: &Session,
    input: &str,
    brains: &Brains,
    tools: &dyn Tools,
    knowledge: &dyn Knowledge,
    events: UnboundedSender<TurnEvent>,
) -> TurnOutcome {
    let end = input.char_indices().nth(MAX_MESSAGE).map_or(input.len(), |(at, _)| at);
    let input = input.get(..end).unwrap_or(input);
    let mut turn = Turn::new(session, input, tools, knowledge, brains.limits, events);
    let deadline = Instant::now() + brains.limits.models;
    let mut reasons: Vec<String> = Vec::new();
    for brain in &brains.models {
        let left = deadline.saturating_duration_since(Instant::now());
        match ask(brain.as_ref(), &mut turn, left).await {
            Ok(thought) => return outcome(&turn, brain.name(), thought, &reasons),
            Err(reason) => {
                tracing::warn!(brain = brain.name(), reason, turn = %session.turn_id, "brain gave up");
                reasons.push(format!("{}: {reason}", brain.name()));
            }
        }
        if turn.is_mid_answer() {
            turn.say(wording::interrupted(language(session))).await;
            let thought = Thought { state: session.state.clone(), ..Thought::default() };
            return outcome(&turn, brain.name(), thought, &reasons);
        }
        turn.brain += 1;
    }
    let builtin = brains.builtin.as_ref();
    let thought = match ask(builtin, &mut turn, brains.limits.builtin).await {
        Ok(thought) => thought,
        Err(reason) => {
            tracing::error!(brain = builtin.name(), reason, turn = %session.turn_id, "built-in brain gave up");
            reasons.push(format!("{}: {reason}", builtin.name()));
            if turn.reply().is_empty() {
                turn.say(wording::speechless(language(session))).await;
            }
            Thought { state: session.state.clone(), ..Thought::default() }
        }
    };
    outcome(&turn, builtin.name(), thought, &reasons)
}

/// Lets one brain think within its time; why it gave up otherwise. A brain that panics or says nothing gave up too.
async fn ask(brain: &dyn Brain, turn: &mut Turn<'_>, time: Duration) -> Result<Thought, String> {
    if time.is_zero() {
        return Err("no time left".to_owned());
    }
    let before = turn.reply.len();
    let thinking = AssertUnwindSafe(brain.think(turn)).catch_unwind();
    let result = match timeout(time, thinking).await {
        Ok(Ok(Ok(thought))) => Ok(thought),
        Ok(Ok(Err(error))) => Err(error.reason),
        Ok(Err(_)) => Err("it broke down".to_owned()),
        Err(_) => Err(format!("no answer within {} ms", time.as_millis())),
    };
    match result {
        Ok(thought) => {
            turn.settle();
            if turn.reply.len() == before { Err("it said nothing".to_owned()) } else { Ok(thought) }
        }
        Err(reason) => {
            turn.drop_unshown();
            Err(reason)
        }
    }
}

fn outcome(turn: &Turn<'_>, brain: &str, thought: Thought, reasons: &[String]) -> TurnOutcome {
    TurnOutcome {
        reply: turn.reply.trim_end().to_owned(),
        citations: thought.citations,
        state: DialogueState { shelf: turn.shelf.clone(), ..thought.state },
        brain: brain.to_owned(),
        intent: thought.intent,
        confidence: thought.confidence,
        unanswered: thought.unanswered,
        input_tokens: turn.spent.input_tokens,
        output_tokens: turn.spent.output_tokens,
        cost_micros: turn.spent.cost_micros,
        guarded: turn.guard.guarded(),
        fallback_reason: (!reasons.is_empty()).then(|| reasons.join("; ")),
    }
}

fn language(session: &Session) -> Language {
    session.state.language.unwrap_or(session.settings.language)
}
