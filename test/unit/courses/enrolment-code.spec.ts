import { describe, expect, it } from 'vitest';
import { isEnrolmentCode, makeEnrolmentCode } from '../../../src/courses/enrolment-code.js';

describe('enrolment codes', () => {
  it('are easy to read aloud, and each is another', () => {
    const codes = Array.from({ length: 100 }, () => makeEnrolmentCode());
    for (const code of codes) expect(code).toMatch(/^[A-HJKMNP-Z2-9]{5}-[A-HJKMNP-Z2-9]{5}$/);
    expect(new Set(codes).size).toBe(100);
  });

  it('are compared whole, whatever their length, but for blanks around them', () => {
    expect(isEnrolmentCode('abc', 'abc')).toBe(true);
    expect(isEnrolmentCode(' abc\n', 'abc ')).toBe(true);
    for (const wrong of ['', 'ab', 'abcd', 'ABC', 'a bc']) expect(isEnrolmentCode(wrong, 'abc')).toBe(false);
  });
});
