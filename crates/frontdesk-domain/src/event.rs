//! Domain events: what happened, in the past tense, once per fact.
//!
//! Events are appended in the same transaction as the change they tell of and numbered per workspace without gaps.
//! To add one, add a variant; subscribers and the live socket see it by its [`Event::kind`].

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::conversation::{ConversationState, Floor};
use crate::id::{
    AgentId, BookingId, BulkId, CalendarId, ContactId, ConversationId, ImportId, LeadId, MessageId, SourceId,
    TaskId, TemplateId, UserId, WaitingId, WorkflowId,
};
use crate::message::Author;
use crate::outbox::Status;
use crate::time::Timestamp;

/// Something that happened in a workspace.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind")]
pub enum Event {
    /// A conversation started.
    #[serde(rename = "conversation.started")]
    ConversationStarted {
        /// Which.
        conversation_id: ConversationId,
    },
    /// A message was stored.
    #[serde(rename = "message.created")]
    MessageCreated {
        /// Where.
        conversation_id: ConversationId,
        /// Which.
        message_id: MessageId,
        /// Who wrote it.
        author: Author,
        /// Its place in the conversation. Named apart from the log's own `seq`, beside which it stands on the wire.
        #[serde(rename = "message_seq")]
        seq: u64,
    },
    /// A message that leaves through a vendor is somewhere else now.
    #[serde(rename = "message.status_changed")]
    MessageStatusChanged {
        /// Which.
        message_id: MessageId,
        /// Where it was said, when in a conversation.
        conversation_id: Option<ConversationId>,
        /// Where it is.
        status: Status,
    },
    /// The floor changed hands.
    #[serde(rename = "conversation.floor_changed")]
    FloorChanged {
        /// Where.
        conversation_id: ConversationId,
        /// Who speaks now.
        floor: Floor,
        /// The new epoch.
        epoch: u64,
    },
    /// A person was asked for.
    #[serde(rename = "human_handoff.requested")]
    HandoffRequested {
        /// Where.
        conversation_id: ConversationId,
        /// Why.
        reason: String,
    },
    /// The conversation's state changed.
    #[serde(rename = "conversation.state_changed")]
    ConversationStateChanged {
        /// Where.
        conversation_id: ConversationId,
        /// The new state.
        state: ConversationState,
    },
    /// Assignment, contact, unread count, rating or summary changed.
    #[serde(rename = "conversation.updated")]
    ConversationUpdated {
        /// Which.
        conversation_id: ConversationId,
    },
    /// A contact was made or changed.
    #[serde(rename = "contact.updated")]
    ContactUpdated {
        /// Which.
        contact_id: ContactId,
    },
    /// A contact was erased or merged away.
    #[serde(rename = "contact.deleted")]
    ContactDeleted {
        /// Which.
        contact_id: ContactId,
    },
    /// A contact asked not to be contacted.
    #[serde(rename = "contact.opted_out")]
    ContactOptedOut {
        /// Which.
        contact_id: ContactId,
    },
    /// Many contacts were changed at once: an import or a bulk action got on. Which it is, is in one of the two.
    #[serde(rename = "contacts.changed")]
    ContactsChanged {
        /// The import.
        import_id: Option<ImportId>,
        /// The bulk action.
        bulk_id: Option<BulkId>,
    },
    /// A lead was captured.
    #[serde(rename = "lead.created")]
    LeadCreated {
        /// Which.
        lead_id: LeadId,
    },
    /// A lead changed.
    #[serde(rename = "lead.updated")]
    LeadUpdated {
        /// Which.
        lead_id: LeadId,
    },
    /// A booking was made.
    #[serde(rename = "booking.created")]
    BookingCreated {
        /// Which.
        booking_id: BookingId,
    },
    /// A person confirmed a pending booking.
    #[serde(rename = "booking.confirmed")]
    BookingConfirmed {
        /// Which.
        booking_id: BookingId,
    },
    /// A booking moved.
    #[serde(rename = "booking.rescheduled")]
    BookingRescheduled {
        /// Which.
        booking_id: BookingId,
        /// Its start before.
        from: Timestamp,
    },
    /// A booking was called off.
    #[serde(rename = "booking.cancelled")]
    BookingCancelled {
        /// Which.
        booking_id: BookingId,
    },
    /// A booking took place.
    #[serde(rename = "booking.completed")]
    BookingCompleted {
        /// Which.
        booking_id: BookingId,
    },
    /// The customer did not come.
    #[serde(rename = "booking.no_show")]
    BookingNoShow {
        /// Which.
        booking_id: BookingId,
    },
    /// A booking's details, notes or flag changed.
    #[serde(rename = "booking.updated")]
    BookingUpdated {
        /// Which.
        booking_id: BookingId,
    },
    /// Booking types, staff, resources, places, hours or holidays changed.
    #[serde(rename = "schedule.updated")]
    ScheduleUpdated,
    /// Somebody joined the waiting list, was offered a slot, or left.
    #[serde(rename = "waiting_list.updated")]
    WaitingListUpdated {
        /// Who.
        waiting_id: WaitingId,
    },
    /// A calendar was connected, synchronised, failed or removed.
    #[serde(rename = "calendar.updated")]
    CalendarUpdated {
        /// Which.
        calendar_id: CalendarId,
    },
    /// A message template changed.
    #[serde(rename = "template.updated")]
    TemplateUpdated {
        /// Which.
        template_id: TemplateId,
    },
    /// A knowledge source changed its status or progress.
    #[serde(rename = "knowledge.updated")]
    KnowledgeUpdated {
        /// Which.
        source_id: SourceId,
    },
    /// A knowledge source was deleted.
    #[serde(rename = "knowledge.deleted")]
    KnowledgeDeleted {
        /// Which.
        source_id: SourceId,
    },
    /// An agent's draft, state or published version changed.
    #[serde(rename = "agent.updated")]
    AgentUpdated {
        /// Which.
        agent_id: AgentId,
    },
    /// A member joined, left or changed role.
    #[serde(rename = "team.updated")]
    TeamUpdated {
        /// Who.
        user_id: UserId,
    },
    /// A workflow, or who is where in it, changed.
    #[serde(rename = "workflow.updated")]
    WorkflowUpdated {
        /// Which.
        workflow_id: WorkflowId,
    },
    /// A task was left for the team, or done.
    #[serde(rename = "task.updated")]
    TaskUpdated {
        /// Which.
        task_id: TaskId,
    },
    /// Consent, opt-outs, do-not-contact lists or rules changed.
    #[serde(rename = "compliance.updated")]
    ComplianceUpdated,
    /// Templates that a channel's vendor approves were added, changed or removed.
    #[serde(rename = "channel_templates.updated")]
    ChannelTemplatesUpdated,
    /// Workspace settings, keys or connections changed.
    #[serde(rename = "workspace.updated")]
    WorkspaceUpdated,
}

