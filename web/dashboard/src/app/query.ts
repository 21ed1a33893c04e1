// The query cache. Live events keep it fresh, so nothing is asked for again without a reason.

import { isProblem } from '@frontdesk/api-client';
import { MutationCache, QueryClient } from '@tanstack/react-query';
import { notifyProblem } from '../ui/toast';

declare module '@tanstack/react-query' {
  interface Register {
    /** `inline`: the form shows its own problems, so no toast repeats them. */
    mutationMeta: { inline?: boolean };
  }
}

export const queryClient = new QueryClient({
  mutationCache: new MutationCache({
    onError: (error, _variables, _result, mutation) => {
      if (mutation.meta?.inline !== true) notifyProblem(error);
    },
  }),
  defaultOptions: {
    queries: {
      // Live events say what is old; asking again by the clock or at every look at the tab would only be load.
      staleTime: 5 * 60_000,
      refetchOnWindowFocus: false,
      retry: (failures, error) => failures < 2 && (!isProblem(error) || error.transient),
      retryDelay: (failures, error) =>
        isProblem(error) && error.retryAfter !== undefined ? error.retryAfter * 1000 : Math.min(1000 * 2 ** failures, 10_000),
    },
  },
});
