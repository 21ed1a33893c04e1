//! Staff, resources and places.

use frontdesk_domain::access::Permission;
use frontdesk_domain::booking_type::Location;
use frontdesk_domain::context::Context;
use frontdesk_domain::event::Event;
use frontdesk_domain::id::{PlaceId, ResourceId, StaffId};
use frontdesk_domain::schedule::{
    Place, PlaceSettings, Resource, ResourceSettings, Schedule, Staff, StaffSettings,
};
use frontdesk_domain::text;
use frontdesk_store::{Tx, booking, booking_type, calendar, member, place, resource, staff};
use serde_json::json;

use super::check;
use crate::validate::Validator;
use crate::{App, AppError, Result};

/// Those who take bookings of the workspace, oldest first.
pub async fn list_staff(app: &App, ctx: &Context) -> Result<Vec<Staff>> {
    ctx.require(Permission::BookingsRead)?;
    Ok(staff::list(app.store.reader(), ctx.scope()).await?)
}

/// One staff member.
pub async fn get_staff(app: &App, ctx: &Context, id: StaffId) -> Result<Staff> {
    ctx.require(Permission::BookingsRead)?;
    Ok(staff::get(app.store.reader(), ctx.scope(), id).await?)
}

async fn check_staff(tx: &Tx, mut settings: StaffSettings) -> Result<StaffSettings> {
    let mut errors = Validator::new();
    settings.name = errors.take("/name", text::line(&settings.name, 120));
    settings.title = check::line(&mut errors, "/title", &settings.title, 120);
    settings.email = errors.take_some("/email", settings.email, |email| text::email(&email));
    check::color(&mut errors, "/color", settings.color.as_deref());
    let counts = [("/per_day", settings.per_day, 1000), ("/per_week", settings.per_week, 5000)];
    for (field, count, most) in counts {
        errors.ensure(
            field,
            count.is_none_or(|it| (1..=most).contains(&it)),
            &format!("must be 1 to {most}"),
        );
    }
    if let Some(user) = settings.user_id {
        errors.ensure(
            "/user_id",
            member::find_by_user(tx, tx.scope(), user).await?.is_some(),
            "is nobody of your team",
        );
    }
    let places = check::places(tx, tx.scope()).await?;
    if let Some(schedule) = &settings.schedule {
        check::schedule(&mut errors, "/schedule", schedule, &places);
    }
    errors.finish()?;
    Ok(settings)
}

/// Adds a staff member.
pub async fn create_staff(app: &App, ctx: &Context, settings: StaffSettings) -> Result<Staff> {
    ctx.require(Permission::SchedulesWrite)?;
    let tx = app.store.begin(ctx).await?;
    if staff::list(&tx, tx.scope()).await?.len() as u64 >= staff::MAX {
        return Err(AppError::Conflict("500 are the most; delete one first".to_owned()));
    }
    let settings = check_staff(&tx, settings).await?;
    let made = Staff {
        id: StaffId::new(tx.now(), tx.random()),
        settings,
        created_at: tx.now(),
        updated_at: tx.now(),
    };
    staff::insert(&tx, tx.scope(), &made).await?;
    tx.emit(Event::ScheduleUpdated);
    tx.audit("staff.create", Some(made.id.to_string()), json!({ "name": made.settings.name }));
    tx.commit().await?;
    Ok(made)
}

/// Replaces a staff member's settings.
pub async fn update_staff(app: &App, ctx: &Context, id: StaffId, settings: StaffSettings) -> Result<Staff> {
    ctx.require(Permission::SchedulesWrite)?;
    let tx = app.store.begin(ctx).await?;
    let mut changed = staff::get(&tx, tx.scope(), id).await?;
    changed.settings = check_staff(&tx, settings).await?;
    changed.updated_at = tx.now();
    staff::update(&tx, tx.scope(), &changed).await?;
    tx.emit(Event::ScheduleUpdated);
    tx.audit("staff.update", Some(id.to_string()), json!({ "name": changed.settings.name }));
    tx.commit().await?;
    Ok(changed)
}

