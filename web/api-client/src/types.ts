// The wire types, as the server's domain types serialise. Every timestamp is RFC 3339 text in UTC.

export type Timestamp = string;
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

// ---- lists ------------------------------------------------------------------------------------------------------

export interface Page<Item> {
  items: Item[];
  /** Ask with this cursor for the next page; absent on the last one. */
  next_cursor?: string | null;
  /** How many rows there are in all, when counted. */
  total?: number | null;
}

// ---- people and access ------------------------------------------------------------------------------------------

export type Language = 'en' | 'es' | 'de' | 'fr';
export type ColorScheme = 'auto' | 'light' | 'dark';
export type Role = 'owner' | 'admin' | 'manager' | 'agent' | 'viewer';
export type Permission =
  | 'workspace:read'
  | 'workspace:write'
  | 'workspace:own'
  | 'team:read'
  | 'team:write'
  | 'keys:read'
  | 'keys:write'
  | 'connections:read'
  | 'connections:write'
  | 'audit:read'
  | 'agents:read'
  | 'agents:write'
  | 'knowledge:read'
  | 'knowledge:write'
  | 'contacts:read'
  | 'contacts:write'
  | 'contacts:export'
  | 'leads:read'
  | 'leads:write'
  | 'conversations:read'
  | 'conversations:write';

export interface User {
  id: string;
  email: string;
  name: string;
  language: Language;
  scheme: ColorScheme;
  created_at: Timestamp;
}

export interface Me {
  user: User;
  workspaces: WorkspaceMembership[];
}

export interface WorkspaceMembership {
  id: string;
  name: string;
  slug: string;
  role: Role;
}

export interface Member {
  id: string;
  user_id: string;
  name: string;
  email: string;
  role: Role;
  created_at: Timestamp;
}

export interface Invitation {
  id: string;
  email: string;
  role: Role;
  invited_by: string;
  created_at: Timestamp;
  expires_at: Timestamp;
}

/** What an invitation's link shows before it is accepted. */
export interface InvitationPreview {
  workspace: string;
  email: string;
  role: Role;
  /** Whether the address has an account: then its password is asked, otherwise a name and a new one. */
  has_account: boolean;
}

// ---- workspace --------------------------------------------------------------------------------------------------

export type Weekday = 'mon' | 'tue' | 'wed' | 'thu' | 'fri' | 'sat' | 'sun';
/** Minutes after midnight; `to` is exclusive. */
export interface Stretch {
  from: number;
  to: number;
}
export type WeeklyHours = Partial<Record<Weekday, Stretch[]>>;

export interface BusinessFacts {
  description: string;
  address: string;
  phone: string;
  email: string;
  website: string;
}

export interface Theme {
  /** `#rrggbb` */
  accent: string;
  position: 'left' | 'right';
  scheme: ColorScheme;
  launcher_text: string;
}

export interface Onboarding {
  business: boolean;
  knowledge: boolean;
  agent: boolean;
  widget: boolean;
  dismissed: boolean;
}

export interface Workspace {
  id: string;
  name: string;
  slug: string;
  /** IANA zone. */
  zone: string;
  country: string;
  language: Language;
  facts: BusinessFacts;
  hours: WeeklyHours;
  theme: Theme;
  onboarding: Onboarding;
  created_at: Timestamp;
}

// ---- keys, connections, audit -----------------------------------------------------------------------------------

export interface ApiKey {
  id: string;
  name: string;
  hint: string;
  scopes: Permission[];
  created_at: Timestamp;
  last_used_at?: Timestamp | null;
  expires_at?: Timestamp | null;
  revoked_at?: Timestamp | null;
}

/** The answer to making a key: the only time the secret is seen. */
export interface CreatedApiKey {
  key: ApiKey;
  secret: string;
}

export interface WidgetKey {
  id: string;
  name: string;
  key: string;
  origins: string[];
  agent_id?: string | null;
  created_at: Timestamp;
  revoked_at?: Timestamp | null;
}

