//! Files that came along with a mail: kept with their message, bounded, and given out to members alone.

use frontdesk_channel::mail_in::IncomingMail;
use frontdesk_domain::access::Permission;
use frontdesk_domain::context::Context;
use frontdesk_domain::id::{ConversationId, FileId};
use frontdesk_domain::message::{Message, MessageFile};
use frontdesk_domain::text;
use frontdesk_store::{Tx, conversation, message_file};

use crate::{App, AppError, Result};

/// Longest name, in characters.
const MAX_NAME: usize = 200;

/// A file as it is given out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// What it is.
    pub file: MessageFile,
    /// What it holds.
    pub bytes: Vec<u8>,
}

/// A file of a message in a conversation.
///
/// # Errors
/// [`AppError::NotFound`] when there is none, or not in this conversation.
pub async fn file(app: &App, ctx: &Context, conversation: ConversationId, id: FileId) -> Result<File> {
    ctx.require(Permission::ConversationsRead)?;
    let (db, scope) = (app.store.reader(), ctx.scope());
    conversation::get(db, scope, conversation).await?;
    let found = message_file::find(db, scope, conversation, id).await?;
    found.map(|(file, bytes)| File { file, bytes }).ok_or(AppError::NotFound("file"))
}

/// One line of it, for a place that holds one line.
fn named(name: &str) -> String {
    let name: String = name.chars().map(|c| if c.is_control() { ' ' } else { c }).take(MAX_NAME).collect();
    text::line(&name, MAX_NAME).unwrap_or_else(|_| "file".to_owned())
}

/// Stores a mail's files with its message, and the whole of its words when they are longer than a message.
pub(crate) async fn keep(tx: &Tx, said: &Message, mail: &IncomingMail, whole: Option<&str>) -> Result<()> {
    let whole = whole.map(|text| ("Whole mail.txt", "text/plain; charset=utf-8", text.as_bytes()));
    let along = mail
        .attachments
        .iter()
        .map(|file| (file.name.as_str(), file.media_type.as_str(), file.bytes.as_slice()));
    for (place, (name, media_type, bytes)) in (0_u16..).zip(whole.into_iter().chain(along)) {
        let file = MessageFile {
            id: FileId::new(tx.now(), tx.random()),
            name: named(name),
            media_type: named(media_type),
            size: bytes.len() as u64,
        };
        let at = (said.conversation_id, said.id, place);
        message_file::insert(tx, tx.scope(), at, &file, bytes.to_vec()).await?;
    }
    Ok(())
}

/// The lines that stand for a mail's files in its message.
pub(crate) fn lines(mail: &IncomingMail) -> Vec<String> {
    let came = mail.attachments.iter().map(|file| format!("[{}]", named(&file.name)));
    let left = mail.skipped.iter().map(|left| format!("[{}: left out, {}]", named(&left.name), left.why));
    came.chain(left).take(40).collect()
}
