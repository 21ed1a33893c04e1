// What the contacts' pages ask the server for.

import type {
  Contact,
  ContactMerge,
  ContactNote,
  ContactPage,
  ContactStatus,
  Conversation,
  CustomField,
  FieldKind,
  Json,
  Lead,
  Memory,
  Page,
  PartedContacts,
  Segment,
  Tag,
  TimelineEntry,
} from '@frontdesk/api-client';
import { infiniteQueryOptions, queryOptions, useMutation } from '@tanstack/react-query';
import { api } from '../../app/api';
import { keys } from '../../app/keys';
import { queryClient } from '../../app/query';
import type { ContactsSearch } from './routes';

/** Where pages of a list begin, as far as they were visited: going on from there is faster than counting up to it. */
const begins = new Map<string, Map<number, string>>();

export function contactsQuery({ q, filter, sort = 'created_at', reverse, page = 1, size = 50 }: ContactsSearch) {
  const up = sort === 'name' || sort === 'status';
  const list = {
    q,
    filter: filter === undefined ? undefined : JSON.stringify(filter),
    sort,
    direction: up === (reverse === true) ? 'desc' : 'asc',
    limit: size,
  };
  const key = JSON.stringify(list);
  return queryOptions({
    queryKey: keys.contactList({ ...list, page }),
    queryFn: async ({ signal }) => {
      const cursor = begins.get(key)?.get(page);
      const from = cursor === undefined ? { page: page === 1 ? undefined : page } : { cursor };
      const answer = await api.get<ContactPage>('/contacts', { query: { ...list, ...from }, signal });
      const known = page === 1 ? new Map<number, string>() : (begins.get(key) ?? new Map<number, string>());
      if (typeof answer.next_cursor === 'string') known.set(page + 1, answer.next_cursor);
      begins.set(key, known);
      return answer;
    },
  });
}

export function customFieldsQuery() {
  return queryOptions({
    queryKey: keys.contactFields,
    queryFn: ({ signal }) => api.get<CustomField[]>('/contact-fields', { signal }),
  });
}

const reloadFields = () => queryClient.invalidateQueries({ queryKey: keys.contactFields });

/** Makes a field, or changes what one is called and what can be chosen; what it holds stays. */
export function useSaveField() {
  return useMutation({
    meta: { inline: true },
    mutationFn: ({ id, label, kind, options }: { id?: string; label: string; kind: FieldKind; options: string[] }) =>
      id === undefined
        ? api.post<CustomField>('/contact-fields', { label, kind, options })
        : api.patch<CustomField>(`/contact-fields/${id}`, { label, ...(kind === 'choice' ? { options } : {}) }),
    onSuccess: reloadFields,
  });
}

export async function deleteField(id: string): Promise<void> {
  await api.del(`/contact-fields/${id}`);
  await reloadFields();
}

export function segmentsQuery() {
  return queryOptions({
    queryKey: keys.segments,
    queryFn: ({ signal }) => api.get<Segment[]>('/segments', { signal }),
  });
}

export async function saveSegment(segment: Pick<Segment, 'name' | 'filter' | 'shared'>): Promise<Segment> {
  const saved = await api.post<Segment>('/segments', segment);
  await queryClient.invalidateQueries({ queryKey: keys.segments });
  return saved;
}

export async function deleteSegment(id: string): Promise<void> {
  await api.del(`/segments/${id}`);
  await queryClient.invalidateQueries({ queryKey: keys.segments });
}

/** People to choose from, by part of a name or address. */
export function matchesQuery(q: string) {
  return queryOptions({
    queryKey: keys.contactList({ match: q }),
    queryFn: async ({ signal }) => (await api.get<Page<Contact>>('/contacts', { query: { q, limit: 8 }, signal })).items,
    enabled: q !== '',
  });
}

export function contactQuery(id: string) {
  return queryOptions({
    queryKey: keys.contact(id),
    queryFn: ({ signal }) => api.get<Contact>(`/contacts/${id}`, { signal }),
  });
}

export function memoryQuery(id: string) {
  return queryOptions({
    queryKey: keys.contactMemory(id),
    queryFn: ({ signal }) => api.get<Memory>(`/contacts/${id}/memory`, { signal }),
  });
}

const next = { initialPageParam: undefined as string | undefined, getNextPageParam: (page: Page<unknown>) => page.next_cursor ?? undefined };

export function timelineQuery(id: string) {
  return infiniteQueryOptions({
    queryKey: keys.contactTimeline(id),
    queryFn: ({ pageParam, signal }) =>
      api.get<Page<TimelineEntry>>(`/contacts/${id}/timeline`, { query: { cursor: pageParam, limit: 30 }, signal }),
    ...next,
  });
}

