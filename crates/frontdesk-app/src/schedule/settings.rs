//! How bookings go in a workspace, and public holidays to choose from.

use frontdesk_domain::access::Permission;
use frontdesk_domain::context::Context;
use frontdesk_domain::event::Event;
use frontdesk_domain::holiday::{self, Holiday, HolidayCountry};
use frontdesk_domain::schedule::BookingSettings;
use frontdesk_store::booking_settings;
use serde_json::json;

use super::check;
use crate::{App, AppError, Result};

/// The workspace's rules for bookings.
pub async fn get(app: &App, ctx: &Context) -> Result<BookingSettings> {
    ctx.require(Permission::BookingsRead)?;
    Ok(booking_settings::get(app.store.reader(), ctx.scope()).await?)
}

/// Replaces them.
pub async fn put(app: &App, ctx: &Context, settings: BookingSettings) -> Result<BookingSettings> {
    ctx.require(Permission::SchedulesWrite)?;
    check::settings(&settings)?;
    let tx = app.store.begin(ctx).await?;
    booking_settings::put(&tx, tx.scope(), &settings).await?;
    tx.emit(Event::ScheduleUpdated);
    tx.audit("booking_settings.update", None, json!({}));
    tx.commit().await?;
    Ok(settings)
}

/// The public holidays of a country in a year.
pub fn holidays(ctx: &Context, country: &str, year: i16) -> Result<Vec<Holiday>> {
    ctx.require(Permission::BookingsRead)?;
    if !(2000..=2100).contains(&year) {
        return Err(AppError::invalid("/year", "must be 2000 to 2100"));
    }
    holiday::for_year(country, year)
        .ok_or_else(|| AppError::invalid("/country", "is a country whose holidays are not known"))
}

/// Countries whose public holidays are known.
pub fn countries(ctx: &Context) -> Result<Vec<HolidayCountry>> {
    ctx.require(Permission::BookingsRead)?;
    Ok(holiday::countries().collect())
}
