// One field that the business set up, on a contact: shown and changed as what it holds.

import type { CustomField, Json } from '@frontdesk/api-client';
import { NativeSelect, TextInput } from '@mantine/core';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { isDay } from '../../ui/civil';
import { notifyProblem } from '../../ui/toast';
import { EditableField } from '../inbox/EditableField';
import inbox from '../inbox/Inbox.module.css';
import { fieldText } from './field-text';

interface FieldValueProps {
  field: CustomField;
  /** Absent while nobody has said. */
  value: Json | undefined;
  readOnly: boolean;
  /** Null takes it away. */
  onSave: (value: Json | null) => Promise<unknown>;
}

export function FieldValue({ field, value, readOnly, onSave }: FieldValueProps) {
  const { t, i18n } = useTranslation('contacts');
  const label = useId();
  const { kind } = field;
  const text = value === undefined ? '' : fieldText(value, { language: i18n.language, yes: t('fields.yes'), no: t('fields.no') });
  if (kind === 'text' || (kind === 'number' && readOnly)) {
    return <EditableField label={field.label} value={text} type="text" readOnly={readOnly} onSave={(typed) => onSave(typed === '' ? null : typed)} />;
  }
  const save = (next: Json | null) => void onSave(next).catch(notifyProblem);
  return (
    <div className={inbox.field}>
      <span className={inbox.fieldLabel} id={label}>
        {field.label}
      </span>
      {readOnly ? (
        <span>{text === '' ? '–' : text}</span>
      ) : kind === 'choice' || kind === 'bool' ? (
        <NativeSelect
          size="xs"
          w={150}
          flex="none"
          aria-labelledby={label}
          value={value === undefined ? '' : typeof value === 'string' ? value : String(value)}
          data={[{ value: '', label: '–' }, ...choices(field, value, { yes: t('fields.yes'), no: t('fields.no') })]}
          onChange={({ currentTarget: { value: chosen } }) => save(chosen === '' ? null : kind === 'bool' ? chosen === 'true' : chosen)}
        />
      ) : (
        <Typed key={text} kind={kind} label={label} value={value === undefined ? '' : typeof value === 'string' ? value : String(value)} onSave={save} />
      )}
    </div>
  );
}

/** What can be chosen; a value from before the choices were changed stays. */
function choices({ kind, options }: CustomField, value: Json | undefined, { yes, no }: { yes: string; no: string }) {
  if (kind === 'bool') return [{ value: 'true', label: yes }, { value: 'false', label: no }];
  const kept = typeof value === 'string' && !options.includes(value) ? [value] : [];
  return [...options, ...kept].map((option) => ({ value: option, label: option }));
}

interface TypedProps {
  kind: 'number' | 'date';
  /** The element that names it. */
  label: string;
  value: string;
  onSave: (value: Json | null) => void;
}

/** A number or a day; leaving the field saves what is one. */
function Typed({ kind, label, value, onSave }: TypedProps) {
  const [typed, setTyped] = useState(value);
  const finish = () => {
    if (typed === value) return;
    if (typed === '') onSave(null);
    else if (kind === 'date' && isDay(typed)) onSave(typed);
    else if (kind === 'number' && Number.isFinite(Number(typed))) onSave(Number(typed));
    else setTyped(value);
  };
  return (
    <TextInput
      size="xs"
      w={150}
      flex="none"
      type={kind}
      step={kind === 'number' ? 'any' : undefined}
      aria-labelledby={label}
      value={typed}
      onChange={(event) => setTyped(event.currentTarget.value)}
      onBlur={finish}
      onKeyDown={(event) => {
        if (event.key === 'Enter') finish();
        if (event.key === 'Escape') setTyped(value);
      }}
    />
  );
}
