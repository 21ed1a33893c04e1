import type { Agent } from '@frontdesk/api-client';
import { Button, Group, Modal, ScrollArea, Stack, Text, Textarea } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { FormError } from '../../ui/FormError';
import { notifyDone } from '../../ui/toast';
import { Changes } from './Changes';
import { usePublish } from './queries';

interface PublishDialogProps {
  agent: Agent;
  opened: boolean;
  onClose: () => void;
}

/** Shows what will change for customers, then makes the draft the version that answers. */
export function PublishDialog({ agent, opened, onClose }: PublishDialogProps) {
  const { t } = useTranslation('agents');
  const publish = usePublish(agent.id);
  const [note, setNote] = useState('');
  const number = agent.published_number;
  return (
    <Modal opened={opened} onClose={onClose} size="lg" title={<Text fw={650}>{t('publish.title', { name: agent.name })}</Text>}>
      <Stack>
        <Text size="sm" c="dimmed">
          {typeof number === 'number' ? t('publish.since', { number }) : t('publish.first')}
        </Text>
        {typeof number === 'number' && (
          <ScrollArea.Autosize mah={360} type="auto" viewportProps={{ tabIndex: 0 }}>
            <Changes agentId={agent.id} from={String(number)} to="draft" />
          </ScrollArea.Autosize>
        )}
        <Textarea
          label={t('publish.note')}
          description={t('publish.noteHint')}
          placeholder={t('publish.noteExample')}
          autosize
          minRows={2}
          maxLength={500}
          value={note}
          onChange={(event) => setNote(event.currentTarget.value)}
        />
        <FormError error={publish.error} />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            {t('common:action.cancel')}
          </Button>
          <Button
            loading={publish.isPending}
            onClick={() =>
              publish.mutate(note.trim(), {
                onSuccess: (version) => {
                  setNote('');
                  notifyDone(t('publish.done', { name: agent.name, number: version.number }));
                  onClose();
                },
              })
            }
          >
            {t('publish.confirm')}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
