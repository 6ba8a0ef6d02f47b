import type { CommandTest } from '../../grading/grading-document.js';
import { judgeCommand } from '../../grading/judge-command.js';
import { limitsOf } from '../../grading/limits.js';
import { textPreview } from '../../grading/preview.js';
import type { RunLimits } from '../../sandbox/limits.js';
import type { RunOutcome } from '../../sandbox/run-outcome.js';
import { GradingFault } from '../grading-fault.js';
import type { GradingSession } from '../grading-session.js';
import { cappedLimits, runLimits } from '../run-limits.js';
import { commandStep, resultsOf } from './command-step.js';
import type { Grader } from './grader.js';

/** @throws GradingFault when the sandbox failed. */
async function runCommand(session: GradingSession, test: CommandTest, limits: RunLimits): Promise<RunOutcome> {
  // The instructor's files, once more where nothing that the submission starts can put others in their place.
  await session.sandbox.put(session.laidBeside.map((file) => ({ ...file, isProtected: true })));
  const outcome = await session.sandbox.run({
    ...commandStep(test),
    stdin: Buffer.alloc(0),
    environment: {},
    limits,
    showsProtected: true,
    isLast: session.document.tests.at(-1) === test,
    signal: session.signal,
  });
  if (outcome.kind === 'sandbox_failure') {
    throw new GradingFault(`The sandbox failed in a test: ${outcome.reason ?? 'no reason'}`);
  }
  return outcome;
}

/** Runs the instructor's command beside the submission and judges what it reported. */
export const gradeCommand: Grader<'command'> = async (session, test) => {
  const { document, ceilings } = session;
  const asked = limitsOf(document, test);
  const run = await runCommand(session, test, runLimits(asked, ceilings));
  const judged = judgeCommand(test, { ...run, results: resultsOf(test, run) }, cappedLimits(asked, ceilings));
  const { verdict, points, message, cases, showsOutput } = judged;
  if (verdict === 'judge_error') throw new GradingFault('A test could not be judged: the sandbox told no exit status.');
  return {
    name: test.name,
    kind: test.kind,
    visibility: test.visibility,
    verdict,
    points,
    maxPoints: test.points,
    timeMs: rounded(run.cpuTimeMs),
    wallMs: rounded(run.wallTimeMs),
    memoryKiB: rounded(run.peakMemoryKiB),
    exitCode: run.exitCode,
    signal: run.signal,
    message,
    stdout: showsOutput ? textPreview(run.stdout) : null,
    stderr: showsOutput ? textPreview(run.stderr) : null,
    expected: null,
    cases,
  };
};

function rounded(value: number | null): number | null {
  return value === null ? null : Math.round(value);
}
