import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync } from 'node:fs';
import { availableParallelism, constants } from 'node:os';
import { Readable } from 'node:stream';

import { type BubblewrapLayout, buildBubblewrapArguments } from './bubblewrap-arguments.js';
import type { Cgroups, RunCgroup } from './cgroup.js';
import { DESCRIPTORS, firstProcessCommand, parseStatus, type Status } from './first-process.js';
import { OutputCollector } from './output-collector.js';
import { childrenOf, cpuTimeOfTreeMs } from './process-tree.js';
import type { RunOutcome, RunOutcomeKind } from './run-outcome.js';
import type { RuntimeBind } from './runtimes.js';
import type { SandboxStep } from './sandbox.js';
import type { OutputPipes } from './scratch-folder.js';
import { WorkingFolderTooLarge } from './working-files.js';

/** Starting takes milliseconds; a machine that needs this long cannot judge anybody's time limit. */
const START_TIMEOUT_MS = 15_000;
const COLLECT_TIMEOUT_MS = 30_000;
/** After being killed, everything is gone within milliseconds unless the kernel is stuck. */
const END_TIMEOUT_MS = 5_000;

const LONGEST_STATUS = 64 * 1024;

/** How often to look at the counters at most and at least, in milliseconds. */
const SHORTEST_LOOK_MS = 5;
const LONGEST_LOOK_MS = 50;

/** The shell keeps silent about these, see `first-process.ts`; 128 + their number is taken for the signal. */
const SILENT_SIGNALS: ReadonlySet<number> = new Set([
  constants.signals.SIGINT,
  constants.signals.SIGPIPE,
  constants.signals.SIGTERM,
]);

/** What is needed of the machine, found by the probe. */
export interface BubblewrapMachine {
  readonly bubblewrap: string;
  readonly layout: BubblewrapLayout;
  readonly cgroups: Cgroups | null;
  /** Inherited by the worker, and to be closed inside; see `inherited-descriptors.ts`. */
  readonly strayDescriptors: readonly number[];
  /** Opens the system-call filter anew, or null where there is none. */
  readonly openFilter: (() => number) | null;
}

export interface BubblewrapRun {
  readonly step: SandboxStep;
  readonly uid: number | null;
  readonly binds: readonly RuntimeBind[];
  /** The files to start from, as an archive, and what the program reads: open for reading. Closed here, as are the pipes. */
  readonly archive: number;
  readonly stdin: number;
  readonly pipes: OutputPipes;
  /** Gets the archive of what the program left; null when nothing is kept. */
  readonly collect: ((archive: Readable) => Promise<void>) | null;
  /** Called with each complaint that concerns the operator, not the program. */
  readonly onWarning: (message: string) => void;
}

/** Why a run was ended from here. */
type Ending = 'output_limit' | 'memory_limit' | 'cpu_limit' | 'wall_limit' | { readonly failure: string };

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
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

/**
 * One run from start to end. Resolves when nothing of it is left: bubblewrap ends after the last process of the sandbox's
 * pid namespace, because that namespace's first process is its child.
 *
 * When several things happened, the first of these is told: the sandbox failed or was aborted; memory; output; CPU time;
 * elapsed time; how the program ended. Memory comes first because the kernel's kill is what makes the rest happen, even
 * an orderly exit.
 */
class RunningSandbox {
  private child: ChildProcess | null = null;
  private cgroup: RunCgroup | null = null;
  private ending: Ending | null = null;
  private statusText = '';
  private startedAt: number | null = null;
  private endedAt: number | null = null;
  private treeCpuTimeMs = 0;
  /** Set where something of ours runs in the cgroup after the program. */
  private cpuTimeAtEndMs: number | null = null;
  private statusEnd: Promise<void> = Promise.resolve();
  /** To be closed here once the sandbox has them. */
  private descriptors: number[];
  private timer: NodeJS.Timeout | undefined;
  private lookTimer: NodeJS.Timeout | undefined;
  private killTimer: NodeJS.Timeout | undefined;

