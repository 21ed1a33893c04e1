// Calls of the public booking API. Every refusal becomes a `Refused` that says what kind it is; nothing is swallowed.

import type { BookingPage, BusinessPage, Hold, PublicBooking, PublicOffer, Range, Slot } from './protocol';

export class Refused extends Error {
  /** The HTTP status; 0 when there was no answer. */
  readonly status: number;
  /** The last part of the problem's type, such as `slot-taken`. */
  readonly kind: string;
  /** By JSON pointer. */
  readonly fields: ReadonlyMap<string, string>;
  readonly alternatives: readonly Slot[];

  constructor(status: number, problem: Problem = {}) {
    super(problem.detail ?? problem.title ?? '');
    this.status = status;
    this.kind = problem.type?.split('/').at(-1) ?? '';
    this.fields = new Map(problem.errors?.map(({ field, message }) => [field, message]));
    this.alternatives = problem.alternatives ?? [];
  }

  get taken(): boolean {
    return this.status === 409 && this.kind === 'slot-taken';
  }

  /** Nobody knows whether it was done; asking again with the same key is safe. */
  get unsure(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 502;
  }
}

interface Problem {
  type?: string;
  title?: string;
  detail?: string;
  errors?: { field: string; message: string }[];
  alternatives?: Slot[];
}

export interface NewBooking {
  hold: string;
  name: string;
  email?: string;
  phone?: string;
  zone: string;
  language: string;
  answers?: Record<string, string>;
  message?: string;
}

export interface NewWaiting {
  name: string;
  email?: string;
  phone?: string;
  from: string;
  to: string;
  staff_id?: string;
  zone: string;
  language: string;
}

export interface Choice {
  duration: number;
  staff: string | null;
  seats: number;
}

/** How far the server's clock is ahead of this one, in milliseconds, where the answer tells. */
export type Told<T> = { value: T; skew: number };

const PATIENCE = 20_000;
const AGAIN = [400, 1500];

export interface Api {
  business(workspace: string): Promise<BusinessPage>;
  page(workspace: string, type: string, query: Record<string, string>): Promise<BookingPage>;
  hold(workspace: string, type: string, slot: string, seats: number): Promise<Told<Hold>>;
  extend(token: string): Promise<Told<Hold>>;
  /** Gives a hold back; outlives the page. */
  release(token: string): void;
  book(workspace: string, type: string, booking: NewBooking, key: string): Promise<PublicBooking>;
  wait(workspace: string, type: string, entry: NewWaiting): Promise<void>;
  booking(token: string): Promise<PublicBooking>;
  slotsToMove(token: string, query: Record<string, string>): Promise<Range>;
  move(token: string, slot: string): Promise<PublicBooking>;
  cancel(token: string, reason: string): Promise<PublicBooking>;
  offer(token: string): Promise<PublicOffer>;
  accept(token: string): Promise<PublicBooking>;
  decline(token: string): Promise<void>;
}

export interface ApiOptions {
  /** `https://host/api/v1/public/booking/` */
  base: string;
  /** The visitor's widget session, when the picker is in a conversation. */
  session?: () => string | null;
  fetch?: typeof fetch;
  pause?: (ms: number) => Promise<void>;
}

export function createApi({ base, session, fetch: ask = (...given) => fetch(...given), pause = (ms) => new Promise((done) => setTimeout(done, ms)) }: ApiOptions): Api {
  const at = (...parts: string[]): string => parts.map(encodeURIComponent).join('/');

  async function once<T>(method: string, path: string, body: unknown, headers: Record<string, string>): Promise<Told<T>> {
    const asked = Date.now();
    let response: Response;
    let answer: unknown = null;
    try {
      response = await ask(base + path, {
        method,
        // The dashboard's cookies must not turn a customer's booking into a team member's.
        credentials: 'omit',
        headers: body === undefined ? headers : { ...headers, 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(PATIENCE),
      });
      if (response.status !== 204) answer = await response.json().catch(() => null);
    } catch {
      throw new Refused(0);
    }
    if (!response.ok) throw new Refused(response.status, (answer ?? {}) as Problem);
    const date = Date.parse(response.headers.get('date') ?? '');
    // The header has whole seconds; half of one is what it is off by on average.
    const skew = Number.isNaN(date) ? 0 : date + 500 - (asked + Date.now()) / 2;
    return { value: answer as T, skew: Math.abs(skew) > 3000 ? skew : 0 };
  }

  /** What changes nothing, or nothing the second time, is asked again when the line fails. */
  async function patient<T>(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<T> {
    for (let attempt = 0; ; attempt++) {
      try {
        return (await once<T>(method, path, body, headers)).value;
      } catch (error) {
        const wait = AGAIN[attempt];
        if (!(error instanceof Refused) || !error.unsure || error.status === 429 || wait === undefined) throw error;
        await pause(wait);
      }
    }
  }

  const query = (given: Record<string, string>): string => {
    const text = new URLSearchParams(given).toString();
    return text && '?' + text;
  };

  return {
    business: (workspace) => patient('GET', at(workspace)),
    page: (workspace, type, given) => patient('GET', at(workspace, type) + query(given)),
    hold: (workspace, type, slot, seats) => once('POST', at(workspace, type, 'holds'), { slot, seats }, {}),
    extend: (token) => once('POST', at('holds', token, 'extend'), undefined, {}),
    release(token) {
      void ask(base + at('holds', token), { method: 'DELETE', credentials: 'omit', keepalive: true }).catch(() => undefined);
    },
    book(workspace, type, booking, key) {
      const token = session?.();
      return patient('POST', at(workspace, type, 'bookings'), booking, { 'idempotency-key': key, ...(token ? { authorization: `Bearer ${token}` } : {}) });
    },
    wait: async (workspace, type, entry) => void (await once('POST', at(workspace, type, 'waiting-list'), entry, {})),
    booking: (token) => patient('GET', at('manage', token)),
    slotsToMove: (token, given) => patient('GET', at('manage', token, 'slots') + query(given)),
    move: async (token, slot) => (await once<PublicBooking>('POST', at('manage', token, 'reschedule'), { slot }, {})).value,
    cancel: async (token, reason) => (await once<PublicBooking>('POST', at('manage', token, 'cancel'), reason ? { reason } : {}, {})).value,
    offer: (token) => patient('GET', at('offers', token)),
    accept: async (token) => (await once<PublicBooking>('POST', at('offers', token, 'accept'), undefined, {})).value,
    decline: async (token) => void (await once('POST', at('offers', token, 'decline'), undefined, {})),
  };
}

/** A key no other booking has. `randomUUID` is missing on pages without https. */
export const newKey = (): string => Array.from(crypto.getRandomValues(new Uint32Array(5)), (part) => part.toString(36)).join('');
