// What the numbers of a connection are asked for and told.

import type { NumberPrice, OwnedPhoneNumber, PhoneNumberKind, PhoneNumberList, PhoneNumberOffers } from '@frontdesk/api-client';
import { queryOptions, useMutation } from '@tanstack/react-query';
import { api } from '../../app/api';
import { keys } from '../../app/keys';
import { queryClient } from '../../app/query';

/** The vendor whose numbers can be managed here. */
export const hasNumbers = (vendor: string): boolean => vendor === 'twilio';

export function numbersQuery(connection: string) {
  return queryOptions({
    queryKey: keys.numbers(connection),
    queryFn: ({ signal }) => api.get<PhoneNumberList>(`/connections/${connection}/numbers`, { signal }),
    // Its vendor is asked; nothing tells of changes made there.
    staleTime: 60_000,
    retry: false,
  });
}

export interface NumberSearch {
  country: string;
  kind: PhoneNumberKind;
  area_code: string;
  contains: string;
  mms: boolean;
  voice: boolean;
}

/** The search as the server wants it; area codes are for the countries that have them. */
export function searchOf({ country, kind, area_code, contains, mms, voice }: NumberSearch) {
  const area = kind === 'local' && hasAreas(country) ? area_code.trim() : '';
  return {
    country,
    kind,
    ...(area === '' ? {} : { area_code: area }),
    ...(contains.trim() === '' ? {} : { contains: contains.trim() }),
    ...(mms ? { mms } : {}),
    ...(voice ? { voice } : {}),
  };
}

export const hasAreas = (country: string): boolean => country === 'US' || country === 'CA';

export function offersQuery(connection: string, search: NumberSearch) {
  const query = searchOf(search);
  return queryOptions({
    queryKey: keys.numberOffers(connection, query),
    queryFn: ({ signal }) => api.get<PhoneNumberOffers>(`/connections/${connection}/numbers/available`, { query, signal }),
    staleTime: 60_000,
    retry: false,
  });
}

const reload = () => queryClient.invalidateQueries({ queryKey: keys.connections });

export function useBuyNumber(connection: string) {
  return useMutation({
    meta: { inline: true },
    mutationFn: (number: string) => api.post<OwnedPhoneNumber>(`/connections/${connection}/numbers`, { number }),
    // Also after a failure: it may have been bought.
    onSettled: reload,
  });
}

export function usePointNumber(connection: string) {
  return useMutation({
    mutationFn: (id: string) => api.post<OwnedPhoneNumber>(`/connections/${connection}/numbers/${id}/configure`, {}),
    onSettled: reload,
  });
}

export function useReleaseNumber(connection: string) {
  return useMutation({
    meta: { inline: true },
    mutationFn: ({ id, force }: { id: string; force: boolean }) => api.del(`/connections/${connection}/numbers/${id}${force ? '?force=true' : ''}`),
    onSettled: reload,
  });
}

/** Whether it is the only number that the connection sends from. */
export const isOnly = ({ items, by_service }: PhoneNumberList, number: OwnedPhoneNumber): boolean => number.sends && !by_service && items.every((each) => each.id === number.id || !each.sends);

/** Whether what was typed is the number, however it is written. */
export const isSameNumber = (typed: string, number: string): boolean => typed.replace(/[^\d]/gu, '') === number.replace(/[^\d]/gu, '');

/** A price as people of the language write it; as the vendor wrote it when it is in no known currency. */
export function priceText({ amount, currency }: NumberPrice, language: string): string {
  const value = Number(amount);
  if (!Number.isFinite(value) || !/^[A-Z]{3}$/u.test(currency)) return `${amount} ${currency}`;
  return new Intl.NumberFormat(language, { style: 'currency', currency }).format(value);
}
