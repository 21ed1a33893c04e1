//! Message templates: what the vendor must have approved before the business may write first.

pub use frontdesk_domain::channel_template::filled;
use frontdesk_domain::channel_template::numbers;
use frontdesk_http::Method;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::client::{Done, refused};
use super::{VENDOR, WhatsappChannel};
use crate::channel::ChannelError;

/// Templates of one page.
const PAGE: &str = "100";
/// Most pages that are read: more than the vendor lets an account have.
const MAX_PAGES: usize = 80;
const MAX_BODY: usize = 1024;
const MAX_LINE: usize = 60;
const MAX_BUTTON: usize = 25;
const MAX_BUTTONS: usize = 10;
/// What is asked of each template.
const FIELDS: &str = "id,name,language,status,category,components,quality_score,rejected_reason";

/// A template as the vendor holds it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WhatsappTemplate {
    /// The vendor's id.
    pub id: String,
    /// Its name; one template has one text for each language.
    pub name: String,
    /// Its language, such as `en_US`.
    pub language: String,
    /// `MARKETING`, `UTILITY` or `AUTHENTICATION`.
    pub category: String,
    /// `APPROVED`, `PENDING`, `REJECTED`, `PAUSED`, `DISABLED` and others of the vendor.
    pub status: String,
    /// `GREEN`, `YELLOW`, `RED`; absent until the vendor has rated it.
    pub quality: Option<String>,
    /// The line over the words; absent too when it is a picture.
    pub header: Option<String>,
    /// The words, with `{{1}}`, `{{2}}`, ... for what is filled in.
    pub body: String,
    /// The line under the words.
    pub footer: Option<String>,
    /// What can be tapped.
    pub buttons: Vec<TemplateButton>,
    /// Why it was rejected.
    pub rejected_reason: Option<String>,
    /// Whether it has places outside the words (a picture or a place in the header, a place in a link) that this
    /// installation does not fill, so that it cannot be sent from here.
    pub has_other_places: bool,
}

/// What can be tapped on a template.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum TemplateButton {
    /// An answer.
    QuickReply {
        /// What stands on it.
        text: String,
    },
    /// A link.
    Url {
        /// What stands on it.
        text: String,
        /// Where it leads.
        url: String,
    },
    /// A number to call.
    PhoneNumber {
        /// What stands on it.
        text: String,
        /// The number.
        phone_number: String,
    },
    /// Something else of the vendor's.
    Other {
        /// What stands on it.
        text: String,
    },
}

/// A template to be approved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewTemplate {
    /// Small letters, digits and underscores.
    pub name: String,
    /// Its language, such as `en_US`.
    pub language: String,
    /// `MARKETING` or `UTILITY`.
    pub category: String,
    /// The line over the words.
    pub header: Option<String>,
    /// The words, with `{{1}}`, `{{2}}`, ... for what is filled in.
    pub body: String,
    /// For each place an example, which the vendor's reviewers see.
    pub examples: Vec<String>,
    /// The line under the words.
    pub footer: Option<String>,
    /// What can be tapped.
    pub buttons: Vec<TemplateButton>,
}

/// How many places there are to fill: the highest number that stands in double braces.
pub fn places(text: &str) -> usize {
    numbers(text).into_iter().max().unwrap_or(0)
}

impl WhatsappTemplate {
    /// Whether it may be sent now, from here.
    pub fn is_usable(&self) -> bool {
        self.status == "APPROVED" && !self.has_other_places
    }

    /// How many places its words have.
    pub fn places(&self) -> usize {
        places(&self.body)
    }

    /// What the customer reads when its places are filled so.
    pub fn filled(&self, variables: &[String]) -> String {
        let body = filled(&self.body, variables);
        let parts = [self.header.as_deref(), Some(body.as_str()), self.footer.as_deref()];
        parts.into_iter().flatten().collect::<Vec<_>>().join("\n")
    }
}

#[derive(Deserialize)]
struct Page {
    #[serde(default)]
    data: Vec<Wire>,
    #[serde(default)]
    paging: Paging,
}

#[derive(Default, Deserialize)]
struct Paging {
    #[serde(default)]
    cursors: Cursors,
    #[serde(default)]
    next: Option<String>,
}

#[derive(Default, Deserialize)]
struct Cursors {
    #[serde(default)]
    after: Option<String>,
}

#[derive(Deserialize)]
struct Wire {
    #[serde(default)]
    id: String,
    name: String,
    #[serde(default)]
    language: String,
    #[serde(default)]
    category: String,
    #[serde(default)]
    status: String,
    #[serde(default)]
    components: Vec<Value>,
    #[serde(default)]
    quality_score: Option<Quality>,
    #[serde(default)]
    rejected_reason: Option<String>,
}

#[derive(Deserialize)]
struct Quality {
    #[serde(default)]
    score: String,
}

