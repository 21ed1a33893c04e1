//! How messages are judged in a workspace; defaults until somebody changes them.

use frontdesk_domain::compliance::settings::RuleSettings;
use frontdesk_domain::context::Scope;

use crate::tx::Db;
use crate::{Result, settings};

const TABLE: &str = "compliance_settings";

/// The workspace's.
pub async fn get(db: &impl Db, scope: Scope) -> Result<RuleSettings> {
    settings::get(db, scope, TABLE).await
}

/// Replaces them.
pub async fn put(db: &impl Db, scope: Scope, wanted: &RuleSettings) -> Result<()> {
    settings::put(db, scope, TABLE, wanted).await
}
