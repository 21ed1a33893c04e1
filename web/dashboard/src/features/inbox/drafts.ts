// What was typed and not sent, per conversation: it survives a look elsewhere and a reload of the tab.

const PREFIX = 'frontdesk-draft-';

export interface TypedDraft {
  mode: 'reply' | 'note';
  text: string;
}

export function readDraft(conversationId: string): TypedDraft {
  try {
    const kept: unknown = JSON.parse(sessionStorage.getItem(PREFIX + conversationId) ?? 'null');
    if (typeof kept === 'object' && kept !== null && 'text' in kept && typeof kept.text === 'string') {
      return { mode: 'mode' in kept && kept.mode === 'note' ? 'note' : 'reply', text: kept.text };
    }
  } catch {
    // Unreadable or no storage: nothing was kept.
  }
  return { mode: 'reply', text: '' };
}

export function keepDraft(conversationId: string, draft: TypedDraft): void {
  try {
    if (draft.text === '') sessionStorage.removeItem(PREFIX + conversationId);
    else sessionStorage.setItem(PREFIX + conversationId, JSON.stringify(draft));
  } catch {
    // Without storage it lasts while the conversation is shown.
  }
}
