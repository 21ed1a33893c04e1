import { isProblem } from '@frontdesk/api-client';
import { TextInput, UnstyledButton } from '@mantine/core';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { formatPhone } from '../../ui/address';
import { sentence } from '../../ui/text';
import { problemText } from '../../ui/toast';
import classes from './Inbox.module.css';

interface EditableFieldProps {
  label: string;
  value: string;
  type: 'text' | 'email' | 'tel';
  readOnly: boolean;
  onSave: (value: string) => Promise<unknown>;
}

/** A value that becomes a field when clicked: Enter or leaving saves, Escape leaves it as it was. */
export function EditableField({ label, value, type, readOnly, onSave }: EditableFieldProps) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState<string | null>(null);
  const [error, setError] = useState<string | null>(null);
  const [saving, setSaving] = useState(false);
  const name = useId();
  const shown = type === 'tel' ? formatPhone(value) : value;

  async function save() {
    if (typed === null || saving) return;
    if (typed.trim() === value) {
      setTyped(null);
      return;
    }
    setSaving(true);
    try {
      await onSave(typed.trim());
      setTyped(null);
      setError(null);
    } catch (failure) {
      // What was typed stays in the field, with what is wrong about it.
      setError(isProblem(failure) && failure.errors[0] !== undefined ? sentence(failure.errors[0].message) : problemText(failure));
    } finally {
      setSaving(false);
    }
  }

  return (
    <div className={classes.field}>
      <span className={classes.fieldLabel} id={name}>
        {label}
      </span>
      {typed !== null ? (
        <TextInput
          size="xs"
          flex={1}
          type={type}
          aria-labelledby={name}
          // The field replaces the button that was just pressed; the focus belongs in it.
          // eslint-disable-next-line jsx-a11y/no-autofocus
          autoFocus
          value={typed}
          error={error}
          disabled={saving}
          onChange={(event) => setTyped(event.currentTarget.value)}
          onBlur={() => void save()}
          onKeyDown={(event) => {
            if (event.key === 'Enter') void save();
            if (event.key === 'Escape') {
              setTyped(null);
              setError(null);
            }
          }}
        />
      ) : readOnly ? (
        <span>{value === '' ? '–' : shown}</span>
      ) : (
        <UnstyledButton className={classes.fieldValue} onClick={() => setTyped(value)} title={t('action.edit')}>
          {value === '' ? <span style={{ color: 'var(--mantine-color-dimmed)' }}>{t('action.add')}</span> : shown}
          <span className="visually-hidden">
            , {label}, {t('action.edit')}
          </span>
        </UnstyledButton>
      )}
    </div>
  );
}
