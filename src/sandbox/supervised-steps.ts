import { constants } from 'node:os';

import type { RunOutcome, RunOutcomeKind } from './run-outcome.js';
import type { SandboxFile, SandboxStep } from './sandbox.js';
import type { RunReply } from './lane.js';
import { type LaneKind, type LanePool, LaneStartError, type LeasedLane } from './lane-pool.js';
import { environmentOf, failedRun, type Steps, type StepsContext } from './steps.js';
import { encodePut, encodeRun, type SupervisedEnding } from './supervisor-frames.js';
import { keptPath } from './working-files.js';

/** The supervisor ends a run by itself; the worker waits that much longer than the run's limits before it ends the supervisor. */
const PATIENCE_MS = 15_000;
const COLLECT_PATIENCE_MS = 30_000;

const OPEN_FILES = 512;
/** Deep recursion is a student's first idea. Threads get as much, which costs nothing until they use it. */
const STACK_BYTES = 64 << 20;
const MIB = 1024 * 1024;

/** Ours in the run's cgroups: the first process of the test. */
const OWN_PROCESSES = 1;
/** Room for the supervisor and for the next test's first process in the user's own limit, the second line. */
const PROCESSES_OF_OURS = 8;

const KIND_OF: Readonly<Record<SupervisedEnding, RunOutcomeKind>> = {
  exited: 'exited',
  signalled: 'signalled',
  cpu_limit: 'cpu_limit',
  wall_limit: 'wall_limit',
  memory_limit: 'memory_limit',
  output_limit: 'output_limit',
  stopped: 'sandbox_failure',
};

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function signalName(number: number): string {
  return Object.entries(constants.signals).find(([, value]) => value === number)?.[0] ?? `SIG${number}`;
}

/** After these the lane is closed when submissions share more of it than bubblewrap itself. */
const HARD_ENDINGS: ReadonlySet<SupervisedEnding> = new Set([
  'cpu_limit',
  'wall_limit',
  'memory_limit',
  'output_limit',
  'stopped',
]);

/**
 * The steps of one session in a lane, each with namespaces, file systems and a network without a past, made by the
 * supervisor (`native/README.md`). The lane is taken when it is first needed.
 *
 * The submission's files live in the supervisor, as data. A failure of the supervisor ends the session: every later step
 * fails for the same reason, because what a build left is lost.
 */
export class SupervisedSteps implements Steps {
  private leased: Promise<LeasedLane> | undefined;
  /** Files that go with the next run, in one piece: each piece wakes the supervisor. */
  private unsent: Buffer[] = [];
  private runs = 0;
  private hasFailed = false;
  private wasEndedHard = false;

  /** @param mayExecute whether programs are executed where no copies can be had; else the session fails. */
  constructor(
    private readonly context: StepsContext,
    private readonly pool: LanePool,
    private kind: LaneKind,
    private readonly mayExecute: boolean,
  ) {}

  async put(files: readonly SandboxFile[]): Promise<void> {
    const frames = files.map((file) => {
      const path = keptPath(file.path);
      if (path === null) throw new Error('a file needs a relative path inside the working folder');
      return encodePut({
        path,
        content: file.content,
        executable: file.executable ?? false,
        isProtected: file.isProtected ?? false,
        modifiedAtMs: Date.now(),
      });
    });
    this.unsent.push(...frames);
    // One that cannot be had is told by the next run.
    await this.lease().catch(() => undefined);
  }

