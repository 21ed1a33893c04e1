// Colours derived from the accent, so that every accent a business picks stays readable (WCAG 2.2, 1.4.3: 4.5 to 1).

export type Rgb = readonly [number, number, number];

export const WHITE: Rgb = [255, 255, 255];
export const BLACK: Rgb = [0, 0, 0];

/** Reads `#rrggbb`; anything else is null. */
export function parseHex(text: string | null | undefined): Rgb | null {
  const found = /^#([0-9a-f]{6})$/i.exec(text ?? '');
  if (!found) return null;
  const value = parseInt(found[1] as string, 16);
  return [value >> 16, (value >> 8) & 255, value & 255];
}

/** Relative luminance, 0 to 1 (WCAG 2.x). */
function luminance(colour: Rgb): number {
  const [r, g, b] = colour.map((channel) => {
    const c = channel / 255;
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** Contrast of two colours, 1 to 21. */
export function contrast(a: Rgb, b: Rgb): number {
  const [x, y] = [luminance(a) + 0.05, luminance(b) + 0.05];
  return x > y ? x / y : y / x;
}

/** Black or white, whichever reads better on the colour: never below 4.5 to 1. White wins where both do. */
export function textOn(colour: Rgb): Rgb {
  return contrast(WHITE, colour) >= 4.5 ? WHITE : BLACK;
}

/** The colour, moved towards white or black until it has 4.6 to 1 on the background. */
export function readableOn(colour: Rgb, background: Rgb): Rgb {
  const goal = luminance(background) < 0.18 ? WHITE : BLACK;
  let mixed = colour;
  for (let share = 0.08; share <= 1 && contrast(mixed, background) < 4.6; share += 0.08) {
    mixed = colour.map((channel, i) => Math.round(channel + ((goal[i] as number) - channel) * share)) as unknown as Rgb;
  }
  return mixed;
}

export const css = (colour: Rgb): string => `rgb(${colour.join()})`;
