//! One conversation of the demo, told line by line.

use frontdesk_domain::agent::Agent;
use frontdesk_domain::context::Scope;
use frontdesk_domain::conversation::{Channel, Conversation, ConversationState, Floor};
use frontdesk_domain::event::Event;
use frontdesk_domain::id::{ChunkId, ConversationId, LeadId, MessageId, ToolCallId, TurnId};
use frontdesk_domain::knowledge::Citation;
use frontdesk_domain::lead::{Lead, LeadFacts, LeadStatus, score};
use frontdesk_domain::locale::Language;
use frontdesk_domain::message::{Author, Message, ToolCallRecord, TurnRecord};
use frontdesk_store::conversation::{self, Change};
use frontdesk_store::{Tx, contact, lead, message, turn};
use serde::Deserialize;
use serde_json::{Value, json};

use super::super::business::Made;
use super::super::documents::Sources;
use super::contacts::People;
use crate::{AppError, Result};

/// A conversation as the data tells it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TalkData {
    /// When it started.
    pub when: String,
    contact: Option<String>,
    #[serde(default)]
    language: Language,
    page: Option<String>,
    assignee: Option<String>,
    rating: Option<u8>,
    rating_comment: Option<String>,
    summary: Option<String>,
    /// What happened, in order.
    pub lines: Vec<Line>,
}

/// Something said or done. What it is, is told by the first field that is present.
#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Line {
    /// Seconds since the line before; a few when absent.
    after: Option<u32>,
    customer: Option<String>,
    ai: Option<String>,
    person: Option<String>,
    note: Option<String>,
    /// A team member takes over.
    joins: Option<String>,
    /// The floor goes back to the agent.
    hands_back: bool,
    /// The conversation is over: `resolved` or `ended`.
    closes: Option<ConversationState>,
    /// Of an answer: what it rests on.
    cite: Vec<Cited>,
    /// Of an answer: the intent it found.
    intent: Option<String>,
    /// Of an answer: it could not answer the question before it.
    unanswered: bool,
    /// Of an answer: it asked for a person, for this reason.
    handoff: Option<String>,
    /// Of an answer: it captured a lead.
    lead: Option<LeadData>,
    /// Of an answer: it remembered something of the customer.
    remembers: Option<(String, String)>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Cited {
    source: String,
    place: String,
    quote: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LeadData {
    need: String,
    status: LeadStatus,
    assignee: Option<String>,
}

impl Line {
    /// Seconds since the line before.
    pub fn pause(&self) -> u32 {
        self.after.unwrap_or(if self.ai.is_some() { 2 } else { 38 })
    }
}

/// A conversation being told.
pub struct Talk {
    id: ConversationId,
    contact: Option<String>,
    floor: Floor,
    asked: String,
    customer_seq: u64,
    answered_seq: u64,
    client_ids: u32,
    rating: Option<(u8, Option<String>)>,
    summary: Option<String>,
}

/// Who tells, and what may be told of.
pub struct Teller<'a> {
    pub made: &'a Made,
    pub agent: &'a Agent,
    pub sources: &'a Sources,
    pub people: &'a People,
}