/// Gives a staff member the weekly hours, zone and differing days of a schedule: those who have none of their own, or with
/// `replace` anybody; whether anything changed. Blocked and recurring times stay.
pub(crate) async fn take_over_hours(
    app: &App,
    ctx: &Context,
    id: StaffId,
    hours: Schedule,
    replace: bool,
) -> Result<bool> {
    ctx.require(Permission::SchedulesWrite)?;
    let tx = app.store.begin(ctx).await?;
    let mut changed = staff::get(&tx, tx.scope(), id).await?;
    let own = changed.settings.schedule.clone();
    if own.is_some() && !replace {
        return Ok(false);
    }
    let Schedule { zone, weekly, overrides, .. } = hours;
    let wanted = Some(Schedule { zone, weekly, overrides, ..own.clone().unwrap_or_default() });
    if wanted == own {
        return Ok(false);
    }
    changed.settings = check_staff(&tx, StaffSettings { schedule: wanted, ..changed.settings }).await?;
    changed.updated_at = tx.now();
    staff::update(&tx, tx.scope(), &changed).await?;
    tx.emit(Event::ScheduleUpdated);
    tx.audit("staff.update", Some(id.to_string()), json!({ "name": changed.settings.name }));
    tx.commit().await?;
    Ok(true)
}

/// Deletes a staff member that nothing needs any more.
pub async fn delete_staff(app: &App, ctx: &Context, id: StaffId) -> Result<()> {
    ctx.require(Permission::SchedulesWrite)?;
    let tx = app.store.begin(ctx).await?;
    let open = booking::count_open(&tx, tx.scope(), None, Some(id), tx.now()).await?;
    if open > 0 {
        return Err(AppError::Conflict(format!(
            "{open} appointments with this person are still to come; move or cancel them first, or switch them off"
        )));
    }
    let kinds = booking_type::list(&tx, tx.scope()).await?;
    if let Some(kind) =
        kinds.iter().find(|kind| kind.settings.staff.members.iter().any(|member| member.staff_id == id))
    {
        return Err(AppError::Conflict(format!(
            "the booking type “{}” needs it; change that first",
            kind.settings.name
        )));
    }
    calendar::forget_staff(&tx, tx.scope(), id).await?;
    staff::delete(&tx, tx.scope(), id).await?;
    tx.emit(Event::ScheduleUpdated);
    tx.audit("staff.delete", Some(id.to_string()), json!({}));
    tx.commit().await?;
    Ok(())
}

/// Resources of the workspace, oldest first.
pub async fn list_resource(app: &App, ctx: &Context) -> Result<Vec<Resource>> {
    ctx.require(Permission::BookingsRead)?;
    Ok(resource::list(app.store.reader(), ctx.scope()).await?)
}

/// One resource.
pub async fn get_resource(app: &App, ctx: &Context, id: ResourceId) -> Result<Resource> {
    ctx.require(Permission::BookingsRead)?;
    Ok(resource::get(app.store.reader(), ctx.scope(), id).await?)
}

async fn check_resource(tx: &Tx, mut settings: ResourceSettings) -> Result<ResourceSettings> {
    let mut errors = Validator::new();
    settings.name = errors.take("/name", text::line(&settings.name, 120));
    errors.ensure("/units", (1..=100).contains(&settings.units), "must be 1 to 100");
    if let Some(place) = settings.place_id {
        errors.ensure(
            "/place_id",
            check::places(tx, tx.scope()).await?.contains(&place),
            "is no place of yours",
        );
    }
    let places = check::places(tx, tx.scope()).await?;
    if let Some(schedule) = &settings.schedule {
        check::schedule(&mut errors, "/schedule", schedule, &places);
    }
    errors.finish()?;
    Ok(settings)
}

/// Adds a resource.
pub async fn create_resource(app: &App, ctx: &Context, settings: ResourceSettings) -> Result<Resource> {
    ctx.require(Permission::SchedulesWrite)?;
    let tx = app.store.begin(ctx).await?;
    if resource::list(&tx, tx.scope()).await?.len() as u64 >= resource::MAX {
        return Err(AppError::Conflict("500 are the most; delete one first".to_owned()));
    }
    let settings = check_resource(&tx, settings).await?;
    let made = Resource {
        id: ResourceId::new(tx.now(), tx.random()),
        settings,
        created_at: tx.now(),
        updated_at: tx.now(),
    };
    resource::insert(&tx, tx.scope(), &made).await?;
    tx.emit(Event::ScheduleUpdated);
    tx.audit("resource.create", Some(made.id.to_string()), json!({ "name": made.settings.name }));
    tx.commit().await?;
    Ok(made)
}

/// Replaces a resource's settings.
pub async fn update_resource(
    app: &App,
    ctx: &Context,
    id: ResourceId,
    settings: ResourceSettings,
) -> Result<Resource> {
    ctx.require(Permission::SchedulesWrite)?;
    let tx = app.store.begin(ctx).await?;
    let mut changed = resource::get(&tx, tx.scope(), id).await?;
    changed.settings = check_resource(&tx, settings).await?;
    changed.updated_at = tx.now();
    resource::update(&tx, tx.scope(), &changed).await?;
    tx.emit(Event::ScheduleUpdated);
    tx.audit("resource.update", Some(id.to_string()), json!({ "name": changed.settings.name }));
    tx.commit().await?;
    Ok(changed)
}

