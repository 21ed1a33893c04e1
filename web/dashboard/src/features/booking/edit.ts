import type { Booking } from '@frontdesk/api-client';
import type { BookingPatch } from './queries';

export type Draft = Required<BookingPatch>;

/** What of a draft is new: only that is sent, so that nothing else somebody changed meanwhile is put back. */
export function changesOf(booking: Pick<Booking, 'name' | 'email' | 'phone' | 'message' | 'answers'>, draft: Draft): BookingPatch {
  const changes: BookingPatch = {};
  if (draft.name.trim() !== booking.name) changes.name = draft.name.trim();
  if (draft.email.trim() !== (booking.email ?? '')) changes.email = draft.email.trim();
  if (draft.phone.trim() !== (booking.phone ?? '')) changes.phone = draft.phone.trim();
  if (draft.message.trim() !== booking.message) changes.message = draft.message.trim();
  const keys = new Set([...Object.keys(booking.answers), ...Object.keys(draft.answers)]);
  if ([...keys].some((key) => booking.answers[key] !== draft.answers[key])) changes.answers = draft.answers;
  return changes;
}
