// What the browser remembers per publishable key: the visitor's token, what was read, unsent messages. Each unsent message
// has an entry of its own, so that two tabs never overwrite each other's. Where storage is blocked, memory stands in.

import type { Pending } from './state';

type Area = Pick<Storage, 'getItem' | 'setItem' | 'removeItem' | 'key' | 'length'>;

/** A stand-in that forgets with the page. */
export function memory(): Area {
  const entries = new Map<string, string>();
  return {
    getItem: (key) => entries.get(key) ?? null,
    setItem: (key, value) => void entries.set(key, value),
    removeItem: (key) => void entries.delete(key),
    key: (index) => [...entries.keys()][index] ?? null,
    get length() {
      return entries.size;
    },
  };
}

/** The browser's area, or memory when reading or writing it throws (privacy settings, sandboxed frames, full disk). */
export function area(name: 'localStorage' | 'sessionStorage'): Area {
  try {
    const store = window[name];
    store.setItem('frontdesk', '');
    store.removeItem('frontdesk');
    return store;
  } catch {
    return memory();
  }
}

export interface Memory {
  token(): string | null;
  setToken(token: string | null): void;
  /** The conversation goes on: the next page may load the panel to show what is unread. */
  setLive(at: number | null): void;
  /** The conversation that was rated last. */
  rated(): string | null;
  setRated(conversation: string): void;
  /** The newest `seq` seen of a conversation; 0 for any other than the last. */
  read(conversation: string): number;
  setRead(conversation: string, seq: number): void;
  pending(): Pending[];
  keep(pending: Pending): void;
  forget(id: string): void;
}

export function remember(store: Area, key: string): Memory {
  const name = `frontdesk:${key}:`;
  const set = (suffix: string, value: string | null): void => {
    try {
      if (value === null) store.removeItem(name + suffix);
      else store.setItem(name + suffix, value);
    } catch {
      // A full store loses only what a reload would need; this page goes on.
    }
  };
  return {
    token: () => store.getItem(name + 'token'),
    setToken: (token) => set('token', token),
    setLive: (at) => set('live', at === null ? null : String(at)),
    rated: () => store.getItem(name + 'rated'),
    setRated: (conversation) => set('rated', conversation),
    read: (conversation) => {
      const [of, seq] = store.getItem(name + 'read')?.split(' ') ?? [];
      return of === conversation ? Number(seq) || 0 : 0;
    },
    setRead: (conversation, seq) => set('read', `${conversation} ${seq}`),
    pending: () => {
      const found: Pending[] = [];
      for (let i = 0; i < store.length; i++) {
        const entry = store.key(i);
        if (!entry?.startsWith(name + 'm:')) continue;
        try {
          const { text, at } = JSON.parse(store.getItem(entry) ?? '') as { text?: unknown; at?: unknown };
          if (typeof text === 'string' && text) {
            found.push({ id: entry.slice(name.length + 2), text, at: Number(at) || 0, failed: null });
          }
        } catch {
          // Not ours or damaged: skipped.
        }
      }
      return found.sort((a, b) => a.at - b.at);
    },
    keep: ({ id, text, at }) => set('m:' + id, JSON.stringify({ text, at })),
    forget: (id) => set('m:' + id, null),
  };
}
