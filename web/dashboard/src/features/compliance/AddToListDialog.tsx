import { isProblem } from '@frontdesk/api-client';
import { Button, Group, Modal, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { FormError } from '../../ui/FormError';
import { notifyDone } from '../../ui/toast';
import { MOST_AT_A_TIME, typedAddresses } from './addresses';
import { ListField, useListId } from './ListField';
import { useListName } from './ListName';
import { OWN } from './lists';
import { useSuppress } from './queries';

export function AddToListDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation('compliance');
  return (
    <Modal opened onClose={onClose} closeOnClickOutside={false} title={<Text fw={650}>{t('add.title')}</Text>}>
      <AddForm onClose={onClose} />
    </Modal>
  );
}

function AddForm({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation('compliance');
  const name = useListName();
  const idOf = useListId();
  const add = useSuppress();
  const [text, setText] = useState('');
  const [list, setList] = useState(name(OWN));
  const [reason, setReason] = useState('');
  const [tried, setTried] = useState(false);
  const [sent, setSent] = useState<readonly string[]>([]);
  const addresses = typedAddresses(text);
  // What the server says of single addresses stands at the field, with the address it is about.
  const refused = isProblem(add.error) ? add.error.errors.flatMap(({ field, message }) => (/^\/addresses\/\d+$/u.test(field) ? [`${sent[Number(field.slice(11))] ?? ''} ${message}`] : [])) : [];
  const fault = addresses.length === 0 ? t('add.noAddress') : addresses.length > MOST_AT_A_TIME ? t('add.many', { count: MOST_AT_A_TIME }) : undefined;
  const noList = list.trim() === '' ? t('add.noList') : undefined;
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        setTried(true);
        if (fault !== undefined || noList !== undefined) return;
        setSent(addresses);
        add.mutate(
          { addresses, list: idOf(list), reason: reason.trim() === '' ? null : reason.trim() },
          {
            onSuccess: (added) => {
              notifyDone(added === 0 ? t('add.known') : t('add.done', { count: added }));
              onClose();
            },
          },
        );
      }}
    >
      <Stack>
        <Textarea
          data-autofocus
          label={t('add.addresses')}
          description={t('add.addressesText')}
          autosize
          minRows={3}
          maxRows={10}
          value={text}
          error={refused.length > 0 ? refused.slice(0, 5).join('; ') : tried ? fault : undefined}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <ListField value={list} onChange={setList} error={tried ? noList : undefined} />
        <TextInput label={t('add.reason')} maxLength={300} value={reason} onChange={(event) => setReason(event.currentTarget.value)} />
        {refused.length === 0 && <FormError error={add.error} />}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            {t('common:action.cancel')}
          </Button>
          <Button type="submit" loading={add.isPending}>
            {t('common:action.add')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
