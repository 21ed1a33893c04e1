// The business's accent as colours that stay readable in light and in dark (WCAG 2.2: 4.5 to 1 for text, 3 to 1 for edges).

import { BLACK, contrast, css, parseHex, readableOn, textOn, WHITE, type Rgb } from '../../widget/src/color';

/** Behind everything in each scheme; `flow.css` says the same. */
const SURFACE: Record<'light' | 'dark', Rgb> = { light: WHITE, dark: [20, 24, 33] };

const mix = (a: Rgb, b: Rgb, share: number): Rgb => a.map((c, i) => Math.round(c + ((b[i] as number) - c) * share)) as unknown as Rgb;

/** Moves a colour away from the surface until an edge in it can be seen. */
function edge(colour: Rgb, surface: Rgb): Rgb {
  const goal = surface === WHITE ? BLACK : WHITE;
  for (let share = 0; share < 1; share += 0.1) {
    const mixed = mix(colour, goal, share);
    if (contrast(mixed, surface) >= 3) return mixed;
  }
  return goal;
}

/** The variables of `flow.css` for an accent. */
export function colours(accent: string | null | undefined, dark: boolean): Record<string, Rgb> {
  const colour = parseHex(accent) ?? [79, 70, 229];
  const surface = SURFACE[dark ? 'dark' : 'light'];
  const on = textOn(colour);
  const tint = mix(surface, edge(colour, surface), dark ? 0.2 : 0.1);
  return {
    '--accent': colour,
    '--deep': mix(colour, on === WHITE ? BLACK : WHITE, 0.15),
    '--on': on,
    '--tint': tint,
    '--ink': readableOn(colour, tint),
    '--accent-line': edge(colour, surface),
    '--faint': dark ? [118, 127, 146] : [132, 140, 156],
  };
}

/** Paints an element in the scheme the business chose, or the system's; keeps to it when the system changes. */
export function paint(element: HTMLElement, accent: string | null | undefined, scheme: 'auto' | 'light' | 'dark', alsoOn: HTMLElement | null = null): void {
  const system = matchMedia('(prefers-color-scheme:dark)');
  const apply = (): void => {
    const dark = scheme === 'dark' || (scheme === 'auto' && system.matches);
    element.classList.toggle('dark', dark);
    for (const [name, value] of Object.entries(colours(accent, dark))) element.style.setProperty(name, css(value));
    alsoOn?.style.setProperty('--page', dark ? '#0c0f14' : '#f6f7f9');
  };
  apply();
  system.addEventListener('change', apply);
}
