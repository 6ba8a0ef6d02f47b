import { patternFault } from '../../grading/regex-pattern.js';
import type { Warn } from '../translated-package.js';

/** How a command's output is compared on GitHub. */
export interface Comparison {
  readonly output: string;
  /** `contains` and anything unknown count as `included`. */
  readonly comparison: string;
  /** Where warnings say that it stands. */
  readonly outputPath: string;
  readonly comparisonPath: string;
  /** False: the runner looks for the text as it is written. */
  readonly trims: boolean;
}

type Expected = Readonly<Record<string, unknown>>;

/** `expect` of a program test; null, after a warning, for a pattern that cannot be used. */
export function expectationOf(asked: Comparison, warn: Warn): Expected | null {
  const { output, comparison, outputPath, comparisonPath, trims } = asked;
  if (/\r(?!\n)/.test(output)) {
    warn(
      outputPath,
      'holds carriage returns without line feeds, which programs rarely print: the test fails as it does on GitHub',
    );
  }
  if (comparison === 'regex') return patternExpectation(output, outputPath, warn);
  const expected = trims ? output.replaceAll('\r\n', '\n').trim() : output;
  if (comparison === 'exact') return exactExpectation(asked, expected, warn);
  if (comparison !== 'included' && comparison !== 'contains') {
    warn(comparisonPath, `${JSON.stringify(comparison)} is not known: "included" is used, as GitHub does`);
  }
  return expected === '' ? {} : { stdout: expected, compare: 'contains' };
}

/** GitHub cuts white space off both ends and compares the rest; nothing here does just that, but a pattern can. */
function exactExpectation({ output, comparisonPath }: Comparison, expected: string, warn: Warn): Expected {
  if (expected === '') return { stdout: '' };
  if (output.trimStart() === output) {
    warn(
      comparisonPath,
      '"exact" becomes `trimmed`: other than on GitHub, white space at the start of the output counts, and at the end of lines it does not',
    );
    return { stdout: expected, compare: 'trimmed' };
  }
  // The output is meant to begin with white space, and GitHub takes it with and without.
  const pattern = `^\\s*${expected.trim().replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')}$`;
  if (patternFault(pattern) === null) return { stdout: pattern, compare: 'regex' };
  warn(comparisonPath, '"exact" becomes `tokens`: other than on GitHub, the amount of white space does not count');
  return { stdout: expected, compare: 'tokens', caseSensitive: true };
}

function patternExpectation(pattern: string, path: string, warn: Warn): Expected | null {
  if (pattern === '') return {};
  const fault = patternFault(pattern);
  if (fault !== null) {
    warn(path, `the pattern ${fault}: the test is left out, since without it anything would pass`);
    return null;
  }
  if (pattern.startsWith('^')) {
    warn(
      path,
      'GitHub cuts white space off the start of the output before the pattern is matched; here "^" stands before it',
    );
  }
  return { stdout: pattern, compare: 'regex' };
}
