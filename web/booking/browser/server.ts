// A small server that speaks the public booking API's side, steered by the tests: it keeps holds and bookings in memory,
// can give a slot to somebody else, be slow and go away. It knows no rules: its slots are a fixed week.

import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Business, Initial, Person, PublicBooking, PublicOffer, PublicType, Slot } from '../src/protocol';
import { civil, startOfDay } from '../src/zone';

const DIST = new URL('../dist/', import.meta.url);
const MINUTE = 60_000;
const DAY = 86_400_000;

export const BUSINESS: Business = {
  name: 'Harbor Dental', slug: 'harbor-dental', zone: 'America/New_York', language: 'en', theme: { accent: '#4f46e5', scheme: 'auto' },
  address: '240 Market Street, Boston', phone: '+1 617 555 0134',
};

export const STAFF: Person[] = [
  { id: 'staff_maria', name: 'Maria Lopez', title: 'Dentist' },
  { id: 'staff_ben', name: 'Ben Carter', title: 'Hygienist' },
];

export const TYPE: PublicType = {
  id: 'btype_exam', slug: 'new-patient-exam', name: 'New patient exam', description: 'A first look at your teeth with X-rays and a plan. Please come ten minutes early.',
  durations: [45, 60], capacity: 1, price: { minor: 12_000, currency: 'USD' }, location_text: '240 Market Street, Boston', location_kind: 'business',
  questions: [
    { key: 'insurer', label: 'Who is your insurer?', kind: 'select', required: true, choices: ['Aetna', 'Cigna', 'None'] },
    { key: 'worries', label: 'What shall we look at?', kind: 'multi_select', required: false, choices: ['Pain', 'Whitening', 'Check-up'] },
    { key: 'age', label: 'Your age', kind: 'number', required: false, choices: [] },
    { key: 'terms', label: 'I have read the practice rules', kind: 'checkbox', required: true, choices: [] },
  ],
  staff_mode: 'choose', confirmation_required: false, change_notice: 1440, color: '#4f46e5',
};

export const CLASS: PublicType = {
  ...TYPE, id: 'btype_class', slug: 'yoga', name: 'Evening yoga', description: '', durations: [60], capacity: 12, price: null, questions: [], staff_mode: 'round_robin', location_kind: 'video', location_text: '',
};

export class FakeServer {
  business: Business = { ...BUSINESS };
  types: PublicType[] = [TYPE, CLASS];
  staff: Person[] = STAFF;
  holdMinutes = 10;
  waits = true;
  /** What the server takes for now. */
  now: () => number = Date.now;
  /** Starts that were booked or given away. */
  gone = new Set<number>();
  /** Local hours of free starts, by weekday (Sunday is 0). */
  week: Record<number, number[]> = Object.fromEntries([1, 2, 3, 4, 5].map((day) => [day, [9, 9.75, 10.5, 11.25, 13, 13.75, 14.5, 17.5]]));
  holds = new Map<string, { slot: Slot; until: number }>();
  bookings = new Map<string, PublicBooking>();
  waiting: unknown[] = [];
  offer: PublicOffer | null = null;
  /** The next answers, instead of the usual ones: `[method and path pattern, status, body]`. */
  refuse: [RegExp, number, unknown][] = [];
  /** Do the thing, then cut the line before saying so. */
  loseNext: RegExp | null = null;
  log: { line: string; body: unknown; key: string | undefined; authorization: string | undefined }[] = [];
  inlined = true;
  down = false;
  origin = '';
  private server: Server | null = null;

