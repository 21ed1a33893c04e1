//! Files that go along with messages: checked against what their channel carries, kept with the message, and given to the
//! vendor by a link that is made when the message leaves and lapses soon after. To let another channel carry files, give
//! it its limits in [`limits`].

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use frontdesk_channel::{Outbound, twilio};
use frontdesk_domain::context::Scope;
use frontdesk_domain::conversation::Channel;
use frontdesk_domain::id::{ConversationId, FileId, MessageId, WorkspaceId};
use frontdesk_domain::message::MessageFile;
use frontdesk_domain::outbox::Media;
use frontdesk_domain::text;
use frontdesk_store::{Tx, message_file, workspace};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::mailbox::File;
use crate::mailbox::key::{self, Link};
use crate::validate::Validator;
use crate::{App, AppError, Result};

/// Largest body of a request that brings files along: the largest files of a message in base64, and words.
pub const MAX_BODY: usize = 7_500_000;
/// How long a link to a file holds: vendors fetch it when they get the message, and again while they retry.
const LINK_HOLDS: Duration = Duration::from_hours(72);
/// What stands before a file's id where its link is not made yet.
const OURS: &str = "file:";
/// Longest name, in characters.
const MAX_NAME: usize = 200;

/// A file to go along with a message.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewFile {
    /// Its name.
    #[schema(min_length = 1, max_length = 200)]
    pub name: String,
    /// Its media type, such as `image/jpeg`.
    #[schema(max_length = 100)]
    pub media_type: String,
    /// What it holds, base64.
    #[schema(max_length = 7_000_000)]
    pub data: String,
}

impl std::fmt::Debug for NewFile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("NewFile").field("name", &self.name).finish_non_exhaustive()
    }
}

/// A checked file.
#[derive(Debug, Clone)]
pub(crate) struct Ready {
    name: String,
    media_type: String,
    bytes: Vec<u8>,
}

/// What a channel carries.
struct Limits {
    /// Files of a message.
    count: usize,
    /// Bytes of all together.
    bytes: usize,
    /// What messages with files are called there.
    name: &'static str,
}

const MEGABYTE: usize = 1024 * 1024;

/// What a channel carries; nothing when it carries no files from here.
const fn limits(channel: Channel) -> Option<Limits> {
    match channel {
        // Twilio's for MMS: ten files, 5 MB with the words.
        Channel::Sms => {
            Some(Limits { count: 10, bytes: 5 * MEGABYTE - 8 * 1024, name: "a picture message (MMS)" })
        }
        // WhatsApp's for pictures, the least of all its kinds.
        Channel::Whatsapp => Some(Limits { count: 1, bytes: 5 * MEGABYTE, name: "a WhatsApp message" }),
        _ => None,
    }
}

/// Checks files against what their channel carries.
///
/// # Errors
/// [`AppError::Invalid`] that names the file and what is wrong with it.
pub(crate) fn check(channel: Channel, files: &[NewFile]) -> Result<Vec<Ready>> {
    if files.is_empty() {
        return Ok(Vec::new());
    }
    let Some(limits) = limits(channel) else {
        return Err(AppError::invalid(
            "/files",
            "cannot go along on this channel yet; only text messages and WhatsApp carry them",
        ));
    };
    if files.len() > limits.count {
        let most = limits.count;
        return Err(AppError::invalid(
            "/files",
            format!(
                "are too many: {} carries at most {most}; send the others in another message",
                limits.name
            ),
        ));
    }
    let mut check = Validator::new();
    let mut ready = Vec::new();
    for (at, file) in files.iter().enumerate() {
        let name = check.take(&format!("/files/{at}/name"), text::line(&file.name, MAX_NAME));
        let media_type = file.media_type.trim().to_ascii_lowercase();
        let field = format!("/files/{at}/media_type");
        check.ensure(&field, twilio::media::is_taken(&media_type), "is no kind of file that can be sent");
        let bytes = STANDARD.decode(file.data.as_bytes()).unwrap_or_default();
        let field = format!("/files/{at}/data");
        check.ensure(&field, !bytes.is_empty(), "must be the file's content in base64");
        let is_it = bytes.is_empty() || is_what_it_says(&media_type, &bytes);
        check.ensure(&field, is_it, "is not of the kind it says it is");
        ready.push(Ready { name, media_type, bytes });
    }
    check.finish()?;
    let bytes: usize = ready.iter().map(|file| file.bytes.len()).sum();
    if bytes > limits.bytes {
        return Err(AppError::invalid(
            "/files",
            format!(
                "are too large: {} carries 5 MB, these are {:.1} MB; send smaller pictures or fewer",
                limits.name,
                // Only to be read.
                f64::from(u32::try_from(bytes).unwrap_or(u32::MAX)) / 1_048_576.0
            ),
        ));
    }
    Ok(ready)
}

