// The files that go along with the reply that is being written, each to be taken off again.

import { ActionIcon, Group, Text } from '@mantine/core';
import { Paperclip, X } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { bytesText } from '../knowledge/bytes';
import { filesFault, mostFiles, type FilingChannel } from './filing';
import classes from './Inbox.module.css';

interface AttachmentsProps {
  channel: FilingChannel;
  files: readonly File[];
  onChange: (files: readonly File[]) => void;
}

export function Attachments({ channel, files, onChange }: AttachmentsProps) {
  const { t, i18n } = useTranslation('inbox');
  if (files.length === 0) return null;
  const fault = filesFault(channel, files);
  return (
    <div className={classes.attachments}>
      <Group component="ul" gap={6} className={classes.attachmentList} aria-label={t('composer.files')}>
        {files.map((file, at) => (
          <li key={`${file.name}-${String(at)}`} className={classes.attachment}>
            <Paperclip size={12} aria-hidden />
            <Text size="xs" truncate>
              {file.name}
            </Text>
            <Text size="xs" c="dimmed" className={classes.attachmentSize}>
              {bytesText(file.size, i18n.language)}
            </Text>
            <ActionIcon size="sm" variant="subtle" color="gray" aria-label={t('composer.takeOff', { name: file.name })} onClick={() => onChange(files.filter((_, index) => index !== at))}>
              <X size={12} aria-hidden />
            </ActionIcon>
          </li>
        ))}
      </Group>
      {fault !== null && (
        <Text size="xs" c="var(--text-danger)" role="alert" mt={4}>
          {fault === 'many' ? t('composer.fault.many', { count: mostFiles(channel) }) : t('composer.fault.large')}
        </Text>
      )}
    </div>
  );
}
