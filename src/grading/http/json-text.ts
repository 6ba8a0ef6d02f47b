import { HTTP_LIMITS } from './http-limits.js';
import type { Json } from './http-test.js';

/** JSON that was read, or why it was not, as the end of a sentence about a body. */
export type ReadJson = { readonly ok: true; readonly value: Json } | { readonly ok: false; readonly fault: string };

const STRICT = new TextDecoder('utf-8', { fatal: true });

/** Reads an answer's body as JSON: UTF-8, not too large and not too deep to be looked into, whatever it holds. */
export function readJson(bytes: Uint8Array): ReadJson {
  if (bytes.length === 0) return refuse('is empty, and not JSON');
  let text: string;
  try {
    text = STRICT.decode(bytes);
  } catch {
    return refuse('is not JSON: it is not text in UTF-8');
  }
  // Before it is parsed: what parses in no time can be too much for everything that follows.
  const size = sizeFault(text);
  if (size !== null) return refuse(size);
  try {
    const value: unknown = JSON.parse(text);
    return { ok: true, value: asJson(value) };
  } catch {
    return refuse('is not JSON');
  }
}

/** Counts without parsing: every value but the first follows a comma, a colon or an opening bracket. */
function sizeFault(text: string): string | null {
  let depth = 0;
  let values = 1;
  let isInText = false;
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charCodeAt(at);
    if (isInText) {
      if (character === 0x5c) at += 1;
      else if (character === 0x22) isInText = false;
      continue;
    }
    if (character === 0x22) isInText = true;
    else if (character === 0x5b || character === 0x7b) depth += 1;
    else if (character === 0x5d || character === 0x7d) depth -= 1;
    if (character === 0x2c || character === 0x5b || character === 0x7b) values += 1;
    if (depth > HTTP_LIMITS.jsonDepth) return `is JSON that is nested more than ${HTTP_LIMITS.jsonDepth} deep`;
    if (values > HTTP_LIMITS.jsonValues) return `is JSON with more than ${HTTP_LIMITS.jsonValues} values`;
  }
  return null;
}

function refuse(fault: string): ReadJson {
  return { ok: false, fault };
}

/** What `JSON.parse` returns is JSON; the type says so. */
function asJson(value: unknown): Json {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- see above
  return value as Json;
}

/** `value` for a message: as JSON, cut. */
export function shownJson(value: Json | undefined, limit = 120): string {
  if (value === undefined) return 'nothing';
  const text = JSON.stringify(value);
  return text.length <= limit ? text : `${text.slice(0, limit)}…`;
}

/** What kind of value it is, in words. */
export function kindOf(value: Json): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'string') return 'a text';
  if (typeof value === 'number') return 'a number';
  return typeof value === 'boolean' ? 'true or false' : 'an object';
}
