import type { FaqPair } from '@frontdesk/api-client';
import { ActionIcon, Button, Group, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { Plus, Trash2 } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import classes from './Knowledge.module.css';

export type KeyedPair = FaqPair & { key: string };

let made = 0;
export const keyed = (pair: FaqPair = { question: '', answer: '' }): KeyedPair => ({ ...pair, key: String((made += 1)) });
export const bare = (pairs: readonly KeyedPair[]): FaqPair[] =>
  pairs.map(({ question, answer }) => ({ question: question.trim(), answer: answer.trim() }));

interface PairsEditorProps {
  pairs: readonly KeyedPair[];
  onChange: (pairs: KeyedPair[]) => void;
  /** What is wrong, by place: `pairs.0.answer`. */
  errors: Record<string, unknown>;
  readOnly?: boolean;
  /** The question is given: the dialog opens in the first answer. */
  startInAnswer?: boolean;
}

/** Questions and their answers, any number of them. */
export function PairsEditor({ pairs, onChange, errors, readOnly = false, startInAnswer = false }: PairsEditorProps) {
  const { t } = useTranslation('knowledge');
  const change = (index: number, part: Partial<FaqPair>) =>
    onChange(pairs.map((pair, at) => (at === index ? { ...pair, ...part } : pair)));
  const errorAt = (index: number, name: keyof FaqPair) => {
    const error = errors[`pairs.${String(index)}.${name}`];
    return typeof error === 'string' ? error : null;
  };
  return (
    <Stack gap="sm">
      {pairs.map((pair, index) => (
        <div key={pair.key} className={classes.pair} role="group" aria-label={t('pair.label', { number: index + 1 })}>
          <Group justify="space-between" mb={4} mih={28}>
            <Text size="xs" c="dimmed" fw={600}>
              {t('pair.label', { number: index + 1 })}
            </Text>
            {!readOnly && pairs.length > 1 && (
              <ActionIcon
                size={28}
                aria-label={t('pair.remove', { number: index + 1 })}
                onClick={() => onChange(pairs.filter((_, at) => at !== index))}
              >
                <Trash2 size={15} aria-hidden />
              </ActionIcon>
            )}
          </Group>
          <Stack gap="xs">
            <TextInput
              label={t('pair.question')}
              placeholder={t('pair.questionExample')}
              maxLength={500}
              readOnly={readOnly}
              value={pair.question}
              error={errorAt(index, 'question')}
              onChange={(event) => change(index, { question: event.currentTarget.value })}
            />
            <Textarea
              label={t('pair.answer')}
              data-autofocus={(startInAnswer && index === 0) || undefined}
              placeholder={t('pair.answerExample')}
              maxLength={5000}
              autosize
              minRows={2}
              maxRows={10}
              readOnly={readOnly}
              value={pair.answer}
              error={errorAt(index, 'answer')}
              onChange={(event) => change(index, { answer: event.currentTarget.value })}
            />
          </Stack>
        </div>
      ))}
      {!readOnly && (
        <Group>
          <Button variant="light" size="xs" leftSection={<Plus size={15} aria-hidden />} onClick={() => onChange([...pairs, keyed()])}>
            {t('pair.add')}
          </Button>
        </Group>
      )}
    </Stack>
  );
}

/** What is missing in pairs, by place. A pair with nothing in it is left out when there are others. */
export function faultsOf(pairs: readonly KeyedPair[], missing: string): Record<string, string> {
  const faults: Record<string, string> = {};
  pairs.forEach((pair, index) => {
    for (const name of ['question', 'answer'] as const) {
      if (pair[name].trim() === '') faults[`pairs.${String(index)}.${name}`] = missing;
    }
  });
  return faults;
}
