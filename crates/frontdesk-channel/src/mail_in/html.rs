//! HTML as readable text, in one pass without a tree: nothing in it can cost more than its length. What it quotes comes
//! out as text quotes do, in lines that begin with `>`; what only HTML knows is said by signs of the private use area.
//!
//! Not a browser: styles count only where they hide something.

use mail_parser::decoders::html::add_html_token;

/// A line of its own: from here on all is quoted.
pub(super) const REST_IS_QUOTED: char = '\u{e000}';
/// Begins a line of a signature.
pub(super) const SIGNATURE: char = '\u{e001}';

/// Begins a line that says who wrote what follows.
pub(super) const ATTRIBUTION: char = '\u{e002}';

/// Most open elements that are remembered; deeper ones count as text of their parents.
const MAX_OPEN: usize = 128;
/// Most characters of an attribute.
const MAX_ATTRIBUTE: usize = 2_000;
/// Longest web address that is shown beside its words.
const MAX_LINK: usize = 200;

/// Removes the signs that only [`text`] may set.
pub(super) fn without_signs(text: &str) -> String {
    text.chars().filter(|c| !matches!(*c, REST_IS_QUOTED | SIGNATURE | ATTRIBUTION)).collect()
}

/// The words of an HTML document, at most about `limit` characters.
pub(super) fn text(html: &str, limit: usize) -> String {
    let mut writer = Writer { limit, ..Writer::default() };
    let mut rest = html;
    while !rest.is_empty() && writer.written < limit {
        let Some(at) = rest.find('<') else {
            writer.words(rest);
            break;
        };
        let (before, tag) = rest.split_at(at);
        writer.words(before);
        rest = markup(tag, &mut writer);
    }
    writer.finish()
}

/// Reads what begins with `<`; gives what follows.
fn markup<'a>(text: &'a str, writer: &mut Writer) -> &'a str {
    if let Some(comment) = text.strip_prefix("<!--") {
        return comment.find("-->").and_then(|at| comment.get(at + 3..)).unwrap_or_default();
    }
    let inner = text.get(1..).unwrap_or_default();
    let (is_end, inner) = inner.strip_prefix('/').map_or((false, inner), |inner| (true, inner));
    if !inner.starts_with(|c: char| c.is_ascii_alphabetic()) {
        if inner.starts_with(['!', '?']) || is_end {
            return text.find('>').and_then(|at| text.get(at + 1..)).unwrap_or_default();
        }
        writer.words("<");
        return text.get(1..).unwrap_or_default();
    }
    let (tag, rest) = Tag::read(inner);
    if is_end {
        writer.close(&tag.name);
        return rest;
    }
    writer.open(&tag);
    if matches!(tag.name.as_str(), "style" | "script" | "title" | "textarea") {
        return after_raw(rest, &tag.name, writer);
    }
    rest
}

/// Skips to behind the end tag of an element that holds no markup.
fn after_raw<'a>(text: &'a str, name: &str, writer: &mut Writer) -> &'a str {
    writer.close(name);
    let mut at = 0;
    while let Some(found) = text.get(at..).and_then(|rest| rest.find("</")) {
        let start = at + found + 2;
        let tag = text.as_bytes().get(start..start + name.len()).unwrap_or_default();
        if tag.eq_ignore_ascii_case(name.as_bytes()) {
            let rest = text.get(start..).unwrap_or_default();
            return rest.find('>').and_then(|end| rest.get(end + 1..)).unwrap_or_default();
        }
        at = start;
    }
    ""
}

#[derive(Debug, Default)]
struct Tag {
    name: String,
    class: String,
    id: String,
    kind: String,
    style: String,
    href: String,
    called: String,
    alt: String,
    has_cite: bool,
}

impl Tag {
    /// Reads a tag from its name on; gives what follows its `>`.
    fn read(text: &str) -> (Self, &str) {
        let end = text.find(|c: char| c.is_whitespace() || matches!(c, '>' | '/')).unwrap_or(text.len());
        let (name, mut rest) = text.split_at(end);
        let mut tag =
            Self { name: name.chars().take(20).collect::<String>().to_ascii_lowercase(), ..Self::default() };
        loop {
            rest = rest.trim_start_matches(|c: char| c.is_whitespace() || c == '/');
            if rest.is_empty() {
                return (tag, rest);
            }
            if let Some(after) = rest.strip_prefix('>') {
                return (tag, after);
            }
            let end =
                rest.find(|c: char| c.is_whitespace() || matches!(c, '>' | '/' | '=')).unwrap_or(rest.len());
            // A sign alone, such as a stray `=`, is passed over.
            let end = if end == 0 { 1 } else { end };
            let (name, after) = rest.split_at(end);
            let after_space = after.trim_start();
            let Some(value) = after_space.strip_prefix('=') else {
                rest = after;
                continue;
            };
            let value = value.trim_start();
            let (value, after) = match value.chars().next() {
                Some(quote @ ('"' | '\'')) => {
                    let inner = value.get(1..).unwrap_or_default();
                    inner.find(quote).map_or((inner, ""), |at| {
                        (inner.get(..at).unwrap_or_default(), inner.get(at + 1..).unwrap_or_default())
                    })
                }
                _ => {
                    value.split_at(value.find(|c: char| c.is_whitespace() || c == '>').unwrap_or(value.len()))
                }
            };
            tag.set(name, value);
            rest = after;
        }
    }

