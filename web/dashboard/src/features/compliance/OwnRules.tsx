// What the business itself asks of its messages beyond the law: hours, caps, and what holds when little is known.

import type { OwnCap, RuleSettings, UnknownRegion, WeeklyHours } from '@frontdesk/api-client';
import { Anchor, Button, Card, Group, Radio, Skeleton, Stack, Switch, Text, Textarea } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCan, useWorkspace } from '../../app/session';
import { ErrorState } from '../../ui/ErrorState';
import { HoursEditor } from '../../ui/HoursEditor';
import { isValid, USUAL } from '../../ui/hours';
import { Panel } from '../../ui/Panel';
import { SaveBar } from '../../ui/SaveBar';
import { notifyDone } from '../../ui/toast';
import { CapRow, faultOf } from './CapRow';
import classes from './Compliance.module.css';
import { linesOf, weekOf } from './hours';
import { rulesQuery, useSaveRules } from './queries';

export function OwnRules() {
  const rules = useQuery(rulesQuery);
  if (rules.data !== undefined) return <OwnRulesForm settings={rules.data.settings} />;
  if (rules.isError) {
    return (
      <Card>
        <ErrorState error={rules.error} onRetry={() => void rules.refetch()} />
      </Card>
    );
  }
  return <Skeleton height={520} radius="lg" />;
}

interface Values {
  outside: boolean;
  quiet: boolean;
  unknown: UnknownRegion;
  /** Absent: those of the law alone. */
  hours: WeeklyHours | null;
  caps: OwnCap[];
  postal: string;
}

const valuesOf = (settings: RuleSettings): Values => ({
  outside: settings.outside_business_hours ?? false,
  quiet: settings.quiet_transactional ?? false,
  unknown: settings.unknown_region ?? 'country_only',
  hours: settings.hours === null || settings.hours === undefined ? null : weekOf(settings.hours),
  caps: settings.caps ?? [],
  postal: settings.postal_address ?? '',
});

/** Most caps the server takes. */
const MOST = 20;
const WORKDAYS: WeeklyHours = { mon: [USUAL], tue: [USUAL], wed: [USUAL], thu: [USUAL], fri: [USUAL] };
const ONE_A_DAY: OwnCap = { max: 1, hours: 24, purposes: ['marketing'], channels: ['sms', 'whatsapp', 'email', 'telegram'] };

