//! `robots.txt` (RFC 9309): which paths of a site a crawler may read.

use std::time::Duration;

/// Bytes that are read; the standard asks for at least 500 kibibytes (§2.5).
const MAX_BYTES: usize = 512 * 1024;

/// Most of what a site may ask us to wait between two requests.
const MAX_CRAWL_DELAY: Duration = Duration::from_mins(1);

/// The rules of one site for one crawler.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Robots {
    rules: Vec<Rule>,
    /// `Crawl-delay`, a common extension; at most one minute.
    pub crawl_delay: Option<Duration>,
    /// `Sitemap` addresses, as written.
    pub sitemaps: Vec<String>,
}

#[derive(Debug, Clone, PartialEq)]
struct Rule {
    allow: bool,
    pattern: String,
}

#[derive(Default)]
struct Group {
    rules: Vec<Rule>,
    crawl_delay: Option<Duration>,
    matched: bool,
}

impl Robots {
    /// Everything may be read: the site has no such file (§2.3.1.3).
    pub fn allow_all() -> Self {
        Self::default()
    }

    /// Nothing may be read: the file exists but cannot be had (§2.3.1.4).
    pub fn disallow_all() -> Self {
        Self { rules: vec![Rule { allow: false, pattern: "/".into() }], ..Self::default() }
    }

    /// The rules that follow from fetching the file: its text on 2xx, all allowed on 4xx, nothing otherwise.
    pub fn from_answer(status: u16, text: &str, agent: &str) -> Self {
        match status {
            200..=299 => Self::parse(text, agent),
            400..=499 => Self::allow_all(),
            _ => Self::disallow_all(),
        }
    }

    /// Reads the rules for the crawler with this product token, such as `Frontdesk`; those for `*` when none name it.
    pub fn parse(text: &str, agent: &str) -> Self {
        let text = text.trim_start_matches('\u{feff}');
        let text = text.get(..floor_boundary(text, MAX_BYTES)).unwrap_or(text);
        let (mut own, mut any) = (Group::default(), Group::default());
        let mut sitemaps = Vec::new();
        // Which of the two groups the lines below belong to, and whether a rule ended the list of agents.
        let (mut in_own, mut in_any, mut agents_open) = (false, false, false);
        for line in text.split(['\n', '\r']) {
            let line = line.split('#').next().unwrap_or_default();
            let Some((key, value)) = line.split_once(':') else {
                continue;
            };
            let (key, value) = (key.trim().to_ascii_lowercase(), value.trim());
            if key == "sitemap" {
                sitemaps.push(value.to_owned());
                continue;
            }
            if key == "user-agent" {
                if !agents_open {
                    (in_own, in_any, agents_open) = (false, false, true);
                }
                if value == "*" {
                    in_any = true;
                    any.matched = true;
                } else if product_token(value).eq_ignore_ascii_case(product_token(agent)) {
                    in_own = true;
                    own.matched = true;
                }
                continue;
            }
            let allow = match key.as_str() {
                "allow" => true,
                "disallow" => false,
                "crawl-delay" => {
                    agents_open = false;
                    let delay =
                        value.parse::<f64>().ok().filter(|seconds| seconds.is_finite() && *seconds >= 0.0);
                    let delay = delay
                        .map(|seconds| Duration::from_secs_f64(seconds.min(MAX_CRAWL_DELAY.as_secs_f64())));
                    own.crawl_delay = if in_own { delay } else { own.crawl_delay };
                    any.crawl_delay = if in_any { delay } else { any.crawl_delay };
                    continue;
                }
                _ => continue,
            };
            agents_open = false;
            if value.is_empty() {
                continue;
            }
            let rule = Rule { allow, pattern: normalise(value) };
            if in_own {
                own.rules.push(rule.clone());
            }
            if in_any {
                any.rules.push(rule);
            }
        }
        let group = if own.matched { own } else { any };
        Self { rules: group.rules, crawl_delay: group.crawl_delay, sitemaps }
    }

    /// Whether this path, with its query, may be read: the longest matching rule decides, allow wins a tie (§2.2.2).
    pub fn allows(&self, path_and_query: &str) -> bool {
        let path = normalise(if path_and_query.is_empty() { "/" } else { path_and_query });
        if path == "/robots.txt" {
            return true;
        }
        self.rules
            .iter()
            .filter(|rule| matches(&rule.pattern, &path))
            .max_by_key(|rule| (rule.pattern.len(), rule.allow))
            .is_none_or(|rule| rule.allow)
    }
}

/// The leading letters, `_` and `-` (§2.2.1).
fn product_token(agent: &str) -> &str {
    let end = agent.find(|c: char| !c.is_ascii_alphabetic() && c != '_' && c != '-').unwrap_or(agent.len());
    agent.get(..end).unwrap_or(agent)
}

