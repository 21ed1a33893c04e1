//! Saved views of the bookings list: a name for a set of filters, one's own or the team's.

use frontdesk_domain::access::Permission;
use frontdesk_domain::booking::BookingView;
use frontdesk_domain::context::Context;
use frontdesk_domain::id::BookingViewId;
use frontdesk_domain::text;
use frontdesk_store::booking_view;
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;

use crate::validate::Validator;
use crate::{App, AppError, Result};

/// A view to save.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewView {
    /// Its name.
    #[schema(min_length = 1, max_length = 80)]
    pub name: String,
    /// The filters, as in the page's address.
    #[schema(max_length = 1000)]
    pub query: String,
    /// Seen by the whole team.
    #[serde(default)]
    pub shared: bool,
}

/// One's own views and the team's, by name.
pub async fn views(app: &App, ctx: &Context) -> Result<Vec<BookingView>> {
    ctx.require(Permission::BookingsRead)?;
    Ok(booking_view::list(app.store.reader(), ctx.scope(), ctx.user()).await?)
}

/// Saves one.
pub async fn save_view(app: &App, ctx: &Context, new: &NewView) -> Result<BookingView> {
    ctx.require(Permission::BookingsRead)?;
    let Some(created_by) = ctx.user() else { return Err(AppError::Forbidden(Permission::BookingsRead)) };
    if new.shared {
        ctx.require(Permission::BookingsWrite)?;
    }
    let mut errors = Validator::new();
    let name = errors.take("/name", text::line(&new.name, 80));
    let is_query = new.query.len() <= 1_000 && !new.query.chars().any(char::is_control);
    errors.ensure("/query", is_query, "must be one line of at most 1,000 characters");
    errors.finish()?;
    let tx = app.store.begin(ctx).await?;
    if booking_view::count(&tx, tx.scope()).await? >= booking_view::MAX {
        return Err(AppError::Conflict("there are 200 saved views; delete one first".to_owned()));
    }
    let id = BookingViewId::new(tx.now(), tx.random());
    let view = BookingView { id, name, query: new.query.clone(), shared: new.shared, created_by };
    booking_view::insert(&tx, tx.scope(), &view).await?;
    tx.audit("booking_view.save", Some(id.to_string()), json!({ "shared": view.shared }));
    tx.commit().await?;
    Ok(view)
}

/// Deletes one: one's own, or a shared one with the right to change bookings.
pub async fn delete_view(app: &App, ctx: &Context, id: BookingViewId) -> Result<()> {
    ctx.require(Permission::BookingsRead)?;
    let tx = app.store.begin(ctx).await?;
    let view = booking_view::get(&tx, tx.scope(), id).await?;
    let is_own = ctx.user() == Some(view.created_by);
    if !is_own && !view.shared {
        return Err(AppError::NotFound("booking view"));
    }
    if !is_own {
        ctx.require(Permission::BookingsWrite)?;
    }
    booking_view::delete(&tx, tx.scope(), id).await?;
    tx.audit("booking_view.delete", Some(id.to_string()), json!({}));
    tx.commit().await?;
    Ok(())
}
