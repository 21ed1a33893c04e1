//! The policy: what is done about a message, in which order.
//!
//! First what cannot wait (opt-out, danger, a person asked for), then the form in progress, then what was offered last,
//! then each part of the message, and at last the form goes on. The order is [`respond`]; what each step does is under
//! [`super::forms`].

use frontdesk_domain::knowledge::Citation;
use frontdesk_domain::locale::Language;
use frontdesk_domain::message::Author;
use frontdesk_domain::persona::Tone;
use serde_json::{Value, json};

use crate::brain::Thought;
use crate::port::ToolOutcome;
use crate::session::{Line, Session};
use crate::tools;
use crate::turn::Turn;

use super::Models;
use super::extract::{Entities, answer::yes_or_no, choice};
use super::forms::answer::{self, Went};
use super::forms::lead::{self, Heard, LeadKind};
use super::forms::{handoff, opt_out, small_talk};
use super::mind::{Mind, Pending};
use super::summary::{self, Material};
use super::text::clip;
use super::understand::{Intent, Part, Reading, Understanding};
use super::wording::Manner;

/// From which score on an intent is acted upon at once.
const SURE: f32 = 0.5;
/// Below which nothing was understood.
const UNSURE: f32 = 0.3;

/// One turn at work: what was heard, what is known, what will be said.
pub struct Desk<'d, 'a> {
    /// What the brain prepared.
    pub models: &'d Models,
    /// The turn it speaks and acts through.
    pub turn: &'d mut Turn<'a>,
    /// What the turn started with.
    pub session: &'a Session,
    /// What it carries to the next turn.
    pub mind: Mind,
    /// The language of this reply.
    pub language: Language,
    /// What the message wants.
    pub heard: Understanding,
    /// What the message contains.
    pub found: Entities,
    /// Whether the message is a yes or a no.
    pub yes_no: Option<bool>,
    /// What answers rest on.
    pub citations: Vec<Citation>,
    /// A question that stayed open.
    pub unanswered: Option<String>,
    /// How sure the documents' answer is.
    pub knowledge_confidence: Option<f32>,
    /// Whether a form took something from this message.
    pub took_details: bool,
    /// A name learned in this turn.
    pub new_name: Option<String>,
    said: Vec<String>,
    called: Vec<&'static str>,
}

/// Answers the customer.
pub async fn respond(models: &Models, turn: &mut Turn<'_>) -> Thought {
    let session = turn.session();
    let mut mind = Mind::read(&session.state);
    let input = turn.input();
    let current = mind.language.unwrap_or(session.settings.language);
    let language = models.detector.next(input, current);
    mind.language = Some(language);
    let found = Entities::of(input, &session.business.country);
    let heard = models.understander.understand(input, &found, language);
    let reading = heard.primary();
    let mut desk = Desk {
        models,
        turn,
        session,
        mind,
        language,
        heard,
        found,
        yes_no: yes_or_no(input),
        citations: Vec::new(),
        unanswered: None,
        knowledge_confidence: None,
        took_details: false,
        new_name: None,
        said: Vec::new(),
        called: Vec::new(),
    };
    let asked_before = desk.mind.pending.clone();
    steps(&mut desk).await;
    // An offer holds for one turn.
    if desk.mind.pending == asked_before && asked_before.is_some() && !desk.heard.parts.is_empty() {
        desk.mind.pending = None;
    }
    if desk.said.iter().all(|said| said.trim().is_empty()) {
        desk.say("last.resort", &[]);
    }
    desk.finish(reading).await
}

async fn steps(desk: &mut Desk<'_, '_>) {
    if urgent(desk).await {
        return;
    }
    let form = desk.mind.lead().cloned();
    let heard = match form {
        Some(form) => lead::hear(desk, form).await,
        None => Heard::default(),
    };
    if heard.everything {
        return;
    }
    if !heard.something && offered(desk).await {
        return;
    }
    parts(desk, heard.something).await;
}

