//! Finds, for a pattern, words one of which every match contains.
//!
//! The phrase sets hold hundreds of patterns and most sentences contain none of their words. One pass over a sentence
//! finds the few patterns that can match at all; only those are compiled and run. The words come out of the pattern's
//! syntax tree, so they cannot drift from it.

use regex_syntax::ast::{Ast, RepetitionKind, RepetitionRange};

/// Shortest useful trigger; a pattern without one runs on every sentence.
const SHORTEST: usize = 3;

/// Texts of which every match of the pattern contains at least one; none when there are no useful ones.
pub fn of(pattern: &str) -> Vec<String> {
    let Ok(ast) = regex_syntax::ast::parse::Parser::new().parse(pattern) else { return Vec::new() };
    required(&ast).filter(|found| shortest(found) >= SHORTEST).unwrap_or_default()
}

fn required(ast: &Ast) -> Option<Vec<String>> {
    match ast {
        Ast::Literal(literal) => Some(vec![literal.c.to_string()]),
        Ast::Group(group) => required(&group.ast),
        Ast::Repetition(repetition) => {
            let at_least_once = match &repetition.op.kind {
                RepetitionKind::OneOrMore => true,
                RepetitionKind::Range(range) => match range {
                    RepetitionRange::Exactly(n) | RepetitionRange::AtLeast(n) | RepetitionRange::Bounded(n, _) => *n > 0,
                },
                RepetitionKind::ZeroOrOne | RepetitionKind::ZeroOrMore => false,
            };
            if at_least_once { required(&repetition.ast) } else { None }
        }
        Ast::Alternation(alternation) => {
            let mut all = Vec::new();
            for branch in &alternation.asts {
                all.extend(required(branch)?);
            }
            Some(all)
        }
        Ast::Concat(concat) => {
            let mut best: Option<Vec<String>> = None;
            let mut run = String::new();
            for part in &concat.asts {
                if let Ast::Literal(literal) = part {
                    run.push(literal.c);
                    continue;
                }
                best = better(best, take(&mut run));
                best = better(best, required(part));
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
        assert_eq!(of("(?:i|we) (?:have )?(?:booked|sent|set up)"), ["booked", "sent", "set up"]);
        assert_eq!(of("(?:a|b)?(?:x )*"), Vec::<String>::new());
        assert_eq!(of("see you (?:[!-~]+ ){0,3}tomorrow"), ["see you "]);
    }
}
