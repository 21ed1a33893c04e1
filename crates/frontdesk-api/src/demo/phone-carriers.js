// The simulated carriers, as a phone knows them (crates/frontdesk-sim, `handset`).

import { owner } from './phone-people.js';

export const BUSINESS = document.body.dataset.business;
const ANSWER_WITHIN_MS = 10_000;
/** Of a picture that is sent, in pixels. */
const LONGEST_SIDE = 1280;
/** What the carriers call a message that is on the phone. */
const ARRIVED = ['delivered', 'read'];

export const carriers = {
  sms: { base: '/demo/sim/sms', kind: 'Text message', longest: 1600 },
  whatsapp: { base: '/demo/sim/whatsapp', kind: 'WhatsApp', longest: 4096 },
};

/** Where a carrier has the messages of the one who holds the phone. */
export const phoneOf = (id, number = owner().number) => `${carriers[id].base}/phones/${encodeURIComponent(number)}`;

/** What a carrier is given to send: words, or the answer of a message that was tapped. */
export function written({ text, choice, media }, to) {
  const files = media.map(({ url }) => ({ media_type: 'image/jpeg', data: url.slice(url.indexOf(',') + 1) }));
  return { to, body: text, name: owner().name, ...(choice ? { choice: choice.id, reply_to: choice.message } : {}), ...(files.length ? { media: files } : {}) };
}

/** A picture as phones send it: small enough for a message. */
export async function picture(file) {
  const bitmap = await createImageBitmap(file).catch(() => null);
  if (bitmap === null) throw new Trouble(`“${file.name}” is not a picture this browser can read. Choose another one.`);
  const scale = Math.min(1, LONGEST_SIDE / Math.max(bitmap.width, bitmap.height));
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [bitmap.width, bitmap.height].map((side) => Math.max(1, Math.round(side * scale)));
  const brush = canvas.getContext('2d');
  // What is see-through would turn black.
  brush.fillStyle = '#ffffff';
  brush.fillRect(0, 0, canvas.width, canvas.height);
  brush.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  return { url: canvas.toDataURL('image/jpeg', 0.85), isPicture: true, name: file.name };
}

/** Something the person at the phone is told. */
export class Trouble extends Error {}

/** Asks a carrier; sends when there is a body. */
export async function ask(address, body) {
  const sent = body === undefined ? {} : { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
  let answer, text;
  try {
    answer = await fetch(address, { ...sent, cache: 'no-store', signal: AbortSignal.timeout(ANSWER_WITHIN_MS) });
    text = await answer.text();
  } catch {
    throw new Trouble('No signal: the demo server does not answer. The phone keeps trying.');
  }
  if (answer.status === 404) {
    throw new Trouble('No network: this server runs without the simulated carrier. Start it with “frontdesk serve --demo”.');
  }
  const content = parsed(text);
  if (!answer.ok) {
    const reason = content?.error ?? content?.detail ?? (text.length < 200 && !text.startsWith('<') ? text : '');
    throw new Trouble(`The simulated carrier refused it${reason ? `: ${reason}` : ` (${answer.status})`}.`);
  }
  if (content === undefined) throw new Trouble('The simulated carrier answered with something unreadable. The phone keeps trying.');
  return content;
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A message of a carrier as the phone shows it; nothing of one that is not on the phone. */
export function received(id, raw) {
  const isMine = raw.direction === 'in';
  if (raw.channel !== undefined && raw.channel !== id) return [];
  if (!isMine && !ARRIVED.includes(raw.status)) return [];
  const media = (raw.media ?? []).map((file) => (typeof file === 'string' ? { url: file } : file)).filter(({ url }) => URL.canParse(url, location.href)).map((file) => ({
    url: reachable(file.url, carriers[id].base),
    isPicture: (file.media_type ?? 'image/').startsWith('image/'),
    name: file.name ?? '',
  }));
  const state = isMine ? (raw.status === 'read' ? 'Read' : 'Sent') : '';
  const { business, text = '', choices = [], reply_to: answers } = raw;
  return [{ id: raw.id, isMine, business, text, media, choices, answers, state, at: new Date(raw.at) }];
}

/** A carrier's own files are behind the page's server. */
function reachable(url, base) {
  const { origin, pathname } = new URL(url, location.href);
  return origin === location.origin && pathname.startsWith('/__sim/') ? pathname.replace('/__sim', base) : url;
}
