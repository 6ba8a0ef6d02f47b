import { isWhiteSpace, lowerCase } from '../ascii.js';
import { MATCHES, differs, type CheckResult } from '../check-result.js';
import { commonLength, excerpt, lineNumber, type Span } from '../excerpt.js';
import { parseFloatToken } from '../float-token.js';
import type { CompareOptions, FloatTolerance } from '../compare-options.js';

type TokenOptions = Pick<CompareOptions, 'caseSensitive' | 'floatTolerance'>;

/**
 * `actual` must hold the tokens of `expected` in their order and no others. Source of the rules: the default output
 * validator of the ICPC problem package format, 2025-09 ("Default output validator specification"), without
 * `space_change_sensitive`.
 *
 * Tokens are what stands between ASCII white space, and are compared as bytes; without `caseSensitive`, `A`–`Z` equal
 * `a`–`z` and no other letters are folded. With a `floatTolerance`, an expected token that is a finite decimal number
 * (`parseFloatToken`; also a whole number such as `3`) asks for a number s with |s − a| ≤ absolute or |s − a| ≤
 * relative·|a|; a token that is no such number is then wrong. `nan`, `inf` and hexadecimal numbers are no numbers but
 * words: they equal themselves. Numbers are IEEE 754 doubles: those too large for one are words too.
 */
export function checkTokens(expected: string, actual: Uint8Array, options: TokenOptions): CheckResult {
  const wanted = new TextEncoder().encode(expected);
  let wantedToken = nextToken(wanted, 0);
  let actualToken = nextToken(actual, 0);
  for (let number = 1; wantedToken !== null; number += 1) {
    if (actualToken === null) {
      return differs(`expected ${show(wantedToken, null)} as word ${number}, got the end of the output`, {
        expected: wantedToken.start,
        actual: actual.length,
      });
    }
    if (!sameBytes(wantedToken, actualToken, options.caseSensitive)) {
      const reason = mismatch(wantedToken, actualToken, options.floatTolerance);
      if (reason !== null) {
        return differs(
          `expected ${show(wantedToken, actualToken)} as word ${number}, got ${show(actualToken, wantedToken)} ` +
            `on line ${lineNumber(actual, actualToken.start)}${reason}`,
          { expected: wantedToken.start, actual: actualToken.start },
        );
      }
    }
    wantedToken = nextToken(wanted, wantedToken.end);
    actualToken = nextToken(actual, actualToken.end);
  }
  if (actualToken === null) return MATCHES;
  return differs(
    `expected the end of the output, got ${show(actualToken, null)} on line ${lineNumber(actual, actualToken.start)}`,
    { expected: wanted.length, actual: actualToken.start },
  );
}

function nextToken(bytes: Uint8Array, from: number): Span | null {
  let start = from;
  while (start < bytes.length && isWhiteSpace(bytes[start])) start += 1;
  if (start === bytes.length) return null;
  let end = start + 1;
  while (end < bytes.length && !isWhiteSpace(bytes[end])) end += 1;
  return { bytes, start, end };
}

function sameBytes(a: Span, b: Span, caseSensitive: boolean): boolean {
  const length = a.end - a.start;
  if (length !== b.end - b.start) return false;
  if (caseSensitive) return commonLength(a, b) === length;
  for (let i = 0; i < length; i += 1) {
    if (lowerCase(a.bytes[a.start + i] ?? 0) !== lowerCase(b.bytes[b.start + i] ?? 0)) return false;
  }
  return true;
}

/** Null when tokens of different bytes are equal as numbers, else what to add to the message. */
function mismatch(wanted: Span, actual: Span, tolerance: FloatTolerance | null): string | null {
  if (tolerance === null) return '';
  const a = parseFloatToken(wanted.bytes.subarray(wanted.start, wanted.end));
  if (a === null) return '';
  const s = parseFloatToken(actual.bytes.subarray(actual.start, actual.end));
  if (s === null) return ', which is not a number';
  const distance = Math.abs(s - a);
  if (tolerance.absolute !== null && distance <= tolerance.absolute) return null;
  if (tolerance.relative !== null && distance <= tolerance.relative * Math.abs(a)) return null;
  return `, which is off by ${distance.toPrecision(3)}`;
}

function show(token: Span, other: Span | null): string {
  return excerpt(token, token.start + (other === null ? 0 : commonLength(token, other)));
}
