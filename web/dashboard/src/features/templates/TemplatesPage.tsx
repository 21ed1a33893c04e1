import type { Language, Template, TemplateKind } from '@frontdesk/api-client';
import { Badge, Card, Skeleton, Stack, Text, Tooltip } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { PenLine } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useWorkspace } from '../../app/session';
import { ErrorState } from '../../ui/ErrorState';
import { PageBody } from '../../ui/PageBody';
import { PageHeader } from '../../ui/PageHeader';
import { Panel } from '../../ui/Panel';
import { KIND_ICONS, languageName, LANGUAGES, TO_CUSTOMERS, TO_STAFF } from './kinds';
import { templatesQuery } from './queries';
import classes from './Templates.module.css';

/** Every message the business sends by itself, and in which languages it is its own. */
export function TemplatesPage() {
  const { t } = useTranslation('templates');
  const templates = useQuery(templatesQuery);
  const workspace = useWorkspace();
  return (
    <PageBody>
      <PageHeader title={t('title')} subtitle={t('subtitle')} />
      {templates.data === undefined || workspace === undefined ? (
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
          <Group title={t('toCustomers')} text={t('toCustomersText')} kinds={TO_CUSTOMERS} templates={templates.data} usual={workspace.language} />
          <Group title={t('toStaff')} text={t('toStaffText')} kinds={TO_STAFF} templates={templates.data} usual={workspace.language} />
        </Stack>
      )}
    </PageBody>
  );
}

interface GroupProps {
  title: string;
  text: string;
  kinds: readonly TemplateKind[];
  templates: readonly Template[];
  usual: Language;
}

function Group({ title, text, kinds, templates, usual }: GroupProps) {
  const { t, i18n } = useTranslation('templates');
  return (
    <Panel title={title} text={text}>
      <ul className={classes.kinds}>
        {kinds.map((kind) => {
          const Icon = KIND_ICONS[kind];
          const own = templates.filter((template) => template.kind === kind && template.customised);
          return (
            <li key={kind} className={classes.kind}>
              <span className={classes.icon}>
                <Icon size={18} aria-hidden />
              </span>
              <div className={classes.kindBody}>
                <Link to="/templates/$kind/$language" params={{ kind, language: usual }} className={classes.open}>
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
