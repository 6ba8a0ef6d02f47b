import { describe, expect, it } from 'vitest';
import type { FrameworkUnitTest } from '../../../../src/grading/grading-document.js';
import type { ProgramRun } from '../../../../src/grading/judge-program.js';
import { caseMatches } from '../../../../src/grading/unit/case-matches.js';
import type { DeclaredTitles } from '../../../../src/grading/unit/declared-titles.js';
import { judgeFramework } from '../../../../src/grading/unit/judge-framework.js';
import { readRecords } from '../../../../src/grading/unit/read-records.js';
import { programRun } from '../builders.js';

const TEST: FrameworkUnitTest = {
  kind: 'unit',
  name: 'unit tests',
  description: null,
  points: 10,
  visibility: 'visible',
  framework: 'pytest',
  testFiles: ['test_a.py'],
  testsFrom: 'document',
  perCase: null,
  expectedCases: null,
  limits: {},
  isolated: false,
  tamperProof: false,
};
const begin = { t: 'begin' };
const done = { t: 'done' };
const passed = (name: string, title?: string) => ({ t: 'case', name, title, outcome: 'passed', message: '' });
const failed = (name: string, title?: string) => ({ t: 'case', name, title, outcome: 'failed', message: 'no' });
const judge = (
  records: readonly object[],
  test: Partial<FrameworkUnitTest> = {},
  titles: DeclaredTitles | null = null,
  run: Partial<ProgramRun> = {},
) =>
  judgeFramework({ ...TEST, ...test }, programRun(run), readRecords(records.map((one) => JSON.stringify(one))), titles);

describe('judgeFramework', () => {
  it('shares the points among the cases', () => {
    const judged = judge([begin, passed('a::x'), passed('a::y'), failed('a::z'), done]);
    expect(judged).toMatchObject({ verdict: 'wrong_answer', points: 6.667 });
    expect(judged.message).toBe('2 of 3 cases passed.\na::z: no');
  });

  it('gives the points that the author names, shared by the cases that one name means', () => {
    const records = [begin, passed('f::x[1]'), failed('f::x[2]'), passed('f::y'), done];
    expect(judge(records, { perCase: { x: 4, y: 5, z: 1 } })).toMatchObject({
      points: 7,
      cases: [
        { points: 2, maxPoints: 2 },
        { points: 0, maxPoints: 2 },
        { points: 5 },
        { name: 'z', verdict: 'skipped', maxPoints: 1 },
      ],
    });
  });

  it('does not pass a run that ended early, and keeps what was told', () => {
    const early = judge([begin, passed('a'), { t: 'start', name: 'b' }], {
      expectedCases: { names: ['a', 'b', 'c'], count: null },
    });
    expect(early).toMatchObject({
      verdict: 'runtime_error',
      points: 3.333,
      cases: [{ verdict: 'accepted' }, { verdict: 'runtime_error' }, { verdict: 'skipped' }],
    });
    const limited = judge([begin, passed('a')], {}, null, { kind: 'cpu_limit', exitCode: null });
    expect(limited).toMatchObject({ verdict: 'time_limit_exceeded', points: 10 });
    expect(judge([passed('a'), done])).toMatchObject({ verdict: 'judge_error', points: 0 });
  });

  it('counts what was declared and did not come', () => {
    const records = [begin, { t: 'declared', names: ['f::x', 'f::y'] }, passed('f::x[1]'), passed('f::x[2]'), done];
    expect(judge(records)).toMatchObject({ verdict: 'wrong_answer', points: 6.667 });
  });

  it('believes nothing after the framework was changed', () => {
    const judged = judge([begin, passed('a'), { t: 'tampered', message: 'assert.equal' }, passed('b'), done]);
    expect(judged).toMatchObject({ verdict: 'wrong_answer', points: 5, cases: [{ points: 5 }, { points: 0 }] });
    expect(judged.message).toContain('assert.equal');
  });

  it('lets no further case of a title count', () => {
    const titles = { titles: ['x', 'y'], optional: [], isComplete: true };
    const records = [
      begin,
      failed('s > x', 'x'),
      passed('x', 'x'),
      passed('x', 'x'),
      passed('y', 'y'),
      passed('z', 'z'),
      done,
    ];
    expect(judge(records, {}, titles)).toMatchObject({ verdict: 'wrong_answer', points: 5 });
    expect(judge(records, { perCase: { x: 9, y: 1 } }, titles)).toMatchObject({ points: 1 });
  });

  it('takes a count at its word', () => {
    const records = [begin, passed('a'), passed('b'), done];
    expect(judge(records, { expectedCases: { names: [], count: 4 } })).toMatchObject({
      verdict: 'wrong_answer',
      points: 5,
    });
    expect(judge(records, { expectedCases: { names: [], count: 1 } })).toMatchObject({ points: 0 });
    expect(judge(records, { expectedCases: { names: [], count: 2 } })).toMatchObject({
      verdict: 'accepted',
      points: 10,
    });
  });

  it('does not pass without a case', () => {
    expect(judge([begin, done])).toMatchObject({
      verdict: 'wrong_answer',
      points: 0,
      message: 'No test case was run.',
    });
  });
});

describe('readRecords', () => {
  it('takes whatever it is given', () => {
    const records = ['', '[]', 'null', '{"t":1}', '{"t":"case"}', '{"t":"declared","names":[1]}', '{'];
    expect(readRecords(records)).toMatchObject({ hasBegun: false, isDone: false, cases: [{ outcome: 'failed' }] });
  });
});

describe('caseMatches', () => {
  it('takes the last parts of a name, with or without parameters', () => {
    for (const key of ['f.py::T::x[1]', 'f.py::T::x', 'T::x', 'x', 'x[1]']) {
      expect(caseMatches(key, 'f.py::T::x[1]')).toBe(true);
    }
    for (const key of ['', 'T', 'f.py', 'ax']) expect(caseMatches(key, 'f.py::T::x[1]')).toBe(false);
    expect(caseMatches('adds', 'calc > adds')).toBe(true);
  });
});
