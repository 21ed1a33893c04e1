//! The reply guard: no reply claims what no receipt proves.
//!
//! It reads a reply sentence by sentence while it streams ([`sentence`]), finds claims in it ([`claim`]) and compares
//! them with the receipts of the conversation. A sentence that claims too much is kept back; when it is still not
//! proven at the end of the utterance, an honest one takes its place ([`wording`]). Times are compared with those the
//! tools gave ([`times`]). It also keeps the system prompt and
//! raw tool data out of the reply ([`leak`]). It does not judge whether an answer is right.

pub mod claim;
mod deed;
pub mod leak;
mod normal;
pub mod sentence;
pub mod times;
mod trigger;
pub mod wording;

use std::collections::BTreeSet;

use frontdesk_domain::locale::Language;

use self::claim::{Claim, Deed};
use self::leak::Secrets;
use self::sentence::Splitter;
use self::times::{Evidence, Reader, Wrong};
use crate::session::{Receipt, ReceiptKind};

/// The guard of one turn.
pub struct Guard {
    language: Language,
    splitter: Splitter,
    /// Sentences that wait for a proof, and all that came after them.
    held: Vec<String>,
    secrets: Secrets,
    /// Honest sentences said already, so that two false claims do not bring the same one twice.
    said: BTreeSet<String>,
    guarded: u32,
    /// Reads the times of the reply; without it they are not compared.
    reader: Option<Reader>,
}

/// What the guard thinks of one sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// It may be shown.
    Fine,
    /// It claims something that is not proven.
    Unproven(Claim),
    /// It names a time that no tool gave.
    WrongTime(Wrong),
    /// It shows something that is not for customers.
    Leak,
}

impl Guard {
    /// A guard that says what it must say in this language when the sentence itself does not tell its own.
    pub fn new(language: Language) -> Self {
        Self {
            language,
            splitter: Splitter::default(),
            held: Vec::new(),
            secrets: Secrets::default(),
            said: BTreeSet::new(),
            guarded: 0,
            reader: None,
        }
    }

    /// The same guard, which also compares times.
    pub fn with_reader(self, reader: Reader) -> Self {
        Self { reader: Some(reader), ..self }
    }

    /// Text that must never be shown: `marker` not at all, `text` not in any longer stretch.
    pub fn keep_secret(&mut self, text: &str, marker: &str) {
        self.secrets.add(text, marker);
    }

    /// Takes more text; gives what may be shown now.
    pub fn push(&mut self, text: &str, evidence: Evidence<'_>) -> String {
        let sentences = self.splitter.push(text);
        self.take(sentences, evidence)
    }

    /// The sentence in progress is complete (a tool is called); gives what may be shown now.
    pub fn pause(&mut self, evidence: Evidence<'_>) -> String {
        let rest = self.splitter.finish();
        self.take(rest.into_iter().collect(), evidence)
    }

    /// The utterance is over: what is not proven now is replaced.
    pub fn settle(&mut self, evidence: Evidence<'_>) -> String {
        let mut shown = self.pause(evidence);
        for sentence in std::mem::take(&mut self.held) {
            match self.judge(&sentence, evidence) {
                Verdict::Fine => shown.push_str(&sentence),
                verdict => shown.push_str(&self.replace(&sentence, &verdict, evidence)),
            }
        }
        shown
    }

    /// Forgets what was not shown.
    pub fn discard(&mut self) {
        self.splitter.finish();
        self.held.clear();
    }

    /// What was pushed and not shown yet.
    pub fn pending(&self) -> &str {
        let rest = self.splitter.rest();
        if rest.is_empty() { self.held.last().map_or("", String::as_str) } else { rest }
    }

    /// How many sentences were held back for good.
    pub fn guarded(&self) -> u32 {
        self.guarded
    }

    /// Judges one sentence.
    pub fn judge(&self, sentence: &str, evidence: Evidence<'_>) -> Verdict {
        if leak::is_raw_data(sentence) || self.secrets.shows(sentence) {
            return Verdict::Leak;
        }
        let claims = claim::claims(sentence);
        let unproven = claims.iter().copied().find(|claim| !self.is_proven(sentence, *claim, evidence));
        if let Some(claim) = unproven {
            return Verdict::Unproven(claim);
        }
        let wrong = self.reader.as_ref().and_then(|reader| reader.wrong(sentence, &claims, evidence));
        wrong.map_or(Verdict::Fine, Verdict::WrongTime)
    }

    /// Whether a receipt stands behind a claim, or a look-up behind the time of an appointment.
    fn is_proven(&self, sentence: &str, claim: Claim, evidence: Evidence<'_>) -> bool {
        let found = || {
            let reader = self.reader.as_ref().filter(|_| claim.deed == Deed::Book);
            reader.is_some_and(|reader| reader.is_theirs(sentence, claim, evidence))
        };
        is_proven(claim.deed, evidence.receipts) || found()
    }

    fn take(&mut self, sentences: Vec<String>, evidence: Evidence<'_>) -> String {
        let mut shown = String::new();
        for sentence in sentences {
            if !self.held.is_empty() {
                self.held.push(sentence);
                continue;
            }
            match self.judge(&sentence, evidence) {
                Verdict::Fine => shown.push_str(&sentence),
                verdict @ Verdict::Leak => shown.push_str(&self.replace(&sentence, &verdict, evidence)),
                Verdict::Unproven(_) | Verdict::WrongTime(_) => self.held.push(sentence),
            }
        }
        shown
    }

    /// The honest words for a sentence that was held back, with its trailing white space.
    fn replace(&mut self, sentence: &str, verdict: &Verdict, evidence: Evidence<'_>) -> String {
        self.guarded = self.guarded.saturating_add(1);
        let honest = match verdict {
            Verdict::Unproven(claim) => {
                let language = claim.language.unwrap_or(self.language);
                wording::honest(claim.deed, language, evidence.has(ReceiptKind::HandedOff)).to_owned()
            }
            Verdict::WrongTime(wrong) => {
                let shelf = evidence.shelf;
                let words = self.reader.as_ref().zip(shelf).map(|(reader, shelf)| reader.right(wrong, shelf));
                wording::times(wrong.offered, &words.unwrap_or_default(), wrong.language)
            }
            Verdict::Leak | Verdict::Fine => return String::new(),
        };
        if !self.said.insert(honest.clone()) {
            return String::new();
        }
        let (start, end) = (sentence.len() - sentence.trim_start().len(), sentence.trim_end().len());
        let around = |range: std::ops::Range<usize>| sentence.get(range).unwrap_or_default();
        format!("{}{honest}{}", around(0..start), around(end.max(start)..sentence.len()))
    }
}

/// Whether the conversation's receipts prove the deed.
pub fn is_proven(deed: Deed, receipts: &[Receipt]) -> bool {
    deed.proofs().iter().any(|proof| receipts.iter().any(|receipt| receipt.kind == *proof))
}

#[cfg(test)]
mod tests;
