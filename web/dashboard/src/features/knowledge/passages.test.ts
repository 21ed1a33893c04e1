import { describe, expect, it } from 'vitest';
import { markQuotes } from './passages';

const shown = (text: string, quotes: string[]) =>
  markQuotes(text, quotes)
    .map((piece) => (piece.quoted ? `[${piece.text}]` : piece.text))
    .join('');

describe('markQuotes', () => {
  it('marks the words an answer quotes, whatever their spacing and case', () => {
    expect(shown('Parking. It is free\nfor patients (2 hours).', ['it is free for patients (2 hours).'])).toBe(
      'Parking. [It is free\nfor patients (2 hours).]',
    );
  });

  it('finds lines that stand apart in the passage', () => {
    expect(shown('Exam: $65\nCleaning: $120\nCrown: $900', ['Exam: $65\nCrown: $900'])).toBe('[Exam: $65]\nCleaning: $120\n[Crown: $900]');
  });

  it('joins quotes that overlap and keeps every character', () => {
    const text = 'We open at nine and close at five.';
    expect(shown(text, ['close at five', 'at nine and close'])).toBe('We open [at nine and close][ at five].');
    expect(markQuotes(text, ['nowhere']).map((piece) => piece.text).join('')).toBe(text);
  });
});