/// What cannot wait. `true` when it was the whole answer.
async fn urgent(desk: &mut Desk<'_, '_>) -> bool {
    let parts: Vec<Reading> = desk.heard.parts.iter().map(Part::best).collect();
    let wants = |intent: Intent, least: f32| parts.iter().any(|reading| reading.intent == intent && reading.score >= least);
    if wants(Intent::OptOut, SURE) {
        opt_out::run(desk).await;
        return true;
    }
    if wants(Intent::Emergency, SURE) {
        desk.say("emergency", &[]);
        handoff::run(desk, &desk.quoted("emergency")).await;
        return true;
    }
    if wants(Intent::Human, UNSURE + 0.1) {
        handoff::run(desk, &desk.quoted("asked for a person")).await;
        return true;
    }
    if wants(Intent::Complaint, SURE) {
        desk.say("sorry.upset", &[]);
        handoff::run(desk, &desk.quoted("is unhappy")).await;
        return true;
    }
    if wants(Intent::OptIn, SURE) {
        opt_out::back_in(desk);
        return true;
    }
    if wants(Intent::Language, SURE) && super::language::asked(desk.input()).is_some() {
        small_talk::switch_language(desk);
        lead::resume(desk).await;
        return true;
    }
    if wants(Intent::NeverMind, SURE) && desk.heard.parts.len() <= 2 {
        small_talk::never_mind(desk);
        return true;
    }
    false
}

/// Takes up what was offered last. `true` when that was the whole answer.
async fn offered(desk: &mut Desk<'_, '_>) -> bool {
    let Some(pending) = desk.mind.pending.clone() else { return false };
    let short = desk.heard.parts.iter().map(|part| part.words.len()).sum::<usize>() <= 6;
    if let Pending::InfoOrLead { about } = &pending {
        let place = choice::find(desk.input(), 2).or_else(|| {
            let words: Vec<&String> = desk.heard.parts.iter().flat_map(|part| &part.words).collect();
            let says = |list: &[&str]| words.iter().any(|word| list.contains(&word.as_str()));
            if says(&["info", "information", "know", "informacion", "saber", "details"]) {
                Some(0)
            } else if says(&["contact", "call", "touch", "contacten", "contacte", "llamen", "both", "team"]) {
                Some(1)
            } else {
                None
            }
        });
        match place {
            Some(0) => {
                let about = about.clone();
                desk.mind.pending = None;
                desk.mind.topic = Some(about.clone());
                if let Some(part) = desk.read(&about) {
                    answer::unknown(desk, &part).await;
                }
                return true;
            }
            Some(_) => {
                lead::start(desk, LeadKind::Contact, Some(about.clone()), true).await;
                return true;
            }
            None => return false,
        }
    }
    let details = desk.found.email().is_some() || desk.found.phone().is_some();
    match (desk.yes_no, pending) {
        (Some(true), Pending::Handoff { reason }) => handoff::run(desk, &reason).await,
        (Some(true), Pending::Lead { need }) => {
            let need = need.or_else(|| desk.request_of_all());
            lead::start(desk, LeadKind::Contact, need, true).await;
        }
        (None, Pending::Lead { need }) if details => lead::start(desk, LeadKind::Contact, need, false).await,
        (None, Pending::Lead { need: None }) if desk.heard.primary().intent != Intent::Question => match desk.request_of_all() {
            Some(need) => lead::start(desk, LeadKind::Contact, Some(need), true).await,
            None => return false,
        },
        (Some(true), Pending::Retry) => lead::retry(desk).await,
        (Some(true), Pending::More) if short => desk.say("affirm.nothing", &[]),
        (Some(false), Pending::More) if short => {
            let name = desk.first_name();
            desk.say("goodbye", &[("name", name.as_deref().unwrap_or_default())]);
        }
        (Some(false), _) if short => desk.say("deny", &[]),
        _ => return false,
    }
    desk.mind.pending = if desk.mind.pending.is_some() && short { desk.mind.pending.clone() } else { None };
    true
}

