// What the two files of the widget say to each other: `widget.js` (launcher) loads `widget-panel.js` (conversation) once.

import type { Config } from './protocol';

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
}

export interface Panel {
  show: (focus: boolean) => void;
  hide: () => void;
  destroy: () => void;
}

export type Mount = (shell: Shell) => Panel;

export interface Api {
  open: () => void;
  close: () => void;
  toggle: () => void;
  /** `ready`, `open`, `close`, `message`, `unread`. Returns a function that stops it. */
  on: (event: string, listener: (detail?: unknown) => void) => () => void;
  /** Takes the widget off the page. */
  destroy: () => void;
  /** The panel's file hands itself over here; not for pages. */
  _: (mount: Mount) => void;
}

declare global {
  interface Window {
    Frontdesk?: Api;
  }
}
