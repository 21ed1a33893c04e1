//! Parsing: bytes of an uploaded file or fetched page become a [`Document`] of blocks with places.
//!
//! Every parser is bounded by [`Limits`] and answers a [`ParseError`] that a person understands. Parsers of hostile
//! formats can still use much time or memory before a limit is seen, or crash: outside tests they run in a process of
//! their own (see `worker`). Nothing here reads files or the network. To add a format: a variant of [`Format`], its
//! detection, a file here with a `parse` function, and one line in [`parse`].

mod csv;
mod docx;
mod encoding;
mod faq;
mod format;
pub mod html;
mod layout;
mod markdown;
mod pdf;
mod plain;
mod table;

pub use format::Format;

use crate::language::Language;
use crate::text;
use serde::{Deserialize, Serialize};

/// The most a document may take while it is parsed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// Size of the file in bytes.
    pub bytes: usize,
    /// Pages of a PDF.
    pub pages: u32,
    /// Characters of text in the result.
    pub text_chars: usize,
    /// Blocks (headings, paragraphs, list items, table rows) in the result.
    pub blocks: usize,
    /// Bytes that one compressed part may unpack to.
    pub unpacked_bytes: u64,
    /// How many times larger than the file all unpacked parts may be.
    pub expansion: u64,
    /// Files inside an archive (a DOCX is a ZIP archive).
    pub entries: usize,
    /// Nesting depth of markup.
    pub depth: usize,
    /// Bytes of one CSV field.
    pub field_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            bytes: 25 * 1024 * 1024,
            pages: 2_000,
            text_chars: 10_000_000,
            blocks: 200_000,
            unpacked_bytes: 64 * 1024 * 1024,
            expansion: 200,
            entries: 5_000,
            depth: 512,
            field_bytes: 256 * 1024,
        }
    }
}

/// Why a document could not be read. Each message says what happened and what to do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum ParseError {
    /// The file opens only with a password.
    #[error("This file is protected with a password. Save a copy without the password and upload that.")]
    PasswordProtected,
    /// The file does not follow its format.
    #[error(
        "This file is damaged: {reason}. Open it in the program it comes from, save it again, and upload the new copy."
    )]
    Damaged {
        /// What is wrong with it.
        reason: String,
    },
    /// The file has pages but no text, so it is probably scanned.
    #[error(
        "This file holds pictures of pages, not text. Run text recognition (OCR) on it, or upload the original document."
    )]
    NeedsOcr,
    /// The file is larger than allowed.
    #[error("This file is too large: {what} is more than the {limit} allowed. Split it into smaller files.")]
    TooLarge {
        /// What was counted, such as "its size".
        what: String,
        /// The limit with its unit.
        limit: String,
    },
    /// The file has too many pages.
    #[error("This file has {pages} pages; at most {limit} are read. Split it into smaller files.")]
    TooManyPages {
        /// Pages it has.
        pages: u32,
        /// Pages that are allowed.
        limit: u32,
    },
    /// The kind of file is not known.
    #[error(
        "This kind of file cannot be read. Upload a PDF, Word (.docx), Markdown, HTML, CSV or plain text file."
    )]
    Unsupported,
    /// The content is of another kind than the file says.
    #[error(
        "This file is named {expected} but its content is {found}. Check that you chose the right file, or rename it."
    )]
    WrongFormat {
        /// The kind the name or upload says.
        expected: String,
        /// The kind the content has.
        found: String,
    },
    /// There is no text in it.
    #[error("This file has no text in it. Check that you chose the right file.")]
    Empty,
    /// Reading took longer than allowed.
    #[error(
        "Reading this file took longer than {seconds} seconds and was stopped. Split it into smaller files or save it as plain text."
    )]
    TimedOut {
        /// The limit in seconds.
        seconds: u64,
    },
    /// Reading ended without an answer, most likely because memory ran out.
    #[error(
        "Reading this file needed too much memory or failed and was stopped. It may be damaged: save it again, split it, or upload it as plain text."
    )]
    Crashed,
    /// The reading process could not be started; nothing is wrong with the file.
    #[error(
        "The file could not be read just now because the server could not start its reader ({reason}). Try again; if it keeps happening, ask your administrator."
    )]
    Unavailable {
        /// Why it could not be started.
        reason: String,
    },
}

