import { MantineProvider } from '@mantine/core';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { lazy, Suspense, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { queryClient } from './query';
import { router } from './router';
import { cssVariables, themeFor } from './theme';

const Toasts = lazy(() => import('../ui/Toasts').then((module) => ({ default: module.Toasts })));

/** Everything every page stands in. */
export function App() {
  const { t } = useTranslation();
  const theme = useMemo(() => themeFor({ close: t('action.close'), showPassword: t('action.showPassword') }), [t]);
  return (
    <MantineProvider theme={theme} cssVariablesResolver={cssVariables} defaultColorScheme="auto">
      <QueryClientProvider client={queryClient}>
        <RouterProvider router={router} />
        <Suspense>
          <Toasts />
        </Suspense>
      </QueryClientProvider>
    </MantineProvider>
  );
}
