import { Problem } from '@frontdesk/api-client';
import { MantineProvider } from '@mantine/core';
import { cleanup, render, screen, within } from '@testing-library/react';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { startI18n } from '../app/i18n';
import { DataTable, type Column } from './DataTable';
import { pagerOf, trailOf } from './pager';

beforeAll(startI18n);
afterEach(cleanup);

interface Row {
  id: string;
  name: string;
}

const columns: Column<Row>[] = [{ key: 'name', header: 'Name', cell: (row) => row.name, sort: 'name' }];

function show(props: Partial<Parameters<typeof DataTable<Row>>[0]>) {
  render(
    <MantineProvider env="test">
      <DataTable label="People" columns={columns} rows={undefined} rowId={(row) => row.id} empty={<p>Nobody yet</p>} {...props} />
    </MantineProvider>,
  );
}

describe('a table', () => {
  it('says that it is loading, empty or failed, and offers another try', () => {
    show({});
    expect(screen.getByRole('status').getAttribute('aria-label')).toBe('Loading');
    cleanup();
    show({ rows: [] });
    expect(screen.getByText('Nobody yet')).toBeTruthy();
    cleanup();
    const onRetry = vi.fn();
    show({ error: new Problem('unavailable', 503), onRetry });
    within(screen.getByRole('alert')).getByRole('button').click();
    expect(onRetry).toHaveBeenCalledOnce();
  });

  it('keeps its rows when a later fetch fails', () => {
    show({ rows: [{ id: '1', name: 'Mia' }], error: new Problem('offline', 0) });
    expect(screen.getByText('Mia')).toBeTruthy();
  });

  it('sorts the other way round at the second click', () => {
    const onSort = vi.fn();
    show({ rows: [{ id: '1', name: 'Mia' }], sort: 'name', onSort });
    expect(screen.getByRole('columnheader').getAttribute('aria-sort')).toBe('ascending');
    screen.getByRole('button', { name: 'Name' }).click();
    expect(onSort).toHaveBeenCalledWith('-name');
  });
});

describe('the pager', () => {
  it('walks forth and back through the address', () => {
    const first = pagerOf({}, 'c2');
    expect([first.cursor, first.page, first.previous]).toEqual([undefined, 1, null]);
    const second = pagerOf(first.next ?? {}, 'c3');
    expect([second.cursor, second.page]).toEqual(['c2', 2]);
    const third = pagerOf(second.next ?? {}, null);
    expect([third.cursor, third.page, third.next]).toEqual(['c3', 3, null]);
    expect(third.previous).toEqual({ trail: ['c2'] });
    expect(second.previous).toEqual({ trail: undefined });
  });

  it('takes nothing but cursors from the address', () => {
    expect(trailOf({ trail: ['a', 1, null] })).toEqual({ trail: ['a'] });
    expect(trailOf({ trail: 'a' })).toEqual({});
  });
});
