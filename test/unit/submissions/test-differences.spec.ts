import { describe, expect, it } from 'vitest';
import { type ComparedTest, testDifferences } from '../../../src/submissions/test-differences.js';

const test = (name: string, fields: Partial<ComparedTest> = {}): ComparedTest => ({
  name,
  verdict: 'accepted',
  points: 2,
  maxPoints: 2,
  ...fields,
});

const LOST = { verdict: 'wrong_answer', points: 0 } as const;

describe('the tests of two results that differ', () => {
  it('are none where all gave the same, in whatever order', () => {
    expect(testDifferences([test('a'), test('b')], [test('b'), test('a')])).toEqual([]);
  });

  it('have another verdict, other points, or other points to be had', () => {
    const earlier = [test('a'), test('b'), test('c'), test('d')];
    const later = [test('a'), test('b', LOST), test('c', { maxPoints: 3 }), test('d', { points: 1 })];
    expect(testDifferences(earlier, later)).toEqual([
      {
        name: 'b',
        earlier: { verdict: 'accepted', points: 2, maxPoints: 2 },
        later: { verdict: 'wrong_answer', points: 0, maxPoints: 2 },
      },
      {
        name: 'c',
        earlier: { verdict: 'accepted', points: 2, maxPoints: 2 },
        later: { verdict: 'accepted', points: 2, maxPoints: 3 },
      },
      {
        name: 'd',
        earlier: { verdict: 'accepted', points: 2, maxPoints: 2 },
        later: { verdict: 'accepted', points: 1, maxPoints: 2 },
      },
    ]);
  });

  it('are those that were added, and at the end those that were taken away', () => {
    const given = { verdict: 'accepted', points: 2, maxPoints: 2 };
    expect(testDifferences([test('old'), test('both')], [test('new'), test('both')])).toEqual([
      { name: 'new', earlier: null, later: given },
      { name: 'old', earlier: given, later: null },
    ]);
    expect(testDifferences([], [test('a')])).toHaveLength(1);
    expect(testDifferences([test('a')], [])).toHaveLength(1);
  });
});
