import type { Duplex } from 'node:stream';

import type { RunOutcome } from './run-outcome.js';
import type { RunningProgram, SandboxFile, SandboxProgram, SandboxSession, SandboxStep } from './sandbox.js';
import { SharedSteps } from './shared-steps.js';
import { failedRun, type Steps } from './steps.js';

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

const CLOSED = new Error('the session is closed');

/** The steps of one submission, one after the other, and the programs beside them. */
export class BubblewrapSession implements SandboxSession {
  private readonly closing = new AbortController();
  /** Tail of the queue: steps asked for at the same time run one after the other. */
  private queue: Promise<unknown> = Promise.resolve();
  private readonly starting = new Set<Promise<unknown>>();
  private closed: Promise<void> | undefined;
  private lastSignals: { readonly given: AbortSignal | undefined; readonly any: AbortSignal } | undefined;

  constructor(
    private readonly steps: Steps,
    private readonly stopping: AbortSignal,
    private readonly onClosed: () => void,
  ) {}

  async put(files: readonly SandboxFile[]): Promise<void> {
    await this.inTurn(async () => {
      if (this.closed === undefined) await this.steps.put(files);
    });
  }

  run(step: SandboxStep): Promise<RunOutcome> {
    return this.inTurn(async () => {
      if (this.closed !== undefined) return failedRun('the session is closed');
      try {
        return await this.steps.run(step, this.signalsOf(step));
      } catch (error) {
        return failedRun(messageOf(error));
      }
    });
  }

  async start(program: SandboxProgram): Promise<RunningProgram> {
    const starting = this.shared().start(program, this.signalsOf(program));
    // To be waited for by whoever closes the session meanwhile.
    this.starting.add(starting);
    try {
      return await starting;
    } finally {
      this.starting.delete(starting);
    }
  }

  async rememberFiles(): Promise<() => Promise<void>> {
    const restore = await this.inTurn(() => Promise.resolve(this.shared().rememberFiles()));
    return () => this.inTurn(() => Promise.resolve(restore()));
  }

  async connect(port: number): Promise<Duplex> {
    return this.shared().connect(port);
  }

  close(): Promise<void> {
    this.closed ??= this.closeNow();
    return this.closed;
  }

  private async closeNow(): Promise<void> {
    // With a reason of ours: an error made for it would be made for every submission.
    this.closing.abort(CLOSED);
    await this.queue.catch(() => undefined);
    await Promise.allSettled(this.starting);
    await this.steps.close();
    this.onClosed();
  }

  private shared(): SharedSteps {
    if (this.closed !== undefined) throw new Error('the session is closed');
    if (!(this.steps instanceof SharedSteps)) throw new Error('the session was opened without a shared network');
    return this.steps;
  }

  /** Made once for all steps that are given the same signal, as those of a submission are. */
  private signalsOf({ signal: given }: Pick<SandboxStep, 'signal'>): AbortSignal {
    if (this.lastSignals === undefined || this.lastSignals.given !== given) {
      const all = [this.stopping, this.closing.signal, ...(given === undefined ? [] : [given])];
      this.lastSignals = { given, any: AbortSignal.any(all) };
    }
    return this.lastSignals.any;
  }

  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.queue.then(work);
    this.queue = turn.catch(() => undefined);
    return turn;
  }
}
