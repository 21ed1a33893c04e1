import type { TemplateVariable } from '@frontdesk/api-client';
import { describe, expect, it } from 'vitest';
import { completed, flawOf, inserted, isGuarded, lineSpan, matching, wantedAt } from './complete';

const variable = (name: string, optional = false, description = ''): TemplateVariable => ({ name, optional, description, sample: '' });
const SERVICE = variable('service');
const PRICE = variable('price', true);

/** `|` is the caret. */
function at(marked: string) {
  const caret = marked.indexOf('|');
  return { text: marked.replace('|', ''), caret };
}

function complete(marked: string, chosen: TemplateVariable): string {
  const { text, caret } = at(marked);
  const wanted = wantedAt(text, caret);
  if (wanted === null) throw new Error('nothing is wanted');
  const edit = completed(text, caret, wanted, chosen);
  return `${edit.text.slice(0, edit.caret)}|${edit.text.slice(edit.caret)}`;
}

describe('what is being typed', () => {
  it.each([
    ['Hello {{|', '', 'value'],
    ['Hello {{ first_|', 'first_', 'value'],
    ['{% if pri|', 'pri', 'condition'],
    ['{% if not |', '', 'condition'],
  ])('%s', (marked, query, as) => {
    const { text, caret } = at(marked);
    expect(wantedAt(text, caret)).toMatchObject({ query, as });
  });

  it.each(['Hello |', 'Hello {|', '{{ name }} |', '{{ name | upper|', '{% |', '{{ a b|'])('%s asks for nothing', (marked) => {
    const { text, caret } = at(marked);
    expect(wantedAt(text, caret)).toBeNull();
  });
});

describe('a completion', () => {
  it('writes the name and closes the braces', () => {
    expect(complete('On {{ ser| we meet', SERVICE)).toBe('On {{ service }}| we meet');
    expect(complete('{{|}}!', SERVICE)).toBe('{{ service }}|!');
    expect(complete('{{ ser|vice }}', SERVICE)).toBe('{{ service }}|');
  });

  it('puts what may be absent into a condition, unless it stands in one', () => {
    expect(complete('Price: {{|', PRICE)).toBe('Price: {% if price %}{{ price }}{% endif %}|');
    expect(complete('{% if price %}{{|{% endif %}', PRICE)).toBe('{% if price %}{{ price }}|{% endif %}');
    expect(complete('{% if price %}a{% endif %} {{|', PRICE)).toBe('{% if price %}a{% endif %} {% if price %}{{ price }}{% endif %}|');
    expect(complete('{% if pr|', PRICE)).toBe('{% if price %}|');
    expect(complete('{% if pr| %}x{% endif %}', PRICE)).toBe('{% if price| %}x{% endif %}');
  });

  it('knows the other branch', () => {
    expect(isGuarded('{% if price %}a{% else %}', 25, 'price')).toBe(false);
    expect(isGuarded('{% if location and price %}', 27, 'price')).toBe(true);
    expect(isGuarded('{% if not price %}', 18, 'price')).toBe(false);
  });

  it('goes in place of a selection', () => {
    expect(inserted('Dear X,', 5, 6, SERVICE)).toEqual({ text: 'Dear {{ service }},', caret: 18 });
  });
});

describe('the list', () => {
  it('has names that begin with it first', () => {
    const list = [variable('business_name'), variable('name'), variable('reference', false, 'The code name of it'), variable('zone')];
    expect(matching(list, 'name').map(({ name }) => name)).toEqual(['name', 'business_name', 'reference']);
    expect(matching(list, '')).toHaveLength(4);
  });
});

describe('flaws', () => {
  it('say their line', () => {
    expect(flawOf('line 3: there is no `nme`')).toEqual({ line: 3, text: 'there is no `nme`' });
    expect(flawOf('must not be empty')).toEqual({ line: null, text: 'must not be empty' });
    expect(lineSpan('one\ntwo\nthree', 2)).toEqual({ start: 4, end: 7 });
    expect(lineSpan('one', 9)).toEqual({ start: 3, end: 3 });
  });
});
