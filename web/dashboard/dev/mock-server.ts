// A stand-in for the server while pages are developed: `npm run dev`. In memory, one person, no rules beyond what the
// pages need to look and behave as they will. Never part of a build.

import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Plugin, PreviewServer, ViteDevServer } from 'vite';
import { WebSocketServer, type WebSocket } from 'ws';
import type { Contact, Conversation, DomainEvent, Fact, LoggedEvent, Me, Page } from '@frontdesk/api-client';
import * as db from './data.ts';
import { complianceRoutes } from './compliance.ts';
import { contactRoutes } from './contacts.ts';
import { outboxRoutes } from './outbox.ts';
import { workflowRoutes } from './workflows.ts';

type Handler = (request: MockRequest) => unknown;

interface MockRequest {
  params: Record<string, string>;
  query: URLSearchParams;
  body: Record<string, unknown>;
}

class Refusal extends Error {
  readonly status: number;
  readonly problem: object;
  constructor(status: number, problem: object) {
    super();
    this.status = status;
    this.problem = problem;
  }
}

const log: LoggedEvent[] = [];
const sockets = new Set<WebSocket>();
let signedIn = true;
const facts = new Map<string, Fact[]>();
const notes = new Map<string, object[]>();

function emit(event: DomainEvent): void {
  const logged = { seq: log.length + 1, at: new Date().toISOString(), ...event };
  log.push(logged);
  tell({ type: 'event', ...logged });
}

function tell(frame: object): void {
  for (const socket of sockets) socket.send(JSON.stringify(frame));
}

function page<Item>(items: Item[], query: URLSearchParams, withTotal = false): Page<Item> {
  const limit = Number(query.get('limit') ?? 50);
  const from = Number(query.get('cursor') ?? 0);
  const rest = items.slice(from, from + limit);
  return {
    items: rest,
    next_cursor: from + limit < items.length ? String(from + limit) : null,
    total: withTotal ? items.length : null,
  };
}

function find<Item extends { id: string }>(list: Item[], id: string | undefined): Item {
  const found = list.find((item) => item.id === id);
  if (found === undefined) throw new Refusal(404, { title: 'Not found', detail: 'There is no such thing in this workspace.' });
  return found;
}

const includes = (text: string | null | undefined, q: string) => (text ?? '').toLowerCase().includes(q.toLowerCase());

function listConversations(query: URLSearchParams): Conversation[] {
  const state = query.get('state') ?? 'all';
  const view = query.get('view') ?? 'all';
  const q = query.get('q') ?? '';
  return db.conversations
    .filter((each) => state === 'all' || each.state === state)
    .filter((each) => inView(each, view) && (query.get('channel') ?? each.channel) === each.channel)
    .filter((each) => q === '' || includes(each.contact_name, q) || includes(each.preview, q))
    .sort((a, b) => b.last_message_at.localeCompare(a.last_message_at));
}

function inView(each: Conversation, view: string): boolean {
  if (view === 'waiting') return each.floor.holder === 'nobody' && each.state === 'open';
  if (view === 'mine') return each.assignee === db.me.user.id;
  if (view === 'unassigned') return each.assignee === null && each.state === 'open';
  return true;
}

function say(conversation: Conversation, ...args: Parameters<typeof db.push> extends [unknown, ...infer Rest] ? Rest : never) {
  const message = db.push(conversation, ...args);
  if (message.author !== 'note') {
    conversation.preview = message.text;
    conversation.last_message_at = message.created_at;
  }
  emit({ kind: 'message.created', conversation_id: conversation.id, message_id: message.id, author: message.author, message_seq: message.seq });
  return message;
}

function changeFloor(conversation: Conversation, floor: Conversation['floor'], text: string): Conversation {
  conversation.floor = floor;
  conversation.epoch += 1;
  conversation.waiting_since = null;
  conversation.handoff_reason = null;
  if (floor.holder === 'person') conversation.assignee = floor.user_id;
  emit({ kind: 'conversation.floor_changed', conversation_id: conversation.id, floor, epoch: conversation.epoch });
  say(conversation, 'system', text);
  return conversation;
}

function changeState(conversation: Conversation, state: Conversation['state'], text: string): Conversation {
  conversation.state = state;
  conversation.closed_at = state === 'open' ? null : new Date().toISOString();
  emit({ kind: 'conversation.state_changed', conversation_id: conversation.id, state });
  say(conversation, 'system', text);
  return conversation;
}

