//! Finds claims of deeds in a sentence: "I've booked you in", "queda reservado", "ist storniert", "c'est envoyé".
//!
//! Each language has a file in `phrases/`: macros (`name = pattern`), patterns (`deed pattern`) and the words that take
//! a claim back (`[section] pattern`). A pattern is a regular expression over words in lower case, separated by one
//! space, without punctuation, contractions written out; `{name}` inserts a macro, a `{name}` may stand in a macro.
//! After the deed `!` marks a statement of something done ("I have booked"), which only a condition in the same clause
//! takes back; without it (promises, present passive) a condition anywhere in the sentence does. `?` marks what counts in
//! a question too, `~` a pattern for any deed at all, which the words of `[harmless]` take back. To add a language, add a file and a line in [`LANGUAGES`]; to add a wording, add a pattern and a line
//! in `data/guard/lies.txt`.

mod tone;

use std::collections::BTreeMap;
use std::sync::{LazyLock, OnceLock};

use aho_corasick::AhoCorasick;
use frontdesk_domain::locale::Language;
use regex::{Regex, RegexBuilder};

pub use self::tone::{Tone, is_bare, is_own, proposes, tone};
pub use super::deed::Deed;
use super::normal::{self, Clause};
use super::trigger;

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

/// What is broken in the phrase files, with the reason; nothing in a tested build.
pub fn faults() -> Vec<String> {
    let parsed = LANGUAGES.iter().map(|(language, source)| Phrases::parse(*language, source));
    let mut faults = Vec::new();
    for phrases in parsed {
        match phrases {
            Ok(phrases) => faults.extend(
                phrases
                    .regexes()
                    .filter_map(|lazy| Regex::new(&lazy.source).err())
                    .map(|why| why.to_string()),
            ),
            Err(fault) => faults.push(fault),
        }
    }
    faults
}

/// Reads the phrases now rather than in the first turn.
pub fn warm() {
    LazyLock::force(&PHRASES);
}

const LANGUAGES: &[(Language, &str)] = &[
    (Language::En, include_str!("phrases/en.txt")),
    (Language::Es, include_str!("phrases/es.txt")),
    (Language::De, include_str!("phrases/de.txt")),
    (Language::Fr, include_str!("phrases/fr.txt")),
];

static PHRASES: LazyLock<Vec<Phrases>> = LazyLock::new(|| {
    LANGUAGES.iter().filter_map(|(language, source)| Phrases::parse(*language, source).ok()).collect()
});

struct Pattern {
    deed: Deed,
    strong: bool,
    in_questions: bool,
    general: bool,
    regex: Lazy,
}

/// How a clause begins that says what was said.
const SUBORDINATE: &[&str] = &[" that ", " dass ", " que ", " qu'"];

/// Most bytes of one pattern's automaton cache; hundreds of patterns may be in use.
const MAX_DFA: usize = 96 << 10;

/// A regular expression that is compiled when it is first needed; most never are. A broken one matches nothing.
struct Lazy {
    source: String,
    regex: OnceLock<Option<Regex>>,
}

impl Lazy {
    fn new(source: String) -> Self {
        Self { source, regex: OnceLock::new() }
    }

    fn get(&self) -> Option<&Regex> {
        self.regex
            .get_or_init(|| RegexBuilder::new(&self.source).dfa_size_limit(MAX_DFA).build().ok())
            .as_ref()
    }

    fn is_match(&self, text: &str) -> bool {
        self.get().is_some_and(|regex| regex.is_match(text))
    }

    /// Where the first match begins.
    fn first(&self, text: &str) -> Option<usize> {
        self.get()?.find(text).map(|hit| hit.start())
    }

    /// Where the last match begins.
    fn last(&self, text: &str) -> Option<usize> {
        self.get()?.find_iter(text).last().map(|hit| hit.start())
    }
}