export type ConnectionCategory = 'model' | 'embedding' | 'mail';

export interface ConnectionTest {
  ok: boolean;
  message: string;
  latency_ms: number;
  at: Timestamp;
}

export interface Connection {
  id: string;
  vendor: string;
  category: ConnectionCategory;
  name: string;
  settings: Record<string, Json>;
  has_secret: boolean;
  enabled: boolean;
  last_test?: ConnectionTest | null;
  created_at: Timestamp;
  updated_at: Timestamp;
}

/** A vendor's manifest, from which its form is drawn. */
export interface Vendor {
  id: string;
  name: string;
  category: ConnectionCategory;
  /** JSON Schema of `settings`. */
  settings_schema: Record<string, Json>;
  /** How it signs in, such as `api_key` or `none`. */
  auth: string;
  docs: string;
}

export interface AuditEntry {
  id: string;
  at: Timestamp;
  actor_kind: string;
  actor: string;
  actor_name?: string | null;
  action: string;
  target?: string | null;
  detail: Json;
  ip?: string | null;
  request_id: string;
}

// ---- agents -----------------------------------------------------------------------------------------------------

export type AgentState = 'active' | 'inactive' | 'archived';
export type AgentChannel = 'web';
export type LeadField = 'name' | 'email' | 'phone' | 'need';
export type Tone = 'friendly' | 'professional' | 'casual';

export interface PersonaVoice {
  tone: Tone;
  style: string;
  dos: string[];
  donts: string[];
  examples: string[];
}

export interface Persona {
  id: string;
  name: string;
  voice: PersonaVoice;
  created_at: Timestamp;
  updated_at: Timestamp;
}

export interface BrainSettings {
  models: string[];
  temperature?: number | null;
  max_tokens: number;
  cost_ceiling_micros?: number | null;
}

export interface HandoffSettings {
  after_misses: number;
  closed_message: string;
}

export interface AgentSettings {
  greeting: string;
  instructions: string;
  language: Language;
  channels: AgentChannel[];
  hours?: WeeklyHours | null;
  persona_id?: string | null;
  persona?: PersonaVoice | null;
  brain: BrainSettings;
  tools: string[];
  sources?: string[] | null;
  off_topics: string[];
  handoff: HandoffSettings;
  lead_fields: LeadField[];
}

export interface Agent {
  id: string;
  name: string;
  state: AgentState;
  is_default: boolean;
  draft: AgentSettings;
  published_version?: string | null;
  published_number?: number | null;
  has_changes: boolean;
  created_at: Timestamp;
  updated_at: Timestamp;
}

export interface AgentVersion {
  id: string;
  agent_id: string;
  number: number;
  name: string;
  settings: AgentSettings;
  note: string;
  published_by?: string | null;
  created_at: Timestamp;
}

export interface SettingChange {
  /** JSON pointer such as `/brain/max_tokens`. */
  path: string;
  before?: Json;
  after?: Json;
}

export interface ToolDescription {
  name: string;
  description: string;
  /** JSON Schema of its arguments. */
  parameters: Record<string, Json>;
}

/** What the sandbox answers to one message. */
export interface SandboxAnswer {
  messages: Message[];
  /** Absent when the draft no longer has the floor. */
  turn?: TurnRecord | null;
  passages: Passage[];
}

// ---- knowledge --------------------------------------------------------------------------------------------------

export type SourceKind = 'text' | 'faq' | 'file' | 'page' | 'site';
export type SourceStatus = 'queued' | 'processing' | 'ready' | 'failed';

export interface Source {
  id: string;
  kind: SourceKind;
  title: string;
  url?: string | null;
  file_name?: string | null;
  bytes: number;
  status: SourceStatus;
  /** 0 to 100. */
  progress: number;
  stage: string;
  error?: string | null;
  chunks: number;
  pages: number;
  language?: Language | null;
  created_at: Timestamp;
  synced_at?: Timestamp | null;
}

