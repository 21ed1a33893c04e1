//! Chunks: the passages that are indexed, found and quoted.
//!
//! A chunk never crosses a heading; it carries the title and headings above it as context. Paragraphs and list items of
//! one section are merged up to [`Size::words`]; a longer section continues in the next chunk with its last sentence
//! repeated. Table rows keep their column names (the parser writes them into each row) and are never cut. A question
//! and its answer are one chunk. The same document always gives the same chunks, and no text is lost.

use crate::parse::{Block, BlockKind, Document, Place};
use crate::text::{is_ideograph, sentences, word_count};
use serde::{Deserialize, Serialize};

/// A passage of a document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Chunk {
    /// Position in the document, from 0.
    pub ordinal: u32,
    /// The passage; its paragraphs, items and rows are separated by line breaks.
    pub text: String,
    /// Title and headings above it: `Price list › Haircuts`.
    pub context: String,
    /// Where it begins.
    pub place: Place,
    /// The question it answers, when it is one of a pair.
    pub question: Option<String>,
}

impl Chunk {
    /// The text an embedding is computed of: context and question first, since the passage alone may not say what it
    /// is about.
    pub fn embedding_text(&self) -> String {
        let mut text = String::with_capacity(self.context.len() + self.text.len() + 2);
        for part in [Some(self.context.as_str()), self.question.as_deref(), Some(self.text.as_str())]
            .into_iter()
            .flatten()
        {
            if !part.is_empty() {
                if !text.is_empty() {
                    text.push('\n');
                }
                text.push_str(part);
            }
        }
        text
    }
}

/// How large chunks are, in words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Size {
    /// Most words of a chunk. Sentence embedders read about 190 words (256 word pieces) and ignore the rest.
    pub words: usize,
    /// Most words repeated from the chunk before.
    pub overlap: usize,
}

impl Default for Size {
    fn default() -> Self {
        Self { words: 200, overlap: 30 }
    }
}

/// Cuts `document` into chunks.
pub fn chunk(document: &Document, size: Size) -> Vec<Chunk> {
    let mut cutter =
        Cutter { title: document.title.as_deref().unwrap_or_default(), size, chunks: Vec::new(), open: None };
    for (index, block) in document.blocks.iter().enumerate() {
        match &block.kind {
            BlockKind::Heading { .. } => {
                cutter.flush();
                let has_body = document
                    .blocks
                    .get(index + 1)
                    .is_some_and(|next| next.place.heading_path.contains(&heading_name(block)));
                // A heading with nothing under it would be lost: it is no context of anything.
                if !has_body && block.text != document.title.as_deref().unwrap_or_default()
                    || block.text.chars().count() > 200
                {
                    cutter.push_text(block, &block.text);
                    cutter.flush();
                }
            }
            BlockKind::Faq { question } => {
                cutter.flush();
                cutter.question(block, question);
            }
            BlockKind::TableRow { .. } => cutter.push_row(block),
            BlockKind::Paragraph | BlockKind::ListItem => cutter.push_text(block, &block.text),
        }
    }
    cutter.flush();
    // A document of its title alone: the title is no context of anything either.
    if cutter.chunks.is_empty()
        && let Some(only) = document.blocks.first()
    {
        cutter.push_text(only, &only.text);
        cutter.flush();
    }
    cutter.chunks
}

fn heading_name(block: &Block) -> String {
    block.text.chars().take(200).collect()
}

struct Cutter<'a> {
    title: &'a str,
    size: Size,
    chunks: Vec<Chunk>,
    open: Option<Open>,
}

/// The chunk being filled.
struct Open {
    text: String,
    words: usize,
    /// Bytes at the start that repeat the chunk before.
    repeated: usize,
    place: Place,
    is_table: bool,
}