impl From<Wire> for WhatsappTemplate {
    fn from(wire: Wire) -> Self {
        let text =
            |part: &Value, name: &str| part.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
        let mut template = Self {
            id: wire.id,
            name: wire.name,
            language: wire.language,
            category: wire.category,
            status: wire.status,
            quality: wire.quality_score.map(|quality| quality.score).filter(|score| score != "UNKNOWN"),
            header: None,
            body: String::new(),
            footer: None,
            buttons: Vec::new(),
            rejected_reason: wire.rejected_reason.filter(|reason| reason != "NONE"),
            has_other_places: false,
        };
        for part in &wire.components {
            match text(part, "type").to_ascii_uppercase().as_str() {
                "HEADER" if matches!(text(part, "format").as_str(), "TEXT" | "") => {
                    let header = text(part, "text");
                    template.has_other_places |= header.contains("{{");
                    template.header = Some(header);
                }
                "BODY" => {
                    template.body = text(part, "text");
                    // Places that have names instead of numbers.
                    let opened = template.body.matches("{{").count();
                    template.has_other_places |= opened != numbers(&template.body).len();
                }
                "FOOTER" => template.footer = Some(text(part, "text")),
                "BUTTONS" => {
                    for button in part.get("buttons").and_then(Value::as_array).into_iter().flatten() {
                        let words = text(button, "text");
                        template.buttons.push(match text(button, "type").as_str() {
                            "QUICK_REPLY" => TemplateButton::QuickReply { text: words },
                            "URL" => {
                                let url = text(button, "url");
                                template.has_other_places |= url.contains("{{");
                                TemplateButton::Url { text: words, url }
                            }
                            "PHONE_NUMBER" => TemplateButton::PhoneNumber {
                                text: words,
                                phone_number: text(button, "phone_number"),
                            },
                            _ => {
                                template.has_other_places = true;
                                TemplateButton::Other { text: words }
                            }
                        });
                    }
                }
                // A picture as header, a carousel, an offer with an end: parts that need filling.
                _ => template.has_other_places = true,
            }
        }
        template
    }
}

#[derive(Deserialize)]
struct Made {
    id: String,
    #[serde(default)]
    status: String,
    #[serde(default)]
    category: String,
}

impl WhatsappChannel {
    /// Every template of the account.
    ///
    /// # Errors
    /// What the vendor said.
    pub async fn templates(&self) -> Result<Vec<WhatsappTemplate>, ChannelError> {
        let path = format!("{}/message_templates", self.account);
        let mut found = Vec::new();
        let mut after: Option<String> = None;
        for _ in 0..MAX_PAGES {
            let mut call = self.call(Method::GET, &path, "whatsapp.templates");
            call = call.query("fields", FIELDS).query("limit", PAGE);
            if let Some(after) = &after {
                call = call.query("after", after);
            }
            let page: Page = self.ask(call).await?;
            found.extend(page.data.into_iter().map(WhatsappTemplate::from));
            // The cursor is followed, not the address: an address could lead elsewhere.
            let next = page.paging.next.and(page.paging.cursors.after);
            if next.is_none() || next == after {
                return Ok(found);
            }
            after = next;
        }
        Err(ChannelError::Unavailable {
            vendor: VENDOR,
            reason: "the list of templates has no end".to_owned(),
        })
    }

    /// Hands a template in for approval; gives it as the vendor then holds it, mostly `PENDING`. The vendor may change
    /// its category.
    ///
    /// # Errors
    /// [`ChannelError::Refused`] when it breaks a rule that is known beforehand, or what the vendor said.
    pub async fn create_template(&self, new: &NewTemplate) -> Result<WhatsappTemplate, ChannelError> {
        check(new).map_err(|(_, why)| refused(why))?;
        let path = format!("{}/message_templates", self.account);
        let parts = components(new);
        let body = json!({
            "name": new.name, "language": new.language, "category": new.category, "components": parts,
        });
        let made: Made = self.ask(self.call(Method::POST, &path, "whatsapp.template").json(&body)).await?;
        let pick = |said: String, own: &str| if said.is_empty() { own.to_owned() } else { said };
        Ok(WhatsappTemplate {
            id: made.id,
            name: new.name.clone(),
            language: new.language.clone(),
            category: pick(made.category, &new.category),
            status: pick(made.status, "PENDING"),
            quality: None,
            header: new.header.clone(),
            body: new.body.clone(),
            footer: new.footer.clone(),
            buttons: new.buttons.clone(),
            rejected_reason: None,
            has_other_places: false,
        })
    }

    /// Deletes a template: the one with this id, or all languages of it. Its name cannot be used again for 30 days.
    ///
    /// # Errors
    /// What the vendor said.
    pub async fn delete_template(&self, name: &str, id: Option<&str>) -> Result<(), ChannelError> {
        let path = format!("{}/message_templates", self.account);
        let mut call = self.call(Method::DELETE, &path, "whatsapp.template").query("name", name);
        if let Some(id) = id {
            call = call.query("hsm_id", id);
        }
        self.ask::<Done>(call).await.map(drop)
    }
}

