import type { WorkflowPreviewItem } from '@frontdesk/api-client';
import { describe, expect, it } from 'vitest';
import { cameTo, percent, shareOf } from './funnel';
import { byContact } from './preview';
import { together } from './queries';
import { workflowSearch } from './routes';

const step = (done: number, waiting: number) => ({ step: 'a', waiting, done, skipped: 1, otherwise: 2, failed: 0 });

describe('a funnel', () => {
  it('counts contacts, also where a step is done several times', () => {
    expect(cameTo(step(4, 3), 20)).toBe(10);
    expect(cameTo(step(4, 3), 5)).toBe(5);
    expect(cameTo({ ...step(0, 0), skipped: 0, otherwise: 0 }, 5)).toBe(0);
  });

  it('has bars as long as many came', () => {
    expect(shareOf(step(4, 3), 'done', 20)).toBeCloseTo(20);
    expect(shareOf(step(4, 3), 'done', 5)).toBeCloseTo(40);
    expect(shareOf(step(4, 3), 'done', 0)).toBe(0);
    expect(percent(1, 4)).toBe(25);
    expect(percent(1, 0)).toBe(0);
  });
});

describe('what waits in several workflows', () => {
  it('is added up, and the next is the earliest', () => {
    const pending = together([
      { active: 2, waiting_messages: 1, next_due_at: '2026-11-22T10:00:00Z' },
      { active: 3, waiting_messages: 0 },
      { active: 1, waiting_messages: 4, next_due_at: '2026-11-21T10:00:00Z' },
    ]);
    expect(pending).toEqual({ active: 6, waiting_messages: 5, next_due_at: '2026-11-21T10:00:00Z' });
    expect(together([]).next_due_at).toBeNull();
  });
});

describe('a preview', () => {
  it('is by contact', () => {
    const item = (contact_id: string, step: string) => ({ contact_id, step }) as WorkflowPreviewItem;
    expect(byContact([item('1', 'a'), item('2', 'a'), item('1', 'b')]).map((items) => items.map((each) => each.step))).toEqual([['a', 'b'], ['a']]);
  });
});

describe('the address of a workflow', () => {
  it('holds only what the page knows', () => {
    expect(workflowSearch({ tab: 'people', progress: 'won', step: 'ask', way: 'enr_1', trail: ['x'] })).toEqual({ tab: 'people', progress: 'won', step: 'ask', way: 'enr_1', trail: ['x'] });
    expect(workflowSearch({ tab: 'editor', progress: 'nope', step: '', way: 3 })).toEqual({});
  });
});
