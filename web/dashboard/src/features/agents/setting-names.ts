// Which setting a change's path names.

interface SettingName {
  /** The longest known start of the path, as a key: `brain.max_tokens`. */
  known: string | null;
  /** What the path says beyond it, in words. */
  rest: string;
}

/** Reads a JSON pointer such as `/brain/models/0`; entries of lists count from 1. */
export function nameOf(path: string, exists: (name: string) => boolean): SettingName {
  const parts = path.split('/').slice(1);
  for (let length = parts.length; length > 0; length -= 1) {
    const name = parts.slice(0, length).join('_');
    if (exists(name)) return { known: name, rest: wordsOf(parts.slice(length)) };
  }
  return { known: null, rest: wordsOf(parts) };
}

function wordsOf(parts: readonly string[]): string {
  return parts.map((part) => (/^\d+$/u.test(part) ? String(Number(part) + 1) : part.replaceAll('_', ' '))).join(' ');
}
