//! Files that customers send through a vendor: fetched after their message was acknowledged, with the vendor's token and
//! within its limits, and kept with the message. What may not be had stays the line that names it.

use frontdesk_channel::media::{MediaError, MediaFile};
use frontdesk_channel::twilio::{TwilioChannel, TwilioSettings};
use frontdesk_channel::whatsapp;
use frontdesk_domain::context::Scope;
use frontdesk_domain::event::Event;
use frontdesk_domain::id::{ConnectionId, ConversationId, FileId, MessageId};
use frontdesk_domain::message::MessageFile;
use frontdesk_domain::outbox::Media;
use frontdesk_domain::text;
use frontdesk_http::Target;
use frontdesk_queue::{ClaimedJob, Failure};
use frontdesk_store::{JobRequest, Tx, connection, message_file};
use serde::{Deserialize, Serialize};

use crate::channel_template::client_of;
use crate::connection::UsableConnection;
use crate::jobs::failure;
use crate::{App, AppError, Result, carrier};

/// The job's constant name.
pub const JOB: &str = "message.fetch_files";

/// Most files of one message, as its lines name them.
const MAX_FILES: usize = 10;
/// Most bytes of one file: what a mail's may have.
const MAX_BYTES: usize = 20 * 1024 * 1024;

/// What the job is about.
#[derive(Debug, Serialize, Deserialize)]
struct Wanted {
    connection: ConnectionId,
    conversation: ConversationId,
    message: MessageId,
    media: Vec<Media>,
}

/// Has the files of a message fetched. In the unit of work that stores it.
pub(super) fn plan(
    tx: &Tx,
    connection: ConnectionId,
    (conversation, message): (ConversationId, MessageId),
    media: &[Media],
) -> Result<()> {
    if media.is_empty() {
        return Ok(());
    }
    let media = media.iter().take(MAX_FILES).cloned().collect();
    let wanted = Wanted { connection, conversation, message, media };
    let payload = serde_json::to_value(wanted).map_err(|error| AppError::Internal(error.to_string()))?;
    tx.enqueue(JobRequest::new(JOB, payload).attempts(5).unique(message.uuid().simple().to_string()));
    Ok(())
}

/// Fetches the files that are not there yet.
pub async fn run(app: &App, job: &ClaimedJob) -> Result<(), Failure> {
    let wanted: Wanted = serde_json::from_value(job.payload.clone())
        .map_err(|error| Failure::Permanent(format!("{error}")))?;
    fetch_all(app, job, &wanted).await.map_err(|error| failure(&error))
}

async fn fetch_all(app: &App, job: &ClaimedJob, wanted: &Wanted) -> Result<()> {
    let scope = Scope::system(job.workspace);
    let db = app.store.reader();
    let Some(sealed) = connection::find(db, scope, wanted.connection).await? else { return Ok(()) };
    let usable = crate::connection::open(app, scope, sealed)?;
    for (place, media) in wanted.media.iter().enumerate() {
        let id = id_of(wanted.message, place);
        if message_file::find(db, scope, wanted.conversation, id).await?.is_some() {
            continue;
        }
        let name = media.name.clone().unwrap_or_default();
        let (media_type, bytes) = match fetch(app, &usable, media).await {
            Ok(file) => (file.media_type, file.content.to_vec()),
            Err(MediaError::Unavailable(why)) => return Err(AppError::Unavailable(why)),
            Err(error) => {
                // The line that names it stays.
                tracing::info!(%error, "a customer's file cannot be had");
                continue;
            }
        };
        let tx = app.store.begin(&app.system(job.workspace, JOB)).await?;
        let file = MessageFile { id, name: named(&name, &media_type), media_type, size: bytes.len() as u64 };
        let at = (wanted.conversation, wanted.message, u16::try_from(place).unwrap_or(u16::MAX));
        message_file::insert(&tx, tx.scope(), at, &file, bytes).await?;
        tx.emit(Event::ConversationUpdated { conversation_id: wanted.conversation });
        tx.commit().await?;
    }
    Ok(())
}

/// The same file of a message always has the same id, so that none is stored twice.
fn id_of(message: MessageId, place: usize) -> FileId {
    FileId::from_uuid(uuid::Uuid::from_u128(message.uuid().as_u128() ^ (place as u128 + 1)))
}

async fn fetch(app: &App, usable: &UsableConnection, media: &Media) -> Result<MediaFile, MediaError> {
    let refused = |why: String| MediaError::Address(why);
    let connection = &usable.connection;
    if connection.vendor == whatsapp::VENDOR {
        return client_of(app, usable).map_err(refused)?.media(&media.url, MAX_BYTES).await;
    }
    let kind = carrier::twilio_kind(&connection.vendor)
        .ok_or_else(|| refused(format!("{} holds no files", connection.vendor)))?;
    let settings = carrier::settings::<TwilioSettings>(connection).map_err(refused)?;
    let secret = usable.secret.clone().ok_or_else(|| refused("the key is missing".to_owned()))?;
    let client = TwilioChannel::new(kind, &settings, secret, app.http.clone(), Target::Public)?;
    client.media(&media.url, MAX_BYTES).await
}

/// A name for people: the one it came with, or one by its kind.
fn named(name: &str, media_type: &str) -> String {
    let line: String =
        name.chars().filter(|c| !c.is_control() && !matches!(c, '/' | '\\')).take(200).collect();
    if let Ok(line) = text::line(&line, 200)
        && !line.is_empty()
    {
        return line;
    }
    let (kind, form) = media_type.split_once('/').unwrap_or(("file", "bin"));
    let form: String = form.chars().filter(char::is_ascii_alphanumeric).take(8).collect();
    format!("{kind}.{form}")
}