/// Goes through the parts of the message. `form_spoke`: the form took something already.
async fn parts(desk: &mut Desk<'_, '_>, form_spoke: bool) {
    let all = desk.heard.parts.clone();
    let alone = all.len() <= 1;
    let mut silent: Vec<Part> = Vec::new();
    let mut request: Option<(LeadKind, Vec<String>)> = None;
    let mut did = form_spoke;
    let mut goodbye = false;
    let out_of_scope = all.iter().any(|part| part.best().intent == Intent::OutOfScope && part.best().score >= SURE);
    for part in &all {
        let mut best = part.best();
        if let Some(topic) = answer::off_topic(desk, &part.words).filter(|_| !best.intent.is_courtesy()) {
            desk.say("off_topic", &[("topic", &topic)]);
            did = true;
            continue;
        }
        // "Call me at ... about a crown" leaves a number and wants something.
        if best.intent == Intent::GiveDetails && part.score(Intent::Lead) >= 0.45 && part.words.len() > 3 && desk.wants_contact(part) {
            best = Reading { intent: Intent::Lead, score: part.score(Intent::Lead) };
        }
        match best.intent {
            Intent::Greeting => {
                small_talk::greet(desk, alone);
                did |= alone;
            }
            Intent::Goodbye if best.score >= SURE => {
                goodbye = true;
                did = true;
            }
            intent @ (Intent::Thanks | Intent::HowAreYou | Intent::WhoAreYou | Intent::AreYouBot | Intent::Help | Intent::Repeat | Intent::Abuse | Intent::OutOfScope)
                if best.score >= UNSURE =>
            {
                let needless = matches!(intent, Intent::Thanks | Intent::HowAreYou) && all.len() > 2;
                if !needless && (intent != Intent::Repeat || alone) {
                    small_talk::run(desk, intent, alone);
                    did = true;
                }
            }
            Intent::Lead | Intent::Booking | Intent::BookingChange | Intent::Need if best.score >= UNSURE && !form_spoke => {
                let kind = match best.intent {
                    Intent::Booking => LeadKind::Booking,
                    Intent::BookingChange => LeadKind::Change,
                    Intent::Need => LeadKind::Need,
                    _ => LeadKind::Contact,
                };
                let words = desk.request_of(part);
                let (chosen, needs) = request.get_or_insert((kind, Vec::new()));
                if *chosen == LeadKind::Contact || *chosen == LeadKind::Need {
                    *chosen = kind;
                }
                needs.extend(words);
            }
            Intent::Affirm if alone && best.score >= UNSURE => {
                desk.say("affirm.nothing", &[]);
                did = true;
            }
            Intent::Deny if alone && best.score >= UNSURE => {
                desk.say("deny", &[]);
                did = true;
            }
            Intent::GiveDetails | Intent::Affirm | Intent::Deny | Intent::Correction | Intent::Gibberish | Intent::Refuse | Intent::WhyAsk if !alone => {}
            Intent::GiveDetails | Intent::Correction if desk.has_details() => {}
            Intent::Gibberish => {
                desk.say("gibberish", &[]);
                did = true;
            }
            Intent::WhyAsk if best.score >= SURE && !part.asks => {
                desk.say("why_ask", &[]);
                did = true;
            }
            Intent::Refuse if best.score >= SURE => {
                desk.say("deny", &[]);
                did = true;
            }
            _ => match answer::answer(desk, part).await {
                Went::Answered => did = true,
                Went::Silent if out_of_scope => {}
                Went::Silent => silent.push(part.clone()),
            },
        }
    }
    if let Some((kind, needs)) = request {
        did = true;
        take_request(desk, kind, needs, &silent).await;
        silent.clear();
    }
    if !silent.is_empty() {
        not_answered(desk, &silent, did).await;
        did = true;
    }
    if desk.has_details() && !form_spoke && desk.mind.lead().is_none() && !desk.called(tools::UPDATE_CONTACT) {
        lead::keep_details(desk).await;
        did = true;
    }
    if goodbye {
        say_goodbye(desk, alone).await;
    } else if desk.mind.lead().is_some_and(|form| !form.done) && !desk.called(tools::CAPTURE_LEAD) && !desk.has_asked_for_lead() {
        lead::resume(desk).await;
        did = true;
    }
    if !did && desk.said.is_empty() {
        desk.say("clarify", &[]);
    }
}

