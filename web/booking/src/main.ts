// The booking page: reads the first answer out of the document, decides by the address what is shown, and joins the flows
// with document, history, focus and announcements. Everything else is in the flows and their views.

import { html, nothing, render, type TemplateResult } from 'lit-html';
import { area } from '../../widget/src/storage';
import { createApi, Refused } from './api';
import { Booking, type Step } from './book';
import { bookView, typeHead } from './book-view';
import { localeOf, words } from './format';
import type { Values } from './form';
import { reportSize, tellParent } from './frame';
import { chooseLanguage, LANGUAGE_NAMES, LANGUAGES, texts } from './i18n';
import { RIGHT } from './icons';
import { Manage } from './manage';
import { bookUrl, manageView, offerView } from './manage-view';
import { Offer } from './offer';
import type { Said } from './picker';
import type { BookingPage, Business, BusinessPage, Initial, Language, PublicType } from './protocol';
import { typeFacts } from './summary-view';
import { paint } from './theme';
import { browserZone, DAY, isZone } from './zone';

/** What the server answers without being told a range. */
const FIRST_DAYS = 14;

const app = document.getElementById('app') as HTMLElement;
const asked = new URLSearchParams(location.search);
const framed = asked.has('embed');
const api = createApi({ base: '/api/v1/public/booking/' });
const session = area('sessionStorage');

app.className = 'bk page';
app.classList.toggle('embed', framed);
app.classList.toggle('boxed', asked.get('embed') === 'popup');

let business: Business | undefined;
let language: Language = chooseLanguage(asked.get('lang') ?? session.getItem('frontdesk:lang'), navigator.languages, undefined);
let t = texts(language);
let locale = localeOf(language, navigator.languages);
let w = words(locale);

/** Draws what the address shows; each page sets its own. */
let content: () => TemplateResult = () => html`<div class="hello" role="status"><i></i><span class="sr">${t('looking')}</span></div>`;
let title = '';

const said = document.createElement('p');
said.className = 'sr';
said.setAttribute('role', 'status');

function draw(): void {
  render(shell(), app);
}

function initials(name: string): string {
  const parts = name.split(/\s+/).filter((part) => /^[\p{L}\d]/u.test(part));
  return parts.slice(0, 2).map((part) => [...part][0]).join('').toLocaleUpperCase();
}

/** An address of ours that keeps language, zone and frame. */
function keep(path: string): string {
  const kept = new URLSearchParams([...asked].filter(([name]) => ['lang', 'zone', 'embed'].includes(name))).toString();
  return kept ? `${path}?${kept}` : path;
}

function shell(): TemplateResult {
  const home = business && keep(bookUrl(business));
  return html`<div class="shell">${business
    ? html`<header class="top"><span class="mono" aria-hidden="true">${initials(business.name)}</span>${location.pathname === bookUrl(business) ? html`<span>${business.name}</span>` : html`<a href=${home as string}>${business.name}</a>`}</header>`
    : nothing}<main>${content()}</main><footer class="foot"><span>${business && !framed ? html`${business.address}${business.address && business.phone ? ' \u00b7 ' : ''}${business.phone ? html`<a href="tel:${business.phone.replace(/[^\d+]/g, '')}">${business.phone}</a>` : nothing}` : nothing}</span><label>${t('language')}<select @change=${(event: Event) => speak((event.target as HTMLSelectElement).value as Language)}>${LANGUAGES.map(
    (tag) => html`<option value=${tag} ?selected=${tag === language}>${LANGUAGE_NAMES[tag]}</option>`,
  )}</select></label></footer></div>`;
}

/** Changes the language: the page is built anew in it. What was typed is kept. */
function speak(tag: Language): void {
  session.setItem('frontdesk:lang', tag);
  asked.set('lang', tag);
  location.search = asked.toString();
}

function announce(what: Said): void {
  const free = what.count === 1 ? t('oneTime') : what.count ? t('times', w.number(what.count)) : t('noTimes');
  said.textContent = what.kind === 'day' ? t('timesSaid', w.day(what.day), free) : t('daysSaid', w.month(what.month), w.number(what.count));
}

