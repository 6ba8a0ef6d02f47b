import { entrypointFor } from '../../grading/entrypoint.js';
import type { ProgramTest } from '../../grading/grading-document.js';
import { judgeProgram } from '../../grading/judge-program.js';
import { limitsOf } from '../../grading/limits.js';
import { textPreview } from '../../grading/preview.js';
import type { RunLimits } from '../../sandbox/limits.js';
import type { RunOutcome } from '../../sandbox/run-outcome.js';
import { GradingFault } from '../grading-fault.js';
import type { GradingSession } from '../grading-session.js';
import { cappedLimits, runLimits } from '../run-limits.js';
import type { Grader } from './grader.js';

/** What to run, and what to run instead when that met its memory limit. */
function commandsOf(
  { document, runtime }: GradingSession,
  test: ProgramTest,
  limits: RunLimits,
): readonly (readonly string[])[] {
  // The word after the command is `$0`; what follows is `"$@"`.
  if (test.run !== null) return [['/bin/sh', '-c', test.run, 'sh', ...test.args]];
  const entrypoint = entrypointFor(document, runtime.key);
  const thrifty = runtime.thriftyCommand?.(entrypoint, test.args, limits) ?? null;
  return [runtime.command(entrypoint, test.args, limits), ...(thrifty === null ? [] : [thrifty])];
}

/** @throws GradingFault when the sandbox failed. */
async function runProgram(session: GradingSession, test: ProgramTest, limits: RunLimits): Promise<RunOutcome> {
  let outcome: RunOutcome | undefined;
  for (const argv of commandsOf(session, test, limits)) {
    outcome = await session.sandbox.run({
      argv,
      stdin: Buffer.from(test.stdin),
      environment: {},
      limits,
      isLast: session.document.tests.at(-1) === test,
      signal: session.signal,
    });
    if (outcome.kind !== 'memory_limit') break;
  }
  if (outcome === undefined || outcome.kind === 'sandbox_failure') {
    throw new GradingFault(`The sandbox failed in a test: ${outcome?.reason ?? 'no reason'}`);
  }
  return outcome;
}

/** Runs the submission once with the test's input and arguments, and judges what it wrote and how it ended. */
export const gradeProgram: Grader<'program'> = async (session, test) => {
  const { document, ceilings } = session;
  const asked = limitsOf(document, test);
  const limits = runLimits(asked, ceilings);
  const run = await runProgram(session, test, limits);
  const { verdict, points, message } = judgeProgram(test, run, cappedLimits(asked, ceilings));
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
    stdout: textPreview(run.stdout),
    stderr: textPreview(run.stderr),
    expected: test.expect.stdout === null ? null : textPreview(Buffer.from(test.expect.stdout)),
    cases: null,
  };
};

function rounded(value: number | null): number | null {
  return value === null ? null : Math.round(value);
}
