import { Button, type ButtonProps } from '@mantine/core';
import { Check, Copy } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { copyText } from './copy';

interface CopyButtonProps extends ButtonProps {
  text: string;
  /** What is copied, for screen readers, where several such buttons stand together. */
  what?: string;
  /** What stands on it; "Copy" when absent. */
  label?: string;
  onCopied?: () => void;
}

/** Copies a text and says so. */
export function CopyButton({ text, what, label, onCopied, ...button }: CopyButtonProps) {
  const { t } = useTranslation();
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), 2000);
    return () => clearTimeout(timer);
  }, [copied]);
  return (
    <Button
      variant="default"
      leftSection={copied ? <Check size={16} aria-hidden /> : <Copy size={16} aria-hidden />}
      {...(what === undefined ? {} : { 'aria-label': `${label ?? t('action.copy')}: ${what}` })}
      {...button}
      onClick={() => {
        void copyText(text).then(() => {
          setCopied(true);
          onCopied?.();
        });
      }}
    >
      <span aria-live="polite">{copied ? t('action.copied') : (label ?? t('action.copy'))}</span>
    </Button>
  );
}