export interface FaqPair {
  question: string;
  answer: string;
}

/** A searchable piece of a source. */
export interface Chunk {
  id: string;
  /** 0, 1, 2, ... within the source. */
  ordinal: number;
  place: string;
  /** The headings it stands under. */
  context: string;
  /** The question, when it answers one. */
  question?: string | null;
  text: string;
  url?: string | null;
}

/** What was typed into a source, for editing it; empty for files and web pages. */
export interface SourceContent {
  text?: string | null;
  pairs?: FaqPair[] | null;
}

export interface Passage {
  chunk_id: string;
  source_id: string;
  title: string;
  place: string;
  text: string;
  score: number;
  url?: string | null;
}

export interface Citation {
  chunk_id: string;
  source_id: string;
  title: string;
  place: string;
  quote: string;
  url?: string | null;
}

export interface KnowledgeAnswer {
  answered: boolean;
  text: string;
  citations: Citation[];
  /** 0 to 1. */
  confidence: number;
}

export interface KnowledgeQueryResult {
  answer: KnowledgeAnswer;
  passages: Passage[];
  took_ms: number;
}

// ---- conversations ----------------------------------------------------------------------------------------------

export type Channel = 'web' | 'sandbox';
export type ConversationState = 'open' | 'resolved' | 'ended';
export type Floor = { holder: 'ai' } | { holder: 'person'; user_id: string } | { holder: 'nobody' };

export interface Conversation {
  id: string;
  channel: Channel;
  contact_id?: string | null;
  contact_name: string;
  agent_id?: string | null;
  state: ConversationState;
  floor: Floor;
  epoch: number;
  handoff_reason?: string | null;
  waiting_since?: Timestamp | null;
  assignee?: string | null;
  language: Language;
  page_url?: string | null;
  preview: string;
  unread: number;
  rating?: number | null;
  rating_comment?: string | null;
  summary?: string | null;
  cost_micros: number;
  created_at: Timestamp;
  last_message_at: Timestamp;
  closed_at?: Timestamp | null;
}

export type ConversationView = 'all' | 'waiting' | 'mine' | 'unassigned';
export type ConversationCounts = Record<ConversationView, number>;

export type Author = 'customer' | 'ai' | 'person' | 'note' | 'system';

export interface Message {
  id: string;
  conversation_id: string;
  seq: number;
  author: Author;
  user_id?: string | null;
  author_name?: string | null;
  text: string;
  citations: Citation[];
  cut: boolean;
  turn_id?: string | null;
  client_id?: string | null;
  created_at: Timestamp;
}

export interface ToolCallRecord {
  id: string;
  turn_id: string;
  tool: string;
  arguments: Json;
  ok: boolean;
  result: Json;
  receipt?: string | null;
  latency_ms: number;
  created_at: Timestamp;
}

export interface TurnRecord {
  id: string;
  conversation_id: string;
  brain: string;
  intent?: string | null;
  confidence?: number | null;
  input_tokens: number;
  output_tokens: number;
  cost_micros: number;
  first_word_ms?: number | null;
  total_ms: number;
  guarded: number;
  fallback_reason?: string | null;
  tool_calls: ToolCallRecord[];
  created_at: Timestamp;
}

export interface CannedReply {
  id: string;
  shortcut: string;
  text: string;
  updated_at: Timestamp;
}

// ---- contacts and leads -----------------------------------------------------------------------------------------

export type TagColor = 'gray' | 'blue' | 'teal' | 'green' | 'yellow' | 'orange' | 'red' | 'pink' | 'violet';

export interface Tag {
  name: string;
  color: TagColor;
}

export interface Contact {
  id: string;
  name: string;
  email?: string | null;
  phone?: string | null;
  company?: string | null;
  language?: string | null;
  tags: Tag[];
  fields: Record<string, Json>;
  opted_out: boolean;
  source: string;
  created_at: Timestamp;
  updated_at: Timestamp;
  last_seen_at?: Timestamp | null;
}

