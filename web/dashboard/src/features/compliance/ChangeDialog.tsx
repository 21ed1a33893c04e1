// Changing a rule: other hours, another number, another consent, or not at all. Allowing more than a law does needs a
// reason; whether it does is the server's to say.

import { isProblem, type ConsentLevel, type OnHolidays, type Pack, type Rule, type RuleChange } from '@frontdesk/api-client';
import { Button, Checkbox, Group, Modal, NativeSelect, NumberInput, Stack, Switch, Text, Textarea } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { FormError } from '../../ui/FormError';
import { HoursEditor } from '../../ui/HoursEditor';
import { isValid } from '../../ui/hours';
import { sentence } from '../../ui/text';
import { notifyDone } from '../../ui/toast';
import { linesOf, weekOf } from './hours';
import { useChangeRule } from './queries';
import { usePackTitle, useRuleText } from './words';

interface ChangeDialogProps {
  pack: Pack;
  /** Absent: all rules of the pack. */
  rule: Rule | null;
  /** What is changed about it already. */
  change: RuleChange | null;
  onClose: () => void;
}

export function ChangeDialog(props: ChangeDialogProps) {
  const text = useRuleText();
  const { pack, rule, onClose } = props;
  const title = usePackTitle()(pack);
  return (
    <Modal opened onClose={onClose} size="lg" closeOnClickOutside={false} title={<Text fw={650}>{rule === null ? title : `${title}: ${text(rule)}`}</Text>}>
      <ChangeForm {...props} />
    </Modal>
  );
}

const LEVELS: readonly ConsentLevel[] = ['implied', 'express', 'express_written'];
/** The server's shortest reason. */
const REASON = 10;

/** What the server says of a change, without the path of the field it stands in. */
function wordsOf(error: unknown): unknown {
  return isProblem(error) && error.errors.length > 0 ? sentence(error.errors.map(({ message }) => message).join('; ')) : error;
}

function ChangeForm({ pack, rule, change, onClose }: ChangeDialogProps) {
  const { t } = useTranslation('compliance');
  const save = useChangeRule(rule?.id ?? pack.id);
  const [off, setOff] = useState(change?.off ?? false);
  const [week, setWeek] = useState(() => weekOf(change?.hours ?? (rule?.kind === 'hours' ? rule.week : [])));
  const [holidays, setHolidays] = useState<OnHolidays>(change?.holidays ?? (rule?.kind === 'hours' ? (rule.holidays ?? 'as_usual') : 'as_usual'));
  const [max, setMax] = useState<number | string>(change?.max ?? (rule?.kind === 'cap' ? rule.max : 0));
  const [level, setLevel] = useState<ConsentLevel>(change?.level ?? (rule?.kind === 'consent' ? rule.level : 'express'));
  const [loosens, setLoosens] = useState(change?.loosens ?? false);
  const [reason, setReason] = useState(change?.reason ?? '');
  const [tried, setTried] = useState(false);

  const hours = linesOf(week);
  const sameHours = rule?.kind === 'hours' && JSON.stringify(hours) === JSON.stringify(linesOf(weekOf(rule.week)));
  // What stands there as the rule has it is no change.
  const parts: Omit<RuleChange, 'rule'> = off
    ? { off }
    : rule?.kind === 'hours'
      ? { ...(sameHours ? {} : { hours }), ...(holidays === (rule.holidays ?? 'as_usual') ? {} : { holidays }) }
      : rule?.kind === 'cap' && typeof max === 'number' && max !== rule.max
        ? { max }
        : rule?.kind === 'consent' && level !== rule.level
          ? { level }
          : {};
  const isChange = Object.keys(parts).length > 0;
  const law = pack.law !== false;
  const faults = {
    hours: !off && rule?.kind === 'hours' && (!isValid(week) || hours.length === 0) ? t('change.noHours') : undefined,
    max: !off && rule?.kind === 'cap' && typeof max !== 'number' ? t('change.noMax') : undefined,
    reason: isChange && loosens && reason.trim().length < REASON ? t('change.noReason', { count: REASON }) : undefined,
  };

  function submit() {
    setTried(true);
    if (Object.values(faults).some((fault) => fault !== undefined)) return;
    const words = reason.trim();
    save.mutate(isChange ? { ...parts, ...(law && loosens ? { loosens } : {}), ...(words === '' ? {} : { reason: words }) } : null, {
      onSuccess: () => {
        notifyDone(t(isChange ? 'change.done' : 'change.undone'));
        onClose();
      },
    });
  }

  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <Stack>
        <Switch
          data-autofocus
          label={t(rule === null ? 'change.holdAll' : 'change.hold')}
          description={t(law ? 'change.holdLaw' : 'change.holdCustom')}
          checked={!off}
          onChange={(event) => setOff(!event.currentTarget.checked)}
        />
        {!off && rule?.kind === 'hours' && (
          <>
            <Text size="sm" c="dimmed">
              {t('change.hours')}
            </Text>
            <HoursEditor label={t('change.hours')} hours={week} onChange={setWeek} />
            {faults.hours !== undefined && hours.length === 0 && (
              <Text size="sm" c="var(--text-danger)" role="alert">
                {faults.hours}
              </Text>
            )}
            <NativeSelect
              label={t('change.holidays')}
              data={(['as_usual', 'closed'] as const).map((value) => ({ value, label: t(`change.holiday.${value}`) }))}
              value={holidays}
              onChange={(event) => setHolidays(event.currentTarget.value as OnHolidays)}
            />
          </>
        )}
        {!off && rule?.kind === 'cap' && (
          <NumberInput label={t('change.max', { hours: rule.hours })} min={0} max={1000} allowDecimal={false} clampBehavior="strict" value={max} error={tried ? faults.max : undefined} onChange={setMax} maw={260} />
        )}
        {!off && rule?.kind === 'consent' && (
          <NativeSelect label={t('change.level')} data={LEVELS.map((value) => ({ value, label: t(`level.${value}`) }))} value={level} onChange={(event) => setLevel(event.currentTarget.value as ConsentLevel)} />
        )}
        {isChange && law && <Checkbox label={t('change.loosens')} description={t('change.loosensText')} checked={loosens} onChange={(event) => setLoosens(event.currentTarget.checked)} />}
        {isChange && (
          <Textarea
            label={t(loosens ? 'change.reason' : 'change.reasonOptional')}
            placeholder={t('change.reasonExample')}
            autosize
            minRows={2}
            maxRows={6}
            maxLength={500}
            value={reason}
            error={tried ? faults.reason : undefined}
            onChange={(event) => setReason(event.currentTarget.value)}
          />
        )}
        {!isChange && (
          <Text size="sm" c="dimmed">
            {t(change === null ? 'change.same' : 'change.back')}
          </Text>
        )}
        <FormError error={wordsOf(save.error)} />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            {t('common:action.cancel')}
          </Button>
          <Button type="submit" loading={save.isPending} disabled={!isChange && change === null}>
            {t('common:action.save')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
