import { describe, expect, it } from 'vitest';
import { localeOf, words } from '../src/format';
import { chooseLanguage, LANGUAGES, texts } from '../src/i18n';

const plain = (text: string): string => text.replace(/[\u202f\u00a0]/g, ' ');

describe('words', () => {
  it('follow the locale\u2019s clock', () => {
    const at = Date.parse('2026-11-24T15:30Z');
    expect(plain(words('en-US').time(at, 'America/New_York'))).toBe('10:30 AM');
    expect(words('en-GB').time(at, 'America/New_York')).toBe('10:30');
    expect(words('de').time(at, 'Europe/Berlin')).toBe('16:30');
  });

  it('tell hours that come twice apart', () => {
    const w = words('en-US');
    const first = Date.parse('2026-11-01T05:30Z');
    expect(w.time(first, 'America/New_York')).toBe(w.time(first + 3_600_000, 'America/New_York'));
    expect(w.timeInZone(first, 'America/New_York')).not.toBe(w.timeInZone(first + 3_600_000, 'America/New_York'));
  });

  it('put lengths and prices as people say them', () => {
    const w = words('en-US');
    expect([45, 60, 90].map((m) => plain(w.minutes(m)))).toEqual(['45 min', '1 hr', '1 hr 30 min']);
    expect(w.price({ minor: 12_000, currency: 'USD' })).toBe('$120');
    expect(w.price({ minor: 12_050, currency: 'USD' })).toBe('$120.50');
    expect(plain(words('ja').price({ minor: 5000, currency: 'JPY' }))).toMatch(/5,000/);
    expect(w.price({ minor: 100, currency: 'not one' })).toBe('1 not one');
  });

  it('name the day of a date wherever the reader is', () => {
    expect(words('en-US').fullDay('2026-11-24')).toBe('Tuesday, November 24, 2026');
  });
});

describe('languages', () => {
  it('are chosen by the address, then the browser, then the business', () => {
    expect(chooseLanguage('de', ['fr'], 'es')).toBe('de');
    expect(chooseLanguage('xx', ['pt-BR', 'fr-CA'], 'es')).toBe('fr');
    expect(chooseLanguage(null, ['pt-BR'], 'es')).toBe('es');
    expect(chooseLanguage(null, ['pt'], undefined)).toBe('en');
    expect(localeOf('en', ['de-DE', 'en-GB'])).toBe('en-GB');
    expect(localeOf('es', ['de-DE'])).toBe('es');
  });

  it('have a text of their own for each place', () => {
    expect(new Set(LANGUAGES.map((language) => texts(language)('book'))).size).toBe(4);
    expect(texts('en')('inCity', '9:00', 'Berlin')).toBe('9:00 in Berlin');
    expect(texts('xx')('book')).toBe('Book');
  });
});
