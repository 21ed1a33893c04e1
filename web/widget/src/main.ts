// `widget.js`: asks how the widget looks, shows the launcher, and loads the panel when it is wanted. It is not the chat.

import css from './launcher.css?inline';
import { css as rgb, parseHex, readableOn, textOn, BLACK, WHITE, type Rgb } from './color';
import type { Config } from './protocol';
import type { Api, Mount, Panel } from './shell';
import { adopt } from './sheet';
import { area } from './storage';

declare const PANEL_FILE: string;

const TEXTS = {
  en: ['Open chat', 'Close chat', '{0} unread', 'The chat could not load. Check your connection and try again.', 'Hide'],
  es: ['Abrir chat', 'Cerrar chat', '{0} sin leer', 'El chat no se pudo cargar. Revise su conexión y reinténtelo.', 'Ocultar'],
  de: ['Chat öffnen', 'Chat schließen', '{0} ungelesen', 'Der Chat konnte nicht laden. Bitte Verbindung prüfen und erneut versuchen.', 'Ausblenden'],
  fr: ['Ouvrir la discussion', 'Fermer la discussion', '{0} non lus', "La discussion n'a pas pu se charger. Vérifiez votre connexion et réessayez.", 'Masquer'],
} as const;

const icon = (path: string): string =>
  `<svg viewBox="0 0 24 24" width="24" height="24" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">${path}</svg>`;
const CHAT = icon('<path d="M21 11.5a8.4 8.4 0 0 1-12.2 7.6L3 21l1.9-5.8A8.5 8.5 0 1 1 21 11.5Z"/><path d="M8.5 11.5h.01M12.5 11.5h.01M16.5 11.5h.01"/>');
const DOWN = icon('<path d="m6 9 6 6 6-6"/>');
const CROSS = icon('<path d="M18 6 6 18M6 6l12 12"/>');

/** The surface behind links in each scheme; `launcher.css` says the same. */
const SURFACE: Record<'light' | 'dark', Rgb> = { light: [241, 243, 247], dark: [35, 41, 55] };

/** A page may demand that markup and script addresses come from a named policy (Trusted Types). */
interface TrustedTypes {
  createPolicy(name: string, rules: Record<'createHTML' | 'createScriptURL', (text: string) => string>): Record<'createHTML' | 'createScriptURL', (text: string) => string>;
}
const trusted = ((): ReturnType<TrustedTypes['createPolicy']> => {
  const plain = { createHTML: (text: string) => text, createScriptURL: (text: string) => text };
  try {
    return (window as { trustedTypes?: TrustedTypes }).trustedTypes?.createPolicy('frontdesk', plain) ?? plain;
  } catch {
    return plain;
  }
})();

const warn = (text: string): void => console.warn('Frontdesk: ' + text); // eslint-disable-line no-console -- the page's owner reads it

function node(tag: string, className: string, parent: Node): HTMLElement {
  const made = document.createElement(tag);
  made.className = className;
  parent.appendChild(made);
  return made;
}

