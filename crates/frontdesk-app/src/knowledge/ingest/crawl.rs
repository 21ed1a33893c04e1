//! Fetching a web page, or a small site breadth first.
//!
//! Only public addresses are reached (unless the operator allows more), only pages of the origin that the first one led
//! to, only what `robots.txt` allows, with a pause between two pages. Bytes, pages, depth and time are bounded. A page
//! that cannot be read is left out; a site whose pages mostly fail is tried again rather than swapped in half.

use std::collections::{HashSet, VecDeque};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::time::Duration;

use frontdesk_http::{HttpError, Response, Robots, StatusCode, Target, Url};
use frontdesk_knowledge::parse::{Document, Format, html};
use tokio::time::Instant;

use super::read::{Page, Reading, cut, parse};
use super::{Run, Stop};
use crate::AppError;

/// Our name in `robots.txt`.
const AGENT: &str = "Frontdesk";
/// Largest web page, in bytes.
const MAX_PAGE: usize = 5 * 1024 * 1024;
/// Largest `robots.txt` that is read, in bytes.
const MAX_ROBOTS: usize = 512 * 1024;
/// Bytes read of one site.
const MAX_SITE: u64 = 64 * 1024 * 1024;
/// Links followed from the first page, one after the other.
const MAX_DEPTH: u32 = 8;
/// Addresses that are remembered.
const MAX_KNOWN: usize = 20_000;
/// Longest time for a site; what was read until then is kept.
const MAX_TIME: Duration = Duration::from_mins(20);
/// Longest pause a site may ask for.
const MAX_PAUSE: Duration = Duration::from_secs(10);

/// Reads one page.
pub(super) async fn page(run: &Run<'_>) -> Result<Reading, Stop> {
    let url = address(run)?;
    let robots = robots(run, &url).await?;
    if !robots.allows(&path_of(&url)) {
        return Err(Stop::Refused(not_allowed(&url)));
    }
    let response = match fetch(run, &url).await? {
        Fetched::Page(response) => response,
        Fetched::Missing(reason) => return Err(Stop::Refused(reason)),
        Fetched::Failing(reason) => return Err(Stop::Later(reason)),
    };
    if response.url.origin() != url.origin() || response.url.path() != url.path() {
        let elsewhere = if response.url.origin() == url.origin() {
            robots
        } else {
            self::robots(run, &response.url).await?
        };
        if !elsewhere.allows(&path_of(&response.url)) {
            return Err(Stop::Refused(not_allowed(&response.url)));
        }
    }
    let media_type = response.content_type();
    let name = response.url.path().rsplit('/').next().filter(|name| !name.is_empty());
    let media = Some(media_type.as_str()).filter(|media_type| !media_type.is_empty());
    let Some(format) =
        media.and_then(Format::from_media_type).or_else(|| Format::detect(name, media, &response.body))
    else {
        return Err(Stop::Refused(format!(
            "This address leads to something that is not a text ({media_type}). Give the address of a web page."
        )));
    };
    let bytes = response.body.len() as u64;
    let document = parse(run, format, name, response.body.to_vec()).await?;
    cut(vec![Page { document, url: Some(response.url.to_string()) }], bytes).await
}

/// Reads a site.
pub(super) async fn site(run: &Run<'_>) -> Result<Reading, Stop> {
    let start = address(run)?;
    let first = match fetch(run, &start).await? {
        Fetched::Page(response) => response,
        Fetched::Missing(reason) => return Err(Stop::Refused(reason)),
        Fetched::Failing(reason) => return Err(Stop::Later(reason)),
    };
    // A site may live at another address than was typed: with www, with https.
    let robots = robots(run, &first.url).await?;
    if !robots.allows(&path_of(&first.url)) {
        return Err(Stop::Refused(not_allowed(&first.url)));
    }
    let mut crawl = Crawl::new(run, first.url.clone(), robots);
    crawl.take(first, 0).await?;
    while let Some((url, depth)) = crawl.next() {
        tokio::time::sleep(crawl.pause).await;
        match fetch(run, &url).await? {
            Fetched::Page(response) => crawl.take(response, depth).await?,
            Fetched::Missing(_) => {}
            Fetched::Failing(reason) => crawl.failed.push(reason),
        }
        crawl.report().await?;
    }
    crawl.finish().await
}

fn address(run: &Run<'_>) -> Result<Url, Stop> {
    let url = run.work.source.url.as_deref().unwrap_or_default();
    Url::parse(url).map_err(|error| AppError::Internal(format!("stored address: {error}")).into())
}

fn not_allowed(url: &Url) -> String {
    format!(
        "The robots.txt of {} asks programs not to read this page. If the site is yours, allow \"{AGENT}\" there, then try again.",
        host_of(url)
    )
}

