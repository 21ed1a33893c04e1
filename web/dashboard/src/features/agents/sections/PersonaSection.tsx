import type { Persona } from '@frontdesk/api-client';
import { Button, Group, Radio, Skeleton, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Pencil, Plus } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ErrorState } from '../../../ui/ErrorState';
import { Panel } from '../../../ui/Panel';
import type { SectionProps } from '../AgentForm';
import { PersonaDialog } from '../PersonaDialog';
import { personasQuery } from '../queries';

export function PersonaSection({ form, readOnly }: SectionProps) {
  const { t } = useTranslation('agents');
  const personas = useQuery(personasQuery);
  const [editing, setEditing] = useState<Persona | 'new' | null>(null);
  return (
    <Panel
      title={t('section.persona')}
      text={t('persona.text')}
      action={
        !readOnly && (
          <Button variant="light" size="xs" leftSection={<Plus size={15} aria-hidden />} onClick={() => setEditing('new')}>
            {t('persona.new')}
          </Button>
        )
      }
    >
      {personas.data === undefined ? (
        personas.isError ? (
          <ErrorState compact error={personas.error} onRetry={() => void personas.refetch()} />
        ) : (
          <Skeleton height={120} />
        )
      ) : (
        <Radio.Group
          aria-label={t('section.persona')}
          readOnly={readOnly}
          value={form.values.draft.persona_id ?? ''}
          onChange={(value) => form.setFieldValue('draft.persona_id', value === '' ? null : value)}
          error={form.errors['draft.persona_id']}
        >
          <Stack gap="md">
            <Radio value="" label={t('persona.none')} description={t('persona.noneText')} />
            {personas.data.map((persona) => (
              <Group key={persona.id} wrap="nowrap" justify="space-between" align="flex-start" gap="sm">
                <Radio
                  value={persona.id}
                  label={persona.name}
                  description={
                    <>
                      {t(`tone.${persona.voice.tone}`)}
                      {persona.voice.style === '' ? '' : `. ${persona.voice.style}`}
                    </>
                  }
                />
                {!readOnly && (
                  <Button
                    variant="subtle"
                    size="compact-sm"
                    leftSection={<Pencil size={14} aria-hidden />}
                    aria-label={t('persona.editNamed', { name: persona.name })}
                    onClick={() => setEditing(persona)}
                  >
                    {t('common:action.edit')}
                  </Button>
                )}
              </Group>
            ))}
          </Stack>
        </Radio.Group>
      )}
      <Text size="xs" c="dimmed" mt="md">
        {t('persona.frozen')}
      </Text>
      <PersonaDialog
        persona={editing}
        onClose={() => setEditing(null)}
        onSaved={(persona) => {
          if (editing === 'new') form.setFieldValue('draft.persona_id', persona.id);
        }}
        onDeleted={(id) => {
          if (form.values.draft.persona_id === id) form.setFieldValue('draft.persona_id', null);
        }}
      />
    </Panel>
  );
}
