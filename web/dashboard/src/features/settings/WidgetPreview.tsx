// The widget itself beside its settings: the same script customers get, inside this page.

import type { Theme, WidgetKey } from '@frontdesk/api-client';
import { Text } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { MessageCircle } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import classes from './Settings.module.css';

declare global {
  interface Window {
    Frontdesk?: { destroy: () => void };
  }
}

const TARGET = 'widget-preview';

interface WidgetPreviewProps {
  theme: Theme;
  widgetKey: Pick<WidgetKey, 'key' | 'origins'> | undefined;
}

export function WidgetPreview({ theme, widgetKey }: WidgetPreviewProps) {
  const { t } = useTranslation('settings');
  const [failed, setFailed] = useState(false);
  const [look] = useDebouncedValue(`${theme.accent} ${theme.scheme}`, 400);
  const key = widgetKey?.key;

  useEffect(() => {
    if (key === undefined) return;
    const [accent = '', scheme = ''] = look.split(' ');
    const script = document.createElement('script');
    script.src = '/widget.js';
    script.dataset['key'] = key;
    script.dataset['target'] = `#${TARGET}`;
    script.dataset['accent'] = accent;
    script.dataset['scheme'] = scheme;
    script.onerror = () => setFailed(true);
    script.onload = () => setFailed(false);
    document.body.append(script);
    return () => {
      window.Frontdesk?.destroy();
      script.remove();
    };
  }, [key, look]);

  return (
    <section className={classes.stage} aria-label={t('preview.title')}>
      <Text size="xs" c="dimmed" fw={600}>
        {t('preview.title')}
      </Text>
      {key === undefined || failed ? (
        <Text size="sm" c="dimmed" style={{ flex: 1 }}>
          {t(key === undefined ? 'preview.noKey' : 'preview.failed')}
        </Text>
      ) : (
        <div id={TARGET} className={classes.real} />
      )}
      <span className={classes.launcher} data-side={theme.position} style={{ background: theme.accent }}>
        <MessageCircle size={22} aria-hidden />
        {theme.launcher_text}
      </span>
    </section>
  );
}
