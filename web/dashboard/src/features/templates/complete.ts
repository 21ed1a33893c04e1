// Completion of `{{ variables }}` while a message is written: what is being asked for, and what is put there.

import type { TemplateVariable } from '@frontdesk/api-client';

export interface Wanted {
  /** Where the part to replace begins. */
  from: number;
  /** What has been typed of the name. */
  query: string;
  /** A value is put into the text, or a name into a condition. */
  as: 'value' | 'condition';
}

/** What is being typed at the caret; null when it is no name. */
export function wantedAt(text: string, caret: number): Wanted | null {
  const before = text.slice(0, caret);
  const value = /\{\{-?[ \t]*([a-z_0-9]*)$/iu.exec(before);
  if (value !== null) return { from: value.index, query: value[1] ?? '', as: 'value' };
  const condition = /\{%-?[ \t]*(?:if|elif)[ \t]+(?:not[ \t]+)?([a-z_0-9]*)$/iu.exec(before);
  if (condition !== null) return { from: caret - (condition[1] ?? '').length, query: condition[1] ?? '', as: 'condition' };
  return null;
}

/** Those whose name or description has it, names that begin with it first. */
export function matching(variables: readonly TemplateVariable[], query: string): TemplateVariable[] {
  const wanted = query.toLowerCase();
  const rank = ({ name, description }: TemplateVariable) =>
    name.startsWith(wanted) ? 0 : name.includes(wanted) ? 1 : description.toLowerCase().includes(wanted) ? 2 : 3;
  return variables
    .map((variable) => ({ variable, rank: rank(variable) }))
    .filter((each) => each.rank < 3)
    .sort((a, b) => a.rank - b.rank)
    .map(({ variable }) => variable);
}

/** Whether a place stands inside `{% if name %}`. */
export function isGuarded(text: string, at: number, name: string): boolean {
  const open: string[] = [];
  for (const match of text.slice(0, at).matchAll(/\{%-?\s*(if|elif|else|endif)\b([^%]*?)-?%\}/gu)) {
    const [, tag, condition = ''] = match;
    if (tag === 'if') open.push(condition.trim());
    else if (tag === 'endif') open.pop();
    else open.splice(-1, 1, tag === 'elif' ? condition.trim() : '');
  }
  return open.some((condition) => condition === name || new RegExp(`^${name}\\s+and\\b|\\band\\s+${name}$`, 'u').test(condition));
}

export interface Edit {
  text: string;
  caret: number;
}

/** How a variable is written at a place: what may be absent stands in a condition. */
function written(text: string, at: number, { name, optional }: TemplateVariable): string {
  return optional && !isGuarded(text, at, name) ? `{% if ${name} %}{{ ${name} }}{% endif %}` : `{{ ${name} }}`;
}

/** The text with the chosen variable in place of what was typed of it. */
export function completed(text: string, caret: number, wanted: Wanted, variable: TemplateVariable): Edit {
  if (wanted.as === 'condition') {
    const rest = text.slice(caret);
    const close = /^[ \t]*-?%\}/u.test(rest) ? '' : ' %}';
    const put = variable.name + close;
    return { text: text.slice(0, wanted.from) + put + rest, caret: wanted.from + put.length };
  }
  // What closes the braces may stand there already.
  const rest = text.slice(caret).replace(/^[a-z_0-9]*[ \t]*-?\}\}/iu, '');
  const put = written(text, wanted.from, variable);
  return { text: text.slice(0, wanted.from) + put + rest, caret: wanted.from + put.length };
}

/** The text with a variable put where the selection is. */
export function inserted(text: string, start: number, end: number, variable: TemplateVariable): Edit {
  const put = written(text, start, variable);
  return { text: text.slice(0, start) + put + text.slice(end), caret: start + put.length };
}

/** What the server says is wrong, with the line it names. */
export interface Flaw {
  line: number | null;
  text: string;
}

export function flawOf(message: string): Flaw {
  const match = /^line (\d+): (.*)$/su.exec(message);
  return match === null ? { line: null, text: message } : { line: Number(match[1]), text: match[2] ?? '' };
}

/** Where a line begins and ends, counted from 1. */
export function lineSpan(text: string, line: number): { start: number; end: number } {
  const lines = text.split('\n');
  const start = lines.slice(0, line - 1).reduce((sum, each) => sum + each.length + 1, 0);
  return { start: Math.min(start, text.length), end: Math.min(start + (lines[line - 1]?.length ?? 0), text.length) };
}
