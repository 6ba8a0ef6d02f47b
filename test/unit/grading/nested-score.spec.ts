import { describe, expect, it } from 'vitest';
import type { GradingTest, TestGroup } from '../../../src/grading/grading-document.js';
import { groupTree } from '../../../src/grading/group-tree.js';
import { submissionVerdict } from '../../../src/grading/group-verdict.js';
import { maxPoints, scoreOf } from '../../../src/grading/score.js';
import { skipReason } from '../../../src/grading/skip-rule.js';
import type { Verdict } from '../../../src/grading/verdict.js';
import { programTest } from './builders.js';

const group = (name: string, overrides: Partial<TestGroup>): TestGroup => ({
  name,
  points: null,
  scoring: 'sum',
  tests: [],
  ...overrides,
});

const tests = (...points: number[]) => points.map((value, i) => programTest({ name: `t${i}`, points: value }));
const all = (document: { tests: readonly GradingTest[] }, ...verdicts: Verdict[]) =>
  document.tests.map(({ name, points }, i) => {
    const verdict = verdicts[i] ?? 'skipped';
    return { name, verdict, points: verdict === 'accepted' ? points : 0 };
  });

describe('the score of nested groups', () => {
  const document = {
    tests: tests(1, 1, 2),
    groups: [
      group('outer', { points: 12, scoring: 'sum', groups: ['a', 'b'] }),
      group('a', { points: 1, scoring: 'all', tests: ['t0', 't1'] }),
      group('b', { points: 3, scoring: 'sum', tests: ['t2'] }),
    ],
  };

  it('takes the points of the groups inside for weights', () => {
    expect(maxPoints(document)).toBe(12);
    expect(scoreOf(document, all(document, 'accepted', 'accepted', 'wrong_answer')).score).toBe(3);
    expect(scoreOf(document, all(document, 'accepted', 'wrong_answer', 'accepted')).score).toBe(9);
    expect(scoreOf(document, all(document, 'accepted', 'accepted', 'accepted')).score).toBe(12);
  });

  it('gives all or nothing by the verdict of the group, however that came about', () => {
    const any = { ...document, groups: document.groups.map((one) => ({ ...one, acceptIfAny: true })) };
    expect(scoreOf(any, all(any, 'accepted', 'wrong_answer', 'wrong_answer')).score).toBe(3);
  });

  it('gives the best member with `max`', () => {
    const best = { tests: tests(1, 4), groups: [group('g', { points: 10, scoring: 'max', tests: ['t0', 't1'] })] };
    const partial = [
      { name: 't0', verdict: 'wrong_answer', points: 0 } as const,
      { name: 't1', verdict: 'wrong_answer', points: 3 } as const,
    ];
    expect(scoreOf(best, partial).score).toBe(7.5);
  });
});

const plain = (scoring: TestGroup['scoring'], overrides: Partial<TestGroup> = {}) => ({
  tests: tests(10, 4),
  groups: [group('g', { scoring, tests: ['t0', 't1'], ...overrides })],
});

describe('the score of a group without points of its own', () => {
  it('takes those of its members as they are', () => {
    expect((['sum', 'min', 'max', 'avg', 'all'] as const).map((scoring) => maxPoints(plain(scoring)))).toEqual([
      14, 4, 10, 7, 14,
    ]);
    const scores = (['sum', 'min', 'max', 'avg', 'all'] as const).map(
      (scoring) => scoreOf(plain(scoring), all(plain(scoring), 'accepted', 'wrong_answer')).score,
    );
    expect(scores).toEqual([10, 0, 10, 5, 0]);
  });

  it('gives nothing unless it is accepted, where it says so', () => {
    const strict = plain('sum', { onlyIfAccepted: true });
    expect(scoreOf(strict, all(strict, 'accepted', 'wrong_answer')).score).toBe(0);
    expect(scoreOf(strict, all(strict, 'accepted', 'accepted')).score).toBe(14);
  });

  it('gives for a test that failed what the group says, and nothing for one that did not run', () => {
    const kind = plain('sum', { rejectPoints: 1.5 });
    expect(scoreOf(kind, all(kind, 'accepted', 'runtime_error')).score).toBe(11.5);
    expect(scoreOf(kind, all(kind, 'accepted', 'skipped')).score).toBe(10);
    expect(scoreOf(kind, all(kind)).score).toBe(0);
  });

  it('stays within its range, whose end is what it can give', () => {
    const ranged = plain('sum', { range: { min: 2, max: 12 } });
    expect(maxPoints(ranged)).toBe(12);
    expect(scoreOf(ranged, all(ranged, 'accepted', 'accepted')).score).toBe(12);
    expect(scoreOf(ranged, all(ranged, 'wrong_answer', 'wrong_answer')).score).toBe(2);
    expect(scoreOf(ranged, all(ranged)).score).toBe(0);
  });

  it('adds nothing, and nothing to be had, where it does not count', () => {
    const samples = { tests: tests(1, 2), groups: [group('samples', { counts: false, tests: ['t0'] })] };
    expect(scoreOf(samples, all(samples, 'accepted', 'accepted'))).toEqual({ score: 2, maxScore: 2 });
  });
});

/**
 * The rules of the legacy Kattis problem format, said once more and differently: groups are walked depth first, a group is
 * left at a failure where `on_reject` is `break`, and the default grader adds up what is there.
 */
