//! A workspace: one business, its facts, hours and looks.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::access::Role;
use crate::id::{InvitationId, MemberId, UserId, WorkspaceId};
use crate::locale::Language;
use crate::time::Timestamp;

/// A business on the installation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Workspace {
    /// Its id.
    pub id: WorkspaceId,
    /// The business's name.
    pub name: String,
    /// Its short name in public addresses, `[a-z0-9-]`.
    pub slug: String,
    /// IANA time zone, such as `America/New_York`.
    pub zone: String,
    /// ISO 3166-1 alpha-2 country, used to read phone numbers.
    pub country: String,
    /// The language of the dashboard's defaults and fixed phrases.
    pub language: Language,
    /// Facts about the business that agents may state.
    pub facts: BusinessFacts,
    /// Weekly opening hours; a day that is absent is closed.
    pub hours: WeeklyHours,
    /// How the widget looks.
    pub theme: Theme,
    /// What onboarding has finished.
    pub onboarding: Onboarding,
    /// When it was made.
    pub created_at: Timestamp,
}

/// Facts about the business that agents may state.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct BusinessFacts {
    /// One or two sentences on what the business does.
    #[schema(max_length = 2000)]
    pub description: String,
    /// Street address.
    #[schema(max_length = 500)]
    pub address: String,
    /// Public phone number.
    #[schema(max_length = 64)]
    pub phone: String,
    /// Public e-mail address.
    #[schema(max_length = 254)]
    pub email: String,
    /// Web site.
    #[schema(max_length = 500)]
    pub website: String,
}

/// A stretch of a day in minutes after midnight, end exclusive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Stretch {
    /// First minute, 0 to 1439.
    #[schema(maximum = 1439)]
    pub from: u16,
    /// Minute after the last, 1 to 1440.
    #[schema(minimum = 1, maximum = 1440)]
    pub to: u16,
}

/// Opening hours by weekday (`mon` to `sun`), each day's stretches in order.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(transparent)]
pub struct WeeklyHours(pub BTreeMap<Weekday, Vec<Stretch>>);

/// A day of the week.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Weekday {
    /// Monday.
    Mon,
    /// Tuesday.
    Tue,
    /// Wednesday.
    Wed,
    /// Thursday.
    Thu,
    /// Friday.
    Fri,
    /// Saturday.
    Sat,
    /// Sunday.
    Sun,
}

impl Weekday {
    /// Monday to Sunday.
    pub const ALL: [Self; 7] = [Self::Mon, Self::Tue, Self::Wed, Self::Thu, Self::Fri, Self::Sat, Self::Sun];

    /// The weekday of a civil date.
    pub const fn of(day: jiff::civil::Weekday) -> Self {
        match day {
            jiff::civil::Weekday::Monday => Self::Mon,
            jiff::civil::Weekday::Tuesday => Self::Tue,
            jiff::civil::Weekday::Wednesday => Self::Wed,
            jiff::civil::Weekday::Thursday => Self::Thu,
            jiff::civil::Weekday::Friday => Self::Fri,
            jiff::civil::Weekday::Saturday => Self::Sat,
            jiff::civil::Weekday::Sunday => Self::Sun,
        }
    }
}

impl WeeklyHours {
    /// Every stretch lies within its day, is not empty and starts after the one before it ends.
    pub fn is_valid(&self) -> bool {
        self.0.values().all(|stretches| {
            stretches.len() <= 12
                && stretches.iter().all(|s| s.from < s.to && s.to <= 1440)
                && stretches.windows(2).all(|pair| matches!(pair, [a, b] if a.to <= b.from))
        })
    }

    /// Whether the business is open at the instant, read in its zone. Unknown zones count as UTC.
    pub fn is_open(&self, at: Timestamp, zone: &str) -> bool {
        let local =
            at.to_jiff().in_tz(zone).unwrap_or_else(|_| at.to_jiff().to_zoned(jiff::tz::TimeZone::UTC));
        let minute = u16::from(local.hour().unsigned_abs()) * 60 + u16::from(local.minute().unsigned_abs());
        self.0
            .get(&Weekday::of(local.weekday()))
            .is_some_and(|stretches| stretches.iter().any(|s| s.from <= minute && minute < s.to))
    }
}

/// How the widget looks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Theme {
    /// Accent colour as `#rrggbb`.
    #[schema(pattern = "^#[0-9a-fA-F]{6}$")]
    pub accent: String,
    /// Where the launcher sits.
    pub position: LauncherPosition,
    /// Light, dark or as the visitor's system says.
    pub scheme: ColorScheme,
    /// Text on the launcher; empty for the icon alone.
    #[schema(max_length = 40)]
    pub launcher_text: String,
}

impl Default for Theme {
    fn default() -> Self {
        Self {
            accent: "#4f46e5".to_owned(),
            position: LauncherPosition::Right,
            scheme: ColorScheme::Auto,
            launcher_text: String::new(),
        }
    }
}

/// Where the launcher sits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum LauncherPosition {
    /// Bottom left.
    Left,
    /// Bottom right.
    Right,
}

/// Light, dark or as the system says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum ColorScheme {
    /// As the system says.
    Auto,
    /// Always light.
    Light,
    /// Always dark.
    Dark,
}

/// Which steps of onboarding are finished or put aside.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Onboarding {
    /// Business facts were filled in.
    pub business: bool,
    /// A knowledge source was added.
    pub knowledge: bool,
    /// The agent was tried out.
    pub agent: bool,
    /// The widget was installed or its snippet copied.
    pub widget: bool,
    /// The checklist was put away.
    pub dismissed: bool,
}

/// A person's place in a workspace.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Member {
    /// Its id.
    pub id: MemberId,
    /// The person.
    pub user_id: UserId,
    /// Their name.
    pub name: String,
    /// Their address.
    pub email: String,
    /// What they may do.
    pub role: Role,
    /// Since when.
    pub created_at: Timestamp,
}

/// An open invitation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Invitation {
    /// Its id.
    pub id: InvitationId,
    /// The address it was sent to.
    pub email: String,
    /// The role it gives.
    pub role: Role,
    /// Who sent it.
    pub invited_by: UserId,
    /// When it was sent.
    pub created_at: Timestamp,
    /// When it lapses.
    pub expires_at: Timestamp,
}

/// A workspace as its member sees it in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct WorkspaceMembership {
    /// The workspace.
    pub id: WorkspaceId,
    /// Its name.
    pub name: String,
    /// Its short name.
    pub slug: String,
    /// The role the person has in it.
    pub role: Role,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn open_hours_are_read_in_the_business_zone() {
        let hours = WeeklyHours([(Weekday::Wed, vec![Stretch { from: 9 * 60, to: 17 * 60 }])].into());
        // Wednesday 2026-03-18, 13:30 UTC is 09:30 in New York.
        let at = Timestamp::from_millis(1_773_840_600_000);
        assert!(hours.is_open(at, "America/New_York"));
        assert!(!hours.is_open(at, "America/Los_Angeles"));
    }
}
