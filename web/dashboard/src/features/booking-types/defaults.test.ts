import type { BookingQuestion, BookingType } from '@frontdesk/api-client';
import { describe, expect, it } from 'vitest';
import { formOf, freshQuestion, isDuration, keyFor, locationOf, reordered, settingsOf, withDuration } from './defaults';

const asked = (...keys: string[]) => keys.map((key) => ({ key }) as BookingQuestion);

describe('questions', () => {
  it('get a key from their words that no other has', () => {
    expect(keyFor('Which insurer?', [])).toBe('which_insurer');
    expect(keyFor('Which insurer?', asked('which_insurer', 'which_insurer_2'))).toBe('which_insurer_3');
    expect(keyFor('¿Alergias?', [])).toBe('alergias');
    expect(keyFor('Größe', [])).toBe('gro_e');
    expect(keyFor('予約', [])).toBe('question');
    expect(keyFor('x'.repeat(100), []).length).toBeLessThanOrEqual(40);
  });
});

describe('lists', () => {
  it('are put into another order', () => {
    expect(reordered(['a', 'b', 'c'], 0, 2)).toEqual(['b', 'c', 'a']);
    expect(reordered(['a', 'b', 'c'], 2, 0)).toEqual(['c', 'a', 'b']);
  });
});

describe('the place', () => {
  it('keeps what was typed for its kind', () => {
    expect(locationOf('video', { kind: 'video', url: 'https://meet.example/1' }, undefined)).toEqual({ kind: 'video', url: 'https://meet.example/1' });
    expect(locationOf('place', { kind: 'business' }, 'place_1')).toEqual({ kind: 'place', place_id: 'place_1' });
    expect(locationOf('phone', { kind: 'address', address: 'x' }, undefined)).toEqual({ kind: 'phone' });
  });
});

const TYPE: BookingType = {
  id: 'btype_1',
  slug: 'exam',
  position: 3,
  created_at: '2026-01-01T00:00:00Z',
  updated_at: '2026-01-01T00:00:00Z',
  name: 'Exam',
  description: '',
  active: true,
  listed: true,
  color: '#4f46e5',
  durations: [30],
  buffer_before: 0,
  buffer_after: 0,
  minimum_notice: 120,
  horizon_days: 60,
  slot_step: 15,
  capacity: 1,
  location: { kind: 'business' },
  questions: [{ key: 'notes', label: 'Notes', kind: 'text', required: false, choices: [] }],
  confirmation_required: false,
  staff: { mode: 'choose', members: [] },
  resources: [],
  limits: {},
  change_notice: 0,
};

describe('the form', () => {
  it('gives back what it was given, without what the server keeps for itself', () => {
    const { id: _id, position: _position, created_at: _created, updated_at: _updated, ...settings } = TYPE;
    const limits = { per_day: null, per_week: null, per_staff_day: null, per_staff_week: null };
    expect(settingsOf(formOf(TYPE))).toEqual({ ...settings, price: null, reminders: null, limits });
  });

  it('names new questions and drops choices where there is nothing to choose', () => {
    const form = formOf(TYPE);
    form.questions.unshift({ ...freshQuestion(), label: ' Notes ', kind: 'select', choices: ['a', ' ', 'b '] });
    form.questions.push({ ...freshQuestion(), label: 'Notes', kind: 'checkbox', choices: ['left over'] });
    expect(settingsOf(form).questions).toEqual([
      { key: 'notes_2', label: 'Notes', kind: 'select', required: false, choices: ['a', 'b'] },
      { key: 'notes', label: 'Notes', kind: 'text', required: false, choices: [] },
      { key: 'notes_3', label: 'Notes', kind: 'checkbox', required: false, choices: [] },
    ]);
  });
});

describe('durations', () => {
  it('keep the usual one first', () => {
    expect(withDuration([45, 60], 30)).toEqual([45, 30, 60]);
    expect(withDuration([], 30)).toEqual([30]);
    expect([4, 5, 1440, 1441, 7.5].map(isDuration)).toEqual([false, true, true, false, false]);
  });
});
