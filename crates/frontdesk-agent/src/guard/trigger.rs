//! Finds, for a pattern, words one of which every match contains.
//!
//! The phrase sets hold hundreds of patterns and most sentences contain none of their words. One pass over a sentence
//! finds the few patterns that can match at all; only those are compiled and run. The words come out of the pattern's
//! syntax tree, so they cannot drift from it. Macros are looked at once each: in a pattern one character of the private
//! use area stands for each of them.

use std::collections::BTreeMap;

use regex_syntax::ast::{Ast, RepetitionKind, RepetitionRange};

/// Shortest useful trigger; a pattern without one runs on every sentence.
const SHORTEST: usize = 3;

/// What every match of a macro contains, by the character that stands for it.
pub type Known = BTreeMap<char, Option<Vec<String>>>;

/// Texts of which every match of the pattern contains at least one; none when there are no useful ones.
pub fn of(pattern: &str, known: &Known) -> Vec<String> {
    any(pattern, known).filter(|found| shortest(found) >= SHORTEST).unwrap_or_default()
}

/// The same, short texts included.
pub fn any(pattern: &str, known: &Known) -> Option<Vec<String>> {
    required(&regex_syntax::ast::parse::Parser::new().parse(pattern).ok()?, known)
}

fn required(ast: &Ast, known: &Known) -> Option<Vec<String>> {
    match ast {
        Ast::Literal(literal) => match known.get(&literal.c) {
            Some(found) => found.clone(),
            None => Some(vec![literal.c.to_string()]),
        },
        Ast::Group(group) => required(&group.ast, known),
        Ast::Repetition(repetition) => {
            let at_least_once = match &repetition.op.kind {
                RepetitionKind::OneOrMore => true,
                RepetitionKind::Range(range) => match range {
                    RepetitionRange::Exactly(n)
                    | RepetitionRange::AtLeast(n)
                    | RepetitionRange::Bounded(n, _) => *n > 0,
                },
                RepetitionKind::ZeroOrOne | RepetitionKind::ZeroOrMore => false,
            };
            if at_least_once { required(&repetition.ast, known) } else { None }
        }
        Ast::Alternation(alternation) => {
            let mut all = Vec::new();
            for branch in &alternation.asts {
                all.extend(required(branch, known)?);
            }
            Some(all)
        }
        Ast::Concat(concat) => {
            let mut best: Option<Vec<String>> = None;
            let mut run = String::new();
            for part in &concat.asts {
                if let Ast::Literal(literal) = part
                    && !known.contains_key(&literal.c)
                {
                    run.push(literal.c);
                    continue;
                }
                best = better(best, take(&mut run));
                best = better(best, required(part, known));
            }
            better(best, take(&mut run))
        }
        _ => None,
    }
}

fn take(run: &mut String) -> Option<Vec<String>> {
    (!run.is_empty()).then(|| vec![std::mem::take(run)])
}

/// The set with the longer words; of equally long ones the smaller.
fn better(a: Option<Vec<String>>, b: Option<Vec<String>>) -> Option<Vec<String>> {
    match (a, b) {
        (Some(a), Some(b)) => {
            let worth = |set: &Vec<String>| (shortest(set).min(4), std::cmp::Reverse(set.len()));
            if worth(&b) > worth(&a) { Some(b) } else { Some(a) }
        }
        (a, b) => a.or(b),
    }
}

fn shortest(set: &[String]) -> usize {
    set.iter().map(|text| text.trim().len()).min().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_trigger_is_in_every_match() {
        let known = Known::from([('\u{e000}', Some(vec!["booked".to_owned()])), ('\u{e001}', None)]);
        assert_eq!(of("(?:i|we) (?:have )?(?:booked|sent|set up)", &known), ["booked", "sent", "set up"]);
        assert_eq!(of("(?:a|b)?(?:x )*", &known), Vec::<String>::new());
        assert_eq!(of("see you (?:[!-~]+ ){0,3}tomorrow", &known), ["see you "]);
        assert_eq!(of("\u{e001}\u{e000} it", &known), ["booked"]);
    }
}
