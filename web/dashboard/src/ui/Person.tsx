import { Avatar, Group, Text, type AvatarProps } from '@mantine/core';
import type { ReactNode } from 'react';
import { formatAddress } from './address';

const COLORS = ['brand', 'pink', 'teal', 'orange', 'violet', 'green', 'blue', 'red', 'grape', 'cyan'];

/** The same person has the same colour everywhere. */
export function colorOf(name: string): string {
  let hash = 0;
  for (const character of name) hash = (hash * 31 + (character.codePointAt(0) ?? 0)) >>> 0;
  return COLORS[hash % COLORS.length] ?? 'brand';
}

const TITLE = /^(?:dr|dra|prof|mr|mrs|ms|miss|sr|sra|srta|mme|mlle|herr|frau)\.?$/iu;

export function initialsOf(name: string): string {
  // A number has none.
  if (name.startsWith('+')) return '';
  const words = name.trim().split(/\s+/u).filter(Boolean);
  // "Dr. Amelia Hart" is AH: a title is no name, unless there is nothing else.
  while (words.length > 1 && TITLE.test(words[0] ?? '')) words.shift();
  const first = [...(words[0] ?? '')][0] ?? '';
  const last = words.length > 1 ? ([...(words.at(-1) ?? '')][0] ?? '') : '';
  return (first + last).toUpperCase();
}

interface PersonAvatarProps extends Omit<AvatarProps, 'name' | 'color'> {
  name: string;
}

/** A person as their initials; the name stands beside it, so it says nothing to a screen reader. */
export function PersonAvatar({ name, ...avatar }: PersonAvatarProps) {
  return (
    <Avatar radius={999} color={colorOf(name)} aria-hidden {...avatar}>
      {initialsOf(name) || '?'}
    </Avatar>
  );
}

interface PersonProps {
  name: string;
  detail?: ReactNode;
  size?: number;
}

/** A person in a table cell: initials, name, and a line under it. */
export function Person({ name, detail, size = 32 }: PersonProps) {
  // Whoever gave no name is called by their number.
  const shown = formatAddress(name);
  return (
    <Group gap="sm" wrap="nowrap">
      <PersonAvatar name={name} size={size} />
      <div style={{ minWidth: 0 }}>
        <Text size="sm" fw={550} truncate>
          {shown}
        </Text>
        {detail !== undefined && detail !== null && (
          <Text size="xs" c="dimmed" truncate component="div">
            {detail}
          </Text>
        )}
      </div>
    </Group>
  );
}
