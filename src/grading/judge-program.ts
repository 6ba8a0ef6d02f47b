import { check } from './checker.js';
import type { GradingLimits, ProgramTest } from './grading-document.js';
import { partingLines } from './parting-lines.js';
import type { Verdict } from './verdict.js';

/** How a run of a program ended, as the sandbox saw it; `RunOutcome` of `sandbox/` has this shape, and more. */
export interface ProgramRun {
  readonly kind:
    'exited' | 'signalled' | 'cpu_limit' | 'wall_limit' | 'memory_limit' | 'output_limit' | 'sandbox_failure';
  /** Exit status when `kind` is `exited`. */
  readonly exitCode: number | null;
  /** Name of the signal when `kind` is `signalled`. */
  readonly signal: string | null;
  readonly stdout: Uint8Array;
  readonly stderr: Uint8Array;
  /** True where the stream was cut at the output limit. */
  readonly stdoutTruncated: boolean;
  readonly stderrTruncated: boolean;
}

/** What was decided about a test. `message` says why, in some lines for the student, and is null when accepted. */
export interface Judgement {
  readonly verdict: Verdict;
  /** All of the test's points, or 0. */
  readonly points: number;
  /** May quote the expected output: `visibility.ts` keeps it from those who may not see it. */
  readonly message: string | null;
}

export type Refusal = Omit<Judgement, 'points'>;
/** An `exitCode` of null expects 0, and takes another status for a runtime error. */
type Judge = (exitCode: number | null, run: ProgramRun, limits: GradingLimits | undefined) => Refusal | null;

/**
 * Judges one run of a `program` test: limits first, then the exit status, then standard output and standard error, and
 * the first that is not as it should be decides.
 *
 * A limit reached gives its own verdict, and so does output that was cut, however the program ended. A signal is
 * `runtime_error`, also where an exit status was expected: a crash has none. A status other than 0 is `runtime_error`,
 * unless `expect.exitCode` names one: then any other is `wrong_answer`. A sandbox that failed is `judge_error`, with a
 * message that blames nobody and tells nothing of the machine.
 *
 * @param limits what held for the run (`limitsOf`); only lets messages name the figure.
 */
export function judgeProgram(test: ProgramTest, run: ProgramRun, limits?: GradingLimits): Judgement {
  const refusal = judgeEnd(test.expect.exitCode, run, limits) ?? judgeOutput(test, run);
  if (refusal === null) return { verdict: 'accepted', points: test.points, message: null };
  return { ...refusal, points: 0 };
}

/**
 * Why a run that should have ended by itself with `exitCode` (null: with 0) is none, whatever it wrote: a limit, a signal, a
 * status, as `judgeProgram` says. Null: it ended so.
 */
export function judgeEnd(exitCode: number | null, run: ProgramRun, limits: GradingLimits | undefined): Refusal | null {
  return JUDGES[run.kind](exitCode, run, limits);
}

/** Null means accepted; a kind that is added does not compile until someone decides about it. */
const JUDGES: Readonly<Record<ProgramRun['kind'], Judge>> = {
  exited: judgeExited,
  signalled: (_exitCode, run, limits) =>
    judgeTruncation(run, limits) ?? {
      verdict: 'runtime_error',
      message: `The program was ended by the signal ${run.signal ?? 'of unknown name'}${meaningOf(run.signal)}.`,
    },
  cpu_limit: (_exitCode, _run, limits) => ({
    verdict: 'time_limit_exceeded',
    message: `The program used more CPU time than it may${figure(limits?.timeMs, 'ms')} and was stopped.`,
  }),
  wall_limit: (_exitCode, _run, limits) => ({
    verdict: 'time_limit_exceeded',
    message:
      `The program ran longer than it may${figure(limits?.wallMs, 'ms')} and was stopped; ` +
      'perhaps it sleeps, or waits for input that does not come.',
  }),
  memory_limit: (_exitCode, _run, limits) => ({
    verdict: 'memory_limit_exceeded',
    message: `The program used more memory than it may${figure(limits?.memoryMiB, 'MiB')} and was stopped.`,
  }),
  output_limit: (_exitCode, _run, limits) => outputLimit(limits),
  sandbox_failure: () => ({
    verdict: 'judge_error',
    message: 'This test could not be run because of a fault in Assay, not in the submission.',
  }),
};

