//! What customers and staff are told about bookings.
//!
//! Events plan notices (`plan.rs`), so every door triggers them. A notice is a job that carries ids; it looks at the
//! booking as it is then, and puts what there is to say into the outbox, once: as a letter (`letter.rs`), as a short message
//! (`text.rs`). The outbox looks again before each leaves, so that nobody is reminded of a cancelled or moved appointment, and
//! tells here what became of it (`outcome.rs`), which the booking's history keeps.

mod letter;
mod offer;
mod outcome;
mod plan;
mod staff;
mod text;
mod values;

pub(crate) use letter::{Dress, dress};
pub use offer::{JOB as OFFER_JOB, job as offer_job, run as run_offer};
pub(crate) use offer::{dress as dress_offer, outdated as offer_outdated};
pub(crate) use outcome::{FLAG as BOUNCED_FLAG, complained, hold, moved};
pub use plan::{SUBSCRIBER_NAME, plan};
pub use staff::{JOB as STAFF_JOB, run as run_staff};

use frontdesk_domain::access::Permission;
use frontdesk_domain::booking::{Booking, BookingStatus, Cancellation, CancelledBy};
use frontdesk_domain::compliance::Purpose;
use frontdesk_domain::context::{Context, Scope};
use frontdesk_domain::icalendar::Method;
use frontdesk_domain::id::{BookingId, MessageId, WorkspaceId};
use frontdesk_domain::locale::Language;
use frontdesk_domain::template::{TemplateChannel, TemplateKind};
use frontdesk_domain::time::Timestamp;
use frontdesk_domain::workspace::Workspace;
use frontdesk_queue::{ClaimedJob, Failure};
use frontdesk_store::booking::Stored;
use frontdesk_store::booking_notice::{self, Notice};
use frontdesk_store::template::Place;
use frontdesk_store::{JobRequest, StoreError, Tx, booking, workspace};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::jobs::failure;
use crate::template::render::{Rendered, Values, render};
use crate::template::{house, in_use, shipped};
use crate::{App, AppError, Result};
use values::{Extra, facts};

pub(crate) use values::Facts;

/// The job's constant name.
pub const JOB: &str = "booking.notice";

/// A notice to the customer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BookingNotice {
    /// About which booking.
    pub booking_id: BookingId,
    /// By which template.
    pub template: TemplateKind,
    /// The booking's sequence it tells of.
    pub sequence: u32,
    /// The start before a move.
    #[serde(default)]
    pub from: Option<Timestamp>,
    /// For a reminder: minutes before the start, and the start.
    #[serde(default)]
    pub before: Option<(u32, Timestamp)>,
}

impl BookingNotice {
    /// What is sent at most once.
    pub fn key(&self) -> String {
        let kind = self.template.as_str();
        match self.before {
            Some((minutes, start)) => {
                format!("{}:{kind}:{minutes}:{}", self.booking_id, start.as_millis())
            }
            None => format!("{}:{kind}:{}", self.booking_id, self.sequence),
        }
    }

    /// The job that sends it.
    pub fn job(&self) -> Result<JobRequest> {
        let payload = serde_json::to_value(self).map_err(|error| AppError::Internal(error.to_string()))?;
        Ok(JobRequest::new(JOB, payload).unique(self.key()))
    }

    /// Whether there still is something to say.
    fn is_due(&self, booking: &Booking, now: Timestamp) -> bool {
        let holds = matches!(booking.status, BookingStatus::Confirmed | BookingStatus::Rescheduled);
        match self.template {
            TemplateKind::BookingReminder => {
                holds && now < booking.start && self.before.is_some_and(|(_, start)| start == booking.start)
            }
            TemplateKind::BookingConfirmed => holds && booking.sequence == self.sequence,
            TemplateKind::BookingRescheduled => booking.status.is_open() && booking.sequence == self.sequence,
            TemplateKind::BookingPending => booking.status == BookingStatus::Pending,
            TemplateKind::BookingCancelled | TemplateKind::BookingDeclined => {
                booking.status == BookingStatus::Cancelled
            }
            TemplateKind::NoShowFollowUp => booking.status == BookingStatus::NoShow,
            _ => false,
        }
    }
}

