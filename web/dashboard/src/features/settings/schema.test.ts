import { describe, expect, it } from 'vitest';
import { groupsOf, settingsOf, typedOf } from './schema';

const SCHEMA = {
  type: 'object',
  required: ['model'],
  properties: {
    base_url: { type: 'string', format: 'uri', title: 'Address', default: 'https://api.example.com' },
    cache: { type: 'boolean', default: true },
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
      mode: 'auto',
      temperature: '',
      'pricing.input': 5,
    });
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
