//! What a vendor says about itself; the dashboard's form, `doctor` and the documentation are made from it.

use serde::Serialize;

/// What a vendor is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Category {
    /// A calendar that is kept in step both ways.
    Calendar,
    /// A service whose data is taken over once.
    Import,
}

/// How a vendor knows its caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum AuthKind {
    /// OAuth 2 with PKCE: a person consents on the vendor's page. The secret is the client's secret.
    OAuth2,
    /// A user name (in the settings) and a password (the secret).
    Basic,
}

/// A vendor.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Manifest {
    /// Its id, stored with connections; never changes.
    pub id: &'static str,
    /// Its name in lists.
    pub name: &'static str,
    /// What it is for.
    pub category: Category,
    /// JSON Schema of its settings.
    #[serde(serialize_with = "call")]
    pub settings_schema: fn() -> serde_json::Value,
    /// How it knows its caller.
    pub auth: AuthKind,
    /// The vendor's own documentation.
    pub docs: &'static str,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes the field by reference")]
fn call<S: serde::Serializer>(schema: &fn() -> serde_json::Value, serializer: S) -> Result<S::Ok, S::Error> {
    schema().serialize(serializer)
}
