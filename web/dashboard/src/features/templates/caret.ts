// Where the caret of a text field stands on the screen. Browsers do not say, so the text before it is laid out again in
// a box that looks the same.

const COPIED = ['boxSizing', 'width', 'fontFamily', 'fontSize', 'fontWeight', 'letterSpacing', 'lineHeight', 'paddingTop', 'paddingRight', 'paddingBottom', 'paddingLeft', 'borderTopWidth', 'borderRightWidth', 'borderBottomWidth', 'borderLeftWidth', 'tabSize'] as const;

/** The list's width and height at most, so that it stays on the screen. */
const WIDTH = 320;
const HEIGHT = 260;

/** Under the line of the caret, or above it where there is no room below. */
export type CaretPlace = { left: number } & ({ top: number } | { bottom: number });

export function caretPlace(field: HTMLInputElement | HTMLTextAreaElement): CaretPlace {
  const style = getComputedStyle(field);
  const box = document.createElement('div');
  for (const property of COPIED) box.style[property] = style[property];
  box.style.position = 'absolute';
  box.style.visibility = 'hidden';
  box.style.borderStyle = 'solid';
  const wraps = field instanceof HTMLTextAreaElement;
  box.style.whiteSpace = wraps ? 'pre-wrap' : 'pre';
  box.style.overflowWrap = 'break-word';
  box.textContent = field.value.slice(0, field.selectionStart ?? field.value.length);
  const caret = document.createElement('span');
  caret.textContent = '\u200b';
  box.append(caret);
  document.body.append(box);
  const { offsetLeft, offsetTop, offsetHeight } = caret;
  box.remove();
  const around = field.getBoundingClientRect();
  const left = Math.max(8, Math.min(around.left + offsetLeft - field.scrollLeft, window.innerWidth - WIDTH - 8));
  const line = around.top + offsetTop - field.scrollTop;
  const below = line + offsetHeight + 4;
  return below + HEIGHT > window.innerHeight && line > HEIGHT ? { left, bottom: window.innerHeight - line + 4 } : { left, top: below };
}
