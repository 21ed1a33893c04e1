//! Whether marketing mail is opened, for workspaces that want to know: a picture of one pixel, at an address of its own for each
//! mail. Off unless somebody switches it on.
//!
//! What it tells is rough. Programs that show no pictures tell nothing; some fetch all pictures when a mail arrives, and
//! count as its reader unless they say what they are or come within moments of its sending.

use frontdesk_channel::Report;
use frontdesk_domain::compliance::Purpose;
use frontdesk_domain::context::Scope;
use frontdesk_domain::id::MessageId;
use frontdesk_domain::outbox::{OutboxMessage, Status};
use frontdesk_store::{Db, message_settings, outbox};

use super::key::{self, Link, MailKey};
use super::unsubscribe::reaches_us;
use crate::message::report;
use crate::message::short_link::{Follow, is_person};
use crate::{App, Result};

/// The smallest picture there is: one transparent pixel (GIF89a).
pub const PIXEL: &[u8] =
    b"GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\x00\x00\x00!\xf9\x04\x01\x00\x00\x00\x00,\
    \x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;";

/// Google shows its readers pictures through a program of its own, when they open the mail.
const SHOWS_TO_READERS: &str = "googleimageproxy";

/// The address of a mail's picture; `None` when it carries none.
pub(super) async fn picture(
    app: &App,
    db: &impl Db,
    key: &MailKey,
    (scope, message): (Scope, &OutboxMessage),
) -> Result<Option<String>> {
    if message.purpose != Purpose::Marketing || !reaches_us(app) {
        return Ok(None);
    }
    let wanted = message_settings::get(db, scope).await?.track_opens;
    let token = wanted.then(|| key.token(Link::Opened, message.id.uuid(), None)).flatten();
    Ok(token.map(|token| format!("{}/o/{token}", app.settings.public_url)))
}

/// A mail's picture was asked for; `follow.code` is what stands in its address. What is not ours changes nothing.
pub async fn hear(app: &App, follow: Follow<'_>) -> Result<()> {
    let Some(token) = key::read(follow.code) else { return Ok(()) };
    let message = MessageId::from_uuid(token.subject);
    let scope = Scope::system(token.workspace);
    let db = app.store.reader();
    // Looked up first: nobody makes keys for workspaces that are not there.
    let Some(seen) = outbox::find(db, scope, message).await? else { return Ok(()) };
    let agent = follow.agent.to_ascii_lowercase();
    let agent = if agent.contains(SHOWS_TO_READERS) { "a reader's" } else { agent.as_str() };
    let follow = Follow { agent, ..follow };
    let is_new = Status::Read.may_follow(seen.message.status);
    if !is_new
        || !is_person(&follow, seen.message.sent_at.unwrap_or(seen.message.updated_at), app.clock.now())
    {
        return Ok(());
    }
    if !key::of(app, token.workspace).await?.signed(Link::Opened, &token) {
        return Ok(());
    }
    let tx = app.store.begin(&app.system(token.workspace, "opened")).await?;
    let known = outbox::get_for_update(&tx, tx.scope(), message).await?;
    report::settle(&tx, &known, &Report::of(Some(message), Status::Read)).await?;
    Ok(tx.commit().await?)
}
