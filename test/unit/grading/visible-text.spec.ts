import { describe, expect, it } from 'vitest';
import { visibleText } from '../../../src/grading/visible-text.js';
import { bytes } from './builders.js';

describe('visibleText', () => {
  it('shows what is invisible', () => {
    expect(visibleText(bytes('a b\tc\r\n\0'))).toBe('a·b→c\\r↵␀');
    expect(visibleText(bytes('\u001b[31m\u007f'))).toBe('\\x1b[31m\\x7f');
    expect(visibleText(bytes('\u00a0\u200b\ufeff\u202e'))).toBe('\\u{a0}\\u{200b}\\u{feff}\\u{202e}');
  });

  it('leaves letters of all lengths as they are', () => {
    expect(visibleText(bytes('aä€😀'))).toBe('aä€😀');
  });

  it('shows every byte that is not UTF-8 by its number', () => {
    expect(visibleText(new Uint8Array([0xff, 0xc0, 0x80, 0x61, 0xe2, 0x82]))).toBe('\\xff\\xc0\\x80a\\xe2\\x82');
    expect(visibleText(new Uint8Array([0xed, 0xa0, 0x80]))).toBe('\\xed\\xa0\\x80');
  });
});
