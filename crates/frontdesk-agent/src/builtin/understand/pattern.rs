//! Patterns over words, as written in the intent files.
//!
//! A pattern is words in lower case. `(a|b c)` is a choice, `?` after a word or choice makes it optional, `(a|b)*`
//! takes any number of them, a lone `*` stands for up to three words of any kind, `#` for a number, `^` and `$` for
//! the ends of the text. Patterns are matched on normalised words, so they know neither case nor accents.

use crate::builtin::text;

/// Most words a lone `*` stands for.
const GAP: usize = 3;
/// Most ways to read one bracket.
const MOST_PHRASES: usize = 400;
/// Most steps of one match, so that no pattern can take long.
const STEPS: usize = 4_000;

/// A pattern that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("pattern `{pattern}`: {problem}")]
pub struct BadPattern {
    /// The pattern as written.
    pub pattern: String,
    /// What is wrong with it.
    pub problem: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Step {
    /// One of several phrases.
    Choice { phrases: Vec<Vec<String>>, optional: bool, repeated: bool },
    /// Up to three words.
    Gap,
    /// A number.
    Number,
}

/// A pattern ready for matching.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern {
    steps: Vec<Step>,
    at_start: bool,
    at_end: bool,
}

impl Pattern {
    /// Reads a pattern.
    pub fn parse(source: &str) -> Result<Self, BadPattern> {
        let bad = |problem| BadPattern { pattern: source.to_owned(), problem };
        let mut pattern = Self { steps: Vec::new(), at_start: false, at_end: false };
        let mut rest = source.trim();
        while !rest.is_empty() {
            if pattern.at_end {
                return Err(bad("something follows `$`"));
            }
            let (step, after) = if rest.starts_with('(') {
                let close = closing(rest).ok_or_else(|| bad("a bracket is not closed"))?;
                let (inside, after) =
                    (rest.get(1..close).unwrap_or_default(), rest.get(close + 1..).unwrap_or_default());
                let phrases = phrases(inside).map_err(bad)?;
                let end = after.find(' ').unwrap_or(after.len());
                let (mark, after) = after.split_at(end);
                let (optional, repeated) = match mark {
                    "" => (false, false),
                    "?" => (true, false),
                    "*" => (true, true),
                    _ => return Err(bad("only `?`, `*` or a space may follow a bracket")),
                };
                (Some(Step::Choice { phrases, optional, repeated }), after)
            } else {
                let (word, after) = rest.split_once(' ').unwrap_or((rest, ""));
                let step = match word {
                    "^" if pattern.steps.is_empty() => {
                        pattern.at_start = true;
                        None
                    }
                    "$" => {
                        pattern.at_end = true;
                        None
                    }
                    "*" => Some(Step::Gap),
                    "#" => Some(Step::Number),
                    _ => {
                        let (word, optional) =
                            word.strip_suffix('?').map_or((word, false), |word| (word, true));
                        if word.contains(['(', ')', '?', '*', '^', '$', '|', '[', '\\']) {
                            return Err(bad("a mark stands where a word should"));
                        }
                        let phrase = text::words(word);
                        if phrase.is_empty() {
                            return Err(bad("a word is empty"));
                        }
                        Some(Step::Choice { phrases: vec![phrase], optional, repeated: false })
                    }
                };
                (step, after)
            };
            pattern.steps.extend(step);
            rest = after.trim_start();
        }
        if pattern.steps.is_empty() {
            return Err(bad("there is no word in it"));
        }
        Ok(pattern)
    }

    /// The words from the first match on: where it starts and how many words it takes.
    pub fn find(&self, words: &[&str]) -> Option<(usize, usize)> {
        let mut budget = STEPS;
        let last_start = if self.at_start { 0 } else { words.len() };
        (0..=last_start).find_map(|start| {
            let end = self.walk(0, start, words, &mut budget)?;
            (end > start).then_some((start, end - start))
        })
    }

    /// All words that patterns look for.
    pub fn vocabulary(&self) -> impl Iterator<Item = &str> {
        self.steps.iter().flat_map(|step| match step {
            Step::Choice { phrases, .. } => phrases.iter().flatten().map(String::as_str).collect::<Vec<_>>(),
            Step::Gap | Step::Number => Vec::new(),
        })
    }

    fn walk(&self, step: usize, at: usize, words: &[&str], budget: &mut usize) -> Option<usize> {
        *budget = budget.checked_sub(1)?;
        let Some(current) = self.steps.get(step) else {
            return (!self.at_end || at == words.len()).then_some(at);
        };
        match current {
            Step::Gap => (0..=GAP)
                .take_while(|skip| at + skip <= words.len())
                .find_map(|skip| self.walk(step + 1, at + skip, words, budget)),
            Step::Number => {
                let number = words.get(at).is_some_and(|word| word.chars().all(|c| c.is_ascii_digit()));
                if number { self.walk(step + 1, at + 1, words, budget) } else { None }
            }
            Step::Choice { phrases, optional, repeated } => {
                for phrase in phrases {
                    let end = at + phrase.len();
                    if words
                        .get(at..end)
                        .is_some_and(|found| found.iter().zip(phrase).all(|(a, b)| is_word(a, b)))
                    {
                        let next = if *repeated { step } else { step + 1 };
                        if let Some(end) = self.walk(next, end, words, budget) {
                            return Some(end);
                        }
                    }
                }
                if *optional { self.walk(step + 1, at, words, budget) } else { None }
            }
        }
    }
}

