//! Mail that Resend receives: its call names a mail, which is then fetched. Calls are verified by
//! [`mail::hook::verify`](crate::mail::hook::verify).
//!
//! The whole mail as it came is taken where the vendor offers it, and read like any other. Where it does not, one is put
//! together from what it has: headers, words and files.

use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use frontdesk_domain::time::Timestamp;
use frontdesk_http::{HttpClient, Response, Target};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde_json::Value;
use uuid::Uuid;

use super::{IncomingMail, Limits, ParseError, Skipped, parse};
use crate::channel::ChannelError;
use crate::mail::ResendSettings;
use crate::mail::hook::HookError;

const VENDOR: &str = "resend";
/// Most bytes of an answer that describes a mail.
const MAX_ANSWER: usize = 8 * 1024 * 1024;
/// Most characters of the vendor's words that are kept.
const MAX_WORDS: usize = 300;
/// Most headers that are taken over, and longest value of one.
const MAX_HEADERS: usize = 200;
const MAX_HEADER: usize = 16 * 1024;
const BOUNDARY: &str = "=_frontdesk_put_together";

/// A mail that came, by the vendor's id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Received {
    /// The vendor's id of it, for [`ResendInbox::fetch`].
    pub id: Uuid,
    /// Whom it went to.
    pub to: Vec<String>,
    /// When it came.
    pub at: Timestamp,
}

#[derive(Deserialize)]
struct Call {
    #[serde(rename = "type")]
    kind: String,
    created_at: Timestamp,
    data: Value,
}

#[derive(Deserialize)]
struct CallData {
    email_id: Uuid,
    #[serde(default)]
    to: Vec<String>,
}

/// Reads a call that was verified; `None` when it is not about a mail that came.
///
/// # Errors
/// [`HookError::Body`] when it is not in the vendor's form.
pub fn received(body: &[u8]) -> Result<Option<Received>, HookError> {
    let broken = |error: serde_json::Error| HookError::Body(error.to_string());
    let call: Call = serde_json::from_slice(body).map_err(broken)?;
    if call.kind != "email.received" {
        return Ok(None);
    }
    let data: CallData = serde_json::from_value(call.data).map_err(broken)?;
    Ok(Some(Received { id: data.email_id, to: data.to, at: call.created_at }))
}

#[derive(Deserialize)]
struct Described {
    #[serde(default)]
    from: String,
    #[serde(default)]
    to: Vec<String>,
    #[serde(default)]
    subject: Option<String>,
    #[serde(default)]
    message_id: Option<String>,
    #[serde(default)]
    html: Option<String>,
    #[serde(default)]
    text: Option<String>,
    #[serde(default)]
    headers: Option<serde_json::Map<String, Value>>,
    #[serde(default)]
    raw: Option<Download>,
    #[serde(default)]
    attachments: Vec<Value>,
}

#[derive(Deserialize)]
struct Download {
    download_url: String,
}

#[derive(Deserialize)]
struct Files {
    #[serde(default)]
    data: Vec<File>,
}

#[derive(Deserialize)]
struct File {
    #[serde(default)]
    filename: Option<String>,
    #[serde(default)]
    content_type: Option<String>,
    #[serde(default)]
    content_id: Option<String>,
    download_url: String,
    #[serde(default)]
    size: usize,
}

/// Fetches mails that came to the vendor.
pub struct ResendInbox {
    http: HttpClient,
    target: Target,
    files: Target,
    base_url: String,
    key: SecretString,
}

impl std::fmt::Debug for ResendInbox {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ResendInbox").field("base_url", &self.base_url).finish_non_exhaustive()
    }
}

impl ResendInbox {
    /// A client with this key, which must be allowed to read. `files` is where the addresses of files, which the vendor
    /// gives, may lead.
    pub fn new(
        settings: &ResendSettings,
        key: SecretString,
        http: HttpClient,
        target: Target,
        files: Target,
    ) -> Self {
        Self { http, target, files, base_url: settings.base_url.trim_end_matches('/').to_owned(), key }
    }

