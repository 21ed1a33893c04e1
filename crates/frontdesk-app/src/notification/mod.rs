//! Mail to the team about what happened in their workspace.
//!
//! Like account mail it goes to people who sign in, never to customers, through the installation's mailer, and needs no
//! permit; [`chat`] tells a chat of theirs the same. A subscriber enqueues [`JOB`] with ids; the job reads what there is to say and renders it in the reader's
//! language, so that what was erased meanwhile is not mailed. To add one: a variant of [`About`] and its templates.

pub mod chat;

use frontdesk_channel::{Mail, MailError};
use frontdesk_domain::context::Scope;
use frontdesk_domain::id::{ConversationId, LeadId, UserId, WorkspaceId};
use frontdesk_domain::locale::Language;
use frontdesk_domain::phone;
use frontdesk_domain::time::Timestamp;
use frontdesk_queue::Failure;
use frontdesk_store::{JobRequest, conversation, lead, member, user, workspace};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{App, AppError, token};

/// The job's constant name.
pub const JOB: &str = "team.mail";

const LAYOUT: &str = include_str!("../account_mail/templates/layout.html");

/// What a mail is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "about", rename_all = "snake_case")]
pub enum About {
    /// A lead was captured.
    Lead {
        /// Which.
        lead_id: LeadId,
    },
    /// A customer asked for a person.
    Handoff {
        /// Where.
        conversation_id: ConversationId,
    },
}

/// A mail to one team member.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TeamMail {
    /// What it is about.
    #[serde(flatten)]
    pub about: About,
    /// To whom.
    pub to: UserId,
    /// The number of the event it tells of; with the recipient it names the mail for good.
    pub event: u64,
}

impl TeamMail {
    /// The job that sends it.
    pub fn job(&self) -> Result<JobRequest, AppError> {
        let payload = serde_json::to_value(self).map_err(|error| AppError::Internal(error.to_string()))?;
        Ok(JobRequest::new(JOB, payload).unique(format!("{}:{}", self.event, self.to)))
    }
}

/// Sends the mail. Doing it twice sends the same mail with the same id twice.
pub async fn run(app: &App, id: WorkspaceId, payload: &Value) -> Result<(), Failure> {
    let wanted = TeamMail::deserialize(payload)
        .map_err(|error| Failure::Permanent(format!("{JOB} cannot be read: {error}")))?;
    let mail = match render(app, Scope::system(id), &wanted).await {
        Ok(Some(mail)) => mail,
        // The member left or what there was to say is gone.
        Ok(None) => return Ok(()),
        Err(error) => return Err(Failure::Retry(error.to_string())),
    };
    match app.mailer.send(&mail).await {
        Ok(()) => Ok(()),
        Err(error @ MailError::Refused(_)) => Err(Failure::Permanent(error.to_string())),
        Err(error @ MailError::Unavailable(_)) => Err(Failure::Retry(error.to_string())),
    }
}

