// A booking in its customer's hands, opened by the signed link: see it, move it, cancel it. `manage-view.ts` draws it.

import { Refused, type Api } from './api';
import type { Texts } from './i18n';
import { Picker, type Said } from './picker';
import type { PublicBooking } from './protocol';
import type { Time } from './shelf';

export type ManageStep = 'see' | 'move' | 'sure' | 'moved' | 'cancel' | 'cancelled';

export interface ManageOptions {
  api: Api;
  booking: PublicBooking;
  token: string;
  zone: string;
  texts: Texts;
  changed: () => void;
  say: (what: Said) => void;
  stepped: (step: ManageStep, from: ManageStep) => void;
}

export const isOpen = ({ status }: PublicBooking): boolean => status === 'pending' || status === 'confirmed' || status === 'rescheduled';

export class Manage {
  step: ManageStep = 'see';
  booking: PublicBooking;
  readonly options: ManageOptions;
  readonly picker: Picker;
  time: Time | null = null;
  reason = '';
  sending = false;
  trouble = '';

  constructor(options: ManageOptions) {
    this.options = options;
    this.booking = options.booking;
    const { type, business, start, end, seats } = options.booking;
    this.picker = new Picker({
      type,
      staff: options.booking.staff,
      choose: false,
      home: business.zone,
      zone: options.zone,
      choice: { duration: (Date.parse(end) - Date.parse(start)) / 60_000, staff: null, seats },
      ask: (from, to) => options.api.slotsToMove(options.token, { from: new Date(from).toISOString(), to: new Date(to).toISOString() }),
      first: null,
      changed: options.changed,
      say: options.say,
    });
  }

  go(step: ManageStep): void {
    const from = this.step;
    if (from === step) return;
    this.step = step;
    this.trouble = '';
    if (step === 'move' && from === 'see') this.picker.start();
    this.options.changed();
    this.options.stepped(step, from);
  }

  pick(time: Time): void {
    this.time = time;
    this.picker.instead = null;
    this.go('sure');
  }

  async move(): Promise<void> {
    const { time } = this;
    if (!time) return;
    await this.send(
      () => this.options.api.move(this.options.token, time.slot),
      'moved',
      (error) => {
        if (!error.taken) return false;
        this.picker.lost(time.start, error.alternatives);
        this.go('move');
        return true;
      },
    );
  }

  async cancel(): Promise<void> {
    await this.send(() => this.options.api.cancel(this.options.token, this.reason.trim()), 'cancelled');
  }

  private async send(act: () => Promise<PublicBooking>, done: ManageStep, handled: (error: Refused) => boolean = () => false): Promise<void> {
    if (this.sending) return;
    const { texts: t, changed } = this.options;
    this.sending = true;
    this.trouble = '';
    changed();
    try {
      this.booking = await act();
      this.go(done);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      if (!handled(error)) {
        // It may have changed elsewhere, or the answer was lost on the way: what holds now decides what is shown.
        const now = await this.options.api.booking(this.options.token).catch(() => null);
        const wasDone = now && (done === 'cancelled' ? now.status === 'cancelled' : now.start !== this.booking.start && Date.parse(now.start) === this.time?.start);
        if (now) this.booking = now;
        if (wasDone) this.go(done);
        else this.trouble = error.unsure ? t(navigator.onLine ? 'noAnswer' : 'offline') : error.message || t('failed');
      }
    } finally {
      this.sending = false;
      changed();
    }
  }
}
