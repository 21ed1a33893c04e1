//! Rendering a message's text, and checking a text before it is saved.
//!
//! A text is run by minijinja in a bare environment: no functions, a handful of filters, bounded steps and size. Only
//! `{% if %}` is offered as a tag, so a text can neither loop nor keep growing a value. A variable that is not there is
//! an error, never an empty place; checking makes sure that it cannot happen with what a kind of message may lack.

use std::collections::{BTreeMap, BTreeSet};

use frontdesk_domain::template::TemplateKind;
use minijinja::{AutoEscape, Environment, Error, ErrorKind, Output, State, UndefinedBehavior, Value};

use super::markup::{self, Frame, Message};
use super::variables::{self, Variable};

/// Most characters of a subject.
pub const MAX_SUBJECT: usize = 300;
/// Most characters of a text.
pub const MAX_BODY: usize = 20_000;
/// Steps of the engine; a text of the greatest length needs fewer.
const FUEL: u64 = 20_000;
/// Most bytes a text may become.
const MAX_OUTPUT: usize = 200_000;

/// Values by name; what is absent is left out.
pub type Values = BTreeMap<&'static str, String>;

/// Why a text cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {reason}")]
pub struct Flaw {
    /// Where, from 1.
    pub line: usize,
    /// What is wrong, in plain words.
    pub reason: String,
}

/// A message ready to go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rendered {
    /// One line.
    pub subject: String,
    /// The words.
    pub text: String,
    /// The same words as HTML.
    pub html: String,
}

/// What surrounds every message of a business.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct House {
    /// Its name.
    pub name: String,
    /// Its colour.
    pub accent: String,
    /// Its address.
    pub address: String,
    /// Its phone number.
    pub phone: String,
}

/// Renders subject and text with values.
///
/// # Errors
/// The first thing that does not work, with its line.
pub fn render(
    (subject, body): (&str, &str),
    values: &Values,
    house: &House,
    language: &str,
) -> Result<Rendered, Flaw> {
    let subject = markup::line(&run(subject, values)?);
    let message = Message::read(&run(body, values)?);
    let frame = Frame {
        language,
        subject: &subject,
        business: &house.name,
        accent: &house.accent,
        footer: &[&house.name, &house.address, &house.phone],
    };
    Ok(Rendered { text: message.to_text(), html: message.to_html(&frame), subject })
}

/// Fills the variables of a text that goes as it is, such as a text message.
///
/// # Errors
/// The first thing that does not work, with its line.
pub fn render_text(body: &str, values: &Values) -> Result<String, Flaw> {
    let mut plain = environment();
    plain.set_formatter(minijinja::escape_formatter);
    run_in(&plain, body, values)
}

/// Checks a text against what its kind may say: syntax, tags, names, and that it works whatever is absent.
///
/// # Errors
/// The flaws found, at most one for each name.
pub fn check(kind: TemplateKind, source: &str) -> Result<(), Vec<Flaw>> {
    check_tags(source).map_err(|flaw| vec![flaw])?;
    let environment = environment();
    let template = environment.template_from_str(source).map_err(|error| vec![flaw(&error)])?;
    let known: Vec<&Variable> = variables::of(kind).collect();
    let unknown: BTreeSet<String> = template
        .undeclared_variables(false)
        .into_iter()
        .filter(|name| !known.iter().any(|variable| variable.name == name))
        .collect();
    if !unknown.is_empty() {
        return Err(unknown.iter().map(|name| unknown_name(source, name, &known)).collect());
    }
    let samples = samples(kind);
    run(source, &samples).map_err(|flaw| vec![flaw])?;
    let mut flaws = Vec::new();
    for variable in known.iter().filter(|variable| variable.optional) {
        let mut lacking = samples.clone();
        lacking.remove(variable.name);
        if let Err(found) = run(source, &lacking) {
            let reason = format!(
                "`{0}` is not always there; write {{% if {0} %}} ... {{% endif %}} around it",
                variable.name
            );
            flaws.push(Flaw { line: found.line, reason });
        }
    }
    if flaws.is_empty() { Ok(()) } else { Err(flaws) }
}

/// A value for every variable of a kind.
pub fn samples(kind: TemplateKind) -> Values {
    variables::of(kind).map(|variable| (variable.name, variable.sample.to_owned())).collect()
}

