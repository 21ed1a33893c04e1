import { ActionIcon, Badge, Button, Group, Menu, Modal, NumberInput, Skeleton, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { CirclePause, CirclePlay, DoorOpen, Ellipsis, MapPin, Plus, Trash2, UsersRound, type LucideIcon } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCan, useWorkspace } from '../../app/session';
import { ConfirmDialog } from '../../ui/ConfirmButton';
import { EmptyState } from '../../ui/EmptyState';
import { ErrorState } from '../../ui/ErrorState';
import { applyProblem, FormError } from '../../ui/FormError';
import { Panel } from '../../ui/Panel';
import { PersonAvatar } from '../../ui/Person';
import { notifyDone, notifyProblem, notifyUndo } from '../../ui/toast';
import { staffColor } from '../booking/looks';
import classes from './Availability.module.css';
import { deleteItem, isActive, itemsQuery, restoreItem, setActive, useCreateItem, type Item } from './items';
import type { Kind } from './routes';
import { weekText } from './week-text';

const ICONS: Record<Kind, LucideIcon> = { staff: UsersRound, places: MapPin, resources: DoorOpen };

/** All staff, places or resources, each with its hours at a glance. */
export function ItemList({ kind }: { kind: Kind }) {
  const { t } = useTranslation('availability');
  const items = useQuery(itemsQuery(kind));
  const mayWrite = useCan('schedules:write');
  const [adding, setAdding] = useState(false);
  const add = mayWrite && (
    <Button size="xs" leftSection={<Plus size={15} aria-hidden />} onClick={() => setAdding(true)}>
      {t(`${kind}.add`)}
    </Button>
  );
  return (
    <Panel title={t(`section.${kind}`)} text={t(`${kind}.text`)} action={items.data !== undefined && items.data.length > 0 && add}>
      {items.data === undefined ? (
        items.isError ? (
          <ErrorState compact error={items.error} onRetry={() => void items.refetch()} />
        ) : (
          <Stack gap="xs" role="status" aria-label={t('common:state.loading')}>
            {[0, 1, 2].map((index) => (
              <Skeleton key={index} height={56} />
            ))}
          </Stack>
        )
      ) : items.data.length === 0 ? (
        <EmptyState compact icon={ICONS[kind]} title={t(`${kind}.none`)} text={t(`${kind}.noneText`)} action={add} />
      ) : (
        <ul className={classes.items}>
          {items.data.map((item) => (
            <Row key={item.id} kind={kind} item={item} mayWrite={mayWrite} />
          ))}
        </ul>
      )}
      <Modal opened={adding} onClose={() => setAdding(false)} title={<Text fw={650}>{t(`${kind}.add`)}</Text>}>
        <NewItem kind={kind} onClose={() => setAdding(false)} />
      </Modal>
    </Panel>
  );
}

function Row({ kind, item, mayWrite }: { kind: Kind; item: Item; mayWrite: boolean }) {
  const { t, i18n } = useTranslation('availability');
  const workspace = useWorkspace();
  const Icon = ICONS[kind];
  const detail = 'title' in item ? item.title : 'address' in item ? item.address : t('resources.units', { count: item.units });
  const hours =
    item.schedule === null || item.schedule === undefined
      ? t(kind === 'resources' ? 'hours.always' : 'hours.follows')
      : weekText(item.schedule.weekly, i18n.language, t('hours.never'));
  return (
    <li className={classes.item} data-off={!isActive(item) || undefined}>
      {kind === 'staff' && 'title' in item ? (
        <span className={classes.face} style={{ '--ring': staffColor(item) }}>
          <PersonAvatar name={item.name} size={36} />
        </span>
      ) : (
        <span className={classes.icon}>
          <Icon size={18} aria-hidden />
        </span>
      )}
      <div className={classes.itemBody}>
        <Group gap={8}>
          <Link to="/availability/$section/$itemId" params={{ section: kind, itemId: item.id }} className={classes.open}>
            {item.name}
          </Link>
          {!isActive(item) && <Badge color="gray">{t('off')}</Badge>}
        </Group>
        {detail !== '' && (
          <Text size="sm" c="dimmed">
            {detail}
          </Text>
        )}
      </div>
      <Text size="sm" c="dimmed" className={classes.itemHours}>
        {hours}
        {item.schedule && item.schedule.zone !== '' && item.schedule.zone !== workspace?.zone && ` · ${item.schedule.zone.replaceAll('_', ' ')}`}
      </Text>
      {mayWrite && (
        <span className={classes.itemMenu}>
          <ItemMenu kind={kind} item={item} />
        </span>
      )}
    </li>
  );
}

