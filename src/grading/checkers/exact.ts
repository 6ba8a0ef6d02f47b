import { MATCHES, differs, type CheckResult } from '../check-result.js';
import { commonLength, excerpt, lineAround, lineNumber } from '../excerpt.js';

/** `actual` must be, byte for byte, `expected` in UTF-8: a missing line break at the end or a CR is a difference. */
export function checkExact(expected: string, actual: Uint8Array): CheckResult {
  const wanted = new TextEncoder().encode(expected);
  const at = commonLength(whole(wanted), whole(actual));
  if (at === wanted.length && at === actual.length) return MATCHES;
  return differs(`expected ${lineFrom(wanted, at)} on line ${lineNumber(actual, at)}, got ${lineFrom(actual, at)}`, {
    expected: at,
    actual: at,
  });
}

function whole(bytes: Uint8Array) {
  return { bytes, start: 0, end: bytes.length };
}

/** The line in which `at` stands, with a word about the end of the output where it ends in this line. */
function lineFrom(bytes: Uint8Array, at: number): string {
  const line = lineAround(bytes, at);
  if (at < bytes.length) return excerpt(line, at);
  return line.start === line.end ? 'the end of the output' : `${excerpt(line, at)} and the end of the output`;
}
