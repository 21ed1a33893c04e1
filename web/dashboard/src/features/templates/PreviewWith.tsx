import type { Booking } from '@frontdesk/api-client';
import { Select } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNow } from '../../ui/time';
import { bookingQuery, bookingsQuery } from '../booking/queries';
import { useWhen } from '../booking/BookingTime';

const EXAMPLES = 'examples';
const OFFERED = 12;

interface PreviewWithProps {
  /** The chosen booking; example values when there is none. */
  value: string | undefined;
  onChange: (booking: string | undefined) => void;
}

/** Whose values a message is shown with: examples, or a booking that is searched for. */
export function PreviewWith({ value, onChange }: PreviewWithProps) {
  const { t } = useTranslation('templates');
  const [text, setText] = useState('');
  const [asked] = useDebouncedValue(text.trim(), 250);
  const [opened, setOpened] = useState(false);
  const now = useNow();
  // The hour is enough, and asks once.
  const [from] = useState(() => new Date(now - (now % 3_600_000)).toISOString());
  const chosen = useQuery({ ...bookingQuery(value ?? ''), enabled: value !== undefined });
  const nameOf = useName();
  const label = value === undefined ? t('preview.withExamples') : chosen.data === undefined ? '…' : nameOf(chosen.data);
  // What stands in the field while it is not searched in is the choice.
  const searched = asked === label ? '' : asked;
  const found = useQuery({
    ...bookingsQuery({ limit: OFFERED, ...(searched === '' ? { from, sort: 'start' } : { q: searched, sort: '-start' }) }),
    enabled: opened,
    placeholderData: keepPreviousData,
  });
  const offered = (found.data?.items ?? []).filter((booking) => booking.id !== value);
  return (
    <Select
      mb="sm"
      size="sm"
      label={t('preview.with')}
      placeholder={t('preview.withSearch')}
      searchable
      selectFirstOptionOnChange
      searchValue={opened ? text : label}
      onSearchChange={setText}
      onDropdownOpen={() => {
        setText('');
        setOpened(true);
      }}
      onDropdownClose={() => setOpened(false)}
      value={value ?? EXAMPLES}
      allowDeselect={false}
      // The server has searched already.
      filter={({ options }) => options}
      nothingFoundMessage={found.isFetching ? t('common:state.searching') : t('preview.withNone')}
      data={[
        ...(searched === '' ? [{ value: EXAMPLES, label: t('preview.withExamples') }] : []),
        ...(value !== undefined && searched === '' ? [{ value, label }] : []),
        ...offered.map((booking) => ({ value: booking.id, label: nameOf(booking) })),
      ]}
      onChange={(next) => onChange(next === null || next === EXAMPLES ? undefined : next)}
    />
  );
}

/** "Ana Gómez · Tue, Dec 1 · 9:00 – 9:45 AM". */
function useName(): (booking: Booking) => string {
  const { t } = useTranslation();
  const when = useWhen();
  return (booking) => `${booking.name === '' ? t('contact.unknown') : booking.name} · ${when(booking)}`;
}
