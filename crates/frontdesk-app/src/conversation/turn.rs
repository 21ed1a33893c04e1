//! The agent's turn in a conversation: load what it may know, let it answer, and send the reply if the floor still
//! holds.
//!
//! Web chat runs the turn inline and streams; the job of the same name runs it again when the process died in between.
//! Both are the same function, and a customer message is answered once: the reply's unit of work moves `answered_seq`
//! forward under the epoch it was written in, or sends nothing.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use frontdesk_agent::builtin::summary::{self, Material};
use frontdesk_agent::event::{ToolRun, TurnEvent, TurnOutcome};
use frontdesk_agent::session::{Business, Customer, DialogueState, Line, Receipt, Session};
use frontdesk_agent::tools;
use frontdesk_domain::agent::AgentVersion;
use frontdesk_domain::compliance::{Purpose, SendFacts};
use frontdesk_domain::contact::Memory;
use frontdesk_domain::context::{Actor, Context};
use frontdesk_domain::conversation::{Channel, Floor};
use frontdesk_domain::id::{ConversationId, MessageId, ToolCallId, TurnId, WorkspaceId};
use frontdesk_domain::message::{Author, Message, MessageAction, ToolCallRecord, TurnRecord};
use frontdesk_domain::permit::Permit;
use frontdesk_domain::workspace::Workspace;
use frontdesk_store::conversation::{self, Change, Thread};
use frontdesk_store::{Tx, agent, contact, fact, job, message, turn, workspace};
use futures_util::StreamExt;
use serde_json::Value;

use super::booking_tools::{self, Shelf};
use super::line::{self, draft};
use super::tools::{SessionKnowledge, SessionTools};
use super::{TURN_JOB, is_sandbox, send_tools, turn_key};
use crate::live::{Passing, TurnPermit};
use crate::message::queue::queue_said;
use crate::{App, AppError, Result, identity};

/// Messages of the past a turn sees.
const HISTORY: u64 = 40;
/// Receipts kept with a conversation.
const RECEIPTS: usize = 64;

/// What became of an attempt to answer.
#[derive(Debug, Clone, PartialEq)]
pub enum Answered {
    /// A reply was stored.
    Replied(Box<Message>, Box<TurnRecord>),
    /// Somebody else has the floor, or nothing was left to answer.
    NotDue,
    /// The floor was lost while the reply was being written; what had been shown was kept, marked as cut.
    Cut,
}

/// Answers everything the customer has said since the last reply, until nothing is left. Runs in its own time: call it
/// in a task of its own, after the message was acknowledged.
pub async fn answer(app: &Arc<App>, workspace: WorkspaceId, id: ConversationId) -> Result<Answered> {
    let mut last = Answered::NotDue;
    loop {
        match answer_once(app, workspace, id).await? {
            Attempt { answered: Answered::NotDue, .. } => return Ok(last),
            Attempt { answered, more: false } => return Ok(answered),
            Attempt { answered, more: true } => last = answered,
        }
    }
}

/// One attempt to answer, and whether the customer had said more by the time the reply was stored.
struct Attempt {
    answered: Answered,
    more: bool,
}

impl Attempt {
    const fn last(answered: Answered) -> Self {
        Self { answered, more: false }
    }
}

/// What the turn job does: answers, then removes the job in the unit of work that sees that nothing new came. False when
/// a message came meanwhile: it found the job still there and left its answer to it.
pub async fn answer_late(app: &Arc<App>, workspace: WorkspaceId, id: ConversationId) -> Result<bool> {
    let ctx = app.system(workspace, "turn");
    let seen = conversation::get_thread(app.store.reader(), ctx.scope(), id).await?.customer_seq;
    answer(app, workspace, id).await?;
    let tx = app.store.begin(&ctx).await?;
    // Takes the conversation's row, so that a message is stored either before this looks or after the job is gone.
    Change::of(tx.scope(), id).add_cost(0).apply(&tx).await?;
    let thread = conversation::get_thread(&tx, tx.scope(), id).await?;
    let is_new = thread.customer_seq > seen.max(thread.answered_seq);
    if is_new && thread.conversation.floor == Floor::Ai {
        return Ok(false);
    }
    job::complete_unique(&tx, tx.scope(), TURN_JOB, &turn_key(id)).await?;
    tx.commit().await?;
    Ok(true)
}

