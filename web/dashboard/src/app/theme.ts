// The design tokens. Components take them from here or from the CSS variables below; no page invents a colour.

import { createTheme, type CSSVariablesResolver, type MantineColorsTuple, type MantineThemeOverride } from '@mantine/core';

const brand: MantineColorsTuple = [
  '#eef0ff',
  '#e0e4ff',
  '#c3c9ff',
  '#a2abff',
  '#8189fb',
  '#6366f1',
  '#4f46e5',
  '#4338ca',
  '#372fa8',
  '#2c2785',
];

/** Cool ink: text at 0, dimmed text at 2, borders at 4, surfaces at 6, chrome at 7, the page at 8. */
const dark: MantineColorsTuple = [
  '#e6e8ee',
  '#c3c8d4',
  '#9aa3b5',
  '#6f788b',
  '#384051',
  '#2a3140',
  '#1c212d',
  '#141821',
  '#0c0f14',
  '#07090d',
];

/** The texts that components show by themselves, in the language in use. */
export interface ThemeTexts {
  close: string;
  showPassword: string;
}

/** A dialog's head is no banner of the page. */
const PLAIN_HEADER = { header: { role: 'presentation' } };

export const themeFor = (texts: ThemeTexts): MantineThemeOverride =>
  createTheme({
  colors: { brand, dark },
  primaryColor: 'brand',
  // Shade 5 under white text is 4.46:1 and fails; 6 passes in both schemes.
  primaryShade: 6,
  defaultRadius: 'md',
  cursorType: 'pointer',
  respectReducedMotion: true,
  fontFamily: "'Inter Variable', system-ui, -apple-system, 'Segoe UI', sans-serif",
  fontFamilyMonospace: "ui-monospace, 'SF Mono', 'Cascadia Mono', Menlo, Consolas, monospace",
  fontSizes: { xs: '0.75rem', sm: '0.84375rem', md: '0.9375rem', lg: '1.0625rem', xl: '1.25rem' },
  spacing: { xs: '0.5rem', sm: '0.75rem', md: '1rem', lg: '1.5rem', xl: '2rem' },
  radius: { xs: '4px', sm: '6px', md: '8px', lg: '12px', xl: '16px' },
  headings: {
    fontWeight: '650',
    sizes: {
      h1: { fontSize: '1.375rem', lineHeight: '1.3' },
      h2: { fontSize: '1.0625rem', lineHeight: '1.4' },
      h3: { fontSize: '0.9375rem', lineHeight: '1.4' },
      h4: { fontSize: '0.84375rem', lineHeight: '1.4' },
    },
  },
  // Plain objects: naming the components here would put them all into the first download.
  components: {
    ActionIcon: { defaultProps: { variant: 'subtle', color: 'gray' } },
    Badge: {
      defaultProps: { variant: 'light', radius: 'sm' },
      styles: { root: { textTransform: 'none', fontWeight: 600, letterSpacing: 0 } },
    },
    Button: { styles: { root: { fontWeight: 600 } } },
    Card: { defaultProps: { withBorder: true, radius: 'lg', padding: 'lg' } },
    Drawer: { defaultProps: { closeButtonProps: { 'aria-label': texts.close }, attributes: PLAIN_HEADER } },
    InputWrapper: { styles: { label: { marginBottom: 4, fontWeight: 550 } } },
    // Its placeholder is no item, which a menu may not hold; the first item takes the focus.
    Menu: { defaultProps: { withInitialFocusPlaceholder: false } },
    Modal: {
      defaultProps: {
        radius: 'lg',
        centered: true,
        closeButtonProps: { 'aria-label': texts.close },
        attributes: PLAIN_HEADER,
      },
    },
    Notification: { defaultProps: { closeButtonProps: { 'aria-label': texts.close } } },
    Paper: { defaultProps: { radius: 'lg' } },
    PasswordInput: { defaultProps: { visibilityToggleButtonProps: { 'aria-label': texts.showPassword } } },
    Tooltip: { defaultProps: { openDelay: 300, events: { hover: true, focus: true, touch: false } } },
  },
});

