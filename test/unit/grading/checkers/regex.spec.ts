import { describe, expect, it } from 'vitest';
import { checkRegex } from '../../../../src/grading/checkers/regex.js';
import { bytes } from '../builders.js';

const PATTERN = '[cC][oO][mM][pP][lL][eE][tT][eE]\\s*[tT][aA][sS][kK]\\s*1';

describe('regex', () => {
  it.each([
    ['b+', 'abbc'],
    ['^[0-9]+$', '42\n'],
    ['^[0-9]+$', '42\r\n\r\n'],
    ['^$', ''],
    ['^$', '\n'],
    ['', 'anything'],
    ['^a\nb$', 'a\r\nb\n'],
    ['(?m)^b$', 'a\nb\nc'],
    ['(?s)a.*c', 'a\nb\nc'],
    ['(?i)hello', 'HELLO'],
    ['^.$', 'ä'],
    ['^\\p{L}+$', 'José\n'],
    [PATTERN, 'first commit Complete Task 1 done '],
  ])('%j matches %j', (pattern, output) => {
    expect(checkRegex(pattern, bytes(output))).toEqual({ matches: true, difference: null });
  });

  it.each([
    ['^b$', 'a\nb\nc'],
    ['a.*c', 'a\nb\nc'],
    ['hello', 'HELLO'],
    ['x', ''],
    [PATTERN, 'complete task 2'],
  ])('%j does not match %j', (pattern, output) => {
    expect(checkRegex(pattern, bytes(output)).matches).toBe(false);
  });

  it('says what was looked for, cut where it is long', () => {
    expect(checkRegex('^a$', bytes('b\n')).difference).toBe('expected a match of the pattern ^a$, got "b"');
    expect(checkRegex('^a$', bytes('')).difference).toBe('expected a match of the pattern ^a$, got nothing');
    expect(checkRegex('a'.repeat(500), bytes('b')).difference).toHaveLength(142);
  });

  it('matches nothing in bytes that are not UTF-8, not even the character that replaces them', () => {
    for (const pattern of ['\ufffd', '.', '(?s).*', '']) {
      expect(checkRegex(pattern, new Uint8Array([0x61, 0xff])).difference).toBe(
        'expected text in UTF-8, got bytes that are not',
      );
    }
  });

  it('reads a whole megabyte for a common pattern, and says so where the output is too long for it', () => {
    const megabyte = 'ab'.repeat(1 << 19);
    expect(checkRegex('b$', bytes(megabyte)).matches).toBe(true);
    expect(checkRegex('a[ab]{990}$', bytes(megabyte)).difference).toMatch(/^expected at most 33\d\d\d bytes/);
    expect(checkRegex('b$', bytes(`${megabyte}b`)).matches).toBe(false);
    expect(checkRegex('b$', bytes(`${megabyte}\n\n`)).matches).toBe(true);
  });

  it('takes patterns that explode elsewhere', () => {
    const text = bytes('a'.repeat(1 << 20));
    for (const pattern of ['(a*)*b', '(a+)+$', '(a|aa)+b', '(x+x+)+y', '^(a|a)*c']) {
      expect(() => checkRegex(pattern, text)).not.toThrow();
    }
  });

  it('throws for a pattern that should not have come this far', () => {
    expect(() => checkRegex('(?=a)', bytes('a'))).toThrow(/look-around.*patternFault/);
  });
});
