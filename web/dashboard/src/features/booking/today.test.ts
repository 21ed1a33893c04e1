import type { BookingStatus } from '@frontdesk/api-client';
import { describe, expect, it } from 'vitest';
import { parted, stillToCome } from './today';

const NOW = Date.parse('2026-06-01T10:00:00Z');
const at = (id: string, start: string, end: string, status: BookingStatus = 'confirmed') => ({ id, start: `2026-06-${start}Z`, end: `2026-06-${end}Z`, status });

describe('the day', () => {
  it('counts what was not called off, and keeps what is not over', () => {
    const { all, ahead } = stillToCome(
      [
        at('over', '01T08:00:00', '01T09:00:00'),
        at('running', '01T09:30:00', '01T10:30:00'),
        at('done early', '01T09:30:00', '01T10:30:00', 'completed'),
        at('off', '01T11:00:00', '01T12:00:00', 'cancelled'),
        at('asked', '01T12:00:00', '01T13:00:00', 'pending'),
      ],
      NOW,
    );
    expect(all).toBe(4);
    expect(ahead.map(({ id }) => id)).toEqual(['running', 'asked']);
  });
});

describe('a person’s bookings', () => {
  it('are parted into what comes, the next first, and what was, the latest first', () => {
    const { ahead, past } = parted(
      [
        at('next week', '08T08:00:00', '08T09:00:00'),
        at('called off', '07T08:00:00', '07T09:00:00', 'cancelled'),
        at('this morning', '01T08:00:00', '01T09:00:00', 'completed'),
        at('tomorrow', '02T08:00:00', '02T09:00:00', 'rescheduled'),
      ],
      NOW,
    );
    expect(ahead.map(({ id }) => id)).toEqual(['tomorrow', 'next week']);
    expect(past.map(({ id }) => id)).toEqual(['called off', 'this morning']);
  });
});