/** What can be done with a person, place or resource as a whole. */
export function ItemMenu({ kind, item }: { kind: Kind; item: Item }) {
  const { t } = useTranslation('availability');
  const navigate = useNavigate();
  const [deleting, setDeleting] = useState(false);
  const { name } = item;
  const active = isActive(item);
  const icon = { size: 16, 'aria-hidden': true } as const;
  const change = (next: boolean) =>
    setActive(kind, item, next).then(
      () => notifyUndo(t(next ? 'menu.on' : 'menu.off', { name }), () => void setActive(kind, item, !next).catch(notifyProblem)),
      notifyProblem,
    );
  return (
    <>
      <Menu position="bottom-end" withinPortal>
        <Menu.Target>
          <ActionIcon size={34} aria-label={t('menu.label', { name })}>
            <Ellipsis size={18} aria-hidden />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          {kind !== 'places' && (
            <Menu.Item leftSection={active ? <CirclePause {...icon} /> : <CirclePlay {...icon} />} onClick={() => void change(!active)}>
              {t(active ? 'menu.switchOff' : 'menu.switchOn')}
            </Menu.Item>
          )}
          <Menu.Item color="red" leftSection={<Trash2 {...icon} />} onClick={() => setDeleting(true)}>
            {t('common:action.delete')}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <ConfirmDialog
        opened={deleting}
        onClose={() => setDeleting(false)}
        title={t('delete.title', { name })}
        text={t(`${kind}.deleteText`)}
        confirm={t('common:action.delete')}
        onConfirm={async () => {
          await deleteItem(kind, item);
          notifyUndo(t('delete.done', { name }), () => void restoreItem(kind, item).catch(notifyProblem));
          await navigate({ to: '/availability/$section', params: { section: kind } });
        }}
      />
    </>
  );
}

function NewItem({ kind, onClose }: { kind: Kind; onClose: () => void }) {
  const { t } = useTranslation('availability');
  const navigate = useNavigate();
  const create = useCreateItem(kind);
  const [error, setError] = useState<unknown>(null);
  const form = useForm({
    initialValues: { name: '', title: '', email: '', address: '', units: 1 },
    validate: { name: (value) => (value.trim() === '' ? t('rule.name') : null) },
  });
  return (
    <form
      noValidate
      onSubmit={form.onSubmit((values) => {
        setError(null);
        create.mutate(values, {
          onSuccess: (made) => {
            notifyDone(t('added', { name: made.name }));
            void navigate({ to: '/availability/$section/$itemId', params: { section: kind, itemId: made.id }, search: { part: 'hours' } });
          },
          onError: (failure) => setError(applyProblem(form, failure)),
        });
      })}
    >
      <Stack>
        <TextInput data-autofocus label={t('field.name')} placeholder={t(`${kind}.example`)} maxLength={120} {...form.getInputProps('name')} />
        {kind === 'staff' && (
          <>
            <TextInput label={t('field.title')} placeholder={t('field.titleExample')} maxLength={120} {...form.getInputProps('title')} />
            <TextInput label={t('field.email')} description={t('field.emailHint')} type="email" maxLength={254} {...form.getInputProps('email')} />
          </>
        )}
        {kind === 'places' && <TextInput label={t('field.address')} maxLength={500} {...form.getInputProps('address')} />}
        {kind === 'resources' && <NumberInput label={t('field.units')} min={1} max={100} allowDecimal={false} {...form.getInputProps('units')} />}
        <FormError error={error} />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            {t('common:action.cancel')}
          </Button>
          <Button type="submit" loading={create.isPending}>
            {t('common:action.add')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