impl Teller<'_> {
    /// The conversation starts.
    pub async fn begin(&self, tx: &Tx, data: &TalkData) -> Result<Talk> {
        let id = ConversationId::new(tx.now(), tx.random());
        let known = data.contact.as_deref().map(|key| self.people.get(key)).transpose()?;
        let number: String = id.uuid().simple().to_string().chars().skip(28).collect();
        let assignee = data.assignee.as_deref().map(|key| self.made.person(key)).transpose()?;
        let new = Conversation {
            id,
            channel: Channel::Web,
            contact_id: known.map(|contact| contact.id),
            contact_name: known
                .map_or_else(|| format!("Visitor {}", number.to_uppercase()), |contact| contact.name.clone()),
            agent_id: Some(self.agent.id),
            state: ConversationState::Open,
            floor: Floor::Ai,
            epoch: 1,
            handoff_reason: None,
            waiting_since: None,
            assignee: assignee.map(|person| person.id),
            language: data.language,
            page_url: data.page.as_ref().map(|page| format!("https://brightsmile.example{page}")),
            preview: String::new(),
            unread: 0,
            rating: None,
            rating_comment: None,
            summary: data.summary.clone(),
            cost_micros: 0,
            created_at: tx.now(),
            last_message_at: tx.now(),
            closed_at: None,
        };
        conversation::insert(tx, tx.scope(), &new).await?;
        tx.emit(Event::ConversationStarted { conversation_id: id });
        Ok(Talk {
            id,
            contact: data.contact.clone(),
            floor: Floor::Ai,
            asked: String::new(),
            customer_seq: 0,
            answered_seq: 0,
            client_ids: 0,
            rating: data.rating.map(|score| (score, data.rating_comment.clone())),
            summary: data.summary.clone(),
        })
    }

    /// The next line.
    pub async fn tell(&self, tx: &Tx, talk: &mut Talk, line: &Line) -> Result<()> {
        if let Some(text) = &line.customer {
            talk.client_ids += 1;
            let mut said = draft(tx, talk, Author::Customer, text);
            said.client_id = Some(format!("demo-{}", talk.client_ids));
            talk.asked.clone_from(text);
            talk.customer_seq = say(tx, talk, said).await?;
            if let Some(key) = &talk.contact {
                contact::touch(tx, tx.scope(), self.people.get(key)?.id, tx.now()).await?;
            }
        }
        if let Some(text) = &line.ai {
            self.answer(tx, talk, line, text).await?;
        }
        if let Some(key) = &line.joins {
            let person = self.made.person(key)?;
            let floor = Floor::Person { user_id: person.id };
            pass(tx, talk, floor).await?;
            change(tx, talk).waiting(None, None).assignee(Some(person.id)).read().apply(tx).await?;
            let happened =
                draft(tx, talk, Author::System, &format!("{} joined the conversation", person.name));
            say(tx, talk, happened).await?;
        }
        for (text, author) in [(&line.person, Author::Person), (&line.note, Author::Note)] {
            if let Some(text) = text {
                let mut said = draft(tx, talk, author, text);
                let Floor::Person { user_id } = talk.floor else {
                    return Err(AppError::Internal(format!(
                        "in the demo nobody has joined who could say `{text}`"
                    )));
                };
                said.user_id = Some(user_id);
                let name = self.made.team.iter().find(|(_, user)| user.id == user_id);
                said.author_name = name.map(|(_, user)| user.name.clone());
                say(tx, talk, said).await?;
            }
        }
        if line.hands_back {
            pass(tx, talk, Floor::Ai).await?;
            let happened = draft(tx, talk, Author::System, "The assistant is back");
            say(tx, talk, happened).await?;
        }
        if let Some(state) = line.closes {
            self.close(tx, talk, state).await?;
        }
        Ok(())
    }

    /// The agent's reply, with the record of its turn and what its tools did.
    async fn answer(&self, tx: &Tx, talk: &mut Talk, line: &Line, text: &str) -> Result<()> {
        let turn_id = TurnId::new(tx.now(), tx.random());
        let calls = self.act(tx, talk, line, turn_id).await?;
        let mut reply = draft(tx, talk, Author::Ai, text);
        reply.turn_id = Some(turn_id);
        reply.author_name = Some(self.agent.name.clone());
        for cited in &line.cite {
            let source = self.sources.get(&cited.source)?;
            reply.citations.push(Citation {
                chunk_id: ChunkId::new(tx.now(), tx.random()),
                source_id: source.id,
                title: source.title.clone(),
                place: cited.place.clone(),
                quote: cited.quote.clone(),
                url: None,
            });
        }
        let quick = u32::try_from(tx.random().next_u64() % 5).unwrap_or(0);
        let record = TurnRecord {
            id: turn_id,
            conversation_id: talk.id,
            brain: "builtin".to_owned(),
            intent: Some(line.intent.clone().unwrap_or_else(|| "question".to_owned())),
            confidence: Some(if line.unanswered { 0.41 } else { 0.93 - quick as f32 / 100.0 }),
            input_tokens: 0,
            output_tokens: 0,
            cost_micros: 0,
            first_word_ms: Some(2 + quick),
            total_ms: 4 + quick * 2,
            guarded: 0,
            fallback_reason: None,
            tool_calls: calls,
            created_at: tx.now(),
        };
        turn::insert(tx, tx.scope(), &record, line.unanswered.then_some(talk.asked.as_str())).await?;
        say(tx, talk, reply).await?;
        if talk.answered_seq < talk.customer_seq {
            talk.answered_seq = talk.customer_seq;
            change(tx, talk).answered(talk.customer_seq).apply(tx).await?;
        }
        Ok(())
    }

    async fn act(
        &self,
        tx: &Tx,
        talk: &mut Talk,
        line: &Line,
        turn_id: TurnId,
    ) -> Result<Vec<ToolCallRecord>> {
        let mut calls = Vec::new();
        let call = |tool: &str, arguments: Value, said: &str, receipt: String| ToolCallRecord {
            id: ToolCallId::new(tx.now(), tx.random()),
            turn_id,
            tool: tool.to_owned(),
            arguments,
            ok: true,
            result: json!({ "done": said }),
            receipt: Some(receipt),
            latency_ms: 2,
            created_at: tx.now(),
        };
        if let Some(data) = &line.lead {
            let new = self.lead(tx, talk, data)?;
            lead::insert(tx, tx.scope(), &new).await?;
            tx.emit(Event::LeadCreated { lead_id: new.id });
            let arguments =
                json!({ "name": new.name, "email": new.email, "phone": new.phone, "need": new.need });
            let said = "the details were saved; the team will get in touch";
            calls.push(call("capture_lead", arguments, said, new.id.to_string()));
        }
        if let Some((key, value)) = &line.remembers {
            let person = self.people.get(talk.contact.as_deref().unwrap_or_default())?;
            let arguments = json!({ "remember": [{ "key": key, "value": value }] });
            calls.push(call(
                "update_contact",
                arguments,
                "the customer's details were saved",
                person.id.to_string(),
            ));
        }
        if line.intent.as_deref() == Some("opt_out") {
            let person = self.people.get(talk.contact.as_deref().unwrap_or_default())?;
            tx.emit(Event::ContactOptedOut { contact_id: person.id });
            calls.push(call(
                "opt_out",
                json!({}),
                "the customer will not be contacted any more",
                person.id.to_string(),
            ));
        }
        if let Some(reason) = &line.handoff {
            pass(tx, talk, Floor::Nobody).await?;
            change(tx, talk).waiting(Some(tx.now()), Some(reason)).apply(tx).await?;
            tx.emit(Event::HandoffRequested { conversation_id: talk.id, reason: reason.clone() });
            let arguments = json!({ "reason": reason, "summary": talk.summary });
            let said = "a person was asked to take over and will answer here";
            calls.push(call("handoff", arguments, said, talk.id.to_string()));
        }
        Ok(calls)
    }

    fn lead(&self, tx: &Tx, talk: &Talk, data: &LeadData) -> Result<Lead> {
        let person = self.people.get(talk.contact.as_deref().unwrap_or_default())?;
        let (points, reasons) = score(&LeadFacts {
            has_name: !person.name.is_empty(),
            has_email: person.email.is_some(),
            has_phone: person.phone.is_some(),
            need: &data.need,
        });
        let assignee = data.assignee.as_deref().map(|key| self.made.person(key)).transpose()?;
        Ok(Lead {
            id: LeadId::new(tx.now(), tx.random()),
            contact_id: person.id,
            name: person.name.clone(),
            email: person.email.clone(),
            phone: person.phone.clone(),
            need: data.need.clone(),
            status: data.status,
            score: points,
            score_reasons: reasons,
            conversation_id: Some(talk.id),
            assignee: assignee.map(|user| user.id),
            consent_text: "The customer left their details in the chat to be contacted about their request."
                .to_owned(),
            consent_at: Some(tx.now()),
            created_at: tx.now(),
            updated_at: tx.now(),
        })
    }

    async fn close(&self, tx: &Tx, talk: &mut Talk, state: ConversationState) -> Result<()> {
        if talk.floor != Floor::Ai {
            pass(tx, talk, Floor::Ai).await?;
        }
        let mut over = change(tx, talk).state(state, Some(tx.now())).waiting(None, None).read();
        if let Some((score, comment)) = &talk.rating {
            over = over.rating(*score, comment.as_deref());
        }
        over.apply(tx).await?;
        tx.emit(Event::ConversationStateChanged { conversation_id: talk.id, state });
        Ok(())
    }
}

