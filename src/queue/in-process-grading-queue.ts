import { Logger } from '@nestjs/common';
import { type GradingHandler, GradingQueue } from './grading-queue.js';
import { RunningHandlers } from './running-handlers.js';
import type { WayForRequests } from './way-for-requests.js';

/**
 * The queue of the embedded mode: first come, first served, within this process. What it holds dies with the process; the
 * outbox hands it over again at the next start. What takes submissions in within the same process goes before.
 */
export class InProcessGradingQueue extends GradingQueue {
  readonly outlivesProcess = false;
  private readonly logger = new Logger(InProcessGradingQueue.name);
  /** A set keeps the order of insertion, and an id that waits once. */
  private readonly waitingIds = new Set<string>();
  private readonly handlers = new RunningHandlers();
  private handler: GradingHandler | undefined;
  private concurrency = 0;
  private isPaused = false;
  private isClosed = false;

  constructor(private readonly way: Pick<WayForRequests, 'isClear'>) {
    super();
  }

  publish(runId: string): Promise<void> {
    if (this.isClosed) return Promise.reject(new Error('The queue is closed: the process is stopping.'));
    this.waitingIds.add(runId);
    this.fillSlots();
    return Promise.resolve();
  }

  consume(concurrency: number, handler: GradingHandler): void {
    if (this.handler !== undefined) throw new Error('consume was called before: a queue has one handler.');
    this.handler = handler;
    this.concurrency = concurrency;
    this.fillSlots();
  }

  pause(): void {
    this.isPaused = true;
  }

  resume(): void {
    this.isPaused = false;
    this.fillSlots();
  }

  async close(graceMs: number): Promise<void> {
    this.isClosed = true;
    await this.handlers.whenIdle(graceMs);
  }

  waiting(): Promise<number> {
    return Promise.resolve(this.waitingIds.size);
  }

  private fillSlots(): void {
    const { handler } = this;
    if (handler === undefined) return;
    while (!this.isClosed && !this.isPaused && this.handlers.count < this.concurrency) {
      const [next] = this.waitingIds;
      if (next === undefined) return;
      this.waitingIds.delete(next);
      this.handlers
        // Async, so that a handler that throws at once does not throw at whoever published.
        .track(async () => {
          await this.way.isClear();
          await handler(next);
        })
        .catch((error: unknown) =>
          this.logger.error({ err: error, runId: next }, 'A grading handler failed; the outbox will ring again'),
        )
        .finally(() => this.fillSlots());
    }
  }
}
