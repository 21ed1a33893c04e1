import { describe, expect, it } from 'vitest';
import { inline, parse, safeHref } from '../src/text';

const links = (text: string): string[] => inline(text, true).flatMap((part) => (typeof part === 'object' && 'href' in part ? [part.href] : []));

describe('a message cannot become markup or a dangerous link', () => {
  it.each(['javascript:alert(1)', 'JaVaScRiPt:alert(1)', 'data:text/html,x', 'vbscript:x', 'file:///etc/passwd', ' javascript:alert(1)', 'java\nscript:alert(1)', 'blob:x', '//host', 'x'])(
    'refuses %j',
    (address) => {
      expect(safeHref(address)).toBeNull();
      expect(links(`[click](${address})`)).toEqual([]);
      expect(links(`see ${address} now`)).toEqual([]);
    },
  );

  it('keeps tags as text', () => {
    expect(parse('<img src=x onerror=alert(1)><b>hi</b>', true)).toEqual([{ lines: [['<img src=x onerror=alert(1)><b>hi</b>']] }]);
  });

  it('does not let a quote or bracket leave the address', () => {
    for (const href of links('https://x.example/"onmouseover="alert(1) [a](https://x.example/"><script>)')) {
      expect(href).not.toMatch(/["<>]/);
    }
  });

  it('answers a long hostile text quickly and whole', () => {
    for (const text of ['['.repeat(4000), '**'.repeat(2000), 'a@'.repeat(2000), '('.repeat(4000), 'https://' + ')'.repeat(3900), '1-'.repeat(2000)]) {
      const flat = JSON.stringify(parse(text, true));
      expect(flat.length).toBeGreaterThan(0);
      expect(inline(text, false).map((part) => (typeof part === 'string' ? part : 'text' in part ? part.text : '')).join('')).toBe(text);
    }
  });
});

describe('links', () => {
  it('ends an address where the sentence does', () => {
    expect(links('See https://a.example/x_(y), www.b.example. (https://c.example/d) "https://e.example/?q=1"!')).toEqual([
      'https://a.example/x_(y)', 'https://www.b.example/', 'https://c.example/d', 'https://e.example/?q=1',
    ]);
  });

  it('finds e-mail addresses and phone numbers, not prices, dates or orders', () => {
    expect(links('mail ava@harbor.example or call +1 (415) 555-0102, (415) 555-0103 or 415-555-0104')).toEqual([
      'mailto:ava@harbor.example', 'tel:+14155550102', 'tel:4155550103', 'tel:4155550104',
    ]);
    expect(links('On 2026-11-20 at 10:30, order 123456789, $1,200.00, 50-60 kg')).toEqual([]);
  });

  it('keeps the words around it, and labels only in rich text', () => {
    expect(inline('a [b](https://c.example/) d', true)).toEqual(['a ', { href: 'https://c.example/', text: 'b' }, ' d']);
    expect(links('**call https://a.example/ now**')).toEqual([]);
    expect(inline('**see https://a.example/**', true)).toEqual([{ bold: ['see ', { href: 'https://a.example/', text: 'https://a.example/' }] }]);
    expect(inline('**x**', false)).toEqual(['**x**']);
  });
});

describe('blocks', () => {
  it('reads paragraphs, line breaks and lists', () => {
    expect(parse('One\ntwo\n\n- a\n- **b**\n\n1. x\n\n2. y\n\nEnd', true)).toEqual([
      { lines: [['One'], ['two']] },
      { list: [['a'], [{ bold: ['b'] }]], ordered: false, start: 1 },
      { list: [['x'], ['y']], ordered: true, start: 1 },
      { lines: [['End']] },
    ]);
  });

  it('leaves the customer\u2019s own dashes and stars alone', () => {
    expect(parse('- a\n- b', false)).toEqual([{ lines: [['- a'], ['- b']] }]);
  });
});
