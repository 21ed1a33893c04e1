// `book.js`: puts the booking page on another web site, in place, in a dialog, or in a dialog behind a button of its own.
//
//   <script src="https://host/book.js" data-workspace="harbour-dental" data-type="cleaning" data-mode="inline" defer></script>
//
// Each script tag is one embedding. Elements with `data-frontdesk-book` open the dialog too. Nothing else of the page is
// touched.

import { readFrame } from './frame';

interface Options {
  workspace: string;
  type: string;
  mode: string;
  target: string;
  label: string;
  lang: string;
  /** `staff`, `duration`, `date`, `name`, `email`, `phone`, `zone`: handed on to the page. */
  query: Record<string, string>;
}

export interface FrontdeskBooking {
  open: (options?: Partial<Pick<Options, 'type' | 'lang' | 'query'>>) => void;
  close: () => void;
  /** `booked` (`{reference, start, end}`), `close`. Returns a function that stops it. */
  on: (event: string, listener: (detail?: unknown) => void) => () => void;
}

declare global {
  interface Window {
    FrontdeskBooking?: FrontdeskBooking;
  }
}

const CLOSE = { en: 'Close', es: 'Cerrar', de: 'Schließen', fr: 'Fermer' };
const BOOK = { en: 'Book an appointment', es: 'Reservar una cita', de: 'Termin buchen', fr: 'Prendre rendez-vous' };
type Known = keyof typeof CLOSE;

const CSS = `
:host{all:initial}
dialog{width:min(1080px,calc(100vw - 32px));max-width:none;height:min(780px,calc(100dvh - 32px));max-height:none;padding:0;border:0;border-radius:16px;overflow:hidden;background:Canvas;color-scheme:light dark;box-shadow:0 24px 80px rgb(16 24 40/.4)}
dialog::backdrop{background:rgb(12 15 20/.6)}
dialog iframe{display:block;width:100%;height:100%;border:0}
dialog button{position:absolute;top:8px;right:8px;display:grid;place-items:center;width:44px;height:44px;border:0;border-radius:12px;color:CanvasText;background:Canvas;cursor:pointer}
:focus-visible{outline:2px solid currentColor;outline-offset:2px}
.inline{display:block;width:100%;min-height:320px;border:0;border-radius:16px;box-shadow:0 0 0 1px rgb(128 128 128/.3);color-scheme:light dark}
.launch{min-height:44px;padding:8px 20px;border:0;border-radius:10px;font:600 16px/24px system-ui,sans-serif;color:#fff;background:#4338ca;cursor:pointer}
@media (max-width:600px){dialog{width:100vw;height:100dvh;border-radius:0}}`;

