import { endWithoutLineBreaks, withoutCrLf } from '../ascii.js';
import { MATCHES, differs, type CheckResult } from '../check-result.js';
import { excerpt } from '../excerpt.js';

/**
 * `expected` must stand somewhere in `actual`, letter for letter. CRLF equals LF on both sides, and line breaks at the
 * end of `expected` do not count: a YAML block always ends in one. An empty text stands everywhere.
 */
export function checkContains(expected: string, actual: Uint8Array): CheckResult {
  const encoded = withoutCrLf(new TextEncoder().encode(expected));
  const wanted = encoded.subarray(0, endWithoutLineBreaks(encoded));
  const text = withoutCrLf(actual);
  if (containsBytes(text, wanted)) return MATCHES;
  const got = text.length === 0 ? 'nothing' : excerpt({ bytes: text, start: 0, end: text.length }, 0);
  return differs(`expected ${excerpt({ bytes: wanted, start: 0, end: wanted.length }, 0)} somewhere in it, got ${got}`);
}

/**
 * Knuth, Morris and Pratt: each byte is looked at a bounded number of times, also where text and pattern are made to
 * repeat. The built-in searches are quadratic there.
 */
function containsBytes(text: Uint8Array, pattern: Uint8Array): boolean {
  if (pattern.length === 0) return true;
  if (pattern.length > text.length) return false;
  const borders = bordersOf(pattern);
  let matched = 0;
  for (const byte of text) {
    while (matched > 0 && byte !== pattern[matched]) matched = borders[matched - 1] ?? 0;
    if (byte === pattern[matched]) matched += 1;
    if (matched === pattern.length) return true;
  }
  return false;
}

/** For each prefix of `pattern`, the length of the longest shorter prefix that is also its end. */
function bordersOf(pattern: Uint8Array): Int32Array {
  const borders = new Int32Array(pattern.length);
  let length = 0;
  for (let i = 1; i < pattern.length; i += 1) {
    while (length > 0 && pattern[i] !== pattern[length]) length = borders[length - 1] ?? 0;
    if (pattern[i] === pattern[length]) length += 1;
    borders[i] = length;
  }
  return borders;
}