/// Whether the first bytes are those of the kind, where the kind has some.
fn is_what_it_says(media_type: &str, bytes: &[u8]) -> bool {
    match media_type {
        "image/jpeg" => bytes.starts_with(&[0xff, 0xd8, 0xff]),
        "image/png" => bytes.starts_with(b"\x89PNG\r\n\x1a\n"),
        "image/gif" => bytes.starts_with(b"GIF8"),
        "application/pdf" => bytes.starts_with(b"%PDF"),
        _ => true,
    }
}

/// The lines that stand for files in a conversation when there are no words.
pub(crate) fn lines(files: &[Ready]) -> String {
    files.iter().map(|file| format!("[{}]", file.name)).collect::<Vec<_>>().join("\n")
}

/// Keeps files with their message.
pub(crate) async fn keep(
    tx: &Tx,
    (conversation, message): (ConversationId, MessageId),
    files: &[Ready],
) -> Result<Vec<MessageFile>> {
    let mut kept = Vec::new();
    for (place, ready) in (0_u16..).zip(files) {
        let file = MessageFile {
            id: FileId::new(tx.now(), tx.random()),
            name: ready.name.clone(),
            media_type: ready.media_type.clone(),
            size: ready.bytes.len() as u64,
        };
        message_file::insert(tx, tx.scope(), (conversation, message, place), &file, ready.bytes.clone())
            .await?;
        kept.push(file);
    }
    Ok(kept)
}

/// Kept files as what a message carries along; their links are made when it leaves.
pub(crate) fn media(kept: &[MessageFile]) -> Vec<Media> {
    let media = |file: &MessageFile| Media {
        url: format!("{OURS}{}", file.id),
        media_type: file.media_type.clone(),
        name: Some(file.name.clone()),
    };
    kept.iter().map(media).collect()
}

/// A message with links that its vendor can fetch its files by.
pub(crate) async fn linked(app: &App, workspace: WorkspaceId, mut outbound: Outbound) -> Result<Outbound> {
    if outbound.content.media.is_empty() {
        return Ok(outbound);
    }
    let key = key::of(app, workspace).await?;
    let until = app.clock.now().plus(LINK_HOLDS);
    for media in &mut outbound.content.media {
        let Some(id) = media.url.strip_prefix(OURS) else { continue };
        let id: FileId = id.parse().map_err(|error| AppError::Internal(format!("a file's id: {error}")))?;
        let token = key.token(Link::File, id.uuid(), Some(until));
        let token = token.ok_or_else(|| AppError::Internal("a file's link cannot be signed".to_owned()))?;
        media.url = format!("{}/files/{token}", app.settings.public_url);
    }
    Ok(outbound)
}

/// The file a link leads to.
///
/// # Errors
/// [`AppError::NotFound`] when we did not make the link, it has lapsed, or the file is gone.
pub async fn open(app: &App, token: &str) -> Result<File> {
    let nothing = || AppError::NotFound("file");
    let token = key::read(token).ok_or_else(nothing)?;
    let scope = Scope::system(token.workspace);
    let db = app.store.reader();
    workspace::find(db, scope).await?.ok_or_else(nothing)?;
    let lapsed = token.until.is_none_or(|until| until < app.clock.now());
    if lapsed || !key::of(app, token.workspace).await?.signed(Link::File, &token) {
        return Err(nothing());
    }
    let found = message_file::find_in_workspace(db, scope, FileId::from_uuid(token.subject)).await?;
    found.map(|(file, bytes)| File { file, bytes }).ok_or_else(nothing)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(name: &str, media_type: &str, bytes: &[u8]) -> NewFile {
        NewFile { name: name.to_owned(), media_type: media_type.to_owned(), data: STANDARD.encode(bytes) }
    }

    fn picture(size: usize) -> NewFile {
        let mut bytes = vec![0; size];
        bytes[..3].copy_from_slice(&[0xff, 0xd8, 0xff]);
        file("a.jpg", "image/jpeg", &bytes)
    }

    #[test]
    fn what_a_channel_cannot_carry_is_refused_in_plain_words() {
        let refused = |channel, files: &[NewFile]| check(channel, files).unwrap_err().to_string();
        assert_eq!(check(Channel::Sms, &vec![picture(100); 10]).unwrap().len(), 10);
        assert!(refused(Channel::Sms, &vec![picture(100); 11]).contains("at most 10"));
        assert!(refused(Channel::Whatsapp, &vec![picture(100); 2]).contains("at most 1;"));
        let large = refused(Channel::Sms, &[picture(3 * MEGABYTE), picture(3 * MEGABYTE)]);
        assert!(large.contains("carries 5 MB, these are 6.0 MB"), "{large}");
        assert!(refused(Channel::Web, &[picture(100)]).contains("only text messages and WhatsApp"));
        let page = file("a.html", "text/html", b"<script>");
        assert!(refused(Channel::Sms, &[page]).contains("/files/0/media_type"));
        assert!(
            refused(Channel::Sms, &[picture(100), file("b", "image/png", b"GIF89a")])
                .contains("/files/1/data")
        );
        let broken = NewFile { data: "***".to_owned(), ..picture(100) };
        assert!(refused(Channel::Sms, &[broken]).contains("base64"));
    }
}
