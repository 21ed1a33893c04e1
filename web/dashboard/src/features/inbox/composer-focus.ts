// How other parts of a conversation reach the composer.

import type { TypedDraft } from './drafts';

const FOCUS = 'frontdesk:composer';

interface Wish {
  mode: TypedDraft['mode'];
  /** Put before what stands there. */
  text?: string;
}

/** Puts the cursor into the composer of the conversation that is shown. */
export function focusComposer(mode: TypedDraft['mode']): void {
  document.dispatchEvent(new CustomEvent<Wish>(FOCUS, { detail: { mode } }));
}

/** Puts a reply that was not sent back into the composer, before what was typed since. */
export function refill(text: string): void {
  document.dispatchEvent(new CustomEvent<Wish>(FOCUS, { detail: { mode: 'reply', text } }));
}

/** What the draft becomes when somebody asks for the composer. */
export function granted(draft: TypedDraft, { mode, text }: Wish): TypedDraft {
  if (text === undefined) return { ...draft, mode };
  return { mode, text: [text, draft.mode === mode ? draft.text : ''].filter((part) => part !== '').join('\n') };
}

/** Calls back when somebody asks for the composer; returns how to stop. */
export function onComposerWanted(run: (wish: Wish) => void): () => void {
  const listen = (event: Event) => run((event as CustomEvent<Wish>).detail);
  document.addEventListener(FOCUS, listen);
  return () => document.removeEventListener(FOCUS, listen);
}
