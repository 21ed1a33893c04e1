// `widget-panel.js`: the conversation. Joins client, view and document: focus, scrolling, announcements, keyboard.

import * as lit from 'lit-html';
import css from './panel.css?inline';
import { createClient } from './client';
import { texts } from './i18n';
import { MAX_MESSAGE, type BookingAction, type Message } from './protocol';
import type { OpenPicker, Panel, Shell } from './shell';
import { adopt } from './sheet';
import { unread, type Action, type State } from './state';
import { area, remember } from './storage';
import { view, type Model } from './view';

declare const BOOKING_FILE: string;

const { render } = lit;
const NEAR = 80;

function mount(shell: Shell): Panel {
  const { config, frame, shadow } = shell;
  const t = texts(config.language);
  const session = area('sessionStorage');
  const draftKey = `frontdesk:${shell.key}:draft`;
  const bookedKey = `frontdesk:${shell.key}:booked`;
  const phone = matchMedia('(max-width:480px),(max-height:480px)');
  const gone = new AbortController();
  adopt(shadow, css);

  const box = document.createElement('div');
  box.className = 'box';
  box.hidden = true;
  const live = document.createElement('div');
  live.className = 'sr';
  live.setAttribute('role', 'log');
  live.setAttribute('aria-live', 'polite');
  live.setAttribute('aria-label', t('messages'));
  frame.prepend(box, live);

  let visible = false;
  let atEnd = true;
  let frameRequest = 0;
  let offlineTimer: ReturnType<typeof setTimeout> | undefined;
  const find = <E extends HTMLElement>(selector: string): E | null => box.querySelector<E>(selector);
  const composer = (): HTMLTextAreaElement | null => find('.write textarea');

  const client = createClient({
    base: shell.base,
    key: shell.key,
    locale: navigator.language,
    pageUrl: location.href,
    memory: remember(area('localStorage'), shell.key),
    texts: t,
    fetch: (url, init) => fetch(url, init),
    socket: (url) => new WebSocket(url),
    hasNetwork: () => navigator.onLine,
    hidden: () => document.hidden,
    now: () => Date.now(),
    random: () => Math.random(),
    newId: () => Array.from(crypto.getRandomValues(new Uint32Array(4)), (n) => n.toString(36)).join(''),
    changed,
  });

  const model: Model = {
    state: client.state(),
    config,
    texts: t,
    inline: shell.inline,
    modal: false,
    menu: false,
    ending: false,
    score: 0,
    error: null,
    length: 0,
    below: false,
    offline: false,
    booked: JSON.parse(session.getItem(bookedKey) ?? '{}') as Record<string, number>,
    picking: null,
    on: {
      near: () => void picker().catch(() => undefined),
      book: (message, action) => void book(message, action),
      close: shell.close,
      menu: () => set({ menu: !model.menu }),
      askEnd() {
        set({ menu: false, ending: true, error: null });
        find('[data-keep]')?.focus();
      },
      keep() {
        set({ ending: false, error: null });
        restoreDraft();
        composer()?.focus();
      },
      end: () => void client.end().then((told) => set(told ? { error: null } : { error: t('failed') })),
      score: (score) => set({ score }),
      rate() {
        const comment = find<HTMLTextAreaElement>('.tell')?.value.trim() ?? '';
        void client.rate(model.score, comment).then((told) => {
          set({ error: told ? null : t('failed') });
          if (told) find('.second')?.focus();
        });
      },
      fresh() {
        set({ score: 0, error: null, ending: false });
        client.restart();
      },
      retry: (id) => client.retry(id),
      edit(id, text) {
        const field = composer();
        if (!field) return;
        client.drop(id);
        field.value = field.value ? text + '\n' + field.value : text;
        typed();
        field.focus();
      },
      input() {
        typed();
        client.typing();
      },
      key(event) {
        if (event.key !== 'Enter' || event.shiftKey || event.isComposing || event.keyCode === 229) return;
        event.preventDefault();
        submit();
      },
      submit(event) {
        event.preventDefault();
        submit();
      },
      scroll() {
        atEnd = isAtEnd();
        if (atEnd && model.below) set({ below: false });
        if (atEnd) read();
      },
      newest() {
        toEnd();
        composer()?.focus();
      },
      start: () => client.start(),
    },
  };

  function set(change: Partial<Model>): void {
    Object.assign(model, change);
    draw();
  }

  function draw(): void {
    cancelAnimationFrame(frameRequest);
    frameRequest = 0;
    const log = find('.log');
    const stay = log && !atEnd ? log.scrollTop : null;
    render(view(model), box);
    if (stay === null) toEnd();
    else if (log) log.scrollTop = stay;
  }

  function isAtEnd(): boolean {
    const log = find('.log');
    return !log || log.scrollHeight - log.scrollTop - log.clientHeight < NEAR;
  }

  function toEnd(): void {
    const log = find('.log');
    if (log) log.scrollTop = log.scrollHeight;
    atEnd = true;
  }

  /** Grows the field with its text, keeps the text for the next page, and counts it. */
  function typed(): void {
    const field = composer();
    if (!field) return;
    field.style.height = 'auto';
    field.style.height = Math.min(field.scrollHeight, 144) + 'px';
    try {
      session.setItem(draftKey, field.value.slice(0, MAX_MESSAGE * 2));
    } catch {
      // A full store costs only the draft's survival of a page change.
    }
    set({ length: [...field.value.trim()].length, error: null });
  }

  function restoreDraft(): void {
    const field = composer();
    if (!field || field.value) return;
    field.value = session.getItem(draftKey) ?? '';
    if (field.value) typed();
  }

  function submit(): void {
    const field = composer();
    const text = field?.value.trim();
    if (!field || !text || [...text].length > MAX_MESSAGE) return;
    atEnd = true;
    if (!client.send(text)) {
      set({ error: t('failed') });
      return;
    }
    field.value = '';
    typed();
    field.focus();
  }

  let loading: Promise<OpenPicker> | null = null;
  let closePicker: (() => void) | null = null;

  /** The picker's file, asked for once. */
  function picker(): Promise<OpenPicker> {
    loading ??= shell.load(BOOKING_FILE) as Promise<OpenPicker>;
    loading.catch(() => (loading = null));
    return loading;
  }

  /** Opens the picker over the conversation; what lies under it is out of reach until it closes. */
  async function book(message: string, action: BookingAction): Promise<void> {
    if (model.picking || closePicker) return;
    set({ picking: message, error: null });
    const open = await picker().catch(() => null);
    set({ picking: null, error: open ? null : t('failed') });
    if (!open || gone.signal.aborted) return;
    const place = document.createElement('div');
    place.className = 'pick';
    const under = find('.panel');
    box.append(place);
    under?.toggleAttribute('inert', true);
    const close = open({
      place,
      base: new URL('../public/booking/', shell.base).href,
      config,
      action,
      token: () => client.token(),
      booked(booking) {
        const booked = { ...model.booked, [message]: Date.parse(booking.start) };
        session.setItem(bookedKey, JSON.stringify(booked));
        set({ booked });
        shell.emit('booked', booking);
      },
      close: () => closePicker?.(),
    });
    closePicker = () => {
      closePicker = null;
      close();
      place.remove();
      under?.toggleAttribute('inert', false);
      (find(`[data-book="${message}"]`) ?? composer())?.focus();
    };
  }

  function read(): void {
    if (visible && !document.hidden) client.read();
  }

  function announce(messages: Message[]): void {
    for (const { author, author_name, text } of messages) {
      if (author === 'customer' || author === 'note') continue;
      const line = document.createElement('p');
      const who = author === 'system' ? '' : (author_name ?? (author === 'ai' ? config.agent : t('team'))) + ': ';
      line.textContent = who + text.replace(/\*\*/g, '');
      live.append(line);
      // Said, it would only be in the way of reading the conversation itself.
      setTimeout(() => line.remove(), 10_000);
    }
  }

  function arrivals(before: State, state: State, action: Action): Message[] {
    const live = action.type === 'poll' || (action.type === 'server' && action.event.type === 'message');
    return live ? state.messages.filter((m) => m.author !== 'customer' && !before.messages.includes(m)) : [];
  }

  function changed(state: State, action: Action): void {
    const before = model.state;
    model.state = state;
    const arrived = arrivals(before, state, action);
    announce(arrived);
    for (const message of arrived) shell.emit('message', { author: message.author, text: message.text });
    if (arrived.length && !atEnd && visible) model.below = true;
    if (state.link !== before.link) {
      clearTimeout(offlineTimer);
      if (state.link === 'waiting') offlineTimer = setTimeout(() => set({ offline: true }), 1500);
      else model.offline = false;
    }
    const over = state.conversation === 'ended';
    if (over !== (before.conversation === 'ended')) {
      const inside = box.contains(shadow.activeElement);
      model.ending = model.menu = false;
      draw();
      // What had the focus is gone with the composer or the card: the next sensible thing takes it.
      if (inside && !box.contains(shadow.activeElement)) (over ? find('.stars button') : composer())?.focus();
      if (!over) restoreDraft();
    } else if (action.type === 'server' && action.event.type === 'delta') {
      // Words may come faster than the screen shows them.
      frameRequest ||= requestAnimationFrame(draw);
    } else draw();
    if (atEnd) read();
    if (unread(model.state) !== unread(before)) shell.unread(unread(model.state));
  }

  function fit(): void {
    const view = window.visualViewport;
    const full = phone.matches && !shell.inline;
    if (model.modal !== full) set({ modal: full });
    frame.classList.toggle('full', full);
    if (view && full) {
      frame.style.setProperty('--top', view.offsetTop + 'px');
      frame.style.setProperty('--tall', view.height + 'px');
    }
    if (atEnd) toEnd();
  }

  box.addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && !event.isComposing) {
      event.preventDefault();
      if (model.menu) {
        set({ menu: false });
        find('[data-menu]')?.focus();
      } else if (model.ending) model.on.keep();
      else if (!shell.inline) shell.close();
    } else if (event.key === 'Tab' && model.modal) {
      const stops = [...box.querySelectorAll<HTMLElement>('button:not([disabled]),a,textarea,summary,.log')].filter((e) => e.offsetParent);
      const edge = event.shiftKey ? stops[0] : stops.at(-1);
      if (shadow.activeElement === edge) {
        event.preventDefault();
        (event.shiftKey ? stops.at(-1) : stops[0])?.focus();
      }
    }
  });
  box.addEventListener('click', (event) => {
    if (model.menu && !(event.target as Element).closest('[data-menu],.menu')) set({ menu: false });
  });
  const listen = (target: EventTarget | null, event: string, run: () => void): void => target?.addEventListener(event, run, gone);
  listen(window, 'online', () => client.wake());
  listen(window, 'offline', () => client.lost());
  listen(document, 'visibilitychange', () => {
    if (document.hidden) return;
    client.wake();
    if (atEnd) read();
  });
  listen(phone, 'change', fit);
  listen(window.visualViewport, 'resize', fit);
  listen(window.visualViewport, 'scroll', fit);

  draw();
  shell.unread(unread(model.state));
  // Inside a page it is always open: the conversation begins with the visitor's first touch of the composer.
  if (!shell.inline || model.state.pending.length || remember(area('localStorage'), shell.key).token()) client.start();

  return {
    show(focus) {
      visible = true;
      box.hidden = false;
      fit();
      toEnd();
      restoreDraft();
      read();
      if (focus) (composer() ?? find('.log'))?.focus();
    },
    hide() {
      const inside = box.contains(shadow.activeElement);
      visible = false;
      box.hidden = true;
      model.menu = false;
      if (inside) frame.querySelector<HTMLElement>('.launch')?.focus();
    },
    destroy() {
      gone.abort();
      closePicker?.();
      clearTimeout(offlineTimer);
      client.stop();
    },
  };
}

if (window.Frontdesk) {
  window.Frontdesk.lit = lit;
  window.Frontdesk._(mount);
}
