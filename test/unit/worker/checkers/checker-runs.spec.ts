import { describe, expect, it } from 'vitest';
import type { RunOutcome } from '../../../../src/sandbox/run-outcome.js';
import type { SandboxStep } from '../../../../src/sandbox/sandbox.js';
import { CheckerBuilds } from '../../../../src/worker/checkers/checker-builds.js';
import { CheckerRuns } from '../../../../src/worker/checkers/checker-runs.js';
import { gradeProgram } from '../../../../src/worker/graders/program.js';
import { GradingFault } from '../../../../src/worker/grading-fault.js';
import { FakeSandbox, runOutcome } from '../../../support/fake-sandbox.js';
import { CEILINGS, gradingDocument, gradingSession, runtime } from '../../../support/grading-session.js';
import { programTests } from '../../../support/program-tests.js';

const document = gradingDocument({
  checkers: [
    { name: 'py', runtime: 'python', files: [{ path: 'main.py', content: '…' }] },
    { name: 'made', runtime: 'python', build: { run: 'make' }, files: [{ path: 'main.py', content: '…' }] },
  ],
  tests: [
    { kind: 'program', name: 'one', points: 2, stdin: 'in', checker: 'py', expect: { stdout: 'answer' } },
    { kind: 'program', name: 'two', points: 2, checker: 'made' },
  ],
});
const runtimes = [runtime()];
const [one, two] = programTests(document);

/** What a checker does that must be built, and refuses everything. */
const respond = (step: SandboxStep): RunOutcome => {
  if (step.keepFiles !== true) return runOutcome({ exitCode: 43 });
  const report = step.reports === true ? { report: Buffer.from('./main.py\x001 4\x00made') } : {};
  return { ...runOutcome(), ...report };
};

async function graded(test: typeof one, respond: (step: SandboxStep) => RunOutcome, builds?: CheckerBuilds) {
  if (test === undefined) throw new Error('no such test');
  const sandbox = new FakeSandbox(respond);
  const checkers = new CheckerRuns(sandbox, builds ?? new CheckerBuilds(sandbox), CEILINGS, () =>
    Promise.resolve(runtimes),
  );
  const session = gradingSession(() => runOutcome({ stdout: 'written' }), { document, checkers });
  const result = await gradeProgram(session, test);
  await checkers.close();
  return { result, sandbox, steps: session.sandbox.steps };
}

describe('a checker', () => {
  it('gets the input, the answer and the output in a session of its own, which is closed', async () => {
    const { result, sandbox, steps } = await graded(one, () => runOutcome({ exitCode: 42 }));
    expect(result).toMatchObject({ verdict: 'accepted', points: 2, expected: 'answer' });
    expect(steps).toHaveLength(1);
    const [session] = sandbox.sessions;
    expect(session?.files.get('.judge/test.in')?.toString()).toBe('in');
    expect(session?.files.get('.judge/test.ans')?.toString()).toBe('answer');
    expect(session?.steps[0]?.stdin.toString()).toBe('written');
    expect(session?.steps[0]?.argv.slice(-3)).toEqual([
      '/box/.judge/test.in',
      '/box/.judge/test.ans',
      '/box/.judge/feedback/',
    ]);
    expect(session?.isClosed).toBe(true);
  });

  it('that fails is our fault, not the student’s, and says which it was', async () => {
    await expect(graded(one, () => runOutcome({ exitCode: 1, stderr: 'boom' }))).rejects.toThrow(
      new GradingFault(
        'The checker "py" of the test "one" ended with exit status 1 instead of 42 (accepted) or 43 (wrong). It says: boom',
      ),
    );
    await expect(graded(one, () => runOutcome({ kind: 'sandbox_failure', reason: 'gone' }))).rejects.toThrow('gone');
  });

  it('whose runtime is not here is not the student’s fault either', async () => {
    runtimes[0] = runtime({ available: false, reason: 'Install python3.' });
    await expect(graded(one, () => runOutcome())).rejects.toThrow(
      /of the checker "py" is not available.*Install python3/,
    );
    runtimes[0] = runtime();
  });

  it('is built once for as long as it stays the same', async () => {
    const building = new FakeSandbox(respond);
    const builds = new CheckerBuilds(building);
    for (let round = 0; round < 3; round += 1) {
      const { result, sandbox } = await graded(two, respond, builds);
      expect(result.verdict).toBe('wrong_answer');
      expect(sandbox.sessions[0]?.files.get('main.py')?.toString()).toBe('made');
    }
    expect(building.sessions).toHaveLength(1);
    expect(building.sessions[0]).toMatchObject({ isClosed: true });
  });

  it('whose build fails, or leaves what cannot be kept, is tried again the next time', async () => {
    let outcome = runOutcome({ exitCode: 2, stderr: 'no rule' });
    const building = new FakeSandbox(() => outcome);
    const builds = new CheckerBuilds(building);
    await expect(graded(two, () => runOutcome(), builds)).rejects.toThrow(/"made" could not be built.*no rule/);
    outcome = { ...runOutcome(), report: Buffer.from('cut') };
    await expect(graded(two, () => runOutcome(), builds)).rejects.toThrow('could not be kept');
    outcome = { ...runOutcome(), report: Buffer.from('../x\x000 0\x00') };
    await expect(graded(two, () => runOutcome(), builds)).rejects.toThrow('made a file whose path');
    expect(building.sessions.every(({ isClosed }) => isClosed)).toBe(true);
  });
});
