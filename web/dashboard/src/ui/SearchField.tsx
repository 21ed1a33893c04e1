import { CloseButton, TextInput, type TextInputProps } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { Search } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

interface SearchFieldProps extends Omit<TextInputProps, 'value' | 'onChange' | 'label'> {
  /** What is searched, for screen readers and as the placeholder. */
  label: string;
  /** What the address says is searched for. */
  value: string;
  /** Called when the typing pauses. */
  onSearch: (text: string) => void;
}

/** A search box whose text lives in the address: what is typed shows at once, the list follows when typing pauses. */
export function SearchField({ label, value, onSearch, ...input }: SearchFieldProps) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState(value);
  const [known, setKnown] = useState(value);
  const search = useDebouncedCallback((text: string) => onSearch(text.trim()), 250);
  // Back, forward and links change the address from outside.
  if (value !== known) {
    setKnown(value);
    if (value !== typed.trim()) setTyped(value);
  }
  return (
    <TextInput
      type="search"
      aria-label={label}
      placeholder={label}
      leftSection={<Search size={16} aria-hidden />}
      rightSection={
        typed === '' ? null : (
          <CloseButton
            size="sm"
            aria-label={t('action.clear')}
            onClick={() => {
              setTyped('');
              onSearch('');
            }}
          />
        )
      }
      value={typed}
      onChange={(event) => {
        setTyped(event.currentTarget.value);
        search(event.currentTarget.value);
      }}
      {...input}
    />
  );
}
