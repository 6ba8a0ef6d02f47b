/** How a run inside a sandbox ended. These are facts; only `grading/` turns them into verdicts. */
export type RunOutcomeKind =
  | 'exited'
  | 'signalled'
  | 'cpu_limit'
  | 'wall_limit'
  | 'memory_limit'
  | 'output_limit'
  /** The sandbox itself failed: our fault, never the program's. `reason` says why, for the log. */
  | 'sandbox_failure';

/** What the sandbox saw of one run. Figures are null where the driver could not measure them. */
export interface RunOutcome {
  readonly kind: RunOutcomeKind;
  /** Exit status 0–255 when `kind` is `exited`, else null. */
  readonly exitCode: number | null;
  /** Name of the signal (such as `SIGSEGV`) when `kind` is `signalled`, else null. */
  readonly signal: string | null;
  /** CPU time of the whole process tree, user and system, in milliseconds. */
  readonly cpuTimeMs: number | null;
  /** Elapsed time from the program's start to its end, in milliseconds, on a monotonic clock. */
  readonly wallTimeMs: number | null;
  /** Peak memory of the whole process tree, in KiB. */
  readonly peakMemoryKiB: number | null;
  /** What the program wrote, at most the output limit; bytes, not text. */
  readonly stdout: Buffer;
  readonly stderr: Buffer;
  /** True where the stream was cut at the output limit. */
  readonly stdoutTruncated: boolean;
  readonly stderrTruncated: boolean;
  /** What a step that `reports` wrote to its descriptor; a program's own word, to be taken for hostile. */
  readonly report?: Buffer;
  /** Why the sandbox failed, when `kind` is `sandbox_failure`. For operators; never shown to students. */
  readonly reason: string | null;
}