  async listen(): Promise<void> {
    const server = createServer((request, response) => void this.answer(request, response));
    server.on('connection', (socket) => {
      if (this.down) socket.destroy();
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    this.origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    this.server = server;
  }

  async close(): Promise<void> {
    this.server?.closeAllConnections();
    await new Promise((done) => this.server?.close(done));
  }

  slots(type: PublicType, from: number, to: number, minutes: number, staff: string | null): Slot[] {
    const out: Slot[] = [];
    const { zone } = this.business;
    for (let at = from - DAY; at < to + DAY; at += DAY) {
      const { day } = civil(at, zone);
      const midnight = startOfDay(day, zone);
      for (const hour of this.week[new Date(day + 'T12:00Z').getUTCDay()] ?? []) {
        // Wall clock: from noon, which no change of clocks moves.
        const noon = startOfDay(day, zone) + 12 * 60 * MINUTE;
        const shift = (civil(noon, zone).hour - 12) * 60 * MINUTE;
        const start = (hour < 4 ? midnight : midnight - shift) + hour * 60 * MINUTE;
        if (start < from || start >= to || start <= this.now() || this.gone.has(start) || out.some((s) => Date.parse(s.start) === start)) continue;
        const who = staff ? [staff] : this.staff.map(({ id }) => id);
        out.push({ start: new Date(start).toISOString(), end: new Date(start + minutes * MINUTE).toISOString(), staff: who, seats: type.capacity > 1 ? 1 + (Math.round(hour) % 4) : 1, slot: `${type.slug}.${start}.${minutes}` });
      }
    }
    return out.sort((a, b) => (a.start < b.start ? -1 : 1));
  }

  private range(type: PublicType, query: URLSearchParams): { slots: Slot[]; next: string | null; from: string; to: string } {
    const from = Date.parse(query.get('from') ?? '') || this.now();
    const to = Date.parse(query.get('to') ?? '') || from + 14 * DAY;
    const minutes = Number(query.get('duration')) || (type.durations[0] as number);
    const slots = this.slots(type, from, to, minutes, query.get('staff'));
    const next = slots.length ? null : (this.slots(type, to, Math.min(to + 60 * DAY, this.now() + 120 * DAY), minutes, query.get('staff'))[0]?.start ?? null);
    return { slots, next, from: new Date(from).toISOString(), to: new Date(to).toISOString() };
  }

  page(type: PublicType, query: URLSearchParams): object {
    return { business: this.business, type, staff: type.staff_mode === 'choose' ? this.staff : [], ...this.range(type, query), hold_minutes: this.holdMinutes, waiting_list: this.waits };
  }

  make(slot: Slot, given: Partial<PublicBooking> = {}): PublicBooking {
    const token = `manage-${this.bookings.size + 1}`;
    const booking: PublicBooking = {
      reference: 'K7QF2M', status: 'confirmed', type: TYPE, start: slot.start, end: slot.end, zone: 'America/Los_Angeles', staff: STAFF.slice(0, 1), location_text: TYPE.location_text,
      price: TYPE.price, name: 'Ada Lindqvist', seats: 1, business: this.business, may_change: true, may_change_until: new Date(Date.parse(slot.start) - DAY).toISOString(), tentative: false,
      calendar_links: { google: 'https://calendar.google.example/x', outlook: 'https://outlook.example/x', ics: `/api/v1/public/booking/manage/${token}/calendar.ics` }, manage_token: token, ...given,
    };
    this.bookings.set(token, booking);
    this.gone.add(Date.parse(slot.start));
    return booking;
  }

  private taken(type: PublicType, start: number): [number, unknown] {
    const alternatives = this.slots(type, start - DAY, start + 3 * DAY, type.durations[0] as number, null).filter((s) => Date.parse(s.start) !== start).slice(0, 3);
    return [409, { type: 'https://frontdesk.dev/problems/slot-taken', title: 'That time was just taken', status: 409, alternatives }];
  }

  private reply(method: string, parts: string[], query: URLSearchParams, body: Record<string, string>): [number, unknown] {
    const missing: [number, unknown] = [404, { type: 'https://frontdesk.dev/problems/not-found', detail: 'there is nothing at this address' }];
    const [first = '', second = '', third = ''] = parts;
    if (first === 'holds') {
      const hold = this.holds.get(second);
      if (method === 'DELETE') this.holds.delete(second);
      if (!hold) return missing;
      if (method === 'DELETE') return [204, null];
      hold.until = this.now() + this.holdMinutes * MINUTE;
      return [200, { token: second, ...hold.slot, seats: 1, expires_at: new Date(hold.until).toISOString() }];
    }
    if (first === 'manage') {
      const booking = this.bookings.get(second);
      if (!booking) return missing;
      if (third === 'slots') return [200, this.range(booking.type, query)];
      if (third === 'reschedule') {
        const start = Number(body['slot']?.split('.')[1]);
        if (this.gone.has(start)) return this.taken(booking.type, start);
        const length = Date.parse(booking.end) - Date.parse(booking.start);
        Object.assign(booking, { start: new Date(start).toISOString(), end: new Date(start + length).toISOString(), status: 'rescheduled' });
      }
      if (third === 'cancel') Object.assign(booking, { status: 'cancelled', may_change: false });
      return [200, booking];
    }
    if (first === 'offers') {
      if (!this.offer) return missing;
      if (third === 'accept') {
        const booking = this.make({ ...this.offer, staff: [], seats: 1, slot: '' });
        this.offer = { ...this.offer, state: 'accepted', booking };
        return [200, booking];
      }
      if (third === 'decline') {
        this.offer = { ...this.offer, state: 'declined' };
        return [204, null];
      }
      return [200, this.offer];
    }
    if (first !== this.business.slug) return missing;
    if (!second) return [200, { ...this.business, types: this.types }];
    const type = this.types.find(({ slug }) => slug === second);
    if (!type) return missing;
    if (!third) return [200, this.page(type, query)];
    if (third === 'holds') {
      const [, at, minutes] = (body['slot'] as string).split('.').map(Number) as [number, number, number];
      if (this.gone.has(at)) return this.taken(type, at);
      const slot: Slot = { start: new Date(at).toISOString(), end: new Date(at + minutes * MINUTE).toISOString(), staff: ['staff_maria'], seats: 1, slot: body['slot'] as string };
      const token = `hold-${this.log.length}`;
      this.holds.set(token, { slot, until: this.now() + this.holdMinutes * MINUTE });
      return [201, { token, ...slot, expires_at: new Date(this.now() + this.holdMinutes * MINUTE).toISOString() }];
    }
    if (third === 'waiting-list') {
      this.waiting.push(body);
      return [201, {}];
    }
    const hold = this.holds.get(body['hold'] as string);
    if (!hold || hold.until < this.now()) return [422, { type: 'https://frontdesk.dev/problems/validation', detail: 'some fields are not right', errors: [{ field: '/hold', message: 'has lapsed; choose the time again' }] }];
    const start = Date.parse(hold.slot.start);
    if (this.gone.has(start)) return this.taken(type, start);
    this.holds.delete(body['hold'] as string);
    return [201, this.make(hold.slot, { type, name: body['name'] as string, status: type.confirmation_required ? 'pending' : 'confirmed', zone: body['zone'] as string })];
  }

  private initial(path: string[], query: URLSearchParams): Initial | null {
    const [first = '', second = ''] = path;
    const ask = (...parts: string[]): unknown => {
      const [status, value] = this.reply('GET', parts, query, {});
      return status === 200 ? value : null;
    };
    const found = first === 'manage' ? { kind: 'manage', booking: ask('manage', second) } : first === 'offer' ? { kind: 'offer', offer: ask('offers', second) } : second ? { kind: 'type', page: ask(first, second) } : { kind: 'business', business: ask(first) };
    return Object.values(found).includes(null) ? { kind: 'missing' } : (found as Initial);
  }

  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://host');
    const method = request.method ?? 'GET';
    let text = '';
    for await (const part of request) text += String(part);
    if (url.pathname === '/book.js') {
      response.writeHead(200, { 'content-type': 'text/javascript; charset=utf-8' }).end(await readFile(new URL('book.js', DIST)));
    } else if (url.pathname.startsWith('/book/')) {
      const initial = this.inlined ? this.initial(url.pathname.split('/').slice(2).map(decodeURIComponent), url.searchParams) : null;
      const page = await readFile(new URL('index.html', DIST), 'utf8');
      const json = JSON.stringify(initial).replaceAll('<', '\\u003c');
      response
        .writeHead(200, { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': await readFile(new URL('policy.txt', DIST), 'utf8') })
        .end(page.replace('<!--initial-->', () => (initial ? `<script type="application/json" id="initial">${json}</script>` : '')));
    } else if (url.pathname.startsWith('/api/v1/public/booking/')) {
      const line = `${method} ${url.pathname.slice(23)}`;
      const body = text ? (JSON.parse(text) as Record<string, string>) : {};
      const key = request.headers['idempotency-key'] as string | undefined;
      this.log.push({ line, body, key, authorization: request.headers.authorization });
      const refused = this.refuse.findIndex(([pattern]) => pattern.test(line));
      const known = key ? this.answered.get(key) : undefined;
      const [status, value] = refused >= 0 ? (this.refuse.splice(refused, 1)[0] as [RegExp, number, unknown]).slice(1) as [number, unknown] : (known ?? this.reply(method, url.pathname.slice(23).split('/').map(decodeURIComponent), url.searchParams, body));
      if (key && status < 300) this.answered.set(key, [status, value]);
      if (this.loseNext?.test(line)) {
        this.loseNext = null;
        response.destroy();
        return;
      }
      response.writeHead(status, { 'content-type': status >= 400 ? 'application/problem+json' : 'application/json', date: new Date(this.now()).toUTCString() }).end(status === 204 ? '' : JSON.stringify(value));
    } else if (url.pathname === '/') {
      response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(this.host);
    } else {
      response.writeHead(404).end();
    }
  }

  private answered = new Map<string, [number, unknown]>();
  /** A page of the business's own, at the root. */
  host = '';
}
