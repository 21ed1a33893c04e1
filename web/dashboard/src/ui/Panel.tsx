import { Card, Group, Text, Title } from '@mantine/core';
import { useId, type ReactNode } from 'react';

interface PanelProps {
  title: string;
  /** What it is for, in a sentence. */
  text?: ReactNode;
  action?: ReactNode;
  children: ReactNode;
}

/** A titled card: one group of a form, or one list of several on a page. */
export function Panel({ title, text, action, children }: PanelProps) {
  const id = useId();
  return (
    <Card component="section" aria-labelledby={id}>
      <Group justify="space-between" align="flex-start" gap="sm" mb="md">
        <div style={{ flex: 1, minWidth: 200 }}>
          <Title order={2} id={id}>
            {title}
          </Title>
          {text !== undefined && (
            <Text size="sm" c="dimmed" mt={2} component="div">
              {text}
            </Text>
          )}
        </div>
        {action}
      </Group>
      {children}
    </Card>
  );
}
