// Every pack of rules: what it says, where it holds, where it comes from and how sure that is.

import type { Pack, RulesInUse } from '@frontdesk/api-client';
import { Accordion, Alert, Button, Card, Group, NativeSelect, Skeleton, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { Info, SearchX } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useCan, useWorkspace } from '../../app/session';
import { EmptyState } from '../../ui/EmptyState';
import { ErrorState } from '../../ui/ErrorState';
import { SearchField } from '../../ui/SearchField';
import classes from './Compliance.module.css';
import { PackHead, PackRules } from './PackRules';
import { rulesQuery } from './queries';
import { SHOWN, type ComplianceSearch, type Shown } from './routes';
import { concerns, groupOf, usePackTitle, type RuleGroup } from './words';

const GROUPS: readonly RuleGroup[] = ['country', 'states', 'channels', 'custom'];

export function Rules() {
  const { t } = useTranslation('compliance');
  const rules = useQuery(rulesQuery);
  return (
    <>
      <Alert icon={<Info size={18} aria-hidden />} color="blue" title={t('rules.notAdvice')}>
        {t('rules.text')}
      </Alert>
      {rules.data !== undefined ? (
        <Packs rules={rules.data} />
      ) : rules.isError ? (
        <Card>
          <ErrorState error={rules.error} onRetry={() => void rules.refetch()} />
        </Card>
      ) : (
        <Skeleton height={520} radius="lg" />
      )}
    </>
  );
}

function Packs({ rules: { packs, settings } }: { rules: RulesInUse }) {
  const { t } = useTranslation('compliance');
  const search: ComplianceSearch = useSearch({ strict: false });
  const navigate = useNavigate();
  const workspace = useWorkspace();
  const mayWrite = useCan('compliance:write');
  const titleOf = usePackTitle();
  const changes = settings.changes ?? [];
  const touched = (pack: Pack) => changes.some((change) => change.rule === pack.id || pack.rule.some((rule) => rule.id === change.rule));
  const country = workspace?.country ?? '';
  const words = (search.q ?? '').toLocaleLowerCase();
  const fits: Record<Shown, (pack: Pack) => boolean> = {
    here: (pack) => concerns(pack, country, packs),
    changed: touched,
    unsure: (pack) => pack.confidence !== 'high',
  };
  const shown = packs
    .filter((pack) => search.show === undefined || fits[search.show](pack))
    .filter((pack) => words === '' || [titleOf(pack), pack.title, pack.id, pack.source, pack.note ?? '', ...pack.rule.map((rule) => `${rule.id} ${rule.title}`)].some((text) => text.toLocaleLowerCase().includes(words)));
  const go = (change: { q?: string | undefined; show?: string | undefined }) =>
    void navigate({
      to: '/compliance/$section',
      params: { section: 'rules' },
      search: Object.fromEntries(Object.entries({ ...search, ...change }).filter(([, value]) => value !== undefined && value !== '')) as ComplianceSearch,
      replace: true,
    });
  return (
    <>
      <Group gap="xs">
        <SearchField label={t('rules.search')} value={search.q ?? ''} onSearch={(q) => go({ q })} flex={1} miw={180} maw={420} />
        <NativeSelect
          aria-label={t('rules.show')}
          data={[{ value: '', label: t('rules.all') }, ...SHOWN.map((value) => ({ value: value as string, label: t(`rules.${value}`) }))]}
          value={search.show ?? ''}
          onChange={(event) => go({ show: event.currentTarget.value })}
        />
        <Text size="sm" c="dimmed" role="status">
          {t('rules.count', { count: shown.length })}
        </Text>
      </Group>
      {shown.length === 0 ? (
        <Card>
          <EmptyState
            icon={SearchX}
            title={t(search.show === 'changed' && words === '' ? 'rules.noneChanged' : 'rules.none')}
            action={
              <Button variant="default" onClick={() => go({ q: undefined, show: undefined })}>
                {t('rules.showAll')}
              </Button>
            }
          />
        </Card>
      ) : (
        GROUPS.map((group) => {
          const mine = shown.filter((pack) => groupOf(pack) === group);
          if (mine.length === 0) return null;
          return (
            <section key={group} aria-labelledby={`rules-${group}`}>
              <Title order={2} id={`rules-${group}`} mb="xs">
                {t(`rules.group.${group}`)}
              </Title>
              {/* With few of them, and after a search, everything is open at once. */}
              <Accordion key={`${search.show ?? ''} ${words}`} multiple variant="contained" order={3} classNames={{ item: classes.pack ?? '' }} defaultValue={shown.length <= 4 ? mine.map(({ id }) => id) : []}>
                {mine.map((pack) => (
                  <Accordion.Item key={pack.id} value={pack.id}>
                    <Accordion.Control>
                      <PackHead pack={pack} changes={changes} />
                    </Accordion.Control>
                    <Accordion.Panel>
                      <PackRules pack={pack} changes={changes} readOnly={!mayWrite} />
                    </Accordion.Panel>
                  </Accordion.Item>
                ))}
              </Accordion>
            </section>
          );
        })
      )}
    </>
  );
}
