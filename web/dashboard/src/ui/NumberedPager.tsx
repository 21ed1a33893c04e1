// Pages with numbers: which of how many, next and previous, a jump, and how many rows a page has.

import type { TotalKind } from '@frontdesk/api-client';
import { Button, Group, NumberInput, Select, Text } from '@mantine/core';
import { ChevronLeft, ChevronRight } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import classes from './DataTable.module.css';

export interface Numbered {
  page: number;
  size: number;
  sizes: readonly number[];
  total: number;
  totalKind: TotalKind;
  /** Whether the server knows a page after this one. */
  more: boolean;
  /** Goes to a page; next and previous are single steps. */
  onPage: (page: number) => void;
  onSize: (size: number) => void;
}

export function NumberedPager({ page, size, sizes, total, totalKind, more, onPage, onSize }: Numbered) {
  const { t, i18n } = useTranslation();
  const pages = Math.max(page + (more ? 1 : 0), Math.ceil(total / size), 1);
  const number = (value: number) => new Intl.NumberFormat(i18n.language).format(value);
  const key = totalKind === 'exact' ? 'pager.of' : totalKind === 'at_least' ? 'pager.ofAtLeast' : 'pager.ofAbout';
  const all =
    totalKind === 'exact'
      ? t('pager.total', { count: total, shown: number(total) })
      : t(totalKind === 'at_least' ? 'pager.atLeast' : 'pager.about', { shown: number(total) });
  return (
    <Group component="nav" justify="space-between" p="sm" gap="sm" className={classes.pager} aria-label={t('pager.label')}>
      <Text size="sm" c="dimmed" role="status">
        {t(key, { page: number(page), pages: number(pages) })} · {all}
      </Text>
      <Group gap="xs">
        {pages > 3 && <Jump key={page} page={page} pages={totalKind === 'exact' ? pages : Math.min(pages, Math.ceil(10_000 / size))} onPage={onPage} />}
        <Select
          size="xs"
          w={76}
          aria-label={t('pager.size')}
          allowDeselect={false}
          data={sizes.map(String)}
          value={String(size)}
          onChange={(value) => value !== null && onSize(Number(value))}
        />
        <Button variant="default" size="compact-sm" disabled={page <= 1} onClick={() => onPage(page - 1)} leftSection={<ChevronLeft size={16} aria-hidden />}>
          {t('pager.previous')}
        </Button>
        <Button variant="default" size="compact-sm" disabled={!more} onClick={() => onPage(page + 1)} rightSection={<ChevronRight size={16} aria-hidden />}>
          {t('pager.next')}
        </Button>
      </Group>
    </Group>
  );
}

function Jump({ page, pages, onPage }: { page: number; pages: number; onPage: (page: number) => void }) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState<number | string>(page);
  const go = () => {
    const wanted = Math.min(pages, Math.max(1, Number(typed)));
    if (Number.isInteger(wanted) && wanted !== page) onPage(wanted);
  };
  return (
    <NumberInput
      size="xs"
      w={84}
      hideControls
      aria-label={t('pager.jump')}
      min={1}
      max={pages}
      value={typed}
      onChange={setTyped}
      onBlur={go}
      onKeyDown={(event) => {
        if (event.key === 'Enter') go();
      }}
    />
  );
}
