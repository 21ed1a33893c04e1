// Which workspace this tab works in. Each tab keeps its own; a new tab starts with the one used last.

import { useSyncExternalStore } from 'react';

const KEY = 'frontdesk-workspace';

let current = remembered();
const listeners = new Set<() => void>();

function remembered(): string | null {
  try {
    return sessionStorage.getItem(KEY) ?? localStorage.getItem(KEY);
  } catch {
    return null;
  }
}

export function currentWorkspace(): string | null {
  return current;
}

/** Without an id, the person's first workspace is taken when they next come in. */
export function setCurrentWorkspace(id: string | null): void {
  if (id === current) return;
  current = id;
  try {
    for (const storage of [sessionStorage, localStorage]) {
      if (id === null) storage.removeItem(KEY);
      else storage.setItem(KEY, id);
    }
  } catch {
    // Without storage it lasts as long as the page.
  }
  for (const listener of listeners) listener();
}

export function useCurrentWorkspace(): string | null {
  return useSyncExternalStore((listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }, currentWorkspace);
}
