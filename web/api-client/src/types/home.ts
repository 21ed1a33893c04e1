// Home and search.

import type { Agent } from './agents';
import type { Contact, Lead, TimelineEntry } from './contacts';
import type { Conversation } from './conversations';
import type { Source } from './knowledge';
import type { Timestamp } from './value';

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
