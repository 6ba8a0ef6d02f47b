import type { RunOutcome } from './run-outcome.js';
import type { SandboxFile, SandboxSession, SandboxStep } from './sandbox.js';
import { failedRun, type Steps } from './steps.js';

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The steps of one submission, one after the other. */
export class BubblewrapSession implements SandboxSession {
  private readonly closing = new AbortController();
  /** Tail of the queue: steps asked for at the same time run one after the other. */
  private queue: Promise<unknown> = Promise.resolve();
  private closed: Promise<void> | undefined;

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
      const signals = [this.stopping, this.closing.signal, ...(step.signal === undefined ? [] : [step.signal])];
      try {
        return await this.steps.run(step, AbortSignal.any(signals));
      } catch (error) {
        return failedRun(messageOf(error));
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
    await this.steps.close();
    this.onClosed();
  }

  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.queue.then(work);
    this.queue = turn.catch(() => undefined);
    return turn;
  }
}
