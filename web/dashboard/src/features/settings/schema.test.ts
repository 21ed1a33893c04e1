import { describe, expect, it } from 'vitest';
import { groupsOf, settingsOf, typedOf } from './schema';

const SCHEMA = {
  type: 'object',
  required: ['model'],
  properties: {
    base_url: { type: 'string', format: 'uri', title: 'Address', default: 'https://api.example.com' },
    cache: { type: 'boolean', default: true },
    numbers: { type: 'array', default: [], items: { type: 'string', examples: ['+1555'] } },
    mode: { enum: ['auto', 'strict'], default: 'auto' },
    model: { type: 'string', title: 'Model', examples: ['small'] },
    temperature: { type: ['number', 'null'], minimum: 0, maximum: 2 },
    pricing: { type: 'object', title: 'Prices', properties: { input: { type: 'integer', default: 0 } } },
  },
};

describe('vendor forms', () => {
  const groups = groupsOf(SCHEMA);

  it('draws what must be filled in first and nested settings as a group', () => {
    expect(groups[0]?.fields.map((field) => `${field.path}:${field.kind}`)).toEqual([
      'model:text',
      'base_url:uri',
      'cache:switch',
      'numbers:list',
      'mode:choice',
      'temperature:number',
    ]);
    expect(groups[1]).toMatchObject({ title: 'Prices', fields: [{ path: 'pricing.input', kind: 'integer' }] });
    expect(groups[0]?.fields[0]).toMatchObject({ required: true, placeholder: 'small' });
  });

  it('starts with what is stored, then with what the vendor presets', () => {
    expect(typedOf(groups, { model: 'big', pricing: { input: 5 } })).toEqual({
      model: 'big',
      base_url: 'https://api.example.com',
      cache: true,
      numbers: [],
      mode: 'auto',
      temperature: '',
      'pricing.input': 5,
    });
  });

  it('keeps a list a list, without what is empty', () => {
    expect(groups[0]?.fields.find((field) => field.path === 'numbers')).toMatchObject({ placeholder: '+1555' });
    expect(typedOf(groups, { numbers: ['+1', 2] })['numbers']).toEqual(['+1']);
    expect(settingsOf(groups, { numbers: [' +1 ', '+2'] })).toEqual({ numbers: ['+1', '+2'] });
    expect(settingsOf(groups, { numbers: [] })).toEqual({});
  });

  it('leaves out what is empty and keeps numbers numbers', () => {
    expect(settingsOf(groups, { model: ' big ', base_url: '', cache: false, temperature: '0.5', 'pricing.input': 7 })).toEqual({
      model: 'big',
      cache: false,
      temperature: 0.5,
      pricing: { input: 7 },
    });
  });
});
