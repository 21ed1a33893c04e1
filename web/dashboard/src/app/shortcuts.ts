// Keyboard shortcuts: one listener, any number of pages that say what their keys do while they are shown.
//
// Keys are written as pressed, one after the other: `g i`, `r`, `?`. They are dead while something is typed, while a
// dialog or menu is open, and with Ctrl, Alt or Meta.

import { useEffect, useEffectEvent, useSyncExternalStore } from 'react';

export interface Shortcut {
  keys: string;
  /** What it does, already translated; shown in the help. */
  label: string;
  /** The heading it stands under in the help, already translated. */
  group: string;
  run: () => void;
}

type Source = () => Shortcut[];

const sources = new Set<Source>();
const watchers = new Set<() => void>();
let listed: Shortcut[] = [];
let pressed = '';
let pressedAt = 0;

/** How long the second key may take, in milliseconds. */
const PATIENCE = 1200;

function relist(): void {
  listed = [...sources].flatMap((source) => source());
  for (const watcher of watchers) watcher();
}

/** Feeds one key; returns the shortcut it completes. Exported for the tests. */
export function match(shortcuts: readonly Shortcut[], before: string, key: string): { hit?: Shortcut; rest: string } {
  const sequence = before === '' ? key : `${before} ${key}`;
  const hit = shortcuts.find((shortcut) => shortcut.keys === sequence) ?? shortcuts.find((shortcut) => shortcut.keys === key);
  if (hit !== undefined) return { hit, rest: '' };
  const starts = shortcuts.some((shortcut) => shortcut.keys.startsWith(`${key} `));
  return { rest: starts ? key : '' };
}

function isBusy(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName)) return true;
  return document.querySelector('[role="dialog"], [role="menu"], [role="listbox"]') !== null;
}

function onKeyDown(event: KeyboardEvent): void {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.key.length !== 1) return;
  if (isBusy(event.target)) return;
  if (event.timeStamp - pressedAt > PATIENCE) pressed = '';
  const current = [...sources].flatMap((source) => source());
  const { hit, rest } = match(current, pressed, event.key);
  pressed = rest;
  pressedAt = event.timeStamp;
  if (hit !== undefined) {
    event.preventDefault();
    hit.run();
  }
}

/** The shortcuts of the component that calls this, while it is shown. */
export function useShortcuts(shortcuts: Shortcut[]): void {
  const source = useEffectEvent(() => shortcuts);
  useEffect(() => {
    const mine: Source = () => source();
    if (sources.size === 0) window.addEventListener('keydown', onKeyDown);
    sources.add(mine);
    relist();
    return () => {
      sources.delete(mine);
      if (sources.size === 0) window.removeEventListener('keydown', onKeyDown);
      relist();
    };
  }, []);
}

/** Everything that works right now, for the help. */
export function useShortcutList(): Shortcut[] {
  return useSyncExternalStore(
    (watcher) => {
      watchers.add(watcher);
      return () => watchers.delete(watcher);
    },
    () => listed,
  );
}
