import type { TemplateVersion } from '@frontdesk/api-client';
import { Badge, Button, Drawer, Group, Skeleton, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { History } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { EmptyState } from '../../ui/EmptyState';
import { ErrorState } from '../../ui/ErrorState';
import { TimeText } from '../../ui/TimeText';
import { versionsQuery, type Place } from './queries';
import classes from './Templates.module.css';

interface VersionsProps {
  place: Place;
  /** The number of the one in use; null while the shipped text is. */
  current: number | null;
  opened: boolean;
  onClose: () => void;
  /** Puts its text into the editor; absent for those who may not write. */
  onUse?: (version: TemplateVersion) => void;
}

/** What was saved before, newest first. */
export function Versions({ opened, onClose, ...rest }: VersionsProps) {
  const { t } = useTranslation('templates');
  return (
    <Drawer opened={opened} onClose={onClose} position="right" size={520} title={<Text fw={650}>{t('versions.title')}</Text>}>
      {opened && <List {...rest} />}
    </Drawer>
  );
}

function List({ place, current, onUse }: Pick<VersionsProps, 'place' | 'current' | 'onUse'>) {
  const { t } = useTranslation('templates');
  const versions = useQuery(versionsQuery(place));
  const [shown, setShown] = useState<number | null>(null);
  if (versions.data === undefined) {
    return versions.isError ? <ErrorState compact error={versions.error} onRetry={() => void versions.refetch()} /> : <Skeleton height={240} />;
  }
  if (versions.data.length === 0) return <EmptyState compact icon={History} title={t('versions.none')} text={t('versions.noneText')} />;
  return (
    <Stack gap="sm">
      {versions.data.map((version) => {
        const isOpen = (shown ?? versions.data[0]?.number) === version.number;
        return (
          <div key={version.number} className={classes.version}>
            <button type="button" className={classes.versionHead} aria-expanded={isOpen} onClick={() => setShown(isOpen ? -1 : version.number)}>
              <span>
                <strong>{t('versions.number', { number: version.number })}</strong>
                {version.number === current && (
                  <Badge color="green" ml={8}>
                    {t('versions.current')}
                  </Badge>
                )}
              </span>
              <Text size="xs" c="dimmed" span>
                {version.author_name} · <TimeText at={version.created_at} as="datetime" />
              </Text>
            </button>
            {isOpen && (
              <div className={classes.versionBody}>
                {version.subject !== '' && (
                  <Text size="sm" fw={600} mb={6}>
                    {version.subject}
                  </Text>
                )}
                <pre className={classes.plain}>{version.body}</pre>
                {onUse !== undefined && version.number !== current && (
                  <Group justify="flex-end" mt="sm">
                    <Button size="xs" variant="light" onClick={() => onUse(version)}>
                      {t('versions.use')}
                    </Button>
                  </Group>
                )}
              </div>
            )}
          </div>
        );
      })}
    </Stack>
  );
}