fn host_of(url: &Url) -> &str {
    url.host_str().unwrap_or_default()
}

/// Path and query, as `robots.txt` rules see them.
fn path_of(url: &Url) -> String {
    match url.query() {
        Some(query) => format!("{}?{query}", url.path()),
        None => url.path().to_owned(),
    }
}

/// What came of asking for a page.
enum Fetched {
    Page(Response),
    /// There is nothing to read there, and asking again will not help.
    Missing(String),
    /// Asking again later may help.
    Failing(String),
}

async fn fetch(run: &Run<'_>, url: &Url) -> Result<Fetched, Stop> {
    let call = run
        .app
        .http
        .get(Target::Public, url)
        .label("knowledge.page")
        .header("accept", "text/html,application/xhtml+xml,*/*;q=0.5")
        .max_body(MAX_PAGE);
    let response = match call.send().await {
        Ok(response) => response,
        Err(error) => return Ok(explain(url, &error)),
    };
    let (host, status) = (host_of(&response.url).to_owned(), response.status);
    if status.is_success() {
        return Ok(Fetched::Page(response));
    }
    Ok(match status {
        StatusCode::NOT_FOUND | StatusCode::GONE => Fetched::Missing(format!(
            "There is no page at this address ({}). Check it in a browser.",
            status.as_u16()
        )),
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => Fetched::Missing(format!(
            "{host} does not let programs read this page ({}). Only pages that anyone can read can be added.",
            status.as_u16()
        )),
        status if status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS => {
            Fetched::Failing(format!("{host} is not answering right now ({}).", status.as_u16()))
        }
        status => Fetched::Missing(format!("{host} answered with an error ({}).", status.as_u16())),
    })
}

fn explain(url: &Url, error: &HttpError) -> Fetched {
    let host = host_of(url);
    match error {
        HttpError::Blocked { host, reason } => {
            Fetched::Missing(format!("{host} cannot be read: {reason}. Only public web pages can be added."))
        }
        HttpError::TooLarge { .. } => Fetched::Missing(format!(
            "This page is larger than {} MB. Add the part you need as text or as a file.",
            MAX_PAGE / (1024 * 1024)
        )),
        HttpError::TooManyRedirects { .. } => Fetched::Missing(format!(
            "{host} sends visitors around in a circle. Check the address in a browser."
        )),
        HttpError::TimedOut { .. } => Fetched::Failing(format!("{host} did not answer in time.")),
        error if error.is_transient() => {
            Fetched::Failing(format!("{host} could not be reached. Check the address in a browser."))
        }
        error => Fetched::Missing(format!("This address could not be read: {error}.")),
    }
}

/// The rules of the site that `url` belongs to.
async fn robots(run: &Run<'_>, url: &Url) -> Result<Robots, Stop> {
    let Ok(file) = url.join("/robots.txt") else { return Ok(Robots::allow_all()) };
    let streaming = run.app.http.get(Target::Public, &file).label("knowledge.robots").stream().await;
    let answer = match streaming {
        Ok(answer) => answer,
        Err(error) => {
            return match explain(&file, &error) {
                Fetched::Failing(reason) => Err(Stop::Later(reason)),
                Fetched::Missing(reason) => Err(Stop::Refused(reason)),
                Fetched::Page(_) => Ok(Robots::disallow_all()),
            };
        }
    };
    let status = answer.status;
    if status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS {
        let host = host_of(&file);
        return Err(Stop::Later(format!(
            "{host} does not say what programs may read: its robots.txt fails ({}).",
            status.as_u16()
        )));
    }
    let text = answer.read_up_to(MAX_ROBOTS).await;
    Ok(Robots::from_answer(status.as_u16(), &String::from_utf8_lossy(&text), AGENT))
}

/// A walk through a site.
struct Crawl<'a, 'r> {
    run: &'r Run<'a>,
    origin: Url,
    robots: Robots,
    pause: Duration,
    deadline: Instant,
    waiting: VecDeque<(Url, u32)>,
    known: HashSet<String>,
    contents: HashSet<u64>,
    pages: Vec<Page>,
    bytes: u64,
    failed: Vec<String>,
    shown: usize,
}

impl<'a, 'r> Crawl<'a, 'r> {
    fn new(run: &'r Run<'a>, origin: Url, robots: Robots) -> Self {
        let asked = robots.crawl_delay.unwrap_or_default().min(MAX_PAUSE);
        Self {
            pause: run.app.library.settings().crawl_pause.max(asked),
            run,
            robots,
            deadline: Instant::now() + MAX_TIME,
            waiting: VecDeque::new(),
            known: HashSet::from([plain(&origin).to_string()]),
            contents: HashSet::new(),
            pages: Vec::new(),
            bytes: 0,
            failed: Vec::new(),
            shown: 0,
            origin,
        }
    }

