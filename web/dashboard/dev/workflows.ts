// Workflows and tasks of the development mock: running, paused and draft, with people in every state.

import type { DomainEvent, EndReason, Enrolment, Funnel, LogEntry, Step, Task, Workflow, WorkflowPreview, WorkflowRecipe, WorkflowSettings } from '@frontdesk/api-client';
import * as db from './data.ts';

interface Asked {
  params: Record<string, string>;
  query: URLSearchParams;
  body: Record<string, unknown>;
}

const ahead = (minutes: number) => new Date(db.NOW + minutes * 60_000).toISOString();
const HELLO = '{% if first_name %}Hi {{ first_name }}, {% endif %}this is {{ business_name }}. Thank you for your interest. You can pick a time here: {{ booking_link }}';
const ai = (instruction: string, fallback: string): Extract<Step['action'], { do: 'send' }>['message'] => ({ channel: 'best', subject: null, words: { by: 'ai', instruction, fallback }, whatsapp_template: null });
const text = (said: string): Extract<Step['action'], { do: 'send' }>['message'] => ({ channel: 'sms', subject: null, words: { by: 'text', text: said }, whatsapp_template: null });

const outreach: WorkflowSettings = {
  name: 'Reach out to new contacts',
  trigger: { on: 'contact_added' },
  filter: { statuses: ['pending'], tags: ['spring fair'] },
  steps: [
    { id: 'hello', action: { do: 'send', message: ai('Introduce the practice, thank them for their interest and ask how we can help. Offer the link to book.', HELLO) } },
    { id: 'day', action: { do: 'wait', minutes: 1440 } },
    { id: 'fork', action: { do: 'condition', test: { if: 'replied' }, otherwise: 'again' } },
    { id: 'thank', action: { do: 'tag', add: [{ name: 'talks to us', color: 'teal' }], remove: ['cold'] } },
    { id: 'call', action: { do: 'task', title: 'Call {{ name }} about their first visit', due_in_days: 1 } },
    { id: 'done', action: { do: 'end' } },
    { id: 'again', action: { do: 'follow_up', message: text('Hi {{ first_name }}, are you still looking for an appointment? Just answer this message. {{ business_name }}'), times: 2, every_minutes: 2880 } },
  ],
  goal: 'booking',
  stop_on_reply: false,
  stop_on_booking: true,
  again_after_days: null,
  purpose: 'marketing',
  criteria: [
    { id: 'insured', text: 'Has dental insurance', words: ['insurance', 'Delta', 'Cigna'], required: true },
    { id: 'near', text: 'Lives within an hour of the practice', words: [], required: false },
  ],
};
const nurture: WorkflowSettings = {
  ...outreach,
  name: 'Nurture after a conversation',
  trigger: { on: 'conversation_ended', without_booking: true, channels: ['web', 'sms'] },
  filter: {},
  steps: [
    { id: 'day-1', action: { do: 'wait', minutes: 1440 } },
    { id: 'ask', action: { do: 'send', message: ai('Refer to what they asked about and offer to help with a time.', 'It was good to talk with you. Is there anything left we can answer? {{ business_name }}') } },
    { id: 'day-4', action: { do: 'wait', minutes: 4320 } },
    { id: 'offer', action: { do: 'send', message: text('Whenever it suits you, you can pick a time here: {{ booking_link }}') } },
  ],
  stop_on_reply: true,
  again_after_days: 30,
  criteria: [],
};
const noShow: WorkflowSettings = { ...nurture, name: 'Bring back who did not come', trigger: { on: 'booking', moments: ['no_show'] }, purpose: 'transactional' };
const recall: WorkflowSettings = { ...nurture, name: 'Six months after the last check-up', trigger: { on: 'date', field: 'Last check-up', days: 180, at: '09:00' } };

