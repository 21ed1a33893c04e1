//! WhatsApp's templates in Twilio's hands: content of the account, handed to WhatsApp for approval.
//!
//! The vendor keeps a template as content of a type (plain words, words with answers, with links, a card), and WhatsApp's
//! judgement of it beside that; both come in one list. Content that was never handed in is for other channels and is not
//! shown. Sources: the vendor's pages "Content API resources" and "Content types".

use frontdesk_domain::channel_template::numbers;
use frontdesk_http::{HttpClient, Target};
use secrecy::SecretString;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::VENDOR;
use super::client::TwilioClient;
use super::send::variables;
use super::settings::{TwilioSettings, is_sid};
use crate::channel::ChannelError;
use crate::whatsapp::template::check;
use crate::whatsapp::{NewTemplate, TemplateButton, WhatsappTemplate};

/// Templates of one page, and most pages that are read: more than WhatsApp lets an account have.
const PAGE: usize = 500;
const MAX_PAGES: usize = 20;
/// The vendor's code of what is not there.
const NOT_FOUND: &str = "20404";

/// An account's templates.
#[derive(Debug, Clone)]
pub struct TwilioTemplates {
    client: TwilioClient,
}

#[derive(Deserialize)]
struct Page {
    contents: Vec<Held>,
    meta: Meta,
}

#[derive(Deserialize)]
struct Meta {
    #[serde(default)]
    next_page_url: Option<String>,
}

/// Content as the vendor lists it.
#[derive(Deserialize)]
struct Held {
    sid: String,
    #[serde(default)]
    language: String,
    #[serde(default)]
    types: Map<String, Value>,
    #[serde(default)]
    approval_requests: Option<Approval>,
}

#[derive(Default, Deserialize)]
struct Approval {
    #[serde(default)]
    name: Option<String>,
    #[serde(default)]
    category: Option<String>,
    #[serde(default)]
    content_type: Option<String>,
    #[serde(default)]
    status: Option<String>,
    #[serde(default)]
    rejection_reason: Option<String>,
}

#[derive(Deserialize)]
struct Made {
    sid: String,
}

impl TwilioTemplates {
    /// The templates of an account.
    ///
    /// # Errors
    /// Which setting is wrong and what it should be.
    pub fn new(
        settings: &TwilioSettings,
        token: SecretString,
        http: HttpClient,
        target: Target,
    ) -> Result<Self, ChannelError> {
        Ok(Self { client: TwilioClient::new(settings, token, http, target)? })
    }

    /// Every template that WhatsApp was asked about.
    ///
    /// # Errors
    /// What the vendor said.
    pub async fn list(&self) -> Result<Vec<WhatsappTemplate>, ChannelError> {
        let mut url = self.client.content_url(&format!("ContentAndApprovals?PageSize={PAGE}"));
        let mut found = Vec::new();
        for _ in 0..MAX_PAGES {
            let response = self.client.answer(self.client.get("twilio.templates", url)).await?;
            let page: Page = TwilioClient::read(&response, false)?;
            found.extend(page.contents.into_iter().filter_map(shown));
            // The question is followed, not the address: the token goes along, and an address could lead elsewhere.
            let next = page.meta.next_page_url;
            let Some(next) = next.as_deref().and_then(|url| url.split_once('?')) else {
                // Of several with one name and language, the approved one is kept.
                found.sort_by_key(|template: &WhatsappTemplate| template.status == "APPROVED");
                return Ok(found);
            };
            url = self.client.content_url(&format!("ContentAndApprovals?{}", next.1));
        }
        Err(ChannelError::Unavailable {
            vendor: VENDOR,
            reason: "the list of templates has no end".to_owned(),
        })
    }

    /// Makes a template and hands it to WhatsApp; gives it as the vendor then holds it, mostly `PENDING`. What is refused
    /// leaves nothing behind.
    ///
    /// # Errors
    /// [`ChannelError::Refused`] when it breaks a rule that is known beforehand, or what the vendor said.
    pub async fn create(&self, new: &NewTemplate) -> Result<WhatsappTemplate, ChannelError> {
        check(new).map_err(|(_, reason)| ChannelError::Refused { vendor: VENDOR, code: None, reason })?;
        let (kind, content) = content(new);
        let body = json!({
            "friendly_name": new.name, "language": new.language, "variables": variables(&new.examples),
            "types": { kind: content },
        });
        let call = self.client.post("twilio.template", self.client.content_url("Content")).json(&body);
        let made: Made = TwilioClient::read(&self.client.answer_once(call).await?, true)?;
        if !is_sid(&made.sid, "HX") {
            let reason = "Twilio answered without the template's id".to_owned();
            return Err(ChannelError::Uncertain { vendor: VENDOR, reason });
        }
        let path = format!("Content/{}/ApprovalRequests/whatsapp", made.sid);
        let asked = json!({ "name": new.name, "category": new.category });
        let call = self.client.post("twilio.template", self.client.content_url(&path)).json(&asked);
        let approval: Approval = match self.client.answer_once(call).await {
            Ok(response) => TwilioClient::read(&response, true)?,
            Err(error) => {
                let is_refused = !matches!(error, ChannelError::Uncertain { .. });
                if is_refused && let Err(left) = self.delete(&made.sid).await {
                    tracing::warn!(%left, sid = %made.sid, "a refused template stays with Twilio, in nobody's way");
                }
                return Err(error);
            }
        };
        let held = Held {
            sid: made.sid,
            language: new.language.clone(),
            types: Map::from_iter([(kind.to_owned(), content)]),
            approval_requests: Some(Approval {
                name: Some(new.name.clone()),
                category: approval.category.or_else(|| Some(new.category.clone())),
                content_type: Some(kind.to_owned()),
                status: approval.status.or_else(|| Some("received".to_owned())),
                rejection_reason: approval.rejection_reason,
            }),
        };
        shown(held).ok_or_else(|| ChannelError::Uncertain {
            vendor: VENDOR,
            reason: "Twilio took the template and did not hand it in".to_owned(),
        })
    }

