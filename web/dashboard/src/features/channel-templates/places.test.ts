import { describe, expect, it } from 'vitest';
import { filledIn, languageText, nameOf, placesFault, placesOf } from './places';

describe('the places of a template', () => {
  it('are counted and filled; one without words stays', () => {
    expect([placesOf('Hello'), placesOf('Hi {{1}}, see you {{ 2 }} at {{1}}.')]).toEqual([0, 2]);
    expect(filledIn('Hi {{1}}, see you {{ 2 }}.', ['Ada', ' '])).toBe('Hi Ada, see you {{ 2 }}.');
  });

  it('count from one without a gap, and have words around them', () => {
    expect(placesFault('Hi {{1}} and {{2}}!')).toBeNull();
    expect(placesFault('Hi {{1}} and {{3}}!')).toBe('gap');
    expect(placesFault('{{1}}, hello!')).toBe('edge');
    expect(placesFault('Hello {{1}}')).toBe('edge');
  });
});

describe('a template', () => {
  it('is named as WhatsApp names them', () => {
    expect(nameOf('Spring offer 2026!')).toBe('spring_offer_2026_');
  });

  it('says its language in words', () => {
    expect(languageText('en_US', 'en')).toBe('American English');
    expect(languageText('???', 'en')).toBe('???');
  });
});
