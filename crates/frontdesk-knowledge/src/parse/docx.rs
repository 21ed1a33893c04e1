//! Word files: headings by style, lists, tables, footnotes left out.
//!
//! A DOCX is a ZIP archive of XML (ECMA-376). Two parts are read, `word/document.xml` and `word/styles.xml`, each
//! unpacked only up to the limits, so an archive bomb costs no more than a large file. The XML reader resolves no
//! external or custom entities.

use super::{Builder, Document, Limits, ParseError, table};
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use std::collections::HashMap;
use std::io::{Cursor, Read};
use zip::ZipArchive;
use zip::result::ZipError;

/// Reads a Word file.
pub(super) fn parse(bytes: &[u8], limits: &Limits) -> Result<Document, ParseError> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|error| unreadable(&error))?;
    if archive.len() > limits.entries {
        return Err(ParseError::too_large("the number of files inside it", limits.entries.to_string()));
    }
    let mut budget = limits.expansion.saturating_mul(bytes.len() as u64).max(1024 * 1024);
    let Some(body) = part(&mut archive, "word/document.xml", limits, &mut budget)? else {
        return Err(ParseError::WrongFormat {
            expected: "a Word file (.docx)".to_owned(),
            found: "another kind of archive or Office file".to_owned(),
        });
    };
    let styles = part(&mut archive, "word/styles.xml", limits, &mut budget)?;
    let core = part(&mut archive, "docProps/core.xml", limits, &mut budget)?;
    let headings = styles.as_deref().map(heading_styles).unwrap_or_default();
    let mut walk = Walk::new(&headings, limits);
    walk.read(&body, limits.depth)?;
    walk.builder.finish(core.as_deref().and_then(title))
}

fn unreadable(error: &ZipError) -> ParseError {
    match error {
        ZipError::UnsupportedArchive(reason) if reason.contains("assword") => ParseError::PasswordProtected,
        _ => ParseError::damaged("it cannot be unpacked"),
    }
}

/// One file of the archive as text, or `None` when the archive has none of that name.
fn part(
    archive: &mut ZipArchive<Cursor<&[u8]>>,
    name: &str,
    limits: &Limits,
    budget: &mut u64,
) -> Result<Option<String>, ParseError> {
    let file = match archive.by_name(name) {
        Ok(file) => file,
        Err(ZipError::FileNotFound) => return Ok(None),
        Err(error) => return Err(unreadable(&error)),
    };
    let most = limits.unpacked_bytes.min(*budget);
    let mut bytes = Vec::new();
    // The size in the archive's directory can lie; only what is really unpacked counts.
    file.take(most + 1)
        .read_to_end(&mut bytes)
        .map_err(|_| ParseError::damaged("a part of it cannot be unpacked"))?;
    if bytes.len() as u64 > most {
        return Err(ParseError::too_large(
            "what is packed inside it",
            format!("{} MB", (most / (1024 * 1024)).max(1)),
        ));
    }
    *budget -= bytes.len() as u64;
    Ok(Some(super::encoding::decode(&bytes)))
}

fn attribute(element: &BytesStart<'_>, name: &str) -> Option<String> {
    let found = element.try_get_attribute(name).ok().flatten()?;
    Some(found.value.into_owned())
}

/// The heading level of each paragraph style: by its outline level, else by its built-in name, which Word stores in
/// English in every language (`heading 1`), following `basedOn`.
fn heading_styles(xml: &str) -> HashMap<String, u8> {
    let mut levels = HashMap::new();
    let mut parents: HashMap<String, String> = HashMap::new();
    let mut reader = Reader::from_str(xml);
    let mut style: Option<String> = None;
    while let Ok(event) = reader.read_event() {
        match event {
            Event::Eof => break,
            Event::Start(element) | Event::Empty(element) => match element.name().as_ref() {
                "w:style" => style = attribute(&element, "w:styleId"),
                "w:name" => {
                    let name = attribute(&element, "w:val").unwrap_or_default().to_lowercase();
                    let level = match name.as_str() {
                        "title" => Some(1),
                        name => name.strip_prefix("heading ").and_then(|level| level.parse().ok()),
                    };
                    if let (Some(style), Some(level)) = (&style, level) {
                        levels.insert(style.clone(), level);
                    }
                }
                "w:outlineLvl" => {
                    let level = attribute(&element, "w:val").and_then(|level| level.parse::<u8>().ok());
                    if let (Some(style), Some(level)) = (&style, level)
                        && level < 6
                    {
                        levels.entry(style.clone()).or_insert(level + 1);
                    }
                }
                "w:basedOn" => {
                    if let (Some(style), Some(parent)) = (&style, attribute(&element, "w:val")) {
                        parents.insert(style.clone(), parent);
                    }
                }
                _ => {}
            },
            _ => {}
        }
    }
    for (style, parent) in &parents {
        if let Some(level) = levels.get(parent).copied() {
            levels.entry(style.clone()).or_insert(level);
        }
    }
    levels
}

fn title(core: &str) -> Option<String> {
    let (_, rest) = core.split_once("<dc:title>")?;
    let (title, _) = rest.split_once("</dc:title>")?;
    quick_xml::escape::unescape(title).ok().map(std::borrow::Cow::into_owned)
}

