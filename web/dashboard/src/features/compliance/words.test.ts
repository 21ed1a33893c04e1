import type { Pack, Rule } from '@frontdesk/api-client';
import { describe, expect, it } from 'vitest';
import { changed, changesOf, concerns, groupOf, inForce, ruleNamed } from './words';

const hours: Rule = { id: 'us-fl-hours', version: '2021-07', from: '2021-07-01', title: '', channels: ['sms'], kind: 'hours', week: ['mon-sun 08:00-20:00'], holidays: 'as_usual' };
const cap: Rule = { id: 'us-fl-cap', version: '2021-07', from: '2021-07-01', until: '2026-01-01', title: '', channels: ['sms'], kind: 'cap', max: 3, hours: 24 };
const florida: Pack = { id: 'us-fl', title: 'Florida', countries: ['US'], region: 'FL', law: true, source: '', confidence: 'high', rule: [hours, cap] };
const elsewhere: Pack = { id: 'elsewhere', title: 'Every other country', countries: [], elsewhere: true, law: false, source: '', confidence: 'low', rule: [hours] };
const house: Pack = { ...elsewhere, id: 'house', elsewhere: false };
const all = [florida, elsewhere, house];

describe('rules of a business', () => {
  it('are those of its country, of everywhere, and of other countries where no pack names its own', () => {
    expect(all.filter((pack) => concerns(pack, 'US', all))).toEqual([florida, house]);
    expect(all.filter((pack) => concerns(pack, 'JP', all))).toEqual([elsewhere, house]);
    expect(all.map(groupOf)).toEqual(['states', 'country', 'custom']);
  });

  it('are shown as the business has changed them, rule by rule or the pack as a whole', () => {
    const changes = [{ rule: 'us-fl-hours', hours: ['mon-fri 10:00-18:00'] }, { rule: 'us-fl', max: 1 }, { rule: 'house', off: true }];
    expect(changed(hours, changesOf(florida, hours, changes))).toMatchObject({ week: ['mon-fri 10:00-18:00'], holidays: 'as_usual' });
    expect(changed(cap, changesOf(florida, cap, changes))).toMatchObject({ max: 1 });
  });

  it('hold from a day and until one, and are found by their name', () => {
    expect([inForce(hours, '2021-06-30'), inForce(hours, '2021-07-01'), inForce(cap, '2026-01-01')]).toEqual([false, true, false]);
    expect(ruleNamed('us-fl-hours/2021-07+own', all)).toEqual({ pack: florida, rule: hours });
    expect(ruleNamed('us-fl-hours/1999-01', all)).toBeNull();
  });
});
