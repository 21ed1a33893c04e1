// The Handset: a phone that texts the demo business through the simulated carriers. It knows only what a phone knows, its
// own messages; the desk hears of them by its webhooks.
//
// To add an app: an entry in `carriers` (phone-carriers.js), a link in phone.html, its colours in phone.css.

import { BUSINESS, Trouble, ask, carriers, phoneOf, picture, received, written } from './phone-carriers.js';
import { give, keep, kept, owner, somebody } from './phone-people.js';

const POLL_MS = 1000;
const SLOWEST_MS = 10_000;
/** How long the phone shows that an answer is coming, and when it says that none came. */
const HOPES_MS = 15_000;
const GIVES_UP_MS = 45_000;
const LOCALE = 'en-US';
const FIRST_WORDS = ['Do you have time on Friday?', 'How much is a cleaning?', 'I would like to book an appointment'];
const LATER_WORDS = ['CANCEL', 'STOP', 'START', 'HELP'];

/** What each app holds of the person whose phone it is now. */
const fresh = () => ({ messages: [], pending: [], numbers: [], trouble: '', isRead: false, askedAt: 0, heard: null, draft: '', queue: Promise.resolve(), asked: 0, known: 0, isPosting: false, notice: '' });
let apps = { sms: fresh(), whatsapp: fresh() };
let view = 'home';
let timer = 0;
let failures = 0;
let made = 0;
const nodes = new Map();
/** Pictures this phone has sent, by message: it has them itself. */
const sentMedia = new Map();

const $ = (selector, from = document) => from.querySelector(selector);
const phone = $('#phone');
const log = $('.log');
const words = $('#words');
const isTouched = matchMedia('(pointer: coarse)');

function hold(person) {
  give(person);
  apps = { sms: { ...fresh(), numbers: apps.sms.numbers }, whatsapp: { ...fresh(), numbers: apps.whatsapp.numbers } };
  words.value = '';
  show();
  pollNow();
}

// What the carriers hold.

async function refresh(id) {
  const app = apps[id];
  // What is on its way would be shown twice.
  if (app.isPosting) return true;
  const turn = (app.asked += 1);
  const isOpen = view === id && document.visibilityState === 'visible';
  try {
    if (!app.numbers.length) app.numbers = ((await ask(`${carriers[id].base}/numbers`)).numbers ?? []).map(({ number }) => number);
    const thread = await ask(`${phoneOf(id)}${isOpen ? '?open=true' : ''}`);
    if (apps[id] !== app || app.isPosting || turn < app.known) return true;
    app.known = turn;
    app.messages = (thread.messages ?? []).flatMap((raw) => received(id, raw));
    app.pending = app.pending.filter((one) => !one.id || !app.messages.some((message) => message.id === one.id));
    app.trouble = '';
    app.isRead = true;
    announce(id);
    return true;
  } catch (error) {
    if (!(error instanceof Trouble)) throw error;
    if (apps[id] === app) app.trouble = error.message;
    return false;
  }
}

/** Says what came in since the last look, to those who listen to the page. */
function announce(id) {
  const app = apps[id];
  const theirs = app.messages.filter(({ isMine }) => !isMine);
  const known = app.heard;
  app.heard = new Set(theirs.map((message) => message.id));
  const news = known === null ? [] : theirs.filter((message) => !known.has(message.id));
  if (news.length === 0) return;
  app.askedAt = 0;
  $('#spoken').textContent = news.map(({ text, media }) => `${BUSINESS}: ${text || (media.length ? 'sent a file' : '')}`).join('\n');
}

async function poll() {
  timer = 0;
  const fine = await Promise.all(Object.keys(carriers).map(refresh));
  failures = fine.includes(true) ? 0 : failures + 1;
  show();
  if (document.visibilityState === 'visible') later(Math.min(POLL_MS * 2 ** failures, SLOWEST_MS));
}

function later(ms) {
  clearTimeout(timer);
  timer = setTimeout(poll, ms);
}

function pollNow() {
  later(0);
}

// Sending. One after the other, so that they arrive as they were written.

function send(id, text, { choice, media = [] } = {}) {
  const app = apps[id];
  app.notice = '';
  made += 1;
  const message = { key: `new-${made}`, isMine: true, text, choice, media, choices: [], answers: choice?.message, state: 'Sending', at: new Date() };
  app.pending.push(message);
  dispatch(id, app, message);
}

function dispatch(id, app, message) {
  message.state = 'Sending';
  message.reason = '';
  const { number } = owner();
  app.queue = app.queue.then(() => post(id, app, message, number));
  show(true);
}

