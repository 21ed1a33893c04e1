import type { Step, WorkflowSettings } from '@frontdesk/api-client';
import { MantineProvider } from '@mantine/core';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { act, cleanup, fireEvent, render, screen } from '@testing-library/react';
import i18next from 'i18next';
import { useState } from 'react';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { startI18n } from '../../../app/i18n';
import { keys } from '../../../app/keys';
import { notifyUndo } from '../../../ui/toast';
import { blankSettings } from '../draft';
import { Steps } from './Steps';

vi.mock('../../../ui/toast', async (original) => ({ ...(await original<object>()), notifyUndo: vi.fn() }));

beforeAll(async () => {
  await startI18n();
  await i18next.loadNamespaces(['workflows', 'contacts', 'messages', 'inbox']);
});
beforeEach(() => {
  vi.mocked(notifyUndo).mockClear();
  shown = BEGIN;
});
afterEach(cleanup);

const send: Step = { id: 'send-1', action: { do: 'send', message: { channel: 'sms', words: { by: 'text', text: 'Hello' } } } };
const fork: Step = { id: 'fork', action: { do: 'condition', test: { if: 'booked' }, otherwise: 'last' } };
const last: Step = { id: 'last', action: { do: 'task', title: 'Call them', due_in_days: 1 } };

const BEGIN: WorkflowSettings = { ...blankSettings('Nurture'), steps: [send, fork, last] };
let shown = BEGIN;

function Editing({ faults = new Map<string, string>(), readOnly = false }: { faults?: ReadonlyMap<string, string>; readOnly?: boolean }) {
  const [settings, setSettings] = useState(BEGIN);
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  const change = (to: (settings: WorkflowSettings) => WorkflowSettings) => {
    shown = to(shown);
    setSettings(shown);
  };
  return <Steps settings={settings} onChange={change} faults={faults} readOnly={readOnly} open={open} onOpen={setOpen} />;
}

function show(props: Parameters<typeof Editing>[0] = {}) {
  const client = new QueryClient();
  client.setQueryData(keys.contactFields, []);
  render(
    <QueryClientProvider client={client}>
      <MantineProvider env="test">
        <Editing {...props} />
      </MantineProvider>
    </QueryClientProvider>,
  );
}

const button = (name: string) => screen.getByRole('button', { name });
const order = () => shown.steps.map((step) => step.id).join(' ');

describe('the steps of a workflow', () => {
  it('say in a line what they do', () => {
    show();
    expect(screen.getByText('“Hello”')).toBeTruthy();
    expect(screen.getByText('They have an appointment ahead; otherwise to 3. Leave a task')).toBeTruthy();
  });

  it('move by button, and say where to', () => {
    show();
    fireEvent.click(button('Move step 1 down'));
    expect(order()).toBe('fork send-1 last');
    expect(screen.getByRole('status').textContent).toBe('It is step 2 of 3 now.');
    fireEvent.click(button('Move step 1 up'));
    expect(order()).toBe('fork send-1 last');
  });

  it('are taken out with what led to them, and both come back', () => {
    show();
    fireEvent.click(button('Remove step 3'));
    expect(order()).toBe('send-1 fork');
    expect(shown.steps[1]?.action).toMatchObject({ otherwise: null });
    const [message, undo] = vi.mocked(notifyUndo).mock.calls[0] ?? [];
    expect(message).toContain('One condition led to');
    act(() => undo?.());
    expect(shown.steps).toEqual([send, fork, last]);
  });

  it('come back also when others were changed meanwhile', () => {
    show();
    fireEvent.click(button('Remove step 1'));
    fireEvent.click(button('Move step 1 down'));
    act(() => vi.mocked(notifyUndo).mock.calls[0]?.[1]());
    expect(order()).toBe('send-1 last fork');
  });

  it('are changed where they stand', () => {
    show();
    fireEvent.click(screen.getByRole('button', { name: /^3\. Leave a task/u }));
    fireEvent.change(screen.getByLabelText('What is to be done'), { target: { value: 'Write to them' } });
    expect(shown.steps[2]).toEqual({ id: 'last', action: { do: 'task', title: 'Write to them', due_in_days: 1 } });
  });

  it('show what is wrong at the field, and elsewhere at their head', () => {
    show({
      faults: new Map([
        ['/steps/last/action/title', 'must not be empty'],
        ['/steps/fork/id', 'is the name of two steps'],
      ]),
    });
    expect(screen.getAllByLabelText('Needs attention')).toHaveLength(2);
    expect(screen.getByRole('alert').textContent).toBe('Is the name of two steps');
    fireEvent.click(screen.getByRole('button', { name: /^3\. Leave a task/u }));
    expect(screen.getByText('Must not be empty')).toBeTruthy();
  });

  it('are only read by those who may not change them', () => {
    show({ readOnly: true });
    expect(screen.queryByRole('button', { name: /Move|Remove|Add/u })).toBeNull();
  });
});
