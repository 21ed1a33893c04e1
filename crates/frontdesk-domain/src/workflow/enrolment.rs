//! A contact on its way through a workflow.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::id::{ContactId, EnrolmentId, MessageId, TaskId, UserId, WorkflowId};
use crate::time::Timestamp;

/// A contact on its way through a workflow.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Enrolment {
    /// Its id.
    pub id: EnrolmentId,
    /// The workflow.
    pub workflow_id: WorkflowId,
    /// The workflow's name.
    pub workflow_name: String,
    /// Who.
    pub contact_id: ContactId,
    /// Their name at a glance.
    pub contact_name: String,
    /// Whether it goes on.
    pub state: EnrolmentState,
    /// The step that comes next, by its name in the workflow.
    pub step: Option<String>,
    /// When.
    pub due_at: Option<Timestamp>,
    /// How often the step was done already, for one that repeats.
    pub tries: u32,
    /// When they entered.
    pub entered_at: Timestamp,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
    /// Why.
    pub reason: Option<EndReason>,
    /// How they fit, as last judged.
    pub qualification: Option<Qualification>,
}

/// Whether an enrolment goes on.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum EnrolmentState {
    /// It does.
    #[default]
    Active,
    /// Every step was done.
    Finished,
    /// They reached what the workflow is for.
    Won,
    /// It was ended before.
    Stopped,
}

/// Why an enrolment ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum EndReason {
    /// The last step was done.
    Finished,
    /// They answered.
    Replied,
    /// They have an appointment.
    Booked,
    /// They fit.
    Qualified,
    /// They opted out.
    OptedOut,
    /// They answered no follow-up.
    Unresponsive,
    /// A team member ended it.
    ByHand,
    /// The contact is gone.
    ContactGone,
}

impl EndReason {
    /// Every reason, in the order lists show them.
    pub const ALL: [Self; 8] = [
        Self::Finished,
        Self::Replied,
        Self::Booked,
        Self::Qualified,
        Self::OptedOut,
        Self::Unresponsive,
        Self::ByHand,
        Self::ContactGone,
    ];
}

/// What became of one step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LogEntry {
    /// When.
    pub at: Timestamp,
    /// The step, by its name in the workflow.
    pub step: String,
    /// What became of it.
    pub outcome: StepOutcome,
    /// The same in plain words.
    pub text: String,
    /// The message that was sent.
    pub message_id: Option<MessageId>,
}

/// What became of a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum StepOutcome {
    /// It was done.
    Done,
    /// It was left out, as nothing could or might be sent.
    Skipped,
    /// What it asked was not true.
    Otherwise,
    /// It went wrong.
    Failed,
}

/// How a contact fits what a workflow looks for.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Qualification {
    /// Whether everything required is true.
    pub qualified: bool,
    /// Each criterion.
    pub judgements: Vec<Judgement>,
    /// When it was judged.
    pub at: Timestamp,
    /// What judged: a model's name, or `built-in`.
    pub by: String,
}

/// How one criterion was judged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Judgement {
    /// The criterion, by its name in the workflow.
    pub criterion: String,
    /// Whether it is true; absent when nothing was said about it.
    pub met: Option<bool>,
    /// Why, in plain words.
    pub reason: String,
}

/// Something a person is to do about a contact.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Task {
    /// Its id.
    pub id: TaskId,
    /// About whom.
    pub contact_id: ContactId,
    /// Their name.
    pub contact_name: String,
    /// What.
    pub title: String,
    /// By when.
    pub due_at: Timestamp,
    /// The workflow that asks for it.
    pub workflow_id: Option<WorkflowId>,
    /// When it was asked for.
    pub created_at: Timestamp,
    /// When it was done.
    pub done_at: Option<Timestamp>,
    /// By whom.
    pub done_by: Option<UserId>,
}
