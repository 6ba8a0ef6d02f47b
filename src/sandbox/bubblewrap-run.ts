import type { ChildProcess } from 'node:child_process';
import { closeSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { Readable } from 'node:stream';

import { concludeRun, type Ending, type Observations } from './bubblewrap-conclusion.js';
import { type BubblewrapMachine, type BubblewrapRun, descriptorsOf, startBubblewrap } from './bubblewrap-start.js';
import type { RunCgroup } from './cgroup.js';
import { DESCRIPTORS, parseStatus } from './first-process.js';
import { NOT_COLLECTED, OutputCollector } from './output-collector.js';
import { childrenOf, cpuTimeOfTreeMs, descendantsOf } from './process-tree.js';
import type { RunOutcome } from './run-outcome.js';
import type { OutputPipe } from './scratch-folder.js';
import { WorkingFolderTooLarge } from './working-files.js';

/** Starting takes milliseconds; a machine that needs this long cannot judge anybody's time limit. */
const START_TIMEOUT_MS = 15_000;
const COLLECT_TIMEOUT_MS = 30_000;
/** After being killed, everything is gone within milliseconds unless the kernel is stuck. */
const END_TIMEOUT_MS = 5_000;

const LONGEST_STATUS = 64 * 1024;

/** How often a program that shall end is looked for. */
const STOP_LOOK_MS = 20;

/** How often to look at the counters at most and at least, in milliseconds. */
const SHORTEST_LOOK_MS = 5;
const LONGEST_LOOK_MS = 50;

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** @returns whether there was anybody to tell. */
function signal(processes: readonly number[], name: 'SIGTERM' | 'SIGKILL'): boolean {
  for (const one of processes) {
    try {
      process.kill(one, name);
    } catch {
      // Died meanwhile.
    }
  }
  return processes.length > 0;
}

/**
 * One run from start to end. Resolves when nothing of it is left: bubblewrap ends after the last process of the sandbox's
 * pid namespace, because that namespace's first process is its child.
 */
class RunningSandbox {
  private child: ChildProcess | null = null;
  private cgroup: RunCgroup | null = null;
  private ending: Ending | null = null;
  private statusText = '';
  private startedAt: number | null = null;
  private endedAt: number | null = null;
  private treeCpuTimeMs = 0;
  /** Set where something of ours runs in the cgroup after the program, and before the cgroup goes. */
  private cpuTimeAtEndMs: number | null = null;
  private statusEnd: Promise<void> = Promise.resolve();
  /** To be closed here once the sandbox has them. */
  private descriptors: number[];
  private timer: NodeJS.Timeout | undefined;
  private lookTimer: NodeJS.Timeout | undefined;
  private killTimer: NodeJS.Timeout | undefined;
  private stopTimer: NodeJS.Timeout | undefined;
  private isStopping = false;
  private tellStarted: () => void = () => undefined;
  /** Resolves when the program runs, or never will. */
  readonly started = new Promise<void>((resolve) => {
    this.tellStarted = resolve;
  });

  constructor(
    private readonly machine: BubblewrapMachine,
    private readonly run: BubblewrapRun,
  ) {
    this.descriptors = descriptorsOf(run);
  }

  /** Once only: the numbers belong to others afterwards. */
  private closeDescriptors(): void {
    for (const descriptor of this.descriptors) closeSync(descriptor);
    this.descriptors = [];
  }

  async outcome(): Promise<RunOutcome> {
    const { step, pipes, output } = this.run;
    const limitBytes = step.limits.outputKiB * 1024;
    const overflow = output === 'limited' ? () => this.end('output_limit') : () => undefined;
    const collectorOf = ({ reader }: OutputPipe) => new OutputCollector(reader, limitBytes, overflow);
    const collectors = {
      stdout: output === 'streamed' ? NOT_COLLECTED : collectorOf(pipes.stdout),
      stderr: collectorOf(pipes.stderr),
      report: pipes.report === null ? null : collectorOf(pipes.report),
    };
    const onAbort = () => this.end({ failure: 'aborted' });
    let leftTooMuch = false;
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
        if (error instanceof WorkingFolderTooLarge) leftTooMuch = true;
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
      clearTimeout(this.stopTimer);
      this.tellStarted();
      step.signal?.removeEventListener('abort', onAbort);
      this.closeDescriptors();
    }
    // All writers are dead, so the ends are there already; a process that the kernel cannot end must not hold us.
    const all = [collectors.stdout, collectors.stderr, ...(collectors.report === null ? [] : [collectors.report])];
    const patience = setTimeout(() => all.forEach((collector) => collector.stop()), END_TIMEOUT_MS);
    await Promise.all(all.map((collector) => collector.ended));
    clearTimeout(patience);
    return concludeRun(this.run, { ...(await this.figures()), collectors, leftTooMuch, collectFailure });
  }

  private start(): ChildProcess {
    const { limits } = this.run.step;
    const { cgroups, openFilter } = this.machine;
    try {
      // One more process than the program may have: ours.
      this.cgroup = cgroups?.create({ memoryMiB: limits.memoryMiB, processes: limits.processes + 1 }) ?? null;
      const joins = this.cgroup?.openJoinDescriptors() ?? [];
      this.descriptors.push(...joins);
      const filter = openFilter?.() ?? null;
      if (filter !== null) this.descriptors.push(filter);
      const child = startBubblewrap(this.machine, this.run, { joins, filter });
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
      this.tellStarted();
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

  cpuTimeMs(): number {
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

  /**
   * Ends the program and what it started, in the way that it chooses, and after `graceMs` in any case. Not the first process,
   * which then tells how the program ended and sends what it left, like after any other end.
   */
  stop(graceMs: number): void {
    if (this.isStopping) return;
    this.isStopping = true;
    const graceEndsAt = performance.now() + graceMs;
    let wasAsked = false;
    let seen: readonly number[] = [];
    const look = () => {
      const now = performance.now();
      const programs = this.programs();
      if (now > graceEndsAt + END_TIMEOUT_MS) {
        this.end({ failure: 'it could not be stopped' });
        return;
      }
      // Who was there the last time: what started since may be the first process's, whose word that the program ended is on
      // its way. The program itself cannot come and go, and the rest goes with it.
      if (now >= graceEndsAt) {
        const stayed = programs.filter((program) => seen.includes(program));
        signal(stayed, 'SIGKILL');
      } else if (!wasAsked) {
        // It may still be about to start.
        wasAsked = signal(programs, 'SIGTERM');
      }
      seen = programs;
      this.stopTimer = setTimeout(look, STOP_LOOK_MS);
    };
    look();
  }

  /** The program and all that it started. Empty before it runs, and once it has ended: what is left to do is then ours. */
  private programs(): readonly number[] {
    const pid = this.child?.exitCode === null ? this.child.pid : undefined;
    const first = pid === undefined ? undefined : childrenOf(pid)[0];
    const isRunning = this.startedAt !== null && parseStatus(this.statusText).exitStatus === null;
    return first === undefined || !isRunning ? [] : descendantsOf(first);
  }

  /** Asks the cgroup for the last time, and removes it. */
  private async figures(): Promise<Omit<Observations, 'collectors' | 'leftTooMuch' | 'collectFailure'>> {
    const status = parseStatus(this.statusText);
    const measured = status.ready;
    const cpuTimeMs = measured ? this.cpuTimeMs() : null;
    this.cpuTimeAtEndMs = cpuTimeMs ?? 0;
    const outOfMemory = (this.cgroup?.outOfMemoryKills() ?? 0) > 0;
    const peakMemoryKiB = measured ? (this.cgroup?.peakMemoryKiB() ?? null) : null;
    const wallTimeMs = this.startedAt === null || this.endedAt === null ? null : this.endedAt - this.startedAt;
    const remains = await this.removeCgroup();
    return { status, ending: this.ending, cpuTimeMs, wallTimeMs, peakMemoryKiB, outOfMemory, remains };
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

/** Runs one step. Never rejects. */
export function runInBubblewrap(machine: BubblewrapMachine, run: BubblewrapRun): Promise<RunOutcome> {
  return new RunningSandbox(machine, run).outcome();
}

/** What was started and goes on by itself. */
export interface StartedRun {
  /** Resolves when the program runs, or when it is clear that it never will. */
  readonly started: Promise<void>;
  /** Never rejects. */
  readonly outcome: Promise<RunOutcome>;
  /** What it has used so far. */
  cpuTimeMs(): number;
  /** Asks it to end, and after `graceMs` makes it. Harmless the second time. */
  stop(graceMs: number): void;
}

/** Starts one program. */
export function startInBubblewrap(machine: BubblewrapMachine, run: BubblewrapRun): StartedRun {
  const running = new RunningSandbox(machine, run);
  return {
    started: running.started,
    outcome: running.outcome(),
    cpuTimeMs: () => running.cpuTimeMs(),
    stop: (graceMs) => running.stop(graceMs),
  };
}
