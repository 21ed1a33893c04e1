//! The little markup of message texts, and its two renderings: plain text, and HTML in the house's frame.
//!
//! Paragraphs stand between empty lines. `**bold**`, `[words](address)`, lists of lines that begin with `- `. A link alone
//! in its paragraph is a button. A backslash takes the meaning of the character after it away; values are escaped
//! with it ([`escape`]), so what a customer typed can become neither markup nor a link. HTML is written here alone, and
//! every text in it is escaped.

use std::fmt::Write as _;

/// Breaks the line inside a value without ending the paragraph or list.
const LINE_BREAK: char = '\u{2028}';

/// Characters that mean something.
const MARKS: [char; 7] = ['\\', '*', '[', ']', '(', ')', '-'];

/// A value as text without meaning.
pub fn escape(value: &str) -> String {
    let mut out = String::with_capacity(value.len() + 8);
    for c in value.trim().replace("\r\n", "\n").chars() {
        match c {
            '\n' => out.push(LINE_BREAK),
            c if MARKS.contains(&c) => {
                out.push('\\');
                out.push(c);
            }
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    out
}

/// One line without markup, such as a subject: escapes are undone, everything else is taken as it stands.
pub fn line(source: &str) -> String {
    let mut out = String::with_capacity(source.len());
    let mut chars = source.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => out.extend(chars.next()),
            c => out.push(c),
        }
    }
    // White space of any kind is one space: a subject is one line.
    out.split(|c: char| c.is_whitespace() || c == LINE_BREAK || c.is_control())
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Inline {
    Text { text: String, bold: bool },
    Link { words: String, url: String },
    Break,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Block {
    Paragraph(Vec<Inline>),
    List(Vec<Vec<Inline>>),
    Button { words: String, url: String },
}

/// A message that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message(Vec<Block>);

impl Message {
    /// Reads a text.
    pub fn read(source: &str) -> Self {
        let mut blocks = Vec::new();
        let mut lines: Vec<&str> = Vec::new();
        for line in source.lines().chain([""]) {
            if line.trim().is_empty() {
                read_block(&std::mem::take(&mut lines), &mut blocks);
            } else {
                lines.push(line.trim());
            }
        }
        Self(blocks)
    }

    /// As plain text.
    pub fn to_text(&self) -> String {
        let blocks: Vec<String> = self
            .0
            .iter()
            .map(|block| match block {
                Block::Paragraph(inlines) => plain(inlines),
                Block::List(items) => {
                    items.iter().map(|item| format!("- {}", plain(item))).collect::<Vec<_>>().join("\n")
                }
                Block::Button { words, url } => format!("{words}:\n{url}"),
            })
            .collect();
        blocks.join("\n\n")
    }

    /// As an HTML document.
    pub fn to_html(&self, frame: &Frame<'_>) -> String {
        let mut rows = String::new();
        for block in &self.0 {
            let _ = match block {
                Block::Paragraph(inlines) => {
                    writeln!(rows, "<p class=\"t\" style=\"{P}\">{}</p>", rich(inlines))
                }
                Block::List(items) => {
                    let items = items.iter().fold(String::new(), |mut all, item| {
                        let _ = write!(all, "<li style=\"margin:0 0 6px\">{}</li>", rich(item));
                        all
                    });
                    writeln!(
                        rows,
                        "<ul class=\"t\" style=\"margin:0 0 20px;padding:0 0 0 20px;{TEXT}\">{items}</ul>"
                    )
                }
                Block::Button { words, url } => writeln!(
                    rows,
                    "<table role=\"presentation\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\" style=\"margin:4px 0 \
                     24px\"><tr><td style=\"border-radius:8px;background:{accent}\"><a href=\"{}\" \
                     style=\"display:inline-block;padding:12px 22px;font:600 16px/20px {FONT};color:{ink};\
                     text-decoration:none;border-radius:8px\">{}</a></td></tr></table>",
                    html(url),
                    html(words),
                    accent = frame.accent(),
                    ink = frame.ink(),
                ),
            };
        }
        let footer: Vec<String> = frame
            .footer
            .iter()
            .filter(|line| !line.trim().is_empty())
            .map(|line| html(line.trim()))
            .collect();
        let preview: String = self.to_text().split_whitespace().collect::<Vec<_>>().join(" ");
        let preview: String = preview.chars().take(140).collect();
        LAYOUT
            .replace("%LANG%", frame.language)
            .replace("%ACCENT%", frame.accent())
            .replace("%FONT%", FONT)
            .replace("%FOOTER%", &footer.join(" &middot; "))
            .replace("%BUSINESS%", &html(frame.business))
            .replace("%SUBJECT%", &html(frame.subject))
            .replace("%PREVIEW%", &html(&preview))
            // Last: nothing in the words is taken for a place in the frame.
            .replace("%ROWS%", &rows)
    }
}

const FONT: &str = "-apple-system,BlinkMacSystemFont,'Segoe UI',Roboto,Helvetica,Arial,sans-serif";
const TEXT: &str = "font-size:16px;line-height:24px;color:#27272a";
const P: &str = "margin:0 0 20px;font-size:16px;line-height:24px;color:#27272a";
const LAYOUT: &str = include_str!("layout.html");

/// What surrounds a message.
#[derive(Debug, Clone, Copy)]
pub struct Frame<'a> {
    /// Language code.
    pub language: &'a str,
    /// The subject.
    pub subject: &'a str,
    /// The business's name.
    pub business: &'a str,
    /// Its colour as `#rrggbb`.
    pub accent: &'a str,
    /// Lines at the foot: address, phone.
    pub footer: &'a [&'a str],
}

