// What can be said about a field before asking the server, in the words of the `auth` texts.

import type { TFunction } from 'i18next';

export const PASSWORD_LENGTH = 10;

export function emailRule(t: TFunction<'auth'>) {
  return (value: string) => (/^\S+@\S+\.\S+$/u.test(value.trim()) ? null : t('field.emailInvalid'));
}

export function passwordRule(t: TFunction<'auth'>) {
  return (value: string) => ([...value].length >= PASSWORD_LENGTH ? null : t('field.passwordShort', { count: PASSWORD_LENGTH }));
}

export function requiredRule(message: string) {
  return (value: string) => (value.trim() === '' ? message : null);
}
