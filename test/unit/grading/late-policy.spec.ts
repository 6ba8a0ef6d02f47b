import { describe, expect, it } from 'vitest';
import { isLate, scoreAfterLatePolicy, type LatePolicy } from '../../../src/grading/late-policy.js';

const dueAt = new Date('2026-03-01T12:00:00.000Z');
const after = (ms: number) => new Date(dueAt.getTime() + ms);
const HOUR = 3_600_000;
const tenPerDay: LatePolicy = { kind: 'percent', perDay: 10, max: 50 };
const scoreAt = (ms: number, policy: LatePolicy = tenPerDay, score = 20) =>
  scoreAfterLatePolicy(score, { submittedAt: after(ms), dueAt, policy });

describe('isLate', () => {
  it('begins one millisecond after the due date', () => {
    expect(isLate(after(-1), dueAt)).toBe(false);
    expect(isLate(after(0), dueAt)).toBe(false);
    expect(isLate(after(1), dueAt)).toBe(true);
  });

  it('never is without a due date', () => {
    expect(isLate(after(1e12), null)).toBe(false);
  });
});

describe('scoreAfterLatePolicy', () => {
  it('takes nothing in time, without a due date and without a policy', () => {
    expect(scoreAt(0)).toBe(20);
    expect(scoreAfterLatePolicy(20, { submittedAt: after(HOUR), dueAt: null, policy: tenPerDay })).toBe(20);
    expect(scoreAt(1000 * HOUR, { kind: 'none' })).toBe(20);
  });

  it('takes the percentage for each day begun', () => {
    expect(scoreAt(1)).toBe(18);
    expect(scoreAt(24 * HOUR)).toBe(18);
    expect(scoreAt(24 * HOUR + 1)).toBe(16);
  });

  it('stops at the maximum, and never goes below zero', () => {
    expect(scoreAt(1000 * HOUR)).toBe(10);
    expect(scoreAt(1000 * HOUR, { kind: 'percent', perDay: 100, max: 100 })).toBe(0);
    expect(scoreAt(1000 * HOUR, { kind: 'percent', perDay: 200, max: 300 })).toBe(0);
  });

  it('rounds to thousandths without the errors of binary fractions', () => {
    expect(scoreAt(1, tenPerDay, 0.3)).toBe(0.27);
    expect(scoreAt(1, { kind: 'percent', perDay: 33.333, max: 100 }, 1)).toBe(0.667);
    expect(scoreAt(1, { kind: 'percent', perDay: 50, max: 100 }, 0.001)).toBe(0.001);
  });

  it('never rises with time', () => {
    let last = Infinity;
    for (let hour = 0; hour < 300; hour += 1) {
      const score = scoreAt(hour * HOUR, { kind: 'percent', perDay: 7.5, max: 60 }, 13.337);
      expect(score).toBeLessThanOrEqual(last);
      last = score;
    }
  });
});