export interface ContactNote {
  id: string;
  contact_id: string;
  text: string;
  author?: string | null;
  author_name?: string | null;
  created_at: Timestamp;
}

export interface Fact {
  id: string;
  key: string;
  value: string;
  conversation_id?: string | null;
  updated_at: Timestamp;
}

export interface Memory {
  facts: Fact[];
  last_summary?: string | null;
  last_conversation_at?: Timestamp | null;
  conversations: number;
  upcoming_bookings: string[];
}

export interface TimelineEntry {
  at: Timestamp;
  kind: string;
  text: string;
  conversation_id?: string | null;
}

export type LeadStatus = 'new' | 'contacted' | 'qualified' | 'won' | 'lost';

export interface Lead {
  id: string;
  contact_id: string;
  name: string;
  email?: string | null;
  phone?: string | null;
  need: string;
  status: LeadStatus;
  /** 0 to 100. */
  score: number;
  score_reasons: string[];
  conversation_id?: string | null;
  assignee?: string | null;
  consent_text: string;
  consent_at?: Timestamp | null;
  created_at: Timestamp;
  updated_at: Timestamp;
}

// ---- home and search --------------------------------------------------------------------------------------------

export interface Home {
  needs_you: Conversation[];
  counts: {
    conversations_today: number;
    messages_today: number;
    answered_by_ai_percent: number;
    leads_this_week: number;
    waiting: number;
  };
  recent_leads: Lead[];
  activity: TimelineEntry[];
  unanswered: UnansweredQuestion[];
  week: WeekDay[];
}

export interface UnansweredQuestion {
  question: string;
  asked_at: Timestamp;
  conversation_id: string;
}

export interface WeekDay {
  /** Civil date, `2026-03-18`. */
  day: string;
  conversations: number;
  leads: number;
}

export interface SearchResults {
  contacts: Contact[];
  conversations: Conversation[];
  sources: Source[];
  agents: Agent[];
}

// ---- live -------------------------------------------------------------------------------------------------------

export type DomainEvent =
  | { kind: 'conversation.started'; conversation_id: string }
  | { kind: 'message.created'; conversation_id: string; message_id: string; author: Author; message_seq: number }
  | { kind: 'conversation.floor_changed'; conversation_id: string; floor: Floor; epoch: number }
  | { kind: 'human_handoff.requested'; conversation_id: string; reason: string }
  | { kind: 'conversation.state_changed'; conversation_id: string; state: ConversationState }
  | { kind: 'conversation.updated'; conversation_id: string }
  | { kind: 'contact.updated'; contact_id: string }
  | { kind: 'contact.deleted'; contact_id: string }
  | { kind: 'contact.opted_out'; contact_id: string }
  | { kind: 'lead.created'; lead_id: string }
  | { kind: 'lead.updated'; lead_id: string }
  | { kind: 'knowledge.updated'; source_id: string }
  | { kind: 'knowledge.deleted'; source_id: string }
  | { kind: 'agent.updated'; agent_id: string }
  | { kind: 'team.updated'; user_id: string }
  | { kind: 'workspace.updated' };

/** An event with its place in the workspace's log: 1, 2, 3, ... without gaps. */
export type LoggedEvent = { seq: number; at: Timestamp } & DomainEvent;

export type LiveFrame =
  | { type: 'ready'; seq: number }
  | ({ type: 'event' } & LoggedEvent)
  /** `first`: these are the first words of the reply; who missed them shows none and waits for the message. */
  | { type: 'delta'; conversation_id: string; turn_id: string; text: string; first?: boolean }
  | { type: 'aborted'; conversation_id: string; turn_id: string }
  /** The customer's name is absent. */
  | { type: 'typing'; conversation_id: string; name?: string | null }
  | { type: 'reset' }
  | { type: 'ping' }
  | { type: 'pong' };
