import { CheckIcon, ColorSwatch, Input } from '@mantine/core';
import { useId, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import classes from './ColorField.module.css';

/** Told apart by most eyes, and readable as a thin line on light and dark. */
const COLORS = {
  '#4f46e5': 'indigo',
  '#2563eb': 'blue',
  '#0891b2': 'cyan',
  '#0d9488': 'teal',
  '#16a34a': 'green',
  '#d97706': 'amber',
  '#dc2626': 'red',
  '#db2777': 'pink',
  '#9333ea': 'purple',
  '#64748b': 'grey',
} as const;

interface ColorFieldProps {
  label: string;
  description?: ReactNode;
  /** `#rrggbb`; empty for none. */
  value: string;
  onChange: (color: string) => void;
  readOnly?: boolean;
  error?: ReactNode;
}

/** One of a handful of colours, or any other. */
export function ColorField({ label, description, value, onChange, readOnly = false, error }: ColorFieldProps) {
  const { t } = useTranslation();
  const id = useId();
  const own = value !== '' && !(value.toLowerCase() in COLORS);
  return (
    <Input.Wrapper id={id} label={label} description={description} error={error} labelElement="div">
      <div role="radiogroup" aria-label={label} className={classes.colors}>
        {Object.entries(COLORS).map(([color, name]) => {
          const chosen = value.toLowerCase() === color;
          return (
            <ColorSwatch
              key={color}
              component="button"
              type="button"
              role="radio"
              aria-checked={chosen}
              aria-label={t(`color.${name}`)}
              size={26}
              color={color}
              disabled={readOnly}
              className={classes.color}
              onClick={() => onChange(color)}
            >
              {chosen && <CheckIcon size={12} color="#fff" />}
            </ColorSwatch>
          );
        })}
        <label className={classes.own} data-chosen={own || undefined} style={own ? { background: value } : undefined}>
          <span className="visually-hidden">{t('color.own')}</span>
          <input type="color" disabled={readOnly} value={value === '' ? '#4f46e5' : value} onChange={(event) => onChange(event.currentTarget.value)} />
        </label>
      </div>
    </Input.Wrapper>
  );
}
