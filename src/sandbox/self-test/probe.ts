import type { RunOutcome } from '../run-outcome.js';
import type { SandboxCapabilities, SandboxStep } from '../sandbox.js';

/** `not-run`: nothing here could tell, for the reason in the detail. */
export type Holds = 'yes' | 'no' | 'not-run';

export interface Judgement {
  readonly holds: Holds;
  /** What was seen, for operators. */
  readonly detail: string;
}

/** What the self-test knows of the machine, to compare with what a program sees inside. */
export interface HostView {
  /** `pid:[4026531836]` by name of the namespace, as the worker is in it. Empty where there is no `/proc`. */
  readonly namespaces: ReadonlyMap<string, string>;
  /** Folders and files that no program may see: `path` by `device:inode`. */
  readonly privatePlaces: ReadonlyMap<string, string>;
  /** Content of `/proc/sys/kernel/core_pattern`, or null. */
  readonly corePattern: string | null;
  /** A port of the host's loopback on which somebody listens during the self-test. */
  readonly listeningPort: number;
}

/** Programs that are run, one after the other, in one session. */
export interface Experiment {
  /** What it tries; one experiment serves several probes. */
  readonly name: string;
  /** True: needs the native prober, laid into the session as {@link PROBER_FILE}. */
  readonly needsProber?: boolean;
  steps(host: HostView): readonly Pick<SandboxStep, 'argv' | 'limits'>[];
}

/** What an experiment gave. */
export interface Observation {
  /** One for each step. None is a `sandbox_failure`. */
  readonly outcomes: readonly RunOutcome[];
  readonly host: HostView;
  readonly capabilities: SandboxCapabilities;
}

/** One promise of the sandbox, and how it is put to the test. */
export interface Probe {
  /** camelCase; a key of `sandbox.holds` in `GET /runtimes`. */
  readonly name: string;
  /** What holds when it holds, as a sentence for operators. */
  readonly promise: string;
  /**
   * Whether a worker must not grade without it. A function, where a driver may honestly do without: then it is essential as far
   * as the driver claims it.
   */
  readonly essential: boolean | ((capabilities: SandboxCapabilities) => boolean);
  /** What an operator does where it does not hold. */
  readonly cure: string;
  /** Null: the host alone is looked at. */
  readonly experiment: Experiment | null;
  judge(observation: Observation): Judgement;
}

/** Where the prober lies inside. */
export const PROBER_FILE = 'assay-prober';
export const PROBER = `/box/${PROBER_FILE}`;

export const held = (detail: string): Judgement => ({ holds: 'yes', detail });
export const broken = (detail: string): Judgement => ({ holds: 'no', detail });
export const unknown = (detail: string): Judgement => ({ holds: 'not-run', detail });

/** What a step wrote, as text. */
export function textOf(outcome: RunOutcome | undefined): string {
  return outcome?.stdout.toString('utf8') ?? '';
}

/** How a step ended, in words for operators. */
export function endOf(outcome: RunOutcome | undefined): string {
  if (outcome === undefined) return 'no step was run';
  const { kind, exitCode, signal } = outcome;
  const words = outcome.stderr.toString('utf8').trim().slice(0, 200);
  return [kind, exitCode ?? signal ?? '', words === '' ? '' : `(${words})`].filter((part) => part !== '').join(' ');
}

/** The lines of a step's output that start with `key` and a space, without these. */
export function linesOf(outcome: RunOutcome | undefined, key: string): readonly string[] {
  return textOf(outcome)
    .split('\n')
    .filter((line) => line === key || line.startsWith(`${key} `))
    .map((line) => line.slice(key.length + 1).trim());
}
