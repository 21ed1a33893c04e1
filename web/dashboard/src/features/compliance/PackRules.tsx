// One pack of rules: its head in the list, and what stands in it.

import type { Pack, Rule, RuleChange } from '@frontdesk/api-client';
import { Badge, Button, Code, Group, Text } from '@mantine/core';
import { CircleAlert, CircleCheck, CircleHelp, CircleOff, Gavel, HeartHandshake, Pencil, type LucideIcon } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { StatusBadge } from '../../ui/StatusBadge';
import { civilOf } from '../../ui/civil';
import { useNow, useZone } from '../../ui/time';
import { ChangeDialog } from './ChangeDialog';
import classes from './Compliance.module.css';
import { changed, changesOf, inForce, usePackTitle, useRuleText } from './words';

const SURE: Record<Pack['confidence'], { color: string; icon: LucideIcon }> = {
  high: { color: 'teal', icon: CircleCheck },
  medium: { color: 'orange', icon: CircleAlert },
  low: { color: 'red', icon: CircleHelp },
};

interface PackProps {
  pack: Pack;
  changes: readonly RuleChange[];
}

export function PackHead({ pack, changes }: PackProps) {
  const { t } = useTranslation('compliance');
  const titleOf = usePackTitle();
  const own = pack.rule.some((rule) => changesOf(pack, rule, changes).length > 0);
  return (
    <div className={classes.packHead}>
      <span className={classes.packTitle}>{titleOf(pack)}</span>
      <Group gap={6} component="span">
        {own && <StatusBadge look={{ color: 'brand', icon: Pencil }} label={t('rules.own')} />}
        <StatusBadge look={pack.law === false ? { color: 'gray', icon: HeartHandshake } : { color: 'blue', icon: Gavel }} label={t(pack.law === false ? 'rules.custom' : 'rules.law')} />
        <StatusBadge look={SURE[pack.confidence]} label={t(`rules.confidence.${pack.confidence}`)} />
      </Group>
    </div>
  );
}

export function PackRules({ pack, changes, readOnly }: PackProps & { readOnly: boolean }) {
  const { t } = useTranslation('compliance');
  const [editing, setEditing] = useState<Rule | 'pack' | null>(null);
  const titleOf = usePackTitle();
  const whole = changes.find((change) => change.rule === pack.id) ?? null;
  return (
    <>
      <dl className={classes.facts}>
        <dt>{t('rules.where')}</dt>
        <dd>
          <Places pack={pack} />
        </dd>
        <dt>{t('rules.source')}</dt>
        <dd>{pack.source}</dd>
        <dt>{t('rules.sure')}</dt>
        <dd>{t(`rules.confidenceText.${pack.confidence}`)}</dd>
        {pack.note !== undefined && pack.note !== '' && (
          <>
            <dt>{t('rules.note')}</dt>
            <dd>{pack.note}</dd>
          </>
        )}
        <dt>{t('rules.id')}</dt>
        <dd>
          <Code>{pack.id}</Code>
        </dd>
      </dl>
      <ul className={classes.rules} aria-label={t('rules.of', { title: titleOf(pack) })}>
        {pack.rule.map((rule) => (
          <RuleRow key={`${rule.id}/${rule.version}`} pack={pack} rule={rule} changes={changesOf(pack, rule, changes)} onEdit={readOnly ? null : () => setEditing(rule)} />
        ))}
      </ul>
      {!readOnly && pack.rule.length > 1 && (
        <Button mt="sm" size="xs" variant="default" onClick={() => setEditing('pack')}>
          {t(whole?.off === true ? 'rules.packBack' : 'rules.packOff')}
        </Button>
      )}
      {editing !== null && (
        <ChangeDialog
          pack={pack}
          rule={editing === 'pack' ? null : editing}
          change={editing === 'pack' ? whole : (changes.find((change) => change.rule === editing.id) ?? null)}
          onClose={() => setEditing(null)}
        />
      )}
    </>
  );
}

function Places({ pack }: { pack: Pack }) {
  const { t, i18n } = useTranslation('compliance');
  if (pack.elsewhere === true) return t('rules.elsewhere');
  if (pack.countries.length === 0) return t('rules.everywhere');
  const names = new Intl.DisplayNames(i18n.language, { type: 'region' });
  const countries = pack.countries.map((code) => names.of(code) ?? code);
  return typeof pack.region === 'string' ? `${pack.region}, ${countries.join(', ')}` : countries.join(', ');
}

interface RuleRowProps {
  pack: Pack;
  rule: Rule;
  changes: readonly RuleChange[];
  onEdit: (() => void) | null;
}

function RuleRow({ rule, changes, onEdit }: RuleRowProps) {
  const { t, i18n } = useTranslation('compliance');
  const text = useRuleText();
  const zone = useZone();
  const today = civilOf(useNow(), zone).day;
  const off = changes.some((change) => change.off === true);
  const now = changed(rule, changes);
  const differs = JSON.stringify(now) !== JSON.stringify(changed(rule, []));
  const day = (civil: string) => new Intl.DateTimeFormat(i18n.language, { dateStyle: 'medium', timeZone: 'UTC' }).format(new Date(`${civil}T00:00:00Z`));
  const reasons = changes.map((change) => change.reason ?? '').filter((reason) => reason !== '');
  return (
    <li className={classes.rule} data-off={off || undefined}>
      <div className={classes.ruleBody}>
        <Text size="sm" fw={550}>
          {text(now)}
        </Text>
        {differs && (
          <Text size="xs" c="dimmed">
            {t('rules.before', { text: text(rule) })}
          </Text>
        )}
        {reasons.length > 0 && (
          <Text size="xs" c="dimmed">
            {t('rules.because', { reason: reasons.join('; ') })}
          </Text>
        )}
        <Group gap={6} mt={6}>
          {off && <StatusBadge look={{ color: 'red', icon: CircleOff }} label={t('rules.off')} />}
          {!off && differs && <StatusBadge look={{ color: 'brand', icon: Pencil }} label={t('rules.own')} />}
          {!inForce(rule, today) && <Badge color="gray">{t(rule.from > today ? 'rules.notYet' : 'rules.over')}</Badge>}
          {(rule.purposes ?? ['marketing']).map((purpose) => (
            <Badge key={purpose} color="gray">
              {t(`purpose.${purpose}`)}
            </Badge>
          ))}
          {rule.channels.map((channel) => (
            <Badge key={channel} color="gray">
              {t(`common:channel.${channel}`)}
            </Badge>
          ))}
        </Group>
        <Text size="xs" c="dimmed" mt={6}>
          <Code>{`${rule.id}/${rule.version}${differs || off ? '+own' : ''}`}</Code> · {typeof rule.until === 'string' ? t('rules.between', { from: day(rule.from), until: day(rule.until) }) : t('rules.from', { from: day(rule.from) })}
        </Text>
      </div>
      {onEdit !== null && (
        <Button size="xs" variant="default" leftSection={<Pencil size={14} aria-hidden />} onClick={onEdit} aria-label={t('rules.changeOf', { rule: rule.id })}>
          {t('rules.change')}
        </Button>
      )}
    </li>
  );
}
