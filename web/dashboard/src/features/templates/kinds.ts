// The messages there are, to whom they go, and how they look in lists.

import type { Language, TemplateChannel, TemplateKind } from '@frontdesk/api-client';
import { BellRing, CalendarCheck2, CalendarClock, CalendarPlus, CalendarSync, CalendarX2, CircleX, Hourglass, KeyRound, Link2, MapPin, UserX, type LucideIcon } from 'lucide-react';

export const LANGUAGES: readonly Language[] = ['en', 'es', 'de', 'fr'];

/** Letters, and short messages by SMS, WhatsApp and Telegram. */
export const CHANNELS: readonly TemplateChannel[] = ['email', 'text'];

export const TO_CUSTOMERS: readonly TemplateKind[] = [
  'booking_confirmed',
  'booking_pending',
  'booking_reminder',
  'booking_rescheduled',
  'booking_cancelled',
  'booking_declined',
  'waiting_list_offer',
  'no_show_follow_up',
  'business_details',
  'booking_link',
  'one_time_code',
];

export const TO_STAFF: readonly TemplateKind[] = ['staff_new_booking', 'staff_moved_booking', 'staff_cancelled_booking'];

export const KIND_ICONS: Record<TemplateKind, LucideIcon> = {
  booking_confirmed: CalendarCheck2,
  booking_pending: CalendarClock,
  booking_reminder: BellRing,
  booking_rescheduled: CalendarSync,
  booking_cancelled: CalendarX2,
  booking_declined: CircleX,
  waiting_list_offer: Hourglass,
  no_show_follow_up: UserX,
  business_details: MapPin,
  booking_link: Link2,
  one_time_code: KeyRound,
  staff_new_booking: CalendarPlus,
  staff_moved_booking: CalendarSync,
  staff_cancelled_booking: CalendarX2,
};

export const kindOf = (text: string): TemplateKind | undefined => [...TO_CUSTOMERS, ...TO_STAFF].find((kind) => kind === text);
export const languageOf = (text: string): Language | undefined => LANGUAGES.find((language) => language === text);

/** "English" in the language of the page. */
export function languageName(language: Language, shownIn: string): string {
  const name = new Intl.DisplayNames(shownIn, { type: 'language' }).of(language) ?? language;
  return name.charAt(0).toLocaleUpperCase(shownIn) + name.slice(1);
}
