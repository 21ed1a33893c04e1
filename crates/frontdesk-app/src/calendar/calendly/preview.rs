//! What an import would make, what is here already, and what cannot be brought over.

use std::collections::BTreeSet;

use frontdesk_domain::availability::{Busy, Unit};
use frontdesk_domain::context::Context;
use frontdesk_domain::schedule::Schedule;
use frontdesk_domain::time::Timestamp;
use frontdesk_store::{booking, booking_session, booking_type};
use serde::Serialize;
use utoipa::ToSchema;

use super::{BAD_LENGTH, CalendlyAccess, MOST_BOOKINGS, MOST_TYPES, NO_TYPE};
use super::{bookings, hours, line, minutes_of, misfit, open, refused, request_key, type_id};
use crate::{App, Result};

/// What would become of a thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CalendlyState {
    /// It would be made.
    New,
    /// It was brought over before and stays as it is.
    Kept,
    /// It cannot be brought over.
    Refused,
}

/// A kind of appointment at Calendly.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct CalendlyType {
    /// Calendly's address of it.
    pub uri: String,
    /// Its name.
    pub name: String,
    /// How long, in minutes.
    pub minutes: u32,
    /// Whether it can be booked.
    pub active: bool,
    /// Whether it would be listed on the public page.
    pub listed: bool,
    /// What would become of it.
    pub state: CalendlyState,
    /// Why it cannot be brought over.
    pub why: Option<String>,
}

/// The person's usual hours at Calendly.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct CalendlyHours {
    /// Their name.
    pub name: String,
    /// As they would be here; none when they cannot be read.
    pub schedule: Option<Schedule>,
    /// Whether the staff member has hours of their own here, which stay unless they are to be replaced.
    pub has_own: bool,
    /// Why they cannot be brought over.
    pub why: Option<String>,
}

/// An appointment to come at Calendly.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct CalendlyBooking {
    /// Calendly's address of it.
    pub uri: String,
    /// What it is called.
    pub name: String,
    /// Calendly's address of its kind.
    pub type_uri: Option<String>,
    /// Start.
    pub start: Timestamp,
    /// End, excluded.
    pub end: Timestamp,
    /// What would become of it.
    pub state: CalendlyState,
    /// Why it cannot be brought over.
    pub why: Option<String>,
}

/// What an import would make.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct CalendlyPreview {
    /// Kinds of appointment, at most 100.
    pub types: Vec<CalendlyType>,
    /// Usual hours, if there are any.
    pub hours: Option<CalendlyHours>,
    /// Appointments to come, earliest first; at most 2,000.
    pub bookings: Vec<CalendlyBooking>,
    /// Whether there are more than are shown.
    pub more: bool,
}

/// Looks at what a person has at Calendly. Nothing is made.
pub async fn preview(app: &App, ctx: &Context, access: &CalendlyAccess) -> Result<CalendlyPreview> {
    let opened = open(app, ctx, access).await?;
    let (db, scope, now) = (app.store.reader(), ctx.scope(), ctx.now());
    let found = opened.client.types(&opened.me).await.map_err(|error| refused(&error))?;
    let here: BTreeSet<_> = booking_type::list(db, scope).await?.into_iter().map(|kind| kind.id).collect();
    let more_types = found.len() > MOST_TYPES;
    let types: Vec<CalendlyType> = found
        .into_iter()
        .take(MOST_TYPES)
        .map(|kind| {
            let why = misfit(&kind).map(str::to_owned);
            let state = match &why {
                Some(_) => CalendlyState::Refused,
                None if here.contains(&type_id(scope, &kind.uri)) => CalendlyState::Kept,
                None => CalendlyState::New,
            };
            CalendlyType {
                name: line(&kind.name, 120),
                uri: kind.uri,
                minutes: kind.minutes,
                active: kind.active,
                listed: kind.listed,
                state,
                why,
            }
        })
        .collect();
    let all_hours = opened.client.hours(&opened.me).await.map_err(|error| refused(&error))?;
    let hours = hours::usual(&all_hours).map(|usual| {
        let read = hours::schedule(usual, now);
        let has_own = opened.staff.settings.schedule.is_some();
        let why = read.as_ref().err().cloned();
        CalendlyHours { name: line(&usual.name, 120), schedule: read.ok(), has_own, why }
    });
    let mut events = bookings(&opened, now, now, MOST_BOOKINGS + 1).await?;
    let more = more_types || events.len() > MOST_BOOKINGS;
    events.truncate(MOST_BOOKINGS);
    let keys: Vec<String> = events.iter().map(|event| request_key(&event.uri)).collect();
    let known = booking::known_requests(db, scope, &keys).await?;
    let last = events.iter().map(|event| event.end).max().unwrap_or(now);
    let busy = booking_session::busy(db, scope, (now, last), now).await?;
    let own = |it: &&Busy| it.unit == Unit::Staff(opened.staff.id);
    let busy: Vec<&Busy> = busy.iter().filter(own).collect();
    let can_be = |uri: &str| types.iter().any(|kind| kind.uri == uri && kind.state != CalendlyState::Refused);
    let bookings = events
        .into_iter()
        .zip(&keys)
        .map(|(event, key)| {
            let taken = || busy.iter().any(|busy| busy.from < event.end && event.start < busy.to);
            let (state, why) = if known.contains(key) {
                (CalendlyState::Kept, None)
            } else if !event.kind.as_deref().is_some_and(can_be) {
                (CalendlyState::Refused, Some(NO_TYPE))
            } else if minutes_of(&event).is_none() {
                (CalendlyState::Refused, Some(BAD_LENGTH))
            } else if taken() {
                (CalendlyState::Refused, Some(super::run::TAKEN))
            } else {
                (CalendlyState::New, None)
            };
            CalendlyBooking {
                name: line(&event.name, 120),
                uri: event.uri,
                type_uri: event.kind,
                start: event.start,
                end: event.end,
                state,
                why: why.map(str::to_owned),
            }
        })
        .collect();
    Ok(CalendlyPreview { types, hours, bookings, more })
}
