// The whole workflow in one form: who enters, what is done, what it is for, and what makes a contact fit.

import type { Goal, Purpose, WorkflowSettings } from '@frontdesk/api-client';
import { Button, Group, NumberInput, Radio, Stack, Switch, Text, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { ListFilter } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Panel } from '../../../ui/Panel';
import { asks } from '../../contacts/filter';
import { FilterChips } from '../../contacts/FilterChips';
import { FilterDrawer } from '../../contacts/FilterDrawer';
import { faultUnder } from '../draft';
import classes from '../Workflows.module.css';
import { CriteriaPanel } from './CriteriaPanel';
import { faultsAt, type Faults } from './place';
import { Steps } from './Steps';
import { TriggerForm } from './TriggerForm';

export interface EditorProps {
  settings: WorkflowSettings;
  onChange: (change: (settings: WorkflowSettings) => WorkflowSettings) => void;
  faults: ReadonlyMap<string, string>;
  readOnly: boolean;
  open: ReadonlySet<string>;
  onOpen: (open: ReadonlySet<string>) => void;
}

export function Editor({ settings, onChange, faults, readOnly, open, onOpen }: EditorProps) {
  const { t } = useTranslation('workflows');
  const set = (part: Partial<WorkflowSettings>) => onChange((now) => ({ ...now, ...part }));
  const at = faultsAt(faults);
  return (
    <div className={classes.editor}>
      <div className={classes.column}>
        <Panel title={t('enter.title')} text={t('enter.text')}>
          <fieldset disabled={readOnly} className={classes.plain}>
            <Stack>
              <TextInput label={t('enter.name')} maxLength={80} value={settings.name} error={at.at('/name')} onChange={(event) => set({ name: event.currentTarget.value })} />
              <TriggerForm value={settings.trigger} onChange={(trigger) => set({ trigger })} faults={at.under('/trigger')} />
              <Who settings={settings} onChange={(filter) => set({ filter })} fault={faultUnder(faults, '/filter')} readOnly={readOnly} />
            </Stack>
          </fieldset>
        </Panel>
        <Panel title={t('steps.title')} text={t('steps.text')}>
          <Steps settings={settings} onChange={onChange} faults={faults} readOnly={readOnly} open={open} onOpen={onOpen} />
        </Panel>
      </div>
      <div className={classes.column}>
        <GoalPanel settings={settings} set={set} faults={at} readOnly={readOnly} />
        <CriteriaPanel value={settings.criteria} onChange={(change) => onChange((now) => ({ ...now, criteria: change(now.criteria) }))} faults={faults} readOnly={readOnly} />
      </div>
    </div>
  );
}

interface WhoProps {
  settings: WorkflowSettings;
  onChange: (filter: WorkflowSettings['filter']) => void;
  fault: string | undefined;
  readOnly: boolean;
}

/** Of those who would enter, which do. */
function Who({ settings, onChange, fault, readOnly }: WhoProps) {
  const { t } = useTranslation('workflows');
  const [choosing, { open, close }] = useDisclosure(false);
  const { filter } = settings;
  return (
    <div>
      <Group justify="space-between" gap="xs">
        <Text size="sm" fw={550}>
          {t('who.label')}
        </Text>
        {!readOnly && (
          <Button size="compact-sm" variant="default" leftSection={<ListFilter size={14} aria-hidden />} onClick={open}>
            {t('who.choose')}
          </Button>
        )}
      </Group>
      {asks(filter) === 0 ? (
        <Text size="sm" c="dimmed">
          {t('who.everybody')}
        </Text>
      ) : (
        <FilterChips filter={filter} onChange={readOnly ? undefined : onChange} />
      )}
      {fault !== undefined && (
        <Text size="xs" c="var(--text-danger)" mt={4} role="alert">
          {fault}
        </Text>
      )}
      <FilterDrawer
        opened={choosing}
        filter={filter}
        title={t('who.title')}
        apply={t('who.apply')}
        onClose={close}
        onApply={(next) => {
          close();
          onChange(next);
        }}
      />
    </div>
  );
}

interface GoalPanelProps {
  settings: WorkflowSettings;
  set: (part: Partial<WorkflowSettings>) => void;
  faults: Faults;
  readOnly: boolean;
}

const GOALS = ['booking', 'reply', 'qualified'] as const satisfies readonly Goal[];
const PURPOSES = ['marketing', 'transactional'] as const satisfies readonly Purpose[];
/** A month, to begin with. */
const AGAIN = 30;

function GoalPanel({ settings, set, faults, readOnly }: GoalPanelProps) {
  const { t } = useTranslation('workflows');
  const again = settings.again_after_days ?? null;
  return (
    <Panel title={t('goal.title')} text={t('goal.text')}>
      <fieldset disabled={readOnly} className={classes.plain}>
        <Stack>
          <Radio.Group label={t('goal.label')} value={settings.goal} error={faults.at('/goal')} onChange={(goal) => set({ goal: goal as Goal })}>
            <Stack gap={6} mt={4}>
              {GOALS.map((goal) => (
                <Radio key={goal} value={goal} label={t(`goal.${goal}`)} />
              ))}
            </Stack>
          </Radio.Group>
          <Switch
            label={t('exit.reply')}
            description={t('exit.replyText')}
            checked={settings.stop_on_reply}
            onChange={(event) => set({ stop_on_reply: event.currentTarget.checked })}
          />
          <Switch label={t('exit.booking')} checked={settings.stop_on_booking} onChange={(event) => set({ stop_on_booking: event.currentTarget.checked })} />
          <Text size="xs" c="dimmed">
            {t('exit.always')}
          </Text>
          <Switch label={t('again.label')} checked={again !== null} onChange={(event) => set({ again_after_days: event.currentTarget.checked ? AGAIN : null })} />
          {again !== null && (
            <NumberInput
              maw={220}
              label={t('again.days')}
              min={1}
              max={3650}
              allowDecimal={false}
              allowNegative={false}
              value={again}
              error={faults.at('/again_after_days')}
              onChange={(days) => set({ again_after_days: Number(days) })}
            />
          )}
          <Radio.Group label={t('purpose.label')} value={settings.purpose} error={faults.at('/purpose')} onChange={(purpose) => set({ purpose: purpose as Purpose })}>
            <Stack gap={6} mt={4}>
              {PURPOSES.map((purpose) => (
                <Radio key={purpose} value={purpose} label={t(`purpose.${purpose}`)} description={t(`purpose.${purpose}Text`)} />
              ))}
            </Stack>
          </Radio.Group>
        </Stack>
      </fieldset>
    </Panel>
  );
}
