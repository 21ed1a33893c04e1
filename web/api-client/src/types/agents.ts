// Agents, versions and personas.

import type { Language } from './access';
import type { Message, TurnRecord } from './conversations';
import type { Passage } from './knowledge';
import type { Json, Timestamp } from './value';
import type { WeeklyHours } from './workspace';

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
