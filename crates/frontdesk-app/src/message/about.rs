//! What a message was written about: whether it still has something to say when it is about to leave, what it leaves with,
//! and who wants to know what became of it.

use frontdesk_domain::context::Scope;
use frontdesk_domain::id::EnrolmentId;
use frontdesk_domain::outbox::Status;
use frontdesk_store::Tx;
use frontdesk_store::outbox::Stored;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::notice::{self, BookingNotice, Dress};
use crate::{App, AppError, Result, workflow};

/// What a message is about.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(untagged)]
pub(crate) enum About {
    /// A step of a workflow.
    Workflow {
        /// Whose.
        enrolment: EnrolmentId,
    },
    /// A freed time, offered to somebody who waits.
    Offer {
        /// Which.
        offer: Uuid,
    },
    /// An appointment.
    Booking(BookingNotice),
}

impl About {
    /// As it is kept with the message.
    pub(crate) fn to_json(&self) -> Result<String> {
        serde_json::to_string(self).map_err(|error| AppError::Internal(error.to_string()))
    }
}

fn read(about: Option<&str>) -> Result<Option<About>> {
    about.map(serde_json::from_str).transpose().map_err(|error| AppError::Internal(error.to_string()))
}

/// Why a message has nothing to say any more; `None` while it has.
pub(crate) async fn outdated(tx: &Tx, about: Option<&str>) -> Result<Option<&'static str>> {
    match read(about)? {
        None => Ok(None),
        Some(About::Workflow { enrolment }) => workflow::outdated(tx, enrolment).await,
        Some(About::Offer { offer }) => notice::offer_outdated(tx, offer).await,
        Some(About::Booking(notice)) => notice::outdated(tx, &notice).await,
    }
}

/// What a letter leaves with besides its words.
pub(crate) async fn dress(app: &App, scope: Scope, known: &Stored) -> Result<Dress> {
    match read(known.about.as_deref())? {
        Some(About::Booking(notice)) => notice::dress(app, scope, &notice, &known.message).await,
        Some(About::Offer { offer }) => notice::dress_offer(app, scope, offer, &known.message).await,
        Some(About::Workflow { .. }) | None => Ok(Dress::default()),
    }
}

/// Holds what a message is about until the unit of work ends; always before the message itself.
pub(crate) async fn hold(tx: &Tx, about: Option<&str>) -> Result<()> {
    match read(about)? {
        Some(About::Booking(notice)) => notice::hold(tx, &notice).await,
        _ => Ok(()),
    }
}

/// Tells what a message is about that it has come to stand elsewhere.
pub(crate) async fn moved(
    tx: &Tx,
    known: &Stored,
    now: (Status, Option<&str>),
    came_back: bool,
) -> Result<()> {
    match read(known.about.as_deref())? {
        Some(About::Booking(notice)) => notice::moved(tx, &notice, &known.message, now, came_back).await,
        _ => Ok(()),
    }
}

/// The same of a customer who reported it as unwanted.
pub(crate) async fn complained(tx: &Tx, known: &Stored) -> Result<()> {
    match read(known.about.as_deref())? {
        Some(About::Booking(notice)) => notice::complained(tx, &notice).await,
        _ => Ok(()),
    }
}
