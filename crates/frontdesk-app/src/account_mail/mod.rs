//! Account mail: password resets and invitations, on a path of their own.
//!
//! It goes to people who sign in, never to customers, so it needs no permit and nothing else may use it. The use case
//! enqueues [`JOB`] with ids and the sealed token; the job renders the mail in the reader's language and hands it to
//! the installation's mailer. To add a mail, add a variant to [`AccountMail`], its templates and its words.

mod words;

use frontdesk_channel::{Mail, MailError};
use frontdesk_domain::context::Scope;
use frontdesk_domain::id::{InvitationId, UserId, WorkspaceId};
use frontdesk_domain::locale::Language;
use frontdesk_domain::time::Timestamp;
use frontdesk_queue::Failure;
use frontdesk_store::{JobRequest, invitation, user, workspace};
use secrecy::ExposeSecret;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::secret::Column;
use crate::{App, AppError, token};

/// The job's constant name.
pub const JOB: &str = "account.mail";

/// A mail to send.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum AccountMail {
    /// The link to choose a new password.
    PasswordReset {
        /// Who asked.
        user_id: UserId,
        /// The token, sealed for the installation.
        token: String,
    },
    /// The link to join a team.
    Invitation {
        /// The workspace.
        workspace_id: WorkspaceId,
        /// The invitation.
        invitation_id: InvitationId,
        /// The token, sealed for the installation.
        token: String,
    },
}

impl AccountMail {
    /// The job that sends it.
    pub fn job(&self) -> Result<JobRequest, AppError> {
        let payload = serde_json::to_value(self).map_err(|error| AppError::Internal(error.to_string()))?;
        Ok(JobRequest::new(JOB, payload))
    }
}

/// Seals a token for its way through the queue.
pub(crate) fn seal_token(app: &App, token: &str) -> Result<String, AppError> {
    Ok(app.vault.seal(WorkspaceId::INSTALLATION, Column::MailToken, token, app.random.as_ref())?)
}

/// Sends the mail. Doing it twice sends the same mail with the same id twice.
pub async fn run(app: &App, payload: &Value) -> Result<(), Failure> {
    let wanted = AccountMail::deserialize(payload)
        .map_err(|error| Failure::Permanent(format!("{JOB} cannot be read: {error}")))?;
    let mail = match render(app, &wanted).await {
        Ok(Some(mail)) => mail,
        // The account or invitation is gone: nothing to say any more.
        Ok(None) => return Ok(()),
        Err(error) => return Err(Failure::Retry(error.to_string())),
    };
    match app.mailer.send(&mail).await {
        Ok(()) => {
            tracing::info!(mail = mail.id, through = app.mailer.destination(), "account mail sent");
            Ok(())
        }
        Err(error @ MailError::Refused(_)) => Err(Failure::Permanent(error.to_string())),
        Err(error @ MailError::Unavailable(_)) => Err(Failure::Retry(error.to_string())),
    }
}

async fn render(app: &App, wanted: &AccountMail) -> Result<Option<Mail>, AppError> {
    match wanted {
        AccountMail::PasswordReset { user_id, token } => password_reset(app, *user_id, token).await,
        AccountMail::Invitation { workspace_id, invitation_id, token } => {
            invite(app, Scope::system(*workspace_id), *invitation_id, token).await
        }
    }
}

async fn password_reset(app: &App, user_id: UserId, sealed: &str) -> Result<Option<Mail>, AppError> {
    let Some(known) = user::find_everywhere(app.store.reader(), user_id).await? else { return Ok(None) };
    let token = app.vault.unseal(WorkspaceId::INSTALLATION, Column::MailToken, sealed)?;
    let token = token.expose_secret();
    let link = format!("{}/reset-password/{token}", app.settings.public_url);
    let values = minijinja::context! {
        name => known.user.name, email => known.user.email.as_str(), link => link.as_str(), host => app.settings.public_url.as_str(),
    };
    let letter =
        Letter { template: words::PASSWORD_RESET, language: known.user.language, values, link: &link };
    compose(letter, token, known.user.email, app.clock.now()).map(Some)
}

