//! Settings of a connection, and what the vendor says about itself.

use frontdesk_domain::connection::{ConnectionCategory, VendorAuth, VendorManifest};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::VENDOR;
use crate::channel::ChannelError;

/// Which of the vendor's channels is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TwilioKind {
    /// Text messages.
    Sms,
    /// WhatsApp. The vendor writes its addresses with `whatsapp:` in front; here they are bare.
    Whatsapp,
}

impl TwilioKind {
    /// What the vendor writes in front of a WhatsApp address.
    const PREFIX: &'static str = "whatsapp:";

    /// The channel's name, as permits state it.
    pub const fn channel(self) -> &'static str {
        match self {
            Self::Sms => "sms",
            Self::Whatsapp => "whatsapp",
        }
    }

    /// The vendor's id in the list of vendors, and the `<provider>` of its webhook.
    pub const fn provider(self) -> &'static str {
        match self {
            Self::Sms => "twilio",
            Self::Whatsapp => "twilio_whatsapp",
        }
    }

    /// An address as the vendor writes it.
    pub fn vendor_form(self, address: &str) -> String {
        let (_, bare) = Self::bare(address);
        match self {
            Self::Sms => bare.to_owned(),
            Self::Whatsapp => format!("{}{bare}", Self::PREFIX),
        }
    }

    /// An address of the vendor without its prefix, and the channel the prefix names.
    pub fn bare(address: &str) -> (Self, &str) {
        match address.strip_prefix(Self::PREFIX) {
            Some(bare) => (Self::Whatsapp, bare),
            None => (Self::Sms, address),
        }
    }
}

/// Settings of a connection.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TwilioSettings {
    /// The account, `AC` and 32 hexadecimal digits.
    pub account_sid: String,
    /// The messaging service that chooses the sender, `MG` and 32 hexadecimal digits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub messaging_service_sid: Option<String>,
    /// The business's numbers. Which of them speaks to whom the app decides; where it has not, each customer is always
    /// given the same one.
    #[serde(default)]
    pub numbers: Vec<String>,
    /// Whether the vendor is asked if a number exists before the first message to it.
    #[serde(default)]
    pub lookup: bool,
    /// The API's address.
    #[serde(default = "default_base_url")]
    pub base_url: String,
    /// The address of the API that looks numbers up.
    #[serde(default = "default_lookup_url")]
    pub lookup_url: String,
    /// The address of the API that tells prices; the vendor's own, or beside an API of another address, when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pricing_url: Option<String>,
    /// The address of the API that has WhatsApp's templates; the vendor's own, or beside an API of another address, when
    /// absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content_url: Option<String>,
}

/// The vendor's own address of prices.
const PRICING_URL: &str = "https://pricing.twilio.com";
/// The vendor's own address of templates.
const CONTENT_URL: &str = "https://content.twilio.com";

fn default_base_url() -> String {
    "https://api.twilio.com".to_owned()
}

fn default_lookup_url() -> String {
    "https://lookups.twilio.com".to_owned()
}

impl TwilioSettings {
    /// Settings of an account with one number, all else as usual.
    pub fn of(account_sid: &str, number: &str) -> Self {
        Self {
            account_sid: account_sid.to_owned(),
            messaging_service_sid: None,
            numbers: vec![number.to_owned()],
            lookup: false,
            base_url: default_base_url(),
            lookup_url: default_lookup_url(),
            pricing_url: None,
            content_url: None,
        }
    }

    /// Where prices are asked for.
    pub(super) fn effective_pricing_url(&self) -> &str {
        self.beside(self.pricing_url.as_deref(), PRICING_URL)
    }

    /// Where templates are.
    pub(super) fn effective_content_url(&self) -> &str {
        self.beside(self.content_url.as_deref(), CONTENT_URL)
    }

    /// An account that is reached at another address has no business with the vendor's.
    fn beside<'a>(&'a self, chosen: Option<&'a str>, vendor: &'a str) -> &'a str {
        let usual = if self.base_url == default_base_url() { vendor } else { &self.base_url };
        chosen.unwrap_or(usual)
    }

    /// Checks what a schema cannot.
    ///
    /// # Errors
    /// Which setting is wrong and what it should be.
    pub(super) fn check(&self) -> Result<(), ChannelError> {
        self.check_account()?;
        self.check_senders()
    }

    /// The same without what only sending needs: an account may have no number yet.
    pub(super) fn check_account(&self) -> Result<(), ChannelError> {
        if !is_sid(&self.account_sid, "AC") {
            return Err(wrong("the account SID begins with AC and has 32 digits or letters a to f after it"));
        }
        if self.messaging_service_sid.as_deref().is_some_and(|sid| !is_sid(sid, "MG")) {
            return Err(wrong(
                "the messaging service's SID begins with MG and has 32 digits or letters a to f after it",
            ));
        }
        Ok(())
    }

    fn check_senders(&self) -> Result<(), ChannelError> {
        if self.messaging_service_sid.is_none() && self.numbers.is_empty() {
            return Err(wrong(
                "give at least one number, or a messaging service that has numbers; numbers can be bought under Channels",
            ));
        }
        match self.numbers.iter().find(|number| !is_sender(number)) {
            None => Ok(()),
            Some(number) => Err(wrong(&format!(
                "{number:?} is no number to send from: write it with + and the country code, such as +15551230001"
            ))),
        }
    }
}

fn wrong(reason: &str) -> ChannelError {
    ChannelError::Refused { vendor: VENDOR, code: None, reason: reason.to_owned() }
}

