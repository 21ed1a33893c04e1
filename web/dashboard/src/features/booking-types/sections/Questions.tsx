import type { QuestionKind } from '@frontdesk/api-client';
import { ActionIcon, Button, Group, Select, Stack, Switch, TagsInput, Text, TextInput } from '@mantine/core';
import { ArrowDown, ArrowUp, MessageCircleQuestionMark, Plus, Trash2 } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { EmptyState } from '../../../ui/EmptyState';
import { Panel } from '../../../ui/Panel';
import classes from '../BookingTypes.module.css';
import { freshQuestion, hasChoices, reordered, type QuestionForm } from '../defaults';
import type { SectionProps } from '../TypeEditor';

const KINDS: readonly QuestionKind[] = ['text', 'long_text', 'select', 'multi_select', 'checkbox', 'number', 'phone'];
const MOST = 20;

/** What customers are asked beside their name and address. */
export function Questions({ form, readOnly }: SectionProps) {
  const { t } = useTranslation('booking-types');
  const questions = form.values.questions;
  const set = (next: QuestionForm[]) => {
    form.clearErrors();
    form.setFieldValue('questions', next);
  };
  const add = !readOnly && questions.length < MOST && (
    <Button variant="light" size="xs" leftSection={<Plus size={15} aria-hidden />} onClick={() => set([...questions, freshQuestion()])}>
      {t('questions.add')}
    </Button>
  );
  return (
    <Panel title={t('section.questions')} text={t('questions.text')}>
      {questions.length === 0 ? (
        <EmptyState compact icon={MessageCircleQuestionMark} title={t('questions.none')} text={t('questions.noneText')} action={add} />
      ) : (
        <Stack gap="sm">
          {questions.map((question, index) => (
            <Question
              key={question.uid}
              form={form}
              readOnly={readOnly}
              question={question}
              index={index}
              last={index === questions.length - 1}
              onMove={(to) => set(reordered(questions, index, to))}
              onRemove={() => set(questions.filter((each) => each.uid !== question.uid))}
            />
          ))}
          <Group>{add}</Group>
        </Stack>
      )}
    </Panel>
  );
}

interface QuestionProps extends SectionProps {
  question: QuestionForm;
  index: number;
  last: boolean;
  onMove: (to: number) => void;
  onRemove: () => void;
}

function Question({ form, readOnly, question, index, last, onMove, onRemove }: QuestionProps) {
  const { t } = useTranslation('booking-types');
  const at = `questions.${String(index)}`;
  const number = index + 1;
  return (
    <div className={classes.question} role="group" aria-label={t('questions.number', { number })}>
      <Group justify="space-between" mb={4} mih={30}>
        <Text size="xs" c="dimmed" fw={600}>
          {t('questions.number', { number })}
        </Text>
        {!readOnly && (
          <Group gap={2}>
            <ActionIcon size={30} disabled={index === 0} aria-label={t('questions.up', { number })} onClick={() => onMove(index - 1)}>
              <ArrowUp size={15} aria-hidden />
            </ActionIcon>
            <ActionIcon size={30} disabled={last} aria-label={t('questions.down', { number })} onClick={() => onMove(index + 1)}>
              <ArrowDown size={15} aria-hidden />
            </ActionIcon>
            <ActionIcon size={30} aria-label={t('questions.remove', { number })} onClick={onRemove}>
              <Trash2 size={15} aria-hidden />
            </ActionIcon>
          </Group>
        )}
      </Group>
      <Stack gap="sm">
        <div className={classes.questionRow}>
          <TextInput label={t('field.question')} placeholder={t('field.questionExample')} maxLength={300} readOnly={readOnly} {...form.getInputProps(`${at}.label`)} />
          <Select
            label={t('field.answer')}
            disabled={readOnly}
            allowDeselect={false}
            data={KINDS.map((value) => ({ value, label: t(`kind.${value}`) }))}
            {...form.getInputProps(`${at}.kind`)}
          />
        </div>
        {hasChoices(question.kind) && (
          <TagsInput
            label={t('field.choices')}
            description={t('field.choicesHint')}
            placeholder={question.choices.length === 0 ? t('field.choicesExample') : ''}
            maxTags={30}
            readOnly={readOnly}
            acceptValueOnBlur
            splitChars={[',', ';', '\n']}
            {...form.getInputProps(`${at}.choices`)}
          />
        )}
        <Switch
          label={t('field.required')}
          disabled={readOnly}
          checked={question.required}
          onChange={(event) => form.setFieldValue(`${at}.required`, event.currentTarget.checked)}
        />
      </Stack>
    </div>
  );
}
