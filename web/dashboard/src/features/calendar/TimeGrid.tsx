// The grid of hours: days or people side by side. Mouse: drag a booking to move it, its lower edge to make it longer, an
// empty place to book there. Keyboard: arrows walk from booking to booking, Enter opens, R picks one up, arrows carry
// it, Enter puts it down.

import type { Booking, CalendarView, Staff } from '@frontdesk/api-client';
import { useEffect, useLayoutEffect, useMemo, useRef, useState, type KeyboardEvent, type PointerEvent, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { civilOf, DAY_MINUTES, formatMinutes, skipped } from '../../ui/civil';
import { useNow } from '../../ui/time';
import { isOpen } from '../booking/looks';
import { useBookingTypes, useStaff } from '../booking/queries';
import { BookingBlock } from './BookingBlock';
import classes from './Calendar.module.css';
import { Drag, HOUR, shifted, STEP, type Ghost, type Point } from './drag';
import { firstHour, type Placed } from './layout';
import { contentOf, type Column, type Shade, type Shown } from './model';

interface TimeGridProps {
  label: string;
  columns: readonly Column[];
  header: (column: Column) => ReactNode;
  /** A column's name for screen readers. */
  name: (column: Column) => string;
  view: CalendarView;
  shown: Shown;
  readOnly: boolean;
  /** What is waiting for the person's word; drawn until they have given it. */
  pending: Ghost | null;
  /** What stands beside the pending ghost: the question. */
  question: ReactNode;
  onOpen: (booking: Booking) => void;
  onGhost: (ghost: Ghost) => void;
}

const PX = HOUR / 60;
const HOURS = Array.from({ length: 24 }, (_, hour) => hour);

export function TimeGrid({ label, columns, header, name, view, shown, readOnly, pending, question, onOpen, onGhost }: TimeGridProps) {
  const { t, i18n } = useTranslation('calendar');
  const { zone } = shown;
  const types = useBookingTypes();
  const staff = useStaff();
  const scroller = useRef<HTMLDivElement>(null);
  const grid = useRef<HTMLDivElement>(null);
  const drag = useRef(new Drag());
  const moved = useRef(false);
  const [ghost, setGhost] = useState<Ghost | null>(null);
  const [carried, setCarried] = useState<Ghost | null>(null);
  const [said, setSaid] = useState('');
  const [active, setActive] = useState<string | null>(null);
  const contents = useMemo(() => columns.map((column) => contentOf(column, view, shown)), [columns, view, shown]);
  const order = useMemo(() => contents.flatMap(({ bookings }, column) => [...bookings].sort((a, b) => a.from - b.from).map((placed) => ({ column, placed, key: keyOf(column, placed.item.id) }))), [contents]);
  const tabStop = order.some(({ key }) => key === active) ? active : (order[0]?.key ?? null);

  // The day begins where something can happen, once per range that is looked at; the zone may come after the first look.
  const range = [zone, ...columns.map(({ key, day }) => `${day}${key}`)].join();
  const looked = useRef('');
  useLayoutEffect(() => {
    const box = scroller.current;
    if (box === null || looked.current === range) return;
    looked.current = range;
    const spans = contents.flatMap(({ bookings, shades }) => [
      ...bookings,
      ...shades.filter(({ kind, from, to }) => kind === 'closed' && from === 0 && to < DAY_MINUTES).map(({ to }) => ({ from: to, to })),
    ]);
    // A little earlier, so that the hour's name is seen whole.
    box.scrollTop = firstHour(spans) * HOUR - 10;
    // Where not all days have room, today comes first.
    const today = columns.findIndex(({ day }) => day === civilOf(Date.now(), zone).day);
    box.scrollLeft = (Math.max(0, today) * (grid.current?.clientWidth ?? 0)) / columns.length;
  }, [range, contents, columns, zone]);

  function pointAt(event: { clientX: number; clientY: number }): Point {
    const box = grid.current?.getBoundingClientRect();
    if (box === undefined) return { column: 0, minutes: 0 };
    const column = Math.floor(((event.clientX - box.left) / box.width) * columns.length);
    return { column: Math.max(0, Math.min(columns.length - 1, column)), minutes: Math.max(0, Math.min(DAY_MINUTES, (event.clientY - box.top) / PX)) };
  }

  function onPointerDown(event: PointerEvent<HTMLDivElement>) {
    // A finger scrolls; what it wants to move it opens.
    if (event.button !== 0 || event.pointerType === 'touch' || readOnly || pending !== null) return;
    const target = event.target as HTMLElement;
    const at = { x: event.clientX, y: event.clientY };
    const point = pointAt(event);
    moved.current = false;
    const block = target.closest<HTMLElement>('[data-booking]');
    if (block !== null) {
      const found = contents[point.column]?.bookings.find(({ item }) => item.id === block.dataset['booking']);
      if (found === undefined || !isOpen(found.item.status)) return;
      const kind = target.closest('[data-edge]') === null ? 'move' : 'resize';
      drag.current.press(kind, at, point, { booking: found.item, span: found, type: types.get(found.item.type_id) });
      return;
    }
    if (target.closest('[data-free]') !== null) drag.current.press('create', at, point);
  }

  function onPointerMove(event: PointerEvent<HTMLDivElement>) {
    if (!drag.current.active) return;
    const next = drag.current.move({ x: event.clientX, y: event.clientY }, pointAt(event));
    if (next === null) return;
    if (!moved.current) {
      moved.current = true;
      grid.current?.setPointerCapture(event.pointerId);
    }
    nearEdge(scroller.current, event.clientY);
    setGhost((before) => (before !== null && same(before, next) ? before : next));
  }

  function onPointerUp(event: PointerEvent<HTMLDivElement>) {
    if (!drag.current.active) return;
    const point = pointAt(event);
    const creating = drag.current.isCreating;
    const done = drag.current.release(point);
    setGhost(null);
    if (done !== null) {
      const unchanged = done.booking !== undefined && isWhereItWas(done, contents[done.column]?.bookings ?? []);
      if (!unchanged) onGhost(done);
    } else if (creating) {
      const from = Math.floor(point.minutes / (2 * STEP)) * 2 * STEP;
      onGhost({ kind: 'create', column: point.column, from, to: Math.min(DAY_MINUTES, from + 2 * STEP) });
    }
  }

  function drop() {
    drag.current.cancel();
    setGhost(null);
  }

  useEffect(() => {
    const onKey = (event: globalThis.KeyboardEvent) => {
      if (event.key === 'Escape' && drag.current.active) drop();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);

  function focus(key: string) {
    setActive(key);
    const element = grid.current?.querySelector<HTMLElement>(`[data-key="${CSS.escape(key)}"]`);
    element?.focus();
    element?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }

  function onKeyDown(event: KeyboardEvent<HTMLDivElement>) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (carried !== null) {
      carry(event, carried);
      return;
    }
    const key = (event.target as HTMLElement).dataset['key'];
    const here = order.find((each) => each.key === key);
    if (here === undefined) return;
    if (event.key === 'r' || event.key === 'R') {
      if (readOnly || !isOpen(here.placed.item.status)) return;
      stop(event);
      const { from, to, item } = here.placed;
      setCarried({ kind: 'move', column: here.column, from, to, booking: item });
      setSaid(t('carry.taken', { name: item.name }));
      return;
    }
    const next = neighbour(order, here, event.key);
    if (next !== undefined) {
      stop(event);
      focus(next.key);
    }
  }

  function carry(event: KeyboardEvent, now: Ghost) {
    const step = event.shiftKey ? 60 : STEP;
    const to: Ghost | null =
      event.key === 'ArrowUp'
        ? { ...now, ...shifted(now, now.from - step) }
        : event.key === 'ArrowDown'
          ? { ...now, ...shifted(now, now.from + step) }
          : event.key === 'ArrowLeft'
            ? { ...now, column: Math.max(0, now.column - 1) }
            : event.key === 'ArrowRight'
              ? { ...now, column: Math.min(columns.length - 1, now.column + 1) }
              : null;
    if (to !== null) {
      stop(event);
      setCarried(to);
      const column = columns[to.column];
      setSaid(`${column === undefined ? '' : name(column)}, ${formatMinutes(to.from, i18n.language)}`);
      scroller.current?.querySelector('[data-ghost]')?.scrollIntoView({ block: 'nearest' });
    } else if (event.key === 'Enter' || event.key === ' ') {
      stop(event);
      setCarried(null);
      onGhost(now);
    } else if (event.key === 'Escape' || event.key === 'Tab') {
      stop(event);
      setCarried(null);
      setSaid(t('carry.left'));
    }
  }

  const drawn = ghost ?? carried ?? pending;
  return (
    <div className={classes.scroller} ref={scroller} style={{ '--columns': columns.length }}>
      <div className={classes.heads}>
        <div className={classes.corner} />
        {columns.map((column) => (
          <div key={column.key} className={classes.head}>
            {header(column)}
          </div>
        ))}
      </div>
      <div className={classes.body}>
        <div className={classes.hours} aria-hidden>
          {HOURS.slice(1).map((hour) => (
            <span key={hour} style={{ top: hour * HOUR }}>
              {new Intl.DateTimeFormat(i18n.language, { hour: 'numeric', timeZone: 'UTC' }).format(hour * 3_600_000)}
            </span>
          ))}
        </div>
        {/* Keys and pointers are handled here for all the bookings in it, which are buttons. */}
        {/* eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions */}
        <div
          ref={grid}
          role="group"
          aria-label={label}
          className={classes.columns}
          data-dragging={ghost !== null || undefined}
          onPointerDown={onPointerDown}
          onPointerMove={onPointerMove}
          onPointerUp={onPointerUp}
          onPointerCancel={drop}
          onKeyDown={onKeyDown}
          onClickCapture={(event) => {
            // The click that ends a drag opens nothing.
            if (moved.current) stop(event);
            moved.current = false;
          }}
        >
          {columns.map((column, index) => (
            <div key={column.key} role="group" aria-label={name(column)} className={classes.column} data-free={!readOnly || undefined}>
              <Shades shades={contents[index]?.shades ?? []} day={column.day} zone={shown.zone} />
              {contents[index]?.bookings.map((placed) => {
                const key = keyOf(index, placed.item.id);
                const type = types.get(placed.item.type_id);
                return (
                  <BookingBlock
                    key={placed.item.id}
                    blockKey={key}
                    placed={placed}
                    type={type}
                    staff={staff}
                    zone={shown.zone}
                    tabStop={key === tabStop}
                    lifted={drawn?.booking?.id === placed.item.id}
                    resizable={!readOnly && isOpen(placed.item.status) && (type?.durations.length ?? 0) > 1}
                    onOpen={onOpen}
                    onFocus={setActive}
                  />
                );
              })}
              <NowLine day={column.day} zone={shown.zone} first={index === 0} />
              {drawn?.column === index && <GhostBlock ghost={drawn} staff={staff} question={drawn === pending ? question : null} />}
            </div>
          ))}
        </div>
      </div>
      <div className="visually-hidden" aria-live="assertive">
        {said}
      </div>
    </div>
  );
}

const keyOf = (column: number, id: string): string => `${String(column)}:${id}`;

function stop(event: { preventDefault: () => void; stopPropagation: () => void }): void {
  event.preventDefault();
  event.stopPropagation();
}

const same = (a: Ghost, b: Ghost): boolean => a.column === b.column && a.from === b.from && a.to === b.to;

function isWhereItWas(ghost: Ghost, bookings: readonly Placed<Booking>[]): boolean {
  return bookings.some(({ item, from, to }) => item.id === ghost.booking?.id && from === ghost.from && to === ghost.to);
}

/** Scrolls on while something is dragged past what is seen. */
function nearEdge(box: HTMLElement | null, y: number): void {
  if (box === null) return;
  const { top, bottom } = box.getBoundingClientRect();
  if (y > bottom - 40) box.scrollTop += 16;
  else if (y < top + 90) box.scrollTop -= 16;
}

interface Stop {
  key: string;
  column: number;
  placed: Placed<Booking>;
}

/** Where an arrow leads from a booking: the next one in the column, or the closest in time beside it. */
function neighbour(order: readonly Stop[], here: Stop, key: string): Stop | undefined {
  const at = order.indexOf(here);
  if (key === 'ArrowDown' || key === 'ArrowUp') {
    const next = order[at + (key === 'ArrowDown' ? 1 : -1)];
    return next?.column === here.column ? next : undefined;
  }
  if (key === 'Home') return order.find(({ column }) => column === here.column);
  if (key === 'End') return order.findLast(({ column }) => column === here.column);
  if (key !== 'ArrowLeft' && key !== 'ArrowRight') return undefined;
  const beside = order.filter(({ column }) => (key === 'ArrowRight' ? column > here.column : column < here.column));
  const column = key === 'ArrowRight' ? Math.min(...beside.map((each) => each.column)) : Math.max(...beside.map((each) => each.column));
  const far = (each: Stop) => Math.abs(each.placed.from - here.placed.from);
  return beside.filter((each) => each.column === column).sort((a, b) => far(a) - far(b))[0];
}

function Shades({ shades, day, zone }: { shades: readonly Shade[]; day: string; zone: string }) {
  const { t } = useTranslation('calendar');
  const gone = skipped(day, zone);
  return (
    <>
      {shades.map(({ kind, label, from, to }) => (
        <div key={`${kind}${String(from)}`} className={classes.shade} data-kind={kind} style={{ top: from * PX, height: (to - from) * PX }}>
          {kind !== 'closed' && <span>{label === '' ? t(`shade.${kind}`) : label}</span>}
        </div>
      ))}
      {gone !== null && (
        <div className={classes.shade} data-kind="skipped" style={{ top: gone.from * PX, height: (gone.to - gone.from) * PX }}>
          <span>{t('shade.skipped')}</span>
        </div>
      )}
    </>
  );
}

function NowLine({ day, zone, first }: { day: string; zone: string; first: boolean }) {
  const now = civilOf(useNow(), zone);
  if (now.day !== day) return null;
  return <div className={classes.now} data-first={first || undefined} style={{ top: now.minutes * PX }} aria-hidden />;
}

function GhostBlock({ ghost, staff, question }: { ghost: Ghost; staff: ReadonlyMap<string, Staff>; question: ReactNode }) {
  const { t, i18n } = useTranslation('calendar');
  const name = ghost.booking?.name ?? t('ghost.new');
  const who = ghost.booking === undefined ? undefined : staff.get(ghost.booking.staff[0] ?? '')?.name;
  return (
    <div className={classes.ghost} data-ghost data-short={ghost.to - ghost.from < 40 || undefined} style={{ top: ghost.from * PX, height: (ghost.to - ghost.from) * PX }}>
      <strong>
        {formatMinutes(ghost.from, i18n.language)} – {formatMinutes(ghost.to, i18n.language)}
      </strong>
      <span>{who === undefined ? name : `${name} · ${who}`}</span>
      {question}
    </div>
  );
}