impl Frame<'_> {
    fn accent(&self) -> &str {
        let hex = self.accent.strip_prefix('#').unwrap_or_default();
        if hex.len() == 6 && hex.chars().all(|c| c.is_ascii_hexdigit()) { self.accent } else { "#4f46e5" }
    }

    /// Black or white, whichever can be read on the accent (WCAG 2.2 relative luminance; they meet at 0.179).
    fn ink(&self) -> &'static str {
        let channel = |at: usize| {
            let value = self.accent().get(at..at + 2).and_then(|hex| u8::from_str_radix(hex, 16).ok());
            let share = f64::from(value.unwrap_or(0)) / 255.0;
            if share <= 0.040_45 { share / 12.92 } else { ((share + 0.055) / 1.055).powf(2.4) }
        };
        let luminance = 0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5);
        if luminance > 0.179 { "#000000" } else { "#ffffff" }
    }
}

fn read_block(lines: &[&str], blocks: &mut Vec<Block>) {
    if lines.is_empty() {
        return;
    }
    let is_item = |line: &&str| line.starts_with("- ");
    // A list may follow its introduction without an empty line.
    let words: Vec<&str> = lines.iter().copied().take_while(|line| !is_item(line)).collect();
    let items: Vec<&str> = lines.iter().copied().skip(words.len()).take_while(|line| is_item(line)).collect();
    if !words.is_empty() {
        let mut inlines = Vec::new();
        for (index, line) in words.iter().enumerate() {
            if index > 0 {
                inlines.push(Inline::Break);
            }
            inlines.extend(read_inlines(line));
        }
        blocks.push(match inlines.as_slice() {
            [Inline::Link { words, url }] => Block::Button { words: words.clone(), url: url.clone() },
            _ => Block::Paragraph(inlines),
        });
    }
    if !items.is_empty() {
        let read = |line: &&str| read_inlines(line.trim_start_matches("- "));
        blocks.push(Block::List(items.iter().map(read).collect()));
    }
    let rest = words.len() + items.len();
    read_block(lines.get(rest..).unwrap_or_default(), blocks);
}

fn read_inlines(line: &str) -> Vec<Inline> {
    let chars: Vec<char> = line.chars().collect();
    let at = |index: usize| chars.get(index).copied();
    let (mut inlines, mut text, mut bold, mut index) = (Vec::new(), String::new(), false, 0);
    let flush = |text: &mut String, bold: bool, inlines: &mut Vec<Inline>| {
        if !text.is_empty() {
            inlines.push(Inline::Text { text: std::mem::take(text), bold });
        }
    };
    while let Some(c) = at(index) {
        match c {
            '\\' => {
                text.extend(at(index + 1));
                index += 2;
            }
            LINE_BREAK => {
                flush(&mut text, bold, &mut inlines);
                inlines.push(Inline::Break);
                index += 1;
            }
            '*' if at(index + 1) == Some('*') => {
                flush(&mut text, bold, &mut inlines);
                bold = !bold;
                index += 2;
            }
            '[' => {
                if let Some((words, url, end)) = link(&chars, index) {
                    flush(&mut text, bold, &mut inlines);
                    inlines.push(Inline::Link { words, url });
                    index = end;
                } else {
                    text.push('[');
                    index += 1;
                }
            }
            c => {
                text.push(c);
                index += 1;
            }
        }
    }
    flush(&mut text, bold, &mut inlines);
    inlines
}