impl Cutter<'_> {
    fn push_row(&mut self, block: &Block) {
        let words = word_count(&block.text);
        let fits = self.open.as_ref().is_some_and(|open| {
            open.is_table
                && open.place.heading_path == block.place.heading_path
                && open.words + words <= self.size.words
        });
        if !fits {
            self.flush();
        }
        if words > self.size.words * 4 {
            self.push_text(block, &block.text);
            self.flush();
            return;
        }
        self.append(&block.place, &block.text, words, '\n', true);
    }

    fn push_text(&mut self, block: &Block, text: &str) {
        let same_section = self
            .open
            .as_ref()
            .is_some_and(|open| !open.is_table && open.place.heading_path == block.place.heading_path);
        if !same_section {
            self.flush();
        }
        let words = word_count(text);
        let room = self.size.words.saturating_sub(self.open.as_ref().map_or(0, |open| open.words));
        if words <= room {
            self.append(&block.place, text, words, '\n', false);
            return;
        }
        // A paragraph that fits a chunk of its own is not cut, unless that would leave the open one nearly empty.
        if words <= self.size.words && room * 2 < self.size.words {
            self.next_with_overlap(&block.place);
            let room = self.size.words.saturating_sub(self.open.as_ref().map_or(0, |open| open.words));
            if words > room {
                self.open = None;
            }
            self.append(&block.place, text, words, '\n', false);
            return;
        }
        let mut separator = '\n';
        for piece in pieces(text, self.size.words) {
            let words = word_count(piece);
            let used = self.open.as_ref().map_or(0, |open| open.words);
            if used > 0 && used + words > self.size.words {
                self.next_with_overlap(&block.place);
                let used = self.open.as_ref().map_or(0, |open| open.words);
                if used + words > self.size.words {
                    self.open = None;
                }
            }
            self.append(&block.place, piece, words, separator, false);
            separator = ' ';
        }
    }

    fn append(&mut self, place: &Place, text: &str, words: usize, separator: char, is_table: bool) {
        let open = self.open.get_or_insert_with(|| Open {
            text: String::new(),
            words: 0,
            repeated: 0,
            place: place.clone(),
            is_table,
        });
        if !open.text.is_empty() {
            open.text.push(separator);
        }
        open.text.push_str(text);
        open.words += words;
    }

    /// Ends the open chunk and begins the next with its last sentence, if that is short.
    fn next_with_overlap(&mut self, place: &Place) {
        let tail = self.open.as_ref().and_then(|open| {
            let last = sentences(&open.text).pop()?;
            let tail = open.text.get(last.clone())?;
            (last.start >= open.repeated && last.start > 0 && word_count(tail) <= self.size.overlap)
                .then(|| tail.to_owned())
        });
        self.flush();
        if let Some(tail) = tail {
            let words = word_count(&tail);
            self.append(place, &tail, words, ' ', false);
            if let Some(open) = &mut self.open {
                open.repeated = open.text.len();
            }
        }
    }

    fn question(&mut self, block: &Block, question: &str) {
        let limit = self.size.words * 2;
        let whole = word_count(&block.text) <= limit;
        let parts: Vec<&str> =
            if whole { vec![block.text.as_str()] } else { pieces(&block.text, self.size.words) };
        let mut answer = String::new();
        for part in parts {
            if !answer.is_empty() && word_count(&answer) + word_count(part) > limit {
                let text = std::mem::take(&mut answer);
                self.emit(text, block.place.clone(), Some(question.to_owned()));
            }
            if !answer.is_empty() {
                answer.push(' ');
            }
            answer.push_str(part);
        }
        self.emit(answer, block.place.clone(), Some(question.to_owned()));
    }

    fn flush(&mut self) {
        if let Some(open) = self.open.take()
            && open.text.len() > open.repeated
        {
            self.emit(open.text, open.place, None);
        }
    }

    fn emit(&mut self, text: String, place: Place, question: Option<String>) {
        let mut parts: Vec<&str> = Vec::new();
        for part in std::iter::once(self.title).chain(place.heading_path.iter().map(String::as_str)) {
            if !part.is_empty() && parts.last() != Some(&part) {
                parts.push(part);
            }
        }
        let context = parts.join(" › ");
        self.chunks.push(Chunk { ordinal: self.chunks.len() as u32, text, context, place, question });
    }
}

/// The sentences of `text`, those of more than `most` words cut between words. Together they hold all of it.
fn pieces(text: &str, most: usize) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut from = 0;
    let ends = sentences(text).into_iter().map(|range| range.end).chain([text.len()]);
    for end in ends {
        let Some(sentence) = text.get(from..end) else { continue };
        from = end;
        let mut rest = sentence.trim();
        while word_count(rest) > most {
            let cut = cut_after_words(rest, most);
            let (head, tail) = rest.split_at(cut);
            pieces.push(head.trim());
            rest = tail.trim();
        }
        if !rest.is_empty() {
            pieces.push(rest);
        }
    }
    pieces
}

