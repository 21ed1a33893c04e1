//! Rust text cut into code and string literals, so that a check does not trip over a comment, a message or a test.
//!
//! A scanner, not a parser: it knows comments, strings, characters and the braces of `#[cfg(test)]` items, which is all
//! the checks need. Macros and generics pass through as they are.

/// A string literal of the product's code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Literal {
    /// Line on which it starts, from 1.
    pub line: usize,
    /// What stands between the quotes, escapes left as written.
    pub text: String,
}

/// One file's code without comments, string contents and test items.
#[derive(Debug)]
pub struct RustSource {
    lines: Vec<String>,
    literals: Vec<Literal>,
}

impl RustSource {
    /// Scans `text`. Unfinished comments and strings end with the file.
    pub fn new(text: &str) -> Self {
        let (code, literals) = Scanner::new(text).scan();
        let is_test = test_lines(&code);
        let lines = code
            .lines()
            .zip(is_test.iter().copied().chain(std::iter::repeat(false)))
            .map(|(line, test)| if test { String::new() } else { line.to_owned() })
            .collect();
        let literals = literals
            .into_iter()
            .filter(|literal| !is_test.get(literal.line - 1).copied().unwrap_or(false))
            .collect();
        Self { lines, literals }
    }

    /// Lines of code outside tests with their numbers; comments and string contents are blank.
    pub fn lines(&self) -> impl Iterator<Item = (usize, &str)> {
        self.lines.iter().enumerate().map(|(index, line)| (index + 1, line.as_str()))
    }

    /// String literals outside tests.
    pub fn literals(&self) -> &[Literal] {
        &self.literals
    }

    /// Numbers of the lines whose code holds `needle`, white space aside.
    pub fn lines_with(&self, needle: &str) -> Vec<usize> {
        self.lines()
            .filter(|(_, line)| {
                line.contains(needle) || line.split_whitespace().collect::<String>().contains(needle)
            })
            .map(|(number, _)| number)
            .collect()
    }
}

struct Scanner {
    characters: Vec<char>,
    at: usize,
    line: usize,
    code: String,
    literals: Vec<Literal>,
}

impl Scanner {
    fn new(text: &str) -> Self {
        Self { characters: text.chars().collect(), at: 0, line: 1, code: String::new(), literals: Vec::new() }
    }

    fn peek(&self, ahead: usize) -> Option<char> {
        self.characters.get(self.at + ahead).copied()
    }

    /// Moves on by one character, into the code or as a blank.
    fn take(&mut self, keep: bool) {
        if let Some(character) = self.peek(0) {
            self.at += 1;
            if character == '\n' {
                self.line += 1;
                self.code.push('\n');
            } else {
                self.code.push(if keep { character } else { ' ' });
            }
        }
    }

    fn scan(mut self) -> (String, Vec<Literal>) {
        let mut previous_is_word = false;
        while let Some(character) = self.peek(0) {
            let starts_word = !previous_is_word;
            previous_is_word = character.is_alphanumeric() || character == '_';
            match (character, self.peek(1)) {
                ('/', Some('/')) => self.line_comment(),
                ('/', Some('*')) => self.block_comment(),
                ('"', _) => self.string(),
                ('r', Some('"' | '#')) if starts_word => self.raw_string(0),
                ('b', Some('r')) if starts_word => self.raw_string(1),
                ('\'', _) => self.character_or_lifetime(),
                _ => self.take(true),
            }
        }
        (self.code, self.literals)
    }

    fn line_comment(&mut self) {
        while self.peek(0).is_some_and(|character| character != '\n') {
            self.take(false);
        }
    }

    fn block_comment(&mut self) {
        let mut depth = 0_usize;
        loop {
            match (self.peek(0), self.peek(1)) {
                (Some('/'), Some('*')) => {
                    depth += 1;
                    self.take(false);
                    self.take(false);
                }
                (Some('*'), Some('/')) => {
                    depth -= 1;
                    self.take(false);
                    self.take(false);
                    if depth == 0 {
                        return;
                    }
                }
                (Some(_), _) => self.take(false),
                (None, _) => return,
            }
        }
    }

    fn string(&mut self) {
        let line = self.line;
        let mut text = String::new();
        self.take(true);
        while let Some(character) = self.peek(0) {
            match character {
                '"' => {
                    self.take(true);
                    break;
                }
                '\\' => {
                    text.push(character);
                    text.extend(self.peek(1));
                    self.take(false);
                    self.take(false);
                }
                _ => {
                    text.push(character);
                    self.take(false);
                }
            }
        }
        self.literals.push(Literal { line, text });
    }

