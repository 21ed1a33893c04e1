//! One turn at work: what was heard, what is known, what will be said, and the few verbs every form uses.
//!
//! What is said is collected and spoken at the end, so that phrases can see what was said before them.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use frontdesk_domain::knowledge::Citation;
use frontdesk_domain::locale::Language;
use frontdesk_domain::message::Author;
use frontdesk_domain::persona::Tone;
use serde_json::Value;

use crate::brain::Thought;
use crate::port::ToolOutcome;
use crate::session::{Line, Session};
use crate::tools;
use crate::turn::Turn;

use super::Models;
use super::extract::Entities;
use super::extract::answer::yes_or_no;
use super::extract::person;
use super::mind::{Mind, Pending};
use super::summary::{self, Material};
use super::text::{self, clip};
use super::understand::{Intent, Part, Reading, Understanding};
use super::wording::Manner;

/// Words that say only that somebody wants to be contacted.
static CONTACT_WORDS: LazyLock<BTreeSet<&'static str>> = LazyLock::new(|| {
    let lines = include_str!("data/contact_words.txt").lines();
    lines.filter(|line| !line.starts_with('#')).flat_map(str::split_whitespace).collect()
});

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

/// A question without what the customer takes back in front of it: "no, forget cleaning, how much is whitening".
fn without_dropped(question: &str) -> &str {
    const DROPS: &[&str] =
        &["forget ", "never mind ", "nevermind ", "not ", "olvida ", "olvide ", "vergiss ", "oublie "];
    let Some((before, after)) = question.split_once(',') else { return question };
    let lower = before.to_lowercase();
    let drops = DROPS.iter().any(|drop| lower.starts_with(drop) || lower.contains(&format!(" {drop}")));
    let after = after.trim();
    if drops && !after.is_empty() && lower.split_whitespace().count() <= 7 {
        without_dropped(after)
    } else {
        question
    }
}

impl<'d, 'a> Desk<'d, 'a> {
    /// Hears the turn's message.
    pub fn new(models: &'d Models, turn: &'d mut Turn<'a>) -> Self {
        let session = turn.session();
        let mut mind = Mind::read(&session.state);
        let input = turn.input();
        let current = mind.language.unwrap_or(session.settings.language);
        let language = models.detector.next(input, current);
        mind.language = Some(language);
        let found = Entities::of(input, &session.business.country);
        let heard = models.understander.understand(input, &found, language);
        Self {
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
        }
    }

    /// Whether nothing will be said so far.
    pub fn is_silent(&self) -> bool {
        self.said.iter().all(|said| said.trim().is_empty())
    }

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
        let mut all = vec![
            ("agent", if agent.is_empty() { "Frontdesk" } else { agent }),
            ("business", if business.is_empty() { "our team" } else { business }),
        ];
        all.extend_from_slice(values);
        let mut said: Vec<&str> = self
            .session
            .history
            .iter()
            .rev()
            .filter(|line| line.author == Author::Ai)
            .take(3)
            .map(|line| line.text.as_str())
            .collect();
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

    /// Says a phrase before everything else.
    pub fn say_first(&mut self, key: &str) {
        let said = self.phrase(key, &[]);
        self.said.insert(0, said);
    }

