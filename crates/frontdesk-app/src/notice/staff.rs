//! Notices to staff about their bookings. Like all mail to the team it goes through the installation's mailer and needs
//! no permit.

use frontdesk_channel::{Mail, MailError};
use frontdesk_domain::booking::BookingStatus;
use frontdesk_domain::context::Scope;
use frontdesk_domain::id::{BookingId, StaffId};
use frontdesk_domain::template::TemplateKind;
use frontdesk_domain::time::Timestamp;
use frontdesk_queue::{ClaimedJob, Failure};
use frontdesk_store::{JobRequest, StoreError, booking, staff};
use serde::{Deserialize, Serialize};

use super::values::Extra;
use super::{read_facts, rendered};
use crate::jobs::failure;
use crate::{App, AppError, Result, token};

/// The job's constant name.
pub const JOB: &str = "booking.staff_notice";

/// A notice to one staff member.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StaffNotice {
    /// About which booking.
    pub booking_id: BookingId,
    /// By which template.
    pub template: TemplateKind,
    /// The booking's sequence it tells of.
    pub sequence: u32,
    /// The start before a move.
    #[serde(default)]
    pub from: Option<Timestamp>,
    /// To whom.
    pub staff_id: StaffId,
}

impl StaffNotice {
    fn key(&self) -> String {
        format!("{}:{}:{}:{}", self.booking_id, self.template.as_str(), self.sequence, self.staff_id)
    }

    /// The job that sends it.
    pub fn job(&self) -> Result<JobRequest> {
        let payload = serde_json::to_value(self).map_err(|error| AppError::Internal(error.to_string()))?;
        Ok(JobRequest::new(JOB, payload).unique(self.key()))
    }
}

/// Sends the notice. Doing it twice sends the same mail with the same id twice.
pub async fn run(app: &App, job: &ClaimedJob) -> Result<(), Failure> {
    let notice = StaffNotice::deserialize(&job.payload)
        .map_err(|error| Failure::Permanent(format!("{JOB} cannot be read: {error}")))?;
    let Some(mail) = compose(app, Scope::system(job.workspace), &notice).await.map_err(|it| failure(&it))?
    else {
        return Ok(());
    };
    match app.mailer.send(&mail).await {
        Ok(()) => Ok(()),
        Err(error @ MailError::Refused(_)) => Err(Failure::Permanent(error.to_string())),
        Err(error @ MailError::Unavailable(_)) => Err(Failure::Retry(error.to_string())),
    }
}

/// `None` when there is nobody to write to, or nothing to say any more.
async fn compose(app: &App, scope: Scope, notice: &StaffNotice) -> Result<Option<Mail>> {
    let db = app.store.reader();
    let reader = match staff::get(db, scope, notice.staff_id).await {
        Ok(reader) => reader.settings,
        Err(StoreError::NotFound(_)) => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    let Some(to) = reader.email.filter(|email| !email.is_empty()) else { return Ok(None) };
    let stored = match booking::get(db, scope, notice.booking_id).await {
        Ok(stored) => stored,
        Err(StoreError::NotFound(_)) => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    let is_cancelled = stored.booking.status == BookingStatus::Cancelled;
    // A later notice tells what is true now.
    if is_cancelled != (notice.template == TemplateKind::StaffCancelledBooking)
        || stored.booking.sequence != notice.sequence
    {
        return Ok(None);
    }
    let facts = read_facts(app, scope, stored).await?;
    let language = facts.home.language;
    let extra = Extra { previous: notice.from, reader: Some(reader.name) };
    let values = facts.values(app, language, &extra);
    let done = rendered(app, scope, &facts, (notice.template, language), &values).await?;
    let id = token::hash(&format!("{}:{}", scope.workspace(), notice.key()));
    Ok(Some(Mail {
        id: id.chars().take(32).collect(),
        date: app.clock.now(),
        to,
        subject: done.subject,
        text: done.text,
        html: done.html,
    }))
}
