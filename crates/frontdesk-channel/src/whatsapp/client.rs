//! The client: one number of one WhatsApp Business account.

use async_trait::async_trait;
use frontdesk_domain::permit::Permit;
use frontdesk_domain::time::Timestamp;
use frontdesk_http::{Call, HttpClient, HttpError, Method, Response, Target, Url};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::error::of_answer;
use super::{VENDOR, WHATSAPP, WhatsappSettings, body};
use crate::answer::{not_answered, not_reached};
use crate::channel::{Channel, ChannelError, Once, Outbound, SentMessage};

/// A business's number on WhatsApp.
pub struct WhatsappChannel {
    pub(super) http: HttpClient,
    pub(super) target: Target,
    pub(super) base_url: String,
    version: String,
    number: String,
    pub(super) account: String,
    verify_token: String,
    pub(super) token: SecretString,
}

impl std::fmt::Debug for WhatsappChannel {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("WhatsappChannel").field("number", &self.number).finish_non_exhaustive()
    }
}

impl WhatsappChannel {
    /// A client with this access token. Does not connect yet.
    ///
    /// # Errors
    /// [`ChannelError::Refused`] when a setting cannot be one.
    pub fn new(
        settings: &WhatsappSettings,
        secret: SecretString,
        http: HttpClient,
        target: Target,
    ) -> Result<Self, ChannelError> {
        let wrong = |reason: &str| refused(reason.to_owned());
        let is_id = |id: &str| !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_digit());
        if !is_id(&settings.phone_number_id) || !is_id(&settings.business_account_id) {
            return Err(wrong(
                "the IDs of number and account are numbers; copy them from Meta's app dashboard",
            ));
        }
        let is_version = settings.version.strip_prefix('v').and_then(|version| version.split_once('.'));
        if !is_version.is_some_and(|(major, minor)| is_id(major) && is_id(minor)) {
            return Err(wrong("the version looks like v23.0"));
        }
        if Url::parse(&settings.base_url).is_err() {
            return Err(wrong("the address of the API is no web address"));
        }
        Ok(Self {
            http,
            target,
            base_url: settings.base_url.trim_end_matches('/').to_owned(),
            version: settings.version.clone(),
            number: settings.phone_number_id.clone(),
            account: settings.business_account_id.clone(),
            verify_token: settings.verify_token.clone(),
            token: secret,
        })
    }

    /// A request to the API; `path` is what follows the version.
    pub(super) fn call(&self, method: Method, path: &str, label: &'static str) -> Call {
        let url = format!("{}/{}/{path}", self.base_url, self.version);
        self.http.call(method, self.target, url).label(label).bearer(self.token.expose_secret())
    }

    /// The answer to a request that sends no message.
    pub(super) async fn ask<T: DeserializeOwned>(&self, call: Call) -> Result<T, ChannelError> {
        let response = call.send().await.map_err(|error| not_reached(VENDOR, &error))?;
        if !response.is_success() {
            return Err(of_answer(&response, &self.token, false, self.now()));
        }
        response.json().map_err(|error| not_reached(VENDOR, &error))
    }

    fn now(&self) -> Timestamp {
        self.http.clock().now()
    }

    /// Tells the customer that a message of theirs was read, and shows for up to 25 seconds that an answer is being
    /// written when `typing`.
    ///
    /// # Errors
    /// What the vendor said. A message older than 30 days cannot be marked.
    pub async fn mark_read(&self, vendor_id: &str, typing: bool) -> Result<(), ChannelError> {
        let mut body = json!({"messaging_product": "whatsapp", "status": "read", "message_id": vendor_id});
        if let (true, Some(fields)) = (typing, body.as_object_mut()) {
            fields.insert("typing_indicator".to_owned(), json!({"type": "text"}));
        }
        let call = self.call(Method::POST, &format!("{}/messages", self.number), "whatsapp.read");
        self.ask::<Done>(call.idempotent().json(&body)).await.map(drop)
    }

    /// Asks the vendor to call us about this account: at the address its app has, or at `callback` alone for this
    /// account, which it verifies at once with the connection's verify token.
    ///
    /// # Errors
    /// What the vendor said.
    pub async fn subscribe(&self, callback: Option<&str>) -> Result<(), ChannelError> {
        let path = format!("{}/subscribed_apps", self.account);
        let mut call = self.call(Method::POST, &path, "whatsapp.subscribe").idempotent();
        if let Some(callback) = callback {
            call = call.json(&json!({"override_callback_uri": callback, "verify_token": self.verify_token}));
        }
        self.ask::<Done>(call).await.map(drop)
    }
}

