import { TagsInput, Text, Textarea } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Panel } from '../../../ui/Panel';
import type { SectionProps } from '../AgentForm';

const MOST = 20_000;

export function Instructions({ form, readOnly }: SectionProps) {
  const { t, i18n } = useTranslation('agents');
  const number = new Intl.NumberFormat(i18n.language);
  const { instructions } = form.values.draft;
  const entryError = Object.entries(form.errors).find(([path]) => path.startsWith('draft.off_topics'))?.[1];
  return (
    <>
      <Panel title={t('section.instructions')} text={t('instructions.text')}>
        <Textarea
          label={t('field.instructions')}
          placeholder={t('field.instructionsExample')}
          autosize
          minRows={10}
          maxRows={24}
          maxLength={MOST}
          readOnly={readOnly}
          {...form.getInputProps('draft.instructions')}
        />
        <Text size="xs" c="dimmed" ta="right" mt={4} className="tabular">
          {t('instructions.length', { now: number.format(instructions.length), most: number.format(MOST) })}
        </Text>
      </Panel>
      <Panel title={t('offTopics.title')} text={t('offTopics.text')}>
        <TagsInput
          label={t('field.offTopics')}
          description={t('field.offTopicsHint')}
          placeholder={form.values.draft.off_topics.length === 0 ? t('field.offTopicsExample') : ''}
          maxTags={50}
          maxLength={200}
          readOnly={readOnly}
          {...form.getInputProps('draft.off_topics')}
          error={entryError}
        />
      </Panel>
    </>
  );
}
