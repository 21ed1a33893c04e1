//! A person who signs in.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::id::UserId;
use crate::locale::Language;
use crate::time::Timestamp;
use crate::workspace::{ColorScheme, WorkspaceMembership};

/// A person who signs in; belongs to any number of workspaces.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct User {
    /// Their id.
    pub id: UserId,
    /// Their address, lower case; unique on the installation.
    pub email: String,
    /// Their name.
    pub name: String,
    /// The language of their dashboard.
    pub language: Language,
    /// Light, dark or as the system says.
    pub scheme: ColorScheme,
    /// When they signed up.
    pub created_at: Timestamp,
}

/// The signed-in person and where they belong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Me {
    /// The person.
    pub user: User,
    /// Their workspaces.
    pub workspaces: Vec<WorkspaceMembership>,
}
