//! What has templates: the client of a connection whose vendor approves them, and the vendor's words as ours.

use frontdesk_channel::twilio::{TwilioKind, TwilioSettings, TwilioTemplates};
use frontdesk_channel::whatsapp::{
    self, NewTemplate, TemplateButton, WhatsappChannel, WhatsappSettings, WhatsappTemplate,
};
use frontdesk_channel::{ChannelError, whatsapp::template as rules};
use frontdesk_domain::channel_template::{
    ApprovalStatus, ChannelTemplate, ChannelTemplateButton, ChannelTemplateText, TemplateCategory,
    TemplateQuality,
};
use frontdesk_domain::connection::ConnectionCategory;
use frontdesk_domain::context::Scope;
use frontdesk_domain::id::{ChannelTemplateId, ConnectionId};
use frontdesk_domain::time::Timestamp;
use frontdesk_http::Target;

use crate::connection::UsableConnection;
use crate::{App, AppError, Result, carrier, connection};

/// A connection's templates at its vendor.
pub(super) struct Templates {
    /// The connection.
    pub connection: ConnectionId,
    client: Client,
}

enum Client {
    Meta(WhatsappChannel),
    Twilio(TwilioTemplates),
}

/// The vendors whose templates are kept in step here.
pub(super) const VENDORS: [&str; 2] = [whatsapp::VENDOR, TwilioKind::Whatsapp.provider()];

/// Whether a vendor's templates are kept in step here.
pub(super) fn has_templates(vendor: &str) -> bool {
    VENDORS.contains(&vendor)
}

/// Every usable connection that has templates.
pub(super) async fn all(app: &App, scope: Scope) -> Result<Vec<UsableConnection>> {
    let mut usable = connection::usable(app, scope, ConnectionCategory::Whatsapp).await?;
    usable.retain(|each| has_templates(&each.connection.vendor));
    Ok(usable)
}

/// The client of a connection, or of the first that has templates.
pub(super) async fn client(app: &App, scope: Scope, id: Option<ConnectionId>) -> Result<Templates> {
    let all = all(app, scope).await?;
    let found = match id {
        Some(id) => all.into_iter().find(|usable| usable.connection.id == id),
        None => all.into_iter().next(),
    };
    let usable = found.ok_or_else(|| {
        AppError::Conflict(
            "no connection here has templates; connect WhatsApp under Channels first".to_owned(),
        )
    })?;
    let client = if usable.connection.vendor == whatsapp::VENDOR {
        client_of(app, &usable).map(Client::Meta)
    } else {
        twilio(app, &usable).map(Client::Twilio)
    };
    Ok(Templates { connection: usable.connection.id, client: client.map_err(AppError::Conflict)? })
}

fn twilio(app: &App, usable: &UsableConnection) -> std::result::Result<TwilioTemplates, String> {
    let settings = carrier::settings::<TwilioSettings>(&usable.connection)?;
    let token = usable.secret.clone().ok_or("the key is missing")?;
    TwilioTemplates::new(&settings, token, app.http.clone(), Target::Public)
        .map_err(|error| error.to_string())
}

/// The client of Meta's own API.
pub(crate) fn client_of(
    app: &App,
    usable: &UsableConnection,
) -> std::result::Result<WhatsappChannel, String> {
    let settings = carrier::settings::<WhatsappSettings>(&usable.connection)?;
    let token = usable.secret.clone().ok_or("the key is missing")?;
    WhatsappChannel::new(&settings, token, app.http.clone(), Target::Public)
        .map_err(|error| error.to_string())
}

fn refused(error: &ChannelError) -> AppError {
    match error {
        ChannelError::Refused { reason, .. } => AppError::Conflict(reason.clone()),
        other => AppError::Unavailable(other.to_string()),
    }
}

impl Templates {
    /// Whether the vendor tells by itself what becomes of a template.
    pub(super) fn tells(&self) -> bool {
        matches!(self.client, Client::Meta(_))
    }

