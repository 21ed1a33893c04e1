import type { Template, TemplateChannel } from '@frontdesk/api-client';
import { ActionIcon, Badge, Card, Skeleton, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { ArrowLeft, PenLine } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { NotFound } from '../../app/errors';
import { useCan } from '../../app/session';
import { ErrorState } from '../../ui/ErrorState';
import { PageBody } from '../../ui/PageBody';
import { PageHeader } from '../../ui/PageHeader';
import { CHANNELS, kindOf, languageOf } from './kinds';
import { isAt, templatesQuery, type Place } from './queries';
import { templateRoute } from './routes';
import { TemplateEditor } from './TemplateEditor';

export function TemplatePage() {
  const params = templateRoute.useParams();
  const { via: channel = 'email' } = templateRoute.useSearch();
  const kind = kindOf(params.kind);
  const language = languageOf(params.language);
  if (kind === undefined || language === undefined) return <NotFound />;
  return <Found key={`${kind}-${channel}-${language}`} place={{ kind, channel, language }} />;
}

function Found({ place }: { place: Place }) {
  const { t } = useTranslation('templates');
  const templates = useQuery(templatesQuery);
  const mayWrite = useCan('templates:write');
  const template = templates.data?.find((each) => isAt(place, each));
  const channels = CHANNELS.filter((channel) => templates.data?.some((each) => isAt({ ...place, channel }, each)));
  // Not every message goes through every channel.
  if (templates.data !== undefined && template === undefined) return <NotFound />;
  return (
    <PageBody>
      {template !== undefined ? (
        <TemplateEditor template={template} channels={channels} readOnly={!mayWrite} before={<Back channel={place.channel} />} badge={<State template={template} />} />
      ) : (
        <>
          <PageHeader title={t(`kind.${place.kind}.name`)} before={<Back channel={place.channel} />} />
          {templates.isError ? (
            <Card>
              <ErrorState error={templates.error} onRetry={() => void templates.refetch()} />
            </Card>
          ) : (
            <Stack role="status" aria-label={t('common:state.loading')}>
              <Skeleton height={480} radius="lg" />
            </Stack>
          )}
        </>
      )}
    </PageBody>
  );
}

function Back({ channel }: { channel: TemplateChannel }) {
  const { t } = useTranslation('templates');
  return (
    <ActionIcon size={36} aria-label={t('back')} renderRoot={(props) => <Link to="/templates" search={channel === 'email' ? {} : { via: channel }} {...props} />}>
      <ArrowLeft size={18} aria-hidden />
    </ActionIcon>
  );
}

function State({ template }: { template: Template }) {
  const { t } = useTranslation('templates');
  return template.customised ? (
    <Badge color="brand" leftSection={<PenLine size={12} aria-hidden />}>
      {t('ownVersion', { number: template.version })}
    </Badge>
  ) : (
    <Badge color="gray">{t('shipped')}</Badge>
  );
}
