import { describe, expect, it } from 'vitest';
import { mayRing, newsOf } from './announce';

const by = (who: 'customer' | 'business') => ({ by: who, reason: '', at: '2026-06-01T10:00:00Z' });

describe('news', () => {
  it('is what customers did, not what the team did', () => {
    expect(newsOf('booking.created', { source: 'page' })).toBe('created');
    expect(newsOf('booking.created', { source: 'agent' })).toBe('created');
    expect(newsOf('booking.created', { source: 'dashboard' })).toBeNull();
    expect(newsOf('booking.cancelled', { source: 'page', cancellation: by('customer') })).toBe('cancelled');
    expect(newsOf('booking.cancelled', { source: 'page', cancellation: by('business') })).toBeNull();
    expect(newsOf('booking.completed', { source: 'page' })).toBeNull();
  });

  it('does not bury the page in a rush', () => {
    expect(mayRing([], 100_000)).toBe(true);
    expect(mayRing([99_000, 99_500, 99_900], 100_000)).toBe(false);
    expect(mayRing([70_000, 99_500, 99_900], 100_000)).toBe(true);
  });
});
