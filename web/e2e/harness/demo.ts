// The demo business: signing in to it as the terminal says.
import { type APIRequestContext, expect, request } from '@playwright/test';
import { SAME_SITE_HEADER } from './account.js';
import type { Server } from './server.js';

/** The API as the owner of the demo business. Dispose of it. */
export async function signInToDemo(server: Pick<Server, 'url' | 'log'>): Promise<APIRequestContext> {
  const [, email] = /Sign in as\s+(\S+)/.exec(server.log()) ?? [];
  const [, password] = /Password\s+(\S.*\S)/.exec(server.log()) ?? [];
  const api = await request.newContext({ baseURL: server.url, extraHTTPHeaders: { ...SAME_SITE_HEADER, Origin: server.url } });
  const login = await api.post('/api/v1/auth/login', { data: { email, password } });
  expect(login.status(), `${email}: ${await login.text()}`).toBe(200);
  return api;
}
