//! The lines of a PDF page: glyphs put together by where they stand, with their size, and cells where columns are.
//!
//! A PDF has no paragraphs, headings or tables, only glyphs at positions. A larger size makes a heading, a wide gap in a
//! line separates table cells, and a wide gap between lines ends a paragraph.

use super::plain::{self, Shape};
use super::{Builder, table};
use pdf_extract::{ColorSpace, MediaBox, OutputDev, OutputError, Path, Transform};
use std::collections::HashMap;

/// A line of a page.
#[derive(Debug, Clone, Default)]
pub(super) struct Line {
    /// Its words; cells are separated by tabs.
    pub(super) text: String,
    /// Height of its largest letters, in points; of its marks as long as it has no letters.
    size: f64,
    /// It has letters or digits.
    lettered: bool,
    /// Distance from the top of the page, in points.
    top: f64,
}

impl Line {
    /// A line whose place is not known.
    pub(super) fn unplaced(text: &str) -> Self {
        Self { text: text.to_owned(), ..Self::default() }
    }

    fn has_cells(&self) -> bool {
        self.text.contains('\t')
    }
}

/// Collects the glyphs of one page.
#[derive(Debug, Default)]
pub(super) struct Glyphs {
    pub(super) lines: Vec<Line>,
    height: f64,
    end: f64,
    word_begins: bool,
}

impl OutputDev for Glyphs {
    fn begin_page(
        &mut self,
        _: u32,
        media_box: &MediaBox,
        _: Option<(f64, f64, f64, f64)>,
    ) -> Result<(), OutputError> {
        self.height = media_box.ury - media_box.lly;
        Ok(())
    }

    fn output_character(
        &mut self,
        at: &Transform,
        width: f64,
        _: f64,
        font_size: f64,
        glyph: &str,
    ) -> Result<(), OutputError> {
        // The side of the square with the area of the transformed em box.
        let area = font_size * (at.m11 + at.m21) * font_size * (at.m12 + at.m22);
        let size = area.abs().sqrt().clamp(1.0, 400.0);
        let (x, y) = (at.m31, self.height - at.m32);
        let continues = self.lines.last().is_some_and(|line| {
            (y - line.top).abs() <= size.max(line.size) * 0.5 && x >= self.end - size * 2.0
        });
        if !continues {
            self.lines.push(Line { size, top: y, ..Line::default() });
            self.end = x;
        }
        if let Some(line) = self.lines.last_mut() {
            if self.word_begins && !line.text.is_empty() {
                let gap = x - self.end;
                if gap > size * 0.9 {
                    line.text.push('\t');
                } else if gap > size * 0.1 && !line.text.ends_with(' ') {
                    line.text.push(' ');
                }
            }
            line.text.push_str(glyph);
            if glyph.chars().any(char::is_alphanumeric) {
                // A bullet may be larger than the text it marks.
                line.size = if line.lettered { line.size.max(size) } else { size };
                line.lettered = true;
            }
        }
        self.word_begins = false;
        self.end = x + width * size;
        Ok(())
    }

    fn begin_word(&mut self) -> Result<(), OutputError> {
        self.word_begins = true;
        Ok(())
    }

    fn end_word(&mut self) -> Result<(), OutputError> {
        Ok(())
    }

    fn end_line(&mut self) -> Result<(), OutputError> {
        Ok(())
    }

    fn end_page(&mut self) -> Result<(), OutputError> {
        for line in &mut self.lines {
            line.text = tidy(&line.text);
        }
        self.lines.retain(|line| !line.text.is_empty());
        Ok(())
    }

    fn stroke(&mut self, _: &Transform, _: &ColorSpace, _: &[f64], _: &Path) -> Result<(), OutputError> {
        Ok(())
    }

    fn fill(&mut self, _: &Transform, _: &ColorSpace, _: &[f64], _: &Path) -> Result<(), OutputError> {
        Ok(())
    }
}

