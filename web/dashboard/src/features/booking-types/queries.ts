// How booking types are changed. What the pages read is in `../booking/queries.ts`.

import type { BookingType, BookingTypeSettings } from '@frontdesk/api-client';
import { queryOptions, useMutation } from '@tanstack/react-query';
import { api } from '../../app/api';
import { keys } from '../../app/keys';
import { queryClient } from '../../app/query';

export function bookingTypeQuery(id: string) {
  return queryOptions({
    queryKey: [...keys.bookingTypes, id],
    queryFn: ({ signal }) => api.get<BookingType>(`/booking-types/${id}`, { signal }),
  });
}

function took(type: BookingType): void {
  queryClient.setQueryData([...keys.bookingTypes, type.id], type);
  void queryClient.invalidateQueries({ queryKey: keys.bookingTypes, exact: true });
}

export type TypeChange = Partial<BookingTypeSettings> & { slug?: string; position?: number };

export function useChangeType(id: string, inline = false) {
  return useMutation({
    meta: { inline },
    mutationFn: (change: TypeChange) => api.patch<BookingType>(`/booking-types/${id}`, change),
    onSuccess: took,
  });
}

export function useCreateType() {
  return useMutation({
    meta: { inline: true },
    mutationFn: (settings: Partial<BookingTypeSettings>) => api.post<BookingType>('/booking-types', settings),
    onSuccess: took,
  });
}

export function useCloneType() {
  return useMutation({
    mutationFn: (id: string) => api.post<BookingType>(`/booking-types/${id}/clone`),
    onSuccess: took,
  });
}

export async function deleteType(id: string): Promise<void> {
  await api.del(`/booking-types/${id}`);
  queryClient.removeQueries({ queryKey: [...keys.bookingTypes, id] });
  await queryClient.invalidateQueries({ queryKey: keys.bookingTypes, exact: true });
}

/** Makes a deleted one again, under its old link and in its old place. */
export async function restoreType({ id: _id, created_at: _created, updated_at: _updated, position, ...settings }: BookingType): Promise<BookingType> {
  const made = await api.post<BookingType>('/booking-types', settings);
  const placed = await api.patch<BookingType>(`/booking-types/${made.id}`, { position });
  took(placed);
  return placed;
}

/** Which positions change when the types stand in this order. */
export function moves(ordered: readonly Pick<BookingType, 'id' | 'position'>[]): { id: string; position: number }[] {
  return ordered.flatMap(({ id, position }, index) => (position === index ? [] : [{ id, position: index }]));
}

/** Puts them into a new order; the list shows it at once and goes back if the server refuses. */
export function useReorder() {
  return useMutation({
    mutationFn: async (ordered: readonly BookingType[]) => {
      for (const { id, position } of moves(ordered)) await api.patch(`/booking-types/${id}`, { position });
    },
    onMutate: (ordered) => {
      void queryClient.cancelQueries({ queryKey: keys.bookingTypes, exact: true });
      queryClient.setQueryData<BookingType[]>(keys.bookingTypes, [...ordered]);
    },
    onSettled: () => queryClient.invalidateQueries({ queryKey: keys.bookingTypes }),
  });
}
