import { describe, expect, it } from 'vitest';
import { Client } from './client';
import { Problem } from './problem';

type Route = (request: Request) => Response | Promise<Response>;

/** A server with a sign-in that may have lapsed. */
class FakeServer {
  readonly seen: Request[] = [];
  signedIn = true;
  refreshable = true;
  refreshes = 0;
  /** Holds the refresh back until called. */
  release: (() => void) | null = null;
  route: Route = () => Response.json({ ok: true });

  readonly fetch = async (request: Request): Promise<Response> => {
    this.seen.push(request);
    if (new URL(request.url).pathname === '/api/v1/auth/refresh') {
      this.refreshes += 1;
      await new Promise<void>((resolve) => {
        if (this.release === null) resolve();
        else this.release = resolve;
      });
      if (!this.refreshable) return new Response(null, { status: 401 });
      this.signedIn = true;
      return new Response(null, { status: 204 });
    }
    if (!this.signedIn) return Response.json({ title: 'signed out' }, { status: 401 });
    return this.route(request);
  };
}

function clientOf(server: FakeServer, onSignedOut?: () => void) {
  return new Client({ fetch: server.fetch, workspace: () => 'ws_1', ...(onSignedOut ? { onSignedOut } : {}) });
}

async function refusal(promise: Promise<unknown>): Promise<Problem> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof Problem) return error;
    throw error;
  }
  throw new Error('the request should have been refused');
}

describe('requests', () => {
  it('name the workspace and prove that a change comes from our own page', async () => {
    const server = new FakeServer();
    await clientOf(server).post('/contacts', { name: 'Mia' });
    const request = server.seen[0];
    expect(request?.headers.get('x-workspace')).toBe('ws_1');
    expect(request?.headers.get('x-frontdesk-request')).toBe('1');
    expect(await request?.json()).toEqual({ name: 'Mia' });
  });

  it('leave absent filters out of the address', () => {
    const url = new Client().url('/contacts', { q: 'a b', tag: undefined, cursor: null, sort: '' });
    expect(url).toBe('/api/v1/contacts?q=a+b');
  });

  it('carry the problem with its fields', async () => {
    const server = new FakeServer();
    server.route = () =>
      Response.json(
        { title: 'Invalid', status: 422, errors: [{ field: '/email', message: 'is not an e-mail address' }] },
        { status: 422, headers: { 'content-type': 'application/problem+json' } },
      );
    const problem = await refusal(clientOf(server).post('/contacts', {}));
    expect(problem.kind).toBe('validation');
    expect(problem.errors).toEqual([{ field: '/email', message: 'is not an e-mail address' }]);
  });

  it('say how long to wait when there are too many', async () => {
    const server = new FakeServer();
    server.route = () => new Response('slow down', { status: 429, headers: { 'retry-after': '7' } });
    const problem = await refusal(clientOf(server).get('/contacts'));
    expect([problem.kind, problem.retryAfter, problem.transient]).toEqual(['rate-limited', 7, true]);
  });

  it('tell an unreachable server from a refusing one', async () => {
    const client = new Client({ fetch: () => Promise.reject(new TypeError('network')) });
    expect((await refusal(client.get('/contacts'))).kind).toBe('offline');
  });
});

describe('a lapsed sign-in', () => {
  it('is renewed once for all requests that notice it', async () => {
    const server = new FakeServer();
    server.signedIn = false;
    server.release = () => undefined;
    const client = clientOf(server);
    const answers = Promise.all([client.get('/a'), client.get('/b'), client.post('/c', { x: 1 })]);
    // All three have been refused and wait for the one refresh before it is let through.
    while (server.seen.length < 4) await Promise.resolve();
    server.release();
    expect(await answers).toEqual([{ ok: true }, { ok: true }, { ok: true }]);
    expect(server.refreshes).toBe(1);
    const retried = server.seen.filter((request) => request.url.endsWith('/c'));
    expect(retried).toHaveLength(2);
  });

  it('that cannot be renewed signs out and is not tried again', async () => {
    const server = new FakeServer();
    server.signedIn = false;
    server.refreshable = false;
    let signedOut = 0;
    const problem = await refusal(clientOf(server, () => void (signedOut += 1)).get('/a'));
    expect([problem.kind, signedOut, server.seen.length]).toEqual(['unauthenticated', 1, 2]);
  });

  it('does not sign out because the server is restarting', async () => {
    let signedOut = 0;
    const client = new Client({
      onSignedOut: () => void (signedOut += 1),
      fetch: (request) =>
        Promise.resolve(new Response(null, { status: request.url.endsWith('/auth/refresh') ? 503 : 401 })),
    });
    expect((await refusal(client.get('/a'))).kind).toBe('unavailable');
    expect(signedOut).toBe(0);
  });

  it('is not looked for when signing in', async () => {
    const server = new FakeServer();
    server.signedIn = false;
    const problem = await refusal(clientOf(server).post('/auth/login', {}, { anonymous: true }));
    expect([problem.kind, server.refreshes]).toEqual(['unauthenticated', 0]);
  });
});
