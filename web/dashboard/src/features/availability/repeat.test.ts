import i18next from 'i18next';
import { describe, expect, it } from 'vitest';
import english from '../../locales/en/availability.json';
import spanish from '../../locales/es/availability.json';
import { datesOf, freshRepeat, nthOf, readRule, sentenceOf, writeRule, type Repeat } from './repeat';

// A Monday.
const START = '2026-11-23';
const repeat = (part: Partial<Repeat>): Repeat => ({ ...freshRepeat(START), ...part });

const i18n = i18next.createInstance();
await i18n.init({ lng: 'en', resources: { en: { availability: english }, es: { availability: spanish } }, interpolation: { escapeValue: false } });

describe('a rule', () => {
  it.each([
    ['FREQ=DAILY', repeat({ freq: 'daily' })],
    ['FREQ=WEEKLY;BYDAY=MO', repeat({})],
    ['FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,WE;COUNT=6', repeat({ interval: 2, days: ['mon', 'wed'], end: { kind: 'count', count: 6 } })],
    ['FREQ=MONTHLY;BYMONTHDAY=15;UNTIL=20270101T235959', repeat({ freq: 'monthly', monthly: { by: 'day', day: 15 }, end: { kind: 'until', date: '2027-01-01' } })],
    ['FREQ=MONTHLY;BYDAY=-1FR', repeat({ freq: 'monthly', monthly: { by: 'weekday', nth: -1, day: 'fri' } })],
  ])('%s is read and written alike', (rule, form) => {
    expect(readRule(rule, START)).toEqual(form);
    expect(writeRule(form)).toBe(rule);
  });

  it('is read as people write it', () => {
    expect(readRule('RRULE:freq=weekly', START)).toEqual(repeat({}));
    expect(readRule('FREQ=MONTHLY', START)).toEqual(repeat({ freq: 'monthly', monthly: { by: 'day', day: 23 } }));
    expect(readRule('FREQ=WEEKLY;UNTIL=20270101', START)).toEqual(repeat({ end: { kind: 'until', date: '2027-01-01' } }));
  });

  it.each(['FREQ=YEARLY', 'FREQ=HOURLY', 'FREQ=MONTHLY;BYDAY=MO,TU', 'FREQ=MONTHLY;BYDAY=2MO;BYMONTHDAY=13', 'FREQ=DAILY;BYDAY=MO', 'FREQ=WEEKLY;BYSETPOS=1;BYDAY=MO', 'FREQ=WEEKLY;INTERVAL=2;WKST=SU;BYDAY=MO', 'FREQ=WEEKLY;BYDAY=1MO', 'nonsense', ''])(
    '%s is left as text',
    (rule) => {
      expect(readRule(rule, START)).toBeNull();
    },
  );
});

describe('dates', () => {
  it('fall where the rule says', () => {
    expect(datesOf(repeat({ freq: 'daily', interval: 3 }), START, START, 3)).toEqual(['2026-11-23', '2026-11-26', '2026-11-29']);
    expect(datesOf(repeat({ interval: 2, days: ['mon', 'wed'] }), START, '2026-11-24', 3)).toEqual(['2026-11-25', '2026-12-07', '2026-12-09']);
    expect(datesOf(repeat({ freq: 'monthly', monthly: { by: 'weekday', nth: 1, day: 'sat' } }), START, START, 2)).toEqual(['2026-12-05', '2027-01-02']);
    expect(datesOf(repeat({ freq: 'monthly', monthly: { by: 'weekday', nth: -1, day: 'mon' } }), START, START, 2)).toEqual(['2026-11-30', '2026-12-28']);
  });

  it('leave out months without the day', () => {
    expect(datesOf(repeat({ freq: 'monthly', monthly: { by: 'day', day: 31 } }), START, START, 3)).toEqual(['2026-12-31', '2027-01-31', '2027-03-31']);
  });

  it('end where the rule ends, counted from its start', () => {
    expect(datesOf(repeat({ end: { kind: 'count', count: 3 } }), START, '2026-11-30', 9)).toEqual(['2026-11-30', '2026-12-07']);
    expect(datesOf(repeat({ end: { kind: 'until', date: '2026-12-07' } }), START, START, 9)).toEqual(['2026-11-23', '2026-11-30', '2026-12-07']);
    expect(datesOf(repeat({ end: { kind: 'until', date: '2026-11-01' } }), START, START, 9)).toEqual([]);
  });

  it('know which weekday of their month they are', () => {
    expect([nthOf('2026-11-01'), nthOf('2026-11-23'), nthOf('2026-11-30')]).toEqual([1, 4, -1]);
  });
});

describe('the sentence', () => {
  const say = (part: Partial<Repeat>, language = 'en') => sentenceOf(repeat(part), language, i18n.getFixedT(language, 'availability'));

  it('is plain', () => {
    expect(say({ freq: 'daily' })).toBe('Every day');
    expect(say({ freq: 'daily', interval: 3 })).toBe('Every 3 days');
    expect(say({ days: ['wed', 'mon'] })).toBe('Every week on Monday and Wednesday');
    expect(say({ interval: 2, end: { kind: 'count', count: 6 } })).toBe('Every 2 weeks on Monday, 6 times');
    expect(say({ days: ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] })).toBe('Every day');
    expect(say({ freq: 'monthly', monthly: { by: 'day', day: 15 } })).toBe('Every month on day 15');
    expect(say({ freq: 'monthly', monthly: { by: 'weekday', nth: -1, day: 'fri' }, end: { kind: 'until', date: '2027-01-01' } })).toBe(
      'Every month on the last Friday, until January 1, 2027',
    );
  });

  it('is plain in Spanish, too', () => {
    expect(say({ interval: 2, days: ['mon', 'wed'] }, 'es')).toBe('Cada 2 semanas, los días lunes y miércoles');
  });
});
