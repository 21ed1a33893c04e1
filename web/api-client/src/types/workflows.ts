// Workflows, contacts on their way through them, and tasks for the team.

import type { ApprovedTemplate } from './channel-templates';
import type { ContactFilter, ContactStatus, FieldTest, Tag } from './contacts';
import type { Channel } from './conversations';
import type { MessageStatus, Purpose, Verdict } from './messages';
import type { Timestamp } from './value';

export type WorkflowState = 'draft' | 'active' | 'paused';

export interface Workflow {
  id: string;
  state: WorkflowState;
  /** Counts how often it was saved, from 1. */
  version: number;
  settings: WorkflowSettings;
  /** How many contacts are in it now. */
  active: number;
  /** How many have ever entered. */
  entered: number;
  /** How many of those reached what it is for. */
  won: number;
  created_at: Timestamp;
  updated_at: Timestamp;
}

export interface WorkflowSettings {
  name: string;
  trigger: Trigger;
  filter: ContactFilter;
  steps: Step[];
  goal: Goal;
  stop_on_reply: boolean;
  stop_on_booking: boolean;
  /** After how many days a contact may enter again; never when absent. */
  again_after_days?: number | null;
  purpose: Purpose;
  criteria: Criterion[];
}

export type BookingMoment = 'created' | 'confirmed' | 'rescheduled' | 'cancelled' | 'completed' | 'no_show';

export type Trigger =
  | { on: 'contact_added' }
  | { on: 'conversation_ended'; without_booking: boolean; channels: Channel[] }
  | { on: 'booking'; moments: BookingMoment[] }
  /** `days` after the date, negative before it, `at` this time of day where the business is. */
  | { on: 'date'; field: string; days: number; at: string }
  | { on: 'manual' };

export type Goal = 'reply' | 'booking' | 'qualified';

export interface Step {
  /** Its name in the workflow; contacts keep their place by it. */
  id: string;
  action: Action;
}

export type Action =
  | { do: 'wait'; minutes: number }
  | { do: 'send'; message: OutreachMessage }
  | { do: 'follow_up'; message: OutreachMessage; times: number; every_minutes: number }
  /** `otherwise` names a later step; the workflow's end when absent. */
  | { do: 'condition'; test: WorkflowTest; otherwise?: string | null }
  | { do: 'tag'; add: Tag[]; remove: string[] }
  | { do: 'set_status'; status: ContactStatus }
  | { do: 'task'; title: string; due_in_days: number }
  | { do: 'webhook'; url: string }
  | { do: 'end' };

export type OutreachChannel = 'best' | 'sms' | 'whatsapp' | 'email';

export interface OutreachMessage {
  channel: OutreachChannel;
  subject?: string | null;
  words: Words;
  /** Goes out on WhatsApp where free words are not allowed. */
  whatsapp_template?: ApprovedTemplate | null;
}

export type Words = { by: 'text'; text: string } | { by: 'ai'; instruction: string; fallback: string };

export type WorkflowTest =
  | { if: 'replied' }
  | { if: 'booked' }
  | { if: 'qualified' }
  | { if: 'has_tag'; name: string }
  | { if: 'status'; statuses: ContactStatus[] }
  | { if: 'field'; field: FieldTest };

export interface Criterion {
  id: string;
  text: string;
  /** Words of the customer that show it, for when no model judges. */
  words: string[];
  required: boolean;
}

export interface WorkflowRecipe {
  key: string;
  name: string;
  text: string;
  settings: WorkflowSettings;
}

/** What waits in a workflow. */
export interface WorkflowPending {
  active: number;
  waiting_messages: number;
  next_due_at?: Timestamp | null;
}

/** What one of the next contacts would get. */
export interface WorkflowPreviewItem {
  contact_id: string;
  contact_name: string;
  step: string;
  at: Timestamp;
  channel?: Channel | null;
  to?: string | null;
  subject?: string | null;
  text?: string | null;
  written_by?: 'text' | 'ai' | 'fallback' | null;
  segments?: number | null;
  verdict?: Verdict | null;
  /** Why nothing could be sent, in plain words. */
  problem?: string | null;
}

export interface WorkflowPreview {
  items: WorkflowPreviewItem[];
}

export type EnrolmentState = 'active' | 'finished' | 'won' | 'stopped';

export type EndReason = 'finished' | 'replied' | 'booked' | 'qualified' | 'opted_out' | 'unresponsive' | 'by_hand' | 'contact_gone';

export interface Judgement {
  criterion: string;
  /** Absent when nothing was said about it. */
  met?: boolean | null;
  reason: string;
}

export interface Qualification {
  qualified: boolean;
  judgements: Judgement[];
  at: Timestamp;
  /** What judged: a model's name, or `built-in`. */
  by: string;
}

/** A contact on its way through a workflow. */
export interface Enrolment {
  id: string;
  workflow_id: string;
  workflow_name: string;
  contact_id: string;
  contact_name: string;
  state: EnrolmentState;
  /** The step that comes next. */
  step?: string | null;
  due_at?: Timestamp | null;
  tries: number;
  entered_at: Timestamp;
  ended_at?: Timestamp | null;
  reason?: EndReason | null;
  qualification?: Qualification | null;
}

export type Outcome = 'done' | 'skipped' | 'otherwise' | 'failed';

export interface LogEntry {
  at: Timestamp;
  step: string;
  outcome: Outcome;
  text: string;
  message_id?: string | null;
}

export interface EnrolmentStory {
  enrolment: Enrolment;
  log: LogEntry[];
}

/** What became of contacts that were put into a workflow by hand. */
export interface Enrolled {
  entered: number;
  left_out: number;
}

export interface FunnelStep {
  step: string;
  waiting: number;
  done: number;
  skipped: number;
  otherwise: number;
  failed: number;
}

export interface Funnel {
  entered: number;
  active: number;
  steps: FunnelStep[];
  ended: { reason: EndReason; count: number }[];
  won: number;
  messages: { status: MessageStatus; count: number }[];
}

/** Something a person is to do about a contact. */
export interface Task {
  id: string;
  contact_id: string;
  contact_name: string;
  title: string;
  due_at: Timestamp;
  workflow_id?: string | null;
  created_at: Timestamp;
  done_at?: Timestamp | null;
  done_by?: string | null;
}
