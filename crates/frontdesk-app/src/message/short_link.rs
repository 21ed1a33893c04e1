//! Short links: in marketing messages of a workspace that wants them, links become links of this installation, which lead
//! on to where they led and are counted.
//!
//! Only stored targets are led to, and only of `http` and `https`, so nothing can be redirected from here at will. Not
//! counted as people are programs that look at links: those that say so, that only ask for the head, that fetch ahead, or
//! that come within moments of the message's sending.

use std::time::Duration;

use frontdesk_domain::access::Permission;
use frontdesk_domain::compliance::Purpose;
use frontdesk_domain::context::{Context, Scope};
use frontdesk_domain::id::{MessageId, ShortLinkId, uuid_v7};
use frontdesk_domain::outbox::Status;
use frontdesk_domain::random::Random;
use frontdesk_domain::time::Timestamp;
use frontdesk_http::Url;
use frontdesk_store::short_link::{self, ShortLink};
use frontdesk_store::{Tx, message_settings, outbox};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{App, AppError, Result};

/// Deletes links that lapsed long ago.
pub const JOB: &str = "short_link.forget";

/// Characters of a code: 62 to the power of 8 cannot be searched through.
const CODE: usize = 8;
const ALPHABET: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
/// Most links of one message that are shortened.
const MAX_LINKS: usize = 20;
/// Longest target.
const MAX_URL: usize = 2_000;
/// Who follows a link sooner after sending is no person.
const TOO_SOON: Duration = Duration::from_secs(2);
/// How long a lapsed link is kept, for figures.
const KEPT: Duration = Duration::from_hours(400 * 24);
/// Links that are deleted at once.
const PORTION: u64 = 500;

/// Parts of the names of programs that look at links before people do, or instead of them.
const MACHINES: [&str; 34] = [
    "bot",
    "crawl",
    "spider",
    "preview",
    "facebookexternalhit",
    "facebookcatalog",
    "meta-external",
    "whatsapp",
    "slack",
    "telegram",
    "discord",
    "skype",
    "viber",
    "linkedin",
    "pinterest",
    "embedly",
    "quora link",
    "vkshare",
    "google-read-aloud",
    "googleimageproxy",
    "feedfetcher",
    "yahoo! slurp",
    "headless",
    "phantomjs",
    "curl",
    "wget",
    "python",
    "go-http-client",
    "java/",
    "okhttp",
    "barracuda",
    "mimecast",
    "proofpoint",
    "safelinks",
];

/// Somebody, or something, follows a link.
#[derive(Debug, Clone, Copy)]
pub struct Follow<'a> {
    /// What stands in the address.
    pub code: &'a str,
    /// Whether only the head is asked for.
    pub head: bool,
    /// The header `User-Agent`; empty when there is none.
    pub agent: &'a str,
    /// Whether it says that it fetches ahead.
    pub ahead: bool,
}

/// Where a link leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// On to this address.
    To(String),
    /// Nowhere any more.
    Lapsed,
}

/// A short link, as the team sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct MessageLink {
    /// The short address.
    pub short: String,
    /// Where it leads.
    pub url: String,
    /// How often people followed it.
    pub clicks: u32,
    /// How often programs did.
    pub machine_clicks: u32,
    /// Until when it leads there.
    pub expires_at: Timestamp,
}

/// The short links in a message.
pub async fn list(app: &App, ctx: &Context, id: MessageId) -> Result<Vec<MessageLink>> {
    ctx.require(Permission::MessagesRead)?;
    let db = app.store.reader();
    outbox::get(db, ctx.scope(), id).await?;
    let links = short_link::list_of(db, ctx.scope(), id).await?;
    let shown = |link: ShortLink| MessageLink {
        short: address(app, &link.code),
        url: link.url,
        clicks: link.clicks,
        machine_clicks: link.machine_clicks,
        expires_at: link.expires_at,
    };
    Ok(links.into_iter().map(shown).collect())
}

fn address(app: &App, code: &str) -> String {
    format!("{}/l/{code}", app.settings.public_url)
}