async fn answer_once(app: &Arc<App>, workspace: WorkspaceId, id: ConversationId) -> Result<Attempt> {
    let ctx = Context { actor: Actor::Agent(id), ..app.system(workspace, "turn") };
    let permit = app.live.turn(id).await;
    let Some(loaded) = load(app, &ctx, id).await? else {
        return Ok(Attempt::last(Answered::NotDue));
    };
    Box::pin(write(app, &ctx, loaded, permit)).await
}

/// Everything one turn needs, read side by side.
struct Loaded {
    thread: Thread,
    business: Workspace,
    version: AgentVersion,
    input: String,
    history: Vec<Message>,
    contact: Option<frontdesk_domain::contact::Contact>,
    memory: Memory,
    shelf: Shelf,
    /// Through what the agent can send something in writing.
    ways: Vec<Channel>,
}

/// `None` when nothing is to be answered by the agent.
async fn load(app: &App, ctx: &Context, id: ConversationId) -> Result<Option<Loaded>> {
    let (reader, scope) = (app.store.reader(), ctx.scope());
    let thread = conversation::get_thread(reader, scope, id).await?;
    let current = &thread.conversation;
    if current.floor != Floor::Ai || thread.customer_seq <= thread.answered_seq {
        return Ok(None);
    }
    let Some(agent_id) = current.agent_id else { return Ok(None) };
    let version = async {
        if is_sandbox(current.channel) {
            return super::sandbox::draft_version(app, ctx, agent_id).await.map(Some);
        }
        Ok(agent::find_answering(reader, scope, agent_id).await?)
    };
    let known = async {
        let Some(contact_id) = current.contact_id.filter(|_| !thread.claimed) else {
            return Ok((None, Memory::default()));
        };
        Ok(tokio::try_join!(
            contact::find(reader, scope, contact_id),
            fact::memory(reader, scope, contact_id)
        )?)
    };
    let business = async { Ok(workspace::get(reader, scope).await?) };
    let history = async { Ok(message::list_newest(reader, scope, id, None, true, HISTORY).await?) };
    let shelf = Box::pin(booking_tools::load_shelf(app, scope, id));
    let ways = send_tools::ways(app, ctx);
    let (version, business, mut history, (contact, memory), shelf, ways) =
        tokio::try_join!(version, business, history, known, shelf, ways)?;
    let Some(version) = version else { return Ok(None) };
    let fresh = |message: &Message| message.author == Author::Customer && message.seq > thread.answered_seq;
    let input = history.iter().filter(|message| fresh(message)).map(|m| m.text.as_str()).collect::<Vec<_>>();
    let input = input.join("\n");
    // A link proves itself; what thinks need not see it.
    if !is_sandbox(current.channel) {
        identity::show_links(app, ctx, id, &input).await?;
    }
    let input = identity::without_links(&input);
    history.retain(|message| !fresh(message));
    Ok(Some(Loaded { thread, business, version, input, history, contact, memory, shelf, ways }))
}

