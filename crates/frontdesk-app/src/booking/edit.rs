//! Correcting an appointment: who it is for, what they answered. Its time is the business of `change.rs`.

use std::collections::BTreeMap;

use frontdesk_domain::access::Permission;
use frontdesk_domain::booking::{Booking, BookingChangeKind};
use frontdesk_domain::context::Context;
use frontdesk_domain::event::Event;
use frontdesk_domain::id::BookingId;
use frontdesk_domain::locale::Language;
use frontdesk_domain::{phone, text};
use frontdesk_store::{booking, booking_type, mail_bounce, workspace};
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;

use super::details::answers;
use super::note;
use crate::notice::BOUNCED_FLAG;
use crate::validate::Validator;
use crate::{App, AppError, Result};

/// What is to be different; what is absent stays.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct BookingPatch {
    /// The customer's name.
    #[schema(min_length = 1, max_length = 120)]
    pub name: Option<String>,
    /// Their e-mail address; empty takes it away.
    #[schema(max_length = 254)]
    pub email: Option<String>,
    /// Their phone number; empty takes it away.
    #[schema(max_length = 64)]
    pub phone: Option<String>,
    /// All answers, by key.
    pub answers: Option<BTreeMap<String, String>>,
    /// What they added.
    #[schema(max_length = 2000)]
    pub message: Option<String>,
    /// The language to write to them in.
    pub language: Option<Language>,
    /// Their IANA zone.
    #[schema(max_length = 64)]
    pub zone: Option<String>,
}

/// Corrects an appointment. Nobody is told; the contact stays as it is.
pub async fn edit(app: &App, ctx: &Context, id: BookingId, patch: &BookingPatch) -> Result<Booking> {
    ctx.require(Permission::BookingsWrite)?;
    let home = workspace::get(app.store.reader(), ctx.scope()).await?;
    let tx = app.store.begin(ctx).await?;
    let mut stored = booking::get_for_update(&tx, tx.scope(), id).await?;
    let kind = booking_type::get(&tx, tx.scope(), stored.booking.type_id).await;
    let mut errors = Validator::new();
    let booked = &mut stored.booking;
    let before = booked.clone();
    if let Some(name) = &patch.name {
        booked.name = errors.take("/name", text::line(name, 120));
    }
    if let Some(email) = patch.email.as_deref().map(str::trim) {
        booked.email = errors.take_some("/email", Some(email).filter(|it| !it.is_empty()), text::email);
    }
    if let Some(number) = patch.phone.as_deref().map(str::trim) {
        booked.phone = errors.take_some("/phone", Some(number).filter(|it| !it.is_empty()), |number| {
            phone::to_e164(number, &home.country).ok_or("is not a phone number that exists")
        });
    }
    if let Some(given) = &patch.answers {
        match &kind {
            Ok(kind) => booked.answers = answers(&mut errors, &kind.settings, given, &home.country, false),
            Err(_) => errors.refuse("/answers", "cannot be changed: the booking type is gone"),
        }
    }
    if let Some(message) = &patch.message {
        booked.message = errors.take("/message", text::lines(message, 2_000));
    }
    if let Some(zone) = &patch.zone {
        errors.ensure(
            "/zone",
            jiff::tz::TimeZone::get(zone).is_ok(),
            "is no IANA time zone, such as Europe/Berlin",
        );
        booked.zone.clone_from(zone);
    }
    booked.language = patch.language.unwrap_or(booked.language);
    errors.finish()?;
    if booked.email.is_none() && booked.phone.is_none() && (before.email.is_some() || before.phone.is_some())
    {
        return Err(AppError::invalid(
            "/email",
            "or a phone number is needed: without one nobody can be told",
        ));
    }
    let fields: Vec<String> = [
        ("name", before.name != booked.name),
        ("email", before.email != booked.email),
        ("phone", before.phone != booked.phone),
        ("answers", before.answers != booked.answers),
        ("message", before.message != booked.message),
        ("language", before.language != booked.language),
        ("zone", before.zone != booked.zone),
    ]
    .into_iter()
    .filter(|(_, differs)| *differs)
    .map(|(field, _)| field.to_owned())
    .collect();
    if fields.is_empty() {
        return Ok(before);
    }
    if let Some(email) = booked.email.as_deref().filter(|_| before.email != booked.email) {
        // A person put it right: what came back before counts no more.
        mail_bounce::arrives(&tx, tx.scope(), email, tx.now()).await?;
        if let Some(old) = &before.email {
            mail_bounce::forget(&tx, tx.scope(), old).await?;
        }
        if booked.flagged.as_deref() == Some(BOUNCED_FLAG) {
            booked.flagged = None;
        }
    }
    booked.updated_at = tx.now();
    booking::update(&tx, tx.scope(), &stored).await?;
    tx.audit("booking.edit", Some(id.to_string()), json!({ "fields": fields }));
    note(&tx, ctx, id, BookingChangeKind::Edited { fields }).await?;
    tx.emit(Event::BookingUpdated { booking_id: id });
    tx.commit().await?;
    Ok(stored.booking)
}
