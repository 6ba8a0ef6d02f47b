import { describe, expect, it } from 'vitest';
import type { TestGroup } from '../../../src/grading/grading-document.js';
import { groupTree } from '../../../src/grading/group-tree.js';
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

/** Which of the tests t0, t1, … run, where those that run give `verdicts`. */
function ran(groups: readonly TestGroup[], verdicts: readonly Verdict[], stopOnFailure = false): string {
  const tests = verdicts.map((_, i) => programTest({ name: `t${i}` }));
  const tree = groupTree({ tests, groups });
  const results = new Map<number, Verdict>();
  for (const [position, verdict] of verdicts.entries()) {
    results.set(position, skipReason({ stopOnFailure }, tree, position, results) === null ? verdict : 'skipped');
  }
  return [...results.entries()].flatMap(([i, verdict]) => (verdict === 'skipped' ? [] : [`t${i}`])).join(' ');
}

const wa = 'wrong_answer';
const ac = 'accepted';

describe('skipReason', () => {
  it('lets everything run that nothing rules out', () => {
    expect(ran([group('g', { tests: ['t0', 't1'] })], [wa, wa, wa])).toBe('t0 t1 t2');
  });

  it('ends a document at its first failure, where it says so', () => {
    expect(ran([], [ac, wa, ac], true)).toBe('t0 t1');
  });

  it('ends a group at its first failure, and only that group', () => {
    expect(ran([group('g', { onReject: 'break', tests: ['t0', 't1', 't2'] })], [ac, wa, ac, ac])).toBe('t0 t1 t3');
  });

  it('ends the group around when the group inside is over and failed, not before', () => {
    const groups = [
      group('outer', { onReject: 'break', groups: ['a', 'b'] }),
      group('a', { onReject: 'continue', tests: ['t0', 't1'] }),
      group('b', { tests: ['t2'] }),
    ];
    expect(ran(groups, [wa, ac, ac, ac])).toBe('t0 t1 t3');
    expect(ran(groups, [ac, ac, ac, ac])).toBe('t0 t1 t2 t3');
  });

  it('goes on after a group that is accepted in spite of its failures', () => {
    const groups = [
      group('outer', { onReject: 'break', groups: ['a', 'b'] }),
      group('a', { onReject: 'break', verdict: 'always-accept', tests: ['t0', 't1'] }),
      group('b', { tests: ['t2'] }),
    ];
    expect(ran(groups, [wa, ac, ac])).toBe('t0 t2');
  });

  it('is not ended by what does not count', () => {
    const groups = [
      group('outer', { onReject: 'break', groups: ['samples', 'b'] }),
      group('samples', { counts: false, tests: ['t0'] }),
      group('b', { tests: ['t1'] }),
    ];
    expect(ran(groups, [wa, ac])).toBe('t0 t1');
  });

  it('skips what requires a group that is not accepted, and what requires that', () => {
    const groups = [
      group('a', { tests: ['t0'] }),
      group('b', { tests: ['t1', 't2'], requires: ['a'] }),
      group('c', { tests: ['t3'], requires: ['b'] }),
      group('d', { tests: ['t4'], requires: [] }),
    ];
    expect(ran(groups, [wa, ac, ac, ac, ac])).toBe('t0 t4');
    expect(ran(groups, [ac, ac, wa, ac, ac])).toBe('t0 t1 t2 t4');
    expect(ran(groups, [ac, ac, ac, ac, ac])).toBe('t0 t1 t2 t3 t4');
  });

  it('says why, without naming what a student may not know of', () => {
    const tests = [programTest({ name: 'secret one' }), programTest({ name: 'next' })];
    const groups = [group('a', { tests: ['secret one'] }), group('b', { tests: ['next'], requires: ['a'] })];
    const tree = groupTree({ tests, groups });
    expect(skipReason({ stopOnFailure: false }, tree, 1, new Map([[0, wa]]))).toBe(
      'Not run, because another group of tests must be passed before.',
    );
  });
});
