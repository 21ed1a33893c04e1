import { describe, expect, it } from 'vitest';
import { fieldOf, fieldText, wordsOf } from './field-text';

const english = { language: 'en', yes: 'Yes', no: 'No' };

describe('own fields', () => {
  it('are read as what they hold', () => {
    expect(fieldText(true, english)).toBe('Yes');
    expect(fieldText(false, english)).toBe('No');
    expect(fieldText(12_000, english)).toBe('12,000');
    expect(fieldText('2026-05-12', english)).toBe('May 12, 2026');
    expect(fieldText('2026-05-42', english)).toBe('2026-05-42');
    expect(fieldText(['a'], english)).toBe('["a"]');
  });

  it('are found whatever the case of their key, and named by it where nobody set them up', () => {
    const insurer = { id: 'field_1', key: 'Insurer', label: 'Health insurer', kind: 'text' as const, options: [], created_at: '2026-11-21T10:00:00Z' };
    expect(fieldOf('insurer', [insurer])).toBe(insurer);
    expect(fieldOf('shoe_size', [insurer])).toBeUndefined();
    expect(wordsOf('shoe_size')).toBe('Shoe size');
  });
});