async fn invite(app: &App, scope: Scope, id: InvitationId, sealed: &str) -> Result<Option<Mail>, AppError> {
    let db = app.store.reader();
    let (Some(home), Some(open)) =
        (workspace::find(db, scope).await?, invitation::find(db, scope, id).await?)
    else {
        return Ok(None);
    };
    let inviter = user::find_everywhere(db, open.invited_by).await?;
    let inviter = inviter.map_or_else(|| home.name.clone(), |known| known.user.name);
    let token = app.vault.unseal(WorkspaceId::INSTALLATION, Column::MailToken, sealed)?;
    let token = token.expose_secret();
    let link = format!("{}/invitation/{token}", app.settings.public_url);
    let values = minijinja::context! {
        inviter => inviter, workspace => home.name, role => words::role(open.role, home.language), link => link.as_str(),
        host => app.settings.public_url.as_str(),
    };
    let letter = Letter { template: words::INVITATION, language: home.language, values, link: &link };
    compose(letter, token, open.email, app.clock.now()).map(Some)
}

struct Letter<'a> {
    template: words::Template,
    language: Language,
    values: minijinja::Value,
    link: &'a str,
}

/// Renders the text, whose first line is the subject, and from its paragraphs the HTML.
fn compose(letter: Letter<'_>, token: &str, to: String, now: Timestamp) -> Result<Mail, AppError> {
    let broken = |error: minijinja::Error| AppError::Internal(format!("account mail template: {error}"));
    let mut environment = minijinja::Environment::new();
    environment.set_undefined_behavior(minijinja::UndefinedBehavior::Strict);
    environment.add_template("layout.html", words::LAYOUT).map_err(broken)?;
    let whole = environment
        .render_named_str("mail.txt", letter.template.text(letter.language), letter.values)
        .map_err(broken)?;
    let (subject, text) = whole.split_once('\n').unwrap_or((&whole, ""));
    // A name may hold anything; a subject is one line.
    let subject = subject.split_whitespace().collect::<Vec<_>>().join(" ");
    let text = text.trim().to_owned();
    let paragraphs: Vec<String> = text.split("\n\n").map(|paragraph| paragraph.trim().to_owned()).collect();
    let layout = environment.get_template("layout.html").map_err(broken)?;
    let html = layout
        .render(minijinja::context! {
            lang => words::language(letter.language).code(), subject => subject.as_str(), paragraphs => paragraphs,
            link => letter.link, button => letter.template.button(letter.language),
        })
        .map_err(broken)?;
    let id = token::hash(token).chars().take(32).collect();
    Ok(Mail { id, date: now, to, subject, text, html })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn letter(template: words::Template, language: Language, name: &str) -> Mail {
        let link = "https://desk.example/invitation/fd_in_1";
        let values = minijinja::context! {
            inviter => name, workspace => "Riverside Dental", role => "agent", name => name,
            email => "ana@example.com", link => link, host => "https://desk.example",
        };
        let letter = Letter { template, language, values, link };
        let now = Timestamp::from_millis(1_774_000_000_000);
        compose(letter, "fd_in_1", "ana@example.com".to_owned(), now).unwrap()
    }

    #[test]
    fn every_mail_renders_in_every_language() {
        for language in Language::ALL {
            for template in [words::PASSWORD_RESET, words::INVITATION] {
                let mail = letter(template, *language, "Ana");
                assert!(!mail.subject.is_empty() && !mail.text.starts_with(&mail.subject));
                assert!(mail.text.contains("https://desk.example/invitation/fd_in_1"));
                assert!(
                    mail.html
                        .contains("href=\"https:&#x2f;&#x2f;desk.example&#x2f;invitation&#x2f;fd_in_1\"")
                );
            }
        }
    }

    #[test]
    fn a_name_cannot_smuggle_markup_or_a_second_subject_line() {
        let mail = letter(words::INVITATION, Language::En, "<b>Eve</b>\nBcc: x");
        assert!(mail.html.contains("&lt;b&gt;Eve"), "{}", mail.html);
        assert!(!mail.html.contains("<b>Eve"));
        assert!(!mail.subject.contains('\n'));
    }

    #[test]
    fn the_words_are_these() {
        let mail = letter(words::INVITATION, Language::Es, "Ana");
        assert_eq!(mail.subject, "Ana le invita a Riverside Dental");
        let reset = letter(words::PASSWORD_RESET, Language::En, "Ana");
        insta::assert_snapshot!("password_reset_en", reset.text);
        insta::assert_snapshot!("password_reset_en_html", reset.html);
        insta::assert_snapshot!("invitation_es", mail.text);
    }
}
