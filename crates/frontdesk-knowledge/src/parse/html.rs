//! Web pages: the main content as blocks, the title, links to follow, and what the page says to robots.
//!
//! Navigation, scripts, styles, footers and forms' controls are dropped; an `<address>` is kept wherever it is, since
//! business sites put theirs in the footer. The tree is walked without recursion.

use super::{Builder, Document, Limits, ParseError, table};
use scraper::node::Element;
use scraper::{ElementRef, Html, Node, Selector};
use std::collections::HashSet;
use url::Url;

/// Shorter main content than this (in characters) is distrusted and the whole body is read.
const SHORTEST_MAIN: usize = 200;

/// Reads a web page.
pub(super) fn parse(html: &str, limits: &Limits) -> Result<Document, ParseError> {
    check_depth(html, limits.depth)?;
    let page = Html::parse_document(html);
    let title = title(&page);
    let main = select(&page, "main, [role=main], article")
        .filter(|element| visible_length(*element) >= SHORTEST_MAIN);
    let root = main.or_else(|| select(&page, "body")).unwrap_or_else(|| page.root_element());
    let mut walk = Walk {
        builder: Builder::new(limits),
        text: String::new(),
        level: None,
        items: 0,
        term: None,
        in_main: main.is_some(),
    };
    walk.read(root);
    if main.is_some() {
        // The address of a business stands in the footer more often than not.
        if let Ok(addresses) = Selector::parse("footer address") {
            for address in page.select(&addresses) {
                walk.builder.paragraph(&joined_text(address));
            }
        }
    }
    walk.builder.finish(title)
}

/// The page's title: `<title>`, else `og:title`, else the first `<h1>`.
fn title(page: &Html) -> Option<String> {
    let from_title = select(page, "head title, title").map(joined_text);
    let from_meta =
        || select(page, "meta[property='og:title']").and_then(|meta| meta.attr("content")).map(str::to_owned);
    let from_heading = || select(page, "h1").map(joined_text);
    from_title.filter(|title| !title.trim().is_empty()).or_else(from_meta).or_else(from_heading)
}

/// What a page says to robots in `<meta name="robots">`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Robots {
    /// The page must not be indexed.
    pub noindex: bool,
    /// Its links must not be followed.
    pub nofollow: bool,
}

/// Reads the robots directives of a page (`robots` and our own agent's name are honoured).
pub fn robots(html: &str, agent: &str) -> Robots {
    let mut robots = Robots::default();
    if check_depth(html, Limits::default().depth).is_err() {
        return robots;
    }
    let page = Html::parse_document(html);
    let Ok(metas) = Selector::parse("meta[name][content]") else { return robots };
    for meta in page.select(&metas) {
        let name = meta.attr("name").unwrap_or_default();
        if !name.eq_ignore_ascii_case("robots") && !name.eq_ignore_ascii_case(agent) {
            continue;
        }
        for directive in meta.attr("content").unwrap_or_default().split(',') {
            match directive.trim().to_ascii_lowercase().as_str() {
                "noindex" => robots.noindex = true,
                "nofollow" => robots.nofollow = true,
                "none" => robots = Robots { noindex: true, nofollow: true },
                _ => {}
            }
        }
    }
    robots
}

/// The web addresses a page links to: absolute, without fragment, http and https only, each once, in page order.
/// `rel=nofollow` links are left out. `base` is the page's own address; a `<base href>` is honoured.
pub fn links(base: &Url, html: &str) -> Vec<Url> {
    let mut found = Vec::new();
    if check_depth(html, Limits::default().depth).is_err() {
        return found;
    }
    let page = Html::parse_document(html);
    let base = select(&page, "base[href]")
        .and_then(|element| element.attr("href"))
        .and_then(|href| base.join(href).ok())
        .unwrap_or_else(|| base.clone());
    let Ok(anchors) = Selector::parse("a[href], area[href]") else { return found };
    let mut seen = HashSet::new();
    for anchor in page.select(&anchors) {
        let followed = !anchor
            .attr("rel")
            .unwrap_or_default()
            .split_whitespace()
            .any(|rel| rel.eq_ignore_ascii_case("nofollow"));
        let target = anchor.attr("href").and_then(|href| base.join(href.trim()).ok());
        if let Some(mut target) =
            target.filter(|target| followed && matches!(target.scheme(), "http" | "https"))
        {
            target.set_fragment(None);
            if seen.insert(target.clone()) {
                found.push(target);
            }
        }
    }
    found
}

fn select<'a>(page: &'a Html, selector: &str) -> Option<ElementRef<'a>> {
    let selector = Selector::parse(selector).ok()?;
    page.select(&selector).next()
}

