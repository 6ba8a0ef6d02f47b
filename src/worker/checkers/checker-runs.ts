import type { LimitCeilings } from '../../config/env.js';
import type { CheckerDefinition, GradingDocument, ProgramTest } from '../../grading/grading-document.js';
import { FEEDBACK_BYTES, FEEDBACK_FILES, type CheckerRun, type FeedbackFile } from '../../grading/judge-checker.js';
import { detectRuntimes, type Runtime } from '../../sandbox/runtimes.js';
import type { RunLimits } from '../../sandbox/limits.js';
import type { RunningProgram, Sandbox, SandboxFile, SandboxSession } from '../../sandbox/sandbox.js';
import { GradingFault } from '../grading-fault.js';
import { runLimits } from '../run-limits.js';
import type { CheckerBuilds } from './checker-builds.js';
import { receivedFiles, sendFiles } from './framed-files.js';
import { talk, type Talk } from './interact.js';

/** Where a checker finds what it is given, seen from inside. */
const FOLDER = '.judge';
const INSIDE = `/box/${FOLDER}`;
const FILES = { input: `${INSIDE}/test.in`, answer: `${INSIDE}/test.ans`, feedback: `${INSIDE}/feedback/` } as const;

/** Starts the checker, which is `"$@"`, without the descriptor 3, and then sends its feedback over that. */
const CHECKING = `mkdir -p ${FILES.feedback} || exit 99
"$@" 3>&-
status=$?
cd ${FILES.feedback} 2>/dev/null || exit "$status"
set -- ${FEEDBACK_FILES.join(' ')}
${sendFiles(FEEDBACK_BYTES)}
exit "$status"`;

/** Becomes the checker, which is `"$@"`. */
const TALKING = `mkdir -p ${FILES.feedback} || exit 99
exec "$@"`;

/** Sends the feedback that a checker left before. */
const COLLECTING = `cd ${FILES.feedback} 2>/dev/null || exit 0
set -- ${FEEDBACK_FILES.join(' ')}
${sendFiles(FEEDBACK_BYTES)}`;

/** The checker that judges `test`; null: `expect` does. */
export function checkerOf(document: GradingDocument, test: ProgramTest): CheckerDefinition | null {
  const name = test.checker ?? null;
  if (name === null) return null;
  const checker = document.checkers?.find((one) => one.name === name);
  if (checker === undefined) throw new GradingFault(`The document has no checker "${name}".`);
  return checker;
}

/** A submission that an interactive checker is to talk with. */
export interface InteractiveSubmission {
  readonly test: ProgramTest;
  readonly limits: RunLimits;
  readonly signal: AbortSignal;
  /** Starts it, with streams. */
  readonly start: () => Promise<RunningProgram>;
}

/** An interaction, with what the checker left. */
export interface InteractionRun extends Omit<Talk, 'checker'> {
  readonly checker: CheckerRun;
}

/** What a checker is to judge. */
export interface CheckedOutput {
  readonly test: ProgramTest;
  /** What the submission wrote to standard output. */
  readonly output: Buffer;
  readonly signal: AbortSignal;
}

/**
 * Runs the checkers of one grading, in a sandbox in which no code of a student ever runs: output enters it as the standard
 * input of a step, and the expected answer never enters the sandbox of the submission. At most one such sandbox is open.
 */
export class CheckerRuns {
  private open: { readonly name: string; readonly session: SandboxSession; readonly runtime: Runtime } | null = null;

  constructor(
    private readonly sandbox: Pick<Sandbox, 'open'>,
    private readonly builds: CheckerBuilds,
    private readonly ceilings: LimitCeilings,
    private readonly runtimes: () => Promise<readonly Runtime[]> = detectRuntimes,
  ) {}

