import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync } from 'node:fs';

import { buildSupervisorArguments } from './bubblewrap-arguments.js';
import type { BubblewrapMachine } from './bubblewrap-run.js';
import type { RunCgroup } from './cgroup.js';
import { childrenOf } from './process-tree.js';
import type { RuntimeBind } from './runtimes.js';
import { encodeHello, encodeStop, ReplyReader, type SupervisorReply } from './supervisor-frames.js';

/** Starting takes milliseconds; a machine that needs this long cannot judge anybody's time limit. */
const START_TIMEOUT_MS = 15_000;
/** What has no answer is read at once, however large: one that does not read is stuck. */
const SEND_TIMEOUT_MS = 15_000;
/** What was stopped ends within milliseconds; a supervisor that needs longer is not to be trusted with more. */
const STOP_TIMEOUT_MS = 5_000;
/** After being killed, everything is gone within milliseconds unless the kernel is stuck. */
const END_TIMEOUT_MS = 5_000;
const LONGEST_COMPLAINT = 4 * 1024;

/** Descriptors of the supervisor above standard error, in this order; `native/protocol.h` names them. */
const JOIN_SLOTS = 3;

export interface SupervisorStart {
  readonly machine: BubblewrapMachine;
  /** Path of the supervisor's program on the host. */
  readonly supervisor: string;
  readonly filter: Buffer | null;
  readonly uid: number | null;
  readonly binds: readonly RuntimeBind[];
  readonly cgroup: RunCgroup;
}

/** Answer to one run. */
export type RunReply = Exclude<SupervisorReply, { readonly type: 'ready' }>;

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/**
 * One supervisor in its bubblewrap, for the steps of one submission. Whatever goes wrong breaks it for good: then every call
 * rejects with the same reason, and everything inside is killed.
 */
export class SupervisorProcess {
  private readonly child: ChildProcess;
  private readonly exited: Promise<void>;
  private readonly reader = new ReplyReader();
  private complaint = '';
  private broken: Error | null = null;
  private waiting: {
    readonly resolve: (reply: SupervisorReply) => void;
    readonly reject: (error: Error) => void;
  } | null = null;

  private constructor(start: SupervisorStart) {
    const joins = start.cgroup.openJoinDescriptors();
    const counters = start.cgroup.openCounters();
    try {
      const padding = Array.from({ length: JOIN_SLOTS - joins.length }, () => 'ignore' as const);
      this.child = spawn(
        start.machine.bubblewrap,
        buildSupervisorArguments(start.machine.layout, { binds: start.binds, supervisor: start.supervisor }),
        {
          stdio: ['pipe', 'pipe', 'pipe', ...joins, ...padding, counters.cpuTime, counters.outOfMemory],
          env: {},
          cwd: '/',
          // A Ctrl-C at the terminal is for the worker, which may want to finish what runs.
          detached: true,
          ...(start.uid === null ? {} : { uid: start.uid, gid: start.uid }),
        },
      );
    } finally {
      for (const descriptor of [...joins, counters.cpuTime, counters.outOfMemory]) closeSync(descriptor);
    }
    this.exited = new Promise((resolve) => {
      this.child.once('close', (code, signal) => {
        this.break(new Error(`the supervisor ended (${signal ?? code}) ${this.complaint}`.trim()));
        resolve();
      });
      this.child.once('error', (error) => {
        this.break(new Error(`bubblewrap could not be started: ${error.message}`));
        // Without a process there is no end to wait for.
        if (this.child.pid === undefined) resolve();
      });
    });
    // A broken pipe says less than the end of the process, which follows.
    this.child.stdin?.on('error', () => undefined);
    this.child.stdout?.on('error', () => undefined);
    this.child.stderr?.on('error', () => undefined);
    this.child.stderr?.on('data', (chunk: Buffer) => {
      if (this.complaint.length < LONGEST_COMPLAINT) this.complaint += chunk.toString('utf8');
    });
    this.child.stdout?.on('data', (chunk: Buffer) => this.take(chunk));
  }

