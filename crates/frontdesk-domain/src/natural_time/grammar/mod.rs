//! The grammar: which rows of meanings make a phrase.
//!
//! Every rule reads from one token on and gives all the places where it may end, with what was said (a packrat parser
//! over the lattice of [`lexicon`](super::lexicon)). The work is bounded by a budget of rule steps per text; when it
//! is used up, rules give nothing more. One file per noun: numbers, lengths, clock, days, anchors, moments, recurrence;
//! whole phrases are here.

mod anchor;
mod block;
mod clock;
mod date;
mod length;
mod moment;
mod monthly;
mod nth;
mod number;
mod numeric;
mod phrase;
mod recurring;
mod series;
mod shift;
mod time;

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use super::ast::{Moment, Phrase};
use super::lexicon::{Edge, Lex};
use super::token::{Kind, Token};
use super::words::locale::Locale;
use crate::locale::Language;

/// What a rule found: where it ends, and what it means.
type Found<T> = Vec<(usize, T)>;
/// Remembered results, per token.
type Memo<T> = RefCell<Vec<Option<Rc<Found<T>>>>>;

/// Rule steps allowed per token.
const STEPS_PER_TOKEN: u32 = 220;
/// Words that may stand around an answer of one word.
const POLITE: &[&str] = &[
    "please", "thanks", "thank", "you", "ok", "okay", "yes", "no", "sure", "then", "maybe", "perhaps",
    "bitte", "danke", "ja", "por", "favor", "si", "gracias", "oui", "merci", "svp", "s", "il", "vous",
    "plait", "well", "um", "uh", "hmm", "yeah",
];
/// Deepest nesting of phrases in phrases.
const MAX_DEPTH: u32 = 6;

/// A text being read.
pub(super) struct Parser<'a> {
    tokens: &'a [Token],
    edges: Vec<Vec<Edge>>,
    locale: &'a Locale,
    budget: Cell<u32>,
    depth: Cell<u32>,
    parts: Memo<Moment>,
    moments: Memo<Moment>,
}

/// A phrase with its place.
pub(super) struct Reading {
    /// One after the last token.
    pub end: usize,
    pub phrase: Phrase,
    /// Means something only when it is all that was said.
    pub latent: bool,
}

impl<'a> Parser<'a> {
    pub fn new(tokens: &'a [Token], edges: Vec<Vec<Edge>>, locale: &'a Locale) -> Self {
        let length = tokens.len();
        Self {
            tokens,
            edges,
            locale,
            budget: Cell::new(0),
            depth: Cell::new(0),
            parts: RefCell::new(vec![None; length + 1]),
            moments: RefCell::new(vec![None; length + 1]),
        }
    }

    /// The phrases that begin here, the best first.
    pub fn read(&self, at: usize) -> Vec<Reading> {
        self.budget.set(STEPS_PER_TOKEN * 12);
        let sign = matches!(self.token(at), Some(Token { kind: Kind::Sign('\'' | '-'), .. }));
        if self.edges_at(at).is_empty() && self.number_token(at).is_none() && !sign {
            return Vec::new();
        }
        let mut readings = self.phrases(at);
        readings.retain(|reading| self.stands_alone(at, reading.end));
        readings.sort_by_key(|reading| {
            std::cmp::Reverse((reading.end, !reading.latent, weight(&reading.phrase)))
        });
        readings.truncate(8);
        readings
    }

    /// Nothing but politeness stands around these tokens.
    pub fn is_whole(&self, at: usize, end: usize) -> bool {
        let polite = |index: usize| {
            let Some(token) = self.token(index) else { return true };
            match token.word() {
                Some(word) => POLITE.contains(&word),
                None => matches!(token.kind, Kind::Sign(_)),
            }
        };
        (0..at).all(polite) && (end..self.tokens.len()).all(polite)
    }

    /// Digits alone, which may count anything.
    pub fn is_bare_number(&self, at: usize, end: usize) -> bool {
        (at..end).all(|index| self.number_token(index).is_some_and(|(_, digits)| digits != 4))
    }

    /// The end without a full stop or a comma behind.
    pub fn trimmed(&self, at: usize, end: usize) -> usize {
        let mut end = end;
        while end > at + 1 && self.is_sign(end - 1, ',') {
            end -= 1;
        }
        end
    }

    fn step(&self) -> bool {
        let left = self.budget.get();
        self.budget.set(left.saturating_sub(1));
        left > 0
    }

    /// Runs a rule one level deeper; nothing when too deep.
    fn nested<T>(&self, rule: impl FnOnce() -> Found<T>) -> Found<T> {
        if self.depth.get() >= MAX_DEPTH {
            return Vec::new();
        }
        self.depth.set(self.depth.get() + 1);
        let found = rule();
        self.depth.set(self.depth.get() - 1);
        found
    }

    fn language(&self) -> Language {
        self.locale.language
    }

    fn edges_at(&self, at: usize) -> &[Edge] {
        self.edges.get(at).map(Vec::as_slice).unwrap_or_default()
    }

