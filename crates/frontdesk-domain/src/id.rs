//! Ids: UUIDv7 inside, prefixed text (`conv_0192...`) at every edge.
//!
//! Each resource has its own newtype, so ids of different resources cannot be mixed up. To add one, add a line to the
//! `ids!` list.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use uuid::Uuid;

use crate::random::Random;
use crate::time::Timestamp;

/// A text that is not an id of the expected resource.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not a {resource} id; expected `{prefix}_` and 32 hexadecimal digits")]
pub struct InvalidId {
    /// What was given, cut to 64 characters.
    pub text: String,
    /// The resource's name.
    pub resource: &'static str,
    /// The expected prefix.
    pub prefix: &'static str,
}

/// Makes a UUIDv7 (RFC 9562) from an instant and randomness.
pub fn uuid_v7(now: Timestamp, random: &dyn Random) -> Uuid {
    let mut bytes = [0_u8; 10];
    random.fill(&mut bytes);
    uuid::Builder::from_unix_timestamp_millis(now.as_millis().max(0).unsigned_abs(), &bytes).into_uuid()
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident = $prefix:literal, $resource:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Uuid);

        impl $name {
            /// The prefix of the text form.
            pub const PREFIX: &'static str = $prefix;

            /// A new id, ordered by time.
            pub fn new(now: Timestamp, random: &dyn Random) -> Self {
                Self(uuid_v7(now, random))
            }

            /// The id with this UUID.
            pub const fn from_uuid(uuid: Uuid) -> Self {
                Self(uuid)
            }

            /// The UUID stored in the database.
            pub const fn uuid(self) -> Uuid {
                self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!($prefix, "_{}"), self.0.simple())
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, f)
            }
        }

        impl FromStr for $name {
            type Err = InvalidId;

            fn from_str(text: &str) -> Result<Self, InvalidId> {
                text.strip_prefix(concat!($prefix, "_"))
                    .filter(|hex| hex.len() == 32)
                    .and_then(|hex| Uuid::try_parse(hex).ok())
                    .map(Self)
                    .ok_or_else(|| InvalidId {
                        text: text.chars().take(64).collect(),
                        resource: $resource,
                        prefix: $prefix,
                    })
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }

        impl utoipa::PartialSchema for $name {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
                utoipa::openapi::ObjectBuilder::new()
                    .schema_type(utoipa::openapi::schema::Type::String)
                    .pattern(Some(concat!("^", $prefix, "_[0-9a-f]{32}$")))
                    .examples([concat!($prefix, "_0198c0de7e1f7a3c8d5e6f708192a3b4")])
                    .into()
            }
        }

        impl utoipa::ToSchema for $name {}
    )*};
}

ids! {
    /// A business on the installation.
    WorkspaceId = "ws", "workspace";
    /// A person who signs in.
    UserId = "user", "user";
    /// A person's place in a workspace.
    MemberId = "memb", "member";
    /// An open invitation.
    InvitationId = "inv", "invitation";
    /// A sign-in (refresh token family).
    LoginId = "login", "login";
    /// A program's secret key.
    ApiKeyId = "key", "API key";
    /// A widget's publishable key.
    WidgetKeyId = "wkey", "widget key";
    /// A configured vendor.
    ConnectionId = "cxn", "connection";
    /// An AI agent.
    AgentId = "agent", "agent";
    /// One version of an agent.
    AgentVersionId = "agv", "agent version";
    /// A persona.
    PersonaId = "pers", "persona";
    /// A knowledge source.
    SourceId = "src", "knowledge source";
    /// A piece of a knowledge source.
    ChunkId = "chunk", "knowledge chunk";
    /// A person the business talks to.
    ContactId = "cont", "contact";
    /// A note on a contact.
    NoteId = "note", "note";
    /// A remembered fact about a contact.
    FactId = "fact", "fact";
    /// A captured lead.
    LeadId = "lead", "lead";
    /// A conversation.
    ConversationId = "conv", "conversation";
    /// A message in a conversation.
    MessageId = "msg", "message";
    /// A file that came along with a message.
    FileId = "file", "file";
    /// One turn of the agent.
    TurnId = "turn", "turn";
    /// One tool call of a turn.
    ToolCallId = "call", "tool call";
    /// A canned reply.
    CannedReplyId = "reply", "canned reply";
    /// A domain event.
    EventId = "evt", "event";
    /// A queued job.
    JobId = "job", "job";
    /// An audit entry.
    AuditId = "aud", "audit entry";
    /// A recorded compliance decision.
    DecisionId = "dec", "compliance decision";
    /// An outbound message of the outbox.
    OutboundId = "out", "outbound message";
    /// A booking.
    BookingId = "book", "booking";
    /// A booking type.
    BookingTypeId = "btype", "booking type";
    /// Seats of one type at one time.
    SessionId = "sess", "booking session";
    /// A note on a booking.
    BookingNoteId = "bnote", "booking note";
    /// A saved view of the bookings list.
    BookingViewId = "view", "booking view";
    /// Somebody who takes bookings.
    StaffId = "staff", "staff member";
    /// A room, a chair, a machine.
    ResourceId = "res", "resource";
    /// A place of the business.
    PlaceId = "place", "place";
    /// Somebody waiting for a slot.
    WaitingId = "wait", "waiting list entry";
    /// A connected calendar.
    CalendarId = "cal", "calendar";
    /// A message template.
    TemplateId = "tmpl", "template";
    /// A template that a vendor approves.
    ChannelTemplateId = "ctpl", "channel template";
    /// A short link in a message.
    ShortLinkId = "link", "short link";
    /// Two contacts made one.
    MergeId = "merge", "merge";
    /// A custom field of contacts.
    FieldId = "field", "custom field";
    /// A saved filter of contacts.
    SegmentId = "seg", "segment";
    /// A file of contacts that is read in.
    ImportId = "imp", "import";
    /// Something done to many contacts at once.
    BulkId = "bulk", "bulk action";
    /// A workflow.
    WorkflowId = "flow", "workflow";
    /// A contact on its way through a workflow.
    EnrolmentId = "enr", "enrolment";
    /// Something a person is to do.
    TaskId = "task", "task";
}

impl WorkspaceId {
    /// The installation itself: sign-ins and scheduled jobs that belong to no business.
    pub const INSTALLATION: Self = Self(Uuid::nil());
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::SeededRandom;

    #[test]
    fn an_id_survives_its_text_form_and_refuses_another_resource() {
        let id = ContactId::new(Timestamp::from_millis(1_700_000_000_000), &SeededRandom::new(1));
        assert_eq!(id.to_string().parse::<ContactId>().unwrap(), id);
        assert!(id.to_string().parse::<MessageId>().is_err());
        assert!("cont_zz".parse::<ContactId>().is_err());
    }

    #[test]
    fn ids_sort_by_time() {
        let random = SeededRandom::new(1);
        let early = MessageId::new(Timestamp::from_millis(1_000), &random);
        let late = MessageId::new(Timestamp::from_millis(2_000), &random);
        assert!(early < late);
    }
}
