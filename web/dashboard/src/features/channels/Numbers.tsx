// The numbers of a connection's account: which it has, where their texts arrive, and how to get and release some.

import type { Connection, OwnedPhoneNumber, PhoneNumberList } from '@frontdesk/api-client';
import { Alert, Button, Group, Skeleton, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { ChevronDown, ChevronUp, CircleCheck, CircleSlash, CornerUpRight, Hash, Plus, Send, TriangleAlert } from 'lucide-react';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCan } from '../../app/session';
import { formatPhone } from '../../ui/address';
import { EmptyState } from '../../ui/EmptyState';
import { ErrorState } from '../../ui/ErrorState';
import { StatusBadge } from '../../ui/StatusBadge';
import { notifyDone } from '../../ui/toast';
import { BuyNumberDialog } from './BuyNumberDialog';
import { isOnly, numbersQuery, usePointNumber } from './phone-numbers';
import classes from './Numbers.module.css';
import { ReleaseNumberDialog } from './ReleaseNumberDialog';

const HOOKS = {
  here: { color: 'teal', icon: CircleCheck },
  elsewhere: { color: 'orange', icon: CornerUpRight },
  nowhere: { color: 'red', icon: CircleSlash },
} as const;

/** Folded up until somebody wants to see them: their vendor is asked each time. */
export function Numbers({ connection }: { connection: Connection }) {
  const { t } = useTranslation('channels');
  const [opened, { toggle }] = useDisclosure(false);
  const section = useId();
  return (
    <div className={classes.section}>
      <Button size="xs" variant="default" aria-expanded={opened} aria-controls={section} aria-label={t('numbers.of', { name: connection.name })} rightSection={opened ? <ChevronUp size={14} aria-hidden /> : <ChevronDown size={14} aria-hidden />} onClick={toggle}>
        {t('numbers.title')}
      </Button>
      <div id={section}>{opened && <Opened connection={connection} />}</div>
    </div>
  );
}

function Opened({ connection }: { connection: Connection }) {
  const { t } = useTranslation('channels');
  const mayWrite = useCan('connections:write');
  const numbers = useQuery(numbersQuery(connection.id));
  const [buying, setBuying] = useState(false);
  const [releasing, setReleasing] = useState<OwnedPhoneNumber | null>(null);
  const list = numbers.data;
  return (
    <section aria-label={t('numbers.of', { name: connection.name })}>
      {list !== undefined ? (
        <List list={list} connection={connection.id} mayWrite={mayWrite} onRelease={setReleasing} />
      ) : numbers.isError ? (
        <ErrorState compact error={numbers.error} onRetry={() => void numbers.refetch()} />
      ) : (
        <Skeleton height={64} mt="sm" />
      )}
      {mayWrite && list !== undefined && (
        <Button mt="xs" size="xs" variant="light" leftSection={<Plus size={14} aria-hidden />} onClick={() => setBuying(true)}>
          {t('numbers.find')}
        </Button>
      )}
      {buying && <BuyNumberDialog connection={connection.id} onClose={() => setBuying(false)} />}
      {releasing !== null && list !== undefined && <ReleaseNumberDialog connection={connection.id} number={releasing} only={isOnly(list, releasing)} onClose={() => setReleasing(null)} />}
    </section>
  );
}

interface ListProps {
  list: PhoneNumberList;
  connection: string;
  mayWrite: boolean;
  onRelease: (number: OwnedPhoneNumber) => void;
}

function List({ list, connection, mayWrite, onRelease }: ListProps) {
  const { t } = useTranslation('channels');
  return (
    <>
      {list.missing.length > 0 && (
        <Alert color="orange" mt="sm" icon={<TriangleAlert size={18} aria-hidden />}>
          {t('numbers.missing', { numbers: list.missing.map(formatPhone).join(', ') })}
        </Alert>
      )}
      {list.by_service && (
        <Text size="xs" c="dimmed" mt={6}>
          {t('numbers.byService')}
        </Text>
      )}
      {list.items.length === 0 ? (
        <EmptyState compact icon={Hash} title={t('numbers.none')} text={t('numbers.noneText')} />
      ) : (
        <ul className={classes.list}>
          {list.items.map((number) => (
            <li key={number.id}>
              <Line number={number} connection={connection} byService={list.by_service} mayWrite={mayWrite} onRelease={() => onRelease(number)} />
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

interface LineProps {
  number: OwnedPhoneNumber;
  connection: string;
  byService: boolean;
  mayWrite: boolean;
  onRelease: () => void;
}

function Line({ number, connection, byService, mayWrite, onRelease }: LineProps) {
  const { t } = useTranslation('channels');
  const point = usePointNumber(connection);
  const shown = formatPhone(number.number);
  const { hook } = number;
  const host = number.hook_host ?? '';
  const where = hook === 'elsewhere' ? (host === '' ? t('numbers.hook.application') : t('numbers.hook.elsewhere', { host })) : t(`numbers.hook.${hook}`);
  const can = (['sms', 'mms', 'voice'] as const).filter((each) => number[each]).map((each) => t(`numbers.can.${each}`));
  const works = hook === 'here' && (number.sends || byService);
  return (
    <div className={classes.line}>
      <div className={classes.body}>
        <Text size="sm" fw={600} className="tabular">
          {shown}
        </Text>
        <Text size="xs" c="dimmed">
          {[number.name ?? '', ...can].filter((part) => part !== '').join(' · ')}
        </Text>
        <Group gap={6} mt={6}>
          <StatusBadge look={HOOKS[hook]} label={where} className={classes.badge} />
          {!byService && <StatusBadge look={{ color: number.sends ? 'teal' : 'gray', icon: Send }} label={t(number.sends ? 'numbers.sends' : 'numbers.silent')} />}
        </Group>
        {hook !== 'here' && (
          <Text size="xs" c="dimmed" mt={6}>
            {t(`numbers.hookText.${hook}`)}
          </Text>
        )}
      </div>
      {mayWrite && (
        <Group gap="xs" className={classes.actions}>
          {!works && (
            <Button
              size="xs"
              variant="light"
              aria-label={t('numbers.pointOne', { number: shown })}
              loading={point.isPending}
              onClick={() => point.mutate(number.id, { onSuccess: () => notifyDone(t('numbers.pointed', { number: shown })) })}
            >
              {t('numbers.point')}
            </Button>
          )}
          <Button size="xs" variant="subtle" color="red" aria-label={t('numbers.releaseOne', { number: shown })} onClick={onRelease}>
            {t('numbers.release')}
          </Button>
        </Group>
      )}
    </div>
  );
}
