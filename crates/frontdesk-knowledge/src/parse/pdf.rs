//! PDF: text page by page, repeated page headers and footers dropped.
//!
//! The reader underneath panics on some damaged files and may use much memory on hostile ones; panics are caught here,
//! memory and time are bounded by the worker process.

use super::layout::{self, Glyphs, Line, Sizes};
use super::{Builder, Document, Limits, ParseError};
use pdf_extract::{Document as Pdf, Object, OutputError, output_doc_page};
use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Fewer letters than this on the average page means the pages are pictures.
const FEWEST_LETTERS_PER_PAGE: usize = 20;

/// Reads a PDF.
pub(super) fn parse(bytes: &[u8], limits: &Limits) -> Result<Document, ParseError> {
    let pdf = open(bytes)?;
    let pages = guarded(|| Ok(pdf.get_pages()))?;
    let count = pages.len() as u32;
    if count > limits.pages {
        return Err(ParseError::TooManyPages { pages: count, limit: limits.pages });
    }
    if count == 0 {
        return Err(ParseError::damaged("it has no pages"));
    }
    let mut texts = Vec::with_capacity(pages.len());
    let mut chars = 0;
    let mut unreadable = 0;
    for number in pages.keys() {
        match page_text(&pdf, *number) {
            Ok(text) => {
                chars += text.iter().map(|line| line.text.len()).sum::<usize>();
                texts.push((*number, text));
            }
            Err(_) => unreadable += 1,
        }
        if chars > limits.text_chars.saturating_mul(4) {
            return Err(ParseError::too_large("its text", format!("{} characters", limits.text_chars)));
        }
    }
    // A document that lost pages would answer questions wrongly by silence; say so instead.
    if unreadable > 0 {
        return Err(ParseError::damaged(format!("{unreadable} of its {count} pages cannot be read")));
    }
    let letters: usize = texts
        .iter()
        .flat_map(|(_, lines)| lines)
        .map(|line| line.text.chars().filter(|c| c.is_alphanumeric()).count())
        .sum();
    if letters == 0 || (letters < FEWEST_LETTERS_PER_PAGE * pages.len() && has_pictures(&pdf)) {
        return Err(ParseError::NeedsOcr);
    }
    let repeated = repeated_lines(&texts);
    let kept = |line: &Line| !repeated.contains_key(&line_shape(&line.text)) && !is_page_number(&line.text);
    for (_, lines) in &mut texts {
        lines.retain(kept);
    }
    let sizes = Sizes::of(texts.iter().flat_map(|(_, lines)| lines));
    let mut builder = Builder::new(limits);
    for (number, lines) in &texts {
        builder.page(*number);
        layout::add_page(&mut builder, lines, &sizes);
        if builder.is_full() {
            break;
        }
    }
    builder.finish(title(&pdf))
}

fn open(bytes: &[u8]) -> Result<Pdf, ParseError> {
    let mut pdf = guarded(|| {
        Pdf::load_mem(bytes).map_err(|error| match error {
            pdf_extract::Error::InvalidPassword | pdf_extract::Error::Decryption(_) => {
                ParseError::PasswordProtected
            }
            error => ParseError::damaged(plain_reason(&error.to_string())),
        })
    })?;
    if pdf.is_encrypted() {
        // Many files are encrypted with an empty password only to forbid editing; those open.
        guarded(|| pdf.decrypt("").map_err(|_| ParseError::PasswordProtected))?;
    }
    Ok(pdf)
}

fn page_text(pdf: &Pdf, number: u32) -> Result<Vec<Line>, ParseError> {
    let laid_out = guarded(|| {
        let mut glyphs = Glyphs::default();
        output_doc_page(pdf, &mut glyphs, number)
            .map_err(|error: OutputError| ParseError::damaged(plain_reason(&error.to_string())))?;
        Ok(glyphs.lines)
    });
    // A font or picture the layout cannot follow need not cost the page: its text alone may still be read.
    laid_out.or_else(|error| {
        let text = guarded(|| pdf.extract_text(&[number]).map_err(|_| error))?;
        Ok(text.lines().map(Line::unplaced).filter(|line| !line.text.trim().is_empty()).collect())
    })
}

/// Runs `read` and turns a panic of the reader into an error.
fn guarded<T>(read: impl FnOnce() -> Result<T, ParseError>) -> Result<T, ParseError> {
    catch_unwind(AssertUnwindSafe(read))
        .unwrap_or_else(|_| Err(ParseError::damaged("a part of it cannot be understood")))
}

/// The reader's own words, kept short.
fn plain_reason(reason: &str) -> String {
    let reason: String = reason.chars().filter(|c| !c.is_control()).take(120).collect();
    if reason.is_empty() { "it cannot be read".to_owned() } else { reason }
}

fn has_pictures(pdf: &Pdf) -> bool {
    pdf.objects.values().any(|object| match object {
        Object::Stream(stream) => {
            stream.dict.get(b"Subtype").and_then(Object::as_name).is_ok_and(|name| name == b"Image")
        }
        _ => false,
    })
}

fn title(pdf: &Pdf) -> Option<String> {
    let info = pdf.trailer.get(b"Info").ok()?;
    let (_, info) = pdf.dereference(info).ok()?;
    let raw = info.as_dict().ok()?.get(b"Title").ok()?.as_str().ok()?;
    let title = match raw {
        [0xfe, 0xff, wide @ ..] => {
            let units: Vec<u16> = wide
                .chunks_exact(2)
                .filter_map(|pair| Some(u16::from_be_bytes([*pair.first()?, *pair.get(1)?])))
                .collect();
            String::from_utf16_lossy(&units)
        }
        bytes => super::encoding::decode(bytes),
    };
    let title = title.trim();
    // Programs leave their file names and placeholders in the title.
    let useless = title.is_empty()
        || title.eq_ignore_ascii_case("untitled")
        || title.eq_ignore_ascii_case("anonymous")
        || title.starts_with("Microsoft Word")
        || title
            .rsplit_once('.')
            .is_some_and(|(_, ending)| matches!(ending, "doc" | "docx" | "indd" | "pdf" | "tmp"));
    (!useless).then(|| title.to_owned())
}

/// A line with its numbers made equal, so that "Page 3 of 9" and "Page 4 of 9" are one line.
fn line_shape(line: &str) -> String {
    line.trim()
        .chars()
        .map(|c| if c.is_ascii_digit() { '0' } else { c })
        .collect::<String>()
        .replace("00", "0")
}

/// Short lines at the top or bottom of at least half of the pages (three pages or more).
fn repeated_lines(texts: &[(u32, Vec<Line>)]) -> HashMap<String, usize> {
    let mut seen: HashMap<String, usize> = HashMap::new();
    for (_, lines) in texts {
        let lines: Vec<&str> = lines.iter().map(|line| line.text.as_str()).collect();
        let top = lines.iter().take(2);
        let bottom = lines.iter().rev().take(2);
        let shapes: std::collections::HashSet<String> = top
            .chain(bottom)
            .filter(|line| line.chars().count() <= 100)
            .map(|line| line_shape(line))
            .collect();
        for shape in shapes {
            *seen.entry(shape).or_default() += 1;
        }
    }
    let needed = (texts.len() / 2 + 1).max(3);
    seen.retain(|_, pages| *pages >= needed);
    seen
}

fn is_page_number(line: &str) -> bool {
    let line = line.trim();
    !line.is_empty() && line.len() <= 4 && line.chars().all(|c| c.is_ascii_digit())
}
