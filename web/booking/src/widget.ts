// `widget-booking.js`: the way of a booking inside the chat widget, over the conversation, loaded when it is first wanted.
// Built by the widget's package, which lends it its copy of lit-html.

import { html, nothing, render } from 'lit-html';
import type { OpenPicker, PickerPlace } from '../../widget/src/shell';
import { adopt } from '../../widget/src/sheet';
import { createApi, Refused } from './api';
import { Booking } from './book';
import { bookView, typeHead, type BookShow } from './book-view';
import css from './flow.css?inline';
import { localeOf, words } from './format';
import type { Values } from './form';
import { texts } from './i18n';
import { CROSS } from './icons';
import type { BookingPage } from './protocol';
import { paint } from './theme';
import { browserZone, DAY } from './zone';
import widgetCss from './widget.css?inline';

/** What was typed, kept while the page lives, by booking type. */
const drafts = new Map<string, Values>();

const open: OpenPicker = (given: PickerPlace) => {
  const { place, action, config } = given;
  const t = texts(config.language);
  const locale = localeOf(config.language, navigator.languages);
  const w = words(locale);
  const shadow = place.attachShadow({ mode: 'open' });
  adopt(shadow, css);
  adopt(shadow, widgetCss);
  const root = document.createElement('div');
  root.className = 'bk inchat';
  root.lang = config.language;
  root.setAttribute('role', 'dialog');
  root.setAttribute('aria-modal', 'true');
  root.setAttribute('aria-label', action.name);
  const said = document.createElement('p');
  said.className = 'sr';
  said.setAttribute('role', 'status');
  shadow.append(root, said);
  paint(root, config.theme.accent, config.theme.scheme);

  const api = createApi({ base: given.base, session: given.token });
  const gone = new AbortController();
  let show: BookShow | null = null;
  let trouble = '';

  function draw(): void {
    render(
      html`<header class="bar"><b>${action.name}</b><button type="button" class="round" aria-label=${t('close')} @click=${given.close}>${CROSS}</button></header><div class="scroll">${
        show
          ? html`${show.booking.step === 'pick' ? html`<div class="head">${typeHead(show)}</div>` : nothing}${bookView(show)}`
          : trouble
            ? html`<div class="empty" role="alert"><p>${trouble}</p><button type="button" class="second" @click=${() => void load()}>${t('again')}</button></div>`
            : html`<div class="wait" role="status"><span class="sr">${t('looking')}</span><i></i><i></i><i></i><i></i><i></i><i></i></div>`
      }</div>`,
      root,
    );
  }

  async function load(): Promise<void> {
    trouble = '';
    draw();
    const from = Date.now();
    try {
      begin(await api.page(action.workspace, action.slug, action.staff_id ? { staff: action.staff_id } : {}), from);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      trouble = error.status === 404 ? t('missing') : t('noAnswer');
    }
    draw();
  }

  function begin(page: BookingPage, from: number): void {
    if (gone.signal.aborted) return;
    const booking = new Booking({
      api,
      page,
      covers: { from: page.from ? Date.parse(page.from) : from, to: page.to ? Date.parse(page.to) : from + 13 * DAY },
      zone: browserZone(page.business.zone),
      language: config.language,
      texts: t,
      draft: { load: () => drafts.get(page.type.id) ?? {}, save: (values) => void drafts.set(page.type.id, values) },
      wanted: { staff: action.staff_id ?? null },
      changed: draw,
      say(what) {
        const free = what.count === 1 ? t('oneTime') : what.count ? t('times', w.number(what.count)) : t('noTimes');
        said.textContent = what.kind === 'day' ? t('timesSaid', w.day(what.day), free) : t('daysSaid', w.month(what.month), w.number(what.count));
      },
      stepped: () =>
        queueMicrotask(() => {
          root.querySelector('.scroll')?.scrollTo(0, 0);
          (root.querySelector<HTMLElement>('[data-focus]') ?? root.querySelector<HTMLElement>('.times > h2'))?.focus({ preventScroll: true });
        }),
      booked: ({ reference, start, end }) => given.booked({ reference, start, end }),
    });
    show = {
      booking, t, w, locale, draw,
      root: () => root,
      host: given.base,
      manageUrl: ({ manage_token }) => new URL(`/book/manage/${manage_token}`, given.base).href,
    };
    booking.start();
    addEventListener('pagehide', () => booking.leave(), gone);
    addEventListener('online', () => booking.online(), gone);
    gone.signal.addEventListener('abort', () => booking.leave());
  }

  root.addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && !event.defaultPrevented) {
      event.preventDefault();
      event.stopPropagation();
      given.close();
    } else if (event.key === 'Tab') {
      const stops = [...root.querySelectorAll<HTMLElement>('button,a,input,select,textarea')].filter((e) => e.offsetParent && e.tabIndex >= 0);
      const edge = event.shiftKey ? stops[0] : stops.at(-1);
      if (shadow.activeElement === edge) {
        event.preventDefault();
        (event.shiftKey ? stops.at(-1) : stops[0])?.focus();
      }
      // The widget's own round of stops must not begin.
      event.stopPropagation();
    }
  });
  void load();
  root.querySelector<HTMLElement>('.round')?.focus();
  return () => gone.abort();
};

window.Frontdesk?._(open);
