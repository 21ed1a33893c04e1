// Facts of a booking type and of a booking: length, place, people, price, time in the customer's zone and the business's.

import { html, nothing, type TemplateResult } from 'lit-html';
import type { Words } from './format';
import type { Texts } from './i18n';
import { CALENDAR, CLOCK, GLOBE, PERSON, PHONE, PIN, PRICE, SEATS, VIDEO } from './icons';
import type { Person, Price, PublicBooking, PublicType } from './protocol';
import { city, civil, offset, offsetText } from './zone';

export interface Show {
  t: Texts;
  w: Words;
  zone: string;
}

const fact = (icon: TemplateResult, text: unknown): TemplateResult => html`<li>${icon}<span>${text}</span></li>`;

export function place(type: PublicType, t: Texts, said = type.location_text): TemplateResult | typeof nothing {
  switch (type.location_kind) {
    case 'phone':
      return fact(PHONE, t('byPhone'));
    case 'video':
      return fact(VIDEO, /^https?:/.test(said) ? html`${t('byVideo')}<br><a href=${said} target="_blank" rel="noopener noreferrer">${said}</a>` : t('byVideo'));
    case 'customer':
      return fact(PIN, t('atYours'));
    default:
      return said ? fact(PIN, said) : nothing;
  }
}

export const cost = (price: Price | null, { t, w }: Pick<Show, 't' | 'w'>): TemplateResult | typeof nothing =>
  price ? fact(PRICE, price.minor === 0 ? t('free') : w.price(price)) : nothing;

/** Length, price, place, with whom: what a type says before a time is chosen. */
export function typeFacts(type: PublicType, staff: readonly Person[], { t, w }: Show, minutes: readonly number[] = type.durations): TemplateResult {
  const one = staff.length === 1 || type.staff_mode === 'collective' ? staff : [];
  return html`<ul class="facts">${fact(CLOCK, minutes.map((m) => w.minutes(m)).join(', '))}${cost(type.price, { t, w })}${place(type, t)}${one.length
    ? fact(PERSON, people(one))
    : nothing}</ul>`;
}

export const people = (staff: readonly Person[]): string => staff.map(({ name, title }) => (title && staff.length === 1 ? `${name}, ${title}` : name)).join(', ');

/** Day and hours in the customer's zone, and in the business's where it differs. */
export function timeFacts(start: number, end: number, home: string, { t, w, zone }: Show): TemplateResult {
  const ahead = offset(start, zone);
  const differs = offset(start, home) !== ahead;
  const there = civil(start, home).day === civil(start, zone).day ? w.time(start, home) : `${w.shortDay(civil(start, home).day)}, ${w.time(start, home)}`;
  return html`<li class="strong">${CALENDAR}<span><b>${w.fullDay(civil(start, zone).day)}</b><br>${w.span(start, end, zone)}</span></li>${fact(
    GLOBE,
    html`${city(zone)} (${offsetText(ahead)})${differs ? html`<br>${t('inCity', there, city(home))}` : nothing}`,
  )}`;
}

export function bookingFacts(booking: PublicBooking, show: Show): TemplateResult {
  const { t, w } = show;
  const { type, staff, price, seats } = booking;
  return html`<ul class="facts">${timeFacts(Date.parse(booking.start), Date.parse(booking.end), booking.business.zone, show)}${place(type, t, booking.location_text)}${staff.length
    ? fact(PERSON, people(staff))
    : nothing}${seats > 1 ? fact(SEATS, w.number(seats)) : nothing}${cost(price, show)}</ul>`;
}

/** Links that put the booking into the customer's own calendar; none while it may still come to nothing. */
export function calendarLinks({ calendar_links: links, status }: PublicBooking, t: Texts, host = location.href): TemplateResult | typeof nothing {
  if (status === 'pending') return nothing;
  const out = (href: string, name: string): TemplateResult =>
    html`<a class="second" href=${href} target="_blank" rel="noopener noreferrer">${name}<span class="sr"> (${t('newWindow')})</span></a>`;
  return html`<section class="add" aria-labelledby="bk-add"><h3 id="bk-add">${t('addTo')}</h3><div class="row">${links.google ? out(links.google, 'Google') : nothing}${links.outlook
    ? out(links.outlook, 'Outlook')
    : nothing}${links.ics ? html`<a class="second" href=${new URL(links.ics, host).href} download>${t('file')} (.ics)</a>` : nothing}</div></section>`;
}
