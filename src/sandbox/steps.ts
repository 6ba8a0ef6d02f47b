import { WORKING_FOLDER } from './bubblewrap-arguments.js';
import type { BubblewrapMachine } from './bubblewrap-run.js';
import type { RunOutcome } from './run-outcome.js';
import type { Runtime } from './runtimes.js';
import type { SandboxFile, SandboxStep } from './sandbox.js';
import type { ScratchFolder } from './scratch-folder.js';
import type { Supervisor } from './supervisor-program.js';
import type { Slot, SlotPool } from './uid-pool.js';

/** Told what concerns the operator: how loud, and one sentence. */
export type SandboxLogger = (level: 'info' | 'warn' | 'error', message: string) => void;

/** Everything that was found out about the machine. */
export interface PreparedMachine {
  readonly machine: BubblewrapMachine;
  readonly scratch: ScratchFolder;
  readonly slots: SlotPool;
  readonly dropsUser: boolean;
  /** Null: every step gets a bubblewrap of its own. */
  readonly supervisor: Supervisor | null;
  readonly warnings: readonly string[];
}

/** What one session's steps are run with. */
export interface StepsContext {
  readonly prepared: PreparedMachine;
  readonly slot: Slot;
  readonly runtime: Runtime | null;
  /** True where every step shall have a network that no step before it had. */
  readonly ownNetwork: boolean;
  readonly log: SandboxLogger;
}

/** How the steps of one session are run. Called one after the other, and not after `close`. */
export interface Steps {
  /** @throws Error for a path that leaves the working folder. */
  put(files: readonly SandboxFile[]): Promise<void>;
  /** May reject when the sandbox fails. `signal` ends the run as `sandbox_failure`. */
  run(step: SandboxStep, signal: AbortSignal): Promise<RunOutcome>;
  close(): Promise<void>;
}

/** What every program finds in its environment; a runtime and a step may add to it and override it. */
const ENVIRONMENT: Readonly<Record<string, string>> = {
  PATH: '/usr/local/bin:/usr/bin:/bin',
  HOME: WORKING_FOLDER,
  LANG: 'C.UTF-8',
};

/** The whole environment of a step's program. */
export function environmentOf(context: StepsContext, step: SandboxStep): Readonly<Record<string, string>> {
  return { ...ENVIRONMENT, ...context.runtime?.environment, ...step.environment };
}

/** A run of which nothing is known but why it failed. */
export function failedRun(reason: string): RunOutcome {
  return {
    kind: 'sandbox_failure',
    exitCode: null,
    signal: null,
    cpuTimeMs: null,
    wallTimeMs: null,
    peakMemoryKiB: null,
    stdout: Buffer.alloc(0),
    stderr: Buffer.alloc(0),
    stdoutTruncated: false,
    stderrTruncated: false,
    reason,
  };
}
