//! The mail that offers a freed time to somebody who waits. Told once per offer, like the notices of bookings.

use frontdesk_channel::mail::EMAIL;
use frontdesk_channel::{ChannelError, Letter, LetterExtra, Mail};
use frontdesk_domain::booking::{Booking, BookingSource, BookingStatus, WaitingEntry};
use frontdesk_domain::booking_type::BookingType;
use frontdesk_domain::compliance::Purpose;
use frontdesk_domain::context::Scope;
use frontdesk_domain::id::{BookingId, MessageId, WorkspaceId};
use frontdesk_domain::permit::Permit;
use frontdesk_domain::template::TemplateKind;
use frontdesk_domain::written;
use frontdesk_queue::{ClaimedJob, Failure};
use frontdesk_store::booking::Stored;
use frontdesk_store::booking_notice::{self, Notice, NoticeState};
use frontdesk_store::waiting::{self, Offer, OfferState};
use frontdesk_store::{JobRequest, StoreError, booking_type, contact};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::bounce::{Bounce, send_facts};
use super::values::Extra;
use super::{Route, read_facts, rendered, route};
use crate::booking::offer::offer_token;
use crate::compliance::{self, Refusal, Sending};
use crate::jobs::failure;
use crate::{App, AppError, Result, token};

/// The job's constant name.
pub const JOB: &str = "booking.offer_notice";

#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
struct OfferNotice {
    offer_id: Uuid,
}

fn key(offer: Uuid) -> String {
    format!("offer:{}", offer.simple())
}

/// The job that mails an offer.
pub fn job(offer: Uuid) -> Result<JobRequest> {
    let payload = serde_json::to_value(OfferNotice { offer_id: offer })
        .map_err(|error| AppError::Internal(error.to_string()))?;
    Ok(JobRequest::new(JOB, payload).unique(key(offer)))
}

/// Mails an offer, unless it is over.
pub async fn run(app: &App, job: &ClaimedJob) -> Result<(), Failure> {
    let told = OfferNotice::deserialize(&job.payload)
        .map_err(|error| Failure::Permanent(format!("{JOB} cannot be read: {error}")))?;
    let retry = |error: StoreError| Failure::Retry(error.to_string());
    let found = waiting::find_offer_everywhere(app.store.reader(), told.offer_id).await.map_err(retry)?;
    let Some((workspace, offer)) = found.filter(|(workspace, _)| *workspace == job.workspace) else {
        return Ok(());
    };
    if offer.state != OfferState::Open || offer.offer.expires_at <= app.clock.now() {
        return Ok(());
    }
    let scope = Scope::system(workspace);
    let Some((letter, entry)) = compose(app, scope, &offer).await.map_err(|error| failure(&error))? else {
        return Ok(());
    };
    let route = route(app, scope).await?;
    let Some((letter, permit)) = claim(app, workspace, &offer, &entry, letter, &route).await? else {
        return Ok(());
    };
    let sent = route.post().post(permit, &letter, app.clock.now()).await;
    let (state, error, answer) = match &sent {
        Ok(_) => (NoticeState::Sent, None, Ok(())),
        Err(
            ChannelError::Unavailable { .. }
            | ChannelError::Uncertain { .. }
            | ChannelError::Limited { .. }
            | ChannelError::Permit(_),
        ) if job.attempt < job.max_attempts => {
            let why = "the mail server could not be reached".to_owned();
            (NoticeState::Ready, Some(why.clone()), Err(Failure::Retry(why)))
        }
        Err(error) => {
            let why = error.to_string().replace(&letter.mail.to, "the customer's address");
            (NoticeState::Failed, Some(why.clone()), Err(Failure::Permanent(why)))
        }
    };
    let tx = app.store.begin(&app.system(workspace, JOB)).await.map_err(retry)?;
    let known = booking_notice::find_by_id(&tx, tx.scope(), letter.message).await.map_err(retry)?;
    let Some(known) = known.filter(|known| known.state != NoticeState::Bounced) else { return answer };
    if let Err(ChannelError::Bounced { .. }) = &sent {
        let address = &letter.mail.to;
        let bounce = Bounce { address, reason: error.unwrap_or_default(), permanent: true, at: tx.now() };
        bounce.record(&tx, &known).await.map_err(|error| failure(&error))?;
    } else {
        let vendor_id = sent.ok().and_then(|sent| sent.vendor_id);
        booking_notice::settle(&tx, tx.scope(), letter.message, state, (error, vendor_id), tx.now())
            .await
            .map_err(retry)?;
    }
    tx.commit().await.map_err(retry)?;
    answer
}