interface Node {
  readonly name: string;
  readonly children: readonly (Node | number)[];
  readonly onReject: 'break' | 'continue';
  readonly verdict: 'worst_error' | 'first_error' | 'always_accept';
  readonly score: 'sum' | 'avg' | 'min' | 'max';
  readonly acceptIfAny: boolean;
  readonly acceptScore: number;
  readonly rejectScore: number;
}

interface Judged {
  readonly verdict: Verdict;
  readonly score: number;
}

const ORDER: readonly Verdict[] = [
  'runtime_error',
  'memory_limit_exceeded',
  'time_limit_exceeded',
  'output_limit_exceeded',
  'wrong_answer',
  'accepted',
];

function kattis(node: Node, outcomes: readonly Verdict[], ran: Set<number>): Judged {
  const results: Judged[] = [];
  for (const child of node.children) {
    let result: Judged;
    if (typeof child === 'number') {
      ran.add(child);
      const verdict = outcomes[child] ?? 'skipped';
      result = { verdict, score: verdict === 'accepted' ? node.acceptScore : node.rejectScore };
    } else result = kattis(child, outcomes, ran);
    results.push(result);
    if (result.verdict !== 'accepted' && node.onReject === 'break') break;
  }
  const scores = results.map(({ score }) => score);
  const sum = scores.reduce((total, score) => total + score, 0);
  const score = { sum, avg: sum / scores.length, min: Math.min(...scores), max: Math.max(...scores) }[node.score];
  const verdicts = results.map(({ verdict }) => verdict);
  const failed = verdicts.filter((verdict) => verdict !== 'accepted');
  if (node.verdict === 'always_accept' || (node.acceptIfAny && verdicts.includes('accepted'))) {
    return { verdict: 'accepted', score };
  }
  const worst = ORDER[Math.min(...verdicts.map((verdict) => ORDER.indexOf(verdict)))] ?? 'accepted';
  return { verdict: node.verdict === 'first_error' ? (failed[0] ?? 'accepted') : worst, score };
}

function said(node: Node, points: number[]): TestGroup[] {
  for (const child of node.children) if (typeof child === 'number') points[child] = node.acceptScore;
  const verdict = { worst_error: 'worst-error', first_error: 'first-error', always_accept: 'always-accept' } as const;
  return [
    group(node.name, {
      scoring: node.score,
      tests: node.children.flatMap((child) => (typeof child === 'number' ? [`t${child}`] : [])),
      groups: node.children.flatMap((child) => (typeof child === 'number' ? [] : [child.name])),
      onReject: node.onReject,
      verdict: verdict[node.verdict],
      acceptIfAny: node.acceptIfAny,
      rejectPoints: node.rejectScore,
      range: { min: 0, max: 10_000 },
    }),
    ...node.children.flatMap((child) => (typeof child === 'number' ? [] : said(child, points))),
  ];
}

describe('a tree of the legacy Kattis format, said as groups', () => {
  let seed = 11;
  const random = (below: number) => {
    seed = (Math.imul(seed, 1103515245) + 12345) >>> 1;
    return Math.floor(seed / 8) % below;
  };
  const oneOf = <T>(values: readonly T[]): T => values[random(values.length)] as T;

  function tree(depth: number, taken: { tests: number; groups: number }): Node {
    const name = `g${taken.groups}`;
    taken.groups += 1;
    const acceptScore = random(20);
    return {
      name,
      children: Array.from({ length: 1 + random(3) }, () => {
        if (depth > 0 && random(2) === 0) return tree(depth - 1, taken);
        taken.tests += 1;
        return taken.tests - 1;
      }),
      onReject: oneOf(['break', 'continue']),
      verdict: oneOf(['worst_error', 'first_error', 'always_accept']),
      score: oneOf(['sum', 'avg', 'min', 'max']),
      acceptIfAny: random(3) === 0,
      acceptScore,
      rejectScore: random(acceptScore + 1),
    };
  }

  it('runs the same tests and comes to the same verdict and score, in hundreds of random cases', () => {
    for (let round = 0; round < 300; round += 1) {
      const taken = { tests: 0, groups: 0 };
      const root = tree(2, taken);
      const points: number[] = [];
      const groups = said(root, points);
      const document = { tests: tests(...points), groups, stopOnFailure: false };
      const outcomes = points.map(() => (random(2) === 0 ? 'accepted' : oneOf(ORDER)));
      const expectedRan = new Set<number>();
      const expected = kattis(root, outcomes, expectedRan);

      const groupsAround = groupTree(document);
      const verdicts = new Map<number, Verdict>();
      for (const [position, outcome] of outcomes.entries()) {
        const skipped = skipReason(document, groupsAround, position, verdicts) !== null;
        verdicts.set(position, skipped ? 'skipped' : outcome);
      }
      const ran = [...verdicts].filter(([, verdict]) => verdict !== 'skipped').map(([position]) => position);
      expect(ran).toEqual([...expectedRan].sort((a, b) => a - b));
      expect(submissionVerdict(groupsAround, verdicts)).toBe(expected.verdict);
      const results = all(document, ...verdicts.values());
      expect(Math.abs(scoreOf(document, results).score - expected.score)).toBeLessThan(0.01);
    }
  });
});
