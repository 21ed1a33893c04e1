import type { Message } from '../src/protocol';

/** A message for tests, an AI one unless told. */
export function message(seq: number, change: Partial<Message> = {}): Message {
  return {
    id: `msg_${seq}`, seq, author: 'ai', author_name: 'Ava', text: `text ${seq}`, citations: [], cut: false, turn_id: null, client_id: null,
    created_at: new Date(Date.UTC(2026, 2, 18, 17, 0, seq)).toISOString(), ...change,
  };
}
