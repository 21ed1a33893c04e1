// Rules, lists, consents, approved templates and the queue of the development mock: a few of each, so that they can be
// looked at. Nothing is judged.

import type { ChannelTemplate, ConsentEntry, Finding, Pack, QueueJob, RuleSettings, SuppressedAddress } from '@frontdesk/api-client';
import * as db from './data.ts';

interface Asked {
  params: Record<string, string>;
  query: URLSearchParams;
  body: Record<string, unknown>;
}

const packs: Pack[] = [
  {
    id: 'us-fl',
    title: 'Florida',
    countries: ['US'],
    region: 'FL',
    law: true,
    source: 'Fla. Stat. 501.616(6), Florida Telephone Solicitation Act',
    confidence: 'high',
    note: 'Calls are presumed to go to Florida when the area code is Floridian.',
    rule: [
      { id: 'us-fl-hours', version: '2021-07', from: '2021-07-01', title: 'Every day 8:00 to 20:00', channels: ['sms', 'whatsapp'], kind: 'hours', week: ['mon-sun 08:00-20:00'], holidays: 'as_usual' },
      { id: 'us-fl-cap', version: '2021-07', from: '2021-07-01', title: 'At most 3 marketing messages in 24 hours', channels: ['sms', 'whatsapp'], kind: 'cap', max: 3, hours: 24 },
    ],
  },
  {
    id: 'elsewhere',
    title: 'Every other country',
    countries: [],
    elsewhere: true,
    law: false,
    source: 'No law of the country is known here',
    confidence: 'low',
    rule: [{ id: 'elsewhere-consent', version: '2026-01', from: '2026-01-01', title: 'Marketing needs express consent', channels: ['sms', 'email'], kind: 'consent', level: 'express' }],
  },
];
let settings: RuleSettings = { changes: [{ rule: 'us-fl-cap', max: 1, reason: 'We write rarely' }] };

let listed: SuppressedAddress[] = [
  { address: '+12015550123', list: 'internal', reason: 'Asked at the desk', created_at: db.ago(500) },
  { address: '+12125550144', list: 'registry-us', created_at: db.ago(9000) },
  { address: 'sam@example.com', list: 'opt-out', reason: 'STOP', created_at: db.ago(90) },
];

const consents: ConsentEntry[] = [
  { channel: 'sms', address: '+12015550123', purpose: 'marketing', source: 'paper form', shown: 'Yes, send me offers by text message.', evidence: 'Folder 12', given_at: db.ago(4000) },
  { channel: 'email', address: 'sam@example.com', purpose: 'marketing', source: 'form on the website', shown: 'Send me news.', given_at: db.ago(9000), revoked_at: db.ago(90), revoked_by: 'unsubscribe' },
];

const findings: Finding[] = [
  { rule: 'opt-out/1', title: 'Nobody is written to who asked not to be', source: 'Frontdesk', outcome: 'passes' },
  { rule: 'us-fl-hours/2021-07', title: 'Every day 8:00 to 20:00', source: 'Fla. Stat. 501.616(6)', outcome: 'defers', until: db.ago(-600) },
  { rule: 'elsewhere-consent/2026-01', title: 'Marketing needs express consent', source: 'Custom', outcome: 'not_concerned' },
];

const template = (name: string, status: ChannelTemplate['status'], body: string): ChannelTemplate => ({
  id: db.id('tpl'),
  connection_id: 'cxn_mock',
  name,
  language: 'en_US',
  category: 'utility',
  status,
  quality: status === 'approved' ? 'high' : null,
  body,
  buttons: [],
  examples: [],
  places: body.includes('{{1}}') ? 1 : 0,
  has_other_places: false,
  unusable_because: status === 'approved' ? null : 'it is not approved at the moment',
  created_at: db.ago(3000),
  updated_at: db.ago(300),
});
const templates = [
  template('appointment_reminder', 'approved', 'Hello {{1}}, we look forward to seeing you tomorrow.'),
  template('spring_offer', 'rejected', 'Whitening for less, this spring only!'),
  template('order_ready', 'draft', 'Hello {{1}}, your order is ready.'),
];

const job = (state: QueueJob['state'], kind: string, error: string | null): QueueJob => ({
  id: db.id('job'),
  kind,
  title: 'Work in the background',
  state,
  tries: error === null ? 0 : 5,
  most_tries: 5,
  last_error: error,
  next_at: state === 'dead' ? null : db.ago(-5),
  created_at: db.ago(60),
  about: {},
});
const jobs = [job('dead', 'message.dispatch', 'the vendor could not be reached'), job('retrying', 'knowledge.ingest', 'the page did not answer in time'), job('waiting', 'booking.notice', null)];
const countOf = (state: QueueJob['state']) => jobs.filter((each) => each.state === state).length;

export function complianceRoutes(): Record<string, (asked: Asked) => unknown> {
  return {
    'GET /compliance/rules': () => ({ packs, settings }),
    'PUT /compliance/rules': ({ body }) => (settings = body as RuleSettings),
    'GET /compliance/suppressions': ({ query }) => ({
      items: listed.filter(({ address, list }) => address.startsWith(query.get('q') ?? '') && list === (query.get('list') ?? list)),
      next_cursor: null,
    }),
    'POST /compliance/suppressions': ({ body }) => {
      const addresses = body['addresses'] as string[];
      listed = [...listed, ...addresses.map((address) => ({ address, list: String(body['list']), created_at: new Date().toISOString() }))];
      return { added: addresses.length };
    },
    'POST /compliance/suppressions/remove': ({ body }) => {
      listed = listed.filter(({ address, list }) => address !== body['address'] || list !== body['list']);
      return undefined;
    },
    'GET /contacts/:id/consents': () => consents,
    'GET /contacts/:id/evidence': ({ params }) => ({ contact_id: params['id'], opted_out: false, suppressions: [], consents, decisions: [], messages: [], made_at: new Date().toISOString() }),
    'POST /contacts/:id/compliance': () => ({ verdict: { verdict: 'defer', until: db.ago(-600), rule: 'us-fl-hours/2021-07' }, findings }),
    'GET /contacts/:id/merges': () => [],
    'GET /channel-templates': () => ({ items: templates, connections: [{ connection_id: 'cxn_mock', name: 'WhatsApp', synced_at: db.ago(30) }] }),
    'GET /message-settings': () => ({ read_receipts: true, short_links: false, short_link_days: 90 }),
    'GET /messages/figures': () => ({ from: db.ago(40_000), to: db.ago(0), items: [{ channel: 'sms', template: null, queued: 120, sent: 118, delivered: 110, read: 0, failed: 2, replied: 31, clicks: 0 }] }),
    'GET /messages/:id/links': () => [],
    'GET /jobs': ({ query }) => ({ items: jobs.filter(({ state }) => state === (query.get('state') ?? 'dead')), next_cursor: null }),
    'GET /jobs/counts': () => ({ waiting: countOf('waiting'), running: countOf('running'), retrying: countOf('retrying'), dead: countOf('dead'), most: 10_000 }),
  };
}