    /// Deletes a template, with WhatsApp too. One that is gone already is no error.
    ///
    /// # Errors
    /// What the vendor said.
    pub async fn delete(&self, sid: &str) -> Result<(), ChannelError> {
        let url = self.client.content_url(&format!("Content/{sid}"));
        match self.client.answer(self.client.delete("twilio.template", url)).await {
            Err(ChannelError::Refused { code: Some(code), .. }) if code == NOT_FOUND => Ok(()),
            answer => answer.map(drop),
        }
    }
}

/// The type of content that a template needs, and what stands in it. Only a card has a line over or under its words, or
/// answers beside links.
fn content(new: &NewTemplate) -> (&'static str, Value) {
    let is_answer = |button: &TemplateButton| matches!(button, TemplateButton::QuickReply { .. });
    let answers = new.buttons.iter().filter(|button| is_answer(button)).count();
    let actions: Vec<Value> = new.buttons.iter().enumerate().map(action).collect();
    let mut content = Map::from_iter([("body".to_owned(), json!(new.body))]);
    let kind = if new.header.is_some() || new.footer.is_some() || (1..actions.len()).contains(&answers) {
        for (name, line) in [("header_text", &new.header), ("footer", &new.footer)] {
            content.extend(line.as_ref().map(|line| (name.to_owned(), json!(line))));
        }
        "whatsapp/card"
    } else if actions.is_empty() {
        "twilio/text"
    } else if answers > 0 {
        "twilio/quick-reply"
    } else {
        "twilio/call-to-action"
    };
    if !actions.is_empty() {
        content.insert("actions".to_owned(), json!(actions));
    }
    (kind, Value::Object(content))
}

fn action((at, button): (usize, &TemplateButton)) -> Value {
    match button {
        TemplateButton::QuickReply { text } | TemplateButton::Other { text } => {
            json!({ "type": "QUICK_REPLY", "title": text, "id": format!("answer_{}", at + 1) })
        }
        TemplateButton::Url { text, url } => json!({ "type": "URL", "title": text, "url": url }),
        TemplateButton::PhoneNumber { text, phone_number } => {
            json!({ "type": "PHONE_NUMBER", "title": text, "phone": phone_number })
        }
    }
}

/// A template as everything else here knows it; `None` when WhatsApp was never asked about it.
fn shown(held: Held) -> Option<WhatsappTemplate> {
    let approval = held.approval_requests?;
    let status = approval.status.unwrap_or_default().to_ascii_uppercase();
    if matches!(status.as_str(), "" | "UNSUBMITTED") {
        return None;
    }
    let kind = approval.content_type.unwrap_or_default();
    let (kind, content) = held.types.get_key_value(&kind).or_else(|| held.types.iter().next())?;
    let line = |name: &str| content.get(name).and_then(Value::as_str).map(str::to_owned);
    // In a card of the vendor's own the words are its title.
    let (header, body, footer) = match kind.as_str() {
        "twilio/card" => (None, line("title"), line("subtitle")),
        _ => (line("header_text"), line("body"), line("footer")),
    };
    let body = body.unwrap_or_default();
    let buttons: Vec<TemplateButton> =
        content.get("actions").and_then(Value::as_array).into_iter().flatten().map(button).collect();
    let is_plain = matches!(
        kind.as_str(),
        "twilio/text" | "twilio/quick-reply" | "twilio/call-to-action" | "twilio/card" | "whatsapp/card"
    );
    let elsewhere = [header.clone(), footer.clone(), content.get("media").map(Value::to_string)];
    let has_other_places = !is_plain
        || body.matches("{{").count() != numbers(&body).len()
        || elsewhere.iter().flatten().any(|text| text.contains("{{"))
        || buttons.iter().any(|button| match button {
            TemplateButton::Url { url, .. } => url.contains("{{"),
            TemplateButton::Other { .. } => true,
            _ => false,
        });
    Some(WhatsappTemplate {
        id: held.sid,
        name: approval.name.unwrap_or_default(),
        language: held.language,
        category: approval.category.unwrap_or_default(),
        // What the vendor has and has not yet handed on is under review as well.
        status: if matches!(status.as_str(), "RECEIVED" | "SUBMITTED") {
            "PENDING".to_owned()
        } else {
            status
        },
        quality: None,
        header: header.filter(|line| !line.is_empty()),
        body,
        footer: footer.filter(|line| !line.is_empty()),
        buttons,
        rejected_reason: approval.rejection_reason.filter(|reason| !reason.is_empty()),
        has_other_places,
    })
}

