// Where in a passage the words quoted by an answer stand.

export interface Piece {
  text: string;
  quoted: boolean;
}

/** A passage's text cut into pieces that are quoted and pieces that are not. Quotes are found whatever their spacing and case. */
export function markQuotes(text: string, quotes: readonly string[]): Piece[] {
  const spans = quotes
    // A quote may join lines that stand apart in the passage, as rows of a table do.
    .flatMap((quote) => quote.split('\n').flatMap((line) => spansOf(text, line)))
    .sort((a, b) => a.from - b.from);
  const pieces: Piece[] = [];
  let at = 0;
  for (const { from, to } of spans) {
    if (to <= at) continue;
    const start = Math.max(from, at);
    if (start > at) pieces.push({ text: text.slice(at, start), quoted: false });
    pieces.push({ text: text.slice(start, to), quoted: true });
    at = to;
  }
  if (at < text.length) pieces.push({ text: text.slice(at), quoted: false });
  return pieces;
}

function spansOf(text: string, quote: string): { from: number; to: number }[] {
  const words = quote.trim().split(/\s+/u).filter(Boolean);
  if (words.length === 0) return [];
  const pattern = words.map((word) => word.replaceAll(/[.*+?^${}()|[\]\\]/gu, '\\$&')).join('\\s+');
  const found = new RegExp(pattern, 'iu').exec(text);
  return found === null ? [] : [{ from: found.index, to: found.index + found[0].length }];
}
