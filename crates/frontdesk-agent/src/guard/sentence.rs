//! Splits streamed text into sentences without losing a byte.
//!
//! A sentence ends at `.`, `!`, `?` or `…` (with closing quotes, brackets and emphasis) before white space, and at
//! every line end. Abbreviations, initials, decimals and list numbers do not end one. When in doubt two sentences stay
//! together: that costs a little latency, a cut in the wrong place would hide a claim.

/// Longest sentence in bytes; a longer one is cut at white space.
const MAX_SENTENCE: usize = 1_200;

/// Words before a full stop that do not end a sentence; lower case, without the stop.
const ABBREVIATIONS: &[&str] = &[
    "mr", "mrs", "ms", "dr", "prof", "st", "jr", "sr", "vs", "etc", "e.g", "i.e", "eg", "ie", "approx", "no",
    "nr", "inc", "ltd", "co", "dept", "ave", "blvd", "rd", "ext", "tel", "fig", "sra", "srta", "dra", "ud",
    "uds", "av", "núm", "pág", "z.b", "d.h", "u.a", "bzw", "ca", "usw", "str", "hr", "fr", "evtl", "ggf",
    "inkl", "mme", "mlle", "m", "p.ex", "env", "jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep",
    "sept", "oct", "nov", "dec", "mon", "tue", "tues", "wed", "thu", "thurs", "fri", "sat", "sun", "min",
    "max", "a.m", "p.m", "u.s", "u.k",
];

/// Collects text and gives whole sentences, each with the white space that follows it.
#[derive(Debug, Default)]
pub struct Splitter {
    rest: String,
}

impl Splitter {
    /// Takes more text; gives the sentences it completes.
    pub fn push(&mut self, text: &str) -> Vec<String> {
        self.rest.push_str(text);
        let mut sentences = Vec::new();
        while let Some(end) = boundary(&self.rest) {
            let after = self.rest.split_off(end);
            sentences.push(std::mem::replace(&mut self.rest, after));
        }
        sentences
    }

    /// Ends the sentence in progress.
    pub fn finish(&mut self) -> Option<String> {
        (!self.rest.is_empty()).then(|| std::mem::take(&mut self.rest))
    }

    /// The sentence in progress.
    pub fn rest(&self) -> &str {
        &self.rest
    }
}

/// Where the first whole sentence ends, trailing white space included; `None` while it may still go on.
fn boundary(text: &str) -> Option<usize> {
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        if c == '\n' {
            return Some(past_space(text, at));
        }
        if !is_stop(c) {
            continue;
        }
        while chars.peek().is_some_and(|&(_, next)| is_stop(next) || is_closer(next)) {
            chars.next();
        }
        // The next character decides, so a stop at the very end waits for more text.
        let &(end, next) = chars.peek()?;
        if !next.is_whitespace()
            || (c == '.' && is_abbreviated(text.get(..at).unwrap_or_default(), text.get(end..)))
        {
            continue;
        }
        return Some(past_space(text, end));
    }
    if text.len() <= MAX_SENTENCE {
        return None;
    }
    let window = text.get(..text.floor_char_boundary(MAX_SENTENCE)).unwrap_or(text);
    Some(window.rfind(char::is_whitespace).map_or(window.len(), |at| past_space(text, at)))
}

/// The end of the white space that starts at `from`.
fn past_space(text: &str, from: usize) -> usize {
    let rest = text.get(from..).unwrap_or_default();
    from + (rest.len() - rest.trim_start().len())
}

fn is_stop(c: char) -> bool {
    matches!(c, '.' | '!' | '?' | '…' | '。' | '！' | '？')
}

fn is_closer(c: char) -> bool {
    matches!(c, '"' | '\'' | ')' | ']' | '*' | '_' | '~' | '`' | '”' | '’' | '»' | '“')
}

/// Whether the full stop after `before` belongs to an abbreviation, an initial or a list number.
fn is_abbreviated(before: &str, after: Option<&str>) -> bool {
    let word =
        before.rsplit(|c: char| c.is_whitespace() || matches!(c, '(' | '"' | '*' | '_')).next().unwrap_or("");
    let line_start =
        before.trim_end_matches(word).is_empty() || before.trim_end_matches(word).ends_with('\n');
    if !word.is_empty() && word.chars().all(|c| c.is_ascii_digit()) {
        return word.len() <= 2 && line_start;
    }
    if word.chars().count() == 1 && word.chars().all(char::is_uppercase) && word != "I" {
        return true;
    }
    let word = word.to_lowercase();
    if !ABBREVIATIONS.contains(&word.as_str()) {
        return false;
    }
    // "at 3 p.m. We open ..." ends a sentence, "at 3 p.m. on Friday" does not.
    let next = after.unwrap_or_default().trim_start().chars().next();
    let may_end =
        matches!(word.as_str(), "a.m" | "p.m" | "etc" | "usw" | "no" | "min" | "max" | "sun" | "sat" | "u.s");
    !(may_end && next.is_some_and(char::is_uppercase))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(text: &str) -> Vec<String> {
        let mut splitter = Splitter::default();
        let mut sentences = splitter.push(text);
        sentences.extend(splitter.finish());
        sentences
    }

    #[test]
    fn abbreviations_decimals_initials_and_list_numbers_do_not_end_a_sentence() {
        assert_eq!(split("Dr. Smith charges $3.50. Next one."), ["Dr. Smith charges $3.50. ", "Next one."]);
        assert_eq!(split("Come at 3 p.m. on Friday. Bye"), ["Come at 3 p.m. on Friday. ", "Bye"]);
        assert_eq!(split("Until 5 p.m. We are closed."), ["Until 5 p.m. ", "We are closed."]);
        assert_eq!(split("J. Doe, e.g. the owner. Yes"), ["J. Doe, e.g. the owner. ", "Yes"]);
        assert_eq!(split("1. First.\n2. Second."), ["1. First.\n", "2. Second."]);
    }

    #[test]
    fn markdown_emoji_and_quotes_stay_with_their_sentence() {
        assert_eq!(split("**Done!** 🎉 Anything else?"), ["**Done!** ", "🎉 Anything else?"]);
        assert_eq!(split("- one\n- two\n\nThree"), ["- one\n", "- two\n\n", "Three"]);
        assert_eq!(split("He said \"Stop.\" Then left."), ["He said \"Stop.\" ", "Then left."]);
    }

    #[test]
    fn the_pieces_of_a_stream_do_not_matter() {
        let text = "Hi there! Dr. Who is in at 9.30 a.m. daily… Really?! Yes.\n\n- a\n- b ¿Qué tal? Ok";
        let whole = split(text);
        for size in 1..7 {
            let mut splitter = Splitter::default();
            let mut pieces = Vec::new();
            let chars: Vec<char> = text.chars().collect();
            for piece in chars.chunks(size) {
                pieces.extend(splitter.push(&piece.iter().collect::<String>()));
            }
            pieces.extend(splitter.finish());
            assert_eq!(pieces.concat(), text);
            let trimmed = |list: &[String]| {
                list.iter().map(|s| s.trim().to_owned()).filter(|s| !s.is_empty()).collect::<Vec<_>>()
            };
            assert_eq!(trimmed(&pieces), trimmed(&whole), "pieces of {size}");
        }
    }

    #[test]
    fn a_sentence_without_end_is_cut_at_white_space() {
        let text = "word ".repeat(1_000);
        let sentences = split(&text);
        assert!(sentences.iter().all(|s| s.len() <= MAX_SENTENCE + 8), "{}", sentences.len());
        assert_eq!(sentences.concat(), text);
    }
}
