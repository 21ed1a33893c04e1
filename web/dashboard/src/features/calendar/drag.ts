// Dragging on the grid: which column and minute the pointer means, and what is being done there. The grid draws what
// this says; nothing is sent before the person agrees.

import type { Booking, BookingType } from '@frontdesk/api-client';
import { DAY_MINUTES } from '../../ui/civil';
import { snap, type Span } from './layout';

/** Pixels for an hour. */
export const HOUR = 60;
export const STEP = 15;
/** Pixels before a press becomes a drag. */
const SLACK = 4;

export interface Ghost extends Span {
  kind: 'move' | 'resize' | 'create';
  /** The index of the column it is over. */
  column: number;
  booking?: Booking;
}

export interface Point {
  column: number;
  minutes: number;
}

interface Press {
  kind: Ghost['kind'];
  x: number;
  y: number;
  /** Where it began. */
  origin: Point;
  /** Minutes between the booking's start and where it was taken hold of. */
  hold: number;
  span: Span;
  column: number;
  booking?: Booking;
  durations: readonly number[];
}

export class Drag {
  #press: Press | null = null;
  #started = false;

  /** Takes hold of a booking, its lower edge, or an empty place. */
  press(kind: Ghost['kind'], at: { x: number; y: number }, origin: Point, of?: { booking: Booking; span: Span; type: BookingType | undefined }): void {
    const span = of?.span ?? { from: Math.floor(origin.minutes / STEP) * STEP, to: Math.floor(origin.minutes / STEP) * STEP + 2 * STEP };
    this.#started = false;
    this.#press = {
      kind,
      ...at,
      origin,
      hold: origin.minutes - span.from,
      span,
      column: origin.column,
      durations: of?.type?.durations ?? [],
      ...(of === undefined ? {} : { booking: of.booking }),
    };
  }

  get active(): boolean {
    return this.#press !== null;
  }

  /** An empty place is held, not a booking. */
  get isCreating(): boolean {
    return this.#press?.kind === 'create';
  }

  /** What is to be drawn with the pointer here; null before it has moved far enough. */
  move(at: { x: number; y: number }, point: Point): Ghost | null {
    const press = this.#press;
    if (press === null) return null;
    if (!this.#started && Math.hypot(at.x - press.x, at.y - press.y) < SLACK) return null;
    this.#started = true;
    return ghostAt(press, point);
  }

  /** Lets go. Null when it was no more than a click. */
  release(point: Point): Ghost | null {
    const press = this.#press;
    const started = this.#started;
    this.cancel();
    return press !== null && started ? ghostAt(press, point) : null;
  }

  cancel(): void {
    this.#press = null;
    this.#started = false;
  }
}

function ghostAt(press: Press, point: Point): Ghost {
  const { kind, span, booking } = press;
  const of = booking === undefined ? {} : { booking };
  if (kind === 'create') {
    const anchor = span.from;
    const at = snap(point.minutes, STEP);
    const from = Math.max(0, Math.min(anchor, at));
    const to = Math.min(DAY_MINUTES, Math.max(anchor + STEP, at));
    return { kind, column: press.column, from, to };
  }
  if (kind === 'resize') {
    const wanted = Math.max(STEP, point.minutes - span.from);
    return { kind, column: press.column, from: span.from, to: Math.min(DAY_MINUTES, span.from + nearest(press.durations, wanted)), ...of };
  }
  return { kind, column: point.column, ...shifted(span, snap(point.minutes - press.hold, STEP)), ...of };
}

/** A span begun elsewhere, kept within the day. */
export function shifted(span: Span, from: number): Span {
  const long = span.to - span.from;
  const start = Math.max(0, Math.min(from, DAY_MINUTES - Math.min(long, DAY_MINUTES)));
  return { from: start, to: Math.min(DAY_MINUTES, start + long) };
}

/** The allowed duration closest to what is wanted. */
export function nearest(durations: readonly number[], wanted: number): number {
  return [...durations].sort((a, b) => Math.abs(a - wanted) - Math.abs(b - wanted) || a - b)[0] ?? snap(wanted, STEP);
}
