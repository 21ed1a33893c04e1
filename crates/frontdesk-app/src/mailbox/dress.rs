//! What a mail of ours carries besides its words, so that answers find their conversation, machines know a machine wrote it,
//! and mailings can be ended.

use frontdesk_channel::mail_in::{ImapSettings, sign_reply_address};
use frontdesk_channel::{AutoSubmitted, MailDress, ResendSettings, Unsubscribe};
use frontdesk_domain::compliance::Purpose;
use frontdesk_domain::connection::{Connection, ConnectionCategory};
use frontdesk_domain::context::Scope;
use frontdesk_domain::id::ConnectionId;
use frontdesk_store::mail_thread::{self, MailThread};
use frontdesk_store::outbox::Stored;
use frontdesk_store::{compliance_settings, connection, workspace};

use super::{key, opened, unsubscribe};
use crate::compliance::postal_address;
use crate::message::about;
use crate::{App, Result, carrier};

/// Where answers to our mail come in.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Desk {
    address: String,
    /// Whether mail for its address with more behind a plus sign comes in, too.
    signs: bool,
}

/// The address that a connection receives mail at.
fn desk_of(connection: &Connection) -> Option<Desk> {
    match connection.category {
        ConnectionCategory::MailInbox => {
            let settings: ImapSettings = carrier::settings(connection).ok()?;
            let address = settings.own_address()?.to_owned();
            Some(Desk { address, signs: settings.plus_addresses })
        }
        ConnectionCategory::Mail => {
            let settings: ResendSettings = carrier::settings(connection).ok()?;
            let address = settings.inbound.filter(|it| it.contains('@'))?;
            Some(Desk { address, signs: true })
        }
        _ => None,
    }
}

/// Enabled connections that mail comes in or leaves through.
async fn connections(app: &App, scope: Scope) -> Result<Vec<Connection>> {
    let db = app.store.reader();
    let mut all = connection::list_enabled(db, scope, ConnectionCategory::MailInbox).await?;
    all.extend(connection::list_enabled(db, scope, ConnectionCategory::Mail).await?);
    Ok(all.into_iter().map(|sealed| sealed.connection).collect())
}

/// Where answers to a conversation come in: where it was heard, otherwise the first place there is.
async fn desk(app: &App, scope: Scope, heard: Option<ConnectionId>) -> Result<Option<Desk>> {
    let all = connections(app, scope).await?;
    let same = all.iter().find(|it| Some(it.id) == heard).and_then(desk_of);
    Ok(same.or_else(|| all.iter().find_map(desk_of)))
}

/// Every address that is the business's own, in lower case: mail from one of them is not a customer's.
pub(crate) async fn own_addresses(app: &App, scope: Scope) -> Result<Vec<String>> {
    let home = workspace::get(app.store.reader(), scope).await?;
    let mut own = vec![home.facts.email.trim().to_lowercase()];
    for connection in connections(app, scope).await? {
        own.extend(desk_of(&connection).map(|desk| desk.address.to_lowercase()));
        let from = connection.settings.get("from").and_then(|from| from.as_str()).unwrap_or_default();
        let bare = from.rsplit_once('<').map_or(from, |(_, address)| address.trim_end_matches(['>', ' ']));
        own.push(bare.trim().to_lowercase());
    }
    own.retain(|address| address.contains('@'));
    own.sort();
    own.dedup();
    Ok(own)
}

/// The Message-IDs up to the one that is answered. What came after it is not part of what was answered, and a mail that is
/// sent once more must be the same.
fn references(thread: &MailThread, answered: Option<&str>) -> Vec<String> {
    let end = answered.and_then(|id| thread.mail_ids.iter().position(|known| known == id));
    end.map_or_else(Vec::new, |end| thread.mail_ids.iter().take(end + 1).cloned().collect())
}

/// Dresses a message of the outbox.
pub(crate) async fn dress(app: &App, scope: Scope, known: &Stored) -> Result<MailDress> {
    let message = &known.message;
    let page = about::dress(app, scope, known).await?;
    let db = app.store.reader();
    let home = workspace::get(db, scope).await?;
    let key = key::of(app, scope.workspace()).await?;
    let thread = match message.conversation_id {
        Some(id) => mail_thread::find(db, scope, id).await?,
        None => None,
    };
    let desk = desk(app, scope, thread.as_ref().and_then(|thread| thread.connection_id)).await?;
    let signed = match (&desk, message.conversation_id) {
        (Some(desk), Some(id)) if desk.signs => sign_reply_address(&key.reply(), &desk.address, id),
        _ => None,
    };
    let plain = desk.map(|desk| desk.address);
    let public = Some(home.facts.email.trim().to_owned()).filter(|own| !own.is_empty());
    let reply_to = signed.or(plain).or(public);
    let mut dress = MailDress {
        from_name: home.name.clone(),
        references: thread
            .as_ref()
            .map(|thread| references(thread, message.content.reply_to.as_deref()))
            .unwrap_or_default(),
        automatic: match (message.created_by, message.purpose) {
            (Some(_), _) => None,
            (None, Purpose::Reply) => Some(AutoSubmitted::Replied),
            (None, _) => Some(AutoSubmitted::Generated),
        },
        loop_token: Some(key.loop_token()),
        html: page.html,
        calendar: page.calendar,
        picture: opened::picture(app, db, &key, (scope, message)).await?,
        ..MailDress::default()
    };
    if message.purpose == Purpose::Marketing
        && let Some(url) = unsubscribe::link(app, &key, message)
    {
        let settings = compliance_settings::get(db, scope).await?;
        let postal = postal_address(&settings, &home).unwrap_or_default();
        dress.footer = Some(unsubscribe::footer(&home, postal, &url));
        let mailto = reply_to.as_ref().map(|address| format!("{address}?subject=unsubscribe"));
        dress.unsubscribe = Some(Unsubscribe { url, mailto });
    }
    dress.reply_to = reply_to;
    Ok(dress)
}

#[cfg(test)]
mod tests {
    use frontdesk_domain::id::ConversationId;
    use uuid::Uuid;

    use super::*;

    #[test]
    fn references_end_with_the_mail_that_is_answered() {
        let thread = MailThread {
            conversation_id: ConversationId::from_uuid(Uuid::nil()),
            connection_id: None,
            through: None,
            peer: "ana@example.com".to_owned(),
            own: String::new(),
            subject: String::new(),
            last_id: Some("c@x".to_owned()),
            mail_ids: ["a@x", "b@x", "c@x"].map(str::to_owned).to_vec(),
            heard_at: None,
        };
        assert_eq!(references(&thread, Some("b@x")), ["a@x", "b@x"]);
        assert_eq!(references(&thread, Some("z@x")), Vec::<String>::new());
        assert_eq!(references(&thread, None), Vec::<String>::new());
    }
}
