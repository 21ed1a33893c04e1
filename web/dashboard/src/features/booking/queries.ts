// What every booking page asks the server for: bookings, and what can be booked with whom. Events keep all of it fresh
// (`app/live/refresh.ts`).

import type {
  Booking,
  BookingChange,
  BookingNote,
  BookingPlace,
  BookingSettings,
  BookingType,
  BookingView,
  CalendarView,
  FoundSlots,
  NoticePreview,
  Obstacle,
  Page,
  Resource,
  Staff,
  TemplateKind,
} from '@frontdesk/api-client';
import { queryOptions, useMutation, useQuery } from '@tanstack/react-query';
import { api } from '../../app/api';
import { keys } from '../../app/keys';
import { queryClient } from '../../app/query';

export const bookingTypesQuery = queryOptions({
  queryKey: keys.bookingTypes,
  queryFn: async ({ signal }) => (await api.get<BookingType[]>('/booking-types', { signal })).sort((a, b) => a.position - b.position),
});

export const staffQuery = queryOptions({
  queryKey: keys.staff,
  queryFn: ({ signal }) => api.get<Staff[]>('/staff', { signal }),
});

export const resourcesQuery = queryOptions({
  queryKey: keys.resources,
  queryFn: ({ signal }) => api.get<Resource[]>('/resources', { signal }),
});

export const placesQuery = queryOptions({
  queryKey: keys.places,
  queryFn: ({ signal }) => api.get<BookingPlace[]>('/places', { signal }),
});

export const bookingSettingsQuery = queryOptions({
  queryKey: keys.bookingSettings,
  queryFn: ({ signal }) => api.get<BookingSettings>('/booking-settings', { signal }),
});

export function calendarQuery(from: string, to: string) {
  return queryOptions({
    queryKey: keys.calendar(from, to),
    queryFn: ({ signal }) => api.get<CalendarView>('/calendar', { query: { from, to }, signal }),
  });
}

/** Filters of the list; several values of one are joined by commas. */
export interface BookingFilter {
  status?: string | undefined;
  type?: string | undefined;
  staff?: string | undefined;
  contact?: string | undefined;
  from?: string | undefined;
  to?: string | undefined;
  q?: string | undefined;
  sort?: string | undefined;
  cursor?: string | undefined;
  limit?: number | undefined;
}

export function bookingsQuery(filter: BookingFilter) {
  return queryOptions({
    queryKey: keys.bookingList(filter),
    queryFn: ({ signal }) => api.get<Page<Booking>>('/bookings', { query: { ...filter }, signal }),
  });
}

export function bookingQuery(id: string) {
  return queryOptions({
    queryKey: keys.booking(id),
    queryFn: ({ signal }) => api.get<Booking>(`/bookings/${id}`, { signal }),
  });
}

export function historyQuery(id: string) {
  return queryOptions({
    queryKey: keys.bookingHistory(id),
    queryFn: ({ signal }) => api.get<BookingChange[]>(`/bookings/${id}/history`, { signal }),
  });
}

export function notesQuery(id: string) {
  return queryOptions({
    queryKey: keys.bookingNotes(id),
    queryFn: ({ signal }) => api.get<BookingNote[]>(`/bookings/${id}/notes`, { signal }),
  });
}

/** What the customer would be sent. */
export function noticeQuery(id: string, kind: TemplateKind, reason?: string) {
  return queryOptions({
    queryKey: [...keys.bookingNotice(id, kind), reason ?? ''],
    queryFn: ({ signal }) => api.get<NoticePreview>(`/bookings/${id}/notice`, { query: { kind, reason }, signal }),
    staleTime: 0,
  });
}

export interface SlotQuestion {
  type: string;
  from: string;
  to: string;
  duration?: number | undefined;
  staff?: string | undefined;
  seats?: number | undefined;
}

export function slotsQuery(question: SlotQuestion) {
  return queryOptions({
    queryKey: keys.slots(question),
    queryFn: ({ signal }) => api.get<FoundSlots>('/availability', { query: { ...question }, signal }),
  });
}

export interface ObstacleQuestion {
  type: string;
  start: string;
  duration?: number | undefined;
  staff?: string | undefined;
}

export function obstaclesQuery(question: ObstacleQuestion) {
  return queryOptions({
    queryKey: keys.obstacles(question),
    queryFn: ({ signal }) => api.get<Obstacle[]>('/availability/obstacles', { query: { ...question }, signal }),
  });
}

const NO_STAFF: ReadonlyMap<string, Staff> = new Map();
const byStaffId = (staff: Staff[]): ReadonlyMap<string, Staff> => new Map(staff.map((member) => [member.id, member]));

/** Everybody who takes bookings, by id. */
export function useStaff(): ReadonlyMap<string, Staff> {
  return useQuery({ ...staffQuery, select: byStaffId }).data ?? NO_STAFF;
}

const NO_TYPES: ReadonlyMap<string, BookingType> = new Map();
const byTypeId = (types: BookingType[]): ReadonlyMap<string, BookingType> => new Map(types.map((type) => [type.id, type]));