async function post(id, app, message, number) {
  app.isPosting = true;
  try {
    const to = theirNumber(app);
    if (!to) throw new Trouble('The business has no number yet.');
    const taken = await ask(`${phoneOf(id, number)}/messages`, written(message, to));
    Object.assign(message, { id: taken.id, state: 'Sent' });
    if (message.media.length) sentMedia.set(taken.id, message.media);
    app.askedAt = Date.now();
  } catch (error) {
    if (!(error instanceof Trouble)) throw error;
    Object.assign(message, { state: 'Not sent', reason: error.message });
  } finally {
    app.isPosting = false;
  }
  if (apps[id] === app) await refresh(id);
  show(true);
}

/** Whom one answers: the number that wrote last, else the first of the business. */
function theirNumber({ messages, numbers }) {
  return messages.findLast(({ isMine, business }) => !isMine && business)?.business ?? numbers[0] ?? messages.at(-1)?.business;
}

// What is on the screen.

function make(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith('on')) node.addEventListener(name.slice(2), value);
    else if (value !== false && value !== undefined) node.setAttribute(name, value === true ? '' : value);
  }
  node.append(...children);
  return node;
}

function write(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

const clock = (at) => at.toLocaleTimeString(LOCALE, { hour: 'numeric', minute: '2-digit' });
const spelled = (number) => number?.replace(/^\+1(\d{3})(\d{3})(\d{4})$/, '($1) $2-$3') ?? '';

function day(at) {
  const midnight = (date) => new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
  const days = Math.round((midnight(new Date()) - midnight(at)) / 86_400_000);
  if (days === 0) return 'Today';
  if (days === 1) return 'Yesterday';
  return at.toLocaleDateString(LOCALE, { weekday: 'long', month: 'long', day: 'numeric' });
}

function unread(id) {
  const theirs = apps[id].messages.filter(({ isMine }) => !isMine);
  return theirs.slice(theirs.findLastIndex((message) => message.id === kept.seen[`${owner().number}/${id}`]) + 1);
}

function see(id) {
  const news = unread(id);
  if (news.length === 0) return;
  kept.seen[`${owner().number}/${id}`] = news.at(-1).id;
  keep();
}

function show(toEnd = false) {
  const now = new Date();
  write($('.clock'), clock(now));
  write($('.hour'), clock(now).replace(/\s?[AP]M$/, ''));
  write($('.date'), now.toLocaleDateString(LOCALE, { weekday: 'long', month: 'long', day: 'numeric' }));
  write($('.whose'), `${owner().name}’s phone`);
  write($('.number'), spelled(owner().number));
  if (view !== 'home' && document.visibilityState === 'visible') see(view);
  const trouble = view === 'home' ? apps.sms.trouble || apps.whatsapp.trouble : apps[view].trouble;
  $('.trouble').hidden = !trouble;
  write($('.trouble p'), trouble);
  showUnread();
  if (view !== 'home') showChat(toEnd);
}

function showUnread() {
  const notices = [];
  let total = 0;
  for (const id of Object.keys(carriers)) {
    const news = unread(id);
    total += view === id ? 0 : news.length;
    const dot = $(`[data-app=${id}] .dot`);
    dot.hidden = news.length === 0;
    write(dot, news.length ? `${news.length} unread` : '');
    dot.dataset.count = String(Math.min(news.length, 99));
    if (news.length) notices.push(notice(`#${id}`, id, carriers[id].kind, news.at(-1).text || 'A file', clock(news.at(-1).at)));
  }
  if (!notices.length && apps.sms.isRead && !apps.sms.messages.length && !apps.whatsapp.messages.length) {
    notices.push(notice('#sms', 'sms', 'Say hello', 'Open Messages and ask for an appointment. It answers at any hour.', ''));
  }
  const list = $('.notices');
  if (list.dataset.of !== notices.map((one) => one.textContent).join()) list.replaceChildren(...notices);
  list.dataset.of = notices.map((one) => one.textContent).join();
  const elsewhere = $('.back .dot');
  elsewhere.hidden = total === 0 || view === 'home';
  write(elsewhere, total ? `${total} unread` : '');
  document.title = `${total ? `(${total}) ` : ''}The Handset: text ${BUSINESS}`;
}

function notice(href, id, kind, text, when) {
  const top = make('span', { class: 'kind' }, kind, make('time', {}, when));
  return make('li', {}, make('a', { href, 'data-app': id }, make('span', { class: 'icon', 'aria-hidden': 'true' }), make('span', { class: 'told' }, top, make('b', {}, BUSINESS), make('span', { class: 'text' }, text))));
}

function showChat(toEnd) {
  const app = apps[view];
  write($('.bar .line'), [carriers[view].kind, spelled(theirNumber(app))].filter(Boolean).join(' · '));
  const wasAtEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 80;
  const all = [...app.messages, ...app.pending.map((one) => ({ ...one, pending: one }))];
  const rows = [];
  let before;
  for (const [at, message] of all.entries()) {
    const heading = day(message.at);
    if (!before || day(before.at) !== heading) rows.push([`day-${heading}`, heading, () => make('p', { class: 'day' }, heading)]);
    const next = all[at + 1];
    const isLast = !next || next.isMine !== message.isMine;
    const isNewest = message.isMine && !all.slice(at + 1).some((one) => one.isMine);
    const chosen = all.find((one) => one.isMine && one.answers === message.id)?.text;
    const key = message.key && !message.id ? message.key : message.id;
    rows.push([key, JSON.stringify([message.state, message.reason, isLast, isNewest, chosen]), () => bubble(message, isLast, isNewest, chosen)]);
    before = message;
  }
  if (all.length === 0 && app.isRead) rows.push(['welcome', '', welcome]);
  const waited = app.askedAt ? Date.now() - app.askedAt : Infinity;
  if (waited < HOPES_MS) rows.push(['dots', '', () => make('div', { class: 'msg last' }, make('div', { class: 'bubble dots' }, make('span', { class: 'unseen' }, `Waiting for ${BUSINESS}`), make('i'), make('i'), make('i')))]);
  else if (waited < GIVES_UP_MS) rows.push(['waiting', '', () => make('p', { class: 'aside' }, 'Still waiting for an answer.')]);
  else if (waited < Infinity) rows.push(['silence', '', () => make('p', { class: 'aside' }, 'No answer yet. The ', make('a', { href: '/inbox' }, 'Inbox'), ' shows whether a person has taken over.')]);
  if (app.notice) rows.push(['notice', app.notice, () => make('p', { class: 'aside' }, app.notice)]);
  arrange(rows);
  hint(all);
  if (toEnd || wasAtEnd) log.scrollTop = log.scrollHeight;
}

/** Brings the log to these rows, leaving alone what did not change: the focus stays where it is. */
function arrange(rows) {
  const wanted = new Set(rows.map(([key]) => key));
  for (const [key, { node }] of nodes) {
    if (wanted.has(key)) continue;
    node.remove();
    nodes.delete(key);
  }
  let place = log.firstChild;
  for (const [key, mark, build] of rows) {
    let held = nodes.get(key);
    if (held?.mark !== mark) {
      const node = build();
      held?.node.replaceWith(node);
      if (held && place === held.node) place = node;
      held = { node, mark };
      nodes.set(key, held);
    }
    if (held.node === place) place = place.nextSibling;
    else log.insertBefore(held.node, place);
  }
}

function welcome() {
  return make('div', { class: 'welcome' }, make('img', { src: '/demo/tooth.svg', alt: '', width: 64, height: 64 }), make('b', {}, BUSINESS), make('p', {}, 'A dental practice in Maplewood, New Jersey. Ask for a time, a price, or a person.'));
}

function bubble(message, isLast, isNewest, chosen) {
  const id = view;
  const inside = make('div', { class: 'bubble' }, make('span', { class: 'unseen' }, message.isMine ? 'You: ' : `${BUSINESS}: `));
  for (const file of sentMedia.get(message.id) ?? message.media) inside.append(attachment(file));
  if (message.text) inside.append(make('span', { class: 'text' }, ...linked(message.text)));
  const isFailed = message.state === 'Not sent';
  const ticks = { Sending: '○', Sent: '✓', Read: '✓✓' }[message.state];
  const state = message.state ? make('span', { class: 'state', 'data-state': message.state }, make('span', { class: 'ticks', 'aria-hidden': 'true' }, ticks ?? ''), make('span', { class: 'word' }, message.state)) : '';
  inside.append(make('span', { class: 'meta' }, make('time', { datetime: message.at.toISOString() }, clock(message.at)), state));
  const row = make('div', { class: ['msg', message.isMine && 'mine', isLast && 'last', isNewest && 'newest', isFailed && 'failed'].filter(Boolean).join(' ') }, inside);
  if (message.choices.length) {
    const tap = ({ id: choice, title }) => make('button', {
      type: 'button', disabled: chosen !== undefined, 'aria-pressed': chosen === title ? 'true' : false,
      onclick: () => send(id, title, { choice: { id: choice, message: message.id } }),
    }, title);
    row.append(make('div', { class: 'taps' }, ...message.choices.map(tap)));
  }
  if (isFailed) {
    const app = apps[id];
    row.append(make('p', { class: 'why', role: 'alert' }, message.reason, ' ',
      make('button', { type: 'button', onclick: () => dispatch(id, app, message.pending) }, 'Send again'), ' ',
      make('button', { type: 'button', onclick: () => { app.pending = app.pending.filter((one) => one !== message.pending); show(); words.focus(); } }, 'Delete')));
  }
  return row;
}

function attachment({ url, isPicture, name }) {
  const link = make('a', { class: 'file', href: url, target: '_blank', rel: 'noopener' }, name || (isPicture ? 'Picture' : 'File'));
  // Only pictures of this server are shown; others are a tap away.
  if (!isPicture || (!url.startsWith('data:') && new URL(url, location.href).origin !== location.origin)) return link;
  return make('img', { class: 'picture', src: url, alt: name || 'Picture', onerror: (event) => event.target.replaceWith(link) });
}

/** Text with its web addresses as links. */
function linked(text) {
  return text.split(/(https?:\/\/[^\s<>"]+[^\s<>".,;:!?)\]}'’])/).map((part, at) => (at % 2 ? make('a', { href: part, target: '_blank', rel: 'noopener' }, part.replace(/^https?:\/\//, '')) : part));
}

function hint(all) {
  const isAsked = /\bYES\b/.test(all.findLast(({ isMine }) => !isMine)?.text ?? '');
  const offered = all.length ? [...(isAsked ? ['YES', 'NO'] : []), ...LATER_WORDS] : FIRST_WORDS;
  const box = $('.hints');
  if (box.dataset.of === offered.join()) return;
  box.dataset.of = offered.join();
  box.classList.toggle('first', all.length === 0);
  box.replaceChildren(...offered.map((text) => make('button', { type: 'button', onclick: () => send(view, text) }, text)));
}

// What a finger does.

function go() {
  const wanted = location.hash.slice(1) || 'home';
  if (wanted === view || (wanted !== 'home' && !(wanted in carriers))) return;
  const from = view;
  if (from !== 'home') apps[from].draft = words.value;
  view = wanted;
  phone.dataset.view = view;
  $('.home').hidden = view !== 'home';
  $('.chat').hidden = view === 'home';
  log.replaceChildren();
  nodes.clear();
  if (view === 'home') {
    show();
    $(`.apps [data-app=${from}]`).focus({ preventScroll: true });
    return;
  }
  words.value = apps[view].draft;
  words.maxLength = carriers[view].longest;
  fit();
  show(true);
  (isTouched.matches ? log : words).focus({ preventScroll: true });
  pollNow();
}

function fit() {
  words.style.height = 'auto';
  words.style.height = `${Math.min(words.scrollHeight, 120)}px`;
  $('.composer').classList.toggle('empty', words.value.trim() === '');
}

function submit(event) {
  event.preventDefault();
  const text = words.value.trim();
  if (!text) {
    words.focus();
    return;
  }
  words.value = '';
  fit();
  send(view, text);
}

async function sendPicture(event) {
  const [file] = event.target.files;
  const id = view;
  event.target.value = '';
  if (!file || !(id in carriers)) return;
  try {
    const media = [await picture(file)];
    const text = words.value.trim();
    words.value = '';
    fit();
    send(id, text, { media });
  } catch (error) {
    if (!(error instanceof Trouble)) throw error;
    apps[id].notice = error.message;
    write($('#spoken'), error.message);
    show(true);
  }
}

function choosePerson() {
  const dialog = $('#people');
  const choose = (person) => {
    dialog.close();
    hold(person);
  };
  $('.persons').replaceChildren(...kept.people.map((person, at) => make('li', {}, make('button', { type: 'button', 'aria-current': at === 0 ? 'true' : false, onclick: () => choose(person) }, make('b', {}, person.name), make('span', {}, spelled(person.number))))));
  $('.new', dialog).onclick = () => choose(somebody(kept.people));
  dialog.showModal();
}

/** On a small screen the explanation is a page of its own. */
function placeBehind() {
  const isNarrow = matchMedia('(max-width: 859px)').matches;
  if (isNarrow) $('#about').append($('#behind'));
  else {
    $('#about').close();
    $('.behind').append($('#behind'));
  }
}

$('.composer').addEventListener('submit', submit);
$('.composer .add').addEventListener('click', () => $('.composer input').click());
$('.composer input').addEventListener('change', sendPicture);
words.addEventListener('input', fit);
words.addEventListener('keydown', (event) => {
  if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) submit(event);
});
phone.addEventListener('keydown', (event) => {
  if (event.key === 'Escape' && view !== 'home') location.hash = 'home';
});
$('.trouble button').addEventListener('click', pollNow);
$('.swap').addEventListener('click', choosePerson);
$('[data-app=about]').addEventListener('click', () => $('#about').showModal());
for (const button of document.querySelectorAll('dialog .close')) button.addEventListener('click', () => button.closest('dialog').close());
matchMedia('(max-width: 859px)').addEventListener('change', placeBehind);
document.addEventListener('visibilitychange', () => {
  if (document.visibilityState === 'visible') pollNow();
  else clearTimeout(timer);
});
addEventListener('hashchange', go);

keep();
placeBehind();
show();
go();
pollNow();
