// Draws the choice of a time: what can be chosen first (length, person, seats), the month, the day's times, the zone.
// Focus follows the roving tabindex of the grid and of the list of times.

import { html, nothing, type TemplateResult } from 'lit-html';
import { monthOf, step, weekStart, weeks } from './calendar';
import type { Words } from './format';
import type { Texts } from './i18n';
import { ALERT, DOWN, GLOBE, LEFT, RIGHT } from './icons';
import type { Picker } from './picker';
import { parts, type Time } from './shelf';
import { allZones, city, civil, DAY, offset, offsetText, searchZones, shiftBetween, startOfDay, type ZoneEntry } from './zone';

export interface PickerShow {
  picker: Picker;
  t: Texts;
  w: Words;
  locale: string;
  /** Where the elements live: the document or a shadow root. */
  root: () => ParentNode;
  pick: (time: Time) => void;
  /** Opens the waiting list; absent where there is none. */
  wait?: (() => void) | undefined;
  /** Whom to ask where nothing is free and nobody can wait. */
  contact?: string;
  draw: () => void;
}

/** At most this many people are shown side by side; more become a list. */
const CHIPS = 6;
/** Zones drawn at once; more come as the list is scrolled. */
const SOME = 40;

function focus(root: ParentNode, selector: string): void {
  // After the browser has drawn what the key asked for.
  queueMicrotask(() => root.querySelector<HTMLElement>(selector)?.focus());
}

function chips(legend: string, name: string, options: readonly [value: string, label: string, more?: string][], chosen: string, pick: (value: string) => void): TemplateResult {
  if (options.length > CHIPS) {
    return html`<label class="field"><span class="label">${legend}</span><span class="select"><select @change=${(e: Event) => pick((e.target as HTMLSelectElement).value)}>${options.map(
      ([value, label]) => html`<option value=${value} ?selected=${value === chosen}>${label}</option>`,
    )}</select>${DOWN}</span></label>`;
  }
  return html`<fieldset class="chips"><legend>${legend}</legend><div>${options.map(
    ([value, label, more]) => html`<label class="chip"><input type="radio" name=${name} value=${value} .checked=${value === chosen} @change=${() => pick(value)}><span>${label}${more ? html`<small>${more}</small>` : nothing}</span></label>`,
  )}</div></fieldset>`;
}

/** What is chosen before a time: how long, with whom, for how many. */
export function choicesView({ picker, t, w }: Pick<PickerShow, 'picker' | 't' | 'w'>): unknown {
  const { options, choice } = picker;
  if (!options.choose) return nothing;
  const { type, staff } = options;
  const seats = Math.min(type.capacity, 10);
  return [
    type.durations.length > 1
      ? chips(t('length'), 'bk-length', type.durations.map((d) => [String(d), w.minutes(d)]), String(choice.duration), (v) => picker.setChoice({ duration: Number(v) }))
      : nothing,
    type.staff_mode === 'choose' && staff.length > 1
      ? chips(t('with'), 'bk-staff', [['', t('anyone')], ...staff.map((p): [string, string, string] => [p.id, p.name, p.title])], choice.staff ?? '', (v) => picker.setChoice({ staff: v || null }))
      : nothing,
    seats > 1
      ? html`<label class="field seats"><span class="label">${t('people')}</span><span class="select"><select @change=${(e: Event) => picker.setChoice({ seats: Number((e.target as HTMLSelectElement).value) })}>${Array.from(
          { length: seats },
          (_, i) => html`<option value=${i + 1} ?selected=${choice.seats === i + 1}>${w.number(i + 1)}</option>`,
        )}</select>${DOWN}</span></label>`
      : nothing,
  ];
}

