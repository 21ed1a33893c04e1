//! Changing a workspace's settings.

use frontdesk_domain::access::Permission;
use frontdesk_domain::context::Context;
use frontdesk_domain::event::Event;
use frontdesk_domain::locale::Language;
use frontdesk_domain::text;
use frontdesk_domain::workspace::{BusinessFacts, Onboarding, Theme, WeeklyHours, Workspace};
use frontdesk_store::workspace;
use serde::Deserialize;
use utoipa::ToSchema;

use super::{check_country, check_zone};
use crate::validate::Validator;
use crate::{App, Result};

/// What may be changed; absent fields stay, structured ones are replaced whole.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WorkspacePatch {
    /// The business's name.
    #[schema(min_length = 1, max_length = 120)]
    pub name: Option<String>,
    /// IANA time zone.
    #[schema(max_length = 64)]
    pub zone: Option<String>,
    /// ISO 3166-1 alpha-2 country.
    #[schema(pattern = "^[A-Z]{2}$")]
    pub country: Option<String>,
    /// The language of fixed phrases.
    pub language: Option<Language>,
    /// Facts agents may state.
    pub facts: Option<BusinessFacts>,
    /// Weekly opening hours.
    pub hours: Option<WeeklyHours>,
    /// How the widget looks.
    pub theme: Option<Theme>,
    /// Steps of onboarding that are finished.
    pub onboarding: Option<Onboarding>,
}

/// Changes the context's workspace.
pub async fn update(app: &App, ctx: &Context, patch: WorkspacePatch) -> Result<Workspace> {
    ctx.require(Permission::WorkspaceWrite)?;
    let mut check = Validator::new();
    let name = check.take_some("/name", patch.name, |name| text::line(&name, 120));
    let zone = check.take_some("/zone", patch.zone, |zone| check_zone(&zone));
    let country = check.take_some("/country", patch.country, |country| check_country(&country));
    let facts = patch.facts.map(|facts| check_facts(&mut check, &facts));
    if let Some(hours) = &patch.hours {
        check.ensure(
            "/hours",
            hours.is_valid(),
            "needs stretches in order that do not overlap, within the day",
        );
    }
    let theme = patch.theme.map(|theme| check_theme(&mut check, theme));
    check.finish()?;

    // Read inside the unit of work, so that two people changing different fields both win.
    let tx = app.store.begin(ctx).await?;
    let mut changed = workspace::get(&tx, ctx.scope()).await?;
    let mut fields = Vec::new();
    let mut set = |field: &'static str| fields.push(field);
    if let Some(name) = name {
        changed.name = name;
        set("name");
    }
    if let Some(zone) = zone {
        changed.zone = zone;
        set("zone");
    }
    if let Some(country) = country {
        changed.country = country;
        set("country");
    }
    if let Some(language) = patch.language {
        changed.language = language;
        set("language");
    }
    if let Some(facts) = facts {
        changed.facts = facts;
        set("facts");
    }
    if let Some(hours) = patch.hours {
        changed.hours = hours;
        set("hours");
    }
    if let Some(theme) = theme {
        changed.theme = theme;
        set("theme");
    }
    if let Some(onboarding) = patch.onboarding {
        changed.onboarding = onboarding;
        set("onboarding");
    }
    workspace::update(&tx, &changed).await?;
    tx.audit("workspace.update", Some(changed.id.to_string()), serde_json::json!({ "fields": fields }));
    tx.emit(Event::WorkspaceUpdated);
    tx.commit().await?;
    Ok(changed)
}

fn check_facts(check: &mut Validator, facts: &BusinessFacts) -> BusinessFacts {
    BusinessFacts {
        description: check.take("/facts/description", text::lines(&facts.description, 2000)),
        address: check.take("/facts/address", text::lines(&facts.address, 500)),
        phone: check.take("/facts/phone", text::lines(&facts.phone, 64)),
        email: match facts.email.trim() {
            "" => String::new(),
            email => check.take("/facts/email", text::email(email)),
        },
        website: check.take("/facts/website", text::lines(&facts.website, 500)),
    }
}

fn check_theme(check: &mut Validator, theme: Theme) -> Theme {
    let hex = theme.accent.strip_prefix('#').unwrap_or_default();
    let is_color = hex.len() == 6 && hex.chars().all(|c| c.is_ascii_hexdigit());
    check.ensure("/theme/accent", is_color, "is not a colour such as #4f46e5");
    let launcher_text = check.take("/theme/launcher_text", text::lines(&theme.launcher_text, 40));
    Theme { launcher_text, ..theme }
}
