// The agent's draft as one form; a section of it is shown at a time and all of it is saved at once.

import { isProblem, type Agent, type AgentSettings } from '@frontdesk/api-client';
import { Button, Group, Modal, Text } from '@mantine/core';
import { useForm, type UseFormReturnType } from '@mantine/form';
import { useEffect, useEffectEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../../app/api';
import { keys } from '../../app/keys';
import { queryClient } from '../../app/query';
import { applyProblem } from '../../ui/FormError';
import { isValid } from '../../ui/hours';
import { firstFault, useRecordForm } from '../../ui/record-form';
import { SaveBar } from '../../ui/SaveBar';
import { notifyDone } from '../../ui/toast';
import classes from './Agents.module.css';
import { useChangeAgent } from './queries';
import type { SectionId } from './routes';
import { Basics } from './sections/Basics';
import { BrainSection } from './sections/BrainSection';
import { HandoffSection } from './sections/HandoffSection';
import { Instructions } from './sections/Instructions';
import { KnowledgeSection } from './sections/KnowledgeSection';
import { PersonaSection } from './sections/PersonaSection';
import { ToolsSection } from './sections/ToolsSection';

export interface AgentValues extends Record<string, unknown> {
  name: string;
  draft: AgentSettings;
}

export type AgentFormApi = UseFormReturnType<AgentValues>;

export interface SectionProps {
  form: AgentFormApi;
  readOnly: boolean;
}

const valuesOf = (agent: Agent): AgentValues => ({ name: agent.name, draft: agent.draft });

interface AgentFormProps {
  agent: Agent;
  section: SectionId;
  readOnly: boolean;
  onDirty: (dirty: boolean) => void;
}

export function AgentForm({ agent, section, readOnly, onDirty }: AgentFormProps) {
  const { t } = useTranslation('agents');
  const save = useChangeAgent(agent.id, true);
  const [conflict, setConflict] = useState(false);
  const form = useForm<AgentValues>({
    initialValues: valuesOf(agent),
    validate: {
      name: (value) => (value.trim() === '' ? t('rule.name') : null),
      draft: {
        hours: (value) => (value === null || value === undefined || isValid(value) ? null : t('common:hours.bad')),
      },
    },
  });
  const { dirty, show, shownAt, error, setError } = useRecordForm(agent, valuesOf, form);

  const onDirtyChange = useEffectEvent(onDirty);
  useEffect(() => {
    onDirtyChange(dirty);
  }, [dirty]);

  function submit(overwrite: boolean) {
    if (form.validate().hasErrors) return;
    setError(null);
    const { name, draft } = form.getValues();
    save.mutate(
      { name: name.trim(), draft: { ...draft, persona: null }, ...(overwrite ? {} : { if_updated_at: shownAt }) },
      {
        onSuccess: (saved) => {
          show(saved);
          setConflict(false);
          notifyDone(t('saved'));
        },
        onError: (failure) => {
          if (isProblem(failure) && failure.kind === 'conflict' && !overwrite) {
            setConflict(true);
            return;
          }
          setConflict(false);
          setError(applyProblem(form, failure));
        },
      },
    );
  }

  async function takeTheirs() {
    const newest = await api.get<Agent>(`/agents/${agent.id}`);
    queryClient.setQueryData(keys.agent(agent.id), newest);
    show(newest);
    setConflict(false);
  }

  const props: SectionProps = { form, readOnly };
  return (
    <form
      noValidate
      className={classes.form}
      onSubmit={(event) => {
        event.preventDefault();
        submit(false);
      }}
    >
      {section === 'basics' && <Basics {...props} />}
      {section === 'instructions' && <Instructions {...props} />}
      {section === 'persona' && <PersonaSection {...props} />}
      {section === 'brain' && <BrainSection {...props} />}
      {section === 'knowledge' && <KnowledgeSection {...props} />}
      {section === 'tools' && <ToolsSection {...props} />}
      {section === 'handoff' && <HandoffSection {...props} />}
      <SaveBar
        dirty={dirty}
        saving={save.isPending}
        error={error ?? firstFault(form.errors)}
        onSave={() => submit(false)}
        onDiscard={() => show(agent)}
      />
      <Modal opened={conflict} onClose={() => setConflict(false)} title={<Text fw={650}>{t('conflict.title')}</Text>}>
        <Text size="sm">{t('conflict.text')}</Text>
        <Group justify="flex-end" gap="xs" mt="lg">
          <Button variant="default" data-autofocus onClick={() => setConflict(false)}>
            {t('common:action.cancel')}
          </Button>
          <Button variant="light" onClick={() => void takeTheirs()}>
            {t('conflict.theirs')}
          </Button>
          <Button color="red" loading={save.isPending} onClick={() => submit(true)}>
            {t('conflict.mine')}
          </Button>
        </Group>
      </Modal>
    </form>
  );
}
