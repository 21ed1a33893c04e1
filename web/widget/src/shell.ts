// What the two files of the widget say to each other: `widget.js` (launcher) loads `widget-panel.js` (conversation) once.

import type { BookingAction, Config } from './protocol';

export interface Shell {
  config: Config;
  key: string;
  /** `https://host/api/v1/widget/` */
  base: string;
  shadow: ShadowRoot;
  /** The themed element that holds everything. */
  frame: HTMLElement;
  /** Shown inside an element of the page instead of over it. */
  inline: boolean;
  close: () => void;
  unread: (count: number) => void;
  emit: (event: string, detail?: unknown) => void;
  /** Loads another of the widget's files; resolves to what it hands over. */
  load: (file: string) => Promise<unknown>;
}

export interface Panel {
  show: (focus: boolean) => void;
  hide: () => void;
  destroy: () => void;
}

/** What `widget-booking.js` is told when a picker opens. */
export interface PickerPlace {
  /** Takes the picker, in a shadow tree of its own. */
  place: HTMLElement;
  /** `https://host/api/v1/public/booking/` */
  base: string;
  config: Config;
  action: BookingAction;
  /** The visitor's session, by which the booking finds its conversation. */
  token: () => string | null;
  booked: (booking: { reference: string; start: string; end: string }) => void;
  close: () => void;
}

/** Opens a picker; the answer closes it and gives back what it holds. */
export type OpenPicker = (place: PickerPlace) => () => void;

export type Mount = (shell: Shell) => Panel;

export interface Api {
  open: () => void;
  close: () => void;
  toggle: () => void;
  /** `ready`, `open`, `close`, `message`, `unread`. Returns a function that stops it. */
  on: (event: string, listener: (detail?: unknown) => void) => () => void;
  /** Takes the widget off the page. */
  destroy: () => void;
  /** The widget's files hand themselves over here; not for pages. */
  _: (handed: unknown) => void;
  /** The panel's copy of lit-html, which files loaded after it share; not for pages. */
  lit?: unknown;
}

declare global {
  interface Window {
    Frontdesk?: Api;
  }
}