function OwnRulesForm({ settings }: { settings: RuleSettings }) {
  const { t, i18n } = useTranslation('compliance');
  const workspace = useWorkspace();
  const readOnly = !useCan('compliance:write');
  const save = useSaveRules();
  const [shown, setShown] = useState(settings);
  const [values, setValues] = useState(() => valuesOf(settings));
  const set = (part: Partial<Values>) => setValues((before) => ({ ...before, ...part }));
  const dirty = JSON.stringify(values) !== JSON.stringify(valuesOf(shown));
  // Somebody else's change shows at once, unless it would take away what is being typed here.
  if (settings !== shown && !dirty) {
    setShown(settings);
    setValues(valuesOf(settings));
  }
  const { outside, quiet, unknown, hours, caps, postal } = values;
  const faulty = caps.some((cap) => faultOf(cap) !== null) || (hours !== null && (!isValid(hours) || linesOf(hours).length === 0));
  const country = workspace?.country;
  const changes = settings.changes ?? [];

  function submit() {
    if (faulty) return;
    save.mutate(
      { ...settings, outside_business_hours: outside, quiet_transactional: quiet, unknown_region: unknown, hours: hours === null ? null : linesOf(hours), caps, postal_address: postal },
      {
        onSuccess: (saved) => {
          setShown(saved);
          setValues(valuesOf(saved));
          notifyDone(t('common:state.saved'));
        },
      },
    );
  }

  return (
    <Stack>
      <Panel title={t('own.hoursTitle')} text={t('own.hoursText')}>
        <Stack>
          <Switch label={t('own.hours')} checked={hours !== null} disabled={readOnly} onChange={(event) => set({ hours: event.currentTarget.checked ? WORKDAYS : null })} />
          {hours !== null && <HoursEditor label={t('own.hoursTitle')} hours={hours} readOnly={readOnly} onChange={(next) => set({ hours: next })} />}
          {hours !== null && linesOf(hours).length === 0 && (
            <Text size="sm" c="var(--text-danger)" role="alert">
              {t('own.noHours')}
            </Text>
          )}
          <Switch label={t('own.outside')} description={t('own.outsideText')} checked={outside} disabled={readOnly} onChange={(event) => set({ outside: event.currentTarget.checked })} />
          <Switch label={t('own.quiet')} description={t('own.quietText')} checked={quiet} disabled={readOnly} onChange={(event) => set({ quiet: event.currentTarget.checked })} />
        </Stack>
      </Panel>
      <Panel title={t('own.mailTitle')} text={t('own.mailText')}>
        <Textarea label={t('own.postal')} description={t('own.postalText')} autosize minRows={2} maxLength={300} value={postal} disabled={readOnly} onChange={(event) => set({ postal: event.currentTarget.value })} />
      </Panel>
      <Panel
        title={t('own.capsTitle')}
        text={t('own.capsText')}
        action={
          !readOnly && (
            <Button size="xs" variant="default" leftSection={<Plus size={15} aria-hidden />} disabled={caps.length >= MOST} onClick={() => set({ caps: [...caps, ONE_A_DAY] })}>
              {t('own.addCap')}
            </Button>
          )
        }
      >
        {caps.length === 0 ? (
          <Text size="sm" c="dimmed">
            {t('own.noCaps')}
          </Text>
        ) : (
          <ul className={classes.plainList}>
            {caps.map((cap, index) => (
              <CapRow
                key={index}
                number={index + 1}
                cap={cap}
                readOnly={readOnly}
                onChange={(next) => set({ caps: caps.map((each, at) => (at === index ? next : each)) })}
                onRemove={() => set({ caps: caps.filter((_, at) => at !== index) })}
              />
            ))}
          </ul>
        )}
      </Panel>
      <Panel title={t('own.placeTitle')} text={t('own.placeText')}>
        <Radio.Group label={t('own.unknown')} value={unknown} onChange={(value) => set({ unknown: value as UnknownRegion })}>
          <Stack gap="xs" mt="xs">
            {(['country_only', 'strictest'] as const).map((value) => (
              <Radio key={value} value={value} disabled={readOnly} label={t(`own.unknownIs.${value}`)} description={t(`own.unknownText.${value}`)} />
            ))}
          </Stack>
        </Radio.Group>
        <Group mt="md" gap={6}>
          <Text size="sm">
            {t('own.country', { country: country === undefined ? '…' : (new Intl.DisplayNames(i18n.language, { type: 'region' }).of(country) ?? country) })}
          </Text>
          <Anchor size="sm" renderRoot={(props) => <Link to="/settings/$section" params={{ section: 'business' }} {...props} />}>
            {t('own.countryChange')}
          </Anchor>
        </Group>
      </Panel>
      <Panel title={t('own.changesTitle')} text={t('own.changesText')}>
        <Group gap="sm">
          <Text size="sm">{t('own.changes', { count: changes.length })}</Text>
          <Anchor size="sm" renderRoot={(props) => <Link to="/compliance/$section" params={{ section: 'rules' }} search={changes.length === 0 ? {} : { show: 'changed' }} {...props} />}>
            {t('own.changesOpen')}
          </Anchor>
        </Group>
      </Panel>
      <SaveBar
        dirty={dirty}
        saving={save.isPending}
        error={save.error}
        onSave={submit}
        onDiscard={() => {
          setValues(valuesOf(shown));
          save.reset();
        }}
      />
    </Stack>
  );
}
