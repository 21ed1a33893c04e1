import type { OwnedPhoneNumber } from '@frontdesk/api-client';
import { describe, expect, it } from 'vitest';
import { isOnly, isSameNumber, priceText, searchOf, type NumberSearch } from './phone-numbers';

const number = (id: string, sends: boolean): OwnedPhoneNumber => ({ id, number: `+1415555010${id}`, sms: true, mms: true, voice: true, hook: 'here', sends });
const SEARCH: NumberSearch = { country: 'US', kind: 'local', area_code: ' 415 ', contains: '', mms: false, voice: true };

describe('numbers', () => {
  it('are searched by area code only where there are some', () => {
    expect(searchOf(SEARCH)).toEqual({ country: 'US', kind: 'local', area_code: '415', voice: true });
    expect(searchOf({ ...SEARCH, country: 'GB' })).toEqual({ country: 'GB', kind: 'local', voice: true });
    expect(searchOf({ ...SEARCH, kind: 'toll_free', contains: '55* ' })).toEqual({ country: 'US', kind: 'toll_free', contains: '55*', voice: true });
  });

  it('say when one is the only one that sends', () => {
    const [first, second, silent] = [number('1', true), number('2', true), number('3', false)];
    const list = { missing: [], hook_url: '', by_service: false };
    expect(isOnly({ ...list, items: [first, silent] }, first)).toBe(true);
    expect(isOnly({ ...list, items: [first, second] }, first)).toBe(false);
    expect(isOnly({ ...list, items: [first, silent] }, silent)).toBe(false);
    expect(isOnly({ ...list, by_service: true, items: [first] }, first)).toBe(false);
  });

  it('are the same however they are written', () => {
    expect(isSameNumber('1 (415) 555-0101', '+14155550101')).toBe(true);
    expect(isSameNumber('555 0101', '+14155550101')).toBe(false);
    expect(isSameNumber('', '+14155550101')).toBe(false);
  });

  it('cost what the vendor says', () => {
    expect(priceText({ amount: '1.15', currency: 'USD' }, 'en')).toBe('$1.15');
    expect(priceText({ amount: '1.15', currency: 'credits' }, 'en')).toBe('1.15 credits');
  });
});