/// A message not yet placed.
fn draft(tx: &Tx, talk: &Talk, author: Author, text: &str) -> Message {
    Message {
        id: MessageId::new(tx.now(), tx.random()),
        conversation_id: talk.id,
        seq: 0,
        author,
        user_id: None,
        author_name: None,
        text: text.to_owned(),
        citations: Vec::new(),
        cut: false,
        turn_id: None,
        client_id: None,
        actions: Vec::new(),
        delivery: None,
        files: Vec::new(),
        created_at: tx.now(),
    }
}

fn change(tx: &Tx, talk: &Talk) -> Change {
    let scope: Scope = tx.scope();
    Change::of(scope, talk.id)
}

async fn pass(tx: &Tx, talk: &mut Talk, to: Floor) -> Result<()> {
    change(tx, talk).floor(to).apply(tx).await?;
    let epoch = conversation::get(tx, tx.scope(), talk.id).await?.epoch;
    tx.emit(Event::FloorChanged { conversation_id: talk.id, floor: to, epoch });
    talk.floor = to;
    Ok(())
}

/// Stores a message under the next number; returns the number.
async fn say(tx: &Tx, talk: &mut Talk, mut said: Message) -> Result<u64> {
    let line = [(talk.id, said.text.as_str())];
    let placed = message::place(tx, tx.scope(), said.author, &line, tx.now()).await?;
    said.seq = placed.first().map_or(0, |placed| placed.seq);
    message::insert(tx, tx.scope(), std::slice::from_ref(&said)).await?;
    tx.emit(Event::MessageCreated {
        conversation_id: talk.id,
        message_id: said.id,
        author: said.author,
        seq: said.seq,
    });
    Ok(said.seq)
}