/// Starts the request, with what was asked on the way as part of what it is about.
async fn take_request(desk: &mut Desk<'_, '_>, kind: LeadKind, needs: Vec<String>, silent: &[Part]) {
    let mut need: Vec<String> = needs;
    for part in silent {
        let question = desk.question_of(part);
        desk.mind.note_question(&question, false);
        desk.unanswered.get_or_insert_with(|| question.clone());
        need.push(question);
    }
    if !silent.is_empty() {
        desk.say("unknown", &[]);
    }
    if need.is_empty() && matches!(kind, LeadKind::Contact) {
        // "Call me about it": what was talked about last.
        need.extend(desk.mind.topic.clone());
    }
    if kind == LeadKind::Need && desk.said.is_empty() {
        desk.say("sorry.need", &[]);
    }
    let need = (!need.is_empty()).then(|| need.join("; "));
    lead::start(desk, kind, need, true).await;
}

/// Parts that no document and no fact answers.
async fn not_answered(desk: &mut Desk<'_, '_>, silent: &[Part], did: bool) {
    let Some(first) = silent.first() else { return };
    let best = first.best();
    let second = first.readings.get(1).copied();
    let question = first.asks || (best.intent == Intent::Question && best.score >= UNSURE);
    let wants_something = |reading: Reading| matches!(reading.intent, Intent::Lead | Intent::Booking | Intent::Need);
    let close = second.is_some_and(|second| first.margin() < 0.12 && (wants_something(second) || wants_something(best)));
    if !question && close && first.words.len() <= 4 && desk.mind.lead().is_none() && desk.turn.may_use(tools::CAPTURE_LEAD) {
        desk.say("clarify.choice", &[]);
        desk.mind.pending = Some(Pending::InfoOrLead { about: desk.question_of(first) });
    } else if question || (first.words.len() >= 3 && best.score >= UNSURE) {
        answer::unknown(desk, first).await;
    } else if !did {
        clarify(desk).await;
    }
}

/// Asks what was meant. Not being understood twice counts like two open questions.
async fn clarify(desk: &mut Desk<'_, '_>) {
    desk.mind.misses = desk.mind.misses.saturating_add(1);
    desk.say("clarify", &[]);
    if desk.mind.misses >= desk.session.settings.handoff.after_misses.max(1) && desk.turn.may_use(tools::HANDOFF) {
        desk.say("unknown.offer_person", &[]);
        desk.mind.pending = Some(Pending::Handoff { reason: "was not understood".to_owned() });
    }
}

async fn say_goodbye(desk: &mut Desk<'_, '_>, alone: bool) {
    if alone && !desk.is_first() && desk.turn.may_use(tools::END_CONVERSATION) {
        desk.call(tools::END_CONVERSATION, json!({ "reason": "said goodbye" })).await;
    }
    let name = desk.first_name();
    desk.say("goodbye", &[("name", name.as_deref().unwrap_or_default())]);
}

