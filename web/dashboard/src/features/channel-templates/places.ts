// The places of a template, `{{1}}`, `{{2}}`, ...: how many there are, and what the customer reads when they are filled.

const PLACE = /\{\{\s*(\d{1,3})\s*\}\}/gu;

/** The highest number in double braces. */
export const placesOf = (body: string): number => Math.max(0, ...[...body.matchAll(PLACE)].map(([, number]) => Number(number)));

/** The body with its places filled; a place without words stays as it is. */
export const filledIn = (body: string, variables: readonly string[]): string =>
  body.replaceAll(PLACE, (place, number: string) => {
    const words = variables[Number(number) - 1];
    return words === undefined || words.trim() === '' ? place : words;
  });

/** What is wrong with the places of a body, as a key of the texts: they count 1, 2, 3, ... without a gap. */
export function placesFault(body: string): 'gap' | 'edge' | null {
  const numbers = new Set([...body.matchAll(PLACE)].map(([, number]) => Number(number)));
  for (let number = 1; number <= numbers.size; number += 1) if (!numbers.has(number)) return 'gap';
  // WhatsApp takes no template that begins or ends with a place.
  const text = body.trim();
  return /^\{\{\s*\d{1,3}\s*\}\}/u.test(text) || /\{\{\s*\d{1,3}\s*\}\}$/u.test(text) ? 'edge' : null;
}

/** What was typed as a name, as WhatsApp writes names: small letters, digits and underscores. */
export const nameOf = (typed: string): string =>
  typed
    .toLowerCase()
    .replaceAll(/[^a-z0-9_]+/gu, '_')
    .slice(0, 512);

/** `en_US` as "English (United States)". */
export function languageText(code: string, shownIn: string): string {
  try {
    return new Intl.DisplayNames(shownIn, { type: 'language' }).of(code.replaceAll('_', '-')) ?? code;
  } catch {
    return code;
  }
}
