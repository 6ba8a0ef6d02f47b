import { describe, expect, it } from 'vitest';
import { checkContains } from '../../../../src/grading/checkers/contains.js';
import { bytes } from '../builders.js';

describe('contains', () => {
  it.each([
    ['ok. 28 passed;', 'running\ntest result: ok. 28 passed; 0 failed\n'],
    ['a', 'a'],
    ['', ''],
    ['', 'x'],
    ['\n', ''],
    ['a\n', 'xay'],
    ['a\nb\n', 'x\r\na\r\nb'],
    ['[[58.0,64.0],\r\n[139.0,154.0]]', '[[58.0,64.0],\n[139.0,154.0]]\n'],
    ['Bom dia Pedro.\rBom dia Ana.', 'Bom dia Pedro.\rBom dia Ana.\r'],
    ['JOSÉ', 'Bom dia JOSÉ.'],
  ])('finds %j in %j', (expected, actual) => {
    expect(checkContains(expected, bytes(actual))).toEqual({ matches: true, difference: null });
  });

  it('needs every letter as it is', () => {
    expect(checkContains('Hello', bytes('hello'))).toEqual({
      matches: false,
      difference: 'expected "Hello" somewhere in it, got "hello"',
    });
    expect(checkContains('a', bytes('')).difference).toBe('expected "a" somewhere in it, got nothing');
    expect(checkContains('a\nb', bytes('a\rb')).matches).toBe(false);
    expect(checkContains('\ufffd', new Uint8Array([0xff, 0xfe])).matches).toBe(false);
  });

  it('agrees with a plain search over all small texts', () => {
    const texts = Array.from({ length: 2 ** 10 }, (_, i) => i.toString(2).replaceAll('0', 'a').replaceAll('1', 'b'));
    const wrong: string[][] = [];
    for (const text of texts) {
      const encoded = bytes(text);
      for (const needle of texts.slice(0, 64)) {
        if (checkContains(needle, encoded).matches !== text.includes(needle)) wrong.push([needle, text]);
      }
    }
    expect(wrong).toEqual([]);
  });

  it('takes linear time where a plain search would take years', () => {
    const needle = `${'a'.repeat(500_000)}b`;
    expect(checkContains(needle, bytes('a'.repeat(1 << 20))).matches).toBe(false);
    expect(checkContains(needle, bytes(`${'a'.repeat(1 << 20)}b`)).matches).toBe(true);
    expect(checkContains(`b${'a'.repeat(500_000)}`, bytes('a'.repeat(1 << 20))).matches).toBe(false);
  });
});