  constructor(
    private readonly machine: BubblewrapMachine,
    private readonly run: BubblewrapRun,
  ) {
    this.descriptors = [run.archive, run.stdin, run.pipes.stdoutWriter, run.pipes.stderrWriter];
  }

  /** Once only: the numbers belong to others afterwards. */
  private closeDescriptors(): void {
    for (const descriptor of this.descriptors) closeSync(descriptor);
    this.descriptors = [];
  }

  async outcome(): Promise<RunOutcome> {
    const { step, pipes } = this.run;
    const limitBytes = step.limits.outputKiB * 1024;
    const overflow = () => this.end('output_limit');
    const stdout = new OutputCollector(pipes.stdoutReader, limitBytes, overflow);
    const stderr = new OutputCollector(pipes.stderrReader, limitBytes, overflow);
    const onAbort = () => this.end({ failure: 'aborted' });
    let tooLarge = false;
    let collectFailure: string | null = null;
    try {
      if (step.signal?.aborted === true) throw new Error('aborted');
      const child = this.start();
      step.signal?.addEventListener('abort', onAbort, { once: true });
      const ended = new Promise<void>((resolve) => {
        child.once('exit', () => resolve());
        child.once('error', (error) => {
          this.ending ??= { failure: `bubblewrap could not be started: ${error.message}` };
          resolve();
        });
      });
      const collected = this.collect(child).catch((error: unknown) => {
        if (error instanceof WorkingFolderTooLarge) tooLarge = true;
        else collectFailure = messageOf(error);
        // Nobody reads the rest, and the sender would wait for ever.
        this.kill();
      });
      this.timer = setTimeout(() => this.end({ failure: 'it did not start in time' }), START_TIMEOUT_MS);
      await ended;
      // Its own end of the stream comes after the exit.
      await this.statusEnd;
      await collected;
    } catch (error) {
      this.ending = { failure: messageOf(error) };
    } finally {
      clearTimeout(this.timer);
      clearTimeout(this.lookTimer);
      clearTimeout(this.killTimer);
      step.signal?.removeEventListener('abort', onAbort);
      this.closeDescriptors();
    }
    // All writers are dead, so the ends are there already; a process that the kernel cannot end must not hold us.
    const patience = setTimeout(() => {
      stdout.stop();
      stderr.stop();
    }, END_TIMEOUT_MS);
    await Promise.all([stdout.ended, stderr.ended]);
    clearTimeout(patience);
    return this.conclude(stdout, stderr, tooLarge, collectFailure);
  }

  private start(): ChildProcess {
    const { step, pipes, uid } = this.run;
    const { cgroups, layout, openFilter } = this.machine;
    const { limits } = step;
    try {
      // One more process than the program may have: ours.
      this.cgroup = cgroups?.create({ memoryMiB: limits.memoryMiB, processes: limits.processes + 1 }) ?? null;
      const joins = this.cgroup?.openJoinDescriptors() ?? [];
      this.descriptors.push(...joins);
      const filter = openFilter?.() ?? null;
      if (filter !== null) this.descriptors.push(filter);
      const command = firstProcessCommand(
        {
          limits: {
            // Later than the cgroup's counter, so that it speaks only when the worker does not come round to look.
            cpuSeconds: Math.ceil(limits.cpuTimeMs / 1000) + 1,
            processes: limits.processes + 1,
            fileSizeMiB: limits.diskMiB + 1,
            dataMiB: this.cgroup === null ? limits.memoryMiB : null,
          },
          cgroups: joins.length,
          collect: this.run.collect !== null,
          reportTimes: this.cgroup === null,
          strayDescriptors: this.machine.strayDescriptors,
        },
        step.environment,
        step.argv,
      );
      const stdio: (number | 'pipe' | 'ignore')[] = [];
      stdio[DESCRIPTORS.stdin] = this.run.stdin;
      stdio[DESCRIPTORS.stdout] = pipes.stdoutWriter;
      stdio[DESCRIPTORS.status] = 'pipe';
      stdio[DESCRIPTORS.seccomp] = filter ?? 'ignore';
      stdio[DESCRIPTORS.archive] = this.run.archive;
      stdio[DESCRIPTORS.programStderr] = pipes.stderrWriter;
      DESCRIPTORS.join.forEach((descriptor, index) => (stdio[descriptor] = joins[index] ?? 'ignore'));
      stdio[DESCRIPTORS.collect] = this.run.collect === null ? 'ignore' : 'pipe';
      const child = spawn(
        this.machine.bubblewrap,
        buildBubblewrapArguments(layout, {
          diskMiB: limits.diskMiB,
          binds: this.run.binds,
          seccompDescriptor: filter === null ? null : DESCRIPTORS.seccomp,
          command,
        }),
        {
          stdio,
          env: {},
          cwd: '/',
          // A Ctrl-C at the terminal is for the worker, which may want to finish what runs.
          detached: true,
          ...(uid === null ? {} : { uid, gid: uid }),
        },
      );
      this.child = child;
      this.statusEnd = this.readStatus(child);
      return child;
    } finally {
      // The writing ends must be the sandbox's alone, or the streams would never end.
      this.closeDescriptors();
    }
  }

