import { describe, expect, it } from 'vitest';
import { checkExact } from '../../../../src/grading/checkers/exact.js';
import { bytes } from '../builders.js';

describe('exact', () => {
  it('takes the same bytes, whatever they are', () => {
    for (const text of ['', 'a', 'a\n', '\r\n', '\0', 'ä€😀', '\ufeffx']) {
      expect(checkExact(text, bytes(text)).matches).toBe(true);
    }
  });

  it.each([
    ['3\n', '4\n', 'expected "3↵" on line 1, got "4↵"'],
    ['a\nb\n', 'a\nc\n', 'expected "b↵" on line 2, got "c↵"'],
    ['a\n', 'a', 'expected "a↵" on line 1, got "a" and the end of the output'],
    ['a', 'a\n', 'expected "a" and the end of the output on line 1, got "a↵"'],
    ['a\n', 'a\nb\n', 'expected the end of the output on line 2, got "b↵"'],
    ['a\nb\n', 'a\n', 'expected "b↵" on line 2, got the end of the output'],
    ['a', '', 'expected "a" on line 1, got the end of the output'],
    ['a\n', 'a\r\n', 'expected "a↵" on line 1, got "a\\r↵"'],
    ['a b', 'a\tb', 'expected "a·b" on line 1, got "a→b"'],
    ['a', 'a\0', 'expected "a" and the end of the output on line 1, got "a␀"'],
    ['é', 'e\u0301', 'expected "é" on line 1, got "e\u0301"'],
  ])('tells %j from %j', (expected, actual, difference) => {
    expect(checkExact(expected, bytes(actual))).toMatchObject({ matches: false, difference });
  });

  it('keeps CRLF and a bare CR apart from LF, as in files from Windows', () => {
    const expected = '\r\n     ***Snowfall Table***\r\n';
    expect(checkExact(expected, bytes(expected)).matches).toBe(true);
    expect(checkExact(expected, bytes(expected.replaceAll('\r\n', '\n'))).matches).toBe(false);
    expect(checkExact('Bom dia Pedro.\rBom dia Ana.\r', bytes('Bom dia Pedro.\nBom dia Ana.\n')).matches).toBe(false);
  });

  it('never takes bytes that are not UTF-8 for the character that replaces them', () => {
    const result = checkExact('\ufffd', new Uint8Array([0xff]));
    expect(result).toMatchObject({ matches: false, difference: 'expected "\ufffd" on line 1, got "\\xff"' });
  });

  it('shows a short piece around the difference of a line of a megabyte', () => {
    const expected = `${'a'.repeat(1 << 20)}b`;
    const { difference } = checkExact(expected, bytes(`${'a'.repeat(1 << 20)}c${'d'.repeat(1000)}`));
    expect(difference).toBe(`expected "…${'a'.repeat(16)}b" on line 1, got "…${'a'.repeat(16)}c${'d'.repeat(47)}…"`);
  });
});