impl<'a> Desk<'_, 'a> {
    /// What the customer said.
    pub fn input(&self) -> &'a str {
        self.turn.input()
    }

    /// Says a phrase.
    pub fn say(&mut self, key: &str, values: &[(&str, &str)]) {
        let said = self.phrase(key, values);
        self.tell(&said);
    }

    /// Says a phrase that may start with a value, with a capital letter.
    pub fn say_sentence(&mut self, key: &str, values: &[(&str, &str)]) {
        let said = self.phrase(key, values);
        let mut chars = said.chars();
        let first: String = chars.next().map(|c| c.to_uppercase().collect()).unwrap_or_default();
        self.tell(&format!("{first}{}", chars.as_str()));
    }

    fn phrase(&mut self, key: &str, values: &[(&str, &str)]) -> String {
        let agent = self.session.agent_name.trim();
        let business = self.session.business.name.trim();
        let mut all = vec![("agent", if agent.is_empty() { "Frontdesk" } else { agent }), ("business", if business.is_empty() { "our team" } else { business })];
        all.extend_from_slice(values);
        let mut said: Vec<&str> = self.session.history.iter().rev().filter(|line| line.author == Author::Ai).take(3).map(|line| line.text.as_str()).collect();
        said.reverse();
        said.extend(self.said.iter().map(String::as_str));
        let turn = self.session.seed.wrapping_add(u64::from(self.mind.variation));
        self.mind.variation = self.mind.variation.wrapping_add(1);
        let tone = self.session.settings.persona.as_ref().map_or(Tone::Friendly, |persona| persona.tone);
        self.models.phrases.say(key, &all, Manner { language: self.language, tone, turn, said: &said })
    }

    /// Says text that is no phrase: an answer, a fact, the agent's own greeting.
    pub fn tell(&mut self, text: &str) {
        let text = text.trim();
        if !text.is_empty() {
            self.said.push(text.to_owned());
        }
    }

    /// Calls a tool.
    pub async fn call(&mut self, tool: &'static str, arguments: Value) -> ToolOutcome {
        self.called.push(tool);
        self.turn.call_tool(tool, arguments).await
    }

    /// Whether a tool was called in this turn.
    pub fn called(&self, tool: &str) -> bool {
        self.called.contains(&tool)
    }

    /// A question was answered.
    pub fn answered(&mut self, question: &str) {
        self.mind.misses = 0;
        self.mind.topic = Some(clip(question, 200));
        self.mind.note_question(question, true);
    }

    /// Whether nothing was said to the customer yet.
    pub fn is_first(&self) -> bool {
        !self.session.history.iter().any(|line| matches!(line.author, Author::Ai | Author::Person))
    }

    /// The customer's first name, if known.
    pub fn first_name(&self) -> Option<String> {
        let lead = self.mind.lead().and_then(|form| form.name.as_deref());
        let name = self.new_name.as_deref().or(lead).or(self.session.customer.name.as_deref())?;
        let first = name.split_whitespace().next()?;
        (first.chars().count() <= 24 && first.chars().all(|c| c.is_alphabetic() || matches!(c, '-' | '\'' | '’'))).then(|| first.to_owned())
    }

    /// Goes on in another language.
    pub fn set_language(&mut self, language: Language) {
        self.language = language;
        self.mind.language = Some(language);
    }

    /// Offers to take the customer's details.
    pub fn offer_lead(&mut self, need: Option<String>) {
        if self.turn.may_use(tools::CAPTURE_LEAD) {
            self.say("lead.offer", &[]);
            self.mind.pending = Some(Pending::Lead { need });
        }
    }

    /// The part of the message as a question for the documents.
    pub fn question_of(&self, part: &Part) -> String {
        let raw = self.input().get(part.span.clone()).unwrap_or_default();
        let raw = raw.trim().trim_start_matches([',', '-', ':']).trim();
        let lower = raw.to_lowercase();
        let raw = ["and ", "also ", "but ", "y ", "pero "]
            .iter()
            .find(|start| lower.starts_with(*start) && part.words.len() > 4)
            .and_then(|start| raw.get(start.len()..))
            .unwrap_or(raw);
        clip(raw, 300)
    }

    /// Whether the message leaves a name, an address or a number.
    pub fn has_details(&self) -> bool {
        self.found.email().is_some() || self.found.phone().is_some() || self.found.name().is_some()
    }

    /// Whether a part asks to be contacted, rather than only saying how.
    fn wants_contact(&self, part: &Part) -> bool {
        part.words.iter().any(|word| matches!(word.as_str(), "call" | "contact" | "ring" | "someone" | "please" | "about" | "quote" | "text" | "llamar" | "llamen" | "llameme" | "llamenme"))
            && !part.words.windows(2).any(|pair| matches!(pair, [a, b] if (a == "can" || a == "could") && b == "reach"))
    }

    /// What the whole message is about, without a yes before it.
    fn request_of_all(&self) -> Option<String> {
        let needs: Vec<String> = self.heard.parts.iter().filter_map(|part| self.request_of(part)).collect();
        let text = needs.join("; ");
        let lower = text.to_lowercase();
        let rest = ["yes", "yeah", "sure", "ok", "okay", "sí", "si", "claro"].iter().find(|yes| lower.starts_with(*yes)).and_then(|yes| text.get(yes.len()..)).unwrap_or(&text);
        let rest = rest.trim_start_matches([',', '.', '!', ' ']);
        (!rest.is_empty()).then(|| rest.to_owned())
    }

    /// What a wish is about, in the customer's words without their address and number; nothing when it says only that
    /// they want to be contacted.
    fn request_of(&self, part: &Part) -> Option<String> {
        const EMPTY: &[&str] = &[
            "call", "contact", "me", "us", "back", "please", "can", "could", "would", "someone", "somebody", "anyone", "you", "your", "a", "an", "the", "to", "at", "on", "@phone", "@email", "like", "want", "i", "id", "be", "get", "in", "touch", "with", "my", "number", "details", "phone", "email", "have", "reach", "out", "leave", "when", "need", "callback", "and", "also", "give", "ring", "later", "text", "or", "follow", "up", "it", "is", "via", "by", "about", "more", "info", "information", "send", "from", "team", "that", "this", "asap", "soon", "contacted", "hi", "hello", "take", "quick", "called", "so", "then", "ok", "yes",
            "llamen", "llame", "llamenme", "llamar", "llamarme", "quiero", "que", "alguien", "por", "favor", "pueden", "puede", "contactar", "contacten", "contactarme", "al", "mi", "numero", "dejar", "datos", "necesito", "un", "una",
        ];
        let says = part.words.iter().any(|word| !EMPTY.contains(&word.as_str()) && !self.found.names.iter().any(|name| name.value.to_lowercase().contains(word.as_str())));
        says.then(|| {
            let mut text = self.question_of(part);
            for (span, _) in self.found.masks() {
                if let Some(found) = self.input().get(span) {
                    text = text.replace(found, "");
                }
            }
            // "I'm Tom" and what is left of "my number is" say nothing of what they want.
            let says_something = |clause: &&str| {
                let named = self.found.names.iter().any(|name| clause.contains(name.value.as_str()));
                !named && super::text::words(clause).iter().any(|word| !EMPTY.contains(&word.as_str()) && !matches!(word.as_str(), "im" | "am" | "name" | "its"))
            };
            let kept: Vec<&str> = text.split(',').filter(says_something).map(str::trim).collect();
            let kept = if kept.is_empty() { text.clone() } else { kept.join(", ") };
            kept.split_whitespace().collect::<Vec<_>>().join(" ")
        })
    }

    /// Understands other words of this conversation.
    fn read(&self, words: &str) -> Option<Part> {
        let entities = Entities::default();
        let mut part = self.models.understander.understand(words, &entities, self.language).parts.into_iter().next()?;
        part.span = 0..0;
        Some(part)
    }

    /// A reason with the customer's words.
    fn quoted(&self, reason: &str) -> String {
        clip(&format!("{reason}: {}", self.input().split_whitespace().collect::<Vec<_>>().join(" ")), 280)
    }

    /// The conversation so far with this message, for a person.
    pub fn summary(&self) -> String {
        let mut lines = self.session.history.clone();
        lines.push(Line { author: Author::Customer, text: self.input().to_owned() });
        let state = self.mind.write();
        let summary = summary::summarize(Material { lines: &lines, state: &state, customer: &self.session.customer, receipts: self.turn.receipts() });
        if summary.is_empty() { "The customer has not said what it is about yet.".to_owned() } else { summary }
    }

    fn has_asked_for_lead(&self) -> bool {
        // Everything the form says in this turn comes from `lead::start` or `lead::hear`, which set what is asked.
        self.called(tools::CAPTURE_LEAD) || self.form_spoke()
    }

    fn form_spoke(&self) -> bool {
        let before = Mind::read(&self.session.state);
        before.lead() != self.mind.lead()
    }

    async fn finish(self, reading: Reading) -> Thought {
        for (at, said) in self.said.iter().enumerate() {
            // An answer from the documents stands apart from what is asked after it.
            let apart = at > 0 && self.said.get(at - 1).is_some_and(|before| before.chars().count() > 180 || before.contains('\n'));
            if apart {
                self.turn.say(&format!("\n\n{said}")).await;
            } else {
                self.turn.say(said).await;
            }
        }
        // A bare reply to what a form asked means what was asked.
        let reading = if self.took_details && reading.score < 0.45 { Reading { intent: Intent::GiveDetails, score: 0.75 } } else { reading };
        let confidence = match (reading.intent, self.knowledge_confidence) {
            (Intent::Question, Some(found)) => reading.score.max(found),
            _ => reading.score,
        };
        Thought {
            state: self.mind.write(),
            citations: self.citations,
            intent: Some(reading.intent.as_str().to_owned()),
            confidence: Some(confidence.clamp(0.0, 1.0)),
            unanswered: self.unanswered,
        }
    }
}
