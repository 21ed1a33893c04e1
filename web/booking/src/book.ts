// The way of a booking: choose a time (it is held at once), say who you are, done; or the waiting list where nothing is
// free. What was typed survives every failure. The page and the widget both walk it; `book-view.ts` draws it.

import { addDays } from './calendar';
import { newKey, Refused, type Api } from './api';
import { check, checkAll, contactFields, fields, fromServer, wire, type Errors, type Field, type Value, type Values } from './form';
import { Keeper } from './hold';
import type { Texts } from './i18n';
import { Picker, type Said } from './picker';
import type { BookingPage, PublicBooking } from './protocol';
import type { Time } from './shelf';
import { DAY, startOfDay } from './zone';

/** Days of waiting that are proposed. */
const FORTNIGHT = 14;

export type Step = 'pick' | 'details' | 'done' | 'waiting' | 'listed';

export interface Draft {
  load(): Values;
  save(values: Values): void;
}

export interface BookOptions {
  api: Api;
  page: BookingPage;
  /** What the page's answer covers. */
  covers: { from: number; to: number };
  zone: string;
  language: string;
  texts: Texts;
  draft: Draft;
  /** What the address of the page asks for. */
  wanted: { day?: string | null; duration?: number | undefined; staff?: string | null };
  /** Draws everything. */
  changed: () => void;
  say: (what: Said) => void;
  /** The step is another one: the view moves the focus, the page its history. */
  stepped: (step: Step, from: Step) => void;
  booked: (booking: PublicBooking) => void;
}

export interface Trouble {
  text: string;
  /** Sending again may help. */
  again: boolean;
}

export class Booking {
  step: Step = 'pick';
  readonly options: BookOptions;
  readonly picker: Picker;
  readonly keeper: Keeper;
  time: Time | null = null;
  values: Values;
  errors: Errors = {};
  /** A long description is shown whole. */
  whole = false;
  sending = false;
  trouble: Trouble | null = null;
  booking: PublicBooking | null = null;
  /** The attempt that may have been carried out: the same words go with the same key. */
  private attempt: { body: string; key: string } | null = null;

  constructor(options: BookOptions) {
    this.options = options;
    const { page, api, wanted, changed } = options;
    const { type, business, staff } = page;
    this.values = options.draft.load();
    const duration = type.durations.includes(wanted.duration ?? 0) ? (wanted.duration as number) : (type.durations[0] ?? 30);
    this.picker = new Picker({
      type,
      staff,
      choose: true,
      home: business.zone,
      zone: options.zone,
      choice: { duration, staff: staff.some(({ id }) => id === wanted.staff) ? (wanted.staff ?? null) : null, seats: 1 },
      ask: (from, to, choice) =>
        api.page(business.slug, type.slug, {
          from: new Date(from).toISOString(),
          to: new Date(to).toISOString(),
          duration: String(choice.duration),
          ...(choice.staff ? { staff: choice.staff } : {}),
          ...(choice.seats > 1 ? { seats: String(choice.seats) } : {}),
        }),
      first: { range: page, ...options.covers },
      changed,
      say: options.say,
    });
    this.keeper = new Keeper(api, business.slug, type.slug, changed);
  }

  get fields(): Field[] {
    const { page, texts: t } = this.options;
    if (this.step !== 'waiting') return fields(page.type, t);
    return [...contactFields(t, false), ...this.rangeFields];
  }

  private get rangeFields(): Field[] {
    const { texts: t } = this.options;
    const plain = { kind: 'date', required: true, choices: [], autocomplete: 'off', hint: '', limit: 10 } as const;
    return [{ ...plain, id: 'from', label: t('notBefore') }, { ...plain, id: 'to', label: t('notAfter') }];
  }

  private go(step: Step): void {
    const from = this.step;
    if (from === step) return;
    this.step = step;
    this.errors = {};
    this.trouble = null;
    this.options.changed();
    this.options.stepped(step, from);
  }

  start(): void {
    this.picker.start(this.options.wanted.day);
  }

  /** Holds a time; the form opens when it is held. In the form it takes the place of the one before. */
  async pick(time: Time): Promise<void> {
    const { picker, keeper } = this;
    if (picker.taking !== null) return;
    picker.taking = time.start;
    this.trouble = null;
    this.options.changed();
    try {
      await keeper.take(time.slot, picker.choice.seats);
      picker.instead = null;
      this.time = time;
      this.attempt = null;
      this.go('details');
    } catch (error) {
      this.refused(error, time);
    } finally {
      picker.taking = null;
      this.options.changed();
    }
  }

  /** A hold was refused, or the booking itself: says why and what can be done. */
  private refused(error: unknown, time: Time): void {
    if (!(error instanceof Refused)) throw error;
    const { picker, options } = this;
    const { texts: t } = options;
    if (error.taken) {
      this.keeper.release();
      picker.lost(time.start, error.alternatives);
      return;
    }
    const list = this.fields;
    const { errors, rest } = fromServer(list, error.fields);
    this.errors = errors;
    if (error.fields.size) this.trouble = { text: rest || t('seeFields'), again: false };
    else if (error.status === 429) this.trouble = { text: t('slowDown'), again: true };
    else if (error.unsure) this.trouble = { text: t(navigator.onLine ? 'noAnswer' : 'offline'), again: true };
    else this.trouble = { text: error.message || t('failed'), again: true };
  }

