//! Mail about bookings: what is sent to customers and staff, at most once, and what became of it.
//!
//! Events plan notices (`plan.rs`), so every door triggers them. A notice is a job that carries ids; it looks at the
//! booking as it is then, and is silent when there is nothing to say any more: no reminder of a cancelled or moved
//! appointment. Before a letter leaves, its record is committed as `sending`, with the permit's decision; after that it is
//! settled as sent, failed, or ready to be tried again. A process that dies in between leaves `sending`: with a vendor
//! that knows a repeated letter by its key it is sent again, otherwise it is `unknown`, never sent twice, and the booking's
//! history says so.

mod bounce;
mod offer;
mod plan;
mod staff;
mod text;
mod values;

pub(crate) use bounce::FLAG as BOUNCED_FLAG;
pub use bounce::hear;
pub use offer::{JOB as OFFER_JOB, job as offer_job, run as run_offer};
pub use plan::{SUBSCRIBER_NAME, plan};
pub use staff::{JOB as STAFF_JOB, run as run_staff};

use frontdesk_channel::mail::EMAIL;
use frontdesk_channel::{CalendarPart, ChannelError, Letter, LetterExtra, Mail, Post, SentMessage};
use frontdesk_domain::access::Permission;
use frontdesk_domain::booking::{
    Booking, BookingChange, BookingChangeKind, BookingStatus, Cancellation, CancelledBy,
};
use frontdesk_domain::compliance::Purpose;
use frontdesk_domain::connection::ConnectionCategory;
use frontdesk_domain::context::{Context, Scope};
use frontdesk_domain::event::Event;
use frontdesk_domain::icalendar::Method;
use frontdesk_domain::id::{BookingId, MessageId, WorkspaceId, uuid_v7};
use frontdesk_domain::locale::Language;
use frontdesk_domain::permit::Permit;
use frontdesk_domain::template::{TemplateChannel, TemplateKind};
use frontdesk_domain::time::Timestamp;
use frontdesk_domain::workspace::Workspace;
use frontdesk_queue::{ClaimedJob, Failure};
use frontdesk_store::booking::Stored;
use frontdesk_store::booking_notice::{self, Notice, NoticeState};
use frontdesk_store::template::Place;
use frontdesk_store::{JobRequest, StoreError, Tx, booking, contact, workspace};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::compliance::{self, Refusal, Sending};
use crate::jobs::failure;
use crate::template::render::{Rendered, Values, render};
use crate::template::{house, in_use, shipped};
use crate::{App, AppError, Result, connection, token};
use bounce::{Bounce, send_facts};
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
    let record = record(tx, &notice, NoticeState::Failed, Some("not wanted".to_owned()));
    booking_notice::insert(tx, tx.scope(), &record).await?;
    Ok(())
}

