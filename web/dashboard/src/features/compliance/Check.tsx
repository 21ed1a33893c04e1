// "May this be sent?": the gate's answer for a contact, a channel, a purpose and a time, with every rule it looked at.

import type { Checked, Contact, Finding, Purpose, RulesInUse } from '@frontdesk/api-client';
import { Card, Code, Collapse, Group, NativeSelect, SegmentedControl, Skeleton, Text, Title, UnstyledButton } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useSearch } from '@tanstack/react-router';
import { ChevronDown, CircleCheck, CircleMinus, CircleSlash, Clock, HelpCircle, type LucideIcon } from 'lucide-react';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { isoOf } from '../../ui/civil';
import { EmptyState } from '../../ui/EmptyState';
import { Panel } from '../../ui/Panel';
import { sentence } from '../../ui/text';
import { useFormatTime, useNow, useZone } from '../../ui/time';
import { addressOn, instantIn, type Later } from '../messages/compose';
import { LaterField, nextHour } from '../messages/LaterField';
import { Refusal } from '../messages/Refusal';
import { useRefusalText, VerdictNote } from '../messages/Verdict';
import classes from './Compliance.module.css';
import { ForContact } from './ContactField';
import { hoursText } from './hours';
import { checkQuery, rulesQuery, type Question } from './queries';
import { CARRIED, type Carried, type ComplianceSearch } from './routes';
import { CHECKS, ruleNamed, usePackTitle, useRuleText } from './words';

export function Check() {
  const { t } = useTranslation('compliance');
  const search: ComplianceSearch = useSearch({ strict: false });
  return (
    <ForContact section="check" search={search} empty={<EmptyState icon={HelpCircle} title={t('ask.choose')} text={t('ask.chooseText')} />}>
      {(contact) => <Asking key={contact.id} contact={contact} />}
    </ForContact>
  );
}

const PURPOSES: readonly Purpose[] = ['marketing', 'transactional', 'reply'];

function Asking({ contact }: { contact: Contact }) {
  // The verdict speaks the words of the messages' page; loaded together, nothing is shown in halves.
  const { t } = useTranslation(['compliance', 'messages']);
  const zone = useZone();
  const now = useNow();
  const [channel, setChannel] = useState<Carried>(() => CARRIED.find((each) => addressOn(contact, each) !== null) ?? 'sms');
  const [purpose, setPurpose] = useState<Purpose>('marketing');
  const [later, setLater] = useState<Later | null>(null);
  const at = later === null ? null : instantIn(later, zone);
  const missing = addressOn(contact, channel) === null ? t(channel === 'email' ? 'consent.noEmail' : 'consent.noPhone') : null;
  const question: Question | null = missing !== null || (later !== null && at === null) ? null : { contact: contact.id, channel, purpose, at: at === null ? null : isoOf(at) };
  const checked = useQuery({ ...checkQuery(question), placeholderData: keepPreviousData });
  return (
    <>
      <Panel title={t('ask.title')} text={t('ask.text')}>
        <Group gap="sm" align="flex-end">
          <NativeSelect label={t('consents.channel')} data={CARRIED.map((value) => ({ value, label: t(`common:channel.${value}`) }))} value={channel} onChange={(event) => setChannel(event.currentTarget.value as Carried)} />
          <NativeSelect label={t('consents.purpose')} data={PURPOSES.map((value) => ({ value, label: t(`purpose.${value}`) }))} value={purpose} onChange={(event) => setPurpose(event.currentTarget.value as Purpose)} />
          <SegmentedControl
            aria-label={t('ask.when')}
            data={[
              { value: 'now', label: t('ask.now') },
              { value: 'later', label: t('ask.at') },
            ]}
            value={later === null ? 'now' : 'later'}
            onChange={(value) => setLater(value === 'now' ? null : nextHour(now, zone))}
          />
          {later !== null && <LaterField value={later} onChange={setLater} error={at === null ? t('consent.noTime') : undefined} />}
        </Group>
        {missing !== null && (
          <Text size="sm" c="var(--text-danger)" role="alert" mt="sm">
            {missing}
          </Text>
        )}
      </Panel>
      {question === null ? null : checked.isError ? (
        <Refusal error={checked.error} />
      ) : checked.data === undefined ? (
        <Skeleton height={240} radius="lg" />
      ) : (
        <Answer checked={checked.data} stale={checked.isPlaceholderData} />
      )}
    </>
  );
}

