//! The way out of a mailing: the link and the button of mail programs (RFC 8058) in every marketing mail. Whoever has the
//! link got the mail; looking at it changes nothing, since programs look at links before people do.

use frontdesk_domain::context::Scope;
use frontdesk_domain::conversation::Channel;
use frontdesk_domain::id::{MessageId, WorkspaceId};
use frontdesk_domain::locale::Language;
use frontdesk_domain::outbox::OutboxMessage;
use frontdesk_domain::text;
use frontdesk_domain::workspace::Workspace;
use frontdesk_store::erasure::ERASED;
use frontdesk_store::{contact, outbox, suppression, workspace};

use super::key::{self, Link, MailKey};
use crate::{App, AppError, Result, compliance};

/// What a link leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subscription {
    /// The business.
    pub business: String,
    /// The address, most of it hidden.
    pub address: String,
    /// The business's language.
    pub language: Language,
    /// Whether mail to the address has ended.
    pub ended: bool,
}

/// The address of the link of a message.
pub(crate) fn link(app: &App, key: &MailKey, message: &OutboxMessage) -> Option<String> {
    let token = key.token(Link::Unsubscribe, message.id.uuid(), None)?;
    Some(format!("{}/unsubscribe/{token}", app.settings.public_url))
}

/// Whether links of this installation reach it from mail programs: they follow none but to public web sites.
pub(crate) fn reaches_us(app: &App) -> bool {
    app.settings.public_url.starts_with("https://")
}

async fn find(app: &App, token: &str) -> Result<(WorkspaceId, Workspace, OutboxMessage)> {
    let nothing = || AppError::NotFound("link");
    let token = key::read(token).ok_or_else(nothing)?;
    let scope = Scope::system(token.workspace);
    let db = app.store.reader();
    let home = workspace::find(db, scope).await?.ok_or_else(nothing)?;
    if !key::of(app, token.workspace).await?.signed(Link::Unsubscribe, &token) {
        return Err(nothing());
    }
    let known = outbox::find(db, scope, MessageId::from_uuid(token.subject)).await?.ok_or_else(nothing)?;
    Ok((token.workspace, home, known.message))
}

/// What a link leads to. Changes nothing.
///
/// # Errors
/// [`AppError::NotFound`] when we did not make it.
pub async fn look(app: &App, token: &str) -> Result<Subscription> {
    let (workspace, home, message) = find(app, token).await?;
    let lists = suppression::find(app.store.reader(), Scope::system(workspace), &message.to).await?;
    let ended = lists.iter().any(|on| compliance::ends(&on.list, Channel::Email));
    Ok(shown(&home, &message, ended))
}

/// Ends mail to whoever got the message. Once more changes nothing.
///
/// # Errors
/// [`AppError::NotFound`] when we did not make the link.
pub async fn end(app: &App, token: &str) -> Result<Subscription> {
    let (workspace, home, message) = find(app, token).await?;
    if message.to != ERASED {
        let tx = app.store.begin(&app.system(workspace, "unsubscribe")).await?;
        let by = "they used the unsubscribe link of a mail";
        let mut is_new = compliance::opt_out_channel(&tx, &message.to, Channel::Email, by).await?;
        // The person has moved on to another address; they asked all the same.
        if let Some(id) = message.contact_id
            && let Some(person) = contact::find(&tx, tx.scope(), id).await?
            && let Some(now) = person.email.filter(|now| *now != message.to)
        {
            is_new |= compliance::opt_out_channel(&tx, &now, Channel::Email, by).await?;
        }
        if is_new {
            tx.commit().await?;
            metrics::counter!("frontdesk_opt_outs_total", "how" => "link").increment(1);
        }
    }
    Ok(shown(&home, &message, true))
}

fn shown(home: &Workspace, message: &OutboxMessage, ended: bool) -> Subscription {
    let address = text::mask_email(&message.to);
    Subscription { business: home.name.clone(), address, language: home.language, ended }
}

/// What stands below a marketing mail: who writes, from where, and how to end it.
pub(crate) fn footer(home: &Workspace, postal_address: &str, link: &str) -> String {
    let address = postal_address.split(['\n', '\r']).map(str::trim).filter(|it| !it.is_empty());
    let from: Vec<&str> = std::iter::once(home.name.as_str()).chain(address).collect();
    let words = match home.language {
        Language::En => "No more of these mails",
        Language::Es => "No recibir más correos como este",
        Language::De => "Keine solchen Mails mehr",
        Language::Fr => "Ne plus recevoir ces e-mails",
    };
    format!("{}\n{words}: {link}", from.join(", "))
}
