import { constants } from 'node:os';

import type { RunCgroup } from './cgroup.js';
import type { RunOutcome, RunOutcomeKind } from './run-outcome.js';
import type { SandboxFile, SandboxStep } from './sandbox.js';
import { environmentOf, failedRun, type Steps, type StepsContext } from './steps.js';
import { encodePut, encodeRun, type SupervisedEnding } from './supervisor-frames.js';
import { type RunReply, SupervisorProcess } from './supervisor-process.js';
import type { Supervisor } from './supervisor-program.js';
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

/**
 * The steps of one session in one bubblewrap, each with namespaces, file systems and a network without a past, made by the
 * supervisor (`native/README.md`). Started when it is first needed.
 *
 * The submission's files live in the supervisor, as data. A failure of the supervisor ends the session: every later step
 * fails for the same reason, because what a build left is lost.
 */
export class SupervisedSteps implements Steps {
  private started: Promise<{ readonly supervisor: SupervisorProcess; readonly cgroup: RunCgroup }> | undefined;
  private runs = 0;

  constructor(
    private readonly context: StepsContext,
    private readonly program: Supervisor,
  ) {}

  async put(files: readonly SandboxFile[]): Promise<void> {
    const frames = files.map((file) => {
      const path = keptPath(file.path);
      if (path === null) throw new Error('a file needs a relative path inside the working folder');
      return encodePut({
        path,
        content: file.content,
        executable: file.executable ?? false,
        modifiedAtMs: Date.now(),
      });
    });
    try {
      const { supervisor } = await this.start();
      for (const frame of frames) await supervisor.send(frame);
    } catch {
      // A broken sandbox is told by the next run.
    }
  }

  async run(step: SandboxStep, signal: AbortSignal): Promise<RunOutcome> {
    if (signal.aborted) return failedRun('aborted');
    const { limits } = step;
    this.runs += 1;
    const id = this.runs;
    const frame = encodeRun({
      id,
      argv: step.argv,
      environment: environmentOf(this.context, step),
      stdin: step.stdin,
      keepFiles: step.keepFiles === true,
      ownNetwork: this.context.ownNetwork,
      cpuTimeMs: limits.cpuTimeMs,
      wallTimeMs: limits.wallTimeMs,
      outputBytes: limits.outputKiB * 1024,
      diskBytes: limits.diskMiB * MIB,
      fileBytes: (limits.diskMiB + 1) * MIB,
      stackBytes: STACK_BYTES,
      processes: limits.processes + PROCESSES_OF_OURS,
      openFiles: OPEN_FILES,
    });
    try {
      const { supervisor, cgroup } = await this.start();
      // Aborted while the sandbox started: nobody would tell us again.
      if (signal.aborted) return failedRun('aborted');
      cgroup.limit({ memoryMiB: limits.memoryMiB, processes: limits.processes + OWN_PROCESSES });
      const timeoutMs = limits.wallTimeMs + PATIENCE_MS + (step.keepFiles === true ? COLLECT_PATIENCE_MS : 0);
      const reply = await supervisor.run(frame, id, timeoutMs, signal);
      return this.outcomeOf(reply, cgroup);
    } catch (error) {
      return failedRun(signal.aborted ? 'aborted' : messageOf(error));
    }
  }

  async close(): Promise<void> {
    const started = await this.started?.catch(() => undefined);
    if (started === undefined) return;
    await started.supervisor.close();
    await this.removeCgroup(started.cgroup);
  }

  private start(): Promise<{ readonly supervisor: SupervisorProcess; readonly cgroup: RunCgroup }> {
    this.started ??= this.startNow();
    return this.started;
  }

  private async startNow(): Promise<{ readonly supervisor: SupervisorProcess; readonly cgroup: RunCgroup }> {
    const { prepared, slot, runtime } = this.context;
    const { machine, scratch } = prepared;
    if (machine.cgroups === null) throw new Error('the supervisor needs cgroups');
    // The limits of the first run replace these.
    const cgroup = machine.cgroups.create({ memoryMiB: 64, processes: OWN_PROCESSES });
    try {
      const supervisor = await SupervisorProcess.start({
        machine,
        supervisor: this.program.path,
        filter: this.program.filter,
        uid: slot.uid,
        binds: runtime === null ? [] : scratch.binds(runtime),
        cgroup,
      });
      return { supervisor, cgroup };
    } catch (error) {
      await this.removeCgroup(cgroup);
      throw error;
    }
  }

  private outcomeOf(reply: RunReply, cgroup: RunCgroup): RunOutcome {
    if (reply.type === 'fault') return failedRun(reply.reason);
    return {
      kind: KIND_OF[reply.ending],
      exitCode: reply.ending === 'exited' ? reply.code : null,
      signal: reply.ending === 'signalled' ? signalName(reply.code) : null,
      cpuTimeMs: reply.cpuTimeMs,
      wallTimeMs: reply.wallTimeMs,
      peakMemoryKiB: cgroup.peakMemoryKiB() ?? reply.largestProcessKiB,
      stdout: reply.stdout,
      stderr: reply.stderr,
      stdoutTruncated: reply.stdoutTruncated,
      stderrTruncated: reply.stderrTruncated,
      reason: reply.ending === 'stopped' ? 'aborted' : null,
    };
  }

  private async removeCgroup(cgroup: RunCgroup): Promise<void> {
    try {
      if (!cgroup.isEmpty()) cgroup.kill();
      await cgroup.remove();
    } catch (error) {
      this.context.log('warn', `sandbox: ${messageOf(error)}`);
    }
  }
}
