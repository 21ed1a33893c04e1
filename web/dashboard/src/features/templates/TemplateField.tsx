import type { Language, TemplateVariable } from '@frontdesk/api-client';
import { Paper, Portal, Text, Textarea, TextInput } from '@mantine/core';
import { useId, useRef, useState, type KeyboardEvent, type ReactNode, type SyntheticEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { caretPlace, type CaretPlace } from './caret';
import { completed, lineSpan, matching, wantedAt, type Flaw, type Wanted } from './complete';
import classes from './Templates.module.css';

type Node = HTMLInputElement | HTMLTextAreaElement;

interface TemplateFieldProps {
  label: string;
  description?: ReactNode;
  multiline: boolean;
  /** Lines it begins with, when it has several. */
  rows: number;
  maxLength: number;
  /** What it is written in, for spelling and screen readers. */
  language: Language;
  value: string;
  onChange: (text: string) => void;
  variables: readonly TemplateVariable[];
  flaws: readonly Flaw[];
  readOnly: boolean;
  /** Whether the list of variables is open. */
  onChoosing: (choosing: boolean) => void;
  onFocus: () => void;
  nodeRef: (node: Node | null) => void;
}

interface Open {
  wanted: Wanted;
  place: CaretPlace;
}

/** A text with `{{ variables }}`: two braces open the list, and what is wrong is named with its line. */
export function TemplateField({ label, description, multiline, rows, maxLength, language, value, onChange, variables, flaws, readOnly, onChoosing, onFocus, nodeRef }: TemplateFieldProps) {
  const { t } = useTranslation('templates');
  const id = useId();
  const node = useRef<Node | null>(null);
  const [open, setOpen] = useState<Open | null>(null);
  const [active, setActive] = useState(0);
  const found = open === null ? [] : matching(variables, open.wanted.query);
  const shown = open !== null && found.length > 0 && !readOnly;

  function look(target: Node, text: string) {
    const wanted = wantedAt(text, target.selectionStart ?? text.length);
    const next = wanted === null ? null : { wanted, place: caretPlace(target) };
    setOpen(next);
    setActive(0);
    onChoosing(next !== null && matching(variables, next.wanted.query).length > 0);
  }

  function close() {
    setOpen(null);
    onChoosing(false);
  }

  function choose(variable: TemplateVariable) {
    const target = node.current;
    if (open === null || target === null) return;
    const edit = completed(value, target.selectionStart ?? value.length, open.wanted, variable);
    onChange(edit.text);
    close();
    requestAnimationFrame(() => {
      target.focus();
      target.setSelectionRange(edit.caret, edit.caret);
    });
  }

  function onKeyDown(event: KeyboardEvent) {
    if (!shown) return;
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step !== 0) {
      event.preventDefault();
      setActive((active + step + found.length) % found.length);
    } else if (event.key === 'Enter' || event.key === 'Tab') {
      const variable = found[active];
      if (variable === undefined) return;
      event.preventDefault();
      choose(variable);
    } else if (event.key === 'Escape') {
      event.preventDefault();
      event.stopPropagation();
      close();
    }
  }

  const named = flaws.length > 0 && (
    <ul id={`${id}-flaws`} className={classes.flaws} role="alert">
          {flaws.map((flaw, index) => (
            <li key={index}>
              {flaw.line !== null && multiline ? (
                <button
                  type="button"
                  onClick={() => {
                    const span = lineSpan(value, flaw.line ?? 1);
                    node.current?.focus();
                    node.current?.setSelectionRange(span.start, span.end);
                  }}
                >
                  {t('flaw.line', { line: flaw.line })}
                </button>
              ) : null}{' '}
              {flaw.text}
            </li>
          ))}
        </ul>
  );
  const props = {
    id,
    label,
    description,
    maxLength,
    readOnly,
    value,
    lang: language,
    spellCheck: true,
    autoComplete: 'off',
    error: flaws.length > 0,
    inputContainer: (input: ReactNode) => (
      <>
        {named}
        {input}
      </>
    ),
    onFocus,
    onBlur: close,
    onKeyDown,
    onKeyUp: (event: SyntheticEvent<Node> & { key: string }) => {
      if (['ArrowLeft', 'ArrowRight', 'Home', 'End'].includes(event.key)) look(event.currentTarget, value);
    },
    onClick: (event: SyntheticEvent<Node>) => look(event.currentTarget, value),
    onChange: (event: SyntheticEvent<Node>) => {
      const target = event.currentTarget;
      onChange(target.value);
      look(target, target.value);
    },
    ref: (found: Node | null) => {
      node.current = found;
      nodeRef(found);
    },
    'aria-invalid': flaws.length > 0,
    'aria-describedby': flaws.length > 0 ? `${id}-flaws` : undefined,
    // A text of several lines may not be a combobox; it says the same without the name.
    ...(multiline ? {} : { role: 'combobox', 'aria-expanded': shown }),
    'aria-autocomplete': 'list' as const,
    'aria-haspopup': 'listbox' as const,
    'aria-controls': shown ? `${id}-list` : undefined,
    'aria-activedescendant': shown ? `${id}-${String(active)}` : undefined,
  };
  return (
    <div>
      {multiline ? <Textarea autosize minRows={rows} maxRows={32} classNames={{ input: classes.source ?? '' }} {...props} /> : <TextInput classNames={{ input: classes.source ?? '' }} {...props} />}
      {shown && (
        <Portal>
          <Paper withBorder shadow="md" className={classes.list} style={open.place}>
            <ul id={`${id}-list`} role="listbox" aria-label={t('variables.title')}>
              {found.map((variable, index) => (
                // The keys are the field's, which keeps the focus.
                // eslint-disable-next-line jsx-a11y/click-events-have-key-events
                <li
                  key={variable.name}
                  id={`${id}-${String(index)}`}
                  role="option"
                  aria-selected={index === active}
                  ref={(option) => {
                    if (index === active) option?.scrollIntoView({ block: 'nearest' });
                  }}
                  onMouseDown={(event) => event.preventDefault()}
                  onMouseMove={() => setActive(index)}
                  onClick={() => choose(variable)}
                >
                  <code>{variable.name}</code>
                  <Text size="xs" c="dimmed">
                    {t(`variable.${variable.name}`, { defaultValue: variable.description })}
                  </Text>
                </li>
              ))}
            </ul>
          </Paper>
        </Portal>
      )}
    </div>
  );
}
