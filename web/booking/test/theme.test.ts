import { expect, it } from 'vitest';
import { contrast } from '../../widget/src/color';
import { colours } from '../src/theme';

const ACCENTS = ['#4f46e5', '#facc15', '#000000', '#ffffff', '#84cc16', '#0c0f14', '#f6f7f9', '#dc2626', '#e11d48'];

it('keeps every accent readable in light and in dark', () => {
  for (const accent of ACCENTS) {
    for (const dark of [false, true]) {
      const got = colours(accent, dark);
      const of = (name: string): readonly [number, number, number] => got[name] as readonly [number, number, number];
      const surface = dark ? ([20, 24, 33] as const) : ([255, 255, 255] as const);
      expect(contrast(of('--on'), of('--accent')), `text on ${accent}`).toBeGreaterThanOrEqual(4.5);
      expect(contrast(of('--ink'), of('--tint')), `${accent} on its tint, dark ${dark}`).toBeGreaterThanOrEqual(4.5);
      expect(contrast(of('--ink'), surface), `${accent} as text, dark ${dark}`).toBeGreaterThanOrEqual(4.5);
      expect(contrast(of('--accent-line'), surface), `${accent} as an edge, dark ${dark}`).toBeGreaterThanOrEqual(3);
    }
  }
});
