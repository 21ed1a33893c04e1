// Draws the way of a booking, step by step, and puts the focus where the next step begins.

import { html, nothing, type TemplateResult } from 'lit-html';
import type { Booking } from './book';
import type { Words } from './format';
import { focusFirstError, formView, press } from './form-view';
import type { Texts } from './i18n';
import { ALERT, BELL, CHECK, CLOCK, LEFT, PERSON } from './icons';
import { choicesView, pickerView, taken } from './picker-view';
import type { PublicBooking } from './protocol';
import { bookingFacts, calendarLinks, people, timeFacts, typeFacts, type Show } from './summary-view';

export interface BookShow {
  booking: Booking;
  t: Texts;
  w: Words;
  locale: string;
  root: () => ParentNode;
  draw: () => void;
  /** In another site's page: where our own addresses are, and that links open beside the page. */
  host?: string;
  /** Where a booking can be changed. */
  manageUrl: (booking: PublicBooking) => string;
}

/** "9:05" */
const minutes = (ms: number): string => `${Math.floor(ms / 60_000)}:${String(Math.floor(ms / 1000) % 60).padStart(2, '0')}`;

function countdown({ booking, t }: BookShow): TemplateResult {
  const { keeper } = booking;
  if (keeper.lapsed) return html`<p class="hold over" role="status">${CLOCK}<span>${t('lapsed')}</span></p>`;
  const { left } = keeper;
  // Each second is shown, but only the last minute is said.
  return html`<p class="hold">${CLOCK}<span><b>${t('held', minutes(left))}.</b> ${t('heldStill')}</span></p><p class="sr" role="status">${left < 60_000 && left > 0 ? t('minuteLeft') : nothing}</p>`;
}

function trouble({ booking }: BookShow): TemplateResult | typeof nothing {
  if (!booking.trouble) return nothing;
  return html`<div class="alert" role="alert">${ALERT}<div><p>${booking.trouble.text}</p></div></div>`;
}

function form(show: BookShow, submit: string): TemplateResult {
  const { booking, t, root } = show;
  const { fields, values, errors, sending } = booking;
  const count = Object.keys(errors).length;
  const send = (event: Event): void => {
    event.preventDefault();
    void booking.send().then(() => {
      const list = booking.fields;
      if (Object.keys(booking.errors).length) focusFirstError(root(), list, booking.errors);
      else if (booking.picker.instead) root().querySelector<HTMLElement>('[data-taken]')?.focus();
    });
  };
  return html`<form novalidate aria-busy=${sending} @pointerdown=${press} @submit=${send}>${formView({ fields, values, errors, t, set: (id, v) => booking.set(id, v), left: (id) => booking.left(id) })}<p class="sr" role="status">${count > 1
    ? t('fieldsSaid', count)
    : nothing}</p>${trouble(show)}<p class="consent">${t('consent', booking.options.page.business.name)}</p><button type="submit" class="main wide" aria-disabled=${sending}>${sending
    ? t('sending')
    : booking.trouble?.again
      ? t('again')
      : submit}</button></form>`;
}

function details(show: BookShow): TemplateResult {
  const { booking, t, w } = show;
  const { time, picker, options } = booking;
  const { type, staff, business } = options.page;
  const view: Show = { t, w, zone: picker.zone };
  const held = booking.keeper.hold?.staff ?? time?.staff ?? [];
  const who = staff.filter(({ id }) => (picker.choice.staff ? id === picker.choice.staff : held.includes(id) && (type.staff_mode === 'collective' || held.length === 1)));
  return html`<div class="details"><button type="button" class="link back" @click=${() => booking.back()}>${LEFT}${t('back')}</button><div class="chosen">${time
    ? html`<ul class="facts">${timeFacts(time.start, time.end, business.zone, view)}${who.length ? html`<li>${PERSON}<span>${people(who)}</span></li>` : nothing}</ul>`
    : nothing}${booking.keeper.hold ? countdown(show) : nothing}</div>${picker.instead ? taken({ picker, t, w, pick: (other) => void booking.pick(other) }, true) : nothing}<h2 tabindex="-1" data-focus>${t('details')}</h2>${form(show, t(type.confirmation_required ? 'ask' : 'book'))}</div>`;
}

