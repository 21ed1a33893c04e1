//! Files of contacts: what is in them, how their columns are read, and how far the reading has come. Also actions on many
//! contacts at once, which are watched in the same way.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::contact::{ContactStatus, Tag};
use crate::contact_list::{ContactFilter, FieldKind};
use crate::id::{BulkId, ContactId, ImportId, UserId, WorkflowId};
use crate::time::Timestamp;

/// Where an import stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ImportState {
    /// The file is here; its columns wait to be mapped.
    #[default]
    Uploaded,
    /// Its rows are being read.
    Running,
    /// Every row was read.
    Done,
    /// Somebody stopped it; what was read stays.
    Cancelled,
    /// It could not go on.
    Failed,
    /// Its contacts are being taken back.
    Undoing,
    /// Its contacts were taken back, except those that were touched since.
    Undone,
}

/// What to do with a row whose contact is known already.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum OnKnown {
    /// Leave the contact as it is.
    #[default]
    Skip,
    /// Fill in what the row says; what it leaves empty stays.
    Update,
}

/// What a column is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "to", rename_all = "snake_case")]
pub enum ColumnUse {
    /// Not read.
    Ignore,
    /// The whole name.
    Name,
    /// The first name.
    FirstName,
    /// The last name.
    LastName,
    /// The e-mail address.
    Email,
    /// The phone number.
    Phone,
    /// Where they work.
    Company,
    /// Their language, BCP 47.
    Language,
    /// Tags, divided by commas, semicolons or bars.
    Tags,
    /// Their status.
    Status,
    /// Their id in another system.
    ExternalId,
    /// Their time zone.
    Zone,
    /// Their state or region.
    Region,
    /// Their postal code.
    PostalCode,
    /// Their country, two letters.
    Country,
    /// Whether they asked not to be contacted.
    OptedOut,
    /// Where their consent to messages came from.
    ConsentSource,
    /// The words they consented to.
    ConsentText,
    /// The channel they consented to.
    ConsentChannel,
    /// A custom field, which is made when it does not exist.
    Field {
        /// Its key.
        #[schema(max_length = 60)]
        key: String,
        /// What it holds, when it has to be made.
        #[serde(default)]
        kind: FieldKind,
    },
}

/// A column of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ImportColumn {
    /// What its header says.
    pub header: String,
    /// The first values in it.
    pub samples: Vec<String>,
    /// What it probably is: as it was mapped the last time, else guessed.
    pub suggestion: ColumnUse,
}

/// How a file of contacts is to be read.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ImportPlan {
    /// What each column is, in the file's order.
    pub columns: Vec<ColumnUse>,
    /// What to do with rows whose contact is known.
    #[serde(default)]
    pub on_known: OnKnown,
    /// Tags for every contact of the file.
    #[serde(default)]
    #[schema(max_items = 10)]
    pub tags: Vec<Tag>,
    /// The consent that every row stands for, where no column says so.
    #[serde(default)]
    pub consent: Option<ImportConsent>,
}

/// The consent a list of contacts was collected with.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ImportConsent {
    /// Where it came from, such as a form or a fair.
    #[schema(max_length = 200)]
    pub source: String,
    /// The words that were agreed to.
    #[serde(default)]
    #[schema(max_length = 2000)]
    pub text: String,
    /// The channel: `sms`, `whatsapp` or `email`; empty for text messages and e-mail alike.
    #[serde(default)]
    #[schema(max_length = 20)]
    pub channel: String,
}

/// How many rows became what.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ImportCounts {
    /// Rows read.
    pub read: u64,
    /// Contacts made.
    pub created: u64,
    /// Known contacts changed.
    pub updated: u64,
    /// Known contacts left as they were.
    pub skipped: u64,
    /// Rows refused, which the file of refused rows tells why.
    pub rejected: u64,
    /// Rows of people on a list of those that must not be written to: their contacts are marked so, and no consent of
    /// theirs is noted.
    pub suppressed: u64,
    /// Contacts taken back.
    pub undone: u64,
    /// Contacts of this import that stayed, since they were touched after it.
    pub kept: u64,
}

/// A file of contacts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Import {
    /// Its id.
    pub id: ImportId,
    /// The file's name.
    pub file_name: String,
    /// The file's size in bytes.
    pub bytes: u64,
    /// Where it stands.
    pub state: ImportState,
    /// The columns, with what they probably are.
    pub columns: Vec<ImportColumn>,
    /// The encoding the file was read in, such as `UTF-8`.
    pub encoding: String,
    /// The character between two columns.
    pub delimiter: String,
    /// How it is read, once started.
    pub plan: Option<ImportPlan>,
    /// How many rows became what so far.
    pub counts: ImportCounts,
    /// How much of the file has been read, in percent.
    pub percent: u8,
    /// Why it failed.
    pub error: Option<String>,
    /// Who started it.
    pub owner: Option<UserId>,
    /// When it was uploaded.
    pub created_at: Timestamp,
    /// When it ended.
    pub finished_at: Option<Timestamp>,
}

/// What is done to many contacts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum BulkAction {
    /// Adds tags.
    Tag {
        /// Which.
        #[schema(min_items = 1, max_items = 10)]
        tags: Vec<Tag>,
    },
    /// Takes tags away.
    Untag {
        /// Their names, whatever the case.
        #[schema(min_items = 1, max_items = 10)]
        names: Vec<String>,
    },
    /// Sets the status.
    SetStatus {
        /// To what.
        status: ContactStatus,
    },
    /// Puts them into a workflow, but for those it is closed to.
    Enrol {
        /// Which.
        workflow_id: WorkflowId,
    },
    /// Erases them, as erasing one by one does. Cannot be undone.
    Delete,
    /// Writes them to a CSV file.
    Export,
}

impl BulkAction {
    /// Whether it can be taken back.
    pub const fn reversible(&self) -> bool {
        matches!(self, Self::Tag { .. } | Self::Untag { .. } | Self::SetStatus { .. })
    }
}

/// Which contacts an action is for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "of", rename_all = "snake_case")]
pub enum BulkSelection {
    /// These.
    Ids {
        /// Which.
        #[schema(min_items = 1, max_items = 1000)]
        ids: Vec<ContactId>,
    },
    /// All that match and exist when the action starts.
    Filter {
        /// Which.
        filter: ContactFilter,
    },
}

/// Where an action on many contacts stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum BulkState {
    /// It works through the contacts.
    #[default]
    Running,
    /// It went through all of them.
    Done,
    /// Somebody stopped it; what was done stays.
    Cancelled,
    /// It is being taken back.
    Undoing,
    /// It was taken back.
    Undone,
    /// It could not go on.
    Failed,
}

/// An action on many contacts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Bulk {
    /// Its id.
    pub id: BulkId,
    /// What is done.
    pub action: BulkAction,
    /// To whom.
    pub selection: BulkSelection,
    /// Where it stands.
    pub state: BulkState,
    /// How many contacts there are to go through, when known.
    pub total: Option<u64>,
    /// How many it has gone through.
    pub done: u64,
    /// How many of them it changed.
    pub changed: u64,
    /// Why it failed.
    pub error: Option<String>,
    /// Who started it.
    pub owner: Option<UserId>,
    /// When it was started.
    pub created_at: Timestamp,
    /// When it ended.
    pub finished_at: Option<Timestamp>,
}

/// How the columns of a set of headers were mapped the last time.
pub type RememberedColumns = BTreeMap<String, ColumnUse>;
