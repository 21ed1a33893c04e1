import { Anchor, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { messageLinksQuery } from './queries';

/** Short links of a message and how often people followed them. Nothing when there are none. */
export function Links({ id }: { id: string }) {
  const { t } = useTranslation('messages');
  const links = useQuery(messageLinksQuery(id)).data ?? [];
  if (links.length === 0) return null;
  return (
    <section aria-label={t('links.title')}>
      <Text size="sm" fw={600} mb={4}>
        {t('links.title')}
      </Text>
      {links.map(({ short, url, clicks, machine_clicks: machines }) => (
        <div key={short}>
          <Anchor size="sm" href={url} target="_blank" rel="noreferrer" style={{ overflowWrap: 'anywhere' }}>
            {url}
          </Anchor>
          <Text size="xs" c="dimmed">
            {t('links.clicks', { count: clicks })}
            {machines > 0 && ` · ${t('links.machines', { count: machines })}`}
          </Text>
        </div>
      ))}
    </section>
  );
}
