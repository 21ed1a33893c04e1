//! Booking types.

use frontdesk_domain::access::Permission;
use frontdesk_domain::booking_type::{BookingType, BookingTypeSettings};
use frontdesk_domain::context::Context;
use frontdesk_domain::event::Event;
use frontdesk_domain::id::BookingTypeId;
use frontdesk_store::{Tx, booking, booking_type};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use utoipa::ToSchema;

use super::check;
use crate::validate::Validator;
use crate::{App, AppError, Result};

/// A booking type to make.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct NewBookingType {
    /// Its short name in addresses; made from its name when absent.
    #[schema(max_length = 80)]
    pub slug: Option<String>,
    /// Its settings, beside the short name; what is absent has its default.
    #[serde(flatten)]
    #[schema(value_type = Object)]
    pub settings: Map<String, Value>,
}

/// What to change of a booking type: any of its settings, its short name, its place in lists.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
pub struct BookingTypePatch {
    /// Its short name in addresses.
    #[schema(max_length = 80)]
    pub slug: Option<String>,
    /// Where it stands in lists.
    #[schema(maximum = 100_000)]
    pub position: Option<u32>,
    /// The settings to change.
    #[serde(flatten)]
    #[schema(value_type = Object)]
    pub settings: Map<String, Value>,
}

/// Settings with some of them replaced. Unknown ones are refused by name.
fn merged(base: &BookingTypeSettings, changes: &Map<String, Value>) -> Result<BookingTypeSettings> {
    let internal = |error: serde_json::Error| AppError::Internal(error.to_string());
    let Value::Object(mut whole) = serde_json::to_value(base).map_err(internal)? else {
        return Err(AppError::Internal("settings are no object".to_owned()));
    };
    if let Some(unknown) = changes.keys().find(|key| !whole.contains_key(*key)) {
        let name: String = unknown.chars().take(60).collect();
        return Err(AppError::invalid(format!("/{name}"), "is not a field of a booking type"));
    }
    whole.extend(changes.clone());
    let text = Value::Object(whole).to_string();
    let mut reader = serde_json::Deserializer::from_str(&text);
    serde_path_to_error::deserialize(&mut reader).map_err(|error| {
        let field = format!("/{}", error.path().to_string().replace('.', "/"));
        let why = error.into_inner().to_string();
        AppError::invalid(field, why.split(" at line").next().unwrap_or("does not fit").to_owned())
    })
}

fn slug_of(name: &str) -> String {
    let mut slug = String::new();
    for c in name.to_lowercase().chars() {
        match c {
            'a'..='z' | '0'..='9' => slug.push(c),
            'ä' | 'á' | 'à' | 'â' | 'ã' => slug.push('a'),
            'é' | 'è' | 'ê' | 'ë' => slug.push('e'),
            'í' | 'ì' | 'î' => slug.push('i'),
            'ö' | 'ó' | 'ò' | 'ô' | 'õ' => slug.push('o'),
            'ü' | 'ú' | 'ù' | 'û' => slug.push('u'),
            'ñ' => slug.push('n'),
            'ç' => slug.push('c'),
            'ß' => slug.push_str("ss"),
            _ if !slug.ends_with('-') && !slug.is_empty() => slug.push('-'),
            _ => {}
        }
    }
    slug.truncate(60);
    let slug = slug.trim_matches('-');
    if slug.is_empty() { "appointment".to_owned() } else { slug.to_owned() }
}

fn check_slug(slug: &str) -> Result<String> {
    let slug = slug.trim().to_lowercase();
    let fits = (1..=80).contains(&slug.len())
        && slug.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
        && !slug.starts_with('-')
        && !matches!(slug.as_str(), "manage" | "offer");
    let mut errors = Validator::new();
    errors.ensure("/slug", fits, "must be 1 to 80 of a-z, 0-9 and -, and not `manage` or `offer`");
    errors.finish()?;
    Ok(slug)
}

/// The workspace's booking types, by their place in lists.
pub async fn list(app: &App, ctx: &Context) -> Result<Vec<BookingType>> {
    ctx.require(Permission::BookingsRead)?;
    Ok(booking_type::list(app.store.reader(), ctx.scope()).await?)
}

/// One booking type.
pub async fn get(app: &App, ctx: &Context, id: BookingTypeId) -> Result<BookingType> {
    ctx.require(Permission::BookingsRead)?;
    Ok(booking_type::get(app.store.reader(), ctx.scope(), id).await?)
}

/// Makes a booking type.
pub async fn create(app: &App, ctx: &Context, new: &NewBookingType) -> Result<BookingType> {
    ctx.require(Permission::SchedulesWrite)?;
    let settings = merged(&BookingTypeSettings::default(), &new.settings)?;
    let slug = new.slug.as_deref().filter(|slug| !slug.trim().is_empty()).map(check_slug).transpose()?;
    let tx = app.store.begin(ctx).await?;
    let settings = check::kind(&tx, tx.scope(), settings).await?;
    let made = insert(&tx, settings, slug).await?;
    tx.commit().await?;
    Ok(made)
}

/// Makes another one with the same settings.
pub async fn clone(app: &App, ctx: &Context, id: BookingTypeId) -> Result<BookingType> {
    ctx.require(Permission::SchedulesWrite)?;
    let tx = app.store.begin(ctx).await?;
    let mut settings = booking_type::get(&tx, tx.scope(), id).await?.settings;
    settings.name = settings.name.chars().take(110).chain(" (copy)".chars()).collect();
    let made = insert(&tx, settings, None).await?;
    tx.commit().await?;
    Ok(made)
}

