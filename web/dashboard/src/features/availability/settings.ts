// Holidays and the rules for all bookings: one document on the server, two sections here.

import type { BookingSettings, Holiday, HolidayCountry } from '@frontdesk/api-client';
import { useForm, type UseFormReturnType } from '@mantine/form';
import { queryOptions, useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../../app/api';
import { keys } from '../../app/keys';
import { queryClient } from '../../app/query';
import { applyProblem } from '../../ui/FormError';
import { notifyDone } from '../../ui/toast';

export function holidaysQuery(country: string, year: number) {
  return queryOptions({
    queryKey: keys.holidays(country, year),
    queryFn: ({ signal }) => api.get<Holiday[]>('/holidays', { query: { country, year }, signal }),
    staleTime: Infinity,
  });
}

export const countriesQuery = queryOptions({
  queryKey: keys.holidayCountries,
  queryFn: ({ signal }) => api.get<HolidayCountry[]>('/holidays/countries', { signal }),
  staleTime: Infinity,
});

export type SettingsForm = BookingSettings & Record<string, unknown>;

export interface SettingsEditor {
  form: UseFormReturnType<SettingsForm>;
  dirty: boolean;
  saving: boolean;
  error: unknown;
  submit: () => void;
  discard: () => void;
}

/** Either section edits the whole; what the other one holds goes back as it came. */
export function useSettingsEditor(settings: BookingSettings): SettingsEditor {
  const { t } = useTranslation('availability');
  const [error, setError] = useState<unknown>(null);
  const [seen, setSeen] = useState(settings);
  const form = useForm<SettingsForm>({
    initialValues: { ...settings },
    validate: { holidays: { own: { name: (value) => (value.trim() === '' ? t('rule.name') : null) } } },
  });
  const save = useMutation({
    meta: { inline: true },
    mutationFn: (next: BookingSettings) => api.put<BookingSettings>('/booking-settings', next),
  });
  function show(newest: BookingSettings) {
    form.setInitialValues({ ...newest });
    form.setValues({ ...newest });
    form.resetDirty({ ...newest });
    form.clearErrors();
    setError(null);
  }
  if (settings !== seen) {
    setSeen(settings);
    if (!form.isDirty()) show(settings);
  }
  function submit() {
    if (form.validate().hasErrors) return;
    setError(null);
    save.mutate(form.getValues(), {
      onSuccess: (saved) => {
        queryClient.setQueryData(keys.bookingSettings, saved);
        void queryClient.invalidateQueries({ queryKey: keys.bookings });
        show(saved);
        notifyDone(t('common:state.saved'));
      },
      onError: (failure) => setError(applyProblem(form, failure)),
    });
  }
  return { form, dirty: form.isDirty(), saving: save.isPending, error, submit, discard: () => show(settings) };
}
