import { type ChildProcess } from 'node:child_process';
import { closeSync } from 'node:fs';

import type { BubblewrapLayout } from './bubblewrap-arguments.js';
import type { RunCgroup } from './cgroup.js';
import type { RuntimeBind } from './runtimes.js';
import { encodeEnd, encodeHello, encodeStop, ReplyReader, type SupervisorReply } from './supervisor-frames.js';
import type { SupervisorLauncher } from './supervisor-launcher.js';

/** Starting takes milliseconds; a machine that needs this long cannot judge anybody's time limit. */
const START_TIMEOUT_MS = 15_000;
/** What has no answer is read at once, however large: one that does not read is stuck. */
const SEND_TIMEOUT_MS = 15_000;
/** What was stopped ends within milliseconds; a supervisor that needs longer is not to be trusted with more. */
const STOP_TIMEOUT_MS = 5_000;
const LONGEST_COMPLAINT = 4 * 1024;

/** Descriptors of the supervisor above standard error, in this order; `native/protocol.h` names them. */
const JOIN_SLOTS = 3;

/** An interpreter whose copies are to be the programs. */
export interface LaneTemplate {
  readonly argv: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
}

export interface LaneStart {
  readonly launcher: SupervisorLauncher;
  readonly layout: BubblewrapLayout;
  /** Folder on the host with the supervisor's program and what belongs to it. */
  readonly supervisor: string;
  readonly filter: Buffer | null;
  readonly uid: number | null;
  readonly binds: readonly RuntimeBind[];
  readonly cgroup: RunCgroup;
  /** Null: every program is executed. */
  readonly template: LaneTemplate | null;
  /** Submissions share user, network, host-name and cgroup namespaces. */
  readonly keepsNamespaces: boolean;
}

/** Answer to one run. */
export type RunReply = Exclude<SupervisorReply, { readonly type: 'ready' }>;

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function argumentsOf({ template, keepsNamespaces }: LaneStart): readonly string[] {
  const keep = keepsNamespaces ? ['--keep-namespaces'] : [];
  if (template === null) return keep;
  const variables = Object.entries(template.environment).map(([name, value]) => `${name}=${value}`);
  return [...keep, '--template', ...variables, ...template.argv];
}

/**
 * One bubblewrap (or container) in which submissions are run one after the other, each by a supervisor of its own in new
 * namespaces (`native/lane.h`). Whatever goes wrong breaks the lane for good: then every call rejects with the same reason,
 * and everything inside is killed.
 */
export class Lane {
  private readonly child: ChildProcess;
  private readonly exited: Promise<void>;
  private readonly reader = new ReplyReader();
  private complaint = '';
  private broken: Error | null = null;
  private waiting: {
    readonly resolve: (reply: SupervisorReply) => void;
    readonly reject: (error: Error) => void;
  } | null = null;

  private constructor(private readonly start: LaneStart) {
    const opened: number[] = [];
    try {
      opened.push(...start.cgroup.openJoinDescriptors());
      const padding = Array.from({ length: JOIN_SLOTS - opened.length }, () => 'ignore' as const);
      const joins = [...opened, ...padding];
      const { cpuTime, outOfMemory } = start.cgroup.openCounters();
      opened.push(cpuTime, outOfMemory);
      this.child = start.launcher.launch({
        layout: start.layout,
        supervisor: start.supervisor,
        arguments: argumentsOf(start),
        uid: start.uid,
        binds: start.binds,
        descriptors: [...joins, cpuTime, outOfMemory],
      });
    } finally {
      for (const descriptor of opened) closeSync(descriptor);
    }
    this.exited = new Promise((resolve) => {
      this.child.once('close', (code, signal) => {
        this.break(new Error(`the supervisor ended (${signal ?? code}) ${this.complaint}`.trim()));
        resolve();
      });
      this.child.once('error', (error) => {
        this.break(new Error(`${start.launcher.name} could not be started: ${error.message}`));
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

  /** Starts one. That it works shows at the first {@link begin}. */
  static launch(start: LaneStart): Lane {
    return new Lane(start);
  }

  /** False once it has broken, or was closed. */
  get isUsable(): boolean {
    return this.broken === null;
  }

  /** Begins a submission: waits until a supervisor of its own answers. @throws Error when none does. */
  async begin(): Promise<void> {
    const { cgroup, layout, filter } = this.start;
    const reply = await this.ask(
      encodeHello({ joins: cgroup.joinCount, mountProc: layout.mountProc, filter }),
      START_TIMEOUT_MS,
    );
    if (reply.type !== 'ready') throw this.break(new Error('the supervisor did not say that it is ready'));
  }

  /** Ends the submission: all that it left inside goes, before anything of the next one is looked at. */
  end(): void {
    if (this.broken === null) this.child.stdin?.write(encodeEnd());
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
      this.start.launcher.kill(this.child);
    }
    this.waiting?.reject(this.broken);
    return this.broken;
  }
}
