import type { Json, SettingChange } from '@frontdesk/api-client';
import { Skeleton, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { ErrorState } from '../../ui/ErrorState';
import classes from './Agents.module.css';
import { diffQuery } from './queries';
import { nameOf } from './setting-names';

interface ChangesProps {
  agentId: string;
  /** A version's number, or `draft`. */
  from: string;
  to: string;
}

/** What differs between two versions, setting by setting. */
export function Changes({ agentId, from, to }: ChangesProps) {
  const { t } = useTranslation('agents');
  const diff = useQuery(diffQuery(agentId, from, to));
  if (diff.data === undefined) {
    return diff.isError ? (
      <ErrorState compact error={diff.error} onRetry={() => void diff.refetch()} />
    ) : (
      <Skeleton height={120} role="status" aria-label={t('common:state.loading')} />
    );
  }
  if (diff.data.length === 0) {
    return (
      <Text size="sm" c="dimmed">
        {t('diff.none')}
      </Text>
    );
  }
  return (
    <ul className={classes.rows} aria-label={t('diff.label')}>
      {diff.data.map((change) => (
        <li key={change.path} className={classes.change}>
          <Change change={change} />
        </li>
      ))}
    </ul>
  );
}

function Change({ change }: { change: SettingChange }) {
  const { t, i18n } = useTranslation('agents');
  const { known, rest } = nameOf(change.path, (name) => i18n.exists(`agents:setting.${name}`));
  const title = [known === null ? null : t(`setting.${known}`), rest].filter((part) => part !== null && part !== '').join(' · ');
  return (
    <>
      <Text size="sm" fw={600}>
        {title}
      </Text>
      {change.before !== undefined && change.before !== null && <Value side="before" label={t('diff.before')} value={change.before} />}
      {change.after !== undefined && change.after !== null && <Value side="after" label={t('diff.after')} value={change.after} />}
    </>
  );
}

function Value({ side, label, value }: { side: 'before' | 'after'; label: string; value: Json }) {
  const { t } = useTranslation('agents');
  const text = typeof value === 'string' ? value : JSON.stringify(value, null, 1);
  return (
    <div className={classes.value} data-side={side}>
      <Text span size="xs" c="dimmed" fw={600}>
        {label}:{' '}
      </Text>
      {text === '' ? t('diff.empty') : text}
    </div>
  );
}
