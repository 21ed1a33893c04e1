import type { Obstacle } from '@frontdesk/api-client';

/** What nobody can book over; everything else a person of the team may. */
export const isTaken = ({ obstacle }: Obstacle): boolean => obstacle === 'booked' || obstacle === 'busy' || obstacle === 'full' || obstacle === 'resource' || obstacle === 'no_staff';

/**
 * Whether a time cannot be booked by anybody at all: something that everybody needs is taken, or each of those who could
 * do it is.
 */
export function isHopeless(obstacles: readonly Obstacle[], able: readonly string[]): boolean {
  const taken = obstacles.filter(isTaken);
  if (taken.some(({ staff_id }) => typeof staff_id !== 'string')) return true;
  return able.length > 0 && able.every((id) => taken.some(({ staff_id }) => staff_id === id));
}
