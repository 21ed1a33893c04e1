// Whether the palette is wanted. Its code is fetched the first time it is.

import { useSyncExternalStore } from 'react';

let wanted = 0;
const listeners = new Set<() => void>();

export function openPalette(): void {
  wanted += 1;
  for (const listener of listeners) listener();
}

/** How often it was asked for; 0 until the first time. */
export function usePaletteWanted(): number {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => wanted,
  );
}
