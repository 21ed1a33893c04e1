// What the page says to the page around it when it is embedded, and what `book.js` understands. No personal data: whoever
// frames the page hears it.

export type FromFrame =
  | { type: 'height'; height: number }
  /** Another step has begun, at the top of the frame. */
  | { type: 'step' }
  | { type: 'close' }
  | { type: 'booked'; reference: string; start: string; end: string };

const MARK = 'frontdesk-booking';

export function tellParent(what: FromFrame): void {
  if (parent !== window) parent.postMessage({ ...what, from: MARK }, '*');
}

/** Reads a message of the frame; null for everything else that windows send each other. */
export function readFrame(data: unknown): FromFrame | null {
  return typeof data === 'object' && data !== null && (data as { from?: unknown }).from === MARK ? (data as FromFrame) : null;
}

/** Keeps the page around it told how tall the content is, and of Escape. */
export function reportSize(): void {
  if (parent === window) return;
  let last = 0;
  const tell = (): void => {
    const height = Math.ceil(document.body.getBoundingClientRect().height);
    if (height !== last) tellParent({ type: 'height', height: (last = height) });
  };
  new ResizeObserver(tell).observe(document.body);
  addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && !event.defaultPrevented) tellParent({ type: 'close' });
  });
  tell();
}