  async run(step: SandboxStep, signal: AbortSignal): Promise<RunOutcome> {
    if (signal.aborted) return failedRun('aborted');
    const { limits } = step;
    this.runs += 1;
    const id = this.runs;
    try {
      const { lane, cgroup } = await this.lease();
      const forkedArguments = this.forkedArguments(step);
      const frame = encodeRun({
        id,
        argv: forkedArguments ?? step.argv,
        environment: forkedArguments === null ? environmentOf(this.context, step) : {},
        stdin: step.stdin,
        keepFiles: step.keepFiles === true,
        ownNetwork: this.context.ownNetwork,
        isForked: forkedArguments !== null,
        reports: step.reports === true,
        showsProtected: step.showsProtected === true,
        isLast: step.isLast === true,
        cpuTimeMs: limits.cpuTimeMs,
        wallTimeMs: limits.wallTimeMs,
        outputBytes: limits.outputKiB * 1024,
        diskBytes: limits.diskMiB * MIB,
        fileBytes: (limits.diskMiB + 1) * MIB,
        stackBytes: STACK_BYTES,
        processes: limits.processes + PROCESSES_OF_OURS,
        openFiles: OPEN_FILES,
      });
      // Aborted while the sandbox started: nobody would tell us again.
      if (signal.aborted) return failedRun('aborted');
      cgroup.limit({ memoryMiB: limits.memoryMiB, processes: limits.processes + OWN_PROCESSES });
      const timeoutMs = limits.wallTimeMs + PATIENCE_MS + (step.keepFiles === true ? COLLECT_PATIENCE_MS : 0);
      const frames = Buffer.concat([...this.unsent, frame]);
      this.unsent = [];
      const reply = await lane.run(frames, id, timeoutMs, signal);
      return this.outcomeOf(reply, cgroup.peakMemoryKiB());
    } catch (error) {
      this.hasFailed = true;
      return failedRun(signal.aborted ? 'aborted' : messageOf(error));
    }
  }

  async close(): Promise<void> {
    const leased = await this.leased?.catch(() => undefined);
    if (leased === undefined) return;
    await this.pool.release(leased, !this.hasFailed && !(this.kind.keepsNamespaces && this.wasEndedHard));
  }

  private lease(): Promise<LeasedLane> {
    this.leased ??= this.acquire();
    return this.leased;
  }

  /** An interpreter that cannot be a template, whatever keeps it from it, can still be executed. */
  private async acquire(): Promise<LeasedLane> {
    try {
      return await this.pool.acquire(this.kind);
    } catch (error) {
      if (this.kind.template === null || !this.mayExecute || !(error instanceof LaneStartError)) throw error;
      this.context.log(
        'warn',
        `sandbox: a submission's programs are executed, which is slower, because none could be started for copies of its interpreter: ${messageOf(error)}`,
      );
      this.kind = { ...this.kind, template: null };
      return this.pool.acquire(this.kind);
    }
  }

  /** What the program finds as its arguments, when the step is one that a copy of the template can do; else null. */
  private forkedArguments(step: SandboxStep): readonly string[] | null {
    const begin = this.kind.template?.argv;
    if (begin === undefined || step.keepFiles === true || Object.keys(step.environment).length > 0) return null;
    return begin.every((word, index) => step.argv[index] === word) ? step.argv.slice(begin.length - 1) : null;
  }

  private outcomeOf(reply: RunReply, treePeakKiB: number | null): RunOutcome {
    if (reply.type === 'fault') {
      this.hasFailed = true;
      return failedRun(reply.reason);
    }
    this.wasEndedHard ||= HARD_ENDINGS.has(reply.ending);
    return {
      kind: KIND_OF[reply.ending],
      exitCode: reply.ending === 'exited' ? reply.code : null,
      signal: reply.ending === 'signalled' ? signalName(reply.code) : null,
      cpuTimeMs: reply.cpuTimeMs,
      wallTimeMs: reply.wallTimeMs,
      // What the limit counts: without what a copy shares with the template, and an executed program with other processes.
      peakMemoryKiB: treePeakKiB ?? reply.largestProcessKiB,
      stdout: reply.stdout,
      stderr: reply.stderr,
      stdoutTruncated: reply.stdoutTruncated,
      stderrTruncated: reply.stderrTruncated,
      reason: reply.ending === 'stopped' ? 'aborted' : null,
      report: reply.report,
    };
  }
}
