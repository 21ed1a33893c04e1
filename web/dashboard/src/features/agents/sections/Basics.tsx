import type { Language } from '@frontdesk/api-client';
import { NativeSelect, SegmentedControl, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import { useWorkspace } from '../../../app/session';
import { HoursEditor } from '../../../ui/HoursEditor';
import { Panel } from '../../../ui/Panel';
import type { SectionProps } from '../AgentForm';

const LANGUAGES: readonly Language[] = ['en', 'es', 'de', 'fr'];

export function Basics({ form, readOnly }: SectionProps) {
  const { t, i18n } = useTranslation('agents');
  const workspace = useWorkspace();
  const hoursLabel = useId();
  const { hours } = form.values.draft;
  const always = hours === null || hours === undefined;
  const names = new Intl.DisplayNames(i18n.language, { type: 'language' });
  return (
    <>
      <Panel title={t('section.basics')} text={t('basics.text')}>
        <Stack>
          <TextInput label={t('field.name')} description={t('field.nameHint')} maxLength={80} readOnly={readOnly} {...form.getInputProps('name')} />
          <Textarea
            label={t('field.greeting')}
            description={t('field.greetingHint')}
            placeholder={t('field.greetingExample')}
            autosize
            minRows={2}
            maxRows={6}
            maxLength={1000}
            readOnly={readOnly}
            {...form.getInputProps('draft.greeting')}
          />
          <NativeSelect
            label={t('field.language')}
            description={t('field.languageHint')}
            maw={320}
            disabled={readOnly}
            data={LANGUAGES.map((value) => ({ value, label: names.of(value) ?? value }))}
            {...form.getInputProps('draft.language')}
          />
        </Stack>
      </Panel>
      <Panel title={t('hours.title')} text={t('hours.text')}>
        <Text id={hoursLabel} className="visually-hidden">
          {t('hours.title')}
        </Text>
        <SegmentedControl
          aria-labelledby={hoursLabel}
          readOnly={readOnly}
          value={always ? 'always' : 'hours'}
          onChange={(value) => form.setFieldValue('draft.hours', value === 'always' ? null : (workspace?.hours ?? {}))}
          data={[
            { value: 'always', label: t('hours.always') },
            { value: 'hours', label: t('hours.set') },
          ]}
        />
        {!always && (
          <div style={{ marginTop: 12 }}>
            <HoursEditor label={t('hours.title')} hours={hours} readOnly={readOnly} onChange={(next) => form.setFieldValue('draft.hours', next)} />
          </div>
        )}
      </Panel>
    </>
  );
}
