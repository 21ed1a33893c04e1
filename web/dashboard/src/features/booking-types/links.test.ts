import { describe, expect, it } from 'vitest';
import { embedSnippet, publicLink } from './links';
import { amountOf, currencyOf, digitsOf, inCurrency, minorOf } from './money';
import { moves } from './queries';

const shop = { origin: 'https://desk.example.com', workspace: 'harbor-dental', slug: 'cleaning' };

describe('links', () => {
  it('lead to the public page', () => {
    expect(publicLink(shop)).toBe('https://desk.example.com/book/harbor-dental/cleaning');
  });

  it('come as snippets that a page can hold', () => {
    const parse = (mode: 'inline' | 'button' | 'popup', label = 'Book') => {
      const page = document.createElement('div');
      page.innerHTML = embedSnippet(mode, shop, label);
      return { script: page.querySelector('script')?.dataset, link: page.querySelector('a') };
    };
    expect(parse('inline').script).toMatchObject({ workspace: 'harbor-dental', type: 'cleaning' });
    expect(parse('button', 'Say "hi" & book <b>').script).toMatchObject({ mode: 'button', label: 'Say "hi" & book <b>' });
    const popup = parse('popup', 'Book <now>');
    expect(popup.script).toMatchObject({ mode: 'popup' });
    expect(popup.link?.textContent).toBe('Book <now>');
    expect(popup.link?.dataset['frontdeskBook']).toBe('cleaning');
    expect(popup.link?.getAttribute('href')).toBe(publicLink(shop));
  });
});

describe('prices', () => {
  it('are kept in the smallest unit of their currency', () => {
    expect(digitsOf('JPY')).toBe(0);
    expect(minorOf(19.99, 'EUR')).toBe(1999);
    expect(minorOf(1.1, 'USD')).toBe(110);
    expect(minorOf(5000, 'JPY')).toBe(5000);
    expect(amountOf({ minor: 12_050, currency: 'USD' })).toBe(120.5);
  });

  it('keep their amount in another currency', () => {
    expect(inCurrency({ minor: 6000, currency: 'EUR' }, 'JPY')).toEqual({ minor: 60, currency: 'JPY' });
    expect(currencyOf('US')).toBe('USD');
    expect(currencyOf('DE')).toBe('EUR');
  });
});

describe('a new order', () => {
  it('moves only what stands elsewhere', () => {
    const type = (id: string, position: number) => ({ id, position });
    expect(moves([type('b', 1), type('a', 0), type('c', 2)])).toEqual([
      { id: 'b', position: 0 },
      { id: 'a', position: 1 },
    ]);
    // Places with gaps, as after a deletion, are closed.
    expect(moves([type('a', 0), type('c', 2)])).toEqual([{ id: 'c', position: 1 }]);
  });
});
