import type { TemplateChannel, TemplatePreview } from '@frontdesk/api-client';
import { Card, Group, SegmentedControl, Skeleton, Text, Title } from '@mantine/core';
import { useId, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { ErrorState } from '../../ui/ErrorState';
import { TextCount } from '../messages/TextCount';
import { MailFrame } from '../booking/MailPreview';
import classes from './Templates.module.css';

interface PreviewProps {
  channel: TemplateChannel;
  mail: TemplatePreview | undefined;
  /** It is older than the text. */
  stale: boolean;
  /** The text has a mistake, so that it cannot be shown anew. */
  flawed: boolean;
  loading: boolean;
  /** What kept it from being made, besides the text itself. */
  error: unknown;
  onRetry: () => void;
  /** With the values of a booking rather than examples. */
  real: boolean;
  /** What the values are chosen with. */
  children: ReactNode;
}

/** A short message on the reader's phone, and what it costs as a text message with these values. */
function ShortMessage({ text }: { text: string }) {
  return (
    <>
      <div className={classes.short}>
        <p>{text}</p>
      </div>
      <TextCount channel="sms" text={text} />
    </>
  );
}

/** The message as its reader gets it. */
export function Preview({ channel, mail, stale, flawed, loading, error, onRetry, real, children }: PreviewProps) {
  const { t } = useTranslation('templates');
  const id = useId();
  const [as, setAs] = useState('html');
  return (
    <Card component="section" aria-labelledby={id} className={classes.preview}>
      <Group justify="space-between" mb="sm" gap="xs">
        <Title order={2} id={id}>
          {t('preview.title')}
        </Title>
        {channel === 'email' && (
          <SegmentedControl
            size="xs"
            aria-label={t('preview.as')}
            value={as}
            data={[
              { value: 'html', label: t('preview.html') },
              { value: 'text', label: t('preview.plain') },
            ]}
            onChange={setAs}
          />
        )}
      </Group>
      {children}
      {error !== null ? (
        <ErrorState compact error={error} onRetry={onRetry} />
      ) : mail === undefined ? (
        loading ? (
          <Skeleton height={420} />
        ) : (
          <Text size="sm" c="dimmed">
            {t('preview.none')}
          </Text>
        )
      ) : (
        <div className={classes.sheet} data-stale={stale || undefined}>
          {channel === 'text' ? (
            <ShortMessage text={mail.text.trim()} />
          ) : as === 'html' ? (
            <MailFrame mail={mail} height="clamp(480px, 100vh - 330px, 760px)" />
          ) : (
            <>
              <Text fw={650} mb="xs" style={{ overflowWrap: 'anywhere' }}>
                {mail.subject}
              </Text>
              {/* A scrolled region can be reached by keyboard. */}
              {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
              <pre className={classes.plain} tabIndex={0} aria-label={t('preview.plain')}>
                {mail.text}
              </pre>
            </>
          )}
        </div>
      )}
      <Text size="xs" c="dimmed" mt="sm" role="status">
        {t(flawed ? 'preview.flawed' : real ? 'preview.real' : 'preview.samples')}
      </Text>
    </Card>
  );
}