export function useBookingTypes(): ReadonlyMap<string, BookingType> {
  return useQuery({ ...bookingTypesQuery, select: byTypeId }).data ?? NO_TYPES;
}

/** Puts a changed booking into everything that shows it, before the event that says so arrives. */
function keep(booking: Booking): void {
  queryClient.setQueryData(keys.booking(booking.id), booking);
  const swap = (list: Booking[]) => list.map((each) => (each.id === booking.id ? booking : each));
  queryClient.setQueriesData<CalendarView>({ queryKey: keys.calendars }, (view) => {
    if (view === undefined) return view;
    const others = swap(view.bookings);
    return { ...view, bookings: booking.status === 'cancelled' ? others.filter(({ id }) => id !== booking.id) : others };
  });
  queryClient.setQueriesData<Page<Booking>>({ queryKey: [...keys.bookings, 'list'] }, (page) => (page === undefined ? page : { ...page, items: swap(page.items) }));
}

const refresh = () => queryClient.invalidateQueries({ queryKey: keys.bookings });

export interface NewBooking {
  type_id?: string;
  start?: string;
  slot?: string;
  duration?: number;
  staff_id?: string;
  seats?: number;
  contact_id?: string;
  name?: string;
  email?: string;
  phone?: string;
  answers?: Record<string, string>;
  message?: string;
  outside_hours?: boolean;
  /** Whether the customer is told; they are unless this says no. */
  notify?: false;
}

export function useCreateBooking() {
  return useMutation({
    mutationFn: (booking: NewBooking) => api.post<Booking>('/bookings', booking),
    meta: { inline: true },
    onSuccess: (booking) => {
      queryClient.setQueryData(keys.booking(booking.id), booking);
      return refresh();
    },
  });
}

export interface MoveTo {
  id: string;
  slot?: string;
  start?: string;
  duration?: number;
  staff_id?: string;
  outside_hours?: boolean;
  notify?: false;
}

export async function moveBooking({ id, ...to }: MoveTo): Promise<Booking> {
  const booking = await api.post<Booking>(`/bookings/${id}/reschedule`, to);
  keep(booking);
  void refresh();
  return booking;
}

export function useMoveBooking() {
  return useMutation({ mutationFn: moveBooking, meta: { inline: true } });
}

export async function cancelBooking(id: string, reason: string, notify: boolean): Promise<Booking> {
  const booking = await api.post<Booking>(`/bookings/${id}/cancel`, { reason, ...(notify ? {} : { notify: false }) });
  keep(booking);
  void refresh();
  return booking;
}

/** What can be corrected; an empty address or number takes it away. */
export interface BookingPatch {
  name?: string;
  email?: string;
  phone?: string;
  answers?: Record<string, string>;
  message?: string;
}

export function useEditBooking(id: string) {
  return useMutation({
    mutationFn: (patch: BookingPatch) => api.patch<Booking>(`/bookings/${id}`, patch),
    meta: { inline: true },
    onSuccess: (booking) => {
      keep(booking);
      return refresh();
    },
  });
}

export const bookingViewsQuery = queryOptions({
  queryKey: keys.bookingViews,
  queryFn: ({ signal }) => api.get<BookingView[]>('/booking-views', { signal }),
});

export function useSaveView() {
  return useMutation({
    mutationFn: (view: Pick<BookingView, 'name' | 'query' | 'shared'>) => api.post<BookingView>('/booking-views', view),
    meta: { inline: true },
    onSuccess: () => queryClient.invalidateQueries({ queryKey: keys.bookingViews }),
  });
}

export async function deleteView(id: string): Promise<void> {
  await api.del(`/booking-views/${id}`);
  await queryClient.invalidateQueries({ queryKey: keys.bookingViews });
}

export type StatusStep = 'confirm' | 'complete' | 'no-show' | 'reopen';

export async function stepBooking(id: string, step: StatusStep): Promise<Booking> {
  const booking = await api.post<Booking>(`/bookings/${id}/${step}`);
  keep(booking);
  void refresh();
  return booking;
}

export function useStep(id: string) {
  return useMutation({ mutationFn: (step: StatusStep) => stepBooking(id, step) });
}

export function useAddNote(id: string) {
  return useMutation({
    mutationFn: (text: string) => api.post<BookingNote>(`/bookings/${id}/notes`, { text }),
    meta: { inline: true },
    onSuccess: () => queryClient.invalidateQueries({ queryKey: keys.booking(id) }),
  });
}

export function useDeleteNote(id: string) {
  return useMutation({
    mutationFn: (note: string) => api.del(`/bookings/${id}/notes/${note}`),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: keys.booking(id) }),
  });
}

/** The customer's own link; it is as secret as the mail it is in. */
export async function manageLink(id: string): Promise<string> {
  return (await api.get<{ manage_url: string }>(`/bookings/${id}/links`)).manage_url;
}