function done(show: BookShow): TemplateResult {
  const { booking: flow, t, w, manageUrl, host } = show;
  const { booking } = flow;
  if (!booking) return html``;
  const { business } = flow.options.page;
  const waits = booking.status === 'pending';
  const title = waits ? t('asked') : booking.tentative ? t('tentative') : t('booked');
  const more = waits ? t('askedMore', business.name) : booking.tentative ? t('tentativeMore', business.name) : t('bookedMore', String(flow.values['email'] ?? ''));
  return html`<div class="done ${waits || booking.tentative ? 'open' : ''}"><span class="sign">${waits || booking.tentative ? CLOCK : CHECK}</span><h2 tabindex="-1" data-focus>${title}</h2><p>${more}</p><div class="card"><h3>${booking.type.name}</h3>${bookingFacts(booking, { t, w, zone: flow.picker.zone })}<p class="reference">${t('reference')} <b>${booking.reference}</b></p></div>${calendarLinks(booking, t, host)}<div class="row"><a class="link" href=${manageUrl(booking)} target=${host ? '_blank' : nothing} rel=${host ? 'noopener' : nothing}>${t('change')}${host ? html`<span class="sr"> (${t('newWindow')})</span>` : nothing}</a><button type="button" class="link" @click=${() => flow.again()}>${t('oneMore')}</button></div></div>`;
}

function waiting(show: BookShow): TemplateResult {
  const { booking, t } = show;
  return html`<div class="details"><button type="button" class="link back" @click=${() => booking.back()}>${LEFT}${t('backToTimes')}</button><h2 tabindex="-1" data-focus>${t('waitTitle')}</h2><p class="lead">${t('waitMore')}</p>${form(show, t('joinList'))}</div>`;
}

function listed({ booking, t }: BookShow): TemplateResult {
  return html`<div class="done open"><span class="sign">${BELL}</span><h2 tabindex="-1" data-focus>${t('listed')}</h2><p>${t('listedMore', String(booking.values['email'] ?? ''))}</p><div class="row"><button type="button" class="link" @click=${() => booking.back()}>${t('backToTimes')}</button></div></div>`;
}

/** Descriptions longer than this, in characters, begin shortened: the times are what people come for. */
const SHORT = 240;

function about({ booking, t, draw }: BookShow): TemplateResult | typeof nothing {
  const { description } = booking.options.page.type;
  if (!description || booking.step !== 'pick') return nothing;
  const cut = description.length > SHORT && !booking.whole;
  const more = (): void => {
    booking.whole = true;
    draw();
  };
  return html`<p class="about">${cut ? description.slice(0, description.lastIndexOf(' ', SHORT - 40)) + ' \u2026' : description}</p>${cut ? html`<button type="button" class="link more" @click=${more}>${t('more')}</button>` : nothing}`;
}

/** What is booked: the head of the page, or of the card in a conversation. */
export function typeHead(show: BookShow): TemplateResult {
  const { booking, t, w } = show;
  const { page } = booking.options;
  const minutes = booking.step === 'pick' ? page.type.durations : [booking.picker.choice.duration];
  return html`<div class="what"><h1>${page.type.name}</h1>${about(show)}${typeFacts(page.type, page.staff, { t, w, zone: booking.picker.zone }, minutes)}</div>${booking.step === 'pick' ? html`<div class="choices">${choicesView({ picker: booking.picker, t, w })}</div>` : nothing}`;
}

export function bookView(show: BookShow): TemplateResult {
  const { booking, t, w, locale, root, draw } = show;
  const { page } = booking.options;
  switch (booking.step) {
    case 'pick':
      return html`${booking.trouble ? trouble(show) : nothing}${pickerView({
        picker: booking.picker,
        t,
        w,
        locale,
        root,
        draw,
        pick: (time) =>
          void booking.pick(time).then(() => {
            if (booking.picker.instead) root().querySelector<HTMLElement>('[data-taken]')?.focus();
          }),
        wait: page.waiting_list ? () => booking.waiting() : undefined,
        contact: [page.business.name, page.business.phone].filter(Boolean).join(', '),
      })}`;
    case 'details':
      return details(show);
    case 'done':
      return done(show);
    case 'waiting':
      return waiting(show);
    case 'listed':
      return listed(show);
  }
}