function month(show: PickerShow): TemplateResult {
  const { picker, t, w, locale, root } = show;
  const start = weekStart(locale);
  const rows = weeks(picker.month, start);
  const days = picker.byDay();
  const { today } = picker;
  const { loading } = picker;
  const head = weeks('2026-03', start)[1] as string[];
  const move = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const to = step(picker.cursor, event.key, event.shiftKey, start);
    if (!to) return;
    event.preventDefault();
    const reached = to < today ? today : to;
    if (monthOf(reached) > picker.month && !picker.canGoOn) return;
    if (monthOf(reached) !== picker.month) picker.show(monthOf(reached), reached);
    else {
      picker.cursor = reached;
      show.draw();
    }
    focus(root(), `[data-day="${reached}"]`);
  };
  const cursor = monthOf(picker.cursor) === picker.month ? picker.cursor : (rows.flat().find((day) => day) as string);
  const cell = (day: string | null): TemplateResult => {
    if (!day) return html`<td></td>`;
    const count = days.get(day)?.length ?? 0;
    const says = `${w.fullDay(day)}, ${day < today ? t('past') : count ? (count === 1 ? t('oneTime') : t('times', w.number(count))) : loading ? t('loading') : t('noTimes')}`;
    return html`<td role="gridcell" aria-selected=${day === picker.day}><button type="button" class="day ${count ? 'free' : ''} ${day === today ? 'today' : ''}" data-day=${day} tabindex=${day === cursor ? 0 : -1} aria-label=${day === today ? `${t('today')}, ${says}` : says} aria-disabled=${!count} aria-current=${day === today ? 'date' : nothing} @click=${(event: MouseEvent) => {
      picker.cursor = day;
      if (!count) {
        show.draw();
        return;
      }
      picker.choose(day);
      const title = root().querySelector<HTMLElement>('.times > h2');
      // With the keyboard the next thing is the times; on a phone they are below.
      if (event.detail === 0) focus(root(), '.times > h2');
      else if (title && title.getBoundingClientRect().top > innerHeight - 120) title.scrollIntoView({ block: 'start', behavior: matchMedia('(prefers-reduced-motion:reduce)').matches ? 'auto' : 'smooth' });
    }}><span>${Number(day.slice(8))}</span></button></td>`;
  };
  return html`<div class="month"><div class="turn"><h2 id="bk-month" aria-live="polite">${w.month(picker.month)}</h2><button type="button" class="round" aria-label=${t('monthBefore')} ?disabled=${!picker.canGoBack} @click=${() => picker.turn(-1)}>${LEFT}</button><button type="button" class="round" aria-label=${t('monthAfter')} ?disabled=${!picker.canGoOn} @click=${() => picker.turn(1)}>${RIGHT}</button></div><table role="grid" class=${loading ? 'loading' : ''} aria-labelledby="bk-month" aria-busy=${loading} @keydown=${move}><thead><tr>${head.map(
    (day) => html`<th scope="col"><abbr title=${w.weekdayLong(day)}>${w.weekdayShort(day)}</abbr></th>`,
  )}</tr></thead><tbody>${rows.map((row) => html`<tr>${row.map(cell)}</tr>`)}</tbody></table></div>`;
}

/** Whether clocks change within a week of the day, in either zone: then times are told in both. */
function shifts(show: PickerShow): TemplateResult | typeof nothing {
  const { picker, t, w } = show;
  const { day, zone } = picker;
  const { home } = picker.options;
  if (!day) return nothing;
  const middle = startOfDay(day, zone);
  const found = [...new Set([zone, home])].flatMap((place) => {
    const shift = shiftBetween(middle - 7 * DAY, middle + 8 * DAY, place);
    return shift ? [{ place, shift }] : [];
  });
  if (!found.length) return nothing;
  return html`${found.map(({ place, shift }) => {
    const on = civil(shift.at - 60_000, place).day;
    return html`<p class="note">${t('clocks', city(place), w.shortDay(on))}</p>`;
  })}`;
}

function atHome(show: PickerShow, time: Time): TemplateResult | typeof nothing {
  const { picker, t, w } = show;
  const { home } = picker.options;
  if (offset(time.start, home) === offset(time.start, picker.zone)) return nothing;
  const sameDay = civil(time.start, home).day === civil(time.start, picker.zone).day;
  return html`<small>${t('inCity', sameDay ? w.time(time.start, home) : `${w.shortDay(civil(time.start, home).day)}, ${w.time(time.start, home)}`, city(home))}</small>`;
}

function slot(show: PickerShow, time: Time, index: number, both: boolean, twice: boolean): TemplateResult {
  const { picker, t, w } = show;
  const { type } = picker.options;
  const says = twice ? w.timeInZone(time.start, picker.zone) : w.time(time.start, picker.zone);
  const few = type.capacity > 1 ? (time.seats === 1 ? t('oneSeat') : t('seats', w.number(time.seats))) : '';
  const busy = picker.taking === time.start;
  return html`<li><button type="button" class="slot ${busy ? 'busy' : ''}" data-slot=${time.start} tabindex=${index === 0 ? 0 : -1} aria-disabled=${picker.taking !== null} @click=${() => show.pick(time)}><b>${says}</b>${both ? atHome(show, time) : nothing}${few ? html`<small>${few}</small>` : nothing}</button></li>`;
}