async fn render(app: &App, scope: Scope, wanted: &TeamMail) -> Result<Option<Mail>, AppError> {
    let db = app.store.reader();
    let (Some(home), Some(_), Some(reader)) = (
        workspace::find(db, scope).await?,
        member::find_by_user(db, scope, wanted.to).await?,
        user::find_everywhere(db, wanted.to).await?,
    ) else {
        return Ok(None);
    };
    let spanish = reader.user.language == Language::Es;
    let base = &app.settings.public_url;
    let letter = match &wanted.about {
        About::Lead { lead_id } => {
            let Some(lead) = lead::find(db, scope, *lead_id).await? else { return Ok(None) };
            let link = match lead.conversation_id {
                Some(conversation) => format!("{base}/inbox/{conversation}"),
                None => format!("{base}/contacts/{}", lead.contact_id),
            };
            let values = minijinja::context! {
                workspace => home.name, name => lead.name, email => lead.email, need => lead.need,
                phone => lead.phone.as_deref().map(phone::to_international), score => lead.score,
                reasons => lead.score_reasons.join(", "), consent => lead.consent_text, link => link.as_str(),
            };
            let text = if spanish {
                include_str!("templates/lead.es.txt")
            } else {
                include_str!("templates/lead.en.txt")
            };
            Letter {
                text,
                values,
                link,
                button: if spanish { "Abrir la conversación" } else { "Open the conversation" },
            }
        }
        About::Handoff { conversation_id } => {
            let found = conversation::find(db, scope, *conversation_id).await?;
            // Somebody came already: no news any more.
            let Some(found) = found.filter(|found| found.waiting_since.is_some()) else { return Ok(None) };
            let link = format!("{base}/inbox/{conversation_id}");
            let values = minijinja::context! {
                workspace => home.name, name => found.contact_name, preview => found.preview,
                reason => found.handoff_reason, link => link.as_str(),
            };
            let text = if spanish {
                include_str!("templates/handoff.es.txt")
            } else {
                include_str!("templates/handoff.en.txt")
            };
            Letter { text, values, link, button: if spanish { "Responder" } else { "Answer" } }
        }
    };
    let id = token::hash(&format!("{}:{}:{}", scope.workspace(), wanted.event, wanted.to));
    let id = id.chars().take(32).collect();
    compose(letter, id, reader.user.email, app.clock.now(), spanish).map(Some)
}

struct Letter {
    text: &'static str,
    values: minijinja::Value,
    link: String,
    button: &'static str,
}

/// Renders the text, whose first line is the subject, and from its paragraphs the HTML.
fn compose(letter: Letter, id: String, to: String, now: Timestamp, spanish: bool) -> Result<Mail, AppError> {
    let broken = |error: minijinja::Error| AppError::Internal(format!("team mail template: {error}"));
    let environment = minijinja::Environment::new();
    let whole = environment.render_named_str("mail.txt", letter.text, letter.values).map_err(broken)?;
    let (subject, text) = whole.split_once('\n').unwrap_or((&whole, ""));
    // A name may hold anything; a subject is one line.
    let subject: String =
        subject.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(200).collect();
    let paragraphs: Vec<String> = text
        .split("\n\n")
        .map(|paragraph| paragraph.trim().to_owned())
        .filter(|paragraph| !paragraph.is_empty())
        .collect();
    let text = paragraphs.join("\n\n");
    let html = environment
        .render_named_str(
            "layout.html",
            LAYOUT,
            minijinja::context! {
                lang => if spanish { "es" } else { "en" }, subject => subject.as_str(), paragraphs => paragraphs,
                link => letter.link, button => letter.button,
            },
        )
        .map_err(broken)?;
    Ok(Mail { id, date: now, to, subject, text, html })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_customer_cannot_smuggle_markup_or_headers_into_a_mail() {
        let values = minijinja::context! {
            workspace => "Riverside Dental", name => "<b>Eve</b>\nBcc: x", email => "eve@example.com", phone => "",
            need => "</p><script>alert(1)</script>", score => 40, reasons => "left a name", consent => "",
            link => "https://desk.example/inbox/1",
        };
        for text in [include_str!("templates/lead.en.txt"), include_str!("templates/lead.es.txt")] {
            let link = "https://desk.example/inbox/1".to_owned();
            let letter = Letter { text, values: values.clone(), link, button: "Open" };
            let now = Timestamp::from_millis(1_774_000_000_000);
            let mail = compose(letter, "id".to_owned(), "ana@example.com".to_owned(), now, false).unwrap();
            assert!(!mail.subject.contains('\n') && mail.subject.contains("Eve"), "{}", mail.subject);
            assert!(!mail.html.contains("<script") && !mail.html.contains("<b>Eve"), "{}", mail.html);
            assert!(mail.text.contains("eve@example.com") && mail.text.contains("40"), "{}", mail.text);
        }
    }
}
