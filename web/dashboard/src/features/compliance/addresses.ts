// E-mail addresses and phone numbers out of what people paste and the files they have.

/** What the server takes at a time. */
export const MOST_AT_A_TIME = 1000;

/** What was typed into the search as the lists hold it: numbers without spaces and brackets. */
export function searched(typed: string): string {
  const text = typed.trim();
  return /^\+?[\d\s().-]+$/u.test(text) ? text.replace(/[\s().-]/gu, '') : text.toLowerCase();
}

const MAIL = /^[^\s@<>,;]+@[^\s@<>,;]+\.[^\s@<>,;]+$/u;

/** Whether it could be an address at all; the server decides. */
export function looksLikeAddress(text: string): boolean {
  if (MAIL.test(text)) return true;
  return /^\+?[\d\s().\-/]+$/u.test(text) && text.replace(/\D/gu, '').length >= 7;
}

export interface Line {
  /** From 1. */
  line: number;
  address: string;
}

export interface ReadFile {
  /** Each address once. */
  addresses: Line[];
  /** Lines with something in them that is no address. */
  without: { line: number; text: string }[];
  /** Addresses that stand there more than once. */
  repeated: number;
}

/**
 * The addresses of a file: the first cell of each line that can be one, whichever column it is in. The first line may be
 * headers. Public registries write the area code and the rest of a number in two columns.
 */
export function readAddresses(text: string): ReadFile {
  const seen = new Set<string>();
  const found: ReadFile = { addresses: [], without: [], repeated: 0 };
  text.split(/\r\n|\n|\r/u).forEach((raw, index) => {
    if (raw.trim() === '') return;
    const line = index + 1;
    const cells = raw.split(/[,;\t|]/u).map((cell) => cell.trim().replace(/^["']+|["']+$/gu, '').trim());
    const [first = '', second = ''] = cells;
    const address = /^\d{3}$/u.test(first) && /^\d{7}$/u.test(second) ? first + second : cells.find(looksLikeAddress);
    if (address === undefined) {
      if (found.addresses.length > 0 || index > 0) found.without.push({ line, text: raw.trim().slice(0, 120) });
      return;
    }
    const key = address.includes('@') ? address.toLowerCase() : address.replace(/[^\d+]/gu, '');
    if (seen.has(key)) {
      found.repeated += 1;
      return;
    }
    seen.add(key);
    found.addresses.push({ line, address });
  });
  return found;
}

/** Addresses typed into a field: a line, a comma or a semicolon between them. */
export const typedAddresses = (text: string): string[] =>
  text
    .split(/[\n,;]/u)
    .map((each) => each.trim())
    .filter((each) => each !== '');

/** The text of a file, UTF-8 or UTF-16 as spreadsheets save it. */
export function decode(bytes: ArrayBuffer): string {
  const [first, second] = new Uint8Array(bytes);
  const encoding = first === 0xff && second === 0xfe ? 'utf-16le' : first === 0xfe && second === 0xff ? 'utf-16be' : 'utf-8';
  return new TextDecoder(encoding).decode(bytes);
}
