import type { TemplateVariable } from '@frontdesk/api-client';
import { Badge, Skeleton, Text } from '@mantine/core';
import type { UseQueryResult } from '@tanstack/react-query';
import { Plus } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { ErrorState } from '../../ui/ErrorState';
import { Panel } from '../../ui/Panel';
import classes from './Templates.module.css';

interface VariablesProps {
  variables: UseQueryResult<TemplateVariable[]>;
  readOnly: boolean;
  onInsert: (variable: TemplateVariable) => void;
}

/** What the message can say, each with an example; a click puts it where the caret was. */
export function Variables({ variables, readOnly, onInsert }: VariablesProps) {
  const { t } = useTranslation('templates');
  return (
    <Panel title={t('variables.title')} {...(readOnly ? {} : { text: t('variables.text') })}>
      {variables.data === undefined ? (
        variables.isError ? (
          <ErrorState compact error={variables.error} onRetry={() => void variables.refetch()} />
        ) : (
          <Skeleton height={200} />
        )
      ) : (
        <ul className={classes.variables}>
          {variables.data.map((variable) => (
            <li key={variable.name}>
              <button type="button" className={classes.variable} disabled={readOnly} aria-label={t('variables.insert', { name: variable.name })} onClick={() => onInsert(variable)}>
                <code>{variable.name}</code>
                {!readOnly && <Plus size={14} aria-hidden />}
              </button>
              <div className={classes.variableText}>
                <Text size="sm" component="div">
                  {t(`variable.${variable.name}`, { defaultValue: variable.description })}{' '}
                  {variable.optional && (
                    <Badge color="gray" size="xs">
                      {t('variables.optional')}
                    </Badge>
                  )}
                </Text>
                <Text size="xs" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
                  {variable.sample}
                </Text>
              </div>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}
