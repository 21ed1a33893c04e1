import type { CalendlyPreview, CalendlyReport } from '@frontdesk/api-client';
import { Alert, Badge, Button, Checkbox, Group, List, PasswordInput, ScrollArea, Select, Stack, Text } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useQuery } from '@tanstack/react-query';
import { CircleCheck, Download } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { applyProblem, FormError } from '../../ui/FormError';
import { Panel } from '../../ui/Panel';
import { sentence } from '../../ui/text';
import { TimeText } from '../../ui/TimeText';
import { staffQuery } from '../booking/queries';
import { useImportCalendly, usePreviewCalendly, type CalendlyAccess } from './calendly';

/** Bring over what one person set up at Calendly: look first, choose, import, read what came of it. */
export function Calendly() {
  const { t } = useTranslation('calendly');
  const staff = useQuery(staffQuery);
  const [open, setOpen] = useState(false);
  if (staff.data === undefined || staff.data.length === 0) return null;
  const people = staff.data.map((member) => ({ value: member.id, label: member.name }));
  return (
    <Panel
      title={t('title')}
      text={t('text')}
      action={
        !open && (
          <Button size="xs" variant="light" leftSection={<Download size={15} aria-hidden />} onClick={() => setOpen(true)}>
            {t('start')}
          </Button>
        )
      }
    >
      {open && <Steps people={people} onClose={() => setOpen(false)} />}
    </Panel>
  );
}

interface Looked {
  access: CalendlyAccess;
  preview: CalendlyPreview;
}

