import { setTimeout as pause } from 'node:timers/promises';

/** Counts the handlers that run, and lets a queue that closes wait for them. */
export class RunningHandlers {
  private readonly running = new Set<Promise<void>>();

  get count(): number {
    return this.running.size;
  }

  /** Runs `work`, and resolves or rejects as it does. */
  async track(work: () => Promise<void>): Promise<void> {
    const promise = work();
    const ended = promise.then(
      () => undefined,
      () => undefined,
    );
    this.running.add(ended);
    try {
      await promise;
    } finally {
      this.running.delete(ended);
    }
  }

  /** Resolves when none runs, or after `graceMs`. */
  async whenIdle(graceMs: number): Promise<void> {
    const timer = new AbortController();
    try {
      await Promise.race([
        Promise.all(this.running),
        // An aborted pause rejects; that the others were faster is no error.
        pause(graceMs, undefined, { signal: timer.signal }).catch(() => undefined),
      ]);
    } finally {
      timer.abort();
    }
  }
}