function rove(event: KeyboardEvent): void {
  const list = [...(event.currentTarget as HTMLElement).querySelectorAll<HTMLElement>('.slot')];
  const at = list.indexOf(event.target as HTMLElement);
  if (at < 0) return;
  const here = (list[at] as HTMLElement).getBoundingClientRect();
  const line = (down: boolean): number => {
    const rows = list.map((e, i) => ({ i, box: e.getBoundingClientRect() })).filter(({ box }) => (down ? box.top > here.bottom - 4 : box.bottom < here.top + 4));
    const near = (a: DOMRect): number => Math.abs(a.top - here.top) * 4 + Math.abs(a.left - here.left);
    return rows.sort((a, b) => near(a.box) - near(b.box))[0]?.i ?? at;
  };
  const to = { ArrowRight: at + 1, ArrowLeft: at - 1, ArrowDown: line(true), ArrowUp: line(false), Home: 0, End: list.length - 1 }[event.key];
  const next = to === undefined ? undefined : list[to];
  if (to === undefined) return;
  event.preventDefault();
  if (!next) return;
  for (const each of list) each.tabIndex = each === next ? 0 : -1;
  next.focus();
}

function times(show: PickerShow): TemplateResult {
  const { picker, t, w } = show;
  const { day, zone } = picker;
  const { home } = picker.options;
  const list = picker.times();
  const notes = shifts(show);
  const both = notes !== nothing && zone !== home;
  const labels = list.map((time) => w.time(time.start, zone));
  const isTwice = (time: Time): boolean => labels.filter((label) => label === w.time(time.start, zone)).length > 1;
  const next = picker.next();
  let index = 0;
  const group = (of: readonly Time[]): TemplateResult => html`<ul class=${both || picker.options.type.capacity > 1 ? 'wide' : ''}>${of.map((time) => slot(show, time, index++, both, isTwice(time)))}</ul>`;
  return html`<div class="times" @keydown=${rove}>${picker.instead ? taken(show) : nothing}<h2 tabindex="-1">${day ? w.day(day) : picker.loading ? t('looking') : picker.nothing ? t('nothingFree') : t('chooseDay')}</h2>${list.length ? html`<p class="sr">${t('arrows')}</p>${notes}` : nothing}${parts(list, zone).map(
    ([part, of]) => html`<section aria-label=${t(part)}><h3>${t(part)}</h3>${group(of)}</section>`,
  )}${list.length
    ? nothing
    : picker.failed
      ? html`<div class="empty" role="alert"><p>${t('noAnswer')}</p><button type="button" class="second" @click=${() => picker.retry()}>${t('again')}</button></div>`
      : picker.loading
        ? html`<div class="wait" aria-hidden="true"><i></i><i></i><i></i><i></i><i></i><i></i></div>`
        : html`<div class="empty"><p>${picker.nothing ? (show.wait ? t('nothingFreeMore') : show.contact ? t('tooLateMore', show.contact) : nothing) : t('noneThatDay')}</p>${next === null ? nothing : jump(show, next)}</div>`}${show.wait && !picker.loading
    ? html`<p class="waitlist"><button type="button" class=${picker.nothing ? 'main' : 'link'} @click=${show.wait}>${t(picker.nothing ? 'joinList' : 'noneSuits')}</button></p>`
    : nothing}</div>`;
}

function jump({ picker, t, w, root }: PickerShow, next: number): TemplateResult {
  return html`<button type="button" class="second" @click=${() => void picker.jump().then(() => focus(root(), '.times > h2'))}>${t('nextFree', w.shortDay(civil(next, picker.zone).day))}</button>`;
}

/** "That time was just taken", with others. */
export function taken({ picker, t, w, pick }: Pick<PickerShow, 'picker' | 't' | 'w' | 'pick'>, typed = false): TemplateResult {
  const { instead, zone } = picker;
  return html`<div class="alert" role="alert" tabindex="-1" data-taken>${ALERT}<div><b>${t('taken')}</b><p>${instead?.length ? t('takenMore') : t('takenNone')} ${typed ? t('kept') : nothing}</p>${instead?.length
    ? html`<ul>${instead.map((time) => html`<li><button type="button" class="slot" aria-disabled=${picker.taking !== null} @click=${() => pick(time)}><b>${w.time(time.start, zone)}</b><small>${w.shortDay(civil(time.start, zone).day)}</small></button></li>`)}</ul>`
    : nothing}</div></div>`;
}