/// The letter and whom it goes to; `None` when there is no address.
async fn compose(app: &App, scope: Scope, offer: &Offer) -> Result<Option<(Letter, WaitingEntry)>> {
    let db = app.store.reader();
    let entry = waiting::get(db, scope, offer.waiting_id).await?;
    let Some(to) = entry.email.clone() else { return Ok(None) };
    let kind = booking_type::get(db, scope, entry.type_id).await?;
    let facts = read_facts(app, scope, as_booked(&entry, offer, kind)).await?;
    let mut values = facts.values(app, entry.language, &Extra::default());
    let base = &app.settings.public_url;
    values.extend([
        ("offer_url", format!("{base}/book/offer/{}", offer_token(offer))),
        ("expires", written::moment(offer.offer.expires_at, &entry.zone, entry.language)),
    ]);
    let done =
        rendered(app, scope, &facts, (TemplateKind::WaitingListOffer, entry.language), &values).await?;
    let own = facts.home.facts.email.trim();
    let letter = Letter {
        message: MessageId::from_uuid(offer.id),
        mail: Mail {
            id: token::hash(&format!("{}:{}", scope.workspace(), key(offer.id))).chars().take(32).collect(),
            date: app.clock.now(),
            to,
            subject: done.subject,
            text: done.text,
            html: done.html,
        },
        from_name: facts.home.name.clone(),
        reply_to: (!own.is_empty()).then(|| own.to_owned()),
        calendar: None,
        extra: LetterExtra::default(),
    };
    Ok(Some((letter, entry)))
}

/// The booking it would become, for its words.
fn as_booked(entry: &WaitingEntry, offer: &Offer, kind: BookingType) -> Stored {
    Stored {
        booking: Booking {
            id: BookingId::from_uuid(offer.id),
            reference: String::new(),
            type_id: kind.id,
            type_name: kind.settings.name,
            status: BookingStatus::Pending,
            start: offer.offer.start,
            end: offer.offer.end,
            zone: entry.zone.clone(),
            language: entry.language,
            contact_id: entry.contact_id,
            name: entry.name.clone(),
            email: entry.email.clone(),
            phone: entry.phone.clone(),
            seats: 1,
            staff: offer.offer.staff.clone(),
            resources: Vec::new(),
            location: kind.settings.location,
            price: kind.settings.price,
            answers: std::collections::BTreeMap::new(),
            message: String::new(),
            source: BookingSource::WaitingList,
            conversation_id: None,
            tentative: false,
            flagged: None,
            cancellation: None,
            moves: 0,
            sequence: 0,
            created_at: entry.created_at,
            updated_at: entry.created_at,
        },
        session: None,
        secret: String::new(),
    }
}

/// Takes the notice, in one unit of work with the decision that allows it. `None` when it is not to be sent.
async fn claim(
    app: &App,
    workspace: WorkspaceId,
    offer: &Offer,
    entry: &WaitingEntry,
    mut letter: Letter,
    route: &Route<'_>,
) -> Result<Option<(Letter, Permit)>, Failure> {
    let retry = |error: StoreError| Failure::Retry(error.to_string());
    let tx = app.store.begin(&app.system(workspace, JOB)).await.map_err(retry)?;
    let scope = tx.scope();
    let fresh = Notice {
        id: MessageId::new(tx.now(), tx.random()),
        booking_id: None,
        key: key(offer.id),
        template: TemplateKind::WaitingListOffer.as_str().to_owned(),
        state: NoticeState::Ready,
        attempts: 0,
        error: None,
        vendor_id: None,
        created_at: tx.now(),
        updated_at: tx.now(),
    };
    booking_notice::insert(&tx, scope, &fresh).await.map_err(retry)?;
    let known = booking_notice::find(&tx, scope, &fresh.key).await.map_err(retry)?;
    let known = known.ok_or_else(|| Failure::Retry("the notice's record is gone".to_owned()))?;
    let ends_as = |state, why: String| (state, (Some(why), None));
    let ended = match known.state {
        NoticeState::Ready => None,
        NoticeState::Sending if route.post().sends_once() => None,
        NoticeState::Sending => Some(ends_as(
            NoticeState::Unknown,
            "it was being sent when the server stopped; it may or may not have arrived".to_owned(),
        )),
        _ => return Ok(None),
    };
    let contact = contact::find(&tx, scope, entry.contact_id).await.map_err(retry)?;
    let sending = Sending {
        message: known.id,
        contact: contact.as_ref().map(|contact| contact.id),
        channel: EMAIL,
        address: letter.mail.to.clone(),
        purpose: Purpose::Transactional,
    };
    let send_facts = send_facts(&tx, contact.as_ref(), &letter.mail.to).await.map_err(retry)?;
    let decided = compliance::permit(&tx, sending, send_facts).await.map_err(|error| failure(&error))?;
    let (ended, permit) = match (ended, decided) {
        (Some(ended), _) => (Some(ended), None),
        (None, Ok(permit)) => (None, Some(permit)),
        (None, Err(Refusal::Later { until, rule })) => {
            tx.commit().await.map_err(retry)?;
            return Err(Failure::Retry(format!("not before {until} ({rule})")));
        }
        (None, Err(Refusal::Never { reason, .. })) => (Some(ends_as(NoticeState::Failed, reason)), None),
    };
    if let Some((state, outcome)) = ended {
        booking_notice::settle(&tx, scope, known.id, state, outcome, tx.now()).await.map_err(retry)?;
    } else if !booking_notice::begin(&tx, scope, known.id, known.state, tx.now()).await.map_err(retry)? {
        return Ok(None);
    }
    tx.commit().await.map_err(retry)?;
    letter.message = known.id;
    letter.mail.date = known.created_at;
    Ok(permit.map(|permit| (letter, permit)))
}
