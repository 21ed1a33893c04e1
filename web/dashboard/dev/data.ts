// Made-up but plausible content for the development mock: a dental practice on a busy day.

import type {
  Agent,
  Author,
  CannedReply,
  Citation,
  Contact,
  Conversation,
  Delivery,
  Lead,
  Me,
  Member,
  Message,
  Persona,
  Source,
  TurnRecord,
  Workspace,
} from '@frontdesk/api-client';

let counter = 1;
export function id(prefix: string): string {
  counter += 1;
  return `${prefix}_0198c0de7e1f7a3c8d5e6f70${counter.toString(16).padStart(8, '0')}`;
}

export const NOW = Date.now();
export const ago = (minutes: number) => new Date(NOW - minutes * 60_000).toISOString();

export const me: Me = {
  user: { id: id('user'), email: 'dana@brightsmile.example', name: 'Dana Reyes', language: 'en', scheme: 'auto', created_at: ago(90_000) },
  workspaces: [
    { id: id('ws'), name: 'Brightsmile Dental', slug: 'brightsmile', role: 'owner' },
    { id: id('ws'), name: 'Harbor Orthodontics', slug: 'harbor', role: 'agent' },
  ],
};

export const members: Member[] = [
  { id: id('memb'), user_id: me.user.id, name: 'Dana Reyes', email: me.user.email, role: 'owner', created_at: ago(90_000) },
  { id: id('memb'), user_id: id('user'), name: 'Marcus Webb', email: 'marcus@brightsmile.example', role: 'manager', created_at: ago(80_000) },
  { id: id('memb'), user_id: id('user'), name: 'Priya Nair', email: 'priya@brightsmile.example', role: 'agent', created_at: ago(40_000) },
];

export const workspace: Workspace = {
  id: me.workspaces[0]?.id ?? '',
  name: 'Brightsmile Dental',
  slug: 'brightsmile',
  zone: 'America/Los_Angeles',
  country: 'US',
  language: 'en',
  facts: {
    description: 'A family dental practice in the Mission, open six days a week.',
    address: '240 Market St, San Francisco, CA 94103',
    phone: '+14155550100',
    email: 'hello@brightsmile.example',
    website: 'https://brightsmile.example',
  },
  hours: {
    mon: [{ from: 480, to: 1080 }],
    tue: [{ from: 480, to: 1080 }],
    wed: [{ from: 480, to: 720 }, { from: 780, to: 1080 }],
    thu: [{ from: 480, to: 1200 }],
    fri: [{ from: 480, to: 960 }],
    sat: [{ from: 540, to: 780 }],
  },
  theme: { accent: '#4f46e5', position: 'right', scheme: 'auto', launcher_text: 'Ask us' },
  onboarding: { business: true, knowledge: true, agent: true, widget: false, dismissed: false },
  created_at: ago(90_000),
};

export const personas: Persona[] = [
  {
    id: id('pers'),
    name: 'Warm receptionist',
    voice: { tone: 'friendly', style: 'Short sentences, first names, never salesy.', dos: ['Offer the next step'], donts: ['Give medical advice'], examples: ['Happy to help!'] },
    created_at: ago(50_000),
    updated_at: ago(2_000),
  },
];

export const agents: Agent[] = [
  {
    id: id('agent'),
    name: 'Ava',
    state: 'active',
    is_default: true,
    draft: {
      greeting: 'Hi, I am Ava, the front desk of Brightsmile. How can I help?',
      instructions: 'Answer from our documents. Never give medical advice.',
      language: 'en',
      channels: ['web'],
      hours: null,
      persona_id: personas[0]?.id ?? null,
      persona: null,
      brain: { models: [], temperature: null, max_tokens: 1024, cost_ceiling_micros: null },
      tools: ['search_knowledge', 'capture_lead', 'update_contact', 'handoff', 'end_conversation'],
      sources: null,
      off_topics: ['politics'],
      handoff: { after_misses: 2, closed_message: '' },
      lead_fields: ['name', 'email', 'phone', 'need'],
    },
    published_version: id('agv'),
    published_number: 12,
    has_changes: true,
    created_at: ago(60_000),
    updated_at: ago(120),
  },
];