const recipe = (key: string, settings: WorkflowSettings, said: string): WorkflowRecipe => ({ key, name: settings.name, text: said, settings });
const recipes: WorkflowRecipe[] = [
  recipe('outreach', outreach, 'Writes to every new contact within minutes, follows up twice, and marks who does not answer.'),
  recipe('nurture', nurture, 'Writes on day 1 and day 4 after a conversation that ended without an appointment.'),
  recipe('no-show', noShow, 'Offers a new time a day after a missed appointment, and leaves a task when they do not answer.'),
  recipe('recall', recall, 'Writes half a year after a date in one of your own fields.'),
];

const workflow = (settings: WorkflowSettings, state: Workflow['state'], active: number, entered: number, won: number, at: number): Workflow => ({
  id: db.id('wf'),
  state,
  version: 1,
  settings,
  active,
  entered,
  won,
  created_at: db.ago(at + 9000),
  updated_at: db.ago(at),
});

/** The routes of workflows and tasks; `MOCK_EMPTY=1` begins without any. */
export function workflowRoutes(emit: (event: DomainEvent) => void, refuse: (status: number, problem: object) => Error): Record<string, (asked: Asked) => unknown> {
  let workflows: Workflow[] =
    process.env['MOCK_EMPTY'] === '1'
      ? []
      : [workflow(outreach, 'active', 37, 412, 96, 12), workflow(nurture, 'active', 8, 61, 14, 900), workflow(noShow, 'paused', 2, 19, 7, 4000), workflow(recall, 'draft', 0, 0, 0, 20_000)];
  const reasons: EndReason[] = ['finished', 'replied', 'booked', 'qualified', 'opted_out', 'unresponsive', 'by_hand'];
  const enrolments: Enrolment[] = workflows.slice(0, 3).flatMap((each, which) =>
    db.contacts.slice(which * 3, which * 3 + 14).map((contact, n) => {
      const state = (['active', 'active', 'won', 'finished', 'stopped'] as const)[n % 5] ?? 'active';
      const on = state === 'active';
      const step = each.settings.steps[n % each.settings.steps.length]?.id ?? null;
      return {
        id: db.id('enr'),
        workflow_id: each.id,
        workflow_name: each.settings.name,
        contact_id: contact.id,
        contact_name: contact.name,
        state,
        step: on ? step : null,
        due_at: on ? ahead(40 + n * 300) : null,
        tries: 0,
        entered_at: db.ago(3000 + n * 700),
        ended_at: on ? null : db.ago(200 + n * 90),
        reason: on ? null : state === 'won' ? 'booked' : state === 'finished' ? 'finished' : (reasons[3 + (n % 4)] ?? 'by_hand'),
        qualification:
          n % 3 === 0
            ? {
                qualified: n % 2 === 0,
                judgements: [
                  { criterion: 'insured', met: true, reason: 'they said that Delta Dental covers them' },
                  { criterion: 'near', met: n % 2 === 0 ? null : false, reason: n % 2 === 0 ? 'nothing was said about where they live' : 'they live three hours away' },
                ],
                at: db.ago(100),
                by: 'built-in',
              }
            : null,
      };
    }),
  );
  const tasks: Task[] = db.contacts.slice(0, 6).map((contact, n) => ({
    id: db.id('task'),
    contact_id: contact.id,
    contact_name: contact.name,
    title: [`Call ${contact.name} about their first visit`, `Send ${contact.name} the form for the insurance`][n % 2] ?? '',
    due_at: n < 2 ? db.ago(2000 - n * 900) : ahead(n * 1200),
    workflow_id: workflows[n % 2]?.id ?? null,
    created_at: db.ago(4000),
    done_at: n === 5 ? db.ago(50) : null,
    done_by: n === 5 ? db.me.user.id : null,
  }));

  const find = <Row extends { id: string }>(rows: readonly Row[], id: string | undefined): Row => {
    const found = rows.find((each) => each.id === id);
    if (found === undefined) throw refuse(404, { title: 'Not found' });
    return found;
  };
  const check = (settings: WorkflowSettings, at: string) => {
    const errors = settings.steps.flatMap(({ action }, n) => (action.do === 'webhook' && !action.url.startsWith('https://') ? [{ field: `${at}/steps/${String(n)}/action/url`, message: 'must begin with https://' }] : []));
    if (settings.goal === 'qualified' && settings.criteria.length === 0) errors.push({ field: `${at}/goal`, message: 'needs criteria: without them nobody can fit' });
    if (errors.length > 0) throw refuse(422, { title: 'Invalid', errors });
  };
  const told = (changed: Workflow): Workflow => {
    changed.updated_at = new Date().toISOString();
    emit({ kind: 'workflow.updated', workflow_id: changed.id });
    return { ...changed };
  };
  const log = (of: Enrolment): LogEntry[] => {
    const steps = workflows.find(({ id }) => id === of.workflow_id)?.settings.steps ?? [];
    const at = of.state === 'active' ? Math.max(1, steps.findIndex((step) => step.id === of.step)) : 4;
    return steps.slice(0, at).map((step, n) => ({
      at: db.ago(2800 - n * 300),
      step: step.id,
      outcome: (['done', 'done', 'otherwise', 'skipped', 'failed'] as const)[n % 5] ?? 'done',
      text: ['sent as a text message', 'waited', 'they had not answered, so it went on at step 7', 'left out: nothing is connected for text messages', 'the other system answered 500'][n % 5] ?? '',
      message_id: null,
    }));
  };

  return {
    'GET /workflows': () => workflows.map((each) => ({ ...each })),
    'GET /workflows/recipes': () => recipes,
    'POST /workflows': ({ body }) => {
      const settings = body as unknown as WorkflowSettings;
      check(settings, '');
      const made = workflow(settings, 'draft', 0, 0, 0, 0);
      workflows = [made, ...workflows];
      return told(made);
    },
    'POST /workflows/state': ({ body }) =>
      (body['ids'] as string[]).map((id) => told(Object.assign(find(workflows, id), { state: body['state'] as Workflow['state'] }))),
    'POST /workflows/preview': ({ body }) => {
      const settings = body['settings'] as WorkflowSettings;
      check(settings, '/settings');
      const step = settings.steps.find(({ action }) => action.do === 'send' || action.do === 'follow_up');
      if (step === undefined) return { items: [] };
      const preview: WorkflowPreview = {
        items: db.contacts.slice(0, 8).map((contact, n) => ({
          contact_id: contact.id,
          contact_name: contact.name,
          step: step.id,
          at: ahead(5 + n * 40),
          ...(n === 4
            ? { problem: 'they have neither a phone number nor an e-mail address' }
            : {
                channel: n % 3 === 1 ? ('email' as const) : ('sms' as const),
                to: n % 3 === 1 ? (contact.email ?? 'a@example.com') : '+14155550177',
                subject: n % 3 === 1 ? 'Brightsmile Dental' : null,
                text: `Hi ${contact.name.split(' ')[0] ?? ''}, this is Brightsmile Dental. Thank you for your interest. You can pick a time here: https://example.com/book`,
                written_by: (['ai', 'fallback', 'text'] as const)[n % 3] ?? 'text',
                segments: n % 3 === 1 ? null : 1,
                verdict: n === 2 ? { verdict: 'defer' as const, until: ahead(700), rule: 'us-ca-hours/1' } : n === 3 ? { verdict: 'deny' as const, rule: 'opt-out/1', reason: 'the customer asked not to be contacted' } : { verdict: 'allow' as const },
              }),
        })),
      };
      return preview;
    },
    'GET /workflows/:id': ({ params }) => ({ ...find(workflows, params['id']) }),
    'PUT /workflows/:id': ({ params, body }) => {
      const found = find(workflows, params['id']);
      if (body['version'] !== found.version) throw refuse(409, { title: 'Conflict', detail: 'somebody else saved this workflow meanwhile; open it anew and repeat your changes' });
      check(body['settings'] as WorkflowSettings, '/settings');
      return told(Object.assign(found, { settings: body['settings'] as WorkflowSettings, version: found.version + 1 }));
    },
    'DELETE /workflows/:id': ({ params }) => {
      workflows = workflows.filter(({ id }) => id !== params['id']);
    },
    'GET /workflows/:id/pending': ({ params }) => {
      const { active } = find(workflows, params['id']);
      return { active, waiting_messages: Math.round(active / 4), next_due_at: active > 0 ? ahead(45) : null };
    },
    'GET /workflows/:id/funnel': ({ params }) => {
      const { settings, active, entered, won } = find(workflows, params['id']);
      const funnel: Funnel = {
        entered,
        active,
        won,
        steps: settings.steps.map((step, n) => {
          const came = Math.round(entered * 0.78 ** n);
          return { step: step.id, waiting: n % 2 === 1 ? Math.round(active / 3) : 0, done: Math.round(came * 0.8), skipped: Math.round(came * 0.05), otherwise: step.action.do === 'condition' ? Math.round(came * 0.4) : 0, failed: n === 0 ? 3 : 0 };
        }),
        ended: [
          { reason: 'booked', count: won },
          { reason: 'replied', count: Math.round(entered / 5) },
          { reason: 'unresponsive', count: Math.round(entered / 3) },
          { reason: 'opted_out', count: Math.round(entered / 30) },
        ],
        messages: [
          { status: 'queued', count: 9 },
          { status: 'delivered', count: Math.round(entered * 1.3) },
          { status: 'failed', count: 3 },
          { status: 'undelivered', count: 11 },
        ],
      };
      return funnel;
    },
    'GET /workflows/:id/enrolments': ({ params, query }) => ({
      items: enrolments.filter(
        (each) => each.workflow_id === params['id'] && (query.get('state') ?? each.state) === each.state && (query.get('step') ?? each.step) === each.step,
      ),
      next_cursor: null,
      total: null,
    }),
    'POST /workflows/:id/enrolments': ({ params, body }) => {
      const into = find(workflows, params['id']);
      const ids = body['contact_ids'] as string[];
      for (const id of ids) {
        const contact = db.contacts.find((each) => each.id === id);
        const [first] = into.settings.steps;
        enrolments.unshift({ id: db.id('enr'), workflow_id: into.id, workflow_name: into.settings.name, contact_id: id, contact_name: contact?.name ?? '', state: 'active', step: first?.id ?? null, due_at: ahead(1), tries: 0, entered_at: new Date().toISOString(), ended_at: null, reason: null, qualification: null });
      }
      into.active += ids.length;
      told(into);
      return { entered: ids.length, left_out: 0 };
    },
    'GET /enrolments/:id': ({ params }) => {
      const enrolment = find(enrolments, params['id']);
      return { enrolment, log: log(enrolment) };
    },
    'POST /enrolments/:id/stop': ({ params }) => {
      const enrolment = Object.assign(find(enrolments, params['id']), { state: 'stopped', reason: 'by_hand', step: null, due_at: null, ended_at: new Date().toISOString() });
      emit({ kind: 'workflow.updated', workflow_id: enrolment.workflow_id });
      return enrolment;
    },
    'GET /contacts/:id/enrolments': ({ params }) => enrolments.filter((each) => each.contact_id === params['id']),
    'GET /tasks': ({ query }) => ({
      items: tasks.filter((each) => (query.get('done') === 'true') === (typeof each.done_at === 'string') && (query.get('contact_id') ?? each.contact_id) === each.contact_id),
      next_cursor: null,
      total: null,
    }),
    'POST /tasks/:id/done': ({ params, body }) => {
      const task = find(tasks, params['id']);
      Object.assign(task, body['done'] === true ? { done_at: new Date().toISOString(), done_by: db.me.user.id } : { done_at: null, done_by: null });
      emit({ kind: 'task.updated', task_id: task.id });
      return task;
    },
  };
}
