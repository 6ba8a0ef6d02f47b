import { WORKING_FOLDER } from './bubblewrap-arguments.js';
import type { LaneMachine, LanePool } from './lane-pool.js';
import type { RunOutcome } from './run-outcome.js';
import type { Runtime } from './runtimes.js';
import type { SandboxFile, SandboxStep } from './sandbox.js';
import type { SandboxLogger } from './sandbox-logger.js';

/** Everything that was found out about the machine. */
export interface PreparedMachine extends LaneMachine {
  readonly dropsUser: boolean;
  /** Null as the supervisor is; every step then gets a bubblewrap of its own. */
  readonly lanes: LanePool | null;
  /** Open at a time; there is a user for each. */
  readonly mostSessions: number;
  readonly warnings: readonly string[];
}

/** What one session's steps are run with. */
export interface StepsContext {
  readonly prepared: PreparedMachine;
  readonly runtime: Runtime | null;
  /** Whether programs see the packages that were installed on the machine for everybody. */
  readonly systemSitePackages: boolean;
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
export const ENVIRONMENT: Readonly<Record<string, string>> = {
  PATH: '/usr/local/bin:/usr/bin:/bin',
  HOME: WORKING_FOLDER,
  LANG: 'C.UTF-8',
};

/** The whole environment of a step's program. */
export function environmentOf(
  context: StepsContext,
  step: Pick<SandboxStep, 'environment'>,
): Readonly<Record<string, string>> {
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
