import { describe, expect, it } from 'vitest';
import { countedAttempt } from '../../../src/grading/counted-attempt.js';

const attempts = (...scores: (number | null)[]) => scores.map((score, index) => ({ attempt: index + 1, score }));

describe('countedAttempt', () => {
  it('takes the best one, and of equal ones the earliest', () => {
    expect(countedAttempt('best', attempts(1, 5, 3))?.attempt).toBe(2);
    expect(countedAttempt('best', attempts(5, 5))?.attempt).toBe(1);
    expect(countedAttempt('best', attempts(5, 5).toReversed())?.attempt).toBe(1);
    expect(countedAttempt('best', attempts(0))?.attempt).toBe(1);
  });

  it('takes the latest one by its number, in whatever order they come', () => {
    expect(countedAttempt('latest', attempts(5, 3))?.attempt).toBe(2);
    expect(countedAttempt('latest', attempts(5, 3).toReversed())?.attempt).toBe(2);
  });

  it('passes over attempts that are not graded', () => {
    expect(countedAttempt('latest', attempts(5, 3, null))?.attempt).toBe(2);
    expect(countedAttempt('best', attempts(null, 0, null))?.attempt).toBe(2);
  });

  it('is null when nothing is graded', () => {
    for (const rule of ['best', 'latest'] as const) {
      expect(countedAttempt(rule, [])).toBeNull();
      expect(countedAttempt(rule, attempts(null, null))).toBeNull();
    }
  });
});