/** A visitor writes and the agent answers word by word, so that streaming can be looked at. */
function visit(conversation: Conversation): void {
  say(conversation, 'customer', 'Do you have anything earlier, maybe tomorrow morning?');
  if (conversation.floor.holder !== 'ai') return;
  const record = db.turn(conversation, 'search_knowledge', new Date().toISOString());
  const words = 'Let me look. Mornings from 8 are usually free on Wednesdays; shall I ask the team to hold one for you?'.split(' ');
  tell({ type: 'typing', conversation_id: conversation.id, name: 'Ava' });
  words.forEach((word, index) => {
    setTimeout(() => tell({ type: 'delta', conversation_id: conversation.id, turn_id: record.id, text: `${word} ` }), 900 + index * 110);
  });
  setTimeout(() => say(conversation, 'ai', words.join(' '), { turn_id: record.id }), 1000 + words.length * 110);
}

const dana = { user_id: db.me.user.id, author_name: db.me.user.name };
const conv = (request: MockRequest) => find(db.conversations, request.params['id']);

const ROUTES: Record<string, Handler> = {
  ...complianceRoutes(),
  ...contactRoutes(),
  ...workflowRoutes(emit, (status, problem) => new Refusal(status, problem)),
  ...outboxRoutes(emit, (status, problem) => new Refusal(status, problem)),
  'GET /auth/me': () => {
    if (!signedIn) throw new Refusal(401, { title: 'Sign in first' });
    return db.me;
  },
  'PATCH /auth/me': ({ body }) => Object.assign(db.me.user, body) && db.me,
  'POST /auth/login': ({ body }) => {
    if (body['password'] === 'wrong') throw new Refusal(401, { title: 'Refused' });
    signedIn = true;
    return db.me;
  },
  'POST /auth/signup': ({ body }): Me => {
    if (body['email'] === 'taken@example.com') {
      throw new Refusal(422, { title: 'Invalid', errors: [{ field: '/email', message: 'has an account already' }] });
    }
    signedIn = true;
    return db.me;
  },
  'POST /auth/logout': () => void (signedIn = false),
  'POST /auth/refresh': () => {
    if (!signedIn) throw new Refusal(401, { title: 'Sign in first' });
  },
  'POST /auth/password/forgot': () => undefined,
  'POST /auth/password/reset': () => undefined,
  'GET /invitations/:token': () => ({ workspace: 'Brightsmile Dental', email: 'new@brightsmile.example', role: 'agent', has_account: false }),
  'POST /invitations/:token/accept': () => db.me,
  'GET /workspace': () => db.workspace,
  'PATCH /workspace': ({ body }) => Object.assign(db.workspace, body),
  'GET /workspaces': () => db.me.workspaces,
  'GET /team/members': ({ query }) => page(db.members, query),
  'GET /team/invitations': ({ query }) => page([], query),
  'GET /keys': ({ query }) => page([], query),
  'GET /widget-keys': ({ query }) => page([{ id: db.id('wkey'), name: 'Web site', key: 'pk_demo', origins: ['*'], agent_id: null, created_at: db.ago(900), revoked_at: null }], query),
  'GET /audit': ({ query }) => page([], query),
  'GET /agents': () => db.agents,
  'GET /agents/tools': () => db.agents[0]?.draft.tools.map((name) => ({ name, description: name.replaceAll('_', ' '), parameters: {} })),
  'GET /agents/:id': ({ params }) => find(db.agents, params['id']),
  'PATCH /agents/:id': ({ params, body }) => Object.assign(find(db.agents, params['id']), body, { has_changes: true }),
  'GET /agents/:id/versions': ({ query }) => page([], query),
  'GET /personas': () => db.personas,
  'GET /knowledge/sources': ({ query }) => page(db.sources, query),
  'GET /knowledge/sources/:id': ({ params }) => find(db.sources, params['id']),
  'GET /knowledge/sources/:id/chunks': ({ query }) => page([], query),
  'GET /conversations': ({ query }) => page(listConversations(query), query),
  'GET /conversations/counts': () => {
    const open = db.conversations.filter((each) => each.state === 'open');
    const count = (view: string) => open.filter((each) => inView(each, view)).length;
    return { all: count('all'), waiting: count('waiting'), mine: count('mine'), unassigned: count('unassigned') };
  },
  'GET /conversations/:id': conv,
  'GET /conversations/:id/messages': ({ params, query }) => {
    const all = db.messages.get(params['id'] ?? '') ?? [];
    const limit = Number(query.get('limit') ?? 50);
    const after = query.get('after');
    const before = query.get('cursor');
    if (after !== null) {
      const rest = all.filter((message) => message.seq > Number(after));
      return { items: rest, next_cursor: null };
    }
    const rest = before === null ? all : all.filter((message) => message.seq < Number(before));
    return { items: rest.slice(-limit), next_cursor: rest.length > limit ? String(rest.at(-limit)?.seq) : null };
  },
  'GET /conversations/:id/turns': ({ params }) => db.turns.get(params['id'] ?? '') ?? [],
  'POST /conversations/:id/messages': (request) => {
    const conversation = conv(request);
    const text = String(request.body['text']);
    if (text.includes('fail')) throw new Refusal(503, { title: 'Busy', detail: 'The server is busy; try again.' });
    if (conversation.floor.holder !== 'person') changeFloor(conversation, { holder: 'person', user_id: dana.user_id }, 'Dana Reyes took over');
    return say(conversation, 'person', text, { ...dana, client_id: String(request.body['client_id']) });
  },
  'POST /conversations/:id/notes': (request) => say(conv(request), 'note', String(request.body['text']), dana),
  'POST /conversations/:id/take-over': (request) => changeFloor(conv(request), { holder: 'person', user_id: dana.user_id }, 'Dana Reyes took over'),
  'POST /conversations/:id/hand-back': (request) => changeFloor(conv(request), { holder: 'ai' }, 'Dana Reyes handed back to Ava'),
  'POST /conversations/:id/resolve': (request) => changeState(conv(request), 'resolved', 'Dana Reyes resolved the conversation'),
  'POST /conversations/:id/reopen': (request) => changeState(conv(request), 'open', 'Dana Reyes reopened the conversation'),
  'PUT /conversations/:id/assignee': (request) => {
    const conversation = conv(request);
    conversation.assignee = (request.body['user_id'] as string | null) ?? null;
    emit({ kind: 'conversation.updated', conversation_id: conversation.id });
    return conversation;
  },
  'POST /conversations/:id/read': (request) => void (conv(request).unread = 0),
  'POST /conversations/:id/typing': () => undefined,
  'POST /conversations/:id/visit': (request) => visit(conv(request)),
  'GET /canned-replies': () => db.cannedReplies,
  'POST /contacts': ({ body }) => {
    const contact = { ...db.contacts[0], ...body, id: db.id('cont') } as Contact;
    db.contacts.unshift(contact);
    return contact;
  },
  'GET /contacts/:id': ({ params }) => find(db.contacts, params['id']),
  'PATCH /contacts/:id': ({ params, body }) => {
    if (typeof body['email'] === 'string' && body['email'] !== '' && !body['email'].includes('@')) {
      throw new Refusal(422, { title: 'Invalid', errors: [{ field: '/email', message: 'is not an e-mail address' }] });
    }
    const contact = Object.assign(find(db.contacts, params['id']), body);
    for (const each of db.conversations) if (each.contact_id === contact.id) each.contact_name = contact.name;
    emit({ kind: 'contact.updated', contact_id: contact.id });
    return contact;
  },
  'GET /contacts/:id/memory': ({ params }) => ({
    facts: factsOf(params['id'] ?? ''),
    last_summary: 'Moved a deep clean from Tuesday to Thursday; wants a call about an insurance form.',
    last_conversation_at: db.ago(40_000),
    conversations: 3,
    upcoming_bookings: [],
  }),
  'PUT /contacts/:id/memory/facts': ({ params, body }) => {
    const list = factsOf(params['id'] ?? '');
    const fact = { id: db.id('fact'), key: String(body['key']), value: String(body['value']), conversation_id: null, updated_at: new Date().toISOString() };
    facts.set(params['id'] ?? '', [fact, ...list.filter((each) => each.key !== fact.key)]);
    emit({ kind: 'contact.updated', contact_id: params['id'] ?? '' });
    return fact;
  },
  'DELETE /contacts/:id/memory/facts/:fact': ({ params }) => {
    facts.set(params['id'] ?? '', factsOf(params['id'] ?? '').filter((each) => each.id !== params['fact']));
    emit({ kind: 'contact.updated', contact_id: params['id'] ?? '' });
  },
  'GET /contacts/:id/conversations': ({ params, query }) => page(db.conversations.filter((each) => each.contact_id === params['id']), query),
  'GET /contacts/:id/notes': ({ params, query }) => page(notes.get(params['id'] ?? '') ?? [], query),
  'POST /contacts/:id/notes': ({ params, body }) => {
    const note = { id: db.id('note'), contact_id: params['id'], text: body['text'], author: dana.user_id, author_name: dana.author_name, created_at: new Date().toISOString() };
    notes.set(params['id'] ?? '', [note, ...(notes.get(params['id'] ?? '') ?? [])]);
    return note;
  },
  'GET /contacts/:id/timeline': ({ query }) => page([], query),
  'GET /leads': ({ query }) =>
    page(
      db.leads.filter((each) => includes(`${each.name} ${each.email ?? ''} ${each.phone ?? ''}`, query.get('q') ?? '')),
      query,
    ),
  'GET /leads/:id': ({ params }) => find(db.leads, params['id']),
  'PATCH /leads/:id': ({ params, body }) => Object.assign(find(db.leads, params['id']), body),
  'GET /home': () => ({
    needs_you: db.conversations.filter((each) => inView(each, 'waiting')),
    counts: { conversations_today: 24, messages_today: 131, answered_by_ai_percent: 87, leads_this_week: 12, waiting: 3 },
    recent_leads: db.leads.slice(0, 5),
    activity: db.conversations.slice(0, 8).map((each, index) => ({
      at: each.last_message_at,
      kind: ['conversation.started', 'lead.created', 'human_handoff.requested', 'conversation.resolved'][index % 4],
      text: [`${each.contact_name} started a conversation`, `${each.contact_name} left their details`, `Ava asked for a person for ${each.contact_name}`, `Marcus Webb resolved the conversation with ${each.contact_name}`][index % 4],
      conversation_id: each.id,
    })),
    unanswered: [
      { question: 'Do you offer payment plans for implants?', asked_at: db.ago(80), conversation_id: db.conversations[0]?.id },
      { question: 'Is laughing gas available for children?', asked_at: db.ago(400), conversation_id: db.conversations[1]?.id },
      { question: 'Do you take Cigna?', asked_at: db.ago(1600), conversation_id: db.conversations[2]?.id },
    ],
    week: Array.from({ length: 7 }, (_, index) => ({
      day: new Date(db.NOW - (6 - index) * 86_400_000).toISOString().slice(0, 10),
      conversations: [18, 26, 22, 31, 28, 12, 24][index],
      leads: [2, 4, 3, 5, 4, 1, 3][index],
    })),
  }),
  'GET /search': ({ query }) => {
    const q = query.get('q') ?? '';
    return {
      contacts: db.contacts.filter((each) => includes(each.name, q)).slice(0, 5),
      conversations: db.conversations.filter((each) => includes(each.preview, q) || includes(each.contact_name, q)).slice(0, 5),
      sources: db.sources.filter((each) => includes(each.title, q)).slice(0, 5),
      agents: db.agents.filter((each) => includes(each.name, q)),
    };
  },
};

