import { ActionIcon, Button, Group, Text } from '@mantine/core';
import { ChevronLeft, ChevronRight } from 'lucide-react';
import { useRef, type KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { addDays, addMonths, daysOfMonth, daysOfWeek, formatDay, weekOf } from '../../ui/civil';
import classes from './Availability.module.css';

export interface DayLook {
  kind: 'off' | 'hours' | 'holiday';
  /** In words, for the tooltip and screen readers. */
  label: string;
}

interface MonthGridProps {
  /** A day of the month that is shown; also the one the keys start from. */
  at: string;
  onMove: (day: string) => void;
  today: string;
  chosen: readonly string[];
  onToggle: (day: string) => void;
  lookOf: (day: string) => DayLook | null;
}

const STEPS: Record<string, (day: string) => string> = {
  ArrowLeft: (day) => addDays(day, -1),
  ArrowRight: (day) => addDays(day, 1),
  ArrowUp: (day) => addDays(day, -7),
  ArrowDown: (day) => addDays(day, 7),
  Home: (day) => weekOf(day),
  End: (day) => addDays(weekOf(day), 6),
  PageUp: (day) => addMonths(day, -1),
  PageDown: (day) => addMonths(day, 1),
};

/** A month in which any number of days can be chosen; arrow keys go from day to day. */
export function MonthGrid({ at, onMove, today, chosen, onToggle, lookOf }: MonthGridProps) {
  const { t, i18n } = useTranslation('availability');
  const grid = useRef<HTMLTableElement>(null);
  const days = daysOfMonth(at);
  const month = formatDay(at, { month: 'long', year: 'numeric' }, i18n.language);
  const weeks = Array.from({ length: days.length / 7 }, (_, index) => days.slice(index * 7, index * 7 + 7));
  function onKeyDown(event: KeyboardEvent) {
    const step = STEPS[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const next = step(at);
    onMove(next);
    // The month may change; its days are there after the next paint.
    requestAnimationFrame(() => grid.current?.querySelector<HTMLElement>(`[data-day="${next}"]`)?.focus());
  }
  return (
    <div>
      <Group justify="space-between" mb="xs">
        <Text fw={650} aria-live="polite">
          {month.charAt(0).toLocaleUpperCase(i18n.language) + month.slice(1)}
        </Text>
        <Group gap={4}>
          <Button size="compact-sm" variant="subtle" onClick={() => onMove(today)}>
            {t('month.today')}
          </Button>
          <ActionIcon size={32} aria-label={t('month.previous')} onClick={() => onMove(addMonths(`${at.slice(0, 7)}-01`, -1))}>
            <ChevronLeft size={18} aria-hidden />
          </ActionIcon>
          <ActionIcon size={32} aria-label={t('month.next')} onClick={() => onMove(addMonths(`${at.slice(0, 7)}-01`, 1))}>
            <ChevronRight size={18} aria-hidden />
          </ActionIcon>
        </Group>
      </Group>
      <table ref={grid} className={classes.month} aria-label={month}>
        <thead>
          <tr>
            {daysOfWeek(today).map((day) => (
              <th key={day} scope="col" abbr={formatDay(day, { weekday: 'long' }, i18n.language)}>
                {formatDay(day, { weekday: 'short' }, i18n.language)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {weeks.map((week) => (
            <tr key={week[0]}>
              {week.map((day) => {
                const look = lookOf(day);
                const isChosen = chosen.includes(day);
                const past = day < today;
                return (
                  <td key={day}>
                    <button
                      type="button"
                      data-day={day}
                      data-kind={look?.kind}
                      data-other={!day.startsWith(at.slice(0, 7)) || undefined}
                      data-today={day === today || undefined}
                      className={classes.date}
                      aria-pressed={isChosen}
                      aria-label={[formatDay(day, { weekday: 'long', day: 'numeric', month: 'long' }, i18n.language), look?.label].filter(Boolean).join(', ')}
                      title={look?.label}
                      tabIndex={day === at ? 0 : -1}
                      disabled={past}
                      onKeyDown={onKeyDown}
                      onFocus={() => {
                        if (day !== at) onMove(day);
                      }}
                      onClick={() => onToggle(day)}
                    >
                      {Number(day.slice(8, 10))}
                    </button>
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
