// Draws a booking opened by its link, and an offer from the waiting list.

import { html, nothing, type TemplateResult } from 'lit-html';
import type { Words } from './format';
import { idOf } from './form-view';
import type { TextKey, Texts } from './i18n';
import { ALERT, BELL, CHECK, CLOCK, CROSS, LEFT, PERSON } from './icons';
import { isOpen, type Manage } from './manage';
import type { Offer } from './offer';
import { pickerView } from './picker-view';
import type { Business, PublicBooking } from './protocol';
import { bookingFacts, calendarLinks, cost, people, place, timeFacts } from './summary-view';
import { civil } from './zone';

export interface ManageShow {
  manage: Manage;
  t: Texts;
  w: Words;
  locale: string;
  root: () => ParentNode;
  draw: () => void;
}

const problem = (text: string): unknown => (text ? html`<div class="alert" role="alert">${ALERT}<div><p>${text}</p></div></div>` : nothing);

export const bookUrl = ({ slug }: Business, type?: { slug: string }): string => ['/book', slug, type?.slug].filter(Boolean).map(String).join('/');

const STATUS: Record<PublicBooking['status'], [TextKey, string]> = {
  pending: ['pending', 'open'],
  confirmed: ['confirmed', 'good'],
  rescheduled: ['confirmed', 'good'],
  completed: ['completed', ''],
  cancelled: ['cancelled', 'bad'],
  no_show: ['noShow', 'bad'],
};

function contact(business: Business): unknown {
  return business.phone ? html`${business.name}, <a href="tel:${business.phone.replace(/[^\d+]/g, '')}">${business.phone}</a>` : business.name;
}

/** "Please contact …", with the number to call as a link. */
function pleaseContact(business: Business, t: Texts): TemplateResult {
  const [before, after] = t('tooLateMore', '\u0000').split('\u0000');
  return html`${before}${contact(business)}${after}`;
}

function card(show: ManageShow): TemplateResult {
  const { manage, t, w } = show;
  const { booking } = manage;
  const [label, look] = booking.tentative && isOpen(booking) ? (['pending', 'open'] as const) : STATUS[booking.status];
  return html`<div class="card ${booking.status === 'cancelled' ? 'gone' : ''}"><p class="status ${look}">${t(label)}</p><h3>${booking.type.name}</h3>${bookingFacts(booking, { t, w, zone: manage.picker.zone })}<p class="reference">${t('reference')} <b>${booking.reference}</b> &middot; ${booking.name}</p></div>`;
}

function see(show: ManageShow): TemplateResult {
  const { manage, t, w } = show;
  const { booking } = manage;
  const { business, type } = booking;
  const open = isOpen(booking);
  const until = booking.may_change_until ? Date.parse(booking.may_change_until) : null;
  const title = manage.step === 'moved' ? t('movedTitle') : booking.status === 'cancelled' ? t('cancelledTitle') : t('yourBooking');
  const sign = manage.step === 'moved' ? CHECK : booking.status === 'cancelled' ? CROSS : null;
  const { zone } = manage.picker;
  return html`<div class="done ${booking.status === 'cancelled' ? 'gone' : ''}">${sign ? html`<span class="sign">${sign}</span>` : nothing}<h2 tabindex="-1" data-focus>${title}</h2>${problem(manage.trouble)}${card(show)}${open && booking.may_change
    ? html`<div class="row"><button type="button" class="main" @click=${() => manage.go('move')}>${t('move')}</button><button type="button" class="second" @click=${() => manage.go('cancel')}>${t('cancel')}</button></div>${until && until < Date.parse(booking.start)
        ? html`<p class="note">${t('until', `${w.shortDay(civil(until, zone).day)}, ${w.time(until, zone)}`)}</p>`
        : nothing}`
    : open
      ? html`<div class="alert calm">${CLOCK}<div><p>${Date.parse(booking.start) < Date.now() ? t('over') : html`${t('tooLate')} ${pleaseContact(business, t)}`}</p></div></div>`
      : nothing}${open ? calendarLinks(booking, t) : html`<div class="row"><a class="main" href=${bookUrl(business, type)}>${t('bookNew')}</a></div>`}</div>`;
}

