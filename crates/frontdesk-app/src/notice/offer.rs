//! The mail that offers a freed time to somebody who waits. Told once per offer, like the notices of bookings.

use frontdesk_domain::booking::{Booking, BookingSource, BookingStatus, WaitingEntry};
use frontdesk_domain::booking_type::BookingType;
use frontdesk_domain::context::Scope;
use frontdesk_domain::id::{BookingId, MessageId};
use frontdesk_domain::outbox::OutboxMessage;
use frontdesk_domain::template::TemplateKind;
use frontdesk_domain::time::Timestamp;
use frontdesk_domain::written;
use frontdesk_queue::{ClaimedJob, Failure};
use frontdesk_store::booking::Stored;
use frontdesk_store::booking_notice::{self, Notice};
use frontdesk_store::waiting::{self, Offer, OfferState};
use frontdesk_store::{JobRequest, StoreError, Tx, booking_type, outbox};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::letter::{Dress, page, written as letter};
use super::values::Extra;
use super::{read_facts, rendered};
use crate::booking::offer::offer_token;
use crate::jobs::failure;
use crate::message::about::About;
use crate::message::queue::{self, NewOutbound};
use crate::template::render::Rendered;
use crate::{App, AppError, Result};

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

fn is_open(offer: &Offer, now: Timestamp) -> bool {
    offer.state == OfferState::Open && offer.offer.expires_at > now
}

/// Puts an offer's letter into the outbox, unless the offer is over.
pub async fn run(app: &App, job: &ClaimedJob) -> Result<(), Failure> {
    let told = OfferNotice::deserialize(&job.payload)
        .map_err(|error| Failure::Permanent(format!("{JOB} cannot be read: {error}")))?;
    let scope = Scope::system(job.workspace);
    tell(app, scope, told.offer_id).await.map_err(|error| failure(&error))
}

async fn tell(app: &App, scope: Scope, id: Uuid) -> Result<()> {
    let Some(offer) = find(app.store.reader(), scope, id).await? else { return Ok(()) };
    if !is_open(&offer, app.clock.now()) {
        return Ok(());
    }
    let (words, entry) = words(app, scope, &offer).await?;
    let Some(to) = entry.email.clone() else { return Ok(()) };
    let tx = app.store.begin(&app.system(scope.workspace(), JOB)).await?;
    let template = TemplateKind::WaitingListOffer.as_str();
    let once = Notice {
        id: MessageId::new(tx.now(), tx.random()),
        booking_id: None,
        key: key(id),
        template: template.to_owned(),
        created_at: tx.now(),
    };
    if !booking_notice::insert(&tx, tx.scope(), &once).await? {
        return Ok(());
    }
    let new = NewOutbound {
        contact: (Some(entry.contact_id), entry.name),
        about: Some(About::Offer { offer: id }.to_json()?),
        ..letter(&tx, to, words)
    };
    let queued = queue::queue(&tx, new).await?;
    outbox::label(&tx, tx.scope(), queued.id, template).await?;
    Ok(tx.commit().await?)
}

async fn find(db: &impl frontdesk_store::Db, scope: Scope, id: Uuid) -> Result<Option<Offer>, StoreError> {
    let found = waiting::find_offer_everywhere(db, id).await?;
    Ok(found.filter(|(workspace, _)| *workspace == scope.workspace()).map(|(_, offer)| offer))
}

/// Why an offer has nothing to say any more; `None` while it has.
pub(crate) async fn outdated(tx: &Tx, id: Uuid) -> Result<Option<&'static str>> {
    let offer = find(tx, tx.scope(), id).await?;
    let holds = offer.is_some_and(|offer| is_open(&offer, tx.now()));
    Ok((!holds).then_some("the offer is over"))
}

/// What an offer's letter leaves with.
pub(crate) async fn dress(app: &App, scope: Scope, id: Uuid, letter: &OutboxMessage) -> Result<Dress> {
    let Some(offer) = find(app.store.reader(), scope, id).await? else { return Ok(Dress::default()) };
    let (words, _) = words(app, scope, &offer).await?;
    Ok(Dress { html: page(words, letter), calendar: None })
}

/// What the letter says, and who waits.
async fn words(app: &App, scope: Scope, offer: &Offer) -> Result<(Rendered, WaitingEntry)> {
    let db = app.store.reader();
    let entry = waiting::get(db, scope, offer.waiting_id).await?;
    let kind = booking_type::get(db, scope, entry.type_id).await?;
    let facts = read_facts(app, scope, as_booked(&entry, offer, kind)).await?;
    let mut values = facts.values(app, entry.language, &Extra::default());
    let base = &app.settings.public_url;
    values.extend([
        ("offer_url", format!("{base}/book/offer/{}", offer_token(offer))),
        ("expires", written::moment(offer.offer.expires_at, &entry.zone, entry.language)),
    ]);
    let kind = (TemplateKind::WaitingListOffer, entry.language);
    Ok((rendered(app, scope, &facts, kind, &values).await?, entry))
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
