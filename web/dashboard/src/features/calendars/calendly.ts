// Bringing over from Calendly: an import is asked for part by part, and its reports are added up.

import type { CalendlyPreview, CalendlyReport } from '@frontdesk/api-client';
import { useMutation } from '@tanstack/react-query';
import { api } from '../../app/api';
import { keys } from '../../app/keys';
import { queryClient } from '../../app/query';

export interface CalendlyAccess {
  token: string;
  staff_id: string;
}

export interface CalendlyWish extends CalendlyAccess {
  types: readonly string[];
  hours: boolean;
  /** Where an import that had to wait goes on. */
  so?: CalendlyReport;
}

export const NOTHING: CalendlyReport = {
  types: { made: 0, kept: 0, refused: [] },
  hours: 'kept',
  bookings: { made: 0, kept: 0, refused: [] },
};

/** Types and hours come with the first part, appointments with all. */
export function addUp(so: CalendlyReport, part: CalendlyReport, first: boolean): CalendlyReport {
  const { next, wait_seconds } = part;
  return {
    types: first ? part.types : so.types,
    hours: first ? part.hours : so.hours,
    bookings: {
      made: so.bookings.made + part.bookings.made,
      kept: so.bookings.kept + part.bookings.kept,
      refused: [...so.bookings.refused, ...part.bookings.refused],
    },
    ...(typeof next === 'string' ? { next } : {}),
    ...(typeof wait_seconds === 'number' ? { wait_seconds } : {}),
  };
}

/** Asks for parts until there are no more, or Calendly asks to wait. */
export async function bringOver(
  ask: (after: string | undefined) => Promise<CalendlyReport>,
  so: CalendlyReport | undefined,
  onPart: (report: CalendlyReport) => void,
): Promise<CalendlyReport> {
  let report = so ?? NOTHING;
  let first = so === undefined;
  for (;;) {
    report = addUp(report, await ask(report.next ?? undefined), first);
    onPart(report);
    first = false;
    if (typeof report.next !== 'string' || typeof report.wait_seconds === 'number') return report;
  }
}

export function usePreviewCalendly() {
  return useMutation({ meta: { inline: true }, mutationFn: (access: CalendlyAccess) => api.post<CalendlyPreview>('/calendars/calendly/preview', access) });
}

export function useImportCalendly(onPart: (report: CalendlyReport) => void) {
  return useMutation({
    meta: { inline: true },
    mutationFn: ({ so, ...wish }: CalendlyWish) =>
      bringOver((after) => api.post<CalendlyReport>('/calendars/calendly/import', { ...wish, ...(after === undefined ? {} : { after }) }), so, onPart),
    onSettled: () =>
      Promise.all([keys.bookings, keys.bookingTypes, keys.staff].map((queryKey) => queryClient.invalidateQueries({ queryKey }))),
  });
}