/// Whether a text is one of the vendor's ids of this kind.
pub(super) fn is_sid(text: &str, prefix: &str) -> bool {
    text.len() == 34
        && text.strip_prefix(prefix).is_some_and(|rest| rest.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

/// Whether a text is a number in the form of E.164: `+`, no zero first, at most 15 digits.
pub(super) fn is_e164(text: &str) -> bool {
    text.strip_prefix('+').is_some_and(|digits| {
        (7..=15).contains(&digits.len())
            && !digits.starts_with('0')
            && digits.bytes().all(|byte| byte.is_ascii_digit())
    })
}

/// A number, a short code (5 or 6 digits), or a sender's name (up to 11 letters, digits, spaces).
fn is_sender(text: &str) -> bool {
    let (_, bare) = TwilioKind::bare(text);
    let is_short_code = matches!(bare.len(), 5 | 6) && bare.bytes().all(|byte| byte.is_ascii_digit());
    let is_name = (1..=11).contains(&bare.len())
        && bare.bytes().any(|byte| byte.is_ascii_alphabetic())
        && bare.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b' ');
    is_e164(bare) || is_short_code || is_name
}

/// What the vendor says about itself: text messages.
pub fn manifest() -> VendorManifest {
    VendorManifest {
        id: TwilioKind::Sms.provider().to_owned(),
        name: "Twilio".to_owned(),
        category: ConnectionCategory::Sms,
        settings_schema: schema("Phone numbers"),
        auth: VendorAuth::ApiKey,
        hook: Some("/webhooks/twilio/{connection}".to_owned()),
        docs: "https://www.twilio.com/docs/messaging".to_owned(),
    }
}

/// What the vendor says about itself: WhatsApp.
pub fn whatsapp_manifest() -> VendorManifest {
    VendorManifest {
        id: TwilioKind::Whatsapp.provider().to_owned(),
        name: "WhatsApp through Twilio".to_owned(),
        category: ConnectionCategory::Whatsapp,
        settings_schema: whatsapp_schema(),
        auth: VendorAuth::ApiKey,
        hook: Some("/webhooks/twilio_whatsapp/{connection}".to_owned()),
        docs: "https://www.twilio.com/docs/whatsapp".to_owned(),
    }
}

fn whatsapp_schema() -> Value {
    let mut schema = schema("WhatsApp senders");
    if let Some(properties) = schema.get_mut("properties").and_then(Value::as_object_mut) {
        let address = json!({"type": "string", "format": "uri", "maxLength": 500,
            "title": "Address of the API that has templates", "examples": [CONTENT_URL]});
        properties.insert("content_url".to_owned(), address);
    }
    schema
}

fn schema(numbers: &str) -> Value {
    json!({
        "type": "object", "additionalProperties": false, "required": ["account_sid"],
        "properties": {
            "account_sid": {"type": "string", "pattern": "^AC[0-9a-fA-F]{32}$", "title": "Account SID",
                "examples": ["AC00000000000000000000000000000000"]},
            "messaging_service_sid": {"type": "string", "pattern": "^MG[0-9a-fA-F]{32}$",
                "title": "Messaging service SID", "examples": ["MG00000000000000000000000000000000"]},
            "numbers": {"type": "array", "maxItems": 1000, "uniqueItems": true, "title": numbers, "default": [],
                "items": {"type": "string", "minLength": 1, "maxLength": 32, "examples": ["+15551230001"]}},
            "lookup": {"type": "boolean", "default": false, "title": "Check that a number exists before the first message"},
            "base_url": {"type": "string", "format": "uri", "maxLength": 500, "title": "Address of the API",
                "default": default_base_url()},
            "lookup_url": {"type": "string", "format": "uri", "maxLength": 500,
                "title": "Address of the API that looks numbers up", "default": default_lookup_url()},
            "pricing_url": {"type": "string", "format": "uri", "maxLength": 500,
                "title": "Address of the API that tells prices", "examples": [PRICING_URL]},
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const ACCOUNT: &str = "AC0123456789abcdef0123456789abcdef";

    #[test]
    fn settings_that_cannot_work_are_named() {
        let good = TwilioSettings::of(ACCOUNT, "+15551230001");
        good.check().unwrap();
        let broken = [
            (TwilioSettings { account_sid: "AC1".into(), ..good.clone() }, "account SID"),
            (TwilioSettings { messaging_service_sid: Some("MG1".into()), ..good.clone() }, "service's SID"),
            (TwilioSettings { numbers: vec![], ..good.clone() }, "at least one number"),
            (
                TwilioSettings { numbers: vec!["0555 123".into(), "+1".into()], ..good.clone() },
                "country code",
            ),
            (TwilioSettings { numbers: vec!["+0155512300".into()], ..good.clone() }, "country code"),
        ];
        for (settings, said) in broken {
            let error = settings.check().unwrap_err().to_string();
            assert!(error.contains(said), "{error}");
        }
        for sender in ["12345", "Riverside", "whatsapp:+15551230001"] {
            TwilioSettings { numbers: vec![sender.into()], ..good.clone() }.check().unwrap();
        }
        assert!(
            serde_json::from_str::<TwilioSettings>("{\"account_sid\": \"AC\", \"auth_token\": \"x\"}")
                .is_err()
        );
    }

    #[test]
    fn addresses_carry_the_prefix_only_at_the_vendor() {
        assert_eq!(TwilioKind::Whatsapp.vendor_form("+15551230001"), "whatsapp:+15551230001");
        assert_eq!(TwilioKind::Whatsapp.vendor_form("whatsapp:+15551230001"), "whatsapp:+15551230001");
        assert_eq!(TwilioKind::Sms.vendor_form("+15551230001"), "+15551230001");
        assert_eq!(TwilioKind::bare("whatsapp:+15551230001"), (TwilioKind::Whatsapp, "+15551230001"));
    }
}
