// The one WebSocket of a tab: connects, resumes after the last event it has, notices gaps, and tries again.
//
// Knows nothing of pages or caches. Sockets, timers and randomness are passed in.

import type { LiveFrame, LoggedEvent } from '@frontdesk/api-client';

export type LiveStatus = 'connecting' | 'live' | 'reconnecting' | 'stopped';
export type EphemeralFrame = Extract<LiveFrame, { type: 'delta' | 'aborted' | 'typing' }>;

export interface SocketLike {
  onopen: (() => void) | null;
  onmessage: ((event: { data: unknown }) => void) | null;
  onclose: (() => void) | null;
  send: (text: string) => void;
  close: () => void;
}

export interface LiveOptions {
  open: () => SocketLike;
  /** Runs later; the answer cancels. */
  after: (milliseconds: number, run: () => void) => () => void;
  /** 0 to 1, for jitter. */
  random: () => number;
  /** Called before a try that follows a refused one: renews the sign-in; false when it has lapsed for good. */
  renew: () => Promise<boolean>;
  onEvent: (event: LoggedEvent) => void;
  onEphemeral: (frame: EphemeralFrame) => void;
  /** Events may have been missed for good: everything shown must be asked for again. */
  onResync: () => void;
  onStatus: (status: LiveStatus) => void;
}

const FIRST_WAIT = 500;
const LONGEST_WAIT = 20_000;
const PING_EVERY = 25_000;
const SILENCE = 60_000;

export class LiveConnection {
  readonly #options: LiveOptions;
  #socket: SocketLike | null = null;
  /** The last event handled; null before the first `ready`. */
  #seq: number | null = null;
  /** A `reset` came; the next `ready` (or the one just seen) says where the log goes on. */
  #resetting = false;
  #head: number | null = null;
  #ready = false;
  #failures = 0;
  #stopped = true;
  #cancelRetry: () => void = () => undefined;
  #cancelPing: () => void = () => undefined;
  #cancelSilence: () => void = () => undefined;

  constructor(options: LiveOptions) {
    this.#options = options;
  }

  start(): void {
    if (!this.#stopped) return;
    this.#stopped = false;
    this.#options.onStatus('connecting');
    this.#connect();
  }

  stop(): void {
    this.#stopped = true;
    this.#cancelRetry();
    this.#drop();
    this.#seq = null;
    this.#failures = 0;
    this.#options.onStatus('stopped');
  }

  /** Tries at once, as when the network came back. */
  hurry(): void {
    if (this.#stopped || this.#socket !== null) return;
    this.#cancelRetry();
    this.#failures = 0;
    this.#connect();
  }

  #connect(): void {
    const socket = this.#options.open();
    this.#socket = socket;
    this.#ready = false;
    this.#head = null;
    this.#resetting = false;
    socket.onopen = () => {
      socket.send(JSON.stringify({ type: 'hello', after: this.#seq }));
      this.#listen();
    };
    socket.onmessage = (event) => {
      const frame = parse(event.data);
      if (frame === null || this.#socket !== socket) return;
      this.#heard();
      this.#handle(frame);
    };
    socket.onclose = () => {
      if (this.#socket === socket) this.#lost();
    };
  }

  #handle(frame: LiveFrame): void {
    switch (frame.type) {
      case 'ready':
        this.#onReady(frame.seq);
        break;
      case 'reset':
        this.#resetting = true;
        if (this.#head !== null) this.#finishReset(this.#head);
        break;
      case 'event':
        this.#onEvent(frame);
        break;
      case 'delta':
      case 'aborted':
      case 'typing':
        this.#options.onEphemeral(frame);
        break;
      case 'ping':
        this.#socket?.send('{"type":"pong"}');
        break;
      case 'pong':
        break;
    }
  }

  #onReady(head: number): void {
    this.#ready = true;
    this.#head = head;
    this.#failures = 0;
    if (this.#resetting) {
      this.#finishReset(head);
    } else if (this.#seq === null) {
      this.#seq = head;
      // What was asked for before this moment may already be old.
      this.#options.onResync();
    } else if (this.#seq > head) {
      // The log is shorter than what we have seen: the server was restored from a backup.
      this.#finishReset(head);
    }
    this.#options.onStatus('live');
  }

  #finishReset(head: number): void {
    this.#resetting = false;
    this.#seq = head;
    this.#options.onResync();
  }

  #onEvent(event: LoggedEvent): void {
    if (this.#seq === null || this.#resetting) return;
    if (event.seq <= this.#seq) return;
    if (event.seq > this.#seq + 1) {
      // A hole: what lies between is asked for again from the last one we are sure of.
      this.#drop();
      this.#options.onStatus('reconnecting');
      this.#connect();
      return;
    }
    this.#seq = event.seq;
    this.#options.onEvent(event);
  }

  #listen(): void {
    const ping = () => {
      this.#socket?.send('{"type":"ping"}');
      this.#cancelPing = this.#options.after(PING_EVERY, ping);
    };
    this.#cancelPing = this.#options.after(PING_EVERY, ping);
    this.#heard();
  }

  /** Restarts the wait after which a silent connection counts as dead. */
  #heard(): void {
    this.#cancelSilence();
    this.#cancelSilence = this.#options.after(SILENCE, () => {
      this.#drop();
      this.#lost();
    });
  }

  #drop(): void {
    this.#cancelPing();
    this.#cancelSilence();
    const socket = this.#socket;
    this.#socket = null;
    if (socket === null) return;
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close();
  }

  #lost(): void {
    const refused = !this.#ready;
    this.#drop();
    if (this.#stopped) return;
    this.#options.onStatus('reconnecting');
    const wait = Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** this.#failures);
    this.#failures += 1;
    // A restarted server is not met by every tab at the same instant.
    this.#cancelRetry = this.#options.after(wait / 2 + (wait / 2) * this.#options.random(), () => {
      if (refused) void this.#renewThenConnect();
      else this.#connect();
    });
  }

  async #renewThenConnect(): Promise<void> {
    let signedIn = true;
    try {
      signedIn = await this.#options.renew();
    } catch {
      // The server cannot be reached; the connection will say so and wait longer.
    }
    if (this.#stopped || this.#socket !== null) return;
    if (signedIn) this.#connect();
    else this.stop();
  }
}

function parse(data: unknown): LiveFrame | null {
  if (typeof data !== 'string') return null;
  try {
    const frame: unknown = JSON.parse(data);
    return typeof frame === 'object' && frame !== null && 'type' in frame ? (frame as LiveFrame) : null;
  } catch {
    return null;
  }
}
