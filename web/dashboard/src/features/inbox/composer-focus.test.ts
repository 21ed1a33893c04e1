import { describe, expect, it } from 'vitest';
import { granted } from './composer-focus';

describe('a reply that was not sent', () => {
  it('comes back before what was typed since', () => {
    expect(granted({ mode: 'reply', text: '' }, { mode: 'reply', text: 'See you' })).toEqual({ mode: 'reply', text: 'See you' });
    expect(granted({ mode: 'reply', text: 'and then' }, { mode: 'reply', text: 'See you' })).toEqual({ mode: 'reply', text: 'See you\nand then' });
  });

  it('takes nothing away where only the cursor is asked for', () => {
    expect(granted({ mode: 'reply', text: 'half' }, { mode: 'note' })).toEqual({ mode: 'note', text: 'half' });
  });
});
