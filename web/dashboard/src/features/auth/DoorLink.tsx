import { Anchor } from '@mantine/core';
import { createLink } from '@tanstack/react-router';

/** A text link between pages that keeps the router's types. */
export const DoorLink = createLink(Anchor<'a'>);
