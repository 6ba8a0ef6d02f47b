import { describe, expect, it } from 'vitest';
import type { GroupScoring } from '../../../src/grading/grading-document.js';
import { maxPoints, scoreOf } from '../../../src/grading/score.js';
import type { Verdict } from '../../../src/grading/verdict.js';
import { programTest } from './builders.js';

const tests = (...points: number[]) => points.map((value, i) => programTest({ name: `t${i}`, points: value }));
const results = (...points: number[]) =>
  points.map((value, i) => result(i, value, value > 0 ? 'accepted' : 'wrong_answer'));
const result = (index: number, points: number, verdict: Verdict) => ({ name: `t${index}`, points, verdict });
const group = (scoring: GroupScoring, points: number, ...names: string[]) => ({
  name: `g-${names[0]}`,
  points,
  scoring,
  tests: names,
});

const weighted = (scoring: GroupScoring) => ({ tests: tests(1, 3), groups: [group(scoring, 10, 't0', 't1')] });

describe('the score without groups', () => {
  it('is the sum of the points, without the errors of binary fractions', () => {
    const document = { tests: tests(0.1, 0.2), groups: [] };
    expect(maxPoints(document)).toBe(0.3);
    expect(scoreOf(document, results(0.1, 0.2))).toEqual({ score: 0.3, maxScore: 0.3 });
    expect(scoreOf(document, results(0, 0.2))).toEqual({ score: 0.2, maxScore: 0.3 });
  });

  it('counts nothing for tests without a result, unknown names and impossible points', () => {
    const document = { tests: tests(1, 2), groups: [] };
    expect(scoreOf(document, []).score).toBe(0);
    expect(scoreOf(document, [{ name: 'other', points: 9, verdict: 'accepted' }]).score).toBe(0);
    expect(scoreOf(document, results(9, -5)).score).toBe(1);
  });

  it('stays exact over 500 tests of 0.001 to 0.5 points', () => {
    const points = Array.from({ length: 500 }, (_, i) => (i + 1) / 1000);
    const document = { tests: tests(...points), groups: [] };
    expect(scoreOf(document, results(...points))).toEqual({ score: 125.25, maxScore: 125.25 });
  });

  it('takes a test named like a property of every object for what it is', () => {
    const document = { tests: [programTest({ name: '__proto__', points: 2 })], groups: [] };
    expect(scoreOf(document, [{ name: '__proto__', points: 2, verdict: 'accepted' }])).toEqual({
      score: 2,
      maxScore: 2,
    });
  });
});

describe('the score of a group', () => {
  it('replaces the points of its tests, and leaves the others alone', () => {
    const document = { tests: tests(1, 1, 7), groups: [group('all', 50, 't0', 't1')] };
    expect(maxPoints(document)).toBe(57);
    expect(scoreOf(document, results(1, 1, 7)).score).toBe(57);
    expect(scoreOf(document, results(1, 0, 7)).score).toBe(7);
  });

  it('is all or nothing with `all`, by verdict and not by points', () => {
    const document = { tests: tests(0, 0), groups: [group('all', 50, 't0', 't1')] };
    const accepted = (...verdicts: Verdict[]) =>
      scoreOf(
        document,
        verdicts.map((verdict, i) => ({ name: `t${i}`, points: 0, verdict })),
      ).score;
    expect(accepted('accepted', 'accepted')).toBe(50);
    expect(accepted('accepted', 'skipped')).toBe(0);
    expect(accepted('accepted')).toBe(0);
  });

  it('is shared by weight with `sum`', () => {
    const document = { tests: tests(1, 3), groups: [group('sum', 10, 't0', 't1')] };
    expect(scoreOf(document, results(1, 0)).score).toBe(2.5);
    expect(scoreOf(document, results(0, 3)).score).toBe(7.5);
    expect(scoreOf(document, results(1, 3)).score).toBe(10);
  });

  it('is shared evenly with `sum` when no test carries points', () => {
    const document = { tests: tests(0, 0, 0), groups: [group('sum', 10, 't0', 't1', 't2')] };
    const one = scoreOf(document, [{ name: 't0', points: 0, verdict: 'accepted' }]);
    expect(one.score).toBe(3.333);
  });

  it('is what the worst test reached with `min`, and the mean with `avg`', () => {
    const partial = results(1, 1.5);
    expect(scoreOf(weighted('min'), partial).score).toBe(5);
    expect(scoreOf(weighted('avg'), partial).score).toBe(7.5);
    expect(scoreOf(weighted('min'), results(1)).score).toBe(0);
  });

  it('gives whole points where thirds add up', () => {
    const thirds = { tests: tests(3, 3, 3), groups: [group('avg', 3, 't0', 't1', 't2')] };
    expect(scoreOf(thirds, results(1, 1, 1)).score).toBe(1);
    expect(scoreOf(thirds, results(3, 3, 3)).score).toBe(3);
  });

  it('lies between 0 and the maximum for every scoring, with at most three decimals, and never falls when a test gets better', () => {
    let seed = 7;
    const random = (below: number) => {
      seed = (Math.imul(seed, 1103515245) + 12345) >>> 1;
      return seed % below;
    };
    for (let round = 0; round < 100; round += 1) {
      const points = Array.from({ length: 1 + random(6) }, () => random(5000) / 1000);
      const names = points.map((_, i) => `t${i}`);
      for (const scoring of ['all', 'sum', 'min', 'avg', 'max'] as const) {
        const document = { tests: tests(...points), groups: [group(scoring, random(100_000) / 1000, ...names)] };
        const some = points.map((max, i) => result(i, random(2) * max, 'wrong_answer'));
        const { score, maxScore } = scoreOf(document, some);
        expect(score).toBeGreaterThanOrEqual(0);
        expect(score).toBeLessThanOrEqual(maxScore);
        expect(Math.round(score * 1000) / 1000).toBe(score);
        const better = some.map((one, i) => (i === 0 ? { ...one, points: points[0] ?? 0 } : one));
        expect(scoreOf(document, better).score).toBeGreaterThanOrEqual(score);
        const full = points.map((max, i) => result(i, max, 'accepted'));
        expect(scoreOf(document, full).score).toBe(maxScore);
      }
    }
  });

  it('grades in subtasks as the Kattis sample oddecho does', () => {
    const document = {
      tests: tests(0, 0, 0, 0),
      groups: [group('all', 50, 't0', 't1'), group('all', 50, 't2', 't3')],
    };
    const verdicts: Verdict[] = ['accepted', 'accepted', 'accepted', 'time_limit_exceeded'];
    expect(
      scoreOf(
        document,
        verdicts.map((verdict, i) => ({ name: `t${i}`, points: 0, verdict })),
      ),
    ).toEqual({ score: 50, maxScore: 100 });
  });
});