    fn is_full(&self) -> bool {
        self.pages.len() >= self.run.work.max_pages as usize
            || self.bytes >= MAX_SITE
            || Instant::now() >= self.deadline
            // A site that answers nothing but errors is not worth all its links.
            || self.failed.len() > 20.max(self.pages.len())
    }

    fn next(&mut self) -> Option<(Url, u32)> {
        if self.is_full() { None } else { self.waiting.pop_front() }
    }

    fn belongs(&self, url: &Url) -> bool {
        url.origin() == self.origin.origin() && self.robots.allows(&path_of(url))
    }

    /// Keeps a page and the links that lead on from it.
    async fn take(&mut self, response: Response, depth: u32) -> Result<(), Stop> {
        self.bytes += response.body.len() as u64;
        let media_type = response.content_type();
        let is_page = media_type.is_empty() || Format::from_media_type(&media_type) == Some(Format::Html);
        // A redirect may have led away from the site, or to a page that is known already.
        let mut url = plain(&response.url);
        if !is_page || !self.belongs(&url) || self.is_kept(&url) {
            return Ok(());
        }
        self.reached(&url);
        let body = response.body.clone();
        let base = response.url.clone();
        let look = tokio::task::spawn_blocking(move || {
            let text = String::from_utf8_lossy(&body);
            (html::robots(&text, AGENT), canonical(&base, &text), html::links(&base, &text))
        });
        let (wishes, canonical, links) =
            look.await.map_err(|error| AppError::Internal(format!("reading a page: {error}")))?;
        if !wishes.nofollow && depth < MAX_DEPTH {
            for link in &links {
                self.follow(link, depth + 1);
            }
        }
        if let Some(canonical) = canonical.map(|url| plain(&url)).filter(|canonical| self.belongs(canonical))
            && canonical != url
        {
            if self.is_kept(&canonical) {
                return Ok(());
            }
            self.reached(&canonical);
            url = canonical;
        }
        if wishes.noindex || says_noindex(&response) {
            return Ok(());
        }
        match parse(self.run, Format::Html, None, response.body.to_vec()).await {
            Ok(document) if self.contents.insert(fingerprint(&document)) => {
                self.pages.push(Page { document, url: Some(url.to_string()) });
            }
            Ok(_) | Err(Stop::Refused(_)) => {}
            Err(stop) => return Err(stop),
        }
        Ok(())
    }

    /// Whatever address led here: this one need not be asked for again.
    fn reached(&mut self, url: &Url) {
        if !self.known.insert(url.to_string()) {
            self.waiting.retain(|(waiting, _)| waiting != url);
        }
    }

    fn is_kept(&self, url: &Url) -> bool {
        self.pages.iter().any(|page| page.url.as_deref() == Some(url.as_str()))
    }

    fn follow(&mut self, link: &Url, depth: u32) {
        let link = plain(link);
        if self.known.len() < MAX_KNOWN
            && !is_download(&link)
            && self.belongs(&link)
            && self.known.insert(link.to_string())
        {
            self.waiting.push_back((link, depth));
        }
    }

    /// Tells people how far it is, every few pages.
    async fn report(&mut self) -> Result<(), Stop> {
        let most = self.run.work.max_pages as usize;
        if self.pages.len() < self.shown + (most / 10).clamp(1, 10) {
            return Ok(());
        }
        self.shown = self.pages.len();
        let percent = 2 + (self.shown * 46 / most.max(1)).min(46) as u8;
        let stage = format!("Read {} pages, at most {most}", self.shown);
        self.run.report(percent, &stage).await
    }

    async fn finish(self) -> Result<Reading, Stop> {
        if self.failed.len() > self.pages.len()
            && let Some(reason) = self.failed.into_iter().next()
        {
            return Err(Stop::Later(reason));
        }
        if self.pages.is_empty() {
            let text = "No page of this site could be read as text. Check the address in a browser, or add the text itself.";
            return Err(Stop::Refused(text.to_owned()));
        }
        cut(self.pages, self.bytes).await
    }
}

/// The address without what does not name a page: the fragment, and marks of where a visitor came from.
fn plain(url: &Url) -> Url {
    let mut plain = url.clone();
    plain.set_fragment(None);
    let is_mark = |name: &str| name.starts_with("utm_") || matches!(name, "gclid" | "fbclid" | "msclkid");
    if url.query_pairs().any(|(name, _)| is_mark(&name)) {
        let kept: Vec<(String, String)> =
            url.query_pairs().filter(|(name, _)| !is_mark(name)).map(|(n, v)| (n.into(), v.into())).collect();
        plain.set_query(None);
        if !kept.is_empty() {
            plain.query_pairs_mut().extend_pairs(kept);
        }
    }
    plain
}

