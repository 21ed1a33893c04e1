// Files that came along with a message. Each is a download: nothing that somebody sent opens here.

import type { Message } from '@frontdesk/api-client';
import { Button, Group } from '@mantine/core';
import { Paperclip } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { api } from '../../app/api';
import { saveBlob } from '../../ui/save-file';
import { notifyProblem } from '../../ui/toast';
import { bytesText } from '../knowledge/bytes';

export function MessageFiles({ message }: { message: Message }) {
  const { t, i18n } = useTranslation('inbox');
  if (message.files === undefined || message.files.length === 0) return null;
  async function save(id: string, name: string) {
    try {
      saveBlob(await api.download(`/conversations/${message.conversation_id}/files/${id}`), name);
    } catch (error) {
      notifyProblem(error);
    }
  }
  return (
    <Group gap={4}>
      {message.files.map((file) => (
        <Button
          key={file.id}
          size="compact-xs"
          variant="default"
          leftSection={<Paperclip size={12} aria-hidden />}
          aria-label={t('thread.download', { name: file.name })}
          onClick={() => void save(file.id, file.name)}
        >
          {file.name} · {bytesText(file.size, i18n.language)}
        </Button>
      ))}
    </Group>
  );
}
