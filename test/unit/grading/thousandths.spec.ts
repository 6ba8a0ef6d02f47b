import { describe, expect, it } from 'vitest';
import { fromThousandths, hasAtMostThreeDecimals, scale, toThousandths } from '../../../src/grading/thousandths.js';

describe('thousandths', () => {
  it('give back every number of at most three decimals', () => {
    const wrong: number[] = [];
    for (let i = 0; i <= 200_000; i += 1) {
      const written = Number(`${Math.floor(i / 1000)}.${String(i % 1000).padStart(3, '0')}`);
      if (toThousandths(written) !== i || fromThousandths(i) !== written) wrong.push(written);
    }
    expect(wrong).toEqual([]);
  });

  it('tell three decimals from more', () => {
    for (const value of [0, 0.1, 0.125, 1.005, 999_999.999, 1e6, 0.3]) expect(hasAtMostThreeDecimals(value)).toBe(true);
    for (const value of [0.0005, 1.0001, 1 / 3, 0.1 + 0.2, 999_999.9999]) {
      expect(hasAtMostThreeDecimals(value)).toBe(false);
    }
  });

  it('are scaled exactly, halves up, also beyond what a double holds', () => {
    expect(scale(1, 1, 2)).toBe(1);
    expect(scale(1, 1, 3)).toBe(0);
    expect(scale(5, 1, 2)).toBe(3);
    expect(scale(1_000_000_000, 999_999_999_999, 1e12)).toBe(1_000_000_000);
    expect(scale(999_999_999, 1_000_000_007, 1_000_000_007)).toBe(999_999_999);
  });
});