/// What goes into the customer's calendar with a message.
const fn method(template: TemplateKind) -> Option<Method> {
    match template {
        TemplateKind::BookingConfirmed | TemplateKind::BookingRescheduled => Some(Method::Request),
        TemplateKind::BookingCancelled => Some(Method::Cancel),
        _ => None,
    }
}

/// A message as the customer would get it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct NoticePreview {
    /// The subject.
    pub subject: String,
    /// The HTML document.
    pub html: String,
    /// The plain text.
    pub text: String,
    /// Where it would go; `None` when the booking has no e-mail address.
    pub to: Option<String>,
}

/// Shows what would be sent about a booking.
pub async fn preview(
    app: &App,
    ctx: &Context,
    id: BookingId,
    template: TemplateKind,
    reason: Option<&str>,
) -> Result<NoticePreview> {
    ctx.require(Permission::BookingsRead)?;
    let mut facts =
        read_facts(app, ctx.scope(), booking::get(app.store.reader(), ctx.scope(), id).await?).await?;
    if let Some(reason) = reason {
        facts.stored.booking.cancellation = Some(Cancellation {
            by: CancelledBy::Business,
            reason: reason.chars().take(1_000).collect(),
            at: ctx.now(),
        });
    }
    let (language, to) = (facts.stored.booking.language, facts.stored.booking.email.clone());
    let values = facts.values(app, language, &Extra { previous: None, reader: reader_of(template, &facts) });
    let done = rendered(app, ctx.scope(), &facts, (template, language), &values).await?;
    Ok(NoticePreview { subject: done.subject, html: done.html, text: done.text, to })
}

fn reader_of(template: TemplateKind, facts: &Facts) -> Option<String> {
    let name = || facts.staff.first().map_or_else(|| facts.home.name.clone(), |it| it.settings.name.clone());
    template.is_for_staff().then(name)
}

/// A booking's calendar file, for adding by hand or as its mail carries it.
pub async fn calendar_file(app: &App, scope: Scope, id: BookingId, method: Method) -> Result<String> {
    let facts = read_facts(app, scope, booking::get(app.store.reader(), scope, id).await?).await?;
    Ok(facts.calendar(app, method, app.clock.now()))
}

/// A booking with everything that is told about it.
pub(crate) async fn facts_of(app: &App, scope: Scope, id: BookingId) -> Result<Facts> {
    read_facts(app, scope, booking::get(app.store.reader(), scope, id).await?).await
}

/// A booking's calendar file for the team.
pub async fn read_calendar_file(app: &App, ctx: &Context, id: BookingId, method: Method) -> Result<String> {
    ctx.require(Permission::BookingsRead)?;
    calendar_file(app, ctx.scope(), id, method).await
}

/// The values of a booking's messages, for previews.
pub(crate) async fn values_of(app: &App, scope: Scope, id: BookingId, language: Language) -> Result<Values> {
    let facts = read_facts(app, scope, booking::get(app.store.reader(), scope, id).await?).await?;
    let reader = facts.staff.first().map(|it| it.settings.name.clone());
    let mut values = facts.values(app, language, &Extra::default());
    if let Some(reader) = reader {
        values.insert("staff_member", reader);
    }
    Ok(values)
}

/// Keeps a notice from going out: the person who changes the booking tells the customer otherwise. In the unit of work
/// that makes the change, after the booking's sequence was raised.
pub async fn withhold(tx: &Tx, booking: &Booking, template: TemplateKind) -> Result<()> {
    let notice = BookingNotice {
        booking_id: booking.id,
        template,
        sequence: booking.sequence,
        from: None,
        before: None,
    };
    booking_notice::insert(tx, tx.scope(), &record(tx, &notice)).await?;
    Ok(())
}