const OUTCOMES: Record<Finding['outcome'], { icon: LucideIcon; tone: string }> = {
  denies: { icon: CircleSlash, tone: 'bad' },
  defers: { icon: Clock, tone: 'later' },
  passes: { icon: CircleCheck, tone: 'good' },
  not_concerned: { icon: CircleMinus, tone: 'none' },
};

function Answer({ checked: { verdict, findings }, stale }: { checked: Checked; stale: boolean }) {
  const { t } = useTranslation('compliance');
  const rules = useQuery(rulesQuery).data;
  return (
    <Card component="section" aria-label={t('ask.answer')} aria-busy={stale}>
      <div aria-live="polite">
        <VerdictNote verdict={verdict} />
        {verdict.verdict !== 'allow' && (
          <Text size="xs" c="dimmed" mt={6}>
            {t('ask.rule')} <Code>{verdict.rule}</Code>
          </Text>
        )}
      </div>
      {(['denies', 'defers', 'passes', 'not_concerned'] as const).map((outcome) => (
        <Findings key={outcome} outcome={outcome} findings={findings.filter((finding) => finding.outcome === outcome)} rules={rules} />
      ))}
    </Card>
  );
}

function Findings({ outcome, findings, rules }: { outcome: Finding['outcome']; findings: readonly Finding[]; rules: RulesInUse | undefined }) {
  const { t } = useTranslation('compliance');
  const id = useId();
  const [opened, setOpened] = useState(outcome !== 'not_concerned');
  if (findings.length === 0) return null;
  return (
    <div className={classes.findings}>
      <Title order={3}>
        <UnstyledButton className={classes.fold} aria-expanded={opened} aria-controls={id} onClick={() => setOpened(!opened)}>
          <ChevronDown size={16} aria-hidden data-opened={opened || undefined} />
          {t(`ask.outcome.${outcome}`, { count: findings.length })}
        </UnstyledButton>
      </Title>
      <Collapse expanded={opened} id={id}>
        <ul className={classes.lines}>
          {findings.map((finding) => (
            <FindingRow key={finding.rule} finding={finding} rules={rules} />
          ))}
        </ul>
      </Collapse>
    </div>
  );
}

/** Where a rule stands, without the name of its set, which stands before it. */
function sourceOf({ source }: Finding, title: string | undefined): string {
  return title !== undefined && source.startsWith(`${title}: `) ? source.slice(title.length + 2) : source;
}

function FindingRow({ finding, rules }: { finding: Finding; rules: RulesInUse | undefined }) {
  const { t, i18n } = useTranslation('compliance');
  const text = useRuleText();
  const titleOf = usePackTitle();
  const refusal = useRefusalText();
  const format = useFormatTime();
  const { icon: Icon, tone } = OUTCOMES[finding.outcome];
  const found = ruleNamed(finding.rule, rules?.packs ?? []);
  const check = CHECKS.find((each) => finding.rule === `${each}/1`);
  // A rule that the business changed is told by the server, which knows how.
  const own = finding.rule.endsWith('+own');
  const hours = finding.rule.startsWith('own-hours/') ? rules?.settings.hours : null;
  const says =
    check !== undefined
      ? t(`check.${check}`)
      : hours !== null && hours !== undefined
        ? t('asks.hours', { hours: hoursText(hours, i18n.language) })
        : found === null || own
          ? finding.title
          : text(found.rule);
  return (
    <li>
      <span className={classes.mark} data-tone={tone}>
        <Icon size={17} aria-hidden />
      </span>
      <div className={classes.grow}>
        <Text size="sm">{says}</Text>
        {finding.outcome === 'denies' && (
          <Text size="sm" c="var(--text-danger)">
            {sentence(refusal(finding))}
          </Text>
        )}
        {finding.outcome === 'defers' && (
          <Text size="sm" fw={550}>
            {t('ask.until', { when: format(finding.until, 'full') })}
          </Text>
        )}
        <Text size="xs" c="dimmed">
          {(check === undefined ? [finding.rule, found === null ? null : titleOf(found.pack), sourceOf(finding, found?.pack.title)] : []).filter((part) => typeof part === 'string' && part !== '').join(' · ')}
        </Text>
      </div>
    </li>
  );
}
