// What a person chose for themselves, wherever they sign in: scheme and language.

import type { ColorScheme, Me, User } from '@frontdesk/api-client';
import { useMantineColorScheme } from '@mantine/core';
import { api } from '../api';
import { applyLanguage } from '../i18n';
import { keys } from '../keys';
import { queryClient } from '../query';
import { notifyProblem } from '../../ui/toast';

interface Preferences {
  setScheme: (scheme: ColorScheme) => void;
  setLanguage: (language: string) => void;
}

/** Changes take effect at once and are saved to the person; a failure to save is said and changes nothing here. */
export function usePreferences(): Preferences {
  const { setColorScheme } = useMantineColorScheme();
  return {
    setScheme: (scheme) => {
      setColorScheme(scheme);
      void save({ scheme });
    },
    setLanguage: (language) => {
      void applyLanguage(language);
      void save({ language: language as User['language'] });
    },
  };
}

async function save(change: Partial<Pick<User, 'scheme' | 'language'>>): Promise<void> {
  const me = queryClient.getQueryData<Me>(keys.me);
  if (me === undefined) return;
  queryClient.setQueryData<Me>(keys.me, { ...me, user: { ...me.user, ...change } });
  try {
    await api.patch('/auth/me', change);
  } catch (error) {
    notifyProblem(error);
  }
}