export function notesQuery(id: string) {
  return queryOptions({
    queryKey: keys.contactNotes(id),
    queryFn: async ({ signal }) => (await api.get<Page<ContactNote>>(`/contacts/${id}/notes`, { query: { limit: 20 }, signal })).items,
  });
}

export function conversationsQuery(id: string) {
  return infiniteQueryOptions({
    queryKey: [...keys.contactConversations(id), 'all'],
    queryFn: ({ pageParam, signal }) =>
      api.get<Page<Conversation>>(`/contacts/${id}/conversations`, { query: { cursor: pageParam, limit: 10 }, signal }),
    ...next,
  });
}

/** A contact's leads: the server finds leads by what they hold, so they are looked up by name and sifted. */
export function contactLeadsQuery(contact: Contact) {
  const q = contact.email ?? contact.phone ?? contact.name;
  return queryOptions({
    queryKey: keys.leadList({ contact: contact.id, q }),
    queryFn: async ({ signal }) =>
      (await api.get<Page<Lead>>('/leads', { query: { q, limit: 50 }, signal })).items.filter((lead) => lead.contact_id === contact.id),
    enabled: q !== '',
  });
}

export interface NewContact {
  name: string;
  email: string | null;
  phone: string | null;
  company: string | null;
  tags: Tag[];
}

export function useCreateContact() {
  return useMutation({
    meta: { inline: true },
    mutationFn: (contact: NewContact) => api.post<Contact>('/contacts', contact),
    onSuccess: (contact) => {
      queryClient.setQueryData(keys.contact(contact.id), contact);
      void queryClient.invalidateQueries({ queryKey: keys.contacts });
    },
  });
}

export interface ContactChange {
  name?: string;
  email?: string | null;
  phone?: string | null;
  company?: string | null;
  language?: string | null;
  tags?: Tag[];
  fields?: Record<string, Json>;
  opted_out?: boolean;
  status?: ContactStatus;
}

export function useChangeContact(id: string) {
  return useMutation({
    meta: { inline: true },
    mutationFn: (change: ContactChange) => api.patch<Contact>(`/contacts/${id}`, change),
    onSuccess: (contact) => {
      queryClient.setQueryData(keys.contact(id), contact);
      void queryClient.invalidateQueries({ queryKey: keys.contacts });
      void queryClient.invalidateQueries({ queryKey: keys.contactTimeline(id) });
    },
  });
}

export async function mergeContacts(id: string, other: string): Promise<Contact> {
  const kept = await api.post<Contact>(`/contacts/${id}/merge`, { other_id: other });
  for (const each of [id, other]) if (each !== kept.id) queryClient.removeQueries({ queryKey: keys.contact(each) });
  await Promise.all([
    queryClient.invalidateQueries({ queryKey: keys.contact(kept.id) }),
    queryClient.invalidateQueries({ queryKey: keys.contacts }),
  ]);
  return kept;
}

export function mergesQuery(id: string) {
  return queryOptions({
    queryKey: keys.contactMerges(id),
    queryFn: ({ signal }) => api.get<ContactMerge[]>(`/contacts/${id}/merges`, { signal }),
  });
}

/** Takes a merge back: both contacts get again what they had. */
export async function undoMerge(id: string, merge: string): Promise<PartedContacts> {
  const parted = await api.post<PartedContacts>(`/contacts/${id}/merges/${merge}/undo`);
  await Promise.all([queryClient.invalidateQueries({ queryKey: keys.contact(id) }), queryClient.invalidateQueries({ queryKey: keys.contacts })]);
  return parted;
}

export async function deleteContact(id: string): Promise<void> {
  await api.del(`/contacts/${id}`);
  queryClient.removeQueries({ queryKey: keys.contact(id) });
  await queryClient.invalidateQueries({ queryKey: keys.contacts });
}

export async function eraseMemory(id: string): Promise<void> {
  await api.del(`/contacts/${id}/memory`);
  await queryClient.invalidateQueries({ queryKey: keys.contactMemory(id) });
}

const reloadNotes = (id: string) => () => queryClient.invalidateQueries({ queryKey: keys.contactNotes(id) });

export function useAddNote(id: string) {
  return useMutation({
    meta: { inline: true },
    mutationFn: (text: string) => api.post<ContactNote>(`/contacts/${id}/notes`, { text }),
    onSuccess: reloadNotes(id),
  });
}

export async function deleteNote(id: string, note: string): Promise<void> {
  await api.del(`/contacts/${id}/notes/${note}`);
  await reloadNotes(id)();
}
