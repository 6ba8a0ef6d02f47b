import { describe, expect, it } from 'vitest';
import { checkTrimmed } from '../../../../src/grading/checkers/trimmed.js';
import { bytes } from '../builders.js';

const canonical = (text: string) =>
  text
    .split('\n')
    .map((line) => line.replace(/[ \t\r\v\f]+$/, ''))
    .join('\n')
    .replace(/\n+$/, '');

describe('trimmed', () => {
  it.each([
    ['3\n', '3'],
    ['3', '3\n'],
    ['3\n', '3\n\n\n'],
    ['3\n', '3\r\n'],
    ['3', '3  \t\v\f\r\n'],
    ['a\nb\n', 'a  \r\nb\t'],
    ['a\n\nb', 'a\n   \nb'],
    ['a\r\nb\r\n', 'a\nb'],
    ['', ''],
    ['', ' \n\t\n'],
    ['\n\n', ''],
    ['Hello World!\n', 'Hello World!\n'],
  ])('takes %j and %j for the same', (expected, actual) => {
    expect(checkTrimmed(expected, bytes(actual))).toEqual({ matches: true, difference: null });
  });

  it.each([
    ['3', '4', 'expected "3" on line 1, got "4"'],
    ['a', ' a', 'expected "a" on line 1, got "·a"'],
    ['a', '\na', 'expected "a" on line 1, got an empty line'],
    ['a\nb', 'a\n\nb', 'expected "b" on line 2, got an empty line'],
    ['a\nb', 'ab', 'expected "a" on line 1, got "ab"'],
    ['a b', 'a  b', 'expected "a·b" on line 1, got "a··b"'],
    ['a\nb', 'a', 'expected "b" on line 2, got the end of the output'],
    ['a', 'a\nb\n', 'expected the end of the output on line 2, got "b"'],
    ['a', '', 'expected "a" on line 1, got the end of the output'],
    ['', 'a', 'expected the end of the output on line 1, got "a"'],
    ['a\u00a0', 'a', 'expected "a\\u{a0}" on line 1, got "a"'],
    ['a\rb', 'a\nb', 'expected "a\\rb" on line 1, got "a"'],
    ['Hello', 'hello', 'expected "Hello" on line 1, got "hello"'],
  ])('tells %j from %j', (expected, actual, difference) => {
    expect(checkTrimmed(expected, bytes(actual))).toMatchObject({ matches: false, difference });
  });

  it('agrees with the rule as one would write it down, over many small texts', () => {
    const texts = all(['a', ' ', '\n', '\r'], 4).map((text) => ({
      text,
      encoded: bytes(text),
      lines: canonical(text),
    }));
    const wrong: string[][] = [];
    for (const a of texts) {
      for (const b of texts) {
        if (checkTrimmed(b.text, a.encoded).matches !== (a.lines === b.lines)) wrong.push([a.text, b.text]);
      }
    }
    expect(wrong).toEqual([]);
  });

  it('takes bytes that are not UTF-8 for what they are', () => {
    expect(checkTrimmed('\ufffd', new Uint8Array([0x80])).matches).toBe(false);
    expect(checkTrimmed('a', new Uint8Array([0x61, 0x00])).difference).toBe('expected "a" on line 1, got "a␀"');
  });
});

/** All texts of up to `length` of the letters. */
function all(letters: readonly string[], length: number): string[] {
  if (length === 0) return [''];
  const shorter = all(letters, length - 1);
  return [...new Set([...shorter, ...shorter.flatMap((text) => letters.map((letter) => text + letter))])];
}
