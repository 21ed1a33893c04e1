import type { TemplateKind, TemplatePreview } from '@frontdesk/api-client';
import { Alert, Anchor, Skeleton, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { Mail } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { FormError } from '../../ui/FormError';
import classes from './Booking.module.css';
import { noticeQuery } from './queries';

/** A message as its reader sees it: nothing in it runs, and no link leads away. */
export function MailFrame({ mail, to, height }: { mail: TemplatePreview; to?: string | null | undefined; height?: string }) {
  const { t } = useTranslation('booking');
  return (
    <div className={classes.mail}>
      <div className={classes.mailHead}>
        {typeof to === 'string' && (
          <Text size="xs" c="dimmed">
            {t('mail.to', { to })}
          </Text>
        )}
        <strong>{mail.subject}</strong>
      </div>
      <iframe title={t('mail.frame')} sandbox="" srcDoc={mail.html} {...(height === undefined ? {} : { style: { height } })} />
    </div>
  );
}

interface NoticeToggleProps {
  bookingId: string;
  kind: TemplateKind;
  reason?: string;
}

/** "What will they get?", opened on demand. */
export function NoticeToggle({ bookingId, kind, reason }: NoticeToggleProps) {
  const { t } = useTranslation('booking');
  const [opened, { toggle }] = useDisclosure(false);
  return (
    <div>
      <Anchor component="button" type="button" size="sm" onClick={toggle} aria-expanded={opened}>
        {opened ? t('mail.hide') : t('mail.show')}
      </Anchor>
      {opened && <Notice bookingId={bookingId} kind={kind} {...(reason === undefined ? {} : { reason })} />}
    </div>
  );
}

function Notice({ bookingId, kind, reason }: NoticeToggleProps) {
  const { t } = useTranslation('booking');
  const notice = useQuery({ ...noticeQuery(bookingId, kind, reason), placeholderData: (before) => before });
  if (notice.isError) return <FormError error={notice.error} mt="xs" />;
  if (notice.data === undefined) return <Skeleton height={200} mt="xs" />;
  if (typeof notice.data.to !== 'string') {
    return (
      <Alert color="orange" mt="xs" icon={<Mail size={18} aria-hidden />}>
        {t('mail.noAddress')}
      </Alert>
    );
  }
  return (
    <div style={{ marginTop: 8 }}>
      <MailFrame mail={notice.data} to={notice.data.to} />
    </div>
  );
}
