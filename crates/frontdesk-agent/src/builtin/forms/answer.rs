//! Answering questions: the business's own facts, then the documents; when both are silent, saying so.

use frontdesk_domain::knowledge::KnowledgeAnswer;

use crate::builtin::answers::facts::{Asked, Fact};
use crate::builtin::answers::hours::{self, HoursQuestion};
use crate::builtin::desk::Desk;
use crate::builtin::forms::{booking, handoff};
use crate::builtin::mind::Pending;
use crate::builtin::text::{self, clip};
use crate::builtin::understand::{Intent, Part};
use crate::tools;

/// Longest answer, in characters; cut at the end of a sentence.
const MAX_ANSWER: usize = 700;

/// How a question went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Went {
    /// It was answered, or politely refused.
    Answered,
    /// Nothing is known; nothing was said yet.
    Silent,
}

/// Tries to answer a part of the message.
pub async fn answer(desk: &mut Desk<'_, '_>, part: &Part) -> Went {
    let question = desk.question_of(part);
    let words = part.word_refs();
    let mut fact = desk.models.facts.find(&words);
    let follow_up = is_follow_up(&words) || part.best().intent == Intent::Correction;
    let topic = follow_up.then(|| topic(desk)).flatten();
    let own: Vec<&str> = words.iter().copied().filter(|word| is_content(word)).collect();
    if fact.is_none()
        && let Some(topic) = &topic
    {
        fact = follow_up_on_hours(desk, topic, &words);
    }
    if let Some(asked) = fact.filter(|asked| asked.plain)
        && say_fact(desk, asked.fact, &words)
    {
        // "And on Monday?" is still a question on hours for whatever comes next.
        let hours = topic.as_deref().filter(|topic| asked.fact == Fact::Hours && is_on_hours(desk, topic));
        let kept = hours.unwrap_or(&question).to_owned();
        desk.answered(&kept);
        return Went::Answered;
    }
    let mut found = None;
    if topic.is_none() || !own.is_empty() {
        found = ask(desk, &question).await;
    }
    if found.is_none()
        && let Some(topic) = &topic
    {
        // An answer on the old subject is one only if it speaks of what is new in the question.
        found = ask(desk, &format!("{topic} {question}")).await.filter(|found| {
            let said = text::words(&found.text);
            own.iter().all(|word| said.iter().any(|other| same_stem(other, word)))
        });
    }
    if let Some(found) = found {
        desk.tell_once(&shorten(&found.text));
        desk.citations.extend(found.citations);
        desk.knowledge_confidence = Some(found.confidence);
        let kept = topic.map_or_else(|| question.clone(), |topic| clip(&format!("{topic} {question}"), 200));
        desk.answered(&kept);
        return Went::Answered;
    }
    if let Some(asked) = fact
        && say_fact(desk, asked.fact, &words)
    {
        desk.answered(&question);
        return Went::Answered;
    }
    Went::Silent
}

/// What "it" is: the subject talked about last, or what the request being taken down is about.
fn topic(desk: &Desk<'_, '_>) -> Option<String> {
    let asked = desk.mind.lead().filter(|form| !form.done).and_then(|form| form.need.clone());
    desk.mind.topic.clone().or(asked)
}

/// The documents' answer; `None` when they are silent.
async fn ask(desk: &mut Desk<'_, '_>, question: &str) -> Option<KnowledgeAnswer> {
    let answer = desk.turn.answer(question, desk.language).await;
    (answer.answered && !answer.text.trim().is_empty()).then_some(answer)
}

/// Says that nothing is known, and offers what can be done about it. Questions in a row that stay open bring a person.
pub async fn unknown(desk: &mut Desk<'_, '_>, part: &Part) {
    let question = desk.question_of(part);
    desk.mind.misses = desk.mind.misses.saturating_add(1);
    desk.mind.note_question(&question, false);
    desk.unanswered = Some(question.clone());
    desk.say("unknown", &[]);
    let waiting = desk.mind.lead().is_some_and(|form| !form.done) || booking::is_open(desk);
    if desk.mind.misses >= desk.session.settings.handoff.after_misses.max(1)
        && desk.turn.may_use(tools::HANDOFF)
    {
        desk.say("unknown.several", &[]);
        handoff::run(desk, &format!("could not be answered: {question}")).await;
    } else if waiting {
        // A request is being taken down anyway; it goes on without another offer.
    } else if desk.turn.may_use(tools::HANDOFF) && desk.session.team_available {
        desk.say("unknown.offer_person", &[]);
        desk.mind.pending = Some(Pending::Handoff { reason: format!("could not be answered: {question}") });
    } else if desk.turn.may_use(tools::CAPTURE_LEAD) {
        desk.say("unknown.offer_details", &[]);
        desk.mind.pending = Some(Pending::Lead { need: Some(clip(&question, 300)) });
    } else {
        handoff::contact(desk, "unknown.contact");
    }
}

/// The configured subject the words are about.
pub fn off_topic(desk: &Desk<'_, '_>, words: &[String]) -> Option<String> {
    desk.session
        .settings
        .off_topics
        .iter()
        .find(|topic| {
            let wanted: Vec<String> = text::words(topic).into_iter().filter(|word| word.len() > 2).collect();
            !wanted.is_empty() && wanted.iter().all(|want| words.iter().any(|word| same_stem(word, want)))
        })
        .map(|topic| clip(topic.trim(), 60))
}

fn same_stem(a: &str, b: &str) -> bool {
    let stem = |word: &str| {
        let word = word.strip_suffix("ies").map_or_else(|| word.to_owned(), |base| format!("{base}y"));
        ["ing", "es", "s"]
            .iter()
            .find_map(|ending| word.strip_suffix(ending).filter(|base| base.len() > 2))
            .unwrap_or(&word)
            .to_owned()
    };
    a == b || stem(a) == stem(b)
}

