//! Finds claims of deeds in a sentence: "I've booked you in", "queda reservado", "ist storniert", "c'est envoyé".
//!
//! Each language has a file in `phrases/`: macros (`name = pattern`), patterns (`deed pattern`) and the words that take
//! a claim back (`[section] pattern`). A pattern is a regular expression over words in lower case, separated by one
//! space, without punctuation, contractions written out; `{name}` inserts a macro, a `{name}` may stand in a macro.
//! After the deed `!` marks a statement of something done ("I have booked"), which only a condition in the same clause
//! takes back; without it (promises, present passive) a condition anywhere in the sentence does. `?` marks what counts in
//! a question too. To add a language, add a file and a line in [`LANGUAGES`]; to add a wording, add a pattern and a line
//! in `data/guard/lies.txt`.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use frontdesk_domain::locale::Language;
use regex::{Regex, RegexSet, RegexSetBuilder};

use super::normal::{self, Clause};
use crate::session::ReceiptKind;

/// What a sentence claims to have done or to be doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Deed {
    /// Made an appointment.
    Book,
    /// Moved one.
    Move,
    /// Cancelled one.
    Cancel,
    /// Sent the customer something.
    Send,
    /// Connected the customer with a person.
    HandOff,
    /// Told the team something.
    PassOn,
    /// Promised that somebody will be in touch.
    Contact,
    /// Saved details.
    Save,
    /// Took the customer off all lists.
    OptOut,
    /// Closed the conversation.
    Close,
    /// Moved money.
    Money,
    /// Placed, shipped or activated something.
    Order,
    /// Looked into a calendar or an account, or asked somebody.
    Check,
    /// Did "it", whatever it is.
    Done,
    /// Offered an appointment time.
    Slot,
}

impl Deed {
    /// The receipts any of which proves it; none for what no tool can do yet.
    pub const fn proofs(self) -> &'static [ReceiptKind] {
        use ReceiptKind::{
            Booked, Cancelled, ContactUpdated, ConversationEnded, HandedOff, LeadCaptured, MessageSent, OptedOut,
            Rescheduled,
        };
        match self {
            Self::Book => &[Booked, Rescheduled],
            Self::Move => &[Rescheduled],
            Self::Cancel => &[Cancelled],
            Self::Send => &[MessageSent],
            Self::HandOff => &[HandedOff],
            Self::PassOn | Self::Contact => &[HandedOff, LeadCaptured],
            Self::Save => &[LeadCaptured, ContactUpdated],
            Self::OptOut => &[OptedOut],
            Self::Close => &[ConversationEnded],
            Self::Money | Self::Order | Self::Check | Self::Slot => &[],
            Self::Done => &[
                LeadCaptured, ContactUpdated, HandedOff, ConversationEnded, OptedOut, Booked, Rescheduled, Cancelled,
                MessageSent,
            ],
        }
    }

    fn of_name(name: &str) -> Option<Self> {
        Some(match name {
            "book" => Self::Book,
            "move" => Self::Move,
            "cancel" => Self::Cancel,
            "send" => Self::Send,
            "hand" => Self::HandOff,
            "pass" => Self::PassOn,
            "touch" => Self::Contact,
            "save" => Self::Save,
            "optout" => Self::OptOut,
            "close" => Self::Close,
            "money" => Self::Money,
            "order" => Self::Order,
            "check" => Self::Check,
            "done" => Self::Done,
            "slot" => Self::Slot,
            _ => return None,
        })
    }
}

/// A claim found in a sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Claim {
    /// What is claimed.
    pub deed: Deed,
    /// The language of the wording.
    pub language: Option<Language>,
}

/// Every claim of a sentence, without repetition.
pub fn claims(sentence: &str) -> Vec<Claim> {
    let text = normal::plain(sentence);
    let mut found = Vec::new();
    for phrases in PHRASES.iter() {
        phrases.find(&text, &mut found);
    }
    found
}

/// The phrase files that are broken, with the reason; none in a tested build.
pub fn faults() -> Vec<String> {
    LANGUAGES.iter().filter_map(|(language, source)| Phrases::parse(*language, source).err()).collect()
}

/// Compiles the phrases now rather than in the first turn.
pub fn warm() {
    LazyLock::force(&PHRASES);
}

const LANGUAGES: &[(Language, &str)] = &[(Language::En, include_str!("phrases/en.txt"))];

static PHRASES: LazyLock<Vec<Phrases>> = LazyLock::new(|| {
    LANGUAGES.iter().filter_map(|(language, source)| Phrases::parse(*language, source).ok()).collect()
});

struct Pattern {
    deed: Deed,
    strong: bool,
    in_questions: bool,
    regex: Regex,
}

/// The wordings of one language.
struct Phrases {
    language: Language,
    set: RegexSet,
    patterns: Vec<Pattern>,
    neutral: Regex,
    open: Regex,
    modal: Regex,
    report: Regex,
    generic: Regex,
    deny: Regex,
    ask: Regex,
}

