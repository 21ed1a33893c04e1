import { describe, expect, it } from 'vitest';

type Texts = Record<string, unknown>;
const files = import.meta.glob<{ default: Texts }>('../locales/*/*.json', { eager: true });

/** Every key of a file; the forms of a plural count as one, because languages have different ones. */
function keysOf(texts: Texts, prefix = ''): string[] {
  return Object.entries(texts).flatMap(([key, value]) =>
    typeof value === 'object' && value !== null
      ? keysOf(value as Texts, `${prefix}${key}.`)
      : [`${prefix}${key.replace(/_(zero|one|two|few|many|other)$/u, '')}`],
  );
}

const english = Object.entries(files).filter(([path]) => path.includes('/en/'));

describe('translations', () => {
  it.each(english.map(([path]) => path))('%s has every text in Spanish too', (path) => {
    const spanish = files[path.replace('/en/', '/es/')];
    expect(spanish, 'the Spanish file').toBeDefined();
    const wanted = [...new Set(keysOf(files[path]?.default ?? {}))].sort();
    expect([...new Set(keysOf(spanish?.default ?? {}))].sort()).toEqual(wanted);
  });
});
