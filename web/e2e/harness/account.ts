// People with a business of their own, made through the API as the sign-up page does.
import { type APIRequestContext, type BrowserContextOptions, expect, request } from '@playwright/test';
import type { Server } from './server.js';

/** Cookie-authenticated changes carry this header; a form on another site cannot send it. */
export const SAME_SITE_HEADER = { 'X-Frontdesk-Request': '1' } as const;

/** A signed-up person. */
export interface Account {
  readonly email: string;
  readonly password: string;
  readonly name: string;
  readonly business: string;
  /** The API with the person's cookies. Dispose of it with `close`. */
  readonly api: APIRequestContext;
  /** What signs a new browser context in. */
  readonly signedIn: Exclude<BrowserContextOptions['storageState'], string | undefined>;
  close(): Promise<void>;
}

let made = 0;

/** Signs a new person up on the server. */
export async function signUp(server: Server, given: { name?: string; business?: string } = {}): Promise<Account> {
  made += 1;
  const email = `owner-${process.pid}-${made}@example.com`;
  const password = 'correct horse battery staple 7';
  const name = given.name ?? 'Ada Lindqvist';
  const business = given.business ?? `Harbour Dental ${made}`;
  const api = await request.newContext({
    baseURL: server.url,
    extraHTTPHeaders: { ...SAME_SITE_HEADER, Origin: server.url },
  });
  const answer = await api.post('/api/v1/auth/signup', {
    data: { email, password, name, business, zone: 'America/New_York' },
  });
  expect(answer.status(), await answer.text()).toBe(201);
  return { email, password, name, business, api, signedIn: await api.storageState(), close: () => api.dispose() };
}
