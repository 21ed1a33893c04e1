//! A template filled for one message: checked, with the words the customer will read.

use frontdesk_domain::channel_template::TemplateCategory;
use frontdesk_domain::compliance::Purpose;
use frontdesk_domain::context::Scope;
use frontdesk_domain::conversation::{Channel, Conversation};
use frontdesk_domain::id::ConnectionId;
use frontdesk_domain::outbox::ApprovedTemplate;
use frontdesk_domain::text;
use frontdesk_store::{Db, Tx, channel_template, channel_thread, connection, contact, workspace};

use super::vendor;
use crate::template::render::{Values, render_text};
use crate::validate::Validator;
use crate::{AppError, Result};

/// Most characters of what fills a place; the vendor lets the whole have 1,024.
const MAX_VARIABLE: usize = 1_000;
/// Most characters of the words once their places are filled.
const MAX_FILLED: usize = 1_024;

/// What can be filled in.
const NAMES: &str = "first_name, name, company and business_name";

/// A template filled for one message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chosen {
    /// The template with what fills its places.
    pub template: ApprovedTemplate,
    /// What the customer reads; `None` where the vendor's templates are not kept here.
    pub text: Option<String>,
    /// What the vendor takes it for, as far as that is known.
    pub category: Option<TemplateCategory>,
}

impl Chosen {
    /// Why it is sent, when `asked` is what was asked for. A template the vendor takes for marketing is marketing.
    pub fn purpose(&self, asked: Purpose) -> Purpose {
        if self.category == Some(TemplateCategory::Marketing) { Purpose::Marketing } else { asked }
    }
}

/// The same for a message in a conversation.
///
/// # Errors
/// As [`choose`]; on a channel without templates too.
pub async fn choose_in(tx: &Tx, conversation: &Conversation, asked: &ApprovedTemplate) -> Result<Chosen> {
    if conversation.channel != Channel::Whatsapp {
        return Err(AppError::invalid("/template", "is for WhatsApp alone"));
    }
    let scope = tx.scope();
    let thread = channel_thread::find_of(tx, scope, conversation.id).await?;
    let connection = match thread {
        Some(thread) => connection::find(tx, scope, thread.connection_id).await?,
        None => None,
    };
    let connection = connection.ok_or_else(|| {
        AppError::Conflict(
            "this conversation has lost its connection; write to the customer anew from their page"
                .to_owned(),
        )
    })?;
    let contact = match conversation.contact_id {
        Some(id) => contact::find(tx, scope, id).await?,
        None => None,
    };
    let home = workspace::get(tx, scope).await?;
    let values = crate::message::compose::values(&home, contact.as_ref());
    let at = (Some(connection.connection.id), connection.connection.vendor.as_str());
    choose(tx, scope, at, asked, &values).await
}

/// Checks a template against what is known of it at its connection and fills its variables' own names in.
///
/// # Errors
/// [`AppError::Invalid`] on `/template`: unknown, not usable now, or variables that are too few, too many, empty, or name
/// what there is not.
pub async fn choose(
    db: &impl Db,
    scope: Scope,
    (connection, vendor): (Option<ConnectionId>, &str),
    asked: &ApprovedTemplate,
    values: &Values,
) -> Result<Chosen> {
    let mut check = Validator::new();
    let mut template = asked.clone();
    for (at, variable) in template.variables.iter_mut().enumerate() {
        let field = format!("/template/variables/{at}");
        let said = match render_text(variable, values) {
            Ok(said) => said,
            Err(flaw) => {
                check.refuse(&field, format!("{flaw}; {NAMES} can be filled in"));
                continue;
            }
        };
        // A place takes one line.
        let said = said.split_whitespace().collect::<Vec<_>>().join(" ");
        match text::line(&said, MAX_VARIABLE) {
            Ok(line) if line.is_empty() => {
                check.refuse(&field, "must not be empty: the place would stay blank");
            }
            Ok(line) => *variable = line,
            Err(error) => check.refuse(&field, error.to_string()),
        }
    }
    let known = match connection.filter(|_| vendor::has_templates(vendor)) {
        Some(connection) => {
            let named = (template.name.as_str(), template.language.as_str());
            let found = channel_template::find(db, scope, connection, named).await?;
            Some(found.ok_or_else(|| {
                AppError::invalid("/template", format!(
                    "is not known: there is no template {} in {} at this connection; bring the templates up to date \
                     under Templates",
                    asked.name, asked.language
                ))
            })?)
        }
        None => None,
    };
    let Some(known) = known else {
        check.finish()?;
        return Ok(Chosen { template, text: None, category: None });
    };
    if let Some(why) = known.unusable() {
        check.refuse("/template", format!("cannot be sent: {why}"));
    }
    let (wanted, given) = (known.places as usize, template.variables.len());
    if wanted != given {
        check.refuse(
            "/template/variables",
            format!("must be {wanted}, one for each place; there are {given}"),
        );
    }
    check.finish()?;
    let words = known.text.filled(&template.variables);
    if words.chars().count() > MAX_FILLED + 122 {
        return Err(AppError::invalid("/template/variables", "make the message longer than WhatsApp takes"));
    }
    Ok(Chosen { template, text: Some(words), category: Some(known.category) })
}
