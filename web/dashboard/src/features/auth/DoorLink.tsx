import { Anchor, type AnchorProps } from '@mantine/core';
import { createLink } from '@tanstack/react-router';
import type { ComponentProps } from 'react';

/** Underlined, because it mostly stands in a sentence, where colour alone does not tell it apart. */
function TextLink(props: AnchorProps & Omit<ComponentProps<'a'>, keyof AnchorProps>) {
  return <Anchor underline="always" {...props} />;
}

/** A text link between pages that keeps the router's types. */
export const DoorLink = createLink(TextLink);
