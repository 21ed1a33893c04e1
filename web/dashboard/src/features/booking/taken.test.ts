import type { Obstacle } from '@frontdesk/api-client';
import { describe, expect, it } from 'vitest';
import { isHopeless } from './taken';

const booked = (staff_id: string): Obstacle => ({ obstacle: 'booked', until: '2026-06-01T10:00:00Z', staff_id });
const closed = (staff_id: string): Obstacle => ({ obstacle: 'hours', staff_id });

describe('a time that is not on offer', () => {
  it('can be booked by hand when it is only outside of hours or limits', () => {
    expect(isHopeless([closed('maria'), closed('ben')], ['maria', 'ben'])).toBe(false);
    expect(isHopeless([{ obstacle: 'limit', per: 'day' }], ['maria'])).toBe(false);
    expect(isHopeless([], [])).toBe(false);
  });

  it('can be booked while one of those who could do it is not taken', () => {
    expect(isHopeless([booked('maria'), closed('ben')], ['maria', 'ben'])).toBe(false);
    expect(isHopeless([booked('maria')], ['maria', 'ben'])).toBe(false);
  });

  it('cannot be booked when all of them are taken, or what everybody needs', () => {
    expect(isHopeless([booked('maria'), closed('maria'), booked('ben')], ['maria', 'ben'])).toBe(true);
    expect(isHopeless([{ obstacle: 'resource', name: 'Room 1' }], ['maria'])).toBe(true);
    expect(isHopeless([{ obstacle: 'no_staff' }], [])).toBe(true);
  });
});