/// Percent-encodes what must be, decodes what need not be, so that equal paths are equal text (§2.2.2).
fn normalise(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    let mut bytes = path.bytes();
    while let Some(byte) = bytes.next() {
        if byte == b'%' {
            let digits: Vec<u8> = bytes.clone().take(2).collect();
            let code = std::str::from_utf8(&digits).ok().filter(|text| text.len() == 2);
            if let Some(decoded) = code.and_then(|text| u8::from_str_radix(text, 16).ok()) {
                bytes.nth(1);
                if decoded.is_ascii_alphanumeric() || matches!(decoded, b'-' | b'.' | b'_' | b'~') {
                    out.push(char::from(decoded));
                } else {
                    push_encoded(&mut out, decoded);
                }
                continue;
            }
        }
        if byte.is_ascii_graphic() {
            out.push(char::from(byte));
        } else {
            push_encoded(&mut out, byte);
        }
    }
    out
}

fn push_encoded(out: &mut String, byte: u8) {
    let digit = |nibble: u8| char::from_digit(u32::from(nibble), 16).unwrap_or('0').to_ascii_uppercase();
    out.extend(['%', digit(byte >> 4), digit(byte & 15)]);
}

/// Whether the pattern (`*` is anything, a final `$` the end) matches a prefix of the path. Linear in the path for each
/// `*`, without backtracking over earlier ones.
fn matches(pattern: &str, path: &str) -> bool {
    let (pattern, anchored) = match pattern.strip_suffix('$') {
        Some(rest) => (rest, true),
        None => (pattern, false),
    };
    let mut pieces = pattern.split('*');
    let Some(mut rest) = path.strip_prefix(pieces.next().unwrap_or_default()) else {
        return false;
    };
    let pieces: Vec<&str> = pieces.collect();
    let Some((last, middle)) = pieces.split_last() else {
        return !anchored || rest.is_empty();
    };
    for piece in middle {
        let Some(found) = rest.find(piece) else {
            return false;
        };
        rest = rest.get(found + piece.len()..).unwrap_or_default();
    }
    if anchored { rest.ends_with(last) } else { rest.contains(last) }
}

fn floor_boundary(text: &str, limit: usize) -> usize {
    let mut end = limit.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    end
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_group_that_names_us_wins_over_the_star() {
        let text = "User-agent: *\nDisallow: /\n\nUSER-AGENT: frontdesk/2.0\nUser-agent: other\nDisallow: /private\n\
                    Crawl-delay: 2\nSitemap: https://a.example/s.xml\n\nuser-agent: other\ndisallow: /x\n";
        let ours = Robots::parse(text, "Frontdesk");
        assert!(ours.allows("/"));
        assert!(!ours.allows("/private/a"));
        assert!(ours.allows("/x"));
        assert_eq!(ours.crawl_delay, Some(Duration::from_secs(2)));
        assert_eq!(ours.sitemaps, ["https://a.example/s.xml"]);
        let stranger = Robots::parse(text, "stranger");
        assert!(!stranger.allows("/anything"));
        assert!(stranger.allows("/robots.txt"));
        let other = Robots::parse(text, "other");
        assert!(!other.allows("/x") && !other.allows("/private"), "groups of one agent are merged");
    }

    #[test]
    fn the_longest_rule_decides_and_allow_wins_a_tie() {
        let robots = Robots::parse(
            "user-agent: *\nallow: /p\ndisallow: /\nallow: /folder\ndisallow: /folder\nallow: /$\n\
             disallow: /*.php$\nallow: /page.php5",
            "x",
        );
        assert!(robots.allows("/page"));
        assert!(robots.allows("/folder/page"));
        assert!(robots.allows("/"));
        assert!(!robots.allows("/other"));
        assert!(!robots.allows("/p/index.php"));
        assert!(robots.allows("/p/index.php?q=1"));
    }

    #[test]
    fn an_empty_disallow_allows_and_comments_are_ignored() {
        let robots = Robots::parse("User-agent: * # all\nDisallow: # nothing\n", "x");
        assert!(robots.allows("/a"));
        assert_eq!(Robots::parse("<html>not found</html>", "x"), Robots::allow_all());
    }

    #[test]
    fn encoded_and_plain_spellings_of_a_path_are_the_same() {
        let robots =
            Robots::parse("user-agent: *\ndisallow: /caf%C3%A9\ndisallow: /%61bc\ndisallow: /a%2fb", "x");
        assert!(!robots.allows("/café"));
        assert!(!robots.allows("/abc"));
        assert!(robots.allows("/a/b"), "an encoded slash is not a slash");
        assert!(!robots.allows("/a%2Fb"));
    }

    #[test]
    fn what_cannot_be_fetched_is_not_crawled() {
        assert!(Robots::from_answer(404, "", "x").allows("/a"));
        assert!(!Robots::from_answer(503, "", "x").allows("/a"));
        assert!(!Robots::from_answer(200, "user-agent: *\ndisallow: /a", "x").allows("/a"));
    }

    #[test]
    fn a_hostile_file_is_read_in_bounded_time() {
        let stars = "*a".repeat(200);
        let text = format!("user-agent: *\ndisallow: /{stars}b\n{}", "é".repeat(MAX_BYTES));
        let robots = Robots::parse(&text, "x");
        assert!(robots.allows(&format!("/{}", "a".repeat(5000))));
    }
}
