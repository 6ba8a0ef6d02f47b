import { describe, expect, it } from 'vitest';
import { runTests } from '../../../src/worker/run-tests.js';
import { runOutcome } from '../../support/fake-sandbox.js';
import { gradingDocument, gradingSession, runtime } from '../../support/grading-session.js';

const tests = ['one', 'two', 'three'].map((name) => ({
  kind: 'program',
  name,
  points: 1,
  stdin: name,
  expect: { stdout: 'one' },
}));

describe('runTests', () => {
  it('runs all tests in order, tells of each, and adds up', async () => {
    const told: string[] = [];
    const session = gradingSession(() => runOutcome({ stdout: 'one' }), { document: gradingDocument({ tests }) });
    const result = await runTests(session, ({ name }, position) => told.push(`${position} ${name}`));
    expect(result).toMatchObject({ verdict: 'accepted', score: 3, maxScore: 3, buildOutput: null });
    expect(told).toEqual(['0 one', '1 two', '2 three']);
  });

  it('goes on after a test that failed, and has the verdict of the first such', async () => {
    const session = gradingSession(({ stdin }) => runOutcome({ stdout: stdin.toString() }), {
      document: gradingDocument({ tests }),
    });
    const result = await runTests(session, () => undefined);
    expect(result).toMatchObject({ verdict: 'wrong_answer', score: 1, maxScore: 3 });
    expect(session.sandbox.steps).toHaveLength(3);
  });

  it('skips the rest after the first failure where the document says so', async () => {
    const session = gradingSession(({ stdin }) => runOutcome({ stdout: stdin.toString() }), {
      document: gradingDocument({ tests, stopOnFailure: true }),
    });
    const result = await runTests(session, () => undefined);
    expect(result.tests.map(({ verdict }) => verdict)).toEqual(['accepted', 'wrong_answer', 'skipped']);
    expect(result).toMatchObject({ verdict: 'wrong_answer', score: 1 });
    expect(session.sandbox.steps).toHaveLength(2);
  });

  it('skips every test after a build that failed: compile_error, without points', async () => {
    const session = gradingSession(() => runOutcome({ exitCode: 1, stderr: 'error: x' }), {
      document: gradingDocument({ tests }),
      runtime: runtime({ build: 'gcc' }),
    });
    const result = await runTests(session, () => undefined);
    expect(result).toMatchObject({ verdict: 'compile_error', score: 0, maxScore: 3 });
    expect(result.buildOutput).toContain('error: x');
    expect(result.tests.map(({ verdict, points }) => ({ verdict, points }))).toEqual(
      Array.from({ length: 3 }, () => ({ verdict: 'skipped', points: 0 })),
    );
  });

  it('stops as soon as the result is not wanted any longer', async () => {
    const controller = new AbortController();
    const session = gradingSession(
      () => {
        controller.abort();
        return runOutcome({ stdout: 'one' });
      },
      { document: gradingDocument({ tests }), signal: controller.signal },
    );
    await expect(runTests(session, () => undefined)).rejects.toThrow('aborted');
    expect(session.sandbox.steps).toHaveLength(1);
  });
});
