// A vendor's settings schema as the fields of a form, and what was typed as settings. Of JSON Schema it knows what
// manifests use: text, lists of texts, addresses, numbers, switches, choices, and one level of groups.

import type { Json } from '@frontdesk/api-client';

type Schema = Record<string, Json>;

export interface Field {
  /** Where it stands in the settings: `model`, `pricing.input`. */
  path: string;
  kind: 'text' | 'list' | 'uri' | 'number' | 'integer' | 'switch' | 'choice';
  title: string;
  description?: string;
  required: boolean;
  placeholder?: string;
  fallback?: Json;
  options: string[];
  min?: number;
  max?: number;
  maxLength?: number;
}

export interface FieldGroup {
  /** Absent for the settings themselves. */
  title?: string;
  description?: string;
  fields: Field[];
}

const isSchema = (value: Json | undefined): value is Schema => typeof value === 'object' && value !== null && !Array.isArray(value);
const textOf = (value: Json | undefined): string | undefined => (typeof value === 'string' ? value : undefined);
const numberOf = (value: Json | undefined): number | undefined => (typeof value === 'number' ? value : undefined);

/** The settings' own fields first, what must be filled in before the rest, then a group for each object in it. */
export function groupsOf(schema: Schema): FieldGroup[] {
  const own: FieldGroup = { fields: fieldsOf(schema, '') };
  const groups = propertiesOf(schema)
    .filter(([, each]) => typeOf(each) === 'object')
    .map(([name, each]): FieldGroup => {
      const description = textOf(each['description']);
      return {
        title: textOf(each['title']) ?? words(name),
        ...(description === undefined ? {} : { description }),
        fields: fieldsOf(each, `${name}.`),
      };
    });
  return [own, ...groups];
}

function propertiesOf(schema: Schema): [string, Schema][] {
  const properties = schema['properties'];
  if (!isSchema(properties)) return [];
  return Object.entries(properties).filter((entry): entry is [string, Schema] => isSchema(entry[1]));
}

function fieldsOf(schema: Schema, prefix: string): Field[] {
  const required = Array.isArray(schema['required']) ? schema['required'] : [];
  return propertiesOf(schema)
    .filter(([, each]) => typeOf(each) !== 'object')
    .map(([name, each]) => fieldOf(`${prefix}${name}`, name, each, required.includes(name)))
    .sort((a, b) => Number(b.required) - Number(a.required));
}

function typeOf(schema: Schema): string | undefined {
  const type = schema['type'];
  if (typeof type === 'string') return type;
  return Array.isArray(type) ? type.find((each): each is string => typeof each === 'string' && each !== 'null') : undefined;
}

function fieldOf(path: string, name: string, schema: Schema, required: boolean): Field {
  const type = typeOf(schema);
  const choices = Array.isArray(schema['enum']) ? schema['enum'].filter((each): each is string => typeof each === 'string') : [];
  const examples = Array.isArray(schema['examples']) ? schema['examples'] : [];
  const fallback = schema['default'];
  const item = schema['items'];
  const itemExamples = isSchema(item) && Array.isArray(item['examples']) ? item['examples'] : [];
  const example = examples[0] ?? itemExamples[0] ?? (typeof fallback === 'boolean' || Array.isArray(fallback) ? undefined : fallback);
  const optional = {
    description: textOf(schema['description']),
    placeholder: example === undefined || example === null ? undefined : String(example),
    fallback,
    min: numberOf(schema['minimum']),
    max: numberOf(schema['maximum']),
    maxLength: numberOf(schema['maxLength']),
  };
  return {
    path,
    title: textOf(schema['title']) ?? words(name),
    required,
    options: choices,
    kind:
      choices.length > 0
        ? 'choice'
        : type === 'array'
          ? 'list'
          : type === 'boolean'
          ? 'switch'
          : type === 'integer'
            ? 'integer'
            : type === 'number'
              ? 'number'
              : schema['format'] === 'uri'
                ? 'uri'
                : 'text',
    ...(Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== undefined)) as Partial<Field>),
  };
}

function words(name: string): string {
  const text = name.replaceAll('_', ' ');
  return text.charAt(0).toUpperCase() + text.slice(1);
}

export type Typed = string | number | boolean | string[];
/** What stands in the form, by path. */
export type TypedValues = Record<string, Typed>;

/** What the form starts with: the settings where there are any, the schema's own values otherwise. */
export function typedOf(groups: readonly FieldGroup[], settings: Record<string, Json>): TypedValues {
  const values: TypedValues = {};
  for (const field of groups.flatMap((group) => group.fields)) {
    const stored = at(settings, field.path) ?? field.fallback;
    if (field.kind === 'list') {
      values[field.path] = Array.isArray(stored) ? stored.filter((each): each is string => typeof each === 'string') : [];
      continue;
    }
    values[field.path] = typeof stored === 'string' || typeof stored === 'number' || typeof stored === 'boolean' ? stored : field.kind === 'switch' ? false : '';
  }
  return values;
}

/** What was typed as settings; empty fields are left out, so that the schema's own values hold. */
export function settingsOf(groups: readonly FieldGroup[], values: TypedValues): Record<string, Json> {
  const settings: Record<string, Json> = {};
  for (const field of groups.flatMap((group) => group.fields)) {
    const typed = values[field.path];
    if (typed === undefined || typed === '' || (Array.isArray(typed) && typed.length === 0)) continue;
    const value = Array.isArray(typed) ? typed.map((each) => each.trim()) : field.kind === 'number' || field.kind === 'integer' ? Number(typed) : typeof typed === 'string' ? typed.trim() : typed;
    const [first = '', second] = field.path.split('.');
    if (second === undefined) settings[first] = value;
    else settings[first] = { ...(isSchema(settings[first]) ? settings[first] : {}), [second]: value };
  }
  return settings;
}

function at(settings: Record<string, Json>, path: string): Json | undefined {
  let value: Json | undefined = settings;
  for (const part of path.split('.')) value = isSchema(value) ? value[part] : undefined;
  return value ?? undefined;
}

/** Where a vendor calls for one connection: what its manifest says, under the address of this installation. */
export function hookAddress(hook: string, connection: string): string {
  return `${window.location.origin}${hook.replace('{connection}', connection)}`;
}