    fn set(&mut self, name: &str, value: &str) {
        let is = |known: &str| name.eq_ignore_ascii_case(known);
        let field = if is("class") {
            &mut self.class
        } else if is("id") {
            &mut self.id
        } else if is("type") {
            &mut self.kind
        } else if is("style") {
            &mut self.style
        } else if is("href") {
            &mut self.href
        } else if is("name") {
            &mut self.called
        } else if is("alt") {
            &mut self.alt
        } else {
            self.has_cite |= is("cite");
            return;
        };
        if field.is_empty() {
            *field = value.chars().take(MAX_ATTRIBUTE).collect();
        }
    }

    fn style_says(&self, what: &str) -> bool {
        let compact: String = self.style.chars().filter(|c| !c.is_whitespace()).collect();
        compact.to_ascii_lowercase().contains(what)
    }

    /// A quotation, by the signs that mail programs set.
    fn is_quote(&self) -> bool {
        let has = |what: &str| self.class.contains(what) || self.id.contains(what);
        if self.name == "blockquote" {
            return self.kind.eq_ignore_ascii_case("cite")
                || self.has_cite
                || has("quote")
                || has("zmail")
                || self.style_says("border-left");
        }
        // Gmail's `gmail_quote` is a container around both the quotation and what is written between; its
        // `gmail_attr` says who wrote, and stands above forwarded mail, too.
        has("yahoo_quoted")
            || has("protonmail_quote")
            || has("tutanota_quote")
            || has("zmail_extra")
            || has("freebirdReply")
            || self.called.eq_ignore_ascii_case("quote") && self.style_says("border-left")
    }

    /// Gmail's also stands above forwarded mail.
    fn is_attribution(&self) -> bool {
        let has = |what: &str| self.class.contains(what) || self.id.contains(what);
        has("gmail_attr") || has("moz-cite-prefix") || has("reply-intro")
    }

    /// Outlook marks where the mail that is answered begins, not where it ends.
    fn begins_quoted_rest(&self) -> bool {
        let has = |what: &str| self.id.contains(what) || self.class.contains(what);
        has("divRplyFwdMsg")
            || has("appendonsend")
            || has("OLK_SRC_BODY_SECTION")
            || has("OutlookMessageHeader")
            || has("mail-editor-reference-message-container")
    }

    fn is_signature(&self) -> bool {
        let has = |what: &str| self.class.contains(what) || self.id.contains(what);
        has("gmail_signature")
            || has("moz-signature")
            || has("protonmail_signature")
            || has("ms-outlook-mobile-signature")
            || has("AppleMailSignature")
            || has("yahoo_signature")
            || self.id == "Signature"
            || self.id.ends_with("_Signature")
    }

    fn is_hidden(&self) -> bool {
        matches!(self.name.as_str(), "head" | "template" | "object" | "select")
            || self.style_says("display:none")
            || self.style_says("mso-hide:all")
    }
}

#[derive(Debug)]
struct Open {
    name: String,
    quote: bool,
    signature: bool,
    attribution: bool,
    hidden: bool,
    pre: bool,
    link: Option<(String, usize)>,
}

#[derive(Debug, Default)]
struct Writer {
    out: String,
    line: String,
    /// How many quotations the line stands in, and what sign it begins with; set by its first word.
    line_is: Option<(usize, Option<char>)>,
    pending_space: bool,
    blank_lines: usize,
    open: Vec<Open>,
    quotes: usize,
    signatures: usize,
    attributions: usize,
    hidden: usize,
    pre: usize,
    written: usize,
    limit: usize,
}

