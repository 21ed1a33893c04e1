// A booking type as one form; a section of it is shown at a time and all of it is saved at once.

import type { BookingType } from '@frontdesk/api-client';
import { Stack } from '@mantine/core';
import { useForm, type UseFormReturnType } from '@mantine/form';
import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { applyProblem } from '../../ui/FormError';
import { firstFault, useRecordForm } from '../../ui/record-form';
import { SaveBar } from '../../ui/SaveBar';
import { notifyDone } from '../../ui/toast';
import { formOf, hasChoices, settingsOf, type TypeForm } from './defaults';
import { useChangeType } from './queries';
import type { SectionId } from './routes';
import { Basics } from './sections/Basics';
import { Confirmation } from './sections/Confirmation';
import { Questions } from './sections/Questions';
import { Share } from './sections/Share';
import { Team } from './sections/Team';
import { Times } from './sections/Times';

export interface SectionProps {
  form: UseFormReturnType<TypeForm>;
  readOnly: boolean;
}

/** Where a field is edited, by the first part of its path. */
const SECTION_OF: Partial<Record<string, SectionId>> = {
  buffer_before: 'times',
  buffer_after: 'times',
  minimum_notice: 'times',
  horizon_days: 'times',
  slot_step: 'times',
  limits: 'times',
  staff: 'team',
  resources: 'team',
  questions: 'questions',
  confirmation_required: 'confirmation',
  reminders: 'confirmation',
  change_notice: 'confirmation',
  slug: 'share',
  listed: 'share',
};

interface TypeEditorProps {
  type: BookingType;
  section: SectionId;
  readOnly: boolean;
}

export function TypeEditor({ type, section, readOnly }: TypeEditorProps) {
  const { t } = useTranslation('booking-types');
  const navigate = useNavigate();
  const save = useChangeType(type.id, true);
  const form = useForm<TypeForm>({
    initialValues: formOf(type),
    validate: {
      name: (value) => (value.trim() === '' ? t('rule.name') : null),
      slug: (value) => (/^[a-z0-9][a-z0-9-]*$/u.test(value.trim().toLowerCase()) ? null : t('rule.slug')),
      location: {
        address: (value, { location }) => (location.kind === 'address' && String(value).trim() === '' ? t('rule.address') : null),
        url: (value, { location }) => (location.kind === 'video' && !URL.canParse(String(value)) ? t('rule.url') : null),
      },
      questions: {
        label: (value) => (value.trim() === '' ? t('rule.question') : null),
        choices: (value, { questions }, path) => {
          const question = questions[Number(path.split('.')[1])];
          return question !== undefined && hasChoices(question.kind) && value.filter((choice) => choice.trim() !== '').length < 2 ? t('rule.choices') : null;
        },
      },
    },
  });
  const { dirty, show, error, setError } = useRecordForm(type, formOf, form);

  function showFault(paths: readonly string[]) {
    const first = paths[0];
    const where = first === undefined ? undefined : (SECTION_OF[first.split('.')[0] ?? ''] ?? 'basics');
    if (where !== undefined && !paths.some((path) => (SECTION_OF[path.split('.')[0] ?? ''] ?? 'basics') === section)) {
      void navigate({ to: '/booking-types/$typeId', params: { typeId: type.id }, search: { section: where }, replace: true });
    }
  }

  function submit() {
    const { hasErrors, errors } = form.validate();
    if (hasErrors) {
      showFault(Object.keys(errors));
      return;
    }
    setError(null);
    save.mutate(settingsOf(form.getValues()), {
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

  const props: SectionProps = { form, readOnly };
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <Stack>
        {section === 'basics' && <Basics {...props} />}
        {section === 'times' && <Times {...props} />}
        {section === 'team' && <Team {...props} />}
        {section === 'questions' && <Questions {...props} />}
        {section === 'confirmation' && <Confirmation {...props} />}
        {section === 'share' && <Share {...props} type={type} />}
      </Stack>
      <SaveBar dirty={dirty && !readOnly} saving={save.isPending} error={error ?? firstFault(form.errors)} onSave={submit} onDiscard={() => show(type)} />
    </form>
  );
}