function Steps({ people, onClose }: { people: { value: string; label: string }[]; onClose: () => void }) {
  const { t } = useTranslation('calendly');
  const look = usePreviewCalendly();
  const [looked, setLooked] = useState<Looked | null>(null);
  const [error, setError] = useState<unknown>(null);
  const form = useForm({ initialValues: { token: '', staff_id: people[0]?.value ?? '' } });
  if (looked !== null) return <Choice {...looked} onBack={() => setLooked(null)} onClose={onClose} />;
  return (
    <form
      noValidate
      onSubmit={form.onSubmit((access) => {
        setError(null);
        look.mutate(access, {
          onSuccess: (preview) => setLooked({ access, preview }),
          onError: (failure) => setError(applyProblem(form, failure)),
        });
      })}
    >
      <Stack>
        <PasswordInput
          data-autofocus
          label={t('token')}
          description={t('tokenHint')}
          maxLength={2000}
          autoComplete="off"
          {...form.getInputProps('token')}
        />
        <Select label={t('staff')} description={t('staffHint')} allowDeselect={false} data={people} {...form.getInputProps('staff_id')} />
        <FormError error={error} />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            {t('common:action.cancel')}
          </Button>
          <Button type="submit" loading={look.isPending}>
            {t('look')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

interface ChoiceProps extends Looked {
  onBack: () => void;
  onClose: () => void;
}

function Choice({ access, preview, onBack, onClose }: ChoiceProps) {
  const { t } = useTranslation('calendly');
  const possible = preview.types.filter((type) => type.state !== 'refused');
  const [chosen, setChosen] = useState<string[]>(possible.map((type) => type.uri));
  const readable = typeof preview.hours?.why !== 'string' && preview.hours !== undefined && preview.hours !== null;
  const [hours, setHours] = useState(readable && preview.hours?.has_own === false);
  const [report, setReport] = useState<CalendlyReport | null>(null);
  const bring = useImportCalendly(setReport);
  const go = (so?: CalendlyReport) => bring.mutate({ ...access, types: chosen, hours, ...(so === undefined ? {} : { so }) });
  if (report !== null) {
    return <Report report={report} busy={bring.isPending} error={bring.error} onGoOn={() => go(report)} onClose={onClose} />;
  }
  const coming = preview.bookings.filter((booking) => booking.state === 'new' && chosen.includes(booking.type_uri ?? ''));
  const kept = preview.bookings.filter((booking) => booking.state === 'kept');
  const left = preview.bookings.filter((booking) => booking.state === 'refused');
  return (
    <Stack>
      <Checkbox.Group label={t('types')} description={t('typesHint')} value={chosen} onChange={setChosen}>
        <Stack gap={6} mt="xs">
          {preview.types.map((type) => (
            <Checkbox
              key={type.uri}
              value={type.uri}
              disabled={type.state === 'refused'}
              label={
                <Group gap={8}>
                  <span>{t('type', { name: type.name, count: type.minutes })}</span>
                  {type.state === 'kept' && <Badge color="gray">{t('here')}</Badge>}
                  {!type.active && <Badge color="gray">{t('off')}</Badge>}
                </Group>
              }
              description={typeof type.why === 'string' ? sentence(type.why) : undefined}
            />
          ))}
          {preview.types.length === 0 && (
            <Text size="sm" c="dimmed">
              {t('noTypes')}
            </Text>
          )}
        </Stack>
      </Checkbox.Group>
      {preview.hours !== undefined && preview.hours !== null && (
        <Checkbox
          checked={hours}
          disabled={!readable}
          onChange={(event) => setHours(event.currentTarget.checked)}
          label={t('hours', { name: preview.hours.name })}
          description={typeof preview.hours.why === 'string' ? sentence(preview.hours.why) : t(preview.hours.has_own ? 'hoursReplace' : 'hoursSet')}
        />
      )}
      <div>
        <Text size="sm" fw={600}>
          {t('bookings', { count: coming.length })}
        </Text>
        <Text size="sm" c="dimmed">
          {t(preview.more ? 'more' : 'mailless')}
        </Text>
        {kept.length > 0 && (
          <Text size="sm" c="dimmed">
            {t('bookingsKept', { count: kept.length })}
          </Text>
        )}
        <Left things={left} />
      </div>
      <Text size="xs" c="dimmed">
        {t('notOver')}
      </Text>
      <FormError error={bring.error} />
      <Group justify="flex-end" gap="xs">
        <Button variant="default" disabled={bring.isPending} onClick={onBack}>
          {t('back')}
        </Button>
        <Button loading={bring.isPending} disabled={chosen.length === 0 && !hours} onClick={() => go()}>
          {t('import')}
        </Button>
      </Group>
    </Stack>
  );
}

interface ReportProps {
  report: CalendlyReport;
  busy: boolean;
  error: unknown;
  onGoOn: () => void;
  onClose: () => void;
}

function Report({ report, busy, error, onGoOn, onClose }: ReportProps) {
  const { t } = useTranslation('calendly');
  const waits = typeof report.next === 'string' && !busy;
  return (
    <Stack>
      <Alert color={waits ? 'orange' : 'teal'} role="status" icon={<CircleCheck size={18} aria-hidden />} title={t(busy ? 'busy' : !waits ? 'done' : typeof report.wait_seconds === 'number' ? 'waits' : 'stopped')}>
        <List size="sm">
          <List.Item>{t('typesMade', { count: report.types.made, kept: report.types.kept })}</List.Item>
          <List.Item>{t(`hoursDone.${report.hours}`)}</List.Item>
          <List.Item>{t('bookingsMade', { count: report.bookings.made, kept: report.bookings.kept })}</List.Item>
        </List>
        {waits && typeof report.wait_seconds === 'number' && <Text size="sm">{t('waitText', { count: report.wait_seconds })}</Text>}
      </Alert>
      <Left things={[...report.types.refused, ...report.bookings.refused]} />
      <FormError error={error} />
      <Group justify="flex-end" gap="xs">
        {waits && <Button onClick={onGoOn}>{t('goOn')}</Button>}
        <Button variant="default" disabled={busy} onClick={onClose}>
          {t('common:action.close')}
        </Button>
      </Group>
    </Stack>
  );
}

/** What does not come over, and why. */
function Left({ things }: { things: readonly { name: string; start?: string | null; why?: string | null }[] }) {
  const { t } = useTranslation('calendly');
  if (things.length === 0) return null;
  return (
    <div role="group" aria-label={t('left', { count: things.length })}>
      <Text size="sm" fw={600} mt="xs">
        {t('left', { count: things.length })}
      </Text>
      <ScrollArea.Autosize mah={260} tabIndex={0}>
        <List size="sm">
          {things.map((thing, index) => (
            <List.Item key={index} style={{ overflowWrap: 'anywhere' }}>
              {thing.name}
              {typeof thing.start === 'string' && (
                <>
                  {', '}
                  <TimeText at={thing.start} as="datetime" />
                </>
              )}
              {typeof thing.why === 'string' && `: ${thing.why}`}
            </List.Item>
          ))}
        </List>
      </ScrollArea.Autosize>
    </div>
  );
}
