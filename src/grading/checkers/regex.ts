import { endWithoutWhiteSpace, withoutCrLf } from '../ascii.js';
import { MATCHES, differs, type CheckResult } from '../check-result.js';
import { excerpt } from '../excerpt.js';
import { compilePattern } from '../regex-pattern.js';

/**
 * The pattern `expected` (RE2 syntax) must match somewhere in `actual`; `^` and `$` are the start and the end of the
 * whole output and `.` is no line feed, unless the pattern begins with `(?m)` or `(?s)`. CRLF is LF before, and white
 * space at the end of the output is left out, so that `^[0-9]+$` matches the output of a program that prints a line.
 *
 * Output that is not UTF-8, or that without that white space is longer than the pattern may be matched against, does not
 * match. That is 1 MiB for common patterns and 32 KiB for the largest: `REGEX_LIMITS` says why.
 *
 * @throws Error when the pattern is one that `patternFault` refuses: a grading document that was parsed holds none.
 */
export function checkRegex(expected: string, actual: Uint8Array): CheckResult {
  const pattern = compilePattern(expected);
  if (!pattern.ok) throw new Error(`The pattern ${pattern.fault}. Check it with patternFault before it is used.`);
  const end = endWithoutWhiteSpace(actual, 0, actual.length);
  if (end > pattern.maxTextBytes) {
    return differs(`expected at most ${pattern.maxTextBytes} bytes to match the pattern against, got ${end}`);
  }
  const bytes = withoutCrLf(actual.subarray(0, end));
  const text = decode(bytes);
  if (text === null) return differs('expected text in UTF-8, got bytes that are not');
  if (pattern.matches(text)) return MATCHES;
  const got = end === 0 ? 'nothing' : excerpt({ bytes, start: 0, end: bytes.length }, 0);
  return differs(`expected a match of the pattern ${cut(expected)}, got ${got}`);
}

function decode(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    // The only fault that a decoder can have is the one that it was made fatal for.
    return null;
  }
}

function cut(pattern: string): string {
  const characters = Array.from(pattern);
  return characters.length <= 100 ? pattern : `${characters.slice(0, 100).join('')}…`;
}
