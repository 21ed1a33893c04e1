import type { BookingType } from '@frontdesk/api-client';
import { Alert, Button, Group, SegmentedControl, Stack, Switch, Text, TextInput } from '@mantine/core';
import { EyeOff, ExternalLink } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useWorkspace } from '../../../app/session';
import { CopyButton } from '../../../ui/CopyButton';
import { Panel } from '../../../ui/Panel';
import classes from '../BookingTypes.module.css';
import { embedSnippet, publicLink, type EmbedMode } from '../links';
import type { SectionProps } from '../TypeEditor';

const MODES: readonly EmbedMode[] = ['inline', 'button', 'popup'];

/** How customers get there: the link, and the lines for the business's own site. */
export function Share({ form, readOnly, type }: SectionProps & { type: BookingType }) {
  const { t } = useTranslation('booking-types');
  const workspace = useWorkspace();
  const [mode, setMode] = useState<EmbedMode>('inline');
  const [label, setLabel] = useState(t('embed.words'));
  // What is shown works now: a short name that is not saved yet leads nowhere.
  const shop = { origin: location.origin, workspace: workspace?.slug ?? '', slug: type.slug };
  const link = publicLink(shop);
  const snippet = embedSnippet(mode, shop, label);
  return (
    <>
      <Panel title={t('link.title')} text={t('link.text')}>
        <Stack>
          {!type.active && (
            <Alert color="orange" icon={<EyeOff size={18} aria-hidden />}>
              {t('link.archived')}
            </Alert>
          )}
          <div className={classes.link}>
            <code>{link}</code>
            <Group gap="xs">
              <CopyButton text={link} what={t('copyLink')} size="xs" />
              <Button component="a" href={link} target="_blank" rel="noreferrer" size="xs" variant="default" leftSection={<ExternalLink size={14} aria-hidden />}>
                {t('openLive')}
              </Button>
            </Group>
          </div>
          <TextInput
            label={t('field.slug')}
            description={t('field.slugHint')}
            maw={420}
            maxLength={80}
            readOnly={readOnly}
            {...form.getInputProps('slug')}
          />
          <Switch
            label={t('field.listed')}
            description={t('field.listedHint')}
            disabled={readOnly}
            checked={form.values.listed}
            onChange={(event) => form.setFieldValue('listed', event.currentTarget.checked)}
          />
        </Stack>
      </Panel>
      <Panel title={t('embed.title')} text={t('embed.text')}>
        <Stack>
          <SegmentedControl
            aria-label={t('embed.title')}
            value={mode}
            data={MODES.map((value) => ({ value, label: t(`embed.${value}`) }))}
            onChange={(value) => setMode(value as EmbedMode)}
          />
          <Text size="sm" c="dimmed">
            {t(`embed.${mode}Text`)}
          </Text>
          {mode !== 'inline' && <TextInput label={t('embed.label')} maw={320} maxLength={60} value={label} onChange={(event) => setLabel(event.currentTarget.value)} />}
          {/* A scrolled region can be reached by keyboard. */}
          {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
          <pre className={classes.code} tabIndex={0} aria-label={t('embed.snippet')}>
            {snippet}
          </pre>
          <Group justify="flex-end">
            <CopyButton text={snippet} what={t('embed.snippet')} />
          </Group>
        </Stack>
      </Panel>
    </>
  );
}