impl Phrases {
    fn parse(language: Language, source: &str) -> Result<Self, String> {
        let mut macros: BTreeMap<&str, String> = BTreeMap::new();
        for line in source.lines() {
            if let Some((name, pattern)) = line.split_once(" = ")
                && name.chars().all(|c| c.is_ascii_lowercase())
            {
                macros.insert(name, pattern.trim().to_owned());
            }
        }
        let mut sections: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        let mut sources = Vec::new();
        let mut patterns = Vec::new();
        for (number, line) in source.lines().enumerate() {
            let fault = |why: &str| format!("{} line {}: {why}", language.code(), number + 1);
            if line.trim().is_empty() || line.starts_with('#') {
                continue;
            }
            let (head, body) = line.split_once(' ').ok_or_else(|| fault("no pattern"))?;
            if macros.contains_key(head) && body.starts_with("= ") {
                continue;
            }
            let body = expand(body.trim(), &macros).ok_or_else(|| fault("unknown macro"))?;
            if let Some(section) = head.strip_prefix('[').and_then(|name| name.strip_suffix(']')) {
                sections.entry(section).or_default().push(body);
                continue;
            }
            let name = head.trim_end_matches(['!', '?']);
            let deed = Deed::of_name(name).ok_or_else(|| fault("unknown deed"))?;
            let full = bounded(&body);
            let regex = Regex::new(&full).map_err(|why| fault(&why.to_string()))?;
            sources.push(full);
            patterns.push(Pattern { deed, strong: head.contains('!'), in_questions: head.contains('?'), regex });
        }
        let set = RegexSetBuilder::new(&sources)
            .size_limit(256 << 20)
            .dfa_size_limit(32 << 20)
            .build()
            .map_err(|why| format!("{}: {why}", language.code()))?;
        let section = |name: &str| {
            let body = sections.get(name).map_or_else(|| "[^\\s\\S]".to_owned(), |lines| lines.join("|"));
            Regex::new(&bounded(&body)).map_err(|why| format!("{} [{name}]: {why}", language.code()))
        };
        Ok(Self {
            language,
            set,
            patterns,
            neutral: section("neutral")?,
            open: section("open")?,
            modal: section("modal")?,
            report: section("report")?,
            generic: section("generic")?,
            deny: section("deny")?,
            ask: section("ask")?,
        })
    }

    fn find(&self, text: &normal::Plain, found: &mut Vec<Claim>) {
        let clauses: Vec<Clause> = text
            .clauses
            .iter()
            .map(|clause| Clause { text: self.neutral.replace_all(&clause.text, " ").into_owned(), ..clause.clone() })
            .collect();
        let conditional = clauses.iter().any(|clause| self.open.is_match(&clause.text));
        let mut asking = false;
        for clause in &clauses {
            asking = (asking || self.asks(&clause.text)) && clause.in_question;
            for index in self.set.matches(&clause.text) {
                let Some(pattern) = self.patterns.get(index) else { continue };
                let known = found.iter().any(|claim| claim.deed == pattern.deed);
                if known || (asking && !pattern.in_questions) {
                    continue;
                }
                let claimed = pattern.regex.find_iter(&clause.text).any(|hit| {
                    let before = clause.text.get(..=hit.start()).unwrap_or_default();
                    !self.takes_back(pattern, before, hit.as_str(), conditional)
                });
                if claimed {
                    found.push(Claim { deed: pattern.deed, language: Some(self.language) });
                }
            }
        }
    }

    /// Whether the words before a hit, or in it, make it no claim.
    fn takes_back(&self, pattern: &Pattern, before: &str, hit: &str, conditional: bool) -> bool {
        if pattern.deed != Deed::OptOut && self.deny.is_match(hit) || self.deny.is_match(last_words(before, 4)) {
            return true;
        }
        if pattern.in_questions {
            return self.report.is_match(before);
        }
        if self.open.is_match(before) || self.report.is_match(before) || self.modal.is_match(last_words(before, 5)) {
            return true;
        }
        !pattern.strong && (conditional || self.generic.is_match(before) || self.generic.is_match(first_words(hit, 3)))
    }

    /// Whether a clause opens a question.
    fn asks(&self, clause: &str) -> bool {
        self.ask.is_match(first_words(clause, 2))
    }
}

/// A pattern between spaces; `^` stands at the start of the clause.
fn bounded(body: &str) -> String {
    let body = body.replace('^', "\u{1}").replace("[\u{1}", "[^");
    let body = body.replace('\u{1}', "^ ?");
    format!("(?: |^)(?:{body})(?: |$)")
}

/// Replaces `{name}` until none is left; `{2,3}` stays.
fn expand(pattern: &str, macros: &BTreeMap<&str, String>) -> Option<String> {
    let mut text = pattern.to_owned();
    for _ in 0..12 {
        let mut next = String::with_capacity(text.len());
        let mut rest = text.as_str();
        let mut changed = false;
        while let Some((head, tail)) = rest.split_once('{') {
            next.push_str(head);
            let (name, after) = tail.split_once('}')?;
            if name.chars().all(|c| c.is_ascii_digit() || c == ',') {
                next.push('{');
                next.push_str(name);
                next.push('}');
            } else {
                next.push_str(macros.get(name)?);
                changed = true;
            }
            rest = after;
        }
        next.push_str(rest);
        text = next;
        if !changed {
            return Some(text);
        }
    }
    None
}

fn last_words(text: &str, count: usize) -> &str {
    let text = text.trim_end();
    let start = text.rmatch_indices(' ').nth(count - 1).map_or(0, |(at, _)| at);
    text.get(start..).unwrap_or(text)
}

fn first_words(text: &str, count: usize) -> &str {
    let text = text.trim_start();
    let end = text.match_indices(' ').nth(count - 1).map_or(text.len(), |(at, _)| at);
    text.get(..end).unwrap_or(text)
}