  /** Starts one and waits until it answers. @throws Error when it does not. */
  static async start(start: SupervisorStart): Promise<SupervisorProcess> {
    const process = new SupervisorProcess(start);
    try {
      const reply = await process.ask(
        encodeHello({
          joins: start.cgroup.joinCount,
          mountProc: start.machine.layout.mountProc,
          filter: start.filter,
        }),
        START_TIMEOUT_MS,
      );
      if (reply.type !== 'ready') throw process.break(new Error('the supervisor did not say that it is ready'));
      return process;
    } catch (error) {
      await process.close();
      throw error;
    }
  }

  /**
   * Sends a frame that has no answer. Resolves when it has been written, or will never be.
   * @param timeoutMs how long the supervisor may take to read it.
   */
  async send(frame: Buffer, timeoutMs = SEND_TIMEOUT_MS): Promise<void> {
    if (this.broken !== null) throw this.broken;
    const stdin = this.child.stdin;
    if (stdin === null) throw this.break(new Error('the supervisor has no pipe'));
    const timer = setTimeout(() => this.break(new Error('the supervisor did not read in time')), timeoutMs);
    await new Promise<void>((resolve) => {
      // An error is told by whoever waits for an answer.
      stdin.write(frame, () => resolve());
    });
    clearTimeout(timer);
  }

  /**
   * Sends a run and waits for its end. An abort stops the program; the answer then says so, unless it came first.
   * @param timeoutMs how long the answer may take at most: longer than all of the run's own limits.
   * @throws Error when the supervisor fails; it is then broken.
   */
  async run(frame: Buffer, id: number, timeoutMs: number, signal: AbortSignal): Promise<RunReply> {
    let patience: NodeJS.Timeout | undefined;
    const stop = () => {
      void this.send(encodeStop(id)).catch(() => undefined);
      patience = setTimeout(() => this.break(new Error('the supervisor did not stop a program')), STOP_TIMEOUT_MS);
    };
    signal.addEventListener('abort', stop, { once: true });
    try {
      const reply = await this.ask(frame, timeoutMs);
      if (reply.type === 'ready' || reply.id !== id) {
        throw this.break(new Error('the supervisor answered something else than was asked'));
      }
      return reply;
    } finally {
      clearTimeout(patience);
      signal.removeEventListener('abort', stop);
    }
  }

  /** Ends everything inside, and resolves when nothing of it is left. Harmless the second time. */
  async close(): Promise<void> {
    this.break(new Error('the sandbox is closed'));
    await this.exited;
  }

  private async ask(frame: Buffer, timeoutMs: number): Promise<SupervisorReply> {
    if (this.broken !== null) throw this.broken;
    const timer = setTimeout(() => this.break(new Error('the supervisor did not answer in time')), timeoutMs);
    try {
      return await new Promise<SupervisorReply>((resolve, reject) => {
        this.waiting = { resolve, reject };
        this.child.stdin?.write(frame);
      });
    } finally {
      clearTimeout(timer);
      this.waiting = null;
    }
  }

  private take(chunk: Buffer): void {
    if (this.broken !== null) return;
    try {
      for (const reply of this.reader.push(chunk)) {
        const waiting = this.waiting;
        this.waiting = null;
        if (waiting === null) throw new Error('the supervisor spoke without being asked');
        waiting.resolve(reply);
      }
    } catch (error) {
      this.break(new Error(messageOf(error), { cause: error }));
    }
  }

  /** Only the first reason counts; what follows is its consequence. */
  private break(reason: Error): Error {
    if (this.broken === null) {
      this.broken = reason;
      this.kill();
    }
    this.waiting?.reject(this.broken);
    return this.broken;
  }

  /**
   * Kills the supervisor: the kernel then ends its whole pid namespace before bubblewrap learns of it. Killing bubblewrap
   * itself would let us go on while the rest is still dying; that is for when nothing else helps.
   */
  private kill(): void {
    const pid = this.child.pid;
    if (pid === undefined || this.child.exitCode !== null || this.child.signalCode !== null) return;
    try {
      process.kill(childrenOf(pid)[0] ?? pid, 'SIGKILL');
    } catch {
      // Died meanwhile.
    }
    const last = setTimeout(() => this.child.kill('SIGKILL'), END_TIMEOUT_MS);
    this.child.once('exit', () => clearTimeout(last));
  }
}
