//! The tree of a mail's parts, walked once: words, files, and what a report reports. Depth, parts and bytes are bounded,
//! and every level is one pass over its bytes, so that no nesting costs more than its size.

use mail_parser::ContentType;

use super::fields::{self, Fields};
use super::report::Report;
use super::{Attachment, Limits, Skipped, decode};

/// Most bytes of HTML that are read of one part.
const MAX_HTML: usize = 2 * 1024 * 1024;
/// Most characters of a file's name.
const MAX_NAME: usize = 120;

/// What was found.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// The words, piece by piece.
    pub(super) bodies: Vec<Body>,
    pub(super) attachments: Vec<Attachment>,
    pub(super) skipped: Vec<Skipped>,
    pub(super) report: Option<Report>,
    pub(super) encrypted: bool,
    parts: usize,
    attachment_bytes: usize,
}

/// One piece of the words, in one form or both.
#[derive(Debug, Default)]
pub(super) struct Body {
    pub(super) plain: Option<String>,
    pub(super) html: Option<String>,
}

/// A part's kind and what goes with it.
struct Kind {
    main: String,
    sub: String,
    parameters: Option<ContentType<'static>>,
}

impl Kind {
    fn of(fields: &Fields) -> Self {
        let parameters = fields.kind("content-type");
        let (main, sub) = match &parameters {
            Some(kind) if !kind.c_type.is_empty() => {
                (kind.c_type.to_string(), kind.c_subtype.as_deref().unwrap_or_default().to_owned())
            }
            _ => ("text".to_owned(), "plain".to_owned()),
        };
        Self { main, sub, parameters }
    }

    fn parameter(&self, name: &str) -> Option<&str> {
        self.parameters.as_ref()?.attribute(name)
    }

    fn is(&self, main: &str, sub: &str) -> bool {
        self.main == main && self.sub == sub
    }
}

/// Walks a mail: its root's fields and body.
pub(super) fn walk(root: &Fields, body: &[u8], limits: &Limits) -> Found {
    let mut found = Found::default();
    let bodies = part(root, body, limits, 0, Place::Mail, &mut found);
    found.bodies = bodies;
    found
}

/// Where a part stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Mail,
    Alternative,
    Report,
    Encrypted,
}

fn part(
    fields: &Fields,
    body: &[u8],
    limits: &Limits,
    depth: usize,
    place: Place,
    found: &mut Found,
) -> Vec<Body> {
    found.parts += 1;
    let kind = Kind::of(fields);
    if kind.main == "multipart" {
        if depth >= limits.depth {
            skip(found, "a part", "it is nested too deeply");
            return Vec::new();
        }
        if let Some(boundary) = kind.parameter("boundary").filter(|it| !it.trim().is_empty())
            && let Some(pieces) = split(body, boundary.trim_end().as_bytes(), limits.parts)
        {
            return parts(&kind, &pieces, limits, depth, place, found);
        }
        // A multipart that is none: its words are all there is.
        return leaf_text(&decoded(fields, body), &kind, false);
    }
    leaf(fields, &kind, body, limits, place, found)
}

fn parts(
    kind: &Kind,
    pieces: &[&[u8]],
    limits: &Limits,
    depth: usize,
    place: Place,
    found: &mut Found,
) -> Vec<Body> {
    let inner = match kind.sub.as_str() {
        "alternative" => Place::Alternative,
        "report" => {
            let report = found.report.get_or_insert_default();
            report.kind = kind.parameter("report-type").unwrap_or_default().to_lowercase();
            Place::Report
        }
        "encrypted" => {
            found.encrypted = true;
            Place::Encrypted
        }
        // What is around a report or a sealed mail holds for what is inside.
        _ if matches!(place, Place::Report | Place::Encrypted) => place,
        _ => Place::Mail,
    };
    let mut bodies = Vec::new();
    for piece in pieces {
        if found.parts >= limits.parts {
            skip(found, "further parts", "the mail has too many parts");
            break;
        }
        let (head, body) = fields::split(piece);
        let fields = Fields::read(head, kind.parameter("charset"));
        bodies.extend(part(&fields, body, limits, depth + 1, inner, found));
    }
    if inner != Place::Alternative {
        return bodies;
    }
    // One piece in several forms.
    let mut one = Body::default();
    for body in bodies {
        join(&mut one.plain, body.plain);
        join(&mut one.html, body.html);
    }
    vec![one]
}