function run(script: HTMLScriptElement): void {
  const warn = (text: string): void => console.warn('Frontdesk: ' + text); // eslint-disable-line no-console -- the page's owner reads it
  const { workspace = '', type = '', mode = 'inline', target = '', label = '', lang = '', ...others } = script.dataset;
  if (!workspace) {
    warn('nothing can be booked here because the script tag has no data-workspace. Copy the snippet again from the booking settings.');
    return;
  }
  const origin = new URL(script.src).origin;
  const base = new URL('book/', script.src).href;
  const passed = ['staff', 'duration', 'date', 'name', 'email', 'phone', 'zone', 'accent'];
  const query = Object.fromEntries(passed.flatMap((key) => (others[key] ? [[key, (others[key] as string).replace(/^#/, '')]] : [])));
  const options: Options = { workspace, type, mode, target, label, lang, query };
  const tag = (lang || document.documentElement.lang || navigator.language).slice(0, 2).toLowerCase();
  const known: Known = tag in CLOSE ? (tag as Known) : 'en';
  const listeners: [string, (detail?: unknown) => void][] = [];
  const emit = (event: string, detail?: unknown): void => {
    for (const [name, listener] of listeners) if (name === event) listener(detail);
  };

  const host = document.createElement('frontdesk-booking');
  const shadow = host.attachShadow({ mode: 'open' });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(CSS);
  shadow.adoptedStyleSheets = [sheet];

  const makeFrame = (how: string, given: Partial<Options> = {}): HTMLIFrameElement => {
    const frame = document.createElement('iframe');
    const wanted = { ...options, ...given };
    const path = [wanted.workspace, wanted.type].filter(Boolean).map(encodeURIComponent).join('/');
    const words = new URLSearchParams({ ...options.query, ...given.query, ...(wanted.lang ? { lang: wanted.lang } : {}), embed: how });
    frame.src = `${base}${path}?${words.toString()}`;
    frame.title = label || BOOK[known];
    return frame;
  };

  let dialog: HTMLDialogElement | null = null;
  const close = (): void => dialog?.close();
  const open: FrontdeskBooking['open'] = (given) => {
    if (dialog?.open) return;
    const made = document.createElement('dialog');
    dialog = made;
    made.setAttribute('aria-label', label || BOOK[known]);
    const shut = document.createElement('button');
    shut.type = 'button';
    shut.ariaLabel = CLOSE[known];
    shut.textContent = '\u2715';
    shut.onclick = close;
    made.append(makeFrame('popup', given), shut);
    // A click beside the dialog closes it; one inside never reaches this element, the frame takes it.
    made.onclick = (event) => {
      if (event.target === made) close();
    };
    made.onclose = () => {
      // Taking the frame away gives back what it holds.
      made.remove();
      emit('close');
    };
    shadow.append(made);
    // The browser keeps the focus inside and gives it back when the dialog closes.
    made.showModal();
  };

  addEventListener('message', (event) => {
    if (event.origin !== origin) return;
    const what = readFrame(event.data);
    const frame = [...shadow.querySelectorAll('iframe')].find((each) => each.contentWindow === event.source);
    if (!what || !frame) return;
    const inline = frame.className === 'inline';
    if (what.type === 'height' && inline) frame.style.height = what.height + 'px';
    else if (what.type === 'step' && inline && frame.getBoundingClientRect().top < 0) frame.scrollIntoView({ block: 'start' });
    else if (what.type === 'close' && !inline) close();
    else if (what.type === 'booked') emit('booked', { reference: what.reference, start: what.start, end: what.end });
  });

  const place = target ? document.querySelector(target) : null;
  if (target && !place) warn(`no element on this page matches data-target="${target}"; the booking page is shown where the script tag stands.`);
  if (place) place.append(host);
  else if (script.parentElement && script.parentElement !== document.head) script.after(host);
  else document.body.append(host);

  if (mode === 'inline') {
    const frame = makeFrame('inline');
    frame.className = 'inline';
    shadow.append(frame);
  } else if (mode === 'button') {
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'launch';
    button.textContent = label || BOOK[known];
    button.setAttribute('aria-haspopup', 'dialog');
    button.onclick = () => open();
    shadow.append(button);
  } else if (mode !== 'popup') {
    warn(`data-mode="${mode}" is not known: it is inline, popup or button.`);
  }

  document.addEventListener('click', (event) => {
    const asks = (event.target as Element | null)?.closest?.('[data-frontdesk-book]');
    if (!asks) return;
    event.preventDefault();
    const wanted = asks.getAttribute('data-frontdesk-book');
    open(wanted ? { type: wanted } : undefined);
  });
  window.FrontdeskBooking ??= {
    open,
    close,
    on(event, listener) {
      const entry: [string, typeof listener] = [event, listener];
      listeners.push(entry);
      return () => void listeners.splice(listeners.indexOf(entry) >>> 0, 1);
    },
  };
}

const script = document.currentScript ?? document.querySelector('script[data-workspace][src*="book.js"]');
if (script instanceof HTMLScriptElement) {
  if (document.body) run(script);
  else document.addEventListener('DOMContentLoaded', () => run(script), { once: true });
}