/// The state of reading the body.
struct Walk<'a> {
    builder: Builder<'a>,
    headings: &'a HashMap<String, u8>,
    paragraph: String,
    level: Option<u8>,
    listed: bool,
    tables: Vec<Table>,
    in_text: bool,
    skipping: usize,
}

/// A table being read; tables nest.
#[derive(Default)]
struct Table {
    rows: Vec<Vec<String>>,
    row: Vec<String>,
    cell: String,
    header_rows: usize,
    row_is_header: bool,
}

impl<'a> Walk<'a> {
    fn new(headings: &'a HashMap<String, u8>, limits: &'a Limits) -> Self {
        Self {
            builder: Builder::new(limits),
            headings,
            paragraph: String::new(),
            level: None,
            listed: false,
            tables: Vec::new(),
            in_text: false,
            skipping: 0,
        }
    }

    fn read(&mut self, xml: &str, depth_limit: usize) -> Result<(), ParseError> {
        let mut reader = Reader::from_str(xml);
        let mut depth = 0_usize;
        loop {
            if self.builder.is_full() {
                return Ok(());
            }
            let event =
                reader.read_event().map_err(|_| ParseError::damaged("its text part is not valid XML"))?;
            match event {
                Event::Eof => {
                    return if depth == 0 {
                        Ok(())
                    } else {
                        Err(ParseError::damaged("its text part ends in the middle"))
                    };
                }
                Event::Start(element) => {
                    depth += 1;
                    if depth > depth_limit {
                        return Err(ParseError::too_large(
                            "the nesting inside it",
                            format!("{depth_limit} levels"),
                        ));
                    }
                    self.open(&element);
                }
                Event::Empty(element) => {
                    self.open(&element);
                    self.close(element.name().as_ref());
                }
                Event::End(element) => {
                    depth = depth.saturating_sub(1);
                    self.close(element.name().as_ref());
                }
                Event::Text(text) if self.takes_text() => self.paragraph.push_str(&text),
                Event::CData(text) if self.takes_text() => self.paragraph.push_str(&text),
                Event::GeneralRef(entity) if self.takes_text() => {
                    if let Ok(Some(c)) = entity.resolve_char_ref() {
                        self.paragraph.push(c);
                    } else if let Some(text) = quick_xml::escape::resolve_predefined_entity(&entity) {
                        self.paragraph.push_str(text);
                    }
                }
                _ => {}
            }
        }
    }

    fn takes_text(&self) -> bool {
        self.in_text && self.skipping == 0
    }

    fn open(&mut self, element: &BytesStart<'_>) {
        match element.name().as_ref() {
            // Deleted text, and the fallback copy of a drawing, are not part of what the reader sees.
            "w:del" | "mc:Fallback" => self.skipping += 1,
            "w:p" => {
                self.level = None;
                self.listed = false;
            }
            "w:pStyle" => {
                let style = attribute(element, "w:val").unwrap_or_default();
                self.level = self.headings.get(&style).copied().or_else(|| plain_heading(&style));
                self.listed |= style.to_lowercase().starts_with("list");
            }
            "w:numPr" => self.listed = true,
            "w:t" => self.in_text = true,
            "w:tab" | "w:br" | "w:cr" => self.paragraph.push(' '),
            "w:noBreakHyphen" => self.paragraph.push('-'),
            "w:tbl" => self.tables.push(Table::default()),
            "w:tblHeader" => {
                if let Some(table) = self.tables.last_mut() {
                    table.row_is_header = true;
                }
            }
            _ => {}
        }
    }

    fn close(&mut self, name: &str) {
        match name {
            "w:del" | "mc:Fallback" => self.skipping = self.skipping.saturating_sub(1),
            "w:t" => self.in_text = false,
            "w:p" => self.end_paragraph(),
            "w:tc" => {
                if let Some(table) = self.tables.last_mut() {
                    let cell = std::mem::take(&mut table.cell);
                    table.row.push(cell);
                }
            }
            "w:tr" => {
                if let Some(table) = self.tables.last_mut() {
                    let row = std::mem::take(&mut table.row);
                    if std::mem::take(&mut table.row_is_header) && table.header_rows == table.rows.len() {
                        table.header_rows += 1;
                    }
                    table.rows.push(row);
                }
            }
            "w:tbl" => self.end_table(),
            _ => {}
        }
    }

    fn end_paragraph(&mut self) {
        let text = std::mem::take(&mut self.paragraph);
        if let Some(table) = self.tables.last_mut() {
            if !table.cell.is_empty() {
                table.cell.push(' ');
            }
            table.cell.push_str(&text);
        } else if let Some(level) = self.level {
            self.builder.heading(level, &text);
        } else if self.listed {
            self.builder.item(&text);
        } else {
            self.builder.paragraph(&text);
        }
    }

    fn end_table(&mut self) {
        let Some(done) = self.tables.pop() else { return };
        if let Some(outer) = self.tables.last_mut() {
            // A table inside a cell becomes text of that cell.
            for row in &done.rows {
                outer.cell.push(' ');
                outer.cell.push_str(&row.join(" "));
            }
        } else {
            table::add(&mut self.builder, &done.rows, (done.header_rows > 0).then_some(done.header_rows));
        }
    }
}

/// `Heading1` without a styles part.
fn plain_heading(style: &str) -> Option<u8> {
    let level = style.strip_prefix("Heading")?.trim();
    level.parse().ok().filter(|level| (1..=9).contains(level))
}