export const sources: Source[] = [
  ['faq', 'Frequently asked questions', 'ready', 14_200, 38],
  ['file', 'Insurance and payment guide', 'ready', 402_113, 64],
  ['file', 'Family dentistry guide', 'ready', 1_880_402, 121],
  ['page', 'Prices', 'ready', 20_991, 12],
  ['site', 'brightsmile.example', 'processing', 0, 0],
  ['file', 'Old brochure', 'failed', 9_120_112, 0],
].map(([kind, title, status, bytes, chunks], index) => ({
  id: id('src'),
  kind: kind as Source['kind'],
  title: String(title),
  url: kind === 'page' || kind === 'site' ? 'https://brightsmile.example/' : null,
  file_name: kind === 'file' ? `${String(title).toLowerCase().replaceAll(' ', '-')}.pdf` : null,
  bytes: Number(bytes),
  status: status as Source['status'],
  progress: status === 'ready' ? 100 : status === 'failed' ? 30 : 62,
  stage: status === 'processing' ? 'Reading page 8 of 13' : '',
  error: status === 'failed' ? 'The PDF is protected by a password. Save it without one and upload it again.' : null,
  chunks: Number(chunks),
  pages: Number(chunks) === 0 ? 0 : Math.ceil(Number(chunks) / 4),
  language: 'en',
  created_at: ago(9000 - index * 300),
  synced_at: status === 'ready' ? ago(3000 - index * 300) : null,
}));

function cite(source: number, place: string, quote: string): Citation {
  const found = sources[source];
  return { chunk_id: id('chunk'), source_id: found?.id ?? '', title: found?.title ?? '', place, quote, url: found?.url ?? null };
}

const NAMES = [
  'Mateo Silva', 'Chloe Ahmed', 'Ingrid Nguyen', 'Mateo Novak', 'Hana Schmidt', 'Lucas Novak', 'Hana Okafor', 'Zara Martins',
  'Felix Okafor', 'Amara Okafor', 'Oliver Lindqvist', 'Mei Kim', 'Omar Patel', 'Sofia Rossi', 'Liam Walker', 'Ethan Haddad',
  'Noor Haddad', 'Jonas Weber', 'Camila Torres', 'Yuki Tanaka', 'Elif Demir', 'Ana Costa', 'Leo Brown', 'Maya Lee',
];

export const contacts: Contact[] = NAMES.map((name, index) => ({
  id: id('cont'),
  name,
  email: index % 4 === 3 ? null : `${name.toLowerCase().replace(' ', '.')}@example.com`,
  phone: index % 3 === 2 ? null : `+1415555${String(1000 + index)}`,
  company: index % 7 === 0 ? 'Harbor Logistics' : null,
  language: index % 6 === 1 ? 'es' : 'en',
  tags: [
    ...(index % 3 === 0 ? [{ name: 'New patient', color: 'blue' as const }] : []),
    ...(index % 5 === 0 ? [{ name: 'Insurance', color: 'teal' as const }] : []),
  ],
  fields: (index % 4 === 0 ? { insurer: 'Delta Dental' } : {}) as Contact['fields'],
  opted_out: index === 17,
  source: 'web',
  created_at: ago(40_000 - index * 900),
  updated_at: ago(index * 30),
  status: (['pending', 'contacted', 'in_conversation', 'qualified', 'booked', 'unresponsive'] as const)[index % 6] ?? 'pending',
  follow_ups: index % 3,
  last_seen_at: ago(index * 17),
}));

const QUESTIONS = [
  'Great. Could someone call me about the insurance form?',
  'I need to cancel my 3pm',
  'Do you do walk-ins on Saturday?',
  'How much is a deep clean?',
  'Thanks, see you then!',
  'Is parking free?',
  'My crown came loose, can you see me today?',
  '¿Atienden en español?',
];

