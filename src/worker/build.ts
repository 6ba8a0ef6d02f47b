import type { GradingDocument } from '../grading/grading-document.js';
import { textPreview } from '../grading/preview.js';
import type { RunLimits } from '../sandbox/limits.js';
import type { RunOutcome, RunOutcomeKind } from '../sandbox/run-outcome.js';
import { JUNIT_CLASS_PATH } from './graders/unit/junit-class-path.js';
import { GradingFault } from './grading-fault.js';
import type { GradingSession } from './grading-session.js';
import { buildLimits } from './run-limits.js';

/** Bytes kept of what a build wrote. */
const OUTPUT_BYTES = 16_384;

/** What a build came to; `output` is null when there was nothing to build. */
export interface BuildResult {
  readonly isBuilt: boolean;
  readonly output: string | null;
}

type Failure = (run: RunOutcome, limits: RunLimits) => string | null;

/** Why a build that ended so is none; null: it is one. A kind that is added does not compile until someone decides. */
const FAILURES: Readonly<Record<Exclude<RunOutcomeKind, 'sandbox_failure'>, Failure>> = {
  exited: (run) => (run.exitCode === 0 ? null : `The build ended with exit status ${run.exitCode ?? 'unknown'}.`),
  signalled: (run) => `The build was ended by the signal ${run.signal ?? 'of unknown name'}.`,
  cpu_limit: (_run, limits) => `The build used more CPU time than it may (${limits.cpuTimeMs} ms) and was stopped.`,
  wall_limit: (_run, limits) => `The build ran longer than it may (${limits.wallTimeMs} ms) and was stopped.`,
  memory_limit: (_run, limits) => `The build used more memory than it may (${limits.memoryMiB} MiB) and was stopped.`,
  output_limit: (_run, limits) => `The build wrote more output than it may (${limits.outputKiB} KiB) and was stopped.`,
};

/** Where the student's own tests of JUnit are compiled with the rest, the compiler has to know JUnit. */
function environmentOf({ tests }: GradingDocument): Readonly<Record<string, string>> {
  const usesJunit = tests.some((test) => test.kind === 'unit' && !test.isolated && test.framework === 'junit');
  return usesJunit ? { CLASSPATH: `.:${JUNIT_CLASS_PATH}` } : {};
}

/**
 * Builds a submission once, as its grading document says or else its runtime; what the build leaves is what all tests start
 * from.
 *
 * @throws GradingFault when the sandbox failed.
 */
export async function build(session: GradingSession): Promise<BuildResult> {
  const { sandbox, document, runtime, laidBeside, ceilings, signal } = session;
  const command = document.build?.run ?? runtime.build;
  if (command === null) return { isBuilt: true, output: null };
  const limits = buildLimits(document.build?.timeMs, document.limits, ceilings);
  const run = await sandbox.run({
    argv: ['/bin/sh', '-c', command],
    stdin: Buffer.alloc(0),
    environment: environmentOf(document),
    limits,
    keepFiles: true,
    signal,
  });
  if (run.kind === 'sandbox_failure') {
    throw new GradingFault(`The sandbox failed in the build: ${run.reason ?? 'no reason'}`);
  }
  // A student's Makefile may have written over test data.
  await sandbox.put(laidBeside);
  const failure = FAILURES[run.kind](run, limits);
  const written = textPreview(Buffer.concat([run.stdout, run.stderr]), OUTPUT_BYTES);
  const separator = written === '' || written.endsWith('\n') ? '' : '\n';
  return { isBuilt: failure === null, output: failure === null ? written : `${written}${separator}${failure}` };
}