impl Event {
    /// The kind, as subscribers name it.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::ConversationStarted { .. } => "conversation.started",
            Self::MessageCreated { .. } => "message.created",
            Self::MessageStatusChanged { .. } => "message.status_changed",
            Self::FloorChanged { .. } => "conversation.floor_changed",
            Self::HandoffRequested { .. } => "human_handoff.requested",
            Self::ConversationStateChanged { .. } => "conversation.state_changed",
            Self::ConversationUpdated { .. } => "conversation.updated",
            Self::ContactUpdated { .. } => "contact.updated",
            Self::ContactDeleted { .. } => "contact.deleted",
            Self::ContactOptedOut { .. } => "contact.opted_out",
            Self::ContactsChanged { .. } => "contacts.changed",
            Self::LeadCreated { .. } => "lead.created",
            Self::LeadUpdated { .. } => "lead.updated",
            Self::BookingCreated { .. } => "booking.created",
            Self::BookingConfirmed { .. } => "booking.confirmed",
            Self::BookingRescheduled { .. } => "booking.rescheduled",
            Self::BookingCancelled { .. } => "booking.cancelled",
            Self::BookingCompleted { .. } => "booking.completed",
            Self::BookingNoShow { .. } => "booking.no_show",
            Self::BookingUpdated { .. } => "booking.updated",
            Self::ScheduleUpdated => "schedule.updated",
            Self::WaitingListUpdated { .. } => "waiting_list.updated",
            Self::CalendarUpdated { .. } => "calendar.updated",
            Self::TemplateUpdated { .. } => "template.updated",
            Self::KnowledgeUpdated { .. } => "knowledge.updated",
            Self::KnowledgeDeleted { .. } => "knowledge.deleted",
            Self::AgentUpdated { .. } => "agent.updated",
            Self::TeamUpdated { .. } => "team.updated",
            Self::WorkflowUpdated { .. } => "workflow.updated",
            Self::TaskUpdated { .. } => "task.updated",
            Self::ComplianceUpdated => "compliance.updated",
            Self::ChannelTemplatesUpdated => "channel_templates.updated",
            Self::WorkspaceUpdated => "workspace.updated",
        }
    }
}

/// An event with its place in the workspace's log.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct LoggedEvent {
    /// 1, 2, 3, ... within the workspace, without gaps.
    pub seq: u64,
    /// When it was committed.
    pub at: Timestamp,
    /// What happened.
    #[serde(flatten)]
    pub event: Event,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_place_in_the_log_and_in_the_conversation_are_told_apart() {
        let random = crate::random::SeededRandom::new(1);
        let at = Timestamp::from_millis(1_774_000_000_000);
        let event = Event::MessageCreated {
            conversation_id: ConversationId::new(at, &random),
            message_id: MessageId::new(at, &random),
            author: Author::Customer,
            seq: 3,
        };
        let logged = LoggedEvent { seq: 90, at, event };
        let text = serde_json::to_string(&logged).unwrap();
        assert!(text.contains("\"seq\":90") && text.contains("\"message_seq\":3"), "{text}");
        assert_eq!(serde_json::from_str::<LoggedEvent>(&text).unwrap(), logged);
    }

    #[test]
    fn the_kind_is_the_tag_on_the_wire() {
        let json = serde_json::to_value(Event::WorkspaceUpdated).unwrap();
        assert_eq!(json["kind"], Event::WorkspaceUpdated.kind());
    }
}