export const conversations: Conversation[] = contacts.flatMap((contact, index) => {
  const state: Conversation['state'] = index < 9 || index % 5 === 0 ? 'open' : index % 3 === 0 ? 'ended' : 'resolved';
  const waiting = state === 'open' && (index === 0 || index === 3 || index === 6);
  const mine = index === 4;
  return [
    {
      id: id('conv'),
      channel: (['web', 'sms', 'web', 'whatsapp', 'email', 'web', 'telegram'] as const)[index % 7] ?? 'web',
      contact_id: contact.id,
      contact_name: contact.name,
      agent_id: agents[0]?.id ?? null,
      state,
      floor: waiting ? { holder: 'nobody' as const } : mine ? { holder: 'person' as const, user_id: me.user.id } : { holder: 'ai' as const },
      epoch: 1,
      handoff_reason: waiting ? 'Insurance question outside the documents' : null,
      waiting_since: waiting ? ago(4 + index * 3) : null,
      assignee: mine ? me.user.id : index === 3 ? (members[1]?.user_id ?? null) : null,
      language: (index % 6 === 1 ? 'es' : 'en') as Conversation['language'],
      page_url: 'https://brightsmile.example/prices',
      preview: QUESTIONS[index % QUESTIONS.length] ?? '',
      unread: waiting ? 1 + (index % 3) : 0,
      rating: index % 6 === 2 ? 5 : null,
      rating_comment: index % 6 === 2 ? 'Quick and friendly.' : null,
      summary: index % 2 === 0 ? 'Asked about moving a deep clean and parking; wants a call about the insurance form.' : null,
      cost_micros: 0,
      created_at: ago(index * 53 + 190),
      last_message_at: ago(index * 53),
      closed_at: state === 'open' ? null : ago(index * 53),
    },
  ];
});

export const messages = new Map<string, Message[]>();
export const turns = new Map<string, TurnRecord[]>();

export function push(conversation: Conversation, author: Author, text: string, more: Partial<Message> = {}): Message {
  const list = messages.get(conversation.id) ?? [];
  messages.set(conversation.id, list);
  const message: Message = {
    id: id('msg'),
    conversation_id: conversation.id,
    seq: list.length + 1,
    author,
    user_id: null,
    author_name: author === 'ai' ? 'Ava' : author === 'customer' ? conversation.contact_name : null,
    text,
    citations: [],
    cut: false,
    turn_id: null,
    client_id: null,
    created_at: new Date().toISOString(),
    ...more,
  };
  list.push(message);
  return message;
}

export function turn(conversation: Conversation, tool: string | null, at: string): TurnRecord {
  const record: TurnRecord = {
    id: id('turn'),
    conversation_id: conversation.id,
    brain: 'builtin',
    intent: 'question',
    confidence: 0.86,
    input_tokens: 0,
    output_tokens: 0,
    cost_micros: 0,
    first_word_ms: 3,
    total_ms: 7,
    guarded: 0,
    fallback_reason: null,
    tool_calls:
      tool === null
        ? []
        : [
            {
              id: id('call'),
              turn_id: '',
              tool,
              arguments: tool === 'capture_lead' ? { name: conversation.contact_name, need: 'a crown' } : { query: 'deep clean price' },
              ok: true,
              result: tool === 'capture_lead' ? { lead: 'captured' } : { passages: 4 },
              receipt: tool === 'capture_lead' ? id('lead') : null,
              latency_ms: 2,
              created_at: at,
            },
          ],
    created_at: at,
  };
  turns.set(conversation.id, [...(turns.get(conversation.id) ?? []), record]);
  return record;
}

