//! What a message about a booking says: its variables' values, in the customer's zone and the message's language.

use frontdesk_domain::booking::Booking;
use frontdesk_domain::booking_type::Location;
use frontdesk_domain::context::Scope;
use frontdesk_domain::icalendar::{Invitation, Method, Party};
use frontdesk_domain::locale::Language;
use frontdesk_domain::schedule::Staff;
use frontdesk_domain::time::Timestamp;
use frontdesk_domain::workspace::Workspace;
use frontdesk_domain::{phone, written};
use frontdesk_store::booking::Stored;
use frontdesk_store::{Db, booking_type, place, staff};

use crate::template::render::Values;
use crate::{App, Result, booking};

/// A booking with everything a message about it needs.
#[derive(Debug, Clone)]
pub struct Facts {
    /// The business.
    pub home: Workspace,
    /// The booking.
    pub stored: Stored,
    /// Who does it, as far as they still work there.
    pub staff: Vec<Staff>,
    /// Where, in words; empty when there is nothing to say.
    pub location: String,
    /// The short name of its type; `None` when it is gone.
    pub type_slug: Option<String>,
    /// The labels of its type's questions, by key.
    pub questions: Vec<(String, String)>,
}

/// Reads what messages about a booking need.
pub async fn facts(db: &impl Db, scope: Scope, home: Workspace, stored: Stored) -> Result<Facts> {
    let booking = &stored.booking;
    let everybody = staff::list(db, scope).await?;
    let staff = booking
        .staff
        .iter()
        .filter_map(|id| everybody.iter().find(|staff| staff.id == *id).cloned())
        .collect();
    let kind = booking_type::list(db, scope).await?.into_iter().find(|kind| kind.id == booking.type_id);
    let location = match &booking.location {
        Location::Business => home.facts.address.clone(),
        Location::Place { place_id } => {
            let known = place::list(db, scope).await?.into_iter().find(|place| place.id == *place_id);
            known.map_or_else(String::new, |place| joined(&[&place.settings.name, &place.settings.address]))
        }
        Location::Address { address } => address.clone(),
        Location::Phone | Location::Video { .. } => String::new(),
        Location::Customer => booking.answers.get("address").cloned().unwrap_or_default(),
    };
    let questions = kind.iter().flat_map(|kind| &kind.settings.questions);
    let questions = questions.map(|question| (question.key.clone(), question.label.clone())).collect();
    Ok(Facts { home, staff, location, type_slug: kind.map(|kind| kind.slug), questions, stored })
}

fn joined(parts: &[&str]) -> String {
    parts.iter().filter(|part| !part.is_empty()).copied().collect::<Vec<_>>().join(", ")
}

/// What only the notice knows.
#[derive(Debug, Clone, Default)]
pub struct Extra {
    /// The start before a move.
    pub previous: Option<Timestamp>,
    /// Who is written to, for staff; their times are the business's.
    pub reader: Option<String>,
}

impl Facts {
    /// The variables' values; what is absent is left out.
    pub fn values(&self, app: &App, language: Language, extra: &Extra) -> Values {
        let (home, booking) = (&self.home, &self.stored.booking);
        let base = &app.settings.public_url;
        let zone = if extra.reader.is_some() { &home.zone } else { &booking.zone };
        let minutes = (booking.end.as_millis() - booking.start.as_millis()) / 60_000;
        let first = booking.name.split_whitespace().next().unwrap_or_default();
        let names: Vec<&str> = self.staff.iter().map(|staff| staff.settings.name.as_str()).collect();
        let video = match &booking.location {
            Location::Video { url } => url.clone(),
            _ => String::new(),
        };
        let book_url = self.type_slug.as_ref().map(|slug| format!("{base}/book/{}/{slug}", home.slug));
        let answers: Vec<String> = booking
            .answers
            .iter()
            .map(|(key, answer)| {
                let label =
                    self.questions.iter().find(|(known, _)| known == key).map_or(key, |(_, label)| label);
                format!("{label}: {answer}")
            })
            .collect();
        let reason = booking.cancellation.as_ref().map(|it| it.reason.clone()).unwrap_or_default();
        let said = [
            ("business_name", home.name.clone()),
            ("business_phone", home.facts.phone.clone()),
            ("business_email", home.facts.email.clone()),
            ("business_address", home.facts.address.clone()),
            ("customer_name", booking.name.clone()),
            ("first_name", first.to_owned()),
            ("service", booking.type_name.clone()),
            ("when", written::moment(booking.start, zone, language)),
            ("date", written::date(booking.start, zone, language)),
            ("time", written::time(booking.start, zone, language)),
            ("end_time", written::time(booking.end, zone, language)),
            ("zone", written::zone(booking.start, zone)),
            ("duration", written::duration(u32::try_from(minutes).unwrap_or_default(), language)),
            ("staff_name", names.join(", ")),
            ("location", self.location.clone()),
            ("video_url", video),
            (
                "price",
                booking.price.as_ref().map(|price| written::price(price, language)).unwrap_or_default(),
            ),
            ("reference", booking.reference.clone()),
            ("manage_url", self.manage_url(app)),
            ("book_url", book_url.unwrap_or_default()),
            (
                "previous_when",
                extra.previous.map(|at| written::moment(at, zone, language)).unwrap_or_default(),
            ),
            ("reason", reason),
            ("customer_email", booking.email.clone().unwrap_or_default()),
            ("customer_phone", booking.phone.as_deref().map(phone::to_international).unwrap_or_default()),
            ("answers", answers.join("; ")),
            ("message", booking.message.clone()),
            ("staff_member", extra.reader.clone().unwrap_or_default()),
            ("dashboard_url", format!("{base}/calendar?booking={}", booking.id)),
        ];
        said.into_iter().filter(|(_, value)| !value.trim().is_empty()).collect()
    }

    fn manage_url(&self, app: &App) -> String {
        booking::public::manage_url(app, &self.stored)
    }

    /// The calendar file that goes with a message.
    pub fn calendar(&self, app: &App, method: Method, now: Timestamp) -> String {
        let booking = &self.stored.booking;
        let host = app.settings.public_url.split("://").nth(1).unwrap_or("localhost");
        let host = host.split(['/', ':']).next().unwrap_or("localhost");
        let uid = uid(booking, host);
        let organizer = match self.home.facts.email.trim() {
            "" => format!("booking@{host}"),
            known => known.to_owned(),
        };
        let manage = self.manage_url(app);
        let video = match &booking.location {
            Location::Video { url } => url.as_str(),
            _ => "",
        };
        let place = if self.location.is_empty() { video } else { &self.location };
        let names: Vec<&str> = self.staff.iter().map(|staff| staff.settings.name.as_str()).collect();
        let description = [names.join(", "), booking.reference.clone(), video.to_owned(), manage.clone()];
        let description: Vec<String> = description.into_iter().filter(|line| !line.is_empty()).collect();
        Invitation {
            method,
            uid: &uid,
            sequence: booking.sequence,
            stamp: now,
            start: booking.start,
            end: booking.end,
            tentative: booking.tentative
                || booking.status == frontdesk_domain::booking::BookingStatus::Pending,
            summary: &format!("{}, {}", booking.type_name, self.home.name),
            description: &description.join("\n"),
            location: place,
            url: &manage,
            organizer: Some(Party { name: &self.home.name, email: &organizer }),
            attendee: booking.email.as_deref().map(|email| Party { name: &booking.name, email }),
        }
        .to_text()
    }
}

/// Names the appointment for good in every calendar it gets into.
fn uid(booking: &Booking, host: &str) -> String {
    format!("{}@{host}", booking.id)
}
