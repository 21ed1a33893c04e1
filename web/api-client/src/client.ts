// The one way the dashboard talks to the server: cookies, the header that proves the request is our own page's, the
// workspace, one refresh of a lapsed sign-in, and problems as exceptions.

import { Problem, problemOf } from './problem';

export interface ClientOptions {
  /** Where the API lives. */
  base?: string;
  /** The workspace requests are for; absent for the person's first. */
  workspace?: () => string | null;
  /** Called once when the sign-in has lapsed for good. */
  onSignedOut?: () => void;
  /** Sends a request; the browser's `fetch` unless a test says otherwise. */
  fetch?: (request: Request) => Promise<Response>;
}

export type QueryValue = string | number | boolean | null | undefined | readonly string[];
export type Query = Record<string, QueryValue>;

export interface RequestOptions {
  query?: Query;
  signal?: AbortSignal;
  /** Lets a 401 through as a problem, without a refresh: sign-in itself uses it. */
  anonymous?: boolean;
}

/**
 * Refresh tokens are used once. Two tabs must not spend the same one, so they take turns where the browser lets them;
 * the second then renews with the cookie the first was given.
 */
async function oneTabAtATime(work: () => Promise<boolean>): Promise<boolean> {
  if (typeof navigator === 'undefined' || !('locks' in navigator)) return work();
  return navigator.locks.request('frontdesk-refresh', work);
}

const READS = new Set(['GET', 'HEAD']);

export class Client {
  readonly #base: string;
  readonly #workspace: () => string | null;
  readonly #onSignedOut: () => void;
  readonly #fetch: (request: Request) => Promise<Response>;
  /** The refresh under way; everyone who needs one waits for the same. */
  #refreshing: Promise<boolean> | null = null;

  constructor(options: ClientOptions = {}) {
    this.#base = options.base ?? '/api/v1';
    this.#workspace = options.workspace ?? (() => null);
    this.#onSignedOut = options.onSignedOut ?? (() => undefined);
    this.#fetch = options.fetch ?? ((request) => fetch(request));
  }

  get<Answer>(path: string, options?: RequestOptions): Promise<Answer> {
    return this.#call<Answer>('GET', path, undefined, options);
  }

  post<Answer = void>(path: string, body?: unknown, options?: RequestOptions): Promise<Answer> {
    return this.#call<Answer>('POST', path, body, options);
  }

  put<Answer = void>(path: string, body?: unknown, options?: RequestOptions): Promise<Answer> {
    return this.#call<Answer>('PUT', path, body, options);
  }

  patch<Answer = void>(path: string, body?: unknown, options?: RequestOptions): Promise<Answer> {
    return this.#call<Answer>('PATCH', path, body, options);
  }

  del<Answer = void>(path: string, body?: unknown, options?: RequestOptions): Promise<Answer> {
    return this.#call<Answer>('DELETE', path, body, options);
  }

  /** A file as the server sends it, for saving. */
  async download(path: string, options: RequestOptions = {}): Promise<Blob> {
    return (await this.#send('GET', path, undefined, options)).blob();
  }

  /** The address of a path, with its query. */
  url(path: string, query?: Query): string {
    const params = new URLSearchParams();
    for (const [key, value] of Object.entries(query ?? {})) {
      if (value === undefined || value === null || value === '') continue;
      if (Array.isArray(value)) for (const item of value as readonly string[]) params.append(key, item);
      else params.set(key, String(value));
    }
    const text = params.toString();
    return `${this.#base}${path}${text === '' ? '' : `?${text}`}`;
  }

  /** Renews the sign-in; true when it worked. Concurrent callers share one request. */
  refresh(): Promise<boolean> {
    this.#refreshing ??= oneTabAtATime(() => this.#renew()).finally(() => {
      this.#refreshing = null;
    });
    return this.#refreshing;
  }

  async #renew(): Promise<boolean> {
    const request = new Request(this.#absolute('/auth/refresh'), {
      method: 'POST',
      headers: { 'X-Frontdesk-Request': '1' },
      credentials: 'same-origin',
    });
    try {
      const response = await this.#fetch(request);
      if (response.ok) return true;
      // Only a plain "no" ends the sign-in; a server that is restarting does not.
      if (response.status === 401 || response.status === 403) return false;
      throw await problemOf(response);
    } catch (error) {
      throw error instanceof Problem ? error : new Problem('offline', 0);
    }
  }

  async #call<Answer>(method: string, path: string, body: unknown, options: RequestOptions = {}): Promise<Answer> {
    const response = await this.#send(method, path, body, options);
    if (response.status === 204 || response.status === 202 || response.headers.get('content-length') === '0') {
      return undefined as Answer;
    }
    const text = await response.text();
    return (text === '' ? undefined : JSON.parse(text)) as Answer;
  }

  async #send(method: string, path: string, body: unknown, options: RequestOptions): Promise<Response> {
    const attempt = () => this.#attempt(method, path, body, options);
    let response = await attempt();
    if (response.status === 401 && options.anonymous !== true) {
      if (!(await this.refresh())) {
        this.#onSignedOut();
        throw await problemOf(response);
      }
      response = await attempt();
      if (response.status === 401) this.#onSignedOut();
    }
    if (!response.ok) throw await problemOf(response);
    return response;
  }

  async #attempt(method: string, path: string, body: unknown, options: RequestOptions): Promise<Response> {
    const headers = new Headers({ Accept: 'application/json' });
    if (!READS.has(method)) headers.set('X-Frontdesk-Request', '1');
    const workspace = this.#workspace();
    if (workspace !== null) headers.set('X-Workspace', workspace);
    const isForm = typeof FormData !== 'undefined' && body instanceof FormData;
    if (body !== undefined && !isForm) headers.set('Content-Type', 'application/json');
    const request = new Request(this.#absolute(path, options.query), {
      method,
      headers,
      credentials: 'same-origin',
      body: body === undefined ? null : isForm ? body : JSON.stringify(body),
      ...(options.signal ? { signal: options.signal } : {}),
    });
    try {
      return await this.#fetch(request);
    } catch (error) {
      if (options.signal?.aborted === true) throw error;
      throw new Problem('offline', 0);
    }
  }

  #absolute(path: string, query?: Query): string {
    const origin = typeof location === 'undefined' ? 'http://localhost' : location.origin;
    return new URL(this.url(path, query), origin).href;
  }
}
