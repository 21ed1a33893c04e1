// A business that takes bookings: its staff with their hours, and what can be booked.
import { expect } from '@playwright/test';
import type { Account } from './account.js';

/** What a test wants to be bookable; everything else is as a new booking type has it. */
export interface Wanted {
  readonly name: string;
  /** From and to, in minutes after midnight in the business's zone, on every day of the week. */
  readonly hours?: readonly [number, number];
  readonly settings?: Record<string, unknown>;
}

/** What was made. */
export interface Bookable {
  readonly id: string;
  /** The address of its page, from `/book` on. */
  readonly path: string;
  readonly business: string;
  readonly staff: { readonly id: string; readonly name: string };
}

/** A booking as the team sees it. */
export interface Booked {
  readonly id: string;
  readonly start: string;
  readonly status: string;
  readonly name: string;
  readonly source: string;
  readonly answers: Record<string, string>;
  readonly cancellation?: { readonly by: string; readonly reason: string } | null;
}

const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;

async function made<T>({ api }: Pick<Account, 'api'>, path: string, data: unknown): Promise<T> {
  const answer = await api.post(`/api/v1${path}`, { data });
  expect(answer.status(), await answer.text()).toBe(201);
  return (await answer.json()) as T;
}

/** Makes one booking type with one member of staff. */
export async function offer(owner: Pick<Account, 'api'>, { name, hours = [9 * 60, 17 * 60], settings = {} }: Wanted): Promise<Bookable> {
  const [from, to] = hours;
  const weekly = DAYS.map((day) => ({ day, hours: { from, to } }));
  const staff = await made<{ id: string; name: string }>(owner, '/staff', { name: 'Maria Lopez', title: 'Dentist', active: true, schedule: { weekly } });
  const type = await made<{ id: string; slug: string }>(owner, '/booking-types', {
    name,
    durations: [30],
    slot_step: 30,
    minimum_notice: 0,
    staff: { mode: 'choose', members: [{ staff_id: staff.id }] },
    ...settings,
  });
  const workspace = (await (await owner.api.get('/api/v1/workspace')).json()) as { slug: string };
  return { id: type.id, path: `/book/${workspace.slug}/${type.slug}`, business: workspace.slug, staff };
}

/** The bookings of a type, by start. */
export async function booked({ api }: Pick<Account, 'api'>, type: string): Promise<readonly Booked[]> {
  const answer = await api.get(`/api/v1/bookings?type=${type}&sort=start`);
  expect(answer.status(), await answer.text()).toBe(200);
  return ((await answer.json()) as { items: Booked[] }).items;
}
