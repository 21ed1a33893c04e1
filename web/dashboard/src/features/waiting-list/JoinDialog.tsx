// Puts somebody on the waiting list: who, for what, within which days.

import { isProblem } from '@frontdesk/api-client';
import { Button, Group, Modal, Select, SimpleGrid, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { addDays, civilOf, dayStart, isoOf } from '../../ui/civil';
import { FormError } from '../../ui/FormError';
import { sentence } from '../../ui/text';
import { useNow, useZone } from '../../ui/time';
import { notifyDone } from '../../ui/toast';
import { CustomerField, type Customer } from '../booking/CustomerField';
import { DayField } from '../booking/fields';
import { bookingTypesQuery, useStaff } from '../booking/queries';
import { useJoin } from './queries';

export function JoinDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation(['waiting-list', 'booking']);
  const zone = useZone();
  const now = useNow();
  const today = civilOf(now, zone).day;
  const staff = useStaff();
  const types = (useQuery(bookingTypesQuery).data ?? []).filter((type) => type.active);
  const join = useJoin();
  const [customer, setCustomer] = useState<Customer>({ kind: 'none' });
  const [chosen, setChosen] = useState<string | null>(null);
  const [staffId, setStaffId] = useState<string | null>(null);
  const [from, setFrom] = useState(today);
  const [to, setTo] = useState(addDays(today, 14));
  const [missing, setMissing] = useState(false);
  const type = types.find(({ id }) => id === chosen) ?? types[0];
  const pool = type?.staff.members.map((member) => staff.get(member.staff_id)).filter((member) => member !== undefined) ?? [];
  const problems = isProblem(join.error) ? join.error.errors : [];
  const errors: Record<string, string> = Object.fromEntries(problems.map(({ field, message }) => [field.slice(1), sentence(message)]));
  if (missing && customer.kind === 'none') errors['contact_id'] = t('booking:customer.missing');
  if (missing && customer.kind === 'new' && customer.name.trim() === '') errors['name'] = t('booking:customer.nameMissing');

  function run() {
    if (type === undefined) return;
    if (customer.kind === 'none' || (customer.kind === 'new' && customer.name.trim() === '')) {
      setMissing(true);
      return;
    }
    const person =
      customer.kind === 'known'
        ? { contact_id: customer.contact.id }
        : {
            name: customer.name.trim(),
            ...(customer.email.trim() === '' ? {} : { email: customer.email.trim() }),
            ...(customer.phone.trim() === '' ? {} : { phone: customer.phone.trim() }),
          };
    join.mutate(
      {
        type_id: type.id,
        // Today counts from now.
        from: isoOf(from <= today ? now : dayStart(from, zone)),
        to: isoOf(dayStart(addDays(to, 1), zone)),
        ...(staffId === null ? {} : { staff_id: staffId }),
        ...person,
      },
      {
        onSuccess: (entry) => {
          notifyDone(t('join.done', { name: entry.name }));
          onClose();
        },
      },
    );
  }

  return (
    <Modal opened onClose={onClose} title={<Text fw={650}>{t('join.title')}</Text>}>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          run();
        }}
      >
        <Stack>
          <CustomerField value={customer} onChange={setCustomer} errors={errors} />
          <SimpleGrid cols={2} spacing="sm">
            <Select
              label={t('booking:field.type')}
              allowDeselect={false}
              data={types.map(({ id, name }) => ({ value: id, label: name }))}
              value={type?.id ?? null}
              onChange={(id) => {
                setChosen(id);
                setStaffId(null);
              }}
            />
            {pool.length > 0 && (
              <Select
                label={t('booking:field.staff')}
                placeholder={t('booking:field.anyone')}
                clearable
                data={pool.map((member) => ({ value: member.id, label: member.name }))}
                value={staffId}
                onChange={setStaffId}
              />
            )}
          </SimpleGrid>
          <SimpleGrid cols={2} spacing="sm">
            <DayField label={t('join.from')} min={today} value={from} error={errors['from']} onChange={setFrom} />
            <DayField label={t('join.to')} min={from} value={to} error={errors['to']} onChange={setTo} />
          </SimpleGrid>
          <FormError error={problems.every(({ field }) => ['/name', '/email', '/phone', '/contact_id', '/from', '/to'].includes(field)) && problems.length > 0 ? null : join.error} />
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              {t('common:action.cancel')}
            </Button>
            <Button type="submit" loading={join.isPending} disabled={type === undefined || to < from}>
              {t('join.confirm')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