/// Words, address and the place after a link that starts here, if one does and its address may be followed.
fn link(chars: &[char], start: usize) -> Option<(String, String, usize)> {
    let (words, after) = until(chars, start + 1, ']')?;
    if chars.get(after) != Some(&'(') {
        return None;
    }
    let (url, end) = until(chars, after + 1, ')')?;
    let url = url.trim().to_owned();
    let known = ["https://", "http://", "mailto:", "tel:"].iter().any(|scheme| url.starts_with(scheme));
    let plain = !url.chars().any(|c| c.is_whitespace() || c.is_control() || c == LINE_BREAK);
    (known && plain && !words.trim().is_empty()).then(|| (words.trim().to_owned(), url, end))
}

/// The text up to an unescaped mark, and the place after it.
fn until(chars: &[char], start: usize, mark: char) -> Option<(String, usize)> {
    let (mut text, mut index) = (String::new(), start);
    loop {
        match *chars.get(index)? {
            '\\' => {
                text.extend(chars.get(index + 1));
                index += 2;
            }
            c if c == mark => return Some((text, index + 1)),
            c => {
                text.push(c);
                index += 1;
            }
        }
    }
}

fn plain(inlines: &[Inline]) -> String {
    inlines
        .iter()
        .map(|inline| match inline {
            Inline::Text { text, .. } => text.clone(),
            Inline::Link { words, url } if words == url => url.clone(),
            Inline::Link { words, url } => format!("{words} ({url})"),
            Inline::Break => "\n".to_owned(),
        })
        .collect()
}

fn rich(inlines: &[Inline]) -> String {
    inlines
        .iter()
        .map(|inline| match inline {
            Inline::Text { text, bold: true } => format!("<strong>{}</strong>", html(text)),
            Inline::Text { text, bold: false } => html(text),
            Inline::Link { words, url } => {
                format!("<a class=\"l\" href=\"{}\" style=\"color:inherit\">{}</a>", html(url), html(words))
            }
            Inline::Break => "<br>".to_owned(),
        })
        .collect()
}

fn html(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            // No name can be taken for a place in the frame.
            '%' => out.push_str("&#37;"),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    const FRAME: Frame<'static> = Frame {
        language: "en",
        subject: "S",
        business: "B",
        accent: "#0f766e",
        footer: &["1 High Street", ""],
    };

    #[test]
    fn one_source_gives_both_forms() {
        let read = Message::read(
            "Hello **Ana**,\nwelcome.\n\n- one\n- [two](https://a.example/x)\n\n[Go](https://b.example)\n",
        );
        assert_eq!(
            read.to_text(),
            "Hello Ana,\nwelcome.\n\n- one\n- two (https://a.example/x)\n\nGo:\nhttps://b.example"
        );
        let html = read.to_html(&FRAME);
        assert!(html.contains("Hello <strong>Ana</strong>,<br>welcome."), "{html}");
        assert!(html.contains("href=\"https://b.example\"") && html.contains("#0f766e"), "{html}");
        assert!(!html.contains("%ROWS%") && !html.contains("%LANG%"), "{html}");
    }

    #[test]
    fn a_value_is_never_markup() {
        for value in [
            "[x](https://evil.example)",
            "**b**",
            "<script>alert(1)</script>",
            "\n\n- item\n\n[Go](https://evil.example)",
            "\\[x](https://evil.example)",
            "%ROWS%%FOOTER%",
        ] {
            let read = Message::read(&format!("Hello {},\n\nbye", escape(value)));
            assert_eq!(read.0.len(), 2, "{value:?} {read:?}");
            let html = read.to_html(&FRAME);
            assert!(
                !html.contains("href") && !html.contains("<script") && !html.contains("<strong>"),
                "{html}"
            );
            assert_eq!(html.matches("1 High Street").count(), 1);
            let flat = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
            assert!(flat(&read.to_text()).contains(&flat(value)), "{value:?}: {}", read.to_text());
        }
    }

    #[test]
    fn a_link_leads_nowhere_but_to_the_web_mail_or_phone() {
        let read = Message::read("[x](javascript:alert(1))");
        assert!(!read.to_html(&FRAME).contains("href"));
    }

    #[test]
    fn a_subject_is_one_line() {
        assert_eq!(line(&format!("For {}", escape("Eve\r\nBcc: x@y.z (a-b)"))), "For Eve Bcc: x@y.z (a-b)");
    }

    #[test]
    fn the_button_s_words_can_be_read_on_any_accent() {
        assert_eq!(Frame { accent: "#ffee00", ..FRAME }.ink(), "#000000");
        assert_eq!(Frame { accent: "#112244", ..FRAME }.ink(), "#ffffff");
        assert_eq!(Frame { accent: "red;}", ..FRAME }.accent(), "#4f46e5");
    }
}
