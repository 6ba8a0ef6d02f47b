import { describe, expect, it } from 'vitest';
import { check } from '../../../src/grading/checker.js';
import { COMPARE_MODES, type CompareMode, type CompareOptions } from '../../../src/grading/compare-options.js';
import { bytes } from './builders.js';

const MEBI = 1 << 20;
const options = (compare: CompareMode, floatTolerance: CompareOptions['floatTolerance'] = null): CompareOptions => ({
  compare,
  caseSensitive: compare !== 'tokens',
  floatTolerance,
});

const matching = (expected: string, actual: string) =>
  COMPARE_MODES.filter((compare) => check(options(compare), expected, bytes(actual)).matches);

describe('check', () => {
  it('uses the checker that is asked for', () => {
    expect(matching('a', 'a')).toEqual(['exact', 'trimmed', 'tokens', 'contains', 'regex']);
    expect(matching('a', 'a\n')).toEqual(['trimmed', 'tokens', 'contains', 'regex']);
    expect(matching('a', ' A')).toEqual(['tokens']);
    expect(matching('a', 'cat')).toEqual(['contains', 'regex']);
    expect(matching('c.t', 'cat')).toEqual(['regex']);
  });

  it('passes the tolerance on', () => {
    expect(check(options('tokens', { absolute: 0.1, relative: null }), '1', bytes('1.05')).matches).toBe(true);
  });

  it('gives a short difference and no exception for hostile output of a megabyte, within the time of a test', () => {
    const hostile: Record<string, Uint8Array> = {
      'one line': bytes('a'.repeat(MEBI)),
      'a million tokens': bytes('1 '.repeat(MEBI / 2)),
      'a million lines': bytes('\n'.repeat(MEBI)),
      'only spaces': bytes(' '.repeat(MEBI)),
      'spaces and a letter': bytes(`${' '.repeat(MEBI)}a`),
      'spaces in lines': bytes(`${' '.repeat(1023)}\n`.repeat(1024)),
      'carriage returns': bytes('\r'.repeat(MEBI)),
      NULs: new Uint8Array(MEBI),
      'no UTF-8': new Uint8Array(MEBI).fill(0xff),
      'half a character': bytes('€'.repeat(MEBI / 3)).subarray(0, -1),
      'a number of a million digits': bytes('9'.repeat(MEBI)),
    };
    const expectations = ['', '3.5\n', 'a\nb\n', ' '.repeat(1000)];
    for (const actual of Object.values(hostile)) {
      for (const compare of COMPARE_MODES) {
        for (const expected of expectations) {
          const result = check(
            options(compare, compare === 'tokens' ? { absolute: 1, relative: 1 } : null),
            expected,
            actual,
          );
          expect((result.difference ?? '').length).toBeLessThan(800);
          expect(result.matches).toBe(result.difference === null);
        }
      }
    }
  }, 20_000);

  it('finds a megabyte equal to itself in every mode that can, and different by its last byte', () => {
    const text = 'word 1.5 \n'.repeat(MEBI / 10);
    const other = bytes(`${text.slice(0, -2)}x`);
    for (const compare of ['exact', 'trimmed', 'tokens', 'contains'] as const) {
      const tolerance = compare === 'tokens' ? { absolute: 1e-9, relative: null } : null;
      expect(check(options(compare, tolerance), text, bytes(text)).matches).toBe(true);
      expect(check(options(compare, tolerance), text, other).matches).toBe(false);
    }
  }, 20_000);

  it('accepts the answers of the Kattis samples hello and oddecho as a program would print them', () => {
    for (const compare of ['trimmed', 'tokens'] as const) {
      expect(check(options(compare), 'Hello World!\n', bytes('Hello World!\n')).matches).toBe(true);
      expect(check(options(compare), 'hello\ni\nam\necho\n', bytes('hello\r\ni\r\nam\r\necho')).matches).toBe(true);
      expect(check(options(compare), 'hello\ni\n', bytes('hello\ni\nam\n')).matches).toBe(false);
    }
  });
});
