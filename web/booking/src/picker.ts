// Choosing a time: which month, day, zone, length and person, and the times there are. Asks for months as they are looked
// at and one ahead. It does not draw (`picker-view.ts`) and does not book (`book.ts`, `manage.ts`).

import type { Choice } from './api';
import { addMonths, firstOf, monthOf } from './calendar';
import { Refused } from './api';
import type { Person, PublicType, Range, Slot } from './protocol';
import { Shelf, timeOf, type Time } from './shelf';
import { civil, startOfDay } from './zone';

/** After this long what is shown is asked for again when the visitor comes back to it. */
const STALE = 60_000;
const MONTHS_AHEAD = 24;

export type Ask = (from: number, to: number, choice: Choice) => Promise<Range>;

export interface PickerOptions {
  type: PublicType;
  staff: readonly Person[];
  /** Whether length, person and seats may be chosen; not when a booking is moved. */
  choose: boolean;
  /** The business's zone. */
  home: string;
  zone: string;
  choice: Choice;
  ask: Ask;
  /** What the first answer held, and what it covers. */
  first: { range: Range; from: number; to: number } | null;
  changed: () => void;
  /** Something to say to those who do not see it. */
  say: (what: Said) => void;
}

export type Said = { kind: 'day'; day: string; count: number } | { kind: 'month'; month: string; count: number };

export class Picker {
  readonly options: PickerOptions;
  zone: string;
  choice: Choice;
  month: string;
  day: string | null = null;
  /** The day in the grid that takes the focus. */
  cursor: string;
  /** What was shown could not be asked for. */
  failed = false;
  /** The slot whose hold is being taken. */
  taking: number | null = null;
  /** Times offered instead of one that was just taken. */
  instead: readonly Time[] | null = null;
  zonesOpen = false;
  search = '';
  /** The zone in the list that Enter takes. */
  active = 0;
  /** How many of them are drawn. */
  shown = 0;
  private readonly shelves = new Map<string, Shelf>();
  private readonly asking = new Set<string>();
  private asked = Date.now();
  private days: { of: Shelf; zone: string; map: Map<string, Time[]> } | null = null;

  constructor(options: PickerOptions) {
    this.options = options;
    this.zone = options.zone;
    this.choice = options.choice;
    this.month = monthOf(this.today);
    this.cursor = this.today;
    const { first } = options;
    if (first) this.shelf.put(first.range, first.from, first.to);
  }

  get today(): string {
    return civil(Date.now(), this.zone).day;
  }

  private get shelf(): Shelf {
    const { duration, staff, seats } = this.choice;
    const key = `${duration} ${staff ?? ''} ${seats}`;
    let shelf = this.shelves.get(key);
    if (!shelf) this.shelves.set(key, (shelf = new Shelf()));
    return shelf;
  }

  /** Days of the shown zone that have times. */
  byDay(): Map<string, Time[]> {
    if (this.days?.of !== this.shelf || this.days.zone !== this.zone) this.days = { of: this.shelf, zone: this.zone, map: this.shelf.byDay(this.zone) };
    return this.days.map;
  }

  times(): readonly Time[] {
    return (this.day && this.byDay().get(this.day)) || [];
  }

  private span(month: string): [number, number] {
    return [Math.max(startOfDay(firstOf(month), this.zone), Date.now()), startOfDay(firstOf(addMonths(month, 1)), this.zone)];
  }

  /** The shown month is not known yet. */
  get loading(): boolean {
    const [from, to] = this.span(this.month);
    return from < to && !this.failed && this.shelf.missing(from, to) !== null;
  }

  /** Nothing is free, now or later. */
  get nothing(): boolean {
    return this.shelf.empty && !this.loading && this.next() === null;
  }

  /** The first time after what is shown. */
  next(): number | null {
    return this.shelf.next(Math.max(Date.now(), this.day ? startOfDay(this.day, this.zone) : this.span(this.month)[0]));
  }

  get canGoBack(): boolean {
    return this.month > monthOf(this.today);
  }

  get canGoOn(): boolean {
    const [, to] = this.span(this.month);
    return this.month < addMonths(monthOf(this.today), MONTHS_AHEAD) && !this.shelf.endsBy(to);
  }

  /** Chooses the first day with times when none is chosen yet, and asks for what is missing. */
  start(day?: string | null): void {
    if (day && day >= this.today) {
      this.month = monthOf(day);
      this.cursor = this.day = day;
    }
    this.settle();
    void this.load(this.month);
  }