/// Cells without surrounding space; a bullet or list number is no cell of its own.
fn tidy(text: &str) -> String {
    let cells: Vec<&str> = text.split('\t').map(str::trim).filter(|cell| !cell.is_empty()).collect();
    match cells.as_slice() {
        [mark, rest @ ..] if !rest.is_empty() && is_list_mark(mark) => format!("{mark} {}", rest.join(" ")),
        cells => cells.join("\t"),
    }
}

fn is_list_mark(cell: &str) -> bool {
    let mark = cell.trim_end_matches(['.', ')']);
    let is_number = mark.len() < cell.len()
        && !mark.is_empty()
        && mark.len() <= 2
        && mark.chars().all(|c| c.is_ascii_digit());
    is_number || (cell.chars().count() == 1 && !cell.chars().all(char::is_alphanumeric))
}

/// The sizes of a document: of its running text, and of its headings from the largest down.
#[derive(Debug, Default)]
pub(super) struct Sizes {
    body: f64,
    headings: Vec<i64>,
}

/// Half points, so that sizes compare.
fn step(size: f64) -> i64 {
    (size * 2.0).round() as i64
}

impl Sizes {
    /// The size most glyphs have is the body's; clearly larger ones are headings'.
    pub(super) fn of<'a>(lines: impl Iterator<Item = &'a Line>) -> Self {
        let mut counts: HashMap<i64, usize> = HashMap::new();
        for line in lines {
            *counts.entry(step(line.size)).or_default() += line.text.chars().count();
        }
        let body = counts.iter().max_by_key(|(size, count)| (**count, **size)).map_or(0, |(size, _)| *size);
        let mut headings: Vec<i64> =
            counts.into_keys().filter(|size| *size * 100 >= body * 112 && body > 0).collect();
        headings.sort_unstable_by_key(|size| std::cmp::Reverse(*size));
        Self { body: body as f64 / 2.0, headings }
    }

    fn level(&self, line: &Line) -> Option<u8> {
        let position = self.headings.iter().position(|size| *size == step(line.size))?;
        (line.text.chars().count() <= 150 && !line.has_cells() && plain::list_item(&line.text).is_none())
            .then_some(position.min(4) as u8 + 1)
    }
}

/// Adds the blocks of a page to `builder`.
pub(super) fn add_page(builder: &mut Builder<'_>, lines: &[Line], sizes: &Sizes) {
    let mut rest = lines;
    let mut text = String::new();
    while let Some((line, after)) = rest.split_first() {
        if let Some(level) = sizes.level(line) {
            flush(builder, &mut text);
            // A heading may wrap.
            let more = after
                .iter()
                .take_while(|next| {
                    step(next.size) == step(line.size)
                        && next.top - line.top < line.size * 1.45
                        && next.top > line.top
                })
                .count()
                .min(2);
            let title: Vec<&str> =
                std::iter::once(line).chain(after.iter().take(more)).map(|line| line.text.as_str()).collect();
            builder.heading(level, &title.join(" "));
            rest = after.get(more..).unwrap_or_default();
            continue;
        }
        let rows = rest.iter().take_while(|line| line.has_cells() && sizes.level(line).is_none()).count();
        if rows >= 2 {
            flush(builder, &mut text);
            let cells: Vec<Vec<String>> = rest
                .iter()
                .take(rows)
                .map(|line| line.text.split('\t').map(str::to_owned).collect())
                .collect();
            table::add(builder, &cells, None);
            rest = rest.get(rows..).unwrap_or_default();
            continue;
        }
        text.push_str(&line.text.replace('\t', "  "));
        text.push('\n');
        // Leading is about 1.2 sizes; more than that is space between paragraphs.
        let gap = after.first().map_or(0.0, |next| next.top - line.top);
        if gap < 0.0 || gap > line.size.max(sizes.body) * 1.55 {
            text.push('\n');
        }
        rest = after;
    }
    flush(builder, &mut text);
}

fn flush(builder: &mut Builder<'_>, text: &mut String) {
    plain::add_text(builder, text, Shape::Layout);
    text.clear();
}