    /// Says an answer unless this reply holds it already.
    pub fn tell_once(&mut self, text: &str) {
        if !self.said.iter().any(|said| said.contains(text.trim())) {
            self.tell(text);
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

    /// Whether the last thing the customer said was a question that was answered; "no, I meant Monday" is then about it.
    pub fn just_answered(&self) -> bool {
        let last = self.session.history.iter().rev().find(|line| line.author == Author::Customer);
        let record = self.mind.record();
        last.zip(record.answered.last()).is_some_and(|(line, question)| {
            line.text.contains(question.as_str())
                || self.mind.topic.as_ref().is_some_and(|topic| topic.contains(line.text.trim()))
        })
    }

    /// Whether nothing was said to the customer yet.
    pub fn is_first(&self) -> bool {
        !self.session.history.iter().any(|line| matches!(line.author, Author::Ai | Author::Person))
    }

    /// The customer's first name, if known.
    pub fn first_name(&self) -> Option<String> {
        let lead = self.mind.lead().and_then(|form| form.name.as_deref());
        let booking = self.mind.booking().and_then(|form| form.name.as_deref());
        let name = self.new_name.as_deref().or(booking).or(lead).or(self.session.customer.name.as_deref())?;
        let first = name.split_whitespace().next()?;
        (first.chars().count() <= 24
            && first.chars().all(|c| c.is_alphabetic() || matches!(c, '-' | '\'' | '’')))
        .then(|| first.to_owned())
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
        clip(without_dropped(raw), 300)
    }

    /// Whether the message leaves a name, an address or a number.
    pub fn has_details(&self) -> bool {
        self.found.email().is_some() || self.found.phone().is_some() || self.found.name().is_some()
    }

    /// Takes what is left beside an address or a number for a name ("Ben, 415 555 2671"), after details were asked for.
    pub fn find_bare_name(&mut self) {
        if self.found.name().is_none()
            && let Some(name) = person::bare(&self.found.blanked(self.turn.input()))
        {
            self.found.names.push(name);
        }
    }

    /// Whether a part asks to be contacted, rather than only saying how.
    pub fn wants_contact(part: &Part) -> bool {
        part.words.iter().any(|word| {
            matches!(
                word.as_str(),
                "call"
                    | "contact"
                    | "ring"
                    | "someone"
                    | "please"
                    | "about"
                    | "quote"
                    | "text"
                    | "llamar"
                    | "llamen"
                    | "llameme"
                    | "llamenme"
            )
        }) && !part
            .words
            .windows(2)
            .any(|pair| matches!(pair, [a, b] if (a == "can" || a == "could") && b == "reach"))
    }

    /// What the whole message is about, without a yes before it.
    pub fn request_of_all(&self) -> Option<String> {
        let needs: Vec<String> = self.heard.parts.iter().filter_map(|part| self.request_of(part)).collect();
        let text = needs.join("; ");
        let lower = text.to_lowercase();
        let rest = ["yes", "yeah", "sure", "ok", "okay", "sí", "si", "claro"]
            .iter()
            .find(|yes| lower.starts_with(*yes))
            .and_then(|yes| text.get(yes.len()..))
            .unwrap_or(&text);
        let rest = rest.trim_start_matches([',', '.', '!', ' ']);
        (!rest.is_empty()).then(|| rest.to_owned())
    }

    /// What a wish is about, in the customer's words without their address and number; nothing when it says only that
    /// they want to be contacted.
    pub fn request_of(&self, part: &Part) -> Option<String> {
        let says = part.words.iter().any(|word| {
            !CONTACT_WORDS.contains(word.as_str())
                && !self.found.names.iter().any(|name| name.value.to_lowercase().contains(word.as_str()))
        });
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
                !named
                    && text::words(clause).iter().any(|word| {
                        !CONTACT_WORDS.contains(word.as_str())
                            && !matches!(word.as_str(), "im" | "am" | "name" | "its")
                    })
            };
            let kept: Vec<&str> = text.split(',').filter(says_something).map(str::trim).collect();
            let kept = if kept.is_empty() { text.clone() } else { kept.join(", ") };
            kept.split_whitespace().collect::<Vec<_>>().join(" ")
        })
    }

    /// Understands other words of this conversation.
    pub fn read(&self, words: &str) -> Option<Part> {
        let entities = Entities::default();
        let mut part =
            self.models.understander.understand(words, &entities, self.language).parts.into_iter().next()?;
        part.span = 0..0;
        Some(part)
    }

    /// A reason with the customer's words.
    pub fn quoted(&self, reason: &str) -> String {
        clip(&format!("{reason}: {}", self.input().split_whitespace().collect::<Vec<_>>().join(" ")), 280)
    }

    /// The conversation so far with this message, for a person.
    pub fn summary(&self) -> String {
        let mut lines = self.session.history.clone();
        lines.push(Line { author: Author::Customer, text: self.input().to_owned() });
        let state = self.mind.write();
        let summary = summary::summarize(Material {
            lines: &lines,
            state: &state,
            customer: &self.session.customer,
            receipts: self.turn.receipts(),
        });
        if summary.is_empty() {
            "The customer has not said what it is about yet.".to_owned()
        } else {
            summary
        }
    }

    /// Whether the form asked or noted something in this turn: what it does, it notes in itself.
    pub fn form_spoke(&self) -> bool {
        Mind::read(&self.session.state).lead() != self.mind.lead()
    }

    /// Speaks, and hands over what to remember.
    pub async fn finish(self, reading: Reading) -> Thought {
        for (at, said) in self.said.iter().enumerate() {
            // An answer from the documents stands apart from what is asked after it.
            let apart = at > 0
                && self
                    .said
                    .get(at - 1)
                    .is_some_and(|before| before.chars().count() > 180 || before.contains('\n'));
            if apart {
                self.turn.say(&format!("\n\n{said}")).await;
            } else {
                self.turn.say(said).await;
            }
        }
        // A bare reply to what a form asked means what was asked.
        let reading = if self.took_details && reading.score < 0.45 {
            Reading { intent: Intent::GiveDetails, score: 0.75 }
        } else {
            reading
        };
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
