// Slots that were answered, by the choice they were asked with, and which stretches of time are known. Pure: who asks the
// server is the picker.

import type { Range, Slot } from './protocol';
import { civil } from './zone';

export interface Time {
  /** Epoch milliseconds. */
  start: number;
  end: number;
  staff: readonly string[];
  seats: number;
  slot: string;
}

export type Part = 'morning' | 'afternoon' | 'evening';

export const timeOf = (slot: Slot): Time => ({ start: Date.parse(slot.start), end: Date.parse(slot.end), staff: slot.staff, seats: slot.seats, slot: slot.slot });

export class Shelf {
  private times = new Map<number, Time>();
  /** Known stretches, ascending, apart from each other. */
  private known: [number, number][] = [];
  private upcoming = new Map<number, number | null>();

  /** Takes an answer in for the stretch it covers; what was known there is replaced. */
  put(range: Range, from: number, to: number): void {
    for (const start of this.times.keys()) if (start >= from && start < to) this.times.delete(start);
    for (const slot of range.slots) {
      const time = timeOf(slot);
      this.times.set(time.start, time);
    }
    // With times in the range, an absent `next` says nothing about what comes after it.
    if (range.next || !range.slots.length) this.upcoming.set(to, range.next ? Date.parse(range.next) : null);
    const touching = this.known.filter(([a, b]) => a <= to && b >= from);
    const whole: [number, number] = [Math.min(from, ...touching.map(([a]) => a)), Math.max(to, ...touching.map(([, b]) => b))];
    this.known = [...this.known.filter((stretch) => !touching.includes(stretch)), whole].sort(([a], [b]) => a - b);
  }

  /** The part of a stretch that is still to be asked for, as one range; null when all of it is known. */
  missing(from: number, to: number): [number, number] | null {
    let [start, end] = [from, to];
    for (const [a, b] of this.known) {
      if (a <= start && start < b) start = b;
      if (a < end && end <= b) end = a;
    }
    return start < end ? [start, end] : null;
  }

  /** Somebody else has it. */
  drop(start: number): void {
    this.times.delete(start);
  }

  /** Everything may have changed: the times stay for now, but all is asked for again. */
  age(): void {
    this.known = [];
  }

  get empty(): boolean {
    return this.times.size === 0;
  }

  /** The days of a zone that have times, each with its times in order. */
  byDay(zone: string): Map<string, Time[]> {
    const days = new Map<string, Time[]>();
    for (const time of [...this.times.values()].sort((a, b) => a.start - b.start)) {
      const { day } = civil(time.start, zone);
      const times = days.get(day);
      if (times) times.push(time);
      else days.set(day, [time]);
    }
    return days;
  }

  /** The first time from an instant on, as far as is known: a time on the shelf, or what an answer said comes after it. */
  next(from: number): number | null {
    const first = Math.min(...[...this.times.keys()].filter((start) => start >= from));
    const said = [...this.upcoming.entries()].filter(([, next]) => next !== null && next >= from).map(([, next]) => next as number);
    const best = Math.min(first, ...said);
    return Number.isFinite(best) ? best : null;
  }

  /** The server said that nothing is free after this stretch. */
  endsBy(to: number): boolean {
    return [...this.upcoming].some(([end, next]) => end <= to && next === null && ![...this.times.keys()].some((start) => start >= end)) && this.missing(to - 1, to) === null;
  }
}

/** Morning until noon, afternoon until five, then evening; on the wall clock of the zone. */
export function parts(times: readonly Time[], zone: string): [Part, Time[]][] {
  const found: [Part, Time[]][] = [['morning', []], ['afternoon', []], ['evening', []]];
  for (const time of times) {
    const { hour } = civil(time.start, zone);
    (found[hour < 12 ? 0 : hour < 17 ? 1 : 2] as [Part, Time[]])[1].push(time);
  }
  return found.filter(([, list]) => list.length);
}