pub(super) fn refused(reason: String) -> ChannelError {
    ChannelError::Refused { vendor: VENDOR, code: None, reason }
}

#[derive(Deserialize)]
pub(super) struct Done {
    #[serde(default, rename = "success")]
    _success: bool,
}

#[derive(Deserialize)]
struct Taken {
    messages: Vec<TakenMessage>,
}

#[derive(Deserialize)]
struct TakenMessage {
    id: String,
}

#[derive(Deserialize)]
struct Number {
    #[serde(default, rename = "display_phone_number")]
    shown: String,
    #[serde(default)]
    verified_name: String,
    #[serde(default)]
    quality_rating: String,
    #[serde(default)]
    code_verification_status: String,
}

#[derive(Deserialize)]
struct Subscribed {
    #[serde(default)]
    data: Vec<Value>,
}

fn taken(response: &Response) -> Result<SentMessage, HttpError> {
    let taken: Taken = response.json()?;
    let first = taken.messages.into_iter().next();
    let message = first.ok_or_else(|| HttpError::Unreadable {
        host: response.url.host_str().unwrap_or_default().to_owned(),
        reason: "it names no message".to_owned(),
    })?;
    Ok(SentMessage { vendor_id: Some(message.id) })
}

#[async_trait]
impl Channel for WhatsappChannel {
    fn name(&self) -> &'static str {
        WHATSAPP
    }

    fn once(&self) -> Once {
        Once::Reported
    }

    async fn send(
        &self,
        permit: Permit,
        outbound: &Outbound,
        now: Timestamp,
    ) -> Result<SentMessage, ChannelError> {
        permit.redeem(self.name(), &outbound.address, outbound.message, now)?;
        let body = body::request(outbound).map_err(refused)?;
        let call = self.call(Method::POST, &format!("{}/messages", self.number), "whatsapp.send");
        let response =
            call.retries(0).json(&body).send().await.map_err(|error| not_answered(VENDOR, &error))?;
        if response.is_success() {
            return taken(&response).map_err(|error| not_answered(VENDOR, &error));
        }
        Err(of_answer(&response, &self.token, true, now))
    }

    async fn check(&self) -> Result<String, ChannelError> {
        let fields = "display_phone_number,verified_name,quality_rating,code_verification_status";
        let call = self.call(Method::GET, &self.number, "whatsapp.check").query("fields", fields);
        let number: Number = self.ask(call).await?;
        let path = format!("{}/subscribed_apps", self.account);
        let subscribed: Subscribed = self.ask(self.call(Method::GET, &path, "whatsapp.check")).await?;
        let heard = if subscribed.data.is_empty() {
            " No app of Meta's is subscribed to the account, so customers' messages do not arrive yet."
        } else {
            ""
        };
        let quality = match number.quality_rating.as_str() {
            "GREEN" => "its quality is high",
            "YELLOW" => "its quality is medium: some customers block or report its messages",
            "RED" => "its quality is low: customers block or report its messages, and WhatsApp may limit it",
            _ => "its quality is not rated yet",
        };
        let verified = match number.code_verification_status.as_str() {
            "VERIFIED" | "" => "",
            "EXPIRED" => ", whose verification has expired",
            _ => ", which is not verified yet",
        };
        let Number { shown, verified_name, .. } = number;
        Ok(format!("{shown} ({verified_name}){verified}; {quality}.{heard}"))
    }
}