fn join(to: &mut Option<String>, more: Option<String>) {
    match (to.as_mut(), more) {
        (Some(to), Some(more)) => {
            to.push('\n');
            to.push_str(&more);
        }
        (None, more) => *to = more,
        (Some(_), None) => {}
    }
}

/// The pieces between the boundary's lines; `None` when it never comes. The last one may lack its end.
fn split<'a>(body: &'a [u8], boundary: &[u8], limit: usize) -> Option<Vec<&'a [u8]>> {
    let mut pieces = Vec::new();
    let mut start: Option<usize> = None;
    let mut at = 0;
    for line in body.split_inclusive(|byte| *byte == b'\n') {
        let rest = line.strip_prefix(b"--").and_then(|line| line.strip_prefix(boundary));
        let rest = rest.map(<[u8]>::trim_ascii_end).filter(|rest| rest.is_empty() || *rest == b"--");
        if let Some(rest) = rest {
            if let Some(start) = start {
                pieces.push(without_line_end(body.get(start..at).unwrap_or_default()));
            }
            start = (rest.is_empty()).then_some(at + line.len());
            if start.is_none() || pieces.len() > limit {
                return Some(pieces);
            }
        }
        at += line.len();
    }
    let last = body.get(start?..).unwrap_or_default();
    pieces.push(last);
    Some(pieces)
}

/// The line end before a boundary belongs to the boundary (RFC 2046 §5.1.1).
fn without_line_end(bytes: &[u8]) -> &[u8] {
    let bytes = bytes.strip_suffix(b"\n").unwrap_or(bytes);
    bytes.strip_suffix(b"\r").unwrap_or(bytes)
}

fn decoded(fields: &Fields, body: &[u8]) -> Vec<u8> {
    let encoding = fields.raw("content-transfer-encoding").unwrap_or_default().to_ascii_lowercase();
    match encoding.trim_matches(|c: char| !c.is_ascii_alphanumeric()) {
        "base64" => decode::base64(body),
        "quoted-printable" => decode::quoted_printable(body),
        _ => body.to_vec(),
    }
}

fn leaf(
    fields: &Fields,
    kind: &Kind,
    body: &[u8],
    limits: &Limits,
    place: Place,
    found: &mut Found,
) -> Vec<Body> {
    let disposition = fields.kind("content-disposition");
    let is_file = disposition.as_ref().is_some_and(|it| it.c_type == "attachment");
    let name = disposition
        .as_ref()
        .and_then(|it| it.attribute("filename"))
        .or_else(|| kind.parameter("name"))
        .map(file_name)
        .filter(|name| !name.is_empty());
    if place == Place::Report && reported(fields, kind, body, found) {
        return Vec::new();
    }
    let is_words = kind.main == "text" && matches!(kind.sub.as_str(), "plain" | "html" | "") && !is_file;
    if is_words && place != Place::Encrypted && (name.is_none() || place == Place::Alternative) {
        return leaf_text(&decoded(fields, body), kind, kind.sub == "html");
    }
    if is_signature(kind) || place == Place::Encrypted && kind.is("application", "pgp-encrypted") {
        return Vec::new();
    }
    let name = name.unwrap_or_else(|| made_up_name(kind, found.attachments.len() + 1));
    if kind.is("application", "ms-tnef") || name.eq_ignore_ascii_case("winmail.dat") {
        skip(found, &name, "it is Outlook's own wrapping, which only Outlook opens");
        return Vec::new();
    }
    if kind.sub == "pkcs7-mime" || kind.sub == "x-pkcs7-mime" {
        found.encrypted |= kind.parameter("smime-type").is_none_or(|it| !it.contains("signed"));
    }
    let bytes = decoded(fields, body);
    if found.attachments.len() >= limits.attachments {
        skip(found, &name, "the mail has too many attachments");
    } else if found.attachment_bytes + bytes.len() > limits.attachment_bytes {
        skip(found, &name, "the attachments are too large");
    } else if !bytes.is_empty() {
        found.attachment_bytes += bytes.len();
        let content_id = fields.ids("content-id").into_iter().next();
        let content_id = content_id.or_else(|| fields.raw("content-id").filter(|id| !id.contains('<')));
        found.attachments.push(Attachment { name, media_type: media_type(kind), bytes, content_id });
    }
    Vec::new()
}

