//! What is done by itself once a connection is made: it is tried, its vendor is told where to call, and what it has is
//! fetched. What is wrong then stands in the connection's test.

use frontdesk_channel::twilio::TwilioKind;
use frontdesk_channel::whatsapp;
use frontdesk_domain::connection::Connection;
use frontdesk_domain::id::ConnectionId;
use frontdesk_queue::{ClaimedJob, Failure};
use frontdesk_store::{JobRequest, Tx};
use serde_json::json;

use crate::jobs::failure;
use crate::{App, AppError, Result, channel_template};

/// The job's constant name.
pub const JOB: &str = "connection.welcome";

/// Plans it for a connection whose vendor is told where to call, or has templates.
pub(super) fn plan(tx: &Tx, made: &Connection) {
    let is_ready = match made.vendor.as_str() {
        whatsapp::VENDOR => made.has_hook_secret,
        vendor => vendor == TwilioKind::Whatsapp.provider(),
    };
    if !made.enabled || !is_ready {
        return;
    }
    let job = JobRequest::new(JOB, json!({ "connection": made.id })).attempts(3);
    tx.enqueue(job.unique(made.id.uuid().simple().to_string()));
}

/// Tries the connection and fetches its templates.
pub async fn run(app: &App, job: &ClaimedJob) -> Result<(), Failure> {
    let id = job.payload.get("connection").and_then(|id| id.as_str()).unwrap_or_default();
    let id: ConnectionId = id.parse().map_err(|error| Failure::Permanent(format!("{error}")))?;
    let ctx = app.system(job.workspace, JOB);
    match super::test(app, &ctx, id).await {
        // Removed meanwhile.
        Err(AppError::NotFound(_)) => return Ok(()),
        Err(error) => return Err(failure(&error)),
        Ok(_) => {}
    }
    channel_template::sync::sync(app, job.workspace, id).await.map_err(|error| failure(&error))
}