/** The next step begins at its heading. */
function focusStep(): void {
  queueMicrotask(() => {
    const heading = app.querySelector<HTMLElement>('[data-focus]') ?? app.querySelector<HTMLElement>('.times > h2');
    heading?.focus({ preventScroll: true });
    scrollTo({ top: 0 });
    tellParent({ type: 'step' });
  });
}

/** Takes over a business: its look, and its language where the visitor's own is not among ours. */
function meet(of: Business): void {
  business = of;
  language = chooseLanguage(asked.get('lang') ?? session.getItem('frontdesk:lang'), navigator.languages, of.language);
  t = texts(language);
  locale = localeOf(language, navigator.languages);
  w = words(locale);
  document.documentElement.lang = language;
  paint(app, asked.get('accent') ? '#' + (asked.get('accent') as string) : of.theme.accent, of.theme.scheme, framed ? null : document.documentElement);
  name(of.name);
}

function name(what: string): void {
  title = what;
  document.title = title;
}

const zoneOf = (otherwise: string): string => {
  const wanted = asked.get('zone');
  return isZone(wanted) ? wanted : browserZone(otherwise);
};

function showBusiness(page: BusinessPage): void {
  meet(page);
  // Where the business is stands at the foot of the page; a card only says where it is elsewhere.
  const elsewhere = (type: PublicType): PublicType => (type.location_text === page.address ? { ...type, location_text: '' } : type);
  content = () => html`<div class="sheet"><div class="intro"><h1>${t('chooseType')}</h1></div>${page.types.length
    ? html`<ul class="types">${page.types.map(
        (type) => html`<li><a href=${keep(bookUrl(page, type))}><h2>${type.name}</h2>${type.description ? html`<p>${type.description}</p>` : nothing}${typeFacts(elsewhere(type), [], { t, w, zone: page.zone })}${RIGHT}</a></li>`,
      )}</ul>`
    : html`<p class="lead">${t('noTypes')}</p>${page.phone ? html`<p><a class="main" href="tel:${page.phone.replace(/[^\d+]/g, '')}">${t('callUs', page.phone)}</a></p>` : nothing}`}</div>`;
  draw();
}

function showType(page: BookingPage, from: number): void {
  meet(page.business);
  name(`${page.type.name} \u2013 ${page.business.name}`);
  const draftKey = `frontdesk:draft:${page.type.id}`;
  const prefilled = Object.fromEntries(['name', 'email', 'phone'].flatMap((field) => (asked.get(field) ? [[field, asked.get(field) as string]] : [])));
  let popping = false;
  const booking: Booking = new Booking({
    api,
    page,
    covers: { from: page.from ? Date.parse(page.from) : from, to: page.to ? Date.parse(page.to) : from + (FIRST_DAYS - 1) * DAY },
    zone: zoneOf(page.business.zone),
    language,
    texts: t,
    draft: {
      load: () => ({ ...prefilled, ...(JSON.parse(session.getItem(draftKey) ?? '{}') as Values) }),
      save: (values) => session.setItem(draftKey, JSON.stringify(values)),
    },
    wanted: { day: asked.get('date'), duration: Number(asked.get('duration')), staff: asked.get('staff') },
    changed: () => draw(),
    say: announce,
    stepped(step: Step, before: Step) {
      const inForm = step === 'details' || step === 'waiting';
      if (inForm && before === 'pick') history.pushState({ form: true }, '');
      else if (step === 'pick' && !popping && (history.state as { form?: boolean } | null)?.form) history.back();
      focusStep();
    },
    booked: ({ reference, start, end }) => tellParent({ type: 'booked', reference, start, end }),
  });
  const show = { booking, t, w, locale, root: () => app, draw, manageUrl: ({ manage_token }: { manage_token: string }) => keep(`/book/manage/${manage_token}`) };
  content = () => html`<div class="sheet two"><div class="head">${typeHead(show)}</div><div class="flow">${bookView(show)}</div></div>`;
  addEventListener('popstate', () => {
    if (booking.step !== 'details' && booking.step !== 'waiting') return;
    popping = true;
    booking.back();
    popping = false;
  });
  addEventListener('pagehide', () => booking.leave());
  addEventListener('pageshow', (event) => {
    if (event.persisted) void booking.returned();
  });
  addEventListener('online', () => booking.online());
  document.addEventListener('visibilitychange', () => {
    if (!document.hidden && booking.step === 'pick') booking.picker.fresh();
  });
  booking.start();
  draw();
}