fn session_of(app: &App, ctx: &Context, loaded: &Loaded) -> Session {
    let current = &loaded.thread.conversation;
    let lines = loaded
        .history
        .iter()
        .filter(|message| matches!(message.author, Author::Customer | Author::Ai | Author::Person));
    let customer = loaded.contact.as_ref().map_or_else(Customer::default, |contact| Customer {
        name: Some(contact.name.clone()).filter(|name| !name.is_empty()),
        email: contact.email.clone(),
        phone: contact.phone.clone(),
        opted_out: contact.opted_out,
    });
    let mut state: DialogueState = serde_json::from_str(&loaded.thread.dialogue).unwrap_or_default();
    state.language = state.language.or(Some(current.language));
    let language = state.language.unwrap_or(current.language);
    let now = ctx.now();
    let hours = loaded.version.settings.hours.as_ref().unwrap_or(&loaded.business.hours);
    Session {
        conversation_id: current.id,
        turn_id: TurnId::new(now, app.random.as_ref()),
        channel: current.channel,
        business: Business {
            name: loaded.business.name.clone(),
            zone: loaded.business.zone.clone(),
            country: loaded.business.country.clone(),
            facts: loaded.business.facts.clone(),
            hours: loaded.business.hours.clone(),
        },
        agent_name: loaded.version.name.clone(),
        settings: loaded.version.settings.clone(),
        customer,
        memory: Memory {
            upcoming_bookings: loaded.shelf.coming(&loaded.business.zone, language),
            ..loaded.memory.clone()
        },
        history: lines
            .map(|line| Line { author: line.author, text: identity::without_links(&line.text) })
            .collect(),
        state,
        now,
        // The same conversation at the same point always answers alike.
        seed: current.id.uuid().as_u64_pair().1 ^ loaded.thread.customer_seq,
        receipts: serde_json::from_str(&loaded.thread.receipts).unwrap_or_default(),
        team_available: hours.is_open(now, &loaded.business.zone),
        bookable: loaded.shelf.bookable(&loaded.business, language),
    }
}

/// What a turn leaves behind, finished or cut.
struct Written {
    turn_id: TurnId,
    shown: String,
    runs: Vec<ToolRun>,
    first_word_ms: Option<u32>,
    total_ms: u32,
    outcome: Option<TurnOutcome>,
}

/// Lets the agent write, shows it as it comes, and stores the reply.
async fn write(app: &Arc<App>, ctx: &Context, loaded: Loaded, mut permit: TurnPermit) -> Result<Attempt> {
    let session = session_of(app, ctx, &loaded);
    let id = session.conversation_id;
    let turn_id = session.turn_id;
    let epoch = Arc::new(AtomicU64::new(loaded.thread.conversation.epoch));
    let (current, ways) = (&loaded.thread.conversation, loaded.ways.clone());
    let tools = Arc::new(SessionTools::new(app, ctx, current, &session, Arc::clone(&epoch), ways));
    let knowledge = Arc::new(SessionKnowledge::new(app, ctx, &session.settings));
    let spent = loaded.thread.conversation.cost_micros;
    let brains = app.brains.for_turn(app, ctx.scope(), &session.settings.brain, spent).await;
    let name = Some(loaded.version.name.clone());
    app.live.show(&app.store, ctx.workspace, Passing::Typing { conversation_id: id, name }).await;
    let started = Instant::now();
    let mut written = Written {
        turn_id,
        shown: String::new(),
        runs: Vec::new(),
        first_word_ms: None,
        total_ms: 0,
        outcome: None,
    };
    let mut events = frontdesk_agent::turn::turn(session, loaded.input.clone(), brains, tools, knowledge);
    loop {
        let event = tokio::select! {
            biased;
            () = permit.floor_lost(|| epoch.load(Ordering::SeqCst)) => None,
            event = events.next() => event,
        };
        match event {
            Some(TurnEvent::Text(text)) => {
                written.first_word_ms.get_or_insert_with(|| elapsed_ms(started));
                let first = written.shown.is_empty();
                written.shown.push_str(&text);
                let passing = Passing::Delta { conversation_id: id, turn_id, text, first };
                app.live.show(&app.store, ctx.workspace, passing).await;
            }
            Some(TurnEvent::Tool(run)) => written.runs.push(run),
            Some(TurnEvent::Done(outcome)) => {
                written.outcome = Some(*outcome);
                break;
            }
            None => break,
        }
    }
    // Ends everything the turn may still have under way.
    drop(events);
    written.total_ms = elapsed_ms(started);
    store(app, ctx, &loaded, written, epoch.load(Ordering::SeqCst)).await
}

fn elapsed_ms(since: Instant) -> u32 {
    u32::try_from(since.elapsed().as_millis()).unwrap_or(u32::MAX)
}

