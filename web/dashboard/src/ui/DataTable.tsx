// The table of every list page: sortable, paged through the URL, with its loading, empty and error states, and cards
// on a phone. Rows come from the server, a page at a time; nothing is sorted or filtered here.

import { Button, Card, Checkbox, Group, Skeleton, Stack, Table, Text, UnstyledButton, VisuallyHidden } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { useWindowVirtualizer } from '@tanstack/react-virtual';
import { ArrowDown, ArrowUp, ChevronLeft, ChevronRight, ChevronsUpDown } from 'lucide-react';
import { useLayoutEffect, useRef, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import classes from './DataTable.module.css';
import { ErrorState } from './ErrorState';
import { NumberedPager, type Numbered } from './NumberedPager';
import type { Pager, PagerSearch } from './pager';

export interface Column<Row> {
  key: string;
  header: string;
  cell: (row: Row) => ReactNode;
  /** What `sort` is called with; absent when the server cannot sort by it. */
  sort?: string;
  width?: number | string;
  align?: 'left' | 'right' | 'center';
  /** Where it stands in a phone's card: as its head, as a labelled line, across the card (for words), or nowhere. */
  phone?: 'head' | 'line' | 'wide' | 'none';
  /** The header is for screen readers only, as over a column of menus. */
  headerHidden?: boolean;
}

interface DataTableProps<Row> {
  /** What the table lists, for screen readers. */
  label: string;
  columns: Column<Row>[];
  /** The rows; undefined while they are loading for the first time. */
  rows: Row[] | undefined;
  rowId: (row: Row) => string;
  /** Opens a row by click; the row must also hold a link or button that does the same. */
  onOpen?: (row: Row) => void;
  /** `name` or `-name` for descending. */
  sort?: string | undefined;
  onSort?: (sort: string) => void;
  pager?: Pager;
  /** Goes to another page: merge this into the route's search parameters. */
  onPage?: (search: PagerSearch) => void;
  /** Numbered pages, instead of `pager`. */
  numbered?: Numbered | undefined;
  /** Which rows are ticked; absent when rows cannot be. */
  selection?: Selection | undefined;
  /** How many rows there are in all, when known. */
  total?: number | null | undefined;
  error?: unknown;
  onRetry?: () => void;
  /** What stands here when there are no rows. */
  empty: ReactNode;
  /** Search and filters. */
  toolbar?: ReactNode;
  /** Dims the rows while another page is loading. */
  fetching?: boolean;
}

export interface Selection {
  selected: ReadonlySet<string>;
  onChange: (selected: ReadonlySet<string>) => void;
  /** What a tick at a row means, for screen readers. */
  label: (id: string) => string;
  labelAll: string;
}

/** More rows than this are drawn only where the window shows them. */
const MANY = 60;

export function DataTable<Row>(props: DataTableProps<Row>) {
  // A small tablet has no room for columns beside the navigation.
  const phone = useMediaQuery('(max-width: 60em)', false, { getInitialValueInEffect: false });
  const { rows, error, empty, toolbar } = props;
  return (
    <Card p={0} className={classes.card}>
      {toolbar !== undefined && <div className={classes.toolbar}>{toolbar}</div>}
      {rows === undefined && error !== undefined && error !== null ? (
        <ErrorState error={error} {...(props.onRetry ? { onRetry: props.onRetry } : {})} />
      ) : rows === undefined ? (
        <SkeletonRows />
      ) : rows.length === 0 ? (
        empty
      ) : phone ? (
        <PhoneCards {...props} rows={rows} />
      ) : (
        <WideTable {...props} rows={rows} />
      )}
      {props.numbered === undefined ? <PagerBar {...props} /> : rows !== undefined && rows.length > 0 && <NumberedPager {...props.numbered} />}
    </Card>
  );
}

type Loaded<Row> = DataTableProps<Row> & { rows: Row[] };

function WideTable<Row>(props: Loaded<Row>) {
  const { label, columns, rows, sort, onSort, fetching, selection, rowId } = props;
  const ids = rows.map(rowId);
  const ticked = selection === undefined ? 0 : ids.filter((id) => selection.selected.has(id)).length;
  return (
    <Table.ScrollContainer minWidth={560} type="native">
      <Table className={classes.table} data-fetching={fetching === true || undefined} aria-busy={fetching === true}>
        <Table.Caption className="visually-hidden">{label}</Table.Caption>
        <Table.Thead>
          <Table.Tr>
            {selection !== undefined && (
              <Table.Th w={44}>
                <Checkbox
                  size="sm"
                  aria-label={selection.labelAll}
                  checked={ticked === ids.length && ticked > 0}
                  indeterminate={ticked > 0 && ticked < ids.length}
                  onChange={() => {
                    const next = new Set(selection.selected);
                    for (const id of ids) {
                      if (ticked === ids.length) next.delete(id);
                      else next.add(id);
                    }
                    selection.onChange(next);
                  }}
                />
              </Table.Th>
            )}
            {columns.map((column) => (
              <HeaderCell key={column.key} column={column} sort={sort} onSort={onSort} />
            ))}
          </Table.Tr>
        </Table.Thead>
        {rows.length > MANY ? (
          <VisibleRows {...props} />
        ) : (
          <Table.Tbody>
            {rows.map((row) => (
              <BodyRow key={rowId(row)} row={row} table={props} />
            ))}
          </Table.Tbody>
        )}
      </Table>
    </Table.ScrollContainer>
  );
}

/** The rows that the window shows, with room above and below for the others. */
function VisibleRows<Row>(props: Loaded<Row>) {
  const { rows, rowId, columns, selection } = props;
  const body = useRef<HTMLTableSectionElement>(null);
  const [margin, setMargin] = useState(0);
  useLayoutEffect(() => {
    if (body.current !== null) setMargin(body.current.getBoundingClientRect().top + window.scrollY);
  }, []);
  const virtual = useWindowVirtualizer({ count: rows.length, estimateSize: () => 61, overscan: 12, scrollMargin: margin });
  const items = virtual.getVirtualItems();
  const above = (items[0]?.start ?? margin) - margin;
  const below = virtual.getTotalSize() - ((items.at(-1)?.end ?? margin) - margin);
  const room = (height: number) =>
    height > 0 && (
      <tr aria-hidden>
        <td colSpan={columns.length + (selection === undefined ? 0 : 1)} style={{ height, padding: 0 }} />
      </tr>
    );
  return (
    <Table.Tbody ref={body}>
      {room(above)}
      {items.map((item) => {
        const row = rows[item.index];
        return row !== undefined && <BodyRow key={rowId(row)} row={row} table={props} index={item.index} measure={virtual.measureElement} />;
      })}
      {room(below)}
    </Table.Tbody>
  );
}

interface BodyRowProps<Row> {
  row: Row;
  table: Loaded<Row>;
  index?: number;
  measure?: (element: HTMLTableRowElement | null) => void;
}

function BodyRow<Row>({ row, table, index, measure }: BodyRowProps<Row>) {
  const { columns, rowId, onOpen, selection } = table;
  const id = rowId(row);
  return (
    <Table.Tr
      {...(measure === undefined ? {} : { ref: measure })}
      data-index={index}
      aria-rowindex={index === undefined ? undefined : index + 2}
      data-opens={onOpen !== undefined || undefined}
      data-selected={selection?.selected.has(id) === true || undefined}
      onClick={(event) => {
        if (onOpen !== undefined && isPlain(event)) onOpen(row);
      }}
    >
      {selection !== undefined && (
        <Table.Td>
          <Tick id={id} selection={selection} />
        </Table.Td>
      )}
      {columns.map((column) => (
        <Table.Td key={column.key} ta={column.align ?? 'left'}>
          {column.cell(row)}
        </Table.Td>
      ))}
    </Table.Tr>
  );
}

function Tick({ id, selection }: { id: string; selection: Selection }) {
  return (
    <Checkbox
      size="sm"
      aria-label={selection.label(id)}
      checked={selection.selected.has(id)}
      onChange={() => {
        const next = new Set(selection.selected);
        if (!next.delete(id)) next.add(id);
        selection.onChange(next);
      }}
    />
  );
}

interface HeaderCellProps<Row> {
  column: Column<Row>;
  sort: string | undefined;
  onSort: ((sort: string) => void) | undefined;
}

function HeaderCell<Row>({ column, sort, onSort }: HeaderCellProps<Row>) {
  const by = column.sort;
  const align = column.align ?? 'left';
  const width = column.width === undefined ? {} : { w: column.width };
  if (by === undefined || onSort === undefined) {
    return (
      <Table.Th ta={align} {...width}>
        {column.headerHidden === true ? <VisuallyHidden>{column.header}</VisuallyHidden> : column.header}
      </Table.Th>
    );
  }
  const direction = sort === by ? 'ascending' : sort === `-${by}` ? 'descending' : 'none';
  const Icon = direction === 'ascending' ? ArrowUp : direction === 'descending' ? ArrowDown : ChevronsUpDown;
  return (
    <Table.Th ta={align} aria-sort={direction} {...width}>
      <UnstyledButton className={classes.sort} onClick={() => onSort(direction === 'ascending' ? `-${by}` : by)}>
        {column.header}
        <Icon size={14} aria-hidden opacity={direction === 'none' ? 0.5 : 1} />
      </UnstyledButton>
    </Table.Th>
  );
}

/** A click that means "open this row", not one on a link, a button or to select text. */
function isPlain(event: React.MouseEvent<HTMLElement>): boolean {
  const target = event.target as HTMLElement;
  // A menu of the row lives in a portal: its clicks arrive here through React, but not from inside the row.
  if (!event.currentTarget.contains(target)) return false;
  const control = target.closest('a, button, input, select, textarea, label, [role="menuitem"]');
  return control === null && (window.getSelection()?.toString() ?? '') === '';
}

function PhoneCards<Row>({ label, columns, rows, rowId, fetching, selection }: Loaded<Row>) {
  const heads = columns.filter((column) => column.phone === 'head');
  const lines = columns.filter((column) => column.phone === undefined || column.phone === 'line' || column.phone === 'wide');
  return (
    <ul className={classes.cards} aria-label={label} data-fetching={fetching === true || undefined} aria-busy={fetching === true}>
      {rows.map((row) => (
        <li key={rowId(row)} className={classes.phoneCard}>
          {heads.map((column) => (
            <div key={column.key} className={classes.phoneHead}>
              {column.cell(row)}
              {selection !== undefined && <Tick id={rowId(row)} selection={selection} />}
            </div>
          ))}
          <dl className={classes.lines}>
            {lines.map((column) => (
              <div key={column.key} className={classes.line} data-wide={column.phone === 'wide' || undefined}>
                <dt>{column.headerHidden === true || column.phone === 'wide' ? <VisuallyHidden>{column.header}</VisuallyHidden> : column.header}</dt>
                <dd>{column.cell(row)}</dd>
              </div>
            ))}
          </dl>
        </li>
      ))}
    </ul>
  );
}

function SkeletonRows() {
  const { t } = useTranslation();
  return (
    <Stack gap="md" p="md" role="status" aria-label={t('state.loading')}>
      {Array.from({ length: 8 }, (_, index) => (
        <Group key={index} wrap="nowrap">
          <Skeleton height={32} circle />
          <Skeleton height={12} width="35%" radius="xl" />
          <Skeleton height={12} width="25%" radius="xl" />
          <Skeleton height={12} width="15%" radius="xl" />
        </Group>
      ))}
    </Stack>
  );
}

function PagerBar<Row>({ pager, onPage, total, rows }: DataTableProps<Row>) {
  const { t, i18n } = useTranslation();
  const { next, previous } = pager ?? { next: null, previous: null };
  if (pager === undefined || onPage === undefined || (next === null && previous === null)) return null;
  return (
    <Group component="nav" justify="space-between" p="sm" className={classes.pager} aria-label={t('pager.label')}>
      <Text size="sm" c="dimmed" role="status">
        {t('pager.page', { page: pager.page })}
        {typeof total === 'number' && rows !== undefined
          ? ` · ${t('pager.total', { count: total, shown: new Intl.NumberFormat(i18n.language).format(total) })}`
          : ''}
      </Text>
      <Group gap="xs">
        <Button
          variant="default"
          size="compact-sm"
          disabled={previous === null}
          onClick={() => previous !== null && onPage(previous)}
          leftSection={<ChevronLeft size={16} aria-hidden />}
        >
          {t('pager.previous')}
        </Button>
        <Button
          variant="default"
          size="compact-sm"
          disabled={next === null}
          onClick={() => next !== null && onPage(next)}
          rightSection={<ChevronRight size={16} aria-hidden />}
        >
          {t('pager.next')}
        </Button>
      </Group>
    </Group>
  );
}
