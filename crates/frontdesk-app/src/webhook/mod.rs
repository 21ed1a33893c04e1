//! Vendors' calls: verified with the connection's secret, read into one shape, and acknowledged once what they tell is
//! durable.

use frontdesk_channel::Inbound;
use frontdesk_domain::connection::Connection;
use frontdesk_domain::id::{ConnectionId, WorkspaceId};
use frontdesk_http::header::HeaderMap;
use frontdesk_store::connection;
use secrecy::SecretString;

use crate::conversation::hear;
use crate::secret::Column;
use crate::{App, AppError, Result, carrier, message};

/// A vendor's call.
#[derive(Debug, Clone, Copy)]
pub struct Call<'a> {
    /// The vendor's constant name, from the address.
    pub vendor: &'a str,
    /// The connection's id, from the address.
    pub connection: &'a str,
    /// Whether it only asks something (GET).
    pub asks: bool,
    /// What follows `?` in the address, as it came.
    pub query: &'a str,
    /// The headers.
    pub headers: &'a HeaderMap,
    /// The body, as it came.
    pub body: &'a [u8],
}

/// What the vendor is answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// Heard.
    Thanks,
    /// Heard, and this document of that type with it.
    Document(&'static str, String),
}

/// A connection that is called, with what its calls are verified by.
struct Called {
    workspace: WorkspaceId,
    connection: Connection,
    secret: Option<SecretString>,
    hook_secret: Option<SecretString>,
}

/// Takes in a vendor's call.
///
/// # Errors
/// [`AppError::NotFound`] when nobody is called here: an unknown vendor or connection, a wrong signature.
/// [`AppError::Invalid`] when a signed call cannot be read.
pub async fn receive(app: &App, call: Call<'_>) -> Result<Answer> {
    let called = find(app, &call).await?;
    let (heard, answer) = read(app, &called, &call)?;
    for inbound in heard {
        match inbound {
            Inbound::Message(said) => {
                let Some(channel) = carrier::channel(called.connection.category) else { continue };
                hear::hear(app, called.workspace, &called.connection, channel, *said).await?;
            }
            Inbound::Report(report) => {
                let tx = app.store.begin(&app.system(called.workspace, "webhook")).await?;
                message::report::hear(&tx, called.connection.id, &report).await?;
                tx.commit().await?;
            }
        }
    }
    metrics::counter!("frontdesk_webhooks_total", "vendor" => called.connection.vendor, "outcome" => "taken")
        .increment(1);
    Ok(answer)
}

fn nobody() -> AppError {
    AppError::NotFound("webhook")
}

/// Somebody called who does not know the secret.
fn forged(vendor: &str, why: &str) -> AppError {
    metrics::counter!("frontdesk_webhooks_total", "vendor" => vendor.to_owned(), "outcome" => "refused")
        .increment(1);
    tracing::warn!(vendor, why, "a call that is not the vendor's was refused");
    nobody()
}

async fn find(app: &App, call: &Call<'_>) -> Result<Called> {
    let id: ConnectionId = call.connection.parse().map_err(|_| nobody())?;
    let found = connection::find_everywhere(app.store.reader(), id).await?;
    let (workspace, sealed) = found
        .filter(|(_, sealed)| sealed.connection.vendor == call.vendor && sealed.connection.enabled)
        .ok_or_else(nobody)?;
    let open = |column, secret: Option<&String>| {
        secret.map(|secret| app.vault.unseal(workspace, column, secret)).transpose()
    };
    Ok(Called {
        secret: open(Column::ConnectionSecret, sealed.secret.as_ref())?,
        hook_secret: open(Column::HookSecret, sealed.hook_secret.as_ref())?,
        workspace,
        connection: sealed.connection,
    })
}

/// Verifies and reads a call by its vendor's rules.
fn read(app: &App, called: &Called, call: &Call<'_>) -> Result<(Vec<Inbound>, Answer)> {
    let _ = (app, call, &called.secret, &called.hook_secret);
    match called.connection.vendor.as_str() {
        other => Err(forged(other, "it does not call")),
    }
}
