// Messages, connections and vendors of the development mock: one of every kind, so that each can be looked at.

import type { ComposedMessage, Connection, DomainEvent, MessageStatus, NewMessage, OutboxMessage, Vendor } from '@frontdesk/api-client';
import * as db from './data.ts';

interface Asked {
  params: Record<string, string>;
  query: URLSearchParams;
  body: Record<string, unknown>;
}

const STATUSES: MessageStatus[] = ['queued', 'sending', 'sent', 'delivered', 'read', 'failed', 'undelivered', 'cancelled', 'in_doubt'];
const TEXTS = [
  'Hi! This is Brightsmile Dental. Your check-up with Dr. Lee is tomorrow, Thursday at 3:00 PM. Reply C to confirm, or call us to change it.',
  'Thank you for visiting us today. How was it?',
  'We have an earlier time: Tuesday at 9:30 AM. Would you like it?',
  'Your deep clean is booked. Parking behind the building is free for two hours.',
];
const ahead = (minutes: number) => new Date(db.NOW + minutes * 60_000).toISOString();

function reasonOf(status: MessageStatus): Partial<OutboxMessage> {
  if (status === 'failed') return { reason: 'the customer asked not to be contacted', code: 'opt-out/1', verdict: { verdict: 'deny', rule: 'opt-out/1', reason: 'the customer asked not to be contacted' } };
  if (status === 'undelivered') return { reason: 'the phone is switched off or the number is not in use any more', code: '30003' };
  if (status === 'in_doubt') return { reason: 'the answer of the provider got lost', verdict: { verdict: 'allow' } };
  return { verdict: { verdict: 'allow' } };
}

const messages: OutboxMessage[] = db.contacts.slice(0, 24).flatMap((contact, index) => {
  const status = STATUSES[index % STATUSES.length] ?? 'sent';
  const channel = (['sms', 'whatsapp', 'email', 'sms', 'telegram'] as const)[index % 5] ?? 'sms';
  const made = index * 47 + 6;
  const left = !['queued', 'sending', 'failed', 'cancelled', 'in_doubt'].includes(status);
  const waits = status === 'queued';
  return [
    {
      id: db.id('msg'),
      channel,
      connection_id: null,
      conversation_id: db.conversations[index]?.id ?? null,
      contact_id: contact.id,
      contact_name: index === 11 ? '' : contact.name,
      from: channel === 'email' ? 'hello@brightsmile.example' : '+14155550100',
      to: channel === 'email' ? (contact.email ?? 'somebody@example.com') : channel === 'telegram' ? '4815162342' : (contact.phone ?? '+14155550177'),
      purpose: index % 4 === 1 ? ('marketing' as const) : ('transactional' as const),
      content: { text: TEXTS[index % TEXTS.length] ?? '', ...(channel === 'email' ? { subject: 'Your visit at Brightsmile Dental' } : {}) },
      status,
      reason: null,
      code: null,
      ...reasonOf(status),
      ...(waits ? { verdict: { verdict: 'defer' as const, until: ahead(700), rule: 'us-ca-hours/1' } } : {}),
      attempts: left ? 1 : 0,
      vendor_id: left ? `SM${index.toString(16).padStart(32, '0')}` : null,
      segments: channel === 'sms' ? 1 + (index % 2) : null,
      created_by: index % 3 === 0 ? db.me.user.id : null,
      created_at: db.ago(made),
      send_at: waits ? ahead(700) : db.ago(made),
      sent_at: left ? db.ago(made - 1) : null,
      delivered_at: ['delivered', 'read'].includes(status) ? db.ago(made - 2) : null,
      read_at: status === 'read' ? db.ago(made - 4) : null,
      updated_at: db.ago(made - 4),
    },
  ];
});

const text = (title: string, example: string) => ({ type: 'string', title, examples: [example] });
const vendor = (id: string, name: string, category: Vendor['category'], properties: Vendor['settings_schema'], hook: string | null, auth = 'api_key'): Vendor => ({
  id,
  name,
  category,
  auth,
  docs: 'https://example.com/docs',
  hook,
  settings_schema: { type: 'object', required: Object.keys(properties).slice(0, 1), properties },
});

const vendors: Vendor[] = [
  vendor('openai', 'OpenAI-compatible', 'model', { base_url: text('Address', 'https://api.openai.com/v1'), model: text('Model', 'gpt') }, null),
  vendor(
    'twilio',
    'Twilio',
    'sms',
    { account_sid: text('Account SID', 'AC00000000000000000000000000000000'), numbers: { type: 'array', title: 'Phone numbers', items: { type: 'string', examples: ['+15551230001'] } }, lookup: { type: 'boolean', title: 'Check that a number exists before the first message' } },
    '/webhooks/twilio/{connection}',
  ),
  vendor('whatsapp', 'WhatsApp Cloud API', 'whatsapp', { phone_number_id: text('Phone number ID', '106540352242922') }, '/webhooks/whatsapp/{connection}'),
  vendor('twilio_whatsapp', 'WhatsApp through Twilio', 'whatsapp', { account_sid: text('Account SID', 'AC00000000000000000000000000000000') }, '/webhooks/twilio_whatsapp/{connection}'),
  vendor('smtp', 'SMTP', 'mail', { host: text('Server', 'smtp.example.com') }, null, 'optional_password'),
  vendor('resend', 'Resend', 'mail', { from: text('From', 'hello@example.com') }, '/webhooks/resend/{connection}'),
  vendor('imap', 'IMAP mailbox', 'mail_inbox', { host: text('Server', 'imap.example.com') }, null),
  vendor('discord', 'Discord', 'notifier', { channel: text('Channel', '#front-desk') }, null),
];

