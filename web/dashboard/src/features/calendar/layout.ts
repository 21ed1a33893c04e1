// Where things stand on a day of the calendar: clipped to the day, side by side where they overlap. In minutes of the
// wall clock; no pixels, no DOM.

import { civilOf, DAY_MINUTES } from '../../ui/civil';

export interface Span {
  from: number;
  to: number;
}

/** The shortest a booking is drawn, in minutes, so that it can be read and hit. */
export const SHORTEST = 20;

/**
 * What of an interval is seen on a day, in minutes of its clock. On a day with a repeated hour the hands go back: a
 * booking is then drawn as long as it really takes. Over a skipped hour it reaches to where the clock then is.
 */
export function spanOn(day: string, from: number, to: number, zone: string): Span | null {
  const start = civilOf(from, zone);
  const end = civilOf(to, zone);
  if (start.day > day || end.day < day || (end.day === day && end.minutes === 0 && start.day < day)) return null;
  const top = start.day < day ? 0 : start.minutes;
  if (end.day > day) return { from: top, to: DAY_MINUTES };
  const real = start.day < day ? end.minutes : (to - from) / 60_000;
  return { from: top, to: Math.min(DAY_MINUTES, Math.max(end.minutes, top + real)) };
}

export interface Placed<Item> extends Span {
  item: Item;
  /** Which of the columns of its cluster it begins in, and over how many it reaches. */
  column: number;
  width: number;
  columns: number;
}

/**
 * Puts spans side by side: things that touch no other take the whole width, the others share it, and each reaches to
 * the right as far as nothing is in its way.
 */
export function place<Item>(spans: readonly (Span & { item: Item })[]): Placed<Item>[] {
  const sorted = spans
    .map((span) => ({ ...span, shown: Math.max(span.to, span.from + SHORTEST) }))
    .sort((a, b) => a.from - b.from || b.shown - a.shown);
  const placed: Placed<Item>[] = [];
  let cluster: (typeof sorted)[number][][] = [];
  let until = -1;
  const flush = () => {
    const columns = cluster.length;
    cluster.forEach((column, index) => {
      for (const { item, from, to, shown } of column) {
        let width = 1;
        while (index + width < columns && cluster[index + width]?.every((other) => other.shown <= from || other.from >= shown) === true) width += 1;
        placed.push({ item, from, to, column: index, width, columns });
      }
    });
    cluster = [];
  };
  for (const span of sorted) {
    if (span.from >= until) flush();
    const free = cluster.find((column) => (column.at(-1)?.shown ?? 0) <= span.from);
    if (free === undefined) cluster.push([span]);
    else free.push(span);
    until = Math.max(until, span.shown);
  }
  flush();
  return placed;
}

/** The gaps between spans within a day: what to shade when the spans are open hours. */
export function gapsOf(spans: readonly Span[], within: Span = { from: 0, to: DAY_MINUTES }): Span[] {
  const gaps: Span[] = [];
  let at = within.from;
  for (const span of [...spans].sort((a, b) => a.from - b.from)) {
    if (span.from > at) gaps.push({ from: at, to: Math.min(span.from, within.to) });
    at = Math.max(at, span.to);
  }
  if (at < within.to) gaps.push({ from: at, to: within.to });
  return gaps.filter((gap) => gap.to > gap.from);
}

/** Spans of several people joined: open is when anybody is. */
export function joined(spans: readonly Span[]): Span[] {
  const result: Span[] = [];
  for (const span of [...spans].sort((a, b) => a.from - b.from)) {
    const last = result.at(-1);
    if (last !== undefined && span.from <= last.to) last.to = Math.max(last.to, span.to);
    else result.push({ ...span });
  }
  return result;
}

export const snap = (minutes: number, step: number): number => Math.round(minutes / step) * step;

/** The hours worth showing first: around what is open or booked, else a working day. */
export function firstHour(spans: readonly Span[]): number {
  const first = Math.min(...spans.map((span) => span.from));
  return Number.isFinite(first) ? Math.max(0, Math.floor(first / 60) - 1) : 8;
}
