//! Workspaces: one business each, with its facts, hours and looks.

mod create;
mod delete;
mod furnish;
mod update;

use frontdesk_domain::access::Permission;
use frontdesk_domain::context::Context;
use frontdesk_domain::workspace::{Workspace, WorkspaceMembership};
use frontdesk_store::workspace;

use crate::account::me_id;
use crate::{App, Result};

pub(crate) use create::insert_bare;
pub use create::{NewWorkspace, create, insert};
pub use delete::{DeleteInput, PURGE_JOB, delete, purge};
pub use update::{WorkspacePatch, update};

/// The workspaces of the signed-in person.
pub async fn list(app: &App, ctx: &Context) -> Result<Vec<WorkspaceMembership>> {
    Ok(workspace::memberships_everywhere(app.store.reader(), me_id(ctx)?).await?)
}

/// The context's workspace.
pub async fn get(app: &App, ctx: &Context) -> Result<Workspace> {
    ctx.require(Permission::WorkspaceRead)?;
    Ok(workspace::get(app.store.reader(), ctx.scope()).await?)
}

/// A time zone's IANA name, checked against the zones this machine knows.
pub fn check_zone(name: &str) -> std::result::Result<String, UnknownZone> {
    match jiff::tz::TimeZone::get(name.trim()) {
        Ok(zone) => zone.iana_name().map(str::to_owned).ok_or(UnknownZone),
        Err(_) => Err(UnknownZone),
    }
}

/// Not a time zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("is not a time zone such as Europe/Madrid")]
pub struct UnknownZone;

/// A country's ISO 3166-1 alpha-2 code in upper case.
pub(crate) fn check_country(code: &str) -> std::result::Result<String, UnknownCountry> {
    let code = code.trim().to_uppercase();
    if code.len() == 2 && code.chars().all(|c| c.is_ascii_uppercase()) {
        Ok(code)
    } else {
        Err(UnknownCountry)
    }
}

/// Not a country.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("is not a country code of two letters such as US")]
pub(crate) struct UnknownCountry;
