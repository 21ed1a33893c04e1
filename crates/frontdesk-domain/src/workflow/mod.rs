//! Workflows: what is done with contacts by itself, step by step, until they answer, book or opt out.
//!
//! A [`Workflow`] says who enters ([`Trigger`]), what happens ([`Step`]) and when it is over ([`Goal`], exits). A contact
//! on its way is an [`Enrolment`]. Where a step leads is decided by [`path`], whether a workflow makes sense by [`check`];
//! both are pure. To add a step, add a variant to [`Action`], its check, and its deed in `app::workflow::advance`.

pub mod check;
mod enrolment;
pub mod path;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

pub use self::enrolment::{
    EndReason, Enrolment, EnrolmentState, Judgement, LogEntry, Qualification, StepOutcome, Task,
};
use crate::compliance::Purpose;
use crate::contact::{ContactStatus, Tag};
use crate::contact_list::{ContactFilter, FieldTest};
use crate::conversation::Channel;
use crate::id::WorkflowId;
use crate::outbox::ApprovedTemplate;
use crate::time::Timestamp;

/// A workflow.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Workflow {
    /// Its id.
    pub id: WorkflowId,
    /// Whether it runs.
    pub state: WorkflowState,
    /// Counts how often it was saved, from 1.
    pub version: u32,
    /// What it does.
    pub settings: WorkflowSettings,
    /// How many contacts are in it now.
    pub active: u64,
    /// How many have ever entered.
    pub entered: u64,
    /// How many reached what it is for.
    pub won: u64,
    /// When it was made.
    pub created_at: Timestamp,
    /// When anything was last changed.
    pub updated_at: Timestamp,
}

/// Whether a workflow runs.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum WorkflowState {
    /// It was never switched on.
    #[default]
    Draft,
    /// Contacts enter and move.
    Active,
    /// Nobody enters and nobody moves; everybody keeps their place.
    Paused,
}

/// What a workflow does.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WorkflowSettings {
    /// Its name.
    #[schema(min_length = 1, max_length = 80)]
    pub name: String,
    /// When a contact enters.
    pub trigger: Trigger,
    /// Of those, only contacts of whom this is true.
    #[serde(default)]
    pub filter: ContactFilter,
    /// What happens, in order; 1 to 50.
    #[schema(min_items = 1, max_items = 50)]
    pub steps: Vec<Step>,
    /// What it is for: who gets there leaves, and counts as won.
    #[serde(default)]
    pub goal: Goal,
    /// Whether an answer of the customer ends it for them.
    #[serde(default = "yes")]
    pub stop_on_reply: bool,
    /// Whether an appointment ends it for them.
    #[serde(default = "yes")]
    pub stop_on_booking: bool,
    /// After how many days a contact may enter again; never when absent.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 3650)]
    pub again_after_days: Option<u32>,
    /// Why its messages are sent: `marketing`, or `transactional` when they are about something the customer asked for.
    #[serde(default = "marketing")]
    pub purpose: Purpose,
    /// What makes a contact fit; judged when they answer.
    #[serde(default)]
    #[schema(max_items = 10)]
    pub criteria: Vec<Criterion>,
}

const fn yes() -> bool {
    true
}

const fn marketing() -> Purpose {
    Purpose::Marketing
}

/// When a contact enters.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "on", rename_all = "snake_case", deny_unknown_fields)]
pub enum Trigger {
    /// When it is added, by hand, import, API or by writing first. Contacts that were there before stay out.
    ContactAdded,
    /// When a conversation with them ends.
    ConversationEnded {
        /// Only when they have no appointment ahead.
        #[serde(default = "yes")]
        without_booking: bool,
        /// Only on these channels; on any when empty.
        #[serde(default)]
        #[schema(max_items = 6)]
        channels: Vec<Channel>,
    },
    /// When something happens to an appointment of theirs.
    Booking {
        /// What; one of these.
        #[schema(min_items = 1, max_items = 6)]
        moments: Vec<BookingMoment>,
    },
    /// Some days before or after a date in one of their custom fields.
    Date {
        /// The field's key.
        #[schema(min_length = 1, max_length = 60)]
        field: String,
        /// Days after the date; negative before it.
        #[schema(minimum = -366, maximum = 366)]
        days: i32,
        /// At this time of day where the business is, `09:00`.
        #[schema(pattern = "^([01][0-9]|2[0-3]):[0-5][0-9]$")]
        at: String,
    },
    /// Only when somebody puts them in.
    Manual,
}

/// What happens to an appointment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum BookingMoment {
    /// It was made.
    Created,
    /// A person confirmed it.
    Confirmed,
    /// It moved.
    Rescheduled,
    /// It was called off.
    Cancelled,
    /// It took place.
    Completed,
    /// They did not come.
    NoShow,
}

/// What a workflow is for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Goal {
    /// They answer.
    Reply,
    /// They have an appointment.
    #[default]
    Booking,
    /// They fit.
    Qualified,
}

/// One thing a workflow does.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// Its name in this workflow, such as `ask`: letters, digits, `-` and `_`. Contacts keep their place by it when the
    /// workflow is edited.
    #[schema(min_length = 1, max_length = 30, pattern = "^[a-z0-9_-]+$")]
    pub id: String,
    /// What is done.
    pub action: Action,
}

