// Message text to a small tree: paragraphs, lists, bold, links. It never yields HTML; the view turns the tree into nodes,
// so nothing in a message can become markup. Links are http, https, mailto and tel only.

export type Inline = string | { bold: Inline[] } | { href: string; text: string };
export type Block = { lines: Inline[][] } | { list: Inline[][]; ordered: boolean; start: number };

/** The address when it is one a visitor may follow, else null. */
export function safeHref(raw: string): string | null {
  try {
    const url = new URL(raw);
    return /^(https?|mailto|tel):$/.test(url.protocol) ? url.href : null;
  } catch {
    return null;
  }
}

// 1-2 [label](address), 3 web address, 4 e-mail, 5 phone with + or in groups, 6 bold.
const TOKEN =
  /\[([^[\]\n]{1,200})\]\(([^()\s]{1,2000})\)|\b((?:https?:\/\/|www\.)[^\s<>"]{1,2000})|([\w.+-]{1,64}@[a-z\d-]{1,63}(?:\.[a-z\d-]{1,63}){1,4})|((?:mailto|tel):[\w.+@-]{3,100}|\+\d[\d ().-]{6,18}\d|(?:\(\d{3}\) ?|\b\d{3}[-. ])\d{3}[-. ]\d{4}\b)|\*\*(?=\S)([^\n]{0,2000}?\S)\*\*/gi;

/** Cuts what closes the sentence, not the address: final punctuation and an unopened bracket. */
function trimAddress(address: string): string {
  let end = address.replace(/[.,;:!?'"*\]}]+$/, '');
  while (end.endsWith(')') && end.split(')').length > end.split('(').length) end = end.slice(0, -1).replace(/[.,;:!?'"]+$/, '');
  return end;
}

/** Links only, or links and bold when `rich`. */
export function inline(text: string, rich: boolean): Inline[] {
  const out: Inline[] = [];
  let done = 0;
  const push = (from: number, to: number): void => {
    if (to > from) out.push(text.slice(from, to));
  };
  for (const found of text.matchAll(TOKEN)) {
    const at = found.index;
    let length = found[0].length;
    let node: Inline | null = null;
    const [, label, target, web, mail, phone, bold] = found;
    if (label && target) {
      const href = rich ? safeHref(target) : null;
      if (href) node = { href, text: label };
    } else if (bold) {
      if (rich) node = { bold: inline(bold, true) };
    } else {
      const shown = web ? trimAddress(web) : (found[0] as string);
      length = shown.length;
      const scheme = web ? (/^www/i.test(web) ? 'https://' : '') : mail ? 'mailto:' : /^[a-z]/i.test(phone as string) ? '' : 'tel:';
      const href = safeHref(scheme + (scheme === 'tel:' ? shown.replace(/[^\d+]/g, '') : shown));
      if (href) node = { href, text: shown };
    }
    if (node && at >= done) {
      push(done, at);
      out.push(node);
      done = at + length;
    }
  }
  push(done, text.length);
  return out;
}

const ITEM = /^\s*(?:[-*\u2022]|(\d{1,3})[.)])\s+(.*)$/;

/** A message of the business: paragraphs and lists. A customer's own words are only linkified (`rich` false). */
export function parse(text: string, rich: boolean): Block[] {
  const blocks: Block[] = [];
  let fresh = true;
  for (const paragraph of text.trim().split(/\n\s*\n/)) {
    for (const line of paragraph.split('\n')) {
      const last = blocks.at(-1);
      const item = rich ? ITEM.exec(line) : null;
      if (item) {
        const ordered = item[1] !== undefined;
        const words = inline(item[2] as string, rich);
        if (last && 'list' in last && last.ordered === ordered) last.list.push(words);
        else blocks.push({ list: [words], ordered, start: Number(item[1] ?? 1) });
      } else {
        const words = inline(rich ? line.replace(/^#{1,6}\s+(.*)$/, '**$1**') : line, rich);
        if (last && 'lines' in last && !fresh) last.lines.push(words);
        else blocks.push({ lines: [words] });
      }
      fresh = false;
    }
    fresh = true;
  }
  return blocks;
}
