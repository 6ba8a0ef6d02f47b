import { constants } from 'node:os';

import type { BubblewrapRun } from './bubblewrap-start.js';
import type { Status } from './first-process.js';
import type { CollectedOutput } from './output-collector.js';
import type { RunOutcome, RunOutcomeKind } from './run-outcome.js';

/** The shell keeps silent about these, see `first-process.ts`; 128 + their number is taken for the signal. */
const SILENT_SIGNALS: ReadonlySet<number> = new Set([
  constants.signals.SIGINT,
  constants.signals.SIGPIPE,
  constants.signals.SIGTERM,
]);

/** Why the worker ended a run. */
export type Ending = 'output_limit' | 'memory_limit' | 'cpu_limit' | 'wall_limit' | { readonly failure: string };

/** What is read from one run. */
export interface Collectors {
  readonly stdout: CollectedOutput;
  readonly stderr: CollectedOutput;
  /** Null for a step that does not report. */
  readonly report: CollectedOutput | null;
}

/** All that was seen of one run, when nothing of it is left. */
export interface Observations {
  readonly status: Status;
  /** Null when nobody ended it. */
  readonly ending: Ending | null;
  readonly collectors: Collectors;
  readonly cpuTimeMs: number | null;
  readonly wallTimeMs: number | null;
  readonly peakMemoryKiB: number | null;
  readonly outOfMemory: boolean;
  /** The program left more in its folder than its limit allows. */
  readonly leftTooMuch: boolean;
  /** Why what it left could not be read, or null. */
  readonly collectFailure: string | null;
  /** What of the run could not be ended, or null. */
  readonly remains: string | null;
}

function signalName(number: number): string | null {
  return Object.entries(constants.signals).find(([, value]) => value === number)?.[0] ?? null;
}

/** A status above 128 means a signal when the shell announced one, or never announces that one. */
function endOf(status: Status): Pick<RunOutcome, 'kind' | 'exitCode' | 'signal'> {
  const exitStatus = status.exitStatus ?? 0;
  const name = exitStatus > 128 ? signalName(exitStatus - 128) : null;
  return name !== null && (status.announcedSignal || SILENT_SIGNALS.has(exitStatus - 128))
    ? { kind: 'signalled', exitCode: null, signal: name }
    : { kind: 'exited', exitCode: exitStatus, signal: null };
}

function joinReasons(...reasons: readonly string[]): string {
  return reasons.filter((reason) => reason !== '').join(': ');
}

/**
 * When several things happened, the first of these is told: the sandbox failed or was aborted; memory; output; CPU time;
 * elapsed time; how the program ended. Memory comes first because the kernel's kill is what makes the rest happen, even
 * an orderly exit.
 */
export function concludeRun({ step, collect, output }: BubblewrapRun, seen: Observations): RunOutcome {
  const { status, ending, cpuTimeMs, wallTimeMs } = seen;
  const { stdout, stderr, report } = seen.collectors;
  const { limits } = step;
  const facts = {
    exitCode: null,
    signal: null,
    cpuTimeMs,
    wallTimeMs,
    peakMemoryKiB: seen.peakMemoryKiB,
    stdout: stdout.bytes(),
    stderr: stderr.bytes(),
    stdoutTruncated: stdout.truncated,
    stderrTruncated: stderr.truncated,
    ...(report === null ? {} : { report: report.bytes() }),
    reason: null,
  } satisfies Omit<RunOutcome, 'kind'>;
  const failed = (reason: string): RunOutcome => ({ ...facts, kind: 'sandbox_failure', reason });
  const limited = (kind: RunOutcomeKind): RunOutcome => ({ ...facts, kind });

  if (seen.remains !== null) return failed(seen.remains);
  if (ending !== null && typeof ending === 'object') return failed(joinReasons(ending.failure, status.complaint));
  if (!status.ready) return failed(joinReasons('the sandbox could not be set up', status.complaint));
  if (seen.outOfMemory || ending === 'memory_limit') return limited('memory_limit');
  const isCut = output === 'limited' && (stdout.truncated || stderr.truncated || (report?.truncated ?? false));
  if (isCut || seen.leftTooMuch) return limited('output_limit');
  if (cpuTimeMs !== null && cpuTimeMs >= limits.cpuTimeMs) return limited('cpu_limit');
  if (ending === 'cpu_limit') return limited('cpu_limit');
  if (ending === 'wall_limit' || (wallTimeMs ?? 0) >= limits.wallTimeMs) return limited('wall_limit');
  if (status.exitStatus === null) return failed('the first process of the sandbox died');
  const end = endOf(status);
  if (end.signal === 'SIGXCPU') return limited('cpu_limit');
  if (collect !== null && !status.collected) return failed('the archive of the working folder is not complete');
  if (seen.collectFailure !== null) {
    return failed(`the working folder could not be collected: ${seen.collectFailure}`);
  }
  return { ...facts, ...end };
}