/// Whether a word of a message is the word of a pattern; `#` is any number.
fn is_word(said: &str, wanted: &str) -> bool {
    said == wanted || (wanted == "#" && said.chars().all(|c| c.is_ascii_digit()))
}

/// Where the bracket that opens the text is closed.
fn closing(text: &str) -> Option<usize> {
    let mut depth = 0_usize;
    text.char_indices().find_map(|(at, c)| {
        match c {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        (depth == 0).then_some(at)
    })
}

/// Every way to read the inside of a bracket; brackets within are written out.
fn phrases(inside: &str) -> Result<Vec<Vec<String>>, &'static str> {
    let mut all = Vec::new();
    let mut start = 0;
    let mut depth = 0_usize;
    for (at, c) in inside.char_indices().chain([(inside.len(), '|')]) {
        match c {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            '|' if depth == 0 => {
                all.extend(ways(inside.get(start..at).unwrap_or_default())?);
                start = at + 1;
            }
            _ => {}
        }
        if all.len() > MOST_PHRASES {
            return Err("a choice has too many ways to read it");
        }
    }
    Ok(all)
}

/// Every way to read a phrase of words and brackets, each of which may be optional.
fn ways(phrase: &str) -> Result<Vec<Vec<String>>, &'static str> {
    let mut all: Vec<Vec<String>> = vec![Vec::new()];
    let mut rest = phrase.trim();
    while !rest.is_empty() {
        let (inside, after, bracket) = if rest.starts_with('(') {
            let close = closing(rest).ok_or("a bracket is not closed")?;
            (rest.get(1..close).unwrap_or_default(), rest.get(close + 1..).unwrap_or_default(), true)
        } else {
            let end = rest.find(' ').unwrap_or(rest.len());
            let word = rest.get(..end).unwrap_or_default();
            let bare = word.strip_suffix('?').unwrap_or(word);
            (bare, rest.get(bare.len()..).unwrap_or_default(), false)
        };
        let (optional, after) = after.strip_prefix('?').map_or((false, after), |after| (true, after));
        if !(after.is_empty() || after.starts_with(' ')) {
            return Err("only `?` or a space may follow a bracket within a bracket");
        }
        if !bracket && inside.contains(['*', '^', '$', '[', '\\', '?', ')']) {
            return Err("a mark stands where a word should");
        }
        let mut choices = if bracket {
            phrases(inside)?
        } else if inside == "#" {
            vec![vec!["#".to_owned()]]
        } else {
            vec![text::words(inside)]
        };
        if choices.iter().any(Vec::is_empty) {
            return Err("a choice is empty");
        }
        if optional {
            choices.push(Vec::new());
        }
        all = all
            .iter()
            .flat_map(|start| choices.iter().map(|choice| [start.as_slice(), choice].concat()))
            .collect();
        if all.len() > MOST_PHRASES {
            return Err("a choice has too many ways to read it");
        }
        rest = after.trim_start();
    }
    if all.iter().any(Vec::is_empty) { Err("a choice is empty") } else { Ok(all) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(pattern: &str, text: &str) -> bool {
        let words = text::words(text);
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        Pattern::parse(pattern).unwrap().find(&words).is_some()
    }

    #[test]
    fn choices_options_gaps_and_ends_mean_what_they_say() {
        assert!(found("talk to (a|an)? (human|real person)", "Can I talk to a real person?"));
        assert!(found("^ (yes|ok)* $", "yes yes ok"));
        assert!(!found("^ (yes|ok)* $", "yes but no"));
        assert!(found("my * hurts", "my left back tooth hurts"));
        assert!(!found("my * hurts", "my one two three four hurts"));
        assert!(found("ends in #", "my number ends in 72"));
        assert!(found("^ (that works|sounds (very? good|great)) $", "sounds good"));
        assert!(found("^ (that works|sounds (very? good|great)) $", "sounds very good"));
    }

    #[test]
    fn a_broken_pattern_says_what_is_wrong() {
        for broken in ["", "(a|b", "a(b)", "$ a", "(a|)", "a [bc]"] {
            assert!(Pattern::parse(broken).is_err(), "{broken}");
        }
    }

    #[test]
    fn no_pattern_takes_long() {
        let words = vec!["a"; 2_000];
        let pattern = Pattern::parse("* * * * * * (a|a a|a a a)* b $").unwrap();
        assert_eq!(pattern.find(&words), None);
    }
}
