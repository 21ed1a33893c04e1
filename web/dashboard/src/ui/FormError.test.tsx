import { Problem } from '@frontdesk/api-client';
import { MantineProvider, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { act, cleanup, fireEvent, render, screen } from '@testing-library/react';
import { useState } from 'react';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startI18n } from '../app/i18n';
import { applyProblem, FormError, pathOf } from './FormError';

beforeAll(startI18n);
afterEach(cleanup);

function Form({ problem }: { problem: Problem }) {
  const form = useForm({ mode: 'uncontrolled', initialValues: { name: '', facts: { phone: '' } } });
  const [error, setError] = useState<unknown>(null);
  return (
    <MantineProvider env="test">
      <TextInput label="Name" key={form.key('name')} {...form.getInputProps('name')} />
      <TextInput label="Phone" key={form.key('facts.phone')} {...form.getInputProps('facts.phone')} />
      <FormError error={error} />
      <button onClick={() => setError(applyProblem(form, problem))}>Fail</button>
    </MantineProvider>
  );
}

function fail(errors: { field: string; message: string }[]) {
  render(<Form problem={new Problem('validation', 422, { title: 'Invalid', errors })} />);
  fireEvent.change(screen.getByLabelText('Phone'), { target: { value: '12' } });
  act(() => screen.getByText('Fail').click());
}

describe('a refused form', () => {
  it('shows each message at its field, keeps what was typed and moves to the first', () => {
    fail([{ field: '/facts/phone', message: 'is not a phone number' }]);
    const field = screen.getByLabelText<HTMLInputElement>('Phone');
    expect(field.getAttribute('aria-invalid')).toBe('true');
    expect(screen.getByText('Is not a phone number')).toBeTruthy();
    expect(field.value).toBe('12');
    expect(document.activeElement).toBe(field);
    expect(screen.queryByRole('alert')).toBeNull();
  });

  it('says above its buttons what no field can take', () => {
    fail([{ field: '/zone', message: 'is not a time zone' }]);
    expect(screen.getByRole('alert').textContent).toContain('zone is not a time zone');
  });

  it('reads JSON pointers', () => {
    expect(pathOf('/pairs/0/question')).toBe('pairs.0.question');
    expect(pathOf('/a~1b')).toBe('a/b');
  });
});
