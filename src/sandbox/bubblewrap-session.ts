import { closeSync } from 'node:fs';

import { WORKING_FOLDER } from './bubblewrap-arguments.js';
import { type BubblewrapMachine, runInBubblewrap } from './bubblewrap-run.js';
import type { RunOutcome } from './run-outcome.js';
import type { Runtime } from './runtimes.js';
import type { SandboxFile, SandboxSession, SandboxStep } from './sandbox.js';
import { reopen, type ScratchFolder } from './scratch-folder.js';
import type { Slot, SlotPool } from './uid-pool.js';
import { type KeptEntries, readArchive, WorkingFiles } from './working-files.js';

/** Told what concerns the operator: how loud, and one sentence. */
export type SandboxLogger = (level: 'info' | 'warn' | 'error', message: string) => void;

/** Everything that was found out about the machine. */
export interface PreparedMachine {
  readonly machine: BubblewrapMachine;
  readonly scratch: ScratchFolder;
  readonly slots: SlotPool;
  readonly dropsUser: boolean;
  readonly warnings: readonly string[];
}

/** What every program finds in its environment; a step may add to it and override it. */
const ENVIRONMENT: Readonly<Record<string, string>> = {
  PATH: '/usr/local/bin:/usr/bin:/bin',
  HOME: WORKING_FOLDER,
  LANG: 'C.UTF-8',
};

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function failed(reason: string): RunOutcome {
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

/** The steps of one submission: a slot, its files, and one run after the other. */
export class BubblewrapSession implements SandboxSession {
  private readonly files = new WorkingFiles();
  private readonly closing = new AbortController();
  /** Tail of the queue: steps asked for at the same time run one after the other. */
  private queue: Promise<unknown> = Promise.resolve();
  private closed: Promise<void> | undefined;
  /** The archive as a file without a name, and the very bytes that are in it. */
  private stored: { readonly bytes: Buffer; readonly descriptor: number } | null = null;

  constructor(
    private readonly prepared: PreparedMachine,
    private readonly slot: Slot,
    private readonly runtime: Runtime | null,
    private readonly stopping: AbortSignal,
    private readonly log: SandboxLogger,
    private readonly onClosed: () => void,
  ) {}

  async put(files: readonly SandboxFile[]): Promise<void> {
    await this.inTurn(async () => this.files.put(files));
  }

  run(step: SandboxStep): Promise<RunOutcome> {
    return this.inTurn(async () => {
      if (this.closed !== undefined) return failed('the session is closed');
      try {
        return await this.runNow(step);
      } catch (error) {
        return failed(messageOf(error));
      }
    });
  }

  close(): Promise<void> {
    this.closed ??= this.closeNow();
    return this.closed;
  }

  private async closeNow(): Promise<void> {
    this.closing.abort();
    await this.queue.catch(() => undefined);
    if (this.stored !== null) closeSync(this.stored.descriptor);
    this.stored = null;
    this.onClosed();
  }

  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.queue.then(work);
    this.queue = turn.catch(() => undefined);
    return turn;
  }

  private async runNow(step: SandboxStep): Promise<RunOutcome> {
    const signals = [this.stopping, this.closing.signal, ...(step.signal === undefined ? [] : [step.signal])];
    const { scratch } = this.prepared;
    const archiveFile = await this.storeArchive();
    const pipes = await scratch.openPipes(String(this.slot.index));
    const input = scratch.createNameless(step.stdin);
    let left: KeptEntries | null = null;
    const outcome = await runInBubblewrap(this.prepared.machine, {
      step: {
        ...step,
        environment: { ...ENVIRONMENT, ...this.runtime?.environment, ...step.environment },
        signal: AbortSignal.any(signals),
      },
      uid: this.slot.uid,
      binds: this.runtime === null ? [] : scratch.binds(this.runtime),
      archive: reopen(archiveFile),
      stdin: reopen(input),
      pipes,
      collect:
        step.keepFiles === true
          ? async (stream) => {
              left = await readArchive(stream, step.limits.diskMiB * 1024 * 1024);
            }
          : null,
      onWarning: (message) => this.log('warn', `sandbox: ${message}`),
    });
    closeSync(input);
    // What a program left when it was ended for a limit is half of something.
    if (left !== null && (outcome.kind === 'exited' || outcome.kind === 'signalled')) this.files.replaceBy(left);
    return outcome;
  }

  private async storeArchive(): Promise<number> {
    const bytes = await this.files.archive();
    if (this.stored?.bytes !== bytes) {
      const descriptor = this.prepared.scratch.createNameless(bytes);
      if (this.stored !== null) closeSync(this.stored.descriptor);
      this.stored = { bytes, descriptor };
    }
    return this.stored.descriptor;
  }
}