/// The words of a message with its links made short, when it is marketing and the workspace wants that. In the unit of
/// work that queues the message.
pub(crate) async fn shorten(
    app: &App,
    tx: &Tx,
    (message, purpose): (MessageId, Purpose),
    words: String,
) -> Result<String> {
    if purpose != Purpose::Marketing || !words.contains("://") {
        return Ok(words);
    }
    let settings = message_settings::get(tx, tx.scope()).await?;
    if !settings.short_links {
        return Ok(words);
    }
    let expires_at = tx.now().plus(Duration::from_hours(24 * u64::from(settings.short_link_days)));
    let own = address(app, "");
    let (mut out, mut from, mut made) = (String::with_capacity(words.len()), 0, 0);
    for (start, end) in links(&words) {
        let Some(url) = words.get(start..end) else { continue };
        if made == MAX_LINKS || url.starts_with(&own) || url.len() > MAX_URL {
            continue;
        }
        let Some(target) = target(url) else { continue };
        let link = ShortLink {
            id: ShortLinkId::new(tx.now(), tx.random()),
            code: code(tx.random()),
            url: target,
            message_id: Some(message),
            clicks: 0,
            machine_clicks: 0,
            created_at: tx.now(),
            expires_at,
        };
        short_link::insert(tx, tx.scope(), &link).await?;
        out.push_str(words.get(from..start).unwrap_or_default());
        out.push_str(&address(app, &link.code));
        (from, made) = (end, made + 1);
    }
    out.push_str(words.get(from..).unwrap_or_default());
    Ok(out)
}

fn code(random: &dyn Random) -> String {
    let mut code = String::with_capacity(CODE);
    while code.len() < CODE {
        let mut bytes = [0_u8; 16];
        random.fill(&mut bytes);
        // Beyond the last whole round a byte would favour some letters.
        let fair = bytes.iter().filter(|byte| **byte < 248);
        let letters = fair.filter_map(|byte| ALPHABET.get(usize::from(*byte % 62)));
        code.extend(letters.take(CODE - code.len()).map(|letter| char::from(*letter)));
    }
    code
}

/// Where the links of a text are.
fn links(words: &str) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(rest) = words.get(from..) {
        let next = ["https://", "http://"].iter().filter_map(|scheme| rest.find(scheme)).min();
        let Some(next) = next else { break };
        let start = from + next;
        let whole = words.get(start..).unwrap_or_default();
        let ends = |c: char| c.is_whitespace() || matches!(c, '<' | '>' | '"' | '`');
        let link = whole.split(ends).next().unwrap_or_default();
        // What ends a sentence is none of the link's; a bracket is when it was opened there.
        let mut link = link;
        loop {
            let closes = link.ends_with(')') && link.matches('(').count() < link.matches(')').count();
            let trimmed = link.strip_suffix(['.', ',', ';', ':', '!', '?', '\'', ']', '}', '*', '…']);
            match trimmed.or_else(|| link.strip_suffix(')').filter(|_| closes)) {
                Some(shorter) => link = shorter,
                None => break,
            }
        }
        found.push((start, start + link.len()));
        from = start + link.len().max(7);
    }
    found
}

/// A link as it is led to: a web address with a host, and no password in it.
fn target(url: &str) -> Option<String> {
    let url = Url::parse(url).ok()?;
    let leads = matches!(url.scheme(), "http" | "https")
        && url.host_str().is_some_and(|host| !host.is_empty())
        && url.username().is_empty()
        && url.password().is_none();
    leads.then(|| url.to_string())
}

