import { describe, expect, it } from 'vitest';
import { check, checkAll, fields, fromServer, wire, type Field } from '../src/form';
import { texts } from '../src/i18n';
import type { PublicType } from '../src/protocol';

const t = texts('en');
const TYPE: PublicType = {
  id: 'btype_1', slug: 'x', name: 'X', description: '', durations: [30], capacity: 1, price: null, location_text: '', location_kind: 'business', questions: [
    { key: 'insurer', label: 'Insurer', kind: 'select', required: true, choices: ['A', 'B'] },
    { key: 'worries', label: 'Worries', kind: 'multi_select', required: true, choices: ['Pain', 'Noise', 'Cost'] },
    { key: 'age', label: 'Age', kind: 'number', required: false, choices: [] },
    { key: 'terms', label: 'Terms', kind: 'checkbox', required: true, choices: [] },
  ], staff_mode: 'choose', confirmation_required: false, change_notice: 0, color: '#000000',
};
const list = fields(TYPE, t);
const named = (id: string): Field => list.find((field) => field.id === id) as Field;

describe('the fields of a type', () => {
  it('ask for a phone number where the business calls, and for an address where it comes', () => {
    expect(named('phone').required).toBe(false);
    expect(fields({ ...TYPE, location_kind: 'phone' }, t).find(({ id }) => id === 'phone')?.required).toBe(true);
    expect(fields({ ...TYPE, location_kind: 'customer' }, t).some(({ autocomplete }) => autocomplete === 'street-address')).toBe(true);
  });
});

describe('checking', () => {
  it('finds what is missing and what cannot be right', () => {
    const errors = checkAll(list, { email: 'ada@', phone: 'abc', age: 'old' }, t);
    expect(Object.keys(errors).sort()).toEqual(['answers/insurer', 'answers/terms', 'answers/worries', 'email', 'name', 'phone'].sort());
    expect(check(named('answers/age'), 'old', t)).not.toBe('');
    expect(check(named('answers/age'), '41,5', t)).toBe('');
  });

  it('lets every address and number through that may be real', () => {
    for (const email of ['ada@example.com', 'a+b@sub.example.co.uk', 'jörg@exämple.de']) expect(check(named('email'), email, t), email).toBe('');
    for (const phone of ['+49 30 901820', '(617) 555-0134', '01.23.45.67.89', '555 0134']) expect(check(named('phone'), phone, t), phone).toBe('');
    for (const email of ['ada', 'ada@example', 'a b@example.com', '@example.com']) expect(check(named('email'), email, t), email).not.toBe('');
  });
});

describe('the wire', () => {
  it('carries answers by question as the server reads them and nothing empty', () => {
    const values = { name: '  Ada  ', email: 'ada@example.com', phone: '', 'answers/insurer': 'B', 'answers/worries': ['Pain', 'Cost'], 'answers/age': '41,5', 'answers/terms': true, message: ' ' };
    expect(wire(list, values)).toEqual({ name: 'Ada', email: 'ada@example.com', answers: { insurer: 'B', worries: 'Pain\nCost', age: '41.5', terms: 'true' } });
  });

  it('tells the address first in the message', () => {
    const atHome = fields({ ...TYPE, questions: [], location_kind: 'customer' }, t);
    const address = atHome.find(({ autocomplete }) => autocomplete === 'street-address') as Field;
    expect(wire(atHome, { name: 'Ada', [address.id]: '1 Main St', message: 'Ring twice' })).toEqual({ name: 'Ada', message: '1 Main St\n\nRing twice' });
  });

  it('brings the server\u2019s words to their fields, and keeps the others', () => {
    const problems = new Map([['/email', 'has no mail server'], ['/answers/age', 'must be a number'], ['/seats', 'must be 1 to 500']]);
    expect(fromServer(list, problems)).toEqual({ errors: { email: 'Has no mail server', 'answers/age': 'Must be a number' }, rest: 'seats: must be 1 to 500' });
  });
});