conversations.forEach((conversation, index) => {
  const base = index * 53;
  const started = base + 190;
  const at = (minutes: number) => ago(base + minutes);
  push(conversation, 'system', 'Conversation started on brightsmile.example/prices', { created_at: ago(started) });
  const first = turn(conversation, 'search_knowledge', at(1500));
  push(conversation, 'customer', 'Hi! How much is a deep clean, and do you take Delta Dental?', { created_at: at(1500) });
  push(conversation, 'ai', 'A deep clean is $180 without insurance. We take Delta Dental; most plans pay 80% of it after the deductible.', {
    created_at: at(1500),
    turn_id: first.id,
    citations: [cite(3, 'Prices › Cleaning', 'Deep clean (scaling and root planing), per visit: $180'), cite(1, 'page 4 › Plans we accept', 'We accept Delta Dental PPO and Premier.')],
  });
  push(conversation, 'customer', 'Also, is parking free?', { created_at: at(12) });
  const second = turn(conversation, index % 2 === 0 ? 'capture_lead' : null, at(12));
  push(conversation, 'ai', 'Yes, parking behind the building is free for patients for up to two hours.', {
    created_at: at(12),
    turn_id: second.id,
    citations: [cite(0, 'Getting here', 'Parking behind the building is free for patients, two hours at most.')],
  });
  if (index === 0) {
    push(conversation, 'note', 'She was here in March with Dr. Lee; the form is the new one from Delta.', { created_at: at(9), user_id: members[1]?.user_id ?? null, author_name: 'Marcus Webb' });
  }
  push(conversation, 'customer', conversation.preview, { created_at: at(4) });
  if (conversation.floor.holder === 'nobody') {
    push(conversation, 'ai', 'I will ask someone from the team to help you with that. One moment, please.', { created_at: at(4), turn_id: turn(conversation, 'handoff', at(4)).id });
    push(conversation, 'system', 'Ava asked for a person: insurance question outside the documents', { created_at: at(4) });
  }
  if (conversation.floor.holder === 'person') {
    push(conversation, 'system', 'Dana Reyes took over', { created_at: at(3) });
    push(conversation, 'person', `Hi ${conversation.contact_name.split(' ')[0] ?? ''}, this is Dana. See you on Thursday!`, { created_at: at(2), user_id: me.user.id, author_name: 'Dana Reyes' });
  }
  if (conversation.channel !== 'web') {
    const fates: Delivery[] = [
      { status: 'read' },
      { status: 'delivered' },
      { status: 'sent' },
      { status: 'queued', send_at: new Date(NOW + 3 * 3_600_000).toISOString() },
      { status: 'failed', reason: 'the number cannot receive text messages' },
    ];
    fates.forEach((delivery, at) => push(conversation, 'person', ['Hi, this is Dana.', 'See you on Thursday at 3!', 'Bring your insurance card, please.', 'A reminder for tomorrow.', 'Here is the address again: 240 Market St.'][at] ?? '', { user_id: me.user.id, author_name: 'Dana Reyes', delivery }));
  }
  if (conversation.state === 'resolved') push(conversation, 'system', 'Marcus Webb resolved the conversation', { created_at: at(1) });
  if (conversation.state === 'ended') push(conversation, 'system', 'The customer ended the conversation', { created_at: at(1) });
});

export const leads: Lead[] = contacts.slice(0, 9).map((contact, index) => ({
  id: id('lead'),
  contact_id: contact.id,
  name: contact.name,
  email: contact.email ?? null,
  phone: contact.phone ?? null,
  need: ['A crown came loose, wants to be seen this week', 'Invisalign for a teenager', 'Whitening before a wedding', 'New patient exam for two'][index % 4] ?? '',
  status: (['new', 'new', 'contacted', 'qualified', 'won', 'lost'] as const)[index % 6] ?? 'new',
  score: 40 + ((index * 13) % 60),
  score_reasons: ['left a name', 'left a phone number', 'said what they need'],
  conversation_id: conversations[index]?.id ?? null,
  assignee: index % 2 === 0 ? me.user.id : null,
  consent_text: 'We use your details to contact you about your request.',
  consent_at: ago(index * 200),
  created_at: ago(index * 200),
  updated_at: ago(index * 150),
}));

export const cannedReplies: CannedReply[] = [
  ['hours', 'We are open Monday to Friday from 8 to 6, and Saturday from 9 to 1.'],
  ['parking', 'Parking behind the building is free for patients, two hours at most.'],
  ['thanks', 'Thank you, {contact.name}! Is there anything else I can do?'],
  ['insurance', 'Could you send us a photo of the front and back of your insurance card?'],
].map(([shortcut, text]) => ({ id: id('reply'), shortcut: shortcut ?? '', text: text ?? '', updated_at: ago(5000) }));
