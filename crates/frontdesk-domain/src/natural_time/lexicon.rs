//! What words mean, one lexicon per language, and the lattice of meanings over a text.
//!
//! A word may mean several things ("second", "May", "mañana"); every meaning becomes an edge and the grammar decides.
//! To add a word, add it to the language's table in `words/`; to add a language, add a table and a line in [`of`].

use std::collections::HashMap;
use std::sync::OnceLock;

use super::ast::{Half, Pod, Unit, Zone};
use super::holiday::Holiday;
use super::token::{Kind, Token};
use super::words;
use crate::locale::Language;

/// A meaning that the grammar knows, whatever the language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Lex {
    Number(i32),
    Ordinal(i16),
    Weekday(i8),
    Weekdays(i8),
    Month(i8),
    Unit(Unit),
    Daily(Unit),
    EveryTwoWeeks,
    Now,
    Day(i8),
    Pod(Pod),
    Pods(Pod),
    Noon,
    Midnight,
    /// "Montagmorgen" is one word.
    WeekdayPod(i8, Pod),
    /// A length of so many minutes in one word.
    Lasting(i16),
    /// "lundi en huit": so many weeks after the coming one.
    WeeksOn(i8),
    /// "tonight", "last night": a day and a part of it.
    DayPod(i8, Pod),
    This,
    Next,
    Last,
    Coming,
    AfterNext,
    In,
    At,
    On,
    Of,
    The,
    A,
    And,
    From,
    To,
    Until,
    Through,
    Between,
    Before,
    After,
    By,
    Since,
    Within,
    During,
    For,
    Ago,
    Hence,
    Later,
    Earlier,
    /// "past" of the clock.
    Past,
    /// "to" of the clock.
    ToHour,
    /// 30 minutes (past).
    Half,
    /// 15 minutes; a quarter of something.
    Quarter,
    ThreeQuarters,
    /// "halb", which is half an hour before.
    HalfBefore,
    /// "anderthalb", "one and a half".
    OneAndHalf,
    /// "zweieinhalb": so many halves.
    Halves(i16),
    AndHalf,
    OClock,
    Meridiem(Half),
    About,
    Ish,
    Every,
    Other,
    Any,
    Begin,
    Middle,
    End,
    Early,
    Late,
    Rest,
    Whole,
    Holiday(Holiday),
    Season(u8),
    Weekend,
    Weekends,
    Workdays,
    /// Nights of working days.
    Weeknights,
    Workday,
    SameTime,
    SameDay,
    Bit,
    Fortnight,
    EndOf(Unit),
    BeginOf(Unit),
    Asap,
    More,
    Closest,
    Once,
    /// "times", "occurrences" after a number.
    Times,
    /// "bimonthly": every so many units, in one word.
    Periodic(Unit, u8),
    Except,
    SoFar,
    /// "year to date"
    ToDate(Unit),
    /// "nineties": the first year of a decade.
    Decade(i16),
    Twice,
    Zone(Zone),
    /// May stand between two parts of a moment.
    Glue,
    Good,
    /// May follow a day of the month said alone.
    Follows,
}

/// A meaning of the tokens from here up to `end`.
#[derive(Debug, Clone, Copy)]
pub(super) struct Edge {
    pub end: usize,
    pub lex: Lex,
}

struct Entry {
    rest: Vec<String>,
    lex: Lex,
}

/// The words of one language.
pub(super) struct Lexicon(HashMap<String, Vec<Entry>>);

/// The lexicon of a language; made once.
pub(super) fn of(language: Language) -> &'static Lexicon {
    static EN: OnceLock<Lexicon> = OnceLock::new();
    static ES: OnceLock<Lexicon> = OnceLock::new();
    static DE: OnceLock<Lexicon> = OnceLock::new();
    static FR: OnceLock<Lexicon> = OnceLock::new();
    match language {
        Language::En => EN.get_or_init(|| Lexicon::new(words::en::table, &[])),
        Language::Es => ES.get_or_init(|| Lexicon::new(words::es::table, &[])),
        Language::De => DE.get_or_init(|| Lexicon::new(words::de::table, &["ist"])),
        Language::Fr => FR.get_or_init(|| Lexicon::new(words::fr::table, &["est", "et"])),
    }
}

impl Lexicon {
    /// `fill` says every phrase with its meaning; a `|` separates spellings. What are `common` words of the language are no
    /// time zones in it: "15 Uhr ist gut".
    fn new(fill: impl Fn(&mut dyn FnMut(&str, Lex)), common: &[&str]) -> Self {
        let mut map: HashMap<String, Vec<Entry>> = HashMap::new();
        let mut add = |spellings: &str, lex: Lex| {
            for spelling in spellings.split('|') {
                let mut words = spelling.split_whitespace().map(str::to_owned);
                if let Some(first) = words.next() {
                    map.entry(first).or_default().push(Entry { rest: words.collect(), lex });
                }
            }
        };
        fill(&mut add);
        words::zones::fill(&mut |spellings, lex| {
            spellings.split('|').filter(|it| !common.contains(it)).for_each(|it| add(it, lex));
        });
        for entries in map.values_mut() {
            entries.sort_by_key(|entry| std::cmp::Reverse(entry.rest.len()));
        }
        Self(map)
    }

    /// Every meaning that begins at each token, longest first.
    pub fn lattice(&self, tokens: &[Token]) -> Vec<Vec<Edge>> {
        (0..tokens.len()).map(|at| self.edges(tokens, at)).collect()
    }

    fn edges(&self, tokens: &[Token], at: usize) -> Vec<Edge> {
        match tokens.get(at).map(|token| &token.kind) {
            Some(Kind::Word(word)) => {
                let entries = self.0.get(word.as_str()).map(Vec::as_slice).unwrap_or_default();
                let ends = |entry: &Entry| {
                    let end = spelled(tokens, at + 1, &entry.rest)?;
                    Some(Edge { end, lex: entry.lex })
                };
                entries.iter().filter_map(ends).collect()
            }
            Some(Kind::Number { value, .. }) => {
                vec![Edge { end: at + 1, lex: Lex::Number(i32::try_from(*value).unwrap_or(i32::MAX)) }]
            }
            Some(Kind::Sign('@')) => vec![Edge { end: at + 1, lex: Lex::At }],
            Some(Kind::Sign(',')) => vec![Edge { end: at + 1, lex: Lex::Glue }],
            Some(Kind::Sign('&' | '+')) => vec![Edge { end: at + 1, lex: Lex::And }],
            _ => Vec::new(),
        }
    }
}

/// Where the words end if they stand from `at` on; hyphens and the full stops of abbreviations may stand between.
fn spelled(tokens: &[Token], mut at: usize, words: &[String]) -> Option<usize> {
    for word in words {
        let between = tokens.get(at).filter(|token| matches!(token.kind, Kind::Sign('-' | '.' | '\'')));
        if between.is_some() && tokens.get(at + 1).is_some_and(|next| next.word() == Some(word)) {
            at += 1;
        }
        let matches = match tokens.get(at).map(|token| &token.kind) {
            Some(Kind::Word(found)) => found == word,
            Some(Kind::Number { value, .. }) => word.parse() == Ok(*value),
            _ => false,
        };
        if !matches {
            return None;
        }
        at += 1;
    }
    Some(at)
}