    pub(super) async fn list(&self) -> std::result::Result<Vec<WhatsappTemplate>, String> {
        match &self.client {
            Client::Meta(client) => client.templates().await,
            Client::Twilio(client) => client.list().await,
        }
        .map_err(|error| error.to_string())
    }

    pub(super) async fn create(&self, draft: &ChannelTemplate) -> Result<WhatsappTemplate> {
        let new = handed_in(draft);
        match &self.client {
            Client::Meta(client) => client.create_template(&new).await,
            Client::Twilio(client) => client.create(&new).await,
        }
        .map_err(|error| refused(&error))
    }

    pub(super) async fn delete(&self, name: &str, vendor_id: &str) -> Result<()> {
        let client = match &self.client {
            Client::Twilio(client) => return client.delete(vendor_id).await.map_err(|error| refused(&error)),
            Client::Meta(client) => client,
        };
        match client.delete_template(name, Some(vendor_id)).await {
            Ok(()) => Ok(()),
            Err(error) => {
                // What is gone there already may go here.
                let there = client.templates().await.map_err(|error| refused(&error))?;
                if there.iter().any(|template| template.id == vendor_id) {
                    Err(refused(&error))
                } else {
                    Ok(())
                }
            }
        }
    }
}

fn handed_in(draft: &ChannelTemplate) -> NewTemplate {
    let text = &draft.text;
    NewTemplate {
        name: draft.name.clone(),
        language: draft.language.clone(),
        category: match draft.category {
            TemplateCategory::Marketing => "MARKETING",
            TemplateCategory::Utility => "UTILITY",
            TemplateCategory::Authentication => "AUTHENTICATION",
        }
        .to_owned(),
        header: text.header.clone(),
        body: text.body.clone(),
        examples: text.examples.clone(),
        footer: text.footer.clone(),
        buttons: text.buttons.iter().cloned().map(button_there).collect(),
    }
}

/// What the vendor's rules are known to refuse: the field, and why.
pub(super) fn check(draft: &ChannelTemplate) -> std::result::Result<(), (&'static str, String)> {
    rules::check(&handed_in(draft)).map_err(|(part, why)| {
        let field = match part {
            rules::Part::Name => "/name",
            rules::Part::Language => "/language",
            rules::Part::Category => "/category",
            rules::Part::Header => "/header",
            rules::Part::Body => "/body",
            rules::Part::Footer => "/footer",
            rules::Part::Examples => "/examples",
            rules::Part::Buttons => "/buttons",
        };
        (field, why)
    })
}

fn button_there(button: ChannelTemplateButton) -> TemplateButton {
    match button {
        ChannelTemplateButton::QuickReply { text } => TemplateButton::QuickReply { text },
        ChannelTemplateButton::Url { text, url } => TemplateButton::Url { text, url },
        ChannelTemplateButton::PhoneNumber { text, phone_number } => {
            TemplateButton::PhoneNumber { text, phone_number }
        }
        ChannelTemplateButton::Other { text } => TemplateButton::Other { text },
    }
}

fn button_here(button: TemplateButton) -> ChannelTemplateButton {
    match button {
        TemplateButton::QuickReply { text } => ChannelTemplateButton::QuickReply { text },
        TemplateButton::Url { text, url } => ChannelTemplateButton::Url { text, url },
        TemplateButton::PhoneNumber { text, phone_number } => {
            ChannelTemplateButton::PhoneNumber { text, phone_number }
        }
        TemplateButton::Other { text } => ChannelTemplateButton::Other { text },
    }
}

/// The vendor's word for where a template is.
pub(super) fn status(word: &str) -> ApprovalStatus {
    match word.to_ascii_uppercase().as_str() {
        // A template that was paused is sent again once it is reinstated.
        // One that is flagged goes on being sent until it is switched off.
        "APPROVED" | "REINSTATED" | "FLAGGED" => ApprovalStatus::Approved,
        "PENDING" | "IN_APPEAL" | "PENDING_REVIEW" => ApprovalStatus::Pending,
        "REJECTED" => ApprovalStatus::Rejected,
        "PAUSED" => ApprovalStatus::Paused,
        "DISABLED" => ApprovalStatus::Disabled,
        _ => ApprovalStatus::Other,
    }
}

