//! Leads: who wants something, and how to reach them.
//!
//! [`capture()`] takes one from a conversation; the team lists and works them here. A contact has one open lead: telling
//! more updates it.

mod capture;

pub use capture::{Capture, capture, capture_in};

use frontdesk_domain::access::Permission;
use frontdesk_domain::context::Context;
use frontdesk_domain::event::Event;
use frontdesk_domain::id::{LeadId, UserId};
use frontdesk_domain::lead::{Lead, LeadFacts, LeadStatus, score};
use frontdesk_domain::page::{Page, PageRequest};
use frontdesk_domain::text;
use frontdesk_store::lead::Filter;
use frontdesk_store::{StoreError, lead, member};
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;

use crate::contact::finds_names_only;
use crate::validate::{Patch, Validator, check_query};
use crate::{App, AppError, Result};

/// Longest need, in characters.
const MAX_NEED: usize = 4_000;

/// What to change of a lead; absent fields stay, a null assignee means nobody.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LeadPatch {
    /// How far it has come.
    pub status: Option<LeadStatus>,
    /// The team member who looks after it.
    #[schema(value_type = Option<UserId>)]
    #[serde(default)]
    pub assignee: Patch<UserId>,
    /// What they need.
    #[schema(max_length = 4000)]
    pub need: Option<String>,
}

/// What a list of leads asks for.
#[derive(Debug, Clone, Default)]
pub struct Ask {
    /// The status; any when absent.
    pub status: Option<LeadStatus>,
    /// Part of a name, e-mail address, phone number or need.
    pub q: Option<String>,
}

/// A page of leads, newest first, with their number in all.
pub async fn list(app: &App, ctx: &Context, ask: &Ask, page: &PageRequest) -> Result<Page<Lead>> {
    ctx.require(Permission::LeadsRead)?;
    check_query("/q", ask.q.as_deref())?;
    let filter = Filter { status: ask.status, text: ask.q.clone(), names_only: finds_names_only(ctx) };
    let db = app.store.reader();
    let found = lead::list(db, ctx.scope(), &filter, page.cursor.as_deref(), page.size()).await?;
    Ok(found.with_total(lead::count(db, ctx.scope(), &filter).await?))
}

/// A lead.
pub async fn get(app: &App, ctx: &Context, id: LeadId) -> Result<Lead> {
    ctx.require(Permission::LeadsRead)?;
    Ok(lead::get(app.store.reader(), ctx.scope(), id).await?)
}

/// Changes a lead.
///
/// # Errors
/// [`AppError::Conflict`] when it would become its contact's second open lead.
pub async fn update(app: &App, ctx: &Context, id: LeadId, patch: LeadPatch) -> Result<Lead> {
    ctx.require(Permission::LeadsWrite)?;
    let mut check = Validator::new();
    let need = check.take_some("/need", patch.need, |need| text::lines(&need, MAX_NEED));
    check.finish()?;
    let tx = app.store.begin(ctx).await?;
    let before = lead::get_for_update(&tx, ctx.scope(), id).await?;
    if let Patch::Set(user) = patch.assignee
        && member::find_by_user(&tx, ctx.scope(), user).await?.is_none()
    {
        return Err(AppError::invalid("/assignee", "is not a member of this workspace"));
    }
    let mut changed = before.clone();
    changed.status = patch.status.unwrap_or(before.status);
    patch.assignee.apply(&mut changed.assignee);
    if let Some(need) = need {
        changed.need = need;
        rate(&mut changed);
    }
    if changed == before {
        return Ok(before);
    }
    changed.updated_at = tx.now();
    lead::update(&tx, ctx.scope(), &changed).await.map_err(|error| match error {
        StoreError::Duplicate(_) => AppError::Conflict(
            "this contact has another open lead; close that one first, or go on with it".to_owned(),
        ),
        other => other.into(),
    })?;
    tx.emit(Event::LeadUpdated { lead_id: id });
    let detail = json!({ "status": changed.status, "assignee": changed.assignee });
    tx.audit("lead.update", Some(id.to_string()), detail);
    tx.commit().await?;
    Ok(changed)
}

/// Scores a lead by what it holds now.
fn rate(lead: &mut Lead) {
    let (points, reasons) = score(&LeadFacts {
        has_name: !lead.name.is_empty(),
        has_email: lead.email.is_some(),
        has_phone: lead.phone.is_some(),
        need: &lead.need,
    });
    lead.score = points;
    lead.score_reasons = reasons;
}