function run(script: HTMLScriptElement): void {
  const { key = '', accent, scheme: forced, target, open: openAtLoad, teaser: teaserWanted } = script.dataset;
  if (!key) {
    warn('the chat is not shown because the script tag has no data-key. Copy the snippet again from Settings, Widget.');
    return;
  }
  if (window.Frontdesk) {
    warn('the script is on this page twice; the second one does nothing. Remove it.');
    return;
  }
  // Browsers before 2023 cannot take styles this way; their visitors see the page as it is.
  if (!('adoptedStyleSheets' in document)) return;
  const base = new URL('api/v1/widget/', script.src).href;
  const session = area('sessionStorage');
  const openKey = `frontdesk:${key}:open`;
  const dark = matchMedia('(prefers-color-scheme:dark)');
  const phone = matchMedia('(max-width:480px),(max-height:480px)');
  const listeners: [string, (detail?: unknown) => void][] = [];
  const gone = new AbortController();

  let config: Config | null = null;
  let host: HTMLElement | null = null;
  let panel: Panel | null = null;
  let loading: Promise<Panel | null> | null = null;
  let handOver: ((handed: never) => void) | null = null;
  let isOpen = false;
  let wanted = openAtLoad === 'true';
  let makePanel: () => Promise<Panel | null> = () => Promise.resolve(null);
  let showOpen: (open: boolean) => void = () => undefined;

  const emit = (event: string, detail?: unknown): void => {
    for (const [name, listener] of listeners) if (name === event) listener(detail);
  };

  function setOpen(open: boolean, focus: boolean): void {
    if (!config) {
      wanted = open;
      return;
    }
    if (open === isOpen) return;
    isOpen = open;
    session.setItem(openKey, open ? '1' : '');
    showOpen(open);
    if (open) void makePanel().then((made) => isOpen && made?.show(focus));
    else panel?.hide();
    emit(open ? 'open' : 'close');
  }

  const api: Api = {
    open: () => setOpen(true, true),
    close: () => setOpen(false, true),
    toggle: () => setOpen(!isOpen, true),
    on(event, listener) {
      const entry: [string, typeof listener] = [event, listener];
      listeners.push(entry);
      return () => void listeners.splice(listeners.indexOf(entry) >>> 0, 1);
    },
    destroy() {
      gone.abort();
      panel?.destroy();
      host?.remove();
      delete window.Frontdesk;
    },
    _: (handed) => handOver?.(handed as never),
  };
  window.Frontdesk = api;

  function build(config: Config): void {
    const { theme, language } = config;
    const texts = TEXTS[language] ?? TEXTS.en;
    const place = target ? document.querySelector(target) : null;
    if (target && !place) warn(`no element on this page matches data-target="${target}"; the chat is shown in the corner instead.`);

    host = document.createElement('frontdesk-widget');
    const shadow = host.attachShadow({ mode: 'open' });
    adopt(shadow, css);
    const frame = node('div', 'fd', shadow);
    frame.lang = language;
    frame.classList.toggle('left', theme.position === 'left');
    frame.classList.toggle('inline', !!place);
    host.classList.toggle('inline', !!place);
    // The page's shortcuts must not fire while the visitor types here.
    for (const event of ['keydown', 'keyup', 'keypress']) frame.addEventListener(event, (e) => e.stopPropagation());

    const colour = parseHex(accent) ?? parseHex(theme.accent) ?? [79, 70, 229];
    const scheme = forced === 'light' || forced === 'dark' || forced === 'auto' ? forced : theme.scheme;
    // What is loaded later looks the same.
    Object.assign(theme, { scheme, accent: parseHex(accent) ? accent : theme.accent });
    const paint = (): void => {
      const isDark = scheme === 'dark' || (scheme === 'auto' && dark.matches);
      const on = textOn(colour);
      const away = on === WHITE ? BLACK : WHITE;
      frame.classList.toggle('dark', isDark);
      const set = (name: string, value: Rgb): void => frame.style.setProperty(name, rgb(value));
      set('--accent', colour);
      set('--deep', colour.map((c, i) => Math.round(c + ((away[i] as number) - c) * 0.2)) as unknown as Rgb);
      set('--on', on);
      set('--ink', readableOn(colour, SURFACE[isDark ? 'dark' : 'light']));
    };
    paint();
    dark.addEventListener('change', paint, gone);

    const teaser = node('div', 'teaser', frame);
    teaser.hidden = true;
    const tell = (text: string): void => {
      teaser.replaceChildren();
      const say = node('button', 'say', teaser) as HTMLButtonElement;
      say.textContent = text;
      say.onclick = () => setOpen(true, true);
      const hide = node('button', 'hide', teaser) as HTMLButtonElement;
      hide.innerHTML = trusted.createHTML(CROSS);
      hide.ariaLabel = texts[4];
      hide.onclick = () => (teaser.hidden = true);
      teaser.hidden = false;
    };

    const launcher = node('button', 'launch', frame) as HTMLButtonElement;
    launcher.type = 'button';
    launcher.setAttribute('aria-haspopup', 'dialog');
    const face = node('span', 'face', launcher);
    if (theme.launcher_text) node('span', 'text', launcher).textContent = theme.launcher_text;
    const badge = node('span', 'badge', launcher);
    let count = 0;
    const label = (): void => {
      face.innerHTML = trusted.createHTML(isOpen ? DOWN : CHAT);
      badge.hidden = isOpen || !count;
      badge.textContent = count > 9 ? '9+' : String(count);
      // The visible words begin the name, so that speech control finds it (WCAG 2.5.3).
      const name = isOpen ? texts[1] : (theme.launcher_text ? theme.launcher_text + ', ' : '') + texts[0];
      launcher.ariaLabel = badge.hidden ? name : name + ', ' + texts[2].replace('{0}', String(count));
      launcher.ariaExpanded = String(isOpen);
      frame.classList.toggle('open', isOpen);
    };
    showOpen = (open) => {
      if (open) teaser.hidden = true;
      label();
    };
    launcher.onclick = () => api.toggle();
    launcher.onpointerenter = launcher.onfocus = () => void fetchPanel();
    label();

    const load = <T>(name: string): Promise<T> =>
      new Promise<T>((resolve, reject) => {
        handOver = resolve;
        const file = document.createElement('script');
        file.onerror = () => reject(new Error('not loaded'));
        if (script.nonce) file.nonce = script.nonce;
        file.src = trusted.createScriptURL(new URL(name, script.src).href);
        document.head.appendChild(file).remove();
      });
    let mounted: Promise<Mount> | null = null;
    const fetchPanel = (): Promise<Mount> => {
      mounted ??= load<Mount>(PANEL_FILE);
      mounted.catch(() => (mounted = null));
      return mounted;
    };
    makePanel = () => {
      frame.classList.add('busy');
      loading ??= fetchPanel()
        .then((mount) => {
          panel = mount({
            config,
            key,
            base,
            shadow,
            frame,
            inline: !!place,
            close: api.close,
            unread(unread) {
              count = unread;
              label();
              emit('unread', unread);
            },
            emit,
            load,
          });
          return panel;
        })
        .catch(() => {
          loading = null;
          warn(`the chat could not load ${PANEL_FILE}. If this page has a Content-Security-Policy, allow ${new URL(base).origin} in script-src and connect-src.`);
          setOpen(false, false);
          tell(texts[3]);
          return null;
        })
        .finally(() => frame.classList.remove('busy'));
      return loading;
    };

    if (place) place.appendChild(host);
    else document.documentElement.appendChild(host);

    const opened = session.getItem(openKey);
    if (place) {
      isOpen = true;
      void makePanel().then((made) => made?.show(false));
    } else if (wanted || (opened && !phone.matches)) setOpen(true, false);
    else if (hasPast(key)) void makePanel();
    else if (teaserWanted === 'true' && opened === null && config.greeting) tell(config.greeting.slice(0, 140));
    emit('ready');
  }

  async function load(attempt: number): Promise<void> {
    let status = 0;
    let detail = '';
    try {
      const response = await fetch(base + 'config?key=' + encodeURIComponent(key), { credentials: 'omit', signal: gone.signal });
      status = response.status;
      const answer = (await response.json()) as Config & { detail?: string };
      if (response.ok) {
        config = answer;
        build(answer);
        return;
      }
      detail = answer.detail ?? '';
    } catch {
      // No answer or not ours: told apart by the status below.
    }
    if (gone.signal.aborted) return;
    if (status === 404) warn(`the chat is not shown because the key ${key} is not known at ${new URL(base).origin}. Copy the snippet again from Settings, Widget. ${detail}`);
    else if (status === 403) warn(`the chat is not shown because the key ${key} may not be used on ${location.origin}. Add this address to the key's origins in Settings, Widget. ${detail}`);
    else if (attempt < 4) setTimeout(() => void load(attempt + 1), 2000 * 4 ** attempt);
    else warn(`the chat is not shown because ${new URL(base).origin} does not answer. Check that it runs, that ${location.origin} is among the key's origins, and that this page's Content-Security-Policy allows it in connect-src.`);
  }

  const begin = (): void => void load(0);
  if (document.body) begin();
  else document.addEventListener('DOMContentLoaded', begin, { once: true });
}

const LIVELY = 7 * 86_400_000;

/** Whether a conversation goes on here or words wait to be sent: then the panel is loaded to show what is unread. */
function hasPast(key: string): boolean {
  const store = area('localStorage');
  const name = `frontdesk:${key}:`;
  if (Date.now() - Number(store.getItem(name + 'live')) < LIVELY) return true;
  for (let i = 0; i < store.length; i++) if (store.key(i)?.startsWith(name + 'm:')) return true;
  return false;
}

const script = document.currentScript ?? document.querySelector('script[data-key][src*="widget.js"]');
if (script instanceof HTMLScriptElement) run(script);
