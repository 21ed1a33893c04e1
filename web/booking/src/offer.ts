// A freed time offered to somebody on the waiting list, for a limited time. `manage-view.ts` draws it.

import { Refused, type Api } from './api';
import type { Texts } from './i18n';
import type { PublicBooking, PublicOffer } from './protocol';

export class Offer {
  state: PublicOffer['state'];
  booking: PublicBooking | null;
  sending = false;
  trouble = '';
  private readonly ticking: ReturnType<typeof setInterval>;

  constructor(
    private readonly api: Api,
    readonly value: PublicOffer,
    private readonly token: string,
    readonly zone: string,
    private readonly texts: Texts,
    private readonly changed: () => void,
  ) {
    this.booking = value.booking;
    this.state = value.state === 'open' && this.left === 0 ? 'expired' : value.state;
    this.ticking = setInterval(() => {
      if (this.state !== 'open') clearInterval(this.ticking);
      else if (this.left === 0) this.become('expired');
      else changed();
    }, 1000);
  }

  get left(): number {
    return Math.max(0, Date.parse(this.value.expires_at) - Date.now());
  }

  private become(state: PublicOffer['state']): void {
    this.state = state;
    this.changed();
  }

  async accept(): Promise<void> {
    await this.send(async () => {
      this.booking = await this.api.accept(this.token);
      this.become('accepted');
    });
  }

  async decline(): Promise<void> {
    await this.send(async () => {
      await this.api.decline(this.token);
      this.become('declined');
    });
  }

  private async send(act: () => Promise<void>): Promise<void> {
    if (this.sending) return;
    this.sending = true;
    this.trouble = '';
    this.changed();
    try {
      await act();
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      // The answer may have been lost on the way: how the offer stands now decides what is shown.
      const now = await this.api.offer(this.token).catch(() => null);
      if (now) this.booking = now.booking;
      if (now && now.state !== 'open') this.become(now.state);
      else if (error.status === 409 || error.status === 404) this.become('taken');
      else this.trouble = error.unsure ? this.texts('noAnswer') : error.message || this.texts('failed');
    } finally {
      this.sending = false;
      this.changed();
    }
  }
}
