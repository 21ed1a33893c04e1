// A person, place or resource as one form; a part of it is shown at a time and all of it is saved at once.

import { Stack } from '@mantine/core';
import { useForm, type UseFormReturnType } from '@mantine/form';
import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { applyProblem } from '../../ui/FormError';
import { firstFault, useRecordForm } from '../../ui/record-form';
import { SaveBar } from '../../ui/SaveBar';
import { notifyDone } from '../../ui/toast';
import { Dates } from './Dates';
import { Hours } from './Hours';
import { formOf, useSaveItem, type Item, type ItemForm } from './items';
import { Profile } from './Profile';
import type { Kind, PartId } from './routes';
import { isSound, ordered } from './schedule';
import { TimeOffPart } from './TimeOff';

export interface PartProps {
  kind: Kind;
  form: UseFormReturnType<ItemForm>;
  readOnly: boolean;
}

/** Where a field is edited. */
function partOf(path: string): PartId {
  if (!path.startsWith('schedule')) return 'profile';
  if (path.startsWith('schedule.overrides')) return 'dates';
  if (path.startsWith('schedule.recurring') || path.startsWith('schedule.blocked')) return 'off';
  return 'hours';
}

interface ItemEditorProps {
  kind: Kind;
  item: Item;
  part: PartId;
  readOnly: boolean;
}

export function ItemEditor({ kind, item, part, readOnly }: ItemEditorProps) {
  const { t } = useTranslation('availability');
  const navigate = useNavigate();
  const save = useSaveItem(kind, item.id);
  const form = useForm<ItemForm>({
    initialValues: formOf(item),
    validate: {
      name: (value) => (value.trim() === '' ? t('rule.name') : null),
      schedule: (value) => (value === null || isSound(value.weekly) ? null : t('rule.hours')),
    },
  });
  const { dirty, show, error, setError } = useRecordForm(item, formOf, form);

  function showFault(paths: readonly string[]) {
    const first = paths[0];
    if (first === undefined || paths.some((path) => partOf(path) === part)) return;
    void navigate({ to: '/availability/$section/$itemId', params: { section: kind, itemId: item.id }, search: { part: partOf(first) }, replace: true });
  }

  function submit() {
    const { hasErrors, errors } = form.validate();
    if (hasErrors) {
      showFault(Object.keys(errors));
      return;
    }
    setError(null);
    const values = form.getValues();
    // The server names rules by their place in what it was sent.
    const sent = { ...values, schedule: values.schedule === null ? null : ordered(values.schedule) };
    form.setValues(sent);
    save.mutate(sent, {
      onSuccess: (saved) => {
        show(saved);
        notifyDone(t('common:state.saved'));
      },
      onError: (failure) => {
        setError(applyProblem(form, failure));
        showFault(Object.keys(form.errors));
      },
    });
  }

  const props: PartProps = { kind, form, readOnly };
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <Stack>
        {part === 'profile' && <Profile {...props} />}
        {part === 'hours' && <Hours {...props} />}
        {part === 'dates' && <Dates {...props} />}
        {part === 'off' && <TimeOffPart {...props} />}
      </Stack>
      <SaveBar dirty={dirty && !readOnly} saving={save.isPending} error={error ?? firstFault(form.errors)} onSave={submit} onDiscard={() => show(item)} />
    </form>
  );
}