/// The wordings of one language.
struct Phrases {
    language: Language,
    patterns: Vec<Pattern>,
    /// Words of the patterns, and for each the pattern it belongs to.
    triggers: AhoCorasick,
    owners: Vec<usize>,
    /// Patterns without such words.
    always: Vec<usize>,
    neutral: Lazy,
    open: Lazy,
    modal: Lazy,
    report: Lazy,
    generic: Lazy,
    deny: Lazy,
    ask: Lazy,
    after: Lazy,
    hours: Lazy,
    harmless: Lazy,
    offer: Lazy,
    gone: Lazy,
    aside: Lazy,
    own: Lazy,
    small: Lazy,
}

impl Phrases {
    fn parse(language: Language, source: &str) -> Result<Self, String> {
        let source = normal::ascii(source);
        let mut macros: BTreeMap<&str, String> = BTreeMap::new();
        for line in source.lines() {
            if let Some((name, pattern)) = line.split_once(" = ")
                && name.chars().all(|c| c.is_ascii_lowercase())
            {
                macros.insert(name, pattern.trim().to_owned());
            }
        }
        let mut sections: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        let (mut patterns, mut shorts) = (Vec::new(), Vec::new());
        let (marks, known) = macro_triggers(&macros);
        for (number, line) in source.lines().enumerate() {
            let fault = |why: &str| format!("{} line {}: {why}", language.code(), number + 1);
            if line.trim().is_empty() || line.starts_with('#') {
                continue;
            }
            let (head, body) = line.split_once(' ').ok_or_else(|| fault("no pattern"))?;
            if macros.contains_key(head) && body.starts_with("= ") {
                continue;
            }
            let short = body.trim().to_owned();
            let body = expand(body.trim(), &macros).ok_or_else(|| fault("unknown macro"))?;
            if let Some(section) = head.strip_prefix('[').and_then(|name| name.strip_suffix(']')) {
                sections.entry(section).or_default().push(body);
                continue;
            }
            let name = head.trim_end_matches(['!', '?', '~']);
            let deed = Deed::of_name(name).ok_or_else(|| fault("unknown deed"))?;
            patterns.push(Pattern {
                deed,
                strong: head.contains('!'),
                in_questions: head.contains('?'),
                general: head.contains('~'),
                regex: Lazy::new(bounded(&body)),
            });
            shorts.push(short);
        }
        let (mut words, mut owners, mut always) = (Vec::new(), Vec::new(), Vec::new());
        for (index, short) in shorts.iter().enumerate() {
            let found = trigger::of(&marked(short, &marks), &known);
            if found.is_empty() {
                always.push(index);
            }
            owners.extend(found.iter().map(|_| index));
            words.extend(found);
        }
        let triggers = AhoCorasick::new(&words).map_err(|why| format!("{}: {why}", language.code()))?;
        let section = |name: &str| {
            let body = sections.get(name).map_or_else(|| "[^\\s\\S]".to_owned(), |lines| lines.join("|"));
            Lazy::new(bounded(&body))
        };
        Ok(Self {
            language,
            patterns,
            triggers,
            owners,
            always,
            neutral: section("neutral"),
            open: section("open"),
            modal: section("modal"),
            report: section("report"),
            generic: section("generic"),
            deny: section("deny"),
            ask: opening(sections.get("ask")),
            after: following(sections.get("after")),
            hours: section("hours"),
            harmless: section("harmless"),
            offer: section("offer"),
            gone: section("gone"),
            aside: section("aside"),
            own: section("own"),
            small: section("small"),
        })
    }

