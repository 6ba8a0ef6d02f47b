import { describe, expect, it } from 'vitest';
import { checkTokens } from '../../../../src/grading/checkers/tokens.js';
import type { FloatTolerance } from '../../../../src/grading/compare-options.js';
import { bytes } from '../builders.js';

const words = (
  expected: string,
  actual: string,
  options: { caseSensitive?: boolean; floatTolerance?: FloatTolerance | null } = {},
) => checkTokens(expected, bytes(actual), { caseSensitive: false, floatTolerance: null, ...options });
const within = (absolute: number | null, relative: number | null) => ({ floatTolerance: { absolute, relative } });

describe('tokens', () => {
  it.each([
    ['1 2 3', ' 1\n2\t\r\n3\f\v'],
    ['', ''],
    ['', ' \n '],
    ['Hello World!', 'hello\nWORLD!'],
    ['ab\ncd\n', 'AB CD'],
  ])('takes %j and %j for the same', (expected, actual) => {
    expect(words(expected, actual)).toEqual({ matches: true, difference: null });
  });

  it.each([
    ['1 2', '1', 'expected "2" as word 2, got the end of the output'],
    ['1', '1\n2', 'expected the end of the output, got "2" on line 2'],
    ['1 2', '12', 'expected "1" as word 1, got "12" on line 1'],
    ['yes', 'no', 'expected "yes" as word 1, got "no" on line 1'],
    ['', 'x', 'expected the end of the output, got "x" on line 1'],
    ['a', 'a\u00a0b', 'expected "a" as word 1, got "a\\u{a0}b" on line 1'],
    ['1.0', '1', 'expected "1.0" as word 1, got "1" on line 1'],
  ])('tells %j from %j', (expected, actual, difference) => {
    expect(words(expected, actual)).toMatchObject({ matches: false, difference });
  });

  it('folds the letters of ASCII and no others, and none when case matters', () => {
    expect(words('Ä', 'ä').matches).toBe(false);
    expect(words('[', '{').matches).toBe(false);
    expect(words('@', '`').matches).toBe(false);
    expect(words('A', 'a', { caseSensitive: true }).matches).toBe(false);
    expect(words('A', 'A', { caseSensitive: true }).matches).toBe(true);
  });

  it('never takes bytes that are not UTF-8 for the character that replaces them', () => {
    expect(checkTokens('\ufffd', new Uint8Array([0xff]), { caseSensitive: false, floatTolerance: null }).matches).toBe(
      false,
    );
  });

  describe('with a tolerance', () => {
    it('takes any way of writing a number, as the ICPC format asks', () => {
      for (const written of ['3.14000000e-2', '.0314', '+0.0314', '0.03140', '31.4E-3', '314e-4']) {
        expect(words('0.0314', written, within(null, 0)).matches).toBe(true);
      }
      expect(words('5', '5.', within(0, null)).matches).toBe(true);
      expect(words('0', '-0.0', within(0, null)).matches).toBe(true);
    });

    it('lets the absolute or the relative tolerance suffice, bounds included', () => {
      expect(words('1000', '1001', within(1, null)).matches).toBe(true);
      expect(words('1000', '1001.5', within(1, null)).matches).toBe(false);
      expect(words('1000', '1001', within(null, 0.001)).matches).toBe(true);
      expect(words('1000', '1002', within(null, 0.001)).matches).toBe(false);
      expect(words('1000', '1002', within(5, 0.001)).matches).toBe(true);
      expect(words('0.001', '0.0015', within(1e-6, 0.6)).matches).toBe(true);
      expect(words('-4', '4', within(1, 1)).matches).toBe(false);
    });

    it('measures the relative tolerance on the expected number', () => {
      expect(words('100', '110', within(null, 0.1)).matches).toBe(true);
      expect(words('110', '100', within(null, 0.0905)).matches).toBe(false);
      expect(words('0', '1e-300', within(null, 0.5)).matches).toBe(false);
    });

    it('treats whole numbers as numbers and words as words', () => {
      expect(words('n= 3', 'N= 3.0000001', within(1e-6, null)).matches).toBe(true);
      expect(words('IMPOSSIBLE', 'impossible', within(1e-6, null)).matches).toBe(true);
      expect(words('3 x', '3 4', within(1e-6, null)).matches).toBe(false);
    });

    it('says how far off a number is, and when it is none', () => {
      expect(words('3.14', '3.15', within(0.001, null)).difference).toBe(
        'expected "3.14" as word 1, got "3.15" on line 1, which is off by 0.0100',
      );
      expect(words('3.14', 'three', within(0.001, null)).difference).toContain('which is not a number');
    });

    it('takes nan, inf and hexadecimal numbers for words, so that they never come near a number', () => {
      for (const word of [
        'nan',
        'NaN',
        '-nan',
        'inf',
        'Infinity',
        '0x10',
        '1e999',
        '1_000',
        '1,5',
        '١',
        '1e',
        'e5',
        '.',
        '+',
        '1.2.3',
        '--1',
      ]) {
        expect(words('16', word, within(1e300, 1e300)).matches).toBe(false);
        expect(words(word, word.toUpperCase(), within(1, 1)).matches).toBe(true);
      }
      expect(words('inf', '1e308', within(1e308, 1e308)).matches).toBe(false);
    });

    it('compares numbers of a hundred thousand digits without trouble', () => {
      const zeros = '0'.repeat(100_000);
      expect(words(`0.${zeros}`, '0', within(0, null)).matches).toBe(true);
      expect(words('1', `1${zeros}`, within(1, null)).matches).toBe(false);
    });
  });

  it('without a tolerance compares numbers as words', () => {
    expect(words('0.0314', '3.14e-2').matches).toBe(false);
    expect(words('1E5', '1e5').matches).toBe(true);
  });
});
