import type { Booking, BookingType } from '@frontdesk/api-client';
import { describe, expect, it } from 'vitest';
import { Drag, nearest, shifted } from './drag';

const booking = { id: 'book_1' } as Booking;
const type = { durations: [30, 60, 90] } as BookingType;
const span = { from: 540, to: 570 };

describe('dragging', () => {
  it('a press that does not move is a click', () => {
    const drag = new Drag();
    drag.press('move', { x: 10, y: 10 }, { column: 0, minutes: 545 }, { booking, span, type });
    expect(drag.move({ x: 12, y: 11 }, { column: 0, minutes: 547 })).toBeNull();
    expect(drag.release({ column: 0, minutes: 547 })).toBeNull();
    expect(drag.active).toBe(false);
  });

  it('moves by what the pointer moved, wherever it took hold, in steps of a quarter of an hour', () => {
    const drag = new Drag();
    drag.press('move', { x: 0, y: 0 }, { column: 0, minutes: 560 }, { booking, span, type });
    expect(drag.move({ x: 0, y: 50 }, { column: 2, minutes: 627 })).toMatchObject({ kind: 'move', column: 2, from: 600, to: 630 });
    expect(drag.release({ column: 1, minutes: 480 })).toMatchObject({ column: 1, from: 465, to: 495, booking });
  });

  it('stays within the day', () => {
    expect(shifted(span, -40)).toEqual({ from: 0, to: 30 });
    expect(shifted(span, 1435)).toEqual({ from: 1410, to: 1440 });
    expect(shifted({ from: 0, to: 1440 }, 300)).toEqual({ from: 0, to: 1440 });
  });

  it('resizes to the durations on offer', () => {
    const drag = new Drag();
    drag.press('resize', { x: 0, y: 0 }, { column: 0, minutes: 570 }, { booking, span, type });
    expect(drag.move({ x: 0, y: 40 }, { column: 3, minutes: 622 })).toMatchObject({ column: 0, from: 540, to: 630 });
    expect(drag.release({ column: 0, minutes: 500 })).toMatchObject({ from: 540, to: 570 });
    expect(nearest([], 52)).toBe(45);
  });

  it('draws a range upwards as well as downwards', () => {
    const drag = new Drag();
    drag.press('create', { x: 0, y: 0 }, { column: 1, minutes: 607 });
    expect(drag.move({ x: 0, y: 60 }, { column: 1, minutes: 668 })).toMatchObject({ kind: 'create', column: 1, from: 600, to: 675 });
    expect(drag.release({ column: 4, minutes: 541 })).toMatchObject({ column: 1, from: 540, to: 615 });
  });
});
