//! Making a workspace.

use frontdesk_domain::access::Role;
use frontdesk_domain::context::Context;
use frontdesk_domain::id::{MemberId, UserId, WorkspaceId};
use frontdesk_domain::locale::Language;
use frontdesk_domain::text;
use frontdesk_domain::workspace::{BusinessFacts, Onboarding, Theme, WeeklyHours, Workspace};
use frontdesk_store::{Tx, member, workspace};
use serde::Deserialize;
use unicode_normalization::UnicodeNormalization;
use utoipa::ToSchema;

use super::{check_country, check_zone};
use crate::account::me_id;
use crate::validate::Validator;
use crate::{App, AppError, Result};

/// Most workspaces one person may belong to; an agency of that size has several people.
const MAX_MEMBERSHIPS: usize = 500;

/// A workspace to be.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewWorkspace {
    /// The business's name.
    #[schema(min_length = 1, max_length = 120)]
    pub name: String,
    /// IANA time zone; UTC when absent.
    #[schema(max_length = 64)]
    pub zone: Option<String>,
    /// ISO 3166-1 alpha-2 country; US when absent.
    #[schema(pattern = "^[A-Z]{2}$")]
    pub country: Option<String>,
    /// The language of fixed phrases; English when absent.
    pub language: Option<Language>,
}

/// Makes a workspace that the signed-in person owns.
pub async fn create(app: &App, ctx: &Context, input: NewWorkspace) -> Result<Workspace> {
    let owner = me_id(ctx)?;
    let mut check = Validator::new();
    let name = check.take("/name", text::line(&input.name, 120));
    let zone = check.take_some("/zone", input.zone, |zone| check_zone(&zone));
    let country = check.take_some("/country", input.country, |country| check_country(&country));
    check.finish()?;
    let places = workspace::memberships_everywhere(app.store.reader(), owner).await?;
    if places.len() >= MAX_MEMBERSHIPS {
        return Err(AppError::Conflict(format!("you belong to {MAX_MEMBERSHIPS} workspaces already")));
    }
    let mut tx = app.store.begin(ctx).await?;
    let new = NewWorkspace { name, zone, country, language: input.language };
    let made = insert(&mut tx, new, owner).await?;
    tx.commit().await?;
    Ok(made)
}

/// Stores a checked new workspace with its owner; the unit of work goes on inside it.
pub async fn insert(tx: &mut Tx, new: NewWorkspace, owner: UserId) -> Result<Workspace> {
    let made = insert_bare(tx, new, owner).await?;
    super::furnish::furnish(tx, &made).await?;
    Ok(made)
}

/// As [`insert`], without the agent and the widget key that every new workspace gets.
pub async fn insert_bare(tx: &mut Tx, new: NewWorkspace, owner: UserId) -> Result<Workspace> {
    let id = WorkspaceId::new(tx.now(), tx.random());
    let made = Workspace {
        id,
        slug: free_slug(tx, &new.name).await?,
        name: new.name,
        zone: new.zone.unwrap_or_else(|| "UTC".to_owned()),
        country: new.country.unwrap_or_else(|| "US".to_owned()),
        language: new.language.unwrap_or_default(),
        facts: BusinessFacts::default(),
        hours: WeeklyHours::default(),
        theme: Theme::default(),
        onboarding: Onboarding::default(),
        created_at: tx.now(),
    };
    workspace::insert(tx, &made).await?;
    tx.enter(id);
    let place = MemberId::new(tx.now(), tx.random());
    member::insert(tx, tx.scope(), place, owner, Role::Owner, tx.now()).await?;
    tx.audit("workspace.create", Some(id.to_string()), serde_json::json!({ "name": made.name }));
    Ok(made)
}

/// Short names that mean something else where a workspace's stands in an address: `/book/manage/...`.
const RESERVED: &[&str] = &["manage", "offer", "holds", "offers"];

/// A short name nobody has: from the name, with something random behind it when that is taken.
async fn free_slug(tx: &Tx, name: &str) -> Result<String> {
    let mut wanted = slug(name);
    if RESERVED.contains(&wanted.as_str()) {
        wanted.push_str("-desk");
    }
    if !workspace::slug_taken_everywhere(tx, &wanted).await? {
        return Ok(wanted);
    }
    // 40 random bits: taken again only if luck is very bad, and then the insert says so.
    Ok(format!("{wanted}-{:010x}", tx.random().next_u64() >> 24))
}

/// `[a-z0-9-]`, at most 40 characters, never empty.
fn slug(name: &str) -> String {
    let mut slug = String::new();
    for c in name.nfkd().filter(char::is_ascii).take(200) {
        if c.is_ascii_alphanumeric() {
            slug.push(c.to_ascii_lowercase());
        } else if !slug.is_empty() && !slug.ends_with('-') && !matches!(c, '\'') {
            slug.push('-');
        }
        if slug.len() >= 40 {
            break;
        }
    }
    let slug = slug.trim_end_matches('-');
    if slug.is_empty() { "workspace".to_owned() } else { slug.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_name_is_plain() {
        assert_eq!(slug("Café Müller & Sons"), "cafe-muller-sons");
        assert_eq!(slug("Joe's Garage!"), "joes-garage");
        assert_eq!(slug("東京"), "workspace");
        assert_eq!(slug(&"a".repeat(100)).len(), 40);
    }
}
