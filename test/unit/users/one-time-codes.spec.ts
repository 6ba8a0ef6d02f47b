import { describe, expect, it } from 'vitest';
import {
  hashOfCode,
  isTimeCode,
  newRecoveryCodes,
  newSecret,
  plainCode,
  stepOf,
  uriOf,
} from '../../../src/users/one-time-codes.js';

/** "12345678901234567890" in base 32: the secret of RFC 6238, appendix B. */
const SECRET = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';

const at = (seconds: number): number | null => stepOf(SECRET, '279037', new Date((2_000_000_000 + seconds) * 1_000), 0);

describe('a code of an authenticator program', () => {
  // The last six digits of the table of RFC 6238, appendix B.
  it.each([
    [59, '287082', 1],
    [1_111_111_109, '081804', 37_037_036],
    [1_111_111_111, '050471', 37_037_037],
    [1_234_567_890, '005924', 41_152_263],
    [2_000_000_000, '279037', 66_666_666],
  ])('at %i s is %s', (seconds, code, step) => {
    expect(stepOf(SECRET, code, new Date(seconds * 1_000), 0)).toBe(step);
    expect(stepOf(SECRET, '000000', new Date(seconds * 1_000), 0)).toBeNull();
  });

  it('is good half a minute early or late, and no longer', () => {
    expect([-30, 0, 30].map(at)).toEqual([66_666_666, 66_666_666, 66_666_666]);
    expect([-61, 61].map(at)).toEqual([null, null]);
  });

  it('is good once, and none before it is good after it', () => {
    const now = new Date(2_000_000_000_000);
    expect(stepOf(SECRET, '279037', now, 66_666_665)).toBe(66_666_666);
    expect(stepOf(SECRET, '279037', now, 66_666_666)).toBeNull();
    expect(stepOf(SECRET, '279037', now, 66_666_667)).toBeNull();
  });

  it('may be typed with a blank', () => {
    expect(isTimeCode(plainCode(' 279 037'))).toBe(true);
    expect(isTimeCode('27903')).toBe(false);
    expect(isTimeCode('٢٧٩٠٣٧')).toBe(false);
  });
});

describe('a secret', () => {
  it('has 160 random bits, and an address that programs read', () => {
    expect(newSecret()).toMatch(/^[A-Z2-7]{32}$/);
    expect(newSecret()).not.toBe(newSecret());
    const uri = new URL(uriOf(SECRET, 'ada@example.org'));
    expect(uri.protocol).toBe('otpauth:');
    expect(Object.fromEntries(uri.searchParams)).toMatchObject({
      issuer: 'Assay',
      secret: SECRET,
      digits: '6',
      period: '30',
    });
  });
});

describe('recovery codes', () => {
  it('are ten different ones of 120 bits, the same however they are typed', () => {
    const codes = newRecoveryCodes();
    expect(new Set(codes).size).toBe(10);
    for (const code of codes) {
      expect(code).toMatch(/^(?:[a-z2-7]{4}-){5}[a-z2-7]{4}$/);
      expect(isTimeCode(plainCode(code))).toBe(false);
      expect(hashOfCode(` ${code.replaceAll('-', ' ').toUpperCase()} `)).toBe(hashOfCode(code));
    }
  });
});