fn record(tx: &Tx, notice: &BookingNotice) -> Notice {
    Notice {
        id: MessageId::new(tx.now(), tx.random()),
        booking_id: Some(notice.booking_id),
        key: notice.key(),
        template: notice.template.as_str().to_owned(),
        created_at: tx.now(),
    }
}

async fn read_facts(app: &App, scope: Scope, stored: Stored) -> Result<Facts> {
    let db = app.store.reader();
    let home = workspace::find(db, scope).await?.ok_or(AppError::NotFound("workspace"))?;
    facts(db, scope, home, stored).await
}

/// Renders by the text in use. Should the business's own text fail, the shipped one goes out: the customer still hears.
async fn rendered(
    app: &App,
    scope: Scope,
    facts: &Facts,
    (kind, language): (TemplateKind, Language),
    values: &Values,
) -> Result<Rendered> {
    rendered_for(app, scope, &facts.home, (kind, language), values).await
}

/// The same for a message that is about no booking.
pub(crate) async fn rendered_for(
    app: &App,
    scope: Scope,
    home: &Workspace,
    (kind, language): (TemplateKind, Language),
    values: &Values,
) -> Result<Rendered> {
    let place = Place { kind, channel: TemplateChannel::Email, language };
    let used = in_use(app.store.reader(), scope, place).await?;
    let house = house(home);
    let flaw = match render((&used.subject, &used.body), values, &house, language.code()) {
        Ok(done) => return Ok(done),
        Err(flaw) => flaw,
    };
    tracing::error!(%flaw, template = kind.as_str(), workspace = %scope.workspace(), "a message's text fails");
    let own = shipped::find(kind, TemplateChannel::Email, language)
        .ok_or_else(|| AppError::Internal(flaw.to_string()))?;
    render((&own.subject, &own.body), values, &house, language.code())
        .map_err(|flaw| AppError::Internal(flaw.to_string()))
}

/// Why a message about a booking has nothing to say any more; `None` while it has.
pub(crate) async fn outdated(tx: &Tx, notice: &BookingNotice) -> Result<Option<&'static str>> {
    match booking::get_for_update(tx, tx.scope(), notice.booking_id).await {
        Ok(stored) if notice.is_due(&stored.booking, tx.now()) => Ok(None),
        Ok(_) => Ok(Some("the appointment has changed since it was written")),
        Err(StoreError::NotFound(_)) => Ok(Some("the appointment is gone")),
        Err(error) => Err(error.into()),
    }
}

/// Puts what a notice says into the outbox, unless there is nothing to say any more.
pub async fn run(app: &App, job: &ClaimedJob) -> Result<(), Failure> {
    let notice = BookingNotice::deserialize(&job.payload)
        .map_err(|error| Failure::Permanent(format!("{JOB} cannot be read: {error}")))?;
    let scope = Scope::system(job.workspace);
    let stored = match booking::get(app.store.reader(), scope, notice.booking_id).await {
        Ok(stored) => stored,
        Err(StoreError::NotFound(_)) => return Ok(()),
        Err(error) => return Err(Failure::Retry(error.to_string())),
    };
    if !notice.is_due(&stored.booking, app.clock.now()) {
        return Ok(());
    }
    tell(app, job.workspace, stored, &notice).await.map_err(|error| failure(&error))
}

async fn tell(app: &App, workspace: WorkspaceId, stored: Stored, notice: &BookingNotice) -> Result<()> {
    let facts = read_facts(app, Scope::system(workspace), stored).await?;
    text::queue(app, workspace, &facts, notice).await?;
    letter::queue(app, workspace, &facts, notice).await
}

/// A word after a missed appointment is for the business; everything else is for the customer.
const fn purpose(template: TemplateKind) -> Purpose {
    match template {
        TemplateKind::NoShowFollowUp => Purpose::Marketing,
        _ => Purpose::Transactional,
    }
}
