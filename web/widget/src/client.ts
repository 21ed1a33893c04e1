// The visitor's side of one conversation: the session, the connection, the queue of unsent messages.
//
// One WebSocket carries everything; when it cannot be opened three times running, requests and polling take its place and
// the socket is tried again each minute. Unsent messages leave one at a time, in order, and keep their `client_id` until
// the server has confirmed them, so that a lost line neither loses nor doubles one. It is not the view: it draws nothing.

import { MAX_MESSAGE, type Frame, type Poll, type ServerEvent, type Session, type Message } from './protocol';
import { awaiting, initial, reduce, type Action, type State } from './state';
import type { Memory } from './storage';
import type { Texts } from './i18n';

export interface Deps {
  /** `https://host/api/v1/widget/` */
  base: string;
  key: string;
  locale: string;
  pageUrl: string;
  memory: Memory;
  texts: Texts;
  fetch: (url: string, init: RequestInit) => Promise<Response>;
  socket: (url: string) => WebSocket;
  /** Whether the browser believes it has a network. */
  hasNetwork: () => boolean;
  hidden: () => boolean;
  now: () => number;
  random: () => number;
  newId: () => string;
  changed: (state: State, action: Action) => void;
}

export interface Client {
  state(): State;
  /** The session's token, once there is one. */
  token(): string | null;
  start(): void;
  /** False when too many wait already; nothing was taken then. */
  send(text: string): boolean;
  retry(id: string): void;
  drop(id: string): void;
  typing(): void;
  read(): void;
  /** Resolves to whether it was sent. */
  end(): Promise<boolean>;
  rate(score: number, comment: string): Promise<boolean>;
  restart(): void;
  /** The network is back, or the page is looked at again. */
  wake(): void;
  /** The network is gone. */
  lost(): void;
  stop(): void;
}

const PING_EVERY = 25_000;
const PONG_WITHIN = 10_000;
const CONFIRM_WITHIN = 15_000;
const LONGEST_WAIT = 30_000;
const LONGEST_QUEUE = 50;
const OPENINGS = 3;
const SOCKET_AGAIN = 60_000;

type Timer = ReturnType<typeof setTimeout>;

