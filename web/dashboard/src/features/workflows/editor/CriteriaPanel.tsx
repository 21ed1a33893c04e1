import type { Criterion } from '@frontdesk/api-client';
import { ActionIcon, Button, Stack, Switch, TagsInput, Text, TextInput } from '@mantine/core';
import { Plus, Trash2 } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Panel } from '../../../ui/Panel';
import { notifyUndo } from '../../../ui/toast';
import { inserted, MOST_CRITERIA, newCriterion } from '../draft';
import classes from '../Workflows.module.css';
import { faultsAt } from './place';

interface CriteriaPanelProps {
  value: readonly Criterion[];
  onChange: (change: (criteria: Criterion[]) => Criterion[]) => void;
  faults: ReadonlyMap<string, string>;
  readOnly: boolean;
}

/** What makes a contact fit: judged when they answer, by the agent's model or by words. */
export function CriteriaPanel({ value, onChange, faults, readOnly }: CriteriaPanelProps) {
  const { t } = useTranslation('workflows');
  const set = (id: string, part: Partial<Criterion>) => onChange((now) => now.map((each) => (each.id === id ? { ...each, ...part } : each)));
  const general = faultsAt(faults).at('/criteria');
  return (
    <Panel title={t('criteria.title')} text={t('criteria.text')}>
      <fieldset disabled={readOnly} className={classes.plain}>
        <Stack>
          {value.length === 0 && readOnly && (
            <Text size="sm" c="dimmed">
              {t('criteria.none')}
            </Text>
          )}
          {value.map((criterion, at) => {
            const fault = faultsAt(faults, `/criteria/${criterion.id}`);
            const number = at + 1;
            return (
              <div key={criterion.id} role="group" aria-label={t('criteria.one', { number })} className={classes.criterion}>
                <Stack gap="xs">
                  <TextInput
                    label={t('criteria.what', { number })}
                    placeholder={t('criteria.example')}
                    maxLength={300}
                    value={criterion.text}
                    error={fault.at('/text') ?? fault.at('/id')}
                    onChange={(event) => set(criterion.id, { text: event.currentTarget.value })}
                  />
                  <TagsInput
                    label={t('criteria.words')}
                    description={t('criteria.wordsText')}
                    placeholder={criterion.words.length === 0 ? t('criteria.wordsHint') : ''}
                    maxTags={20}
                    acceptValueOnBlur
                    value={criterion.words}
                    error={fault.at('/words') ?? criterion.words.map((_, n) => fault.at(`/words/${String(n)}`)).find((message) => message !== undefined)}
                    onChange={(words) => set(criterion.id, { words })}
                  />
                  <Switch label={t('criteria.required')} checked={criterion.required} onChange={(event) => set(criterion.id, { required: event.currentTarget.checked })} />
                </Stack>
                {!readOnly && (
                  <ActionIcon
                    size={30}
                    aria-label={t('criteria.remove', { number })}
                    onClick={() => {
                      onChange((now) => now.filter((each) => each.id !== criterion.id));
                      notifyUndo(t('criteria.removed'), () => onChange((now) => (now.some(({ id }) => id === criterion.id) ? now : inserted(now, at, criterion))));
                    }}
                  >
                    <Trash2 size={15} aria-hidden />
                  </ActionIcon>
                )}
              </div>
            );
          })}
          {general !== undefined && (
            <Text size="sm" c="var(--text-danger)" role="alert">
              {general}
            </Text>
          )}
          {!readOnly && value.length < MOST_CRITERIA && (
            <div>
              <Button variant="light" size="xs" leftSection={<Plus size={15} aria-hidden />} onClick={() => onChange((now) => [...now, newCriterion()])}>
                {t('criteria.add')}
              </Button>
            </div>
          )}
        </Stack>
      </fieldset>
    </Panel>
  );
}
