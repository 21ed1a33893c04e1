import type { CannedReply } from '@frontdesk/api-client';
import { describe, expect, it } from 'vitest';
import { filled, matching } from './canned';

const reply = (shortcut: string, text: string): CannedReply => ({ id: shortcut, shortcut, text, updated_at: '' });
const replies = [reply('thanks', 'Thank you'), reply('hours', 'We are open until 6'), reply('open', 'Open door')];

describe('saved replies', () => {
  it('are found by shortcut first, then by their words', () => {
    expect(matching(replies, 'op').map((each) => each.shortcut)).toEqual(['open', 'hours']);
    expect(matching(replies, '')).toHaveLength(3);
    expect(matching(replies, 'zzz')).toEqual([]);
  });

  it('name the customer, and leave no gap where the name is unknown', () => {
    expect(filled('Thank you, {contact.name}!', 'Mia')).toBe('Thank you, Mia!');
    expect(filled('Thank you, {contact.name}!', 'Visitor 12')).toBe('Thank you!');
  });
});
