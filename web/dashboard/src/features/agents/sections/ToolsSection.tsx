import { Checkbox, Skeleton, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { ErrorState } from '../../../ui/ErrorState';
import { Panel } from '../../../ui/Panel';
import type { SectionProps } from '../AgentForm';
import { toolsQuery } from '../queries';

export function ToolsSection({ form, readOnly }: SectionProps) {
  const { t, i18n } = useTranslation('agents');
  const tools = useQuery(toolsQuery);
  const chosen = form.values.draft.tools;
  return (
    <Panel title={t('section.tools')} text={t('tools.text')}>
      {tools.data === undefined ? (
        tools.isError ? (
          <ErrorState compact error={tools.error} onRetry={() => void tools.refetch()} />
        ) : (
          <Skeleton height={200} />
        )
      ) : (
        <Stack gap="md">
          {tools.data.map((tool) => {
            const known = i18n.exists(`agents:tool.${tool.name}.name`);
            return (
              <Checkbox
                key={tool.name}
                label={known ? t(`tool.${tool.name}.name`) : tool.name.replaceAll('_', ' ')}
                description={known ? t(`tool.${tool.name}.text`) : tool.description}
                checked={chosen.includes(tool.name)}
                disabled={readOnly}
                onChange={(event) =>
                  form.setFieldValue(
                    'draft.tools',
                    event.currentTarget.checked ? [...chosen, tool.name] : chosen.filter((name) => name !== tool.name),
                  )
                }
              />
            );
          })}
        </Stack>
      )}
    </Panel>
  );
}
