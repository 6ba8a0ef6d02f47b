import type { Json, JsonObject } from './http-test.js';

/** Captured values by their names. */
export type Variables = ReadonlyMap<string, Json>;

/** The name by which each of the requests of a step with `parallel` knows its number, from 0. */
export const INDEX_VARIABLE = 'index';

export const VARIABLE_NAME = /^[A-Za-z_][A-Za-z0-9_]{0,49}$/;

const TEMPLATE = /\{\{\s*([A-Za-z_][A-Za-z0-9_]{0,49})\s*\}\}/g;

/** A step needs a value that no step before it has captured. */
export class MissingVariable extends Error {
  constructor(readonly variable: string) {
    super(`needs {{${variable}}}, which no step before it has captured`);
  }
}

/** Names of the templates in `text`. */
export function templatesIn(text: string): string[] {
  return [...text.matchAll(TEMPLATE)].flatMap(([, name]) => name ?? []);
}

/**
 * `text` with the values of its templates in their places: texts as they are, anything else as JSON. `encode` is applied to
 * each value.
 *
 * @throws MissingVariable
 */
export function fillText(text: string, variables: Variables, encode: (value: string) => string = asItIs): string {
  return text.replace(TEMPLATE, (_whole, name: string) => encode(textOf(valueOf(name, variables))));
}

/**
 * `value` with every template in its texts filled in. A text that is one template and nothing else becomes its value with the
 * type that it was captured with; names of members are left as they are.
 *
 * @throws MissingVariable
 */
export function fillJson(value: Json, variables: Variables): Json {
  if (typeof value === 'string') {
    const [template] = value.matchAll(TEMPLATE);
    return template !== undefined && template[0] === value.trim()
      ? valueOf(template[1] ?? '', variables)
      : fillText(value, variables);
  }
  if (isList(value)) return value.map((member) => fillJson(member, variables));
  if (typeof value !== 'object' || value === null) return value;
  return fromMembers(Object.entries(value).map(([name, member]) => [name, fillJson(member, variables)]));
}

/**
 * The path of a request. Values become one segment, or a part of one, whatever they hold; only where the path begins with a
 * template is that one's value taken as it is: a path, or an address whose path is meant.
 *
 * @throws MissingVariable
 */
export function fillPath(path: string, variables: Variables): string {
  const [first] = path.matchAll(TEMPLATE);
  if (first?.index !== 0) return fillText(path, variables, encodeURIComponent);
  const start = textOf(valueOf(first[1] ?? '', variables));
  const rest = fillText(path.slice(first[0].length), variables, encodeURIComponent);
  return start.replace(/^[a-z]+:\/\/[^/?#]*/i, '') + rest;
}

/** An object with these members, none of which is taken for its prototype. */
export function fromMembers(members: readonly (readonly [string, Json])[]): JsonObject {
  return Object.fromEntries(members);
}

export function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

function valueOf(name: string, variables: Variables): Json {
  const value = variables.get(name);
  if (value === undefined) throw new MissingVariable(name);
  return value;
}

/** A captured value as text. */
export function textOf(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function asItIs(value: string): string {
  return value;
}
