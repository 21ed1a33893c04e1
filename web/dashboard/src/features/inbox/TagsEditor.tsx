import type { Tag, TagColor } from '@frontdesk/api-client';
import { ActionIcon, Badge, Button, CloseButton, ColorSwatch, Group, Popover, Stack, TextInput, UnstyledButton } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { Check, Plus } from 'lucide-react';
import { useState, type SubmitEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { notifyProblem } from '../../ui/toast';

const COLORS: readonly TagColor[] = ['gray', 'blue', 'teal', 'green', 'yellow', 'orange', 'red', 'pink', 'violet'];

interface TagsEditorProps {
  tags: readonly Tag[];
  readOnly: boolean;
  onChange: (tags: Tag[]) => Promise<unknown>;
  /** In the middle, as under a name; else from the start. */
  centred?: boolean;
}

export function TagsEditor({ tags, readOnly, onChange, centred = false }: TagsEditorProps) {
  const { t } = useTranslation('inbox');
  const change = (next: Tag[]) => onChange(next).catch(notifyProblem);
  return (
    <Group gap={6} justify={centred ? 'center' : 'flex-start'}>
      {tags.map((tag) => (
        <Badge
          key={tag.name}
          color={tag.color}
          rightSection={
            readOnly ? null : (
              <CloseButton
                size={24}
                iconSize={12}
                mr={-8}
                c="inherit"
                aria-label={t('tags.remove', { name: tag.name })}
                onClick={() => void change(tags.filter((each) => each.name !== tag.name))}
              />
            )
          }
        >
          {tag.name}
        </Badge>
      ))}
      {!readOnly && <AddTag taken={tags} onAdd={(tag) => change([...tags, tag])} />}
    </Group>
  );
}

function AddTag({ taken, onAdd }: { taken: readonly Tag[]; onAdd: (tag: Tag) => Promise<unknown> }) {
  const { t } = useTranslation(['inbox', 'common']);
  const [opened, { toggle, close }] = useDisclosure(false);
  const [name, setName] = useState('');
  const [color, setColor] = useState<TagColor>('blue');
  const known = taken.some((tag) => tag.name.toLowerCase() === name.trim().toLowerCase());

  async function add(event: SubmitEvent<HTMLFormElement>) {
    event.preventDefault();
    if (name.trim() === '' || known) return;
    await onAdd({ name: name.trim(), color });
    setName('');
    close();
  }

  return (
    <Popover opened={opened} onDismiss={close} width={240} trapFocus returnFocus shadow="md">
      <Popover.Target>
        <ActionIcon size={24} variant="light" aria-label={t('inbox:tags.add')} onClick={toggle}>
          <Plus size={14} aria-hidden />
        </ActionIcon>
      </Popover.Target>
      <Popover.Dropdown aria-label={t('inbox:tags.add')}>
        <form onSubmit={(event) => void add(event)}>
          <Stack gap="sm">
            <TextInput
              data-autofocus
              label={t('inbox:tags.name')}
              maxLength={40}
              value={name}
              error={known ? t('inbox:tags.known') : null}
              onChange={(event) => setName(event.currentTarget.value)}
            />
            <Group gap={4} role="group" aria-label={t('inbox:tags.color')}>
              {COLORS.map((each) => (
                <UnstyledButton
                  key={each}
                  aria-label={t(`inbox:color.${each}`)}
                  aria-pressed={each === color}
                  onClick={() => setColor(each)}
                  style={{ borderRadius: '50%' }}
                >
                  <ColorSwatch color={`var(--mantine-color-${each}-7)`} size={24}>
                    {each === color && <Check size={14} color="#fff" aria-hidden />}
                  </ColorSwatch>
                </UnstyledButton>
              ))}
            </Group>
            <Button type="submit" disabled={name.trim() === '' || known}>
              {t('common:action.add')}
            </Button>
          </Stack>
        </form>
      </Popover.Dropdown>
    </Popover>
  );
}
