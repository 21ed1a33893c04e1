//! What agents remember of a contact: visible, editable, erasable.

use frontdesk_domain::access::Permission;
use frontdesk_domain::booking::{Booking, BookingStatus};
use frontdesk_domain::contact::{Fact, Memory};
use frontdesk_domain::context::{Context, Scope};
use frontdesk_domain::event::Event;
use frontdesk_domain::id::{ContactId, FactId};
use frontdesk_domain::time::Timestamp;
use frontdesk_domain::{text, written};
use frontdesk_store::booking::{Filter, Order};
use frontdesk_store::{Db, booking, contact, fact, workspace};
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;

use crate::validate::Validator;
use crate::{App, AppError, Result};

/// Most bookings to come that are told.
const MAX_COMING: u32 = 10;
/// Most facts remembered of one contact.
pub const MAX_FACTS: u64 = 100;

/// A fact to remember or correct.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewFact {
    /// What it is about, such as `preferred_time`; a fact with the same key is corrected.
    #[schema(min_length = 1, max_length = 64)]
    pub key: String,
    /// What is known.
    #[schema(min_length = 1, max_length = 300)]
    pub value: String,
}

/// Everything remembered of a contact.
pub async fn get(app: &App, ctx: &Context, id: ContactId) -> Result<Memory> {
    ctx.require(Permission::ContactsRead)?;
    let known = contact::get(app.store.reader(), ctx.scope(), id).await?;
    let (db, scope) = (app.store.reader(), ctx.scope());
    let memory = contact::memory(db, scope, known.id).await?;
    Ok(Memory { upcoming_bookings: coming(db, scope, known.id, ctx.now()).await?, ..memory })
}

/// A contact's bookings to come, in words.
async fn coming(db: &impl Db, scope: Scope, id: ContactId, now: Timestamp) -> Result<Vec<String>> {
    let filter = Filter {
        status: vec![BookingStatus::Pending, BookingStatus::Confirmed, BookingStatus::Rescheduled],
        contact: Some(id),
        from: Some(now),
        ..Filter::default()
    };
    let found = booking::list(db, scope, &filter, Order::Start, 0, MAX_COMING).await?;
    if found.items.is_empty() {
        return Ok(Vec::new());
    }
    let home = workspace::get(db, scope).await?;
    let words = |booked: &Booking| {
        let when = written::moment(booked.start, &home.zone, home.language);
        format!("{}, {when}, {}", booked.type_name, booked.reference)
    };
    Ok(found.items.iter().map(words).collect())
}

/// Remembers or corrects a fact.
pub async fn put(app: &App, ctx: &Context, id: ContactId, input: NewFact) -> Result<Fact> {
    ctx.require(Permission::ContactsWrite)?;
    let mut check = Validator::new();
    let key = check.take("/key", text::line(&input.key, 64)).to_lowercase();
    let value = check.take("/value", text::line(&input.value, 300));
    check.finish()?;
    let tx = app.store.begin(ctx).await?;
    let known = contact::get_for_update(&tx, ctx.scope(), id).await?;
    let new = Fact {
        id: FactId::new(tx.now(), tx.random()),
        key,
        value,
        conversation_id: None,
        updated_at: tx.now(),
    };
    let stored = fact::put(&tx, ctx.scope(), known.id, &new).await?;
    if stored.id == new.id && fact::count(&tx, ctx.scope(), known.id).await? > MAX_FACTS {
        return Err(AppError::Conflict(format!(
            "{MAX_FACTS} facts are remembered of this contact already; forget some first"
        )));
    }
    tx.emit(Event::ContactUpdated { contact_id: known.id });
    tx.audit("contact.remember", Some(known.id.to_string()), json!({ "key": stored.key }));
    tx.commit().await?;
    Ok(stored)
}

/// Forgets one fact.
pub async fn forget(app: &App, ctx: &Context, id: ContactId, fact_id: FactId) -> Result<()> {
    ctx.require(Permission::ContactsWrite)?;
    let tx = app.store.begin(ctx).await?;
    let known = contact::get(&tx, ctx.scope(), id).await?;
    fact::delete(&tx, ctx.scope(), known.id, fact_id).await?;
    tx.emit(Event::ContactUpdated { contact_id: known.id });
    tx.audit("contact.forget", Some(known.id.to_string()), json!({ "fact": fact_id }));
    tx.commit().await?;
    Ok(())
}

/// Forgets everything: facts and the summaries of conversations.
pub async fn erase(app: &App, ctx: &Context, id: ContactId) -> Result<()> {
    ctx.require(Permission::ContactsWrite)?;
    let tx = app.store.begin(ctx).await?;
    let known = contact::get(&tx, ctx.scope(), id).await?;
    let facts = fact::erase(&tx, ctx.scope(), known.id).await?;
    tx.emit(Event::ContactUpdated { contact_id: known.id });
    tx.audit("contact.forget_all", Some(known.id.to_string()), json!({ "facts": facts }));
    tx.commit().await?;
    Ok(())
}