impl ParseError {
    /// A stable name for the kind of error.
    pub fn code(&self) -> &'static str {
        match self {
            Self::PasswordProtected => "password_protected",
            Self::Damaged { .. } => "damaged",
            Self::NeedsOcr => "needs_ocr",
            Self::TooLarge { .. } => "too_large",
            Self::TooManyPages { .. } => "too_many_pages",
            Self::Unsupported => "unsupported",
            Self::WrongFormat { .. } => "wrong_format",
            Self::Empty => "empty",
            Self::TimedOut { .. } => "timed_out",
            Self::Crashed => "crashed",
            Self::Unavailable { .. } => "unavailable",
        }
    }

    /// True when the same file may be read at another time: the file is not at fault.
    pub fn is_temporary(&self) -> bool {
        matches!(self, Self::Unavailable { .. })
    }

    pub(crate) fn damaged(reason: impl Into<String>) -> Self {
        Self::Damaged { reason: reason.into() }
    }

    pub(crate) fn too_large(what: &str, limit: String) -> Self {
        Self::TooLarge { what: what.to_owned(), limit }
    }
}

/// Where in its document a text stands.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// Page, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page: Option<u32>,
    /// The headings above it, outermost first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub heading_path: Vec<String>,
    /// Row of a table or CSV file, from 1, headings not counted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub row: Option<u32>,
}

impl Place {
    /// The place in words, such as `page 3, Opening hours, row 2`; empty when nothing is known.
    pub fn describe(&self) -> String {
        let page = self.page.map(|page| format!("page {page}"));
        let row = self.row.map(|row| format!("row {row}"));
        let parts: Vec<String> =
            page.into_iter().chain(self.heading_path.last().cloned()).chain(row).collect();
        parts.join(", ")
    }
}

/// What a block is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum BlockKind {
    /// A heading; 1 is the outermost level.
    Heading {
        /// 1 to 6.
        level: u8,
    },
    /// Running text.
    Paragraph,
    /// One item of a list.
    ListItem,
    /// One row of a table; the block's text reads `Column: value; Column: value`.
    TableRow {
        /// The column names, as far as the table has them.
        header: Vec<String>,
    },
    /// An answer; the block's text is the answer alone.
    Faq {
        /// The question it answers.
        question: String,
    },
}

/// A piece of a document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Block {
    /// What it is.
    #[serde(flatten)]
    pub kind: BlockKind,
    /// Its text, white space collapsed.
    pub text: String,
    /// Where it stands.
    pub place: Place,
}

/// A parsed document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Document {
    /// The document's own title, when it has one.
    pub title: Option<String>,
    /// The language most of it is written in.
    pub language: Language,
    /// Its blocks in reading order.
    pub blocks: Vec<Block>,
}

impl Document {
    /// A document of question and answer pairs, as typed in by a person.
    pub fn from_faq<Q: AsRef<str>, A: AsRef<str>>(title: &str, pairs: &[(Q, A)]) -> Self {
        let limits = Limits::default();
        let mut builder = Builder::new(&limits);
        for (question, answer) in pairs {
            builder.faq(question.as_ref(), answer.as_ref(), None);
        }
        let mut document = builder.into_document(Some(title.to_owned()));
        document.title = Some(text::squeeze(title)).filter(|title| !title.is_empty());
        document
    }

    /// Characters of text in all blocks.
    pub fn text_chars(&self) -> usize {
        self.blocks.iter().map(|block| block.text.chars().count()).sum()
    }
}

/// Reads `bytes` as `format`.
///
/// A PDF or Word file whose content is something else is refused; text formats accept any text.
pub fn parse(format: Format, bytes: &[u8], limits: &Limits) -> Result<Document, ParseError> {
    if bytes.len() > limits.bytes {
        return Err(ParseError::too_large("its size", format!("{} MB", limits.bytes / (1024 * 1024))));
    }
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(ParseError::Empty);
    }
    format.check_content(bytes)?;
    let document = match format {
        Format::Text => plain::parse(&encoding::decode(bytes), limits)?,
        Format::Markdown => markdown::parse(&encoding::decode(bytes), limits)?,
        Format::Html => html::parse(&encoding::decode_html(bytes), limits)?,
        Format::Pdf => pdf::parse(bytes, limits)?,
        Format::Docx => docx::parse(bytes, limits)?,
        Format::Csv => csv::parse(&encoding::decode(bytes), limits)?,
    };
    if document.blocks.is_empty() {
        return Err(ParseError::Empty);
    }
    Ok(document)
}

/// Collects blocks, keeps the heading path, and enforces the limits on the result.
pub(crate) struct Builder<'a> {
    limits: &'a Limits,
    blocks: Vec<Block>,
    headings: Vec<(u8, String)>,
    chars: usize,
    page: Option<u32>,
    overflow: Option<ParseError>,
}

impl<'a> Builder<'a> {
    pub(crate) fn new(limits: &'a Limits) -> Self {
        Self { limits, blocks: Vec::new(), headings: Vec::new(), chars: 0, page: None, overflow: None }
    }