/// Leads on from a short link, and counts who followed it.
///
/// # Errors
/// [`AppError::NotFound`] when there is no such link.
pub async fn follow(app: &App, follow: Follow<'_>) -> Result<Target> {
    let unknown = || AppError::NotFound("link");
    let is_code = follow.code.len() == CODE && follow.code.bytes().all(|byte| byte.is_ascii_alphanumeric());
    if !is_code {
        return Err(unknown());
    }
    let db = app.store.reader();
    let (workspace, link) = short_link::find_everywhere(db, follow.code).await?.ok_or_else(unknown)?;
    let now = app.clock.now();
    if link.expires_at <= now {
        return Ok(Target::Lapsed);
    }
    let target = target(&link.url).ok_or_else(unknown)?;
    let sent_at = match link.message_id {
        Some(id) => outbox::find(db, Scope::system(workspace), id).await?.map(|known| {
            let waits = known.message.status == Status::Queued;
            if waits {
                Timestamp::from_millis(i64::MAX)
            } else {
                known.message.sent_at.unwrap_or(known.message.updated_at)
            }
        }),
        None => None,
    };
    let kind = kind(&follow, sent_at.unwrap_or(link.created_at), now);
    let tx = app.store.begin(&app.system(workspace, "short_link")).await?;
    let id = uuid_v7(tx.now(), tx.random());
    short_link::clicked(&tx, tx.scope(), &link, (id, kind), now).await?;
    tx.commit().await?;
    Ok(Target::To(target))
}

/// Who follows a link, as it is kept: `person`, or why it is none.
fn kind(follow: &Follow<'_>, sent_at: Timestamp, now: Timestamp) -> &'static str {
    let agent = follow.agent.to_ascii_lowercase();
    if follow.head || follow.ahead {
        "preview"
    } else if agent.trim().is_empty() || MACHINES.iter().any(|name| agent.contains(name)) {
        "machine"
    } else if sent_at > now || now.since(sent_at) < TOO_SOON {
        "too_soon"
    } else {
        "person"
    }
}

/// Whether it is a person who asks.
pub(crate) fn is_person(follow: &Follow<'_>, sent_at: Timestamp, now: Timestamp) -> bool {
    kind(follow, sent_at, now) == "person"
}

/// Deletes links that lapsed long ago, with their clicks.
pub async fn forget(app: &App) -> Result<()> {
    let lapsed = app.clock.now().minus(KEPT);
    loop {
        let tx = app.store.begin(&app.system(frontdesk_domain::id::WorkspaceId::INSTALLATION, JOB)).await?;
        let gone = short_link::forget_everywhere(&tx, lapsed, PORTION).await?;
        tx.commit().await?;
        if gone < PORTION {
            return Ok(());
        }
    }
}

#[cfg(test)]
mod tests {
    use frontdesk_domain::random::SeededRandom;

    use super::*;

    fn found(words: &str) -> Vec<&str> {
        links(words).into_iter().map(|(start, end)| &words[start..end]).collect()
    }

    #[test]
    fn a_link_ends_where_its_sentence_does() {
        assert_eq!(
            found("See https://a.example/x?y=1. Or (http://b.example/(1)), http://c.example/z!"),
            ["https://a.example/x?y=1", "http://b.example/(1)", "http://c.example/z"]
        );
        assert_eq!(found("Nothing here: ftp://x, https://"), ["https://"]);
        for none in ["https://", "javascript://x", "https://user:secret@a.example/"] {
            assert_eq!(target(none), None, "{none}");
        }
        assert_eq!(target("https://a.example/ä").as_deref(), Some("https://a.example/%C3%A4"));
    }

    #[test]
    fn programs_that_look_at_links_are_told_from_people() {
        let phone = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Version/17.0 Mobile Safari/604.1";
        let follow = |agent| Follow { code: "", head: false, agent, ahead: false };
        let sent = Timestamp::from_millis(1_000_000);
        let later = sent.plus(Duration::from_secs(30));
        assert_eq!(kind(&follow(phone), sent, later), "person");
        assert_eq!(kind(&follow(phone), sent, sent.plus(Duration::from_secs(1))), "too_soon");
        assert_eq!(kind(&follow("facebookexternalhit/1.1"), sent, later), "machine");
        assert_eq!(kind(&follow(""), sent, later), "machine");
        assert_eq!(kind(&Follow { head: true, ..follow(phone) }, sent, later), "preview");
    }

    #[test]
    fn a_code_is_eight_letters_and_digits() {
        let random = SeededRandom::new(7);
        let (one, other) = (code(&random), code(&random));
        assert!(one.len() == CODE && one.bytes().all(|byte| byte.is_ascii_alphanumeric()) && one != other);
    }
}
