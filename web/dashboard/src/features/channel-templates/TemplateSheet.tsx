import type { ChannelTemplateText } from '@frontdesk/api-client';
import { Text } from '@mantine/core';
import { CornerUpLeft, ExternalLink, Phone } from 'lucide-react';
import classes from './ChannelTemplates.module.css';
import { filledIn } from './places';

const ICONS = { quick_reply: CornerUpLeft, url: ExternalLink, phone_number: Phone, other: CornerUpLeft } as const;

/** A template as the customer's phone shows it. */
export function TemplateSheet({ template, variables }: { template: ChannelTemplateText; variables: readonly string[] }) {
  return (
    <div className={classes.sheet}>
      {typeof template.header === 'string' && template.header !== '' && (
        <Text size="sm" fw={650}>
          {template.header}
        </Text>
      )}
      <p>{filledIn(template.body, variables)}</p>
      {typeof template.footer === 'string' && template.footer !== '' && (
        <Text size="xs" c="dimmed" mt={4}>
          {template.footer}
        </Text>
      )}
      {template.buttons.length > 0 && (
        <ul>
          {template.buttons.map((button, index) => {
            const Icon = ICONS[button.kind];
            return (
              <li key={index}>
                <Icon size={14} aria-hidden /> {button.text}
              </li>
            );
          })}
        </ul>
      )}
    </div>
  );
}
