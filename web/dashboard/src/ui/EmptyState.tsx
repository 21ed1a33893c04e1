import { Stack, Text, ThemeIcon, Title } from '@mantine/core';
import type { LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';

interface EmptyStateProps {
  icon: LucideIcon;
  title: string;
  /** What this place is for, or what would fill it. */
  text?: ReactNode;
  /** The way to fill it. */
  action?: ReactNode;
  compact?: boolean;
}

/** A place with nothing in it yet: what belongs here and how to get it there. */
export function EmptyState({ icon: Icon, title, text, action, compact = false }: EmptyStateProps) {
  return (
    <Stack align="center" gap="xs" py={compact ? 'lg' : 56} px="md" ta="center">
      <ThemeIcon variant="light" size={compact ? 36 : 48} radius="xl">
        <Icon size={compact ? 18 : 22} aria-hidden />
      </ThemeIcon>
      <Title order={2} size={compact ? 'h3' : 'h2'}>
        {title}
      </Title>
      {text !== undefined && (
        <Text c="dimmed" size="sm" maw={420} component="div">
          {text}
        </Text>
      )}
      {action}
    </Stack>
  );
}
