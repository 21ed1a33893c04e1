// Lists, segments, imports and bulk actions of the development mock. Filters but the text, the tags and the states are shown,
// not applied.

import type { Bulk, BulkAction, Contact, ContactFilter, ContactPage, CustomField, Import, ImportColumn, ImportCounts, ImportPlan, Segment } from '@frontdesk/api-client';
import * as db from './data.ts';

interface Asked {
  params: Record<string, string>;
  query: URLSearchParams;
  body: Record<string, unknown>;
}

const NONE: ImportCounts = { read: 0, created: 0, updated: 0, skipped: 0, rejected: 0, suppressed: 0, undone: 0, kept: 0 };
/** Enough pages to turn, out of a handful of people. */
const COPIES = 60;

function column(header: string, samples: string[], suggestion: ImportColumn['suggestion']): ImportColumn {
  return { header, samples, suggestion };
}

function importOf(state: Import['state'], counts: Partial<ImportCounts>): Import {
  return {
    id: db.id('imp'),
    file_name: 'spring-fair-2026.csv',
    bytes: 1_840_221,
    state,
    encoding: 'UTF-8',
    delimiter: ';',
    columns: [
      column('Full name', ['Ana Díaz', 'Bob Marsh', 'Chen Wei'], { to: 'name' }),
      column('E-mail', ['ana@example.com', 'bob.marsh@example.com', ''], { to: 'email' }),
      column('Mobile', ['(415) 555-2671', '', '+44 20 7946 0958'], { to: 'phone' }),
      column('Insurance since', ['2024-01-31', '2022-11-02', '2019-06-15'], { to: 'field', key: 'Insurance since', kind: 'date' }),
      column('Notes from the very long conversation at our booth', ['Wants a call after the holidays, prefers mornings', '', ''], { to: 'ignore' }),
    ],
    counts: { ...NONE, ...counts },
    percent: state === 'done' ? 100 : state === 'running' ? 42 : 0,
    created_at: db.ago(300),
    finished_at: state === 'done' ? db.ago(240) : null,
  };
}

export function contactRoutes(): Record<string, (asked: Asked) => unknown> {
  const fields: CustomField[] = [
    { id: db.id('field'), key: 'Plan', label: 'Plan', kind: 'choice', options: ['Gold', 'Silver'], created_at: db.ago(9000) },
    { id: db.id('field'), key: 'Visits', label: 'Visits', kind: 'number', options: [], created_at: db.ago(9000) },
  ];
  const segments: Segment[] = [{ id: db.id('seg'), name: 'Not yet answered', filter: { statuses: ['contacted'] }, shared: true, owner: null, created_at: db.ago(9000) }];
  const imports: Import[] = [
    importOf('done', { read: 12_480, created: 11_902, skipped: 431, rejected: 147, suppressed: 12 }),
    importOf('running', { read: 420_000, created: 415_220, skipped: 3_100, rejected: 1_680 }),
    importOf('uploaded', {}),
  ];
  const bulks: Bulk[] = [];
  const found = <Row extends { id: string }>(rows: Row[], id: string | undefined): Row => {
    const row = rows.find((each) => each.id === id);
    if (row === undefined) throw new Error('not found');
    return row;
  };
  return {
    'GET /contacts': ({ query }): ContactPage => {
      const filter = JSON.parse(query.get('filter') ?? '{}') as ContactFilter;
      const q = (query.get('q') ?? '').toLowerCase();
      const everyone: Contact[] = Array.from({ length: COPIES }, (_, copy) => db.contacts.map((each) => (copy === 0 ? each : { ...each, id: `${each.id}${String(copy)}` }))).flat();
      const fits = everyone.filter(
        (each) =>
          each.name.toLowerCase().includes(q) &&
          (filter.statuses === undefined || filter.statuses.includes(each.status)) &&
          (filter.tags ?? []).every((tag) => each.tags.some((own) => own.name.toLowerCase() === tag.toLowerCase())),
      );
      const size = Number(query.get('limit') ?? 50);
      const start = query.has('cursor') ? Number(query.get('cursor')) : (Number(query.get('page') ?? 1) - 1) * size;
      const more = start + size < fits.length;
      return { items: fits.slice(start, start + size), next_cursor: more ? String(start + size) : null, total: fits.length, total_kind: 'exact' };
    },
    'GET /contact-fields': () => fields,
    'GET /segments': () => segments,
    'POST /segments': ({ body }) => {
      const made = { ...body, id: db.id('seg'), owner: null, created_at: new Date().toISOString() } as unknown as Segment;
      segments.push(made);
      return made;
    },
    'DELETE /segments/:id': ({ params }) => void segments.splice(segments.findIndex((each) => each.id === params['id']), 1),
    'GET /contact-imports': () => imports,
    'GET /contact-imports/:id': ({ params }) => found(imports, params['id']),
    'POST /contact-imports': () => {
      const made = importOf('uploaded', {});
      imports.unshift(made);
      return made;
    },
    'POST /contact-imports/:id/start': ({ params, body }) => {
      const plan = body as unknown as ImportPlan;
      const counts = { ...NONE, read: 12_480, created: 12_333, rejected: 147, updated: plan.on_known === 'update' ? 431 : 0 };
      return Object.assign(found(imports, params['id']), { state: 'done', percent: 100, counts });
    },
    'POST /contact-imports/:id/cancel': ({ params }) => Object.assign(found(imports, params['id']), { state: 'cancelled' }),
    'POST /contact-imports/:id/undo': ({ params }) => Object.assign(found(imports, params['id']), { state: 'undone' }),
    'POST /contact-bulks': ({ body }) => {
      const made: Bulk = { id: db.id('bulk'), action: body['action'] as BulkAction, state: 'done', total: 24, done: 24, changed: 24, created_at: new Date().toISOString() };
      bulks.push(made);
      return made;
    },
    'GET /contact-bulks/:id': ({ params }) => found(bulks, params['id']),
    'POST /contact-bulks/:id/undo': ({ params }) => Object.assign(found(bulks, params['id']), { state: 'undone' }),
  };
}
