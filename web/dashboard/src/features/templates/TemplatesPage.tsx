import type { Language, Template, TemplateChannel, TemplateKind } from '@frontdesk/api-client';
import { Badge, Card, Skeleton, Stack, Text, Tooltip } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Mail, MessageCircle, MessageSquareText, PenLine } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useWorkspace } from '../../app/session';
import { ErrorState } from '../../ui/ErrorState';
import { PageBody } from '../../ui/PageBody';
import { PageHeader } from '../../ui/PageHeader';
import { Panel } from '../../ui/Panel';
import { CHANNELS, KIND_ICONS, languageName, LANGUAGES, TO_CUSTOMERS, TO_STAFF } from './kinds';
import { templatesQuery } from './queries';
import { templatesRoute, type TemplatesSearch } from './routes';
import classes from './Templates.module.css';

const CHANNEL_ICONS = { email: Mail, text: MessageSquareText } as const;

/** Every message the business sends by itself, and in which languages it is its own. */
export function TemplatesPage() {
  const { t } = useTranslation('templates');
  const templates = useQuery(templatesQuery);
  const workspace = useWorkspace();
  const { via: channel = 'email' } = templatesRoute.useSearch();
  const shown = templates.data?.filter((template) => template.channel === channel);
  return (
    <PageBody>
      <PageHeader title={t('title')} subtitle={t('subtitle')} />
      <nav aria-label={t('channel.label')} className={classes.ways}>
        {CHANNELS.map((each) => {
          const Icon = CHANNEL_ICONS[each];
          return (
            <Link key={each} to="/templates" search={{ via: each === 'email' ? undefined : each } as TemplatesSearch} activeOptions={{ includeSearch: true, explicitUndefined: true }} className={classes.way} aria-current={each === channel ? 'page' : undefined}>
              <Icon size={15} aria-hidden /> {t(`channel.${each}`)}
            </Link>
          );
        })}
        <Link to="/templates/whatsapp" className={classes.way}>
          <MessageCircle size={15} aria-hidden /> {t('channel.whatsapp')}
        </Link>
      </nav>
      {shown === undefined || workspace === undefined ? (
        templates.isError ? (
          <Card>
            <ErrorState error={templates.error} onRetry={() => void templates.refetch()} />
          </Card>
        ) : (
          <Stack role="status" aria-label={t('common:state.loading')}>
            <Skeleton height={420} radius="lg" />
            <Skeleton height={200} radius="lg" />
          </Stack>
        )
      ) : (
        <Stack>
          <Group title={t('toCustomers')} text={t(channel === 'email' ? 'toCustomersText' : 'toCustomersShort')} kinds={TO_CUSTOMERS} channel={channel} templates={shown} usual={workspace.language} />
          <Group title={t('toStaff')} text={t('toStaffText')} kinds={TO_STAFF} channel={channel} templates={shown} usual={workspace.language} />
        </Stack>
      )}
    </PageBody>
  );
}

interface GroupProps {
  title: string;
  text: string;
  kinds: readonly TemplateKind[];
  channel: TemplateChannel;
  /** Those of the channel. */
  templates: readonly Template[];
  usual: Language;
}

function Group({ title, text, kinds, channel, templates, usual }: GroupProps) {
  const { t, i18n } = useTranslation('templates');
  const there = kinds.filter((kind) => templates.some((template) => template.kind === kind));
  const search = channel === 'email' ? {} : { via: channel };
  if (there.length === 0) return null;
  return (
    <Panel title={title} text={text}>
      <ul className={classes.kinds}>
        {there.map((kind) => {
          const Icon = KIND_ICONS[kind];
          const own = templates.filter((template) => template.kind === kind && template.customised);
          return (
            <li key={kind} className={classes.kind}>
              <span className={classes.icon}>
                <Icon size={18} aria-hidden />
              </span>
              <div className={classes.kindBody}>
                <Link to="/templates/$kind/$language" params={{ kind, language: usual }} search={search} className={classes.open}>
                  {t(`kind.${kind}.name`)}
                </Link>
                <Text size="sm" c="dimmed">
                  {t(`kind.${kind}.when`)}
                </Text>
              </div>
              {own.length > 0 && (
                <Badge color="brand" leftSection={<PenLine size={12} aria-hidden />} className={classes.own}>
                  {t('customised')}
                </Badge>
              )}
              <span className={classes.languages}>
                {LANGUAGES.map((language) => {
                  const isOwn = own.some((template) => template.language === language);
                  const name = languageName(language, i18n.language);
                  return (
                    <Tooltip key={language} label={t(isOwn ? 'inOwn' : 'inShipped', { language: name })}>
                      <Link
                        to="/templates/$kind/$language"
                        params={{ kind, language }}
                        search={search}
                        className={classes.language}
                        data-own={isOwn || undefined}
                        aria-label={`${t(`kind.${kind}.name`)}, ${t(isOwn ? 'inOwn' : 'inShipped', { language: name })}`}
                      >
                        {language.toUpperCase()}
                      </Link>
                    </Tooltip>
                  );
                })}
              </span>
            </li>
          );
        })}
      </ul>
    </Panel>
  );
}