/// Byte position after about `most` words: between words, or between characters of scripts without spaces. Always
/// inside `text` and after its first character.
fn cut_after_words(text: &str, most: usize) -> usize {
    let mut half_words = 0;
    let mut in_word = false;
    for (at, c) in text.char_indices() {
        if half_words >= most * 2 && at > 0 && (c.is_whitespace() || is_ideograph(c)) {
            return at;
        }
        if is_ideograph(c) {
            half_words += 1;
            in_word = false;
        } else if c.is_whitespace() {
            in_word = false;
        } else if !in_word {
            half_words += 2;
            in_word = true;
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parse::{Format, Limits, parse};
    use proptest::prelude::*;

    fn chunks(markdown: &str) -> Vec<Chunk> {
        let document = parse(Format::Markdown, markdown.as_bytes(), &Limits::default()).unwrap();
        chunk(&document, Size::default())
    }

    #[test]
    fn headings_become_context() {
        let chunks = chunks(
            "# Salon\n\nWelcome.\n\n## Prices\n\n### Cuts\n\nA cut costs $40.\n\nA beard trim costs $15.\n",
        );
        assert_eq!(chunks.len(), 2);
        assert_eq!(chunks[1].context, "Salon › Prices › Cuts");
        assert_eq!(chunks[1].text, "A cut costs $40.\nA beard trim costs $15.");
        assert_eq!(chunks[1].place.heading_path, ["Salon", "Prices", "Cuts"]);
    }

    #[test]
    fn long_sections_are_cut_between_sentences_with_overlap() {
        let text = (0..60)
            .map(|n| format!("Sentence number {n} has exactly eight words here."))
            .collect::<Vec<_>>()
            .join(" ");
        let chunks = chunks(&text);
        assert!(chunks.len() >= 3, "{}", chunks.len());
        for pair in chunks.windows(2) {
            assert!(word_count(&pair[0].text) <= 200);
            let last = sentences(&pair[0].text).pop().unwrap();
            assert!(pair[1].text.starts_with(&pair[0].text[last]), "{}", pair[1].text);
        }
    }

    #[test]
    fn tables_keep_their_column_names_in_every_row() {
        let rows = (0..80).map(|n| format!("| Item {n} | ${n} |")).collect::<Vec<_>>().join("\n");
        let chunks = chunks(&format!("| Service | Price |\n|---|---|\n{rows}"));
        assert!(chunks.len() > 1);
        for chunk in &chunks {
            assert!(
                chunk.text.lines().all(|line| line.starts_with("Service: Item") && line.contains("Price: $"))
            );
        }
        assert_eq!(chunks[0].place.row, Some(1));
    }

    #[test]
    fn a_question_and_its_answer_are_one_chunk() {
        let chunks = chunks(
            "# FAQ\n\n## Do you take walk-ins?\n\nYes, before noon.\n\nAfter noon you need an appointment.\n",
        );
        assert_eq!(chunks.len(), 1);
        assert_eq!(chunks[0].question.as_deref(), Some("Do you take walk-ins?"));
        assert_eq!(chunks[0].text, "Yes, before noon. After noon you need an appointment.");
    }

    #[test]
    fn a_script_without_spaces_is_cut_too() {
        let text = "営業時間".repeat(300);
        let chunks = chunks(&text);
        assert!(chunks.len() >= 3);
        assert!(chunks.iter().all(|chunk| word_count(&chunk.text) <= 210));
        assert_eq!(chunks.iter().map(|chunk| chunk.text.as_str()).collect::<String>(), text);
    }

    #[test]
    fn a_document_of_its_title_alone_is_one_chunk() {
        let chunks = chunks("# Closed on Mondays\n");
        assert_eq!(chunks.len(), 1);
        assert_eq!(chunks[0].text, "Closed on Mondays");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn no_text_is_lost(blocks in proptest::collection::vec(("(#{1,3} |- |> |\\| )?[a-zA-Z0-9 .,!?äöü]{0,400}", 1..4_usize), 1..20)) {
            let markdown = blocks.iter().map(|(text, breaks)| text.clone() + &"\n".repeat(*breaks)).collect::<String>();
            let Ok(document) = parse(Format::Markdown, markdown.as_bytes(), &Limits::default()) else { return Ok(()) };
            for size in [Size::default(), Size { words: 12, overlap: 4 }] {
                let chunks = chunk(&document, size);
                let mut all = String::new();
                for chunk in &chunks {
                    all.push_str(&chunk.context);
                    all.push(' ');
                    all.push_str(chunk.question.as_deref().unwrap_or_default());
                    all.push(' ');
                    all.push_str(&chunk.text);
                    all.push(' ');
                }
                let kept: String = all.split_whitespace().collect();
                for block in &document.blocks {
                    for word in block.text.split_whitespace() {
                        prop_assert!(kept.contains(word), "lost {word:?} of {:?}", block.text);
                    }
                }
                for (index, chunk) in chunks.iter().enumerate() {
                    prop_assert_eq!(chunk.ordinal as usize, index);
                    prop_assert!(!chunk.text.is_empty());
                }
                prop_assert_eq!(&chunk(&document, size), &chunks);
            }
        }
    }
}