fn components(new: &NewTemplate) -> Vec<Value> {
    let mut parts = Vec::new();
    if let Some(header) = &new.header {
        parts.push(json!({"type": "HEADER", "format": "TEXT", "text": header}));
    }
    let mut body = json!({"type": "BODY", "text": new.body});
    if let (false, Some(fields)) = (new.examples.is_empty(), body.as_object_mut()) {
        fields.insert("example".to_owned(), json!({"body_text": [new.examples]}));
    }
    parts.push(body);
    if let Some(footer) = &new.footer {
        parts.push(json!({"type": "FOOTER", "text": footer}));
    }
    if !new.buttons.is_empty() {
        let buttons: Vec<Value> = new
            .buttons
            .iter()
            .map(|button| match button {
                TemplateButton::QuickReply { text } | TemplateButton::Other { text } => {
                    json!({"type": "QUICK_REPLY", "text": text})
                }
                TemplateButton::Url { text, url } => json!({"type": "URL", "text": text, "url": url}),
                TemplateButton::PhoneNumber { text, phone_number } => {
                    json!({"type": "PHONE_NUMBER", "text": text, "phone_number": phone_number})
                }
            })
            .collect();
        parts.push(json!({"type": "BUTTONS", "buttons": buttons}));
    }
    parts
}

/// A part of a template that breaks a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// Its name.
    Name,
    /// Its language.
    Language,
    /// What it is for.
    Category,
    /// The line over the words.
    Header,
    /// The words.
    Body,
    /// The line under the words.
    Footer,
    /// The examples.
    Examples,
    /// What can be tapped.
    Buttons,
}

/// The vendor's rules that are known beforehand (its page "Template components"): the part that breaks one, and why.
///
/// # Errors
/// The first that is broken.
pub fn check(new: &NewTemplate) -> Result<(), (Part, String)> {
    let is_name = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
    let wrong = |part: Part, why: &str| Err((part, why.to_owned()));
    if new.name.is_empty() || new.name.len() > 512 || !new.name.bytes().all(is_name) {
        return wrong(Part::Name, "a template's name has small letters, digits and underscores only");
    }
    let is_tag = |byte: u8| byte.is_ascii_alphabetic() || byte == b'_';
    if !(2..=20).contains(&new.language.len()) || !new.language.bytes().all(is_tag) {
        return wrong(Part::Language, "a language is written as WhatsApp does, such as en_US, es or pt_BR");
    }
    if !matches!(new.category.as_str(), "MARKETING" | "UTILITY") {
        return wrong(Part::Category, "a template is for MARKETING or UTILITY");
    }
    let body = new.body.trim();
    if body.is_empty() || body.chars().count() > MAX_BODY {
        return Err((Part::Body, format!("a template has 1 to {MAX_BODY} characters")));
    }
    let lines = [(&new.header, Part::Header, "header"), (&new.footer, Part::Footer, "footer")];
    for (line, part, name) in lines {
        let Some(line) = line else { continue };
        if line.is_empty() || line.chars().count() > MAX_LINE || line.contains(['\n', '{', '*', '_', '~']) {
            let why =
                format!("the {name} is one line of 1 to {MAX_LINE} characters without places or markup");
            return Err((part, why));
        }
    }
    check_places(body, &new.examples)?;
    check_buttons(&new.buttons).map_err(|why| (Part::Buttons, why))
}

fn check_places(body: &str, examples: &[String]) -> Result<(), (Part, String)> {
    let count = places(body);
    let used = numbers(body);
    if body.matches("{{").count() != used.len() || (1..=count).any(|number| !used.contains(&number)) {
        return Err((Part::Body, "places are {{1}}, {{2}} and so on, with none left out".to_owned()));
    }
    if body.starts_with("{{") || body.ends_with("}}") {
        let why = "WhatsApp takes no template that begins or ends with a place; add words around it";
        return Err((Part::Body, why.to_owned()));
    }
    if examples.len() != count || examples.iter().any(|example| example.trim().is_empty()) {
        let why =
            format!("give an example for each of the {count} places; WhatsApp's reviewers ask for them");
        return Err((Part::Examples, why));
    }
    Ok(())
}

fn check_buttons(buttons: &[TemplateButton]) -> Result<(), String> {
    if buttons.len() > MAX_BUTTONS {
        return Err(format!("a template has at most {MAX_BUTTONS} buttons"));
    }
    for button in buttons {
        let text = match button {
            TemplateButton::QuickReply { text }
            | TemplateButton::Url { text, .. }
            | TemplateButton::PhoneNumber { text, .. } => text,
            TemplateButton::Other { .. } => {
                return Err("a button is an answer, a link or a number".to_owned());
            }
        };
        if text.is_empty() || text.chars().count() > MAX_BUTTON {
            return Err(format!("a button has 1 to {MAX_BUTTON} characters"));
        }
        if matches!(button, TemplateButton::Url { url, .. } if url.contains("{{")) {
            return Err("a link on a template cannot have places here".to_owned());
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_counted_and_filled() {
        assert_eq!(places("Hi {{1}}, see you {{ 2 }}. {{name}} {{"), 2);
        let words = ["Ana".to_owned(), "on {{1}}day".to_owned()];
        assert_eq!(filled("Hi {{1}}, {{2}}, {{3}} {{x}} {{", &words), "Hi Ana, on {{1}}day, {{3}} {{x}} {{");
    }
}