fn is_block(name: &str) -> bool {
    matches!(
        name,
        "div"
            | "p"
            | "h1"
            | "h2"
            | "h3"
            | "h4"
            | "h5"
            | "h6"
            | "ul"
            | "ol"
            | "li"
            | "table"
            | "tr"
            | "blockquote"
            | "section"
            | "article"
            | "header"
            | "footer"
            | "center"
            | "pre"
            | "hr"
            | "dl"
            | "dt"
            | "dd"
            | "form"
            | "fieldset"
            | "address"
            | "body"
            | "html"
            | "thead"
            | "tbody"
            | "main"
    )
}

fn is_void(name: &str) -> bool {
    matches!(
        name,
        "br" | "hr" | "img" | "meta" | "link" | "input" | "col" | "base" | "wbr" | "area" | "source"
    )
}

impl Writer {
    fn open(&mut self, tag: &Tag) {
        let name = tag.name.as_str();
        if is_block(name) {
            self.end_line();
        }
        match name {
            "br" => self.break_line(),
            "p" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => self.blank_line(),
            "li" => self.words("- "),
            "td" | "th" => self.pending_space = true,
            "img" if self.hidden == 0 && tag.alt.chars().any(char::is_alphabetic) && tag.alt.len() <= 100 => {
                self.words(&format!("[{}]", tag.alt));
            }
            _ => {}
        }
        if tag.begins_quoted_rest() && self.quotes == 0 {
            self.end_line();
            self.out.push(REST_IS_QUOTED);
            self.out.push('\n');
        }
        if is_void(name) || self.open.len() >= MAX_OPEN {
            return;
        }
        let link = (name == "a" && tag.href.starts_with("http") && tag.href.len() <= MAX_LINK)
            .then(|| (tag.href.clone(), self.line.len()));
        let element = Open {
            name: tag.name.clone(),
            quote: tag.is_quote(),
            signature: tag.is_signature(),
            attribution: tag.is_attribution(),
            hidden: tag.is_hidden(),
            pre: name == "pre" || tag.style_says("white-space:pre"),
            link,
        };
        if element.quote || element.signature || element.attribution {
            self.end_line();
        }
        self.quotes += usize::from(element.quote);
        self.signatures += usize::from(element.signature);
        self.attributions += usize::from(element.attribution);
        self.hidden += usize::from(element.hidden);
        self.pre += usize::from(element.pre);
        self.open.push(element);
    }

    fn close(&mut self, name: &str) {
        let Some(at) = self.open.iter().rposition(|open| open.name == name) else {
            if name == "p" {
                self.blank_line();
            }
            return;
        };
        // What an inline element leaves open, its parent's end does not close: `<b><div></b>text</div>`.
        while self.open.len() > at {
            let Some(element) = self.open.pop() else { break };
            if element.quote || element.signature || element.attribution || is_block(&element.name) {
                self.end_line();
            }
            if let Some((href, start)) = element.link.filter(|_| self.hidden == 0) {
                self.show_link(&href, start);
            }
            self.quotes -= usize::from(element.quote);
            self.signatures -= usize::from(element.signature);
            self.attributions -= usize::from(element.attribution);
            self.hidden -= usize::from(element.hidden);
            self.pre -= usize::from(element.pre);
        }
        if matches!(name, "p" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "table") {
            self.blank_line();
        }
    }

    /// The address behind words that do not say it.
    fn show_link(&mut self, href: &str, start: usize) {
        let words = self.line.get(start..).unwrap_or_default().trim();
        let bare = |text: &str| {
            let text = text.trim_start_matches("https://").trim_start_matches("http://");
            text.trim_start_matches("www.").trim_end_matches('/').to_lowercase()
        };
        if words.is_empty() || self.line_is.is_none_or(|(quotes, sign)| quotes > 0 || sign.is_some()) {
            return;
        }
        let mut address = String::new();
        entities(href, &mut |piece| address.push_str(piece));
        if !bare(&address).starts_with(&bare(words)) && !address.contains(char::is_whitespace) {
            self.words(&format!(" ({href})"));
        }
    }

    fn words(&mut self, text: &str) {
        if self.hidden > 0 {
            return;
        }
        let mut plain = String::with_capacity(text.len());
        entities(text, &mut |piece| plain.push_str(piece));
        for c in plain.chars() {
            if self.pre > 0 && c == '\n' {
                self.break_line();
            } else if c.is_whitespace() && !(self.pre > 0 && c == ' ') {
                // A blank that must not break a line is a blank all the same.
                self.pending_space = true;
            } else if !matches!(
                c,
                REST_IS_QUOTED
                    | SIGNATURE
                    | ATTRIBUTION
                    | '\u{200b}'
                    | '\u{200c}'
                    | '\u{feff}'
                    | '\u{ad}'
                    | '\u{34f}'
            ) && !c.is_control()
            {
                if self.line_is.is_none() {
                    let sign = match (self.attributions, self.signatures) {
                        (1.., _) => Some(ATTRIBUTION),
                        (_, 1..) => Some(SIGNATURE),
                        _ => None,
                    };
                    self.line_is = Some((self.quotes, sign));
                } else if self.pending_space {
                    self.line.push(' ');
                }
                self.pending_space = false;
                self.line.push(c);
            }
        }
    }