function sure(show: ManageShow): TemplateResult {
  const { manage, t, w } = show;
  const { booking, time, sending } = manage;
  if (!time) return html``;
  const view = { t, w, zone: manage.picker.zone };
  const home = booking.business.zone;
  return html`<div class="details"><button type="button" class="link back" @click=${() => manage.go('move')}>${LEFT}${t('back')}</button><h2 tabindex="-1" data-focus>${t('sureMove')}</h2><div class="fromto"><div class="card gone"><h3>${t('was')}</h3><ul class="facts">${timeFacts(Date.parse(booking.start), Date.parse(booking.end), home, view)}</ul></div><div class="card"><h3>${t('willBe')}</h3><ul class="facts">${timeFacts(time.start, time.end, home, view)}</ul></div></div>${problem(manage.trouble)}<div class="row"><button type="button" class="main" aria-disabled=${sending} @click=${() => void manage.move()}>${sending ? t('sending') : t('moveYes')}</button><button type="button" class="second" @click=${() => manage.go('see')}>${t('keep')}</button></div></div>`;
}

function cancel(show: ManageShow): TemplateResult {
  const { manage, t } = show;
  const { sending } = manage;
  return html`<div class="details"><h2 tabindex="-1" data-focus>${t('sureCancel')}</h2>${card(show)}<p>${t('sureCancelMore')}</p><form novalidate @submit=${(event: Event) => {
    event.preventDefault();
    void manage.cancel();
  }}><div class="field"><label class="label" for=${idOf('reason')}>${t('reason')} <i>${t('optional')}</i></label><textarea id=${idOf('reason')} rows="2" maxlength="500" dir="auto" @input=${(e: Event) => (manage.reason = (e.target as HTMLTextAreaElement).value)}>${manage.reason}</textarea></div>${problem(manage.trouble)}<div class="row"><button type="submit" class="main danger" aria-disabled=${sending}>${sending ? t('sending') : t('cancelYes')}</button><button type="button" class="second" @click=${() => manage.go('see')}>${t('keep')}</button></div></form></div>`;
}

export function manageView(show: ManageShow): TemplateResult {
  const { manage, t, w, locale, root, draw } = show;
  switch (manage.step) {
    case 'move':
      return html`<div class="moving"><button type="button" class="link back" @click=${() => manage.go('see')}>${LEFT}${t('yourBooking')}</button><h2 tabindex="-1" data-focus>${t('moveTitle')}</h2><p class="lead">${t('moveNow')}</p>${pickerView({ picker: manage.picker, t, w, locale, root, draw, pick: (time) => manage.pick(time) })}</div>`;
    case 'sure':
      return sure(show);
    case 'cancel':
      return cancel(show);
    default:
      return see(show);
  }
}

export interface OfferShow {
  offer: Offer;
  t: Texts;
  w: Words;
}

function remaining(ms: number, w: Words): string {
  return ms >= 3_600_000 ? w.minutes(Math.floor(ms / 60_000)) : `${Math.floor(ms / 60_000)}:${String(Math.floor(ms / 1000) % 60).padStart(2, '0')}`;
}

export function offerView({ offer, t, w }: OfferShow): TemplateResult {
  const { value, zone, sending, state } = offer;
  const { business, type } = value;
  const facts = html`<div class="card ${state === 'open' || state === 'accepted' ? '' : 'gone'}"><h3>${type.name}</h3><ul class="facts">${timeFacts(Date.parse(value.start), Date.parse(value.end), business.zone, { t, w, zone })}${place(type, t)}${value.staff.length
    ? html`<li>${PERSON}<span>${people(value.staff)}</span></li>`
    : nothing}${cost(type.price, { t, w })}</ul></div>`;
  const other = html`<div class="row"><a class="second" href=${bookUrl(business, type)}>${t('seeTimes')}</a></div>`;
  if (state === 'accepted') {
    const { booking } = offer;
    return html`<div class="done"><span class="sign">${CHECK}</span><h2 tabindex="-1" data-focus>${t(booking?.status === 'pending' ? 'asked' : 'booked')}</h2>${facts}${booking
      ? html`${calendarLinks(booking, t)}<div class="row"><a class="link" href="/book/manage/${booking.manage_token}">${t('change')}</a></div>`
      : nothing}</div>`;
  }
  if (state !== 'open') {
    const mine = state === 'declined';
    return html`<div class="done open"><span class="sign">${mine ? CHECK : CLOCK}</span><h2 tabindex="-1" data-focus>${t(mine ? 'declined' : 'offerOver')}</h2><p>${t(mine ? 'declinedMore' : 'offerOverMore')}</p>${mine ? nothing : facts}${other}</div>`;
  }
  return html`<div class="done open"><span class="sign">${BELL}</span><h2 tabindex="-1" data-focus>${t('offerTitle')}</h2>${facts}<p class="hold">${CLOCK}<span>${t('offerUntil', remaining(offer.left, w))}</span></p>${problem(offer.trouble)}<div class="row"><button type="button" class="main" aria-disabled=${sending} @click=${() => void offer.accept()}>${sending ? t('sending') : t('accept')}</button><button type="button" class="second" @click=${() => void offer.decline()}>${t('decline')}</button></div></div>`;
}