    /// Blocks added from now on stand on this page.
    pub(crate) fn page(&mut self, page: u32) {
        self.page = Some(page);
    }

    pub(crate) fn heading(&mut self, level: u8, raw: &str) {
        let title = text::squeeze(raw);
        if title.is_empty() {
            return;
        }
        let level = level.clamp(1, 6);
        self.headings.retain(|(above, _)| *above < level);
        self.push(BlockKind::Heading { level }, title.clone(), None);
        self.headings.push((level, title.chars().take(200).collect()));
    }

    /// Ends the reach of headings of this level and below.
    pub(crate) fn end_heading(&mut self, level: u8) {
        self.headings.retain(|(above, _)| *above < level);
    }

    pub(crate) fn paragraph(&mut self, raw: &str) {
        self.push(BlockKind::Paragraph, text::squeeze(raw), None);
    }

    pub(crate) fn item(&mut self, raw: &str) {
        self.push(BlockKind::ListItem, text::squeeze(raw), None);
    }

    /// A table row; `row` counts from 1. Cells of known columns are written `Column: value`.
    pub(crate) fn row(&mut self, header: &[String], cells: &[String], row: u32) {
        let mut text = String::new();
        for (column, cell) in cells.iter().enumerate() {
            let cell = text::squeeze(cell);
            if cell.is_empty() {
                continue;
            }
            if !text.is_empty() {
                text.push_str("; ");
            }
            if let Some(name) = header.get(column).filter(|name| !name.is_empty()) {
                text.push_str(name);
                text.push_str(": ");
            }
            text.push_str(&cell);
        }
        self.push(BlockKind::TableRow { header: header.to_vec() }, text, Some(row));
    }

    /// A question and its answer; `row` is its row in a file of pairs.
    pub(crate) fn faq(&mut self, question: &str, answer: &str, row: Option<u32>) {
        let question = text::squeeze(question);
        let answer = text::squeeze(answer);
        if question.is_empty() {
            self.paragraph(&answer);
        } else if answer.is_empty() {
            self.paragraph(&question);
        } else {
            self.push(BlockKind::Faq { question }, answer, row);
        }
    }

    fn push(&mut self, kind: BlockKind, text: String, row: Option<u32>) {
        if self.overflow.is_some() || text.is_empty() {
            return;
        }
        self.chars += text.chars().count();
        if self.chars > self.limits.text_chars {
            self.overflow =
                Some(ParseError::too_large("its text", format!("{} characters", self.limits.text_chars)));
            return;
        }
        if self.blocks.len() >= self.limits.blocks {
            self.overflow = Some(ParseError::too_large(
                "the number of its paragraphs",
                format!("{}", self.limits.blocks),
            ));
            return;
        }
        let heading_path = self.headings.iter().map(|(_, title)| title.clone()).collect();
        self.blocks.push(Block { kind, text, place: Place { page: self.page, heading_path, row } });
    }

    /// True once a limit is passed; parsers stop early then.
    pub(crate) fn is_full(&self) -> bool {
        self.overflow.is_some()
    }

    pub(crate) fn finish(mut self, title: Option<String>) -> Result<Document, ParseError> {
        match self.overflow.take() {
            Some(error) => Err(error),
            None => Ok(self.into_document(title)),
        }
    }

    fn into_document(self, title: Option<String>) -> Document {
        let title = title.map(|title| text::squeeze(&title)).filter(|title| !title.is_empty());
        let blocks = faq::recognise(self.blocks);
        let title = title.or_else(|| {
            let first = blocks.first()?;
            matches!(first.kind, BlockKind::Heading { level: 1 }).then(|| first.text.clone())
        });
        let title = title.map(|title| title.chars().take(300).collect());
        let mut sample = String::new();
        for block in &blocks {
            if let BlockKind::Faq { question } = &block.kind {
                sample.push_str(question);
                sample.push(' ');
            }
            sample.push_str(&block.text);
            sample.push(' ');
            if sample.len() > 20_000 {
                break;
            }
        }
        let language = Language::detect(&sample).unwrap_or_else(|| fallback_language(&sample));
        Document { title, language, blocks }
    }
}

/// Latin-script text whose language is not told by its function words is treated as English: stemming helps lists of
/// products more than it hurts. Other scripts are left alone.
fn fallback_language(sample: &str) -> Language {
    let letters = sample.chars().filter(|c| c.is_alphabetic()).count();
    let latin = sample.chars().filter(char::is_ascii_alphabetic).count();
    if latin * 4 >= letters * 3 { Language::English } else { Language::Other }
}