    /// `r"…"`, `r#"…"#`, `br"…"`; a raw identifier such as `r#type` is code.
    fn raw_string(&mut self, prefix: usize) {
        let marks = self.characters.iter().skip(self.at + prefix + 1);
        let hashes = marks.take_while(|&&mark| mark == '#').count();
        if self.peek(prefix + 1 + hashes) != Some('"') {
            self.take(true);
            return;
        }
        for _ in 0..prefix + hashes + 2 {
            self.take(true);
        }
        let line = self.line;
        let mut text = String::new();
        while let Some(character) = self.peek(0) {
            let closes = character == '"' && (1..=hashes).all(|ahead| self.peek(ahead) == Some('#'));
            if closes {
                for _ in 0..=hashes {
                    self.take(true);
                }
                break;
            }
            text.push(character);
            self.take(false);
        }
        self.literals.push(Literal { line, text });
    }

    fn character_or_lifetime(&mut self) {
        let is_character = self.peek(1) == Some('\\') || self.peek(2) == Some('\'');
        self.take(true);
        if !is_character {
            return;
        }
        if self.peek(0) == Some('\\') {
            self.take(false);
        }
        self.take(false);
        while self.peek(0).is_some_and(|character| character != '\'' && character != '\n') {
            self.take(false);
        }
        self.take(true);
    }
}

/// Which lines belong to an item under `#[cfg(test)]` (or `#[test]`), by the braces that follow the attribute.
fn test_lines(code: &str) -> Vec<bool> {
    let lines: Vec<&str> = code.lines().collect();
    let mut marks = vec![false; lines.len()];
    let mut index = 0;
    while let Some(line) = lines.get(index) {
        let attribute: String = line.split_whitespace().collect();
        if !is_test_attribute(&attribute) {
            index += 1;
            continue;
        }
        let end = item_end(&lines, index);
        for mark in marks.iter_mut().take(end + 1).skip(index) {
            *mark = true;
        }
        index = end + 1;
    }
    marks
}

fn is_test_attribute(attribute: &str) -> bool {
    ["#[cfg(test)]", "#[cfg(any(test", "#[cfg(all(test", "#[test]", "#[tokio::test"]
        .iter()
        .any(|start| attribute.starts_with(start))
}

/// The line on which the item that starts at `start` ends: at its closing brace, or at `;` when it has no body.
fn item_end(lines: &[&str], start: usize) -> usize {
    let mut depth = 0_usize;
    let mut opened = false;
    for (index, line) in lines.iter().enumerate().skip(start) {
        for character in line.chars() {
            match character {
                '{' => {
                    depth += 1;
                    opened = true;
                }
                '}' => {
                    depth = depth.saturating_sub(1);
                    if opened && depth == 0 {
                        return index;
                    }
                }
                ';' if !opened => return index,
                _ => {}
            }
        }
    }
    lines.len().saturating_sub(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(text: &str) -> String {
        RustSource::new(text).lines().map(|(_, line)| line.trim_end()).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn comments_and_string_contents_are_not_code() {
        assert_eq!(
            code("let a = 1; // secret\n/* secret /* nested */ still */ b"),
            "let a = 1;\n                                b"
        );
        assert_eq!(code(r#"call("secret \" more", 'x', '\'');"#), r#"call("              ", ' ', '  ');"#);
        assert_eq!(code("fn f<'a>(x: &'a str) {}"), "fn f<'a>(x: &'a str) {}");
    }

    #[test]
    fn literals_keep_their_line_and_text() {
        let source =
            RustSource::new("let a = \"one\";\nlet b = r#\"two \"x\" \"#;\nlet r#type = br\"three\";");
        let found: Vec<(usize, &str)> =
            source.literals().iter().map(|literal| (literal.line, literal.text.as_str())).collect();
        assert_eq!(found, [(1, "one"), (2, "two \"x\" "), (3, "three")]);
    }

    #[test]
    fn test_items_are_left_out() {
        let source = RustSource::new(
            "fn a() { \"kept\"; }\n#[cfg(test)]\nmod tests {\n  fn b() { \"gone\"; std::env::var(x) }\n}\nfn c() { \"kept too\"; }\n#[cfg(test)]\nmod cases;\nfn d() {}",
        );
        let texts: Vec<&str> = source.literals().iter().map(|literal| literal.text.as_str()).collect();
        assert_eq!(texts, ["kept", "kept too"]);
        assert!(source.lines_with("std::env::var").is_empty());
        assert_eq!(source.lines_with("fn d()"), [9]);
    }

    #[test]
    fn white_space_does_not_hide_a_needle() {
        assert_eq!(RustSource::new("\nstd :: env :: var (x)").lines_with("env::var"), [2]);
    }
}
