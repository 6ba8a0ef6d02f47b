import { describe, expect, it } from 'vitest';
import type { TestGroup } from '../../../src/grading/grading-document.js';
import { groupTree } from '../../../src/grading/group-tree.js';
import { submissionVerdict } from '../../../src/grading/group-verdict.js';
import { VERDICTS, type Verdict } from '../../../src/grading/verdict.js';
import { programTest } from './builders.js';

const group = (name: string, overrides: Partial<TestGroup>): TestGroup => ({
  name,
  points: null,
  scoring: 'sum',
  tests: [],
  ...overrides,
});

/** The verdict of tests t0, t1, … in `groups`. */
function verdictIn(groups: readonly TestGroup[], ...verdicts: Verdict[]): Verdict {
  const tests = verdicts.map((_, i) => programTest({ name: `t${i}` }));
  return submissionVerdict(groupTree({ tests, groups }), new Map(verdicts.entries()));
}

const verdictOf = (...verdicts: Verdict[]) => verdictIn([], ...verdicts);

describe('the verdict without groups', () => {
  it('is accepted when every test is', () => {
    expect(verdictOf('accepted')).toBe('accepted');
    expect(verdictOf('accepted', 'accepted')).toBe('accepted');
  });

  it('is the verdict of the first test that is neither accepted nor skipped', () => {
    expect(verdictOf('accepted', 'skipped', 'runtime_error', 'wrong_answer')).toBe('runtime_error');
    expect(verdictOf('wrong_answer', 'judge_error')).toBe('wrong_answer');
    expect(verdictOf('judge_error', 'wrong_answer')).toBe('judge_error');
  });

  it('is never accepted when something was skipped, or when there is nothing', () => {
    expect(verdictOf('accepted', 'skipped')).toBe('skipped');
    expect(verdictOf('skipped', 'skipped')).toBe('skipped');
    expect(verdictOf()).toBe('judge_error');
  });

  it('is accepted for all pairs of verdicts only where both are', () => {
    for (const a of VERDICTS) {
      for (const b of VERDICTS) {
        expect(verdictOf(a, b) === 'accepted').toBe(a === 'accepted' && b === 'accepted');
      }
    }
  });
});

describe('the verdict with groups', () => {
  it('is the same for all triples of verdicts, however the tests are grouped, while no group says otherwise', () => {
    const grouped = [group('a', { tests: ['t0', 't2'] }), group('b', { groups: ['c'] }), group('c', { tests: ['t1'] })];
    for (const a of VERDICTS) {
      for (const b of VERDICTS) {
        for (const c of VERDICTS) expect(verdictIn(grouped, a, b, c)).toBe(verdictOf(a, b, c));
      }
    }
  });

  it('is the worst error where a group asks for it, whatever comes first', () => {
    const worst = [group('g', { verdict: 'worst-error', tests: ['t0', 't1', 't2'] })];
    expect(verdictIn(worst, 'wrong_answer', 'time_limit_exceeded', 'runtime_error')).toBe('runtime_error');
    expect(verdictIn(worst, 'wrong_answer', 'output_limit_exceeded', 'accepted')).toBe('output_limit_exceeded');
    expect(verdictIn(worst, 'time_limit_exceeded', 'memory_limit_exceeded', 'accepted')).toBe('memory_limit_exceeded');
    expect(verdictIn(worst, 'accepted', 'accepted', 'accepted')).toBe('accepted');
  });

  it('is accepted where a group always is, unless nothing of it ran', () => {
    const always = [group('g', { verdict: 'always-accept', tests: ['t0', 't1'] })];
    expect(verdictIn(always, 'runtime_error', 'skipped')).toBe('accepted');
    expect(verdictIn(always, 'skipped', 'skipped')).toBe('skipped');
  });

  it('is accepted where one is enough, and else as the verdict mode says', () => {
    const any = [group('g', { acceptIfAny: true, verdict: 'worst-error', tests: ['t0', 't1'] })];
    expect(verdictIn(any, 'runtime_error', 'accepted')).toBe('accepted');
    expect(verdictIn(any, 'wrong_answer', 'runtime_error')).toBe('runtime_error');
  });

  it('takes no notice of a group that does not count', () => {
    const groups = [group('samples', { counts: false, tests: ['t0'] }), group('secret', { tests: ['t1'] })];
    expect(verdictIn(groups, 'wrong_answer', 'accepted')).toBe('accepted');
    expect(verdictIn(groups, 'accepted', 'wrong_answer')).toBe('wrong_answer');
  });

  it('comes through nested groups, each by its own rule', () => {
    const groups = [
      group('outer', { verdict: 'first-error', groups: ['inner', 'last'] }),
      group('inner', { verdict: 'worst-error', tests: ['t0', 't1'] }),
      group('last', { tests: ['t2'] }),
    ];
    expect(verdictIn(groups, 'wrong_answer', 'runtime_error', 'time_limit_exceeded')).toBe('runtime_error');
    expect(verdictIn(groups, 'accepted', 'accepted', 'time_limit_exceeded')).toBe('time_limit_exceeded');
  });
});
