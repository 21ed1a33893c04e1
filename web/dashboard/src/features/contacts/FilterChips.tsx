import type { ContactFilter } from '@frontdesk/api-client';
import { ActionIcon, Badge, Group } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { X } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { workflowsQuery } from '../workflows/queries';
import classes from './Contacts.module.css';

interface FilterChipsProps {
  filter: ContactFilter;
  /** Absent where it cannot be changed. */
  onChange?: ((filter: ContactFilter) => void) | undefined;
}

/** What the list is filtered by, in words; each can be taken away. */
export function FilterChips({ filter, onChange }: FilterChipsProps) {
  const { t, i18n } = useTranslation('contacts');
  const day = (at: string) => new Intl.DateTimeFormat(i18n.language, { dateStyle: 'medium' }).format(new Date(at));
  const before = (at: string) => day(new Date(new Date(at).getTime() - 1).toISOString());
  const { fields = [], tags = [], statuses = [] } = filter;
  const workflow = useQuery({ ...workflowsQuery, enabled: filter.workflow_id !== undefined }).data?.find(({ id }) => id === filter.workflow_id)?.settings.name;
  const chips: { key: string; text: string; without: ContactFilter }[] = [];
  const add = (key: keyof ContactFilter, text: string) => {
    const { [key]: _gone, ...without } = filter;
    chips.push({ key, text, without });
  };
  if (statuses.length > 0) add('statuses', statuses.map((status) => t(`common:status.contact.${status}`)).join(', '));
  for (const tag of tags) chips.push({ key: `tag ${tag}`, text: tag, without: { ...filter, tags: tags.filter((each) => each !== tag) } });
  if (filter.q !== undefined) add('q', t('chip.text', { text: filter.q }));
  if (filter.created_from !== undefined) add('created_from', t('chip.createdFrom', { day: day(filter.created_from) }));
  if (filter.created_to !== undefined) add('created_to', t('chip.createdTo', { day: before(filter.created_to) }));
  if (filter.seen_from !== undefined) add('seen_from', t('chip.seenFrom', { day: day(filter.seen_from) }));
  if (filter.seen_to !== undefined) add('seen_to', t('chip.seenTo', { day: before(filter.seen_to) }));
  if (filter.days_since_contact !== undefined) add('days_since_contact', t('chip.quiet', { count: filter.days_since_contact }));
  if (filter.follow_ups_from !== undefined) add('follow_ups_from', t('chip.followUpsFrom', { count: filter.follow_ups_from }));
  if (filter.follow_ups_to !== undefined) add('follow_ups_to', t('chip.followUpsTo', { count: filter.follow_ups_to }));
  if (filter.import_id !== undefined) add('import_id', t('chip.import'));
  if (filter.workflow_id !== undefined) add('workflow_id', t('chip.workflow', { name: workflow ?? '…' }));
  for (const [n, test] of fields.entries()) {
    const value = typeof test.value === 'boolean' ? t(test.value ? 'filter.yes' : 'filter.no') : String(test.value ?? '');
    chips.push({
      key: `field ${String(n)}`,
      text: `${test.key} ${t(`filter.is.${test.test}`)} ${value}`.trim(),
      without: { ...filter, fields: fields.filter((_, at) => at !== n) },
    });
  }
  if (chips.length === 0) return null;
  return (
    <Group gap={6} mt="xs" component="ul" className={classes.rows}>
      {chips.map((chip) => (
        <li key={chip.key}>
          <Badge
            variant="light"
            color="gray"
            tt="none"
            size="lg"
            rightSection={
              onChange !== undefined && (
                <ActionIcon size={18} variant="transparent" color="gray" aria-label={t('chip.remove', { what: chip.text })} onClick={() => onChange(chip.without)}>
                  <X size={13} aria-hidden />
                </ActionIcon>
              )
            }
          >
            {chip.text}
          </Badge>
        </li>
      ))}
    </Group>
  );
}