    fn end_line(&mut self) {
        self.pending_space = false;
        let Some((quotes, sign)) = self.line_is.take() else { return };
        if quotes == 0 {
            self.out.extend(sign);
        }
        self.out.extend(std::iter::repeat_n('>', quotes));
        if quotes > 0 {
            self.out.push(' ');
        }
        let line = std::mem::take(&mut self.line);
        self.out.push_str(line.trim_end());
        self.out.push('\n');
        self.written += line.len() + 1;
        self.blank_lines = 0;
    }

    fn break_line(&mut self) {
        if self.hidden > 0 {
            return;
        }
        if self.line_is.is_some() {
            self.end_line();
        } else {
            self.empty_line();
        }
    }

    fn blank_line(&mut self) {
        self.end_line();
        if self.blank_lines == 0 && self.hidden == 0 {
            self.empty_line();
        }
    }

    fn empty_line(&mut self) {
        if self.blank_lines < 2 && self.written < self.limit {
            self.out.extend(std::iter::repeat_n('>', self.quotes));
            self.out.push('\n');
            self.blank_lines += 1;
            self.written += 1;
        }
    }

    fn finish(mut self) -> String {
        self.end_line();
        self.out
    }
}

/// Character references as characters; what is none stays.
fn entities(text: &str, write: &mut dyn FnMut(&str)) {
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        write(rest.get(..at).unwrap_or_default());
        let reference = rest.get(at..).unwrap_or_default();
        let end = reference.bytes().take(34).position(|byte| byte == b';');
        let token = end.and_then(|end| reference.get(..=end)).filter(|token| {
            token.bytes().skip(1).all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'#' | b';'))
        });
        if let Some(token) = token {
            let mut out = String::new();
            add_html_token(&mut out, token.as_bytes(), false);
            write(&out);
            rest = reference.get(token.len()..).unwrap_or_default();
        } else {
            write("&");
            rest = reference.get(1..).unwrap_or_default();
        }
    }
    write(rest);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_come_out_readable() {
        let html = "<html><head><title>No</title><style>p{}</style></head><body><p>Hello&nbsp;Ana,</p>\
                    <p>see <a href=\"https://example.com/a?b=1&amp;c=2\">here</a> &amp; <b>there</b>.<br>Bye</p>\
                    <ul><li>one<li>two</ul><table><tr><td>a</td><td>b</td></tr></table></body></html>";
        let words = text(html, 10_000);
        assert_eq!(
            words.trim(),
            "Hello Ana,\n\nsee here (https://example.com/a?b=1&c=2) & there.\nBye\n\n- one\n- two\na b"
        );
    }

    #[test]
    fn quotations_and_signatures_are_marked() {
        let html = "yes<blockquote type=cite>ten?<div>or</div></blockquote>no<div class=\"gmail_signature\">Ana</div>\
                    <div id=\"divRplyFwdMsg\">From: x</div>";
        assert_eq!(text(html, 1_000), "yes\n> ten?\n> or\nno\n\u{e001}Ana\n\u{e000}\nFrom: x\n");
    }

    #[test]
    fn nonsense_is_text_and_hidden_words_are_none() {
        assert_eq!(text("1 < 2 && a <b", 100), "1 < 2 && a\n");
        assert_eq!(text("<div style='display: none'>secret</div>open<!-- x", 100), "open\n");
        assert_eq!(text("<script>if (a</b>) {}</script>x</p>y", 100), "x\n\ny\n");
        assert_eq!(text("&notanentity; &#x1F600; &#55296;", 100).trim(), "&notanentity; 😀 \u{fffd}");
    }

    #[test]
    fn depth_and_attributes_cost_no_more_than_their_length() {
        let deep = format!("{}x{}", "<div><p>".repeat(100_000), "</p></div>".repeat(100_000));
        assert_eq!(text(&deep, 1_000_000).trim(), "x");
        let wide = format!("<p {}>x", "a=1 ".repeat(200_000));
        assert_eq!(text(&wide, 1_000).trim(), "x");
        let open = "<".repeat(300_000);
        assert!(text(&open, 1_000).len() <= 400_000);
        assert!(text(&"<a href=\"".repeat(100_000), 1_000).is_empty());
    }
}
