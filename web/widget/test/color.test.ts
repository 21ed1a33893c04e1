import { expect, it } from 'vitest';
import { BLACK, contrast, parseHex, readableOn, textOn, WHITE, type Rgb } from '../src/color';

it('reads #rrggbb and nothing else', () => {
  expect(parseHex('#4F46e5')).toEqual([79, 70, 229]);
  for (const wrong of ['', null, undefined, '4f46e5', '#fff', '#4f46e5;x', 'red']) expect(parseHex(wrong)).toBeNull();
});

it('measures contrast as WCAG does', () => {
  expect(contrast(WHITE, BLACK)).toBeCloseTo(21, 5);
  expect(contrast([118, 118, 118], WHITE)).toBeCloseTo(4.54, 2);
});

it('keeps text readable on every accent, and every accent readable on both surfaces', () => {
  for (let r = 0; r < 256; r += 15)
    for (let g = 0; g < 256; g += 15)
      for (let b = 0; b < 256; b += 15) {
        const accent: Rgb = [r, g, b];
        expect(contrast(textOn(accent), accent)).toBeGreaterThanOrEqual(4.5);
        for (const surface of [[241, 243, 247], [35, 41, 55]] as const) expect(contrast(readableOn(accent, surface), surface)).toBeGreaterThanOrEqual(4.5);
      }
});
