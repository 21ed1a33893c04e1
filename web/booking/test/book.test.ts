// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createApi, Refused, type Api } from '../src/api';
import { Booking } from '../src/book';
import type { Values } from '../src/form';
import { texts } from '../src/i18n';
import type { BookingPage, Hold, PublicBooking, Slot } from '../src/protocol';
import { timeOf } from '../src/shelf';

const NOW = Date.parse('2026-11-16T12:00Z');
const MINUTE = 60_000;
const slot = (hours: number): Slot => ({ start: new Date(NOW + hours * 60 * MINUTE).toISOString(), end: new Date(NOW + (hours + 1) * 60 * MINUTE).toISOString(), staff: ['staff_1'], seats: 1, slot: `slot${hours}` });
const PAGE: BookingPage = {
  business: { name: 'B', slug: 'b', zone: 'UTC', language: 'en', theme: { accent: '#4f46e5', scheme: 'auto' }, address: '', phone: '' },
  type: { id: 't', slug: 't', name: 'T', description: '', durations: [60], capacity: 1, price: null, location_text: '', location_kind: 'business', questions: [], staff_mode: 'choose', confirmation_required: false, change_notice: 0, color: '' },
  staff: [], slots: [slot(24), slot(25)], next: null, hold_minutes: 10, waiting_list: true,
};
const BOOKED = { reference: 'ABC', start: slot(24).start, end: slot(24).end } as PublicBooking;
const taken = (): Refused => new Refused(409, { type: 'https://x/slot-taken', alternatives: [slot(25)] });
const lapsed = (): Refused => new Refused(422, { errors: [{ field: '/hold', message: 'has lapsed' }] });

let holds = 0;
const hold = (): { value: Hold; skew: number } => ({ value: { token: `hold${++holds}`, ...slot(24), expires_at: new Date(Date.now() + 10 * MINUTE).toISOString() }, skew: 0 });

function make(): { booking: Booking; api: { [K in keyof Api]: ReturnType<typeof vi.fn> }; saved: Values[] } {
  const api = Object.fromEntries(['business', 'page', 'hold', 'extend', 'release', 'book', 'wait', 'booking', 'slotsToMove', 'move', 'cancel', 'offer', 'accept', 'decline'].map((name) => [name, vi.fn()])) as { [K in keyof Api]: ReturnType<typeof vi.fn> };
  api.hold.mockImplementation(() => Promise.resolve(hold()));
  api.extend.mockImplementation(() => Promise.resolve(hold()));
  api.page.mockResolvedValue({ ...PAGE, slots: [] });
  api.book.mockResolvedValue(BOOKED);
  api.wait.mockResolvedValue(undefined);
  const saved: Values[] = [];
  const booking = new Booking({
    api: api as unknown as Api, page: PAGE, covers: { from: NOW, to: NOW + 14 * 24 * 60 * MINUTE }, zone: 'UTC', language: 'en', texts: texts('en'),
    draft: { load: () => ({}), save: (values) => void saved.push(values) }, wanted: {}, changed: () => undefined, say: () => undefined, stepped: () => undefined, booked: () => undefined,
  });
  return { booking, api, saved };
}

function fill(booking: Booking): void {
  booking.set('name', 'Ada');
  booking.set('email', 'ada@example.com');
}

beforeEach(() => {
  vi.useFakeTimers({ now: NOW });
  holds = 0;
});
afterEach(() => vi.useRealTimers());

