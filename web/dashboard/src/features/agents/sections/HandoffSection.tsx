import type { LeadField } from '@frontdesk/api-client';
import { ActionIcon, Checkbox, Group, NumberInput, Stack, Textarea } from '@mantine/core';
import { ArrowDown, ArrowUp } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Panel } from '../../../ui/Panel';
import type { SectionProps } from '../AgentForm';
import classes from '../Agents.module.css';

const FIELDS: readonly LeadField[] = ['name', 'email', 'phone', 'need'];

export function HandoffSection({ form, readOnly }: SectionProps) {
  const { t } = useTranslation('agents');
  const { handoff, lead_fields: asked } = form.values.draft;
  const set = (fields: LeadField[]) => form.setFieldValue('draft.lead_fields', fields);
  const ordered = [...asked, ...FIELDS.filter((field) => !asked.includes(field))];
  const move = (field: LeadField, by: number) => {
    const at = asked.indexOf(field);
    const next = asked.filter((each) => each !== field);
    next.splice(at + by, 0, field);
    set(next);
  };
  return (
    <>
      <Panel title={t('handoff.title')} text={t('handoff.text')}>
        <Stack>
          <NumberInput
            label={t('field.afterMisses')}
            description={t('field.afterMissesHint')}
            min={1}
            max={10}
            maw={320}
            allowDecimal={false}
            readOnly={readOnly}
            value={handoff.after_misses}
            onChange={(value) => form.setFieldValue('draft.handoff.after_misses', Number(value))}
            error={form.errors['draft.handoff.after_misses']}
          />
          <Textarea
            label={t('field.closedMessage')}
            description={t('field.closedMessageHint')}
            placeholder={t('field.closedMessageExample')}
            autosize
            minRows={2}
            maxRows={6}
            maxLength={1000}
            readOnly={readOnly}
            {...form.getInputProps('draft.handoff.closed_message')}
          />
        </Stack>
      </Panel>
      <Panel title={t('leadFields.title')} text={t('leadFields.text')}>
        <ul className={classes.rows} aria-label={t('leadFields.title')}>
          {ordered.map((field) => {
            const at = asked.indexOf(field);
            const name = t(`leadFields.${field}`);
            return (
              <li key={field} className={classes.row} style={{ alignItems: 'center' }}>
                <Checkbox
                  style={{ flex: 1 }}
                  label={name}
                  checked={at !== -1}
                  disabled={readOnly}
                  onChange={(event) => set(event.currentTarget.checked ? [...asked, field] : asked.filter((each) => each !== field))}
                />
                {!readOnly && at !== -1 && (
                  <Group gap={2}>
                    <ActionIcon size={30} disabled={at === 0} aria-label={t('brain.up', { name })} onClick={() => move(field, -1)}>
                      <ArrowUp size={15} aria-hidden />
                    </ActionIcon>
                    <ActionIcon size={30} disabled={at === asked.length - 1} aria-label={t('brain.down', { name })} onClick={() => move(field, 1)}>
                      <ArrowDown size={15} aria-hidden />
                    </ActionIcon>
                  </Group>
                )}
              </li>
            );
          })}
        </ul>
      </Panel>
    </>
  );
}
