import type { Channel } from '@frontdesk/api-client';
import { Button, Group, Menu, Text, Textarea } from '@mantine/core';
import { Braces } from 'lucide-react';
import { useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { VARIABLES, withVariable } from './compose';
import { TextCount } from './TextCount';

interface TextFieldProps {
  label: string;
  channel: Channel;
  value: string;
  onChange: (text: string) => void;
  error?: string | undefined;
  description?: string;
  /** Offers what the server fills in. */
  withVariables?: boolean;
  /** What that is, where it is more than in a message to one person. */
  variables?: readonly string[];
}

/** The words of a message, with what they cost on their channel. */
export function TextField({ label, channel, value, onChange, error, description, withVariables = false, variables = withVariables ? VARIABLES : [] }: TextFieldProps) {
  const { t } = useTranslation('messages');
  const field = useRef<HTMLTextAreaElement>(null);

  function insert(name: string) {
    const element = field.current;
    const next = withVariable(value, name, element?.selectionStart ?? value.length, element?.selectionEnd ?? value.length);
    onChange(next.text);
    // Once the menu has given the focus back.
    requestAnimationFrame(() => {
      element?.focus();
      element?.setSelectionRange(next.cursor, next.cursor);
    });
  }

  return (
    <div>
      <Textarea ref={field} label={label} description={description} autosize minRows={4} maxRows={12} value={value} error={error} onChange={(event) => onChange(event.currentTarget.value)} />
      <Group justify="space-between" mt={6} gap="xs">
        {variables.length > 0 ? (
          <Menu position="bottom-start" withinPortal={false}>
            <Menu.Target>
              <Button variant="subtle" size="compact-sm" leftSection={<Braces size={14} aria-hidden />}>
                {t('variable.insert')}
              </Button>
            </Menu.Target>
            <Menu.Dropdown>
              {variables.map((name) => (
                <Menu.Item key={name} onClick={() => insert(name)}>
                  {t(`variable.${name}`)}{' '}
                  <Text span size="xs" c="dimmed">
                    {`{{ ${name} }}`}
                  </Text>
                </Menu.Item>
              ))}
            </Menu.Dropdown>
          </Menu>
        ) : (
          <span />
        )}
        <TextCount channel={channel} text={value} />
      </Group>
    </div>
  );
}