    fn find(&self, text: &normal::Plain, found: &mut Vec<Claim>) {
        let candidates = self.candidates(&text.clauses);
        if candidates.is_empty() {
            return;
        }
        let clauses = self.without_asides(&text.clauses);
        // "Two slots are left: 9:00 and 11:30." What counts in questions too is looked for across clauses.
        let whole: String = clauses.iter().map(|clause| clause.text.trim_end()).chain([" "]).collect();
        for pattern in candidates.iter().filter(|pattern| pattern.in_questions) {
            let is_slot = pattern.regex.get().and_then(|regex| regex.find(&whole)).is_some_and(|hit| {
                let before = whole.get(..=hit.start()).unwrap_or_default();
                let after = whole.get(hit.end().saturating_sub(1)..).unwrap_or_default();
                !self.takes_back(pattern, before, hit.as_str(), after, false)
            });
            if is_slot && !found.iter().any(|claim| claim.deed == pattern.deed) {
                found.push(Claim { deed: pattern.deed, language: Some(self.language) });
            }
        }
        let conditional = clauses.iter().any(|clause| self.open.is_match(&clause.text));
        let mut asking = false;
        let mut told = false;
        for clause in &clauses {
            // "Sie haben gesagt, dass wir gebucht haben": what somebody said stands behind the comma.
            let is_told = told && SUBORDINATE.iter().any(|word| clause.text.starts_with(word));
            told = self.report.is_match(&clause.text);
            if is_told {
                continue;
            }
            asking = (asking || clause.opened || self.asks(&clause.text)) && clause.in_question;
            for pattern in candidates.iter().filter(|pattern| !pattern.in_questions) {
                let known = found.iter().any(|claim| claim.deed == pattern.deed);
                if known || asking {
                    continue;
                }
                let Some(regex) = pattern.regex.get() else { continue };
                let claimed = regex.find_iter(&clause.text).any(|hit| {
                    let before = clause.text.get(..=hit.start()).unwrap_or_default();
                    let after = clause.text.get(hit.end().saturating_sub(1)..).unwrap_or_default();
                    !self.takes_back(pattern, before, hit.as_str(), after, conditional)
                });
                if claimed {
                    found.push(Claim { deed: pattern.deed, language: Some(self.language) });
                }
            }
        }
    }

    /// The patterns of which the sentence has a word, in the file's order.
    fn candidates(&self, clauses: &[Clause]) -> Vec<&Pattern> {
        let mut wanted: Vec<usize> = self.always.clone();
        for clause in clauses {
            let hits = self.triggers.find_overlapping_iter(&clause.text);
            wanted.extend(hits.filter_map(|hit| self.owners.get(hit.pattern().as_usize()).copied()));
        }
        wanted.sort_unstable();
        wanted.dedup();
        wanted.into_iter().filter_map(|index| self.patterns.get(index)).collect()
    }

    /// Every regular expression of the language.
    fn regexes(&self) -> impl Iterator<Item = &Lazy> {
        let sections = [
            &self.neutral,
            &self.open,
            &self.modal,
            &self.report,
            &self.generic,
            &self.deny,
            &self.ask,
            &self.after,
            &self.hours,
            &self.harmless,
            &self.offer,
            &self.gone,
            &self.aside,
            &self.own,
            &self.small,
        ];
        self.patterns.iter().map(|pattern| &pattern.regex).chain(sections)
    }

    /// The clauses without neutral words; what an aside had parted comes together again.
    fn without_asides(&self, clauses: &[Clause]) -> Vec<Clause> {
        let mut kept: Vec<Clause> = Vec::with_capacity(clauses.len());
        let mut join = false;
        for clause in clauses {
            let neutral = self.neutral.get();
            let text = neutral.map_or_else(
                || clause.text.clone(),
                |regex| regex.replace_all(&clause.text, " ").into_owned(),
            );
            if text.trim().is_empty() {
                join = true;
                continue;
            }
            match kept.last_mut().filter(|_| join) {
                Some(last) => last.text.push_str(text.trim_start()),
                None => kept.push(Clause { text, ..clause.clone() }),
            }
            join = false;
        }
        kept
    }

