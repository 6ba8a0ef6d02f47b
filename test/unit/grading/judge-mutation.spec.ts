import { describe, expect, it } from 'vitest';
import { isFound, judgeMutants, judgeNoSuite, judgeReferenceRun } from '../../../src/grading/judge-mutation.js';
import { presentGradingDocument, presentTestResult } from '../../../src/grading/visibility.js';
import { bytes, gradingDocument, mutationTest, programRun, testResult } from './builders.js';

const mutant = (id: string) => ({ id, description: `of ${id}`, files: [], diff: `${id}.py:1\n- a\n+ b` });
const tried = (...found: boolean[]) =>
  found.map((isMutantFound, index) => ({ mutant: mutant(`m${index}`), isFound: isMutantFound }));
const NOW = { now: new Date(), dueAt: null };

describe('judgeReferenceRun', () => {
  const passed = programRun({ stdout: bytes('2 passed in 0.1s') });

  it('takes a suite that passes with tests enough', () => {
    expect(judgeReferenceRun(mutationTest({ minTests: 2 }), passed, false)).toBeNull();
    expect(judgeReferenceRun(mutationTest({ minTests: 3 }), passed, false)).toMatchObject({ points: 0 });
    expect(judgeReferenceRun(mutationTest({ framework: null, run: 'x', minTests: 0 }), programRun(), false)).toBeNull();
  });

  it.each([
    [programRun({ exitCode: 1 }), 'wrong_answer'],
    [programRun({ kind: 'signalled', exitCode: null, signal: 'SIGSEGV' }), 'runtime_error'],
    [programRun({ kind: 'cpu_limit', exitCode: null }), 'time_limit_exceeded'],
    [programRun({ kind: 'memory_limit', exitCode: null }), 'memory_limit_exceeded'],
    [programRun({ kind: 'sandbox_failure', exitCode: null }), 'judge_error'],
  ])('takes no suite that ends otherwise', (run, verdict) => {
    expect(judgeReferenceRun(mutationTest(), run, false)).toMatchObject({ verdict, points: 0, cases: null });
    expect(judgeReferenceRun(mutationTest(), run, true)?.message).toContain('each time');
  });

  it('says which files were looked for', () => {
    expect(judgeNoSuite(mutationTest({ suite: ['test_*.py'] })).message).toContain('test_*.py');
  });
});

const judged = (show: 'none' | 'count' | 'names' | 'diffs') => judgeMutants(mutationTest({ show }), tried(true, false));

describe('judgeMutants', () => {
  it.each([
    [[true, true, true], 1, 'accepted', 10],
    [[true, true, false], 1, 'wrong_answer', 6.667],
    [[true, true, false], 0.6, 'accepted', 10],
    [[false, false, false], 1, 'wrong_answer', 0],
    [[], 1, 'wrong_answer', 0],
  ] as const)('gives %j of target %d: %s, %d', (found, target, verdict, points) => {
    expect(judgeMutants(mutationTest({ target }), tried(...found))).toMatchObject({ verdict, points });
  });

  it('says of mutants what the test allows, and all to staff', () => {
    expect(judged('none').message).toBeNull();
    expect(judged('count').message).toBe('The tests find 1 of 2 mutants of the reference solution.');
    expect(judged('names').message).toMatch(/\nnot found: m1$/);
    expect(judged('diffs').message).toContain('not found: m1: of m1\n    m1.py:1\n    - a\n    + b');
    const seen = (show: 'count' | 'names' | 'diffs', viewer: 'staff' | 'student') =>
      presentTestResult(testResult({ cases: judged(show).cases, visibility: 'visible' }), viewer, NOW, 1)?.cases;
    expect(seen('count', 'student')).toBeNull();
    expect(seen('names', 'student')).toMatchObject([
      { name: 'm0', message: null },
      { name: 'm1', message: null },
    ]);
    for (const cases of [seen('count', 'staff'), seen('names', 'staff'), seen('diffs', 'student')]) {
      expect(cases?.[1]).toEqual({
        name: 'm1',
        verdict: 'wrong_answer',
        points: 0,
        maxPoints: 5,
        message: 'of m1\nm1.py:1\n- a\n+ b',
      });
    }
  });

  it('keeps mutants of the document from students', () => {
    const test = mutationTest({ exclude: ['x'], mutants: [{ id: 'm', description: null, files: [], replace: [] }] });
    const document = gradingDocument({ tests: [test] });
    expect(presentGradingDocument(document, 'student', NOW).tests).toMatchObject([{ mutants: [], exclude: [] }]);
    expect(presentGradingDocument(document, 'staff', NOW)).toEqual(document);
  });
});

describe('isFound', () => {
  it('takes for found whatever does not pass', () => {
    expect(isFound(programRun())).toBe(false);
    for (const run of [{ exitCode: 1 }, { kind: 'wall_limit' as const }, { stdoutTruncated: true }]) {
      expect(isFound(programRun(run))).toBe(true);
    }
  });
});
