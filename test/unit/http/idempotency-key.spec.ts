import { describe, expect, it } from 'vitest';
import { parseIdempotencyKey } from '../../../src/http/idempotent.interceptor.js';

describe('an Idempotency-Key', () => {
  it.each([
    ['abc', 'abc'],
    ['"abc"', 'abc'],
    ['  "abc" ', 'abc'],
    [String.raw`"a\"b\\c"`, String.raw`a"b\c`],
    ['a'.repeat(255), 'a'.repeat(255)],
    [undefined, null],
  ])('%j is %j', (header, key) => {
    expect(parseIdempotencyKey(header)).toBe(key);
  });

  it.each(['', '""', 'a'.repeat(256), 'schlüssel', 'a\u0007b'])('%j is refused', (header) => {
    expect(() => parseIdempotencyKey(header)).toThrow(
      expect.objectContaining({ kind: 'invalid', code: 'idempotency_key_invalid' }),
    );
  });
});
