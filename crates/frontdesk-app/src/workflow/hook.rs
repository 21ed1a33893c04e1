//! The step that tells another system: one signed HTTP request with what is known of the contact, tried again while it
//! fails.

use std::sync::Arc;
use std::time::Duration;

use frontdesk_domain::contact::Contact;
use frontdesk_domain::context::Scope;
use frontdesk_domain::id::{ContactId, EnrolmentId};
use frontdesk_domain::workflow::{Step, WorkflowSettings};
use frontdesk_http::{HttpError, Target};
use frontdesk_queue::{ClaimedJob, Failure};
use frontdesk_store::workflow::enrolment::Stored;
use frontdesk_store::{JobRequest, Tx, contact};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::App;
use crate::jobs::failure;
use crate::webhook::sign::WebhookKey;

/// The job's constant name.
pub const HOOK_JOB: &str = "workflow.webhook";
/// Tries before it is given up and shown among the dead jobs.
const ATTEMPTS: u16 = 8;
/// How long the other system may take.
const PATIENCE: Duration = Duration::from_secs(15);
/// How much of its answer is read.
const ANSWER: usize = 64 * 1024;

#[derive(Serialize, Deserialize)]
struct Payload {
    enrolment: EnrolmentId,
    contact: ContactId,
    workflow: String,
    step: String,
    url: String,
}

/// Has the other system told.
pub(super) fn enqueue(
    tx: &Tx,
    stored: &Stored,
    step: &Step,
    settings: &WorkflowSettings,
    known: &Contact,
    url: &str,
) {
    let payload = json!(Payload {
        enrolment: stored.enrolment.id,
        contact: known.id,
        workflow: settings.name.clone(),
        step: step.id.clone(),
        url: url.to_owned(),
    });
    tx.enqueue(JobRequest::new(HOOK_JOB, payload).attempts(ATTEMPTS));
}

/// Tells it.
pub async fn run(app: &Arc<App>, job: &ClaimedJob) -> Result<(), Failure> {
    let payload = Payload::deserialize(&job.payload)
        .map_err(|error| Failure::Permanent(format!("{HOOK_JOB} cannot be read: {error}")))?;
    let scope = Scope::system(job.workspace);
    let known = contact::find(app.store.reader(), scope, payload.contact).await;
    let Some(known) = known.map_err(|error| Failure::Retry(error.to_string()))? else { return Ok(()) };
    let id = format!("{}-{}", payload.enrolment, payload.step);
    let body = json!({
        "event": "workflow.step",
        "id": id,
        "workspace_id": job.workspace,
        "workflow": payload.workflow,
        "step": payload.step,
        "contact": known,
    });
    let body = serde_json::to_vec(&body).map_err(|error| Failure::Permanent(error.to_string()))?;
    let key = WebhookKey::of(app, job.workspace).await.map_err(|error| failure(&error))?;
    let call = app
        .http
        .post(Target::Public, &payload.url)
        .label("workflow.webhook")
        .timeout(PATIENCE)
        .max_body(ANSWER)
        .retries(0)
        .redirects(0);
    let call = key.sign(call, &id, body, app.clock.now()).map_err(|error| failure(&error))?;
    match call.send().await {
        Ok(answer) if answer.status.is_success() => Ok(()),
        Ok(answer) if answer.status.is_client_error() && answer.status.as_u16() != 429 => {
            Err(Failure::Permanent(format!("{} answered {}", host(&payload.url), answer.status.as_u16())))
        }
        Ok(answer) => {
            Err(Failure::Retry(format!("{} answered {}", host(&payload.url), answer.status.as_u16())))
        }
        Err(error @ (HttpError::Invalid(_) | HttpError::Blocked { .. })) => {
            Err(Failure::Permanent(error.to_string()))
        }
        Err(error) => Err(Failure::Retry(error.to_string())),
    }
}

/// The address without what may be secret in it.
fn host(url: &str) -> &str {
    url.split('/').nth(2).unwrap_or("the other system")
}
