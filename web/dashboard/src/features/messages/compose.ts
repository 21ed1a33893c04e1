// A message while it is written: who receives it, whether it is complete, and the id that makes sending it twice harmless.

import type { ApprovedTemplate, Channel, Contact, NewMessage, Purpose } from '@frontdesk/api-client';
import { instantOf, isoOf } from '../../ui/civil';

/** What the server fills in, as `{{ first_name }}`. */
export const VARIABLES = ['first_name', 'name', 'company', 'business_name'] as const;

/** Channels one can write to first; on Telegram the customer has to begin. */
export const OPENABLE = ['sms', 'whatsapp', 'email'] as const satisfies readonly Channel[];
export type Openable = (typeof OPENABLE)[number];

/** The longest text the server takes, and the vendors after it. */
export const LONGEST: Record<Openable | 'telegram', number> = { sms: 1600, whatsapp: 4000, telegram: 4000, email: 4000 };

export type Recipient = { kind: 'none' } | { kind: 'contact'; contact: Contact } | { kind: 'address'; address: string };

export interface Later {
  day: string;
  minutes: number | null;
}

export interface Draft {
  recipient: Recipient;
  channel: Openable;
  subject: string;
  text: string;
  /** On WhatsApp, in place of words: none chosen yet, or one with what fills its places. */
  template?: { chosen: ApprovedTemplate | null } | null;
  purpose: Purpose;
  /** Absent: at once. */
  later: Later | null;
}

/** A message ready to be shown or sent, without the sender's id of it. */
export type WrittenMessage = Omit<NewMessage, 'client_id'>;

/** Where a contact is reached on a channel. */
export function addressOn(contact: Pick<Contact, 'email' | 'phone'>, channel: Channel): string | null {
  return (channel === 'email' ? contact.email : contact.phone) ?? null;
}

/** The channel that reaches a contact best: a text, when there is a number. */
export function firstChannel(contact: Pick<Contact, 'email' | 'phone'>): Openable {
  return typeof contact.phone !== 'string' && typeof contact.email === 'string' ? 'email' : 'sms';
}

/** What was typed as an address, when it is one: an e-mail, or a number with its country code. */
export function addressIn(typed: string): { channel: Openable; address: string } | null {
  const text = typed.trim();
  if (/^\S+@\S+\.\S+$/u.test(text)) return { channel: 'email', address: text };
  const digits = text.replace(/[\s().-]/gu, '');
  return /^\+\d{7,15}$/u.test(digits) ? { channel: 'sms', address: digits } : null;
}

/** When a message is to leave; null while the time is incomplete. */
export function instantIn({ day, minutes }: Later, zone: string): number | null {
  return minutes === null ? null : instantOf(day, minutes, zone);
}

/** The message as it would be sent; null while something is missing. */
export function written(draft: Draft, zone: string): WrittenMessage | null {
  const { recipient, channel, purpose } = draft;
  const template = channel === 'whatsapp' ? (draft.template ?? null) : null;
  const ready = template === null ? draft.text.trim() !== '' : template.chosen !== null && template.chosen.variables.every((words) => words.trim() !== '');
  if (recipient.kind === 'none' || !ready) return null;
  if (recipient.kind === 'contact' && addressOn(recipient.contact, channel) === null) return null;
  if (channel === 'email' && draft.subject.trim() === '') return null;
  const at = draft.later === null ? undefined : instantIn(draft.later, zone);
  if (at === null) return null;
  return {
    ...(recipient.kind === 'contact' ? { contact_id: recipient.contact.id } : { to: recipient.address }),
    channel,
    ...(channel === 'email' ? { subject: draft.subject.trim() } : {}),
    text: template === null ? draft.text.trim() : '',
    ...(template === null || template.chosen === null ? {} : { template: template.chosen }),
    purpose,
    ...(at === undefined ? {} : { send_at: isoOf(at) }),
  };
}

/**
 * Ids for what is sent: the same message keeps its id however often it is tried, so that it is there once; a changed one
 * is another message.
 */
export function sendIds(fresh: () => string): (message: WrittenMessage) => string {
  const known = new Map<string, string>();
  return (message) => {
    const key = JSON.stringify(message);
    const id = known.get(key) ?? fresh();
    known.set(key, id);
    return id;
  };
}

/** Puts a variable where the cursor is. */
export function withVariable(text: string, name: string, from: number, to: number): { text: string; cursor: number } {
  const inserted = `{{ ${name} }}`;
  return { text: text.slice(0, from) + inserted + text.slice(to), cursor: from + inserted.length };
}
