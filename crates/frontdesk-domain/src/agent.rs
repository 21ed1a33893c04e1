//! An AI agent, its settings and its versions.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::id::{AgentId, AgentVersionId, ConnectionId, PersonaId, SourceId, UserId};
use crate::locale::Language;
use crate::persona::PersonaVoice;
use crate::time::Timestamp;
use crate::workspace::WeeklyHours;

/// Whether an agent answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AgentState {
    /// It answers.
    Active,
    /// It does not answer; conversations wait for people.
    Inactive,
    /// Put away; hidden from lists.
    Archived,
}

/// An AI agent.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Agent {
    /// Its id.
    pub id: AgentId,
    /// Its name, as customers see it.
    pub name: String,
    /// Whether it answers.
    pub state: AgentState,
    /// Whether it answers where no agent is named.
    pub is_default: bool,
    /// The settings being edited.
    pub draft: AgentSettings,
    /// The version that answers; absent until first published.
    pub published_version: Option<AgentVersionId>,
    /// Its number.
    pub published_number: Option<u32>,
    /// Whether the draft differs from what is published.
    pub has_changes: bool,
    /// When it was made.
    pub created_at: Timestamp,
    /// When the draft was last changed.
    pub updated_at: Timestamp,
}

/// Everything that makes an agent behave as it does; a version is a frozen copy.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct AgentSettings {
    /// First words to a new customer.
    #[schema(max_length = 1000)]
    pub greeting: String,
    /// Instructions in the business's words.
    #[schema(max_length = 20000)]
    pub instructions: String,
    /// The language it starts in.
    pub language: Language,
    /// Channels it answers on.
    pub channels: Vec<AgentChannel>,
    /// When it answers; always when absent.
    pub hours: Option<WeeklyHours>,
    /// The persona it speaks with.
    pub persona_id: Option<PersonaId>,
    /// The persona's words, frozen when the agent was published; empty in a draft.
    pub persona: Option<PersonaVoice>,
    /// What thinks.
    pub brain: BrainSettings,
    /// Tools it may use, by name.
    pub tools: Vec<String>,
    /// Knowledge sources it answers from; all of the workspace's when absent.
    pub sources: Option<Vec<SourceId>>,
    /// Subjects it must not talk about.
    #[schema(max_items = 50)]
    pub off_topics: Vec<String>,
    /// When it hands over by itself.
    pub handoff: HandoffSettings,
    /// What it asks of a lead, in order, by field name.
    pub lead_fields: Vec<LeadField>,
}

/// Tools every new agent has.
pub const DEFAULT_TOOLS: &[&str] = &[
    "search_knowledge",
    "list_booking_types",
    "check_availability",
    "hold_slot",
    "book",
    "find_my_bookings",
    "send_code",
    "enter_code",
    "reschedule",
    "cancel",
    "join_waiting_list",
    "capture_lead",
    "update_contact",
    "send_sms",
    "send_whatsapp",
    "send_email",
    "check_message",
    "handoff",
    "end_conversation",
    "opt_out",
];

impl Default for AgentSettings {
    fn default() -> Self {
        Self {
            greeting: String::new(),
            instructions: String::new(),
            language: Language::En,
            channels: vec![AgentChannel::Web],
            hours: None,
            persona_id: None,
            persona: None,
            brain: BrainSettings::default(),
            tools: DEFAULT_TOOLS.iter().map(|&name| name.to_owned()).collect(),
            sources: None,
            off_topics: Vec::new(),
            handoff: HandoffSettings::default(),
            lead_fields: vec![LeadField::Name, LeadField::Email, LeadField::Phone, LeadField::Need],
        }
    }
}

/// A channel an agent may answer on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AgentChannel {
    /// The widget.
    Web,
}

/// What an agent asks of a lead.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum LeadField {
    /// Their name.
    Name,
    /// Their e-mail address.
    Email,
    /// Their phone number.
    Phone,
    /// What they need.
    Need,
}

/// What thinks for an agent.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct BrainSettings {
    /// Model connections in order of preference; the built-in brain always stands behind them, and alone when empty.
    #[schema(max_items = 4)]
    pub models: Vec<ConnectionId>,
    /// Sampling temperature, 0 to 2.
    #[schema(minimum = 0, maximum = 2)]
    pub temperature: Option<f32>,
    /// Most tokens of one answer.
    #[schema(minimum = 64, maximum = 8192)]
    pub max_tokens: u32,
    /// Most micro-dollars one conversation may cost before the built-in brain takes over, at most a million dollars; no
    /// ceiling when absent.
    #[schema(maximum = 1_000_000_000_000_i64)]
    pub cost_ceiling_micros: Option<u64>,
}

impl Default for BrainSettings {
    fn default() -> Self {
        Self { models: Vec::new(), temperature: None, max_tokens: 1024, cost_ceiling_micros: None }
    }
}

/// When an agent hands over by itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct HandoffSettings {
    /// After this many questions in a row it could not answer.
    #[schema(minimum = 1, maximum = 10)]
    pub after_misses: u8,
    /// What it says while people are away; a default when empty.
    #[schema(max_length = 1000)]
    pub closed_message: String,
}

impl Default for HandoffSettings {
    fn default() -> Self {
        Self { after_misses: 2, closed_message: String::new() }
    }
}

/// A frozen copy of an agent's settings.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct AgentVersion {
    /// Its id.
    pub id: AgentVersionId,
    /// The agent.
    pub agent_id: AgentId,
    /// 1, 2, 3, ...
    pub number: u32,
    /// The agent's name at that time.
    pub name: String,
    /// The settings.
    pub settings: AgentSettings,
    /// What changed, in the publisher's words.
    pub note: String,
    /// Who published it.
    pub published_by: Option<UserId>,
    /// When.
    pub created_at: Timestamp,
}

/// One difference between two versions.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct SettingChange {
    /// Where, as a JSON pointer such as `/brain/max_tokens`.
    pub path: String,
    /// The older value; absent when added.
    #[schema(value_type = Option<Object>)]
    pub before: Option<serde_json::Value>,
    /// The newer value; absent when removed.
    #[schema(value_type = Option<Object>)]
    pub after: Option<serde_json::Value>,
}
