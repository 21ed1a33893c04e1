import { describe, expect, it } from 'vitest';
import type { Slot } from '../src/protocol';
import { parts, Shelf, timeOf } from '../src/shelf';
import { DAY, HOUR } from '../src/zone';

const MONDAY = Date.parse('2026-11-16T00:00Z');
const slot = (start: number): Slot => ({ start: new Date(start).toISOString(), end: new Date(start + HOUR).toISOString(), staff: [], seats: 1, slot: String(start) });

describe('the shelf', () => {
  it('asks only for what it does not know', () => {
    const shelf = new Shelf();
    expect(shelf.missing(0, 10)).toEqual([0, 10]);
    shelf.put({ slots: [], next: null }, 0, 5);
    expect(shelf.missing(0, 10)).toEqual([5, 10]);
    shelf.put({ slots: [], next: null }, 5, 10);
    expect(shelf.missing(0, 10)).toBeNull();
    shelf.put({ slots: [], next: null }, 20, 30);
    expect(shelf.missing(15, 40)).toEqual([15, 40]);
    expect(shelf.missing(15, 25)).toEqual([15, 20]);
    shelf.age();
    expect(shelf.missing(0, 10)).toEqual([0, 10]);
  });

  it('replaces what an answer covers and keeps the rest', () => {
    const shelf = new Shelf();
    shelf.put({ slots: [slot(MONDAY), slot(MONDAY + DAY)], next: null }, MONDAY, MONDAY + 2 * DAY);
    shelf.put({ slots: [slot(MONDAY + HOUR)], next: null }, MONDAY, MONDAY + DAY);
    expect([...shelf.byDay('UTC').values()].flat().map(({ start }) => start)).toEqual([MONDAY + HOUR, MONDAY + DAY]);
  });

  it('puts a time on the day it has for the visitor', () => {
    const shelf = new Shelf();
    shelf.put({ slots: [slot(MONDAY + 2 * HOUR)], next: null }, MONDAY, MONDAY + DAY);
    expect([...shelf.byDay('America/New_York').keys()]).toEqual(['2026-11-15']);
    expect([...shelf.byDay('Pacific/Auckland').keys()]).toEqual(['2026-11-16']);
  });

  it('knows the next time from its own times and from what it was told', () => {
    const shelf = new Shelf();
    expect(shelf.next(0)).toBeNull();
    shelf.put({ slots: [], next: new Date(MONDAY + 40 * DAY).toISOString() }, MONDAY, MONDAY + DAY);
    expect(shelf.next(MONDAY)).toBe(MONDAY + 40 * DAY);
    expect(shelf.endsBy(MONDAY + DAY)).toBe(false);
    shelf.put({ slots: [slot(MONDAY + 3 * DAY)], next: null }, MONDAY + 2 * DAY, MONDAY + 4 * DAY);
    expect(shelf.next(MONDAY)).toBe(MONDAY + 3 * DAY);
    expect(shelf.next(MONDAY + 4 * DAY)).toBe(MONDAY + 40 * DAY);
  });

  it('ends only when an empty answer says that nothing follows', () => {
    const shelf = new Shelf();
    shelf.put({ slots: [slot(MONDAY)], next: null }, MONDAY, MONDAY + DAY);
    expect(shelf.endsBy(MONDAY + DAY)).toBe(false);
    shelf.put({ slots: [], next: null }, MONDAY + DAY, MONDAY + 2 * DAY);
    expect(shelf.endsBy(MONDAY + 2 * DAY)).toBe(true);
  });
});

describe('parts of the day', () => {
  it('are those of the wall clock of the zone, and empty ones are left out', () => {
    const times = [9, 11.5, 12, 16, 17, 20].map((hour) => timeOf(slot(MONDAY + hour * HOUR)));
    expect(parts(times, 'UTC').map(([part, list]) => [part, list.length])).toEqual([['morning', 2], ['afternoon', 2], ['evening', 2]]);
    expect(parts(times.slice(0, 2), 'UTC').map(([part]) => part)).toEqual(['morning']);
    expect(parts(times.slice(0, 1), 'Asia/Tokyo').map(([part]) => part)).toEqual(['evening']);
  });
});
