// A place in the settings with what the server found wrong there, handed down to the form that edits it.

import { sentence } from '../../../ui/text';

export interface Faults {
  /** What is wrong at `/name` of this place, as a sentence. */
  at: (pointer: string) => string | undefined;
  /** The same for a part of it. */
  under: (pointer: string) => Faults;
}

export function faultsAt(faults: ReadonlyMap<string, string>, place = ''): Faults {
  return {
    at: (pointer) => {
      const message = faults.get(`${place}${pointer}`);
      return message === undefined ? undefined : sentence(message);
    },
    under: (pointer) => faultsAt(faults, `${place}${pointer}`),
  };
}

/** Places below a step that its form shows by themselves; what is wrong elsewhere is shown at the head of the card. */
const SHOWN = [
  'action/minutes',
  'action/times',
  'action/every_minutes',
  'action/message/subject',
  'action/message/words/text',
  'action/message/words/instruction',
  'action/message/words/fallback',
  'action/message/whatsapp_template',
  'action/message/whatsapp_template/name',
  'action/message/whatsapp_template/language',
  'action/message/whatsapp_template/variables',
  'action/test/name',
  'action/test/statuses',
  'action/test/field/key',
  'action/otherwise',
  'action/title',
  'action/due_in_days',
  'action/url',
];

export function elsewhereIn(faults: ReadonlyMap<string, string>, step: string): string[] {
  const start = `/steps/${step}/`;
  return [...faults].filter(([place]) => place.startsWith(start) && !SHOWN.includes(place.slice(start.length))).map(([, message]) => sentence(message));
}

const TOP = ['/name', '/goal', '/purpose', '/again_after_days', '/steps', '/criteria', '/filter'];

/** What no form of the editor shows. */
export function homelessIn(faults: ReadonlyMap<string, string>): string[] {
  return [...faults]
    .filter(([place]) => !TOP.includes(place) && !['/steps/', '/criteria/', '/trigger/', '/filter/'].some((start) => place.startsWith(start)))
    .map(([, message]) => sentence(message));
}
