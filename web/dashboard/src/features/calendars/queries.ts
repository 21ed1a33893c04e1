// Connected calendars: what the settings ask the server for.

import type { CalendarVendor, ConnectedCalendar } from '@frontdesk/api-client';
import { queryOptions, useMutation } from '@tanstack/react-query';
import { api } from '../../app/api';
import { keys } from '../../app/keys';
import { queryClient } from '../../app/query';

export const connectedCalendarsQuery = queryOptions({
  queryKey: keys.connectedCalendars,
  queryFn: ({ signal }) => api.get<ConnectedCalendar[]>('/calendars', { signal }),
});

export const calendarVendorsQuery = queryOptions({
  queryKey: keys.calendarVendors,
  queryFn: ({ signal }) => api.get<CalendarVendor[]>('/calendars/vendors', { signal }),
  staleTime: Infinity,
});

// What is busy changes with the calendars, so the dashboard's calendar is asked for again, too.
const refresh = () => queryClient.invalidateQueries({ queryKey: keys.bookings });

export function useUpdateCalendar(id: string) {
  return useMutation({
    meta: { inline: true },
    mutationFn: (change: Partial<Pick<ConnectedCalendar, 'blocks' | 'writes' | 'staff_id'>>) => api.patch<ConnectedCalendar>(`/calendars/${id}`, change),
    onSettled: refresh,
  });
}

/** Has the calendars of an account read now. */
export function useSyncAccount() {
  return useMutation({
    meta: { inline: true },
    mutationFn: (calendars: readonly string[]) => Promise.all(calendars.map((id) => api.post(`/calendars/${id}/sync`))),
    onSettled: refresh,
  });
}

export interface CalDavValues {
  url: string;
  username: string;
  password: string;
  email?: string;
  staff_id: string;
}

export function useConnectCalDav() {
  return useMutation({
    meta: { inline: true },
    mutationFn: (values: CalDavValues) => api.post<ConnectedCalendar[]>('/calendars/caldav', values),
    onSuccess: refresh,
  });
}

/** Asks for a consent; the answer says where to go for it. */
export function useAskConsent() {
  return useMutation({
    meta: { inline: true },
    mutationFn: (wanted: { vendor: string; staff_id: string }) => api.post<{ authorize_url: string }>('/calendars/connect', wanted),
  });
}

/** Gives an account up with all its calendars; any of them names it. */
export async function disconnectAccount(calendar: string): Promise<void> {
  await api.del(`/calendars/${calendar}`);
  await refresh();
}
