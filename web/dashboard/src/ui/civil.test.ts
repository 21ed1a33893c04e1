import { describe, expect, it } from 'vitest';
import { addDays, addMonths, civilOf, dayLength, daysOfMonth, daysOfWeek, instantOf, isoOf, isRepeated, skipped, weekdayOf, formatMinutesShort } from './civil';

const BERLIN = 'Europe/Berlin';
const NEW_YORK = 'America/New_York';

describe('a day when the clocks change', () => {
  it('has 23 hours in spring and 25 in autumn', () => {
    expect(dayLength('2026-03-29', BERLIN)).toBe(23 * 60);
    expect(dayLength('2026-10-25', BERLIN)).toBe(25 * 60);
    expect(dayLength('2026-03-08', NEW_YORK)).toBe(23 * 60);
    expect(dayLength('2026-11-01', NEW_YORK)).toBe(25 * 60);
    expect(dayLength('2026-06-01', BERLIN)).toBe(24 * 60);
    // Half an hour on Lord Howe Island.
    expect(dayLength('2026-10-04', 'Australia/Lord_Howe')).toBe(23.5 * 60);
  });

  it('says which hour is missing', () => {
    expect(skipped('2026-03-29', BERLIN)).toEqual({ from: 120, to: 180 });
    expect(skipped('2026-10-04', 'Australia/Lord_Howe')).toEqual({ from: 120, to: 150 });
    expect(skipped('2026-10-25', BERLIN)).toBeNull();
    expect(skipped('2026-06-01', BERLIN)).toBeNull();
  });

  it('a skipped time moves on, a repeated one is the first', () => {
    expect(isoOf(instantOf('2026-03-29', 150, BERLIN))).toBe('2026-03-29T01:30:00Z');
    expect(civilOf(instantOf('2026-03-29', 150, BERLIN), BERLIN)).toEqual({ day: '2026-03-29', minutes: 210 });
    expect(isoOf(instantOf('2026-10-25', 150, BERLIN))).toBe('2026-10-25T00:30:00Z');
    expect(isoOf(instantOf('2026-11-01', 90, NEW_YORK))).toBe('2026-11-01T05:30:00Z');
  });

  it('knows which times come twice', () => {
    const first = Date.parse('2026-10-25T00:30:00Z');
    expect(isRepeated(first, BERLIN)).toBe(true);
    expect(isRepeated(first + 3_600_000, BERLIN)).toBe(true);
    expect(isRepeated(first - 3_600_000, BERLIN)).toBe(false);
    expect(isRepeated(first + 2 * 3_600_000, BERLIN)).toBe(false);
    expect(isRepeated(Date.parse('2026-06-01T10:00:00Z'), BERLIN)).toBe(false);
  });
});

describe('civil time', () => {
  it('goes there and back through every quarter of an hour of a year', () => {
    for (const zone of [BERLIN, NEW_YORK, 'Asia/Kathmandu', 'Pacific/Apia', 'UTC']) {
      for (let day = '2026-01-01'; day < '2027-01-01'; day = addDays(day, 1)) {
        for (const minutes of [0, 9 * 60 + 15, 23 * 60 + 45]) {
          expect(civilOf(instantOf(day, minutes, zone), zone)).toEqual({ day, minutes });
        }
      }
    }
  });

  it('knows weeks from Monday and months in whole weeks', () => {
    expect(weekdayOf('2026-11-21')).toBe(5);
    expect(daysOfWeek('2026-11-22')).toEqual(['2026-11-16', '2026-11-17', '2026-11-18', '2026-11-19', '2026-11-20', '2026-11-21', '2026-11-22']);
    const november = daysOfMonth('2026-11-21');
    expect([november.length, november[0], november.at(-1)]).toEqual([42, '2026-10-26', '2026-12-06']);
    // February 2027 is four weeks from Monday to Sunday.
    expect(daysOfMonth('2027-02-10')).toHaveLength(28);
  });

  it('short times leave out minutes only where the language does', () => {
    expect([540, 570, 0, 1440].map((at) => formatMinutesShort(at, 'en-US').replace('\u202f', ' '))).toEqual(['9 AM', '9:30 AM', '12 AM', '12 AM']);
    expect(formatMinutesShort(540, 'es')).toBe('9:00');
  });

  it('the month after the 31st ends earlier', () => {
    expect(addMonths('2026-01-31', 1)).toBe('2026-02-28');
    expect(addMonths('2026-12-15', 1)).toBe('2027-01-15');
    expect(addMonths('2026-01-15', -1)).toBe('2025-12-15');
  });
});
