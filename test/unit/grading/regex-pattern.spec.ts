import { describe, expect, it } from 'vitest';
import { compilePattern, patternFault, REGEX_LIMITS } from '../../../src/grading/regex-pattern.js';

const size = (pattern: string) => {
  const compiled = compilePattern(pattern);
  return compiled.ok ? compiled.maxTextBytes : 0;
};

describe('patternFault', () => {
  it.each([
    '',
    'a',
    '^\\d+$',
    '(?i)yes|no',
    '(?P<year>\\d{4})',
    '(?<year>\\d{4})',
    '[[:alpha:]]+',
    '\\bword\\b',
    '\\Qa.b\\E',
    'a'.repeat(1000),
  ])('takes %j', (pattern) => expect(patternFault(pattern)).toBeNull());

  it.each([
    ['(?=a)b', 'look-around'],
    ['(?!a)b', 'look-around'],
    ['(?<=a)b', 'look-around'],
    ['(?<!a)b', 'look-around'],
    ['(a)\\1', 'back reference'],
    ['[', 'missing closing ]'],
    ['a{2000}', 'repeat count'],
    ['(a', 'missing closing )'],
    ['*', 'missing argument'],
    ['a{1,999}', 'smaller repeat counts'],
    ['a'.repeat(1001), 'too long'],
  ])('refuses %j and says why', (pattern, reason) => expect(patternFault(pattern)).toContain(reason));

  it('lets small patterns read a megabyte and large ones less', () => {
    expect(size('^Total: [0-9]+ of [0-9]+$')).toBe(REGEX_LIMITS.textBytes);
    expect(size('a{990}')).toBeGreaterThanOrEqual(32_768);
    expect(size('a{990}')).toBeLessThan(35_000);
  });
});
