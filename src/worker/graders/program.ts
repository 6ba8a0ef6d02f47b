import { entrypointFor } from '../../grading/entrypoint.js';
import type { CheckerDefinition, GradingLimits, ProgramTest } from '../../grading/grading-document.js';
import { judgeChecker } from '../../grading/judge-checker.js';
import { judgeInteraction } from '../../grading/judge-interaction.js';
import { judgeProgram, type Judgement } from '../../grading/judge-program.js';
import { limitsOf } from '../../grading/limits.js';
import { textPreview } from '../../grading/preview.js';
import type { TestResult } from '../../grading/test-result.js';
import type { RunLimits } from '../../sandbox/limits.js';
import type { RunOutcome } from '../../sandbox/run-outcome.js';
import type { RunningProgram } from '../../sandbox/sandbox.js';
import { checkerOf } from '../checkers/checker-runs.js';
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

interface Judged extends Judgement {
  readonly staffMessage: string | null;
}

/**
 * By the rules of `grading/`, and, where the test has a checker and nothing else speaks against it, by that.
 *
 * @throws GradingFault when the checker failed: that is not the student's fault.
 */
async function judge(
  session: GradingSession,
  test: ProgramTest,
  run: RunOutcome,
  limits: GradingLimits,
): Promise<Judged> {
  const checker = checkerOf(session.document, test);
  if (checker === null) return { ...judgeProgram(test, run, limits), staffMessage: null };
  const before = judgeProgram({ ...test, expect: { ...test.expect, stdout: null } }, run, limits);
  if (before.verdict !== 'accepted') return { ...before, staffMessage: null };
  const judged = judgeChecker(
    test.points,
    await session.checkers.run(checker, { test, output: run.stdout, signal: session.signal }),
  );
  if (judged.ok) return judged;
  throw new GradingFault(`The checker "${checker.name}" of the test "${test.name}" ${judged.fault}`);
}

/** Lets the submission talk with a checker, and judges how that went. Its standard output is what both said. */
async function gradeInteraction(
  session: GradingSession,
  test: ProgramTest,
  checker: CheckerDefinition,
): Promise<TestResult> {
  const { document, ceilings, signal } = session;
  const asked = limitsOf(document, test);
  const limits = runLimits(asked, ceilings);
  const [argv = []] = commandsOf(session, test, limits);
  const start = (): Promise<RunningProgram> =>
    session.sandbox.start({ argv, environment: {}, limits, streams: true, signal });
  const talked = await session.checkers.interact(checker, { test, limits, signal, start });
  const judged = judgeInteraction(test, talked, cappedLimits(asked, ceilings));
  if (!judged.ok) throw new GradingFault(`The checker "${checker.name}" of the test "${test.name}" ${judged.fault}`);
  return resultOf(test, { ...talked.submission, stdout: Buffer.from(talked.transcript) }, judged);
}

/** Runs the submission once with the test's input and arguments, and judges what it wrote and how it ended. */
export const gradeProgram: Grader<'program'> = async (session, test) => {
  const { document, ceilings } = session;
  const asked = limitsOf(document, test);
  const limits = runLimits(asked, ceilings);
  const checker = checkerOf(document, test);
  if (checker?.interactive === true) return gradeInteraction(session, test, checker);
  const run = await runProgram(session, test, limits);
  const judged = await judge(session, test, run, cappedLimits(asked, ceilings));
  if (judged.verdict === 'judge_error') {
    throw new GradingFault('A test could not be judged: the sandbox told no exit status.');
  }
  return resultOf(test, run, judged);
};

function resultOf(test: ProgramTest, run: RunOutcome, { verdict, points, message, staffMessage }: Judged): TestResult {
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
    staffMessage,
  };
}

function rounded(value: number | null): number | null {
  return value === null ? null : Math.round(value);
}
