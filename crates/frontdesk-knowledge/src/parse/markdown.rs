//! Markdown (CommonMark with tables), front matter title included.

use super::{Builder, Document, Limits, ParseError, table};
use pulldown_cmark::{Event, MetadataBlockKind, Options, Parser, Tag, TagEnd};

/// Reads Markdown. Emphasis, links and images keep their words and lose their marks; raw HTML loses its tags.
pub(super) fn parse(text: &str, limits: &Limits) -> Result<Document, ParseError> {
    let options =
        Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_YAML_STYLE_METADATA_BLOCKS;
    let mut reader = Reader {
        builder: Builder::new(limits),
        text: String::new(),
        title: None,
        items: 0,
        in_metadata: false,
        in_html: false,
        rows: Vec::new(),
        row: Vec::new(),
    };
    let mut depth = 0_usize;
    for event in Parser::new_ext(text, options) {
        match &event {
            Event::Start(_) => depth += 1,
            Event::End(_) => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > limits.depth {
            return Err(ParseError::too_large(
                "the nesting of its quotes and lists",
                format!("{} levels", limits.depth),
            ));
        }
        reader.take(event);
        if reader.builder.is_full() {
            break;
        }
    }
    reader.flush();
    reader.builder.finish(reader.title)
}

struct Reader<'a> {
    builder: Builder<'a>,
    text: String,
    title: Option<String>,
    items: usize,
    in_metadata: bool,
    in_html: bool,
    rows: Vec<Vec<String>>,
    row: Vec<String>,
}

impl Reader<'_> {
    fn take(&mut self, event: Event<'_>) {
        match event {
            Event::Start(tag) => self.start(&tag),
            Event::End(tag) => self.end(tag),
            Event::Text(text) | Event::Code(text) => {
                if self.in_metadata {
                    self.read_metadata(&text);
                } else {
                    self.text.push_str(&text);
                }
            }
            Event::Html(html) | Event::InlineHtml(html) => self.add_html(&html),
            Event::SoftBreak | Event::HardBreak | Event::Rule => self.text.push(' '),
            _ => {}
        }
    }

    fn start(&mut self, tag: &Tag<'_>) {
        match tag {
            Tag::Item => {
                self.flush();
                self.items += 1;
            }
            Tag::MetadataBlock(MetadataBlockKind::YamlStyle) => self.in_metadata = true,
            Tag::Table(_) => {
                self.flush();
                self.rows.clear();
            }
            Tag::Heading { .. }
            | Tag::Paragraph
            | Tag::CodeBlock(_)
            | Tag::BlockQuote(_)
            | Tag::HtmlBlock => self.flush(),
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Heading(level) => {
                let title = std::mem::take(&mut self.text);
                self.builder.heading(level as u8, &title);
            }
            TagEnd::Item => {
                self.flush();
                self.items = self.items.saturating_sub(1);
            }
            TagEnd::MetadataBlock(_) => self.in_metadata = false,
            TagEnd::TableCell => self.row.push(std::mem::take(&mut self.text)),
            TagEnd::TableHead | TagEnd::TableRow => self.rows.push(std::mem::take(&mut self.row)),
            TagEnd::Table => {
                let rows = std::mem::take(&mut self.rows);
                let blank_head =
                    rows.first().is_some_and(|head| head.iter().all(|cell| cell.trim().is_empty()));
                let (rows, heads) =
                    if blank_head { (rows.get(1..).unwrap_or_default(), 0) } else { (rows.as_slice(), 1) };
                table::add(&mut self.builder, rows, Some(heads));
            }
            TagEnd::Paragraph | TagEnd::CodeBlock | TagEnd::BlockQuote(_) | TagEnd::HtmlBlock => self.flush(),
            _ => {}
        }
    }

    fn flush(&mut self) {
        let text = std::mem::take(&mut self.text);
        if self.items > 0 {
            self.builder.item(&text);
        } else {
            self.builder.paragraph(&text);
        }
    }

    fn read_metadata(&mut self, text: &str) {
        for line in text.lines() {
            if let Some(title) = line.strip_prefix("title:") {
                self.title = Some(title.trim().trim_matches(['"', '\'']).to_owned());
            }
        }
    }

    /// Keeps the words between tags; `in_html` carries an open tag over to the next piece.
    fn add_html(&mut self, html: &str) {
        for c in html.chars() {
            match c {
                '<' => self.in_html = true,
                '>' if self.in_html => {
                    self.in_html = false;
                    self.text.push(' ');
                }
                _ if !self.in_html => self.text.push(c),
                _ => {}
            }
        }
    }
}
