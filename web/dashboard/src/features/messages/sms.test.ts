import { describe, expect, it } from 'vitest';
import { measureSms } from './sms';

const TABLE: [name: string, text: string, unicode: boolean, units: number, segments: number, left: number][] = [
  ['nothing', '', false, 0, 0, 160],
  ['one letter', 'a', false, 1, 1, 159],
  ['a full part', 'a'.repeat(160), false, 160, 1, 0],
  ['one too many', 'a'.repeat(161), false, 161, 2, 145],
  ['two full parts', 'a'.repeat(306), false, 306, 2, 0],
  ['three parts', 'a'.repeat(307), false, 307, 3, 152],
  ['letters of the alphabet with marks', 'à é ñ Ü ß ¿ ¡ Ω', false, 15, 1, 145],
  ['an extension character', '€', false, 2, 1, 158],
  ['80 of them', '€'.repeat(80), false, 160, 1, 0],
  ['an extension character that does not fit the rest of a part', `${'a'.repeat(152)}€${'a'.repeat(8)}`, false, 162, 2, 143],
  ['an accent outside the alphabet', 'á', true, 1, 1, 69],
  ['a typographic quote', 'It’s', true, 4, 1, 66],
  ['a full part of UCS-2', 'ж'.repeat(70), true, 70, 1, 0],
  ['one too many of UCS-2', 'ж'.repeat(71), true, 71, 2, 63],
  ['an emoji', '🦷', true, 2, 1, 68],
  ['35 of them', '🦷'.repeat(35), true, 70, 1, 0],
  ['an emoji that does not fit the rest of a part', `${'ж'.repeat(66)}🦷${'ж'.repeat(3)}`, true, 71, 2, 62],
];

describe('a text message', () => {
  it.each(TABLE)('of %s is counted', (_name, text, unicode, units, segments, left) => {
    expect(measureSms(text)).toMatchObject({ unicode, units, segments, left });
  });

  it('names what makes it dear, each once', () => {
    expect(measureSms('“Hi” — it’s “me”').forcing).toEqual(['“', '”', '—', '’']);
    expect(measureSms('Plain [text] for 5 €').forcing).toEqual([]);
  });
});