/// Whether the address is plainly that of something that is no page.
fn is_download(url: &Url) -> bool {
    const ENDINGS: &[&str] = &[
        "7z", "avi", "bmp", "css", "csv", "doc", "docx", "exe", "gif", "gz", "ico", "ics", "jpeg", "jpg",
        "js", "json", "mov", "mp3", "mp4", "pdf", "png", "ppt", "pptx", "rar", "rss", "svg", "tar", "tif",
        "tiff", "vcf", "wav", "webm", "webp", "woff", "woff2", "xls", "xlsx", "xml", "zip",
    ];
    let name = url.path().rsplit('/').next().unwrap_or_default();
    name.rsplit_once('.').is_some_and(|(_, ending)| ENDINGS.contains(&ending.to_ascii_lowercase().as_str()))
}

/// `X-Robots-Tag: noindex`, for everyone or for us.
fn says_noindex(response: &Response) -> bool {
    response.headers.get_all("x-robots-tag").iter().filter_map(|value| value.to_str().ok()).any(|value| {
        let (agent, rules) = value.split_once(':').unwrap_or(("*", value));
        let ours = agent.trim() == "*" || agent.trim().eq_ignore_ascii_case(AGENT);
        ours && rules
            .split(',')
            .any(|rule| matches!(rule.trim().to_ascii_lowercase().as_str(), "noindex" | "none"))
    })
}

/// The page's `<link rel=canonical>`. Read without building a tree: only the first 256 kB, where heads are.
fn canonical(base: &Url, html: &str) -> Option<Url> {
    let mut rest = html.get(..html.floor_char_boundary(256 * 1024)).unwrap_or(html);
    while let Some(at) = rest.find("<link").or_else(|| rest.find("<LINK")) {
        rest = rest.get(at + 5..)?;
        let (tag, after) = rest.split_once('>')?;
        if attribute(tag, "rel").is_some_and(|rel| rel.eq_ignore_ascii_case("canonical")) {
            return base.join(attribute(tag, "href")?.trim()).ok();
        }
        rest = after;
    }
    None
}

fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    let mut rest = tag;
    loop {
        let (before, after) = rest.split_once('=')?;
        let value = after.trim_start();
        let (value, next) = match value.chars().next()? {
            quote @ ('"' | '\'') => value.get(1..)?.split_once(quote)?,
            _ => value.split_once(|c: char| c.is_ascii_whitespace()).unwrap_or((value, "")),
        };
        if before.trim().rsplit(|c: char| c.is_ascii_whitespace()).next()?.eq_ignore_ascii_case(name) {
            return Some(value);
        }
        rest = next;
    }
}

/// Tells pages apart by what they say: the same text under two addresses is one page.
fn fingerprint(document: &Document) -> u64 {
    let mut hasher = DefaultHasher::new();
    for block in &document.blocks {
        block.text.hash(&mut hasher);
    }
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> Url {
        Url::parse(text).unwrap()
    }

    #[test]
    fn marks_of_visitors_do_not_make_another_page() {
        assert_eq!(
            plain(&url("https://a.example/p?utm_source=x&id=3#top")).as_str(),
            "https://a.example/p?id=3"
        );
        assert_eq!(plain(&url("https://a.example/p?gclid=1")).as_str(), "https://a.example/p");
        assert_eq!(plain(&url("https://a.example/p?q=a%20b")).as_str(), "https://a.example/p?q=a%20b");
    }

    #[test]
    fn rules_see_path_and_query() {
        assert_eq!(path_of(&url("https://a.example:8443/p/q?x=1")), "/p/q?x=1");
        assert_eq!(path_of(&url("https://a.example")), "/");
    }

    #[test]
    fn the_canonical_address_is_found_in_any_order_of_attributes() {
        let base = url("https://a.example/x");
        let found = |html: &str| canonical(&base, html).map(|url| url.to_string());
        let expected = Some("https://a.example/y".to_owned());
        assert_eq!(found("<link rel=\"icon\" href=\"/i\"><link rel=\"canonical\" href=\"/y\">"), expected);
        assert_eq!(found("<link href='https://a.example/y' rel=canonical />"), expected);
        assert_eq!(found("<link rel=canonical"), None);
        assert_eq!(found("<p>no link</p>"), None);
    }

    #[test]
    fn pictures_are_not_asked_for() {
        assert!(is_download(&url("https://a.example/a/b.JPG?x=1")));
        assert!(!is_download(&url("https://a.example/v1.2/about")));
        assert!(!is_download(&url("https://a.example/")));
    }
}