/// Makes a type under an id that says where it comes from, unless it is here already; whether it was made. The short name
/// is taken if it fits and is free.
pub(crate) async fn take_over(
    app: &App,
    ctx: &Context,
    id: BookingTypeId,
    settings: BookingTypeSettings,
    slug: &str,
) -> Result<bool> {
    ctx.require(Permission::SchedulesWrite)?;
    let tx = app.store.begin(ctx).await?;
    let there = booking_type::list(&tx, tx.scope()).await?;
    if there.iter().any(|kind| kind.id == id) {
        return Ok(false);
    }
    let settings = check::kind(&tx, tx.scope(), settings).await?;
    let slug = check_slug(slug).ok().filter(|slug| !there.iter().any(|kind| kind.slug == *slug));
    insert_as(&tx, id, settings, slug).await?;
    tx.commit().await?;
    Ok(true)
}

pub(crate) async fn insert(
    tx: &Tx,
    settings: BookingTypeSettings,
    slug: Option<String>,
) -> Result<BookingType> {
    insert_as(tx, BookingTypeId::new(tx.now(), tx.random()), settings, slug).await
}

async fn insert_as(
    tx: &Tx,
    id: BookingTypeId,
    settings: BookingTypeSettings,
    slug: Option<String>,
) -> Result<BookingType> {
    let there = booking_type::list(tx, tx.scope()).await?;
    if there.len() as u64 >= booking_type::MAX {
        return Err(AppError::Conflict("200 booking types are the most; delete one first".to_owned()));
    }
    let is_taken = |slug: &str| there.iter().any(|kind| kind.slug == slug);
    let slug = match slug {
        Some(asked) if is_taken(&asked) => {
            return Err(AppError::invalid("/slug", "is taken by another booking type"));
        }
        Some(asked) => asked,
        None => {
            let base = slug_of(&settings.name);
            let mut numbered = (2..).map(|number| format!("{base}-{number}"));
            if is_taken(&base) || matches!(base.as_str(), "manage" | "offer") {
                numbered.find(|slug| !is_taken(slug)).unwrap_or(base)
            } else {
                base
            }
        }
    };
    let made = BookingType {
        id,
        slug,
        settings,
        position: there.iter().map(|kind| kind.position + 1).max().unwrap_or(0),
        created_at: tx.now(),
        updated_at: tx.now(),
    };
    booking_type::insert(tx, tx.scope(), &made).await?;
    tx.emit(Event::ScheduleUpdated);
    tx.audit("booking_type.create", Some(made.id.to_string()), json!({ "name": made.settings.name }));
    Ok(made)
}

/// Changes a booking type. Appointments made stay as they are.
pub async fn update(
    app: &App,
    ctx: &Context,
    id: BookingTypeId,
    patch: &BookingTypePatch,
) -> Result<BookingType> {
    ctx.require(Permission::SchedulesWrite)?;
    let tx = app.store.begin(ctx).await?;
    let mut changed = booking_type::get(&tx, tx.scope(), id).await?;
    changed.settings = check::kind(&tx, tx.scope(), merged(&changed.settings, &patch.settings)?).await?;
    if let Some(slug) = &patch.slug {
        let slug = check_slug(slug)?;
        let taken =
            booking_type::find_by_slug(&tx, tx.scope(), &slug).await?.is_some_and(|kind| kind.id != id);
        if taken {
            return Err(AppError::invalid("/slug", "is taken by another booking type"));
        }
        changed.slug = slug;
    }
    if let Some(position) = patch.position {
        if position > 100_000 {
            return Err(AppError::invalid("/position", "must be at most 100,000"));
        }
        changed.position = position;
    }
    changed.updated_at = tx.now();
    booking_type::update(&tx, tx.scope(), &changed).await?;
    tx.emit(Event::ScheduleUpdated);
    let fields: Vec<&String> = patch.settings.keys().collect();
    tx.audit("booking_type.update", Some(id.to_string()), json!({ "fields": fields }));
    tx.commit().await?;
    Ok(changed)
}

/// Deletes a booking type that has no appointments to come.
pub async fn delete(app: &App, ctx: &Context, id: BookingTypeId) -> Result<()> {
    ctx.require(Permission::SchedulesWrite)?;
    let tx = app.store.begin(ctx).await?;
    let open = booking::count_open(&tx, tx.scope(), Some(id), None, tx.now()).await?;
    if open > 0 {
        return Err(AppError::Conflict(format!(
            "{open} appointments of this type are still to come; move or cancel them first, or switch the type off"
        )));
    }
    booking_type::delete(&tx, tx.scope(), id).await?;
    tx.emit(Event::ScheduleUpdated);
    tx.audit("booking_type.delete", Some(id.to_string()), json!({}));
    tx.commit().await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_name_is_made_of_any_name() {
        assert_eq!(slug_of("Größe & Maß – Erstgespräch!"), "grosse-mass-erstgesprach");
        assert_eq!(slug_of("初診"), "appointment");
    }

    #[test]
    fn an_unknown_or_wrong_setting_is_named() {
        let base = BookingTypeSettings::default();
        let with = |key: &str, value: Value| merged(&base, &Map::from_iter([(key.to_owned(), value)]));
        assert!(
            matches!(with("colour", json!("red")), Err(AppError::Invalid(fields)) if fields[0].field == "/colour")
        );
        assert!(
            matches!(with("capacity", json!("many")), Err(AppError::Invalid(fields)) if fields[0].field == "/capacity")
        );
        assert_eq!(with("capacity", json!(8)).unwrap().capacity, 8);
    }
}