  /** Without a day that has times, the first one of what is known is shown. */
  private settle(): void {
    const days = [...this.byDay().keys()];
    if (this.day && (days.includes(this.day) || monthOf(this.day) !== this.month || this.loading)) return;
    const first = days.find((day) => day >= (this.day ?? '')) ?? days[0];
    if (!first) return;
    this.day = this.cursor = first;
    this.month = monthOf(first);
  }

  private async load(month: string, ahead = true): Promise<void> {
    const { shelf, choice, zone } = this;
    const [from, to] = this.span(month);
    const wanted = from < to ? shelf.missing(from, to) : null;
    const key = `${month} ${JSON.stringify(choice)} ${zone}`;
    if (wanted && !this.asking.has(key)) {
      this.asking.add(key);
      if (month === this.month) this.failed = false;
      this.options.changed();
      try {
        const [start, end] = wanted;
        const range = await this.options.ask(start, end, choice);
        shelf.put(range, start, end);
        this.days = null;
        this.asked = Date.now();
        if (shelf === this.shelf && month === this.month) await this.arrived();
      } catch (error) {
        if (!(error instanceof Refused)) throw error;
        if (shelf === this.shelf && month === this.month) this.failed = true;
      } finally {
        this.asking.delete(key);
      }
      this.options.changed();
    }
    if (ahead && !this.failed && shelf === this.shelf && !shelf.endsBy(to)) void this.load(addMonths(month, 1), false);
  }

  /** A month has come. One without any times leads on to the first that has some, as long as nobody has chosen a day. */
  private async arrived(): Promise<void> {
    this.settle();
    const count = [...this.byDay()].filter(([day]) => monthOf(day) === this.month).length;
    this.options.say({ kind: 'month', month: this.month, count });
    const next = this.next();
    if (this.day === null && !count && next !== null && this.month === monthOf(this.today)) {
      this.month = monthOf(civil(next, this.zone).day);
      this.cursor = civil(next, this.zone).day;
      await this.load(this.month);
    }
  }

  /** Looks at another month; `cursor` is the day that takes the focus. */
  show(month: string, cursor: string): void {
    this.month = month;
    this.cursor = cursor;
    this.options.changed();
    void this.load(month);
  }

  turn(months: number): void {
    const month = addMonths(this.month, months);
    const first = [...this.byDay().keys()].find((day) => monthOf(day) === month);
    this.show(month, first ?? (month === monthOf(this.today) ? this.today : firstOf(month)));
  }

  choose(day: string): void {
    this.instead = null;
    this.day = this.cursor = day;
    if (monthOf(day) !== this.month) this.show(monthOf(day), day);
    this.options.say({ kind: 'day', day, count: this.times().length });
    this.options.changed();
  }

  /** Goes to the first time after what is shown. */
  async jump(): Promise<void> {
    const next = this.next();
    if (next === null) return;
    const { day } = civil(next, this.zone);
    this.instead = null;
    this.month = monthOf(day);
    this.cursor = this.day = day;
    this.options.changed();
    await this.load(this.month);
    this.options.say({ kind: 'day', day, count: this.times().length });
  }

  setZone(zone: string): void {
    const shown = this.times()[0]?.start;
    this.zone = zone;
    this.zonesOpen = false;
    this.search = '';
    // The same times, on the days they have there.
    if (shown !== undefined) {
      this.day = this.cursor = civil(shown, zone).day;
      this.month = monthOf(this.day);
    }
    if (this.cursor < this.today) this.cursor = this.today;
    this.options.changed();
    void this.load(this.month);
  }

  setChoice(change: Partial<Choice>): void {
    this.instead = null;
    this.choice = { ...this.choice, ...change };
    this.days = null;
    this.settle();
    this.options.changed();
    void this.load(this.month);
  }

  retry(): void {
    this.failed = false;
    void this.load(this.month);
  }

  /** Somebody was faster. */
  lost(start: number, alternatives: readonly Slot[]): void {
    this.shelf.drop(start);
    this.days = null;
    this.instead = alternatives.map(timeOf);
    this.fresh(true);
  }

  /** Asks again for what is shown: after a while away, or when it proved wrong. */
  fresh(now = false): void {
    if (!now && Date.now() - this.asked < STALE) return;
    for (const shelf of this.shelves.values()) shelf.age();
    void this.load(this.month);
  }
}