    /// Every meaning here that `pick` takes.
    fn each<T>(&self, at: usize, pick: impl Fn(Lex) -> Option<T>) -> Found<T> {
        self.edges_at(at).iter().filter_map(|edge| Some((edge.end, pick(edge.lex)?))).collect()
    }

    /// Where this meaning ends, each spelling.
    fn ends(&self, at: usize, lex: Lex) -> impl Iterator<Item = usize> {
        self.edges_at(at).iter().filter(move |edge| edge.lex == lex).map(|edge| edge.end)
    }

    /// Where the longest spelling of this meaning ends.
    fn one(&self, at: usize, lex: Lex) -> Option<usize> {
        self.ends(at, lex).next()
    }

    fn is(&self, at: usize, lex: Lex) -> bool {
        self.one(at, lex).is_some()
    }

    /// After the longest of these, or here when there is none.
    fn skip(&self, at: usize, any: &[Lex]) -> usize {
        self.edges_at(at)
            .iter()
            .filter(|edge| any.contains(&edge.lex))
            .map(|edge| edge.end)
            .max()
            .unwrap_or(at)
    }

    /// Here, and after each of these.
    fn starts(&self, at: usize, after: &[Lex]) -> Vec<usize> {
        let mut starts = vec![at];
        for edge in self.edges_at(at) {
            if after.contains(&edge.lex) && !starts.contains(&edge.end) {
                starts.push(edge.end);
            }
        }
        starts
    }

    fn token(&self, at: usize) -> Option<&Token> {
        self.tokens.get(at)
    }

    fn is_sign(&self, at: usize, sign: char) -> bool {
        self.token(at).is_some_and(|token| token.is_sign(sign))
    }

    fn glued(&self, at: usize) -> bool {
        self.token(at).is_some_and(|token| token.glued)
    }

    fn is_word(&self, at: usize, words: &[&str]) -> bool {
        self.token(at).and_then(Token::word).is_some_and(|word| words.contains(&word))
    }

    /// The number written in digits here, with how many.
    fn number_token(&self, at: usize) -> Option<(u32, u8)> {
        match self.token(at)?.kind {
            Kind::Number { value, digits } => Some((value, digits)),
            _ => None,
        }
    }

    /// Not a piece of something longer: a price, a phone number, a version, a word with digits.
    fn stands_alone(&self, at: usize, end: usize) -> bool {
        let starts_with_number = self.number_token(at).is_some();
        if starts_with_number && self.glued(at) && at > 0 {
            let before = self.token(at - 1);
            let joined = before.is_some_and(|token| match token.kind {
                Kind::Sign(sign) => {
                    matches!(sign, '$' | '€' | '£' | '¥' | '#' | '%' | '_')
                        || (matches!(sign, '.' | '-' | '/' | ':' | ',' | '+') && token.glued && at > 1)
                }
                Kind::Word(_) => true,
                Kind::Number { .. } => false,
            });
            if joined {
                return false;
            }
        }
        if starts_with_number
            && at > 0
            && self.token(at - 1).is_some_and(|t| matches!(t.kind, Kind::Sign('$' | '€' | '£')))
        {
            return false;
        }
        if at > 0 && self.glued(at) && self.is_sign(at - 1, '/') && !starts_with_number {
            return self.token(at - 1).is_some_and(|slash| slash.glued);
        }
        let long = |index: usize| self.number_token(index).is_some_and(|(_, digits)| digits >= 3);
        if long(end.wrapping_sub(1)) && long(end) || at > 0 && long(at) && self.number_token(at - 1).is_some()
        {
            return false;
        }
        let Some(next) = self.token(end) else { return true };
        if !next.glued {
            return !matches!(next.kind, Kind::Sign('%' | '$' | '€' | '£' | '°'));
        }
        match next.kind {
            Kind::Sign('.' | '-' | '/' | ':' | ',') => {
                // A list or a sentence goes on; a longer number does not.
                let more = self.number_token(end + 1).is_some() && self.glued(end + 1);
                !(more && self.number_token(end.wrapping_sub(1)).is_some())
            }
            Kind::Word(_) => self.tokens.get(end - 1).is_some_and(|token| token.word().is_some()),
            Kind::Number { .. } | Kind::Sign('%' | '$' | '€' | '£' | '°' | '_' | '@') => false,
            Kind::Sign(_) => true,
        }
    }
}

/// How much a phrase says; among readings of one length the heavier is meant.
fn weight(phrase: &Phrase) -> i32 {
    match phrase {
        Phrase::Moment(moment) | Phrase::After(moment) | Phrase::Before(moment) | Phrase::By(moment) => {
            moment.weight
        }
        Phrase::Since(moment) | Phrase::Until(moment) | Phrase::Starting(moment) => moment.weight,
        Phrase::Range { from, to } => from.weight + to.weight + 6,
        Phrase::Within(_) => 20,
        Phrase::For { .. } => 60,
        Phrase::Length(_) => -10,
        Phrase::Recurring(_) => 30,
    }
}