fn record(tx: &Tx, notice: &BookingNotice, state: NoticeState, error: Option<String>) -> Notice {
    Notice {
        id: MessageId::new(tx.now(), tx.random()),
        booking_id: Some(notice.booking_id),
        key: notice.key(),
        template: notice.template.as_str().to_owned(),
        state,
        attempts: 0,
        error,
        vendor_id: None,
        created_at: tx.now(),
        updated_at: tx.now(),
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

/// Why a message about a booking has nothing to say any more; `None` while it has. `about` is what it was queued with.
pub(crate) async fn outdated(tx: &Tx, about: Option<&str>) -> Result<Option<&'static str>> {
    let Some(about) = about else { return Ok(None) };
    let notice: BookingNotice =
        serde_json::from_str(about).map_err(|error| AppError::Internal(error.to_string()))?;
    match booking::get_for_update(tx, tx.scope(), notice.booking_id).await {
        Ok(stored) if notice.is_due(&stored.booking, tx.now()) => Ok(None),
        Ok(_) => Ok(Some("the appointment has changed since it was written")),
        Err(StoreError::NotFound(_)) => Ok(Some("the appointment is gone")),
        Err(error) => Err(error.into()),
    }
}

/// Sends a notice, unless there is nothing to say any more.
pub async fn run(app: &App, job: &ClaimedJob) -> Result<(), Failure> {
    let notice = BookingNotice::deserialize(&job.payload)
        .map_err(|error| Failure::Permanent(format!("{JOB} cannot be read: {error}")))?;
    let is_last = job.attempt >= job.max_attempts;
    deliver(app, job.workspace, &notice, is_last).await
}

async fn deliver(
    app: &App,
    workspace: WorkspaceId,
    notice: &BookingNotice,
    is_last: bool,
) -> Result<(), Failure> {
    let scope = Scope::system(workspace);
    let stored = match booking::get(app.store.reader(), scope, notice.booking_id).await {
        Ok(stored) => stored,
        Err(StoreError::NotFound(_)) => return Ok(()),
        Err(error) => return Err(Failure::Retry(error.to_string())),
    };
    if !notice.is_due(&stored.booking, app.clock.now()) {
        return Ok(());
    }
    let to = stored.booking.email.clone();
    let facts = read_facts(app, scope, stored).await.map_err(|error| failure(&error))?;
    text::queue(app, workspace, &facts, notice).await.map_err(|error| failure(&error))?;
    let Some(to) = to else { return Ok(()) };
    let letter = compose(app, scope, &facts, notice, to).await.map_err(|error| failure(&error))?;
    let route = route(app, scope).await?;
    let Some((letter, permit)) = claim(app, workspace, notice, letter, &route).await? else { return Ok(()) };
    let sent = route.post().post(permit, &letter, app.clock.now()).await;
    settle(app, workspace, notice, &letter, sent, is_last).await
}

async fn compose(
    app: &App,
    scope: Scope,
    facts: &Facts,
    notice: &BookingNotice,
    to: String,
) -> Result<Letter> {
    let language = facts.stored.booking.language;
    let values = facts.values(app, language, &Extra { previous: notice.from, reader: None });
    let done = rendered(app, scope, facts, (notice.template, language), &values).await?;
    let calendar = method(notice.template)
        .map(|method| CalendarPart { method, text: facts.calendar(app, method, app.clock.now()) });
    let own = facts.home.facts.email.trim();
    Ok(Letter {
        // Named when it is claimed.
        message: MessageId::from_uuid(notice.booking_id.uuid()),
        mail: Mail {
            id: token::hash(&format!("{}:{}", scope.workspace(), notice.key())).chars().take(32).collect(),
            date: app.clock.now(),
            to,
            subject: done.subject,
            text: done.text,
            html: done.html,
        },
        from_name: facts.home.name.clone(),
        reply_to: (!own.is_empty()).then(|| own.to_owned()),
        calendar,
        extra: LetterExtra::default(),
    })
}

/// Through what letters leave.
pub(crate) enum Route<'a> {
    Installation(&'a App),
    Own(Box<dyn Post>),
}

impl Route<'_> {
    pub(crate) fn post(&self) -> &dyn Post {
        match self {
            Self::Installation(app) => app.mailer.as_ref(),
            Self::Own(post) => post.as_ref(),
        }
    }
}

/// The workspace's own mail connection, the oldest enabled one; the installation's mailer without one.
pub(crate) async fn route(app: &App, scope: Scope) -> Result<Route<'_>, Failure> {
    let own =
        connection::usable(app, scope, ConnectionCategory::Mail).await.map_err(|error| failure(&error))?;
    let Some(first) = own.first() else { return Ok(Route::Installation(app)) };
    connection::post(app, first).await.map(Route::Own).map_err(Failure::Retry)
}

/// Takes the notice, in one unit of work with the decision that allows it. `None` when it is not to be sent.
async fn claim(
    app: &App,
    workspace: WorkspaceId,
    notice: &BookingNotice,
    mut letter: Letter,
    route: &Route<'_>,
) -> Result<Option<(Letter, Permit)>, Failure> {
    let retry = |error: StoreError| Failure::Retry(error.to_string());
    let tx = app.store.begin(&app.system(workspace, JOB)).await.map_err(retry)?;
    let scope = tx.scope();
    // Read anew, so that a cancellation that came meanwhile is seen.
    let stored = booking::get_for_update(&tx, scope, notice.booking_id).await.map_err(retry)?;
    if !notice.is_due(&stored.booking, tx.now()) {
        return Ok(None);
    }
    let fresh = record(&tx, notice, NoticeState::Ready, None);
    booking_notice::insert(&tx, scope, &fresh).await.map_err(retry)?;
    let known = booking_notice::find(&tx, scope, &fresh.key).await.map_err(retry)?;
    let known = known.ok_or_else(|| Failure::Retry("the notice's record is gone".to_owned()))?;
    match known.state {
        NoticeState::Ready => {}
        NoticeState::Sending if route.post().sends_once() => {}
        NoticeState::Sending => {
            let why = "it was being sent when the server stopped; it may or may not have arrived".to_owned();
            let outcome = (Some(why.clone()), None);
            booking_notice::settle(&tx, scope, known.id, NoticeState::Unknown, outcome, tx.now())
                .await
                .map_err(retry)?;
            let change = BookingChangeKind::NotNotified { template: known.template, reason: why };
            note(&tx, notice.booking_id, change).await.map_err(|error| failure(&error))?;
            tx.commit().await.map_err(retry)?;
            return Ok(None);
        }
        _ => return Ok(None),
    }
    let contact = contact::find(&tx, scope, stored.booking.contact_id).await.map_err(retry)?;
    let sending = Sending {
        message: known.id,
        contact: contact.as_ref().map(|contact| contact.id),
        channel: EMAIL,
        address: letter.mail.to.clone(),
        purpose: purpose(notice.template),
    };
    let send_facts = send_facts(&tx, contact.as_ref(), &letter.mail.to).await.map_err(retry)?;
    let permit = match compliance::permit(&tx, sending, send_facts).await.map_err(|error| failure(&error))? {
        Ok(permit) => permit,
        Err(Refusal::Later { until, rule }) => {
            tx.commit().await.map_err(retry)?;
            return Err(Failure::Retry(format!("not before {until} ({rule})")));
        }
        Err(Refusal::Never { reason, .. }) => {
            let outcome = (Some(reason.clone()), None);
            booking_notice::settle(&tx, scope, known.id, NoticeState::Failed, outcome, tx.now())
                .await
                .map_err(retry)?;
            let change = BookingChangeKind::NotNotified { template: known.template, reason };
            note(&tx, notice.booking_id, change).await.map_err(|error| failure(&error))?;
            tx.commit().await.map_err(retry)?;
            return Ok(None);
        }
    };
    if !booking_notice::begin(&tx, scope, known.id, known.state, tx.now()).await.map_err(retry)? {
        return Ok(None);
    }
    tx.commit().await.map_err(retry)?;
    letter.message = known.id;
    // The same at every try: a letter that is sent again is the same letter.
    letter.mail.date = known.created_at;
    Ok(Some((letter, permit)))
}

