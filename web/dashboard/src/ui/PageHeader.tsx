import { Box, Group, Text, Title } from '@mantine/core';
import { useEffect, type ReactNode } from 'react';

interface PageHeaderProps {
  title: string;
  /** The browser tab's name, where it is not the title. */
  tab?: string;
  /** A line under the title: a count, a date range, a state. */
  subtitle?: ReactNode;
  /** What stands before the title, such as a way back. */
  before?: ReactNode;
  /** What can be done on this page. */
  actions?: ReactNode;
}

/** The head of a page; also names the browser's tab. */
export function PageHeader({ title, tab = title, subtitle, before, actions }: PageHeaderProps) {
  useDocumentTitle(tab);
  return (
    <Group justify="space-between" align="flex-end" mb="lg" gap="sm">
      <Group gap="sm" wrap="nowrap" style={{ minWidth: 0 }}>
        {before}
        <Box style={{ minWidth: 0 }}>
          <Title order={1} style={{ overflowWrap: 'anywhere' }}>
            {title}
          </Title>
          {subtitle !== undefined && (
            <Text component="div" c="dimmed" size="sm" className="begins-line">
              {subtitle}
            </Text>
          )}
        </Box>
      </Group>
      {actions !== undefined && <Group gap="xs">{actions}</Group>}
    </Group>
  );
}

export function useDocumentTitle(title: string): void {
  useEffect(() => {
    document.title = title === '' ? 'Frontdesk' : `${title} · Frontdesk`;
  }, [title]);
}
