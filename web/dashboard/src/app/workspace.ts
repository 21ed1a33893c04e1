// Which workspace this tab works in. Each tab keeps its own; a new tab starts with the one used last.

const KEY = 'frontdesk-workspace';

export function currentWorkspace(): string | null {
  try {
    return sessionStorage.getItem(KEY) ?? localStorage.getItem(KEY);
  } catch {
    return null;
  }
}

export function setCurrentWorkspace(id: string | null): void {
  try {
    for (const storage of [sessionStorage, localStorage]) {
      if (id === null) storage.removeItem(KEY);
      else storage.setItem(KEY, id);
    }
  } catch {
    // Without storage the person's first workspace is used; nothing else depends on it.
  }
}