fn leaf_text(bytes: &[u8], kind: &Kind, is_html: bool) -> Vec<Body> {
    // Some write the type so that no parser finds one.
    let bytes = bytes.get(..bytes.len().min(MAX_HTML)).unwrap_or_default();
    let mut text = decode::charset(bytes, kind.parameter("charset"));
    if is_html {
        return vec![Body { html: Some(text), plain: None }];
    }
    if kind.parameter("format").is_some_and(|it| it.eq_ignore_ascii_case("flowed")) {
        text =
            decode::flowed(&text, kind.parameter("delsp").is_some_and(|it| it.eq_ignore_ascii_case("yes")));
    }
    vec![Body { plain: Some(text), html: None }]
}

/// Takes what a report is made of (RFC 6522); says whether this part is such.
fn reported(fields: &Fields, kind: &Kind, body: &[u8], found: &mut Found) -> bool {
    let report = found.report.get_or_insert_default();
    let is_global = |name: &str| kind.sub == name || kind.sub.strip_prefix("global-") == Some(name);
    if kind.main == "message" && (is_global("delivery-status") || is_global("disposition-notification")) {
        report.take_status(&decoded(fields, body));
    } else if kind.is("message", "feedback-report") {
        report.take_feedback(&decoded(fields, body));
    } else if kind.is("message", "rfc822")
        || kind.is("message", "global")
        || kind.is("text", "rfc822-headers")
        || kind.is("message", "global-headers")
    {
        report.take_original(&decoded(fields, body));
    } else {
        return false;
    }
    true
}

fn is_signature(kind: &Kind) -> bool {
    kind.main == "application"
        && matches!(kind.sub.as_str(), "pgp-signature" | "pkcs7-signature" | "x-pkcs7-signature" | "pgp-keys")
}

fn media_type(kind: &Kind) -> String {
    let clean = |text: &str| -> String {
        text.chars().filter(|c| c.is_ascii_graphic() && !matches!(c, ';' | ',' | '"')).take(60).collect()
    };
    let mut name = format!("{}/{}", clean(&kind.main), clean(&kind.sub));
    if kind.is("text", "calendar")
        && let Some(method) = kind.parameter("method").map(clean).filter(|it| !it.is_empty())
    {
        name = format!("{name}; method={}", method.to_uppercase());
    }
    if kind.main.is_empty() || kind.sub.is_empty() { "application/octet-stream".to_owned() } else { name }
}

/// A name without folders and tricks.
fn file_name(given: &str) -> String {
    let last = given.rsplit(['/', '\\']).next().unwrap_or_default();
    let is_trick = |c: char| {
        c.is_control()
            || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    let clean: String = last.chars().filter(|c| !is_trick(*c)).collect();
    let clean = clean.trim().trim_start_matches('.');
    let mut name: String = clean.chars().take(MAX_NAME).collect();
    if let Some((_, ending)) = clean.rsplit_once('.').filter(|(_, it)| it.len() <= 8)
        && clean.chars().count() > MAX_NAME
    {
        name.push('.');
        name.push_str(ending);
    }
    name
}

fn made_up_name(kind: &Kind, number: usize) -> String {
    let ending = match (kind.main.as_str(), kind.sub.as_str()) {
        ("message", "rfc822" | "global") => return "message.eml".to_owned(),
        ("text", "calendar") | ("application", "ics") => return "invite.ics".to_owned(),
        ("image", "jpeg" | "jpg" | "pjpeg") => "jpg",
        ("image", "png") => "png",
        ("image", "gif") => "gif",
        ("image", "webp") => "webp",
        ("image", "heic") => "heic",
        ("application", "pdf") => "pdf",
        ("text", "plain") => "txt",
        ("text", "html") => "html",
        ("text", "csv") => "csv",
        ("text", "vcard" | "x-vcard") => "vcf",
        ("audio", "mpeg") => "mp3",
        ("audio", "amr") => "amr",
        ("video", "mp4") => "mp4",
        _ => "bin",
    };
    format!("attachment-{number}.{ending}")
}

fn skip(found: &mut Found, name: &str, why: &'static str) {
    // The first of a kind says it all.
    if found.skipped.len() < 20 && found.skipped.iter().filter(|it| it.why == why).count() < 5 {
        found.skipped.push(Skipped { name: name.to_owned(), why });
    }
}