fn joined_text(element: ElementRef<'_>) -> String {
    element.text().collect::<Vec<_>>().join(" ")
}

fn visible_length(element: ElementRef<'_>) -> usize {
    element.text().map(|text| text.trim().chars().count()).sum()
}

/// Refuses pages nested deeper than `limit` before a tree is built: building it is quadratic in the depth.
fn check_depth(html: &str, limit: usize) -> Result<(), ParseError> {
    let mut depth = 0_usize;
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        rest = rest.get(at + 1..).unwrap_or_default();
        if let Some(comment) = rest.strip_prefix("!--") {
            rest = comment.split_once("-->").map_or("", |(_, after)| after);
            continue;
        }
        let (closing, tag) = match rest.strip_prefix('/') {
            Some(tag) => (true, tag),
            None => (false, rest),
        };
        let length = tag.find(|c: char| !c.is_ascii_alphanumeric() && c != '-').unwrap_or(tag.len());
        let name = tag.get(..length).unwrap_or_default().to_ascii_lowercase();
        if name.is_empty() || !name.starts_with(|c: char| c.is_ascii_alphabetic()) || closes_itself(&name) {
            continue;
        }
        if closing {
            depth = depth.saturating_sub(1);
        } else if matches!(name.as_str(), "script" | "style" | "textarea" | "title") {
            let end = format!("</{name}");
            let lower_end = rest.find(&end).or_else(|| rest.find(&end.to_ascii_uppercase()));
            rest = lower_end.and_then(|at| rest.get(at + end.len()..)).unwrap_or_default();
        } else {
            depth += 1;
            if depth > limit {
                return Err(ParseError::too_large("the nesting of its tags", format!("{limit} levels")));
            }
        }
    }
    Ok(())
}

/// Void elements, and those whose end tag may be left out.
fn closes_itself(name: &str) -> bool {
    matches!(
        name,
        "area"
            | "base"
            | "br"
            | "col"
            | "embed"
            | "hr"
            | "img"
            | "input"
            | "link"
            | "meta"
            | "param"
            | "source"
            | "track"
            | "wbr"
            | "p"
            | "li"
            | "dt"
            | "dd"
            | "tr"
            | "td"
            | "th"
            | "thead"
            | "tbody"
            | "tfoot"
            | "option"
            | "optgroup"
            | "colgroup"
            | "rt"
            | "rp"
            | "html"
            | "head"
            | "body"
            | "path"
            | "circle"
            | "rect"
            | "use"
    )
}

struct Walk<'a> {
    builder: Builder<'a>,
    text: String,
    level: Option<u8>,
    items: usize,
    term: Option<String>,
    in_main: bool,
}

