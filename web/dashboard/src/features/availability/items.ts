// Those who and that which have hours of their own: staff, places, resources. One form holds any of them; what the
// server takes of it depends on the kind.

import type { BookingPlace, PlaceSettings, Resource, ResourceSettings, Schedule, Staff, StaffSettings } from '@frontdesk/api-client';
import { queryOptions, useMutation } from '@tanstack/react-query';
import { api } from '../../app/api';
import { keys } from '../../app/keys';
import { queryClient } from '../../app/query';
import type { Kind } from './routes';
import { ordered } from './schedule';

export type Item = Staff | BookingPlace | Resource;

export interface ItemForm extends Record<string, unknown> {
  name: string;
  active: boolean;
  title: string;
  email: string;
  user_id: string | null;
  color: string;
  per_day: number | null;
  per_week: number | null;
  address: string;
  units: number;
  place_id: string | null;
  schedule: Schedule | null;
}

const FRESH: ItemForm = { name: '', active: true, title: '', email: '', user_id: null, color: '', per_day: null, per_week: null, address: '', units: 1, place_id: null, schedule: null };

export function formOf(item: Item): ItemForm {
  const { id: _id, created_at: _created, updated_at: _updated, ...settings } = item;
  const known = Object.entries(settings).filter(([, value]) => value !== null && value !== undefined);
  return { ...FRESH, ...Object.fromEntries(known) };
}

/** What the server takes of the form. */
export function settingsOf(kind: Kind, form: ItemForm): StaffSettings | PlaceSettings | ResourceSettings {
  const schedule = form.schedule === null ? null : ordered(form.schedule);
  const name = form.name.trim();
  switch (kind) {
    case 'staff': {
      const { user_id, active, per_day, per_week } = form;
      const [title, email] = [form.title.trim(), form.email.trim()];
      return { name, title, email: email === '' ? null : email, user_id, active, color: form.color === '' ? null : form.color, per_day, per_week, schedule };
    }
    case 'places':
      return { name, address: form.address.trim(), schedule };
    case 'resources':
      return { name, units: form.units, place_id: form.place_id, active: form.active, schedule };
  }
}

const KEYS = { staff: keys.staff, places: keys.places, resources: keys.resources };

/** All of a kind; under the keys the other booking pages use. */
export function itemsQuery(kind: Kind) {
  return queryOptions({
    queryKey: KEYS[kind] as readonly unknown[],
    queryFn: ({ signal }) => api.get<Item[]>(`/${kind}`, { signal }),
  });
}

function put(kind: Kind, saved: Item): void {
  const { queryKey } = itemsQuery(kind);
  queryClient.setQueryData<Item[]>(queryKey, (before) =>
    before === undefined ? undefined : before.some((each) => each.id === saved.id) ? before.map((each) => (each.id === saved.id ? saved : each)) : [...before, saved],
  );
  void queryClient.invalidateQueries({ queryKey: keys.bookings });
}

export function useSaveItem(kind: Kind, id: string) {
  return useMutation({
    meta: { inline: true },
    mutationFn: (form: ItemForm) => api.put<Item>(`/${kind}/${id}`, settingsOf(kind, form)),
    onSuccess: (saved) => put(kind, saved),
  });
}

export function useCreateItem(kind: Kind) {
  return useMutation({
    meta: { inline: true },
    mutationFn: (form: Partial<ItemForm>) => api.post<Item>(`/${kind}`, settingsOf(kind, { ...FRESH, ...form })),
    onSuccess: (made) => put(kind, made),
  });
}

/** Switches it on or off, the rest as it is. */
export async function setActive(kind: Kind, item: Item, active: boolean): Promise<void> {
  put(kind, await api.put<Item>(`/${kind}/${item.id}`, settingsOf(kind, { ...formOf(item), active })));
}

export async function deleteItem(kind: Kind, item: Item): Promise<void> {
  await api.del(`/${kind}/${item.id}`);
  queryClient.setQueryData<Item[]>(itemsQuery(kind).queryKey, (before) => before?.filter((each) => each.id !== item.id));
}

/** Makes a deleted one again. */
export async function restoreItem(kind: Kind, item: Item): Promise<void> {
  put(kind, await api.post<Item>(`/${kind}`, settingsOf(kind, formOf(item))));
}

export const isActive = (item: Item): boolean => !('active' in item) || item.active;