let zones: { locale: string; list: ZoneEntry[] } | null = null;

function zonePicker(show: PickerShow): TemplateResult {
  const { picker, t, w, root } = show;
  const { home } = picker.options;
  const now = Date.now();
  const open = picker.zonesOpen;
  const toggle = (): void => {
    picker.zonesOpen = !open;
    picker.search = '';
    picker.active = 0;
    picker.shown = SOME;
    show.draw();
    if (picker.zonesOpen) focus(root(), '#bk-zone-search');
  };
  const close = (): void => {
    picker.zonesOpen = false;
    show.draw();
    focus(root(), '.zone > button');
  };
  const there = offset(now, home) === offset(now, picker.zone) ? nothing : html`<p class="note">${t('businessTime', w.time(now, home), city(home))}</p>`;
  return html`<div class="zone"><span class="label" id="bk-zone">${t('zone')}</span><button type="button" aria-expanded=${open} aria-labelledby="bk-zone bk-zone-now" @click=${toggle}>${GLOBE}<span id="bk-zone-now"><b>${city(picker.zone)}</b> <span>${w.time(now, picker.zone)} &middot; ${offsetText(offset(now, picker.zone))}</span></span>${DOWN}</button>${there}${open ? zoneList(show, close) : nothing}</div>`;
}

function zoneList(show: PickerShow, close: () => void): TemplateResult {
  const { picker, t, w, locale, root } = show;
  const now = Date.now();
  if (zones?.locale !== locale) zones = { locale, list: allZones([picker.options.zone, picker.options.home], locale, now) };
  const all = searchZones(zones.list, picker.search);
  const found = all.slice(0, picker.shown);
  const active = Math.min(picker.active, found.length - 1);
  const key = (event: KeyboardEvent): void => {
    const to = { ArrowDown: active + 1, ArrowUp: active - 1, PageDown: active + 8, PageUp: active - 8 }[event.key];
    if (to !== undefined) {
      event.preventDefault();
      if (to >= picker.shown) picker.shown += SOME;
      picker.active = Math.max(0, Math.min(to, all.length - 1));
      show.draw();
      root().querySelector('.zones [aria-selected=true]')?.scrollIntoView({ block: 'nearest' });
    } else if (event.key === 'Enter') {
      event.preventDefault();
      const chosen = found[active];
      if (chosen) choose(chosen.zone);
    } else if (event.key === 'Escape') {
      event.preventDefault();
      event.stopPropagation();
      close();
    }
  };
  const choose = (zone: string): void => {
    picker.setZone(zone);
    close();
  };
  return html`<div class="zones" @focusout=${(event: FocusEvent) => {
    if (picker.zonesOpen && event.relatedTarget && !(event.currentTarget as Node).contains(event.relatedTarget as Node)) {
      picker.zonesOpen = false;
      show.draw();
    }
  }}><input id="bk-zone-search" type="text" role="combobox" autocomplete="off" spellcheck="false" aria-expanded="true" aria-controls="bk-zone-list" aria-autocomplete="list" aria-activedescendant=${active < 0 ? nothing : `bk-zone-${active}`} aria-label=${t('zoneSearch')} placeholder=${t('zoneSearch')} .value=${picker.search} @input=${(event: Event) => {
    picker.search = (event.target as HTMLInputElement).value;
    picker.active = 0;
    picker.shown = SOME;
    show.draw();
  }} @keydown=${key}><ul id="bk-zone-list" role="listbox" aria-label=${t('zone')} @scroll=${(event: Event) => {
    const list = event.currentTarget as HTMLElement;
    if (picker.shown >= all.length || list.scrollHeight - list.scrollTop - list.clientHeight > 200) return;
    picker.shown += SOME;
    show.draw();
  }}>${found.map(
    (zone, i) => html`<li id="bk-zone-${i}" role="option" aria-setsize=${all.length} aria-posinset=${i + 1} aria-selected=${i === active} @mousedown=${(e: Event) => e.preventDefault()} @click=${() => choose(zone.zone)}><b>${zone.city}</b><span>${zone.name}</span><i>${w.time(now, zone.zone)} &middot; ${zone.offset}</i></li>`,
  )}</ul>${found.length ? nothing : html`<p class="note" role="status">${t('zoneNone')}</p>`}</div>`;
}

export function pickerView(show: PickerShow): TemplateResult {
  return html`<div class="picker"><div class="when">${month(show)}${zonePicker(show)}</div>${times(show)}</div>`;
}