  private readStatus(child: ChildProcess): Promise<void> {
    const stream = child.stderr;
    if (stream === null) return Promise.resolve();
    stream.on('data', (chunk: Buffer) => {
      if (this.statusText.length < LONGEST_STATUS) this.statusText += chunk.toString('utf8');
      this.followStatus();
    });
    return new Promise((resolve) => {
      stream.once('close', () => resolve());
      stream.on('error', () => stream.destroy());
    });
  }

  private followStatus(): void {
    const status = parseStatus(this.statusText);
    if (status.ready && this.startedAt === null) {
      this.startedAt = performance.now();
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.end('wall_limit'), this.run.step.limits.wallTimeMs);
      this.lookLater();
    }
    if (status.exitStatus !== null && this.endedAt === null) {
      this.endedAt = performance.now();
      clearTimeout(this.timer);
      clearTimeout(this.lookTimer);
      if (this.run.collect !== null) {
        this.cpuTimeAtEndMs = this.cpuTimeMs();
        this.timer = setTimeout(
          () => this.end({ failure: 'the working folder could not be collected in time' }),
          COLLECT_TIMEOUT_MS,
        );
      }
    }
  }

  private collect(child: ChildProcess): Promise<void> {
    const streams: readonly unknown[] = child.stdio;
    const stream = streams[DESCRIPTORS.collect];
    return this.run.collect === null || !(stream instanceof Readable) ? Promise.resolve() : this.run.collect(stream);
  }

  /** The tree can use at most all cores at once, so the limit cannot be reached sooner than that. */
  private lookLater(): void {
    const left = (this.run.step.limits.cpuTimeMs - this.cpuTimeMs()) / availableParallelism();
    this.lookTimer = setTimeout(() => this.look(), Math.min(LONGEST_LOOK_MS, Math.max(SHORTEST_LOOK_MS, left)));
  }

  private look(): void {
    if (this.cgroup !== null && this.cgroup.outOfMemoryKills() > 0) this.end('memory_limit');
    else if (this.cpuTimeMs() >= this.run.step.limits.cpuTimeMs) this.end('cpu_limit');
    else this.lookLater();
  }

  private cpuTimeMs(): number {
    if (this.cpuTimeAtEndMs !== null) return this.cpuTimeAtEndMs;
    if (this.cgroup !== null) return this.cgroup.cpuTimeMs();
    const pid = this.child?.exitCode === null ? this.child.pid : undefined;
    const first = pid === undefined ? undefined : childrenOf(pid)[0];
    if (first !== undefined) this.treeCpuTimeMs = Math.max(this.treeCpuTimeMs, cpuTimeOfTreeMs(first));
    return Math.max(this.treeCpuTimeMs, parseStatus(this.statusText).childrenCpuTimeMs ?? 0);
  }

  private end(ending: Ending): void {
    this.ending ??= ending;
    // What the program did before it was ended is all that counts.
    this.endedAt ??= this.startedAt === null ? null : performance.now();
    clearTimeout(this.timer);
    clearTimeout(this.lookTimer);
    this.kill();
  }

  /**
   * Kills the sandbox's first process: the kernel then ends its whole pid namespace before bubblewrap learns of it.
   * Killing bubblewrap itself would let us go on while the rest is still dying; that is for when nothing else helps.
   */
  private kill(): void {
    const pid = this.child?.pid;
    if (pid === undefined || this.child?.exitCode !== null || this.child.signalCode !== null) return;
    const first = childrenOf(pid)[0];
    try {
      process.kill(first ?? pid, 'SIGKILL');
    } catch {
      // Died meanwhile.
    }
    this.killTimer ??= setTimeout(() => this.child?.kill('SIGKILL'), END_TIMEOUT_MS);
  }

  private async conclude(
    stdout: OutputCollector,
    stderr: OutputCollector,
    tooLarge: boolean,
    collectFailure: string | null,
  ): Promise<RunOutcome> {
    const { limits } = this.run.step;
    const status = parseStatus(this.statusText);
    const measured = status.ready;
    const cpuTimeMs = measured ? this.cpuTimeMs() : null;
    const outOfMemory = (this.cgroup?.outOfMemoryKills() ?? 0) > 0;
    const peakMemoryKiB = measured ? (this.cgroup?.peakMemoryKiB() ?? null) : null;
    const wallTimeMs = this.startedAt === null || this.endedAt === null ? null : this.endedAt - this.startedAt;
    const failure = await this.removeCgroup();

    const facts = {
      exitCode: null,
      signal: null,
      cpuTimeMs,
      wallTimeMs,
      peakMemoryKiB,
      stdout: stdout.bytes(),
      stderr: stderr.bytes(),
      stdoutTruncated: stdout.truncated,
      stderrTruncated: stderr.truncated,
      reason: null,
    } satisfies Omit<RunOutcome, 'kind'>;
    const failed = (reason: string): RunOutcome => ({ ...facts, kind: 'sandbox_failure', reason });
    const limited = (kind: RunOutcomeKind): RunOutcome => ({ ...facts, kind });

    if (failure !== null) return failed(failure);
    if (this.ending !== null && typeof this.ending === 'object') {
      return failed(joinReasons(this.ending.failure, status.complaint));
    }
    if (!status.ready) return failed(joinReasons('the sandbox could not be set up', status.complaint));
    if (outOfMemory || this.ending === 'memory_limit') return limited('memory_limit');
    if (stdout.truncated || stderr.truncated || tooLarge) return limited('output_limit');
    if (cpuTimeMs !== null && cpuTimeMs >= limits.cpuTimeMs) return limited('cpu_limit');
    if (this.ending === 'cpu_limit') return limited('cpu_limit');
    if (this.ending === 'wall_limit' || (wallTimeMs ?? 0) >= limits.wallTimeMs) return limited('wall_limit');
    if (status.exitStatus === null) return failed('the first process of the sandbox died');
    const end = endOf(status);
    if (end.signal === 'SIGXCPU') return limited('cpu_limit');
    if (this.run.collect !== null && !status.collected) {
      return failed('the archive of the working folder is not complete');
    }
    if (collectFailure !== null) return failed(`the working folder could not be collected: ${collectFailure}`);
    return { ...facts, ...end };
  }

  /** Null when nothing is left, else what could not be ended. */
  private async removeCgroup(): Promise<string | null> {
    const cgroup = this.cgroup;
    if (cgroup === null) return null;
    try {
      if (!cgroup.isEmpty()) cgroup.kill();
      await cgroup.remove();
      return null;
    } catch (error) {
      this.run.onWarning(messageOf(error));
      return cgroup.isEmpty() ? null : 'processes of the run could not be ended';
    }
  }
}

function joinReasons(...reasons: readonly string[]): string {
  return reasons.filter((reason) => reason !== '').join(': ');
}

/** Runs one step. Never rejects. */
export function runInBubblewrap(machine: BubblewrapMachine, run: BubblewrapRun): Promise<RunOutcome> {
  return new RunningSandbox(machine, run).outcome();
}
