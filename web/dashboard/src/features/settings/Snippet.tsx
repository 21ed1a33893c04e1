import type { WidgetKey } from '@frontdesk/api-client';
import { Alert, Group } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { CopyButton } from '../../ui/CopyButton';
import { finishStep } from '../onboarding/steps';
import classes from './Settings.module.css';

interface SnippetProps {
  widgetKey: Pick<WidgetKey, 'key' | 'origins'>;
  onCopied?: () => void;
}

/** The lines to put into a web page. */
export function Snippet({ widgetKey, onCopied }: SnippetProps) {
  const { t } = useTranslation('settings');
  const text = `<script src="${location.origin}/widget.js" data-key="${widgetKey.key}" defer></script>`;
  return (
    <div>
      {/* A scrolled region can be reached by keyboard. */}
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <pre className={classes.code} tabIndex={0} aria-label={t('install.snippet')}>
        {text}
      </pre>
      <Group justify="flex-end" mt="xs">
        <CopyButton
          text={text}
          what={t('install.snippet')}
          onCopied={() => {
            void finishStep('widget');
            onCopied?.();
          }}
        />
      </Group>
      {widgetKey.origins.length === 0 && (
        <Alert color="orange" mt="sm">
          {t('install.noOrigins')}
        </Alert>
      )}
    </div>
  );
}
