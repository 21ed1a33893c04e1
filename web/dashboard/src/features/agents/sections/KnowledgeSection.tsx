import { Anchor, Checkbox, Radio, Skeleton, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { ErrorState } from '../../../ui/ErrorState';
import { Panel } from '../../../ui/Panel';
import { SourceBadge } from '../../../ui/StatusBadge';
import type { SectionProps } from '../AgentForm';
import classes from '../Agents.module.css';
import { allSourcesQuery } from '../queries';

export function KnowledgeSection({ form, readOnly }: SectionProps) {
  const { t } = useTranslation('agents');
  const sources = useQuery(allSourcesQuery);
  const chosen = form.values.draft.sources;
  const all = chosen === null || chosen === undefined;
  const set = (ids: string[] | null) => form.setFieldValue('draft.sources', ids);
  return (
    <Panel
      title={t('section.knowledge')}
      text={t('knowledge.text')}
      action={
        <Anchor size="sm" renderRoot={(props) => <Link to="/knowledge" {...props} />}>
          {t('knowledge.manage')}
        </Anchor>
      }
    >
      <Radio.Group
        aria-label={t('section.knowledge')}
        readOnly={readOnly}
        value={all ? 'all' : 'some'}
        onChange={(value) => set(value === 'all' ? null : (sources.data ?? []).map((source) => source.id))}
      >
        <Stack gap="sm">
          <Radio value="all" label={t('knowledge.all')} description={t('knowledge.allText')} />
          <Radio value="some" label={t('knowledge.some')} description={t('knowledge.someText')} />
        </Stack>
      </Radio.Group>
      {!all &&
        (sources.data === undefined ? (
          sources.isError ? (
            <ErrorState compact error={sources.error} onRetry={() => void sources.refetch()} />
          ) : (
            <Skeleton height={160} mt="md" />
          )
        ) : (
          <ul className={classes.rows} style={{ marginTop: 16 }} aria-label={t('knowledge.sources')}>
            {sources.data.map((source) => (
              <li key={source.id} className={classes.row}>
                <Checkbox
                  style={{ flex: 1, minWidth: 0 }}
                  label={source.title}
                  checked={chosen.includes(source.id)}
                  disabled={readOnly}
                  onChange={(event) =>
                    set(event.currentTarget.checked ? [...chosen, source.id] : chosen.filter((id) => id !== source.id))
                  }
                />
                <SourceBadge status={source.status} />
              </li>
            ))}
          </ul>
        ))}
      {!all && chosen.length === 0 && (
        <Text size="sm" c="var(--text-warning)" mt="sm">
          {t('knowledge.nothing')}
        </Text>
      )}
    </Panel>
  );
}
