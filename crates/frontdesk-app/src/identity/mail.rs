//! The mail with a one-time code: in the business's words and through its mail, like every other to its customers.

use std::sync::Arc;

use frontdesk_channel::mail::EMAIL;
use frontdesk_channel::{ChannelError, Letter, LetterExtra, Mail, Post};
use frontdesk_domain::compliance::{Purpose, SendFacts};
use frontdesk_domain::connection::ConnectionCategory;
use frontdesk_domain::context::Scope;
use frontdesk_domain::id::{MessageId, WorkspaceId};
use frontdesk_domain::locale::Language;
use frontdesk_domain::permit::Permit;
use frontdesk_domain::template::TemplateKind;
use frontdesk_domain::written;
use frontdesk_queue::{ClaimedJob, Failure};
use frontdesk_store::identity::{self, Code};
use frontdesk_store::{JobRequest, StoreError, booking, contact, workspace};
use secrecy::ExposeSecret;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::compliance::{self, Refusal, Sending};
use crate::jobs::failure;
use crate::notice::rendered_for;
use crate::secret::Column;
use crate::template::render::Values;
use crate::{App, AppError, Result, connection};

/// The job's constant name.
pub const JOB: &str = "identity.code";

#[derive(Debug, Clone, Serialize, Deserialize)]
struct CodeMail {
    code_id: Uuid,
    /// The code, sealed for the workspace.
    code: String,
    language: Language,
}

/// The job that mails a code.
pub(super) fn job(
    app: &App,
    workspace: WorkspaceId,
    id: Uuid,
    digits: &str,
    language: Language,
) -> Result<JobRequest> {
    let code = app.vault.seal(workspace, Column::MailToken, digits, app.random.as_ref())?;
    let payload = serde_json::to_value(CodeMail { code_id: id, code, language })
        .map_err(|error| AppError::Internal(error.to_string()))?;
    Ok(JobRequest::new(JOB, payload).unique(id.simple().to_string()))
}

/// Mails a code, if it still works and anything was ever booked with the address.
pub async fn run(app: &App, job: &ClaimedJob) -> Result<(), Failure> {
    let wanted = CodeMail::deserialize(&job.payload)
        .map_err(|error| Failure::Permanent(format!("{JOB} cannot be read: {error}")))?;
    let retry = |error: StoreError| Failure::Retry(error.to_string());
    let (db, scope, now) = (app.store.reader(), Scope::system(job.workspace), app.clock.now());
    let found = identity::find_code(db, scope, wanted.code_id).await.map_err(retry)?;
    let Some(code) = found.filter(|code| code.expires_at > now) else { return Ok(()) };
    if booking::coming_of_email(db, scope, &code.email, now, 1).await.map_err(retry)?.is_empty() {
        return Ok(());
    }
    let letter = compose(app, scope, &code, &wanted).await.map_err(|error| failure(&error))?;
    let post = post(app, scope).await?;
    let Some(permit) = permit(app, job.workspace, &letter).await? else { return Ok(()) };
    match post.post(permit, &letter, app.clock.now()).await {
        Ok(_) => Ok(()),
        Err(
            ChannelError::Unavailable { .. }
            | ChannelError::Uncertain { .. }
            | ChannelError::Limited { .. }
            | ChannelError::Permit(_),
        ) => Err(Failure::Retry("the mail server could not be reached".to_owned())),
        Err(error) => {
            Err(Failure::Permanent(error.to_string().replace(&letter.mail.to, "the customer's address")))
        }
    }
}

/// The workspace's own mail connection, the oldest enabled one; the installation's mailer without one.
async fn post(app: &App, scope: Scope) -> Result<Arc<dyn Post>, Failure> {
    let own =
        connection::usable(app, scope, ConnectionCategory::Mail).await.map_err(|error| failure(&error))?;
    let Some(first) = own.first() else { return Ok(Arc::clone(&app.mailer) as Arc<dyn Post>) };
    connection::post(app, first).await.map(Arc::from).map_err(Failure::Retry)
}

async fn compose(app: &App, scope: Scope, code: &Code, wanted: &CodeMail) -> Result<Letter> {
    let home = workspace::get(app.store.reader(), scope).await?;
    let digits = app.vault.unseal(scope.workspace(), Column::MailToken, &wanted.code)?;
    let digits = digits.expose_secret();
    let minutes = code.expires_at.since(code.created_at).as_secs() / 60;
    let spoken = written::duration(u32::try_from(minutes).unwrap_or(0), wanted.language);
    let mut values: Values =
        [("business_name", home.name.clone()), ("code", digits.to_owned()), ("minutes", spoken)].into();
    let facts = &home.facts;
    for (name, value) in [
        ("business_phone", &facts.phone),
        ("business_email", &facts.email),
        ("business_address", &facts.address),
    ] {
        if !value.trim().is_empty() {
            values.insert(name, value.clone());
        }
    }
    let kind = (TemplateKind::OneTimeCode, wanted.language);
    let done = rendered_for(app, scope, &home, kind, &values).await?;
    let own = home.facts.email.trim();
    Ok(Letter {
        message: MessageId::from_uuid(code.id),
        mail: Mail {
            id: code.id.simple().to_string(),
            date: code.created_at,
            to: code.email.clone(),
            subject: done.subject,
            text: done.text,
            html: done.html,
        },
        from_name: home.name.clone(),
        reply_to: (!own.is_empty()).then(|| own.to_owned()),
        calendar: None,
        extra: LetterExtra::default(),
    })
}

/// The decision that lets it go. The customer asked for it a moment ago.
async fn permit(app: &App, workspace: WorkspaceId, letter: &Letter) -> Result<Option<Permit>, Failure> {
    let retry = |error: StoreError| Failure::Retry(error.to_string());
    let tx = app.store.begin(&app.system(workspace, JOB)).await.map_err(retry)?;
    let known =
        contact::find_by_address(&tx, tx.scope(), Some(&letter.mail.to), None).await.map_err(retry)?;
    let sending = Sending {
        message: letter.message,
        contact: known.as_ref().map(|contact| contact.id),
        channel: EMAIL,
        address: letter.mail.to.clone(),
        purpose: Purpose::Transactional,
    };
    let opted_out = known.is_some_and(|contact| contact.opted_out);
    let facts = SendFacts { opted_out, customer_initiated: true, ..SendFacts::default() };
    let decided = compliance::permit(&tx, sending, facts).await.map_err(|error| failure(&error))?;
    tx.commit().await.map_err(retry)?;
    match decided {
        Ok(permit) => Ok(Some(permit)),
        Err(Refusal::Later { until, rule }) => Err(Failure::Retry(format!("not before {until} ({rule})"))),
        Err(Refusal::Never { .. }) => Ok(None),
    }
}
