//! Mail that a vendor receives for us: its call names a mail, which a job fetches, so that the call is answered at once and
//! nothing is lost when the vendor does not answer.

use std::sync::Arc;

use frontdesk_channel::ChannelError;
use frontdesk_channel::mail_in::{Limits, Received, ResendInbox};
use frontdesk_domain::connection::Connection;
use frontdesk_domain::context::Scope;
use frontdesk_domain::id::{ConnectionId, WorkspaceId};
use frontdesk_http::Target;
use frontdesk_queue::{ClaimedJob, Failure};
use frontdesk_store::{JobRequest, connection as stored};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::conversation::hear_mail::{Arrival, hear_mail};
use crate::jobs::failure;
use crate::{App, AppError, Result, carrier, connection};

/// The job that fetches a mail.
pub(crate) const JOB: &str = "mail.arrive";
/// Tries, over about a day.
const TRIES: u16 = 20;

#[derive(Debug, Clone, Serialize, Deserialize)]
struct Arrived {
    connection: ConnectionId,
    mail: Uuid,
}

/// Has a mail fetched that a vendor's call, which was verified, tells of.
pub(crate) async fn announce(
    app: &App,
    workspace: WorkspaceId,
    through: &Connection,
    received: &Received,
) -> Result<()> {
    if !through.enabled {
        return Ok(());
    }
    let arrived = Arrived { connection: through.id, mail: received.id };
    let payload = serde_json::to_value(&arrived).map_err(|error| AppError::Internal(error.to_string()))?;
    let tx = app.store.begin(&app.system(workspace, "mail-hook")).await?;
    let key = format!("{}:{}", through.id, received.id.simple());
    tx.enqueue(JobRequest::new(JOB, payload).unique(key).attempts(TRIES));
    Ok(tx.commit().await?)
}

/// Fetches a mail and takes it in.
pub(crate) async fn run(app: &Arc<App>, job: &ClaimedJob) -> Result<(), Failure> {
    let arrived = Arrived::deserialize(&job.payload)
        .map_err(|error| Failure::Permanent(format!("{JOB} cannot be read: {error}")))?;
    let scope = Scope::system(job.workspace);
    let found = stored::find(app.store.reader(), scope, arrived.connection).await;
    let Some(sealed) = found.map_err(|error| failure(&error.into()))? else { return Ok(()) };
    let usable = connection::open(app, scope, sealed).map_err(|error| failure(&error))?;
    let settings = carrier::settings(&usable.connection).map_err(Failure::Permanent)?;
    let key = usable.secret.ok_or_else(|| Failure::Permanent("the key is missing".to_owned()))?;
    let inbox = ResendInbox::new(&settings, key, app.http.clone(), Target::Public, Target::Public);
    let mail = match inbox.fetch(arrived.mail, &Limits::default()).await {
        Ok(mail) => mail,
        Err(error @ ChannelError::Refused { .. }) => return Err(Failure::Permanent(error.to_string())),
        Err(error) => return Err(Failure::Retry(error.to_string())),
    };
    let arrival = Arrival { connection: &usable.connection, mail: &mail };
    hear_mail(app, job.workspace, arrival).await.map_err(|error| failure(&error))
}
