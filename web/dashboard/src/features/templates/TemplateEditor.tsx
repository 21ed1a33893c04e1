// A message as it is written: subject and text with completion, what it becomes beside them, what is wrong at its place.

import { isProblem, type Template, type TemplateChannel, type TemplatePreview, type TemplateVariable } from '@frontdesk/api-client';
import { Button, Stack, Text } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useDebouncedValue, useHotkeys } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { History, Send } from 'lucide-react';
import { useRef, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useCan } from '../../app/session';
import { ConfirmButton } from '../../ui/ConfirmButton';
import { PageHeader } from '../../ui/PageHeader';
import { Panel } from '../../ui/Panel';
import { SaveBar } from '../../ui/SaveBar';
import { notifyDone } from '../../ui/toast';
import { flawOf, inserted, type Flaw } from './complete';
import { languageName, LANGUAGES } from './kinds';
import { Preview } from './Preview';
import { PreviewWith } from './PreviewWith';
import { previewQuery, resetTemplate, useSaveTemplate, useTestTemplate, variablesQuery, type Draft } from './queries';
import { templateRoute, type TemplateSearch } from './routes';
import { TemplateField } from './TemplateField';
import classes from './Templates.module.css';
import { Variables } from './Variables';
import { Versions } from './Versions';

interface TemplateEditorProps {
  template: Template;
  /** Those this message goes through. */
  channels: readonly TemplateChannel[];
  readOnly: boolean;
  before: ReactNode;
  badge: ReactNode;
}

type Field = 'subject' | 'body';

const valuesOf = ({ subject, body }: Template) => ({ subject, body });

/** What of a problem belongs to a field of the text. */
function flawsOf(error: unknown, field: Field): Flaw[] {
  return isProblem(error) ? error.errors.filter((each) => each.field === `/${field}`).map((each) => flawOf(each.message)) : [];
}