describe('a hold', () => {
  it('is taken when a time is chosen, extended while somebody types, not with each letter, and given back on the way back', async () => {
    const { booking, api } = make();
    await booking.pick(timeOf(slot(24)));
    expect([booking.step, booking.keeper.left]).toEqual(['details', 10 * MINUTE]);
    booking.set('name', 'A');
    expect(api.extend).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(5 * MINUTE);
    booking.set('name', 'Ad');
    booking.set('name', 'Ada');
    await vi.advanceTimersByTimeAsync(0);
    expect(api.extend).toHaveBeenCalledTimes(1);
    expect(booking.keeper.left).toBe(10 * MINUTE);
    booking.back();
    expect(api.release).toHaveBeenCalledWith('hold1');
    expect(booking.step).toBe('pick');
  });

  it('counts down by the server\u2019s clock, however wrong this one is', async () => {
    const { booking, api } = make();
    const ahead = 3 * 60 * MINUTE;
    api.hold.mockResolvedValue({ value: { ...hold().value, expires_at: new Date(NOW + ahead + 10 * MINUTE).toISOString() }, skew: ahead });
    await booking.pick(timeOf(slot(24)));
    expect(booking.keeper.left).toBe(10 * MINUTE);
  });

  it('that lapsed is taken anew when the form is sent', async () => {
    const { booking, api } = make();
    await booking.pick(timeOf(slot(24)));
    fill(booking);
    await vi.advanceTimersByTimeAsync(11 * MINUTE);
    expect(booking.keeper.lapsed).toBe(true);
    await booking.send();
    expect(booking.step).toBe('done');
    expect(api.book.mock.calls[0]?.[2]).toMatchObject({ hold: 'hold2', name: 'Ada' });
  });

  it('that the server forgot is taken anew, too', async () => {
    const { booking, api } = make();
    await booking.pick(timeOf(slot(24)));
    fill(booking);
    api.book.mockRejectedValueOnce(lapsed());
    await booking.send();
    expect(booking.step).toBe('done');
    expect(api.hold).toHaveBeenCalledTimes(2);
  });
});

describe('a time that was just taken', () => {
  it('is not shown any more, and others are offered', async () => {
    const { booking, api } = make();
    api.hold.mockRejectedValueOnce(taken());
    api.page.mockResolvedValue({ ...PAGE, slots: [slot(25)] });
    await booking.pick(timeOf(slot(24)));
    expect(booking.step).toBe('pick');
    expect(booking.picker.instead?.map((time) => time.slot)).toEqual(['slot25']);
    expect([...booking.picker.byDay().values()].flat().map((time) => time.slot)).toEqual(['slot25']);
  });

  it('in the last moment keeps the form, and another one is booked with it', async () => {
    const { booking, api } = make();
    await booking.pick(timeOf(slot(24)));
    fill(booking);
    booking.set('message', 'My tooth');
    api.book.mockRejectedValueOnce(taken());
    await booking.send();
    expect([booking.step, booking.values['message']]).toEqual(['details', 'My tooth']);
    const [other] = booking.picker.instead ?? [];
    if (!other) throw new Error('nothing offered');
    await booking.pick(other);
    await booking.send();
    expect(booking.step).toBe('done');
    expect(api.book.mock.calls[1]?.[2]).toMatchObject({ message: 'My tooth' });
    expect(api.book.mock.calls[0]?.[3]).not.toBe(api.book.mock.calls[1]?.[3]);
  });
});

describe('sending', () => {
  it('does not happen while something is missing', async () => {
    const { booking, api } = make();
    await booking.pick(timeOf(slot(24)));
    await booking.send();
    expect(Object.keys(booking.errors)).toEqual(['name', 'email']);
    expect(api.book).not.toHaveBeenCalled();
  });

  it('again after an answer was lost uses the same key, even when the hold has lapsed meanwhile', async () => {
    const { booking, api } = make();
    await booking.pick(timeOf(slot(24)));
    fill(booking);
    api.book.mockRejectedValueOnce(new Refused(0));
    await booking.send();
    expect(booking.trouble?.again).toBe(true);
    await vi.advanceTimersByTimeAsync(20 * MINUTE);
    booking.online();
    await vi.advanceTimersByTimeAsync(0);
    expect(booking.step).toBe('done');
    const [first, second] = api.book.mock.calls;
    expect(second?.[3]).toBe(first?.[3]);
    expect(api.hold).toHaveBeenCalledTimes(1);
  });

  it('shows the server\u2019s words at their fields and keeps everything', async () => {
    const { booking, api } = make();
    await booking.pick(timeOf(slot(24)));
    fill(booking);
    api.book.mockRejectedValueOnce(new Refused(422, { errors: [{ field: '/email', message: 'is not an e-mail address' }] }));
    await booking.send();
    expect(booking.errors).toEqual({ email: 'Is not an e-mail address' });
    expect([booking.values['name'], booking.keeper.hold?.token]).toEqual(['Ada', 'hold1']);
  });

  it('twice at once books once', async () => {
    const { booking, api } = make();
    await booking.pick(timeOf(slot(24)));
    fill(booking);
    await Promise.all([booking.send(), booking.send()]);
    expect(api.book).toHaveBeenCalledTimes(1);
  });

  it('leaves only who somebody is for the next time', async () => {
    const { booking, saved } = make();
    await booking.pick(timeOf(slot(24)));
    fill(booking);
    booking.set('message', 'private');
    await booking.send();
    expect(saved.at(-1)).toEqual({ name: 'Ada', email: 'ada@example.com', phone: '' });
  });
});

