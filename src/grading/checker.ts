import type { CheckResult } from './check-result.js';
import { checkContains } from './checkers/contains.js';
import { checkExact } from './checkers/exact.js';
import { checkRegex } from './checkers/regex.js';
import { checkTokens } from './checkers/tokens.js';
import { checkTrimmed } from './checkers/trimmed.js';
import type { CompareMode, CompareOptions } from './compare-options.js';

type Checker = (expected: string, actual: Uint8Array, options: CompareOptions) => CheckResult;

const CHECKERS: Readonly<Record<CompareMode, Checker>> = {
  exact: checkExact,
  trimmed: checkTrimmed,
  tokens: checkTokens,
  contains: checkContains,
  regex: checkRegex,
};

/**
 * Decides whether `actual`, what a program wrote, is what `expected` asks for, and says what differs first.
 *
 * - `exact`: the same bytes, `expected` being UTF-8.
 * - `trimmed`: the same lines; white space at the end of lines, and blank lines and line breaks at the end, do not count.
 * - `tokens`: the same words in the same order, however much white space is between them; letters and numbers as
 *   `caseSensitive` and `floatTolerance` say.
 * - `contains`: `expected`, without line breaks at its end, stands somewhere in the output.
 * - `regex`: the RE2 pattern `expected` matches somewhere in the output.
 *
 * All but `regex` compare bytes: output that is not UTF-8 never equals text that is. Time and memory grow linearly with
 * both sizes whatever they hold, and nothing is thrown, except for a pattern that `patternFault` refuses.
 */
export function check(options: CompareOptions, expected: string, actual: Uint8Array): CheckResult {
  return CHECKERS[options.compare](expected, actual, options);
}
