import { Box } from '@mantine/core';
import type { ReactNode } from 'react';
import classes from './PageBody.module.css';

interface PageBodyProps {
  children: ReactNode;
  /** `form` keeps lines short; `wide` is for tables and dashboards. */
  width?: 'form' | 'wide';
}

/** The padding and measure of an ordinary page. Pages with panes of their own (the inbox) do without it. */
export function PageBody({ children, width = 'wide' }: PageBodyProps) {
  return (
    <Box className={classes.body} data-width={width}>
      {children}
    </Box>
  );
}