fn button(action: &Value) -> TemplateButton {
    let field = |name: &str| action.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    let text = field("title");
    match field("type").as_str() {
        "URL" => TemplateButton::Url { text, url: field("url") },
        "PHONE_NUMBER" => TemplateButton::PhoneNumber { text, phone_number: field("phone") },
        "QUICK_REPLY" | "" => TemplateButton::QuickReply { text },
        _ => TemplateButton::Other { text },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn held(types: &Value, approval: &Value) -> Option<WhatsappTemplate> {
        let content =
            json!({ "sid": "HX1", "language": "en", "types": types, "approval_requests": approval });
        shown(serde_json::from_value(content).unwrap())
    }

    #[test]
    fn content_for_other_channels_is_no_template() {
        let words = json!({ "twilio/text": { "body": "Hi" } });
        assert_eq!(held(&words, &json!({ "status": "unsubmitted" })), None);
        assert_eq!(held(&words, &Value::Null), None);
        let template =
            held(&words, &json!({ "status": "received", "name": "hi", "category": "UTILITY" })).unwrap();
        assert_eq!((template.status.as_str(), template.name.as_str()), ("PENDING", "hi"));
    }

    #[test]
    fn a_place_that_is_not_filled_from_here_is_noticed() {
        let approved = json!({ "status": "approved", "name": "x", "category": "MARKETING" });
        let other = |types: Value| held(&types, &approved).unwrap().has_other_places;
        assert!(!other(json!({ "twilio/text": { "body": "Hi {{1}}!" } })));
        assert!(other(json!({ "twilio/text": { "body": "Hi {{name}}!" } })));
        assert!(other(json!({ "twilio/media": { "body": "Hi", "media": ["https://example.com/a.jpg"] } })));
        assert!(other(json!({ "whatsapp/card": { "body": "Hi", "header_text": "For {{1}}" } })));
        let link = json!({ "type": "URL", "title": "Look", "url": "https://example.com/{{1}}" });
        assert!(other(json!({ "twilio/call-to-action": { "body": "Hi", "actions": [link] } })));
        let code = json!({ "type": "COPY_CODE", "title": "Copy", "code": "A" });
        assert!(other(json!({ "whatsapp/card": { "body": "Hi", "actions": [code] } })));
    }

    #[test]
    fn a_template_becomes_the_simplest_type_that_holds_it_and_reads_back_the_same() {
        let answer = TemplateButton::QuickReply { text: "Yes".to_owned() };
        let link = TemplateButton::Url { text: "Look".to_owned(), url: "https://example.com".to_owned() };
        let call =
            TemplateButton::PhoneNumber { text: "Call".to_owned(), phone_number: "+15551230001".to_owned() };
        let plain = NewTemplate {
            name: "visit".to_owned(),
            language: "en".to_owned(),
            category: "UTILITY".to_owned(),
            header: None,
            body: "Hi {{1}}!".to_owned(),
            examples: vec!["Ana".to_owned()],
            footer: None,
            buttons: Vec::new(),
        };
        let cases = [
            ("twilio/text", plain.clone()),
            ("twilio/quick-reply", NewTemplate { buttons: vec![answer.clone()], ..plain.clone() }),
            ("twilio/call-to-action", NewTemplate { buttons: vec![link.clone(), call], ..plain.clone() }),
            ("whatsapp/card", NewTemplate { buttons: vec![answer, link], ..plain.clone() }),
            ("whatsapp/card", NewTemplate { header: Some("Your visit".to_owned()), ..plain.clone() }),
            ("whatsapp/card", NewTemplate { footer: Some("Riverside".to_owned()), ..plain }),
        ];
        for (wanted, new) in cases {
            let (kind, content) = content(&new);
            assert_eq!(kind, wanted);
            let approval = json!({ "status": "approved", "name": new.name, "category": new.category });
            let read = held(&json!({ kind: content }), &approval).unwrap();
            assert_eq!((read.header, read.body, read.footer), (new.header, new.body, new.footer));
            assert_eq!(read.buttons, new.buttons);
            assert!(!read.has_other_places);
        }
    }
}
