// One person's account at Calendly: kinds of appointment, hours, and appointments of the weeks to come. Written from its
// pages about the API, two things to a page.
import { type Answer, startVendor, type Vendor } from './vendor.js';

export const TOKEN = 'calendly-token-1';
const ME = 'https://api.calendly.com/users/AAAA';
const PAGE = 2;

export interface Calendly extends Vendor {
  /** What `startServer` is told so that it asks here. */
  readonly settings: Readonly<Record<string, string>>;
}

/** An account with appointments on this day, on the hours given in UTC. */
export async function startCalendly(day: string): Promise<Calendly> {
  const kind = (name: string, duration: number, active: boolean) => ({
    uri: `https://api.calendly.com/event_types/${name}`,
    name,
    slug: name.toLowerCase(),
    active,
    duration,
    color: '#0088ff',
    description_plain: null,
    kind: 'solo',
    secret: false,
  });
  const kinds = [kind('Intro', 30, true), kind('Consultation', 60, true), kind('Retreat', 2880, true)];
  const appointment = (id: string, of: string, from: string, to: string) => ({
    uri: `https://api.calendly.com/scheduled_events/${id}`,
    name: of,
    status: 'active',
    start_time: `${day}T${from}:00.000000Z`,
    end_time: `${day}T${to}:00.000000Z`,
    event_type: `https://api.calendly.com/event_types/${of}`,
  });
  const appointments = [appointment('D1', 'Intro', '15:00', '15:30'), appointment('D2', 'Consultation', '16:00', '17:00'), appointment('D3', 'OfATeam', '18:00', '18:30')];
  const guests: Readonly<Record<string, string>> = { D1: 'Ann Lee', D2: 'Cleo Park', D3: 'Eve Stone' };
  const hours = {
    uri: 'https://api.calendly.com/user_availability_schedules/CCCC',
    default: true,
    name: 'Working hours',
    user: ME,
    timezone: 'America/New_York',
    rules: [{ type: 'wday', wday: 'monday', intervals: [{ from: '09:00', to: '17:00' }] }],
  };

  const vendor = await startVendor(({ url, authorization }) => {
    if (authorization !== `Bearer ${TOKEN}`) return { status: 401, json: { title: 'Unauthenticated', message: 'The access token is invalid' } };
    const page = (all: readonly unknown[]): Answer => {
      const skip = Number(url.searchParams.get('page_token') ?? 0);
      const next = new URL(url);
      next.searchParams.set('page_token', String(skip + PAGE));
      const collection = all.slice(skip, skip + PAGE);
      return { json: { collection, pagination: { count: collection.length, next_page: skip + PAGE < all.length ? next.href : null, previous_page: null } } };
    };
    const invitees = /^\/scheduled_events\/([^/]+)\/invitees$/.exec(url.pathname)?.[1];
    if (invitees !== undefined) {
      const name = guests[invitees];
      return page(name === undefined ? [] : [{ name, email: `${name.split(' ')[0]?.toLowerCase() ?? ''}@example.com`, status: 'active', timezone: 'America/New_York' }]);
    }
    if (url.pathname === '/users/me') return { json: { resource: { uri: ME, name: 'Owner', timezone: 'America/New_York' } } };
    if (url.searchParams.get('user') !== ME) return { status: 400, json: { title: 'Invalid Argument', message: 'The supplied parameters are invalid.' } };
    const [from, to] = [url.searchParams.get('min_start_time') ?? '', url.searchParams.get('max_start_time') ?? ''];
    switch (url.pathname) {
      case '/event_types':
        return page(kinds);
      case '/user_availability_schedules':
        return page([hours]);
      case '/scheduled_events':
        return page(appointments.filter(({ start_time: start }) => from <= start && start < to));
      default:
        return { status: 404, json: { title: 'Resource Not Found', message: 'The server could not find the requested resource.' } };
    }
  });
  return { ...vendor, settings: { CALENDARS__CALENDLY__BASE_URL: vendor.url } };
}