impl Walk<'_> {
    fn read(&mut self, root: ElementRef<'_>) {
        let mut node = *root;
        loop {
            let mut descend = false;
            match node.value() {
                Node::Text(text) => self.text.push_str(text),
                Node::Element(_) => {
                    if let Some(element) = ElementRef::wrap(node) {
                        descend = element.id() == root.id() || self.open(element);
                    }
                }
                _ => {}
            }
            let child = if descend { node.first_child() } else { None };
            if let Some(child) = child {
                node = child;
                continue;
            }
            if descend {
                self.close(node.value());
            }
            // Up until there is a next sibling, closing what is left behind.
            loop {
                if node.id() == root.id() {
                    self.flush();
                    return;
                }
                if let Some(next) = node.next_sibling() {
                    node = next;
                    break;
                }
                let Some(parent) = node.parent() else {
                    self.flush();
                    return;
                };
                node = parent;
                self.close(node.value());
            }
            if self.builder.is_full() {
                return;
            }
        }
    }

    /// Enters an element; false leaves its content out.
    fn open(&mut self, element: ElementRef<'_>) -> bool {
        let value = element.value();
        if is_dropped(value, self.in_main) {
            self.text.push(' ');
            return false;
        }
        match value.name() {
            "table" if is_data_table(element) => {
                self.flush();
                self.add_table(element);
                return false;
            }
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "summary" => {
                self.flush();
                let level = value.name().strip_prefix('h').and_then(|level| level.parse().ok());
                self.level = Some(level.unwrap_or(6));
            }
            "li" => {
                self.flush();
                self.items += 1;
            }
            "br" => self.text.push(' '),
            "img" => {
                // A picture of text is told by its description, when it is a sentence.
                if let Some(alt) = value.attr("alt").filter(|alt| alt.split_whitespace().count() > 5) {
                    self.text.push(' ');
                    self.text.push_str(alt);
                    self.text.push(' ');
                }
            }
            "dt" | "dd" => self.flush(),
            name if is_block(name) => self.flush(),
            _ => {}
        }
        true
    }

    fn close(&mut self, node: &Node) {
        let Node::Element(value) = node else { return };
        match value.name() {
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "summary" => {
                let title = std::mem::take(&mut self.text);
                if let Some(level) = self.level.take() {
                    self.builder.heading(level, &title);
                }
            }
            "li" => {
                self.flush();
                self.items = self.items.saturating_sub(1);
            }
            "details" => {
                self.flush();
                self.builder.end_heading(6);
            }
            "dt" => {
                let term = std::mem::take(&mut self.text);
                self.term = Some(crate::text::squeeze(&term)).filter(|term| !term.is_empty());
            }
            "dd" => {
                let text = std::mem::take(&mut self.text);
                match &self.term {
                    Some(term) if term.ends_with('?') => self.builder.faq(term, &text, None),
                    Some(term) => self.builder.item(&format!("{}: {text}", term.trim_end_matches(':'))),
                    None => self.builder.item(&text),
                }
            }
            name if is_block(name) => self.flush(),
            _ => {}
        }
    }

    fn flush(&mut self) {
        let text = std::mem::take(&mut self.text);
        if self.level.is_some() {
            // A block inside a heading belongs to the heading.
            self.text = text;
            self.text.push(' ');
        } else if self.items > 0 {
            self.builder.item(&text);
        } else {
            self.builder.paragraph(&text);
        }
    }

    fn add_table(&mut self, table: ElementRef<'_>) {
        let (Ok(row_selector), Ok(caption_selector)) = (Selector::parse("tr"), Selector::parse("caption"))
        else {
            return;
        };
        if let Some(caption) = table.select(&caption_selector).next() {
            self.builder.paragraph(&joined_text(caption));
        }
        let mut rows = Vec::new();
        let mut header_rows = 0;
        for row in table.select(&row_selector) {
            let cells: Vec<ElementRef<'_>> =
                row.child_elements().filter(|cell| matches!(cell.value().name(), "td" | "th")).collect();
            if cells.is_empty() {
                continue;
            }
            if rows.len() == header_rows
                && cells.len() > 1
                && cells.iter().all(|cell| cell.value().name() == "th")
            {
                header_rows += 1;
            }
            rows.push(cells.into_iter().map(joined_text).collect::<Vec<_>>());
        }
        let header_rows = header_rows.min(rows.len().saturating_sub(1));
        table::add(&mut self.builder, &rows, (header_rows > 0).then_some(header_rows));
    }
}

/// A table of data has more than one row and column and no table inside; others only lay out the page.
fn is_data_table(table: ElementRef<'_>) -> bool {
    let (Ok(inner), Ok(rows)) = (Selector::parse("table"), Selector::parse("tr")) else { return false };
    let nested = table.select(&inner).any(|element| element.id() != table.id());
    let wide = table.select(&rows).any(|row| row.child_elements().count() > 1);
    !nested && wide
}

fn is_dropped(element: &Element, in_main: bool) -> bool {
    let hidden = element.attr("hidden").is_some()
        || element.attr("aria-hidden") == Some("true")
        || element.attr("style").is_some_and(|style| style.replace(' ', "").contains("display:none"));
    let role = element.attr("role").unwrap_or_default();
    hidden
        || matches!(
            role,
            "navigation" | "banner" | "contentinfo" | "search" | "dialog" | "alertdialog" | "menu"
        )
        || match element.name() {
            "script" | "style" | "noscript" | "template" | "nav" | "svg" | "canvas" | "iframe" | "object"
            | "video" | "audio" | "select" | "button" | "input" | "textarea" | "head" | "dialog" | "menu"
            | "footer" => true,
            // Inside the main content a header holds the headline; outside it, the site's own bar.
            "header" | "aside" => !in_main,
            _ => is_cookie_notice(element),
        }
}

fn is_cookie_notice(element: &Element) -> bool {
    let named = |value: &str| {
        let value = value.to_ascii_lowercase();
        value.contains("cookie")
            && ["banner", "consent", "notice", "bar", "popup"].iter().any(|part| value.contains(part))
    };
    element.attr("id").is_some_and(named) || element.attr("class").is_some_and(named)
}

fn is_block(name: &str) -> bool {
    matches!(
        name,
        "p" | "div"
            | "section"
            | "article"
            | "main"
            | "header"
            | "aside"
            | "ul"
            | "ol"
            | "dl"
            | "table"
            | "tr"
            | "td"
            | "th"
            | "blockquote"
            | "pre"
            | "figure"
            | "figcaption"
            | "address"
            | "hr"
            | "form"
            | "fieldset"
            | "details"
            | "body"
            | "center"
    )
}