fn environment<'source>() -> Environment<'source> {
    let mut environment = Environment::empty();
    environment.set_undefined_behavior(UndefinedBehavior::SemiStrict);
    environment.set_auto_escape_callback(|_| AutoEscape::None);
    environment.set_fuel(Some(FUEL));
    environment.set_recursion_limit(50);
    environment.set_formatter(write_value);
    environment.add_filter("upper", |text: String| text.to_uppercase());
    environment.add_filter("lower", |text: String| text.to_lowercase());
    environment.add_filter("title", |text: String| {
        let mut chars = text.chars();
        chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
    });
    environment
}

/// Writes a value as text that means nothing, see `markup.rs`. This is what autoescaping is elsewhere: HTML is made from
/// the markup later, with every text in it escaped.
fn write_value(out: &mut Output, _: &mut State, value: &Value) -> Result<(), Error> {
    let text = match value.as_str() {
        Some(text) => markup::escape(text),
        None => markup::escape(&value.to_string()),
    };
    out.write_str(&text).map_err(|_| Error::new(ErrorKind::WriteFailure, "the text becomes too long"))
}

fn run(source: &str, values: &Values) -> Result<String, Flaw> {
    run_in(&environment(), source, values)
}

fn run_in(environment: &Environment<'_>, source: &str, values: &Values) -> Result<String, Flaw> {
    check_tags(source)?;
    let template = environment.template_from_str(source).map_err(|error| flaw(&error))?;
    let mut out = Bounded(Vec::new());
    template
        .render_captured_to(
            Value::from_pairs(values.iter().map(|(name, value)| (*name, value.clone()))),
            &mut out,
        )
        .map(drop)
        .map_err(|error| flaw(&error))?;
    String::from_utf8(out.0).map_err(|error| Flaw { line: 1, reason: error.to_string() })
}

/// Takes so much and no more.
struct Bounded(Vec<u8>);