function factsOf(contact: string): Fact[] {
  const list = facts.get(contact) ?? [
    { id: db.id('fact'), key: 'preferred_time', value: 'Thursday afternoons', conversation_id: null, updated_at: db.ago(3000) },
    { id: db.id('fact'), key: 'insurer', value: 'Delta Dental PPO', conversation_id: null, updated_at: db.ago(2000) },
  ];
  facts.set(contact, list);
  return list;
}

const compiled = Object.entries(ROUTES).map(([route, handler]) => {
  const [method, path] = route.split(' ');
  return { method, pattern: new RegExp(`^${(path ?? '').replaceAll(/:(\w+)/gu, '(?<$1>[^/]+)')}$`, 'u'), handler };
});

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://localhost');
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString();
  const send = (status: number, body: unknown) => {
    response.writeHead(body === undefined ? 204 : status, { 'content-type': 'application/json' });
    response.end(body === undefined ? '' : JSON.stringify(body));
  };
  for (const { method, pattern, handler } of compiled) {
    const match = method === request.method ? pattern.exec(url.pathname) : null;
    if (match === null) continue;
    try {
      send(200, handler({ params: match.groups ?? {}, query: url.searchParams, body: text.startsWith('{') ? (JSON.parse(text) as Record<string, unknown>) : {} }));
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      send(error.status, { status: error.status, request_id: 'req_mock', ...error.problem });
    }
    return;
  }
  send(404, { title: 'Not found', detail: `The mock has no ${String(request.method)} ${url.pathname}.` });
}

export function mockServer(): Plugin {
  return {
    name: 'frontdesk-mock',
    apply: 'serve',
    configureServer: serve,
    configurePreviewServer: serve,
  };
}

function serve(server: ViteDevServer | PreviewServer): void {
  server.middlewares.use('/api/v1', (request, response) => void answer(request, response));
  const live = new WebSocketServer({ noServer: true });
  server.httpServer?.on('upgrade', (request, socket, head) => {
    if (!(request.url ?? '').startsWith('/api/v1/live')) return;
    live.handleUpgrade(request, socket, head, (client) => {
      sockets.add(client);
      client.on('close', () => sockets.delete(client));
      client.on('message', (data: Buffer) => {
        const frame = JSON.parse(data.toString()) as { type: string; after?: number | null };
        if (frame.type === 'ping') client.send('{"type":"pong"}');
        if (frame.type !== 'hello') return;
        client.send(JSON.stringify({ type: 'ready', seq: log.length }));
        for (const event of log.slice(frame.after ?? log.length)) client.send(JSON.stringify({ type: 'event', ...event }));
      });
    });
  });
}
