import { DomainError } from '../errors/domain-error.js';
import { joinPointer } from './json-pointer.js';

/** Far beyond any body that a person or a tool writes; what follows is recursive and, in the width of one object, slow. */
const DEEPEST = 64;
const MOST_PROPERTIES = 2_000;
const MOST_VALUES = 100_000;

const [QUOTE, BACKSLASH, COMMA, BRACE, BRACE_END, BRACKET, BRACKET_END] = Buffer.from('"\\,{}[]');

/**
 * Names that every object has already. The steps behind this one would leave them out without a word, so they are refused
 * here as any other unknown property is.
 */
const RESERVED_NAMES: ReadonlySet<string> = new Set([...Object.getOwnPropertyNames(Object.prototype), 'prototype']);

interface Place {
  readonly value: object;
  readonly path: string;
  readonly depth: number;
}

/**
 * Checks what a parsed body is like before anything walks it: how deep, how wide, and that no name in it is reserved.
 *
 * @throws DomainError `malformed` (`body_too_deep`), `too_large` (`body_too_complex`) or `invalid`
 */
export function requireOrdinaryBody(body: unknown): void {
  // A list of what is still to be seen, and no recursion: the sender decides how deep it goes.
  const pending: Place[] = [];
  const visit = (value: unknown, path: string, depth: number): void => {
    if (typeof value === 'object' && value !== null) pending.push({ value, path, depth });
  };
  visit(body, '', 1);
  let values = 1;
  for (let place = pending.pop(); place !== undefined; place = pending.pop()) {
    const { value, path, depth } = place;
    if (depth > DEEPEST) throw tooDeep();
    if (Array.isArray(value)) {
      values += value.length;
      if (values > MOST_VALUES) throw tooComplex();
      for (const [index, item] of value.entries()) visit(item, `${path}/${index}`, depth + 1);
    } else {
      const entries = Object.entries(value);
      values += entries.length;
      if (entries.length > MOST_PROPERTIES || values > MOST_VALUES) throw tooComplex();
      for (const [name, item] of entries) {
        const itemPath = joinPointer(path, name);
        if (RESERVED_NAMES.has(name)) {
          throw DomainError.invalid([{ path: itemPath, message: `${name} is not a property of this resource` }]);
        }
        visit(item, itemPath, depth + 1);
      }
    }
  }
}

/**
 * The same bounds of depth and number for a JSON text, before it is parsed: parsing ten megabytes of brackets or commas
 * stops everyone else for seconds. Whether it is JSON at all is left to the parser.
 *
 * @throws DomainError `malformed` (`body_too_deep`) or `too_large` (`body_too_complex`)
 */
export function requireOrdinaryJson(text: Buffer): void {
  let depth = 0;
  let values = 1;
  let isInText = false;
  for (let at = 0; at < text.length; at += 1) {
    const byte = text[at];
    if (isInText) {
      if (byte === BACKSLASH) at += 1;
      else if (byte === QUOTE) isInText = false;
    } else if (byte === QUOTE) {
      isInText = true;
    } else if (byte === COMMA) {
      values += 1;
      if (values > MOST_VALUES) throw tooComplex();
    } else if (byte === BRACE || byte === BRACKET) {
      depth += 1;
      if (depth > DEEPEST) throw tooDeep();
    } else if (byte === BRACE_END || byte === BRACKET_END) {
      depth -= 1;
    }
  }
}

function tooDeep(): DomainError {
  return new DomainError('malformed', 'body_too_deep', `The body is nested more than ${DEEPEST} levels deep.`);
}

function tooComplex(): DomainError {
  return new DomainError(
    'too_large',
    'body_too_complex',
    `The body has more than ${MOST_VALUES} values, or an object with more than ${MOST_PROPERTIES} properties.`,
  );
}
