import { describe, expect, it } from 'vitest';
import { boundedCases, CASE_LIMITS, type CaseResult, equalParts } from '../../../src/grading/case-results.js';

const one = (overrides: Partial<CaseResult> = {}): CaseResult => ({
  name: 'one',
  verdict: 'accepted',
  points: 1,
  maxPoints: 1,
  message: null,
  ...overrides,
});

describe('boundedCases', () => {
  it('keeps what is within the bounds as it is', () => {
    const cases = [one({ message: 'fine' }), one({ verdict: 'wrong_answer', message: 'not 3' })];
    expect(boundedCases(cases)).toEqual(cases);
  });

  it('keeps so many cases and no more', () => {
    expect(boundedCases(Array.from({ length: 5000 }, () => one()))).toHaveLength(CASE_LIMITS.cases);
  });

  it('keeps the messages of cases that failed before those of others', () => {
    const message = 'x'.repeat(1000);
    const cases = [
      ...Array.from({ length: 500 }, () => one({ message })),
      ...Array.from({ length: 60 }, () => one({ verdict: 'wrong_answer', message })),
    ];
    const bounded = boundedCases(cases);
    expect(bounded.slice(500).every((kept) => kept.message === message)).toBe(true);
    const characters = bounded.reduce((sum, kept) => sum + (kept.message?.length ?? 0), 0);
    expect(characters).toBeLessThan(CASE_LIMITS.messageCharacters * 2);
    expect(bounded[499]?.message).toMatch(/^x{40}… \[960 characters cut\]$/);
  });
});

describe('equalParts', () => {
  it('adds up to the whole, in thousandths', () => {
    expect(equalParts(10, 3)).toEqual([3.333, 3.334, 3.333]);
    expect(equalParts(1, 0)).toEqual([]);
    for (const count of [1, 7, 999, 1000]) {
      const parts = equalParts(0.5, count);
      expect(Math.round(parts.reduce((sum, part) => sum + part * 1000, 0))).toBe(500);
    }
  });
});
