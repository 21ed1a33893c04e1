import type { Fact, Memory } from '@frontdesk/api-client';
import { ActionIcon, Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { Plus, X } from 'lucide-react';
import { useState, type SubmitEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../../app/api';
import { keys } from '../../app/keys';
import { queryClient } from '../../app/query';
import { notifyUndo } from '../../ui/toast';
import { EditableField } from './EditableField';
import classes from './Inbox.module.css';

interface FactsProps {
  contactId: string;
  facts: readonly Fact[];
  readOnly: boolean;
}

/** What the agent remembers of a customer: seen, corrected, forgotten. */
export function Facts({ contactId, facts, readOnly }: FactsProps) {
  const { t } = useTranslation('inbox');
  const [adding, setAdding] = useState(false);
  const refresh = () => queryClient.invalidateQueries({ queryKey: keys.contactMemory(contactId) });
  const put = (fact: { key: string; value: string }) => api.put(`/contacts/${contactId}/memory/facts`, fact).then(refresh);
  const forget = useMutation({
    mutationFn: (fact: Fact) => api.del(`/contacts/${contactId}/memory/facts/${fact.id}`),
    onMutate: (fact) => {
      queryClient.setQueryData<Memory>(
        keys.contactMemory(contactId),
        (memory) => memory && { ...memory, facts: memory.facts.filter((each) => each.id !== fact.id) },
      );
    },
    onSuccess: (_answer, fact) => notifyUndo(t('facts.forgotten', { key: shown(fact.key) }), () => void put(fact)),
    onSettled: refresh,
  });
  return (
    <>
      {facts.length === 0 && !adding && (
        <Text size="sm" c="dimmed">
          {t('facts.none')}
        </Text>
      )}
      {facts.map((fact) => (
        <Group key={fact.id} gap={4} wrap="nowrap">
          <div style={{ flex: 1, minWidth: 0 }}>
            <EditableField
              label={shown(fact.key)}
              value={fact.value}
              type="text"
              readOnly={readOnly}
              onSave={(value) => (value === '' ? forget.mutateAsync(fact) : put({ key: fact.key, value }))}
            />
          </div>
          {!readOnly && (
            <ActionIcon size={24} mr={-8} aria-label={t('facts.forget', { key: shown(fact.key) })} onClick={() => forget.mutate(fact)}>
              <X size={14} aria-hidden />
            </ActionIcon>
          )}
        </Group>
      ))}
      {!readOnly &&
        (adding ? (
          <NewFact onAdd={put} onDone={() => setAdding(false)} />
        ) : (
          <Button
            variant="subtle"
            size="compact-sm"
            mt={4}
            ml={-8}
            className={classes.rating}
            leftSection={<Plus size={14} aria-hidden />}
            onClick={() => setAdding(true)}
          >
            {t('facts.add')}
          </Button>
        ))}
    </>
  );
}

function NewFact({ onAdd, onDone }: { onAdd: (fact: { key: string; value: string }) => Promise<unknown>; onDone: () => void }) {
  const { t } = useTranslation(['inbox', 'common']);
  const [key, setKey] = useState('');
  const [value, setValue] = useState('');
  const add = useMutation({ mutationFn: onAdd, onSuccess: onDone });
  function submit(event: SubmitEvent<HTMLFormElement>) {
    event.preventDefault();
    if (key.trim() === '' || value.trim() === '') return;
    add.mutate({ key: key.trim().toLowerCase().replaceAll(/\s+/gu, '_'), value: value.trim() });
  }
  return (
    <form onSubmit={submit}>
      <Stack gap="xs" mt="xs">
        <TextInput
          size="xs"
          label={t('inbox:facts.key')}
          placeholder={t('inbox:facts.keyExample')}
          // Opened by a press on "remember something": the focus belongs here.
          // eslint-disable-next-line jsx-a11y/no-autofocus
          autoFocus
          value={key}
          onChange={(event) => setKey(event.currentTarget.value)}
        />
        <TextInput
          size="xs"
          label={t('inbox:facts.value')}
          placeholder={t('inbox:facts.valueExample')}
          value={value}
          onChange={(event) => setValue(event.currentTarget.value)}
        />
        <Group gap="xs" justify="flex-end">
          <Button size="compact-sm" variant="default" onClick={onDone}>
            {t('common:action.cancel')}
          </Button>
          <Button size="compact-sm" type="submit" loading={add.isPending} disabled={key.trim() === '' || value.trim() === ''}>
            {t('common:action.add')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function shown(key: string): string {
  const words = key.replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
