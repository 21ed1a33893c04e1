import type { Weekday, WeeklyRule } from '@frontdesk/api-client';
import { describe, expect, it } from 'vitest';
import { blockedOf, civilText, copiedTo, EMPTY, faultOf, hoursOfRule, isSound, lengthOf, ordered, ownSchedule, rulesOf, timeOffOf, weekMinutes, withDates, withDay, withoutDates } from './schedule';

const rule = (day: Weekday, from: number, to: number): WeeklyRule => ({ day, hours: { from: from * 60, to: to * 60 }, place_id: null });
const WEEK = [rule('mon', 9, 12), rule('mon', 13, 17), rule('wed', 9, 17)];

describe('the week', () => {
  it('names each rule by its place in the whole', () => {
    expect(rulesOf(WEEK, 'wed')).toEqual([{ rule: WEEK[2], index: 2 }]);
    expect(rulesOf(WEEK, 'tue')).toEqual([]);
  });

  it('keeps its days in order when one changes', () => {
    expect(withDay(WEEK, 'tue', [rule('mon', 8, 10)])).toEqual([WEEK[0], WEEK[1], rule('tue', 8, 10), WEEK[2]]);
    expect(withDay(WEEK, 'mon', [])).toEqual([WEEK[2]]);
  });

  it('copies a day to others', () => {
    const copied = copiedTo(WEEK, 'mon', ['mon', 'wed', 'sun']);
    expect(copied).toEqual([WEEK[0], WEEK[1], rule('wed', 9, 12), rule('wed', 13, 17), rule('sun', 9, 12), rule('sun', 13, 17)]);
    expect(weekMinutes(copied)).toBe(3 * 7 * 60);
  });

  it('finds hours that end too early or meet', () => {
    expect(isSound(WEEK)).toBe(true);
    expect(isSound([rule('mon', 17, 9)])).toBe(false);
    const meeting = [rule('mon', 9, 13), rule('mon', 12, 17)];
    expect([faultOf(meeting, 0), faultOf(meeting, 1)]).toEqual([null, 'overlap']);
    // One after the other is no overlap.
    expect(isSound([rule('mon', 9, 12), rule('mon', 12, 17)])).toBe(true);
  });

  it('starts from the hours of the business, or from the whole week', () => {
    expect(ownSchedule({ tue: [{ from: 540, to: 720 }] }, false).weekly).toEqual([rule('tue', 9, 12)]);
    expect(weekMinutes(ownSchedule({}, true).weekly)).toBe(7 * 24 * 60);
  });

  it('is sent in order', () => {
    const sent = ordered({ ...EMPTY, weekly: [rule('tue', 13, 17), rule('tue', 9, 12), rule('mon', 9, 12)] });
    expect(sent.weekly).toEqual([rule('mon', 9, 12), rule('tue', 9, 12), rule('tue', 13, 17)]);
  });
});

describe('dates', () => {
  const off = { hours: [], reason: 'Closed' };
  it('replace what was there for them', () => {
    const before = withDates([], ['2026-12-24', '2026-12-31'], off);
    const after = withDates(before, ['2026-12-31', '2026-12-25'], { hours: [{ from: 540, to: 720 }], reason: '' });
    expect(after.map(({ date, hours }) => [date, hours.length])).toEqual([
      ['2026-12-24', 0],
      ['2026-12-25', 1],
      ['2026-12-31', 1],
    ]);
    expect(withoutDates(after, ['2026-12-25', '2026-12-31'])).toEqual([{ date: '2026-12-24', ...off }]);
  });
});

describe('time off', () => {
  const zone = 'America/New_York';
  it('of whole days includes the last one, also when the clocks change', () => {
    const form = { allDay: true, from: '2026-10-30', to: '2026-11-02', start: 540, end: 1020, reason: ' Trip ' };
    const blocked = blockedOf(form, zone);
    expect(blocked).toEqual({ from: '2026-10-30T04:00:00Z', to: '2026-11-03T05:00:00Z', reason: 'Trip' });
    expect(timeOffOf(blocked, zone)).toEqual({ ...form, reason: 'Trip' });
  });

  it('of some hours comes back as it was typed', () => {
    const form = { allDay: false, from: '2026-11-30', to: '2026-11-30', start: 14 * 60, end: 24 * 60, reason: '' };
    const blocked = blockedOf(form, zone);
    expect(blocked).toMatchObject({ from: '2026-11-30T19:00:00Z', to: '2026-12-01T05:00:00Z' });
    expect(timeOffOf(blocked, zone)).toEqual(form);
  });
});

describe('recurring hours', () => {
  it('are read as a day and two times', () => {
    expect(hoursOfRule({ start: '2026-11-23T12:30:00', minutes: 90 })).toEqual({ day: '2026-11-23', from: 750, to: 840, allDay: false });
    expect(hoursOfRule({ start: '2026-11-23T00:00:00', minutes: 1440 })).toMatchObject({ allDay: true });
    expect(hoursOfRule({ start: '2026-11-23T22:00:00', minutes: 480 })).toMatchObject({ from: 1320, to: 360 });
    expect(lengthOf(1320, 360)).toBe(480);
    expect(civilText('2026-11-23', 750)).toBe('2026-11-23T12:30:00');
  });
});