/// The vendor's word for what a template is for.
pub(super) fn category(word: &str) -> TemplateCategory {
    match word.to_ascii_uppercase().as_str() {
        "UTILITY" => TemplateCategory::Utility,
        "AUTHENTICATION" => TemplateCategory::Authentication,
        // What is not known is held to the stricter rules.
        _ => TemplateCategory::Marketing,
    }
}

/// The vendor's word for how customers like it.
pub(super) fn quality(word: Option<&str>) -> Option<TemplateQuality> {
    match word?.to_ascii_uppercase().as_str() {
        "GREEN" => Some(TemplateQuality::High),
        "YELLOW" => Some(TemplateQuality::Medium),
        "RED" => Some(TemplateQuality::Low),
        _ => None,
    }
}

/// The vendor's reason in plain words, from its page "Template review".
pub(super) fn reason(word: &str) -> String {
    let plain = match word.to_ascii_uppercase().as_str() {
        "ABUSIVE_CONTENT" => "WhatsApp finds the words threatening or abusive; write them anew",
        "INVALID_FORMAT" => {
            "WhatsApp finds its places wrong: each place needs words around it and an example that fits"
        }
        "PROMOTIONAL" => "it wins business, so it is marketing: hand it in again as marketing",
        "TAG_CONTENT_MISMATCH" | "INCORRECT_CATEGORY" => {
            "the words do not fit what it is said to be for, or its language: hand it in again with the right ones"
        }
        "SCAM" => "WhatsApp takes it for a fraud; do not ask for passwords, card numbers or money",
        "" | "NONE" => return String::new(),
        _ => return word.chars().take(500).collect(),
    };
    plain.to_owned()
}

/// A template of the vendor's as a row: one known here keeps its id and date.
pub(super) fn adopted(seen: WhatsappTemplate, known: &ChannelTemplate, now: Timestamp) -> ChannelTemplate {
    let mut row = fresh(seen, (known.connection_id, known.id), now);
    row.created_at = known.created_at;
    row.text.examples.clone_from(&known.text.examples);
    row
}

/// A template of the vendor's that was not known here.
pub(super) fn fresh(
    seen: WhatsappTemplate,
    (connection_id, id): (ConnectionId, ChannelTemplateId),
    now: Timestamp,
) -> ChannelTemplate {
    let text = ChannelTemplateText {
        header: seen.header,
        body: seen.body,
        footer: seen.footer,
        buttons: seen.buttons.into_iter().map(button_here).collect(),
        examples: Vec::new(),
    };
    let mut row = ChannelTemplate {
        id,
        connection_id,
        vendor_id: Some(seen.id).filter(|id| !id.is_empty()),
        name: seen.name,
        language: seen.language,
        category: category(&seen.category),
        status: status(&seen.status),
        quality: quality(seen.quality.as_deref()),
        places: text.places(),
        text,
        rejected_reason: seen.rejected_reason.map(|word| reason(&word)).filter(|words| !words.is_empty()),
        has_other_places: seen.has_other_places,
        unusable_because: None,
        synced_at: Some(now),
        created_at: now,
        updated_at: now,
    };
    row.unusable_because = row.unusable().map(str::to_owned);
    row
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_of_the_vendor_s_that_is_not_known_is_no_approval() {
        assert_eq!(status("APPROVED"), ApprovalStatus::Approved);
        assert_eq!(status("LIMIT_EXCEEDED"), ApprovalStatus::Other);
        assert_eq!(category("SOMETHING"), TemplateCategory::Marketing);
    }

    #[test]
    fn a_reason_is_told_in_plain_words_and_an_unknown_one_as_it_is() {
        assert!(reason("INVALID_FORMAT").contains("places"));
        assert_eq!(reason("NONE"), "");
        assert_eq!(reason("Something new"), "Something new");
    }
}