describe('the waiting list', () => {
  it('takes whole days of the visitor\u2019s zone and refuses an end before the start', async () => {
    const { booking, api } = make();
    booking.start();
    booking.waiting();
    fill(booking);
    booking.set('from', '2026-12-02');
    booking.set('to', '2026-12-01');
    await booking.send();
    expect(booking.errors).toHaveProperty('to');
    booking.set('to', '2026-12-02');
    await booking.send();
    expect(booking.step).toBe('listed');
    expect(api.wait.mock.calls[0]?.[2]).toMatchObject({ from: '2026-12-02T00:00:00.000Z', to: '2026-12-03T00:00:00.000Z', name: 'Ada' });
  });
});

describe('requests', () => {
  const answer = (status: number, value: unknown, headers: Record<string, string> = {}): Response => new Response(status === 204 ? null : JSON.stringify(value), { status, headers });
  const withAnswers = (...answers: (Response | Error)[]): { api: Api; asked: [string, RequestInit][] } => {
    const asked: [string, RequestInit][] = [];
    const api = createApi({
      base: '/b/', pause: () => Promise.resolve(), session: () => 'secret',
      fetch: ((url: string, init: RequestInit) => {
        asked.push([url, init]);
        const next = answers.shift();
        return next instanceof Response ? Promise.resolve(next) : Promise.reject(next ?? new Error('no answer'));
      }) as typeof fetch,
    });
    return { api, asked };
  };

  it('carry no cookies; a booking carries its key and the session of the chat', async () => {
    const { api, asked } = withAnswers(answer(201, BOOKED));
    await api.book('b', 't', { hold: 'h', name: 'A', zone: 'UTC', language: 'en' }, 'key1');
    expect(asked[0]?.[1].credentials).toBe('omit');
    expect(asked[0]?.[1].headers).toMatchObject({ 'idempotency-key': 'key1', authorization: 'Bearer secret' });
  });

  it('are repeated when the line fails, not when they are refused', async () => {
    const failing = withAnswers(new Error('gone'), answer(503, {}), answer(200, PAGE));
    await failing.api.page('b', 't', {});
    expect(failing.asked).toHaveLength(3);
    const refused = withAnswers(answer(404, { type: 'x/not-found' }));
    await expect(refused.api.page('b', 't', {})).rejects.toMatchObject({ status: 404, kind: 'not-found' });
    expect(refused.asked).toHaveLength(1);
  });

  it('for a hold are never repeated', async () => {
    const { api, asked } = withAnswers(new Error('gone'));
    await expect(api.hold('b', 't', 's', 1)).rejects.toMatchObject({ status: 0 });
    expect(asked).toHaveLength(1);
  });

  it('put nothing of an address into the path unescaped', async () => {
    const { api, asked } = withAnswers(answer(200, {}));
    await api.booking('../../x?y');
    expect(asked[0]?.[0]).toBe('/b/manage/..%2F..%2Fx%3Fy');
  });
});
