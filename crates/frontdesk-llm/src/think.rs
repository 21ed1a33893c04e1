//! Drops the reasoning that some open models write before their answer, between `<think>` and `</think>`; it is not
//! meant for customers.

const OPEN: &str = "<think>";
const CLOSE: &str = "</think>";

/// A filter over streamed text.
#[derive(Debug, Default)]
pub(crate) struct ThinkFilter {
    state: State,
    held: String,
}

#[derive(Debug, Default, PartialEq)]
enum State {
    /// Nothing but white space, or the beginning of the opening mark, so far.
    #[default]
    Start,
    Thinking,
    /// After the closing mark, before the answer's first letter.
    Gap,
    Passing,
}

impl ThinkFilter {
    /// The part of the text that may be shown now.
    pub(crate) fn push(&mut self, text: &str) -> String {
        if self.state == State::Passing {
            return text.to_owned();
        }
        self.held.push_str(text);
        if self.state == State::Start {
            let begun = self.held.trim_start();
            if begun.starts_with(OPEN) {
                self.state = State::Thinking;
            } else if OPEN.starts_with(begun) {
                return String::new();
            } else {
                self.state = State::Passing;
                return std::mem::take(&mut self.held);
            }
        }
        if self.state == State::Thinking {
            let Some(end) = self.held.find(CLOSE) else {
                // Keep only what may be the beginning of the closing mark.
                let mut keep = self.held.len().saturating_sub(CLOSE.len() - 1);
                while !self.held.is_char_boundary(keep) {
                    keep -= 1;
                }
                self.held.drain(..keep);
                return String::new();
            };
            self.held.drain(..end + CLOSE.len());
            self.state = State::Gap;
        }
        let shown = self.held.trim_start().to_owned();
        self.held.clear();
        if !shown.is_empty() {
            self.state = State::Passing;
        }
        shown
    }

    /// What was held back and turned out to be text, at the end of the answer.
    pub(crate) fn finish(&mut self) -> String {
        let held = std::mem::take(&mut self.held);
        if self.state == State::Start && !held.trim().is_empty() { held } else { String::new() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(pieces: &[&str]) -> String {
        let mut filter = ThinkFilter::default();
        let mut out: String = pieces.iter().map(|piece| filter.push(piece)).collect();
        out.push_str(&filter.finish());
        out
    }

    #[test]
    fn reasoning_before_the_answer_is_dropped_however_it_is_cut() {
        let text = "\n<think>The user äsks < b </thin ok</think>\n\nWe open at <b>9</b>.";
        assert_eq!(run(&[text]), "We open at <b>9</b>.");
        let letters: Vec<String> = text.chars().map(String::from).collect();
        assert_eq!(run(&letters.iter().map(String::as_str).collect::<Vec<_>>()), "We open at <b>9</b>.");
    }

    #[test]
    fn other_text_passes_unchanged() {
        assert_eq!(run(&["Hello", " <think> is a tag"]), "Hello <think> is a tag");
        assert_eq!(run(&["<thi", "rd> option"]), "<third> option");
        assert_eq!(run(&["<thi"]), "<thi");
        assert_eq!(run(&["<think>never closed"]), "");
    }
}
