//! Which of the account's numbers a connection sends from: a bought one joins, a released one leaves.

use frontdesk_domain::connection::Connection;
use frontdesk_domain::context::Context;
use frontdesk_domain::event::Event;
use frontdesk_store::{channel_thread, connection, outbox};
use serde_json::{Value, json};

use crate::{App, AppError, Result};

/// Most numbers of a connection, as its vendor's schema says.
const MOST: usize = 1_000;
/// Where a connection's settings hold its numbers.
const FIELD: &str = "numbers";

/// Refuses one more number where there is no room for it, before it costs anything.
pub(super) fn ensure_room(pool: &[String], number: &str) -> Result<()> {
    if pool.len() < MOST || pool.iter().any(|known| known == number) {
        return Ok(());
    }
    Err(AppError::Conflict(format!("this connection sends from {MOST} numbers already; take one out first")))
}

fn numbers(settings: &Value) -> Vec<Value> {
    settings.get(FIELD).and_then(Value::as_array).cloned().unwrap_or_default()
}

/// The connection sends from a number from now on.
pub(super) async fn join(
    app: &App,
    ctx: &Context,
    known: &Connection,
    number: &str,
    action: &'static str,
) -> Result<()> {
    let tx = app.store.begin(ctx).await?;
    let mut sealed = connection::get_for_update(&tx, tx.scope(), known.id).await?;
    let mut pool = numbers(&sealed.connection.settings);
    if !pool.iter().any(|each| each.as_str() == Some(number)) {
        pool.push(Value::from(number));
        put(&mut sealed.connection, pool);
        sealed.connection.updated_at = tx.now();
        connection::update(&tx, tx.scope(), &sealed).await?;
    }
    tx.audit(action, Some(known.id.to_string()), json!({ "number": number }));
    tx.emit(Event::WorkspaceUpdated);
    Ok(tx.commit().await?)
}

/// The connection sends from a number no more. Who was written to from it, and what waits to leave from it, gets another
/// one.
pub(super) async fn leave(app: &App, ctx: &Context, known: &Connection, number: &str) -> Result<()> {
    let tx = app.store.begin(ctx).await?;
    let scope = tx.scope();
    let mut sealed = connection::get_for_update(&tx, scope, known.id).await?;
    let mut pool = numbers(&sealed.connection.settings);
    pool.retain(|each| each.as_str() != Some(number));
    put(&mut sealed.connection, pool);
    sealed.connection.updated_at = tx.now();
    connection::update(&tx, scope, &sealed).await?;
    channel_thread::forget_own(&tx, scope, known.id, number).await?;
    outbox::forget_sender(&tx, scope, known.id, number).await?;
    tx.audit("number.release", Some(known.id.to_string()), json!({ "number": number }));
    tx.emit(Event::WorkspaceUpdated);
    Ok(tx.commit().await?)
}

fn put(connection: &mut Connection, pool: Vec<Value>) {
    if let Some(settings) = connection.settings.as_object_mut() {
        settings.insert(FIELD.to_owned(), Value::Array(pool));
    }
}
