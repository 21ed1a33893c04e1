// The live socket.

import type { Author, ConversationState, Floor } from './conversations';
import type { MessageStatus } from './messages';
import type { Timestamp } from './value';

export type DomainEvent =
  | { kind: 'conversation.started'; conversation_id: string }
  | { kind: 'message.created'; conversation_id: string; message_id: string; author: Author; message_seq: number }
  | { kind: 'message.status_changed'; message_id: string; conversation_id?: string | null; status: MessageStatus }
  | { kind: 'conversation.floor_changed'; conversation_id: string; floor: Floor; epoch: number }
  | { kind: 'human_handoff.requested'; conversation_id: string; reason: string }
  | { kind: 'conversation.state_changed'; conversation_id: string; state: ConversationState }
  | { kind: 'conversation.updated'; conversation_id: string }
  | { kind: 'contact.updated'; contact_id: string }
  | { kind: 'contact.deleted'; contact_id: string }
  | { kind: 'contact.opted_out'; contact_id: string }
  | { kind: 'contacts.changed'; import_id?: string | null; bulk_id?: string | null }
  | { kind: 'lead.created'; lead_id: string }
  | { kind: 'lead.updated'; lead_id: string }
  | { kind: 'knowledge.updated'; source_id: string }
  | { kind: 'knowledge.deleted'; source_id: string }
  | { kind: 'agent.updated'; agent_id: string }
  | { kind: 'team.updated'; user_id: string }
  | { kind: 'workspace.updated' }
  | {
      kind:
        | 'booking.created'
        | 'booking.confirmed'
        | 'booking.rescheduled'
        | 'booking.cancelled'
        | 'booking.completed'
        | 'booking.no_show'
        | 'booking.updated';
      booking_id: string;
    }
  | { kind: 'schedule.updated' }
  | { kind: 'waiting_list.updated'; waiting_id: string }
  | { kind: 'calendar.updated'; calendar_id: string }
  | { kind: 'template.updated'; template_id: string }
  | { kind: 'workflow.updated'; workflow_id: string }
  | { kind: 'task.updated'; task_id: string }
  | { kind: 'compliance.updated' }
  | { kind: 'workflow.updated'; workflow_id: string }
  | { kind: 'task.updated'; task_id: string }
  | { kind: 'channel_templates.updated' };

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