export function createClient(deps: Deps): Client {
  const { memory } = deps;
  let state = initial(memory.pending());
  let started = false;
  let busy = false;
  /** The next session starts a new conversation; what is shown becomes the past. */
  let fresh = false;
  let token: string | null = null;
  let socket: WebSocket | null = null;
  let ready = false;
  let polling = false;
  let pollingSince = 0;
  let failures = 0;
  let attempt = 0;
  let inflight: string | null = null;
  let pausedUntil = 0;
  let lastTyping = 0;
  let lastSent = 0;
  const timers: Partial<Record<'again' | 'ping' | 'pong' | 'confirm' | 'pause' | 'settle', Timer>> = {};

  const clear = (name: keyof typeof timers): void => clearTimeout(timers[name]);
  const after = (name: keyof typeof timers, delay: number, run: () => void): void => {
    clear(name);
    timers[name] = setTimeout(run, delay);
  };

  function dispatch(action: Action): void {
    const before = state;
    state = reduce(state, action);
    for (const { id } of before.pending) if (!state.pending.some((p) => p.id === id)) confirmed(id);
    if (state.messages.length !== before.messages.length || state.conversation !== before.conversation) {
      memory.setLive(state.conversation === 'ended' || !state.messages.length ? null : deps.now());
    }
    if (state !== before) deps.changed(state, action);
  }

  function confirmed(id: string): void {
    memory.forget(id);
    if (inflight === id) {
      inflight = null;
      clear('confirm');
    }
  }

  // --- requests -------------------------------------------------------------------------------------------------------

  function request(path: string, body?: unknown): Promise<Response> {
    const headers: Record<string, string> = {};
    if (body !== undefined) headers['Content-Type'] = 'application/json';
    if (token) headers['Authorization'] = 'Bearer ' + token;
    const gone = new AbortController();
    const limit = setTimeout(() => gone.abort(), CONFIRM_WITHIN);
    return deps
      .fetch(deps.base + path, {
        method: body === undefined ? 'GET' : 'POST',
        headers,
        body: body === undefined ? null : JSON.stringify(body),
        credentials: 'omit',
        signal: gone.signal,
      })
      .finally(() => clearTimeout(limit));
  }

  const retryAfter = (response: Response): number => (Number(response.headers.get('Retry-After')) || 5) * 1000;

  async function openSession(): Promise<boolean> {
    const known = memory.token();
    const response = await request('sessions', {
      key: deps.key,
      ...(known ? { token: known } : {}),
      locale: deps.locale.slice(0, 35),
      page_url: deps.pageUrl.slice(0, 2000),
    });
    if (response.ok) {
      const session = (await response.json()) as Session;
      token = session.token;
      memory.setToken(token);
      const id = session.conversation_id;
      dispatch({ type: 'session', session, fresh, rated: memory.rated() === id, read: memory.read(id) });
      fresh = false;
      return true;
    }
    if (known && [401, 403, 404].includes(response.status)) {
      memory.setToken(null);
      fresh = true;
      return openSession();
    }
    if (response.status === 429) attempt = Math.max(attempt, Math.ceil(Math.log2(retryAfter(response) / 250)));
    return false;
  }

  // --- the line -------------------------------------------------------------------------------------------------------

  async function connect(): Promise<void> {
    if (busy || !started) return;
    clear('again');
    busy = true;
    if (state.link === 'idle') dispatch({ type: 'link', link: 'connecting' });
    let opened = false;
    try {
      opened = token !== null || (await openSession());
    } catch {
      // No answer: tried again below.
    }
    busy = false;
    if (!started) return;
    if (fresh && token === null && opened) void connect();
    else if (!opened) down();
    else if (polling) void poll();
    else openSocket();
  }

  function down(least = 0): void {
    hangUp();
    if (!started) return;
    dispatch({ type: 'link', link: 'waiting' });
    const delay = Math.min(LONGEST_WAIT, 500 * 2 ** attempt++) * (0.5 + deps.random() / 2);
    after('again', Math.max(delay, least), () => void connect());
  }

  function hangUp(): void {
    const old = socket;
    socket = null;
    ready = false;
    inflight = null;
    for (const name of ['again', 'ping', 'pong', 'confirm'] as const) clear(name);
    if (old) {
      old.onopen = old.onmessage = old.onclose = old.onerror = null;
      old.close();
    }
  }

  function failedSocket(): void {
    if (!ready && deps.hasNetwork() && ++failures >= OPENINGS) {
      polling = true;
      pollingSince = deps.now();
      attempt = 0;
      hangUp();
      void poll();
    } else down();
  }

  function frame(value: Frame): void {
    socket?.send(JSON.stringify(value));
  }

  function openSocket(): void {
    hangUp();
    let opening: WebSocket;
    try {
      opening = deps.socket(deps.base.replace(/^http/, 'ws') + 'socket');
    } catch {
      failedSocket();
      return;
    }
    socket = opening;
    after('pong', PONG_WITHIN, failedSocket);
    opening.onopen = () => frame({ type: 'hello', token: token ?? '', after: state.cursor });
    opening.onclose = opening.onerror = failedSocket;
    opening.onmessage = ({ data }: MessageEvent) => {
      if (ready) clear('pong');
      let event: ServerEvent;
      try {
        event = JSON.parse(String(data)) as ServerEvent;
      } catch {
        return;
      }
      receive(event);
    };
  }

  function ping(): void {
    if (!ready) return;
    frame({ type: 'ping' });
    after('pong', PONG_WITHIN, down);
    after('ping', PING_EVERY, ping);
  }

  function receive(event: ServerEvent): void {
    if (event.type === 'ready') {
      ready = true;
      attempt = failures = 0;
      clear('pong');
      after('ping', PING_EVERY, ping);
    }
    if (event.type === 'error') {
      trouble(event.code, event.message, event.client_id, event.retry_after_ms, event.fatal);
      return;
    }
    dispatch({ type: 'server', event });
    if (event.type === 'aborted') after('settle', 600, () => dispatch({ type: 'settle' }));
    if (event.type === 'typing') after('settle', 8000, () => dispatch({ type: 'settle' }));
    flush();
  }

  async function poll(): Promise<void> {
    if (busy || !started) return;
    clear('again');
    if (deps.now() - pollingSince > SOCKET_AGAIN) {
      polling = false;
      failures = OPENINGS - 1;
      openSocket();
      return;
    }
    busy = true;
    let response: Response | null = null;
    let answer: Poll | null = null;
    try {
      response = await request('messages?after=' + state.cursor);
      if (response.ok) answer = (await response.json()) as Poll;
    } catch {
      response = null;
    }
    busy = false;
    if (!started) return;
    if (fresh) void connect();
    else if (answer) {
      attempt = 0;
      dispatch({ type: 'poll', poll: answer });
      dispatch({ type: 'link', link: 'online' });
      flush();
      const soon = awaiting(state) || deps.now() - lastSent < 20_000;
      after('again', deps.hidden() ? 15_000 : soon ? 1500 : 4000, () => void poll());
    } else if (response?.status === 401) renew();
    else {
      // The server itself is away: begin with the socket again.
      polling = false;
      failures = 0;
      down(response?.status === 429 ? retryAfter(response) : 0);
    }
  }

  function renew(): void {
    hangUp();
    token = null;
    fresh = true;
    memory.setToken(null);
    dispatch({ type: 'link', link: 'waiting' });
    const delay = attempt ? Math.min(LONGEST_WAIT, 500 * 2 ** attempt) : 0;
    attempt++;
    after('again', delay, () => void connect());
  }

  // --- the queue ------------------------------------------------------------------------------------------------------

  function flush(): void {
    if (inflight || state.link !== 'online' || state.conversation === 'ended' || deps.now() < pausedUntil) return;
    const next = state.pending.find((p) => !p.failed);
    if (!next) return;
    inflight = next.id;
    lastSent = deps.now();
    if (polling) void post(next.id, next.text);
    else {
      frame({ type: 'message', client_id: next.id, text: next.text });
      after('confirm', CONFIRM_WITHIN, down);
    }
  }

  async function post(id: string, text: string): Promise<void> {
    let response: Response;
    try {
      response = await request('messages', { client_id: id, text });
      if (response.ok) {
        dispatch({ type: 'stored', message: (await response.json()) as Message });
        inflight = null;
        flush();
        return;
      }
    } catch {
      down();
      return;
    }
    const code: Record<number, string> = { 401: 'unauthorized', 409: 'ended', 413: 'too_long', 429: 'rate_limited' };
    if (response.status >= 500) down();
    else trouble(code[response.status] ?? 'refused', '', id, response.status === 429 ? retryAfter(response) : null, false);
  }

  function trouble(code: string, text: string, id: string | null, wait: number | null, fatal: boolean): void {
    // A refusal of a typing frame names no message: it must not fail the one on its way.
    const about = id ?? (code === 'rate_limited' || code === 'too_long' ? inflight : null);
    if (about && about === inflight) {
      inflight = null;
      clear('confirm');
    }
    if (code === 'unauthorized') {
      renew();
      return;
    }
    if (code === 'rate_limited') {
      if (about) {
        const pause = Math.max(500, wait ?? 5000);
        pausedUntil = deps.now() + pause;
        dispatch({ type: 'notice', text: deps.texts('slow', Math.ceil(pause / 1000)) });
        after('pause', pause, () => {
          pausedUntil = 0;
          dispatch({ type: 'notice', text: null });
          flush();
        });
      }
    } else if (code === 'ended') dispatch({ type: 'server', event: { type: 'state', state: 'ended' } });
    else if (about && state.pending.some((p) => p.id === about)) {
      const reason = code === 'too_long' ? deps.texts('tooLong', MAX_MESSAGE) : text || deps.texts('refused');
      dispatch({ type: 'fail', id: about, reason });
    }
    if (fatal) down(wait ?? 0);
    else flush();
  }

  /** A frame when the socket is up, else a request with the same fields. */
  async function tell(value: Frame, path: string, body: unknown): Promise<boolean> {
    if (ready) {
      frame(value);
      return true;
    }
    try {
      return (await request(path, body)).ok;
    } catch {
      return false;
    }
  }

  return {
    state: () => state,
    token: () => token,
    start() {
      if (started) return;
      started = true;
      void connect();
    },
    send(text) {
      if (state.pending.length >= LONGEST_QUEUE) return false;
      const pending = { id: deps.newId(), text, at: deps.now(), failed: null };
      memory.keep(pending);
      dispatch({ type: 'queue', pending });
      this.start();
      flush();
      return true;
    },
    retry(id) {
      dispatch({ type: 'retry', id });
      flush();
    },
    drop(id) {
      dispatch({ type: 'drop', id });
    },
    typing() {
      if (!ready || deps.now() - lastTyping < 3000) return;
      lastTyping = deps.now();
      frame({ type: 'typing' });
    },
    read() {
      const before = state.read;
      dispatch({ type: 'read' });
      if (state.read !== before) memory.setRead(state.id, state.read);
    },
    async end() {
      const told = await tell({ type: 'end' }, 'end', {});
      if (told && !ready) dispatch({ type: 'server', event: { type: 'state', state: 'ended' } });
      return told;
    },
    async rate(score, comment) {
      const told = await tell({ type: 'rate', score, comment }, 'rating', { score, comment });
      if (told) {
        memory.setRated(state.id);
        dispatch({ type: 'rated' });
      }
      return told;
    },
    restart() {
      hangUp();
      token = null;
      fresh = true;
      attempt = 0;
      memory.setToken(null);
      dispatch({ type: 'link', link: 'waiting' });
      void connect();
    },
    wake() {
      if (!started) return;
      if (ready) ping();
      else if (state.link === 'waiting') {
        attempt = 0;
        void connect();
      }
    },
    lost() {
      if (started && state.link === 'online') down();
    },
    stop() {
      started = false;
      hangUp();
      for (const timer of Object.values(timers)) clearTimeout(timer);
    },
  };
}
