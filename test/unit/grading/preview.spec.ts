import { describe, expect, it } from 'vitest';
import { textPreview } from '../../../src/grading/preview.js';

const bytes = (text: string) => new TextEncoder().encode(text);

describe('textPreview', () => {
  it('gives short text back as it is, with its line breaks and its byte order mark', () => {
    expect(textPreview(bytes('a\r\n\tä€😀\n'))).toBe('a\r\n\tä€😀\n');
    expect(textPreview(bytes('\ufeffa'))).toBe('\ufeffa');
    expect(textPreview(new Uint8Array())).toBe('');
  });

  it('cuts at the limit and says how much', () => {
    expect(textPreview(bytes('a'.repeat(8192)))).toHaveLength(8192);
    expect(textPreview(bytes('a'.repeat(9000)))).toBe(`${'a'.repeat(8192)}… [808 bytes cut]`);
    expect(textPreview(bytes('abc'), 0)).toBe('… [3 bytes cut]');
  });

  it('never cuts a character in two', () => {
    for (const character of ['ä', '€', '😀']) {
      const text = bytes(character.repeat(10));
      for (let limit = 0; limit < text.length; limit += 1) {
        const preview = textPreview(text, limit);
        expect(preview).not.toContain('\ufffd');
        const kept = preview.slice(0, preview.indexOf('…'));
        const cut = Number(/\[(\d+) bytes cut\]/.exec(preview)?.[1]);
        expect(bytes(kept).length + cut).toBe(text.length);
        expect(limit - bytes(kept).length).toBeLessThan(4);
      }
    }
  });

  it('shows NUL and bytes that are not UTF-8 in a way that every database can hold', () => {
    expect(textPreview(new Uint8Array([0x61, 0, 0x62]))).toBe('a␀b');
    expect(textPreview(new Uint8Array([0x61, 0xff, 0x62]))).toBe('a\ufffdb');
    expect(textPreview(new Uint8Array(20_000).fill(0x80))).toContain('bytes cut');
    expect(textPreview(new Uint8Array(100_000))).not.toContain('\0');
  });
});