    /// Fetches and reads one mail. Asking again changes nothing.
    ///
    /// # Errors
    /// When the vendor does not give it, now or at all, or it is larger than is accepted.
    pub async fn fetch(&self, id: Uuid, limits: &Limits) -> Result<IncomingMail, ChannelError> {
        let described: Described = self.ask(&format!("/emails/receiving/{id}")).await?;
        let mut left_out = Vec::new();
        let bytes = match &described.raw {
            Some(raw) => self.download(&raw.download_url, limits.bytes).await?,
            None => self.put_together(id, &described, limits, &mut left_out).await?,
        };
        let mut mail = parse(&bytes, limits).map_err(|error| refused(&error))?;
        mail.skipped.extend(left_out);
        if mail.message_id.is_none() {
            // Put together again it could have other bytes.
            mail.digest = id.simple().to_string();
        }
        Ok(mail)
    }

    async fn ask<T: serde::de::DeserializeOwned>(&self, path: &str) -> Result<T, ChannelError> {
        let call = self.http.get(self.target, format!("{}{path}", self.base_url)).label("resend.receive");
        let response = call
            .bearer(self.key.expose_secret())
            .max_body(MAX_ANSWER)
            .send()
            .await
            .map_err(|error| unavailable(error.to_string()))?;
        judge(&response)?;
        response.json().map_err(|error| unavailable(error.to_string()))
    }

    async fn download(&self, url: &str, limit: usize) -> Result<Vec<u8>, ChannelError> {
        let call = self.http.get(self.files, url).label("resend.download").max_body(limit);
        let response = match call.send().await {
            Ok(response) => response,
            Err(frontdesk_http::HttpError::TooLarge { limit, .. }) => {
                return Err(refused(&ParseError::TooLarge { size: limit.saturating_add(1), limit }));
            }
            Err(error) => return Err(unavailable(error.to_string())),
        };
        if response.is_success() {
            return Ok(response.body.to_vec());
        }
        // The address was good for an hour; asking anew gives another.
        Err(unavailable(format!("the file's address answers {}", response.status.as_u16())))
    }

    /// A mail of what the vendor has of it.
    async fn put_together(
        &self,
        id: Uuid,
        described: &Described,
        limits: &Limits,
        left_out: &mut Vec<Skipped>,
    ) -> Result<Vec<u8>, ChannelError> {
        let mut mail = head(described);
        mail.push_str(&words(described));
        if !described.attachments.is_empty() {
            let path = format!("/emails/receiving/{id}/attachments?limit=100");
            let files: Files = self.ask(&path).await?;
            let mut left = limits.attachment_bytes;
            for file in files.data.iter().take(limits.attachments) {
                let name = file.filename.clone().unwrap_or_default();
                if file.size > left {
                    left_out.push(Skipped { name, why: "the attachments are too large" });
                    continue;
                }
                let bytes = self.download(&file.download_url, left).await?;
                left = left.saturating_sub(bytes.len());
                mail.push_str(&part(file, &bytes));
            }
            for file in files.data.iter().skip(limits.attachments) {
                let name = file.filename.clone().unwrap_or_default();
                left_out.push(Skipped { name, why: "the mail has too many attachments" });
            }
        }
        let _ = write!(mail, "--{BOUNDARY}--\r\n");
        // Base64 is a third larger than what it holds.
        if mail.len() / 4 * 3 > limits.bytes {
            return Err(refused(&ParseError::TooLarge { size: mail.len() / 4 * 3, limit: limits.bytes }));
        }
        Ok(mail.into_bytes())
    }
}

/// One line, so that no value begins another header.
fn one_line(text: &str) -> String {
    let text: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    text.chars().take(MAX_HEADER).collect()
}