export function TemplateEditor({ template, channels, readOnly, before, badge }: TemplateEditorProps) {
  const { t, i18n } = useTranslation('templates');
  const { kind, channel, language } = template;
  const mail = channel === 'email';
  const fieldsOf: readonly Field[] = mail ? ['subject', 'body'] : ['body'];
  const variables = useQuery(variablesQuery(kind));
  const save = useSaveTemplate();
  const test = useTestTemplate();
  const [refused, setRefused] = useState<{ draft: Draft; error: unknown } | null>(null);
  const [versions, setVersions] = useState(false);
  const [seen, setSeen] = useState(template);
  const [choosing, setChoosing] = useState(false);
  const form = useForm({ initialValues: valuesOf(template) });
  const dirty = form.isDirty();
  const draft: Draft = { kind, channel, language, ...form.values };
  const [settled] = useDebouncedValue(draft, 400);
  const empty = (mail && settled.subject.trim() === '') || settled.body.trim() === '';
  // A name that is still being chosen is no mistake yet.
  const search = templateRoute.useSearch();
  const navigate = useNavigate();
  const mayReadBookings = useCan('bookings:read');
  // A code belongs to no booking.
  const bookable = mayReadBookings && kind !== 'one_time_code';
  const booking = bookable ? search.booking : undefined;
  const preview = useQuery({ ...previewQuery({ ...settled, booking }), enabled: !empty && !choosing, retry: false });

  // The last one that worked stays beside a text that does not.
  const [shown, setShown] = useState<TemplatePreview>();
  if (preview.data !== undefined && preview.data !== shown) setShown(preview.data);

  function show(newest: Template) {
    form.setInitialValues(valuesOf(newest));
    form.setValues(valuesOf(newest));
    form.resetDirty(valuesOf(newest));
    setRefused(null);
  }

  // Somebody else's change shows at once, unless it would take away what is being typed here.
  if (template !== seen) {
    setSeen(template);
    if (!dirty) show(template);
  }

  const same = (one: Draft) => one.subject === draft.subject && one.body === draft.body;
  const problem = refused !== null && same(refused.draft) ? refused.error : same(settled) && preview.isError ? preview.error : null;
  const flawsAt = (field: Field): Flaw[] => {
    if (!fieldsOf.includes(field)) return [];
    if (draft[field].trim() === '') return [{ line: null, text: t('rule.empty') }];
    return flawsOf(problem, field);
  };
  const flaws = { subject: flawsAt('subject'), body: flawsAt('body') };
  const flawed = flaws.subject.length + flaws.body.length > 0;

  // Where a variable from the list goes: the field that was used last.
  const fields = useRef<Record<Field, HTMLInputElement | HTMLTextAreaElement | null>>({ subject: null, body: null });
  const last = useRef<Field>('body');
  function insert(variable: TemplateVariable) {
    const field = last.current;
    const node = fields.current[field];
    const text = form.getValues()[field];
    const edit = inserted(text, node?.selectionStart ?? text.length, node?.selectionEnd ?? text.length, variable);
    form.setFieldValue(field, edit.text);
    requestAnimationFrame(() => {
      node?.focus();
      node?.setSelectionRange(edit.caret, edit.caret);
    });
  }

  function submit() {
    const missing = fieldsOf.find((field) => draft[field].trim() === '');
    if (missing !== undefined) {
      fields.current[missing]?.focus();
      return;
    }
    save.mutate(draft, {
      onSuccess: (saved) => {
        show(saved);
        notifyDone(t('saved'));
      },
      onError: (error) => {
        setRefused({ draft, error });
        const field = flawsOf(error, 'subject').length > 0 ? 'subject' : 'body';
        fields.current[field]?.focus();
      },
    });
  }

  useHotkeys([['mod+S', () => dirty && !readOnly && !save.isPending && submit()]], []);

  const homeless = problem !== null && !flawed ? problem : null;
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <PageHeader
        title={t(`kind.${kind}.name`)}
        subtitle={t(`kind.${kind}.when`)}
        before={before}
        actions={
          <>
            <Button variant="default" leftSection={<History size={16} aria-hidden />} onClick={() => setVersions(true)}>
              {t('versions.button')}
            </Button>
            {!readOnly && template.customised && (
              <ConfirmButton
                color="red"
                variant="default"
                title={t('reset.title')}
                text={t('reset.text')}
                confirm={t('reset.confirm')}
                onConfirm={async () => {
                  show(await resetTemplate({ kind, channel, language }));
                  notifyDone(t('reset.done'));
                }}
              >
                {t('reset.button')}
              </ConfirmButton>
            )}
            {/* A test goes by e-mail. */}
            {!readOnly && mail && (
              <Button
                variant="default"
                leftSection={<Send size={16} aria-hidden />}
                loading={test.isPending}
                disabled={flawed}
                onClick={() => test.mutate({ ...draft, booking }, { onSuccess: ({ to }) => notifyDone(t('test.sent', { to })) })}
              >
                {t('test.button')}
              </Button>
            )}
          </>
        }
      />
      {channels.length > 1 && (
        <nav aria-label={t('channel.label')} className={classes.ways}>
          {channels.map((each) => (
            <Link
              key={each}
              to="/templates/$kind/$language"
              params={{ kind, language }}
              search={{ via: each === 'email' ? undefined : each, booking } as TemplateSearch}
              activeOptions={{ includeSearch: true, explicitUndefined: true }}
              className={classes.way}
              aria-current={each === channel ? 'page' : undefined}
            >
              {t(`channel.${each}`)}
            </Link>
          ))}
        </nav>
      )}
      <nav aria-label={t('languages')} className={classes.tabs}>
        {LANGUAGES.map((each) => (
          <Link key={each} to="/templates/$kind/$language" params={{ kind, language: each }} search={search} className={classes.tab} aria-current={each === language ? 'page' : undefined}>
            {languageName(each, i18n.language)}
          </Link>
        ))}
        <span className={classes.state}>{badge}</span>
      </nav>
      <div className={classes.editor}>
        <Panel title={t('text.title')} text={t(readOnly ? 'text.readOnly' : 'text.text')}>
          <Stack>
            {fieldsOf.map((field) => (
              <TemplateField
                key={field}
                label={t(`field.${field}`)}
                {...(field === 'body' ? { description: t(mail ? 'field.bodyHint' : 'field.shortHint') } : {})}
                multiline={field === 'body'}
                rows={mail ? 14 : 6}
                maxLength={field === 'body' ? 20_000 : 300}
                language={language}
                value={form.values[field]}
                onChange={(text) => form.setFieldValue(field, text)}
                variables={variables.data ?? []}
                flaws={flaws[field]}
                readOnly={readOnly}
                onChoosing={setChoosing}
                onFocus={() => {
                  last.current = field;
                }}
                nodeRef={(node) => {
                  fields.current[field] = node;
                }}
              />
            ))}
            {mail && (
              <Text size="xs" c="dimmed">
                {t('text.marks')}
              </Text>
            )}
          </Stack>
        </Panel>
        <Preview
          channel={channel}
          mail={shown}
          stale={shown !== preview.data || preview.isPlaceholderData}
          flawed={flawed}
          loading={preview.isPending && !empty}
          error={homeless}
          onRetry={() => void preview.refetch()}
          real={booking !== undefined}
        >
          {bookable && (
            <PreviewWith
              value={booking}
              onChange={(chosen) => void navigate({ to: '.', search: { ...(mail ? {} : { via: channel }), ...(chosen === undefined ? {} : { booking: chosen }) }, replace: true, resetScroll: false })}
            />
          )}
        </Preview>
      </div>
      <Variables variables={variables} readOnly={readOnly} onInsert={insert} />
      <SaveBar
        dirty={dirty && !readOnly}
        saving={save.isPending}
        error={refused !== null && same(refused.draft) ? (flawed ? t('rule.flawed') : refused.error) : null}
        onSave={submit}
        onDiscard={() => show(template)}
      />
      <Versions
        place={{ kind, channel, language }}
        current={template.customised ? template.version : null}
        opened={versions}
        onClose={() => setVersions(false)}
        {...(readOnly
          ? {}
          : {
              onUse: (version) => {
                form.setValues({ subject: version.subject, body: version.body });
                setVersions(false);
                notifyDone(t('versions.restored', { number: version.number }));
              },
            })}
      />
    </form>
  );
}
