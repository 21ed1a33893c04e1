// Google Calendar with one person's account: the consent page a browser is sent to, tokens, calendars and events. Written
// from Google's description of its API and of its consent (RFC 6749, RFC 7636); it refuses what Google refuses there.
import { createHash, randomBytes } from 'node:crypto';
import { type Answer, type Asked, startVendor, type Vendor } from './vendor.js';

const CLIENT = 'client-1';
const SECRET = 'secret-1';
/** The account, and the id of its main calendar. */
export const ACCOUNT = 'maria@example.com';
/** A calendar somebody else keeps and the account reads. */
export const HOLIDAYS = 'Days off of the practice';

export interface Google extends Vendor {
  /** What `startServer` is told so that it asks here. */
  readonly settings: Readonly<Record<string, string>>;
  /** Writes an event into the main calendar, as its owner does. */
  put(summary: string, start: string, end: string): void;
  /** The titles of what stands in the main calendar. */
  titles(): string[];
  /** Whether anybody holds an access that is good. */
  isOpen(): boolean;
}

interface Event {
  readonly id: string;
  readonly version: number;
  readonly fields: Record<string, unknown>;
}

export async function startGoogle(): Promise<Google> {
  const events = new Map<string, Event>();
  const challenges = new Map<string, string>();
  const tokens = new Set<string>();
  let version = 0;

  const write = (id: string, fields: Record<string, unknown>): Answer => {
    version += 1;
    events.set(id, { id, version, fields: { ...events.get(id)?.fields, ...fields } });
    return shown(id);
  };
  const show = ({ id, version: at, fields }: Event) => ({ kind: 'calendar#event', status: 'confirmed', eventType: 'default', ...fields, id, etag: `"${at}"` });
  const shown = (id: string): Answer => {
    const event = events.get(id);
    return event === undefined ? refused(404, 'notFound') : { json: show(event) };
  };
  const give = (): string => {
    const token = randomBytes(16).toString('hex');
    tokens.add(token);
    return token;
  };

  /** The page on which the person agrees, or not. */
  function consent({ url }: Asked): Answer {
    const asked = url.searchParams;
    const back = new URL(asked.get('redirect_uri') ?? '');
    if (asked.get('client_id') !== CLIENT || asked.get('response_type') !== 'code' || asked.get('code_challenge_method') !== 'S256') return refused(400, 'invalid_request');
    const code = randomBytes(16).toString('hex');
    challenges.set(code, asked.get('code_challenge') ?? '');
    const link = (fields: Record<string, string>) => `${back.href}?${new URLSearchParams({ ...fields, state: asked.get('state') ?? '' }).toString()}`;
    return {
      page: `<!doctype html><html lang="en"><head><title>Sign in</title></head><body><main>
        <h1>Frontdesk wants access to ${ACCOUNT}</h1>
        <a href="${escaped(link({ code }))}">Allow</a> <a href="${escaped(link({ error: 'access_denied' }))}">Cancel</a>
        </main></body></html>`,
    };
  }

  function token({ body }: Asked): Answer {
    const form = new URLSearchParams(body);
    if (form.get('client_id') !== CLIENT || form.get('client_secret') !== SECRET) return { status: 401, json: { error: 'invalid_client' } };
    if (form.get('grant_type') === 'refresh_token') {
      return tokens.has(form.get('refresh_token') ?? '') ? { json: { access_token: give(), expires_in: 3599, token_type: 'Bearer' } } : { status: 400, json: { error: 'invalid_grant' } };
    }
    const code = form.get('code') ?? '';
    const challenge = challenges.get(code);
    // A code is good once.
    challenges.delete(code);
    const proof = createHash('sha256').update(form.get('code_verifier') ?? '').digest('base64url');
    if (challenge !== proof) return { status: 400, json: { error: 'invalid_grant' } };
    return { json: { access_token: give(), refresh_token: give(), expires_in: 3599, token_type: 'Bearer', scope: 'calendar' } };
  }

  function calendars(): Answer {
    const items = [
      { id: ACCOUNT, summary: ACCOUNT, primary: true, accessRole: 'owner', timeZone: 'America/New_York', backgroundColor: '#9fe1e7' },
      { id: 'holidays', summary: HOLIDAYS, accessRole: 'reader', timeZone: 'America/New_York', backgroundColor: '#f6bf26' },
    ];
    return { json: { kind: 'calendar#calendarList', items } };
  }

  function list(calendar: string, asked: URLSearchParams): Answer {
    const since = Number(asked.get('syncToken') ?? 0);
    const found = calendar === ACCOUNT ? [...events.values()].filter((event) => event.version > since) : [];
    return { json: { kind: 'calendar#events', timeZone: 'America/New_York', items: found.map(show), nextSyncToken: String(version) } };
  }

  const vendor = await startVendor((asked) => {
    const { method, url, authorization, body } = asked;
    if (url.pathname === '/consent') return consent(asked);
    if (url.pathname === '/token') return token(asked);
    if (url.pathname === '/revoke') {
      tokens.clear();
      return { json: {} };
    }
    if (!tokens.has(authorization.replace(/^Bearer /, ''))) return refused(401, 'authError');
    const [calendar, event] = (/^\/calendar\/v3\/calendars\/([^/]+)\/events(?:\/([^/]+))?$/.exec(url.pathname) ?? []).slice(1).map((part) => part && decodeURIComponent(part));
    if (url.pathname === '/calendar/v3/users/me/calendarList') return calendars();
    if (calendar === undefined) return refused(404, 'notFound');
    if (method === 'GET') return list(calendar, url.searchParams);
    if (calendar !== ACCOUNT) return refused(403, 'requiredAccessLevel');
    if (method === 'DELETE') {
      write(event ?? '', { status: 'cancelled' });
      return { status: 204 };
    }
    const fields = JSON.parse(body) as Record<string, unknown>;
    if (method === 'PATCH') return events.has(event ?? '') ? write(event ?? '', fields) : refused(404, 'notFound');
    const id = typeof fields['id'] === 'string' ? fields['id'] : randomBytes(10).toString('hex');
    return events.has(id) ? refused(409, 'duplicate') : write(id, fields);
  });

  const address = (path: string) => `${vendor.url}${path}`;
  return {
    ...vendor,
    settings: {
      CALENDARS__GOOGLE_CALENDAR__CLIENT_ID: CLIENT,
      CALENDARS__GOOGLE_CALENDAR__CLIENT_SECRET: SECRET,
      CALENDARS__GOOGLE_CALENDAR__BASE_URL: address('/calendar/v3'),
      CALENDARS__GOOGLE_CALENDAR__AUTH_URL: address('/consent'),
      CALENDARS__GOOGLE_CALENDAR__TOKEN_URL: address('/token'),
      CALENDARS__GOOGLE_CALENDAR__REVOKE_URL: address('/revoke'),
    },
    put: (summary, start, end) => void write(randomBytes(10).toString('hex'), { summary, start: { dateTime: start }, end: { dateTime: end } }),
    titles: () => [...events.values()].filter(({ fields }) => fields['status'] !== 'cancelled').map(({ fields }) => String(fields['summary'])),
    isOpen: () => tokens.size > 0,
  };
}

const refused = (status: number, reason: string): Answer => ({ status, json: { error: { code: status, message: reason, errors: [{ domain: 'global', reason, message: reason }] } } });

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('"', '&quot;');