/// A word after a missed appointment is for the business; everything else is for the customer.
const fn purpose(template: TemplateKind) -> Purpose {
    match template {
        TemplateKind::NoShowFollowUp => Purpose::Marketing,
        _ => Purpose::Transactional,
    }
}

async fn settle(
    app: &App,
    workspace: WorkspaceId,
    notice: &BookingNotice,
    letter: &Letter,
    sent: Result<SentMessage, ChannelError>,
    is_last: bool,
) -> Result<(), Failure> {
    let retry = |error: StoreError| Failure::Retry(error.to_string());
    // What a server says may repeat the address; the record does not keep it.
    let said = |error: &ChannelError| error.to_string().replace(&letter.mail.to, "the customer's address");
    let template = notice.template.as_str().to_owned();
    let (state, outcome, change, answer) = match &sent {
        Ok(done) => (
            NoticeState::Sent,
            (None, done.vendor_id.clone()),
            Some(BookingChangeKind::Notified { template }),
            Ok(()),
        ),
        // A mail sent twice has one Message-ID, as RFC 5321 wants it.
        Err(
            error @ (ChannelError::Unavailable { .. }
            | ChannelError::Uncertain { .. }
            | ChannelError::Limited { .. }),
        ) if !is_last => {
            let reason = said(error);
            (NoticeState::Ready, (Some(reason.clone()), None), None, Err(Failure::Retry(reason)))
        }
        Err(ChannelError::Permit(error)) => {
            let reason = error.to_string();
            (NoticeState::Ready, (Some(reason.clone()), None), None, Err(Failure::Retry(reason)))
        }
        Err(error) => {
            let reason = said(error);
            let change = BookingChangeKind::NotNotified { template, reason: reason.clone() };
            (NoticeState::Failed, (Some(reason.clone()), None), Some(change), Err(Failure::Permanent(reason)))
        }
    };
    let tx = app.store.begin(&app.system(workspace, JOB)).await.map_err(retry)?;
    // First the booking, then its notice: the order in which sending takes them.
    booking::get_for_update(&tx, tx.scope(), notice.booking_id).await.map_err(retry)?;
    let known = booking_notice::find_by_id(&tx, tx.scope(), letter.message).await.map_err(retry)?;
    let Some(known) = known.filter(|known| known.state != NoticeState::Bounced) else {
        // That it came back was heard before that it left.
        return answer;
    };
    if let Err(ChannelError::Bounced { .. }) = &sent {
        let bounce = Bounce {
            address: &letter.mail.to,
            reason: outcome.0.unwrap_or_default(),
            permanent: true,
            at: tx.now(),
        };
        bounce.record(&tx, &known).await.map_err(|error| failure(&error))?;
        tx.commit().await.map_err(retry)?;
        return answer;
    }
    if let Some(change) = change {
        note(&tx, notice.booking_id, change).await.map_err(|error| failure(&error))?;
    }
    booking_notice::settle(&tx, tx.scope(), letter.message, state, outcome, tx.now()).await.map_err(retry)?;
    tx.commit().await.map_err(retry)?;
    answer
}

/// Notes in the booking's history what became of a notice.
async fn note(tx: &Tx, id: BookingId, what: BookingChangeKind) -> Result<()> {
    let change = BookingChange { at: tx.now(), actor: "system".to_owned(), actor_name: String::new(), what };
    booking::insert_change(tx, tx.scope(), uuid_v7(tx.now(), tx.random()), id, &change).await?;
    tx.emit(Event::BookingUpdated { booking_id: id });
    Ok(())
}