async fn store(app: &App, ctx: &Context, loaded: &Loaded, written: Written, epoch: u64) -> Result<Attempt> {
    let (id, channel) = (loaded.thread.conversation.id, loaded.thread.conversation.channel);
    let tx = app.store.begin(ctx).await?;
    let record = record_of(&tx, id, &written);
    let mut reply = draft(&tx, id, Author::Ai, String::new());
    reply.turn_id = Some(written.turn_id);
    reply.author_name = Some(loaded.version.name.clone());
    if let Some(outcome) = &written.outcome
        && send(&tx, loaded, outcome, &written.runs, epoch).await?
    {
        reply.text.clone_from(&outcome.reply);
        reply.citations.clone_from(&outcome.citations);
        if !channel.is_carried() {
            reply.actions = actions_of(loaded, &written.runs);
        }
        let placed = deliver(&tx, loaded, &mut reply).await?;
        let more = placed.customer_seq > loaded.thread.customer_seq;
        if !more {
            job::complete_unique(&tx, tx.scope(), TURN_JOB, &turn_key(id)).await?;
        }
        turn::insert(&tx, tx.scope(), &record, outcome.unanswered.as_deref()).await?;
        tx.commit().await?;
        metrics::counter!("frontdesk_messages_total", "author" => "ai").increment(1);
        metrics::histogram!("frontdesk_turn_seconds").record(f64::from(written.total_ms) / 1000.0);
        let answered = Answered::Replied(Box::new(reply), Box::new(record));
        return Ok(Attempt { answered, more });
    }
    // The floor is somebody else's. What the customer saw stays, marked as cut; a message that waits to be whole was not
    // seen.
    if !written.shown.trim().is_empty() && !channel.is_carried() {
        reply.text.clone_from(&written.shown);
        reply.cut = true;
        deliver(&tx, loaded, &mut reply).await?;
        turn::insert(&tx, tx.scope(), &record, None).await?;
    }
    job::complete_unique(&tx, tx.scope(), TURN_JOB, &turn_key(id)).await?;
    tx.commit().await?;
    let passing = Passing::Aborted { conversation_id: id, turn_id: written.turn_id };
    app.live.show(&app.store, ctx.workspace, passing).await;
    Ok(Attempt::last(Answered::Cut))
}

/// What the customer can do with a reply: one who was told free times, and has not booked yet, may choose from all.
fn actions_of(loaded: &Loaded, runs: &[ToolRun]) -> Vec<MessageAction> {
    let acted = |run: &ToolRun| {
        run.outcome.ok && matches!(run.tool.as_str(), tools::BOOK | tools::RESCHEDULE | tools::CANCEL)
    };
    if is_sandbox(loaded.thread.conversation.channel) || runs.iter().any(acted) {
        return Vec::new();
    }
    let named = |run: &ToolRun, key: &str| run.arguments.get(key).and_then(Value::as_str).map(str::to_owned);
    let offered = runs.iter().rev().find(|run| {
        let slots = run.outcome.result.get("slots").and_then(Value::as_array);
        run.tool == tools::CHECK_AVAILABILITY
            && run.outcome.ok
            && slots.is_some_and(|slots| !slots.is_empty())
    });
    let picker = offered.and_then(|run| {
        // A booking that is to be moved is moved here, not made anew.
        let checked = run.outcome.receipt.as_ref().filter(|_| named(run, "booking").is_none())?;
        loaded.shelf.picker(&checked.id, named(run, "staff").as_deref(), &loaded.business)
    });
    picker.into_iter().collect()
}