  /** @throws GradingFault when the sandbox failed, or the checker cannot be started here. */
  async run(checker: CheckerDefinition, { test, output, signal }: CheckedOutput): Promise<CheckerRun> {
    const { session, runtime } = await this.sessionOf(checker);
    await session.put(givenFiles(test));
    const limits = runLimits(checker.limits, this.ceilings);
    const args = [FILES.input, FILES.answer, FILES.feedback, ...(test.checkerArgs ?? [])];
    const outcome = await session.run({
      argv: ['/bin/sh', '-c', CHECKING, 'sh', ...runtime.command(checker.entrypoint, args, limits)],
      stdin: output,
      environment: {},
      limits,
      reports: true,
      signal,
    });
    if (outcome.kind === 'sandbox_failure') {
      throw new GradingFault(`The sandbox of a checker failed: ${outcome.reason ?? 'no reason'}`);
    }
    return { ...outcome, feedback: feedbackOf(outcome.report ?? Buffer.alloc(0)) };
  }

  /**
   * Lets an interactive checker talk with the submission, which `start` starts in its own sandbox.
   *
   * @throws GradingFault when a sandbox failed, or the checker cannot be started here.
   */
  async interact(
    checker: CheckerDefinition,
    { test, signal, limits: ofSubmission, start }: InteractiveSubmission,
  ): Promise<InteractionRun> {
    const { session, runtime } = await this.sessionOf(checker);
    try {
      await session.put(givenFiles(test));
      const own = runLimits(checker.limits, this.ceilings);
      // It waits for the submission as long as that may take, and then needs its own time.
      const limits = { ...own, wallTimeMs: own.wallTimeMs + ofSubmission.wallTimeMs };
      const args = [FILES.input, FILES.answer, FILES.feedback, ...(test.checkerArgs ?? [])];
      const running = await session.start({
        argv: ['/bin/sh', '-c', TALKING, 'sh', ...runtime.command(checker.entrypoint, args, own)],
        environment: {},
        limits,
        streams: true,
        keepFiles: true,
        signal,
      });
      const talked = await talk(await start(), running, ofSubmission.outputKiB * 1024);
      const sent = await session.run({
        argv: ['/bin/sh', '-c', COLLECTING],
        stdin: Buffer.alloc(0),
        environment: {},
        limits: own,
        reports: true,
        signal,
      });
      if (sent.kind === 'sandbox_failure') {
        throw new GradingFault(`The sandbox of a checker failed: ${sent.reason ?? 'no reason'}`);
      }
      return { ...talked, checker: { ...talked.checker, feedback: feedbackOf(sent.report ?? Buffer.alloc(0)) } };
    } finally {
      // What it left would be there for the next test, and ends whatever still runs.
      await this.close();
    }
  }

  /** Harmless the second time. */
  async close(): Promise<void> {
    const session = this.open?.session;
    this.open = null;
    await session?.close();
  }

  private async sessionOf(checker: CheckerDefinition): Promise<NonNullable<CheckerRuns['open']>> {
    if (this.open?.name === checker.name) return this.open;
    await this.close();
    const runtime = runtimeOf(checker, await this.runtimes());
    const files = await this.builds.get(checker, runtime, this.ceilings);
    const session = await this.sandbox.open({
      runtime: runtime.key,
      network: checker.interactive === true ? 'shared' : 'none',
    });
    this.open = { name: checker.name, session, runtime };
    await session.put(files);
    return this.open;
  }
}

function runtimeOf({ name, runtime: key }: CheckerDefinition, runtimes: readonly Runtime[]): Runtime {
  const runtime = runtimes.find((candidate) => candidate.key === key);
  if (runtime?.available === true) return runtime;
  throw new GradingFault(
    `The runtime ${key} of the checker "${name}" is not available to this worker: ` +
      (runtime?.reason ?? 'Assay does not know it.'),
  );
}

function givenFiles({ stdin, expect }: ProgramTest): readonly SandboxFile[] {
  return [
    { path: `${FOLDER}/test.in`, content: Buffer.from(stdin) },
    { path: `${FOLDER}/test.ans`, content: Buffer.from(expect.stdout ?? '') },
  ];
}

/** What cannot be read, because a limit ended the step, is no feedback: how the checker ended says it all. */
function feedbackOf(report: Buffer): ReadonlyMap<FeedbackFile, Uint8Array> {
  return new Map(
    (receivedFiles(report) ?? []).flatMap(({ name, content }) => {
      const file = FEEDBACK_FILES.find((one) => one === name);
      return file === undefined ? [] : [[file, content] as const];
    }),
  );
}
