//! Plain text: paragraphs between blank lines, list items, and headings as far as their shape shows them.

use super::{Builder, Document, Limits, ParseError};

/// Reads plain text.
pub(super) fn parse(text: &str, limits: &Limits) -> Result<Document, ParseError> {
    let mut builder = Builder::new(limits);
    add_text(&mut builder, text, Shape::Typed);
    builder.finish(None)
}

/// How far lines can be trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// Lines were broken by a person: a short line on its own may be a heading.
    Typed,
    /// Lines were broken by a page layout: words cut at the line's end are joined again.
    Layout,
}

/// Adds the paragraphs of `text` to `builder`.
pub(super) fn add_text(builder: &mut Builder<'_>, text: &str, shape: Shape) {
    let mut paragraph = String::new();
    let mut lines = text.lines().map(str::trim).peekable();
    let mut after_blank = true;
    while let Some(line) = lines.next() {
        if builder.is_full() {
            return;
        }
        if line.is_empty() {
            flush(builder, &mut paragraph);
            after_blank = true;
            continue;
        }
        let next = lines.peek().copied().unwrap_or_default();
        if let Some(item) = list_item(line) {
            flush(builder, &mut paragraph);
            let mut item = item.to_owned();
            // A wrapped list item goes on until a blank line, the next item or a heading.
            while let Some(next) = lines.peek().copied() {
                let wraps = !next.is_empty()
                    && list_item(next).is_none()
                    && (next.chars().next().is_some_and(char::is_lowercase) || item.ends_with(','));
                if !wraps {
                    break;
                }
                join_line(&mut item, next, shape);
                lines.next();
            }
            builder.item(&item);
        } else if paragraph.is_empty() && is_heading(line, next, after_blank, shape) {
            builder.heading(heading_level(line), line.trim_end_matches(':'));
        } else {
            if starts_pair(line) {
                flush(builder, &mut paragraph);
            }
            join_line(&mut paragraph, line, shape);
        }
        after_blank = false;
    }
    flush(builder, &mut paragraph);
}

fn flush(builder: &mut Builder<'_>, paragraph: &mut String) {
    if !paragraph.is_empty() {
        builder.paragraph(paragraph);
        paragraph.clear();
    }
}

fn join_line(paragraph: &mut String, line: &str, shape: Shape) {
    if paragraph.is_empty() {
        paragraph.push_str(line);
        return;
    }
    let mut tail = paragraph.chars().rev();
    let cut_word = tail.next() == Some('-') && tail.next().is_some_and(char::is_lowercase);
    if shape == Shape::Layout && cut_word && line.chars().next().is_some_and(char::is_lowercase) {
        paragraph.pop();
        paragraph.push_str(line);
    } else {
        paragraph.push(' ');
        paragraph.push_str(line);
    }
}

/// "Q:" and "A:" lines are paragraphs of their own, blank line or not.
fn starts_pair(line: &str) -> bool {
    let head: String = line.chars().take(10).collect::<String>().to_lowercase();
    ["q: ", "a: ", "question: ", "answer: ", "frage: ", "antwort: ", "pregunta: ", "respuesta: "]
        .iter()
        .any(|label| head.starts_with(label) || (label.len() > 10 && head.starts_with(label.trim_end())))
}

/// The text of a list item: a bullet, or a number in front of a full sentence or a lower-case word.
pub(super) fn list_item(line: &str) -> Option<&str> {
    let mut chars = line.chars();
    let first = chars.next()?;
    if matches!(first, '-' | '*' | '+' | '•' | '‣' | '▪' | '◦' | '·' | '–' | '●' | '\u{f0b7}') {
        let rest = chars.as_str();
        return rest.starts_with([' ', '\t']).then(|| rest.trim()).filter(|rest| !rest.is_empty());
    }
    let digits = line.len() - line.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    if (1..=2).contains(&digits) {
        let rest = line.get(digits..)?.strip_prefix(['.', ')'])?;
        let item = rest.strip_prefix(' ')?.trim();
        return (item.ends_with(['.', ';', '!', ',']) || item.split_whitespace().count() > 9).then_some(item);
    }
    None
}

fn is_heading(line: &str, next: &str, after_blank: bool, shape: Shape) -> bool {
    let chars = line.chars().count();
    let words = line.split_whitespace().count();
    if !after_blank
        || chars > 90
        || words > 12
        || line.ends_with(['.', ',', ';', '!', '-'])
        || starts_pair(line)
    {
        return false;
    }
    if !line.chars().any(char::is_alphabetic) || line.contains('@') || line.contains("://") {
        return false;
    }
    let letters = line.chars().filter(|c| c.is_alphabetic()).count();
    let capitals = line.chars().filter(|c| c.is_uppercase()).count();
    let shouted = letters > 3 && capitals * 10 >= letters * 9;
    if shouted || is_numbered(line) {
        return true;
    }
    let starts_upper =
        line.chars().find(|c| c.is_alphanumeric()).is_some_and(|c| c.is_uppercase() || c.is_ascii_digit());
    let stands_alone = match shape {
        // Typed: nothing directly below, or a clearly longer line below.
        Shape::Typed => next.is_empty() || line.ends_with(['?', ':']),
        Shape::Layout => next.is_empty() || line.ends_with('?') || next.chars().count() > chars + 20,
    };
    starts_upper && stands_alone && words <= 10 && !line.contains(": ") && !looks_like_value(line)
}

/// "$45", "09:00 - 17:00" and the like are content, not headings.
fn looks_like_value(line: &str) -> bool {
    let digits = line.chars().filter(char::is_ascii_digit).count();
    digits * 3 > line.chars().filter(|c| !c.is_whitespace()).count()
}

/// "3.2 Cancellation policy".
fn is_numbered(line: &str) -> bool {
    let Some((number, rest)) = line.split_once(' ') else { return false };
    let number = number.trim_end_matches('.');
    !number.is_empty()
        && number
            .split('.')
            .all(|part| (1..=2).contains(&part.len()) && part.chars().all(|c| c.is_ascii_digit()))
        && line.starts_with(|c: char| c.is_ascii_digit())
        && (number.contains('.') || line.contains(". "))
        && rest.chars().next().is_some_and(char::is_uppercase)
}

fn heading_level(line: &str) -> u8 {
    if is_numbered(line) {
        let number = line.split(' ').next().unwrap_or_default().trim_end_matches('.');
        return 1 + number.split('.').count().min(4) as u8;
    }
    2
}