/// Moves the conversation on, if the epoch the reply was written under still holds and the message is unanswered.
async fn send(tx: &Tx, loaded: &Loaded, outcome: &TurnOutcome, runs: &[ToolRun], epoch: u64) -> Result<bool> {
    let mut receipts: Vec<Receipt> = serde_json::from_str(&loaded.thread.receipts).unwrap_or_default();
    receipts.extend(runs.iter().filter_map(|run| run.outcome.receipt.clone()));
    let surplus = receipts.len().saturating_sub(RECEIPTS);
    receipts.drain(..surplus);
    let internal = |error: serde_json::Error| AppError::Internal(format!("dialogue state: {error}"));
    let dialogue = serde_json::to_string(&outcome.state).map_err(internal)?;
    let receipts = serde_json::to_string(&receipts).map_err(internal)?;
    let mut change = Change::of(tx.scope(), loaded.thread.conversation.id)
        .if_epoch(epoch)
        .answered(loaded.thread.customer_seq)
        .thread(&dialogue, &receipts)
        .add_cost(outcome.cost_micros);
    if let Some(language) = outcome.state.language {
        change = change.language(language);
    }
    Ok(change.apply(tx).await?)
}

fn permit_for(tx: &Tx, loaded: &Loaded, message: MessageId) -> Result<Permit> {
    let current = &loaded.thread.conversation;
    let opted_out = loaded.contact.as_ref().is_some_and(|contact| contact.opted_out);
    let facts = SendFacts { opted_out, customer_initiated: true, ..SendFacts::default() };
    crate::compliance::permit_reply(
        current.channel.as_str(),
        current.id.to_string(),
        message,
        facts,
        tx.now(),
    )
    .map_err(|refusal| AppError::Refused(refusal.to_string()))
}

/// Stores the reply. On the web it is delivered by being stored where the widget reads it; where a vendor carries it, it
/// waits in the outbox for the gate and its turn.
async fn deliver(tx: &Tx, loaded: &Loaded, reply: &mut Message) -> Result<message::Placed> {
    let conversation = &loaded.thread.conversation;
    if !conversation.channel.is_carried() {
        permit_for(tx, loaded, reply.id)?
            .redeem(conversation.channel.as_str(), &conversation.id.to_string(), reply.id, tx.now())
            .map_err(|error| AppError::Internal(error.to_string()))?;
    }
    let placed = line::add(tx, reply).await?;
    if conversation.channel.is_carried() {
        queue_said(tx, conversation, reply, Purpose::Reply).await?;
    }
    Ok(placed)
}

fn record_of(tx: &Tx, id: ConversationId, written: &Written) -> TurnRecord {
    let outcome = written.outcome.clone().unwrap_or_default();
    TurnRecord {
        id: written.turn_id,
        conversation_id: id,
        brain: if outcome.brain.is_empty() { "cut".to_owned() } else { outcome.brain },
        intent: outcome.intent,
        confidence: outcome.confidence,
        input_tokens: outcome.input_tokens,
        output_tokens: outcome.output_tokens,
        cost_micros: outcome.cost_micros,
        first_word_ms: written.first_word_ms,
        total_ms: written.total_ms,
        guarded: outcome.guarded,
        fallback_reason: outcome.fallback_reason,
        tool_calls: written
            .runs
            .iter()
            .map(|run| ToolCallRecord {
                id: ToolCallId::new(tx.now(), tx.random()),
                turn_id: written.turn_id,
                tool: run.tool.clone(),
                arguments: run.arguments.clone(),
                ok: run.outcome.ok,
                result: run.outcome.result.clone(),
                receipt: run.outcome.receipt.as_ref().map(|receipt| receipt.id.clone()),
                latency_ms: run.latency_ms,
                created_at: tx.now(),
            })
            .collect(),
        created_at: tx.now(),
    }
}

/// A few sentences on what a conversation was about; `None` when nothing of substance was said.
pub fn summarize(thread: &Thread, messages: &[Message]) -> Option<String> {
    let lines: Vec<Line> = messages
        .iter()
        .filter(|message| matches!(message.author, Author::Customer | Author::Ai | Author::Person))
        .map(|message| Line { author: message.author, text: message.text.clone() })
        .collect();
    let summary = summary::summarize(Material {
        lines: &lines,
        state: &serde_json::from_str(&thread.dialogue).unwrap_or_default(),
        customer: &Customer::default(),
        receipts: &serde_json::from_str::<Vec<Receipt>>(&thread.receipts).unwrap_or_default(),
    });
    Some(summary).filter(|summary| !summary.is_empty())
}
