// A slot kept for the visitor while they fill in the form: taken, extended while they type, given back when they leave.

import type { Api } from './api';
import type { Hold } from './protocol';

/** A hold is extended at most this often. */
const OFTEN = 30_000;

export class Keeper {
  hold: Hold | null = null;
  /** When it lapses, on this machine's clock. */
  private until = 0;
  private extended = 0;
  private busy = false;
  private ticking: ReturnType<typeof setInterval> | undefined;

  constructor(
    private readonly api: Pick<Api, 'hold' | 'extend' | 'release'>,
    private readonly workspace: string,
    private readonly type: string,
    /** Called every second while something is held, and when it lapses. */
    private readonly changed: () => void,
  ) {}

  /** Milliseconds left; 0 when nothing is held any more. */
  get left(): number {
    return this.hold ? Math.max(0, this.until - Date.now()) : 0;
  }

  get lapsed(): boolean {
    return this.hold !== null && this.left === 0;
  }

  /** Takes a slot. What was held before is given back only when the new one is safe. */
  async take(slot: string, seats: number): Promise<void> {
    const before = this.hold;
    const { value, skew } = await this.api.hold(this.workspace, this.type, slot, seats);
    if (before && before.token !== value.token) this.api.release(before.token);
    this.keep(value, skew);
  }

  private keep(hold: Hold, skew: number): void {
    this.hold = hold;
    this.until = Date.parse(hold.expires_at) - skew;
    this.extended = Date.now();
    clearInterval(this.ticking);
    this.ticking = setInterval(() => {
      if (this.lapsed) clearInterval(this.ticking);
      this.changed();
    }, 1000);
  }

  /** The visitor is at it: asks for more time, but not with each letter. */
  touched(): void {
    const { hold } = this;
    if (!hold || this.busy || this.lapsed || Date.now() - this.extended < OFTEN) return;
    this.busy = true;
    this.extended = Date.now();
    this.api
      .extend(hold.token)
      .then(({ value, skew }) => {
        if (this.hold === hold) this.keep({ ...value, token: hold.token }, skew);
      })
      // The hold stands as it was; the countdown goes on to tell the truth.
      .catch(() => undefined)
      .finally(() => (this.busy = false));
  }

  /** Gives it back. */
  release(): void {
    if (this.hold) this.api.release(this.hold.token);
    this.forget();
  }

  /** It has become a booking, or the server does not know it any more. */
  forget(): void {
    clearInterval(this.ticking);
    this.hold = null;
  }
}
