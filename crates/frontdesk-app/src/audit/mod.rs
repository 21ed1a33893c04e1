//! Reading the audit log. Writing is part of each unit of work (`tx.audit`).

use frontdesk_domain::access::Permission;
use frontdesk_domain::audit::AuditEntry;
use frontdesk_domain::context::{Context, Scope};
use frontdesk_domain::id::{AuditId, UserId};
use frontdesk_domain::page::{MAX_PAGE, Page, PageRequest};
use frontdesk_domain::time::Timestamp;
use frontdesk_store::event::{self, AuditFilter};
use frontdesk_store::{Store, user};
use futures_util::Stream;
use serde::Deserialize;
use serde_json::json;
use utoipa::IntoParams;

use crate::validate::cursor;
use crate::{App, AppError, Result};

/// Which entries are wanted.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct AuditQuery {
    /// Of this actor's id.
    #[param(max_length = 64)]
    pub actor: Option<String>,
    /// Whose action starts with this, such as `contact.`.
    #[param(max_length = 64)]
    pub action: Option<String>,
    /// Of this target's id.
    #[param(max_length = 64)]
    pub target: Option<String>,
    /// At or after.
    pub from: Option<Timestamp>,
    /// Before.
    pub to: Option<Timestamp>,
    /// Where the previous page ended.
    #[param(max_length = 400)]
    pub cursor: Option<String>,
    /// How many, 1 to 250.
    #[param(minimum = 1, maximum = 250)]
    pub limit: Option<u32>,
}

impl AuditQuery {
    fn page(&self) -> PageRequest {
        PageRequest { cursor: self.cursor.clone(), limit: self.limit }
    }

    fn filter(&self, before: Option<AuditId>) -> AuditFilter {
        AuditFilter {
            actor: self.actor.clone(),
            action: self.action.clone(),
            target: self.target.clone(),
            from: self.from,
            to: self.to,
            before,
        }
    }
}

/// Entries, newest first.
pub async fn list(app: &App, ctx: &Context, query: &AuditQuery) -> Result<Page<AuditEntry>> {
    ctx.require(Permission::AuditRead)?;
    let page = query.page();
    let filter = query.filter(cursor(&page)?);
    read(&app.store, ctx.scope(), &filter, page.size()).await
}

async fn read(store: &Store, scope: Scope, filter: &AuditFilter, size: u32) -> Result<Page<AuditEntry>> {
    let db = store.reader();
    let mut entries = event::list_audit(db, scope, filter, u64::from(size) + 1).await?;
    let mut ids: Vec<UserId> = entries.iter().filter_map(|entry| entry.actor.parse().ok()).collect();
    ids.sort_unstable();
    ids.dedup();
    let names = user::names_everywhere(db, &ids).await?;
    for entry in &mut entries {
        let id = entry.actor.parse::<UserId>().ok();
        entry.actor_name =
            id.and_then(|id| names.iter().find(|(known, _)| *known == id)).map(|(_, name)| name.clone());
    }
    Ok(Page::cut(entries, size, |entry| entry.id.to_string()))
}

/// The whole log, or the wanted part, as CSV (RFC 4180), piece by piece. The export is recorded itself, first.
pub async fn export(
    app: &App,
    ctx: &Context,
    query: AuditQuery,
) -> Result<impl Stream<Item = Result<Vec<u8>>> + Send + 'static> {
    ctx.require(Permission::AuditRead)?;
    let tx = app.store.begin(ctx).await?;
    tx.audit("audit.export", None, json!({ "from": query.from, "to": query.to, "action": query.action }));
    tx.commit().await?;
    let (store, scope) = (app.store.clone(), ctx.scope());
    Ok(futures_util::stream::try_unfold(Some((true, None)), move |place: Option<(bool, Option<AuditId>)>| {
        let (store, query) = (store.clone(), query.clone());
        async move {
            let Some((first, before)) = place else { return Ok(None) };
            let page = read(&store, scope, &query.filter(before), MAX_PAGE).await?;
            let next = page.next_cursor.as_deref().and_then(|cursor| cursor.parse().ok());
            let piece = csv_piece(first, &page.items)?;
            Ok(Some((piece, next.map(|id| (false, Some(id))))))
        }
    }))
}

const COLUMNS: [&str; 10] =
    ["id", "at", "actor_kind", "actor", "actor_name", "action", "target", "detail", "ip", "request_id"];

fn csv_piece(with_header: bool, entries: &[AuditEntry]) -> Result<Vec<u8>> {
    let failed = |error: csv::Error| AppError::Internal(format!("writing CSV: {error}"));
    let mut writer = csv::Writer::from_writer(Vec::new());
    if with_header {
        writer.write_record(COLUMNS).map_err(failed)?;
    }
    for entry in entries {
        let cells = [
            entry.id.to_string(),
            entry.at.to_string(),
            entry.actor_kind.clone(),
            entry.actor.clone(),
            entry.actor_name.clone().unwrap_or_default(),
            entry.action.clone(),
            entry.target.clone().unwrap_or_default(),
            entry.detail.to_string(),
            entry.ip.clone().unwrap_or_default(),
            entry.request_id.clone(),
        ];
        writer.write_record(cells.map(|cell| inert(&cell))).map_err(failed)?;
    }
    writer.into_inner().map_err(|error| AppError::Internal(format!("writing CSV: {error}")))
}

/// Spreadsheets run cells that begin like a formula; a leading apostrophe makes them text (OWASP, CSV injection).
fn inert(cell: &str) -> String {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{cell}") } else { cell.to_owned() }
}
