import type { Channel } from '@frontdesk/api-client';
import { Text, Tooltip } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { LONGEST } from './compose';
import { measureSms } from './sms';

/** How long a message is on its channel: characters, and of a text message its parts. */
export function TextCount({ channel, text }: { channel: Channel; text: string }) {
  const { t } = useTranslation();
  if (channel === 'web' || channel === 'sandbox' || text.trim() === '') return null;
  const most = LONGEST[channel];
  const length = [...text].length;
  const color = length > most ? 'var(--text-danger)' : 'dimmed';
  if (channel !== 'sms') {
    if (channel === 'email' && length < most * 0.9) return null;
    return (
      <Text size="xs" c={color} className="tabular" role="status">
        {t('length.characters', { count: length, most })}
      </Text>
    );
  }
  const measure = measureSms(text);
  const line = `${t('length.characters', { count: length, most })} · ${t('length.segments', { count: measure.segments })}`;
  return (
    <Tooltip multiline maw={300} label={measure.unicode ? t('length.unicode', { characters: measure.forcing.slice(0, 6).join(' ') }) : t('length.left', { count: measure.left })}>
      <Text size="xs" c={color} className="tabular" role="status">
        {line}
        {measure.unicode ? ` · ${t('length.short')}` : ''}
      </Text>
    </Tooltip>
  );
}
