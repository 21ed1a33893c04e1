// The few icons of the page, drawn in the stroke style of Lucide (ISC licence).

import { html, svg, type TemplateResult } from 'lit-html';

const icon = (path: TemplateResult): TemplateResult =>
  html`<svg viewBox="0 0 24 24" width="20" height="20" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">${path}</svg>`;

export const CLOCK = icon(svg`<circle cx="12" cy="12" r="9"/><path d="M12 7v5l3 2"/>`);
export const PIN = icon(svg`<path d="M20 10c0 5-8 12-8 12s-8-7-8-12a8 8 0 0 1 16 0Z"/><circle cx="12" cy="10" r="3"/>`);
export const PHONE = icon(svg`<path d="M22 17v3a2 2 0 0 1-2.2 2A19.8 19.8 0 0 1 2 4.2 2 2 0 0 1 4 2h3a2 2 0 0 1 2 1.7l.9 3.5a2 2 0 0 1-.6 1.9L8 10.4a16 16 0 0 0 6 6l1.3-1.3a2 2 0 0 1 2-.5l3.5.9A2 2 0 0 1 22 17Z"/>`);
export const VIDEO = icon(svg`<path d="m16 10 6-4v12l-6-4"/><rect x="2" y="6" width="14" height="12" rx="2"/>`);
export const PERSON = icon(svg`<path d="M19 21v-2a4 4 0 0 0-4-4H9a4 4 0 0 0-4 4v2"/><circle cx="12" cy="7" r="4"/>`);
export const PRICE = icon(svg`<path d="M12 2H4a2 2 0 0 0-2 2v8l9.3 9.3a2.4 2.4 0 0 0 3.4 0l6.6-6.6a2.4 2.4 0 0 0 0-3.4Z"/><path d="M7.5 7.5h.01"/>`);
export const GLOBE = icon(svg`<circle cx="12" cy="12" r="9"/><path d="M3 12h18M12 3c2.5 2.7 3.5 5.7 3.5 9s-1 6.3-3.5 9c-2.5-2.7-3.5-5.7-3.5-9S9.5 5.7 12 3Z"/>`);
export const SEATS = icon(svg`<path d="M16 21v-2a4 4 0 0 0-4-4H6a4 4 0 0 0-4 4v2"/><circle cx="9" cy="7" r="4"/><path d="M22 21v-2a4 4 0 0 0-3-3.9M16 3.1a4 4 0 0 1 0 7.8"/>`);
export const LEFT = icon(svg`<path d="m15 18-6-6 6-6"/>`);
export const RIGHT = icon(svg`<path d="m9 18 6-6-6-6"/>`);
export const DOWN = icon(svg`<path d="m6 9 6 6 6-6"/>`);
export const CHECK = icon(svg`<path d="M20 6 9 17l-5-5"/>`);
export const CALENDAR = icon(svg`<rect x="3" y="4" width="18" height="18" rx="2"/><path d="M16 2v4M8 2v4M3 10h18"/>`);
export const CROSS = icon(svg`<path d="M18 6 6 18M6 6l12 12"/>`);
export const ALERT = icon(svg`<circle cx="12" cy="12" r="9"/><path d="M12 8v4M12 16h.01"/>`);
export const BELL = icon(svg`<path d="M6 8a6 6 0 0 1 12 0c0 7 3 9 3 9H3s3-2 3-9M10.3 21a1.9 1.9 0 0 0 3.4 0"/>`);
