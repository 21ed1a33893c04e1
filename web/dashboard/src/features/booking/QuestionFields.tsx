import type { BookingQuestion } from '@frontdesk/api-client';
import { Checkbox, MultiSelect, NumberInput, Select, Stack, Textarea, TextInput } from '@mantine/core';

interface QuestionFieldsProps {
  questions: readonly BookingQuestion[];
  answers: Readonly<Record<string, string>>;
  onChange: (answers: Record<string, string>) => void;
  errors: Readonly<Record<string, string>>;
}

/** The questions of a booking type. Answers are text: choices one a line, a ticked box is `true`. */
export function QuestionFields({ questions, answers, onChange, errors }: QuestionFieldsProps) {
  const set = (key: string, answer: string) => {
    const { [key]: _before, ...rest } = answers;
    onChange(answer === '' ? rest : { ...rest, [key]: answer });
  };
  return (
    <Stack gap="sm">
      {questions.map((question) => {
        const { key, label, choices } = question;
        const answer = answers[key] ?? '';
        const shared = { label, error: errors[`answers/${key}`] };
        switch (question.kind) {
          case 'long_text':
            return <Textarea key={key} {...shared} autosize minRows={2} value={answer} onChange={(event) => set(key, event.currentTarget.value)} />;
          case 'number':
            return <NumberInput key={key} {...shared} value={answer} onChange={(value) => set(key, String(value))} />;
          case 'select':
            return <Select key={key} {...shared} clearable data={choices} value={answer === '' ? null : answer} onChange={(value) => set(key, value ?? '')} />;
          case 'multi_select':
            return <MultiSelect key={key} {...shared} data={choices} value={answer === '' ? [] : answer.split('\n')} onChange={(value) => set(key, value.join('\n'))} />;
          case 'checkbox':
            return <Checkbox key={key} {...shared} checked={answer === 'true'} onChange={(event) => set(key, event.currentTarget.checked ? 'true' : '')} />;
          default:
            return <TextInput key={key} {...shared} type={question.kind === 'phone' ? 'tel' : 'text'} value={answer} onChange={(event) => set(key, event.currentTarget.value)} />;
        }
      })}
    </Stack>
  );
}
