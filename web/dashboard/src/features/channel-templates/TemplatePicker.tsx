// Choosing an approved template and filling its places, where WhatsApp takes no free words.

import type { ApprovedTemplate, ChannelTemplate } from '@frontdesk/api-client';
import { Anchor, Select, Skeleton, Stack, Text, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { ErrorState } from '../../ui/ErrorState';
import { VARIABLES } from '../messages/compose';
import { languageText } from './places';
import { channelTemplatesQuery } from './queries';
import { TemplateSheet } from './TemplateSheet';

interface TemplatePickerProps {
  value: ApprovedTemplate | null;
  onChange: (template: ApprovedTemplate | null) => void;
  /** Says what is missing. */
  tried: boolean;
}

const keyOf = ({ name, language }: Pick<ChannelTemplate, 'name' | 'language'>) => `${name} ${language}`;

/** Whether every place has words. */
export const isFilled = ({ variables }: ApprovedTemplate): boolean => variables.every((words) => words.trim() !== '');

export function TemplatePicker({ value, onChange, tried }: TemplatePickerProps) {
  const { t, i18n } = useTranslation('channel-templates');
  const templates = useQuery(channelTemplatesQuery);
  if (templates.data === undefined) return templates.isError ? <ErrorState compact error={templates.error} onRetry={() => void templates.refetch()} /> : <Skeleton height={120} />;
  const usable = templates.data.items.filter((template) => typeof template.unusable_because !== 'string');
  // The same template at two connections is one choice.
  const choices = [...new Map(usable.map((template) => [keyOf(template), template])).values()];
  const chosen = value === null ? undefined : choices.find((template) => keyOf(template) === keyOf(value));
  if (choices.length === 0) {
    return (
      <Text size="sm" c="dimmed">
        {t('picker.none')}{' '}
        <Anchor size="sm" renderRoot={(props) => <Link to="/templates/whatsapp" {...props} />}>
          {t('picker.open')}
        </Anchor>
      </Text>
    );
  }
  return (
    <Stack gap="sm">
      <Select
        label={t('picker.label')}
        placeholder={t('picker.choose')}
        searchable
        allowDeselect={false}
        data={choices.map((template) => ({ value: keyOf(template), label: `${template.name} · ${languageText(template.language, i18n.language)}` }))}
        value={chosen === undefined ? null : keyOf(chosen)}
        error={tried && chosen === undefined ? t('picker.missing') : undefined}
        onChange={(key) => {
          const template = choices.find((each) => keyOf(each) === key);
          if (template !== undefined) onChange({ name: template.name, language: template.language, variables: Array.from({ length: template.places }, () => '') });
        }}
      />
      {chosen !== undefined && value !== null && (
        <>
          {value.variables.map((words, index) => (
            <TextInput
              key={index}
              label={t('picker.place', { number: index + 1 })}
              placeholder={chosen.examples[index] ?? ''}
              {...(index === 0 ? { description: t('picker.placeText', { names: VARIABLES.map((name) => `{{ ${name} }}`).join(', ') }) } : {})}
              value={words}
              error={tried && words.trim() === '' ? t('picker.empty') : undefined}
              onChange={(event) => onChange({ ...value, variables: value.variables.map((each, at) => (at === index ? event.currentTarget.value : each)) })}
            />
          ))}
          <TemplateSheet template={chosen} variables={value.variables} />
          {chosen.category === 'marketing' && (
            <Text size="xs" c="dimmed">
              {t('picker.marketing')}
            </Text>
          )}
        </>
      )}
    </Stack>
  );
}