  set(id: string, value: Value): void {
    this.values = { ...this.values, [id]: value };
    this.options.draft.save(this.values);
    this.keeper.touched();
    if (this.errors[id]) {
      const list = this.fields.find((f) => f.id === id);
      const error = list ? check(list, value, this.options.texts) : '';
      const { [id]: _, ...others } = this.errors;
      this.errors = error ? { ...this.errors, [id]: error } : others;
    }
    this.options.changed();
  }

  /** The field was left. What is still empty is not scolded before sending. */
  left(id: string): void {
    const field = this.fields.find((f) => f.id === id);
    const value = this.values[id];
    if (!field || !value || (Array.isArray(value) && !value.length)) return;
    const error = check(field, value, this.options.texts);
    if (!error || error === this.errors[id]) return;
    this.errors = { ...this.errors, [id]: error };
    this.options.changed();
  }

  /** Sends the form. Resolves when the answer is there. */
  async send(): Promise<void> {
    if (this.sending) return;
    const { texts: t, changed } = this.options;
    this.errors = checkAll(this.fields, this.values, t);
    this.trouble = null;
    if (Object.keys(this.errors).length) {
      changed();
      return;
    }
    this.sending = true;
    changed();
    try {
      await (this.step === 'waiting' ? this.sendWaiting() : this.sendBooking());
    } catch (error) {
      this.refused(error, this.time as Time);
    } finally {
      this.sending = false;
      changed();
    }
  }

  private async sendBooking(): Promise<void> {
    const { keeper, time } = this;
    if (!time) return;
    // Too slow, but perhaps nobody wanted it meanwhile. An attempt whose outcome is not known is repeated as it was.
    if (!keeper.hold || (keeper.lapsed && !this.attempt)) await this.holdAgain(time);
    try {
      await this.post();
    } catch (error) {
      if (!(error instanceof Refused && error.fields.has('/hold'))) throw error;
      await this.holdAgain(time);
      await this.post();
    }
  }

  private async holdAgain(time: Time): Promise<void> {
    this.attempt = null;
    this.keeper.forget();
    await this.keeper.take(time.slot, this.picker.choice.seats);
  }

  private async post(): Promise<void> {
    const { api, page, language } = this.options;
    const body = { hold: this.keeper.hold?.token ?? '', zone: this.picker.zone, language, ...(wire(this.fields, this.values) as { name: string }) };
    const text = JSON.stringify(body);
    if (this.attempt?.body !== text) this.attempt = { body: text, key: newKey() };
    const booking = await api.book(page.business.slug, page.type.slug, body, this.attempt.key);
    this.keeper.forget();
    this.attempt = null;
    this.booking = booking;
    this.keepPerson();
    this.go('done');
    this.options.booked(booking);
  }

  /** What belongs to this appointment is forgotten; who somebody is stays for the next one in this tab. */
  private keepPerson(): void {
    const { name = '', email = '', phone = '' } = this.values;
    this.values = { name, email, phone };
    this.options.draft.save(this.values);
  }

  private async sendWaiting(): Promise<void> {
    const { api, page, language } = this.options;
    const { zone, choice } = this.picker;
    const { from, to, ...who } = wire(this.fields, this.values) as Record<'name' | 'from' | 'to', string>;
    if (to < from) {
      this.errors = { to: this.options.texts('endFirst') };
      return;
    }
    await api.wait(page.business.slug, page.type.slug, {
      ...who,
      from: new Date(Math.max(startOfDay(from, zone), Date.now())).toISOString(),
      to: new Date(startOfDay(to, zone) + DAY).toISOString(),
      ...(choice.staff ? { staff_id: choice.staff } : {}),
      zone,
      language,
    });
    this.go('listed');
  }

  /** Back to the times; the slot is free for others again. */
  back(): void {
    this.keeper.release();
    this.time = null;
    this.attempt = null;
    this.picker.instead = null;
    this.go('pick');
    this.picker.fresh();
  }

  waiting(): void {
    const from = this.picker.day ?? this.picker.today;
    this.values = { from, to: addDays(from, FORTNIGHT), ...this.values };
    this.go('waiting');
  }

  /** From the beginning, for one more appointment. */
  again(): void {
    this.booking = null;
    this.time = null;
    this.picker.fresh(true);
    this.go('pick');
  }

  /** The page goes away, perhaps for good. */
  leave(): void {
    this.keeper.release();
  }

  /** The page is back from the browser's memory: what was held has been given back. */
  async returned(): Promise<void> {
    if (this.step === 'details' && !this.keeper.hold && this.time) await this.pick(this.time);
    else this.picker.fresh();
  }

  /** The network is back. */
  online(): void {
    if (this.trouble?.again && this.step === 'details' && this.attempt) void this.send();
    else if (this.picker.failed) this.picker.retry();
  }
}
