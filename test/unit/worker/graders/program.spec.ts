import { describe, expect, it } from 'vitest';
import type { ProgramTest } from '../../../../src/grading/grading-document.js';
import { gradeProgram } from '../../../../src/worker/graders/program.js';
import { GradingFault } from '../../../../src/worker/grading-fault.js';
import { runOutcome } from '../../../support/fake-sandbox.js';
import { type FakeGradingSession, gradingDocument, gradingSession, runtime } from '../../../support/grading-session.js';
import { programTests } from '../../../support/program-tests.js';

const TEST = { kind: 'program', name: 'adds', points: 2, expect: { stdout: '3' } };

function firstTest(session: FakeGradingSession): ProgramTest {
  const [test] = programTests(session.document);
  if (test === undefined) throw new Error('The document of the test has no test.');
  return test;
}

const withTest = (test: Record<string, unknown>, document: Record<string, unknown> = {}) => ({
  document: gradingDocument({ ...document, tests: [{ ...TEST, ...test }] }),
});

describe('gradeProgram', () => {
  it('gives all points, the measurements and previews to a run that is right', async () => {
    const session = gradingSession(() => runOutcome({ stdout: '3\n', stderr: 'note' }));
    expect(await gradeProgram(session, firstTest(session))).toEqual({
      name: 'adds',
      kind: 'program',
      visibility: 'visible',
      verdict: 'accepted',
      points: 2,
      maxPoints: 2,
      timeMs: 10,
      wallMs: 21,
      memoryKiB: 1_024,
      exitCode: 0,
      signal: null,
      message: null,
      stdout: '3\n',
      stderr: 'note',
      expected: '3',
      cases: null,
      staffMessage: null,
    });
  });

  it('runs the entrypoint with the input and the arguments of the test', async () => {
    const session = gradingSession(() => runOutcome(), withTest({ stdin: '1 2\n', args: ['-v', 'a b'] }));
    await gradeProgram(session, firstTest(session));
    expect(session.sandbox.steps[0]).toMatchObject({
      argv: ['/usr/bin/python3', 'main.py', '-v', 'a b'],
      stdin: Buffer.from('1 2\n'),
    });
    expect(session.sandbox.steps[0]?.keepFiles).toBeUndefined();
  });

  it('runs it again, told its memory limit, where the interpreter then collects its garbage in time', async () => {
    const thrifty = runtime({
      thriftyCommand: (entrypoint, args) => ['/usr/bin/python3', '-X', entrypoint ?? '', ...args],
    });
    const session = gradingSession(
      (step) => (step.argv[1] === '-X' ? runOutcome({ stdout: '3' }) : runOutcome({ kind: 'memory_limit' })),
      { ...withTest({ args: ['a'] }), runtime: thrifty },
    );
    expect(await gradeProgram(session, firstTest(session))).toMatchObject({ verdict: 'accepted' });
    expect(session.sandbox.steps.map(({ argv }) => argv)).toEqual([
      ['/usr/bin/python3', 'main.py', 'a'],
      ['/usr/bin/python3', '-X', 'main.py', 'a'],
    ]);
  });

  it.each([
    ['that meets its limit either way', { kind: 'memory_limit' }, 'memory_limit_exceeded', 2],
    ['that is wrong for another reason', { kind: 'exited', exitCode: 3 }, 'runtime_error', 1],
  ] as const)('tells the verdict of a program %s', async (_, outcome, verdict, runs) => {
    const session = gradingSession(() => runOutcome(outcome), {
      ...withTest({}),
      runtime: runtime({ thriftyCommand: () => ['thrifty'] }),
    });
    expect(await gradeProgram(session, firstTest(session))).toMatchObject({ verdict });
    expect(session.sandbox.steps).toHaveLength(runs);
  });

  it('says of the last test that it is the last', async () => {
    const document = gradingDocument({ tests: [TEST, { ...TEST, name: 'last' }] });
    const session = gradingSession(() => runOutcome({ stdout: '3' }), { document });
    for (const test of programTests(document)) await gradeProgram(session, test);
    expect(session.sandbox.steps.map(({ isLast }) => isLast)).toEqual([false, true]);
  });

  it('runs the command of the test in a shell inside the sandbox, the arguments as "$@"', async () => {
    const session = gradingSession(() => runOutcome(), withTest({ run: 'cat "$@"', args: ['a.txt; rm -rf /'] }));
    await gradeProgram(session, firstTest(session));
    expect(session.sandbox.steps[0]?.argv).toEqual(['/bin/sh', '-c', 'cat "$@"', 'sh', 'a.txt; rm -rf /']);
  });

  it('uses the limits of the test over those of the document, both below the ceilings', async () => {
    const session = gradingSession(() => runOutcome(), {
      ...withTest({ limits: { memoryMiB: 64 } }, { limits: { timeMs: 1_500, memoryMiB: 128 } }),
      ceilings: {
        timeMs: 1_000,
        wallMs: 4_000,
        memoryMiB: 512,
        processes: 10,
        outputKiB: 100,
        diskMiB: 8,
        buildTimeMs: 1_000,
      },
    });
    await gradeProgram(session, firstTest(session));
    expect(session.sandbox.steps[0]?.limits).toEqual({
      cpuTimeMs: 1_000,
      wallTimeMs: 4_000,
      memoryMiB: 64,
      processes: 10,
      outputKiB: 100,
      diskMiB: 8,
    });
  });

  it('cuts long output for the stored result, and judges all of it', async () => {
    const long = `${'x'.repeat(20_000)}3`;
    const session = gradingSession(
      () => runOutcome({ stdout: long }),
      withTest({ expect: { stdout: long, compare: 'exact' } }),
    );
    const result = await gradeProgram(session, firstTest(session));
    expect(result.verdict).toBe('accepted');
    expect(result.stdout).toMatch(/bytes cut\]$/);
    expect(result.expected).toMatch(/bytes cut\]$/);
    expect(result.stdout?.length).toBeLessThan(9_000);
  });

  it('does not blame the student for a sandbox that failed', async () => {
    const session = gradingSession(() => runOutcome({ kind: 'sandbox_failure', reason: 'no cgroup' }));
    await expect(gradeProgram(session, firstTest(session))).rejects.toThrow(GradingFault);
    await expect(gradeProgram(session, firstTest(session))).rejects.toThrow('no cgroup');
  });
});
