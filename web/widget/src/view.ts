// Draws the panel from a model. It decides nothing: every button calls a handler of the model.

import { html, nothing, svg, type TemplateResult } from 'lit-html';
import { repeat } from 'lit-html/directives/repeat.js';
import { MAX_MESSAGE, type BookingAction, type Citation, type Config } from './protocol';
import { awaiting, type State } from './state';
import type { Texts } from './i18n';
import { parse, safeHref, type Block, type Inline } from './text';
import { timeline, type Bubble, type Row } from './timeline';

export interface Model {
  state: State;
  config: Config;
  texts: Texts;
  inline: boolean;
  /** Fills the phone's screen, so the rest of the page is out of reach. */
  modal: boolean;
  menu: boolean;
  ending: boolean;
  score: number;
  error: string | null;
  length: number;
  below: boolean;
  offline: boolean;
  /** When a message's booking was made, by the message's id; epoch milliseconds. */
  booked: Readonly<Record<string, number>>;
  /** The message whose picker is being loaded. */
  picking: string | null;
  on: {
    book(message: string, action: BookingAction): void;
    /** A picker may be wanted soon. */
    near(): void;
    close(): void;
    menu(): void;
    askEnd(): void;
    end(): void;
    keep(): void;
    score(value: number): void;
    rate(): void;
    fresh(): void;
    retry(id: string): void;
    edit(id: string, text: string): void;
    input(event: Event): void;
    key(event: KeyboardEvent): void;
    submit(event: Event): void;
    scroll(): void;
    newest(): void;
    start(): void;
  };
}

const icon = (path: TemplateResult, size = 20): TemplateResult =>
  html`<svg viewBox="0 0 24 24" width=${size} height=${size} fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">${path}</svg>`;
const CLOSE = svg`<path d="M18 6 6 18M6 6l12 12"/>`;
const MORE = svg`<path d="M5 12h.01M12 12h.01M19 12h.01" stroke-width="3"/>`;
const SEND = svg`<path d="M12 19V5M5 12l7-7 7 7"/>`;
const DOWN = svg`<path d="M12 5v14M5 12l7 7 7-7"/>`;
const BOOK = svg`<path d="M4 19.5A2.5 2.5 0 0 1 6.5 17H20V3H6.5A2.5 2.5 0 0 0 4 5.5Zm0 0A2.5 2.5 0 0 0 6.5 22H20v-5"/>`;
const OUT = svg`<path d="M7 17 17 7M8 7h9v9"/>`;
const STAR = svg`<path d="m12 3 2.8 5.7 6.2.9-4.5 4.4 1.1 6.2-5.6-2.9-5.6 2.9 1.1-6.2L3 9.6l6.2-.9Z"/>`;
const SPARK = svg`<path d="m12 3 2 6.5 6.5 2.5-6.5 2.5-2 6.5-2-6.5L3.5 12 10 9.5Z" fill="currentColor" stroke="none"/>`;

const CALENDAR = svg`<path d="M8 2v4M16 2v4M3 10h18M5 4h14a2 2 0 0 1 2 2v14a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2V6a2 2 0 0 1 2-2Z"/>`;
const CHECK = svg`<path d="M20 6 9 17l-5-5"/>`;

const initial = (name: string): string => ([...name.trim()][0] ?? '').toLocaleUpperCase();

function words(list: Inline[]): unknown[] {
  return list.map((part) =>
    typeof part === 'string'
      ? part
      : 'bold' in part
        ? html`<b>${words(part.bold)}</b>`
        : html`<a href=${part.href} target="_blank" rel="noopener noreferrer">${part.text}</a>`,
  );
}

/** Each text is read once: a growing reply redraws the panel many times a second. */
const read = new Map<string, Block[]>();

function blocks(text: string, rich: boolean): Block[] {
  const key = Number(rich) + text;
  const known = read.get(key) ?? parse(text, rich);
  if (read.size > 400) read.clear();
  read.set(key, known);
  return known;
}

function body(text: string, rich: boolean): unknown[] {
  return blocks(text, rich).map((block) => {
    if ('lines' in block) return html`<p>${block.lines.map((line, i) => [i ? html`<br>` : nothing, words(line)])}</p>`;
    const items = block.list.map((item) => html`<li>${words(item)}</li>`);
    return block.ordered ? html`<ol start=${block.start}>${items}</ol>` : html`<ul>${items}</ul>`;
  });
}

