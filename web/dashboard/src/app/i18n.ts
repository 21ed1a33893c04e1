// Languages. A namespace per feature, each file fetched when a page first needs it.
//
// To add a language: a folder beside `en` with the same files, and a line in LANGUAGES.

import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import common from '../locales/en/common.json';

export const LANGUAGES = { en: 'English', es: 'Español' } as const;
export type UiLanguage = keyof typeof LANGUAGES;

const KEY = 'frontdesk-language';
const files = import.meta.glob<{ default: Record<string, unknown> }>('../locales/*/*.json');

function isUiLanguage(code: string | null | undefined): code is UiLanguage {
  return code !== null && code !== undefined && code in LANGUAGES;
}

function firstLanguage(): UiLanguage {
  let kept: string | null = null;
  try {
    kept = localStorage.getItem(KEY);
  } catch {
    // Without storage the browser's language decides.
  }
  if (isUiLanguage(kept)) return kept;
  const wanted = navigator.languages.map((tag) => tag.slice(0, 2)).find(isUiLanguage);
  return wanted ?? 'en';
}

export async function startI18n(): Promise<void> {
  i18next.on('languageChanged', (language) => {
    document.documentElement.lang = language;
  });
  await i18next
    .use({
      type: 'backend' as const,
      init: () => undefined,
      read: (language: string, namespace: string, done: (error: Error | null, data: unknown) => void) => {
        const load = files[`../locales/${language}/${namespace}.json`];
        if (load === undefined) {
          done(new Error(`no texts for ${language}/${namespace}`), null);
          return;
        }
        load().then(
          (file) => done(null, file.default),
          (error: unknown) => done(error instanceof Error ? error : new Error(String(error)), null),
        );
      },
    })
    .use(initReactI18next)
    .init({
      lng: firstLanguage(),
      fallbackLng: 'en',
      supportedLngs: Object.keys(LANGUAGES),
      ns: ['common'],
      defaultNS: 'common',
      fallbackNS: 'common',
      resources: { en: { common } },
      partialBundledLanguages: true,
      interpolation: { escapeValue: false },
      returnNull: false,
    });
}

/** Changes the dashboard's language and remembers it on this device; a language without texts leaves it alone. */
export async function applyLanguage(code: string): Promise<void> {
  if (!isUiLanguage(code)) return;
  try {
    localStorage.setItem(KEY, code);
  } catch {
    // It then lasts until the page is closed.
  }
  if (i18next.language !== code) await i18next.changeLanguage(code);
}