    /// Whether the words before a hit, or in it, make it no claim.
    fn takes_back(&self, pattern: &Pattern, before: &str, hit: &str, after: &str, conditional: bool) -> bool {
        // "You will no longer receive ..." claims by denying.
        let denies = pattern.deed == Deed::OptOut;
        if (!denies && self.deny.is_match(hit)) || self.deny.is_match(last_words(before, 4)) {
            return true;
        }
        if pattern.general && self.harmless.is_match(hit) {
            return true;
        }
        if pattern.in_questions {
            return self.report.is_match(before)
                || [before, hit, after].iter().any(|part| self.hours.is_match(part));
        }
        if self.after.is_match(after) {
            return true;
        }
        if self.open.is_match(before)
            || self.report.is_match(before)
            || self.modal.is_match(last_words(before, 5))
        {
            return true;
        }
        let personal = denies || matches!(pattern.deed, Deed::Done | Deed::Contact);
        let is_generic =
            || self.generic.is_match(before) || (!personal && self.generic.is_match(first_words(hit, 2)));
        !pattern.strong && (conditional || is_generic() || self.report.is_match(hit))
    }

    /// Whether a clause opens a question.
    fn asks(&self, clause: &str) -> bool {
        self.ask.is_match(clause)
    }
}

/// A pattern between spaces; `^` stands at the start of the clause, `$` at its end.
fn bounded(body: &str) -> String {
    // Any word is printable ASCII: small automata, and the text is ASCII where it matters.
    let body = body
        .replace("[^ ]", "[!-~]")
        .replace(".*", "[ -~]*")
        .replace("[^", "\u{1}")
        .replace('^', "^ ?")
        .replace('\u{1}', "[^");
    let body = body.replace("$|", " ?$|").replace("$)", " ?$)");
    let body = body.strip_suffix('$').map_or_else(|| body.clone(), |rest| format!("{rest} ?$"));
    format!("(?: |^)(?:{body})(?: |$)")
}

/// A pattern for the first words of a question, behind an interjection at most.
fn opening(words: Option<&Vec<String>>) -> Lazy {
    const INTERJECTIONS: &str = "so|and|or|ok|okay|great|but|then|also|now|well|sure|perfect|alright|first|thanks|hi|hello|y|o|pero|entonces|pues|und|oder|dann|gut|et|ou|alors|donc";
    let words = words.map_or_else(String::new, |lines| lines.join("|"));
    Lazy::new(format!("^ (?:(?:{INTERJECTIONS}) )?(?:{words}) "))
}

/// A pattern for the words right behind a hit; `[after]` lines.
fn following(words: Option<&Vec<String>>) -> Lazy {
    let words =
        words.map_or_else(|| "[^\\s\\S]".to_owned(), |lines| lines.join("|").replace("[^ ]", "[!-~]"));
    Lazy::new(format!("^ (?:{words})(?: |$)"))
}

/// A character for each macro, and what every match of the macro contains.
fn macro_triggers<'a>(macros: &BTreeMap<&'a str, String>) -> (BTreeMap<&'a str, char>, trigger::Known) {
    let marks: BTreeMap<&str, char> = macros.keys().copied().zip('\u{e000}'..'\u{f000}').collect();
    let mut known = trigger::Known::new();
    // A macro may use others: as many passes as they nest settle it.
    for _ in 0..MACRO_DEPTH {
        for (name, body) in macros {
            if let Some(mark) = marks.get(name) {
                let found = trigger::any(&marked(body, &marks), &known);
                known.insert(*mark, found);
            }
        }
    }
    (marks, known)
}

/// The pattern with a character for each `{name}`.
fn marked(pattern: &str, marks: &BTreeMap<&str, char>) -> String {
    let mut text = pattern.to_owned();
    for (name, mark) in marks {
        text = text.replace(&format!("{{{name}}}"), mark.encode_utf8(&mut [0; 4]));
    }
    text
}

/// How deep macros may use other macros.
const MACRO_DEPTH: usize = 6;

/// Replaces `{name}` until none is left; `{2,3}` stays.
fn expand(pattern: &str, macros: &BTreeMap<&str, String>) -> Option<String> {
    let mut text = pattern.to_owned();
    for _ in 0..=MACRO_DEPTH {
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