fn head(described: &Described) -> String {
    let mut head = String::new();
    let mut kind = "multipart/mixed".to_owned();
    let mut known: Vec<String> = Vec::new();
    for (name, value) in described.headers.iter().flatten().take(MAX_HEADERS) {
        let name = name.trim();
        if name.is_empty() || !name.bytes().all(|byte| byte.is_ascii_graphic() && byte != b':') {
            continue;
        }
        let values: Vec<&str> = match value {
            Value::String(one) => vec![one],
            Value::Array(many) => many.iter().filter_map(Value::as_str).collect(),
            _ => continue,
        };
        let lower = name.to_ascii_lowercase();
        if lower == "content-type" {
            // A report stays one.
            let first = values.first().copied().unwrap_or_default();
            if first.trim_start().to_ascii_lowercase().starts_with("multipart/report") {
                let report =
                    first.split(';').find(|it| it.trim().to_ascii_lowercase().starts_with("report-type"));
                kind = format!(
                    "multipart/report;{}",
                    one_line(report.unwrap_or(" report-type=delivery-status"))
                );
            }
        } else if !lower.starts_with("content-") && lower != "mime-version" {
            for value in values {
                let _ = write!(head, "{name}: {}\r\n", one_line(value));
            }
            known.push(lower);
        }
    }
    let mut add = |name: &str, value: &str| {
        if !value.is_empty() && !known.iter().any(|known| known.eq_ignore_ascii_case(name)) {
            let _ = write!(head, "{name}: {}\r\n", one_line(value));
        }
    };
    add("From", &described.from);
    add("To", &described.to.join(", "));
    add("Subject", described.subject.as_deref().unwrap_or_default());
    add("Message-ID", described.message_id.as_deref().unwrap_or_default());
    format!("{head}MIME-Version: 1.0\r\nContent-Type: {kind}; boundary=\"{BOUNDARY}\"\r\n\r\n")
}

fn words(described: &Described) -> String {
    let inner = format!("{BOUNDARY}_words");
    let mut out =
        format!("--{BOUNDARY}\r\nContent-Type: multipart/alternative; boundary=\"{inner}\"\r\n\r\n");
    for (kind, words) in [("plain", &described.text), ("html", &described.html)] {
        if let Some(words) = words {
            let _ = write!(
                out,
                "--{inner}\r\nContent-Type: text/{kind}; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n{}\r\n",
                STANDARD.encode(words)
            );
        }
    }
    let _ = write!(out, "--{inner}--\r\n");
    out
}

fn part(file: &File, bytes: &[u8]) -> String {
    let kind = one_line(file.content_type.as_deref().unwrap_or("application/octet-stream"));
    let name: String =
        file.filename.as_deref().unwrap_or_default().bytes().fold(String::new(), |mut name, byte| {
            if byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_') {
                name.push(byte as char);
            } else {
                let _ = write!(name, "%{byte:02X}");
            }
            name
        });
    let id = file.content_id.as_deref().map(|id| one_line(id.trim_matches(['<', '>'])));
    let id = id.map(|id| format!("Content-ID: <{id}>\r\n")).unwrap_or_default();
    // Parts of a report are no files.
    let disposition = if name.is_empty() { String::new() } else { format!("; filename*=utf-8''{name}") };
    format!(
        "--{BOUNDARY}\r\nContent-Type: {kind}\r\nContent-Disposition: attachment{disposition}\r\n{id}\
         Content-Transfer-Encoding: base64\r\n\r\n{}\r\n",
        STANDARD.encode(bytes)
    )
}

fn judge(response: &Response) -> Result<(), ChannelError> {
    let status = response.status.as_u16();
    let said: String = response.text().chars().take(MAX_WORDS).collect();
    let reason = format!("status {status}: {said}");
    match status {
        200..=299 => Ok(()),
        408 | 425 | 429 => Err(unavailable(reason)),
        400..=499 => Err(ChannelError::Refused { vendor: VENDOR, code: None, reason }),
        _ => Err(unavailable(reason)),
    }
}

fn unavailable(reason: String) -> ChannelError {
    ChannelError::Unavailable { vendor: VENDOR, reason }
}

fn refused(error: &ParseError) -> ChannelError {
    ChannelError::Refused { vendor: VENDOR, code: None, reason: error.to_string() }
}