function judgeExited(exitCode: number | null, run: ProgramRun, limits: GradingLimits | undefined): Refusal | null {
  return judgeTruncation(run, limits) ?? judgeExitCode(exitCode, run);
}

function judgeTruncation(run: ProgramRun, limits: GradingLimits | undefined): Refusal | null {
  return run.stdoutTruncated || run.stderrTruncated ? outputLimit(limits) : null;
}

function outputLimit(limits: GradingLimits | undefined): Refusal {
  return {
    verdict: 'output_limit_exceeded',
    message: `The program wrote more output than it may${figure(limits?.outputKiB, 'KiB')} and was stopped.`,
  };
}

function judgeExitCode(expected: number | null, run: ProgramRun): Refusal | null {
  // A run that exited without a status is a sandbox that does not keep its promise: never a success.
  if (run.exitCode === null) return JUDGES.sandbox_failure(expected, run, undefined);
  if (run.exitCode === (expected ?? 0)) return null;
  const message = `The program ended with exit status ${run.exitCode}${shellMeaningOf(run.exitCode)} instead of ${expected ?? 0}.`;
  return { verdict: expected === null ? 'runtime_error' : 'wrong_answer', message };
}

function judgeOutput(test: ProgramTest, run: ProgramRun): Refusal | null {
  const streams = [
    { name: 'Standard output', expected: test.expect.stdout, actual: run.stdout },
    { name: 'Standard error', expected: test.expect.stderr, actual: run.stderr },
  ];
  for (const { name, expected, actual } of streams) {
    if (expected === null) continue;
    const found = check(test.expect, expected, actual);
    if (found.matches) continue;
    const lines = found.at === undefined ? null : partingLines(new TextEncoder().encode(expected), actual, found.at);
    const message = `${name}: ${found.difference}${lines === null ? '' : `\n${lines}`}`;
    return { verdict: 'wrong_answer', message };
  }
  return null;
}

function figure(limit: number | undefined, unit: string): string {
  return limit === undefined ? '' : ` (${limit} ${unit})`;
}

const SIGNAL_MEANINGS: ReadonlyMap<string, string> = new Map([
  ['SIGSEGV', 'it used memory that is not its own'],
  ['SIGABRT', 'it gave up by itself, as after a failed assertion'],
  ['SIGFPE', 'such as an integer division by zero'],
  ['SIGILL', 'it met an instruction that the processor does not know'],
  ['SIGBUS', 'it used memory in a way that the machine cannot'],
  ['SIGSYS', 'it asked the system for something that is not allowed here'],
  ['SIGPIPE', 'it wrote to a pipe that nobody reads'],
  ['SIGKILL', 'it was killed'],
]);

function meaningOf(signal: string | null): string {
  const meaning = signal === null ? undefined : SIGNAL_MEANINGS.get(signal);
  return meaning === undefined ? '' : ` (${meaning})`;
}

/** Linux signals as a shell reports them: 128 and the number. */
const SHELL_STATUSES: ReadonlyMap<number, string> = new Map([
  [126, 'the command cannot be executed'],
  [127, 'the command was not found'],
  [132, 'SIGILL'],
  [134, 'SIGABRT'],
  [135, 'SIGBUS'],
  [136, 'SIGFPE'],
  [137, 'SIGKILL'],
  [139, 'SIGSEGV'],
  [141, 'SIGPIPE'],
  [143, 'SIGTERM'],
  [159, 'SIGSYS'],
]);

function shellMeaningOf(exitCode: number): string {
  const meaning = SHELL_STATUSES.get(exitCode);
  return meaning === undefined ? '' : ` (to a shell: ${meaning})`;
}