/// What a step does.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "do", rename_all = "snake_case", deny_unknown_fields)]
pub enum Action {
    /// Waits.
    Wait {
        /// Minutes; at most a year.
        #[schema(minimum = 1, maximum = 527_040)]
        minutes: u32,
    },
    /// Sends a message.
    Send {
        /// What and how.
        message: OutreachMessage,
    },
    /// Sends a message again and again until they answer; marks them unresponsive when they do not.
    FollowUp {
        /// What and how.
        message: OutreachMessage,
        /// How many times.
        #[schema(minimum = 1, maximum = 10)]
        times: u32,
        /// Minutes between two, and after the last one.
        #[schema(minimum = 1, maximum = 527_040)]
        every_minutes: u32,
    },
    /// Goes on when something is true of the contact, and elsewhere otherwise.
    Condition {
        /// What.
        test: Test,
        /// The later step to go to otherwise; the workflow's end when absent.
        #[schema(max_length = 30)]
        otherwise: Option<String>,
    },
    /// Tags and untags them.
    Tag {
        /// Tags to add.
        #[serde(default)]
        #[schema(max_items = 10)]
        add: Vec<Tag>,
        /// Names of tags to take away.
        #[serde(default)]
        #[schema(max_items = 10)]
        remove: Vec<String>,
    },
    /// Sets their status.
    SetStatus {
        /// To this.
        status: ContactStatus,
    },
    /// Leaves a task for the team.
    Task {
        /// What is to be done; variables as in a message.
        #[schema(min_length = 1, max_length = 200)]
        title: String,
        /// By how many days from then.
        #[serde(default)]
        #[schema(maximum = 365)]
        due_in_days: u32,
    },
    /// Tells another system, by HTTP.
    Webhook {
        /// Where; `https`.
        #[schema(max_length = 1000)]
        url: String,
    },
    /// Ends it for them.
    End,
}

/// A message a workflow sends.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OutreachMessage {
    /// Through what.
    #[serde(default)]
    pub channel: OutreachChannel,
    /// The subject, when it goes as e-mail; the business's name when absent.
    #[serde(default)]
    #[schema(max_length = 300)]
    pub subject: Option<String>,
    /// What it says.
    pub words: Words,
    /// The approved template it goes as on WhatsApp where free words are not allowed; its variables may hold variables.
    #[serde(default)]
    pub whatsapp_template: Option<ApprovedTemplate>,
}

/// Through what a workflow's message goes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum OutreachChannel {
    /// Where the customer last wrote, else whatever the gate allows first: text message, WhatsApp, e-mail.
    #[default]
    Best,
    /// Text messages.
    Sms,
    /// WhatsApp.
    Whatsapp,
    /// E-mail.
    Email,
}

/// What a workflow's message says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "by", rename_all = "snake_case", deny_unknown_fields)]
pub enum Words {
    /// These words. `{{ first_name }}`, `{{ name }}`, `{{ company }}`, `{{ business_name }}` and `{{ booking_link }}` are
    /// filled in; `{% if first_name %}` asks whether one is there.
    Text {
        /// The words.
        #[schema(min_length = 1, max_length = 4000)]
        text: String,
    },
    /// The agent's model writes them for each contact, from what is known of them and what was said before.
    Ai {
        /// What the message is to say and do.
        #[schema(min_length = 1, max_length = 2000)]
        instruction: String,
        /// Words used when no model is connected, or when what it wrote must not be sent; as `text` above.
        #[schema(min_length = 1, max_length = 4000)]
        fallback: String,
    },
}

impl Words {
    /// The words with variables in them that stand when nobody writes others.
    pub fn template(&self) -> &str {
        match self {
            Self::Text { text } => text,
            Self::Ai { fallback, .. } => fallback,
        }
    }
}

/// What is asked of a contact.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "if", rename_all = "snake_case", deny_unknown_fields)]
pub enum Test {
    /// They have answered since they entered.
    Replied,
    /// They have an appointment ahead.
    Booked,
    /// They were found to fit.
    Qualified,
    /// They have this tag, whatever its case.
    HasTag {
        /// Its name.
        #[schema(min_length = 1, max_length = 40)]
        name: String,
    },
    /// They are in one of these states.
    Status {
        /// Which.
        #[schema(min_items = 1, max_items = 7)]
        statuses: Vec<ContactStatus>,
    },
    /// A custom field says so.
    Field {
        /// What it must say.
        field: FieldTest,
    },
}

/// One thing that makes a contact fit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Criterion {
    /// Its name in this workflow, such as `budget`.
    #[schema(min_length = 1, max_length = 30, pattern = "^[a-z0-9_-]+$")]
    pub id: String,
    /// What must be true, in words: `owns the house`. The agent's model judges it.
    #[schema(min_length = 1, max_length = 300)]
    pub text: String,
    /// Words of the customer that show it; judged by without a model.
    #[serde(default)]
    #[schema(max_items = 20)]
    pub words: Vec<String>,
    /// Whether they fit only if it is true.
    #[serde(default = "yes")]
    pub required: bool,
}
