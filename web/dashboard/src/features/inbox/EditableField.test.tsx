import { Problem } from '@frontdesk/api-client';
import { MantineProvider } from '@mantine/core';
import { act, cleanup, fireEvent, render, screen } from '@testing-library/react';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { startI18n } from '../../app/i18n';
import { EditableField } from './EditableField';

beforeAll(startI18n);
afterEach(cleanup);

function open(onSave: (value: string) => Promise<unknown>) {
  render(
    <MantineProvider env="test">
      <EditableField label="E-mail" value="mia@example.com" type="email" readOnly={false} onSave={onSave} />
    </MantineProvider>,
  );
  act(() => screen.getByRole('button').click());
  return screen.getByRole<HTMLInputElement>('textbox');
}

describe('a value that is edited in place', () => {
  it('is saved by Enter', async () => {
    const onSave = vi.fn(() => Promise.resolve());
    const field = open(onSave);
    fireEvent.change(field, { target: { value: ' new@example.com ' } });
    await act(async () => void fireEvent.keyDown(field, { key: 'Enter' }));
    expect(onSave).toHaveBeenCalledWith('new@example.com');
    expect(screen.queryByRole('textbox')).toBeNull();
  });

  it('keeps what was typed when it is refused, and says why', async () => {
    const refused = new Problem('validation', 422, { errors: [{ field: '/email', message: 'is not an e-mail address' }] });
    const field = open(() => Promise.reject(refused));
    fireEvent.change(field, { target: { value: 'new' } });
    await act(async () => void fireEvent.keyDown(field, { key: 'Enter' }));
    expect(screen.getByRole<HTMLInputElement>('textbox').value).toBe('new');
    expect(screen.getByText('Is not an e-mail address')).toBeTruthy();
  });

  it('is left as it was by Escape', () => {
    const onSave = vi.fn(() => Promise.resolve());
    const field = open(onSave);
    fireEvent.change(field, { target: { value: 'x' } });
    fireEvent.keyDown(field, { key: 'Escape' });
    expect(onSave).not.toHaveBeenCalled();
    expect(screen.getByRole('button').textContent).toContain('mia@example.com');
  });
});