/// Deletes a resource that nothing needs any more.
pub async fn delete_resource(app: &App, ctx: &Context, id: ResourceId) -> Result<()> {
    ctx.require(Permission::SchedulesWrite)?;
    let tx = app.store.begin(ctx).await?;
    let kinds = booking_type::list(&tx, tx.scope()).await?;
    if let Some(kind) =
        kinds.iter().find(|kind| kind.settings.resources.iter().any(|need| need.resource_id == id))
    {
        return Err(AppError::Conflict(format!(
            "the booking type “{}” needs it; change that first",
            kind.settings.name
        )));
    }
    resource::delete(&tx, tx.scope(), id).await?;
    tx.emit(Event::ScheduleUpdated);
    tx.audit("resource.delete", Some(id.to_string()), json!({}));
    tx.commit().await?;
    Ok(())
}

/// Places of the workspace, oldest first.
pub async fn list_place(app: &App, ctx: &Context) -> Result<Vec<Place>> {
    ctx.require(Permission::BookingsRead)?;
    Ok(place::list(app.store.reader(), ctx.scope()).await?)
}

/// One place.
pub async fn get_place(app: &App, ctx: &Context, id: PlaceId) -> Result<Place> {
    ctx.require(Permission::BookingsRead)?;
    Ok(place::get(app.store.reader(), ctx.scope(), id).await?)
}

async fn check_place(tx: &Tx, mut settings: PlaceSettings) -> Result<PlaceSettings> {
    let mut errors = Validator::new();
    settings.name = errors.take("/name", text::line(&settings.name, 120));
    settings.address = check::line(&mut errors, "/address", &settings.address, 500);
    let places = check::places(tx, tx.scope()).await?;
    if let Some(schedule) = &settings.schedule {
        check::schedule(&mut errors, "/schedule", schedule, &places);
    }
    errors.finish()?;
    Ok(settings)
}

/// Adds a place.
pub async fn create_place(app: &App, ctx: &Context, settings: PlaceSettings) -> Result<Place> {
    ctx.require(Permission::SchedulesWrite)?;
    let tx = app.store.begin(ctx).await?;
    if place::list(&tx, tx.scope()).await?.len() as u64 >= place::MAX {
        return Err(AppError::Conflict("500 are the most; delete one first".to_owned()));
    }
    let settings = check_place(&tx, settings).await?;
    let made = Place {
        id: PlaceId::new(tx.now(), tx.random()),
        settings,
        created_at: tx.now(),
        updated_at: tx.now(),
    };
    place::insert(&tx, tx.scope(), &made).await?;
    tx.emit(Event::ScheduleUpdated);
    tx.audit("place.create", Some(made.id.to_string()), json!({ "name": made.settings.name }));
    tx.commit().await?;
    Ok(made)
}

/// Replaces a place's settings.
pub async fn update_place(app: &App, ctx: &Context, id: PlaceId, settings: PlaceSettings) -> Result<Place> {
    ctx.require(Permission::SchedulesWrite)?;
    let tx = app.store.begin(ctx).await?;
    let mut changed = place::get(&tx, tx.scope(), id).await?;
    changed.settings = check_place(&tx, settings).await?;
    changed.updated_at = tx.now();
    place::update(&tx, tx.scope(), &changed).await?;
    tx.emit(Event::ScheduleUpdated);
    tx.audit("place.update", Some(id.to_string()), json!({ "name": changed.settings.name }));
    tx.commit().await?;
    Ok(changed)
}

/// Deletes a place that nothing needs any more.
pub async fn delete_place(app: &App, ctx: &Context, id: PlaceId) -> Result<()> {
    ctx.require(Permission::SchedulesWrite)?;
    let tx = app.store.begin(ctx).await?;
    let kinds = booking_type::list(&tx, tx.scope()).await?;
    if let Some(kind) = kinds
        .iter()
        .find(|kind| matches!(kind.settings.location, Location::Place { place_id } if place_id == id))
    {
        return Err(AppError::Conflict(format!(
            "the booking type “{}” needs it; change that first",
            kind.settings.name
        )));
    }
    place::delete(&tx, tx.scope(), id).await?;
    tx.emit(Event::ScheduleUpdated);
    tx.audit("place.delete", Some(id.to_string()), json!({}));
    tx.commit().await?;
    Ok(())
}
