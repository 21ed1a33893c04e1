import type { Contact } from '@frontdesk/api-client';
import { describe, expect, it } from 'vitest';
import { addressIn, firstChannel, sendIds, withVariable, written, type Draft, type WrittenMessage } from './compose';

const ZONE = 'America/New_York';
const mia = { id: 'cont_1', name: 'Mia', email: 'mia@example.com', phone: null } as unknown as Contact;
const draft: Draft = { recipient: { kind: 'address', address: '+15550104477' }, channel: 'sms', subject: '', text: ' Hello ', purpose: 'transactional', later: null };

describe('a message that is written', () => {
  it('is ready when it has a receiver and words', () => {
    expect(written(draft, ZONE)).toEqual({ to: '+15550104477', channel: 'sms', text: 'Hello', purpose: 'transactional' });
    expect(written({ ...draft, text: '  ' }, ZONE)).toBeNull();
    expect(written({ ...draft, recipient: { kind: 'none' } }, ZONE)).toBeNull();
  });

  it('needs an address of the contact on the channel, and a subject in an e-mail', () => {
    const toMia: Draft = { ...draft, recipient: { kind: 'contact', contact: mia } };
    expect(written(toMia, ZONE)).toBeNull();
    expect(written({ ...toMia, channel: 'email' }, ZONE)).toBeNull();
    expect(written({ ...toMia, channel: 'email', subject: 'Hi' }, ZONE)).toMatchObject({ contact_id: 'cont_1', subject: 'Hi' });
    expect(firstChannel(mia)).toBe('email');
  });

  it('is a template of WhatsApp once its places are filled, and words on other channels', () => {
    const toWhatsApp: Draft = { ...draft, channel: 'whatsapp', template: { chosen: null } };
    expect(written(toWhatsApp, ZONE)).toBeNull();
    const chosen = { name: 'order_ready', language: 'en_US', variables: [''] };
    expect(written({ ...toWhatsApp, template: { chosen } }, ZONE)).toBeNull();
    const filled = { ...chosen, variables: ['Mia'] };
    expect(written({ ...toWhatsApp, template: { chosen: filled } }, ZONE)).toMatchObject({ text: '', template: filled });
    expect(written({ ...draft, template: { chosen: filled } }, ZONE)).toEqual({ to: '+15550104477', channel: 'sms', text: 'Hello', purpose: 'transactional' });
  });

  it('leaves later by the clock of the business', () => {
    expect(written({ ...draft, later: { day: '2026-07-01', minutes: 9 * 60 } }, ZONE)).toMatchObject({ send_at: '2026-07-01T13:00:00Z' });
    expect(written({ ...draft, later: { day: '2026-07-01', minutes: null } }, ZONE)).toBeNull();
  });

  it('keeps its id when it is tried again, and has another when it was changed', () => {
    let made = 0;
    const idOf = sendIds(() => `id${String((made += 1))}`);
    const first: WrittenMessage = { to: '+15550104477', channel: 'sms', text: 'Hello' };
    expect([idOf(first), idOf(first), idOf({ ...first, text: 'Other' }), idOf(first)]).toEqual(['id1', 'id1', 'id2', 'id1']);
  });

  it('is to an address only when that is one', () => {
    expect(addressIn('+1 (555) 010-4477')).toEqual({ channel: 'sms', address: '+15550104477' });
    expect(addressIn(' mia@example.com ')).toEqual({ channel: 'email', address: 'mia@example.com' });
    expect(addressIn('Mia')).toBeNull();
    expect(addressIn('555 010 4477')).toBeNull();
  });

  it('takes a variable where the cursor is', () => {
    expect(withVariable('Hi , welcome', 'first_name', 3, 3)).toEqual({ text: 'Hi {{ first_name }}, welcome', cursor: 19 });
  });
});
