import { describe, expect, it } from 'vitest';
import type { DomainError } from '../../../src/errors/domain-error.js';
import { type HandInWindow, requireMayHandIn } from '../../../src/submissions/hand-in-window.js';

const NOON = new Date('2026-09-01T12:00:00.000Z');
const after = (milliseconds: number): Date => new Date(NOON.getTime() + milliseconds);

function refusalOf(
  changes: Partial<HandInWindow['assignment']> & Partial<Omit<HandInWindow, 'assignment'>>,
): string | null {
  const { courseStatus = 'published', now = NOON, attemptsUsed = 0, ...assignment } = changes;
  const given = { status: 'published' as const, opensAt: null, closesAt: null, maxAttempts: null, ...assignment };
  try {
    requireMayHandIn({ assignment: given, courseStatus, now, attemptsUsed });
    return null;
  } catch (error) {
    return (error as DomainError).code;
  }
}

describe('requireMayHandIn', () => {
  it('lets in without limits', () => {
    expect(refusalOf({ attemptsUsed: 1_000 })).toBeNull();
  });

  it('opens in the millisecond of opensAt', () => {
    expect(refusalOf({ opensAt: after(1) })).toBe('not_open');
    expect(refusalOf({ opensAt: NOON })).toBeNull();
  });

  it('closes after the millisecond of closesAt', () => {
    expect(refusalOf({ closesAt: NOON })).toBeNull();
    expect(refusalOf({ closesAt: after(-1) })).toBe('closed');
  });

  it('is closed in an archived assignment or course', () => {
    expect(refusalOf({ status: 'archived' })).toBe('closed');
    expect(refusalOf({ courseStatus: 'archived' })).toBe('closed');
  });

  it('counts attempts', () => {
    expect(refusalOf({ maxAttempts: 3, attemptsUsed: 2 })).toBeNull();
    expect(refusalOf({ maxAttempts: 3, attemptsUsed: 3 })).toBe('attempts_exhausted');
    expect(refusalOf({ maxAttempts: 1, attemptsUsed: 1 })).toBe('attempts_exhausted');
  });
});