/** Mantine's light variants miss AA on several colours; one override puts Badge, Alert, Avatar and NavLink right. */
export const cssVariables: CSSVariablesResolver = (current) => {
  const light: Record<string, string> = {};
  const night: Record<string, string> = {};
  for (const color of Object.keys(current.colors)) {
    if (color === 'dark') continue;
    const at = (shade: number) => `var(--mantine-color-${color}-${String(shade)})`;
    light[`--mantine-color-${color}-light`] = `color-mix(in srgb, ${at(1)} 62%, white)`;
    light[`--mantine-color-${color}-light-hover`] = at(1);
    light[`--mantine-color-${color}-light-color`] = `color-mix(in srgb, ${at(9)} 72%, #101828)`;
    night[`--mantine-color-${color}-light`] = `color-mix(in srgb, ${at(6)} 22%, var(--mantine-color-dark-7))`;
    night[`--mantine-color-${color}-light-hover`] = `color-mix(in srgb, ${at(6)} 30%, var(--mantine-color-dark-7))`;
    night[`--mantine-color-${color}-light-color`] = at(2);
  }
  // Grey mixed with white is white: a badge would have no edge.
  light['--mantine-color-gray-light'] = 'color-mix(in srgb, var(--mantine-color-gray-2) 82%, white)';
  // Those who may only look read what is in a field they cannot change.
  light['--mantine-color-disabled-color'] = '#667085';
  night['--mantine-color-disabled-color'] = 'var(--mantine-color-dark-2)';
  // White on the usual red is too faint for AA.
  light['--mantine-color-red-filled'] = 'var(--mantine-color-red-8)';
  light['--mantine-color-red-filled-hover'] = 'var(--mantine-color-red-9)';
  night['--mantine-color-red-filled'] = 'var(--mantine-color-red-8)';
  night['--mantine-color-red-filled-hover'] = 'var(--mantine-color-red-9)';
  return {
    variables: {},
    light: {
      ...light,
      '--app-bg': '#f7f8fa',
      '--surface': '#ffffff',
      '--chrome': '#ffffff',
      '--border': '#e4e7ec',
      // What says that a switch is off or a circle empty: 3:1 against every surface (WCAG 1.4.11).
      '--control': '#858e9e',
      '--hover': '#f2f4f7',
      '--selected': 'var(--mantine-color-brand-0)',
      '--text-success': '#067647',
      '--text-warning': '#93370d',
      '--text-danger': '#b42318',
      '--text-brand': 'var(--mantine-color-brand-7)',
      '--fill-warning': '#b54708',
      '--note-bg': '#fffaeb',
      '--note-border': '#fedf89',
      '--mantine-color-text': '#101828',
      '--mantine-color-dimmed': '#5b6472',
      '--mantine-color-placeholder': '#6b7484',
      '--mantine-color-default-border': '#e4e7ec',
      '--mantine-color-error': '#b42318',
      '--mantine-color-anchor': 'var(--mantine-color-brand-7)',
    },
    dark: {
      ...night,
      '--app-bg': 'var(--mantine-color-dark-8)',
      '--surface': 'var(--mantine-color-dark-6)',
      '--chrome': 'var(--mantine-color-dark-7)',
      '--border': '#2a3140',
      '--control': 'var(--mantine-color-dark-3)',
      '--hover': '#222836',
      '--selected': '#23254a',
      '--text-success': '#47cd89',
      '--text-warning': '#fdb022',
      '--text-danger': '#f97066',
      '--text-brand': 'var(--mantine-color-brand-3)',
      '--fill-warning': '#b54708',
      '--note-bg': '#2b2413',
      '--note-border': '#55451c',
      '--mantine-color-text': '#e6e8ee',
      '--mantine-color-dimmed': '#9aa3b5',
      '--mantine-color-placeholder': '#8a93a5',
      '--mantine-color-default-border': '#2a3140',
      '--mantine-color-error': '#f97066',
      '--mantine-color-anchor': 'var(--mantine-color-brand-3)',
    },
  };
};