/// "And on Sunday?", "how much is that?", "what about children?": leans on what was said before.
pub fn is_follow_up(words: &[&str]) -> bool {
    const OPENERS: &[&[&str]] = &[
        &["and"],
        &["what", "about"],
        &["how", "about"],
        &["y"],
        &["que", "tal"],
        &["und"],
        &["et"],
        &["also"],
        &["or"],
        &["so"],
        &["but"],
    ];
    let opens = OPENERS.iter().any(|opener| words.starts_with(opener)) && words.len() <= 8;
    let points = words.iter().any(|word| POINTERS.contains(word));
    let content = words.iter().filter(|word| is_content(word)).count();
    opens || (points && content <= 1)
}

/// Words that point to what was said before.
const POINTERS: &[&str] = &[
    "that", "it", "this", "those", "these", "they", "them", "one", "there", "eso", "esto", "ese", "esos",
    "ellos", "das", "ca", "cela", "same",
];

/// Whether a word says something of its own, so that an answer must speak of it.
fn is_content(word: &str) -> bool {
    const SMALL: &[&str] = &[
        "how", "much", "is", "are", "does", "do", "what", "when", "where", "long", "many", "cost", "costs",
        "take", "takes", "the", "a", "for", "on", "and", "in", "of", "cuanto", "cuesta", "es", "son", "can",
        "you", "i", "get", "included", "with", "too", "also", "there", "price", "about", "or", "so", "but",
        "if", "please", "would", "could", "do", "an", "to", "be", "will", "per", "each", "my", "your",
        "have", "need", "y", "el", "la", "los", "las", "para", "que", "cuanto", "dura", "tarda", "un", "una",
        "de",
    ];
    !POINTERS.contains(&word) && !SMALL.contains(&word)
}

/// "And on Sunday?": after a question on hours, and on its own.
fn follow_up_on_hours(desk: &Desk<'_, '_>, topic: &str, words: &[&str]) -> Option<Asked> {
    let hours = is_on_hours(desk, topic) || is_bare_day(desk, words);
    (hours && hours::question(words) != HoursQuestion::default())
        .then_some(Asked { fact: Fact::Hours, plain: true })
}

/// Whether an earlier question was on hours.
fn is_on_hours(desk: &Desk<'_, '_>, topic: &str) -> bool {
    let words = text::words(topic);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    desk.models.facts.find(&words).is_some_and(|asked| asked.fact == Fact::Hours) || is_bare_day(desk, &words)
}

/// Whether the words name a day and nothing that is not about hours.
fn is_bare_day(desk: &Desk<'_, '_>, words: &[&str]) -> bool {
    hours::question(words).day.is_some()
        && words.iter().all(|word| desk.models.facts.is_plain(Fact::Hours, word))
}

/// States a fact; `false` when it is not known.
fn say_fact(desk: &mut Desk<'_, '_>, fact: Fact, words: &[&str]) -> bool {
    let facts = &desk.session.business.facts;
    let (key, place, value) = match fact {
        Fact::Hours => {
            let opening = desk.opening();
            if !opening.is_known() {
                return false;
            }
            let answer = opening.answer(hours::question(words));
            let values: Vec<(&str, &str)> =
                answer.values.iter().map(|(name, value)| (*name, value.as_str())).collect();
            desk.say_sentence(answer.key, &values);
            return true;
        }
        Fact::Address => ("fact.address", "address", &facts.address),
        Fact::Phone => ("fact.phone", "phone", &facts.phone),
        Fact::Email => ("fact.email", "email", &facts.email),
        Fact::Website => ("fact.website", "website", &facts.website),
        Fact::About => {
            let description = facts.description.trim().to_owned();
            if description.is_empty() {
                return false;
            }
            desk.tell(&shorten(&description));
            return true;
        }
    };
    let value = value.trim().to_owned();
    if value.is_empty() {
        return false;
    }
    desk.say(key, &[(place, &value)]);
    true
}

/// At most [`MAX_ANSWER`] characters, whole sentences.
fn shorten(answer: &str) -> String {
    let answer = answer.trim();
    if answer.chars().count() <= MAX_ANSWER {
        return answer.to_owned();
    }
    let cut = clip(answer, MAX_ANSWER);
    let end = cut.match_indices(['.', '!', '?', '\n']).map(|(at, mark)| at + mark.len()).rfind(|end| {
        cut.get(*end..).is_none_or(|rest| rest.is_empty() || rest.starts_with(char::is_whitespace))
    });
    match end.filter(|end| *end > 80) {
        Some(end) => cut.get(..end).unwrap_or(&cut).trim_end().to_owned(),
        None => format!("{}…", cut.trim_end()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_leans_on_earlier_words_is_seen() {
        let follows = |message: &str| {
            let words = text::words(message);
            is_follow_up(&words.iter().map(String::as_str).collect::<Vec<_>>())
        };
        for text in [
            "and on Sunday?",
            "how much is that?",
            "what about kids",
            "¿y los domingos?",
            "how long does it take",
        ] {
            assert!(follows(text), "{text}");
        }
        for text in
            ["how much is a root canal", "is there a bus stop at the clinic entrance", "where do you park"]
        {
            assert!(!follows(text), "{text}");
        }
    }

    #[test]
    fn a_long_answer_ends_with_a_sentence() {
        let long = "This is a sentence about cleaning. ".repeat(60);
        let short = shorten(&long);
        assert!(short.chars().count() <= MAX_ANSWER && short.ends_with("cleaning."));
        assert_eq!(shorten(" ok "), "ok");
        assert!(shorten(&"x".repeat(5_000)).ends_with('…'));
    }
}