function showManage(token: string, initial: Extract<Initial, { kind: 'manage' }>['booking']): void {
  meet(initial.business);
  name(`${t('yourBooking')} \u2013 ${initial.business.name}`);
  const manage: Manage = new Manage({
    api,
    booking: initial,
    token,
    zone: isZone(asked.get('zone')) ? (asked.get('zone') as string) : isZone(initial.zone) ? initial.zone : zoneOf(initial.business.zone),
    texts: t,
    changed: () => draw(),
    say: announce,
    stepped: focusStep,
  });
  const show = { manage, t, w, locale, root: () => app, draw };
  content = () => html`<h1 class="sr">${initial.type.name}</h1><div class="sheet">${manageView(show)}</div>`;
  addEventListener('online', () => manage.picker.failed && manage.picker.retry());
  draw();
}

function showOffer(token: string, value: Extract<Initial, { kind: 'offer' }>['offer']): void {
  meet(value.business);
  name(`${value.type.name} \u2013 ${value.business.name}`);
  let before: string | null = null;
  const offer: Offer = new Offer(api, value, token, isZone(value.zone) ? value.zone : zoneOf(value.business.zone), t, () => {
    draw();
    if (before !== null && before !== offer.state) focusStep();
    before = offer.state;
  });
  before = offer.state;
  content = () => html`<h1 class="sr">${value.type.name}</h1><div class="sheet">${offerView({ offer, t, w })}</div>`;
  draw();
}

function showMissing(): void {
  document.documentElement.lang = language;
  paint(app, null, 'auto', document.documentElement);
  name(t('missing'));
  content = () => html`<div class="sheet"><div class="done"><h1>${t('missing')}</h1><p class="lead">${t('missingMore')}</p></div></div>`;
  draw();
}

function showBroken(again: () => void): void {
  paint(app, null, 'auto', document.documentElement);
  content = () => html`<div class="sheet"><div class="done"><h1>${t('brokenTitle')}</h1><p class="lead" role="alert">${t('noAnswer')}</p><div class="row"><button type="button" class="main" @click=${again}>${t('again')}</button></div></div></div>`;
  draw();
}

/** `/book/{workspace}[/{type}]`, `/book/manage/{token}`, `/book/offer/{token}` */
async function open(): Promise<void> {
  const [, , first = '', second = ''] = location.pathname.split('/').map(decodeURIComponent);
  const inlined = document.getElementById('initial')?.textContent;
  let initial: Initial | null = inlined ? (JSON.parse(inlined) as Initial) : null;
  const from = Date.now();
  if (!initial) {
    try {
      initial =
        first === 'manage'
          ? { kind: 'manage', booking: await api.booking(second) }
          : first === 'offer'
            ? { kind: 'offer', offer: await api.offer(second) }
            : second
              ? { kind: 'type', page: await api.page(first, second, {}) }
              : { kind: 'business', business: await api.business(first) };
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      if (error.status === 404 || error.status === 400 || error.status === 422) showMissing();
      else showBroken(() => location.reload());
      return;
    }
  }
  switch (initial.kind) {
    case 'business':
      return showBusiness(initial.business);
    case 'type':
      return showType(initial.page, from);
    case 'manage':
      return showManage(second, initial.booking);
    case 'offer':
      return showOffer(second, initial.offer);
    case 'missing':
      return showMissing();
  }
}

document.documentElement.lang = language;
paint(app, null, 'auto', framed ? null : document.documentElement);
app.after(said);
if (framed) reportSize();
draw();
void open();
