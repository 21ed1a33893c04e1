//! Finding contacts: filters, custom fields they can be found by, and saved segments.
//!
//! A filter is data: it stands in an address, in a segment and in a bulk action alike. To filter by one more thing, add a
//! field to [`ContactFilter`], check it in the contacts' use cases and turn it into a term in the store.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::contact::{Contact, ContactStatus};
use crate::id::{FieldId, ImportId, SegmentId, UserId, WorkflowId};
use crate::time::Timestamp;

/// Which contacts are wanted: those that everything said here is true of.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ContactFilter {
    /// Whose name, e-mail address, phone number or company has this. In a workspace of more than 10,000 contacts it is
    /// looked for where names, addresses and numbers begin.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 200)]
    pub q: Option<String>,
    /// With every one of these tags, whatever their case.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 10)]
    pub tags: Vec<String>,
    /// In one of these states.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub statuses: Vec<ContactStatus>,
    /// First seen at or after this.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub created_from: Option<Timestamp>,
    /// First seen before this.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub created_to: Option<Timestamp>,
    /// Last message at or after this.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seen_from: Option<Timestamp>,
    /// Last message before this.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seen_to: Option<Timestamp>,
    /// Not contacted for so many days, or never.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(maximum = 36_500)]
    pub days_since_contact: Option<u32>,
    /// Followed up at least so often.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub follow_ups_from: Option<u32>,
    /// Followed up at most so often.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub follow_ups_to: Option<u32>,
    /// Made by this import.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub import_id: Option<ImportId>,
    /// In this workflow now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub workflow_id: Option<WorkflowId>,
    /// What custom fields say.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 10)]
    pub fields: Vec<FieldTest>,
}

/// What a custom field must say.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FieldTest {
    /// The field's key.
    #[schema(max_length = 60)]
    pub key: String,
    /// How it is compared.
    pub test: FieldComparison,
    /// What with: a text, a number, true or false, a date; absent for `set`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    pub value: Option<serde_json::Value>,
}

/// How a custom field is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum FieldComparison {
    /// The same, whatever the case.
    Is,
    /// Begins with this text.
    Begins,
    /// Less, or earlier.
    Below,
    /// More, or later.
    Above,
    /// Filled in.
    Set,
}

/// What a custom field holds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum FieldKind {
    /// A text.
    #[default]
    Text,
    /// A number.
    Number,
    /// A day, as `2026-11-21`.
    Date,
    /// Yes or no.
    Bool,
    /// One of some texts.
    Choice,
}

/// A custom field of the workspace's contacts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CustomField {
    /// Its id.
    pub id: FieldId,
    /// The key its values stand under in a contact.
    pub key: String,
    /// What people call it.
    pub label: String,
    /// What it holds.
    pub kind: FieldKind,
    /// What can be chosen, for a choice.
    pub options: Vec<String>,
    /// When it was made.
    pub created_at: Timestamp,
}

/// How much a total can be relied on.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TotalKind {
    /// Counted.
    #[default]
    Exact,
    /// There are at least so many; nobody counted further.
    AtLeast,
    /// About so many, judged from a sample.
    Estimate,
}

/// A page of contacts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ContactPage {
    /// The contacts.
    pub items: Vec<Contact>,
    /// Ask with this cursor for the next page; absent on the last one.
    pub next_cursor: Option<String>,
    /// How many there are in all.
    pub total: u64,
    /// How much `total` can be relied on.
    pub total_kind: TotalKind,
}

/// A saved filter.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Segment {
    /// Its id.
    pub id: SegmentId,
    /// Its name.
    pub name: String,
    /// Which contacts are in it.
    pub filter: ContactFilter,
    /// Whether the team sees it, or its maker alone.
    pub shared: bool,
    /// Who made it.
    pub owner: Option<UserId>,
    /// When it was made.
    pub created_at: Timestamp,
}

/// The midnight, in UTC, that a day written as `2026-11-21` begins with.
pub fn day_of(text: &str) -> Option<Timestamp> {
    if text.len() != 10 {
        return None;
    }
    let day: jiff::civil::Date = text.parse().ok()?;
    Some(day.to_zoned(jiff::tz::TimeZone::UTC).ok()?.timestamp().into())
}
