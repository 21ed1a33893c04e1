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
      staleTime: 30_000,
      retry: (failures, error) => failures < 2 && (!isProblem(error) || error.transient),
    },
  },
});