const connection = (id: string, name: string, category: Connection['category'], more: Partial<Connection>): Connection => ({
  id: db.id('cxn'),
  vendor: id,
  category,
  name,
  settings: {},
  has_secret: true,
  has_hook_secret: false,
  enabled: true,
  last_test: null,
  created_at: db.ago(900),
  updated_at: db.ago(900),
  ...more,
});

const connections: Connection[] = [
  connection('twilio', 'Twilio', 'sms', { settings: { account_sid: 'AC0123456789abcdef0123456789abcdef', numbers: ['+14155550100'] }, last_test: { ok: true, message: 'Account “Brightsmile” answers; 1 number', latency_ms: 212, at: db.ago(40) } }),
  connection('whatsapp', 'WhatsApp of the practice', 'whatsapp', { last_test: { ok: false, message: 'the access token has expired; make a new one in the vendor’s console', latency_ms: 180, at: db.ago(12) } }),
  connection('smtp', 'Office mail', 'mail', {}),
  connection('discord', 'Discord', 'notifier', { enabled: false }),
];

/** The routes of messages, connections and vendors. */
export function outboxRoutes(emit: (event: DomainEvent) => void, refuse: (status: number, problem: object) => Error): Record<string, (asked: Asked) => unknown> {
  const find = (id: string | undefined): OutboxMessage => {
    const found = messages.find((each) => each.id === id);
    if (found === undefined) throw refuse(404, { title: 'Not found' });
    return found;
  };
  const move = (message: OutboxMessage, status: MessageStatus): OutboxMessage => {
    Object.assign(message, { status, reason: null, code: null, updated_at: new Date().toISOString() });
    emit({ kind: 'message.status_changed', message_id: message.id, conversation_id: message.conversation_id ?? null, status });
    return message;
  };
  const compose = (new_: NewMessage): ComposedMessage => {
    if (new_.channel === 'whatsapp') throw refuse(409, { title: 'Conflict', detail: 'nothing is connected for WhatsApp; connect it under Channels' });
    const contact = db.contacts.find((each) => each.id === new_.contact_id);
    return {
      to: new_.to ?? (new_.channel === 'email' ? contact?.email : contact?.phone) ?? '',
      from: new_.channel === 'email' ? 'hello@brightsmile.example' : '+14155550100',
      text: new_.text.replaceAll(/\{\{ first_name \}\}/gu, contact?.name.split(' ')[0] ?? ''),
      segments: new_.channel === 'sms' ? Math.ceil(new_.text.length / 160) : null,
      unicode: /[^\n-~¡-ü€]/u.test(new_.text),
      verdict: new_.text.includes('deny')
        ? { verdict: 'deny', rule: 'opt-out/1', reason: 'the customer asked not to be contacted' }
        : new_.purpose === 'reply' && contact?.name.startsWith('Felix') === true
          ? { verdict: 'deny', rule: 'opt-out/1', reason: 'the customer asked not to be contacted' }
        : new_.purpose === 'marketing'
          ? { verdict: 'defer', rule: 'us-ca-hours/1', until: ahead(700) }
          : { verdict: 'allow' },
    };
  };
  return {
    'GET /messages': ({ query }) => {
      const q = (query.get('q') ?? '').toLowerCase();
      const fits = messages.filter(
        (each) =>
          (query.get('status') ?? each.status) === each.status &&
          (query.get('channel') ?? each.channel) === each.channel &&
          (query.get('contact') ?? each.contact_id) === each.contact_id &&
          `${each.contact_name} ${each.to} ${each.content.text}`.toLowerCase().includes(q),
      );
      return { items: fits, next_cursor: null, total: null };
    },
    'POST /messages': ({ body }) => {
      const new_ = body as unknown as NewMessage;
      const { to, from, text: words } = compose(new_);
      const made: OutboxMessage = { ...find(messages[0]?.id), id: db.id('msg'), channel: new_.channel, to, from: from ?? null, status: 'queued', content: { text: words }, created_at: new Date().toISOString(), send_at: new_.send_at ?? new Date().toISOString() };
      messages.unshift(made);
      return move(made, 'queued');
    },
    'POST /messages/preview': ({ body }) => compose(body as unknown as NewMessage),
    'GET /messages/counts': () => ({ total: messages.length, by_status: STATUSES.map((status) => ({ status, count: messages.filter((each) => each.status === status).length })) }),
    'GET /messages/:id': ({ params }) => find(params['id']),
    'POST /messages/:id/cancel': ({ params }) => move(find(params['id']), 'cancelled'),
    'POST /messages/:id/retry': ({ params }) => move(find(params['id']), 'queued'),
    'POST /messages/:id/decide': ({ params, body }) => move(find(params['id']), body['arrived'] === true ? 'sent' : 'queued'),
    'POST /messages/:id/reschedule': ({ params, body }) => move(Object.assign(find(params['id']), { send_at: String(body['send_at']) }), 'queued'),
    'GET /connections': () => ({ items: connections, next_cursor: null }),
    'GET /connections/vendors': () => vendors,
    'POST /connections': ({ body }) => {
      const made = connection(String(body['vendor']), String(body['name']), vendors.find((each) => each.id === body['vendor'])?.category ?? 'sms', { settings: body['settings'] as Connection['settings'] });
      connections.push(made);
      return made;
    },
    'PATCH /connections/:id': ({ params, body }) => Object.assign(connections.find((each) => each.id === params['id']) ?? {}, body),
    'POST /connections/:id/test': () => ({ ok: true, message: 'It answers', latency_ms: 120, at: new Date().toISOString() }),
  };
}
