// RFC 9457 problems: what the server says when it refuses, and what stands in when no server answered at all.

import type { Slot } from './types/schedule';

export interface FieldProblem {
  /** JSON pointer into the body, such as `/email`. */
  field: string;
  message: string;
}

export interface ProblemBody {
  type?: string;
  title?: string;
  status?: number;
  detail?: string;
  request_id?: string;
  errors?: FieldProblem[];
  /** Times that are free instead, where somebody was faster. */
  alternatives?: Slot[];
}

export type ProblemKind =
  | 'validation'
  | 'malformed'
  | 'unauthenticated'
  | 'forbidden'
  | 'not-found'
  | 'conflict'
  | 'too-large'
  | 'rate-limited'
  | 'unavailable'
  | 'internal'
  | 'offline';

const KIND_OF_STATUS: Record<number, ProblemKind> = {
  400: 'malformed',
  401: 'unauthenticated',
  403: 'forbidden',
  404: 'not-found',
  409: 'conflict',
  413: 'too-large',
  422: 'validation',
  429: 'rate-limited',
  503: 'unavailable',
};

/** Every failed request ends in one of these. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly kind: ProblemKind;
  readonly status: number;
  readonly title: string;
  readonly detail: string | undefined;
  readonly requestId: string | undefined;
  readonly errors: FieldProblem[];
  /** Times that are free instead of the one that was taken. */
  readonly alternatives: Slot[];
  /** When to try again, in seconds, where the server said so. */
  readonly retryAfter: number | undefined;

  constructor(kind: ProblemKind, status: number, body: ProblemBody = {}, retryAfter?: number) {
    super(body.detail ?? body.title ?? kind);
    this.kind = kind;
    this.status = status;
    this.title = body.title ?? kind;
    this.detail = body.detail;
    this.requestId = body.request_id;
    this.errors = body.errors ?? [];
    this.alternatives = body.alternatives ?? [];
    this.retryAfter = retryAfter;
  }

  /** Whether asking again later may help without anybody changing anything. */
  get transient(): boolean {
    return this.kind === 'offline' || this.kind === 'unavailable' || this.kind === 'rate-limited' || this.status >= 500;
  }
}

export function isProblem(error: unknown): error is Problem {
  return error instanceof Problem;
}

/** Reads the problem out of a refused response; a body that is no problem is not trusted for anything. */
export async function problemOf(response: Response): Promise<Problem> {
  const kind = KIND_OF_STATUS[response.status] ?? 'internal';
  const seconds = Number(response.headers.get('retry-after'));
  const retryAfter = Number.isFinite(seconds) && seconds > 0 ? seconds : undefined;
  if (!(response.headers.get('content-type') ?? '').includes('json')) {
    return new Problem(kind, response.status, {}, retryAfter);
  }
  try {
    const body: unknown = await response.json();
    return new Problem(kind, response.status, isProblemBody(body) ? body : {}, retryAfter);
  } catch {
    return new Problem(kind, response.status, {}, retryAfter);
  }
}

function isProblemBody(body: unknown): body is ProblemBody {
  return typeof body === 'object' && body !== null;
}