function sources(citations: Citation[], t: Texts): TemplateResult {
  return html`<details class="src"><summary>${icon(BOOK, 16)}${t('sources')} <i>${citations.length}</i></summary><ol>${citations.map((citation) => {
    const href = citation.url && /^https?:/i.test(citation.url) ? safeHref(citation.url) : null;
    return html`<li>${href
      ? html`<a href=${href} target="_blank" rel="noopener noreferrer">${citation.title}${icon(OUT, 14)}</a>`
      : html`<b>${citation.title}</b>`}${citation.place ? html`<span>${citation.place}</span>` : nothing}<q dir="auto">${citation.quote}</q></li>`;
  })}</ol></details>`;
}

const clock = (at: number, lang: string): string => new Intl.DateTimeFormat(lang, { timeStyle: 'short' }).format(at);

function dayName(at: number, lang: string): string {
  const ago = Math.round((new Date().setHours(0, 0, 0, 0) - new Date(at).setHours(0, 0, 0, 0)) / 86_400_000);
  const name =
    ago < 2
      ? new Intl.RelativeTimeFormat(lang, { numeric: 'auto' }).format(-ago, 'day')
      : new Intl.DateTimeFormat(lang, { weekday: 'long', day: 'numeric', month: 'long' }).format(at);
  return initial(name) + name.slice(1);
}

function status(row: Bubble, model: Model): unknown {
  const { texts: t, on, config } = model;
  const id = row.id;
  if (row.pending === 'failed' && id) {
    const long = [...row.text].length > MAX_MESSAGE;
    return html`<div class="meta bad">${t('notSent')} ${row.reason}<div>${long
      ? nothing
      : html`<button class="small" @click=${() => on.retry(id)}>${t('retry')}</button>`}<button class="small" @click=${() => on.edit(id, row.text)}>${t('edit')}</button></div></div>`;
  }
  if (row.pending) return row.last ? html`<div class="meta">${t(row.pending as 'sending' | 'waiting')}</div>` : nothing;
  return row.last && row.at !== null && !row.growing
    ? html`<time class="meta" datetime=${new Date(row.at).toISOString()}>${clock(row.at, config.language)}</time>`
    : nothing;
}

function avatar(author: string, name: string): TemplateResult {
  return html`<span class="mono ${author}" aria-hidden="true">${author === 'ai' ? icon(SPARK, 16) : initial(name)}</span>`;
}

/** What can be booked under a message: a card that opens the picker, or says what was booked. */
function bookings(row: Bubble, { texts: t, on, booked, picking, config }: Model): unknown {
  return row.bookings.map((action) => {
    const at = booked[row.message];
    if (at !== undefined) {
      const when = new Intl.DateTimeFormat(config.language, { weekday: 'short', day: 'numeric', month: 'short', hour: 'numeric', minute: '2-digit' }).format(at);
      return html`<p class="slotcard done">${icon(CHECK)}<span><b>${action.name}</b>${t('bookedFor', when)}</span></p>`;
    }
    return html`<button type="button" class="slotcard" data-book=${row.message} aria-busy=${picking === row.message} aria-haspopup="dialog" @pointerenter=${on.near} @focus=${on.near} @click=${() => on.book(row.message, action)}>${icon(CALENDAR)}<span><b>${action.name}</b>${t('chooseTime')}</span></button>`;
  });
}

function bubble(row: Bubble, model: Model): TemplateResult {
  const { texts: t, config } = model;
  const name = row.mine ? t('you') : (row.name ?? (row.author === 'ai' ? config.agent : t('team')));
  return html`<div class="msg ${row.mine ? 'mine' : ''} ${row.last ? 'last' : ''} ${row.pending ?? ''}">${row.first
    ? html`<div class=${row.mine ? 'sr' : 'who'}>${row.mine ? nothing : avatar(row.author, name)}<b>${name}</b>${row.author === 'ai' ? html`<i>${t('ai')}</i>` : nothing}</div>`
    : nothing}<div class="bub ${row.growing ? 'grow' : ''}" dir="auto">${body(row.text, !row.mine)}${row.cut ? html`<p class="cut">${t('cut')}</p>` : nothing}</div>${row.citations.length
    ? sources(row.citations, t)
    : nothing}${bookings(row, model)}${status(row, model)}</div>`;
}

function drawRow(row: Row, model: Model): TemplateResult {
  switch (row.kind) {
    case 'bubble':
      return bubble(row, model);
    case 'day':
      return html`<div class="rule"><span>${dayName(row.at, model.config.language)}</span></div>`;
    case 'fresh':
      return html`<div class="rule"><span>${model.texts('newStart')}</span></div>`;
    case 'joined':
      return html`<div class="line" dir="auto">${model.texts('joined', row.name)}</div>`;
    case 'line':
      return html`<div class="line" dir="auto">${row.text}</div>`;
  }
}