impl std::io::Write for Bounded {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        if self.0.len() + bytes.len() > MAX_OUTPUT {
            return Err(std::io::Error::other("the text becomes too long"));
        }
        self.0.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// Only `if` is offered, and nothing that could grow a value.
fn check_tags(source: &str) -> Result<(), Flaw> {
    let mut rest = source;
    let line_at = |rest: &str| {
        let before = source.len() - rest.len();
        source.get(..before).map_or(1, |before| before.matches('\n').count() + 1)
    };
    while let Some(start) = rest.find(['{']) {
        rest = rest.get(start..).unwrap_or_default();
        let close = match rest.get(..2) {
            Some("{%") => "%}",
            Some("{{") => "}}",
            _ => {
                rest = rest.get(1..).unwrap_or_default();
                continue;
            }
        };
        let end = rest.find(close).unwrap_or(rest.len());
        let inside = rest.get(2..end).unwrap_or_default();
        let refuse = |reason: String| Err(Flaw { line: line_at(rest), reason });
        if close == "%}" {
            let word = inside.trim_start_matches(['-', '+']).split_whitespace().next().unwrap_or_default();
            let word = word.trim_end_matches(['-', '+']);
            if !matches!(word, "if" | "elif" | "else" | "endif") {
                return refuse(format!(
                    "`{{% {word} %}}` is not offered here; only if, elif, else and endif are"
                ));
            }
        }
        if inside.contains('*') {
            return refuse("`*` is not offered between braces".to_owned());
        }
        rest = rest.get(end..).unwrap_or_default();
    }
    Ok(())
}

fn flaw(error: &Error) -> Flaw {
    let line = error.line().unwrap_or(1);
    let detail = error.detail().unwrap_or_default();
    let reason = match error.kind() {
        ErrorKind::SyntaxError => format!("the text cannot be read: {detail}"),
        ErrorKind::UndefinedError => "something in it is not there".to_owned(),
        ErrorKind::UnknownFilter => format!("{detail}; upper, lower and title are offered"),
        ErrorKind::OutOfFuel => "it takes too many steps".to_owned(),
        ErrorKind::WriteFailure => "the text becomes too long".to_owned(),
        kind if detail.is_empty() => format!("it does not work: {kind}"),
        _ => format!("it does not work: {detail}"),
    };
    Flaw { line, reason }
}

fn unknown_name(source: &str, name: &str, known: &[&Variable]) -> Flaw {
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    let holds = |line: &str| line.split(|c| !is_word(c)).any(|word| word == name);
    let line = source.lines().position(holds).map_or(1, |at| at + 1);
    let nearest = known.iter().map(|known| (distance(known.name, name), known.name)).min();
    let hint = match nearest {
        Some((far, near)) if far <= 3 => format!("; did you mean `{near}`?"),
        _ => String::new(),
    };
    Flaw { line, reason: format!("`{name}` is not something this message can say{hint}") }
}

/// How many letters differ (Levenshtein).
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().take(60).collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().take(60).enumerate() {
        let mut next = vec![i + 1];
        for (j, y) in b.iter().enumerate() {
            let at = |row: &[usize], index: usize| row.get(index).copied().unwrap_or(usize::MAX / 2);
            let best = (at(&row, j) + usize::from(x != *y)).min(at(&row, j + 1) + 1).min(at(&next, j) + 1);
            next.push(best);
        }
        row = next;
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    const KIND: TemplateKind = TemplateKind::BookingConfirmed;

    fn flaws(source: &str) -> Vec<String> {
        check(KIND, source).unwrap_err().iter().map(ToString::to_string).collect()
    }

    #[test]
    fn an_unknown_variable_is_named_with_its_line_and_its_neighbour() {
        assert_eq!(
            flaws("Hello\n\n{{ custmer_name }}, {{ nonsense }}"),
            [
                "line 3: `custmer_name` is not something this message can say; did you mean `customer_name`?",
                "line 3: `nonsense` is not something this message can say",
            ]
        );
        // One of another kind of message.
        assert_eq!(flaws("{{ code }}").len(), 1);
    }

    #[test]
    fn broken_syntax_is_named_with_its_line() {
        for source in ["a\nb {{ customer_name", "a\n{% if price %}x", "a\n{{ customer_name | nofilter }}"] {
            let found = flaws(source);
            assert!(found[0].starts_with("line 2: ") || found[0].starts_with("line 1: "), "{found:?}");
        }
        assert!(flaws("a\n{{ customer_name | nofilter }}")[0].contains("upper"));
    }

    #[test]
    fn what_may_be_absent_must_be_asked_for_first() {
        assert_eq!(
            flaws("x\n{{ price }}"),
            ["line 2: `price` is not always there; write {% if price %} ... {% endif %} around it"]
        );
        assert_eq!(check(KIND, "{% if price %}{{ price | upper }}{% endif %}"), Ok(()));
    }

    #[test]
    fn nothing_that_could_run_away_is_offered() {
        for source in [
            "{% for x in range(10) %}x{% endfor %}",
            "{% set a = 'x' %}{{ a }}",
            "{{ 'x' * 1000000000 }}",
            "{% include 'x' %}",
            "{%- macro a() -%}{%- endmacro -%}",
            "{% raw %}{{ x }}{% endraw %}",
            "{{ range(100000) }}",
            "{{ customer_name.__class__ }}",
        ] {
            assert!(check(KIND, source).is_err(), "{source}");
        }
        let bomb = "{% if customer_name %}".repeat(900) + &"{% endif %}".repeat(900);
        assert!(check(KIND, &bomb).is_err());
    }

    #[test]
    fn values_are_text_in_subject_and_body() {
        let values: Values = [
            ("customer_name", "<b>[Eve](https://evil.example)</b>\r\nBcc: x@y.z".to_owned()),
            ("service", "Cut & colour".to_owned()),
        ]
        .into();
        let house = House { name: "B".to_owned(), accent: "#0f766e".to_owned(), ..House::default() };
        let done =
            render(("For {{ customer_name }}", "{{ customer_name }}, {{ service }}"), &values, &house, "en");
        let done = done.unwrap();
        assert_eq!(done.subject, "For <b>[Eve](https://evil.example)</b> Bcc: x@y.z");
        assert!(done.html.contains("Cut &amp; colour") && !done.html.contains("<b>["), "{}", done.html);
        assert!(!done.html.contains("href"), "{}", done.html);
        let missing = render(("x", "{{ service }}"), &Values::new(), &house, "en");
        assert!(missing.is_err());
    }
}
