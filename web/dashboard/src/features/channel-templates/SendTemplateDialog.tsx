import type { ApprovedTemplate, Conversation } from '@frontdesk/api-client';
import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { Send } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { newClientId } from '../../app/client-id';
import { FormError } from '../../ui/FormError';
import { notifyDone } from '../../ui/toast';
import { useSendTemplate } from './queries';
import { isFilled, TemplatePicker } from './TemplatePicker';

/** Sends an approved template into a conversation. */
export function SendTemplateDialog({ conversation, onClose }: { conversation: Conversation; onClose: () => void }) {
  const { t } = useTranslation('channel-templates');
  const send = useSendTemplate(conversation.id);
  const [template, setTemplate] = useState<ApprovedTemplate | null>(null);
  // Trying again is harmless: the same id is stored once.
  const [clientId] = useState(newClientId);
  const [tried, setTried] = useState(false);
  return (
    <Modal opened onClose={onClose} closeOnClickOutside={false} title={<Text fw={650}>{t('picker.title')}</Text>}>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          setTried(true);
          if (template === null || !isFilled(template)) return;
          send.mutate({ template, clientId }, {
            onSuccess: () => {
              notifyDone(t('picker.sent'));
              onClose();
            },
          });
        }}
      >
        <Stack>
          <TemplatePicker value={template} onChange={setTemplate} tried={tried} />
          <FormError error={send.error} />
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              {t('common:action.cancel')}
            </Button>
            <Button type="submit" loading={send.isPending} leftSection={<Send size={16} aria-hidden />}>
              {t('common:action.send')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
