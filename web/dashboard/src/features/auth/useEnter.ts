import type { Me } from '@frontdesk/api-client';
import { useRouter } from '@tanstack/react-router';
import { applyLanguage } from '../../app/i18n';
import { keys } from '../../app/keys';
import { queryClient } from '../../app/query';
import { safeNext } from './routes';

/** Goes in: remembers who signed in and opens the page they came for. */
export function useEnter(): (me: Me, next?: string) => Promise<void> {
  const router = useRouter();
  return async (me, next) => {
    queryClient.clear();
    queryClient.setQueryData<Me>(keys.me, me);
    await applyLanguage(me.user.language);
    router.history.push(safeNext(next) ?? '/');
  };
}
