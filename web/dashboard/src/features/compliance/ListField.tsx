import { Autocomplete } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useListName } from './ListName';
import { OWN } from './lists';

/** The name a list is kept under, from what was typed: the business's own is typed by its meaning. */
export function useListId(): (typed: string) => string {
  const name = useListName();
  return (typed) => (typed.trim() === name(OWN) ? OWN : typed.trim());
}

interface ListFieldProps {
  value: string;
  onChange: (typed: string) => void;
  error?: string | undefined;
}

/** The list that addresses go to: the business's own, a name of a list, or a registry's. */
export function ListField({ value, onChange, error }: ListFieldProps) {
  const { t } = useTranslation('compliance');
  const name = useListName();
  return (
    <Autocomplete
      label={t('add.list')}
      description={t('add.listText')}
      maxLength={60}
      data={[name(OWN), 'registry-us']}
      // What is chosen first does not narrow down what else there is.
      filter={({ options }) => options}
      value={value}
      error={error}
      onChange={onChange}
    />
  );
}
