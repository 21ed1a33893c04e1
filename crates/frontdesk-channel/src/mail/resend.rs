//! Resend (`POST /emails`), checked against the vendor's published OpenAPI description.
//!
//! The letter's id is the idempotency key: the vendor keeps it for 24 hours and answers a repeated request without
//! sending again.

use async_trait::async_trait;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use frontdesk_domain::connection::{ConnectionCategory, VendorAuth, VendorManifest};
use frontdesk_domain::permit::Permit;
use frontdesk_domain::time::Timestamp;
use frontdesk_http::{HttpClient, Response, Target};
use lettre::message::Mailbox;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::hook;
use super::letter::{self, Letter, Post, redeem};
use super::{MailError, mailbox};
use crate::channel::{ChannelError, SentMessage};

const VENDOR: &str = "resend";
/// Most characters of the vendor's words that are kept.
const MAX_WORDS: usize = 300;

/// Settings of a connection.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ResendSettings {
    /// The sender, of a domain that is verified with the vendor.
    pub from: String,
    /// The API's address.
    #[serde(default = "default_base_url")]
    pub base_url: String,
    /// An address of a domain that the vendor receives mail for; answers go there.
    #[serde(default)]
    pub inbound: Option<String>,
}

fn default_base_url() -> String {
    "https://api.resend.com".to_owned()
}

/// What the vendor says about itself.
pub fn manifest() -> VendorManifest {
    VendorManifest {
        id: VENDOR.to_owned(),
        name: "Resend".to_owned(),
        category: ConnectionCategory::Mail,
        settings_schema: json!({
            "type": "object", "additionalProperties": false, "required": ["from"],
            "properties": {
                "from": {"type": "string", "minLength": 3, "maxLength": 320, "title": "Sender",
                    "examples": ["Front desk <desk@example.com>"]},
                "inbound": {"type": ["string", "null"], "maxLength": 254,
                    "title": "Address for answers, of a domain that Resend receives mail for",
                    "examples": ["reply@in.example.com"]},
                "base_url": {"type": "string", "format": "uri", "maxLength": 500, "title": "Address of the API",
                    "default": default_base_url()},
            },
        }),
        auth: VendorAuth::ApiKey,
        hook: Some(hook::PATH.to_owned()),
        docs: "https://resend.com/docs/api-reference/emails/send-email".to_owned(),
    }
}

/// The client.
pub struct ResendPost {
    http: HttpClient,
    target: Target,
    base_url: String,
    from: Mailbox,
    key: SecretString,
}

impl std::fmt::Debug for ResendPost {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ResendPost").field("base_url", &self.base_url).finish_non_exhaustive()
    }
}

impl ResendPost {
    /// A client with this key. Does not connect yet.
    ///
    /// # Errors
    /// When the sender is not an address.
    pub fn new(
        settings: &ResendSettings,
        key: SecretString,
        http: HttpClient,
        target: Target,
    ) -> Result<Self, MailError> {
        let base_url = settings.base_url.trim_end_matches('/').to_owned();
        Ok(Self { http, target, base_url, from: mailbox(&settings.from)?, key })
    }

    /// Checks the key without sending anything.
    ///
    /// # Errors
    /// What the vendor said, in plain words.
    pub async fn check(&self) -> Result<(), MailError> {
        let url = format!("{}/domains", self.base_url);
        let call = self.http.get(self.target, url).label("resend.check").bearer(self.key.expose_secret());
        let response = call.send().await.map_err(|error| MailError::Unavailable(error.to_string()))?;
        match response.status.as_u16() {
            200..=299 => Ok(()),
            // A key that may only send is enough.
            401 | 403 if words(&response).contains("restricted_api_key") => Ok(()),
            400..=499 => Err(MailError::Refused(words(&response))),
            _ => Err(MailError::Unavailable(words(&response))),
        }
    }
}

/// The request's body.
pub(super) fn body(sender: &Mailbox, letter: &Letter) -> Value {
    let from = Mailbox::new(Some(letter.from_name.clone()), sender.email.clone());
    let mail = &letter.mail;
    let mut headers = serde_json::Map::new();
    headers.insert("X-Entity-Ref-ID".to_owned(), json!(mail.id));
    headers.extend(letter.extra.headers().into_iter().map(|(name, value)| (name.to_owned(), json!(value))));
    let mut body = json!({
        "from": from.to_string(), "to": [mail.to], "subject": mail.subject, "text": mail.text, "html": mail.html,
        "headers": headers,
        // Comes back with news of the letter, which may overtake the answer that gives its id.
        "tags": [{"name": hook::TAG, "value": letter.message.uuid().to_string()}],
    });
    let Some(fields) = body.as_object_mut() else { return body };
    if let Some(reply_to) = &letter.reply_to {
        fields.insert("reply_to".to_owned(), json!(reply_to));
    }
    let calendar = letter.calendar.as_ref().map(|calendar| {
        json!({
            "filename": "invite.ics", "content": STANDARD.encode(&calendar.text),
            "content_type": calendar.content_type(),
        })
    });
    let files = letter.extra.files.iter().map(|file| {
        json!({"filename": file.name, "content": STANDARD.encode(&file.bytes), "content_type": file.media_type})
    });
    let files: Vec<Value> = calendar.into_iter().chain(files).collect();
    if !files.is_empty() {
        fields.insert("attachments".to_owned(), json!(files));
    }
    body
}

#[derive(Debug, Deserialize)]
struct Sent {
    id: String,
}

#[async_trait]
impl Post for ResendPost {
    fn sends_once(&self) -> bool {
        true
    }

    async fn post(
        &self,
        permit: Permit,
        letter: &Letter,
        now: Timestamp,
    ) -> Result<SentMessage, ChannelError> {
        redeem(permit, letter, now)?;
        let unavailable = |reason: String| ChannelError::Unavailable { vendor: VENDOR, reason };
        let response = self
            .http
            .post(self.target, format!("{}/emails", self.base_url))
            .label("resend.send")
            .bearer(self.key.expose_secret())
            .header("idempotency-key", &letter.mail.id)
            .idempotent()
            .retries(1)
            .json(&body(&self.from, letter))
            .send()
            .await
            .map_err(|error| unavailable(error.to_string()))?;
        match response.status.as_u16() {
            200..=299 => {
                let sent: Sent = response.json().map_err(|error| unavailable(error.to_string()))?;
                Ok(SentMessage { vendor_id: Some(sent.id) })
            }
            429 => {
                let after = crate::answer::asked_to_wait(&response, now);
                Err(ChannelError::Limited { vendor: VENDOR, after })
            }
            // The same letter is being sent right now, or the vendor's front is slow.
            408 | 409 | 425 => Err(unavailable(words(&response))),
            400..=499 => Err(ChannelError::Refused { vendor: VENDOR, code: None, reason: words(&response) }),
            _ => Err(unavailable(words(&response))),
        }
    }

    async fn ready(&self) -> Result<String, ChannelError> {
        self.check().await.map_err(|error| letter::explain(VENDOR, error))?;
        Ok("Resend takes the key.".to_owned())
    }
}

fn words(response: &Response) -> String {
    let said = response.text();
    format!("status {}: {}", response.status.as_u16(), said.chars().take(MAX_WORDS).collect::<String>())
}