function header(model: Model): TemplateResult {
  const { state, config, texts: t, on, inline } = model;
  const person = state.floor.holder === 'person';
  const name = person ? (state.floorName ?? t('team')) : config.agent;
  const over = state.conversation === 'ended';
  const says = over ? t('ended') : person ? t('personHere', name) : state.floor.holder === 'nobody' ? t(config.open_now ? 'waitOpen' : 'waitClosed') : t('aiHere');
  const canEnd = state.messages.length > 0 && !over;
  return html`<header role="none"><span class="ava ${over || state.link === 'waiting' ? 'off' : ''}" aria-hidden="true">${person ? initial(name) : icon(SPARK, 24)}</span><div class="who"><h2>${config.business}</h2><p>${over || person || state.floor.holder === 'nobody' ? says : html`<b>${name}</b> &middot; ${says}`}</p></div>${canEnd
    ? html`<button class="ico" type="button" data-menu aria-label=${t('options')} aria-expanded=${model.menu} @click=${on.menu}>${icon(MORE)}</button>`
    : nothing}${inline ? nothing : html`<button class="ico" type="button" aria-label=${t('close')} @click=${on.close}>${icon(CLOSE)}</button>`}${model.menu && canEnd
    ? html`<div class="menu"><button type="button" @click=${on.askEnd}>${t('end')}</button></div>`
    : nothing}</header>`;
}

function foot(model: Model): TemplateResult {
  const { state, texts: t, on } = model;
  if (state.conversation === 'ended') {
    return html`<div class="card"><p><b>${t('ended')}</b></p>${state.rated
      ? html`<p role="status">${t('thanks')}</p>`
      : html`<p id="rate">${t('rate')}</p><div class="stars" role="group" aria-labelledby="rate">${[1, 2, 3, 4, 5].map(
          (n) => html`<button type="button" class=${n <= model.score ? 'on' : ''} aria-label=${t('stars', n)} aria-pressed=${model.score === n} @click=${() => on.score(n)}>${icon(STAR, 28)}</button>`,
        )}</div>${model.score
          ? html`<textarea class="tell" rows="2" maxlength="2000" aria-label=${t('comment')} placeholder=${t('comment')}></textarea><button type="button" class="main" @click=${on.rate}>${t('rateSend')}</button>`
          : nothing}`}${problem(model)}<button type="button" class="second" @click=${on.fresh}>${t('fresh')}</button></div>`;
  }
  if (model.ending) {
    return html`<div class="card" role="group" aria-labelledby="sure"><p id="sure"><b>${t('endSure')}</b></p>${problem(model)}<div class="two"><button type="button" class="second" data-keep @click=${on.keep}>${t('keep')}</button><button type="button" class="main" @click=${on.end}>${t('end')}</button></div></div>`;
  }
  const left = model.length > MAX_MESSAGE * 0.9;
  const over = model.length > MAX_MESSAGE;
  const number = (n: number): string => n.toLocaleString(model.config.language);
  return html`${problem(model)}<form class="write ${over ? 'over' : ''}" @submit=${on.submit}><textarea rows="1" enterkeyhint="send" dir="auto" aria-label=${t('placeholder')} placeholder=${t('placeholder')} aria-invalid=${over} @input=${on.input} @keydown=${on.key} @focus=${on.start}></textarea><button type="submit" aria-label=${t('send')} ?disabled=${!model.length || over}>${icon(SEND)}</button>${left
    ? html`<p class="count" role=${over ? 'alert' : nothing}>${number(model.length)} / ${number(MAX_MESSAGE)}</p>`
    : nothing}</form>`;
}

const problem = (model: Model): unknown => (model.error ? html`<p class="bad" role="alert">${model.error}</p>` : nothing);

export function view(model: Model): TemplateResult {
  const { state, config, texts: t, on } = model;
  const dots = state.typing !== null || awaiting(state);
  const speaker = state.typing || (state.floor.holder === 'person' ? state.floorName : null) || config.agent;
  return html`<section class="panel" role="dialog" aria-label=${t('chatWith', config.business)} aria-modal=${model.modal ? 'true' : nothing}>${header(model)}<div class="log" role="log" aria-live="off" aria-label=${t('messages')} tabindex="0" @scroll=${on.scroll}><div class="rows">${repeat(
    timeline(state, config.greeting),
    (row) => row.key,
    (row) => drawRow(row, model),
  )}${dots ? html`<div class="msg last"><div class="bub dots"><span class="sr">${t('typing', speaker)}</span><i></i><i></i><i></i></div></div>` : nothing}</div></div><div class="foot">${model.below
    ? html`<button type="button" class="newest" @click=${on.newest}>${icon(DOWN, 16)}${t('newer')}</button>`
    : nothing}<p class="strip" role="status" ?hidden=${!model.offline && !state.notice}>${state.notice ?? (model.offline ? t('offline') : '')}</p>${foot(model)}</div></section>`;
}
